"""What it means for an equation to hold; as a process, the one that evaluates checks.

A request names modules of ``checks/`` with the formulas, definitions and domains of the page that
each belongs to; each is answered with the verdicts on its equations by tag, or with what went
wrong when it was imported. See engine/equations/equations.py for the other side.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import time
import types
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from engine.child import answer, failure_of
from engine.equations.branches import (
    polynomials_under_a_root,
    roots_undone,
    squares_with_a_number,
    ways_not_taken,
)
from engine.equations.check import Each, Formula, Values, Verdict, World, without_result
from engine.equations.definitions import Needs, Reason, Tried
from engine.equations.degrees import not_told_apart, numbers_unlike
from engine.equations.domains import Domain, from_json, spelling
from engine.equations.draws import (
    DRAWS,
    IN_TABLE,
    LARGE,
    LONG,
    Draw,
    NotInTable,
    faults_of_coverage,
    outside_of,
)
from engine.equations.equation import (
    MEASURED,
    ROUNDING,
    Calls,
    Case,
    Equation,
    compare,
    shown_value,
)
from engine.equations.evaluate import Evaluation, Mean, NoValue, Scope, Worth
from engine.equations.names import Name, defined_name, name_of
from engine.equations.needed import names_in, names_of
from engine.equations.page_code import PageCode
from engine.equations.parser import Names, parse, parse_expression
from engine.equations.plain import plain_values
from engine.equations.restated import LEAVE_OUT, Restated, faults_of_open, place_of, places_used
from engine.equations.stated_shapes import REMEDY as SHAPE_REMEDY
from engine.equations.stated_shapes import faults_of_shapes
from engine.equations.tokens import NotUnderstood, Token, read, spelled
from engine.equations.trace import Trace
from engine.equations.tree import Node, Relation
from engine.faults import Fault
from engine.formulas.katex import ask_node

#: A draw that takes longer, in seconds of the processor, is refused.
MOST_SECONDS = 1.0

#: What ≈ may leave out where no digits are printed.
MOST_WITHIN = 1e-5

#: So many calls of a function that a check gives are looked at once more.
REPEATED = 6

#: What to write in the place of what no draw tells from something else.
UNLIKE = "write it by a square, a norm, or a rounded number after ≈"

OTHER_MEANS = "compute it by other means: draw it, a plain loop, SciPy, a numerical derivative"


#: One draw, a place in it, and what the page's code makes of a symbol there.
CodeValue = tuple[Case, Scope, Any]

#: Where a fault is that concerns what the page prints, with the number of the formula in the place
#: of the line, which the other side knows.
ON_PAGE = Path("<page>")


@dataclass(frozen=True)
class Printed:
    """A formula of a page."""

    tag: str
    tex: str
    number: int
    """Its place among the display formulas of the page."""

    def fault(self, what: str, remedy: str) -> Fault:
        return Fault(ON_PAGE, self.number, what, remedy)


@dataclass(frozen=True)
class Request:
    """One module of ``checks/``, and what its page prints."""

    module: str
    formulas: dict[str, Printed]
    definitions: tuple[Printed, ...]
    domains: dict[str, Domain]
    katex: Path
    """The folder of KaTeX, which reads the TeX."""
    code: dict[str, list[str]]
    """The statements of the page's code that the module asks for, by what they bind."""


def request_of(told: dict[str, Any]) -> Request:
    printed = [Printed(**one) for one in told["formulas"]]
    return Request(
        told["module"],
        {one.tag: one for one in printed if one.tag},
        tuple(one for one in printed if not one.tag),
        from_json(told["domains"]),
        Path(told["katex"]),
        told["code"],
    )


class Tex:
    """Tokens of TeX, read by KaTeX; all that a module needs in one run."""

    def __init__(self, katex: Path, texs: list[str]) -> None:
        distinct = list(dict.fromkeys(texs))
        answers = ask_node([{"tex": tex, "tree": True} for tex in distinct], katex)
        self._answers = dict(zip(distinct, answers, strict=True))

    def tokens(self, tex: str) -> tuple[Token, ...]:
        """Raises NotUnderstood."""
        told = self._answers[tex]
        if "error" in told:
            raise NotUnderstood(told["error"])
        return read(told["tree"])


def verify_all(trace: Trace, request: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Answer for each module: its verdicts by tag, or its failure."""
    for told in request:
        asked = request_of(told)
        try:
            verdicts, held, faults = verify_module(asked, trace)
        except (Exception, SystemExit) as error:
            yield {"module": asked.module, "failure": asdict(failure_of(error, Path.cwd()))}
        else:
            yield {
                "module": asked.module,
                "verdicts": {verdict.tag: verdict.as_json() for verdict in verdicts},
                "definitions": [one.as_json() for one in held],
                "faults": faults_as_json(faults),
            }


def verify_module(request: Request, trace: Trace) -> tuple[list[Verdict], list[Tried], list[Fault]]:
    """The verdicts on all equations that the worlds of a module name, how its definitions are
    held, and what is wrong beside the equations. Raises what the module raises."""
    with trace.snippets_that_run() as called:
        module = importlib.import_module(f"checks.{request.module}")
    worlds = [
        value
        for value in vars(module).values()
        if isinstance(value, World) and value.values.__module__ == module.__name__
    ]
    if called:
        names = ", ".join(sorted(called))
        fault = Fault(
            Path(module.__file__ or ""),
            1,
            f"importing this module runs {names}, which the equations check",
            OTHER_MEANS,
        )
        return [without_result(tag, fault) for world in worlds for tag in world.tags], [], [fault]
    verified = [WorldCheck(world, request, trace) for world in worlds]
    texs = [one.tex for one in (*request.formulas.values(), *request.definitions)]
    texs += request.domains
    tex = Tex(request.katex, texs + [key for check in verified for key in check.tex_needed()])
    verdicts = [verdict for check in verified for verdict in check.verdicts(tex)]
    held = [Tried(one.number, _left_side(one)) for one in request.definitions]
    faults = [fault for check in verified if not check.world.tags for fault in check.faults]
    if not faults and all(verdict.passed for verdict in verdicts):
        for check in verified:
            check.hold(held, tex)
            faults += check.faults
        faults += _faults_of_definitions(request, verified, held)
    return verdicts, held, faults


def _faults_of_definitions(
    request: Request, verified: list[WorldCheck], held: list[Tried]
) -> list[Fault]:
    """What says nothing in a definition, and what no draw tells from something else."""
    faults: list[Fault] = []
    for one in request.definitions:
        tried = next(tried for tried in held if tried.number == one.number)
        for told in tried.idle:
            what = f"a false version of {tried.symbol} is equal for all values ({told})"
            faults.append(one.fault(what, "leave out of the definition what says nothing"))
        for body in {
            check.defined[name]
            for check in verified
            for name, printed in check.printed.items()
            if printed == one and name in check.defined
        }:
            for what in (*_unlike(Relation((body,), ())), *squares_with_a_number([body])):
                faults.append(one.fault(f"{tried.symbol}: {what}", UNLIKE))
    return faults


def _unlike(relation: Relation) -> Iterator[str]:
    """What no draw tells from something else, by its form alone."""
    yield from numbers_unlike(relation)
    yield from polynomials_under_a_root(relation.sides)
    yield from roots_undone(relation.sides)


def faults_as_json(faults: list[Fault]) -> list[list[Any]]:
    return [[str(one.path), one.line, one.message, one.remedy] for one in faults]


def faults_of_json(told: list[list[Any]]) -> list[Fault]:
    return [Fault(Path(path), line, what, remedy) for path, line, what, remedy in told]


def _left_side(definition: Printed) -> str:
    return definition.tex.partition(r"\coloneqq")[0].strip()


class WorldCheck:
    """One world, drawn as often as is asked, and the equations it is for."""

    #: The numbers of its draws.
    numbers: tuple[int, ...] = (*range(DRAWS), LONG, *LARGE)

    def __init__(self, world: World, request: Request, trace: Trace) -> None:
        self.world = world
        self.request = request
        self.trace = trace
        self.faults: list[Fault] = []
        self.drawn: list[tuple[Draw, Values]] = []
        self.by_code: list[Values] = []
        self.code_ran = False
        self.called: set[str] = set()
        self.cases: list[Case] = []
        self.relations: list[Relation] = []
        code = world.values.__code__
        self.path, self.line = Path(code.co_filename), code.co_firstlineno
        self._draw()

    def fault(self, what: str, remedy: str) -> None:
        self.faults.append(Fault(self.path, self.line, what, remedy))

    def without_result(self, tag: str, what: str, remedy: str) -> Verdict:
        """The verdict on an equation of which the check itself is wrong."""
        fault = Fault(self.path, self.line, f"check of ({tag}): {what}", remedy)
        return without_result(tag, fault)

    def _draw(self) -> None:
        try:
            with self.trace.snippets_that_run() as called:
                for number in self.numbers:
                    if number in LARGE and not all(map(_whole, self.drawn)):
                        break
                    start = time.process_time()
                    draw = Draw(number, self.request.domains)
                    self.drawn.append((draw, self.world.values(draw)))
                    if time.process_time() - start > MOST_SECONDS:
                        what = f"draw {number} takes more than {MOST_SECONDS:g} s"
                        self.fault(what, "draw less: smaller sizes, fewer steps")
                        break
        except NotInTable as error:
            self.fault(error.args[0], IN_TABLE)
            return
        except (Exception, SystemExit) as error:
            told = f"it raises {type(error).__name__}: {error}"
            self.fault(f"{self.world.values.__name__}: {told}", "mend this function")
            return
        self._refuse(called, "the values")
        for key, value in {k: v for _, values in self.drawn for k, v in values.items()}.items():
            if not is_a_value(value):
                what = f"{key} is worth an object of {type(value).__name__}"
                self.fault(what, "give a number, an array, a dict, or a function of its indices")
        keys = {frozenset(values) for _, values in self.drawn}
        if len(keys) > 1:
            odd = ", ".join(sorted(frozenset.union(*keys) - frozenset.intersection(*keys)))
            self.fault(f"{odd} has a value in some draws only", "give the same symbols in all")
        if self.world.by_code:
            try:
                with self.trace.snippets_that_run() as called:
                    page = PageCode(self.request.code)
                    self.by_code = [
                        self.world.values_by_code(values, page) for _, values in self.drawn
                    ]
            except (Exception, SystemExit) as error:
                told = f"{type(error).__name__}: {error}"
                self.fault(f"{self.world.by_code.__name__} raises {told}", "mend this function")
            else:
                self.code_ran = bool(called) or page.ran

    def _refuse(self, called: set[str], what: str) -> None:
        if called:
            names = ", ".join(sorted(called))
            self.fault(f"{what} come from {names}, which the equations check", OTHER_MEANS)

    def tex_needed(self) -> list[str]:
        """All the TeX that the module brings."""
        first = self.drawn[0][1] if self.drawn else {}
        keys = [*first, *(v.tex for v in first.values() if isinstance(v, Formula))]
        keys += [*self.by_code[0]] if self.by_code else []
        spared = [tex for told in self.world.spared.values() for tex in told.values()]
        return keys + spared

    def verdicts(self, tex: Tex) -> list[Verdict]:
        """One for each equation of the world."""
        try:
            self._prepare(tex)
        except NotUnderstood as error:
            self.fault(str(error), "write the symbol as the page does")
        found: list[Verdict] = []
        for tag in self.world.tags:
            printed = self.request.formulas.get(tag)
            if printed is None:
                remedy = "delete the tag, or tag the equation"
                found.append(self.without_result(tag, "no page has this equation", remedy))
            elif self.faults:
                found.append(without_result(tag, *self.faults))
            else:
                found.append(self._verdict(printed, tex))
        return self._with_world_faults(found, tex)

    def _prepare(self, tex: Tex) -> None:
        """Names, definitions, and the worth of everything in each draw. Raises NotUnderstood."""
        if self.faults or not self.drawn:
            return
        first = self.drawn[0][1]
        self.letters = [key for key, value in first.items() if isinstance(value, Each)]
        given: dict[str, Name] = {}
        read_ahead: list[tuple[Name, tuple[Token, ...]]] = []
        for key, value in first.items():
            if isinstance(value, Formula):
                read_ahead.append((defined_name(tex.tokens(key)), tex.tokens(value.tex)))
            elif key not in self.letters:
                given[key] = name_of(key, tex.tokens(key), value)
        self.given = given
        self.written = {name for name, _ in read_ahead}
        known = {spelled(name.head) for name in given.values()}
        known |= {spelled(name.head) for name, _ in read_ahead}
        of_page = _definitions(self.request.definitions, tex)
        self.printed = {name: printed for name, _, printed in of_page}
        read_ahead += [one[:2] for one in of_page if spelled(one[0].head) not in known]
        self.names = Names([*given.values(), *(name for name, _ in read_ahead)])
        bound = frozenset(self.letters)
        self.defined: dict[Name, Node] = {}
        self.unread: dict[Name, str] = {}
        for name, tokens in read_ahead:
            letters = bound | set(name.indices) | {a[0].text for a in name.arguments}
            try:
                self.defined[name] = parse_expression(tokens, self.names, letters)
            except NotUnderstood as error:
                self.unread[name] = str(error)
        self.cases = [self._case(draw, values) for draw, values in self.drawn]
        self.used: set[Name] = set()
        self.plain = plain_values(self.world.values)
        self._read_what_the_page_says(of_page, tex)
        self._compare_with_code(tex)
        if self.world.by_code and not self.code_ran and not self.faults:
            what = f"{self.world.by_code.__name__} runs nothing of snippets/ or of the page"
            self.fault(what, "give what the page's own code returns, or leave it out")

    def _read_what_the_page_says(
        self, of_page: list[tuple[Name, tuple[Token, ...], Printed]], tex: Tex
    ) -> None:
        """Of what the check gives, find what the page defines, or makes of other symbols."""
        self.restated: list[Restated] = []
        self.said: dict[Name, Printed] = {}
        for name in (*self.given.values(), *sorted(self.written, key=lambda one: one.key)):
            letters = frozenset([*self.letters, *name.indices])
            for definition, tokens, printed in of_page:
                places = place_of(definition, name, letters)
                if places is None:
                    continue
                try:
                    own = {argument[0].text for argument in definition.arguments}
                    bound = letters | {*definition.indices} | own
                    says = parse_expression(tokens, self.names, bound)
                except NotUnderstood:
                    says = None
                if not _one_argument_each(name, definition):
                    self.fault(f"{name.key} is given, and the page defines it", LEAVE_OUT)
                    break
                if self._is_entry(name, definition):
                    continue
                needed = names_in(says, self.defined) if says else set()
                self.used |= needed
                recurs = spelled(definition.head) in {spelled(one.head) for one in needed}
                self.restated.append(Restated(name, says, places, recurs=recurs))
                self.said[name] = printed
                break
            else:
                self._read_what_it_is_made_of(name, letters, tex)
        for definition, *_ in of_page:
            if spelled(definition.head) in self.letters:
                self.fault(f"{definition.key} is given, and the page defines it", LEAVE_OUT)

    def _is_entry(self, name: Name, definition: Name) -> bool:
        """Whether numbers o_k are the entries of one o_t, which the table says is an array."""
        domain = self.request.domains.get(spelling(definition.key))
        values = [values[name.key] for _, values in self.drawn if name in self.given.values()]
        return bool(
            spelled(name.head) != spelled(definition.head)
            and domain is not None
            and domain.sizes
            and all(isinstance(v, dict) and not any(map(np.ndim, v.values())) for v in values)
        )

    def _read_what_it_is_made_of(self, name: Name, letters: frozenset[str], tex: Tex) -> None:
        """Of a derivative, a power …, what it is without the value that is given."""
        if name.arguments or name in self.written:
            return
        others = Names(other for other in self.names.all if other is not name)
        try:
            says = parse_expression(tex.tokens(name.key), others, letters)
        except NotUnderstood:
            return
        if says.kind not in ("symbol", "local", "label"):
            if says.kind == "power" and says.parts[1].kind == "local" and name.indices:
                return  # x^{(i)}, whose i is no power
            same = {letter: letter for letter in letters}
            self.restated.append(Restated(name, says, same, defined=False))

    def _case(self, draw: Draw, values: Values) -> Case:
        calls: Calls = {}
        given = {name: self._watched(values[key], calls, key) for key, name in self.given.items()}
        worth = Worth(given, self.defined, self.world.rows, self.world.beyond, self.world.kinks)
        for letter in self.letters:
            worth.memory["each", letter] = self._watched(values[letter], {}, letter)
        return Case(draw.number, draw.tight, worth, self.letters, calls=calls)

    def _watched(self, value: Any, calls: Calls, key: str) -> Any:
        """A value, which is found out if it is a function that runs what the equations check."""
        if not callable(value):
            return value
        asked = calls.setdefault(key, [])

        def watched(*arguments: Any) -> Any:
            with self.trace.snippets_that_run() as called:
                found = value(*arguments)
            self.called |= called
            if len(asked) < REPEATED:
                asked.append((arguments, found))
            return found

        return watched

    def is_new(self, key: str, tex: Tex) -> bool:
        """Whether a symbol has a worth by code alone, for what a sentence states of it: it is not
        given, and the page does not define it."""
        head = defined_name(tex.tokens(key)).head
        known = [
            name_of(other, tex.tokens(other), value)
            for other, value in self.drawn[0][1].items()
            if not isinstance(value, Each)
        ]
        known += [name for name, *_ in _definitions(self.request.definitions, tex)]
        return head[0].kind == "letter" and not any(
            spelled(one.head) == spelled(head) or one.matched(head) is not None for one in known
        )

    def _compare_with_code(self, tex: Tex) -> None:
        """The page's code must give what the page's formulas are worth."""
        self.places: dict[Node, list[CodeValue]] = {}
        for case, values in zip(self.cases, self.by_code, strict=False):
            for key, value in values.items():
                if not self.world.tags and self.is_new(key, tex):
                    continue
                tokens = tex.tokens(key)
                name = name_of(key, tokens, value)
                node = parse_expression(tokens, self.names, frozenset(self.letters))
                self.used |= names_in(node, self.defined)
                code = Worth({name: value}, {}, self.world.rows)
                try:
                    for scope in case.scopes(name.indices):
                        ours = case.evaluation().value(node, scope)
                        place = tuple(scope[letter] for letter in name.indices)
                        with self.trace.snippets_that_run() as called:
                            theirs = Evaluation(code).worth_of(name, place, ())
                        self.code_ran = self.code_ran or bool(called)
                        if not compare("=", ours, theirs, ROUNDING).holds:
                            self._unlike_code(key, node, [ours, theirs], place_told(case, scope))
                            return
                        self.places.setdefault(node, []).append((case, scope, theirs))
                except (NoValue, Exception) as error:
                    what = f"{key} cannot be compared with the page's code: {error}"
                    self.fault(what, self._remedy_of_shape(node))
                    return

    def _unlike_code(self, key: str, node: Node, sides: list[Any], where: str) -> None:
        """Tell it where the symbol is defined, with both values; the check is not wrong."""
        ours, theirs = (shown_value(side) for side in sides)
        defined = self.printed.get(node.info[0]) if node.kind == "symbol" else None
        if defined is None:
            what = f"the page's code gives another {key} than its formulas{where}: "
            remedy = "correct the code, or the formulas on the page"
            self.fault(what + f"{theirs} against {ours}", remedy)
            return
        what = f"{key} is {ours} by this definition, and {theirs} by the page's code{where}"
        through = sorted(
            name.key
            for name in names_in(self.defined[node.info[0]], self.defined)
            if name in self.printed and name is not node.info[0]
        )
        also = f", or a definition that it needs ({', '.join(through)})" if through else ""
        remedy = f"one of both is wrong: correct the definition{also}, or the code"
        self.faults.append(defined.fault(what, remedy))

    def _remedy_of_shape(self, node: Node) -> str:
        """What the code's value should be given as: under which key, and of which kind."""
        for variable in node.parts[1:] if node.kind == "derivative" else ():
            family = self._family_of(variable)
            if family:
                (letter,) = family.indices
                key = node.tex.replace(variable.tex, family.key)
                return (
                    f"the formulas are written in {family.key}, not in {variable.tex}: give "
                    f'"{key}" a function of its index, lambda {letter}: found[{letter} - 1]'
                )
        return (
            "give a number, an array, or a function of the key's indices, lambda t: found[t - 1], "
            "of the shape that the formulas have it in"
        )

    def _family_of(self, variable: Node) -> Name | None:
        """The members of an array that formulas name one by one: w_j for w."""
        if variable.kind != "symbol" or variable.parts:
            return None
        head = variable.info[0].head
        for name in self.names.all:
            whole = tuple(replace(token, sub=()) for token in name.head)
            if len(name.indices) == 1 and whole == head != name.head:
                return name
        return None

    def _verdict(self, printed: Printed, tex: Tex) -> Verdict:
        try:
            relation = parse(tex.tokens(printed.tex), self.names, frozenset(self.letters))
            if not relation.signs or "≔" in relation.signs:
                raise NotUnderstood("an equation without a relation", printed.tex)
        except NotUnderstood as error:
            remedy = (
                f"give it a value in {self.path.name}, or write it as CONTRIBUTING says formulas "
                "are written"
            )
            told = printed.fault(f"the equation ({printed.tag}): {error}", remedy)
            return without_result(printed.tag, told)
        used = names_of(relation, self.defined)
        self.used |= used
        about = self.world.within.get(printed.tag, 0.0)
        if about > MOST_WITHIN:
            what = f"within {about:g} is more than {MOST_WITHIN:g}"
            return self.without_result(printed.tag, what, "print the digits that hold, after ≈")
        for name in used & set(self.unread):
            what = f"({printed.tag}) needs {name.key}, whose definition is not read: "
            fault = printed.fault(what + self.unread[name], f"give it a value in {self.path.name}")
            return without_result(printed.tag, fault)
        spared: dict[str, Relation] = {}
        for place, reason in self.world.spared.get(printed.tag, {}).items():
            spared[place] = parse(tex.tokens(reason), self.names, frozenset(self.letters))
            self.used |= names_of(spared[place], self.defined)
        within = {name: domain.within for name, domain in self._domains().items()}
        equation = Equation(
            printed.tag,
            relation,
            self.cases,
            within,
            allowed=self.world.within.get(printed.tag),
            exact=not self._is_measured(relation, used),
            loose=self.world.loose.get(printed.tag, ""),
            spared=spared,
            reasons=self.world.spared.get(printed.tag, {}),
        )
        faults = list(equation.faults_of_sides())
        self._refuse(self.called, f"values of ({printed.tag})")
        for key, plain in self.plain.items():
            known = {symbol: self.given.get(symbol) for symbol in (key, *plain.symbols.values())}
            names = {symbol: name for symbol, name in known.items() if name and not name.indices}
            drawn = not faults and len(names) == len(known)
            if drawn and equation.only_restates(names[key], plain, names):
                what = f"{key} is given as what the equation says it is"
                return self.without_result(printed.tag, what, OTHER_MEANS)
        by_formula = frozenset(used & self.written)
        if not faults:
            remedy = "let the draws reach it, or leave it out of the formula"
            for what in ways_not_taken(relation.sides, self.cases):
                faults.append((f"({printed.tag}): {what} in any draw", remedy))
            remedy = "let it take more, or say the same with a lower degree"
            faults += [
                (f"({printed.tag}): {what}", remedy)
                for what in not_told_apart(relation.sides, self.cases)
            ]
            remedy = UNLIKE
            faults += [(f"({printed.tag}): {what}", remedy) for what in _unlike(relation)]
        if not faults and by_formula and equation.says_nothing(by_formula):
            written = ", ".join(sorted(name.key for name in by_formula))
            what = f"{written} is given as what the equation says it is"
            return self.without_result(printed.tag, what, OTHER_MEANS)
        if not faults:
            faults = list(equation.faults_of_false_versions())
        symbols = [
            (name.key, "given" if name in self.given.values() else "defined")
            for name in sorted(used, key=lambda name: name.key)
        ]
        self.relations.append(relation)
        return equation.verdict(
            tuple(symbols), tuple(printed.fault(what, remedy) for what, remedy in faults)
        )

    def _is_measured(self, relation: Relation, used: set[Name]) -> bool:
        """Whether something on its sides, in what these are made of, or that is given is."""
        trees = [*relation.sides, *(self.defined[name] for name in used if name in self.defined)]
        return (
            self.world.measured
            or any(r"\partial" in name.key or r"\mathrm{d}" in name.key for name in used)
            or any(node.kind in MEASURED for tree in trees for node in tree.walk())
        )

    def hold(self, held: list[Tried], tex: Tex) -> None:
        """Make the definitions that are needed here false, and see what refuses that."""
        if not self.cases:
            return
        spared = self._spared_definitions(tex)
        by_number = {one.number: one for one in held}
        needs = Needs(
            self.cases,
            self.relations,
            list(self.places.items()),
            self.restated,
            lambda node: names_in(node, self.defined),
            {name: domain.within for name, domain in self._domains().items()},
        )
        for name, printed in self.printed.items():
            if name in self.defined:
                tried = by_number[printed.number]
                needs.try_all(name, self.defined[name], tried, spared.get(tried.symbol, {}))
        for one in self.restated:
            if one.name in self.said and one.says is not None:
                needs.try_given(one, by_number[self.said[one.name].number])
        used = {one.symbol: {told.partition("; as ")[0] for told in one.spared} for one in held}
        for symbol, place in ((s, p) for s, places in spared.items() for p in places):
            if place not in used[symbol]:
                what = f"{symbol} spares a false version that is none, or is not true: {place}"
                self.fault(what, "take it out, or correct the relation")

    def _spared_definitions(self, tex: Tex) -> dict[str, dict[str, Reason]]:
        """The false versions of definitions that are said to be true here, with the relations."""
        symbols = {_left_side(one) for one in self.request.definitions}
        return {
            symbol: {
                place: Reason(
                    parse(tex.tokens(told), self.names, frozenset(self.letters)), self.cases
                )
                for place, told in reasons.items()
            }
            for symbol, reasons in self.world.spared.items()
            if symbol in symbols
        }

    def _domains(self) -> dict[Name, Domain]:
        domains = self.request.domains
        return {
            name: domains[spelling(name.key)]
            for name in (*self.given.values(), *self.defined)
            if spelling(name.key) in domains
        }

    def _with_world_faults(self, verdicts: list[Verdict], tex: Tex) -> list[Verdict]:
        """Add to the first verdict what is wrong with the world's values as a whole."""
        if self.cases and not self.faults:
            self._faults_of_repetition()
            self._faults_of_restated()
            self._faults_of_letters()
            if all(verdict.passed for verdict in verdicts):
                self._faults_of_values()
                self._faults_of_stated_shapes(tex)
        if self.faults and verdicts:
            first = verdicts[0]
            known = set(first.faults)
            more = tuple(fault for fault in self.faults if fault not in known)
            verdicts[0] = replace(first, faults=(*first.faults, *more))
        return verdicts

    def _faults_of_restated(self) -> None:
        for restated in self.restated:
            general = restated.name.key in self.world.general
            for what, remedy in restated.faults(self.cases, self.letters, general):
                self.fault(what, remedy)
        for what, remedy in faults_of_open(self.restated):
            self.fault(what, remedy)
        for key in {*self.world.general} - {one.name.key for one in self.restated}:
            self.fault(
                f"{key} is said to be general, and the page does not define it", "take it out"
            )

    def _faults_of_repetition(self) -> None:
        """What a check gives must be the same whenever it is asked."""
        for case in self.cases:
            for key, name in self.given.items():
                if not all(_same(found, again) for found, again in _asked_again(case, key, name)):
                    what = f"{key} is another value when it is asked once more"
                    self.fault(what, "give what depends on its indices and arguments alone")
                    return

    def _faults_of_letters(self) -> None:
        """A letter of one value only, for which much is equal that is not."""
        scopes = [scope for case in self.cases for scope in case.scopes(self.letters)]
        for letter in self.letters:
            (first, *others) = {repr(scope[letter]) for scope in scopes} or ("nothing",)
            if not others:
                what = f"{letter} is {first} in all draws, where an equation holds for each"
                self.fault(what, "let it run over more")

    def _faults_of_values(self) -> None:
        for case in self.cases:  # the first of a recursion, by what it is written as
            for (family, _), single in case.worth.single.items():
                if family in self.used and single in self.written:
                    self.used |= names_in(self.defined[single], self.defined)
        sizes = {size for d in self._domains().values() for size in d.sizes}
        for key, name in self.given.items():
            families = {
                family
                for case in self.cases
                for (family, _), single in case.worth.single.items()
                if single is name
            }
            needed = {name, *families} & self.used or any(spelling(key) in s for s in sizes)
            if not needed and self.world.tags:  # else a sentence may need it
                what = f"{key} has a value, and none of its equations needs it"
                self.fault(what, "take it out")
        for name, domain in self._domains().items():
            if name.arguments:
                continue
            values = [
                value
                for case in self.cases
                for key, value in (*case.worth.memory.items(), *case.memory.items())
                if key[0] is name and len(key) == 2
            ]
            if name not in self.given.values():
                numbers = [np.real(one) for one in values if isinstance(one, NUMBERS)]
                if domain.kind and (outside := outside_of(domain, numbers)):
                    what = f"{name.key} is {outside}, and the page's table says: {domain}"
                    self.fault(what, "correct the table of symbols, or the definition")
                continue
            for what in faults_of_coverage(name.key, domain, values):
                remedy = f"{_how_to_draw(name)}, or state in the table what it can be"
                self.fault(what, remedy)

    def _faults_of_stated_shapes(self, tex: Tex) -> None:
        """Of all symbols of the table that have a worth here, whether they are given or not."""
        symbols: dict[str, Node] = {}
        for symbol, domain in self.request.domains.items():
            if domain.kind:
                with contextlib.suppress(NotUnderstood):
                    symbols[symbol] = parse_expression(
                        tex.tokens(symbol), self.names, frozenset(self.letters)
                    )
        drawn = [(draw, case) for (draw, _), case in zip(self.drawn, self.cases, strict=True)]
        for what in faults_of_shapes(symbols, self.request.domains, drawn, rows=self.world.rows):
            self.fault(what, SHAPE_REMEDY)


def _definitions(
    printed: tuple[Printed, ...], tex: Tex
) -> list[tuple[Name, tuple[Token, ...], Printed]]:
    """The left and right sides of a page's definitions, with what is printed."""
    found: list[tuple[Name, tuple[Token, ...], Printed]] = []
    for one in printed:
        try:
            tokens = tex.tokens(one.tex)
        except NotUnderstood:
            continue
        texts = [token.text for token in tokens]
        if "≔" in texts:
            at = texts.index("≔")
            found.append((defined_name(tokens[:at]), tokens[at + 1 :], one))
    return found


#: The kinds of what a check may give.
NUMBERS = (int, float, complex, np.number, np.ndarray)
FUNCTIONS = (types.FunctionType, types.BuiltinFunctionType, np.ufunc)
KINDS = (*NUMBERS, *FUNCTIONS, str, tuple, dict, Formula, Each, Mean)


def place_told(case: Case, scope: Scope) -> str:
    at = "".join(f", {letter} = {value}" for letter, value in scope.items())
    return f" (draw {case.number}{at})"


def is_a_value(value: Any) -> bool:
    """Whether this is of a kind that keeps no count of its own of how often it is asked."""
    if isinstance(value, functools.partial):
        return isinstance(value.func, types.FunctionType)
    return isinstance(value, KINDS)


def _how_to_draw(name: Name) -> str:
    """The call that draws a symbol, or all members of a family, by the table."""
    if not name.indices:
        return f'draw it: draw("{name.key}")'
    if len(name.indices) == 1:
        each = f'draw.each("{name.key}", range(1, n + 1))'
    else:
        each = f'{{({", ".join(name.indices)}): draw("{name.key}") for … }}'
    return f"draw it for each {', '.join(name.indices)}: {each}"


def _asked_again(case: Case, key: str, name: Name) -> Iterator[tuple[Any, Any]]:
    """What a check gave where it was asked, and what it gives there now."""
    value = case.worth.given[name]
    if isinstance(value, Mapping):
        for place in places_used(case, name):
            yield case.worth.memory[name, place], case.worth.given_worth(name, place)
    else:
        for arguments, found in list(case.calls.get(key, ())):  # asking adds to it
            yield found, value(*arguments)


def _same(one: Any, other: Any) -> bool:
    try:
        return bool(np.array_equal(np.asarray(one), np.asarray(other)))
    except ValueError:  # lists of several lengths
        return bool(one == other)


def _whole(drawn: tuple[Draw, Values]) -> bool:
    """Whether all that a check gives is whole numbers."""
    return bool(drawn[1]) and all(isinstance(value, int) for value in drawn[1].values())


def _one_argument_each(name: Name, definition: Name) -> bool:
    """Whether both are functions of one argument that goes by the same letter, or both none."""
    ours, pages = ([spelled(a) for a in one.arguments] for one in (name, definition))
    return ours == pages and len(ours) <= 1 and not (ours and name.indices)


if __name__ == "__main__":
    with Trace(Path.cwd() / "snippets") as watching:
        answer(functools.partial(verify_all, watching))
