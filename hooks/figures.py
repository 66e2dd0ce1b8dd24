"""Put the drawings that a page names into its HTML.

This runs on the finished page, after the search index was made: the index holds no SVG.
"""

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.pages import Page

from hooks.concern import Concern


class Figures(Concern):
    """The figures and steppers of ``figures/``."""

    def on_post_page(self, output: str, page: Page, config: MkDocsConfig) -> str:
        return self.site.drawings.inline(output, self.language)
