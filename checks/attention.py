"""What the symbols of ``attention.md`` are worth."""

from itertools import product
from math import prod

import numpy as np
from scipy.special import softmax

from engine.equations import Draw, Each, Formula, Mean, Values, worth
from snippets import attention


def rows_of_softmax(z: np.ndarray) -> np.ndarray:
    """Each row by itself."""
    return np.asarray(softmax(z, axis=-1))


def places(draw: Draw) -> Values:
    """Queries, keys, values, and one place by its unit vector."""
    T = draw.size("T", most=3)
    unit = dict(enumerate(np.eye(T)))
    return {
        "T": T,
        "d_k": draw.size("d_k", most=3),
        "Q": draw("Q"),
        "K": draw("K"),
        "V": draw("V"),
        "i": Each(range(T)),
        "j": Each(range(T)),
        "e_i": lambda i: unit.get(i, np.full(T, 0.5)),
        "q_i": Formula(r"Q^\top e_i"),
        "k_j": Formula(r"K^\top e_j"),
        "v_j": Formula(r"V^\top e_j"),
        "s_{ij}": Formula(r"e_i^\top S e_j"),
        "a_{ij}": Formula(r"e_i^\top A e_j"),
        "o_i": Formula(r"O^\top e_i"),
        r"\operatorname{softmax}(z)": rows_of_softmax,
    }


@worth("att.1", "att.2", "att.3")
def one_look_up(draw: Draw) -> Values:
    return places(draw)


@one_look_up.code
def by_the_code(v: Values) -> Values:
    O, cache = attention.attention(v["Q"], v["K"], v["V"])
    return {"A": cache.A, "O": O}


@worth()
def queries_keys_and_values(draw: Draw) -> Values:
    X, made = draw("X"), {}
    weights = {f"W_{one}": draw(f"W_{one}") for one in "qkv"}
    for one in "qkv":
        made[one.upper()] = np.einsum(
            "td,de->te", X, weights[f"W_{one}"]
        )
    return {"X": X, **weights, **made}


@worth()
def pairs_of_columns(draw: Draw) -> Values:
    d = 2 * (1 + draw.number % 4)
    return {"d": d, "m": Each(range(d // 2))}


@pairs_of_columns.code
def by_the_encoding_of_place_1(v: Values) -> Values:
    P = attention.positions(2, v["d"])
    return {r"\omega_m": lambda m: float(np.arcsin(P[1, 2 * m]))}


@worth("att.4")
def the_square_of_a_dot_product(draw: Draw) -> Values:
    """Independent, with mean 0 and variance 1, of either law."""
    d_k = draw.size("d_k", most=4)
    law = draw.some(
        ((2.0, 0.2), (-0.5, 0.8)),
        ((3**0.5, 1 / 6), (-(3**0.5), 1 / 6), (0.0, 2 / 3)),
    )
    every = tuple(
        (prod(p for _, p in one), np.array([q for q, _ in one]))
        for one in product(law, repeat=d_k)
    )
    return {
        "q": draw("q"),
        "k": draw("k"),
        r"\mathbb{E}": Mean("q", every),
    }


@worth("att.5", "att.6", "att.8", "att.9")
def gradients(draw: Draw) -> Values:
    v = places(draw)
    names = ("T", "d_k", "Q", "K", "V", r"\operatorname{softmax}(z)")
    T, d_v = v["V"].shape
    return {name: v[name] for name in names} | {
        "L": Formula(r"c + \frac12 \lVert O - G \rVert_F^2"),
        "G": draw.rng.normal(size=(T, d_v)),
        "c": draw.rng.normal(),
    }


@gradients.code
def by_the_backward_pass(v: Values) -> Values:
    O, cache = attention.attention(v["Q"], v["K"], v["V"])
    dQ, dK, dV = attention.backward(cache, O - v["G"])
    return {
        r"\frac{\mathrm{d} L}{\mathrm{d} Q}": dQ,
        r"\frac{\mathrm{d} L}{\mathrm{d} K}": dK,
        r"\frac{\mathrm{d} L}{\mathrm{d} V}": dV,
    }


@worth("att.7")
def gradient_of_the_scores(draw: Draw) -> Values:
    T = draw.size("T", most=3)
    pairs = list(product(range(T), repeat=2))
    return {
        "T": T,
        "i": Each(range(T)),
        "j": Each(range(T)),
        "s_{ij}": draw.each("s_{ij}", pairs),
        "a_{ij}": Formula(r"e^{s_{ij}} / \sum_{l=0}^{T-1} e^{s_{il}}"),
        "G_{ij}": draw.each("s_{ij}", pairs),
        "c": draw.rng.normal(),
        "L": Formula(
            r"c + \frac12 \sum_{i=0}^{T-1} \sum_{j=0}^{T-1}"
            r" (a_{ij} - G_{ij})^2"
        ),
    }


@worth("att.10")
def two_heads(draw: Draw) -> Values:
    H = draw("H")
    left, right = np.hsplit(np.eye(H.shape[1]), 2)
    return {
        "H": H,
        "P^1": left,
        "P^2": right,
        "O^1": Formula("H P^1"),
        "O^2": Formula("H P^2"),
        "W_o^1": draw("W_o^1"),
        "W_o^2": draw("W_o^2"),
    }


@worth("att.11")
def shuffled_places(draw: Draw) -> Values:
    T = draw.size("T", most=4)
    return {
        "S": draw("S"),
        "V": draw("V"),
        r"\Pi": np.eye(T)[draw.rng.permutation(T)],
        r"\operatorname{softmax}(z)": rows_of_softmax,
    }


@worth(
    "att.12",
    spared={
        "att.12": {
            r"sign: p_t^{\top}p_{t + \delta}": (
                r"p_t^\top p_{t - \delta} = p_t^\top p_{t + \delta}"
            )
        }
    },
)
def distance_of_positions(draw: Draw) -> Values:
    """For few frequencies, and once for hundreds."""
    d, t, delta = draw("d"), draw("t"), draw(r"\delta")
    d = 500 if draw.number == 7 else d + d % 2  # they come in pairs
    pairs = d // 2
    frequencies = {m: 10000 ** (-2 * m / d) for m in range(pairs)}

    def position(t: float) -> np.ndarray:
        turns = [t * frequencies[m] for m in range(pairs)]
        return np.ravel([(np.sin(a), np.cos(a)) for a in turns])

    return {
        "d": d,
        "t": t,
        r"\delta": delta,
        r"\omega_m": frequencies,
        "p_t": position,
        r"\cos(z)": np.cos,
    }


@worth("att.13")
def products_of_a_layer(draw: Draw) -> Values:
    """Rows times inner size times columns of each product."""
    T, d = draw("T"), draw("d")
    projections = [(T, d, d)] * 4
    pairs = [(T, d, T), (T, T, d)]
    return {
        "T": T,
        "d": d,
        "N": sum(prod(sizes) for sizes in projections + pairs),
    }
