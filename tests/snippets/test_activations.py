"""Activation functions: against SciPy and JAX, at their kinks and at their limits."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import scipy.special
from hypothesis import given, settings
from hypothesis import strategies as st

from snippets.activations import (
    d_leaky_relu,
    d_relu,
    d_sigmoid,
    d_tanh,
    leaky_relu,
    relu,
    sigmoid,
    softmax,
    tanh,
)
from snippets.gradient_check import numerical_gradient, relative_error

jax.config.update("jax_enable_x64", True)

PAIRS = {
    "sigmoid": (sigmoid, d_sigmoid, jax.nn.sigmoid),
    "tanh": (tanh, d_tanh, jnp.tanh),
    "relu": (relu, d_relu, jax.nn.relu),
    "leaky_relu": (leaky_relu, d_leaky_relu, jax.nn.leaky_relu),
}
shapes = st.sampled_from([(), (1,), (5,), (3, 4), (2, 1, 3)])


def away_from_kinks(shape, seed):
    z = np.random.default_rng(seed).normal(scale=3, size=shape)
    return z + np.copysign(1e-2, z)


@pytest.mark.parametrize("name", PAIRS)
@settings(max_examples=25, deadline=None, derandomize=True)
@given(shape=shapes, seed=st.integers(0, 2**16))
def test_value_and_derivative_agree_with_jax(name, shape, seed):
    f, df, oracle = PAIRS[name]
    z = away_from_kinks(shape, seed)
    assert np.shape(f(z)) == np.shape(df(z)) == shape
    assert np.allclose(f(z), oracle(z), rtol=0, atol=1e-10)
    slopes = jax.grad(lambda z: jnp.sum(oracle(z)))(jnp.asarray(z))
    assert np.allclose(df(z), slopes, rtol=0, atol=1e-10)


@pytest.mark.parametrize("name", PAIRS)
@settings(max_examples=25, deadline=None, derandomize=True)
@given(shape=shapes, seed=st.integers(0, 2**16))
def test_derivative_agrees_with_central_differences(name, shape, seed):
    f, df, _ = PAIRS[name]
    z = away_from_kinks(shape, seed)
    numerical = numerical_gradient(lambda z: np.sum(f(z)), z)
    allowed = 1e-7 * max(np.linalg.norm(df(z)), np.linalg.norm(numerical))
    allowed += 1e-9 * max(1, abs(np.sum(f(z))))
    assert np.linalg.norm(df(z) - numerical) <= allowed


def test_sigmoid_agrees_with_scipy_far_out_and_warns_of_nothing():
    z = np.concatenate([np.linspace(-1000, 1000, 401), np.linspace(-5, 5, 101)])
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        assert np.allclose(sigmoid(z), scipy.special.expit(z), rtol=1e-14, atol=1e-300)
    assert sigmoid(-np.inf) == 0
    assert sigmoid(np.inf) == 1
    assert np.isnan(sigmoid(np.nan))


def test_slope_of_the_sigmoid_stays_accurate_far_out():
    assert d_sigmoid(40.0) == pytest.approx(np.exp(-40), rel=1e-12)
    assert d_sigmoid(40.0) == d_sigmoid(-40.0)


DERIVATIVES = [d_sigmoid, d_tanh, d_relu, d_leaky_relu]


@pytest.mark.parametrize("f", [sigmoid, tanh, relu, leaky_relu, softmax, *DERIVATIVES])
@pytest.mark.parametrize("kind", ["uint8", "int8", "int64", "float16", "float32", "list"])
def test_every_kind_of_number_counts_as_a_float(f, kind):
    z = np.arange(5.0) if kind == "uint8" else np.arange(-3.0, 4.0)
    given = z.tolist() if kind == "list" else z.astype(kind)
    assert f(given).dtype == np.float64
    assert np.array_equal(f(given), f(z))


@settings(max_examples=100, deadline=None, derandomize=True)
@given(z=st.floats(-300, 300))
def test_slopes_keep_their_digits_as_far_out_as_they_go(z):
    e = np.exp(-abs(z))
    assert sigmoid(z) == pytest.approx(scipy.special.expit(z), rel=1e-14, abs=0)
    assert d_sigmoid(z) == pytest.approx(e / (1 + e) ** 2, rel=1e-14, abs=0)
    assert d_tanh(z) == pytest.approx(1 / np.cosh(z) ** 2, rel=1e-13, abs=0)


def test_at_infinity_and_without_a_warning():
    z = np.array([-np.inf, np.inf])
    with np.errstate(all="raise"):
        assert leaky_relu(z, 0.0).tolist() == relu(z).tolist() == [0, np.inf]
        assert leaky_relu(z, 0.25).tolist() == [-np.inf, np.inf]
        assert d_tanh(z).tolist() == d_sigmoid(z).tolist() == [0, 0]
    for f in (sigmoid, tanh, relu, leaky_relu, softmax):
        assert np.isnan(f([np.nan, 1.0])[0])
    assert np.isnan(leaky_relu(np.nan, 0.0))


def test_at_the_kink():
    assert relu(0.0) == 0
    assert d_relu(0.0) == 0
    assert leaky_relu(0.0) == 0
    assert d_leaky_relu(0.0) == 0.01
    assert d_leaky_relu(0.0, slope=0.3) == 0.3


def test_leaky_relu_with_another_slope():
    z = np.array([-2.0, 3.0])
    assert leaky_relu(z, 0.25) == pytest.approx([-0.5, 3.0])
    assert d_leaky_relu(z, 0.25) == pytest.approx([0.25, 1.0])


@settings(max_examples=25, deadline=None, derandomize=True)
@given(
    shape=st.lists(st.integers(1, 5), min_size=1, max_size=3).map(tuple),
    seed=st.integers(0, 2**16),
    last=st.booleans(),
)
def test_softmax_agrees_with_scipy_along_each_axis(shape, seed, last):
    axis = -1 if last else 0
    z = np.random.default_rng(seed).normal(scale=300, size=shape)
    p = softmax(z, axis=axis)
    assert np.allclose(p, scipy.special.softmax(z, axis=axis), rtol=0, atol=1e-12)
    assert np.allclose(np.sum(p, axis=axis), 1)


def test_softmax_does_not_overflow():
    with np.errstate(over="raise", invalid="raise"):
        assert softmax([1000.0, 1000.0]) == pytest.approx([0.5, 0.5])
        assert softmax([-1000.0, 1000.0]) == pytest.approx([0, 1])


def test_softmax_of_two_is_the_sigmoid_of_their_difference():
    assert softmax([1.7, 0.4])[0] == pytest.approx(sigmoid(1.7 - 0.4), rel=1e-14)


@pytest.mark.parametrize("f", [sigmoid, tanh, relu, leaky_relu, softmax])
def test_leaves_its_argument_alone(f):
    z = np.array([[-1.0, 0.0, 2.0]])
    kept = z.copy()
    f(z)
    assert np.array_equal(z, kept)


@pytest.mark.parametrize("f", [leaky_relu, d_leaky_relu])
@pytest.mark.parametrize("slope", [-0.1, 1.5, float("nan")])
def test_refuses_a_slope_outside_zero_to_one(f, slope):
    with pytest.raises(ValueError, match=str(slope)):
        f(np.ones(2), slope)


def test_softmax_refuses_nothing_and_an_axis_that_is_not_there():
    with pytest.raises(ValueError, match=r"\(0,\)"):
        softmax([])
    with pytest.raises(ValueError, match="axis 2"):
        softmax(np.ones((2, 3)), axis=2)
    with pytest.raises(ValueError, match=r"\(3, 0\)"):
        softmax(np.zeros((3, 0)))
    with np.errstate(all="raise"), pytest.raises(ValueError, match=r"\(2, 2\)"):
        softmax([[0.0, -np.inf], [-np.inf, -np.inf]])


def test_softmax_of_no_rows_is_no_rows():
    assert softmax(np.zeros((0, 3))).shape == (0, 3)
    assert softmax(np.zeros((3, 0)), axis=0).shape == (3, 0)
    assert softmax([0.0, -np.inf]).tolist() == [1, 0]


WRONG = {
    "sigmoid's, with tanh's formula": (sigmoid, lambda z: 1 - sigmoid(z) ** 2),
    "sigmoid's, as a function of its value": (sigmoid, lambda z: z * (1 - z)),
    "tanh's, with sigmoid's formula": (tanh, lambda z: tanh(z) * (1 - tanh(z))),
    "relu's, of the wrong side": (relu, lambda z: d_relu(-z)),
    "leaky relu's, without the leak": (leaky_relu, d_relu),
}


@pytest.mark.parametrize("mistake", WRONG)
def test_catches_a_derivative(mistake):
    f, wrong = WRONG[mistake]
    z = np.array([-1.3, -0.2, 0.4, 2.1])
    numerical = numerical_gradient(lambda z: np.sum(f(z)), z)
    assert relative_error(wrong(z), numerical) > 1e-3
