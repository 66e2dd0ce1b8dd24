"""Logistic regression: one neuron, its loss, gradients and training.

A column of X is a sample: X (n_x, m), w (n_x,), b a number, y (m,).
"""

# --8<-- [start:imports]
import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
# --8<-- [end:imports]

from snippets.activations import sigmoid  # noqa: E402
from snippets.whole import whole_number  # noqa: E402


# --8<-- [start:unroll]
def unroll(image: ArrayLike) -> Array:
    """An image (height, width, channels) as one column (n_x, 1).

    ValueError unless there are three axes and at least one pixel.
    """
    image = np.array(image, dtype=np.float64)
    if image.ndim != 3 or image.size == 0:
        raise ValueError(
            f"want (height, width, channels), got {image.shape}"
        )
    return image.reshape(-1, 1)  # (lr.25)


# --8<-- [end:unroll]


# --8<-- [start:validation]
def neuron(
    w: ArrayLike, b: ArrayLike, X: ArrayLike
) -> tuple[Array, Array, Array]:
    """All in float64; ValueError unless w is (n_x,), b a number,
    X (n_x, m), and m ≥ 1."""
    w, b, X = (np.asarray(a, dtype=np.float64) for a in (w, b, X))
    fits = X.ndim == 2 and w.shape == X.shape[:1] and b.ndim == 0
    if not fits or X.size == 0:
        shapes = f"w {w.shape}, b {b.shape}, X {X.shape}"
        raise ValueError(
            f"want w (n_x,), b (), X (n_x, m); got {shapes}"
        )
    return w, b, X


def with_labels(values: ArrayLike, y: ArrayLike) -> tuple[Array, Array]:
    """Both as arrays of one shape; y may be one label for all values.

    ValueError if the shapes differ or a label is neither 0 nor 1.
    """
    values, y = np.asarray(values, float), np.asarray(y, float)
    if y.shape not in ((), values.shape):
        raise ValueError(f"{values.shape} values, {y.shape} labels")
    if values.size == 0:
        raise ValueError(f"no values: shape {values.shape}")
    outside = y[(y != 0) & (y != 1)]
    if outside.size:
        raise ValueError(f"a label must be 0 or 1, got {outside[0]:g}")
    return values, np.broadcast_to(y, values.shape)


# --8<-- [end:validation]


# --8<-- [start:predict]
def logits(w: ArrayLike, b: ArrayLike, X: ArrayLike) -> Array:
    """z = wᵀx + b for each column x of X: shape (m,)."""
    w, b, X = neuron(w, b, X)
    return X.T @ w + b


def predict(w: ArrayLike, b: ArrayLike, X: ArrayLike) -> Array:
    """ŷ = σ(z), the probability of y = 1, per column: shape (m,)."""
    return sigmoid(logits(w, b, X))


# --8<-- [end:predict]


# --8<-- [start:loss]
def loss(y_hat: ArrayLike, y: ArrayLike) -> Array:
    """The loss of a probability, exactly as the formula stands.

    At ŷ = 0 or 1 it is nan or inf. ValueError if ŷ is outside [0, 1].
    """
    y_hat, y = with_labels(y_hat, y)
    outside = y_hat[(y_hat < 0) | (y_hat > 1)]
    if outside.size:
        raise ValueError(f"no probability: {outside[0]:g}")
    log_P = y * np.log(y_hat) + (1 - y) * np.log(1 - y_hat)  # (lr.5)
    return -log_P  # (lr.6)


# --8<-- [end:loss]


# --8<-- [start:squared_error_curvature]
def squared_error_curvature(z: ArrayLike, y: ArrayLike) -> Array:
    """The second derivative of (σ(z) − y)² in z."""
    z, y = with_labels(z, y)
    z = (2 * y - 1) * z
    p, q = sigmoid(z), sigmoid(-z)  # q = 1 − p
    return 2 * p * q**2 * (3 * p - 1)  # (lr.18)


# --8<-- [end:squared_error_curvature]


# --8<-- [start:loss_from_logits]
def loss_from_logits(z: ArrayLike, y: ArrayLike) -> Array:
    """The same loss computed from z: finite for every finite z."""
    z, y = with_labels(z, y)
    z = (1 - 2 * y) * z  # (lr.9): log(1 + e^z) − z = log(1 + e^−z)
    e = np.exp(-np.abs(z))
    return np.maximum(z, 0) + np.log1p(e)  # (lr.26)


# --8<-- [end:loss_from_logits]


# --8<-- [start:cost]
def cost(
    w: ArrayLike, b: ArrayLike, X: ArrayLike, y: ArrayLike
) -> float:
    """J(w, b): the mean loss over the m columns of X."""
    L = loss_from_logits(logits(w, b, X), y)
    return float(np.mean(L))  # (lr.8)


# --8<-- [end:cost]


# --8<-- [start:gradients]
def gradients(
    w: ArrayLike, b: ArrayLike, X: ArrayLike, y: ArrayLike
) -> tuple[Array, float]:
    """∂J/∂w of shape (n_x,) and ∂J/∂b, a number."""
    w, b, X = neuron(w, b, X)
    z, y = with_labels(logits(w, b, X), y)
    m = len(y)
    sign = 1 - 2 * y  # ŷ − 1 = −σ(−z)
    dz = sign * sigmoid(sign * z)  # (lr.10), shape (m,)
    dw = X @ dz / m  # (lr.11), shape (n_x,)
    db = np.sum(dz) / m  # (lr.12), a number
    return dw, float(db)


# --8<-- [end:gradients]


# --8<-- [start:fit]
def fit(
    X: ArrayLike, y: ArrayLike, learning_rate: float, steps: int
) -> tuple[Array, float, Array]:
    """Gradient descent from w = 0, b = 0; costs[k] is J before step k.

    ValueError unless learning_rate > 0 is finite and steps ≥ 1.
    """
    if not 0 < learning_rate < np.inf:
        raise ValueError(
            f"learning_rate must be > 0, got {learning_rate}"
        )
    costs = np.zeros(whole_number("steps", steps, 1))
    w, b = np.zeros(len(np.asarray(X))), 0.0
    for k in range(steps):
        costs[k] = cost(w, b, X, y)
        dw, db = gradients(w, b, X, y)
        w = w - learning_rate * dw
        b = b - learning_rate * db
    return w, b, costs


# --8<-- [end:fit]
