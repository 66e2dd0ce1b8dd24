"""The drawings that pages name: drawn once, kept, and put into their HTML.

This process reads the code of ``figures/`` and never imports it. What the store lacks is drawn by
at most two child processes (engine/drawing/draw.py).
"""

from __future__ import annotations

import ast
import html
import logging
import os
import re
from collections import deque
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from engine.child import Child, ChildEnded, Failure
from engine.drawing import compact, draw, drawn, paths, photographs, series, svg
from engine.drawing.drawn import Drawn, drawn_from
from engine.drawing.series import Written
from engine.faults import Fault, FaultsFound
from engine.figures import PageEntry
from engine.paths import shown
from engine.reading.page import DRAWN, Page
from engine.store import digest

if TYPE_CHECKING:
    from engine.site import Site

log = logging.getLogger("mkdocs.drawings")

IMAGE = re.compile(
    r'<img alt="(?P<alt>[^"]*)" src="(?P<kind>figure|stepper|explorer):(?P<target>[^"]+)"\s*/?>'
)

#: What each decorator of engine/figures.py makes of a function.
KINDS = {
    "figure": "figure",
    "figure_of_pages": "figure",
    "stepper": "stepper",
    "explorer": "explorer",
}

#: The progress of a long round is told each time so many are drawn.
STEP = 20

#: Seconds in which a drawing has to be done, on a busy machine, too; most take a fraction of one.
PATIENCE = 120


class Drawing(NamedTuple):
    """What a page names: the kind of drawing, ``module/function``, and its language."""

    kind: str
    target: str
    language: str


@dataclass(frozen=True)
class _Function:
    """A function that draws, as its decorator and its place in the code tell."""

    kind: str
    of_pages: bool
    line: int


class _Entry(NamedTuple):
    """What is to be drawn: under which key it is kept, of which pages, and where its code is."""

    key: str
    pages: list[dict[str, Any]] | None
    line: int


class _NotDrawn(Exception):
    """Why there is no such drawing; the place is that of the code, not of a page."""

    def __init__(self, path: Path, line: int, message: str, remedy: str) -> None:
        super().__init__(message)
        self.path, self.line, self.message, self.remedy = path, line, message, remedy

    def fault(self) -> Fault:
        return Fault(self.path, self.line, self.message, self.remedy)


class Drawings:
    """The drawings of one site. What cannot be drawn is tried again when its code has changed."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.store = site.store("drawings")
        self.patience: float = PATIENCE
        self._failed: dict[str, _NotDrawn] = {}
        self._kept: set[str] = set()
        self._shown: dict[Drawing, str] = {}  # under which keys pages have last shown them
        self._postponed: set[str] = set()

    def prepare(self, wanted: Iterable[tuple[str, str, str]]) -> list[Fault]:
        """Draw what is not kept of (kind, target, language), and say what cannot be drawn.

        The faults are those of the code that draws; ``faults`` has them where pages name it.
        """
        try:
            return list(dict.fromkeys(why.fault() for why in self._prepare(wanted)[1].values()))
        except FaultsFound as error:
            return list(error.faults)

    def faults(self, page: Page) -> list[Fault]:
        """The drawings a page names that do not exist or cannot be drawn; draws what is not kept.

        Call ``prepare`` for all pages before, and they are drawn together.
        """
        named = {
            image: _drawing(image.target, page.language)
            for image in page.images
            if image.target.partition(":")[0] in DRAWN
        }
        try:
            _, why = self._prepare(named.values())
        except FaultsFound as error:
            return list(error.faults)
        return [
            Fault(image.origin.path, image.origin.line, why[drawing].message, why[drawing].remedy)
            for image, drawing in named.items()
            if drawing in why
        ]

    def postpone(self, page: Page) -> dict[str, Drawing]:
        """The drawings of a page that have to be drawn anew, by their keys, for ``draw_postponed``.

        Until then the page is shown with what it showed before; a drawing that it has not shown
        yet is none of these.
        """
        entries, _ = self._entries(wanted_by([page]))
        found = {
            entry.key: drawing
            for drawing, entry in entries.items()
            if not self._is_known(entry.key) and self.store.get(self._shown.get(drawing, ""))
        }
        self._postponed |= found.keys()
        return found

    def draw_postponed(self, postponed: dict[str, Drawing]) -> None:
        """Draw what was postponed, as the code stands now; another thread may build meanwhile."""
        try:
            entries, _ = self._entries(postponed.values())
            lacking = {d: e for d, e in entries.items() if not self._is_known(e.key)}
            if lacking:
                _Round(self, lacking).draw()
        finally:
            self._postponed -= postponed.keys()

    def is_postponed(self, key: str) -> bool:
        """Whether a drawing that was postponed has not been drawn yet."""
        return key in self._postponed

    def drawn(self, kind: str, target: str, language: str) -> Drawn:
        """A drawing in one language; it is drawn now if it is not kept. Raises FaultsFound."""
        drawing = Drawing(kind, target, language)
        return self._drawn([drawing])[drawing]

    def _drawn(self, wanted: Iterable[Drawing]) -> dict[Drawing, Drawn]:
        """What each of these shows. Raises FaultsFound."""
        wanted = list(dict.fromkeys(wanted))
        entries, why = self._prepare(wanted)
        for reason in why.values():
            raise FaultsFound(reason.fault())
        found = {}
        for drawing in wanted:
            key = entries[drawing].key if drawing in entries else self.key(*drawing)
            if key in self._postponed:
                key = self._shown.get(drawing, key)
            kept = self.store.get(key)
            if kept is None:  # it was lost or damaged since
                self._kept.discard(key)
                self._postponed.discard(entries[drawing].key)
                return self._drawn(wanted)
            self._shown[drawing] = key
            found[drawing] = drawn_from(kept)
        return found

    def inline(self, page_html: str, language: str, written: Written) -> str:
        """Replace each ``<img src="figure:…">`` of a page, and the like, by what it shows.

        ``written`` is called with the name and the content of each file that a drawing needs
        beside the page, and gives the address of it. Raises FaultsFound.
        """

        def named(match: re.Match[str]) -> Drawing:
            return Drawing(match["kind"], html.unescape(match["target"]), language)

        places = list(IMAGE.finditer(page_html))
        found = self._drawn(map(named, places))

        def shown_by(match: re.Match[str]) -> str:
            drawing = named(match)
            name, alternative = f"{drawing.kind}:{drawing.target}", html.unescape(match["alt"])
            match drawing.kind:
                case "stepper":
                    return series.stepper(found[drawing], name, alternative)
                case "explorer":
                    of = name, alternative, self.palette(), written
                    return series.explorer(found[drawing], *of)
            drawn = found[drawing].frames[0].svg
            if match.start() != places[0].start():  # which may be seen at once
                drawn = photographs.beside(drawn, svg.stem(name), written)
            return svg.labelled(drawn, alternative, name)

        return IMAGE.sub(shown_by, page_html)

    def palette(self) -> str:
        """The light palette's variables, as the theme gives them: ``--figure-ink: #1f2428; …``."""
        styles = (self.site.root / "theme" / "assets" / "site.css").read_text(encoding="utf-8")
        light = re.search(r'\[data-md-color-scheme="default"\] \{(.*?)\}', styles, re.S)
        return " ".join(re.findall(r"--figure-[^;]*;", light[1])) if light else ""

    def files_of(self, target: str) -> set[Path]:
        """The modules that a drawing depends on: its own, and what that imports.

        A figure of the pages depends on their titles besides, which its ``key`` tells.
        """
        module = self._module(target)
        return {module} | self.site.modules.needed_by(module)

    def key(self, kind: str, target: str, language: str) -> str:
        """A digest of all that a drawing depends on: another one, and it must be drawn anew.

        Raises FaultsFound where there is no such drawing, or a page that it shows is unreadable.
        """
        try:
            drawing = Drawing(kind, target, language)
            pages = self._pages(drawing, self._function(kind, target))
            return _key(drawing, self._code(self._module(target)), pages)
        except _NotDrawn as why:
            raise FaultsFound(why.fault()) from None

    def _module(self, target: str) -> Path:
        return self.site.figures / f"{target.partition('/')[0]}.py"

    def _function(self, kind: str, target: str) -> _Function:
        """The function behind a target. Raises _NotDrawn with what exists instead."""
        module, _, name = target.partition("/")
        path = self._module(target)
        remedy = "name a figure that exists, or draw it"
        if not (module.isidentifier() and path.exists()):
            what = f"there is no figures/{module}.py"
            raise _NotDrawn(self.site.figures, 1, what, remedy)
        try:
            functions = _functions(self.site.modules.code(path))
        except SyntaxError as error:
            failure = Failure(f"SyntaxError: {error}", None, 1)
            raise self._failure(target, failure, error.lineno or 1) from None
        found = functions.get(name)
        if found is None or found.kind != kind:
            known = ", ".join(sorted(n for n, f in functions.items() if f.kind == kind))
            what = f"figures/{module}.py has no {kind} {name!r}; it has {known or 'none'}"
            raise _NotDrawn(path, 1, what, remedy)
        return found

    def _code(self, module: Path) -> str:
        """A digest of the code that makes the drawings of a module."""
        return self.site.modules.digest(
            *(Path(str(each.__file__)) for each in (compact, draw, drawn, paths, svg)), module
        )

    def _pages(self, drawing: Drawing, function: _Function) -> list[dict[str, Any]] | None:
        """What a figure of the pages is told of them; None for all others. Raises FaultsFound."""
        if not function.of_pages:
            return None
        return [
            asdict(PageEntry(page.name, page.title, tuple(page.prerequisites)))
            for page in self.site.in_reading_order(drawing.language)
        ]

    def _prepare(
        self, wanted: Iterable[tuple[str, str, str]]
    ) -> tuple[dict[Drawing, _Entry], dict[Drawing, _NotDrawn]]:
        """Draw what is not kept; what there is then, and why there is no more. Raises FaultsFound.

        An unreadable page is that page's own fault: figures of the pages have to wait for it.
        """
        entries, why = self._entries(wanted)
        lacking = {
            drawing: entry
            for drawing, entry in entries.items()
            if entry.key not in self._postponed and not self._is_known(entry.key)
        }
        if lacking:
            _Round(self, lacking).draw()
        failed = {d: self._failed[e.key] for d, e in entries.items() if e.key in self._failed}
        return entries, why | failed

    def _entries(
        self, wanted: Iterable[tuple[str, str, str]]
    ) -> tuple[dict[Drawing, _Entry], dict[Drawing, _NotDrawn]]:
        """What is to be drawn, as the code stands, and what does not exist."""
        entries: dict[Drawing, _Entry] = {}
        why: dict[Drawing, _NotDrawn] = {}
        code = cache(self._code)  # that of all drawings of a module
        for drawing in dict.fromkeys(Drawing(*each) for each in wanted):
            try:
                function = self._function(drawing.kind, drawing.target)
                pages = self._pages(drawing, function)
            except _NotDrawn as reason:
                why[drawing] = reason
                continue
            except FaultsFound:
                continue
            key = _key(drawing, code(self._module(drawing.target)), pages)
            entries[drawing] = _Entry(key, pages, function.line)
        return entries, why

    def _is_known(self, key: str) -> bool:
        """Whether a drawing is kept, or cannot be drawn as its code stands."""
        if key not in self._failed and key not in self._kept and self.store.get(key) is not None:
            self._kept.add(key)
        return key in self._failed or key in self._kept

    def keep(self, key: str, drawn: dict[str, Any]) -> None:
        """Keep what was drawn. Raises FaultsFound where that cannot be written."""
        self.store.put(key, drawn)
        self._kept.add(key)

    def failed(self, key: str, target: str, failure: Failure, line: int) -> None:
        """Remember that a drawing cannot be drawn as its code stands."""
        self._failed[key] = self._failure(target, failure, line)

    def _failure(self, target: str, failure: Failure, line: int) -> _NotDrawn:
        """A failure as authors read it; if no line of theirs raised it, at their function's."""
        path = self.site.root / failure.path if failure.path else self._module(target)
        at = failure.line if failure.path else line
        what = f"the figure {target} fails at {shown(path)}:{at}: {failure.error}"
        return _NotDrawn(path, at, what, "mend the code that draws it")


class _Round:
    """One round of drawing: batches of one module each, given to whichever child is free."""

    def __init__(self, drawings: Drawings, lacking: dict[Drawing, _Entry]) -> None:
        self.drawings = drawings
        self.lacking = {entry.key: (drawing, entry) for drawing, entry in lacking.items()}
        self.done = 0
        self.stopped = False
        self.children: list[Child] = []
        batches: dict[str, list[str]] = {}
        for key, (drawing, _) in self.lacking.items():
            batches.setdefault(drawing.target.partition("/")[0], []).append(key)
        # The largest first, so that both children end at about the same time.
        self.batches = deque(sorted(batches.values(), key=len, reverse=True))

    def draw(self) -> None:
        """Draw them all, and keep them or what went wrong. Raises FaultsFound."""
        if len(self.lacking) >= STEP:
            log.info("drawing %d figures (once, until their code changes)", len(self.lacking))
        workers = min(2, len(self.batches), os.cpu_count() or 1)
        with ThreadPoolExecutor(workers) as pool:
            started = [pool.submit(self._work) for _ in range(workers)]
            try:
                for each in started:
                    each.result()
            except BaseException:  # an interruption as well: the others must not go on
                self.stopped = True
                for child in self.children:
                    child.stop()
                raise

    def _work(self) -> None:
        """Draw batch after batch in one child, and in another where that comes to its end."""
        while self.batches and not self.stopped:
            with Child("engine.drawing.draw", self.drawings.site.root) as child:
                self.children.append(child)
                ended = False
                while not ended and not self.stopped:
                    try:
                        batch = self.batches.popleft()
                    except IndexError:  # the other one has taken the last
                        return
                    rest = self._batch(child, batch)
                    ended = rest is not None
                    if rest:
                        self.batches.append(rest)

    def _batch(self, child: Child, batch: list[str]) -> list[str] | None:
        """Draw a batch; if the child ends, blame what it was at, and return what is left."""
        rest = list(batch)
        begun = None
        try:
            for reply in child.ask(list(map(self._request, batch)), self.drawings.patience):
                if "begun" in reply:
                    begun = reply["begun"]
                    continue
                rest.remove(reply["key"])
                self._keep(reply)
        except ChildEnded as how:
            if self.stopped:
                return []
            for key in [begun] if begun in rest else list(rest):
                failure = Failure(f"the process that draws was lost: {how}", None, 1)
                self._keep({"key": key, "failure": asdict(failure)})
                rest.remove(key)
            return rest
        return None

    def _request(self, key: str) -> dict[str, Any]:
        drawing, entry = self.lacking[key]
        return {"key": key, **drawing._asdict(), "pages": entry.pages}

    def _keep(self, reply: dict[str, Any]) -> None:
        key = reply["key"]
        drawing, entry = self.lacking[key]
        if "failure" in reply:
            self.drawings.failed(key, drawing.target, Failure(**reply["failure"]), entry.line)
        else:
            self.drawings.keep(key, reply["drawn"])
        self.done += 1
        if self.done % STEP == 0:
            log.info("drawing %d of %d figures", self.done, len(self.lacking))


def wanted_by(pages: Iterable[Page]) -> list[Drawing]:
    """The drawings that pages name, each once."""
    return list(
        dict.fromkeys(_drawing(target, page.language) for page in pages for target in page.figures)
    )


def _key(drawing: Drawing, code: str, pages: list[dict[str, Any]] | None) -> str:
    return digest([*drawing, code, pages])[:32]


def _drawing(named: str, language: str) -> Drawing:
    """What a page names as ``figure:module/function``."""
    kind, _, target = named.partition(":")
    return Drawing(kind, target, language)


def _functions(code: ast.Module) -> dict[str, _Function]:
    """The functions of a module that draw."""
    found = {}
    for node in code.body:
        if isinstance(node, ast.FunctionDef):
            for decorator in node.decorator_list:
                name = decorator.attr if isinstance(decorator, ast.Attribute) else decorator
                name = name.id if isinstance(name, ast.Name) else name
                if isinstance(name, str) and name in KINDS:
                    kind = KINDS[name]
                    found[node.name] = _Function(kind, name == "figure_of_pages", node.lineno)
    return found
