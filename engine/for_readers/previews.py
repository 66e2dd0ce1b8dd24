"""What a link shows before it is followed: the formula of an equation, the meaning of a term.

It stands beside the page that it is taken from, in a script, which a folder on disk hands out as
well as a server: ``rnn/eq-rnn.8.js`` for a link to ``rnn/#eq-rnn.8``, and ``terms.js`` beside the
glossary for all its rows. theme/assets/preview.js loads it when a reader reaches for the link.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from html import escape

from selectolax.lexbor import LexborHTMLParser

from engine.paths import LANGUAGES
from engine.reading import sources
from engine.reading.addresses import source_target
from engine.site import Site

TERMS = "terms.js"

_CITED = re.compile(r"\]\(([^()\s]+#eq-[^()\s]+)\)")

#: The link at the end of a term's meaning, with the colon that leads to it, and any other link.
_END = re.compile(r"\s*[:：]?\s*<a [^>]*>[^<]*</a>\s*$")
_LINK = re.compile(r"</?a\b[^>]*>")


def cited_equations(site: Site, language: str) -> dict[str, set[str]]:
    """The anchors of equations that other pages of a language link, by the addresses of theirs."""
    cited: dict[str, set[str]] = {}
    for path in site.sources(language):
        for target in _CITED.findall(sources.read(path)):
            address, _, anchor = source_target(site.name_of(path), target).partition("#")
            cited.setdefault(address, set()).add(anchor)
    return cited


def of_equations(page: str, anchors: Iterable[str], title: str) -> dict[str, str]:
    """The scripts of these equations of a built page's HTML, by their names."""
    document = LexborHTMLParser(page)
    found = {}
    for anchor in sorted(anchors):
        equation = document.css_first(f'[id="{anchor}"]')
        formula = equation.css_first(".formula") if equation else None
        if formula is not None:
            source = f"({anchor.removeprefix('eq-')}) · {title}"
            html = f"<div>{formula.inner_html}</div><small>{escape(source)}</small>"
            found[f"{anchor}.js"] = _script(document, {anchor: html})
    return found


def of_terms(page: str, language: str) -> dict[str, str]:
    """The script of the glossary's HTML in a language."""
    column, colon = LANGUAGES.index(language), {"zh": "：", "en": ": "}[language]
    document = LexborHTMLParser(page)
    shown = {}
    for row in document.css('tr[id^="term-"]'):
        cells = [cell.inner_html or "" for cell in row.css("td")]
        meaning = _LINK.sub("", _END.sub("", cells[2]))
        shown[row.id or ""] = f"<strong>{_LINK.sub('', cells[column])}</strong>{colon}{meaning}"
    return {TERMS: _script(document, shown)} if shown else {}


def _script(document: LexborHTMLParser, shown: dict[str, str]) -> str:
    """What the script says: HTML by the anchor that is linked, and the style of its formulas."""
    style = document.css_first('link[href$="katex.css"]')
    href = style.attributes["href"] if style else None
    preview = json.dumps({"style": href, "shown": shown}, ensure_ascii=False)
    return f"document.currentScript.preview = {preview};\n"
