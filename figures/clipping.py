"""The drawings of ``clipping.md``."""

from collections.abc import Callable, Sequence
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from engine.figures import Explorer, Frame, Say, Slider, explorer, figure
from figures.chart import chart, last_tick_inwards, svg
from figures.diagram import Diagram, Label, Stroke
from figures.numbers import number, power, short
from figures.palette import BLUE, GREEN, INK, MUTED, ORANGE, RED
from figures.plot import WIDTH, Axis, Plot
from snippets.activations import softmax
from snippets.bptt import backward, forward
from snippets.clipping import clip_by_global_norm, clip_by_value, perplexity

Array = NDArray[np.float64]
Clip = Callable[[Sequence[Array]], Sequence[Array]]


#: The matrix of the page whose powers grow before they shrink.
W = np.array([[0.9, 2.0], [0.0, 0.8]])

#: Where the descent on the cliff begins, and its learning rate.
START, RATE = 1.2, 0.01


def spectral_radius(W: Array) -> float:
    return float(np.max(np.abs(np.linalg.eigvals(W))))


@figure
def powers(say: Say) -> str:
    ks = np.arange(61)
    rho, norm = spectral_radius(W), float(np.linalg.norm(W, 2))
    kappa = float(np.linalg.cond(np.linalg.eig(W)[1]))
    actual = [np.linalg.norm(np.linalg.matrix_power(W, k), 2) for k in ks]
    drawing, axes = chart(4.4, 3.1)
    axes.semilogy(ks, norm**ks, color=RED, linestyle="-.")
    axes.semilogy(ks, kappa * rho**ks, color=MUTED, linestyle=":")
    axes.semilogy(ks, actual, color=BLUE)
    axes.semilogy(ks, rho**ks, color=ORANGE, linestyle="--")
    axes.text(8.6, 220, "‖W‖ᵏ", color=RED)
    axes.text(31, 3.2, "κ(V) ρ(W)ᵏ", color=INK)
    axes.text(35, 0.1, "‖Wᵏ‖", color=BLUE)
    axes.text(21, 0.022, "ρ(W)ᵏ", color=ORANGE)
    axes.set(xlim=(0, 60), ylim=(1e-3, 1e3))
    axes.set_xlabel(say("因子个数 k", "number of factors k"))
    axes.set_ylabel(say("谱范数", "spectral norm"))
    axes.minorticks_off()
    return svg(drawing)


def norms_back(rho: float, activation: str, T: int = 100) -> list[float]:
    """The norm of the last output's gradient by the states 1 to T steps before."""
    rng = np.random.default_rng(2)
    W = rng.normal(size=(16, 16))
    W = rho * W / spectral_radius(W)
    xs = 0.5 * rng.normal(size=(T, 3))
    W_hx, W_qh = rng.normal(size=(16, 3)), rng.normal(size=(1, 16))
    do = np.zeros((T, 1))
    do[-1] = 1
    _, cache = forward(xs, np.zeros(16), W_hx, W, W_qh, activation)
    return [
        float(np.linalg.norm(backward(cache._replace(xs=xs[t:], hs=cache.hs[t:]), do[t:])["dh0"]))
        for t in reversed(range(T))
    ]


@explorer
def distance(say: Say) -> Explorer:
    """The gradient by how far it has come, with the identity and with tanh, for one radius."""
    norms_of = cache(norms_back)
    lines = ("identity", ORANGE), ("tanh", BLUE)

    def frame(rho: float, steps: int) -> Frame:
        drawing = Diagram(WIDTH, 228)
        axes = Plot(
            drawing,
            (34, 20),
            (276, 168),
            Axis(0, 100, (0, 25, 50, 75, 100), say("距离 T − t", "distance T − t")),
            Axis(
                1e-32,
                1e48,
                (1e-30, 1e-15, 1, 1e15, 1e30, 1e45),
                say("梯度的范数", "norm of the gradient"),
                log=True,
            ),
        )
        axes.line((steps, steps), (1e-32, 1e48), MUTED, 1, "2 3")
        found = []
        for activation, color in lines:
            norms = np.array(norms_of(rho, activation))
            axes.line(np.arange(1, 101), norms, color, 2)
            axes.dots(steps, norms[steps - 1], color, 4)
            found.append(float(norms[steps - 1]))
        axes.text(4, 1e42, say("恒等函数", "identity"), ORANGE)
        axes.text(4, 1e36, "tanh", BLUE)
        identity, tanh = map(power, found)
        text = say(
            f"ρ = {rho:g}，往回 {steps} 步：梯度的范数，恒等函数是 {identity}，tanh 是 {tanh}。",
            f"ρ = {rho:g}, {steps} step{'s' * (steps > 1)} back: the norm of the gradient is "
            f"{identity} with the identity and {tanh} with tanh.",
        )
        return Frame(text, drawing.svg())

    radii = (0.5, 0.65, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 2, 2.5, 3)
    sliders = (
        Slider(say("谱半径 ρ", "spectral radius ρ"), radii, 1.25, short),
        Slider(say("步数 T − t", "steps T − t"), (1, 10, 25, 50, 75, 100), 50),
    )
    return Explorer(sliders, frame, [(0.8, 50), (1, 50), (3, 50)])


def jacobians(W: Array, U: Array, s: int = 10, gamma: float = 1.0) -> list[Array]:
    """The derivatives of the last state by the states 0 to 99 steps before, as on the page."""
    rng, n = np.random.default_rng(1), len(W)
    hs, slopes = [np.zeros(n)] * s, []
    for _ in range(100):
        new = np.tanh(W @ hs[-1] + U @ hs[-s] + 0.1 * rng.normal(size=n))
        slopes.append(gamma * (1 - new**2))
        hs.append((1 - gamma) * hs[-1] + gamma * new)
    out = [np.eye(n)]
    for d in range(1, 100):
        out.append(out[-1] @ ((1 - gamma) * np.eye(n) + slopes[-d][:, None] * W))
        if d >= s:
            out[d] += out[d - s] @ (slopes[s - 1 - d][:, None] * U)
    return out


def cures_by_name() -> dict[str, list[Array]]:
    """The Jacobian matrices of the network without a cure, and of the three with one."""
    rng = np.random.default_rng(0)
    A, B = rng.normal(size=(16, 16)), rng.normal(size=(16, 16))
    W_8, none = 0.8 * A / spectral_radius(A), np.zeros((16, 16))
    return {
        "random": jacobians(W_8, none),
        "orthogonal": jacobians(np.linalg.qr(A)[0], none),
        "shortcut": jacobians(0.5 * W_8, 0.9 * np.linalg.qr(B)[0]),
        "slow": jacobians(W_8, none, gamma=0.02),
    }


@figure
def cures(say: Say) -> str:
    drawing, axes = chart(4.4, 3.1)
    names = (
        (say("谱半径 0.8", "radius 0.8"), MUTED),
        (say("正交", "orthogonal"), GREEN),
        (say("捷径", "shortcut"), ORANGE),
        (say("缓慢", "slow"), BLUE),
    )
    heights = (0, 0.008, 0.2, 5)
    for (name, color), height, found in zip(names, heights, cures_by_name().values(), strict=True):
        norms = [float(np.linalg.norm(J, 2)) for J in found]
        axes.semilogy(norms, color=color)
        if color == ORANGE:
            axes.semilogy(range(10, 100, 10), norms[10::10], "o", color=color, markersize=4)
        at = height or norms[-1]
        ink = INK if color == MUTED else color
        axes.text(102, at, name, color=ink, va="center")
    axes.set(xlim=(0, 138), ylim=(1e-11, 100), xticks=(0, 25, 50, 75, 100))
    axes.set_yticks([10.0**e for e in (-10, -8, -6, -4, -2, 0)])
    axes.minorticks_off()
    axes.set_xlabel(say("距离", "distance"))
    axes.set_ylabel(say("雅可比矩阵的谱范数", "spectral norm of the Jacobian"))
    return svg(drawing)


def cliff_loss(w: Array | float) -> Array:
    return np.asarray((w**20 - 2) ** 2 / 2)


def cliff_slope(w: float) -> float:
    return 20 * w**19 * (w**20 - 2)


@figure
def cliff(say: Say) -> str:
    w = np.linspace(0.7, 1.215, 2400)
    path = [START]
    for _ in range(17):
        (g,) = clip_by_global_norm([np.array([cliff_slope(path[-1])])], 1.0)
        path.append(path[-1] - RATE * float(g[0]))
    drawing, axes = chart(4.4, 3.1)
    axes.semilogy(w, cliff_loss(w), color=BLUE)
    walked = np.array(path)
    axes.semilogy(walked, cliff_loss(walked), "o", color=ORANGE, markersize=4.5)
    top = float(cliff_loss(START))
    axes.annotate(
        "",
        (0.705, top),
        (1.197, top),
        arrowprops={"arrowstyle": "->", "color": RED, "linewidth": 1.6},
    )
    for x in (0.735, 0.743):  # the axis is broken: the arrow ends far outside
        axes.semilogy((x - 0.005, x + 0.005), (top / 1.6, top * 1.6), color=RED, linewidth=1.6)
    far = number(START - RATE * cliff_slope(START), 0)
    axes.text(
        0.71,
        top * 1.7,
        say(f"不裁剪：一步到 w = {far}", f"not clipped: one step to w = {far}"),
        color=RED,
        va="bottom",
    )
    clipped = say(f"裁剪：每步\n至多 {RATE:g}", f"clipped: steps\nof at most {RATE:g}")
    axes.text(1.07, 30, clipped, color=ORANGE, ha="right", va="center")
    axes.text(0.72, 0.5, say("平地", "flat"), color=BLUE)
    axes.set(xlim=(0.7, 1.215), ylim=(3e-4, 1e4), xlabel="w")
    axes.set_ylabel(say("损失", "loss"))
    axes.minorticks_off()
    return svg(drawing)


#: The text of the page, and how it is cut.
TEXT = """a gradient walks back through the years,
one matrix at a time.
if the matrix is large, the gradient is loud;
if the matrix is small, it is gone.
"""
T, N_H = 24, 32


def losses(clip: Clip, steps: int) -> list[float]:
    """The mean losses of the page's training, up to the OverflowError."""
    chars = sorted(set(TEXT))
    codes = np.array([chars.index(char) for char in TEXT])
    starts = range(0, len(codes) - T, T)
    x = np.stack([codes[s : s + T] for s in starts], axis=1)
    y = np.stack([codes[s + 1 : s + 1 + T] for s in starts], axis=1)
    one_hot = np.eye(len(chars))
    xs, targets = one_hot[x], one_hot[y]
    rng, n, h0 = np.random.default_rng(2), len(chars), np.zeros((x.shape[1], N_H))
    W = [rng.normal(0, 0.05, shape) for shape in ((N_H, n), (N_H, N_H), (n, N_H))]
    out: list[float] = []
    for _ in range(steps):
        o, cache = forward(xs, h0, W[0], W[1], W[2], "identity")
        c = np.max(o, axis=-1, keepdims=True)
        total = c[..., 0] + np.log(np.sum(np.exp(o - c), axis=-1))
        out.append(float(np.mean(total - np.sum(o * targets, axis=-1))))
        try:
            perplexity(out[-1])
        except OverflowError:
            break
        d = backward(cache, (softmax(o) - targets) / y.size)
        grads = clip([d["dW_hx"], d["dW_hh"], d["dW_qh"]])
        W = [w - dw for w, dw in zip(W, grads, strict=True)]
    return out


@figure
def training(say: Say) -> str:
    wild = losses(lambda grads: grads, 200)
    tame = losses(lambda grads: clip_by_global_norm(grads, 0.3), 200)
    edge = float(np.log(np.finfo(float).max))
    drawing, (near, far) = chart(5.4, 3.2, 1, 2, sharey=True)
    for axes in (near, far):
        axes.axhline(edge, color=MUTED, linestyle="--", linewidth=1.2)
        axes.semilogy(tame, color=BLUE, linewidth=1.8)
        axes.semilogy(wild, color=RED, linewidth=1.8, marker="o" if axes is near else "")
        axes.set_xlabel(say("步数", "step"))
    near.lines[2].set_markersize(3.5)
    near.text(20.5, edge * 1.3, f"{edge:.2f}", color=INK)
    exponent = int(np.floor(np.log10(wild[-1])))
    last = str(exponent).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
    step = len(wild) - 1
    text = say(
        f"不裁剪：第 {step} 步\n约为 10{last}", f"not clipped:\nabout 10{last}\nat step {step}"
    )
    near.text(33, 60, text, color=RED, ha="right", va="center")
    far.text(45, 3.6, say("裁剪，θ = 0.3", "clipped, θ = 0.3"), color=BLUE)
    near.set(
        xlim=(20, 40),
        xticks=(20, 30, 40),
        ylim=(0.1, 4000),
        title=say("放大：第 20–40 步", "closer: steps 20–40"),
    )
    far.set(xlim=(0, 200), xticks=(0, 100, 200), title=say("全部", "all steps"))
    last_tick_inwards(near)
    near.set_yticks((0.1, 1, 10, 100, 1000), ("0.1", "1", "10", "100", "1000"))
    near.minorticks_off()
    near.set_ylabel(say("平均损失", "mean loss"))
    return svg(drawing)


@figure
def three_ways(say: Say) -> str:
    """The orthogonal matrix, the shortcut and the slow state, each over a few steps."""
    d = Diagram(430, 316)
    places = [38 + 70 * k for k in range(6)]
    rows = (
        (60, say("正交", "orthogonal"), GREEN),
        (170, say("捷径，s = 2", "shortcut, s = 2"), ORANGE),
        (272, say("缓慢", "slow"), BLUE),
    )
    for place, (y, title, color) in enumerate(rows):
        d.text(6, y - (58 if place == 1 else 44), title, 13, color, anchor="start", bold=True)
        for k, (start, end) in enumerate(pairwise(places)):
            plain = Stroke(MUTED if place == 1 else color, width=1.6)
            name = ("Q", "W", "1 − γ")[place]
            ink = INK if place == 1 else color
            d.arrow(
                (start, y),
                (end, y),
                plain,
                Label(name, shift=9 if place == 1 else -9, size=11, color=ink),
                gap=15,
            )
            if place == 1 and k < 4:
                side = -1 if k % 2 == 0 else 1  # a state in the middle of two arcs
                arc = Stroke(color, width=2)
                label = Label("U", shift=8 * side, size=12)
                d.arrow((start, y), (places[k + 2], y), arc, label, gap=15, bend=33 * side)
            if place == 2:
                d.arrow((end, y + 38), (end, y), Stroke(ORANGE, width=1.4), gap=6, end_gap=14)
                d.text(end - 16, y + 27, "γ", 11, ORANGE)
        for k, x in enumerate(places):
            d.node(x, y, f"h_{k}", color, radius=14, size=11)
    return d.svg()


@explorer
def directions(say: Say) -> Explorer:
    """A gradient (3, g₂), clipped by its norm at θ and by its entries at β = θ."""

    def angle(a: Array, g: Array) -> str:
        cosine = float(a @ g / np.linalg.norm(a) / np.linalg.norm(g))
        return f"{number(np.degrees(np.arccos(min(cosine, 1))), 0)}°"

    def frame(second: float, limit: float) -> Frame:
        g = np.array([3.0, second])
        by_norm, by_entry = clip_by_global_norm([g], limit)[0], clip_by_value([g], limit)[0]
        drawing = Diagram(WIDTH, 270)
        axes = Plot(
            drawing,
            (30, 20),
            (276, 220),
            Axis(-0.45, 4.15, (0, 1, 2, 3, 4), "g₁"),
            Axis(-0.45, 3.217, (0, 1, 2, 3), "g₂"),
        )
        turn = np.linspace(0, 2 * np.pi, 181)
        axes.line(limit * np.cos(turn), limit * np.sin(turn), BLUE, 1.2, "2 3")
        corners = limit * np.array([[1, 1], [-1, 1], [-1, -1], [1, -1], [1, 1]])
        axes.line(corners[:, 0], corners[:, 1], ORANGE, 1.2, "2 3")
        for end, color, width in ((g, MUTED, 1.4), (by_entry, ORANGE, 2.4), (by_norm, BLUE, 2.4)):
            stroke = Stroke(color, width=width)
            drawing.arrow(axes.at(0, 0), axes.at(*end), stroke, gap=0)
        axes.text(3, second, "g", INK, offset=(8, 0))
        if np.linalg.norm(g) <= limit:
            what = say("两种裁剪都不动它", "neither way changes it")
        elif np.all(g > limit):
            what = say("两个元素都剪到 β", "both entries are cut to β")
        elif np.any(g > limit):
            what = say("只有第一个元素剪短，方向变了", "only the first entry is cut")
            if second == 0:
                what = say("在坐标轴上，两种裁剪一样", "on an axis both ways are the same")
        else:
            what = say("元素都不超过 β，只有范数超过 θ", "only the norm exceeds θ, no entry β")
        norm, entry = angle(by_norm, g), angle(by_entry, g)
        text = say(
            f"g = (3, {short(second)})，θ = β = {short(limit)}：与 g 的夹角，按范数裁剪是 {norm}，"
            f"逐元素裁剪是 {entry}；{what}。",
            f"g = (3, {short(second)}), θ = β = {short(limit)}: the angle to g is {norm} if the "
            f"norm is clipped, {entry} if the entries are; {what}.",
        )
        return Frame(text, drawing.svg())

    limits = (0.5, 1, 1.5, 2, 2.5, 3, 3.5)
    sliders = (
        Slider(
            say("第二个元素 g₂", "second entry g₂"), (0, 0.4, 0.8, 1.2, 1.6, 2, 2.5, 3), 0.8, short
        ),
        Slider(say("阈值 θ = β", "threshold θ = β"), limits, 1, short),
    )
    return Explorer(sliders, frame, [(0.8, 2), (2, 1), (3, 1)])
