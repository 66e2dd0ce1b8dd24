"""Random worths for symbols, as the page's table of symbols states them, so that all of it is seen.

Which draw it is decides what must be seen at least once: each size at its least while the others
are not, sizes all different, numbers small and large, of both signs and 0, the ends of an interval
that belong to it. ``faults_of_coverage`` then says what a check's draws have left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.equations.domains import Domain, spelling

#: Every equation is seen in this many independent draws.
DRAWS = 20

#: A draw after these, of more steps and larger sizes, in which what leaves out late ones is false.
LONG = 20

#: Draws that come after it where all is whole numbers: what is false for large ones alone.
LARGE = (21, 22)

NOT_SAID = "the page's table of symbols does not say"

#: What to do where the table does not say what a symbol can be.
IN_TABLE = "say it below {#symbols}, in the third column: number, a shape, and conditions"


class NotInTable(KeyError):
    """The page's table of symbols does not say what a symbol can be."""


SCALES = (0.5, 1.0, 3.0, 1.5)


class Draw:
    """One draw of a page's symbols. ``draw("W_{hh}")`` is one of the shape the table states."""

    def __init__(self, number: int, domains: Mapping[str, Domain]) -> None:
        self.number = number
        self.rng = np.random.default_rng(number)
        self._domains = domains
        self._sizes: dict[str, int] = {}
        self._asked = 0
        self._several = self.rng.permutation(4)

    @property
    def tight(self) -> bool:
        """Whether this draw is one in which an inequality should become an equality."""
        return self.number % 3 == 2

    @property
    def sizes(self) -> Mapping[str, int]:
        """The whole numbers that have been drawn by now, by their spelling."""
        return self._sizes

    def __call__(self, symbol: str, scale: float | None = None) -> Any:
        """A value of the symbol: a number, or an array, whose vectors have one dimension.

        ``scale`` is the size of its entries; without it, it differs from draw to draw. Raises
        NotInTable if the table does not say what the symbol can be.
        """
        domain = self._domain(symbol)
        if domain.kind == "whole":
            return self.size(symbol)
        self._asked += 1
        if domain.kind == "number":
            return self._number(domain, scale)
        shape = tuple(self.length(size) for size in domain.sizes)
        if len(shape) == 2 and domain.sizes[1] == "1":
            shape = shape[:1]
        return self._array(domain, shape, scale)

    def each(self, symbol: str, indices: Iterable[Any], scale: float | None = None) -> Any:
        """A value of the symbol for each index."""
        return {index: self(symbol, scale) for index in indices}

    def size(self, symbol: str, most: int | None = None, *, always: bool = False) -> int:
        """A whole number, one for the symbol in this draw: at its least in some draws, and else
        other than the other sizes. One draw goes beyond ``most``, unless that holds ``always``."""
        key = spelling(symbol)
        if key not in self._sizes:
            domain = self._domain(symbol)
            low = 1 if domain.low is None else int(domain.low) + (not domain.with_low)
            order = len(self._sizes)
            if self.number == LONG:
                value = low + 5 + order
            elif self.number in LARGE:
                value = 100 * (self.number - 20) + 37 + 59 * order
            elif self.number == DRAWS - 1 or self.number % 10 == order % 10:
                value = low
            else:
                value = low + 1 + int(self._several[order % 4]) + order // 4
            if most is not None and self.number == LONG and not always:
                most += 2
            high = most if domain.high is None else int(domain.high)
            value = value if high is None else min(value, high)
            while value in domain.without:
                value += 1
            self._sizes[key] = value
        return self._sizes[key]

    def some(self, *choices: Any) -> Any:
        """One of these, each in its turn: identity and tanh, where a page says any activation."""
        self._asked += 1
        return choices[(self.number // 3 + self._asked) % len(choices)]

    def _domain(self, symbol: str) -> Domain:
        domain = self._domains.get(spelling(symbol))
        if domain is None or not domain.kind:
            raise NotInTable(f"{NOT_SAID} what {symbol} can be")
        return domain

    def length(self, size: str) -> int:
        """A size as the table writes it: ``n_x``, ``4n_h``, ``n_h+n_x``, ``3``."""
        if spelling(size) in self._domains:
            return self.size(size)
        total = 0
        for term in re.findall(r"[+-]?[^+-]+", size):
            sign = -1 if term.startswith("-") else 1
            found = re.fullmatch(r"(\d*)(.*)", term.lstrip("+-").strip())
            assert found
            total += sign * int(found[1] or 1) * (self.size(found[2].strip()) if found[2] else 1)
        return total

    def _number(self, domain: Domain, scale: float | None) -> float:
        turn = self.number + self._asked
        if domain.members:
            return float(domain.members[turn % len(domain.members)])
        if domain.with_low and domain.low is not None and turn % 9 == 4:
            return domain.low
        if domain.with_high and domain.high is not None and turn % 9 == 5:
            return domain.high
        if domain.low is not None and domain.high is not None:
            third = (domain.high - domain.low) / 3
            return float(domain.low + third * (turn % 3 + self.rng.uniform(0.05, 0.95)))
        if domain.low is domain.high is None and turn % 9 == 7 and domain.holds(0.0):
            return 0.0  # where what has a sign, and what is divided by, differ from the rest
        size = float(np.exp(self.rng.normal() * 0.7)) * (scale or SCALES[turn % 4])
        if domain.low is not None:
            return domain.low + size
        if domain.high is not None:
            return domain.high - size
        return size if turn // 4 % 2 else -size

    def _array(
        self, domain: Domain, shape: Sequence[int], scale: float | None
    ) -> NDArray[np.float64]:
        if domain.members:
            return self.rng.choice(np.asarray(domain.members), size=shape)
        values = self.rng.normal(size=shape) * (scale or SCALES[(self.number + self._asked) % 4])
        return np.asarray(domain.within(values), float).reshape(shape)


def outside_of(domain: Domain, values: Iterable[Any]) -> str:
    """The first of these values that its domain does not hold, if there is one."""
    for value in values:
        if not domain.holds(value):
            return np.array2string(np.asarray(value, float), precision=3, threshold=5)
    return ""


def faults_of_coverage(symbol: str, domain: Domain, values: Sequence[Any]) -> Iterator[str]:
    """What these values of a symbol, one or several from each draw, leave out of its domain."""
    if not domain.kind or not values:
        return
    values = [np.real(value) for value in values]
    if outside := outside_of(domain, values):
        yield f"{symbol} is drawn as {outside}, and the page's table says: {domain}"
        return
    entries = np.concatenate([np.ravel(np.asarray(value, float)) for value in values])
    if domain.kind == "whole":
        low = 1 if domain.low is None else domain.low + (not domain.with_low)
        if low not in entries:
            yield f"{symbol} is never {low:g}, its least value"
        if not np.any(entries > low) and domain.high != low:
            yield f"{symbol} is never more than {low:g}"
    elif domain.members:
        for member in domain.members:
            if member not in entries:
                yield f"{symbol} is never {member:g}"
    elif domain.low is None and domain.high is None:
        if not np.any(entries > 0) or not np.any(entries < 0):
            yield f"{symbol} has one sign in all draws"
    elif domain.low is not None and domain.high is not None:
        third = (domain.high - domain.low) / 3
        for part, name in enumerate(("lower", "middle", "upper")):
            bottom = domain.low + part * third
            if not np.any((entries >= bottom) & (entries <= bottom + third)):
                yield f"{symbol} is never in the {name} third of its interval"
    if len(np.unique(entries)) == 1 and len(values) > 1 and not domain.members:
        yield f"{symbol} is the same in all draws"
