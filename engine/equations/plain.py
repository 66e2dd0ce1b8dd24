"""Values that a check computes by the formula itself, written out in Python.

Whether a program computes by other means what a formula says cannot be decided. What can be seen
is plain arithmetic: ``"y": 3 * x`` beside an equation that says y = 3x. Such an expression is
evaluated on values that are tied to nothing, and so is the other side of the equation.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import CodeType
from typing import Any

ARITHMETIC = (ast.BinOp, ast.UnaryOp, ast.operator, ast.unaryop, ast.expr_context)


@dataclass(frozen=True)
class Plain:
    """An arithmetic expression, and the symbols that the names in it stand for."""

    code: CodeType
    symbols: Mapping[str, str]

    def value(self, values: Mapping[str, Any]) -> Any:
        """What it makes of these values of its names."""
        return eval(self.code, {"__builtins__": {}}, dict(values))  # arithmetic alone, see below


def plain_values(function: Callable[..., Any]) -> dict[str, Plain]:
    """The values that a check gives as arithmetic of others that it gives, by their symbols."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    assigned = _assigned_once(tree)
    given = {
        key.value: value
        for node in ast.walk(tree)
        if isinstance(node, ast.Dict)
        for key, value in zip(node.keys, node.values, strict=True)
        if isinstance(key, ast.Constant) and isinstance(key.value, str)
    }
    found: dict[str, Plain] = {}
    for symbol, value in given.items():
        others = {
            one.id: key for key, one in given.items() if key != symbol and isinstance(one, ast.Name)
        }
        expression = _Written(others, assigned).visit(
            ast.parse(ast.unparse(value), mode="eval").body
        )
        parts = list(ast.walk(expression))
        names = {one.id for one in parts if isinstance(one, ast.Name)}
        arithmetic = all(
            isinstance(one, (*ARITHMETIC, ast.Name))
            or (isinstance(one, ast.Constant) and isinstance(one.value, int | float))
            for one in parts
        )
        if arithmetic and names and names <= others.keys():
            code = ast.fix_missing_locations(ast.Expression(expression))
            symbols = {name: others[name] for name in names}
            found[symbol] = Plain(compile(code, "<value>", "eval"), symbols)
    return found


def _assigned_once(tree: ast.AST) -> dict[str, ast.expr]:
    """The names that a function gives one value, and the expressions."""
    stored = [
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    ]
    return {
        node.targets[0].id: node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and stored.count(node.targets[0].id) == 1
    }


class _Written(ast.NodeTransformer):
    """Puts what a name was assigned in the place of the name, if it is no symbol's own value."""

    def __init__(self, others: Mapping[str, str], assigned: Mapping[str, ast.expr]) -> None:
        self.others = others
        self.assigned = assigned
        self.within: tuple[str, ...] = ()

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id in self.others or node.id not in self.assigned or node.id in self.within:
            return node
        self.within += (node.id,)
        written = ast.parse(ast.unparse(self.assigned[node.id]), mode="eval")
        found: ast.expr = self.visit(written.body)
        self.within = self.within[:-1]
        return found
