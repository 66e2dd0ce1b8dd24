"""Cross-correlation, convolutional layers, max pooling, and back.

A batch is x (m, c_in, H, W), a layer's weights (c_out, c_in, k, k)
and bias (c_out,), its output (m, c_out, H', W'). Kernels may also be
rectangles, (k_H, k_W).
"""

# --8<-- [start:imports]
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
# --8<-- [end:imports]

from snippets.whole import whole_number  # noqa: E402


# --8<-- [start:output_size]
def output_size(
    n: int, k: int, stride: int = 1, padding: int = 0
) -> int:
    """How many windows of k fit into n pixels, p more at each end.

    ValueError unless they are whole, n, k, stride ≥ 1, padding ≥ 0,
    and at least one window fits.
    """
    n, k = whole_number("n", n, 1), whole_number("k", k, 1)
    s = whole_number("stride", stride, 1)
    p = whole_number("padding", padding, 0)
    room = n + 2 * p - k
    if room < 0:
        raise ValueError(f"k = {k} does not fit into {room + k} pixels")
    return room // s + 1  # (cnn.3)


# --8<-- [end:output_size]


# --8<-- [start:check_sizes]
def with_axes(name: str, a: ArrayLike, *axes: str) -> Array:
    """a as floats; ValueError if its axes differ or it is empty."""
    a = np.asarray(a, dtype=np.float64)
    if a.ndim != len(axes) or a.size == 0:
        wanted = ", ".join(axes)
        raise ValueError(f"{name} must be ({wanted}), got {a.shape}")
    return a


def check_fit(
    x: Array, kernel: Array, stride: int, padding: int
) -> tuple[int, int]:
    """Height and width of the output; ValueError if there is none."""
    (H, W), (k_H, k_W) = x.shape[-2:], kernel.shape[-2:]
    return (
        output_size(H, k_H, stride, padding),
        output_size(W, k_W, stride, padding),
    )


def check_channels(x: Array, weights: Array) -> None:
    """ValueError unless both have the same number c_in of channels."""
    if x.shape[1] != weights.shape[1]:
        raise ValueError(
            f"channels differ: x {x.shape}, weights {weights.shape}"
        )


def layer(
    x: ArrayLike, weights: ArrayLike, stride: int, padding: int
) -> tuple[Array, Array, tuple[int, int]]:
    """x and weights as arrays, and height and width of the output."""
    x = with_axes("x", x, "m", "c_in", "H", "W")
    weights = with_axes("weights", weights, "c_out", "c_in", "k", "k")
    check_channels(x, weights)
    return x, weights, check_fit(x, weights, stride, padding)


def biases(bias: ArrayLike, weights: Array) -> Array:
    """bias as an array; ValueError unless each kernel has one."""
    bias = with_axes("bias", bias, "c_out")
    if len(bias) != len(weights):
        raise ValueError(f"{len(weights)} kernels, {len(bias)} biases")
    return bias


def pooling(
    x: ArrayLike, size: int, stride: int | None
) -> tuple[Array, int, tuple[int, int]]:
    """x, the stride, and height and width of what pooling leaves."""
    x = with_axes("x", x, "m", "c", "H", "W")
    stride = size if stride is None else stride
    H, W = x.shape[2:]
    shape = output_size(H, size, stride), output_size(W, size, stride)
    return x, stride, shape


def of_shape(dout: ArrayLike, *expected: int) -> Array:
    """dout as an array; ValueError unless it has this shape."""
    dout = np.asarray(dout, dtype=np.float64)
    if dout.shape != expected:
        raise ValueError(f"dout must be {expected}, got {dout.shape}")
    return dout


# --8<-- [end:check_sizes]


# --8<-- [start:windows]
def padded(x: Array, padding: int) -> Array:
    """x with a frame of zeros around its last two axes."""
    frame = [(padding, padding)] * 2
    return np.pad(x, [(0, 0)] * (x.ndim - 2) + frame)


def windows(x: Array, size: tuple[int, int], stride: int) -> Array:
    """All windows: [..., i, j, u, v] is x[..., si + u, sj + v]."""
    view = sliding_window_view(x, size, axis=(-2, -1))
    return view[..., ::stride, ::stride, :, :]


# --8<-- [end:windows]


# --8<-- [start:cross_correlate]
def cross_correlate(
    image: ArrayLike,
    kernel: ArrayLike,
    stride: int = 1,
    padding: int = 0,
) -> Array:
    """The kernel laid over every window of the image, and summed.

    image (H, W), kernel (k_H, k_W), the result (H', W').
    ValueError for other shapes, or if no window fits.
    """
    image = with_axes("image", image, "H", "W")
    kernel = with_axes("kernel", kernel, "k_H", "k_W")
    check_fit(image, kernel, stride, padding)
    patches = windows(padded(image, padding), kernel.shape, stride)
    return np.einsum("ijuv,uv->ij", patches, kernel)  # (cnn.2)


# --8<-- [end:cross_correlate]


# --8<-- [start:conv2d]
def conv2d(
    x: ArrayLike,
    weights: ArrayLike,
    bias: ArrayLike,
    stride: int = 1,
    padding: int = 0,
) -> Array:
    """A convolutional layer: c_out kernels over all c_in channels.

    x (m, c_in, H, W), weights (c_out, c_in, k, k), bias (c_out,),
    the result (m, c_out, H', W'). ValueError if they do not fit.
    """
    x, weights, _ = layer(x, weights, stride, padding)
    bias = biases(bias, weights)[:, None, None]
    patches = windows(padded(x, padding), weights.shape[2:], stride)
    Y = np.einsum(  # (cnn.4)
        "mcijuv,dcuv->mdij", patches, weights, optimize=True
    )
    return Y + bias


# --8<-- [end:conv2d]


# --8<-- [start:places]
def places(
    u: int, v: int, height: int, width: int, stride: int
) -> tuple[slice, slice]:
    """The pixels (si + u, sj + v) that entry (u, v) meets."""
    return (
        slice(u, u + stride * height, stride),
        slice(v, v + stride * width, stride),
    )


# --8<-- [end:places]


# --8<-- [start:conv2d_backward]
def conv2d_backward(
    dout: ArrayLike,
    x: ArrayLike,
    weights: ArrayLike,
    stride: int = 1,
    padding: int = 0,
) -> tuple[Array, Array, Array]:
    """(dx, dweights, dbias) from dout, the gradient of the output.

    ValueError if the shapes are not those of conv2d.
    """
    x, weights, (height, width) = layer(x, weights, stride, padding)
    dout = of_shape(dout, len(x), len(weights), height, width)
    x_pad = padded(x, padding)
    patches = windows(x_pad, weights.shape[2:], stride)
    dbias = dout.sum(axis=(0, 2, 3))  # (cnn.9)
    dweights = np.einsum(  # (cnn.10)
        "mdij,mcijuv->dcuv", dout, patches, optimize=True
    )
    shares = np.einsum(  # (cnn.11)
        "mdij,dcuv->uvmcij", dout, weights, optimize=True
    )
    dx_pad = np.zeros_like(x_pad)
    for u, v in np.ndindex(weights.shape[2:]):
        rows, columns = places(u, v, height, width, stride)
        dx_pad[:, :, rows, columns] += shares[u, v]
    H, W = x.shape[2:]
    inside = (slice(padding, padding + H), slice(padding, padding + W))
    return dx_pad[:, :, *inside], dweights, dbias


# --8<-- [end:conv2d_backward]


# --8<-- [start:max_pool]
def max_pool(
    x: ArrayLike, size: int, stride: int | None = None
) -> Array:
    """The largest entry of each window, channel by channel.

    x (m, c, H, W); the stride is the size unless given. ValueError
    for other shapes, or if no window fits.
    """
    x, stride, _ = pooling(x, size, stride)
    patches = windows(x, (size, size), stride)
    return patches.max(axis=(-2, -1))


# --8<-- [end:max_pool]


# --8<-- [start:max_pool_backward]
def max_pool_backward(
    dout: ArrayLike, x: ArrayLike, size: int, stride: int | None = None
) -> Array:
    """dx from dout: all of it goes to the largest entry of a window.

    Of equal entries the first has it. ValueError if the shapes are
    not those of max_pool.
    """
    x, stride, (height, width) = pooling(x, size, stride)
    dout = of_shape(dout, *x.shape[:2], height, width)
    patches = windows(x, (size, size), stride)
    largest = patches.reshape(*dout.shape, -1).argmax(axis=-1)
    dx = np.zeros_like(x)
    for k, (u, v) in enumerate(np.ndindex(size, size)):
        rows, columns = places(u, v, height, width, stride)
        dx[:, :, rows, columns] += dout * (largest == k)  # (cnn.12)
    return dx


# --8<-- [end:max_pool_backward]
