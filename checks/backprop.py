"""The equations of ``backprop.md``, held against other means."""

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, log_softmax

from engine.equations import Rng, Sides, at_most, equals, equation
from snippets.backprop import (
    Cache,
    backward_from,
    d_cross_entropy,
    d_squared_error,
    forward,
)
from snippets.gradient_check import numerical_gradient

Array = NDArray[np.float64]


def problem(rng: Rng, m: int = 1) -> tuple[Cache, Array]:
    """A random cache and ∂L/∂o; all lengths 3, so that each
    transpose fits."""
    shapes = ((3, 3), (3, 3), (3, m), (3, m))
    W1, W2, x, y = (rng.normal(size=shape) for shape in shapes)
    cache = forward(W1, W2, x, y, lam=0.3)[1]
    return cache, d_squared_error(cache.o, y)


def s(W1: Array, W2: Array, lam: float) -> float:
    """The penalty, by norms of NumPy."""
    norms = np.linalg.norm(W1, "fro"), np.linalg.norm(W2, "fro")
    return float(lam / 2 * (norms[0] ** 2 + norms[1] ** 2))


def L(o: Array, y: Array) -> float:
    """The squared error, sample by sample."""
    pairs = zip(o.T, y.T, strict=True)
    return float(np.mean([np.dot(a - b, a - b) / 2 for a, b in pairs]))


def ell(o: Array, y: Array) -> float:
    """The cross-entropy of one sample, by SciPy."""
    return float(-np.sum(y * log_softmax(o)))


def tanh(z: Array) -> Array:
    """The hyperbolic tangent by way of SciPy's sigmoid."""
    return np.asarray(2 * expit(2 * z) - 1)


def first_singular(W: Array) -> Array:
    """Half the gradient of the squared spectral norm."""
    U, S, Vt = np.linalg.svd(W)
    return np.asarray(S[0] * np.outer(U[:, 0], Vt[0]))


def multiplications(*products: tuple[int, int, int]) -> int:
    """Count them in loops, for products (a, b) times (b, c)."""
    return sum(
        1
        for a, b, c in products
        for _ in range(a)
        for _ in range(c)
        for _ in range(b)
    )


def sizes(rng: Rng) -> tuple[int, int, int, int]:
    """Random n_x, n_h, n_y, m."""
    n_x, n_h, n_y, m = (int(n) for n in rng.integers(1, 6, size=4))
    return n_x, n_h, n_y, m


@equation("bp.1")
def a_sum_passes_on_to_the_loss(rng: Rng) -> Sides:
    r"""\frac{\partial J}{\partial L} = 1"""
    c, _ = problem(rng)
    return equals(
        left=numerical_gradient(
            lambda loss: loss + s(c.W1, c.W2, c.lam), L(c.o, c.y)
        ),
        right=1.0,
        wrong={
            "scaled by lambda": c.lam,
            "shared between both": 0.5,
        },
    )


@equation("bp.2")
def a_sum_passes_on_to_the_penalty(rng: Rng) -> Sides:
    r"""\frac{\partial J}{\partial s} = 1"""
    c, _ = problem(rng)
    return equals(
        left=numerical_gradient(
            lambda penalty: L(c.o, c.y) + penalty,
            s(c.W1, c.W2, c.lam),
        ),
        right=1.0,
        wrong={
            "lambda counted twice": c.lam,
            "shared between both": 0.5,
        },
    )


@equation("bp.3")
def the_output_acts_through_the_loss_alone(rng: Rng) -> Sides:
    r"""
    \frac{\partial J}{\partial o} = \frac{\partial L}{\partial o}
    """
    c, _ = problem(rng)
    y = rng.dirichlet(np.ones(3))[:, None]
    dL = d_cross_entropy(c.o, y)
    return equals(
        left=numerical_gradient(
            lambda o: ell(o[:, 0], y[:, 0]) + s(c.W1, c.W2, c.lam), c.o
        ),
        right=dL,
        wrong={
            "the penalty as a factor": dL * s(c.W1, c.W2, c.lam),
            "lambda o added": dL + c.lam * c.o,
        },
    )


@equation("bp.4")
def the_squared_error_at_the_output(rng: Rng) -> Sides:
    r"""\frac{\partial L}{\partial o} = o - y"""
    c, do = problem(rng)
    return equals(
        left=numerical_gradient(lambda o: L(o, c.y), c.o),
        right=do,
        wrong={"sign turned": -do, "2 of the square left": 2 * do},
    )


@equation("bp.5")
def the_penalty_pulls_on_the_first_weights(rng: Rng) -> Sides:
    r"""\frac{\partial s}{\partial W^{(1)}} = \lambda W^{(1)}"""
    c, _ = problem(rng)
    return equals(
        left=numerical_gradient(lambda W: s(W, c.W2, c.lam), c.W1),
        right=c.lam * c.W1,
        wrong={
            "2 of the square left": 2 * c.lam * c.W1,
            "spectral norm": c.lam * first_singular(c.W1),
            "norm not squared": c.lam * c.W1 / np.linalg.norm(c.W1),
        },
    )


@equation("bp.6")
def the_penalty_pulls_on_the_second_weights(rng: Rng) -> Sides:
    r"""\frac{\partial s}{\partial W^{(2)}} = \lambda W^{(2)}"""
    c, _ = problem(rng)
    return equals(
        left=numerical_gradient(lambda W: s(c.W1, W, c.lam), c.W2),
        right=c.lam * c.W2,
        wrong={
            "spectral norm": c.lam * first_singular(c.W2),
            "the other matrix": c.lam * c.W1,
        },
    )


@equation("bp.7")
def the_gradient_in_the_second_weights(rng: Rng) -> Sides:
    r"""
    \frac{\partial J}{\partial W^{(2)}} =
    \frac{\partial J}{\partial o} \, h^\top + \lambda W^{(2)}
    """
    c, do = problem(rng)
    _, dW2 = backward_from(c, do)
    return equals(
        left=numerical_gradient(
            lambda W: L(W @ tanh(c.W1 @ c.x), c.y) + s(c.W1, W, c.lam),
            c.W2,
        ),
        right=dW2,
        wrong={
            "penalty forgotten": do @ c.h.T,
            "product turned": c.h @ do.T + c.lam * c.W2,
            "z in place of h": do @ (c.W1 @ c.x).T + c.lam * c.W2,
        },
    )


@equation("bp.8")
def the_gradient_in_the_hidden_values(rng: Rng) -> Sides:
    r"""
    \frac{\partial J}{\partial h} =
    W^{(2)\top} \frac{\partial J}{\partial o}
    """
    c, do = problem(rng)
    return equals(
        left=numerical_gradient(lambda h: L(c.W2 @ h, c.y), c.h),
        right=c.W2.T @ do,
        wrong={
            "without the transpose": c.W2 @ do,
            "one path only": c.W2[:1].T @ do[:1],
        },
    )


@equation("bp.9")
def the_activation_multiplies_by_its_slope(rng: Rng) -> Sides:
    r"""
    \frac{\partial J}{\partial z} =
    \frac{\partial J}{\partial h} \odot \phi'(z)
    """
    c, do = problem(rng)
    dh = c.W2.T @ do
    return equals(
        left=numerical_gradient(
            lambda z: L(c.W2 @ tanh(z), c.y), c.W1 @ c.x
        ),
        right=dh * (1 - c.h**2),
        wrong={
            "the notes' name, dh": dh,
            "slope taken at h": dh * (1 - np.tanh(c.h) ** 2),
        },
    )


@equation("bp.10")
def the_slope_of_tanh_by_its_value(rng: Rng) -> Sides:
    r"""\phi'(z) = 1 - h \odot h"""
    z = rng.normal(size=5)
    h = np.tanh(z)
    return equals(
        left=np.array([numerical_gradient(tanh, v) for v in z]),
        right=1 - h**2,
        wrong={
            "square forgotten": 1 - h,
            "the slope of the sigmoid": h * (1 - h),
        },
    )


@equation("bp.11")
def the_gradient_in_the_first_weights(rng: Rng) -> Sides:
    r"""
    \frac{\partial J}{\partial W^{(1)}} =
    \frac{\partial J}{\partial z} \, x^\top + \lambda W^{(1)}
    """
    c, do = problem(rng)
    dW1, _ = backward_from(c, do)
    dh, slope = c.W2.T @ do, 1 - c.h**2
    return equals(
        left=numerical_gradient(
            lambda W: L(c.W2 @ tanh(W @ c.x), c.y) + s(W, c.W2, c.lam),
            c.W1,
        ),
        right=dW1,
        wrong={
            "penalty forgotten": dW1 - c.lam * c.W1,
            "slope forgotten": dh @ c.x.T + c.lam * c.W1,
            "product turned": c.x @ (dh * slope).T + c.lam * c.W1,
        },
    )


@equation("bp.12")
def the_mean_loss_at_the_outputs(rng: Rng) -> Sides:
    r"""\frac{\partial L}{\partial O} = \frac{1}{m} (O - Y)"""
    c, dO = problem(rng, m=4)
    return equals(
        left=numerical_gradient(lambda O: L(O, c.y), c.o),
        right=dO,
        wrong={"1/m forgotten": 4 * dO, "1/m twice": dO / 4},
    )


@equation("bp.13")
def the_product_adds_up_the_samples(rng: Rng) -> Sides:
    r"""
    \frac{\partial L}{\partial W^{(2)}} =
    \frac{\partial L}{\partial O} \, H^\top
    """
    c, dO = problem(rng, m=4)
    return equals(
        left=numerical_gradient(
            lambda W: L(W @ tanh(c.W1 @ c.x), c.y), c.W2
        ),
        right=dO @ c.h.T,
        wrong={
            "1/m once more": dO @ c.h.T / 4,
            "product turned": c.h @ dO.T,
            "product of the sums": np.outer(dO.sum(1), c.h.sum(1)),
        },
    )


@equation("bp.14")
def the_cross_entropy_at_the_output(rng: Rng) -> Sides:
    r"""\frac{\partial \ell}{\partial o} = p - y"""
    o, y = rng.normal(size=3), rng.dirichlet(np.ones(3))
    do = d_cross_entropy(o, y)[:, 0]
    p = do + y
    return equals(
        left=numerical_gradient(lambda o: ell(o, y), o),
        right=do,
        wrong={
            "label dropped": p,
            "softmax forgotten": o - y,
            "slope of the softmax left in": do * p * (1 - p),
        },
    )


@equation("bp.15")
def the_multiplications_of_the_forward_pass(rng: Rng) -> Sides:
    r"""F = m \, n_h \, (n_x + n_y)"""
    n_x, n_h, n_y, m = sizes(rng)
    return equals(
        left=multiplications((n_h, n_x, m), (n_y, n_h, m)),
        right=m * n_h * (n_x + n_y),
        wrong={
            "output layer forgotten": m * n_h * n_x,
            "samples forgotten": n_h * (n_x + n_y),
        },
    )


@equation("bp.16")
def the_multiplications_of_the_backward_pass(rng: Rng) -> Sides:
    r"""B = m \, n_h \, (n_x + 2 n_y)"""
    n_x, n_h, n_y, m = sizes(rng)
    return equals(
        left=multiplications(
            (n_y, m, n_h), (n_h, n_y, m), (n_h, m, n_x)
        ),
        right=m * n_h * (n_x + 2 * n_y),
        wrong={
            "as forward": m * n_h * (n_x + n_y),
            "with the gradient by x": 2 * m * n_h * (n_x + n_y),
        },
    )


@equation("bp.17")
def backward_is_at_most_twice_forward(rng: Rng) -> Sides:
    r"""B \le 2F"""
    n_x, n_h, n_y, m = sizes(rng)
    F = m * n_h * (n_x + n_y)
    return at_most(
        left=multiplications(
            (n_y, m, n_h), (n_h, n_y, m), (n_h, m, n_x)
        ),
        right=2 * F,
        wrong={"at most as forward": F},
    )
