"""Figures of the home page."""

import textwrap
from collections.abc import Sequence

from engine.figures import PageEntry, Say, figure_of_pages
from figures.diagram import Diagram
from figures.palette import BLUE, GREEN, ORANGE

#: Chapters by their place in the map (column, row) and their group.
PLACES = {
    "intro": (1, 0, BLUE),
    "logistic": (1, 1, BLUE),
    "bias": (2, 1, BLUE),
    "computation-graph": (1, 2, ORANGE),
    "regularization": (2, 2, ORANGE),
    "three-layers": (0, 3, ORANGE),
    "backprop": (1, 3, ORANGE),
    "activations": (0, 4, ORANGE),
    "cnn": (2, 4, ORANGE),
    "rnn": (1, 4, GREEN),
    "bptt": (1, 5, GREEN),
    "clipping": (0, 6, GREEN),
    "lstm": (1, 6, GREEN),
    "gru": (2, 6, GREEN),
}


@figure_of_pages
def chapters(say: Say, pages: Sequence[PageEntry]) -> str:
    """The chapters that exist, by their titles, with arrows to what builds on them."""
    entries = {entry.name: entry for entry in pages}
    listed = [entries[name] for name in PLACES if name in entries]
    titles = {chapter.name: chapter.title for chapter in listed}
    rows = sorted({PLACES[name][1] for name in titles})
    width, height, left, top = 142, 64, 76, 30
    map_of_chapters = Diagram(436, height * (len(rows) - 1) + 2 * top)

    def centre(name: str) -> tuple[float, float]:
        column, row, _ = PLACES[name]
        return left + column * width, top + rows.index(row) * height

    for later in listed:
        for earlier in later.prerequisites:
            (x1, y1), (x2, y2) = centre(earlier), centre(later.name)
            across = y1 == y2
            dx = (64 if x2 > x1 else -64) if across else 0
            dy = 0 if across else 19
            map_of_chapters.arrow((x1 + dx, y1 + dy), (x2 - dx, y2 - dy), gap=1)
    for name, title in titles.items():
        x, y = centre(name)
        map_of_chapters.box(x, y, 128, 36, color=PLACES[name][2])
        lines = textwrap.wrap(title, 20)
        for number, line in enumerate(lines):
            below = 14 * (number - (len(lines) - 1) / 2)
            map_of_chapters.text(x, y + below, line, size=11.5)
    return map_of_chapters.svg()
