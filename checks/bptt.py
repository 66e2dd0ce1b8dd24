"""The equations of ``bptt.md``, held against central differences.

The network is written out again here, one column vector a step.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.equations import Rng, Sides, at_most, equals, equation
from snippets.bptt import backward, d_tanh_from_h, forward, truncated
from snippets.gradient_check import numerical_gradient

Array = NDArray[np.float64]
Function = Callable[[Array], Array]
T, K = 5, 2


class Net(NamedTuple):
    """A sequence, its targets, the initial state, the weights."""

    xs: Array
    ys: Array
    h0: Array
    W_hx: Array
    W_hh: Array
    W_qh: Array


def net(rng: Rng, n: int = 2, scale: float = 0.7) -> Net:
    """A random network; all lengths n, so that transposes fit."""
    shapes = ((T, n), (T, n), (n,), (n, n), (n, n), (n, n))
    return Net(*(scale * rng.normal(size=shape) for shape in shapes))


def same(z: Array) -> Array:
    """The identity."""
    return z


def states(n: Net, phi: Function) -> list[Array]:
    """h_0 to h_T, step by step."""
    hs = [n.h0]
    for x in n.xs:
        hs.append(phi(n.W_hx @ x + n.W_hh @ hs[-1]))
    return hs


def loss_at(n: Net, t: int, h: Array) -> float:
    """The loss of step t in the state h."""
    error = n.W_qh @ h - n.ys[t - 1]
    return float(error @ error) / 2


def loss_from(
    n: Net, phi: Function, t: int, h: Array, end: int = T
) -> float:
    """All losses from step t to the end, if the state is h at t."""
    total = loss_at(n, t, h) if t else 0.0
    for s in range(t + 1, end + 1):
        h = phi(n.W_hx @ n.xs[s - 1] + n.W_hh @ h)
        total += loss_at(n, s, h)
    return total


def by_state(n: Net, phi: Function, t: int) -> Array:
    """The total derivative of L by h_t, numerically."""
    h = states(n, phi)[t]
    return numerical_gradient(lambda h: loss_from(n, phi, t, h), h)


def by_sum(n: Net, phi: Function, t: int) -> Array:
    """The total derivative of L by z_t, numerically."""
    z = n.W_hx @ n.xs[t - 1] + n.W_hh @ states(n, phi)[t - 1]
    return numerical_gradient(lambda z: loss_from(n, phi, t, phi(z)), z)


def by_weights(n: Net, phi: Function, name: str) -> Array:
    """The total derivative of L by one matrix, numerically."""

    def L(W: Array) -> float:
        changed = n._replace(**{name: W})
        return loss_from(changed, phi, 0, n.h0)

    return numerical_gradient(L, getattr(n, name))


def errors(n: Net, phi: Function) -> Array:
    """∂L/∂o_t, a row each."""
    return np.array([n.W_qh @ h for h in states(n, phi)[1:]]) - n.ys


def walked(n: Net, activation: str) -> dict[str, Array]:
    """The gradients of the page's code."""
    o, cache = forward(n.xs, *n[2:], activation=activation)
    return backward(cache, o - n.ys)


def one_path(n: Net, t: int, k: int) -> Array:
    """P_{t,k} with tanh, as the page defines it."""
    hs, dh = states(n, np.tanh), n.W_qh.T @ errors(n, np.tanh)[t - 1]
    for j in range(t, k, -1):
        dh = n.W_hh.T @ ((1 - hs[j] ** 2) * dh)
    return np.outer((1 - hs[k] ** 2) * dh, hs[k - 1])


def summed(n: Net, kept: Callable[[int, int], bool]) -> Array:
    """The sum of the P_{t,k} that are kept."""
    total = np.zeros_like(n.W_hh)
    for t in range(1, T + 1):
        for k in range(1, t + 1):
            if kept(t, k):
                total += one_path(n, t, k)
    return total


def omega(t: int) -> int:
    """The first step of the window of step t."""
    return K * ((t - 1) // K) + 1


def windows_alone(n: Net) -> Array:
    """The gradient of the windows, numerically: the state that
    enters each of them is held."""
    hs = states(n, np.tanh)

    def L(W: Array) -> float:
        total, m = 0.0, n._replace(W_hh=W)
        for s in range(0, T, K):
            h = np.tanh(m.W_hx @ m.xs[s] + W @ hs[s])
            total += loss_from(m, np.tanh, s + 1, h, min(s + K, T))
        return total

    return numerical_gradient(L, n.W_hh)


@equation("bptt.1")
def the_state_written_out_with_the_identity(rng: Rng) -> Sides:
    r"""
    h_t = W_{hh}^{t} h_0
    + \sum_{k=1}^{t} W_{hh}^{t-k} W_{hx} x_k
    """
    n, power = net(rng), np.linalg.matrix_power
    inputs = [
        power(n.W_hh, T - k) @ n.W_hx @ n.xs[k - 1]
        for k in range(1, T + 1)
    ]
    start = power(n.W_hh, T) @ n.h0
    return equals(
        left=states(n, same)[T],
        right=start + np.sum(inputs, axis=0),
        wrong={
            "initial state forgotten": np.sum(inputs, axis=0),
            "one power too many": start
            + n.W_hh @ np.sum(inputs, axis=0),
            "the last input alone": start + inputs[-1],
        },
    )


@equation("bptt.2")
def the_state_acts_on_its_own_output(rng: Rng) -> Sides:
    r"""
    \frac{\partial^{+} L}{\partial h_t} =
    W_{qh}^\top \frac{\partial L}{\partial o_t}
    """
    n, t = net(rng), 3
    do = errors(n, np.tanh)[t - 1]
    return equals(
        left=numerical_gradient(
            lambda h: loss_at(n, t, h), states(n, np.tanh)[t]
        ),
        right=n.W_qh.T @ do,
        wrong={
            "without the transpose": n.W_qh @ do,
            "the total derivative": by_state(n, np.tanh, t),
        },
    )


@equation("bptt.3")
def two_paths_meet_in_a_state_with_the_identity(rng: Rng) -> Sides:
    r"""
    \frac{\mathrm{d} L}{\mathrm{d} h_t} =
    \frac{\partial^{+} L}{\partial h_t}
    + W_{hh}^\top \frac{\mathrm{d} L}{\mathrm{d} h_{t+1}}
    """
    n, t = net(rng), 3
    do = errors(n, same)
    immediate, later = n.W_qh.T @ do[t - 1], by_state(n, same, t + 1)
    return equals(
        left=by_state(n, same, t),
        right=immediate + n.W_hh.T @ later,
        wrong={
            "the immediate path alone": immediate,
            "the path through time alone": n.W_hh.T @ later,
            "without the transpose": immediate + n.W_hh @ later,
            "the next output alone": immediate
            + n.W_hh.T @ n.W_qh.T @ do[t],
        },
    )


@equation("bptt.4")
def every_later_output_sends_something_back(rng: Rng) -> Sides:
    r"""
    \frac{\mathrm{d} L}{\mathrm{d} h_t} =
    \sum_{k=t}^{T} \bigl( W_{hh}^\top \bigr)^{k-t}
    \frac{\partial^{+} L}{\partial h_k}
    """
    n, t = net(rng), 2
    do, power = errors(n, same), np.linalg.matrix_power
    terms = [
        power(n.W_hh.T, k - t) @ n.W_qh.T @ do[k - 1]
        for k in range(t, T + 1)
    ]
    return equals(
        left=by_state(n, same, t),
        right=np.sum(terms, axis=0),
        wrong={
            "the last output alone": terms[-1],
            "one power too many": n.W_hh.T @ np.sum(terms, axis=0),
            "own output forgotten": np.sum(terms[1:], axis=0),
        },
    )


@equation("bptt.5")
def the_gradient_in_the_output_weights(rng: Rng) -> Sides:
    r"""
    \frac{\mathrm{d} L}{\mathrm{d} W_{qh}} =
    \sum_{t=1}^{T} \frac{\partial L}{\partial o_t} h_t^\top
    """
    n = net(rng)
    do, hs = errors(n, np.tanh), np.array(states(n, np.tanh))
    return equals(
        left=by_weights(n, np.tanh, "W_qh"),
        right=walked(n, "tanh")["dW_qh"],
        wrong={
            "turned": hs[1:].T @ do,
            "the state before": do.T @ hs[:-1],
            "the last step alone": np.outer(do[-1], hs[-1]),
        },
    )


@equation("bptt.6")
def the_gradient_in_the_input_weights_with_the_identity(
    rng: Rng,
) -> Sides:
    r"""
    \frac{\mathrm{d} L}{\mathrm{d} W_{hx}} =
    \sum_{t=1}^{T} \frac{\mathrm{d} L}{\mathrm{d} h_t} x_t^\top
    """
    n = net(rng)
    immediate = errors(n, same) @ n.W_qh
    return equals(
        left=by_weights(n, same, "W_hx"),
        right=walked(n, "identity")["dW_hx"],
        wrong={
            "immediate for total": immediate.T @ n.xs,
            "turned": walked(n, "identity")["dW_hx"].T,
        },
    )


@equation("bptt.7")
def the_gradient_in_the_state_weights_with_the_identity(
    rng: Rng,
) -> Sides:
    r"""
    \frac{\mathrm{d} L}{\mathrm{d} W_{hh}} =
    \sum_{t=1}^{T} \frac{\mathrm{d} L}{\mathrm{d} h_t} h_{t-1}^\top
    """
    n = net(rng)
    hs = np.array(states(n, same))
    dh = np.array([by_state(n, same, t) for t in range(1, T + 1)])
    return equals(
        left=by_weights(n, same, "W_hh"),
        right=walked(n, "identity")["dW_hh"],
        wrong={
            "immediate for total": (errors(n, same) @ n.W_qh).T
            @ hs[:-1],
            "the state after": dh.T @ hs[1:],
            "the first step alone": np.outer(dh[0], hs[0]),
        },
    )


@equation("bptt.8")
def the_gradient_in_the_initial_state_with_the_identity(
    rng: Rng,
) -> Sides:
    r"""
    \frac{\mathrm{d} L}{\mathrm{d} h_0} =
    W_{hh}^\top \frac{\mathrm{d} L}{\mathrm{d} h_1}
    """
    n = net(rng)
    first = by_state(n, same, 1)
    return equals(
        left=by_state(n, same, 0),
        right=walked(n, "identity")["dh0"],
        wrong={
            "without the transpose": n.W_hh @ first,
            "a step too few": first,
        },
    )


@equation("bptt.9")
def the_slope_of_tanh_from_the_state(rng: Rng) -> Sides:
    r"""\tanh'(z_t) = 1 - h_t \odot h_t"""
    n, t = net(rng, 4), 3
    z = n.W_hx @ n.xs[t - 1] + n.W_hh @ states(n, np.tanh)[t - 1]
    h = np.tanh(z)
    return equals(
        left=numerical_gradient(lambda z: np.sum(np.tanh(z)), z),
        right=d_tanh_from_h(h),
        wrong={
            "not squared": 1 - h,
            "z for h": 1 - z * z,
            "that of the sigmoid": h * (1 - h),
        },
    )


@equation("bptt.10")
def the_slope_takes_the_gradient_from_the_state_to_the_sum(
    rng: Rng,
) -> Sides:
    r"""
    \frac{\mathrm{d} L}{\mathrm{d} z_t} =
    \phi'(z_t) \odot \frac{\mathrm{d} L}{\mathrm{d} h_t}
    """
    n, t = net(rng), 3
    hs, dh = states(n, np.tanh), by_state(n, np.tanh, t)
    return equals(
        left=by_sum(n, np.tanh, t),
        right=(1 - hs[t] ** 2) * dh,
        wrong={
            "slope forgotten": dh,
            "slope of the step before": (1 - hs[t - 1] ** 2) * dh,
        },
    )


@equation("bptt.11")
def two_paths_meet_in_a_state(rng: Rng) -> Sides:
    r"""
    \frac{\mathrm{d} L}{\mathrm{d} h_t} =
    \frac{\partial^{+} L}{\partial h_t}
    + W_{hh}^\top \frac{\mathrm{d} L}{\mathrm{d} z_{t+1}}
    """
    n, t = net(rng), 3
    immediate = n.W_qh.T @ errors(n, np.tanh)[t - 1]
    later = by_sum(n, np.tanh, t + 1)
    return equals(
        left=by_state(n, np.tanh, t),
        right=immediate + n.W_hh.T @ later,
        wrong={
            "the immediate path alone": immediate,
            "the path through time alone": n.W_hh.T @ later,
            "without the transpose": immediate + n.W_hh @ later,
            "slope forgotten": immediate
            + n.W_hh.T @ by_state(n, np.tanh, t + 1),
        },
    )


@equation("bptt.12")
def the_gradient_in_the_input_weights(rng: Rng) -> Sides:
    r"""
    \frac{\mathrm{d} L}{\mathrm{d} W_{hx}} =
    \sum_{t=1}^{T} \frac{\mathrm{d} L}{\mathrm{d} z_t} x_t^\top
    """
    n = net(rng)
    dh = np.array([by_state(n, np.tanh, t) for t in range(1, T + 1)])
    return equals(
        left=by_weights(n, np.tanh, "W_hx"),
        right=walked(n, "tanh")["dW_hx"],
        wrong={
            "slope forgotten": dh.T @ n.xs,
            "turned": walked(n, "tanh")["dW_hx"].T,
            "mean for sum": walked(n, "tanh")["dW_hx"] / T,
        },
    )


@equation("bptt.13")
def the_gradient_in_the_state_weights(rng: Rng) -> Sides:
    r"""
    \frac{\mathrm{d} L}{\mathrm{d} W_{hh}} =
    \sum_{t=1}^{T} \frac{\mathrm{d} L}{\mathrm{d} z_t} h_{t-1}^\top
    """
    n = net(rng)
    hs = np.array(states(n, np.tanh))
    dz = np.array([by_sum(n, np.tanh, t) for t in range(1, T + 1)])
    return equals(
        left=by_weights(n, np.tanh, "W_hh"),
        right=walked(n, "tanh")["dW_hh"],
        wrong={
            "the state after": dz.T @ hs[1:],
            "the first step alone": np.outer(dz[0], hs[0]),
            "the last step alone": np.outer(dz[-1], hs[-2]),
        },
    )


@equation("bptt.14")
def the_gradient_in_the_initial_state(rng: Rng) -> Sides:
    r"""
    \frac{\mathrm{d} L}{\mathrm{d} h_0} =
    W_{hh}^\top \frac{\mathrm{d} L}{\mathrm{d} z_1}
    """
    n = net(rng)
    return equals(
        left=by_state(n, np.tanh, 0),
        right=walked(n, "tanh")["dh0"],
        wrong={
            "slope forgotten": n.W_hh.T @ by_state(n, np.tanh, 1),
            "without the transpose": n.W_hh @ by_sum(n, np.tanh, 1),
        },
    )


@equation("bptt.15")
def from_one_state_to_a_later_one(rng: Rng) -> Sides:
    r"""
    \frac{\mathrm{d} h_t}{\mathrm{d} h_k} = \prod_{j=t}^{k+1}
    \operatorname{diag}\bigl( \phi'(z_j) \bigr) \, W_{hh}
    """
    n, t, k = net(rng), 4, 1
    hs = states(n, np.tanh)

    def row(i: int) -> Array:
        def component(h: Array) -> float:
            for x in n.xs[k:t]:
                h = np.tanh(n.W_hx @ x + n.W_hh @ h)
            return float(h[i])

        return numerical_gradient(component, hs[k])

    factors = [
        np.diag(1 - hs[j] ** 2) @ n.W_hh for j in range(t, k, -1)
    ]
    product = np.linalg.multi_dot(factors)
    return equals(
        left=[row(0), row(1)],
        right=product,
        wrong={
            "the other order": np.linalg.multi_dot(factors[::-1]),
            "a step too many": product
            @ np.diag(1 - hs[k] ** 2)
            @ n.W_hh,
            "slopes forgotten": np.linalg.matrix_power(n.W_hh, t - k),
        },
    )


@equation("bptt.16")
def the_gradient_is_the_sum_of_all_paths(rng: Rng) -> Sides:
    r"""
    \frac{\mathrm{d} L}{\mathrm{d} W_{hh}} =
    \sum_{t=1}^{T} \sum_{k=1}^{t} P_{t,k}
    """
    n = net(rng)
    return equals(
        left=by_weights(n, np.tanh, "W_hh"),
        right=summed(n, lambda t, k: True),
        wrong={
            "through the first step alone": summed(
                n, lambda t, k: k == 1
            ),
            "the shortest paths alone": summed(n, lambda t, k: k == t),
            "the last loss alone": summed(n, lambda t, k: t == T),
        },
    )


@equation("bptt.17")
def two_paths_in_the_smallest_network(rng: Rng) -> Sides:
    r"""
    \frac{\mathrm{d} h_2}{\mathrm{d} w_{hh}} = h_1 + w_{hh} h_0
    """
    x_1, x_2, h_0, w_hx, w_hh = rng.uniform(0.5, 2, size=5)
    h_1 = w_hx * x_1 + w_hh * h_0
    return equals(
        left=numerical_gradient(
            lambda w: w_hx * x_2 + w * (w_hx * x_1 + w * h_0), w_hh
        ),
        right=h_1 + w_hh * h_0,
        wrong={
            "the path through the first state": w_hh * h_0,
            "the immediate partial": h_1,
        },
    )


@equation("bptt.18")
def truncation_keeps_the_paths_inside_the_windows(rng: Rng) -> Sides:
    r"""
    G_K = \sum_{t=1}^{T} \sum_{k=\omega(t)}^{t} P_{t,k}
    """
    n = net(rng)
    o, cache = forward(n.xs, *n[2:])
    return equals(
        left=truncated(cache, o - n.ys, K)["dW_hh"],
        right=summed(n, lambda t, k: k >= omega(t)),
        wrong={
            "nothing cut": summed(n, lambda t, k: True),
            "a window that slides": summed(n, lambda t, k: k > t - K),
            "a step too few": summed(n, lambda t, k: k > omega(t)),
        },
    )


@equation("bptt.19")
def what_is_missing_are_the_paths_across_borders(rng: Rng) -> Sides:
    r"""
    \frac{\mathrm{d} L}{\mathrm{d} W_{hh}} - G_K =
    \sum_{t=1}^{T} \sum_{k=1}^{\omega(t)-1} P_{t,k}
    """
    n = net(rng)
    return equals(
        left=by_weights(n, np.tanh, "W_hh") - windows_alone(n),
        right=summed(n, lambda t, k: k < omega(t)),
        wrong={
            "the paths that are kept": summed(
                n, lambda t, k: k >= omega(t)
            ),
            "only those from the step before": summed(
                n, lambda t, k: k == omega(t) - 1
            ),
            "the border too": summed(n, lambda t, k: k <= omega(t)),
        },
    )


@equation("bptt.20")
def what_truncation_may_miss_at_most(rng: Rng) -> Sides:
    r"""
    \Bigl\lVert \frac{\mathrm{d} L}{\mathrm{d} W_{hh}} - G_K
    \Bigr\rVert_F \le \sum_{t=1}^{T} \sum_{k=1}^{\omega(t)-1}
    \Bigl\lVert \frac{\partial^{+} L}{\partial h_t} \Bigr\rVert \,
    \lVert W_{hh} \rVert_2^{t-k} \, \lVert h_{k-1} \rVert
    """
    n = Net(*(np.abs(a) for a in net(rng, 1, 0.15)))  # one sign
    n = n._replace(ys=-n.ys, W_hh=np.full((1, 1), 0.4))
    norm, hs = np.linalg.norm, states(n, np.tanh)
    immediate = errors(n, np.tanh) @ n.W_qh

    def bound(more: int = 0) -> float:
        return sum(
            float(norm(immediate[t - 1]) * norm(hs[k - 1]))
            * float(norm(n.W_hh, 2)) ** (t - k + more)
            for t in range(1, T + 1)
            for k in range(1, omega(t))
        )

    return at_most(
        left=norm(by_weights(n, np.tanh, "W_hh") - windows_alone(n)),
        right=bound(),
        wrong={
            "one power more": bound(more=1),
            "the mean over the steps": bound() / T,
        },
    )
