"""The drawings of ``regularization.md``."""

from collections.abc import Callable
from functools import cache

import numpy as np
from numpy.typing import NDArray
from sklearn.datasets import load_diabetes

from engine.figures import Say, figure
from figures.chart import chart, svg
from figures.numbers import number
from figures.palette import BLUE, GREEN, INK, MUTED, ORANGE, PAPER, PURPLE, RED
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
def complexity(say: Say) -> str:
    """A sketch without numbers: both errors of models from too simple to too complex."""
    x = np.linspace(0, 1, 101)
    training = 0.9 * np.exp(-3.2 * x) + 0.04
    validation = training + 0.1 + 0.75 * x**2.2
    lowest = int(np.argmin(validation))
    drawing, axes = chart(4.4, 2.5)
    axes.axvspan(0, x[lowest] - 0.09, color=BLUE, alpha=0.08, linewidth=0)
    axes.axvspan(x[lowest] + 0.09, 1, color=ORANGE, alpha=0.1, linewidth=0)
    axes.plot(x, validation, color=ORANGE, linestyle="--")
    axes.plot(x, training, color=BLUE)
    axes.plot(x[lowest], validation[lowest], "o", color=INK)
    axes.text(0.97, 0.93, say("验证误差", "validation error"), color=ORANGE, ha="right")
    axes.text(0.97, 0.14, say("训练误差", "training error"), color=BLUE, ha="right")
    axes.text(x[lowest], 0.62, say("最好", "best"), color=INK, ha="center")
    axes.text(0.02, 1.13, say("欠拟合", "underfitting"), color=INK)
    axes.text(0.97, 1.13, say("过拟合", "overfitting"), color=INK, ha="right")
    axes.set(xlim=(0, 1), ylim=(0, 1.25), xticks=[], yticks=[])
    axes.set_xlabel(say("模型的复杂程度 →", "complexity of the model →"))
    axes.set_ylabel(say("误差", "error"))
    return svg(drawing)


@figure
def overfitting(say: Say) -> str:
    Xs, ys, _ = data()
    sizes = np.arange(1, 65)
    results = [least_squares(Xs[0][:, :n], ys[0]) for n in sizes]
    drawing, axes = chart(4.4, 2.8)
    names = say("验证", "validation"), say("训练", "training")
    axes.plot(sizes, [mse(w, 1) for w in results], color=ORANGE, linestyle="--", label=names[0])
    axes.plot(sizes, [mse(w, 0) for w in results], color=BLUE, label=names[1])
    mean = float(np.mean(ys[1] ** 2))
    axes.axhline(mean, color=MUTED, linewidth=1, linestyle=":")
    axes.text(7, mean + 120, say("只预测平均值", "predicting the mean"), color=INK, va="bottom")
    axes.set(xlim=(0, 64), ylim=(0, 9000), xlabel=say("特征个数", "number of features"))
    axes.set_ylabel(say("均方误差", "mean squared error"))
    axes.legend(loc="lower left", labelcolor=INK)
    return svg(drawing)


@figure
def thresholds(say: Say) -> str:
    a = np.linspace(-3, 3, 301)
    drawing, axes = chart(4.4, 2.8)
    axes.plot(a, a, color=MUTED, linewidth=1, linestyle=":")
    axes.plot(a, a / 2, color=ORANGE, linestyle="--")
    axes.plot(a, soft_threshold(a, 1), color=BLUE)
    axes.text(1.75, 2.15, say("无惩罚", "no penalty"), color=INK, ha="right")
    axes.text(-2.95, -0.5, say("L2：减半", "L2: half of it"), color=ORANGE)
    axes.text(-0.1, 0.25, say("L1：零", "L1: zero"), color=BLUE, ha="right")
    axes.text(2.95, 0.4, say("L1：减 1", "L1: less 1"), color=BLUE, ha="right")
    axes.set(xlim=(-3, 3), ylim=(-2.6, 2.6), xlabel="a")
    axes.set_ylabel(say("最好的 w（t = 1）", "best w (t = 1)"))
    return svg(drawing)


@figure
def paths(say: Say) -> str:
    names, strengths = data()[2], np.geomspace(20, 1e4, 30)
    shown = {"bmi": BLUE, "s5": ORANGE, "bp": GREEN, "sex": RED, "s3": PURPLE}
    drawing, axes = chart(4.4, 4.8, 2, 1, sharex=True)
    for axis, solve, title in zip(
        axes,
        (ridge, lasso),
        (say("L2：岭回归", "L2: ridge"), say("L1：套索", "L1: lasso")),
        strict=True,
    ):
        w = np.array(fits(solve, 10, tuple(strengths.tolist())))
        for j, name in enumerate(names):
            axis.semilogx(
                strengths,
                w[:, j],
                color=shown.get(name, MUTED),
                linewidth=1.8 if name in shown else 1,
                label=name if name in shown else None,
            )
        axis.set(title=title, xlim=(20, 1e4), ylim=(-20, 28), ylabel=say("权重", "weight"))
    axes[1].set_xlabel("λ")
    axes[0].legend(loc="lower right", ncols=2, labelcolor=INK, fontsize=9)
    return svg(drawing)


@figure
def geometry(say: Say) -> str:
    Xs, ys, _ = data()
    X, y = Xs[0][:, [2, 6]], ys[0]
    free, l1, l2 = ridge(X, y, 0), lasso(X, y, 3000), ridge(X, y, 150)
    across, up = np.meshgrid(np.linspace(-32, 62, 140), np.linspace(-44, 36, 140))
    grid = np.stack([across, up], axis=-1)
    error = np.sum((grid @ X.T - y) ** 2, axis=-1) / 2
    lowest = np.sum((X @ free - y) ** 2) / 2
    drawing, axes = chart(4.4, 6.6, 2, 1)
    radius, size = float(np.linalg.norm(l2)), float(np.abs(l1).sum())
    turn = np.linspace(0, 2 * np.pi, 200)
    corners = np.array([[1, 0], [0, 1], [-1, 0], [0, -1], [1, 0]]) * size
    circle = radius * np.column_stack([np.cos(turn), np.sin(turn)])
    for axis, border, best, title in (
        (axes[0], corners, l1, say("L1：碰到角上", "L1: it touches at a corner")),
        (axes[1], circle, l2, say("L2：碰在圆弧上", "L2: it touches on the round")),
    ):
        touching = np.sum((X @ best - y) ** 2) / 2
        levels = lowest + (touching - lowest) * np.array([0.15, 0.5, 1, 1.6, 2.4])
        widths = [1, 1, 2, 1, 1]
        axis.contour(across, up, error, levels=levels, colors=ORANGE, linewidths=widths)
        axis.fill(*border.T, color=BLUE, alpha=0.18, linewidth=0)
        axis.plot(*border.T, color=BLUE)
        axis.axhline(0, color=MUTED, linewidth=0.8)
        axis.axvline(0, color=MUTED, linewidth=0.8)
        axis.plot(*free, "x", color=ORANGE, markersize=7, markeredgewidth=2)
        axis.plot(*best, "o", color=INK)
        numbers = f"({number(best[0], 1)}, {number(best[1], 1)})"
        paper = {"facecolor": PAPER, "edgecolor": "none", "pad": 1, "alpha": 0.8}
        axis.annotate(numbers, best, (7, 8), textcoords="offset points", color=INK, bbox=paper)
        axis.set(title=title, aspect="equal", xlim=(-32, 62), ylim=(-44, 36))
        axis.set_ylabel(say("s3 的权重", "weight of s3"))
        axis.set_xlabel(say("bmi 的权重", "weight of bmi"))
    return svg(drawing)


@figure
def choosing(say: Say) -> str:
    strengths = np.geomspace(20, 7000, 20)
    drawing, axes = chart(4.4, 4.6, 2, 1, sharex=True, sharey=True)
    for axis, solve, title in (
        (axes[0], ridge, say("L2：岭回归", "L2: ridge")),
        (axes[1], lasso, say("L1：套索", "L1: lasso")),
    ):
        weights = fits(solve, 64, tuple(strengths.tolist()))
        validation = [mse(w, 1) for w in weights]
        axis.semilogx(
            strengths, validation, color=ORANGE, linestyle="--", label=say("验证", "validation")
        )
        axis.semilogx(
            strengths, [mse(w, 0) for w in weights], color=BLUE, label=say("训练", "training")
        )
        best = int(np.argmin(validation))
        axis.plot(strengths[best], validation[best], "o", color=INK)
        axis.set(title=title, xlim=(20, 7000), ylim=(0, 6500))
        axis.set_ylabel(say("均方误差", "mean squared error"))
    axes[1].set_xlabel("λ")
    axes[0].legend(loc="lower right", labelcolor=INK)
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
    drawing, axes = chart(4.4, 2.8)
    axes.semilogx(steps, validation, color=ORANGE, linestyle="--", label=say("验证", "validation"))
    axes.semilogx(steps, training, color=BLUE, label=say("训练", "training"))
    axes.plot(steps[best], validation[best], "o", color=INK)
    stop = say(f"第 {steps[best]} 步", f"step {steps[best]}")
    axes.text(steps[best], validation[best] + 250, stop, color=INK, ha="center")
    axes.set(xlim=(1, 2000), ylim=(0, 6500), xlabel=say("步数", "step"))
    axes.set_ylabel(say("均方误差", "mean squared error"))
    axes.legend(loc="lower left", labelcolor=INK)
    return svg(drawing)
