"""The pages of the site as the project's files have them now."""

import re

from engine.faults import Fault, FaultsFound
from engine.page import Page, parse
from engine.paths import CONFIGURATIONS, LANGUAGES, ROOT, name_of, sources


def pages() -> tuple[list[Page], list[Fault]]:
    """All pages of all languages, and a fault for each file that cannot be read as one."""
    found: list[Page] = []
    faults: list[Fault] = []
    for language in LANGUAGES:
        for path in sources(language):
            try:
                found.append(parse(path))
            except FaultsFound as error:
                faults += error.faults
    return found, faults


def pairs(all_pages: list[Page]) -> list[tuple[Page, Page]]:
    """Each page with its sibling, in the order of ``LANGUAGES``; pages without one are left out."""
    first, second = (
        {page.name: page for page in all_pages if page.language == language}
        for language in LANGUAGES
    )
    return [(first[name], second[name]) for name in sorted(first.keys() & second.keys())]


def in_reading_order(language: str) -> list[Page]:
    """The pages of one language in the order of its navigation; any others come last."""
    configuration = (ROOT / CONFIGURATIONS[language]).read_text(encoding="utf-8")
    navigation = configuration.partition("\nnav:\n")[2]
    names = re.findall(r"^\s*- (?:.*: )?([\w/-]+)\.(?:md|py)$", navigation, re.M)
    paths = sources(language)
    order = {name: number for number, name in enumerate(names)}
    return [parse(path) for path in sorted(paths, key=lambda p: order.get(name_of(p), len(order)))]
