"""Run the examples of a page, and say of each that fails what its author has to know."""

from __future__ import annotations

import traceback
from pathlib import Path

from sybil.example import SybilFailure

from engine.faults import Fault
from engine.reading.page import Page
from engine.running.collector import document
from engine.site import Site


def example_faults(site: Site, page: Page) -> list[Fault]:
    """The examples whose output differs, up to the first that cannot run.

    A lab has none: its cells have run for the build.
    """
    if page.is_lab:
        return []
    faults = []
    for example in document(site, page.path).examples():
        try:
            example.evaluate()
        except Exception as error:  # whatever the page's code raises
            faults.append(failure(site, page.path, example.line, error))
            if not isinstance(error, SybilFailure):
                break
    return faults


def failure(site: Site, path: Path, line: int, error: BaseException) -> Fault:
    """The fault of an example that shows something else, or cannot run."""
    if isinstance(error, SybilFailure):
        told, _, remedy = str(error.result).rstrip().rpartition("\n→ ")
        return Fault(path, line, told or remedy, remedy)
    place, at = _place_of(error, site.root)
    told = f"{type(error).__name__}: {error}"
    if place and place != path:
        told += f" ({place.relative_to(site.root).as_posix()}:{at})"
    elif place:
        told += f" (line {at})"
    return Fault(path, line, told, "mend the example, or the snippet; those below it have not run")


def _place_of(error: BaseException, root: Path) -> tuple[Path | None, int]:
    """The innermost line of the project's own content that took part."""
    if isinstance(error, SyntaxError) and error.filename:
        return Path(error.filename), error.lineno or 1
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        path = Path(frame.filename)
        if path.is_relative_to(root) and path.relative_to(root).parts[0] in ("docs", "snippets"):
            return path, frame.lineno or 1
    return None, 1
