"""The licences of what the site serves: their texts beside the page that lists them."""

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from engine.in_page.licences import licences
from hooks.concern import Concern

PAGE = "reference/licences.md"


class Licences(Concern):
    """The file of the texts, where the site has the page; the foot of every page links to it."""

    def on_files(self, files: Files, config: MkDocsConfig) -> None:
        if (self.site.docs / self.language / PAGE).exists():
            config.extra["licences"] = PAGE.removesuffix(".md") + "/"
            text = PAGE.removesuffix(".md") + ".txt"
            files.append(File.generated(config, text, content=licences(self.site)))
