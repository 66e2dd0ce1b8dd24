"""The equations of ``bias.md``, held against other means."""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize, minimize_scalar
from scipy.special import expit
from sklearn.metrics import log_loss

from engine.equations import Rng, Sides, at_most, equals, equation
from snippets.activations import relu, sigmoid
from snippets.gradient_check import numerical_gradient
from snippets.logistic import cost, gradients, logits

Array = NDArray[np.float64]


def problem(rng: Rng) -> tuple[Array, float, Array, Array]:
    """Random w, b, X, y with both labels among the samples."""
    n_x, m = int(rng.integers(1, 6)), int(rng.integers(3, 9))
    y = np.append([0.0, 1.0, 1.0], rng.integers(2, size=m - 3))
    return (
        rng.normal(size=n_x),
        rng.normal(),
        rng.normal(size=(n_x, m)),
        y,
    )


def mean_loss(v: Array, X: Array, y: Array) -> float:
    """The cost at the weights v[:-1] and the bias v[-1]."""
    z = v[:-1] @ X + v[-1]
    return float(np.mean(np.logaddexp(0, z) - y * z))


@equation("bias.1")
def the_distance_of_the_border_from_the_origin(rng: Rng) -> Sides:
    r"""\min_{x \in H} \lVert x \rVert = \frac{|b|}{\lVert w \rVert}"""
    w, b, _, _ = problem(rng)
    shortest, *_ = np.linalg.lstsq(w[None, :], [-b])
    return equals(
        left=np.linalg.norm(shortest),
        right=abs(b) / np.linalg.norm(w),
        wrong={
            "length not divided out": abs(b),
            "length squared": abs(b) / (w @ w),
        },
    )


@equation("bias.2")
def without_a_bias_opposite_inputs_get_opposite_answers(
    rng: Rng,
) -> Sides:
    r"""\sigma(w^\top x) + \sigma(-w^\top x) = 1"""
    w, b, X, _ = problem(rng)
    return equals(
        left=sigmoid(w @ X) + sigmoid(-(w @ X)),
        right=np.ones(X.shape[1]),
        wrong={
            "with a bias": expit(w @ X + b) + expit(-(w @ X) + b),
            "twice the same": 2 * expit(w @ X),
        },
    )


@equation("bias.3")
def the_logit_of_a_stretched_input(rng: Rng) -> Sides:
    r"""z(c \, x) = c \, z(x) - (c - 1) \, b"""
    w, b, X, _ = problem(rng)
    c = rng.uniform(1.5, 4)
    z = np.array([sum(w * x) + b for x in X.T])
    return equals(
        left=logits(w, b, c * X),
        right=c * z - (c - 1) * b,
        wrong={
            "as if there were no bias": c * z,
            "sign turned": c * z + (c - 1) * b,
        },
    )


@equation("bias.4")
def without_a_bias_two_samples_on_one_ray_cost_log_2(
    rng: Rng,
) -> Sides:
    r"""\frac{\log 2}{m} \le J(w, 0)"""
    w, _, X, y = problem(rng)
    X[:, 1] = rng.uniform(1.5, 4) * X[:, 0]
    pair, labels = X[:, :2], y[:2]
    apart = 60 * X[:, 0] / (X[:, 0] @ (X[:, 1] - X[:, 0]))
    middle = -apart @ pair.mean(axis=1)
    return at_most(
        left=np.log(2) / np.array([len(y), 2]),
        right=np.array([cost(w, 0, X, y), cost(w, 0, pair, labels)]),
        wrong={
            "with a bias": np.array(
                [
                    log_loss(y, expit(w @ X)),
                    log_loss(labels, expit(apart @ pair + middle)),
                ]
            ),
        },
    )


@equation("bias.5")
def the_bias_is_the_weight_of_a_constant_1(rng: Rng) -> Sides:
    r"""w^\top x + b = \tilde{w}^\top \tilde{x}"""
    w, b, X, _ = problem(rng)
    ones = np.ones((1, X.shape[1]))
    w_one = np.append(w, b)
    return equals(
        left=logits(w, b, X),
        right=w_one @ np.concatenate([X, ones]),
        wrong={
            "constant 0": w_one @ np.concatenate([X, 0 * ones]),
            "constant −1": w_one @ np.concatenate([X, -ones]),
        },
    )


@equation("bias.6")
def the_gradient_of_weights_and_bias_in_one(rng: Rng) -> Sides:
    r"""
    \frac{\partial J}{\partial \tilde{w}} =
    \frac{1}{m} \tilde{X} (\hat{\boldsymbol{y}} - \boldsymbol{y})
    """
    w, b, X, y = problem(rng)
    X_one = np.vstack([X, np.ones(len(y))])
    w_one = np.append(w, b)
    dw, _ = gradients(w_one, 0.0, X_one, y)
    return equals(
        left=numerical_gradient(lambda v: mean_loss(v, X, y), w_one),
        right=dw,
        wrong={
            "bias not moved": np.append(dw[:-1], 0),
            "1/m missing": len(y) * dw,
            "sign turned": -dw,
        },
    )


@equation("bias.7")
def the_bias_alone_answers_with_the_share_of_the_ones(
    rng: Rng,
) -> Sides:
    r"""\arg\min_b J(0, b) = \log \frac{\bar{y}}{1 - \bar{y}}"""
    _, _, X, y = problem(rng)
    best = minimize_scalar(
        lambda b: cost(np.zeros(len(X)), b, X, y), tol=1e-10
    )
    share = np.mean(y)
    return equals(
        left=best.x,
        right=np.log(share / (1 - share)),
        wrong={
            "the share itself": share,
            "its logarithm": np.log(share),
            "upside down": np.log((1 - share) / share),
        },
        rtol=1e-4,
    )


@equation("bias.8")
def the_bias_makes_up_for_a_shift_of_the_data(rng: Rng) -> Sides:
    r"""J_a(w, b - w^\top a) = J(w, b)"""
    w, b, X, y = problem(rng)
    a = rng.normal(size=len(w))
    return equals(
        left=log_loss(
            y, expit(w @ (X + a[:, None]) + b - np.dot(w, a))
        ),
        right=cost(w, b, X, y),
        wrong={
            "bias kept": log_loss(y, expit(w @ X + b + w @ a)),
            "sign turned": log_loss(y, expit(w @ X + b + 2 * w @ a)),
        },
    )


@equation("bias.9")
def a_penalised_bias_spoils_the_mean_prediction(rng: Rng) -> Sides:
    r"""
    \frac{1}{m} \sum_{i=1}^{m} \hat{y}^{(i)} = \bar{y} - \lambda b
    """
    w, _, X, y = problem(rng)
    lam, start = rng.uniform(0.05, 0.5), np.zeros(len(w) + 1)

    def objective(v: Array) -> float:
        return mean_loss(v, X, y) + lam / 2 * float(v @ v)

    v = minimize(objective, start, jac="3-point", tol=1e-8).x
    return equals(
        left=np.mean(expit(v[:-1] @ X + v[-1])),
        right=np.mean(y) - lam * v[-1],
        wrong={
            "as if the bias were free": np.mean(y),
            "sign turned": np.mean(y) + lam * v[-1],
        },
    )


@equation("bias.10")
def the_bias_moves_the_kink(rng: Rng) -> Sides:
    r"""
    \operatorname{relu}(w x + b) = |w| \, \operatorname{relu}\bigl(
    \operatorname{sgn}(w) \, (x - k) \bigr)
    """
    w, b, x = rng.normal(), rng.normal(), 5 * rng.normal(size=50)
    k = -b / w
    return equals(
        left=np.array([max(w * number + b, 0) for number in x]),
        right=abs(w) * relu(np.sign(w) * (x - k)),
        wrong={
            "kink on the other side": abs(w)
            * relu(np.sign(w) * (x + k)),
            "kink at 0": abs(w) * relu(np.sign(w) * x),
            "size of the weight dropped": relu(np.sign(w) * (x - k)),
        },
    )


@equation("bias.11")
def a_network_without_biases_is_homogeneous(rng: Rng) -> Sides:
    r"""f(c \, x) = c \, f(x)"""
    W1, W2 = rng.normal(size=(7, 3)), rng.normal(size=(2, 7))
    x, c = rng.normal(size=3), rng.uniform(1.5, 4)
    hidden = [max(sum(row * c * x), 0) for row in W1]
    return equals(
        left=np.array([sum(row * hidden) for row in W2]),
        right=c * (W2 @ relu(W1 @ x)),
        wrong={
            "as if scale did not matter": W2 @ relu(W1 @ x),
            "c once for each layer": c**2 * (W2 @ relu(W1 @ x)),
            "with a bias of 1": c * (W2 @ relu(W1 @ x + 1)),
        },
    )
