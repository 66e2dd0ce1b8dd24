"""What the symbols of ``rnn.md`` are worth."""

from collections.abc import Iterable

import numpy as np

from engine.equations import Draw, Each, Formula, Values, worth
from snippets.rnn import cell, forward, split

BOTH = r"\begin{pmatrix} h'_{t-1} \\ x_t \end{pmatrix}"
W_OUT, B_OUT = r"w_{\mathrm{out}}", r"b_{\mathrm{out}}"


def network(draw: Draw, scale: float = 1) -> Values:
    """The weights, the first state, the inputs of all steps."""
    T = draw.size("T", most=3)
    draw.size("n_x", most=4)
    n_h, w = draw.size("n_h", most=4), draw("w", scale=1)
    return {
        "t": Each(range(1, T + 1)),
        "w": w,
        "W_{hh}": w[:n_h].T,
        "W_{hx}": w[n_h:].T,
        "b": draw("b", scale=scale),
        "h_0": draw("h_t", scale=scale),
        "x_t": draw.each("x_t", range(1, T + 1), scale=scale),
    }


def without(values: Values, *unused: str) -> Values:
    """All but these."""
    return {k: v for k, v in values.items() if k not in unused}


def states(v: Values) -> list[np.ndarray]:
    """All states after the first, number by number."""
    h, found = v["h_0"], []
    for x in v["x_t"].values():
        columns = zip(v["w"].T, v["b"], strict=True)
        z = [summed([*h, *x], w) + b for w, b in columns]
        h = np.tanh(z)
        found.append(h)
    return found


def summed(left: Iterable[float], right: Iterable[float]) -> float:
    """The sum of the products of numbers."""
    return sum(a * b for a, b in zip(left, right, strict=True))


@worth("rnn.1", "rnn.2")
def matrices_joined_and_apart(draw: Draw) -> Values:
    return network(draw)


@matrices_joined_and_apart.code
def by_the_cell(v: Values) -> Values:
    W_hh, W_hx = split(v["w"])
    hs = [v["h_0"]]
    for x in v["x_t"].values():
        hs.append(cell(x, hs[-1], v["w"], v["b"]))
    return {
        "W_{hh}": W_hh,
        "W_{hx}": W_hx,
        "h_t": lambda t: hs[t],
    }


@worth("rnn.3")
def inputs_of_all_steps(draw: Draw) -> Values:
    v = network(draw)
    X = np.array([*v["x_t"].values()])
    rows = [*zip(v["W_{hx}"], v["b"], strict=True)]
    return {
        "t": v["t"],
        "x_t": v["x_t"],
        "A": np.array([[summed(w, x) + b for w, b in rows] for x in X]),
        "X": X,
        "W_{hx}": v["W_{hx}"],
        r"\mathbf{1}": np.ones((len(X), 1)),
        "b": v["b"],
    }


@inputs_of_all_steps.code
def by_the_cell_without_a_state(v: Values) -> Values:
    w = np.vstack([np.zeros((len(v["b"]),) * 2), v["W_{hx}"].T])
    x = v["x_t"]
    states = {
        t: cell(x[t], np.zeros(len(w) - len(x[t])), w, v["b"])
        for t in x
    }
    return {"a_t": lambda t: np.arctanh(states[t])}


@worth("rnn.4")
def outputs_of_all_steps(draw: Draw) -> Values:
    values = network(draw)
    H, w_out, b_out = states(values), draw(W_OUT), draw(B_OUT)
    columns = [*zip(w_out.T, b_out, strict=True)]
    outputs = [[summed(h, w) + b for w, b in columns] for h in H]
    return without(values, "W_{hh}", "W_{hx}") | {
        "O": np.array(outputs),
        "H": np.array(H),
        W_OUT: w_out,
        B_OUT: b_out,
        r"\mathbf{1}": np.ones((len(H), 1)),
    }


@outputs_of_all_steps.code
def by_the_forward_pass(v: Values) -> Values:
    weights = (v["w"], v["b"], v[W_OUT], v[B_OUT])
    outputs, H = forward([*v["x_t"].values()], v["h_0"], *weights)
    return {
        "O": outputs,
        "H": H,
        "h_t": lambda t: H[t - 1],
        "o_t": lambda t: outputs[t - 1],
    }


@worth("rnn.5")
def numbers_counted(draw: Draw) -> Values:
    arrays = [draw(symbol) for symbol in ("w", "b", W_OUT, B_OUT)]
    values = {n: draw.size(n) for n in ("n_x", "n_h", "n_q")}
    return values | {"N": sum(array.size for array in arrays)}


@worth("rnn.6")
def a_step_of_the_state(draw: Draw) -> Values:
    return without(network(draw), "W_{hx}")


@worth("rnn.7")
def two_sequences(draw: Draw) -> Values:
    values = network(draw, scale=1e-4 if draw.tight else 1)
    other = draw("h'_t", scale=1)
    if draw.tight:  # apart along what the matrix lengthens most
        most = np.linalg.svd(values["W_{hh}"])[2][0]
        other = values["h_0"] + 1e-4 * most
    return without(values, "W_{hx}") | {
        "h'_0": other,
        "h'_t": Formula(rf"\tanh\left( w^\top {BOTH} + b \right)"),
    }
