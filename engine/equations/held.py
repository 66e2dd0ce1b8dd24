"""How one definition of a page is held."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Held:
    """A definition by the place of its formula on the page: how many of its false versions are
    refused, how many are equal by algebra, and which pass. Where none is refused, nothing
    evaluates it."""

    number: int
    symbol: str
    refused: int
    equal: int
    passed: tuple[str, ...]
