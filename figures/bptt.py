"""Drawings of ``bptt.md``: the backward pass, its paths, and what truncation cuts."""

import numpy as np
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from engine.figures import Frame, Say, figure, stepper
from figures.chart import chart, svg
from figures.diagram import Diagram, Stroke
from figures.numbers import number
from figures.palette import BLUE, GREEN, GRID, INK, MUTED, ORANGE, PURPLE, RED
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


@figure
def five_or_eight(say: Say) -> str:
    """The smallest network: one weight, two uses, and what each contributes to the derivative."""
    w_hh, w_hx, h_0 = 3, 2, 1
    h_1 = w_hx * 1 + w_hh * h_0
    h_2 = w_hx * 0 + w_hh * h_1
    d = Diagram(430, 206)
    places, row = (52, 215, 378), 142
    d.box(215, 30, 92, 34, f"w_{{hh}} = {w_hh}", PURPLE, size=14)
    for k, (color, label) in enumerate(((ORANGE, f"h_0 = {h_0}"), (GREEN, f"h_1 = {h_1}"))):
        middle = (places[k] + places[k + 1]) / 2
        d.arrow((places[k], row), (places[k + 1], row), Stroke(MUTED, width=1.6), gap=27)
        d.arrow((215 + (k - 0.5) * 50, 48), (middle, row - 6), Stroke(color, width=2.4), gap=2)
        d.text(middle + (k - 0.5) * 92, 82, label, 14, color, halo=True)
    d.arrow((places[1], row), (places[2], row), Stroke(ORANGE, width=2.4), gap=27, bend=22)
    d.text(297, row + 46, f"{h_0} · w_{{hh}} = {w_hh * h_0}", 13, ORANGE, halo=True)
    for x, name, value in zip(places, ("h_0", "h_1", "h_2"), (h_0, h_1, h_2), strict=True):
        d.node(x, row, f"{name} = {value}", BLUE, radius=27, size=11)
    total = f"{w_hh * h_0} + {h_1} = {w_hh * h_0 + h_1}"
    d.text(120, 192, say(f"合起来：{total}", f"together: {total}"), 14, INK, bold=True)
    return d.svg()


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
    d = Diagram(430, 346)  # all pictures have one height, the last needs it
    places, row, top, bottom = {0: 24, 1: 118, 2: 240, 3: 362}, 156, 40, 258
    for t in (1, 2, 3):
        x, back = places[t], t >= reached
        now = t == reached and not contributions
        d.arrow((places[t - 1], row), (x, row), gap=20, end_gap=21)
        d.arrow((x, bottom), (x, row), gap=19, end_gap=21)
        d.arrow((x, row), (x, top), gap=20)
        d.text((places[t - 1] + x) / 2, row + 11, "W_{hh}", 10.5, MUTED)
        d.text(x - 17, (row + bottom) / 2, "W_{hx}", 10.5, MUTED)
        d.text(x - 17, top + 34, "W_{qh}", 10.5, MUTED)
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
        block(d, x + 30, row + 36, cache.hs[t][:, None], BLUE)
        if back:
            block(d, x - 26, row - 42, dh[t][:, None], ORANGE)
    d.node(places[0], row, "h_0", BLUE, radius=18, size=13)
    block(d, places[0] + 2, row + 34, H_0[:, None], BLUE)
    if contributions:
        total = backward(cache, do)["dW_hh"]
        for t in (1, 2, 3):
            block(d, places[t], 296, np.outer(dh[t], cache.hs[t - 1]), PURPLE)
        for x in (179, 301):
            d.text(x, 296, "+", 15, MUTED)
        d.text(150, 330, "dW_{hh} =", 12.5, PURPLE)
        block(d, 240, 330, total, PURPLE, 11.5)
        return d.svg()
    d.text(8, 322, say("蓝：值", "blue: value"), 11, BLUE, anchor="start")
    if reached < 4:
        legend = say("橙：L 对它的全导数", "orange: total derivative of L")
        d.text(92, 322, legend, 11, ORANGE, anchor="start")
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
    """The three paths from the third loss to W_hh, one copy of the network for each."""
    outputs, cache = forward(XS, H_0, W_HX, W_HH, W_QH, "tanh")
    dh = W_QH.T @ (outputs - YS)[2]
    d = Diagram(440, 262)
    row, top, low = 104, 30, 170
    for place, (k, color) in enumerate(((3, GREEN), (2, ORANGE), (1, PURPLE))):
        left = 13 + place * 151
        at = [left + 35 * t for t in range(4)]
        for t in (1, 2, 3):
            used = t > k
            stroke = Stroke(color, width=1.6) if used else Stroke(MUTED, width=1)
            start, end = (at[t], at[t - 1]) if used else (at[t - 1], at[t])
            d.arrow((start, row), (end, row), stroke, gap=12)
        d.arrow((at[3], top), (at[3], row), Stroke(color, width=2.4), gap=15, end_gap=14)
        d.arrow((at[k], row), (at[k], low), Stroke(color, width=2.4), gap=14, end_gap=16)
        d.node(at[3], top, "o_3", INK, radius=14, size=11)
        for t in range(4):
            on = k <= t
            d.node(at[t], row, f"h_{t}", color if on else MUTED, radius=12, size=11)
        d.box(at[k], low, 42, 26, "W_{hh}", color, size=12)
        dz = (1 - cache.hs[k] ** 2) * dh
        dh = W_HH.T @ dz  # for the next path, which is one step longer
        block(d, left + 50, 212, np.outer(dz, cache.hs[k - 1]), color)
        d.text(left + 50, 244, f"P_{{3,{k}}}", 12.5, color)
        d.text(left + 40, top, say(f"在第 {k} 步", f"at step {k}"), 12, INK)
        if place:
            d.line((left - 22, 18), (left - 22, 190), GRID, 1.2)
            d.text(left - 22, 212, "+", 15, MUTED)
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
    d.arrow(
        (places[K + 1], row + 8),
        (border, row + 8),
        Stroke(ORANGE, dashed=True, head=False),
        gap=17,
        end_gap=8,
    )
    for slope in (-1, 1):
        d.line((border - 6, row + 8 - 6 * slope), (border + 6, row + 8 + 6 * slope), RED, 2.6)
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
    cache, do = random_network(T, 2, 6, seed=8, scale=1.5)
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
        axes.scatter(k_at, t_at, s=45 * np.array(sizes), color=color, linewidth=0)
    axes.set(xlabel=say("k：路径在哪一步到达权重", "k: step at which the path reaches the weights"))
    axes.set_ylabel(say("t：损失在哪一步", "t: step of the loss"))
    axes.set(xticks=range(1, T + 1), yticks=range(1, T + 1))
    axes.set(xlim=(0.3, T + 0.7), ylim=(0.3, T + 0.7), aspect="equal")
    axes.text(12.3, 2.2, say("蓝：留下", "blue: kept"), color=BLUE, ha="right")
    axes.text(12.3, 1.1, say("橙：剪掉", "orange: cut"), color=ORANGE, ha="right")
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
    """Where training with truncated gradients stops, for 1000 and for 50 sequences."""
    one = np.ones((1, 1))

    def run(w: float, xs: Array, ys: Array) -> tuple[float, RNNCache, Array]:
        h0 = np.zeros(xs.shape[1:])
        o, cache = forward(xs, h0, one, w * one, one, "identity")
        return float(np.mean((o - ys) ** 2) / 2), cache, (o - ys) / o.size

    drawing, axes = chart(4.4, 3.1)
    curve = np.linspace(0.64, 0.93, 60)
    for m in (1000, 50):
        task = memory_task(m, seed=0)
        line = "-" if m == 1000 else "--"
        axes.plot(curve, [run(w, *task)[0] for w in curve], line, color=MUTED, linewidth=1.4)
        axes.text(
            0.695 if m == 1000 else 0.65,
            0.33 if m == 1000 else 0.21,
            say(f"{m} 个序列", f"{m} sequences"),
            color=INK,
        )
        for K in (1, 4, 24):
            low, high = 0.0, 1.1
            for _ in range(25):
                middle = (low + high) / 2
                _, cache, do = run(middle, *task)
                if truncated(cache, do, K)["dW_hh"].item() < 0:
                    low = middle
                else:
                    high = middle
            whole = len(task[0]) == K
            color, loss = GREEN if whole else ORANGE, run(low, *task)[0]
            face = color if m == 1000 else "none"
            axes.plot(low, loss, "o", markeredgecolor=color, markerfacecolor=face, markersize=6)
            if m == 1000:
                axes.text(
                    low + 0.008 - 0.03 * whole,
                    loss + 0.008 + 0.012 * whole,
                    f"K = {K}",
                    color=color,
                )
    axes.set(xlabel=say("权重 wₕₕ", "weight wₕₕ"), ylabel=say("平均损失", "mean loss"))
    axes.set(xlim=(0.64, 0.93), ylim=(0.11, 0.38))
    return svg(drawing)
