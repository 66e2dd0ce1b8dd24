"""The drawings of ``logistic.md``."""

import numpy as np
from numpy.typing import NDArray
from sklearn.datasets import load_breast_cancer, load_sample_image

from engine.figures import Say, figure
from figures.chart import bare, chart, svg
from figures.diagram import Diagram, Label
from figures.numbers import number, short
from figures.palette import BLUE, GRID, INK, MUTED, ORANGE
from snippets.activations import sigmoid
from snippets.logistic import (
    cost,
    gradients,
    logits,
    loss,
    loss_from_logits,
    predict,
    squared_error_curvature,
    unroll,
)

Array = NDArray[np.float64]


#: The neuron of the page, and its two samples, of which the first is drawn.
X, W, B = np.array([[2.0, 1.0], [1.0, 3.0]]), np.array([1.0, -1.0]), 0.0


def flower() -> Array:
    """The photograph of the page, 64 × 64 × 3."""
    square = load_sample_image("flower.jpg")[43:427, 128:512]
    small: Array = square.reshape(64, 6, 64, 6, 3).mean(axis=(1, 3))
    return small


@figure
def channels(say: Say) -> str:
    image = flower()
    names = (say("红", "red"), say("绿", "green"), say("蓝", "blue"))
    drawing, axes = chart(4.4, 2.35, 2, 4, height_ratios=(3, 2))
    for axis in axes.flat:
        bare(axis)
    axes[0, 0].imshow(image / 255, interpolation="nearest")
    axes[0, 0].set_title(say("照片", "photograph"))
    for c, name in enumerate(names):
        axes[0, c + 1].imshow(image[:, :, c], "gray", vmin=0, vmax=255, interpolation="nearest")
        axes[0, c + 1].set_title(name)
    for axis in axes[1]:
        axis.remove()
    cells = drawing.add_subplot(axes[1, 0].get_gridspec()[1, :])
    bare(cells)
    x, shown = unroll(image)[:, 0], 12
    colours = np.zeros((1, shown, 3))
    for k in range(shown):
        colours[0, k, k % 3] = 0.35 + 0.4 * x[k] / 255
    cells.imshow(colours, aspect="auto", interpolation="nearest")
    for k in range(shown):
        cells.text(k, 0, f"{x[k]:.0f}", color="#ffffff", ha="center", va="center")
    for edge in np.arange(2.5, shown, 3):
        cells.axvline(edge, color=GRID, linewidth=2)
    first = say(
        f"展开后那一列的前 {shown} 个数，共 {x.size} 个",
        f"the first {shown} numbers of the column, of {x.size}",
    )
    cells.set_xlabel(first, color=INK)
    return svg(drawing)


@figure
def neuron(say: Say) -> str:
    z, y_hat = logits(W, B, X)[0], predict(W, B, X)[0]
    drawing = Diagram(440, 210)
    entries = [
        (short(X[0, 0]), "x_1", f"w_1 = {short(W[0])}", 40),
        (short(X[1, 0]), "x_2", f"w_2 = {short(W[1])}", 105),
        ("1", "1", f"b = {short(B)}", 170),
    ]
    for value, name, weight, y in entries:
        drawing.arrow((50, y), (215, 105), label=Label(weight, at=0.42, size=13), end_gap=30)
        colour = BLUE if name != "1" else MUTED
        drawing.node(50, y, value, color=colour)
        if name != "1":
            drawing.text(18, y, name, size=13)
    between = Label(f"z = {short(z)}", shift=-11, size=13)
    drawing.arrow((215, 105), (315, 105), label=between, gap=28)
    drawing.node(215, 105, "Σ", color=ORANGE, radius=27, size=18)
    drawing.arrow((315, 105), (420, 105), gap=28, end_gap=0)
    drawing.node(315, 105, "σ", color=ORANGE, radius=27, size=18)
    drawing.text(385, 88, f"ŷ = {number(y_hat)}", size=13)
    drawing.text(215, 150, say("求和", "sum"), size=12, color=MUTED)
    drawing.text(315, 150, "sigmoid", size=12, color=MUTED)
    return drawing.svg()


@figure
def loss_curves(say: Say) -> str:
    y_hat = np.linspace(0.006, 0.994, 400)
    drawing, axes = chart(4.4, 2.8)
    axes.plot(y_hat, loss(y_hat, 1), color=BLUE)
    axes.plot(y_hat, loss(y_hat, 0), color=ORANGE, linestyle="--")
    axes.text(0.09, 3.6, say("y = 1：−log ŷ", "y = 1: −log ŷ"), color=BLUE)
    axes.text(0.91, 3.6, say("y = 0：−log(1 − ŷ)", "y = 0: −log(1 − ŷ)"), color=ORANGE, ha="right")
    axes.plot(0.5, loss(0.5, 1), "o", color=INK)
    axes.text(0.5, loss(0.5, 1) + 0.18, "log 2", color=INK, ha="center")
    axes.set(xlim=(0, 1), ylim=(0, 4.6), xlabel="ŷ", ylabel=say("损失", "loss"))
    return svg(drawing)


@figure
def squared_error(say: Say) -> str:
    z = np.linspace(-6, 4, 501)
    concave = squared_error_curvature(z, 1) < 0
    drawing, axes = chart(4.4, 3.0)
    border = z[concave].max()
    axes.axvspan(z.min(), border, color=BLUE, alpha=0.13, linewidth=0)
    axes.axvline(border, color=MUTED, linewidth=1, linestyle=":")
    axes.plot(z, loss_from_logits(z, 1), color=ORANGE, linestyle="--")
    axes.plot(z, (sigmoid(z) - 1) ** 2, color=BLUE)
    squared = say("平方误差，\n在阴影里是凹的", "squared error,\nconcave in the shade")
    axes.text(-5.8, 0.72, squared, color=BLUE, va="top")
    entropy = say("交叉熵，\n处处是凸的", "cross-entropy,\nconvex everywhere")
    axes.text(-0.4, 2.6, entropy, color=ORANGE, va="top")
    axes.text(border + 0.15, 3.75, "z = −log 2, ŷ = 1/3", color=INK, va="center")
    axes.set(xlim=(-6, 4), ylim=(0, 4), yticks=range(5), xlabel="z")
    axes.set_ylabel(say("误差（y = 1）", "error (y = 1)"))
    return svg(drawing)


@figure
def cost_curve(say: Say) -> str:
    features, labels = load_breast_cancer(return_X_y=True)
    test = np.arange(labels.size) % 4 == 3
    raw = features[~test]
    X = ((features - raw.mean(axis=0)) / raw.std(axis=0)).T
    w, b, rate, steps = np.zeros(len(X)), 0.0, 0.5, 4000
    training, testing = [], []
    for _ in range(steps):
        training.append(cost(w, b, X[:, ~test], labels[~test]))
        testing.append(cost(w, b, X[:, test], labels[test]))
        dw, db = gradients(w, b, X[:, ~test], labels[~test])
        w, b = w - rate * dw, b - rate * db
    drawing, axes = chart(4.4, 2.8)
    count = np.arange(1, steps + 1)
    axes.loglog(count, testing, color=ORANGE, linestyle="--", label=say("测试样本", "test samples"))
    axes.loglog(count, training, color=BLUE, label=say("训练样本", "training samples"))
    axes.axvline(1000, color=MUTED, linewidth=1, linestyle=":")
    stops = say("本页\n停在这里", "this page\nstops here")
    axes.text(920, 0.24, stops, ha="right", color=INK)
    axes.set(xlabel=say("步数", "step"), ylabel=say("代价 J", "cost J"))
    axes.set(xlim=(1, steps), ylim=(0.035, 0.8))
    ticks = (0.05, 0.1, 0.2, 0.5)
    axes.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.tick_params(which="minor", left=False, labelleft=False)
    axes.set_xticks((1, 10, 100, 1000), ("1", "10", "100", "1000"))
    axes.legend(loc="lower left", frameon=False, labelcolor=INK)
    return svg(drawing)
