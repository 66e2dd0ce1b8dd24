"""Backpropagation through time in a network without biases.

h_t = φ(W_hx x_t + W_hh h_{t−1}) and o_t = W_qh h_t, with W_hx
(n_h, n_x), W_hh (n_h, n_h) and W_qh (n_q, n_h). In the arrays a
sample is a row: xs is (T, n_x) or (T, m, n_x), a state (n_h,) or
(m, n_h). Hence W x is written x @ W.T.
"""

# --8<-- [start:imports]
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
# --8<-- [end:imports]

from snippets.rnn import rows, sequence, shaped  # noqa: E402
from snippets.whole import whole_number  # noqa: E402


# --8<-- [start:activation]
def identity(z: Array) -> Array:
    """φ(z) = z."""
    return z


def d_tanh_from_h(h: Array) -> Array:
    """tanh′(z) from h = tanh(z)."""
    return 1 - h**2  # (bptt.10)


# φ, and φ′(z) as a function of h = φ(z)
Function = Callable[[Array], Array]
ACTIVATIONS: dict[str, tuple[Function, Function]] = {
    "tanh": (np.tanh, d_tanh_from_h),
    "identity": (identity, np.ones_like),
}


def known(activation: str) -> str:
    """The name; ValueError unless it is one of ACTIVATIONS."""
    if activation not in ACTIVATIONS:
        names = ", ".join(ACTIVATIONS)
        raise ValueError(
            f"activation must be one of {names}, got {activation!r}"
        )
    return activation


# --8<-- [end:activation]


# --8<-- [start:forward]
class RNNCache(NamedTuple):
    """What the backward pass reads; hs holds h_0 to h_T."""

    xs: Array
    hs: Array
    W_hx: Array
    W_hh: Array
    W_qh: Array
    activation: str


def forward(
    xs: ArrayLike,
    h0: ArrayLike,
    W_hx: Array,
    W_hh: Array,
    W_qh: Array,
    activation: str = "tanh",
) -> tuple[Array, RNNCache]:
    """Outputs (T, n_q) or (T, m, n_q), and the cache.

    ValueError if the shapes do not fit, xs is empty or the
    activation is unknown.
    """
    phi, _ = ACTIVATIONS[known(activation)]
    W_hx = shaped("W_hx", W_hx, "n_h", "n_x")
    n_h, n_x = W_hx.shape
    W_hh = shaped("W_hh", W_hh, n_h, n_h)
    W_qh = shaped("W_qh", W_qh, "n_q", n_h)
    xs = sequence(xs, n_x)
    T, *m, _ = xs.shape

    zs = (rows(xs) @ W_hx.T).reshape(T, *m, n_h)
    hs = np.empty((T + 1, *m, n_h))
    hs[0] = shaped("h0", h0, *m, n_h)
    for t in range(T):  # hs[t] is h_t, and the first x is xs[0]
        hs[t + 1] = phi(zs[t] + hs[t] @ W_hh.T)
    outputs = (rows(hs[1:]) @ W_qh.T).reshape(T, *m, -1)
    return outputs, RNNCache(xs, hs, W_hx, W_hh, W_qh, activation)


# --8<-- [end:forward]


# --8<-- [start:backward]
def backward(cache: RNNCache, doutputs: ArrayLike) -> dict[str, Array]:
    """Gradients of L from ∂L/∂o_t, shaped as the outputs.

    Keys "dW_hx", "dW_hh", "dW_qh", "dh0". ValueError if the shape
    of doutputs is wrong.
    """
    xs, hs, _, W_hh, W_qh, activation = cache
    do = shaped("doutputs", doutputs, *xs.shape[:-1], len(W_qh))
    _, d_phi = ACTIVATIONS[activation]

    slopes = d_phi(hs[1:])  # (bptt.10), all steps
    dhs = (rows(do) @ W_qh).reshape(slopes.shape)  # (bptt.2)
    dzs = np.empty_like(dhs)
    dh = np.zeros_like(hs[0])  # nothing comes from after T
    for t in reversed(range(len(xs))):
        dzs[t] = slopes[t] * (dhs[t] + dh)  # (bptt.9) of (bptt.11)
        dh = dzs[t] @ W_hh  # on to (bptt.11)
    return {
        "dW_hx": rows(dzs).T @ rows(xs),  # (bptt.12)
        "dW_hh": rows(dzs).T @ rows(hs[:-1]),  # (bptt.13)
        "dW_qh": rows(do).T @ rows(hs[1:]),  # (bptt.5)
        "dh0": dh,  # (bptt.14)
    }


# --8<-- [end:backward]


# --8<-- [start:truncated]
def truncated(
    cache: RNNCache, doutputs: ArrayLike, window: int
) -> dict[str, Array]:
    """backward, with no path leading out of a window of steps.

    Keys "dW_hx", "dW_hh", "dW_qh". ValueError if window < 1.
    """
    window = whole_number("window", window, 1)
    xs, hs = cache.xs, cache.hs
    n_q = len(cache.W_qh)
    do = shaped("doutputs", doutputs, *xs.shape[:-1], n_q)
    total: dict[str, Array] = {}
    for a in range(0, len(xs), window):
        b = a + window
        part = cache._replace(xs=xs[a:b], hs=hs[a : b + 1])
        for name, grad in backward(part, do[a:b]).items():
            total[name] = total.get(name, 0) + grad  # (bptt.18)
    del total["dh0"]
    return total


# --8<-- [end:truncated]
