"""The equations of ``regularization.md``, held against other means."""

from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.stats import laplace, norm
from sklearn.linear_model import Lasso, Ridge

from engine.equations import (
    Rng,
    Sides,
    at_most,
    equals,
    equation,
)
from snippets.gradient_check import numerical_gradient
from snippets.regularization import (
    l1_penalty,
    l2_penalty,
    ridge,
    soft_threshold,
)

Array = NDArray[np.float64]


def problem(rng: Rng) -> tuple[Array, Array, Array, float]:
    """Random X, y, w and λ, with more samples than features."""
    n_x = int(rng.integers(2, 5))
    m = int(rng.integers(n_x + 1, 10))
    return (
        rng.normal(size=(m, n_x)),
        rng.normal(size=m),
        rng.normal(size=n_x),
        float(rng.uniform(0.5, 2)),
    )


def sklearn_ridge(X: Array, y: Array, lam: float) -> Array:
    """The weights that scikit-learn finds with alpha = λ."""
    model = Ridge(alpha=lam, fit_intercept=False).fit(X, y)
    return np.asarray(model.coef_, float)


def error(X: Array, y: Array, w: Array) -> float:
    """½‖Xw − y‖², summed in a loop."""
    squares = ((x @ w - t) ** 2 for x, t in zip(X, y, strict=True))
    return float(sum(squares)) / 2


def ridge_objective(X: Array, y: Array, w: Array, lam: float) -> float:
    """J₂(w), summed in a loop."""
    return error(X, y, w) + lam / 2 * float(sum(w_j**2 for w_j in w))


def lasso_objective(X: Array, y: Array, w: Array, lam: float) -> float:
    """J₁(w), summed in a loop."""
    return error(X, y, w) + lam * float(sum(abs(w_j) for w_j in w))


@equation("reg.1")
def the_gradient_of_the_ridge_objective(rng: Rng) -> Sides:
    r"""
    \frac{\partial J_2}{\partial w} = X^\top (Xw - y) + \lambda w
    """
    X, y, w, lam = problem(rng)
    J_2 = lambda w: ridge_objective(X, y, w, lam)
    return equals(
        left=numerical_gradient(J_2, w),
        right=X.T @ (X @ w - y) + lam * w,
        wrong={
            "penalty forgotten": X.T @ (X @ w - y),
            "half of it": X.T @ (X @ w - y) + lam / 2 * w,
            "sign turned": X.T @ (X @ w - y) - lam * w,
            "that of the lasso": X.T @ (X @ w - y) + lam * np.sign(w),
        },
    )


@equation("reg.2")
def the_closed_form_of_ridge(rng: Rng) -> Sides:
    r"""\hat{w} = (X^\top X + \lambda I)^{-1} X^\top y"""
    X, y, _, lam = problem(rng)
    n_x = X.shape[1]
    return equals(
        left=sklearn_ridge(X, y, lam),
        right=ridge(X, y, lam),
        wrong={
            "least squares": np.linalg.lstsq(X, y, rcond=None)[0],
            "lambda everywhere": np.linalg.solve(
                X.T @ X + lam * np.ones((n_x, n_x)), X.T @ y
            ),
            "lambda times m": ridge(X, y, lam * len(y)),
        },
    )


@equation("reg.3")
def ridge_shrinks_each_singular_direction(rng: Rng) -> Sides:
    r"""
    v_k^\top \hat{w} = \frac{s_k}{s_k^2 + \lambda} \, u_k^\top y
    """
    X, y, _, lam = problem(rng)
    U, s, Vt = np.linalg.svd(X, full_matrices=False)
    return equals(
        left=Vt @ sklearn_ridge(X, y, lam),
        right=s / (s**2 + lam) * (U.T @ y),
        wrong={
            "no penalty": (U.T @ y) / s,
            "square forgotten": s / (s + lam) * (U.T @ y),
            "shrunk twice": s**3 / (s**2 + lam) ** 2 * (U.T @ y),
        },
    )


@equation("reg.4")
def a_step_on_the_penalty_is_a_decay(rng: Rng) -> Sides:
    r"""
    w - \alpha \frac{\partial J_2}{\partial w} =
    (1 - \alpha \lambda) \, w - \alpha X^\top (Xw - y)
    """
    X, y, w, lam = problem(rng)
    alpha, g = 0.1, X.T @ (X @ w - y)
    J_2 = lambda w: ridge_objective(X, y, w, lam)
    return equals(
        left=w - alpha * numerical_gradient(J_2, w),
        right=(1 - alpha * lam) * w - alpha * g,
        wrong={
            "decay without learning rate": (1 - lam) * w - alpha * g,
            "growth": (1 + alpha * lam) * w - alpha * g,
            "gradient decayed too": (1 - alpha * lam) * (w - alpha * g),
        },
    )


@equation("reg.5")
def a_gaussian_prior_is_an_l2_penalty(rng: Rng) -> Sides:
    r"""
    \log \frac{P(w \mid y)}{P(0 \mid y)} = \frac{\lVert y \rVert^2 -
    \lVert Xw - y \rVert^2}{2 \sigma^2}
    - \frac{\lVert w \rVert^2}{2 \tau^2}
    """
    X, y, w, _ = problem(rng)
    sigma, tau = rng.uniform(0.5, 2, size=2)

    def log_joint(w: Array) -> float:
        likelihood = norm.logpdf(y, X @ w, sigma).sum()
        return float(likelihood + norm.logpdf(w, 0, tau).sum())

    gain = (y @ y - np.sum((X @ w - y) ** 2)) / (2 * sigma**2)
    return equals(
        left=log_joint(w) - log_joint(np.zeros_like(w)),
        right=gain - l2_penalty(w, 1 / tau**2),
        wrong={
            "prior forgotten": gain,
            "spread not squared": gain - l2_penalty(w, 1 / tau),
            "half forgotten": gain - 2 * l2_penalty(w, 1 / tau**2),
        },
    )


@equation("reg.6")
def a_laplace_prior_is_an_l1_penalty(rng: Rng) -> Sides:
    r"""
    \log \frac{P(w \mid y)}{P(0 \mid y)} = \frac{\lVert y \rVert^2 -
    \lVert Xw - y \rVert^2}{2 \sigma^2}
    - \frac{\lVert w \rVert_1}{\beta}
    """
    X, y, w, _ = problem(rng)
    sigma, beta = rng.uniform(0.5, 2, size=2)

    def log_joint(w: Array) -> float:
        likelihood = norm.logpdf(y, X @ w, sigma).sum()
        return float(likelihood + laplace.logpdf(w, 0, beta).sum())

    gain = (y @ y - np.sum((X @ w - y) ** 2)) / (2 * sigma**2)
    return equals(
        left=log_joint(w) - log_joint(np.zeros_like(w)),
        right=gain - l1_penalty(w, 1 / beta),
        wrong={
            "prior forgotten": gain,
            "a half too many": gain - l1_penalty(w, 1 / (2 * beta)),
            "squares": gain - l2_penalty(w, 1 / beta),
        },
    )


@equation("reg.7")
def the_minimiser_is_the_soft_threshold(rng: Rng) -> Sides:
    r"""
    \operatorname*{arg\,min}_w \bigl(
    \tfrac{1}{2} (w - a)^2 + t \, |w| \bigr) = S_t(a)
    """
    t = rng.uniform(0.5, 1)
    a = np.array([-2.0, -0.3, 0.2, 1.5]) + rng.uniform(-0.2, 0.2, 4)
    best = [
        minimize_scalar(
            lambda w, a_j=a_j: (w - a_j) ** 2 / 2 + t * abs(w),
            bracket=(-3, 3),
        ).x
        for a_j in a
    ]
    return equals(
        left=np.array(best),
        right=soft_threshold(a, t),
        wrong={
            "hard threshold": np.where(np.abs(a) > t, a, 0),
            "past zero": a - t * np.sign(a),
            "proportional": a / (1 + t),
        },
    )


@equation("reg.8")
def the_square_shrinks_in_proportion(rng: Rng) -> Sides:
    r"""
    \operatorname*{arg\,min}_w \bigl(
    \tfrac{1}{2} (w - a)^2 + \tfrac{t}{2} w^2 \bigr) = \frac{a}{1 + t}
    """
    t, a = rng.uniform(0.5, 1), rng.normal()
    best = minimize_scalar(lambda w: (w - a) ** 2 / 2 + t * w**2 / 2)
    return equals(
        left=best.x,
        right=a / (1 + t),
        wrong={
            "minus": a * (1 - t),
            "factor 2": a / (1 + 2 * t),
            "a threshold": np.sign(a) * max(abs(a) - t, 0),
        },
    )


@equation("reg.9")
def a_parabola_lies_above_the_error(rng: Rng) -> Sides:
    r"""
    \tfrac{1}{2} \lVert X(w + d) - y \rVert^2 \le \tfrac{1}{2}
    \lVert Xw - y \rVert^2 + g^\top d
    + \frac{1}{2 \eta} \lVert d \rVert^2
    """
    X, y, w, _ = problem(rng)
    steepest = np.linalg.svd(X)[2][0]
    ds = np.array([steepest, -steepest, *rng.normal(size=(5, w.size))])
    g, eta = X.T @ (X @ w - y), 1 / np.linalg.norm(X, 2) ** 2
    line, squares = error(X, y, w) + ds @ g, np.sum(ds**2, axis=1)
    return at_most(
        left=np.array([error(X, y, w + d) for d in ds]),
        right=line + squares / (2 * eta),
        wrong={
            "no parabola": line,
            "a step twice as long": line + squares / (4 * eta),
            "gradient turned": line - 2 * ds @ g + squares / (2 * eta),
        },
    )


@equation("reg.10")
def each_step_goes_down(rng: Rng) -> Sides:
    r"""
    J_1(w') \le J_1(w) - \frac{1}{2 \eta} \lVert w' - w \rVert^2
    """
    X, y, w, lam = problem(rng)
    eta = 1 / np.linalg.norm(X, 2) ** 2
    a = w - eta * X.T @ (X @ w - y)
    new = np.sign(a) * np.maximum(np.abs(a) - eta * lam, 0)
    before = lasso_objective(X, y, w, lam)
    moved = np.sum((new - w) ** 2) / (2 * eta)
    return at_most(
        left=lasso_objective(X, y, new, lam),
        right=before - moved,
        wrong={
            "half forgotten": before - 2 * moved,
        },
    )


@equation("reg.11")
def no_column_of_the_lasso_pulls_harder_than_lambda(rng: Rng) -> Sides:
    r"""\bigl| x_j^\top (y - X \tilde{w}) \bigr| \le \lambda"""
    X, y, _, _ = problem(rng)
    m, lam = len(y), 0.5 * np.max(np.abs(X.T @ y))
    model = Lasso(alpha=lam / m, fit_intercept=False, tol=1e-12)
    w = model.fit(X, y).coef_
    pull = np.array([abs(x_j @ (y - X @ w)) for x_j in X.T])
    bound = np.ones_like(pull)
    return at_most(
        left=pull,
        right=lam * bound,
        wrong={
            "half": lam / 2 * bound,
            "divided by m": lam / m * bound,
            "nothing": 0 * bound,
        },
        slack=1e-8,
    )


@equation("reg.12")
def the_lasso_of_scikit_learn_divides_by_m(rng: Rng) -> Sides:
    r"""
    \frac{1}{m} J_1(w) = \frac{1}{2m} \lVert Xw - y \rVert^2
    + \frac{\lambda}{m} \lVert w \rVert_1
    """
    X, y, w, lam = problem(rng)
    m = len(y)
    mean = np.sum((X @ w - y) ** 2) / (2 * m)
    return equals(
        left=lasso_objective(X, y, w, lam) / m,
        right=mean + l1_penalty(w, lam / m),
        wrong={
            "lambda not divided": mean + l1_penalty(w, lam),
            "half forgotten": 2 * mean + l1_penalty(w, lam / m),
            "the other penalty": mean + l2_penalty(w, lam / m),
        },
    )


@equation("reg.13")
def dropout_is_an_l2_penalty_on_average(rng: Rng) -> Sides:
    r"""
    \mathbb{E} \bigl\lVert \tfrac{1}{1 - p} (R \odot X) w - y
    \bigr\rVert^2 = \lVert Xw - y \rVert^2
    + \frac{p}{1 - p} \sum_j \lVert x_j \rVert^2 w_j^2
    """
    X, y, w = (
        rng.normal(size=(2, 4)),
        rng.normal(size=2),
        rng.normal(size=4),
    )
    p, expected = rng.uniform(0.2, 0.8), 0.0
    for mask in product((0, 1), repeat=8):
        R = np.reshape(mask, (2, 4))
        probability = p ** (8 - R.sum()) * (1 - p) ** R.sum()
        residual = (R * X) @ w / (1 - p) - y
        expected += probability * np.sum(residual**2)
    fit = np.sum((X @ w - y) ** 2)
    ridge_like = np.sum(np.sum(X**2, axis=0) * w**2)
    return equals(
        left=expected,
        right=fit + p / (1 - p) * ridge_like,
        wrong={
            "no penalty": fit,
            "p alone": fit + p * ridge_like,
            "kept and dropped exchanged": fit
            + (1 - p) / p * ridge_like,
            "columns not weighed": fit + p / (1 - p) * np.sum(w**2),
        },
    )


@equation("reg.14")
def where_gradient_descent_is_after_n_steps(rng: Rng) -> Sides:
    r"""
    v_k^\top w^{(n)} =
    \frac{1 - (1 - \eta s_k^2)^n}{s_k} \, u_k^\top y
    """
    X, y, w, _ = problem(rng)
    U, s, Vt = np.linalg.svd(X, full_matrices=False)
    n, eta, w = int(rng.integers(2, 9)), 1 / s[0] ** 2, 0 * w
    for _ in range(n):
        w = w - eta * X.T @ (X @ w - y)
    left = (1 - eta * s**2) ** n
    return equals(
        left=Vt @ w,
        right=(1 - left) / s * (U.T @ y),
        wrong={
            "one step more": (1 - left * (1 - eta * s**2))
            / s
            * (U.T @ y),
            "what is left, not what is done": left / s * (U.T @ y),
            "square forgotten": (1 - (1 - eta * s) ** n)
            / s
            * (U.T @ y),
        },
    )
