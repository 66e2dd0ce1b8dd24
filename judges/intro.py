"""Judges of the introduction."""

from __future__ import annotations

from typing import Any

import numpy as np

from judges.judging import Exercise, Wrong, edge
from judges.messages import SNIPPET, Words
from snippets import logistic
from snippets.activations import sigmoid


def _neuron(x: Any, w: Any, b: Any) -> float:
    return float(logistic.predict(w, b, x[:, None])[0])


neuron = Exercise(
    draw=lambda rng: (rng.normal(size=3), rng.normal(size=3), float(rng.normal())),
    truth=_neuron,
    by=SNIPPET,
    names={"sigmoid": sigmoid},
    edges=(edge(np.zeros(2), np.ones(2), 1.0, en="inputs that are all 0", zh="输入全为 0 的情形"),),
    wrong=(
        Wrong(
            "def neuron(x, w, b):\n    return np.sum(w * x) + b\n",
            en="The activation is missing: this is the weighted sum. The sigmoid makes a number between 0 and 1 of it.",
            zh="少了激活函数：这是加权和。sigmoid 把它变成 0 与 1 之间的数。",
        ),
        Wrong(
            "def neuron(x, w, b):\n    return sigmoid(np.sum(w * x))\n",
            en="The bias is missing: for inputs that are all 0 the neuron would always answer one half.",
            zh="少了偏置：输入全为 0 时，这个神经元只能回答二分之一。",
        ),
        Wrong(
            "def neuron(x, w, b):\n    return sigmoid(w * x + b)\n",
            en="You have not added up yet: there is one number for each input. A neuron has one output.",
            zh="你还没有求和：每个输入各有一个数。一个神经元只有一个输出。",
        ),
        Wrong(
            "def neuron(x, w, b):\n    return np.sum(sigmoid(w * x)) + b\n",
            en="The order is the wrong way round: add up first, bias included, and apply the activation once, to the sum.",
            zh="次序反了：先求和，连同偏置，再对这个和用一次激活函数。",
        ),
        Wrong(
            "def neuron(x, w, b):\n    return sigmoid(np.sum(w * x)) + b\n",
            en="The bias stands outside the activation, so the output may leave the range from 0 to 1. It belongs to the sum.",
            zh="偏置加在了激活函数外面，输出会超出 0 到 1 的范围。偏置属于加权和。",
        ),
    ),
)


def _count(formula: str) -> str:
    return f"def convolution_parameters(channels, k, kernels):\n    return {formula}\n"


convolution_parameters = Exercise(
    draw=lambda rng: tuple(int(n) for n in rng.integers(2, 7, 3)),
    truth=lambda channels, k, kernels: (
        np.zeros((kernels, channels, k, k)).size + np.zeros(kernels).size
    ),
    by=Words("counting the entries of all arrays", "逐个清点数组元素的结果"),
    edges=(edge(1, 1, 1, en="one kernel of one pixel", zh="只有一个单像素卷积核的情形"),),
    wrong=(
        Wrong(
            _count("kernels * channels * k * k"),
            en="The biases are missing, one for each kernel.",
            zh="少了偏置：每个卷积核一个。",
        ),
        Wrong(
            _count("kernels * (k * k + 1)"),
            en="A kernel looks at all channels at once and has weights of its own for each: multiply by the number of channels.",
            zh="一个卷积核同时看所有通道，在每个通道里各有自己的权重：还要乘通道数。",
        ),
        Wrong(
            _count("kernels * channels * (k * k + 1)"),
            en="A kernel has one bias, not one for each channel: the sums over the channels are added first.",
            zh="一个卷积核只有一个偏置，不是每个通道一个：各通道的和先加在一起。",
        ),
        Wrong(
            _count("kernels * (channels * k + 1)"),
            en="A kernel is k wide and k high, so it has k · k weights in each channel.",
            zh="卷积核宽和高都是 k，所以每个通道有 k · k 个权重。",
        ),
        Wrong(
            _count("kernels * channels * k * k + 1"),
            en="There is one bias for each kernel, not one for all.",
            zh="偏置是每个卷积核一个，不是一共一个。",
        ),
    ),
)
