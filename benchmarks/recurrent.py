"""Forward and backward of our recurrent modules beside PyTorch and compiled JAX, on the CPU.

Run by hand: ``.venv/bin/python -m benchmarks.recurrent``. Everybody computes in float64 and on
one thread, pinned to one core; the runs alternate, so that a busy moment of the machine hits
everybody; the medians are compared. Before it is timed, each computation's result is held
against ours. PyTorch is optional.
"""

# ruff: noqa: E402 - the libraries read the number of threads while they are imported

import os

THREADS = 1
for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = str(THREADS)  # read when NumPy, PyTorch and JAX are imported
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
os.environ["JAX_PLATFORMS"] = "cpu"
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:THREADS])

import importlib.util
import platform
import statistics
import time
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from snippets import bptt, gru, lstm

RUNS = 11
SIZES = [(50, 16, 32, 64), (100, 32, 64, 128)]

Run = Callable[[], Any]
Arrays = dict[str, np.ndarray]


def inputs(kind: str, T: int, m: int, n_x: int, n_h: int) -> Arrays:
    """The weights and data of one comparison; n_q = n_x for the plain network's outputs."""
    rng = np.random.default_rng(0)
    a = {
        "xs": rng.normal(size=(T, m, n_x)),
        "h0": rng.normal(size=(m, n_h)),
        "c0": rng.normal(size=(m, n_h)),
        "dhs": rng.normal(size=(T, m, n_h)),
        "douts": rng.normal(size=(T, m, n_x)),
    }
    if kind == "lstm":
        return a | lstm.init(n_x, n_h, rng)
    if kind == "gru":
        return a | gru.init(n_x, n_h, rng)
    r = 1 / np.sqrt(n_h)
    shapes = {"W_hx": (n_h, n_x), "W_hh": (n_h, n_h), "W_qh": (n_x, n_h)}
    return a | {name: rng.uniform(-r, r, shape) for name, shape in shapes.items()}


def ours(kind: str, a: Arrays) -> Run:
    """Our forward and backward; returns the gradient in the recurrent weights."""

    def run_lstm() -> np.ndarray:
        _, _, cache = lstm.forward(a, a["xs"], a["h0"], a["c0"])
        return lstm.backward(a, cache, a["dhs"])[0]["W_h"]

    def run_gru() -> np.ndarray:
        _, cache = gru.forward(a, a["xs"], a["h0"])
        return gru.backward(a, cache, a["dhs"])[0]["W_h"]

    def run_bptt() -> np.ndarray:
        _, cache = bptt.forward(a["xs"], a["h0"], a["W_hx"], a["W_hh"], a["W_qh"])
        return bptt.backward(cache, a["douts"])["dW_hh"]

    return {"lstm": run_lstm, "gru": run_gru, "bptt": run_bptt}[kind]


def in_jax(kind: str, a: Arrays) -> Run:
    """The same with lax.scan over the steps, differentiated by JAX and compiled."""
    jax.config.update("jax_enable_x64", True)

    def lstm_step(p: Any, state: Any, x: Any) -> Any:
        h, c = state
        i, f, g, o = jnp.split(x + h @ p["W_h"], 4, axis=-1)
        c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
        h = jax.nn.sigmoid(o) * jnp.tanh(c)
        return (h, c), h

    def gru_step(p: Any, h: Any, x: Any) -> Any:
        (x_r, x_z, x_n), (h_r, h_z, h_n) = (
            jnp.split(s, 3, axis=-1) for s in (x, h @ p["W_h"] + p["b_h"])
        )
        r, z = jax.nn.sigmoid(x_r + h_r), jax.nn.sigmoid(x_z + h_z)
        h = (1 - z) * jnp.tanh(x_n + r * h_n) + z * h
        return h, h

    def rnn_step(p: Any, h: Any, x: Any) -> Any:
        h = jnp.tanh(x + h @ p["W_hh"].T)
        return h, h

    def loss(p: Any) -> Any:
        if kind == "lstm":
            start, step, each = (p["h0"], p["c0"]), lstm_step, p["xs"] @ p["W_x"] + p["b"]
        elif kind == "gru":
            start, step, each = p["h0"], gru_step, p["xs"] @ p["W_x"] + p["b_x"]
        else:
            start, step, each = p["h0"], rnn_step, p["xs"] @ p["W_hx"].T
        _, hs = jax.lax.scan(lambda state, x: step(p, state, x), start, each)
        if kind == "bptt":
            return jnp.sum((hs @ p["W_qh"].T) * a["douts"])
        return jnp.sum(hs * a["dhs"])

    # Ours gives these gradients, so everybody has to
    skipped = {"dhs", "douts"} | ({"xs", "c0"} if kind == "bptt" else set())
    skipped |= {"c0"} if kind == "gru" else set()
    fixed = {k: jnp.asarray(v) for k, v in a.items() if k in skipped}
    moving = {k: jnp.asarray(v) for k, v in a.items() if k not in skipped}
    value_and_grad = jax.jit(jax.value_and_grad(lambda p: loss(p | fixed)))

    def run() -> Any:
        gradients = jax.block_until_ready(value_and_grad(moving))[1]
        return gradients["W_hh" if kind == "bptt" else "W_h"]

    return run


def in_torch(kind: str, a: Arrays) -> Run:
    """The same with nn.LSTM, nn.GRU or nn.RNN (without biases, and a linear output)."""
    import torch

    torch.set_num_threads(THREADS)
    tensor = {k: torch.tensor(v) for k, v in a.items()}
    n_x, n_h = a["xs"].shape[-1], a["h0"].shape[-1]
    h0, c0 = tensor["h0"][None].requires_grad_(), tensor["c0"][None].requires_grad_()
    weights: dict[str, Any]
    if kind == "bptt":
        net = torch.nn.RNN(n_x, n_h, bias=False, dtype=torch.float64)
        weights = {"weight_ih_l0": a["W_hx"], "weight_hh_l0": a["W_hh"]}
    else:
        net = getattr(torch.nn, kind.upper())(n_x, n_h, dtype=torch.float64)
        weights = {"weight_ih_l0": a["W_x"].T, "weight_hh_l0": a["W_h"].T}
        weights["bias_ih_l0"] = a["b"] if kind == "lstm" else a["b_x"]
        weights["bias_hh_l0"] = 0 * a["b"] if kind == "lstm" else a["b_h"]
    net.load_state_dict({k: torch.tensor(v) for k, v in weights.items()})
    W_qh = torch.tensor(a["W_qh"]).requires_grad_() if kind == "bptt" else None
    xs = tensor["xs"] if kind == "bptt" else tensor["xs"].requires_grad_()

    def run() -> Any:
        hs, _ = net(xs, (h0, c0) if kind == "lstm" else h0)
        if W_qh is not None:
            wanted, out, dout = [W_qh, h0], hs @ W_qh.T, tensor["douts"]
        else:
            wanted, out, dout = [xs, h0], hs, tensor["dhs"]
            wanted += [c0] if kind == "lstm" else []
        first, *_ = torch.autograd.grad(out, [net.weight_hh_l0, *net.parameters(), *wanted], dout)
        return first.T if kind != "bptt" else first

    return run


def medians(runs: list[Run]) -> list[float]:
    """Seconds, the median of RUNS alternating runs of each, after one to warm up."""
    taken: list[list[float]] = [[] for _ in runs]
    for round_ in range(RUNS + 1):
        for run, times in zip(runs, taken, strict=True):
            start = time.perf_counter()
            run()
            if round_:
                times.append(time.perf_counter() - start)
    return [statistics.median(times) for times in taken]


def main() -> None:
    makers = {"ours": ours, "JAX": in_jax}
    if importlib.util.find_spec("torch"):
        makers["PyTorch"] = in_torch
    print(f"NumPy {np.__version__}, JAX {jax.__version__}", end="")
    if "PyTorch" in makers:
        import torch

        print(f", PyTorch {torch.__version__}", end="")
    print(f", Python {platform.python_version()}; float64, {THREADS} thread, {RUNS} runs")
    print(f"{'':5} {'(T, m, n_x, n_h)':>18} {'ours':>9}", end="")
    print("".join(f" {name:>9} {'ours/it':>8}" for name in list(makers)[1:]))
    for size in SIZES:
        for kind in ("lstm", "gru", "bptt"):
            a = inputs(kind, *size)
            runs = [make(kind, a) for make in makers.values()]
            result = runs[0]()
            for other in runs[1:]:
                np.testing.assert_allclose(np.asarray(other()), result, rtol=1e-9, atol=1e-9)
            mine, *theirs = medians(runs)
            print(f"{kind:5} {size!s:>18} {1e3 * mine:6.2f} ms", end="")
            print("".join(f" {1e3 * t:6.2f} ms {mine / t:8.2f}" for t in theirs))
    if "PyTorch" not in makers:
        print("PyTorch is not installed, so it is left out; the CPU build is enough:")
        print("pip install torch==2.13.0+cpu (the build for CPUs, from PyTorch's own index)")


if __name__ == "__main__":
    main()
