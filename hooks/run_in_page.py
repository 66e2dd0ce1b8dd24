"""Pages whose code runs in the reader's browser name one small script; the rest it loads itself."""

import os
import re
import sys
from functools import cached_property
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort
from mkdocs.structure.pages import Page

from engine.build.other_language import is_part
from engine.formulas.katex import NodeFailed
from engine.in_page.fetch import LEFT_OUT
from engine.in_page.served import Served
from hooks.concern import Concern

#: What stands above the line about running code: the title, and what is told below it.
BEGINNING = re.compile(r'</h1>(?:\s*<p class="facts">.*?</p>)?', re.S)


class RunInPage(Concern):
    """The script of each page that has code, and the files that it loads, once at the root."""

    def on_pre_build(self, config: MkDocsConfig) -> None:
        if self.served.is_there or is_part() or not self.site.bundles.scripts.is_dir():
            return
        what = f"Python for the browser has not been fetched: {LEFT_OUT}"
        remedy = "python -m engine.in_page.fetch (or: make install)"
        if os.environ.get("CI") == "true":
            raise Abort(f"ERROR: {what}\n    → run: {remedy}")
        # A warning of MkDocs would stop a strict build.
        print(f"WARNING -  {what}\n    → run: {remedy}", file=sys.stderr)

    def on_post_page(self, output: str, page: Page, config: MkDocsConfig) -> str:
        source = self.source_of(page)
        if source is None or source.is_lab or not source.python_fences or not self.served.is_there:
            return output
        try:
            start = self.served.start
        except NodeFailed as error:
            raise Abort(f"ERROR: {error}") from None
        address = self.shared(start, page, config)
        output = output.replace("</head>", f'<script src="{address}" defer></script>\n</head>', 1)
        # The script fills it; without a place of its own, what it says would push the page down.
        return BEGINNING.sub(lambda above: above[0] + '\n<p class="run-hint"></p>', output, count=1)

    def on_post_build(self, config: MkDocsConfig) -> None:
        if not is_part():
            self.write(Path(config.site_dir))

    def write(self, root: Path) -> None:
        """Write the files below the root of a site, if there are any."""
        if self.served.is_there:
            self.served.write(root)

    @cached_property
    def served(self) -> Served:
        return Served(self.site)
