"""Formulas become HTML when a page is built; their CSS and fonts come along where there are some.

This runs on the finished page, after the search index was made: the index holds TeX.
"""

import shutil
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url

from engine.formulas.html import ARITHMATEX, TagLink, classes_in, render_page
from engine.formulas.katex import BrokenFormula, NodeFailed
from engine.paths import check_page_of, is_check_page
from engine.reading.addresses import address_of
from engine.reading.page import equation_id
from engine.site import Site
from hooks.concern import Concern

FOLDER = "assets/formulas"


class Formulas(Concern):
    """The formulas of one language, and the CSS classes that they have used so far."""

    def __init__(self, site: Site, language: str) -> None:
        super().__init__(site, language)
        self._classes: set[str] = set()

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
            return TagLink(get_relative_url(target, page.url), title.format(tag=tag))

        try:
            output = render_page(output, self.site.katex, link, config.extra["formula_label"])
        except BrokenFormula as broken:
            raise Abort(
                f"ERROR: {page.file.src_uri}: KaTeX does not accept ${broken.source.tex}$: "
                f"{broken.reason}\n    → correct the TeX"
            ) from None
        except NodeFailed as error:
            raise Abort(f"ERROR: {error}") from None
        self._classes |= classes_in(output)
        href = get_relative_url(f"{FOLDER}/katex.css", page.url)
        head = f'<link rel="stylesheet" href="{href}">\n</head>'
        return output.replace("</head>", head, 1)

    def on_post_build(self, config: MkDocsConfig) -> None:
        if self._classes:
            self.write_style(Path(config.site_dir), self._classes)

    def write_style(self, built: Path, classes: set[str] | None = None) -> None:
        """Write KaTeX's CSS and its fonts, those that the classes use or, without them, all."""
        folder = built / FOLDER
        (folder / "fonts").mkdir(parents=True, exist_ok=True)
        css, fonts = self.site.katex.stylesheet(classes)
        (folder / "katex.css").write_text(css, encoding="utf-8")
        for font in fonts:
            shutil.copyfile(font, folder / "fonts" / font.name)
