"""The drawings of ``intro.md``: a neuron, and four kinds of network with their shapes."""

from engine.figures import Say, figure
from figures.diagram import Diagram, Label, Stroke
from figures.numbers import short
from figures.palette import BLUE, GREEN, INK, MUTED, ORANGE, PURPLE
from snippets.activations import sigmoid


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


def perceptron(d: Diagram, x: float, y: float) -> None:
    """Three inputs, four hidden neurons, one output."""
    inputs = [(x + 20, y + dy) for dy in (-34, 0, 34)]
    hidden = [(x + 95, y + dy) for dy in (-51, -17, 17, 51)]
    output = (x + 170, y)
    for start in inputs:
        for end in hidden:
            d.line(start, end, color=MUTED, width=0.8)
    for start in hidden:
        d.line(start, output, color=MUTED, width=0.8)
    for center in inputs:
        d.node(*center, "", color=MUTED, radius=9)
    for center in hidden:
        d.node(*center, "", color=BLUE, radius=9)
    d.node(*output, "", color=ORANGE, radius=9)
    shapes(d, y + 78, ((x + 20, "(3, 5)"), (x + 95, "(4, 5)"), (x + 170, "(1, 5)")))


def convolutional(d: Diagram, x: float, y: float) -> None:
    """A picture of three channels, eight maps, ten classes."""
    pictures(d, x + 30, y + 8, 52, 3, MUTED)
    pictures(d, x + 98, y + 14, 42, 8, BLUE, step=3.5)
    window(d, x + 22, y, 16)
    window(d, x + 92, y + 9, 6)
    d.line((x + 30, y - 8), (x + 89, y + 6), color=GREEN)
    d.line((x + 30, y + 8), (x + 89, y + 12), color=GREEN)
    for k in range(10):
        d.box(x + 182, y - 40.5 + 9 * k, 9, 9, color=ORANGE)
    d.arrow((x + 148, y), (x + 174, y), gap=0)
    shapes(d, y + 62, ((x + 36, "(5, 3, 64, 64)"), (x + 174, "(10, 5)")))
    shapes(d, y + 78, ((x + 106, "(5, 8, 62, 62)"),))


def recurrent(d: Diagram, x: float, y: float) -> None:
    """One cell at three of its steps, the state handed on."""
    places = (x + 22, x + 92, x + 170)
    for place, label in zip(places, ("x_1", "x_2", "x_{98}"), strict=True):
        d.text(place, y + 48, label, size=12)
        d.arrow((place, y + 38), (place, y + 14), gap=0, end_gap=2)
        d.box(place, y, 34, 28, "tanh", color=BLUE, size=11)
    d.arrow((places[0], y), (places[1], y), label=Label("h_1", shift=-11, size=12), gap=18)
    d.arrow((places[1], y), (x + 124, y), gap=18, end_gap=0)
    d.text(x + 131, y - 3, "…", size=13)
    d.arrow((x + 138, y), (places[2], y), gap=0, end_gap=18)
    d.arrow((places[2], y - 14), (places[2], y - 44), Stroke(ORANGE), gap=0)
    d.text(places[2], y - 52, "h_{98}", size=12)
    shapes(d, y + 78, ((x + 57, "(98, 5, 80)"), (x + 170, "(5, 16)")))


def hybrid(d: Diagram, x: float, y: float, say: Say) -> None:
    """Pictures through a CNN, speeds beside them, an RNN over both."""
    pictures(d, x + 18, y - 22, 30, 3, MUTED, step=4)
    d.arrow((x + 44, y - 26), (x + 62, y - 26), gap=0)
    d.box(x + 82, y - 26, 38, 28, "CNN", color=GREEN, size=11)
    d.arrow((x + 102, y - 22), (x + 122, y - 6), gap=0)
    d.text(x + 26, y + 26, say("车速", "speed"), size=12)
    d.arrow((x + 48, y + 26), (x + 122, y + 8), gap=0)
    d.box(x + 142, y, 38, 32, "RNN", color=BLUE, size=11)
    d.arrow((x + 162, y), (x + 180, y), Stroke(ORANGE), gap=0)
    d.text(x + 196, y - 26, say("转向", "steering"), size=12, anchor="end")
    shapes(d, y + 62, ((x + 38, "(7, 5, 3, 64, 64)"), (x + 184, "(5, 1)")))
    shapes(d, y + 78, ((x + 26, "(7, 5, 1)"), (x + 130, "(7, 5, 9)")))


def shapes(d: Diagram, y: float, labels: tuple[tuple[float, str], ...]) -> None:
    """Shapes, each below what has it."""
    for x, label in labels:
        d.text(x, y, label, size=11, color=PURPLE)


@figure
def neuron(say: Say) -> str:
    """Two weighted inputs and a bias make a sum, the sigmoid makes the output."""
    (x_1, x_2), (w_1, w_2), b = (2, 1), (0.5, -1), 0.2
    z = w_1 * x_1 + w_2 * x_2 + b
    d = Diagram(420, 200)
    total, bend, out = (205, 80), (305, 80), (385, 80)
    for y, x, w in ((35, x_1, f"w_1 = {short(w_1)}"), (125, x_2, f"w_2 = {short(w_2)}")):
        d.node(50, y, f"{x}", color=MUTED)
        shift = -12 if y < total[1] else 12
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
    perceptron(d, 4, 104)
    convolutional(d, 214, 104)
    recurrent(d, 4, 326)
    hybrid(d, 218, 326, say)
    d.line((208, 8), (208, 418))
    d.line((4, 212), (416, 212))
    return d.svg()
