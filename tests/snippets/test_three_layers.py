"""Fourteen weights: errors and updates against differences, JAX, matrices and wrong rules."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from snippets.activations import d_sigmoid
from snippets.gradient_check import numerical_gradient
from snippets.three_layers import (
    SOURCES,
    TARGETS,
    WEIGHTS,
    errors,
    forward,
    sent,
    slope,
    update,
)
from tests.snippets.faults import faults
from tests.snippets.gradients import caught, excess

jax.config.update("jax_enable_x64", True)

random_networks = settings(deadline=None, max_examples=25, derandomize=True)
SEEDS = st.integers(0, 2**32 - 1)

KEYS = [
    *["x1,1", "x2,1", "x1,2", "x2,2", "x1,3", "x2,3"],
    *["1,4", "2,4", "3,4", "1,5", "2,5", "3,5", "4,6", "5,6"],
]


def example(seed=0):
    rng = np.random.default_rng(seed)
    weights = dict(zip(KEYS, rng.normal(size=14).tolist(), strict=True))
    x1, x2, t = rng.normal(size=3).tolist()
    return weights, x1, x2, t


def matrices(weights):
    w = jnp.array([weights[key] for key in KEYS])
    return w[:6].reshape(3, 2), w[6:12].reshape(2, 3), w[12:].reshape(1, 2)


def in_key_order(W1, W2, W3):
    return np.concatenate([np.ravel(W) for W in (W1, W2, W3)])


def jax_cost(layers, added, x, t):
    """J from the matrix form; ``added`` is put onto the neurons' outputs, layer by layer."""
    y = x
    for W, extra in zip(layers, added, strict=True):
        y = jax.nn.sigmoid(W @ y) + extra
    return jnp.sum((t - y) ** 2) / 2


NOTHING = (jnp.zeros(3), jnp.zeros(2), jnp.zeros(1))


def cost(weights, x1, x2, t):
    return (t - forward(weights, x1, x2)["y6"]) ** 2 / 2


def differences(weights, x1, x2, t):
    """−∂J/∂w of all 14 weights by central differences."""
    return -numerical_gradient(
        lambda w: cost(dict(zip(KEYS, w.tolist(), strict=True)), x1, x2, t),
        [weights[key] for key in KEYS],
    )


def agrees(a, b, value=1.0) -> bool:
    return excess(a, b, value) <= 1


def step(weights, new):
    return np.array([new[key] - weights[key] for key in KEYS])


def one_step(weights, x1, x2, t, rate=1.0):
    signals = forward(weights, x1, x2)
    return step(weights, update(weights, signals, errors(weights, signals, t), rate))


def test_the_keys_are_those_of_the_drawing():
    assert WEIGHTS == KEYS
    weights, x1, x2, t = example()
    signals = forward(weights, x1, x2)
    assert sorted(signals) == sorted(
        ["x1", "x2", *(f"e{n}" for n in range(1, 7)), *(f"y{n}" for n in range(1, 7))]
    )
    eps = errors(weights, signals, t)
    assert sorted(eps) == [1, 2, 3, 4, 5, 6]
    assert list(update(weights, signals, eps, 0.1)) == list(weights)
    assert {(str(m), n) for m in TARGETS for n in TARGETS[m]} == {
        (m, n) for n in SOURCES for m in SOURCES[n] if m not in ("x1", "x2")
    }


@random_networks
@given(seed=SEEDS)
def test_signals_agree_with_the_matrix_form(seed):
    weights, x1, x2, _ = example(seed)
    W1, W2, W3 = matrices(weights)
    first = jax.nn.sigmoid(W1 @ jnp.array([x1, x2]))
    second = jax.nn.sigmoid(W2 @ first)
    third = jax.nn.sigmoid(W3 @ second)
    signals = forward(weights, x1, x2)
    outputs = [signals[f"y{n}"] for n in range(1, 7)]
    np.testing.assert_allclose(outputs, jnp.concatenate([first, second, third]), atol=1e-14)
    inputs = [signals[f"e{n}"] for n in range(1, 7)]
    np.testing.assert_allclose(jax.nn.sigmoid(jnp.array(inputs)), outputs, atol=1e-14)
    assert (signals["x1"], signals["x2"]) == (x1, x2)


@random_networks
@given(seed=SEEDS)
def test_errors_are_the_negative_gradients_at_the_outputs(seed):
    weights, x1, x2, t = example(seed)
    eps = errors(weights, forward(weights, x1, x2), t)
    ours = np.array([eps[n] for n in range(1, 7)])
    layers, x = matrices(weights), jnp.array([x1, x2])
    by_jax = jax.grad(jax_cost, argnums=1)(layers, NOTHING, x, t)
    np.testing.assert_allclose(ours, -np.concatenate(by_jax), rtol=0, atol=1e-10)

    def moved(v):
        return jax_cost(layers, (v[:3], v[3:5], v[5:]), x, t)

    assert agrees(ours, -numerical_gradient(moved, np.zeros(6)))


@random_networks
@given(seed=SEEDS, rate=st.floats(0.01, 10))
def test_updates_are_a_step_down_the_gradient_of_all_14_weights(seed, rate):
    weights, x1, x2, t = example(seed)
    ours = one_step(weights, x1, x2, t, rate) / rate
    by_jax = jax.grad(jax_cost)(matrices(weights), NOTHING, jnp.array([x1, x2]), t)
    np.testing.assert_allclose(ours, -in_key_order(*by_jax), rtol=0, atol=1e-10)
    assert agrees(
        one_step(weights, x1, x2, t), differences(weights, x1, x2, t), cost(weights, x1, x2, t)
    )


@random_networks
@given(seed=SEEDS)
def test_the_same_network_in_matrices_gives_the_same_step(seed):
    weights, x1, x2, t = example(seed)
    W1, W2, W3 = (np.array(W) for W in matrices(weights))
    x = np.array([x1, x2])
    e1 = W1 @ x
    y1 = 1 / (1 + np.exp(-e1))
    e2 = W2 @ y1
    y2 = 1 / (1 + np.exp(-e2))
    e3 = W3 @ y2
    s3 = d_sigmoid(e3) * (t - 1 / (1 + np.exp(-e3)))
    s2 = d_sigmoid(e2) * (W3.T @ s3)
    s1 = d_sigmoid(e1) * (W2.T @ s2)
    expected = in_key_order(np.outer(s1, x), np.outer(s2, y1), np.outer(s3, y2))
    np.testing.assert_allclose(one_step(weights, x1, x2, t), expected, rtol=0, atol=1e-12)


def test_training_on_one_example_comes_to_its_target():
    weights, x1, x2, _ = example(3)
    for _ in range(300):
        signals = forward(weights, x1, x2)
        weights = update(weights, signals, errors(weights, signals, 0.8), 2.0)
    assert forward(weights, x1, x2)["y6"] == pytest.approx(0.8, abs=1e-3)


def test_large_sums_do_not_overflow():
    weights = dict.fromkeys(KEYS, 1000.0)
    signals = forward(weights, -5, 0)
    assert (signals["y1"], signals["y4"], signals["y6"]) == (0.0, 0.5, 1.0)
    assert errors(weights, signals, 1.0) == dict.fromkeys(range(1, 7), 0.0)


def test_arguments_are_not_changed():
    weights, x1, x2, t = example()
    signals = forward(weights, x1, x2)
    eps = errors(weights, signals, t)
    before = dict(weights), dict(signals), dict(eps)
    new = update(weights, signals, eps, 0.5)
    assert (weights, signals, eps) == before
    assert new is not weights


def test_missing_and_unknown_weights_are_named():
    weights, x1, x2, t = example()
    signals = forward(weights, x1, x2)
    eps = errors(weights, signals, t)
    without = {key: w for key, w in weights.items() if key != "3,5"}
    extra = {**weights, "x1,4": 1.0}
    for bad, named in ((without, "3,5"), (extra, "x1,4")):
        with pytest.raises(ValueError, match=named):
            forward(bad, x1, x2)
        with pytest.raises(ValueError, match=named):
            errors(bad, signals, t)
        with pytest.raises(ValueError, match=named):
            update(bad, signals, eps, 0.1)
    with pytest.raises(ValueError, match="6"):
        update(weights, signals, {n: eps[n] for n in range(1, 6)}, 0.1)


def bare_errors(weights, signals, target):
    """Sent back along the weights, past neurons without their f′."""
    eps = {6: target - signals["y6"]}
    for m, targets in TARGETS.items():
        eps[m] = sum(weights[f"{m},{n}"] * eps[n] for n in targets)
    return eps


def errors_with(factor, targets=TARGETS, weight=lambda w, m, n: w[f"{m},{n}"], first=1.0):
    """The right rule with one piece replaced."""

    def rule(weights, signals, target):
        eps = {6: first * (target - signals["y6"])}
        for m in TARGETS:
            eps[m] = sum(weight(weights, m, n) * factor(signals, m, n) * eps[n] for n in targets[m])
        return eps

    return rule


def right_factor(signals, m, n):
    return slope(signals, n)


def mirrored(weights, m, n):
    """w of another edge: the weight matrix not transposed."""
    pairs = {(1, 5): "2,4", (2, 4): "1,5"}
    return weights[pairs.get((m, n), f"{m},{n}")]


def last_path_only(weights, signals, target):
    eps = {6: target - signals["y6"]}
    for m, targets in TARGETS.items():
        for n in targets:
            eps[m] = weights[f"{m},{n}"] * slope(signals, n) * eps[n]
    return eps


WRONG_ERRORS = {
    "without f′": bare_errors,
    "f′ of the sending neuron": errors_with(lambda s, m, n: slope(s, m)),
    "f′ of both neurons": errors_with(lambda s, m, n: slope(s, m) * slope(s, n)),
    "f′ at y instead of e": errors_with(lambda s, m, n: float(d_sigmoid(s[f"y{n}"]))),
    "y for f′": errors_with(lambda s, m, n: s[f"y{n}"]),
    "1 − y for f′": errors_with(lambda s, m, n: 1 - s[f"y{n}"]),
    "path through neuron 5 dropped": errors_with(
        right_factor, targets={**TARGETS, 1: [4], 2: [4], 3: [4]}
    ),
    "= for += where paths meet": last_path_only,
    "weights not transposed": errors_with(right_factor, weight=mirrored),
    "weights left out": errors_with(right_factor, weight=lambda w, m, n: 1.0),
    "sign of t − y": errors_with(right_factor, first=-1.0),
    "factor 2 of the square": errors_with(right_factor, first=2.0),
}


def update_with(factor, source):
    def rule(weights, signals, eps, rate):
        new = dict(weights)
        for n, sources in SOURCES.items():
            for m in sources:
                new[f"{m},{n}"] += rate * eps[n] * factor(signals, m, n) * source(signals, m, n)
        return new

    return rule


def input_of(signals, m, n):
    return sent(signals, m)


WRONG_UPDATES = {
    "without f′": update_with(lambda s, m, n: 1.0, input_of),
    "f′ at y": update_with(lambda s, m, n: float(d_sigmoid(s[f"y{n}"])), input_of),
    "sign": update_with(lambda s, m, n: -slope(s, n), input_of),
    "own output for the input": update_with(right_factor, lambda s, m, n: s[f"y{n}"]),
    "sum for the input": update_with(
        right_factor, lambda s, m, n: s[m] if m in ("x1", "x2") else s[f"e{m}"]
    ),
    "input left out": update_with(right_factor, lambda s, m, n: 1.0),
}


RATE = 0.5


def passes(errors_rule, update_rule) -> bool:
    weights, x1, x2, t = example(11)
    numerical = {"w": differences(weights, x1, x2, t)}

    def steps():
        signals = forward(weights, x1, x2)
        new = update_rule(weights, signals, errors_rule(weights, signals, t), RATE)
        return {"w": step(weights, new) / RATE}

    return not caught(steps, numerical, cost(weights, x1, x2, t))


@pytest.mark.parametrize("name", WRONG_ERRORS)
def test_wrong_errors_are_caught(name):
    assert not passes(WRONG_ERRORS[name], update)


@pytest.mark.parametrize("name", WRONG_UPDATES)
def test_wrong_updates_are_caught(name):
    assert not passes(errors, WRONG_UPDATES[name])


@pytest.mark.parametrize("fault", list(faults(errors, slope)), ids=str)
def test_a_fault_in_the_errors_is_caught(fault):
    assert not passes(fault.function, update)


@pytest.mark.parametrize("fault", list(faults(update, slope, sent)), ids=str)
def test_a_fault_in_the_update_is_caught(fault):
    assert not passes(errors, fault.function)


def test_the_rules_that_the_wrong_ones_start_from_are_right():
    assert passes(errors, update)
    assert passes(errors_with(right_factor), update_with(right_factor, input_of))


def test_the_rule_without_slopes_takes_first_layer_steps_many_times_too_long():
    ratios, cosines = [], []
    for seed in range(50):
        weights, x1, x2, t = example(seed)
        signals = forward(weights, x1, x2)
        theirs = step(weights, update(weights, signals, bare_errors(weights, signals, t), 1.0))
        ours = one_step(weights, x1, x2, t)
        np.testing.assert_allclose(theirs[12:], ours[12:], rtol=1e-12)
        lengths = np.linalg.norm(theirs[:6]), np.linalg.norm(ours[:6])
        ratios.append(lengths[0] / lengths[1])
        cosines.append(theirs[:6] @ ours[:6] / (lengths[0] * lengths[1]))
    assert np.median(ratios) > 16
    assert min(ratios) > 5
    assert np.median(cosines) > 0.9
