"""Formulas become HTML when a page is built; their CSS and fonts come along where there are some.

This runs on the finished page, after the search index was made: the index holds TeX.
"""

import re
import shutil
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url

from engine.formulas.katex import DIST, BrokenFormula, NodeFailed, stylesheet
from engine.formulas.html import ARITHMATEX, TagLink, classes_in, equation_id, render_page
from engine.paths import CHECK_PAGES, check_page_of

FOLDER = "assets/formulas"

_classes: set[str] = set()


def on_pre_build(config: MkDocsConfig) -> None:
    _classes.clear()


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    if not ARITHMATEX.search(output):
        return output
    name = page.file.src_uri.removesuffix(".md")
    on_check_page = name.startswith(f"{CHECK_PAGES}/")

    def link(tag: str) -> TagLink:
        if on_check_page:
            target = f"{page.meta['checks']}/#{equation_id(tag)}"
            title = config.extra["back_title"]
        else:
            target = f"{check_page_of(name)}/#{tag}"
            title = config.extra["tag_title"]
        return TagLink(get_relative_url(target, page.url), title.format(tag=tag))

    try:
        output = render_page(output, link, config.extra["formula_label"])
    except BrokenFormula as broken:
        raise Abort(
            f"ERROR: {page.file.src_uri}: KaTeX does not accept ${broken.source.tex}$: "
            f"{broken.reason}\n    → correct the TeX"
        ) from None
    except NodeFailed as error:
        raise Abort(f"ERROR: {error}") from None
    _classes.update(classes_in(output))
    href = get_relative_url(f"{FOLDER}/katex.css", page.url)
    script = get_relative_url(f"{FOLDER}/copy-tex.js", page.url)
    head = f'<link rel="stylesheet" href="{href}">\n<script src="{script}" defer></script>\n</head>'
    return re.sub("</head>", lambda _: head, output, count=1)


def on_post_build(config: MkDocsConfig) -> None:
    if not _classes:
        return
    folder = Path(config.site_dir) / FOLDER
    (folder / "fonts").mkdir(parents=True, exist_ok=True)
    css, fonts = stylesheet(_classes)
    (folder / "katex.css").write_text(css, encoding="utf-8")
    for font in fonts:
        shutil.copy(font, folder / "fonts" / font.name)
    # Copying a formula gives its TeX: KaTeX's own small script, which displays nothing.
    shutil.copy(DIST / "contrib" / "copy-tex.min.js", folder / "copy-tex.js")
