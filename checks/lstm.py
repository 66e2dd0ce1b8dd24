"""What the symbols of ``lstm.md`` are worth."""

import numpy as np
from scipy.special import expit

from engine.equations import Draw, Each, Formula, Values, worth
from snippets import gru, lstm

#: The states' squared distances from targets, halved.
LOSS = r"\sum_{t=1}^{T} \frac12 \lVert h_t - y_t \rVert^2"


def few(draw: Draw) -> int:
    """One step at most in every other draw, else two: each step has
    many derivatives, which are measured one by one."""
    return draw.size("T", most=1 + draw.number % 2)


def selections(n_h: int, labels: str) -> dict[str, np.ndarray]:
    """A matrix for each label; a row times it is that block of the
    row."""
    blocks = np.hsplit(np.eye(len(labels) * n_h), len(labels))
    return dict(zip(labels, blocks, strict=True))


# The LSTM


def cell(draw: Draw, T: int, more: int = 0) -> Values:
    """Weights, first states, and inputs of T steps, and of more
    where an equation looks one step ahead."""
    n_h = draw.size("n_h", most=2)
    draw.size("n_x", most=2)
    block = selections(n_h, "ifgo")
    return {
        "t": Each(range(1, T + 1)),
        "W_x": draw("W_x", scale=1),
        "W_h": draw("W_h", scale=1),
        "b": draw("b", scale=1),
        "x_t": draw.each("x_t", range(1, T + 1 + more)),
        "h_0": draw("h_t"),
        "c_0": draw("c_t"),
        "P^a": lambda a: block[a],
        "z^a_t": Formula("z_t P^a"),
        r"\sigma(z)": expit,
    }


def trained(draw: Draw, more: int = 0) -> Values:
    """A cell whose few steps have targets."""
    T = few(draw)
    targets = draw.each("h_t", range(1, T + 1))
    own = {"T": T, "y_t": targets, "L": Formula(LOSS)}
    return cell(draw, T, more) | own


def steps_of(v: Values, T: int) -> lstm.LSTMCache:
    """What the page's code keeps of the first T steps."""
    xs = [v["x_t"][t] for t in range(1, T + 1)]
    return lstm.forward(weights(v), xs, v["h_0"], v["c_0"])[2]


def weights(v: Values) -> lstm.Params:
    """The parameters as the page's code takes them."""
    return {name: v[name] for name in ("W_x", "W_h", "b")}


@worth("lstm.2")
def parameters_of_the_lstm(draw: Draw) -> Values:
    arrays = [draw(name) for name in ("W_x", "W_h", "b")]
    return {
        "n_x": draw("n_x"),
        "n_h": draw("n_h"),
        r"N_{\mathrm{LSTM}}": sum(array.size for array in arrays),
    }


@parameters_of_the_lstm.code
def of_fresh_weights(v: Values) -> Values:
    fresh = lstm.init(v["n_x"], v["n_h"], np.random.default_rng(0))
    total = sum(array.size for array in fresh.values())
    return {r"N_{\mathrm{LSTM}}": total}


@worth("lstm.3", "lstm.4", "lstm.5")
def slopes_of_a_sum(draw: Draw) -> Values:
    return {"z": draw("z"), r"\sigma(z)": expit}


@slopes_of_a_sum.code
def by_a_single_tanh(v: Values) -> Values:
    both = np.full(2, v["z"])
    sigmoid, tanh = lstm.squash(both, np.array([0.5, 1.0]))
    return {r"\sigma(z)": sigmoid, r"\tanh(z)": tanh}


@worth("lstm.6", "lstm.7", rows=True, beyond=True)
def a_step_back(draw: Draw) -> Values:
    return trained(draw, more=1)


@worth("lstm.1", rows=True)
def what_is_kept_of_the_steps(draw: Draw) -> Values:
    T = draw.size("T", most=3)
    return cell(draw, T) | {"T": T}


@what_is_kept_of_the_steps.code
def by_the_way_forward(v: Values) -> Values:
    cache = steps_of(v, v["T"])
    return {"c_t": lambda t: cache.cs[t], "h_t": lambda t: cache.hs[t]}


@worth(
    "lstm.8",
    "lstm.9",
    "lstm.10",
    "lstm.11",
    "lstm.12",
    "lstm.13",
    "lstm.14",
    "lstm.15",
    "lstm.16",
    "lstm.17",
    "lstm.27",
    rows=True,
)
def all_steps(draw: Draw) -> Values:
    return trained(draw)


@all_steps.code
def by_the_way_back(v: Values) -> Values:
    cache = steps_of(v, v["T"])
    dhs = cache.hs[1:] - list(v["y_t"].values())
    grads, dxs, dh_0, dc_0 = lstm.backward(weights(v), cache, dhs)
    return {
        r"\frac{\mathrm{d} L}{\mathrm{d} W_x}": grads["W_x"],
        r"\frac{\mathrm{d} L}{\mathrm{d} W_h}": grads["W_h"],
        r"\frac{\mathrm{d} L}{\mathrm{d} b}": grads["b"],
        r"\frac{\mathrm{d} L}{\mathrm{d} x_t}": lambda t: dxs[t - 1],
        r"\frac{\mathrm{d} L}{\mathrm{d} h_0}": dh_0,
        r"\frac{\mathrm{d} L}{\mathrm{d} c_0}": dc_0,
    }


HELD = r"\frac{\partial^{+} c_T}{\partial c_t}"


@worth(
    "lstm.18",
    rows=True,
    spared={
        "lstm.18": {
            r"transpose: \frac{\partial^+c_T}{\partial c_t}": (
                r"\operatorname{diag}(f_1)^{\top} = "
                r"\operatorname{diag}(f_1)"
            )
        }
    },
)
def gates_and_candidates_held(draw: Draw) -> Values:
    T, steps = draw.size("T", most=3), range(1, draw.size("T") + 1)
    return {
        "T": T,
        "t": Each(range(T)),
        "f_t": draw.each("f_t", steps),
        "i_t": draw.each("i_t", steps),
        "g_t": draw.each("g_t", steps),
        "c_0": draw("c_t"),
        HELD: Formula(r"\frac{\mathrm{d} c_T}{\mathrm{d} c_t}"),
    }


@gates_and_candidates_held.code
def along_the_line(v: Values) -> Values:
    three = [[*v[name].values()] for name in ("i_t", "f_t", "g_t")]
    gates = np.hstack([*three, np.zeros_like(three[0])])
    cache = lstm.LSTMCache(gates, gates, gates, gates, gates)
    paths = {t: lstm.direct_path(cache, t) for t in range(v["T"])}
    return {HELD: lambda t: np.diag(paths[t])}


@worth("lstm.19", "lstm.20", "lstm.21", "lstm.22", rows=True)
def gates_that_move(draw: Draw) -> Values:
    T = draw.size("T", most=3)
    later = Each(lambda t: range(t + 1, T + 1))
    return cell(draw, T) | {"k": later}


@gates_that_move.code
def along_all_paths(v: Values) -> Values:
    paths = {
        (k, t): lstm.whole_path(weights(v), steps_of(v, k), t)
        for k in v["x_t"]
        for t in range(1, k)
    }
    return {r"\frac{\mathrm{d} c_k}{\mathrm{d} c_t}": paths}


@worth("lstm.23", rows=True)
def a_forget_gate_that_is_its_bias(draw: Draw) -> Values:
    T = draw.size("T", most=3)
    values = cell(draw, T)
    forget = values["P^a"]("f")
    for name in ("W_x", "W_h"):
        values[name] = values[name] * (1 - forget.sum(axis=1))
    b_f = values["b"] @ forget
    return values | {"T": T, "t": Each(range(T)), "b^f": b_f}


@worth("lstm.24")
def half_a_life(draw: Draw) -> Values:
    return {"T": draw("T"), r"\sigma(z)": expit}


def peephole(draw: Draw) -> Values:
    """A forget gate that sees the cell of the step before."""
    n_h = draw.size("n_h", most=2)
    return {
        "p": draw("p"),
        "Q^a": lambda a: np.eye(n_h) * (a == "f"),
        "z^a_t": Formula(r"z_t P^a + (p \odot c_{t-1}) Q^a"),
    }


@worth("lstm.25", rows=True, beyond=True)
def a_step_back_with_a_peephole(draw: Draw) -> Values:
    return trained(draw, more=1) | peephole(draw)


@worth("lstm.26", rows=True)
def all_steps_with_a_peephole(draw: Draw) -> Values:
    return trained(draw) | peephole(draw)


# The GRU


def gru_cell(draw: Draw, more: int = 0) -> Values:
    """Weights by blocks, the first state, inputs and targets."""
    T, n_h = few(draw), draw.size("n_h", most=2)
    draw.size("n_x", most=2)
    block = selections(n_h, "rzn")
    blocks = {
        (j, d): draw(f"W^f_{d}", scale=1) for d in "xh" for j in "rzn"
    }
    return {
        "T": T,
        "t": Each(range(1, T + 1)),
        "W^j_d": lambda j, d: blocks[j, d],
        "W_d": Formula("[W^r_d, W^z_d, W^n_d]"),
        "b_x": draw("b_x", scale=1),
        "b_h": draw("b_h", scale=1),
        "x_t": draw.each("x_t", range(1, T + 1 + more)),
        "s_0": draw("s_t"),
        "y_t": draw.each("s_t", range(1, T + 1)),
        "L": Formula(LOSS.replace("h_t", "s_t")),
        "P^j": lambda j: block[j],
        "a^j_t": Formula("a_t P^j"),
        "u^j_t": Formula("u_t P^j"),
        r"\sigma(z)": expit,
    }


@worth("gru.2")
def parameters_of_the_gru(draw: Draw) -> Values:
    arrays = [draw(k) for k in ("W^f_x", "W^f_h") for _ in "rzn"]
    arrays += [draw("b_x"), draw("b_h")]
    return {
        "n_x": draw("n_x"),
        "n_h": draw("n_h"),
        r"N_{\mathrm{GRU}}": sum(array.size for array in arrays),
    }


@parameters_of_the_gru.code
def of_fresh_weights_of_the_gru(v: Values) -> Values:
    fresh = gru.init(v["n_x"], v["n_h"], np.random.default_rng(0))
    total = sum(array.size for array in fresh.values())
    return {r"N_{\mathrm{GRU}}": total}


@worth("gru.7", rows=True, beyond=True)
def a_step_back_in_the_gru(draw: Draw) -> Values:
    return gru_cell(draw, more=1)


@worth(
    "gru.1",
    "gru.3",
    "gru.4",
    "gru.5",
    "gru.6",
    "gru.8",
    "gru.9",
    "gru.10",
    "gru.11",
    "gru.12",
    "gru.13",
    "gru.14",
    rows=True,
    spared={
        "gru.4": {
            r"symbol: \frac{\mathrm{d}L}{\mathrm{d}a_t^r}": (
                r"\frac{\mathrm{d} L}{\mathrm{d} u^r_t} = "
                r"\frac{\mathrm{d} L}{\mathrm{d} a^r_t}"
            )
        }
    },
)
def all_steps_of_the_gru(draw: Draw) -> Values:
    return gru_cell(draw)


@all_steps_of_the_gru.code
def by_the_grus_way_back(v: Values) -> Values:
    params = {name: v[name] for name in ("b_x", "b_h")}
    for d in "xh":
        params[f"W_{d}"] = np.hstack([v["W^j_d"](j, d) for j in "rzn"])
    xs, targets = ([*v[name].values()] for name in ("x_t", "y_t"))
    hs, cache = gru.forward(params, xs, v["s_0"])
    grads, dxs, ds_0 = gru.backward(params, cache, hs - targets)
    return {
        "s_t": lambda t: hs[t - 1],
        r"\frac{\mathrm{d} L}{\mathrm{d} W_x}": grads["W_x"],
        r"\frac{\mathrm{d} L}{\mathrm{d} W_h}": grads["W_h"],
        r"\frac{\mathrm{d} L}{\mathrm{d} b_x}": grads["b_x"],
        r"\frac{\mathrm{d} L}{\mathrm{d} b_h}": grads["b_h"],
        r"\frac{\mathrm{d} L}{\mathrm{d} x_t}": lambda t: dxs[t - 1],
        r"\frac{\mathrm{d} L}{\mathrm{d} s_0}": ds_0,
    }
