"""Logistic regression: one neuron, its loss, gradients and training.

A column of X is a sample: X (n_x, m), w (n_x,), b a number, y (m,).
"""

# --8<-- [start:imports]
import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
# --8<-- [end:imports]

from snippets.activations import sigmoid  # noqa: E402


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
    return image.reshape(-1, 1)  # (lr.1)


# --8<-- [end:unroll]


# --8<-- [start:validation]
def check_shapes(w: Array, b: float, X: Array) -> None:
    """ValueError unless w is (n_x,), b a number, X (n_x, m), m ≥ 1."""
    fits = np.ndim(X) == 2 and np.shape(w) == np.shape(X)[:1]
    if not fits or np.ndim(b) != 0 or np.size(X) == 0:
        shapes = f"w {np.shape(w)}, b {np.shape(b)}, X {np.shape(X)}"
        raise ValueError(
            f"want w (n_x,), b (), X (n_x, m); got {shapes}"
        )


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
def logits(w: Array, b: float, X: Array) -> Array:
    """z = wᵀx + b for each column x of X: shape (m,)."""
    check_shapes(w, b, X)
    z: Array = X.T @ w + b
    return z


def predict(w: Array, b: float, X: Array) -> Array:
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
    log_P = y * np.log(y_hat) + (1 - y) * np.log(1 - y_hat)  # (lr.4)
    L: Array = -log_P  # (lr.5)
    return L


# --8<-- [end:loss]


# --8<-- [start:squared_error_curvature]
def squared_error_curvature(z: ArrayLike, y: ArrayLike) -> Array:
    """The second derivative of (σ(z) − y)² in z."""
    z, y = with_labels(z, y)
    y_hat = sigmoid(z)
    s = y_hat * (1 - y_hat)  # (lr.9)
    return 2 * s * (s + (y_hat - y) * (1 - 2 * y_hat))  # (lr.11)


# --8<-- [end:squared_error_curvature]


# --8<-- [start:loss_from_logits]
def loss_from_logits(z: ArrayLike, y: ArrayLike) -> Array:
    """The same loss computed from z: finite for every finite z."""
    z, y = with_labels(z, y)
    e = np.exp(-np.abs(z))
    softplus = np.maximum(z, 0) + np.log1p(e)  # (lr.20)
    L: Array = softplus - y * z  # (lr.15)
    return L


# --8<-- [end:loss_from_logits]


# --8<-- [start:cost]
def cost(w: Array, b: float, X: Array, y: ArrayLike) -> float:
    """J(w, b): the mean loss over the m columns of X."""
    L = loss_from_logits(logits(w, b, X), y)
    return float(np.mean(L))  # (lr.7)


# --8<-- [end:cost]


# --8<-- [start:gradients]
def gradients(
    w: Array, b: float, X: Array, y: ArrayLike
) -> tuple[Array, float]:
    """∂J/∂w of shape (n_x,) and ∂J/∂b, a number."""
    y_hat, y = with_labels(predict(w, b, X), y)
    m = len(y)
    dz = y_hat - y  # (lr.16), shape (m,)
    dw = X @ dz / m  # (lr.21), shape (n_x,)
    db = np.sum(dz) / m  # (lr.22), a number
    return dw, float(db)


# --8<-- [end:gradients]


# --8<-- [start:fit]
def fit(
    X: Array, y: ArrayLike, learning_rate: float, steps: int
) -> tuple[Array, float, Array]:
    """Gradient descent from w = 0, b = 0; costs[k] is J before step k.

    ValueError unless learning_rate > 0 and steps ≥ 1.
    """
    if not learning_rate > 0:
        raise ValueError(
            f"learning_rate must be > 0, got {learning_rate}"
        )
    if steps < 1:
        raise ValueError(f"steps must be at least 1, got {steps}")
    w, b = np.zeros(len(X)), 0.0
    costs = np.zeros(steps)
    for k in range(steps):
        costs[k] = cost(w, b, X, y)
        dw, db = gradients(w, b, X, y)
        w = w - learning_rate * dw
        b = b - learning_rate * db
    return w, b, costs


# --8<-- [end:fit]
