"""Numbers that stand as such in a text that code prints: the output would show what nobody gave.

``print(f"{share:.3f} right, guessing 0.250")`` shows 0.250 whatever a guess is worth. A threshold
or a size that the code of the section sets may be repeated so, and a whole number that any code of
the page has.
"""

from __future__ import annotations

import math
import re

from engine.claims.settings import settings
from engine.faults import Fault
from engine.languages.literals import program
from engine.reading.page import Page
from engine.running.examples import pieces

DECIMAL = re.compile(r"(?<![\w.])\d+(?:\.\d+(?:e[-+]?\d+)?|e[-+]?\d+)(?![\w.])")
#: Whole numbers from 3 on, but for those in names and exponents.
WHOLE = re.compile(r"(?<![\w.^_{:%−])(?<!e-)(?:[3-9]|[1-9]\d+)(?![\w.}])")


def printed_faults(page: Page) -> list[Fault]:
    """Decimals of printed texts that the code of their section does not set, and whole numbers
    that no code of the page does."""
    faults = []
    on_page = {one.value for one in settings(page, 0, math.inf)}
    for fence in page.python_fences:
        for code in pieces(fence):
            read = program(code.source)
            for text in read.literals if read else ():
                loose = [
                    number
                    for number in DECIMAL.findall(text.text)
                    if not _is_set(float(number), page, fence.first)
                ]
                loose += [n for n in WHOLE.findall(text.text) if float(n) not in on_page]
                for number in loose if text.is_printed else ():
                    origin = code.lines[text.line - 1].origin
                    what = f"a printed text says {number}, which no code gives"
                    remedy = f"compute it: {{value{_format(number)}}} in an f-string"
                    faults.append(Fault(origin.path, origin.line, what, remedy))
    return faults


def _is_set(number: float, page: Page, line: int) -> bool:
    """Whether the code of the section that holds a line sets a number, or compares with it."""
    starts = [block.first for block in page.blocks if block.kind == "heading"]
    first = max((start for start in starts if start <= line), default=0)
    last = min((start for start in starts if start > line), default=math.inf)
    return any(math.isclose(number, one.value) for one in settings(page, first, last))


def _format(number: str) -> str:
    if "e" in number:
        return ":.0e"
    decimals = len(number.partition(".")[2])
    return f":.{decimals}f" if decimals else ""
