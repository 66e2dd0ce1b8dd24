"""Central differences find gradients, and tell right ones from wrong ones."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import approx_fprime

from snippets.gradient_check import numerical_gradient, relative_error

jax.config.update("jax_enable_x64", True)

shapes = st.sampled_from([(), (1,), (4,), (2, 3), (2, 1, 3)])


def wavy(x, np=np):
    return np.sum(np.sin(x) * np.exp(-0.1 * x**2)) + np.prod(np.cos(x))


@settings(max_examples=25, deadline=None, derandomize=True)
@given(shape=shapes, seed=st.integers(0, 2**16))
def test_agrees_with_automatic_differentiation(shape, seed):
    x = np.random.default_rng(seed).normal(size=shape)
    numerical = numerical_gradient(wavy, x)
    exact = np.asarray(jax.grad(lambda x: wavy(x, jnp))(x))
    assert numerical.shape == x.shape
    scale = max(np.linalg.norm(exact), np.linalg.norm(numerical))
    allowed = 1e-7 * scale + 1e-9 * max(1, abs(float(wavy(x))))
    assert np.linalg.norm(numerical - exact) <= allowed


def test_is_more_accurate_than_scipys_one_sided_difference():
    x = np.array([0.3, -1.2, 2.0])
    exact = np.cos(x)
    ours = np.abs(numerical_gradient(lambda x: np.sum(np.sin(x)), x) - exact)
    one_sided = np.abs(approx_fprime(x, lambda x: np.sum(np.sin(x)), 1e-5) - exact)
    assert ours.max() < 1e-3 * one_sided.max()


def test_error_falls_with_the_square_of_the_step():
    def error(h):
        return abs(numerical_gradient(np.exp, 1.0, h) - np.e)

    assert error(1e-2) / error(1e-3) == pytest.approx(100, rel=1e-2)


def test_the_step_is_1e_5_unless_given():
    def cube(x):
        return x**3

    assert numerical_gradient(cube, 0.0) == pytest.approx(1e-10, rel=1e-12)  # h² is the error
    assert numerical_gradient(cube, 0.0, 1e-2) == pytest.approx(1e-4, rel=1e-12)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(x=st.floats(-1e300, 1e300), h=st.sampled_from([1e-5, 1e-2, 10.0]))
def test_a_step_is_taken_as_long_as_it_is_said_to_be_or_refused(x, h):
    if np.spacing(abs(x)) > h / 1000:
        with pytest.raises(ValueError, match="is lost beside"):
            numerical_gradient(float, x, h)
    else:
        assert numerical_gradient(float, x, h) == pytest.approx(1, rel=1e-3)


def test_a_step_that_is_lost_is_refused_and_a_larger_one_is_right():
    with pytest.raises(ValueError, match=r"h = 1e-05 is lost beside 1000000000000\.0"):
        numerical_gradient(lambda x: x[0] + x[1] ** 2, [1.0, -1e12])
    assert numerical_gradient(lambda x: x**2, 1e12, h=1e6) == pytest.approx(2e12, rel=1e-9)


def test_takes_lists_and_numbers():
    assert numerical_gradient(lambda x: np.sum(x**2), [1, 2]) == pytest.approx([2, 4])
    assert numerical_gradient(lambda x: x**2, 3).shape == ()


def test_leaves_its_argument_alone():
    x = np.array([[1.0, 2.0]])
    kept = x.copy()
    numerical_gradient(lambda x: np.sum(x**3), x)
    assert np.array_equal(x, kept)


@pytest.mark.parametrize("h", [0.0, -1e-5, float("nan")])
def test_refuses_a_step_that_is_not_positive(h):
    with pytest.raises(ValueError, match=str(h)):
        numerical_gradient(np.sum, np.ones(2), h)


def test_refuses_a_function_with_several_values():
    with pytest.raises(ValueError, match=r"\(2,\)"):
        numerical_gradient(lambda x: x, np.ones(2))


def test_relative_error_by_hand():
    assert relative_error([3.0, 4.0], [3.0, 4.0]) == 0
    assert relative_error([3.0, 4.0], [-3.0, -4.0]) == pytest.approx(2)
    assert relative_error([0.0, 1.0], [0.0, 2.0]) == pytest.approx(0.5)
    assert relative_error([1.0, 0.0], [0.0, 0.0]) == pytest.approx(1)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(shape=shapes, seed=st.integers(0, 2**16), exponent=st.integers(-1000, 1000))
def test_relative_error_is_the_same_at_every_size(shape, seed, exponent):
    a, b = np.random.default_rng(seed).normal(size=(2, *shape))
    by_hand = np.linalg.norm(a - b) / max(np.linalg.norm(a), np.linalg.norm(b))
    with np.errstate(all="raise", under="ignore"):
        assert relative_error(a, b) == pytest.approx(by_hand, rel=1e-14)
        scaled = np.ldexp(a, exponent), np.ldexp(b, exponent)
        assert relative_error(*scaled) == pytest.approx(by_hand, rel=1e-14)


def test_relative_error_of_the_largest_and_the_smallest_numbers():
    assert relative_error([1.7e308], [-1.7e308]) == 2
    assert relative_error([5e-324], [1e-323]) == 0.5
    assert relative_error(np.zeros(0), np.zeros(0)) == 0


def test_relative_error_of_two_zeros_is_zero():
    assert relative_error(np.zeros((2, 3)), np.zeros((2, 3))) == 0


def test_relative_error_lets_nothing_pass_that_is_not_finite():
    assert not relative_error([np.nan], [1.0]) < 1e-7
    with np.errstate(invalid="ignore"):
        assert not relative_error([np.inf], [np.inf]) < 1e-7


def test_relative_error_refuses_shapes_that_differ():
    with pytest.raises(ValueError, match=r"\(2,\).*\(2, 1\)"):
        relative_error(np.ones(2), np.ones((2, 1)))


WRONG = {
    "sign turned": lambda x: -2 * x,
    "factor forgotten": lambda x: x,
    "a constant too much": lambda x: 2 * x + 1e-3,
    "one component dropped": lambda x: 2 * x * (np.arange(x.size) > 0),
}


@pytest.mark.parametrize("mistake", WRONG)
def test_catches(mistake):
    x = np.array([0.5, -1.0, 2.0])
    numerical = numerical_gradient(lambda x: np.sum(x**2), x)
    assert relative_error(2 * x, numerical) < 1e-7
    assert relative_error(WRONG[mistake](x), numerical) > 1e-4
