r"""The ways that a printed formula can take: a test that is true and one that is not, either
argument of max and min.

A way that no draw takes says nothing, whatever stands there: ``T - 1 [T > 9]`` would hold for all
small T.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np

from engine.equations.equation import Case
from engine.equations.evaluate import Evaluation, Scope, compiled, evaluator_of
from engine.equations.tree import Node

#: How each of the ways is told, by what has them.
TOLD = {
    "test": ("is never true", "is never false"),
    "larger": ("is never the first of its arguments", "is never the second of its arguments"),
}


def ways_not_taken(sides: Iterable[Node], cases: Iterable[Case]) -> Iterator[str]:
    """What in the sides goes one way in all draws."""
    taken: dict[Node, set[int]] = {}
    watched = [_watched(side, taken) for side in sides if any(map(_kind, side.walk()))]
    for case in cases:
        evaluation = Evaluation(case.worth)  # whose memory knows nothing: all is evaluated
        for side in watched:
            for scope in case.scopes(sorted(side.free)):
                evaluation.value(side, scope)
        if all(len(ways) == 2 for ways in taken.values()):
            return
    for node, ways in taken.items():
        for way, told in enumerate(TOLD[_kind(node)]):
            if way not in ways:
                yield f"{node.tex or node.kind} {told}"


def _kind(node: Node) -> str:
    """What ways a node has; empty if it has none."""
    if node.kind == "test":
        return "test"
    is_larger = node.kind == "call" and node.info in (r"\max", r"\min")
    return "larger" if is_larger and len(node.parts) == 2 else ""


def _watched(node: Node, taken: dict[Node, set[int]]) -> Node:
    """The same tree; whenever it is evaluated, the ways that are taken are noted."""
    new = node.with_parts(tuple(_watched(part, taken) for part in node.parts))
    kind = _kind(node)
    if kind:
        ways = taken.setdefault(node, set())
        vars(new)["compiled"] = _noting(new, kind, ways)
    return new


def _noting(node: Node, kind: str, ways: set[int]) -> Callable[[Evaluation, Scope], Any]:
    plain = evaluator_of(node)

    def evaluate(evaluation: Evaluation, scope: Scope) -> Any:
        value = plain(evaluation, scope)
        if kind == "test":
            first, second = np.equal(value, 1), np.equal(value, 0)
        else:
            one, other = (compiled(part)(evaluation, scope) for part in node.parts)
            first, second = np.not_equal(value, other), np.not_equal(value, one)
        ways.update(way for way, there in enumerate((first, second)) if np.any(there))
        return value

    return evaluate
