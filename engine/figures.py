"""What the modules of ``figures/`` need to draw: how a function says that it is a figure.

The decorators only mark: the build finds figures by reading the code, and a process of its own
(engine/drawing/draw.py) runs it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol


class Say(Protocol):
    """Chooses a label's language: ``say("损失", "loss")``."""

    def __call__(self, zh: str, en: str) -> str: ...


@dataclass(frozen=True)
class Frame:
    """One picture of a stepper or an explorer, and the sentence below it.

    A stepper's sentence is its text alternative too; an explorer's says what its numbers are.
    """

    caption: str
    svg: str


@dataclass(frozen=True)
class Slider:
    """What the reader of an explorer moves: its name, its values, and where it stands first.

    ``shown`` says a value as a text, with its unit if it has one.
    """

    name: str
    values: Sequence[Any]
    start: Any
    shown: Callable[[Any], str] = str


@dataclass(frozen=True)
class Explorer:
    """A drawing of what sliders choose: ``frame`` is given a value of each, in their order.

    ``series`` names the frames that stand below the first one where there is no script, each by
    the values of its sliders; all frames have the same size.
    """

    sliders: Sequence[Slider]
    frame: Callable[..., Frame]
    series: Sequence[tuple[Any, ...]]


@dataclass(frozen=True)
class PageEntry:
    """What a figure of the pages is told of each of them, in the order of reading."""

    name: str
    title: str
    prerequisites: tuple[str, ...]


Draw = Callable[[Say], str]
DrawPages = Callable[[Say, Sequence[PageEntry]], str]
DrawFrames = Callable[[Say], Sequence[Frame]]
DrawExplorer = Callable[[Say], Explorer]


def figure(draw: Draw) -> Draw:
    """Mark a function of ``figures/`` as a figure: pages name it ``figure:module/function``."""
    return draw


def figure_of_pages(draw: DrawPages) -> DrawPages:
    """Mark a figure that is drawn from the pages of its language, which it is given besides."""
    return draw


def stepper(draw: DrawFrames) -> DrawFrames:
    """Mark a function as a stepper, a sequence of frames: ``stepper:module/function``."""
    return draw


def explorer(draw: DrawExplorer) -> DrawExplorer:
    """Mark a function as an explorer, a drawing with sliders: ``explorer:module/function``."""
    return draw
