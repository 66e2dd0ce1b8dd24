"""What every concern of the build holds: the site, and the language that is being built."""

from pathlib import Path

from mkdocs.config.base import LegacyConfig
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import BasePlugin
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url

from engine.build.other_language import is_part
from engine.paths import FOLDERS
from engine.reading.page import Page as Source
from engine.site import Site


class Concern(BasePlugin[LegacyConfig]):
    """One thing that the build adds to MkDocs, by methods named after MkDocs' events.

    MkDocs is running its event ``config`` when concerns are registered, so they have
    ``configure`` in place of ``on_config``.
    """

    def __init__(self, site: Site, language: str) -> None:
        self.site = site
        self.language = language

    def configure(self, config: MkDocsConfig) -> None:
        """Change the configuration before the build begins."""

    def markdown_of(self, page: Page, config: MkDocsConfig) -> str | None:
        """The Markdown of a page that has no file of Markdown; None if it is another's."""
        return None

    def folder(self, config: MkDocsConfig) -> str:
        """Where this language stands below the root of the site: ``"en/"``, or ``""``.

        Whatever both languages share stands at that root, once.
        """
        is_alone = "site/WholeSite" in config.plugins and not is_part()
        return "" if is_alone else FOLDERS[self.language]

    def root(self, config: MkDocsConfig) -> Path:
        """The folder into which the site is built, of which this language's may be a part."""
        built = Path(config.site_dir)
        return built.parents[self.folder(config).count("/") - 1] if self.folder(config) else built

    def shared(self, address: str, page: Page, config: MkDocsConfig) -> str:
        """From a page to a file at the root of the site, such as ``assets/site.css``."""
        return get_relative_url(address, self.folder(config) + page.url)

    def path_of(self, page: Page) -> Path:
        """Where the source of a page stands, or would stand."""
        return self.site.docs / self.language / page.file.src_uri

    def source_of(self, page: Page) -> Source | None:
        """The source of a page; None if the build generates it. Raises FaultsFound."""
        path = self.path_of(page)
        return self.site.page(path) if path.exists() else None
