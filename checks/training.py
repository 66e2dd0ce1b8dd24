"""What the symbols of ``training.md`` are worth."""

from collections.abc import Callable
from itertools import product

import numpy as np

from engine.equations import (
    Draw,
    Each,
    Formula,
    Mean,
    PageCode,
    Values,
    worth,
)
from snippets.normalization import layer_norm, layer_norm_backward
from snippets.optimizers import adam, init, momentum


@worth("tr.1", "tr.2")
def all_batches(draw: Draw) -> Values:
    """The mean over every batch that can be drawn."""
    B = draw.size("B", most=5, always=True)
    few = B > 3  # samples: there are mᴮ batches
    most = 2 if few else 3 + draw.number % 2
    m = draw.size("m", most=most, always=few)
    batches = list(product(range(1, m + 1), repeat=B))
    return {
        "m": m,
        "B": B,
        "g^{(i)}": draw.each("g^{(i)}", range(1, m + 1)),
        "r": np.array(batches[0]),
        "e_j": dict(enumerate(np.eye(B), 1)),
        "r_j": Formula(r"e_j^\top r"),
        r"\mathbb{E}": Mean(
            "r",
            tuple((1 / len(batches), np.array(one)) for one in batches),
        ),
    }


@worth("tr.3")
def descent_on_a_parabola(draw: Draw) -> Values:
    c, eta = draw("c"), draw(r"\eta")
    w = [draw("w_k")]
    for _ in range(5):
        w.append(w[-1] - eta * (c * w[-1]))
    return {
        "c": c,
        r"\eta": eta,
        "w_k": dict(enumerate(w)),
        "k": Each(range(1, 6)),
    }


@worth("tr.4")
def the_best_rate(draw: Draw) -> Values:
    low, high = draw(r"c_{\min}"), draw(r"c_{\max}")
    return {
        r"c_{\min}": low,
        r"c_{\max}": high,
        r"\eta": 2 / (low + high),
    }


@worth("tr.11")
def a_cloud(draw: Draw) -> Values:
    return {
        "c": draw("c"),
        r"\eta": draw(r"\eta"),
        "s": draw("s"),
    }


def steps(draw: Draw) -> Values:
    """Gradients of a few steps."""
    numbers = range(1, draw.size("k", most=4) + 1)
    return {"k": Each(numbers), "g_k": draw.each("g_k", numbers)}


@worth()
def a_falling_rate(draw: Draw) -> Values:
    K = draw.size("K")
    return {
        "k": Each(range(K + 1)),
        "K": K,
        r"\eta": draw(r"\eta"),
    }


@a_falling_rate.code
def by_the_schedule(v: Values, page: PageCode) -> Values:
    falling = page("cosine")
    return {r"\eta_k": lambda k: v[r"\eta"] * falling(k / v["K"])}


@worth("tr.5")
def a_fading_sum(draw: Draw) -> Values:
    return steps(draw) | {r"\beta": draw(r"\beta"), "v_0": 0.0}


@a_fading_sum.code
def by_momentum(v: Values) -> Values:
    params = {"w": np.zeros(())}
    states = [init(params)]
    for g in v["g_k"].values():
        _, state = momentum(
            params, {"w": g}, states[-1], 0.1, v[r"\beta"]
        )
        states.append(state)
    return {"v_k": lambda k: float(states[k].v["w"])}


def moved_by_momentum(
    gradient: Callable[[int, float], float], v: Values
) -> list[float]:
    """A weight from 1 on, after five steps of the code."""
    params, w = {"w": np.ones(())}, [1.0]
    state = init(params)
    for k in range(1, 6):
        grads = {"w": np.array(gradient(k, w[-1]))}
        settings = v[r"\eta"], v[r"\beta"]
        params, state = momentum(params, grads, state, *settings)
        w.append(float(params["w"]))
    return w


@worth()
def a_step_along_the_sum(draw: Draw) -> Values:
    rates = {s: draw(s) for s in (r"\eta", r"\beta")}
    gradients = draw.each("g_k", range(1, 6))
    return rates | {
        "k": Each(range(1, 6)),
        "g_k": gradients,
        "v_0": 0.0,
    }


@a_step_along_the_sum.code
def weights_by_momentum(v: Values) -> Values:
    w = moved_by_momentum(lambda k, _: v["g_k"][k], v)
    return {"w_k": lambda k: w[k]}


@worth()
def momentum_down_a_parabola(draw: Draw) -> Values:
    rates = {s: draw(s) for s in ("c", r"\eta", r"\beta")}
    return rates | {"k": Each(range(1, 5))}


@momentum_down_a_parabola.code
def weights_down_a_parabola(v: Values) -> Values:
    w = moved_by_momentum(lambda _, w: v["c"] * w, v)
    return {"w_k": lambda k: w[k]}


@worth("tr.6")
def a_step_with_momentum(draw: Draw) -> Values:
    """Where both solutions are negative, positive or complex."""
    beta, eta = draw(r"\beta"), draw(r"\eta")
    low, high = (1 - np.sqrt(beta)) ** 2, (1 + np.sqrt(beta)) ** 2
    ranges = (high, 2 * high), (0, low), (low, high)
    eta_c = draw.rng.uniform(*ranges[draw.number % 3])
    roots = np.roots([1, eta_c - 1 - beta, beta])
    return {
        r"\beta": beta,
        r"\eta": eta,
        "c": eta_c / eta,
        "r": draw.some(*roots).item(),
    }


@worth("tr.7")
def a_complex_pair(draw: Draw) -> Values:
    """With ηc at most (1 + √β)² and at least (1 − √β)²."""
    beta = draw(r"\beta")
    low, high = (1 - np.sqrt(beta)) ** 2, (1 + np.sqrt(beta)) ** 2
    eta_c = draw.rng.uniform(low, high)
    roots = np.roots([1, eta_c - 1 - beta, beta])
    return {r"\beta": beta, "r": complex(draw.some(*roots))}


@worth(
    "tr.8",
    spared={
        "tr.8": {
            rf"transpose: \sqrt{{\kappa}} {sign} 1": (
                r"\sqrt{\kappa}^\top = \sqrt{\kappa}"
            )
            for sign in "+-"
        }
    },
)
def momentum_at_its_best(draw: Draw) -> Values:
    low, high = draw(r"c_{\min}"), draw(r"c_{\max}")
    return {
        r"c_{\min}": low,
        r"c_{\max}": high,
        r"\eta": 4 / (np.sqrt(low) + np.sqrt(high)) ** 2,
    }


@worth("tr.9")
def shares_of_a_running_mean(draw: Draw) -> Values:
    return {"k": draw.size("k"), r"\beta_1": draw(r"\beta_1")}


@worth("tr.10")
def steps_of_adam(draw: Draw) -> Values:
    return steps(draw) | {
        r"\varepsilon": draw(r"\varepsilon"),
        r"\beta_1": draw(r"\beta_1"),
        r"\beta_2": draw(r"\beta_2"),
        r"\bar{g}_0": 0.0,
        "q_0": 0.0,
    }


@steps_of_adam.code
def by_adam(v: Values) -> Values:
    params = {"w": np.zeros(())}
    settings = (v[r"\beta_1"], v[r"\beta_2"], v[r"\varepsilon"])
    state, moves = init(params), [0.0]
    for g in v["g_k"].values():
        new, state = adam(params, {"w": g}, state, 1.0, *settings)
        moves.append(-float(new["w"]))
    return {r"\Delta_k": lambda k: moves[k]}


@worth()
def weights_under_adam(draw: Draw) -> Values:
    return steps_of_adam.values(draw) | {r"\eta": draw(r"\eta")}


@weights_under_adam.code
def weights_by_adam(v: Values) -> Values:
    params = {"w": np.zeros(())}
    settings = (v[r"\beta_1"], v[r"\beta_2"], v[r"\varepsilon"])
    state, w = init(params), [0.0]
    for g in v["g_k"].values():
        grads = {"w": g}
        params, state = adam(
            params, grads, state, v[r"\eta"], *settings
        )
        w.append(float(params["w"]))
    return {"w_k": lambda k: w[k]}


@worth("tr.12")
def a_sum_of_random_weights(draw: Draw) -> Values:
    """Weights of two or three values each, of mean 0."""
    n = draw.size("n", most=3, always=True)
    a, b = draw.rng.uniform(0.5, 2, size=2)
    # value and probability; the mean is 0
    law = draw.some(
        ((a, b / (a + b)), (-b, a / (a + b))),
        ((a, 0.3), (-a, 0.3), (0.0, 0.4)),
    )
    variance = sum(p * value**2 for value, p in law)
    every = [
        (
            float(np.prod([p for _, p in one])),
            np.array([value for value, _ in one]),
        )
        for one in product(law, repeat=n)
    ]
    return {
        "n": n,
        "h_i": draw.each("h_i", range(1, n + 1)),
        r"\omega": every[draw.rng.integers(len(every))][1],
        "e_i": dict(enumerate(np.eye(n), 1)),
        "w_i": Formula(r"e_i^\top \omega"),
        r"\sigma": np.sqrt(variance),
        r"\mathbb{E}": Mean(r"\omega", tuple(every)),
    }


@worth()
def a_neuron(draw: Draw) -> Values:
    numbers = range(1, draw.size("n") + 1)
    return {
        "n": len(numbers),
        "h_i": draw.each("h_i", numbers),
        "w_i": draw.each("w_i", numbers),
    }


@a_neuron.code
def by_the_last_layer(v: Values, page: PageCode) -> Values:
    w, h = (np.array([*v[name].values()]) for name in ("w_i", "h_i"))
    layer = {"W1": w[:, None], "b1": np.zeros(1)}
    return {"z": page("forward")(layer, h[None])[-1].item()}


LOSS = r"\frac12 \sum_{i=1}^{n} y_i^2 p_i + \sum_{i=1}^{n} y_i t_i"


@worth("tr.13")
def normalised(draw: Draw) -> Values:
    n = draw.size("n", most=4)
    numbers = range(1, n + 1)
    return {
        "n": n,
        "i": Each(numbers),
        "x_i": draw.each("x_i", numbers),
        r"\gamma_i": draw.each(r"\gamma_i", numbers),
        "b_i": draw.each("b_i", numbers),
        "y_i": Formula(r"\gamma_i \hat{x}_i + b_i"),
        r"\varepsilon": draw(r"\varepsilon"),
        "p_i": draw.each("b_i", numbers),
        "t_i": draw.each("b_i", numbers),
        "L": Formula(LOSS),
    }


@normalised.code
def by_layer_norm(v: Values) -> Values:
    x, gain, b, p, t = (
        np.array([*v[name].values()])
        for name in ("x_i", r"\gamma_i", "b_i", "p_i", "t_i")
    )
    y, cache = layer_norm(x, gain, b, v[r"\varepsilon"])
    dx, *_ = layer_norm_backward(cache, p * y + t)
    return {
        "y_i": lambda i: y[i - 1],
        r"\frac{\partial L}{\partial x_i}": lambda i: dx[i - 1],
    }
