"""What the project's own modules import, read from their code without running it.

A result that code has given may be kept for as long as nothing changes that the code depends on:
its own module, the modules of this project which that imports, and the packages they use.
"""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from engine.reading import sources

#: Packages that are imported under another name than they are installed under.
PACKAGES = {"sklearn": "scikit-learn"}


@dataclass(frozen=True)
class _Module:
    """A file as it was read: its time and size, a digest, its code, and what that imports.

    ``imports`` has, by the name of a package, the files that would be run if it is the project's.
    """

    state: sources.State
    digest: str
    code: ast.Module | SyntaxError
    imports: dict[str, tuple[Path, ...]]


class Modules:
    """The modules below the root of a project. Each file is read once until it changes."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._read: dict[Path, _Module] = {}
        self._versions: dict[str, str] = {}

    def code(self, path: Path) -> ast.Module:
        """The code of a module. Raises SyntaxError, or FileNotFoundError."""
        module = self._module(path)
        if module is None:
            raise FileNotFoundError(path)
        if isinstance(module.code, SyntaxError):
            raise module.code
        return module.code

    def needed_by(self, path: Path) -> set[Path]:
        """A module's file and those of all modules of this project that it imports at the end."""
        return self._reached(path)[0]

    def imported_by(self, code: str) -> set[Path]:
        """The files of this project's modules that some code imports, which is none of them.

        Code that is no Python imports nothing; whoever runs it will say so.
        """
        try:
            names = _imported(ast.parse(code), ())
        except (SyntaxError, ValueError):
            return set()
        return self._reached(*(file for name in names for file in self._files_of(name)))[0]

    def digest(self, *paths: Path) -> str:
        """A digest of these modules, all that they need, their packages' versions and Python's."""
        files, packages = self._reached(*paths)
        digest = hashlib.sha256(sys.version.encode())
        for file in sorted(files):
            module = self._module(file)
            name = file.relative_to(self.root).as_posix() if self._is_own(file) else file.name
            digest.update(f"{name} {module.digest if module else ''}\n".encode())
        for package in sorted(packages):
            digest.update(f"{package} {self._version(package)}\n".encode())
        return digest.hexdigest()

    def _reached(self, *paths: Path) -> tuple[set[Path], set[str]]:
        """The project's files and the names of the foreign packages that these modules need."""
        folders = {entry.name.removesuffix(".py") for entry in os.scandir(self.root)}
        looked_at: set[Path] = set()
        files: set[Path] = set()
        packages: set[str] = set()
        waiting = {file for path in paths for file in self._files_of(".".join(self._name(path)))}
        waiting.update(paths)
        while waiting:
            file = waiting.pop()
            looked_at.add(file)
            module = self._module(file)
            if module is not None:
                files.add(file)
                for package, own in module.imports.items():
                    if package in folders:
                        waiting.update(file for file in own if file not in looked_at)
                    else:
                        packages.add(package)
        return files, packages

    def _files_of(self, name: str) -> Iterator[Path]:
        """The files that importing ``a.b`` may run: those of ``a``, and those of ``a.b``."""
        folder = self.root
        for part in name.split(".") if name else ():
            yield folder / f"{part}.py"
            folder /= part
            yield folder / "__init__.py"

    def _is_own(self, path: Path) -> bool:
        return path.is_relative_to(self.root)

    def _name(self, path: Path) -> tuple[str, ...]:
        """The dotted name of a module, in parts: ``("figures", "rnn")``."""
        if not self._is_own(path):
            return ()
        parts = path.relative_to(self.root).with_suffix("").parts
        return parts[:-1] if parts[-1] == "__init__" else parts

    def _module(self, path: Path) -> _Module | None:
        """A module as its file has it now; None where there is no such file."""
        state = sources.state(path)
        if state is None:
            return None
        known = self._read.get(path)
        if known is None or known.state != state:
            content = path.read_bytes()
            code: ast.Module | SyntaxError
            try:
                code = ast.parse(content, str(path))
            except SyntaxError as error:
                code = error
            except ValueError as error:  # a null byte, in some versions of Python
                code = SyntaxError(str(error), (str(path), 1, None, None))
            package = self._name(path)
            if path.name != "__init__.py":
                package = package[:-1]
            names = set() if isinstance(code, SyntaxError) else _imported(code, package)
            imports: dict[str, tuple[Path, ...]] = {}
            for name in names:
                own = imports.get(name.partition(".")[0], ())
                imports[name.partition(".")[0]] = (*own, *self._files_of(name))
            known = _Module(state, hashlib.sha256(content).hexdigest(), code, imports)
            self._read[path] = known
        return known

    def _version(self, package: str) -> str:
        """The installed version of a package, by the name it is imported under."""
        if package not in self._versions:
            try:
                self._versions[package] = version(PACKAGES.get(package, package))
            except PackageNotFoundError:
                # It is installed under another name: its file changes when it is installed anew.
                spec = importlib.util.find_spec(package)
                file = Path(spec.origin) if spec and spec.origin else None
                self._versions[package] = str(file and sources.state(file))
        return self._versions[package]


def _imported(code: ast.Module, package: tuple[str, ...]) -> set[str]:
    """The names some code of a package may import; the standard library's are left out."""
    names: set[str] = set()
    waiting: list[ast.AST] = [code]
    while waiting:
        node = waiting.pop()
        # Imports stand among statements, never inside an expression.
        statements = (ast.stmt, ast.ExceptHandler, ast.match_case)
        waiting += (n for n in ast.iter_child_nodes(node) if isinstance(n, statements))
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            base = ".".join([*above, *([node.module] if node.module else [])])
            names |= {f"{base}.{alias.name}".strip(".") for alias in node.names}
    return {name for name in names if name.partition(".")[0] not in sys.stdlib_module_names}
