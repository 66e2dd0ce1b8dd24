"""The equations of ``activations.md``, held against other means."""

from collections.abc import Callable

import numpy as np
import scipy.special
from numpy.typing import NDArray
from scipy.special import expit, logsumexp

from engine.equations import Rng, Sides, at_most, equals, equation
from snippets.activations import (
    d_leaky_relu,
    d_relu,
    d_sigmoid,
    d_tanh,
    leaky_relu,
    sigmoid,
    softmax,
    tanh,
)
from snippets.gradient_check import numerical_gradient

Array = NDArray[np.float64]


def slope(
    f: Callable[[Array], Array], z: Array, h: float = 1e-5
) -> Array:
    """Central differences of f, component by component."""
    return (f(z + h) - f(z - h)) / (2 * h)


def around_zero(rng: Rng) -> Array:
    """Twenty random z and 0 itself, where the slopes are largest."""
    return np.append(rng.normal(scale=3, size=20), 0.0)


def away_from_zero(rng: Rng) -> Array:
    """Random z on both sides of the kink, none nearer than 0.01."""
    z = rng.normal(scale=3, size=20) * np.resize([1, -1], 20)
    nudged: Array = z + np.copysign(0.01, z)
    return nudged


def leaky(z: Array, s: float) -> Array:
    """Leaky ReLU as the larger of its two lines."""
    larger: Array = np.maximum(z, s * z)
    return larger


def numerical_jacobian(
    f: Callable[[Array], Array], z: Array, h: float = 1e-5
) -> Array:
    """Column k holds the central differences of f along z_k."""
    steps = h * np.eye(len(z))
    return np.array(
        [(f(z + step) - f(z - step)) / (2 * h) for step in steps]
    ).T


@equation("act.1")
def two_layers_without_activation_are_one(rng: Rng) -> Sides:
    r"""
    W^{(2)} (W^{(1)} x + b^{(1)}) + b^{(2)} =
    (W^{(2)} W^{(1)}) \, x + (W^{(2)} b^{(1)} + b^{(2)})
    """
    W1, b1 = rng.normal(size=(4, 3)), rng.normal(size=4)
    W2, b2 = rng.normal(size=(2, 4)), rng.normal(size=2)
    x = rng.normal(size=3)
    h = [sum(W1[j] * x) + b1[j] for j in range(4)]
    return equals(
        left=np.array([sum(W2[i] * h) + b2[i] for i in range(2)]),
        right=W2 @ W1 @ x + (W2 @ b1 + b2),
        wrong={
            "first bias not passed on": W2 @ W1 @ x + b2,
            "first bias forgotten twice": W2 @ W1 @ x,
        },
    )


@equation("act.2")
def the_sigmoid_is_symmetric_about_one_half(rng: Rng) -> Sides:
    r"""1 - \sigma(z) = \sigma(-z)"""
    z = rng.normal(scale=2, size=20)
    return equals(
        left=1 - expit(z),
        right=sigmoid(-z),
        wrong={"odd": -sigmoid(z), "even": sigmoid(z)},
    )


@equation("act.3")
def the_slope_of_the_sigmoid_without_a_difference(rng: Rng) -> Sides:
    r"""\sigma'(z) = \sigma(z) \, \sigma(-z)"""
    z = rng.normal(scale=2, size=20)
    return equals(
        left=slope(expit, z),
        right=d_sigmoid(z),
        wrong={
            "taken at the output": d_sigmoid(sigmoid(z)),
            "the same sign twice": sigmoid(z) ** 2,
            "the slope of tanh": 1 - sigmoid(z) ** 2,
        },
    )


@equation("act.4")
def the_sigmoid_is_never_steeper_than_a_quarter(rng: Rng) -> Sides:
    r"""\sigma'(z) \le \frac{1}{4}"""
    z = around_zero(rng)
    return at_most(
        left=slope(expit, z),
        right=np.full_like(z, 1 / 4),
        wrong={"a little less": np.full_like(z, 0.2499)},
        slack=1e-9,
    )


@equation("act.5")
def tanh_is_a_stretched_sigmoid(rng: Rng) -> Sides:
    r"""\tanh(z) = 2 \, \sigma(2z) - 1"""
    z = rng.normal(size=20)
    return equals(
        left=np.tanh(z),
        right=2 * sigmoid(2 * z) - 1,
        wrong={
            "not stretched in z": 2 * sigmoid(z) - 1,
            "not lowered": 2 * sigmoid(2 * z),
        },
    )


@equation("act.6")
def the_slope_of_tanh(rng: Rng) -> Sides:
    r"""\tanh'(z) = 1 - \tanh^2(z)"""
    z = rng.normal(size=20)
    return equals(
        left=slope(np.tanh, z),
        right=d_tanh(z),
        wrong={
            "taken at the output": d_tanh(tanh(z)),
            "not squared": 1 - tanh(z),
            "that of the sigmoid": tanh(z) * (1 - tanh(z)),
        },
    )


@equation("act.7")
def tanh_is_never_steeper_than_one(rng: Rng) -> Sides:
    r"""\tanh'(z) \le 1"""
    z = around_zero(rng)
    return at_most(
        left=slope(np.tanh, z),
        right=np.ones_like(z),
        wrong={
            "a little less": np.full_like(z, 0.9999),
            "the bound of the sigmoid": np.full_like(z, 0.25),
        },
        slack=1e-9,
    )


@equation("act.8")
def every_component_carries_the_sign_of_its_input(rng: Rng) -> Sides:
    r"""
    \frac{\partial \mathcal{L}}{\partial w_k} =
    \frac{\partial \mathcal{L}}{\partial v} \, h_k
    """
    w, h, t = rng.normal(size=5), rng.normal(size=5), rng.normal()
    v = w @ h
    return equals(
        left=numerical_gradient(
            lambda w: np.sum((np.sin(w @ h) - t) ** 2), w
        ),
        right=2 * (np.sin(v) - t) * np.cos(v) * h,
        wrong={
            "the weight in place of the input": 2
            * (np.sin(v) - t)
            * np.cos(v)
            * w,
            "input forgotten": np.full(
                5, 2 * (np.sin(v) - t) * np.cos(v)
            ),
        },
    )


@equation("act.9")
def the_curvature_is_made_of_the_outputs_before(rng: Rng) -> Sides:
    r"""
    \frac{\partial^2 Q}{\partial w \, \partial w^\top} =
    \frac{1}{m} H H^\top
    """
    H, t, w = (
        rng.normal(size=(3, 7)),
        rng.normal(size=7),
        rng.normal(size=3),
    )

    def gradient(w: Array) -> Array:
        return numerical_gradient(
            lambda w: np.sum((w @ H - t) ** 2) / 14, w, h=1e-2
        )

    return equals(
        left=numerical_jacobian(gradient, w),
        right=H @ H.T / 7,
        wrong={
            "1/m missing": H @ H.T,
            "mixed derivatives dropped": np.diag(np.sum(H**2, 1)) / 7,
            "mean taken away": np.cov(H, bias=True),
        },
    )


@equation("act.10")
def a_mean_output_makes_the_curvature_large(rng: Rng) -> Sides:
    r"""\lVert \bar{h} \rVert^2 \le \lambda_{\max}"""
    H = expit(rng.normal(size=(6, 40)))
    return at_most(
        left=np.sum(H.mean(axis=1) ** 2),
        right=np.linalg.eigvalsh(H @ H.T / 40)[-1],
        wrong={
            "second largest": np.linalg.eigvalsh(H @ H.T / 40)[-2],
            "mean taken away": np.linalg.eigvalsh(np.cov(H, bias=True))[
                -1
            ],
        },
    )


@equation("act.11")
def the_slope_of_relu_off_its_kink(rng: Rng) -> Sides:
    r"""\operatorname{relu}'(z) = [z > 0]"""
    z = away_from_zero(rng)
    return equals(
        left=slope(lambda z: np.maximum(z, 0), z),
        right=d_relu(z),
        wrong={
            "sides exchanged": d_relu(-z),
            "the function itself": np.maximum(z, 0),
            "one on both sides": np.ones_like(z),
        },
    )


@equation("act.12")
def the_slope_of_leaky_relu_off_its_kink(rng: Rng) -> Sides:
    r"""\operatorname{leaky}'(z) = [z > 0] + s \, [z < 0]"""
    z, s = away_from_zero(rng), rng.uniform(0.01, 0.5)
    return equals(
        left=slope(lambda z: leaky(z, s), z),
        right=d_leaky_relu(z, s),
        wrong={
            "no leak": d_relu(z),
            "sides exchanged": d_leaky_relu(-z, s),
            "s added on both sides": d_relu(z) + s,
        },
    )


@equation("act.13")
def leaky_relu_never_loses_all_slope(rng: Rng) -> Sides:
    r"""s \le \operatorname{leaky}'(z)"""
    z, s = away_from_zero(rng), rng.uniform(0.01, 0.5)
    return at_most(
        left=np.full_like(z, s),
        right=slope(lambda z: leaky(z, s), z),
        wrong={
            "relu": d_relu(z),
            "a smaller leak": d_leaky_relu(z, s / 2),
        },
        slack=1e-9,
    )


@equation("act.14")
def leaky_relu_is_never_steeper_than_one(rng: Rng) -> Sides:
    r"""\operatorname{leaky}'(z) \le 1"""
    z, s = away_from_zero(rng), rng.uniform(0, 0.5)
    return at_most(
        left=slope(lambda z: leaky(z, s), z),
        right=np.ones_like(z),
        wrong={
            "a little less": np.full_like(z, 0.9999),
            "the leak": np.full_like(z, s),
        },
        slack=1e-9,
    )


@equation("act.15")
def a_central_difference_at_the_kink_takes_the_mean(rng: Rng) -> Sides:
    r"""
    \frac{\operatorname{leaky}(\varepsilon) -
    \operatorname{leaky}(-\varepsilon)}{2 \varepsilon} =
    \frac{1 + s}{2}
    """
    s, eps = rng.uniform(0, 0.5), rng.uniform(1e-6, 1)
    at_kink = numerical_gradient(lambda z: leaky_relu(z, s), 0.0, eps)
    return equals(
        left=at_kink,
        right=(1 + s) / 2,
        wrong={"right slope": 1.0, "left slope": s},
    )


@equation("act.16")
def a_shift_of_all_z_changes_nothing(rng: Rng) -> Sides:
    r"""
    \frac{e^{z_j + c}}{\sum_k e^{z_k + c}} =
    \frac{e^{z_j}}{\sum_k e^{z_k}}
    """
    z, c = rng.normal(size=5), rng.normal(scale=3)
    return equals(
        left=scipy.special.softmax(z + c),
        right=np.exp(z) / np.sum(np.exp(z)),
        wrong={
            "a factor comes out": np.exp(z + c) / np.sum(np.exp(z)),
            "scaled in place of shifted": scipy.special.softmax(c * z),
        },
    )


@equation("act.17")
def softmax_without_positive_exponents(rng: Rng) -> Sides:
    r"""
    p_j = \frac{e^{z_j - \max z}}{\sum_k e^{z_k - \max z}}
    """
    z = rng.normal(size=5) + rng.choice([-1000, 0, 1000])
    e = np.exp(z - np.max(z))
    return equals(
        left=scipy.special.softmax(z),
        right=softmax(z),
        wrong={
            "not normalised": e,
            "sum over the others": e / (np.sum(e) - e),
        },
    )


@equation("act.18")
def the_sigmoid_is_softmax_of_two(rng: Rng) -> Sides:
    r"""\frac{e^{z_1}}{e^{z_1} + e^{z_2}} = \sigma(z_1 - z_2)"""
    z = rng.normal(size=2)
    return equals(
        left=scipy.special.softmax(z)[0],
        right=sigmoid(z[0] - z[1]),
        wrong={
            "order exchanged": sigmoid(z[1] - z[0]),
            "second forgotten": sigmoid(z[0]),
        },
    )


@equation("act.19")
def the_jacobian_of_softmax(rng: Rng) -> Sides:
    r"""
    \frac{\partial p_j}{\partial z_k} =
    p_j \, ([j = k] - p_k)
    """
    z = rng.normal(size=4)
    p = softmax(z)
    return equals(
        left=numerical_jacobian(scipy.special.softmax, z),
        right=np.diag(p) - np.outer(p, p),
        wrong={
            "diagonal only": np.diag(p * (1 - p)),
            "sign of the mixed ones": np.diag(p)
            + np.outer(p, p) * (1 - 2 * np.eye(4)),
            "as for separate exponentials": np.diag(p),
        },
    )


@equation("act.20")
def no_slope_of_softmax_exceeds_a_quarter(rng: Rng) -> Sides:
    r"""
    \left| \frac{\partial p_j}{\partial z_k} \right| \le
    \frac{1}{4}
    """
    nearly_equal = np.append(rng.normal(scale=0.01, size=2), -20.0)
    slopes = [
        np.abs(numerical_jacobian(scipy.special.softmax, z))
        for z in (nearly_equal, rng.normal(size=3))
    ]
    return at_most(
        left=np.array(slopes),
        right=np.full((2, 3, 3), 1 / 4),
        wrong={
            "a little less": np.full((2, 3, 3), 0.2498),
            "diagonal only": np.stack([np.eye(3) / 4] * 2),
        },
        slack=1e-9,
    )


@equation("act.21")
def the_loss_of_softmax_from_z(rng: Rng) -> Sides:
    r"""-\log p_y = \log \sum_k e^{z_k} - z_y"""
    z, y = rng.normal(scale=2, size=5), rng.integers(5)
    return equals(
        left=-scipy.special.log_softmax(z)[y],
        right=np.log(np.sum(np.exp(z))) - z[y],
        wrong={
            "sign of z_y": np.log(np.sum(np.exp(z))) + z[y],
            "largest in place of the sum": np.max(z) - z[y],
        },
    )


@equation("act.22")
def the_slope_of_the_loss_is_prediction_minus_label(
    rng: Rng,
) -> Sides:
    r"""
    \frac{\partial \mathcal{L}}{\partial z_k} = p_k - [k = y]
    """
    z, y = rng.normal(size=4), rng.integers(4)
    label, p = np.eye(4)[y], softmax(z)
    return equals(
        left=numerical_gradient(lambda z: logsumexp(z) - z[y], z),
        right=p - label,
        wrong={
            "sign turned": label - p,
            "label dropped": p,
            "slope of a sigmoid left in": (p - label) * p * (1 - p),
        },
    )


@equation("act.23")
def what_a_chain_of_sigmoids_leaves(rng: Rng) -> Sides:
    r"""
    \left| \frac{\partial h^{(L)}}{\partial z^{(1)}} \right| \le
    4^{-L}
    """
    z, L = rng.normal(scale=0.1), int(rng.integers(1, 5))

    def chain(z: Array) -> Array:
        for _ in range(L):
            z = expit(z)
        return z

    return at_most(
        left=abs(numerical_gradient(chain, z)),
        right=4.0**-L,
        wrong={"one layer too many": 4.0 ** -(L + 1)},
        slack=1e-9,
    )


def small_network(rng: Rng) -> tuple[Array, Array, Array]:
    """The z of one layer, the weights and the target of the next."""
    return (
        rng.normal(size=4),
        rng.normal(size=(3, 4)),
        rng.normal(size=3),
    )


@equation("act.24")
def the_gradient_passes_one_layer_back(rng: Rng) -> Sides:
    r"""
    \delta^{(l)} = \varphi'(z^{(l)}) \odot
    \bigl( W^{(l+1)\top} \delta^{(l+1)} \bigr)
    """
    z, W, t = small_network(rng)
    delta = W @ np.tanh(z) - t
    return equals(
        left=numerical_gradient(
            lambda z: np.sum((W @ np.tanh(z) - t) ** 2) / 2, z
        ),
        right=d_tanh(z) * (W.T @ delta),
        wrong={
            "slope forgotten": W.T @ delta,
            "slope taken at the output": d_tanh(tanh(z))
            * (W.T @ delta),
            "slope of the layer behind": W.T @ (d_tanh(delta) * delta),
        },
    )


@equation("act.25")
def by_how_much_one_layer_may_enlarge_the_gradient(rng: Rng) -> Sides:
    r"""
    \lVert \delta^{(l)} \rVert \le
    M \, \lVert W^{(l+1)} \rVert \, \lVert \delta^{(l+1)} \rVert
    """
    z, W, t = small_network(rng)
    z, W = 0.1 * z, np.outer(t, rng.normal(size=4))
    delta = W @ expit(z) - t
    largest = np.linalg.svd(W, compute_uv=False)[0]
    before = numerical_gradient(
        lambda z: np.sum((W @ expit(z) - t) ** 2) / 2, z
    )
    bound = 0.25 * largest * np.linalg.norm(delta)
    return at_most(
        left=np.linalg.norm(before),
        right=bound,
        wrong={
            "an eighth for the sigmoid": bound / 2,
            "weights forgotten": bound / largest,
            "largest entry in place of the norm": bound
            / largest
            * np.max(np.abs(W)),
        },
        slack=1e-9,
    )
