"""The equations of ``computation-graph.md``, held against slopes."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, log_expit

from engine.equations import Rng, Sides, at_most, equals, equation
from snippets.computation_graph import Node, inputs_first
from snippets.gradient_check import numerical_gradient

Array = NDArray[np.float64]


def slope(f: Callable[[Array], ArrayLike], x: float) -> float:
    """The central difference of f at x."""
    return float(numerical_gradient(f, x))


def local_slopes(c: Node) -> Array:
    """What a gate has written down for each of its inputs."""
    return np.array([slope for _, slope in c.inputs])


@equation("cg.1")
def one_gate_reads_the_node(rng: Rng) -> Sides:
    r"""
    \frac{\partial L}{\partial a} =
    \frac{\partial L}{\partial c}\,\frac{\partial c}{\partial a}
    """
    value, k = rng.normal(), rng.uniform(0.5, 2)
    a = Node(value)
    c = a.tanh()
    (c.exp() * k).backward()
    dL_dc, dc_da = c.grad, c.inputs[0][1]
    return equals(
        left=slope(lambda t: k * np.exp(np.tanh(t)), value),
        right=dL_dc * dc_da,
        wrong={
            "a sum in place of the product": dL_dc + dc_da,
            "only the slope of the gate": dc_da,
            "only what comes from behind": dL_dc,
        },
    )


@equation("cg.2")
def where_paths_meet_gradients_add(rng: Rng) -> Sides:
    r"""
    \frac{\partial L}{\partial a} = \sum_{c}
    \frac{\partial L}{\partial c}\,\frac{\partial c}{\partial a}
    """
    value, k = rng.normal(), rng.uniform(0.5, 2)
    a = Node(value)
    readers = [a * k, a.exp(), a.tanh()]
    (readers[0] * readers[1] + readers[2]).backward()
    terms = [c.grad * c.inputs[0][1] for c in readers]
    return equals(
        left=slope(lambda t: k * t * np.exp(t) + np.tanh(t), value),
        right=sum(terms),
        wrong={
            "= in place of +=: the last path": terms[-1],
            "the first path only": terms[0],
            "the mean of the paths": sum(terms) / 3,
        },
    )


@equation("cg.3")
def addition_passes_on(rng: Rng) -> Sides:
    r"""\frac{\partial (a + b)}{\partial a} = 1"""
    a, b = rng.normal(size=2)
    return equals(
        left=slope(lambda a: a + b, a),
        right=local_slopes(Node(a) + b)[0],
        wrong={"the value itself": a, "half for each": 0.5},
    )


@equation("cg.4")
def multiplication_takes_the_value_of_the_other(rng: Rng) -> Sides:
    r"""\frac{\partial (a b)}{\partial a} = b"""
    a, b = rng.normal(size=2)
    return equals(
        left=slope(lambda a: a * b, a),
        right=local_slopes(Node(a) * b)[0],
        wrong={"its own value": a, "the product": a * b, "1": 1.0},
    )


@equation("cg.5")
def the_maximum_is_a_switch(rng: Rng) -> Sides:
    r"""
    \frac{\partial \max(a, b)}{\partial a} =
    \begin{cases} 1 & a > b \\ 0 & a < b \end{cases}
    """
    b = rng.normal()
    above, below = b + 0.3, b - 0.3
    return equals(
        left=[
            slope(lambda a: np.maximum(a, b), a) for a in (above, below)
        ],
        right=[
            local_slopes(Node(a).maximum(b))[0] for a in (above, below)
        ],
        wrong={
            "the smaller one": [0.0, 1.0],
            "half for each": [0.5, 0.5],
            "the larger value": [above, 0.0],
        },
    )


@equation("cg.6")
def the_exponential_is_its_own_slope(rng: Rng) -> Sides:
    r"""\frac{\partial e^{a}}{\partial a} = e^{a}"""
    a = rng.normal()
    return equals(
        left=slope(np.exp, a),
        right=local_slopes(Node(a).exp())[0],
        wrong={
            "treated as a power": a * math.exp(a - 1),
            "input in place of output": a,
        },
    )


@equation("cg.7")
def the_slope_of_the_logarithm(rng: Rng) -> Sides:
    r"""\frac{\partial \log a}{\partial a} = \frac{1}{a}"""
    a = rng.uniform(0.2, 3)
    return equals(
        left=slope(np.log, a),
        right=local_slopes(Node(a).log())[0],
        wrong={
            "differentiated upside down": a,
            "output in place of input": 1 / np.log(a),
            "base 10": 1 / (a * math.log(10)),
        },
    )


@equation("cg.8")
def the_slope_of_tanh(rng: Rng) -> Sides:
    r"""\frac{\partial \tanh a}{\partial a} = 1 - \tanh^2 a"""
    a = rng.normal()
    t = np.tanh(a)
    return equals(
        left=slope(np.tanh, a),
        right=local_slopes(Node(a).tanh())[0],
        wrong={
            "the slope of the sigmoid": t * (1 - t),
            "square missing": 1 - t,
            "taken at the output": 1 - np.tanh(t) ** 2,
        },
    )


@equation("cg.9")
def the_slope_of_a_power(rng: Rng) -> Sides:
    r"""\frac{\partial a^{n}}{\partial a} = n\,a^{n-1}"""
    a, n = rng.uniform(0.5, 2), rng.uniform(-2, 4)
    return equals(
        left=slope(lambda a: a**n, a),
        right=local_slopes(Node(a) ** n)[0],
        wrong={
            "factor missing": a ** (n - 1),
            "exponent not lowered": n * a**n,
            "treated as exponential": a**n * np.log(a),
        },
    )


@equation("cg.10")
def a_power_by_exponential_and_logarithm(rng: Rng) -> Sides:
    r"""a^{b} = e^{b \log a}"""
    a, b = rng.uniform(0.3, 3), rng.normal()
    return equals(
        left=np.power(a, b),
        right=(Node(a) ** Node(b)).value,
        wrong={
            "base and exponent exchanged": math.exp(a * abs(b)),
            "logarithm missing": math.exp(b * a),
        },
    )


@equation("cg.11")
def a_quotient_is_a_product(rng: Rng) -> Sides:
    r"""\frac{a}{b} = a\,b^{-1}"""
    a, b = rng.normal(), rng.uniform(0.3, 3)
    return equals(
        left=np.divide(a, b),
        right=(Node(a) * Node(b) ** -1).value,
        wrong={"upside down": b / a, "sign for exponent": a * -b},
    )


@equation("cg.12")
def the_neuron_found_again(rng: Rng) -> Sides:
    r"""\frac{\partial L}{\partial w} = (\hat y - y)\,x"""
    K, y = int(rng.integers(2, 6)), int(rng.integers(2))
    w, x, bias = rng.normal(size=K), rng.normal(size=K), rng.normal()
    sign = 2 * y - 1
    y_hat = expit(w @ x + bias)
    return equals(
        left=numerical_gradient(
            lambda w: -log_expit(sign * (w @ x + bias)), w
        ),
        right=(y_hat - y) * x,
        wrong={
            "sign turned": (y - y_hat) * x,
            "input forgotten": (y_hat - y) * np.ones(K),
            "weight in place of input": (y_hat - y) * w,
        },
    )


TANGLED: tuple[Callable[[Any, Any], Any], ...] = (
    lambda a, b: a + b,
    lambda a, b: a * b / 4,
    lambda a, b: (1 + a * a) ** -1,
)


def tangle(leaf: Any, seed: int, steps: int = 6) -> Any:
    """A random formula in which numbers are read again and again."""
    rng, numbers = np.random.default_rng(seed), [leaf]
    for _ in range(steps):
        i, j = rng.integers(len(numbers), size=2)
        a, b = numbers[i], numbers[j]
        gate = TANGLED[rng.integers(3)]
        numbers.append(gate(a, b))
    return sum(numbers[1:], numbers[0]) * numbers[-1]


class Counter:
    """In place of a number: counts the operations in a formula."""

    count = 0

    def one_more(self, _: object) -> "Counter":
        self.count += 1
        return self

    __add__ = __radd__ = __mul__ = __truediv__ = __pow__ = one_more


def paths(end: Node, start: Node) -> list[list[float]]:
    """The slopes along every single path from start to end."""
    if end is start:
        return [[]]
    return [
        [*path, slope]
        for node, slope in end.inputs
        for path in paths(node, start)
    ]


@equation("cg.13")
def the_gradient_is_a_sum_over_all_paths(rng: Rng) -> Sides:
    r"""
    \frac{\partial L}{\partial a} = \sum_{\pi} \;
    \prod_{(u \to v) \in \pi} \frac{\partial v}{\partial u}
    """
    value, seed = rng.uniform(0.2, 1), int(rng.integers(2**32))
    a = Node(value)
    slopes = paths(tangle(a, seed), a)
    return equals(
        left=slope(lambda t: tangle(t, seed), value),
        right=sum(math.prod(path) for path in slopes),
        wrong={
            "one path dropped": sum(map(math.prod, slopes[1:])),
            "slopes added along a path": sum(map(sum, slopes)),
            "paths multiplied": math.prod(map(math.prod, slopes)),
        },
    )


@equation("cg.14")
def every_gate_reads_at_most_two_nodes(rng: Rng) -> Sides:
    r"""E \le 2\,G"""
    seed = int(rng.integers(2**32))
    L = tangle(Node(rng.normal()), seed)
    G = tangle(Counter(), seed).count
    return at_most(
        left=float(sum(len(node.inputs) for node in inputs_first(L))),
        right=2.0 * G,
        wrong={"one arrow a gate": float(G)},
    )
