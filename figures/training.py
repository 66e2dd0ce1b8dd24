"""The drawings of ``training.md``."""

from functools import cache
from itertools import pairwise, product

import numpy as np
from matplotlib.patches import Circle, Ellipse, Rectangle
from numpy.typing import NDArray
from sklearn.datasets import load_diabetes, load_digits

from engine.figures import Say, figure
from figures.chart import bare, chart, legend_above, svg
from figures.palette import BLUE, GREEN, GRID, INK, MUTED, ORANGE, PAPER, PURPLE, RED
from snippets.activations import softmax
from snippets.normalization import NormCache, batch_norm, layer_norm, norm_backward
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
    for axes, rule, name in zip(
        grid,
        RULES,
        (say("梯度下降", "gradient descent"), say("动量", "momentum"), "Adam"),
        strict=True,
    ):
        paths = [valley_path(rule, rate) for rate in np.geomspace(1e-3, 3, 36)]
        path = min(paths, key=lambda path: float(height(path[-1])))
        for level in (2, 10, 40, 120, 250):
            sides = 2 * np.sqrt(2 * level / CURVATURE)
            axes.add_patch(Ellipse((0, 0), *sides, fill=False, edgecolor=GRID, linewidth=1.8))
        axes.plot(*path.T, "-o", color=COLORS[rule], markersize=2.6, linewidth=1)
        axes.plot(0, 0, "+", color=RED, markersize=11, markeredgewidth=2)
        axes.set_title(name)
        axes.set(xlim=(-10, 5), ylim=(-2.6, 2.6))
        axes.set_ylabel("w₂", rotation=0, labelpad=10)
        axes.set_yticks((-2, 0, 2))
        axes.grid(False)
    axes.set_xlabel("w₁")
    return svg(drawing)


@cache
def cloud_points(rate: float) -> Array:
    """Every third of the last 300 of 900 weights of SGD in the valley of the diabetes data,
    from its lowest point, along its steepest direction and the next."""
    diabetes = load_diabetes(scaled=False)
    A = diabetes.data - diabetes.data.mean(axis=0)
    A = A / A.std(axis=0)
    t = diabetes.target - diabetes.target.mean()
    solution = np.linalg.lstsq(A, t, rcond=None)[0]
    main = np.linalg.eigh(A.T @ A / len(A))[1][:, [-1, -2]]
    rng = np.random.default_rng(0)
    params = {"w": solution}
    state, path = init(params), []
    for _ in range(900):
        r = rng.integers(len(A), size=32)
        grads = {"w": A[r].T @ (A[r] @ params["w"] - t[r]) / 32}
        params, state = sgd(params, grads, state, rate)
        path.append(params["w"] - solution)
    points: Array = np.array(path[600::3]) @ main
    return points


@figure
def cloud(say: Say) -> str:
    """Where SGD wanders at two constant rates, with the root mean square distance as a circle."""
    drawing, grid = chart(4.4, 2.5, 1, 2, sharex=True, sharey=True)
    for axes, rate, color in zip(grid, (0.02, 0.08), (BLUE, ORANGE), strict=True):
        points = cloud_points(rate)
        axes.plot(*points.T, "o", color=color, markersize=2, alpha=0.5)
        radius = float(np.sqrt(np.mean(np.sum(points**2, axis=1))))
        axes.add_patch(Circle((0, 0), radius, fill=False, edgecolor=INK, linewidth=1.2))
        axes.plot(0, 0, "+", color=RED, markersize=11, markeredgewidth=2)
        axes.set_title(f"η = {rate}")
        axes.set(xlim=(-7, 7), ylim=(-7, 7), aspect="equal")
        axes.set_xlabel(say("沿最陡的方向", "steepest direction"))
    grid[0].set_ylabel(say("沿次陡的方向", "second steepest"))
    return svg(drawing)


def steps_to_a_tenth(eta_c: Array, beta: float) -> Array:
    """How many steps, on average, leave a tenth of w, by the larger solution r of its equation."""
    sum_of_both = 1 + beta - eta_c
    root = np.emath.sqrt(sum_of_both**2 - 4 * beta)
    r = np.maximum(np.abs(sum_of_both + root), np.abs(sum_of_both - root)) / 2
    with np.errstate(divide="ignore"):
        steps: Array = np.where(r < 1, -np.log(10) / np.log(r), np.inf)
    return steps


@figure
def pace(say: Say) -> str:
    """Steps that leave a tenth of the distance, over the learning rate times the curvature."""
    drawing, axes = chart(4.4, 2.9)
    eta_c = np.geomspace(1e-3, 4, 800)
    for beta, color, name, place in (
        (0, ORANGE, say("梯度下降", "gradient descent"), (0.0048, 600)),
        (0.9, BLUE, say("动量", "momentum") + "\nβ = 0.9", (0.12, 50)),
        (0.5, PURPLE, "β = 0.5", (0.36, 7.6)),
    ):
        axes.plot(eta_c, steps_to_a_tenth(eta_c, beta), color=color)
        axes.text(*place, name, color=color, va="bottom")
    axes.set(xscale="log", yscale="log", xlim=(1e-3, 5), ylim=(1, 3000))
    axes.set_xticks((0.001, 0.01, 0.1, 1), ("0.001", "0.01", "0.1", "1"))
    axes.set_yticks((1, 10, 100, 1000), ("1", "10", "100", "1000"))
    axes.minorticks_off()
    axes.set_xlabel(say("学习率乘以曲率，ηc", "learning rate times curvature, ηc"))
    axes.set_ylabel(say("步数", "steps"))
    return svg(drawing)


SIZES = 64, 32, 32, 10


@cache
def data() -> tuple[Array, Array, Array, Array]:
    """The digits of the page: X, Y, X_val, Y_val."""
    digits = load_digits()
    held_out = np.arange(1797) % 4 == 3
    pixels = digits.data - digits.data[~held_out].mean(axis=0)
    pixels = pixels / pixels[~held_out].std()
    labels = np.eye(10)[digits.target]
    return pixels[~held_out], labels[~held_out], pixels[held_out], labels[held_out]


def weights(sizes: tuple[int, ...], gain: float, rng: np.random.Generator) -> Params:
    params = {}
    for layer, (n_in, n_out) in enumerate(pairwise(sizes), 1):
        params[f"W{layer}"] = rng.normal(size=(n_in, n_out)) * np.sqrt(gain / n_in)
        params[f"b{layer}"] = np.zeros(n_out)
    return params


NORMS = {"layer": layer_norm, "batch": batch_norm}


def forward(params: Params, X: Array, norm: str = "") -> tuple[list[Array], list[NormCache], Array]:
    hs, caches = [X], []
    for layer in range(1, sum(name[0] == "W" for name in params)):
        z = hs[-1] @ params[f"W{layer}"] + params[f"b{layer}"]
        if norm:
            z, kept = NORMS[norm](z, params[f"gain{layer}"], params[f"bias{layer}"])
            caches.append(kept)
        hs.append(np.maximum(z, 0))
    last = len(hs)
    return hs, caches, hs[-1] @ params[f"W{last}"] + params[f"b{last}"]


def cost(params: Params, X: Array, Y: Array, norm: str = "") -> float:
    o = forward(params, X, norm)[-1]
    return float(np.mean(np.logaddexp.reduce(o, axis=1) - np.sum(Y * o, axis=1)))


def gradients(params: Params, X: Array, Y: Array, norm: str = "") -> Params:
    hs, caches, o = forward(params, X, norm)
    grads: Params = {}
    delta = (softmax(o) - Y) / len(X)
    for layer in range(len(hs), 0, -1):
        if layer < len(hs):
            delta = delta @ params[f"W{layer + 1}"].T * (hs[layer] > 0)
            if norm:
                delta, dgain, dbias = norm_backward(caches[layer - 1], delta)
                grads |= {f"gain{layer}": dgain, f"bias{layer}": dbias}
        grads[f"W{layer}"] = hs[layer - 1].T @ delta
        grads[f"b{layer}"] = delta.sum(axis=0)
    return grads


def train(
    rule: str, rate: float, seed: int, steps: int = 100, every: int = 0
) -> tuple[Params, list[float]]:
    """The trained network of the page, and the training cost at every so many steps."""
    X, Y, _, _ = data()
    rng = np.random.default_rng(seed)
    params = weights(SIZES, 2, rng)
    state, costs = init(params), []
    for k in range(steps):
        r = rng.integers(len(X), size=32)
        if every and k % every == 0:
            costs.append(cost(params, X, Y))
        params, state = RULES[rule](params, gradients(params, X[r], Y[r]), state, rate)
    return params, costs


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
        costs = train("SGD", rate, 0, 150, every=2)[1]
        axes.plot(range(0, 150, 2), costs, color=color, linewidth=1.2)
        place = 152, max(float(np.mean(costs[-8:])) + 0.15, 0.45)  # above the axis
        axes.text(*place, f"η = {rate}\n{name}", color=color, va="center")
    axes.set(xlim=(0, 150), ylim=(0, 4))
    axes.set_xlabel(say("步", "step"))
    axes.set_ylabel(say("训练集上的代价", "cost on the training set"))
    return svg(drawing)


NORMED_RATES = np.geomspace(0.01, 10, 7)


@cache
def normed_costs(norm: str, gain: float) -> Array:
    """Training costs after 40 steps, for each rate in NORMED_RATES those of three starts."""
    X, Y, _, _ = data()
    table = np.empty((len(NORMED_RATES), 3))
    for (row, rate), seed in product(enumerate(NORMED_RATES), range(3)):
        rng = np.random.default_rng(seed)
        params = weights((64, 32, 32, 32, 10), gain, rng)
        if norm:
            params |= {f"gain{layer}": np.ones(32) for layer in (1, 2, 3)}
            params |= {f"bias{layer}": np.zeros(32) for layer in (1, 2, 3)}
        state = init(params)
        with np.errstate(all="ignore"):  # some explode
            for _ in range(40):
                r = rng.integers(len(X), size=32)
                params, state = sgd(params, gradients(params, X[r], Y[r], norm), state, rate)
            end = cost(params, X, Y, norm)
        table[row, seed] = end if end < 99 else 99
    return np.sort(table)


@figure
def normed(say: Say) -> str:
    """Cost after 40 steps over the learning rate, with and without normalisation."""
    drawing, grid = chart(4.4, 2.8, 1, 3, sharex=True, sharey=True)
    kinds = (
        ("", ORANGE, say("不用归一化", "no normalisation")),
        ("layer", BLUE, say("层归一化", "layer norm")),
        ("batch", PURPLE, say("批归一化", "batch norm")),
    )
    for axes, gain in zip(grid, (0.1, 2, 20), strict=True):
        for norm, color, name in kinds:
            costs = normed_costs(norm, gain)
            axes.fill_between(
                NORMED_RATES, costs[:, 0], costs[:, -1], color=color, alpha=0.18, lw=0
            )
            axes.plot(NORMED_RATES, costs[:, 1], "-o", color=color, markersize=3, label=name)
        axes.set_title(say("增益 ", "gain ") + f"{gain:g}")
        axes.set(xscale="log", ylim=(0, 2.8))
        axes.set_xticks((0.01, 0.1, 1, 10), ("0.01", "", "1", ""))
        axes.minorticks_off()
    grid[0].set_ylabel(say("40 步之后的代价", "cost after 40 steps"))
    grid[1].set_xlabel(say("学习率", "learning rate"))
    handles, labels = grid[0].get_legend_handles_labels()
    legend_above(drawing, 3, handles=handles, labels=labels)
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
