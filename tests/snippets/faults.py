"""Faults made automatically in a function, one at a time.

``faults(backward, local_slopes)`` yields every faulty version of ``backward``: an operator
exchanged, a sign turned, a constant changed, a term or a factor dropped, ``=`` for ``+=``, a
statement left out, a transpose forgotten, a loop over time in the wrong direction. Helpers that
are named too are mutated as well, and ``backward`` then calls the faulty helper. A test asserts
that its check catches every one of them, except for those that change nothing.
"""

import ast
import copy
import inspect
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

OTHER_OPERATORS: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub, ast.Mult),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Add, ast.Div),
    ast.Div: (ast.Mult,),
    ast.MatMult: (ast.Mult,),
    ast.Pow: (ast.Mult,),
    ast.FloorDiv: (ast.Mult,),
}
OTHER_NAMES = {"zeros_like": "ones_like", "ones_like": "zeros_like", "eye": "ones"}
KEEPS_ONE_SIDE = (ast.Add, ast.Sub, ast.Mult, ast.MatMult, ast.Pow)


@dataclass(frozen=True)
class Fault:
    """What was changed, and the function that has it, which is made when it is asked for."""

    place: str
    was: str
    now: str
    tree: ast.Module
    #: The function that is called, first, and its helpers, which see each other's faults.
    functions: tuple[Callable[..., Any], ...]

    @cached_property
    def function(self) -> Callable[..., Any]:
        entry, *_ = self.functions
        namespace = dict(entry.__globals__)
        for other in self.functions:
            if other.__name__ != self.place:
                exec(textwrap.dedent(inspect.getsource(other)), namespace)
        exec(compile(self.tree, f"<{self.place} with a fault>", "exec"), namespace)
        made: Callable[..., Any] = namespace[entry.__name__]
        return made

    def __str__(self) -> str:
        return f"{self.place}: {self.was}  →  {self.now}"


def faults(entry: Callable[..., Any], *helpers: Callable[..., Any]) -> Iterator[Fault]:
    """Every version of ``entry`` with one fault, in itself or in one of its helpers."""
    for function in (entry, *helpers):
        source = textwrap.dedent(inspect.getsource(function))
        for was, now, tree in mutants(ast.parse(source)):
            yield Fault(function.__name__, was, now, tree, (entry, *helpers))


def rewritten(entry: Callable[..., Any], old: str, new: str, *helpers: Callable[..., Any]) -> Any:
    """``entry`` with one piece of its own or a helper's source replaced: a chosen mistake."""
    sources = {f.__name__: textwrap.dedent(inspect.getsource(f)) for f in (entry, *helpers)}
    found = sum(source.count(old) for source in sources.values())
    if found != 1:
        raise ValueError(f"{old!r} occurs {found} times in {', '.join(sources)}")
    namespace = dict(entry.__globals__)
    for source in sources.values():
        exec(source.replace(old, new), namespace)
    return namespace[entry.__name__]


def mutants(tree: ast.Module) -> Iterator[tuple[str, str, ast.Module]]:
    """Copies of a module of one function with one change in its body, as text and as tree."""
    (function,) = tree.body
    assert isinstance(function, ast.FunctionDef)
    for path in paths(function, ("body",)):
        node = follow(function, path)
        for changed in changes(node):
            copied = copy.deepcopy(tree)
            replace(copied.body[0], path, changed)
            ast.fix_missing_locations(copied)
            yield shown(function, path), shown(copied.body[0], path), copied


def changes(node: ast.AST) -> Iterator[ast.AST]:
    """What may stand in the place of a node by mistake."""
    match node:
        case ast.BinOp(left=left, op=op, right=right):
            for other in OTHER_OPERATORS.get(type(op), ()):
                yield ast.BinOp(left, other(), right)
            if isinstance(op, KEEPS_ONE_SIDE):
                yield left
                yield right
            yield ast.UnaryOp(ast.USub(), node)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            yield operand
        case ast.Constant(value=value) if type(value) in (int, float):
            yield ast.Constant(value + 1)
            yield ast.Constant(value - 1)
        case ast.Attribute(value=value, attr="T"):
            yield value
        case ast.Attribute(attr=name) if name in OTHER_NAMES:
            yield ast.Attribute(node.value, OTHER_NAMES[name], node.ctx)
        case ast.Call(func=ast.Name(id="reversed"), args=[steps]):
            yield steps
        case ast.Assign(targets=[ast.Subscript() as target], value=value):
            yield ast.AugAssign(target, ast.Add(), value)
            yield ast.Pass()
        case ast.AugAssign(target=target, op=op, value=value):
            yield ast.Assign([target], value)
            for other in OTHER_OPERATORS[type(op)]:
                yield ast.AugAssign(target, other(), value)
            yield ast.Pass()
        case ast.Assign(targets=[ast.Name()]):
            yield ast.Pass()


Path = tuple[tuple[str, int | None], ...]


def paths(node: ast.AST, fields: tuple[str, ...] | None = None) -> Iterator[Path]:
    """The way to each node below, as (field, index) steps; annotations are left alone."""
    for field, value in ast.iter_fields(node):
        if field == "annotation" or (fields is not None and field not in fields):
            continue
        for index, child in enumerate(value if isinstance(value, list) else [value]):
            if isinstance(child, ast.AST):
                step = (field, index if isinstance(value, list) else None)
                yield (step,)
                yield from ((step, *rest) for rest in paths(child))


def follow(node: Any, path: Path) -> Any:
    for field, index in path:
        node = getattr(node, field) if index is None else getattr(node, field)[index]
    return node


def replace(node: Any, path: Path, changed: ast.AST) -> None:
    parent, (field, index) = follow(node, path[:-1]), path[-1]
    if index is None:
        setattr(parent, field, changed)
    else:
        getattr(parent, field)[index] = changed


def shown(function: Any, path: Path) -> str:
    """The smallest statement around a node, on one line."""
    for length in range(len(path), 0, -1):
        node = follow(function, path[:length])
        if isinstance(node, ast.For):
            return ast.unparse(node).splitlines()[0]
        if isinstance(node, ast.stmt):
            return " ".join(ast.unparse(node).split())
    raise AssertionError("a node outside of every statement")
