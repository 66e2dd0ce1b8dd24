"""Terms of the glossary are linked where a page first has them, and previews are made of them.

A preview is made of the finished page, so that it shows what the page does.
"""

from functools import cached_property
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url

from engine.for_readers.previews import cited_equations, of_equations, of_terms
from engine.for_readers.terms import TermLinks, with_rows
from engine.reading.addresses import address_of
from engine.reference import glossary
from hooks.concern import Concern


class Previews(Concern):
    """The links to terms of one language, and the previews beside its pages."""

    def on_page_content(
        self, html: str, page: Page, config: MkDocsConfig, files: Files
    ) -> str | None:
        source = self.source_of(page)
        if source is None or not self._terms:
            return None
        if source.name == glossary.NAME:
            return with_rows(html, self._terms)
        if not source.is_chapter:
            return None
        way = get_relative_url(address_of(glossary.NAME), page.url)
        return self._links.linked(html, source.name, way)

    @event_priority(-90)  # when nobody changes the page any more; the guard comes after
    def on_post_page(self, output: str, page: Page, config: MkDocsConfig) -> None:
        cited = self._cited.get(page.url)
        scripts = of_equations(output, cited, str(page.title)) if cited else {}
        if page.url == address_of(glossary.NAME):
            scripts = of_terms(output, self.language)
        folder = Path(config.site_dir) / page.url
        for name, script in scripts.items():
            folder.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(script, encoding="utf-8", newline="\n")

    @cached_property
    def _terms(self) -> list[glossary.Term]:
        path = self.site.source(self.language, glossary.NAME)
        return list(glossary.terms(self.site.page(path))) if path else []

    @cached_property
    def _links(self) -> TermLinks:
        return TermLinks(self._terms, self.language)

    @cached_property
    def _cited(self) -> dict[str, set[str]]:
        return cited_equations(self.site, self.language)
