"""The drawings of ``cnn.md``."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from sklearn.datasets import load_digits, load_sample_image

from engine.figures import Frame, Say, figure, stepper
from figures.chart import bare, chart, svg
from figures.diagram import Diagram
from figures.numbers import number
from figures.palette import BLUE, GREEN, GRID, INK, MUTED, ORANGE, variable
from snippets.activations import relu, softmax
from snippets.convolution import (
    conv2d,
    conv2d_backward,
    cross_correlate,
    max_pool,
    max_pool_backward,
    output_size,
)

Array = NDArray[np.float64]

PICTURE = np.array([[1, 1, 1, 7, 7]] * 3 + [[1, 1, 1, 1, 1]] * 2)
SOBEL = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
#: The kernel whose matrix is drawn: every entry is another number.
STAMP = np.arange(1, 10).reshape(3, 3)


def grid(
    drawing: Diagram,
    a: Array | list[list[str]],
    left: float,
    top: float,
    cell: float,
    color: str = GRID,
    size: float = 14,
) -> None:
    """A table of numbers, one box each."""
    for i, row in enumerate(a):
        for j, entry in enumerate(row):
            label = entry if isinstance(entry, str) else number(entry, 0)
            x, y = left + (j + 0.5) * cell, top + (i + 0.5) * cell
            drawing.box(x, y, cell - 3, cell - 3, label, color=color, size=size)


def frame(
    drawing: Diagram, left: float, top: float, width: float, height: float, color: str
) -> None:
    """A thick outline that leaves what is inside visible."""
    right, bottom = left + width, top + height
    for x1, y1, x2, y2 in (
        (left, top, right, top),
        (right, top, right, bottom),
        (right, bottom, left, bottom),
        (left, bottom, left, top),
    ):
        drawing.line((x1, y1), (x2, y2), color=color, width=3)


def products(window: Array) -> str:
    """The sum of products of a window and the kernel, without those that are zero."""
    terms = [
        f"{'−' if weight < 0 else '+'} {abs(weight)}·{pixel}"
        for weight, pixel in zip(SOBEL.flat, window.flat, strict=True)
        if weight
    ]
    return " ".join(terms).removeprefix("+ ").replace("− ", "−", 1)


@stepper
def sliding(say: Say) -> list[Frame]:
    """The kernel of the page on its picture, window by window."""
    Y = cross_correlate(PICTURE, SOBEL)
    frames = []
    cell, top = 34, 34
    for place, (i, j) in enumerate(np.ndindex(Y.shape)):
        drawing = Diagram(430, 262)
        drawing.text(88, 16, say("图片 I", "picture I"), size=13, color=MUTED)
        drawing.text(240, 16, say("核 K", "kernel K"), size=13, color=MUTED)
        drawing.text(366, 16, say("输出 Y", "output Y"), size=13, color=MUTED)
        grid(drawing, PICTURE, 3, top, cell)
        frame(drawing, 3 + j * cell, top + i * cell, 3 * cell, 3 * cell, ORANGE)
        grid(drawing, SOBEL, 195, top + cell, 30, color=ORANGE, size=13)
        known = [
            [number(Y[r, q], 0) if 3 * r + q <= place else "" for q in range(3)] for r in range(3)
        ]
        grid(drawing, known, 308, top + cell - 6, 38)
        frame(drawing, 308 + j * 38, top + cell - 6 + i * 38, 38, 38, BLUE)
        window, total = PICTURE[i : i + 3, j : j + 3], number(float(Y[i, j]), 0)
        drawing.text(215, 228, products(window), size=14)
        drawing.text(215, 250, f"Y_{{{i}{j}}} = {total}", size=14, bold=True)
        caption = say(
            f"窗口 ({i}, {j})：九个乘积之和是 {total}；核里是 0 的项没有写出。",
            f"Window ({i}, {j}): the nine products add up to {total}; those with a 0 of "
            "the kernel are not written.",
        )
        frames.append(Frame(caption, drawing.svg()))
    return frames


def small_photo() -> Array:
    """The photograph of the page, with blocks of 2 × 2 pixels averaged, in grey."""
    photo = load_sample_image("china.jpg")[:426] / 255
    grey: Array = photo.reshape(213, 2, 320, 2, 3).mean(axis=(1, 3)).mean(axis=2)
    return grey


@figure
def edges(say: Say) -> str:
    grey = small_photo()
    strength = np.hypot(cross_correlate(grey, SOBEL), cross_correlate(grey, SOBEL.T))
    drawing, (before, after) = chart(4.4, 1.75, 1, 2)
    for axes, image, top, title in (
        (before, grey, 1, say("之前：亮度", "before: brightness")),
        (after, strength, 2, say("之后：边缘强度", "after: strength of edges")),
    ):
        bare(axes)
        levels = np.round(np.clip(image / top, 0, 1) * 63) / 63
        axes.imshow(levels, "gray", vmin=0, vmax=1, interpolation="nearest")
        axes.set_title(title)
    return svg(drawing)


@figure
def strides(say: Say) -> str:
    """Windows along one row of pixels, for three choices of k, s and p."""
    drawing = Diagram(430, 296)
    cell = 32
    for row, (n, k, s, p) in enumerate(((8, 3, 2, 0), (8, 3, 2, 1), (6, 2, 1, 1))):
        top, count = 14 + row * 108, output_size(n, k, s, p)
        left = 215 - (n + 2 * p) * cell / 2
        used = (count - 1) * s + k
        for pixel in range(n + 2 * p):
            zero = not p <= pixel < n + p
            label = "0" if zero else f"I_{{{pixel - p}}}"
            color = MUTED if zero or pixel >= used else BLUE
            x = left + (pixel + 0.5) * cell
            drawing.box(x, top + 30, cell - 5, cell - 5, label, color=color, dashed=zero, size=13)
        for i in range(count):
            start, y = left + i * s * cell + 5, top + 51 + 7 * (i % k)
            drawing.line((start, y), (start + k * cell - 10, y), color=ORANGE, width=3)
        unseen = n + 2 * p - used
        text = f"n = {n}, k = {k}, s = {s}, p = {p}:  n′ = {count}"
        text += say(f"，剩下 {unseen} 个", f", {unseen} left over") if unseen else ""
        drawing.text(215, top + 4, text, size=13, color=INK)
    return drawing.svg()


def rectangles(cells: Iterable[tuple[float, float, str, float]], size: float) -> str:
    """Coloured squares of one size: x, y, colour, opacity; plain SVG in the palette's variables."""
    return "".join(
        f'<rect x="{x:g}" y="{y:g}" width="{size:g}" height="{size:g}" '
        f'fill="{variable(color)}" fill-opacity="{opacity:.2f}"/>'
        for x, y, color, opacity in cells
    )


def drawn(width: float, height: float, parts: str) -> str:
    return (
        f'<svg viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}" '
        f'xmlns="http://www.w3.org/2000/svg">{parts}</svg>'
    )


def outline(x: float, y: float, width: float, height: float) -> str:
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" fill="none" '
        f'stroke="{variable(MUTED)}" stroke-width="1"/>'
    )


@figure
def dense_matrix(say: Say) -> str:
    """T for a picture of 5 × 5 pixels and the kernel 1 … 9, from its columns."""
    units = np.eye(25).reshape(25, 5, 5)
    T = np.array([cross_correlate(unit, STAMP).ravel() for unit in units]).T
    size, left, top = 15.6, 35.0, 22.0
    cells, labels = [], []
    for (row, column), entry in np.ndenumerate(T):
        if not entry:
            continue
        x, y = left + column * size, top + row * size
        u, v = divmod(int(entry) - 1, 3)
        color = (BLUE, ORANGE, GREEN)[u]
        cells.append((x + 0.5, y + 0.5, color, (0.25, 0.5, 0.75)[v]))
        labels.append(
            f'<text x="{x + size / 2:.1f}" y="{y + size / 2 + 4:.1f}" font-size="11" '
            f'text-anchor="middle" fill="{variable(INK)}">{entry:.0f}</text>'
        )
    lines = "".join(
        f'<path d="M{left + k * 5 * size:g} {top:g}V{top + 9 * size:g}" '
        f'stroke="{variable(MUTED)}" stroke-width="0.8"/>'
        for k in range(1, 5)
    )
    lines += "".join(
        f'<path d="M{left:g} {top + k * 3 * size:g}H{left + 25 * size:g}" '
        f'stroke="{variable(MUTED)}" stroke-width="0.8"/>'
        for k in range(1, 3)
    )
    names = "".join(
        f'<text x="{left + (k + 0.5) * 5 * size:.1f}" y="14" font-size="11.5" '
        f'text-anchor="middle" fill="{variable(INK)}">{say(f"图片第 {k} 行", f"row {k}")}</text>'
        for k in range(5)
    )
    names += "".join(
        f'<text x="{left - 5:.1f}" y="{top + (k + 0.5) * 3 * size + 4:.1f}" font-size="11.5" '
        f'text-anchor="end" fill="{variable(INK)}">Y, {k}</text>'
        for k in range(3)
    )
    frame = outline(left, top, 25 * size, 9 * size)
    return drawn(
        430,
        top + 9 * size + 4,
        rectangles(cells, size - 1) + lines + frame + "".join(labels) + names,
    )


def trained() -> list[Array]:
    """The network with the large pooling window, trained as on the page."""
    digits = load_digits()
    keep = np.arange(digits.target.size) % 4 != 3
    x, y = digits.images[keep][:, None] / 16, digits.target[keep]
    rng = np.random.default_rng(0)
    K = rng.normal(size=(16, 1, 5, 5)) / 5
    parameters = [K, np.zeros(16), rng.normal(size=(10, 16)) / 4, np.zeros(10)]
    rng = np.random.default_rng(1)
    for _ in range(8):
        for part in np.array_split(rng.permutation(len(y)), 134):
            K, b, V, a = parameters
            h = relu(conv2d(x[part], K, b, padding=2))
            features = max_pool(h, 8).reshape(len(part), -1)
            do = (softmax(features @ V.T + a) - np.eye(10)[y[part]]) / len(part)
            dh = max_pool_backward((do @ V)[:, :, None, None], h, 8)
            _, dK, db = conv2d_backward(dh * (h > 0), x[part], K, padding=2)
            steps = (dK, db, do.T @ features, do.sum(axis=0))
            parameters = [p - 0.15 * step for p, step in zip(parameters, steps, strict=True)]
    return parameters


@figure
def kernels(say: Say) -> str:
    K = trained()[0][:, 0]
    size, gap, parts = 9.0, 8.0, ""
    side = 5 * size
    for place, kernel in enumerate(K):
        row, column = divmod(place, 8)
        left, top = 3 + column * (side + gap), 3 + row * (side + gap)
        strongest = np.max(np.abs(kernel))
        cells = [
            (left + v * size, top + u * size, BLUE if w > 0 else ORANGE, abs(w) / strongest)
            for (u, v), w in np.ndenumerate(kernel)
        ]
        parts += rectangles(cells, size) + outline(left, top, side, side)
    return drawn(6 + 8 * side + 7 * gap, 6 + 2 * side + gap, parts)
