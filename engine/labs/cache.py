"""The runs of the labs: once for both languages, kept until something they depend on changes.

Where the Chinese code has Chinese words, the English code is run, and what it printed is shown in
the words of each page (engine/labs/words.py).

A lab runs again when its code, a snippet that it imports, the style of its charts, how labs are
run, Python or the lock file has changed; never because of its prose. What cannot be trusted is
thrown away.
"""

from __future__ import annotations

import ast
import hashlib
import logging
import os
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from engine import child
from engine.drawing import compact
from engine.faults import Fault, FaultsFound
from engine.labs import run as running
from engine.labs.asked import expressions, tie_faults
from engine.labs.faults import failed, picture_faults
from engine.labs.run import CellFailed, CellStopped, Run
from engine.labs.words import Exchange, word_faults
from engine.languages.literals import same_literals
from engine.paths import LABS, LANGUAGES
from engine.reading import sources
from engine.reading.comments import without_docstrings
from engine.reading.page import Page
from engine.store import digest

if TYPE_CHECKING:
    from engine.site import Site

log = logging.getLogger("mkdocs.labs")

#: The code that decides how a lab is run, and the environment in which it runs.
MACHINERY = Path(running.__file__)
ENVIRONMENT = repr((sorted(child.FIXED.items()), child.DROPPED))

#: The code cells of a lab.
Cells = tuple[str, ...]
#: What is asked after each of them.
Asked = tuple[tuple[str, ...], ...]


class Labs:
    """The runs of a site's labs."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self._store = site.store(LABS)
        self._pictures = site.store("pictures")
        self._keys: dict[tuple[Cells, Asked], tuple[dict[Path, sources.State], str]] = {}
        self._runs: dict[str, Run] = {}
        self._exchanges: dict[tuple[Cells, Cells], Exchange | None] = {}

    def run_of(self, page: Page) -> Run:
        """What a lab gave, kept or run now. Raises FaultsFound where a cell fails."""
        ran, exchange = self._shared(page)
        run = self._kept(page) or self._run_and_keep(ran)
        return exchange.run(run) if exchange else run

    def kept(self, page: Page) -> Run | None:
        """What a lab gave at an earlier run which still holds; None if there is none."""
        run = self._kept(page)
        exchange = self._shared(page)[1]
        return exchange.run(run) if run and exchange else run

    def picture(self, run: Run, number: int) -> str:
        """The picture of code cell ``number`` of a run in fewer bytes; kept, since these take
        seconds."""
        drawn: str = run.pictures(number)[0]
        key = digest([self.site.modules.digest(Path(compact.__file__)), drawn])
        return self._pictures.once(key, lambda: compact.compact(drawn))

    def word_faults(self, page: Page) -> list[Fault]:
        """What of a shared run cannot be shown in the words of this page."""
        english, exchange = self._shared(page)
        run = self._kept(page) if exchange else None
        return list(word_faults(page, english, run)) if run else []

    def _kept(self, page: Page) -> Run | None:
        """What the run of a lab gave, in the words of the code that ran."""
        entry = self._entry(page)
        if entry not in self._runs:
            content = self._store.get(entry)
            if content is None:
                return None
            self._runs[entry] = Run(**content)
        return self._runs[entry]

    def run_all(self, pages: Iterable[Page]) -> list[Fault]:
        """Run what has to be run, two labs at a time; return what is wrong with any of them."""
        pages = list(pages)
        once: dict[str, Page] = {}  # both languages share a run, and the first one's page reports
        for page in pages:
            once.setdefault(self._entry(page), page)
        waiting = [page for page in once.values() if self.kept(page) is None]
        if waiting:
            names = ", ".join(page.path.stem for page in waiting)
            log.info(f"Labs to run, once, until their code changes: {names}")
        with ThreadPoolExecutor(max_workers=min(2, os.cpu_count() or 1)) as pool:
            faults = [fault for found in pool.map(self._failures, waiting) for fault in found]
        if not faults:
            faults = [fault for page in pages for fault in picture_faults(page, self.run_of(page))]
        return faults

    def faults(self, page: Page) -> list[Fault]:
        """Where a lab describes other pictures or says other numbers than its run gave.

        Of numbers the build does not ask: on another machine they may differ.
        """
        run = self.run_of(page)
        return [*picture_faults(page, run), *tie_faults(page, run)]

    def key_of(self, page: Page) -> str:
        """A digest of all that the run of a lab depends on, no comments or docstrings among it."""
        both = _cells(self._shared(page)[0]), self._asked(page)
        state = self._state()
        known = self._keys.get(both)
        if known is None or known[0] != state:
            known = self._keys[both] = state, self._key(*both)
        return known[1]

    def _asked(self, page: Page) -> Asked:
        """What the prose of either language asks after each cell."""
        asked = expressions(page)
        try:
            sibling = expressions(self.site.page(self.site.sibling_of(page.path)))
        except (FaultsFound, OSError):  # which is told elsewhere
            sibling = []
        if len(sibling) == len(asked):
            asked = [sorted({*a, *b}) for a, b in zip(asked, sibling, strict=True)]
        return tuple(map(tuple, asked))

    def _shared(self, page: Page) -> tuple[Page, Exchange | None]:
        """The page whose code runs for this one; what exchanges its words, if they differ."""
        sibling = self.site.sibling_of(page.path) if page.language == LANGUAGES[0] else None
        if sibling is None or not sibling.is_file():
            return page, None
        try:
            english = self.site.page(sibling)
        except FaultsFound:  # which is told of that file already
            return page, None
        both = _cells(page), _cells(english)
        if both not in self._exchanges:
            self._exchanges[both] = _exchange(*both)
        exchange = self._exchanges[both]
        return (english if exchange else page), exchange

    def _key(self, code: Cells, asked: Asked) -> str:
        digest = hashlib.sha256(f"{sys.version}\0{ENVIRONMENT}".encode())
        for source in code:
            digest.update(_without_comments(source).encode() + b"\0")
        digest.update(repr(asked).encode() if any(asked) else b"")
        for path in [*self._imported(code), self._lock_file, MACHINERY]:
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
        return digest.hexdigest()[:32]

    def _imported(self, code: Cells) -> list[Path]:
        """The modules of the project that run with a lab: its snippets, and the style of charts."""
        imported = map(self.site.modules.imported_by, ["\n".join(code), running.SET_UP])
        return sorted(set().union(*imported))

    @property
    def _lock_file(self) -> Path:
        return self.site.root / "requirements" / "site.txt"

    def _state(self) -> dict[Path, sources.State]:
        """The state of all files that a key may depend on."""
        folders = (self.site.snippets, self.site.figures)
        modules = [path for folder in folders for path in folder.glob("*.py")]
        return sources.states([*modules, self._lock_file])

    def _entry(self, page: Page) -> str:
        return f"{page.path.stem}-{self.key_of(page)}"

    def _run_and_keep(self, page: Page) -> Run:
        entry = self._entry(page)  # that of the code which runs, whatever is saved meanwhile
        name = page.path.stem
        log.info(f"Lab {name}: running")
        try:
            cells = [cell.source for cell in page.code_cells]
            run = running.run(cells, self.site.root, self._asked(page))
        except (CellFailed, CellStopped) as error:
            raise FaultsFound(failed(page, error)) from None
        if entry == self._entry(page):
            self._store.put(entry, vars(run))
        self._runs[entry] = run
        log.info(f"Lab {name}: has run, {run.seconds:.1f} s of one processor")
        return run

    def _failures(self, page: Page) -> list[Fault]:
        try:
            self.run_of(page)
        except FaultsFound as found:
            return list(found.faults)
        return []


def _cells(page: Page) -> Cells:
    return tuple(cell.source for cell in page.code_cells)


def _exchange(chinese: Cells, english: Cells) -> Exchange | None:
    """What exchanges the words of two codes; None if they have the same, or differ in more."""
    pairs = same_literals(chinese, english) or []
    return Exchange(pairs) if any(mine.text != theirs.text for mine, theirs in pairs) else None


def _without_comments(source: str) -> str:
    try:
        return ast.unparse(without_docstrings(ast.parse(source)))
    except SyntaxError:  # the kernel will say so, with the cell
        return source
