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
        except SybilFailure as failure:
            told, _, remedy = str(failure.result).rstrip().rpartition("\n→ ")
            faults.append(Fault(page.path, example.line, told or remedy, remedy))
        except Exception as error:  # whatever the page's code raises
            path, line = _place_of(error, site.root)
            told = f"{type(error).__name__}: {error}"
            if path and path != page.path:
                told += f" ({path.relative_to(site.root).as_posix()}:{line})"
            elif path:
                told += f" (line {line})"
            remedy = "mend the example, or the snippet; those below it have not run"
            return [*faults, Fault(page.path, example.line, told, remedy)]
    return faults


def _place_of(error: Exception, root: Path) -> tuple[Path | None, int]:
    """The innermost line of the project's own content that took part."""
    if isinstance(error, SyntaxError) and error.filename:
        return Path(error.filename), error.lineno or 1
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        path = Path(frame.filename)
        if path.is_relative_to(root) and path.relative_to(root).parts[0] in ("docs", "snippets"):
            return path, frame.lineno or 1
    return None, 1
