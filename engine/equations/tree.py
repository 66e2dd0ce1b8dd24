"""The tree of a formula: what its parts are, whatever they are worth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any


@dataclass(frozen=True)
class Node:
    """One operation, on ``parts``. ``tex`` is the piece of the formula it was read from.

    kind        parts                          info
    number      –                              its value
    local       –                              letter that a sum, a function or a draw binds
    symbol      its indices, its arguments     (Name, how many indices)
    call        arguments                      name of a function known to everybody
    slope       argument                       (function as in symbol or call, order)
    sum         terms                          their signs
    product     factors                        what stands before each but the first: "", "⊙", "/"
    fraction    numerator, denominator         –
    power       base, exponent                 –
    transpose, abs, floor                      –
    norm        argument                       "", "1", "2", "F"
    test        sides                          relations between them: an Iverson bracket
    tuple, beside, above    parts              –
    cases       value, condition, …            –
    big         body, then what bounds it      (∑ or ∏ or max or min, Binder)
    argmin      body                           letter
    derivative  numerator, variables           (sign, order of each variable)
    mean        body                           –
    """

    kind: str
    parts: tuple[Node, ...] = ()
    info: Any = None
    tex: str = field(default="", compare=False)

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash((self.kind, self.parts, self.info))

    @cached_property
    def free(self) -> frozenset[str]:
        """The letters that no sum, function or minimum in it binds."""
        found = frozenset(letter for part in self.parts for letter in part.free)
        if self.kind == "local":
            return frozenset([self.info])
        if self.kind == "big":
            outside = frozenset(letter for part in self.parts[1:] for letter in part.free)
            return (self.parts[0].free - set(self.info[1].letters)) | outside
        if self.kind == "argmin":
            return found - {self.info}
        return found

    @cached_property
    def letters(self) -> tuple[str, ...]:
        """These letters in their order."""
        return tuple(sorted(self.free))

    @property
    def has_conditions(self) -> bool:
        """Whether its worth depends on which of two values is larger."""
        return any(
            node.kind in ("test", "cases", "abs") or node.info in (r"\max", r"\min", "sgn")
            for node in self.walk()
        )

    def with_parts(self, parts: tuple[Node, ...]) -> Node:
        return replace(self, parts=parts)

    def with_part(self, at: int, part: Node) -> Node:
        """The same with another part at this place."""
        return self.with_parts((*self.parts[:at], part, *self.parts[at + 1 :]))

    def exchanged(self, at: int) -> Node:
        """The same with this part and the next in each other's place."""
        before, (first, second), after = (
            self.parts[:at],
            self.parts[at : at + 2],
            self.parts[at + 2 :],
        )
        return self.with_parts((*before, second, first, *after))

    def walk(self) -> Iterator[Node]:
        yield self
        for part in self.parts:
            yield from part.walk()


@dataclass(frozen=True)
class Binder:
    """What a sum, a product or a maximum runs over.

    kind       the parts after the body     letters
    range      first, last                  one
    falling    first, second, last          one
    listed     the elements                 one
    members    –                            one or two; ``name`` says what they are members of
    each       –                            one, whose values a draw gives
    """

    kind: str
    letters: tuple[str, ...]
    name: Any = None


@dataclass(frozen=True)
class Relation:
    """A formula: its sides, and the relations between each and the next."""

    sides: tuple[Node, ...]
    signs: tuple[str, ...]
