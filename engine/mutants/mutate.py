"""The mutants of a module: its text with one operator, constant, comparison or statement changed.

Types, texts, imports, and what only checks the input (``validation``) are left as they are.
"""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from engine.mutants.validation import Validation
from engine.reading import sources
from engine.reading.lines import Line
from engine.running.examples import Code

OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.MatMult: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}

#: What each comparison becomes: its bound moved, and its opposite.
COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}

STATEMENTS = (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Expr, ast.Delete, ast.Return)
SECTION = re.compile(r"# --8<-- \[(?P<mark>start|end):(?P<name>\w+)\]")


@dataclass(frozen=True)
class Mutant:
    """One change of a module.

    ``old`` is the piece that is replaced by ``new``; it begins in column ``column`` of ``line``
    and ends in ``end_column`` (from 0) of ``end``. ``text`` is the line without its margins.
    """

    path: Path
    function: str
    line: int
    column: int
    end: int
    end_column: int
    old: str
    new: str
    text: str

    @property
    def change(self) -> str:
        return f"{self.old} → {self.new}"

    def applied(self, code: Code) -> Code | None:
        """A page's piece of code with this change; None where it does not show the place."""
        wanted = range(self.line, self.end + 1)
        places = [
            index
            for index, line in enumerate(code.lines)
            if line.origin.path == self.path and line.origin.line in wanted
        ]
        if len(places) != len(wanted):
            return None
        first, last = places[0], places[-1]
        lines = list(code.lines)
        made = lines[first][: self.column] + self.new + lines[last][self.end_column :]
        lines[first] = Line.at(made, lines[first].origin)
        for index in range(first + 1, last + 1):
            lines[index] = Line.at("", lines[index].origin)
        return replace(code, lines=tuple(lines))


def mutants(folder: Path) -> dict[str, list[Mutant]]:
    """The mutants of each module of snippets in a folder, in the order of its lines."""
    paths = sorted(path for path in folder.glob("*.py") if path.stem != "__init__")
    texts = {path.stem: sources.read(path) for path in paths}
    trees = {name: ast.parse(text) for name, text in texts.items()}
    validation = Validation(trees)
    return {path.stem: _of_module(path, texts, trees, validation) for path in paths}


def _of_module(
    path: Path, texts: dict[str, str], trees: dict[str, ast.Module], validation: Validation
) -> list[Mutant]:
    lines = texts[path.stem].split("\n")
    shown = _lines_of_sections(lines)
    found: list[Mutant] = []

    def visit(node: ast.AST, function: str) -> None:
        if node in validation or isinstance(node, ast.JoinedStr):
            return
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            function = f"{function}.{node.name}".lstrip(".")
        if isinstance(node, ast.stmt | ast.expr) and node.lineno in shown:
            for made in _changes(node):
                found.append(_mutant(path, function, node, made, lines))
        for child in _children(node):
            visit(child, function)

    visit(trees[path.stem], "")
    return sorted(set(found), key=lambda m: (m.line, m.column, m.end, m.end_column, m.new))


def _mutant(path: Path, function: str, node: ast.stmt | ast.expr, new: str, lines: list[str]
            ) -> Mutant:  # fmt: skip
    end = node.end_lineno or node.lineno
    column = _characters(lines[node.lineno - 1], node.col_offset)
    end_column = _characters(lines[end - 1], node.end_col_offset or 0)
    # What the mutant's name shows is the piece as Python writes it, on one line.
    old = ast.unparse(node)
    text = lines[node.lineno - 1].strip()
    return Mutant(path, function, node.lineno, column, end, end_column, old, new, text)


def _characters(line: str, offset: int) -> int:
    """An offset in bytes, as Python's parser gives it, in characters."""
    return len(line.encode()[:offset].decode())


def _lines_of_sections(lines: list[str]) -> set[int]:
    """The numbers of the lines that stand in a section, but not in that of the imports."""
    found: set[int] = set()
    inside: set[str] = set()
    for number, line in enumerate(lines, 1):
        mark = SECTION.match(line)
        if mark and mark["mark"] == "start":
            inside.add(mark["name"])
        elif mark:
            inside.discard(mark["name"])
        elif inside and "imports" not in inside:
            found.add(number)
    return found


def _children(node: ast.AST) -> Iterator[ast.AST]:
    """What stands below a node, without types and decorators."""
    match node:
        case ast.FunctionDef():
            yield from (d for d in (*node.args.defaults, *node.args.kw_defaults) if d)
            yield from node.body
        case ast.ClassDef():
            yield from node.body
        case ast.AnnAssign():
            yield from [node.value] if node.value else []
        case _:
            yield from ast.iter_child_nodes(node)


def _changes(node: ast.stmt | ast.expr) -> Iterator[str]:
    """What may stand in place of a statement or an expression."""
    if isinstance(node, STATEMENTS) and not _is_only_said(node):
        yield "pass"
    match node:
        case ast.AugAssign():
            yield _changed(node, lambda n: setattr(n, "op", OPERATORS[type(node.op)]()))
            yield f"{ast.unparse(node.target)} = {ast.unparse(node.value)}"
        case ast.BinOp() if type(node.op) in OPERATORS:
            yield _changed(node, lambda n: setattr(n, "op", OPERATORS[type(node.op)]()))
        case ast.BoolOp():
            other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
            yield _changed(node, lambda n: setattr(n, "op", other))
        case ast.UnaryOp(op=ast.USub() | ast.Not()):
            yield f"({ast.unparse(node.operand)})"
        case ast.Compare():
            for place, op in enumerate(node.ops):
                for new in COMPARISONS[type(op)]:
                    yield _changed(node, lambda n, p=place, o=new: n.ops.__setitem__(p, o()))
        case ast.Constant(value=bool(value)):
            yield str(not value)
        case ast.Constant(value=int(value)):
            yield str(value + 1)
        case ast.Constant(value=float(value)):
            yield repr(value * 2 if value else 1.0)
        case ast.IfExp() if not isinstance(node.test, ast.Compare | ast.BoolOp):
            yield _changed(node, _negated)


def _is_only_said(node: ast.stmt) -> bool:
    """Whether this is a docstring, or the type of a name that gets no value."""
    return (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)) or (
        isinstance(node, ast.AnnAssign) and node.value is None
    )


def _negated(node: ast.IfExp) -> None:
    node.test = ast.UnaryOp(ast.Not(), node.test)


def _changed(node: ast.AST, change: Callable[..., object]) -> str:
    """A node as text after a change of it; an expression in brackets, whatever is around it."""
    made = copy.deepcopy(node)
    change(made)
    text = ast.unparse(made)
    return text if isinstance(node, ast.stmt) else f"({text})"
