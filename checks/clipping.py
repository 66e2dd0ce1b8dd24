"""What the symbols of ``clipping.md`` are worth."""

import numpy as np

from checks.backprop import same, softplus, wave
from engine.equations import Draw, Each, Formula, Values, worth
from snippets.backprop import cross_entropy
from snippets.bptt import forward
from snippets.clipping import (
    clip_by_global_norm,
    clip_by_value,
    global_norm,
    largest_entry,
    perplexity,
)


def normal(draw: Draw, W: np.ndarray) -> np.ndarray:
    """A matrix made of W that lengthens its eigenvectors most; they
    are real or complex."""
    turning = W - W.T + draw.rng.normal() * np.eye(len(W))
    chosen: np.ndarray = draw.some(W + W.T, turning)
    return chosen


def network(draw: Draw) -> Values:
    """Weights, inputs and the first state."""
    T = draw.size("T", most=3)
    return {
        "T": T,
        "t": Each(range(T)),
        "W_{hx}": draw("W_{hx}", scale=1),
        "W_{hh}": draw("W_{hh}", scale=1),
        "x_t": draw.each("x_t", range(1, T + 1), scale=1),
        "h_0": draw("h_t", scale=1),
    }


def squared_to_zero(W: np.ndarray) -> np.ndarray:
    """A matrix made of W whose square is 0."""
    a, b = W[:, 0], W[:, 1]
    square: np.ndarray = np.outer(a, b - a * (a @ b) / (a @ a))
    return square


@worth("clip.3")
def any_activation(draw: Draw) -> Values:
    phi = draw.some(wave, softplus, same)
    return network(draw) | {r"\phi(z)": phi}


@worth()
def a_network_with_tanh(draw: Draw) -> Values:
    values = network(draw)
    return values | {
        "t": Each(range(1, values.pop("T") + 1)),
        "W_{qh}": draw("W_{qh}", scale=1),
        r"\phi(z)": np.tanh,
    }


@a_network_with_tanh.code
def by_the_forward_pass(v: Values) -> Values:
    weights = v["W_{hx}"], v["W_{hh}"], v["W_{qh}"]
    o, cache = forward([*v["x_t"].values()], v["h_0"], *weights)
    return {"o_t": lambda t: o[t - 1], "h_t": lambda t: cache.hs[t]}


def oblique(draw: Draw, n: int) -> tuple[np.ndarray, np.ndarray]:
    """A matrix whose odd powers are as long as the condition number
    of its eigenvectors allows, and these: two are not orthogonal."""
    angle = draw.rng.uniform(0.3, 1.2)
    V, signs = np.eye(n), np.ones(n)
    V[:2, 1], signs[1] = (np.cos(angle), np.sin(angle)), -1
    V = np.linalg.qr(draw.rng.normal(size=(n, n)))[0] @ V
    W = draw.rng.uniform(0.5, 2) * V @ np.diag(signs) @ np.linalg.inv(V)
    return W, V


def eigenvalue(i: int, W: np.ndarray) -> complex:
    """One of the eigenvalues, numbered from 1."""
    return complex(np.linalg.eigvals(np.atleast_2d(W))[i - 1])


@worth(
    "clip.7",
    "clip.8",
    spared={
        r"\rho(W)": {
            r"index: \max_i|\lambda_i(W)|": (
                r"\max_i |\lambda_{i-1}(W)| = \rho(W)"
            ),
            r"transpose: \max_i|\lambda_i(W)|": (
                r"\rho(W^\top) = \rho(W)"
            ),
        },
        "clip.8": {"transpose: W": r"\rho(W^\top) = \rho(W)"},
    },
)
def powers_of_a_matrix(draw: Draw) -> Values:
    n, k, W = draw.size("n"), draw.size("k"), draw("W", scale=1)
    return {
        "k": k,
        "i": Each(range(1, n + 1)),
        "W": normal(draw, W) if draw.tight else W,
        r"\lambda_i(W)": eigenvalue,
    }


@worth(
    "clip.9",
    spared={
        "clip.9": {
            "transpose: W": r"\rho(W^\top) = \rho(W)",
            r"transpose: \kappa(V)\rho(W)^k": (
                r"\kappa(V^\top) = \kappa(V)"
            ),
        },
    },
)
def powers_by_their_eigenvectors(draw: Draw) -> Values:
    """Which may have any lengths; tight where two are oblique."""
    n, k, W = draw.size("n"), draw.size("k"), draw("W", scale=1)
    V = np.linalg.eig(W)[1] * draw.rng.uniform(0.5, 2, size=n)
    if draw.tight and n > 1:
        k, (W, V) = k + 1 - k % 2, oblique(draw, n)
    return {
        "k": k,
        "i": Each(range(1, n + 1)),
        "W": W,
        "V": V,
        r"\lambda_i(W)": eigenvalue,
    }


@worth()
def eigenvalues_on_a_diagonal(draw: Draw) -> Values:
    W = draw("W", scale=1)
    found, V = np.linalg.eig(W)
    k = draw.size("k")
    return {"W": W, "V": V, r"\Lambda": np.diag(found), "k": k}


@worth("clip.10")
def slopes_of_at_most_one(draw: Draw) -> Values:
    draw.size("T", most=4)
    values = network(draw) | {r"\phi(z)": draw.some(np.tanh, same)}
    values["t"] = Each([draw.number // 2 % values["T"]])
    if draw.tight:
        values[r"\phi(z)"] = same
        values["W_{hh}"] = normal(draw, values["W_{hh}"])
    elif draw.number % 2 and len(values["h_0"]) > 1:
        # W W is 0, and W D W is not
        values[r"\phi(z)"] = np.tanh
        values["W_{hh}"] = squared_to_zero(values["W_{hh}"])
    return values


@worth("clip.1")
def a_factor_out_of_the_sum(draw: Draw) -> Values:
    n_q, o = draw.size("n_q"), draw("o")
    return {
        "k": Each(range(1, n_q + 1)),
        "o_k": dict(enumerate(o, 1)),
        "c": draw("c"),
    }


@worth()
def the_cost_of_a_text(draw: Draw) -> Values:
    o = draw("o")
    return {
        "k": Each(range(1, len(o) + 1)),
        "o_k": dict(enumerate(o, 1)),
        "y": int(draw.rng.integers(1, len(o) + 1)),
        r"\bar{\mathcal{L}}": draw(r"\bar{\mathcal{L}}"),
    }


@the_cost_of_a_text.code
def by_softmax_and_exp(v: Values) -> Values:
    o = np.array([*v["o_k"].values()])
    target = np.eye(len(o))[v["y"] - 1]
    return {
        r"\mathcal{L}": cross_entropy(o, target),
        r"\mathrm{PP}": perplexity(v[r"\bar{\mathcal{L}}"]),
    }


@worth("clip.2")
def the_largest_number(draw: Draw) -> Values:
    return {}


def gradient(draw: Draw) -> Values:
    """A gradient as a whole, and its entries."""
    n, g = draw.size("n"), draw("g")
    return {
        "i": Each(range(1, n + 1)),
        "g": g,
        "g_i": dict(enumerate(g, 1)),
    }


@worth("clip.4", "clip.5")
def clipping_the_norm(draw: Draw) -> Values:
    return gradient(draw) | {r"\theta": draw(r"\theta")}


@clipping_the_norm.code
def two_arrays_clipped_by_the_code(v: Values) -> Values:
    grads = [v["g"][:1], v["g"][1:]]
    clipped = clip_by_global_norm(grads, v[r"\theta"])
    return {
        r"\tilde g": np.concatenate(clipped),
        r"\lVert g \rVert": global_norm(grads),
        "M": largest_entry(grads),
    }


@worth("clip.6")
def clipping_every_entry(draw: Draw) -> Values:
    values, beta = gradient(draw), draw(r"\beta")
    g = values["g"]
    if draw.tight:  # one entry is far larger than all others
        g = beta * draw.rng.uniform(1, 2, size=len(g))
        g[-1] *= -1e9
    return values | {
        "n": len(g),
        "g": g,
        "g_i": dict(enumerate(g, 1)),
        r"\beta": min(beta, np.max(np.abs(g))),
        "v": Formula(r"\max(-\beta, \min(g, \beta))"),
    }


@clipping_every_entry.code
def entries_clipped_by_the_code(v: Values) -> Values:
    (clipped,) = clip_by_value([v["g"]], v[r"\beta"])
    return {"v": clipped, "v_i": lambda i: clipped[i - 1]}


@worth(
    "clip.11",
    spared={
        "clip.11": {
            r"power: \lVert Q^kx\rVert": (
                r"\lVert Q x \rVert = \lVert x \rVert"
            ),
            r"transpose: \lVert Q^kx\rVert": (
                r"\lVert Q^\top x \rVert = \lVert x \rVert"
            ),
        }
    },
)
def an_orthogonal_matrix(draw: Draw) -> Values:
    return {
        "k": draw.size("k"),
        "Q": np.linalg.qr(draw("Q"))[0],
        "x": draw("x"),
    }
