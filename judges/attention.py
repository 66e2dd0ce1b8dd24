"""Judges of the chapter on attention."""

from __future__ import annotations

from typing import Any

import numpy as np

from judges.judging import Exercise, Wrong, edge
from judges.messages import SNIPPET
from snippets import attention
from snippets.activations import softmax

#: Softmax over the last axis, for arrays of numbers and −inf alike.
NAMES = {"softmax": softmax}


def _look_up(line: str) -> str:
    return f"def look_up(Q, K, V):\n    {line}\n"


look_up = Exercise(
    draw=lambda rng: tuple(rng.normal(size=size) for size in ((2, 4), (3, 4), (3, 5))),
    truth=lambda Q, K, V: attention.attention(Q, K, V)[0],
    by=SNIPPET,
    names=NAMES,
    edges=(
        edge(
            np.eye(2),
            np.array([[1.0, 2.0], [0.0, 1.0]]),
            np.array([[1.0, 2.0], [3.0, 4.0]]),
            en="sizes that are all equal",
            zh="各处大小都相等的情形",
        ),
        edge(
            np.ones((1, 2)),
            np.ones((1, 2)),
            np.array([[3.0]]),
            en="a single place",
            zh="只有一个位置的情形",
        ),
    ),
    wrong=(
        Wrong(
            _look_up("return softmax(Q @ K.T) @ V"),
            en="The scores are not scaled: divide them by √d_k, or for long keys nearly all weight goes to one place.",
            zh="分数没有缩放：请除以 √d_k，否则键一长，几乎全部权重都落在一个位置上。",
        ),
        Wrong(
            _look_up("return softmax(Q @ K.T / Q.shape[-1]) @ V"),
            en="You divide by d_k. The standard deviation of a sum of d_k products grows like the root: √d_k.",
            zh="你除以了 d_k。d_k 个乘积之和的标准差按平方根增长：应除以 √d_k。",
        ),
        Wrong(
            _look_up("return softmax(Q @ K.T / np.sqrt(Q.shape[-1]), axis=0) @ V"),
            en="Here the columns sum to 1. Each query, a row, spreads one weight over all keys: softmax along the last axis.",
            zh="这里是每一列之和为 1。每个查询（一行）把总和为 1 的权重分给所有键：softmax 沿最后一个轴。",
        ),
        Wrong(
            _look_up("return Q @ K.T / np.sqrt(Q.shape[-1]) @ V"),
            en="The softmax is missing: scores are no weights; they may be negative and sum to anything.",
            zh="少了 softmax：分数还不是权重，可以是负数，和也不一定是 1。",
        ),
        Wrong(
            _look_up("return softmax(Q @ K.T / np.sqrt(Q.shape[-1]))"),
            en="These are the weights. What a query finds is the mean of the values with these weights: times V.",
            zh="这是权重。查询得到的是按这些权重对值的平均：还要乘 V。",
        ),
        Wrong(
            _look_up("return softmax(Q @ K.T / np.sqrt(len(Q))) @ V"),
            en="You scale by the number of queries. What counts is the length of a key, d_k: Q.shape[-1].",
            zh="你用查询的个数做了缩放。要用的是键的长度 d_k：Q.shape[-1]。",
        ),
    ),
)


def _causal(S: Any) -> Any:
    return softmax(np.where(attention.causal_mask(len(S)), S, -np.inf))


causal_weights = Exercise(
    draw=lambda rng: (rng.normal(size=(4, 4)),),
    truth=_causal,
    by=SNIPPET,
    names=NAMES,
    edges=(edge(np.array([[2.0]]), en="a single place", zh="只有一个位置的情形"),),
    wrong=(
        Wrong(
            "def causal_weights(S):\n    return np.tril(softmax(S))\n",
            en="The later places are cut off after the softmax: they have already taken a share, and the rows do not sum to 1. Put −inf in their scores first.",
            zh="后面的位置是在 softmax 之后才去掉的：它们已经分走了一份权重，各行之和不是 1。请先把它们的分数设成 −inf。",
        ),
        Wrong(
            "def causal_weights(S):\n    return softmax(np.tril(S))\n",
            en="You put 0 in the scores of later places. A score of 0 still gets weight, e^0 = 1: it has to be −inf.",
            zh="你把后面位置的分数设成了 0。分数 0 仍有权重，因为 e^0 = 1：应设成 −inf。",
        ),
        Wrong(
            "def causal_weights(S):\n    return softmax(np.where(np.triu(np.ones_like(S)) > 0, S, -np.inf))\n",
            en="The mask is the wrong way round: place t now looks at itself and at what comes later.",
            zh="掩码方向反了：现在位置 t 看的是自己和后面的位置。",
        ),
        Wrong(
            "def causal_weights(S):\n    return softmax(np.where(np.tri(len(S), k=-1) > 0, S, -np.inf))\n",
            en="A place may look at itself, too. As it is, the first one may look nowhere, and its row is nan.",
            zh="一个位置也可以看自己。现在第一个位置哪里也不能看，它那一行成了 nan。",
        ),
        Wrong(
            "def causal_weights(S):\n    A = np.tril(softmax(S))\n    return A / np.sum(A, axis=0)\n",
            en="You let the columns sum to 1. It is the rows: each place spreads its own weight.",
            zh="你让每一列之和为 1 了。应当是每一行：每个位置分配自己的权重。",
        ),
        Wrong(
            "def causal_weights(S):\n    return softmax(S)\n",
            en="There is no mask yet: every place looks at the later ones.",
            zh="还没有掩码：每个位置都能看到后面的位置。",
        ),
    ),
)
