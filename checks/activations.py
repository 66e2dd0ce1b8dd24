"""What the symbols of ``activations.md`` are worth."""

from itertools import pairwise

import numpy as np
from scipy.special import expit, log_softmax

from engine.equations import (
    Draw,
    Each,
    Formula,
    PageCode,
    Values,
    worth,
)
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
from snippets.backprop import squared_error


def layers(draw: Draw, sizes: list[int]) -> Values:
    """Random weights and biases by layer, for these sizes."""
    pairs = list(enumerate(pairwise(sizes), 1))
    return {
        "W^{(l)}": {
            number: draw.rng.normal(size=(n_out, n_in))
            for number, (n_in, n_out) in pairs
        },
        "b^{(l)}": {
            number: draw.rng.normal(size=n_out)
            for number, (_, n_out) in pairs
        },
    }


@worth("act.1")
def two_layers_without_an_activation(draw: Draw) -> Values:
    n_x, n_1, n_2 = draw.rng.permutation([1, 2, 3, 4])[:3]
    return layers(draw, [n_x, n_1, n_2]) | {
        "x": draw.rng.normal(size=n_x)
    }


@worth("act.2", "act.3", "act.4", "act.5", "act.6", "act.7")
def sigmoid_and_tanh(draw: Draw) -> Values:
    return {"z": 1e-4 * draw.rng.normal() if draw.tight else draw("z")}


@sigmoid_and_tanh.code
def sigmoid_and_tanh_by_code(v: Values) -> Values:
    return {
        r"\sigma(z)": sigmoid(v["z"]),
        r"\sigma'(z)": d_sigmoid(v["z"]),
        r"\tanh(z)": tanh(v["z"]),
        r"\tanh'(z)": d_tanh(v["z"]),
    }


@worth("act.8")
def a_neuron_behind_a_layer(draw: Draw) -> Values:
    each = range(1, draw.size("n") + 1)
    return {
        "k": Each(each),
        "w_k": draw.each("w_k", each),
        "h_k": draw.each("h_k", each),
        r"\mathcal{L}": Formula(r"\operatorname{loss}(v)"),
        r"\operatorname{loss}(v)": draw.some(np.square, np.sin, expit),
    }


@worth("act.9")
def a_squared_error(draw: Draw) -> Values:
    return {
        "m": draw.size("m"),
        "H": draw("H"),
        "w": draw("w"),
        "t": draw("t"),
    }


@a_squared_error.code
def by_half_a_square(v: Values) -> Values:
    return {"Q(w)": squared_error(v["w"][None] @ v["H"], v["t"][None])}


@worth("act.10")
def outputs_and_their_mean(draw: Draw) -> Values:
    H = draw("H")
    if draw.tight:
        H = H[:, :1] + 0.01 * H
    curvature = H @ H.T / H.shape[1]
    return {
        r"\bar{h}": H.mean(axis=1),
        r"\lambda_{\max}": np.linalg.eigvalsh(curvature)[-1],
    }


@worth("act.11", "act.12", "act.13", "act.14", kinks="left")
def about_the_kink(draw: Draw) -> Values:
    """Far from it, close to it on either side, and at it."""
    near = np.copysign(
        10 ** draw.rng.uniform(-6, -3), draw.rng.normal()
    )
    z = draw("z", scale=1)
    return {
        "z": {1: 0.0, 3: near}.get(draw.number % 5, z),
        "s": draw("s"),
    }


@about_the_kink.code
def with_a_kink_by_code(v: Values) -> Values:
    return {
        r"\operatorname{relu}(z)": relu(v["z"]),
        r"\operatorname{relu}'(z)": d_relu(v["z"]),
        r"\operatorname{leaky}(z)": leaky_relu(v["z"], v["s"]),
        r"\operatorname{leaky}'(z)": d_leaky_relu(v["z"], v["s"]),
    }


@worth("act.15")
def at_the_kink(draw: Draw) -> Values:
    return {r"\varepsilon": draw(r"\varepsilon"), "s": draw("s")}


def logits(draw: Draw, places: range) -> dict[int, float]:
    """The arguments of softmax; the first two alike in some draws."""
    z: dict[int, float] = draw.each("z_j", places)
    alike = {2: z[1]} if draw.number % 4 == 2 and 2 in z else {}
    return z | alike


@worth("act.18", "act.19", "act.23")
def outputs_of_softmax(draw: Draw) -> Values:
    each = range(1, draw.size("n") + 1)
    return {
        **{letter: Each(each) for letter in "ijk"},
        "z_j": logits(draw, each),
        "c": draw("c"),
    }


@outputs_of_softmax.code
def softmax_by_code(v: Values) -> Values:
    p = softmax([*v["z_j"].values()])
    return {"p_j": lambda j: p[j - 1]}


@worth("act.20")
def two_outputs_of_softmax(draw: Draw) -> Values:
    return {"z_j": draw.each("z_j", (1, 2))}


@worth("act.21", "act.22")
def the_loss_of_softmax(draw: Draw) -> Values:
    n = draw.size("n")
    each = range(1, n + 1)
    return {
        "k": Each(each),
        "z_j": logits(draw, each),
        "y": int(draw.rng.integers(1, n + 1)),
    }


@worth("act.16")
def a_chain_of_sigmoids(draw: Draw) -> Values:
    D = draw.size("D", most=4)
    each = range(1, D + 1)
    weights = draw.rng.uniform(-1, 1, size=D + 1)
    biases = draw.rng.normal(size=D + 1)
    z = draw("z")
    if draw.tight:  # every sum is 0, where the sigmoid is steepest
        weights, z = np.sign(weights), 0.0
        weights[-1] *= -np.prod(weights[2:])  # and the slope negative
        biases = -weights / 2
    return {
        "D": D,
        r"\phi(z)": expit,
        "z^{(1)}": z,
        "W^{(l)}": {l: weights[l] for l in each},
        "b^{(l)}": {l: biases[l] for l in each},
    }


def network(draw: Draw, sizes: list[int]) -> Values:
    """Some layers, and a loss of what the last adds up."""
    last = len(sizes) - 1
    return layers(draw, sizes) | {
        "l": Each(range(1, last)),
        "h^{(0)}": draw.rng.normal(size=sizes[0]),
        "N": last,
        "J": Formula(r"\operatorname{loss}(z^{(N)})"),
        r"\operatorname{loss}(z)": draw.some(
            lambda z: np.sum((z - 1) ** 4),
            lambda z: np.sum(expit(3 * z)),
        ),
    }


@worth()
def three_layers_of_tanh(draw: Draw) -> Values:
    values = network(
        draw, [int(n) for n in draw.rng.permutation(4) + 1]
    )
    values["l"] = Each((1, 2, 3))
    return values | {
        r"\phi(z)": np.tanh,
        r"\operatorname{loss}(z)": lambda z: -log_softmax(z)[0],
    }


@three_layers_of_tanh.code
def by_both_passes(v: Values, page: PageCode) -> Values:
    pairs = zip(
        v["W^{(l)}"].values(), v["b^{(l)}"].values(), strict=True
    )
    layers = [(W, b[:, None]) for W, b in pairs]
    x = v["h^{(0)}"][:, None]
    zs, hs = page("forward_layers")(tanh, layers, x)
    target = np.eye(len(zs[-1]))[:, :1]
    deltas = page("backward_layers")(d_tanh, layers, zs, target)
    return {
        "z^{(l)}": lambda l: zs[l - 1][:, 0],
        "h^{(l)}": lambda l: hs[l][:, 0],
        r"\delta^{(l)}": lambda l: deltas[l - 1][:, 0],
    }


@worth("act.17")
def the_size_of_a_gradient(draw: Draw) -> Values:
    M = draw("M")
    last = 3 + draw.number % 2
    sizes = [int(n) for n in draw.rng.permutation([1, 2, 3, 4, 5])]
    sizes = [3] * (last + 1) if draw.tight else sizes[: last + 1]
    values = network(draw, sizes)
    if draw.tight:  # every sum is 0, and weights stretch all alike
        weights, u = values["W^{(l)}"], np.full(3, 3**-0.5)
        for l in range(last, 0, -1):  # each stretches what comes most
            v = draw.rng.normal(size=3)
            v /= np.linalg.norm(v)
            rest = weights[l] - np.outer(u, u @ weights[l])
            rest -= np.outer(rest @ v, v)
            rest *= draw.rng.uniform(0.4, 0.9) / np.linalg.norm(rest, 2)
            weights[l] = draw.rng.uniform(1, 3) * (
                np.outer(u, v) + rest
            )
            u = v
        zero = np.zeros(3)
        values |= {
            "h^{(0)}": zero,
            "b^{(l)}": {l: zero for l in range(1, last + 1)},
        }
    return values | {"M": M, r"\phi(z)": lambda z: M * np.sin(z)}
