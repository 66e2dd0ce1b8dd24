"""The drawings of ``computation-graph.md``: each walks a graph that the snippet has built."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from engine.figures import Frame, Say, figure, stepper
from figures.diagram import Diagram, Stroke
from figures.numbers import short
from figures.palette import BLUE, INK, MUTED, ORANGE, RED
from snippets.computation_graph import Node, inputs_first

#: The neuron of the page, and its two samples with their labels, of which the second is drawn.
WEIGHTS, BIAS, SAMPLES = (1.0, -1.0), 0.0, (((2.0, 1.0), 0), ((1.0, 3.0), 1))

Place = tuple[float, float]
Arrow = tuple[Node, Node]


def layers(result: Node, leaves: Sequence[Node]) -> list[list[Node]]:
    """The nodes by their distance from the leaves; a leaf stands just before its first reader.

    Within a layer the leaves come first, as they are given, then the gates, each by the mean place
    of its inputs.
    """
    order = inputs_first(result)
    depth: dict[Node, int] = {}
    for node in order:
        depth[node] = max((depth[a] + 1 for a, _ in node.inputs), default=0)
    for leaf in (node for node in order if not node.inputs):
        readers = [node for node in order if any(a is leaf for a, _ in node.inputs)]
        depth[leaf] = min(depth[node] for node in readers) - 1
    constants = [node for node in order if not node.inputs and node not in leaves]
    place = {leaf: k / 100 - 2 for k, leaf in enumerate([*leaves, *constants])}
    sorted_layers = []
    for d in range(depth[result] + 1):
        layer = [node for node in order if depth[node] == d]
        for node in layer:
            if node.inputs:
                place[node] = sum(place[a] for a, _ in node.inputs) / len(node.inputs)
        layer.sort(key=place.__getitem__)
        for k, node in enumerate(layer):
            place[node] = (k + 0.5) / len(layer)
        sorted_layers.append(layer)
    return sorted_layers


@dataclass
class Seen:
    """What a drawing shows of a graph: values, gradients so far, and what arrows carried back."""

    values: set[Node]
    gradients: dict[Node, float] = field(default_factory=dict)
    carried: dict[Arrow, float] = field(default_factory=dict)
    active: Node | None = None


def everything(result: Node) -> Seen:
    """All values and gradients of a graph that has been swept."""
    order = inputs_first(result)
    carried = {(a, node): node.grad * slope for node in order for a, slope in node.inputs}
    return Seen(set(order), {node: node.grad for node in order}, carried)


def label_place(start: Place, end: Place) -> Place:
    """Beside the middle of an arrow: above it, or outside the fork if the arrow is steep."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    off = 13 / math.hypot(dx, dy)
    side = math.copysign(off, -dx * dy) if abs(dy) > abs(dx) else math.copysign(off, dx)
    return (start[0] + end[0]) / 2 + dy * side, (start[1] + end[1]) / 2 - dx * side


def draw(
    drawing: Diagram,
    places: Mapping[Node, Place],
    names: Mapping[Node, str],
    seen: Seen,
    beside: Mapping[Node, int] | None = None,
    quiet: Iterable[Node] = (),
    given: Iterable[Node] = (),
) -> None:
    """Nodes, arrows and numbers; ``beside`` puts a node's numbers to its right or (−1) left.

    Quiet nodes have no numbers, and given ones no gradient.
    """
    quiet, given, beside, radius = set(quiet), set(given), beside or {}, 17.0
    for node, (x, y) in places.items():
        for a, _ in node.inputs:
            back = seen.carried.get((a, node))
            active = node is seen.active
            color = ORANGE if active and back is not None else BLUE if active else MUTED
            start, end = places[a], (x, y)
            if active and back is not None:
                start, end = end, start
            stroke = Stroke(color, width=2.2 if active else 1.4)
            drawing.arrow(start, end, stroke, gap=radius + 2)
            if back is not None and a not in beside:
                drawing.text(*label_place(places[a], (x, y)), short(back), color=ORANGE, halo=True)
    for node, (x, y) in places.items():
        name = names.get(node, "")
        known = node in seen.values
        color = MUTED if not known or node in quiet | given else BLUE
        label = node.op if node.inputs else name or short(node.value)
        if label.startswith("^"):
            label = "( )^{" + label[1:].replace("-", "−") + "}"
        drawing.node(
            x,
            y,
            label,
            color=color,
            radius=radius,
            size={1: 13, 2: 13, 3: 11.5}.get(len(label), 10.5),
            filled=node is seen.active,
        )
        value = short(node.value) if known else ""
        if node.inputs and name:
            value = f"{name} = {value}" if known else name
        gradient = seen.gradients.get(node)
        if node in quiet:
            value, gradient = "", None
        if node in given:
            gradient = None
        side = beside.get(node, 0)
        shown: dict[str, Any] = {"size": 11.5 if side else 13, "halo": True}
        shown["anchor"] = ("end", "middle", "start")[side + 1]
        x_text, rise = x + side * (radius + 5), 7 if side else radius + 11
        y += 8 if side < 0 else 0
        drawing.text(x_text, y - rise, value, **shown)
        if gradient is not None:
            drawing.text(x_text, y + rise, short(gradient), color=ORANGE, bold=True, **shown)


def legend(drawing: Diagram, say: Say, y: float, gradients: bool) -> None:
    """One line on what the two kinds of numbers are."""
    if gradients:
        drawing.text(drawing.width / 2 - 12, y, say("值", "value"), size=12, anchor="end")
        drawing.text(
            drawing.width / 2 + 12,
            y,
            say("梯度", "gradient"),
            size=12,
            color=ORANGE,
            anchor="start",
            bold=True,
        )


@dataclass
class Example:
    """The small example of the page, run forward and back."""

    result: Node
    names: dict[Node, str]
    places: dict[Node, Place]

    def draw(self, say: Say, seen: Seen, gradients: bool = True) -> str:
        drawing = Diagram(430, 232 if gradients else 206)
        draw(drawing, self.places, self.names, seen)
        legend(drawing, say, 221, gradients)
        return drawing.svg()


def example() -> Example:
    a, b = Node(3.0, "a"), Node(-2.0, "b")
    p = a * b
    q = a + p
    r = b.maximum(p)
    L = r * q
    L.backward()
    places = {
        node: (42.0 + 115 * d, 105 + (k - (len(layer) - 1) / 2) * 120)
        for d, layer in enumerate(layers(L, [a, b]))
        for k, node in enumerate(layer)
    }
    return Example(L, {a: "a", b: "b", p: "p", q: "q", r: "r", L: "L"}, places)


@figure
def values(say: Say) -> str:
    run = example()
    return run.draw(say, Seen(set(inputs_first(run.result))), gradients=False)


@figure
def forgotten(say: Say) -> str:
    """The two paths from a that count (through r comes 0), each with what it carries back."""
    run = example()
    of = {name: node for node, name in run.names.items()}
    drawing = Diagram(430, 246)
    for node, place in run.places.items():
        for a, _ in node.inputs:
            if (a, node) != (of["q"], of["L"]):  # where both paths will lie
                drawing.arrow(run.places[a], place, Stroke(MUTED), gap=19)
    for path, color, shift in (("apqL", BLUE, -7), ("aqL", RED, 7)):
        for start, end in pairwise(path):
            (x1, y1), (x2, y2) = run.places[of[start]], run.places[of[end]]
            both = start + end == "qL"  # both paths end in this arrow
            length = math.hypot(x2 - x1, y2 - y1)
            right, down = (
                (-(y2 - y1) / length * shift, (x2 - x1) / length * shift) if both else (0.0, 0.0)
            )
            begin, stop = (x1 + right, y1 + down), (x2 + right, y2 + down)
            drawing.arrow(begin, stop, Stroke(color, width=3), gap=20)
            local = next(slope for a, slope in of[end].inputs if a is of[start])
            if not both or color == BLUE:
                x, y = label_place((x1, y1), (x2, y2))
                shift_up = -8 if both else 0
                drawing.text(x, y + shift_up, short(local), 13, INK, bold=True, halo=True)
    for node, (x, y) in run.places.items():
        drawing.node(x, y, run.names[node], BLUE if run.names[node] in "apqL" else MUTED, 17)
    through, straight = say("经过 p：4", "through p: 4"), say("直接到 q：−2", "straight to q: −2")
    drawing.text(20, 232, through, 13, BLUE, anchor="start", bold=True)
    drawing.text(228, 232, straight, 13, RED, anchor="middle", bold=True)
    drawing.text(412, 232, "4 − 2 = 2", 13, INK, anchor="end", bold=True)
    return drawing.svg()


@figure
def order(say: Say) -> str:
    """The example, each node with its place in the order of the snippet."""
    run = example()
    drawing = Diagram(430, 216)
    for node, place in run.places.items():
        for a, _ in node.inputs:
            drawing.arrow(run.places[a], place, Stroke(MUTED), gap=19)
    for k, node in enumerate(inputs_first(run.result), start=1):
        x, y = run.places[node]
        drawing.node(x, y, run.names[node], BLUE, 17)
        drawing.text(x, y - 30, str(k), 14, ORANGE, bold=True, halo=True)
    first = say("橙：拓扑序里的位置", "orange: the place in the topological order")
    drawing.text(215, 205, first, 12, ORANGE)
    return drawing.svg()


@figure
def doublings(say: Say) -> str:
    """A chain of doublings: two arrows a step, and twice as many paths."""
    drawing = Diagram(430, 128)
    xs = [36 + 90 * k for k in range(5)]
    for k, x in enumerate(xs):
        if k:
            for bend in (9, -9):
                drawing.arrow((xs[k - 1], 48), (x, 48), Stroke(BLUE), gap=18, bend=bend)
        drawing.node(x, 48, "y" if k else "x", BLUE if k else MUTED, 17)
        drawing.text(x, 84, str(2**k), 14, ORANGE, bold=True)
    drawing.text(36, 112, say("橙：到这里的路径", "orange: paths to here"), 12, ORANGE, "start")
    drawing.text(414, 112, say("箭头一共 8 个", "8 arrows in all"), 12, BLUE, "end")
    return drawing.svg()


def spoken(run: Example, node: Node) -> str:
    """A gate's operation in the names of its inputs."""
    first, second = (run.names[a] for a, _ in node.inputs)
    return f"max({first}, {second})" if node.op == "max" else f"{first} {node.op} {second}"


@stepper
def walk(say: Say) -> list[Frame]:
    """Forward gate by gate, then the sweep of the snippet, one gate a frame."""
    run = example()
    order = inputs_first(run.result)
    leaves = [node for node in run.places if not node.inputs]
    gates = sorted((n for n in order if n.inputs), key=lambda n: run.places[n][0])
    seen = Seen(set(leaves))
    known = ", ".join(f"{run.names[leaf]} = {short(leaf.value)}" for leaf in leaves)
    zh_known = known.replace(", ", "，")
    frames = [
        Frame(
            say(f"出发：叶子的值已知，{zh_known}。", f"Start: the leaves are known, {known}."),
            run.draw(say, seen),
        )
    ]
    for gate in gates:
        seen.values.add(gate)
        seen.active = gate
        step = f"{run.names[gate]} = {spoken(run, gate)} = {short(gate.value)}"
        frames.append(Frame(say(f"前向：{step}。", f"Forward: {step}."), run.draw(say, seen)))
    seen.gradients[run.result], seen.active = 1.0, None
    frames.append(
        Frame(
            say(
                f"到了结果：{run.names[run.result]} 对自己的梯度是 1。",
                f"At the end: the gradient of {run.names[run.result]} with respect to itself is 1.",
            ),
            run.draw(say, seen),
        )
    )
    for gate in (node for node in reversed(order) if node.inputs):
        seen.active = gate
        sent = []
        for a, slope in gate.inputs:
            back = gate.grad * slope
            before = seen.gradients.get(a)
            seen.gradients[a] = (before or 0.0) + back
            seen.carried[a, gate] = back
            total = short(seen.gradients[a])
            sent.append((run.names[a], short(back), None if before is None else total))
        en = " and ".join(
            f"{back} to {name}" + (f" (total {total})" if total else "")
            for name, back, total in sent
        )
        zh = "，".join(
            f"送 {back} 给 {name}" + (f"（累计 {total}）" if total else "")
            for name, back, total in sent
        )
        name, grad = run.names[gate], short(gate.grad)
        frames.append(
            Frame(
                say(
                    f"反向：{name} 的梯度 {grad} 已经到齐；{zh}。",
                    f"Backward: {name} has all of its gradient, {grad}; it sends {en}.",
                ),
                run.draw(say, seen),
            )
        )
    assert seen.gradients == {node: node.grad for node in order}
    return frames


@figure
def gates(say: Say) -> str:
    drawing = Diagram(430, 214)
    titles = (say("加法", "add"), say("乘法", "multiply"), say("最大值", "maximum"))
    for k, title in enumerate(titles):
        a, b = Node(3.0, "a"), Node(-2.0, "b")
        c = (a + b, a * b, a.maximum(b))[k]
        (c * 2).backward()
        middle = 73.0 + 142 * k
        places = {a: (middle - 38, 62.0), b: (middle - 38, 148.0), c: (middle + 36, 105.0)}
        shown = everything(c)
        drawing.text(middle, 16, title, size=13, bold=True)
        draw(
            drawing,
            places,
            {a: "a", b: "b"},
            replace(shown, gradients={c: c.grad}, active=c),
        )
    legend(drawing, say, 206, True)
    return drawing.svg()


@figure
def neuron(say: Say) -> str:
    w_1, w_2 = (Node(value, f"w_{j}") for j, value in enumerate(WEIGHTS, start=1))
    x_1, x_2 = (Node(value, f"x_{j}") for j, value in enumerate(SAMPLES[1][0], start=1))
    bias = Node(BIAS, "bias")
    z = w_1 * x_1 + w_2 * x_2 + bias
    y_hat = (1 + (-z).exp()) ** -1
    L = -y_hat.log()
    L.backward()
    leaves = [w_1, x_1, w_2, x_2, bias]
    names = {leaf: leaf.op for leaf in leaves}
    names |= {bias: say("偏置", "bias"), z: "z", y_hat: "ŷ", L: "L"}
    rows = layers(L, leaves)
    step, column = 56.0, 100.0
    places = {
        node: (
            46 + column * (4 - len(row) + k if len(row) != 2 or d > 1 else 1 + 2 * k),
            26 + step * d,
        )
        for d, row in enumerate(rows)
        for k, node in enumerate(row)
    }
    constants = [n for n in inputs_first(L) if not n.inputs and n not in leaves]
    sides = {node: 1 for node in places} | {rows[1][0]: -1}
    drawing = Diagram(448, 26 + step * len(rows) + 2)
    stages = (
        (z, say("加权和", "weighted sum"), ""),
        (y_hat, "sigmoid", "· ŷ (1 − ŷ)"),
        (L, say("损失", "loss"), "−1 / ŷ"),
    )
    top = places[w_1][1] + step / 2
    for end, stage, factor in stages:
        bottom = places[end][1] + step / 2
        drawing.line((18, top), (drawing.width - 10, top))
        middle = (top + bottom) / 2 - (9 if factor else 0)
        drawing.text(22, middle, stage, size=13, color=MUTED, anchor="start", halo=True)
        if factor:
            shown: dict[str, Any] = {"size": 13, "anchor": "start", "halo": True, "bold": True}
            drawing.text(22, middle + 20, factor, color=ORANGE, **shown)
        top = bottom
    draw(drawing, places, names, everything(L), beside=sides, quiet=constants, given=(x_1, x_2))
    legend(drawing, say, drawing.height - 16, True)
    return drawing.svg()
