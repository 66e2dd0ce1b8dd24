"""The equations of ``cnn.md``, held against SciPy, loops and slopes."""

import numpy as np
from numpy.typing import NDArray
from scipy.signal import convolve2d, correlate2d

from engine.equations import Rng, Sides, equals, equation
from snippets.convolution import (
    conv2d,
    conv2d_backward,
    cross_correlate,
    max_pool_backward,
    output_size,
)
from snippets.gradient_check import numerical_gradient

Array = NDArray[np.float64]


def layer(
    x: Array, K: Array, b: Array, s: int = 1, p: int = 0
) -> Array:
    """A convolutional layer by SciPy, for one picture (c, H, W)."""
    x = np.pad(x, [(0, 0), (p, p), (p, p)])
    return np.array(
        [
            sum(
                correlate2d(channel, kernel, "valid")
                for channel, kernel in zip(x, kernels, strict=True)
            )[::s, ::s]
            + bias
            for kernels, bias in zip(K, b, strict=True)
        ]
    )


def problem(
    rng: Rng,
) -> tuple[Array, Array, Array, int, int, Array]:
    """x, K, b, s, p and a G, with windows that overlap."""
    k = int(rng.integers(2, 5))
    s, p = int(rng.integers(1, k)), int(rng.integers(0, k))
    x = rng.normal(size=(2, 6, 7))
    K, b = rng.normal(size=(3, 2, k, k)), rng.normal(size=3)
    return x, K, b, s, p, rng.normal(size=layer(x, K, b, s, p).shape)


@equation("cnn.1")
def a_convolution_is_the_correlation_with_the_kernel_turned(
    rng: Rng,
) -> Sides:
    r"""
    C_{ij} = \sum_{u=0}^{k-1} \sum_{v=0}^{k-1}
    I_{i+u, \, j+v} \, K_{k-1-u, \, k-1-v}
    """
    k = int(rng.integers(2, 5))
    I, K = rng.normal(size=(6, 7)), rng.normal(size=(k, k))
    return equals(
        left=convolve2d(I, K, "valid"),
        right=cross_correlate(I, K[::-1, ::-1]),
        wrong={
            "not turned": cross_correlate(I, K),
            "mirrored in one direction": cross_correlate(I, K[::-1]),
            "transposed": cross_correlate(I, K.T),
        },
    )


@equation("cnn.2")
def stride_and_padding_in_the_sum(rng: Rng) -> Sides:
    r"""
    Y_{ij} = \sum_{u=0}^{k-1} \sum_{v=0}^{k-1}
    \tilde{I}_{si+u, \, sj+v} \, K_{uv}
    """
    k, s = (int(size) for size in rng.integers(2, 5, size=2))
    p = int(rng.integers(1, k))
    I, K = rng.normal(size=(7, 8)), rng.normal(size=(k, k))
    all_windows = correlate2d(np.pad(I, p), K, "valid")
    return equals(
        left=all_windows[::s, ::s],
        right=cross_correlate(I, K, s, p),
        wrong={
            "stride forgotten": all_windows,
            "padding forgotten": cross_correlate(I, K, s),
            "kernel turned": cross_correlate(I, K[::-1, ::-1], s, p),
        },
    )


@equation("cnn.3")
def how_many_windows_fit(rng: Rng) -> Sides:
    r"""n' = \left\lfloor \frac{n + 2p - k}{s} \right\rfloor + 1"""
    sizes = [
        (int(n), int(k), int(s), int(p))
        for n, k, s, p in zip(
            rng.integers(6, 30, size=50),
            rng.integers(1, 7, size=50),
            rng.integers(1, 5, size=50),
            rng.integers(0, 4, size=50),
            strict=True,
        )
    ]
    n, k, s, p = np.array(sizes).T
    return equals(
        left=np.array(
            [
                sum(i % s == 0 for i in range(n + 2 * p - k + 1))
                for n, k, s, p in sizes
            ]
        ),
        right=np.array([output_size(*size) for size in sizes]),
        wrong={
            "first window forgotten": (n + 2 * p - k) // s,
            "padding on one side": (n + p - k) // s + 1,
            "rounded up": -((k - n - 2 * p) // s) + 1,
            "right for odd kernels": (n + 2 * p - k // 2 * 2 - 1) // s
            + 1,
        },
    )


@equation("cnn.4")
def how_much_is_gained_or_lost_with_stride_1(rng: Rng) -> Sides:
    r"""n' - n = 2p - (k - 1)"""
    n, k, p = (
        int(size) for size in rng.integers((6, 1, 0), (12, 7, 4))
    )
    out = correlate2d(np.ones((n + 2 * p, 7)), np.ones((k, 1)), "valid")
    return equals(
        left=float(len(out) - n),
        right=float(2 * p - (k - 1)),
        wrong={
            "one forgotten": float(2 * p - k),
            "padding on one side": float(p - (k - 1)),
            "half a kernel on each side": float(2 * p - 2 * (k // 2)),
        },
    )


@equation("cnn.5")
def a_layer_sums_over_the_channels(rng: Rng) -> Sides:
    r"""
    Y_{dij} = b_d + \sum_{c} \sum_{u=0}^{k-1} \sum_{v=0}^{k-1}
    \tilde{X}_{c, \, si+u, \, sj+v} \, K_{dcuv}
    """
    x, K, b, s, p, _ = problem(rng)
    return equals(
        left=layer(x, K, b, s, p),
        right=conv2d(x[None], K, b, s, p)[0],
        wrong={
            "bias once for each channel": conv2d(
                x[None], K, len(x) * b, s, p
            )[0],
            "kernel turned": conv2d(
                x[None], K[:, :, ::-1, ::-1], b, s, p
            )[0],
            "one channel only": conv2d(x[None, :1], K[:, :1], b, s, p)[
                0
            ],
        },
    )


@equation("cnn.6")
def a_convolution_as_the_matrix_of_a_dense_layer(rng: Rng) -> Sides:
    r"""T_{W' i + j, \; W r + q} = K_{r-i, \, q-j}"""
    H, W, k = (int(size) for size in rng.integers((4, 5, 2), (6, 7, 4)))
    K = rng.normal(size=(k, k))
    units = np.eye(H * W).reshape(-1, H, W)
    T = np.zeros(((H - k + 1) * (W - k + 1), H * W))
    turned, transposed = np.zeros_like(T), np.zeros_like(T)
    for i, j, u, v in np.ndindex(H - k + 1, W - k + 1, k, k):
        entry = ((W - k + 1) * i + j, W * (i + u) + j + v)
        T[entry] = K[u, v]
        turned[entry] = K[k - 1 - u, k - 1 - v]
        transposed[entry] = K[v, u]
    return equals(
        left=np.array(
            [correlate2d(unit, K, "valid").ravel() for unit in units]
        ).T,
        right=T,
        wrong={"turned": turned, "transposed": transposed},
    )


def random_sizes(rng: Rng) -> tuple[int, ...]:
    """H, W, k, c_in, c_out; the kernel is odd, for equal sizes."""
    H, W, c_in, c_out = rng.integers((4, 4, 2, 2), (8, 8, 5, 5))
    return int(H), int(W), 3, int(c_in), int(c_out)


@equation("cnn.7")
def the_parameters_of_a_layer(rng: Rng) -> Sides:
    r"""N = c_{\mathrm{out}} \, (c_{\mathrm{in}} k^2 + 1)"""
    _, _, k, c_in, c_out = random_sizes(rng)
    K, b = np.ones((c_out, c_in, k, k)), np.ones(c_out)
    return equals(
        left=float(sum(1 for _ in K.flat) + sum(1 for _ in b.flat)),
        right=float(c_out * (c_in * k**2 + 1)),
        wrong={
            "bias forgotten": float(c_out * c_in * k**2),
            "a bias for each channel": float(c_out * c_in * (k**2 + 1)),
            "one channel only": float(c_out * (k**2 + 1)),
        },
    )


@equation("cnn.8")
def the_multiplications_of_a_layer(rng: Rng) -> Sides:
    r"""M = H' W' \, c_{\mathrm{out}} \, c_{\mathrm{in}} \, k^2"""
    H, W, k, c_in, c_out = random_sizes(rng)
    # A sum of ones counts its products.
    ones = layer(
        np.ones((c_in, H, W)),
        np.ones((c_out, c_in, k, k)),
        np.zeros(c_out),
    )
    H_out, W_out = H - k + 1, W - k + 1
    return equals(
        left=np.sum(ones),
        right=float(H_out * W_out * c_out * c_in * k**2),
        wrong={
            "at each pixel of the input": float(
                H * W * c_out * c_in * k**2
            ),
            "one channel only": float(H_out * W_out * c_out * k**2),
            "k for k squared": float(H_out * W_out * c_out * c_in * k),
        },
    )


@equation("cnn.9")
def how_many_more_a_dense_layer_takes(rng: Rng) -> Sides:
    r"""\frac{M_{\mathrm{dense}}}{M} = \frac{H W}{k^2}"""
    H, W, k, c_in, c_out = random_sizes(rng)
    K = np.ones((c_out, c_in, k, k))
    padded = np.ones((c_in, H + 2, W + 2))
    ones = layer(padded, K, np.zeros(c_out))
    return equals(
        left=ones.size * c_in * H * W / np.sum(ones),
        right=H * W / k**2,
        wrong={
            "channels counted": c_in * H * W / k**2,
            "k for k squared": H * W / k,
            "one side only": H / k**2,
        },
    )


@equation("cnn.10")
def what_moves_in_the_input_moves_in_the_output(rng: Rng) -> Sides:
    r"""Y'_{ij} = Y_{i-\rho, \, j-\gamma}"""
    s, rho, gamma = (int(a) for a in rng.integers(1, 4, size=3))
    I, K = rng.normal(size=(21, 22)), rng.normal(size=(3, 3))
    moved = np.roll(I, (s * rho, s * gamma), axis=(0, 1))
    Y = cross_correlate(I, K, s)
    return equals(
        left=correlate2d(moved, K, "valid")[::s, ::s][rho:, gamma:],
        right=Y[:-rho, :-gamma],
        wrong={
            "the other way": np.roll(Y, (-rho, -gamma), axis=(0, 1))[
                rho:, gamma:
            ],
            "not moved": Y[rho:, gamma:],
        },
    )


@equation("cnn.11")
def the_gradient_in_the_bias(rng: Rng) -> Sides:
    r"""
    \frac{\partial L}{\partial b_d} = \sum_{i} \sum_{j} G_{dij}
    """
    x, K, b, s, p, G = problem(rng)
    _, _, db = conv2d_backward(G[None], x[None], K, s, p)
    return equals(
        left=numerical_gradient(
            lambda b: np.sum(G * layer(x, K, b, s, p)), b
        ),
        right=db,
        wrong={
            "mean over the places": G.mean(axis=(1, 2)),
            "one place only": G[:, 0, 0],
        },
    )


@equation("cnn.12")
def the_gradient_in_the_kernels(rng: Rng) -> Sides:
    r"""
    \frac{\partial L}{\partial K_{dcuv}} = \sum_{i} \sum_{j}
    G_{dij} \, \tilde{X}_{c, \, si+u, \, sj+v}
    """
    x, K, b, s, p, G = problem(rng)
    _, dK, _ = conv2d_backward(G[None], x[None], K, s, p)
    return equals(
        left=numerical_gradient(
            lambda K: np.sum(G * layer(x, K, b, s, p)), K
        ),
        right=dK,
        wrong={
            "kernel turned": dK[:, :, ::-1, ::-1],
            "mean over the places": dK / G[0].size,
            "picture turned": conv2d_backward(
                G[None], x[None, :, ::-1, ::-1], K, s, p
            )[1],
        },
    )


@equation("cnn.13")
def the_gradient_in_the_input(rng: Rng) -> Sides:
    r"""
    \frac{\partial L}{\partial \tilde{X}_{crq}} =
    \sum_{d} \sum_{i} \sum_{j} G_{dij} \, K_{dc, \, r-si, \, q-sj}
    """
    x, K, b, s, _, _ = problem(rng)
    G = rng.normal(size=layer(x, K, b, s).shape)
    dx, _, _ = conv2d_backward(G[None], x[None], K, s)
    k = K.shape[-1]
    last = np.zeros_like(x)
    for i, j in np.ndindex(G.shape[1:]):
        last[:, s * i : s * i + k, s * j : s * j + k] = np.einsum(
            "d,dcuv->cuv", G[:, i, j], K
        )
    return equals(
        left=numerical_gradient(
            lambda x: np.sum(G * layer(x, K, b, s)), x
        ),
        right=dx[0],
        wrong={
            "= for +=": last,
            "kernel turned": conv2d_backward(
                G[None], x[None], K[:, :, ::-1, ::-1], s
            )[0][0],
            "one output channel only": conv2d_backward(
                G[None, :1], x[None], K[:1], s
            )[0][0],
        },
    )


@equation("cnn.14")
def the_gradient_goes_to_the_pixel_that_won(rng: Rng) -> Sides:
    r"""
    \frac{\partial L}{\partial Y_{drq}} = \sum_{i} \sum_{j}
    [\, (r, q) = \mu_{dij} \,] \,
    \frac{\partial L}{\partial Q_{dij}}
    """
    t = int(rng.integers(2, 4))
    Y = rng.normal(size=(2, 2 * t, 3 * t))
    dQ = rng.normal(size=(2, 2, 3))

    def L(Y: Array) -> float:
        blocks = Y.reshape(2, 2, t, 3, t)
        return float(np.sum(dQ * blocks.max(axis=(2, 4))))

    spread = np.kron(dQ, np.ones((1, t, t)))
    return equals(
        left=numerical_gradient(L, Y),
        right=max_pool_backward(dQ[None], Y[None], t)[0],
        wrong={
            "shared by all": spread / t**2,
            "given to all": spread,
            "to the smallest": max_pool_backward(dQ[None], -Y[None], t)[
                0
            ],
        },
    )
