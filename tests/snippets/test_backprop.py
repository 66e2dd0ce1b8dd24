"""Backpropagation against central differences, JAX, and wrong derivations."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from snippets.activations import softmax
from snippets.backprop import (
    Cache,
    backward,
    backward_from,
    cross_entropy,
    d_cross_entropy,
    d_squared_error,
    forward,
    log_softmax,
    penalty,
    squared_error,
)
from snippets.gradient_check import numerical_gradient
from tests.snippets.faults import faults
from tests.snippets.gradients import agree, caught, compiled, numerical_gradients

jax.config.update("jax_enable_x64", True)

SIZES = st.tuples(*[st.integers(1, 5)] * 4)
SEEDS = st.integers(0, 2**32 - 1)
LAMBDAS = st.sampled_from([0.0, 0.3, 2.0])
random_shapes = settings(deadline=None, max_examples=15, derandomize=True)


def example(sizes=(3, 3, 3, 3), seed=0):
    """Weights, inputs and targets; by default square, so that a wrong transpose still fits."""
    n_x, n_h, n_y, m = sizes
    rng = np.random.default_rng(seed)
    return tuple(rng.normal(size=s) for s in ((n_h, n_x), (n_y, n_h), (n_x, m), (n_y, m)))


def one_hot(y):
    return np.eye(len(y))[:, np.argmax(y, axis=0)]


def numerical(J, W1, W2):
    return numerical_gradients(lambda a: J(a["W1"], a["W2"]), {"W1": W1, "W2": W2})


def named(gradients):
    return dict(zip(("W1", "W2"), gradients, strict=True))


def agrees(gradients, J, W1, W2) -> bool:
    """Both gradients against central differences of J(W1, W2)."""
    return agree(named(gradients), numerical(J, W1, W2), J(W1, W2))


def jax_squared_error(o, y):
    return jnp.mean(jnp.sum((o - y) ** 2, axis=0)) / 2


def jax_cross_entropy(o, y):
    return -jnp.mean(jnp.sum(y * jax.nn.log_softmax(o, axis=0), axis=0))


def by_jax(loss):
    """J and its gradients in W1 and W2, compiled once for each shape and not for each operation."""

    def J(W1, W2, x, y, lam):
        o = W2 @ jnp.tanh(W1 @ x)
        return loss(o, y) + lam / 2 * (jnp.sum(W1**2) + jnp.sum(W2**2))

    return compiled(jax.value_and_grad(J, argnums=(0, 1)))


squared_error_by_jax, cross_entropy_by_jax = by_jax(jax_squared_error), by_jax(jax_cross_entropy)


@random_shapes
@given(sizes=SIZES, seed=SEEDS, lam=LAMBDAS)
def test_gradients_agree_with_central_differences_and_jax(sizes, seed, lam):
    W1, W2, x, y = example(sizes, seed)
    J, cache = forward(W1, W2, x, y, lam)
    gradients = backward(cache)
    assert agrees(gradients, lambda A, B: forward(A, B, x, y, lam)[0], W1, W2)
    J_jax, expected = squared_error_by_jax(W1, W2, x, y, lam)
    assert pytest.approx(float(J_jax), rel=1e-13) == J
    for ours, theirs in zip(gradients, expected, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-10, atol=1e-10)


@random_shapes
@given(sizes=SIZES, seed=SEEDS, lam=LAMBDAS)
def test_another_loss_plugs_in_through_its_gradient_at_the_output(sizes, seed, lam):
    W1, W2, x, y = example(sizes, seed)
    y = one_hot(y)

    def J(A, B):
        return cross_entropy(forward(A, B, x, y, lam)[1].o, y) + penalty(A, B, lam)

    cache = forward(W1, W2, x, y, lam)[1]
    gradients = backward_from(cache, d_cross_entropy(cache.o, y))
    assert agrees(gradients, J, W1, W2)
    J_jax, expected = cross_entropy_by_jax(W1, W2, x, y, lam)
    assert J(W1, W2) == pytest.approx(float(J_jax), rel=1e-12, abs=1e-14)
    for ours, theirs in zip(gradients, expected, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize(
    ("loss", "d_loss", "jax_loss"),
    [
        (squared_error, d_squared_error, jax_squared_error),
        (cross_entropy, d_cross_entropy, jax_cross_entropy),
    ],
)
@pytest.mark.parametrize("m", [1, 4])
def test_gradients_at_the_output(loss, d_loss, jax_loss, m):
    rng = np.random.default_rng(m)
    o, y = rng.normal(size=(3, m)), one_hot(rng.normal(size=(3, m)))
    do = d_loss(o, y)
    differences = numerical_gradient(lambda v: loss(v, y), o)
    np.testing.assert_allclose(do, differences, rtol=1e-7, atol=1e-9)
    np.testing.assert_allclose(do, jax.grad(jax_loss)(o, y), rtol=0, atol=1e-12)


def test_cross_entropy_stays_finite_at_large_outputs():
    o, y = np.array([[1000.0, -1000.0], [0.0, 0.0]]), np.array([[0.0, 1.0], [1.0, 0.0]])
    assert cross_entropy(o, y) == 1000.0
    np.testing.assert_array_equal(d_cross_entropy(o, y), (softmax(o, axis=0) - y) / 2)


@random_shapes
@given(sizes=SIZES, seed=SEEDS, lam=LAMBDAS)
def test_one_sample_is_a_batch_of_one(sizes, seed, lam):
    W1, W2, x, y = example((*sizes[:3], 1), seed)
    J, cache = forward(W1, W2, x, y, lam)
    J_single, cache_single = forward(W1, W2, x[:, 0], y[:, 0], lam)
    assert J_single == J
    for ours, theirs in zip(backward(cache_single), backward(cache), strict=True):
        np.testing.assert_array_equal(ours, theirs)


@random_shapes
@given(sizes=SIZES, seed=SEEDS, lam=LAMBDAS)
def test_a_batch_is_the_mean_of_its_samples(sizes, seed, lam):
    W1, W2, x, y = example(sizes, seed)
    J, cache = forward(W1, W2, x, y, lam)
    singles = [forward(W1, W2, x_i, y_i, lam) for x_i, y_i in zip(x.T, y.T, strict=True)]
    assert pytest.approx(np.mean([J_i for J_i, _ in singles])) == J
    means = [np.mean(g, axis=0) for g in zip(*[backward(c) for _, c in singles], strict=True)]
    for ours, mean in zip(backward(cache), means, strict=True):
        np.testing.assert_allclose(ours, mean, rtol=1e-12, atol=1e-14)


def test_shapes_and_types():
    W1, W2, x, y = example((4, 3, 2, 5))
    J, cache = forward(W1, W2, x, y, 0.1)
    assert type(J) is float
    assert [g.shape for g in backward(cache)] == [W1.shape, W2.shape]
    assert (cache.h.shape, cache.o.shape) == ((3, 5), (2, 5))


def test_a_small_case_by_hand():
    J, cache = forward(np.array([[0.0]]), np.array([[2.0]]), [1.0], [3.0], 0.5)
    dW1, dW2 = backward(cache)
    assert J == 4.5 + 0.25 * 4  # h = 0, o = 0
    assert (dW1.item(), dW2.item()) == (-6.0, 1.0)


def test_arguments_are_not_changed():
    arrays = example()
    copies = [a.copy() for a in arrays]
    _, cache = forward(*arrays, 0.4)
    before = [np.copy(a) for a in cache]
    backward(cache)
    do = np.ones((3, 3))
    backward_from(cache, do)
    y = one_hot(arrays[3])
    d_cross_entropy(cache.o, y)
    for a, copy in zip(arrays, copies, strict=True):
        np.testing.assert_array_equal(a, copy)
    for a, copy in zip(cache, before, strict=True):
        np.testing.assert_array_equal(a, copy)
    np.testing.assert_array_equal(do, 1)


W = np.ones


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((W((3, 2)), W((1, 3)), W(3), W(1), 0), r"W1 \(3, 2\).* x \(3, 1\)"),
        ((W((3, 2)), W((1, 4)), W(2), W(1), 0), r"W2 \(1, 4\)"),
        ((W((3, 2)), W((1, 3)), W(2), W(2), 0), r"y \(2, 1\)"),
        ((W((3, 2)), W((1, 3)), W((2, 5)), W((1, 4)), 0), r"x \(2, 5\) and y \(1, 4\)"),
        ((W((3, 2)), W((1, 3)), W((2, 5)), W(1), 0), r"y \(1, 1\)"),
        ((W(2), W((1, 3)), W(2), W(1), 0), r"W1 \(2,\)"),
        ((W((3, 2)), W(3), W(2), W(1), 0), r"W2 \(3,\)"),
        ((W((3, 2)), W((1, 3)), W((2, 1, 1)), W(1), 0), r"\(2, 1, 1\)"),
        ((W((3, 2)), W((1, 3)), W((2, 0)), W((1, 0)), 0), r"\(2, 0\)"),
        ((W((3, 2)), W((1, 3)), 1.0, W(1), 0), r"\(\)"),
        ((W((3, 2)), W((1, 3)), W(2), W(1), -0.5), "-0.5"),
        ((W((3, 2)), W((1, 3)), W(2), W(1), np.nan), "nan"),
        ((W((3, 2)), W((1, 3)), W(2), W(1), np.inf), "inf"),
        (([1.0], [[1.0]], W(1), W(1), 0), r"W1 \(1,\)"),
    ],
)
def test_bad_input_is_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        forward(*arguments)


@pytest.mark.parametrize("kind", [np.int8, np.uint8, np.float16, list])
def test_every_kind_of_number_counts_as_a_float(kind):
    right = [np.array(a, float) for a in ([[100, 3], [7, 120]], [[90, 20]], [0.5, 0.25], [1.0])]
    given = [a.tolist() if kind is list else a.astype(kind) for a in right[:2]]
    J, cache = forward(*given, *right[2:], 2.0)
    expected, right_cache = forward(*right, 2.0)
    assert expected == J and penalty(*given, 2.0) == penalty(*right[:2], 2.0)
    for ours, theirs in zip(backward(cache), backward(right_cache), strict=True):
        assert ours.dtype == np.float64 and np.array_equal(ours, theirs)


def test_bad_input_to_the_other_functions_is_named():
    cache = forward(*example((2, 3, 2, 4)), 0.0)[1]
    with pytest.raises(ValueError, match=r"o \(2, 4\) and y \(2, 3\)"):
        backward_from(cache, np.ones((2, 3)))
    with pytest.raises(ValueError, match=r"o \(2, 1\) and y \(3, 1\)"):
        squared_error(np.ones(2), np.ones(3))
    for bad in ([0.5, 0.4], [1.5, -0.5]):
        with pytest.raises(ValueError, match="distributions"):
            cross_entropy(np.ones(2), bad)
        with pytest.raises(ValueError, match="distributions"):
            d_cross_entropy(np.ones(2), bad)


def derive(
    cache: Cache,
    do=None,
    slope=None,
    x=None,
    hidden=None,
    W2=None,
    dh=None,
    lam1=None,
    lam2=None,
):
    """The right derivation, with any of its pieces replaced by a wrong one."""
    do = (cache.o - cache.y) / cache.o.shape[1] if do is None else do
    slope = 1 - cache.h**2 if slope is None else slope
    x = cache.x if x is None else x
    hidden = cache.h if hidden is None else hidden
    W2 = cache.W2 if W2 is None else W2
    dh = W2.T @ do if dh is None else dh
    dW1 = (dh * slope) @ x.T + (cache.lam if lam1 is None else lam1) * cache.W1
    dW2 = do @ hidden.T + (cache.lam if lam2 is None else lam2) * cache.W2
    return dW1, dW2


def swapped(cache: Cache):
    """Outer products the wrong way round: x dzᵀ for dz xᵀ, h doᵀ for do hᵀ."""
    dW1, dW2 = derive(cache, lam1=0, lam2=0)
    return dW1.T + cache.lam * cache.W1, dW2.T + cache.lam * cache.W2


WRONG = {
    "λW1 missing": lambda c: derive(c, lam1=0),
    "λW2 missing": lambda c: derive(c, lam2=0),
    "λW1 twice": lambda c: derive(c, lam1=2 * c.lam),
    "λ/m": lambda c: derive(c, lam1=c.lam / 3, lam2=c.lam / 3),
    "penalty assigned over the loss": lambda c: (c.lam * c.W1, c.lam * c.W2),
    "1/m missing": lambda c: derive(c, do=c.o - c.y),
    "1/m twice": lambda c: derive(c, do=(c.o - c.y) / 9),
    "sign of o − y": lambda c: derive(c, do=(c.y - c.o) / 3),
    "factor 2 of the square": lambda c: derive(c, do=2 * (c.o - c.y) / 3),
    "W2 without transpose": lambda c: derive(c, W2=c.W2.T),
    "outer products turned": swapped,
    "x without transpose": lambda c: derive(c, x=c.x.T),
    "h without transpose": lambda c: derive(c, hidden=c.h.T),
    "φ′ missing": lambda c: derive(c, slope=1.0),
    "φ′ at h": lambda c: derive(c, slope=1 - np.tanh(c.h) ** 2),
    "φ′ at o": lambda c: derive(c, slope=1 - np.tanh(c.o) ** 2),
    "1 − h for 1 − h²": lambda c: derive(c, slope=1 - c.h),
    "φ′ on the output too": lambda c: derive(c, do=(c.o - c.y) / 3 * (1 - np.tanh(c.o) ** 2)),
    "z for h": lambda c: derive(c, hidden=c.W1 @ c.x),
    "x for h": lambda c: derive(c, hidden=c.x),
    "W2 skipped": lambda c: derive(c, dh=(c.o - c.y) / 3),
    "first output's path only": lambda c: derive(c, dh=np.outer(c.W2[0], (c.o - c.y)[0]) / 3),
    "first sample only": lambda c: derive(c, do=(c.o - c.y) / 3 * [1, 0, 0]),
}


def objective(loss, x, y, lam=0.3):
    return lambda A, B: loss(forward(A, B, x, y, lam)[1].o, y) + penalty(A, B, lam)


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_derivation_is_caught(name):
    W1, W2, x, y = example(seed=7)
    J = objective(squared_error, x, y)
    cache = forward(W1, W2, x, y, 0.3)[1]
    assert agrees(derive(cache), J, W1, W2)
    assert not agrees(WRONG[name](cache), J, W1, W2)


#: Square, so that a wrong transpose fits; and n_y ≠ m, so that one is not taken for the other.
FAULT_SIZES = [(3, 3, 3, 3), (3, 3, 3, 4)]


@pytest.mark.parametrize("fault", list(faults(backward, backward_from, d_squared_error)), ids=str)
def test_a_fault_in_backward_is_caught(fault):
    seen = []
    for sizes in FAULT_SIZES:
        W1, W2, x, y = example(sizes, 7)
        J = objective(squared_error, x, y)
        cache = forward(W1, W2, x, y, 0.3)[1]
        differences = numerical(J, W1, W2)
        assert agree(named(backward(cache)), differences, J(W1, W2))
        seen.append(caught(lambda c=cache: named(fault.function(c)), differences, J(W1, W2)))
    assert any(seen)


#: Softmax does not change when a column is shifted, so these change nothing but the range.
ONLY_THE_SHIFT = ("shifted = o", "shifted = o + np.max(o, axis=0)")


@pytest.mark.parametrize(
    "fault",
    [f for f in faults(d_cross_entropy, log_softmax) if f.now not in ONLY_THE_SHIFT],
    ids=str,
)
def test_a_fault_in_the_gradient_of_the_cross_entropy_is_caught(fault):
    seen = []
    for sizes in FAULT_SIZES:
        W1, W2, x, y = example(sizes, 7)
        y = one_hot(y)
        J = objective(cross_entropy, x, y)
        cache = forward(W1, W2, x, y, 0.3)[1]
        differences = numerical(J, W1, W2)
        assert agree(
            named(backward_from(cache, d_cross_entropy(cache.o, y))), differences, J(W1, W2)
        )
        seen.append(
            caught(
                lambda c=cache, y=y: named(backward_from(c, fault.function(c.o, y))),
                differences,
                J(W1, W2),
            )
        )
    assert any(seen)
