"""The numbers of a page are counted once, and anew where the page has changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.mutants import mutate
from engine.reference import page_parts
from engine.reference.page_parts import mutant_counts, number_counts
from tests.small_site import SmallSite


def test_what_is_counted_is_kept_until_the_page_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = SmallSite(tmp_path)
    site.both("a", "# A {#title}\n\nIn 2012 it was 31.\n")
    path = site.docs / "en" / "a.md"
    counted = number_counts(site, site.page(path))
    assert (counted["named"], counted["left"]) == (1, 1)
    with monkeypatch.context() as patch:
        patch.setattr(page_parts, "loose_numbers", None)
        assert number_counts(site, site.page(path)) == counted
    site.replace("docs/en/a.md", "31", "31 and 32")
    assert number_counts(site, site.page(path))["left"] == 2


def test_mutants_are_counted_once_and_anew_where_a_snippet_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = SmallSite(tmp_path)
    site.write("snippets/a.py", "# --8<-- [start:a]\nx = 1\n# --8<-- [end:a]\n")
    counted = mutant_counts(site)
    with monkeypatch.context() as patch:
        patch.setattr(mutate, "mutants", None)
        assert mutant_counts(site) == counted
    site.replace("snippets/a.py", "x = 1", "x = 1\ny = 2")
    assert mutant_counts(site)["a"] > counted["a"] > 0
