"""The drawings of ``cnn.md``."""

from collections.abc import Iterable
from functools import cache

import numpy as np
from numpy.typing import NDArray
from sklearn.datasets import load_digits, load_sample_image

from engine.figures import Explorer, Frame, Say, Slider, explorer, figure, stepper
from figures.chart import bare, chart, svg
from figures.diagram import Diagram
from figures.numbers import number
from figures.palette import BLUE, GREEN, GRID, INK, MUTED, ORANGE, PAPER, PURPLE, RED, variable
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
    drawing: Diagram,
    left: float,
    top: float,
    width: float,
    height: float,
    color: str,
    line: float = 3,
) -> None:
    """A thick outline that leaves what is inside visible."""
    right, bottom = left + width, top + height
    for x1, y1, x2, y2 in (
        (left, top, right, top),
        (right, top, right, bottom),
        (right, bottom, left, bottom),
        (left, bottom, left, top),
    ):
        drawing.line((x1, y1), (x2, y2), color=color, width=line)


def products(window: Array) -> str:
    """The nine products of a window and the kernel, as a sum."""
    terms = [
        f"{'−' if weight < 0 else '+'} {abs(weight)}·{pixel}"
        for weight, pixel in zip(SOBEL.flat, window.flat, strict=True)
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
        drawing.text(215, 228, products(window), size=12.5)
        drawing.text(215, 250, f"Y_{{{i}{j}}} = {total}", size=14, bold=True)
        caption = say(
            f"窗口 ({i}, {j})：九个乘积之和是 {total}。",
            f"Window ({i}, {j}): the nine products add up to {total}.",
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


@explorer
def strides(say: Say) -> Explorer:
    """Windows along one row of pixels, and their outputs, for a choice of k, s and p."""
    n, cell = 8, 32

    def frame(k: int, s: int, p: int) -> Frame:
        drawing = Diagram(400, 150)
        count = output_size(n, k, s, p)
        left = 200 - (n + 2 * p) * cell / 2
        read = {i * s + u for i in range(count) for u in range(k)}
        for pixel in range(n + 2 * p):
            zero = not p <= pixel < n + p
            label = "0" if zero else f"I_{{{pixel - p}}}"
            color = BLUE if pixel in read and not zero else MUTED
            x = left + (pixel + 0.5) * cell
            drawing.box(x, 22, cell - 5, cell - 5, label, color=color, dashed=zero, size=13)
        rows = -(-k // s)  # windows that overlap stand in different rows
        for i in range(count):
            start, y = left + i * s * cell + 4, 44 + 9 * (i % rows)
            middle = start + k * cell / 2 - 4
            drawing.line((start, y), (start + k * cell - 8, y), color=ORANGE, width=3)
            drawing.line((middle, y), (middle, 112), color=ORANGE, width=1.2)
            drawing.box(middle, 126, 27, 27, f"Y_{{{i}}}", color=ORANGE, size=13)
        zeros = say(f"和 {2 * p} 个零", f" and {2 * p} zeros") if p else ""
        same = say("，和像素一样多", ", as many as pixels") if count == n else ""
        unseen = n + 2 * p - len(read)
        are = "square is" if unseen == 1 else "squares are"
        more = say(f"；有 {unseen} 格没有用到", f"; {unseen} {are} never read") if unseen else ""
        text = say(
            f"k = {k}，s = {s}，p = {p}：由 {n} 个像素{zeros}得到 {count} 个输出{same}{more}。",
            f"k = {k}, s = {s}, p = {p}: {n} pixels{zeros} give {count} outputs{same}{more}.",
        )
        return Frame(text, drawing.svg())

    sliders = (
        Slider(say("核的边长 k", "kernel size k"), (1, 2, 3, 4, 5), 3),
        Slider(say("步幅 s", "stride s"), (1, 2, 3), 2),
        Slider(say("填充 p", "padding p"), (0, 1, 2), 0),
    )
    return Explorer(sliders, frame, [(3, 2, 1), (3, 1, 1), (2, 1, 1)])


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


def shade(entries: Array, strongest: float, left: float, top: float, size: float) -> str:
    """A small picture in the ink of the page: the larger an entry, the darker its square."""
    cells = [
        (left + j * size, top + i * size, INK, 0.9 * entry / strongest)
        for (i, j), entry in np.ndenumerate(entries)
        if entry > 0
    ]
    return rectangles(cells, size) + outline(
        left, top, entries.shape[1] * size, entries.shape[0] * size
    )


def signed(kernel: Array, left: float, top: float, size: float) -> str:
    """A kernel: blue where it is positive, orange where it is negative."""
    strongest = np.max(np.abs(kernel))
    cells = [
        (left + v * size, top + u * size, BLUE if w > 0 else ORANGE, abs(w) / strongest)
        for (u, v), w in np.ndenumerate(kernel)
    ]
    return rectangles(cells, size) + outline(
        left, top, kernel.shape[1] * size, kernel.shape[0] * size
    )


def words(x: float, y: float, text: str, size: float = 11.5, color: str = INK) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" text-anchor="middle" '
        f'fill="{variable(color)}">{text}</text>'
    )


def line(start: tuple[float, float], end: tuple[float, float], color: str = MUTED) -> str:
    (x1, y1), (x2, y2) = start, end
    return (
        f'<path d="M{x1:g} {y1:g}L{x2:g} {y2:g}" stroke="{variable(color)}" '
        f'stroke-width="1.3" fill="none"/>'
    )


@figure
def channels(say: Say) -> str:
    """Three input channels, two kernels with three slices each, two output channels."""
    parts = ""
    cell, shift, colors = 17.0, 15.0, (RED, GREEN, BLUE)

    def plane(left: float, top: float, n: int, color: str, size: float = cell) -> str:
        cells = [(left + j * size, top + i * size, color, 0.13) for i in range(n) for j in range(n)]
        grid_lines = "".join(
            line((left + k * size, top), (left + k * size, top + n * size), color)
            + line((left, top + k * size), (left + n * size, top + k * size), color)
            for k in range(n + 1)
        )
        paper = (
            f'<rect x="{left:g}" y="{top:g}" width="{n * size:g}" height="{n * size:g}" '
            f'fill="{variable(PAPER)}"/>'
        )
        return paper + rectangles(cells, size) + grid_lines

    for c, color in reversed(list(enumerate(colors))):
        left, top = 4 + (2 - c) * shift, 128 - (2 - c) * shift
        parts += plane(left, top, 5, color)
        window = [
            (left + (1 + v) * cell, top + u * cell, color, 0.55) for u in range(3) for v in range(3)
        ]
        parts += rectangles(window, cell - 1)
        parts += words(30 + c * 40, 243, f"c = {c}", 11, color=color)
    for d, middle in enumerate((70.0, 215.0)):
        for c, color in reversed(list(enumerate(colors))):
            left, top = 186 + (2 - c) * 12, middle - 18 - (2 - c) * 12
            parts += plane(left, top, 3, color, 15.0)
        shade_of = (ORANGE, PURPLE)[d]
        parts += words(222, middle + 44, say(f"核 d = {d}", f"kernel d = {d}"))
        parts += line((134, 143), (182, middle + 6), shade_of)
        parts += line((258, middle), (340, 84 + d * 92), shade_of)
    for d, color in ((1, PURPLE), (0, ORANGE)):
        left, top = 342, 74 + d * 92
        parts += plane(left, top, 3, color)
        parts += rectangles([(left + cell, top, color, 0.9)], cell)
        parts += words(left + 3 * cell + 22, top + 1.5 * cell + 4, f"d = {d}", 11)
    parts += words(66, 24, say("输入：3 个通道", "input: 3 channels"))
    parts += words(222, 14, say("2 个核，各 3 层", "2 kernels, 3 slices each"))
    parts += words(372, 58, say("输出：2 个通道", "output: 2 channels"))
    parts += words(372, 240, say("每格：27 个乘积", "each cell: 27 products"))
    parts += words(372, 256, say("相加，再加 b", "added up, plus the bias"))
    return drawn(450, 270, parts)


@figure
def pooling(say: Say) -> str:
    """A response that moves by one and by two columns, and what windows of two leave of it."""
    drawing = Diagram(430, 300)
    start = np.zeros((4, 4))
    start[0, 0], start[1, 0], start[2, 2], start[3, 2] = 9, 4, 6, 2
    before = max_pool(start[None, None], 2)[0, 0]
    titles = (
        say("响应", "response"),
        say("右移一格", "one step right"),
        say("右移两格", "two steps right"),
    )
    for step, title in enumerate(titles):
        left = 6 + step * 144
        there = np.zeros((4, 4))
        there[:, step:] = start[:, : 4 - step]
        drawing.text(left + 66, 12, title, size=13)
        grid(drawing, there, left, 26, 33)
        drawing.line((left + 65, 24), (left + 65, 160), color=INK, width=1.6)
        drawing.line((left - 2, 91), (left + 134, 91), color=INK, width=1.6)
        after = max_pool(there[None, None], 2)[0, 0]
        drawing.arrow((left + 66, 162), (left + 66, 196), gap=2)
        for i, j in np.ndindex(2, 2):
            same = after[i, j] == before[i, j]
            color, value = GREEN if same else ORANGE, number(after[i, j], 0)
            drawing.box(left + 33 + 66 * j, 216 + 44 * i, 40, 38, value, color=color, size=15)
    return drawing.svg()


@figure
def backward(say: Say) -> str:
    """The nine outputs that one pixel enters, each with the entry of the kernel that it meets."""
    drawing = Diagram(430, 250)
    grid(drawing, [[""] * 5 for _ in range(5)], 4, 38, 34)
    drawing.text(89, 18, say("图片 I", "picture I"), size=13, color=MUTED)
    drawing.box(89, 123, 31, 31, "I_{22}", color=BLUE, filled=True)
    drawing.text(328, 18, say("九个窗口各给一份", "a share from each window"), size=13, color=MUTED)
    for i, j in np.ndindex(3, 3):
        x, y = 231 + j * 76, 64 + i * 62
        left, top = x - 32, y - 15
        drawing.box(x, y, 72, 56, "", color=GRID)
        frame(drawing, left, top, 30, 30, MUTED, line=1)
        frame(drawing, left + j * 6, top + i * 6, 18, 18, ORANGE, line=1.8)
        drawing.box(left + 15, top + 15, 5, 5, "", color=BLUE, filled=True)
        drawing.text(x + 18, y - 10, f"G_{{{i}{j}}} ·", size=13)
        drawing.text(x + 18, y + 11, f"K_{{{2 - i}{2 - j}}}", size=13, color=ORANGE)
    drawing.arrow((193, 123), (89, 123), gap=2, end_gap=20)
    drawing.text(
        215, 238, say("九份之和是对 I_{22} 的梯度", "their sum is the gradient of I_{22}"), size=13
    )
    return drawing.svg()


@figure
def network(say: Say) -> str:
    """The network of the digits with its shapes, for both sizes of the pooling window."""
    drawing = Diagram(430, 330)
    for row, (t, side) in enumerate(((2, 4), (8, 1))):
        middle = 78 + row * 162
        drawing.text(
            215,
            middle - 66,
            say(
                f"t = {t}：最后一层区分 {side**2} 个位置",
                f"t = {t}: the last layer tells {side**2} places apart",
            )
            if side > 1
            else say(
                f"t = {t}：最后一层不知道位置", f"t = {t}: the last layer does not know the place"
            ),
            size=13,
            bold=True,
        )
        columns = (
            (36, 8, 1, say("图片", "picture"), "1 × 8 × 8"),
            (150, 8, 16, say("卷积，ReLU", "convolution, ReLU"), "16 × 8 × 8"),
            (276, side, 16, say("最大池化", "max pooling"), f"16 × {side} × {side}"),
        )
        for x, n, count, name, shape in columns:
            for layer in reversed(range(min(count, 5))):
                drawing.box(
                    x + layer * 5 - 8 * (count > 1),
                    middle - layer * 5 + 4,
                    7 * n,
                    7 * n,
                    color=BLUE if count > 1 else MUTED,
                )
            drawing.text(x, middle + 50, name, size=12)
            drawing.text(x, middle + 67, shape, size=12, color=MUTED)
        for k in range(10):
            drawing.box(382, middle - 38 + k * 8.4, 14, 5, color=ORANGE)
        drawing.text(380, middle + 50, say("全连接，softmax", "dense, softmax"), size=12)
        drawing.text(380, middle + 67, "10", size=12, color=MUTED)
        for left, right in ((70, 110), (194, 240), (310, 368)):
            drawing.arrow((left, middle), (right, middle), gap=2)
    return drawing.svg()


@figure
def lenet(say: Say) -> str:
    """LeNet-5 to scale: convolutions and pooling in turn, then a dense layer and the outputs."""
    drawing = Diagram(430, 150)
    conv, pool = say("卷积", "conv."), say("池化", "pool")
    dense = say("全连接", "dense")
    layers = (
        (conv, 6, 5, 1),
        (pool, 6, 2, 2),
        (conv, 16, 5, 1),
        (pool, 16, 2, 2),
        (conv, 120, 5, 1),
    )
    side, columns = 32, [(say("图片", "picture"), 1, 32, MUTED)]
    for name, count, k, stride in layers:
        side = output_size(side, k, stride)
        columns.append((name, count, side, BLUE if name == conv else GREEN))
    columns += [(dense, 84, 1, ORANGE), (say("输出", "output"), 10, 1, ORANGE)]
    places = (40, 120, 192, 243, 288, 323, 363, 409)
    for place, (name, count, n, color) in zip(places, columns, strict=True):
        for depth in reversed(range({1: 1, 6: 4, 16: 7}.get(count, 1))):
            if n > 1:
                drawing.box(place + depth * 3 - 6, 62 - depth * 3, 2 * n, 2 * n, color=color)
        if n == 1:
            length = 76 * count / 120
            drawing.box(place, 58, 8, max(length, 12), color=color, filled=True)
        drawing.text(place, 116, name, 11, color)
        drawing.text(place, 133, str(count), 12, INK)
    return drawing.svg()


@figure
def field(say: Say) -> str:
    """What one neuron of each layer sees of a row of pixels: kernels of 3, once with stride 2."""
    drawing = Diagram(430, 314)
    cell, left = 35, 6
    rows = ((9, 1, 0), (7, 1, 1), (3, 2, 2), (1, 1, 4))
    colors = (MUTED, BLUE, GREEN, ORANGE)

    def at(layer: int, i: int) -> tuple[float, float]:
        _, stride, offset = rows[layer]
        return left + (offset + i * stride + 0.5) * cell, 226 - 70 * layer

    for layer in (3, 2, 1):
        middle = rows[layer][0] // 2
        for u in range(3):
            (x1, y1), (x2, y2) = at(layer, middle), at(layer - 1, middle * rows[layer][1] + u)
            drawing.line((x1, y1 + 12), (x2, y2 - 12), color=colors[layer], width=1.6)
    for layer, (count, stride, _) in enumerate(rows):
        for i in range(count):
            chosen = layer > 0 and i == count // 2
            color = colors[layer] if chosen else GRID
            drawing.box(*at(layer, i), 26, 24, color=color, filled=chosen)
        about = say("，步幅 2", ", stride 2") if stride == 2 else ""
        name = say(f"第 {layer} 层", f"layer {layer}") + about if layer else say("像素", "pixels")
        drawing.text(424, at(layer, 0)[1], name, size=12.5, anchor="end", color=INK)
    for layer, sees in ((1, 3), (2, 5), (3, 9)):
        x, y = at(0, 4)[0], 242 + 20 * layer
        half = sees * cell / 2 - 4
        drawing.line((x - half, y), (x + half, y), color=colors[layer], width=3)
        drawing.text(424, y, say(f"{sees} 个像素", f"{sees} pixels"), size=11.5, anchor="end")
    return drawing.svg()


@figure
def dense_matrix(say: Say) -> str:
    """T for a picture of 5 × 5 pixels and the kernel 1 … 9, from its columns."""
    units = np.eye(25).reshape(25, 5, 5)
    T = np.array([cross_correlate(unit, STAMP).ravel() for unit in units]).T
    size, left, top = 14.6, 60.0, 22.0
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
        f'text-anchor="middle" fill="{variable(INK)}">{say(f"I 第 {k} 行", f"I, row {k}")}</text>'
        for k in range(5)
    )
    names += "".join(
        f'<text x="{left - 5:.1f}" y="{top + (k + 0.5) * 3 * size + 4:.1f}" font-size="11.5" '
        f'text-anchor="end" fill="{variable(INK)}">{say(f"Y 第 {k} 行", f"Y, row {k}")}</text>'
        for k in range(3)
    )
    frame = outline(left, top, 25 * size, 9 * size)
    return drawn(
        430,
        top + 9 * size + 4,
        rectangles(cells, size - 1) + lines + frame + "".join(labels) + names,
    )


def softmax_regression() -> tuple[Array, Array]:
    """The dense layer of the page, trained as there."""
    digits = load_digits()
    keep = np.arange(digits.target.size) % 4 != 3
    x, y = digits.images[keep].reshape(-1, 64) / 16, digits.target[keep]
    V, a, rng = np.zeros((10, 64)), np.zeros(10), np.random.default_rng(1)
    for _ in range(30):
        for part in np.array_split(rng.permutation(len(y)), 134):
            do = (softmax(x[part] @ V.T + a) - np.eye(10)[y[part]]) / len(part)
            V, a = V - 0.15 * do.T @ x[part], a - 0.15 * do.sum(axis=0)
    return V, a


@figure
def moved(say: Say) -> str:
    """A digit, the same one pixel to the right, and what the dense layer makes of both."""
    picture, (V, a) = digit(), softmax_regression()
    parts = ""
    for k, shown in enumerate((picture, right(picture))):
        left, p = 4 + k * 220, softmax(V @ shown.ravel() + a)
        parts += shade(shown, 1, left, 26, 10)
        parts += words(
            left + 40, 16, (say("原图", "as it is"), say("右移一个像素", "one pixel right"))[k]
        )
        for label, share in enumerate(p):
            x = left + 98 + label * 10.5
            color = (BLUE if label == 6 else ORANGE) if share == np.max(p) else MUTED
            height = max(80 * share, 0.8)
            parts += (
                f'<rect x="{x:g}" y="{106 - height:.1f}" width="8" height="{height:.1f}" '
                f'fill="{variable(color)}"/>'
            ) + words(x + 4, 119, f"{label}", 10)
        best = int(np.argmax(p))
        parts += words(
            left + 150, 16, say(f"认作 {best}：{p[best]:.2f}", f"read as {best}: {p[best]:.2f}")
        )
    return drawn(430, 124, parts)


def initial() -> list[Array]:
    """The parameters at the start: kernels, biases, and the dense layer's."""
    rng = np.random.default_rng(0)
    K = rng.normal(size=(16, 1, 5, 5)) / 5
    return [K, np.zeros(16), rng.normal(size=(10, 16)) / 4, np.zeros(10)]


@cache
def trained() -> list[Array]:
    """The network with the large pooling window, trained as on the page."""
    digits = load_digits()
    keep = np.arange(digits.target.size) % 4 != 3
    x, y = digits.images[keep][:, None] / 16, digits.target[keep]
    parameters, rng = initial(), np.random.default_rng(1)
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


def digit() -> Array:
    """A 6 among the pictures for testing, which loses nothing when it moves to the right."""
    picture: Array = load_digits().images[223] / 16
    return picture


def right(picture: Array) -> Array:
    """The picture one pixel further to the right; its last column is empty."""
    return np.roll(picture, 1, axis=1)


@figure
def kernels(say: Say) -> str:
    """Two kernels, the window to which each responds most, and the responses in two places."""
    picture, (K, b, *_) = digit(), trained()
    two = np.array([picture, right(picture)])[:, None]
    answers = relu(conv2d(two, K, b, padding=2))
    largest = np.max(answers, axis=(2, 3))
    parts, size = "", 80.0
    cell, lefts = size / 8, (6, 122, 236, 340)
    names = (
        say("核", "kernel"),
        say("这个 6，窗口", "the 6, window"),
        say("响应", "response"),
        say("右移一格", "one pixel right"),
    )
    for left, name in zip(lefts, names, strict=True):
        parts += words(left + size / 2, 14, name)
    for row, d in enumerate(np.argsort(-largest[0])[:2]):
        top = 32 + row * 118
        parts += signed(K[d, 0], lefts[0], top, size / 5)
        parts += shade(picture, 1, lefts[1], top, cell)
        for place, left in enumerate(lefts[2:]):
            answer = answers[place, d]
            parts += shade(answer, np.max(largest), left, top, cell)
            i, j = np.unravel_index(np.argmax(answer), answer.shape)
            x, y = left + (j + 0.5) * cell, top + (i + 0.5) * cell
            parts += (
                f'<circle cx="{x:g}" cy="{y:g}" r="8" fill="none" '
                f'stroke="{variable(ORANGE)}" stroke-width="2"/>'
            )
            value = f"{largest[place, d]:.2f}"
            parts += words(left + size / 2, top + size + 17, say(f"最大 {value}", f"max {value}"))
            if place == 0:
                x, y = lefts[1] + (j - 2) * cell, top + (i - 2) * cell
                parts += (
                    f'<rect x="{x:g}" y="{y:g}" width="{5 * cell:g}" height="{5 * cell:g}" '
                    f'fill="none" stroke="{variable(ORANGE)}" stroke-width="2.4"/>'
                )
    return drawn(430, 32 + 2 * 118, parts)
