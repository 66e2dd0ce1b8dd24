"""The glossary is the one list of terms: the pages use its words, and none of the rejected ones.

Its table has the columns Chinese, English, where it is explained, and what is not used; the
last names synonyms of either language, so that a reader finds them and no page slips into them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest

from engine.faults import Fault
from engine.languages.words import CHINESE
from engine.paths import shown
from engine.reading.addresses import source_target
from engine.reading.lines import Origin
from engine.reading.markdown import Block, Span
from engine.reading.page import Page
from engine.site import Site

NAME = "reference/glossary"

#: What is quoted may use the words of others.
QUOTED = re.compile(r"“[^”]*”|‘[^’]*’|「[^」]*」|(?<!\*)\*[^*]+\*(?!\*)")


@dataclass(frozen=True)
class Term:
    """One row: a term in both languages, the section that explains it, rejected synonyms."""

    words: dict[str, str]
    page: str
    anchor: str
    rejected: tuple[str, ...]
    origin: Origin


def terms(glossary: Page) -> Iterator[Term]:
    """The rows of the glossary's tables."""
    for row in glossary.blocks:
        if row.kind != "row" or len(row.cells) < 4:
            continue
        chinese, english, _, unused = (_words(cell) for cell in row.cells[:4])
        link = next((span for span in row.cells[2] if span.kind == "link"), None)
        if link is None:
            continue
        address, _, anchor = source_target(glossary.name, link.target).partition("#")
        rejected = tuple(
            word for word in re.split(r"\s*[、,，;；]\s*", unused) if re.search(r"\w", word)
        )
        words = {"zh": chinese, "en": english}
        yield Term(words, address.rstrip("/"), anchor, rejected, row.origin)


def glossary_faults(site: Site, page: Page) -> list[Fault]:
    """Rejected synonyms that a page uses, and terms that it is to explain and does not use.

    Of the glossary itself: terms that are explained on no page.
    """
    path = site.source(page.language, NAME)
    if path is None:
        return []
    listed = list(terms(site.page(path)))
    if page.name == NAME:
        return [
            Fault(term.origin.path, term.origin.line, f"no page is called {term.page}",
                  "link the section that explains the term")
            for term in listed
            if site.source(page.language, term.page) is None
        ]  # fmt: skip
    explained = [term for term in listed if term.page == page.name]
    return [*_unexplained(page, explained), *_synonyms(page, listed)]


def term_faults(page: Page, sibling: Page) -> list[Fault]:
    """Rows of a glossary whose terms differ from those of the other language's glossary."""
    faults = []
    for mine, theirs in zip_longest(terms(page), terms(sibling)):
        if mine is None or theirs is None or mine.words != theirs.words:
            ours, others = (
                " – ".join(t.words.values()) if t else "nothing" for t in (mine, theirs)
            )
            origin = mine.origin if mine else Origin(page.path, 1)
            there = f"{shown(sibling.path)}:{theirs.origin.line if theirs else 1}"
            what = f"the term differs from {there}: {ours!r} against {others!r}"
            remedy = "write the same Chinese and the same English term in both glossaries"
            faults.append(Fault(origin.path, origin.line, what, remedy))
            break  # what follows may be out of step anyway
    return faults


def _unexplained(page: Page, explained: Iterable[Term]) -> Iterator[Fault]:
    for term in explained:
        word = term.words[page.language]
        section = page.part(term.anchor)
        text = "\n".join(_words(line) for block in section for line in (block.spans, *block.cells))
        if not _finds(word, text):
            where = f"{term.page}.md#{term.anchor}".removesuffix("#")
            what = f"{where} does not use the term {word!r}, which it is to explain"
            remedy = "correct the link or the term: the glossary says what the pages say"
            yield Fault(term.origin.path, term.origin.line, what, remedy)


def _synonyms(page: Page, listed: Iterable[Term]) -> Iterator[Fault]:
    rejected = [
        (synonym, term.words[page.language])
        for term in listed
        for synonym in term.rejected
        if bool(CHINESE.search(synonym)) == (page.language == "zh")
    ]
    for block in page.blocks:
        for origin, text in _lines(block):
            for synonym, word in rejected:
                if _finds(synonym, text):
                    what = f"{synonym!r} is not a term of this site"
                    remedy = f"write {word!r}, as the glossary has it"
                    yield Fault(origin.path, origin.line, what, remedy)


def _words(spans: Iterable[Span]) -> str:
    """The words of a line, without code and formulas."""
    return "".join(s.text if s.kind in ("text", "literal") else " " for s in spans).strip()


def _lines(block: Block) -> Iterator[tuple[Origin, str]]:
    """The words of a block, line by line or cell by cell, without what is quoted."""
    for spans in (block.spans, *block.cells):
        words = QUOTED.sub(lambda quoted: "\n" * quoted[0].count("\n") + " ", _words(spans))
        for number, text in enumerate(words.split("\n")):
            yield Origin(block.origin.path, block.origin.line + number), text


def _finds(word: str, text: str) -> bool:
    """Whether a text uses a term: Chinese as it stands, English as whole words of any case."""
    if CHINESE.search(word):
        return word in text
    pattern = r"(?<![A-Za-z])" + re.escape(word).replace(r"\ ", r"\s+") + r"(?:e?s)?(?![A-Za-z])"
    return re.search(pattern, text, re.I) is not None
