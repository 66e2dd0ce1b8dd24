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

    f maps an array shaped like x to one number. h does not grow with
    x: ValueError if it is not positive or lost beside a large entry,
    or if f returns anything but a number.
    """
    if not h > 0:
        raise ValueError(f"h must be positive, got {h}")
    x = np.asarray(x, dtype=np.float64)
    if np.any(np.spacing(np.abs(x)) > h / 1000):
        raise ValueError(f"h = {h} is lost beside {np.max(np.abs(x))}")
    gradient = np.zeros_like(x)
    for k in np.ndindex(x.shape):
        step = np.zeros_like(x)
        step[k] = h
        rise = np.subtract(f(x + step), f(x - step))
        if rise.shape != ():
            raise ValueError(f"f returned shape {rise.shape}, not ()")
        gradient[k] = rise / (2 * h)  # (lr.13)
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
    M = np.max(np.abs([a, b]), initial=0.0)
    if M == 0:
        return 0.0
    u, v = a / M, b / M  # so that no square overflows or vanishes
    scale = max(np.linalg.norm(u), np.linalg.norm(v))
    return float(np.linalg.norm(u - v) / scale)


# --8<-- [end:relative_error]
