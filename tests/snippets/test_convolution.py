"""Convolution and pooling against SciPy, JAX, central differences, and wrong derivations."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import convolve2d, correlate2d

from snippets.convolution import (
    conv2d,
    conv2d_backward,
    cross_correlate,
    max_pool,
    max_pool_backward,
    output_size,
    padded,
    places,
    windows,
)
from snippets.gradient_check import numerical_gradient
from tests.snippets.faults import faults, rewritten
from tests.snippets.gradients import agree, caught_in, compiled, excess, numerical_gradients

jax.config.update("jax_enable_x64", True)

few = settings(deadline=None, max_examples=8, derandomize=True)
many = settings(deadline=None, max_examples=25, derandomize=True)
SEEDS = st.integers(0, 2**32 - 1)
STRIDES, PADDINGS = st.integers(1, 3), st.integers(0, 3)
#: Kernels of both sides even, odd, or one of each.
KERNELS = st.tuples(st.integers(1, 4), st.integers(1, 4))
PICTURES = st.tuples(st.integers(4, 7), st.integers(4, 7))
LAYERS = st.tuples(*[st.integers(1, 3)] * 3)  # m, c_in, c_out


def layer(sizes=(2, 3, 4), picture=(5, 6), kernel=(3, 2), stride=2, padding=1, seed=0):
    """Arrays of a layer, and the gradient at its output."""
    (m, c_in, c_out), rng = sizes, np.random.default_rng(seed)
    a = {
        "x": rng.normal(size=(m, c_in, *picture)),
        "weights": rng.normal(size=(c_out, c_in, *kernel)),
        "bias": rng.normal(size=c_out),
    }
    out = [output_size(n, k, stride, padding) for n, k in zip(picture, kernel, strict=True)]
    return a, rng.normal(size=(m, c_out, *out)), stride, padding


def run(a, stride, padding):
    return conv2d(a["x"], a["weights"], a["bias"], stride, padding)


def gradients(a, dout, stride, padding, backward=conv2d_backward):
    found = backward(dout, a["x"], a["weights"], stride, padding)
    return dict(zip(("x", "weights", "bias"), found, strict=True))


def numerical(a, dout, stride, padding):
    def loss(b) -> float:
        return float(np.sum(run(b, stride, padding) * dout))

    return numerical_gradients(loss, a), loss(a)


def in_jax(a, stride, padding):
    y = jax.lax.conv_general_dilated(
        a["x"], a["weights"], (stride, stride), [(padding, padding)] * 2
    )
    return y + a["bias"][:, None, None]


def differ(ours, theirs) -> float:
    return float(np.max(np.abs(ours - np.asarray(theirs))))


# Sizes


@many
@given(
    n=st.integers(1, 12), k=st.integers(1, 6), stride=st.integers(1, 5), padding=st.integers(0, 4)
)
def test_output_size_counts_the_windows(n, k, stride, padding):
    starts = [i for i in range(0, n + 2 * padding, stride) if i + k <= n + 2 * padding]
    if starts:
        assert output_size(n, k, stride, padding) == len(starts)
    else:
        with pytest.raises(ValueError, match=f"k = {k} does not fit into {n + 2 * padding} pixels"):
            output_size(n, k, stride, padding)


@pytest.mark.parametrize(
    ("sizes", "message"),
    [
        ((0, 3, 1, 0), "n must be whole and ≥ 1, got 0"),
        ((5, 0, 1, 0), "k must be whole and ≥ 1, got 0"),
        ((5, 3, 0, 0), "stride must be whole and ≥ 1, got 0"),
        ((5, 3, -1, 0), "stride must be whole and ≥ 1, got -1"),
        ((5.0, 3, 1, 0), "n must be whole and ≥ 1, got 5.0"),
        ((np.nan, 3, 1, 0), "n must be whole and ≥ 1, got nan"),
        ((5, np.inf, 1, 0), "k must be whole and ≥ 1, got inf"),
        ((5, 3, 1.5, 0), "stride must be whole and ≥ 1, got 1.5"),
        ((5, 3, 1, -1), "padding must be whole and ≥ 0, got -1"),
        ((5, 3, 1, 0.5), "padding must be whole and ≥ 0, got 0.5"),
        ((5, 6, 1, 0), "k = 6 does not fit into 5 pixels"),
    ],
)
def test_output_size_refuses(sizes, message):
    with pytest.raises(ValueError, match=f"^{message}$"):
        output_size(*sizes)


def test_an_even_kernel_never_keeps_the_size():
    for k in range(1, 8):
        keeps = [p for p in range(8) if output_size(9, k, 1, p) == 9]
        assert keeps == ([(k - 1) // 2] if k % 2 else [])


# Cross-correlation


@many
@given(picture=PICTURES, kernel=KERNELS, stride=STRIDES, padding=PADDINGS, seed=SEEDS)
def test_cross_correlate_agrees_with_scipy(picture, kernel, stride, padding, seed):
    rng = np.random.default_rng(seed)
    image, K = rng.normal(size=picture), rng.normal(size=kernel)
    expected = correlate2d(np.pad(image, padding), K, "valid")[::stride, ::stride]
    Y = cross_correlate(image, K, stride, padding)
    assert Y.shape == expected.shape
    assert differ(Y, expected) < 1e-10
    rotated = cross_correlate(image, K[::-1, ::-1], padding=padding)
    assert differ(rotated, convolve2d(np.pad(image, padding), K, "valid")) < 1e-10


def test_the_example_by_hand():
    image = [[1, 1, 1, 7, 7]] * 3 + [[1, 1, 1, 1, 1]] * 2
    kernel = [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]
    assert cross_correlate(image, kernel).tolist() == [[0, 24, 24], [0, 18, 18], [0, 6, 6]]


def test_pictures_of_bytes_do_not_overflow():
    image = np.full((3, 3), 255, dtype=np.uint8)
    assert cross_correlate(image, np.ones((3, 3), dtype=np.uint8)).tolist() == [[9 * 255]]


@pytest.mark.parametrize("shift", [(0, 1), (2, 0), (3, 2)])
@pytest.mark.parametrize("stride", [1, 2, 3])
def test_what_moves_in_the_input_moves_in_the_output(shift, stride):
    rng = np.random.default_rng(0)
    image, kernel = rng.normal(size=(16, 17)), rng.normal(size=(3, 2))
    rows, columns = shift
    moved = np.roll(image, (stride * rows, stride * columns), axis=(0, 1))
    Y, Y_moved = cross_correlate(image, kernel, stride), cross_correlate(moved, kernel, stride)
    H, W = Y.shape
    assert np.array_equal(Y_moved[rows:, columns:], Y[: H - rows, : W - columns])


# Layers


@few
@given(sizes=LAYERS, picture=PICTURES, kernel=KERNELS, stride=STRIDES, padding=PADDINGS, seed=SEEDS)
def test_conv2d_and_its_gradients_agree_with_jax(sizes, picture, kernel, stride, padding, seed):
    a, dout, *_ = layer(sizes, picture, kernel, stride, padding, seed)
    y = run(a, stride, padding)
    assert y.shape == dout.shape
    assert differ(y, in_jax(a, stride, padding)) < 1e-10

    def loss(a):
        return jnp.sum(in_jax(a, stride, padding) * dout)

    theirs = compiled(jax.grad(loss))(a)
    for name, g in gradients(a, dout, stride, padding).items():
        assert differ(g, theirs[name]) < 1e-10, name


@many
@given(sizes=LAYERS, picture=PICTURES, kernel=KERNELS, stride=STRIDES, padding=PADDINGS, seed=SEEDS)
def test_gradients_agree_with_central_differences(sizes, picture, kernel, stride, padding, seed):
    case = layer(sizes, picture, kernel, stride, padding, seed)
    assert agree(gradients(*case), *numerical(*case))


def test_a_batch_is_the_sum_of_its_pictures():
    a, dout, stride, padding = layer()
    together = gradients(a, dout, stride, padding)
    alone = [
        gradients({**a, "x": a["x"][k : k + 1]}, dout[k : k + 1], stride, padding)
        for k in range(len(dout))
    ]
    for name in ("weights", "bias"):
        assert differ(together[name], sum(g[name] for g in alone)) < 1e-12
    assert differ(together["x"], np.concatenate([g["x"] for g in alone])) < 1e-12


def test_one_channel_is_a_cross_correlation():
    rng = np.random.default_rng(0)
    image, kernel = rng.normal(size=(6, 5)), rng.normal(size=(2, 3))
    y = conv2d(image[None, None], kernel[None, None], [0.5], 2, 1)
    assert differ(y[0, 0], cross_correlate(image, kernel, 2, 1) + 0.5) < 1e-14


def test_a_kernel_of_one_pixel_is_a_dense_layer_at_each_pixel():
    a, *_ = layer(kernel=(1, 1))
    expected = np.einsum("mcij,dc->mdij", a["x"], a["weights"][:, :, 0, 0])
    assert differ(run(a, 1, 0), expected + a["bias"][:, None, None]) < 1e-14


def test_pixels_that_no_window_sees_get_no_gradient():
    a, dout, *_ = layer(picture=(8, 8), kernel=(3, 3), stride=2, padding=0)
    dx = gradients(a, dout, 2, 0)["x"]
    assert not np.any(dx[:, :, 7]) and not np.any(dx[:, :, :, 7])
    assert np.all(dx[:, :, :7, :7] != 0)


# Pooling


@few
@given(picture=PICTURES, size=st.integers(1, 4), stride=st.none() | STRIDES, seed=SEEDS)
def test_max_pool_and_its_gradient_agree_with_jax(picture, size, stride, seed):
    rng = np.random.default_rng(seed)
    x, step = rng.normal(size=(2, 3, *picture)), stride or size

    def pooled(x):
        window, steps = (1, 1, size, size), (1, 1, step, step)
        return jax.lax.reduce_window(x, -jnp.inf, jax.lax.max, window, steps, "VALID")

    y = max_pool(x, size, stride)
    dout = rng.normal(size=y.shape)
    assert np.array_equal(y, pooled(x))
    theirs = compiled(jax.grad(lambda x: jnp.sum(pooled(x) * dout)))(x)
    assert differ(max_pool_backward(dout, x, size, stride), theirs) < 1e-10


@many
@given(picture=PICTURES, size=st.integers(1, 4), stride=st.none() | STRIDES, seed=SEEDS)
def test_the_gradient_of_pooling_agrees_with_central_differences(picture, size, stride, seed):
    rng = np.random.default_rng(seed)
    x = rng.permutation(np.arange(6.0 * np.prod(picture))).reshape(2, 3, *picture)
    dout = rng.normal(size=max_pool(x, size, stride).shape)
    expected = numerical_gradient(lambda x: np.sum(dout * max_pool(x, size, stride)), x)
    value = float(np.sum(dout * max_pool(x, size, stride)))
    assert excess(max_pool_backward(dout, x, size, stride), expected, value) <= 1


def test_of_equal_entries_the_first_has_the_gradient():
    dx = max_pool_backward(np.ones((1, 1, 2, 2)), np.zeros((1, 1, 4, 4)), 2)
    assert dx[0, 0].tolist() == [[1, 0, 1, 0], [0, 0, 0, 0], [1, 0, 1, 0], [0, 0, 0, 0]]


def test_negative_entries_are_pooled_as_they_are():
    assert max_pool(-np.arange(1.0, 5).reshape(1, 1, 2, 2), 2).item() == -1


def test_nan_is_not_hidden():
    x = np.array([[[[0.0, np.nan], [1.0, 2.0]]]])
    assert np.isnan(max_pool(x, 2)).all()
    assert np.isnan(conv2d(x, np.ones((1, 1, 2, 2)), [0.0])).all()


# Bad input


GOOD = {"x": (2, 3, 5, 6), "weights": (4, 3, 3, 2), "bias": (4,)}


@pytest.mark.parametrize(
    ("name", "shape", "message"),
    [
        ("x", (3, 5, 6), r"x must be \(m, c_in, H, W\), got \(3, 5, 6\)"),
        ("x", (0, 3, 5, 6), r"x must be \(m, c_in, H, W\), got \(0, 3, 5, 6\)"),
        ("x", (2, 2, 5, 6), r"channels differ: x \(2, 2, 5, 6\), weights \(4, 3, 3, 2\)"),
        ("x", (2, 3, 2, 6), r"k = 3 does not fit into 2 pixels"),
        ("weights", (3, 3, 2), r"weights must be \(c_out, c_in, k, k\), got \(3, 3, 2\)"),
        ("weights", (4, 3, 0, 2), r"weights must be .*, got \(4, 3, 0, 2\)"),
        ("bias", (3,), "4 kernels, 3 biases"),
        ("bias", (4, 1), r"bias must be \(c_out\), got \(4, 1\)"),
        ("bias", (), r"bias must be \(c_out\), got \(\)"),
    ],
)
def test_conv2d_names_what_does_not_fit(name, shape, message):
    shapes = {**GOOD, name: shape}
    a = {key: np.ones(value) for key, value in shapes.items()}
    with pytest.raises(ValueError, match=f"^{message}$"):
        run(a, 1, 0)
    if name != "bias":
        with pytest.raises(ValueError, match=f"^{message}$"):
            conv2d_backward(np.ones((2, 4, 3, 5)), a["x"], a["weights"])


@pytest.mark.parametrize("shape", [(2, 4, 3, 4), (2, 3, 3, 5), (1, 4, 3, 5), (4, 3, 5), ()])
def test_a_wrong_gradient_at_the_output_is_named(shape):
    a = {key: np.ones(value) for key, value in GOOD.items()}
    with pytest.raises(ValueError, match=r"^dout must be \(2, 4, 3, 5\), got \("):
        conv2d_backward(np.ones(shape), a["x"], a["weights"])
    with pytest.raises(ValueError, match=r"^dout must be \(2, 3, 2, 3\), got \("):
        max_pool_backward(np.ones(shape), a["x"], 2)


@pytest.mark.parametrize("function", [cross_correlate, conv2d, conv2d_backward])
@pytest.mark.parametrize(("stride", "padding"), [(0, 0), (1.5, 0), (1, -1), (1, 0.5)])
def test_stride_and_padding_are_checked_everywhere(function, stride, padding):
    a = {key: np.ones(value) for key, value in GOOD.items()}
    arguments = {
        cross_correlate: (np.ones((5, 6)), np.ones((3, 2))),
        conv2d: tuple(a.values()),
        conv2d_backward: (np.ones((2, 4, 3, 5)), a["x"], a["weights"]),
    }[function]
    with pytest.raises(
        ValueError, match=f"must be whole .* got {stride if padding == 0 else padding}"
    ):
        function(*arguments, stride, padding)


@pytest.mark.parametrize(
    ("image", "kernel", "message"),
    [
        ((5,), (1, 1), r"image must be \(H, W\), got \(5,\)"),
        ((5, 0), (1, 1), r"image must be \(H, W\), got \(5, 0\)"),
        ((5, 6), (3,), r"kernel must be \(k_H, k_W\), got \(3,\)"),
        ((5, 6), (3, 7), r"k = 7 does not fit into 6 pixels"),
    ],
)
def test_cross_correlate_names_what_does_not_fit(image, kernel, message):
    with pytest.raises(ValueError, match=f"^{message}$"):
        cross_correlate(np.ones(image), np.ones(kernel))


@pytest.mark.parametrize(
    ("shape", "size", "stride", "message"),
    [
        ((3, 4, 4), 2, None, r"x must be \(m, c, H, W\), got \(3, 4, 4\)"),
        ((1, 1, 4, 4), 5, None, "k = 5 does not fit into 4 pixels"),
        ((1, 1, 4, 4), 0, None, "k must be whole and ≥ 1, got 0"),
        ((1, 1, 4, 4), 2, 0, "stride must be whole and ≥ 1, got 0"),
    ],
)
def test_pooling_names_what_does_not_fit(shape, size, stride, message):
    with pytest.raises(ValueError, match=f"^{message}$"):
        max_pool(np.ones(shape), size, stride)
    with pytest.raises(ValueError, match=f"^{message}$"):
        max_pool_backward(np.ones((1, 1, 2, 2)), np.ones(shape), size, stride)


def test_arguments_are_unchanged():
    a, dout, stride, padding = layer()
    kept = [v.copy() for v in (*a.values(), dout)]
    run(a, stride, padding)
    gradients(a, dout, stride, padding)
    max_pool_backward(max_pool(a["x"], 2), a["x"], 2)
    cross_correlate(a["x"][0, 0], a["weights"][0, 0], 2, 1)
    assert all(np.array_equal(v, w) for v, w in zip(kept, (*a.values(), dout), strict=True))


def test_what_is_returned_is_no_view_of_the_input():
    x = np.ones((1, 1, 3, 3))
    max_pool(x, 1)[:] = 5
    conv2d_backward(np.ones((1, 1, 3, 3)), x, np.ones((1, 1, 1, 1)))[0][:] = 5
    assert np.array_equal(x, np.ones((1, 1, 3, 3)))


# Wrong derivations

#: Overlapping windows, a stride, padding, an even side, no symmetry; and other sizes.
CASES = [
    layer(),
    layer((2, 2, 2), (7, 5), (4, 3), stride=3, padding=2, seed=1),
    layer((1, 1, 1), (4, 4), (2, 2), stride=1, padding=0, seed=2),
]
NUMERICAL = [numerical(*case) for case in CASES]


def check_catches(backward) -> bool:
    return caught_in(CASES, NUMERICAL, lambda *case: gradients(*case, backward))


WRONG = {
    "= for += where windows overlap": ("rows, columns] +=", "rows, columns] ="),
    "kernel rotated in the backward pass": ("+= shares[u, v]", "+= shares[-1 - u, -1 - v]"),
    "kernel transposed": ('"mdij,mcijuv->dcuv"', '"mdij,mcijvu->dcuv"'),
    "channels of the kernel exchanged": ('"mdij,mcijuv->dcuv"', '"mcij,mdijuv->dcuv"'),
    "stride forgotten in the backward pass": ("height, width, stride)\n", "height, width, 1)\n"),
    "stride forgotten in the windows": ("weights.shape[2:], stride)\n", "weights.shape[2:], 1)\n"),
    "gradient of the padding kept": ("dx_pad[:, :, *inside]", "dx_pad"),
    "padding cut off on one side": ("slice(padding, padding + H)", "slice(0, H)"),
    "windows of the unpadded picture": ("windows(x_pad,", "windows(x,"),
    "mean over the places": ("dout.sum(axis=(0, 2, 3))", "dout.mean(axis=(0, 2, 3))"),
    "one place only": ("dout.sum(axis=(0, 2, 3))", "dout[:, :, 0, 0].sum(axis=0)"),
    "kernel for the bias": ("dout.sum(axis=(0, 2, 3))", "dout.sum(axis=(0, 1, 2))"),
}


@pytest.mark.parametrize("mistake", WRONG)
def test_a_wrong_derivation_is_caught(mistake):
    assert not check_catches(conv2d_backward)
    assert check_catches(rewritten(conv2d_backward, *WRONG[mistake], places, windows, padded))


#: Faults that change nothing, each with its reason.
EQUIVALENT = [
    # it is an array of floats in this shape already
    "conv2d_backward: dout = of_shape(dout, len(x), len(weights), height, width)  →  pass",
    # all arrays here have four axes
    "windows: view = sliding_window_view(x, size, axis=(-2, -1))  →  "
    "view = sliding_window_view(x, size, axis=(2, -1))",
    "padded: return np.pad(x, [(0, 0)] * (x.ndim - 2) + frame)  →  "
    "return np.pad(x, [(0, 0)] * 2 + frame)",
]


def test_made_faults_are_caught():
    made = list(faults(conv2d_backward, places, windows, padded))
    assert len(made) > 60
    assert [str(f) for f in made if not check_catches(f.function)] == EQUIVALENT


def pool_case(picture, size, stride, seed):
    rng = np.random.default_rng(seed)
    x = rng.permutation(np.arange(float(4 * np.prod(picture)))).reshape(2, 2, *picture)
    dout = rng.normal(size=max_pool(x, size, stride).shape)
    value = float(np.sum(dout * max_pool(x, size, stride)))
    right = numerical_gradient(lambda x: np.sum(dout * max_pool(x, size, stride)), x)
    return (dout, x, size, stride), right, value


#: Overlapping windows, the default stride, and a stride beyond the size.
POOLS = [
    pool_case((7, 5), 3, 2, 0),
    pool_case((4, 6), 2, None, 1),
    pool_case((10, 11), 2, 2, 3),
    pool_case((5, 5), 2, 3, 2),
]


def pool_check_catches(backward) -> bool:
    try:
        with np.errstate(all="ignore"):
            return any(excess(backward(*a), right, value) > 1 for a, right, value in POOLS)
    except Exception:
        return True


WRONG_POOLING = {
    "= for += where windows overlap": ("rows, columns] +=", "rows, columns] ="),
    "to the smallest": (".argmax(axis=-1)", ".argmin(axis=-1)"),
    "to all": ("dout * (largest == k)", "dout"),
    "shared by all": ("dout * (largest == k)", "dout / size**2"),
    "column and row exchanged": ("places(u, v,", "places(v, u,"),
}


@pytest.mark.parametrize("mistake", WRONG_POOLING)
def test_a_wrong_derivation_of_pooling_is_caught(mistake):
    assert not pool_check_catches(max_pool_backward)
    assert pool_check_catches(rewritten(max_pool_backward, *WRONG_POOLING[mistake], places))


EQUIVALENT_POOLING = [
    # dout is an array of floats in this shape already
    "max_pool_backward: dout = of_shape(dout, *x.shape[:2], height, width)  →  pass",
    # to NumPy any negative length is the one it has to find
    "max_pool_backward: largest = patches.reshape(*dout.shape, -1).argmax(axis=-1)  →  "
    "largest = patches.reshape(*dout.shape, -2).argmax(axis=-1)",
]


def test_made_faults_in_pooling_are_caught():
    made = list(faults(max_pool_backward, places))
    assert len(made) > 20
    assert [str(f) for f in made if not pool_check_catches(f.function)] == EQUIVALENT_POOLING
