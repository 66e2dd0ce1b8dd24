"""The text of a link is what its target is called.

A link to an equation shows the equation's tag, one to an exercise its number. A link to a page or a
heading says words of its name, in any inflection: of the page's title, of the heading, of a term
that the glossary explains there or that the section has in bold. Where a sentence wants another
text, the front matter of its page says so, and the two belong together from then on::

    links: {"derived below": "#sizes"}

What a page is also called stands in its own front matter: ``names: [CNN]``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from engine.faults import Fault
from engine.reading import sources
from engine.reading.addresses import is_local, source_target
from engine.reading.markdown import Block
from engine.reading.page import Link, Page, equation_id, links_of
from engine.reference.glossary import NAME as GLOSSARY
from engine.reference.glossary import terms
from engine.reference.works import Work, works
from engine.site import Site

#: Where a page says which text belongs to which target, and what it is also called itself.
DECLARED, NAMES = "links", "names"

#: Words that say what kind of thing is linked, and little words; they name nothing.
LITTLE = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "by",
        "for",
        "from",
        "had",
        "has",
        "how",
        "in",
        "is",
        "it",
        "its",
        "of",
        "on",
        "own",
        "that",
        "the",
        "this",
        "to",
        "was",
        "what",
        "which",
        "where",
        "why",
        "with",
        "chapter",
        "exercise",
        "lab",
        "page",
        "section",
    ]
)
LITTLE_CHINESE = re.compile(r"[的了里与和在是]|[那这][一]?[章节页]|一[章节]|(?:实验|练习)$|^讲")
ENDINGS = re.compile(r"(?<=\w{2})(?:ations?|ies|ises?|ised|ing|ed|es|s|e|d|ly|y)$")

WORD = re.compile(r"[A-Za-zÀ-ɏλ′]+(?:['’-][A-Za-z]+)*|\d+")
CHINESE = re.compile(r"[㐀-鿿]")
BOLD = re.compile(r"\*\*(.+?)\*\*", re.S)

#: What an expression needs two of, to be one that says where it belongs.
SEVERAL = {"en": r"[A-Za-z]{3,}", "zh": r"[㐀-鿿]{2}|[A-Za-z]{3,}"}

NUMBER = re.compile(r"(?:[Ee]xercise|练习) ?(?P<number>\d+)")
EXERCISE = re.compile(r"exercise-(?P<number>\d+)")


@dataclass(frozen=True)
class Called:
    """The pages of one language, and what they and their parts are called."""

    site: Site
    language: str

    @cached_property
    def pages(self) -> dict[str, Page]:
        return {page.name: page for page in self.site.pages_of(self.language)}

    @cached_property
    def works(self) -> list[Work]:
        return works(self.site)

    @cached_property
    def of_pages(self) -> dict[str, list[str]]:
        """The names of each page: its title, its first heading, its file, and others it gives."""
        return {name: list(_names_of(page)) for name, page in self.pages.items()}

    @cached_property
    def owners(self) -> dict[frozenset[str], set[str]]:
        """The pages that a text names as a whole, by its words."""
        found: dict[frozenset[str], set[str]] = {}
        for name, names in self.of_pages.items():
            for called in names:
                found.setdefault(words(called), set()).add(name)
        return found

    @cached_property
    def explained(self) -> dict[tuple[str, str], list[str]]:
        """The terms that the glossary explains at a heading, by page and anchor."""
        found: dict[tuple[str, str], list[str]] = {}
        glossary = self.pages.get(GLOSSARY)
        for term in terms(glossary) if glossary else ():
            found.setdefault((term.page, term.anchor), []).extend(term.words.values())
        return found

    @cached_property
    def places(self) -> dict[frozenset[str], set[tuple[str, str]]]:
        """Where a text belongs that is a whole heading, or a term of the glossary."""
        found: dict[frozenset[str], set[tuple[str, str]]] = {}
        for name, page in self.pages.items():
            for heading in page.headings[1:]:
                anchor = heading.anchor or ""
                if not EXERCISE.fullmatch(anchor):
                    found.setdefault(words(heading.text), set()).add((name, anchor))
        for place, terms_there in self.explained.items():
            for term in terms_there:
                found.setdefault(words(term), set()).add(place)
        return found

    def names(self, target: str, *, here: Page) -> list[str]:
        """What a place may be called by a link on the page ``here``, the best name first."""
        name, _, anchor = target.partition("#")
        name = name.strip("./") or "index"
        page = self.pages.get(name)
        if page is None:
            return []
        heading = next((h.text for h in page.headings if h.anchor == anchor), None)
        if heading is None or anchor == "title":
            return self.of_pages[name]
        found = [heading, *self._own_names(page, anchor)]
        return found + (self.of_pages[name] if page is not here else [])

    def _own_names(self, page: Page, anchor: str) -> list[str]:
        """What a section may be called by besides its heading."""
        heading = next((h.text for h in page.headings if h.anchor == anchor), "")
        found = list(self.explained.get((page.name, anchor), ()))
        if self.language == "en":
            found += [anchor, f"{heading} {anchor}"]
        if anchor == "references":
            found += [" ".join(block.text.split()) for block in page.section(anchor)]
        else:
            found += [bold for block in page.part(anchor) for bold in BOLD.findall(_text(block))]
        return found

    def elsewhere(self, text: str, target: str) -> str | None:
        """Where a text belongs that is another section's heading or term, and not this one's."""
        said = words(text)
        name, _, anchor = target.partition("#")
        name, anchor = name.strip("./") or "index", anchor or "title"
        page = self.pages.get(name)
        places = self.places.get(said, set())
        if page is None or not places or (name, anchor) in places:
            return None
        names = self.of_pages[name]
        if any(said == words(called) for called in names):
            return None
        heading = [h.text for h in page.headings[1:] if h.anchor == anchor]
        own = [*heading, *self._own_names(page, anchor)] if heading else []
        if any(said <= words(called) for called in own):
            return None
        owner, part = min(places, key=lambda place: (place[0] != name, place))
        return f"{owner}#{part}"

    def is_called(self, text: str, target: str, *, here: Page) -> bool:
        """Whether a text names a place: all its words belong to one of the place's names."""
        said = words(text)
        names = [words(name) for name in self.names(target, here=here)]
        others = self.owners.get(said, set())
        page = target.partition("#")[0].strip("./") or "index"
        if others and page not in others and said not in names:
            return False
        return bool(said) and (
            any(said <= name for name in names) or self._says(text, self.pages.get(page), target)
        )

    def _says(self, text: str, page: Page | None, target: str) -> bool:
        """Whether a section has an expression of several words as it stands."""
        anchor = target.partition("#")[2]
        if page is None or not anchor or len(re.findall(SEVERAL[self.language], text)) < 2:
            return False
        section = "\n".join(_text(block) for block in page.part(anchor))
        text = re.sub(r"^(?:the|an?) ", "", text)
        return text.casefold() in " ".join(section.replace("*", "").split()).casefold()


def text_faults(site: Site, page: Page) -> list[Fault]:
    """Links whose text says something else than what they lead to, and needless declarations."""
    called = Called(site, page.language)
    declared, faults = _declared(page)
    used: set[tuple[str, str]] = set()
    for block, link in _links(page):
        pair = (_plain(link.text), link.target)
        problem = _problem(called, page, block, link)
        if problem and pair in declared:
            used.add(pair)
        elif problem:
            what = f"the link {pair[0]!r} leads to {link.target}, {problem[0]}"
            remedy = f"write {problem[1]!r}, or say in the front matter that it is meant: "
            remedy += f'{DECLARED}: {{"{pair[0]}": "{link.target}"}}'
            faults.append(Fault(link.origin.path, link.origin.line, what, remedy))
    for text, target in sorted(declared - used):
        what = f"no link {text!r} to {target} needs to be declared"
        remedy = f"take it out of {DECLARED} in the front matter"
        faults.append(Fault(page.path, _line(page, text), what, remedy))
    return faults


def _problem(called: Called, page: Page, block: Block, link: Link) -> tuple[str, str] | None:
    """What a link leads to, and what its text should be; None if that is what it says."""
    text = _plain(link.text)
    if not is_local(link.target):
        if block in page.section("references"):
            return None  # the record of works holds these
        work = next((w for w in called.works if link.target in w.addresses), None)
        if work is None:
            return "which is no page of this site", "the title of a work"
        names = [work.title(page.language), " ".join([*work.authors, *work.years])]
        if any(words(text) <= words(name) for name in names):
            return None
        return f"which is {names[0]!r}", names[0]
    target = source_target(page.name, link.target)
    anchor = target.partition("#")[2]
    if anchor.startswith(equation_id("")):
        tag = f"({anchor.removeprefix(equation_id(''))})"
        return None if text == tag else (f"which is the equation {tag}", tag)
    named, number = NUMBER.search(text), EXERCISE.fullmatch(anchor)
    if named and number and named["number"] == number["number"]:
        return None
    names = called.names(target, here=page)
    if not names:
        return None  # that it leads nowhere is told elsewhere
    if named or not called.is_called(text, target, here=page):
        return f"which is {names[0]!r}", names[0]
    place = called.elsewhere(text, target)
    return (f"which is {names[0]!r}; the text belongs to {place}", names[0]) if place else None


def words(text: str) -> frozenset[str]:
    """The words of a text without their endings, and its Chinese characters, little ones aside."""
    found = {word.lower() for word in WORD.findall(text)}
    found = found - LITTLE or found
    characters = CHINESE.findall(LITTLE_CHINESE.sub("", text))
    if not found and not characters:
        characters = CHINESE.findall(text)
    return frozenset({_stem(word.replace("-", "")) for word in found} | {*characters})


def _stem(word: str) -> str:
    """A word without its endings, and without the consonant that it doubles before one."""
    stem = ENDINGS.sub("", word)
    if stem == word:
        return word
    return _stem(stem[:-1] if stem[-1:] == stem[-2:-1] else stem)


def _names_of(page: Page) -> Iterator[str]:
    yield page.title
    if page.headings:
        yield page.headings[0].text
        yield re.split("[:：]", page.headings[0].text)[0]
    if page.language == "en":
        yield page.name.rpartition("/")[2].replace("-", " ")
    given = page.meta.get(NAMES)
    yield from map(str, given if isinstance(given, list) else [])


def _declared(page: Page) -> tuple[set[tuple[str, str]], list[Fault]]:
    """The texts that a page declares, each with its target; and what is wrong with that."""
    given = page.meta.get(DECLARED, {})
    if not isinstance(given, dict):
        what = f"{DECLARED} names no texts with their targets"
        remedy = f'write {DECLARED}: {{"derived below": "#sizes"}}'
        return set(), [Fault(page.path, _line(page, f"{DECLARED}:"), what, remedy)]
    return {
        (_plain(str(text)), str(target))
        for text, targets in given.items()
        for target in (targets if isinstance(targets, list) else [targets])
    }, []


def _links(page: Page) -> Iterator[tuple[Block, Link]]:
    for block in page.blocks:
        for link in links_of(block):
            if not link.image:
                yield block, link


def _text(block: Block) -> str:
    """The text of a block with its emphasis; what stands between is one space."""
    return "".join(span.text if span.kind == "text" else " " for span in block.all_spans)


def _plain(text: str) -> str:
    return " ".join(text.replace("*", "").split())


def _line(page: Page, text: str) -> int:
    lines = sources.read(page.path).split("\n")
    return next((number for number, line in enumerate(lines, 1) if text in line), 1)
