r"""The shapes that a page's table states are those of what its equations are evaluated with.

A symbol of the table is read as formulas are: so that of a derivative, a block of an array, or a
symbol that the page defines the shape is held, too, whether a check draws it or not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from engine.equations.domains import Domain, fits
from engine.equations.draws import DRAWS, Draw
from engine.equations.equation import Case
from engine.equations.tree import Node

#: The shapes of a number: a product that is one has two directions.
NUMBER = (), (1, 1)

REMEDY = "correct the shape in the table of symbols, or what the check gives"


def faults_of_shapes(
    symbols: Mapping[str, Node],
    domains: Mapping[str, Domain],
    drawn: Sequence[tuple[Draw, Case]],
    *,
    rows: bool,
) -> Iterator[str]:
    """What the table says of the shape of a symbol, and which it has instead; one for each.

    ``symbols`` are those of the table that can be read here, by their spelling.
    """
    told: set[str] = set()
    entries = {s for s, node in symbols.items() if _has_entries(node, domains[s].sizes, drawn)}
    for draw, case in drawn:
        if draw.number >= DRAWS:
            continue
        sizes = dict(draw.sizes)
        for symbol, node in symbols.items():
            shape = None if symbol in told else _shape(node, case)
            stated = domains[symbol].sizes
            if shape is None or (symbol in entries and shape in NUMBER):
                continue
            if not _is(stated, shape, sizes, rows=rows):
                told.add(symbol)
                where = ", ".join(f"{name} = {sizes[name]}" for name in _letters(stated, sizes))
                yield (
                    f"the page's table says of {symbol}: {domains[symbol]}"
                    f"{f', where {where}' * bool(where)}; what it is worth has the shape {shape}"
                )


def _has_entries(node: Node, stated: Sequence[str], drawn: Sequence[tuple[Draw, Case]]) -> bool:
    """Whether a symbol has an index for each direction of its array, K_{uv} of a (k, k), and one
    of these comes to as many places as the array has there, in some draw."""
    if node.kind != "symbol" or node.info[0].arguments:  # J(w) has an argument, and no entries
        return False
    if not len(node.parts) == len(stated) > 0:
        return False
    seen = False
    for draw, case in drawn:
        used = _places(node, case)
        counts = [len({*along}) for along in zip(*used, strict=True)]
        sizes = dict(draw.sizes)
        if any(fits((size,), (n,), sizes) for size, n in zip(stated, counts, strict=False)):
            return True
        seen = seen or bool(used)
    return not seen


def _places(node: Node, case: Case) -> list[tuple[Any, ...]]:
    """The indices at which a symbol was needed in a draw."""
    keys = (*case.worth.memory, *case.memory)
    return list(dict.fromkeys(key[1] for key in keys if len(key) == 2 and key[0] is node.info[0]))


def _is_family(node: Node) -> bool:
    """Whether a symbol stands with its own letters as indices: h_t, and not n_x beside n_t."""
    if node.kind != "symbol" or not node.parts:
        return False
    return [part.info for part in node.parts] == list(node.info[0].indices)


def _shape(node: Node, case: Case) -> tuple[int, ...] | None:
    """The shape of what a symbol is worth, where it has a worth; in one place of those it has."""
    try:
        scope = next(iter(case.scopes(sorted(node.free))), None)
        if scope is None:
            return None
        value: Any = case.evaluation().value(node, scope)
    except Exception:  # a sum runs over its index, or other worlds of the page give it
        used = _places(node, case) if _is_family(node) else []
        if not used:
            return None
        value = case.evaluation().worth_of(node.info[0], used[0], ())
    return np.shape(value) if isinstance(value, int | float | np.ndarray) else None


def _is(
    stated: Sequence[str], shape: tuple[int, ...], sizes: dict[str, int], *, rows: bool
) -> bool:
    """Whether a shape as formulas have it, with vectors as columns or rows, is the stated one."""
    if not stated:
        return shape in NUMBER
    if len(stated) == 1:
        lying = ("1", *stated) if rows else (*stated, "1")
        return fits(lying, shape or (1, 1), sizes)
    return fits(stated, shape or (1,) * len(stated), sizes)


def _letters(stated: Sequence[str], sizes: Mapping[str, int]) -> list[str]:
    return [name for name in sizes if any(name in size for size in stated)]
