"""Reading time and prerequisites below each chapter's title; counts and references where asked.

And the ties of numbers taken out, which are written for whoever checks them.
"""

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

from engine.reading.ties import plain
from engine.reference.page_parts import facts, with_parts
from hooks.concern import Concern


class PageParts(Concern):
    """The parts of pages that the build writes itself."""

    def on_page_markdown(
        self, markdown: str, page: Page, config: MkDocsConfig, files: Files
    ) -> str | None:
        markdown = plain(markdown)
        source = self.source_of(page) if "<!-- build: " in markdown else None
        return with_parts(self.site, source, markdown) if source else markdown

    def on_page_content(
        self, html: str, page: Page, config: MkDocsConfig, files: Files
    ) -> str | None:
        source = self.source_of(page)
        if source is None or not source.is_chapter:
            return None
        return html.replace("</h1>", "</h1>\n" + facts(self.site, source), 1)
