"""Work that is done one piece at a time, in a thread of its own, the urgent first."""

from __future__ import annotations

import itertools
import logging
import queue
import threading
from collections.abc import Callable

log = logging.getLogger("mkdocs.serve")

#: What comes first: a change of the files, then what somebody waits for, then the rest.
CHANGE, ASKED, BEHIND = range(3)


class Job:
    """A piece of work; whoever needs its result waits until it is done."""

    def __init__(self, work: Callable[[], None]) -> None:
        self._work = work
        self._done = threading.Event()

    def do(self) -> None:
        try:
            self._work()
        except Exception:
            log.exception("this should not have happened")
        finally:
            self._done.set()

    def wait(self) -> None:
        self._done.wait()


class Workshop:
    """The thread in which all pages of all languages are built: MkDocs is made for one."""

    def __init__(self) -> None:
        self._numbers = itertools.count()
        self._waiting: queue.PriorityQueue[tuple[int, int, Job]] = queue.PriorityQueue()
        threading.Thread(target=self._work, daemon=True).start()

    def add(self, urgency: int, work: Callable[[], None]) -> Job:
        """Have this done when its turn comes."""
        job = Job(work)
        self._waiting.put((urgency, next(self._numbers), job))
        return job

    def _work(self) -> None:
        while True:
            self._waiting.get()[2].do()
