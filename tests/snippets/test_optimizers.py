"""The optimisers against Optax over 50 steps, and against versions with a fault in them."""

import copy
import functools

import jax
import numpy as np
import optax
import pytest

from snippets.optimizers import adam, init, momentum, sgd
from tests.snippets.faults import faults

jax.config.update("jax_enable_x64", True)

STEPS, RATE = 50, 0.03
OURS = {"sgd": sgd, "momentum": momentum, "adam": adam}
THEIRS = {
    "sgd": optax.sgd(RATE),
    "momentum": optax.sgd(RATE, momentum=0.9),
    "adam": optax.adam(RATE),
}


@functools.cache
def problem():
    """Parameters of several shapes, and the gradients of all steps."""
    rng = np.random.default_rng(0)
    shapes = {"W": (3, 4), "b": (4,), "number": ()}
    params = {k: rng.normal(size=shape) for k, shape in shapes.items()}
    grads = [
        {
            k: np.asarray(rng.normal(size=shape)) * 10.0 ** rng.integers(-4, 3)
            for k, shape in shapes.items()
        }
        for _ in range(STEPS)
    ]
    return params, grads


@functools.cache
def by_optax(name):
    params, grads = problem()
    rule = THEIRS[name]

    @jax.jit
    def step(params, state, g):
        moves, state = rule.update(g, state, params)
        return optax.apply_updates(params, moves), state

    state, path = rule.init(params), []
    for g in grads:
        params, state = step(params, state, g)
        path.append({k: np.asarray(w) for k, w in params.items()})
    return path


def largest_difference(function, name) -> float:
    """From Optax, at any step in any entry; inf where a step fails."""
    params, grads = problem()
    state, worst = init(params), 0.0
    for g, theirs in zip(grads, by_optax(name), strict=True):
        try:
            with np.errstate(all="ignore"):
                params, state = function(params, g, state, RATE)
            differences = [np.max(np.abs(params[k] - theirs[k])) for k in theirs]
        except (ArithmeticError, AttributeError, LookupError, NameError, TypeError, ValueError):
            return np.inf
        worst = max(worst, *(float(d) if np.isfinite(d) else np.inf for d in differences))
    return worst if state.step == STEPS else np.inf


@pytest.mark.parametrize("name", OURS)
def test_fifty_steps_agree_with_optax(name):
    difference = largest_difference(OURS[name], name)
    print(f"{name}: largest difference over {STEPS} steps {difference:.1e}")
    assert difference < 1e-10


@pytest.mark.parametrize("name", OURS)
def test_every_fault_is_caught(name):
    missed = [
        str(fault)
        for fault in faults(OURS[name])
        if largest_difference(fault.function, name) < 1e-10
    ]
    # ε is compared with gradients far above it, and the checks at their very bounds.
    harmless = ("1e-08", "check_between")
    assert [fault for fault in missed if not any(part in fault for part in harmless)] == []


@pytest.mark.parametrize("function", OURS.values())
def test_nothing_is_changed_in_place_and_names_stay(function):
    params, (g, *_) = problem()
    state = init(params)
    before = copy.deepcopy((params, g, state))
    new, after = function(params, g, state, RATE)
    assert after.step == 1 and new.keys() == params.keys()
    for was, now in zip(before[:2], (params, g), strict=True):
        assert all(np.array_equal(was[k], now[k]) for k in was)
    assert state.step == 0 and not any(np.any(a) for a in (*state.v.values(), *state.q.values()))


@pytest.mark.parametrize("function", OURS.values())
def test_lists_and_small_floats_count_as_float64(function):
    params = {"w": [1.0, 2.0], "b": np.float32(0.5)}
    new, _ = function(params, {"w": [1, 1], "b": 1}, init(params), 0.5)
    assert new["w"].dtype == new["b"].dtype == np.float64


def test_adam_takes_its_other_settings():
    params = {"w": np.array([1.0])}
    settings = dict(beta1=0.5, beta2=0.75, epsilon=0.5)
    rule = optax.adam(0.1, b1=0.5, b2=0.75, eps=0.5)
    ours, state = params, init(params)
    theirs, their_state = params, rule.init(params)
    for g in ({"w": np.array([2.0])}, {"w": np.array([-3.0])}):
        ours, state = adam(ours, g, state, 0.1, **settings)
        moves, their_state = rule.update(g, their_state)
        theirs = optax.apply_updates(theirs, moves)
    assert abs(ours["w"][0] - float(theirs["w"][0])) < 1e-14


@pytest.mark.parametrize("function", OURS.values())
def test_bad_input_is_refused(function):
    params = {"w": np.ones(2)}
    state = init(params)
    for grads, named in (
        ({"w": np.ones(3)}, r"grads \{'w': \(3,\)\}, but params \{'w': \(2,\)\}"),
        ({"b": np.ones(2)}, r"grads \{'b'"),
        ({}, r"grads \{\}"),
    ):
        with pytest.raises(ValueError, match=named):
            function(params, grads, state, 0.1)
    with pytest.raises(ValueError, match=r"state \{'b': \(1,\)\}"):
        function(params, params, init({"b": np.ones(1)}), 0.1)
    for rate in (-0.1, np.nan, np.inf):
        with pytest.raises(ValueError, match="learning_rate must be ≥ 0 and < inf"):
            function(params, params, state, rate)


@pytest.mark.parametrize("value", [-0.1, 1.0, np.nan])
def test_decay_rates_lie_between_0_and_1(value):
    params = {"w": np.ones(2)}
    for function, name in ((momentum, "beta"), (adam, "beta1"), (adam, "beta2")):
        with pytest.raises(ValueError, match=f"{name} must be ≥ 0 and < 1, got"):
            function(params, params, init(params), 0.1, **{name: value})
        function(params, params, init(params), 0.0, **{name: 0.0})
