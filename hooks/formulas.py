"""Formulas become HTML when a page is built; their CSS and fonts come along where there are some.

This runs on the finished page, after the search index was made: the index holds TeX.
"""

import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url

from engine.build.other_language import is_part
from engine.formulas import shorter
from engine.formulas.html import ARITHMATEX, TagLink, all_shorter, render_page
from engine.formulas.katex import BrokenFormula, NodeFailed
from engine.formulas.style import STYLE, write_style
from engine.paths import check_page_of, is_check_page
from engine.reading.addresses import address_of
from engine.reading.page import equation_id
from engine.site import Site
from engine.store import digest
from hooks.concern import Concern


class Formulas(Concern):
    """The formulas of one language; their CSS and fonts, once for all languages."""

    def __init__(self, site: Site, language: str) -> None:
        super().__init__(site, language)
        self._kept = site.store("shorter")

    def on_post_page(self, output: str, page: Page, config: MkDocsConfig) -> str:
        if not ARITHMATEX.search(output):
            return output
        name = page.file.src_uri.removesuffix(Path(page.file.src_uri).suffix)

        def link(tag: str) -> TagLink:
            if is_check_page(name):
                target = f"{address_of(page.meta['checks'])}#{equation_id(tag)}"
                title = config.extra["back_title"]
            else:
                target = f"{address_of(check_page_of(name))}#{tag}"
                title = config.extra["tag_title"]
            permalink = config.extra["permalink_title"].format(tag=tag)
            return TagLink(get_relative_url(target, page.url), title.format(tag=tag), permalink)

        try:
            label = config.extra["formula_label"]
            output = render_page(output, self.site.katex, link, label, self._shorter)
        except BrokenFormula as broken:
            raise Abort(
                f"ERROR: {page.file.src_uri}: KaTeX does not accept ${broken.source.tex}$: "
                f"{broken.reason}\n    → correct the TeX"
            ) from None
        except NodeFailed as error:
            raise Abort(f"ERROR: {error}") from None
        href = self.shared(STYLE, page, config)
        style = f'<link rel="stylesheet" href="{href}">\n'
        # Before the first script, which asks for the fonts that the style sheet holds.
        return re.sub(r"(?=<script\b|</head>)", style, output, count=1)

    def _shorter(self, formulas: list[str]) -> list[str]:
        """The formulas of a page in fewer bytes; kept, since that takes seconds for all pages."""
        key = digest([self.site.modules.digest(Path(shorter.__file__)), formulas])
        return self._kept.once(key, lambda: all_shorter(formulas))

    def on_post_build(self, config: MkDocsConfig) -> None:
        if not is_part():
            write_style(self.site.katex.dist, self.root(config))
