"""Behind a save, all that the tests ask of a page is asked by a process of its own, and told."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from engine.faults import Fault

log = logging.getLogger("mkdocs.review")


@dataclass(frozen=True)
class Review:
    """What is known of a page: whether it is being checked, and the faults that were found."""

    state: str
    faults: tuple[Fault, ...] = ()
    seconds: float = 0.0

    def __str__(self) -> str:
        number = f"{len(self.faults)} fault{'' if len(self.faults) == 1 else 's'}"
        return "\n".join([f"checked, {number} ({self.seconds:.1f} s)", *map(str, self.faults)])


REVIEW = [sys.executable, "-m", "engine.review", "--json"]

#: What the process says by its exit code where the page is none.
NO_SUCH_PAGE = 2

#: Nothing has been asked of a page yet.
NOT_ASKED = Review("not asked")


class LiveReview:
    """The reviews of the pages that have been changed; one runs at a time, the newest first."""

    def __init__(self, root: Path, site: Path) -> None:
        self._root = root
        self._site = site
        self._reviews: dict[str, Review] = {}
        self._running: subprocess.Popen[str] | None = None
        self._round = 0
        self._lock = threading.Lock()

    def of(self, name: str) -> Review:
        """What is known of the page with this name."""
        return self._reviews.get(name, NOT_ASKED)

    def begin(self, names: list[str], build: Callable[[str], None]) -> None:
        """Review these pages, each of them once ``build`` has built it; an earlier round ends."""
        with self._lock:
            self._round += 1
            unfinished = [n for n, review in self._reviews.items() if review.state == "checking"]
            wanted = list(dict.fromkeys([*names, *unfinished]))
            self._reviews |= {name: Review("checking") for name in wanted}
            number = self._round
            self._stop()
        work = threading.Thread(target=self._work, args=(number, wanted, build), daemon=True)
        work.start()

    def stop(self) -> None:
        """End what runs."""
        with self._lock:
            self._round += 1
            self._stop()

    def _stop(self) -> None:
        if self._running:
            self._running.terminate()
            self._running = None

    def _work(self, number: int, names: list[str], build: Callable[[str], None]) -> None:
        for name in names:
            build(name)
            start = time.monotonic()
            with self._lock:
                if number != self._round:
                    return
                self._running = process = subprocess.Popen(
                    [*REVIEW, name, "--site", str(self._site)],
                    cwd=self._root,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    encoding="utf-8",
                )
            output, errors = process.communicate()
            with self._lock:
                if number != self._round:
                    return
                self._running = None
                if process.returncode == NO_SUCH_PAGE:  # its files have been deleted meanwhile
                    del self._reviews[name]
                    continue
                found = self._faults_in(output, errors)
                review = Review("done", found, time.monotonic() - start)
                self._reviews[name] = review
            log.log(logging.WARNING if found else logging.INFO, "%s: %s", name, review)

    def _faults_in(self, output: str, errors: str) -> tuple[Fault, ...]:
        """The faults that the process has printed; that it failed is one, too."""
        try:
            told = json.loads(output)
        except ValueError:
            last = (errors.strip() or output.strip() or "no message").splitlines()[-1]
            what = f"the review itself failed: {last}"
            return (Fault(self._root, 1, what, f"run it by hand: {' '.join(REVIEW[1:])}"),)
        return tuple(Fault(**fault | {"path": self._root / fault["path"]}) for fault in told)
