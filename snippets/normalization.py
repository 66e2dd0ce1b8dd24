"""Layer and batch normalisation, forward and backward.

A sample is a row: x is (m, n) or, for layers, any (…, n); gain and
bias are (n,).
"""

# --8<-- [start:imports]
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
# --8<-- [end:imports]


# --8<-- [start:cache]
class NormCache(NamedTuple):
    """What the backward pass needs: x̂, its s, the gain, the axis."""

    x_hat: Array
    scale: Array
    gain: Array
    axis: int


# --8<-- [end:cache]


# --8<-- [start:check]
def checked(
    x: ArrayLike, gain: ArrayLike, bias: ArrayLike
) -> tuple[Array, Array, Array]:
    """All in float64; ValueError unless x is (…, n), the rest (n,)."""
    x = np.asarray(x, dtype=np.float64)
    gain = np.asarray(gain, dtype=np.float64)
    bias = np.asarray(bias, dtype=np.float64)
    if not x.size:
        raise ValueError(f"x is empty, {x.shape}")
    for name, array in (("gain", gain), ("bias", bias)):
        if array.shape != x.shape[-1:]:
            raise ValueError(
                f"{name} must be {x.shape[-1:]}, got {array.shape}"
            )
    return x, gain, bias


def check_epsilon(epsilon: float) -> None:
    """ValueError unless ε > 0."""
    if not epsilon > 0:
        raise ValueError(f"epsilon must be positive, got {epsilon}")


def check_batch(x: Array) -> None:
    """ValueError unless x is (m, n) with m ≥ 2."""
    if x.ndim != 2 or len(x) < 2:
        raise ValueError(f"x must be (m, n) with m ≥ 2, got {x.shape}")


# --8<-- [end:check]


# --8<-- [start:check_dy]
def like(name: str, array: ArrayLike, other: Array) -> Array:
    """In float64; ValueError unless it is shaped as the other."""
    array = np.asarray(array, dtype=np.float64)
    if array.shape != other.shape:
        raise ValueError(
            f"{name} must be {other.shape}, got {array.shape}"
        )
    return array


# --8<-- [end:check_dy]


# --8<-- [start:forward]
def normalize(
    x: Array, gain: Array, bias: Array, epsilon: float, axis: int
) -> tuple[Array, NormCache]:
    """Mean 0 and variance 1 along the axis, then gain and bias."""
    mean = x.mean(axis=axis, keepdims=True)
    variance = ((x - mean) ** 2).mean(axis=axis, keepdims=True)
    scale = np.sqrt(variance + epsilon)
    x_hat = (x - mean) / scale
    return gain * x_hat + bias, NormCache(x_hat, scale, gain, axis)


# --8<-- [end:forward]


# --8<-- [start:layer_norm]
def layer_norm(
    x: ArrayLike,
    gain: ArrayLike,
    bias: ArrayLike,
    epsilon: float = 1e-5,
) -> tuple[Array, NormCache]:
    """Each sample by itself: along the last axis of x (…, n).

    ValueError if x is empty, the shapes do not fit, or ε ≤ 0.
    """
    x, gain, bias = checked(x, gain, bias)
    check_epsilon(epsilon)
    return normalize(x, gain, bias, epsilon, axis=-1)


# --8<-- [end:layer_norm]


# --8<-- [start:batch_norm]
def batch_norm(
    x: ArrayLike,
    gain: ArrayLike,
    bias: ArrayLike,
    epsilon: float = 1e-5,
) -> tuple[Array, NormCache]:
    """Each neuron over the batch: down the columns of x (m, n).

    ValueError unless m ≥ 2, if the shapes do not fit, or ε ≤ 0.
    """
    x, gain, bias = checked(x, gain, bias)
    check_epsilon(epsilon)
    check_batch(x)
    return normalize(x, gain, bias, epsilon, axis=0)


# --8<-- [end:batch_norm]


# --8<-- [start:running]
class Running(NamedTuple):
    """Running means of the batches' means and variances, (n,) each."""

    mean: Array
    variance: Array


def with_batch(
    running: Running, x: ArrayLike, beta: float = 0.9
) -> Running:
    """β of what was, 1 − β of the batch x (m, n).

    ValueError unless m ≥ 2, both have the same n, and 0 ≤ β < 1.
    """
    x = np.asarray(x, dtype=np.float64)
    check_batch(x)
    if not 0 <= beta < 1:
        raise ValueError(f"beta must be ≥ 0 and < 1, got {beta}")
    mean, variance = (like("running", a, x[0]) for a in running)
    return Running(
        beta * mean + (1 - beta) * x.mean(axis=0),
        beta * variance + (1 - beta) * x.var(axis=0),
    )


def batch_norm_alone(
    x: ArrayLike,
    gain: ArrayLike,
    bias: ArrayLike,
    running: Running,
    epsilon: float,
) -> Array:
    """For predictions: every row of x (…, n) by the running means.

    ValueError if x is empty, the shapes do not fit, or ε ≤ 0.
    """
    x, gain, bias = checked(x, gain, bias)
    check_epsilon(epsilon)
    mean, variance = (like("running", a, gain) for a in running)
    return gain * (x - mean) / np.sqrt(variance + epsilon) + bias


# --8<-- [end:running]


# --8<-- [start:backward]
def norm_backward(
    cache: NormCache, dy: ArrayLike
) -> tuple[Array, Array, Array]:
    """dx, dgain and dbias; ValueError if dy is not shaped as y."""
    x_hat, scale, gain, axis = cache
    dy = like("dy", dy, x_hat)
    d = gain * dy
    offset = d.mean(axis=axis, keepdims=True)
    slope = (d * x_hat).mean(axis=axis, keepdims=True)
    dx = (d - offset - x_hat * slope) / scale
    samples = tuple(range(dy.ndim - 1))
    dgain = (dy * x_hat).sum(axis=samples)
    return dx, dgain, dy.sum(axis=samples)


layer_norm_backward = norm_backward
batch_norm_backward = norm_backward
# --8<-- [end:backward]
