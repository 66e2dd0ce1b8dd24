"""What the prose of a lab says of its run: asked in the kernel, right after the cell above it."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from engine.claims.hold import difference, numbers_of
from engine.faults import Fault
from engine.reading.page import Page
from engine.reading.ties import Tie

if TYPE_CHECKING:
    from engine.labs.run import Run

#: By how much of a number another processor may be off: it adds in another order.
SHARE = 0.01


class Asked:
    """Lives in the kernel: expressions for each cell, and what they gave once it had run."""

    def __init__(self, expressions: Sequence[Sequence[str]]) -> None:
        self._waiting = [[], *expressions]  # this is made by the set-up, which ends first
        self._given: list[dict[str, Any]] = []

    def after_cell(self, shell: Any) -> None:
        """IPython's event: a cell has run."""
        number = len(self._given)
        asked = self._waiting[number] if number < len(self._waiting) else []
        self._given.append({one: _given(one, shell.user_ns) for one in asked})

    def told(self) -> str:
        """What was given after each cell, as JSON."""
        return json.dumps(self._given[1:])


def _given(expression: str, namespace: dict[str, Any]) -> Any:
    try:
        return numbers_of(expression, namespace)
    except Exception as error:  # whatever the expression raises
        return f"{type(error).__name__}: {error}"


def expressions(page: Page) -> list[list[str]]:
    """What is asked after each code cell of a lab, sorted, so that both languages ask the same."""
    asked: list[set[str]] = [set() for _ in page.code_cells]
    for tie, cell in _placed(page):
        if cell is not None:
            asked[cell].add(tie.expression)
    return [sorted(some) for some in asked]


def tie_faults(page: Page, run: Run) -> list[Fault]:
    """Where a lab's prose says something else than its run gave."""
    faults = []
    for tie, cell in _placed(page):
        given = run.given[cell].get(tie.expression, "it has not run") if cell is not None else ""
        remedy = "correct the text, or the expression"
        if cell is None:
            what = "no cell above it has run"
            remedy = "{=> …} looks ahead to the end of the section, {=>> …} of the lab"
        elif isinstance(given, str):
            what, remedy = given, "name what the cells above it compute"
        else:
            what = _difference(tie, page.language, given) or ""
        if what:
            told = f"[{tie.text}]{{={tie.ahead} {tie.expression}}}: {what}"
            faults.append(Fault(tie.origin.path, tie.origin.line, told, remedy))
    return faults


def _difference(tie: Tie, language: str, given: list[float] | bool) -> str | None:
    return difference(tie.text, language, given, SHARE, (tie.before, tie.after))


def differing(page: Page, run: Run) -> Iterator[tuple[Tie, list[float] | bool]]:
    """The ties of a lab whose text says something else than its run gave, with what it gave."""
    for tie, cell in _placed(page):
        given = run.given[cell].get(tie.expression) if cell is not None else None
        if isinstance(given, list | bool) and _difference(tie, page.language, given):
            yield tie, given


def _placed(page: Page) -> Iterator[tuple[Tie, int | None]]:
    """The ties of a lab, each with the code cell after which it is asked, counted from 0."""
    marks = [cell.mark.origin.line for cell in page.code_cells]
    headings = [heading.origin.line for heading in page.headings]
    for tie in page.ties:
        line: float = tie.origin.line
        if tie.ahead:
            below = (h for h in headings if h > line and tie.ahead == ">")
            line = next(below, math.inf)
        above = sum(1 for mark in marks if mark <= line)
        yield tie, above - 1 if above else None
