"""Long short-term memory, forward and backward.

One sequence is (T, n_x), a batch (T, m, n_x), a state (n_h,) or
(m, n_h): a sample is a row, so z_t = W_xᵀ x_t + W_hᵀ h_{t−1} + b is
x @ W_x + h @ W_h + b. Its blocks: input, forget, candidate, output.
"""

# --8<-- [start:imports]
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
Params = dict[str, Array]
# --8<-- [end:imports]

from snippets.activations import sigmoid  # noqa: E402
from snippets.rnn import rows, sequence, shaped  # noqa: E402
from snippets.whole import whole_number  # noqa: E402


# --8<-- [start:init]
def init(
    n_x: int,
    n_h: int,
    rng: np.random.Generator,
    forget_bias: float = 1.0,
) -> Params:
    """W_x (n_x, 4n_h), W_h (n_h, 4n_h) and b (4n_h,).

    Weights between ±1/√n_h, biases 0, but for the forget gate's.
    ValueError if n_x or n_h is below 1.
    """
    n_x, n_h = whole_number("n_x", n_x, 1), whole_number("n_h", n_h, 1)
    r = 1 / np.sqrt(n_h)
    b = np.zeros(4 * n_h)
    b[n_h : 2 * n_h] = forget_bias
    return {
        "W_x": rng.uniform(-r, r, (n_x, 4 * n_h)),
        "W_h": rng.uniform(-r, r, (n_h, 4 * n_h)),
        "b": b,
    }


# --8<-- [end:init]


# --8<-- [start:weights]
def weights(params: Params) -> tuple[Array, Array, Array]:
    """W_x, W_h, b; ValueError unless all have 4n_h columns."""
    n_h = np.size(params["b"]) // 4
    return (
        shaped("W_x", params["W_x"], "n_x", 4 * n_h),
        shaped("W_h", params["W_h"], n_h, 4 * n_h),
        shaped("b", params["b"], 4 * n_h or "4n_h"),
    )


# --8<-- [end:weights]


# --8<-- [start:blocks]
def blocks(a: Array, k: int) -> Array:
    """The k blocks of the last axis, as views along a new first."""
    n_h = a.shape[-1] // k
    return np.moveaxis(a.reshape(*a.shape[:-1], k, n_h), -2, 0)


# --8<-- [end:blocks]


# --8<-- [start:preactivation]
INPUT, FORGET, CANDIDATE, OUTPUT = range(4)


def preactivation(
    params: Params, gate: int, x: ArrayLike, h: ArrayLike
) -> Array:
    """One gate's block of x W_x + h W_h + b, shaped as h.

    ValueError if there is no such gate or the shapes do not fit.
    """
    if gate not in (INPUT, FORGET, CANDIDATE, OUTPUT):
        raise ValueError(f"gate must be 0 to 3, got {gate}")
    W_x, W_h, b = weights(params)
    x = shaped("x", x, *np.shape(x)[:-1], len(W_x))
    h = shaped("h", h, *x.shape[:-1], len(W_h))
    own = slice(gate * len(W_h), (gate + 1) * len(W_h))
    return x @ W_x[:, own] + h @ W_h[:, own] + b[own]


# --8<-- [end:preactivation]


# --8<-- [start:forget_gate]
def forget_gate(params: Params, x: ArrayLike, h: ArrayLike) -> Array:
    """f: how much of the old cell stays, 0 to 1."""
    return sigmoid(preactivation(params, FORGET, x, h))


# --8<-- [end:forget_gate]


# --8<-- [start:input_gate]
def input_gate(params: Params, x: ArrayLike, h: ArrayLike) -> Array:
    """i: how much of the candidate is let in, 0 to 1."""
    return sigmoid(preactivation(params, INPUT, x, h))


# --8<-- [end:input_gate]


# --8<-- [start:candidate]
def candidate(params: Params, x: ArrayLike, h: ArrayLike) -> Array:
    """g: what could be written into the cell, −1 to 1."""
    return np.tanh(preactivation(params, CANDIDATE, x, h))


# --8<-- [end:candidate]


# --8<-- [start:output_gate]
def output_gate(params: Params, x: ArrayLike, h: ArrayLike) -> Array:
    """o: how much of the cell is shown, 0 to 1."""
    return sigmoid(preactivation(params, OUTPUT, x, h))


# --8<-- [end:output_gate]


# --8<-- [start:step]
def step(
    params: Params, x: ArrayLike, h: ArrayLike, c: ArrayLike
) -> tuple[Array, Array]:
    """The next h and c; ValueError if the shapes do not fit."""
    f = forget_gate(params, x, h)
    i = input_gate(params, x, h)
    g = candidate(params, x, h)
    o = output_gate(params, x, h)
    c = f * shaped("c", c, *f.shape) + i * g
    return o * np.tanh(c), c


# --8<-- [end:step]


# --8<-- [start:squash]
def squash(z: Array, is_g: NDArray[np.bool_]) -> Array:
    """tanh(z) where is_g is true, and σ(z) elsewhere."""
    squashed = sigmoid(z)
    np.tanh(z, out=squashed, where=is_g)
    return squashed


# --8<-- [end:squash]


# --8<-- [start:cache]
class LSTMCache(NamedTuple):
    """For all steps; hs and cs hold one more, step 0."""

    xs: Array
    hs: Array
    cs: Array
    gates: Array
    tanh_cs: Array


# --8<-- [end:cache]


# --8<-- [start:forward]
def forward(
    params: Params, xs: ArrayLike, h0: ArrayLike, c0: ArrayLike
) -> tuple[Array, Array, LSTMCache]:
    """All h_t and c_t, (T, n_h) or (T, m, n_h), and the cache.

    ValueError if the shapes do not fit or xs is empty.
    """
    W_x, W_h, b = weights(params)
    xs = sequence(xs, len(W_x))
    T, *m, _ = xs.shape
    n_h = len(W_h)

    hs, cs = np.empty((2, T + 1, *m, n_h))
    hs[0], cs[0] = shaped("h0", h0, *m, n_h), shaped("c0", c0, *m, n_h)
    tanh_cs = np.empty((T, *m, n_h))
    gates = (rows(xs) @ W_x + b).reshape(T, *m, 4 * n_h)
    i, f, g, o = blocks(gates, 4)
    is_g = np.repeat([False, False, True, False], n_h)
    for t in range(T):  # hs[t] is h_t, and the first x is xs[0]
        gates[t] = squash(gates[t] + hs[t] @ W_h, is_g)
        cs[t + 1] = f[t] * cs[t] + i[t] * g[t]
        tanh_cs[t] = np.tanh(cs[t + 1])
        hs[t + 1] = o[t] * tanh_cs[t]
    return hs[1:], cs[1:], LSTMCache(xs, hs, cs, gates, tanh_cs)


# --8<-- [end:forward]


# --8<-- [start:local_slopes]
def local_slopes(cache: LSTMCache) -> tuple[Array, Array]:
    """For all steps, the slopes of c in the blocks i, f, g of z
    and of h in the block o, (…, 4n_h); of h in c, (…, n_h)."""
    _, _, cs, gates, tanh_cs = cache
    i, f, g, o = blocks(gates, 4)
    slopes = np.empty_like(gates)
    c_i, c_f, c_g, h_o = blocks(slopes, 4)
    c_i[:] = g * i * (1 - i)  # (lstm.5)
    c_f[:] = cs[:-1] * f * (1 - f)  # (lstm.6)
    c_g[:] = i * (1 - g**2)  # (lstm.7)
    h_o[:] = tanh_cs * o * (1 - o)  # (lstm.8)
    return slopes, o * (1 - tanh_cs**2)  # (lstm.4)


# --8<-- [end:local_slopes]


# --8<-- [start:backward]
def backward(
    params: Params, cache: LSTMCache, dhs: ArrayLike
) -> tuple[dict[str, Array], Array, Array, Array]:
    """Gradients of L from ∂⁺L/∂h_t, which is shaped as the h_t.

    Returns those of the params, and dxs, dh0, dc0. ValueError if
    the shape of dhs is wrong.
    """
    W_x, W_h, _ = weights(params)
    xs, hs, cs, gates, _ = cache
    dhs = shaped("dhs", dhs, *hs[1:].shape)
    _, f, _, _ = blocks(gates, 4)

    dzs, dh_dc = local_slopes(cache)
    dz_i, dz_f, dz_g, dz_o = blocks(dzs, 4)
    dh = np.zeros_like(hs[0])
    dc = np.zeros_like(cs[0])
    for t in reversed(range(len(xs))):
        dh = dh + dhs[t]  # (lstm.3)
        dc = dc + dh * dh_dc[t]  # (lstm.4)
        dz_i[t] *= dc  # (lstm.5)
        dz_f[t] *= dc  # (lstm.6)
        dz_g[t] *= dc  # (lstm.7)
        dz_o[t] *= dh  # (lstm.8)
        dh = dzs[t] @ W_h.T  # on to (lstm.3), or (lstm.14)
        dc = dc * f[t]  # on to (lstm.4), or (lstm.15)
    dz = rows(dzs)
    grads = {
        "W_x": rows(xs).T @ dz,  # (lstm.10)
        "W_h": rows(hs[:-1]).T @ dz,  # (lstm.11)
        "b": dz.sum(axis=0),  # (lstm.12)
    }
    dxs = (dz @ W_x.T).reshape(xs.shape)  # (lstm.13)
    return grads, dxs, dh, dc


# --8<-- [end:backward]


# --8<-- [start:check_step]
def check_step(cache: LSTMCache, t: int) -> None:
    """ValueError unless 0 ≤ t ≤ T."""
    if not 0 <= t <= len(cache.xs):
        raise ValueError(f"t must be 0 to {len(cache.xs)}, got {t}")


# --8<-- [end:check_step]


# --8<-- [start:paths]
def direct_path(cache: LSTMCache, t: int) -> Array:
    """∏ f_k for k from t + 1 to T: ∂ᶜc_T/∂c_t, with the gates held.

    ValueError unless 0 ≤ t ≤ T.
    """
    check_step(cache, t)
    _, f, _, _ = blocks(cache.gates, 4)
    return np.prod(f[t:], axis=0)  # (lstm.16)


def whole_path(params: Params, cache: LSTMCache, t: int) -> Array:
    """dc_T/dc_t (n_h, n_h) along all paths, for one sequence.

    Entry [a, b] is what c_t[b] does to c_T[a]; h_t moves with c_t,
    but for t = 0, where h_0 is given. ValueError for a batch, or
    unless 0 ≤ t ≤ T.
    """
    check_step(cache, t)
    if cache.xs.ndim != 2:
        raise ValueError(f"one sequence only, got {cache.xs.shape}")
    _, W_h, _ = weights(params)
    _, f, _, _ = blocks(cache.gates, 4)
    slopes, dh_dc = local_slopes(cache)
    n_h = len(W_h)

    dc = np.eye(n_h)  # a row for each component of c_t
    dh = dc * dh_dc[t - 1] if t else np.zeros_like(dc)  # (lstm.17)
    for k in range(t, len(f)):
        dz = blocks(slopes[k] * (dh @ W_h), 4)  # (lstm.18)
        dc = dc * f[k] + dz[:OUTPUT].sum(axis=0)  # (lstm.19)
        dh = dc * dh_dc[k] + dz[OUTPUT]  # (lstm.20)
    return dc.T


# --8<-- [end:paths]
