"""The Transformer against JAX, central differences, and wrong derivations."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from snippets.attention import causal_mask, positions
from snippets.transformer import (
    block_backward,
    init_transformer,
    transformer,
    transformer_backward,
)
from tests.snippets.faults import faults, rewritten
from tests.snippets.gradients import agree, caught_in, numerical_gradients
from tests.snippets.test_attention import differences, layer_in_jax

T, N, D = 4, 3, 4


def example(seed=0, batch=True, heads=2):
    """Weights, the letters, heads, and dL/d(logits) for L = Σ logits · dlogits."""
    rng = np.random.default_rng(seed)
    params = init_transformer(N, D, rng)
    for name in ("gain_1", "bias_1", "gain_2", "bias_2", "b_1", "b_2"):
        params[name] = params[name] + rng.normal(size=params[name].shape) / 2
    letters = rng.integers(N, size=(2, T) if batch else T)
    return params, letters, heads, rng.normal(size=(*letters.shape, N))


def run(params, letters, heads):
    return transformer(params, letters, positions(T, D), causal_mask(T), heads)


def gradients(params, letters, heads, dlogits, backward=transformer_backward):
    _, cache = run(params, letters, heads)
    return {name: backward(params, cache, dlogits)[name] for name in params}


def numerical(params, letters, heads, dlogits):
    def loss(p) -> float:
        return float(np.sum(run(p, letters, heads)[0] * dlogits))

    return numerical_gradients(loss, params), loss(params)


def in_jax(p, letters, heads):
    def normal(x, k):
        return p[f"gain_{k}"] * jax.nn.standardize(x, epsilon=1e-5) + p[f"bias_{k}"]

    X = p["E"][letters] + positions(T, D)
    Z = X + layer_in_jax({**p, "X": normal(X, 1)}, heads, causal_mask(T))
    Y = Z + jax.nn.relu(normal(Z, 2) @ p["W_1"] + p["b_1"]) @ p["W_2"] + p["b_2"]
    return Y @ p["U"]


def test_agrees_with_jax():
    params, letters, heads, dlogits = example()
    params = {name: jnp.asarray(a) for name, a in params.items()}
    ours, outputs = gradients(*example()), run(params, letters, heads)[0]
    found = differences(ours, outputs, lambda p: in_jax(p, letters, heads), params, dlogits)
    assert max(found) < 1e-10


@pytest.mark.parametrize("batch", [True, False])
def test_agrees_with_central_differences(batch):
    case = example(batch=batch)
    assert agree(gradients(*case), *numerical(*case))


def test_under_the_mask_no_place_sees_what_comes_later():
    params, letters, heads, _ = example()
    other = letters.copy()
    other[:, 2:] = (other[:, 2:] + 1) % N
    ours, changed = run(params, letters, heads)[0], run(params, other, heads)[0]
    assert np.array_equal(ours[:, :2], changed[:, :2])
    assert not np.allclose(ours[:, 2:], changed[:, 2:])


def test_init():
    params = init_transformer(5, 16, np.random.default_rng(0))
    shapes = {name: a.shape for name, a in params.items()}
    assert shapes["E"] == (5, 16) and shapes["U"] == (16, 5)
    assert shapes["W_q"] == (16, 16) and shapes["W_1"] == (16, 64) and shapes["W_2"] == (64, 16)
    assert 0.2 < np.std(params["W_1"]) < 0.3 and 0.1 < np.std(params["W_2"]) < 0.15
    for n, d, named in ((0, 4, "n .* got 0"), (4, 0, "d .* got 0"), (2, 2.5, "got 2.5")):
        with pytest.raises(ValueError, match=named):
            init_transformer(n, d, np.random.default_rng(0))


def test_wrong_shapes_are_named():
    params, letters, heads, dlogits = example()
    _, cache = run(params, letters, heads)
    with pytest.raises(ValueError, match=r"^dlogits must be \(2, 4, 3\), got \(4, 3\)$"):
        transformer_backward(params, cache, dlogits[0])
    with pytest.raises(ValueError, match=r"^dY must be \(2, 4, 4\), got \(2, 4, 3\)$"):
        block_backward(params, cache.block, dlogits)


def test_arguments_are_unchanged():
    params, letters, heads, dlogits = example()
    before = [a.copy() for a in (*params.values(), letters, dlogits)]
    gradients(params, letters, heads, dlogits)
    after = (*params.values(), letters, dlogits)
    assert all(np.array_equal(a, b) for a, b in zip(before, after, strict=True))


CASES = [example(), example(1, batch=False)]
NUMERICAL = [numerical(*case) for case in CASES]


def check_catches(function) -> bool:
    return caught_in(CASES, NUMERICAL, lambda *case: gradients(*case, function))


WRONG = {
    "the path past the MLP forgotten": ("dZ = dZ + dY", "dZ = dZ * 1"),
    "the path past the heads forgotten": ("dX + dZ", "dX"),
    "ReLU's derivative forgotten": ("* (hidden > 0)", "* 1"),
    "a letter that comes again counted once": (
        'np.add.at(grads["E"], letters, dX)',
        'grads["E"][letters] += dX',
    ),
}


@pytest.mark.parametrize("mistake", WRONG)
def test_a_wrong_derivation_is_caught(mistake):
    assert not check_catches(transformer_backward)
    wrong = rewritten(transformer_backward, *WRONG[mistake], block_backward)
    assert check_catches(wrong)


def test_made_faults_are_caught():
    made = list(faults(transformer_backward, block_backward))
    assert len(made) > 50
    assert [str(f) for f in made if not check_catches(f.function)] == [
        # the shapes are refused before they are used, which another test is for
        "transformer_backward: dlogits = shaped('dlogits', dlogits, *letters.shape, n)  →  pass",
        "block_backward: dY = shaped('dY', dY, *normed.shape)  →  pass",
    ]
