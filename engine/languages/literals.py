"""The texts in a piece of code whose words may be in either language, and the code without them.

Docstrings are left out, as comments are, for they do nothing. A text is *printed*, where nothing
but ``print`` sees it, or *kept*: assigned, returned, listed, gone through. All others decide what
the program does, and are *fixed*: the keys of dictionaries, what is compared, and what any other
function is given.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from engine.languages.words import VALUE, same_but_for_words
from engine.reading.comments import without_docstrings


class Place(Enum):
    """What becomes of a text that stands somewhere in the code."""

    FIXED = auto()
    KEPT = auto()
    PRINTED = auto()


@dataclass(frozen=True)
class Literal:
    """A text that may be put into the other language; VALUE stands where it has a value.

    ``formats`` says how each of its values is written, such as ``.2f``.
    """

    text: str
    formats: tuple[str, ...]
    is_printed: bool
    line: int


@dataclass(frozen=True)
class Program:
    """Code taken apart: its texts, the code without them, and the texts that are fixed."""

    shape: str
    literals: tuple[Literal, ...]
    fixed: frozenset[str]


#: What a format or a template says of its values, which is no word.
DIRECTIVE = re.compile(r"\{[^{}]*\}|%[-+#0-9.]*[A-Za-z]")

#: A text that is an address of a file.
PATH = re.compile(r"\S*[/\\]\S*|\S+\.\w+")


def take_apart(source: str) -> Program:
    """Raises SyntaxError."""
    tree = without_docstrings(ast.parse(source))
    reader = _Reader()
    for statement in tree.body:
        reader.read(statement, Place.FIXED)
    return Program(ast.dump(tree), tuple(reader.literals), frozenset(reader.fixed))


def program(source: str) -> Program | None:
    """Code taken apart; None if it is no Python."""
    try:
        return take_apart(source)
    except SyntaxError:
        return None


#: A Chinese text, and the English one at the same place.
Pair = tuple[Literal, Literal]


def same_code(chinese: Sequence[str], english: Sequence[str]) -> bool:
    """Whether two sequences of cells differ in nothing but comments and words."""
    return same_literals(chinese, english) is not None


def same_literals(chinese: Sequence[str], english: Sequence[str]) -> list[Pair] | None:
    """The texts at the same places of cells that differ in nothing but comments and words; None
    where they differ in more."""
    if len(chinese) != len(english):
        return None
    pairs: list[Pair] = []
    for mine, theirs in zip(chinese, english, strict=True):
        a, b = program(mine), program(theirs)
        if a is None or b is None or a.shape != b.shape:
            return None
        pairs += zip(a.literals, b.literals, strict=True)
    return pairs if all(same_literal(*pair) for pair in pairs) else None


def literal_pairs(chinese: Sequence[str], english: Sequence[str]) -> list[Pair]:
    """The texts at the same places of cells whose code is the same. Raises SyntaxError."""
    return [
        pair
        for a, b in zip(chinese, english, strict=True)
        for pair in zip(take_apart(a).literals, take_apart(b).literals, strict=True)
    ]


def same_literal(chinese: Literal, english: Literal) -> bool:
    """Whether two texts at the same place differ in nothing but their words."""
    if chinese.text == english.text:
        return True
    if not english.formats:
        if PATH.fullmatch(english.text):
            return False
        if DIRECTIVE.findall(chinese.text) != DIRECTIVE.findall(english.text):
            return False
    return same_but_for_words(chinese.text, english.text)


class _Reader:
    """Goes through code in its order, and takes the texts that are not fixed out of it."""

    def __init__(self) -> None:
        self.literals: list[Literal] = []
        self.fixed: set[str] = set()

    def read(self, node: ast.AST, place: Place) -> None:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if place is Place.FIXED:
                self.fixed.add(node.value)
            else:
                self._take(node, node.value, (), place)
                node.value = VALUE
        elif isinstance(node, ast.JoinedStr) and place is not Place.FIXED:
            values = [part for part in node.values if isinstance(part, ast.FormattedValue)]
            parts = (p.value if isinstance(p, ast.Constant) else VALUE for p in node.values)
            formats = (ast.unparse(v.format_spec)[2:-1] if v.format_spec else "" for v in values)
            self._take(node, "".join(map(str, parts)), tuple(formats), place)
            node.values = list(values)
        for child, where in _children(node, place):
            self.read(child, where)

    def _take(self, node: ast.expr, text: str, formats: tuple[str, ...], place: Place) -> None:
        self.literals.append(Literal(text, formats, place is Place.PRINTED, node.lineno))


def _children(node: ast.AST, place: Place) -> Iterator[tuple[ast.AST, Place]]:
    """The parts of a piece of code, each with what becomes of a text that stands there."""
    handed_on = _handed_on(node)
    kept = Place.FIXED if place is Place.FIXED else Place.KEPT
    for name, value in ast.iter_fields(node):
        for child in value if isinstance(value, list) else [value]:
            if not isinstance(child, ast.AST):
                continue
            if name in handed_on:
                yield child, place
            elif _is_print(node) and name == "args":
                yield child, Place.PRINTED
            elif isinstance(node, ast.stmt) and name in KEEPING.get(type(node), ()):
                yield child, Place.KEPT
            elif isinstance(node, ast.ListComp | ast.GeneratorExp) and name == "generators":
                yield child, kept
            elif isinstance(node, ast.comprehension) and name == "iter":
                yield child, place
            else:
                yield child, Place.FIXED


#: Where a statement keeps the value of an expression, or goes through it.
KEEPING: dict[type[ast.AST], tuple[str, ...]] = {
    ast.Assign: ("value",),
    ast.AnnAssign: ("value",),
    ast.AugAssign: ("value",),
    ast.Return: ("value",),
    ast.For: ("iter",),
}

#: Of which parts an expression is made, so that a text in them comes where the expression comes.
HANDED_ON: dict[type[ast.AST], tuple[str, ...]] = {
    ast.JoinedStr: ("values",),
    ast.FormattedValue: ("value",),
    ast.IfExp: ("body", "orelse"),
    ast.Tuple: ("elts",),
    ast.List: ("elts",),
    ast.Starred: ("value",),
    ast.Dict: ("values",),
    ast.ListComp: ("elt",),
    ast.GeneratorExp: ("elt",),
}


def _handed_on(node: ast.AST) -> tuple[str, ...]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return ("left", "right")
    return HANDED_ON.get(type(node), ())


def _is_print(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func) == "print"
