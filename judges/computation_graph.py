"""Judges of the chapter on computation graphs."""

from __future__ import annotations

from typing import Any

import numpy as np

from judges.judging import Exercise, Wrong, edge
from judges.messages import Words
from judges.tools import gradient_of


def _quotient(a: float, b: float, dq: float) -> float:
    return dq * a / b


quotient_gradients = Exercise(
    draw=lambda rng: (float(rng.normal()), float(rng.uniform(1, 3)), float(rng.normal())),
    truth=lambda a, b, dq: tuple(gradient_of(_quotient, which)(a, b, dq) for which in (0, 1)),
    edges=(edge(0.0, -2.0, 3.0, en="a = 0", zh="a = 0 的情形"),),
    wrong=(
        Wrong(
            "def quotient_gradients(a, b, dq):\n    return dq / b, dq * a / b**2\n",
            en="The sign of the second one is missing: if b grows, a / b becomes smaller for a > 0.",
            zh="第二个导数少了负号：a > 0 时，b 变大，a / b 变小。",
        ),
        Wrong(
            "def quotient_gradients(a, b, dq):\n    return 1 / b, -a / b**2\n",
            en="These are the local derivatives. What arrives, dq, is still missing as a factor: the chain rule multiplies both.",
            zh="这只是局部导数，还要乘上传来的 dq；链式法则要求两个因子相乘。",
        ),
        Wrong(
            "def quotient_gradients(a, b, dq):\n    return dq / b, -dq * a / b\n",
            en="The derivative of 1 / b is −1 / b², so b comes in twice in the second one.",
            zh="1 / b 的导数是 −1 / b²，所以第二个导数里 b 要出现两次。",
        ),
        Wrong(
            "def quotient_gradients(a, b, dq):\n    return dq / b, dq * a\n",
            en="For b you have taken the derivative of a product. With q = a · b⁻¹ the power rule gives −a · b⁻².",
            zh="对 b，你用的是乘积的导数。写成 q = a · b⁻¹，由幂的求导法则得 −a · b⁻²。",
        ),
        Wrong(
            "def quotient_gradients(a, b, dq):\n    return -dq * a / b**2, dq / b\n",
            en="The two are exchanged: the first value belongs to a, the second to b.",
            zh="两个值的次序反了：第一个属于 a，第二个属于 b。",
        ),
    ),
)


def _product(a: float, b: float) -> float:
    p = a * b
    return p * (p**2 + b)


two_paths = Exercise(
    draw=lambda rng: tuple(float(x) for x in rng.normal(size=2)),
    truth=lambda a, b: tuple(gradient_of(_product, which)(a, b) for which in (0, 1)),
    edges=(edge(0.0, 2.0, en="a = 0", zh="a = 0 的情形"),),
    wrong=(
        Wrong(
            """
def two_paths(a, b):
    p = a * b
    dq = p
    dp = 2 * p * dq
    return b * dp, a * dp + dq
""",
            en="p is read twice, in L = pq and in q. You have kept what comes by way of q alone; the share q of the product is missing in dp.",
            zh="p 被读了两次：在 L = pq 中和在 q 中。你只保留了经过 q 的那一份，dp 里少了乘积给出的 q。",
        ),
        Wrong(
            """
def two_paths(a, b):
    p = a * b
    dp = p**2 + b
    return b * dp, a * dp + p
""",
            en="p is read twice, in L = pq and in q. You have kept the share of the product alone; 2 p · dq is missing in dp.",
            zh="p 被读了两次：在 L = pq 中和在 q 中。你只保留了乘积给出的那一份，dp 里少了 2 p · dq。",
        ),
        Wrong(
            """
def two_paths(a, b):
    p = a * b
    dp = p**2 + b + 2 * p * p
    return b * dp, a * dp
""",
            en="b is read twice, too: in p and directly in q. The direct share dq is missing in db.",
            zh="b 也被读了两次：在 p 中，又直接在 q 中。db 里少了直接的那一份 dq。",
        ),
        Wrong(
            """
def two_paths(a, b):
    p = a * b
    dp = p**2 + b + 2 * p * p
    return b * dp, p
""",
            en="Of the two shares of b you have kept the direct one only, as = in place of += does. What comes by way of p is missing: a · dp.",
            zh="b 的两份贡献，你只留下了直接的那一份，就像把 += 写成了 =。少了经过 p 的 a · dp。",
        ),
        Wrong(
            """
def two_paths(a, b):
    p = a * b
    dp = p**2 + b + p * p
    return b * dp, a * dp + p
""",
            en="The square reads p twice, so its local derivative is 2p, not p.",
            zh="平方把 p 读了两次，所以局部导数是 2p，而不是 p。",
        ),
    ),
)


def _graph(rng: np.random.Generator) -> tuple[Any, ...]:
    """Four nodes, each of which reads some of those before it."""
    return (
        [
            [],
            [(0, float(rng.normal()))],
            [(0, float(rng.normal())), (1, float(rng.normal()))],
            [(n, float(rng.normal())) for n in (0, 1, 2)],
        ],
    )


def _along_all_paths(inputs: list[list[tuple[int, float]]]) -> list[float]:
    """For each node the sum over all paths to the last one of the product along the path."""

    def paths(n: int, source: int) -> float:
        if n == source:
            return 1.0
        return sum((local * paths(m, source) for m, local in inputs[n]), 0.0)

    return [paths(len(inputs) - 1, n) for n in range(len(inputs))]


sweep_back = Exercise(
    draw=_graph,
    truth=_along_all_paths,
    by=Words("adding up all paths", "把所有路径相加的做法"),
    edges=(
        edge([[], [(0, 3.0)], [(1, 2.0)]], en="a chain", zh="一条链"),
        edge(
            [[], [(0, 3.0), (0, 3.0)]],
            en="a node that is read twice by one",
            zh="同一节点被读两次的情形",
        ),
    ),
    wrong=(
        Wrong(
            """
def sweep_back(inputs):
    grads = [0.0] * len(inputs)
    grads[-1] = 1.0
    queue = [len(inputs) - 1]
    for n in queue:
        for source, local in inputs[n]:
            grads[source] += grads[n] * local
            if source not in queue:
                queue.append(source)
    return grads
""",
            en="A node still sends its gradient on when the short path has delivered, and what comes by the long one stays behind. Go through the nodes in an order in which all that use a node come before it.",
            zh="短路径的梯度一到，节点就送出去了，长路径送来的那份留在原处。请换一种次序，让用到一个节点的都排在它前面。",
        ),
        Wrong(
            """
def sweep_back(inputs):
    grads = [0.0] * len(inputs)
    grads[-1] = 1.0
    for n in reversed(range(len(inputs))):
        for source, local in inputs[n]:
            grads[source] = grads[n] * local
    return grads
""",
            en="Where paths meet, only the contribution that comes last is left: = replaces, and += would add. A chain does not show it.",
            zh="几条路径交汇的地方，只剩下最后到达的那份贡献：= 是覆盖，+= 才是相加。在一条链上看不出来。",
        ),
        Wrong(
            """
def sweep_back(inputs):
    grads = [0.0] * len(inputs)
    grads[-1] = 1.0
    for n in reversed(range(len(inputs))):
        for source, local in inputs[n]:
            grads[source] += local
    return grads
""",
            en="Now the shares are added, but each is the local derivative alone. What has arrived at the node, grads[n], is missing as a factor.",
            zh="各份现在相加了，可是每一份只有局部导数，还要乘上已经传到该节点的 grads[n]。",
        ),
        Wrong(
            """
def sweep_back(inputs):
    grads = [0.0] * len(inputs)
    grads[-1] = 1.0
    for n in range(len(inputs)):
        for source, local in inputs[n]:
            grads[source] += grads[n] * local
    return grads
""",
            en="The loop runs forwards: a node passes on its gradient before it has received any. Begin with the result and go back.",
            zh="循环是正向的：节点还没有收到梯度，就已经往回送了。请从结果开始往回走。",
        ),
    ),
)
