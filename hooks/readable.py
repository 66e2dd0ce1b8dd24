"""Each page reads well on a phone and aloud: long lines of code can be wrapped, text in the other
language says so, and numbers stay with their units."""

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.pages import Page

from engine.readable.foreign import with_languages
from engine.readable.lines import with_marked_lines
from engine.readable.units import with_units
from hooks.concern import Concern


class Readable(Concern):
    """Marks in the finished page, before formulas and drawings, which have none, come into it."""

    def on_post_page(self, output: str, page: Page, config: MkDocsConfig) -> str:
        return with_languages(with_units(with_marked_lines(output)), self.language)
