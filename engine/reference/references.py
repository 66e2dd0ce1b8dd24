"""Entries of references say what the record of works says (``engine/reference/works.py``).

An entry is found in the record by its title or by any of its identifiers, and held to all that it
says before its comment: a digit, a year or a name that differs is a fault.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import unquote

from engine.faults import Fault
from engine.paths import LANGUAGES, shown
from engine.reading.lines import Line
from engine.reading.page import Page
from engine.reference.works import ADDRESSES, FILE, Work, digits, works
from engine.site import Site

LINK = re.compile(
    r"\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\((\S+?)\)(?=[\s.,;:，。、；：）)”]|[^\x00-\x7f]|$)"
)
ISBN = re.compile(r"ISBN(?:-1[03])?:?\s*(?P<number>[\dXx][\dXx\s-]{8,16}[\dXx])")
BARE = re.compile(r"\b(?P<kind>doi|arXiv):\s*(?P<number>[^\s\],;，。；]+)")

#: The part of a work that a page names, which is the page's own affair: parity compares it.
PART = re.compile(r"\b(?:section|chapter)s? [\d.]*\d|第 ?[\d.]+ ?[节章]")
EDITION = re.compile(r"\b(?:second|revised) edition|第[ 二2]+版|修订版")
OTHERS = re.compile(r"(?:\s+and others|\s+et al\.|\s*等)\s*$")
WORD = re.compile(r"[A-Za-zÀ-ɏ\d]+(?:[–'.-][A-Za-zÀ-ɏ\d]+)*")
LITTLE = frozenset({"in", "the", "of", "and"})

#: What begins the title of an entry, or the work that it stands in.
TITLE = re.compile(r"[“*\[《]")


@dataclass(frozen=True)
class Entry:
    """One entry of a page's references, as it is written."""

    line: Line

    @cached_property
    def written(self) -> str:
        return re.sub(r"\s+", " ", self.line).strip().removeprefix("- ")

    @cached_property
    def links(self) -> list[tuple[str, str]]:
        """What is clicked, and where it leads, without escapes."""
        return [(text, unquote(url)) for text, url in LINK.findall(self.written)]

    @cached_property
    def identifiers(self) -> set[tuple[str, str]]:
        """The identifiers that it gives, of its text and of its links."""
        plain = LINK.sub(lambda link: link[1], self.written)
        found = {("isbn", digits(match["number"])) for match in ISBN.finditer(plain)}
        texts = [text for text, _ in self.links] + [LINK.sub(" ", self.written)]
        for text in texts:
            for match in BARE.finditer(text):
                found.add((match["kind"].lower(), match["number"].rstrip(".")))
        for _, url in self.links:
            for kind, address in ADDRESSES.items():
                if url.startswith(address):
                    found.add((kind, url.removeprefix(address)))
        return found

    @cached_property
    def text(self) -> str:
        """The entry without marks, each link as its text; identifiers are left out."""
        kept = ISBN.sub("\0", LINK.sub(lambda link: link[1], self.written))
        return _plain(BARE.sub("\0", kept))

    @property
    def begins(self) -> int:
        """Where the names end in the text, and the title begins, or what it stands in."""
        found = TITLE.search(self.written)
        return found.start() if found else 0

    @property
    def authors(self) -> tuple[list[str], bool]:
        """The names before the title, and whether there are others."""
        names = self.written[: self.begins].strip(" ，,")
        others = OTHERS.search(names)
        names = names[: others.start()] if others else names
        return [name for name in re.split(r"\s*[,，、]\s*", names) if name], bool(others)


def reference_faults(site: Site, page: Page) -> list[Fault]:
    """Entries below ``{#references}`` that the record lacks, or says otherwise."""
    entered = entries(page)
    known = works(site) if entered else []
    faults = []
    for line in entered:
        entry = Entry(line)
        work = work_of(entry, known, page.language)
        if work is None:
            what = f"this work is not in {shown(site.docs / FILE)}: {entry.text[:60]!r}"
            remedy = "add it there, with title, authors, year and identifiers, as looked up"
            faults.append(Fault(line.origin.path, line.origin.line, what, remedy))
            continue
        where = f"{shown(site.docs / FILE)}:{work.line}"
        for problem in _differences(entry, work, page.language):
            remedy = f"look the work up, then correct the entry or the record, {where}"
            faults.append(Fault(line.origin.path, line.origin.line, problem, remedy))
    return faults


def uncited(site: Site) -> list[Fault]:
    """Works of the record that no page cites."""
    listed = works(site)
    cited = {
        work.line
        for language in LANGUAGES
        for path in site.sources(language)
        for line in entries(site.page(path))
        if (work := work_of(Entry(line), listed, language))
    }
    what, remedy = "no page cites this work", "take it out of the record"
    return [Fault(site.docs / FILE, w.line, what, remedy) for w in listed if w.line not in cited]


def work_of(entry: Entry, listed: list[Work], language: str) -> Work | None:
    """The work of the record that an entry speaks of: the one with which it shares most."""

    def shared(work: Work) -> int:
        urls = {("url", url) for _, url in entry.links}
        title = work.title(language)
        return len(work.identifiers & (entry.identifiers | urls)) + bool(
            title and _plain(title) in entry.text
        )

    best = max(listed, key=shared, default=None)
    return best if best and shared(best) else None


def _differences(entry: Entry, work: Work, language: str) -> Iterator[str]:
    """What an entry says otherwise than the record."""
    title = work.title(language)
    start = entry.text.find(_plain(title))
    if start < 0:
        yield f"the title is not that of the record, {title!r}"
        return
    names, others = entry.authors
    if work.authors and (names, others) != (work.authors, work.others):
        told = ", ".join(work.authors) + " and others" * work.others
        yield f"the authors are not those of the record, {told}"
    for kind, value in sorted(entry.identifiers - work.identifiers):
        yield f"{kind} {value} is not in the record of {title!r}"
    for text, url in entry.links:
        if _plain(title) in _plain(text) and url not in work.urls:
            yield f"the link {url} is not in the record of {title!r}"
        if (named := BARE.fullmatch(text)) and url != (
            there := ADDRESSES[named["kind"].lower()] + named["number"]
        ):
            yield f"{text} leads to {url} instead of {there}"
    given = entry.identifiers | {("url", url) for _, url in entry.links}
    if not given:
        yield f"no DOI, arXiv number, ISBN or link for {title!r}"
    elif work.identifiers and not given & work.identifiers:
        yield f"the entry of {title!r} has none of the identifiers of the record"
    after = entry.text[start + len(_plain(title)) :]
    year = re.search("|".join(rf"\b{year}\b" for year in work.years) or r"\A", after)
    if year is None:
        yield f"the year is not that of the record, {' or '.join(work.years)}"
    end = max(year.end() if year else 0, after.rfind("\0"))
    said = PART.sub(" ", entry.text[entry.begins : start] + after[:end])
    known = {*WORD.findall(work.published), *work.years, *LITTLE}
    for word in WORD.findall(EDITION.sub(" ", said)):
        if word not in known:
            yield f"{word!r} is not in the record of {title!r}"


def entries(page: Page) -> list[Line]:
    """The list items of a page's references, as lines with their origin."""
    return [
        Line.at(" ".join(page.lines[block.first : block.last]), block.origin)
        for block in page.section("references")
        if block.kind == "item"
    ]


def _plain(text: str) -> str:
    """A text as entries are compared: without quotation marks and emphasis."""
    return re.sub(r"[“”*\\]", "", text)
