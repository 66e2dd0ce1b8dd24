"""Hold a gradient against central differences of its function."""

# --8<-- [start:imports]
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
# --8<-- [end:imports]


# --8<-- [start:numerical_gradient]
def numerical_gradient(
    f: Callable[[Array], ArrayLike],
    x: ArrayLike,
    h: float = 1e-5,
) -> Array:
    """Central differences of f at x; the result has the shape of x.

    f maps an array shaped like x to one number. ValueError if f
    returns anything else, or if h is not positive.
    """
    if not h > 0:
        raise ValueError(f"h must be positive, got {h}")
    x = np.asarray(x, dtype=np.float64)
    gradient = np.zeros_like(x)
    for k in np.ndindex(x.shape):
        step = np.zeros_like(x)
        step[k] = h
        rise = np.subtract(f(x + step), f(x - step))
        if rise.shape != ():
            raise ValueError(f"f returned shape {rise.shape}, not ()")
        gradient[k] = rise / (2 * h)  # (lr.23)
    return gradient


# --8<-- [end:numerical_gradient]


# --8<-- [start:relative_error]
def relative_error(a: ArrayLike, b: ArrayLike) -> float:
    """‖a − b‖ / max(‖a‖, ‖b‖), and 0 when both are zero.

    ValueError if a and b differ in shape.
    """
    a, b = np.asarray(a, float), np.asarray(b, float)
    if a.shape != b.shape:
        raise ValueError(f"shapes {a.shape} and {b.shape} differ")
    scale = max(np.linalg.norm(a), np.linalg.norm(b))
    return float(np.linalg.norm(a - b) / scale) if scale else 0.0


# --8<-- [end:relative_error]
