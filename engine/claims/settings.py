"""The numbers that code sets, its literals; apart from them those that it compares something with.

``assert away < 9`` sets nothing: it holds a sentence that says "fewer than nine", and none that
says "nine".
"""

from __future__ import annotations

import ast
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from engine.claims.numerals import Numeral
from engine.reading.page import Page
from engine.running.examples import Code, pieces

#: Functions that compare, as ``np.testing.assert_allclose`` does.
COMPARING = ("assert", "isclose", "allclose")
#: Comparisons that choose, and those that only say on which side of it something lies.
CHOOSING = ast.Eq | ast.NotEq | ast.In | ast.NotIn | ast.Is | ast.IsNot
#: What words of comparison make of a number.
BOUNDS = ("less", "most", "more", "least")


@dataclass(frozen=True)
class Literal:
    """A number in code, and the line of the piece that it stands in.

    A bound is what something else is compared with, or asserted to be.
    """

    value: float
    line: int
    is_bound: bool


def settings(page: Page, first: int, last: float, *, own: bool = False) -> list[Literal]:
    """The numbers in the code of these lines of a page, its stubs' code among it.

    With ``own`` only what is written there: nobody sets anything in the functions of other
    chapters.
    """
    return [
        literal
        for fence in page.fences
        if fence.is_python and first <= fence.first < last
        for code in pieces(fence)
        for literal in literals(code)
        if not own or code.lines[literal.line - 1].origin.path == page.path
    ]


def literals(code: Code) -> list[Literal]:
    """The numbers in a piece of code; none where it is no Python."""
    try:
        return list(_in(ast.parse(code.source), asserted=False))
    except SyntaxError:  # running it says so
        return []


def sets(literals: Iterable[Literal], numeral: Numeral) -> bool:
    """Whether one of these is what a number of prose says."""
    return any(
        math.isclose(abs(numeral.value), literal.value)
        for literal in literals
        if not literal.is_bound or numeral.bound in BOUNDS
    )


def _in(node: ast.AST, *, asserted: bool, is_bound: bool = False) -> Iterator[Literal]:
    if isinstance(node, ast.Constant):
        if isinstance(node.value, int | float) and not isinstance(node.value, bool):
            yield Literal(float(node.value), node.lineno, is_bound)
        return
    asserted = asserted or isinstance(node, ast.Assert)
    compares = _compares(node, asserted)
    is_bound = is_bound and isinstance(node, ast.UnaryOp | ast.BinOp | ast.operator | ast.unaryop)
    for child in ast.iter_child_nodes(node):
        yield from _in(child, asserted=asserted, is_bound=is_bound or compares)


def _compares(node: ast.AST, asserted: bool) -> bool:
    """Whether the numbers right in a piece of code are bounds."""
    if isinstance(node, ast.Call):
        return ast.unparse(node.func).rpartition(".")[2].startswith(COMPARING)
    return isinstance(node, ast.Compare) and (
        asserted or not all(isinstance(sign, CHOOSING) for sign in node.ops)
    )
