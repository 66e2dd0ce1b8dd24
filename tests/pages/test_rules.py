"""Each rule of CONTRIBUTING finds the mistake that it exists for, and says where."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from engine import review
from engine.build_faults import page_faults
from engine.claims.loose import loose_faults
from engine.claims.printed import printed_faults
from engine.commands import check
from engine.equations.faults import equation_faults, tag_faults
from engine.faults import Fault
from engine.languages import stamp as stamping
from engine.languages.stamps import Pair
from engine.paths import LANGUAGES
from engine.reading.page import Page
from engine.reference.cited import citation_faults
from engine.reference.notation import notation_faults
from engine.reference.notation_shapes import notation_shape_faults
from engine.rules import chapters, code, navigation, tagged_lines
from engine.running.example_faults import example_faults
from engine.site import Site
from tests.conftest import ROOT
from tests.small_site import SmallSite

PAGE = """---
title: A
description: What there is
prerequisites: []
---

# A {#title}

```sh
pip install "numpy>=2"
```

## R {#summary}

## S {#symbols}

| s | m | n |
|---|---|---|
| $x$, $y$ | m | n |

$$
y = 2 x \\tag{a.1}
$$

```python
import numpy as np
```

```pycon
>>> print(np.sum([1, 2]))  # (a.1)
3
```

![figure](figure:a/line)

## E {#exercises}

### E {#exercise-1}

??? success "S"

    ```pycon
    >>> print(1)
    1
    ```

## References {#references}

- K. Cho and others, “Phrases”, 2014.
"""
HOME = (
    "---\ntitle: H\ndescription: H\n---\n\n# H {#title}\n\n"
    "| c | q |\n|---|---|\n| [A](a.md) | ? |\n"
)
NAV = "site_name: s\nx: !ENV [A, b]\nnav:\n  - index.md\n  - Start:\n      - A page: a.md\n"
PLACES = 'PLACES = {\n    "a": (0, 0, 1),\n}\n'
FIGURE = "from engine.figures import figure\n\n\n@figure\ndef line(say):\n    return ''\n"
CHECK = '@worth("a.1")\ndef doubles(draw):\n    return {}\n'


def site_at(root: Path) -> SmallSite:
    """A site of one chapter and a home page, which keeps all rules."""
    made = SmallSite(root)
    made.both("a", PAGE)
    made.both("index", HOME)
    for name in ("mkdocs.yml", "mkdocs.en.yml"):
        made.write(name, NAV)
    made.write("figures/index.py", PLACES)
    made.write("figures/a.py", FIGURE)
    made.write("checks/a.py", CHECK)
    made.write("snippets/a.py", "x = 1\n")
    made.write("tests/snippets/test_a.py", "")
    return made


@pytest.fixture
def site(tmp_path: Path) -> SmallSite:
    return site_at(tmp_path)


Rule = Callable[[Site, Page], list[Fault]]

#: A rule, a file, what is changed in it, and what the fault says.
BROKEN: dict[str, tuple[Rule, str, str, str, str]] = {
    "no description": (
        chapters.front_matter, "docs/en/a.md", "description: What there is\n", "",
        "docs/en/a.md:1: the page has no description",
    ),
    "an empty title": (
        chapters.front_matter, "docs/en/a.md", "title: A", "title: ' '",
        "docs/en/a.md:1: the page has no title",
    ),
    "a slip in a name of the front matter": (
        chapters.front_matter, "docs/en/a.md", "prerequisites: []", "prerequisits: []",
        "docs/en/a.md:1: nothing reads 'prerequisits' of the front matter",
    ),
    "a page kept out of the search": (
        chapters.front_matter, "docs/en/a.md", "title: A", "title: A\nsearch: {exclude: true}",
        "docs/en/a.md:1: nothing reads 'search' of the front matter",
    ),
    "a number in a description": (
        lambda site, page: loose_faults(page), "docs/en/a.md", "What there is", "What 3 runs give",
        "docs/en/a.md:3: nothing on the page holds '3' of its description",
    ),
    "a whole number in a printed text": (
        lambda site, page: printed_faults(page), "docs/en/a.md", "    >>> print(1)\n    1",
        '    >>> print("of 12")\n    of 12',
        "docs/en/a.md:43: a printed text says 12, which no code gives",
    ),
    "a number in a printed text": (
        lambda site, page: printed_faults(page), "docs/en/a.md", "    >>> print(1)\n    1",
        '    >>> print(f"{1:.1f}, at most 0.25")\n    1.0, at most 0.25',
        "docs/en/a.md:43: a printed text says 0.25, which no code gives",
    ),
    "no summary": (
        chapters.shape, "docs/en/a.md", "{#summary}", "{#sum}",
        "docs/en/a.md:1: the chapter has no part {#summary}",
    ),
    "no exercises": (
        chapters.shape, "docs/en/a.md", "{#exercises}", "{#tasks}",
        "docs/en/a.md:1: the chapter has no part {#exercises}",
    ),
    "something between summary and symbols": (
        chapters.shape, "docs/en/a.md", "## S {", "## T {#t}\n\n## S {",
        "docs/en/a.md:17: the part {#symbols} does not come directly after {#summary}",
    ),
    "something between symbols and exercises": (
        chapters.shape, "docs/en/a.md", "## E {", "## T {#t}\n\n## E {",
        "docs/en/a.md:38: the part {#exercises} does not come directly after {#symbols}",
    ),
    "a summary that is no part of its own": (
        chapters.shape, "docs/en/a.md", "## R {", "### R {",
        "docs/en/a.md:1: the chapter has no part {#summary}",
    ),
    "no solution": (
        chapters.exercises, "docs/en/a.md", '??? success "S"', '!!! note "S"',
        "docs/en/a.md:38: exercise #exercise-1 has no folded solution",
    ),
    "a solution without code": (
        chapters.exercises, "docs/en/a.md", "    ```pycon\n    >>> print(1)\n    1\n    ```\n",
        "    One.\n", "docs/en/a.md:38: exercise #exercise-1 has a folded solution without code",
    ),
    "a symbol that is not listed": (
        chapters.unlisted_symbols, "docs/en/a.md", "$x$, $y$", "$x$",
        "docs/en/a.md:21: (a.1) uses y, which the page's table",
    ),
    "a symbol that is not used": (
        chapters.needless_symbols, "docs/en/a.md", "$x$, $y$", "$x$, $y$, $q_t$",
        "docs/en/a.md:19: no formula of this page has q_t, which its table",
    ),
    "a year that no reference has": (
        citation_faults, "docs/en/a.md", "## R {", "In 2016 Cho and others did so.\n\n## R {",
        "docs/en/a.md:13: the year 2016 is in none of the references that the sentence speaks of, "
        "which have 2014",
    ),
    "an author whom no reference has": (
        citation_faults, "docs/en/a.md", "## R {", "So it was for Choo and others.\n\n## R {",
        "docs/en/a.md:13: no reference of this page is by 'Choo and others'",
    ),
    "a gap in a page": (
        chapters.gaps_of_page, "docs/en/a.md", "# A {", "# TODO: a title {",
        "docs/en/a.md:7: something is still to be written: a title",
    ),
    "a gap in a module": (
        chapters.gaps_of_page, "snippets/a.py", "x = 1", "x = 1  # TODO: two",
        "snippets/a.py:1: something is still to be written: two",
    ),
    "a gap in another page's row": (
        chapters.gaps_of_page, "docs/en/index.md", "| ? |", "| TODO: ask |",
        "docs/en/index.md:10: something is still to be written: ask",
    ),
    "a wide line of code": (
        code.wide_code, "docs/en/a.md", "import numpy as np", f"import numpy as np{' ' * 55}#",
        "docs/en/a.md:26: a line of 74 columns, and code that is shown has at most 72",
    ),
    "a wide line of a check": (
        code.wide_code, "checks/a.py", "def doubles", "#" * 73 + "\ndef doubles",
        "checks/a.py:2: a line of 73 columns",
    ),
    "a tag that no page has": (
        tagged_lines.tag_faults, "docs/en/a.md", "# (a.1)", "# (a.99)",
        "docs/en/a.md:30: this comment names (a.99)",
    ),
    "a tag in a sentence that no page has": (
        tagged_lines.named_in_prose, "docs/en/a.md", "## R {", "By (a.1) and (a.99).\n\n## R {",
        "docs/en/a.md:13: no page has the equation (a.99)",
    ),
    "a package that is not named": (
        code.unnamed_packages, "docs/en/a.md", "import numpy as np", "import math\nimport yaml",
        "docs/en/a.md:27: yaml is imported here",
    ),
    "not in the navigation": (
        navigation.missing_from_navigation, "mkdocs.en.yml", "a.md", "b.md",
        "mkdocs.en.yml:3: docs/en/a.md is not in the navigation",
    ),
    "not in the home page's table": (
        navigation.missing_from_table, "docs/en/index.md", "a.md", "b.md",
        "docs/en/index.md:10: no table of this page leads to docs/en/a.md",
    ),
    "to be read before itself": (
        navigation.circular_prerequisites, "docs/en/a.md", "sites: []", "sites: [a]",
        "docs/en/a.md:4: to read this page first one would have to read it: a → a",
    ),
    "not on the map": (
        navigation.missing_from_map, "figures/index.py", '"a"', '"b"',
        "figures/index.py:1: docs/en/a.md has no place on the map",
    ),
    "two at one place of the map": (
        navigation.missing_from_map, "figures/index.py", "}", '    "b": (0, 0, 1),\n}',
        "figures/index.py:1: a and b have the same place on the map: (0, 0)",
    ),
    "a figure that no page shows": (
        navigation.unused_figures_of_page, "figures/a.py", "@figure",
        "@figure\ndef other(say):\n    return ''\n\n\n@figure",
        "figures/a.py:5: no page shows the figure a/other",
    ),
    "an output that differs": (
        example_faults, "docs/en/a.md", "\n3\n", "\n4\n",
        "docs/en/a.md:30: print(np.sum([1, 2]))  # (a.1)",
    ),
    "an output that differs, whose command names the page": (
        example_faults, "docs/en/a.md", "\n3\n", "\n4\n",
        "docs/en/a.md:30: print(np.sum([1, 2]))  # (a.1)\n  the page shows (-), it prints (+):\n"
        "    - 4\n    + 3\n    → correct the code, or write what it prints: make outputs PAGE=a",
    ),
    "code that fails": (
        example_faults, "docs/en/a.md", "print(np.sum([1, 2]))", "print(1 / 0)",
        "docs/en/a.md:30: ZeroDivisionError: division by zero (line 30)",
    ),
    "code that ends Python": (
        example_faults, "docs/en/a.md", "print(np.sum([1, 2]))", "import sys; sys.exit()",
        "docs/en/a.md:30: Exited: it ends Python",
    ),
}  # fmt: skip


@pytest.mark.parametrize("mistake", BROKEN)
def test_a_mistake_is_found(mistake: str, site: SmallSite) -> None:
    rule, file, old, new, message = BROKEN[mistake]
    path = site.docs / "en" / "a.md"
    assert rule(site, site.page(path)) == []
    site.replace(file, old, new)
    found = [str(fault) for fault in rule(site, site.page(path))]
    assert any(fault.startswith(message) for fault in found), found


def test_a_shared_page_that_is_not_in_step_is_found_with_any_page(
    site: SmallSite, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(site.root)
    monkeypatch.setattr(review, "QUESTIONS", {})
    for name in site.names():
        stamping.stamp(Pair(site, name))
    assert review.main(["a"]) == 0
    for language in LANGUAGES:
        site.replace(f"docs/{language}/index.md", "| ? |", "| Why? |")
    capsys.readouterr()
    assert review.main(["a"]) == 1
    message, remedy, _ = capsys.readouterr().out.splitlines()
    assert message.startswith("docs/zh/index.md:6: section #title has changed here and in")
    assert remedy.endswith("without PAGE: make stamp")
    assert review.main(["a", "--language", "en"]) == 0


def test_a_dead_link_is_told_the_nearest_anchor(site: SmallSite) -> None:
    path = site.docs / "en" / "index.md"
    Path(site.root / "node_modules").symlink_to(ROOT / "node_modules")
    site.replace("docs/en/index.md", "(a.md)", "(a.md#exercise)")
    (fault,) = page_faults(site, site.page(path))
    assert fault.remedy == "write #exercises, or give the heading an explicit {#anchor}"
    site.replace("docs/en/index.md", "(a.md#exercise)", "(a.md#zzz)")
    (fault,) = page_faults(site, site.page(path))
    assert fault.remedy.startswith("correct the link, or give")


def test_a_symbol_that_the_notation_lacks_is_told_where_to_go(site: SmallSite) -> None:
    row = "# N {#title}\n\n| s | m | n | p |\n|---|---|---|---|\n| $x$ | m | n | [A](../a.md) |\n"
    site.both("reference/notation", row)
    (fault,) = notation_faults(site, site.page(site.docs / "en" / "a.md"))
    assert fault.remedy == "give its row there a link to a.md, or write a row for it"


@pytest.mark.parametrize(
    "code",
    [
        'if x < 0.25:\n        print("x < 0.25")',
        'for x in (0.5, 1.5):\n        print(" 0.5  1.5")',
        'print("1.2.3, v0.25 and 1 of 2")',
        'x = 12\n    print("12 of x12")',
        'print(f"{0.25:.2f}")',
        'print(dict(key="0.25")["key"])',
    ],
)
def test_a_printed_text_may_repeat_what_code_sets(code: str, site: SmallSite) -> None:
    old = "    ```pycon\n    >>> print(1)\n    1\n    ```"
    site.replace("docs/en/a.md", old, f"    ```python\n    {code}\n    ```")
    assert printed_faults(site.page(site.docs / "en" / "a.md")) == []


@pytest.mark.parametrize(
    ("symbols", "shapes", "told"),
    [
        ("$x$, $y$", "$(n, m)$, number", []),
        ("$x$, $y$", "matrix, number", []),
        ("$x$", "$(3, 2)$", []),
        ("$x$", "$(m, n)$", ["$x$ is (m, n) here, and (n, m) in a.md"]),
        ("$x$", "number", ["$x$ is a number here, and (n, m) in a.md"]),
        ("$x$, $y$", "$(n, m)$, $(n,)$", ["$y$ is (n) here, and a number in a.md"]),
        ("$x_{ij}$", "number", []),
        ("$x$, $y_q$", "$(n, m)$, $(q,)$", []),
    ],
)
def test_the_notation_has_the_shapes_of_the_pages(
    symbols: str, shapes: str, told: list[str], site: SmallSite
) -> None:
    site.replace("docs/en/a.md", "| m | n |\n\n$$", "| m | $(n, m)$, number |\n\n$$")
    row = f"| {symbols} | m | {shapes} | [A](../a.md) |\n"
    site.both(
        "reference/notation", f"# N {{#title}}\n\n| s | m | n | p |\n|---|---|---|---|\n{row}"
    )
    found = notation_shape_faults(site, site.page(site.docs / "en" / "a.md"))
    assert [fault.message for fault in found] == told
    assert found == notation_shape_faults(
        site, site.page(site.docs / "en" / "reference" / "notation.md")
    )


def test_what_follows_from_a_form_is_not_told_with_it(site: SmallSite) -> None:
    site.replace("docs/en/a.md", "3\n```\n\n!", "3\n\n!")
    page = site.page(site.docs / "en" / "a.md")
    assert loose_faults(page) or chapters.shape(site, page)
    told = [fault.message for fault in review.ask(site, page, review.QUESTIONS)]
    assert told == [fault.message for fault in page.faults] != []


def test_a_fault_of_both_languages_is_told_once() -> None:
    told: set[str] = set()
    first = (
        "m.py:1: wrong\n    → mend it\ndocs/zh/a.md:1: two\nlines\n    → so\na: 2 faults (1 s)\n"
    )
    assert check.untold(first, told) == first
    second = "m.py:1: wrong\n    → mend it\ndocs/en/a.md:1: b\n    → so\na: 2 faults (1 s)\n"
    assert check.untold(second, told) == second.partition("mend it\n")[2]


def test_only_chapters_have_a_shape(site: SmallSite) -> None:
    assert chapters.shape(site, site.page(site.docs / "en" / "index.md")) == []
    lab = site.write("docs/en/labs/a.py", "# ---\n# title: A\n# prerequisites: []\n# ---\n")
    assert chapters.shape(site, site.page(lab)) == []


def test_a_longer_circle_is_found(site: SmallSite) -> None:
    site.replace("docs/en/a.md", "prerequisites: []", "prerequisites: [b]")
    site.both("b", PAGE.replace("prerequisites: []", "prerequisites: [c]"))
    site.both("c", PAGE.replace("prerequisites: []", "prerequisites: [a]"))
    (fault,) = navigation.circular_prerequisites(site, site.page(site.docs / "en" / "a.md"))
    assert "a → b → c → a" in fault.message


def test_navigation_in_another_order_is_found(site: SmallSite) -> None:
    assert navigation.order_of_navigation(site) == []
    site.write("mkdocs.en.yml", "nav:\n  - a.md\n  - index.md\n")
    (fault,) = navigation.order_of_navigation(site)
    assert str(fault).startswith("mkdocs.en.yml:2: the navigation has a.md where mkdocs.yml has")


def test_a_module_without_tests_is_found(site: SmallSite) -> None:
    assert code.untested_snippets(site) == []
    site.write("snippets/b.py", "")
    (fault,) = code.untested_snippets(site)
    assert str(fault).startswith("snippets/b.py:1: this module has no tests")
    site.replace("docs/en/a.md", "import numpy as np", 'import numpy as np\n--8<-- "b.py"')
    site.write("snippets/b.py", "y = 1\n")
    assert code.untested_modules_shown(site, site.page(site.docs / "en" / "a.md")) == [fault]


def test_a_figure_of_no_page_is_found(site: SmallSite) -> None:
    assert navigation.unused_figures(site) == []
    site.write("figures/b.py", FIGURE)
    (fault,) = navigation.unused_figures(site)
    assert "b/line" in fault.message


def test_gaps_are_found_wherever_they_are(site: SmallSite) -> None:
    assert chapters.gaps(site) == []
    for file in ("mkdocs.yml", "checks/a.py", "figures/a.py", "tests/snippets/test_a.py"):
        site.write(file, f"{(site.root / file).read_text(encoding='utf-8')}# TODO: more\n")
    assert len(chapters.gaps(site)) == 4


def test_a_check_of_no_equation_and_a_tag_of_two_pages_are_found(site: SmallSite) -> None:
    assert tag_faults(site) == []
    other = CHECK.replace("a.1", "a.2").replace("doubles", "other")
    site.write("checks/a.py", f"{CHECK}\n\n{other}")
    (fault,) = tag_faults(site)
    assert "check of (a.2): no page has this equation" in fault.message
    site.write("checks/a.py", CHECK)
    site.both("b", PAGE)
    assert {f.message for f in tag_faults(site)} == {"the tag (a.1) belongs to a already"}


def test_an_equation_without_a_check_is_found(site: SmallSite) -> None:
    site.write("checks/a.py", "")
    (fault,) = equation_faults(site, site.page(site.docs / "en" / "a.md"))
    assert fault.message == "the equation (a.1) has no check"


def test_the_review_tells_faults_their_number_and_their_language(
    site: SmallSite, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(site.root)
    asked = {"front matter": chapters.front_matter, "stamps": review.stamps}
    monkeypatch.setattr(review, "QUESTIONS", asked)
    site.replace("docs/en/a.md", "description: What there is\n", "")
    assert review.main(["a"]) == 1
    told = capsys.readouterr().out
    assert "docs/en/a.md:1: the page has no description" in told
    *_, last, _, number = (line for line in told.splitlines() if not line.startswith("    →"))
    assert last.startswith("docs/zh/a.md:1: the page has never been stamped")
    assert number.startswith("a: 3 faults (")
    assert review.main(["a", "--json", "--language", "en"]) == 1
    (fault,) = json.loads(capsys.readouterr().out)
    assert fault["path"] == "docs/en/a.md"
    site.replace("docs/en/a.md", "title: A\n", "title: A\ndescription: again\n")
    assert review.main(["a", "--language", "en"]) == 0
    assert capsys.readouterr().out.startswith("a: 0 faults (")
    assert review.main(["b"]) == 2
    assert "no page is called 'b'" in capsys.readouterr().err
