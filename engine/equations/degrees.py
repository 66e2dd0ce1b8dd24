"""Numbers that nothing tells from another: through few values there are many curves, and a number
may be another one in its last digits.

``(k^3 - 6k^2 + 17k - 6) / 6`` is k for k = 1, 2 and 3, and so is ``2^k - k^2 + 2k - 2``. Two
polynomials of degree d are one if they agree on more than d values, and a curve that n numbers
describe can be laid through n values; so a letter whose draws have no more has no place in them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction

import numpy as np

from engine.equations.equation import Case
from engine.equations.evaluate import UNFIT, Evaluation, Worth, number_of
from engine.equations.tree import Node, Relation

#: What is said of polynomials below this degree would be of labels 0 and 1, and of squares.
LOWEST = 3

#: Digits that a number has at most where it is no rounded one; sides agree in as many.
MOST_DIGITS = 6

#: Numbers this close to each other are told apart by no draw.
CLOSE = 1e-5

#: Pieces that are more than numbers and what is done with them.
NO_NUMBERS = ("local", "symbol", "label", "slope", "derivative", "argmin", "mean")

#: Fractions of denominators up to this are what other numbers are compared with.
SIMPLE = 12


def not_told_apart(sides: Sequence[Node], cases: Sequence[Case]) -> Iterator[str]:
    """What is said of each letter and number that takes too few values for its polynomials."""
    nodes = [node for side in sides for node in side.walk()]
    bases = [node for node in nodes if node.kind in ("local", "symbol") and not node.parts]
    for base in dict.fromkeys(bases):
        highest = max(degree(node, base) for node in nodes)
        numbers = max(numbers_beside(node, base) for node in nodes)
        if max(highest, numbers) < LOWEST:
            continue
        seen = _values(base, cases)
        if seen is None or len(seen) > max(highest, numbers):
            continue
        among = f"among {numbers} numbers"
        if len(seen) <= highest:
            among = f"in a polynomial of degree {highest}"
        told = f"of {base.tex or base.info}, which stands {among}"
        yield f"{told}, the draws have {len(seen)} values"


def numbers_unlike(relation: Relation) -> Iterator[str]:
    """What is said of each number that is hardly another one: 2.0000001, or a fraction that is."""
    if "≈" in relation.signs:
        return
    for node in {node for side in relation.sides for node in side.walk() if node.kind == "number"}:
        digits = len(node.tex.replace(".", "").strip("0"))
        if digits > MOST_DIGITS:
            yield f"{node.tex} has {digits} digits, more than the draws tell apart"
    for node in {node for side in relation.sides for node in _constants(side)}:
        value = constant(node) or 0.0
        simple = float(Fraction(value).limit_denominator(SIMPLE))
        if 1e-12 < abs(value - simple) < CLOSE * abs(value):
            yield f"{node.tex or value} is hardly {simple:.10g}"


def constant(node: Node) -> float | None:
    """What a piece is worth that has nothing but numbers; None for others."""
    if any(one.kind in NO_NUMBERS or one.kind == "big" for one in node.walk()):
        return None
    try:
        with np.errstate(all="ignore"):
            value = number_of(Evaluation(Worth({}, {})).value(node, {}))
    except UNFIT:
        return None
    return float(value) if np.isrealobj(value) and np.isfinite(value) else None


def _constants(node: Node) -> Iterator[Node]:
    """The largest pieces that have nothing but numbers."""
    if constant(node) is not None:
        yield node
    else:
        for part in node.parts:
            yield from _constants(part)


def numbers_beside(node: Node, base: Node) -> int:
    """How many numbers describe a piece in which ``base`` is all that is no number; 0 for others.
    What a product of a fixed length repeats counts as often."""
    return int(max(_numbers(node, base, frozenset()), 0))


def _numbers(node: Node, base: Node, bound: frozenset[str]) -> float:
    if node == base:
        return 0
    if node.kind == "number" or (node.kind == "local" and node.info in bound):
        return 1
    if node.kind in NO_NUMBERS:
        return -math.inf
    if node.kind == "big":
        body, *bounds = node.parts
        ends = [constant(one) for one in bounds]
        if node.info[1].kind != "range" or None in ends:
            return -math.inf
        length = (ends[1] or 0) - (ends[0] or 0) + 1
        letters = bound | frozenset(node.info[1].letters)
        return max(length, 1) * _numbers(body, base, letters)
    return sum(_numbers(part, base, bound) for part in node.parts)


def degree(node: Node, base: Node) -> int:
    """The degree of the polynomial that a piece of a formula is in ``base``; of fractions, that of
    both parts; 0 where it is none."""
    if node == base:
        return 1
    of_parts = [degree(part, base) for part in node.parts]
    if node.kind == "sum":
        return max(of_parts)
    if node.kind in ("product", "fraction"):
        return sum(of_parts)
    if node.kind == "power" and of_parts[0] and (exponent := constant(node.parts[1])):
        return int(of_parts[0] * abs(exponent))
    return 0


def _values(base: Node, cases: Sequence[Case]) -> set[float] | None:
    """The numbers that it is in the draws; None for arrays, and for what a sum or a draw binds."""
    if base.kind == "local":
        if base.info not in cases[0].letters:
            return set()
        scopes = (scope for case in cases for scope in case.scopes([base.info]))
        return {scope[base.info] for scope in scopes}
    found: set[float] = set()
    for case in cases:
        value = case.evaluation().value(base, {})
        if np.ndim(value) or not np.isrealobj(value):
            return None
        found.add(float(value))
    return found
