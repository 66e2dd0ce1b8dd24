"""Drawings of ``gru.md``: the cell, with the numbers of one step."""

import numpy as np

from engine.figures import Say, figure
from figures import lstm
from figures.diagram import Diagram, Label, Stroke
from figures.lstm import (
    BUS,
    GATES,
    HEIGHT,
    LEFT,
    LINE,
    NEW,
    OLD,
    RING,
    SIDE,
    STATE,
    TOP,
    WIDTH,
    WIRE,
    X_NEW,
    H,
    X,
    draw_input,
    feed,
    operator,
    pair,
    valued,
)
from figures.palette import BLUE, GREEN
from snippets import gru
from snippets.lstm import blocks

#: The example of the LSTM, its first three blocks: reset, update and candidate.
PARAMS = {
    "W_x": lstm.PARAMS["W_x"][:, :6],
    "W_h": lstm.PARAMS["W_h"][:, :6],
    "b_x": lstm.PARAMS["b"][:6],
    "b_h": np.zeros(6),
}


@figure
def cell(say: Say) -> str:
    """The GRU with the numbers of one step."""
    (h,), kept = gru.forward(PARAMS, X[None], H)
    r, z, n = (gate[0] for gate in blocks(kept.gates, 3))
    z_box, r_box, n_box = (136, GATES), (208, GATES), (280, GATES)
    keep, add, write, split = (136, LINE), (280, LINE), (280, 132), (136, 132)
    stroke = Stroke(BLUE)
    d = Diagram(WIDTH, HEIGHT)
    d.arrow(OLD, keep, STATE, gap=SIDE, end_gap=RING + 1)
    d.arrow(keep, add, STATE, gap=RING, end_gap=RING + 1)
    d.arrow(add, NEW, STATE, gap=RING, end_gap=SIDE + 1)
    d.arrow(OLD, X_NEW, WIRE, gap=TOP + 2, end_gap=12)
    d.arrow((LEFT, BUS), (z_box[0], BUS), WIRE, gap=0)
    d.arrow((z_box[0], BUS), (n_box[0], BUS), WIRE, gap=0)
    for box in (z_box, r_box, n_box):
        feed(d, box)
    d.arrow(z_box, keep, stroke, gap=TOP, end_gap=RING + 2)
    d.arrow(split, write, stroke, Label("1 − z_t"), gap=0, end_gap=RING + 2)
    d.arrow(n_box, write, stroke, gap=TOP, end_gap=RING + 2)
    d.arrow(write, add, stroke, gap=RING, end_gap=RING + 2)
    d.arrow(r_box, n_box, stroke, gap=SIDE, end_gap=SIDE + 2)
    operator(d, keep, "×", BLUE)
    operator(d, add, "+", BLUE)
    operator(d, write, "×", BLUE)
    pair(d, (208, LINE - 26), z * H)
    pair(d, (318, 103), (1 - z) * n)
    valued(d, OLD, "h_{t−1}", H, GREEN)
    valued(d, NEW, "h_t", h, GREEN)
    draw_input(d, "x_t", X[0])
    for box, name, values, squash, word in (
        (z_box, "z_t", z, "σ", say("更新门", "update")),
        (r_box, "r_t", r, "σ", say("重置门", "reset")),
        (n_box, "n_t", n, "tanh", say("候选值", "candidate")),
    ):
        valued(d, box, name, values, BLUE, squash, word)
    return d.svg()
