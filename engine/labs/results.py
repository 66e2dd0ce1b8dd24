"""Who reached what in a lab: the lines ``name: value`` that one of its cells prints."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from engine.reading.page import Page

if TYPE_CHECKING:
    from engine.labs.run import Run


def results(page: Page, run: Run) -> list[tuple[str, str]]:
    """The names and values that the cell marked ``{"results": true}`` printed."""
    number = next(n for n, cell in enumerate(page.code_cells) if cell.options.get("results"))
    lines = run.printed(number).strip().splitlines()
    pairs = ((line, re.search(": |：", line)) for line in lines)
    return [(line[: f.start()], line[f.end() :]) if f else (line, "") for line, f in pairs]
