"""Judges of the chapter on three layers, neuron by neuron."""

from __future__ import annotations

from typing import Any

import numpy as np

from judges.judging import Exercise, Wrong, edge
from judges.tools import gradient_of
from snippets.activations import sigmoid


def _errors_below(W: Any, e: Any, eps: Any) -> Any:
    """How the cost falls with the outputs of the layer below, J = −Σ ε f(e), moved from 0."""
    return gradient_of(lambda y: np.sum(eps * sigmoid(e + W @ y)))(np.zeros(W.shape[1]))


errors_below = Exercise(
    draw=lambda rng: (rng.normal(size=(2, 3)), 2 * rng.normal(size=2), rng.normal(size=2)),
    truth=_errors_below,
    names={"sigmoid": sigmoid},
    edges=(
        edge(
            np.array([[1.0, 2.0], [3.0, -1.0]]),
            np.array([0.0, 2.0]),
            np.array([1.0, 1.0]),
            en="as many senders as receivers",
            zh="发送者与接收者一样多的情形",
        ),
    ),
    wrong=(
        Wrong(
            "def errors_below(W, e, eps):\n    return W.T @ eps\n",
            en="This is what comes out when f′ is left out. On the backward pass an error goes through the activation of the receiving neuron, so it is multiplied by f′(e), which is at most a quarter.",
            zh="漏掉 f′ 就得到这个结果。误差往回传时要穿过接收神经元的激活函数，所以要乘上 f′(e)，而它至多是四分之一。",
        ),
        Wrong(
            "def errors_below(W, e, eps):\n    return W.T @ (sigmoid(e) * eps)\n",
            en="You multiply by the output f(e). On the backward pass an error is multiplied by the slope, f′(e) = f(e) (1 − f(e)).",
            zh="你乘的是输出 f(e)。误差往回传时要乘的是斜率 f′(e) = f(e) (1 − f(e))。",
        ),
        Wrong(
            """
def errors_below(W, e, eps):
    y = sigmoid(sigmoid(e))
    return W.T @ (y * (1 - y) * eps)
""",
            en="The slope is taken at the wrong place: you have put the output f(e) where the sum e belongs, so the sigmoid acts twice.",
            zh="斜率取错了地方：该代入加权和 e 的位置，你代入了输出 f(e)，sigmoid 因此作用了两次。",
        ),
        Wrong(
            """
def errors_below(W, e, eps):
    y = sigmoid(e)
    return W.T @ (y * (1 - y) + eps)
""",
            en="Slope and error are added here. The chain rule multiplies them.",
            zh="这里把斜率与误差相加了。链式法则是相乘。",
        ),
        Wrong(
            """
def errors_below(W, e, eps):
    return W.T @ (e * (1 - e) * eps)
""",
            en="e (1 − e) is the slope only if e is the output. Here e is the sum: put y = f(e) first, and then y (1 − y).",
            zh="只有当 e 是输出时，e (1 − e) 才是斜率。这里 e 是加权和：请先算 y = f(e)，再算 y (1 − y)。",
        ),
        Wrong(
            """
def errors_below(W, e, eps):
    y = sigmoid(e)
    return W @ (y * (1 - y) * eps)
""",
            en="The slope is there now. But W has a row for each receiver, so W @ … collects in the wrong direction; the backward pass takes the transpose.",
            zh="斜率有了。但 W 的每一行属于一个接收者，W @ … 的方向不对；往回走要用转置。",
        ),
    ),
)


def _weight_changes(W: Any, u: Any, eps: Any, eta: Any) -> Any:
    return eta * gradient_of(lambda V: np.sum(eps * sigmoid(V @ u)))(W)


weight_changes = Exercise(
    draw=lambda rng: (rng.normal(size=(2, 3)), rng.normal(size=3), rng.normal(size=2), 0.5),
    truth=_weight_changes,
    names={"sigmoid": sigmoid},
    edges=(
        edge(
            np.array([[1.0, -2.0], [0.5, 1.0]]),
            np.array([1.0, 2.0]),
            np.array([1.0, -1.0]),
            2.0,
            en="as many senders as receivers",
            zh="发送者与接收者一样多的情形",
        ),
    ),
    wrong=(
        Wrong(
            "def weight_changes(W, u, eps, eta):\n    return eta * np.outer(eps, u)\n",
            en="This is what comes out when f′ is left out. ε is the error at the output of the neuron; the weight acts before the activation, so f′(e) comes in between.",
            zh="漏掉 f′ 就得到这个结果。ε 是神经元输出处的误差，而权重作用在激活函数之前，中间隔着 f′(e)。",
        ),
        Wrong(
            """
def weight_changes(W, u, eps, eta):
    y = sigmoid(W @ u)
    return -eta * np.outer(eps * y * (1 - y), u)
""",
            en="The sign is the wrong way round. Here ε is minus the derivative of the cost already, so the change has a plus.",
            zh="符号反了。这里的 ε 已经是代价导数的相反数，所以改变量取正号。",
        ),
        Wrong(
            """
def weight_changes(W, u, eps, eta):
    y = sigmoid(W @ u)
    return eta * np.outer(u, eps * y * (1 - y))
""",
            en="The product is transposed: W has a row for each receiver, so the receiver's number comes first in the outer product.",
            zh="外积转置了：W 的每一行属于一个接收者，所以外积中接收者的数在前。",
        ),
        Wrong(
            """
def weight_changes(W, u, eps, eta):
    y = sigmoid(W @ u)
    return np.outer(eps * y * (1 - y), u)
""",
            en="The learning rate is missing: this is the whole of −∂J/∂W.",
            zh="少了学习率：这是整个 −∂J/∂W。",
        ),
        Wrong(
            """
def weight_changes(W, u, eps, eta):
    y = sigmoid(W @ u)
    return W + eta * np.outer(eps * y * (1 - y), u)
""",
            en="These are the new weights. Asked for is the change alone, without W.",
            zh="这是新的权重。要返回的只是改变量，不含 W。",
        ),
    ),
)


def _one_error(w: Any, e: Any, eps: Any) -> float:
    """How the cost falls with the sender's output, moved from 0."""
    return float(gradient_of(lambda y: np.sum(eps * sigmoid(e + w * y)))(0.0))


one_error = Exercise(
    draw=lambda rng: (rng.normal(size=3), rng.normal(size=3), rng.normal(size=3)),
    truth=_one_error,
    names={"sigmoid": sigmoid},
    edges=(
        edge(
            np.array([2.0]),
            np.array([0.5]),
            np.array([1.0]),
            en="one receiver",
            zh="只有一个接收者的情形",
        ),
    ),
    wrong=(
        Wrong(
            """
def one_error(w, e, eps):
    y = sigmoid(e[0])
    return w[0] * y * (1 - y) * eps[0]
""",
            en="Only the first receiver counts here. The output goes to all of them, and what comes back along all paths is added.",
            zh="这里只算了第一个接收者。输出送往所有接收者，各条路径传回的都要相加。",
        ),
        Wrong(
            "def one_error(w, e, eps):\n    return np.sum(w * eps)\n",
            en="All paths are there, and f′ is left out: each receiver's error passes its slope f(e) (1 − f(e)) first.",
            zh="所有路径都有了，却漏掉了 f′：每个接收者的误差要先乘它自己的斜率 f(e) (1 − f(e))。",
        ),
        Wrong(
            """
def one_error(w, e, eps):
    y = sigmoid(e)
    return np.mean(w * y * (1 - y) * eps)
""",
            en="This is the mean over the paths. Paths add: two that are equal count double.",
            zh="这是对各条路径取平均。路径是相加的：两条相同的路径算两份。",
        ),
        Wrong(
            """
def one_error(w, e, eps):
    y = sigmoid(e)
    return np.sum(w) * np.sum(y * (1 - y) * eps)
""",
            en="Each weight belongs to its own receiver: multiply path by path, and add afterwards.",
            zh="每个权重属于自己的接收者：先逐条路径相乘，再相加。",
        ),
        Wrong(
            """
def one_error(w, e, eps):
    y = sigmoid(e[0])
    return np.sum(w * y * (1 - y) * eps)
""",
            en="All paths get the slope of the first receiver. Each has its own, f′(e_n).",
            zh="所有路径都用了第一个接收者的斜率。每个接收者有自己的 f′(e_n)。",
        ),
    ),
)
