"""Judges of the chapter on the GRU."""

from __future__ import annotations

from typing import Any

import numpy as np

from judges.judging import Exercise, Wrong, edge
from judges.messages import SNIPPET
from judges.tools import gradient_of
from snippets import gru
from snippets.activations import sigmoid


def _gru_state(x: Any, h: Any, W_x: Any, W_h: Any, b_x: Any, b_h: Any) -> Any:
    params = {"W_x": W_x, "W_h": W_h, "b_x": b_x, "b_h": b_h}
    return gru.forward(params, x[None], h)[0][0]


def _state(
    n: str = "np.tanh(a_n + r * u_n)",
    h: str = "(1 - z) * n + z * h",
    gates: str = "r, z = sigmoid(a_r + u_r), sigmoid(a_z + u_z)",
) -> str:
    return f"""
def gru_state(x, h, W_x, W_h, b_x, b_h):
    a_r, a_z, a_n = np.split(x @ W_x + b_x, 3)
    u_r, u_z, u_n = np.split(h @ W_h + b_h, 3)
    {gates}
    n = {n}
    return {h}
"""


_BLOCK = "W_h[:, -len(h) :]"


def _gru_point(rng: np.random.Generator) -> tuple[Any, ...]:
    sizes = ((2,), (3,), (2, 9), (3, 9), (9,), (9,))
    return tuple(rng.normal(size=size) for size in sizes)


gru_state = Exercise(
    draw=_gru_point,
    truth=_gru_state,
    by=SNIPPET,
    names={"sigmoid": sigmoid},
    edges=(
        edge(
            np.array([1.0]),
            np.zeros(1),
            np.array([[1.0, 2.0, 3.0]]),
            np.array([[1.0, 2.0, 3.0]]),
            np.array([0.1, 0.2, 0.3]),
            np.array([0.0, 0.0, 0.5]),
            en="a state of zeros with a bias b_h",
            zh="状态全为零而 b_h 不为零的情形",
        ),
    ),
    wrong=(
        Wrong(
            _state(f"np.tanh(a_n + (r * h) @ {_BLOCK} + b_h[-len(h) :])"),
            en="The reset gate still acts on the state, before the product. On this page, as in PyTorch, it acts on the product h W + b.",
            zh="重置门仍然作用在状态上，在相乘之前。本页与 PyTorch 一样，让它作用于乘积 h W + b。",
        ),
        Wrong(
            _state(f"np.tanh(a_n + r * (h @ {_BLOCK}) + b_h[-len(h) :])"),
            en="The gate acts on the product now, but the bias b_h has slipped out of it. It is inside: r · (h W + b).",
            zh="门现在作用于乘积了，但偏置 b_h 漏在了外面。它在里面：r · (h W + b)。",
        ),
        Wrong(
            _state("np.tanh(r * (a_n + u_n))"),
            en="The reset gate dampens the input as well. It acts on the part of the state alone: a_n + r · u_n.",
            zh="重置门把输入也压低了。它只作用于状态的部分：a_n + r · u_n。",
        ),
        Wrong(
            _state("np.tanh(a_n + u_n)"),
            en="The reset gate has disappeared. It multiplies the candidate's part of the state, u_n.",
            zh="重置门不见了。它要乘在候选值中属于状态的部分 u_n 上。",
        ),
        Wrong(
            _state(h="(1 - z) * h + z * n"),
            en="The reset gate is right, but the update gate is reversed: on this page z keeps the old state.",
            zh="重置门对了，更新门却反了：本页的 z 保留旧状态。",
        ),
        Wrong(
            _state(gates="z, r = sigmoid(a_r + u_r), sigmoid(a_z + u_z)"),
            en="The two gates are exchanged: the first block is the reset gate, the second the update gate.",
            zh="两个门交换了：第一块是重置门，第二块是更新门。",
        ),
    ),
)


def _candidate_gradients(r: Any, u_n: Any, n: Any, dn: Any) -> Any:
    a_n = np.arctanh(n) - r * u_n

    def candidate(a_n: Any, r: Any, u_n: Any) -> Any:
        return np.sum(dn * np.tanh(a_n + r * u_n))

    return tuple(gradient_of(candidate, which)(a_n, r, u_n) for which in range(3))


def _candidate(da: str = "dn * (1 - n**2)", dr: str = "da * u_n", du: str = "da * r") -> str:
    return f"def candidate_gradients(r, u_n, n, dn):\n    da = {da}\n    return da, {dr}, {du}\n"


def _candidate_point(rng: np.random.Generator) -> tuple[Any, ...]:
    return (
        rng.uniform(0.1, 0.9, 3),
        rng.normal(size=3),
        rng.uniform(-0.9, 0.9, 3),
        rng.normal(size=3),
    )


candidate_gradients = Exercise(
    draw=_candidate_point,
    truth=_candidate_gradients,
    edges=(
        edge(
            np.array([0.0]),
            np.array([2.0]),
            np.array([0.5]),
            np.array([1.0]),
            en="a closed reset gate",
            zh="重置门关闭的情形",
        ),
    ),
    wrong=(
        Wrong(
            _candidate("dn"),
            en="This is what comes out when the slope of tanh is left out: dn arrives behind tanh, and the three lie before it. Multiply by 1 − n².",
            zh="漏掉 tanh 的斜率就得到这个结果：dn 传到 tanh 之后，而要求的三个量都在它之前。请乘 1 − n²。",
        ),
        Wrong(
            _candidate(dr="da * r", du="da * u_n"),
            en="The factors have not changed places: the derivative of r · u_n with respect to r is u_n, and the other way round.",
            zh="因子没有互换：r · u_n 对 r 的导数是 u_n，对 u_n 的导数是 r。",
        ),
        Wrong(
            _candidate("dn * n * (1 - n)"),
            en="n (1 − n) is the form of the sigmoid's slope. The candidate takes tanh: 1 − n².",
            zh="n (1 − n) 是 sigmoid 斜率的形式。候选值用的是 tanh：1 − n²。",
        ),
        Wrong(
            _candidate(du="da"),
            en="u_n reaches the sum by way of the reset gate, so r is missing in its derivative.",
            zh="u_n 要经过重置门才进入加权和，它的导数里少了 r。",
        ),
        Wrong(
            _candidate(dr="da * u_n * r * (1 - r)"),
            en="You have gone one step too far: that is the derivative with respect to the sum before the reset gate. Asked for is the one with respect to r.",
            zh="你多走了一步：那是对重置门激活之前的加权和的导数。这里只求对 r 的导数。",
        ),
    ),
)
