"""How much there is of what: counted from the pages, never written by hand."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from engine.reading.page import Page
from engine.running.examples import pieces


@dataclass(frozen=True)
class Counts:
    """What one page, or several together, hold."""

    pages: int = 0
    fences: int = 0
    examples: int = 0
    outputs: int = 0
    equations: int = 0
    definitions: int = 0
    figures: int = 0
    exercises: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            *(a + b for a, b in zip(vars(self).values(), vars(other).values(), strict=True))
        )

    def __str__(self) -> str:
        return ", ".join(f"{number} {name}" for name, number in vars(self).items())


def count(page: Page) -> Counts:
    """The counts of one page."""
    # The cells of a lab are no examples: what they print is shown, not compared.
    fences = [] if page.is_lab else page.python_fences
    code = [piece for fence in fences for piece in pieces(fence)]
    return Counts(
        pages=1,
        fences=len(page.python_fences),
        examples=len(code),
        outputs=sum(bool(piece.shown) for piece in code),
        equations=sum(formula.tag is not None for formula in page.display_formulas),
        definitions=sum(formula.defines is not None for formula in page.display_formulas),
        figures=len(page.images),
        exercises=len(page.exercises),
    )


#: Kinds of relations in a sentence, in the order in which they are tried, and what tells them.
RELATIONS = {
    "memberships": re.compile(r"\\in(?![a-z])|\\to(?![a-z])"),
    "inequalities": re.compile(
        r"<|>|\\[lg]e(?:q)?(?![a-z])|\\ne(?:q)?(?![a-z])|\\ll(?![a-z])|\\gg(?![a-z])"
    ),
    "approximations": re.compile(r"\\approx|\\sim"),
    "values": re.compile(r"[^=]+=\s*[-+]?[\d.,{}\s]+(?:\\%)?"),
    "equalities": re.compile(r"=|\\coloneqq"),
}


def kind_of_relation(tex: str) -> str | None:
    """The kind of relation that stands in a formula, outside braces, if there is one.

    A part in brackets or in an index, such as the k = 1 below a sum, says nothing by itself.
    """
    tex = re.sub(r"\\(?:left|right)[<>]", "", tex)
    bare = tex
    while (shorter := re.sub(r"\{[^{}]*\}|\[[^\[\]]*\]", "", bare)) != bare:
        bare = shorter
    for kind, told in RELATIONS.items():
        if "=" in bare and told.fullmatch(tex) if kind == "values" else told.search(bare):
            return kind
    return None


def total(pages: Iterable[Page]) -> Counts:
    """The counts of several pages together."""
    return sum(map(count, pages), Counts())
