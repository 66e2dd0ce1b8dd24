"""Diagrams of nodes, boxes and arrows as small SVG in the site's palette.

Labels know subscripts and superscripts: ``w_{14}``, ``δ_6``, ``W^{(1)}``. Coordinates are
pixels from the top left; a diagram 420 wide is readable on a phone without scrolling.
"""

import html
import math
import re
from dataclasses import dataclass

from figures.palette import BLUE, GRID, INK, MUTED, NAMES, PAPER, variable

Point = tuple[float, float]


@dataclass(frozen=True)
class Stroke:
    """How an arrow is drawn; one without a head is a line that may bend and have a label."""

    color: str = MUTED
    width: float = 1.5
    dashed: bool = False
    head: bool = True


#: The stroke of most arrows.
PLAIN = Stroke()


@dataclass(frozen=True)
class Label:
    """The words at an arrow: at which fraction of the way, and how many pixels off the line.

    Without a colour of its own it takes the arrow's, or ink where that is muted.
    """

    text: str
    at: float = 0.5
    shift: float = -8
    size: float = 11
    color: str | None = None


class Diagram:
    """An SVG drawing, built piece by piece; later pieces lie over earlier ones."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self._parts: list[str] = []
        self._arrowheads: set[str] = set()
        self._clips = 0

    def node(
        self,
        x: float,
        y: float,
        label: str,
        color: str = BLUE,
        radius: float = 19,
        size: float = 13,
        filled: bool = False,
    ) -> None:
        """A circle around a label; filled ones stand out."""
        fill = variable(color) if filled else variable(PAPER)
        self._parts.append(
            f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}" fill="{fill}" '
            f'stroke="{variable(color)}" stroke-width="1.6"/>'
        )
        self.text(x, y, label, size=size, color=PAPER if filled else INK)

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        label: str = "",
        color: str = BLUE,
        size: float = 13,
        filled: bool = False,
        dashed: bool = False,
    ) -> None:
        """A rounded box around the centre (x, y) with a label in it."""
        fill = variable(color) if filled else variable(PAPER)
        dash = ' stroke-dasharray="5 4"' if dashed else ""
        self._parts.append(
            f'<rect x="{x - width / 2:g}" y="{y - height / 2:g}" width="{width:g}" '
            f'height="{height:g}" rx="6" fill="{fill}" stroke="{variable(color)}" '
            f'stroke-width="1.6"{dash}/>'
        )
        if label:
            self.text(x, y, label, size=size, color=PAPER if filled else INK)

    def arrow(
        self,
        start: Point,
        end: Point,
        stroke: Stroke = PLAIN,
        label: Label | None = None,
        *,
        gap: float = 20,
        end_gap: float | None = None,
        bend: float = 0,
    ) -> None:
        """An arrow between two centres, shortened by the gaps, bent sideways by ``bend``.

        ``gap`` holds for both ends unless the second has an ``end_gap`` of its own.
        """
        (x1, y1), (x2, y2), color = start, end, stroke.color
        length = math.hypot(x2 - x1, y2 - y1) or 1.0
        ux, uy = (x2 - x1) / length, (y2 - y1) / length
        before = gap if end_gap is None else end_gap
        ax, ay, bx, by = x1 + ux * gap, y1 + uy * gap, x2 - ux * before, y2 - uy * before
        cx, cy = (ax + bx) / 2 - uy * 2 * bend, (ay + by) / 2 + ux * 2 * bend
        path = f"M{ax:.1f} {ay:.1f}Q{cx:.1f} {cy:.1f} {bx:.1f} {by:.1f}"
        marker = f' marker-end="url(#head-{NAMES[color]})"' if stroke.head else ""
        dash = ' stroke-dasharray="5 4"' if stroke.dashed else ""
        if stroke.head:
            self._arrowheads.add(color)
        self._parts.append(
            f'<path d="{path}" fill="none" stroke="{variable(color)}" '
            f'stroke-width="{stroke.width:g}"{dash}{marker}/>'
        )
        if label:
            at = label.at
            x = (1 - at) ** 2 * ax + 2 * at * (1 - at) * cx + at**2 * bx - uy * label.shift
            y = (1 - at) ** 2 * ay + 2 * at * (1 - at) * cy + at**2 * by + ux * label.shift
            shade = label.color or (INK if color == MUTED else color)
            self.text(x, y, label.text, size=label.size, color=shade, halo=True)

    def text(
        self,
        x: float,
        y: float,
        label: str,
        size: float = 12,
        color: str = INK,
        anchor: str = "middle",
        bold: bool = False,
        halo: bool = False,
    ) -> None:
        """Text centred on (x, y), or starting or ending there; a halo keeps it off the lines."""
        weight = ' font-weight="600"' if bold else ""
        paper = variable(PAPER)
        outline = f' stroke="{paper}" stroke-width="4" paint-order="stroke"' if halo else ""
        self._parts.append(
            f'<text x="{x:.1f}" y="{y + size * 0.35:.1f}" font-size="{size:g}" '
            f'text-anchor="{anchor}" fill="{variable(color)}"{weight}{outline}>'
            f"{_rich(label)}</text>"
        )

    def line(self, start: Point, end: Point, color: str = GRID, width: float = 1) -> None:
        """A plain straight line."""
        (x1, y1), (x2, y2) = start, end
        self._parts.append(
            f'<path d="M{x1:g} {y1:g}L{x2:g} {y2:g}" stroke="{variable(color)}" '
            f'stroke-width="{width:g}" fill="none"/>'
        )

    def path(
        self,
        path: str,
        color: str | None = MUTED,
        width: float = 1.5,
        dash: str = "",
        *,
        fill: str | None = None,
        opacity: float = 1,
        clip: str = "",
    ) -> None:
        """Any path, as SVG writes it: a stroke, a filled shape, or both."""
        stroke = f'stroke="{variable(color)}" stroke-width="{width:g}" ' if color else ""
        more = f' stroke-dasharray="{dash}"' if dash else ""
        more += f' fill-opacity="{opacity:g}"' if opacity < 1 else ""
        more += f' clip-path="{clip}"' if clip else ""
        inside = variable(fill) if fill else "none"
        self._parts.append(f'<path {stroke}fill="{inside}"{more} d="{path}"/>')

    def dot(
        self, x: float, y: float, color: str = INK, radius: float = 3, hollow: bool = False
    ) -> None:
        """A small disc or ring."""
        look = f'fill="{variable(color)}"'
        if hollow:
            look = f'fill="none" stroke="{variable(color)}" stroke-width="1.4"'
        self._parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}" {look}/>')

    def clip(self, left: float, top: float, width: float, height: float) -> str:
        """A rectangle that paths may be cut off at, by what it returns."""
        self._clips += 1
        name = f"clip-{self._clips}"
        self._parts.append(
            f'<clipPath id="{name}"><rect x="{left:g}" y="{top:g}" '
            f'width="{width:g}" height="{height:g}"/></clipPath>'
        )
        return f"url(#{name})"

    def svg(self) -> str:
        """The finished drawing."""
        heads = "".join(
            f'<marker id="head-{NAMES[color]}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
            f'markerHeight="7" orient="auto-start-reverse">'
            f'<path d="M0 0L8 4L0 8z" fill="{variable(color)}"/></marker>'
            for color in sorted(self._arrowheads, key=NAMES.__getitem__)
        )
        defs = f"<defs>{heads}</defs>" if heads else ""
        return (
            f'<svg viewBox="0 0 {self.width:g} {self.height:g}" width="{self.width:g}" '
            f'height="{self.height:g}" xmlns="http://www.w3.org/2000/svg">'
            f"{defs}{''.join(self._parts)}</svg>"
        )


_SCRIPT = re.compile(r"([_^])(?:\{([^{}]*)\}|(\S))")


def _rich(label: str) -> str:
    """A label with its subscripts and superscripts set small, lowered or raised."""
    parts, at = [], 0
    for match in _SCRIPT.finditer(label):
        parts.append(html.escape(label[at : match.start()]))
        down = match[1] == "_"
        inner = html.escape(match[2] if match[2] is not None else match[3])
        parts.append(
            f'<tspan font-size="72%" dy="{"0.35em" if down else "-0.5em"}">{inner}</tspan>'
            f'<tspan font-size="72%" dy="{"-0.35em" if down else "0.5em"}">\u200b</tspan>'
        )
        at = match.end()
    return "".join(parts) + html.escape(label[at:])
