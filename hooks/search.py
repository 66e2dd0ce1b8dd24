"""The search: what its index is made of, and Material's two scripts as this site needs them."""

from contextlib import suppress
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort
from mkdocs.plugins import CombinedEvent, event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils.templates import TemplateContext

from engine.formulas.katex import BrokenFormula, NodeFailed
from engine.paths import is_check_page
from engine.search.index import Index
from engine.search.material import BUNDLE, WORKER, UnknownScript, renamed
from engine.search.page_html import SEARCH_MARKS, searchable
from engine.search.words import Words
from engine.site import Site
from hooks.concern import Concern

#: Material's stemmers and segmenters for languages that this site does not have.
UNUSED = "assets/javascripts/lunr/"


class Search(Concern):
    """A page as the search plugin gets it, the plugin's index, and the scripts that ask it."""

    def __init__(self, site: Site, language: str) -> None:
        super().__init__(site, language)
        self._content = ""
        self._renamed: dict[str, str] = {}

    def configure(self, config: MkDocsConfig) -> None:
        plugin = _plugin(config)
        plugin.search_index = Index(Words(self.site, self.language), **plugin.config)

    def on_files(self, files: Files, config: MkDocsConfig) -> Files:
        for file in [file for file in files if file.src_uri.startswith(UNUSED)]:
            files.remove(file)
        for script in (BUNDLE, WORKER):
            try:
                file = files.src_uris[script.find(list(files.src_uris))]
                content = script.apply(file.content_string)
            except UnknownScript as error:
                raise Abort(
                    f"ERROR: {error}\n    → see what Material has changed, and then what has to "
                    "change in engine/search/material.py"
                ) from None
            name = renamed(file.src_uri, content)
            files.remove(file)
            files.append(File.generated(config, name, content=content))
            self._renamed[file.src_uri] = name
        return files

    @event_priority(100)
    def _before(
        self, context: TemplateContext, page: Page, config: MkDocsConfig, nav: Navigation
    ) -> None:
        self._content = page.content or ""
        with suppress(BrokenFormula, NodeFailed):  # hooks/formulas.py is about to say so
            page.content = searchable(
                self._content, self.site.katex, is_generated=is_check_page(page.file.src_uri)
            )

    @event_priority(-100)
    def _after(
        self, context: TemplateContext, page: Page, config: MkDocsConfig, nav: Navigation
    ) -> None:
        page.content = SEARCH_MARKS.sub("", self._content)

    on_page_context = CombinedEvent(_before, _after)

    def on_post_page(self, output: str, page: Page, config: MkDocsConfig) -> str:
        return self._with_new_names(output)

    def on_post_template(self, output: str, template_name: str, config: MkDocsConfig) -> str:
        return self._with_new_names(output)

    def _with_new_names(self, output: str) -> str:
        for old, new in self._renamed.items():
            output = output.replace(old, new)
        return output


def _plugin(config: MkDocsConfig) -> Any:
    """Material's search plugin, which has read its configuration."""
    plugins = config.plugins.items()
    return next(plugin for name, plugin in plugins if name.rpartition("/")[2] == "search")
