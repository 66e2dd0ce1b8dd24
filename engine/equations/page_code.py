"""What a page's own code computes, for a check that compares it with a definition.

``page("G_one", paths=…)`` is what the statement of the page gives that binds this name, run with
these values in the place of what the page has; whatever else it needs, the page's functions and
imports, is taken from the page. So a formula is held to the very line that stands beside it.
"""

from __future__ import annotations

import ast
import builtins
import re
import symtable
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.reading.page import Fence

PROMPT = re.compile(r"^\s*(?:>>>|\.\.\.)(?: |$)")

#: The statements that bind a name, in the order of the page.
Bindings = Mapping[str, list[str]]


class PageCode:
    """The statements of one page that its checks ask for; ``ran`` says whether one has run."""

    def __init__(self, bindings: Bindings) -> None:
        self._bindings = bindings
        self.ran = False

    def __call__(self, name: str, **given: Any) -> Any:
        """What the page binds to a name. Raises LookupError, or what the page's code raises."""
        self.ran = True
        names = dict(given)
        self._bind(name, names)
        return names[name]

    def _bind(self, name: str, names: dict[str, Any]) -> None:
        statements = self._bindings.get(name, [])
        if len(statements) != 1:
            told = "by none" if not statements else f"by {len(statements)} statements"
            raise LookupError(f"the page's code binds {name} {told}, and not by one")
        for needed in needed_by(statements[0]):
            if needed not in names and not hasattr(builtins, needed):
                self._bind(needed, names)
        exec(compile(statements[0], "<page>", "exec"), names)


def bindings_of(sources: Iterable[str], asked: Iterable[str]) -> dict[str, list[str]]:
    """The statements that bind the names asked for, and those that these need."""
    every: dict[str, list[str]] = {}
    for source in sources:
        for statement in ast.parse(source).body:
            for name in _bound_by(statement):
                every.setdefault(name, []).append(ast.unparse(statement))
    found: dict[str, list[str]] = {}
    waiting = list(asked)
    while waiting:
        name = waiting.pop()
        if name in every and name not in found:
            found[name] = list(dict.fromkeys(every[name]))
            waiting += [needed for one in found[name] for needed in needed_by(one)]
    return dict(sorted(found.items()))


def code_shown(fence: Fence) -> str:
    """The code of a fence, without prompts and what it prints."""
    if not fence.is_session:
        return fence.source
    found = ((PROMPT.match(line), line) for line in fence.lines)
    return "\n".join(line[prompt.end() :] for prompt, line in found if prompt)


def asked_by(code: ast.Module) -> list[str]:
    """The names that a module of checks asks of its page, by ``page("…")``."""
    return [
        node.args[0].value
        for node in ast.walk(code)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) == "page"
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    ]


def needed_by(statement: str) -> set[str]:
    """The names that a statement takes from outside."""
    table = symtable.symtable(statement, "<page>", "exec")
    own = {one.get_name() for one in table.get_symbols() if one.is_assigned()}
    top = {one.get_name() for one in table.get_symbols() if one.is_referenced()}
    return (top | set(_global_in(table))) - own


def _global_in(table: symtable.SymbolTable) -> Iterator[str]:
    for inner in table.get_children():
        yield from (one.get_name() for one in inner.get_symbols() if one.is_global())
        yield from _global_in(inner)


def _bound_by(statement: ast.stmt) -> list[str]:
    match statement:
        case ast.FunctionDef() | ast.ClassDef():
            return [statement.name]
        case ast.Import() | ast.ImportFrom():
            return [(one.asname or one.name).split(".")[0] for one in statement.names]
        case ast.Assign():
            targets = [part for one in statement.targets for part in ast.walk(one)]
        case ast.AnnAssign(value=ast.expr()):
            targets = [statement.target]
        case _:
            return []
    return [
        one.id for one in targets if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)
    ]
