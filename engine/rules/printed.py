"""English words that the code of a Chinese page prints, or that its comments say."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from engine.faults import Fault
from engine.languages.literals import Literal, program
from engine.languages.words import VALUE, VALUES, short
from engine.paths import LANGUAGES
from engine.reading.comments import comments_of
from engine.reading.lines import Line
from engine.reading.page import Page
from engine.reference.glossary import NAME, terms
from engine.running.examples import Code, pieces
from engine.site import Site

#: Small letters that stand by themselves; those of a name (``W_hh``, ``x.dtype``) do not.
WORD = re.compile(r"(?<![\w.\\])[a-z]{3,}(?![\w(]|\.\w)")

#: The capital letter with which a sentence of several words begins.
FIRST_WORD = re.compile(r"^[A-Z](?=[a-z]+ )")

#: A word of a formula.
SPELLED = re.compile(r"\\([a-z]{3,})\b|\{([a-z]{3,})\}")

#: What TeX calls layout, and no reader sees.
LAYOUT = frozenset({"left", "right", "over", "begin", "end", "text", "big", "bar", "hat", "quad"})

#: Signs that are written as words: functions and units.
SIGNS = frozenset({"log", "exp", "sin", "cos", "tan", "arg", "min", "max", "mol", "rad"}) | VALUES

#: A header names columns, which are padded, and a Chinese character is two columns wide.
HEADER = re.compile(r"\S {2,}\S")


def english_words(site: Site, page: Page) -> list[Fault]:
    """Words that ``print`` is given or a comment has on a Chinese page and that are plain English.

    Of a comment that a snippet brings along its catalogue is asked (engine/rules/comments.py).
    Names may stand: what the code or a formula of the page spells, what it installs, and the
    terms that the glossary leaves in English. In a lab so may the headers of padded columns, whose
    rows have the names of the code that both languages share.
    """
    if page.language != LANGUAGES[0]:
        return []
    code = [piece for fence in page.python_fences for piece in pieces(fence)]
    stubs = [piece for fence in page.stubs for piece in pieces(fence)]
    found = [*_printed(page, code), *_said(page, [*code, *stubs])]
    if not found:
        return []
    names = {name for piece in (*code, *stubs) for name in spelled(piece.source)}
    names |= _names(page) | terms_in_english(site, page.language)
    return [
        Fault(line.origin.path, line.origin.line, f"{what}: {', '.join(words)}", remedy)
        for text, line, what, remedy in found
        if (words := english_in(text, names))
    ]


def english_in(text: str, names: Iterable[str] = ()) -> list[str]:
    """The English words of a text, but for these names."""
    return [word for word in WORD.findall(text) if word not in names]


def spelled(source: str) -> set[str]:
    """The names that some code spells, the texts among them that are not printed."""
    read = program(source)
    if read is None:
        return set()
    found = {*read.fixed, *(data.text for data in read.literals if not data.is_printed)}
    for node in ast.walk(ast.parse(source)):
        given = (getattr(node, field, None) for field in ("id", "attr", "arg", "name"))
        for name in given:
            found |= set(name.split(".")) if isinstance(name, str) else set()
    return found


def terms_in_english(site: Site, language: str) -> set[str]:
    """Signs that are written as words, and words that the glossary has in English everywhere."""
    path = site.source(language, NAME)
    listed = terms(site.page(path)) if path else ()
    left = {word for term in listed for word in re.findall("[a-z]+", term.words[language])}
    return left | SIGNS


#: A text that may have English words, its line, what would be wrong, and the remedy.
Suspect = tuple[str, Line, str, str]


def _printed(page: Page, code: list[Code]) -> Iterator[Suspect]:
    for piece in code:
        read = program(piece.source)
        for literal in read.literals if read else ():
            if literal.is_printed and english_in(literal.text):
                if page.is_lab and _is_header(literal):
                    continue
                remedy = "put the words into Chinese on this page"
                remedy += "" if page.is_lab else f", then: make outputs PAGE={page.name}"
                what = f"{short(literal.text)} is printed in English"
                yield literal.text, piece.lines[literal.line - 1], what, remedy


def _said(page: Page, code: list[Code]) -> Iterator[Suspect]:
    for piece in code:
        for comment in comments_of(piece.source):
            line = piece.lines[comment.start[0]]
            text = FIRST_WORD.sub(lambda found: found[0].lower(), comment.text)
            if line.origin.path == page.path and english_in(text):
                what = f"{short(comment.text)} is a comment in English"
                yield text, line, what, "put the words into Chinese on this page"


def _is_header(literal: Literal) -> bool:
    return VALUE not in literal.text and HEADER.search(literal.text) is not None


def _names(page: Page) -> set[str]:
    """What the formulas of a page spell, and what it installs."""
    found: set[str] = set()
    for formula in page.formulas:
        found |= {word for pair in SPELLED.findall(formula.tex) for word in pair} - LAYOUT
    for fence in page.fences:
        if fence.language == "sh":
            found |= set(re.findall(r"[a-z]+", fence.source))
    return found
