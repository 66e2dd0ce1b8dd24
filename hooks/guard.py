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
from engine.running.built_site import Places, dead_addresses
from engine.running.expected import check_page, outlined, whole
from engine.running.guard import guard_faults
from engine.site import Site
from engine.store import digest
from hooks.concern import Concern


class Guard(Concern):
    """Compares every page with its source, and follows every address of the built pages.

    That a page shows what its source says is kept, as long as all of both is the same, and so is
    the code that has found it; what is wrong is found anew at every build.
    """

    def __init__(self, site: Site, language: str) -> None:
        super().__init__(site, language)
        self._faults: dict[str, list[Fault]] = {}
        self._pages: dict[str, tuple[Source, Places]] = {}
        self._kept = site.store("guarded")

    @event_priority(-100)  # when nobody changes the page any more
    def on_post_page(self, output: str, page: Page, config: MkDocsConfig) -> None:
        source, printed = self.source_of(page), list[str]()
        if source is not None:
            source, printed = whole(self.site, source)
        else:
            chapter = self.site.source(self.language, page.meta["checks"])
            source = check_page(self.site, self.site.page(chapter)) if chapter else None
            if source is None:
                return
        key = self._key(source, printed, output, page.url)
        kept = self._kept.get(key)
        if kept is None:
            built = BuiltPage(output, page.url)
            self._faults[page.url] = guard_faults(source, built, outlined(source, printed))
            places = Places(built.ids, built.addresses)
            if not self._faults[page.url]:
                self._kept.put(key, vars(places))
        else:
            places = Places(kept["ids"], [(name, value) for name, value in kept["addresses"]])
        self._pages[page.url] = source, places

    def _key(self, source: Source, printed: list[str], output: str, address: str) -> str:
        """A digest of all that is compared, and of the code that compares it."""
        code = self.site.modules.digest(Path(__file__))
        lines = list(map(str, source.lines))
        return digest([code, source.name, source.is_lab, lines, printed, address, output])

    @event_priority(-50)  # before the site takes its place
    def on_post_build(self, config: MkDocsConfig) -> None:
        found = [fault for faults in self._faults.values() for fault in faults]
        others = tuple(folder for folder in FOLDERS.values() if folder)
        pages = {address: places for address, (_, places) in self._pages.items()}
        for dead in dead_addresses(Path(config.site_dir), pages, others):
            what = f"the built page leads nowhere with {dead.address}: {dead.reason}"
            source, _ = self._pages[dead.page]
            found.append(Fault(source.path, 1, what, "correct the link, or what writes it"))
        if found:
            listing = "\n".join(map(str, found))
            raise Abort(f"ERROR: pages show something else than is written:\n{listing}")
