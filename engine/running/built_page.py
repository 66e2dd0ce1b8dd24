"""What a built page really shows: read from its final HTML, without asking the page model.

This is the second, independent view that the guard holds against what was read and run.
"""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser

from engine.reading.addresses import is_local
from engine.running.built_lines import LineReader
from engine.running.built_outline import OutlineReader

#: Attributes that hold an address; ``srcset`` holds several.
ADDRESSES = ("href", "src", "srcset", "poster", "data-frames")


class BuiltPage:
    """One page of the built site, after formulas and drawings have come into it.

    ``address`` is where it stands below its language's root: ``logistic/``, ``""`` for the home
    page. Of HTML without an article all is read.

    - ``outline``: what the article shows, in the order of the page.
    - ``facts``: the line that the build puts below a chapter's title, None if there is none.
    - ``tags``: how often the article uses each tag outside formulas and drawings, and
      ``tag[attribute]`` for each event attribute, ``style`` and ``hidden``.
    - ``ids``: all ids of the document, in order, with those that occur twice.
    - ``addresses``: attribute and address of all that leads to a place on this server.
    - ``python``, ``other``: the blocks of code that are Python, and those that are not.
    - ``outputs``: what the cells of a lab printed; ``drawings``: how many drawings there are.
    - ``broken_fences``: marks of fences that are shown as text, and code with a line break in it.
    """

    def __init__(self, html: str, address: str) -> None:
        document = LexborHTMLParser(html)
        article = document.css_first("article") or document.body
        self.ids = [node.id or "" for node in document.css("[id]")]
        self.addresses: list[tuple[str, str]] = []
        for node in document.css(f":is({','.join(f'[{name}]' for name in ADDRESSES)})"):
            for name, value in node.attributes.items():
                self.addresses += _local_addresses(name, value or "")
        if article is None:
            raise ValueError("there is no HTML here")
        lines = LineReader(address)
        read = OutlineReader(article, lines)
        self.outline = read.outline
        self.facts = read.facts
        self.tags = lines.tags
        self.python = [block.text for block in lines.code if block.is_python]
        self.other = [block.text for block in lines.code if not block.is_python]
        self.outputs = read.outputs
        self.drawings = len(article.css("svg.drawing"))
        marks = [
            shown.text
            for shown in read.outline
            if shown.kind not in ("code", "output") and re.search("```|~~~", shown.text)
        ]
        self.broken_fences = [text.strip() for text in marks + lines.broken_code]


def _local_addresses(name: str, value: str) -> list[tuple[str, str]]:
    if name.removeprefix("xlink:") not in ADDRESSES:
        return []
    values = [part.split()[0] for part in value.split(",")] if name == "srcset" else [value]
    return [(name, address) for address in values if is_local(address) or _is_rooted(address)]


def _is_rooted(address: str) -> bool:
    """Whether an address begins at the root of whatever server the site stands on."""
    return address.startswith("/") and not address.startswith("//")
