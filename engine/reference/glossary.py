"""The glossary is the one list of terms: the pages use its words, and none of the rejected ones.

Its table has the columns Chinese, English, where it is explained, and what is not used; the
last names synonyms of either language, so that a reader finds them and no page slips into them.
"""

import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from engine.reading.lines import Line, Origin
from engine.faults import Fault
from engine.reading.page import CODE_SPAN, INLINE, LINK, Page

NAME = "reference/glossary"

#: What is quoted may use the words of others.
QUOTED = re.compile(r"“[^”]*”|‘[^’]*’|「[^」]*」|(?<!\*)\*[^*]+\*(?!\*)|\]\([^)]*\)")


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
    for line in glossary.prose:
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]
        link = LINK.search(cells[2]) if len(cells) >= 4 else None
        if not link:
            continue
        folder = posixpath.dirname(glossary.name)
        target, _, anchor = link["target"].partition("#")
        name = posixpath.normpath(posixpath.join(folder, target)).removesuffix(".md")
        rejected = tuple(
            word for word in re.split(r"\s*[、,，;；]\s*", cells[3]) if re.search(r"\w", word)
        )
        yield Term({"zh": cells[0], "en": cells[1]}, name, anchor, rejected, line.origin)


def glossary_faults(glossary: Page, pages: Iterable[Page]) -> list[Fault]:
    """Terms their section does not use, and rejected synonyms that a page of this language uses."""
    language = glossary.language
    faults = []
    by_name = {page.name: page for page in pages if page.language == language}
    listed = list(terms(glossary))
    for term in listed:
        explaining = by_name.get(term.page)
        word = term.words[language]
        section = _section(explaining, term.anchor) if explaining else ()
        if not _finds(word, "\n".join(map(_text, section))):
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
        for line in page.prose:
            text = QUOTED.sub(" ", _text(line))
            faults += [
                Fault(
                    line.origin.path,
                    line.origin.line,
                    f"{synonym!r} is not a term of this site",
                    f"write {word!r}, as the glossary has it",
                )
                for synonym, word in rejected
                if _finds(synonym, text)
            ]
    return faults


def _section(page: Page, anchor: str) -> Iterator[Line]:
    """The prose below the heading with this anchor; without an anchor, of the whole page."""
    headings = {(h.origin.path, h.origin.line): h for h in page.headings}
    level = 0 if not anchor else None
    for line in page.prose:
        heading = headings.get((line.origin.path, line.origin.line))
        if heading and heading.anchor == anchor:
            level = heading.level
        elif heading and level is not None and heading.level <= level:
            level = None
        if level is not None:
            yield line


def _text(line: Line) -> str:
    """A line of prose without code and formulas."""
    return INLINE.sub(" ", CODE_SPAN.sub(" ", line))


def _finds(word: str, text: str) -> bool:
    """Whether a text uses a term: Chinese as it stands, English as whole words of any case."""
    if re.search(r"[一-鿿]", word):
        return word in text
    pattern = r"(?<![A-Za-z])" + re.escape(word).replace(r"\ ", r"\s+") + r"(?:e?s)?(?![A-Za-z])"
    return re.search(pattern, text, re.I) is not None
