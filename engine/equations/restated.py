r"""What a check gives although the page says what it is: it must be that.

The page's definitions (≔) and derivatives decide what their symbols are worth. A check that gives
``q`` where the page has ``q \coloneqq x + 1`` could make a false equation true; so a value that it
gives is compared with what the page's own TeX makes of the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from engine.equations.equation import ENOUGH, ROUNDING, Case, compare
from engine.equations.evaluate import UNFIT, Scope
from engine.equations.names import Name
from engine.equations.tokens import Token
from engine.equations.tree import Node

LEAVE_OUT = "the page defines it: leave it out, and give what its definition needs"


@dataclass
class Restated:
    """A name that a check gives, and what the page itself says that it is."""

    name: Name
    says: Node | None
    """None where its definition has parts without a value."""
    places: Mapping[str, str]
    """For each letter of what the page says, what stands there in the name that is given."""
    defined: bool = True
    """Whether the page defines it; otherwise it may be open what its parts are."""
    recurs: bool = False
    """Whether it is defined by earlier values of its own, of which the first must be given."""
    is_open: bool = field(init=False)
    """Whether some of its values have been given freely: what they are made of has none."""

    def __post_init__(self) -> None:
        self.is_open = self.says is None

    @property
    def is_one(self) -> bool:
        """Whether it is no member of a family, whose others it would have to fit."""
        return not self.places and not self.name.indices

    def faults(
        self, cases: Sequence[Case], letters: Iterable[str], general: bool
    ) -> Iterator[tuple[str, str]]:
        """Where it is given as something else. ``general`` values are what the page defines in
        a part of the draws only."""
        free = [letter for letter in letters if letter in self.places.values()]
        agreeing, others = 0, ""
        for case in cases:
            found = list(self.agreement(case, free))
            self.is_open |= None in found and not general
            if False in found:
                others = others or f"(draw {case.number})"
            elif True in found and None not in found:
                agreeing += 1
        key = self.name.key
        if general and agreeing < ENOUGH:
            yield (
                f"{key} is what the page defines in {agreeing} draws, of which it must be in "
                f"{ENOUGH}",
                "draw the page's own among the others",
            )
        elif not general and others:
            yield f"{key} is given as another value than the page's {others}", LEAVE_OUT
        elif general and agreeing == len(cases):
            yield f"{key} is said to be general, and is what the page defines", "take it out"

    def agreement(self, case: Case, free: Sequence[str]) -> Iterator[bool | None]:
        """Of each value that was needed in a draw, whether it is what the page says; None where
        what the page says has no value."""
        others = [letter for letter in free if letter not in self.name.indices]
        each = [tuple((letter, scope[letter]) for letter in others) for scope in case.scopes(free)]
        scopes = [dict(values) for values in dict.fromkeys(each)]
        for used in places_used(case, self.name):
            for scope in scopes:
                yield self._agrees(case, used, scope)

    def _agrees_for(self, says: Node, case: Case, arguments: tuple[Any, ...]) -> bool | None:
        """The same of a function; of arrays each entry is asked."""
        entries = [float(one) for one in np.ravel(arguments[0])]
        try:
            said = [case.evaluation().applied(self.name, says, one) for one in entries]
        except UNFIT:
            return None
        given = np.ravel(case.worth.given[self.name](*arguments))
        return compare("=", np.array(said)[:, None], given[:, None], ROUNDING).holds

    def _agrees(self, case: Case, used: tuple[Any, ...], scope: Scope) -> bool | None:
        """Whether the value is what the page says, or the first of all; None if the page's has
        no value."""
        if self.says is None:
            return None
        if self.name.arguments:
            return self._agrees_for(self.says, case, used)
        by_letter = dict(zip(self.name.indices, used, strict=True))
        known = {**scope, **by_letter}
        bound = dict(known)
        for letter, there in self.places.items():
            bound[letter] = known.get(there, int(there) if there.isdigit() else there)
        evaluation = case.evaluation()
        try:
            said = evaluation.value(self.says, bound)
        except UNFIT:
            first = all(_is_first(bound[letter], letter, case, known) for letter in self.places)
            return True if self.recurs and first else None
        given = evaluation.worth_of(self.name, used, ())
        return compare("=", said, given, ROUNDING).holds


def _is_first(place: Any, letter: str, case: Case, scope: Scope) -> bool:
    """Whether a recursion begins there: at 0 or 1, or where its letter does not come to."""
    runs = case.worth.memory.get(("each", letter))
    return place in (0, 1) or (runs is not None and place not in runs(scope))


def places_used(case: Case, name: Name) -> list[tuple[Any, ...]]:
    """The indices, or the arguments, of which a value was needed in this draw."""
    if name.arguments:
        return [arguments for arguments, _ in case.calls.get(name.key, ())]
    keys = (*case.worth.memory, *case.memory)
    found = (key[1] for key in keys if len(key) == 2 and key[0] is name)
    return list(dict.fromkeys(found))


def place_of(definition: Name, name: Name, letters: Iterable[str]) -> dict[str, str] | None:
    """What stands in a name for the letters of a definition's left side, if it is defined so."""
    found = definition.matched(name.head)
    if found is None:
        return None
    known = {*letters, *name.indices, *definition.indices}
    return (
        {
            letter: tokens[0].text if len(tokens) == 1 else _text(tokens)
            for letter, tokens in zip(definition.indices, found, strict=True)
        }
        if all(_is_place(tokens, known) for tokens in found)
        else None
    )


def _is_place(tokens: tuple[Token, ...], letters: Iterable[str]) -> bool:
    """Whether a script says which member it is, not what it is called."""
    if len(tokens) == 1 and tokens[0].text in letters:
        return True
    return all(one.kind in ("letter", "digit") for one in tokens) and tokens[-1].kind == "digit"


def _text(tokens: tuple[Token, ...]) -> str:
    return "".join(token.text for token in tokens)


def faults_of_open(restated: Sequence[Restated]) -> Iterator[tuple[str, str]]:
    """One symbol may be given freely: an equation that holds for each of its values holds for the
    page's. Two could be given so that they fit each other, and not the page."""
    free = [one for one in restated if one.is_open and one.defined]
    for one in free:
        if not one.is_one or len(free) > 1:
            what = f"{one.name.key} is given, and nothing of what the page makes it of"
            yield what, LEAVE_OUT
