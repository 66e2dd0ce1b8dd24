"""The shapes that a table states for names of code are those that the page's code is called with.

A row such as ``| inputs `xs` | $(T, n_x)$ | $(T, m, n_x)$ |`` states one shape for each column.
While the page's code runs, every call of a function that has the names of a table among its
arguments is noted; it must fit one column, with the same sizes in all rows.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

import numpy as np

from engine.equations.domains import SHAPE, fits, spelling
from engine.faults import Fault
from engine.paths import LANGUAGES
from engine.reading.lines import Origin
from engine.reading.page import Page
from engine.running.collector import document
from engine.site import Site

Shape = tuple[int, ...]


@dataclass
class Stated:
    """A table's rows that name code: for each name where it stands, and a shape for each column."""

    rows: dict[str, tuple[Origin, list[tuple[str, ...]]]] = field(default_factory=dict)
    seen: set[tuple[tuple[str, Shape], ...]] = field(default_factory=set)
    """The shapes in each call of a function that takes all these names."""

    def note(self, frame: FrameType) -> None:
        """Keep the shapes of a call."""
        given = [(name, np.shape(frame.f_locals[name])) for name in self.rows]
        self.seen.add(tuple(given))

    def faults(self) -> Iterator[Fault]:
        """Calls that fit no column."""
        origin, columns = next(iter(self.rows.values()))
        if not self.seen:
            what = f"no call on this page has {', '.join(self.rows)}, whose shapes the table states"
            yield Fault(origin.path, origin.line, what, "call the function, or name what it takes")
        for shapes in sorted(self.seen):
            given = dict(shapes)
            misfits = [self._misfit(given, column) for column in range(len(columns))]
            if all(misfits):  # told is what does not fit where most does
                name = max((one for one in misfits if one), key=[*self.rows].index)
                place = self.rows[name][0]
                stated = " or ".join(f"({', '.join(one)})" for one in self.rows[name][1])
                told = ", ".join(f"{key} {shape}" for key, shape in shapes)
                what = f"the table says that {name} has the shape {stated}, and a call has {told}"
                yield Fault(place.path, place.line, what, "correct the table, or the code")
                return

    def _misfit(self, given: Mapping[str, Shape], column: int) -> str | None:
        """The name whose shape does not fit this column, together with those before it."""
        sizes: dict[str, int] = {}
        for name, (_, columns) in self.rows.items():
            if not fits(columns[column], given[name], sizes):
                return name
        return None


def tables(page: Page) -> list[Stated]:
    """The tables of a page that state shapes for names of code."""
    found: list[Stated] = []
    last = None
    for number, block in enumerate(page.blocks):
        if not block.cells or block.kind != "row":
            continue
        names = [span.text for span in block.cells[0] if span.kind == "code"]
        shapes = [_shape(cell) for cell in block.cells[1:]]
        if len(names) == 1 and shapes and all(shapes):
            if last is None or number - last > 1 or not found:
                found.append(Stated())
            found[-1].rows[names[0]] = (block.origin, [one for one in shapes if one])
            last = number
    return found


def _shape(cell: Sequence[Any]) -> tuple[str, ...] | None:
    """The shape that a cell states and nothing else."""
    texts = [span for span in cell if span.kind != "text" or span.text.strip()]
    if len(texts) != 1 or texts[0].kind != "formula":
        return None
    found = SHAPE.fullmatch(texts[0].text.strip())
    if not found:
        return None
    return tuple(spelling(size) for size in found["sizes"].split(",") if size.strip())


def shape_faults(site: Site, page: Page) -> list[Fault]:
    """Run a page whose tables state shapes for names of code, and compare them.

    It is asked of the first language's pages: code and formulas are the same in both.
    """
    asked = page.language == LANGUAGES[0] and not page.is_lab
    stated = tables(page) if asked else []
    if not stated:
        return []

    def watch(frame: FrameType, event: str, _: Any) -> None:
        code = frame.f_code
        arguments = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
        for table in stated if event == "call" and arguments else ():
            if all(name in arguments for name in table.rows):
                table.note(frame)

    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        for example in document(site, page.path).examples():
            example.evaluate()
    except Exception:  # which the examples tell themselves
        return []
    finally:
        sys.setprofile(before)
    return [fault for table in stated for fault in table.faults()]
