"""The equations of ``rnn.md``, held against loops over numbers."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.equations import Rng, Sides, at_most, equals, equation
from snippets.gradient_check import numerical_gradient
from snippets.rnn import cell, forward, split

Array = NDArray[np.float64]


def problem(rng: Rng, n: int = 3) -> tuple[Array, Array, Array, Array]:
    """x, h, w, b; input and state of equal length, so that wrong
    orders and transposes fit."""
    shapes = ((n,), (n,), (2 * n, n), (n,))
    x, h, w, b = (rng.normal(size=shape) for shape in shapes)
    return x, h, w, b


def by_hand(x: Any, h: Any, w: Any, b: Any) -> list[float]:
    """One step of the cell, number by number."""
    return [math.tanh(v) for v in summed(x, h, w, b)]


def summed(x: Any, h: Any, w: Any, b: Any) -> list[float]:
    """The sums before tanh."""
    both = [*h, *x]
    return [
        b[i] + sum(both[j] * w[j, i] for j in range(len(both)))
        for i in range(len(b))
    ]


def jacobian(f: Callable[[Array], Any], h: Array) -> Array:
    """Central differences of all components of f, one row each."""

    def row(i: int) -> Array:
        return numerical_gradient(lambda h: f(h)[i], h)

    return np.array([row(i) for i in range(len(h))])


@equation("rnn.1")
def rounding_the_state_moves_the_output_little(rng: Rng) -> Sides:
    r"""
    \lvert \tilde o_t - o_t \rvert \le \tfrac{1}{2} \cdot 10^{-d}
    \sum_{j=1}^{n_h} \lvert (w_{\mathrm{out}})_j \rvert
    """
    w_out, d = 3 * rng.normal(size=8), int(rng.integers(1, 6))
    off = rng.uniform(0.2, 0.49, size=8) * np.sign(w_out)
    h = (rng.integers(-9, 9, size=8) + off) / 10.0**d
    rounded = [round(v, d) for v in h]
    bound = 0.5 * 10.0**-d * np.sum(np.abs(w_out))
    return at_most(
        left=abs(np.dot(rounded, w_out) - np.dot(h, w_out)),
        right=bound,
        wrong={
            "one decimal more": bound / 10,
            "weights left out": 0.5 * 10.0**-d,
        },
    )


@equation("rnn.2")
def joined_and_separate_weights_are_the_same(rng: Rng) -> Sides:
    r"""
    [h_{t-1}, x_t] \, w = h_{t-1} W_{hh}^\top + x_t W_{hx}^\top
    """
    x, h, w, b = problem(rng)
    W_hh, W_hx = split(w)
    return equals(
        left=summed(x, h, w, 0 * b),
        right=h @ W_hh.T + x @ W_hx.T,
        wrong={
            "the input first": x @ W_hh.T + h @ W_hx.T,
            "without the transpose": h @ W_hh + x @ W_hx.T,
        },
    )


@equation("rnn.3")
def a_step_with_separate_weights(rng: Rng) -> Sides:
    r"""
    h_t = \tanh\bigl( h_{t-1} W_{hh}^\top + x_t W_{hx}^\top + b \bigr)
    """
    x, h, w, b = problem(rng)
    W_hh, W_hx = split(w)
    z = h @ W_hh.T + x @ W_hx.T
    return equals(
        left=by_hand(x, h, w, b),
        right=np.tanh(z + b),
        wrong={
            "bias forgotten": np.tanh(z),
            "bias outside": np.tanh(z) + b,
            "state forgotten": np.tanh(x @ W_hx.T + b),
        },
    )


@equation("rnn.4")
def the_inputs_of_all_steps_in_one_product(rng: Rng) -> Sides:
    r"""A = X W_{hx}^\top + \mathbf{1} \, b"""
    _, h, w, b = problem(rng)
    X = rng.normal(size=(3, 3))
    W_hx = split(w)[1]
    return equals(
        left=[summed(x, 0 * h, w, b) for x in X],
        right=X @ W_hx.T + np.ones((3, 1)) * b,
        wrong={
            "without the transpose": X @ W_hx + b,
            "bias in the first step alone": X @ W_hx.T
            + np.eye(3)[:, :1] * b,
            "bias as a column": X @ W_hx.T + b[:, None],
        },
    )


@equation("rnn.5")
def the_outputs_of_all_steps_in_one_product(rng: Rng) -> Sides:
    r"""
    O = H w_{\mathrm{out}} + \mathbf{1} \, b_{\mathrm{out}}
    """
    _, h, w, b = problem(rng)
    X, w_out = rng.normal(size=(4, 3)), rng.normal(size=(3, 2))
    b_out, o, state = rng.normal(size=2), [], h.tolist()
    for x in X:
        state = by_hand(x, state, w, b)
        o.append(
            [
                b_out[q] + sum(state[j] * w_out[j, q] for j in range(3))
                for q in range(2)
            ]
        )
    O, H = forward(X, h, w, b, w_out, b_out)
    return equals(
        left=o,
        right=O,
        wrong={
            "bias forgotten": H @ w_out,
            "one step late": np.vstack([h, H[:-1]]) @ w_out + b_out,
        },
    )


@equation("rnn.6")
def the_number_of_weights_and_biases(rng: Rng) -> Sides:
    r"""N = n_h (n_h + n_x + 1) + n_q (n_h + 1)"""
    T, n_x, n_h, n_q = (int(n) for n in rng.integers(2, 7, size=4))
    shapes = ((n_h + n_x, n_h), (n_h,), (n_h, n_q), (n_q,))
    arrays = [rng.normal(size=shape) for shape in shapes]
    forward(np.ones((T, n_x)), np.zeros(n_h), *arrays)  # they fit
    return equals(
        left=sum(sum(1 for _ in a.flat) for a in arrays),
        right=n_h * (n_h + n_x + 1) + n_q * (n_h + 1),
        wrong={
            "biases forgotten": n_h * (n_h + n_x) + n_q * n_h,
            "once for each step": T * n_h * (n_h + n_x + 1)
            + T * n_q * (n_h + 1),
        },
    )


@equation("rnn.7")
def how_the_next_state_moves_with_the_last(rng: Rng) -> Sides:
    r"""
    \frac{\partial h_t}{\partial h_{t-1}} =
    \operatorname{diag}(1 - h_t \odot h_t) \, W_{hh}
    """
    x, h, w, b = problem(rng)
    new, W_hh = cell(x, h, w, b), w[:3].T
    return equals(
        left=jacobian(lambda h: by_hand(x, h, w, b), h),
        right=np.diag(1 - new * new) @ W_hh,
        wrong={
            "transposed": np.diag(1 - new * new) @ W_hh.T,
            "slope forgotten": W_hh,
            "slope on the right": W_hh @ np.diag(1 - new * new),
            "slope at the old state": np.diag(1 - h * h) @ W_hh,
        },
    )


@equation("rnn.8")
def two_states_come_closer_by_the_spectral_norm(rng: Rng) -> Sides:
    r"""
    \lVert h_t - h'_t \rVert \le
    \lVert W_{hh} \rVert_2 \, \lVert h_{t-1} - h'_{t-1} \rVert
    """
    x, _, w, b = problem(rng)
    x, b = 0.05 * x, 0.05 * b  # where tanh hardly bends
    _, S, Vt = np.linalg.svd(w[:3].T)
    one, other = 0.02 * Vt[0], -0.02 * Vt[0]  # nearly the worst
    apart = np.linalg.norm(one - other)
    new, new_other = (by_hand(x, h, w, b) for h in (one, other))
    rho = np.max(np.abs(np.linalg.eigvals(w[:3])))
    return at_most(
        left=np.linalg.norm(np.subtract(new, new_other)),
        right=np.linalg.norm(w[:3], 2) * apart,
        wrong={
            "spectral radius": rho * apart,
            "second singular value": S[1] * apart,
        },
    )
