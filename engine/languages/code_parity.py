"""Both languages show the same code: all of it but its comments, and the words that it prints.

Code is compared as Python reads it, with the words of its texts taken out, and what it prints is
compared line by line in the same way. A word that is kept and printed later has one translation,
and is no key or argument anywhere. So both run alike, and differ in what they call things.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from engine.faults import Fault
from engine.languages.literals import program, same_literal
from engine.languages.words import same_but_for_words, short
from engine.paths import shown
from engine.reading.lines import Line, Origin
from engine.reading.page import Fence, Page
from engine.running.examples import Code, pieces

#: What a page shows as code: a piece of Python, or a fence of something else.
Piece = Code | Fence

IN_STEP = "bring both languages in step"
WORDS = "only words may be Chinese: numbers, signs, names, values and their order stay the same"
MEANING = "put a word into Chinese everywhere or nowhere, and one that is also a key nowhere"


def code_faults(page: Page, sibling: Page) -> list[Fault]:
    """Where the code of a Chinese page and its sibling differ in more than comments and words."""
    pairs = list(zip_longest(_pieces(page), _pieces(sibling)))
    absent = ("nothing", Origin(page.path, 1)), ("nothing", Origin(sibling.path, 1))
    for mine, theirs in pairs:
        for kind, here, there, remedy in _differences(mine, theirs):
            (ours, at), (other, beside) = here or absent[0], there or absent[1]
            what = f"{kind} differs from {shown(beside.path)}:{beside.line}: "
            what += f"{short(ours)} against {short(other)}"
            return [Fault(at.path, at.line, what, remedy)]  # what follows is out of step anyway
    return list(_meanings(page, [(a, b) for a, b in pairs if a and b]))


#: A text, and where it stands; None if there is none.
Place = tuple[str, Origin] | None


def _differences(
    mine: Piece | None, theirs: Piece | None
) -> Iterator[tuple[str, Place, Place, str]]:
    """What differs between two pieces: what it is, both texts with their places, the remedy."""
    whole = ("code", _place(mine), _place(theirs), IN_STEP)
    if not (isinstance(mine, Code) and isinstance(theirs, Code)):
        if _written(mine) != _written(theirs):
            yield whole
        return
    if mine.fence.exercise != theirs.fence.exercise:
        here, there = ((p.fence.exercise or "no stub", p.fence.origin) for p in (mine, theirs))
        yield "stub", here, there, IN_STEP
        return
    one, two = program(mine.source), program(theirs.source)
    if one is None or two is None:  # no Python: running it says so
        if mine.source != theirs.source:
            yield whole
        return
    if one.shape != two.shape:
        yield whole
        return
    for a, b in zip(one.literals, two.literals, strict=True):
        if not same_literal(a, b):
            places = mine.lines[a.line - 1].origin, theirs.lines[b.line - 1].origin
            yield "printed text", (a.text, places[0]), (b.text, places[1]), WORDS
    for ours, others in zip_longest(mine.shown or (), theirs.shown or ()):
        here, there = _line(ours, mine), _line(others, theirs)
        if ours is None or others is None or not same_but_for_words(here[0], there[0]):
            yield "output", here, there, WORDS


def _line(line: Line | None, piece: Code) -> tuple[str, Origin]:
    """A line of what a piece prints; where it has none, the piece's place."""
    return ("nothing", piece.lines[0].origin) if line is None else (line.rstrip(), line.origin)


def _meanings(page: Page, pairs: Sequence[tuple[Piece, Piece]]) -> Iterator[Fault]:
    """Words that are kept, and mean something else to the program of one language."""
    programs = [
        (mine, one, two)
        for mine, theirs in pairs
        if isinstance(mine, Code) and isinstance(theirs, Code)
        if (one := program(mine.source)) and (two := program(theirs.source))
    ]
    fixed = {text for _, one, two in programs for text in one.fixed | two.fixed}
    named: dict[str, str] = {}
    meant: dict[str, str] = {}
    for code, one, two in programs:
        for a, b in zip(one.literals, two.literals, strict=True):
            if a.is_printed and not page.is_lab:  # nothing else sees it
                continue
            apart = a.text != b.text
            if named.setdefault(b.text, a.text) != a.text:
                what = f"{short(b.text)} is {short(named[b.text])} elsewhere, {short(a.text)} here"
            elif not a.is_printed and meant.setdefault(a.text, b.text) != b.text:
                what = f"{short(a.text)} stands for {short(meant[a.text])} and {short(b.text)}"
            elif not a.is_printed and apart and fixed & {a.text, b.text}:
                what = f"{short(b.text)} is also a key or an argument, and {short(a.text)} here"
            else:
                continue
            at = code.lines[a.line - 1].origin
            yield Fault(at.path, at.line, what, MEANING)


def _pieces(page: Page) -> list[Piece]:
    found: list[Piece] = []
    for fence in page.fences:
        code = [piece for piece in pieces(fence) if not piece.is_comment or piece.shown]
        found += code if fence.is_python else [fence]
    return found


def _place(piece: Piece | None) -> Place:
    if piece is None:
        return None
    return piece.source, piece.lines[0].origin if isinstance(piece, Code) else piece.origin


def _written(piece: Piece | None) -> str:
    if isinstance(piece, Fence):
        return f"{piece.language}: {piece.source}"
    return piece.source if piece else ""
