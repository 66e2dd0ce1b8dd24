"""The equations of a site's pages and what checks them, verified in a process of its own.

This process never imports ``checks/``. ``checks/lstm.py`` gives the symbols of ``lstm.md`` their
worth; its verdicts are kept until something has changed that the module depends on, or what the
page prints of equations, definitions and the table of symbols.
"""

from __future__ import annotations

import ast
import contextlib
import hashlib
import logging
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeGuard

from engine.child import Child, ChildEnded, Failure
from engine.equations import verify
from engine.equations.allowed import faults_of_code
from engine.equations.check import CheckSource, Verdict, verdict_of, without_result
from engine.equations.copied import faults_of_copies, functions_by_form
from engine.equations.domains import as_json, domains_of
from engine.equations.held import Held
from engine.equations.page_code import asked_by, bindings_of, code_shown
from engine.equations.verify import ON_PAGE, faults_of_json
from engine.faults import Fault, FaultsFound
from engine.paths import LANGUAGES, module_of
from engine.reading import sources
from engine.reading.page import Formula, Page
from engine.store import digest

if TYPE_CHECKING:
    from engine.site import Site

log = logging.getLogger("mkdocs.equations")

#: So many modules are verified at once.
PROCESSES = os.cpu_count() or 1


@dataclass(frozen=True)
class _Asked:
    """A module to verify with what its page prints, and the key of the verdicts."""

    path: Path
    page: Page | None
    request: dict[str, Any]
    key: str


class Equations:
    """The checks of one site, and what verifying them has shown."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.store = site.store("verdicts")
        self._sound = site.store("sound")
        self._failed: dict[str, Fault] = {}
        self._written: dict[Path, tuple[ast.Module, list[CheckSource]]] = {}
        self._requests: dict[tuple[Path, str], tuple[Page, ast.Module | None, dict[str, Any]]] = {}

    def checks(self) -> dict[str, CheckSource]:
        """The checks by the tags of their equations, in the order of their modules."""
        found: dict[str, CheckSource] = {}
        for path in self._modules():
            for written in self._written_in(path):
                for tag in written.tags:
                    found.setdefault(tag, written)
        return found

    def faults(self) -> list[Fault]:
        """Modules that cannot be read or imported, and tags that two checks claim or none can."""
        faults: list[Fault] = []
        first: dict[str, CheckSource] = {}
        of_snippets = cache(lambda: functions_by_form(self._snippets()))
        for path in self._modules():
            try:
                code = self.site.modules.code(path)
            except SyntaxError as error:
                told = f"SyntaxError: {error}"
                faults.append(_cannot_be_imported(path, error.lineno or 1, told))
                continue
            faults += self._faults_of_code(code, path, of_snippets)
            for written in self._written_in(path):
                for tag in written.tags:
                    known = first.setdefault(tag, written)
                    if known is not written:
                        what = f"{known.title!r} ({known.path.name}:{known.line}) checks it already"
                        faults.append(written.fault(tag, what, "take the tag out of one"))
        try:
            self.verdicts()
        except FaultsFound as error:
            return faults + list(error.faults)
        failed = (self._failed.get(self._asked(path).key) for path in self._modules())
        return list(dict.fromkeys([*faults, *(fault for fault in failed if fault)]))

    def verdicts(
        self, tags: Iterable[str] | None = None, language: str | None = None
    ) -> dict[str, Verdict]:
        """The verdicts on the equations with these tags, or on all, as pages of the language print
        them; what is not kept is made.

        An equation whose module cannot be imported does not pass. Raises KeyError for a tag
        without a check, FaultsFound where nothing can be kept.
        """
        checks = self.checks()
        wanted = list(checks) if tags is None else list(tags)
        paths = dict.fromkeys(checks[tag].path for tag in wanted)
        asked = {path: self._asked(path, language) for path in paths}
        kept = self._kept(list(asked.values()))
        return {
            tag: self._verdict(tag, checks[tag], asked[checks[tag].path], kept) for tag in wanted
        }

    def files_of(self, page_name: str) -> set[Path]:
        """The modules that the checks of a page depend on. Raises FaultsFound."""
        own = self.site.checks / f"{module_of(page_name)}.py"
        return {own} | self.site.modules.needed_by(own)

    def _modules(self) -> list[Path]:
        return sorted(p for p in self.site.checks.glob("*.py") if p.stem != "__init__")

    def _snippets(self) -> Iterator[tuple[str, ast.Module]]:
        """The modules of ``snippets`` that can be read; others are told elsewhere."""
        for path in sorted(self.site.snippets.glob("*.py")):
            with contextlib.suppress(SyntaxError):
                yield path.stem, self.site.modules.code(path)

    def _written_in(self, path: Path) -> list[CheckSource]:
        try:
            code = self.site.modules.code(path)
        except SyntaxError:
            return []
        known = self._written.get(path)
        if known is None or known[0] is not code:
            known = self._written[path] = code, list(_checks_in(code, path))
        return known[1]

    def _faults_of_code(
        self, code: ast.Module, path: Path, of_snippets: Callable[[], Mapping[str, str]]
    ) -> list[Fault]:
        """What is wrong with the code of a module; that nothing is, is kept."""
        snippets = sorted(self.site.snippets.glob("*.py"))
        read = [hashlib.sha256(file.read_bytes()).hexdigest() for file in (path, *snippets)]
        key = digest([self.site.modules.digest(Path(__file__)), path.stem, read])
        if self._sound.get(key):
            return []
        copies = faults_of_copies(code, path, of_snippets())
        faults = [*_unreadable_tags(code, path), *faults_of_code(code, path), *copies]
        if not faults:
            self._sound.put(key, True)
        return faults

    def _page_of(self, path: Path, language: str | None) -> Page | None:
        """The page that a module is named after, in the language or in any."""
        for name in self.site.names():
            if module_of(name) == path.stem:
                for one in (language,) if language else LANGUAGES:
                    source = self.site.source(one, name)
                    if source:
                        return self.site.page(source)
        return self._page_of(path, None) if language else None

    def _asked(self, path: Path, language: str | None = None) -> _Asked:
        page = self._page_of(path, language)
        request = self.request(page, path.stem)
        code = self.site.modules.digest(Path(verify.__file__), path)
        key = f"{path.stem}-{digest([code, request, self.site.katex.version])[:32]}"
        return _Asked(path, page, request, key)

    def request(self, page: Page | None, module: str) -> dict[str, Any]:
        """What a module is asked with: the formulas of its page, and the table of symbols.

        It is put together once, until the page or the module has changed.
        """
        if page is None:
            return {"module": module, "formulas": [], "domains": {}, "code": {}}
        code = self._code_of(module)
        known = self._requests.get((page.path, module))
        if known is None or known[0] is not page or known[1] is not code:
            known = page, code, _request(page, module, code)
            self._requests[page.path, module] = known
        return known[2]

    def _code_of(self, module: str) -> ast.Module | None:
        """The code of a module; None where it cannot be read, which is told elsewhere."""
        try:
            return self.site.modules.code(self.site.checks / f"{module}.py")
        except (SyntaxError, OSError):
            return None

    def _verdict(
        self,
        tag: str,
        written: CheckSource,
        asked: _Asked,
        kept: dict[str, dict[str, Any] | Fault],
    ) -> Verdict:
        found = kept[asked.key]
        if isinstance(found, Fault):
            return without_result(tag, found)
        found = found["verdicts"]
        if tag not in found:
            what = "its function is not there once the module has run"
            remedy = "define it once, under a name of its own, and do not replace it"
            return without_result(tag, written.fault(tag, what, remedy))
        verdict = verdict_of(found[tag])
        return replace(verdict, faults=tuple(_placed(f, asked) for f in verdict.faults))

    def definitions(self, page: Page) -> list[tuple[Formula, Held]]:
        """How the definitions of a page are held; none where its checks do not pass."""
        _, found = self._found_of(page)
        if (
            not found
            or self.faults_beside(page)
            or not all(verdict_of(one).passed for one in found["verdicts"].values())
        ):
            return []
        told, formulas = found["definitions"], page.display_formulas
        return [(formulas[one["number"]], Held(**one)) for one in told]

    def faults_beside(self, page: Page) -> list[Fault]:
        """What is wrong with the checks of a page beside its equations: with those that compare
        definitions with code, and with reasons for false versions of definitions."""
        asked, found = self._found_of(page)
        return [_placed(f, asked) for f in faults_of_json(found["faults"])] if asked else []

    def _found_of(self, page: Page) -> tuple[_Asked | None, dict[str, Any]]:
        """What was found of the module of a page, if it has one that can be imported."""
        path = self.site.checks / f"{module_of(page.name)}.py"
        if path.is_file():
            asked = self._asked(path, page.language)
            found = self._kept([asked])[asked.key]
            if not isinstance(found, Fault):
                return asked, found
        return None, {}

    def beside(self, page: Page) -> list[CheckSource]:
        """The checks of a page that name no equation, and compare definitions with code."""
        path = self.site.checks / f"{module_of(page.name)}.py"
        return [one for one in self._written_in(path) if not one.tags] if path.is_file() else []

    def _kept(self, asked: list[_Asked]) -> dict[str, dict[str, Any] | Fault]:
        """What is kept of each module, verdicts by tag or a fault; the rest is verified now."""
        found = self._known(asked)
        if len(found) < len(asked):
            with self.store.making():
                found |= self._known([one for one in asked if one.key not in found])
                found |= self._made([one for one in asked if one.key not in found])
        return found

    def _known(self, asked: list[_Asked]) -> dict[str, dict[str, Any] | Fault]:
        """What has been found of these modules before."""
        known = ((one.key, self._failed.get(one.key) or self.store.get(one.key)) for one in asked)
        return {key: kept for key, kept in known if kept is not None}

    def _made(self, lacking: list[_Asked]) -> dict[str, dict[str, Any] | Fault]:
        """What is found of these modules now, which is kept but for faults."""
        found: dict[str, dict[str, Any] | Fault] = {}
        if lacking:
            names = ", ".join(one.path.stem for one in lacking)
            log.info("verifying the equations of %s", names)
        # The longest first; a child that has verified one takes the next.
        waiting = deque(sorted(lacking, key=lambda one: -one.path.stat().st_size))
        with ThreadPoolExecutor(PROCESSES) as pool:
            children = [pool.submit(self._verified, waiting) for _ in lacking[:PROCESSES]]
            verified = [pair for child in children for pair in child.result()]
        for one, result in verified:
            found[one.key] = result
            if isinstance(result, Fault):
                self._failed[one.key] = result
            else:
                self.store.put(one.key, result)
        return found

    def _verified(self, waiting: deque[_Asked]) -> list[tuple[_Asked, dict[str, Any] | Fault]]:
        """Verify in a child what waits, as long as there is any; in another, where one is lost."""
        found: list[tuple[_Asked, dict[str, Any] | Fault]] = []
        while waiting:
            with Child("engine.equations.verify", self.site.root) as child:
                while one := _next(waiting):
                    try:
                        found.append((one, self._verified_by(child, one)))
                    except ChildEnded as how:
                        what = f"the process that verifies this module was lost: {how}"
                        found.append((one, Fault(one.path, 1, what, "mend this module")))
                        break
        return found

    def _verified_by(self, child: Child, one: _Asked) -> dict[str, Any] | Fault:
        """What a child finds of a module. Raises ChildEnded."""
        request = [{**one.request, "katex": str(self.site.katex.folder)}]
        (reply,) = child.ask(request)
        if "failure" in reply:
            failure = Failure(**reply["failure"])
            at = self.site.root / failure.path if failure.path else one.path
            return _cannot_be_imported(at, failure.line, failure.error)
        return {name: reply[name] for name in ("verdicts", "definitions", "faults")}


def _request(page: Page, module: str, code: ast.Module | None) -> dict[str, Any]:
    printed: list[dict[str, Any]] = [
        {"tag": f.tag or "", "tex": f.without_tag, "number": number}
        for number, f in enumerate(page.display_formulas)
    ]
    printed = [one for one in printed if one["tag"] or r"\coloneqq" in one["tex"]]
    asked = _statements(page, code) if code else {}
    domains = as_json(domains_of(page))
    return {"module": module, "formulas": printed, "domains": domains, "code": asked}


def _statements(page: Page, code: ast.Module) -> dict[str, list[str]]:
    """The statements of a page's code that a module asks for; none where the page's cannot be
    read, which is told elsewhere."""
    asked = asked_by(code)
    if not asked:
        return {}
    try:
        return bindings_of(map(code_shown, page.python_fences), asked)
    except SyntaxError:
        return {}


def _next(waiting: deque[_Asked]) -> _Asked | None:
    """The next that waits, if another thread has not taken the last one."""
    try:
        return waiting.popleft()
    except IndexError:
        return None


def _placed(fault: Fault, asked: _Asked) -> Fault:
    """A fault of what the page prints, at the line of the page that prints it."""
    if fault.path != ON_PAGE or asked.page is None:
        return fault
    formula = asked.page.display_formulas[fault.line]
    return replace(fault, path=formula.origin.path, line=formula.origin.line)


def _cannot_be_imported(path: Path, line: int, error: str) -> Fault:
    return Fault(path, line, f"the checks cannot be imported: {error}", "mend this module")


def is_mark(node: ast.expr) -> TypeGuard[ast.Call]:
    """Whether this is ``worth(…)``, which marks a check."""
    return isinstance(node, ast.Call) and ast.unparse(node.func).endswith("worth")


def _decorated(
    nodes: Iterable[ast.AST],
) -> Iterator[tuple[ast.FunctionDef, tuple[str, ...] | None]]:
    """Functions marked with ``@worth(…)``, and the tags if they are written out."""
    for node in nodes:
        if isinstance(node, ast.FunctionDef):
            for call in node.decorator_list:
                if is_mark(call):
                    tags = [one.value for one in call.args if isinstance(one, ast.Constant)]
                    written = len(tags) == len(call.args)
                    texts = all(isinstance(tag, str) for tag in tags)
                    yield node, tuple(map(str, tags)) if written and texts else None


def _checks_in(code: ast.Module, path: Path) -> Iterator[CheckSource]:
    """The checks of a module whose tags can be read, in order."""
    lines = sources.read(path).split("\n")
    functions = [node for node in code.body if isinstance(node, ast.FunctionDef)]
    for node, tags in _decorated(code.body):
        if tags is not None:
            by_code = [one for one in functions if gives_code_of(one) == node.name]
            parts = [_written(one, lines) for one in (node, *by_code)]
            source = "\n\n\n".join(parts) + "\n"
            yield CheckSource(tags, node.name, path, first_line(node), source)


def gives_code_of(node: ast.FunctionDef) -> str | None:
    """The check whose symbols a function marked ``@name.code`` gives by the page's own code."""
    for one in node.decorator_list:
        if (
            isinstance(one, ast.Attribute)
            and one.attr == "code"
            and isinstance(one.value, ast.Name)
        ):
            return one.value.id
    return None


def first_line(node: ast.FunctionDef | ast.ClassDef) -> int:
    """The line where a function or class begins, with what decorates it."""
    return min(one.lineno for one in (*node.decorator_list, node))


def _written(node: ast.FunctionDef, lines: list[str]) -> str:
    return "\n".join(lines[first_line(node) - 1 : node.end_lineno])


def _unreadable_tags(code: ast.Module, path: Path) -> list[Fault]:
    what = "a check is a function of its module, and its tags are strings that can be read"
    remedy = 'write the tags out, @worth("…"), before a function that is not nested'
    return [
        Fault(path, node.lineno, what, remedy)
        for node, tags in _decorated(ast.walk(code))
        if tags is None or node not in code.body
    ]
