"""Judges of the chapter on clipping gradients."""

from __future__ import annotations

from typing import Any

import numpy as np

from judges.judging import Exercise, Wrong, edge
from judges.messages import SNIPPET
from snippets import clipping


def _grads(rng: np.random.Generator) -> tuple[Any, ...]:
    return [rng.normal(size=(2, 3)), 3 * rng.normal(size=2)], float(rng.uniform(0.5, 1.5))


clip_by_global_norm = Exercise(
    draw=_grads,
    truth=clipping.clip_by_global_norm,
    by=SNIPPET,
    tolerance=1e-5,  # PyTorch adds 1e-6 to the norm
    edges=(
        edge(
            [np.array([0.3, -0.4]), np.array([[0.5]])],
            1.0,
            en="a gradient that is short already",
            zh="本来就短的梯度",
        ),
        edge(
            [np.zeros(2), np.zeros((1, 2))],
            1.0,
            en="a gradient that is zero",
            zh="全为零的梯度",
        ),
    ),
    wrong=(
        Wrong(
            """
def clip_by_global_norm(grads, theta):
    return [g * min(theta / max(np.linalg.norm(g), 1e-12), 1) for g in grads]
""",
            en="This is what comes out when each array is clipped by its own norm: the arrays get "
            "different factors, so the direction of the whole gradient changes. Put the squares of "
            "all arrays into one sum.",
            zh="逐个数组按自己的范数裁剪，就得到这个结果：各数组的因子不同，整个梯度的方向随之改变。"
            "请把所有数组的平方加进同一个和，再开方。",
        ),
        Wrong(
            """
def clip_by_global_norm(grads, theta):
    norm = np.sqrt(sum(np.sum(g**2) for g in grads))
    return [theta / norm * g for g in grads]
""",
            en="Your factor is θ / ‖g‖ always, so a short gradient is stretched to the length θ, "
            "and a zero gradient gives 0 / 0. Clipping only shortens: the factor is min(θ / ‖g‖, 1).",
            zh="你的因子总是 θ / ‖g‖，短的梯度因此被拉长到 θ，零梯度还会出现 0 / 0。"
            "裁剪只缩短、不拉长：因子是 min(θ / ‖g‖, 1)。",
        ),
        Wrong(
            """
def clip_by_global_norm(grads, theta):
    norm = sum(np.sum(g**2) for g in grads)
    return [min(theta / max(norm, 1e-12), 1) * g for g in grads]
""",
            en="The root is missing: you divide by ‖g‖², the sum of the squares, and not by the "
            "norm ‖g‖.",
            zh="少了开方：你除以的是平方和 ‖g‖²，而不是范数 ‖g‖。",
        ),
        Wrong(
            """
def clip_by_global_norm(grads, theta):
    norm = sum(np.linalg.norm(g) for g in grads)
    return [min(theta / max(norm, 1e-12), 1) * g for g in grads]
""",
            en="You add up the norms of the arrays. Norms do not add: the norm of all of them "
            "together is the root of the sum of their squares.",
            zh="你把各数组的范数直接相加了。范数不能这样相加：合在一起的范数，是各平方之和的平方根。",
        ),
        Wrong(
            """
def clip_by_global_norm(grads, theta):
    return [np.clip(g, -theta, theta) for g in grads]
""",
            en="This is clip_by_value: it cuts each entry by itself, and the direction changes. "
            "Here all entries get one common factor.",
            zh="这是逐元素裁剪 clip_by_value：每个元素各自截断，方向会变。"
            "这里要求所有元素乘同一个因子。",
        ),
    ),
)


def _clipped_mean(grads: Any, theta: float) -> Any:
    (clipped,) = clipping.clip_by_global_norm([np.mean(grads, axis=0)], theta)
    return clipped


clipped_mean = Exercise(
    draw=lambda rng: (rng.normal(size=(3, 4)) * [[9.0], [1.0], [3.0]], 1.0),
    truth=_clipped_mean,
    by=SNIPPET,
    edges=(
        edge(
            np.array([[0.5, 0.1], [0.3, -0.5]]),
            1.0,
            en="gradients that are short already",
            zh="本来就短的梯度",
        ),
        edge(np.array([[6.0, 8.0]]), 1.0, en="a batch of one sequence", zh="只有一个序列的一批"),
    ),
    wrong=(
        Wrong(
            """
def clipped_mean(grads, theta):
    norms = np.linalg.norm(grads, axis=1, keepdims=True)
    return np.mean(grads * np.minimum(theta / norms, 1), axis=0)
""",
            en="Still each sequence is clipped by itself: long gradients are shortened, short ones "
            "are not, and the mean points elsewhere. Take the mean first.",
            zh="仍然是每个序列各自裁剪：长的缩短了，短的没有，平均之后方向就变了。请先取平均，再裁剪。",
        ),
        Wrong(
            """
def clipped_mean(grads, theta):
    total = np.sum(grads, axis=0)
    return total * min(theta / np.linalg.norm(total), 1) / len(grads)
""",
            en="You clip the sum and divide by the number of sequences afterwards, so the result "
            "has at most the length θ / m. Clip what you step along: the mean.",
            zh="你先裁剪了总和，再除以序列数 m，结果的长度至多是 θ / m。"
            "要裁剪的是更新时真正用到的量，也就是平均值。",
        ),
        Wrong(
            """
def clipped_mean(grads, theta):
    total = np.sum(grads, axis=0)
    return total * min(theta / np.linalg.norm(total), 1)
""",
            en="You take the sum of the gradients. A batch is clipped by its mean, or the same θ "
            "would cut a large batch more often than a small one.",
            zh="你取的是梯度之和。裁剪的应是平均值，否则同一个 θ 对大批量裁剪得更频繁。",
        ),
        Wrong(
            """
def clipped_mean(grads, theta):
    mean = np.mean(grads, axis=0)
    return mean * theta / np.linalg.norm(mean)
""",
            en="The order is right now, but a short mean is stretched to the length θ. "
            "The factor is never above 1: min(θ / ‖g‖, 1).",
            zh="次序对了，但短的平均梯度被拉长到了 θ。因子从不大于 1：min(θ / ‖g‖, 1)。",
        ),
    ),
)
