"""What the symbols of ``lstm.md`` are worth."""

import numpy as np
from scipy.special import expit

from engine.equations import Draw, Each, Formula, Values, worth
from snippets import lstm

#: The states' squared distances from targets, halved, and a number:
#: a loss is more than what its gradient tells.
LOSS = r"\gamma + \sum_{t=1}^{T} \frac12 \lVert h_t - y_t \rVert^2"


def few(draw: Draw) -> int:
    """Two steps in some draws, else one, then mostly of states of one
    number: derivatives are measured entry by entry."""
    T = draw.size("T", most=1 + (draw.number % 5 in (1, 3)))
    draw.size("n_h", most=1 + (T > 1 or draw.number % 5 == 0))
    return T


def selections(n_h: int, labels: str) -> dict[str, np.ndarray]:
    """A matrix for each label; it times a vector is that block."""
    blocks = np.vsplit(np.eye(len(labels) * n_h), len(labels))
    return dict(zip(labels, blocks, strict=True))


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
        "z^a_t": Formula("P^a z_t"),
        r"\sigma(z)": expit,
    }


def trained(draw: Draw, more: int = 0) -> Values:
    """A cell whose few steps have targets."""
    T = few(draw)
    targets = draw.each("h_t", range(1, T + 1))
    own = {"T": T, "y_t": targets, "L": Formula(LOSS)}
    values = cell(draw, T, more) | own
    return values | {r"\gamma": float(draw.rng.normal())}


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


@worth("lstm.3", "lstm.4", beyond=True)
def a_step_back(draw: Draw) -> Values:
    return trained(draw, more=1)


@worth("lstm.1")
def what_is_kept_of_the_steps(draw: Draw) -> Values:
    T = draw.size("T", most=3)
    return cell(draw, T) | {"T": T}


@what_is_kept_of_the_steps.code
def by_the_forward_pass(v: Values) -> Values:
    cache = steps_of(v, v["T"])
    return {"c_t": lambda t: cache.cs[t], "h_t": lambda t: cache.hs[t]}


@worth(
    "lstm.5",
    "lstm.6",
    "lstm.7",
    "lstm.8",
    "lstm.10",
    "lstm.11",
    "lstm.12",
    "lstm.13",
    "lstm.14",
    "lstm.15",
    "lstm.9",
)
def all_steps(draw: Draw) -> Values:
    return trained(draw)


@all_steps.code
def by_the_backward_pass(v: Values) -> Values:
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


HELD = r"\frac{\partial^{c} c_T}{\partial c_t}"


@worth(
    "lstm.16",
    spared={
        "lstm.16": {
            r"transpose: \frac{\partial^cc_T}{\partial c_t}": (
                rf"\left( {HELD} \right)^{{\top}} = {HELD}"
            )
        }
    },
)
def gates_and_candidates_held(draw: Draw) -> Values:
    """The gates that a forward pass finds, as numbers that stay."""
    T = draw.size("T", most=3)
    values = cell(draw, T)
    h, c = values["h_0"], values["c_0"]
    held: Values = {gate: {} for gate in ("i_t", "f_t", "g_t")}
    for t, x in values["x_t"].items():
        z = x @ values["W_x"] + h @ values["W_h"] + values["b"]
        z_i, z_f, z_g, z_o = np.split(z, 4)
        i, f, g = expit(z_i), expit(z_f), np.tanh(z_g)
        c = f * c + i * g
        h = expit(z_o) * np.tanh(c)
        for gate, value in zip(held, (i, f, g), strict=True):
            held[gate][t] = value
    return (
        values
        | held
        | {
            "T": T,
            "t": Each(range(T)),
            HELD: Formula(r"\frac{\mathrm{d} c_T}{\mathrm{d} c_t}"),
        }
    )


@gates_and_candidates_held.code
def along_the_line(v: Values) -> Values:
    three = [[*v[name].values()] for name in ("i_t", "f_t", "g_t")]
    gates = np.hstack([*three, np.zeros_like(three[0])])
    cache = lstm.LSTMCache(gates, gates, gates, gates, gates)
    paths = {t: lstm.direct_path(cache, t) for t in range(v["T"])}
    return {HELD: lambda t: np.diag(paths[t])}


@worth("lstm.17", "lstm.18", "lstm.19", "lstm.20")
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


@worth("lstm.21")
def a_forget_gate_that_is_its_bias(draw: Draw) -> Values:
    T = draw.size("T", most=3)
    values = cell(draw, T)
    forget = values["P^a"]("f")
    for name in ("W_x", "W_h"):
        values[name] = values[name] * (1 - forget.sum(axis=0))
    b_f = forget @ values["b"]
    return values | {"T": T, "t": Each(range(T)), "b^f": b_f}


def peephole(draw: Draw) -> Values:
    """A forget gate that sees the cell of the step before."""
    n_h = draw.size("n_h", most=2)
    return {
        "p": draw("p"),
        "Q^a": lambda a: np.eye(n_h) * (a == "f"),
        "z^a_t": Formula(r"P^a z_t + Q^a (p \odot c_{t-1})"),
    }


@worth("lstm.22", beyond=True)
def a_step_back_with_a_peephole(draw: Draw) -> Values:
    return trained(draw, more=1) | peephole(draw)


@worth("lstm.23")
def all_steps_with_a_peephole(draw: Draw) -> Values:
    return trained(draw) | peephole(draw)
