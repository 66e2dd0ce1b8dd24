"""False versions of a formula: what an author, a copyist or a hurried reader may get wrong.

Each differs from the formula in one place. They are made from the tree, so that none depends on
what a check's author has thought of.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from engine.equations.tree import Binder, Node, Relation

#: Names of the kinds of change, in both languages, for the pages that show them.
KINDS = {
    "term": ("少一项", "a term dropped"),
    "sign": ("符号反了", "a sign turned"),
    "factor": ("少一个因子", "a factor dropped"),
    "order": ("因子交换", "factors exchanged"),
    "product": ("⊙ 与乘积混淆", "⊙ for a product, or the reverse"),
    "transpose": ("多了或少了转置", "a transpose forgotten or added"),
    "fraction": ("分数写反或缺分母", "a fraction turned, or its denominator dropped"),
    "power": ("指数不对", "another power"),
    "number": ("数字不对", "another number"),
    "function": ("函数不对", "another function, or none"),
    "bars": ("少了绝对值或取整", "bars dropped"),
    "norm": ("范数不对", "another norm"),
    "limit": ("上下限移一位", "a limit moved by one"),
    "index": ("下标不对", "another index"),
    "condition": ("条件不对", "another condition"),
    "symbol": ("换了符号", "one symbol for another"),
    "derivative": ("导数种类不对", "another kind of derivative"),
    "relation": ("关系反了", "the relation turned"),
}

Alike = Callable[[Node], list[Node]]


@dataclass(frozen=True)
class Version:
    """A relation that differs from a formula in one place: what kind of change, and where."""

    kind: str
    place: str
    side: int
    relation: Relation
    bound: bool = False
    """Whether the change is in what a sum or a product runs over, which may be nothing, and is
    not rounded."""

    @property
    def says_something(self) -> bool:
        """Whether what was changed is of a kind that must matter: a term that can be left out, or
        another number that does as well, says nothing where values are drawn."""
        return self.kind in MATTERS and not (self.bound and self.kind == "number")


#: What is never without effect in a formula, unlike the order of two factors.
MATTERS = frozenset(
    {"term", "sign", "factor", "fraction", "power", "number"}
    | {"function", "bars", "norm", "index", "condition"}
)


ONE = Node("number", info=1.0, tex="1")


def false_versions(relation: Relation, alike: Alike) -> Iterator[Version]:
    """All of them, each once. ``alike`` gives the symbols that a symbol may be taken for."""
    seen = {relation}
    for side, tree in enumerate(relation.sides):
        for kind, place, bound, changed in _changed(tree, alike):
            sides = (*relation.sides[:side], changed, *relation.sides[side + 1 :])
            version = Relation(sides, relation.signs)
            says_nothing = any(a == b for a, b in itertools.pairwise(sides))
            if version not in seen and not says_nothing:
                seen.add(version)
                yield Version(kind, place, side, version, bound)
    turned = {"≤": "≥", "≥": "≤", "<": ">", ">": "<"}
    for at, sign in enumerate(relation.signs):
        if sign in turned:
            signs = (*relation.signs[:at], turned[sign], *relation.signs[at + 1 :])
            yield Version("relation", sign, at, Relation(relation.sides, signs))


def _changed(node: Node, alike: Alike) -> Iterator[tuple[str, str, bool, Node]]:
    """The trees that differ from this one in one place."""
    for kind, changed in _here(node, alike):
        yield kind, node.tex, False, changed
    for at, part in enumerate(node.parts):
        if node.kind == "derivative":
            changes = (
                _of_a_variable(part, alike) if part.kind == "symbol" else _changed(part, alike)
            )
        else:
            changes = _changed(part, alike)
        for kind, place, bound, changed in changes:
            if place == part.tex and len(node.tex) < 40:
                place = node.tex or place
            bound = bound or (node.kind == "big" and at > 0 and not _rounds(part))
            yield kind, place, bound, node.with_part(at, changed)


def _rounds(node: Node) -> bool:
    """Whether another number may change nothing, as nothing is left of it."""
    return any(one.kind == "floor" for one in node.walk())


def _of_a_variable(node: Node, alike: Alike) -> Iterator[tuple[str, str, bool, Node]]:
    """A derivative is one sign: another index, or another symbol, and nothing else; but all that
    an index is made of must matter."""
    for kind, changed in _here(node, alike):
        if kind in ("index", "symbol"):
            yield kind, node.tex, False, changed
    if not node.info[0].arguments:
        for at, part in enumerate(node.parts):
            if part.parts:
                for kind, _, bound, changed in _changed(part, alike):
                    yield kind, node.tex, bound, node.with_part(at, changed)
            for changed in _moved(part):
                yield "index", node.tex, False, node.with_part(at, changed)


def _here(node: Node, alike: Alike) -> Iterator[tuple[str, Node]]:
    changes = MAKERS.get(node.kind)
    if changes:
        yield from changes(node)
    if node.kind in ("symbol", "local"):
        for other in alike(node):
            yield "symbol", other
    if node.kind == "symbol":
        yield "transpose", Node("transpose", (node,), tex=node.tex)


def _of_sum(node: Node) -> Iterator[tuple[str, Node]]:
    for at, sign in enumerate(node.info):
        turned = "-" if sign == "+" else "+"
        yield "sign", replace(node, info=(*node.info[:at], turned, *node.info[at + 1 :]))
        if len(node.parts) > 1:
            rest = (*node.parts[:at], *node.parts[at + 1 :])
            yield "term", replace(node, parts=rest, info=(*node.info[:at], *node.info[at + 1 :]))


def _of_product(node: Node) -> Iterator[tuple[str, Node]]:
    signs = ("", *node.info)
    for at in range(len(node.parts)):
        rest = (*node.parts[:at], *node.parts[at + 1 :])
        kept = (*signs[:at], *signs[at + 1 :])[1:]
        inverse = at == 0 and node.info[0] == "/"
        if inverse:
            rest, kept = (ONE, *rest), node.info
        changed = rest[0] if len(rest) == 1 else replace(node, parts=rest, info=kept)
        yield "factor", changed
    for at in range(len(node.parts) - 1):
        yield "order", node.exchanged(at)
        other = {"": "⊙", "⊙": "", "/": ""}[node.info[at]]
        yield "product", replace(node, info=(*node.info[:at], other, *node.info[at + 1 :]))


def _of_fraction(node: Node) -> Iterator[tuple[str, Node]]:
    above, below = node.parts
    yield "fraction", above
    yield "fraction", node.with_parts((below, above))
    yield "fraction", node.with_parts((ONE, below))


def _of_power(node: Node) -> Iterator[tuple[str, Node]]:
    base, exponent = node.parts
    yield "power", base
    yield "power", node.with_parts((base, Node("sum", (exponent, ONE), ("+", "+"))))


def _of_transpose(node: Node) -> Iterator[tuple[str, Node]]:
    yield "transpose", node.parts[0]


def _of_number(node: Node) -> Iterator[tuple[str, Node]]:
    for by in (1, -1):
        yield "number", replace(node, info=node.info + by)
    if node.info not in (0, 1):
        yield "sign", replace(node, info=-node.info)


def _of_bars(node: Node) -> Iterator[tuple[str, Node]]:
    yield "bars", node.parts[0]


def _of_norm(node: Node) -> Iterator[tuple[str, Node]]:
    for other in {"": ("1",), "1": ("",), "2": ("F",), "F": ("2",)}[node.info]:
        yield "norm", replace(node, info=other)
    yield "norm", Node("power", (node, Node("number", info=2.0)), tex=node.tex)


def _of_call(node: Node) -> Iterator[tuple[str, Node]]:
    others = {r"\max": r"\min", r"\min": r"\max", r"\log": r"\exp", r"\tanh": r"\exp"}
    others |= {r"\cos": r"\sin", r"\sin": r"\cos"}
    if node.info in others:
        yield "function", replace(node, info=others[node.info])
    if node.info == r"\sqrt":
        yield from _of_root(node.parts[0])
    for argument in node.parts:
        yield "function", argument


def _of_root(node: Node) -> Iterator[tuple[str, Node]]:
    """The root of a square is its absolute value, whose bars may be dropped."""
    if node.kind == "power" and node.parts[1] == replace(ONE, info=2.0):
        yield "bars", node.parts[0]
    if node.kind == "product" and len(node.parts) == 2 and node.parts[0] == node.parts[1]:
        yield "bars", node.parts[0]


def _of_slope(node: Node) -> Iterator[tuple[str, Node]]:
    function, count, order = node.info
    if isinstance(function, str):
        yield "function", Node("call", node.parts, function, node.tex)
    else:
        yield "function", Node("symbol", node.parts, (function, count), node.tex)
    yield "function", node.parts[-1]
    yield "function", replace(node, info=(function, count, 3 - order))


def _of_test(node: Node) -> Iterator[tuple[str, Node]]:
    others = {"=": "<", "<": ">", ">": "<", "≤": ">", "≥": "<"}
    for at, sign in enumerate(node.info):
        signs = (*node.info[:at], others[sign], *node.info[at + 1 :])
        if not any(part.kind == "tuple" for part in node.parts):
            yield "condition", replace(node, info=signs)
    yield "condition", ONE


def _of_list(node: Node) -> Iterator[tuple[str, Node]]:
    for at in range(len(node.parts) - 1):
        yield "order", node.exchanged(at)
    for at in range(len(node.parts)):
        if node.kind != "tuple" and len(node.parts) > 1:
            yield "term", node.with_parts((*node.parts[:at], *node.parts[at + 1 :]))


def _of_cases(node: Node) -> Iterator[tuple[str, Node]]:
    values, conditions = node.parts[::2], node.parts[1::2]
    turned = [part for pair in zip(reversed(values), conditions, strict=True) for part in pair]
    yield "condition", node.with_parts(tuple(turned))


def _of_big(node: Node) -> Iterator[tuple[str, Node]]:
    operator, binder = node.info
    body, *bounds = node.parts
    if binder.kind in ("range", "falling"):
        for at, bound in enumerate(bounds):
            if binder.kind == "falling" and at == 1:
                continue
            for sign in ("+", "-"):
                moved = Node("sum", (bound, ONE), ("+", sign))
                changed = [*bounds[:at], moved, *bounds[at + 1 :]]
                if binder.kind == "falling" and at == 0:
                    changed[1] = Node("sum", (bounds[1], ONE), ("+", sign))
                yield "limit", node.with_parts((body, *changed))
    if binder.kind == "falling":
        first, _, last = bounds
        rising = Binder("range", binder.letters)
        yield "order", Node("big", (body, last, first), (operator, rising), node.tex)
    if binder.kind == "listed" and len(bounds) > 1:
        for at in range(len(bounds)):
            yield "term", node.with_parts((body, *bounds[:at], *bounds[at + 1 :]))
    others = {r"\sum": r"\prod", r"\prod": r"\sum", r"\max": r"\min", r"\min": r"\max"}
    yield "function", replace(node, info=(others[operator], binder))


def _of_symbol(node: Node) -> Iterator[tuple[str, Node]]:
    name, count = node.info
    indices = node.parts[:count]
    for at in range(count):
        for changed in _moved(indices[at]):
            yield "index", node.with_part(at, changed)
        if at + 1 < count:
            yield "index", node.exchanged(at)
    if name.arguments and len(node.parts) - count > 1:
        parts = [*indices, *reversed(node.parts[count:])]
        yield "order", node.with_parts(tuple(parts))


def _moved(index: Node) -> Iterator[Node]:
    if index.kind in ("number", "local", "symbol"):
        for sign in ("+", "-"):
            yield Node("sum", (index, ONE), ("+", sign), index.tex)


def _of_derivative(node: Node) -> Iterator[tuple[str, Node]]:
    sign, order = node.info
    if sign == "∂⁺":
        yield "derivative", replace(node, info=("d", order))


MAKERS: dict[str, Callable[[Node], Iterator[tuple[str, Node]]]] = {
    "sum": _of_sum,
    "product": _of_product,
    "fraction": _of_fraction,
    "power": _of_power,
    "transpose": _of_transpose,
    "number": _of_number,
    "abs": _of_bars,
    "floor": _of_bars,
    "norm": _of_norm,
    "call": _of_call,
    "slope": _of_slope,
    "test": _of_test,
    "tuple": _of_list,
    "beside": _of_list,
    "above": _of_list,
    "cases": _of_cases,
    "big": _of_big,
    "symbol": _of_symbol,
    "derivative": _of_derivative,
}
