"""Two texts that a program prints, in Chinese and in English: the same but for their words.

Words are told from the rest by the language. What a Chinese text has besides Chinese characters
and punctuation, that is numbers, signs and names, stands in the English one as well, in the same
order; and what the English one has besides may only be words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

#: Stands in a text where the program puts a value.
VALUE = "\ue000"

#: A Chinese character.
CHINESE = re.compile(r"[㐀-鿿]")

PUNCTUATION = frozenset(".,;:!?()\"'“”‘’…—、。，；：！？（）《》「」")

TOKEN = re.compile(
    r"(?P<word>[A-Za-z_][A-Za-z0-9_]*)(?:['’](?:s|t|re|ve|ll|d)\b)?"
    r"|(?P<number>(?:\d+(?:,\d{3})*(?:\.\d+)?|\.\d+)(?:e[+-]?\d+)?)"
    # The hyphen of a compound, which is no minus: cross-entropy, n-gram, 3-step.
    r"|(?P<hyphen>(?<=[A-Za-z0-9])-(?=[A-Za-z]{2})|(?<=[A-Za-z]{2})-(?=[A-Za-z]))"
    r"|(?P<sign>\n|\S)"
)

#: Words that are values.
VALUES = frozenset({"True", "False", "None", "nan", "inf"})


def same_but_for_words(chinese: str, english: str) -> bool:
    """Whether two texts say the same as far as numbers, signs and names go."""
    if chinese == english:
        return True
    if not CHINESE.search(chinese) or CHINESE.search(english):
        return False
    wanted = [text for text, _ in _tokens(chinese)]
    for text, is_word in _tokens(english):
        if wanted and (text == wanted[0] or (is_word and text.lower() == wanted[0].lower())):
            del wanted[0]
        elif not is_word:
            return False
    return not wanted


def has_words(english: str) -> bool:
    """Whether an English text has anything that is put into Chinese."""
    return any(is_word for _, is_word in _tokens(english))


def without_words(text: str) -> list[str]:
    """The numbers, signs and names of a text, in order."""
    return [found for found, is_word in _tokens(text) if not is_word]


def short(text: str) -> str:
    """A text as a message shows it."""
    text = " ".join(text.replace(VALUE, "{…}").split())
    return repr(text if len(text) <= 70 else text[:67] + "…")


def _tokens(text: str) -> Iterator[tuple[str, bool]]:
    """Numbers, signs, names and words of a text, each with whether it is a mere word."""
    for found in TOKEN.finditer(text):
        if found["word"]:
            yield found["word"], not _is_name(found["word"], text[found.end() :])
        elif (
            found["hyphen"] is None and found[0] not in PUNCTUATION and not CHINESE.match(found[0])
        ):
            yield found[0], False


def _is_name(word: str, rest: str) -> bool:
    """Whether letters are a name of code or mathematics: ``W_hh``, ``x1``, ``J``, ``LSTM``."""
    if word in ("a", "A"):
        return re.match(r"\s+\w", rest) is None  # else it is an article
    return len(word) == 1 or word in VALUES or re.search(r"[\d_]|(?<=.)[A-Z]", word) is not None
