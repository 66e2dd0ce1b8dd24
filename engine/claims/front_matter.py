"""The numbers of the front matter, which menus, cards and searches show, stand in the body, too.

There they are tied, declared, or, if they are no common ones, set by code. Nothing can be tied in
the front matter itself.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator

from engine.claims.kinds import YEAR_KIND, kind_of
from engine.claims.numerals import Numeral, is_small, numerals
from engine.claims.settings import settings
from engine.faults import Fault
from engine.reading import sources
from engine.reading.page import Page

#: Numbers up to this one stand somewhere in the code of nearly every page.
LARGEST_COMMON = 4
KEYS = ("title", "description", "data")
#: A word that may say what is counted, and how far behind its number it may begin and end.
WORD = re.compile(r"(?!(?:them|these|those|with|and|the|from|more|times)\b)[A-Za-z]{3,}")
REACH = 30


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
    return [*faults, *_of_other_things(page)]


def _of_other_things(page: Page) -> Iterator[Fault]:
    """Numbers of the title and the description that count what the body counts otherwise.

    It is asked in English, where a number stands right before what it counts; both languages have
    the same numbers.
    """
    counted: dict[str, set[float]] = {}
    for block in page.blocks if page.language == "en" else ():
        for line in (block.spans, *block.cells):
            text = "".join(span.text for span in line)
            for numeral in numerals(text, "en"):
                after = re.split(r"[\d.;:]", text[numeral.end : numeral.end + REACH])[0]
                for word in WORD.findall(after)[:2]:
                    counted.setdefault(_stem(word), set()).add(numeral.value)
    for key in KEYS[:2]:
        text = str(page.meta.get(key, ""))
        for numeral in numerals(text, "en") if counted else ():
            next_word = re.match(rf"[ -]({WORD.pattern})", text[numeral.end :])
            values = counted.get(_stem(next_word[1])) if next_word else None
            if next_word and values and not is_small(numeral) and not _is_among(values, numeral):
                what = f"the {key} says {numeral.text.strip()} {next_word[1]}, and the text "
                what += f"{', '.join(f'{value:g}' for value in sorted(values))}"
                yield Fault(page.path, _line(page, key), what, "say the same number of both")


def _stem(word: str) -> str:
    return word.lower().rstrip("s")


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
