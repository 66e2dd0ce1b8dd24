"""What is wrong with a lab: before it runs, when it fails, and in what it gave."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from engine.faults import Fault
from engine.labs.cells import cell_faults
from engine.reading.page import Page

if TYPE_CHECKING:
    from engine.labs.run import CellFailed, CellStopped, Run

#: Packages that are imported under another name.
PACKAGES = {"sklearn": "scikit-learn"}

#: The longest that a lab may say it takes, in seconds of one processor.
LONGEST = 60


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
    seconds = page.meta.get("seconds")
    if type(seconds) is not int or not 0 < seconds <= LONGEST:
        what = "the lab does not say how long it takes"
        remedy = f"say it in the front matter, rounded up: seconds: 20 (at most {LONGEST})"
        faults.append(Fault(page.path, 1, what, remedy))
    return faults + cell_faults(page)


def failed(page: Page, error: CellFailed | CellStopped) -> Fault:
    """The fault of a cell that fails or does not end: lab, line, traceback and remedy."""
    from engine.labs.run import PATIENCE, CellStopped

    if isinstance(error, CellStopped):
        line = page.code_cells[error.number].mark.origin.line
        what = f"cell {error.number + 1} did not come to an end: {error}"
        remedy = f"a cell may take {PATIENCE} seconds, and no more memory than there is"
        return Fault(page.path, line, what, remedy)
    if error.number is None:
        what = f"the kernel cannot be set up: {error}"
        return Fault(page.path, 1, what, "mend figures/chart.py, which the charts of labs use")
    lines = "\n".join(f"    {line}" for line in error.traceback.strip().splitlines())
    what = f"cell {error.number + 1} fails: {error}\n{lines}"
    missing = re.search(r"No module named '([\w.]+)'", error.value)
    if missing:
        package = missing[1].split(".")[0]
        remedy = f"pip install {PACKAGES.get(package, package)}"
    else:
        remedy = "mend the lab or the snippet; the last line of the traceback says what is wrong"
    return Fault(page.path, _line_of(page, error), what, remedy)


def _line_of(page: Page, error: CellFailed) -> int:
    """The line of the page at which a cell failed."""
    assert error.number is not None
    cell = page.code_cells[error.number]
    code = [line for line in cell.lines if line.strip()]
    places = re.findall(r"Cell \d+, line (\d+)", error.traceback)
    first = cell.lines.index(code[0]) if code else 0
    number = min(first + int(places[-1] if places else 1), len(cell.lines))
    return cell.lines[number - 1].origin.line


def picture_faults(page: Page, run: Run) -> list[Fault]:
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


def time_faults(page: Page, run: Run) -> list[Fault]:
    """A lab that took longer than it says. The tests ask this; a slower machine may still build."""
    promised = page.meta.get("seconds")
    if not isinstance(promised, int) or run.seconds <= promised:
        return []
    what = f"its code took {run.seconds:.1f} s of one processor, and it says {promised} s"
    remedy = f"shorten the lab, or say more in the front matter: seconds: … (at most {LONGEST})"
    return [Fault(page.path, 1, what, remedy)]
