"""What the modules of ``figures/`` need to draw: how a function says that it is a figure.

The decorators only mark: the build finds figures by reading the code, and a process of its own
(engine/drawing/draw.py) runs it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol


class Say(Protocol):
    """Chooses a label's language: ``say("损失", "loss")``."""

    def __call__(self, zh: str, en: str) -> str: ...


@dataclass(frozen=True)
class Frame:
    """One picture of a stepper, and the sentence below it, which is its text alternative too."""

    caption: str
    svg: str


@dataclass(frozen=True)
class PageEntry:
    """What a figure of the pages is told of each of them, in the order of reading."""

    name: str
    title: str
    prerequisites: tuple[str, ...]


Draw = Callable[[Say], str]
DrawPages = Callable[[Say, Sequence[PageEntry]], str]
DrawFrames = Callable[[Say], Sequence[Frame]]


def figure(draw: Draw) -> Draw:
    """Mark a function of ``figures/`` as a figure: pages name it ``figure:module/function``."""
    return draw


def figure_of_pages(draw: DrawPages) -> DrawPages:
    """Mark a figure that is drawn from the pages of its language, which it is given besides."""
    return draw


def stepper(draw: DrawFrames) -> DrawFrames:
    """Mark a function as a stepper, a sequence of frames: ``stepper:module/function``."""
    return draw
