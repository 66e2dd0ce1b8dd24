"""Charts by Matplotlib in the colours of the palette, as SVG that follows the site's theme."""

import io
import re
import warnings
from typing import Any

import matplotlib
import matplotlib.pyplot as plt
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.palette import BLUE, GREEN, GRID, INK, MUTED, NAMES, ORANGE, PURPLE, RED, variable

matplotlib.use("svg")

_STYLE: dict[str, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "figure",
    "font.family": "sans-serif",
    "font.size": 10,
    "text.color": INK,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "axes.titlesize": 10.5,
    "axes.titlecolor": INK,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.prop_cycle": cycler(color=(BLUE, ORANGE, GREEN, RED, PURPLE)),
    "grid.color": GRID,
    "grid.linewidth": 0.7,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "lines.linewidth": 1.8,
    "legend.frameon": False,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "savefig.facecolor": "none",
    "figure.constrained_layout.use": True,
    "axes.unicode_minus": True,
}
matplotlib.rcParams.update(_STYLE)


def chart(
    width: float = 4.4, height: float = 2.9, rows: int = 1, columns: int = 1, **options: Any
) -> tuple[Figure, Any]:
    """A figure of ``width`` × ``height`` inches and its axes (an array if there are several)."""
    figure, axes = plt.subplots(rows, columns, figsize=(width, height), **options)
    return figure, axes


def bare(axes: Axes) -> None:
    """Take grid, ticks and frame away, for pictures and drawings."""
    axes.grid(False)
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_visible(False)


def svg(figure: Figure) -> str:
    """Close the figure and return it as SVG in the palette's variables."""
    out = io.StringIO()
    with warnings.catch_warnings():
        # Text stays text, so the reader's font shows Chinese whether or not Matplotlib has it.
        warnings.filterwarnings("ignore", "Glyph .* missing from font")
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    plt.close(figure)
    drawing = out.getvalue()
    drawing = drawing[drawing.index("<svg ") :]
    # Its style sheet would reach the whole page; the theme has the same rule for drawings alone.
    drawing = re.sub(r"<defs>\s*<style.*?</style>\s*</defs>\s*", "", drawing, flags=re.S)
    drawing = re.sub(r"<metadata>.*?</metadata>\s*", "", drawing, flags=re.S)
    drawing = re.sub(r' xmlns:xlink="[^"]*"', "", drawing).replace("xlink:href", "href")
    for color in NAMES:
        drawing = drawing.replace(color, variable(color))
    # The page's own font, at the size that Matplotlib laid out for.
    drawing = re.sub(r"font: ([\d.]+px)[^;\"]*", r"font-size: \1", drawing)
    drawing = re.sub(r"font-family: [^;\"]*;?", "", drawing)
    # Coordinates to a hundredth of a point are finer than any screen.
    drawing = re.sub(r"<[^>]+>", lambda tag: re.sub(r"(\d+\.\d{2})\d+", r"\1", tag[0]), drawing)
    return re.sub(r'width="([\d.]+)pt" height="([\d.]+)pt"', r'width="\1" height="\2"', drawing)


def draw_in_notebook() -> None:
    """In a running notebook, give its charts this style, and show them as such drawings."""
    from IPython import get_ipython

    matplotlib.use("module://matplotlib_inline.backend_inline")
    formatters = get_ipython().display_formatter.formatters
    for kind in ("image/png", "image/jpeg", "application/pdf"):
        formatters[kind].type_printers.pop(Figure, None)
    formatters["image/svg+xml"].for_type(Figure, svg)
    # Again, for the backend has set its own; and the size that figures/ has as well.
    matplotlib.rcParams.update(_STYLE | {"figure.figsize": (4.4, 2.9)})
