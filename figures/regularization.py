"""The drawings of ``regularization.md``."""

from collections.abc import Callable
from functools import cache

import numpy as np
from numpy.typing import NDArray
from sklearn.datasets import load_diabetes

from engine.figures import Explorer, Frame, Say, Slider, explorer, figure
from figures.chart import chart, svg
from figures.diagram import Diagram
from figures.numbers import number, short
from figures.palette import BLUE, GREEN, INK, MUTED, ORANGE, PAPER, PURPLE, RED
from figures.plot import WIDTH, Axis, Plot
from snippets.regularization import lasso, ridge, soft_threshold

Array = NDArray[np.float64]


@cache
def data() -> tuple[list[Array], list[Array], list[str]]:
    """The features and the targets of the page's three parts, and the names of the ten."""
    diabetes = load_diabetes(scaled=False)
    part = np.arange(len(diabetes.target)) % 3

    def standardised(a: Array) -> Array:
        training = a[part == 0]
        return np.asarray((a - training.mean(axis=0)) / training.std(axis=0))

    z = standardised(diabetes.data)
    pairs = [(j, k) for j in range(10) for k in range(j, 10) if (j, k) != (1, 1)]
    features = standardised(np.column_stack([z, *(z[:, j] * z[:, k] for j, k in pairs)]))
    target = diabetes.target - diabetes.target[part == 0].mean()
    Xs, ys = ([a[part == k] for k in range(3)] for a in (features, target))
    return Xs, ys, list(diabetes.feature_names)


def mse(w: Array, part: int) -> float:
    """The mean squared error on one part of the data, with as many features as w has."""
    Xs, ys, _ = data()
    return float(np.mean((Xs[part][:, : w.size] @ w - ys[part]) ** 2))


def least_squares(X: Array, y: Array) -> Array:
    return np.asarray(np.linalg.lstsq(X, y, rcond=None)[0], float)


@cache
def fits(solve: Callable[..., Array], n_x: int, strengths: tuple[float, ...]) -> list[Array]:
    """The weights of the first n_x features for each λ; drawn in both languages, run once."""
    Xs, ys, _ = data()
    options = {"steps": 1500} if solve is lasso else {}
    return [solve(Xs[0][:, :n_x], ys[0], lam, **options) for lam in strengths]


@figure
def polynomials(say: Say) -> str:
    """Polynomials of three degrees through twelve noisy points, and twelve others beside them."""
    rng = np.random.default_rng(1)
    x, x_val = np.linspace(-1, 1, 12), np.linspace(-0.95, 0.95, 12)
    y, y_val = (np.sin(3 * at) + 0.25 * rng.normal(size=12) for at in (x, x_val))
    across = np.linspace(-1, 1, 301)
    drawing, axes = chart(4.4, 2.6, 1, 3, sharey=True)
    for axis, degree in zip(axes, (1, 4, 11), strict=True):
        fit = np.polynomial.Polynomial.fit(x, y, degree)
        axis.plot(across, fit(across), color=INK, linewidth=1.3)
        axis.plot(x, y, "o", color=BLUE, markersize=4.5)
        axis.plot(x_val, y_val, "o", markerfacecolor=PAPER, markeredgecolor=ORANGE, markersize=4.5)
        axis.set_title(say(f"{degree} 次", f"degree {degree}"))
        axis.set(xlim=(-1.1, 1.1), ylim=(-2.3, 2.3), xticks=(), yticks=())
        errors = np.mean((fit(x) - y) ** 2), np.mean((fit(x_val) - y_val) ** 2)
        words = say("训练误差", "training"), say("验证误差", "validation")
        for row, (word, error, color) in enumerate(zip(words, errors, (BLUE, ORANGE), strict=True)):
            text = f"{word} {number(float(error), 2)}"
            axis.text(0, 2.0 - 0.4 * row, text, color=color, ha="center", fontsize=8.5)
    return svg(drawing)


@figure
def overfitting(say: Say) -> str:
    Xs, ys, _ = data()
    sizes = np.arange(1, 65)
    results = [least_squares(Xs[0][:, :n], ys[0]) for n in sizes]
    drawing, axes = chart(4.4, 2.9)
    names = say("验证", "validation"), say("训练", "training")
    axes.plot(sizes, [mse(w, 1) for w in results], color=ORANGE, linestyle="--", label=names[0])
    axes.plot(sizes, [mse(w, 0) for w in results], color=BLUE, label=names[1])
    axes.plot(10, mse(results[9], 1), "o", color=INK)
    axes.text(11.5, 2900, say("十项测量值", "ten features"), color=INK, va="center", fontsize=9)
    axes.text(0.4, 8400, say("← 欠拟合", "← under-\nfitting"), color=INK, va="top", fontsize=9)
    axes.text(12, 8400, say("过拟合 →", "overfitting →"), color=INK, va="top", fontsize=9)
    mean = float(np.mean(ys[1] ** 2))
    axes.axhline(mean, color=MUTED, linewidth=1, linestyle=":")
    axes.text(
        9,
        mean + 120,
        say("只预测平均值", "predicting the mean"),
        color=INK,
        va="bottom",
        fontsize=9,
    )
    axes.set(xlim=(0, 64), ylim=(0, 9000), xlabel=say("特征个数", "number of features"))
    axes.set_ylabel(say("均方误差", "mean squared error"))
    axes.legend(loc="lower right", labelcolor=INK, ncols=2)
    return svg(drawing)


@figure
def thresholds(say: Say) -> str:
    a = np.linspace(-3, 3, 301)
    drawing, axes = chart(4.4, 2.8)
    axes.plot(a, a, color=MUTED, linewidth=1, linestyle=":")
    axes.plot(a, a / 2, color=ORANGE, linestyle="--")
    axes.plot(a, soft_threshold(a, 1), color=BLUE)
    axes.text(1.75, 2.15, say("无惩罚", "no penalty"), color=INK, ha="right")
    axes.text(-2.95, -0.5, say("L2：减半", "L2: half"), color=ORANGE)
    axes.text(-0.1, 0.25, say("L1：零", "L1: zero"), color=BLUE, ha="right")
    axes.text(2.95, 0.4, say("L1：减 1", "L1: minus 1"), color=BLUE, ha="right")
    axes.set(xlim=(-3, 3), ylim=(-2.6, 2.6), xlabel="a")
    axes.set_ylabel(say("最好的 w（t = 1）", "best w (t = 1)"))
    return svg(drawing)


def factors_of(lam: float) -> Array:
    """By what ridge multiplies the component along each singular direction, largest first."""
    squares = np.linalg.svd(data()[0][0], compute_uv=False) ** 2
    return np.asarray(squares / (squares + lam))


@figure
def factors(say: Say) -> str:
    drawing, axes = chart(4.4, 2.8)
    for lam, color, place in (
        (1, BLUE, (49.5, 0.75)),
        (100, ORANGE, (29, 0.42)),
        (1000, GREEN, (13, 0.22)),
    ):
        axes.plot(np.arange(1, 65), factors_of(lam), ".-", color=color, linewidth=1, markersize=4)
        axes.text(*place, f"λ = {lam}", color=color)
    axes.set(xlim=(0, 65), ylim=(0, 1.05), xticks=(1, 16, 32, 48, 64), yticks=(0, 0.5, 1))
    axes.set_xlabel(say("奇异方向（奇异值从大到小）", "singular direction, largest value first"))
    axes.set_ylabel(say("乘上的因子", "factor"))
    return svg(drawing)


@figure
def paths(say: Say) -> str:
    names, strengths = data()[2], np.geomspace(20, 1e4, 30)
    shown = {"bmi": BLUE, "s5": ORANGE, "bp": GREEN, "sex": RED, "s3": PURPLE}
    drawing, axes = chart(4.4, 3.1, 1, 2, sharey=True)
    titles = say("L2：岭回归", "L2: ridge"), say("L1：套索", "L1: lasso")
    for axis, solve, title in zip(axes, (ridge, lasso), titles, strict=True):
        w = np.array(fits(solve, 10, tuple(strengths.tolist())))
        for j, name in enumerate(names):
            axis.semilogx(
                strengths,
                w[:, j],
                color=shown.get(name, MUTED),
                linewidth=1.8 if name in shown else 1,
                label=name if name in shown else None,
            )
        axis.set(title=title, xlim=(20, 1e4), ylim=(-20, 28), xlabel="λ")
    axes[0].set_ylabel(say("权重", "weight"))
    handles = axes[0].get_legend_handles_labels()
    drawing.legend(
        *handles, loc="outside lower center", ncols=5, frameon=False, labelcolor=INK, handlelength=1
    )
    return svg(drawing)


@explorer
def geometry(say: Say) -> Explorer:
    """Contours of the error of two weights, and the budget that either penalty leaves them."""
    Xs, ys, _ = data()
    X, y = Xs[0][:, [2, 6]], ys[0]
    free = ridge(X, y, 0)
    across, up = np.linspace(-32, 62, 70), np.linspace(-44, 36, 60)
    grid = np.stack(np.meshgrid(across, up), axis=-1)
    error = np.sum((grid @ X.T - y) ** 2, axis=-1) / 2
    lowest = float(np.sum((X @ free - y) ** 2) / 2)
    levels = lowest + (error.max() - lowest) * np.array([0.02, 0.08, 0.2, 0.4, 0.7])
    turn = np.linspace(0, 2 * np.pi, 121)
    circle = np.column_stack([np.cos(turn), np.sin(turn)])
    corners = np.array([[1, 0], [0, 1], [-1, 0], [0, -1], [1, 0]])

    def frame(lam: float) -> Frame:
        drawing = Diagram(WIDTH, 184)
        found = lasso(X, y, lam), ridge(X, y, lam)
        norms = float(np.abs(found[0]).sum()), float(np.linalg.norm(found[1]))
        titles = say("L1：套索", "L1: lasso"), say("L2：岭回归", "L2: ridge")
        for place, (best, border) in enumerate(
            ((found[0], corners * norms[0]), (found[1], circle * norms[1]))
        ):
            axes = Plot(
                drawing,
                (20 + 154 * place, 24),
                (141, 120),
                Axis(-32, 62, (0,), "bmi"),
                Axis(-44, 36, (0,), "s3"),
                titles[place],
            )
            axes.contours(across, up, error, levels)
            axes.area(border[:, 0], border[:, 1], BLUE, 0.18)
            axes.line(border[:, 0], border[:, 1], BLUE, 1.4)
            touching = float(np.sum((X @ best - y) ** 2) / 2)
            axes.contours(across, up, error, [touching], ORANGE, 1.8)
            axes.dots(free[0], free[1], ORANGE, 3.5)
            axes.dots(best[0], best[1], INK, 3.5)
        (one, other), (first, second) = ([short(w, 1) for w in weights] for weights in found)
        text = say(
            f"λ = {lam}：bmi 和 s3 的权重，套索是 {one} 和 {other}，岭回归是 {first} 和 {second}。",
            f"λ = {lam}: the weights of bmi and s3 are {one} and {other} by the lasso, {first} and "
            f"{second} by ridge.",
        )
        return Frame(text, drawing.svg())

    strengths = (10, 30, 100, 200, 500, 1000, 1500, 2000, 2500, 3000, 4000, 5000, 6000)
    slider = Slider(say("强度 λ", "strength λ"), strengths, 2500)
    return Explorer([slider], frame, [(100,), (1000,), (6000,)])


@figure
def choosing(say: Say) -> str:
    strengths = np.geomspace(20, 7000, 20)
    Xs, ys, _ = data()
    ten = mse(least_squares(Xs[0][:, :10], ys[0]), 1)
    drawing, axes = chart(4.4, 2.9, 1, 2, sharey=True)
    for axis, solve, title in (
        (axes[0], ridge, say("L2：岭回归", "L2: ridge")),
        (axes[1], lasso, say("L1：套索", "L1: lasso")),
    ):
        weights = fits(solve, 64, tuple(strengths.tolist()))
        validation = [mse(w, 1) for w in weights]
        names = say("验证", "validation"), say("训练", "training")
        axis.axhline(ten, color=MUTED, linewidth=1.2, linestyle=":")
        axis.semilogx(strengths, validation, color=ORANGE, linestyle="--", label=names[0])
        axis.semilogx(strengths, [mse(w, 0) for w in weights], color=BLUE, label=names[1])
        best = int(np.argmin(validation))
        axis.plot(strengths[best], validation[best], "o", color=INK)
        axis.set(title=title, xlim=(20, 7000), ylim=(0, 7100), xlabel="λ")
        axis.text(22, 6600, say("过拟合 ←", "overfits ←"), color=INK, fontsize=8.5)
        axis.text(6500, 6600, say("→ 欠拟合", "→ underfits"), color=INK, ha="right", fontsize=8.5)
    label = say(f"十个特征：{ten:.0f}", f"ten features: {ten:.0f}")
    axes[0].text(22, 700, label, color=INK, fontsize=8)
    axes[0].set_ylabel(say("均方误差", "mean squared error"))
    axes[1].legend(loc="lower right", labelcolor=INK, fontsize=9)
    return svg(drawing)


@figure
def early_stopping(say: Say) -> str:
    Xs, ys, _ = data()
    X, y = Xs[0], ys[0]
    eta, w = 1 / float(np.linalg.norm(X, 2)) ** 2, np.zeros(64)
    training, validation = [], []
    for _ in range(2000):
        w = w - eta * X.T @ (X @ w - y)
        training.append(mse(w, 0))
        validation.append(mse(w, 1))
    steps, best = np.arange(1, 2001), int(np.argmin(validation))
    drawing, (axes, below) = chart(4.4, 4.9, 2, 1)
    axes.semilogx(steps, validation, color=ORANGE, linestyle="--", label=say("验证", "validation"))
    axes.semilogx(steps, training, color=BLUE, label=say("训练", "training"))
    axes.plot(steps[best], validation[best], "o", color=INK)
    stop = say(f"第 {steps[best]} 步", f"step {steps[best]}")
    axes.text(steps[best], validation[best] + 250, stop, color=INK, ha="center")
    axes.set(xlim=(1, 2000), ylim=(0, 6500), xlabel=say("步数", "step"))
    axes.set_ylabel(say("均方误差", "mean squared error"))
    axes.legend(loc="lower left", labelcolor=INK)
    stopped = 1 - (1 - eta * np.linalg.svd(X, compute_uv=False) ** 2) ** int(steps[best])
    numbers = np.arange(1, 65)
    labels = stop, say("岭回归，λ = 100", "ridge, λ = 100")
    below.plot(numbers, stopped, ".-", color=PURPLE, linewidth=1, markersize=4, label=labels[0])
    below.plot(numbers, factors_of(100), "--", color=GREEN, linewidth=1.3, label=labels[1])
    below.set(xlim=(0, 65), ylim=(0, 1.05), xticks=(1, 16, 32, 48, 64), yticks=(0, 0.5, 1))
    below.set_xlabel(say("奇异方向（奇异值从大到小）", "singular direction, largest value first"))
    below.set_ylabel(say("乘上的因子", "factor"))
    below.legend(loc="upper right", labelcolor=INK)
    return svg(drawing)
