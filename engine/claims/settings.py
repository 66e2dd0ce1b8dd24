"""The numbers that code sets, its literals; apart from them those that it compares something with.

``assert away < 9`` sets nothing: it holds a sentence that says "fewer than nine", and none that
says "nine". What a name of the code counts is counted so in prose as well: where 200 stands
nowhere but in ``steps=200``, a sentence that says "200 lists" has mixed two settings up, and so has
one that says "16 steps". A number to which code gives no name, ``np.ones((16, 2))``, sets only what
the sentences beside it say; others find it by chance.
"""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from engine.claims.numerals import Numeral
from engine.reading.page import Page
from engine.running.examples import Code, pieces

#: Functions that compare, as ``np.testing.assert_allclose`` does.
COMPARING = ("assert", "isclose", "allclose")
#: Comparisons that choose, and those that only say on which side of it something lies.
CHOOSING = ast.Eq | ast.NotEq | ast.In | ast.NotIn | ast.Is | ast.IsNot
#: What code counts by these names, as prose says it. A seed stands for whatever is repeated.
COUNTED = {
    **dict.fromkeys(["step", "steps"], "steps?|步"),
    **dict.fromkeys(["epoch", "epochs", "passes"], "epochs?|passes|轮|遍"),
    "lists": "lists?|列表|串",
    **dict.fromkeys(
        ["neurons", "n_h"], "neurons?|components?|hidden|states?|神经元|分量|隐藏|状态|维"
    ),
    "n_x": "inputs?|features?|components?|输入|特征|分量|维",
    "m": "samples?|sequences?|pictures?|样本|序列|图片",
    "layers": "layers?|层",
    "heads": "heads?|头",
    "samples": "samples?|样本",
    "batches": "batch(?:es)?|批",
    "patience": "steps?|步",
}
#: How many fences above and below a sentence set what it says without giving it a name.
ABOVE, BELOW = 1, 2
#: What words of comparison make of a number.
BOUNDS = ("less", "most", "more", "least")


@dataclass(frozen=True)
class Literal:
    """A number in code, and the line of the piece that it stands in.

    A bound is what something else is compared with, or asserted to be. ``name`` is what the code
    calls it: a parameter, what it is assigned to, what runs over a range of it. ``fence`` is where
    its fence begins among the lines of the page.
    """

    value: float
    line: int
    is_bound: bool
    name: str = ""
    fence: int = 0

    @property
    def counts(self) -> str:
        """What prose calls the things that it counts, as a pattern; nothing if any."""
        words = [self.name, *re.split(r"[\W_]+", self.name.lower())]
        return next((COUNTED[word] for word in words if word in COUNTED), "")


def settings(page: Page, first: int, last: float, *, own: bool = False) -> list[Literal]:
    """The numbers in the code of these lines of a page, its stubs' code among it.

    With ``own`` only what is written there: nobody sets anything in the functions of other
    chapters.
    """
    return [
        replace(literal, fence=fence.first)
        for fence in page.fences
        if fence.is_python and first <= fence.first < last
        for code in pieces(fence)
        for literal in literals(code)
        if not own or code.lines[literal.line - 1].origin.path == page.path
    ]


def literals(code: Code) -> list[Literal]:
    """The numbers in a piece of code; none where it is no Python."""
    try:
        tree = ast.parse(code.source)
    except SyntaxError:  # running it says so
        return []
    return list(_in(tree, dict(pair for node in ast.walk(tree) for pair in _named(node))))


def within_reach(
    own: Iterable[Literal], set_up: Iterable[Literal], fences: Iterable[int], line: int
) -> list[Literal]:
    """The numbers that code sets for a line of a page: those that it names or compares
    with, and those beside it.

    ``own`` are those of the line's section, whose fences begin at ``fences``, and ``set_up`` those
    of the page's first one.
    """
    fences = sorted(fences)
    above = [start for start in fences if start <= line][-ABOVE:]
    beside = {*above, *[start for start in fences if start > line][:BELOW]}
    own = list(own)
    here = {literal.value for literal in own}
    found = [one for one in own if one.name or one.is_bound or one.fence in beside]
    return found + [one for one in set_up if one.name and one.value not in here]


def sets(literals: Iterable[Literal], numeral: Numeral, text: str) -> bool:
    """Whether one of these is what a number says in its text.

    If they name what the number counts, it is one of those that they name so.
    """
    literals, after = list(literals), text[numeral.end :]
    is_ordinal = text[: numeral.start].rstrip().endswith("第")
    counted = [one for one in literals if one.counts and not one.is_bound and _next(one, after)]
    if is_ordinal:
        counted = []
    return any(
        re.match(rf"[^\d.;:。；：]{{0,24}}?(?:{literal.counts})", after, re.I)
        for literal in counted or literals
        if math.isclose(abs(numeral.value), literal.value)
        and (not literal.is_bound or numeral.bound in BOUNDS)
    )


def _next(literal: Literal, after: str) -> bool:
    """Whether a text begins with what a literal counts, or with a word before it."""
    between = r"(?:[ -](?:[a-z]+ )?|\s*[个次]?)"
    return bool(re.match(rf"{between}(?:{literal.counts})(?![a-z])", after, re.I))


def _in(
    node: ast.AST, names: Mapping[ast.AST, str], *, asserted: bool = False, is_bound: bool = False
) -> Iterator[Literal]:
    if isinstance(node, ast.Constant):
        if isinstance(node.value, int | float) and not isinstance(node.value, bool):
            yield Literal(float(node.value), node.lineno, is_bound, names.get(node, ""))
        return
    asserted = asserted or isinstance(node, ast.Assert)
    compares = _compares(node, asserted)
    is_bound = is_bound and isinstance(node, ast.UnaryOp | ast.BinOp | ast.operator | ast.unaryop)
    for child in ast.iter_child_nodes(node):
        yield from _in(child, names, asserted=asserted, is_bound=is_bound or compares)


def _named(node: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    """The expressions to which a piece of code gives a name, each with its name."""
    match node:
        case ast.keyword(arg=str(name), value=value):
            yield value, name
        case ast.arguments():
            places = [*node.posonlyargs, *node.args]
            pairs = [*zip(reversed(places), reversed(node.defaults), strict=False)]
            pairs += [(a, d) for a, d in zip(node.kwonlyargs, node.kw_defaults, strict=True) if d]
            yield from ((default, argument.arg) for argument, default in pairs)
        case ast.Assign(targets=[ast.Tuple(elts=some)], value=ast.Tuple(elts=others)):
            yield from ((value, ast.unparse(one)) for one, value in zip(some, others, strict=False))
        case ast.Assign(targets=[target], value=value):
            yield value, ast.unparse(target)
        case (
            ast.For(target=target, iter=iterated) | ast.comprehension(target=target, iter=iterated)
        ):
            while isinstance(iterated, ast.Call) and iterated.args:
                yield from ((argument, ast.unparse(target)) for argument in iterated.args)
                iterated = iterated.args[0]


def _compares(node: ast.AST, asserted: bool) -> bool:
    """Whether the numbers right in a piece of code are bounds."""
    if isinstance(node, ast.Call):
        return ast.unparse(node.func).rpartition(".")[2].startswith(COMPARING)
    return isinstance(node, ast.Compare) and (
        asserted or not all(isinstance(sign, CHOOSING) for sign in node.ops)
    )
