r"""What a formula's tree is worth, when its symbols are worth something.

Numbers are numbers; vectors are columns, or rows on a page that writes them so, and matrices have
two dimensions, so that juxtaposition is the matrix product wherever the shapes allow, and a
multiple where one factor is a number. A symbol that has not been given a worth is worth what the
page's own definition (≔) makes of the others. A derivative that has not been given is measured
on these: the variable is moved a little, and all that depends on it is evaluated again.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.equations.names import Name
from engine.equations.tree import Binder, Node

Array = NDArray[np.float64]
Scope = Mapping[str, Any]
Key = tuple[Name, tuple[Any, ...]]


class NoValue(Exception):
    """A formula cannot be evaluated: something has no value, or shapes do not fit."""


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
    measured: set[Name] = field(default_factory=set)
    """Symbols that some derivative was seen to depend on."""
    memory: dict[Any, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        #: Members of a family that have a name of their own: h_0 of h_t.
        self.single: dict[Key, Name] = {}
        families = [name for name in (*self.given, *self.defined) if name.indices]
        for name in self.given:
            for family in () if name.indices or name.arguments else families:
                found = family.matched(name.head)
                if found and all(token.text.isdigit() for piece in found for token in piece):
                    place = tuple(int("".join(t.text for t in piece)) for piece in found)
                    self.single[family, place] = name

    def one(self, name: Name, indices: tuple[Any, ...]) -> Key:
        """The name that this member of a family goes by."""
        single = self.single.get((name, indices))
        return (name, indices) if single is None else (single, ())

    def oriented(self, value: Any) -> Any:
        """A worth as formulas use it: a vector as a column or a row."""
        if isinstance(value, tuple | str | bool | Mean):
            return value
        if isinstance(value, int | float | np.number):
            return value if isinstance(value, int) else float(value)
        array = np.asarray(value, float)
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


#: Central differences: the steps, in units of h, and the weights of the values there.
FIRST = (1e-3, {-2: 1 / 12, -1: -8 / 12, 1: 8 / 12, 2: -1 / 12})
SECOND = (
    1e-2,
    {-3: 1 / 90, -2: -3 / 20, -1: 3 / 2, 0: -49 / 18, 1: 3 / 2, 2: -3 / 20, 3: 1 / 90},
)


@dataclass
class Evaluation:
    """Evaluates trees in one draw, with some symbols moved away from their worth."""

    worth: Worth
    moved: Mapping[Key, Any] = field(default_factory=dict)
    still: tuple[Name, Evaluation] | None = None
    """A symbol whose other members keep the worth that they have there."""
    memory: dict[Any, Any] = field(default_factory=dict)
    seen: set[Key] = field(default_factory=set)

    def value(self, node: Node, scope: Scope) -> Any:
        """The worth of a tree. Raises NoValue, or what the page's own functions raise."""
        return getattr(self, f"_{node.kind}")(node, scope)

    def _all(self, nodes: tuple[Node, ...], scope: Scope) -> list[Any]:
        return [self.value(node, scope) for node in nodes]

    # --- names ----------------------------------------------------------------------------------

    def _number(self, node: Node, scope: Scope) -> Any:
        return int(node.info) if float(node.info).is_integer() else node.info

    def _label(self, node: Node, scope: Scope) -> Any:
        return node.info

    def _local(self, node: Node, scope: Scope) -> Any:
        if node.info not in scope:
            raise NoValue(f"{node.info} has no value here")
        return scope[node.info]

    def _symbol(self, node: Node, scope: Scope) -> Any:
        name, count = node.info
        indices = tuple(index_of(self.value(part, scope)) for part in node.parts[:count])
        arguments = tuple(self._all(node.parts[count:], scope))
        return self.worth_of(name, indices, arguments)

    def worth_of(self, name: Name, indices: tuple[Any, ...], arguments: tuple[Any, ...]) -> Any:
        """What a name is worth at these indices and arguments."""
        name, indices = self.worth.one(name, indices)
        key = (name, indices)
        if key in self.moved and not arguments:
            self.seen.add(key)
            return self.moved[key]
        if self.still and self.still[0] is name and not arguments:
            return self.still[1].worth_of(name, indices, arguments)
        if name in self.worth.given:
            if arguments:
                return self.worth.given_worth(name, (*indices, *arguments))
            if key not in self.worth.memory:
                self.worth.memory[key] = self.worth.given_worth(name, indices)
            return self.worth.memory[key]
        if arguments:
            return self._defined(name, indices, arguments)
        if key not in self.memory:
            self.memory[key] = None  # a definition that comes back to itself has no end
            self.memory[key] = self._defined(name, indices, ())
        elif self.memory[key] is None:
            raise NoValue(f"{name.key} is defined by itself: its first value is not given")
        return self.memory[key]

    def _defined(self, name: Name, indices: tuple[Any, ...], arguments: tuple[Any, ...]) -> Any:
        if name not in self.worth.defined:
            raise NoValue(f"{name.key} has no value")
        letters = [*name.indices, *(argument[0].text for argument in name.arguments)]
        bound = dict(zip(letters, (*indices, *arguments), strict=True))
        return self.value(self.worth.defined[name], bound)

    # --- arithmetic -----------------------------------------------------------------------------

    def _sum(self, node: Node, scope: Scope) -> Any:
        total: Any = None
        for sign, value in zip(node.info, self._all(node.parts, scope), strict=True):
            term = value if sign == "+" else -value
            total = term if total is None else added(total, term)
        return total

    def _product(self, node: Node, scope: Scope) -> Any:
        values = self._all(node.parts, scope)
        # The matrix product binds first, from the right: W x ⊙ y is (W x) ⊙ y, and W A x is cheap.
        product = values[0]
        for sign, value in zip(node.info, values[1:], strict=True):
            product = {"": times, "⊙": entrywise, "/": over}[sign](product, value)
        return product

    def _fraction(self, node: Node, scope: Scope) -> Any:
        return over(*self._all(node.parts, scope))

    def _power(self, node: Node, scope: Scope) -> Any:
        base, exponent = self._all(node.parts, scope)
        return raised(base, exponent)

    def _transpose(self, node: Node, scope: Scope) -> Any:
        return np.transpose(self.value(node.parts[0], scope))

    def _abs(self, node: Node, scope: Scope) -> Any:
        return np.abs(self.value(node.parts[0], scope))

    def _floor(self, node: Node, scope: Scope) -> Any:
        return math.floor(number_of(self.value(node.parts[0], scope)))

    def _norm(self, node: Node, scope: Scope) -> Any:
        return norm(self.value(node.parts[0], scope), node.info)

    def _call(self, node: Node, scope: Scope) -> Any:
        return FUNCTIONS[node.info](*self._all(node.parts, scope))

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
        total: Any = 0.0
        for value, condition in zip(node.parts[::2], node.parts[1::2], strict=True):
            total = total + self.value(value, scope) * self.value(condition, scope)
        return total

    def _tuple(self, node: Node, scope: Scope) -> Any:
        return tuple(index_of(value) for value in self._all(node.parts, scope))

    def _beside(self, node: Node, scope: Scope) -> Any:
        return np.hstack([np.atleast_2d(v) for v in self._all(node.parts, scope)])

    def _above(self, node: Node, scope: Scope) -> Any:
        return np.vstack([np.atleast_2d(v) for v in self._all(node.parts, scope)])

    # --- sums, products, means over sets --------------------------------------------------------

    def _big(self, node: Node, scope: Scope) -> Any:
        operator, binder = node.info
        values = [
            self.value(node.parts[0], {**scope, **bound})
            for bound in self._bound(binder, node.parts[1:], scope)
        ]
        if not values and operator in (r"\sum", r"\prod"):
            return 0 if operator == r"\sum" else 1
        if not values:
            raise NoValue("a maximum or minimum over nothing")
        total = values[0]
        for value in values[1:]:
            total = COMBINED[operator](total, value)
        return total

    def _bound(self, binder: Binder, parts: tuple[Node, ...], scope: Scope) -> list[Scope]:
        """The values of the bound letters, one after another."""
        if binder.kind == "each":
            letter = binder.letters[0]
            if ("each", letter) not in self.worth.memory:
                raise NoValue(f"what {letter} runs over has no value")
            return [{letter: value} for value in self.worth.memory["each", letter](scope)]
        bounds = self._all(parts, scope)
        letter = binder.letters[0]
        if binder.kind == "listed":
            return [{letter: value} for value in bounds]
        if binder.kind == "members":
            members = self.worth.given[binder.name](*bounds)
            pairs = len(binder.letters) > 1
            return [
                dict(zip(binder.letters, member if pairs else (member,), strict=True))
                for member in members
            ]
        whole = [index_of(bound) for bound in bounds]
        if binder.kind == "falling":
            first, second, last = whole
            if second != first - 1:
                raise NoValue("a product whose factors fall goes down by ones")
            return [{letter: k} for k in range(first, last - 1, -1)]
        return [{letter: k} for k in range(whole[0], whole[1] + 1)]

    def _mean(self, node: Node, scope: Scope) -> Any:
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
        return Evaluation(self.worth, {**self.moved, **moved}, fixed)

    def _slope(self, node: Node, scope: Scope) -> Any:
        function, count, order = node.info
        values = self._all(node.parts, scope)
        *before, x = values
        if isinstance(function, str):
            return derived(FUNCTIONS[function], x, order)
        indices = tuple(index_of(value) for value in before[:count])
        rest = tuple(before[count:])
        return derived(lambda v: self.worth_of(function, indices, (*rest, v)), x, order)

    def _derivative(self, node: Node, scope: Scope) -> Any:
        body, *variables = node.parts
        sign, order = node.info
        key = ("derivative", node, _frozen(scope))
        if not self.moved and key in self.memory:
            return self.memory[key]
        if order == 2 and variables[0] == variables[1]:
            found = self._moving(body, variables[0], scope, sign, 2)
        elif order == 2:
            inner = Node("derivative", (body, variables[1]), (sign, 1))
            found = self._moving(inner, variables[0], scope, sign, 1)
        else:
            found = self._moving(body, variables[0], scope, sign, 1)
        if not self.moved:
            self.memory[key] = found
        return found

    def _moving(self, body: Node, variable: Node, scope: Scope, sign: str, order: int) -> Any:
        """The derivative of a tree by a symbol, measured: in the shape of the symbol if the
        tree is a number, else with a row for each component of the tree."""
        if variable.kind == "local":
            return derived(
                lambda v: self.value(body, {**scope, variable.info: v}), scope[variable.info], order
            )
        if variable.kind != "symbol" or len(variable.parts) != variable.info[1]:
            raise NoValue(f"a derivative by {variable.tex}, which is no symbol")
        name, count = variable.info
        indices = tuple(index_of(self.value(part, scope)) for part in variable.parts)
        name, indices = self.worth.one(name, indices)
        key = (name, indices)
        base = self.worth_of(name, indices, ())
        still = name if sign == "∂⁺" else None

        def at(value: Any) -> Any:
            there = self._with({key: value}, still)
            found = there.value(body, scope)
            if key in there.seen:
                self.worth.measured.add(name)
            return found

        if np.ndim(base) == 0:
            return derived(at, float(base), order)
        if order == 2:
            raise NoValue(f"a second derivative by {variable.tex}, which is no number")
        columns = []
        for place in np.ndindex(base.shape):
            unit = np.zeros(base.shape)
            unit[place] = 1.0
            columns.append(derived(lambda h, unit=unit: at(base + h * unit), 0.0, 1))
        if all(np.ndim(column) == 0 for column in columns):
            return np.array(columns, float).reshape(base.shape)
        if min(base.shape) > 1:
            raise NoValue(f"the derivative of an array by the matrix {variable.tex}")
        return np.array([np.ravel(column) for column in columns], float).T

    # --- minima ---------------------------------------------------------------------------------

    def _argmin(self, node: Node, scope: Scope) -> Any:
        return minimiser(
            lambda v: number_of(self.value(node.parts[0], {**scope, node.info: v}))
        )


def _frozen(scope: Scope) -> tuple[Any, ...]:
    return tuple(
        (letter, value.tobytes() if isinstance(value, np.ndarray) else value)
        for letter, value in sorted(scope.items())
    )


def number_of(value: Any) -> float:
    """A number, where one entry is one. Raises NoValue."""
    if np.size(value) != 1:
        raise NoValue(f"an array of shape {np.shape(value)} where a number must stand")
    return float(np.ravel(value)[0]) if np.ndim(value) else value


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
    return () if np.size(value) == 1 else np.shape(value)


def fits(a: Any, b: Any) -> bool:
    return not shape_of(a) or not shape_of(b) or shape_of(a) == shape_of(b)


def added(a: Any, b: Any) -> Any:
    """The sum; a number is added to every entry. Raises NoValue."""
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
    if np.ndim(a) == 2 and np.ndim(b) == 2 and a.shape[1] == b.shape[0]:
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
    """A power: of a square matrix as a matrix, of a number as a number. Raises NoValue."""
    if not shape_of(base):
        return number_of(base) ** number_of(exponent)
    power = index_of(exponent)
    if base.shape[0] != base.shape[1]:
        raise NoValue(f"a power of an array of shape {base.shape}")
    return np.linalg.matrix_power(base, power)


def norm(value: Any, kind: str) -> float:
    """A vector's length, or the norm of a matrix that the sign names. Raises NoValue."""
    array = np.atleast_2d(np.asarray(value, float))
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
    if order not in (1, 2):
        raise NoValue(f"a derivative of order {order}")
    step, weights = FIRST if order == 1 else SECOND
    total = sum(weight * f(x + k * step) for k, weight in weights.items())
    return total / step**order


def minimiser(f: Callable[[float], float]) -> float:
    """Where f of a number is least, by SciPy; where 0 is as good, 0."""
    from scipy.optimize import minimize_scalar

    def at(value: float) -> float:
        found = f(float(value))
        return found if np.isfinite(found) else np.inf

    x = float(minimize_scalar(at, method="brent", options={"xtol": 1e-12}).x)
    for _ in range(3):  # Newton's steps bring the digits that comparing values cannot
        curvature = derived(at, x, 2)
        if not np.isfinite(curvature) or curvature <= 1e-6:
            break
        better = x - derived(at, x, 1) / curvature
        if not abs(better - x) < 1e-4:
            break
        x = better
    return 0.0 if at(0.0) <= at(x) else x
