"""同一个网络写两遍：NumPy 的与“训练网络”一章相同，另一遍用 PyTorch。

两者的初始权重和小批量都相同。用 Adam 走十步，打印全部梯度之差和全部权重之差的最大值，
其中也有层归一化的梯度。
需要：pip install numpy scikit-learn torch
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

# --- NumPy：本章的函数 ----------------------------------------------------------------------


class State(NamedTuple):
    """已走的步数，以及每个数组的累加和或滑动平均。"""

    step: int
    v: dict[str, Array]
    q: dict[str, Array]


def init(params: Arrays) -> State:
    """第一步之前：形状同参数的零。"""
    v = {k: np.zeros(np.shape(w)) for k, w in params.items()}
    q = {k: np.zeros(np.shape(w)) for k, w in params.items()}
    return State(0, v, q)


def matching(
    params: Arrays, grads: Arrays, state: State
) -> tuple[dict[str, Array], dict[str, Array]]:
    """参数和梯度转成 float64。

    它们和状态的名称、形状须相同，否则抛出 ValueError。
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
    """要求 0 ≤ number < below，否则抛出 ValueError。"""
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
    """滑动平均 v（g 的）和 q（g² 的）经过校正；一步为 η v̂ / √q̂。

    何时抛出 ValueError，同 `sgd`；另外要求两个 β 都有 0 ≤ β < 1。
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
    """沿 axis 的 e^z / Σ e^z；先平移，使指数都不为正。

    沿 axis 没有元素，或全是 −∞ 时，抛出 ValueError。
    """
    z = np.asarray(z, dtype=np.float64)
    largest = np.max(z, axis=axis, keepdims=True, initial=-np.inf)
    if np.any(largest == -np.inf):
        raise ValueError(f"softmax of nothing, got shape {z.shape}")
    e = np.exp(z - largest)
    return e / np.sum(e, axis=axis, keepdims=True)  # (act.19)


class NormCache(NamedTuple):
    """反向传播要用的量：x̂、它的 s、增益和轴。"""

    x_hat: Array
    scale: Array
    gain: Array
    axis: int


def checked(
    x: ArrayLike, gain: ArrayLike, bias: ArrayLike
) -> tuple[Array, Array, Array]:
    """都转成 float64；x 须为 (…, n)，其余为 (n,)，
    否则抛出 ValueError。
    """
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
    """要求 ε > 0，否则抛出 ValueError。"""
    if not epsilon > 0:
        raise ValueError(f"epsilon must be positive, got {epsilon}")


def like(name: str, array: ArrayLike, other: Array) -> Array:
    """转成 float64；形状与另一个不同时抛出 ValueError。"""
    array = np.asarray(array, dtype=np.float64)
    if array.shape != other.shape:
        raise ValueError(
            f"{name} must be {other.shape}, got {array.shape}"
        )
    return array


def normalize(
    x: Array, gain: Array, bias: Array, epsilon: float, axis: int
) -> tuple[Array, NormCache]:
    """沿轴化为均值 0、方差 1，再乘增益、加偏置。"""
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
    """每个样本各自计算：沿 x (…, n) 的最后一个轴。

    x 为空、形状不合或 ε ≤ 0 时抛出 ValueError。
    """
    x, gain, bias = checked(x, gain, bias)
    check_epsilon(epsilon)
    return normalize(x, gain, bias, epsilon, axis=-1)


def norm_backward(
    cache: NormCache, dy: ArrayLike
) -> tuple[Array, Array, Array]:
    """dx，以及增益、偏置的梯度；dy 与 y 不同形时抛出 ValueError。"""
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
    # 方差 gain / n_in，偏置为 0
    params = {}
    for l, (n_in, n_out) in enumerate(zip(sizes, sizes[1:]), 1):
        W = rng.normal(size=(n_in, n_out))
        params[f"W{l}"] = W * np.sqrt(gain / n_in)
        params[f"b{l}"] = np.zeros(n_out)
    return params


def forward(params, X):
    # 各层的输入、最后的加权和
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


# --- PyTorch --------------------------------------------------------------------------------

SIZES = 64, 32, 32, 10


def network():
    layers = []
    for n_in, n_out in zip(SIZES[:-2], SIZES[1:-1]):
        layers += [nn.Linear(n_in, n_out), nn.ReLU()]
    return nn.Sequential(*layers, nn.Linear(*SIZES[-2:])).double()


def named(net):
    # 本章各个数组的名字
    names, l = {}, 0
    for module in net:
        if isinstance(module, nn.Linear):
            l += 1
            names |= {f"W{l}": module.weight, f"b{l}": module.bias}
    return names


def ours(name, tensor):
    # nn.Linear 存的是 W 的转置
    array = tensor.detach().numpy()
    return array.T if name[0] == "W" else array


def difference(arrays, tensors):
    return max(
        np.max(np.abs(arrays[name] - ours(name, tensor)))
        for name, tensor in tensors.items()
    )


# --- 两相对照 -------------------------------------------------------------------------------

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

# 层归一化，输出的梯度随机抽取
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

print(f"{worst['gradients']:.1e}  梯度")
print(f"{worst['weights']:.1e}  权重")
