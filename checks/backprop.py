"""What the symbols of ``backprop.md`` are worth."""

from itertools import pairwise

import numpy as np
from scipy.special import expit, log_softmax, softmax

from engine.equations import (
    Draw,
    Each,
    Formula,
    PageCode,
    Values,
    worth,
)
from snippets.backprop import (
    backward,
    d_cross_entropy,
    forward,
)


def same(z: np.ndarray) -> np.ndarray:
    """The identity."""
    return z


def wave(z: np.ndarray) -> np.ndarray:
    """An activation whose slope is from −1.5 to 1.5."""
    rising_and_falling: np.ndarray = 3 * np.sin(z / 2)
    return rising_and_falling


def softplus(z: np.ndarray) -> np.ndarray:
    """An activation whose slope is another at −z."""
    smooth: np.ndarray = np.logaddexp(0, z)
    return smooth


def half_a_square(o: np.ndarray, y: np.ndarray) -> float:
    """The loss that the page defines."""
    return float(np.sum((o - y) ** 2)) / 2


def fourth_powers(o: np.ndarray, y: np.ndarray) -> float:
    """A loss without a name."""
    return float(np.sum((o - y) ** 4))


def cross_entropy(o: np.ndarray, y: np.ndarray) -> float:
    """That of softmax, for targets of any size."""
    return float(-np.sum(y * log_softmax(o)))


def network(draw: Draw) -> Values:
    """One sample, and weights."""
    return {
        "x": draw("x"),
        "y": draw("y"),
        "W^{(1)}": draw("W^{(1)}", scale=1),
        "W^{(2)}": draw("W^{(2)}", scale=1),
        r"\lambda": draw(r"\lambda"),
    }


@worth(
    "bp.9",
    "bp.10",
    "bp.11",
    "bp.7",
    "bp.3",
    "bp.4",
    "bp.8",
    "bp.2",
    "bp.6",
    general=("L",),
    spared={
        "bp.9": {
            r"symbol: \frac{\partial J}{\partial L}": (
                r"\frac{\partial J}{\partial J} = "
                r"\frac{\partial L}{\partial L} = 1"
            )
        },
        "bp.10": {
            r"symbol: \frac{\partial J}{\partial s}": (
                r"\frac{\partial J}{\partial J} = "
                r"\frac{\partial s}{\partial s} = 1"
            )
        },
    },
)
def any_loss_and_any_activation(draw: Draw) -> Values:
    return network(draw) | {
        r"\phi(z)": draw.some(wave, expit, same, softplus, np.tanh),
        "L": Formula(r"\operatorname{loss}(o, y)"),
        r"\operatorname{loss}(o, y)": draw.some(
            fourth_powers, half_a_square, cross_entropy
        ),
    }


@worth("bp.1", "bp.12", "bp.13", "bp.5")
def squared_error_and_tanh(draw: Draw) -> Values:
    return network(draw) | {r"\phi(z)": np.tanh}


@squared_error_and_tanh.code
def by_forward_and_backward(v: Values) -> Values:
    J, cache = forward(
        v["W^{(1)}"], v["W^{(2)}"], v["x"], v["y"], v[r"\lambda"]
    )
    dW1, dW2 = backward(cache)
    return {
        "J": J,
        r"\frac{\partial J}{\partial W^{(1)}}": dW1,
        r"\frac{\partial J}{\partial W^{(2)}}": dW2,
    }


@worth("bp.14", "bp.15")
def many_samples(draw: Draw) -> Values:
    return {
        "m": draw.size("m"),
        "X": draw("X"),
        "Y": draw("Y"),
        "W^{(1)}": draw("W^{(1)}", scale=1),
        "W^{(2)}": draw("W^{(2)}", scale=1),
        r"\phi(z)": np.tanh,
        "H": Formula(r"\phi(W^{(1)} X)"),
        "O": Formula("W^{(2)} H"),
        "L": Formula(r"\frac{1}{2m} \lVert O - Y \rVert_F^2"),
    }


@many_samples.code
def without_a_penalty(v: Values) -> Values:
    L, cache = forward(v["W^{(1)}"], v["W^{(2)}"], v["X"], v["Y"], 0)
    dW1, dW2 = backward(cache)
    return {
        "L": L,
        r"\frac{\partial L}{\partial W^{(1)}}": dW1,
        r"\frac{\partial L}{\partial W^{(2)}}": dW2,
    }


@worth("bp.16")
def a_distribution_as_the_target(draw: Draw) -> Values:
    n = draw.size("n_y")
    shares = draw.rng.dirichlet(np.ones(n))
    label = np.eye(n)[draw.rng.integers(n)]
    return {
        "k": Each(range(1, n + 1)),
        "o": draw("o"),
        "y": Formula("r"),
        "r": draw.some(shares, label),
        r"\operatorname{softmax}(o)": softmax,
        r"\operatorname{entry}(v, k)": lambda v, k: np.ravel(v)[k - 1],
        "p_k": Formula(r"\operatorname{entry}(p, k)"),
        "y_k": Formula(r"\operatorname{entry}(y, k)"),
    }


@a_distribution_as_the_target.code
def by_d_cross_entropy(v: Values) -> Values:
    do = d_cross_entropy(v["o"], v["r"])
    return {r"\frac{\partial \mathcal{L}}{\partial o}": do}


@worth()
def probabilities_one_by_one(draw: Draw) -> Values:
    o = draw("o")
    each = range(1, len(o) + 1)
    return {
        "k": Each(each),
        "j": Each(each),
        "o_k": dict(enumerate(o, 1)),
        "p_k": dict(enumerate(softmax(o), 1)),
    }


@worth()
def outputs_one_by_one(draw: Draw) -> Values:
    W, h = draw("W^{(2)}"), draw("h")
    entries = {(i + 1, j + 1): w for (i, j), w in np.ndenumerate(W)}
    return {
        "i": Each(range(1, len(W) + 1)),
        "j": Each(range(1, len(h) + 1)),
        "W^{(2)}_{ij}": entries,
        "h_j": dict(enumerate(h, 1)),
        "o_i": {i: sum(row * h) for i, row in enumerate(W, 1)},
    }


def deep_network(draw: Draw, D: int, m: int) -> Values:
    """D layers, for m samples, and a loss of the last sum."""
    sizes = [int(n) for n in draw.rng.permutation(range(1, 9))]
    layers = list(enumerate(pairwise(sizes[: D + 1]), 1))
    return {
        "h^{(0)}": draw.rng.normal(size=(sizes[0], m)),
        "W^{(l)}": {
            l: draw.rng.normal(size=(n_out, n_in))
            for l, (n_in, n_out) in layers
        },
        "b^{(l)}": {
            l: np.repeat(draw.rng.normal(size=(n_out, 1)), m, axis=1)
            for l, (_, n_out) in layers
        },
        r"\phi(z)": draw.some(wave, expit, same, softplus, np.tanh),
        "N": D,
        "J": Formula(r"\operatorname{loss}(z^{(N)})"),
        r"\operatorname{loss}(z)": draw.some(
            lambda z: np.sum((z - 1) ** 4) / m,
            lambda z: np.sum(expit(3 * z)) / m,
        ),
    }


@worth("bp.17")
def one_layer_back(draw: Draw) -> Values:
    D = int(draw.rng.integers(2, 5))
    return deep_network(draw, D, 1) | {"l": Each(range(1, D))}


@worth("bp.18")
def weights_of_any_layer(draw: Draw) -> Values:
    D = draw.size("D", most=4)
    return deep_network(draw, D, draw.size("m", most=3)) | {
        "l": Each(range(1, D + 1)),
        "H^{(l)}": Formula("h^{(l)}"),
    }


@worth()
def sums_of_any_layer(draw: Draw) -> Values:
    D = draw.size("D", most=4)
    values = deep_network(draw, D, draw.size("m", most=3))
    needed = "h^{(0)}", "W^{(l)}", "b^{(l)}", r"\phi(z)"
    return {s: values[s] for s in needed} | {"l": Each(range(1, D + 1))}


@sums_of_any_layer.code
def by_the_layers_of_the_page(v: Values, page: PageCode) -> Values:
    pairs = zip(
        v["W^{(l)}"].values(), v["b^{(l)}"].values(), strict=True
    )
    forward_layers = page("forward_layers")
    zs, hs = forward_layers(v[r"\phi(z)"], [*pairs], v["h^{(0)}"])
    return {"z^{(l)}": lambda l: zs[l - 1], "h^{(l)}": lambda l: hs[l]}


def multiplications(*products: tuple[int, int, int]) -> int:
    """In products of an (a, b) and a (b, c) matrix."""
    return sum(a * b * c for a, b, c in products)


@worth("bp.19", "bp.20", "bp.21")
def the_cost(draw: Draw) -> Values:
    n_x, n_h, m = (draw.size(s) for s in ("n_x", "n_h", "m"))
    n_y = 10**7 * n_x if draw.tight else draw.size("n_y")
    return {
        "n_x": n_x,
        "n_h": n_h,
        "n_y": n_y,
        "m": m,
        "F": multiplications((n_h, n_x, m), (n_y, n_h, m)),
        "B": multiplications(
            (n_y, m, n_h), (n_h, n_y, m), (n_h, m, n_x)
        ),
    }
