"""The book of one language as an EPUB 3, whose formulas are MathML and whose figures are SVG."""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Iterator
from html import escape
from itertools import groupby
from pathlib import Path

from engine.archive import archived
from engine.editions.book import Book, Chapter, Form, read_book
from engine.editions.failure import CannotMake
from engine.reading import sources
from engine.site import Site

STYLE = Path(__file__).with_name("epub.css")

CONTENTS = {"zh": "目录", "en": "Contents"}
CODES = {"zh": "zh-Hans", "en": "en"}

TYPES = {".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg"}

CONTAINER = """<?xml version="1.0" encoding="UTF-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="book/package.opf" media-type="application/oebps-package+xml"/>
</rootfiles></container>
"""

#: A colour of the drawings, which the site's style gives them: not every reader knows variables.
VARIABLE = re.compile(r"var\((--[\w-]+)\)")

#: What keeps the rims of labels below their letters; in an EPUB it may be a style alone.
PAINT_ORDER = re.compile(r"(<[^>]*) paint-order=\"(\w+)\"([^>]*>)")

HTML = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"
  xml:lang="{code}" lang="{code}">
<head><title>{title}</title><link rel="stylesheet" href="style.css"/></head>
<body>
{body}
</body>
</html>
"""


def write_epub(
    site: Site, built: Path, language: str, path: Path, names: list[str] | None = None
) -> None:
    """Write the pages of the site in ``built``, all of a language or those named. CannotMake."""
    book = read_book(site, built, language, Form(mathml=True, level=1, whole=False), names)
    colours = _colours(site.root / "theme/assets/site.css")
    files = {
        f"book/{chapter.anchor}.xhtml": _coloured(_document(book, chapter), colours).encode()
        for chapter in book.chapters
    }
    files["book/nav.xhtml"] = _navigation(book).encode()
    files["book/style.css"] = STYLE.read_bytes()
    for called, picture in book.pictures.items():
        content = picture.read_bytes()
        if picture.suffix == ".svg":
            text = PAINT_ORDER.sub(_as_style, content.decode("utf-8"))
            content = _coloured(text, colours).encode()
        files[f"book/pictures/{called}"] = content
    files["book/package.opf"] = _package(book, files).encode()
    files["META-INF/container.xml"] = CONTAINER.encode()
    # Readers know an EPUB by its first file, which is not compressed.
    kind = {"mimetype": b"application/epub+zip"}
    path.parent.mkdir(parents=True, exist_ok=True)
    sources.write_bytes(path, archived(files, level=9, first=kind))


def _colours(style: Path) -> dict[str, str]:
    """The variables of the light palette."""
    text = style.read_text(encoding="utf-8")
    light = re.search(r"^\[data-md-color-scheme=\"default\"\] \{\n(.*?)^\}", text, re.M | re.S)
    if light is None:
        raise CannotMake(
            f"{style.name} does not name the light palette's colours as it did\n"
            "    → see how it does, and change _colours in engine/editions/epub.py"
        )
    return dict(re.findall(r"(--[\w-]+): ([^;]+);", light[1]))


def _as_style(element: re.Match[str]) -> str:
    before, order, after = element.groups()
    others = before + after
    if ' style="' in others:
        return others.replace(' style="', f' style="paint-order: {order}; ', 1)
    return f'{before} style="paint-order: {order}"{after}'


def _coloured(text: str, colours: dict[str, str]) -> str:
    return VARIABLE.sub(lambda found: colours.get(found[1], "inherit"), text)


def _document(book: Book, chapter: Chapter) -> str:
    title = escape(chapter.title)
    return HTML.format(code=CODES[book.language], title=title, body=chapter.html)


def _navigation(book: Book) -> str:
    title = CONTENTS[book.language]
    body = f"""<h1>{escape(book.title)}</h1>
<p>{escape(book.description)}</p>
<nav epub:type="toc" id="toc"><h2>{title}</h2>
<ol>
{"".join(_entries(book))}</ol>
</nav>"""
    return HTML.format(code=CODES[book.language], title=title, body=body)


def _entries(book: Book) -> Iterator[str]:
    for part, chapters in groupby(book.chapters, key=lambda chapter: chapter.part):
        listed = "".join(
            f'<li><a href="{c.anchor}.xhtml">{escape(c.title)}</a>{_sections(c)}</li>\n'
            for c in chapters
        )
        yield f"<li><span>{escape(part)}</span><ol>\n{listed}</ol></li>\n" if part else listed


def _sections(chapter: Chapter) -> str:
    items = "".join(
        f'<li><a href="{chapter.anchor}.xhtml#{escape(s.anchor)}">{escape(s.title)}</a></li>'
        for s in chapter.sections
    )
    return f"<ol>{items}</ol>" if items else ""


def _package(book: Book, files: dict[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name, content in sorted(files.items()):
        digest.update(f"{name} {len(content)}\n".encode() + content)
    identifier = uuid.uuid5(uuid.NAMESPACE_OID, digest.hexdigest())
    items = "\n".join(
        _item(number, name.removeprefix("book/"), content)
        for number, (name, content) in enumerate(sorted(files.items()))
    )
    order = {name: number for number, name in enumerate(sorted(files))}
    spine = "".join(
        f'<itemref idref="i{order[f"book/{name}.xhtml"]}"/>'
        for name in ["nav", *(chapter.anchor for chapter in book.chapters)]
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0"
  unique-identifier="id" xml:lang="{CODES[book.language]}">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:identifier id="id">urn:uuid:{identifier}</dc:identifier>
<dc:title>{escape(book.title)}</dc:title>
<dc:language>{CODES[book.language]}</dc:language>
<dc:description>{escape(book.description)}</dc:description>
<meta property="dcterms:modified">{book.modified}</meta>
</metadata>
<manifest>
{items}
</manifest>
<spine>{spine}</spine>
</package>
"""


def _item(number: int, name: str, content: bytes) -> str:
    suffix = Path(name).suffix
    kind = {".xhtml": "application/xhtml+xml", ".css": "text/css", **TYPES}.get(suffix)
    if kind is None:
        raise CannotMake(f"no EPUB may hold {name}\n    → show a picture as SVG, PNG or JPEG")
    holds = {
        "nav": name == "nav.xhtml",
        "mathml": suffix == ".xhtml" and b"<math" in content,
        "svg": suffix == ".xhtml" and b"<svg" in content,
    }
    properties = " ".join(which for which, there in holds.items() if there)
    told = f' properties="{properties}"' if properties else ""
    return f'<item id="i{number}" href="{name}" media-type="{kind}"{told}/>'
