"""Rows of a table of symbols that contradict one another are found."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.equations.listed import faults_of_rows
from tests.conftest import SITE
from tests.small_site import SmallSite

PAGE = r"""# A {#title}

## Symbols {#symbols}

| symbol | meaning | shape |
|---|---|---|
| $n_x$, $c_{\mathrm{in}}$ | sizes | whole numbers |
| $K$, $K_{uv}$ | a kernel and its entries | $(n_x, 2 c_{\mathrm{in}})$, number |
| $x$, $x_j$, $j$ | a vector, its entries, their numbers | $(n_x,)$, number, whole number |
| $\lVert x \rVert$ | its norm | number |
"""


def told(root: Path, old: str = "", new: str = "") -> str:
    site = SmallSite(root)
    assert old in PAGE
    site.both("a", PAGE.replace(old, new) if old else PAGE)
    return "\n".join(map(str, faults_of_rows(site.page(site.docs / "en" / "a.md"))))


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        (
            "sizes | whole numbers",
            "sizes | numbers",
            "a.md:7: the page's table says of n_x: number",
        ),
        ("sizes | whole numbers", "sizes | $(n_x,)$", "as a size of x it is a whole number"),
        ("$(n_x, 2 c_{\\mathrm{in}})$", "$(n_x,)$", "its entries K_{uv} have 2 indices"),
        ("$(n_x, 2 c_{\\mathrm{in}})$", "number", "it has the entries K_{uv}"),
        ("$(n_x,)$", "$(n_x, n_x)$", "its entries x_j have 1 indices"),
        ("number, whole number", "number, number", "as an index of x_j it is a whole number"),
        ("norm | number", "norm | $(n_x,)$", "a.md:10: the page's table says of \\lVert x"),
    ],
)
def test_rows_that_contradict_one_another_are_told(
    old: str, new: str, what: str, tmp_path: Path
) -> None:
    assert what in told(tmp_path, old, new)


def test_rows_that_agree_are_left_alone(tmp_path: Path) -> None:
    assert told(tmp_path) == ""
    assert told(tmp_path, "$x_j$, $j$", "$y_j$, $i$") == ""


def test_the_tables_of_this_site_agree_with_themselves() -> None:
    pages = [page for language in ("en", "zh") for page in SITE.pages_of(language)]
    assert [fault for page in pages for fault in faults_of_rows(page)] == []
