"""Drawings of ``three-layers.md``: one training example step by step, and both rules compared."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np
from numpy.typing import NDArray

from engine.figures import Frame, Say, figure, stepper
from figures.chart import chart, last_tick_inwards, svg
from figures.diagram import Diagram, Label, Stroke
from figures.numbers import number
from figures.palette import BLUE, GREEN, GRID, INK, MUTED, ORANGE, PAPER, RED
from snippets.activations import d_sigmoid, sigmoid
from snippets.three_layers import (
    SOURCES,
    TARGETS,
    WEIGHTS,
    errors,
    forward,
    sent,
    slope,
    update,
)

Array = NDArray[np.float64]
Layers = tuple[Array, Array, Array]

#: The running example of the page.
NUMBERS = (0.7, 0.4, -0.7, 0.5, -0.8, 0.5, -1.0, 1.0, -0.2, 1.1, 0.6, 0.3, 0.4, -0.7)
EXAMPLE = dict(zip(WEIGHTS, NUMBERS, strict=True))
X1, X2, T = 1.0, 2.0, 1.0
ETA = 2.0

INPUTS = ("x1", "x2")
RADIUS = 28
PLACES: dict[str, tuple[float, float]] = {
    "x1": (22, 116),
    "x2": (22, 224),
    "1": (140, 62),
    "2": (140, 170),
    "3": (140, 278),
    "4": (266, 116),
    "5": (266, 224),
    "6": (373, 170),
}
#: Where along its edge a weight stands: near its sender, away from where edges cross.
LABEL_AT = {
    **{"x1,1": 0.36, "x1,2": 0.3, "x1,3": 0.2, "x2,1": 0.2, "x2,2": 0.3, "x2,3": 0.36},
    **{"1,4": 0.42, "2,4": 0.36, "3,4": 0.36, "1,5": 0.36, "2,5": 0.36, "3,5": 0.42},
    **{"4,6": 0.5, "5,6": 0.5},
}

#: Where an error stands by its neuron, if not below it: out of the way of the edges.
ERROR_AT = {1: (50, -RADIUS - 4), 4: (46, -RADIUS - 6), 6: (-2, RADIUS + 11)}

WIDTH, HEIGHT, TEXT_TOP = 404, 398, 342


def factor(value: float, digits: int = 4) -> str:
    """A number as a later factor of a product: in brackets if negative."""
    return number(value, digits) if value >= 0 else f"({number(value, digits)})"


def tidy(value: float) -> str:
    """A weight or input: one decimal as given, three after its update."""
    return number(value, 1 if round(value, 1) == value else 3)


def low(name: object) -> str:
    """Small lowered digits, for captions."""
    return str(name).translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))


def weight_name(key: str) -> str:
    m, n = key.split(",")
    return f"w_{{({m}){n}}}" if m in INPUTS else f"w_{{{m}{n}}}"


@dataclass(frozen=True)
class Run:
    """The running example of the page: one step of training, and the forward pass after it."""

    weights: Mapping[str, float]
    signals: Mapping[str, float]
    eps: Mapping[int, float]
    new_weights: Mapping[str, float]
    new_signals: Mapping[str, float]


def example_run() -> Run:
    signals = forward(EXAMPLE, X1, X2)
    eps = errors(EXAMPLE, signals, T)
    new = update(EXAMPLE, signals, eps, ETA)
    return Run(EXAMPLE, signals, eps, new, forward(new, X1, X2))


def cost(signals: Mapping[str, float]) -> float:
    return (T - signals["y6"]) ** 2 / 2


@dataclass(frozen=True)
class View:
    """What one picture of the network shows; ``lit`` edges and one node stand out in a colour."""

    weights: Mapping[str, float]
    signals: Mapping[str, float]
    known: Collection[int] = ()
    eps: Mapping[int, float] = field(default_factory=dict)
    lit: Collection[str] = ()
    node: int | None = None
    color: str = BLUE
    back: bool = False
    slopes: Collection[int] = ()
    text: Sequence[str] = ()

    @property
    def edges(self) -> list[str]:
        """The names of all weights, those that stand out last, so that they lie on top."""
        return sorted(WEIGHTS, key=lambda key: key in self.lit)


def network(view: View, height: float = HEIGHT) -> str:
    """The network with what is known so far, and lines of text below it."""
    d = Diagram(WIDTH, height)
    for key in view.edges:
        draw_edge(d, view, key)
    for key in view.edges:
        draw_weight(d, view, key)
    for name in INPUTS:
        x, y = PLACES[name]
        d.node(x, y, tidy(view.signals[name]), color=MUTED, radius=17, size=11.5)
        d.text(x - 6, y - 27, f"x_{name[1]}", size=12)
    for n in SOURCES:
        draw_neuron(d, view, n)
    x, y = PLACES["6"]
    d.text(x, y - RADIUS - 27, f"t {tidy(T)}", size=12, color=RED, bold=True)
    for row, line in enumerate(view.text):
        d.text(WIDTH / 2, TEXT_TOP + 19 * row, line, size=11.8)
    return d.svg()


def draw_edge(d: Diagram, view: View, key: str) -> None:
    sender, receiver = key.split(",")
    start, end = PLACES[sender], PLACES[receiver]
    gap, end_gap = (18 if sender in INPUTS else RADIUS + 1), RADIUS + 2
    lit = key in view.lit
    if lit and view.back:
        start, end = end, start
        gap, end_gap = RADIUS + 1, gap + 2
    stroke = Stroke(view.color, width=2.6) if lit else Stroke(MUTED, width=1.1)
    d.arrow(start, end, stroke, gap=gap, end_gap=end_gap)


def draw_weight(d: Diagram, view: View, key: str) -> None:
    sender, receiver = key.split(",")
    (x1, y1), (x2, y2), at = PLACES[sender], PLACES[receiver], LABEL_AT[key]
    x, y = x1 + at * (x2 - x1), y1 + at * (y2 - y1)
    lit, changed = key in view.lit, view.weights[key] != EXAMPLE[key]
    color = view.color if lit else GREEN if changed else INK
    label = tidy(view.weights[key])
    d.box(x, y, 6 * len(label) + 3, 14, color=PAPER)
    d.text(x, y, label, size=11.5, color=color, bold=lit)


def draw_neuron(d: Diagram, view: View, n: int) -> None:
    x, y = PLACES[str(n)]
    lit, known = n == view.node, n in view.known
    d.node(x, y, "", view.color if lit else BLUE if known else MUTED, RADIUS, filled=lit)
    if n in view.slopes:
        d.text(x, y - 7.5, f"f′(e_{n})", size=10.6, color=view.color, bold=True)
        d.text(x, y + 7.5, number(slope(view.signals, n)), size=10.6, color=view.color, bold=True)
        d.text(x, y - RADIUS - 10, f"{n}", size=12, bold=True, halo=True)
    elif known:
        ink = PAPER if lit else INK
        d.text(x, y - 7.5, f"e {number(view.signals[f'e{n}'], 3)}", size=10.6, color=ink)
        d.text(x, y + 7.5, f"y {number(view.signals[f'y{n}'], 3)}", size=10.6, color=ink)
        d.text(x, y - RADIUS - 10, f"{n}", size=12, bold=True, halo=True)
    else:
        d.text(x, y, f"{n}", size=15, color=PAPER if lit else MUTED, bold=True)
    if n in view.eps:
        right, down = ERROR_AT.get(n, (0, RADIUS + 11))
        error = f"ε {number(view.eps[n])}"
        d.text(x + right, y + down, error, size=11.5, color=RED, bold=True, halo=True)


def adding_up(run: Run, n: int) -> list[str]:
    """How neuron n comes to e_n and y_n, with numbers."""
    e, y = number(run.signals[f"e{n}"]), number(run.signals[f"y{n}"])
    terms = [f"{factor(run.weights[f'{m},{n}'], 1)} · {signal_from(run, m)}" for m in SOURCES[n]]
    return [f"e_{n} = {' + '.join(terms)} = {e}", f"y_{n} = f({e}) = {y}"]


def coming_back(run: Run, m: int) -> list[str]:
    """How ε_m comes from the errors behind it, with symbols and with numbers."""
    names = [f"w_{{{m}{n}}} f′(e_{n}) ε_{n}" for n in TARGETS[m]]
    terms = [
        f"{factor(run.weights[f'{m},{n}'], 1)} · {number(slope(run.signals, n))} · "
        f"{factor(run.eps[n])}"
        for n in TARGETS[m]
    ]
    return [
        f"ε_{m} = {' + '.join(names)}",
        f"= {' + '.join(terms)}",
        f"= {number(run.eps[m])}",
    ]


def stepping(run: Run, n: int) -> list[str]:
    """The updates of the weights that lead into neuron n, with numbers."""
    return [
        f"{weight_name(f'{m},{n}')}′ = {number(run.weights[f'{m},{n}'], 1)} + {ETA:g} · "
        f"{factor(run.eps[n])} · {number(slope(run.signals, n))} · "
        f"{signal_from(run, m)} = {number(run.new_weights[f'{m},{n}'])}"
        for m in SOURCES[n]
    ]


def signal_from(run: Run, m: str) -> str:
    """What an input or a neuron sends, as a factor of a product."""
    return (tidy if m in INPUTS else number)(sent(run.signals, m))


def into(n: int) -> list[str]:
    return [f"{m},{n}" for m in SOURCES[n]]


@stepper
def training(say: Say) -> list[Frame]:
    """One training example: forward, error, back, update, and forward again."""
    run = example_run()
    return [
        before_the_start(say, run),
        *(forward_through(say, run, n) for n in SOURCES),
        error_at_the_output(say, run),
        *(back_to(say, run, m) for m in TARGETS),
        *(update_into(say, run, n) for n in SOURCES),
        forward_again(say, run),
    ]


def before_the_start(say: Say, run: Run) -> Frame:
    caption = say(
        "开始之前：边上是 14 个权重，左边是输入，目标 t 是 1。神经元还什么都没有算。",
        "Before the start: the 14 weights on the edges, the inputs on the left, and a "
        "target t of 1. No neuron has computed anything yet.",
    )
    units = say(
        "每个神经元：e 是加权的和，y = f(e)", "each neuron: e is the weighted sum, y = f(e)"
    )
    return Frame(caption, network(View(run.weights, run.signals, text=[units])))


def forward_through(say: Say, run: Run, n: int) -> Frame:
    senders = SOURCES[n]
    if n <= 3:
        caption = say(
            f"前向：神经元 {n} 把两个输入各乘上自己的权重，相加得 e{low(n)}，再发出 "
            f"y{low(n)} = f(e{low(n)})。",
            f"Forward: neuron {n} multiplies both inputs by its weights, adds up e{low(n)}, "
            f"and sends y{low(n)} = f(e{low(n)}).",
        )
    else:
        zh = "、".join(senders)
        en = ", ".join(senders[:-1]) + f" and {senders[-1]}"
        caption = say(
            f"前向：神经元 {n} 的输入是神经元 {zh} 的输出，做法完全一样。",
            f"Forward: the inputs of neuron {n} are the outputs of neurons {en}; it does the "
            "same with them.",
        )
    view = View(
        run.weights,
        run.signals,
        known=range(1, n + 1),
        lit=into(n),
        node=n,
        text=adding_up(run, n),
    )
    return Frame(caption, network(view))


def error_at_the_output(say: Say, run: Run) -> Frame:
    wanted, came = tidy(T), number(run.signals["y6"])
    error, J = run.eps[6], number(cost(run.signals))
    caption = say(
        f"输出端的误差：期望 {wanted}，得到 {came}，相差 ε₆；代价 J 是它的平方的一半，即 {J}。",
        f"The error at the output: {wanted} was wanted, {came} came out; the difference is ε₆, "
        f"and the cost J, half its square, is {J}.",
    )
    view = View(
        run.weights,
        run.signals,
        known=SOURCES,
        eps={6: error},
        node=6,
        color=RED,
        text=[f"ε_6 = t − y_6 = {wanted} − {came} = {number(error)}"],
    )
    return Frame(caption, network(view))


def back_to(say: Say, run: Run, m: int) -> Frame:
    targets = TARGETS[m]
    if len(targets) == 1:
        caption = say(
            f"反向：神经元 6 的误差沿 w{low(f'{m}6')} 退回神经元 {m}，路上乘以这个权重，"
            "也乘以神经元 6 的斜率 f′\u2060(e₆)。",
            f"Back: the error of neuron 6 returns along w{low(f'{m}6')} to neuron {m}, times "
            "this weight and times the slope f′\u2060(e₆) of neuron 6.",
        )
    else:
        caption = say(
            f"反向：神经元 {m} 向 4 和 5 都发出过 y{low(m)}，所以有两份误差沿两条路径退回来，"
            "把它们相加。",
            f"Back: neuron {m} has sent y{low(m)} to both 4 and 5, so two errors return to it "
            "along two paths, and they are added.",
        )
    view = View(
        run.weights,
        run.signals,
        known=SOURCES,
        eps={n: error for n, error in run.eps.items() if n >= m},
        lit=[f"{m},{n}" for n in targets],
        node=m,
        color=RED,
        back=True,
        slopes=targets,
        text=coming_back(run, m),
    )
    return Frame(caption, network(view))


def update_into(say: Say, run: Run, n: int) -> Frame:
    count = len(into(n))
    caption = say(
        f"更新：通向神经元 {n} 的 {count} 个权重各走一步，步长是学习率 × 误差 "
        f"ε{low(n)} × 斜率 f′\u2060(e{low(n)}) × 从这条边进来的信号。",
        f"Update: each of the {count} weights into neuron {n} takes a step: learning "
        f"rate × error ε{low(n)} × slope f′\u2060(e{low(n)}) × the signal that came in "
        "by this edge.",
    )
    done = [key for k in SOURCES if k <= n for key in into(k)]
    view = View(
        {**run.weights, **{key: run.new_weights[key] for key in done}},
        run.signals,
        known=SOURCES,
        eps=run.eps,
        lit=into(n),
        node=n,
        color=GREEN,
        text=stepping(run, n),
    )
    return Frame(caption, network(view))


def forward_again(say: Say, run: Run) -> Frame:
    before, after = number(run.signals["y6"]), number(run.new_signals["y6"])
    worse, better = number(cost(run.signals)), number(cost(run.new_signals))
    caption = say(
        f"再走一次前向，用的是 14 个新权重：输出从 {before} 升到 {after}，"
        f"代价从 {worse} 降到 {better}。",
        f"Forward once more, with the 14 new weights: the output has risen from {before} to "
        f"{after}, the cost has fallen from {worse} to {better}.",
    )
    view = View(
        run.new_weights,
        run.new_signals,
        known=SOURCES,
        node=6,
        text=[f"y_6 = {after}", f"J = ½ (t − y_6)^2 = {better}"],
    )
    return Frame(caption, network(view))


@figure
def missing_factor(say: Say) -> str:
    """An error on its way from neuron 6 to neuron 4, without the slope and with it."""
    run = example_run()
    weight, error = tidy(run.weights["4,6"]), number(run.eps[6], 3)
    steepness, right = number(slope(run.signals, 6), 3), number(run.eps[4], 3)
    bare = number(bare_errors(run.weights, run.signals, T)[4], 3)
    d = Diagram(404, 142)
    for left, title, product in (
        (0, say("插图的规则", "the copied rule"), f"{weight} · {error} = {bare}"),
        (206, say("正确的规则", "the right rule"), f"{weight} · {steepness} · {error} = {right}"),
    ):
        four, six = (left + 24, 64), (left + 164, 64)
        d.text(left + 94, 13, title, size=12.5, bold=True)
        d.arrow(six, four, Stroke(RED, width=2.2), gap=23, end_gap=23)
        d.node(*four, "4", radius=21, size=14)
        d.node(*six, "6", radius=21, size=14)
        d.text(left + 71, 39, say(f"权重 {weight}", f"weight {weight}"), size=11.5)
        d.text(left + 164, 100, say(f"误差 {error}", f"error {error}"), size=11.5, color=RED)
        if left:
            d.box(left + 118, 64, 40, 34, "", color=ORANGE)
            d.text(left + 118, 57, say("斜率", "slope"), size=11.5, color=ORANGE, bold=True)
            d.text(left + 118, 71, steepness, size=11.5, color=ORANGE, bold=True)
        d.text(left + 94, 130, product, size=12.5, bold=True)
    return d.svg()


@figure
def answer(say: Say) -> str:
    """The running example after its forward pass: what came out, and what was wanted."""
    run = example_run()
    came = number(run.signals["y6"])
    text = say(
        f"输出 y_6 = {came}，目标 t = {tidy(T)}", f"output y_6 = {came}, target t = {tidy(T)}"
    )
    view = View(run.weights, run.signals, known=SOURCES, node=6, color=RED, text=[text])
    return network(view, height=360)


@figure
def neuron(say: Say) -> str:
    """The two units of a neuron: the adder and the activation."""
    s = forward(EXAMPLE, X1, X2)
    d = Diagram(404, 176)
    d.box(242, 88, 176, 118, color=GRID, dashed=True)
    for row, name in ((48, "x1"), (128, "x2")):
        d.node(26, row, tidy(s[name]), color=MUTED, radius=19, size=12)
        d.text(26, row - 30, f"x_{name[1]}", size=13)
        d.arrow((26, row), (186, 88), gap=21, end_gap=29)
        label = f"{weight_name(f'{name},1')} = {tidy(EXAMPLE[f'{name},1'])}"
        off = -19 if row < 88 else 19
        d.text(112, row + 0.54 * (88 - row) + off, label, size=12, halo=True)
    d.node(186, 88, "Σ", radius=26, size=18)
    between = Label(f"e_1 = {number(s['e1'], 1)}", shift=-12)
    d.arrow((186, 88), (296, 88), label=between, gap=28, end_gap=27)
    d.box(296, 88, 48, 48, "f", color=ORANGE, size=17)
    d.arrow((296, 88), (362, 88), gap=26, end_gap=2)
    d.text(382, 78, "y_1 =", size=12.5)
    d.text(382, 98, number(s["y1"], 3), size=12.5)
    d.text(186, 131, say("加法器", "adder"), size=11.5, color=MUTED)
    d.text(290, 131, say("激活函数", "activation"), size=11.5, color=MUTED)
    d.text(240, 164, say("神经元 1", "neuron 1"), size=12.5, bold=True)
    return d.svg()


def bare_errors(
    weights: Mapping[str, float], signals: Mapping[str, float], target: float
) -> dict[int, float]:
    """The rule without f′."""
    eps = {6: target - signals["y6"]}
    for m, targets in TARGETS.items():
        eps[m] = sum(weights[f"{m},{n}"] * eps[n] for n in targets)
    return eps


@figure
def tangents(say: Say) -> str:
    """The activation and, below it, its slope, with a dot for each neuron at its sum."""
    s = forward(EXAMPLE, X1, X2)
    f, (above, below) = chart(height=3.6, rows=2, sharex=True)
    e = np.linspace(-5, 5, 200)
    above.plot(e, sigmoid(e), color=BLUE)
    below.plot(e, d_sigmoid(e), color=RED)
    places = {1: (5, 7), 2: (5, -9), 3: (-2, -11), 4: (-8, -10), 5: (-7, -10), 6: (-9, 5)}
    for n, (right, down) in places.items():
        at, steep = s[f"e{n}"], slope(s, n)
        above.plot([at], [s[f"y{n}"]], "o", color=BLUE, markersize=4)
        below.plot([at], [steep], "o", color=RED, markersize=4)
        below.annotate(
            f"{n}",
            (at, steep),
            xytext=(right, down),
            textcoords="offset points",
            ha="center",
            va="center",
            fontsize=9.5,
        )
    below.axhline(1 / 4, color=MUTED, linewidth=1, linestyle=":")
    above.set_xlim(-5, 5)
    above.set_ylim(0, 1)
    below.set_ylim(0, 0.32)
    below.set_yticks([0, 0.1, 0.25], ["0", "0.1", "¼"])
    below.set_xlabel(say("和 e", "sum e"))
    above.set_ylabel("f(e)")
    below.set_ylabel("f′(e)")
    return svg(f)


@figure
def two_rules(say: Say) -> str:
    """The error of each neuron by the right rule and by the rule without f′."""
    s = forward(EXAMPLE, X1, X2)
    right, bare = errors(EXAMPLE, s, T), bare_errors(EXAMPLE, s, T)
    f, axes = chart(height=3.3)
    neurons = [6, 5, 4, 3, 2, 1]
    for found, shift, color, name in (
        (right, -0.19, BLUE, say("正确", "right")),
        (bare, 0.19, ORANGE, say("不带 f′", "without f′")),
    ):
        values = [found[n] for n in neurons]
        rows = np.arange(6) + shift
        axes.barh(rows, values, 0.34, color=color, label=name)
        for row, value in zip(rows, values, strict=True):
            axes.annotate(
                number(value, 3),
                (value, row),
                xytext=(3 if value > 0 else -3, 0),
                textcoords="offset points",
                ha="left" if value > 0 else "right",
                va="center",
                fontsize=8,
            )
    axes.axvline(0, color=MUTED, linewidth=1)
    axes.set_yticks(range(6), [say(f"神经元 {n}", f"neuron {n}") for n in neurons])
    axes.set_ylim(5.6, -0.6)
    axes.set_xlim(-1.0, 0.8)
    axes.set_xticks([-0.5, 0, 0.5], ["−0.5", "0", "0.5"])
    axes.grid(False, axis="y")
    axes.legend(loc="lower right", labelcolor=INK)
    axes.set_xlabel(say("误差", "error"))
    return svg(f)


def first_layer_steps(
    weights: Mapping[str, float], x1: float, x2: float, target: float
) -> tuple[Array, Array]:
    """The steps of the six weights into neurons 1 to 3 by both rules."""
    s = forward(weights, x1, x2)
    found = []
    for rule in (errors, bare_errors):
        new = update(weights, s, rule(weights, s, target), 1.0)
        found.append(np.array([new[key] - weights[key] for key in WEIGHTS[:6]]))
    return found[0], found[1]


@cache
def random_networks() -> tuple[Array, Array]:
    """Ratios of length and cosines of both first-layer steps, for 1000 random networks."""
    rng = np.random.default_rng(0)
    ratios, cosines = [], []
    for _ in range(1000):
        weights = dict(zip(WEIGHTS, rng.normal(size=14), strict=True))
        right, bare = first_layer_steps(weights, *rng.normal(size=3))
        lengths = np.linalg.norm(right), np.linalg.norm(bare)
        ratios.append(lengths[1] / lengths[0])
        cosines.append(right @ bare / (lengths[0] * lengths[1]))
    return np.array(ratios), np.array(cosines)


CORNERS = np.array([[-1.0, -1.0, 1.0, 1.0], [-1.0, 1.0, -1.0, 1.0]])
XOR = np.array([[0.0, 1.0, 1.0, 0.0]])


def layers_of(numbers: Array) -> Layers:
    """Fourteen numbers a network as the matrices of its layers."""
    lead = numbers.shape[:-1]
    return (
        numbers[..., :6].reshape(*lead, 3, 2),
        numbers[..., 6:12].reshape(*lead, 2, 3),
        numbers[..., 12:].reshape(*lead, 1, 2),
    )


def mean_steps(layers: Layers, X: Array, targets: Array, keep: bool) -> tuple[Array, Layers]:
    """The cost and the mean step of every weight over the columns of X."""
    W1, W2, W3 = layers
    e1 = W1 @ X
    e2 = W2 @ sigmoid(e1)
    e3 = W3 @ sigmoid(e2)
    eps3 = targets - sigmoid(e3)
    eps2 = W3.mT @ (d_sigmoid(e3) * eps3 if keep else eps3)
    eps1 = W2.mT @ (d_sigmoid(e2) * eps2 if keep else eps2)
    m = X.shape[1]
    steps = (
        (d_sigmoid(e1) * eps1) @ X.T / m,
        (d_sigmoid(e2) * eps2) @ sigmoid(e1).mT / m,
        (d_sigmoid(e3) * eps3) @ sigmoid(e2).mT / m,
    )
    return np.mean(eps3**2, axis=(-2, -1)) / 2, steps


def moved(layers: Layers, steps: Layers, eta: float) -> Layers:
    W1, W2, W3 = (W + eta * step for W, step in zip(layers, steps, strict=True))
    return W1, W2, W3


@cache
def xor_cosines(steps: int) -> Array:
    """Cosines of both first-layer steps on XOR after some steps by the right rule."""
    layers = layers_of(np.random.default_rng(0).normal(size=(1000, 14)))
    for _ in range(steps):
        layers = moved(layers, mean_steps(layers, CORNERS, XOR, True)[1], ETA)
    right, bare = (
        mean_steps(layers, CORNERS, XOR, keep)[1][0].reshape(1000, 6) for keep in (True, False)
    )
    lengths = np.linalg.norm(right, axis=1) * np.linalg.norm(bare, axis=1)
    cosines: Array = np.sum(right * bare, axis=1) / lengths
    return cosines


@figure
def ratios(say: Say) -> str:
    """How many times too long the first-layer step without f′ is, over random networks."""
    found, _ = random_networks()
    f, axes = chart(height=2.5)
    axes.hist(found, bins=np.geomspace(8, 256, 51), color=ORANGE)
    axes.axvline(16, color=INK, linewidth=1.2, linestyle="--")
    axes.set_xscale("log")
    axes.set_xticks([8, 16, 32, 64, 128, 256], ["8", "16", "32", "64", "128", "256"])
    axes.minorticks_off()
    axes.set_xlabel(say("范数之比（对数刻度）", "ratio of the lengths (logarithmic)"))
    axes.set_ylabel(say("网络个数", "networks"))
    return svg(f)


@figure
def cosines(say: Say) -> str:
    """The cosine between both first-layer steps: one example, and the mean over XOR."""
    _, one = random_networks()
    kinds = (
        (one, BLUE, say("一个样本", "one sample")),
        (xor_cosines(0), ORANGE, say("XOR，起点", "XOR, at the start")),
        (xor_cosines(300), RED, say("XOR，300 步后", "XOR, 300 steps on")),
    )
    f, grid = chart(height=3.6, rows=3, sharex=True)
    for axes, (values, color, name) in zip(grid, kinds, strict=True):
        axes.hist(values, bins=np.linspace(-1, 1, 41), color=color, weights=np.full(1000, 0.1))
        axes.axvline(0, color=MUTED, linewidth=0.8)
        axes.set_title(name, loc="left", pad=3)
        axes.set_ylabel("%")
    grid[-1].set_xticks([-1, -0.5, 0, 0.5, 1], ["−1", "−0.5", "0", "0.5", "1"])
    grid[-1].set_xlabel(say("夹角的余弦", "cosine of the angle"))
    return svg(f)


@figure
def curves(say: Say) -> str:
    """The cost of fifty random networks on XOR, by each rule at the largest of its rates."""
    f, grid = chart(height=2.7, columns=2, sharey=True)
    for axes, keep, eta, color, name in (
        (grid[0], True, 3.0, BLUE, say("带 f′", "with f′")),
        (grid[1], False, 1.0, ORANGE, say("不带 f′", "without f′")),
    ):
        layers, costs = layers_of(np.random.default_rng(0).normal(size=(50, 14))), []
        for step in range(2001):
            cost, steps = mean_steps(layers, CORNERS, XOR, keep)
            if step % 10 == 0:
                costs.append(cost)
            layers = moved(layers, steps, eta)
        at = 10 * np.arange(len(costs))
        axes.plot(at, np.array(costs), color=color, linewidth=0.5, alpha=0.45)
        axes.plot(at, np.median(costs, axis=1), color=INK, linewidth=2)
        axes.axhline(1 / 8, color=GREEN, linewidth=1.2, linestyle=":", zorder=3)
        axes.set_title(name + say("，", ", ") + f"η = {eta:g}")
        axes.set_xlim(0, 2000)
        axes.set_ylim(0, 0.16)
        axes.set_xticks([0, 1000, 2000])
        last_tick_inwards(axes)
        axes.set_xlabel(say("步数", "steps"))
    grid[0].set_ylabel("J")
    return svg(f)
