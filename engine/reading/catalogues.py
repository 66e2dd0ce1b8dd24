"""What the comments of the snippets say in Chinese: ``snippets/zh/lstm.po`` beside ``lstm.py``.

The code is one file, which is tested, with English docstrings and comments. For each of these a
catalogue of gettext has the text of a page in another language.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from babel.messages.pofile import PoFileError, read_po

from engine.faults import Fault, FaultsFound
from engine.reading import sources
from engine.reading.comments import with_words


@dataclass(frozen=True)
class Entry:
    """A text of a module and the one for it; ``line`` is that of the catalogue.

    It is not ``sure`` where the English has changed since.
    """

    english: str
    text: str
    line: int
    sure: bool


def catalogue_of(module: Path, language: str) -> Path:
    """Where the words of a module stand, whether there are any or not."""
    return module.parent / language / f"{module.stem}.po"


def entries(catalogue: Path) -> list[Entry]:
    """All of a catalogue; none if it does not exist. Raises FaultsFound."""
    return _entries(catalogue, sources.read(catalogue)) if catalogue.is_file() else []


def in_language(lines: Sequence[str], module: Path, language: str) -> Sequence[tuple[str, int]]:
    """The lines of a module with the comments of a language, as far as there are any.

    Each comes with the number, from 0, of the line that it stands for. Raises FaultsFound.
    """
    catalogue = catalogue_of(module, language)
    if module.suffix != ".py" or not catalogue.is_file():
        return [(line, number) for number, line in enumerate(lines)]
    return _with_entries(tuple(lines), catalogue, sources.read(catalogue))


# A page includes a module section by section, and each time all of it is read.
@lru_cache(maxsize=32)
def _with_entries(
    lines: tuple[str, ...], catalogue: Path, text: str
) -> tuple[tuple[str, int], ...]:
    words = {entry.english: entry.text for entry in _entries(catalogue, text) if entry.sure}
    return tuple(with_words(lines, lambda english: words.get(english, "")))


def _entries(catalogue: Path, text: str) -> list[Entry]:
    try:
        read = read_po(io.BytesIO(text.encode()), ignore_obsolete=True, abort_invalid=True)
    except PoFileError as error:
        what = f"this is no catalogue: {error}"
        remedy = 'write msgid "…" and msgstr "…" below one another, each line in quotes'
        raise FaultsFound(Fault(catalogue, (error.lineno or 0) + 1, what, remedy)) from None
    return [
        Entry(str(message.id), str(message.string or ""), message.lineno or 1, not message.fuzzy)
        for message in read
        if message.id
    ]
