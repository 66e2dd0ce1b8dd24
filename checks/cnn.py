"""What the symbols of ``cnn.md`` are worth."""

from math import ceil

import numpy as np
from scipy.special import expit

from engine.equations import (
    Draw,
    Each,
    Formula,
    PageCode,
    Values,
    worth,
)
from snippets.convolution import (
    conv2d,
    conv2d_backward,
    cross_correlate,
    max_pool,
    max_pool_backward,
    output_size,
)

#: A loss whose derivative is not what it is made of, and may be
#: more than 1, and depends on the draw by a; near 0, so that its
#: slopes are measured well.
SOFTPLUS = (
    r"\sum_{{d}} \sum_{{i}} \sum_{{j}} "
    r"\bigl( a \log \frac{{1 + e^{{{0}}}}}{{2}} - {0} \bigr)"
)


class Entries(dict[tuple[int, ...], float]):
    """An array by its indices, and nothing outside."""

    def __init__(self, a: np.ndarray) -> None:
        super().__init__(np.ndenumerate(a.astype(float)))
        self.array = a


class ZeroOutside(Entries):
    """An array by its indices, and 0 outside."""

    def __missing__(self, index: tuple[int, ...]) -> float:
        return 0.0


def each(letters: str, shape: tuple[int, ...]) -> Values:
    """Letters that run over the indices of an array."""
    pairs = zip(letters, shape, strict=True)
    return {letter: Each(range(n)) for letter, n in pairs}


def correlated(X: np.ndarray, K: np.ndarray) -> np.ndarray:
    """A kernel on all windows of a picture, one after another."""
    k, l = K.shape
    rows, columns = (
        n + 1 - m for n, m in zip(X.shape, K.shape, strict=True)
    )
    sums = [
        [np.sum(X[i : i + k, j : j + l] * K) for j in range(columns)]
        for i in range(rows)
    ]
    return np.array(sums)


def layer(
    X: np.ndarray, K: np.ndarray, b: np.ndarray, s: int, p: int
) -> np.ndarray:
    """A convolutional layer by plain loops."""
    X = np.pad(X, [(0, 0), (p, p), (p, p)])
    pairs = [zip(X, kernels, strict=True) for kernels in K]
    sums = [sum(correlated(*one) for one in d) for d in pairs]
    Y: np.ndarray = np.array(sums)[:, ::s, ::s] + b[:, None, None]
    return Y


def windows(draw: Draw, most: int) -> tuple[int, int, int, int, int]:
    """k, s and p, and a height and a width that go with them: pixels
    may be left over."""
    k = draw.size("k", most=most, always=True)
    s = draw.size("s", most=3, always=True)
    p = draw.size("p", most=2, always=True)
    sides = draw.some((1, 2), (3, 1), (2, 3))
    frame = k + draw.number % s - 2 * p
    H, W = ((side - 1) * s + frame for side in sides)
    return k, s, p, max(H, 1), max(W, 1)


@worth("cnn.1")
def a_convolution(draw: Draw) -> Values:
    k, H_out = draw.size("k", most=3), draw.size("H'", most=3)
    W_out = draw.size("W'", most=3, always=True)
    I = draw.rng.normal(size=(H_out + k - 1, W_out + k - 1))
    return {
        "k": k,
        "I_{rq}": Entries(I),
        "K_{uv}": Entries(draw.rng.normal(size=(k, k))),
        **each("ij", (H_out, W_out)),
    }


@a_convolution.code
def correlation_with_the_kernel_turned(v: Values) -> Values:
    I, K = v["I_{rq}"].array, v["K_{uv}"].array
    return {"C_{ij}": Entries(cross_correlate(I, K[::-1, ::-1]))}


@worth()
def the_strength_of_edges(draw: Draw) -> Values:
    shape = 2, 3
    return {
        "D_{ij}": Entries(draw.rng.normal(size=shape)),
        "D_{ij}'": Entries(draw.rng.normal(size=shape)),
        **each("ij", shape),
    }


@the_strength_of_edges.code
def by_both_responses(v: Values, page: PageCode) -> Values:
    D, turned = v["D_{ij}"].array, v["D_{ij}'"].array
    return {"E_{ij}": Entries(page("E", D=D, D_prime=turned))}


@worth("cnn.2", general=("Y_{ij}",))
def stride_and_padding(draw: Draw) -> Values:
    """All windows by plain loops, and every s-th of them; in some draws
    as the page first defines it, without stride and padding."""
    k, s, p, H, W = windows(draw, 3)
    if draw.number % 4 == 1:
        s, p, H, W = 1, 0, H + 2 * p, W + 2 * p
    I, K = draw.rng.normal(size=(H, W)), draw.rng.normal(size=(k, k))
    Y = correlated(np.pad(I, p), K)[::s, ::s]
    return {
        "k": k,
        "s": s,
        "p": p,
        "I_{rq}": ZeroOutside(I),
        r"\tilde{I}_{rq}": Formula(r"I_{r-p, \, q-p}"),
        "K_{uv}": Entries(K),
        "Y_{ij}": Entries(Y),
        **each("ij", Y.shape),
    }


@stride_and_padding.code
def all_windows_at_once(v: Values) -> Values:
    I, K = v["I_{rq}"].array, v["K_{uv}"].array
    return {"Y_{ij}": Entries(cross_correlate(I, K, v["s"], v["p"]))}


def window_count(n: int, k: int, s: int, p: int) -> int:
    """How many windows fit, laid one after another."""
    return sum(i + k <= n + 2 * p for i in range(0, n + 2 * p, s))


@worth("cnn.3")
def how_many_windows_fit(draw: Draw) -> Values:
    k, s, p = (draw.size(a) for a in "ksp")
    n = max(draw.size("n"), k - 2 * p)
    n_out = window_count(n, k, s, p)
    return {"n": n, "k": k, "s": s, "p": p, "n'": n_out}


@how_many_windows_fit.code
def size_of_the_output(v: Values) -> Values:
    return {"n'": output_size(v["n"], v["k"], v["s"], v["p"])}


def channels(draw: Draw, most: int = 3) -> Values:
    """A layer with its input, kernels and biases."""
    k, s, p, H, W = windows(draw, most)
    c_in = draw.size(r"c_{\mathrm{in}}", most=2)
    c_out = draw.size(r"c_{\mathrm{out}}", most=3, always=True)
    X = draw.rng.normal(size=(c_in, H, W))
    K = draw.rng.normal(size=(c_out, c_in, k, k))
    b = draw.rng.normal(size=c_out)
    Y = layer(X, K, b, s, p)
    return {
        "k": k,
        "s": s,
        "p": p,
        "X_{crq}": ZeroOutside(X),
        r"\tilde{X}_{crq}": Formula(r"X_{c, \, r-p, \, q-p}"),
        "K_{dcuv}": Entries(K),
        "b_d": dict(enumerate(b)),
        "Y_{dij}": Entries(Y),
        **each("dij", Y.shape),
        **each("c", X.shape[:1]),
    }


def by_code(v: Values) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The picture as a batch of one, the kernels and the biases."""
    b = np.array(list(v["b_d"].values()))
    return v["X_{crq}"].array[None], v["K_{dcuv}"].array, b


@worth("cnn.4")
def a_layer(draw: Draw) -> Values:
    return channels(draw)


@a_layer.code
def all_channels_at_once(v: Values) -> Values:
    return {"Y_{dij}": Entries(conv2d(*by_code(v), v["s"], v["p"])[0])}


@worth("cnn.9", "cnn.10", "cnn.11", beyond=True)
def gradients_of_a_layer(draw: Draw) -> Values:
    """Some weights, and some pixels, which may lie in no window."""
    v = channels(draw, most=3 if draw.number % 6 == 1 else 2)
    X, K, p = v["X_{crq}"].array, v["K_{dcuv}"].array, v["p"]
    H, W = np.add(X.shape[1:], 2 * p)
    ends = {"u": len(K[0, 0]), "v": len(K[0, 0]), "r": H, "q": W}
    some = {a: int(draw.rng.integers(end)) for a, end in ends.items()}
    last = "uvc"[draw.number % 3]  # a row, a column, or neither
    some |= {a: ends[a] - 1 for a in "uv" if a == last}
    return v | {
        "K_{dcuv}": ZeroOutside(K),
        "Y_{dij}": Formula(
            r"b_d + \sum_{c} \sum_{u=0}^{k-1} \sum_{v=0}^{k-1}"
            r"\tilde{X}_{c, \, si+u, \, sj+v} \, K_{dcuv}"
        ),
        "L": Formula(SOFTPLUS.format("Y_{dij}")),
        "a": draw.some(3, 2, 4),
        **{letter: Each([value]) for letter, value in some.items()},
    }


@gradients_of_a_layer.code
def backward(v: Values) -> Values:
    """The gradient of the frame is seen where it is no padding."""
    X, K, b = by_code(v)
    s, p, (H, W) = v["s"], v["p"], X.shape[2:]
    G = v["a"] * expit(conv2d(X, K, b, s, p)) - 1
    dX, dK, db = conv2d_backward(G, X, K, s, p)
    framed = np.pad(X, [(0, 0), (0, 0), (p, p), (p, p)])
    whole = conv2d_backward(G, framed, K, s)[0]
    whole[:, :, p : p + H, p : p + W] = dX
    to_pixels = Entries(whole[0])
    return {
        r"\frac{\partial L}{\partial b_d}": dict(enumerate(db)),
        r"\frac{\partial L}{\partial K_{dcuv}}": Entries(dK),
        r"\frac{\partial L}{\partial \tilde{X}_{crq}}": to_pixels,
    }


@worth("cnn.5")
def parameters_of_a_layer(draw: Draw) -> Values:
    k = draw.size("k", most=9)
    c_in, c_out = draw(r"c_{\mathrm{in}}"), draw(r"c_{\mathrm{out}}")
    return {
        "k": k,
        r"c_{\mathrm{in}}": c_in,
        r"c_{\mathrm{out}}": c_out,
        "N": np.ones((c_out, c_in, k, k)).size + np.ones(c_out).size,
    }


def products(c_out: int, X: np.ndarray, k: int, s: int) -> np.ndarray:
    """How many products each output adds up: in a layer of ones."""
    K = np.ones((c_out, len(X), k, k))
    return layer(np.ones_like(X), K, np.zeros(c_out), s, 0)


@worth("cnn.6")
def multiplications_of_a_layer(draw: Draw) -> Values:
    v = {a: draw.size(a, most=5) for a in ("k", "H'", "W'")}
    k, s = v["k"], draw.size("s", most=3)
    c_in = draw.size(r"c_{\mathrm{in}}", most=4)
    c_out = draw.size(r"c_{\mathrm{out}}", most=5)
    sides = ((v[a] - 1) * s + k for a in ("H'", "W'"))
    ones = products(c_out, np.ones((c_in, *sides)), k, s)
    channels = {r"c_{\mathrm{in}}": c_in, r"c_{\mathrm{out}}": c_out}
    return v | channels | {"M": round(ones.sum())}


@worth("cnn.7")
def multiplications_of_a_dense_layer(draw: Draw) -> Values:
    """As many as there are pairs of an input and an output."""
    H, W, k, p = (draw.size(a, most=5) for a in ("H", "W", "k", "p"))
    p = max(p, ceil((k - min(H, W)) / 2))
    c_in = draw.size(r"c_{\mathrm{in}}", most=4)
    c_out = draw.size(r"c_{\mathrm{out}}", most=5)
    framed = np.ones((c_in, H + 2 * p, W + 2 * p))
    ones = products(c_out, framed, k, draw.size("s", most=3))
    return {
        "H": H,
        "W": W,
        "k": k,
        "M": round(ones.sum()),
        r"M_{\mathrm{dense}}": ones.size * c_in * H * W,
    }


@worth("cnn.8", general=("Y_{ij}",))
def a_picture_that_moves(draw: Draw) -> Values:
    """Two rows and columns of windows away from the rim."""
    k, s, p = (draw.size(a, most=3) for a in "ksp")
    if draw.number % 4 == 1:  # as the page first defines it
        s, p = 1, 0
    rim, moves = ceil(p / s), (draw(r"\rho"), draw(r"\gamma"))
    side = s * (rim + 1) - p + k
    output = r"""\sum_{u=0}^{k-1} \sum_{v=0}^{k-1}
        %s_{si+u-p, \, sj+v-p} \, K_{uv}"""
    return {
        "k": k,
        "s": s,
        "p": p,
        r"\rho": moves[0],
        r"\gamma": moves[1],
        "I_{rq}": Entries(draw.rng.normal(size=(side, side))),
        "K_{uv}": Entries(draw.rng.normal(size=(k, k))),
        "Y_{ij}": Formula(output % "I"),
        "Y'_{ij}": Formula(output % "I'"),
        "i": Each([moves[0] + rim, moves[0] + rim + 1]),
        "j": Each([moves[1] + rim, moves[1] + rim + 1]),
    }


@a_picture_that_moves.code
def output_for_the_moved_picture(v: Values) -> Values:
    I, K, s = v["I_{rq}"].array, v["K_{uv}"].array, v["s"]
    frame = [(s * v[r"\rho"], 0), (s * v[r"\gamma"], 0)]
    moved = cross_correlate(np.pad(I, frame), K, s, v["p"])
    return {"Y'_{ij}": Entries(moved)}


@worth("cnn.12", beyond=True)
def max_pooling(draw: Draw) -> Values:
    """No two pixels of a window are alike, but windows may be; some
    pixels may be left over, and lie in no window."""
    t, over = draw.size("t", most=3, always=True), draw.number % 2
    H, W = (draw.size(a, most=2) * t + over for a in ("H'", "W'"))
    channels = draw.some(1, 2, 3)
    n = channels * H * W
    Y = 6 * draw.rng.permutation(n).reshape(channels, H, W) / n - 2
    if 2 * t <= W and draw.number % 4 < 2:
        Y[:, :, t : 2 * t] = Y[:, :, :t]

    def place(d: int, i: int, j: int) -> tuple[int, int]:
        window = Y[d, t * i : t * (i + 1), t * j : t * (j + 1)]
        first = int(np.argmax(window))
        return t * i + first // t, t * j + first % t

    return {
        "t": t,
        "Y_{dij}": Entries(Y),
        r"\mu_{dij}": place,
        "L": Formula(SOFTPLUS.format("Q_{dij}")),
        "a": draw.some(3, 2, 4),
        **each("dij", (channels, H // t, W // t)),
        **each("rq", (H, W)),
    }


@max_pooling.code
def pooled_and_back(v: Values) -> Values:
    Y, t = v["Y_{dij}"].array[None], v["t"]
    Q = max_pool(Y, t)
    dY = max_pool_backward(v["a"] * expit(Q) - 1, Y, t)[0]
    return {
        "Q_{dij}": Entries(Q[0]),
        r"\frac{\partial L}{\partial Y_{drq}}": Entries(dY),
    }
