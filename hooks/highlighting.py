"""Code is coloured with as few marks as its colours need."""

from mkdocs.config.defaults import MkDocsConfig

from engine.build.highlighting import lexers
from hooks.concern import Concern

#: The languages of fences that have colours.
LANGUAGES = ("python", "pycon", "sh")


class Highlighting(Concern):
    """Has Pygments mark what is coloured, and leave the rest as it is."""

    def configure(self, config: MkDocsConfig) -> None:
        highlight = config.mdx_configs.setdefault("pymdownx.highlight", {})
        highlight["extend_pygments_lang"] = lexers(LANGUAGES)
