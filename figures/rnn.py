"""Drawings of ``rnn.md``: the cell, the unrolled network, the next letter, a memory that fades."""

import numpy as np
from numpy.typing import NDArray

from engine.figures import Frame, Say, figure, stepper
from figures.chart import chart, svg
from figures.diagram import Diagram, Label, Stroke
from figures.numbers import number, short
from figures.palette import BLUE, GREEN, GRID, INK, MUTED, ORANGE, PURPLE, variable
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
    d = Diagram(430, 306)
    middle, product, stack, sums, states = 150, 62, 168, 268, 356
    d.box(product, middle, 112, 62, "", MUTED)
    for k in range(3):
        for i in range(2):
            at = product + 36 * (k - 1), middle + 26 * (i - 0.5)
            d.text(*at, short(W[k, i], 3), 12.5, kinds[k])
    d.text(130, middle, "×", 15, MUTED)
    column(d, stack, middle, both, kinds)
    for name, y, color in (("h_0", middle - 13, BLUE), ("x_1", middle + 26, ORANGE)):
        d.text(stack + 28, y, name, 13, color, anchor="start")
    d.arrow((stack + 46, middle), (sums, middle), gap=3, end_gap=27)
    column(d, sums, middle, z, [PURPLE] * 2)
    squash = Label("tanh", shift=-13, size=12)
    d.arrow((sums + 24, middle), (states, middle), label=squash, gap=3, end_gap=27)
    column(d, states, middle, new, [BLUE] * 2)
    d.text(states + 42, middle, "h_1", 13, BLUE)
    names = (
        (product, "w^⊤", f"{W.shape[1]} × {W.shape[0]}"),
        (stack, say("拼接", "stacked"), f"{len(both)}"),
        (sums, f"+ b = ({short(B[0], 3)}, {short(B[1], 3)})", f"{len(z)}"),
    )
    for x_at, name, shape in names:
        d.text(x_at, middle + 58, name, 12)
        d.text(x_at, middle + 75, shape, 11, MUTED)
    d.text(states, middle + 42, f"{len(new)}", 11, MUTED)
    # out at the top
    d.arrow((states, middle - 26), (states, 44), gap=3, end_gap=15)
    layer = say("输出层", "output layer")
    d.text(states - 6, 92, layer, 11.5, anchor="end", halo=True)
    d.box(states, 44, 66, 24, short(out.item(), 3), GREEN, size=12.5)
    d.text(states + 48, 44, "o_1", 13, GREEN)
    # the loop back
    d.line((states, middle + 52), (states, 266), BLUE, 1.6)
    d.arrow((states, 266), (stack, 266), Stroke(BLUE, dashed=True, head=False), gap=0)
    d.arrow((stack, 266), (stack, middle + 84), Stroke(BLUE, dashed=True), gap=0)
    label = say("下一步从这个状态出发", "the state that the next step starts from")
    d.text(245, 286, label, 12, BLUE)
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


def folded_and_unrolled() -> str:
    """The cell with its loop, and the same cell once for each step."""
    d = Diagram(430, 262)
    row = 132
    d.arrow((56, 222), (56, row), Stroke(BLUE), gap=19, end_gap=24)
    d.arrow((56, row), (56, 40), Stroke(BLUE), gap=24, end_gap=17)
    for start, end in (
        ((84, row), (108, row)),
        ((108, row), (108, 182)),
        ((108, 182), (8, 182)),
        ((8, 182), (8, row)),
    ):
        d.line(start, end, BLUE, 1.6)
    d.arrow((8, row), (28, row), Stroke(BLUE), gap=0)
    d.box(56, row, 56, 42, "w, b", BLUE, size=13, filled=True)
    d.node(56, 222, "x_t", BLUE, radius=17, size=13)
    d.node(56, 40, "o_t", BLUE, radius=17, size=13)
    d.text(102, row - 14, "h_t", 13, BLUE)
    d.text(140, row, "=", 22, INK)
    for t, x in enumerate((214, 302, 390), start=1):
        before, gap = (x - 88, 26) if t > 1 else (x - 56, 6)  # before the first there is no box
        d.arrow((before, row), (x, row), Stroke(BLUE), gap=gap, end_gap=27)
        d.arrow((x, 222), (x, row), Stroke(BLUE), gap=19, end_gap=24)
        d.arrow((x, row), (x, 40), Stroke(BLUE), gap=24, end_gap=17)
        d.box(x, row, 48, 42, "w, b", BLUE, size=13, filled=True)
        d.node(x, 222, f"x_{t}", BLUE, radius=17, size=13)
        d.node(x, 40, f"o_{t}", BLUE, radius=17, size=13)
        d.text(x - 44, row - 14, f"h_{t - 1}", 13, BLUE)
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
    loop = say(
        "左边是带回路的一个单元；右边把它按时间展开，每一步画一次。",
        "Left the one cell with its loop; right the same cell unrolled, drawn once for each step.",
    )
    frames = [Frame(loop, folded_and_unrolled()), Frame(first, unrolled_network(0))]
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


def shaded(x: float, y: float, width: float, height: float, color: str, share: float) -> str:
    """A rectangle filled the more, the larger the share is."""
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" '
        f'fill="{variable(color)}" fill-opacity="{share:.2f}" '
        f'stroke="{variable(GRID)}" stroke-width="0.8"/>'
    )


def word(x: float, y: float, text: str, size: float = 12, anchor: str = "middle") -> str:
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="{size:g}" text-anchor="{anchor}" '
        f'fill="{variable(INK)}">{text}</text>'
    )


def svg_of(width: float, height: float, parts: str) -> str:
    return (
        f'<svg viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}" '
        f'xmlns="http://www.w3.org/2000/svg">{parts}</svg>'
    )


def read(keep: int) -> tuple[Array, Array]:
    """The states after each letter of the word, and the probabilities of the next."""
    xs = np.eye(5)[[LETTERS.index(letter) for letter in TEXT[:5]]]
    outputs, cache = bptt.forward(xs, np.zeros(8), *trained(keep))
    return cache.hs[1:], softmax(outputs)


def sides(say: Say) -> tuple[tuple[int, str], tuple[int, str]]:
    return (1, say("有记忆", "with memory")), (0, say("没有记忆", "without memory"))


@figure
def next_letter(say: Say) -> str:
    """What may follow each part of a word, with memory and without."""
    parts, cell_width, cell_height = "", 33.0, 24.0
    names = [*LETTERS[:4], say("空格", "space")]
    for place, (keep, side) in enumerate(sides(say)):
        left, top = 42 + place * 216, 44
        parts += word(left + 2.5 * cell_width, 14, side)
        for k, p in enumerate(read(keep)[1]):
            x = left + k * cell_width
            parts += word(x + cell_width / 2, 36, TEXT[: k + 1], 11.5)
            for i, share in enumerate(p):
                y = top + i * cell_height
                parts += shaded(x, y, cell_width, cell_height, BLUE, 0.75 * share)
                if share >= 0.005:
                    parts += word(x + cell_width / 2, y + 16, number(share, 2), 11.5)
        parts += "".join(
            word(left - 6, top + i * cell_height + 16, name, 11.5, "end")
            for i, name in enumerate(names)
        )
    return svg_of(430, 170, parts)


@figure
def state_hello(say: Say) -> str:
    """The eight numbers of the state after each part of the word, with memory and without."""
    parts, cell_width, cell_height = "", 36.0, 15.0
    for place, (keep, title) in enumerate(sides(say)):
        left, top = 18 + place * 216, 44
        parts += word(left + 2.5 * cell_width, 14, title)
        states = read(keep)[0]
        order = np.argsort(-np.abs(states[3] - states[2]), kind="stable") if keep else slice(None)
        for k, state in enumerate(states):
            x = left + k * cell_width
            parts += word(x + cell_width / 2, 36, TEXT[: k + 1], 11.5)
            for i, value in enumerate(state[order]):
                color = BLUE if value > 0 else ORANGE
                parts += shaded(
                    x, top + i * cell_height, cell_width, cell_height, color, abs(value)
                )
        parts += (
            f'<rect x="{left + 2 * cell_width - 1:g}" y="{top - 2:g}" '
            f'width="{2 * cell_width + 2:g}" height="{8 * cell_height + 4:g}" fill="none" '
            f'stroke="{variable(INK)}" stroke-width="2"/>'
        )
    return svg_of(430, 172, parts)


@figure
def batch(say: Say) -> str:
    """The array of a batch: for each time step a table of sequences and features."""
    T, m, n_x, side = 4, 3, 2, 24
    d = Diagram(430, 182)
    for t in range(T):
        left, top = 92 + 88 * t, 52
        d.text(left + side / 2, top - 30, f"t = {t + 1}", 12.5, BLUE if t == 1 else INK)
        if t == 1:
            d.box(left + side / 2, top + side, side * n_x + 10, side * m + 10, "", BLUE)
        for k in range(m):
            for j in range(n_x):
                color = ORANGE if k == 0 else BLUE if t == 1 else MUTED
                at = left + side * j, top + side * k
                d.box(*at, side - 3, side - 3, "", color, filled=(k == 0 or t == 1))
    for k in range(m):
        name = say(f"序列 {k + 1}", f"sequence {k + 1}")
        d.text(72, 52 + side * k, name, 11.5, ORANGE if k == 0 else INK, anchor="end")
    ends = 92 - side / 2, 92 + 88 * (T - 1) + side * 1.5
    d.text(92 + side / 2, 130, f"n_x = {n_x}", 12)
    d.arrow((ends[0], 150), (ends[1], 150), gap=0)
    d.text(sum(ends) / 2, 168, say(f"时间，T = {T}", f"time, T = {T}"), 12)
    return d.svg()


@figure
def memory(say: Say) -> str:
    """How fast the trace of the first input fades, and that it can last."""
    T = 12
    xs = np.zeros((T, 2, 1))
    xs[0, :, 0] = 1.0, -1.0
    _, states = forward(xs, np.zeros((2, 2)), W, B, W_OUT, B_OUT)
    apart = np.linalg.norm(states[:, 0] - states[:, 1], axis=-1)
    latch, _ = bptt.forward(xs, np.zeros((2, 1)), np.eye(1), 2 * np.eye(1), np.eye(1))
    kept = np.abs(latch[:, 0, 0] - latch[:, 1, 0])
    steps = np.arange(1, T + 1)
    bound = apart[0] * np.linalg.norm(split(W)[0], 2) ** (steps - 1)
    drawing, axes = chart(4.4, 2.9)
    axes.semilogy(steps, bound, color=MUTED, linestyle="--")
    axes.semilogy(steps, apart, "o-", color=BLUE, markersize=4)
    axes.semilogy(steps, kept, "o-", color=ORANGE, markersize=4)
    axes.text(7.2, bound[6] * 1.35, say("上界", "bound"), color=INK)
    norm = short(float(np.linalg.norm(split(W)[0], 2)), 2)
    axes.text(6.2, apart[6] * 0.4, say(f"谱范数 {norm}", f"norm {norm}"), color=BLUE, ha="right")
    axes.text(12, kept[-1] * 0.5, say("谱范数 2", "norm 2"), color=ORANGE, ha="right")
    axes.set(xlabel=say("步数 t", "step t"), xticks=steps[::2], ylim=(8e-4, 4))
    axes.set_ylabel(say("两个状态的距离", "distance of the states"))
    return svg(drawing)
