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
}


def faults_of_code(code: ast.Module, path: Path) -> Iterator[Fault]:
    """What a module of checks does that goes beyond computing values."""
    for node in ast.walk(code):
        for what in _beyond(node):
            line = getattr(node, "lineno", 1)
            yield Fault(path, line, f"a check only computes values: {what}", "leave it out")


def _beyond(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        for one in node.names:
            if one.name.split(".")[0] not in IMPORTED:
                yield f"import {one.name}"
    elif isinstance(node, ast.ImportFrom):
        names = [one.name for one in node.names]
        ours = node.module == "engine.equations" and {*names} <= {*equations.__all__, "*"}
        if not ours and (node.level or (node.module or "").split(".")[0] not in IMPORTED):
            yield f"from {node.module} import {', '.join(names)}"
    elif isinstance(node, ast.Name) and node.id in REFUSED:
        yield node.id
    elif isinstance(node, ast.Attribute):
        if node.attr.startswith("__") and node.attr != "__init__":
            yield node.attr
        elif not isinstance(node.ctx, ast.Load) and ast.unparse(node.value) != "self":
            yield f"{ast.unparse(node)} = …"
