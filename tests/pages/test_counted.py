"""The numbers of a page are counted once, and anew where the page has changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.reference import page_parts
from engine.reference.page_parts import number_counts
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
