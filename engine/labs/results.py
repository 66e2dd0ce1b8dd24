"""Who reached what in a lab: the lines ``name: value`` that one of its cells prints."""

from engine.labs.run import Run
from engine.reading.page import Page


def results(page: Page, run: Run) -> list[tuple[str, str]]:
    """The names and values that the cell marked ``{"results": true}`` printed."""
    number = next(n for n, cell in enumerate(page.code_cells) if cell.options.get("results"))
    pairs = (line.partition(": ") for line in run.printed(number).strip().splitlines())
    return [(name, value) for name, _, value in pairs]
