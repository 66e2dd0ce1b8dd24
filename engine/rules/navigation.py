"""Rules of how a page is reached: navigation, tables of chapters and labs, prerequisites, map."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from engine.faults import Fault, FaultsFound
from engine.paths import CONFIGURATIONS, LABS, LANGUAGES, module_of, shown
from engine.reading.addresses import source_target
from engine.reading.page import Page
from engine.site import Site

HOME = "index"

#: The module with the map of the chapters, and the name of their places in it.
MAP, PLACES = "index.py", "PLACES"


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Reads a configuration of MkDocs without looking its tags up."""


_Loader.add_multi_constructor("!", lambda loader, suffix, node: None)


def missing_from_navigation(site: Site, page: Page) -> list[Fault]:
    """A page that the navigation of its language does not have."""
    configuration = site.root / CONFIGURATIONS[page.language]
    listed = navigation(configuration)
    file = f"{page.name}{page.path.suffix}"
    if file in listed:
        return []
    what = f"{shown(page.path)} is not in the navigation"
    return [Fault(configuration, _line(configuration, "nav:"), what, f"add it to nav: - {file}")]


def order_of_navigation(site: Site) -> list[Fault]:
    """Navigation that lists pages in another order in one language."""
    first, second = ((site.root / CONFIGURATIONS[language]) for language in LANGUAGES)
    for mine, theirs in zip(navigation(first), navigation(second), strict=False):
        if mine != theirs:
            what = f"the navigation has {theirs} where {shown(first)} has {mine}"
            line = _line(second, theirs)
            return [Fault(second, line, what, "list the same pages in the same order in both")]
    return []


def navigation(configuration: Path) -> list[str]:
    """The pages of a configuration's ``nav``, in order."""
    content = yaml.load(configuration.read_text(encoding="utf-8"), _Loader)
    return list(_files(content.get("nav") or []))


def _files(nav: Any) -> Iterator[str]:
    if isinstance(nav, str):
        yield nav
    for entry in nav.values() if isinstance(nav, dict) else nav if isinstance(nav, list) else ():
        yield from _files(entry)


def missing_from_table(site: Site, page: Page) -> list[Fault]:
    """A chapter that no table of the home page has, or a lab that none of the labs' page has."""
    if not page.is_chapter:
        return []
    table = LABS if page.is_lab else HOME
    path = site.source(page.language, table)
    if path is None:
        return []
    rows = [block for block in site.page(path).blocks if block.kind == "row"]
    linked = {
        source_target(table, span.target).partition("#")[0].rstrip("/")
        for row in rows
        for span in row.all_spans
        if span.kind == "link"
    }
    if page.name in linked:
        return []
    line = rows[-1].origin.line if rows else 1
    what = f"no table of this page leads to {shown(page.path)}"
    remedy = f"add a row with a link to {page.name}{page.path.suffix} and the question it answers"
    return [Fault(path, line, what, remedy)]


def circular_prerequisites(site: Site, page: Page) -> list[Fault]:
    """A page that would have to be read before itself."""
    waiting = [(name, [page.name, name]) for name in page.prerequisites]
    seen: set[str] = set()
    while waiting:
        name, way = waiting.pop(0)
        if name == page.name:
            what = f"to read this page first one would have to read it: {' → '.join(way)}"
            remedy = "take one of these out of the prerequisites, in both languages"
            return [Fault(page.path, _line(page.path, "prerequisites"), what, remedy)]
        path = site.source(page.language, name)
        if name in seen or path is None:  # that a prerequisite is no page is told elsewhere
            continue
        seen.add(name)
        try:
            earlier = site.page(path).prerequisites
        except FaultsFound:
            continue
        waiting += [(other, [*way, other]) for other in earlier]
    return []


def missing_from_map(site: Site, page: Page) -> list[Fault]:
    """A chapter without a place on the map, or on that of another one."""
    path = site.figures / MAP
    if not page.is_chapter or page.is_lab or not path.is_file():
        return []
    places, line = places_of(path)
    if page.name not in places:
        what = f"{shown(page.path)} has no place on the map of the chapters"
        free = free_place(places)
        remedy = f'give it one in {PLACES}, such as "{page.name}": ({free[0]}, {free[1]}, ORANGE)'
        return [Fault(path, line, what, remedy)]
    shared = [name for name in places if places[name] == places[page.name] and name != page.name]
    if shared:
        what = f"{page.name} and {shared[0]} have the same place on the map: {places[page.name]}"
        free = free_place(places)
        return [Fault(path, line, what, f"give one of them another, such as {free}")]
    return []


def places_of(path: Path) -> tuple[dict[str, tuple[int, int]], int]:
    """Column and row of each chapter on the map, and the line where they are written."""
    try:
        tree = ast.parse(path.read_text(encoding="utf-8"))
    except SyntaxError:  # drawing it will say so
        return {}, 1
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        targets = [node.target] if isinstance(node, ast.AnnAssign) else targets
        named = any(isinstance(target, ast.Name) and target.id == PLACES for target in targets)
        if named and isinstance(node, ast.Assign | ast.AnnAssign):
            return dict(_places(node.value)), node.lineno
    return {}, 1


def _places(node: ast.expr | None) -> Iterator[tuple[str, tuple[int, int]]]:
    if not isinstance(node, ast.Dict):
        return
    for key, value in zip(node.keys, node.values, strict=True):
        if isinstance(key, ast.Constant) and isinstance(value, ast.Tuple):
            column, row = (part.value for part in value.elts[:2] if isinstance(part, ast.Constant))
            if isinstance(column, int) and isinstance(row, int):
                yield str(key.value), (column, row)


def free_place(places: dict[str, tuple[int, int]]) -> tuple[int, int]:
    """A place on the map that no chapter has: in its last row, or below it."""
    columns = max((column for column, _ in places.values()), default=0) + 1
    last = max((row for _, row in places.values()), default=0)
    row = (column for column in range(columns) if (column, last) not in places.values())
    column = next(row, None)
    return (0, last + 1) if column is None else (column, last)


def unused_figures_of_page(site: Site, page: Page) -> list[Fault]:
    """Figures in the module that is named after a page, and which no page shows."""
    own = site.figures / f"{module_of(page.name)}.py"
    shown_here = {target.partition(":")[2] for target in page.figures}
    if all(f"{own.stem}/{name}" in shown_here for name, _ in _drawings_in(own)):
        return []
    return _unused(site, [own])


def unused_figures(site: Site) -> list[Fault]:
    """Functions of ``figures/`` that draw what no page shows."""
    return _unused(site, sorted(site.figures.glob("*.py")))


def _unused(site: Site, modules: list[Path]) -> list[Fault]:
    used: set[str] = set()
    for language in LANGUAGES:
        for path in site.sources(language):
            try:
                page = site.page(path)
            except FaultsFound:
                continue
            used |= {target.partition(":")[2] for target in page.figures}
    return [
        Fault(path, line, f"no page shows the figure {path.stem}/{name}", "show it, or delete it")
        for path in modules
        for name, line in _drawings_in(path)
        if f"{path.stem}/{name}" not in used
    ]


def _drawings_in(path: Path) -> Iterator[tuple[str, int]]:
    """The functions that are decorated with a name of ``engine.figures``."""
    try:
        tree = ast.parse(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, SyntaxError):
        return
    marks = {
        alias.asname or alias.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.module == "engine.figures"
        for alias in node.names
    }
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            for mark in node.decorator_list:
                called = mark.func if isinstance(mark, ast.Call) else mark
                if isinstance(called, ast.Name) and called.id in marks:
                    yield node.name, node.lineno


def _line(path: Path, text: str) -> int:
    lines = path.read_text(encoding="utf-8").split("\n")
    return next((number for number, line in enumerate(lines, 1) if text in line), 1)
