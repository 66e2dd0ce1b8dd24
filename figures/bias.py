"""The drawings of ``bias.md``."""

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray
from sklearn.datasets import load_iris

from engine.figures import Say, figure
from figures.chart import chart, svg
from figures.palette import BLUE, GREEN, INK, MUTED, ORANGE, PURPLE, RED
from snippets.activations import relu
from snippets.logistic import cost, fit, gradients, predict

Array = NDArray[np.float64]

#: Two flowers on one ray from the origin, one of each kind.
PAIR = (43, 70)


def flowers() -> tuple[Array, Array]:
    """Length and width of the petals (2, 100), and the labels."""
    iris = load_iris()
    kept = iris.target < 2
    X: Array = iris.data[kept, 2:].T
    return X, iris.target[kept].astype(float)


def without_bias(X: Array, y: Array, rate: float, steps: int) -> tuple[Array, Array]:
    """Weights and costs of gradient descent on the weights alone."""
    w, costs = np.zeros(len(X)), np.zeros(steps)
    for k in range(steps):
        costs[k] = cost(w, 0.0, X, y)
        w = w - rate * gradients(w, 0.0, X, y)[0]
    return w, costs


def penalised(X: Array, y: Array, penalty: Array) -> Array:
    """Weights and bias that minimise the cost with a penalty for each, by Newton."""
    X = np.vstack([X, np.ones(X.shape[1])])
    w, m = np.zeros(len(X)), len(y)
    for _ in range(30):
        y_hat = predict(w, 0.0, X)
        slope = X @ (y_hat - y) / m + penalty * w
        bend = X * (y_hat * (1 - y_hat)) @ X.T / m + np.diag(penalty)
        w = w - np.linalg.solve(bend, slope)
    return w


def scatter(axes: Axes, X: Array, y: Array, say: Say) -> None:
    """Both kinds in the plane of length and width."""
    for label, color, marker in ((0, BLUE, "o"), (1, ORANGE, "^")):
        axes.plot(*X[:, y == label], marker, color=color, markersize=4, alpha=0.75)
    axes.set_xlabel(say("花瓣长（cm）", "petal length (cm)"))
    axes.set_ylabel(say("花瓣宽（cm）", "petal width (cm)"))


@figure
def borders(say: Say) -> str:
    X, y = flowers()
    w, b, _ = fit(X, y, 0.5, 5000)
    w_0, _ = without_bias(X, y, 0.5, 5000)
    drawing, axes = chart(4.4, 3.2)
    length = np.array([0.0, 5.6])
    axes.plot(length, 3 / 8 * length, color=MUTED, linewidth=1.2, linestyle="--")
    scatter(axes, X, y, say)
    axes.plot(length, -(w[0] * length + b) / w[1], color=GREEN)
    axes.plot(length, -w_0[0] * length / w_0[1], color=RED)
    axes.plot(0, 0, "o", color=INK, markersize=5, clip_on=False)
    for i in PAIR:
        axes.plot(*X[:, i], "o", color=INK, markersize=9, markerfacecolor="none")
    axes.text(2.05, 0.08, "setosa", color=BLUE, va="center")
    axes.text(3.9, 1.72, "versicolor", color=ORANGE, ha="right")
    axes.text(1.55, 1.72, say("有偏置", "with b"), color=GREEN)
    axes.text(5.55, 0.98, say("无偏置", "without b"), color=RED, ha="right")
    axes.set(xlim=(0, 5.6), ylim=(0, 2))
    return svg(drawing)


@figure
def distance(say: Say) -> str:
    w, b = np.array([3.0, 4.0]), -10.0
    foot = -b * w / (w @ w)
    drawing, axes = chart(4.4, 3.0)
    x = np.array([-1.0, 4.0])
    axes.plot(x, -(w[0] * x + b) / w[1], color=GREEN)
    axes.plot(x, -w[0] * x / w[1], color=RED, linestyle="--")
    arrow = {"arrowstyle": "-|>", "color": BLUE, "linewidth": 2, "shrinkA": 0, "shrinkB": 0}
    axes.annotate("", foot, (0, 0), arrowprops=arrow)
    axes.plot(0, 0, "o", color=INK, markersize=5)
    axes.plot(*foot, "o", color=INK, markersize=5)
    axes.text(
        foot[0] / 2 - 0.12,
        foot[1] / 2 + 0.05,
        "|b| / ‖w‖ = 2",
        color=BLUE,
        ha="right",
    )
    axes.text(foot[0] + 0.1, foot[1] + 0.1, "(1.2, 1.6)", color=INK)
    axes.text(2.75, 0.75, "b = −10", color=GREEN)
    axes.text(0.55, -0.75, "b = 0", color=RED, ha="right")
    axes.set(xlim=(-1, 4), ylim=(-1, 2.6), xlabel="x₁", ylabel="x₂")
    axes.set_aspect("equal")
    return svg(drawing)


@figure
def lifted(say: Say) -> str:
    X, y = flowers()
    w, b, _ = fit(X[:1], y, 0.5, 5000)
    cut = -b / w[0]
    drawing, axes = chart(4.4, 2.4)
    axes.axhline(1, color=MUTED, linewidth=1)
    for label, color, marker in ((0, BLUE, "o"), (1, ORANGE, "^")):
        chosen = X[0, y == label]
        axes.plot(chosen, np.ones(chosen.size), marker, color=color, markersize=5, alpha=0.4)
    height = np.array([0.0, 1.45])
    axes.plot(cut * height, height, color=GREEN)
    axes.plot(0, 0, "o", color=INK, markersize=6, clip_on=False)
    axes.plot(cut, 1, "o", color=INK, markersize=8, markerfacecolor="none")
    axes.text(1.45, 1.12, "setosa", color=BLUE, ha="center")
    axes.text(4.3, 1.12, "versicolor", color=ORANGE, ha="center")
    axes.text(cut / 2 + 0.2, 0.45, say("边界", "boundary"), color=GREEN)
    axes.set(xlim=(0, 5.6), ylim=(0, 1.5), yticks=(0, 1))
    axes.set_xlabel(say("花瓣长（cm）", "petal length (cm)"))
    axes.set_ylabel(say("常数输入", "constant input"))
    return svg(drawing)


#: The flower between the two kinds that the page asks about.
NEW = (2.5, 0.8)


@figure
def rulers(say: Say) -> str:
    X, y = flowers()
    drawing, axes = chart(4.4, 3.2)
    scatter(axes, X, y, say)
    length = np.array([0.0, 5.6])
    styles = (
        (0.0, RED, say("平移 0", "shift 0"), (0.12, 1.45)),
        (10.0, PURPLE, say("平移 10", "shift 10"), (5.5, 0.62)),
        (-3.0, INK, say("平移 −3", "shift −3"), (3.05, 1.95)),
    )
    for a, color, name, (x, height) in styles:
        for penalty, line in (((0.01, 0.01, 0.0), "-"), ((0.01, 0.01, 0.01), "--")):
            w = penalised(X + a, y, np.array(penalty))
            border = -(w[0] * (length + a) + w[2]) / w[1] - a
            axes.plot(length, border, line, color=GREEN if line == "-" else color)
        axes.text(x, height, name, color=color, ha="right" if x > 5 else "left")
    axes.plot(*NEW, "*", color=INK, markersize=13)
    axes.text(NEW[0] - 0.3, NEW[1] - 0.12, say("新花", "new flower"), color=INK, ha="right")
    both = say("只惩罚 w：三把尺子", "w only: all three")
    axes.text(5.55, 0.08, both, color=GREEN, ha="right")
    axes.set(xlim=(0, 5.6), ylim=(0, 2.1))
    return svg(drawing)


@figure
def kinks(say: Say) -> str:
    drawing, axes = chart(4.4, 3.6, 2, 2, sharey="row", sharex=True, height_ratios=(1.6, 1))
    x = np.linspace(-2.2, 2.2, 441)
    titles = (say("有偏置", "with biases"), say("无偏置", "without biases"))
    names = (
        (("× 1", 0.9, 2.5), ("× (−2)", 1.0, -3.4), ("× 1", 2.15, -0.9)),
        (("× 1, × 1", 1.0, 2.3), ("× (−2)", 1.0, -3.4), ("", 0, 0)),
    )
    styles = ((BLUE, "-"), (ORANGE, "-"), (GREEN, "--"))
    for k, (biases, title) in enumerate(zip(((1, 0, -1), (0, 0, 0)), titles, strict=True)):
        parts = [h * relu(x + b) for h, b in zip((1, -2, 1), biases, strict=True)]
        for part, (color, line), (name, at, height) in zip(parts, styles, names[k], strict=True):
            axes[0, k].plot(x, part, line, color=color, linewidth=1.6)
            axes[0, k].text(at, height, name, color=color, ha="right")
        axes[1, k].plot(x, sum(parts), color=INK, linewidth=2.4)
        axes[0, k].set(ylim=(-4.6, 3.4))
        axes[0, k].set_title(title)
        axes[1, k].set(xlim=(-2.2, 2.2), ylim=(-0.6, 1.4), xlabel="x", xticks=range(-2, 3))
    axes[0, 0].set_ylabel(say("神经元", "neurons"))
    axes[1, 0].set_ylabel(say("和", "sum"))
    return svg(drawing)
