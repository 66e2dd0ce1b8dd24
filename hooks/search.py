"""Give the search plugin less to read: the same index from fewer marks.

The plugin reads each page's HTML with a slow parser. Most of what it reads are the marks by
which code is coloured, which it drops.
"""

import re

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import CombinedEvent, event_priority
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils.templates import TemplateContext

from engine.site import Site
from hooks.concern import Concern

CODE = re.compile(r"<pre\b[^>]*>.*?</pre>", re.S)
COLOUR = re.compile(r"</?span\b[^>]*>")

#: What the plugin takes out of a page once it has read it.
SEARCH_MARKS = re.compile(r"\s?data-search-\w+=\"[^\"]+\"")


class LeanSearch(Concern):
    """A page as the search plugin gets it."""

    def __init__(self, site: Site, language: str) -> None:
        super().__init__(site, language)
        self._content = ""

    @event_priority(100)
    def _before(
        self, context: TemplateContext, page: Page, config: MkDocsConfig, nav: Navigation
    ) -> None:
        self._content = page.content or ""
        page.content = without_colours(self._content)

    @event_priority(-100)
    def _after(
        self, context: TemplateContext, page: Page, config: MkDocsConfig, nav: Navigation
    ) -> None:
        page.content = SEARCH_MARKS.sub("", self._content)

    on_page_context = CombinedEvent(_before, _after)


def without_colours(html: str) -> str:
    """HTML whose code has no marks within, but for those which exclude a part from the search."""

    def plain(code: re.Match[str]) -> str:
        return code[0] if "data-search-exclude" in code[0] else COLOUR.sub("", code[0])

    return CODE.sub(plain, html)
