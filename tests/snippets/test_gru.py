"""The GRU against central differences, Equinox's cell, JAX, and wrong derivations."""

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import example as example_of
from hypothesis import given, settings
from hypothesis import strategies as st

from snippets.gru import backward, forward, init
from tests.snippets.faults import faults, rewritten
from tests.snippets.gradients import agree, caught_in, compiled, numerical_gradients

jax.config.update("jax_enable_x64", True)

few = settings(deadline=None, max_examples=8, derandomize=True)
many = settings(deadline=None, max_examples=25, derandomize=True)
SIZES = st.tuples(*[st.integers(1, 4)] * 4)
SEEDS = st.integers(0, 2**32 - 1)
PARAMS = ("W_x", "W_h", "b_x", "b_h")


def example(sizes=(4, 3, 2, 5), seed=0, batch=True):
    """Parameters, xs and h0 in one dictionary, and ∂L/∂h for L = Σ h · dh."""
    T, m, n_x, n_h = sizes
    rng = np.random.default_rng(seed)
    samples = (m,) if batch else ()
    a = init(n_x, n_h, rng)
    a["b_x"], a["b_h"] = rng.normal(size=(2, 3 * n_h))
    a["xs"] = rng.normal(size=(T, *samples, n_x))
    a["h0"] = rng.normal(size=(*samples, n_h))
    return a, rng.normal(size=(T, *samples, n_h))


def run(a):
    return forward({name: a[name] for name in PARAMS}, a["xs"], a["h0"])


def gradients(a, dhs, backward=backward):
    _, cache = run(a)
    grads, dxs, dh0 = backward({name: a[name] for name in PARAMS}, cache, dhs)
    return {**grads, "xs": dxs, "h0": dh0}


def numerical(a, dhs):
    def loss(b) -> float:
        return float(np.sum(run(b)[0] * dhs))

    return numerical_gradients(loss, a), loss(a)


def in_equinox(a):
    """hs by eqx.nn.GRUCell, which has one bias for r and z and a second one for n."""
    n_x, n_h = len(a["W_x"]), len(a["W_h"])
    cell = eqx.nn.GRUCell(n_x, n_h, key=jax.random.key(0), dtype=jnp.float64)
    bias = a["b_x"] + jnp.concatenate([a["b_h"][: 2 * n_h], jnp.zeros(n_h)])
    cell = eqx.tree_at(
        lambda c: (c.weight_ih, c.weight_hh, c.bias, c.bias_n),
        cell,
        (a["W_x"].T, a["W_h"].T, bias, a["b_h"][2 * n_h :]),
    )
    one = cell if a["xs"].ndim == 2 else jax.vmap(cell)

    def forward(h, x):
        h = one(x, h)
        return h, h

    return jax.lax.scan(forward, a["h0"], a["xs"])[1]


def loss_in_equinox(a, dhs):
    hs = in_equinox(a)
    return jnp.sum(hs * dhs), hs


def differ(ours, theirs) -> float:
    return float(np.max(np.abs(ours - np.asarray(theirs))))


@many
@given(sizes=SIZES, seed=SEEDS, batch=st.booleans())
def test_agrees_with_central_differences(sizes, seed, batch):
    case = example(sizes, seed, batch)
    assert agree(gradients(*case), *numerical(*case))


@few
@given(sizes=SIZES, seed=SEEDS, batch=st.booleans())
@example_of(sizes=(3, 4, 2, 5), seed=1, batch=True)
def test_agrees_with_equinox(sizes, seed, batch):
    a, dhs = example(sizes, seed, batch)
    hs, _ = run(a)
    assert hs.shape == dhs.shape
    theirs, their_hs = compiled(jax.grad(loss_in_equinox, has_aux=True))(a, dhs)
    assert differ(hs, their_hs) < 1e-10
    for name, g in gradients(a, dhs).items():
        assert differ(g, theirs[name]) < 1e-10, name


@many
@given(sizes=SIZES, seed=SEEDS)
def test_a_batch_is_the_sum_of_its_sequences(sizes, seed):
    a, dhs = example(sizes, seed)
    together = gradients(a, dhs)
    alone = [
        gradients({**a, "xs": a["xs"][:, k], "h0": a["h0"][k]}, dhs[:, k]) for k in range(sizes[1])
    ]
    for name in PARAMS:
        assert differ(together[name], sum(g[name] for g in alone)) < 1e-12
    assert differ(together["xs"], np.stack([g["xs"] for g in alone], axis=1)) < 1e-12
    assert differ(together["h0"], [g["h0"] for g in alone]) < 1e-12


def test_one_step_by_hand():
    """W = 0: r = σ(0) = ½, z = σ(0) = ½, n = tanh(0 + ½ · 2) and h = ½ tanh 1 + ½ · 4."""
    params = {
        "W_x": np.zeros((1, 3)),
        "W_h": np.zeros((1, 3)),
        "b_x": np.zeros(3),
        "b_h": np.array([0.0, 0.0, 2.0]),
    }
    hs, _ = forward(params, [[7.0]], [4.0])
    assert hs[0, 0] == pytest.approx(0.5 * np.tanh(1) + 2, abs=1e-15)


def test_no_hidden_units_are_refused():
    none = {
        "W_x": np.zeros((2, 0)),
        "W_h": np.zeros((0, 0)),
        "b_x": np.zeros(0),
        "b_h": np.zeros(0),
    }
    with pytest.raises(ValueError, match=r"b_h must be \(3n_h\), got \(0,\)"):
        forward(none, np.ones((3, 2)), np.zeros(0))


def test_init():
    params = init(3, 16, np.random.default_rng(0))
    assert {name: v.shape for name, v in params.items()} == {
        "W_x": (3, 48),
        "W_h": (16, 48),
        "b_x": (48,),
        "b_h": (48,),
    }
    assert 0.2 < np.max(np.abs(params["W_h"])) <= 0.25
    assert not np.any(params["b_x"]) and not np.any(params["b_h"])
    for n_x, n_h, named in ((0, 2, "n_x .* got 0"), (2, 0, "n_h .* got 0"), (2, 2.5, "got 2.5")):
        with pytest.raises(ValueError, match=named):
            init(n_x, n_h, np.random.default_rng(0))


def test_arguments_are_unchanged():
    a, dhs = example()
    before = {name: v.copy() for name, v in a.items()}
    kept_dhs = dhs.copy()
    _, cache = run(a)
    kept = [v.copy() for v in cache]
    backward(a, cache, dhs)
    assert all(np.array_equal(a[name], v) for name, v in before.items())
    assert all(np.array_equal(v, w) for v, w in zip(kept, cache, strict=True))
    assert np.array_equal(dhs, kept_dhs)


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("xs", (0, 3, 2)),
        ("xs", (4, 3, 3)),
        ("xs", (4,)),
        ("h0", (5,)),
        ("h0", (3, 4)),
        ("W_x", (2, 14)),
        ("W_x", (0, 15)),
        ("W_x", (15,)),
        ("W_h", (4, 15)),
        ("W_h", ()),
        ("b_x", (14,)),
        ("b_h", (16,)),
        ("b_h", (5, 3)),
    ],
)
def test_wrong_shapes_are_named(name, shape):
    a, _ = example()
    with pytest.raises(ValueError, match=r"must be \(.* got \("):
        run({**a, name: np.zeros(shape)})


def test_wrong_gradients_of_the_states_are_named():
    a, _ = example()
    with pytest.raises(ValueError, match=r"^dhs must be \(4, 3, 5\), got \(3, 5\)$"):
        backward(a, run(a)[1], np.zeros((3, 5)))


#: A square batch, in which a wrong transpose still fits, and one sequence of distinct sizes.
CASES = [example((3, 3, 3, 3), 3), example(batch=False)]
NUMERICAL = [numerical(*case) for case in CASES]


def check_catches(function) -> bool:
    return caught_in(CASES, NUMERICAL, lambda *case: gradients(*case, function))


WRONG = {
    "reset gate left out on the way back": ("blocks(dus, 3)[2] *= r", "pass"),
    "reset gate on both sides": ("dus = das.copy()", "da_n *= r; dus = das / 1"),
    "reset gate gets no gradient": ("da_n * u_n * r * (1 - r)", "0 * da_n"),
    "reset gate without u_n": ("da_n * u_n * r * (1 - r)", "da_n * r * (1 - r)"),
    "reset gate with h in place of u_n": (
        "da_n * u_n * r * (1 - r)",
        "da_n * hs[:-1] * r * (1 - r)",
    ),
    "σ' forgotten in the reset gate": ("u_n * r * (1 - r)", "u_n"),
    "z for 1 − z": ("(1 - z) * (1 - n**2)", "z * (1 - n**2)"),
    "tanh' forgotten": ("(1 - z) * (1 - n**2)", "1 - z"),
    "sign of the update gate": ("(hs[:-1] - n)", "(n - hs[:-1])"),
    "new state in the update gate": ("(hs[:-1] - n)", "(hs[1:] - n)"),
    "direct path forgotten": ("dh = dh * z[t] + dus[t]", "dh = dus[t]"),
    "1 − z on the direct path": ("dh = dh * z[t] +", "dh = dh * (1 - z[t]) +"),
    "path through the gates forgotten": ("dh * z[t] + dus[t] @ W_h.T", "dh * z[t]"),
    "a for u on the path back": ("dus[t] @ W_h.T", "das[t] @ W_h.T"),
    "= for +=": ("dh = dh + dhs[t]", "dh = dhs[t]"),
    "W_h from a": ("rows(hs[:-1]).T @ du", "rows(hs[:-1]).T @ da"),
    "b_h from a": ('"b_h": du', '"b_h": da'),
    "W_x from u": ("rows(xs).T @ da", "rows(xs).T @ du"),
    "new state for the old one": ("rows(hs[:-1]).T", "rows(hs[1:]).T"),
    "gates exchanged": ("da_r, da_z, da_n =", "da_z, da_r, da_n ="),
    "blocks of W_h not transposed": (
        "dus[t] @ W_h.T",
        "dus[t] @ np.vstack(np.split(W_h, 3, axis=1))",
    ),
    "forward in time": ("reversed(range(len(xs)))", "range(len(xs))"),
}


@pytest.mark.parametrize("mistake", WRONG)
def test_a_wrong_derivation_is_caught(mistake):
    assert not check_catches(backward)
    assert check_catches(rewritten(backward, *WRONG[mistake]))


#: Faults that change nothing, each with its reason.
EQUIVALENT = [
    # the shape is refused before it is used, which another test is for
    "backward: dhs = shaped('dhs', dhs, *hs[1:].shape)  →  pass",
    # zeros in the shape of a state, whichever state it is
    "backward: dh = np.zeros_like(hs[0])  →  dh = np.zeros_like(hs[1])",
    "backward: dh = np.zeros_like(hs[0])  →  dh = np.zeros_like(hs[-1])",
]


def test_made_faults_are_caught():
    made = list(faults(backward))
    assert len(made) > 100
    assert [str(f) for f in made if not check_catches(f.function)] == EQUIVALENT
