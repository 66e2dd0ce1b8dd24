"""What each explorer has to say, computed from the snippets: its numbers by its sliders' values.

A caption is compared with these numbers in the order in which it names them, by the rule for
numbers in prose (engine/claims/hold.py).
"""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from figures import activations, clipping, logistic, regularization
from snippets.activations import d_leaky_relu, d_relu, d_sigmoid, d_tanh, relu, sigmoid, tanh
from snippets.clipping import clip_by_value
from snippets.convolution import cross_correlate
from snippets.logistic import fit, loss
from snippets.lstm import direct_path, forward, init, whole_path
from snippets.regularization import lasso, ridge


def losses(y_hat: float, y: float) -> list[float]:
    value = float(loss(y_hat, y))
    return [y, y_hat, value] + [2] * (y_hat != 0.5 and value < 2)


@cache
def lowest_cost() -> float:
    return float(fit(*logistic.tumours(), 5, 2001)[2][-1])


def descents(rate: float) -> list[float]:
    costs = np.array(fit(*logistic.tumours(), rate, 121)[2])
    above = costs / lowest_cost() - 1
    found = [rate, 120, float(costs[-1])]
    soon = int(np.argmax(above < 0.01))
    return [*found, soon, float(above[soon])] if above[-1] < 0.01 else found


def slopes(z: float) -> list[float]:
    at = np.array(z)
    return [z, *map(float, (d_sigmoid(at), d_tanh(at), d_relu(at), d_leaky_relu(at, 0.1)))]


@cache
def passed(gain: float) -> list[float]:
    X, Y = activations.digits()
    found = [gain, 20, 1]
    layers = activations.init([64] * 21 + [10], gain)
    for phi, d_phi in ((sigmoid, d_sigmoid), (tanh, d_tanh), (relu, d_relu)):
        zs, hs = activations.forward(phi, layers, X)
        deltas = activations.backward(d_phi, layers, zs, hs, Y)
        found.append(float(np.linalg.norm(deltas[0]) / np.linalg.norm(deltas[19])))
    return found


def norms(rho: float, steps: float) -> list[float]:
    found = (of_radius(rho, name)[int(steps) - 1] for name in ("identity", "tanh"))
    return [rho, steps, *found]


of_radius = cache(clipping.norms_back)


def angles(second: float, limit: float) -> list[float]:
    g = np.array([3, second])
    (entries,) = clip_by_value([g], limit)
    turned = np.arctan2(g[1], g[0]) - np.arctan2(entries[1], entries[0])
    return [3, second, limit, 0, abs(float(np.degrees(turned)))]


def sizes(k: float, s: float, p: float) -> list[int]:
    """A kernel with ones reads a pixel if that changes an output."""
    n, (k, s, p) = 8, (int(k), int(s), int(p))
    padded = np.eye(n + 2 * p)
    square = np.ones((n + 2 * p, n + 2 * p))
    count = len(cross_correlate(square, np.ones((k, k)), s))
    read = [cross_correlate(square * row, np.ones((k, k)), s).any().item() for row in padded]
    unread = read.count(False)
    return [k, s, p, n, *[2 * p] * (p > 0), count, *[unread] * (unread > 0)]


def weights(lam: float) -> list[float]:
    Xs, ys, _ = regularization.data()
    X, y = Xs[0][:, [2, 6]], ys[0]
    return [lam, *lasso(X, y, lam), *ridge(X, y, lam)]


def survivors(bias: float) -> list[float]:
    p = init(1, 8, np.random.default_rng(2), bias)
    noise, zero = np.random.default_rng(12).normal(size=(60, 1)), np.zeros(8)
    _, _, kept = forward(p, noise, zero, zero)
    paths = np.max(direct_path(kept, 1)), np.linalg.norm(whole_path(p, kept, 1), 2)
    return [bias, 59, *map(float, paths)]


EXPLORED: dict[str, Callable[..., list[Any]]] = {
    "logistic/loss_moved": losses,
    "logistic/descent": descents,
    "activations/curves": slopes,
    "activations/twenty_layers": passed,
    "clipping/distance": norms,
    "clipping/directions": angles,
    "cnn/strides": sizes,
    "regularization/geometry": weights,
    "lstm/survival": survivors,
}
