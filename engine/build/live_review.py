"""Behind a save, all that the tests ask of a page is asked by a process of its own, and told."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

log = logging.getLogger("mkdocs.review")


@dataclass(frozen=True)
class Review:
    """What is known of a page: whether it is being checked, and the faults that were found."""

    state: str
    faults: str = ""
    number: int = 0
    seconds: float = 0.0


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
                    [sys.executable, "-m", "engine.review", name, "--site", str(self._site)],
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
                review = _review(process.returncode, output, errors, time.monotonic() - start)
                self._reviews[name] = review
            told = f"{name}: checked, {review.number} faults ({review.seconds:.1f} s)"
            if review.number:
                log.warning("%s\n%s", told, review.faults)
            else:
                log.info(told)


def _review(code: int, output: str, errors: str, seconds: float) -> Review:
    number = output.count("\n    → ")
    if code not in (0, 1) or (code == 1 and not number):
        last = (errors.strip() or output.strip() or "no message").splitlines()[-1]
        return Review("done", f"the review itself failed: {last}", 1, seconds)
    return Review("done", output.strip(), number, seconds)
