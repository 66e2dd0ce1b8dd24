"""Judges of the chapter on activation functions."""

from __future__ import annotations

from typing import Any

import numpy as np

from judges.judging import Exercise, Wrong, edge
from judges.messages import SNIPPET
from judges.tools import slope_of
from snippets.activations import relu, softmax


def _relu_back(z: Any, dh: Any) -> Any:
    """By central differences, but for the kink, where they would say one half."""
    return np.where(z == 0, 0.0, dh * slope_of(relu, h=1e-3)(z))


relu_back = Exercise(
    draw=lambda rng: (rng.choice([-1, 1], 6) * rng.uniform(0.1, 2, 6), rng.normal(size=6)),
    truth=_relu_back,
    edges=(
        edge(np.zeros(1), np.ones(1), en="z = 0, the kink", zh="折点 z = 0 处"),
        edge(
            np.array([[-1e6, 1e6]]),
            np.array([[1.0, 1.0]]),
            en="sums that are very large",
            zh="加权和很大的情形",
        ),
    ),
    wrong=(
        Wrong(
            "def relu_back(z, dh):\n    return np.maximum(dh, 0)\n",
            en="You have sent the derivatives through ReLU. Their sign does not matter: what counts is whether the sum z was positive.",
            zh="你让导数通过了 ReLU。导数的正负并不要紧，要看的是加权和 z 是否为正。",
        ),
        Wrong(
            "def relu_back(z, dh):\n    return np.where(dh > 0, dh, 0) * (z > 0)\n",
            en="Negative derivatives are lost: where z was positive, dh passes whatever its sign.",
            zh="负的导数丢了：z 为正的地方，dh 不论正负都通过。",
        ),
        Wrong(
            "def relu_back(z, dh):\n    return dh * np.maximum(z, 0)\n",
            en="You multiply by the output of ReLU. The slope is 1 there, not z.",
            zh="你乘的是 ReLU 的输出。那里的斜率是 1，而不是 z。",
        ),
        Wrong(
            "def relu_back(z, dh):\n    return (z > 0).astype(float)\n",
            en="That is the slope alone. What arrives, dh, still has to be multiplied by it.",
            zh="这只是斜率，还要与传来的 dh 相乘。",
        ),
        Wrong(
            "def relu_back(z, dh):\n    return np.where(z >= 0, dh, 0.0)\n",
            en="All is right but the kink: at z = 0 this page takes the slope 0, so nothing passes there.",
            zh="除了折点都对：本页规定 z = 0 处斜率为 0，那里什么也不通过。",
        ),
        Wrong(
            "def relu_back(z, dh):\n    return dh\n",
            en="Everything passes, as with the identity. Where z was negative the output did not depend on z, so nothing goes back.",
            zh="导数全都通过了，就像恒等函数。z 为负的地方，输出与 z 无关，什么也不该往回传。",
        ),
    ),
)

softmax_columns = Exercise(
    draw=lambda rng: (rng.normal(size=(3, 2)),),
    truth=lambda z: softmax(z, axis=0),
    by=SNIPPET,
    edges=(
        edge(np.array([[1001.0], [1000.0]]), en="entries of about 1000", zh="元素约为 1000 的情形"),
        edge(
            np.array([[1.0, -999.0], [2.0, -1000.0]]),
            en="columns that lie far apart",
            zh="各列相差很远的情形",
        ),
        edge(
            np.array([[1000.0, 2.0], [-1000.0, 1.0]]),
            en="a wide range in a column",
            zh="一列之内差别很大的情形",
        ),
    ),
    wrong=(
        Wrong(
            "def softmax_columns(z):\n    e = np.exp(z)\n    return e / np.sum(e, axis=0)\n",
            en="e^1000 is inf, and inf / inf is nan. A shift of the whole column changes nothing: subtract its maximum first.",
            zh="e^1000 是 inf，inf / inf 是 nan。整列平移不改变结果，请先减去这一列的最大值。",
        ),
        Wrong(
            "def softmax_columns(z):\n    e = np.exp(z - np.max(z))\n    return e / np.sum(e, axis=0)\n",
            en="You subtract the maximum of the whole array. A column far below it becomes all zeros, and 0 / 0 is nan: each column needs its own maximum, axis=0.",
            zh="你减去的是整个数组的最大值。远小于它的列会全变成零，0 / 0 就是 nan：每一列要减自己的最大值，用 axis=0。",
        ),
        Wrong(
            "def softmax_columns(z):\n    e = np.exp(z - np.max(z, axis=-1, keepdims=True))\n    return e / np.sum(e, axis=-1, keepdims=True)\n",
            en="Here the rows sum to 1. A sample is a column, so maximum and sum run down the columns, axis=0.",
            zh="这样是每一行之和为 1。样本是列，所以最大值与求和都沿列进行，用 axis=0。",
        ),
        Wrong(
            "def softmax_columns(z):\n    e = np.exp(z - np.max(z, axis=0))\n    return e / np.sum(e)\n",
            en="All columns together sum to 1. Each is a distribution by itself: sum down the columns, axis=0.",
            zh="所有列合起来之和才是 1。每一列各自是一个分布：沿列求和，用 axis=0。",
        ),
        Wrong(
            "def softmax_columns(z):\n    z = z / np.max(np.abs(z), axis=0)\n    e = np.exp(z)\n    return e / np.sum(e, axis=0)\n",
            en="You divide by the largest entry, which changes the ratios of the probabilities. Subtracting it leaves them as they are.",
            zh="你除以了最大的元素，概率之间的比例因此改变。减去它才不会改变比例。",
        ),
    ),
)
