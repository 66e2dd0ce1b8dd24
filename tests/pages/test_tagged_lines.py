"""The tag in a comment is that of the formula that its line computes."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from engine.equations.beyond import beyond
from engine.equations.signs import formulas_of, signs_of_name, signs_of_tex
from engine.faults import FaultsFound
from engine.rules import tagged_lines as tagged_lines_module
from engine.rules.tagged_lines import (
    Tagged,
    chapter_of,
    equations_named,
    needless_entries,
    tag_faults,
    tagged_lines,
    unnamed,
    wrong_tags,
)
from tests.conftest import SITE
from tests.small_site import SmallSite

PAGE = r"""# A {{#title}}

$$
\frac{{\mathrm{{d}} L}}{{\mathrm{{d}} z^i_t}} = \frac{{\mathrm{{d}} L}}{{\mathrm{{d}} c_t}}
\odot g_t \odot i_t \odot (1 - i_t) \tag{{lstm.5}}
$$

$$
\frac{{\mathrm{{d}} L}}{{\mathrm{{d}} z^f_t}} = \frac{{\mathrm{{d}} L}}{{\mathrm{{d}} c_t}} \odot
c_{{t-1}} \odot f_t \odot (1 - f_t) \tag{{lstm.6}}
$$

```python
{code}
```
"""

RIGHT = "dz_i = dc * g * i * (1 - i)  # (lstm.5)\ndz_f = dc * c * f * (1 - f)  # (lstm.6)"


def told(root: Path, code: str, listed: str = "") -> str:
    site = SmallSite(root)
    site.both("a", PAGE.format(code=code))
    site.write("checks/beyond.yml", listed)
    return "\n".join(map(str, tag_faults(site, site.page(site.docs / "en" / "a.md"))))


def test_a_line_whose_factors_are_those_of_another_formula_is_found(tmp_path: Path) -> None:
    assert told(tmp_path, RIGHT) == ""
    found = told(tmp_path, "dz_i = dc * c * f * (1 - f)  # (lstm.5)")
    assert "docs/en/a.md:14: the line is tagged (lstm.5): it rather computes (lstm.6)" in found
    assert "it rather computes" in told(tmp_path, RIGHT.replace("lstm.6", "lstm.5"))
    exchanged = RIGHT.replace("lstm.5", "x").replace("lstm.6", "lstm.5").replace("(x)", "(lstm.6)")
    assert told(tmp_path, exchanged).count("it rather computes") == 2


FALSE = "dz_i = dc * c * f * (1 - f)  # (lstm.5)"
ENTRY = f"lines:\n  - what: '{FALSE}'\n    en: It is.\n    zh: 就是。\n"


def listed_in_vain(root: Path) -> str:
    """What is said of an entry that no line needs."""
    assert told(root, RIGHT, ENTRY) == ""
    return "\n".join(map(str, needless_entries(SmallSite(root))))


def test_a_line_that_is_listed_is_not_judged(tmp_path: Path) -> None:
    assert told(tmp_path, FALSE, ENTRY) == ""
    assert not needless_entries(SmallSite(tmp_path))
    assert f"no page shows it: {FALSE}" in listed_in_vain(tmp_path)


@pytest.mark.parametrize(
    "text",
    ["lines:\n  - what: x\n    en: y\n", "other: []\n", "lines: x: y\n", "- what\n"],
)
def test_a_list_of_another_form_is_refused_with_its_line(tmp_path: Path, text: str) -> None:
    site = SmallSite(tmp_path)
    site.write("checks/beyond.yml", text)
    with pytest.raises(FaultsFound, match=r"beyond\.yml:\d: not the list of what checks"):
        beyond(site, "lines")


def test_names_and_symbols_have_the_same_signs() -> None:
    assert signs_of_tex(r"\frac{\mathrm{d} L}{\mathrm{d} z^i_t}") == {"dz", "dz_i"}
    assert set(signs_of_name("dz_i")) == {"dz", "dz_i"}
    assert set(signs_of_name("W_hx")) == signs_of_tex("W_{hx}") == {"W", "W_hx"}
    assert set(signs_of_name("y_hat")) == signs_of_tex(r"\hat{y}^{(i)}") == {"yhat"}
    assert signs_of_tex(r"\lVert h_t \rVert^2") == {"@norm", "h", "#2"}


def exchanged() -> tuple[int, int]:
    """Of all exchanges of two tags on a page of this site, how many there are, and are found."""
    made = caught = 0
    listed = {entry.what for entry in beyond(SITE, "lines")}
    for page in SITE.pages_of("en"):
        lines = tagged_lines(page)
        formulas = formulas_of(equations_named(SITE, page, {t for one in lines for t in one.tags}))
        named = [(one, tag) for one in lines for tag in one.tags]
        for (one, tag), (other, theirs) in itertools.combinations(named, 2):
            same = tag in other.tags or theirs in one.tags
            if same or chapter_of(tag) != chapter_of(theirs):
                continue
            pair = [one.with_tag(tag, theirs), other.with_tag(theirs, tag)]
            judged: list[Tagged] = [line for line in pair if line.told not in listed]
            made += 1
            caught += any(wrong_tags(judged, formulas))
    return made, caught


def single(*, of_several: bool = False) -> tuple[int, int, int]:
    """Of some single tags put in the place of another on a page, or of all that stand beside
    others: how many there are, and are found with and without asking which equations have no
    line."""
    made = caught = without = 0
    listed = {entry.what for entry in beyond(SITE, "lines")}
    for page in SITE.pages_of("en"):
        lines = tagged_lines(page)
        texs = equations_named(SITE, page, {tag for one in lines for tag in one.tags})
        formulas = formulas_of(texs)
        for one in lines[:: 1 if of_several else 8]:
            if one.computed is None or one.told in listed or of_several > (len(one.tags) > 1):
                continue
            for tag, other in itertools.product(one.tags, texs):
                if other not in one.tags and chapter_of(other) == chapter_of(tag):
                    changed = one.with_tag(tag, other)
                    now = [changed if line is one else line for line in lines]
                    made += 1
                    caught += any(wrong_tags([changed], formulas, unnamed(now, texs)))
                    without += any(wrong_tags([changed], formulas))
    return made, caught, without


def test_of_single_tags_that_are_wrong_most_are_found() -> None:
    made, caught, without = single()
    assert made > 500
    assert caught >= 0.8 * made, (made, caught)
    assert caught > without


def test_of_several_tags_of_a_line_each_is_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    made, caught, _ = single(of_several=True)
    monkeypatch.setattr(tagged_lines_module, "IN_ITS_PLACE", 9.0)
    assert single(of_several=True)[1] < caught  # what they have together tells more
    assert made > 300
    assert caught >= 0.85 * made, (made, caught)


def test_of_all_exchanges_of_two_tags_on_a_page_nearly_all_are_found() -> None:
    made, caught = exchanged()
    assert made > 1000
    assert caught >= 0.95 * made, (made, caught)
