"""Judges of the chapter on convolution."""

from __future__ import annotations

from typing import Any

import numpy as np

from judges.judging import Exercise, Wrong, edge
from judges.tools import gradient_of
from snippets.convolution import cross_correlate


def _kernel(loop: str) -> str:
    return f"""
def kernel_gradient(I, G, k):
    rows, columns = G.shape
    dK = np.zeros((k, k))
    for u, v in np.ndindex(k, k):
        dK[u, v] = {loop}
    return dK
"""


def _kernel_gradient(I: Any, G: Any, k: int) -> Any:
    return gradient_of(lambda K: np.sum(G * cross_correlate(I, K)))(np.zeros((k, k)))


kernel_gradient = Exercise(
    draw=lambda rng: (rng.normal(size=(4, 5)), rng.normal(size=(3, 4)), 2),
    truth=_kernel_gradient,
    edges=(
        edge(
            np.array([[1.0, 2.0], [3.0, 5.0]]),
            np.array([[1.0, -2.0], [0.5, 1.0]]),
            1,
            en="a kernel of one number",
            zh="只有一个数的卷积核",
        ),
    ),
    wrong=(
        Wrong(
            _kernel("np.mean(G * I[u : u + rows, v : v + columns])"),
            en="You take the mean over the places. The kernel is used at all of them, and shares of one parameter add up.",
            zh="你对各个位置取了平均。卷积核在所有位置上都用到，同一参数的各份贡献应当相加。",
        ),
        Wrong(
            _kernel("np.sum(G * I[k - 1 - u :, k - 1 - v :][:rows, :columns])"),
            en="The result is rotated by 180°: entry (u, v) of the kernel meets the pixel (i + u, j + v), not the opposite one.",
            zh="结果旋转了 180°：卷积核的元素 (u, v) 碰到的是像素 (i + u, j + v)，而不是对面的那个。",
        ),
        Wrong(
            _kernel("np.sum(I[u : u + rows, v : v + columns])"),
            en="What arrives, G, is missing: each place contributes its pixel times the derivative of its output.",
            zh="少了传来的 G：每个位置的贡献是像素乘以该处输出的导数。",
        ),
        Wrong(
            _kernel("np.sum(G) * I[u, v]"),
            en="You use the pixels of the first place for all. At place (i, j) the kernel lies over I[i + u, j + v].",
            zh="你在所有位置都用了第一个位置的像素。在位置 (i, j)，卷积核盖住的是 I[i + u, j + v]。",
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
