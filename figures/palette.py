"""The colours of all drawings, each by one name.

Figures draw with the constants below. What a finished drawing holds in their place are variables
of the theme, so that it turns with the light and the dark palette; ``theme/assets/site.css`` gives
each variable its two values, and tests/pages/test_figures.py holds its names equal to these.

Matplotlib takes nothing but real colours, so each constant is a sentinel: no two are equal, and
none is a colour that a drawing would use otherwise.
"""

INK = "#010101"
MUTED = "#010102"
GRID = "#010103"
PAPER = "#010104"
BLUE = "#010111"
ORANGE = "#010112"
GREEN = "#010113"
RED = "#010114"
PURPLE = "#010115"

#: The theme's name of each colour.
NAMES = {
    INK: "ink",
    MUTED: "muted",
    GRID: "grid",
    PAPER: "paper",
    BLUE: "blue",
    ORANGE: "orange",
    GREEN: "green",
    RED: "red",
    PURPLE: "purple",
}


def variable(color: str) -> str:
    """The CSS value of a colour of the palette, as ``var(--figure-blue)``; KeyError for others."""
    return f"var(--figure-{NAMES[color]})"
