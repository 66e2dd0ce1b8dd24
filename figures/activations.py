"""The drawings of ``activations.md``."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from sklearn.datasets import load_digits

from engine.figures import Explorer, Frame, Say, Slider, explorer, figure
from figures.chart import bare, chart, last_tick_inwards, legend_above, svg
from figures.diagram import Diagram
from figures.numbers import power, short
from figures.palette import BLUE, GREEN, INK, MUTED, ORANGE, PAPER, PURPLE, RED
from figures.plot import WIDTH, Axis, Plot
from snippets.activations import (
    d_leaky_relu,
    d_relu,
    d_sigmoid,
    d_tanh,
    leaky_relu,
    relu,
    sigmoid,
    softmax,
    tanh,
)

Array = NDArray[np.float64]
Function = Callable[[Array], Array]
Layers = list[tuple[Array, Array]]


def shifted(z: Array) -> Array:
    """tanh, raised until all its values are positive."""
    return tanh(z) + 1


@cache
def digits() -> tuple[Array, Array]:
    """The digits of the page, a column each, and their labels as columns of an identity."""
    data, target = load_digits(return_X_y=True)
    X = data.T - data.T.mean(axis=1, keepdims=True)
    return X / X.std(), np.eye(10)[target].T


def init(sizes: list[int], gain: float) -> Layers:
    rng = np.random.default_rng(0)
    return [
        (rng.normal(size=(n_out, n_in)) * np.sqrt(gain / n_in), np.zeros((n_out, 1)))
        for n_in, n_out in pairwise(sizes)
    ]


def forward(phi: Function, layers: Layers, X: Array) -> tuple[list[Array], list[Array]]:
    zs: list[Array] = []
    hs = [X]
    for W, b in layers:
        zs.append(W @ hs[-1] + b)
        hs.append(softmax(zs[-1], axis=0) if len(zs) == len(layers) else phi(zs[-1]))
    return zs, hs


def backward(
    d_phi: Function, layers: Layers, zs: list[Array], hs: list[Array], Y: Array
) -> list[Array]:
    deltas = [(hs[-1] - Y) / Y.shape[1]]
    for (W, _), z in zip(layers[:0:-1], zs[-2::-1], strict=True):
        deltas.insert(0, d_phi(z) * (W.T @ deltas[0]))
    return deltas


def gradient(
    phi: Function, d_phi: Function, layers: Layers, X: Array, Y: Array
) -> tuple[float, Layers]:
    """The cost, and for every layer its gradients in W and b."""
    zs, hs = forward(phi, layers, X)
    cost = np.mean(np.logaddexp.reduce(zs[-1]) - np.sum(Y * zs[-1], axis=0))
    deltas = backward(d_phi, layers, zs, hs, Y)
    slopes = [
        (delta @ h.T, delta.sum(axis=1, keepdims=True))
        for delta, h in zip(deltas, hs, strict=False)
    ]
    return float(cost), slopes


#: The networks of twenty layers on the page: name, function, slope, largest slope, gain, colour.
DEEP: list[tuple[str, Function, Function, float, float, str, str]] = [
    ("sigmoid", sigmoid, d_sigmoid, 0.25, 1, BLUE, "-"),
    ("sigmoid, 16", sigmoid, d_sigmoid, 0.25, 16, BLUE, ":"),
    ("tanh", tanh, d_tanh, 1, 1, ORANGE, "-"),
    ("tanh, 16", tanh, d_tanh, 1, 16, ORANGE, ":"),
    ("ReLU", relu, d_relu, 1, 2, GREEN, "-"),
]


#: The four functions of the page with their derivatives; the last one leaks 0.1.
CURVES: list[tuple[str, Function, Function]] = [
    ("sigmoid", sigmoid, d_sigmoid),
    ("tanh", tanh, d_tanh),
    ("ReLU", relu, d_relu),
    ("Leaky ReLU", lambda z: leaky_relu(z, 0.1), lambda z: d_leaky_relu(z, 0.1)),
]


@explorer
def curves(say: Say) -> Explorer:
    """Each function and its derivative, and what they are at one z."""
    across = np.linspace(-4, 4, 401)

    def frame(z: float) -> Frame:
        drawing = Diagram(WIDTH, 330)
        slopes = []
        for place, (name, f, d_f) in enumerate(CURVES):
            axes = Plot(
                drawing,
                (24 + 154 * (place % 2), 24 + 154 * (place // 2)),
                (126, 116),
                Axis(-4, 4, (-4, -2, 0, 2, 4), "" if place < 2 else "z"),
                Axis(-1.2, 2.2, (-1, 0, 1, 2)),
                name,
            )
            little = across[d_f(across) < 0.1 * np.max(d_f(across))]
            for side in (little[little <= 0], little[little > 0]):
                if side.size:
                    ends = np.array([side[0], side[-1]])[[0, 1, 1, 0]]
                    axes.area(ends, (-1.2, -1.2, 2.2, 2.2), MUTED)
            axes.line(across, f(across), BLUE)
            for side in (across[across <= 0], across[across > 0]):
                axes.line(side, d_f(side), ORANGE, 1.6, "4 3")
            axes.line((z, z), (-1.2, 2.2), INK, 0.8)
            axes.dots(z, f(np.array(z)), BLUE, 3.4)
            axes.dots(z, d_f(np.array(z)), ORANGE, 3.4)
            if place == 0:
                axes.text(-3.8, 1.9, say("函数", "function"), BLUE)
                axes.text(-3.8, 1.45, say("导数", "derivative"), ORANGE)
            slopes.append(float(d_f(np.array(z))))
        shown = [short(slope, 3) for slope in slopes]
        text = say(
            f"z = {short(z)}：梯度乘以 {shown[0]}（sigmoid）、{shown[1]}（tanh）、"
            f"{shown[2]}（ReLU）、{shown[3]}（Leaky ReLU）。",
            f"z = {short(z)}: the gradient is multiplied by {shown[0]} (sigmoid), {shown[1]} "
            f"(tanh), {shown[2]} (ReLU), {shown[3]} (Leaky ReLU).",
        )
        return Frame(text, drawing.svg())

    at = tuple(k / 2 for k in range(-8, 9))
    return Explorer([Slider("z", at, 0, short)], frame, [(-3,), (-1,), (2,)])


def descent(curvature: Array, target: Array, rate: float, start: tuple[float, float]) -> Array:
    """The path of twelve steps of gradient descent on Q, a row for each point."""
    path = [np.array(start)]
    for _ in range(12):
        path.append(path[-1] - rate * curvature @ (path[-1] - target))
    return np.array(path)


@figure
def zigzag(say: Say) -> str:
    z = 0.5 * np.random.default_rng(3).normal(size=(2, 400))
    target = np.array([1.0, -1.0])
    drawing, axes = chart(4.4, 2.7, 1, 2, sharey=True)
    first, second = np.meshgrid(np.linspace(-2.2, 2.2, 121), np.linspace(-2.2, 2.2, 121))
    away = np.stack([first - target[0], second - target[1]])
    curvatures = [phi(z) @ phi(z).T / z.shape[1] for phi in (shifted, tanh)]
    largest = [2 / float(np.linalg.eigvalsh(curvature)[-1]) for curvature in curvatures]
    rate = 0.9 * largest[0]
    for axis, name, curvature in zip(axes, ("tanh + 1", "tanh"), curvatures, strict=True):
        Q = np.einsum("iab,ij,jab->ab", away, curvature, away) / 2
        levels = Q.max() * np.geomspace(1e-3, 0.6, 7)
        axis.contour(first, second, Q, levels=levels, colors=MUTED, linewidths=0.7)
        path = descent(curvature, target, rate, (-1.8, -0.4))
        axis.plot(*path.T, "o-", color=BLUE, markersize=3, linewidth=1.2)
        axis.plot(*target, "*", color=ORANGE, markersize=11)
        axis.set_title(say(f"{name}，η = {rate:.1f}", f"{name}, η = {rate:.1f}"))
        axis.grid(False)
        axis.set(xlim=(-2.2, 2.2), ylim=(-2.2, 2.2), xlabel="w₁", aspect="equal")
        axis.set(xticks=(-2, 0, 2), yticks=(-2, 0, 2))
    path = descent(curvatures[1], target, largest[1] / 2, (-0.9, 1.8))
    axes[1].plot(*path.T, "o--", color=PURPLE, markersize=3, linewidth=1.2)
    paper = {"facecolor": PAPER, "edgecolor": "none", "pad": 1}
    axes[1].text(-2, -1.75, f"η = {largest[1] / 2:.1f}", color=PURPLE, bbox=paper)
    axes[0].set_ylabel("w₂", rotation=0, labelpad=10)
    return svg(drawing)


@cache
def through_twenty(name: str, gain: float) -> tuple[list[float], list[float]]:
    """Layer by layer: the share of neurons with a small derivative, and the norm of δ."""
    phi, d_phi, largest = {key: (f, d, top) for key, f, d, top, *_ in DEEP}[name]
    X, Y = digits()
    layers = init([64] * 21 + [10], gain)
    zs, hs = forward(phi, layers, X)
    deltas = backward(d_phi, layers, zs, hs, Y)
    small = [float(np.mean(d_phi(z) < largest / 10)) for z in zs[:20]]
    return small, [float(np.linalg.norm(delta)) for delta in deltas[:20]]


@explorer
def twenty_layers(say: Say) -> Explorer:
    """What twenty layers leave of a gradient, for a gain of their random weights."""
    names = {"sigmoid": BLUE, "tanh": ORANGE, "ReLU": GREEN}
    numbers = np.arange(1, 21)

    def frame(gain: float) -> Frame:
        drawing = Diagram(WIDTH, 350)
        layer = Axis(1, 20, (1, 5, 10, 15, 20), say("层", "layer"))
        shares = Axis(0, 1, (0, 0.5, 1), say("导数很小的神经元", "share with a small derivative"))
        sizes = Axis(1e-24, 1e12, (1e-20, 1e-10, 1, 1e10), say("δ 的范数", "norm of δ"), log=True)
        above = Plot(drawing, (34, 20), (276, 84), replace(layer, name=""), shares)
        below = Plot(drawing, (34, 140), (276, 168), layer, sizes)
        ratios = []
        for place, (name, color) in enumerate(names.items()):
            small, norms = through_twenty(name, gain)
            above.line(numbers, small, color, 1.8, "5 3" if name == "ReLU" else "")
            below.line(numbers, norms, color)
            below.text(19.5, 1e-15 / 1e3**place, name, color, "end")
            ratios.append(power(norms[0] / norms[-1]))
        travels = say("← 梯度的方向", "← the gradient travels")
        below.text(1.4, 1e-21, travels, INK)
        text = say(
            f"增益 {short(gain)}：第 20 层的梯度，到第 1 层时乘了 {ratios[0]}（sigmoid）、"
            f"{ratios[1]}（tanh）、{ratios[2]}（ReLU）。",
            f"Gain {short(gain)}: from layer 20 to layer 1 the gradient is multiplied by "
            f"{ratios[0]} (sigmoid), {ratios[1]} (tanh), {ratios[2]} (ReLU).",
        )
        return Frame(text, drawing.svg())

    gains = (0.25, 0.5, 1, 2, 4, 8, 16, 32)
    slider = Slider(say("增益", "gain"), gains, 1, short)
    return Explorer([slider], frame, [(0.25,), (2,), (16,)])


@figure
def dead(say: Say) -> str:
    X, _ = digits()
    zs, _ = forward(relu, init([64] * 21 + [10], 2), X)
    never = np.array([np.sum(np.all(z <= 0, axis=1)) for z in zs[:20]])
    always = np.array([np.sum(np.all(z > 0, axis=1)) for z in zs[:20]])
    numbers = np.arange(1, 21)
    drawing, axes = chart(4.4, 2.7)
    axes.bar(numbers, never, color=RED, label=say("从不激活（死亡）", "never on (dead)"))
    axes.bar(
        numbers,
        64 - never - always,
        bottom=never,
        color=GREEN,
        label=say("时开时关", "on for some"),
    )
    axes.bar(numbers, always, bottom=64 - always, color=PURPLE, label=say("总是激活", "always on"))
    axes.set(xlim=(0.4, 20.6), ylim=(0, 64), yticks=(0, 16, 32, 48, 64))
    axes.set(xticks=(1, 5, 10, 15, 20), xlabel=say("层", "layer"))
    axes.set_ylabel(say("神经元个数", "neurons"))
    legend_above(drawing, 3, handlelength=1)
    return svg(drawing)


def costs_of(phi: Function, d_phi: Function, layers: Layers, rate: float) -> list[float]:
    """The cost before each of eighty steps of gradient descent on every eighteenth digit."""
    X, Y = (values[:, ::18] for values in digits())
    costs = []
    for _ in range(80):
        cost, slopes = gradient(phi, d_phi, layers, X, Y)
        costs.append(cost)
        layers = [
            (W - rate * dW, b - rate * db) for (W, b), (dW, db) in zip(layers, slopes, strict=True)
        ]
    return costs


@figure
def training(say: Say) -> str:
    """The smallest and the largest learning rate of the page's table, from its first start."""
    drawing, axes = chart(4.4, 3.1, 1, 2, sharey=True)
    for axis, rate in zip(axes, (0.1, 3.0), strict=True):
        for name, phi, d_phi, _, gain, colour, style in DEEP:
            if name != "tanh, 16":
                costs = costs_of(phi, d_phi, init([64, 16, 16, 16, 10], gain), rate)
                kind = name.split(",")[0]
                label = say(f"{kind}，增益 {gain:g}", f"{kind}, gain {gain:g}")
                axis.plot(costs, style, color=colour, label=label if rate < 1 else None)
        axis.set(xlim=(0, 80), xticks=(0, 40, 80), ylim=(0, 2.8), xlabel=say("步数", "step"))
        axis.set_title(say(f"学习率 {rate:g}", f"learning rate {rate:g}"))
    axes[0].set_ylabel(say("代价 J", "cost J"))
    last_tick_inwards(axes[0])
    legend_above(drawing, 2)
    return svg(drawing)


@figure
def softmax_shift(say: Say) -> str:
    """Sums, their exponentials and the shares, for sums and for the same ones shifted by 1."""
    z = np.array([2.0, 1.0, -1.0])
    drawing, axes = chart(4.4, 3.5, 2, 3)
    titles = "z", say("exp(z)", "exp(z)"), say("各占的份额 p", "shares p")
    for row, shift in enumerate((0.0, 1.0)):
        e = np.exp(z + shift)
        for axis, values, title in zip(
            axes[row], (z + shift, e, softmax(z + shift)), titles, strict=True
        ):
            bars = axis.bar(range(3), values, color=(BLUE, ORANGE, GREEN), width=0.7)
            axis.bar_label(
                bars,
                [f"{value:.2g}".replace("-", "−") for value in values],
                color=INK,
                fontsize=9,
                padding=2,
            )
            axis.set(xticks=(), yticks=())
            axis.grid(False)
            axis.spines["left"].set_visible(False)
            axis.spines["bottom"].set_position("zero")
            axis.margins(y=0.25)
            if row == 0:
                axis.set_title(title)
        axes[row, 0].set_ylabel("" if not shift else "z + 1", rotation=0, labelpad=16)
    for column in range(3):
        axes[0, column].sharey(axes[1, column])
    return svg(drawing)


@figure
def xor(say: Say) -> str:
    """What the two layers of the first example compute over the square, without and with ReLU."""
    corners = [(0, 0), (0, 1), (1, 1), (1, 0)]

    def place(x1: float, x2: float, height: float) -> tuple[float, float]:
        return x1 - 0.55 * x2, 0.3 * x1 + 0.55 * x2 + 0.28 * height

    def output(x1: float, x2: float, phi: Function) -> float:
        z = np.array([x1 + x2, x1 + x2 - 1.0])
        return float(np.array([1.0, -2.0]) @ phi(z))

    aside = {(0, 0): (0.0, -0.1), (1, 0): (0.0, -0.1), (0, 1): (-0.08, -0.05), (1, 1): (0.0, 0.1)}
    drawing, axes = chart(4.4, 2.5, 1, 2, sharey=True)
    flat: list[list[tuple[int, int]]] = [corners]
    folded = [[(0, 0), (0, 1), (1, 0)], [(1, 1), (0, 1), (1, 0)]]
    for axis, name, phi, faces in (
        (axes[0], say("没有函数：平面", "no function: a plane"), lambda z: z, flat),
        (axes[1], say("用 ReLU：折一下", "ReLU between: a fold"), relu, folded),
    ):
        floor = np.array([place(*corner, 0) for corner in corners])
        axis.fill(*floor.T, color=MUTED, alpha=0.2, linewidth=0)
        axis.plot(*np.vstack([floor, floor[:1]]).T, color=MUTED, linewidth=1)
        for height in (0, 1, 2):
            x, y = place(1, 0, height)
            axis.plot((x + 0.12, x + 0.18), (y, y), color=MUTED, linewidth=1)
            axis.text(x + 0.22, y, f"{height}", color=INK, va="center", fontsize=9)
        across, (bottom, top) = place(1, 0, 0)[0], (place(1, 0, h)[1] for h in (0, 2))
        axis.plot((across + 0.12, across + 0.12), (bottom, top), color=MUTED, linewidth=1)
        for face in faces:
            outline = np.array([place(*corner, output(*corner, phi)) for corner in face])
            axis.fill(*outline.T, color=BLUE, alpha=0.22, linewidth=0)
            axis.plot(*np.vstack([outline, outline[:1]]).T, color=BLUE, linewidth=1.3)
        for x1, x2 in corners:
            wanted, given = float(x1 != x2), output(x1, x2, phi)
            foot, end, given_at = (place(x1, x2, h) for h in (0, wanted, given))
            axis.plot(*zip(foot, end, strict=True), color=ORANGE, linewidth=1.2)
            if given != wanted:
                axis.plot(*zip(end, given_at, strict=True), color=RED, linewidth=2.6)
            axis.plot(*given_at, "o", color=BLUE, markersize=4)
            axis.plot(*end, "o", color=ORANGE, markersize=6.5)
            right, up = aside[x1, x2]
            axis.text(
                foot[0] + right,
                foot[1] + up,
                f"({x1}, {x2})",
                color=INK,
                fontsize=8.5,
                va="center",
                ha="right" if (x1, x2) == (0, 1) else "center",
            )
        axis.set_title(name)
        axis.set(xlim=(-1.0, 1.35), ylim=(-0.2, 1.05))
        bare(axis)
    return svg(drawing)
