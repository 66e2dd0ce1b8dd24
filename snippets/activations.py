"""Activation functions and their derivatives, element by element."""

# --8<-- [start:imports]
import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
# --8<-- [end:imports]


# --8<-- [start:sigmoid]
def sigmoid(z: ArrayLike) -> Array:
    """σ(z) = 1 / (1 + e^−z); no exponent is ever positive."""
    z = np.asarray(z, dtype=np.float64)
    e = np.exp(-np.abs(z))
    return np.exp(np.minimum(z, 0)) / (1 + e)  # (lr.2)


# --8<-- [end:sigmoid]


# --8<-- [start:d_sigmoid]
def d_sigmoid(z: ArrayLike) -> Array:
    """σ′(z) = σ(z) (1 − σ(z)), where 1 − σ(z) = σ(−z)."""
    z = np.asarray(z, dtype=np.float64)
    return sigmoid(z) * sigmoid(-z)  # (act.3)


# --8<-- [end:d_sigmoid]


# --8<-- [start:tanh]
def tanh(z: ArrayLike) -> Array:
    """The hyperbolic tangent."""
    return np.tanh(z, dtype=np.float64)


# --8<-- [end:tanh]


# --8<-- [start:d_tanh]
def d_tanh(z: ArrayLike) -> Array:
    """tanh′(z) = 1 − tanh²(z), by (act.5) the same as 4 σ′(2z)."""
    z = np.asarray(z, dtype=np.float64)
    return 4 * d_sigmoid(2 * z)  # (act.6)


# --8<-- [end:d_tanh]


# --8<-- [start:relu]
def relu(z: ArrayLike) -> Array:
    """max(z, 0)."""
    return np.maximum(z, 0.0, dtype=np.float64)


# --8<-- [end:relu]


# --8<-- [start:d_relu]
def d_relu(z: ArrayLike) -> Array:
    """1 where z > 0, else 0; at the kink z = 0 it takes 0."""
    return np.where(np.greater(z, 0), 1.0, 0.0)  # (act.11)


# --8<-- [end:d_relu]


# --8<-- [start:leaky_relu]
def leaky_relu(z: ArrayLike, slope: float = 0.01) -> Array:
    """z where z > 0, else slope · z, with 0 ≤ slope ≤ 1."""
    check_slope(slope)
    z = np.asarray(z, dtype=np.float64)
    return np.where(z > 0, z, slope * z) if slope else relu(z)


def check_slope(slope: float) -> None:
    """ValueError unless 0 ≤ slope ≤ 1."""
    if not 0 <= slope <= 1:
        raise ValueError(f"slope must be in [0, 1], got {slope}")


# --8<-- [end:leaky_relu]


# --8<-- [start:d_leaky_relu]
def d_leaky_relu(z: ArrayLike, slope: float = 0.01) -> Array:
    """1 where z > 0, else slope; at the kink z = 0 it takes slope."""
    check_slope(slope)
    return np.where(np.greater(z, 0), 1.0, slope)  # (act.12)


# --8<-- [end:d_leaky_relu]


# --8<-- [start:softmax]
def softmax(z: ArrayLike, axis: int = -1) -> Array:
    """e^z / Σ e^z along axis, shifted so that no exponent is positive.

    ValueError if there is nothing along the axis, or −∞ alone.
    """
    z = np.asarray(z, dtype=np.float64)
    largest = np.max(z, axis=axis, keepdims=True, initial=-np.inf)
    if np.any(largest == -np.inf):
        raise ValueError(f"softmax of nothing, got shape {z.shape}")
    e = np.exp(z - largest)
    return e / np.sum(e, axis=axis, keepdims=True)  # (act.19)


# --8<-- [end:softmax]
