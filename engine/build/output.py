"""A build goes into a folder of its own beside ``site/`` and takes its place in one step.

Whatever happens to a build, and when, ``site/`` is the last good one: it is exchanged for the
new one at once where the system can do that, and where it cannot, the next build puts back what
was moved aside. Builds at the same time have a folder each, and the last one wins.
"""

from __future__ import annotations

import ctypes
import errno
import os
import re
import shutil
import sys
import tempfile
from pathlib import Path

#: Linux's renameat2: paths relative to the working folder, and the flag that exchanges two.
AT_FDCWD, RENAME_EXCHANGE = -100, 2

#: What the system says of a place that cannot be written, and what to do about it.
REMEDIES = {
    errno.ENOSPC: "free some space: the disk is full",
    errno.EDQUOT: "free some space: the quota is used up",
    errno.EROFS: "the file system is read-only: build from a copy that can be written",
    errno.EACCES: "allow this user to write there, or build from a copy",
    errno.EPERM: "allow this user to write there, or build from a copy",
}

#: What a build at least needs; the site has some thirty million bytes.
LEAST = 1_000_000


class CannotWrite(Exception):
    """A folder that the build needs cannot be written; the message says what to do."""

    def __init__(self, error: OSError, place: Path) -> None:
        what = os.strerror(error.errno) if error.errno else str(error)
        remedy = REMEDIES.get(error.errno or 0, "make this folder writable")
        super().__init__(f"{place} cannot be written: {what}\n    → {remedy}")


class Output:
    """Where one build of this process goes, and the site whose place it takes."""

    def __init__(self, goal: Path) -> None:
        self.goal = goal.resolve()
        self.beside = self.goal.with_name(f"{self.goal.name}.building.{os.getpid()}")
        self._aside = self.goal.with_name(f"{self.goal.name}.old.{os.getpid()}")

    def prepare(self) -> None:
        """Clean up what dead builds have left, and make the folder. Raises CannotWrite."""
        try:
            self.goal.parent.mkdir(parents=True, exist_ok=True)
            self._clean_up()
            shutil.rmtree(self.beside, ignore_errors=True)
            self.beside.mkdir()
        except OSError as error:
            raise CannotWrite(error, self.goal.parent) from None
        try:
            ensure_writable(self.beside)
        except CannotWrite:
            self.remove()
            raise

    def take_place(self) -> None:
        """Make the build the site. Raises CannotWrite."""
        try:
            if not _exchanged(self.beside, self.goal):
                if self.goal.exists():
                    self.goal.rename(self._aside)
                self.beside.rename(self.goal)
        except OSError as error:
            # Another build may have put its own there just now: then ours is the newer one.
            if not self.goal.exists() or not _exchanged(self.beside, self.goal):
                raise CannotWrite(error, self.goal) from None
        self.remove()

    def remove(self) -> None:
        """Remove the build's folder, and the site whose place it took."""
        shutil.rmtree(self.beside, ignore_errors=True)
        if self.goal.exists():
            shutil.rmtree(self._aside, ignore_errors=True)

    def _clean_up(self) -> None:
        """Put back a site that a killed build moved aside; remove what dead builds have left."""
        pattern = re.compile(re.escape(self.goal.name) + r"\.(?P<kind>building|old)\.(?P<pid>\d+)")
        for path in sorted(self.goal.parent.iterdir()):
            found = pattern.fullmatch(path.name)
            if found and not _is_running(int(found["pid"])):
                if found["kind"] == "old" and not self.goal.exists():
                    path.rename(self.goal)
                else:
                    shutil.rmtree(path, ignore_errors=True)


def ensure_writable(folder: Path) -> None:
    """Write and remove a file of some size there. Raises CannotWrite."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(bytes(LEAST))
            probe.flush()
    except OSError as error:
        raise CannotWrite(error, folder) from None


def _exchanged(one: Path, other: Path) -> bool:
    """Whether the system could exchange two folders in one step, and has."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        rename = ctypes.CDLL(None).renameat2
    except (AttributeError, OSError):
        return False
    given = (AT_FDCWD, os.fsencode(one), AT_FDCWD, os.fsencode(other), RENAME_EXCHANGE)
    return bool(rename(*given) == 0)


def _is_running(pid: int) -> bool:
    """Whether another process with this number runs; this one has only begun."""
    if pid == os.getpid():
        return False
    if os.name == "nt":  # there, signal 0 would end it
        return _is_running_on_windows(pid)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _is_running_on_windows(pid: int) -> bool:
    kernel = ctypes.CDLL("kernel32")
    handle = kernel.OpenProcess(0x1000, False, pid)  # to ask for its state alone
    if not handle:
        return False
    kernel.CloseHandle(handle)
    return True
