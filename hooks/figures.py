"""Put the drawings that a page names into its HTML."""

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.pages import Page

from engine.figures import inline


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    return inline(output, config.theme["language"])
