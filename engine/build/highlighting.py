"""Code is coloured with one mark for each colour that is seen, and none for plain ink.

Pygments tells some thirty kinds of pieces apart, and marks each: half of all elements of a
chapter. The theme has seven colours for them, and names, signs and spaces have that of the text.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from pygments.filter import Filter
from pygments.token import (
    Comment,
    Keyword,
    Name,
    Number,
    Operator,
    Punctuation,
    String,
    Text,
    Whitespace,
    _TokenType,
)

#: The kind that is marked in the place of kinds that look the same; the first that fits counts.
SHOWN = (
    (Name.Builtin, Name.Builtin),
    (Name.Class, Name.Function),
    (Name.Exception, Name.Function),
    (Name.Function.Magic, Text),
    (Name.Function, Name.Function),
    (Name.Namespace, Name.Function),
    (Name.Decorator, Keyword),
    (Name.Variable.Magic, Text),
    (Name.Variable, Name.Variable),
    (Name.Attribute, Name.Variable),
    (Name.Constant, Name.Builtin),
    (Name.Label, Keyword),
    (Name.Tag, Keyword),
    (Name, Text),
    (Punctuation, Text),
    (Operator, Text),
    (Whitespace, Text),
    (Keyword.Constant, Text),
    (Keyword, Keyword),
    (Number, Number),
    (String.Doc, Comment),
    (String.Affix, Text),
    (String.Escape, String.Escape),
    (String, String),
    (Comment, Comment),
)


class SeenColours(Filter):
    """Gives each piece of code the kind by which it is coloured."""

    def filter(self, lexer: Any, stream: Any) -> Iterator[tuple[_TokenType, str]]:
        for kind, text in stream:
            yield shown(kind), text


@cache
def shown(kind: _TokenType) -> _TokenType:
    """The kind that is marked in the place of this one."""
    return next((marked for seen, marked in SHOWN if kind[: len(seen)] == seen), kind)


def lexers(names: tuple[str, ...]) -> list[dict[str, Any]]:
    """These languages as pymdownx.highlight takes them, with the filter."""
    options = {"filters": [SeenColours()]}
    return [{"name": name, "lang": name, "options": options} for name in names]
