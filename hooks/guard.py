"""Each page, as it is about to be written, shows what was read from its source."""

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort
from mkdocs.plugins import event_priority
from mkdocs.structure.pages import Page

from engine.faults import Fault
from engine.paths import FOLDERS
from engine.reading.page import Page as Source
from engine.running.built_page import BuiltPage
from engine.running.built_site import dead_addresses
from engine.running.expected import check_page, expected
from engine.running.guard import guard_faults
from engine.site import Site
from hooks.concern import Concern


class Guard(Concern):
    """Compares every page with its source, and follows every address of the built pages."""

    def __init__(self, site: Site, language: str) -> None:
        super().__init__(site, language)
        self._faults: dict[str, list[Fault]] = {}
        self._pages: dict[str, tuple[Source, BuiltPage]] = {}

    @event_priority(-100)  # when nobody changes the page any more
    def on_post_page(self, output: str, page: Page, config: MkDocsConfig) -> None:
        built = BuiltPage(output, page.url)
        source = self.source_of(page)
        if source is not None:
            faults = guard_faults(source, built, expected(self.site, source))
        else:
            chapter = self.site.source(self.language, page.meta["checks"])
            source = check_page(self.site, self.site.page(chapter)) if chapter else None
            if source is None:
                return
            faults = guard_faults(source, built)
        self._faults[page.url] = faults
        self._pages[page.url] = source, built

    @event_priority(-50)  # before the site takes its place
    def on_post_build(self, config: MkDocsConfig) -> None:
        found = [fault for faults in self._faults.values() for fault in faults]
        others = tuple(folder for folder in FOLDERS.values() if folder)
        pages = {address: built for address, (_, built) in self._pages.items()}
        for dead in dead_addresses(Path(config.site_dir), pages, others):
            what = f"the built page leads nowhere with {dead.address}: {dead.reason}"
            source, _ = self._pages[dead.page]
            found.append(Fault(source.path, 1, what, "correct the link, or what writes it"))
        if found:
            listing = "\n".join(map(str, found))
            raise Abort(f"ERROR: pages show something else than is written:\n{listing}")
