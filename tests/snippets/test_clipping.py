"""Clipping against JAX and its definition, at every size, and against wrong versions."""

import contextlib
import math
import sys
from decimal import Decimal

import jax
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jax.example_libraries import optimizers

from snippets.clipping import (
    clip_by_global_norm,
    clip_by_value,
    global_norm,
    largest_entry,
    perplexity,
)
from tests.snippets.faults import faults

jax.config.update("jax_enable_x64", True)

random_gradients = settings(deadline=None, max_examples=25, derandomize=True)
SEEDS = st.integers(0, 2**32 - 1)
SHAPES = st.lists(st.lists(st.integers(0, 4), max_size=3).map(tuple), min_size=1, max_size=4)
THETAS = st.floats(1e-3, 1e3)


def draw(shapes, seed, scale=1.0):
    rng = np.random.default_rng(seed)
    return [np.asarray(rng.normal(size=shape) * scale) for shape in shapes]


def flat(grads):
    return np.concatenate([np.ravel(g) for g in grads])


def exact_norm(grads) -> float:
    """The norm in decimal arithmetic, which has no largest number to speak of."""
    squares = (Decimal(float(v)) ** 2 for v in flat(grads))
    return float(sum(squares, Decimal(0)).sqrt())


@random_gradients
@given(shapes=SHAPES, seed=SEEDS, theta=THETAS)
def test_agrees_with_jax(shapes, seed, theta):
    grads = draw(shapes, seed)
    assert global_norm(grads) == pytest.approx(float(optimizers.l2_norm(grads)), rel=1e-14)
    clipped = clip_by_global_norm(grads, theta)
    for ours, theirs in zip(clipped, optimizers.clip_grads(grads, theta), strict=True):
        np.testing.assert_allclose(ours, np.asarray(theirs), rtol=1e-13)


@pytest.mark.parametrize("exponent", [-320, -300, -200, -20, 0, 20, 200, 300])
def test_the_norm_is_right_at_every_size(exponent):
    grads = draw([(3, 2), (), (0,), (4,)], 1, float(f"1e{exponent}"))
    with np.errstate(all="raise", under="ignore"):
        assert math.isclose(global_norm(grads), exact_norm(grads), rel_tol=1e-14)
    assert global_norm([np.array([3e200]), np.array([[4e200]])]) == pytest.approx(5e200)


def test_the_norm_of_nothing_but_zeros_is_zero():
    assert global_norm([np.zeros((2, 3)), np.zeros(0)]) == 0.0
    assert global_norm([np.zeros(0)]) == 0.0
    assert type(global_norm([np.ones(2)])) is float


def keeps_its_promises(clip, grads, theta) -> bool:
    """Shapes kept, ‖result‖ = min(‖g‖, θ), the direction kept, and nothing else done."""
    with np.errstate(all="ignore"):
        clipped = clip(grads, theta)
    if [np.shape(c) for c in clipped] != [np.shape(g) for g in grads]:
        return False
    before, after = exact_norm(grads), exact_norm(clipped)
    if before <= theta:
        return all(np.array_equal(c, g) for c, g in zip(clipped, grads, strict=True))
    if not math.isclose(after, theta, rel_tol=1e-12):
        return False
    return np.allclose(flat(clipped) / after, flat(grads) / before, rtol=0, atol=1e-12)


@random_gradients
@given(shapes=SHAPES, seed=SEEDS, theta=THETAS, exponent=st.integers(-250, 250))
def test_norm_clipping_keeps_its_promises(shapes, seed, theta, exponent):
    grads = draw(shapes, seed, 10.0**exponent)
    assert keeps_its_promises(clip_by_global_norm, grads, theta)


def test_norm_clipping_where_the_norm_itself_is_too_large_for_a_float():
    grads = [np.full(9, 1e308), np.full((2, 8), -1e308)]
    assert global_norm(grads) == math.inf
    clipped = clip_by_global_norm(grads, 5.0)
    np.testing.assert_allclose(clipped[0], 1.0, rtol=1e-14)
    np.testing.assert_allclose(clipped[1], -1.0, rtol=1e-14)


def test_an_infinite_theta_clips_nothing():
    grads = draw([(3,), (2, 2)], 0, 1e100)
    for c, g in zip(clip_by_global_norm(grads, math.inf), grads, strict=True):
        np.testing.assert_array_equal(c, g)


NARROW = st.sampled_from([np.float16, np.float32, np.int8, np.uint8, np.int64, list])


@random_gradients
@given(kind=NARROW, size=st.sampled_from([1, 9, 70_000]), theta=THETAS, seed=SEEDS)
def test_every_kind_of_number_counts_as_a_float(kind, size, theta, seed):
    g = np.random.default_rng(seed).integers(1, 120, size)
    given = [g.tolist() if kind is list else g.astype(kind)]
    assert global_norm(given) == pytest.approx(exact_norm([g]), rel=1e-12)
    for clip in (clip_by_global_norm, clip_by_value):
        for limit in (theta, 1e9):
            clipped = clip(given, limit)[0]
            assert clipped.dtype == np.float64
            assert np.array_equal(clipped, clip([g.astype(float)], limit)[0])


def test_the_smallest_whole_number_has_a_norm():
    assert global_norm([np.array([-(2**63)])]) == 2.0**63


@random_gradients
@given(shapes=SHAPES, seed=SEEDS, limit=THETAS)
def test_clipping_by_value_cuts_each_entry_by_itself(shapes, seed, limit):
    grads = draw(shapes, seed, 10.0)
    for c, g in zip(clip_by_value(grads, limit), grads, strict=True):
        assert c.shape == g.shape
        for cut, value in zip(c.ravel(), g.ravel(), strict=True):
            assert cut == max(-limit, min(limit, value))


def test_only_norm_clipping_keeps_the_direction():
    grads = [np.array([10.0, 0.1])]
    g = grads[0] / np.linalg.norm(grads[0])
    by_norm, by_value = clip_by_global_norm(grads, 0.1)[0], clip_by_value(grads, 0.1)[0]
    assert g @ by_norm / np.linalg.norm(by_norm) == pytest.approx(1.0, rel=1e-15)
    assert g @ by_value / np.linalg.norm(by_value) < 0.72


@pytest.mark.parametrize("clip", [clip_by_global_norm, clip_by_value])
@pytest.mark.parametrize("limit", [1e-2, 1e2])
def test_the_result_is_new_and_arguments_stay(clip, limit):
    grads = draw([(3, 2), (4,)], 5)
    before = [g.copy() for g in grads]
    clipped = clip(grads, limit)
    assert isinstance(clipped, list)
    for c, g in zip(clipped, grads, strict=True):
        assert not np.shares_memory(c, g)
        c[...] = 99.0
    for g, b in zip(grads, before, strict=True):
        np.testing.assert_array_equal(g, b)


@pytest.mark.parametrize("bad", [math.inf, -math.inf, math.nan])
@pytest.mark.parametrize(
    "function",
    [global_norm, lambda g: clip_by_global_norm(g, 1.0), lambda g: clip_by_value(g, 1.0)],
)
def test_what_is_not_finite_is_named(function, bad):
    with pytest.raises(ValueError, match=f"gradient 1 contains {bad}"):
        function([np.ones(2), np.array([[0.0, bad]])])
    with pytest.raises(ValueError, match="no gradients"):
        function([])


@pytest.mark.parametrize("limit", [0.0, -1.0, -math.inf, math.nan])
def test_a_limit_that_is_not_positive_is_named(limit):
    with pytest.raises(ValueError, match=f"theta .* {limit}"):
        clip_by_global_norm([np.ones(2)], limit)
    with pytest.raises(ValueError, match=f"limit .* {limit}"):
        clip_by_value([np.ones(2)], limit)


def naive_norm(grads):
    return math.sqrt(sum(float(np.sum(g**2)) for g in grads))


def scaled(grads, factor):
    return [g * factor for g in grads]


WRONG = {
    "squares overflow": lambda g, t: scaled(g, min(t / naive_norm(g), 1.0)),
    "each array by itself": lambda g, t: [scaled([a], min(t / naive_norm([a]), 1))[0] for a in g],
    "small gradients blown up": lambda g, t: scaled(g, t / global_norm(g)),
    "maximum for minimum": lambda g, t: scaled(g, max(t / global_norm(g), 1.0)),
    "squared norm": lambda g, t: scaled(g, min(t / global_norm(g) ** 1.5, 1.0)),
    "fraction turned": lambda g, t: scaled(g, min(global_norm(g) / t, 1.0)),
    "absolute sum for the norm": lambda g, t: scaled(g, min(t / np.sum(np.abs(flat(g))), 1.0)),
    "largest entry for the norm": lambda g, t: scaled(g, min(t / np.max(np.abs(flat(g))), 1.0)),
    "entry by entry": clip_by_value,
    "divided by the norm only": lambda g, t: scaled(g, min(1 / global_norm(g), 1.0)),
    "last array forgotten": lambda g, t: [*clip_by_global_norm(g[:-1], t), g[-1]],
    "nothing done": lambda g, t: list(g),
}


CASES = [(draw([(2, 3), (4,)], 2, size), 0.5) for size in (1e-3, 1.0, 1e200)]


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_clipping_is_caught(name):
    assert all(keeps_its_promises(clip_by_global_norm, *case) for case in CASES)
    assert not all(keeps_its_promises(WRONG[name], *case) for case in CASES)


#: A fault that raises one of these needs no check to be noticed.
DOES_NOT_RUN = (ArithmeticError, NameError, TypeError, ValueError)


@pytest.mark.parametrize("fault", list(faults(clip_by_global_norm)), ids=str)
def test_a_fault_in_the_clipping_is_caught(fault):
    with contextlib.suppress(*DOES_NOT_RUN):
        assert not all(keeps_its_promises(fault.function, *case) for case in CASES)


#: These change the wording of an error, a sign that is squared, or the largest of no entries.
CHANGES_NO_NORM = ("bad = ", "-(g_k / M)", "initial=-1.0")


@pytest.mark.parametrize(
    "fault",
    [
        fault
        for fault in faults(global_norm, largest_entry)
        if not any(part in fault.now or part in fault.was for part in CHANGES_NO_NORM)
    ],
    ids=str,
)
def test_a_fault_in_the_norm_is_caught(fault):
    cases = [[np.zeros(2)], *(draw([(2, 3), (4,)], 2, size) for size in (1e-200, 0.1, 1e200))]

    def right(norm):
        with np.errstate(all="ignore"):
            return all(math.isclose(norm(g), exact_norm(g), rel_tol=1e-12) for g in cases)

    assert right(global_norm)
    with contextlib.suppress(*DOES_NOT_RUN):
        assert not right(fault.function)


def test_perplexity_overflows_for_a_finite_loss_and_for_no_other():
    assert perplexity(0.0) == 1.0
    assert perplexity(math.log(26)) == pytest.approx(26)
    edge = math.log(sys.float_info.max)
    assert f"{edge:.2f}" == "709.78"
    assert math.isfinite(perplexity(edge))
    for loss in (math.nextafter(edge, math.inf), 710.0, 1e300):
        with pytest.raises(OverflowError):
            perplexity(loss)
    assert perplexity(math.inf) == math.inf
    assert math.isnan(perplexity(math.nan))
