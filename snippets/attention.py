"""Attention: every place looks at others and mixes what it finds.

A place is a row: X is (T, d), or (m, T, d) for a batch of m. The
matrices of weights are applied as X @ W.
"""

# --8<-- [start:imports]
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
Params = dict[str, Array]
# --8<-- [end:imports]

from snippets.activations import softmax  # noqa: E402
from snippets.rnn import rows, shaped  # noqa: E402
from snippets.whole import whole_number  # noqa: E402


# --8<-- [start:check]
def check_fit(Q: Array, K: Array, V: Array) -> None:
    """ValueError unless (…, T_q, d_k), (…, T_k, d_k), (…, T_k, d_v)
    with the same … and no size 0."""
    shapes = Q.shape, K.shape, V.shape
    fits = (
        all(len(shape) >= 2 and 0 not in shape for shape in shapes)
        and Q.shape[:-2] == K.shape[:-2] == V.shape[:-2]
        and Q.shape[-1] == K.shape[-1]
        and K.shape[-2] == V.shape[-2]
    )
    if not fits:
        expected = "(…, T_q, d_k), (…, T_k, d_k), (…, T_k, d_v)"
        raise ValueError(f"Q, K, V must be {expected}, got {shapes}")


def check_mask(mask: Mask, T_q: int, T_k: int) -> None:
    """ValueError unless a boolean (T_q, T_k) that lets each place
    look somewhere."""
    if mask.dtype != bool or mask.shape != (T_q, T_k):
        raise ValueError(
            f"mask must be boolean and ({T_q}, {T_k}), "
            f"got {mask.dtype} and {mask.shape}"
        )
    nowhere = np.flatnonzero(~mask.any(axis=1))
    if nowhere.size:
        raise ValueError(f"place {nowhere[0]} may look nowhere")


# --8<-- [end:check]


# --8<-- [start:cache]
class AttentionCache(NamedTuple):
    """What goes in, and the weights A (…, T_q, T_k)."""

    Q: Array
    K: Array
    V: Array
    A: Array


# --8<-- [end:cache]


# --8<-- [start:attention]
def attention(
    Q: ArrayLike, K: ArrayLike, V: ArrayLike, mask: Mask | None = None
) -> tuple[Array, AttentionCache]:
    """What each query finds, (…, T_q, d_v), and the cache.

    Q (…, T_q, d_k), K (…, T_k, d_k), V (…, T_k, d_v); mask
    (T_q, T_k), True where a place may look. ValueError if the shapes
    do not fit, or a place may look nowhere.
    """
    Q, K, V = (np.asarray(a, dtype=np.float64) for a in (Q, K, V))
    check_fit(Q, K, V)
    S = Q @ K.mT / np.sqrt(Q.shape[-1])  # (att.1)
    if mask is not None:
        check_mask(mask, *S.shape[-2:])
        S = np.where(mask, S, -np.inf)
    A = softmax(S)  # (att.2)
    return A @ V, AttentionCache(Q, K, V, A)  # (att.3)


# --8<-- [end:attention]


# --8<-- [start:causal_mask]
def causal_mask(T: int) -> Mask:
    """(T, T): a place may look at itself and at earlier ones.

    ValueError if T is below 1.
    """
    T = whole_number("T", T, 1)
    return np.tri(T, dtype=np.bool_)


# --8<-- [end:causal_mask]


# --8<-- [start:backward]
def backward(
    cache: AttentionCache, dO: ArrayLike
) -> tuple[Array, Array, Array]:
    """dQ, dK, dV from dL/dO; ValueError if its shape is wrong."""
    Q, K, V, A = cache
    dO = shaped("dO", dO, *Q.shape[:-1], V.shape[-1])
    dV = A.mT @ dO  # (att.5)
    dA = dO @ V.mT  # (att.6)
    mean = np.sum(A * dA, axis=-1, keepdims=True)
    dS = A * (dA - mean)  # (att.7)
    dS = dS / np.sqrt(Q.shape[-1])
    return dS @ K, dS.mT @ Q, dV  # (att.8), (att.9)


# --8<-- [end:backward]


# --8<-- [start:heads]
def split_heads(X: Array, heads: int) -> Array:
    """(…, T, d) as (…, heads, T, d/heads): blocks of columns."""
    *m, T, d = X.shape
    return X.reshape(*m, T, heads, d // heads).swapaxes(-2, -3)


def join_heads(X: Array) -> Array:
    """(…, heads, T, n) as (…, T, heads · n), side by side."""
    *m, heads, T, n = X.shape
    return X.swapaxes(-2, -3).reshape(*m, T, heads * n)


# --8<-- [end:heads]


# --8<-- [start:check_heads]
def check_heads(params: Params, X: Array, heads: int) -> None:
    """ValueError unless X (T, d) or (m, T, d), all W (d, d), and
    heads divides d."""
    if X.ndim not in (2, 3) or X.size == 0:
        raise ValueError(
            f"X must be (T, d) or (m, T, d), got {X.shape}"
        )
    d = X.shape[-1]
    for name in ("W_q", "W_k", "W_v", "W_o"):
        shaped(name, params[name], d, d)
    if d % whole_number("heads", heads, 1):
        raise ValueError(f"heads must divide d = {d}, got {heads}")


class MultiHeadCache(NamedTuple):
    """Input, joined heads (both shaped as X), and the heads'."""

    X: Array
    H: Array
    inner: AttentionCache


# --8<-- [end:check_heads]


# --8<-- [start:multi_head]
def multi_head(
    params: Params, X: Array, heads: int, mask: Mask | None = None
) -> tuple[Array, MultiHeadCache]:
    """Each head attends in its own columns; shaped as X.

    X (T, d) or (m, T, d), W_q, W_k, W_v, W_o (d, d). ValueError if
    the shapes do not fit, or heads does not divide d.
    """
    check_heads(params, X, heads)
    Q, K, V = (
        split_heads(X @ params[name], heads)
        for name in ("W_q", "W_k", "W_v")
    )
    O, inner = attention(Q, K, V, mask)
    H = join_heads(O)
    Y = H @ params["W_o"]  # (att.10)
    return Y, MultiHeadCache(X, H, inner)


# --8<-- [end:multi_head]


# --8<-- [start:multi_head_backward]
def multi_head_backward(
    params: Params, cache: MultiHeadCache, dY: ArrayLike
) -> tuple[Params, Array]:
    """Gradients of the W, and dX; ValueError if dY's shape is wrong."""
    X, H, inner = cache
    dY = shaped("dY", dY, *X.shape)
    heads = inner.A.shape[-3]
    dH = split_heads(dY @ params["W_o"].T, heads)
    grads = {"W_o": rows(H).T @ rows(dY)}
    dX = np.zeros_like(X)
    dQ, dK, dV = backward(inner, dH)
    for name, d in (("W_q", dQ), ("W_k", dK), ("W_v", dV)):
        joined = join_heads(d)
        grads[name] = rows(X).T @ rows(joined)
        dX += joined @ params[name].T  # three paths meet in X
    return grads, dX


# --8<-- [end:multi_head_backward]


# --8<-- [start:positions]
def positions(T: int, d: int) -> Array:
    """(T, d): a row for each place t = 0 … T − 1; sine in even
    columns, cosine in odd ones, slower from pair to pair.

    ValueError if T or d is below 1.
    """
    T, d = whole_number("T", T, 1), whole_number("d", d, 1)
    pair, odd = np.divmod(np.arange(d), 2)
    angle = np.arange(T)[:, None] / 10000.0 ** (2 * pair / d)
    return np.where(odd, np.cos(angle), np.sin(angle))


# --8<-- [end:positions]
