"""Whatever happens to a build, and when, ``site/`` is a whole one; the next build cleans up."""

import errno
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.build import output
from engine.build.output import CannotWrite, Output, ensure_writable
from tests.build.test_bad_input import assert_untouched, last_good_site
from tests.conftest import Project, project_at

#: More than any process has.
DEAD = 2**22 + 1


def a_site(folder: Path, text: str) -> None:
    folder.mkdir()
    (folder / "index.html").write_text(text, encoding="utf-8")


def build(goal: Path, text: str) -> None:
    """What a build does with its folder."""
    made = Output(goal)
    made.prepare()
    (made.beside / "index.html").write_text(text, encoding="utf-8")
    made.take_place()


def read(goal: Path) -> str:
    return (goal / "index.html").read_text(encoding="utf-8")


def without_exchange(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output, "_exchanged", lambda one, other: False)


@pytest.mark.parametrize("exchange", [True, False])
def test_a_build_takes_the_place_of_the_last_one(
    exchange: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not exchange:
        without_exchange(monkeypatch)
    for text in ("first", "second", "third"):
        build(tmp_path / "site", text)
        assert read(tmp_path / "site") == text
        assert [path.name for path in tmp_path.iterdir()] == ["site"]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the system cannot exchange")
def test_there_is_a_site_at_every_moment(tmp_path: Path) -> None:
    goal = tmp_path / "site"
    build(goal, "0")
    missing, ended = [], threading.Event()

    def look() -> None:
        while not ended.is_set():
            if not (goal / "index.html").exists():
                missing.append(True)

    looking = threading.Thread(target=look)
    looking.start()
    for number in range(100):
        build(goal, str(number))
    ended.set()
    looking.join()
    assert missing == []


class Killed(BaseException):
    """Raised where a process is said to be killed: nothing is cleaned up after it."""


@pytest.mark.parametrize("moment", range(2))
def test_a_build_killed_between_two_renames_is_mended_by_the_next(
    moment: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    goal = tmp_path / "site"
    build(goal, "the last good site")
    rename, done = Path.rename, 0

    def killed(self: Path, target: Path) -> Path:
        nonlocal done
        if done == moment:
            raise Killed
        done += 1
        return rename(self, target)

    with monkeypatch.context() as patched, pytest.raises(Killed):
        without_exchange(patched)
        patched.setattr(os, "getpid", lambda: DEAD)
        made = Output(goal)
        made.prepare()
        (made.beside / "index.html").write_text("half", encoding="utf-8")
        patched.setattr(Path, "rename", killed)
        made.take_place()
    assert (tmp_path / f"site.building.{DEAD}").exists()
    after = Output(goal)
    after.prepare()
    assert read(goal) == "the last good site"
    after.remove()
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_leftovers_of_dead_builds_go_and_those_of_living_ones_stay(tmp_path: Path) -> None:
    a_site(tmp_path / "site", "good")
    for pid in (DEAD, os.getppid()):
        a_site(tmp_path / f"site.building.{pid}", "half")
    a_site(tmp_path / f"site.old.{DEAD}", "older")
    a_site(tmp_path / "site.building.notes", "of somebody else")
    build(tmp_path / "site", "new")
    assert {path.name for path in tmp_path.iterdir()} == {
        "site",
        f"site.building.{os.getppid()}",
        "site.building.notes",
    }


REFUSED = {
    errno.ENOSPC: "disk is full",
    errno.EROFS: "read-only",
    errno.EACCES: "allow this user",
}


@pytest.mark.parametrize("number", REFUSED)
def test_what_cannot_be_written_is_told_with_a_remedy(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patched, pytest.raises(CannotWrite) as told:
        patched.setattr(tempfile, "TemporaryFile", refuse)
        Output(tmp_path / "site").prepare()
    assert REFUSED[number] in str(told.value)
    assert "→" in str(told.value)
    assert list(tmp_path.iterdir()) == []


def mounted(options: str, folder: Path) -> bool:
    """Whether such a file system now stands there, which takes a privileged user."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    try:
        return subprocess.run(command, capture_output=True).returncode == 0
    except OSError:
        return False


@pytest.mark.parametrize(("options", "words"), [("size=64k", "disk is full"), ("ro", "read-only")])
def test_a_real_file_system_that_refuses_is_told(options: str, words: str, tmp_path: Path) -> None:
    place = tmp_path / "place"
    if not mounted(options, place):
        pytest.skip("nothing can be mounted here; the test above fakes it")
    try:
        with pytest.raises(CannotWrite) as told:
            ensure_writable(place)
        assert words in str(told.value)
    finally:
        subprocess.run(["umount", str(place)], check=True)


@pytest.mark.parametrize("part", [".cache", "site"])
def test_a_build_that_cannot_write_says_so_before_it_begins(part: str, project: Project) -> None:
    # A file in the place of a folder is refused to everybody, the privileged user as well.
    site = last_good_site(project)
    if part == ".cache":
        shutil.rmtree(project.root / part)
        (project.root / part).write_text("", encoding="utf-8")
        built = project.build()
    else:
        (project.root / "file").write_text("", encoding="utf-8")
        built = project.run("mkdocs", "build", "--strict", "--site-dir", "file/site")
    assert built.returncode != 0
    assert "cannot be written" in built.stdout, built.stdout
    assert "→" in built.stdout
    assert "Traceback" not in built.stdout
    assert "Building documentation" not in built.stdout
    assert_untouched(site)


def start(project: Project) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "mkdocs", "build", "--strict"],
        cwd=project.root,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )


def is_whole(site: Path) -> bool:
    """Whether both languages are there, each with its last file."""
    return all(
        (site / language / "search" / "search_index.json").exists()
        and "</html>" in (site / language / "index.html").read_text(encoding="utf-8")
        for language in ("", "en")
    )


def children_of(pid: int) -> set[int]:
    """The processes that a process has started, where the system tells."""
    try:
        told = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    except OSError:
        return set()
    return {int(child) for child in told.split()}


def still_runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def until(holds: Callable[[], bool], patience: float = 60) -> bool:
    end = time.monotonic() + patience
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def test_a_good_build_replaces_the_site_and_one_killed_at_any_moment_leaves_it(
    project: Project,
) -> None:
    site = last_good_site(project)
    began = time.monotonic()
    built = project.build()
    takes = time.monotonic() - began
    assert built.returncode == 0, built.stdout
    assert is_whole(site)
    assert "the last good site" not in read(site)
    assert [path.name for path in project.root.glob("site*")] == ["site"]
    moments = random.Random(0)
    for _ in range(3):
        running = start(project)
        time.sleep(moments.uniform(0.2, 1.0) * takes)
        children = children_of(running.pid)
        running.kill()
        running.communicate()
        assert is_whole(site)
        # Nobody is left to write into the folder of the dead build.
        for child in children:
            assert until(lambda pid=child: not still_runs(pid))  # type: ignore[misc]
    assert project.build().returncode == 0
    assert is_whole(site)
    assert [path.name for path in project.root.glob("site*")] == ["site"]


@pytest.mark.usefixtures("interruptible")
def test_an_interrupted_build_cleans_up_after_itself(project: Project) -> None:
    site = last_good_site(project)
    running = start(project)
    assert until(lambda: bool(list(project.root.glob("site.building.*"))))
    running.send_signal(signal.SIGINT)
    running.communicate()
    assert running.returncode != 0
    assert_untouched(site)


def test_two_builds_at_once_both_come_to_a_good_end(project: Project) -> None:
    builds = [start(project), start(project)]
    printed = [build.communicate()[1] for build in builds]
    assert [build.returncode for build in builds] == [0, 0], printed
    assert is_whole(project.root / "site")
    assert [path.name for path in project.root.glob("site*")] == ["site"]


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


#: What a search index can hold.
RICH = """
Words with `code`, a [link](index.md), *emphasis* and $x^2$.

```python
# a comment
class Colour:
    names = {"red": 1.5, 'green': None}
```

!!! note "A note & more"

    | a < b | `c` |
    |---|---|
    | d | $e$ |

??? success "Solution"

    ```text title="Illustration: angles"
    <b> & "quotes"
    ```
"""


def test_the_same_project_gives_the_same_bytes_everywhere(tmp_path: Path) -> None:
    (tmp_path / "深度 学习 (a)&b").mkdir()
    one = project_at(tmp_path / "one")
    other = project_at(tmp_path / "深度 学习 (a)&b" / "other")
    for project in (one, other):
        project.append(RICH)
    first = one.build(TZ="UTC", LC_ALL="C.UTF-8", PYTHONHASHSEED="1")
    settings = {
        "TZ": "Asia/Kathmandu",
        "LC_ALL": "zh_CN.GBK",
        "PYTHONUTF8": "0",
        "PYTHONHASHSEED": "2",
        "PYTHONOPTIMIZE": "2",
    }
    second = other.build(**settings)
    assert first.returncode == 0, first.stdout
    assert second.returncode == 0, second.stdout
    ours, theirs = files_of(one.root / "site"), files_of(other.root / "site")
    assert ours.keys() == theirs.keys()
    assert [name for name, content in ours.items() if theirs[name] != content] == []
