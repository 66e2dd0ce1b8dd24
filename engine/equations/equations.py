"""The checks of a site's equations: read from their code, and verified in a process of its own.

This process never imports ``checks/``. The verdicts on a module's checks are kept until something
that the module depends on has changed.
"""

from __future__ import annotations

import ast
import logging
import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.child import Child, ChildEnded, Failure
from engine.equations import check, verify
from engine.equations.check import CheckSource, Verdict, verdict_of, without_result
from engine.faults import Fault, FaultsFound
from engine.paths import LANGUAGES, module_of
from engine.reading import sources

if TYPE_CHECKING:
    from engine.site import Site

log = logging.getLogger("mkdocs.equations")


class Equations:
    """The checks of one site, and what verifying them has shown."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.store = site.store("verdicts")
        self._failed: dict[str, Fault] = {}

    def checks(self) -> dict[str, CheckSource]:
        """The checks by tag, in the order of their modules; what is no Python has none."""
        found: dict[str, CheckSource] = {}
        for path in self._modules():
            for written in self._written_in(path):
                found.setdefault(written.tag, written)
        return found

    def faults(self) -> list[Fault]:
        """Modules that cannot be read or imported, and tags that two checks claim or none can."""
        faults: list[Fault] = []
        first: dict[str, CheckSource] = {}
        for path in self._modules():
            try:
                code = self.site.modules.code(path)
            except SyntaxError as error:
                told = f"SyntaxError: {error}"
                faults.append(_cannot_be_imported(path, error.lineno or 1, told))
                continue
            faults += _unreadable_tags(code, path)
            for written in self._written_in(path):
                known = first.setdefault(written.tag, written)
                if known is not written:
                    what = f"{known.title!r} ({known.path.name}:{known.line}) checks it already"
                    faults.append(written.fault(what, "delete one, or give it another tag"))
        try:
            self.verdicts()
        except FaultsFound as error:
            return faults + list(error.faults)
        failed = (self._failed.get(self._key(path)) for path in self._modules())
        return list(dict.fromkeys([*faults, *(fault for fault in failed if fault)]))

    def verdicts(self, tags: Iterable[str] | None = None) -> dict[str, Verdict]:
        """The verdicts on the checks with these tags, or on all; what is not kept is made.

        A check whose module cannot be imported does not pass. Raises KeyError for a tag without
        a check, FaultsFound where nothing can be kept.
        """
        checks = self.checks()
        wanted = [checks[tag] for tag in (checks if tags is None else tags)]
        paths = list(dict.fromkeys(written.path for written in wanted))
        kept = self._kept(paths)
        return {written.tag: self._verdict(written, kept[written.path]) for written in wanted}

    def files_of(self, page_name: str) -> set[Path]:
        """The modules that the checks of a page depend on. Raises FaultsFound."""
        own = self.site.checks / f"{module_of(page_name)}.py"
        checks = self.checks()
        modules = {own}
        for language in LANGUAGES:
            source = self.site.source(language, page_name)
            for formula in self.site.page(source).display_formulas if source else ():
                if formula.tag in checks:
                    modules.add(checks[formula.tag].path)
        return modules.union(*map(self.site.modules.needed_by, modules))

    def _modules(self) -> list[Path]:
        return sorted(p for p in self.site.checks.glob("*.py") if p.stem != "__init__")

    def _written_in(self, path: Path) -> list[CheckSource]:
        try:
            return list(_checks_in(self.site.modules.code(path), path))
        except SyntaxError:
            return []

    def _key(self, path: Path) -> str:
        makers = [Path(verify.__file__), Path(check.__file__)]
        return f"{path.stem}-{self.site.modules.digest(*makers, path)[:32]}"

    def _verdict(self, written: CheckSource, kept: dict[str, Any] | Fault) -> Verdict:
        if isinstance(kept, Fault):
            return without_result(written, kept)
        if written.tag not in kept:
            what = "its function is not there once the module has run"
            remedy = "define it once, under a name of its own, and do not replace it"
            return without_result(written, written.fault(what, remedy))
        return verdict_of(written, kept[written.tag])

    def _kept(self, paths: list[Path]) -> dict[Path, dict[str, Any] | Fault]:
        """What is kept of each module, verdicts by tag or a fault; the rest is verified now."""
        keys = {path: self._key(path) for path in paths}
        found: dict[Path, dict[str, Any] | Fault] = {}
        for path, key in keys.items():
            kept = self._failed.get(key) or self.store.get(key)
            if kept is not None:
                found[path] = kept
        lacking = [path for path in paths if path not in found]
        if lacking:
            log.info("verifying the equations of %s", ", ".join(path.stem for path in lacking))
        while lacking:
            for path, result in self._verified(lacking):
                lacking.remove(path)
                found[path] = result
                if isinstance(result, Fault):
                    self._failed[keys[path]] = result
                else:
                    self.store.put(keys[path], result)
        return found

    def _verified(self, paths: list[Path]) -> Iterator[tuple[Path, dict[str, Any] | Fault]]:
        """Verify these modules in a child, up to its end, for which one of them is blamed."""
        by_name = {path.stem: path for path in paths}
        begun = paths[0].stem
        with Child("engine.equations.verify", self.site.root) as child:
            try:
                for reply in child.ask(list(by_name)):
                    if "begun" in reply:
                        begun = reply["begun"]
                        continue
                    path = by_name[reply["module"]]
                    if "failure" in reply:
                        failure = Failure(**reply["failure"])
                        at = self.site.root / failure.path if failure.path else path
                        yield path, _cannot_be_imported(at, failure.line, failure.error)
                    else:
                        yield path, reply["verdicts"]
            except ChildEnded as how:
                what = f"the process that verifies this module was lost: {how}"
                yield by_name[begun], Fault(by_name[begun], 1, what, "mend this module")


def _cannot_be_imported(path: Path, line: int, error: str) -> Fault:
    return Fault(path, line, f"the checks cannot be imported: {error}", "mend this module")


def _decorated(nodes: Iterable[ast.AST]) -> Iterator[tuple[ast.FunctionDef, str | None]]:
    """Functions marked with ``@equation(…)``, and the tag if it is written out."""
    for node in nodes:
        if isinstance(node, ast.FunctionDef):
            for call in node.decorator_list:
                if isinstance(call, ast.Call) and ast.unparse(call.func).endswith("equation"):
                    first = call.args[0] if call.args else None
                    tag = first.value if isinstance(first, ast.Constant) else None
                    yield node, tag if isinstance(tag, str) else None


def _checks_in(code: ast.Module, path: Path) -> Iterator[CheckSource]:
    """The checks of a module whose tags can be read, in order."""
    lines = sources.read(path).split("\n")
    for node, tag in _decorated(code.body):
        if tag is not None:
            line = min(decorator.lineno for decorator in node.decorator_list)
            source = "\n".join(lines[line - 1 : node.end_lineno]) + "\n"
            tex = textwrap.dedent(ast.get_docstring(node, clean=False) or "").strip()
            yield CheckSource(tag, node.name, path, line, source, tex)


def _unreadable_tags(code: ast.Module, path: Path) -> list[Fault]:
    what = "a check is a function of its module, and its tag a string that can be read"
    remedy = 'write the tag out, @equation("…"), before a function that is not nested'
    return [
        Fault(path, node.lineno, what, remedy)
        for node, tag in _decorated(ast.walk(code))
        if tag is None or node not in code.body
    ]
