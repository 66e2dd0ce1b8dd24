r"""The ways that a printed formula can take: a test that is true and one that is not, either
argument of max and min, either sign of what is squared under a root.

A way that no draw takes says nothing, whatever stands there: ``T - 1 [T > 9]`` would hold for all
small T, and ``\sqrt{4 (z + 99)^2} / 2 - 99`` is z for all z that are not below -99.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np

from engine.equations.degrees import constant, degree
from engine.equations.equation import Case
from engine.equations.evaluate import Evaluation, Scope, compiled, evaluator_of
from engine.equations.tree import Node

#: How each of the ways is told, by what has them.
TOLD = {
    "test": ("is never true", "is never false"),
    "larger": ("is never the first of its arguments", "is never the second of its arguments"),
    "squared": ("is squared under a root, and never positive", "… and never negative"),
}

#: What loses the sign of what is squared in it, besides a broken power.
ROOTS = (r"\sqrt", r"\log")


def ways_not_taken(sides: Iterable[Node], cases: Iterable[Case]) -> Iterator[str]:
    """What in the sides goes one way in all draws."""
    taken: dict[tuple[str, Node], set[int]] = {}
    watched = [_watched(side, taken) for side in sides]
    if not taken:
        return
    for case in cases:
        evaluation = Evaluation(case.worth)  # whose memory knows nothing: all is evaluated
        for side in watched:
            for scope in case.scopes(sorted(side.free)):
                evaluation.value(side, scope)
        if all(len(ways) == 2 for ways in taken.values()):
            return
    for (kind, node), ways in taken.items():
        for way, told in enumerate(TOLD[kind]):
            if way not in ways:
                yield f"{node.tex or node.kind} {told}"


def polynomials_under_a_root(sides: Iterable[Node]) -> Iterator[str]:
    """Sums under a root that may be a square, multiplied out: whose sign is lost all the same."""
    for side in sides:
        for root in side.walk():
            for node in root.parts[0].walk() if _is_root(root) else ():
                if node.kind != "sum":
                    continue
                for base in {one for one in node.walk() if one.kind in ("local", "symbol")}:
                    if {1, 2} <= {degree(part, base) for part in node.parts}:
                        yield f"{node.tex} is a polynomial under a root"


def roots_undone(sides: Iterable[Node]) -> Iterator[str]:
    """A root times itself, a power of a root, e to a logarithm: what they come to has a value
    where they have none, which no draw needs to find."""
    for node in (node for side in sides for node in side.walk()):
        if node.kind == "product":
            undone = any(_is_root(one) and node.parts.count(one) > 1 for one in node.parts)
        elif node.kind == "power":
            exponent = constant(node.parts[1])
            undone = _is_root(node.parts[0]) and exponent is not None and abs(exponent) > 1
        else:
            power = node.parts[0] if _calls(node, r"\exp") else node
            factors = power.parts if power.kind == "product" else (power,)
            undone = power is not node and all(
                _calls(one, r"\log") or constant(one) is not None for one in factors
            )
        if undone and constant(node) is None:
            yield f"{node.tex} undoes a root or a logarithm"


def squares_with_a_number(sides: Iterable[Node]) -> Iterator[str]:
    """Sums with a number that are squared under a root, of which nobody asks for both signs."""
    for root in (node for side in sides for node in side.walk() if _is_root(node)):
        for base in {base for below in root.walk() for base in _squared(below)}:
            if base.kind == "sum" and any(constant(part) is not None for part in base.parts):
                yield f"{base.tex} is squared under a root"


def _kind(node: Node) -> str:
    """What ways a node has; empty if it has none."""
    if node.kind == "test":
        return "test"
    is_larger = node.kind == "call" and node.info in (r"\max", r"\min")
    return "larger" if is_larger and len(node.parts) == 2 else ""


def _calls(node: Node, function: str) -> bool:
    return node.kind == "call" and node.info == function


def _is_root(node: Node) -> bool:
    if node.kind == "power":
        exponent = constant(node.parts[1])
        return exponent is not None and exponent % 1 != 0
    return node.kind == "call" and node.info in ROOTS


def _squared(node: Node) -> Iterator[Node]:
    """What is squared by this node itself: ``x`` of ``x^4`` and of ``x x``, and the sums of a
    product in which a symbol comes more than once."""
    if node.kind == "power":
        exponent = constant(node.parts[1])
        if exponent is not None and exponent % 2 == 0:
            yield node.parts[0]
    if node.kind == "product":
        yield from (one for one in node.parts if node.parts.count(one) > 1)
        for one in (part.parts[0] if part.kind == "power" else part for part in node.parts):
            bases = {part for part in one.walk() if part.kind in ("local", "symbol")}
            if one.kind == "sum" and any(degree(node, base) > 1 for base in bases):
                yield one


def _watched(
    node: Node, taken: dict[tuple[str, Node], set[int]], squared: frozenset[Node] = frozenset()
) -> Node:
    """The same tree; whenever it is evaluated, the ways that are taken are noted."""
    if _is_root(node):
        bases = (base for below in node.walk() for base in _squared(below))
        squared = squared.union(base for base in bases if constant(base) is None)
    new = node.with_parts(tuple(_watched(part, taken, squared) for part in node.parts))
    kind = _kind(node) or ("squared" if node in squared else "")
    if kind:
        ways = taken.setdefault((kind, node), set())
        vars(new)["compiled"] = _noting(new, kind, ways)
    return new


def _noting(node: Node, kind: str, ways: set[int]) -> Callable[[Evaluation, Scope], Any]:
    plain = evaluator_of(node)

    def evaluate(evaluation: Evaluation, scope: Scope) -> Any:
        value = plain(evaluation, scope)
        if kind == "test":
            first, second = np.equal(value, 1), np.equal(value, 0)
        elif kind == "squared":
            first, second = np.greater(value, 0), np.less(value, 0)
        else:
            one, other = (compiled(part)(evaluation, scope) for part in node.parts)
            first, second = np.not_equal(value, other), np.not_equal(value, one)
        ways.update(way for way, there in enumerate((first, second)) if np.any(there))
        return value

    return evaluate
