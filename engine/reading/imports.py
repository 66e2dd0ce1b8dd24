"""Which modules of one of the project's folders some code imports, read without running it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path


def imported_modules(code: str, folder: Path) -> set[Path]:
    """The modules of ``folder``, a package, that some code imports, and those which they import.

    Code that is no Python imports nothing; whoever runs it will say so.
    """
    found: set[Path] = set()
    waiting = [(code, False)]
    while waiting:
        for name in set(_imported(*waiting.pop(), package=folder.name)):
            path = folder / f"{name}.py"
            if path not in found and path.is_file():
                found.add(path)
                waiting.append((path.read_text(encoding="utf-8"), True))
    return found


def _imported(code: str, inside: bool, package: str) -> Iterator[str]:
    """The names of a package's modules that some code, inside the package or not, imports itself.

    Among them may be names of other things: ``from snippets.rnn import forward`` is both.
    """
    try:
        tree = ast.parse(code)
    except SyntaxError:
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules = [alias.name.split(".") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            beginning = [package] if node.level and inside else []
            if node.level and not inside:
                continue
            beginning += node.module.split(".") if node.module else []
            modules = [[*beginning, alias.name] for alias in node.names]
        else:
            continue
        yield from (module[1] for module in modules if module[0] == package and len(module) > 1)
