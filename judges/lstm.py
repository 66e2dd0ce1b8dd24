"""Judges of the chapter on the LSTM."""

from __future__ import annotations

from typing import Any

import numpy as np

from judges.judging import Exercise, Wrong, edge
from judges.messages import SNIPPET
from judges.tools import gradient_of
from snippets import lstm
from snippets.activations import sigmoid


def _next_cell(z: Any, c: Any) -> Any:
    """One step of an LSTM whose input is its sums."""
    n = len(c)
    params = {"W_x": np.eye(4 * n), "W_h": np.zeros((n, 4 * n)), "b": np.zeros(4 * n)}
    hs, cs, _ = lstm.forward(params, z[None], np.zeros(n), c)
    return hs[0], cs[0]


def _cell(c: str, h: str = "sigmoid(z_o) * np.tanh(c)", order: str = "z_i, z_f, z_g, z_o") -> str:
    return f"""
def next_cell(z, c):
    {order} = np.split(z, 4)
    c = {c}
    return {h}, c
"""


_RIGHT = "sigmoid(z_f) * c + sigmoid(z_i) * np.tanh(z_g)"

next_cell = Exercise(
    draw=lambda rng: (2 * rng.normal(size=8), rng.normal(size=2)),
    truth=_next_cell,
    by=SNIPPET,
    names={"sigmoid": sigmoid},
    edges=(
        edge(
            np.array([-50.0, 50.0, 0.3, 50.0]),
            np.array([0.7]),
            en="gates that keep everything",
            zh="各门把旧内容全部保留的情形",
        ),
        edge(
            np.array([50.0, -50.0, 0.3, -50.0]),
            np.array([0.7]),
            en="gates that renew everything",
            zh="各门把内容全部换新的情形",
        ),
    ),
    wrong=(
        Wrong(
            _cell(_RIGHT, order="z_i, z_o, z_f, z_g"),
            en="That is the order of ONNX: input, output, forget, candidate. Here it is input, forget, candidate, output.",
            zh="这是 ONNX 的次序：输入门、输出门、遗忘门、候选值。这里是输入门、遗忘门、候选值、输出门。",
        ),
        Wrong(
            _cell("sigmoid(z_i) * c + sigmoid(z_f) * np.tanh(z_g)"),
            en="Input gate and forget gate are exchanged: the forget gate multiplies the old cell, the input gate the candidate.",
            zh="输入门与遗忘门交换了：遗忘门乘旧的单元状态，输入门乘候选值。",
        ),
        Wrong(
            _cell("sigmoid(z_f) * c + sigmoid(z_i) * sigmoid(z_g)"),
            en="The candidate has gone through a sigmoid, so the cell could only grow. It is no gate: it takes tanh, between −1 and 1.",
            zh="候选值用了 sigmoid，单元状态就只能增加。它不是门：要用 tanh，取值在 −1 与 1 之间。",
        ),
        Wrong(
            _cell(_RIGHT, "sigmoid(z_o) * c"),
            en="c_t is right. The state shows tanh(c_t), not c_t itself, times the output gate.",
            zh="c_t 对了。状态是输出门乘以 tanh(c_t)，而不是乘以 c_t 本身。",
        ),
        Wrong(
            _cell("(1 - sigmoid(z_f)) * c + sigmoid(z_i) * np.tanh(z_g)"),
            en="Your forget gate forgets where it is 1. In spite of its name it says how much stays: f = 1 keeps everything.",
            zh="你的遗忘门为 1 时是忘掉。名字虽叫遗忘，它说的却是保留多少：f = 1 时全部保留。",
        ),
        Wrong(
            _cell("sigmoid(z_f) * c + (1 - sigmoid(z_f)) * np.tanh(z_g)"),
            en="You take 1 − f for the input gate. That is another cell, with coupled gates; here the input gate has its own sums.",
            zh="你用 1 − f 代替了输入门。那是另一种门耦合的单元；这里输入门有自己的加权和。",
        ),
        Wrong(
            """
def next_cell(z, c):
    z_i, z_f, z_g, z_o = np.split(z, 4)
    c_new = sigmoid(z_f) * c + sigmoid(z_i) * np.tanh(z_g)
    return sigmoid(z_o) * np.tanh(c), c_new
""",
            en="The state is computed from the old cell. Renew c first: h_t = o · tanh(c_t).",
            zh="状态是用旧的单元状态算的。请先更新 c：h_t = o · tanh(c_t)。",
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
