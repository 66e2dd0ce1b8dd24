"""Code of ``snippets/`` that stands in a check once more: what is copied agrees with itself.

Functions are compared as Python reads them, whatever their arguments and variables are called.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from engine.faults import Fault

Function = ast.FunctionDef | ast.Lambda

#: A function of so few parts has not been copied, it is merely short: ``return z``.
FEW = 6


def functions_by_form(snippets: Iterable[tuple[str, ast.Module]]) -> dict[str, str]:
    """For the form of each function of the snippets, the file where it stands first."""
    found: dict[str, str] = {}
    for module, code in snippets:
        for function in _functions(code):
            found.setdefault(ast.dump(_bare(function)), f"snippets/{module}.py")
    return found


def faults_of_copies(code: ast.Module, path: Path, known: Mapping[str, str]) -> Iterator[Fault]:
    """Functions of a module of checks that are those of a snippet under other names."""
    for function in _functions(code):
        bare = _bare(function)
        place = known.get(ast.dump(bare))
        if place and len([*ast.walk(bare)]) > FEW:
            name = getattr(function, "name", "a lambda")
            what = f"{name} is a function of {place} under other names"
            yield Fault(path, function.lineno, what, "compute it by other means")


def _functions(code: ast.AST) -> Iterator[Function]:
    return (node for node in ast.walk(code) if isinstance(node, ast.FunctionDef | ast.Lambda))


def _bare(function: Function) -> ast.Module:
    """The body of a function without docstrings, and its names as numbers in their order."""
    function = copy.deepcopy(function)
    arguments = function.args
    body = _body(function)
    own = [a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
    for node in ast.walk(ast.Module(body, [])):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            own.append(node.id)
    numbers = {name: f"_{k}" for k, name in enumerate(dict.fromkeys(own))}
    bare = _Bare(numbers)
    return ast.Module([one for one in map(bare.visit, body) if one is not None], [])


def _body(function: Function) -> list[ast.stmt]:
    if isinstance(function, ast.Lambda):
        return [ast.Return(function.body)]
    return function.body


class _Bare(ast.NodeTransformer):
    def __init__(self, numbers: dict[str, str]) -> None:
        self.numbers = numbers

    def visit_Name(self, node: ast.Name) -> ast.Name:
        return ast.Name(self.numbers.get(node.id, node.id), node.ctx)

    def visit_arg(self, node: ast.arg) -> ast.arg:
        return ast.arg(self.numbers.get(node.arg, node.arg))

    def visit_Expr(self, node: ast.Expr) -> ast.Expr | None:
        is_text = isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        return None if is_text else ast.Expr(self.visit(node.value))

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST | None:
        if node.value is None:
            return None
        return ast.Assign([self.visit(node.target)], self.visit(node.value))

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        self.generic_visit(node)
        node.returns = None
        return node
