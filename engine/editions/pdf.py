"""The book of one language as a PDF, which Chromium prints.

It is printed twice: where the first one has a chapter, the second one's contents say. Many viewers
copy code without its indentation, whatever is in the file, so each chapter's code is attached.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from engine.editions.book import Book, Chapter, Form, read_book
from engine.editions.chromium import ARGUMENTS, MISSING, chromium
from engine.editions.failure import CannotMake
from engine.site import Site

STYLE = Path(__file__).with_name("pdf.css")

CODE = {
    "zh": "各章的代码另以附件附在本文件中：在阅读器里打开附件列表即可取用。",
    "en": "The code of each chapter is attached to this file: open the list of attachments.",
}

CONTENTS = {"zh": "目录", "en": "Contents"}

#: Milliseconds for one printing of all pages, on a machine under load, too.
PATIENCE = 900_000


def write_pdf(
    site: Site, built: Path, language: str, path: Path, names: list[str] | None = None
) -> None:
    """Print the pages of the site in ``built``, all of a language or those named. CannotMake."""
    program = chromium()
    if program is None:
        raise CannotMake(MISSING)
    book = read_book(site, built, language, Form(mathml=False, level=2, whole=True), names)
    styles = _styles(built)
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="book") as name:
        folder = Path(name)
        (folder / "pictures").mkdir()
        for called, picture in book.pictures.items():
            shutil.copyfile(picture, folder / "pictures" / called)
        first, second = folder / "first.pdf", folder / "second.pdf"
        with _printer(program) as printed:
            printed(_page(folder, book, styles, {}), first)
            numbers = page_numbers(first)
            printed(_page(folder, book, styles, numbers), second)
        if page_numbers(second) != numbers:
            raise CannotMake(f"the contents of {path.name} have moved the pages that they name")
        _complete(second, book, numbers)
        shutil.move(second, path)


def page_numbers(path: Path) -> dict[str, int]:
    """On which page of a PDF, counted from one, each anchor stands that a link leads to."""
    from pypdf import PdfReader  # which building the site does not need

    reader = PdfReader(path)
    order = {
        page.indirect_reference.idnum: number
        for number, page in enumerate(reader.pages, start=1)
        if page.indirect_reference
    }
    return {
        name.removeprefix("/"): order[destination.raw_get("/Page").idnum]
        for name, destination in reader.named_destinations.items()
    }


def _complete(pdf: Path, book: Book, numbers: Mapping[str, int]) -> None:
    """Give a PDF its bookmarks and its language, and attach the code of all chapters."""
    from pypdf import PdfWriter
    from pypdf.generic import NameObject, TextStringObject

    writer = PdfWriter(clone_from=pdf)
    for chapter in book.chapters:
        mark = writer.add_outline_item(title=chapter.title, page_number=numbers[chapter.anchor] - 1)
        for section in chapter.sections:
            writer.add_outline_item(
                title=section.title, page_number=numbers[section.anchor] - 1, parent=mark
            )
    for name, code in book.code.items():
        attached: Any = writer.add_attachment(name, code.read_bytes()).pdf_object["/EF"]
        packed = writer._add_object(attached["/F"].flate_encode())
        attached[NameObject("/F")] = packed
    writer.root_object[NameObject("/Lang")] = TextStringObject(book.language)
    writer.compress_identical_objects()
    writer.write(pdf)


class _printer:
    """Opens a page of a folder and prints it: ``printed(page, pdf)``."""

    def __init__(self, program: str) -> None:
        from playwright.sync_api import sync_playwright  # which building the site does not need

        self._driver = sync_playwright()
        self._program = program

    def __enter__(self) -> _printer:
        driver = self._driver.__enter__()
        self._browser = driver.chromium.launch(executable_path=self._program, args=ARGUMENTS)
        return self

    def __exit__(self, *failure: object) -> None:
        self._browser.close()
        self._driver.__exit__(*failure)

    def __call__(self, page: Path, pdf: Path) -> None:
        tab = self._browser.new_page(color_scheme="light")
        tab.set_default_timeout(PATIENCE)
        tab.goto(page.as_uri())
        # Tags would make it three times as large, and say nothing of formulas; who needs them is
        # served by the pages and by the EPUB.
        tab.pdf(path=pdf, prefer_css_page_size=True, print_background=True, tagged=False)
        tab.close()


def _styles(built: Path) -> list[str]:
    """The styles of a page with formulas, in the order in which it names them."""
    home = built / "index.html"
    page = LexborHTMLParser(home.read_text(encoding="utf-8"))
    named = [link.attributes.get("href") or "" for link in page.css("link[rel=stylesheet]")]
    return [(built / address.partition("?")[0]).resolve().as_uri() for address in named]


def _page(folder: Path, book: Book, styles: list[str], numbers: Mapping[str, int]) -> Path:
    """Write the whole book as one page of HTML."""
    links = "\n".join(f'<link rel="stylesheet" href="{escape(style)}">' for style in styles)
    heads = "\n".join(map(_running_head, book.chapters))
    chapters = "\n".join(
        f'<section class="chapter" style="page: {_page_name(chapter)}">{chapter.html}</section>'
        for chapter in book.chapters
    )
    html = f"""<!doctype html>
<html lang="{book.language}" dir="ltr">
<meta charset="utf-8">
<title>{escape(book.title)}</title>
{links}
<style>
{STYLE.read_text(encoding="utf-8")}
{heads}
</style>
<body data-md-color-scheme="default" data-md-color-primary="custom" class="md-typeset">
<header class="title-page"><p class="title">{escape(book.title)}</p>
<p>{escape(book.description)}</p><p class="facts">{CODE[book.language]}</p></header>
<nav class="contents"><p class="contents-title">{CONTENTS[book.language]}</p>
{"".join(_contents(book, numbers))}</nav>
{chapters}
"""
    path = folder / "book.html"
    path.write_text(html, encoding="utf-8")
    return path


def _page_name(chapter: Chapter) -> str:
    return f"chapter-{chapter.anchor}"


def _running_head(chapter: Chapter) -> str:
    def text(words: str) -> str:
        return '"' + words.replace("\\", "").replace('"', "\\22 ") + '"'

    return (
        f"@page {_page_name(chapter)} {{ @top-left {{ content: {text(chapter.part)} }} "
        f"@top-right {{ content: {text(chapter.title)} }} }}"
    )


def _contents(book: Book, numbers: Mapping[str, int]) -> Iterator[str]:
    for part, chapters in groupby(book.chapters, key=lambda chapter: chapter.part):
        yield f'<p class="part">{escape(part)}</p>' if part else ""
        for chapter in chapters:
            yield _entry("of-chapter", chapter.anchor, chapter.title, numbers)
            for section in chapter.sections:
                yield _entry("of-section", section.anchor, section.title, numbers)


def _entry(kind: str, anchor: str, title: str, numbers: Mapping[str, int]) -> str:
    number = numbers.get(anchor, "")
    return (
        f'<p class="{kind}"><a href="#{escape(anchor)}"><span class="entry">{escape(title)}</span>'
        f'<span class="leader"></span><span class="number">{number}</span></a></p>\n'
    )
