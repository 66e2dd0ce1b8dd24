"""Judges of the chapter on the bias."""

from __future__ import annotations

from typing import Any

import numpy as np

from judges.judging import Exercise, Wrong, edge
from judges.messages import Words
from judges.tools import gradient_of


def _bias_gradient(dz: Any) -> Any:
    """Of a loss whose derivatives with respect to z are these, wherever b is."""
    return gradient_of(lambda b: np.sum(dz * b[:, None]))(np.zeros(len(dz)))


bias_gradient = Exercise(
    draw=lambda rng: (rng.normal(size=(2, 3)),),
    truth=_bias_gradient,
    edges=(
        edge(
            np.array([[1.0, 2.0], [3.0, 5.0]]),
            en="as many samples as neurons",
            zh="样本数等于神经元数的情形",
        ),
        edge(np.array([[1.0], [-2.0]]), en="a single sample", zh="只有一个样本的情形"),
    ),
    wrong=(
        Wrong(
            "def bias_gradient(dz):\n    return np.sum(dz, axis=0)\n",
            en="You add up the neurons and keep one number for each sample. It is the other axis: the samples stand in the columns, and each neuron keeps its row.",
            zh="你把各个神经元加了起来，每个样本剩一个数。应当沿另一个轴相加：每列是一个样本，每个神经元保留自己的一行。",
        ),
        Wrong(
            "def bias_gradient(dz):\n    return np.mean(dz, axis=1)\n",
            en="This is the mean over the samples. If the cost has a factor 1/m, it is in dz already; here the shares are added.",
            zh="这是对样本的平均。代价若有因子 1/m，它已经含在 dz 里；这里只需把各份相加。",
        ),
        Wrong(
            "def bias_gradient(dz):\n    return np.sum(dz)\n",
            en="You return one number for all neurons. Each neuron has a bias of its own, so add along the samples alone.",
            zh="你为所有神经元返回了同一个数。每个神经元有自己的偏置，所以只沿样本方向相加。",
        ),
        Wrong(
            "def bias_gradient(dz):\n    return dz\n",
            en="This holds one derivative for each sample. The same bias serves all samples, so its gradient is their sum.",
            zh="这里每个样本各有一个导数。同一个偏置供所有样本使用，所以它的梯度是这些导数之和。",
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
