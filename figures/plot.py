"""Small charts as plain SVG, for explorers: they draw many frames of the same axes.

Matplotlib takes a hundred times as long for a frame, and writes ten times as much.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from contourpy import contour_generator
from numpy.typing import ArrayLike, NDArray

from figures.diagram import Diagram, Point
from figures.numbers import short
from figures.palette import BLUE, GRID, INK, MUTED

Array = NDArray[np.float64]

#: How wide an explorer is, in pixels of its own, and the size of its letters: those of charts.
WIDTH, LETTERS = 320, 10


@dataclass(frozen=True)
class Axis:
    """From where to where an axis goes, its ticks, and its name."""

    low: float
    high: float
    ticks: Sequence[float] = ()
    name: str = ""
    log: bool = False

    def share(self, value: ArrayLike) -> Array:
        """How far along the axis values are: 0 at its beginning, 1 at its end."""
        values, low, high = np.asarray(value, float), self.low, self.high
        if self.log:
            values, low, high = np.log(values), math.log(low), math.log(high)
        return np.asarray((values - low) / (high - low))


class Plot:
    """Axes in a diagram, ``width`` × ``height`` pixels from (left, top); draws grid and ticks."""

    def __init__(
        self,
        diagram: Diagram,
        corner: Point,
        size: Point,
        x: Axis,
        y: Axis,
        title: str = "",
    ) -> None:
        self.diagram, self.x, self.y = diagram, x, y
        self.left, self.top = corner
        self.width, self.height = size
        self.clip = diagram.clip(*corner, *size)
        bottom, middle = self.top + self.height, self.left + self.width / 2
        for tick in x.ticks:
            across, _ = self.at(tick, y.low)
            diagram.line((across, self.top), (across, bottom), GRID, 0.7)
            diagram.text(across, bottom + 9, _said(tick, x.log), 9, INK)
        for tick in y.ticks:
            _, up = self.at(x.low, tick)
            diagram.line((self.left, up), (self.left + self.width, up), GRID, 0.7)
            diagram.text(self.left - 4, up, _said(tick, y.log), 9, INK, anchor="end")
        diagram.line((self.left, self.top), (self.left, bottom), MUTED)
        diagram.line((self.left, bottom), (self.left + self.width, bottom), MUTED)
        diagram.text(middle, bottom + (22 if x.ticks else 11), x.name, LETTERS)
        diagram.text(self.left - 4, self.top - 9, y.name, LETTERS, anchor="start")
        diagram.text(middle, self.top - 9, title, LETTERS + 0.5)

    def at(self, x: float, y: float) -> Point:
        """Where a point of the axes lies in the diagram."""
        across, up = float(self.x.share(x)), float(self.y.share(y))
        return self.left + self.width * across, self.top + self.height * (1 - up)

    def line(
        self, x: ArrayLike, y: ArrayLike, color: str = BLUE, width: float = 1.8, dash: str = ""
    ) -> None:
        """A line through points; what lies outside of the axes is cut off."""
        self.diagram.path(self._path(x, y), color, width, dash, clip=self.clip)

    def area(self, x: ArrayLike, y: ArrayLike, color: str, opacity: float = 0.15) -> None:
        """A filled shape with these corners."""
        self.diagram.path(self._path(x, y) + "z", None, fill=color, opacity=opacity, clip=self.clip)

    def dots(
        self,
        x: ArrayLike,
        y: ArrayLike,
        color: str = INK,
        radius: float = 3,
        hollow: bool = False,
    ) -> None:
        """A dot at each point within the axes."""
        inside = 1e-9
        for a, b in zip(np.ravel(np.asarray(x)), np.ravel(np.asarray(y)), strict=True):
            across, up = float(self.x.share(a)), float(self.y.share(b))
            if -inside <= across <= 1 + inside and -inside <= up <= 1 + inside:
                self.diagram.dot(*self.at(a, b), color, radius, hollow)

    def contours(self, x: Array, y: Array, values: Array, levels: Iterable[float]) -> None:
        """Where the values on a grid, ``(y.size, x.size)``, are equal to each level."""
        found = contour_generator(x, y, values)
        lines = [np.asarray(points).T for level in levels for points in found.lines(level)]
        path = "".join(self._path(across, up) for across, up in lines)
        self.diagram.path(path, MUTED, 0.7, clip=self.clip)

    def text(
        self,
        x: float,
        y: float,
        label: str,
        color: str = INK,
        anchor: str = "start",
        offset: Point = (0, 0),
    ) -> None:
        """Words at a point of the axes, ``offset`` pixels beside it."""
        across, up = self.at(x, y)
        at = across + offset[0], up + offset[1]
        self.diagram.text(*at, label, LETTERS, color, anchor, halo=True)

    def _path(self, x: ArrayLike, y: ArrayLike) -> str:
        across = self.left + self.width * self.x.share(x)
        up = self.top + self.height * (1 - self.y.share(y))
        far = 1e4  # a number that no drawing needs, in place of one that SVG cannot hold
        points = np.clip(np.stack([across, up], axis=-1), -far, far)
        # In tenths of a pixel, each point from the one before: that is short, and packs well.
        tenths = np.rint(10 * points[_needed(points, 0.1)]).astype(int)
        steps = np.diff(tenths, axis=0)
        start = "M" + " ".join(f"{part / 10:g}" for part in tenths[0])
        return start + "".join(f"l{a / 10:g} {b / 10:g}" for a, b in steps if a or b)


def _needed(points: Array, tolerance: float) -> NDArray[np.bool_]:
    """Which points of a line are needed, if none of the others lies farther than so from it."""
    needed = np.zeros(len(points), bool)
    needed[[0, -1]] = True
    parts = [(0, len(points) - 1)]
    while parts:
        first, last = parts.pop()
        if last - first < 2:
            continue
        inner, start = points[first + 1 : last], points[first]
        chord = points[last] - start
        length = np.hypot(*chord)
        along = inner - start
        off = (
            np.abs(chord[0] * along[:, 1] - chord[1] * along[:, 0]) / length
            if length
            else np.hypot(*along.T)
        )
        # A path that turns back on its own line keeps the point where it does.
        share = along @ chord / (length**2 or 1)
        off = np.maximum(off, length * np.maximum(share - 1, -share))
        if off.max() > tolerance:
            middle = first + 1 + int(np.argmax(off))
            needed[middle] = True
            parts += [(first, middle), (middle, last)]
    return needed


def _said(value: float, is_power: bool) -> str:
    if not is_power:
        return short(value)
    exponent = round(math.log10(value))
    power = str(exponent).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"10{power}" if exponent else "1"
