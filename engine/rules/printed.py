"""English words that the code of a Chinese page prints, although both pages print the same."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from engine.faults import Fault
from engine.languages.literals import Literal, program
from engine.languages.words import VALUE, VALUES, short
from engine.paths import LANGUAGES
from engine.reading.page import Page
from engine.reference.glossary import NAME, terms
from engine.running.examples import Code, pieces
from engine.site import Site

#: Small letters that stand by themselves; those of a name (``W_hh``, ``x.dtype``) do not.
WORD = re.compile(r"(?<![\w.\\])[a-z]{3,}(?![\w(]|\.\w)")

#: A word of a formula.
SPELLED = re.compile(r"\\([a-z]{3,})\b|\{([a-z]{3,})\}")

#: What TeX calls layout, and no reader sees.
LAYOUT = frozenset({"left", "right", "over", "begin", "end", "text", "big", "bar", "hat", "quad"})

#: Signs that are written as words: functions and units.
SIGNS = frozenset({"log", "exp", "sin", "cos", "tan", "arg", "min", "max", "mol", "rad"}) | VALUES

#: A header names columns, which are padded, and a Chinese character is two columns wide.
HEADER = re.compile(r"\S {2,}\S")


def english_words(site: Site, page: Page) -> list[Fault]:
    """Words that ``print`` is given on a Chinese page and that are plain English.

    Names may stand: what the code or a formula of the page spells, what it installs, and the
    terms that the glossary leaves in English. In a lab so may the headers of padded columns, whose
    rows have the names of the code that both languages share.
    """
    if page.language != LANGUAGES[0]:
        return []
    code = [piece for fence in page.python_fences for piece in pieces(fence)]
    faults = []
    names: set[str] | None = None
    for piece, literal in _printed(code):
        if page.is_lab and _is_header(literal):
            continue
        found = WORD.findall(literal.text)
        if found and names is None:
            names = _names(page, code) | _terms(site, page)
        words = [word for word in found if word not in (names or ())]
        if words:
            at = piece.lines[literal.line - 1].origin
            what = f"{short(literal.text)} is printed in English: {', '.join(words)}"
            remedy = "put the words into Chinese on this page"
            remedy += "" if page.is_lab else f", then: make outputs PAGE={page.name}"
            faults.append(Fault(at.path, at.line, what, remedy))
    return faults


def _printed(code: list[Code]) -> Iterator[tuple[Code, Literal]]:
    for piece in code:
        read = program(piece.source)
        for literal in read.literals if read else ():
            if literal.is_printed:
                yield piece, literal


def _is_header(literal: Literal) -> bool:
    return VALUE not in literal.text and HEADER.search(literal.text) is not None


def _names(page: Page, code: list[Code]) -> set[str]:
    """What the code and the formulas of a page spell, and what it installs."""
    found = set(SIGNS)
    for piece in code:
        read = program(piece.source)
        if read is None:
            continue
        found |= read.fixed
        found |= {data.text for data in read.literals if not data.is_printed}
        for node in ast.walk(ast.parse(piece.source)):
            given = (getattr(node, field, None) for field in ("id", "attr", "arg", "name"))
            for name in given:
                found |= set(name.split(".")) if isinstance(name, str) else set()
    for formula in page.formulas:
        found |= {word for pair in SPELLED.findall(formula.tex) for word in pair} - LAYOUT
    for fence in page.fences:
        if fence.language == "sh":
            found |= set(re.findall(r"[a-z]+", fence.source))
    return found


def _terms(site: Site, page: Page) -> set[str]:
    """The words that the glossary has in English in both languages."""
    path = site.source(page.language, NAME)
    listed = terms(site.page(path)) if path else ()
    return {word for term in listed for word in re.findall("[a-z]+", term.words[page.language])}
