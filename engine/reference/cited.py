"""What a sentence says of a work is what the page's references say: its year, and who wrote it.

A year stands in an entry of the page, or in its code, or is declared as given. Beside the surname
of an author it is the year of one of that author's works. Who has written something with others is
an author of a work that the page cites.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from engine.claims.loose import loose_numbers
from engine.faults import Fault
from engine.reading.lines import Line
from engine.reading.page import Page
from engine.reference.references import Entry, entries, work_of
from engine.reference.works import Work, works
from engine.site import Site

SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z“*])|(?<=[。！？；])")
NAME = r"(?P<name>(?:(?:van|de|von) )?[A-Z][\w’'-]+)"
#: Those who wrote something with others.
WITH_OTHERS = re.compile(rf"\b{NAME}(?: and others| et al\b|\s*等(?:人|的|，|,|）|。|\s|$))")
#: Two who wrote something together.
TOGETHER = re.compile(
    r"\b(?P<one>[A-Z][\w’'-]+)(?: and | & |\s*[和与、]\s*)(?P<other>[A-Z][\w’'-]+)"
)
YEAR = re.compile(r"(?:1[6-9]|20)\d\d")

GIVEN = "<!-- given: 1912 -->"
REMEDY = "correct it, or cite the work below {#references}"


@dataclass(frozen=True)
class Cited:
    """The entries of a page's references, each with its work in the record, if that has it."""

    entries: dict[Entry, Work | None]

    @cached_property
    def groups(self) -> list[set[str]]:
        """The surnames of those who wrote each work together."""
        return [set(map(_surname, entry.authors[0])) for entry in self.entries]

    @cached_property
    def years(self) -> dict[str, set[str]]:
        """The years in the entries of each author, by surname; all of them by the empty one."""
        found: dict[str, set[str]] = {"": set()}
        for entry, work in self.entries.items():
            years = {*YEAR.findall(entry.text), *(work.years if work else ())}
            for name in ("", *(_surname(author) for author in entry.authors[0])):
                found.setdefault(name, set()).update(years)
        return found


def citation_faults(site: Site, page: Page) -> list[Fault]:
    """Years and authors in a page's prose that its references do not bear out."""
    lines: list[Line] = entries(page)
    known = works(site) if lines else []
    cited = Cited({Entry(line): work_of(Entry(line), known, page.language) for line in lines})
    return [*_years(page, cited), *_authors(page, cited)]


def _years(page: Page, cited: Cited) -> Iterator[Fault]:
    for numeral, origin, text in loose_numbers(page).years:
        year, sentence = numeral.text, _around(text, numeral.start)
        of_authors = [
            years
            for name, years in cited.years.items()
            if name and re.search(rf"\b{re.escape(name)}\b", sentence)
        ]
        allowed = set().union(*of_authors) if of_authors else cited.years[""]
        if year not in allowed:
            told = f", which have {', '.join(sorted(allowed))}" if of_authors else ""
            what = f"the year {year} is in none of the references that the sentence speaks of{told}"
            yield Fault(origin.path, origin.line, what, f"{REMEDY}, or declare the year: {GIVEN}")


def _authors(page: Page, cited: Cited) -> Iterator[Fault]:
    listed = {id(block) for block in page.section("references")}
    for block in page.blocks:
        for span in () if block.kind == "code" or id(block) in listed else block.spans:
            if span.kind not in ("text", "literal", "picture"):
                continue
            for found in WITH_OTHERS.finditer(span.text):
                if found["name"] not in cited.years:
                    what = f"no reference of this page is by {found[0].strip()!r}"
                    yield Fault(span.origin.path, span.origin.line, what, REMEDY)
            for pair in TOGETHER.finditer(span.text):
                of_one = [group for group in cited.groups if pair["one"] in group]
                if of_one and not any(pair["other"] in group for group in of_one):
                    what = f"no reference of this page is by {pair['one']} with {pair['other']}"
                    yield Fault(span.origin.path, span.origin.line, what, REMEDY)


def _around(text: str, place: int) -> str:
    """The sentence of a text in which a place is."""
    begins = 0
    for end in SENTENCE.finditer(text):
        if end.end() > place:
            return text[begins : end.start()]
        begins = end.end()
    return text[begins:]


def _surname(author: str) -> str:
    return author.rpartition(". ")[2] or author
