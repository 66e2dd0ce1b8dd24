"""Judges of the chapter on backpropagation."""

from __future__ import annotations

from typing import Any

import numpy as np

from judges.judging import Exercise, Wrong, edge
from judges.tools import gradient_of
from snippets import backprop


def _one_hot(rng: np.random.Generator) -> tuple[Any, ...]:
    return rng.normal(size=(3, 4)), np.eye(3)[:, rng.integers(0, 3, 4)]


_SOFTMAX = """
def cross_entropy_gradient(o, y):
    e = np.exp(o - np.max(o, axis=0))
    p = e / np.sum(e, axis=0)
"""

cross_entropy_gradient = Exercise(
    draw=_one_hot,
    truth=lambda o, y: gradient_of(backprop.cross_entropy)(o, y),
    edges=(
        edge(
            np.array([[2.0], [-1.0]]),
            np.array([[0.0], [1.0]]),
            en="a single sample",
            zh="只有一个样本的情形",
        ),
        edge(
            np.array([[1000.0], [0.0]]),
            np.array([[0.0], [1.0]]),
            en="an output of 1000",
            zh="输出为 1000 的情形",
        ),
    ),
    wrong=(
        Wrong(
            f"{_SOFTMAX}    return p - y\n",
            en="The factor 1/m is missing: the loss is the mean over the samples.",
            zh="少了因子 1/m：损失是对样本的平均。",
        ),
        Wrong(
            f"{_SOFTMAX}    return (y - p) / o.shape[1]\n",
            en="The sign is the wrong way round: it is probability minus target, p − y. With y − p the descent would climb.",
            zh="符号反了：应是概率减目标 p − y。用 y − p，下降会变成上升。",
        ),
        Wrong(
            f"{_SOFTMAX}    return -y / p / o.shape[1]\n",
            en="This is the derivative with respect to the probabilities p. It still has to go back through softmax; together the two give p − y.",
            zh="这是对概率 p 的导数，还要再反向穿过 softmax；两步合起来是 p − y。",
        ),
        Wrong(
            f"{_SOFTMAX}    return (p - y) / o.size\n",
            en="You divide by the number of all entries. The mean is over the samples, the columns, alone.",
            zh="你除以了所有元素的个数。平均只对样本取，也就是对列取。",
        ),
        Wrong(
            f"{_SOFTMAX}    return (p - y) * p * (1 - p) / o.shape[1]\n",
            en="There is a slope p (1 − p) too many. It cancels against the logarithm in the loss, and p − y is left.",
            zh="多乘了斜率 p (1 − p)。它与损失中的对数约掉了，只剩 p − y。",
        ),
        Wrong(
            f"{_SOFTMAX}    return (o - y) / o.shape[1]\n",
            en="That is the gradient of the squared error. Here the probabilities p stand in place of the outputs o.",
            zh="这是平方误差的梯度。这里应当用概率 p，而不是输出 o。",
        ),
    ),
)


def _network(rng: np.random.Generator) -> tuple[Any, ...]:
    sizes = ((3, 2), (4, 3), (2, 5), (4, 5))
    return tuple(rng.normal(size=size) for size in sizes)


def _both(W1: Any, W2: Any, x: Any, y: Any, lam: Any) -> Any:
    def J(V1: Any, V2: Any) -> float:
        return backprop.forward(V1, V2, x, y, lam)[0]

    return tuple(gradient_of(J, which)(W1, W2) for which in (0, 1))


def _gradients(do: str = "(W2 @ h - y) / x.shape[1]", lam: str = "lam") -> str:
    return f"""
def both_gradients(W1, W2, x, y, lam):
    h = np.tanh(W1 @ x)
    do = {do}
    dz = (W2.T @ do) * (1 - h**2)
    return dz @ x.T + {lam} * W1, do @ h.T + {lam} * W2
"""


both_gradients = Exercise(
    draw=lambda rng: (*_network(rng), 0.3),
    truth=_both,
    edges=(
        edge(
            np.array([[0.5]]),
            np.array([[-1.0]]),
            np.array([[2.0]]),
            np.array([[1.0]]),
            0.0,
            en="λ = 0",
            zh="λ = 0 的情形",
        ),
    ),
    wrong=(
        Wrong(
            _gradients(lam="0"),
            en="The penalty has no part in your gradients: it adds λW to each of them. With λ = 0 the function is right, which is why a check with λ = 0 misses this.",
            zh="你的梯度里没有惩罚项：它给每个梯度加上 λW。λ = 0 时函数是对的，所以取 λ = 0 的检验发现不了。",
        ),
        Wrong(
            _gradients(lam="2 * lam"),
            en="You add 2λW. The penalty is λ/2 times the squares, and its 1/2 cancels the 2.",
            zh="你加的是 2λW。惩罚项是平方和的 λ/2 倍，其中的 1/2 与求导得到的 2 约掉。",
        ),
        Wrong(
            _gradients(lam="lam / 2"),
            en="You add λW/2. The derivative of λ/2 · w² is λw: the square brings a factor 2.",
            zh="你加的是 λW/2。λ/2 · w² 的导数是 λw：平方求导带来因子 2。",
        ),
        Wrong(
            _gradients(lam="lam / x.shape[1]"),
            en="You divide the penalty by m. In this J the mean is over the losses alone.",
            zh="你把惩罚项也除以了 m。这里的 J 只对损失取平均。",
        ),
        Wrong(
            _gradients(do="W2 @ h - y"),
            en="The penalty is there, but now 1/m is missing in the part of the loss.",
            zh="惩罚项有了，但损失那一部分少了 1/m。",
        ),
        Wrong(
            """
def both_gradients(W1, W2, x, y, lam):
    h = np.tanh(W1 @ x)
    do = (W2 @ h - y) / x.shape[1]
    dz = (W2.T @ do) * (1 - h**2)
    return dz @ x.T, do @ h.T + lam * W2
""",
            en="The gradient of W2 is right. The penalty holds both matrices, so λW1 belongs into the first one.",
            zh="W2 的梯度对了。惩罚项含有两个矩阵，第一个梯度里也要加 λW1。",
        ),
    ),
)
