"""The site: where its files are, its languages, and its pages as the files have them now.

Everything that asks for a page or a folder asks here. A build holds one ``Site``; a test makes
one of its own for a folder of its own.
"""

from __future__ import annotations

import difflib
import re
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from engine.drawing.drawings import Drawings
from engine.equations.equations import Equations
from engine.faults import Fault, FaultsFound
from engine.for_readers.changed import last_changes
from engine.formulas.katex import Katex
from engine.in_page.bundles import Bundles
from engine.in_page.runtime import Runtime
from engine.modules import Modules
from engine.paths import CONFIGURATIONS, FOLDERS, LABS, LANGUAGES, is_lab
from engine.reading import sources
from engine.reading.page import Page
from engine.reading.reader import parse_file, parse_text
from engine.reading.sources import State
from engine.store import Store

if TYPE_CHECKING:
    from engine.labs.cache import Labs


class NoSuchPage(LookupError):
    """Somebody asked for a page that does not exist; the message says which there are."""


class Site:
    """One project: ``docs``, ``snippets``, ``figures``, ``checks``, ``judges`` below its root."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.docs = root / "docs"
        self.snippets = root / "snippets"
        self.figures = root / "figures"
        self.checks = root / "checks"
        self.judges = root / "judges"
        self.cache = root / ".cache"
        self._read: dict[Path, tuple[dict[Path, State], Page]] = {}

    def store(self, name: str) -> Store:
        """Where results are kept between builds, by what they were made of."""
        return Store(self.cache / name)

    @cached_property
    def katex(self) -> Katex:
        return Katex(self.root / "node_modules" / "katex", self.store("formulas"))

    @cached_property
    def runtime(self) -> Runtime:
        """Python for the browser, as it was installed and fetched."""
        return Runtime(self.root / "node_modules" / "pyodide", self.cache / "runtime")

    @cached_property
    def bundles(self) -> Bundles:
        """The scripts that run a page's code in the browser."""
        packages = self.root / "node_modules"
        return Bundles(self.root / "run_in_page", packages, self.store("bundles"))

    @cached_property
    def modules(self) -> Modules:
        return Modules(self.root, self.store("imports"))

    @cached_property
    def drawings(self) -> Drawings:
        return Drawings(self)

    @cached_property
    def equations(self) -> Equations:
        return Equations(self)

    @cached_property
    def labs(self) -> Labs:
        # It brings Jupyter along, which takes as long to import as all else.
        from engine.labs.cache import Labs

        return Labs(self)

    @cached_property
    def last_changes(self) -> dict[Path, date]:
        """When the sources of pages, and the checks, were last changed, as far as Git knows."""
        return last_changes(self.root, "docs", "checks")

    def language_of(self, path: Path) -> str:
        """``docs/en/logistic.md`` is English."""
        return path.relative_to(self.docs).parts[0]

    def name_of(self, path: Path) -> str:
        """The name both languages share: ``docs/en/labs/memory.py`` is ``labs/memory``."""
        name = path.relative_to(self.docs / self.language_of(path)).as_posix()
        return name.removesuffix(path.suffix)

    def sibling_of(self, path: Path) -> Path:
        """The same page in the other language."""
        mine = self.language_of(path)
        other = next(language for language in LANGUAGES if language != mine)
        return self.docs / other / path.relative_to(self.docs / mine)

    def sources(self, language: str) -> list[Path]:
        """The sources of all pages of one language, sorted: Markdown, and the labs' scripts."""
        folder = self.docs / language
        return sorted([*folder.rglob("*.md"), *(folder / LABS).glob("*.py")])

    def names(self) -> list[str]:
        """The names of all pages, whichever language has them."""
        return sorted({self.name_of(path) for lang in LANGUAGES for path in self.sources(lang)})

    def named(self, given: str) -> str:
        """The name of the page that somebody calls ``lstm``, ``memory`` or ``docs/en/lstm.md``.

        Raises NoSuchPage.
        """
        names = self.names()
        asked = given.replace("\\", "/").removeprefix("./").removeprefix(f"{self.root}/")
        asked = re.sub(rf"^(?:docs/)?(?:{'|'.join(LANGUAGES)})/|\.(?:md|py)$", "", asked)
        found = [name for name in names if asked in (name, name.rpartition("/")[2])]
        if asked in names or len(found) == 1:
            return asked if asked in names else found[0]
        near = difflib.get_close_matches(asked, names, cutoff=0.5) or names
        raise NoSuchPage(f"no page is called {given!r}\n    → name one of {', '.join(near)}")

    def source(self, language: str, name: str) -> Path | None:
        """The source of a page; None if there is no such page."""
        written = (self.docs / language / f"{name}{suffix}" for suffix in (".md", ".py"))
        return next((path for path in written if path in self.sources(language)), None)

    def page(self, path: Path) -> Page:
        """A page as its files have it now. Raises FaultsFound where it is not UTF-8 text."""
        if path in self._read:
            then, known = self._read[path]
            if then == sources.states(then):
                return known
        page = parse_file(path, self.language_of(path), self.name_of(path), self.snippets)
        # Which sections it includes is read later: a change of any file of them counts.
        words = self.snippets / page.language
        files = [path, self.snippets, *self.snippets.glob("*.py"), words, *words.glob("*.po")]
        self._read[path] = sources.states(files), page
        return page

    def read(self, text: str, path: Path) -> Page:
        """The page that this text would be if it stood at ``path``."""
        inside = self.docs in path.parents
        language = self.language_of(path) if inside else ""
        name = self.name_of(path) if inside else path.stem
        text = text.removeprefix(sources.BOM).replace("\r\n", "\n").replace("\r", "\n")
        return parse_text(text, path, language, name, self.snippets)

    def pages(self) -> tuple[list[Page], list[Fault]]:
        """All pages of all languages, and a fault for each file that cannot be read as one."""
        found: list[Page] = []
        faults: list[Fault] = []
        for language in LANGUAGES:
            for path in self.sources(language):
                try:
                    found.append(self.page(path))
                except FaultsFound as error:
                    faults += error.faults
        return found, faults

    def pages_of(self, language: str) -> list[Page]:
        """The pages of one language, sorted by path. Raises FaultsFound."""
        return [self.page(path) for path in self.sources(language)]

    def labs_of(self, language: str) -> list[Page]:
        """The labs of one language. Raises FaultsFound."""
        return [self.page(path) for path in self.sources(language) if is_lab(path)]

    def in_reading_order(self, language: str) -> list[Page]:
        """The pages of one language in the order of its navigation; any others come last."""
        configuration = (self.root / CONFIGURATIONS[language]).read_text(encoding="utf-8")
        navigation = configuration.partition("\nnav:\n")[2]
        names = re.findall(r"^\s*- (?:.*: )?([\w/-]+)\.(?:md|py)$", navigation, re.M)
        order = {name: number for number, name in enumerate(names)}
        pages = self.pages_of(language)
        return sorted(pages, key=lambda page: order.get(page.name, len(order)))

    def built_file(self, page: Page, built: Path) -> Path:
        """Where the build puts a page below the folder of the built site."""
        name = "" if page.name == "index" else page.name.removesuffix("/index")
        return built / FOLDERS[page.language] / name / "index.html"


def pairs(pages: list[Page]) -> list[tuple[Page, Page]]:
    """Each page with its sibling, in the order of ``LANGUAGES``; pages without one are left out."""
    first, second = (
        {page.name: page for page in pages if page.language == language} for language in LANGUAGES
    )
    return [(first[name], second[name]) for name in sorted(first.keys() & second.keys())]
