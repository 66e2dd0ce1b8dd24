"""Polynomials that nothing tells from another: through few values there are many.

``(k^3 - 6k^2 + 17k - 6) / 6`` is k for k = 1, 2 and 3. Two polynomials of degree d are one if they
agree on more than d values; so a letter whose draws have no more than d has no place in them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from engine.equations.equation import Case
from engine.equations.tree import Node

#: What is said of polynomials below this degree would be of labels 0 and 1, and of squares.
LOWEST = 3


def not_told_apart(sides: Sequence[Node], cases: Sequence[Case]) -> Iterator[str]:
    """What is said of each letter and number that takes too few values for its polynomials."""
    nodes = [node for side in sides for node in side.walk()]
    bases = [node for node in nodes if node.kind in ("local", "symbol") and not node.parts]
    for base in dict.fromkeys(bases):
        highest = max(degree(node, base) for node in nodes)
        if highest < LOWEST:
            continue
        seen = _values(base, cases)
        if seen is not None and len(seen) <= highest:
            yield (
                f"of {base.tex or base.info}, which stands in a polynomial of degree {highest}, "
                f"the draws have {len(seen)} values"
            )


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
    if node.kind == "power" and node.parts[1].kind == "number":
        return int(of_parts[0] * abs(node.parts[1].info))
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
