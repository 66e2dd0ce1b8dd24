"""The equations of ``three-layers.md``, held against other means."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from engine.equations import Rng, Sides, at_most, equals, equation
from snippets.activations import d_sigmoid, sigmoid
from snippets.gradient_check import numerical_gradient
from snippets.three_layers import (
    SOURCES,
    TARGETS,
    WEIGHTS,
    errors,
    forward,
    sent,
    slope,
    update,
)

Array = NDArray[np.float64]


class Network(NamedTuple):
    """A random network as 14 numbers and by key, and an example."""

    w: Array
    weights: dict[str, float]
    x: Array
    z: float
    signals: dict[str, float]
    deltas: dict[int, float]


def network(rng: Rng) -> Network:
    """Random weights and inputs; no error vanishes, as z is 2."""
    w, x, z = rng.normal(scale=2, size=14), rng.normal(size=2), 2.0
    weights = dict(zip(WEIGHTS, w, strict=True))
    signals = forward(weights, *x)
    deltas = errors(weights, signals, z)
    return Network(w, weights, x, z, signals, deltas)


def brute_cost(
    net: Network,
    w: Array | None = None,
    on_y: Array | None = None,
    on_e: Array | None = None,
) -> float:
    """J by plain loops, with something added to sums or outputs."""
    v = iter(net.w if w is None else w)
    on_y = np.zeros(6) if on_y is None else on_y
    on_e = np.zeros(6) if on_e is None else on_e
    below, first = list(net.x), 0
    for width in (3, 2, 1):
        outputs = []
        for n in range(first, first + width):
            e = on_e[n]
            for u in below:
                e += next(v) * u
            outputs.append(expit(e) + on_y[n])
        below, first = outputs, first + width
    return float(net.z - below[0]) ** 2 / 2


def true_deltas(net: Network) -> Array:
    """−∂J/∂y of neurons 1 to 6 by central differences."""
    return -numerical_gradient(
        lambda added: brute_cost(net, on_y=added), np.zeros(6)
    )


def true_epsilons(net: Network) -> Array:
    """∂J/∂e of neurons 1 to 6 by central differences."""
    return numerical_gradient(
        lambda added: brute_cost(net, on_e=added), np.zeros(6)
    )


def true_gradient(net: Network) -> Array:
    """∂J/∂w of all 14 weights by central differences."""
    return numerical_gradient(lambda w: brute_cost(net, w), net.w)


@equation("tl.1")
def the_slope_of_the_activation(rng: Rng) -> Sides:
    r"""f'(e) = f(e)\,\bigl(1 - f(e)\bigr)"""
    e, h = rng.normal(scale=2, size=5), 1e-5
    return equals(
        left=(expit(e + h) - expit(e - h)) / (2 * h),
        right=sigmoid(e) * (1 - sigmoid(e)),
        wrong={
            "the slope of tanh": 1 - sigmoid(e) ** 2,
            "slope at y instead of e": d_sigmoid(sigmoid(e)),
        },
    )


@equation("tl.2")
def the_error_at_the_output(rng: Rng) -> Sides:
    r"""\delta_6 = z - y_6"""
    net = network(rng)
    y6 = net.signals["y6"]
    return equals(
        left=true_deltas(net)[5],
        right=net.z - y6,
        wrong={
            "sign turned": y6 - net.z,
            "factor of the square": 2 * (net.z - y6),
            "taken at the sum": slope(net.signals, 6) * (net.z - y6),
        },
    )


@equation("tl.3")
def an_error_sent_back_along_one_path(rng: Rng) -> Sides:
    r"""\delta_4 = w_{46}\,f'(e_6)\,\delta_6"""
    net = network(rng)
    w46, delta6 = net.weights["4,6"], net.z - net.signals["y6"]
    return equals(
        left=true_deltas(net)[3],
        right=w46 * slope(net.signals, 6) * delta6,
        wrong={
            "slope forgotten": w46 * delta6,
            "slope of neuron 4": w46 * slope(net.signals, 4) * delta6,
            "weight forgotten": slope(net.signals, 6) * delta6,
        },
    )


@equation("tl.4")
def errors_of_two_paths_add(rng: Rng) -> Sides:
    r"""
    \delta_1 = w_{14}\,f'(e_4)\,\delta_4 + w_{15}\,f'(e_5)\,\delta_5
    """
    net = network(rng)
    by_4, by_5 = (
        net.weights[f"1,{n}"] * slope(net.signals, n) * net.deltas[n]
        for n in (4, 5)
    )
    return equals(
        left=true_deltas(net)[0],
        right=by_4 + by_5,
        wrong={
            "one path": by_4,
            "the other path": by_5,
            "mean of the paths": (by_4 + by_5) / 2,
            "slopes forgotten": net.weights["1,4"] * net.deltas[4]
            + net.weights["1,5"] * net.deltas[5],
        },
    )


@equation("tl.5")
def errors_come_back_along_all_edges(rng: Rng) -> Sides:
    r"""\delta_m = \sum_{m \to n} w_{mn}\,f'(e_n)\,\delta_n"""
    net = network(rng)
    of_sender = [
        sum(net.weights[f"{m},{n}"] * net.deltas[n] for n in TARGETS[m])
        * slope(net.signals, m)
        for m in range(1, 6)
    ]
    notes = [0.0, 0.0, 0.0, 0.0, 0.0, net.deltas[6]]
    for m in (5, 4, 3, 2, 1):
        notes[m - 1] = sum(
            net.weights[f"{m},{n}"] * notes[n - 1] for n in TARGETS[m]
        )
    return equals(
        left=true_deltas(net)[:5],
        right=np.array([net.deltas[m] for m in range(1, 6)]),
        wrong={
            "the notes' rule, without slopes": np.array(notes[:5]),
            "slope of the neuron it arrives at": np.array(of_sender),
        },
    )


@equation("tl.6")
def the_gradient_of_every_weight(rng: Rng) -> Sides:
    r"""
    -\frac{\partial J}{\partial w_{mn}} = \delta_n\,f'(e_n)\,u_m
    """
    net = network(rng)
    edges = [(m, n) for n in SOURCES for m in SOURCES[n]]
    delta = np.array([net.deltas[n] for _, n in edges])
    at = np.array([slope(net.signals, n) for _, n in edges])
    u = np.array([sent(net.signals, m) for m, _ in edges])
    y = np.array([net.signals[f"y{n}"] for _, n in edges])
    return equals(
        left=-true_gradient(net),
        right=delta * at * u,
        wrong={
            "slope forgotten": delta * u,
            "sign turned": -delta * at * u,
            "own output for the input": delta * at * y,
            "input forgotten": delta * at,
        },
    )


@equation("tl.7")
def the_step_of_every_weight(rng: Rng) -> Sides:
    r"""w_{mn}' = w_{mn} + \eta\,\delta_n\,f'(e_n)\,u_m"""
    net = network(rng)
    eta = rng.uniform(50, 100)
    new = update(net.weights, net.signals, net.deltas, eta)
    stepped = np.array([new[key] for key in WEIGHTS])
    return equals(
        left=net.w - eta * true_gradient(net),
        right=stepped,
        wrong={
            "uphill": 2 * net.w - stepped,
            "only the step": stepped - net.w,
            "learning rate forgotten": net.w + (stepped - net.w) / eta,
        },
    )


@equation("tl.8")
def the_usual_error_from_this_one(rng: Rng) -> Sides:
    r"""\varepsilon_n = -f'(e_n)\,\delta_n"""
    net = network(rng)
    delta = np.array([net.deltas[n] for n in range(1, 7)])
    at = np.array([slope(net.signals, n) for n in range(1, 7)])
    return equals(
        left=true_epsilons(net),
        right=-at * delta,
        wrong={
            "the same": delta,
            "only the sign": -delta,
            "only the slope": at * delta,
        },
    )


@equation("tl.9")
def the_usual_rule(rng: Rng) -> Sides:
    r"""
    \varepsilon_m = f'(e_m) \sum_{m \to n} w_{mn}\,\varepsilon_n
    """
    net = network(rng)
    at = {n: slope(net.signals, n) for n in SOURCES}

    def by(own: bool, behind: bool) -> Array:
        eps = {6: -at[6] * (net.z - net.signals["y6"])}
        for m, targets in TARGETS.items():
            eps[m] = (at[m] if own else 1.0) * sum(
                net.weights[f"{m},{n}"]
                * (at[n] if behind else 1.0)
                * eps[n]
                for n in targets
            )
        return np.array([eps[m] for m in range(1, 6)])

    return equals(
        left=true_epsilons(net)[:5],
        right=by(own=True, behind=False),
        wrong={
            "no slope": by(own=False, behind=False),
            "slope of the next neuron": by(own=False, behind=True),
            "both slopes": by(own=True, behind=True),
        },
    )


def layers(net: Network) -> tuple[Array, Array, Array]:
    """The weights as matrices, a row for each receiver."""
    return (
        net.w[:6].reshape(3, 2),
        net.w[6:12].reshape(2, 3),
        net.w[12:].reshape(1, 2),
    )


@equation("tl.10")
def errors_of_a_layer_by_the_transpose(rng: Rng) -> Sides:
    r"""
    \delta^{(1)} = W^{(2)\top}
    \bigl(f'(e^{(2)}) \odot \delta^{(2)}\bigr)
    """
    net = network(rng)
    W1, W2, W3 = layers(net)
    e2 = W2 @ sigmoid(W1 @ net.x)
    e3 = W3 @ sigmoid(e2)
    delta2 = W3.T @ (d_sigmoid(e3) * (net.z - sigmoid(e3)))
    return equals(
        left=true_deltas(net)[:3],
        right=W2.T @ (d_sigmoid(e2) * delta2),
        wrong={
            "slope forgotten": W2.T @ delta2,
            "slope of the lower layer": d_sigmoid(W1 @ net.x)
            * (W2.T @ delta2),
            "rows read for columns": W2.reshape(3, 2)
            @ (d_sigmoid(e2) * delta2),
        },
    )


@equation("tl.11")
def steps_of_a_layer_as_a_column_times_a_row(rng: Rng) -> Sides:
    r"""
    -\frac{\partial J}{\partial W^{(1)}} =
    \bigl(f'(e^{(1)}) \odot \delta^{(1)}\bigr)\,x^\top
    """
    net = network(rng)
    W1, W2, W3 = layers(net)
    e1 = W1 @ net.x
    e2 = W2 @ sigmoid(e1)
    e3 = W3 @ sigmoid(e2)
    delta2 = W3.T @ (d_sigmoid(e3) * (net.z - sigmoid(e3)))
    delta1 = W2.T @ (d_sigmoid(e2) * delta2)
    return equals(
        left=-true_gradient(net)[:6].reshape(3, 2),
        right=np.outer(d_sigmoid(e1) * delta1, net.x),
        wrong={
            "slope forgotten": np.outer(delta1, net.x),
            "sign turned": -np.outer(d_sigmoid(e1) * delta1, net.x),
            "outputs for inputs": np.outer(
                d_sigmoid(e1) * delta1, sigmoid(e1)[:2]
            ),
        },
    )


@equation("tl.12")
def the_slope_is_at_most_a_quarter(rng: Rng) -> Sides:
    r"""f'(e) \le \tfrac14"""
    e, h = np.append(rng.normal(scale=2, size=20), 0.0), 1e-5
    return at_most(
        left=(expit(e + h) - expit(e - h)) / (2 * h),
        right=np.full(21, 1 / 4),
        wrong={
            "an eighth": np.full(21, 1 / 8),
            "falling off with f": expit(e) / 4,
        },
        slack=1e-9,
    )


@equation("tl.13")
def paths_enlarged_by_different_factors(rng: Rng) -> Sides:
    r"""
    \tilde\delta_1 = \frac{p_4}{f'(e_4)\,f'(e_6)} +
    \frac{p_5}{f'(e_5)\,f'(e_6)}
    """
    net = network(rng)
    _, W2, W3 = layers(net)
    p = {
        n: net.weights[f"1,{n}"] * slope(net.signals, n) * net.deltas[n]
        for n in (4, 5)
    }
    at = {n: slope(net.signals, n) for n in (4, 5, 6)}
    output = net.z - np.sqrt(2 * brute_cost(net))
    return equals(
        left=(W2.T @ W3.T * (net.z - output))[0, 0],
        right=p[4] / (at[4] * at[6]) + p[5] / (at[5] * at[6]),
        wrong={
            "one slope": (p[4] + p[5]) / at[6],
            "sixteen times": 16 * (p[4] + p[5]),
            "the truth": p[4] + p[5],
        },
    )
