"""Pages whose Markdown stands in no file: MkDocs lets one plugin alone say what it is."""

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.pages import Page

from engine.site import Site
from hooks.concern import Concern


class Sources(Concern):
    """Asks each concern in turn for the Markdown of a page."""

    def __init__(self, site: Site, language: str, concerns: list[Concern]) -> None:
        super().__init__(site, language)
        self._concerns = concerns

    def on_page_read_source(self, page: Page, config: MkDocsConfig) -> str | None:
        given = (concern.markdown_of(page, config) for concern in self._concerns)
        return next((markdown for markdown in given if markdown is not None), None)
