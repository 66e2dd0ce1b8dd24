"""A page's code as one namespace, block by block, as if it had run from the top, once.

Who runs a block again gets what the page prints, and not what a generator of random numbers that
has gone on would give: the state before the block is put back. So only what stands above counts,
in the text that it has now.

Code runs as the tests run it: a piece is what the page shows an output for; each statement has its
own line, and an expression that is not printed shows nothing.
"""

from __future__ import annotations

import ast
import linecache
import sys
import traceback
import warnings
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from types import ModuleType
from typing import Any, TextIO, cast

from run_in_page.snapshot import Snapshot

#: More than a page can show of one piece.
LONGEST = 20_000

#: Given what a piece prints, as it prints it.
Tell = Callable[[str], object]


class Stream:
    """Takes what is printed and tells it at once, up to a length that a page can show."""

    encoding = "utf-8"

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._left = LONGEST

    def write(self, text: str) -> int:
        if self._left >= 0 and text:
            self._tell(text[: self._left] + (" …\n" if len(text) > self._left else ""))
            self._left -= len(text)
        return len(text)

    def flush(self) -> None:
        pass

    def isatty(self) -> bool:
        return False


class Session:
    """The blocks that have run so far, in order, each with the text that it had."""

    def __init__(self) -> None:
        self._ran: list[str | None] = []
        self._snapshots: dict[int, Snapshot] = {}
        self.module = ModuleType("__main__")
        self._begin()

    def first_to_run(self, texts: Sequence[str]) -> int:
        """The first of these blocks, all up to the one that is asked for, that has to run.

        The state is put back to what it was before that one. The last one always runs.
        """
        same = 0
        for text, ran in zip(texts[:-1], self._ran, strict=False):
            if text != ran:
                break
            same += 1
        if same < len(self._ran):
            same = self._put_back(same)
        return same

    def keep(self) -> None:
        """Keep the state as it is now: the next block is the one that is asked for."""
        found = Snapshot.of(self.module.__dict__)
        if found is not None:
            self._snapshots[len(self._ran)] = found

    def run(self, name: str, pieces: Sequence[tuple[str, int, Tell]]) -> str:
        """Run the next block: each piece with its first line, and who is told what it prints.

        ``name`` is what a traceback calls the block. Returns the traceback, or nothing.
        """
        self._ran.append(None)
        lines: list[str] = []
        for source, first, _ in pieces:
            lines += [""] * (first - 1 - len(lines)) + source.split("\n")
        text = "\n".join(lines)
        linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
        sys.modules["__main__"] = self.module
        for source, first, tell in pieces:
            stream = cast(TextIO, Stream(tell))
            with redirect_stdout(stream), redirect_stderr(stream), warnings.catch_warnings():
                _as_a_reader_sees_them()
                told = self._run(name, source, first)
            if told:
                return told
        self._ran[-1] = "\n".join(source for source, _, _ in pieces)
        return ""

    def _run(self, name: str, source: str, first: int) -> str:
        try:
            # Line ends before it give each statement the line that it has on the page.
            tree = ast.parse("\n" * (first - 1) + source, name)
            for statement in tree.body:
                module = ast.Module([statement], [])
                code = compile(module, name, "exec", dont_inherit=True)
                exec(code, self.module.__dict__)
        except BaseException as error:
            return traceback_of(error)
        return ""

    def _begin(self) -> None:
        """An empty namespace, which stays the same object: functions refer to it."""
        self.module.__dict__.clear()
        self.module.__dict__.update({"__name__": "__main__", "__builtins__": __builtins__})

    def _put_back(self, number: int) -> int:
        """Go back to the last state that is kept of before this block; the block it was before."""
        kept = max((n for n in self._snapshots if 0 < n <= number), default=0)
        self._begin()
        if kept:
            self.module.__dict__.update(self._snapshots[kept].restored())
        del self._ran[kept:]
        self._snapshots = {n: s for n, s in self._snapshots.items() if n <= kept}
        return kept


def run_answer(exercise: str, name: str, source: str, tell: Tell) -> str:
    """Run an answer to an exercise by itself, with the names that its judge gives it.

    Returns the traceback, or nothing. Raises LookupError where there is no such exercise.
    """
    from judges.judging import NAMES, exercise_of

    alone = Session()
    alone.module.__dict__.update({**NAMES, **exercise_of(exercise)[0].names})
    return alone.run(name, [(source, 1, tell)])


def _as_a_reader_sees_them() -> None:
    """Python's own choice of warnings, whatever an earlier block has told."""
    warnings.resetwarnings()
    for hidden in (ResourceWarning, ImportWarning, PendingDeprecationWarning, DeprecationWarning):
        warnings.simplefilter("ignore", hidden)
    warnings.filterwarnings("default", category=DeprecationWarning, module="__main__")


def traceback_of(error: BaseException) -> str:
    """The traceback as Python prints it, without the frames of this module."""
    told = traceback.TracebackException.from_exception(error)
    seen: Any = told
    while seen is not None:
        seen.stack[:] = [frame for frame in seen.stack if frame.filename != __file__]
        seen = seen.__cause__ or seen.__context__
    return "".join(told.format())
