"""From a file to a page: its text, its front matter and, of a lab, its cells."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from engine.faults import Fault
from engine.paths import is_lab
from engine.reading import percent, sources, ties
from engine.reading.front_matter import front_matter
from engine.reading.lines import Line, Origin
from engine.reading.page import Page


def parse_file(path: Path, language: str, name: str, snippets: Path) -> Page:
    """Read and parse a page. Raises FaultsFound where the file is not UTF-8 text."""
    return parse_text(sources.read(path), path, language, name, snippets)


def parse_text(text: str, path: Path, language: str, name: str, snippets: Path) -> Page:
    """Parse the text of a page that stands (or would stand) at ``path``.

    ``snippets`` is the folder of the files whose sections it includes.
    """
    read = ties.read(lines_of(text, path))
    written = read.lines
    cells: list[percent.Cell] = []
    faults: list[Fault] = []
    if is_lab(path):
        front, cells, faults = percent.read(written)
        written = [*front, *percent.as_markdown(cells)]
    body, meta, wrong = front_matter(written, path)
    wrong = [*read.faults, *faults, *wrong, *_tied_above(read.ties, body)]
    tied, declared = read.ties, read.declared
    return Page(path, language, name, meta, body, snippets, cells, wrong, tied, declared)


def lines_of(text: str, path: Path) -> list[Line]:
    """The lines of a file, each knowing its number."""
    return [Line.at(line, Origin(path, n)) for n, line in enumerate(text.split("\n"), 1)]


def _tied_above(tied: list[ties.Tie], body: list[Line]) -> Iterator[Fault]:
    """Ties of the front matter, where nothing evaluates them."""
    own = {line.origin.line for line in body}
    for tie in tied:
        if tie.origin.line not in own:
            remedy = "say it without the number, or tie it in the text"
            yield Fault(tie.origin.path, tie.origin.line, "a tie in the front matter", remedy)
