"""The graph's gradients against central differences, JAX, and wrong sweeps."""

import inspect
import math
from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from snippets import computation_graph
from snippets.computation_graph import Node, inputs_first, power, sweep
from snippets.gradient_check import numerical_gradient
from tests.snippets.faults import faults
from tests.snippets.gradients import caught, excess

jax.config.update("jax_enable_x64", True)


def exp(a):
    return a.exp() if isinstance(a, Node) else jnp.exp(a)


def log(a):
    return a.log() if isinstance(a, Node) else jnp.log(a)


def tanh(a):
    return a.tanh() if isinstance(a, Node) else jnp.tanh(a)


def maximum(a, b):
    return a.maximum(b) if isinstance(a, Node) else jnp.maximum(a, b)


EXPRESSIONS = {
    "a + b": lambda a, b: a + b,
    "a - b": lambda a, b: a - b,
    "a * b": lambda a, b: a * b,
    "a / b": lambda a, b: a / b,
    "a ** 3": lambda a, b: a**3 + b * 0,
    "a ** -1.5": lambda a, b: a**-1.5 + b * 0,
    "a ** 0": lambda a, b: a**0 + b,
    "a ** b": lambda a, b: a**b,
    "exp": lambda a, b: exp(a) + exp(b),
    "log": lambda a, b: log(a) * log(b),
    "tanh": lambda a, b: tanh(a) * tanh(b),
    "maximum, first larger": lambda a, b: maximum(a * 3, b),
    "maximum, second larger": lambda a, b: maximum(a, b * 3),
    "maximum with a number": lambda a, b: maximum(a, 0.0) + maximum(b * -1, -9),
    "numbers on the left": lambda a, b: 2 + 3 * a - (1 - b) + 5 / a + 2**b,
    "numbers on the right": lambda a, b: (a + 1) * 2 - b / 4 - 3,
    "-a": lambda a, b: -a * b - -b,
    "used twice": lambda a, b: a * a + a * b + a,
    "diamond": lambda a, b: (lambda c: tanh(c) * exp(c) + c / (c * c + 1))(a * b),
    "neuron": lambda a, b: -log(1 / (1 + exp(-(a * 0.7 + b * -0.3 + 0.1)))),
}

POINT = (0.8, 1.3)


def graph_gradient(f: Callable, *values: float, sweep: Callable = sweep) -> tuple:
    leaves = [Node(v) for v in values]
    result = f(*leaves)
    sweep(result)
    return result.value, np.array([leaf.grad for leaf in leaves])


def differences(f: Callable, *values: float) -> np.ndarray:
    return numerical_gradient(lambda v: f(*map(Node, v)).value, values)


def agrees(a: np.ndarray, b: np.ndarray, value: float) -> bool:
    return excess(a, b, value) <= 1


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_gradients_agree_with_central_differences_and_jax(name):
    f = EXPRESSIONS[name]
    value, gradient = graph_gradient(f, *POINT)
    jax_value, jax_gradient = jax.value_and_grad(f, argnums=(0, 1))(*POINT)
    assert value == pytest.approx(float(jax_value), rel=1e-13)
    np.testing.assert_allclose(gradient, np.array(jax_gradient), rtol=0, atol=1e-10)
    assert agrees(gradient, differences(f, *POINT), value)


STEPS = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / (b * b + 0.5),
    "maximum": maximum,
    "exp": lambda a, b: exp(a),
    "log": lambda a, b: log(a * a + 1.5),
}


def run_steps(steps: list, *leaves):
    """A random graph: each step takes two earlier nodes, and tanh keeps the numbers small."""
    pool = list(leaves)
    for op, i, j in steps:
        a, b = pool[i % len(pool)], pool[j % len(pool)]
        pool.append(tanh(STEPS[op](a, b)))
    result = pool[0]
    for node in pool[1:]:
        result = result + node * 0.5
    return result


@settings(deadline=None, max_examples=25, derandomize=True)
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(sorted(STEPS)), st.integers(0, 9), st.integers(0, 9)),
        min_size=1,
        max_size=8,
    ),
    seed=st.integers(0, 2**32 - 1),
)
def test_random_graphs_agree_with_jax(steps, seed):
    values = np.random.default_rng(seed).normal(size=3)

    def f(*leaves):
        return run_steps(steps, *leaves)

    value, gradient = graph_gradient(f, *values)
    expected_value, expected = jax.value_and_grad(f, argnums=(0, 1, 2))(*values)
    assert value == pytest.approx(float(expected_value), rel=1e-12, abs=1e-12)
    np.testing.assert_allclose(gradient, np.array(expected), rtol=1e-10, atol=1e-10)


def test_a_tie_sends_all_of_the_gradient_to_the_first():
    a, b = Node(2.0), Node(2.0)
    a.maximum(b).backward()
    assert (a.grad, b.grad) == (1.0, 0.0)
    x = Node(0.0)
    x.maximum(0).backward()
    assert x.grad == 1.0


def test_backward_sets_the_gradients_and_does_not_pile_them_up():
    a = Node(3.0)
    b = a * a
    b.backward()
    b.backward()
    assert (a.grad, b.grad) == (6.0, 1.0)
    (b * 2).backward()
    assert (a.grad, b.grad) == (12.0, 2.0)


def test_nodes_that_the_result_does_not_depend_on_keep_gradient_zero():
    a, b, unused = Node(1.0), Node(2.0), Node(3.0)
    beside = a * unused
    (a * b).backward()
    assert (a.grad, unused.grad, beside.grad) == (2.0, 0.0, 0.0)


def test_every_node_comes_once_and_after_its_inputs():
    a, b = Node(0.5), Node(1.5)
    c = a * b
    result = (c + a) * (c - b) + c.tanh()
    order = inputs_first(result)
    assert len(order) == len(set(order))
    assert order[-1] is result
    place = {node: k for k, node in enumerate(order)}
    assert all(place[a] < place[node] for node in order for a, _ in node.inputs)


def test_a_long_chain_does_not_exhaust_the_stack():
    x = Node(1.0)
    y = x
    for _ in range(5000):
        y = y + 1
    y.backward()
    assert (y.value, x.grad) == (5001.0, 1.0)


def test_a_graph_that_branches_at_every_level_is_swept_once_a_node():
    x = Node(1.0)
    y = x
    for _ in range(60):
        y = y + y
    y.backward()
    assert x.grad == 2.0**60


def test_numpy_numbers_work_on_either_side():
    x = Node(3.0)
    y = np.float64(2) * x + np.float64(1) - x / np.float64(4)
    assert isinstance(y, Node)
    y.backward()
    assert (y.value, x.grad) == (6.25, 1.75)


@pytest.mark.parametrize("kind", [int, float, np.float32, np.int64, np.int8, np.uint8])
def test_every_kind_of_number_works_on_either_side(kind):
    n = kind(2)
    assert (Node(1.0) / kind(3)).value == 1 / 3
    assert (Node(1.0) - kind(3)).op == "+" and len(inputs_first(Node(1.0) - kind(3))) == 3
    for compute, value, slope in (
        (lambda x: x / n, 1.5, 0.5),
        (lambda x: n / x, 2 / 3, -2 / 9),
        (lambda x: x - n, 1.0, 1.0),
        (lambda x: n - x, -1.0, -1.0),
        (lambda x: x**n, 9.0, 6.0),
        (lambda x: n**x, 8.0, 8 * math.log(2)),
        (lambda x: x.maximum(n), 3.0, 1.0),
    ):
        x = Node(3.0)
        y = compute(x)
        y.backward()
        assert (y.value, x.grad) == (pytest.approx(value), pytest.approx(slope))


def test_powers_of_negative_numbers_and_of_zero():
    for n, value, slope in ((2, 4.0, -4.0), (3, -8.0, 12.0), (-1, -0.5, -0.25), (0, 1.0, 0.0)):
        x = Node(-2.0)
        y = x**n
        y.backward()
        assert (y.value, x.grad) == (value, slope)
    assert power(0.0, 1.5) == (0.0, 0.0)
    assert power(0.0, 0) == (1.0, 0.0)


def test_values_of_the_inputs_stay_as_they_were():
    a, b = Node(0.4), Node(2.5)
    (a * b + a**b - a.maximum(b).exp()).backward()
    assert (a.value, b.value) == (0.4, 2.5)


def test_operations_leave_their_name_on_the_node():
    a = Node(2.0, "a")
    ops = [n.op for n in (a, a + 1, a * 2, a.maximum(1), a.exp(), a.log(), a.tanh(), a**2)]
    assert ops == ["a", "+", "×", "max", "exp", "log", "tanh", "^2"]


@pytest.mark.parametrize(
    ("compute", "error", "message"),
    [
        (lambda: Node(0.0).log(), ValueError, "got 0.0"),
        (lambda: Node(-2.5).log(), ValueError, "got -2.5"),
        (lambda: Node(math.nan), ValueError, "want a number, got nan"),
        (lambda: Node(1.0).maximum(math.nan), ValueError, "got nan"),
        (lambda: Node(math.inf) - math.inf, ValueError, "got nan"),
        (lambda: Node(0.0) ** 0.5, ValueError, r"0.0 \*\* 0.5 has no finite slope"),
        (lambda: Node(-8.0) ** 0.5, ValueError, r"-8.0 \*\* 0.5"),
        (lambda: Node(-8.0) ** Node(2.0), ValueError, "got -8.0"),
        (lambda: Node(1.0) / 0, ZeroDivisionError, "zero|negative power"),
        (lambda: 1 / Node(0.0), ZeroDivisionError, "zero|negative power"),
        (lambda: Node(1.0) / Node(0.0), ZeroDivisionError, "zero|negative power"),
        (lambda: Node(1000.0).exp(), OverflowError, "range"),
        (lambda: Node([1.0, 2.0]), TypeError, "real number"),
    ],
)
def test_what_has_no_value_is_refused(compute, error, message):
    with pytest.raises(error, match=message):
        compute()


def test_the_class_fits_in_a_head():
    assert len(inspect.getsource(Node).splitlines()) < 60


def start(result: Node) -> list[Node]:
    order = inputs_first(result)
    for node in order:
        node.grad = 0.0
    result.grad = 1.0
    return order


def sweep_assigning(result):
    for node in reversed(start(result)):
        for a, slope in node.inputs:
            a.grad = node.grad * slope


def sweep_in_forward_order(result):
    for node in start(result):
        for a, slope in node.inputs:
            a.grad += node.grad * slope


def sweep_first_input_only(result):
    for node in reversed(start(result)):
        for a, slope in node.inputs[:1]:
            a.grad += node.grad * slope


def sweep_without_slope(result):
    for node in reversed(start(result)):
        for a, _ in node.inputs:
            a.grad += node.grad


def sweep_before_all_uses_are_in(result):
    start(result)
    waiting, done = [result], set()
    while waiting:
        node = waiting.pop(0)
        if node in done:
            continue
        done.add(node)
        for a, slope in node.inputs:
            a.grad += node.grad * slope
            waiting.append(a)


def sweep_adding_slopes(result):
    for node in reversed(start(result)):
        for a, slope in node.inputs:
            a.grad += node.grad + slope


WRONG_SWEEPS = [
    sweep_assigning,
    sweep_in_forward_order,
    sweep_first_input_only,
    sweep_without_slope,
    sweep_before_all_uses_are_in,
    sweep_adding_slopes,
]


def paths_meet(a, b):
    c = a * b
    return tanh(c + a) * c + log(c * a + b)


@pytest.mark.parametrize(
    "wrong", [*WRONG_SWEEPS, *faults(sweep)], ids=lambda f: getattr(f, "__name__", str(f))
)
def test_a_wrong_sweep_is_caught(wrong):
    wrong = getattr(wrong, "function", wrong)
    value = paths_meet(*map(Node, POINT)).value
    numerical = {"ab": differences(paths_meet, *POINT)}
    assert caught(
        lambda: {"ab": graph_gradient(paths_meet, *POINT, sweep=wrong)[1]}, numerical, value
    )
    assert agrees(graph_gradient(paths_meet, *POINT)[1], numerical["ab"], value)


def power_by(rule: Callable) -> Callable:
    def f(a, b):
        p, slope = rule(a.value, 3.0)
        q, flat = rule(b.value, 0.0)
        return Node(p, "", (a, slope)) + Node(q, "", (b, flat))

    return f


#: Faults in what is refused, not in the slope: `test_what_has_no_value_is_refused` sees these.
DOMAIN = ("if x < 0 and", "x <", "if x == 0 and")


@pytest.mark.parametrize(
    "fault", [f for f in faults(power) if not f.was.startswith(DOMAIN)], ids=str
)
def test_a_fault_in_the_slope_of_a_power_is_caught(fault):
    value, gradient = graph_gradient(power_by(power), *POINT)
    numerical = differences(power_by(power), *POINT)
    assert agrees(gradient, numerical, value)
    assert caught(
        lambda: {"ab": graph_gradient(power_by(fault.function), *POINT)[1]},
        {"ab": numerical},
        value,
    ) or not agrees(np.array(power_by(fault.function)(*map(Node, POINT)).value), np.array(value), 1)


def binary(op: Callable, d_a: Callable, d_b: Callable) -> Callable:
    def gate(a, b):
        u, v = a.value, b.value
        return Node(op(u, v), "", (a, d_a(u, v)), (b, d_b(u, v)))

    return gate


def unary(op: Callable, d: Callable) -> Callable:
    return lambda a, b: Node(op(a.value), "", (a, d(a.value))) * b


WRONG_GATES = {
    "difference, sign": binary(lambda u, v: u - v, lambda u, v: 1, lambda u, v: 1),
    "product, own value": binary(lambda u, v: u * v, lambda u, v: u, lambda u, v: v),
    "quotient, sign": binary(lambda u, v: u / v, lambda u, v: 1 / v, lambda u, v: u / v**2),
    "quotient, square": binary(lambda u, v: u / v, lambda u, v: 1 / v, lambda u, v: -u / v),
    "maximum, both": binary(max, lambda u, v: 1, lambda u, v: 1),
    "maximum, half each": binary(max, lambda u, v: 0.5, lambda u, v: 0.5),
    "maximum, the smaller": binary(max, lambda u, v: u < v + 1, lambda u, v: u > v + 1),
    "power, exponent": unary(lambda u: u**3, lambda u: 3 * u**3),
    "power, factor": unary(lambda u: u**3, lambda u: u**2),
    "exp, slope of e^x as x e^(x-1)": unary(math.exp, lambda u: u * math.exp(u - 1)),
    "log": unary(math.log, lambda u: u),
    "tanh, square missing": unary(math.tanh, lambda u: 1 - math.tanh(u)),
    "tanh, slope at the output": unary(math.tanh, lambda u: 1 - math.tanh(math.tanh(u)) ** 2),
}


@pytest.mark.parametrize("name", WRONG_GATES)
def test_a_wrong_gate_is_caught(name):
    f = WRONG_GATES[name]
    value, gradient = graph_gradient(f, *POINT)
    assert not agrees(gradient, differences(f, *POINT), value)


def test_nothing_but_the_standard_library_is_needed():
    assert "numpy" not in inspect.getsource(computation_graph)
