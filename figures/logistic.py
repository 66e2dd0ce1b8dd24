"""The drawings of ``logistic.md``."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from sklearn.datasets import load_breast_cancer

from engine.figures import Explorer, Frame, Say, Slider, explorer, figure
from figures.chart import chart, svg
from figures.diagram import Diagram, Label
from figures.numbers import number, short
from figures.palette import BLUE, GREEN, INK, MUTED, ORANGE, PAPER, RED
from figures.plot import WIDTH, Axis, Plot
from snippets.activations import sigmoid
from snippets.logistic import (
    cost,
    fit,
    gradients,
    logits,
    loss,
    loss_from_logits,
    predict,
    squared_error_curvature,
)

Array = NDArray[np.float64]


#: The neuron of the page, and its two samples, of which the first is drawn.
X, W, B = np.array([[2.0, 1.0], [1.0, 3.0]]), np.array([1.0, -1.0]), 0.0


@figure
def line_and_sigmoid(say: Say) -> str:
    features, labels = load_breast_cancer(return_X_y=True)
    radius, y = features[:, 0], labels.astype(float)
    line = np.polyfit(radius, y, 1)
    mean, spread = radius.mean(), radius.std()
    w, b, _ = fit(((radius - mean) / spread)[None], y, 5, 1000)
    x = np.linspace(5.5, 29, 400)
    drawing, axes = chart(4.4, 3.1)
    axes.axhspan(1, 1.6, color=RED, alpha=0.1, linewidth=0)
    axes.axhspan(-0.95, 0, color=RED, alpha=0.1, linewidth=0)
    jitter = np.random.default_rng(0).uniform(0, 0.09, y.size)
    for label, color, marker in ((0, ORANGE, "^"), (1, BLUE, "o")):
        chosen, inwards = y == label, -1 if label else 1
        heights = label + inwards * jitter[chosen]
        axes.plot(radius[chosen], heights, marker, color=color, markersize=2.2, alpha=0.5)
    axes.plot(x, np.polyval(line, x), "--", color=RED)
    axes.plot(x, predict(w, b, ((x - mean) / spread)[None]), color=GREEN, linewidth=2.4)
    for value, side, shift in ((7, "left", 0.8), (28, "right", -0.8)):
        height = float(np.polyval(line, value))
        axes.plot(value, height, "o", color=RED)
        axes.text(value + shift, height, number(height, 2), color=RED, ha=side, va="center")
    axes.text(10.8, 1.2, say("直线", "straight line"), color=RED)
    axes.text(16.4, 0.52, say("S 形曲线", "S-shaped curve"), color=GREEN)
    axes.text(28.8, 1.04, say("大于 1：不是概率", "above 1: no probability"), ha="right")
    axes.text(5.7, -0.9, say("小于 0：不是概率", "below 0: no probability"))
    axes.text(5.7, 0.74, say("良性", "benign"), color=BLUE)
    axes.text(28.8, 0.14, say("恶性", "malignant"), color=ORANGE, ha="right")
    axes.set(xlim=(5.5, 29), ylim=(-0.95, 1.6), yticks=(-0.5, 0, 0.5, 1, 1.5))
    axes.set_xlabel(say("细胞核的平均半径", "mean radius of the cell nuclei"))
    axes.set_ylabel(say("回答", "answer"))
    return svg(drawing)


@figure
def sigmoid_curve(say: Say) -> str:
    z = np.linspace(-6, 6, 301)
    drawing, axes = chart(4.4, 2.4)
    axes.plot(z, sigmoid(z), color=GREEN, linewidth=2.4)
    for odds, name in ((1 / 9, "1 : 9"), (1.0, "1 : 1"), (9.0, "9 : 1")):
        at, height = float(np.log(odds)), odds / (1 + odds)
        axes.plot((at, at), (0, height), ":", color=MUTED, linewidth=1.2)
        axes.plot(at, height, "o", color=INK)
        words = say(f"几率 {name}", f"odds {name}")
        axes.text(at - 0.25, height + 0.03, words, ha="right")
    axes.set(xlim=(-6, 6), ylim=(0, 1.08), yticks=(0, 0.1, 0.5, 0.9, 1), xticks=range(-6, 7, 2))
    axes.set(xlabel="z", ylabel=say("ŷ = σ(z)", "ŷ = σ(z)"))
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


@explorer
def loss_moved(say: Say) -> Explorer:
    """The loss of one answer, for either label."""
    across = np.linspace(0.002, 0.998, 250)

    def frame(y_hat: float, y: int) -> Frame:
        value = float(loss(y_hat, y))
        drawing = Diagram(WIDTH, 212)
        axes = Plot(
            drawing,
            (30, 20),
            (278, 154),
            Axis(0, 1, (0, 0.25, 0.5, 0.75, 1), "ŷ"),
            Axis(0, 5, range(6), say("损失", "loss")),
        )
        axes.line((0, 1), np.log([2, 2]), MUTED, 1, "2 3")
        for label, color in ((1, BLUE), (0, ORANGE)):
            dash = "" if label == y else "5 4"
            axes.line(across, loss(across, label), color, 2.2 if label == y else 1.2, dash)
        axes.text(0.09, 3.7, "y = 1", BLUE)
        axes.text(0.91, 3.7, "y = 0", ORANGE, "end")
        axes.text(0.93 if y else 0.07, float(np.log(2)), "log 2", INK, "middle", (0, -8))
        axes.line((y_hat, y_hat), (0, value), INK, 1)
        axes.dots(y_hat, value, INK, 4)
        if y_hat == 0.5:
            what = say("标签是什么都一样", "the same for either label")
        elif value < np.log(2):
            what = say("答对了，比 log 2 小", "right, and less than log 2")
        elif value < 2:
            what = say("答错了，比 log 2 大", "wrong, and more than log 2")
        else:
            what = say("答错了，还信心十足", "wrong, and sure of it")
        cost = number(value, 2)
        text = say(
            f"y = {y}，ŷ = {y_hat:.2f}：损失是 {cost}；{what}。",
            f"y = {y}, ŷ = {y_hat:.2f}: the loss is {cost}; {what}.",
        )
        return Frame(text, drawing.svg())

    answers = (0.01, *(k / 20 for k in range(1, 20)), 0.99)
    sliders = (
        Slider(say("预测概率 ŷ", "prediction ŷ"), answers, 0.8, lambda a: f"{a:.2f}"),
        Slider(say("标签 y", "label y"), (0, 1), 1),
    )
    return Explorer(sliders, frame, [(0.5, 1), (0.05, 1), (0.8, 0)])


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
    squared = say("平方误差，\n在阴影里向下弯", "squared error,\nbent down in the shade")
    axes.text(-5.8, 0.72, squared, color=BLUE, va="top")
    entropy = say("交叉熵，\n处处向上弯", "cross-entropy,\nbent up everywhere")
    axes.text(-0.4, 2.6, entropy, color=ORANGE, va="top")
    axes.text(border + 0.15, 3.75, "z = −log 2, ŷ = 1/3", color=INK, va="center")
    axes.set(xlim=(-6, 4), ylim=(0, 4), yticks=range(5), xlabel="z")
    axes.set_ylabel(say("误差（y = 1）", "error (y = 1)"))
    return svg(drawing)


#: What one sample moves per step, and where it starts: the slope of each loss with respect to z.
SLOW = 0.15


def by_squares(y_hat: Array) -> Array:
    return 2 * y_hat * y_hat * (1 - y_hat)


def by_entropy(y_hat: Array) -> Array:
    return y_hat


def learn(slope: Callable[[Array], Array], z: float, steps: int) -> Array:
    """The predictions for x = 1, y = 0 before and after each step."""
    y_hats = [sigmoid(z)]
    for _ in range(steps):
        z = z - 2 * SLOW * float(slope(y_hats[-1]))  # w and b move alike
        y_hats.append(sigmoid(z))
    return np.array(y_hats)


@figure
def slow_neuron(say: Say) -> str:
    steps = 300
    squared, entropy = say("平方误差", "squared error"), say("交叉熵", "cross-entropy")
    drawing, axes = chart(4.4, 2.8)
    for slope, z, color, line in (
        (by_squares, 6.0, BLUE, "-"),
        (by_squares, 0.5, BLUE, ":"),
        (by_entropy, 6.0, ORANGE, "-"),
        (by_entropy, 0.5, ORANGE, ":"),
    ):
        axes.plot(np.arange(steps + 1), learn(slope, z, steps), line, color=color)
    axes.text(
        150, 0.95, say("平方误差，从 z = 6 出发", squared + " from z = 6"), color=BLUE, va="top"
    )
    axes.text(78, 0.62, say("交叉熵，从 z = 6 出发", entropy + " from z = 6"), color=ORANGE)
    axes.text(105, 0.145, say("平方误差，从 z = 0.5 出发", squared + " from z = 0.5"), color=BLUE)
    axes.set(xlim=(0, steps), ylim=(0, 1.02), xlabel=say("步数", "step"), ylabel="ŷ")
    return svg(drawing)


def tumours() -> tuple[Array, Array]:
    """Mean radius and mean texture, standardised (2, 569), and the labels."""
    features, labels = load_breast_cancer(return_X_y=True)
    two = features[:, :2].T
    two = (two - two.mean(axis=1, keepdims=True)) / two.std(axis=1, keepdims=True)
    return two, labels.astype(float)


@figure
def boundary(say: Say) -> str:
    two, benign = tumours()
    w, b, _ = fit(two, benign, 5, 2000)
    left, right, low, high = -3.2, 4.2, -2.4, 4.0
    drawing, axes = chart(4.4, 3.9)
    axes.grid(False)
    across, up = np.meshgrid(np.linspace(left, right, 161), np.linspace(low, high, 161))
    grid = np.stack([across.ravel(), up.ravel()])
    y_hat = predict(w, b, grid).reshape(across.shape)
    for edges, color in (
        ((0, 0.1), ORANGE),
        ((0.1, 0.5), ORANGE),
        ((0.5, 0.9), BLUE),
        ((0.9, 1), BLUE),
    ):
        strong = 0 in edges or 1 in edges
        axes.contourf(across, up, y_hat, edges, colors=[color], alpha=0.2 if strong else 0.09)
    for label, color, marker in ((0, ORANGE, "^"), (1, BLUE, "o")):
        axes.plot(*two[:, benign == label], marker, color=color, markersize=2.6, alpha=0.7)
    x = np.array([left, right])
    for z, line, width in ((-np.log(9), "--", 1.2), (0.0, "-", 2.0), (np.log(9), "--", 1.2)):
        axes.plot(x, (z - b - w[0] * x) / w[1], line, color=INK, linewidth=width)
    wrong = (predict(w, b, two) > 0.5) != (benign == 1)
    axes.plot(*two[:, wrong], "o", color=INK, markersize=6, markerfacecolor="none", alpha=0.6)
    unit, across_at = w / np.linalg.norm(w), 3.1
    middle = np.array([(-b - w[1] * across_at) / w[0], across_at])
    half = np.log(9) / np.linalg.norm(w)
    tail, tip = middle - half * unit, middle + half * unit
    axes.annotate(
        "", tip, tail, arrowprops={"arrowstyle": "->", "color": INK, "shrinkA": 0, "shrinkB": 0}
    )
    paper = {"facecolor": PAPER, "edgecolor": "none", "pad": 1.5}
    axes.text(tail[0] + 0.15, tail[1], f"w, {2 * half:.2f}", color=INK, va="center", bbox=paper)
    axes.text(-3.0, -2.15, say("良性", "benign"), color=BLUE)
    axes.text(4.0, -2.15, say("恶性", "malignant"), color=ORANGE, ha="right")
    for z, name, side in ((np.log(9), "ŷ = 0.9", "right"), (-np.log(9), "ŷ = 0.1", "left")):
        at = (z - b - w[1] * 3.65) / w[0]
        axes.text(at + (-0.12 if side == "right" else 0.12), 3.65, name, color=INK, ha=side)
    axes.set(xlim=(left, right), ylim=(low, high))
    axes.set_aspect("equal")
    axes.set_xlabel(say("平均半径（标准化）", "mean radius (standardised)"))
    axes.set_ylabel(say("平均纹理（标准化）", "mean texture (standardised)"))
    return svg(drawing)


def path(X: Array, y: Array, rate: float, steps: int) -> tuple[Array, list[float]]:
    """Gradient descent from 0 on, as ``fit`` takes it: the weights before each step, the costs."""
    w, b = np.zeros(len(X)), 0.0
    weights, costs = [], []
    for _ in range(steps):
        weights.append(w)
        costs.append(cost(w, b, X, y))
        dw, db = gradients(w, b, X, y)
        w, b = w - rate * dw, b - rate * db
    return np.array(weights), costs


@explorer
def descent(say: Say) -> Explorer:
    """The path on the cost of two weights, and the cost on the way, for a learning rate."""
    two, benign = tumours()
    lowest, bias, costs = fit(two, benign, 5, 2000)
    first, second = np.linspace(-15.6, 1.2, 44), np.linspace(-9, 4, 36)
    surface = np.array([[cost(np.array([u, v]), bias, two, benign) for u in first] for v in second])
    levels = (0.26, 0.28, 0.32, 0.38, 0.46, 0.56, 0.68, 0.85, 1.1, 1.4)

    def frame(rate: float) -> Frame:
        drawing = Diagram(WIDTH, 398)
        axes = Plot(
            drawing,
            (30, 20),
            (280, 217),
            Axis(-15.6, 1.2, (-15, -10, -5, 0), "w₁"),
            Axis(-9, 4, (-8, -4, 0, 4), "w₂"),
        )
        below = Plot(
            drawing,
            (30, 285),
            (280, 80),
            Axis(0, 120, (0, 40, 80, 120), say("步数", "step")),
            Axis(0.2, 0.85, (0.2, 0.4, 0.6, 0.8), say("代价 J", "cost J")),
        )
        axes.contours(first, second, surface, levels)
        axes.dots(lowest[0], lowest[1], GREEN, 5)
        w, J = path(two, benign, rate, 121)
        axes.line(w[:16, 0], w[:16, 1], ORANGE, 1.4)
        axes.dots(w[:16, 0], w[:16, 1], ORANGE, 2.2)
        axes.line(w[-2:, 0], w[-2:, 1], RED, 1, "3 2")
        axes.dots(w[-2:, 0], w[-2:, 1], RED, 4, hollow=True)
        below.line((0, 120), (costs[-1], costs[-1]), GREEN, 1, "2 3")
        below.line(np.arange(121), J, ORANGE)
        rises = J[1] > J[0]
        if J[-1] < 1.01 * costs[-1]:
            soon = int(np.argmax(np.array(J) < 1.01 * costs[-1]))
            what = say(
                f"第 {soon} 步时，比最小的代价高出不到 1%",
                f"at step {soon} it is less than 1\u00a0% above the lowest cost",
            )
        elif np.all(np.diff(J) < 0):
            what = say("一直在降，但还没有走到", "it falls all the time and is not there yet")
        elif rises:
            what = say(
                "第一步就越过最低点，落到比出发时更高的地方，最后来回跳",
                "the first step leaps to a higher cost than the start, and in the end it jumps "
                "to and fro",
            )
        else:
            what = say("最后来回跳，停不下来", "in the end it jumps to and fro and does not settle")
        after = number(J[-1], 3)
        text = say(
            f"η = {rate:g}：120 步后代价是 {after}；{what}。",
            f"η = {rate:g}: the cost after 120 steps is {after}; {what}.",
        )
        return Frame(text, drawing.svg())

    rates = (0.1, 0.2, 0.5, 1, 2, 3, 5, 7, 10, 15, 20, 22, 25, 30, 40)
    slider = Slider(say("学习率 η", "learning rate η"), rates, 5, short)
    return Explorer([slider], frame, [(0.1,), (22,), (25,), (40,)])


@figure
def cost_curve(say: Say) -> str:
    features, labels = load_breast_cancer(return_X_y=True)
    part = np.arange(labels.size) % 5
    raw = features[part < 3]
    X = ((features - raw.mean(axis=0)) / raw.std(axis=0)).T
    w, b, rate, steps = np.zeros(len(X)), 0.0, 0.5, 3000
    training, validation = [], []
    for _ in range(steps + 1):
        training.append(cost(w, b, X[:, part < 3], labels[part < 3]))
        validation.append(cost(w, b, X[:, part == 3], labels[part == 3]))
        dw, db = gradients(w, b, X[:, part < 3], labels[part < 3])
        w, b = w - rate * dw, b - rate * db
    drawing, axes = chart(4.4, 2.8)
    name = say("验证集", "validation set")
    axes.plot(validation, color=ORANGE, linestyle="--", label=name)
    axes.plot(training, color=BLUE, label=say("训练集", "training set"))
    axes.set_xscale("symlog", linthresh=1)
    axes.set_yscale("log")
    axes.axvline(int(np.argmin(validation)), color=MUTED, linewidth=1, linestyle=":")
    axes.text(int(np.argmin(validation)) * 0.85, 0.5, say("停在这里", "stop here"), ha="right")
    axes.set(xlabel=say("步数", "step"), ylabel=say("代价 J", "cost J"))
    axes.set(xlim=(0, steps), ylim=(0.035, 0.8))
    ticks = (0.05, 0.1, 0.2, 0.5)
    axes.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.tick_params(which="minor", left=False, bottom=False, labelleft=False)
    axes.set_xticks((0, 1, 10, 100, 1000), ("0", "1", "10", "100", "1000"))
    axes.legend(loc="lower left", frameon=False, labelcolor=INK)
    return svg(drawing)
