"""Drawings of the chapter on backpropagation: its example on the graph, shapes, a training."""

from functools import cache

import numpy as np

from engine.figures import Frame, Say, figure, stepper
from figures.activations import digits, forward, gradient, init
from figures.chart import chart, svg
from figures.diagram import Diagram, Label, Stroke
from figures.numbers import number
from figures.palette import BLUE, GREEN, GRID, INK, MUTED, ORANGE, PAPER, PURPLE, RED
from snippets.activations import d_tanh, tanh
from snippets.backprop import (
    Array,
    backward_from,
    cross_entropy,
    d_squared_error,
    penalty,
    squared_error,
)
from snippets.backprop import forward as one_pass

#: The example of the page: two inputs, three hidden neurons, two outputs.
W1 = np.array([[0.1, 0.2], [-0.4, -0.3], [0.5, 0.5]])
W2 = np.array([[0.5, -0.5, 1.0], [1.0, 0.5, -1.0]])
X, Y, LAM = np.array([[1.0], [2.0]]), np.array([[1.0], [0.0]]), 0.1

#: Where each node of the graph stands; the objective and the penalty come in the last frame.
PLACES = {
    "x": (24, 252),
    "z": (118, 252),
    "h": (190, 252),
    "o": (284, 252),
    "L": (352, 252),
    "W1": (72, 98),
    "W2": (236, 98),
    "J": (416, 252),
    "s": (416, 98),
}
NAMES = {"W1": "W^{(1)}", "W2": "W^{(2)}"}

#: The step in which a gradient comes back to a node.
STEP_OF = {"L": 0, "o": 1, "W2": 2, "h": 3, "z": 3, "W1": 4, "J": 5, "s": 5}
LAST = 5


def values_and_gradients(penalised: bool) -> tuple[dict[str, Array], dict[str, Array]]:
    """Every number of the graph, from one run forward and back."""
    lam = LAM if penalised else 0.0
    J, cache = one_pass(W1, W2, X, Y, lam)
    do = d_squared_error(cache.o, Y)
    dh = W2.T @ do
    dW1, dW2 = backward_from(cache, do)
    one = np.ones((1, 1))
    values = {
        "x": X,
        "z": W1 @ X,
        "h": cache.h,
        "o": cache.o,
        "L": squared_error(cache.o, Y) * one,
        "s": penalty(W1, W2, lam) * one,
        "J": J * one,
        "W1": W1,
        "W2": W2,
    }
    gradients = {
        "o": do,
        "h": dh,
        "z": dh * (1 - cache.h**2),
        "L": one,
        "s": one,
        "J": one,
        "W1": dW1,
        "W2": dW2,
    }
    return values, gradients


def block(drawing: Diagram, x: float, y: float, a: Array, color: str, digits: int = 3) -> None:
    """A matrix of numbers around the centre (x, y)."""
    rows, columns = a.shape
    for i in range(rows):
        for j in range(columns):
            right = x + 45 * (j + 0.5 - columns / 2) + 17
            down = y + 13 * (i + 0.5 - rows / 2)
            shown = number(a[i, j], digits)
            drawing.text(right, down, shown, 11, color, anchor="end", halo=True)


def draw(say: Say, step: int) -> str:
    """The graph with all values and with the gradients of the steps done so far."""
    penalised = step == LAST
    values, gradients = values_and_gradients(penalised)
    drawing = Diagram(440, 338)
    shown = [node for node in PLACES if penalised or node not in ("s", "J")]

    def link(
        start: tuple[float, float],
        end: tuple[float, float],
        now: int | None,
        gaps: tuple[float, float],
        label: Label | None = None,
        bend: float = 0,
    ) -> None:
        """An arrow forward, or a thick one back in the step in which a gradient takes it."""
        if now == step:
            start, end, gaps, bend = end, start, gaps[::-1], -bend
        stroke = Stroke(ORANGE, 3) if now == step else Stroke(MUTED)
        drawing.arrow(start, end, stroke, label, gap=gaps[0], end_gap=gaps[1], bend=bend)

    def factor(now: int, text: str, shift: float, otherwise: str = "") -> Label | None:
        """What a gradient is multiplied by on this arrow, while it takes it."""
        if now == step:
            return Label(text, shift=shift, size=12, color=ORANGE)
        return Label(otherwise, shift=-11, color=INK) if otherwise else None

    for name, product, weight, end, back, times in (
        ("x", (72, 252), "W1", "z", 4, "x^{⊤}"),
        ("h", (236, 252), "W2", "o", 2, "h^{⊤}"),
    ):
        to_left = 3 if name == "h" else None  # nobody asks for the gradient of x
        link(PLACES[name], product, to_left, (18, 10))
        link(PLACES[weight], product, back, (19, 10))
        if step == back:
            drawing.text(product[0] - 27, 190, f"· {times}", 12, ORANGE, bold=True)
        now = step if step in (back, to_left) else None
        link(product, PLACES[end], now, (9, 18))
        drawing.node(*product, "×", MUTED, radius=9, size=13)
    if step == 3:
        drawing.text(266, 196, "W^{(2)⊤} ·", 12, ORANGE, bold=True)
    link(PLACES["z"], PLACES["h"], 3, (18, 18), factor(3, "⊙ φ′", 17, "tanh"))
    link(PLACES["o"], PLACES["L"], 1, (18, 18))
    if step == 1:
        drawing.text(318, 234, "o − y", 11.5, ORANGE, bold=True, halo=True)
    if penalised:
        link(PLACES["L"], PLACES["J"], 5, (18, 18))
        link((416, 120), PLACES["J"], 5, (12, 38))
        link(PLACES["W1"], PLACES["s"], 5, (18, 18), bend=-75)
        link(PLACES["W2"], PLACES["s"], 5, (18, 18))
        drawing.text(330, 86, "λW^{(2)}", 12, ORANGE, bold=True, halo=True)
        drawing.text(238, 14, "λW^{(1)}", 12, ORANGE, bold=True, halo=True)

    for name in shown:
        hot = (step > 0 and STEP_OF.get(name) == step) or (penalised and name in NAMES)
        label, size = NAMES.get(name, name), 12 if name in NAMES else 14
        drawing.node(*PLACES[name], label, ORANGE if hot else BLUE, radius=17, size=size)
        x, y = PLACES[name]
        a = values[name]
        if name in NAMES:
            x, y = x + 6 + 22 * a.shape[1], y + 24 + 6.5 * a.shape[0]
        else:
            y += 24 + 6.5 * a.shape[0]
        block(drawing, x, y, a, BLUE, 4 if a.size == 1 else 3)
    for name in shown:
        if step == 0 or STEP_OF.get(name, LAST + 1) > step:
            continue
        x, y = PLACES[name]
        x = 46 if name == "W1" else x - 16 if name == "W2" and penalised else x
        a = gradients[name]
        block(drawing, x, y - 23 - 6.5 * a.shape[0], a, ORANGE)
    drawing.text(8, 328, say("蓝：值", "blue: value"), 11, BLUE, anchor="start")
    if step:
        of = "J" if penalised else "L"
        derivative = say(f"橙：{of} 对它的导数", f"orange: derivative of {of}")
        drawing.text(92, 328, derivative, 11, ORANGE, anchor="start")
    return drawing.svg()


@figure
def network(say: Say) -> str:
    """The example as a network: its twelve weights, what it answers, and what it should answer."""
    values, _ = values_and_gradients(False)
    drawing = Diagram(420, 238)
    xs, hs, os = (
        [(column, 118 + 76 * (k - (n - 1) / 2)) for k in range(n)]
        for column, n in ((34, 2), (178, 3), (310, 2))
    )
    for starts, ends, W, spread in ((xs, hs, W1, 0.36), (hs, os, W2, 0.34)):
        for end in ends:
            for start in starts:
                drawing.arrow(start, end, gap=22, end_gap=24)
        for i, end in enumerate(ends):
            for j, start in enumerate(starts):
                steep = abs(end[1] - start[1]) > 70
                at = spread - 0.12 if steep else spread
                x, y = (a + at * (b - a) for a, b in zip(start, end, strict=True))
                drawing.box(x, y, 27 if W[i, j] < 0 else 22, 13, color=PAPER)
                drawing.text(x, y, number(W[i, j], 1), 11)
    for nodes, a, decimals in ((xs, X, 0), (hs, values["h"], 2), (os, values["o"], 2)):
        for place, value in zip(nodes, a[:, 0], strict=True):
            drawing.node(*place, number(value, decimals), BLUE, radius=21, size=12)
    for (x, y), target in zip(os, Y[:, 0], strict=True):
        text = say(f"应为 {number(target, 0)}", f"target {number(target, 0)}")
        drawing.text(x + 27, y, text, 12, RED, anchor="start", bold=True)
    for x, name in ((34, "x"), (178, "h"), (310, "o")):
        drawing.text(x, 226, name, 14, MUTED)
    drawing.text(106, 14, "W^{(1)}", 12.5, MUTED)
    drawing.text(246, 14, "W^{(2)}", 12.5, MUTED)
    return drawing.svg()


@figure
def paths_back(say: Say) -> str:
    """How the gradients of both outputs come back to the first hidden neuron and add up."""
    _, gradients = values_and_gradients(False)
    drawing = Diagram(430, 190)
    hs, os = (
        [(column, 96 + 62 * (k - (n - 1) / 2)) for k in range(n)]
        for column, n in ((150, 3), (350, 2))
    )
    for start in hs[1:]:
        for end in os:
            drawing.line(start, end, GRID, width=1.2)
    for end, arriving, weight, beside in zip(
        os, gradients["o"][:, 0], W2[:, 0], ((0, -12, "middle"), (30, 26, "end")), strict=True
    ):
        drawing.arrow(end, hs[0], Stroke(ORANGE, 3), gap=22, end_gap=24)
        x, y = (a + 0.5 * (b - a) for a, b in zip(hs[0], end, strict=True))
        share = f"{number(arriving, 3)} · {number(weight, 1)}"
        right, down, anchor = beside
        drawing.text(x + right, y + down, share, 11.5, ORANGE, anchor, bold=True, halo=True)
        drawing.text(end[0] + 27, end[1], number(arriving, 3), 12, ORANGE, anchor="start")
    for k, place in enumerate(hs):
        drawing.node(*place, f"h_{{{k + 1}}}", GRID if k else ORANGE, radius=21, size=13)
    for k, place in enumerate(os):
        drawing.node(*place, f"o_{{{k + 1}}}", BLUE, radius=21, size=13)
    total = number(gradients["h"][0, 0], 3)
    drawing.text(122, hs[0][1], total, 13, ORANGE, anchor="end", bold=True)
    drawing.text(122, hs[0][1] + 20, say("两份之和", "the sum"), 11.5, MUTED, anchor="end")
    drawing.text(377, os[0][1] - 20, "∂L/∂o", 12, MUTED, anchor="start")
    drawing.text(122, hs[0][1] - 20, "∂L/∂h_{1}", 12, MUTED, anchor="end")
    return drawing.svg()


@figure
def layer(say: Say) -> str:
    """One layer of a deep network on the backward pass: what comes in, what goes on."""
    drawing = Diagram(430, 196)
    top, bottom = 40, 120
    for x, name in ((48, "h^{(l−1)}"), (196, "z^{(l)}"), (290, "h^{(l)}"), (392, "z^{(l+1)}")):
        drawing.box(x, top, 62, 30, name, BLUE, 12.5)
    for start, end, name in (
        (48, 196, "W^{(l)}"),
        (196, 290, "φ"),
        (290, 392, "W^{(l+1)}"),
    ):
        drawing.arrow((start, top), (end, top), label=Label(name, shift=-13), gap=34)
    for x, name in ((196, "δ^{(l)}"), (392, "δ^{(l+1)}")):
        drawing.box(x, bottom, 62, 30, name, ORANGE, 12.5)
    stroke = Stroke(ORANGE, 2.6)
    drawing.arrow((392, bottom), (196, bottom), stroke, gap=34)
    for x, sign, name in ((330, "·", "W^{(l+1)⊤}"), (262, "⊙", "φ′(z^{(l)})")):
        drawing.node(x, bottom, sign, ORANGE, radius=10, size=14)
        drawing.text(x, bottom + 23, name, 12.5, ORANGE, bold=True)
    drawing.node(84, bottom, "·", ORANGE, radius=11, size=16)
    drawing.arrow((196, bottom), (84, bottom), Stroke(ORANGE), gap=34, end_gap=13)
    drawing.arrow((48, top), (84, bottom), Stroke(MUTED), gap=18, end_gap=13)
    drawing.arrow((84, bottom), (84, 168), Stroke(ORANGE), gap=12, end_gap=3)
    drawing.text(84, 180, "∂J/∂W^{(l)} = δ^{(l)} H^{(l−1)⊤}", 12.5, ORANGE, bold=True)
    drawing.text(424, 12, say("前向 →", "forward →"), 11.5, MUTED, anchor="end")
    drawing.text(424, 168, say("← 反向", "← backward"), 11.5, MUTED, anchor="end")
    return drawing.svg()


@stepper
def steps(say: Say) -> list[Frame]:
    """The backward pass, after the forward pass; last comes the penalty."""
    captions = [
        say(
            "前向：从左到右算出所有的值，梯度一个也还没有。",
            "Forward: all values are computed from left to right; there is no gradient yet.",
        ),
        say(
            "到输出：从 L 的 1 出发，o 收到 o − y。",
            "To the output: it starts with 1 at L, and o receives o − y.",
        ),
        say(
            "到输出层的权重：传到 o 的一列乘以 hᵀ 这一行。",
            "To the weights of the output layer: what arrived at o, times the row hᵀ.",
        ),
        say(
            "穿过隐藏层：乘以 W⁽²⁾ 的转置到达 h，再逐元素乘以导数到达 z。",
            "Through the hidden layer: times the transpose of W⁽²⁾ to h, times φ′ to z.",
        ),
        say(
            "到隐藏层的权重：传到 z 的一列乘以 xᵀ 这一行。",
            "To the weights of the hidden layer: what arrived at z, times the row xᵀ.",
        ),
        say(
            "最后加上惩罚：J = L + s，每个权重的梯度多一项 λW，其余不变。",
            "Last, the penalty: J = L + s adds λW to the gradient of each weight, nothing else.",
        ),
    ]
    return [Frame(caption, draw(say, step)) for step, caption in enumerate(captions)]


@figure
def shapes(say: Say) -> str:
    """The three products of the backward pass, as rectangles to scale."""
    n_x, n_h, n_y, m = 4, 3, 2, 5
    W2, do = np.ones((n_y, n_h)), np.ones((n_y, m))
    h, dz, x = np.ones((n_h, m)), np.ones((n_h, m)), np.ones((n_x, m))
    drawing = Diagram(420, 376)

    def matrix(centre: float, y: float, a: Array, name: str, role: str) -> None:
        """A grid with its numbers of rows and columns; the inner one in orange."""
        (rows, columns), cell = a.shape, 17
        wide, high = cell * columns, cell * rows
        left, top = centre - wide / 2, y - high / 2
        drawing.box(centre, y, wide, high, "", PURPLE if role == "product" else BLUE)
        for i in range(1, rows):
            drawing.line((left, top + cell * i), (left + wide, top + cell * i), GRID)
        for j in range(1, columns):
            drawing.line((left + cell * j, top), (left + cell * j, top + high), GRID)
        by_rows = ORANGE if role == "right" else GREEN
        by_columns = ORANGE if role == "left" else GREEN
        drawing.text(left - 10, y, str(rows), 12, by_rows, bold=True)
        drawing.text(centre, top - 10, str(columns), 12, by_columns, bold=True)
        drawing.text(centre, top + high + 13, name, 13)

    for y, names, left, right in (
        (66, ("∂L/∂O", "H^{⊤}", "∂L/∂W^{(2)}"), do, h.T),
        (186, ("W^{(2)⊤}", "∂L/∂O", "∂L/∂H"), W2.T, do),
        (304, ("∂L/∂Z", "X^{⊤}", "∂L/∂W^{(1)}"), dz, x.T),
    ):
        matrix(72, y, left, names[0], "left")
        drawing.text(134, y, "·", 18, MUTED)
        matrix(206, y, right, names[1], "right")
        drawing.text(270, y, "=", 17, MUTED)
        matrix(344, y, left @ right, names[2], "product")
    return drawing.svg()


@cache
def costs() -> Array:
    """The costs of the network of the page at each step: on the training set, and on new data."""
    raw, Y = digits()
    held_out = np.arange(raw.shape[1]) % 4 == 3
    X = raw - raw[:, ~held_out].mean(axis=1, keepdims=True)
    X = X / X[:, ~held_out].std()
    layers = init([64, 32, 32, 10], 1)
    found = []
    for _ in range(101):
        zs, _ = forward(tanh, layers, X[:, held_out])
        on_new = cross_entropy(zs[-1], Y[:, held_out])
        cost, slopes = gradient(tanh, d_tanh, layers, X[:, ~held_out], Y[:, ~held_out])
        found.append((cost, on_new))
        layers = [
            (W - 0.5 * dW, b - 0.5 * db) for (W, b), (dW, db) in zip(layers, slopes, strict=True)
        ]
    return np.array(found)


@figure
def training(say: Say) -> str:
    """The costs of the network of the page, on the training set and the validation set."""
    drawing, axes = chart(4.4, 2.7)
    for values, style, colour, name in zip(
        costs().T,
        ("-", "--"),
        (BLUE, ORANGE),
        (say("训练集", "training set"), say("验证集", "validation set")),
        strict=True,
    ):
        axes.semilogy(values, style, color=colour, label=name)
    axes.set(xlim=(0, 100), ylim=(0.03, 4), xlabel=say("步数", "step"))
    axes.set_ylabel(say("代价 J", "cost J"))
    axes.set_yticks((0.03, 0.1, 0.3, 1, 3), ("0.03", "0.1", "0.3", "1", "3"))
    axes.minorticks_off()
    axes.legend(loc="upper right", labelcolor=INK)
    return svg(drawing)
