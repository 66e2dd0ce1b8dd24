"""One network twice: in NumPy, as the chapter on training has it, and in PyTorch.

Both start from the same weights and see the same batches. Printed is the largest difference of
any gradient and of any weight, in ten steps of Adam; the gradients of layer
normalisation count as well. Needed: pip install numpy scikit-learn torch
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from sklearn.datasets import load_digits
from torch import nn

Array = NDArray[np.float64]
Arrays = Mapping[str, ArrayLike]

# --- in NumPy: the functions of the chapter -------------------------------------------------


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


def softmax(z: ArrayLike, axis: int = -1) -> Array:
    """e^z / Σ e^z along axis, shifted so that no exponent is positive.

    ValueError if there is nothing along the axis, or −∞ alone.
    """
    z = np.asarray(z, dtype=np.float64)
    largest = np.max(z, axis=axis, keepdims=True, initial=-np.inf)
    if np.any(largest == -np.inf):
        raise ValueError(f"softmax of nothing, got shape {z.shape}")
    e = np.exp(z - largest)
    return e / np.sum(e, axis=axis, keepdims=True)  # (act.19)


class NormCache(NamedTuple):
    """What the backward pass needs: x̂, its s, the gain, the axis."""

    x_hat: Array
    scale: Array
    gain: Array
    axis: int


def checked(
    x: ArrayLike, gain: ArrayLike, bias: ArrayLike
) -> tuple[Array, Array, Array]:
    """All in float64; ValueError unless x is (…, n), the rest (n,)."""
    x = np.asarray(x, dtype=np.float64)
    gain = np.asarray(gain, dtype=np.float64)
    bias = np.asarray(bias, dtype=np.float64)
    if not x.size:
        raise ValueError(f"x is empty, {x.shape}")
    for name, array in (("gain", gain), ("bias", bias)):
        if array.shape != x.shape[-1:]:
            raise ValueError(
                f"{name} must be {x.shape[-1:]}, got {array.shape}"
            )
    return x, gain, bias


def check_epsilon(epsilon: float) -> None:
    """ValueError unless ε > 0."""
    if not epsilon > 0:
        raise ValueError(f"epsilon must be positive, got {epsilon}")


def like(name: str, array: ArrayLike, other: Array) -> Array:
    """In float64; ValueError unless it is shaped as the other."""
    array = np.asarray(array, dtype=np.float64)
    if array.shape != other.shape:
        raise ValueError(
            f"{name} must be {other.shape}, got {array.shape}"
        )
    return array


def normalize(
    x: Array, gain: Array, bias: Array, epsilon: float, axis: int
) -> tuple[Array, NormCache]:
    """Mean 0 and variance 1 along the axis, then gain and bias."""
    mean = x.mean(axis=axis, keepdims=True)
    variance = ((x - mean) ** 2).mean(axis=axis, keepdims=True)
    scale = np.sqrt(variance + epsilon)
    x_hat = (x - mean) / scale
    return gain * x_hat + bias, NormCache(x_hat, scale, gain, axis)


def layer_norm(
    x: ArrayLike,
    gain: ArrayLike,
    bias: ArrayLike,
    epsilon: float = 1e-5,
) -> tuple[Array, NormCache]:
    """Each sample by itself: along the last axis of x (…, n).

    ValueError if x is empty, the shapes do not fit, or ε ≤ 0.
    """
    x, gain, bias = checked(x, gain, bias)
    check_epsilon(epsilon)
    return normalize(x, gain, bias, epsilon, axis=-1)


def norm_backward(
    cache: NormCache, dy: ArrayLike
) -> tuple[Array, Array, Array]:
    """dx, dgain and dbias; ValueError if dy is not shaped as y."""
    x_hat, scale, gain, axis = cache
    dy = like("dy", dy, x_hat)
    d = gain * dy
    offset = d.mean(axis=axis, keepdims=True)
    slope = (d * x_hat).mean(axis=axis, keepdims=True)
    dx = (d - offset - x_hat * slope) / scale
    samples = tuple(range(dy.ndim - 1))
    dgain = (dy * x_hat).sum(axis=samples)
    return dx, dgain, dy.sum(axis=samples)


layer_norm_backward = norm_backward


def weights(sizes, gain, rng):
    # variance gain / n_in, and biases 0
    params = {}
    for l, (n_in, n_out) in enumerate(zip(sizes, sizes[1:]), 1):
        W = rng.normal(size=(n_in, n_out))
        params[f"W{l}"] = W * np.sqrt(gain / n_in)
        params[f"b{l}"] = np.zeros(n_out)
    return params


def forward(params, X):
    # the inputs of all layers, the last sums
    hs, D = [X], sum(name[0] == "W" for name in params)
    for l in range(1, D):
        z = hs[-1] @ params[f"W{l}"] + params[f"b{l}"]
        hs.append(np.maximum(z, 0))
    return hs, hs[-1] @ params[f"W{D}"] + params[f"b{D}"]


def gradients(params, X, Y):
    hs, o = forward(params, X)
    D, grads = len(hs), {}
    delta = (softmax(o) - Y) / len(X)  # (bp.16)
    for l in range(D, 0, -1):
        if l < D:
            back = delta @ params[f"W{l + 1}"].T
            delta = back * (hs[l] > 0)  # (bp.17)
        grads[f"W{l}"] = hs[l - 1].T @ delta  # (bp.18)
        grads[f"b{l}"] = delta.sum(axis=0)
    return grads


# --- in PyTorch -----------------------------------------------------------------------------

SIZES = 64, 32, 32, 10


def network():
    layers = []
    for n_in, n_out in zip(SIZES[:-2], SIZES[1:-1]):
        layers += [nn.Linear(n_in, n_out), nn.ReLU()]
    return nn.Sequential(*layers, nn.Linear(*SIZES[-2:])).double()


def named(net):
    # the name of each of our arrays
    names, l = {}, 0
    for module in net:
        if isinstance(module, nn.Linear):
            l += 1
            names |= {f"W{l}": module.weight, f"b{l}": module.bias}
    return names


def ours(name, tensor):
    # nn.Linear stores the transpose of W
    array = tensor.detach().numpy()
    return array.T if name[0] == "W" else array


def difference(arrays, tensors):
    return max(
        np.max(np.abs(arrays[name] - ours(name, tensor)))
        for name, tensor in tensors.items()
    )


# --- side by side ---------------------------------------------------------------------------

rng = np.random.default_rng(0)
params = weights(SIZES, 2, rng)
state = init(params)

net = network()
theirs = named(net)
with torch.no_grad():
    for name, tensor in theirs.items():
        start = params[name].T if name[0] == "W" else params[name]
        tensor.copy_(torch.tensor(start))
optimizer = torch.optim.Adam(net.parameters(), lr=0.01)

digits = load_digits()
X = digits.data - digits.data.mean(axis=0)
X = X / X.std()
worst = {"gradients": 0.0, "weights": 0.0}
for _ in range(10):
    r = rng.integers(len(X), size=32)
    grads = gradients(params, X[r], np.eye(10)[digits.target[r]])
    params, state = adam(params, grads, state, 0.01)

    optimizer.zero_grad()
    outputs = net(torch.tensor(X[r]))
    loss = nn.functional.cross_entropy(
        outputs, torch.tensor(digits.target[r])
    )
    loss.backward()
    their_grads = {name: tensor.grad for name, tensor in theirs.items()}
    optimizer.step()

    for what, one, other in (
        ("gradients", grads, their_grads),
        ("weights", params, theirs),
    ):
        worst[what] = max(worst[what], difference(one, other))

# layer normalisation, with gradients of its outputs that are drawn
norm = nn.LayerNorm(32).double()
gain, bias = rng.normal(size=(2, 32))
with torch.no_grad():
    norm.weight.copy_(torch.tensor(gain))
    norm.bias.copy_(torch.tensor(bias))
x, dy = rng.normal(size=(2, 10, 32))
x_theirs = torch.tensor(x, requires_grad=True)
norm(x_theirs).backward(torch.tensor(dy))
tensors = x_theirs.grad, norm.weight.grad, norm.bias.grad
arrays = layer_norm_backward(layer_norm(x, gain, bias)[1], dy)
for array, tensor in zip(arrays, tensors):
    away = np.max(np.abs(array - tensor.numpy()))
    worst["gradients"] = max(worst["gradients"], away)

print(f"{worst['gradients']:.1e}  gradients")
print(f"{worst['weights']:.1e}  weights")
