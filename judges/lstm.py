"""Judges of the chapter on the LSTM."""

from __future__ import annotations

from typing import Any

import numpy as np

from judges.judging import Exercise, Wrong, edge
from judges.messages import Words
from judges.tools import gradient_of
from snippets.activations import sigmoid

#: Who says what is right of the bias: no formula.
HALVING = Words("halving an interval", "二分法求出的值")


def _by_halving(T: int) -> float:
    """The bias that leaves half after T steps: too small a bias leaves less, too large a one more."""
    low, high = -60.0, 60.0
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if sigmoid(middle) ** T < 0.5 else (low, middle)
    return low


def _bias(line: str) -> str:
    return f"def forget_bias(T):\n    return {line}\n"


forget_bias = Exercise(
    draw=lambda rng: (int(rng.integers(2, 500)),),
    truth=_by_halving,
    by=HALVING,
    edges=(edge(1, en="T = 1", zh="T = 1 处"),),
    wrong=(
        Wrong(
            _bias("np.log(T / np.log(2))"),
            en="This is what it comes to for large T. For few steps it is too large; solve σ(b)^T = 1/2 exactly.",
            zh="这是 T 很大时的近似值，步数少时偏大。请从 σ(b)^T = 1/2 准确地解出 b。",
        ),
        Wrong(
            _bias("np.log(2 ** (1 / T) - 1)"),
            en="The sign is wrong: with this bias the gate is nearly shut. From 1 + e^(−b) = 2^(1/T) comes −b.",
            zh="符号反了：这样的偏置几乎把门关死。由 1 + e^(−b) = 2^(1/T) 得到的是 −b。",
        ),
        Wrong(
            _bias("2 ** (-1 / T)"),
            en="This is the gate, σ(b). Which bias gives it?",
            zh="这是门的值 σ(b)。什么偏置给出这个值？",
        ),
        Wrong(
            _bias("-np.log(2**T - 1)"),
            en="The T-th root has become a power: each step keeps the T-th root of a half, so that T steps keep a half.",
            zh="T 次方根成了 T 次方：每一步留下二分之一的 T 次方根，T 步才剩下一半。",
        ),
    ),
)


def _cell_gradient(f: Any, o: Any, c: Any, dh: Any, dc: Any) -> Any:
    """Move c_{t−1} from where it is: c_t moves by f times as much."""
    return gradient_of(
        lambda moved: np.sum(dh * o * np.tanh(c + f * moved) + dc * (c + f * moved))
    )(np.zeros(len(c)))


def _back(line: str) -> str:
    return f"def cell_gradient(f, o, c, dh, dc):\n    return {line}\n"


def _point(rng: np.random.Generator) -> tuple[Any, ...]:
    f, o = rng.uniform(0.1, 0.9, size=(2, 2))
    return f, o, rng.normal(size=2), rng.normal(size=2), rng.normal(size=2)


cell_gradient = Exercise(
    draw=_point,
    truth=_cell_gradient,
    edges=(
        edge(
            np.array([0.5]),
            np.array([0.5]),
            np.array([0.7]),
            np.array([1.0]),
            np.array([0.0]),
            en="the last step, where dc is 0",
            zh="最后一步（dc 为 0）的情形",
        ),
        edge(
            np.array([0.0]),
            np.array([0.5]),
            np.array([0.7]),
            np.array([1.0]),
            np.array([1.0]),
            en="a closed forget gate",
            zh="遗忘门关闭的情形",
        ),
    ),
    wrong=(
        Wrong(
            _back("dh * o * (1 - np.tanh(c) ** 2) * f"),
            en="The direct path is still missing: dc, which arrives at c_t from the next step, is added there. In the last step it is 0, so one step alone shows nothing.",
            zh="直接路径仍然漏着：从下一步传到 c_t 的 dc 要在这里相加。最后一步它是 0，所以只看一步发现不了。",
        ),
        Wrong(
            _back("dc * f"),
            en="Now the direct path alone is left. What arrives at h_t comes to c_t as well, by way of the output gate and tanh.",
            zh="现在只剩直接路径了。传到 h_t 的导数也要经过输出门和 tanh 到达 c_t。",
        ),
        Wrong(
            _back("dc * f + dh * o * (1 - np.tanh(c) ** 2)"),
            en="One share has not passed the forget gate: both are added at c_t first, and f multiplies the sum.",
            zh="有一份没有穿过遗忘门：两份先在 c_t 处相加，再一起乘 f。",
        ),
        Wrong(
            _back("(dc + dh * o) * f"),
            en="This is what comes out when the slope of tanh is left out: between h_t and c_t lies tanh, with 1 − tanh²(c_t).",
            zh="漏掉 tanh 的斜率就得到这个结果：h_t 与 c_t 之间隔着 tanh，要乘 1 − tanh²(c_t)。",
        ),
        Wrong(
            _back("(dc + dh * o * (1 - c**2)) * f"),
            en="The slope of tanh at c is 1 − tanh²(c): c is what goes in, not what comes out.",
            zh="tanh 在 c 处的斜率是 1 − tanh²(c)：c 是输入，不是输出。",
        ),
        Wrong(
            _back("dc + dh * o * (1 - np.tanh(c) ** 2)"),
            en="This is the derivative at c_t. On to c_{t−1} it passes the forget gate: multiply by f.",
            zh="这是 c_t 处的导数。传到 c_{t−1} 还要穿过遗忘门：乘以 f。",
        ),
        Wrong(
            _back("(dc + dh * (1 - np.tanh(c) ** 2)) * f"),
            en="The output gate is missing: h_t shows the cell only as far as o lets it.",
            zh="少了输出门：h_t 只按 o 的大小显示单元状态。",
        ),
    ),
)
