"""Drawings of ``attention.md``: a look-up, a block, and what a trained Transformer looks at."""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from matplotlib.patches import Rectangle

from engine.figures import Frame, Say, figure, stepper
from figures.chart import chart, svg
from figures.diagram import Diagram, Stroke
from figures.numbers import number, short
from figures.palette import BLUE, GREEN, INK, MUTED, ORANGE, PAPER, PURPLE, RED
from snippets import lstm, optimizers
from snippets.activations import softmax
from snippets.attention import attention, causal_mask, positions
from snippets.clipping import clip_by_global_norm
from snippets.transformer import init_transformer, transformer, transformer_backward

Array = np.ndarray[Any, np.dtype[np.float64]]
Params = dict[str, Array]

#: The page's three words, and how they are drawn.
K = np.array([[2.0, 0.0], [0.0, 1.0], [0.0, 2.0]])
V = np.array([[1.0, 0.0], [0.5, 0.5], [0.0, 1.0]])
QUERY = np.array([2.0, 1.0])
COLORS = (BLUE, MUTED, GREEN)

#: Letters in the longest list of the opening picture, and steps of training.
LENGTHS, STEPS = (5, 10, 20), 200


def copying(T: int, m: int, rng: np.random.Generator) -> tuple[Any, Any]:
    letters = rng.integers(4, size=(m, T))
    mark = np.full((m, 1), 4)
    s = np.concatenate([letters, mark, letters], axis=1)
    return s[:, :-1], s[:, 1:]


def gradient(logits: Array, y: Any) -> Array:
    """Of the mean cross-entropy of all letters that are given."""
    hot = np.eye(5)[y]
    d: Array = (softmax(logits) - hot) / y.size
    return d


@cache
def trained(T: int) -> Params:
    """The page's training."""
    rng = np.random.default_rng(0)
    p = init_transformer(5, 16, rng)
    state = optimizers.init(p)
    for _ in range(STEPS):
        x, y = copying(T, 16, rng)
        logits, kept = transformer(p, x, positions(2 * T, 16), causal_mask(2 * T))
        d = np.zeros_like(logits)
        d[:, T:] = gradient(logits[:, T:], y[:, T:])
        p, state = optimizers.adam(p, transformer_backward(p, kept, d), state, 0.02)
    return p


def lstm_logits(p: Params, x: Any) -> tuple[Array, Array, Any]:
    zero = np.zeros((len(x), len(p["W_h"])))
    hs, _, kept = lstm.forward(p, np.eye(5)[x.T], zero, zero)
    return hs @ p["W_q"] + p["b_q"], hs, kept


def trained_lstm(T: int) -> Params:
    """An LSTM of about the same size on the same task."""
    rng = np.random.default_rng(0)
    p = lstm.init(5, 26, rng, 3.0)
    p |= {"W_q": rng.uniform(-0.2, 0.2, (26, 5)), "b_q": np.zeros(5)}
    state = optimizers.init(p)
    for _ in range(STEPS):
        x, y = copying(T, 16, rng)
        logits, hs, kept = lstm_logits(p, x)
        d = np.zeros_like(logits)
        d[T:] = gradient(logits[T:], y.T[T:])
        grads, *_ = lstm.backward(p, kept, d @ p["W_q"].T)
        grads |= {"W_q": np.einsum("tmh,tmq->hq", hs, d), "b_q": d.sum(axis=(0, 1))}
        clipped = clip_by_global_norm([grads[name] for name in p], 1.0)
        p, state = optimizers.adam(p, dict(zip(p, clipped, strict=True)), state, 0.02)
    return p


def share_right(T: int, logits_of: Callable[[Any], Array]) -> float:
    """Of the letters in the second half of 500 lists."""
    x, y = copying(T, 500, np.random.default_rng(1))
    return float(np.mean(np.argmax(logits_of(x), axis=-1)[:, T:] == y[:, T:]))


def share_of_transformer(T: int) -> float:
    P, mask = positions(2 * T, 16), causal_mask(2 * T)
    return share_right(T, lambda x: transformer(trained(T), x, P, mask)[0])


def share_of_lstm(T: int) -> float:
    p = trained_lstm(T)
    return share_right(T, lambda x: lstm_logits(p, x)[0].swapaxes(0, 1))


@figure
def copying_lists(say: Say) -> str:
    """The task that opens the page: the LSTM falls back as the lists grow."""
    ours = [share_of_transformer(T) for T in LENGTHS]
    theirs = [share_of_lstm(T) for T in LENGTHS]
    fig, ax = chart(4.6, 2.6)
    ax.axhline(0.25, color=MUTED, linestyle=":", linewidth=1)
    for shares, color, name, lift in (
        (ours, GREEN, "Transformer", -10),
        (theirs, RED, "LSTM", 10),
    ):
        ax.plot(LENGTHS, shares, "o-", color=color, markersize=5)
        ax.annotate(
            name,
            (LENGTHS[1], shares[1]),
            xytext=(4, lift),
            textcoords="offset points",
            color=color,
            va="center",
            fontsize=9.5,
        )
    ax.set(xlim=(4, 21), ylim=(0, 1.05), xticks=LENGTHS, yticks=[0, 0.25, 0.5, 0.75, 1])
    ax.set_xlabel(say("要复述的字母数", "letters in the list"))
    ax.set_ylabel(say("正确的比例", "share right"))
    return svg(fig)


@figure
def weights(say: Say) -> str:
    """Where each place looks, in the page's run."""
    T = 10
    x, _ = copying(T, 1, np.random.default_rng(1))
    _, kept = transformer(trained(T), x, positions(2 * T, 16), causal_mask(2 * T))
    seen = kept.block.heads.inner.A[0, 0]
    fig, ax = chart(4.3, 4.1)
    for i, j in np.argwhere(seen > 0.005):
        shade = float(seen[i, j])
        ax.add_patch(Rectangle((j, i), 1, 1, facecolor=BLUE, edgecolor="none", alpha=shade))
    ax.set(xlim=(0, 2 * T), ylim=(2 * T, 0))
    letters = ["abcd?"[k] for k in x[0]]
    middles = np.arange(2 * T) + 0.5
    ax.set_xticks(middles, letters, fontsize=8.5)
    ax.set_yticks(middles, letters, fontsize=8.5)
    ax.grid(False)
    ax.axhline(T, color=ORANGE, linewidth=1)
    ax.set_aspect("equal")
    ax.set_xlabel(say("看向哪一个位置（键）", "looks at this place (key)"))
    ax.set_ylabel(say("从哪一个位置看（查询）", "from this place (query)"))
    return svg(fig)


@figure
def places(say: Say) -> str:
    """The encodings of the page: three columns, and what two of them have in common."""
    P, middle = positions(41, 16), 20
    fig, (columns, products) = chart(5.4, 2.4, columns=2)
    for m, color in enumerate((BLUE, ORANGE, GREEN)):
        columns.plot(P[:, 2 * m], ".-", color=color, linewidth=1.2, markersize=3.5)
    columns.set(xlim=(0, 40), ylim=(-1.1, 1.1), yticks=[-1, 0, 1])
    columns.set_xlabel(say("位置 t", "place t"))
    columns.set_title(say("三对的正弦列", "sine columns of three pairs"))
    distances = np.arange(-middle, middle + 1)
    products.plot(distances, P @ P[middle], ".-", color=PURPLE, linewidth=1.2, markersize=3.5)
    products.set(xlim=(-middle, middle), ylim=(0, 8.5))
    products.set_xlabel(say("距离 δ", "distance δ"))
    products.set_title(say("两个编码的点积", "dot product of two"))
    return svg(fig)


def pair(values: Array) -> str:
    return f"({short(values[0], 3)}, {short(values[1], 3)})"


@stepper
def look_up(say: Say) -> list[Frame]:
    """How “drinks” asks the three words."""
    answer, kept = attention(QUERY[None], K, V)
    s, a = QUERY @ K.T / np.sqrt(2), kept.A[0]
    words = (say("猫", "cat"), say("喝", "drinks"), say("奶", "milk"))
    captions = (
        say(
            "“喝”的查询摆在三个词的键旁边。",
            "The query of “drinks” beside the keys of the three words.",
        ),
        say(
            "分数：查询与每个键的点积，除以 √2。",
            "The scores: the dot product of the query with each key, divided by √2.",
        ),
        say(
            "取指数，全都变成正数，差距也拉大了。",
            "The exponentials: all are positive now, and further apart.",
        ),
        say(
            "除以总和，就是加起来等于 1 的权重。",
            "Divided by their sum they are the weights, which add up to 1.",
        ),
        say(
            "各个值按权重相加，就是“喝”得到的回答：大部分来自“猫”。",
            "The values, added up with these weights, are the answer to “drinks”: most of it "
            "comes from “cat”.",
        ),
    )
    frames = []
    for step, caption in enumerate(captions):
        d = Diagram(440, 268)
        d.box(64, 134, 96, 56, color=ORANGE)
        d.text(64, 123, say("“喝”问", "“drinks” asks"), size=11, color=ORANGE, bold=True)
        d.text(64, 145, f"q = {pair(QUERY)}", size=12.5)
        columns = (
            (272, say("分数 s", "score s"), [number(x, 2) for x in s]),
            (326, "e^s", [number(x, 2) for x in np.exp(s)]),
            (380, say("权重 a", "weight a"), [number(x, 3) for x in a]),
        )
        for x, name, _ in columns[: min(step, 3)]:
            d.text(x, 16, name, size=12, color=PURPLE, bold=True)
        for row, (word, color) in enumerate(zip(words, COLORS, strict=True)):
            y = 52 + 68 * row
            width = 1 + 5 * a[row] if step >= 3 else 1.4
            d.arrow((112, 134), (150, y), Stroke(color, width), gap=2, end_gap=2)
            d.box(194, y, 84, 50, color=color)
            d.text(194, y - 11, word, size=13, color=INK, bold=True)
            value = step == 4
            shown = f"v = {pair(V[row])}" if value else f"k = {pair(K[row])}"
            d.text(194, y + 10, shown, size=11.5)
            for x, _, entries in columns[: min(step, 3)]:
                d.text(x, y, entries[row], size=12.5)
        if step == 2:
            d.text(326, 246, f"Σ = {number(float(np.exp(s).sum()), 2)}", size=12.5, color=PURPLE)
        if step == 3:
            d.text(380, 246, f"Σ = {short(float(a.sum()))}", size=12.5, color=PURPLE)
        if step == 4:
            d.text(
                220, 246, f"o = {pair(np.round(answer[0], 3))}", size=14, color=PURPLE, bold=True
            )
        frames.append(Frame(caption, d.svg()))
    return frames


@figure
def block(say: Say) -> str:
    """At each place the residual path; beside it layer norm, attention, layer norm and MLP."""
    d = Diagram(440, 446)
    places = [(x, x + 74) for x in (28, 172, 316)]
    for k, (x, _) in enumerate(places):
        d.arrow((x, 424), (x, 22), Stroke(GREEN, 2.4), gap=14, end_gap=15)
        for y, name in ((424, f"x_{k}"), (22, f"y_{k}")):
            d.box(x, y, 46, 28, name, color=GREEN)
    for leave, low, high, back, color, name in (
        (388, 358, 268, 230, BLUE, say("注意力", "attention")),
        (204, 176, 126, 88, ORANGE, "MLP"),
    ):
        for i, (x, side) in enumerate(places):
            d.arrow((x, leave), (side, leave), Stroke(MUTED, head=False), gap=0)
            d.arrow((side, leave), (side, low), gap=0, end_gap=13)
            d.box(side, low, 82, 24, say("层归一化", "layer norm"), color=MUTED, size=12)
            for j in range(i + 1):  # the causal mask
                if i == j or color == BLUE:
                    start, end = (places[j][1], low - 12), (side - 16 * (i - j), high + 15)
                    d.arrow(start, end, Stroke(color), gap=1, end_gap=3)
            d.box(side, high, 82, 30, color=color, filled=True)
            d.text(side, high, name, size=13, color=PAPER, bold=True)
            d.arrow((side, high), (side, back), Stroke(color, head=False), gap=15, end_gap=0)
            d.arrow((side, back), (x, back), Stroke(color), gap=0, end_gap=12)
            d.node(x, back, "+", color=color, radius=10, size=14)
    return d.svg()


@figure
def heads(say: Say) -> str:
    """Two heads: each takes its own half of the columns, and their answers stand side by side."""
    d = Diagram(440, 232)
    halves = ((-18, 132, 202, BLUE, "O^1"), (18, 308, 238, ORANGE, "O^2"))
    for x, name in ((76, "X W_q"), (220, "X W_k"), (364, "X W_v")):
        d.text(x, 12, name, size=13, color=INK)
        for shift, attends, _, color, _ in halves:
            d.arrow((x + shift, 70), (attends + (x - 220) / 6, 106), Stroke(color), gap=2)
            d.box(x + shift, 48, 36, 44, color=color)
    for _, x, place, color, answer in halves:
        d.box(x, 122, 96, 30, color=color, filled=True)
        d.text(x, 122, say("注意力", "attention"), size=13, color=PAPER, bold=True)
        d.arrow((x, 138), (place, 176), Stroke(color), gap=0, end_gap=3)
        d.box(place, 200, 36, 44, answer, color=color, size=13)
    d.text(166, 200, "H =", size=13, color=INK)
    d.arrow((258, 200), (302, 200), gap=2, end_gap=2)
    d.text(328, 200, "H W_o", size=13, color=INK)
    return d.svg()
