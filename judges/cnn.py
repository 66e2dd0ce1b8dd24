"""Judges of the chapter on convolution."""

from __future__ import annotations

from typing import Any

import numpy as np

from judges.judging import Exercise, Wrong, edge
from judges.messages import Words
from judges.tools import gradient_of
from snippets.convolution import cross_correlate

#: Who says what is right of a receptive field: no formula.
BACKWARDS = Words("going back from a single output", "从一个输出往回数")


def _going_back(steps: Any) -> int:
    """How many numbers one output needs, step by step back to the picture."""
    needed = 1
    for k, s in reversed(steps):
        needed = (needed - 1) * s + k
    return needed


def _field(line: str, start: str = "1, 1") -> str:
    return f"""
def receptive_field(steps):
    field, apart = {start}
    for k, s in steps:
        field, apart = {line}
    return field
"""


receptive_field = Exercise(
    draw=lambda rng: (tuple((int(k), int(s)) for k, s in rng.integers((2, 1), (6, 4), (3, 2))),),
    truth=_going_back,
    by=BACKWARDS,
    edges=(
        edge(((3, 1),), en="a single step", zh="只有一步的情形"),
        edge(((3, 1), (3, 1)), en="strides that are all 1", zh="步幅都是 1 的情形"),
    ),
    wrong=(
        Wrong(
            _field("field + (k - 1), apart * s"),
            en="The strides are left out: neighbouring outputs are as far apart in the picture as the product of the strides before.",
            zh="漏了步幅：相邻的输出在图片上的间距，是前面各步的步幅之积。",
        ),
        Wrong(
            _field("field + (k - 1) * apart * s, apart * s"),
            en="A step's own stride does not widen its windows; it counts for the steps after it.",
            zh="一步自己的步幅不会让它的窗口变宽，要到后面的步才起作用。",
        ),
        Wrong(
            _field("field + k * apart, apart * s", "0, 1"),
            en="Windows of neighbours overlap: a step adds k − 1 distances, and the field begins with one pixel.",
            zh="相邻的窗口有重叠：每一步只增加 k − 1 个间距，感受野从一个像素算起。",
        ),
        Wrong(
            _field("field * k, apart"),
            en="The windows of neighbours overlap, so the field does not grow by the factor k: each step adds k − 1 distances.",
            zh="相邻的窗口有重叠，所以感受野不会扩大到 k 倍：每一步增加 k − 1 个间距。",
        ),
    ),
)


def _picture(line: str) -> str:
    return f"""
def picture_back(G, K):
    k, rows, columns = len(K), *G.shape
    dI = np.zeros((rows + k - 1, columns + k - 1))
    for u, v in np.ndindex(k, k):
        dI[u : u + rows, v : v + columns] {line}
    return dI
"""


def _picture_back(G: Any, K: Any) -> Any:
    shape = tuple(size + len(K) - 1 for size in G.shape)
    return gradient_of(lambda I: np.sum(G * cross_correlate(I, K)))(np.zeros(shape))


picture_back = Exercise(
    draw=lambda rng: (rng.normal(size=(2, 3)), rng.normal(size=(2, 2))),
    truth=_picture_back,
    edges=(
        edge(
            np.array([[2.0]]),
            np.array([[1.0, 2.0], [3.0, 4.0]]),
            en="a single output",
            zh="只有一个输出的情形",
        ),
    ),
    wrong=(
        Wrong(
            _picture("= G * K[u, v]"),
            en="A pixel lies under several places of the kernel, and = keeps the last share alone. Add them up, +=.",
            zh="一个像素会被卷积核的几个位置盖住，而 = 只留下最后一份。请用 += 相加。",
        ),
        Wrong(
            _picture("+= G * K[k - 1 - u, k - 1 - v]"),
            en="The kernel is rotated once too often: what went forward from the pixel (i + u, j + v) by K[u, v] comes back to it by K[u, v].",
            zh="卷积核多旋转了一次：前向时像素 (i + u, j + v) 乘的是 K[u, v]，往回传时也乘 K[u, v]。",
        ),
        Wrong(
            _picture("+= G"),
            en="The entries of the kernel are missing: a pixel has acted on an output by the factor K[u, v].",
            zh="少了卷积核的元素：像素是以因子 K[u, v] 影响输出的。",
        ),
        Wrong(
            _picture("+= G * K[v, u]"),
            en="Row and column of the kernel are exchanged: it is K[u, v], with u down and v to the right.",
            zh="卷积核的行与列交换了：应是 K[u, v]，u 向下，v 向右。",
        ),
    ),
)
