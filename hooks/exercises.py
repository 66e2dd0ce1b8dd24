"""Stubs of exercises: the built page says which they are, so that its script can offer a judge."""

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

from engine.exercises.stubs import wrapped
from hooks.concern import Concern


class Exercises(Concern):
    """Wraps each stub in an element with the name of its exercise."""

    def on_page_content(
        self, content: str, page: Page, config: MkDocsConfig, files: Files
    ) -> str | None:
        return wrapped(content, self.site.name_of(self.path_of(page)))
