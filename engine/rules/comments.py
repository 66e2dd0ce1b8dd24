"""What the snippets say in Chinese: each docstring and comment, and what its English one says.

The texts stand in catalogues (engine/reading/catalogues.py). Numbers, names and tags of equations
are the same in both; the words are up to whoever writes them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from engine.faults import Fault, FaultsFound
from engine.languages.words import short, without_words
from engine.paths import LANGUAGES, shown
from engine.readable.lines import columns
from engine.reading import sources
from engine.reading.catalogues import Entry, catalogue_of, entries
from engine.reading.comments import Comment, comments_of
from engine.reading.page import Page
from engine.rules.code import WIDEST, shown_modules
from engine.rules.printed import english_in, spelled, terms_in_english
from engine.rules.tagged_lines import TAG_NAMED
from engine.site import Site

#: The language whose pages have their comments from catalogues.
LANGUAGE = LANGUAGES[0]


def comments_shown(site: Site, page: Page) -> list[Fault]:
    """What is wrong with the Chinese comments of the modules that a page shows."""
    modules = shown_modules(site, page) if page.language == LANGUAGE else []
    return [fault for module in modules for fault in faults_of(site, module)]


def comments_of_all(site: Site) -> list[Fault]:
    """What is wrong with any catalogue, and those that belong to no module."""
    found = [fault for module in modules_of(site) for fault in faults_of(site, module)]
    for catalogue in sorted((site.snippets / LANGUAGE).glob("*.po")):
        if not (site.snippets / f"{catalogue.stem}.py").is_file():
            found.append(Fault(catalogue, 1, "this catalogue belongs to no module", "delete it"))
    return found


def modules_of(site: Site) -> list[Path]:
    """The modules of snippets, without the file that makes them a package."""
    return sorted(path for path in site.snippets.glob("*.py") if path.stem != "__init__")


def needs_words(text: str) -> bool:
    """Whether a comment needs a Chinese text: it has letters besides tags and single ones."""
    return re.search("[A-Za-z]{2}", TAG_NAMED.sub("", text)) is not None


def faults_of(site: Site, module: Path) -> list[Fault]:
    """What is wrong with the Chinese comments of one module."""
    catalogue = catalogue_of(module, LANGUAGE)
    try:
        written = {entry.english: entry for entry in entries(catalogue)}
    except FaultsFound as error:
        return list(error.faults)
    source = sources.read(module)
    comments = comments_of(source)
    first: dict[str, Comment] = {}
    for comment in comments:
        first.setdefault(comment.text, comment)
    command = f"make comments MODULE={module.stem}"
    found = []
    for text, comment in first.items():
        entry = written.get(text)
        if needs_words(text) and not (entry and entry.text):
            where = (catalogue, entry.line) if entry else (module, comment.start[0] + 1)
            what = f"{short(text)} has no Chinese text"
            remedy = f"write one in {shown(catalogue)}" + ("" if entry else f", after: {command}")
            found.append(Fault(*where, what, remedy))
    names = spelled(source) | terms_in_english(site, LANGUAGE)
    for entry in written.values():
        own = [comment for comment in comments if comment.text == entry.english]
        if not own:
            what = f"no comment of {shown(module)} says {short(entry.english)}"
            found.append(Fault(catalogue, entry.line, what, f"take it out: {command}"))
        elif not entry.sure:
            what = f"the English text is new, or has changed: {short(entry.english)}"
            remedy = "see that the Chinese one says the same, and take out the mark fuzzy"
            found.append(Fault(catalogue, entry.line, what, remedy))
        elif entry.text:
            wide = _width(entry.text, own, source.split("\n"))
            told = [*_out_of_step(entry), *_badly_said(entry.text, names, wide)]
            found += [Fault(catalogue, entry.line, what, remedy) for what, remedy in told]
    return found


def _badly_said(text: str, names: set[str], wide: int) -> Iterator[tuple[str, str]]:
    """What is wrong with a Chinese text by itself, and what to do about it."""
    words = english_in(text, names)
    if words:
        yield f"{short(text)} is in English: {', '.join(words)}", "put the words into Chinese"
    if wide > WIDEST:
        what = f"{short(text)} makes a line of {wide} columns"
        yield what, f"break it, or shorten it: code that is shown has at most {WIDEST}"


def _width(text: str, comments: list[Comment], lines: list[str]) -> int:
    """The columns of the widest line that a text makes in the place of these comments."""
    widest = 0
    for comment in comments:
        row, column = comment.start
        first, *rest = comment.written(text)
        widest = max(widest, *map(columns, [lines[row][:column] + first, *rest]))
    return widest


def _out_of_step(entry: Entry) -> Iterator[tuple[str, str]]:
    """What a Chinese text lacks of the English one or has besides, and what to do about it.

    It may have other signs besides, which say in Chinese what English says in words.
    """
    english, chinese = entry.english, entry.text
    tags, others = ([f"({tag})" for tag in TAG_NAMED.findall(text)] for text in (english, chinese))
    # A tag is taken as a whole, and where a line ends says nothing.
    english, chinese = (" ".join(TAG_NAMED.sub("", text).split()) for text in (english, chinese))
    wanted, given = without_words(english), without_words(chinese)
    known = {text.lower() for text in re.findall(r"\w+", english)}
    lacking = [text for text in (*tags, *wanted) if text not in (*others, *given)]
    added = [tag for tag in others if tag not in tags]
    added += [
        text
        for text in given
        if re.match(r"[\w.]", text) and text not in wanted and text.lower() not in known
    ]
    if lacking:
        what = f"{short(entry.text)} lacks {', '.join(dict.fromkeys(lacking))} of the English text"
        yield what, "say the same: tags, numbers, names and signs stand in both"
    if added:
        what = f"{short(entry.text)} has {', '.join(dict.fromkeys(added))}"
        yield (
            f"{what}, and the English text has not",
            "say the same: tags, numbers and names stand in both",
        )
