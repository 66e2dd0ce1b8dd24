"""Judges of the chapter on training."""

from __future__ import annotations

from typing import Any

import numpy as np

from judges.judging import Exercise, Wrong, edge
from judges.messages import SNIPPET, Words
from snippets import optimizers


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


def _rate_at(k: Any, K: Any, warm: Any, eta: Any) -> Any:
    """The rate, read off the two straight pieces of time that it consists of."""
    risen = np.interp(k, (0, warm), (0.0, 1.0))
    angle = np.interp(k, (warm, K), (0.0, np.pi))
    return eta * risen * np.cos(angle / 2) ** 2


def _schedule(done: str = "(k - warm) / (K - warm)", fall: str = "", rise: str = "k / warm") -> str:
    return f"""
def rate_at(k, K, warm, eta):
    if k < warm:
        return eta * {rise}
    done = {done}
    return {fall or "eta * (1 + np.cos(np.pi * done)) / 2"}
"""


rate_at = Exercise(
    draw=lambda rng: (
        int(rng.integers(0, 100)),
        100,
        int(rng.integers(5, 60)),
        float(rng.uniform(0.1, 1)),
    ),
    truth=_rate_at,
    by=Words("joining straight pieces of time", "逐段计算"),
    edges=(
        edge(0, 50, 10, 0.3, en="the first step, k = 0", zh="k = 0，还没有走的时候"),
        edge(4, 50, 10, 0.3, en="the warm-up", zh="预热当中"),
        edge(10, 50, 10, 0.3, en="the end of the warm-up", zh="预热刚结束的时候"),
        edge(50, 50, 10, 0.3, en="the end, k = K", zh="k = K，走完的时候"),
    ),
    wrong=(
        Wrong(
            _schedule(done="k / K"),
            en="The cosine has begun before the warm-up ends, so the rate jumps down there. Count its steps from the end of the warm-up.",
            zh="预热还没结束，余弦就开始了，所以学习率在那里忽然下降。余弦的步数要从预热结束时数起。",
        ),
        Wrong(
            _schedule(done="(k - warm) / K"),
            en="The rate does not reach 0 at the end: the cosine has K − warm steps, not K.",
            zh="最后学习率没有降到 0：余弦一共有 K − warm 步，不是 K 步。",
        ),
        Wrong(
            _schedule(fall="eta * np.cos(np.pi * done)"),
            en="The cosine runs from 1 to −1, and a negative rate climbs. Add 1 and halve.",
            zh="余弦从 1 降到 −1，而学习率是负数，就往上坡走了。要先加 1，再除以 2。",
        ),
        Wrong(
            _schedule(fall="eta * (1 - done)"),
            en="This falls along a straight line; asked for is a cosine.",
            zh="这是沿直线下降；题目要的是余弦。",
        ),
        Wrong(
            _schedule(rise="k / K"),
            en="The rise is too slow: after the warm-up, not after K steps, the rate is to be η.",
            zh="升得太慢：应该在预热结束时就达到 η，而不是走完 K 步才达到。",
        ),
        Wrong(
            """
def rate_at(k, K, warm, eta):
    return eta * (1 + np.cos(np.pi * k / K)) / 2
""",
            en="This is the cosine alone, which begins at η. The warm-up is missing.",
            zh="这只是余弦，一开始就是 η。少了预热。",
        ),
    ),
)
