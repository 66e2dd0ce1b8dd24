"""What the symbols of ``gru.md`` are worth."""

import numpy as np
from scipy.special import expit

from checks.lstm import LOSS, few, selections
from engine.equations import Draw, Each, Formula, Values, worth
from snippets import gru


def cell(draw: Draw, more: int = 0) -> Values:
    """Weights, the first state, inputs and targets."""
    T, n_h = few(draw), draw.size("n_h", most=2)
    draw.size("n_x", most=2)
    block = selections(n_h, "rzn")
    return {
        "T": T,
        "t": Each(range(1, T + 1)),
        "W_x": draw("W_x", scale=1),
        "W_h": draw("W_h", scale=1),
        "b_x": draw("b_x", scale=1),
        "b_h": draw("b_h", scale=1),
        "x_t": draw.each("x_t", range(1, T + 1 + more)),
        "h_0": draw("h_t"),
        "y_t": draw.each("h_t", range(1, T + 1)),
        "L": Formula(LOSS),
        r"\gamma": float(draw.rng.normal()),
        "P^j": lambda j: block[j],
        "a^j_t": Formula("P^j a_t"),
        "u^j_t": Formula("P^j u_t"),
        r"\sigma(z)": expit,
    }


@worth()
def nothing_but_a_bias_of_the_update_gate(draw: Draw) -> Values:
    draw.size("n_h", most=1, always=True)
    v, bias = cell(draw), draw.rng.normal()
    zero = {s: 0 * v[s] for s in ("W_x", "W_h", "b_h")}
    b_x = np.array([0, bias, 0])
    return v | zero | {"b_x": b_x, "b^z": bias}


@worth("gru.14")
def parameters(draw: Draw) -> Values:
    arrays = [draw(name) for name in ("W_x", "W_h", "b_x", "b_h")]
    return {
        "n_x": draw("n_x"),
        "n_h": draw("n_h"),
        r"N_{\mathrm{GRU}}": sum(array.size for array in arrays),
    }


@parameters.code
def of_fresh_weights(v: Values) -> Values:
    fresh = gru.init(v["n_x"], v["n_h"], np.random.default_rng(0))
    total = sum(array.size for array in fresh.values())
    return {r"N_{\mathrm{GRU}}": total}


@worth("gru.7", beyond=True)
def a_step_back(draw: Draw) -> Values:
    return cell(draw, more=1)


@worth(
    "gru.1",
    "gru.2",
    "gru.3",
    "gru.4",
    "gru.5",
    "gru.8",
    "gru.9",
    "gru.10",
    "gru.11",
    "gru.12",
    "gru.13",
    "gru.6",
    spared={
        "gru.3": {
            r"symbol: \frac{\mathrm{d}L}{\mathrm{d}a_t^r}": (
                r"\frac{\mathrm{d} L}{\mathrm{d} u^r_t} = "
                r"\frac{\mathrm{d} L}{\mathrm{d} a^r_t}"
            )
        }
    },
)
def all_steps(draw: Draw) -> Values:
    return cell(draw)


@all_steps.code
def by_the_backward_pass(v: Values) -> Values:
    params = {k: v[k] for k in ("W_x", "W_h", "b_x", "b_h")}
    xs, targets = ([*v[name].values()] for name in ("x_t", "y_t"))
    hs, cache = gru.forward(params, xs, v["h_0"])
    grads, dxs, dh_0 = gru.backward(params, cache, hs - targets)
    return {
        "h_t": lambda t: hs[t - 1],
        r"\frac{\mathrm{d} L}{\mathrm{d} W_x}": grads["W_x"],
        r"\frac{\mathrm{d} L}{\mathrm{d} W_h}": grads["W_h"],
        r"\frac{\mathrm{d} L}{\mathrm{d} b_x}": grads["b_x"],
        r"\frac{\mathrm{d} L}{\mathrm{d} b_h}": grads["b_h"],
        r"\frac{\mathrm{d} L}{\mathrm{d} x_t}": lambda t: dxs[t - 1],
        r"\frac{\mathrm{d} L}{\mathrm{d} h_0}": dh_0,
    }
