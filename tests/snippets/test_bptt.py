"""Backpropagation through time against central differences, JAX, and wrong derivations."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from snippets import bptt
from snippets.bptt import ACTIVATIONS, backward, d_tanh_from_h, forward, truncated
from tests.snippets.faults import faults, rewritten
from tests.snippets.gradients import agree, caught_in, compiled, numerical_gradients

jax.config.update("jax_enable_x64", True)

few = settings(deadline=None, max_examples=10, derandomize=True)
many = settings(deadline=None, max_examples=25, derandomize=True)
SIZES = st.tuples(*[st.integers(1, 4)] * 5)
SEEDS = st.integers(0, 2**32 - 1)
NAMES = ("W_hx", "W_hh", "W_qh", "h0")
activations = st.sampled_from(sorted(ACTIVATIONS))


def example(sizes=(4, 3, 2, 5, 6), seed=0, batch=True):
    """The arrays of forward, and ∂L/∂o for L = Σ o · do."""
    T, m, n_x, n_h, n_q = sizes
    rng = np.random.default_rng(seed)
    samples = (m,) if batch else ()
    shapes = {"W_hx": (n_h, n_x), "W_hh": (n_h, n_h), "W_qh": (n_q, n_h), "h0": (*samples, n_h)}
    a = {name: rng.normal(size=shape) for name, shape in shapes.items()}
    xs = rng.normal(size=(T, *samples, n_x))
    return xs, a, rng.normal(size=(T, *samples, n_q))


def gradients(xs, a, douts, activation, backward=backward):
    _, cache = forward(xs, **a, activation=activation)
    return {name.removeprefix("d"): g for name, g in backward(cache, douts).items()}


def loss(xs, a, douts, activation) -> float:
    return float(np.sum(forward(xs, **a, activation=activation)[0] * douts))


def numerical(xs, a, douts, activation):
    value = loss(xs, a, douts, activation)
    return numerical_gradients(lambda b: loss(xs, b, douts, activation), a), value


def outputs_in_jax(xs, a, activation):
    phi = {"tanh": jnp.tanh, "identity": lambda z: z}[activation]

    def step(h, x):
        h = phi(x @ a["W_hx"].T + h @ a["W_hh"].T)
        return h, h @ a["W_qh"].T

    return jax.lax.scan(step, a["h0"], xs)[1]


@many
@given(sizes=SIZES, seed=SEEDS, batch=st.booleans(), activation=activations)
def test_agrees_with_central_differences(sizes, seed, batch, activation):
    case = (*example(sizes, seed, batch), activation)
    assert agree(gradients(*case), *numerical(*case))


@few
@given(sizes=SIZES, seed=SEEDS, batch=st.booleans(), activation=activations)
def test_agrees_with_jax(sizes, seed, batch, activation):
    xs, a, douts = example(sizes, seed, batch)
    outputs, _ = forward(xs, **a, activation=activation)

    def loss_in_jax(b):
        theirs = outputs_in_jax(xs, b, activation)
        return jnp.sum(theirs * douts), theirs

    theirs, their_outputs = compiled(jax.grad(loss_in_jax, has_aux=True))(a)
    assert np.max(np.abs(outputs - np.asarray(their_outputs))) < 1e-10
    for name, g in gradients(xs, a, douts, activation).items():
        scale = max(1.0, float(np.linalg.norm(g)))
        assert np.max(np.abs(g - np.asarray(theirs[name]))) < 1e-10 * scale


@many
@given(sizes=SIZES, seed=SEEDS, activation=activations)
def test_a_batch_is_the_sum_of_its_sequences(sizes, seed, activation):
    xs, a, douts = example(sizes, seed)
    together = gradients(xs, a, douts, activation)
    alone = [
        gradients(xs[:, k], {**a, "h0": a["h0"][k]}, douts[:, k], activation)
        for k in range(sizes[1])
    ]
    for name in ("W_hx", "W_hh", "W_qh"):
        np.testing.assert_allclose(together[name], sum(g[name] for g in alone), rtol=1e-9)
    np.testing.assert_allclose(together["h0"], [g["h0"] for g in alone], rtol=1e-9)


@many
@given(sizes=SIZES, seed=SEEDS, window=st.integers(1, 6), activation=activations)
def test_truncated_is_every_path_that_stays_in_its_window(sizes, seed, window, activation):
    """By brute force: the output of step t differentiated in the weights of step k alone."""
    xs, a, douts = example(sizes, seed, batch=False)
    hs = forward(xs, **a, activation=activation)[1].hs
    T, n_h = len(xs), len(a["W_hh"])
    slopes = 1 - hs**2 if activation == "tanh" else np.ones_like(hs)
    expected = {"dW_hx": 0.0, "dW_hh": 0.0, "dW_qh": douts.T @ hs[1:]}
    for t in range(T):
        for k in range(t - t % window, t + 1):
            along = np.eye(n_h)
            for j in range(k + 1, t + 1):
                along = np.diag(slopes[j + 1]) @ a["W_hh"] @ along
            dz = slopes[k + 1] * (along.T @ a["W_qh"].T @ douts[t])
            expected["dW_hh"] += np.outer(dz, hs[k])
            expected["dW_hx"] += np.outer(dz, xs[k])
    found = truncated(forward(xs, **a, activation=activation)[1], douts, window)
    assert found.keys() == expected.keys()
    for name, g in expected.items():
        np.testing.assert_allclose(found[name], g, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("batch", [True, False])
def test_a_window_as_long_as_the_sequence_truncates_nothing(batch):
    xs, a, douts = example(batch=batch)
    _, cache = forward(xs, **a)
    whole = backward(cache, douts)
    for window in (4, 5, 100):
        for name, g in truncated(cache, douts, window).items():
            np.testing.assert_array_equal(g, whole[name])
    assert not np.allclose(truncated(cache, douts, 3)["dW_hh"], whole["dW_hh"], rtol=1e-3)


def test_identity_by_hand():
    """h: 1 → 2·1 + 3·1 = 5 → 2·0 + 3·5 = 15, o_2 = 15; dh_2/dw_hh = h_1 + w_hh h_0 = 8."""
    one = np.ones((1, 1))
    outputs, cache = forward([[1.0], [0.0]], [1.0], 2 * one, 3 * one, one, "identity")
    g = backward(cache, [[0.0], [1.0]])
    assert outputs.ravel().tolist() == [5, 15]
    assert {name: v.item() for name, v in g.items()} == {
        "dW_hx": 3,
        "dW_hh": 8,
        "dW_qh": 15,
        "dh0": 9,
    }


def test_arguments_are_unchanged():
    xs, a, douts = example()
    before = [v.copy() for v in (xs, douts, *a.values())]
    _, cache = forward(xs, **a)
    kept = [v.copy() for v in cache[:-1]]
    backward(cache, douts)
    truncated(cache, douts, 2)
    after = (xs, douts, *a.values())
    assert all(np.array_equal(v, w) for v, w in zip(before, after, strict=True))
    assert all(np.array_equal(v, w) for v, w in zip(kept, cache, strict=False))


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("xs", (0, 3, 2)),
        ("xs", (4, 3, 1)),
        ("xs", (4,)),
        ("h0", (5,)),
        ("h0", (3, 4)),
        ("W_hx", (5,)),
        ("W_hx", (5, 0)),
        ("W_hx", (4, 2)),
        ("W_hh", (5, 4)),
        ("W_hh", (5,)),
        ("W_qh", (6, 4)),
        ("W_qh", (0, 5)),
        ("W_qh", ()),
    ],
)
def test_wrong_shapes_are_named(name, shape):
    xs, a, _ = example()
    with pytest.raises(ValueError, match=r"must be \(.* got \("):
        forward(**{"xs": xs, **a, name: np.zeros(shape)})


@pytest.mark.parametrize("shape", [(4, 3, 5), (3, 3, 6), (4, 6), (4, 3, 6, 1)])
def test_wrong_output_gradients_are_named(shape):
    xs, a, _ = example()
    _, cache = forward(xs, **a)
    for function in (backward, lambda *given: truncated(*given, 2)):
        with pytest.raises(ValueError, match="doutputs must be") as error:
            function(cache, np.zeros(shape))
        assert str(shape) in str(error.value)


def test_unknown_activations_and_windows_are_named():
    xs, a, douts = example()
    with pytest.raises(ValueError, match="one of tanh, identity, got 'relu'"):
        forward(xs, **a, activation="relu")
    _, cache = forward(xs, **a)
    for window in (0, -1, 2.5):
        with pytest.raises(ValueError, match=f"window must be whole and ≥ 1, got {window}"):
            truncated(cache, douts, window)


#: A square batch, in which a wrong transpose still fits, and one sequence of distinct sizes.
CASES = [
    (*example(sizes, 3, batch), activation)
    for activation in sorted(ACTIVATIONS)
    for sizes, batch in (((3, 3, 3, 3, 3), True), ((4, 3, 2, 5, 6), False))
]
NUMERICAL = [numerical(*case) for case in CASES]


def check_catches(function) -> bool:
    return caught_in(CASES, NUMERICAL, lambda *case: gradients(*case, function))


WRONG = {
    "only the immediate path": ("slopes[t] * (dhs[t] + dh)", "slopes[t] * dhs[t]"),
    "= for +=, of which the first step is left": (
        "rows(dzs).T @ rows(hs[:-1])",
        "rows(dzs[:1]).T @ rows(hs[:1])",
    ),
    "only the last step": ("rows(dzs).T @ rows(xs)", "rows(dzs[-1:]).T @ rows(xs[-1:])"),
    "only the last output": ("dh = np.zeros_like(hs[0])", "dh = dhs[-1]; dhs = 0 * dhs"),
    "W_hh not transposed": ("dzs[t] @ W_hh", "dzs[t] @ W_hh.T"),
    "W_qh not transposed": ("rows(do) @ W_qh", "rows(do) @ W_qh.T"),
    "f' forgotten": ("slopes[t] * (dhs[t] + dh)", "dhs[t] + dh"),
    "f' on the immediate path alone": ("slopes[t] * (dhs[t] + dh)", "slopes[t] * dhs[t] + dh"),
    "f' on the path through time alone": (
        "slopes[t] * (dhs[t] + dh)",
        "dhs[t] + slopes[t] * dh",
    ),
    "f' of the step before": ("slopes[t] *", "slopes[t - 1] *"),
    "f' at h in place of z": ("d_phi(hs[1:])", "d_phi(np.tanh(hs[1:]))"),
    "the state after for the state before": ("rows(hs[:-1])", "rows(hs[1:])"),
    "the state before for the output's": (
        "rows(do).T @ rows(hs[1:])",
        "rows(do).T @ rows(hs[:-1])",
    ),
    "forward in time": ("reversed(range(len(xs)))", "range(len(xs))"),
    "dh0 with one W_hh too few": ('"dh0": dh', '"dh0": dzs[0]'),
    "mean over the steps": ("rows(dzs).T @ rows(xs)", "rows(dzs).T @ rows(xs) / len(xs)"),
    "outer product transposed": ("rows(dzs).T @ rows(hs[:-1])", "rows(hs[:-1]).T @ rows(dzs)"),
}


@pytest.mark.parametrize("mistake", WRONG)
def test_a_wrong_derivation_is_caught(mistake):
    assert not check_catches(backward)
    assert check_catches(rewritten(backward, *WRONG[mistake]))


def test_one_path_only_is_caught():
    """dh_T/dW_hh through h_1 alone, as some derivations have it, where all steps add up."""
    xs, a, douts = example((4, 1, 2, 3, 2), batch=False)
    hs = forward(xs, **a)[1].hs
    dz = a["W_qh"].T @ douts[-1] * (1 - hs[-1] ** 2)
    for h in hs[-2:0:-1]:
        dz = a["W_hh"].T @ dz * (1 - h**2)
    only_last = np.zeros_like(douts)
    only_last[-1] = douts[-1]
    right, value = numerical(xs, a, only_last, "tanh")
    whole = gradients(xs, a, only_last, "tanh")
    assert agree(whole, right, value)
    assert not agree({**whole, "W_hh": np.outer(dz, hs[0])}, right, value)


#: Faults that change nothing, each with its reason.
EQUIVALENT = [
    # zeros in the shape of a state, whichever state it is
    "backward: dh = np.zeros_like(hs[0])  →  dh = np.zeros_like(hs[1])",
    "backward: dh = np.zeros_like(hs[0])  →  dh = np.zeros_like(hs[-1])",
]


def test_made_faults_are_caught():
    made = list(faults(backward))
    assert len(made) > 50
    assert [str(f) for f in made if not check_catches(f.function)] == EQUIVALENT


def test_made_faults_in_the_slope_are_caught(monkeypatch):
    for fault in faults(d_tanh_from_h):
        table = {**ACTIVATIONS, "tanh": (np.tanh, fault.function)}
        with monkeypatch.context() as patch:
            patch.setattr(bptt, "ACTIVATIONS", table)
            assert check_catches(backward), str(fault)
