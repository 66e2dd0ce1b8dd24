"""The recurrent cell and its forward pass, against JAX and by hand."""

import math

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from snippets.rnn import cell, forward, rows, sequence, shaped, split
from tests.snippets.faults import faults, rewritten
from tests.snippets.gradients import compiled

jax.config.update("jax_enable_x64", True)

few = settings(deadline=None, max_examples=10, derandomize=True)
many = settings(deadline=None, max_examples=25, derandomize=True)
SIZES = st.tuples(*[st.integers(1, 5)] * 5)
SEEDS = st.integers(0, 2**32 - 1)

W_RNN = np.array([[0.1, 0.2], [0.3, 0.4], [0.5, 0.6]])
B_RNN = np.array([0.1, -0.1])
W_OUT = np.array([[1.0], [2.0]])


def example(sizes=(4, 3, 2, 5, 6), seed=0, batch=True):
    T, m, n_x, n_h, n_q = sizes
    rng = np.random.default_rng(seed)
    samples = (m,) if batch else ()
    shapes = {
        "xs": (T, *samples, n_x),
        "h0": (*samples, n_h),
        "w": (n_h + n_x, n_h),
        "b": (n_h,),
        "w_out": (n_h, n_q),
        "b_out": (n_q,),
    }
    return {name: rng.normal(size=shape) for name, shape in shapes.items()}


def in_jax(xs, h0, w, b, w_out, b_out):
    def step(h, x):
        h = jnp.tanh(jnp.concatenate([h, x], axis=-1) @ w + b)
        return h, (h @ w_out + b_out, h)

    return compiled(lambda: jax.lax.scan(step, h0, xs)[1])()


def differ(ours, theirs) -> float:
    return max(float(np.max(np.abs(a - np.asarray(b)))) for a, b in zip(ours, theirs, strict=True))


@few
@given(sizes=SIZES, seed=SEEDS, batch=st.booleans())
def test_agrees_with_jax(sizes, seed, batch):
    a = example(sizes, seed, batch)
    T, n_h, n_q = sizes[0], sizes[3], sizes[4]
    outputs, states = forward(**a)
    samples = a["h0"].shape[:-1]
    assert outputs.shape == (T, *samples, n_q)
    assert states.shape == (T, *samples, n_h)
    assert differ((outputs, states), in_jax(**a)) < 1e-10


@many
@given(sizes=SIZES, seed=SEEDS, batch=st.booleans())
def test_forward_is_the_cell_step_by_step(sizes, seed, batch):
    a = example(sizes, seed, batch)
    outputs, states = forward(**a)
    h = a["h0"]
    for t, x in enumerate(a["xs"]):
        h = cell(x, h, a["w"], a["b"])
        np.testing.assert_allclose(states[t], h, atol=1e-12)
        np.testing.assert_allclose(outputs[t], h @ a["w_out"] + a["b_out"], atol=1e-11)


@many
@given(sizes=SIZES, seed=SEEDS)
def test_a_batch_is_its_sequences(sizes, seed):
    a = example(sizes, seed)
    outputs, states = forward(**a)
    for k in range(sizes[1]):
        alone = forward(**{**a, "xs": a["xs"][:, k], "h0": a["h0"][k]})
        assert differ(alone, (outputs[:, k], states[:, k])) < 1e-12


@many
@given(sizes=SIZES, seed=SEEDS)
def test_split_weights_are_the_concatenated_ones(sizes, seed):
    a = example(sizes, seed)
    W_hh, W_hx = split(a["w"])
    x, h = a["xs"][0], a["h0"]
    both = np.concatenate([h, x], axis=-1) @ a["w"]
    assert W_hh.shape == (sizes[3], sizes[3])
    assert W_hx.shape == (sizes[3], sizes[2])
    np.testing.assert_allclose(h @ W_hh.T + x @ W_hx.T, both, atol=1e-12)


def test_the_worked_example_of_the_notes():
    outputs, states = forward([[1.0], [2.0]], [0.0, 0.0], W_RNN, B_RNN, W_OUT, [0.1])
    h1 = [math.tanh(0.6), math.tanh(0.5)]
    assert np.allclose(states[0], h1, atol=1e-15)
    assert f"{states[0, 0]:.3f} {states[0, 1]:.3f} {outputs[0, 0]:.6f}" == "0.537 0.462 1.561284"
    h2 = [
        math.tanh(0.1 * h1[0] + 0.3 * h1[1] + 0.5 * 2 + 0.1),
        math.tanh(0.2 * h1[0] + 0.4 * h1[1] + 0.6 * 2 - 0.1),
    ]
    assert np.allclose(states[1], h2, atol=1e-15)
    assert outputs[1, 0] == pytest.approx(h2[0] + 2 * h2[1] + 0.1, abs=1e-14)


def test_an_output_bias_that_is_a_number_will_do():
    a = example((3, 2, 2, 3, 1))
    with_number = forward(**{**a, "b_out": float(a["b_out"][0])})
    assert differ(with_number, forward(**a)) == 0


def test_arguments_are_unchanged():
    a = example()
    before = {name: v.copy() for name, v in a.items()}
    forward(**a)
    cell(a["xs"][0], a["h0"], a["w"], a["b"])
    W_hh, _ = split(a["w"])
    assert all(np.array_equal(a[name], before[name]) for name in a)
    assert W_hh.shape == (5, 5)


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("xs", (0, 3, 2)),
        ("xs", (4, 0, 2)),
        ("xs", (4, 3, 1)),
        ("xs", (4, 2)),
        ("xs", (2,)),
        ("xs", (4, 3, 2, 2)),
        ("h0", (5,)),
        ("h0", (3, 4)),
        ("h0", (2, 5)),
        ("w", (7,)),
        ("w", (8, 5)),
        ("w", (5, 5)),
        ("w", (7, 4)),
        ("w", (7, 0)),
        ("b", (4,)),
        ("b", (1, 5)),
        ("w_out", (4, 6)),
        ("w_out", (5, 0)),
        ("w_out", (5,)),
        ("b_out", (5,)),
        ("b_out", (1, 6)),
    ],
)
def test_wrong_shapes_are_named(name, shape):
    with pytest.raises(ValueError, match=r"must be \(") as error:
        forward(**{**example(), name: np.zeros(shape)})
    if not (name == "xs" and len(shape) == 2) and name != "w":
        assert str(shape) in str(error.value)


@pytest.mark.parametrize(
    ("x", "h", "w", "b"),
    [
        ((3, 2), (5,), (7, 5), (5,)),
        ((2,), (3, 5), (7, 5), (5,)),
        ((2,), (5,), (8, 5), (5,)),
        ((2,), (5,), (7, 5), (4,)),
        ((2,), (4,), (7, 5), (5,)),
        ((0,), (5,), (5, 5), (5,)),
        ((), (5,), (6, 5), (5,)),
    ],
)
def test_cell_names_wrong_shapes(x, h, w, b):
    with pytest.raises(ValueError, match=r"must be \("):
        cell(np.zeros(x), np.zeros(h), np.zeros(w), np.zeros(b))


def test_the_helpers_say_what_they_wanted_and_got():
    with pytest.raises(ValueError, match=r"^a must be \(2, n_x\), got \(2, 0\)$"):
        shaped("a", np.zeros((2, 0)), 2, "n_x")
    with pytest.raises(ValueError, match=r"^xs must be .*, got \(0, 3\)$"):
        sequence(np.zeros((0, 3)), 3)
    assert shaped("a", [[1, 2]], 1, "n_x").dtype == np.float64
    assert rows(np.zeros((4, 3, 2))).shape == (12, 2)


WRONG = {
    "input before the state": (cell, "concatenate([h, x]", "concatenate([x, h]"),
    "no bias": (cell, "@ w + b", "@ w"),
    "no tanh": (cell, "np.tanh(both @ w + b)", "both @ w + b"),
    "state not carried on": (forward, "h = hs[t] =", "hs[t] ="),
    "W_hh not transposed": (forward, "h @ W_hh.T", "h @ W_hh"),
    "output from the state before": (
        forward,
        "return hs @ w_out",
        "return np.concatenate([[h], hs[:-1]]) @ w_out",
    ),
    "output bias forgotten": (forward, "w_out + b_out, hs", "w_out, hs"),
}


#: A square batch, in which a wrong transpose still fits, then a batch and a sequence that are not.
CASES = [example((3, 3, 3, 3, 3)), example(), example(batch=False)]
RIGHT = [in_jax(**a) for a in CASES]


def off(which, function) -> bool:
    """The comparison with JAX notices the faulty cell, or the faulty forward pass."""
    return any(misses(which, function, a, right) for a, right in zip(CASES, RIGHT, strict=True))


def misses(which, function, a, right) -> bool:
    try:
        if which is forward:
            return not differ(function(**a), right) < 1e-10
        return not differ([function(a["xs"][0], a["h0"], a["w"], a["b"])], [right[1][0]]) < 1e-10
    except Exception:
        return True


@pytest.mark.parametrize("mistake", WRONG)
def test_a_wrong_forward_pass_is_caught(mistake):
    which, old, new = WRONG[mistake]
    assert not off(which, which)
    assert off(which, rewritten(which, old, new))


def test_no_hidden_units_are_refused():
    with pytest.raises(ValueError, match=r"b must be \(n_h\), got \(0,\)"):
        cell([1.0], [], np.zeros((1, 0)), [])


#: Faults that leave every well-shaped call as it is: the statement or the size only serves to
#: refuse wrong shapes, which the tests above are for.
EQUIVALENT = {
    cell: [
        "cell: h = shaped('h', h, *np.shape(x)[:-1], n_h)  →  pass",
        "cell: x = shaped('x', x, *h.shape[:-1], 'n_x')  →  pass",
        "cell: w = shaped('w', w, n_h + x.shape[-1], n_h)  →  pass",
        "cell: b = shaped('b', b, n_h or 'n_h')  →  pass",
    ],
    forward: [
        "forward: xs = sequence(xs, n_x)  →  pass",
        "forward: b = shaped('b', b, n_h)  →  pass",
        "forward: w_out = shaped('w_out', w_out, n_h, 'n_q')  →  pass",
        "forward: b_out = shaped('b_out', np.atleast_1d(b_out), w_out.shape[1])  →  pass",
    ],
}


@pytest.mark.parametrize("which", [cell, forward])
def test_made_faults_are_caught(which):
    made = list(faults(which))
    assert len(made) > 20
    assert [str(f) for f in made if not off(which, f.function)] == EQUIVALENT[which]
