"""The equations of ``logistic.md``, held against other means."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit
from scipy.stats import bernoulli
from sklearn.metrics import log_loss

from engine.equations import (
    Rng,
    Sides,
    at_most,
    close,
    equals,
    equation,
)
from snippets.activations import sigmoid
from snippets.gradient_check import numerical_gradient
from snippets.logistic import (
    cost,
    gradients,
    logits,
    loss,
    loss_from_logits,
    predict,
    squared_error_curvature,
    unroll,
)

Array = NDArray[np.float64]

BOTH_LABELS = np.array([0.0, 1.0])


def sample_logits(rng: Rng) -> Array:
    """Two logits, one for each of the labels 0 and 1."""
    return rng.normal(scale=2, size=2)


def problem(rng: Rng) -> tuple[Array, float, Array, Array]:
    """Random w, b, X, y with both labels among the samples."""
    n_x, m = int(rng.integers(1, 6)), int(rng.integers(2, 9))
    y = rng.permutation(np.arange(m) % 2).astype(float)
    return (
        rng.normal(size=n_x),
        rng.normal(),
        rng.normal(size=(n_x, m)),
        y,
    )


def slope(
    f: Callable[[Array], Array], x: Array, h: float = 1e-5
) -> Array:
    """Central differences of f, component by component."""
    return (f(x + h) - f(x - h)) / (2 * h)


def second_slope(
    f: Callable[[Array], Array], x: Array, h: float = 1e-2
) -> Array:
    """Second central differences of f, of fourth order."""
    far, near = f(x + 2 * h) + f(x - 2 * h), f(x + h) + f(x - h)
    return (16 * near - far - 30 * f(x)) / (12 * h**2)


@equation("lr.1")
def every_pixel_has_its_place_in_the_column(rng: Rng) -> Sides:
    r"""x_{3(64r + s) + c} = I_{rsc}"""
    I = rng.random((64, 64, 3))
    x = unroll(I)[:, 0]
    places = [
        (r, s, c)
        for r in range(64)
        for s in range(64)
        for c in range(3)
    ]
    return equals(
        left=np.array([x[3 * (64 * r + s) + c] for r, s, c in places]),
        right=np.array([I[r, s, c] for r, s, c in places]),
        wrong={
            "rows and columns exchanged": np.array(
                [I[s, r, c] for r, s, c in places]
            ),
            "channel by channel": I.transpose(2, 0, 1).ravel(),
        },
    )


@equation("lr.2")
def the_sigmoid_without_positive_exponents(rng: Rng) -> Sides:
    r"""\sigma(z) = \frac{e^{\min(z, 0)}}{1 + e^{-|z|}}"""
    z = rng.normal(scale=400, size=20)
    return equals(
        left=expit(z),
        right=sigmoid(z),
        wrong={
            "right for positive z only": 1 / (1 + np.exp(-np.abs(z))),
            "right for negative z only": np.exp(-np.abs(z))
            / (1 + np.exp(-np.abs(z))),
        },
    )


@equation("lr.3")
def the_probability_of_either_label_in_one_formula(rng: Rng) -> Sides:
    r"""P(y \mid x) = \hat{y}^{y} \, (1 - \hat{y})^{1 - y}"""
    y_hat, y = rng.uniform(size=2), BOTH_LABELS
    return equals(
        left=bernoulli.pmf(y, y_hat),
        right=y_hat**y * (1 - y_hat) ** (1 - y),
        wrong={
            "exponents exchanged": y_hat ** (1 - y) * (1 - y_hat) ** y,
            "only the label 1": y_hat**y,
        },
    )


@equation("lr.4")
def the_logarithm_turns_powers_into_products(rng: Rng) -> Sides:
    r"""\log P(y \mid x) = y \log \hat{y} + (1 - y) \log(1 - \hat{y})"""
    y_hat, y = rng.uniform(size=2), BOTH_LABELS
    return equals(
        left=bernoulli.logpmf(y, y_hat),
        right=y * np.log(y_hat) + (1 - y) * np.log(1 - y_hat),
        wrong={
            "second term dropped": y * np.log(y_hat),
            "logarithm of a sum": np.log(y * y_hat + 1 - y_hat),
        },
    )


@equation("lr.5")
def the_loss_written_out(rng: Rng) -> Sides:
    r"""
    \mathcal{L}(\hat{y}, y) =
    -\bigl( y \log \hat{y} + (1 - y) \log(1 - \hat{y}) \bigr)
    """
    y_hat, y = rng.uniform(size=2), BOTH_LABELS
    return equals(
        left=-bernoulli.logpmf(y, y_hat),
        right=loss(y_hat, y),
        wrong={
            "minus before the first term only": -y * np.log(y_hat)
            + (1 - y) * np.log(1 - y_hat),
            "labels exchanged": loss(y_hat, 1 - y),
        },
    )


@equation("lr.6")
def the_logarithm_turns_the_product_into_a_sum(rng: Rng) -> Sides:
    r"""\log \ell(w, b) = \sum_{i=1}^{m} \log P(y^{(i)} \mid x^{(i)})"""
    w, b, X, y = problem(rng)
    log_P = -loss(predict(w, b, X), y)
    return equals(
        left=np.log(np.prod(bernoulli.pmf(y, expit(w @ X + b)))),
        right=np.sum(log_P),
        wrong={
            "sum of the probabilities": np.sum(np.exp(log_P)),
            "mean": np.mean(log_P),
        },
    )


@equation("lr.7")
def the_cost_is_the_mean_loss(rng: Rng) -> Sides:
    r"""
    J(w, b) = \frac{1}{m} \sum_{i=1}^{m}
    \mathcal{L}(\hat{y}^{(i)}, y^{(i)})
    """
    w, b, X, y = problem(rng)
    return equals(
        left=log_loss(y, expit(w @ X + b)),
        right=cost(w, b, X, y),
        wrong={
            "the notes' second minus": -cost(w, b, X, y),
            "1/m missing": len(y) * cost(w, b, X, y),
        },
    )


@equation("lr.8")
def the_squared_error_is_convex_in_the_prediction(rng: Rng) -> Sides:
    r"""\frac{\partial^2}{\partial \hat{y}^2} (\hat{y} - y)^2 = 2"""
    y_hat, y = rng.uniform(size=2), BOTH_LABELS
    return equals(
        left=second_slope(lambda y_hat: (y_hat - y) ** 2, y_hat),
        right=np.array([2.0, 2.0]),
        wrong={
            "differentiated in z": squared_error_curvature(y_hat, y),
            "only once": 2 * (y_hat - y),
        },
    )


@equation("lr.9")
def the_slope_of_the_sigmoid(rng: Rng) -> Sides:
    r"""\sigma'(z) = \sigma(z) \, (1 - \sigma(z))"""
    z = sample_logits(rng)
    return equals(
        left=slope(expit, z),
        right=sigmoid(z) * (1 - sigmoid(z)),
        wrong={
            "the slope of tanh": 1 - sigmoid(z) ** 2,
            "z in place of its sigmoid": sigmoid(z) * (1 - z),
        },
    )


@equation("lr.10")
def the_slope_of_the_squared_error(rng: Rng) -> Sides:
    r"""E'(z) = 2 \, (\hat{y} - y) \, \hat{y} \, (1 - \hat{y})"""
    z, y = sample_logits(rng), BOTH_LABELS
    y_hat = sigmoid(z)
    return equals(
        left=slope(lambda z: (expit(z) - y) ** 2, z),
        right=2 * (y_hat - y) * y_hat * (1 - y_hat),
        wrong={
            "slope of the sigmoid forgotten": 2 * (y_hat - y),
            "sign turned": 2 * (y - y_hat) * y_hat * (1 - y_hat),
        },
    )


@equation("lr.11")
def the_curvature_of_the_squared_error(rng: Rng) -> Sides:
    r"""
    E''(z) = 2 \, \hat{y} \, (1 - \hat{y}) \, \bigl(
    \hat{y} \, (1 - \hat{y}) + (\hat{y} - y) (1 - 2 \hat{y}) \bigr)
    """
    z, y = sample_logits(rng), BOTH_LABELS
    s = sigmoid(z) * (1 - sigmoid(z))
    return equals(
        left=second_slope(lambda z: (expit(z) - y) ** 2, z),
        right=squared_error_curvature(z, y),
        wrong={
            "product rule forgotten": 2 * s**2,
            "inner derivative forgotten": 2 * s
            + 2 * (sigmoid(z) - y) * (1 - 2 * sigmoid(z)),
        },
    )


@equation("lr.12")
def the_curvature_by_the_probability_of_the_true_label(
    rng: Rng,
) -> Sides:
    r"""E''(z) = 2 \, p \, (1 - p)^2 \, (3p - 1)"""
    z, y = sample_logits(rng), BOTH_LABELS
    p = bernoulli.pmf(y, expit(z))
    return equals(
        left=second_slope(lambda z: (expit(z) - y) ** 2, z),
        right=2 * p * (1 - p) ** 2 * (3 * p - 1),
        wrong={
            "zero at one half": 2 * p * (1 - p) ** 2 * (2 * p - 1),
            "the prediction in place of p": 2
            * expit(z)
            * (1 - expit(z)) ** 2
            * (3 * expit(z) - 1),
        },
    )


@equation("lr.13")
def where_the_squared_error_is_concave(rng: Rng) -> Sides:
    r"""
    \operatorname{sgn} E''(z) =
    \operatorname{sgn}\bigl( (2y - 1) \, z + \log 2 \bigr)
    """
    z, y = rng.uniform(-4, 4, size=200), rng.integers(2, size=200)
    z, y = (
        values[np.abs(np.abs(z) - np.log(2)) > 1e-3]
        for values in (z, y)
    )
    return equals(
        left=np.sign(second_slope(lambda z: (expit(z) - y) ** 2, z)),
        right=np.sign((2 * y - 1) * z + np.log(2)),
        wrong={
            "border at 0": np.sign((2 * y - 1) * z),
            "border at log 3": np.sign((2 * y - 1) * z + np.log(3)),
            "the same side for both labels": np.sign(z + np.log(2)),
        },
    )


@equation("lr.14")
def the_curvature_of_the_squared_error_in_the_weights(
    rng: Rng,
) -> Sides:
    r"""
    \frac{\partial^2 E}{\partial w_j \, \partial w_k} =
    E''(z) \, x_j \, x_k
    """
    w, x = rng.normal(size=3), rng.normal(size=3)
    b, y = rng.normal(), rng.integers(2)
    z = logits(w, b, x[:, None])[0]
    e = np.eye(3)

    def bend(u: Array) -> Array:
        E = lambda t: (expit((w + t * u) @ x + b) - y) ** 2
        return second_slope(E, np.array(0.0))

    return equals(
        left=np.array(
            [[bend(u + v) - bend(u - v) for u in e] for v in e]
        )
        / 4,
        right=squared_error_curvature(z, y) * np.outer(x, x),
        wrong={
            "mixed derivatives dropped": squared_error_curvature(z, y)
            * np.diag(x**2),
            "x only once": squared_error_curvature(z, y)
            * np.outer(x, np.ones(3)),
        },
        rtol=1e-5,
    )


@equation("lr.15")
def the_loss_as_a_function_of_the_logit(rng: Rng) -> Sides:
    r"""\mathcal{L}(\sigma(z), y) = \log(1 + e^{z}) - y \, z"""
    z, y = sample_logits(rng), BOTH_LABELS
    return equals(
        left=-bernoulli.logpmf(y, expit(z)),
        right=loss_from_logits(z, y),
        wrong={
            "y z dropped": loss_from_logits(z, 0),
            "sign of y z turned": loss_from_logits(z, 0) + y * z,
        },
    )


@equation("lr.16")
def the_slope_of_the_loss_is_prediction_minus_label(rng: Rng) -> Sides:
    r"""\frac{\partial \mathcal{L}}{\partial z} = \hat{y} - y"""
    z, y = sample_logits(rng), BOTH_LABELS
    return equals(
        left=slope(lambda z: -bernoulli.logpmf(y, expit(z)), z),
        right=sigmoid(z) - y,
        wrong={
            "sign turned": y - sigmoid(z),
            "label dropped": sigmoid(z),
            "slope of the sigmoid left in": (sigmoid(z) - y)
            * sigmoid(z)
            * (1 - sigmoid(z)),
        },
    )


@equation("lr.17")
def the_curvature_of_the_loss_is_positive(rng: Rng) -> Sides:
    r"""
    \frac{\partial^2 \mathcal{L}}{\partial z^2} =
    \hat{y} \, (1 - \hat{y})
    """
    z, y = sample_logits(rng), BOTH_LABELS
    return equals(
        left=second_slope(lambda z: -bernoulli.logpmf(y, expit(z)), z),
        right=sigmoid(z) * (1 - sigmoid(z)),
        wrong={
            "that of the squared error": squared_error_curvature(z, y),
            "sign turned": -sigmoid(z) * (1 - sigmoid(z)),
        },
    )


@equation("lr.18")
def the_cost_bends_upwards_along_every_line(rng: Rng) -> Sides:
    r"""
    \frac{\partial^2}{\partial t^2} J(w + t u, b + t v) =
    \frac{1}{m} \sum_{i=1}^{m} \hat{y}^{(i)} (1 - \hat{y}^{(i)}) \,
    (u^\top x^{(i)} + v)^2
    """
    w, b, X, y = problem(rng)
    u, v, t = rng.normal(size=len(w)), rng.normal(), rng.normal()

    def J(t: Array) -> Array:
        z = (w + t * u) @ X + b + t * v
        return np.asarray(np.mean(np.logaddexp(0, z) - y * z))

    y_hat = predict(w + t * u, b + t * v, X)
    rate = u @ X + v
    return equals(
        left=second_slope(J, np.array(t)),
        right=np.mean(y_hat * (1 - y_hat) * rate**2),
        wrong={
            "rate not squared": np.mean(y_hat * (1 - y_hat) * rate),
            "bias not moved": np.mean(
                y_hat * (1 - y_hat) * (rate - v) ** 2
            ),
            "1/m missing": np.sum(y_hat * (1 - y_hat) * rate**2),
        },
    )


@equation("lr.19")
def the_cost_never_lies_above_its_chord(rng: Rng) -> Sides:
    r"""
    J(w + t u, b + t v) \le
    (1 - t) \, J(w, b) + t \, J(w + u, b + v)
    """
    w, b, X, y = problem(rng)
    u, v = 3 * rng.normal(size=len(w)), 3 * rng.normal()
    t = rng.uniform(0.2, 0.8)
    dw, db = gradients(w, b, X, y)
    start, end = cost(w, b, X, y), cost(w + u, b + v, X, y)
    return at_most(
        left=log_loss(y, expit((w + t * u) @ X + b + t * v)),
        right=(1 - t) * start + t * end,
        wrong={
            "the notes' second minus": -(1 - t) * start - t * end,
            "the tangent in place of the chord": start
            + t * (dw @ u + db * v),
        },
    )


@equation("lr.20")
def the_logarithm_without_positive_exponents(rng: Rng) -> Sides:
    r"""\log(1 + e^{z}) = \max(z, 0) + \log(1 + e^{-|z|})"""
    z = rng.normal(scale=400, size=20)
    correction = np.log(1 + np.exp(-np.abs(z)))
    return equals(
        left=np.logaddexp(0, z),
        right=np.maximum(z, 0) + correction,
        wrong={
            "right for negative z only": correction,
            "right for positive z only": z + correction,
        },
    )


@equation("lr.21")
def the_gradient_in_the_weights(rng: Rng) -> Sides:
    r"""
    \frac{\partial J}{\partial w} =
    \frac{1}{m} X (\hat{\boldsymbol{y}} - \boldsymbol{y})
    """
    w, b, X, y = problem(rng)
    dw, _ = gradients(w, b, X, y)
    return equals(
        left=numerical_gradient(
            lambda w: log_loss(y, expit(w @ X + b)), w
        ),
        right=dw,
        wrong={
            "sign turned": -dw,
            "1/m missing": len(y) * dw,
            "bias forgotten": X @ (expit(w @ X) - y) / len(y),
        },
    )


@equation("lr.22")
def the_gradient_in_the_bias(rng: Rng) -> Sides:
    r"""
    \frac{\partial J}{\partial b} =
    \frac{1}{m} \sum_{i=1}^{m} \bigl( \hat{y}^{(i)} - y^{(i)} \bigr)
    """
    w, b, X, y = problem(rng)
    _, db = gradients(w, b, X, y)
    return equals(
        left=numerical_gradient(
            lambda b: log_loss(y, expit(w @ X + b)), b
        ),
        right=db,
        wrong={
            "sign turned": -db,
            "1/m missing": len(y) * db,
            "labels dropped": np.mean(predict(w, b, X)),
        },
    )


@equation("lr.23")
def a_central_difference_comes_near_the_derivative(rng: Rng) -> Sides:
    r"""
    \frac{\partial f}{\partial \theta_k} \approx
    \frac{f(\theta + h e_k) - f(\theta - h e_k)}{2h}
    """
    theta, k, h = rng.normal(size=3), rng.integers(3), 1e-3

    def f(theta: Array) -> float:
        return float(np.sum(np.sin(theta)))

    step = h * np.eye(3)[k]
    return close(
        left=np.cos(theta[k]),
        right=numerical_gradient(f, theta, h)[k],
        within=h**2 / 6,
        wrong={
            "one side only": (f(theta + step) - f(theta)) / h,
            "divided by h": (f(theta + step) - f(theta - step)) / h,
        },
    )
