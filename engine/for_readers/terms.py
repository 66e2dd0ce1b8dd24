"""Terms of the glossary are links in the text of other pages, with what they mean as a preview.

The first place of a page's running text that has a term is linked to its row of the glossary; the
page that explains the term has no such link. A word is linked that means the same everywhere:
not what two rows are called, nor what the language has for other things as well.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from html import escape

from engine.readable.tags import pieces
from engine.reference.glossary import Term

#: Terms that are words of everyday language as well, by their English names.
EVERYDAY = frozenset(
    {"attention", "batch", "candidate", "cell", "channel", "cost", "dead", "error", "explosion"}
    | {"feature", "gain", "gate", "head", "identity", "invariance", "kernel", "label", "layer"}
    | {"leaf", "loss", "mask", "node", "objective", "padding", "path", "patience", "penalty"}
    | {"prior", "query", "sample", "sparse", "stratified", "target", "temperature", "threshold"}
    | {"truncated", "vanishing", "warm-up"}
)

#: In these no term is linked: what is a link or a heading, what is folded, what is no running text.
_CLOSED = frozenset(
    {
        "a",
        "button",
        "code",
        "details",
        "figcaption",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "label",
        "pre",
    }
    | {"script", "style", "summary", "svg", "table"}
)

#: Here the text of a page ends: titles of works are their authors' words.
_REFERENCES = '<h2 id="references"'

_FORMULA = re.compile(r"""class=["']arithmatex""")


def _is_closed(name: str, tag: str) -> bool:
    return name in _CLOSED or bool(_FORMULA.search(tag))


def row_id(term: Term) -> str:
    """The anchor of a term's row in the glossary, the same in both languages."""
    return "term-" + re.sub(r"\W+", "-", term.words["en"].lower()).strip("-")


class TermLinks:
    """The terms that pages of one language link."""

    def __init__(self, listed: Sequence[Term], language: str) -> None:
        rows = Counter(map(row_id, listed))
        words = Counter(term.words[language].lower() for term in listed)
        self._terms = {
            term.words[language].lower(): term
            for term in listed
            if rows[row_id(term)] == 1
            and words[term.words[language].lower()] == 1
            and term.words["en"].lower() not in EVERYDAY
        }
        # A longer term goes first: no part of it is taken for another term.
        self._pattern = _pattern(sorted(words, key=len, reverse=True), language)

    def linked(self, html: str, page: str, glossary: str) -> str:
        """The HTML of the page with this name, whose way to the glossary is ``glossary``."""
        waiting = {word: term for word, term in self._terms.items() if term.page != page}
        text, references, rest = html.partition(_REFERENCES)
        parts = [
            self._in_text(part, waiting, glossary) if is_text and part.strip() else part
            for part, is_text in pieces(text, _is_closed)
        ]
        return "".join([*parts, references, rest])

    def _in_text(self, text: str, waiting: dict[str, Term], glossary: str) -> str:
        parts, end = [], 0
        # Lower case on both sides is found much faster than whatever case; a few letters of
        # other scripts get longer by it.
        lower = text.lower()
        for found in self._pattern.finditer(lower if len(lower) == len(text) else text):
            term = waiting.pop(" ".join(found["word"].split()), None)
            if term:
                start, said = found.start(), text[found.start() : found.end()]
                link = f'<a class="term" href="{escape(glossary)}#{row_id(term)}">{said}</a>'
                parts += [text[end:start], link]
                end = found.end()
        return "".join([*parts, text[end:]])


def _pattern(words: Sequence[str], language: str) -> re.Pattern[str]:
    """Terms in a text of a language: English as whole words, plurals as well."""
    either = "|".join(re.escape(escape(word)).replace(r"\ ", r"\s+") for word in words)
    if language == "zh":
        return re.compile(f"(?P<word>{either})")
    return re.compile(rf"(?<![a-z-])(?P<word>{either})(?:e?s)?(?![a-z-])")


def with_rows(html: str, listed: Sequence[Term]) -> str:
    """The glossary's HTML, with an anchor for each row: of the first one, where two share it."""
    rows = iter(listed)
    seen = set[str]()

    def row(found: re.Match[str]) -> str:
        term = next(rows, None)
        name = row_id(term) if term else ""
        if not name or name in seen:
            return found[0]
        seen.add(name)
        return f'<tr id="{name}">{found[1]}'

    return re.sub(r"<tr>(\s*<td)", row, html)
