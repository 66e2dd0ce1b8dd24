"""How much there is of what: counted from the pages, never written by hand."""

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


def total(pages: Iterable[Page]) -> Counts:
    """The counts of several pages together."""
    return sum(map(count, pages), Counts())
