"""Judges of the chapter on training."""

from __future__ import annotations

from typing import Any

import numpy as np

from judges.judging import Exercise, Wrong, edge
from judges.messages import SNIPPET
from snippets import optimizers


def _momentum_step(w: Any, v: Any, g: Any, eta: Any, beta: Any) -> Any:
    state = optimizers.State(0, {"w": v}, {"w": np.zeros_like(v)})
    params, state = optimizers.momentum({"w": w}, {"w": g}, state, eta, beta)
    return params["w"], state.v["w"]


def _momentum(v: str, w: str = "w - eta * v") -> str:
    return f"def momentum_step(w, v, g, eta, beta):\n    v = {v}\n    return {w}, v\n"


momentum_step = Exercise(
    draw=lambda rng: (*rng.normal(size=(3, 4)), 0.1, 0.9),
    truth=_momentum_step,
    by=SNIPPET,
    edges=(
        edge(
            np.ones(2),
            np.zeros(2),
            np.array([1.0, -2.0]),
            0.5,
            0.9,
            en="the first step, where v is 0",
            zh="第一步（v 为 0）的情形",
        ),
    ),
    wrong=(
        Wrong(
            _momentum("beta * v + (1 - beta) * g"),
            en="You take a weighted mean of velocity and gradient. That is another convention; here, as in PyTorch, the gradient comes in whole: v ← βv + g.",
            zh="你对速度与梯度做了加权平均。那是另一种约定；这里与 PyTorch 一样，梯度整个加进来：v ← βv + g。",
        ),
        Wrong(
            _momentum("v + g"),
            en="Nothing slows the velocity down: β is missing, so every gradient ever seen keeps its full weight.",
            zh="速度没有衰减：少了 β，见过的每个梯度都永远保持全部权重。",
        ),
        Wrong(
            "def momentum_step(w, v, g, eta, beta):\n    return w - eta * v, beta * v + g\n",
            en="You step along the old velocity. Renew v first, and then move w along it.",
            zh="你沿旧的速度走了一步。请先更新 v，再让 w 沿着它走。",
        ),
        Wrong(
            _momentum("beta * v + g", "w + eta * v"),
            en="The step goes uphill: v points along the gradient, so it is subtracted.",
            zh="这一步是上坡：v 沿梯度方向，所以要减去。",
        ),
        Wrong(
            _momentum("beta * v + g", "w - eta * g"),
            en="The velocity is kept, but w does not follow it: the step is ηv, not ηg.",
            zh="速度是存下了，w 却没有用它：步长是 ηv，而不是 ηg。",
        ),
    ),
)


def _adam_step(w: Any, v: Any, q: Any, g: Any, t: Any, eta: Any, epsilon: Any) -> Any:
    state = optimizers.State(t - 1, {"w": v}, {"w": q})
    params, state = optimizers.adam({"w": w}, {"w": g}, state, eta, epsilon=epsilon)
    return params["w"], state.v["w"], state.q["w"]


def _adam(step: str, v: str = "0.9 * v + 0.1 * g", q: str = "0.999 * q + 0.001 * g**2") -> str:
    return f"""
def adam_step(w, v, q, g, t, eta, epsilon):
    v = {v}
    q = {q}
    return w - eta * {step}, v, q
"""


adam_step = Exercise(
    draw=lambda rng: (
        *rng.normal(size=(2, 3)),
        rng.uniform(0.1, 1, 3),
        rng.normal(size=3),
        int(rng.integers(2, 9)),
        0.1,
        0.01,
    ),
    truth=_adam_step,
    by=SNIPPET,
    edges=(
        edge(
            np.ones(2),
            np.zeros(2),
            np.zeros(2),
            np.array([3.0, -0.01]),
            1,
            0.1,
            0.01,
            en="the first step",
            zh="第一步",
        ),
        edge(
            np.ones(1),
            np.zeros(1),
            np.zeros(1),
            np.zeros(1),
            1,
            0.1,
            0.01,
            en="a gradient of 0",
            zh="梯度为 0 的情形",
        ),
    ),
    wrong=(
        Wrong(
            _adam("v / (np.sqrt(q) + epsilon)"),
            en="The bias correction is missing: v and q begin at 0 and are too small at first. Divide by 1 − 0.9^t and 1 − 0.999^t.",
            zh="少了偏差校正：v 和 q 从 0 开始，起初偏小。请分别除以 1 − 0.9^t 和 1 − 0.999^t。",
        ),
        Wrong(
            _adam("v / (1 - 0.9**t) / np.sqrt(q / (1 - 0.999**t) + epsilon)"),
            en="ε stands under the root here. It is added to the root, so that it counts in the units of the gradient.",
            zh="这里 ε 放进了根号。它应加在根号外面，与梯度同单位。",
        ),
        Wrong(
            _adam("v / (1 - 0.9**t) / (q / (1 - 0.999**t) + epsilon)"),
            en="The root is missing: you divide by the mean square, and the step is not of the order of η any more.",
            zh="少了开方：你除以的是均方，步长就不再是 η 的量级了。",
        ),
        Wrong(
            _adam("v / (1 - 0.9**t) / (np.sqrt(q) + epsilon)"),
            en="v is corrected, q is not: divide it by 1 − 0.999^t, too.",
            zh="v 修正了，q 没有：它也要除以 1 − 0.999^t。",
        ),
        Wrong(
            _adam(
                "v / (1 - 0.9**t) / (np.sqrt(q / (1 - 0.999**t)) + epsilon)",
                q="0.999 * q + 0.001 * g",
            ),
            en="q is the mean of the squares: g², not g, goes into it.",
            zh="q 是平方的平均：加进去的是 g²，不是 g。",
        ),
        Wrong(
            """
def adam_step(w, v, q, g, t, eta, epsilon):
    v = (0.9 * v + 0.1 * g) / (1 - 0.9**t)
    q = (0.999 * q + 0.001 * g**2) / (1 - 0.999**t)
    return w - eta * v / (np.sqrt(q) + epsilon), v, q
""",
            en="You return the corrected means, so that the next step corrects them once more. Keep v and q as they are, and correct copies.",
            zh="你返回的是修正后的平均值，下一步又会再修正一次。请保留未修正的 v 和 q，只在用时修正。",
        ),
    ),
)
