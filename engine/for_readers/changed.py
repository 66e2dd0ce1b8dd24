"""When each page was last changed, as Git knows it.

The day is the one of the commit's author, in the author's own time zone, so that it is the same
wherever the site is built. Where there is no Git, nothing is known; nor of a file that a shallow
clone has had since the commit at which its history is cut off.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from engine.git import told

#: What begins a commit in the log; its files follow, each ended by NUL.
_COMMIT = "\x01"

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def last_changes(root: Path, *folders: str) -> dict[Path, date]:
    """For each file that Git tracks below these folders of ``root``: the day of its last commit."""
    # A merge (-c) has only the files that it makes other than all its parents have them.
    asked = ["log", "-z", "-c", "--name-only", "--relative", f"--format={_COMMIT}%H %as", "--"]
    log = told(root, *asked, *folders, errors="surrogateescape")
    cut_off = _cut_off(root) if log else frozenset()
    days: dict[Path, date | None] = {}
    for commit in log.split(_COMMIT)[1:]:
        head, _, files = commit.partition("\0")
        name, day = head.split()
        known = None if name in cut_off else date.fromisoformat(day)
        for file in files.strip("\n").split("\0"):
            if file:
                days.setdefault(root / file, known)
    return {path: day for path, day in days.items() if day}


def written(day: date, language: str) -> str:
    """A day as readers of a language write it."""
    if language == "zh":
        return f"{day.year} 年 {day.month} 月 {day.day} 日"
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def _cut_off(root: Path) -> frozenset[str]:
    """The commits of a shallow clone that seem to add all files, since it has none before them."""
    place = told(root, "rev-parse", "--git-path", "shallow").strip()
    shallow = root / place
    if not place or not shallow.is_file():
        return frozenset()
    return frozenset(shallow.read_text("utf-8").split())
