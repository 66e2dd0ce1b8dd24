"""The equations of ``clipping.md``, held against other means."""

import math

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, log_softmax, logsumexp
from scipy.stats import ortho_group

from engine.equations import (
    Rng,
    Sides,
    at_most,
    close,
    equals,
    equation,
)
from snippets.activations import softmax
from snippets.clipping import clip_by_global_norm, clip_by_value
from snippets.gradient_check import numerical_gradient

Array = NDArray[np.float64]


def states(W_hh: Array, inputs: Array, h: Array) -> list[Array]:
    """h_t to h_T of a tanh network, from W_hx x_t for each step."""
    hs = [h]
    for a in inputs:  # tanh, by way of SciPy's sigmoid
        hs.append(np.asarray(2 * expit(2 * (a + W_hh @ hs[-1])) - 1))
    return hs


def jacobian(W_hh: Array, inputs: Array, h: Array) -> Array:
    """The derivative of h_T by h_t, by central differences."""
    columns = [
        (
            states(W_hh, inputs, h + step)[-1]
            - states(W_hh, inputs, h - step)[-1]
        )
        / 2e-5
        for step in 1e-5 * np.eye(len(h))
    ]
    return np.stack(columns, axis=1)


def radius(W: Array) -> float:
    """The largest modulus of an eigenvalue."""
    return float(np.max(np.abs(np.linalg.eigvals(W))))


def power_norm(W: Array, k: int) -> float:
    """The spectral norm of W times W times …, in a plain loop."""
    power = np.eye(len(W))
    for _ in range(k):
        power = W @ power
    return float(np.linalg.svd(power, compute_uv=False)[0])


def shear(rng: Rng, n: int = 4) -> Array:
    """A matrix far from normal, with spectral radius 0.9."""
    eigenvalues = np.append(0.9, rng.uniform(0.5, 0.8, n - 1))
    W = np.diag(eigenvalues) + np.triu(rng.uniform(0.5, 1, (n, n)), 1)
    Q = np.linalg.qr(rng.normal(size=(n, n)))[0]
    return np.asarray(Q @ W @ Q.T)


def cosine(a: Array, b: Array) -> float:
    """The cosine of the angle between two vectors."""
    return float(a @ b / np.linalg.norm(a) / np.linalg.norm(b))


@equation("clip.1")
def the_derivative_is_a_product_of_jacobians(rng: Rng) -> Sides:
    r"""
    \frac{\mathrm{d} h_T}{\mathrm{d} h_t} = \prod_{k=T}^{t+1}
    \operatorname{diag}\bigl(\phi'(z_k)\bigr) \, W_{hh}
    """
    W, inputs = rng.normal(size=(3, 3)), rng.normal(size=(4, 3))
    hs = states(W, inputs, rng.normal(size=3))
    steps = [np.diag(1 - h**2) @ W for h in hs[1:]]
    return equals(
        left=jacobian(W, inputs, hs[0]),
        right=np.linalg.multi_dot(steps[::-1]),
        wrong={
            "order turned": np.linalg.multi_dot(steps),
            "phi' forgotten": np.linalg.matrix_power(W, 4),
            "one step too few": np.linalg.multi_dot(steps[:0:-1]),
            "transposed": np.linalg.multi_dot(steps[::-1]).T,
        },
    )


@equation("clip.2")
def a_power_is_at_most_the_power_of_the_norm(rng: Rng) -> Sides:
    r"""\lVert W^k \rVert_2 \le \lVert W \rVert_2^k"""
    W, k = shear(rng), int(rng.integers(2, 9))
    return at_most(
        left=power_norm(W, k),
        right=np.linalg.norm(W, 2) ** k,
        wrong={
            "radius for the norm": radius(W) ** k,
            "one factor for all": np.linalg.norm(W, 2),
        },
    )


@equation("clip.3")
def a_power_is_at_least_the_power_of_the_radius(rng: Rng) -> Sides:
    r"""\rho(W)^k \le \lVert W^k \rVert_2"""
    W, k = rng.normal(size=(4, 4)), int(rng.integers(2, 9))
    values = np.linalg.svd(W, compute_uv=False)
    return at_most(
        left=radius(W) ** k,
        right=power_norm(W, k),
        wrong={
            "smallest singular value": values[-1] ** k,
            "determinant": np.prod(values) ** (k / 4),
        },
    )


@equation("clip.4")
def in_the_long_run_the_radius_decides(rng: Rng) -> Sides:
    r"""\lVert W^k \rVert_2 \le \kappa(V) \, \rho(W)^k"""
    W, k = shear(rng), int(rng.integers(2, 30))
    V = np.linalg.eig(W)[1]
    return at_most(
        left=power_norm(W, k),
        right=np.linalg.cond(V) * radius(W) ** k,
        wrong={
            "kappa forgotten": radius(W) ** k,
            "inverse forgotten": np.linalg.norm(V, 2) * radius(W) ** k,
        },
    )


@equation("clip.5")
def tanh_adds_nothing_to_the_bound(rng: Rng) -> Sides:
    r"""
    \Bigl\lVert \frac{\mathrm{d} h_T}{\mathrm{d} h_t} \Bigr\rVert_2
    \le \lVert W_{hh} \rVert_2^{T-t}
    """
    W, inputs = shear(rng), 0.001 * rng.normal(size=(3, 4))
    hs = states(W, inputs, 0.001 * rng.normal(size=4))
    return at_most(
        left=np.linalg.norm(jacobian(W, inputs, hs[0]), 2),
        right=np.linalg.norm(W, 2) ** 3,
        wrong={
            "radius for the norm": radius(W) ** 3,
            "one factor for all": np.linalg.norm(W, 2),
        },
    )


@equation("clip.6")
def the_loss_in_terms_of_the_outputs(rng: Rng) -> Sides:
    r"""\ell = \log \sum_k \exp(o_k) - o_y"""
    o, y = rng.normal(size=5), int(rng.integers(5))
    total = np.log(np.sum(np.exp(o)))
    return equals(
        left=-log_softmax(o)[y],
        right=total - o[y],
        wrong={
            "sign turned": o[y] - total,
            "target forgotten": total,
            "sum of the outputs": np.log(np.sum(o**2)) - o[y],
        },
    )


@equation("clip.7")
def a_constant_may_be_taken_out(rng: Rng) -> Sides:
    r"""
    \log \sum_k \exp(o_k) = c + \log \sum_k \exp(o_k - c)
    """
    o = 2000 + 100 * rng.normal(size=5)
    c = np.max(o)
    with np.errstate(over="ignore"):
        unshifted = np.log(np.sum(np.exp(o)))
    return equals(
        left=logsumexp(o),
        right=c + np.log(np.sum(np.exp(o - c))),
        wrong={
            "c not put back": np.log(np.sum(np.exp(o - c))),
            "not shifted": unshifted,
        },
    )


@equation("clip.8")
def the_loss_passes_probability_minus_target(rng: Rng) -> Sides:
    r"""\frac{\partial \ell}{\partial o_k} = p_k - [k = y]"""
    o, y = rng.normal(size=5), int(rng.integers(5))
    target = np.eye(5)[y]
    return equals(
        left=numerical_gradient(lambda o: logsumexp(o) - o[y], o),
        right=softmax(o) - target,
        wrong={
            "sign turned": target - softmax(o),
            "target forgotten": softmax(o),
        },
    )


@equation("clip.9")
def where_the_exponential_overflows(rng: Rng) -> Sides:
    r"""
    \log\bigl((2 - 2^{-52}) \, 2^{1023}\bigr) \approx 709.7827
    """
    largest = float.fromhex("0x1.fffffffffffffp+1023")
    return close(
        left=math.log(largest),
        right=709.7827,
        wrong={
            "one power of 2 less": math.log(2.0**1023),
            "exponent in decimal": 308 * math.log(10),
        },
        within=1e-4,
    )


def large_and_small(rng: Rng) -> tuple[list[Array], list[Array]]:
    """Two gradients, each in two arrays: norm above and below 1."""
    direction = [rng.normal(size=(2, 3)), 5 * rng.normal(size=2)]
    norm = np.linalg.norm(flat(direction))
    u = [g / norm for g in direction]
    return [7 * g for g in u], [0.1 * g for g in u]


def flat(grads: list[Array]) -> Array:
    """All arrays end to end."""
    return np.concatenate([g.ravel() for g in grads])


@equation("clip.10")
def the_clipped_norm_is_at_most_theta(rng: Rng) -> Sides:
    r"""
    \lVert \tilde g \rVert = \min(\lVert g \rVert, \theta)
    """
    both, theta = large_and_small(rng), rng.uniform(0.5, 2)
    clipped = [flat(clip_by_global_norm(g, theta)) for g in both]
    norms = np.array([np.linalg.norm(flat(g)) for g in both])
    return equals(
        left=np.array([np.linalg.norm(g) for g in clipped]),
        right=np.minimum(norms, theta),
        wrong={
            "maximum": np.maximum(norms, theta),
            "small ones raised": np.full(2, theta),
            "nothing done": norms,
        },
    )


@equation("clip.11")
def clipping_the_norm_keeps_the_direction(rng: Rng) -> Sides:
    r"""
    \frac{\tilde g^\top g}
    {\lVert \tilde g \rVert \, \lVert g \rVert} = 1
    """
    grads, _ = large_and_small(rng)
    g = flat(grads)
    each = [a / np.maximum(np.linalg.norm(a), 1) for a in grads]
    return equals(
        left=cosine(flat(clip_by_global_norm(grads, 1.0)), g),
        right=1.0,
        wrong={
            "entry by entry": cosine(np.clip(g, -0.5, 0.5), g),
            "each array by itself": cosine(flat(each), g),
            "against the gradient": -1.0,
        },
    )


@equation("clip.12")
def the_largest_entry_may_be_taken_out(rng: Rng) -> Sides:
    r"""
    \lVert g \rVert = M \sqrt{\sum_i (g_i / M)^2}
    """
    unit = 1e200
    g = unit * rng.normal(size=6)
    M = np.max(np.abs(g))
    with np.errstate(over="ignore"):
        plain = np.sqrt(np.sum(g**2))
    return equals(
        left=math.hypot(*g) / unit,
        right=M * np.sqrt(np.sum((g / M) ** 2)) / unit,
        wrong={
            "squares overflow": plain / unit,
            "M not put back": np.sqrt(np.sum((g / M) ** 2)) / unit,
            "root forgotten": M * np.sum((g / M) ** 2) / unit,
        },
    )


@equation("clip.13")
def entry_by_entry_turns_by_less_than_a_right_angle(rng: Rng) -> Sides:
    r"""
    \frac{1}{\sqrt{n}} \le \frac{v^\top g}
    {\lVert v \rVert \, \lVert g \rVert}
    """
    n = int(rng.integers(2, 50))
    g = np.append(1000.0, 2 * rng.normal(size=n - 1))
    v = clip_by_value([g], 0.5)[0]
    lengths = math.hypot(*v), math.hypot(*g)
    dot = sum(a * b for a, b in zip(v, g, strict=True))
    return at_most(
        left=1 / math.sqrt(n),
        right=dot / math.prod(lengths),
        wrong={
            "sign turned": -dot / math.prod(lengths),
            "divided by g twice": dot / lengths[1] ** 2,
        },
    )


@equation("clip.14")
def an_orthogonal_matrix_keeps_every_length(rng: Rng) -> Sides:
    r"""\lVert Q^k x \rVert = \lVert x \rVert"""
    n, k = int(rng.integers(2, 7)), int(rng.integers(5, 60))
    Q = ortho_group.rvs(n, random_state=rng)
    start = rng.normal(size=n)
    x = start
    for _ in range(k):
        x = Q @ x
    return equals(
        left=np.linalg.norm(x),
        right=math.hypot(*start),
        wrong={
            "grows with k": k * math.hypot(*start),
            "squared": math.hypot(*start) ** 2,
            "sum of the entries": abs(np.sum(start)),
        },
    )
