"""Gradients cut down to a given size, and the perplexity.

A gradient here is a list of arrays, taken together as one vector g.
"""

# --8<-- [start:imports]
import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
# --8<-- [end:imports]


# --8<-- [start:largest_entry]
def finite(grads: Sequence[ArrayLike]) -> list[Array]:
    """All arrays in float64.

    ValueError if there is no array, or an inf or nan in one.
    """
    if not len(grads):
        raise ValueError(f"no gradients in {grads}")
    arrays = [np.asarray(g, dtype=np.float64) for g in grads]
    for k, g in enumerate(arrays):
        if not np.all(np.isfinite(g)):
            bad = g[~np.isfinite(g)][0]
            raise ValueError(f"gradient {k} contains {bad}")
    return arrays


def largest_entry(grads: Sequence[Array]) -> float:
    """M = max |g_i| over all arrays."""
    return max(float(np.max(np.abs(g), initial=0.0)) for g in grads)


# --8<-- [end:largest_entry]


# --8<-- [start:global_norm]
def global_norm(grads: Sequence[ArrayLike]) -> float:
    """‖g‖, scaled by the largest entry, so that no square overflows.

    ValueError on an empty list, inf or nan.
    """
    g = finite(grads)
    M = largest_entry(g)
    if M == 0:
        return 0.0
    squares = sum(float(np.sum((g_k / M) ** 2)) for g_k in g)
    return M * math.sqrt(squares)  # (clip.5)


# --8<-- [end:global_norm]


# --8<-- [start:check_positive]
def check_positive(name: str, value: float) -> None:
    """ValueError unless value > 0."""
    if not value > 0:
        raise ValueError(f"{name} must be positive, got {value}")


# --8<-- [end:check_positive]


# --8<-- [start:clip_by_global_norm]
def clip_by_global_norm(
    grads: Sequence[ArrayLike], theta: float
) -> list[Array]:
    """min(θ / ‖g‖, 1) g, as a new list of the same shapes.

    ValueError unless θ > 0; on an empty list, inf or nan.
    """
    check_positive("theta", theta)
    g = finite(grads)
    if global_norm(g) <= theta:
        return [g_k.copy() for g_k in g]
    M = largest_entry(g)
    u = [g_k / M for g_k in g]  # the direction of g
    factor = theta / global_norm(u)
    return [factor * u_k for u_k in u]  # (clip.4)


# --8<-- [end:clip_by_global_norm]


# --8<-- [start:clip_by_value]
def clip_by_value(
    grads: Sequence[ArrayLike], limit: float
) -> list[Array]:
    """Every entry cut to [−limit, limit] by itself, as a new list.

    ValueError unless limit > 0; on an empty list, inf or nan.
    """
    check_positive("limit", limit)
    return [np.clip(g_k, -limit, limit) for g_k in finite(grads)]


# --8<-- [end:clip_by_value]


# --8<-- [start:perplexity]
def perplexity(mean_loss: float) -> float:
    """exp of the mean loss; OverflowError beyond (clip.2)."""
    return math.exp(mean_loss)


# --8<-- [end:perplexity]
