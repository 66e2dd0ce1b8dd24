"""Figures of the home page."""

from engine.figures import Say, figure
from engine.page import parse
from engine.paths import DOCS
from figures.diagram import BLUE, GREEN, MUTED, ORANGE, Diagram

#: Chapters by their place in the map (column, row) and their group.
PLACES = {
    "intro": (1, 0, BLUE),
    "logistic": (1, 1, BLUE),
    "bias": (2, 1, BLUE),
    "computation-graph": (0, 2, ORANGE),
    "activations": (1, 2, ORANGE),
    "regularization": (2, 2, ORANGE),
    "backprop": (0, 3, ORANGE),
    "three-layers": (1, 3, ORANGE),
    "cnn": (2, 3, ORANGE),
    "rnn": (0, 4, GREEN),
    "bptt": (1, 4, GREEN),
    "clipping": (2, 4, GREEN),
    "lstm": (1, 5, GREEN),
}

#: What to read before what.
ARROWS = (
    ("intro", "logistic"),
    ("logistic", "bias"),
    ("logistic", "computation-graph"),
    ("logistic", "activations"),
    ("logistic", "regularization"),
    ("computation-graph", "backprop"),
    ("activations", "three-layers"),
    ("backprop", "three-layers"),
    ("regularization", "cnn"),
    ("backprop", "rnn"),
    ("rnn", "bptt"),
    ("bptt", "clipping"),
    ("bptt", "lstm"),
    ("clipping", "lstm"),
)


@figure
def chapters(say: Say) -> str:
    """The chapters that exist, by their titles, with arrows to what builds on them."""
    language = say("zh", "en")
    folder = DOCS / language
    titles = {
        name: str(parse(folder / f"{name}.md").meta["title"])
        for name in PLACES
        if (folder / f"{name}.md").exists()
    }
    rows = sorted({PLACES[name][1] for name in titles})
    width, height, left, top = 142, 64, 76, 30
    map_of_chapters = Diagram(436, height * (len(rows) - 1) + 2 * top)

    def centre(name: str) -> tuple[float, float]:
        column, row, _ = PLACES[name]
        return left + column * width, top + rows.index(row) * height

    for earlier, later in ARROWS:
        if earlier in titles and later in titles:
            (x1, y1), (x2, y2) = centre(earlier), centre(later)
            across = y1 == y2
            dx = (64 if x2 > x1 else -64) if across else 0
            dy = 0 if across else 19
            map_of_chapters.arrow(x1 + dx, y1 + dy, x2 - dx, y2 - dy, color=MUTED, gap=1)
    for name, title in titles.items():
        x, y = centre(name)
        map_of_chapters.box(x, y, 128, 36, title, PLACES[name][2], size=11.5)
    return map_of_chapters.svg()
