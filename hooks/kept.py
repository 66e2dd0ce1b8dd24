"""What was read once reads without a network: each page names the script that sees to it."""

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority
from mkdocs.structure.pages import Page

from engine.build.other_language import is_part
from engine.kept.worker import write_worker
from hooks.concern import Concern


class Kept(Concern):
    """The service worker at the root of the site; a server that builds page by page has none."""

    def on_post_page(self, output: str, page: Page, config: MkDocsConfig) -> str:
        address = self.shared("assets/keep.js", page, config)
        return output.replace("</head>", f'<script src="{address}" defer></script>\n</head>', 1)

    @event_priority(-90)  # when both languages are there, and nothing changes any more
    def on_post_build(self, config: MkDocsConfig) -> None:
        if not is_part():
            write_worker(self.root(config))
