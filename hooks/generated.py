"""Reading time and prerequisites below each chapter's title; counts and references where asked."""

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

from engine.reference.page_parts import facts, is_chapter, with_parts
from engine.reading.page import parse
from engine.paths import DOCS


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    path = DOCS / config.theme["language"] / page.file.src_uri
    return with_parts(parse(path), markdown) if "<!-- build: " in markdown else markdown


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    if not is_chapter(page.meta):
        return html
    path = DOCS / config.theme["language"] / page.file.src_uri
    return html.replace("</h1>", "</h1>\n" + facts(parse(path)), 1)
