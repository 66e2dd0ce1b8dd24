"""Put the drawings that a page names into its HTML, and what they load beside it.

This runs on the finished page, after the search index was made: the index holds no SVG.
"""

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.pages import Page

from hooks.concern import Concern

#: Where the frames of explorers and photographs stand, below the root of the site.
FOLDER = "assets/drawings"


class Figures(Concern):
    """The figures, steppers and explorers of ``figures/``."""

    def on_post_page(self, output: str, page: Page, config: MkDocsConfig) -> str:
        def written(name: str, content: str | bytes) -> str:
            path = self.root(config) / FOLDER / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
            return self.shared(f"{FOLDER}/{name}", page, config)

        return self.site.drawings.inline(output, self.language, written)
