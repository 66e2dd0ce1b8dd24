"""Drawings of ``lstm.md``: the cell growing gate by gate, its paths, and what it remembers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from engine.figures import Explorer, Frame, Say, Slider, explorer, figure, stepper
from figures.chart import chart, last_tick_inwards, svg
from figures.diagram import Diagram, Point, Stroke
from figures.numbers import number, power, short
from figures.palette import BLUE, GREEN, INK, MUTED, ORANGE, PURPLE, RED
from figures.plot import WIDTH as PLOT_WIDTH
from figures.plot import Axis, Plot
from snippets import bptt, lstm, optimizers
from snippets.activations import sigmoid
from snippets.lstm import (
    CANDIDATE,
    FORGET,
    INPUT,
    OUTPUT,
    blocks,
    direct_path,
    forget_gate,
    whole_path,
)

Array = NDArray[np.float64]
Params = dict[str, Array]

#: The running example of the page: the weights of the recurrent network in the candidate.
W = np.array([[0.1, 0.2], [0.3, 0.4], [0.5, 0.6]])
PARAMS: Params = {
    "W_x": np.array([[-0.5, 0.5, 0.5, -1.0, *W[2], 1.0, -0.5]]),
    "W_h": np.array(
        [
            [0.0, 0.5, 0.5, 0.0, *W[0], -0.5, 0.5],
            [0.5, 0.0, 0.0, 0.5, *W[1], 0.5, -0.5],
        ]
    ),
    "b": np.array([0.0, 0.0, 1.0, 1.0, 0.1, -0.1, 0.0, 0.0]),
}
X, H, C = np.array([2.0]), np.array([0.4, -0.2]), np.array([1.0, -0.5])
INPUTS = np.array([[1.0], [2.0], [0.0], [0.0]])

#: What the pictures of the growing cell add, one after the other.
STAGES = (FORGET, CANDIDATE, INPUT, OUTPUT)
NAMES = {FORGET: "f", CANDIDATE: "g", INPUT: "i", OUTPUT: "o"}


def words(say: Say) -> dict[int, str]:
    """What stands in the boxes, below the letters."""
    return {
        FORGET: say("遗忘门", "forget"),
        CANDIDATE: say("候选值", "candidate"),
        INPUT: say("输入门", "input"),
        OUTPUT: say("输出门", "output"),
    }


WIDTH, HEIGHT = 440, 354
#: Half the width and half the height of a box with values, and the radius of an operator.
SIDE, TOP, RING = 27, 29, 12
#: How much higher a box is that holds a word, too.
WORD = 14
#: The heights of the line of the cell state, of the gates' boxes, and of what feeds them all.
LINE, GATES, BUS = 62, 234, 300
#: The columns at the edges: on the left what comes in, on the right what goes on.
LEFT, RIGHT = 34, 412
OLD, NEW = (LEFT, LINE), (RIGHT, LINE)
H_OLD, X_NEW = (LEFT, 279), (LEFT, 334)

#: The places in the LSTM. Old values are kept at a product on the line; what is written comes
#: from a product below the sum; the output is a product of the squashed cell state and its gate.
BOXES = {FORGET: (128, GATES), INPUT: (198, GATES), CANDIDATE: (264, GATES), OUTPUT: (330, GATES)}
KEEP, ADD, WRITE = (128, LINE), (232, LINE), (232, 132)
SQUASH, SHOW, H_NEW = (330, 101), (330, 160), (RIGHT, 160)
KEPT, WRITTEN, SQUASHED = (184, LINE - 26), (265, 103), (357, 128)

#: The cell state on its line, and a wire without a head.
STATE, WIRE = Stroke(GREEN, width=2.4), Stroke(head=False)


def pair(d: Diagram, place: Point, values: Array) -> None:
    """Both components, one above the other, around a place."""
    x, y = place
    for row, value in enumerate(values):
        d.text(x, y + 15 * row - 7.5, number(value, 3), size=11, halo=True)


def valued(
    d: Diagram,
    place: Point,
    name: str,
    values: Array,
    color: str = BLUE,
    squash: str = "",
    word: str = "",
) -> None:
    """A box with a name, perhaps its function and a word, and the numbers it holds."""
    x, y = place
    more = WORD if word else 0
    d.box(x, y + more / 2, 2 * SIDE, 2 * TOP + more, color=color)
    d.text(x - 13 if squash else x, y - 18, name, size=13, color=color, bold=True)
    if squash:
        d.text(x + 12, y - 18, squash, size=10.5, color=color)
    if word:
        d.text(x, y - 2, word, size=word_size(word), color=color)
    for row, value in enumerate(values):
        d.text(x, y + more + 1 + 16 * row, number(value, 3), size=11.2)


def word_size(word: str) -> float:
    """Chinese needs larger letters, and has fewer of them."""
    return 12 if word[0] > "\u2e80" else 9.6


def operator(d: Diagram, place: Point, sign: str, color: str) -> None:
    d.node(*place, sign, color=color, radius=RING, size=15)


def draw_input(d: Diagram, name: str, value: float) -> None:
    d.box(*X_NEW, 2 * SIDE, 30, color=BLUE)
    d.text(*X_NEW, f"{name} = {value:g}", size=11.6)


def feed(d: Diagram, box: Point) -> None:
    """The arrow from below into a gate's box."""
    d.arrow((box[0], BUS), box, gap=0, end_gap=TOP + WORD + 2)


@dataclass(frozen=True)
class Step:
    """One step of the running example: input, states before, and what each box holds."""

    x: Array
    h: Array
    c: Array
    boxes: dict[int, Array]

    @property
    def kept(self) -> Array:
        return self.boxes[FORGET] * self.c

    @property
    def written(self) -> Array:
        return self.boxes[INPUT] * self.boxes[CANDIDATE]

    @property
    def c_new(self) -> Array:
        return self.kept + self.written

    @property
    def h_new(self) -> Array:
        return self.boxes[OUTPUT] * np.tanh(self.c_new)


def step(x: Array, h: Array, c: Array) -> Step:
    boxes = {
        FORGET: forget_gate(PARAMS, x, h),
        CANDIDATE: lstm.candidate(PARAMS, x, h),
        INPUT: lstm.input_gate(PARAMS, x, h),
        OUTPUT: lstm.output_gate(PARAMS, x, h),
    }
    return Step(x, h, c, boxes)


def cell(say: Say, now: Step, stage: int = OUTPUT, t: int | None = None) -> str:
    """The cell as far as it is built at this stage, with the numbers of step ``t`` or of any."""
    done = STAGES[: STAGES.index(stage) + 1]
    newest = ORANGE if t is None else BLUE
    ink = {gate: newest if gate == stage else BLUE for gate in done}
    after, before = ("t", "t−1") if t is None else (str(t), str(t - 1))
    with_sum = INPUT in done

    d = Diagram(WIDTH, HEIGHT)
    draw_wires(d, done)
    d.arrow(BOXES[FORGET], KEEP, Stroke(ink[FORGET]), gap=TOP, end_gap=RING + 2)
    if with_sum:
        draw_writing(d, now, ink[INPUT])
    if OUTPUT in done:
        draw_showing(d, now, ink[OUTPUT], f"h_{{{after}}}")
    operator(d, KEEP, "×", ink[FORGET])
    pair(d, KEPT, now.kept)
    valued(d, OLD, f"c_{{{before}}}", now.c, GREEN)
    if with_sum:
        valued(d, NEW, f"c_{{{after}}}", now.c_new, GREEN)
    else:
        d.text(268, LINE, "…", size=16, color=MUTED)
    if stage == CANDIDATE:
        x, _ = BOXES[CANDIDATE]
        d.arrow(BOXES[CANDIDATE], (x, 150), Stroke(ORANGE, dashed=True), gap=TOP, end_gap=0)
        d.text(x, 134, "?", size=19, color=ORANGE, bold=True)
    valued(d, H_OLD, f"h_{{{before}}}", now.h)
    draw_input(d, f"x_{{{after}}}", now.x[0])
    for gate in done:
        name, squash = f"{NAMES[gate]}_{{{after}}}", "tanh" if gate == CANDIDATE else "σ"
        valued(d, BOXES[gate], name, now.boxes[gate], ink[gate], squash, words(say)[gate])
    return d.svg()


def draw_wires(d: Diagram, done: Sequence[int]) -> None:
    """The line of the cell state, and what feeds the boxes that are there."""
    d.arrow(OLD, KEEP, STATE, gap=SIDE, end_gap=RING + 1)
    if INPUT in done:
        d.arrow(KEEP, ADD, STATE, gap=RING, end_gap=RING + 1)
        d.arrow(ADD, NEW, STATE, gap=RING, end_gap=SIDE + 1)
    else:
        d.arrow(KEEP, (250, LINE), STATE, gap=RING, end_gap=1)
    last = max(BOXES[gate][0] for gate in done)
    d.arrow((LEFT, BUS), (last, BUS), WIRE, gap=SIDE, end_gap=0)
    d.arrow(X_NEW, H_OLD, WIRE, gap=12, end_gap=TOP)
    for gate in done:
        feed(d, BOXES[gate])


def draw_writing(d: Diagram, now: Step, color: str) -> None:
    """The input gate and the candidate meet below the line, and their product goes up to it."""
    stroke, (x, y) = Stroke(color), WRITE
    for gate, corner in ((INPUT, (x - 6, y + 9)), (CANDIDATE, (x + 6, y + 9))):
        place, _ = BOXES[gate]
        d.arrow((place, GATES - TOP), corner, stroke, gap=0, end_gap=2)
    d.arrow(WRITE, ADD, stroke, gap=RING, end_gap=RING + 2)
    operator(d, WRITE, "×", color)
    operator(d, ADD, "+", color)
    pair(d, WRITTEN, now.written)


def draw_showing(d: Diagram, now: Step, color: str, name: str) -> None:
    """The cell state comes down through tanh, and the output gate lets part of it out."""
    stroke, (x, _) = Stroke(color), SQUASH
    d.arrow((x, LINE), SQUASH, stroke, gap=0, end_gap=14)
    d.box(*SQUASH, 44, 24, "tanh", color=color, size=11.5)
    d.arrow(SQUASH, SHOW, stroke, gap=12, end_gap=RING + 1)
    d.arrow(BOXES[OUTPUT], SHOW, stroke, gap=TOP, end_gap=RING + 2)
    d.arrow(SHOW, H_NEW, stroke, gap=RING, end_gap=SIDE + 1)
    operator(d, SHOW, "×", color)
    valued(d, H_NEW, name, now.h_new, color)
    pair(d, SQUASHED, np.tanh(now.c_new))


@figure
def forget(say: Say) -> str:
    """The line of the cell state, and the forget gate on it."""
    return cell(say, step(X, H, C), FORGET)


@figure
def candidate(say: Say) -> str:
    """The candidate beside it."""
    return cell(say, step(X, H, C), CANDIDATE)


@figure
def write(say: Say) -> str:
    """The input gate lets it in."""
    return cell(say, step(X, H, C), INPUT)


@figure
def output(say: Say) -> str:
    """The output gate shows part of the cell."""
    return cell(say, step(X, H, C), OUTPUT)


@stepper
def run(say: Say) -> list[Frame]:
    """The complete cell over the four steps of the example."""
    hs, cs, _ = lstm.forward(PARAMS, INPUTS, np.zeros(2), np.zeros(2))
    h, c = np.vstack([np.zeros(2), hs]), np.vstack([np.zeros(2), cs])
    what = (
        say(
            "第 1 步，输入 1：记忆是空的，遗忘门没有东西可留；输入门放进候选值的一部分。",
            "Step 1, input 1: the memory is empty and the forget gate has nothing to keep; the "
            "input gate lets in a part of the candidate.",
        ),
        say(
            "第 2 步，输入 2：第一个分量的遗忘门几乎全开，旧值留下；"
            "第二个分量丢掉大半旧值，写进新值。",
            "Step 2, input 2: the first component's forget gate is nearly open and keeps the old "
            "value; the second component drops most of its old value and writes a new one.",
        ),
        say(
            "第 3 步，输入 0：候选值很小，没有什么可写；记忆按遗忘门打折留下。",
            "Step 3, input 0: the candidate is small and there is little to write; the memory "
            "stays, less what the forget gate takes off.",
        ),
        say(
            "第 4 步，输入还是 0：第一个分量的记忆几乎不变，第二个分量慢慢变小。",
            "Step 4, input 0 again: the memory in the first component hardly changes, that in the "
            "second slowly fades.",
        ),
    )
    steps = map(step, INPUTS, h, c)
    return [
        Frame(caption, cell(say, now, t=t))
        for t, (caption, now) in enumerate(zip(what, steps, strict=True), start=1)
    ]


@figure
def two_paths(say: Say) -> str:
    """Three unrolled steps: the direct path along the line, the others through the gates."""
    _, _, cache = lstm.forward(PARAMS, INPUTS, np.zeros(2), np.zeros(2))
    f = blocks(cache.gates, 4)[FORGET][:, 0]
    direct_part, whole = direct_path(cache, 2)[0], whole_path(PARAMS, cache, 2)[0, 0]
    d = Diagram(420, 274)
    xs, top, middle, low = (44, 208, 372), 62, 142, 212
    direct, through = Stroke(GREEN, width=3), Stroke(ORANGE, dashed=True)
    for k, x in enumerate(xs):
        if k:
            left = xs[k - 1]
            d.arrow((left, top), (x, top), direct, gap=23, end_gap=24)
            d.text((left + x) / 2, top - 17, f"× {number(f[k + 1], 3)}", size=12.5, color=GREEN)
            d.text((left + x) / 2, top - 36, f"f_{k + 2}", size=12.5, color=GREEN, bold=True)
            d.arrow((left, low), (x - 46, middle + 6), through, gap=20, end_gap=33)
            d.arrow((x - 46, middle), (x, top), through, gap=22)
            d.arrow((x - 46, middle), (x, low), through, gap=22, end_gap=20)
            d.box(x - 46, middle, 66, 40, color=ORANGE)
            d.text(x - 46, middle - 8, f"z_{k + 2}", size=12.5)
            d.text(x - 46, middle + 9, say("四块", "four blocks"), size=10.5)
        d.arrow((x, top), (x, low), through, gap=22, end_gap=20)
    for k, x in enumerate(xs):
        d.node(x, top, f"c_{k + 2}", color=GREEN, radius=21)
        d.node(x, low, f"h_{k + 2}", color=BLUE, radius=18)
    along, together = number(direct_part, 3), number(whole, 3)
    d.text(16, 258, say("从 c_2 到 c_4：", "from c_2 to c_4:"), size=12, anchor="start")
    one = say(f"直接路径 {along}", f"direct path {along}")
    d.text(120, 258, one, size=12, color=GREEN, anchor="start")
    both = say(f"所有路径合计 {together}", f"all paths together {together}")
    d.text(250, 258, both, size=12, color=ORANGE, anchor="start")
    return d.svg()


def plain_survival(seed: int, steps: int) -> Array:
    """‖dh_T/dh_t‖ of a plain recurrent network, by the distance T − t."""
    rng, r = np.random.default_rng(seed), 1 / np.sqrt(8)
    W_hx, W_hh = rng.uniform(-r, r, (8, 1)), rng.uniform(-r, r, (8, 8))
    xs = np.random.default_rng(seed + 10).normal(size=(steps, 1))
    _, kept = bptt.forward(xs, np.zeros(8), W_hx, W_hh, np.eye(8))
    slopes = 1 - kept.hs[1:] ** 2
    product, norms = np.eye(8), [1.0]
    for t in reversed(range(1, steps)):
        product = product @ (slopes[t][:, None] * W_hh)
        norms.append(float(np.linalg.norm(product, 2)))
    return np.array(norms)


@cache
def survivals(bias: float, seed: int = 2, steps: int = 60) -> tuple[list[float], list[float]]:
    """The largest entry of the direct path, and the norm of all paths, by the distance."""
    noise = np.random.default_rng(seed + 10).normal(size=(steps, 1))
    p = lstm.init(1, 8, np.random.default_rng(seed), forget_bias=bias)
    _, _, kept = lstm.forward(p, noise, np.zeros(8), np.zeros(8))
    ends = range(steps, 0, -1)
    direct = [float(np.max(direct_path(kept, t))) for t in ends]
    return direct, [float(np.linalg.norm(whole_path(p, kept, t), 2)) for t in ends]


@explorer
def survival(say: Say) -> Explorer:
    """Both derivatives over the distance, for one forget bias, and the plain network."""
    plain = plain_survival(2, 60)

    def frame(bias: float) -> Frame:
        drawing = Diagram(PLOT_WIDTH, 256)
        axes = Plot(
            drawing,
            (34, 20),
            (276, 196),
            Axis(0, 60, (0, 15, 30, 45, 60), say("相隔的步数", "distance in steps")),
            Axis(
                1e-20,
                1e10,
                (1e-20, 1e-15, 1e-10, 1e-5, 1, 1e5, 1e10),
                say("导数的大小", "size of the derivative"),
                log=True,
            ),
        )
        direct, whole = survivals(bias)
        axes.line(range(60), plain, MUTED, 4)
        axes.line(range(60), direct, GREEN, 1.6, "5 3")
        axes.line(range(60), whole, GREEN, 2.2)
        axes.dots(59, direct[-1], GREEN, 3)
        axes.dots(59, whole[-1], GREEN, 3)
        axes.text(59, 10**8.5, say("实线：所有路径", "solid: all paths"), GREEN, "end")
        axes.text(59, 10**6.5, say("虚线：只有直接路径", "dashed: direct path"), GREEN, "end")
        axes.text(
            59, 10**4.5, say("灰色：普通网络，小的初值", "grey: plain, small start"), INK, "end"
        )
        along, together = power(direct[-1]), power(whole[-1])
        text = say(
            f"偏置 {short(bias)}：相隔 59 步，直接路径还有 {along}，所有路径合计 {together}。",
            f"Bias {short(bias)}: after 59 steps the direct path keeps {along}, all paths together "
            f"{together}.",
        )
        return Frame(text, drawing.svg())

    biases = (-2, -1, 0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 5, 6)
    slider = Slider(say("遗忘门的偏置", "forget bias"), biases, 1, short)
    return Explorer([slider], frame, [(-1,), (3,), (5,)])


Run = Callable[[Params, Array], tuple[Array, Callable[[Array], Params]]]


def recall(m: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """The page's question: was the first of 60 inputs positive?"""
    positive = np.tile([0.0, 1.0], m // 2)
    xs = 0.2 * rng.normal(size=(60, m, 1))
    xs[0, :, 0] = 2 * positive - 1
    return xs, positive


def run_lstm(p: Params, xs: Array) -> tuple[Array, Callable[[Array], Params]]:
    zero = np.zeros((xs.shape[1], len(p["W_h"])))
    hs, _, kept = lstm.forward(p, xs, zero, zero)
    return hs, lambda dhs: lstm.backward(p, kept, dhs)[0]


def run_rnn(p: Params, xs: Array) -> tuple[Array, Callable[[Array], Params]]:
    n_h = len(p["W_hh"])
    zero, out = np.zeros((xs.shape[1], n_h)), np.eye(n_h)
    hs, kept = bptt.forward(xs, zero, p["W_hx"], p["W_hh"], out)

    def back(dhs: Array) -> Params:
        grads = bptt.backward(kept, dhs)
        return {name: grads[f"d{name}"] for name in ("W_hx", "W_hh")}

    return hs, back


def training(run: Run, start: Params, n_h: int, steps: int = 80) -> tuple[Array, Params]:
    """The page's training: the cost of each batch on the way, and the parameters at its end."""
    rng, p = np.random.default_rng(1), {**start, "w": np.zeros(n_h)}
    found = []
    for _ in range(steps):
        xs, positive = recall(16, rng)
        hs, back = run(p, xs)
        z = hs[-1] @ p["w"]
        found.append(np.mean(np.logaddexp(0, z) - positive * z))
        dz = (sigmoid(z) - positive) / 16
        dhs = np.zeros_like(hs)
        dhs[-1] = np.outer(dz, p["w"])
        grads = {**back(dhs), "w": dz @ hs[-1]}
        norm = np.sqrt(sum(float(np.sum(g**2)) for g in grads.values()))
        for name, g in grads.items():
            p[name] = p[name] - min(1, 0.05 / norm) * g
    return np.array(found), p


def plain_start(kind: str, seed: int) -> Params:
    """The start of a plain network, its recurrent weights small, orthogonal or the identity."""
    rng = np.random.default_rng(seed)
    W_hx = rng.uniform(-0.25, 0.25, (16, 1))
    if kind == "small":
        return {"W_hx": W_hx, "W_hh": rng.uniform(-0.25, 0.25, (16, 16))}
    if kind == "orthogonal":
        return {"W_hx": W_hx, "W_hh": np.linalg.qr(rng.normal(size=(16, 16)))[0]}
    return {"W_hx": W_hx, "W_hh": np.eye(16)}


@cache
def trainings() -> dict[str, list[tuple[Array, Params]]]:
    """The trainings of the page, three of each kind."""
    found = {}
    for kind in ("small", "orthogonal", "identity"):
        found[kind] = [training(run_rnn, plain_start(kind, seed), 16) for seed in range(3)]
    for bias in (1, 3):
        starts = [lstm.init(1, 8, np.random.default_rng(seed), bias) for seed in range(3)]
        found[str(bias)] = [training(run_lstm, start, 8) for start in starts]
    return found


@figure
def memory(say: Say) -> str:
    """The cost over the steps of training, a panel for each start."""
    plain, cell = say("普通单元", "plain cell"), "LSTM"
    panels = {
        "small": (MUTED, f"{plain}\n" + say("小的随机初值", "small random start")),
        "orthogonal": (BLUE, f"{plain}\n" + say("正交矩阵", "orthogonal start")),
        "identity": (PURPLE, f"{plain}\n" + say("单位矩阵", "identity as start")),
        "1": (ORANGE, f"{cell}\n" + say("偏置 1", "forget bias 1")),
        "3": (GREEN, f"{cell}\n" + say("偏置 3", "forget bias 3")),
    }
    fig, grid = chart(4.6, 3.9, rows=2, columns=3, sharex=True, sharey=True)
    axes = grid.ravel()
    for ax, (key, (color, title)) in zip(axes, panels.items(), strict=False):
        ax.axhline(np.log(2), color=MUTED, linestyle=":", linewidth=1)
        for line, _ in trainings()[key]:
            ax.plot(line, color=color, linewidth=1.3)
        ax.set_title(title, fontsize=9.5)
        ax.set_xlim(0, 80)
        ax.set_ylim(0, 0.9)
        ax.set_xticks([0, 40, 80])
        last_tick_inwards(ax)
    axes[2].tick_params(labelbottom=True)
    axes[5].axis("off")
    axes[0].annotate(say("点线：猜测", "dotted: guessing"), (3, 0.83), fontsize=9, va="top")
    fig.supxlabel(say("训练的步数", "training step"), fontsize=10)
    fig.supylabel(say("小批量的代价", "cost of the mini-batch"), fontsize=10)
    return svg(fig)


def marked_numbers(m: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """Twenty numbers, their marks, and a constant 1 for the bias; and the sums of those marked."""
    xs, samples = np.zeros((20, m, 3)), np.arange(m)
    xs[..., 0], xs[..., 2] = rng.random((20, m)), 1
    first, second = rng.integers(10, size=m), rng.integers(10, 20, size=m)
    xs[first, samples, 1] = xs[second, samples, 1] = 1
    return xs, np.sum(xs[..., 0] * xs[..., 1], axis=0)


def adding_errors(run: Run, start: Params, n_h: int, rate: float, steps: int = 400) -> Array:
    """Squared errors on the way of Adam, divided by that of always answering 1, which is 1/6."""
    rng = np.random.default_rng(1)
    p: Params = {**start, "w": np.zeros(n_h), "b_q": np.zeros(1)}
    state, found = optimizers.init(p), []
    for _ in range(steps):
        xs, y = marked_numbers(32, rng)
        hs, back = run(p, xs)
        off = hs[-1] @ p["w"] + p["b_q"] - y
        found.append(6 * np.mean(off**2))
        do = 2 * off / len(y)
        dhs = np.zeros_like(hs)
        dhs[-1] = np.outer(do, p["w"])
        grads = {**back(dhs), "w": do @ hs[-1], "b_q": np.sum(do, keepdims=True)}
        norm = np.sqrt(sum(float(np.sum(g**2)) for g in grads.values()))
        clipped = {name: g * min(1, 1 / norm) for name, g in grads.items()}
        p, state = optimizers.adam(p, clipped, state, rate)
    return np.array(found)


@cache
def both_adding() -> tuple[Array, Array]:
    """The plain cell's errors and the LSTM's, with about as many parameters each."""
    rng, r = np.random.default_rng(0), 1 / np.sqrt(50)
    plain = {"W_hx": rng.uniform(-r, r, (50, 3)), "W_hh": rng.uniform(-r, r, (50, 50))}
    start = lstm.init(3, 24, np.random.default_rng(0), 3)
    return adding_errors(run_rnn, plain, 50, 0.003), adding_errors(run_lstm, start, 24, 0.02)


@figure
def adding(say: Say) -> str:
    """The task that opens the page: in 400 steps the LSTM learns it, the plain cell does not."""
    plain, learned = both_adding()
    fig, ax = chart(4.6, 2.6)
    ax.axhline(1, color=MUTED, linestyle=":", linewidth=1)
    for errors, color, at, name in (
        (plain, RED, (395, 1.2), say("普通单元", "plain cell")),
        (learned, GREEN, (395, 0.1), "LSTM"),
    ):
        means = np.convolve(errors, np.full(20, 1 / 20), mode="valid")
        ax.plot(np.arange(20, 401), means, color=color)
        ax.annotate(name, at, color=color, ha="right", fontsize=9.5)
    ax.set_xlim(0, 400)
    ax.set_ylim(0, 1.6)
    ax.set_xlabel(say("训练的步数", "training step"))
    ax.set_ylabel(say("相对的误差", "relative error"))
    return svg(fig)


@figure
def trace(say: Say) -> str:
    """What is left of the first input: two sequences that differ in nothing else."""
    xs = np.repeat(0.2 * np.random.default_rng(4).normal(size=(60, 1, 1)), 2, axis=1)
    xs[0, :, 0] = 1, -1
    (_, small), (_, trained) = trainings()["small"][0], trainings()["3"][0]
    plain, _ = run_rnn(small, xs)
    zero = np.zeros((2, 8))
    _, cells, _ = lstm.forward(trained, xs, zero, zero)
    fig, axes = chart(4.6, 3.5, rows=2, sharex=True, height_ratios=(1, 2))
    steps = np.arange(1, 61)
    axes[0].bar(steps, xs[:, 0, 0], color=MUTED, width=0.7)
    axes[0].bar(1, 1, color=BLUE, width=1)
    axes[0].bar(1, -1, color=ORANGE, width=1)
    axes[0].set_title(say("输入：第一个是 +1 或 −1", "input: the first is +1 or −1"))
    for states, color, at, lift, name in (
        (cells, GREEN, 22, -12, say("LSTM，偏置 3", "LSTM, bias 3")),
        (plain, RED, 26, 8, say("普通单元，小的初值", "plain cell, small start")),
    ):
        apart = np.linalg.norm(states[:, 0] - states[:, 1], axis=-1)
        axes[1].semilogy(steps, apart, color=color)
        axes[1].annotate(
            name,
            (steps[at], apart[at]),
            xytext=(8, lift),
            textcoords="offset points",
            color=color,
            va="center",
            fontsize=9.5,
        )
    axes[1].set_title(say("两次运行的状态相差多少", "how far apart the states of the two runs are"))
    axes[1].set_ylim(1e-15, 1e3)
    for ax in axes:
        ax.set_xlim(0, 61)
    axes[0].set_ylim(-1.2, 1.2)
    axes[1].set_xlabel(say("步", "step"))
    return svg(fig)
