"""All that is asked of the pages: one list of questions, for the tests and for whoever writes.

    python -m engine.review                       all pages
    python -m engine.review lstm labs/memory      these pages, in both languages
    python -m engine.review lstm --site site      and what is built of them in that folder

A question is a function of the site and a page that returns faults. It stands in the room where
it belongs; here is the list. Faults are printed as they are found, and their number at the end.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from engine.build_faults import page_faults
from engine.claims.loose import loose_faults
from engine.claims.printed import printed_faults
from engine.equations.faults import (
    definition_faults,
    equation_faults,
    formula_faults,
    tag_faults,
)
from engine.equations.relations import relation_faults, states_of
from engine.exercises.faults import exercise_faults, judges_without_page
from engine.faults import Fault, FaultsFound
from engine.languages.numbers import number_faults
from engine.languages.parity import parity_faults
from engine.languages.stamps import stamp_faults, without_page
from engine.paths import LANGUAGES, shown
from engine.reading.addresses import address_of
from engine.reading.page import Page
from engine.reference.cited import citation_faults
from engine.reference.glossary import NAME as GLOSSARY
from engine.reference.glossary import glossary_faults, term_faults
from engine.reference.notation import NAME as NOTATION
from engine.reference.notation import notation_faults
from engine.reference.notation_shapes import notation_shape_faults
from engine.reference.private_terms import private_faults
from engine.reference.references import reference_faults, uncited
from engine.reference.works import record_faults
from engine.rules import (
    chapters,
    code,
    comments,
    labels,
    link_texts,
    navigation,
    printed,
    tagged_lines,
)
from engine.running.built_page import BuiltPage
from engine.running.example_faults import example_faults
from engine.running.expected import check_page, expected
from engine.running.guard import guard_faults
from engine.running.shapes import shape_faults
from engine.site import NoSuchPage, Site

Question = Callable[[Site, Page], list[Fault]]


def sibling(site: Site, page: Page) -> list[Fault]:
    """Where the two languages differ in more than their words; asked of the first one's pages."""
    path = site.source(_other(page.language), page.name)
    if path is None:
        what = f"this page has no sibling {shown(site.sibling_of(page.path))}"
        return [Fault(page.path, 1, what, "write it: every page exists in both languages")]
    if page.language != LANGUAGES[0]:
        return []
    other = site.page(path)
    listed = term_faults(page, other) if page.name == GLOSSARY else []
    return [*parity_faults(page, other), *number_faults(page, other), *listed]


def stamps(site: Site, page: Page) -> list[Fault]:
    """Sections that are not in step; asked of the first language's pages."""
    return stamp_faults(site, page.name) if page.language == LANGUAGES[0] else []


def lab(site: Site, page: Page) -> list[Fault]:
    """What is wrong with what a lab draws and prints; it is run where it has changed."""
    if not page.is_lab:
        return []
    try:
        return [*site.labs.faults(page), *site.labs.word_faults(page)]
    except FaultsFound as error:
        return list(error.faults)


#: What is asked of each page, the quick questions first.
QUESTIONS: dict[str, Question] = {
    "front matter": chapters.front_matter,
    "shape": chapters.shape,
    "gaps": chapters.gaps_of_page,
    "sibling": sibling,
    "display formulas": lambda site, page: formula_faults(page),
    "symbols": chapters.unlisted_symbols,
    "symbols of the table": chapters.needless_symbols,
    "notation": notation_faults,
    "shapes of the notation": notation_shape_faults,
    "glossary": glossary_faults,
    "private terms": private_faults,
    "numbers": lambda site, page: loose_faults(page),
    "numbers in printed texts": lambda site, page: printed_faults(page),
    "references": reference_faults,
    "citations": citation_faults,
    "texts of links": link_texts.text_faults,
    "exercises": chapters.exercises,
    "exercises in code": exercise_faults,
    "width of code": code.wide_code,
    "tags in comments": tagged_lines.tag_faults,
    "tags in sentences": tagged_lines.named_in_prose,
    "packages": code.unnamed_packages,
    "English words": printed.english_words,
    "Chinese comments": comments.comments_shown,
    "tests of snippets": code.untested_modules_shown,
    "prerequisites": navigation.circular_prerequisites,
    "navigation": navigation.missing_from_navigation,
    "tables of pages": navigation.missing_from_table,
    "map": navigation.missing_from_map,
    "unused figures": navigation.unused_figures_of_page,
    "what the build needs": page_faults,
    "labels of drawings": labels.of_one_language,
    "equations": equation_faults,
    "definitions": definition_faults,
    "relations": relation_faults,
    "lab": lab,
    "shapes": shape_faults,
    "examples": example_faults,
    "stamps": stamps,
}

#: What is asked after all else, of both languages: what is mended has to be stamped once more.
LAST = "stamps"

#: What takes long: it draws, computes or runs.
SLOW = (
    "what the build needs",
    "labels of drawings",
    "equations",
    "definitions",
    "relations",
    "lab",
    "shapes",
    "examples",
)

#: Pages that a change of another one touches.
SHARED = (navigation.HOME, NOTATION, GLOSSARY)

#: What is asked of the site as a whole.
OF_THE_SITE: dict[str, Callable[[Site], list[Fault]]] = {
    "gaps": chapters.gaps,
    "order of the navigation": navigation.order_of_navigation,
    "stamps without a page": without_page,
    "tags and checks": tag_faults,
    "modules of checks": lambda site: site.equations.faults(),
    "tests of snippets": code.untested_snippets,
    "Chinese comments": comments.comments_of_all,
    "lines that are not judged": tagged_lines.needless_entries,
    "unused figures": navigation.unused_figures,
    "judges without a page": judges_without_page,
    "record of works": record_faults,
    "works that are not cited": uncited,
}


def stamps_of_shared(site: Site, names: list[str]) -> list[Fault]:
    """Sections of the pages that others touch that are not in step, where these are not asked."""
    remedy = "see that both languages say the same, then, without PAGE: make stamp"
    shared = [name for name in SHARED if name not in names]
    return [
        Fault(fault.path, fault.line, fault.message, remedy)
        for name in shared
        for fault in stamp_faults(site, name)
    ]


def known_cheaply(site: Site, name: str) -> list[Fault]:
    """The faults of a page in both languages that are found without running anything."""
    questions = {k: q for k, q in QUESTIONS.items() if k not in (*SLOW, LAST)}
    found: list[Fault] = []
    for language in LANGUAGES:
        path = site.source(language, name)
        if path:
            try:
                found += ask(site, site.page(path), questions)
            except FaultsFound as error:
                found += error.faults
    return list(dict.fromkeys(found))


def ask(site: Site, page: Page, questions: dict[str, Question]) -> Iterator[Fault]:
    """The faults of a page, in the order of the questions.

    Where it is not written as both readers understand it, what is asked next would tell of what
    follows from that: a fence without an end makes dozens of numbers that nothing holds.
    """
    if page.faults:
        yield from page.faults
        return
    for question in questions.values():
        yield from question(site, page)


def built_faults(site: Site, page: Page, built: Path) -> list[Fault]:
    """Where what is built of a page, and of its equations' checks, shows something else.

    What is not built is passed over.
    """
    faults = []
    for source in (page, check_page(site, page)):
        file = site.built_file(source, built) if source else None
        if source is None or file is None or not file.is_file():
            continue
        read = BuiltPage(file.read_text(encoding="utf-8"), address_of(source.name))
        faults += guard_faults(source, read, expected(site, page) if source is page else None)
    return faults


def review(site: Site, names: list[str], languages: tuple[str, ...], built: Path | None,
           tell: Callable[[Fault], None]) -> list[Fault]:  # fmt: skip
    """Ask everything of these pages, or of all pages and the site; ``tell`` of each fault once."""
    found: list[Fault] = []

    def note(faults: Iterator[Fault]) -> None:
        for fault in faults:
            if fault not in found:
                found.append(fault)
                tell(fault)

    asked = {name: question for name, question in QUESTIONS.items() if name != LAST}
    if not names:
        with suppress(FaultsFound):
            states_of(site, [page for language in languages for page in site.pages_of(language)])
    for name in names or site.names():
        for language in languages:
            path = site.source(language, name)
            if path is None:
                continue
            try:
                page = site.page(path)
                note(ask(site, page, asked))
                if built:
                    note(iter(built_faults(site, page, built)))
            except FaultsFound as error:
                note(iter(error.faults))
    for question in OF_THE_SITE.values() if not names else ():
        try:
            note(iter(question(site)))
        except FaultsFound as error:
            note(iter(error.faults))
    if LANGUAGES[0] in languages:
        for name in names or site.names():
            note(iter(stamp_faults(site, name)))
        note(iter(stamps_of_shared(site, names) if names else ()))
    return found


def _other(language: str) -> str:
    return next(other for other in LANGUAGES if other != language)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m engine.review", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("names", nargs="*", metavar="PAGE", help="names, such as lstm, or files")
    parser.add_argument("--site", type=Path, help="the folder of a built site to look at, too")
    parser.add_argument("--language", choices=LANGUAGES, help="look at this language alone")
    parser.add_argument("--json", action="store_true", help="print the faults as JSON at the end")
    given = parser.parse_args(arguments)
    site = Site(Path.cwd())
    try:
        names = [site.named(name) for name in given.names]
    except NoSuchPage as error:
        print(error, file=sys.stderr)
        return 2
    start = time.monotonic()
    languages = (given.language,) if given.language else LANGUAGES

    def tell(fault: Fault) -> None:
        if not given.json:
            print(fault, flush=True)

    faults = review(site, names, languages, given.site, tell)
    if given.json:
        print(json.dumps([vars(fault) | {"path": shown(fault.path)} for fault in faults]))
    else:
        number = f"{len(faults)} fault{'' if len(faults) == 1 else 's'}"
        print(f"{', '.join(names) or 'all pages'}: {number} ({time.monotonic() - start:.1f} s)")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
