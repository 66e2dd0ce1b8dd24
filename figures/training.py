"""The drawings of ``training.md``."""

from functools import cache
from itertools import pairwise

import numpy as np
from matplotlib.patches import Rectangle
from numpy.typing import NDArray
from sklearn.datasets import load_digits

from engine.figures import Say, figure
from figures.chart import bare, chart, svg
from figures.numbers import number
from figures.palette import BLUE, GREEN, GRID, INK, MUTED, ORANGE, PAPER, PURPLE, RED
from snippets.activations import softmax
from snippets.optimizers import adam, init, momentum, sgd

Array = NDArray[np.float64]
Params = dict[str, Array]

RULES = {"SGD": sgd, "momentum": momentum, "Adam": adam}
COLORS = {"SGD": ORANGE, "momentum": BLUE, "Adam": PURPLE}

#: The curvatures of the valley, and where the walk begins.
CURVATURE, START = np.array([1.0, 100.0]), np.array([-9.0, 2.0])


def valley_path(rule: str, rate: float) -> Array:
    """Fifty steps down the valley ½ Σ CURVATURE w²."""
    params = {"w": START}
    state, path = init(params), [START]
    for _ in range(50):
        grads = {"w": CURVATURE * params["w"]}
        params, state = RULES[rule](params, grads, state, rate)
        path.append(params["w"])
    return np.array(path)


def height(w: Array) -> Array:
    """The cost of the valley."""
    cost: Array = np.sum(CURVATURE * w**2, axis=-1) / 2
    return cost


@figure
def valley(say: Say) -> str:
    """Three rules in a long narrow valley, each at the best of its learning rates."""
    drawing, grid = chart(4.4, 4.6, rows=3, sharex=True)
    across, up = np.meshgrid(np.linspace(-10, 5, 120), np.linspace(-2.6, 2.6, 80))
    heights = height(np.stack([across, up], axis=-1))
    for axes, rule, name in zip(
        grid,
        RULES,
        (say("梯度下降", "gradient descent"), say("动量", "momentum"), "Adam"),
        strict=True,
    ):
        paths = [valley_path(rule, rate) for rate in np.geomspace(1e-3, 3, 36)]
        path = min(paths, key=lambda path: float(height(path[-1])))
        axes.contour(across, up, heights, levels=[2, 10, 40, 120, 250], colors=GRID)
        axes.plot(*path.T, "-o", color=COLORS[rule], markersize=2.6, linewidth=1)
        axes.plot(0, 0, "+", color=RED, markersize=11, markeredgewidth=2)
        end = number(float(height(path[-1])), 3)
        axes.set_title(name + say("：50 步之后 J = ", ": J = ") + end + say("", " after 50 steps"))
        axes.set(xlim=(-10, 5), ylim=(-2.6, 2.6))
        axes.set_yticks((-2, 0, 2))
        axes.grid(False)
    return svg(drawing)


SIZES = 64, 32, 32, 10


@cache
def data() -> tuple[Array, Array, Array, Array]:
    """The digits of the page: X, Y, X_val, Y_val."""
    digits = load_digits()
    pixels = digits.data - digits.data.mean(axis=0)
    pixels = pixels / pixels.std()
    labels = np.eye(10)[digits.target]
    held_out = np.arange(1797) % 4 == 3
    return pixels[~held_out], labels[~held_out], pixels[held_out], labels[held_out]


def weights(sizes: tuple[int, ...], gain: float, rng: np.random.Generator) -> Params:
    params = {}
    for layer, (n_in, n_out) in enumerate(pairwise(sizes), 1):
        params[f"W{layer}"] = rng.normal(size=(n_in, n_out)) * np.sqrt(gain / n_in)
        params[f"b{layer}"] = np.zeros(n_out)
    return params


def forward(params: Params, X: Array) -> tuple[list[Array], Array]:
    hs = [X]
    for layer in range(1, len(params) // 2):
        hs.append(np.maximum(hs[-1] @ params[f"W{layer}"] + params[f"b{layer}"], 0))
    last = len(hs)
    return hs, hs[-1] @ params[f"W{last}"] + params[f"b{last}"]


def cost(params: Params, X: Array, Y: Array) -> float:
    o = forward(params, X)[1]
    return float(np.mean(np.logaddexp.reduce(o, axis=1) - np.sum(Y * o, axis=1)))


def gradients(params: Params, X: Array, Y: Array) -> Params:
    hs, o = forward(params, X)
    grads = {}
    delta = (softmax(o) - Y) / len(X)
    for layer in range(len(hs), 0, -1):
        if layer < len(hs):
            delta = delta @ params[f"W{layer + 1}"].T * (hs[layer] > 0)
        grads[f"W{layer}"] = hs[layer - 1].T @ delta
        grads[f"b{layer}"] = delta.sum(axis=0)
    return grads


def train(rule: str, rate: float, seed: int, steps: int = 100) -> tuple[Params, list[float]]:
    """The trained network of the page, and the cost of each batch on the way."""
    X, Y, _, _ = data()
    rng = np.random.default_rng(seed)
    params = weights(SIZES, 2, rng)
    state, costs = init(params), []
    for _ in range(steps):
        r = rng.integers(len(X), size=32)
        costs.append(cost(params, X[r], Y[r]))
        params, state = RULES[rule](params, gradients(params, X[r], Y[r]), state, rate)
    return params, costs


@figure
def batches(say: Say) -> str:
    """Gradients of random batches in two weights, for three sizes."""
    X, Y, _, _ = data()
    rng = np.random.default_rng(0)
    params = weights(SIZES, 2, rng)
    single = np.array(
        [gradients(params, X[i : i + 1], Y[i : i + 1])["W3"].ravel() for i in range(len(X))]
    )
    widest = np.linalg.svd(single - single.mean(axis=0), full_matrices=False)[2][:2]
    two = single @ widest.T
    drawing, grid = chart(4.4, 2.1, 1, 3, sharex=True, sharey=True)
    for axes, size in zip(grid, (1, 16, 256), strict=True):
        means = np.array([two[rng.integers(len(X), size=size)].mean(axis=0) for _ in range(150)])
        axes.plot(*means.T, "o", color=BLUE, markersize=2, alpha=0.5)
        axes.plot(*two.mean(axis=0), "+", color=RED, markersize=11, markeredgewidth=2)
        axes.set_title(f"B = {size}")
        axes.set(xlim=(-9, 9), ylim=(-9, 9), xticks=(-5, 0, 5), yticks=(-5, 0, 5))
        axes.set_aspect("equal")
    grid[1].set_xlabel(say("梯度沿一个方向的分量", "gradient along one direction"))
    grid[0].set_ylabel(say("沿另一个方向", "along another"))
    return svg(drawing)


def adam_after_a_jump(before: int, after: int) -> tuple[Array, Array, Array]:
    """Corrected means of g, roots of those of g², steps over η: g is 0.001, then 1."""
    params = {"w": np.zeros(())}
    state, rows = init(params), []
    for g in [0.001] * before + [1.0] * after:
        new, state = adam(params, {"w": g}, state, 1.0)
        mean = state.v["w"] / (1 - 0.9**state.step)
        root = np.sqrt(state.q["w"] / (1 - 0.999**state.step))
        rows.append((mean, root, -new["w"]))
    mean, root, step = np.array(rows).T
    return mean, root, step


@figure
def jump(say: Say) -> str:
    """Adam's running means and its steps after a jump of the gradient."""
    before, shown, after = 5000, 10, 80
    mean, root, step = (row[before - shown :] for row in adam_after_a_jump(before, after))
    steps = np.arange(1 - shown, after + 1)
    drawing, (means, moves) = chart(4.4, 3.4, rows=2, sharex=True)
    means.plot(steps, mean, color=BLUE)
    means.text(20, 0.84, say("梯度的滑动平均 ḡ", "running mean ḡ"), color=BLUE, va="top")
    means.plot(steps, root, color=GREEN)
    means.text(42, 0.12, say("q 的平方根", "root of q"), color=GREEN, va="top")
    moves.plot(steps, step, color=PURPLE)
    moves.set_title(say("一步的大小除以 η", "size of a step, divided by η"))
    moves.set(xlim=(1 - shown, after), ylim=(0, 7.5), yticks=(0, 1, 3, 6))
    means.set(ylim=(0, 1.05), yticks=(0, 0.5, 1))
    moves.set_xlabel(say("梯度变大之后的步数", "steps since the gradient has grown"))
    return svg(drawing)


@figure
def rates(say: Say) -> str:
    """Validation cost over the learning rate, for each rule."""
    _, _, X_val, Y_val = data()
    drawing, axes = chart(4.4, 3.1)
    grid = {
        "SGD": np.geomspace(0.03, 1, 7),
        "momentum": np.geomspace(0.003, 0.1, 7),
        "Adam": np.geomspace(0.001, 0.05, 7),
    }
    names = {"SGD": "SGD", "momentum": say("动量", "momentum"), "Adam": "Adam"}
    for rule, tried in grid.items():
        costs = np.array(
            [
                sorted(cost(train(rule, rate, seed)[0], X_val, Y_val) for seed in range(5))
                for rate in tried
            ]
        )
        axes.fill_between(tried, costs[:, 0], costs[:, -1], color=COLORS[rule], alpha=0.18, lw=0)
        axes.plot(tried, costs[:, 2], "-o", color=COLORS[rule], markersize=3)
        place = {"SGD": (0.3, 0.072), "momentum": (0.03, 0.072), "Adam": (0.0075, 0.072)}[rule]
        axes.text(*place, names[rule], color=COLORS[rule], ha="center", va="top")
    axes.set(xscale="log", yscale="log", ylim=(0.05, 3))
    axes.set_xlabel(say("学习率", "learning rate"))
    axes.set_ylabel(say("验证集上的代价", "validation cost"))
    axes.set_yticks((0.1, 0.3, 1, 3), ("0.1", "0.3", "1", "3"))
    axes.minorticks_off()
    return svg(drawing)


@figure
def curves(say: Say) -> str:
    """Training at three learning rates."""
    drawing, axes = chart(4.4, 2.7)
    for rate, color, name in (
        (0.01, GREEN, say("太小", "too small")),
        (0.3, BLUE, say("合适", "good")),
        (1.2, ORANGE, say("太大", "too large")),
    ):
        costs = train("SGD", rate, 0, 150)[1]
        axes.plot(costs, color=color, linewidth=1.2)
        place = 152, float(np.mean(costs[-15:])) + 0.15
        axes.text(*place, f"η = {rate}\n{name}", color=color, va="center")
    axes.set(xlim=(0, 150), ylim=(0, 4))
    axes.set_xlabel(say("步", "step"))
    axes.set_ylabel(say("小批量的代价", "cost of the mini-batch"))
    return svg(drawing)


@figure
def axes(say: Say) -> str:
    """Which numbers are normalised together."""
    drawing, grid = chart(4.4, 2.3, 1, 2)
    rows, columns = 4, 6
    layer, batch = np.zeros((2, rows, columns), dtype=bool)
    layer[1], batch[:, 2] = True, True
    names = say("层归一化", "layer normalisation"), say("批归一化", "batch normalisation")
    for place, name, marked in zip(grid, names, (layer, batch), strict=True):
        bare(place)
        for row, column in np.ndindex(rows, columns):
            color = BLUE if marked[row, column] else PAPER
            corner = column, rows - 1 - row
            place.add_patch(Rectangle(corner, 0.86, 0.86, facecolor=color, edgecolor=MUTED))
        place.set(xlim=(-0.2, columns), ylim=(-0.2, rows), aspect="equal")
        place.set_title(name)
        place.set_xlabel(say("神经元", "neurons"), color=INK)
    grid[0].set_ylabel(say("样本", "samples"), color=INK)
    return svg(drawing)
