"""A line of code computes the formula that its comment names: ``# (lstm.8)``.

A line and a formula are compared by their signs (engine/equations/signs.py). A tag is wrong where
another formula of the same chapter is clearly more alike, less clearly if no line of the page names
that one, or where two lines of the page would both be more like each other's formula. Of several
tags of a line each is judged, with more patience, and so is what they have together: another
formula in the place of one of them must not come nearer to all of the line. Lines that say too
little for that stand in ``checks/beyond.yml``, each with the reason.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from engine.equations.beyond import beyond, file_of
from engine.equations.signs import Computed, Formulas, formulas_of, signs_of_line, with_batches
from engine.faults import Fault
from engine.paths import LANGUAGES
from engine.reading.lines import Line
from engine.reading.page import Page
from engine.running.examples import pieces
from engine.site import Site

#: The tag of an equation in a comment: ``# (lr.5)``.
TAG_NAMED = re.compile(r"\((?P<tag>[A-Za-z][A-Za-z-]*\.\d+[a-z]?)\)")

#: So much more alike another formula must be, one that no line names, and two exchanged ones
#: together.
CLEARLY, UNNAMED, TOGETHER = 0.2, 0.1, 0.06

#: The same of each of the formulas of a line that names several; and how much more alike one must
#: be in its place, alone and together with the others added.
OF_SEVERAL, UNNAMED_OF_SEVERAL = 0.45, 0.35
IN_ITS_PLACE = 0.35


@dataclass(frozen=True)
class Tagged:
    """A line whose comment names equations, and its signs."""

    line: Line
    tags: tuple[str, ...]
    computed: Computed | None

    @property
    def told(self) -> str:
        """The line with its tags, and no other comment."""
        named = ", ".join(f"({tag})" for tag in self.tags)
        return f"{self.line.partition('#')[0].strip()}  # {named}"

    def with_tag(self, old: str, new: str) -> Tagged:
        tags = tuple(new if tag == old else tag for tag in self.tags)
        return Tagged(self.line, tags, self.computed)


def tagged_lines(page: Page) -> list[Tagged]:
    """The lines of a page's code that name equations, in order."""
    found = []
    for fence in page.python_fences:
        for piece in pieces(fence):
            named = {n: tags for n, line in enumerate(piece.lines, 1) if (tags := _tags(line))}
            try:
                tree = ast.parse("\n".join(piece.lines)) if named else ast.Module([], [])
            except SyntaxError:  # running it will say so
                tree = ast.Module([], [])
            for number, tags in named.items():
                computed = signs_of_line(tree, number)
                found.append(Tagged(piece.lines[number - 1], tags, computed))
    return found


def _tags(line: str) -> tuple[str, ...]:
    return tuple(m["tag"] for m in TAG_NAMED.finditer(line.partition("#")[2]))


def tag_faults(site: Site, page: Page) -> list[Fault]:
    """Comments of shown code that name an equation which no page has, or another one."""
    lines = tagged_lines(page)
    texs = equations_named(site, page, {tag for one in lines for tag in one.tags})
    faults = [
        Fault(
            one.line.origin.path,
            one.line.origin.line,
            f"this comment names ({tag}), and no page has an equation of that tag",
            "name the equation that the line computes",
        )
        for one in lines
        for tag in one.tags
        if tag not in texs
    ]
    if faults:
        return faults
    listed = {entry.what for entry in beyond(site, "lines")}
    judged = [one for one in lines if one.computed and one.told not in listed]
    return list(wrong_tags(judged, formulas_of(texs), unnamed(lines, texs)))


def named_in_prose(site: Site, page: Page) -> list[Fault]:
    """Tags that sentences name, linked or not, and no page has."""
    named = [
        (tag, span.origin)
        for block in page.blocks
        for span in block.all_spans
        if span.kind in ("text", "literal", "picture")
        for tag in TAG_NAMED.findall(span.text)
    ]
    texs = equations_named(site, page, {tag for tag, _ in named}) if named else {}
    return [
        Fault(origin.path, origin.line, f"no page has the equation ({tag})",
              "name an equation that exists, and link it: [(lr.2)](logistic.md#eq-lr.2)")
        for tag, origin in named
        if tag not in texs
    ]  # fmt: skip


def unnamed(lines: Iterable[Tagged], tags: Iterable[str]) -> set[str]:
    """The equations that no line of a page names."""
    return {*tags} - {tag for one in lines for tag in one.tags}


def equations_named(site: Site, page: Page, tags: set[str]) -> dict[str, str]:
    """The tagged formulas of the chapters that these tags belong to."""
    found = {f.tag: f.without_tag for f in page.display_formulas if f.tag}
    chapters = {chapter_of(tag) for tag in tags}
    others = chapters - {chapter_of(tag) for tag in found}
    # To read the formulas of all pages takes a second: few of them hold such a tag at all.
    for other in site.pages_of(page.language) if others else ():
        if any(rf"\tag{{{chapter}." in line for line in other.body for chapter in others):
            found |= {f.tag: f.without_tag for f in other.display_formulas if f.tag}
    return {tag: tex for tag, tex in found.items() if chapter_of(tag) in chapters}


def chapter_of(tag: str) -> str:
    return tag.partition(".")[0]


def wrong_tags(
    lines: list[Tagged], formulas: Formulas, without_line: set[str] | None = None
) -> Iterator[Fault]:
    """Where another formula is clearly more alike, or two exchanged ones are.

    ``without_line`` are the equations that no line of the page names.
    """
    return (fault for fault, _ in _wrong(lines, formulas, without_line or set()))


def _wrong(
    lines: list[Tagged], formulas: Formulas, without_line: set[str]
) -> Iterator[tuple[Fault, tuple[Tagged, ...]]]:
    """The same, each with the lines without one of which it would not be told."""
    alike = {
        (one, tag): formulas.likeness(one.computed, tag)
        for one in lines
        if one.computed
        for tag in formulas.signs
    }
    wrong = set()
    for one in lines:
        better = _better(one, alike, formulas.signs, without_line)
        if better:
            wrong.add(one)
            yield _fault(one, f"it rather computes ({better})"), (one,)
        elif odd := _odd_one(one, alike, formulas, without_line):
            wrong.add(one)
            yield _fault(one, f"it rather computes ({odd[1]}) than ({odd[0]})"), (one,)
    for (one, tag), (other, theirs) in combinations([(n, t) for n in lines for t in n.tags], 2):
        if one in wrong or other in wrong or tag in other.tags or theirs in one.tags:
            continue
        here, there = alike[one, theirs] - alike[one, tag], alike[other, tag] - alike[other, theirs]
        if here + there > TOGETHER and chapter_of(tag) == chapter_of(theirs):
            wrong |= {one, other}
            at = f"{other.line.origin.path.name}:{other.line.origin.line}"
            what = f"it is more like ({theirs}), and {at} more like ({tag})"
            yield _fault(one, what), (one, other)


def _better(
    one: Tagged,
    alike: Mapping[tuple[Tagged, str], float],
    tags: Iterable[str],
    without_line: set[str],
) -> str | None:
    """The formula that a line computes rather than any that it names."""
    chapters = {chapter_of(tag) for tag in one.tags}
    own = max(alike[one, tag] for tag in one.tags)

    def beyond_enough(tag: str) -> float:
        return alike[one, tag] - own - (UNNAMED if tag in without_line else CLEARLY)

    best = max((t for t in tags if chapter_of(t) in chapters), key=beyond_enough)
    return best if beyond_enough(best) > 0 else None


def _odd_one(
    one: Tagged,
    alike: Mapping[tuple[Tagged, str], float],
    formulas: Formulas,
    without_line: set[str],
) -> tuple[str, str] | None:
    """Of a line that names several formulas one that it computes less than another, and that."""
    if len(one.tags) < 2 or not one.computed:
        return None
    line = with_batches(one.computed)
    whole = formulas.likeness(line, *one.tags)
    for own in one.tags:
        for tag in formulas.signs:
            if chapter_of(tag) != chapter_of(own) or tag in one.tags:
                continue
            enough = UNNAMED_OF_SEVERAL if tag in without_line else OF_SEVERAL
            alone = formulas.likeness(line, tag) - formulas.likeness(line, own)
            others = [other for other in one.tags if other != own]
            together = formulas.likeness(line, tag, *others) - whole
            if alike[one, tag] - alike[one, own] > enough or alone + together > IN_ITS_PLACE:
                return own, tag
    return None


def _fault(one: Tagged, what: str) -> Fault:
    named = ", ".join(f"({tag})" for tag in one.tags)
    remedy = (
        "name the equation that the line computes; if it does, and says too little for a program "
        "to see it, list the line with the reason in checks/beyond.yml"
    )
    origin = one.line.origin
    return Fault(origin.path, origin.line, f"the line is tagged {named}: {what}", remedy)


def needless_entries(site: Site) -> list[Fault]:
    """Entries of the list whose line no page shows, or whose tags pass without them."""
    listed = beyond(site, "lines")
    needed: set[str] = set()
    shown: set[str] = set()
    for page in site.pages_of(LANGUAGES[0]) if listed else ():
        lines = tagged_lines(page)
        shown |= {one.told for one in lines}
        if shown & {entry.what for entry in listed} - needed:
            texs = equations_named(site, page, {tag for one in lines for tag in one.tags})
            judged = [one for one in lines if one.computed]
            for _, involved in _wrong(judged, formulas_of(texs), unnamed(lines, texs)):
                needed |= {one.told for one in involved}
    return [
        Fault(
            file_of(site),
            entry.number,
            f"{'its tag passes without this entry' if entry.what in shown else 'no page shows it'}"
            f": {entry.what}",
            "take it out",
        )
        for entry in listed
        if entry.what not in needed
    ]
