"""Normalisation against JAX, central differences, Equinox, and wrong derivations."""

import functools

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.signal import lfilter

from snippets.normalization import (
    Running,
    batch_norm,
    batch_norm_alone,
    batch_norm_backward,
    layer_norm,
    layer_norm_backward,
    normalize,
    with_batch,
)
from tests.snippets.faults import faults, rewritten
from tests.snippets.gradients import agree, numerical_gradients

jax.config.update("jax_enable_x64", True)

FORWARD = {"layer": layer_norm, "batch": batch_norm}
BACKWARD = {"layer": layer_norm_backward, "batch": batch_norm_backward}
AXIS = {"layer": -1, "batch": 0}
SHAPES = [("layer", (5,)), ("layer", (4, 3)), ("layer", (2, 3, 4)), ("batch", (5, 3))]


def example(shape, seed=0):
    rng = np.random.default_rng(seed)
    n = shape[-1]
    a = {
        "x": 2 + 3 * rng.normal(size=shape),
        "gain": rng.normal(size=n),
        "bias": rng.normal(size=n),
    }
    return a, rng.normal(size=shape)


def ours(kind, a, dy, backward=None):
    _, cache = FORWARD[kind](a["x"], a["gain"], a["bias"])
    dx, dgain, dbias = (backward or BACKWARD[kind])(cache, dy.tolist())
    return {"x": dx, "gain": dgain, "bias": dbias}


def in_jax(a, axis):
    normed = jax.nn.standardize(a["x"], axis=axis, epsilon=1e-5)
    return a["gain"] * normed + a["bias"]


def differ(one, other) -> float:
    return float(np.max(np.abs(np.asarray(one) - np.asarray(other))))


@pytest.mark.parametrize(("kind", "shape"), SHAPES)
def test_outputs_and_gradients_agree_with_jax(kind, shape):
    a, dy = example(shape)
    theirs, grads = by_jax(kind, shape)
    y, _ = FORWARD[kind](**a)
    worst = max(differ(y, theirs), *(differ(g, grads[k]) for k, g in ours(kind, a, dy).items()))
    print(f"{kind} {shape}: largest difference {worst:.1e}")
    assert worst < 1e-10


def test_layer_norm_agrees_with_equinox():
    a, _ = example((4, 6))
    norm = eqx.nn.LayerNorm(6, eps=1e-5, dtype=jnp.float64)
    norm = eqx.tree_at(lambda n: (n.weight, n.bias), norm, (a["gain"], a["bias"]))
    assert differ(layer_norm(**a)[0], jax.vmap(norm)(a["x"])) < 1e-10


@pytest.mark.parametrize(("kind", "shape"), SHAPES)
def test_gradients_agree_with_central_differences(kind, shape):
    a, dy = example(shape, 1)

    def loss(b):
        return float(np.sum(FORWARD[kind](**b)[0] * dy))

    assert agree(ours(kind, a, dy), numerical_gradients(loss, a), loss(a))


@functools.cache
def by_jax(kind, shape):
    """Output and gradients."""
    a, dy = example(shape)
    y, back = jax.vjp(lambda a: in_jax(a, AXIS[kind]), a)
    (grads,) = back(jnp.asarray(dy))
    return np.asarray(y), {k: np.asarray(g) for k, g in grads.items()}


def right(kind, shape, forward=None, backward=None) -> bool:
    """Whether a version, perhaps with a fault, agrees with JAX."""
    a, dy = example(shape)
    y, grads = by_jax(kind, shape)
    try:
        with np.errstate(all="ignore"):
            if forward:
                found = {"y": forward(a["x"], a["gain"], a["bias"], 1e-5, AXIS[kind])[0]}
                grads = {"y": y}
            else:
                found = ours(kind, a, dy, backward)
        return all(
            np.shape(g) == grads[k].shape and differ(g, grads[k]) < 1e-10 for k, g in found.items()
        )
    except (ArithmeticError, AttributeError, LookupError, NameError, TypeError, ValueError):
        return False


def test_every_fault_is_caught():
    cases = [(kind, shape) for kind, shape in SHAPES if len(shape) > 1]
    for fault in faults(normalize):
        if "-(x - mean)" in fault.now:  # its square is the same
            continue
        assert not all(right(*case, forward=fault.function) for case in cases), str(fault)
    for fault in faults(layer_norm_backward):
        assert not all(right(*case, backward=fault.function) for case in cases), str(fault)


@pytest.mark.parametrize(
    ("old", "new"), [(" - x_hat * slope", ""), (" - offset", ""), (" / scale", "")]
)
def test_the_usual_mistakes_of_the_backward_pass_are_caught(old, new):
    wrong = rewritten(
        layer_norm_backward,
        "(d - offset - x_hat * slope) / scale",
        "(d - offset - x_hat * slope) / scale".replace(old, new),
    )
    assert not right("layer", (4, 3), backward=wrong)


BATCHES = np.random.default_rng(3).normal(2, 3, size=(6, 5, 3))
START = Running(np.array([0.5, -1.0, 2.0]), np.array([1.0, 2.0, 4.0]))


def gathered(add=with_batch, beta=0.8) -> np.ndarray:
    """The running means after each batch, (batches, 2, n)."""
    running, found = START, []
    for x in BATCHES:
        running = add(running, x.tolist(), beta)
        found.append(running)
    return np.array(found)


def filtered(beta=0.8) -> np.ndarray:
    """The same by SciPy's recursive filter, from NumPy's own means and variances."""
    batches = np.stack([BATCHES.mean(axis=1), BATCHES.var(axis=1)], axis=1)
    found, _ = lfilter([1 - beta], [1, -beta], batches, axis=0, zi=beta * np.array(START)[None])
    return np.asarray(found)


def test_running_means_are_those_of_a_recursive_filter():
    assert differ(gathered(), filtered()) < 1e-12


def test_with_the_means_of_a_batch_its_rows_come_out_as_in_the_batch():
    a, _ = example((5, 3))
    of_batch = Running(a["x"].mean(axis=0), a["x"].var(axis=0))
    y = batch_norm(**a)[0]
    assert differ(batch_norm_alone(**a, running=of_batch, epsilon=1e-5), y) < 1e-12
    alone = batch_norm_alone(a["x"][2].tolist(), a["gain"], a["bias"], of_batch, 1e-5)
    assert differ(alone, y[2]) < 1e-12


def test_faults_of_the_running_means_are_caught():
    def passes(fault) -> bool:
        try:
            return differ(gathered(fault.function), filtered()) < 1e-12
        except (ArithmeticError, AttributeError, LookupError, NameError, TypeError, ValueError):
            return False

    refusals = ("raise", "check_batch", "like(")  # which good input does not need
    left = [str(f) for f in faults(with_batch) if passes(f)]
    assert [fault for fault in left if not any(part in fault for part in refusals)] == []


def test_what_is_normalised_has_mean_0_and_variance_1():
    a, _ = example((50, 40))
    ones, zeros = np.ones(40), np.zeros(40)
    for kind, axis in AXIS.items():
        y, _ = FORWARD[kind](a["x"], ones, zeros)
        assert np.allclose(y.mean(axis=axis), 0, atol=1e-12)
        assert np.allclose(y.var(axis=axis), 1, atol=1e-5)


def test_nothing_is_changed_in_place():
    a, dy = example((4, 3))
    before = {k: v.copy() for k, v in (a | {"dy": dy}).items()}
    for kind in FORWARD:
        ours(kind, a, dy)
    assert all(np.array_equal(before[k], v) for k, v in (a | {"dy": dy}).items())


def test_bad_input_is_refused():
    x, one, zero = np.ones((4, 3)), np.ones(3), np.zeros(3)
    for function in FORWARD.values():
        with pytest.raises(ValueError, match=r"gain must be \(3,\), got \(2,\)"):
            function(x, np.ones(2), zero)
        with pytest.raises(ValueError, match=r"bias must be \(3,\), got \(\)"):
            function(x, one, 0.0)
        with pytest.raises(ValueError, match=r"x is empty, \(0, 3\)"):
            function(np.ones((0, 3)), one, zero)
        for epsilon in (0.0, -1.0, np.nan):
            with pytest.raises(ValueError, match="epsilon must be positive"):
                function(x, one, zero, epsilon)
    for x in (np.ones((1, 3)), np.ones(3), np.ones((2, 2, 3))):
        with pytest.raises(ValueError, match=r"x must be \(m, n\) with m ≥ 2, got \("):
            batch_norm(x, one, zero)
    _, cache = layer_norm(np.ones((4, 3)), one, zero)
    with pytest.raises(ValueError, match=r"dy must be \(4, 3\), got \(3,\)"):
        layer_norm_backward(cache, np.ones(3))
    three = Running(zero, one)
    with pytest.raises(ValueError, match=r"x must be \(m, n\) with m ≥ 2, got \(1, 3\)"):
        with_batch(three, np.ones((1, 3)))
    with pytest.raises(ValueError, match=r"running must be \(2,\), got \(3,\)"):
        with_batch(three, np.ones((4, 2)))
    for beta in (-0.1, 1.0, np.nan):
        with pytest.raises(ValueError, match="beta must be ≥ 0 and < 1"):
            with_batch(three, np.ones((4, 3)), beta)
    with pytest.raises(ValueError, match=r"running must be \(3,\), got \(2,\)"):
        batch_norm_alone(np.ones(3), one, zero, Running(zero[:2], one), 1e-5)
