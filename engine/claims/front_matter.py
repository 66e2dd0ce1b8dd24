"""The numbers of the front matter, which menus, cards and searches show, stand in the body, too.

There they are tied, declared, or, if they are no common ones, set by code. Nothing can be tied in
the front matter itself.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from engine.claims.kinds import YEAR_KIND, kind_of
from engine.claims.numerals import Numeral, numerals
from engine.claims.settings import settings
from engine.faults import Fault
from engine.reading import sources
from engine.reading.page import Page

#: Numbers up to this one stand somewhere in the code of nearly every page.
LARGEST_COMMON = 4
KEYS = ("title", "description", "data")


def front_matter_faults(page: Page) -> list[Fault]:
    """Numbers of the front matter that nothing in the body holds."""
    faults = []
    held = set(_held(page))
    for key in KEYS:
        text = str(page.meta.get(key, ""))
        for numeral in numerals(text, page.language):
            kind = kind_of(numeral, text, [])
            if kind in (None, YEAR_KIND) and not _is_among(held, numeral):
                what = f"nothing on the page holds {numeral.text.strip()!r} of its {key}"
                remedy = "say it in the text as well, tied to what gives it or declared there"
                faults.append(Fault(page.path, _line(page, key), what, remedy))
    return faults


def _is_among(held: Iterable[float], numeral: Numeral) -> bool:
    return any(math.isclose(numeral.value, value, rel_tol=1e-9) for value in held)


def _held(page: Page) -> Iterator[float]:
    """What ties of the page's body say, what is declared there, and what its code sets."""
    for tie in page.ties:
        for numeral in numerals(tie.text, page.language):
            yield numeral.value
    for declared in page.declared:
        for numeral in numerals(declared.numbers, "en"):
            yield numeral.value
    for literal in settings(page, 0, math.inf, own=True):
        if not literal.is_bound and literal.value > LARGEST_COMMON:
            yield literal.value


def _line(page: Page, key: str) -> int:
    lines = (line.lstrip("# ") for line in sources.read(page.path).split("\n"))
    return next((number for number, line in enumerate(lines, 1) if line.startswith(f"{key}:")), 1)
