"""The other language, built at the same time in a process of its own.

The two processes talk in lines of JSON. At each stage (engine/build_faults.py) the child says what
is wrong with its pages, and waits; the parent makes what both languages share, and lets it go on.
Where the parent ends, so does the child.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import mkdocs

from engine.drawing.drawings import Drawing
from engine.faults import Fault

#: Set for the child: it is a part of a build, which has a parent.
MARK = "PART_OF_A_BUILD"


@dataclass
class Told:
    """What one language's build has to say before it begins."""

    faults: list[Fault] = field(default_factory=list)
    wanted: list[Drawing] = field(default_factory=list)
    error: str = ""

    def as_json(self) -> str:
        faults = [vars(fault) | {"path": str(fault.path)} for fault in self.faults]
        return json.dumps({"faults": faults, "wanted": self.wanted, "error": self.error})

    @classmethod
    def from_json(cls, text: str) -> Told:
        told = json.loads(text)
        faults = [Fault(**fault | {"path": Path(fault["path"])}) for fault in told["faults"]]
        return cls(faults, [Drawing(*wanted) for wanted in told["wanted"]], told["error"])


class OtherLanguage:
    """The parent's side: a build of another configuration, begun at once."""

    def __init__(self, configuration: Path, built: Path, options: list[str]) -> None:
        # ProperDocs answers to the name of MkDocs, but is started by its own.
        command = [sys.executable, "-m", mkdocs.__name__, "build", *options]
        self._process = subprocess.Popen(
            [*command, "-f", str(configuration), "-d", str(built)],
            cwd=configuration.parent,
            env=os.environ | {MARK: "1", "PYTHONUTF8": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        self._log: list[str] = []
        self._reader = threading.Thread(target=self._read_log, daemon=True)
        self._reader.start()

    def told(self) -> Told:
        """What the other language says before it begins; waits for it."""
        line = _there(self._process.stdout).readline()
        if line.strip():
            return Told.from_json(line)
        code, log = self.finish()
        return Told(error=f"{log}\nERROR: the other language ended too early (exit {code})".strip())

    def go_on(self) -> None:
        """Let it build: what both languages share has been made."""
        stream = _there(self._process.stdin)
        stream.write("go on\n")
        stream.flush()

    def finish(self) -> tuple[int, str]:
        """Wait for its end: its exit code, and all that it has written."""
        code = self._process.wait()
        self._reader.join()
        return code, "".join(self._log)

    def stop(self) -> None:
        """End it, if it still runs."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    def _read_log(self) -> None:
        self._log += _there(self._process.stderr)


class Parent:
    """The child's side. What is printed from now on goes the way of the log."""

    def __init__(self) -> None:
        self._answers = sys.stdout
        sys.stdout = sys.stderr
        self._may_go_on = threading.Semaphore(0)
        threading.Thread(target=self._listen, daemon=True).start()

    def tell(self, told: Told) -> None:
        """Say what there is to say, and wait until the parent lets this build go on."""
        self._answers.write(told.as_json() + "\n")
        self._answers.flush()
        self._may_go_on.acquire()

    def _listen(self) -> None:
        for _ in sys.stdin:
            self._may_go_on.release()
        os._exit(1)  # the parent has ended


def is_part() -> bool:
    """Whether this process is the child of a build."""
    return MARK in os.environ


def _there(stream: IO[str] | None) -> IO[str]:
    if stream is None:
        raise RuntimeError("the process was started without this stream")
    return stream
