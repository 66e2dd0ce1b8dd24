r"""What a formula's tree is worth, when its symbols are worth something.

Numbers are numbers; vectors are columns, or rows on a page that writes them so, and matrices have
two dimensions, so that juxtaposition is the matrix product wherever the shapes allow, and a
multiple where one factor is a number. A symbol that has not been given a worth is worth what the
page's own definition (≔) makes of the others. A derivative that has not been given is measured
on these: the variable is moved a little, and all that depends on it is evaluated again.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from engine.equations.names import Name
from engine.equations.tokens import Token, spelled
from engine.equations.tree import Binder, Node

Array = NDArray[np.float64]
Scope = Mapping[str, Any]
Key = tuple[Name, tuple[Any, ...]]


class NoValue(Exception):
    """A formula cannot be evaluated: something has no value, or shapes do not fit."""


#: What evaluating with false indices or shapes may raise.
UNFIT = (
    NoValue,
    ArithmeticError,
    ValueError,
    LookupError,
    TypeError,
    RecursionError,
    np.linalg.LinAlgError,
)


@dataclass(frozen=True)
class Mean:
    """The mean over what is random: values of the symbol ``key``, and how likely each is."""

    key: str
    values: tuple[tuple[float, Any], ...]


@dataclass
class Worth:
    """What the symbols of a page are worth in one draw."""

    given: Mapping[Name, Any]
    defined: Mapping[Name, Node]
    rows: bool = False
    beyond: bool = False
    kinks: Literal["", "left", "right"] = ""
    memory: dict[Any, Any] = field(default_factory=dict)
    shapes: dict[Name, tuple[int, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        #: Members of a family that have a name of their own: h_0 of h_t, u_{x1} of u_m.
        self.single: dict[Key, Name] = {}
        #: Symbols without indices and arguments, by how they are written.
        self.plain_names = {
            spelled(name.head): name
            for name in (*self.given, *self.defined)
            if not name.indices and not name.arguments
        }
        families = [name for name in (*self.given, *self.defined) if name.indices]
        for name in (*self.given, *self.defined):
            for family in () if name.indices or name.arguments else families:
                found = family.matched(name.head)
                if found and name is not family and all(map(_is_place, found)):
                    texts = ("".join(token.text for token in piece) for piece in found)
                    place = tuple(int(text) if text.isdigit() else text for text in texts)
                    self.single[family, place] = name

    def one(self, name: Name, indices: tuple[Any, ...]) -> Key:
        """The name that this member of a family goes by."""
        if not self.single:
            return name, indices
        single = self.single.get((name, indices))
        return (name, indices) if single is None else (single, ())

    def oriented(self, value: Any) -> Any:
        """A worth as formulas use it: a vector as a column or a row."""
        if isinstance(value, tuple | str | bool | complex | Mean):
            return value
        if isinstance(value, int | float | np.number):
            return value if isinstance(value, int) else float(value)
        array = numbers(value)
        if array.ndim == 0:
            return float(array)
        if array.ndim == 1:
            return array[None, :] if self.rows else array[:, None]
        if array.ndim == 2:
            return array
        raise NoValue(f"a value with {array.ndim} dimensions; give it by its indices")

    def plain(self, value: Any) -> Any:
        """A value as code uses it: a vector has one dimension."""
        if isinstance(value, np.ndarray) and value.shape[0 if self.rows else 1] == 1:
            return value.ravel()
        return value

    def given_worth(self, name: Name, arguments: tuple[Any, ...]) -> Any:
        value = self.given[name]
        try:
            if isinstance(value, Mapping):
                key = arguments[0] if len(arguments) == 1 else arguments
                return self.oriented(value[key])
            if callable(value):
                return self.oriented(value(*map(self.plain, arguments)))
        except (KeyError, IndexError) as error:
            shown = ", ".join(map(str, arguments))
            raise NoValue(f"{name.key} has no value for {shown} ({error})") from None
        return self.oriented(value)


def _is_place(piece: tuple[Token, ...]) -> bool:
    """Whether a script is a number, or a label that ends in one."""
    return all(token.kind in ("letter", "digit") for token in piece) and piece[-1].kind == "digit"


#: Central differences: h, and the weights of the values at multiples of h.
FIRST = (1e-3, {-2: 1 / 12, -1: -8 / 12, 1: 8 / 12, 2: -1 / 12})
SECOND = (
    1e-2,
    {-3: 1 / 90, -2: -3 / 20, -1: 3 / 2, 0: -49 / 18, 1: 3 / 2, 2: -3 / 20, 3: 1 / 90},
)

#: The steps away from a kink, as powers of a half.
SHRINKING = range(8, 27, 3)


@dataclass
class Evaluation:
    """Evaluates trees in one draw, with some symbols moved away from their worth."""

    worth: Worth
    moved: Mapping[Key, Any] = field(default_factory=dict)
    still: tuple[Name, Evaluation] | None = None
    """A symbol whose other members keep the worth that they have there."""
    memory: dict[Any, Any] = field(default_factory=dict)
    seen: set[Key] = field(default_factory=set)
    base: Evaluation | None = None
    """The evaluation in which nothing has moved."""
    needs: dict[Any, set[Any]] = field(default_factory=dict)
    """What each defined symbol, or part of a formula that is kept, depends on."""
    asking: list[set[Any]] = field(default_factory=list)
    """What is being evaluated, as the set of what it needs, the innermost last."""
    operations: ClassVar[dict[str, Callable[[Any, Node, Scope], Any]]] = {}
    """By the kind of a node, what evaluates it."""

    def __init_subclass__(cls) -> None:
        cls.operations = operations_of(cls)

    def value(self, node: Node, scope: Scope) -> Any:
        """The worth of a tree. Raises NoValue, or what the page's own functions raise."""
        return compiled(node)(self, scope)

    def _all(self, nodes: tuple[Node, ...], scope: Scope) -> list[Any]:
        return [compiled(node)(self, scope) for node in nodes]

    # --- names ----------------------------------------------------------------------------------

    def _places(self, name: Name, values: Iterable[Any]) -> tuple[Any, ...]:
        """Indices are whole numbers or labels; the script of a function may be worth anything."""
        if name.arguments:
            return tuple(values)
        return tuple([one if type(one) is int else index_of(one) for one in values])

    def worth_of(self, name: Name, indices: tuple[Any, ...], arguments: tuple[Any, ...]) -> Any:
        """What a name is worth at these indices and arguments."""
        if arguments:
            if name in self.worth.given:
                return self.worth.given_worth(name, (*indices, *arguments))
            return self._defined(name, indices, arguments)
        worth = self.worth
        key = name, indices = worth.one(name, indices) if worth.single else (name, indices)
        if self.moved and key in self.moved:
            self.seen.add(key)
            return self.moved[key]
        if self.still and self.still[0] is name:
            return self.still[1].worth_of(name, indices, ())
        if self.asking:
            self.asking[-1].add(key)
        if key in worth.memory:
            return worth.memory[key]
        known = self.memory.get(key)
        if known is not None:
            if self.moved:
                self.seen.update(self.memory.get(("seen", key), ()))
            return known
        if self.base and self.base.stays(key, self.moved):
            return self.base.memory[key]
        found = self._unmoved(name, indices)
        if name not in self.worth.shapes:
            self.worth.shapes[name] = np.shape(found)
        return found

    def _kept(
        self, node: Node, scope: Scope, find: Callable[[Evaluation, Scope], Any], more: Any = ()
    ) -> Any:
        """What takes long to find, found once where nothing has moved: false versions of a formula
        share with it all but one of their parts, and what has moved leaves most sums alone."""
        if self.still:
            return find(self, scope)
        key = (node.kind, node, more, _frozen(scope, node.letters))
        there = self
        if self.moved:
            if self.base is None or not self.base.stays(key, self.moved):
                return find(self, scope)
            there = self.base
        if self.asking:
            self.asking[-1].add(key)
        if key not in there.memory:
            self.asking.append(self.needs.setdefault(key, set()))
            try:
                self.memory[key] = find(self, scope)
            finally:
                self.asking.pop()
        return there.memory[key]

    def stays(self, key: Any, moved: Mapping[Key, Any]) -> bool:
        """Whether what has been found here is the same where these symbols have moved."""
        return self.memory.get(key) is not None and self._all_needs(key).isdisjoint(moved)

    def _all_needs(self, key: Any) -> set[Any]:
        """All that a defined symbol, or a part that is kept, depends on in the end."""
        of = ("needs", key)
        known: set[Any] | None = self.memory.get(of)
        if known is not None:
            return known
        found: set[Any] = set()
        waiting = [key]
        while waiting:
            for one in self.needs.get(waiting.pop(), ()):
                if one not in found:
                    found.add(one)
                    waiting.append(one)
        self.memory[of] = found
        return found

    def _unmoved(self, name: Name, indices: tuple[Any, ...]) -> Any:
        """What is given, or what the definition makes of the others."""
        key = (name, indices)
        if name in self.worth.given:
            self.worth.memory[key] = self.worth.given_worth(name, indices)
            return self.worth.memory[key]
        if key not in self.memory:
            self.memory[key] = None  # a definition that comes back to itself has no end
            self.asking.append(self.needs.setdefault(key, set()))
            before = frozenset(self.seen) if self.seen else frozenset()
            self.seen.clear()
            try:
                found = self._defined(name, indices, ())
                self.memory["seen", key] = frozenset(self.seen)
            except Exception:
                del self.memory[key]
                raise
            finally:
                self.asking.pop()
                if before:
                    self.seen.update(before)
            self.memory[key] = found
        elif self.memory[key] is None:
            raise NoValue(f"{name.key} is defined by itself: its first value is not given")
        return self.memory[key]

    def _defined(self, name: Name, indices: tuple[Any, ...], arguments: tuple[Any, ...]) -> Any:
        """What the definition makes of it. An argument, or a function's script, that goes by the
        name of a symbol is that symbol, for all that depends on it: J(w, b) may be defined by what
        w and b make."""
        if name not in self.worth.defined:
            raise NoValue(f"{name.key} has no value")
        body = self.worth.defined[name]
        if not name.arguments:
            scope = dict(zip(name.indices, indices, strict=True)) if indices else {}
            return compiled(body)(self, scope)
        bound: dict[str, Any] = {}
        moved: dict[Key, Any] = {}
        letters = [*name.indices, *(argument[0].text for argument in name.arguments)]
        written = [*name.indices, *map(spelled, name.arguments)]
        for letter, key, value in zip(letters, written, (*indices, *arguments), strict=True):
            symbol = self.worth.plain_names.get(key)
            if symbol is None:
                bound[letter] = value
            else:
                moved[symbol, ()] = value
        there = self._with(moved) if moved else self
        return there.value(body, bound)

    def applied(self, name: Name, body: Node, value: float) -> Any:
        """What a function of one argument would be worth if this were its definition."""
        (argument,) = name.arguments
        symbol = self.worth.plain_names.get(spelled(argument))
        if symbol is None:
            return self.value(body, {argument[0].text: value})
        return self._with({(symbol, ()): value}).value(body, {})

    # --- arithmetic -----------------------------------------------------------------------------

    def _transpose(self, node: Node, scope: Scope) -> Any:
        value = self.value(node.parts[0], scope)
        return np.transpose(value) if isinstance(value, np.ndarray) else value

    def _abs(self, node: Node, scope: Scope) -> Any:
        return np.abs(self.value(node.parts[0], scope))

    def _floor(self, node: Node, scope: Scope) -> Any:
        return math.floor(number_of(self.value(node.parts[0], scope)))

    def _norm(self, node: Node, scope: Scope) -> Any:
        return norm(self.value(node.parts[0], scope), node.info)

    # --- statements -----------------------------------------------------------------------------

    def _test(self, node: Node, scope: Scope) -> Any:
        sides = self._all(node.parts, scope)
        truth: Any = 1.0
        for a, b, sign in zip(sides, sides[1:], node.info, strict=False):
            if isinstance(a, tuple) or isinstance(b, tuple):
                truth = truth * float(a == b)
            else:
                truth = truth * np.asarray(TESTS[sign](a, b), float)
        return truth if np.ndim(truth) else float(truth)

    def _cases(self, node: Node, scope: Scope) -> Any:
        total, cases = 0.0, 0.0
        for value, condition in zip(node.parts[::2], node.parts[1::2], strict=True):
            holds = self.value(condition, scope)
            total, cases = total + self.value(value, scope) * holds, cases + holds
        if not np.all(np.equal(cases, 1)):
            raise NoValue("not exactly one of the cases is true")
        return total

    def _tuple(self, node: Node, scope: Scope) -> Any:
        return tuple(index_of(value) for value in self._all(node.parts, scope))

    def _beside(self, node: Node, scope: Scope) -> Any:
        return np.hstack([np.atleast_2d(v) for v in self._all(node.parts, scope)])

    def _above(self, node: Node, scope: Scope) -> Any:
        return np.vstack([np.atleast_2d(v) for v in self._all(node.parts, scope)])

    # --- sums, products, means over sets --------------------------------------------------------

    def _bound(self, binder: Binder, parts: tuple[Node, ...], scope: Scope) -> list[Scope]:
        """The scope with the values of the bound letters, one after another."""
        if binder.kind == "each":
            letter = binder.letters[0]
            if ("each", letter) not in self.worth.memory:
                raise NoValue(f"what {letter} runs over has no value")
            each = self.worth.memory["each", letter]
            return [{**scope, letter: value} for value in each(scope)]
        bounds = [compiled(part)(self, scope) for part in parts]
        letter = binder.letters[0]
        if binder.kind == "range":
            first, last = map(index_of, bounds)
            return [{**scope, letter: k} for k in range(first, last + 1)]
        if binder.kind == "listed":
            return [{**scope, letter: value} for value in bounds]
        if binder.kind == "members":
            members = self.worth.given[binder.name](*bounds)
            pairs = len(binder.letters) > 1
            return [
                {**scope, **dict(zip(binder.letters, member if pairs else (member,), strict=True))}
                for member in members
            ]
        first, second, last = map(index_of, bounds)  # what falls
        if second != first - 1:
            raise NoValue("a product whose factors fall goes down by ones")
        return [{**scope, letter: k} for k in range(first, last - 1, -1)]

    def _mean(self, node: Node, scope: Scope) -> Any:
        def averaged(self: Evaluation, scope: Scope) -> Any:
            return self._averaged(node, scope)

        return self._kept(node, scope, averaged)

    def _averaged(self, node: Node, scope: Scope) -> Any:
        mean = self.worth.given[node.info]
        if not isinstance(mean, Mean):
            raise NoValue("give the worth of an expectation as a Mean")
        (name,) = (name for name in self.worth.given if name.key == mean.key)
        total: Any = 0.0
        for weight, value in mean.values:
            there = self._with({(name, ()): self.worth.oriented(value)})
            total = total + weight * there.value(node.parts[0], scope)
        return total

    # --- derivatives ----------------------------------------------------------------------------

    def _with(self, moved: Mapping[Key, Any], still: Name | None = None) -> Evaluation:
        fixed = (still, self) if still else self.still
        base = self.base or self
        return Evaluation(
            self.worth,
            {**self.moved, **moved},
            fixed,
            seen=self.seen,
            base=base,
            needs=self.needs,
            asking=self.asking,
        )

    def _once_with(self, key: Key, value: Any, still: Name | None) -> Evaluation:
        """The same with one symbol moved; where nothing else has, what is found there is kept for
        other derivatives by that symbol."""
        if self.moved or self.still:
            return self._with({key: value}, still)
        told = value.tobytes() if isinstance(value, np.ndarray) else value
        place = ("moved", key, told, still)
        if place not in self.memory:
            self.memory[place] = self._with({key: value}, still)
        there: Evaluation = self.memory[place]
        there.asking, there.seen = self.asking, self.seen
        return there

    def _slope(self, node: Node, scope: Scope) -> Any:
        function, count, order = node.info
        values = self._all(node.parts, scope)
        *before, x = values
        if isinstance(function, str):
            return self._derived(FUNCTIONS[function], x, order)
        indices = self._places(function, before[:count])
        rest = tuple(before[count:])
        return self._derived(lambda v: self.worth_of(function, indices, (*rest, v)), x, order)

    def _derived(self, f: Callable[[Any], Any], x: Any, order: int) -> Any:
        if self.worth.kinks:
            return beside_a_kink(f, x, order, self.worth.kinks)
        return derived(f, x, order)

    def _derivative(self, node: Node, scope: Scope) -> Any:
        body, *variables = node.parts
        sign, order = node.info
        by = tuple(self._place(variable, scope) for variable in variables)

        def measured(self: Evaluation, scope: Scope) -> Any:
            if order == 2 and variables[0] == variables[1]:
                return self._moving(body, variables[0], scope, sign, 2)
            if order == 2:
                inner = Node("derivative", (body, variables[1]), (sign, 1))
                return self._moving(inner, variables[0], scope, sign, 1)
            return self._moving(body, variables[0], scope, sign, order)

        return self._kept(body, scope, measured, (node.info, by))

    def _place(self, variable: Node, scope: Scope) -> Any:
        """What a derivative is by: for a symbol its name and indices, however they are written."""
        if variable.kind != "symbol" or len(variable.parts) != variable.info[1]:
            return variable, _frozen(scope, variable.letters)
        indices = tuple(index_of(self.value(part, scope)) for part in variable.parts)
        return self.worth.one(variable.info[0], indices)

    def _moving(self, body: Node, variable: Node, scope: Scope, sign: str, order: int) -> Any:
        """The derivative of a tree by a symbol, measured: in the shape of the symbol if the
        tree is a number, else with a row for each component of the tree."""
        if variable.kind == "transpose":  # a second derivative by w and wᵀ
            variable = variable.parts[0]
        if variable.kind == "local":
            return self._derived(
                lambda v: self.value(body, {**scope, variable.info: v}), scope[variable.info], order
            )
        if variable.kind != "symbol" or len(variable.parts) != variable.info[1]:
            raise NoValue(f"a derivative by {variable.tex}, which is no symbol")
        if sign == "∂ᶜ":
            raise NoValue(f"the derivative of {body.tex} along one path: give its worth")
        key = name, indices = self._place(variable, scope)
        base = self.worth_of(name, indices, ())
        still = name if sign == "∂⁺" else None
        if not self.moved and not self.still:
            with contextlib.suppress(*UNFIT):  # what stays when the symbol moves is known then
                self.value(body, scope)

        def at(value: Any) -> Any:
            there = self._once_with(key, value, still)
            found = there.value(body, scope)
            if key not in there.seen and not self.worth.beyond:
                raise NoValue(f"{body.tex} does not depend on {variable.tex}")
            return found

        if np.ndim(base) == 0:
            return self._derived(at, float(base), order)
        if order == 2 and np.size(base) == 1:
            return self._derived(lambda h: at(base + h), 0.0, order)
        if order == 2:
            raise NoValue(f"a second derivative by {variable.tex}, which is no number")
        columns = []
        for place in np.ndindex(base.shape):
            unit = np.zeros(base.shape)
            unit[place] = 1.0
            columns.append(self._derived(partial(_along, at, base, unit), 0.0, order))
        if all(np.ndim(column) == 0 for column in columns):
            return np.array(columns, float).reshape(base.shape)
        if min(base.shape) > 1:
            raise NoValue(f"the derivative of an array by the matrix {variable.tex}")
        return np.array([np.ravel(column) for column in columns], float).T

    # --- minima ---------------------------------------------------------------------------------

    def _argmin(self, node: Node, scope: Scope) -> Any:
        def least(self: Evaluation, scope: Scope) -> float:
            def at(v: float) -> float:
                found: float = number_of(self.value(node.parts[0], {**scope, node.info: v}))
                return found

            return minimiser(at)

        return self._kept(node, scope, least)


def operations_of(cls: type[Evaluation]) -> dict[str, Callable[[Any, Node, Scope], Any]]:
    """The methods that evaluate, by the kinds of nodes after which they are named."""
    names = {name for one in cls.__mro__ for name in vars(one)}
    found = (name for name in names if name.startswith("_") and not name.startswith("__"))
    return {name.removeprefix("_"): getattr(cls, name) for name in found}


Evaluation.operations = operations_of(Evaluation)


# --- trees, made into functions -------------------------------------------------------------------

Evaluator = Callable[[Evaluation, Scope], Any]

#: Numbers, which are computed with at once: most of what is evaluated is one.
PLAIN = frozenset({int, float})


def compiled(node: Node) -> Evaluator:
    """What evaluates a tree. It is made once and kept with the tree, which is evaluated in many
    draws, at many indices, and as a part of many false versions."""
    found: Evaluator | None = vars(node).get("compiled")
    if found is None:
        found = vars(node)["compiled"] = evaluator_of(node)
    return found


def evaluator_of(node: Node) -> Evaluator:
    """What evaluates a tree, made anew."""
    return COMPILERS.get(node.kind, _by_method)(node)


def _by_method(node: Node) -> Evaluator:
    """What the evaluation itself has a method for."""
    kind = node.kind
    return lambda evaluation, scope: evaluation.operations[kind](evaluation, node, scope)


def _number(node: Node) -> Evaluator:
    value = int(node.info) if float(node.info).is_integer() else node.info
    return lambda evaluation, scope: value


def _label(node: Node) -> Evaluator:
    return lambda evaluation, scope: node.info


def _local(node: Node) -> Evaluator:
    letter = node.info

    def evaluate(evaluation: Evaluation, scope: Scope) -> Any:
        if letter not in scope:
            raise NoValue(f"{letter} has no value here")
        return scope[letter]

    return evaluate


def _symbol(node: Node) -> Evaluator:
    name, count = node.info
    parts = [compiled(part) for part in node.parts]
    if not parts:
        return lambda evaluation, scope: evaluation.worth_of(name, (), ())

    def evaluate(evaluation: Evaluation, scope: Scope) -> Any:
        values = [part(evaluation, scope) for part in parts]
        places = evaluation._places(name, values[:count])
        return evaluation.worth_of(name, places, tuple(values[count:]))

    def of_indices(evaluation: Evaluation, scope: Scope) -> Any:
        places = tuple([part(evaluation, scope) for part in parts])
        for place in places:
            if type(place) is not int:
                places = evaluation._places(name, places)
                break
        return evaluation.worth_of(name, places, ())

    if len(parts) == count and not name.arguments:
        return of_indices

    return evaluate


def _sum(node: Node) -> Evaluator:
    first, *others = (compiled(part) for part in node.parts)
    signs = [sign == "+" for sign in node.info]
    terms = list(zip(signs[1:], others, strict=True))

    def evaluate(evaluation: Evaluation, scope: Scope) -> Any:
        total = first(evaluation, scope) if signs[0] else -first(evaluation, scope)
        for plus, term in terms:
            value = term(evaluation, scope)
            if type(total) in PLAIN and type(value) in PLAIN:
                total = total + value if plus else total - value
            else:
                total = added(total, value if plus else -value)
        return total

    return evaluate


def _product(node: Node) -> Evaluator:
    first, *others = (compiled(part) for part in node.parts)
    factors = list(zip(node.info, others, strict=True))

    def evaluate(evaluation: Evaluation, scope: Scope) -> Any:
        # The matrix product binds first: W x ⊙ y is (W x) ⊙ y, and y ⊙ W x is y ⊙ (W x).
        product, before = first(evaluation, scope), None
        for sign, factor in factors:
            value = factor(evaluation, scope)
            if sign == "" and type(product) in PLAIN:
                product = product * value
            elif sign == "⊙":
                before = product if before is None else entrywise(before, product)
                product = value
            else:
                product = times(product, value) if sign == "" else over(product, value)
        return product if before is None else entrywise(before, product)

    return evaluate


def _of_parts(node: Node) -> Evaluator:
    """A function of the values of all parts."""
    parts = [compiled(part) for part in node.parts]
    function = {"fraction": over, "power": raised}.get(node.kind) or FUNCTIONS[node.info]
    return lambda evaluation, scope: function(*[part(evaluation, scope) for part in parts])


def _big(node: Node) -> Evaluator:
    """A sum, a product, a maximum or a minimum over something."""
    operator, binder = node.info
    body, bounds = compiled(node.parts[0]), node.parts[1:]
    combine = COMBINED[operator]
    nothing = {r"\sum": 0, r"\prod": 1}.get(operator)

    def combined(evaluation: Evaluation, scope: Scope) -> Any:
        scopes = evaluation._bound(binder, bounds, scope)
        values = [body(evaluation, inner) for inner in scopes]
        if not values:
            if nothing is None:
                raise NoValue("a maximum or minimum over nothing")
            return nothing
        total = values[0]
        for value in values[1:]:
            if combine is added and type(total) in PLAIN:
                total = total + value
            else:
                total = combine(total, value)
        return total

    return lambda evaluation, scope: evaluation._kept(node, scope, combined)


COMPILERS: dict[str, Callable[[Node], Evaluator]] = {
    "big": _big,
    "number": _number,
    "label": _label,
    "local": _local,
    "symbol": _symbol,
    "sum": _sum,
    "product": _product,
    "fraction": _of_parts,
    "power": _of_parts,
    "call": _of_parts,
}


def _along(at: Callable[[Any], Any], base: Array, unit: Array, h: float) -> Any:
    return at(base + h * unit)


def _frozen(scope: Scope, letters: Iterable[str]) -> tuple[Any, ...]:
    """What these letters are worth, as part of a key."""
    return tuple(
        [
            (letter, value.tobytes() if isinstance(value := scope[letter], np.ndarray) else value)
            for letter in letters
            if letter in scope
        ]
    )


def number_of(value: Any) -> Any:
    """A number, where one entry is one. Raises NoValue."""
    if not isinstance(value, np.ndarray):
        return value
    if value.size != 1:
        raise NoValue(f"an array of shape {value.shape} where a number must stand")
    return value.item()


def index_of(value: Any) -> Any:
    """A whole number, or a label, as an index. Raises NoValue."""
    if isinstance(value, str | tuple | int):
        return value
    number = number_of(value)
    if abs(number - round(number)) > 1e-9:
        raise NoValue(f"the index {number:g}, which is not whole")
    return round(number)


def shape_of(value: Any) -> tuple[int, ...]:
    """The shape of an array; that of a number, or of one entry, is ()."""
    if not isinstance(value, np.ndarray) or value.size == 1:
        return ()
    shape: tuple[int, ...] = value.shape
    return shape


def fits(a: Any, b: Any) -> bool:
    return not shape_of(a) or not shape_of(b) or shape_of(a) == shape_of(b)


def added(a: Any, b: Any) -> Any:
    """The sum; a number is added to every entry. Raises NoValue."""
    if not isinstance(a, np.ndarray) and not isinstance(b, np.ndarray):
        return a + b
    if not fits(a, b):
        raise NoValue(f"shapes {np.shape(a)} and {np.shape(b)} cannot be added")
    return a + b


def entrywise(a: Any, b: Any) -> Any:
    """The product element by element. Raises NoValue."""
    if not fits(a, b):
        raise NoValue(f"shapes {np.shape(a)} and {np.shape(b)} cannot be multiplied by elements")
    return a * b


def times(a: Any, b: Any) -> Any:
    """The matrix product, or a multiple where one factor is a number. Raises NoValue."""
    if not isinstance(a, np.ndarray):
        return a * b
    if isinstance(b, np.ndarray) and a.shape[1] == b.shape[0]:
        return a @ b
    if shape_of(a) and shape_of(b):
        raise NoValue(f"shapes {np.shape(a)} and {np.shape(b)} cannot be multiplied")
    return number_of(a) * b if not shape_of(a) else a * number_of(b)


def over(a: Any, b: Any) -> Any:
    """The quotient by a number. Raises NoValue."""
    divisor = number_of(b)
    if divisor == 0:
        raise NoValue("a division by 0")
    return a / divisor


def raised(base: Any, exponent: Any) -> Any:
    """A power: of a square matrix as a matrix, of a vector element by element. Raises NoValue."""
    if not shape_of(base):
        return number_of(base) ** number_of(exponent)
    if min(base.shape) == 1:
        return base ** number_of(exponent)
    power = index_of(exponent)
    if base.shape[0] != base.shape[1]:
        raise NoValue(f"a power of an array of shape {base.shape}")
    return np.linalg.matrix_power(base, power)


def numbers(value: Any) -> Any:
    """An array of numbers, complex ones only where it has some."""
    return np.asarray(value, complex if np.iscomplexobj(value) else float)


def norm(value: Any, kind: str) -> float:
    """A vector's length, or the norm of a matrix that the sign names. Raises NoValue."""
    if kind == "" and type(value) is np.ndarray and value.dtype == float and min(value.shape) == 1:
        flat = value.ravel()  # as NumPy does, which asks much before
        return math.sqrt(flat.dot(flat))
    array = np.atleast_2d(numbers(value))
    vector = min(array.shape) == 1
    if kind == "1":
        if not vector:
            raise NoValue("‖·‖₁ of a matrix")
        return float(np.sum(np.abs(array)))
    if kind == "2":
        return float(np.linalg.norm(array, 2))
    if kind == "" and not vector:
        raise NoValue("a norm of a matrix must say which: _2 or _F")
    return float(np.linalg.norm(array))


def diag(value: Any) -> Array:
    return np.diag(np.ravel(value))


def largest(*values: Any) -> Any:
    return np.maximum(*values) if len(values) > 1 else float(np.max(values[0]))


def smallest(*values: Any) -> Any:
    return np.minimum(*values) if len(values) > 1 else float(np.min(values[0]))


FUNCTIONS: dict[str, Callable[..., Any]] = {
    r"\log": np.log,
    r"\exp": np.exp,
    r"\tanh": np.tanh,
    r"\cos": np.cos,
    r"\sin": np.sin,
    r"\sqrt": np.sqrt,
    r"\max": largest,
    r"\min": smallest,
    "sgn": np.sign,
    "diag": diag,
}

TESTS: dict[str, Callable[..., Any]] = {
    "=": np.equal,
    "<": np.less,
    ">": np.greater,
    "≤": np.less_equal,
    "≥": np.greater_equal,
}


def _multiplied(a: Any, b: Any) -> Any:
    """A factor of ∏: matrices as matrices, vectors element by element."""
    square = np.ndim(a) == 2 and np.ndim(b) == 2 and a.shape[0] == a.shape[1] > 1
    return times(a, b) if square else entrywise(a, b)


COMBINED: dict[str, Callable[..., Any]] = {
    r"\sum": added,
    r"\prod": _multiplied,
    r"\max": np.maximum,
    r"\min": np.minimum,
}


def derived(f: Callable[[Any], Any], x: Any, order: int) -> Any:
    """f′(x) or f″(x) by central differences, element by element if x is an array."""
    step, weights = FIRST if order == 1 else SECOND
    total = sum(weight * f(x + k * step) for k, weight in weights.items())
    return total / step**order


def beside_a_kink(f: Callable[[Any], Any], x: Any, order: int, side: str) -> Any:
    """f′(x) on one side of x, for a function of straight pieces: the step shrinks until a shorter
    one finds the same. Raises NoValue for a second derivative, and if none does."""
    if order > 1:
        raise NoValue("a second derivative where functions have kinks")
    here, before = f(x), None
    for power in SHRINKING:
        step = 2.0**-power * {"left": -1, "right": 1}[side]  # a sum with it rounds little
        found = (f(x + step) - here) / step
        if before is not None and np.allclose(found, before, rtol=1e-8, atol=1e-8):
            return found
        before = found
    raise NoValue("a slope that does not settle: kinks=… is for functions of straight pieces")


def minimiser(f: Callable[[float], float]) -> float:
    """Where f of a number is least, by SciPy; where 0 is as good, 0. Raises NoValue."""
    from scipy.optimize import minimize_scalar

    def at(value: float) -> float:
        found = f(float(value))
        return found if np.isfinite(found) else np.inf

    try:
        x = float(minimize_scalar(at, method="brent", options={"xtol": 1e-12}).x)
    except RuntimeError:
        raise NoValue("a minimum of what has none") from None
    for _ in range(3):  # Newton's steps bring the digits that comparing values cannot
        curvature = derived(at, x, 2)
        if not np.isfinite(curvature) or curvature <= 1e-6:
            break
        better = x - derived(at, x, 1) / curvature
        if not abs(better - x) < 1e-4:
            break
        x = better
    return 0.0 if at(0.0) <= at(x) else x
