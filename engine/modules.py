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
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from engine.faults import FaultsFound
from engine.reading import sources
from engine.store import Store

#: Packages that are imported under another name than they are installed under.
PACKAGES = {"sklearn": "scikit-learn"}

#: What reads the imports: this module, and the Python whose standard library it leaves out.
_READER = hashlib.sha256(Path(__file__).read_bytes() + sys.version.encode()).hexdigest()


@dataclass(frozen=True)
class _Module:
    """A file as it was read: its time and size, a digest, and the names that it imports."""

    state: sources.State
    digest: str
    imports: tuple[str, ...]


@dataclass(frozen=True)
class _Reached:
    """What some modules need: the project's files, and the names of the foreign packages.

    It holds as long as the places that were ``looked_at`` are as they were, those that did not
    exist among them, and the project has the same ``folders``.
    """

    files: frozenset[Path]
    packages: frozenset[str]
    looked_at: dict[Path, sources.State]
    folders: frozenset[str]


class Modules:
    """The modules below the root of a project. Each file is read once until it changes.

    What a file imports is kept in ``store`` as well, by its content.
    """

    def __init__(self, root: Path, store: Store) -> None:
        self.root = root
        self._store = store
        self._read: dict[Path, _Module] = {}
        self._code: dict[Path, tuple[sources.State, ast.Module | SyntaxError]] = {}
        self._known: dict[tuple[Path | str, ...], _Reached] = {}
        self._digests: dict[tuple[Path, ...], tuple[_Reached, str]] = {}
        self._versions: dict[str, str] = {}

    def code(self, path: Path) -> ast.Module:
        """The code of a module. Raises SyntaxError, or FileNotFoundError."""
        state = sources.state(path)
        known = self._code.get(path)
        if known is None or known[0] != state:
            known = self._code[path] = state, _parsed(path.read_bytes(), path)
        if isinstance(known[1], SyntaxError):
            raise known[1]
        return known[1]

    def needed_by(self, path: Path) -> set[Path]:
        """A module's file and those of all modules of this project that it imports at the end."""
        return set(self._reached(path).files)

    def imported_by(self, code: str) -> set[Path]:
        """The files of this project's modules that some code imports, which is none of them.

        Code that is no Python imports nothing; whoever runs it will say so.
        """
        try:
            names = _imported(ast.parse(code), ())
        except (SyntaxError, ValueError):
            return set()
        return set(self._reached(*sorted(names)).files)

    def digest(self, *paths: Path) -> str:
        """A digest of these modules, all that they need, their packages' versions and Python's."""
        reached = self._reached(*paths)
        known = self._digests.get(paths)
        if known is None or known[0] is not reached:
            known = self._digests[paths] = reached, self._digest(reached)
        return known[1]

    def _digest(self, reached: _Reached) -> str:
        digest = hashlib.sha256(sys.version.encode())
        for file in sorted(reached.files):
            module = self._module(file)
            name = file.relative_to(self.root).as_posix() if self._is_own(file) else file.name
            digest.update(f"{name} {module.digest if module else ''}\n".encode())
        for package in sorted(reached.packages):
            digest.update(f"{package} {self._version(package)}\n".encode())
        return digest.hexdigest()

    def _reached(self, *asked: Path | str) -> _Reached:
        """What these modules need, each given by its file or by the name that imports it."""
        folders = frozenset(entry.name.removesuffix(".py") for entry in os.scandir(self.root))
        known = self._known.get(asked)
        if (
            known is None
            or known.folders != folders
            or any(sources.state(path) != then for path, then in known.looked_at.items())
        ):
            known = self._known[asked] = self._reached_now(asked, folders)
        return known

    def _reached_now(self, asked: Iterable[Path | str], folders: frozenset[str]) -> _Reached:
        looked_at: dict[Path, sources.State] = {}
        files: set[Path] = set()
        packages: set[str] = set()
        names: set[str] = set()  # those that have been followed
        waiting: list[Path | str] = []
        for one in asked:
            waiting += [one] if isinstance(one, str) else [one, ".".join(self._name(one))]
        while waiting:
            one = waiting.pop()
            if isinstance(one, str):
                if one not in names:
                    names.add(one)
                    waiting += self._files_of(one, looked_at)
            elif one not in looked_at:
                module = self._module(one)
                looked_at[one] = module.state if module else None
                if module:
                    files.add(one)
                    own = [n for n in module.imports if n.partition(".")[0] in folders]
                    packages.update(
                        n.partition(".")[0] for n in set(module.imports).difference(own)
                    )
                    waiting += own
        return _Reached(frozenset(files), frozenset(packages), looked_at, folders)

    def _files_of(self, name: str, looked_at: dict[Path, sources.State]) -> Iterator[Path]:
        """The files that importing ``a.b`` may run: those of ``a``, and those of ``a.b``.

        Where there is no folder ``a``, that is noted, and nothing in it is looked for.
        """
        folder = self.root
        for part in name.split(".") if name else ():
            yield folder / f"{part}.py"
            folder /= part
            if folder in looked_at:
                return
            if not folder.is_dir():
                looked_at[folder] = sources.state(folder)
                return
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
            digest = hashlib.sha256(content).hexdigest()
            known = self._read[path] = _Module(state, digest, self._imports(path, content))
        return known

    def _imports(self, path: Path, content: bytes) -> tuple[str, ...]:
        """The names that a file with this content imports."""
        package = self._name(path)
        if path.name != "__init__.py":
            package = package[:-1]
        key = hashlib.sha256(f"{_READER} {'.'.join(package)}\n".encode() + content).hexdigest()[:32]
        kept = self._store.get(key)
        if kept is None:
            code = _parsed(content, path)
            kept = [] if isinstance(code, SyntaxError) else sorted(_imported(code, package))
            with suppress(FaultsFound):  # where nothing can be kept, whoever has to keep says so
                self._store.put(key, kept)
        return tuple(kept)

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


def _parsed(content: bytes, path: Path) -> ast.Module | SyntaxError:
    """The code of a file; what is wrong with it, where it is no Python."""
    try:
        return ast.parse(content, str(path))
    except SyntaxError as error:
        return error
    except ValueError as error:  # a null byte, in some versions of Python
        return SyntaxError(str(error), (str(path), 1, None, None))


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
