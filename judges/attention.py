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


def _rotation(top: str, bottom: str) -> str:
    return (
        "def key_matrix(back):\n"
        "    s, c = np.sin(back), np.cos(back)\n"
        f"    return np.array([[{top}], [{bottom}]])\n"
    )


def _turning(back: int) -> Any:
    """The matrix that leads from each place's encoding to that of ``back`` places later."""
    P = attention.positions(back + 4, 2)
    return np.linalg.lstsq(P[:4], P[back:])[0]


key_matrix = Exercise(
    draw=lambda rng: (int(rng.integers(1, 30)),),
    truth=_turning,
    by=SNIPPET,
    edges=(edge(0, en="back = 0", zh="back = 0 处"),),
    wrong=(
        Wrong(
            _rotation("c, s", "-s, c"),
            en="This is the rotation the other way: it looks `back` places ahead. The encodings are rows, and are multiplied from the right.",
            zh="这是反方向的旋转：看的是往后 `back` 个位置。编码是行，矩阵从右边乘上去。",
        ),
        Wrong(
            "def key_matrix(back):\n"
            "    s, c = np.sin(1), np.cos(1)\n"
            "    return np.array([[c, -s], [s, c]])\n",
            en="This always looks one place back. Each place turns the encoding by the angle 1; how many lie between?",
            zh="这样总是往回看一个位置。每过一个位置，编码转过角度 1；中间隔了几个位置？",
        ),
        Wrong(
            _rotation("s, c", "-c, s"),
            en="Sine and cosine have changed places: for back = 0 the matrix must leave every key as it is.",
            zh="正弦和余弦换了位置：back = 0 时，矩阵应当让每个键保持原样。",
        ),
        Wrong(
            "def key_matrix(back):\n    return np.eye(2)\n",
            en="The identity leaves the keys as they are; then each place fits itself best.",
            zh="单位矩阵让键保持原样，于是每个位置与自己最相配。",
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
