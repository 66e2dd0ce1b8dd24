r"""What a check is made of, and what is known of an equation once it has been checked.

A check says what the symbols of some equations are worth; the equations themselves stand on the
page and nowhere else. In ``checks/lstm.py``::

    @worth("lstm.6", "lstm.7")
    def three_steps(draw: Draw) -> Values:
        return {"x_t": draw.each("x_t", range(1, 4)), "W_x": draw("W_x"), …}

A value is a number, an array (a vector has one dimension), a mapping by an index, a function of
the indices and arguments that the symbol has (``lambda t: h[t]`` for ``h_t``), or ``Each`` for a
letter that runs over something. What is not given is taken from the page's definitions, and a
derivative that is not given is measured on them.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from engine.equations.draws import Draw
from engine.equations.page_code import PageCode
from engine.faults import Fault

Values = dict[str, Any]


class Each:
    """What a letter runs over, in sums and where it is free: an equation then holds for each.

    Values, or a function of letters bound before it: ``Each(lambda t: range(1, t + 1))``.
    """

    def __init__(self, values: Iterable[Any] | Callable[..., Iterable[Any]]) -> None:
        self._values = values
        self._letters: tuple[str, ...] = ()
        if callable(values):
            self._letters = tuple(inspect.signature(values).parameters)

    def __call__(self, scope: Mapping[str, Any]) -> list[Any]:
        """The values, where these letters are bound."""
        if callable(self._values):
            return list(self._values(*(scope[letter] for letter in self._letters)))
        return list(self._values)


@dataclass(frozen=True)
class Formula:
    r"""A worth that is written in the page's own symbols, for what the page leaves open: a loss
    ``\tfrac{1}{2} \lVert o_t - y_t \rVert^2`` where it says any loss."""

    tex: str


#: What gives symbols by the page's own code: from the values, and from the page where it has two
#: parameters (see engine/equations/page_code.py).
ByCode = Callable[..., Values]


@dataclass
class World:
    """The worth of the symbols of some equations, as a check's module gives it; without a tag, of
    what its code computes, which holds the page's definitions to that."""

    tags: tuple[str, ...]
    values: Callable[[Draw], Values]
    rows: bool = False
    """Whether the page's vectors are rows."""
    within: Mapping[str, float] = field(default_factory=dict)
    """By how much the sides of an equation with ≈ may differ."""
    loose: Mapping[str, str] = field(default_factory=dict)
    """Bounds that no draw comes near, and why."""
    spared: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """False versions that are true here, by equation or defined symbol, and the relation that
    makes them so."""
    general: tuple[str, ...] = ()
    """Symbols that the page defines, and that are more general in some of the draws."""
    beyond: bool = False
    """Whether a derivative by what nothing depends on is 0, as after the last step."""
    kinks: Literal["", "left", "right"] = ""
    """Where functions are made of straight pieces: on which side of a kink its slope is taken, as
    the page says, ``left`` or ``right``."""
    measured: bool = False
    """Whether values are found by trying, a minimum for instance, and so only nearly right."""
    by_code: ByCode | None = None

    def code(self, function: ByCode) -> ByCode:
        """Mark what gives the same symbols by the page's own code, from these values."""
        self.by_code = function
        return function

    def values_by_code(self, values: Values, page: PageCode) -> Values:
        """What the code gives. Raises what the code raises."""
        assert self.by_code
        asked = len(inspect.signature(self.by_code).parameters)
        return self.by_code(*(values, page)[:asked])


def worth(
    *tags: str,
    rows: bool = False,
    within: Mapping[str, float] | None = None,
    loose: Mapping[str, str] | None = None,
    spared: Mapping[str, Mapping[str, str]] | None = None,
    general: tuple[str, ...] = (),
    beyond: bool = False,
    kinks: Literal["", "left", "right"] = "",
    measured: bool = False,
) -> Callable[[Callable[[Draw], Values]], World]:
    """Mark a function of a draw as what gives the symbols of these equations their worth."""

    def mark(values: Callable[[Draw], Values]) -> World:
        reasons = within or {}, loose or {}, spared or {}
        return World(tags, values, rows, *reasons, general, beyond, kinks, measured)

    return mark


@dataclass(frozen=True)
class CheckSource:
    """A check as its module has it written, which need not be run to be read."""

    tags: tuple[str, ...]
    function: str
    path: Path
    line: int
    source: str

    @property
    def title(self) -> str:
        """The function's name, read as words."""
        return self.function.replace("_", " ")

    @property
    def module(self) -> str:
        return self.path.stem

    def fault(self, tag: str, message: str, remedy: str) -> Fault:
        return Fault(self.path, self.line, f"check of ({tag}): {message}", remedy)


@dataclass(frozen=True)
class Change:
    """A false version that was tried: its kind, the piece that was changed, how often it failed.

    ``equal`` says that it is equal by algebra, ``spared`` names the relation that makes it true.
    """

    kind: str
    place: str
    failed: int
    tried: int
    equal: bool = False
    spared: str = ""


@dataclass(frozen=True)
class Verdict:
    """What the draws of one equation showed."""

    tag: str
    relation: str
    draws: int
    largest_error: float
    allowed: float
    changes: tuple[Change, ...]
    symbols: tuple[tuple[str, str], ...]
    """Its symbols, and where the worth of each comes from, as code or as a definition."""
    faults: tuple[Fault, ...]

    @property
    def passed(self) -> bool:
        return not self.faults

    @property
    def rejected(self) -> tuple[Change, ...]:
        return tuple(c for c in self.changes if not c.equal and not c.spared)

    def as_json(self) -> dict[str, Any]:
        """What JSON can hold of it: a fault by its place, words and remedy."""
        told = [[str(f.path), f.line, f.message, f.remedy] for f in self.faults]
        return {**vars(self), "changes": [vars(c) for c in self.changes], "faults": told}


def verdict_of(content: dict[str, Any]) -> Verdict:
    """The verdict that ``as_json`` has given."""
    return Verdict(
        **{
            **content,
            "changes": tuple(Change(**change) for change in content["changes"]),
            "symbols": tuple((symbol, told) for symbol, told in content["symbols"]),
            "faults": tuple(
                Fault(Path(path), line, what, remedy)
                for path, line, what, remedy in content["faults"]
            ),
        }
    )


def without_result(tag: str, *faults: Fault) -> Verdict:
    """The verdict on an equation that could not be evaluated."""
    return Verdict(tag, "", 0, float("inf"), 0.0, (), (), faults)
