"""What the symbols of ``bptt.md`` are worth."""

from collections.abc import Callable

import numpy as np

from checks.backprop import same, softplus, wave
from engine.equations import (
    Draw,
    Each,
    Formula,
    PageCode,
    Values,
    worth,
)
from snippets.bptt import backward, forward, truncated
from snippets.gradient_check import numerical_gradient

Activation = Callable[[np.ndarray], np.ndarray]


def network(draw: Draw, phi: Activation, T: int = 0) -> Values:
    """Weights, inputs, targets, and half a square as the loss of a
    step."""
    T = T or draw.size("T", most=3)
    draw.size("n_x", most=4, always=True)
    draw.size("n_h", most=3)
    steps = range(1, T + 1)
    return {
        "T": T,
        "t": Each(steps),
        "W_{hx}": draw("W_{hx}", scale=1),
        "W_{hh}": draw("W_{hh}", scale=1),
        "W_{qh}": draw("W_{qh}", scale=1),
        "x_t": draw.each("x_t", steps, scale=1),
        "y_t": draw.each("y_t", steps, scale=1),
        "h_0": draw("h_t", scale=1),
        r"\phi(z)": phi,
        r"\mathcal{L}_t": Formula(r"\frac12 \lVert o_t - y_t \rVert^2"),
    }


def one_more_step(draw: Draw, phi: Activation) -> Values:
    """Something after step T, on which no loss depends."""
    values = network(draw, phi)
    for symbol in ("x_t", "y_t"):
        values[symbol][values["T"] + 1] = draw(symbol)
    return values


def any_activation(draw: Draw) -> Activation:
    """The activation of one draw."""
    chosen: Activation = draw.some(wave, softplus, same)
    return chosen


@worth("bptt.1")
def without_an_activation(draw: Draw) -> Values:
    values = network(draw, same)
    for unused in ("T", "W_{qh}", "y_t", r"\mathcal{L}_t"):
        del values[unused]
    return values


@worth("bptt.3", beyond=True)
def a_step_back(draw: Draw) -> Values:
    return one_more_step(draw, same)


def with_another_loss(draw: Draw, phi: Activation) -> Values:
    """A loss that is no half square of its derivative, which is not
    always the error."""
    loss = r"\frac12 \lVert o_t - c \, y_t \rVert^2 + 3"
    return network(draw, phi) | {
        "c": draw.some(1, 2, -1),
        r"\mathcal{L}_t": Formula(loss),
    }


@worth("bptt.2", "bptt.4", "bptt.5", "bptt.6", "bptt.7", "bptt.8")
def gradients_without_an_activation(draw: Draw) -> Values:
    return with_another_loss(draw, same)


def by_the_code(v: Values, activation: str) -> Values:
    """The states and the gradients of the page's code."""
    weights = (v["W_{hx}"], v["W_{hh}"], v["W_{qh}"])
    xs, ys = ([*v[symbol].values()] for symbol in ("x_t", "y_t"))
    o, cache = forward(xs, v["h_0"], *weights, activation)
    grads = backward(cache, o - v["c"] * np.array(ys))
    by = r"\frac{\mathrm{d} L}{\mathrm{d} %s}"
    return {
        "h_t": lambda t: cache.hs[t],
        "o_t": lambda t: o[t - 1],
        by % "W_{qh}": grads["dW_qh"],
        by % "W_{hx}": grads["dW_hx"],
        by % "W_{hh}": grads["dW_hh"],
        by % "h_0": grads["dh0"],
    }


@gradients_without_an_activation.code
def by_the_code_with_the_identity(v: Values) -> Values:
    return by_the_code(v, "identity")


@worth("bptt.10")
def with_tanh(draw: Draw) -> Values:
    return with_another_loss(draw, np.tanh)


@with_tanh.code
def by_the_code_with_tanh(v: Values, page: PageCode) -> Values:
    xs, ys = ([*v[symbol].values()] for symbol in ("x_t", "y_t"))
    weights = (v["W_{hx}"], v["W_{hh}"], v["W_{qh}"])
    o, cache = forward(xs, v["h_0"], *weights)
    path, last = page("path"), v["T"] + 1
    paths = {
        (t, k): path(t, k, cache, o - v["c"] * np.array(ys))
        for t in range(1, last)
        for k in range(1, t + 1)
    }
    single = page("G_one", paths=paths)
    return by_the_code(v, "tanh") | {r"G_{\mathrm{one}}": single}


@worth("bptt.11", beyond=True)
def a_step_back_with_an_activation(draw: Draw) -> Values:
    return one_more_step(draw, any_activation(draw))


@worth("bptt.9", "bptt.12", "bptt.13", "bptt.14", "bptt.21")
def gradients_with_an_activation(draw: Draw) -> Values:
    return with_another_loss(draw, any_activation(draw))


@worth("bptt.15", "bptt.16")
def paths(draw: Draw) -> Values:
    values = network(draw, any_activation(draw))
    return values | {"k": Each(lambda t: range(1, t))}


@worth("bptt.17")
def two_steps_of_single_numbers(draw: Draw) -> Values:
    w_hx, w_hh = draw("w_{hx}"), draw("w_{hh}")
    return {
        "w_{hx}": w_hx,
        "w_{hh}": w_hh,
        "W_{hx}": w_hx,
        "W_{hh}": w_hh,
        r"\phi(z)": same,
        "x_t": draw.each("w_{hx}", (1, 2)),
        "h_0": draw("w_{hx}"),
        "h_t": Formula("w_{hx} x_t + w_{hh} h_{t-1}"),
    }


def of_windows(v: Values) -> np.ndarray:
    """The gradient of the windows by central differences: the state
    that enters a window is held."""
    phi, W, K = v[r"\phi(z)"], v["W_{hh}"], v["K"]

    def states(
        W: np.ndarray, held: list[np.ndarray]
    ) -> list[np.ndarray]:
        h, found = v["h_0"], []
        for t in v["x_t"]:
            if held and (t - 1) % K == 0:
                h = held[t - 2] if t > 1 else v["h_0"]
            h = phi(v["W_{hx}"] @ v["x_t"][t] + W @ h)
            found.append(h)
        return found

    held = states(W, [])

    def loss(W: np.ndarray) -> float:
        outputs = [v["W_{qh}"] @ h for h in states(W, held)]
        pairs = zip(outputs, v["y_t"].values(), strict=True)
        return sum(float(np.sum((o - y) ** 2)) / 2 for o, y in pairs)

    far, near = (numerical_gradient(loss, W, h) for h in (2e-3, 1e-3))
    return (4 * near - far) / 3


def windows(draw: Draw) -> Values:
    """A network whose gradient is truncated: one step, or more than
    a window has."""
    T, K = draw.size("T", most=4), draw.size("K", most=2)
    phi = draw.some(np.tanh, same)
    values = network(draw, phi, max(T, 3) if T > 1 else 1)
    return values | {"K": K}


@worth("bptt.18", "bptt.19")
def windows_of_steps(draw: Draw) -> Values:
    values = windows(draw)
    return values | {"G_K": of_windows(values)}


@windows_of_steps.code
def by_the_code_in_windows(v: Values) -> Values:
    activation = "identity" if v[r"\phi(z)"] is same else "tanh"
    weights = (v["W_{hx}"], v["W_{hh}"], v["W_{qh}"])
    xs, ys = ([*v[symbol].values()] for symbol in ("x_t", "y_t"))
    o, cache = forward(xs, v["h_0"], *weights, activation)
    return {"G_K": truncated(cache, o - ys, v["K"])["dW_hh"]}


def cut_paths_alike(draw: Draw, values: Values) -> None:
    """Change the network so that all paths which are cut point the
    same way: all states along a, which W_hh lengthens most, and so
    the errors but for the first."""
    a = values["h_0"] / np.linalg.norm(values["h_0"])
    q, r = values["y_t"][1], values["x_t"][1]
    W, W_out = values["W_{hh}"], values["W_{qh}"]
    aside = np.eye(len(a)) - np.outer(a, a)
    W = np.outer(a, a) + aside @ W @ aside / (2 * np.linalg.norm(W, 2))
    W *= 0.5 + draw.rng.random()
    W_out = np.outer(q, a) + W_out - np.outer(q, q @ W_out) / (q @ q)
    h = values["h_0"]
    for t in values["x_t"]:
        values["x_t"][t] = r * draw.rng.random()
        h = a * (r @ values["x_t"][t]) + W @ h
        if t > 1:
            error = q * (0.5 + draw.rng.random())
            values["y_t"][t] = W_out @ h - error
    values |= {"W_{hx}": np.outer(a, r), "W_{hh}": W, "W_{qh}": W_out}
    values[r"\phi(z)"] = same


def open_a_path(values: Values) -> None:
    """Change the network so that W_hh twice is 0, and is not with
    slopes between; only the last step has a loss beyond a window."""
    a, b = values["W_{hh}"][:, 0], values["W_{hh}"][:, 1]
    W = np.outer(a, b - a * (a @ b) / (a @ a))
    h = values["h_0"]
    for t in range(1, values["T"]):
        h = np.tanh(values["W_{hx}"] @ values["x_t"][t] + W @ h)
    values["y_t"][values["T"] - 1] = values["W_{qh}"] @ h
    values |= {"W_{hh}": W, r"\phi(z)": np.tanh}


MISSING = r"\frac{\mathrm{d}L}{\mathrm{d}W_{hh}} - G_K"


@worth(
    "bptt.20",
    spared={
        "bptt.20": {
            rf"norm: \lVert{MISSING}\rVert_F": (
                rf"\lVert {MISSING} \rVert_2"
                rf"\le \lVert {MISSING} \rVert_F"
            )
        }
    },
)
def what_windows_may_miss(draw: Draw) -> Values:
    values = windows(draw)
    if draw.tight:
        cut_paths_alike(draw, values)
    elif values["T"] == 4 and values["K"] == 2 < 1 + len(values["h_0"]):
        open_a_path(values)
    return values | {"G_K": of_windows(values)}
