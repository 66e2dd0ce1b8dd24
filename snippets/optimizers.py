"""Rules by which a step follows from a gradient.

Parameters and gradients are dictionaries of arrays, the same names and
shapes in both. Nothing is changed in place.
"""

# --8<-- [start:imports]
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
Arrays = Mapping[str, ArrayLike]
# --8<-- [end:imports]


# --8<-- [start:state]
class State(NamedTuple):
    """Steps so far, and running sums or means for each array."""

    step: int
    v: dict[str, Array]
    q: dict[str, Array]


def init(params: Arrays) -> State:
    """Before the first step: zeros in the shapes of the params."""
    v = {k: np.zeros(np.shape(w)) for k, w in params.items()}
    q = {k: np.zeros(np.shape(w)) for k, w in params.items()}
    return State(0, v, q)


# --8<-- [end:state]


# --8<-- [start:matching]
def matching(
    params: Arrays, grads: Arrays, state: State
) -> tuple[dict[str, Array], dict[str, Array]]:
    """Params and grads in float64.

    ValueError unless they and the state have the same names and
    shapes.
    """
    w = {k: np.asarray(a, dtype=np.float64) for k, a in params.items()}
    g = {k: np.asarray(a, dtype=np.float64) for k, a in grads.items()}
    for name, others in (("grads", g), ("state", state.v)):
        shapes = {k: a.shape for k, a in others.items()}
        wanted = {k: a.shape for k, a in w.items()}
        if shapes != wanted:
            raise ValueError(f"{name} {shapes}, but params {wanted}")
    return w, g


def check_between(name: str, number: float, below: float) -> None:
    """ValueError unless 0 ≤ number < below."""
    if not 0 <= number < below:
        raise ValueError(
            f"{name} must be ≥ 0 and < {below}, got {number}"
        )


# --8<-- [end:matching]


# --8<-- [start:sgd]
def sgd(
    params: Arrays, grads: Arrays, state: State, learning_rate: float
) -> tuple[dict[str, Array], State]:
    """w − η g; ValueError if names or shapes differ, or η < 0."""
    params, grads = matching(params, grads, state)
    check_between("learning_rate", learning_rate, np.inf)
    new = {k: w - learning_rate * grads[k] for k, w in params.items()}
    return new, state._replace(step=state.step + 1)


# --8<-- [end:sgd]


# --8<-- [start:momentum]
def momentum(
    params: Arrays,
    grads: Arrays,
    state: State,
    learning_rate: float,
    beta: float = 0.9,
) -> tuple[dict[str, Array], State]:
    """v ← β v + g, then w − η v.

    ValueError as `sgd` has it, or unless 0 ≤ β < 1.
    """
    params, grads = matching(params, grads, state)
    check_between("learning_rate", learning_rate, np.inf)
    check_between("beta", beta, 1)
    v = {k: beta * state.v[k] + g for k, g in grads.items()}
    new = {k: w - learning_rate * v[k] for k, w in params.items()}
    return new, state._replace(step=state.step + 1, v=v)


# --8<-- [end:momentum]


# --8<-- [start:adam]
def adam(
    params: Arrays,
    grads: Arrays,
    state: State,
    learning_rate: float,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-8,
) -> tuple[dict[str, Array], State]:
    """Running means v of g and q of g², corrected; a step η v̂ / √q̂.

    ValueError as `sgd` has it, or unless 0 ≤ β < 1 for both β.
    """
    params, grads = matching(params, grads, state)
    check_between("learning_rate", learning_rate, np.inf)
    check_between("beta1", beta1, 1)
    check_between("beta2", beta2, 1)
    step = state.step + 1
    v, q, new = {}, {}, {}
    for k, g in grads.items():
        v[k] = beta1 * state.v[k] + (1 - beta1) * g
        q[k] = beta2 * state.q[k] + (1 - beta2) * g**2
        mean = v[k] / (1 - beta1**step)
        square = q[k] / (1 - beta2**step)
        move = mean / (np.sqrt(square) + epsilon)
        new[k] = params[k] - learning_rate * move
    return new, State(step, v, q)


# --8<-- [end:adam]
