"""The equations of ``lstm.md``, held against other means."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from engine.equations import Rng, Sides, equals, equation
from snippets.activations import sigmoid
from snippets.gradient_check import numerical_gradient
from snippets.gru import backward as gru_backward
from snippets.gru import forward as gru_forward
from snippets.gru import init as gru_init
from snippets.lstm import (
    LSTMCache,
    backward,
    direct_path,
    forward,
    init,
    local_slopes,
    squash,
    whole_path,
)

Array = NDArray[np.float64]
T = 3


class Trace(NamedTuple):
    """What a plain loop over the steps has computed; the gates
    are i, f, g, o, and for a GRU r, z, n. In a GRU cs are u^n_t."""

    hs: Array
    cs: Array
    zs: Array
    gates: Array


def differences(f: Callable[[Array], Array], x: Array) -> Array:
    """Central differences of f, which takes many points at once;
    a row for each component of x."""
    step = 1e-5 * np.eye(x.size).reshape(x.size, *x.shape)
    return np.asarray((f(x + step) - f(x - step)) / 2e-5)


def times(row: Array, W: Array) -> Array:
    """row W, where either may be many."""
    return np.asarray((row[..., None, :] @ W)[..., 0, :])


def stacked(steps: Iterable[tuple[Array, ...]]) -> Trace:
    """Put the steps of a loop together, along the axis before the
    last."""
    columns = zip(*steps, strict=True)
    return Trace(
        *(np.stack(np.broadcast_arrays(*c), axis=-2) for c in columns)
    )


Values = dict[str, Array]


class Case(NamedTuple):
    """Parameters, inputs, first states; nudges z, c, h that are
    added to z_t, c_t, h_t; ∂⁺L/∂h_t; and the cell's loop."""

    values: Values
    dhs: Array
    loop: Callable[[Values], Trace]

    def trace(self, **others: Array) -> Trace:
        """The run, with other values for some names."""
        return self.loop(self.values | others)

    def d(self, name: str) -> Array:
        """dL by what the name stands for, numerically."""

        def loss(value: Array) -> Array:
            hs = self.trace(**{name: value}).hs
            return np.asarray(np.sum(hs * self.dhs, axis=(-2, -1)))

        x = self.values[name]
        return differences(loss, x).reshape(x.shape)

    def jacobian(self, what: str, k: int) -> Array:
        """d of the row of step k by c_1, numerically."""

        def row(c_1: Array) -> Array:
            c = np.zeros((len(c_1), T, 2))
            c[:, 0] = c_1
            trace = self.trace(c=c)._asdict()[what]
            return np.asarray(trace[:, k - 1])

        return differences(row, np.zeros(2)).T

    def cache(self, steps: int = T) -> LSTMCache:
        """Of the LSTM, from the snippet."""
        v = self.values
        return forward(v, v["xs"][:steps], v["h0"], v["c0"])[2]

    def before(self) -> Array:
        """h_0 to h_{T−1}."""
        return np.vstack([self.values["h0"], self.trace().hs[:-1]])


def lstm_loop(v: Values) -> Trace:
    """Step by step, as the definitions say."""
    h, c, steps = v["h0"], v["c0"], []
    for t in range(T):
        z = times(v["xs"][..., t, :], v["W_x"]) + times(h, v["W_h"])
        z = z + v["b"] + v["z"][..., t, :]
        z_i, z_f, z_g, z_o = np.split(z, 4, axis=-1)
        i, f, g, o = expit(z_i), expit(z_f), np.tanh(z_g), expit(z_o)
        c = f * c + i * g + v["c"][..., t, :]
        h = o * np.tanh(c) + v["h"][..., t, :]
        gates = np.broadcast_arrays(i, f, g, o)
        steps.append((h, c, z, np.concatenate(gates, axis=-1)))
    return stacked(steps)


def gru_loop(v: Values) -> Trace:
    """Step by step, as the definitions say."""
    s, steps = v["h0"], []
    for t in range(T):
        a = times(v["xs"][..., t, :], v["W_x"]) + v["b_x"]
        u = times(s, v["W_h"]) + v["b_h"] + v["u"][..., t, :]
        a = a + v["a"][..., t, :]
        a_r, a_z, a_n = np.split(a, 3, axis=-1)
        u_r, u_z, u_n = np.split(u, 3, axis=-1)
        r, z = expit(a_r + u_r), expit(a_z + u_z)
        n = np.tanh(a_n + r * u_n)
        s = (1 - z) * n + z * s + v["s"][..., t, :]
        gates = np.broadcast_arrays(r, z, n)
        steps.append((s, u_n, a, np.concatenate(gates, axis=-1)))
    return stacked(steps)


def case(rng: Rng) -> Case:
    """An LSTM with two inputs, two units, three steps."""
    v = init(2, 2, rng)
    v = {name: a + rng.normal(size=a.shape) for name, a in v.items()}
    v["xs"], v["h0"] = rng.normal(size=(T, 2)), rng.normal(size=2)
    v["c0"], dhs = rng.normal(size=2), rng.normal(size=(T, 2))
    v |= {"z": np.zeros((T, 8))}
    v |= {"c": np.zeros((T, 2)), "h": np.zeros((T, 2))}
    return Case(v, dhs, lstm_loop)


def gru_case(rng: Rng) -> Case:
    """A GRU with two inputs, two units, three steps."""
    v = gru_init(2, 2, rng)
    v = {name: a + rng.normal(size=a.shape) for name, a in v.items()}
    v["xs"], v["h0"] = rng.normal(size=(T, 2)), rng.normal(size=2)
    v |= {"a": np.zeros((T, 6)), "u": np.zeros((T, 6))}
    v |= {"s": np.zeros((T, 2))}
    return Case(v, rng.normal(size=(T, 2)), gru_loop)


def gates_of(k: Case) -> list[Array]:
    """i, f, g, o, or r, z, n, each for all steps."""
    gates = k.trace().gates
    return np.split(gates, gates.shape[-1] // 2, axis=-1)


def by_lstm(k: Case) -> Values:
    """The gradients that the snippet returns."""
    grads, dxs, dh0, dc0 = backward(k.values, k.cache(), k.dhs)
    return {**grads, "xs": dxs, "h0": dh0, "c0": dc0}


def by_gru(k: Case) -> Values:
    """The gradients that the snippet returns."""
    v = k.values
    _, cache = gru_forward(v, v["xs"], v["h0"])
    grads, dxs, dh0 = gru_backward(v, cache, k.dhs)
    return {**grads, "xs": dxs, "h0": dh0}


def block(dz: Array, gate: str) -> Array:
    """One gate's columns: of i, f, g, o, or of r, z, n."""
    names = "ifgo" if dz.shape[-1] == 8 else "rzn"
    return np.split(dz, len(names), axis=-1)[names.index(gate)]


def slope(k: Case, gate: str) -> Array:
    """What stands beside dL/dc_t or dL/dh_t, by the snippet."""
    return block(local_slopes(k.cache())[0], gate)


@equation("lstm.1")
def the_cell_is_a_weighted_sum_of_what_was_let_in(rng: Rng) -> Sides:
    r"""
    c_T = \left( \prod_{t=1}^{T} f_t \right) \odot c_0 +
    \sum_{k=1}^{T} \left( \prod_{t=k+1}^{T} f_t \right)
    \odot i_k \odot g_k
    """
    k = case(rng)
    i, f, g, _ = gates_of(k)
    first = f.prod(axis=0) * k.values["c0"]
    kept = [f[t + 1 :].prod(axis=0) for t in range(T)]
    own = [f[t:].prod(axis=0) for t in range(T)]
    return equals(
        left=forward(
            k.values, k.values["xs"], k.values["h0"], k.values["c0"]
        )[1][-1],
        right=first + np.sum(kept * i * g, axis=0),
        wrong={
            "the own forget gate too": first
            + np.sum(own * i * g, axis=0),
            "first memory dropped": np.sum(kept * i * g, axis=0),
            "never forgotten": first + np.sum(i * g, axis=0),
        },
    )


@equation("lstm.2")
def the_parameters_of_the_lstm(rng: Rng) -> Sides:
    r"""N_{\mathrm{LSTM}} = 4 n_h (n_x + n_h + 1)"""
    n_x, n_h = (int(n) for n in rng.integers(1, 9, size=2))
    return equals(
        left=sum(a.size for a in init(n_x, n_h, rng).values()),
        right=4 * n_h * (n_x + n_h + 1),
        wrong={
            "biases forgotten": 4 * n_h * (n_x + n_h),
            "three gates, no candidate": 3 * n_h * (n_x + n_h + 1),
        },
    )


@equation("lstm.3")
def the_sigmoid_is_a_tanh(rng: Rng) -> Sides:
    r"""
    \sigma(z) = \frac{1}{2} + \frac{1}{2}
    \tanh\left( \frac{z}{2} \right)
    """
    z = 5 * rng.normal(size=6)
    return equals(
        left=expit(z),
        right=squash(z, np.full(6, 0.5)),
        wrong={
            "z not halved": 0.5 + 0.5 * np.tanh(z),
            "not shifted": 0.5 * np.tanh(z / 2),
        },
    )


@equation("lstm.4")
def the_slope_of_a_gate_by_its_value(rng: Rng) -> Sides:
    r"""\sigma'(z) = \sigma(z) \, (1 - \sigma(z))"""
    z = rng.normal(size=4)
    s = sigmoid(z)
    return equals(
        left=np.array([numerical_gradient(expit, v) for v in z]),
        right=s * (1 - s),
        wrong={"as for tanh": 1 - s**2, "factor dropped": 1 - s},
    )


@equation("lstm.5")
def the_slope_of_tanh_by_its_value(rng: Rng) -> Sides:
    r"""\tanh'(z) = 1 - \tanh^2(z)"""
    z = rng.normal(size=4)
    g = np.tanh(z)
    return equals(
        left=np.array(
            [
                numerical_gradient(lambda v: 2 * expit(2 * v), v)
                for v in z
            ]
        ),
        right=1 - g**2,
        wrong={"as for the sigmoid": g * (1 - g), "no square": 1 - g},
    )


@equation("lstm.6")
def the_state_acts_at_once_and_by_the_next_step(rng: Rng) -> Sides:
    r"""
    \frac{\mathrm{d} L}{\mathrm{d} h_t} =
    \frac{\partial^{+} L}{\partial h_t} +
    \frac{\mathrm{d} L}{\mathrm{d} z_{t+1}} W_h^{\top}
    """
    k = case(rng)
    later = np.vstack([k.d("z")[1:] @ k.values["W_h"].T, np.zeros(2)])
    return equals(
        left=k.d("h"),
        right=k.dhs + later,
        wrong={"later steps forgotten": k.dhs, "immediate lost": later},
    )


@equation("lstm.7")
def the_cell_acts_by_the_state_and_directly(rng: Rng) -> Sides:
    r"""
    \frac{\mathrm{d} L}{\mathrm{d} c_t} =
    \frac{\mathrm{d} L}{\mathrm{d} h_t} \odot o_t \odot
    (1 - \tanh^2(c_t)) +
    \frac{\mathrm{d} L}{\mathrm{d} c_{t+1}} \odot f_{t+1}
    """
    k = case(rng)
    dh, dc, f = k.d("h"), k.d("c"), gates_of(k)[1]
    via_h = dh * local_slopes(k.cache())[1]
    direct = np.vstack([dc[1:] * f[1:], np.zeros(2)])
    return equals(
        left=dc,
        right=via_h + direct,
        wrong={
            "direct path forgotten": via_h,
            "forget gate of this step": via_h
            + np.vstack([dc[1:] * f[:-1], np.zeros(2)]),
            "tanh' forgotten": dh * gates_of(k)[3] + direct,
        },
    )


@equation("lstm.8")
def the_gradient_at_the_input_gate(rng: Rng) -> Sides:
    r"""
    \frac{\mathrm{d} L}{\mathrm{d} z^i_t} =
    \frac{\mathrm{d} L}{\mathrm{d} c_t} \odot g_t \odot
    i_t \odot (1 - i_t)
    """
    k = case(rng)
    dc, (i, _, g, _) = k.d("c"), gates_of(k)
    return equals(
        left=block(k.d("z"), "i"),
        right=dc * slope(k, "i"),
        wrong={
            "sigma' forgotten": dc * g,
            "candidate dropped": dc * i * (1 - i),
        },
    )


@equation("lstm.9")
def the_gradient_at_the_forget_gate(rng: Rng) -> Sides:
    r"""
    \frac{\mathrm{d} L}{\mathrm{d} z^f_t} =
    \frac{\mathrm{d} L}{\mathrm{d} c_t} \odot c_{t-1} \odot
    f_t \odot (1 - f_t)
    """
    k = case(rng)
    dc, trace = k.d("c"), k.trace()
    f = gates_of(k)[1]
    return equals(
        left=block(k.d("z"), "f"),
        right=dc * slope(k, "f"),
        wrong={
            "the new cell": dc * trace.cs * f * (1 - f),
            "sigma' forgotten": dc
            * np.vstack([k.values["c0"], trace.cs[:-1]]),
        },
    )


@equation("lstm.10")
def the_gradient_at_the_candidate(rng: Rng) -> Sides:
    r"""
    \frac{\mathrm{d} L}{\mathrm{d} z^g_t} =
    \frac{\mathrm{d} L}{\mathrm{d} c_t} \odot i_t \odot
    (1 - g_t \odot g_t)
    """
    k = case(rng)
    dc, (i, _, g, _) = k.d("c"), gates_of(k)
    return equals(
        left=block(k.d("z"), "g"),
        right=dc * slope(k, "g"),
        wrong={
            "sigma' in place of tanh'": dc * i * g * (1 - g),
            "input gate forgotten": dc * (1 - g**2),
        },
    )


@equation("lstm.11")
def the_gradient_at_the_output_gate(rng: Rng) -> Sides:
    r"""
    \frac{\mathrm{d} L}{\mathrm{d} z^o_t} =
    \frac{\mathrm{d} L}{\mathrm{d} h_t} \odot \tanh(c_t) \odot
    o_t \odot (1 - o_t)
    """
    k = case(rng)
    dh, trace = k.d("h"), k.trace()
    o = gates_of(k)[3]
    return equals(
        left=block(k.d("z"), "o"),
        right=dh * slope(k, "o"),
        wrong={
            "the cell's gradient": k.d("c") * slope(k, "o"),
            "tanh forgotten": dh * trace.cs * o * (1 - o),
        },
    )


@equation("lstm.12")
def the_gradient_in_the_weights_of_the_input(rng: Rng) -> Sides:
    r"""
    \frac{\mathrm{d} L}{\mathrm{d} W_x} =
    \sum_{t=1}^{T} x_t^{\top} \frac{\mathrm{d} L}{\mathrm{d} z_t}
    """
    k = case(rng)
    grads = by_lstm(k)
    return equals(
        left=k.d("W_x"),
        right=grads["W_x"],
        wrong={
            "last step only": np.outer(
                k.values["xs"][-1], k.d("z")[-1]
            ),
            "mean over the steps": grads["W_x"] / T,
        },
    )


@equation("lstm.13")
def the_gradient_in_the_weights_of_the_state(rng: Rng) -> Sides:
    r"""
    \frac{\mathrm{d} L}{\mathrm{d} W_h} =
    \sum_{t=1}^{T} h_{t-1}^{\top} \frac{\mathrm{d} L}{\mathrm{d} z_t}
    """
    k = case(rng)
    grads = by_lstm(k)
    return equals(
        left=k.d("W_h"),
        right=grads["W_h"],
        wrong={
            "the new state": k.trace().hs.T @ k.d("z"),
            "first step forgotten": k.trace().hs[:-1].T @ k.d("z")[1:],
        },
    )


@equation("lstm.14")
def the_gradient_in_the_biases(rng: Rng) -> Sides:
    r"""
    \frac{\mathrm{d} L}{\mathrm{d} b} =
    \sum_{t=1}^{T} \frac{\mathrm{d} L}{\mathrm{d} z_t}
    """
    k = case(rng)
    grads = by_lstm(k)
    return equals(
        left=k.d("b"),
        right=grads["b"],
        wrong={
            "last step only": k.d("z")[-1],
            "mean over the steps": grads["b"] / T,
        },
    )


@equation("lstm.15")
def the_gradient_in_the_inputs(rng: Rng) -> Sides:
    r"""
    \frac{\mathrm{d} L}{\mathrm{d} x_t} =
    \frac{\mathrm{d} L}{\mathrm{d} z_t} W_x^{\top}
    """
    k = case(rng)
    dxs = by_lstm(k)["xs"]
    return equals(
        left=k.d("xs"),
        right=dxs,
        wrong={
            "weights of the state": k.d("z") @ k.values["W_h"].T,
            "forget gate alone": block(k.d("z"), "f")
            @ block(k.values["W_x"], "f").T,
        },
    )


@equation("lstm.16")
def the_gradient_in_the_first_state(rng: Rng) -> Sides:
    r"""
    \frac{\mathrm{d} L}{\mathrm{d} h_0} =
    \frac{\mathrm{d} L}{\mathrm{d} z_1} W_h^{\top}
    """
    k = case(rng)
    dh0 = by_lstm(k)["h0"]
    return equals(
        left=k.d("h0"),
        right=dh0,
        wrong={
            "an immediate part added": dh0 + k.dhs[0],
            "the second step": k.d("z")[1] @ k.values["W_h"].T,
        },
    )


@equation("lstm.17")
def the_gradient_in_the_first_cell(rng: Rng) -> Sides:
    r"""
    \frac{\mathrm{d} L}{\mathrm{d} c_0} =
    \frac{\mathrm{d} L}{\mathrm{d} c_1} \odot f_1
    """
    k = case(rng)
    dc0 = by_lstm(k)["c0"]
    dc = k.d("c")[0]
    return equals(
        left=k.d("c0"),
        right=dc0,
        wrong={
            "forget gate forgotten": dc,
            "input gate in its place": dc * gates_of(k)[0][0],
        },
    )


@equation("lstm.18")
def the_direct_path_with_all_gates_held(rng: Rng) -> Sides:
    r"""
    \frac{\partial^{+} c_T}{\partial c_t} =
    \operatorname{diag}\left( \prod_{k=t+1}^{T} f_k \right)
    """
    k, t = case(rng), 1
    i, f, g, _ = gates_of(k)

    def last(c: Array) -> Array:
        for n in range(t, T):
            c = f[n] * c + i[n] * g[n]
        return c

    return equals(
        left=differences(last, k.trace().cs[t - 1]).T,
        right=np.diag(direct_path(k.cache(), t)),
        wrong={
            "one gate too many": np.diag(direct_path(k.cache(), t - 1)),
            "the gates moving": whole_path(k.values, k.cache(), t),
        },
    )


@equation("lstm.19")
def the_state_moves_with_the_cell(rng: Rng) -> Sides:
    r"""
    \frac{\mathrm{d} h_t}{\mathrm{d} c_t} = \operatorname{diag}\left(
    o_t \odot (1 - \tanh^2(c_t)) \right)
    """
    k = case(rng)
    dh_dc = local_slopes(k.cache())[1][0]
    return equals(
        left=k.jacobian("hs", k=1),
        right=np.diag(dh_dc),
        wrong={
            "tanh' forgotten": np.diag(gates_of(k)[3][0]),
            "output gate forgotten": np.diag(
                1 - np.tanh(k.trace().cs[0]) ** 2
            ),
        },
    )


@equation("lstm.20")
def the_gates_move_with_the_state_before(rng: Rng) -> Sides:
    r"""
    \frac{\mathrm{d} z_k}{\mathrm{d} c_t} =
    W_h^{\top} \frac{\mathrm{d} h_{k-1}}{\mathrm{d} c_t}
    """
    k = case(rng)
    dh = k.jacobian("hs", k=2)
    return equals(
        left=k.jacobian("zs", k=3),
        right=k.values["W_h"].T @ dh,
        wrong={
            "the first state alone": k.values["W_h"].T
            @ k.jacobian("hs", k=1),
            "weights of the input": k.values["W_x"].T @ dh,
        },
    )


@equation("lstm.21")
def the_cell_moves_directly_and_by_its_gates(rng: Rng) -> Sides:
    r"""
    \frac{\mathrm{d} c_k}{\mathrm{d} c_t} =
    \operatorname{diag}(f_k) \frac{\mathrm{d} c_{k-1}}{\mathrm{d} c_t}
    + \sum_{a \in \{i, f, g\}}
    \frac{\partial^{+} c_k}{\partial z^a_k}
    \frac{\mathrm{d} z^a_k}{\mathrm{d} c_t}
    """
    k = case(rng)
    two, three = k.cache(2), k.cache(3)
    return equals(
        left=k.jacobian("cs", k=3),
        right=whole_path(k.values, three, 1),
        wrong={
            "direct path alone": np.diag(direct_path(three, 1)),
            "product of single steps": whole_path(k.values, three, 2)
            @ whole_path(k.values, two, 1),
        },
    )


@equation("lstm.22")
def the_state_moves_by_the_cell_and_its_gate(rng: Rng) -> Sides:
    r"""
    \frac{\mathrm{d} h_k}{\mathrm{d} c_t} = \operatorname{diag}\left(
    o_k \odot (1 - \tanh^2(c_k)) \right)
    \frac{\mathrm{d} c_k}{\mathrm{d} c_t} +
    \frac{\partial^{+} h_k}{\partial z^o_k}
    \frac{\mathrm{d} z^o_k}{\mathrm{d} c_t}
    """
    k = case(rng)
    slopes, dh_dc = local_slopes(k.cache())
    dz_o = k.jacobian("zs", k=3)[6:]
    by_cell = np.diag(dh_dc[2]) @ k.jacobian("cs", k=3)
    return equals(
        left=k.jacobian("hs", k=3),
        right=by_cell + np.diag(block(slopes, "o")[2]) @ dz_o,
        wrong={
            "output gate held": by_cell,
            "sigma' forgotten": by_cell
            + np.diag(np.tanh(k.trace().cs[2])) @ dz_o,
        },
    )


@equation("lstm.23")
def the_direct_path_of_a_gate_that_is_its_bias(rng: Rng) -> Sides:
    r"""\prod_{k=t+1}^{T} f_k = \sigma(b^f)^{T - t}"""
    k = case(rng)
    for name in ("W_x", "W_h"):
        k.values[name][:, 2:4] = 0
    b_f = k.values["b"][2:4]
    return equals(
        left=direct_path(k.cache(), 1),
        right=expit(b_f) ** (T - 1),
        wrong={
            "one step too many": expit(b_f) ** T,
            "sum in place of product": (T - 1) * expit(b_f),
            "power inside": expit((T - 1) * b_f),
        },
    )


@equation("gru.1")
def the_new_state_by_one_product(rng: Rng) -> Sides:
    r"""s_t = n_t + \tilde{z}_t \odot (s_{t-1} - n_t)"""
    k = gru_case(rng)
    _, z, n = gates_of(k)
    return equals(
        left=k.trace().hs,
        right=gru_forward(k.values, k.values["xs"], k.values["h0"])[0],
        wrong={
            "z and 1 - z exchanged": k.before() + z * (n - k.before()),
            "sign turned": n - z * (k.before() - n),
        },
    )


@equation("gru.2")
def the_parameters_of_the_gru(rng: Rng) -> Sides:
    r"""N_{\mathrm{GRU}} = 3 n_h (n_x + n_h + 2)"""
    n_x, n_h = (int(n) for n in rng.integers(1, 9, size=2))
    return equals(
        left=sum(a.size for a in gru_init(n_x, n_h, rng).values()),
        right=3 * n_h * (n_x + n_h + 2),
        wrong={
            "one bias only": 3 * n_h * (n_x + n_h + 1),
            "two gates, no candidate": 2 * n_h * (n_x + n_h + 2),
        },
    )


@equation("gru.3")
def the_gradient_at_the_grus_candidate(rng: Rng) -> Sides:
    r"""
    \frac{\mathrm{d} L}{\mathrm{d} a^n_t} =
    \frac{\mathrm{d} L}{\mathrm{d} s_t} \odot (1 - \tilde{z}_t) \odot
    (1 - n_t \odot n_t)
    """
    k = gru_case(rng)
    ds, (_, z, n) = k.d("s"), gates_of(k)
    return equals(
        left=block(k.d("a"), "n"),
        right=ds * (1 - z) * (1 - n * n),
        wrong={
            "z for 1 - z": ds * z * (1 - n * n),
            "tanh' forgotten": ds * (1 - z),
        },
    )


@equation("gru.4")
def the_gradient_at_the_reset_gate(rng: Rng) -> Sides:
    r"""
    \frac{\mathrm{d} L}{\mathrm{d} a^r_t} =
    \frac{\mathrm{d} L}{\mathrm{d} a^n_t} \odot u^n_t \odot
    r_t \odot (1 - r_t)
    """
    k = gru_case(rng)
    trace, da_n = k.trace(), block(k.d("a"), "n")
    r, u_n = gates_of(k)[0], trace.cs
    return equals(
        left=block(k.d("a"), "r"),
        right=da_n * u_n * r * (1 - r),
        wrong={
            "old state in place of u": da_n * k.before() * r * (1 - r),
            "sigma' forgotten": da_n * u_n,
        },
    )


@equation("gru.5")
def the_gradient_at_the_update_gate(rng: Rng) -> Sides:
    r"""
    \frac{\mathrm{d} L}{\mathrm{d} a^z_t} =
    \frac{\mathrm{d} L}{\mathrm{d} s_t} \odot (s_{t-1} - n_t) \odot
    \tilde{z}_t \odot (1 - \tilde{z}_t)
    """
    k = gru_case(rng)
    ds, (_, z, n) = k.d("s"), gates_of(k)
    return equals(
        left=block(k.d("a"), "z"),
        right=ds * (k.before() - n) * z * (1 - z),
        wrong={
            "sign turned": ds * (n - k.before()) * z * (1 - z),
            "candidate dropped": ds * k.before() * z * (1 - z),
        },
    )


@equation("gru.6")
def the_reset_gate_stands_before_the_candidate(rng: Rng) -> Sides:
    r"""
    \frac{\mathrm{d} L}{\mathrm{d} u^n_t} =
    \frac{\mathrm{d} L}{\mathrm{d} a^n_t} \odot r_t
    """
    k = gru_case(rng)
    da_n, r = block(k.d("a"), "n"), gates_of(k)[0]
    return equals(
        left=block(k.d("u"), "n"),
        right=da_n * r,
        wrong={"reset gate forgotten": da_n, "1 - r": da_n * (1 - r)},
    )


@equation("gru.7")
def the_three_parts_of_the_gradient_in_the_state(rng: Rng) -> Sides:
    r"""
    \frac{\mathrm{d} L}{\mathrm{d} s_t} =
    \frac{\partial^{+} L}{\partial s_t} +
    \frac{\mathrm{d} L}{\mathrm{d} s_{t+1}} \odot \tilde{z}_{t+1} +
    \frac{\mathrm{d} L}{\mathrm{d} u_{t+1}} W_h^{\top}
    """
    k = gru_case(rng)
    ds, z = k.d("s"), gates_of(k)[1]
    direct = np.vstack([ds[1:] * z[1:], np.zeros(2)])
    by_gates = np.vstack(
        [k.d("u")[1:] @ k.values["W_h"].T, np.zeros(2)]
    )
    by_a = np.vstack([k.d("a")[1:] @ k.values["W_h"].T, np.zeros(2)])
    return equals(
        left=ds,
        right=k.dhs + direct + by_gates,
        wrong={
            "direct path forgotten": k.dhs + by_gates,
            "gates forgotten": k.dhs + direct,
            "a in place of u": k.dhs + direct + by_a,
        },
    )


@equation("gru.8")
def the_grus_gradient_in_the_weights_of_the_input(rng: Rng) -> Sides:
    r"""
    \frac{\mathrm{d} L}{\mathrm{d} W_x} =
    \sum_{t=1}^{T} x_t^{\top} \frac{\mathrm{d} L}{\mathrm{d} a_t}
    """
    k = gru_case(rng)
    return equals(
        left=k.d("W_x"),
        right=by_gru(k)["W_x"],
        wrong={
            "u in place of a": k.values["xs"].T @ k.d("u"),
            "mean over the steps": by_gru(k)["W_x"] / T,
        },
    )


@equation("gru.9")
def the_grus_gradient_in_the_weights_of_the_state(rng: Rng) -> Sides:
    r"""
    \frac{\mathrm{d} L}{\mathrm{d} W_h} =
    \sum_{t=1}^{T} s_{t-1}^{\top} \frac{\mathrm{d} L}{\mathrm{d} u_t}
    """
    k = gru_case(rng)
    return equals(
        left=k.d("W_h"),
        right=by_gru(k)["W_h"],
        wrong={
            "a in place of u": k.before().T @ k.d("a"),
            "the new state": k.trace().hs.T @ k.d("u"),
        },
    )


@equation("gru.10")
def the_grus_gradient_in_the_first_bias(rng: Rng) -> Sides:
    r"""
    \frac{\mathrm{d} L}{\mathrm{d} b_x} =
    \sum_{t=1}^{T} \frac{\mathrm{d} L}{\mathrm{d} a_t}
    """
    k = gru_case(rng)
    return equals(
        left=k.d("b_x"),
        right=by_gru(k)["b_x"],
        wrong={
            "the other bias": by_gru(k)["b_h"],
            "last step only": k.d("a")[-1],
        },
    )


@equation("gru.11")
def the_grus_gradient_in_the_second_bias(rng: Rng) -> Sides:
    r"""
    \frac{\mathrm{d} L}{\mathrm{d} b_h} =
    \sum_{t=1}^{T} \frac{\mathrm{d} L}{\mathrm{d} u_t}
    """
    k = gru_case(rng)
    return equals(
        left=k.d("b_h"),
        right=by_gru(k)["b_h"],
        wrong={
            "the other bias": by_gru(k)["b_x"],
            "last step only": k.d("u")[-1],
        },
    )


@equation("gru.12")
def the_grus_gradient_in_the_inputs(rng: Rng) -> Sides:
    r"""
    \frac{\mathrm{d} L}{\mathrm{d} x_t} =
    \frac{\mathrm{d} L}{\mathrm{d} a_t} W_x^{\top}
    """
    k = gru_case(rng)
    return equals(
        left=k.d("xs"),
        right=by_gru(k)["xs"],
        wrong={
            "u in place of a": k.d("u") @ k.values["W_x"].T,
            "weights of the state": k.d("a") @ k.values["W_h"].T,
        },
    )


@equation("gru.13")
def the_grus_gradient_in_the_first_state(rng: Rng) -> Sides:
    r"""
    \frac{\mathrm{d} L}{\mathrm{d} s_0} =
    \frac{\mathrm{d} L}{\mathrm{d} s_1} \odot \tilde{z}_1 +
    \frac{\mathrm{d} L}{\mathrm{d} u_1} W_h^{\top}
    """
    k = gru_case(rng)
    direct = k.d("s")[0] * gates_of(k)[1][0]
    return equals(
        left=k.d("h0"),
        right=by_gru(k)["h0"],
        wrong={
            "direct path alone": direct,
            "gates alone": by_gru(k)["h0"] - direct,
        },
    )
