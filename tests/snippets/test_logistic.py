"""Logistic regression: against SciPy, scikit-learn and JAX, and against wrong derivations."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq
from scipy.special import expit
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss

from snippets.gradient_check import numerical_gradient, relative_error
from snippets.logistic import (
    cost,
    fit,
    gradients,
    logits,
    loss,
    loss_from_logits,
    predict,
    squared_error_curvature,
    unroll,
)
from tests.snippets.gradients import compiled

jax.config.update("jax_enable_x64", True)

sizes = {
    "n_x": st.integers(1, 7),
    "m": st.integers(1, 9),
    "seed": st.integers(0, 2**16),
}
many = settings(max_examples=25, deadline=None, derandomize=True)


def problem(n_x, m, seed):
    rng = np.random.default_rng(seed)
    y = rng.integers(2, size=m).astype(float)
    return rng.normal(size=n_x), rng.normal(), rng.normal(size=(n_x, m)), y


def jax_cost(w, b, X, y):
    z = X.T @ w + b
    return jnp.mean(jnp.logaddexp(0, z) - y * z)


#: Compiled once for each shape, and not for each operation.
jax_gradients = compiled(jax.grad(jax_cost, argnums=(0, 1)))


def assert_close(gradient, numerical, value):
    allowed = 1e-7 * max(np.linalg.norm(gradient), np.linalg.norm(numerical))
    allowed += 1e-9 * max(1, abs(value))
    assert np.linalg.norm(gradient - numerical) <= allowed


# Pictures


@many
@given(
    height=st.integers(1, 6),
    width=st.integers(1, 6),
    channels=st.integers(1, 4),
)
def test_unrolled_pixel_stands_where_the_formula_says(height, width, channels):
    image = np.arange(height * width * channels).reshape(height, width, channels)
    x = unroll(image)
    assert x.shape == (image.size, 1)
    for r, s, c in np.ndindex(image.shape):
        assert x[(r * width + s) * channels + c, 0] == image[r, s, c]


def test_a_picture_of_the_notes_size_has_12288_features():
    assert unroll(np.zeros((64, 64, 3), dtype=np.uint8)).shape == (12288, 1)


def test_unrolled_column_is_a_copy():
    image = np.ones((2, 2, 3))
    unroll(image)[0, 0] = 5
    assert image[0, 0, 0] == 1


@pytest.mark.parametrize("shape", [(64, 64), (12288,), (2, 64, 64, 3), (0, 64, 3)])
def test_unroll_refuses(shape):
    with pytest.raises(ValueError, match=r"\(" + str(shape[0])):
        unroll(np.zeros(shape))


# Model and losses


@many
@given(**sizes)
def test_predictions_agree_with_scipy(n_x, m, seed):
    w, b, X, _ = problem(n_x, m, seed)
    assert predict(w, b, X).shape == logits(w, b, X).shape == (m,)
    for i in range(m):
        by_hand = sum(w[j] * X[j, i] for j in range(n_x)) + b
        assert predict(w, b, X)[i] == pytest.approx(expit(by_hand), abs=1e-12)


@many
@given(**sizes)
def test_both_losses_agree_with_scikit_learn(n_x, m, seed):
    w, b, X, y = problem(n_x, m, seed)
    z = logits(w, b, X)
    oracle = [log_loss([y[i]], [expit(z[i])], labels=[0, 1]) for i in range(m)]
    assert np.allclose(loss(expit(z), y), oracle, rtol=0, atol=1e-10)
    assert np.allclose(loss_from_logits(z, y), oracle, rtol=0, atol=1e-10)
    assert cost(w, b, X, y) == pytest.approx(np.mean(oracle), abs=1e-10)


@pytest.mark.parametrize("z", [-1000.0, -40.0, -1e-12, 0.0, 40.0, 1000.0])
@pytest.mark.parametrize("y", [0, 1])
def test_loss_from_logits_is_exact_far_out(z, y):
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        computed = loss_from_logits(z, y)
    assert computed == pytest.approx(np.logaddexp(0, z) - y * z, rel=1e-14, abs=1e-14)
    assert computed == pytest.approx(np.logaddexp(0, -z if y else z), rel=1e-14, abs=1e-300)


def slope_of_the_loss(z, y):
    return gradients([z], 0.0, [[1.0]], [y])[1]


@many
@given(z=st.floats(-700, 700))
def test_what_holds_for_one_label_holds_for_the_other_to_the_last_bit(z):
    assert loss_from_logits(z, 1) == loss_from_logits(-z, 0)
    assert squared_error_curvature(z, 1) == squared_error_curvature(-z, 0)
    assert slope_of_the_loss(z, 1) == -slope_of_the_loss(-z, 0)


@many
@given(z=st.floats(-300, 300), y=st.integers(0, 1))
def test_small_slopes_and_curvatures_keep_their_digits(z, y):
    p, q = expit(z if y else -z), expit(-z if y else z)
    curvature = 2 * p * q**2 * (3 * p - 1)
    assert slope_of_the_loss(z, y) == pytest.approx(-q if y else q, rel=1e-13, abs=0)
    assert squared_error_curvature(z, y) == pytest.approx(curvature, rel=1e-13, abs=0)


def test_far_out_by_hand():
    tiny = np.exp(-40)
    assert loss_from_logits(40, 1) == pytest.approx(tiny, rel=1e-12)
    assert slope_of_the_loss(40, 1) == pytest.approx(-tiny, rel=1e-12)
    assert squared_error_curvature(37, 0) == pytest.approx(-2 * np.exp(-37), rel=1e-12)
    with np.errstate(all="raise"):
        for z, y in ((np.inf, 1), (-np.inf, 0)):
            assert loss_from_logits(z, y) == loss_from_logits(-z, 1 - y) == 0
            assert loss_from_logits(-z, y) == np.inf


@pytest.mark.parametrize("kind", [np.uint8, np.int8, np.float16, np.float32, list])
def test_every_kind_of_number_counts_as_a_float(kind):
    w, X, y = np.array([1.0, 1.0]), np.array([[100.0, 3.0], [100.0, 2.0]]), np.array([0.0, 1.0])
    given = [a.tolist() if kind is list else a.astype(kind) for a in (w, X, y)]
    right = gradients(w, 0.0, X, y)
    assert logits(given[0], 0, given[1]).tolist() == [200, 5]
    assert np.array_equal(gradients(given[0], 0, *given[1:])[0], right[0])
    assert gradients(given[0], 0, *given[1:])[0].dtype == np.float64
    assert cost(given[0], 0, *given[1:]) == cost(w, 0.0, X, y)
    assert np.array_equal(fit(*given[1:], 0.1, 3)[0], fit(X, y, 0.1, 3)[0])


@pytest.mark.parametrize(("z", "y"), [(1000.0, 1), (1000.0, 0), (-1000.0, 1), (-1000.0, 0)])
def test_loss_of_a_rounded_probability_is_nan_or_inf(z, y):
    with np.errstate(divide="ignore", invalid="ignore"):
        assert not np.isfinite(loss(expit(z), y))


def test_one_label_may_stand_for_all():
    y_hat = np.array([0.2, 0.7])
    assert np.array_equal(loss(y_hat, 1), loss(y_hat, np.ones(2)))
    assert loss(0.25, 1) == pytest.approx(-np.log(0.25))


# The squared error


@many
@given(z=st.floats(-8, 8), y=st.integers(0, 1))
def test_curvature_agrees_with_jax(z, y):
    def E(z):
        return (jax.nn.sigmoid(z) - y) ** 2

    oracle = float(jax.grad(jax.grad(E))(z))
    assert squared_error_curvature(z, y) == pytest.approx(oracle, abs=1e-10)


@pytest.mark.parametrize(("y", "border"), [(1, -np.log(2)), (0, np.log(2))])
def test_curvature_changes_sign_at_one_third_and_nowhere_else(y, border):
    root = brentq(lambda z: float(squared_error_curvature(z, y)), border - 1, border + 1)
    assert root == pytest.approx(border, abs=1e-10)
    assert expit(root) == pytest.approx(1 / 3 if y else 2 / 3, abs=1e-10)
    z = np.linspace(-20, 20, 2001)
    p_true = expit(z) if y else expit(-z)
    assert np.array_equal(squared_error_curvature(z, y) < 0, p_true < 1 / 3)


# Gradients


@many
@given(**sizes)
def test_gradients_agree_with_jax(n_x, m, seed):
    w, b, X, y = problem(n_x, m, seed)
    dw, db = gradients(w, b, X, y)
    jax_dw, jax_db = jax_gradients(w, b, X, y)
    assert dw.shape == w.shape
    assert isinstance(db, float)
    assert np.allclose(dw, jax_dw, rtol=0, atol=1e-10)
    assert db == pytest.approx(float(jax_db), abs=1e-10)


@many
@given(**sizes)
def test_gradients_agree_with_central_differences(n_x, m, seed):
    w, b, X, y = problem(n_x, m, seed)
    dw, db = gradients(w, b, X, y)
    J = cost(w, b, X, y)
    assert_close(dw, numerical_gradient(lambda w: cost(w, b, X, y), w), J)
    assert_close(db, numerical_gradient(lambda b: cost(w, b, X, y), b), J)


@many
@given(**sizes)
def test_gradients_of_a_batch_are_the_mean_over_its_samples(n_x, m, seed):
    w, b, X, y = problem(n_x, m, seed)
    dw, db = gradients(w, b, X, y)
    single = [gradients(w, b, X[:, [i]], y[[i]]) for i in range(m)]
    assert np.allclose(dw, np.mean([s[0] for s in single], axis=0), rtol=0, atol=1e-12)
    assert db == pytest.approx(np.mean([s[1] for s in single]), abs=1e-12)


def test_gradients_stay_finite_far_out():
    X = np.array([[1000.0, -1000.0]])
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        dw, db = gradients(np.ones(1), 0.0, X, np.array([0, 1]))
    assert dw == pytest.approx([1000])
    assert db == 0


WRONG = {
    "sign turned": lambda w, b, X, y: X @ (y - predict(w, b, X)) / y.size,
    "1/m missing": lambda w, b, X, y: X @ (predict(w, b, X) - y),
    "divided by n_x": lambda w, b, X, y: X @ (predict(w, b, X) - y) / len(w),
    "bias forgotten": lambda w, b, X, y: X @ (predict(w, 0, X) - y) / y.size,
    "logits in place of predictions": lambda w, b, X, y: X @ (logits(w, b, X) - y) / y.size,
    "labels dropped": lambda w, b, X, y: X @ predict(w, b, X) / y.size,
    "slope of the sigmoid left in": lambda w, b, X, y: (
        X @ ((predict(w, b, X) - y) * predict(w, b, X) * (1 - predict(w, b, X))) / y.size
    ),
    "the notes' second minus": lambda w, b, X, y: -gradients(w, b, X, y)[0],
    "last sample dropped": lambda w, b, X, y: X[:, :-1] @ (predict(w, b, X) - y)[:-1] / y.size,
}


@pytest.mark.parametrize("mistake", WRONG)
def test_catches_a_gradient(mistake):
    w, b, X, y = problem(4, 7, seed=3)
    numerical = numerical_gradient(lambda w: cost(w, b, X, y), w)
    assert relative_error(gradients(w, b, X, y)[0], numerical) < 1e-7
    assert relative_error(WRONG[mistake](w, b, X, y), numerical) > 1e-2


# Training


@pytest.fixture(scope="module")
def cancer():
    features, y = load_breast_cancer(return_X_y=True)
    X = (features - features.mean(axis=0)) / features.std(axis=0)
    return X.T, y.astype(float)


def test_first_cost_is_that_of_a_coin_and_costs_fall(cancer):
    X, y = cancer
    w, b, costs = fit(X, y, learning_rate=0.5, steps=200)
    assert costs.shape == (200,)
    assert costs[0] == pytest.approx(np.log(2))
    assert np.all(np.diff(costs) < 0)
    assert cost(w, b, X, y) < costs[-1]


def test_finds_scikit_learns_weights_where_there_is_one_best_neuron(cancer):
    X, y = cancer
    w, b, _ = fit(X[:2], y, learning_rate=1.0, steps=3000)
    oracle = LogisticRegression(C=1e12, tol=1e-12, max_iter=10000).fit(X[:2].T, y)
    assert w == pytest.approx(oracle.coef_[0], abs=1e-5)
    assert b == pytest.approx(oracle.intercept_[0], abs=1e-5)


def test_separable_data_drive_the_weights_up_for_ever():
    X, y = np.array([[-1.0, 1.0]]), np.array([0, 1])
    sizes = [fit(X, y, 1.0, steps)[0][0] for steps in (10, 100, 1000)]
    assert sizes == sorted(sizes)
    assert sizes[2] - sizes[1] == pytest.approx(np.log(10), abs=0.05)


# Bad input


@pytest.mark.parametrize(
    ("w", "b", "X"),
    [
        (np.ones(2), 0.0, np.ones((3, 4))),
        (np.ones((3, 1)), 0.0, np.ones((3, 4))),
        (np.ones(3), np.zeros(4), np.ones((3, 4))),
        (np.ones(3), 0.0, np.ones(3)),
        (np.ones(3), 0.0, np.ones((3, 0))),
        (np.ones(0), 0.0, np.ones((0, 4))),
    ],
)
def test_predict_names_shapes_that_do_not_fit(w, b, X):
    with pytest.raises(ValueError) as error:
        predict(w, b, X)
    for shape in (np.shape(w), np.shape(b), np.shape(X)):
        assert str(shape) in str(error.value)


@pytest.mark.parametrize("label", [2, -1, 0.5, np.nan])
@pytest.mark.parametrize("f", [loss, loss_from_logits, squared_error_curvature])
def test_refuses_labels_other_than_zero_and_one(f, label):
    with pytest.raises(ValueError, match=f"{label:g}"):
        f(np.array([0.5, 0.5]), np.array([1, label]))


@pytest.mark.parametrize("f", [cost, gradients])
def test_refuses_labels_that_do_not_fit(f):
    with pytest.raises(ValueError, match=r"\(4,\).*\(4, 1\)"):
        f(np.ones(3), 0.0, np.ones((3, 4)), np.ones((4, 1)))
    with pytest.raises(ValueError, match=r"\(4,\).*\(3,\)"):
        f(np.ones(3), 0.0, np.ones((3, 4)), np.ones(3))
    with pytest.raises(ValueError, match="3"):
        f(np.ones(3), 0.0, np.ones((3, 4)), np.full(4, 3))


@pytest.mark.parametrize("y_hat", [-0.1, 1.1])
def test_loss_refuses_what_is_no_probability(y_hat):
    with pytest.raises(ValueError, match=str(y_hat)):
        loss(y_hat, 1)


def test_losses_refuse_nothing():
    with pytest.raises(ValueError, match=r"\(0,\)"):
        loss_from_logits(np.array([]), np.array([]))


@pytest.mark.parametrize(
    ("learning_rate", "steps", "named"),
    [
        (0.0, 10, "0.0"),
        (-1.0, 10, "-1.0"),
        (np.inf, 10, "inf"),
        (np.nan, 10, "nan"),
        (1.0, 0, "steps must be whole and ≥ 1, got 0"),
        (1.0, 2.5, "steps must be whole and ≥ 1, got 2.5"),
    ],
)
def test_fit_refuses(learning_rate, steps, named):
    with pytest.raises(ValueError, match=named):
        fit(np.ones((2, 3)), np.array([0, 1, 1]), learning_rate, steps)


def test_arguments_are_left_alone():
    w, b, X, y = problem(3, 5, seed=0)
    kept = w.copy(), X.copy(), y.copy()
    gradients(w, b, X, y)
    cost(w, b, X, y)
    fit(X, y, 0.1, 3)
    for argument, copy in zip((w, X, y), kept, strict=True):
        assert np.array_equal(argument, copy)
