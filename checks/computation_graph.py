"""What the symbols of ``computation-graph.md`` are worth."""

import math
import operator
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from engine.equations import Draw, Each, Formula, Values, worth
from snippets.computation_graph import Node, inputs_first
from snippets.gradient_check import numerical_gradient

Arrow = tuple[int, int]
"""Which gate reads, and at which of its inputs."""

SUM = r"\frac{\partial(a + b)}{\partial a}"
OTHER = r"\frac{\partial(a + b)}{\partial b}"


def slope(f: Callable[[float], float], x: float) -> float:
    """Central differences at two steps, and what they tend to."""
    far, near = (
        numerical_gradient(lambda t: f(float(t)), x, h).item()
        for h in (2e-3, 1e-3)
    )
    return (4 * near - far) / 3


def larger(a: Any, b: Any) -> Any:
    return a.maximum(b) if isinstance(a, Node) else max(a, b)


def quotient(a: Any, b: Any) -> Any:
    return a / (1 + b * b)


class Graph:
    """Random gates that read the nodes 0, 1, 2 … again and again."""

    def __init__(self, draw: Draw) -> None:
        choices = operator.add, operator.mul, larger, quotient
        self.a = draw("a", scale=0.7) or 0.3  # at 0 nodes are alike
        self.gates = [
            (draw.some(*choices), draw.rng.integers(0, k, size=2))
            for k in range(1, 2 if draw.number % 7 == 0 else 5)
        ]

    def nodes(self, a: Any, moved: int = 0, by: float = 0.0) -> Any:
        """What all nodes hold, if one of them is moved."""
        held = [a + by * (moved == 0)]
        for k, (gate, read) in enumerate(self.gates, start=1):
            held.append(
                gate(*(held[i] for i in read)) + by * (moved == k)
            )
        return held

    def slope(self, k: int, place: int) -> float:
        """How a gate follows what it reads at one of its inputs."""
        gate, read = self.gates[k - 1]
        inputs = [self.nodes(self.a)[i] for i in read]
        before, after = inputs[:place], inputs[place + 1 :]
        return slope(
            lambda t: float(gate(*before, t, *after)), inputs[place]
        )

    def arrows(self, node: int) -> list[Arrow]:
        """Those that begin at the node."""
        return [
            (k, place)
            for k, (_, read) in enumerate(self.gates, start=1)
            for place in (0, 1)
            if read[place] == node
        ]

    def paths(self, node: int) -> list[tuple[Arrow, ...]]:
        """All ways from the node to the last one."""
        if node == len(self.gates):
            return [()]
        return [
            (arrow, *path)
            for arrow in self.arrows(node)
            for path in self.paths(arrow[0])
        ]


def last_node(graph: Graph, c: Arrow) -> float:
    """How it follows what an arrow leads to."""
    return slope(lambda t: graph.nodes(graph.a, c[0], t)[-1], 0.0)


@worth("cg.1")
def one_gate_reads_the_node(draw: Draw) -> Values:
    curves = (
        np.tanh,
        lambda t: 2 * np.sin(2 * t),
        lambda t: -np.exp(t / 2),
    )
    return {
        "a": draw("a"),
        "c": Formula("g(a)"),
        "L": Formula("f(c)"),
        "g(a)": draw.some(*curves),
        "f(c)": draw.some(*reversed(curves)),
    }


@worth("cg.2", "cg.13")
def a_graph_in_which_paths_meet(draw: Draw) -> Values:
    graph = Graph(draw)
    arrows = {arrow for path in graph.paths(0) for arrow in path}
    slopes = {arrow: graph.slope(*arrow) for arrow in arrows}
    here = [arrow for arrow in graph.arrows(0) if arrow in arrows]
    local = {(k, (k, i)): found for (k, i), found in slopes.items()}
    return {
        "c": Each(here),
        r"a \to c": lambda: [(0, arrow) for arrow in here],
        r"\pi": Each(graph.paths(0)),
        r"(u \to v) \in \pi": lambda π: [((k, i), k) for k, i in π],
        r"\frac{\partial v}{\partial u}": lambda v, u: local[v, u],
        r"\frac{\partial c}{\partial a}": lambda c: slopes[c],
        r"\frac{\partial L}{\partial c}": partial(last_node, graph),
        r"\frac{\partial L}{\partial a}": last_node(graph, (0, 0)),
    }


@a_graph_in_which_paths_meet.code
def by_a_walk_back(v: Values) -> Values:
    (graph,) = v[r"\frac{\partial L}{\partial c}"].args
    nodes = graph.nodes(Node(graph.a))
    nodes[-1].backward()
    return {
        r"\frac{\partial L}{\partial a}": nodes[0].grad,
        r"\frac{\partial L}{\partial c}": lambda c: nodes[c[0]].grad,
    }


@worth(
    "cg.3",
    "cg.4",
    "cg.5",
    kinks="right",
    spared={
        "cg.3": {
            f"sign: {SUM}": r"\frac{\partial (a - b)}{\partial a} = 1",
            f"term: {SUM}": r"\frac{\partial a}{\partial a} = 1",
            f"symbol: {SUM}": f"{OTHER} = 1",
        }
    },
)
def gates_with_two_inputs(draw: Draw) -> Values:
    """In some draws nearly or quite alike, and once 0."""
    a, b = draw("a"), draw("b")
    near = math.copysign(10 ** draw.rng.uniform(-6, -3), a)
    alike = {1: (a, a), 3: (a, a + near), 5: (0.0, b)}
    a, b = alike.get(draw.number % 7, (a, b))
    return {"a": a, "b": b}


@gates_with_two_inputs.code
def by_gates_with_two_inputs(v: Values) -> Values:
    a, b = Node(v["a"]), Node(v["b"])
    largest = r"\frac{\partial \max(a, b)}{\partial a}"
    return {
        SUM: (a + b).inputs[0][1],
        OTHER: (a + b).inputs[1][1],
        r"\frac{\partial (a b)}{\partial a}": (a * b).inputs[0][1],
        largest: a.maximum(b).inputs[0][1],
    }


@worth("cg.11")
def a_quotient(draw: Draw) -> Values:
    return {"a": draw("a"), "b": draw("b") or 1.0}


@a_quotient.code
def by_its_gate(v: Values) -> Values:
    return {r"\frac{a}{b}": (Node(v["a"]) / Node(v["b"])).value}


@worth("cg.6", "cg.8")
def exponential_and_tanh(draw: Draw) -> Values:
    return {"a": draw("a", scale=0.7)}


@exponential_and_tanh.code
def by_their_gates(v: Values) -> Values:
    a = Node(v["a"])
    return {
        r"\frac{\partial e^{a}}{\partial a}": a.exp().inputs[0][1],
        r"\frac{\partial \tanh a}{\partial a}": a.tanh().inputs[0][1],
    }


@worth("cg.7", "cg.10")
def what_needs_a_positive_number(draw: Draw) -> Values:
    a = np.exp(draw.rng.uniform(-3, 3))
    return {"a": Each([float(a)]), "b": draw("b")}


@what_needs_a_positive_number.code
def by_logarithm_and_power(v: Values) -> Values:
    return {
        r"\frac{\partial \log a}{\partial a}": lambda a: (
            Node(a).log().inputs[0][1]
        ),
        "a^{b}": lambda a: (Node(a) ** Node(v["b"])).value,
    }


@worth("cg.9")
def powers(draw: Draw) -> Values:
    n, a = draw("n"), draw.rng.uniform(0.6, 2)
    if draw.number % 2:
        return {"n": n, "a": Each([a])}
    return {"n": math.ceil(n), "a": Each([a, -a])}


@powers.code
def by_the_gate_of_a_power(v: Values) -> Values:
    return {
        r"\frac{\partial a^{n}}{\partial a}": lambda a: (
            Node(a) ** v["n"]
        ).inputs[0][1]
    }


@worth("cg.12")
def a_neuron(draw: Draw) -> Values:
    return {
        "w": draw("w", scale=1),
        "x": draw("x"),
        "b": draw("b"),
        "y": draw("y"),
        "z": Formula(r"w^\top x + b"),
        r"\hat y": Formula(r"\frac{1}{1 + e^{-z}}"),
        "L": Formula(r"-y \log \hat y - (1 - y) \log(1 - \hat y)"),
    }


@a_neuron.code
def by_a_graph_of_the_neuron(v: Values) -> Values:
    w, y = [Node(weight) for weight in v["w"]], v["y"]
    products = [a * b for a, b in zip(w, v["x"], strict=True)]
    z = sum(products, Node(v["b"]))
    y_hat = 1 / (1 + (-z).exp())
    (-(y * y_hat.log() + (1 - y) * (1 - y_hat).log())).backward()
    gradient = np.array([weight.grad for weight in w])
    return {r"\frac{\partial L}{\partial w}": gradient}


@worth("cg.14")
def gates_with_one_input_or_two(draw: Draw) -> Values:
    G, least = draw.size("G"), 2 if draw.tight else 1
    return {"G": G, "E": int(sum(draw.rng.integers(least, 3, size=G)))}


@gates_with_one_input_or_two.code
def by_counting(v: Values) -> Values:
    node = Node(1.0)
    for k in range(v["G"]):
        node = node + k if k < v["E"] - v["G"] else node.tanh()
    gates = [gate for gate in inputs_first(node) if gate.inputs]
    return {"G": len(gates), "E": sum(len(g.inputs) for g in gates)}
