"""Linear regression whose weights pay a penalty: ridge and lasso.

A row of X is a sample: X (m, n_x), w (n_x,), y (m,); no intercept.
"""

# --8<-- [start:imports]
import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
# --8<-- [end:imports]

from snippets.whole import whole_number  # noqa: E402


# --8<-- [start:validation]
def check_strength(lam: float) -> None:
    """ValueError unless λ is a finite number, not negative."""
    if not 0 <= lam < np.inf:
        raise ValueError(f"want a finite number ≥ 0, got {lam}")


def samples(X: ArrayLike, y: ArrayLike) -> tuple[Array, Array]:
    """Both as arrays; ValueError unless X is (m, n_x), y (m,)."""
    X, y = np.asarray(X, float), np.asarray(y, float)
    if X.ndim != 2 or X.size == 0 or y.shape != X.shape[:1]:
        raise ValueError(
            f"want X (m, n_x), y (m,); got X {X.shape}, y {y.shape}"
        )
    largest = np.maximum(np.max(np.abs(X)), np.max(np.abs(y)))
    if not largest < 1e150:  # from about 1e154 on squares overflow
        raise ValueError(
            f"X and y must be finite, below 1e150; got {largest}"
        )
    return X, y


# --8<-- [end:validation]


# --8<-- [start:penalties]
def l2_penalty(w: ArrayLike, lam: float) -> float:
    """λ/2 times the sum of the squares of all weights."""
    check_strength(lam)
    return float(lam / 2 * np.sum(np.square(w, dtype=float)))


def l1_penalty(w: ArrayLike, lam: float) -> float:
    """λ times the sum of the absolute values of all weights."""
    check_strength(lam)
    return float(lam * np.sum(np.abs(w, dtype=float)))


# --8<-- [end:penalties]


# --8<-- [start:ridge]
def ridge(X: ArrayLike, y: ArrayLike, lam: float) -> Array:
    """The w that minimises ½‖Xw − y‖² + λ/2 ‖w‖²: shape (n_x,).

    ValueError if λ = 0 and the columns of X are dependent.
    """
    X, y = samples(X, y)
    check_strength(lam)
    n_x = X.shape[1]
    if lam == 0 and np.linalg.matrix_rank(X) < n_x:
        raise ValueError(
            f"columns of X {X.shape} are dependent: want λ > 0"
        )
    A = np.vstack([X, np.sqrt(lam) * np.eye(n_x)])
    c = np.concatenate([y, np.zeros(n_x)])  # J_2 is ½‖Aw − c‖²
    w = np.linalg.lstsq(A, c, rcond=None)[0]  # (reg.2)
    return w


# --8<-- [end:ridge]


# --8<-- [start:soft_threshold]
def soft_threshold(w: ArrayLike, t: float) -> Array:
    """Each entry of w moved towards 0 by t, but not past 0."""
    check_strength(t)
    w = np.asarray(w, float)
    return np.maximum(w - t, 0) - np.maximum(-w - t, 0)  # (reg.7)


# --8<-- [end:soft_threshold]


# --8<-- [start:lasso]
def lasso(
    X: ArrayLike, y: ArrayLike, lam: float, steps: int | None = None
) -> Array:
    """The w that minimises ½‖Xw − y‖² + λ‖w‖₁: shape (n_x,).

    Proximal gradient from w = 0, until no weight moves by more than
    1e-10 of what the first step could move one: then (reg.9) holds.
    ValueError if one still does after 100,000 steps. With steps ≥ 1
    given, where the method is after so many.
    """
    X, y = samples(X, y)
    check_strength(lam)
    most = 100_000 if steps is None else whole_number("steps", steps, 1)
    curvature = float(np.linalg.norm(X, 2)) ** 2
    eta = 1 / curvature if curvature else 1.0  # (reg.10)
    w = np.zeros(X.shape[1])
    still = 1e-10 * eta * np.max(np.abs(X.T @ y))
    for _ in range(most):
        g, before = X.T @ (X @ w - y), w
        w = soft_threshold(w - eta * g, eta * lam)  # (reg.7)
        if steps is None and np.max(np.abs(w - before)) <= still:
            return w
    if steps is None:
        raise ValueError(f"no minimum in {most} steps: want larger λ")
    return w


# --8<-- [end:lasso]
