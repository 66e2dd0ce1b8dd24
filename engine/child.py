"""Child processes that run the project's code, so that the build's own process never imports it.

Both sides stand here: the build asks a ``Child``; the child calls ``answer``. A request is a line
of JSON, and is answered by lines of JSON up to one that is ``null``.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

#: The folder of this engine, which a child must find whatever project it works for.
HOME = Path(__file__).resolve().parents[1]

#: One thread for numbers: their count changes last digits, and on a busy machine they wait for
#: each other many times as long as they work.
ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}

#: What decides results is the same for everybody: hashes, encodings, dates, threads, and
#: no settings of the user's Matplotlib.
FIXED = {
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
    # Bytecode is told from its source by whole seconds and size: two edits may look alike.
    "PYTHONDONTWRITEBYTECODE": "1",
    "LC_ALL": "C.UTF-8",
    "TZ": "UTC",
    "SOURCE_DATE_EPOCH": "315532800",  # 1980, the first year that all formats can express
    "MATPLOTLIBRC": os.devnull,
    **ONE_THREAD,
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false",
    "JAX_PLATFORMS": "cpu",
}

#: Variables of the user that choose how Python, its language or Matplotlib behaves.
DROPPED = ("PYTHON", "LC_", "LANG", "MPLBACKEND")


def environment(root: Path) -> dict[str, str]:
    """The environment of what runs the code of the project below ``root``.

    It is the user's, without what could change a result: ``PYTHONOPTIMIZE`` alone would make
    every assertion vanish.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith(DROPPED)}
    path = os.pathsep.join(dict.fromkeys([str(root), str(HOME)]))
    return kept | FIXED | {"PYTHONPATH": path}


class ChildEnded(Exception):
    """The child has ended before it answered; the message says how."""


@dataclass(frozen=True)
class Failure:
    """An error in the project's code: what, and where, if a line of the project has raised it."""

    error: str
    path: str | None
    line: int


class Child:
    """A process that runs one module of the engine in the folder of a project."""

    def __init__(self, module: str, root: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", module],
            cwd=root,
            env=environment(root),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            start_new_session=True,  # who interrupts the build interrupts its own process alone
        )

    def __enter__(self) -> Child:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._process.stdin and self._process.stdout
        self.stop()
        self._process.wait()
        self._process.stdout.close()
        with contextlib.suppress(BrokenPipeError):  # what it has not read is lost with it
            self._process.stdin.close()

    def stop(self) -> None:
        """End it, whether it waits for a request or is at one."""
        self._process.kill()

    def ask(self, request: Any, patience: float | None = None) -> Iterator[Any]:
        """The answers to a request that JSON can hold. Raises ChildEnded.

        A child that gives no answer for so many seconds is ended.
        """
        assert self._process.stdin and self._process.stdout
        try:
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            raise ChildEnded(self._how_it_ended()) from None
        while line := self._next_line(patience):
            reply = json.loads(line)
            if reply is None:
                return
            yield reply
        raise ChildEnded(self._how_it_ended())

    def _next_line(self, patience: float | None) -> str:
        """The next line that it writes; nothing where it has ended. Raises ChildEnded."""
        assert self._process.stdout
        if patience is None:
            return self._process.stdout.readline()
        late = threading.Event()

        def give_up() -> None:
            late.set()
            self.stop()

        timer = threading.Timer(patience, give_up)
        timer.start()
        line = self._process.stdout.readline()
        timer.cancel()
        if late.is_set() and not line:
            raise ChildEnded(f"it was stopped, since it took longer than {patience:g} seconds")
        return line

    def _how_it_ended(self) -> str:
        code = self._process.wait()
        if code >= 0:
            return f"it ended with {code}"
        return f"it was ended by {signal.Signals(-code).name}"


def answer(handle: Callable[[Any], Iterable[Any]]) -> None:
    """Be the child: give each request to ``handle`` and send what that yields.

    Code that prints or reads meets the terminal's error stream and an empty input, never the
    lines that parent and child exchange.
    """
    with (
        os.fdopen(os.dup(0), encoding="utf-8") as requests,
        os.fdopen(os.dup(1), "w", encoding="utf-8") as replies,
    ):
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(2, 1)
        try:
            for line in requests:
                for reply in handle(json.loads(line)):
                    print(json.dumps(reply), file=replies, flush=True)
                print("null", file=replies, flush=True)
        except (KeyboardInterrupt, BrokenPipeError):
            os._exit(1)  # nobody listens any more


def failure_of(error: BaseException, root: Path) -> Failure:
    """What has failed, with the innermost line of the project's content that took part."""
    told = f"{type(error).__name__}: {error}"
    places = [
        (Path(frame.filename), frame.lineno or 1)
        for frame in traceback.extract_tb(error.__traceback__)
    ]
    if isinstance(error, SyntaxError) and error.filename:
        places.append((Path(error.filename), error.lineno or 1))
    for path, line in reversed(places):
        if path.is_relative_to(root):
            within = path.relative_to(root)
            if within.parts[0] != "engine" and not within.parts[0].startswith("."):
                return Failure(told, within.as_posix(), line)
    return Failure(told, None, 1)
