"""Drawings of the chapter on backpropagation: its example on the graph, shapes, a training."""

import numpy as np

from engine.figures import Frame, Say, figure, stepper
from figures.activations import digits, forward, gradient, init
from figures.chart import chart, svg
from figures.diagram import Diagram, Label, Stroke
from figures.numbers import number
from figures.palette import BLUE, GREEN, GRID, INK, MUTED, ORANGE, PURPLE
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

#: Where each node of the graph stands.
PLACES = {
    "x": (24, 262),
    "z": (124, 262),
    "h": (202, 262),
    "o": (292, 262),
    "L": (354, 262),
    "J": (402, 262),
    "W1": (72, 104),
    "W2": (246, 104),
    "s": (402, 104),
}
NAMES = {"W1": "W^{(1)}", "W2": "W^{(2)}"}

#: The arrows by the step in which a gradient comes back along them.
STEP_OF = {"L": 1, "s": 1, "o": 2, "W2": 3, "h": 4, "z": 4, "W1": 5}
LAST = 5


def values_and_gradients() -> tuple[dict[str, Array], dict[str, Array]]:
    """Every number of the graph, from one run forward and back."""
    J, cache = one_pass(W1, W2, X, Y, LAM)
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
        "s": penalty(W1, W2, LAM) * one,
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
        "W1": dW1,
        "W2": dW2,
    }
    return values, gradients


def block(drawing: Diagram, x: float, y: float, a: Array, color: str) -> None:
    """A matrix of numbers around the centre (x, y)."""
    rows, columns = a.shape
    for i in range(rows):
        for j in range(columns):
            right = x + 44 * (j + 0.5 - columns / 2) + 17
            down = y + 13 * (i + 0.5 - rows / 2)
            drawing.text(right, down, number(a[i, j], 3), 11, color, anchor="end", halo=True)


def draw(say: Say, step: int, active: bool = True) -> str:
    """The graph with all values and with the gradients of the steps done so far."""
    values, gradients = values_and_gradients()
    drawing = Diagram(430, 348)

    def color(*nodes: str) -> str:
        now = active and any(STEP_OF.get(node) == step for node in nodes)
        return ORANGE if now else MUTED

    def link(start: str, end: str, label: Label | None = None, bend: float = 0) -> None:
        stroke = Stroke(color(start))
        drawing.arrow(PLACES[start], PLACES[end], stroke, label, gap=18, bend=bend)

    product_1, product_2 = (72, 262), (246, 262)
    for name, product, weight, end in (
        ("x", product_1, "W1", "z"),
        ("h", product_2, "W2", "o"),
    ):
        back = color(name) if name == "h" else MUTED  # nobody asks for the gradient of x
        drawing.arrow(PLACES[name], product, Stroke(back), gap=18, end_gap=10)
        drawing.arrow(PLACES[weight], product, Stroke(color(weight)), gap=19, end_gap=10)
        drawing.arrow(product, PLACES[end], Stroke(color(weight, name)), gap=9, end_gap=18)
        drawing.node(*product, "×", MUTED, radius=9, size=13)
    link("z", "h", Label("tanh", shift=-11, color=INK))
    link("o", "L")
    link("L", "J")
    (across, top), (_, bottom) = PLACES["s"], PLACES["J"]  # from below the value of s
    drawing.arrow((across, top + 18), (across, bottom), Stroke(color("s")), gap=18)
    link("W1", "s", bend=-72)
    link("W2", "s")

    for name, (x, y) in PLACES.items():
        hot = active and STEP_OF.get(name) == step
        label, size = NAMES.get(name, name), 12 if name in NAMES else 14
        drawing.node(x, y, label, ORANGE if hot else BLUE, radius=17, size=size)
    for name, a in values.items():
        x, y = PLACES[name]
        if name in NAMES:
            x, y = x + 6 + 22 * a.shape[1], y + 26 + 6.5 * a.shape[0]
        else:
            y += 24 + 6.5 * a.shape[0]
        block(drawing, x, y, a, BLUE)
    for name, a in gradients.items():
        if STEP_OF[name] > step:
            continue
        x, y = PLACES[name]
        x = 51 if name == "W1" else x  # out of the way of the long arrow
        block(drawing, x, y - 23 - 6.5 * a.shape[0], a, ORANGE)
    drawing.text(8, 338, say("蓝：值", "blue: value"), 11, BLUE, anchor="start")
    drawing.text(
        92,
        338,
        say("橙：J 对它的导数", "orange: derivative of J"),
        11,
        ORANGE,
        anchor="start",
    )
    return drawing.svg()


@figure
def graph(say: Say) -> str:
    """The whole example: values below the nodes, gradients above."""
    return draw(say, LAST, active=False)


@stepper
def steps(say: Say) -> list[Frame]:
    """The five steps back, after the forward pass."""
    captions = [
        say(
            "前向：从左到右算出所有的值，梯度一个也还没有。",
            "Forward: all values are computed from left to right; there is no gradient yet.",
        ),
        say(
            "第 1 步：J 是 L 与 s 之和，导数 1 原样传给两者。",
            "Step 1: J is the sum of L and s, and passes the derivative 1 on to both.",
        ),
        say(
            "第 2 步：o 只通过损失影响 J，得到 o − y。",
            "Step 2: o acts on J through the loss alone, and receives o − y.",
        ),
        say(
            "第 3 步：W⁽²⁾ 有两条路径通向 J，外积与 λW⁽²⁾ 相加。",
            "Step 3: W⁽²⁾ has two paths to J, and the outer product and λW⁽²⁾ add up.",
        ),
        say(
            "第 4 步：梯度乘以 W⁽²⁾ 的转置到达 h，再逐元素乘以导数到达 z。",
            "Step 4: the transpose of W⁽²⁾ takes the gradient to h, the derivatives to z.",
        ),
        say(
            "第 5 步：W⁽¹⁾ 同样有两条路径，外积与 λW⁽¹⁾ 相加。",
            "Step 5: W⁽¹⁾ has two paths as well, and the outer product and λW⁽¹⁾ add up.",
        ),
    ]
    return [Frame(caption, draw(say, step)) for step, caption in enumerate(captions)]


@figure
def shapes(say: Say) -> str:
    """The three products of the backward pass, as rectangles to scale."""
    n_x, n_h, n_y, m = 4, 3, 2, 5
    W2, do = np.ones((n_y, n_h)), np.ones((n_y, m))
    h, dz, x = np.ones((n_h, m)), np.ones((n_h, m)), np.ones((n_x, m))
    drawing = Diagram(420, 400)

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
    legend = say("橙：在中间碰头后消失；绿：留下来", "orange: meet and vanish; green: remain")
    drawing.text(210, 390, legend, 11.5, MUTED)
    return drawing.svg()


@figure
def training(say: Say) -> str:
    """The costs of the network of the page, on the training set and the validation set."""
    X, Y = digits()
    held_out = np.arange(X.shape[1]) % 4 == 3
    layers = init([64, 32, 32, 10], 1)
    costs = []
    for _ in range(101):
        zs, _ = forward(tanh, layers, X[:, held_out])
        on_new = cross_entropy(zs[-1], Y[:, held_out])
        cost, slopes = gradient(tanh, d_tanh, layers, X[:, ~held_out], Y[:, ~held_out])
        costs.append((cost, on_new))
        layers = [
            (W - 0.5 * dW, b - 0.5 * db) for (W, b), (dW, db) in zip(layers, slopes, strict=True)
        ]
    drawing, axes = chart(4.4, 2.7)
    for values, style, colour, name in zip(
        np.array(costs).T,
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
