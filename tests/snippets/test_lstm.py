"""The LSTM against central differences, Equinox's cell, JAX, and wrong derivations."""

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit

from snippets import lstm
from snippets.gradient_check import numerical_gradient
from snippets.lstm import (
    backward,
    blocks,
    direct_path,
    forward,
    init,
    local_slopes,
    preactivation,
    squash,
    step,
    whole_path,
)
from tests.snippets.faults import faults, rewritten
from tests.snippets.gradients import agree, caught_in, compiled, excess, numerical_gradients

jax.config.update("jax_enable_x64", True)

few = settings(deadline=None, max_examples=8, derandomize=True)
many = settings(deadline=None, max_examples=25, derandomize=True)
SIZES = st.tuples(*[st.integers(1, 4)] * 4)
SEEDS = st.integers(0, 2**32 - 1)
PARAMS = ("W_x", "W_h", "b")


def example(sizes=(4, 3, 2, 5), seed=0, batch=True):
    """Parameters, xs, h0 and c0 in one dictionary, and ∂L/∂h for L = Σ h · dh."""
    T, m, n_x, n_h = sizes
    rng = np.random.default_rng(seed)
    samples = (m,) if batch else ()
    a = init(n_x, n_h, rng)
    a["b"] = a["b"] + rng.normal(size=4 * n_h)
    a["xs"] = rng.normal(size=(T, *samples, n_x))
    a["h0"], a["c0"] = rng.normal(size=(2, *samples, n_h))
    return a, rng.normal(size=(T, *samples, n_h))


def run(a):
    return forward({name: a[name] for name in PARAMS}, a["xs"], a["h0"], a["c0"])


def gradients(a, dhs, backward=backward):
    _, _, cache = run(a)
    grads, dxs, dh0, dc0 = backward({name: a[name] for name in PARAMS}, cache, dhs)
    return {**grads, "xs": dxs, "h0": dh0, "c0": dc0}


def numerical(a, dhs):
    def loss(b) -> float:
        return float(np.sum(run(b)[0] * dhs))

    return numerical_gradients(loss, a), loss(a)


def in_equinox(a):
    """hs and cs by eqx.nn.LSTMCell with our weights in it."""
    n_x, n_h = len(a["W_x"]), len(a["W_h"])
    cell = eqx.nn.LSTMCell(n_x, n_h, key=jax.random.key(0), dtype=jnp.float64)
    cell = eqx.tree_at(
        lambda c: (c.weight_ih, c.weight_hh, c.bias), cell, (a["W_x"].T, a["W_h"].T, a["b"])
    )
    one = cell if a["xs"].ndim == 2 else jax.vmap(cell)

    def forward(state, x):
        state = one(x, state)
        return state, state

    return jax.lax.scan(forward, (a["h0"], a["c0"]), a["xs"])[1]


def loss_in_equinox(a, dhs):
    hs, cs = in_equinox(a)
    return jnp.sum(hs * dhs), (hs, cs)


def differ(ours, theirs) -> float:
    return float(np.max(np.abs(ours - np.asarray(theirs))))


@many
@given(sizes=SIZES, seed=SEEDS, batch=st.booleans())
def test_agrees_with_central_differences(sizes, seed, batch):
    case = example(sizes, seed, batch)
    assert agree(gradients(*case), *numerical(*case))


@few
@given(sizes=SIZES, seed=SEEDS, batch=st.booleans())
def test_agrees_with_equinox(sizes, seed, batch):
    a, dhs = example(sizes, seed, batch)
    hs, cs, _ = run(a)
    theirs, (their_hs, their_cs) = compiled(jax.grad(loss_in_equinox, has_aux=True))(a, dhs)
    assert hs.shape == cs.shape == dhs.shape
    assert max(differ(hs, their_hs), differ(cs, their_cs)) < 1e-10
    for name, g in gradients(a, dhs).items():
        assert differ(g, theirs[name]) < 1e-10, name


@many
@given(sizes=SIZES, seed=SEEDS, batch=st.booleans())
def test_forward_is_the_gates_step_by_step(sizes, seed, batch):
    a, _ = example(sizes, seed, batch)
    hs, cs, _ = run(a)
    h, c = a["h0"], a["c0"]
    for t, x in enumerate(a["xs"]):
        h, c = step(a, x, h, c)
        np.testing.assert_allclose(hs[t], h, atol=1e-14)
        np.testing.assert_allclose(cs[t], c, atol=1e-14)


@many
@given(sizes=SIZES, seed=SEEDS)
def test_a_batch_is_the_sum_of_its_sequences(sizes, seed):
    a, dhs = example(sizes, seed)
    together = gradients(a, dhs)
    alone = [
        gradients(
            {**a, "xs": a["xs"][:, k], "h0": a["h0"][k], "c0": a["c0"][k]},
            dhs[:, k],
        )
        for k in range(sizes[1])
    ]
    for name in PARAMS:
        assert differ(together[name], sum(g[name] for g in alone)) < 1e-12
    assert differ(together["xs"], np.stack([g["xs"] for g in alone], axis=1)) < 1e-12
    for name in ("h0", "c0"):
        assert differ(together[name], [g[name] for g in alone]) < 1e-12


@pytest.mark.parametrize("size", [1.0, 30.0, 1000.0])
def test_squash_is_sigmoid_and_tanh_at_every_size(size):
    z = size * np.random.default_rng(0).normal(size=(7, 12))
    is_g = np.repeat([False, False, True, False], 3)
    with np.errstate(all="raise", under="ignore"):
        i, f, g, o = blocks(squash(z, is_g), 4)
    expected = np.asarray(jax.nn.sigmoid(z))
    assert differ(np.concatenate([i, f], axis=1), expected[:, :6]) < 1e-15
    assert differ(o, expected[:, 9:]) < 1e-15
    assert differ(g, np.tanh(z[:, 6:9])) < 1e-15


@pytest.mark.parametrize("z", [-700.0, -40.0, -1e-9, 1e-9, 40.0])
def test_a_gate_that_is_nearly_closed_keeps_its_digits(z):
    assert squash(np.array([z]), np.array([False])) == pytest.approx(expit(z), rel=1e-14, abs=0)
    assert squash(np.array([z]), np.array([True])) == pytest.approx(np.tanh(z), rel=1e-14, abs=0)


def test_forward_is_step_after_step_to_the_last_digits_where_gates_are_closed():
    a, _ = example(batch=False)
    a = {**a, "b": a["b"] - 40}
    hs, cs, _ = run(a)
    h, c = a["h0"], a["c0"]
    for t in range(len(hs)):
        h, c = step(a, a["xs"][t], h, c)
        assert np.allclose(hs[t], h, rtol=1e-10, atol=0)
        assert np.allclose(cs[t], c, rtol=1e-10, atol=0)


@pytest.mark.parametrize("gate", [-1, 4, 7])
def test_a_gate_that_is_not_there_is_named(gate):
    a, _ = example(batch=False)
    with pytest.raises(ValueError, match=f"gate must be 0 to 3, got {gate}"):
        preactivation(a, gate, a["xs"][0], a["h0"])


def test_no_hidden_units_are_refused():
    none = {"W_x": np.zeros((2, 0)), "W_h": np.zeros((0, 0)), "b": np.zeros(0)}
    with pytest.raises(ValueError, match=r"b must be \(4n_h\), got \(0,\)"):
        forward(none, np.ones((3, 2)), np.zeros(0), np.zeros(0))


def test_init():
    params = init(3, 16, np.random.default_rng(0))
    assert {name: v.shape for name, v in params.items()} == {
        "W_x": (3, 64),
        "W_h": (16, 64),
        "b": (64,),
    }
    assert np.max(np.abs(params["W_x"])) <= 0.25
    assert 0.2 < np.max(np.abs(params["W_h"])) <= 0.25
    assert params["b"].reshape(4, 16).tolist() == [[0] * 16, [1] * 16, [0] * 16, [0] * 16]
    assert init(1, 2, np.random.default_rng(0), forget_bias=3)["b"].tolist() == [
        *(0, 0, 3, 3, 0, 0, 0, 0)
    ]
    again = init(3, 16, np.random.default_rng(0))
    assert all(np.array_equal(params[name], again[name]) for name in params)


def last_cell(a, t, c):
    """c_T when c_t is replaced by c, and with it h_t, unless t = 0."""
    if t == len(a["xs"]):
        return c
    rest = {**a, "xs": a["xs"][t:], "c0": c}
    if t:
        x, h_before, c_before = a["xs"][t - 1], a["h0"], a["c0"]
        if t > 1:
            hs, cs, _ = run({**a, "xs": a["xs"][: t - 1]})
            h_before, c_before = hs[-1], cs[-1]
        assert c_before.shape == c.shape
        rest["h0"] = lstm.output_gate(a, x, h_before) * np.tanh(c)
    return run(rest)[1][-1]


def numerical_path(a, t):
    c = a["c0"] if t == 0 else run(a)[1][t - 1]
    rows = [numerical_gradient(lambda v, k=k: last_cell(a, t, v)[k], c) for k in range(len(c))]
    return np.array(rows)


@many
@given(sizes=SIZES, seed=SEEDS, t=st.integers(0, 4))
def test_the_whole_path_agrees_with_central_differences(sizes, seed, t):
    a, _ = example(sizes, seed, batch=False)
    t = min(t, sizes[0])
    assert excess(whole_path(a, run(a)[2], t), numerical_path(a, t), 1.0) <= 1


def test_from_the_start_the_whole_path_is_what_jax_differentiates():
    a, _ = example((6, 1, 2, 4), batch=False)
    theirs = compiled(jax.jacobian(lambda c: in_equinox({**a, "c0": c})[1][-1]))(a["c0"])
    assert differ(whole_path(a, run(a)[2], 0), theirs) < 1e-10


@pytest.mark.parametrize("batch", [True, False])
def test_the_direct_path_is_the_product_of_the_forget_gates(batch):
    a, dhs = example(batch=batch)
    hs, _, cache = run(a)
    assert np.array_equal(direct_path(cache, 4), np.ones_like(dhs[0]))
    product = np.ones_like(dhs[0])
    for t in (3, 2, 1):
        product = product * lstm.forget_gate(a, a["xs"][t], hs[t - 1])
        np.testing.assert_allclose(direct_path(cache, t), product, rtol=1e-13)


def test_without_recurrent_weights_the_direct_path_is_the_whole_one():
    a, _ = example(batch=False)
    a["W_h"] = 0 * a["W_h"]
    cache = run(a)[2]
    for t in range(5):
        np.testing.assert_allclose(
            whole_path(a, cache, t), np.diag(direct_path(cache, t)), atol=1e-15
        )


def test_arguments_are_unchanged():
    a, dhs = example(batch=False)
    before = {name: v.copy() for name, v in a.items()}
    kept_dhs = dhs.copy()
    _, _, cache = run(a)
    kept = [v.copy() for v in cache]
    backward(a, cache, dhs)
    step(a, a["xs"][0], a["h0"], a["c0"])
    whole_path(a, cache, 1)
    direct_path(cache, 1)
    assert all(np.array_equal(a[name], v) for name, v in before.items())
    assert all(np.array_equal(v, w) for v, w in zip(kept, cache, strict=True))
    assert np.array_equal(dhs, kept_dhs)


BAD_SHAPES = [
    ("xs", (0, 3, 2)),
    ("xs", (4, 3, 3)),
    ("xs", (4,)),
    ("h0", (5,)),
    ("h0", (3, 4)),
    ("c0", (2, 5)),
    ("c0", ()),
    ("W_x", (2, 19)),
    ("W_x", (0, 20)),
    ("W_x", (20,)),
    ("W_h", (4, 20)),
    ("W_h", (5, 16)),
    ("W_h", ()),
    ("b", (21,)),
    ("b", (5, 4)),
]


@pytest.mark.parametrize(("name", "shape"), BAD_SHAPES)
def test_wrong_shapes_are_named(name, shape):
    a, _ = example()
    with pytest.raises(ValueError, match=r"must be \(.* got \("):
        run({**a, name: np.zeros(shape)})


@pytest.mark.parametrize("name", ["x", "h", "c"])
def test_a_step_names_wrong_shapes(name):
    a, _ = example()
    good = {"x": a["xs"][0], "h": a["h0"], "c": a["c0"]}
    with pytest.raises(ValueError, match=rf"^{name} must be .*, got \(3, 9\)$"):
        step(a, **{**good, name: np.zeros((3, 9))})


def test_other_bad_input_is_named():
    a, _ = example()
    _, _, cache = run(a)
    with pytest.raises(ValueError, match=r"^dhs must be \(4, 3, 5\), got \(4, 5\)$"):
        backward(a, cache, np.zeros((4, 5)))
    for t in (-1, 5):
        with pytest.raises(ValueError, match=f"0 to 4, got {t}"):
            direct_path(cache, t)
        with pytest.raises(ValueError, match=f"0 to 4, got {t}"):
            whole_path(a, cache, t)
    with pytest.raises(ValueError, match=r"one sequence only, got \(4, 3, 2\)"):
        whole_path(a, cache, 1)
    for n_x, n_h, named in ((0, 2, "n_x .* got 0"), (2, 0, "n_h .* got 0"), (2, 2.5, "got 2.5")):
        with pytest.raises(ValueError, match=named):
            init(n_x, n_h, np.random.default_rng(0))


#: A square batch, in which a wrong transpose still fits, and one sequence of distinct sizes.
CASES = [example((3, 3, 3, 3), 3), example(batch=False)]
NUMERICAL = [numerical(*case) for case in CASES]


def check_catches(function) -> bool:
    return caught_in(CASES, NUMERICAL, lambda *case: gradients(*case, function))


WRONG = {
    "direct path of the cell forgotten": ("dc = dc * f[t]", "dc = 0 * dc"),
    "forget gate of the step before": ("dc = dc * f[t]", "dc = dc * f[t - 1]"),
    "forget gate left out of the direct path": ("dc = dc * f[t]", "dc = dc"),
    "path through the gates forgotten": ("dh = dzs[t] @ W_h.T", "dh = 0 * dh"),
    "path from h to c forgotten": ("dc = dc + dh * dh_dc[t]", "dc = dc"),
    "= for += in the cell": ("dc = dc + dh * dh_dc[t]", "dc = dh * dh_dc[t]"),
    "= for += in the state": ("dh = dh + dhs[t]", "dh = dhs[t]"),
    "immediate part forgotten": ("dh = dh + dhs[t]", "dh = dh if t < len(xs) - 1 else dhs[t]"),
    "W_h's blocks in another order": ("dzs[t] @ W_h.T", "dzs[t] @ np.roll(W_h, len(W_h), 1).T"),
    "blocks of W_h not transposed": (
        "dzs[t] @ W_h.T",
        "dzs[t] @ np.vstack(np.split(W_h, 4, axis=1))",
    ),
    "tanh' at c in place of tanh(c)": ("o * (1 - tanh_cs**2)", "o * (1 - cs[1:] ** 2)"),
    "tanh' forgotten": ("o * (1 - tanh_cs**2)", "o"),
    "output gate forgotten": ("o * (1 - tanh_cs**2)", "1 - tanh_cs**2"),
    "σ' forgotten in the input gate": ("g * i * (1 - i)", "g"),
    "σ' for tanh'": ("i * (1 - g**2)", "i * g * (1 - g)"),
    "σ' of the candidate's block at the output": ("tanh_cs * o * (1 - o)", "tanh_cs * (1 - o**2)"),
    "new cell for the old one": ("cs[:-1] * f", "cs[1:] * f"),
    "cell in place of tanh(cell)": ("tanh_cs * o * (1 - o)", "cs[1:] * o * (1 - o)"),
    "candidate gets dh": ("dz_g[t] *= dc", "dz_g[t] *= dh"),
    "output gate gets dc": ("dz_o[t] *= dh", "dz_o[t] *= dc"),
    "gates exchanged": ("dz_i, dz_f, dz_g, dz_o =", "dz_i, dz_f, dz_o, dz_g ="),
    "new state for the old one": ("rows(hs[:-1]).T @ dz", "rows(hs[1:]).T @ dz"),
    "bias by the mean": ("dz.sum(axis=0)", "dz.mean(axis=0)"),
    "forward in time": ("reversed(range(len(xs)))", "range(len(xs))"),
}


@pytest.mark.parametrize("mistake", WRONG)
def test_a_wrong_derivation_is_caught(mistake):
    assert not check_catches(backward)
    assert check_catches(rewritten(backward, *WRONG[mistake], local_slopes))


#: Faults that change nothing, each with its reason.
EQUIVALENT = [
    # the shape is refused before it is used, which another test is for
    "backward: dhs = shaped('dhs', dhs, *hs[1:].shape)  →  pass",
    # zeros in the shape of a state, whichever state it is
    "backward: dh = np.zeros_like(hs[0])  →  dh = np.zeros_like(hs[1])",
    "backward: dh = np.zeros_like(hs[0])  →  dh = np.zeros_like(hs[-1])",
    "backward: dc = np.zeros_like(cs[0])  →  dc = np.zeros_like(cs[1])",
    "backward: dc = np.zeros_like(cs[0])  →  dc = np.zeros_like(cs[-1])",
]


def test_made_faults_are_caught():
    made = list(faults(backward, local_slopes))
    assert len(made) > 150
    assert [str(f) for f in made if not check_catches(f.function)] == EQUIVALENT


#: One sequence; from its start, from the middle, and from its end.
PATHS = {t: numerical_path(CASES[1][0], t) for t in (0, 1, 2, 4)}


def path_check_catches(function) -> bool:
    a, _ = CASES[1]
    try:
        cache = run(a)[2]
        with np.errstate(all="ignore"):
            return any(excess(function(a, cache, t), PATHS[t], 1.0) > 1 for t in PATHS)
    except Exception:
        return True


def test_made_faults_in_the_path_are_caught():
    made = list(faults(whole_path))
    assert not path_check_catches(whole_path)
    assert len(made) > 50
    assert [str(f) for f in made if not path_check_catches(f.function)] == []
