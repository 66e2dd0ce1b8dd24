"""Stubs of exercises: they are read, shown, left out of what runs, and judged and solved."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.downloads.notebooks import to_take_away
from engine.exercises.faults import exercise_faults, judges_without_page
from engine.faults import Fault
from engine.languages.parity import parity_faults
from engine.running.examples import as_one_file
from tests.conftest import SITE
from tests.pages.verdict import Judge
from tests.small_site import SmallSite

PAGE = """---
title: A
prerequisites: []
---

# A {#title}

## E {#exercises}

### E {#exercise-1}

```{.python data-exercise="double"}
def double(x, k=2):
    # a comment
    ...
```

??? success "S"

    ```pycon
    >>> def double(x, k=2):
    ...     return k * x
    ...
    >>> print(double(1))
    2
    ```

### E {#exercise-2}

```{.python data-exercise="half"}
def half(x):
    return x * 2
```

??? success "S"

    ```python
    def half(x):
        return x / 2
    ```
"""
JUDGES = "double = Exercise(draw, truth, [])\nhalf = Exercise(draw, truth, [])\nother = 3\n"


def site_at(root: Path) -> SmallSite:
    """A site of one chapter with two exercises in code, which keeps all rules."""
    site = SmallSite(root)
    site.both("a", PAGE)
    site.write("judges/a.py", JUDGES)
    return site


#: A file, what is changed in it, and what the fault says.
BROKEN: dict[str, tuple[str, str, str, str]] = {
    "no judge": (
        "judges/a.py", "half = Exercise", "halves = Exercise",
        "docs/en/a.md:30: nobody judges the stub 'half'\n    → write half = Exercise(…) into "
        "judges/a.py",
    ),
    "a module of judges that is no Python": (
        "judges/a.py", "half =", "half = =", "docs/en/a.md:12: nobody judges the stub 'double'",
    ),
    "no stub": (
        "judges/a.py", "other = 3", "other = Exercise(draw, truth, [])",
        "judges/a.py:3: no stub of the page 'a' asks for other, which is judged here\n    → write "
        "it in the section of its exercise, ```{.python data-exercise=",
    ),
    "no solution in code": (
        "docs/en/a.md", "    def half(x):", "    def halved(x):",
        "docs/en/a.md:30: no folded solution in the section of the stub 'half' defines",
    ),
    "a solution that is not folded": (
        "docs/en/a.md", '??? success "S"\n\n    ```pycon', '!!! note "S"\n\n    ```pycon',
        "docs/en/a.md:12: no folded solution in the section of the stub 'double' defines",
    ),
    "another signature": (
        "docs/en/a.md", ">>> def double(x, k=2)", ">>> def double(x, k=3)",
        "docs/en/a.md:21: the solution defines double(x, k=3), its stub double(x, k=2)\n    → give",
    ),
    "a stub without its function": (
        "docs/en/a.md", "\ndef half", "\ndef halved",
        "docs/en/a.md:30: the stub 'half' does not define the function half\n    → write it as",
    ),
    "a stub that is no Python": (
        "docs/en/a.md", "\ndef half(x)", "\ndef half(x",
        "docs/en/a.md:30: the stub 'half' does not define the function half",
    ),
    "two of one name": (
        "docs/en/a.md", '"half"}\ndef half', '"double"}\ndef double',
        "docs/en/a.md:30: 2 stubs of this page are called 'double'",
    ),
    "nothing to mend": (
        "docs/en/a.md", "## E {#exercises}", "## W {#goes-wrong}\n\nText.\n\n## E {#exercises}",
        "docs/en/a.md:8: nothing is mended in the part {#goes-wrong}\n    → let the reader mend",
    ),
    "too few": (
        "docs/en/a.md", '{.python data-exercise="half"}', "python",
        "docs/en/a.md:1: the chapter has 1 stubs, and at least 2 exercises are answered in code\n"
        "    → let the reader write a function: in the exercise a stub, ```{.python",
    ),
}  # fmt: skip


def told(site: SmallSite) -> list[str]:
    return list(map(str, exercise_faults(site, site.page(site.docs / "en" / "a.md"))))


@pytest.mark.parametrize("mistake", BROKEN)
def test_a_mistake_is_found(mistake: str, tmp_path: Path) -> None:
    file, old, new, message = BROKEN[mistake]
    site = site_at(tmp_path)
    assert told(site) == []
    site.replace(file, old, new)
    found = told(site)
    assert any(fault.startswith(message) for fault in found), found


def test_a_mistake_is_mended_where_it_is_told(tmp_path: Path) -> None:
    site = site_at(tmp_path)
    site.replace("docs/en/a.md", "## E {#exercises}", "## W {#goes-wrong}")
    assert told(site) == []


def test_only_chapters_have_a_least_number(tmp_path: Path) -> None:
    site = SmallSite(tmp_path)
    site.both("a", "# A {#title}\n")
    assert told(site) == []


def test_judges_of_no_page_are_found(tmp_path: Path) -> None:
    site = site_at(tmp_path)
    site.write("judges/tools.py", "")
    assert judges_without_page(site) == []
    site.write("judges/b.py", "")
    (fault,) = judges_without_page(site)
    assert str(fault).startswith("judges/b.py:1: these judges belong to no page")


#: A change of the English stub, and what it differs in.
CHANGES: dict[str, tuple[str, str, str]] = {
    "its code": ("x * 2", "x * 3", "code differs"),
    "its name": ('"half"}', '"double"}', "stub differs"),
    "being one": ('{.python data-exercise="half"}', "python", "stub differs"),
}


def parity(english: str) -> list[Fault]:
    mine = SITE.read(PAGE, SITE.docs / "zh" / "a.md")
    return parity_faults(mine, SITE.read(english, SITE.docs / "en" / "a.md"))


@pytest.mark.parametrize("what", CHANGES)
def test_stubs_are_the_same_in_both_languages_but_for_comments(what: str) -> None:
    old, new, message = CHANGES[what]
    assert parity(PAGE.replace("# a comment", "# another")) == []
    (fault,) = parity(PAGE.replace(old, new))
    assert message in fault.message
    assert fault.line == 30 + (what == "its code")


def test_a_stub_is_shown_and_does_not_run() -> None:
    verdict = Judge().verdict(PAGE)
    assert verdict.faults == [], verdict.faults
    assert verdict.html and '<div class="try-it" data-exercise="form.double">' in verdict.html
    assert len(verdict.ran) == 2 and not any("..." in code for code in verdict.ran[1:])
    assert [shown.detail for shown in verdict.shown if shown.kind == "stub"] == [
        "form.double",
        "form.half",
    ]
    assert "x * 2" not in as_one_file(verdict.page)[0]


def test_a_notebook_shows_a_stub_as_text(tmp_path: Path) -> None:
    site = site_at(tmp_path)
    book = to_take_away(site.page(site.docs / "en" / "a.md"), site, "S", None)
    stubs = [cell for cell in book.cells if "# a comment" in cell.source]
    assert [cell.cell_type for cell in stubs] == ["markdown"]
    assert "```python\ndef double(x, k=2):" in stubs[0].source


@pytest.mark.parametrize(
    "info",
    [
        '{.python exercise="double"}',
        '{.python data-exercise="Double it"}',
        '{.python data-exercise=""}',
        '{.python data-exercise="double" .more}',
        '{.pycon data-exercise="double"}',
        'python data-exercise="double"',
    ],
)
def test_another_form_is_refused(info: str) -> None:
    verdict = Judge().verdict(f"# A {{#a}}\n\n```{info}\ndef double(x):\n    ...\n```\n")
    assert any("a fence that says" in fault.message for fault in verdict.faults)
