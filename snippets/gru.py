"""The gated recurrent unit, forward and backward.

One sequence is (T, n_x), a batch (T, m, n_x), a state (n_h,) or
(m, n_h): a sample is a row. The blocks of a_t = W_xᵀ x_t + b_x and
of u_t = W_hᵀ h_{t−1} + b_h are reset, update and candidate.
"""

# --8<-- [start:imports]
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
Params = dict[str, Array]
# --8<-- [end:imports]

from snippets.activations import sigmoid  # noqa: E402
from snippets.lstm import blocks  # noqa: E402
from snippets.rnn import rows, sequence, shaped  # noqa: E402
from snippets.whole import whole_number  # noqa: E402


# --8<-- [start:init]
def init(n_x: int, n_h: int, rng: np.random.Generator) -> Params:
    """W_x (n_x, 3n_h), W_h (n_h, 3n_h), b_x and b_h (3n_h,).

    Weights between ±1/√n_h, biases 0. ValueError if n_x or n_h is
    below 1.
    """
    n_x, n_h = whole_number("n_x", n_x, 1), whole_number("n_h", n_h, 1)
    r = 1 / np.sqrt(n_h)
    return {
        "W_x": rng.uniform(-r, r, (n_x, 3 * n_h)),
        "W_h": rng.uniform(-r, r, (n_h, 3 * n_h)),
        "b_x": np.zeros(3 * n_h),
        "b_h": np.zeros(3 * n_h),
    }


# --8<-- [end:init]


# --8<-- [start:weights]
def gru_weights(params: Params) -> tuple[Array, Array, Array, Array]:
    """W_x, W_h, b_x, b_h; ValueError unless all have 3n_h columns."""
    n_h = np.size(params["b_h"]) // 3
    return (
        shaped("W_x", params["W_x"], "n_x", 3 * n_h),
        shaped("W_h", params["W_h"], n_h, 3 * n_h),
        shaped("b_x", params["b_x"], 3 * n_h),
        shaped("b_h", params["b_h"], 3 * n_h or "3n_h"),
    )


# --8<-- [end:weights]


# --8<-- [start:cache]
class GRUCache(NamedTuple):
    """For all steps; hs holds one more, step 0.

    gates (…, 3n_h) are r, z and n; u_n is n's block of u.
    """

    xs: Array
    hs: Array
    gates: Array
    u_n: Array


# --8<-- [end:cache]


# --8<-- [start:forward]
def forward(
    params: Params, xs: ArrayLike, h0: ArrayLike
) -> tuple[Array, GRUCache]:
    """All h_t, (T, n_h) or (T, m, n_h), and the cache.

    ValueError if the shapes do not fit or xs is empty.
    """
    W_x, W_h, b_x, b_h = gru_weights(params)
    xs = sequence(xs, len(W_x))
    T, *m, _ = xs.shape
    n_h = len(W_h)

    hs, u_n = np.empty((T + 1, *m, n_h)), np.empty((T, *m, n_h))
    hs[0] = shaped("h0", h0, *m, n_h)
    gates = (rows(xs) @ W_x + b_x).reshape(T, *m, 3 * n_h)
    r_z, (r, z, n) = gates[..., : 2 * n_h], blocks(gates, 3)
    for t in range(T):  # hs[t] is h_t, and the first x is xs[0]
        u = hs[t] @ W_h + b_h
        u_n[t] = u[..., 2 * n_h :]
        r_z[t] = sigmoid(r_z[t] + u[..., : 2 * n_h])
        n[t] = np.tanh(n[t] + r[t] * u_n[t])
        hs[t + 1] = n[t] + z[t] * (hs[t] - n[t])  # (gru.1)
    return hs[1:], GRUCache(xs, hs, gates, u_n)


# --8<-- [end:forward]


# --8<-- [start:backward]
def backward(
    params: Params, cache: GRUCache, dhs: ArrayLike
) -> tuple[dict[str, Array], Array, Array]:
    """Gradients of L from ∂⁺L/∂h_t, which is shaped as the h_t.

    Returns those of the params, and dxs, dh0. ValueError if the
    shape of dhs is wrong.
    """
    W_x, W_h, _, _ = gru_weights(params)
    xs, hs, gates, u_n = cache
    dhs = shaped("dhs", dhs, *hs[1:].shape)
    r, z, n = blocks(gates, 3)

    # First the factors of dL/dh_t in da_t, for all steps
    das = np.empty_like(gates)
    da_r, da_z, da_n = blocks(das, 3)
    da_n[:] = (1 - z) * (1 - n**2)  # (gru.2)
    da_r[:] = da_n * u_n * r * (1 - r)  # (gru.3)
    da_z[:] = (hs[:-1] - n) * z * (1 - z)  # (gru.4)
    dus = das.copy()  # (gru.6)
    blocks(dus, 3)[2] *= r  # (gru.5)
    dh = np.zeros_like(hs[0])
    for t in reversed(range(len(xs))):
        dh = dh + dhs[t]  # (gru.7)
        thrice = np.concatenate([dh, dh, dh], axis=-1)
        das[t] *= thrice
        dus[t] *= thrice
        dh = dh * z[t] + dus[t] @ W_h.T  # on, or (gru.13)
    da, du = rows(das), rows(dus)
    grads = {
        "W_x": rows(xs).T @ da,  # (gru.8)
        "W_h": rows(hs[:-1]).T @ du,  # (gru.9)
        "b_x": da.sum(axis=0),  # (gru.10)
        "b_h": du.sum(axis=0),  # (gru.11)
    }
    dxs = (da @ W_x.T).reshape(xs.shape)  # (gru.12)
    return grads, dxs, dh


# --8<-- [end:backward]
