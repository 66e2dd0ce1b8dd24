"""Backpropagation through one hidden tanh layer with an L2 penalty.

A column is a sample: x (n_x, m), h (n_h, m), o and y (n_y, m),
W1 (n_h, n_x), W2 (n_y, n_h). One sample may be (n_x,) and (n_y,).
"""

# --8<-- [start:imports]
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
# --8<-- [end:imports]


# --8<-- [start:columns]
def columns(a: ArrayLike) -> Array:
    """One sample (n,) as a column (n, 1); samples (n, m) as is."""
    a = np.asarray(a, dtype=np.float64)
    if a.ndim not in (1, 2) or a.size == 0:
        raise ValueError(f"expected (n,) or (n, m), got {a.shape}")
    return a.reshape(len(a), -1)


# --8<-- [end:columns]


# --8<-- [start:check_shapes]
def check_shapes(W1: Array, W2: Array, x: Array, y: Array) -> None:
    """ValueError unless o = W2 φ(W1 x) exists and is shaped as y."""
    fits = W1.ndim == W2.ndim == 2 and (
        W1.shape[1] == x.shape[0]
        and W2.shape == (y.shape[0], W1.shape[0])
        and y.shape[1] == x.shape[1]
    )
    if not fits:
        raise ValueError(
            f"W1 {W1.shape}, W2 {W2.shape}, "
            f"x {x.shape} and y {y.shape} do not fit"
        )


# --8<-- [end:check_shapes]


# --8<-- [start:squared_error]
def squared_error(o: ArrayLike, y: ArrayLike) -> float:
    """L = ½‖o − y‖², the mean over the columns."""
    o, y = outputs_and_targets(o, y)
    return float(np.sum((o - y) ** 2) / (2 * o.shape[1]))


def d_squared_error(o: ArrayLike, y: ArrayLike) -> Array:
    """∂L/∂o, a column for each sample."""
    o, y = outputs_and_targets(o, y)
    do = (o - y) / o.shape[1]  # (bp.1), with 1/m (bp.14)
    return do


# --8<-- [end:squared_error]


# --8<-- [start:outputs_and_targets]
def outputs_and_targets(
    o: ArrayLike, y: ArrayLike
) -> tuple[Array, Array]:
    """Both as columns; ValueError unless their shapes are equal."""
    o, y = columns(o), columns(y)
    if o.shape != y.shape:
        raise ValueError(f"o {o.shape} and y {y.shape} differ")
    return o, y


# --8<-- [end:outputs_and_targets]


# --8<-- [start:penalty]
def penalty(W1: ArrayLike, W2: ArrayLike, lam: float) -> float:
    """s = λ/2 (‖W1‖²_F + ‖W2‖²_F); ValueError if λ < 0."""
    if not 0 <= lam < np.inf:
        raise ValueError(f"lam must be finite and ≥ 0, got {lam}")
    squares = (np.sum(np.square(W, dtype=float)) for W in (W1, W2))
    return float(lam / 2 * sum(squares))


# --8<-- [end:penalty]


# --8<-- [start:forward]
class Cache(NamedTuple):
    """What the backward pass reads: no z, because φ′(z) = 1 − h²."""

    W1: Array
    W2: Array
    x: Array
    h: Array
    o: Array
    y: Array
    lam: float


def forward(
    W1: ArrayLike, W2: ArrayLike, x: ArrayLike, y: ArrayLike, lam: float
) -> tuple[float, Cache]:
    """J = L + s with the squared error, and the cache.

    ValueError if the shapes do not fit, m = 0 or λ < 0.
    """
    x, y = columns(x), columns(y)
    W1, W2 = np.asanyarray(W1, float), np.asanyarray(W2, float)
    check_shapes(W1, W2, x, y)
    z = W1 @ x
    h = np.tanh(z)
    o = W2 @ h
    J = squared_error(o, y) + penalty(W1, W2, lam)
    return J, Cache(W1, W2, x, h, o, y, lam)


# --8<-- [end:forward]


# --8<-- [start:backward_from]
def backward_from(cache: Cache, do: ArrayLike) -> tuple[Array, Array]:
    """∂J/∂W1 and ∂J/∂W2 from ∂L/∂o, whatever the loss L is.

    ValueError unless do has the shape of o.
    """
    W1, W2, x, h, o, _, lam = cache
    _, do = outputs_and_targets(o, do)  # (bp.11)
    dW2 = do @ h.T + lam * W2  # (bp.13), (bp.7), (bp.15)
    dh = W2.T @ do  # (bp.3)
    dz = dh * (1 - h**2)  # (bp.4), (bp.5)
    dW1 = dz @ x.T + lam * W1  # (bp.12), (bp.8)
    return dW1, dW2


# --8<-- [end:backward_from]


# --8<-- [start:backward]
def backward(cache: Cache) -> tuple[Array, Array]:
    """∂J/∂W1 and ∂J/∂W2 of the J that forward returned."""
    return backward_from(cache, d_squared_error(cache.o, cache.y))


# --8<-- [end:backward]


# --8<-- [start:cross_entropy]
def log_softmax(o: Array) -> Array:
    """log p for each column of o, with no positive exponent."""
    shifted = o - np.max(o, axis=0)
    return shifted - np.log(np.sum(np.exp(shifted), axis=0))


def cross_entropy(o: ArrayLike, y: ArrayLike) -> float:
    """L = −Σ y log softmax(o), the mean over the columns.

    ValueError unless each column of y is a distribution.
    """
    o, y = outputs_and_targets(o, y)
    check_distributions(y)
    return float(-np.sum(y * log_softmax(o)) / o.shape[1])


def d_cross_entropy(o: ArrayLike, y: ArrayLike) -> Array:
    """∂L/∂o, a column for each sample."""
    o, y = outputs_and_targets(o, y)
    check_distributions(y)
    p = np.exp(log_softmax(o))
    do = (p - y) / o.shape[1]  # (bp.16), with 1/m
    return do


def check_distributions(y: Array) -> None:
    """ValueError unless every column is ≥ 0 and sums to 1."""
    if np.any(y < 0) or not np.allclose(y.sum(axis=0), 1):
        raise ValueError(f"columns of y are not distributions: {y}")


# --8<-- [end:cross_entropy]
