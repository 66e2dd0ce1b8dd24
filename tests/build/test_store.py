"""What is kept between builds is trusted only as it was written, and never stands in the way."""

import json
import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.faults import FaultsFound
from engine.store import LIFETIME, Store
from tests.conftest import ROOT

CONTENT = {"svg": "<svg>线</svg>", "numbers": [1, 2.5, None, True]}


def truncated(entry: Path) -> None:
    entry.write_bytes(entry.read_bytes()[:-9])


def emptied(entry: Path) -> None:
    entry.write_bytes(b"")


def altered(entry: Path) -> None:
    entry.write_bytes(entry.read_bytes().replace(b"2.5", b"2.6"))


def of_another_key(entry: Path) -> None:
    store = Store(entry.parent)
    store.put("other", "something else")
    (entry.parent / "other.json").replace(entry)


def without_digest(entry: Path) -> None:
    entry.write_text(json.dumps(CONTENT), encoding="utf-8")


def not_text(entry: Path) -> None:
    entry.write_bytes(b"\xff\x00" * 40)


def unreadable(entry: Path) -> None:
    # Whoever runs the tests may be allowed to read every file; nobody reads a folder.
    entry.unlink()
    (entry / "inside").mkdir(parents=True)


@pytest.mark.parametrize(
    "damage", [truncated, emptied, altered, of_another_key, without_digest, not_text, unreadable]
)
def test_a_damaged_entry_is_thrown_away_and_made_anew(
    damage: Callable[[Path], None], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store = Store(tmp_path / "kept")
    store.put("key", CONTENT)
    damage(store.folder / "key.json")
    with caplog.at_level(logging.WARNING):
        assert store.get("key") is None
    assert "key.json is broken: it is thrown away and made anew" in caplog.text
    assert not (store.folder / "key.json").exists()
    caplog.clear()
    assert store.get("key") is None
    store.put("key", CONTENT)
    assert store.get("key") == CONTENT
    assert caplog.text == ""


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@settings(deadline=None)
@given(
    content=JSON,
    cut=st.integers(min_value=1),
    byte=st.sampled_from(b"0123456789abc"),
    data=st.data(),
)
def test_no_damage_is_taken_for_content(
    content: object,
    cut: int,
    byte: int,
    data: st.DataObject,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    store = Store(tmp_path_factory.mktemp("kept"))
    store.put("key", content)
    assert store.get("key") == content
    entry = store.folder / "key.json"
    whole = entry.read_bytes()
    content_begins = whole.index(b"\n") + 1
    at = data.draw(st.integers(0, len(whole) - 1) | st.integers(content_begins, len(whole) - 1))
    for damaged in (whole[: -min(cut, len(whole))], whole[:at] + bytes([byte]) + whole[at + 1 :]):
        if damaged != whole:
            entry.write_bytes(damaged)
            assert store.get("key") is None


def test_a_folder_that_cannot_be_written_is_one_clear_fault(tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("a file where the folder should be", encoding="utf-8")
    with pytest.raises(FaultsFound) as found:
        Store(tmp_path / "kept").put("key", CONTENT)
    assert "nothing can be kept in this folder" in str(found.value)
    assert "→" in str(found.value)


def test_what_nobody_has_asked_for_in_a_month_goes_when_something_is_kept(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    for key in ("used", "unused"):
        Store(folder).put(key, CONTENT)
    left = folder / "killed.123-456"
    left.touch()
    for path in folder.iterdir():
        os.utime(path, times=(0, time.time() - 1.1 * LIFETIME))
    # Another process may be at an old entry: having been asked for, it is no longer old.
    assert Store(folder).get("used") == CONTENT
    Store(folder).put("new", CONTENT)
    assert {path.name for path in folder.iterdir()} == {"used.json", "new.json"}


WRITER = """
import sys
from pathlib import Path
from engine.store import Store

store = Store(Path(sys.argv[1]))
for number in range(300):
    store.put("key", [sys.argv[2] * 2000, number])
    got = store.get("key")
    assert got is not None and len(set(got[0])) == 1 and len(got[0]) == 2000, got
"""


def test_two_processes_that_write_at_once_never_mix_or_lose_an_entry(tmp_path: Path) -> None:
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path / "kept"), letter],
            cwd=ROOT,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        for letter in "ab"
    ]
    for writer in writers:
        _, errors = writer.communicate()
        assert writer.returncode == 0, errors
        assert errors == ""
    assert [path.name for path in (tmp_path / "kept").iterdir()] == ["key.json"]


@pytest.mark.skipif(os.name == "nt", reason="there, two processes may make the same")
def test_who_waits_for_another_takes_what_that_has_made(tmp_path: Path) -> None:
    made = []

    def make() -> None:
        store = Store(tmp_path / "kept")
        with store.making():
            if store.get("key") is None:
                time.sleep(0.05)
                made.append(CONTENT)
                store.put("key", CONTENT)

    threads = [threading.Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1
