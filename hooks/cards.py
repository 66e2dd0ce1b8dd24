"""A picture of each page's title, for other sites to show where the page is linked.

They ask for it by its full address, so that there are cards only where the site's own is known.
"""

from functools import cached_property
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils.templates import TemplateContext

from engine.for_readers.cards import Cards as Drawn
from engine.for_readers.cards import NoFonts
from hooks.concern import Concern

FOLDER = "cards"


class Cards(Concern):
    """The cards of one language's pages; the addresses are for theme/main.html."""

    def on_page_context(
        self, context: TemplateContext, page: Page, config: MkDocsConfig, nav: Navigation
    ) -> None:
        if not config.site_url:
            return
        title = config.site_name if page.is_homepage else str(page.title)
        address = f"{FOLDER}/{Path(page.file.src_uri).with_suffix('.png').as_posix()}"
        try:
            card = self._drawn.png(title, config.site_name)
        except NoFonts as error:
            raise Abort(f"ERROR: {error}") from None
        file = Path(config.site_dir, address)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(card)
        context["card"] = config.site_url + address  # type: ignore[typeddict-unknown-key]

    @cached_property
    def _drawn(self) -> Drawn:
        package = self.site.root / "node_modules" / "@fontsource-variable" / "noto-sans-sc"
        return Drawn(package, self.site.store("cards"))
