"""Rules of the code that a page shows: its width, its packages, its tests."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

from engine.faults import Fault
from engine.paths import module_of
from engine.readable.lines import columns
from engine.reading import sources
from engine.reading.catalogues import catalogue_of
from engine.reading.lines import Line, Origin
from engine.reading.page import Page
from engine.running.examples import pieces
from engine.site import Site

#: The columns of the widest line of code that a page shows without scrolling on most screens; a
#: Chinese character has two.
WIDEST = 72


def wide_code(site: Site, page: Page) -> list[Fault]:
    """Lines of code or output that are too wide, those of the page's checks among them.

    What a catalogue makes of a module's lines is asked of the catalogue (engine/rules/comments.py).
    """
    asked_there = {file for file in page.files if catalogue_of(file, page.language).is_file()}
    shown = [line for line in _shown_lines(page) if line.origin.path not in asked_there]
    checks = site.checks / f"{module_of(page.name)}.py"
    if checks.is_file():
        shown += _lines_of_checks(sources.read(checks), Origin(checks, 1))
    return [
        Fault(
            line.origin.path,
            line.origin.line,
            f"a line of {columns(line)} columns, and code that is shown has at most {WIDEST}",
            "break it",
        )
        for line in shown
        if columns(line) > WIDEST
    ]


def _shown_lines(page: Page) -> Iterator[Line]:
    for fence in [*page.python_fences, *page.stubs]:
        for code in pieces(fence):
            yield from (*code.lines, *(code.shown or ()))


def _lines_of_checks(source: str, start: Origin) -> list[Line]:
    """The lines of a module of checks; the formulas in their docstrings are not shown as code."""
    lines = source.split("\n")
    try:
        tree = ast.parse(source)
    except SyntaxError:  # whoever reads the checks will say so
        return []
    docstrings: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and ast.get_docstring(node) is not None:
            first = node.body[0]
            docstrings |= set(range(first.lineno, (first.end_lineno or 0) + 1))
    return [
        Line.at(line, Origin(start.path, number))
        for number, line in enumerate(lines, 1)
        if number not in docstrings
    ]


def unnamed_packages(site: Site, page: Page) -> list[Fault]:
    """Packages that a page imports, and its line ``pip install`` does not name."""
    code = [piece for fence in page.python_fences for piece in pieces(fence)]
    found = {name: line for piece in code for name, line in _imported(piece.lines)}
    if page.is_lab:
        for module in site.modules.imported_by("\n".join(piece.source for piece in code)):
            for name, line in _imported(_lines_at(module)):
                found.setdefault(name, line)
    provided = {name for package in _named_packages(page) for name in _provided_by(package)}
    faults = []
    for name, line in found.items():
        if name in {*sys.stdlib_module_names, site.snippets.name} | provided:
            continue
        what = f"{name} is imported here, and no line 'pip install' of the page brings it"
        remedy = "name its package in the line 'pip install …' near the page's top"
        origin = line.origin if page.path == line.origin.path else Origin(page.path, 1)
        faults.append(Fault(origin.path, origin.line, what, remedy))
    return faults


def _provided_by(package: str) -> set[str]:
    """The names that can be imported once a package is installed; its own, if it is not here."""
    try:
        installed = files(package) or ()
    except PackageNotFoundError:
        installed = ()
    return {file.parts[0].removesuffix(".py") for file in installed} | {package.replace("-", "_")}


def _lines_at(path: Path) -> tuple[Line, ...]:
    lines = sources.read(path).split("\n")
    return tuple(Line.at(line, Origin(path, number)) for number, line in enumerate(lines, 1))


def _imported(lines: tuple[Line, ...]) -> Iterator[tuple[str, Line]]:
    """The top-level names that some code imports, and where."""
    try:
        tree = ast.parse("\n".join(lines))
    except SyntaxError:  # running it will say so
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names = [node.module or ""]
        else:
            continue
        yield from ((name.partition(".")[0], lines[node.lineno - 1]) for name in names)


def _named_packages(page: Page) -> set[str]:
    """What the page's lines ``pip install`` name."""
    shell = "\n".join(fence.source for fence in page.fences if not fence.is_python)
    written = [*re.findall(r"pip install (.+)", shell), *_pip_cells(page)]
    return {name for line in written for name in re.findall(r"(?<![\w.<>=-])[a-z][\w-]*", line)}


def _pip_cells(page: Page) -> list[str]:
    """What a lab's first cell installs, where it is written as ``%pip``."""
    cells = "\n".join(cell.source for cell in page.cells)
    return re.findall(r"%pip install (.+)", cells)


def untested_modules_shown(site: Site, page: Page) -> list[Fault]:
    """Modules of ``snippets/`` that a page shows and that no file of tests belongs to."""
    return _untested(site, shown_modules(site, page))


def shown_modules(site: Site, page: Page) -> list[Path]:
    """The modules of ``snippets/`` of which a page shows a part."""
    return sorted(path for path in page.files if path.parent == site.snippets)


def untested_snippets(site: Site) -> list[Fault]:
    """Modules of ``snippets/`` that no file of tests belongs to."""
    return _untested(site, sorted(site.snippets.glob("*.py")))


def _untested(site: Site, modules: list[Path]) -> list[Fault]:
    faults = []
    for module in modules:
        tests = site.root / "tests" / "snippets" / f"test_{module.name}"
        if module.stem != "__init__" and not tests.is_file():
            what = f"this module has no tests: there is no tests/snippets/{tests.name}"
            remedy = "hold it against central differences, an oracle, and wrong derivations there"
            faults.append(Fault(module, 1, what, remedy))
    return faults
