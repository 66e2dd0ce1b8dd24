"""Drawings of ``rnn.md``: the cell, the unrolled network, the next letter, a memory that fades."""

import numpy as np
from numpy.typing import NDArray

from engine.figures import Frame, Say, figure, stepper
from figures.chart import chart, svg
from figures.diagram import Diagram, Label, Stroke
from figures.numbers import number, short
from figures.palette import BLUE, GREEN, INK, MUTED, ORANGE, PURPLE
from snippets import bptt
from snippets.activations import softmax
from snippets.rnn import cell, forward, split

Array = NDArray[np.float64]

#: The page's example.
W = np.array([[0.1, 0.2], [0.3, 0.4], [0.5, 0.6]])
B = np.array([0.1, -0.1])
W_OUT, B_OUT = np.array([[1.0], [2.0]]), np.array([0.1])
XS = np.array([[1.0], [2.0], [-1.0]])

#: The text whose next letter is predicted, and its letters.
TEXT, LETTERS = "hello " * 3 + "h", "helo "


def column(
    d: Diagram, x: float, y: float, values: Array, colors: list[str], step: float = 26
) -> None:
    """Numbers one below the other, each in a box of its own."""
    for k, value in enumerate(values):
        down = y + step * (k - (len(values) - 1) / 2)
        d.box(x, down, 48, 22, short(value, 3), colors[k], size=12.5)


@figure
def notes_cell(say: Say) -> str:
    """The cell on the example's first step."""
    h, x = np.zeros(2), XS[0]
    both = np.concatenate([h, x])
    z, new = both @ W + B, cell(x, h, W, B)
    out = new @ W_OUT + B_OUT
    kinds = [BLUE, BLUE, ORANGE]
    d = Diagram(430, 300)
    middle, product, sums, states = 150, 132, 230, 330
    for values, name, y in ((h, "h_0", middle - 13), (x, "x_1", middle + 26)):
        d.text(12, y, name, 13, BLUE if len(values) == 2 else ORANGE)
    column(d, 52, middle, both, kinds)
    d.box(product + 1, middle, 78, 84, "", MUTED)
    for k in range(3):
        for i in range(2):
            d.text(product - 17 + 36 * i, middle + 26 * (k - 1), short(W[k, i], 3), 12.5, kinds[k])
    d.text(84, middle, "×", 15, MUTED)
    d.arrow((product + 40, middle), (sums, middle), gap=3, end_gap=27)
    column(d, sums, middle, z, [PURPLE] * 2)
    squash = Label("tanh", shift=-13, size=12)
    d.arrow((sums + 24, middle), (states, middle), label=squash, gap=3, end_gap=27)
    column(d, states, middle, new, [BLUE] * 2)
    d.text(states + 42, middle, "h_1", 13, BLUE)
    names = (
        (52, say("拼接", "stacked"), f"{len(both)}"),
        (product, "w", f"{W.shape[0]} × {W.shape[1]}"),
        (sums, f"+ b = ({short(B[0], 3)}, {short(B[1], 3)})", f"{len(z)}"),
    )
    for x_at, name, shape in names:
        d.text(x_at, middle + 58, name, 12)
        d.text(x_at, middle + 75, shape, 11, MUTED)
    d.text(states, middle + 42, f"{len(new)}", 11, MUTED)
    # out at the top
    d.arrow((states, middle - 26), (states, 44), gap=3, end_gap=15)
    layer = say("输出层", "output layer")
    d.text(states + 6, 92, layer, 11.5, anchor="start", halo=True)
    d.box(states, 44, 66, 24, short(out.item(), 3), GREEN, size=12.5)
    d.text(states + 48, 44, "o_1", 13, GREEN)
    # the loop back
    d.line((states, middle + 52), (states, 262), BLUE, 1.6)
    d.arrow((states, 262), (20, 262), Stroke(BLUE, dashed=True, head=False), gap=0)
    d.arrow((20, 262), (20, middle + 44), Stroke(BLUE, dashed=True), gap=0)
    label = say("下一步的状态", "the state of the next step")
    d.text(180, 280, label, 12, BLUE)
    return d.svg()


def vector(d: Diagram, x: float, y: float, values: Array, color: str = INK) -> None:
    """Numbers one below the other, without boxes."""
    for k, value in enumerate(values):
        down = y + 14 * (k - (len(values) - 1) / 2)
        d.text(x, down, number(value, 3) if value else "0", 11.5, color, halo=True)


def unrolled_network(done: int) -> str:
    """The network with the numbers of the first ``done`` steps."""
    outputs, states = forward(XS, np.zeros(2), W, B, W_OUT, B_OUT)
    all_states = np.vstack([np.zeros((1, 2)), states])
    d = Diagram(430, 262)
    places = (110, 240, 370)
    row = 132
    d.text(20, row - 40, "h_0", 13, BLUE)
    for t, x in enumerate(places, start=1):
        color = ORANGE if t == done else BLUE if t < done else MUTED
        start = places[t - 2] if t > 1 else 20
        d.arrow((start, row), (x, row), Stroke(color), gap=31 if t > 1 else 18, end_gap=31)
        d.arrow((x, 222), (x, row), Stroke(color), gap=19, end_gap=24)
        d.arrow((x, row), (x, 26), Stroke(color), gap=24, end_gap=16)
        d.box(x, row, 56, 42, "w, b", color, size=13, filled=t == done)
        d.node(x, 222, short(XS[t - 1].item(), 3), color, radius=17, size=13)
        d.text(x + 28, 222, f"x_{t}", 13, anchor="start")
        known = t <= done
        d.box(x, 26, 62, 26, short(outputs[t - 1].item(), 3) if known else "", color, size=12.5)
        d.text(x + 37, 26, f"o_{t}", 13, anchor="start")
        if known and t < 3:
            between = (x + places[t]) / 2
            vector(d, between, row + 22, all_states[t], BLUE)
            d.text(between, row - 14, f"h_{t}", 13, BLUE)
        elif known:
            d.arrow((x, row), (428, row), Stroke(BLUE), gap=31, end_gap=0)
            d.text(x + 43, row - 14, f"h_{t}", 13, BLUE)
            vector(d, x + 38, row + 36, all_states[t], BLUE)
    vector(d, 20, row, all_states[0], BLUE)
    return d.svg()


@stepper
def unrolled(say: Say) -> list[Frame]:
    """Three steps of the unrolled network."""
    outputs, states = forward(XS, np.zeros(2), W, B, W_OUT, B_OUT)
    all_states = np.vstack([np.zeros((1, 2)), states])
    first = say(
        "开始之前：状态是零，三个方框是同一个单元，用同一份 w 和 b。",
        "Before the start: the state is zero, and the three boxes are one cell with one w and b.",
    )
    frames = [Frame(first, unrolled_network(0))]
    for t in range(1, len(XS) + 1):
        before = [number(v, 3) if v else "0" for v in all_states[t - 1]]
        both = ", ".join([*before, short(XS[t - 1].item(), 3)])
        new = ", ".join(number(v, 3) for v in all_states[t])
        out = short(outputs[t - 1].item(), 3)
        caption = say(
            f"第 {t} 步：拼成 [{both}]，新状态是 [{new}]，输出 {out}。",
            f"Step {t}: stacked to [{both}], the new state is [{new}], the output {out}.",
        )
        frames.append(Frame(caption, unrolled_network(t)))
    return frames


def trained(keep: int, steps: int = 400, rate: float = 1.0) -> tuple[Array, Array, Array]:
    """W_hx, W_hh, W_qh that predict the next letter; with keep = 0 nothing is remembered."""
    rng, n_h = np.random.default_rng(0), 8
    w = 0.5 * rng.normal(size=(n_h + 5, n_h))
    W_hx, W_hh, W_qh = w[n_h:].T, keep * w[:n_h].T, 0.5 * rng.normal(size=(n_h, 5)).T
    codes = [LETTERS.index(letter) for letter in TEXT]
    xs, ys = np.eye(5)[codes[:-1]], np.eye(5)[codes[1:]]
    for _ in range(steps):
        outputs, cache = bptt.forward(xs, np.zeros(n_h), W_hx, W_hh, W_qh)
        grads = bptt.backward(cache, (softmax(outputs) - ys) / len(ys))
        W_hx = W_hx - rate * grads["dW_hx"]
        W_hh = W_hh - rate * keep * grads["dW_hh"]
        W_qh = W_qh - rate * grads["dW_qh"]
    return W_hx, W_hh, W_qh


@figure
def next_letter(say: Say) -> str:
    """What may follow each part of a word, with a state and without."""
    word = TEXT[:5]
    xs = np.eye(5)[[LETTERS.index(letter) for letter in word]]
    drawing, axes = chart(5.6, 2.7, rows=2, columns=5, sharey=True)
    sides = (say("有状态", "with a state"), BLUE), (say("无状态", "without"), ORANGE)
    for line, (keep, (side, color)) in enumerate(zip((1, 0), sides, strict=True)):
        W_hx, W_hh, W_qh = trained(keep)
        outputs, _ = bptt.forward(xs, np.zeros(8), W_hx, W_hh, W_qh)
        for k, p in enumerate(softmax(outputs)):
            axes[line, k].bar(range(5), p, color=color, width=0.7)
            axes[line, k].set(xticks=range(5), xticklabels=[*LETTERS[:4], "␣"], ylim=(0, 1.05))
            axes[line, k].grid(visible=False, axis="x")
            if line == 0:
                axes[line, k].set_title(word[: k + 1])
        axes[line, 0].set(ylabel=side, yticks=(0, 0.5, 1))
    return svg(drawing)


@figure
def memory(say: Say) -> str:
    """How fast the trace of the first input fades."""
    T = 12
    xs = np.zeros((T, 2, 1))
    xs[0, :, 0] = 1.0, -1.0
    _, states = forward(xs, np.zeros((2, 2)), W, B, W_OUT, B_OUT)
    apart = np.linalg.norm(states[:, 0] - states[:, 1], axis=-1)
    steps = np.arange(1, T + 1)
    bound = apart[0] * np.linalg.norm(split(W)[0], 2) ** (steps - 1)
    drawing, axes = chart(4.4, 2.7)
    axes.semilogy(steps, bound, color=MUTED, linestyle="--")
    axes.semilogy(steps, apart, "o-", color=BLUE, markersize=4)
    axes.text(7.2, bound[6] * 1.35, say("上界", "bound"), color=INK)
    distance = say("两个状态的距离", "distance of the states")
    axes.text(6.5, apart[6] * 0.5, distance, color=BLUE, ha="right")
    axes.set(xlabel=say("步数 t", "step t"), xticks=steps[::2], ylim=(8e-4, 2.5))
    return svg(drawing)
