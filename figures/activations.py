"""The drawings of ``activations.md``."""

from collections.abc import Callable
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from sklearn.datasets import load_digits

from engine.figures import Say, figure
from figures.chart import chart, svg
from figures.palette import BLUE, GREEN, INK, MUTED, ORANGE, PAPER, PURPLE, RED
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


@figure
def curves(say: Say) -> str:
    z = np.linspace(-4, 4, 401)
    slope = 0.1
    panels: list[tuple[str, Function, Function]] = [
        ("sigmoid", sigmoid, d_sigmoid),
        ("tanh", tanh, d_tanh),
        ("ReLU", relu, d_relu),
        (
            f"Leaky ReLU, s = {slope:g}",
            lambda z: leaky_relu(z, slope),
            lambda z: d_leaky_relu(z, slope),
        ),
    ]
    drawing, axes = chart(4.4, 4.3, 2, 2, sharex=True)
    for axis, (name, f, d_f) in zip(axes.flat, panels, strict=True):
        axis.plot(z, f(z), color=BLUE)
        if "ReLU" in name:
            for side in (z[z <= 0], z[z > 0]):
                axis.plot(side, d_f(side), color=ORANGE, linestyle="--")
            at_zero, above = float(d_f(np.array(0.0))), float(d_f(np.array(1e-9)))
            axis.plot(0, at_zero, "o", color=ORANGE, markersize=5)
            axis.plot(0, above, "o", markerfacecolor=PAPER, markeredgecolor=ORANGE, markersize=5)
            axis.text(3.9, above - 0.32, f"{above:g}", color=ORANGE, ha="right")
            axis.text(-3.9, at_zero + 0.14, f"{at_zero:g}", color=ORANGE)
        else:
            axis.plot(z, d_f(z), color=ORANGE, linestyle="--")
            top = float(d_f(np.array(0.0)))
            axis.plot(0, top, "o", color=ORANGE, markersize=5)
            below = top < 0.5
            place = (0.0, -0.12) if below else (0.55, top + 0.05)
            align = ("center", "top") if below else ("left", "center")
            axis.text(*place, f"{top:g}", color=ORANGE, ha=align[0], va=align[1])
        axis.set_title(name)
        axis.set(xlim=(-4, 4), ylim=(-1.2, 2.2), yticks=(-1, 0, 1, 2))
    for axis in axes[1]:
        axis.set_xlabel("z")
    axes[0, 0].text(-3.8, 1.75, say("函数", "function"), color=BLUE)
    axes[0, 0].text(-3.8, 1.25, say("导数（虚线）", "derivative (dashed)"), color=ORANGE)
    return svg(drawing)


def descent(H: Array, steps: int) -> tuple[Array, Array, Array, float]:
    """The path of gradient descent on Q for the target weights (1, −1), curvature and rate."""
    curvature = H @ H.T / H.shape[1]
    target, w = np.array([1.0, -1.0]), np.array([-1.5, 0.3])
    rate = float(1 / np.linalg.eigvalsh(curvature)[-1])
    path = [w]
    for _ in range(steps):
        w = w - rate * curvature @ (w - target)
        path.append(w)
    return np.array(path), curvature, target, rate


@figure
def zigzag(say: Say) -> str:
    z = 0.5 * np.random.default_rng(3).normal(size=(2, 400))
    drawing, axes = chart(4.4, 2.75, 1, 2, sharey=True)
    grid = np.linspace(-2.2, 2.2, 121)
    first, second = np.meshgrid(grid, grid)
    for axis, name, phi in ((axes[0], "tanh(z) + 1", shifted), (axes[1], "tanh(z)", tanh)):
        path, curvature, target, rate = descent(phi(z), 8)
        away = np.stack([first - target[0], second - target[1]])
        Q = np.einsum("iab,ij,jab->ab", away, curvature, away) / 2
        top = Q.max()
        axis.contour(
            first, second, Q, levels=top * np.geomspace(1e-3, 0.6, 7), colors=MUTED, linewidths=0.7
        )
        axis.plot(path[:, 0], path[:, 1], "o-", color=BLUE, markersize=3, linewidth=1.2)
        axis.plot(*target, "*", color=ORANGE, markersize=11)
        left = float(np.linalg.norm(path[-1] - target))
        distance = say(f"8 步后相距 {left:.2f}", f"{left:.2f} away after 8 steps")
        axis.set_title(f"{name},  η = {rate:.2g}\n{distance}")
        axis.grid(False)
        axis.set(xlim=(-2.2, 2.2), ylim=(-2.2, 2.2), xlabel="w₁", aspect="equal")
        axis.set(xticks=(-2, 0, 2), yticks=(-2, 0, 2))
    axes[0].set_ylabel("w₂", rotation=0)
    return svg(drawing)


@figure
def twenty_layers(say: Say) -> str:
    X, Y = digits()
    drawing, axes = chart(4.4, 4.6, 2, 1, sharex=True)
    numbers = np.arange(1, 21)
    for name, phi, d_phi, largest, gain, colour, style in DEEP:
        layers = init([64] * 21 + [10], gain)
        zs, hs = forward(phi, layers, X)
        deltas = backward(d_phi, layers, zs, hs, Y)
        flat = [100 * np.mean(d_phi(z) < largest / 10) for z in zs[:20]]
        sizes = [np.linalg.norm(delta) for delta in deltas[:20]]
        axes[0].plot(numbers, flat, style, color=colour, label=name)
        axes[1].semilogy(numbers, sizes, style, color=colour)
    axes[0].set(ylim=(-3, 100), ylabel=say("导数很小的神经元（%）", "small derivative (%)"))
    axes[0].legend(loc="upper center", ncols=3, labelcolor=INK, fontsize=9, handlelength=1.6)
    axes[1].set(ylim=(1e-16, 1e4), yticks=(1e-15, 1e-10, 1e-5, 1))
    axes[1].set(xlabel=say("层", "layer"), ylabel=say("δ 的范数", "norm of δ"))
    axes[1].set(xlim=(1, 20), xticks=(1, 5, 10, 15, 20))
    return svg(drawing)


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
    drawing.legend(
        loc="outside upper center",
        ncols=3,
        frameon=False,
        labelcolor=INK,
        fontsize=9,
        handlelength=1,
    )
    return svg(drawing)


def costs_of(phi: Function, d_phi: Function, layers: Layers, rate: float) -> list[float]:
    """The cost before each of eighty steps of gradient descent on every sixth digit."""
    X, Y = (values[:, ::6] for values in digits())
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
    sizes = [64, 32, 32, 32, 10]
    drawing, axes = chart(4.4, 4.6, 2, 1, sharex=True)
    for name, phi, d_phi, _, gain, colour, style in DEEP:
        if name != "tanh, 16":
            costs = costs_of(phi, d_phi, init(sizes, gain), 0.3)
            axes[0].plot(costs, style, color=colour, label=name)
    # the sums of the weights go off the biases, so that both begin with the same cost
    start = init(sizes, 1)
    moved = [start[0], *((W, b - W.sum(axis=1, keepdims=True)) for W, b in start[1:])]
    below: list[tuple[str, Function, Layers, str]] = [
        ("tanh + 1", shifted, moved, "--"),
        ("tanh", tanh, start, "-"),
    ]
    for name, phi, layers, style in below:
        costs = costs_of(phi, d_tanh, layers, 1.0)
        axes[1].plot(costs, style, color=ORANGE, label=name)
    for axis, rate, columns in ((axes[0], 0.3, 2), (axes[1], 1, 1)):
        axis.set_title(say(f"学习率 {rate:g}", f"learning rate {rate:g}"))
        axis.set(xlim=(0, 80), ylim=(0, 4), ylabel=say("代价 J", "cost J"))
        axis.legend(loc="upper right", labelcolor=INK, ncols=columns)
    axes[1].set_xlabel(say("步数", "step"))
    return svg(drawing)
