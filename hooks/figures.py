"""Put the drawings that a page names into its HTML, and what they load beside it.

This runs on the finished page, after the search index was made: the index holds no SVG.
"""

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url

from hooks.concern import Concern

#: Where the frames of explorers stand, below the root of a language.
FOLDER = "assets/drawings"


class Figures(Concern):
    """The figures, steppers and explorers of ``figures/``."""

    def on_post_page(self, output: str, page: Page, config: MkDocsConfig) -> str:
        def written(name: str, content: str) -> str:
            path = Path(config.site_dir, FOLDER, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8", newline="\n")
            return get_relative_url(f"{FOLDER}/{name}", page.url)

        return self.site.drawings.inline(output, self.language, written)
