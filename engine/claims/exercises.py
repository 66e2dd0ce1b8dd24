"""The numbers that an exercise gives stand in its solution, too.

An exercise of 300 steps whose solution takes 200 is answered by nothing that ran.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence

from engine.claims.numerals import numerals
from engine.claims.settings import Literal
from engine.reading.markdown import Block, Span

FIGURES = re.compile(r"(?<![\d.])\d+(?:\.\d+)?")


def is_answered(value: float, answers: Iterable[float]) -> bool:
    return any(math.isclose(abs(value), abs(answer)) for answer in answers)


def answers(blocks: Sequence[Block], code: Sequence[Literal], language: str) -> list[float]:
    """The numbers of an exercise's code, its stub's among it, and of the text of its solution."""
    spans = (span for b in blocks if "details" in b.inside for span in b.all_spans)
    found = [literal.value for literal in code]
    return found + [value for span in spans for value in _named(span, language)]


def _named(span: Span, language: str) -> list[float]:
    if span.kind in ("code", "formula"):
        return [float(figures) for figures in FIGURES.findall(span.text)]
    return [numeral.value for numeral in numerals(span.text, language)]
