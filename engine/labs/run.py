"""Run the labs: their code once for both languages, kept until something it depends on changes.

    python -m engine.labs                 every lab, two at a time
    python -m engine.labs memory          one of them

A lab runs again when its code, a snippet that it imports, the style of its charts, Python or the
lock file has changed; never because of its prose. What cannot be trusted is thrown away.
"""

from __future__ import annotations

import argparse
import ast
import hashlib
import html
import json
import logging
import os
import re
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from engine.faults import Fault, FaultsFound
from engine.reading.page import Page, parse
from engine.paths import CACHE, LABS, LANGUAGES, ROOT, SNIPPETS, is_lab, shown, sources

log = logging.getLogger("mkdocs.labs")

#: What the results of a lab depend on, besides its code and the snippets that it imports.
CHART_STYLE = ROOT / "figures" / "chart.py"
LOCK_FILE = ROOT / "requirements" / "site.txt"

#: Run before a lab's own cells: its charts become SVG in the palette of the site.
SET_UP = "import figures.chart\n\nfigures.chart.draw_in_notebook()"

#: The longest that one cell may take, in seconds.
PATIENCE = 300

#: One thread for each lab, since two run at a time, and since threads change last digits.
ENVIRONMENT = {
    "PYTHONPATH": str(ROOT),
    "PYTHONHASHSEED": "0",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false",
    "JAX_PLATFORMS": "cpu",
}

#: Packages that are imported under another name.
PACKAGES = {"sklearn": "scikit-learn"}


@dataclass(frozen=True)
class Run:
    """What running a lab gave: its time in seconds, and the outputs of each code cell."""

    seconds: float
    outputs: list[list[dict[str, Any]]]

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


def results(page: Page, run: Run) -> list[tuple[str, str]]:
    """Who reached what: the lines ``name: value`` that a lab's last cell prints."""
    number = next(n for n, cell in enumerate(page.code_cells) if cell.options.get("results"))
    pairs = (line.partition(": ") for line in run.printed(number).strip().splitlines())
    return [(name, value) for name, _, value in pairs]


def labs(language: str = LANGUAGES[0]) -> list[Page]:
    """The labs of one language, parsed."""
    return [parse(path) for path in sources(language) if is_lab(path)]


def run_of(page: Page) -> Run:
    """What a lab gave, from the cache or by running it now. Raises FaultsFound."""
    cached = _cache_entry(page)
    return _read(cached, len(page.code_cells)) or _run_and_keep(page, cached)


def run_all(pages: Iterable[Page]) -> list[Fault]:
    """Run what has to be run, two labs at a time; return what is wrong with any of them."""
    pages = list(pages)
    once = {_cache_entry(page): page for page in reversed(pages)}  # the first language reports
    with ThreadPoolExecutor(max_workers=min(2, os.cpu_count() or 1)) as pool:
        faults = [fault for found in pool.map(_failures, once.values()) for fault in found]
    if not faults:
        faults = [fault for page in pages for fault in _picture_faults(page, run_of(page))]
    return faults


def _failures(page: Page) -> list[Fault]:
    try:
        run_of(page)
    except FaultsFound as found:
        return list(found.faults)
    return []


def imported_snippets(code: str) -> set[Path]:
    """The modules of ``snippets/`` that some code imports, and those which they import."""
    found: set[Path] = set()
    waiting = [code]
    while waiting:
        for name in _imported(waiting.pop()):
            path = SNIPPETS / f"{name}.py"
            if path.exists() and path not in found:
                found.add(path)
                waiting.append(path.read_text(encoding="utf-8"))
    return found


def _imported(code: str) -> set[str]:
    """The names of the modules of ``snippets`` that some code imports itself."""
    names = set()
    for node in ast.walk(_parsed(code)):
        if isinstance(node, ast.Import):
            names |= {a.name.split(".")[1] for a in node.names if a.name.startswith("snippets.")}
        elif isinstance(node, ast.ImportFrom) and node.module:
            package, _, module = node.module.partition(".")
            if package == "snippets":
                names |= {module} if module else {alias.name for alias in node.names}
    return names


def _parsed(code: str) -> ast.Module:
    try:
        return ast.parse(code)
    except SyntaxError:  # the kernel will say so, with the cell
        return ast.Module([], [])


def key_of(page: Page) -> str:
    """A digest of all that the results of a lab depend on, its comments not among it."""
    cells = [cell.source for cell in page.code_cells]
    digest = hashlib.sha256(sys.version.encode())
    for source in cells:
        tree = _parsed(source)
        digest.update((ast.unparse(tree) if tree.body else source).encode() + b"\0")
    imported = imported_snippets("\n".join(cells))
    for path in [*sorted(imported), CHART_STYLE, LOCK_FILE, Path(__file__)]:
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:32]


def _cache_entry(page: Page) -> Path:
    return CACHE / LABS / f"{page.path.stem}-{key_of(page)}.json"


def _digest(content: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _read(cached: Path, cells: int) -> Run | None:
    """The run kept in a cache entry. A broken entry is deleted, and nothing returned."""
    if not cached.exists():
        return None
    try:
        entry = json.loads(cached.read_text(encoding="utf-8"))
        if entry["digest"] == _digest(entry["run"]):
            run = Run(**entry["run"])
            if len(run.outputs) == cells:
                return run
    except (ValueError, KeyError, TypeError):
        pass
    log.warning("%s is broken: it is thrown away, and the lab runs again", shown(cached))
    cached.unlink(missing_ok=True)
    return None


def _run_and_keep(page: Page, cached: Path) -> Run:
    log.info("Running the lab %s (once, until its code or a snippet changes)", page.path.stem)
    run = _run(page)
    content = vars(run)
    cached.parent.mkdir(parents=True, exist_ok=True)
    waiting = cached.with_suffix(f".{os.getpid()}")
    entry = {"digest": _digest(content), "run": content}
    waiting.write_text(json.dumps(entry), encoding="utf-8")
    waiting.replace(cached)
    return run


def _run(page: Page) -> Run:
    """Run a lab's code cells in a fresh kernel of this Python. Raises FaultsFound."""
    cells = [nbformat.v4.new_code_cell(cell.source) for cell in page.code_cells]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(SET_UP), *cells])
    start = time.perf_counter()
    try:
        execute(notebook, sys.executable, ROOT, os.environ | ENVIRONMENT)
    except CellExecutionError:
        raise FaultsFound(_failure(page, notebook)) from None
    except (CellTimeoutError, DeadKernelError) as error:
        number = sum(1 for cell in notebook.cells[1:] if cell.execution_count)
        cell = page.code_cells[min(number, len(cells) - 1)]
        what = f"cell {number + 1} did not come to an end: {str(error).splitlines()[0]}"
        remedy = f"a cell may take {PATIENCE} seconds, and no more memory than there is"
        raise FaultsFound(Fault(page.path, cell.mark.origin.line, what, remedy)) from None
    seconds = round(time.perf_counter() - start, 1)
    return Run(seconds, [json.loads(json.dumps(cell.outputs)) for cell in notebook.cells[1:]])


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
    with tempfile.TemporaryDirectory() as sockets:
        if os.name != "nt":  # sockets in a folder of our own are open to nobody else
            manager.transport, manager.ip = "ipc", f"{sockets}/kernel"
        client.execute(env=dict(environment), cleanup_kc=True)


def _failure(page: Page, notebook: nbformat.NotebookNode) -> Fault:
    """The fault of a cell that fails: lab, line, traceback, and what to install if that is it."""
    number, raised = next(
        (n, output)
        for n, cell in enumerate(notebook.cells)
        for output in cell.get("outputs", [])
        if output["output_type"] == "error"
    )
    traceback = re.sub(r"\x1b\[[\d;]*m", "", "\n".join(raised["traceback"]))
    # The set-up is the kernel's first cell, so the lab's own have numbers one higher there.
    traceback = re.sub(r"Cell In\[(\d+)\]", lambda m: f"Cell {int(m[1]) - 1}", traceback)
    error = f"{raised['ename']}: {raised['evalue']}"
    if number == 0:
        what = f"the kernel cannot be set up: {error}"
        return Fault(page.path, 1, what, "mend figures/chart.py, which the charts of labs use")
    cell = page.code_cells[number - 1]
    code = [line for line in cell.lines if line.strip()]
    places = re.findall(r"Cell \d+, line (\d+)", traceback)
    first = cell.lines.index(code[0]) if code else 0
    line = cell.lines[min(first + int(places[-1] if places else 1), len(cell.lines)) - 1]
    missing = re.search(r"No module named '([\w.]+)'", raised["evalue"])
    if missing:
        package = missing[1].split(".")[0]
        remedy = f"pip install {PACKAGES.get(package, package)}"
    else:
        remedy = "mend the lab or the snippet; the last line of the traceback says what is wrong"
    lines = "\n".join(f"    {line}" for line in traceback.strip().splitlines())
    what = f"cell {number} fails: {error}\n{lines}"
    return Fault(page.path, line.origin.line, what, remedy)


def form_faults(page: Page) -> list[Fault]:
    """What a lab lacks, seen before it has run."""
    told = [cell for cell in page.code_cells if cell.options.get("results")]
    faults = []
    if len(told) != 1:
        what = f"{len(told) or 'no'} cell prints its results"
        remedy = 'mark the one that prints lines "name: value": # %% {"results": true}'
        faults.append(Fault(page.path, 1, what, remedy))
    if not isinstance(page.meta.get("data"), str):
        remedy = "describe it in the front matter: data: …"
        faults.append(Fault(page.path, 1, "the lab does not say what its data is", remedy))
    return faults


def _picture_faults(page: Page, run: Run) -> list[Fault]:
    """Pictures without a text alternative, alternatives without a picture, unknown labels."""
    faults = []
    for number, cell in enumerate(page.code_cells):
        line = cell.mark.origin.line
        pictures, described = run.pictures(number), int("alt" in cell.options)
        if len(pictures) != described:
            what = f"cell {number + 1} draws {len(pictures)} pictures and describes {described}"
            remedy = 'one picture a cell, described at its mark: # %% {"alt": "…", "caption": "…"}'
            faults.append(Fault(page.path, line, what, remedy))
        for label in cell.options.get("labels", {}) if pictures else ():
            if f">{html.escape(label, quote=False)}</text>" not in pictures[0]:
                what = f"the picture of cell {number + 1} has no text {label!r}"
                remedy = "translate the texts that it has, whole and letter by letter"
                faults.append(Fault(page.path, line, what, remedy))
    return faults


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m engine.labs", description=__doc__.split("\n")[0]
    )
    parser.add_argument("names", nargs="*", help="labs to run, such as memory; all, if none")
    given = parser.parse_args()
    wanted = [page for page in labs() if not given.names or page.path.stem in given.names]
    unknown = set(given.names) - {page.path.stem for page in wanted}
    if unknown:
        print(f"no such lab: {', '.join(sorted(unknown))}", file=sys.stderr)
        return 1
    kept = {page.path for page in wanted if _read(_cache_entry(page), len(page.code_cells))}
    start = time.perf_counter()
    faults = run_all(wanted)
    for page in wanted:
        if _cache_entry(page).exists():
            how = "kept from an earlier run" if page.path in kept else "run now"
            print(f"{page.path.stem:16} {run_of(page).seconds:6.1f} s  {how}")
    print(f"{'together':16} {time.perf_counter() - start:6.1f} s")
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
