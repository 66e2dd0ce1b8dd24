"""One equation in all draws: whether it holds, and whether its false versions fail."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from engine.equations.check import Change, Verdict
from engine.equations.draws import DRAWS
from engine.equations.evaluate import UNFIT, Evaluation, NoValue, Scope, Worth, fits, numbers
from engine.equations.false_versions import Version, false_versions
from engine.equations.formal import DRAWS as FORMAL_DRAWS
from engine.equations.formal import FormalEvaluation
from engine.equations.names import Name
from engine.equations.plain import Plain
from engine.equations.tree import Node, Relation
from engine.faults import Fault

#: A false version must fail in so many draws.
ENOUGH = DRAWS // 4

#: After so many draws in which a false version never fails, algebra is asked first.
SOME = 6

#: How far the sides of an equation may be apart, relative to their length: where something is
#: measured, and where all is only computed.
ROUNDING, EXACT = 2e-7, 1e-11

#: So much of a number may be left out where it is printed after ≈.
LITTLE = 0.001

#: What is measured: derivatives, and where something is least.
MEASURED = ("derivative", "slope", "argmin")

#: A bound is tight where its sides are that close, and has to come this close at least once.
NEAR, CLOSEST = 0.01, 1e-6

Calls = dict[str, list[tuple[tuple[Any, ...], Any]]]


@dataclass
class Case:
    """One draw, ready to be evaluated."""

    number: int
    tight: bool
    worth: Worth
    letters: Sequence[str]
    memory: dict[Any, Any] = field(default_factory=dict)
    needs: dict[Any, Any] = field(default_factory=dict)
    calls: Calls = field(default_factory=dict)
    """Of the functions that a check gives, some arguments that were asked, and the answers."""

    def evaluation(self) -> Evaluation:
        """What evaluates in this draw; what is measured once is known to all that do."""
        return Evaluation(self.worth, memory=self.memory, needs=self.needs)

    def scopes(self, letters: Sequence[str]) -> list[Scope]:
        """The values of these letters, each with each, in the order the check names them."""
        scopes: list[Scope] = [{}]
        for letter in self.letters:
            if letter in letters:
                each = self.worth.memory["each", letter]
                scopes = [{**scope, letter: value} for scope in scopes for value in each(scope)]
        return scopes


@dataclass(frozen=True)
class Compared:
    """How two sides compare under a relation."""

    error: float
    holds: bool
    gap: float = np.inf
    """How far the sides of a bound are apart, relative to their size, where they come closest."""

    @property
    def near(self) -> bool:
        return self.gap <= NEAR


@dataclass
class Equation:
    """A relation, evaluated in all cases; ``faults_of_…`` say what is wrong, and what to do."""

    tag: str
    relation: Relation
    cases: list[Case]
    within: Mapping[Name, Callable[[Any], Any]]
    allowed: float | None = None
    exact: bool = False
    """Whether nothing on its sides, or in what they are made of, is measured."""
    loose: str = ""
    spared: Mapping[str, Relation] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    largest_error: float = 0.0

    def __post_init__(self) -> None:
        free = {letter for side in self.relation.sides for letter in side.free}
        self._letters = [letter for letter in self.cases[0].letters if letter in free]
        self._values: list[list[tuple[Scope, list[Any]]]] = []
        self._gaps: list[float] = []
        self._made: dict[Any, Any] = {}
        self._formal: dict[int, FormalEvaluation] = {}
        self._sides: dict[Any, Any] = {}

    @property
    def is_bound(self) -> bool:
        return any(sign in "≤≥<>" for sign in self.relation.signs)

    @property
    def is_near(self) -> bool:
        """Whether the sides of a bound come close in one of the cases that have been evaluated."""
        return any(gap <= NEAR for gap in self._gaps)

    # --- the equation itself --------------------------------------------------------------------

    def faults_of_sides(self) -> Iterator[tuple[str, str]]:
        """Where the sides do not compare as the formula says."""
        for case in self.cases:
            try:
                values = self._values_in(case)
                compared = [self._compare(sides) for _, sides in values]
            except Exception as error:
                told = str(error) if isinstance(error, NoValue) else _told(error)
                yield (
                    f"the equation ({self.tag}) cannot be evaluated in draw {case.number}: {told}",
                    "give its symbols values that fit, or correct the formula",
                )
                return
            self._values.append(values)
            self._gaps.append(min((one.gap for one in compared), default=np.inf))
            errors = [one.error for one in compared]
            self.largest_error = max([self.largest_error, *errors])
            if not all(one.holds for one in compared):
                worst = int(np.argmax([0 if one.holds else one.error for one in compared]))
                yield (
                    f"the equation ({self.tag}) does not hold in draw {case.number}"
                    f"{_where(values[worst][0])}: {_sides(values[worst][1])}",
                    "correct the formula on the page, or what its symbols are worth in checks/",
                )
                return
        if not any(self._values):
            yield (
                f"the equation ({self.tag}) is evaluated nowhere: its letters run over nothing",
                "give its letters something to run over",
            )
        elif self.is_bound and self.tag:  # a reason has none
            yield from self._faults_of_tightness()

    def _faults_of_tightness(self) -> Iterator[tuple[str, str]]:
        tight = sum(gap <= NEAR for gap in self._gaps)
        if not self.loose and tight < ENOUGH:
            yield (
                f"the bound ({self.tag}) comes within 1 % of equality in {tight} of {DRAWS} draws, "
                f"of which it must in {ENOUGH}",
                "construct it where draw.tight, or say on the page that it is not attained, and "
                'why: worth(…, loose={"tag": "reason"})',
            )
        elif not self.loose and min(self._gaps) > CLOSEST:
            yield (
                f"the bound ({self.tag}) never comes within a millionth of equality",
                "construct that in one of the draws that are draw.tight",
            )
        if self.loose and tight:
            yield (
                f"the bound ({self.tag}) is said not to be attained, and it is",
                "take the reason out",
            )

    def _values_in(self, case: Case) -> list[tuple[Scope, list[Any]]]:
        evaluation = case.evaluation()
        return [
            (scope, [evaluation.value(side, scope) for side in self.relation.sides])
            for scope in case.scopes(self._letters)
        ]

    def _compare(self, sides: list[Any], signs: tuple[str, ...] | None = None) -> Compared:
        found = [
            compare(sign, left, right, self._allowed(sign))
            for sign, left, right in zip(
                signs or self.relation.signs, sides, sides[1:], strict=False
            )
        ]
        return Compared(
            max(one.error for one in found),
            all(one.holds for one in found),
            min(one.gap for one in found),
        )

    def _allowed(self, sign: str) -> float:
        if sign != "≈":
            return EXACT if self.exact else ROUNDING
        if self.allowed is not None:
            return self.allowed
        return printed_digits(self.relation)

    # --- false versions -------------------------------------------------------------------------

    def faults_of_false_versions(self) -> Iterator[tuple[str, str]]:
        """False versions that do not fail often enough, and are not equal by algebra."""
        used: set[str] = set()
        made = list(false_versions(self.relation, self._alike))
        for version in made or false_versions(self.relation, self._alike_on_the_page):
            failed, tried = self._failures(version, SOME)
            equal = not failed and tried == SOME and self._equal_by_algebra(version)
            if not equal and failed < ENOUGH:
                failed, tried = self._failures(version)
            if failed >= ENOUGH:
                self.changes.append(Change(version.kind, version.place, failed, tried))
                continue
            told = f"{version.kind}: {version.place}"
            equal = equal or self._equal_by_algebra(version)
            if equal and version.says_something:
                yield (
                    f"a false version of ({self.tag}) is equal for all values ({told}; as "
                    f"{shown(version.relation.sides[version.side])})",
                    "leave out of the formula what says nothing",
                )
                continue
            if equal:
                change = Change(version.kind, version.place, failed, tried, equal=True)
            elif told in self.spared and self._true(self.spared[told]):
                used.add(told)
                reason = self.reasons[told]
                change = Change(version.kind, version.place, failed, tried, spared=reason)
            elif self.loose and self._weaker(version):
                reason = self.loose
                change = Change(version.kind, version.place, failed, tried, spared=reason)
            else:
                yield (
                    f"a false version of ({self.tag}) fails in {failed} of {DRAWS} draws only "
                    f"({told}; as {shown(version.relation.sides[version.side])})",
                    "draw values on which it shows; if it is true here, say by which relation: "
                    f'spared={{"{self.tag}": {{"{told}": "…"}}}}',
                )
                continue
            self.changes.append(change)
        for told in self.spared.keys() - used:
            yield (
                f"({self.tag}) spares a false version that is none, or is not true: {told}",
                "take it out, or correct the relation",
            )

    def _failures(self, version: Version, most: int = 2 * DRAWS) -> tuple[int, int]:
        """In how many draws the version fails, of how many tried: until it is enough. Draws whose
        letters run over less come first, which take less time."""
        failed = tried = 0
        for case, values, near in self._by_length():
            if not values or tried == most:
                continue
            tried += 1
            failed += self._fails(version, case, values, near)
            if failed >= ENOUGH:
                break
        return failed, tried

    def _by_length(self) -> list[tuple[Case, list[tuple[Scope, list[Any]]], bool]]:
        near = [gap <= NEAR for gap in self._gaps]
        drawn = zip(self.cases, self._values, near, strict=True)
        return sorted(drawn, key=lambda one: len(one[1]))

    def _fails(
        self, version: Version, case: Case, values: list[tuple[Scope, list[Any]]], near: bool
    ) -> bool:
        evaluation = case.evaluation()
        seen_near = False
        for scope, sides in values:
            if version.kind == "relation":
                changed = sides
            else:
                try:
                    with np.errstate(all="ignore"):
                        value = evaluation.value(version.relation.sides[version.side], scope)
                except UNFIT:
                    return True
                changed = [*sides[: version.side], value, *sides[version.side + 1 :]]
            with np.errstate(all="ignore"):
                compared = self._compare(changed, version.relation.signs)
            if not compared.holds:
                return True
            seen_near = seen_near or compared.near
        # A bound that is weaker where the true one is tight is not the printed one.
        return self.is_bound and near and not seen_near

    def _weaker(self, version: Version) -> bool:
        """Whether a changed bound holds, and says less than the printed one."""
        for case, values in zip(self.cases, self._values, strict=True):
            if values and self._fails(version, case, values, near=False):
                return False
        return True

    def _true(self, relation: Relation) -> bool:
        """Whether the relation that makes a version true does hold in all draws, and says
        something: what is equal for all values makes nothing true."""
        reason = Equation("", relation, self.cases, self.within)
        return not list(reason.faults_of_sides()) and not reason.says_nothing(frozenset())

    def _equal_by_algebra(self, version: Version) -> bool:
        if version.kind == "relation":
            return False
        ours, theirs = self.relation.sides[version.side], version.relation.sides[version.side]
        asked = 0
        for case, values in zip(self.cases, self._values, strict=True):
            if values and asked not in self._formal:
                self._formal[asked] = FormalEvaluation(
                    case.worth,
                    real=case.evaluation(),
                    number=asked,
                    made=self._made,
                    within=self._inside,
                )
            for scope, _ in values[:3]:
                evaluation = self._formal[asked]
                try:
                    with np.errstate(all="ignore"):
                        a = self._formally(evaluation, version.side, scope)
                        b = evaluation.value(theirs, scope)
                        if not compare("=", a, b, ROUNDING).holds:
                            return False
                except UNFIT:
                    return False
            asked += bool(values)
            if asked >= (DRAWS if ours.has_conditions else FORMAL_DRAWS):
                break
        return asked > 0

    def _formally(self, evaluation: FormalEvaluation, side: int, scope: Scope) -> Any:
        """What a side is worth where its symbols are tied to nothing. Raises what it raises."""
        key = evaluation.number, side, tuple(scope.items())
        if key not in self._sides:
            self._sides[key] = evaluation.value(self.relation.sides[side], scope)
        return self._sides[key]

    def says_nothing(self, written: frozenset[Name]) -> bool:
        """Whether two sides are equal for all values, with what these names are written as in
        their place. Only what is tied to nothing is drawn here, not even to the table."""
        sides = self.relation.sides
        return any(
            sign in "=≈" and self._alike_for_all(a, b, written)
            for sign, a, b in zip(self.relation.signs, sides, sides[1:], strict=False)
        )

    def only_restates(self, name: Name, plain: Plain, names: Mapping[str, Name]) -> bool:
        """Whether a symbol that makes up one side is given as arithmetic that is, for all values,
        the side beside it."""
        for at, side in enumerate(self.relation.sides):
            if side.kind == "symbol" and side.info[0] is name:
                for other in self.relation.sides[max(at - 1, 0) : at + 2]:
                    if other is not side and self._restates(other, plain, names):
                        return True
        return False

    def _restates(self, other: Node, plain: Plain, names: Mapping[str, Name]) -> bool:
        asked = 0
        for case, values in zip(self.cases, self._values, strict=True):
            for scope, _ in values[:1]:
                evaluation = FormalEvaluation(case.worth, real=case.evaluation(), number=asked)
                try:
                    with np.errstate(all="ignore"):
                        said = evaluation.value(other, scope)
                        leaves = {
                            letter: case.worth.plain(evaluation.worth_of(names[key], (), ()))
                            for letter, key in plain.symbols.items()
                        }
                        found = case.worth.oriented(plain.value(leaves))
                    if not compare("=", said, found, ROUNDING).holds:
                        return False
                except UNFIT:
                    return False
            asked += bool(values)
        return asked > 0

    def _alike_for_all(self, a: Node, b: Node, written: frozenset[Name]) -> bool:
        asked = 0
        for case, values in zip(self.cases, self._values, strict=True):
            for scope, _ in values[:3]:
                real = case.evaluation()
                evaluation = FormalEvaluation(case.worth, real=real, number=asked, through=written)
                try:
                    with np.errstate(all="ignore"):
                        sides = evaluation.value(a, scope), evaluation.value(b, scope)
                    if not compare("=", *sides, ROUNDING).holds:
                        return False
                except UNFIT:
                    return False
            asked += bool(values)
        return asked > 0

    def _inside(self, name: Name, value: Any) -> Any:
        return self.within[name](value) if name in self.within else value

    def _alike(self, node: Node) -> list[Node]:
        """The symbols of the equation that have this one's shape in all draws, and its letters."""
        if node.kind == "local":
            letters = [letter for letter in self._letters if letter != node.info]
            return [Node("local", info=letter, tex=letter) for letter in letters]
        _name, count = node.info
        if len(node.parts) != count:
            return []
        others = {
            one.info[0]
            for side in self.relation.sides
            for one in side.walk()
            if one.kind == "symbol" and len(one.parts) == one.info[1] == count
        }
        return self._in_place_of(node, others)

    def _alike_on_the_page(self, node: Node) -> list[Node]:
        """The same among all symbols that these draws know."""
        if node.kind != "symbol" or len(node.parts) != node.info[1]:
            return []
        known = {name for case in self.cases for name in case.worth.shapes}
        return self._in_place_of(
            node, {name for name in known if len(name.indices) == node.info[1]}
        )

    def _in_place_of(self, node: Node, names: set[Name]) -> list[Node]:
        name, count = node.info
        return [
            Node("symbol", node.parts, (other, count), other.key)
            for other in sorted(names, key=lambda one: one.key)
            if other is not name and self._same_shape(name, other)
        ]

    def _same_shape(self, a: Name, b: Name) -> bool:
        shapes = [(case.worth.shapes.get(a), case.worth.shapes.get(b)) for case in self.cases]
        return all(x == y for x, y in shapes if x is not None and y is not None)

    # --- what is told ---------------------------------------------------------------------------

    def verdict(self, symbols: tuple[tuple[str, str], ...], faults: tuple[Fault, ...]) -> Verdict:
        sign = " ".join(self.relation.signs)
        return Verdict(
            self.tag,
            sign,
            len(self.cases),
            float(self.largest_error),
            self._allowed(self.relation.signs[0]),
            tuple(self.changes),
            symbols,
            faults,
        )


def compare(sign: str, left: Any, right: Any, allowed: float) -> Compared:
    """How two values compare; shapes that do not fit do not hold."""
    if isinstance(left, int | float) and isinstance(right, int | float):
        return _compare_numbers(sign, float(left), float(right), allowed)
    alike = fits(left, right) and (np.size(left) == 1) == (np.size(right) == 1)
    empty_sum = any(type(side) is int and side == 0 for side in (left, right))
    if not alike and not empty_sum:
        return Compared(np.inf, holds=False)
    kind = complex if np.iscomplexobj(left) or np.iscomplexobj(right) else float
    if kind is complex and sign not in ("=", "≈"):  # a false version may be made of one
        return Compared(np.inf, holds=False)
    a, b = np.asarray(left, kind).ravel(), np.asarray(right, kind).ravel()
    if not np.all(np.isfinite(a)) or not np.all(np.isfinite(b)):
        return Compared(np.inf, holds=False)
    if sign in ("=", "≈"):
        missed = float(np.linalg.norm(a - b))
        if sign == "≈":
            return Compared(missed, missed <= allowed)
        error = missed / max(float(np.linalg.norm(a)), float(np.linalg.norm(b)), 1e-3)
        return Compared(error, error <= allowed)
    low, high = (a, b) if sign in ("≤", "<") else (b, a)
    size = np.maximum(np.abs(low), np.abs(high))
    error = float(np.max((low - high) / np.maximum(size, 1e-3)))
    apart = np.full(size.shape, np.inf)  # 0 ≤ 0 says nothing of the bound
    gap = float(np.min(np.divide(np.abs(high - low), size, out=apart, where=size > 0)))
    holds = error <= allowed
    if sign in "<>":  # what is attained is no <
        holds = bool(np.all(high - low > allowed * np.maximum(np.abs(low), np.abs(high))))
    return Compared(max(error, 0.0), holds, gap)


def _compare_numbers(sign: str, a: float, b: float, allowed: float) -> Compared:
    """The same of two numbers, for which arrays would take most of the time."""
    if not math.isfinite(a) or not math.isfinite(b):
        return Compared(np.inf, holds=False)
    if sign in ("=", "≈"):
        missed = abs(a - b)
        if sign == "≈":
            return Compared(missed, missed <= allowed)
        error = missed / max(abs(a), abs(b), 1e-3)
        return Compared(error, error <= allowed)
    low, high = (a, b) if sign in ("≤", "<") else (b, a)
    size = max(abs(low), abs(high))
    error = (low - high) / max(size, 1e-3)
    gap = abs(high - low) / size if size else math.inf
    holds = error <= allowed
    if sign in "<>":
        holds = high - low > allowed * max(abs(low), abs(high))
    return Compared(max(error, 0.0), holds, gap)


def printed_digits(relation: Relation) -> float:
    """Half a unit of the last digit of the number that stands on one side of ≈, if that is little
    of it: about 0 may be all that is small."""
    for side in relation.sides:
        if side.kind == "number":
            half = float(0.5 * 10.0 ** -len(side.tex.partition(".")[2]))
            return half if half < LITTLE * abs(side.info) else ROUNDING
    return ROUNDING


def shown(node: Node) -> str:
    """A changed tree in words short enough for a message."""
    if node.kind in ("number", "local", "label"):
        return f"{node.info:g}" if node.kind == "number" else str(node.info)
    inner = ", ".join(map(shown, node.parts))
    if node.kind == "symbol":
        return f"{node.info[0].key}" + (f"[{inner}]" if inner else "")
    if node.kind == "sum":
        pairs = zip(node.info, node.parts, strict=True)
        return "(" + " ".join(f"{sign} {shown(part)}" for sign, part in pairs) + ")"
    if node.kind == "product":
        signs = ("", *(sign or "·" for sign in node.info))
        return " ".join(f"{s} {shown(p)}" for s, p in zip(signs, node.parts, strict=True)).strip()
    name = node.info if node.kind == "call" else node.kind
    return f"{name}({inner})"


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def _where(scope: Scope) -> str:
    told = ", ".join(f"{letter} = {value}" for letter, value in scope.items())
    return f" at {told}" if told else ""


def _sides(values: list[Any]) -> str:
    return " against ".join(map(shown_value, values))


def shown_value(value: Any) -> str:
    """A number or an array, short enough for a message."""
    return " ".join(np.array2string(numbers(value), precision=4, threshold=6).split())
