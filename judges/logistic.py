"""Judges of the chapter on logistic regression."""

from __future__ import annotations

from typing import Any

import numpy as np

from judges.judging import Exercise, Wrong, edge
from judges.messages import SNIPPET
from judges.tools import gradient_of
from snippets import logistic
from snippets.activations import sigmoid


def _neuron(rng: np.random.Generator) -> tuple[Any, ...]:
    return rng.normal(size=2), float(rng.normal()), rng.normal(size=(2, 3)), rng.integers(0, 2, 3)


def _gradients(w: Any, b: Any, X: Any, y: Any) -> Any:
    return tuple(gradient_of(logistic.cost, which)(w, b, X, y) for which in (0, 1))


cost_gradients = Exercise(
    draw=_neuron,
    truth=_gradients,
    names={"sigmoid": sigmoid},
    edges=(
        edge(
            np.array([0.5]),
            -1.0,
            np.array([[2.0]]),
            np.array([1]),
            en="a single sample",
            zh="只有一个样本的情形",
        ),
    ),
    wrong=(
        Wrong(
            """
def cost_gradients(w, b, X, y):
    dz = sigmoid(X.T @ w + b) - y
    return X @ dz, np.sum(dz)
""",
            en="The factor 1/m is missing: this is the gradient of the sum of the losses, and J is their mean.",
            zh="少了因子 1/m：这是损失之和的梯度，而 J 是损失的平均。",
        ),
        Wrong(
            """
def cost_gradients(w, b, X, y):
    dz = (y - sigmoid(X.T @ w + b)) / len(y)
    return X @ dz, np.sum(dz)
""",
            en="The sign is the wrong way round: this comes out with y − ŷ, and the derivative of the loss is ŷ − y. With it gradient descent would climb.",
            zh="符号反了：用 y − ŷ 就得到这个结果，而损失的导数是 ŷ − y。照它走，梯度下降会往上爬。",
        ),
        Wrong(
            """
def cost_gradients(w, b, X, y):
    y_hat = sigmoid(X.T @ w + b)
    dz = (y_hat - y) * y_hat * (1 - y_hat) / len(y)
    return X @ dz, np.sum(dz)
""",
            en="There is a factor σ′(z) = ŷ (1 − ŷ) too many. It belongs to the squared error; with cross-entropy it cancels, and ŷ − y alone is left.",
            zh="多了因子 σ′(z) = ŷ (1 − ŷ)。它属于平方误差；用交叉熵时它正好约掉，只剩 ŷ − y。",
        ),
        Wrong(
            """
def cost_gradients(w, b, X, y):
    dz = (sigmoid(X.T @ w + b) - y) / len(y)
    return X @ dz, np.mean(dz)
""",
            en="The gradient of w is right. In that of b you divide by m twice: once in dz, once by the mean.",
            zh="w 的梯度对了。b 的梯度除了两次 m：dz 里一次，取平均又一次。",
        ),
        Wrong(
            """
def cost_gradients(w, b, X, y):
    dz = (X.T @ w + b - y) / len(y)
    return X @ dz, np.sum(dz)
""",
            en="The sigmoid is missing: this is the gradient of linear regression, with z in place of ŷ.",
            zh="漏了 sigmoid：这里用 z 代替了 ŷ，得到的是线性回归的梯度。",
        ),
    ),
)


loss_of_logit = Exercise(
    draw=lambda rng: (float(3 * rng.normal()), int(rng.integers(0, 2))),
    truth=lambda z, y: float(logistic.loss_from_logits(z, y)),
    by=SNIPPET,
    names={"sigmoid": sigmoid},
    edges=(
        edge(1000.0, 0, en="a confident wrong answer, z = 1000", zh="很有把握却答错的 z = 1000"),
        edge(1000.0, 1, en="a confident right answer, z = 1000", zh="很有把握且答对的 z = 1000"),
        edge(-1000.0, 1, en="z = −1000", zh="z = −1000 时"),
        edge(40.0, 0, en="z = 40", zh="z = 40 时"),
    ),
    wrong=(
        Wrong(
            """
def loss_of_logit(z, y):
    y_hat = sigmoid(z)
    return -(y * np.log(y_hat) + (1 - y) * np.log(1 - y_hat))
""",
            en="For z = 1000 the sigmoid has rounded to 1, and log(1 − ŷ) is −inf. Do not go by way of ŷ: start from log(1 + e^z) − y z.",
            zh="z = 1000 时 sigmoid 已经舍入成 1，log(1 − ŷ) 是 −inf。不要经过 ŷ，请从 log(1 + e^z) − y z 出发。",
        ),
        Wrong(
            """
def loss_of_logit(z, y):
    y_hat = np.clip(sigmoid(z), 1e-7, 1 - 1e-7)
    return -(y * np.log(y_hat) + (1 - y) * np.log(1 - y_hat))
""",
            en="Clipping ŷ to [1e-7, 1 − 1e-7] keeps the loss finite, but caps it at 16: beyond that it is constant, its slope is 0, and the worst samples stop learning.",
            zh="把 ŷ 限制在 [1e-7, 1 − 1e-7] 内，损失是有限了，却封顶在 16：再往外它是常数，斜率为 0，错得最厉害的样本反而不再学习。",
        ),
        Wrong(
            """
def loss_of_logit(z, y):
    y_hat = np.clip(sigmoid(z), 1e-12, 1 - 1e-12)
    return -(y * np.log(y_hat) + (1 - y) * np.log(1 - y_hat))
""",
            en="Clipping ŷ to [1e-12, 1 − 1e-12] keeps the loss finite, but caps it at 28: beyond that it is constant, and the worst samples stop learning.",
            zh="把 ŷ 限制在 [1e-12, 1 − 1e-12] 内，损失是有限了，却封顶在 28：再往外它是常数，错得最厉害的样本反而不再学习。",
        ),
        Wrong(
            """
def loss_of_logit(z, y):
    return np.log(1 + np.exp(z)) - y * z
""",
            en="The formula is right, but e^z overflows for z = 1000. Take the positive part out of the logarithm: max(z, 0) + log(1 + e^−|z|).",
            zh="公式对了，可是 z = 1000 时 e^z 溢出。请把正的部分从对数里提出来：max(z, 0) + log(1 + e^−|z|)。",
        ),
        Wrong(
            """
def loss_of_logit(z, y):
    return max(z, 0) + np.log1p(np.exp(-abs(z)))
""",
            en="The label does not occur: this is the loss for y = 0. The term −y z is missing.",
            zh="标签没有出现：这是 y = 0 时的损失，少了 −y z 这一项。",
        ),
    ),
)
