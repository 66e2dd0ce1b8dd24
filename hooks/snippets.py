"""Sections of ``snippets/`` stand in a page with the comments of the page's language."""

from mkdocs.config.defaults import MkDocsConfig

from engine.reading.lines import Sections
from hooks.concern import Concern


class Snippets(Concern):
    """Includes what the page was read with, in the place of pymdownx.snippets."""

    def configure(self, config: MkDocsConfig) -> None:
        # MkDocs types this as names; Python-Markdown takes an instance as well.
        config.markdown_extensions.append(Sections(self.site.snippets, self.language))  # type: ignore[arg-type]
