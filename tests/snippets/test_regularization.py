"""Ridge and lasso: against scikit-learn and SciPy, and against wrong derivations."""

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import lstsq
from scipy.optimize import minimize_scalar
from sklearn.datasets import load_diabetes
from sklearn.linear_model import Lasso, Ridge

from snippets.gradient_check import numerical_gradient
from snippets.regularization import (
    l1_penalty,
    l2_penalty,
    lasso,
    ridge,
    soft_threshold,
)
from tests.snippets.faults import faults, rewritten

many = settings(max_examples=25, deadline=None, derandomize=True)
sizes = {
    "n_x": st.integers(1, 6),
    "more": st.integers(1, 9),
    "seed": st.integers(0, 2**16),
    "lam": st.sampled_from([0.01, 0.5, 2.0, 30.0]),
}


def problem(n_x, more, seed):
    """Columns that are far from dependent: orthonormal ones, mixed a little."""
    rng = np.random.default_rng(seed)
    m = n_x + more
    Q = np.linalg.qr(rng.normal(size=(m, n_x)))[0]
    X = Q * rng.uniform(1, 3, n_x) + 0.1 * rng.normal(size=(m, n_x))
    return X, X @ rng.normal(size=n_x) + rng.normal(size=m)


def square_error(X, y, w):
    return sum((x @ w - t) ** 2 for x, t in zip(X, y, strict=True)) / 2


def J_2(X, y, w, lam):
    return square_error(X, y, w) + lam / 2 * sum(w_j**2 for w_j in w)


def J_1(X, y, w, lam):
    return square_error(X, y, w) + lam * sum(abs(w_j) for w_j in w)


def sklearn_ridge(X, y, lam):
    return Ridge(alpha=lam, fit_intercept=False).fit(X, y).coef_


def sklearn_lasso(X, y, lam):
    alpha = lam / len(y)
    model = Lasso(alpha=alpha, fit_intercept=False, tol=1e-15, max_iter=10**6)
    return model.fit(X, y).coef_


def diabetes():
    data = load_diabetes(scaled=False)
    X = (data.data - data.data.mean(axis=0)) / data.data.std(axis=0)
    return X, data.target - data.target.mean()


# Penalties


@many
@given(shape=st.sampled_from([(), (4,), (2, 3), (0,)]), seed=st.integers(0, 99))
def test_penalties_are_loops_over_all_weights(shape, seed):
    w, lam = np.random.default_rng(seed).normal(size=shape), 0.7
    entries = [float(v) for v in w.ravel()]
    assert l2_penalty(w, lam) == pytest.approx(lam / 2 * sum(v * v for v in entries))
    assert l1_penalty(w, lam) == pytest.approx(lam * sum(abs(v) for v in entries))
    assert type(l2_penalty(w, lam)) is type(l1_penalty(w, lam)) is float


@pytest.mark.parametrize("kind", ["int8", "uint8", "float16"])
def test_penalties_of_small_numbers_do_not_overflow(kind):
    w = np.array([100, 120, 127] * 200).astype(kind)
    assert l2_penalty(w, 2) == 200 * (100**2 + 120**2 + 127**2)
    assert l1_penalty(w, 2) == 2 * 200 * (100 + 120 + 127)
    assert l1_penalty(np.array([-128], np.int8), 1) == 128


def test_gradients_of_the_penalties():
    w = np.array([1.5, -0.5, 2.0])
    l2 = numerical_gradient(lambda w: l2_penalty(w, 0.7), w)
    l1 = numerical_gradient(lambda w: l1_penalty(w, 0.7), w)
    assert np.allclose(l2, 0.7 * w, rtol=1e-7)
    assert np.allclose(l1, 0.7 * np.sign(w), rtol=1e-7)


# Ridge


@many
@given(**sizes)
def test_ridge_agrees_with_scikit_learn(n_x, more, seed, lam):
    X, y = problem(n_x, more, seed)
    w = ridge(X, y, lam)
    assert w.shape == (n_x,)
    assert np.max(np.abs(w - sklearn_ridge(X, y, lam))) < 1e-10


@many
@given(**sizes)
def test_the_gradient_of_the_objective_vanishes_at_ridge(n_x, more, seed, lam):
    X, y = problem(n_x, more, seed)
    w = ridge(X, y, lam)
    gradient = numerical_gradient(lambda w: J_2(X, y, w, lam), w)
    assert np.linalg.norm(gradient) <= 1e-8 * max(1, J_2(X, y, 0 * w, lam))


@many
@given(**sizes)
def test_the_gradient_of_ridge_agrees_with_central_differences(n_x, more, seed, lam):
    X, y = problem(n_x, more, seed)
    w = np.random.default_rng(seed + 1).normal(size=n_x)
    gradient = X.T @ (X @ w - y) + lam * w
    numerical = numerical_gradient(lambda w: J_2(X, y, w, lam), w)
    allowed = 1e-7 * max(np.linalg.norm(gradient), np.linalg.norm(numerical))
    allowed += 1e-9 * max(1, J_2(X, y, w, lam))
    assert np.linalg.norm(gradient - numerical) <= allowed


def test_ridge_without_a_penalty_is_least_squares():
    X, y = problem(4, 5, 0)
    assert np.max(np.abs(ridge(X, y, 0) - lstsq(X, y)[0])) < 1e-10


def test_ridge_needs_no_more_samples_than_it_has():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(3, 8)), rng.normal(size=3)
    assert np.max(np.abs(ridge(X, y, 0.5) - sklearn_ridge(X, y, 0.5))) < 1e-10


def exact_ridge(X, y, lam):
    """(reg.2) in fractions, which round nothing, for two columns."""
    X, y = [[Fraction(x) for x in row] for row in X], [Fraction(t) for t in y]
    A = [[sum(row[j] * row[k] for row in X) for k in (0, 1)] for j in (0, 1)]
    A[0][0], A[1][1] = A[0][0] + Fraction(lam), A[1][1] + Fraction(lam)
    c = [sum(row[j] * t for row, t in zip(X, y, strict=True)) for j in (0, 1)]
    det = A[0][0] * A[1][1] - A[0][1] * A[1][0]
    w = (c[0] * A[1][1] - c[1] * A[0][1]) / det, (c[1] * A[0][0] - c[0] * A[1][0]) / det
    return [float(v) for v in w]


@pytest.mark.parametrize(
    ("X", "lam"),
    [
        ([[1, 1], [1e-8, 0], [0, 1e-8]], 0),  # XᵀX rounds to a matrix of ones
        ([[1, 1], [1e-7, 0], [0, 1e-7]], 1e-14),
        (1e6 * np.ones((3, 2)), 1e-5),  # XᵀX + λI rounds to XᵀX
        ([[1e100, 0], [0, 1e100], [1e100, 1e100]], 1.0),
    ],
)
def test_ridge_squares_no_condition_number(X, lam):
    y = [2.0, 2.0, 2.0]
    assert ridge(X, y, lam) == pytest.approx(exact_ridge(X, y, lam), rel=1e-6)


def test_ridge_by_hand():
    X, y = [[1, 0], [1, 1], [0, 1]], [3, 4, 0]
    assert np.allclose(ridge(X, y, 0), [10 / 3, 1 / 3], rtol=1e-14)
    assert np.allclose(ridge(X, y, 1), [17 / 8, 5 / 8], rtol=1e-14)


# Soft threshold


@many
@given(a=st.floats(-5, 5), t=st.floats(0, 3))
def test_the_threshold_is_the_minimiser(a, t):
    def f(w):
        return (w - a) ** 2 / 2 + t * abs(w)

    ours = float(soft_threshold(a, t))
    best = minimize_scalar(f, bracket=(-6, 6), tol=1e-12).x
    assert ours == pytest.approx(best, abs=1e-6)
    assert f(ours) <= f(best) + 1e-14 * max(1, f(best))


def test_the_threshold_entry_by_entry():
    moved = soft_threshold([[3.0, -3.0], [1.0, -1.0], [0.5, 0.0]], 1.0)
    assert moved.tolist() == [[2.0, -2.0], [0.0, 0.0], [0.0, 0.0]]
    assert not np.signbit(moved[1:]).any()  # never −0.0, which would print as such


# Lasso


@many
@given(
    n_x=sizes["n_x"],
    more=sizes["more"],
    seed=sizes["seed"],
    part=st.sampled_from([0.02, 0.3, 0.8, 1.5]),
)
def test_lasso_agrees_with_scikit_learn(n_x, more, seed, part):
    X, y = problem(n_x, more, seed)
    lam = part * np.max(np.abs(X.T @ y))
    w = lasso(X, y, lam, steps=2000)
    assert w.shape == (n_x,)
    theirs = sklearn_lasso(X, y, lam)
    assert np.max(np.abs(w - theirs)) < 1e-10
    assert np.array_equal(w == 0, theirs == 0)
    assert np.max(np.abs(lasso(X, y, lam) - theirs)) < 1e-8
    assert pulls_as_it_must(X, y, lasso(X, y, lam), lam)


@pytest.mark.parametrize("lam", [1000.0, 5000.0, 20000.0])
def test_lasso_agrees_with_scikit_learn_on_real_data(lam):
    X, y = diabetes()
    w, theirs = lasso(X, y, lam), sklearn_lasso(X, y, lam)
    assert np.max(np.abs(w - theirs)) < 1e-6
    assert np.array_equal(w == 0, theirs == 0)
    assert np.max(np.abs(lasso(X, y, lam, 5000) - theirs)) < 1e-10


@pytest.mark.parametrize("lam", [1.0, 100.0, 1e4])
def test_ridge_agrees_with_scikit_learn_on_real_data(lam):
    X, y = diabetes()
    assert np.max(np.abs(ridge(X, y, lam) - sklearn_ridge(X, y, lam))) < 1e-10


def test_lasso_by_hand():
    X, y = [[1, 0], [1, 1], [0, 1]], [3, 4, 0]
    assert np.allclose(lasso(X, y, 2, steps=1), [5 / 3, 2 / 3], rtol=1e-14)
    assert np.allclose(lasso(X, y, 2, steps=2), [2, 1 / 3], rtol=1e-14)
    assert np.allclose(lasso(X, y, 2, steps=4), [64 / 27, 0], rtol=1e-14)
    assert lasso(X, y, 2, steps=4)[1] == 0
    assert np.allclose(lasso(X, y, 2), [2.5, 0], rtol=1e-14)


def pulls_as_it_must(X, y, w, lam):
    """(reg.9), and exactly λ where the weight is not zero, both to 1e-8 of the largest pull."""
    pull, slack = X.T @ (y - X @ w), 1e-8 * np.max(np.abs(X.T @ y))
    gaps = np.where(w == 0, np.abs(pull) - lam, np.abs(pull - lam * np.sign(w)))
    return bool(np.max(gaps) <= slack)


def stretched(width):
    """Two columns of which one is so short that plain steps take about width² times as long."""
    return np.array([[1.0, 0.0], [1.0, 1 / width], [0.0, 1 / width]]), np.array([3.0, 4.0, 0.0])


@pytest.mark.parametrize("width", [1, 10, 40])
def test_lasso_does_not_stop_before_it_has_arrived(width):
    X, y = stretched(width)
    lam = 0.01 / width
    w = lasso(X, y, lam)
    assert pulls_as_it_must(X, y, w, lam)
    assert np.max(np.abs(w - sklearn_lasso(X, y, lam))) < 1e-4
    assert width == 1 or not pulls_as_it_must(X, y, lasso(X, y, lam, 2 * width), lam)


def test_lasso_refuses_where_it_would_not_arrive():
    with pytest.raises(ValueError, match="no minimum in 100000 steps"):
        lasso(*stretched(3000), 1e-6)


def test_the_first_step_starts_at_zero():
    X, y = problem(3, 4, 8)
    eta = 1 / np.linalg.norm(X, 2) ** 2
    assert np.allclose(lasso(X, y, 0.5, 1), soft_threshold(eta * X.T @ y, eta * 0.5), rtol=1e-13)


def test_each_step_of_lasso_goes_down():
    X, y = diabetes()
    values = [J_1(X, y, lasso(X, y, 500.0, steps), 500.0) for steps in range(1, 30)]
    assert all(later < earlier for earlier, later in pairwise(values))


def test_lasso_is_zero_from_the_largest_pull_on():
    X, y = problem(4, 6, 3)
    largest = np.max(np.abs(X.T @ y))
    assert not lasso(X, y, largest).any()
    assert np.count_nonzero(lasso(X, y, 0.999 * largest)) == 1


def test_lasso_of_columns_of_zeros_is_zero():
    assert lasso(np.zeros((3, 2)), np.ones(3), 1.0).tolist() == [0, 0]


def test_lasso_without_a_penalty_is_least_squares():
    X, y = problem(3, 5, 1)
    assert np.max(np.abs(lasso(X, y, 0) - lstsq(X, y)[0])) < 1e-8


# Bad input


X_OK, Y_OK = np.ones((3, 2)), np.ones(3)


@pytest.mark.parametrize("solve", [ridge, lasso])
@pytest.mark.parametrize(
    ("X", "y", "lam", "message"),
    [
        (np.ones((3, 2)), np.ones(2), 1, r"X \(3, 2\), y \(2,\)"),
        (np.ones((3, 2)), np.ones((3, 1)), 1, r"y \(3, 1\)"),
        (np.ones(3), np.ones(3), 1, r"X \(3,\)"),
        (np.ones((2, 3, 2)), np.ones(2), 1, r"X \(2, 3, 2\)"),
        (np.ones((0, 2)), np.ones(0), 1, r"X \(0, 2\)"),
        (np.ones((3, 0)), np.ones(3), 1, r"X \(3, 0\)"),
        (np.full((3, 2), np.nan), Y_OK, 1, "finite"),
        (X_OK, np.array([1, np.nan, 0]), 1, "finite"),
        (1e200 * X_OK, Y_OK, 0, r"below 1e150; got 1e\+200"),
        (X_OK, np.array([1, np.inf, 0]), 1, "finite"),
        (X_OK, Y_OK, -0.5, "-0.5"),
        (X_OK, Y_OK, np.nan, "nan"),
        (X_OK, Y_OK, np.inf, "inf"),
    ],
)
def test_bad_input_is_named(solve, X, y, lam, message):
    with pytest.raises(ValueError, match=message):
        solve(X, y, lam)


def test_other_bad_input_is_named():
    with pytest.raises(ValueError, match=r"\(3, 2\) are dependent"):
        ridge(X_OK, Y_OK, 0)
    for steps in (0, 2.5):
        with pytest.raises(ValueError, match=f"steps must be whole and ≥ 1, got {steps}"):
            lasso(X_OK, Y_OK, 1, steps=steps)
    for f in (l1_penalty, l2_penalty, soft_threshold):
        for bad in (-1, np.nan, np.inf):
            with pytest.raises(ValueError, match=str(bad)):
                f([1.0], bad)


def test_arguments_are_not_changed():
    X, y = problem(3, 4, 2)
    w = np.array([1.0, -2.0])
    copies = X.copy(), y.copy(), w.copy()
    ridge(X, y, 0.5), lasso(X, y, 0.5, steps=3)
    soft_threshold(w, 0.5), l1_penalty(w, 0.5), l2_penalty(w, 0.5)
    for now, before in zip((X, y, w), copies, strict=True):
        assert np.array_equal(now, before)


# Wrong derivations: the checks must see them


def is_ridge(solve):
    """The gradient of J₂, by central differences, is zero where solve ends."""
    X, y = problem(3, 6, 5)
    w = solve(X, y, 0.8)
    if np.shape(w) != (3,):
        return False
    gradient = numerical_gradient(lambda w: J_2(X, y, w, 0.8), w)
    return bool(np.linalg.norm(gradient) < 1e-7)


def is_lasso(solve):
    """No column pulls harder than λ, and those in use pull with exactly λ; two problems."""
    for seed, part in ((5, 0.4), (6, 0.1)):
        X, y = problem(3, 6, seed)
        lam = part * np.max(np.abs(X.T @ y))
        w = solve(X, y, lam, 3000)
        if np.shape(w) != (3,) or not np.isfinite(w).all():
            return False
        pull = numerical_gradient(lambda v, X=X, y=y: -square_error(X, y, v), w)
        if np.max(np.abs(pull)) > lam + 1e-6:
            return False
        used = w != 0
        if np.max(np.abs(pull - lam * np.sign(w))[used], initial=0) > 1e-6:
            return False
    return True


def is_threshold(move):
    """Nothing on a grid is better than the result."""
    grid = np.linspace(-4, 4, 1601)
    for a, t in ((2.0, 0.7), (-2.5, 0.7), (0.3, 0.7), (-0.3, 0.7), (1.2, 0.0)):
        value = (move(a, t) - a) ** 2 / 2 + t * np.abs(move(a, t))
        if not value <= np.min((grid - a) ** 2 / 2 + t * np.abs(grid)) + 1e-12:
            return False
    return True


def passes(check, function):
    try:
        with np.errstate(all="ignore"):
            return check(function)
    except Exception:
        return False


def test_the_right_functions_pass():
    assert is_ridge(ridge) and is_lasso(lasso) and is_threshold(soft_threshold)


WRONG_RIDGE = [
    ("np.sqrt(lam)", "0"),
    ("np.sqrt(lam)", "lam"),
    ("np.sqrt(lam)", "np.sqrt(lam / 2)"),
    ("np.sqrt(lam)", "np.sqrt(2 * lam)"),
    ("np.sqrt(lam)", "np.sqrt(lam / len(y))"),
    ("np.sqrt(lam)", "np.sqrt(lam * len(y))"),
    ("np.eye(n_x)", "np.ones((n_x, n_x))"),
    ("np.zeros(n_x)", "np.ones(n_x)"),
    ("[y, ", "[y + lam, "),
]

WRONG_LASSO = [
    ("eta * lam)", "lam)"),  # threshold without the step
    ("eta * lam)", "eta * lam / len(y))"),
    ("eta * lam)", "2 * eta * lam)"),
    ("w - eta * g", "w + eta * g"),
    ("w - eta * g", "-eta * g"),  # the step from 0 each time
    ("X @ w - y", "X @ w + y"),
    ("1 / curvature", "3 / curvature"),  # a step too long
    ("1 / curvature", "1 / curvature**0.5"),
    (
        "soft_threshold(w - eta * g, eta * lam)",
        "w - eta * (g + lam * np.sign(w))",
    ),  # the subgradient never stays at 0
    ("soft_threshold(w - eta * g, eta * lam)", "(w - eta * g) / (1 + eta * lam)"),  # ridge
]


@pytest.mark.parametrize(("old", "new"), WRONG_RIDGE)
def test_a_wrong_ridge_is_caught(old, new):
    assert not passes(is_ridge, rewritten(ridge, old, new))


@pytest.mark.parametrize(("old", "new"), WRONG_LASSO)
def test_a_wrong_lasso_is_caught(old, new):
    assert not passes(is_lasso, rewritten(lasso, old, new))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("- np.maximum(-w - t, 0)", "+ np.maximum(-w - t, 0)"),
        ("- np.maximum(-w - t, 0)", "- np.maximum(-w, 0)"),
        ("np.maximum(w - t, 0)", "np.maximum(w, 0)"),
        ("np.maximum(w - t, 0)", "np.where(w > t, w, 0)"),  # the hard threshold
        ("np.maximum(w - t, 0)", "np.maximum(w - 2 * t, 0)"),
    ],
)
def test_a_wrong_threshold_is_caught(old, new):
    assert not passes(is_threshold, rewritten(soft_threshold, old, new))


#: Statements that guard the input, and those that choose a step: a shorter one is safe as well.
#: What matters about the step is among the wrong versions above.
GUARDS = ("if lam", "if steps", "most =", "still =", "curvature =", "eta =", "w = np.asarray")

#: A turned sign that is squared.
THE_SAME = "-(np.sqrt(lam) * np.eye(n_x))"


@pytest.mark.parametrize(
    ("check", "fault"),
    [
        pytest.param(check, fault, id=str(fault))
        for check, function in (
            (is_ridge, ridge),
            (is_lasso, lasso),
            (is_threshold, soft_threshold),
        )
        for fault in faults(function)
        if not fault.was.startswith(GUARDS) and THE_SAME not in fault.now
    ],
)
def test_a_fault_is_caught(check, fault):
    assert not passes(check, fault.function)
