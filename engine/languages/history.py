"""What Git knows of a page's sections: earlier states, and changes meant for one language alone.

Where there is no Git, or no history, nothing is known, and nothing is accepted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from engine.git import told
from engine.languages.sections import Written, sections_of
from engine.site import Site

#: The line of a commit's message that says: the change of this page is none of its sibling's.
ONE_LANGUAGE = re.compile(r"^One language: *\S", re.M)


@dataclass(frozen=True)
class _Commit:
    name: str
    parents: tuple[str, ...]
    message: str


class History:
    """The earlier states of a site's pages; each is read once."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self._sections: dict[tuple[str, Path], dict[str, Written]] = {}

    def section(self, path: Path, key: str, digest: str) -> Written | None:
        """A section as it was when it had this digest; None if no commit has it so."""
        for commit in self._commits(path):
            written = self._at(commit.name, path).get(key)
            if written and written.digest == digest:
                return written
        return None

    def accepts(self, path: Path, key: str, now: str, then: str) -> bool:
        """Whether a section came from one digest to the other by changes for one language alone.

        Each of them is a commit that says so, and that leaves the sibling's section alone.
        """
        sibling = self.site.sibling_of(path)
        before: dict[str, set[str]] = {}
        for commit in self._commits(path):
            if not ONE_LANGUAGE.search(commit.message) or not commit.parents:
                continue
            old, new = commit.parents[0], commit.name
            if self._digest(old, sibling, key) == self._digest(new, sibling, key):
                states = before.setdefault(self._digest(new, path, key), set())
                states.add(self._digest(old, path, key))
        reached, waiting = {now}, [now]
        while waiting:
            new_ones = before.get(waiting.pop(), set()) - reached
            reached |= new_ones
            waiting += new_ones
        return then in reached

    def _digest(self, commit: str, path: Path, key: str) -> str:
        written = self._at(commit, path).get(key)
        return written.digest if written else ""

    def _at(self, commit: str, path: Path) -> dict[str, Written]:
        if (commit, path) not in self._sections:
            text = told(self.site.root, "show", f"{commit}:./{self._name(path)}")
            self._sections[commit, path] = sections_of(self.site, text, path)
        return self._sections[commit, path]

    def _commits(self, path: Path) -> list[_Commit]:
        """The commits that changed a file, the newest first."""
        log = told(self.site.root, "log", "--format=%H%x00%P%x00%B%x01", "--", self._name(path))
        fields = (entry.strip().split("\0") for entry in log.split("\x01") if entry.strip())
        return [_Commit(name, tuple(parents.split()), text) for name, parents, text in fields]

    def _name(self, path: Path) -> str:
        return path.relative_to(self.site.root).as_posix()
