"""Anchors for the tagged equations, and a generated page of checks for each chapter."""

from pathlib import Path
from xml.etree.ElementTree import Element

from markdown import Extension, Markdown
from markdown.treeprocessors import Treeprocessor
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from engine.equations.pages import markdown
from engine.paths import check_page_of
from engine.reading import sources
from engine.reading.page import TAG, equation_id
from engine.reading.page import Page as Source
from engine.site import Site
from hooks.concern import Concern


class _Anchors(Treeprocessor):
    def run(self, root: Element) -> None:
        for element in root.iter("div"):
            found = TAG.search(element.text or "") if element.get("class") == "arithmatex" else None
            if found:
                element.set("id", equation_id(found[1]))


class EquationAnchors(Extension):
    """Gives the formula tagged (lr.3) the id ``eq-lr.3``, for links from the text."""

    def extendMarkdown(self, md: Markdown) -> None:
        # Above 5: MkDocs then reads the anchors of the page, to find links that lead nowhere.
        md.treeprocessors.register(_Anchors(md), "equation-anchors", 10)


class Equations(Concern):
    """The equations' anchors, and the pages that show their checks."""

    def __init__(self, site: Site, language: str) -> None:
        super().__init__(site, language)
        self._chapters: dict[str, Path] = {}  # the sources, by the files of the pages of checks

    def configure(self, config: MkDocsConfig) -> None:
        # MkDocs types this as names; Python-Markdown takes an instance as well.
        config.markdown_extensions.append(EquationAnchors())  # type: ignore[arg-type]

    def on_files(self, files: Files, config: MkDocsConfig) -> None:
        # The mark of a tag is enough here: to read all pages would take its time.
        self._chapters = {
            f"{check_page_of(self.site.name_of(path))}.md": path
            for path in self.site.sources(self.language)
            if r"\tag{" in sources.read(path)
        }
        for name in self._chapters:
            files.append(File.generated(config, name, content=""))

    def markdown_of(self, page: Page, config: MkDocsConfig) -> str | None:
        """The Markdown of a page of checks, made when MkDocs asks for it."""
        chapter = self.chapter_of(page.file)
        return markdown(self.site, chapter) if chapter else None

    def chapter_of(self, file: File) -> Source | None:
        """The chapter whose checks a page shows; None if it is another page."""
        path = self._chapters.get(file.src_uri)
        return self.site.page(path) if path and path.exists() else None
