"""Judges of the chapter on backpropagation through time."""

from __future__ import annotations

from typing import Any

import numpy as np

from judges.judging import Exercise, Wrong, edge
from judges.tools import gradient_of
from snippets import bptt


def _one_step_back(dh: Any, h: Any, W_hh: Any) -> Any:
    """Move the state before, which is put at 0, and see what becomes of dh · h."""
    z = np.arctanh(h)
    return gradient_of(lambda before: dh @ np.tanh(z + W_hh @ before))(np.zeros(len(h)))


one_step_back = Exercise(
    draw=lambda rng: (rng.normal(size=3), np.tanh(rng.normal(size=3)), rng.normal(size=(3, 3))),
    truth=_one_step_back,
    edges=(
        edge(np.array([2.0]), np.array([0.0]), np.array([[3.0]]), en="h = 0", zh="h = 0 的情形"),
    ),
    wrong=(
        Wrong(
            "def one_step_back(dh, h, W_hh):\n    return W_hh.T @ dh\n",
            en="This is what comes out when φ′ is left out. Before the weights dh passes tanh: multiply by 1 − h².",
            zh="漏掉 φ′ 就得到这个结果。乘权重之前，dh 要先穿过 tanh：乘以 1 − h²。",
        ),
        Wrong(
            "def one_step_back(dh, h, W_hh):\n    return W_hh @ ((1 - h**2) * dh)\n",
            en="W_hh leads from h_{t−1} forward to h_t. The backward pass takes its transpose; the matrix is square, so nothing warns you.",
            zh="W_hh 从 h_{t−1} 通向 h_t。往回走要用转置；它是方阵，所以没有任何报错提醒你。",
        ),
        Wrong(
            "def one_step_back(dh, h, W_hh):\n    return (1 - h**2) * (W_hh.T @ dh)\n",
            en="The order is the wrong way round: going back, tanh comes first and the weights second, so dh is multiplied by 1 − h² inside.",
            zh="次序反了：往回走先遇到 tanh，再遇到权重，所以 1 − h² 要先与 dh 相乘。",
        ),
        Wrong(
            "def one_step_back(dh, h, W_hh):\n    return W_hh.T @ ((1 - np.tanh(h) ** 2) * dh)\n",
            en="tanh acts twice here: h is the output already, and the slope is 1 − h².",
            zh="这里 tanh 作用了两次：h 已经是输出，斜率就是 1 − h²。",
        ),
        Wrong(
            "def one_step_back(dh, h, W_hh):\n    return W_hh.T @ ((1 - h) * dh)\n",
            en="The square is missing: tanh′ = 1 − h².",
            zh="少了平方：tanh′ = 1 − h²。",
        ),
    ),
)


def _run(rng: np.random.Generator, T: int = 3) -> tuple[Any, ...]:
    """States of a run, what arrives at them, and W_hh."""
    n = 2
    W_hh, xs = rng.normal(size=(n, n)), rng.normal(size=(T, n))
    _, cache = bptt.forward(xs, rng.normal(size=n), np.eye(n), W_hh, np.eye(n))
    return cache.hs, rng.normal(size=(T, n)), W_hh


def _recurrent_gradient(hs: Any, dhs: Any, W_hh: Any) -> Any:
    """Run it again with other weights: the inputs are what the states leave for them."""
    xs = np.arctanh(hs[1:]) - hs[:-1] @ W_hh.T
    eye = np.eye(len(W_hh))
    return gradient_of(lambda W: np.sum(dhs * bptt.forward(xs, hs[0], eye, W, eye)[0]))(W_hh)


def _through_time(
    add: str = "dW + np.outer(dz, hs[t - 1])",
    arriving: str = "dhs[t - 1] + dh",
    back: str = "W_hh.T @ dz",
    slope: str = "(1 - hs[t] ** 2) * ",
) -> str:
    return f"""
def recurrent_gradient(hs, dhs, W_hh):
    dW, dh = np.zeros_like(W_hh), np.zeros_like(hs[0])
    for t in range(len(dhs), 0, -1):
        dz = {slope}({arriving})
        dW = {add}
        dh = {back}
    return dW
"""


recurrent_gradient = Exercise(
    draw=_run,
    truth=_recurrent_gradient,
    tolerance=1e-5,
    edges=(edge(*_run(np.random.default_rng(1), T=1), en="a single step", zh="只有一步的序列"),),
    wrong=(
        Wrong(
            _through_time(add="dW + np.outer(dz, hs[t])"),
            en="The outer product still has the new state h_t. What W_hh multiplied in the forward pass is the state before, h_{t−1}.",
            zh="外积里仍是新状态 h_t。前向时与 W_hh 相乘的是前一个状态 h_{t−1}。",
        ),
        Wrong(
            _through_time(add="np.outer(dz, hs[t - 1])"),
            en="The state is right now, but = in place of += keeps the term of the first step alone. W_hh is used in every step: add all terms.",
            zh="状态对了，但该相加的地方成了覆盖，只剩第一步的那一项。W_hh 每一步都用到，各项要相加。",
        ),
        Wrong(
            _through_time(back="W_hh @ dz"),
            en="The backward pass needs the transpose of W_hh. The matrix is square, and a test with one step does not show it.",
            zh="往回走要用 W_hh 的转置。它是方阵，而且只有一步时看不出来。",
        ),
        Wrong(
            _through_time(arriving="dhs[t - 1]"),
            en="Only each step's own loss is left: what comes back from the later steps, dh, is to be added.",
            zh="只剩每一步自己的损失了：从后面各步传回的 dh 也要加上。",
        ),
        Wrong(
            _through_time(slope=""),
            en="This is what comes out when φ′ is left out: between h_t and the sum lies tanh, with the slope 1 − h_t².",
            zh="漏掉 φ′ 就得到这个结果：h_t 与加权和之间隔着 tanh，斜率为 1 − h_t²。",
        ),
        Wrong(
            _through_time(add="dW + np.outer(hs[t - 1], dz)"),
            en="The outer product is transposed: a row of W_hh belongs to an entry of the new state, so dz comes first.",
            zh="外积转置了：W_hh 的每一行属于新状态的一个分量，所以 dz 在前。",
        ),
    ),
)
