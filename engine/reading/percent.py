"""Percent scripts, the sources of the labs: Python files whose cells begin with ``# %%``.

A lab is read as the Markdown page that its cells make together, so that everything that is asked
of pages (languages, stamps, links, terms) is asked of labs in the same way.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from engine.faults import Fault
from engine.reading.lines import Line

MARK = re.compile(r"^# %%(?P<markdown>\s+\[markdown\])?(?:\s+(?P<options>\{.*))?\s*$")

#: What the mark of a code cell may say: the text alternative and the caption of its picture, the
#: words of the picture in the page's language, whether it prints the lab's results, and the title
#: below which it is folded.
OPTIONS = {"alt", "caption", "labels", "results", "folded"}


@dataclass(frozen=True)
class Cell:
    """One cell: code, or Markdown with its ``# `` taken off."""

    is_code: bool
    lines: tuple[Line, ...]
    options: dict[str, Any]
    mark: Line

    @property
    def source(self) -> str:
        return "\n".join(self.lines).strip("\n")


def read(lines: list[Line]) -> tuple[list[Line], list[Cell], list[Fault]]:
    """The front matter of a percent script, its cells, and what is wrong with it."""
    front: list[Line] = []
    cells: list[Cell] = []
    faults: list[Fault] = []
    mark: Line | None = None
    content: list[Line] = []

    def finish() -> None:
        if mark is None:
            front.extend(_uncommented(line) for line in content if line.strip())
            return
        cell, found = _cell(mark, content)
        cells.append(cell)
        faults.extend(found)

    for line in lines:
        if line.startswith("# %%"):
            finish()
            mark, content = line, []
        else:
            content.append(line)
    finish()
    return front, cells, faults


def as_markdown(cells: list[Cell]) -> Iterator[Line]:
    """The page that the cells make together; each line knows where it stands in the script.

    This is what the notebook's template (hooks/notebook_templates) makes of the cells as well,
    but for what they print, which no source knows.
    """
    number = 0
    for cell in cells:

        def at_mark(text: str, mark: Line = cell.mark) -> Line:
            return Line.at(text, mark.origin)

        yield at_mark("")
        if not cell.is_code:
            yield from cell.lines
            continue
        number += 1
        lines = list(cell.lines)
        while lines and not lines[-1]:
            lines.pop()
        while lines and not lines[0]:
            lines.pop(0)
        fence = fence_around(cell.source)
        indent = ""
        if "folded" in cell.options:
            yield at_mark(f'??? note "{cell.options["folded"]}"')
            yield at_mark("")
            indent = "    "
        yield at_mark(f"{indent}{fence}python")
        yield from (Line.at(indent + line if line else "", line.origin) for line in lines)
        yield at_mark(f"{indent}{fence}")
        if "alt" in cell.options:
            yield at_mark("")
            yield at_mark(f"![{cell.options['alt']}](output:{number})")
            yield at_mark("")
            yield at_mark("/// caption")
            yield at_mark(cell.options.get("caption", ""))
            yield at_mark("///")


def fence_around(code: str) -> str:
    """The fence of some code: longer than any that stands in it."""
    longest = max(map(len, re.findall(r"`{3,}", code)), default=2)
    return "`" * (longest + 1)


def _cell(mark: Line, content: list[Line]) -> tuple[Cell, list[Fault]]:
    found = MARK.match(mark)
    is_code = not (found and found["markdown"])
    options: Any = {}
    problem = None if found else "this is not the mark of a cell"
    if found and found["options"]:
        try:
            options = json.loads(found["options"])
        except json.JSONDecodeError as error:
            problem = f"the options of this cell are not JSON: {error}"
    if not problem and set(options) - OPTIONS:
        problem = f"unknown options: {', '.join(sorted(set(options) - OPTIONS))}"
    if not problem and ("alt" in options) != ("caption" in options):
        problem = "a picture has both a text alternative and a caption, or this cell has none"
    if not problem and "folded" in options and (len(options) > 1 or not options["folded"]):
        problem = "what is folded has a title, and neither a picture nor results"
    lines = tuple(content if is_code else map(_uncommented, content))
    remedy = f'write # %% [markdown], # %%, or # %% {{"alt": "…", …}} with {sorted(OPTIONS)}'
    faults = [Fault(mark.origin.path, mark.origin.line, problem, remedy)] if problem else []
    return Cell(is_code, lines, {} if problem else options, mark), faults


def _uncommented(line: Line) -> Line:
    return Line.at(re.sub(r"^# ?", "", line), line.origin)
