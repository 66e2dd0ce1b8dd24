"""Numbers of a page's prose that are neither tied to an expression nor of a kind without one.

A kind is recognised where a rule is safe (a year, the name of a version, a setting that stands in
the code of the section), and declared where it is not: ``<!-- given: 24, 0.5 -->``.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from engine.claims.directions import direction_faults
from engine.claims.exercises import answers, is_answered
from engine.claims.front_matter import front_matter_faults
from engine.claims.kinds import ASKED, GROUPS, REFERENCE, YEAR_KIND, kind_of
from engine.claims.numerals import Numeral, numerals
from engine.claims.prose import numbers_in
from engine.claims.settings import sets, settings, within_reach
from engine.claims.vectors import vector_faults
from engine.faults import Fault
from engine.reading.lines import Origin
from engine.reading.markdown import Block
from engine.reading.page import Page
from engine.reading.ties import Declared
from engine.running.examples import pieces


@dataclass
class Loose:
    """What the numbers of a page's prose are: how many of each kind, and those of none."""

    kinds: Counter[str] = field(default_factory=Counter)
    left: list[tuple[Numeral, Origin, str]] = field(default_factory=list)
    unused: list[tuple[str, Declared]] = field(default_factory=list)
    years: list[tuple[Numeral, Origin, str]] = field(default_factory=list)
    """Years that neither code nor a declaration gives, each with the text that it stands in."""

    def groups(self) -> dict[str, int]:
        """How many numbers are of each kind of kinds, and how many of none."""
        found = dict.fromkeys([*GROUPS, "left"], len(self.left))
        for group, kinds in GROUPS.items():
            found[group] = sum(self.kinds[kind] for kind in kinds)
        return found


def loose_faults(page: Page) -> list[Fault]:
    """Numbers that nothing holds, and declared ones that nobody says."""
    found = loose_numbers(page)
    computed = list(_printed(page))
    faults = []
    for numeral, origin, anchor in found.left:
        what = f"nothing holds the number {numeral.text.strip()!r}"
        near = _nearest(numeral.value, computed)
        if near:
            what += f"; the nearest that the page prints is {near[0]:.6g} (line {near[1].line})"
        remedy = "use it in the solution; or " if _is_exercise(anchor) else ""
        remedy += (
            f"tie it to what gives it: [{numeral.text.strip()}]{{= expression}}; or, where no run "
            f"can, declare it below the heading #{anchor or 'title'}: "
            f"<!-- given: {numeral.value:g} -->"
        )
        faults.append(Fault(origin.path, origin.line, what, remedy))
    for number, declared in found.unused:
        what = f"{number} is declared as {declared.kind}, and no number of its section needs it"
        faults.append(Fault(declared.origin.path, declared.origin.line, what, "take it out"))
    return [*faults, *vector_faults(page), *direction_faults(page), *front_matter_faults(page)]


def loose_numbers(page: Page) -> Loose:
    """The numbers of a page's prose, its ties left out."""
    found = Loose(Counter({"tied": len(page.ties)} if page.ties else {}))
    parts = _sections(page)
    tied = Counter(
        (tie.origin.line, numeral.value, numeral.text)
        for tie in page.ties
        for numeral in numerals(tie.text, page.language)
    )
    # What stands above the first heading, and below it: there the set-up is.
    set_up = settings(page, 0, parts[2][3] if len(parts) > 2 else math.inf, own=True)
    for number, (anchor, blocks, start, first) in enumerate(parts):
        end = parts[number + 1][2] if number + 1 < len(parts) else math.inf
        declared = [d for d in page.declared if start <= d.origin.line < end]
        wanted = {value: d for d in declared for value in _values(d.numbers)}
        unused = dict(wanted)
        last = parts[number + 1][3] if number + 1 < len(parts) else math.inf
        own_code = settings(page, first, last)
        fences = [f.first for f in page.fences if f.is_python and first <= f.first < last]
        answered = answers(blocks, own_code, page.language) if _is_exercise(anchor) else []
        for block in blocks:
            asks = _is_exercise(anchor) and "details" not in block.inside
            in_code = within_reach(own_code, set_up, fences, block.first)
            for numeral, text, origin in numbers_in(block, page.language):
                place = origin.line, numeral.value, numeral.text
                if tied[place]:
                    tied[place] -= 1
                    continue
                if anchor == "references":  # which the record of references holds
                    kind: str | None = REFERENCE
                elif asks and is_answered(numeral.value, answered):
                    kind = ASKED
                else:
                    kind = kind_of(numeral, text, [] if asks else in_code)
                value = next((v for v in wanted if math.isclose(v, numeral.value)), None)
                if value is not None:
                    unused.pop(value, None)
                    kind = kind or wanted[value].kind
                elif kind == YEAR_KIND and not sets(in_code, numeral, text):
                    found.years.append((numeral, origin, text))
                if kind:
                    found.kinds[kind] += 1
                else:
                    found.left.append((numeral, origin, anchor))
        found.unused += [(f"{value:g}", d) for value, d in unused.items()]
    return found


def _is_exercise(anchor: str) -> bool:
    return anchor.startswith("exercise-")


def _sections(page: Page) -> list[tuple[str, list[Block], int, int]]:
    """Each heading's anchor with its block and those below it, and the lines where it begins.

    These are the line of its file, and the number among the lines of the page.
    """
    parts: list[tuple[str, list[Block], int, int]] = [("", [], 0, 0)]
    for block in page.blocks:
        if block.kind == "heading" and block.origin.path == page.path:
            anchor = block.detail.partition(" #")[2].split(" ")[0]
            parts.append((anchor, [], block.origin.line, block.first))
        parts[-1][1].append(block)
    return parts


def _values(numbers: str) -> list[float]:
    return [numeral.value for numeral in numerals(numbers, "en")]


def _printed(page: Page) -> Iterator[tuple[float, Origin]]:
    """The numbers that the outputs of a page show."""
    for fence in page.python_fences:
        for code in pieces(fence):
            for line in code.shown or ():
                for numeral in numerals(line, "en"):
                    if numeral.form != "words":
                        yield numeral.value, line.origin


def _nearest(value: float, computed: list[tuple[float, Origin]]) -> tuple[float, Origin] | None:
    return min(computed, key=lambda one: abs(one[0] - value), default=None)
