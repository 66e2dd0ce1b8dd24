"""The glossary is the one list of terms: the pages use its words, and none of the rejected ones.

Its table has the columns Chinese, English, where it is explained, and what is not used; the
last names synonyms of either language, so that a reader finds them and no page slips into them.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from engine.faults import Fault
from engine.reading.addresses import source_target
from engine.reading.lines import Origin
from engine.reading.markdown import Block, Span
from engine.reading.page import Page

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
        chinese, english, where, unused = (_words(cell) for cell in row.cells[:4])
        link = next((span for span in row.cells[2] if span.kind == "link"), None)
        if link is None:
            continue
        address, _, anchor = source_target(glossary.name, link.target).partition("#")
        rejected = tuple(
            word for word in re.split(r"\s*[、,，;；]\s*", unused) if re.search(r"\w", word)
        )
        words = {"zh": chinese, "en": english}
        yield Term(words, address.rstrip("/"), anchor, rejected, row.origin)


def glossary_faults(glossary: Page, pages: Iterable[Page]) -> list[Fault]:
    """Terms their section does not use, and rejected synonyms that a page of this language uses."""
    language = glossary.language
    faults = []
    by_name = {page.name: page for page in pages if page.language == language}
    listed = list(terms(glossary))
    for term in listed:
        explaining = by_name.get(term.page)
        word = term.words[language]
        section = explaining.part(term.anchor) if explaining else ()
        if not _finds(word, "\n".join(_words(block.all_spans) for block in section)):
            where = f"{term.page}.md#{term.anchor}".removesuffix("#")
            what = f"{where} does not use the term {word!r}, which it is to explain"
            remedy = "correct the link or the term: the glossary says what the pages say"
            faults.append(Fault(term.origin.path, term.origin.line, what, remedy))
    rejected = [
        (synonym, term.words[language])
        for term in listed
        for synonym in term.rejected
        if bool(re.search(r"[一-鿿]", synonym)) == (language == "zh")
    ]
    for page in by_name.values():
        if page.name == glossary.name:
            continue
        for block in page.blocks:
            for origin, text in _lines(block):
                faults += [
                    Fault(
                        origin.path,
                        origin.line,
                        f"{synonym!r} is not a term of this site",
                        f"write {word!r}, as the glossary has it",
                    )
                    for synonym, word in rejected
                    if _finds(synonym, text)
                ]
    return faults


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
    if re.search(r"[一-鿿]", word):
        return word in text
    pattern = r"(?<![A-Za-z])" + re.escape(word).replace(r"\ ", r"\s+") + r"(?:e?s)?(?![A-Za-z])"
    return re.search(pattern, text, re.I) is not None
