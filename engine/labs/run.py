"""Execute the cells of a notebook in a kernel of its own, and tell what they gave.

This knows nothing of pages or of what is kept: whoever changes how a lab is run changes this
module, and every lab runs again.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from engine.child import environment

#: Run before a lab's own cells: its charts become SVG in the palette of the site.
SET_UP = "import figures.chart\n\nfigures.chart.draw_in_notebook()"

#: Run with it: what the prose says of the run is asked after each cell.
ASK = """
from engine.labs.asked import Asked as _Asked

_asked = _Asked({expressions})
get_ipython().events.register("post_run_cell", lambda _: _asked.after_cell(get_ipython()))
"""

#: Run after them: the time that all of it took one processor, however busy the machine is.
TIME = "import time\n\nprint(time.process_time())\nprint(_asked.told())"

#: The longest that one cell may take, in seconds.
PATIENCE = 300

#: Where kernels have their folders: below the system's, since the path of a socket must be short.
FOLDER_NAME = "lab-{pid}-"


@dataclass(frozen=True)
class Run:
    """What running a lab gave: the outputs of each code cell, and the seconds of one processor.

    ``given`` is for each cell what the expressions asked after it gave: numbers, whether it is
    true, or the error that it raised.
    """

    seconds: float
    outputs: list[list[dict[str, Any]]]
    given: list[dict[str, Any]] = field(default_factory=list)

    def printed(self, number: int) -> str:
        """What code cell ``number`` printed, counted from 0."""
        return self._stream(number, "stdout")

    def warnings(self, number: int) -> str:
        """What it wrote to the other stream, which no page shows."""
        return self._stream(number, "stderr")

    def _stream(self, number: int, name: str) -> str:
        given = (output for output in self.outputs[number] if output.get("name") == name)
        return "".join(output["text"] for output in given)

    def pictures(self, number: int) -> list[str]:
        """The SVG pictures of code cell ``number``."""
        return [
            output["data"]["image/svg+xml"]
            for output in self.outputs[number]
            if "image/svg+xml" in output.get("data", {})
        ]


class CellFailed(Exception):
    """A cell raised an error. Cells are counted from 0; the set-up is None."""

    def __init__(self, number: int | None, name: str, value: str, traceback: str) -> None:
        super().__init__(f"{name}: {value}")
        self.number = number
        self.value = value
        self.traceback = traceback


class CellStopped(Exception):
    """A cell, counted from 0, did not come to an end: out of time, or the kernel died."""

    def __init__(self, number: int, reason: str) -> None:
        super().__init__(reason)
        self.number = number


def run(cells: Sequence[str], root: Path, asked: Sequence[Sequence[str]] = ()) -> Run:
    """Run cells of code in a fresh kernel of this Python, in the project below ``root``.

    ``asked`` are expressions for each cell, evaluated once it has run.
    Raises CellFailed and CellStopped; nothing is kept of what the cells before gave.
    """
    sources = [SET_UP + ASK.format(expressions=list(asked)), *cells, TIME]
    notebook = nbformat.v4.new_notebook(cells=list(map(nbformat.v4.new_code_cell, sources)))
    try:
        execute(notebook, sys.executable, root, environment(root))
    except CellExecutionError:
        raise _failure(notebook) from None
    except (CellTimeoutError, DeadKernelError) as error:
        ended = sum(1 for cell in notebook.cells[1:-1] if cell.execution_count)
        number = min(ended, len(cells) - 1)
        raise CellStopped(number, str(error).splitlines()[0]) from None
    outputs = [json.loads(json.dumps(cell.outputs)) for cell in notebook.cells[1:]]
    seconds, given = outputs.pop()[-1]["text"].strip().split("\n")
    return Run(round(float(seconds), 1), outputs, json.loads(given)[: len(cells)])


def execute(
    notebook: nbformat.NotebookNode, python: str, folder: Path, environment: Mapping[str, str]
) -> None:
    """Run a notebook's cells in a kernel of this Python, in this folder; it takes the outputs."""
    # No folder of kernels: what a user has installed there may be another Python.
    manager = AsyncKernelManager(
        kernel_name="python3",
        kernel_spec_manager=KernelSpecManager(kernel_dirs=[], ensure_native_kernel=True),
    )
    assert manager.kernel_spec is not None
    manager.kernel_spec.argv[0] = python
    client = NotebookClient(
        notebook,
        km=manager,
        timeout=PATIENCE,
        coalesce_streams=True,  # what a cell prints is one output, however slowly it comes
        resources={"metadata": {"path": str(folder)}},
    )
    with kernel_folder() as own:
        manager.connection_file = f"{own}/connection.json"
        if os.name != "nt":  # sockets in a folder of our own are open to nobody else
            manager.transport, manager.ip = "ipc", f"{own}/kernel"
        # IPython would run what a user has put into the start-up folder of a profile.
        given = {**environment, "IPYTHONDIR": f"{own}/ipython"}
        client.execute(env=given, cleanup_kc=True)


@contextmanager
def kernel_folder() -> Iterator[Path]:
    """A folder for what a kernel needs beside it, such as sockets, removed at the end.

    A process that is killed leaves its folders behind. Their names say whose they were, and the
    next one to need a folder removes them.
    """
    for left in Path(tempfile.gettempdir()).glob(FOLDER_NAME.format(pid="*") + "*"):
        owner = re.match(FOLDER_NAME.format(pid=r"(\d+)"), left.name)
        if owner and not _is_alive(int(owner[1])):
            shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=FOLDER_NAME.format(pid=os.getpid())) as folder:
        yield Path(folder)


def _is_alive(process: int) -> bool:
    if os.name == "nt":  # where there are no sockets in folders, and asking would end the process
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # somebody else's
        return True
    return True


def _failure(notebook: nbformat.NotebookNode) -> CellFailed:
    number, raised = next(
        (n, output)
        for n, cell in enumerate(notebook.cells)
        for output in cell.get("outputs", [])
        if output["output_type"] == "error"
    )
    traceback = re.sub(r"\x1b\[[\d;]*m", "", "\n".join(raised["traceback"]))
    # The set-up is the kernel's first cell, so the lab's own have numbers one higher there.
    traceback = re.sub(r"Cell In\[(\d+)\]", lambda m: f"Cell {int(m[1]) - 1}", traceback)
    return CellFailed(number - 1 if number else None, raised["ename"], raised["evalue"], traceback)
