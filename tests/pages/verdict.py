"""What becomes of a page: it is refused, or it is shown.

The whole way is gone that a page of the site goes: it is read and its forms are looked at, its
formulas and examples are asked after, MkDocs renders it with the site's own configuration, and
the guard compares both readings. KaTeX alone is left out: the TeX is put where KaTeX puts it.
"""

from __future__ import annotations

import html
import logging
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from mkdocs.config import load_config
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page as MkDocsPage

from engine.equations.faults import formula_faults
from engine.exercises.stubs import wrapped
from engine.faults import Fault
from engine.formulas.html import TagLink, render_page
from engine.formulas.katex import Katex, Source
from engine.reading import sources
from engine.reading.outline import Shown
from engine.reading.page import Page
from engine.reading.reader import parse_text
from engine.reading.source_outline import outline
from engine.running.built_page import BuiltPage
from engine.running.examples import PageDocument, PagePython, fences_run
from engine.running.guard import guard_faults
from engine.site import Site

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Verdict:
    """One page read in both ways, and every fault that keeps it from being built or tested."""

    page: Page
    #: None where the page has faults that keep it from being rendered.
    html: str | None
    built: BuiltPage | None
    faults: list[Fault]
    #: The code that ran, fence by fence.
    ran: list[str]

    @property
    def shown(self) -> list[Shown]:
        """What the source says is shown; where there is no fault the built page shows it."""
        return [shown for shown, _ in outline(self.page)]


class Judge:
    """Gives verdicts on pages that would stand at ``docs/en/form.md`` of this project."""

    def __init__(self) -> None:
        self._site = Site(ROOT)
        self._folder = tempfile.TemporaryDirectory()
        self._path = ROOT / "docs" / "en" / "form.md"
        self._config = load_config(str(ROOT / "mkdocs.yml"), hooks=[], plugins=[])
        self._others = [
            self._file(name, b"# Another {#another}\n")
            for name in ("other.md", "reference/glossary.md", "picture.svg")
        ]
        logging.getLogger("mkdocs.structure").setLevel(logging.CRITICAL)  # of links to nowhere

    def verdict(self, markdown: str | bytes) -> Verdict:
        """Read, run and render a page, and compare."""
        raw = markdown if isinstance(markdown, bytes) else markdown.encode()
        page = self.read(raw)
        faults = [*page.faults, *formula_faults(page)]
        if faults:
            return Verdict(page, None, None, faults, [])
        shown = self.render(raw)
        built = BuiltPage(f"<article>{shown}</article>", "form/")
        document = PageDocument(raw.decode("utf-8-sig"), str(self._path), self._site)
        for region in PagePython()(document):
            document.add(region)
        ran = [fence.source for fence in fences_run(document)]
        faults = [*guard_faults(page, built), *self._examples(document)]
        return Verdict(page, shown, built, faults, ran)

    def read(self, raw: bytes) -> Page:
        """The page as the engine reads its file."""
        path = Path(self._folder.name) / "form.md"
        path.write_bytes(raw)
        return parse_text(sources.read(path), self._path, "en", "form", self._site.snippets)

    def render(self, raw: bytes) -> str:
        """The article as MkDocs makes it, its formulas in place."""
        file = self._file("form.md", raw.replace(b"\r\n", b"\n"))
        page = MkDocsPage(None, file, self._config)
        page.read_source(self._config)
        page.render(self._config, Files([*self._others, file]))
        link = TagLink("../checks/form/", "Check", "Link")
        content = wrapped(page.content or "", "form")
        return render_page(content, cast(Katex, _PlainTeX()), lambda _: link, "formula")

    def _file(self, name: str, content: bytes) -> File:
        file = File(name, None, self._config.site_dir, use_directory_urls=True)
        file.content_bytes = content
        return file

    def _examples(self, document: PageDocument) -> Iterable[Fault]:
        """What the examples of the page say when they run."""
        for example in document.examples():
            try:
                example.evaluate()
            except Exception as error:
                yield Fault(self._path, example.line, str(error), "correct the code")
                return


class _PlainTeX:
    """Stands in for KaTeX: the TeX where KaTeX puts it, and no glyphs."""

    def render_all(self, sources: Iterable[Source]) -> None:
        pass

    def render(self, source: Source) -> str:
        tex = html.escape(source.tex)
        found = f'<annotation encoding="application/x-tex">{tex}</annotation>'
        inner = (
            f'<span class="katex"><span class="katex-mathml"><math>{found}</math></span>'
            '<span class="katex-html" aria-hidden="true"></span></span>'
        )
        return f'<span class="katex-display">{inner}</span>' if source.display else inner
