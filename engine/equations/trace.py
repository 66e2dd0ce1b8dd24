"""Which functions of ``snippets`` run while something is computed.

That is seen by what really runs, not by reading names: a helper, an alias, a loop variable or a
module imported whole makes no difference. Every function of a snippet is given a first statement
that notes its name, when its module is imported; nothing else that runs is slowed down.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType, TracebackType

#: Modules of ``snippets`` that are tools of checking, and not checked by equations themselves.
TOOLS = ("gradient_check",)

#: What the functions of a snippet call first.
NOTE = "__note__"


class Trace(MetaPathFinder):
    """Imports the modules of a folder so that it knows which of their functions run."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._called: list[set[str]] = []
        self._importing = 0

    def __enter__(self) -> Trace:
        sys.meta_path.insert(sys.meta_path.index(PathFinder), self)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        sys.meta_path.remove(self)

    def snippets_that_run(self) -> Meanwhile:
        """The names of the functions in the folder that are called meanwhile."""
        return Meanwhile(self._called)

    def note(self, name: str) -> None:
        """A function of this name runs; what a snippet computes when it is imported is its own."""
        if self._called and not self._importing:
            self._called[-1].add(name)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        spec = PathFinder.find_spec(fullname, path, target)
        if spec and spec.origin and self._is_watched(Path(spec.origin)):
            spec.loader = _Loader(fullname, spec.origin, self)
        return spec

    def _is_watched(self, path: Path) -> bool:
        return path.parent == self._folder and path.stem not in TOOLS

    @contextmanager
    def importing(self) -> Iterator[None]:
        self._importing += 1
        try:
            yield
        finally:
            self._importing -= 1


class Meanwhile:
    """What is called while this is entered; a class, for it is entered very often."""

    __slots__ = ("_all", "_called")

    def __init__(self, every: list[set[str]]) -> None:
        self._all = every
        self._called: set[str] = set()

    def __enter__(self) -> set[str]:
        self._all.append(self._called)
        return self._called

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._all.pop()


class _Loader(SourceFileLoader):
    """Imports one snippet, each of whose functions says that it runs."""

    def __init__(self, fullname: str, path: str, trace: Trace) -> None:
        super().__init__(fullname, path)
        self._trace = trace

    def get_code(self, fullname: str) -> CodeType:
        path = self.get_filename(fullname)
        tree = ast.parse(self.get_data(path), path)
        noted = ast.fix_missing_locations(_Noted(Path(path).stem).visit(tree))
        code: CodeType = compile(noted, path, "exec", dont_inherit=True)
        return code

    def exec_module(self, module: ModuleType) -> None:
        setattr(module, NOTE, self._trace.note)
        with self._trace.importing():
            super().exec_module(module)


class _Noted(ast.NodeTransformer):
    """Puts the note of its name before all that a function does."""

    def __init__(self, module: str) -> None:
        self._within = module

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        return self._inside(node, node.name)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        note = self._note(node, node.name)
        self._inside(node, f"{node.name}.<locals>")
        node.body.insert(ast.get_docstring(node, clean=False) is not None, ast.Expr(note))
        return node

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        note = self._note(node, "<lambda>")
        self._inside(node, "<lambda>.<locals>")
        both = ast.Tuple([note, node.body], ast.Load())
        node.body = ast.Subscript(both, ast.Constant(1), ast.Load())
        return node

    def _inside(self, node: ast.AST, name: str) -> ast.AST:
        outside, self._within = self._within, f"{self._within}.{name}"
        self.generic_visit(node)
        self._within = outside
        return node

    def _note(self, node: ast.AST, name: str) -> ast.Call:
        told = ast.Constant(f"{self._within}.{name}")
        return ast.copy_location(ast.Call(ast.Name(NOTE, ast.Load()), [told], []), node)
