"""What a page shows, as a flat list in which a source and its built HTML can be compared.

Two readers make it: ``engine/reading/markdown.py`` from the source, and
``engine/running/built_page.py`` from the HTML. Neither asks the other; the guard compares what
they found.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

#: Marks of what is not plain text within a line. They are private characters, so that no text
#: can be taken for one of them.
OPEN, SEPARATOR, CLOSE = "\ue000", "\ue001", "\ue002"

#: Between the cells of a table's row.
CELL = "\ue003"


@dataclass(frozen=True)
class Shown:
    """One thing that is shown: its kind, what must agree besides its text, and its text.

    What holds others (a list, an item, an admonition, a caption, …) is followed by them, and by
    ``END``.

    ===============  =====================================  =====================================
    kind             detail                                 text
    ===============  =====================================  =====================================
    heading          level and id: ``2 #symbols``           the line
    paragraph                                               the line
    bullet list                                             (holds items)
    ordered list     the first number                       (holds items)
    item                                                    (holds blocks)
    table            the number of columns                  (holds rows)
    head, row                                               the cells, ``CELL`` between them
    code             language, and title if there is one    the code
    stub             the id of its exercise                 the code
    formula          id and tag of a tagged equation        its TeX, without the tag
    admonition       its type: ``note``                     the title (holds blocks)
    details          its type, and ``open`` if it is        the title (holds blocks)
    tab                                                     the label (holds blocks)
    quote                                                   (holds blocks)
    caption                                                 (holds blocks)
    footnote         its number                             (holds blocks)
    term                                                    the line
    definition                                              (holds blocks)
    output                                                  what a cell of a lab printed
    rule
    element          any other tag, with its attributes     (holds blocks)
    ===============  =====================================  =====================================
    """

    kind: str
    detail: str = ""
    text: str = ""


END = Shown("end")


def code_mark(text: str) -> str:
    """Code within a line."""
    return _mark("code", " ".join(text.split()))


def formula_mark(tex: str) -> str:
    """A formula within a line."""
    return _mark("formula", tex.strip())


def link_mark(target: str, content: str) -> str:
    """A link: ``target`` as `engine/reading/addresses.py` writes it, and what the reader clicks."""
    return _mark("link", target + SEPARATOR + content)


def picture_mark(target: str, alternative: str) -> str:
    """A picture: a file's address or the name of a drawing, and its text alternative."""
    return _mark("picture", target + SEPARATOR + " ".join(alternative.split()))


def footnote_mark(number: str) -> str:
    """A reference to a footnote."""
    return _mark("footnote", number)


def element_mark(tag: str, content: str) -> str:
    """Any other element within a line: ``kbd``, ``sup``, …"""
    return _mark("element", tag + SEPARATOR + content)


BREAK = f"{OPEN}break{CLOSE}"


def line_of(text: str) -> str:
    """A line in the form in which lines are compared: white space folded."""
    return re.sub(r"\s+", " ", text).strip()


def tidy(code: str) -> str:
    """Code in the form in which it is compared: no trailing space, no blank first or last lines."""
    return "\n".join(line.rstrip() for line in code.expandtabs(4).strip("\n").split("\n"))


def readable(text: str) -> str:
    """A line with its marks, for a message."""
    text = text.replace(CELL, " | ")
    text = re.sub(f"{OPEN}(\\w+){SEPARATOR}?|{CLOSE}", lambda m: f"⟨{m[1]} " if m[1] else "⟩", text)
    return text.replace(SEPARATOR, ": ")


def _mark(kind: str, content: str) -> str:
    return f"{OPEN}{kind}{SEPARATOR}{content}{CLOSE}"
