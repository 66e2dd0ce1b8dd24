"""Reverse-mode differentiation of a graph of numbers.

A node holds a value and its inputs, each with a local derivative;
one sweep from the result back to the start fills in all gradients.
"""

# --8<-- [start:imports]
import math

Input = tuple["Node", float]
# --8<-- [end:imports]


# --8<-- [start:domain]
def number(x: float) -> float:
    """x as a float; ValueError for nan, which is not a number."""
    if math.isnan(x):
        raise ValueError(f"want a number, got {x}")
    return float(x)


def log(x: float) -> float:
    """The natural logarithm; ValueError unless x > 0."""
    if not x > 0:
        raise ValueError(f"log needs a positive number, got {x}")
    return math.log(x)


def power(x: float, n: float) -> tuple[float, float]:
    """x**n and its derivative n x**(n−1).

    ValueError for a root of a negative number, which is not real,
    and for a root of 0, which has no slope there.
    """
    if x < 0 and not float(n).is_integer():
        raise ValueError(f"{x} ** {n} is not a real number")
    if x == 0 and 0 < n < 1:
        raise ValueError(f"{x} ** {n} has no finite slope")
    slope = n * x ** (n - 1) if n else 0.0  # (cg.9)
    return x**n, slope


# --8<-- [end:domain]


# --8<-- [start:node]
class Node:
    """A value, and its inputs with their local derivatives."""

    def __init__(self, value: float, op: str = "", *inputs: Input):
        self.value, self.grad = number(value), 0.0
        self.op, self.inputs = op, inputs

    def __add__(self, other: "Node | float") -> "Node":
        a, b = self, as_node(other)  # (cg.3)
        return Node(a.value + b.value, "+", (a, 1.0), (b, 1.0))

    def __mul__(self, other: "Node | float") -> "Node":
        a, b = self, as_node(other)  # (cg.4)
        return Node(a.value * b.value, "×", (a, b.value), (b, a.value))

    def maximum(self, other: "Node | float") -> "Node":
        a, b = self, as_node(other)
        s = float(a.value >= b.value)  # (cg.5)
        return Node(max(a.value, b.value), "max", (a, s), (b, 1 - s))

    def exp(self) -> "Node":
        e = math.exp(self.value)
        return Node(e, "exp", (self, e))  # (cg.6)

    def log(self) -> "Node":  # (cg.7)
        return Node(log(self.value), "log", (self, 1 / self.value))

    def tanh(self) -> "Node":
        t = math.tanh(self.value)
        return Node(t, "tanh", (self, 1 - t**2))  # (cg.8)

    def __pow__(self, n: "Node | float") -> "Node":
        if isinstance(n, Node):
            return (n * self.log()).exp()  # (cg.10)
        p, slope = power(self.value, n)
        return Node(p, f"^{n:g}", (self, slope))

    def __neg__(self) -> "Node":
        return self * -1

    def __sub__(self, other: "Node | float") -> "Node":
        return self + -as_number(other)

    def __rsub__(self, other: float) -> "Node":
        return -self + other

    def __truediv__(self, other: "Node | float") -> "Node":
        return self * as_number(other) ** -1  # (cg.11)

    def __rtruediv__(self, other: float) -> "Node":
        return self**-1 * other

    def __rpow__(self, other: float) -> "Node":
        return as_node(other) ** self

    __radd__, __rmul__ = __add__, __mul__

    def backward(self) -> None:
        sweep(self)


# --8<-- [end:node]


# --8<-- [start:as_node]
def as_node(x: Node | float) -> Node:
    """x itself if it is a node, else a constant's node."""
    return x if isinstance(x, Node) else Node(x)


def as_number(x: Node | float) -> Node | float:
    """x itself if it is a node, else a float."""
    return x if isinstance(x, Node) else number(x)


# --8<-- [end:as_node]


# --8<-- [start:inputs_first]
def inputs_first(result: Node) -> list[Node]:
    """All nodes behind the result, each after its own inputs."""
    order: list[Node] = []
    seen: set[Node] = set()
    stack = [(result, False)]
    while stack:
        node, inputs_done = stack.pop()
        if inputs_done:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))
            stack.extend((a, False) for a, _ in node.inputs)
    return order


# --8<-- [end:inputs_first]


# --8<-- [start:sweep]
def sweep(result: Node) -> None:
    """Set grad to ∂result/∂node at every node behind the result."""
    order = inputs_first(result)
    for node in order:
        node.grad = 0.0
    result.grad = 1.0
    for node in reversed(order):
        for a, local in node.inputs:
            a.grad += node.grad * local  # (cg.1), += (cg.2)


# --8<-- [end:sweep]
