r"""What relations in sentences are worth; as a process, the one that evaluates them.

Numbers are compared as they are printed: ``0.517 \cdot 0.462 = 0.2389`` holds if it does when
rounded. What has symbols is evaluated in the draws of the page's checks, with the page's own
definitions, and holds if it does so in all draws of one of them; what no check knows is drawn as
the page's table says, and a letter that is not in the table as a number. See
engine/equations/relations.py for the other side.
"""

from __future__ import annotations

import functools
import importlib
import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from engine.child import answer
from engine.equations.check import World
from engine.equations.domains import Domain, spelling
from engine.equations.draws import Draw, NotInTable
from engine.equations.equation import Case, Equation, shown_value
from engine.equations.evaluate import UNFIT, Evaluation, Worth, number_of
from engine.equations.names import Name, name_of
from engine.equations.parser import RELATIONS, Names, parse, parse_expression
from engine.equations.tokens import NotUnderstood, Token, spelled
from engine.equations.trace import Trace
from engine.equations.tree import Node, Relation
from engine.equations.verify import Request, Tex, WorldCheck, request_of

#: What is seen of a relation that gives a letter its meaning, and can be neither true nor false.
LETTER = "it says what a letter is"

#: What is seen of a bound that might as well be another.
FAR = "no draw comes near the bound"

BOUNDS = "<>≤≥"

#: So many draws of each check are asked.
DRAWS = 6

#: The states of a relation: it holds, it does not, or it is not understood.
HOLDS, FALSE, UNREAD = "holds", "false", "unread"

#: Letters that are drawn at most.
MOST_LETTERS = 4

#: Functions that need no check, by their names in formulas.
FUNCTIONS = {
    r"\sigma(z)": lambda z: 1 / (1 + np.exp(-z)),
    r"\operatorname{relu}(z)": lambda z: np.maximum(z, 0),
}

State = tuple[str, str]


class Few(WorldCheck):
    """A check, drawn a few times, and not compared with code; what only the code gives counts as
    given."""

    numbers = tuple(range(DRAWS))

    def _prepare(self, tex: Tex) -> None:
        if not self.world.tags and self.by_code:
            new = [key for key in self.by_code[0] if self.is_new(key, tex)]
            for (_, values), by_code in zip(self.drawn, self.by_code, strict=True):
                values.update({key: by_code[key] for key in new})
        self.by_code = []
        super()._prepare(tex)

    def listed(self, token: Token) -> tuple[str, Token] | None:
        return _listed(self.request.domains, token)


def evaluate_all(trace: Trace, request: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Answer for each page with the state of each of its relations, and what was seen."""
    for told in request:
        relations = told.pop("relations")
        yield {"states": states(request_of(told), relations, trace)}


def states(request: Request, relations: list[str], trace: Trace) -> list[State]:
    """One for each relation, in order."""
    checks = _checks(request, trace)
    texs = [*relations, *FUNCTIONS, *(one.tex for one in request.definitions)]
    tex = Tex(request.katex, texs + [key for check in checks for key in check.tex_needed()])
    for check in checks:
        try:
            check._prepare(tex)
        except NotUnderstood as error:
            check.fault(str(error), "")
    ready = [check for check in checks if check.cases and not check.faults]
    return [_state(one, tex, ready, request.domains) for one in relations]


def _checks(request: Request, trace: Trace) -> list[Few]:
    """The checks of the page; none where they cannot be imported, which is told elsewhere."""
    try:
        module = importlib.import_module(f"checks.{request.module}")
    except (Exception, SystemExit):
        return []
    worlds = [value for value in vars(module).values() if isinstance(value, World)]
    few = (world if not world.tags else replace(world, by_code=None) for world in worlds)
    return [Few(world, request, trace) for world in few]


def _state(told: str, tex: Tex, checks: list[Few], domains: Mapping[str, Domain]) -> State:
    try:
        tokens = tex.tokens(told)
    except NotUnderstood as error:
        return UNREAD, str(error)
    sides, signs = _sides(tokens)
    by_numbers = _of_numbers(sides, signs)
    if by_numbers:
        return by_numbers
    if "≈" in signs or not signs or not {*signs} <= {*RELATIONS} - {"≔"}:
        return UNREAD, "a sign that says too little"
    found: State = (UNREAD, "no check has all its symbols")
    for check in checks:
        state = _in_check(tokens, check)
        if state[0] == HOLDS:
            return state
        found = max(found, state, key=lambda one: one[0] == FALSE)
    if found[0] == UNREAD:
        return _with_letters(tokens, tex, domains)
    return found


def _sides(tokens: tuple[Token, ...]) -> tuple[list[tuple[Token, ...]], list[str]]:
    sides: list[tuple[Token, ...]] = [()]
    signs: list[str] = []
    depth = 0
    for token in tokens:
        depth += (token.kind == "open") - (token.kind == "close")
        if token.kind == "relation" and not depth:
            signs.append(token.text)
            sides.append(())
        else:
            sides[-1] += (token,)
    return sides, signs


# --- numbers -------------------------------------------------------------------------------------


def _of_numbers(sides: list[tuple[Token, ...]], signs: list[str]) -> State | None:
    """What is seen of the sides that have no symbols; None where no two of them are compared."""
    read = [_number(side, "≈" in signs) for side in sides]
    compared = 0
    for left, sign, right in zip(read, signs, read[1:], strict=False):
        if left is None or right is None:
            continue
        compared += 1
        if not _compares(sign, left, right):
            return FALSE, f"{shown_value(left[0])} against {shown_value(right[0])}"
    return (HOLDS, "") if compared else None


def _number(side: tuple[Token, ...], about: bool) -> tuple[float, float] | None:
    """What a side without symbols is worth, and how far it may be off since it is rounded."""
    try:
        node = parse_expression(side, Names([]))
        value = number_of(Evaluation(Worth({}, {})).value(node, {}))
    except (NotUnderstood, *UNFIT):
        return None
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return (float(value), _unit(node, about) / 2) if is_number else None


def _unit(node: Node, about: bool) -> float:
    """The worth of the last printed digit, where the side is nothing but a number; where it is
    only about that, also if it is a number times a power of ten, of which whole digits are kept."""
    if node.kind == "sum" and len(node.parts) == 1:
        return _unit(node.parts[0], about)
    if (
        about
        and node.kind == "product"
        and [part.kind for part in node.parts] == ["number", "power"]
    ):
        digits, power = node.parts
        base, exponent = power.parts
        if base.kind == "number" and base.info == 10:
            worth = number_of(Evaluation(Worth({}, {})).value(exponent, {}))
            return (_unit(digits, about) or 1.0) * float(10.0**worth)
    if node.kind != "number" or "." not in node.tex:
        return 0.0
    return float(10.0 ** -len(node.tex.partition(".")[2]))


def _compares(sign: str, left: tuple[float, float], right: tuple[float, float]) -> bool:
    (a, slack), (b, more) = left, right
    size = max(abs(a), abs(b))
    rounding = 1e-9 * (size if a and b else max(size, 1e-3))  # what should be 0 has no size
    allowed = max(slack, more) * (1 + 1e-9) + rounding
    if sign == "≈":
        allowed = max(allowed, 0.05 * size if not (slack or more) else 0.0)
    match sign:
        case "=" | "≈":
            return abs(a - b) <= allowed
        case "<" | "≤":
            return a < b if sign == "<" else a <= b + allowed
        case ">" | "≥":
            return a > b if sign == ">" else a >= b - allowed
    return True


# --- symbols -------------------------------------------------------------------------------------


def _in_check(tokens: tuple[Token, ...], check: Few) -> State:
    """What is seen in the draws of a check; what it does not give is drawn by the page's table."""
    known: dict[str, Name] = {}
    relation, why = _read(tokens, check.names.all, frozenset(check.letters), known, check.listed)
    if relation is None:
        return UNREAD, why
    drawn = zip(check.cases, check.drawn, strict=True)
    try:
        cases = [_with_drawn(case, draw, known) for case, (draw, _) in drawn]
    except NotInTable as error:
        return UNREAD, error.args[0]
    found = _evaluated(relation, cases)
    is_bound = any(sign in BOUNDS for sign in relation.signs)
    if known and (found[0] == FALSE or is_bound):
        return UNREAD, f"no check gives {', '.join(known)}"
    return found


def _far_bounds(relation: Relation, cases: list[Case]) -> Iterator[bool]:
    """Of each bound, but for those that are numbers, whether no draw comes near it: then another
    one might stand there as well."""
    for at, sign in enumerate(relation.signs):
        sides = relation.sides[at : at + 2]
        if sign in BOUNDS and not any(side.kind == "number" for side in sides):
            pair = Equation("", Relation(sides, (sign,)), cases, {})
            yield bool(list(pair.faults_of_sides())) or not pair.is_near


def _read(
    tokens: tuple[Token, ...],
    names: list[Name],
    letters: frozenset[str],
    known: dict[str, Name],
    spelling_of: Callable[[Token], tuple[str, Token] | None],
) -> tuple[Relation | None, str]:
    """A relation, and in ``known`` the symbols that have no value yet; or why it is not read."""
    for _ in range(MOST_LETTERS + 1):
        try:
            return parse(tokens, Names([*names, *known.values()]), letters), ""
        except NotUnderstood as error:
            what, _, piece = str(error).partition(": ")
            token = next((t for t in _letters(tokens) if spelled([t]) == piece), None)
            found = spelling_of(token) if token else None
            if what != "a symbol without a value" or not found or found[0] in known:
                return None, str(error)
            known[found[0]] = Name(found[0], (found[1],))
    return None, "more letters than are drawn"


def _with_drawn(case: Case, draw: Draw, known: dict[str, Name]) -> Case:
    """The same draw with values for what nothing gives."""
    if not known:
        return case
    worth = case.worth
    given = {**worth.given, **{name: draw(key) for key, name in known.items()}}
    each = {key: value for key, value in worth.memory.items() if key[0] == "each"}
    changed = replace(worth, given=given, memory=each, shapes={})
    return Case(case.number, case.tight, changed, case.letters)


def _evaluated(relation: Relation, cases: list[Case]) -> State:
    equation = Equation("", relation, cases, {})
    with np.errstate(all="ignore"):
        faults = list(equation.faults_of_sides())
        if not faults:
            return (UNREAD, FAR) if any(_far_bounds(relation, cases)) else (HOLDS, "")
    what = faults[0][0]
    if "does not hold" in what:
        return FALSE, what.partition("does not hold ")[2]
    return UNREAD, what


def _with_letters(tokens: tuple[Token, ...], tex: Tex, domains: Mapping[str, Domain]) -> State:
    """The same where all is drawn by the table, or as a number, and functions are those of all
    books."""
    functions = {name_of(key, tex.tokens(key), worth): worth for key, worth in FUNCTIONS.items()}
    known: dict[str, Name] = {}
    called = {one.text for one, after in itertools.pairwise(tokens) if after.text == "("}

    def spelling_of(token: Token) -> tuple[str, Token] | None:
        plain = None if token.text in called else _plain(token)
        return _listed(domains, token) or plain

    relation, why = _read(tokens, [*functions], frozenset(), known, spelling_of)
    if relation is None:
        return UNREAD, why
    if any(side.kind == "symbol" and side.info[0] in known.values() for side in relation.sides):
        return UNREAD, LETTER
    drawn = []
    for number in range(DRAWS):
        draw = Draw(number, domains)
        worths = {name: _drawn(draw, key) for key, name in known.items()}
        drawn.append(Case(number, False, Worth({**functions, **worths}, {}), ()))
    return _evaluated(relation, drawn)


def _listed(domains: Mapping[str, Domain], token: Token) -> tuple[str, Token] | None:
    """How the page's table writes a symbol, with or without what may be its power."""
    for one in (token, replace(token, sup=()), token.bare):
        domain = domains.get(spelling(spelled([one])))
        if domain and domain.kind:
            return spelled([one]), one
    return None


def _plain(token: Token) -> tuple[str, Token] | None:
    """A letter without an index, which may stand for any number."""
    one = replace(token, sup=())
    return None if token.sub or token.primes else (spelled([one]), one)


def _drawn(draw: Draw, key: str) -> Any:
    try:
        return draw(key)
    except NotInTable:
        return float(draw.rng.normal())


def _letters(tokens: tuple[Token, ...]) -> Iterator[Token]:
    for token in tokens:
        if token.kind == "letter":
            yield token
        for part in (*token.parts, token.sub, token.sup):
            yield from _letters(part)


if __name__ == "__main__":
    with Trace(Path.cwd() / "snippets") as watching:
        answer(functools.partial(evaluate_all, watching))
