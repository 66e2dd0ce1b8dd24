"""A recurrent cell, and its forward pass over a whole sequence.

One sequence is (T, n_x), a batch of m of them (T, m, n_x); a state
is (n_h,) or (m, n_h): in arrays a sample is a row.
"""

# --8<-- [start:imports]
import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
# --8<-- [end:imports]


# --8<-- [start:shaped]
def shaped(name: str, a: ArrayLike, *shape: int | str) -> Array:
    """a in float64; ValueError unless it has this shape, in which
    a size may be a name: any number but 0."""
    a = np.asarray(a, dtype=np.float64)
    fits = a.ndim == len(shape) and all(
        got > 0 if isinstance(want, str) else got == want
        for got, want in zip(a.shape, shape, strict=True)
    )
    if not fits:
        expected = f"({', '.join(map(str, shape))})"
        raise ValueError(f"{name} must be {expected}, got {a.shape}")
    return a


# --8<-- [end:shaped]


# --8<-- [start:sequence]
def sequence(xs: ArrayLike, n_x: int) -> Array:
    """xs in float64; ValueError if not (T, n_x) or (T, m, n_x), or
    if there is no step or no sample."""
    xs = np.asarray(xs, dtype=np.float64)
    fits = xs.ndim in (2, 3) and xs.shape[-1] == n_x
    if not fits or xs.size == 0:
        expected = f"(T, {n_x}) or (T, m, {n_x}), none of them 0"
        raise ValueError(f"xs must be {expected}, got {xs.shape}")
    return xs


# --8<-- [end:sequence]


# --8<-- [start:rows]
def rows(a: Array) -> Array:
    """All steps of all samples, one below the other: (T·m, n)."""
    return a.reshape(-1, a.shape[-1])


# --8<-- [end:rows]


# --8<-- [start:cell]
def cell(x: ArrayLike, h: ArrayLike, w: Array, b: Array) -> Array:
    """The next state: tanh([h, x] w + b), shaped as h.

    x (n_x,) or (m, n_x), h (n_h,) or (m, n_h), w (n_h + n_x, n_h).
    ValueError if the shapes do not fit.
    """
    n_h = np.size(b)
    h = shaped("h", h, *np.shape(x)[:-1], n_h)
    x = shaped("x", x, *h.shape[:-1], "n_x")
    w = shaped("w", w, n_h + x.shape[-1], n_h)
    b = shaped("b", b, n_h or "n_h")
    both = np.concatenate([h, x], axis=-1)  # the state comes first
    return np.tanh(both @ w + b)


# --8<-- [end:cell]


# --8<-- [start:split]
def split(w: Array) -> tuple[Array, Array]:
    """W_hh (n_h, n_h) and W_hx (n_h, n_x) from w (n_h + n_x, n_h).

    ValueError if w leaves no row for x.
    """
    w = shaped("w", w, "n_h + n_x", "n_h")
    n_h = w.shape[1]
    if len(w) <= n_h:
        raise ValueError(f"w must be (n_h + n_x, n_h), got {w.shape}")
    return w[:n_h].T, w[n_h:].T  # (rnn.1)


# --8<-- [end:split]


# --8<-- [start:forward]
def forward(
    xs: ArrayLike,
    h0: ArrayLike,
    w: Array,
    b: Array,
    w_out: Array,
    b_out: ArrayLike,
) -> tuple[Array, Array]:
    """Outputs (T, n_q) and states (T, n_h), or with m after T.

    xs (T, n_x) or (T, m, n_x), h0 (n_h,) or (m, n_h), w_out
    (n_h, n_q). ValueError if the shapes do not fit or xs is empty.
    """
    W_hh, W_hx = split(w)
    n_h, n_x = W_hx.shape
    xs = sequence(xs, n_x)
    h = shaped("h0", h0, *xs.shape[1:-1], n_h)
    b = shaped("b", b, n_h)
    w_out = shaped("w_out", w_out, n_h, "n_q")
    b_out = shaped("b_out", np.atleast_1d(b_out), w_out.shape[1])

    hs = rows(xs) @ W_hx.T + b  # (rnn.3)
    hs = hs.reshape(*xs.shape[:-1], n_h)
    for t in range(len(xs)):
        h = hs[t] = np.tanh(h @ W_hh.T + hs[t])  # (rnn.2)
    return hs @ w_out + b_out, hs  # (rnn.4)


# --8<-- [end:forward]
