"""What the code of a check may do: compute values, and nothing to what judges them.

A check runs in the process that judges it. What it may import is therefore listed, and what would
reach further (another thread or process, code made from text, the insides of objects, an attribute
of somebody else's) is refused where it is written.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from engine import equations
from engine.faults import Fault

#: Packages of numbers, and what belongs to the site.
IMPORTED = {
    "numpy",
    "scipy",
    "math",
    "itertools",
    "functools",
    "operator",
    "collections",
    "typing",
    "snippets",
    "checks",
}

REFUSED = {
    "__import__",
    "__builtins__",
    "exec",
    "eval",
    "compile",
    "globals",
    "locals",
    "vars",
    "setattr",
    "delattr",
    "open",
}

#: What reads an attribute may read these of no module: other modules stand there.
MODULES = {"sys", "os", "builtins", "modules", "inspect", "types", "attrgetter", "methodcaller"}

#: What changes a list, a set or a mapping.
CHANGING = {
    "append",
    "add",
    "clear",
    "extend",
    "insert",
    "pop",
    "popitem",
    "remove",
    "setdefault",
    "update",
}


def faults_of_code(code: ast.Module, path: Path) -> Iterator[Fault]:
    """What a module of checks does that goes beyond computing values."""
    names = _names_of(code)
    for node in ast.walk(code):
        for what in (*_beyond(node), *_kept(node, names)):
            line = getattr(node, "lineno", 1)
            yield Fault(path, line, f"a check only computes values: {what}", "leave it out")


def _names_of(code: ast.Module) -> set[str]:
    """The names that the module itself gives."""
    targets = [one for node in code.body if isinstance(node, ast.Assign) for one in node.targets]
    targets += [node.target for node in code.body if isinstance(node, ast.AnnAssign)]
    return {part.id for one in targets for part in ast.walk(one) if isinstance(part, ast.Name)}


def _kept(node: ast.AST, names: set[str]) -> Iterator[str]:
    """Where a function keeps something for others: what one has run, another would give."""
    match node:
        case ast.Global() | ast.Nonlocal():
            yield ast.unparse(node)
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=attribute)):
            if name in names and attribute in CHANGING:
                yield f"{name}.{attribute}(…)"
        case ast.Subscript(value=ast.Name(id=name), ctx=ast.Store() | ast.Del()):
            if name in names:
                yield f"{name}[…] = …"
        case ast.FunctionDef() | ast.Lambda():
            for default in (*node.args.defaults, *node.args.kw_defaults):
                if isinstance(default, ast.List | ast.Dict | ast.Set):
                    yield f"a default that can be changed, {ast.unparse(default)}"


def _beyond(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        for one in node.names:
            if one.name.split(".")[0] not in IMPORTED:
                yield f"import {one.name}"
    elif isinstance(node, ast.ImportFrom):
        names = [one.name for one in node.names]
        yield from (f"import {name}" for name in names if name in MODULES | REFUSED)
        ours = node.module == "engine.equations" and {*names} <= {*equations.__all__, "*"}
        if not ours and (node.level or (node.module or "").split(".")[0] not in IMPORTED):
            yield f"from {node.module} import {', '.join(names)}"
    elif isinstance(node, ast.Name) and node.id in REFUSED:
        yield node.id
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        if node.value.startswith("__") and node.value.endswith("__"):
            yield repr(node.value)
    elif isinstance(node, ast.Attribute):
        if node.attr in MODULES or (node.attr.startswith("__") and node.attr != "__init__"):
            yield node.attr
        elif not isinstance(node.ctx, ast.Load) and ast.unparse(node.value) != "self":
            yield f"{ast.unparse(node)} = …"
