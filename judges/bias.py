"""Judges of the chapter on the bias."""

from __future__ import annotations

from typing import Any

import numpy as np

from judges.judging import Exercise, Wrong, edge
from judges.messages import Words
from snippets.logistic import gradients


def _least(y: Any) -> float:
    """Where the cost of a neuron without weights stops falling, by halving."""
    nothing, zero = np.zeros((1, len(y))), np.zeros(1)
    low, high = -20.0, 20.0
    for _ in range(60):
        middle = (low + high) / 2
        falls = gradients(zero, middle, nothing, y)[1] < 0
        low, high = (middle, high) if falls else (low, middle)
    return low


bias_start = Exercise(
    draw=lambda rng: (rng.permutation([1.0, 0.0, 0.0, *rng.integers(2, size=4)]),),
    truth=_least,
    by=Words("looking for the least cost by halving", "用二分法找最小代价的做法"),
    edges=(
        edge(np.array([0.0, 1.0]), en="as many ones as zeros", zh="1 和 0 一样多的情形"),
        edge(np.array([1.0, 1.0, 1.0, 0.0]), en="more ones than zeros", zh="1 比 0 多的情形"),
    ),
    wrong=(
        Wrong(
            "def bias_start(y):\n    return np.mean(y)\n",
            en="This is the probability that the neuron should give. The bias is its logit, so the sigmoid has to be undone.",
            zh="这是神经元应当给出的概率。偏置是它的对数几率，所以还要把 sigmoid 反过来。",
        ),
        Wrong(
            "def bias_start(y):\n    return np.log(np.mean(y))\n",
            en="This is the logarithm of the share. The sigmoid is undone by the logarithm of the odds: divide by the share of the zeros first.",
            zh="这是比例的对数。sigmoid 反过来，是几率的对数：取对数之前，要除以标签 0 所占的比例。",
        ),
        Wrong(
            "def bias_start(y):\n    share = np.mean(y)\n    return np.log((1 - share) / share)\n",
            en="The fraction is upside down: with few ones the bias has to be negative.",
            zh="分数颠倒了：1 很少时，偏置应当是负的。",
        ),
        Wrong(
            "def bias_start(y):\n    share = np.mean(y)\n    return share / (1 - share)\n",
            en="These are the odds. Their logarithm is missing.",
            zh="这是几率，还差取对数。",
        ),
    ),
)


layer_sums = Exercise(
    draw=lambda rng: (rng.normal(size=(3, 2)), rng.normal(size=(2, 3)), rng.normal(size=3)),
    truth=lambda W, X, b: np.array(
        [[row @ x + b_n for x in X.T] for row, b_n in zip(W, b, strict=True)]
    ),
    by=Words("a loop over neurons and samples", "对神经元和样本的逐个计算"),
    edges=(
        edge(
            np.array([[1.0, 2.0]]),
            np.array([[1.0, 0.0, 3.0], [0.0, 1.0, -1.0]]),
            np.array([0.5]),
            en="one neuron",
            zh="只有一个神经元的情形",
        ),
        edge(
            np.eye(2),
            np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]),
            np.array([10.0, 20.0]),
            en="more samples than neurons",
            zh="样本比神经元多的情形",
        ),
    ),
    wrong=(
        Wrong(
            "def layer_sums(W, X, b):\n    return W @ X + b\n",
            en="b is still added along the rows: each sample gets a bias of its own, and with other numbers of samples the addition fails. Make a column of it, b[:, None].",
            zh="b 仍然沿着行相加：每个样本得到了各自的偏置，样本数不同时加法还会报错。请把它变成一列：b[:, None]。",
        ),
        Wrong(
            "def layer_sums(W, X, b):\n    return W @ X\n",
            en="The bias is missing altogether.",
            zh="偏置整个漏掉了。",
        ),
        Wrong(
            "def layer_sums(W, X, b):\n    return W @ X + np.sum(b)\n",
            en="Each neuron gets the sum of all biases. Neuron n adds only its own.",
            zh="每个神经元都加上了所有偏置之和。每个神经元只加自己的偏置。",
        ),
    ),
)
