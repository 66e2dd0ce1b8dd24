"""Drawings of ``bptt.md``: the backward pass, its paths, and what truncation cuts."""

import numpy as np
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from engine.figures import Frame, Say, figure, stepper
from figures.chart import chart, svg
from figures.diagram import Diagram, Stroke
from figures.numbers import number
from figures.palette import BLUE, GREEN, INK, MUTED, ORANGE, PURPLE
from snippets.bptt import RNNCache, backward, forward, truncated

Array = NDArray[np.float64]

#: The example of the page, with the weights of ``rnn.md``.
W_HH, W_HX = np.array([[0.1, 0.3], [0.2, 0.4]]), np.array([[0.5], [0.6]])
W_QH = np.array([[1.0, 2.0]])
XS, YS = np.array([[1.0], [2.0], [-1.0]]), np.array([[2.0], [4.0], [1.0]])
H_0 = np.array([1.0, 0.0])


def block(d: Diagram, x: float, y: float, a: Array, color: str, size: float = 11) -> None:
    """A small matrix of numbers around (x, y)."""
    rows, columns = a.shape
    for i in range(rows):
        for j in range(columns):
            right = x + 47 * (j + 0.5 - columns / 2) + 18
            down = y + 14 * (i + 0.5 - rows / 2)
            d.text(right, down, number(a[i, j], 3), size, color, anchor="end", halo=True)


def example() -> tuple[Array, RNNCache, Array, dict[int, Array]]:
    """Outputs, cache, ∂L/∂o and dL/dh of the example with the identity."""
    outputs, cache = forward(XS, H_0, W_HX, W_HH, W_QH, "identity")
    do = outputs - YS
    dh = {4: np.zeros(2)}
    for t in (3, 2, 1):
        dh[t] = W_QH.T @ do[t - 1] + W_HH.T @ dh[t + 1]
    return outputs, cache, do, dh


def walked(say: Say, reached: int, contributions: bool = False) -> str:
    """The unrolled network with dL/dh of the steps from ``reached`` on (4 for none)."""
    outputs, cache, do, dh = example()
    d = Diagram(430, 330 if not contributions else 372)
    places, row, top, bottom = {0: 24, 1: 118, 2: 240, 3: 362}, 156, 40, 258
    for t in (1, 2, 3):
        x, back = places[t], t >= reached
        now = t == reached and not contributions
        d.arrow((places[t - 1], row), (x, row), gap=20, end_gap=21)
        d.arrow((x, bottom), (x, row), gap=19, end_gap=46)
        d.arrow((x, row), (x, top), gap=20)
        if back:
            stroke = Stroke(ORANGE if now else MUTED, dashed=True)
            d.arrow((x + 12, top), (x + 12, row), stroke, gap=20, end_gap=19)
            if t < 3:
                d.arrow((places[t + 1], row - 10), (x, row - 10), stroke, gap=21)
        d.node(x, top, f"o_{t}", GREEN, radius=18, size=13)
        d.node(x, bottom, f"x_{t}", MUTED, radius=17, size=13)
        d.node(x, row, f"h_{t}", ORANGE if now else BLUE, radius=19, size=13, filled=now)
        d.text(x - 22, top - 8, number(outputs[t - 1].item(), 3), 11, BLUE, anchor="end")
        if reached < 4:
            d.text(x - 22, top + 8, number(do[t - 1].item(), 3), 11, ORANGE, anchor="end")
        d.text(x + 21, bottom, number(XS[t - 1].item(), 0), 12, BLUE, anchor="start")
        block(d, x + 2, row + 34, cache.hs[t][:, None], BLUE)
        if back:
            block(d, x - 26, row - 42, dh[t][:, None], ORANGE)
    d.node(places[0], row, "h_0", BLUE, radius=18, size=13)
    block(d, places[0] + 2, row + 34, H_0[:, None], BLUE)
    if contributions:
        total = backward(cache, do)["dW_hh"]
        for t in (1, 2, 3):
            block(d, places[t], 304, np.outer(dh[t], cache.hs[t - 1]), PURPLE)
        for x in (179, 301):
            d.text(x, 304, "+", 15, MUTED)
        d.text(150, 344, "dW_{hh} =", 12.5, PURPLE)
        block(d, 240, 344, total, PURPLE, 11.5)
        return d.svg()
    d.text(8, 312, say("蓝：值", "blue: value"), 11, BLUE, anchor="start")
    legend = say("橙：L 对它的全导数", "orange: total derivative of L")
    d.text(92, 312, legend, 11, ORANGE, anchor="start")
    return d.svg()


@stepper
def walk(say: Say) -> list[Frame]:
    """Forward, then back step by step, then the weights."""
    captions = [
        say(
            "前向：状态从左往右算出，梯度一个也还没有。",
            "Forward: the states are computed from left to right; there is no gradient yet.",
        ),
        say(
            "第 3 步：后面什么也没有，h₃ 只从自己的输出收到梯度。",
            "Step 3: nothing comes later, so h₃ receives a gradient from its own output alone.",
        ),
        say(
            "第 2 步：h₂ 有两条路径，自己的输出，以及经过 Wₕₕ 的下一步，两者相加。",
            "Step 2: h₂ has two paths, its output and, through Wₕₕ, the next step; they add.",
        ),
        say(
            "第 1 步：同样两条路径；从 h₂ 来的那一份已经包括了第 3 步。",
            "Step 1: two paths again; what comes from h₂ includes step 3 already.",
        ),
        say(
            "权重：每一步给 Wₕₕ 一个外积，三个相加，就是梯度。",
            "The weights: each step gives Wₕₕ one outer product, and their sum is the gradient.",
        ),
    ]
    drawn = [walked(say, reached) for reached in (4, 3, 2, 1)]
    drawn.append(walked(say, 1, contributions=True))
    return [Frame(*pair) for pair in zip(captions, drawn, strict=True)]


@figure
def paths(say: Say) -> str:
    """The three paths from the third loss to W_hh, each with its numbers."""
    _, cache, do, _ = example()
    d = Diagram(430, 290)
    places, row, top, low = {0: 24, 1: 118, 2: 240, 3: 362}, 132, 36, 206
    colors = {3: GREEN, 2: ORANGE, 1: PURPLE}
    for t in (1, 2, 3):
        d.arrow((places[t - 1], row), (places[t], row), gap=19, end_gap=20)
        if t < 3:
            d.arrow((places[t], row), (places[t], top), gap=20)
    for k, shift in ((1, -9), (2, 9), (3, 0)):
        color, x, start = colors[k], places[k], places[3] + (12 if k == 3 else shift)
        turn = row + (shift if k < 3 else 0)
        d.line((start, top), (start, turn), color, 2.2)
        d.line((start, turn), (x if k < 3 else start, turn), color, 2.2)
        end = x if k < 3 else start
        d.arrow((end, turn), (end, low - 16), Stroke(color, width=2.2), gap=0)
    for t in (1, 2, 3):
        d.node(places[t], top, f"o_{t}", INK if t == 3 else MUTED, radius=18, size=13)
    for t in (0, 1, 2, 3):
        d.node(places[t], row, f"h_{t}", BLUE, radius=18, size=13)
    for k in (1, 2, 3):
        d.box(places[k], low, 56, 28, "W_{hh}", colors[k], size=13)
        dz = np.linalg.matrix_power(W_HH.T, 3 - k) @ W_QH.T @ do[2]
        block(d, places[k], 246, np.outer(dz, cache.hs[k - 1]), colors[k])
        d.text(places[k], 276, f"P_{{3,{k}}}", 12.5, colors[k])
    for x in (179, 301):
        d.text(x, 246, "+", 15, MUTED)
    d.text(places[0] + 2, low, say("同一个", "one"), 11.5, MUTED)
    d.text(places[0] + 2, low + 15, say("矩阵：", "matrix:"), 11.5, MUTED)
    d.text(places[3] + 22, top, number(do[2].item(), 3), 11, INK, anchor="start")
    return d.svg()


@figure
def windows(say: Say) -> str:
    """Two windows of three steps: states cross the border, gradients do not."""
    T, K = 6, 3
    d = Diagram(430, 236)
    places = [22 + 62 * t + 10 * (t > K) for t in range(T + 1)]
    row, top = 128, 40
    border = (places[K] + places[K + 1]) / 2
    d.line((border, 14), (border, 190), INK, 1.4)
    for t in range(1, T + 1):
        x, before, first = places[t], places[t - 1], (t - 1) % K == 0
        d.arrow((before, row - 6), (x, row - 6), Stroke(BLUE), gap=17, end_gap=18)
        if not first:
            back = Stroke(ORANGE, dashed=True)
            d.arrow((x, row + 8), (before, row + 8), back, gap=17, end_gap=18)
        d.arrow((x - 5, row), (x - 5, top), Stroke(BLUE), gap=17, end_gap=18)
        d.arrow((x + 6, top), (x + 6, row), Stroke(ORANGE, dashed=True), gap=17, end_gap=18)
        d.node(x, top, f"o_{t}", GREEN, radius=16, size=12)
        d.node(x, row, f"h_{t}", BLUE, radius=16, size=12)
    d.node(places[0], row, "h_0", BLUE, radius=16, size=12)
    for w in range(T // K):
        middle = places[w * K + 2]
        d.text(middle, 172, say(f"窗口 {w + 1}", f"window {w + 1}"), 12, MUTED)
    states = say("实线：状态，越过边界", "solid: states, across the border")
    d.text(22, 204, states, 11.5, BLUE, anchor="start")
    gradients = say("虚线：梯度，不越过边界", "dashed: gradients, not across it")
    d.text(22, 222, gradients, 11.5, ORANGE, anchor="start")
    return d.svg()


def random_network(T: int, n_x: int, n_h: int, seed: int, scale: float) -> tuple[RNNCache, Array]:
    """A random tanh network as on the page: its cache, and ∂L/∂o."""
    rng = np.random.default_rng(seed)
    W_hh = rng.normal(size=(n_h, n_h))
    W_hh = scale * W_hh / np.linalg.norm(W_hh, 2)
    W_hx, W_qh = rng.normal(size=(n_h, n_x)), rng.normal(size=(1, n_h))
    xs, ys = rng.normal(size=(T, n_x)), rng.normal(size=(T, 1))
    outputs, cache = forward(xs, rng.normal(size=n_h), W_hx, W_hh, W_qh)
    return cache, outputs - ys


@figure
def pairs(say: Say) -> str:
    """The weight of each path, and the windows that keep some of them."""
    T, K = 12, 4
    cache, do = random_network(T, 2, 6, seed=0, scale=1.5)
    drawing, axes = chart(4.4, 3.7)
    for start in range(0, T, K):
        axes.add_patch(
            Rectangle(
                (start + 0.5, start + 0.5),
                K,
                K,
                facecolor=BLUE,
                alpha=0.12,
                linewidth=0,
            )
        )
    for color, inside in ((BLUE, True), (ORANGE, False)):
        found = []
        for t in range(1, T + 1):
            dh = cache.W_qh.T @ do[t - 1]
            for k in range(t, 0, -1):
                dz = (1 - cache.hs[k] ** 2) * dh
                if ((t - 1) // K == (k - 1) // K) is inside:
                    size = np.linalg.norm(dz) * np.linalg.norm(cache.hs[k - 1])
                    found.append((k, t, float(size)))
                dh = cache.W_hh.T @ dz
        k_at, t_at, sizes = zip(*found, strict=True)
        label = say("留下", "kept") if inside else say("剪掉", "cut")
        axes.scatter(k_at, t_at, s=45 * np.array(sizes), color=color, label=label, linewidth=0)
    axes.set(xlabel=say("k：权重用在哪一步", "k: step at which the weights are used"))
    axes.set_ylabel(say("t：损失在哪一步", "t: step of the loss"))
    axes.set(xticks=range(1, T + 1), yticks=range(1, T + 1))
    axes.set(xlim=(0.3, T + 0.7), ylim=(0.3, T + 0.7), aspect="equal")
    legend = axes.legend(loc="lower right", labelcolor=INK)
    for handle in legend.legend_handles:
        handle.set_sizes([40])
    return svg(drawing)


def memory_task(m: int, seed: int, T: int = 24) -> tuple[Array, Array]:
    """Inputs and targets of the page's memory task."""
    xs = np.random.default_rng(seed).normal(size=(T, m, 1))
    ys, faded = np.empty_like(xs), np.zeros((m, 1))
    for t in range(T):
        ys[t] = xs[t] + faded / 2
        faded = 0.95 * (faded + xs[t])
    return xs, ys


@figure
def bias(say: Say) -> str:
    """Where training with truncated gradients stops."""
    xs, ys = memory_task(1000, seed=0)
    one = np.ones((1, 1))

    def run(w: float) -> tuple[float, RNNCache, Array]:
        h0 = np.zeros(xs.shape[1:])
        o, cache = forward(xs, h0, one, w * one, one, "identity")
        return float(np.mean((o - ys) ** 2) / 2), cache, (o - ys) / o.size

    drawing, axes = chart(4.4, 2.9)
    curve = np.linspace(0.64, 0.93, 60)
    axes.plot(curve, [run(w)[0] for w in curve], color=MUTED)
    for K in (1, 2, 4, 8, 24):
        low, high = 0.0, 1.1
        for _ in range(25):
            middle = (low + high) / 2
            _, cache, do = run(middle)
            if truncated(cache, do, K)["dW_hh"].item() < 0:
                low = middle
            else:
                high = middle
        color = GREEN if len(xs) == K else ORANGE
        axes.plot(low, run(low)[0], "o", color=color, markersize=6)
        aside, up = (0.006, 0.008) if len(xs) > K else (-0.012, -0.016)
        axes.text(low + aside, run(low)[0] + up, f"K = {K}", color=color)
    axes.set(xlabel=say("权重 w", "weight w"), ylabel=say("平均损失", "mean loss"))
    axes.set(xlim=(0.64, 0.93), ylim=(0.14, 0.36))
    return svg(drawing)
