"""What the symbols of ``three-layers.md`` are worth."""

import numpy as np
from scipy.special import expit

from engine.equations import (
    Draw,
    Each,
    Formula,
    PageCode,
    Values,
    worth,
)
from snippets.activations import d_sigmoid, sigmoid
from snippets.three_layers import errors, forward, update

#: The neurons and inputs that send to a neuron, and those it sends to.
SENDERS: dict[int, tuple[int | str, ...]] = {
    **dict.fromkeys((1, 2, 3), ("x1", "x2")),
    **dict.fromkeys((4, 5), (1, 2, 3)),
    6: (4, 5),
}
RECEIVERS = {1: (4, 5), 2: (4, 5), 3: (4, 5), 4: (6,), 5: (6,)}


def network(draw: Draw) -> Values:
    """Fourteen weights, two inputs, a target, and the wiring."""
    edges = [(m, n) for n in SENDERS for m in SENDERS[n]]
    return {
        r"m:\, m \to n": lambda n: SENDERS[n],
        "w_{mn}": draw.each("w_{mn}", edges, scale=1),
        "u_m": Formula("y_m"),
        "u_{x1}": draw("x_1"),
        "u_{x2}": draw("x_2"),
        "t": draw("t", scale=6),
    }


def matrix(
    w: dict[tuple[int | str, int], float], layer: tuple[int, ...]
) -> np.ndarray:
    """The weights of a layer, a row for each of its neurons."""
    return np.array([[w[m, n] for m in SENDERS[n]] for n in layer])


def by_keys(v: Values) -> tuple[dict[str, float], dict[str, float]]:
    """The weights and the signals as the page's code has them."""
    weights = {f"{m},{n}": w for (m, n), w in v["w_{mn}"].items()}
    return weights, forward(weights, v["u_{x1}"], v["u_{x2}"])


@worth("tl.1", "tl.8")
def the_slope_of_the_activation(draw: Draw) -> Values:
    return {"e": 0.0 if draw.tight else draw("e_n")}


@the_slope_of_the_activation.code
def sigmoid_and_its_slope(v: Values) -> Values:
    e = v["e"]
    return {"f(e)": float(sigmoid(e)), "f'(e)": float(d_sigmoid(e))}


@worth("tl.2", "tl.3", "tl.4", "tl.5", "tl.11", "tl.12")
def errors_of_the_neurons(draw: Draw) -> Values:
    return network(draw) | {
        r"n:\, m \to n": lambda m: RECEIVERS[m],
        "m": Each(RECEIVERS),
        "n": Each(SENDERS),
    }


@errors_of_the_neurons.code
def forward_and_errors(v: Values) -> Values:
    weights, signals = by_keys(v)
    eps = errors(weights, signals, v["t"])
    return {
        "e_n": lambda n: signals[f"e{n}"],
        "y_n": lambda n: signals[f"y{n}"],
        r"\varepsilon_n": lambda n: eps[n],
    }


@worth()
def errors_along_the_weights_alone(draw: Draw) -> Values:
    return network(draw) | {
        r"n:\, m \to n": lambda m: RECEIVERS[m],
        "m": Each(RECEIVERS),
        r"\tilde\varepsilon_6": Formula(r"\varepsilon_6"),
    }


@errors_along_the_weights_alone.code
def by_the_page(v: Values, page: PageCode) -> Values:
    bare = page("bare_errors")(*by_keys(v), v["t"])
    return {r"\tilde\varepsilon_m": lambda m: bare[m]}


@worth("tl.6", "tl.7")
def steps_of_the_weights(draw: Draw) -> Values:
    return network(draw) | {
        r"\eta": draw(r"\eta"),
        "n": Each(SENDERS),
        "m": Each(lambda n: SENDERS[n]),
    }


@steps_of_the_weights.code
def update_of_all(v: Values) -> Values:
    weights, signals = by_keys(v)
    eps = errors(weights, signals, v["t"])
    new = update(weights, signals, eps, v[r"\eta"])
    return {"w_{mn}'": lambda m, n: new[f"{m},{n}"]}


@worth("tl.9", "tl.10")
def layers_as_matrices(draw: Draw) -> Values:
    values = network(draw)
    weights = values["w_{mn}"]
    return values | {
        "x": np.array([values["u_{x1}"], values["u_{x2}"]]),
        "W^{(1)}": matrix(weights, (1, 2, 3)),
        "W^{(2)}": matrix(weights, (4, 5)),
        "W^{(3)}": matrix(weights, (6,)),
        "f(e)": expit,
        "e^{(1)}": Formula("W^{(1)} x"),
        "y^{(1)}": Formula("f(e^{(1)})"),
        "e^{(2)}": Formula("W^{(2)} y^{(1)}"),
        "y^{(2)}": Formula("f(e^{(2)})"),
        "y_6": Formula("f(W^{(3)} y^{(2)})"),
        r"\varepsilon^{(1)}": Formula(
            r"-\frac{\partial J}{\partial y^{(1)}}"
        ),
        r"\varepsilon^{(2)}": Formula(
            r"-\frac{\partial J}{\partial y^{(2)}}"
        ),
    }


@layers_as_matrices.code
def neuron_by_neuron(v: Values) -> Values:
    layers = [v[f"W^{{({k})}}"].ravel() for k in (1, 2, 3)]
    edges = [f"{m},{n}" for n in SENDERS for m in SENDERS[n]]
    weights = dict(zip(edges, np.concatenate(layers), strict=True))
    eps = errors(weights, forward(weights, *v["x"]), v["t"])
    return {
        r"\varepsilon^{(1)}": np.array([eps[n] for n in (1, 2, 3)]),
        r"\varepsilon^{(2)}": np.array([eps[n] for n in (4, 5)]),
    }
