"""Attention against JAX, central differences, and wrong derivations."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from snippets.attention import (
    attention,
    backward,
    causal_mask,
    join_heads,
    multi_head,
    multi_head_backward,
    positions,
    split_heads,
)
from tests.snippets.faults import faults, rewritten
from tests.snippets.gradients import agree, caught_in, compiled, numerical_gradients

jax.config.update("jax_enable_x64", True)

many = settings(deadline=None, max_examples=25, derandomize=True)
SIZES = st.tuples(*[st.integers(1, 4)] * 4)
SEEDS = st.integers(0, 2**32 - 1)
NAMES = ("W_q", "W_k", "W_v", "W_o")


def differ(ours, theirs) -> float:
    assert np.shape(ours) == np.shape(theirs)
    return float(np.max(np.abs(ours - np.asarray(theirs))))


def a_mask(T_q, T_k, rng):
    """Any, in which each place may look somewhere."""
    mask = rng.random((T_q, T_k)) < 0.5
    mask[np.arange(T_q), rng.integers(T_k, size=T_q)] = True
    return mask


def example(sizes=(3, 4, 2, 5), seed=0, leading=(2,), masked=True):
    """Q, K and V, a mask, and dL/dO for L = Σ O · dO."""
    T_q, T_k, d_k, d_v = sizes
    rng = np.random.default_rng(seed)
    a = {
        "Q": rng.normal(size=(*leading, T_q, d_k)),
        "K": rng.normal(size=(*leading, T_k, d_k)),
        "V": rng.normal(size=(*leading, T_k, d_v)),
    }
    mask = a_mask(T_q, T_k, rng) if masked else None
    return a, mask, rng.normal(size=(*leading, T_q, d_v))


def gradients(a, mask, dO, backward=backward):
    _, cache = attention(**a, mask=mask)
    return dict(zip(a, backward(cache, dO), strict=True))


def numerical(a, mask, dO):
    def loss(b) -> float:
        return float(np.sum(attention(**b, mask=mask)[0] * dO))

    return numerical_gradients(loss, a), loss(a)


def in_jax(a, mask):
    """Written out, for jax.nn.dot_product_attention computes its softmax in 32 bits."""
    scores = jnp.einsum("...qd,...kd->...qk", a["Q"], a["K"]) / a["Q"].shape[-1] ** 0.5
    weights = jax.nn.softmax(scores, where=mask)
    return jnp.einsum("...qk,...kd->...qd", weights, a["V"])


def differences(ours, outputs, theirs, a, dO):
    """The largest ones to JAX, of the outputs and of all gradients."""

    def loss(b):
        found = theirs(b)
        return jnp.sum(found * dO), found

    grads, their_outputs = compiled(jax.grad(loss, has_aux=True))(a)
    return differ(outputs, their_outputs), *(differ(ours[name], grads[name]) for name in a)


@pytest.mark.parametrize("case", [example(), example((2, 3, 3, 1), 1, (2, 3), False)])
def test_agrees_with_jax(case):
    a, mask, dO = case
    ours, outputs = gradients(*case), attention(**a, mask=mask)[0]
    assert max(differences(ours, outputs, lambda b: in_jax(b, mask), a, dO)) < 1e-10


@many
@given(sizes=SIZES, seed=SEEDS, leading=st.sampled_from([(), (3,), (2, 3)]), masked=st.booleans())
def test_agrees_with_central_differences(sizes, seed, leading, masked):
    case = example(sizes, seed, leading, masked)
    assert agree(gradients(*case), *numerical(*case))


def test_by_hand():
    """Scores 0 and log 3 (after 1/√4) weigh 1/4 and 3/4."""
    K = np.array([[0.0, 0, 0, 0], [2 * np.log(3), 0, 0, 0]])
    out, cache = attention([[1.0, 0, 0, 0]], K, [[8.0], [4.0]])
    assert np.allclose(cache.A, [[0.25, 0.75]], atol=1e-15)
    assert np.allclose(out, 5)


def test_what_is_masked_counts_for_nothing():
    a, mask, _ = example()
    changed = {**a, "K": a["K"].copy(), "V": a["V"].copy()}
    mask = mask.copy()
    mask[:, 1], mask[:, 0] = False, True
    changed["K"][:, 1], changed["V"][:, 1] = 1e3, -1e3
    assert np.array_equal(attention(**a, mask=mask)[0], attention(**changed, mask=mask)[0])


def test_huge_scores_do_not_overflow():
    out, _ = attention([[1e200]], [[1e100], [0.0]], [[1.0], [2.0]])
    assert out == 1


def test_causal_mask():
    assert causal_mask(3).tolist() == [[True, False, False], [True, True, False], [True] * 3]
    assert causal_mask(3).dtype == bool
    with pytest.raises(ValueError, match="T must be whole and ≥ 1, got 0"):
        causal_mask(0)


def test_a_place_that_may_look_nowhere_is_refused():
    a, mask, _ = example()
    mask[1] = False
    with pytest.raises(ValueError, match=r"^place 1 may look nowhere$"):
        attention(**a, mask=mask)


@pytest.mark.parametrize("mask", [np.ones((4, 3), bool), np.ones((3, 4)), np.ones((2, 3, 4), bool)])
def test_wrong_masks_are_named(mask):
    a, _, _ = example()
    with pytest.raises(ValueError, match=r"mask must be boolean and \(3, 4\), got (bool|float64)"):
        attention(**a, mask=mask)


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("Q", (2, 3, 3)),
        ("Q", (3, 3, 2)),
        ("Q", (2,)),
        ("K", (2, 3, 2)),
        ("K", (2, 0, 2)),
        ("V", (2, 3, 5)),
        ("V", (3, 5)),
        ("V", (2, 4, 0)),
    ],
)
def test_wrong_shapes_are_named(name, shape):
    a, _, _ = example()
    with pytest.raises(ValueError, match=r"^Q, K, V must be .*, got \("):
        attention(**{**a, name: np.zeros(shape)})


def test_wrong_gradients_are_named():
    a, mask, _ = example()
    _, cache = attention(**a, mask=mask)
    with pytest.raises(ValueError, match=r"^dO must be \(2, 3, 5\), got \(2, 3, 2\)$"):
        backward(cache, np.zeros((2, 3, 2)))


def test_arguments_are_unchanged():
    a, mask, dO = example()
    before = [b.copy() for b in (*a.values(), mask, dO)]
    gradients(a, mask, dO)
    after = (*a.values(), mask, dO)
    assert all(np.array_equal(b, c) for b, c in zip(before, after, strict=True))


#: Square, where a wrong transpose still fits, and of distinct sizes.
CASES = [example((3, 3, 3, 3), 3, ()), example(leading=(3,))]
NUMERICAL = [numerical(*case) for case in CASES]


def check_catches(function) -> bool:
    return caught_in(CASES, NUMERICAL, lambda *case: gradients(*case, function))


WRONG = {
    "the sum of the row forgotten": ("dA - mean", "dA"),
    "the sum over the wrong axis": ("axis=-1", "axis=-2"),
    "the scale forgotten": ("dS / np.sqrt(Q.shape[-1])", "dS / 1"),
    "Q for K": ("dS.mT @ Q", "dS.mT @ K"),
}


@pytest.mark.parametrize("mistake", WRONG)
def test_a_wrong_derivation_is_caught(mistake):
    assert not check_catches(backward)
    assert check_catches(rewritten(backward, *WRONG[mistake]))


#: Faults that change nothing, each with its reason.
EQUIVALENT = [
    # the shape is refused before it is used, which another test is for
    "backward: dO = shaped('dO', dO, *Q.shape[:-1], V.shape[-1])  →  pass",
]


def test_made_faults_are_caught():
    made = list(faults(backward))
    assert len(made) > 30
    assert [str(f) for f in made if not check_catches(f.function)] == EQUIVALENT


def layer(heads=2, T=3, n=2, seed=0, batch=True, masked=True):
    """Weights and X in one dictionary, heads, a mask, and dL/dY."""
    rng = np.random.default_rng(seed)
    d = heads * n
    a = {name: rng.normal(size=(d, d)) for name in NAMES}
    a["X"] = rng.normal(size=(2, T, d) if batch else (T, d))
    return a, heads, causal_mask(T) if masked else None, rng.normal(size=a["X"].shape)


def run(a, heads, mask):
    return multi_head({name: a[name] for name in NAMES}, a["X"], heads, mask)


def layer_gradients(a, heads, mask, dY, backward=multi_head_backward):
    _, cache = run(a, heads, mask)
    grads, dX = backward({name: a[name] for name in NAMES}, cache, dY)
    return {**grads, "X": dX}


def layer_numerical(a, heads, mask, dY):
    def loss(b) -> float:
        return float(np.sum(run(b, heads, mask)[0] * dY))

    return numerical_gradients(loss, a), loss(a)


def layer_in_jax(a, heads, mask):
    *m, T, d = a["X"].shape
    split = ((a["X"] @ a[name]).reshape(*m, T, heads, d // heads) for name in NAMES[:3])
    swapped = {name: jnp.moveaxis(b, -2, -3) for name, b in zip("QKV", split, strict=True)}
    return jnp.moveaxis(in_jax(swapped, mask), -3, -2).reshape(*m, T, d) @ a["W_o"]


@pytest.mark.parametrize("case", [layer(), layer(3, 4, 1, 1, False, False)])
def test_heads_agree_with_jax(case):
    a, heads, mask, dY = case
    ours, outputs = layer_gradients(*case), run(a, heads, mask)[0]
    assert max(differences(ours, outputs, lambda b: layer_in_jax(b, heads, mask), a, dY)) < 1e-10


@pytest.mark.parametrize("batch", [True, False])
@pytest.mark.parametrize("masked", [True, False])
def test_heads_agree_with_central_differences(batch, masked):
    case = layer(batch=batch, masked=masked)
    assert agree(layer_gradients(*case), *layer_numerical(*case))


@many
@given(seed=SEEDS, batch=st.booleans())
def test_a_permuted_input_gives_a_permuted_output(seed, batch):
    a, heads, _, _ = layer(T=5, seed=seed, batch=batch)
    order = np.random.default_rng(seed).permutation(5)
    moved = {**a, "X": a["X"][..., order, :]}
    straight = run(a, heads, None)[0][..., order, :]
    assert differ(run(moved, heads, None)[0], straight) < 1e-10


def test_split_and_join():
    X = np.arange(12.0).reshape(2, 6)
    assert split_heads(X, 3).tolist() == [[[0, 1], [6, 7]], [[2, 3], [8, 9]], [[4, 5], [10, 11]]]
    assert np.array_equal(join_heads(split_heads(X, 3)), X)


def test_faults_of_the_heads_are_caught():
    cases = [layer(), layer(batch=False, masked=False)]
    numericals = [layer_numerical(*case) for case in cases]

    def survives(function) -> bool:
        return not caught_in(cases, numericals, lambda *case: layer_gradients(*case, function))

    made = list(faults(multi_head_backward))
    assert len(made) > 20
    assert [str(f) for f in made if survives(f.function)] == [
        # the shape is refused before it is used, which another test is for
        "multi_head_backward: dY = shaped('dY', dY, *X.shape)  →  pass",
    ]


def test_heads_refuse_what_does_not_fit():
    a, heads, mask, dY = layer()
    with pytest.raises(ValueError, match=r"^heads must divide d = 4, got 3$"):
        run(a, 3, mask)
    with pytest.raises(ValueError, match=r"^heads must be whole and ≥ 1, got 0$"):
        run(a, 0, mask)
    with pytest.raises(ValueError, match=r"^W_k must be \(4, 4\), got \(4, 2\)$"):
        run({**a, "W_k": np.zeros((4, 2))}, heads, mask)
    for shape in ((4,), (0, 4), (1, 1, 3, 4)):
        with pytest.raises(ValueError, match=r"^X must be \(T, d\) or \(m, T, d\), got"):
            run({**a, "X": np.zeros(shape)}, heads, None)
    _, cache = run(a, heads, mask)
    with pytest.raises(ValueError, match=r"^dY must be \(2, 3, 4\), got \(3, 4\)$"):
        multi_head_backward(a, cache, dY[0])


def test_positions():
    P = positions(50, 6)
    assert P.shape == (50, 6)
    for t, k in ((0, 0), (7, 1), (49, 2)):
        angle = t / 10000 ** (2 * k / 6)
        assert P[t, 2 * k : 2 * k + 2] == pytest.approx([np.sin(angle), np.cos(angle)])
    assert positions(2, 1).shape == (2, 1)
    for T, d, named in ((0, 2, "T .* got 0"), (2, 0, "d .* got 0"), (2.5, 2, "got 2.5")):
        with pytest.raises(ValueError, match=named):
            positions(T, d)
