"""Drawings of ``gru.md``: its insides with numbers, beside the LSTM, and what training does."""

from functools import cache

import numpy as np

from engine.figures import Say, figure
from figures import lstm
from figures.chart import chart, svg
from figures.diagram import Diagram, Label, Point, Stroke
from figures.lstm import (
    RING,
    SIDE,
    STATE,
    TOP,
    WORD,
    Array,
    H,
    Params,
    X,
    operator,
    pair,
    valued,
    word_size,
)
from figures.numbers import number
from figures.palette import BLUE, GREEN, INK, MUTED, ORANGE, PURPLE, RED
from snippets import gru, optimizers
from snippets.lstm import blocks

#: The example of the LSTM, its first three blocks: reset, update and candidate.
PARAMS = {
    "W_x": lstm.PARAMS["W_x"][:, :6],
    "W_h": lstm.PARAMS["W_h"][:, :6],
    "b_x": lstm.PARAMS["b"][:6],
    "b_h": np.zeros(6),
}

#: Wires without heads, of the state and of the input.
FROM_STATE, FROM_INPUT = Stroke(GREEN, head=False), Stroke(MUTED, head=False)


def at_the_full_stop(b_r: float, b_z: float, before: float) -> float:
    """The new state of the page's one component when it reads the full stop."""
    params = {
        "W_x": np.array([[0.0, 0.0, 0.3]]),
        "W_h": np.array([[0.0, 0.0, 2.0]]),
        "b_x": np.array([b_r, b_z, 0.0]),
        "b_h": np.zeros(3),
    }
    return float(gru.forward(params, [[1.0]], [before])[0][0, 0])


@figure
def soup(say: Say) -> str:
    """Every mixture of old state and candidate, with and without the old state in the latter."""
    fig, panels = chart(4.6, 2.9, columns=2, sharey=True)
    titles = (
        say("r = 1：候选值含旧状态", "r = 1: candidate sees\nthe old state"),
        say("r = 0：候选值不含旧状态", "r = 0: candidate does not\nsee the old state"),
    )
    for ax, b_r, title in zip(panels, (50, -50), titles, strict=True):
        for before, color in ((0.9, BLUE), (-0.9, ORANGE)):
            candidate = at_the_full_stop(b_r, -50, before)
            ax.plot((0, 1), (before, candidate), color=color)
            ax.plot((0, 1), (before, candidate), "o", color=color, markersize=5)
            up = 8 if before > 0 else -8
            for x, y, side in ((0, before, "left"), (1, candidate, "right")):
                if x and b_r < 0 and before < 0:
                    continue
                ax.annotate(
                    number(y, 3 if x else 1),
                    (x, y),
                    xytext=(0, up),
                    textcoords="offset points",
                    ha=side,
                    va="bottom" if up > 0 else "top",
                    fontsize=9.5,
                    color=color if x == 0 or b_r > 0 else None,
                )
        ax.set_title(title)
        ax.set_xlim(-0.08, 1.08)
        ax.set_ylim(-1.35, 1.35)
        ends = [say("旧状态", "old state"), say("候选值", "candidate")]
        for label, side in zip(ax.set_xticks([0, 1], ends), ("left", "right"), strict=True):
            label.label1.set_ha(side)
        ax.set_yticks([-1, 0, 1])
    panels[0].set_ylabel(say("新状态", "new state"))
    return svg(fig)


def dot(d: Diagram, place: Point, color: str) -> None:
    """Where a wire branches off."""
    d.node(*place, "", color=color, radius=2.6, filled=True)


@figure
def cell(say: Say) -> str:
    """The GRU with the numbers of one step; what the reset gate multiplies has a box."""
    (h,), kept = gru.forward(PARAMS, X[None], H)
    r, z, n = (gate[0] for gate in blocks(kept.gates, 3))
    u_n = kept.u_n[0]
    a_n = blocks(X @ PARAMS["W_x"] + PARAMS["b_x"], 3)[2]
    line, up, low, boxes = 62, 132, 290, 364
    old, new = (34, line), (408, line)
    z_box, r_box, n_box = (112, 214), (112, boxes), (318, 214)
    u_box, a_box = (218, boxes), (318, boxes)
    keep, add, write, split = (112, line), (318, line), (318, up), (112, up)
    times, plus = (218, low), (318, low)
    below_h, below_x = 430, 452
    stroke, keeps, writes = Stroke(BLUE), Stroke(ORANGE), Stroke(PURPLE)
    d = Diagram(440, 486)
    # The line of the state, and what leaves it for the boxes below
    d.arrow(old, keep, STATE, gap=SIDE, end_gap=RING + 1)
    d.arrow(keep, add, STATE, gap=RING, end_gap=RING + 1)
    d.arrow(add, new, STATE, gap=RING, end_gap=SIDE + 1)
    d.arrow(old, (34, below_h), FROM_STATE, gap=TOP, end_gap=0)
    d.arrow((34, below_h), (u_box[0], below_h), FROM_STATE, gap=0)
    d.arrow((34, below_x), (a_box[0], below_x), FROM_INPUT, gap=0)
    rise = TOP + WORD + 2
    for place in ((34, z_box[1]), (104, below_h), (u_box[0], below_h)):
        dot(d, place, GREEN)
    d.arrow((34, z_box[1]), z_box, Stroke(GREEN), gap=0, end_gap=SIDE + 2)
    d.arrow((54, below_x), (54, z_box[1] + 22), FROM_INPUT, gap=0, end_gap=0)
    d.arrow((54, z_box[1] + 22), (z_box[0], z_box[1] + 22), gap=0, end_gap=SIDE + 2)
    d.arrow((104, below_h), (104, boxes), Stroke(GREEN), gap=0, end_gap=rise)
    d.arrow((122, below_x), (122, boxes), gap=0, end_gap=rise)
    d.arrow((u_box[0], below_h), u_box, Stroke(GREEN), gap=0, end_gap=rise)
    d.arrow((a_box[0], below_x), a_box, gap=0, end_gap=rise)
    for x in (54, 122):
        dot(d, (x, below_x), MUTED)
    # Gates and candidate
    d.arrow(z_box, keep, keeps, gap=TOP, end_gap=RING + 2)
    d.arrow(split, write, writes, Label("1 − z_t", shift=-9), gap=0, end_gap=RING + 2)
    d.arrow((r_box[0], low), times, Stroke(RED), gap=0, end_gap=RING + 2)
    d.arrow(r_box, (r_box[0], low), Stroke(RED, head=False), gap=TOP, end_gap=0)
    d.arrow(u_box, times, stroke, gap=TOP, end_gap=RING + 2)
    d.arrow(times, plus, stroke, gap=RING, end_gap=RING + 2)
    d.arrow(a_box, plus, stroke, gap=TOP, end_gap=RING + 2)
    d.arrow(plus, n_box, stroke, gap=RING, end_gap=rise)
    d.arrow(n_box, write, stroke, gap=TOP, end_gap=RING + 2)
    d.arrow(write, add, writes, gap=RING, end_gap=RING + 2)
    for place, sign, color in (
        (keep, "×", ORANGE),
        (add, "+", PURPLE),
        (write, "×", PURPLE),
        (times, "×", RED),
        (plus, "+", BLUE),
    ):
        operator(d, place, sign, color)
    pair(d, (210, line - 26), z * H)
    pair(d, (356, 98), (1 - z) * n)
    pair(d, (268, low - 24), r * u_n)
    valued(d, old, "h_{t−1}", H, GREEN)
    valued(d, new, "h_t", h, GREEN)
    d.box(34, below_x, 2 * SIDE, 26, color=MUTED)
    d.text(34, below_x, f"x_t = {X[0]:g}", size=11.6)
    for box, name, values, squash, word, color in (
        (z_box, "z_t", z, "σ", say("更新门", "update"), ORANGE),
        (r_box, "r_t", r, "σ", say("重置门", "reset"), RED),
        (n_box, "n_t", n, "tanh", say("候选值", "candidate"), BLUE),
        (u_box, "u^n_t", u_n, "", say("旧状态", "from h_{t−1}"), BLUE),
        (a_box, "a^n_t", a_n, "", say("输入", "from x_t"), BLUE),
    ):
        valued(d, box, name, values, color, squash, word)
    return d.svg()


def small_box(d: Diagram, place: Point, name: str, word: str, color: str) -> None:
    d.box(*place, 58, 42, color=color)
    d.text(place[0], place[1] - 9, name, size=13, color=color, bold=True)
    d.text(place[0], place[1] + 9, word, size=word_size(word) + 0.4, color=color)


def line_of_states(d: Diagram, names: tuple[str, str], y: float) -> None:
    """A line that multiplies first and adds after that, from the old state to the new one."""
    old, keep, add, new = (34, y), (116, y), (228, y), (406, y)
    d.arrow(old, keep, STATE, gap=24, end_gap=RING + 1)
    d.arrow(keep, add, STATE, gap=RING, end_gap=RING + 1)
    d.arrow(add, new, STATE, gap=RING, end_gap=25)
    for place, name in zip((old, new), names, strict=True):
        d.box(*place, 48, 28, name, color=GREEN)


@figure
def beside_lstm(say: Say) -> str:
    """Both cells, drawn alike: what corresponds has one colour."""
    keeps, writes = say("留下", "keep"), say("写入", "write")
    candidate = say("候选值", "candidate")
    d = Diagram(440, 436)
    # The LSTM
    y, mid, row, bus = 56, 106, 160, 198
    d.text(8, 14, "LSTM", size=13.5, bold=True, anchor="start")
    line_of_states(d, ("c_{t−1}", "c_t"), y)
    places = {116: ORANGE, 192: PURPLE, 264: BLUE, 340: RED}
    d.arrow((58, bus), (340, bus), Stroke(head=False), gap=0)
    for x in places:
        d.arrow((x, bus), (x, row), gap=0, end_gap=23)
    d.text(54, bus, "h_{t−1}, x_t", size=12, anchor="end")
    d.arrow((116, row), (116, y), Stroke(ORANGE), gap=21, end_gap=RING + 2)
    d.arrow((192, row), (228, mid), Stroke(PURPLE), gap=25, end_gap=RING + 2)
    d.arrow((264, row), (228, mid), Stroke(BLUE), gap=25, end_gap=RING + 2)
    d.arrow((228, mid), (228, y), Stroke(PURPLE), gap=RING, end_gap=RING + 2)
    d.arrow((340, y), (340, mid), Stroke(GREEN), Label("tanh", shift=-18), gap=0, end_gap=RING + 2)
    d.arrow((340, row), (340, mid), Stroke(RED), gap=21, end_gap=RING + 2)
    d.arrow((340, mid), (406, mid), Stroke(RED), gap=RING, end_gap=25)
    d.box(406, mid, 48, 28, "h_t", color=RED)
    for place, sign, color in (
        ((116, y), "×", ORANGE),
        ((228, y), "+", PURPLE),
        ((228, mid), "×", PURPLE),
        ((340, mid), "×", RED),
    ):
        operator(d, place, sign, color)
    small_box(d, (116, row), "f_t", keeps, ORANGE)
    small_box(d, (192, row), "i_t", writes, PURPLE)
    small_box(d, (264, row), "g_t", candidate, BLUE)
    small_box(d, (340, row), "o_t", say("输出", "show"), RED)
    # The GRU
    d.line((8, 219), (432, 219))
    y, mid, row, bus = 282, 324, 380, 420
    d.text(8, 240, "GRU", size=13.5, bold=True, anchor="start")
    line_of_states(d, ("h_{t−1}", "h_t"), y)
    d.arrow((58, bus), (340, bus), Stroke(head=False), gap=0)
    for x in (116, 228, 340):
        d.arrow((x, bus), (x, row), gap=0, end_gap=23)
    d.text(54, bus, "h_{t−1}, x_t", size=12, anchor="end")
    d.arrow((116, row), (116, y), Stroke(ORANGE), gap=21, end_gap=RING + 2)
    share = Label("1 − z_t", shift=-9, size=12)
    d.arrow((116, mid), (228, mid), Stroke(PURPLE), share, gap=0, end_gap=RING + 2)
    d.arrow((228, row), (228, mid), Stroke(BLUE), gap=21, end_gap=RING + 2)
    d.arrow((228, mid), (228, y), Stroke(PURPLE), gap=RING, end_gap=RING + 2)
    d.arrow((340, row), (228, row), Stroke(RED), gap=29, end_gap=31)
    for place, sign, color in (
        ((116, y), "×", ORANGE),
        ((228, y), "+", PURPLE),
        ((228, mid), "×", PURPLE),
    ):
        operator(d, place, sign, color)
    small_box(d, (116, row), "z_t", keeps, ORANGE)
    small_box(d, (228, row), "n_t", candidate, BLUE)
    small_box(d, (340, row), "r_t", say("重置", "reset"), RED)
    return d.svg()


def adding(m: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """Eight numbers and their marks, and the sums of the two that are marked."""
    xs, samples = np.zeros((8, m, 2)), np.arange(m)
    xs[..., 0] = rng.random((8, m))
    xs[rng.integers(4, size=m), samples, 1] = 1
    xs[rng.integers(4, 8, size=m), samples, 1] = 1
    return xs, np.sum(xs[..., 0] * xs[..., 1], axis=0)


def trained(seed: int, rate: float) -> Params:
    """A GRU that has learned to add, by Adam."""
    rng = np.random.default_rng(1)
    p: Params = {
        **gru.init(2, 9, np.random.default_rng(seed)),
        "w": np.zeros(9),
        "b_out": np.zeros(1),
    }
    state, errors = optimizers.init(p), list[float]()
    while len(errors) < 20 or np.mean(errors[-20:]) >= 0.1:
        xs, y = adding(16, rng)
        hs, cache = gru.forward(p, xs, np.zeros((16, 9)))
        off = hs[-1] @ p["w"] + p["b_out"] - y
        errors.append(6 * float(np.mean(off**2)))
        do, dhs = off / 8, np.zeros_like(hs)
        dhs[-1] = np.outer(do, p["w"])
        grads, _, _ = gru.backward(p, cache, dhs)
        grads |= {"w": do @ hs[-1], "b_out": np.sum(do, keepdims=True)}
        p, state = optimizers.adam(p, grads, state, rate)
    return p


def update_gates(p: Params) -> tuple[float, float]:
    """The mean share written at unmarked numbers, and at marked ones."""
    xs, _ = adding(1000, np.random.default_rng(9))
    _, kept = gru.forward(p, xs, np.zeros((1000, 9)))
    z, marked = blocks(kept.gates, 3)[1], xs[..., 1] == 1
    return float(1 - np.mean(z[~marked])), float(1 - np.mean(z[marked]))


@cache
def shares_written() -> list[tuple[float, float]]:
    """The means of an untrained GRU, then of nine trained ones, in the order of the page."""
    start = gru.init(2, 9, np.random.default_rng(0))
    runs = [trained(seed, rate) for rate in (0.05, 0.1, 0.2) for seed in range(3)]
    return [update_gates(p) for p in (start, *runs)]


@figure
def gates(say: Say) -> str:
    """How much the update gates let write, at marked numbers and at the others."""
    fig, ax = chart(4.6, 2.5)
    groups = (1.7, 5.2, 8.7)  # a learning rate each
    places = [0.0, *(start + k for start in groups for k in range(3))]
    for place, (other, at_mark) in zip(places, shares_written(), strict=True):
        ax.plot((place, place), (other, at_mark), color=MUTED, linewidth=1)
        ax.plot(place, other, "o", color=INK, markersize=6, markerfacecolor="none")
        ax.plot(place, at_mark, "o", color=INK, markersize=6)
    ax.text(11.2, 0.06, say("不带标记", "unmarked"), color=INK, va="center", fontsize=9.5)
    ax.text(11.2, 0.15, say("带标记", "marked"), color=INK, va="center", fontsize=9.5)
    ax.set_xticks([0, 2.7, 6.2, 9.7], [say("未训练", "untrained"), "0.05", "0.1", "0.2"])
    ax.set_xlabel(say("训练之后，按学习率", "trained, by the learning rate"))
    ax.tick_params(axis="x", length=0)
    ax.grid(visible=False, axis="x")
    ax.set_xlim(-1, 13.8)
    ax.set_yscale("log")
    ax.minorticks_off()
    ax.set_ylim(0.03, 0.7)
    ax.set_yticks([0.05, 0.1, 0.2, 0.5], ["0.05", "0.1", "0.2", "0.5"])
    ax.set_ylabel(say("写进的份额", "share written"))
    return svg(fig)
