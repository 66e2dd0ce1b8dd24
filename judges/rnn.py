"""Judges of the chapter on recurrent networks."""

from __future__ import annotations

from typing import Any

import numpy as np

from judges.judging import Exercise, Wrong, edge
from judges.messages import SNIPPET
from snippets import rnn


def _sequence(rng: np.random.Generator) -> tuple[Any, ...]:
    sizes = ((4, 2), (3,), (3, 3), (3, 2), (3,))
    return tuple(rng.normal(size=size) for size in sizes)


def _all_states(xs: Any, h0: Any, W_hh: Any, W_hx: Any, b: Any) -> Any:
    w = np.concatenate([W_hh.T, W_hx.T])
    n_h = len(h0)
    return rnn.forward(xs, h0, w, b, np.zeros((n_h, 1)), np.zeros(1))[1]


def _loop(step: str, keep: str = "states.append(h)", result: str = "np.array(states)") -> str:
    return f"""
def all_states(xs, h0, W_hh, W_hx, b):
    h, states = h0, []
    for x in xs:
        {step}
        {keep}
    return {result}
"""


all_states = Exercise(
    draw=_sequence,
    truth=_all_states,
    by=SNIPPET,
    edges=(
        edge(
            np.array([[1.0]]),
            np.array([0.5]),
            np.array([[2.0]]),
            np.array([[1.0]]),
            np.array([0.1]),
            en="a single step",
            zh="只有一步的序列",
        ),
    ),
    wrong=(
        Wrong(
            _loop("h = np.tanh(W_hh @ h0 + W_hx @ x + b)"),
            en="The state is not passed on: each step begins from h0 again. Use the h of the step before. A test with one step does not show it.",
            zh="状态没有传下去：每一步都从 h0 重新开始。请用前一步的 h。只有一步时看不出来。",
        ),
        Wrong(
            _loop("h = np.tanh(W_hx @ x + b)"),
            en="The state before is missing altogether, so the network has no memory: add W_hh @ h.",
            zh="前一个状态完全没有用到，网络就没有记忆了：请加上 W_hh @ h。",
        ),
        Wrong(
            _loop("h = W_hh @ h + W_hx @ x + b"),
            en="The activation is missing: tanh acts on the sum in every step.",
            zh="少了激活函数：每一步都要对加权和取 tanh。",
        ),
        Wrong(
            _loop("h = np.tanh(W_hh.T @ h + W_hx @ x + b)"),
            en="W_hh must not be transposed here: in this form it multiplies the state from the left.",
            zh="这里 W_hh 不要转置：在这种写法中，它从左边乘状态。",
        ),
        Wrong(
            _loop("h = np.tanh(W_hh @ h + W_hx @ x)"),
            en="The bias b is missing.",
            zh="少了偏置 b。",
        ),
        Wrong(
            _loop("states.append(h)", "h = np.tanh(W_hh @ h + W_hx @ x + b)"),
            en="Each state is kept before it is renewed: your rows are h_0 to h_{T−1}. Compute first, then append.",
            zh="你在更新之前就存下了状态：各行成了 h_0 到 h_{T−1}。请先计算，再存入。",
        ),
        Wrong(
            _loop("h = np.tanh(W_hh @ h + W_hx @ x + b)", result="h"),
            en="You return the last state alone. Wanted are all of them, a row for each step.",
            zh="你只返回了最后一个状态。要的是全部状态，每一步一行。",
        ),
        Wrong(
            _loop("h = np.tanh(W_hh @ h + W_hx @ x + b)", result="np.array([h0, *states])"),
            en="h_0 is among your rows. It is given, not computed: begin with h_1.",
            zh="你的各行里有 h_0。它是给定的，不是算出来的：请从 h_1 开始。",
        ),
    ),
)


next_state = Exercise(
    draw=lambda rng: tuple(rng.normal(size=size) for size in ((2,), (3,), (5, 3), (3,))),
    truth=rnn.cell,
    by=SNIPPET,
    edges=(
        edge(
            np.array([1.0, 2.0]),
            np.zeros(2),
            np.array([[1.0, 2.0], [3.0, 4.0], [0.1, 0.2], [0.3, 0.4]]),
            np.zeros(2),
            en="a state of zeros",
            zh="全为零的状态",
        ),
    ),
    wrong=(
        Wrong(
            "def next_state(x, h, w, b):\n    n = len(h)\n    return np.tanh(w[:n] @ h + w[n:].T @ x + b)\n",
            en="The block of the state is still not transposed. It is square, so no error message tells; the block of x is transposed already, and both are stored in the same way.",
            zh="状态那一块仍然没有转置。它是方阵，所以不会报错；x 的那一块已经转置，而两块的存法相同。",
        ),
        Wrong(
            "def next_state(x, h, w, b):\n    n = len(x)\n    return np.tanh(w[n:].T @ h + w[:n].T @ x + b)\n",
            en="The blocks are exchanged: the first rows of w belong to the state, the others to the input.",
            zh="两块颠倒了：w 的前几行属于状态，其余各行属于输入。",
        ),
        Wrong(
            "def next_state(x, h, w, b):\n    n = len(h)\n    return w[:n].T @ h + w[n:].T @ x + b\n",
            en="The tanh has been lost on the way.",
            zh="改着改着，tanh 丢了。",
        ),
        Wrong(
            "def next_state(x, h, w, b):\n    n = len(h)\n    return np.tanh(w[n:].T @ x + b)\n",
            en="The state does not occur: it enters with the first rows of w, transposed.",
            zh="状态没有出现：它要与 w 的前几行（转置后）相乘。",
        ),
    ),
)
