"""What a function of ``figures/`` has drawn: frames, and what chooses among an explorer's."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product
from typing import Any

from engine.drawing.svg import opening, own_ids
from engine.figures import Explorer, Frame


@dataclass(frozen=True)
class Scale:
    """A slider as a page has it: its name, its values as texts, the place of the first one."""

    name: str
    texts: list[str]
    start: int


@dataclass(frozen=True)
class Drawn:
    """The frames of a drawing; those of an explorer are all that its sliders can choose.

    The last slider moves quickest. ``series`` are the places of the frames that stand below the
    first one without a script.
    """

    frames: list[Frame]
    sliders: list[Scale] = field(default_factory=list)
    series: list[int] = field(default_factory=list)

    @property
    def first(self) -> int:
        """The place of the frame that the page shows first."""
        place = 0
        for slider in self.sliders:
            place = place * len(slider.texts) + slider.start
        return place


def drawn_from(kept: dict[str, Any]) -> Drawn:
    """What was drawn, from what the store has kept of it."""
    return Drawn(
        [Frame(**frame) for frame in kept["frames"]],
        [Scale(**slider) for slider in kept["sliders"]],
        kept["series"],
    )


def explored(explorer: Explorer, prefix: str) -> Drawn:
    """All frames of an explorer. Raises ValueError where its parts do not fit together."""
    grid = list(product(*(slider.values for slider in explorer.sliders)))
    places = {values: place for place, values in enumerate(grid)}
    scales = []
    for slider in explorer.sliders:
        values = list(slider.values)
        if slider.start not in values:
            raise ValueError(f"the slider {slider.name!r} starts at {slider.start}, no value of it")
        texts = [slider.shown(value) for value in values]
        scales.append(Scale(slider.name, texts, values.index(slider.start)))
    unknown = [values for values in explorer.series if values not in places]
    if unknown or not explorer.series:
        raise ValueError(f"the series needs frames that the sliders can choose, not {unknown}")
    frames = [explorer.frame(*values) for values in grid]
    # One frame takes the place of another in the same element, and nothing else may move.
    if len({opening(frame.svg) for frame in frames}) > 1:
        raise ValueError("the frames differ in size: give all the same width and height")
    frames = [Frame(frame.caption, own_ids(frame.svg, prefix)) for frame in frames]
    return Drawn(frames, scales, [places[values] for values in explorer.series])
