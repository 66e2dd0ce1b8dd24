"""Linear regression whose weights pay a penalty: ridge and lasso.

A row of X is a sample: X (m, n_x), w (n_x,), y (m,); no intercept.
"""

# --8<-- [start:imports]
import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
# --8<-- [end:imports]


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
    if not (np.isfinite(X).all() and np.isfinite(y).all()):
        raise ValueError("X and y must be finite, got inf or nan")
    return X, y


# --8<-- [end:validation]


# --8<-- [start:penalties]
def l2_penalty(w: ArrayLike, lam: float) -> float:
    """λ/2 times the sum of the squares of all weights."""
    check_strength(lam)
    return float(lam / 2 * np.sum(np.square(w)))


def l1_penalty(w: ArrayLike, lam: float) -> float:
    """λ times the sum of the absolute values of all weights."""
    check_strength(lam)
    return float(lam * np.sum(np.abs(w)))


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
    A, c = X.T @ X + lam * np.eye(n_x), X.T @ y
    return np.asarray(np.linalg.solve(A, c), float)  # (reg.2)


# --8<-- [end:ridge]


# --8<-- [start:soft_threshold]
def soft_threshold(w: ArrayLike, t: float) -> Array:
    """Each entry of w moved towards 0 by t, but not past 0."""
    check_strength(t)
    w = np.asarray(w, float)
    moved: Array = np.maximum(w - t, 0) - np.maximum(-w - t, 0)
    return moved  # (reg.7)


# --8<-- [end:soft_threshold]


# --8<-- [start:lasso]
def lasso(
    X: ArrayLike, y: ArrayLike, lam: float, steps: int = 5000
) -> Array:
    """The w that minimises ½‖Xw − y‖² + λ‖w‖₁: shape (n_x,).

    Proximal gradient from w = 0. ValueError unless steps ≥ 1.
    """
    X, y = samples(X, y)
    check_strength(lam)
    if steps < 1:
        raise ValueError(f"steps must be at least 1, got {steps}")
    curvature = float(np.linalg.norm(X, 2)) ** 2
    eta = 1 / curvature if curvature > 0 else 1.0  # (reg.9)
    w = np.zeros(X.shape[1])
    for _ in range(steps):
        g = X.T @ (X @ w - y)
        w = soft_threshold(w - eta * g, eta * lam)  # (reg.10)
    return w


# --8<-- [end:lasso]
