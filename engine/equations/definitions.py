"""Whether a page's definitions are held: each is made false, and something must refuse it.

A definition (≔) cannot be false by itself, for it says what its symbol means. It is false where the
page's code computes something else, where an equation that needs it holds no more, or where a check
gives the symbol by other means. So each false version takes the definition's place in the draws of
the checks that need it; what none of them refuses is told.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from engine.equations.equation import ROUNDING, Case, Equation, compare, shown
from engine.equations.evaluate import UNFIT, Evaluation, Scope
from engine.equations.false_versions import false_versions
from engine.equations.formal import DRAWS as FORMAL_DRAWS
from engine.equations.formal import FormalEvaluation
from engine.equations.names import Name
from engine.equations.needed import kept_without, reached_from
from engine.equations.restated import Restated
from engine.equations.tree import Node, Relation

#: The first false version of each.
TURNED = "sign: the whole"

#: So many draws are asked.
MOST = 6

#: After so many draws in which nothing refuses a false version, algebra is asked first.
FEW = 2


@dataclass
class Tried:
    """One definition, by the place of its formula on the page, and its false versions."""

    number: int
    symbol: str
    refused: set[str] = field(default_factory=set)
    equal: set[str] = field(default_factory=set)
    spared: set[str] = field(default_factory=set)
    passed: set[str] = field(default_factory=set)
    matters: set[str] = field(default_factory=set)
    """Those with another number, or with less, which must differ wherever it is needed."""

    @property
    def idle(self) -> list[str]:
        """Those that must matter, and do not."""
        return sorted(self.equal & self.matters - self.refused)

    def as_json(self) -> dict[str, Any]:
        passed = sorted(self.passed - self.refused - self.equal - self.spared)
        told = {"number": self.number, "symbol": self.symbol, "passed": passed}
        return told | {"refused": len(self.refused), "equal": len(self.equal - self.refused)}


@dataclass
class Reason:
    """A relation that makes a false version true here, and the draws in which it must hold."""

    relation: Relation
    cases: list[Case]

    @cached_property
    def holds(self) -> bool:
        """Whether it does, and says something: what is equal for all values makes nothing true."""
        equation = Equation("", self.relation, self.cases, {})
        return not list(equation.faults_of_sides()) and not equation.says_nothing(frozenset())


@dataclass(frozen=True)
class Kept:
    """What a draw has evaluated that a definition has no part in."""

    memory: Mapping[Any, Any]
    needs: Mapping[Any, set[Any]]
    shapes: Mapping[Name, tuple[int, ...]]

    @classmethod
    def of(cls, case: Case, name: Name) -> Kept:
        reached = reached_from(name, case.worth)
        memory = dict(kept_without(reached, case.memory))
        needs = {key: found for key, found in case.needs.items() if key in memory}
        shapes = {n: shape for n, shape in case.worth.shapes.items() if n not in reached}
        return cls(memory, needs, shapes)

    def case(self, case: Case, name: Name, body: Node) -> Case:
        """The draw with another definition of the name."""
        worth = case.worth
        changed = replace(
            worth,
            defined={**worth.defined, name: body},
            memory=dict(worth.memory),
            shapes=dict(self.shapes),
        )
        memory, needs = dict(self.memory), dict(self.needs)
        return Case(case.number, case.tight, changed, case.letters, memory, needs)


@dataclass
class Needs:
    """What a check compares: its equations, and its symbols by the page's code."""

    cases: Sequence[Case]
    relations: Sequence[Relation]
    by_code: Sequence[tuple[Node, Sequence[tuple[Case, Scope, Any]]]]
    """A symbol, and in some draws and places what the code makes of it."""
    restated: Sequence[Restated]
    names_in: Callable[[Node], set[Name]]
    within: Mapping[Name, Callable[[Any], Any]]
    """Brings a value into the domain of its name."""
    near: dict[tuple[int, int], bool] = field(default_factory=dict)
    kept: dict[Name, dict[int, Kept]] = field(default_factory=dict)
    """For each definition, by draws: what has been evaluated there without it."""

    def try_all(self, name: Name, body: Node, held: Tried, spared: Mapping[str, Reason]) -> None:
        """Put the false versions of a definition in its place; ``spared`` are those that a check
        says are true here, by kind and place, each with the reason."""
        relations = [r for r in self.relations if any(name in self.names_in(s) for s in r.sides)]
        by_code = [one for one in self.by_code if name in self.names_in(one[0])]
        if not (relations or by_code):
            return

        def refused(case: Case, false: Node) -> bool:
            return self._refused(case, self._with(case, name, false), relations, by_code)

        def places(case: Case) -> Iterator[Scope]:
            there = case
            if (
                next(_places(case, name), None) is None
            ):  # what refuses it needs it in draws of its own
                there = self._with(case, name, body)
                self._refused(case, there, relations, by_code)
            yield from _places(there, name)

        equal = self._equality(body, places)
        for told, false in _false(body, held):
            first, later = self.cases[:FEW], self.cases[FEW:MOST]
            if any(refused(case, false) for case in first):
                held.refused.add(told)
            elif equal(false):
                held.equal.add(told)
            elif any(refused(case, false) for case in later):
                held.refused.add(told)
            elif (reason := spared.get(told.partition("; as ")[0])) and reason.holds:
                held.spared.add(told)
            else:
                held.passed.add(told)

    def try_given(self, given: Restated, held: Tried) -> None:
        """The same where a check gives the symbol by other means."""
        assert given.says is not None
        free = [letter for letter in self.cases[0].letters if letter in given.places.values()]
        with np.errstate(all="ignore"):
            true = [list(given.agreement(case, free)) for case in self.cases]
            equal = self._equality(given.says, lambda case: _places(case, given.name))
            for told, false in _false(given.says, held):
                again = replace(given, says=false)
                if any(
                    was and not now
                    for case, agreement in zip(self.cases, true, strict=True)
                    for was, now in zip(agreement, again.agreement(case, free), strict=True)
                ):
                    held.refused.add(told)
                elif equal(false):
                    held.equal.add(told)
                else:
                    held.passed.add(told)

    def _refused(
        self,
        case: Case,
        there: Case,
        relations: Iterable[Relation],
        by_code: Iterable[tuple[Node, Sequence[tuple[Case, Scope, Any]]]],
    ) -> bool:
        """Whether something does not fit in one draw, as it is there."""
        with np.errstate(all="ignore"):
            try:
                for node, places in by_code:
                    for drawn, scope, theirs in places:
                        if drawn is case:
                            ours = there.evaluation().value(node, scope)
                            if not compare("=", ours, theirs, ROUNDING).holds:
                                return True
                for relation in relations:
                    false = Equation("", relation, [there], {})
                    for _ in false.faults_of_sides():
                        return True
                    # A bound that is weaker where the true one is tight is not the page's.
                    if false.is_bound and not false.is_near and self._is_near(relation, case):
                        return True
            except UNFIT:
                return True
        return False

    def _with(self, case: Case, name: Name, body: Node) -> Case:
        """The same draw, where a symbol is defined otherwise; what has been evaluated and does not
        need it is known there."""
        of_name = self.kept.setdefault(name, {})
        if case.number not in of_name:
            of_name[case.number] = Kept.of(case, name)
        return of_name[case.number].case(case, name, body)

    def _is_near(self, relation: Relation, case: Case) -> bool:
        """Whether a bound is tight in a draw as the page defines its symbols."""
        key = id(relation), case.number
        if key not in self.near:
            true = Equation("", relation, [case], {})
            self.near[key] = not list(true.faults_of_sides()) and true.is_near
        return self.near[key]

    def _equality(
        self, body: Node, places: Callable[[Case], Iterable[Scope]]
    ) -> Callable[[Node], bool]:
        """What says whether a false version is equal by algebra, at the places where the symbol
        was needed."""
        known: list[tuple[FormalEvaluation, Scope, Any]] = []
        more = self._formal(body, places)

        def evaluated() -> Iterator[tuple[FormalEvaluation, Scope, Any]]:
            yield from known
            for one in more:
                known.append(one)
                yield one

        def equal(false: Node) -> bool:
            asked = 0
            for evaluation, bound, a in itertools.islice(evaluated(), FORMAL_DRAWS):
                try:
                    with np.errstate(all="ignore"):
                        b = evaluation.value(false, bound)
                        if not compare("=", a, b, ROUNDING).holds:
                            return False
                except UNFIT:
                    return False
                asked += 1
            return asked > 0

        return equal

    def _formal(
        self, body: Node, places: Callable[[Case], Iterable[Scope]]
    ) -> Iterator[tuple[FormalEvaluation, Scope, Any]]:
        """What a right side is worth where its symbols are tied to nothing."""
        for number, (case, bound) in enumerate(_mixed(self.cases, places)):
            evaluation = FormalEvaluation(
                case.worth, real=case.evaluation(), number=number, within=self._inside
            )
            try:
                with np.errstate(all="ignore"):
                    a = evaluation.value(body, bound)
            except UNFIT:
                continue
            if np.isfinite(a).all():  # the root of a negative number tells nothing
                yield evaluation, bound, a

    def _inside(self, name: Name, value: Any) -> Any:
        return self.within[name](value) if name in self.within else value


def _mixed(
    cases: Sequence[Case], places: Callable[[Case], Iterable[Scope]]
) -> Iterator[tuple[Case, Scope]]:
    """A place of each draw, in any order, then the others: at the first ones most indices are 0,
    where ``i + u`` is ``2 i + u``."""
    rng = np.random.default_rng(0)
    others: list[tuple[Case, Scope]] = []
    for number in rng.permutation(len(cases)):
        found = list(places(cases[number]))
        rng.shuffle(found)
        yield from ((cases[number], bound) for bound in found[:1])
        others += ((cases[number], bound) for bound in found[1:])
    yield from others


def _places(case: Case, name: Name) -> Iterator[Scope]:
    if name.arguments:
        letters = [argument[0].text for argument in name.arguments]
        yield {letter: 0.37 + k for k, letter in enumerate(letters)}
        yield {letter: 1.0 - k % 2 for k, letter in enumerate(letters)}
        return
    yield from _asked(case.memory, name)


def _asked(memory: Mapping[Any, Any], name: Name) -> Iterator[Scope]:
    """The indices at which a name was evaluated, also where something else was moved meanwhile."""
    for key, value in list(memory.items()):  # what is evaluated meanwhile is added to it
        if len(key) == 2 and key[0] is name:
            yield dict(zip(name.indices, key[1], strict=True))
        elif isinstance(value, Evaluation):
            yield from _asked(value.memory, name)


def _false(body: Node, held: Tried) -> Iterator[tuple[str, Node]]:
    """The false versions of a right side that nothing has refused so far."""
    turned = Node("sum", (body,), ("-",))  # what nothing notices, nothing evaluates
    if TURNED not in held.refused:
        yield TURNED, turned
    for version in false_versions(Relation((body,), ()), lambda node: []):
        false = version.relation.sides[0]
        told = f"{version.kind}: {version.place}; as {shown(false)}"
        if version.kind in ("number", "factor", "term") and version.says_something:
            held.matters.add(told)
        if told not in held.refused and told not in held.equal:
            yield told, false
