"""Figures of the home page."""

import textwrap
from collections.abc import Sequence

import numpy as np
from matplotlib.layout_engine import ConstrainedLayoutEngine
from sklearn.datasets import load_breast_cancer, load_sample_image

from engine.figures import PageEntry, Say, figure, figure_of_pages
from figures.chart import bare, chart, svg
from figures.diagram import Diagram, Stroke
from figures.palette import BLUE, GREEN, INK, MUTED, ORANGE, PURPLE, RED
from snippets.logistic import fit, loss_from_logits, predict

#: Chapters by their place in the map (column, row) and their group.
PLACES = {
    "intro": (1, 0, BLUE),
    "logistic": (1, 1, BLUE),
    "bias": (2, 1, BLUE),
    "computation-graph": (1, 2, ORANGE),
    "regularization": (2, 2, ORANGE),
    "three-layers": (0, 3, ORANGE),
    "backprop": (1, 3, ORANGE),
    "activations": (2, 4, ORANGE),
    "training": (2, 5, ORANGE),
    "cnn": (0, 4, ORANGE),
    "rnn": (1, 4, GREEN),
    "bptt": (0, 5, GREEN),
    "clipping": (1, 5, GREEN),
    "lstm": (1, 6, GREEN),
    "gru": (1, 7, GREEN),
    "attention": (2, 6, GREEN),
}


#: Chapters of which the first helps with the second, though it can do without.
HELPS = (("intro", "logistic"), ("regularization", "training"))

#: The chapters of which the short path has a part.
CORE = {"intro", "logistic", "computation-graph", "backprop", "activations", "rnn", "lstm"}


@figure
def glimpses(say: Say) -> str:
    """Four small pictures of what the chapters are about."""
    drawing, axes = chart(4.4, 3.8, 2, 2, layout=ConstrainedLayoutEngine(hspace=0.1))
    for axis in axes.flat:
        bare(axis)
    neuron, derivative, kernel, products = axes.flat

    features, labels = load_breast_cancer(return_X_y=True)
    radius = (features[:, 0] - features[:, 0].mean()) / features[:, 0].std()
    w, b, _ = fit(radius[None], labels, 5, 1000)
    heights = labels + 0.08 * np.random.default_rng(0).uniform(-1, 1, labels.size)
    for label, color in ((0, ORANGE), (1, BLUE)):
        chosen = labels == label
        neuron.plot(radius[chosen], heights[chosen], "o", color=color, markersize=1.8, alpha=0.5)
    x = np.linspace(radius.min(), radius.max(), 200)
    neuron.plot(x, predict(w, b, x[None]), color=GREEN, linewidth=2.4)
    neuron.set_title(say("神经元给出概率", "a neuron answers"))
    neuron.set_xlabel(say("肿瘤的半径", "radius of a tumour"), fontsize=9)
    neuron.set_ylabel(say("良性的概率", "probability: benign"), fontsize=9)
    neuron.text(3.9, 1, say("良性", "benign"), color=BLUE, ha="right", va="center", fontsize=9)
    malignant = say("恶性", "malignant")
    neuron.text(-2.1, 0.16, malignant, color=ORANGE, va="center", fontsize=9)

    z = np.linspace(-1.6, 4.2, 200)
    derivative.plot(z, loss_from_logits(z, 1), color=BLUE)
    ends = np.array([0.2, 2.2])
    derivative.plot(ends, loss_from_logits(ends, 1), "-o", color=RED, markersize=5, linewidth=1.2)
    slope = predict(np.ones(1), 0.0, np.array([[1.2]]))[0] - 1
    tangent = np.array([-0.9, 3.3])
    middle = float(loss_from_logits(1.2, 1))
    derivative.plot(tangent, middle + slope * (tangent - 1.2), "--", color=MUTED, linewidth=1.4)
    derivative.plot(1.2, middle, "o", color=INK, markersize=5)
    derivative.set_title(say("测量导数", "measuring a slope"))
    derivative.set_xlabel("z", fontsize=9)
    derivative.set_ylabel(say("损失", "loss"), fontsize=9)

    photo = load_sample_image("china.jpg")[:400, 80:360].mean(axis=2)
    photo = photo.reshape(100, 4, 70, 4).mean(axis=(1, 3))
    edges = np.abs(photo[1:-1, 2:] - photo[1:-1, :-2])
    gap = np.full((98, 6), np.nan)
    both = np.hstack([photo[1:-1, 1:-1] / 255, gap, np.minimum(edges / 80, 1)])
    kernel.imshow(both, "gray", interpolation="nearest")
    kernel.set_title(say("卷积核找边缘", "a kernel finds edges"))

    steps = np.arange(31)
    for factor, color in ((1.2, RED), (1.0, GREEN), (0.8, PURPLE)):
        products.semilogy(steps, factor**steps, color=color)
        products.text(30.5, factor**30.0, f"× {factor:g}", color=color, va="center")
    products.minorticks_off()
    products.set_yticks([])
    products.set_xlim(0, 37)
    products.set_title(say("爆炸或消失", "explode or vanish"))
    products.set_xlabel(say("30 步", "30 steps"), fontsize=9)
    products.set_ylabel(say("梯度（对数轴）", "gradient (log axis)"), fontsize=9)
    for axis in (kernel, products):
        axis.set_anchor("N")
    return svg(drawing)


@figure_of_pages
def chapters(say: Say, pages: Sequence[PageEntry]) -> str:
    """The chapters that exist, by their titles, with arrows to what builds on them."""
    entries = {entry.name: entry for entry in pages}
    listed = [entries[name] for name in PLACES if name in entries]
    titles = {chapter.name: chapter.title for chapter in listed}
    rows = sorted({PLACES[name][1] for name in titles})
    width, height, left, top = 142, 64, 76, 30
    foot = 2 * top + height * (len(rows) - 1)
    map_of_chapters = Diagram(440, foot + 34)

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
    for pair in HELPS:
        if not titles.keys() >= set(pair):
            continue
        (x1, y1), (x2, y2) = map(centre, pair)
        if y2 - y1 == height:
            map_of_chapters.arrow((x1, y1 + 19), (x2, y2 - 19), Stroke(dashed=True), gap=1)
        else:  # around the boxes between them, which stand in the last column
            edge, side = x1 + 64, x1 + 74
            plain = Stroke(dashed=True, head=False)
            map_of_chapters.arrow((edge, y1), (side, y1), plain, gap=0)
            map_of_chapters.arrow((side, y1), (side, y2), plain, gap=0)
            map_of_chapters.arrow((side, y2), (edge, y2), Stroke(dashed=True), gap=0, end_gap=1)
    for name, title in titles.items():
        x, y = centre(name)
        map_of_chapters.box(x, y, 128, 36, color=PLACES[name][2])
        lines = textwrap.wrap(title, 16)
        for number, line in enumerate(lines):
            below = 14 * (number - (len(lines) - 1) / 2)
            map_of_chapters.text(x, y + below, line, size=12, bold=name in CORE)
        if name in CORE:
            map_of_chapters.node(x + 60, y - 16, "", color=RED, radius=4.5, filled=True)
    legend = (
        (20, BLUE, say("一个神经元", "one neuron")),
        (140, ORANGE, say("网络", "networks")),
        (245, GREEN, say("序列", "sequences")),
    )
    for x, color, words in legend:
        map_of_chapters.box(x, foot + 12, 22, 14, color=color)
        map_of_chapters.text(x + 18, foot + 12, words, size=11.5, anchor="start")
    map_of_chapters.node(356, foot + 12, "", color=RED, radius=4.5, filled=True)
    map_of_chapters.text(367, foot + 12, say("入门路线", "short path"), size=11.5, anchor="start")
    return map_of_chapters.svg()
