"""Labels of drawings: each language has its own words, however little a picture says."""

from __future__ import annotations

import html
import re

from engine.faults import Fault, FaultsFound
from engine.languages.words import CHINESE
from engine.paths import LANGUAGES
from engine.reading.page import Link, Page
from engine.site import Site

#: What a drawing says in words.
TEXT = re.compile(r"<(?P<element>text|title)\b[^>]*>(?P<words>.*?)</(?P=element)>", re.S)
ELEMENT = re.compile(r"<[^>]+>")

WORD = re.compile(r"\b[a-z]{3,}\b")
WORDS = re.compile(r"\b[a-z]{3,} [a-z]{3,}\b")


def of_one_language(site: Site, page: Page) -> list[Fault]:
    """Drawings of a page whose labels are another language's; told at the first language's page.

    Names that its text or code has as well are the same in every language: ``tanh``, ``setosa``.
    """
    if page.language != LANGUAGES[0]:
        return []
    written = "\n".join(page.lines)
    faults = []
    drawn = [target.partition(":") for target in page.figures]
    # All of them together; what cannot be drawn is told elsewhere.
    site.drawings.prepare((kind, name, lang) for kind, _, name in drawn for lang in LANGUAGES)
    for image in page.images:
        for label in _foreign(site, image, written):
            what = f"the drawing {image.target} says {label!r} in the other language, too"
            remedy = 'say it in both: say("损失", "loss")'
            faults.append(Fault(image.origin.path, image.origin.line, what, remedy))
    return faults


def _foreign(site: Site, image: Link, written: str) -> list[str]:
    kind, _, target = image.target.partition(":")
    try:
        chinese, english = (_labels(site, kind, target, language) for language in LANGUAGES)
    except FaultsFound:  # there is no such drawing, which is told elsewhere
        return []
    shared = (label for label in chinese & english if _is_english(label, written))
    return sorted({label for label in english if CHINESE.search(label)}.union(shared))


def _labels(site: Site, kind: str, target: str, language: str) -> set[str]:
    """All that a drawing says in one language, its captions and sliders among it."""
    drawn = site.drawings.drawn(kind, target, language)
    found = {words for slider in drawn.sliders for words in (slider.name, *slider.texts)}
    for frame in drawn.frames:
        found.add(frame.caption)
        for text in TEXT.finditer(frame.svg):
            # An index stands in an element of its own, and makes no word with its letter.
            found.add(" ".join(html.unescape(ELEMENT.sub(" ", text["words"])).split()))
    return found


def _is_english(label: str, written: str) -> bool:
    """Whether a label has words of its own, none that stand in what the page says."""
    if CHINESE.search(label):
        return False
    return bool(WORDS.search(label)) or any(word not in written for word in WORD.findall(label))
