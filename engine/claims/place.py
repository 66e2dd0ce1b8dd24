"""What an expression of a page's prose may name besides what the page's code does: counts."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import dropwhile

from engine.reading.markdown import Block
from engine.reading.page import Page


@dataclass(frozen=True)
class Place:
    """Where a tie stands, called ``here`` in it: ``[six labs]{= here.rows}``.

    ``line`` is its number among the lines of the page.
    """

    page: Page
    line: int

    @property
    def rows(self) -> int:
        """The rows of the next table, its head not among them."""
        return self._next("table", "row")

    @property
    def items(self) -> int:
        """The items of the next list, those of lists within it not among them."""
        return self._next("list", "item")

    @property
    def exercises(self) -> int:
        """The exercises of the page."""
        return len(self.page.exercises)

    def _next(self, holder: str, kind: str) -> int:
        """How many of a kind the next block of this kind holds. Raises LookupError."""
        below = dropwhile(lambda b: b.kind == "end" or b.first < self.line, self.page.blocks)
        rest = list(dropwhile(lambda block: not _is(block, holder), below))
        if not rest:
            raise LookupError(f"no {holder} stands below")
        depth = len(rest[0].inside) + 1
        found = 0
        for block in rest[1:]:
            if block.kind == "end" and len(block.inside) < depth:
                break
            found += block.kind == kind and len(block.inside) == depth
        return found


def _is(block: Block, holder: str) -> bool:
    return block.kind == holder or block.kind.endswith(f" {holder}")
