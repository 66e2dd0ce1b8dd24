"""The home pages name the editions that were made, and nothing else.

A page of the site that is only built has the comment ``<!-- editions -->`` in that place, which
nobody sees.
"""

from __future__ import annotations

import html
import re
from pathlib import Path

from engine.paths import FOLDERS, LANGUAGES
from engine.reading import sources

#: Where the editions stand below the root of the site.
EDITIONS = "editions"

PLACE = "<!-- editions -->"
LINKS = re.compile(re.escape(PLACE) + r"<p class=\"editions\">.*?</p>", re.S)

TEXT = {
    "zh": {
        "intro": "全部带走：",
        "between": "；",
        "end": "。",
        "zip": (
            "<a{address}>全站压缩包</a>（ZIP，{size} MB，含中英文；"
            "解压后打开 <code>index.html</code>，没有网络也能阅读和搜索）"
        ),
        "pdf": "<a{address}>供打印的书</a>（PDF，{size} MB）",
        "epub": "<a{address}>电子书</a>（EPUB，{size} MB）",
    },
    "en": {
        "intro": "Take it all away: ",
        "between": "; ",
        "end": ".",
        "zip": (
            "<a{address}>the whole site</a> (ZIP, {size} MB, both languages; unpack it and open "
            "<code>index.html</code>: reading and searching need no network)"
        ),
        "pdf": "<a{address}>a book to print</a> (PDF, {size} MB)",
        "epub": "<a{address}>an e-book</a> (EPUB, {size} MB)",
    },
}


def edition(kind: str, language: str) -> str:
    """The name of an edition's file: the ZIP is one for all languages."""
    name = "deep-learning-notes-checked"
    return f"{name}.{kind}" if kind == "zip" else f"{name}.{language}.{kind}"


def link_editions(built: Path) -> None:
    """Have the home pages of the site in ``built`` name the editions that stand in it."""
    for language in LANGUAGES:
        page = built / FOLDERS[language] / "index.html"
        text = without_links(page.read_text(encoding="utf-8"))
        text = text.replace(PLACE, PLACE + _links(built, language), 1)
        sources.write(page, text)


def without_links(page: str) -> str:
    """A page as the build has written it, before any edition was there."""
    return LINKS.sub(PLACE, page)


def _links(built: Path, language: str) -> str:
    text = TEXT[language]
    parts = []
    for kind in ("zip", "pdf", "epub"):
        path = built / EDITIONS / edition(kind, language)
        if path.exists():
            up = "../" * FOLDERS[language].count("/")
            address = html.escape(f"{up}{EDITIONS}/{path.name}")
            size = f"{path.stat().st_size / 1e6:.1f}"
            parts.append(text[kind].format(address=f' href="{address}" download', size=size))
    if not parts:
        return ""
    return f'<p class="editions">{text["intro"]}{text["between"].join(parts)}{text["end"]}</p>'
