"""Characters that readers cannot see, or that change how those beside them are seen."""

from __future__ import annotations

import re
import unicodedata
from html import unescape

#: Controls, what is for private use, what surrounds other characters, and ends of lines.
#: Tabs are seen, as space.
CATEGORIES = ("Cc", "Cf", "Co", "Cs", "Me", "Zl", "Zp")

#: What strikes a letter out, fillers, and blanks that count as letters or signs.
OTHERS = "\u0334\u0335\u0336\u0337\u0338\u034f\u115f\u1160\u2800\u3164\uffa0"

ENTITY = re.compile(r"&#?\w+;")


def unseen(text: str) -> str | None:
    """The first such character of a text, however it is written: ``U+200B``, ``&#8203;``."""
    for character in text:
        if character not in "\t\n" and _is_unseen(character):
            return f"U+{ord(character):04X}"
    for entity in ENTITY.findall(text):
        if any(map(_is_unseen, unescape(entity))):
            return str(entity)
    return None


def _is_unseen(character: str) -> bool:
    if character.isascii() and character.isprintable():
        return False
    return character in OTHERS or unicodedata.category(character) in CATEGORIES
