"""From a file to a page: its text, its front matter and, of a lab, its cells."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from engine.faults import Fault
from engine.paths import is_lab
from engine.reading import percent, sources, ties
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
    wrong = [*read.faults, *faults, *wrong]
    tied, declared = read.ties, read.declared
    return Page(path, language, name, meta, body, snippets, cells, wrong, tied, declared)


def lines_of(text: str, path: Path) -> list[Line]:
    """The lines of a file, each knowing its number."""
    return [Line.at(line, Origin(path, n)) for n, line in enumerate(text.split("\n"), 1)]


def front_matter(lines: list[Line], path: Path) -> tuple[list[Line], dict[str, Any], list[Fault]]:
    """The body of a page, what stands in its front matter, and what is wrong with that."""
    if not lines or lines[0].rstrip() != "---":
        return lines, {}, []
    for end, line in enumerate(lines[1:], 1):
        if line.rstrip() not in ("---", "..."):
            continue
        body, problem, at = lines[end + 1 :], None, 1
        meta: Any = {}
        try:
            meta = yaml.safe_load("\n".join(lines[1:end])) or {}
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            at = mark.line + 2 if mark else 1
            reason = getattr(error, "problem", None) or str(error)
            problem = f"the front matter is not YAML: {reason}"
        if not isinstance(meta, dict):
            problem, meta = "the front matter holds no names with values", {}
        remedy = "write name: value, and quote a value that holds a colon"
        found = [Fault(path, lines[at - 1].origin.line, problem, remedy)] if problem else []
        return body, meta, found
    return lines, {}, [Fault(path, 1, "the front matter does not end", "close it with a line ---")]
