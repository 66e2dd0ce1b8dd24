"""Which functions of ``snippets`` run while something is computed.

That is seen by what really runs, not by reading names: a helper, an alias, a loop variable or a
module imported whole makes no difference.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

#: Modules of ``snippets`` that are tools of checking, and not checked by equations themselves.
TOOLS = ("gradient_check",)


class TraceLost(Exception):
    """Somebody has put another trace in this one's place."""


@contextmanager
def snippets_that_run() -> Iterator[set[str]]:
    """The names of the functions in the project's ``snippets`` that are called meanwhile."""
    called: set[str] = set()
    prefix = f"{Path.cwd() / 'snippets'}/"

    def seen(frame: FrameType, event: str, argument: Any) -> None:
        if event != "call" or not frame.f_code.co_filename.startswith(prefix):
            return
        name = frame.f_code.co_qualname
        module = Path(frame.f_code.co_filename).stem
        if module not in TOOLS and not _while_importing(frame, prefix):
            called.add(f"{module}.{name}")

    before = sys.getprofile()
    sys.setprofile(seen)
    try:
        yield called
        if sys.getprofile() is not seen:
            raise TraceLost("something has switched off the trace of what runs")
    finally:
        sys.setprofile(before if callable(before) else None)  # a profiler in C is none


def _while_importing(frame: FrameType, prefix: str) -> bool:
    """Whether the frame is run by the import of a snippet's own module."""
    at: FrameType | None = frame
    while at is not None:
        if at.f_code.co_name == "<module>":
            return at.f_code.co_filename.startswith(prefix)
        at = at.f_back
    return False
