"""Charts by Matplotlib in the colours of the palette, as SVG that follows the site's theme."""

import io
import re
import warnings
from typing import Any
from xml.etree import ElementTree

import matplotlib
import matplotlib.pyplot as plt
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures.palette import BLUE, GREEN, GRID, INK, MUTED, NAMES, ORANGE, PURPLE, RED, variable

matplotlib.use("svg")

#: The namespaces of a drawing, as ElementTree writes them before a name.
SVG, XLINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}"

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


def legend_above(figure: Figure, columns: int, **options: Any) -> None:
    """One legend for the whole figure, in a row above it."""
    place = {"loc": "outside upper center", "ncols": columns}
    figure.legend(**place, labelcolor=INK, fontsize=9, **options)


def last_tick_inwards(axes: Axes) -> None:
    """Have the last label below a panel end where the panel does: the next panel begins there."""
    axes.xaxis.get_major_ticks()[-1].label1.set_horizontalalignment("right")


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
    root = ElementTree.fromstring(out.getvalue())
    root.attrib |= {side: root.attrib[side].removesuffix("pt") for side in ("width", "height")}
    for part in list(root):
        # Its style sheet would reach the whole page; the theme has that rule for drawings alone.
        if part.tag == f"{SVG}metadata" or part.find(f"{SVG}style") is not None:
            root.remove(part)
    # A page takes SVG without the prefixes that ElementTree would write for its namespaces.
    for element in root.iter():
        element.tag = element.tag.removeprefix(SVG)
        element.attrib = {
            name.removeprefix(XLINK): _themed(name, value) for name, value in element.items()
        }
    root.set("xmlns", SVG.strip("{}"))
    return ElementTree.tostring(root, encoding="unicode")


def _themed(name: str, value: str) -> str:
    """An attribute in the page's own font, the palette's variables, and short coordinates."""
    if name == "style":
        value = "; ".join(part for part in value.split("; ") if not part.startswith("font-family:"))
    for color in NAMES:
        value = value.replace(color, variable(color))
    # A hundredth of a point is finer than any screen.
    return re.sub(r"(\d+\.\d{2})\d+", r"\1", value)


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
