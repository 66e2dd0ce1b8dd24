"""When a page was last changed, as Git knows it."""

from datetime import date
from pathlib import Path

import pytest

from engine.for_readers.changed import last_changes, written
from tests.small_site import SmallSite


def commit(site: SmallSite, monkeypatch: pytest.MonkeyPatch, day: str) -> None:
    """Commit all there is as somebody whose clock says so, at another time than it is committed."""
    monkeypatch.setenv("GIT_AUTHOR_DATE", day)
    site.commit("change")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallSite:
    made = SmallSite(tmp_path / "site")
    made.both("old", "first")
    made.both("笔记", "first")
    commit(made, monkeypatch, "2024-02-29T23:30:00-08:00")
    made.write("docs/en/笔记.md", "second")
    commit(made, monkeypatch, "2025-01-01T00:30:00+14:00")
    return made


def test_the_day_is_the_author_s_own_wherever_the_site_is_built(
    site: SmallSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    for zone in ("UTC", "Pacific/Kiritimati", "America/Los_Angeles"):
        monkeypatch.setenv("TZ", zone)
        days = last_changes(site.root, "docs")
        assert days[site.docs / "en/old.md"] == date(2024, 2, 29)
        assert days[site.docs / "zh/笔记.md"] == date(2024, 2, 29)
        assert days[site.docs / "en/笔记.md"] == date(2025, 1, 1)


def test_a_merge_changes_what_neither_side_has(
    site: SmallSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.git("checkout", "-q", "-b", "side", "HEAD~")
    site.write("docs/en/side.md", "side")
    commit(site, monkeypatch, "2025-03-01T12:00:00+00:00")
    site.git("checkout", "-q", "main")
    monkeypatch.setenv("GIT_AUTHOR_DATE", "2025-04-01T12:00:00+00:00")
    site.git("merge", "-q", "--no-commit", "side")
    site.write("docs/en/old.md", "changed while merging")
    site.commit("merge")
    days = last_changes(site.root, "docs")
    assert days[site.docs / "en/side.md"] == date(2025, 3, 1)
    assert days[site.docs / "en/old.md"] == date(2025, 4, 1)


def test_without_history_nothing_is_known(site: SmallSite, tmp_path: Path) -> None:
    shallow = tmp_path / "shallow"
    site.git("clone", "-q", "--depth", "1", site.root.as_uri(), str(shallow))
    assert last_changes(shallow, "docs") == {}
    site.git("-C", str(shallow), "fetch", "-q", "--unshallow")
    assert len(last_changes(shallow, "docs")) == 4
    assert last_changes(tmp_path, "docs") == {}


def test_a_shallow_clone_knows_what_has_changed_since(
    site: SmallSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.write("docs/en/old.md", "third")
    commit(site, monkeypatch, "2025-05-05T12:00:00+00:00")
    shallow = tmp_path / "shallow"
    site.git("clone", "-q", "--depth", "2", site.root.as_uri(), str(shallow))
    assert last_changes(shallow, "docs") == {shallow / "docs/en/old.md": date(2025, 5, 5)}


def test_a_day_in_either_language() -> None:
    assert written(date(2026, 1, 5), "zh") == "2026 年 1 月 5 日"
    assert written(date(2026, 1, 5), "en") == "5 January 2026"
