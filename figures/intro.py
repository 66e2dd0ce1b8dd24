"""The drawings of ``intro.md``: shuffled digits, a neuron, four kinds of network."""

import numpy as np
from matplotlib.patches import Rectangle
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from sklearn.datasets import load_digits

from engine.figures import Say, figure
from figures.chart import bare, chart, svg
from figures.diagram import Diagram, Label, Stroke
from figures.numbers import short
from figures.palette import BLUE, GREEN, INK, MUTED, ORANGE, PURPLE, RED
from snippets.activations import sigmoid

Array = NDArray[np.float64]


def features(x: Array, kernels: Array) -> Array:
    """What the kernels see, without negative values, the largest of each 3 × 3 square."""
    windows = sliding_window_view(x, kernels.shape[1:], axis=(1, 2))
    seen = np.tensordot(windows, kernels, axes=((3, 4), (1, 2)))
    m, rows, columns, k = seen.shape
    squares = np.maximum(seen, 0).reshape(m, rows // 3, 3, columns // 3, 3, k)
    largest: Array = squares.max(axis=(2, 4)).reshape(m, -1)
    return largest


def errors() -> Array:
    """The digits misread in per cent, in order and shuffled, for each of five draws: (5, 2)."""
    digits = load_digits()
    x, labels = digits.images / 16, digits.target
    test, results = np.arange(len(x)) % 4 == 0, []
    for seed in range(5):
        rng = np.random.default_rng(seed)
        kernels, order = rng.normal(size=(32, 3, 3)), rng.permutation(64)
        row = []
        for pixels in (x, shuffled_images(x, order)):
            A = np.column_stack([features(pixels, kernels), np.ones(len(x))])
            B, Y = A[~test], np.eye(10)[labels[~test]]
            weights = np.linalg.solve(B.T @ B + np.eye(B.shape[1]), B.T @ Y)
            row.append(100 * np.mean((A[test] @ weights).argmax(axis=1) != labels[test]))
        results.append(row)
    return np.array(results)


def shuffled_images(images: Array, order: NDArray[np.int64]) -> Array:
    """All pictures with their pixels in one other order."""
    return images.reshape(len(images), -1)[:, order].reshape(images.shape)


@figure
def shuffled(say: Say) -> str:
    digits = load_digits()
    four = digits.images[[int(np.argmax(digits.target == d)) for d in (0, 3, 5, 8)]]
    mixed = shuffled_images(four, np.random.default_rng(0).permutation(64))
    wrong = errors()
    drawing, axes = chart(4.4, 1.95, 2, 5, width_ratios=(1, 1, 1, 1, 1.6))
    names = (say("原来的次序", "in order"), say("打乱以后", "shuffled"))
    for row, (images, name, color) in enumerate(
        zip((four, mixed), names, (BLUE, RED), strict=True)
    ):
        for axis, image in zip(axes[row], images, strict=False):
            bare(axis)
            axis.imshow(image, "gray", vmin=0, vmax=16, interpolation="nearest")
            axis.add_patch(Rectangle((1.5, 1.5), 3, 3, fill=False, edgecolor=GREEN, linewidth=2))
        axes[row, 0].set_ylabel(name, color=INK)
        bar, mean, spread = axes[row, 4], wrong[:, row].mean(), wrong[:, row].std(ddof=1)
        bare(bar)
        bar.barh(0, mean, 0.5, color=color, xerr=spread, ecolor=INK)
        read = say(f"认错 {mean:.1f} %", f"{mean:.1f} % misread")
        bar.text(0, 0.45, read, color=color, va="bottom")
        bar.set(xlim=(0, 5.5), ylim=(-0.9, 1.1))
    return svg(drawing)


def pictures(
    d: Diagram, x: float, y: float, side: float, count: int, color: str, step: float = 5
) -> None:
    """Square pictures behind one another, the foremost with its centre at (x, y)."""
    for k in reversed(range(count)):
        d.box(x + step * k, y - step * k, side, side, color=color)


def window(d: Diagram, x: float, y: float, side: float) -> None:
    """A small square window around (x, y)."""
    left, right, top, bottom = x - side / 2, x + side / 2, y - side / 2, y + side / 2
    d.line((left, top), (right, top), color=GREEN, width=1.6)
    d.line((left, bottom), (right, bottom), color=GREEN, width=1.6)
    d.line((left, top), (left, bottom), color=GREEN, width=1.6)
    d.line((right, top), (right, bottom), color=GREEN, width=1.6)


def perceptron(d: Diagram, x: float, y: float, say: Say) -> None:
    """Three inputs, four hidden neurons, one output."""
    inputs = [(x + 62, y + dy) for dy in (-34, 0, 34)]
    hidden = [(x + 120, y + dy) for dy in (-51, -17, 17, 51)]
    output = (x + 178, y)
    for start in inputs:
        for end in hidden:
            d.line(start, end, color=MUTED, width=0.8)
    for start in hidden:
        d.line(start, output, color=MUTED, width=0.8)
    names = (say("面积", "area"), say("卧室", "rooms"), say("房龄", "age"))
    for center, name in zip(inputs, names, strict=True):
        d.node(*center, "", color=MUTED, radius=9)
        d.text(center[0] - 13, center[1], name, size=11, anchor="end")
    for center in hidden:
        d.node(*center, "", color=BLUE, radius=9)
    d.node(*output, "", color=ORANGE, radius=9)
    d.text(output[0], y - 19, say("价格", "price"), size=11)
    shapes(d, y + 80, ((x + 62, "(3, 5)"), (x + 120, "(4, 5)"), (x + 178, "(1, 5)")))


def convolutional(d: Diagram, x: float, y: float, say: Say) -> None:
    """A picture of three channels, eight maps, ten classes."""
    pictures(d, x + 30, y + 6, 52, 3, MUTED)
    pictures(d, x + 102, y + 14, 40, 8, BLUE, step=3.5)
    window(d, x + 22, y, 16)
    window(d, x + 96, y + 9, 6)
    d.line((x + 30, y - 8), (x + 93, y + 6), color=GREEN)
    d.line((x + 30, y + 8), (x + 93, y + 12), color=GREEN)
    for k in range(10):
        d.box(x + 184, y - 40.5 + 9 * k, 9, 9, color=ORANGE)
    d.arrow((x + 151, y), (x + 176, y), gap=0)
    d.text(x + 36, y - 44, say("图片", "picture"), size=11)
    d.text(x + 184, y - 56, say("类别", "classes"), size=11)
    row = ((x + 37, "(5, 3, 64, 64)"), (x + 115, "(5, 8, 62, 62)"), (x + 180, "(5, 10)"))
    shapes(d, y + 80, row, size=10)


def recurrent(d: Diagram, x: float, y: float, say: Say) -> None:
    """One cell at three of its steps, the state handed on."""
    places = (x + 22, x + 92, x + 172)
    for place, label in zip(places, ("x_1", "x_2", "x_{98}"), strict=True):
        d.text(place, y + 52, label, size=13)
        d.arrow((place, y + 40), (place, y + 16), gap=0, end_gap=2)
        d.box(place, y, 38, 30, say("单元", "cell"), color=BLUE, size=12)
    d.arrow((places[0], y), (places[1], y), label=Label("h_1", shift=-12, size=13), gap=20)
    d.arrow((places[1], y), (x + 126, y), gap=20, end_gap=0)
    d.text(x + 133, y - 3, "…", size=13)
    d.arrow((x + 139, y), (places[2], y), gap=0, end_gap=20)
    d.arrow((places[2], y - 16), (places[2], y - 40), Stroke(ORANGE), gap=0)
    d.text(places[2], y - 49, say("词", "word"), size=11)
    d.text(places[2] + 15, y - 26, "h_{98}", size=11)
    shapes(d, y - 49, ((x + 132, "(5, K)"),))
    shapes(d, y + 80, ((x + 92, "(98, 5, 80)"),))


def hybrid(d: Diagram, x: float, y: float, say: Say) -> None:
    """Pictures through a CNN, speeds beside them, an RNN over both."""
    pictures(d, x + 26, y - 30, 32, 3, MUTED, step=4)
    d.text(x + 34, y - 64, say("画面（7 帧）", "7 pictures"), size=11)
    shapes(d, y - 2, ((x + 40, "(7, 5, 3, 64, 64)"),), size=10)
    d.arrow((x + 54, y - 32), (x + 70, y - 32), gap=0)
    d.box(x + 90, y - 32, 38, 28, "CNN", color=GREEN, size=12)
    d.arrow((x + 104, y - 16), (x + 122, y + 4), gap=0)
    d.text(x + 34, y + 52, say("车速", "speed"), size=12)
    shapes(d, y + 68, ((x + 34, "(7, 5, 1)"),), size=10)
    d.arrow((x + 58, y + 52), (x + 122, y + 28), gap=0)
    d.box(x + 142, y + 16, 38, 32, "RNN", color=BLUE, size=12)
    shapes(d, y + 42, ((x + 142, "(7, 5, 9)"),), size=10)
    d.text(x + 142, y + 57, "9 = 8 + 1", size=10, color=MUTED)
    d.arrow((x + 162, y + 16), (x + 182, y + 16), Stroke(ORANGE), gap=0)
    d.text(x + 200, y - 9, say("转向", "steering"), size=11, anchor="end")
    shapes(d, y + 32, ((x + 184, "(5, 1)"),), size=10)


def shapes(d: Diagram, y: float, labels: tuple[tuple[float, str], ...], size: float = 11) -> None:
    """Shapes, each at what has it."""
    for x, label in labels:
        d.text(x, y, label, size=size, color=PURPLE)


@figure
def neuron(say: Say) -> str:
    """Two weighted inputs and a bias make a sum, the sigmoid makes the output."""
    (x_1, x_2), (w_1, w_2), b = (2, 1), (0.5, -1), 0.2
    z = w_1 * x_1 + w_2 * x_2 + b
    d = Diagram(420, 200)
    total, bend, out = (205, 80), (305, 80), (385, 80)
    for y, x, w in ((35, x_1, f"w_1 = {short(w_1)}"), (125, x_2, f"w_2 = {short(w_2)}")):
        d.node(50, y, f"{x}", color=MUTED)
        shift = -18 if y < total[1] else 18
        d.arrow((50, y), total, label=Label(w, at=0.45, shift=shift, size=12), end_gap=24)
    d.text(50, 160, say("输入 x", "inputs x"), size=12, color=MUTED)
    d.arrow((205, 150), total, gap=10, end_gap=24)
    d.text(205, 158, f"b = {b:g}", size=12)
    d.node(*total, "Σ", color=BLUE, radius=22, size=16)
    d.node(*bend, "σ", color=GREEN, radius=22, size=16)
    d.arrow(total, bend, label=Label(f"z = {z:.1f}", shift=-12, size=12), gap=24)
    d.arrow(bend, out, Stroke(ORANGE), gap=24, end_gap=20)
    d.text(*out, f"{float(sigmoid(z)):.2f}", size=14, color=INK, bold=True)
    d.text(205, 190, say("加权求和", "weighted sum"), size=12, color=MUTED)
    d.text(305, 190, say("激活函数", "activation"), size=12, color=MUTED)
    d.text(385, 110, say("输出", "output"), size=12, color=MUTED)
    return d.svg()


@figure
def networks(say: Say) -> str:
    d = Diagram(420, 426)
    titles = (
        (100, 14, say("多层感知机（MLP）", "MLP")),
        (318, 14, say("卷积网络（CNN）", "CNN")),
        (100, 232, say("循环网络（RNN）", "RNN")),
        (318, 232, say("混合网络", "hybrid")),
    )
    for x, y, title in titles:
        d.text(x, y, title, size=13.5, color=INK, bold=True)
    perceptron(d, 4, 104, say)
    convolutional(d, 214, 104, say)
    recurrent(d, 4, 326, say)
    hybrid(d, 218, 326, say)
    d.line((208, 8), (208, 418))
    d.line((4, 212), (416, 212))
    return d.svg()
