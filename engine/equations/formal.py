"""Whether two trees are equal whatever their symbols are worth.

Some changes of a formula change nothing: numbers commute, a transposed number is itself. That is
decided on draws of their own, in which every symbol, every derivative and every value of a page's
function is a number or array by itself, of the shape it has, unrelated to all others. Equal there
means equal by algebra; what is true only because of what the symbols mean is not.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from engine.equations.evaluate import Evaluation, NoValue, Scope, index_of
from engine.equations.names import Name
from engine.equations.tree import Node

#: So many independent worths decide.
DRAWS = 6


@dataclass
class FormalEvaluation(Evaluation):
    """Evaluates with values that are tied to nothing but the name they stand for."""

    real: Evaluation = field(kw_only=True)
    """What knows the shapes: the draw's own evaluation."""
    number: int = 0
    through: frozenset[Name] = frozenset()
    """Names that stand for nothing by themselves: what they are written as is evaluated."""
    made: dict[Any, Any] = field(default_factory=dict)
    """The values that are tied to nothing, which all that evaluate with them share."""
    within: Callable[[Name, Any], Any] = field(default=lambda name, value: value)
    """Brings a value into the domain of its name."""

    def _places(self, name: Name, values: Iterable[Any]) -> tuple[Any, ...]:
        """Here an index that is drawn, the number of a sample, may be worth anything as well."""
        return tuple(values)

    def worth_of(self, name: Name, indices: tuple[Any, ...], arguments: tuple[Any, ...]) -> Any:
        if not arguments:
            name, indices = self.worth.one(name, indices)
        if name in self.through:
            return self._defined(name, indices, arguments)
        real = self._like(name, indices, arguments)
        if isinstance(real, int | str | tuple):
            return real
        made = self._made(
            (name.key, *(tuple(map(_rounded, p)) for p in (indices, arguments))), real
        )
        return self.within(name, made)

    def _like(self, name: Name, indices: tuple[Any, ...], arguments: tuple[Any, ...]) -> Any:
        """The real worth or, at an index that is none, something of the shape that others have."""
        try:
            places = indices if name.arguments else tuple(map(index_of, indices))
            return self.real.worth_of(name, places, arguments)
        except NoValue:
            if name not in self.worth.shapes:
                raise
            return np.zeros(self.worth.shapes[name])

    def _derivative(self, node: Node, scope: Scope) -> Any:
        real = self.real.value(node, scope)
        body, *variables = node.parts
        by = tuple(map(_shape_of_tree, variables))
        told = tuple(sorted((letter, _rounded(value)) for letter, value in scope.items()))
        return self._made((node.info, by, self._told_of(body, scope), told), real)

    def _told_of(self, body: Node, scope: Scope) -> Any:
        """What is differentiated, by its worth on further draws: b a is a b."""
        try:
            return tuple(
                _rounded(
                    replace(self, number=self.number + 1000 * more, memory={}).value(body, scope)
                )
                for more in (1, 2, 3)
            )
        except (NoValue, ArithmeticError, ValueError, LookupError, TypeError):
            return _shape_of_tree(body)

    def _slope(self, node: Node, scope: Scope) -> Any:
        function, _count, order = node.info
        values = self._all(node.parts, scope)
        key = function if isinstance(function, str) else function.key
        return self._made((key, order, tuple(map(_rounded, values))), values[-1])

    def _argmin(self, node: Node, scope: Scope) -> Any:
        body, letter = node.parts[0], node.info
        values = (self.value(body, {**scope, letter: value}) for value in (-1.7, 0.4, 2.3))
        return self._made(("argmin", *map(_rounded, values)), 0.0)

    def _made(self, told: Any, like: Any) -> Any:
        key = (self.number, told, np.shape(like))
        if key not in self.made:
            seed = zlib.crc32(repr(key[:2]).encode())
            values = np.random.default_rng(seed).normal(size=np.shape(like)) * 1.5
            self.made[key] = values if np.ndim(like) else float(values)
        return self.made[key]


def _rounded(value: Any) -> Any:
    if isinstance(value, str | tuple):
        return value
    return tuple(np.round(np.ravel(value), 9).tolist())


def _shape_of_tree(node: Node) -> str:
    info = node.info
    return f"{node.kind}{info!r}({','.join(map(_shape_of_tree, node.parts))})"
