"""What the symbols of ``bias.md`` are worth."""

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

from engine.equations import Draw, Formula, Values, worth
from snippets.activations import relu
from snippets.logistic import cost, gradients, logits

LOSS = r"\mathcal{L}(q, y)"
MEAN_LOSS = r"\frac{1}{m} \sum_{i=1}^{m} \mathcal{L}(%s, y^{(i)})"
COST = Formula(MEAN_LOSS % r"\sigma(w^\top x^{(i)} + b)")


def log_loss(q: np.ndarray, y: float) -> float:
    """The loss of the probability q if the label is y."""
    return -float(np.log(q if y else 1 - q).item())


def samples(draw: Draw) -> Values:
    """Some samples, among which both labels occur, one of them once
    in some draws."""
    m = draw.size("m")
    low, high = draw.some((0, 2), (0, 1), (1, 2))
    more = draw.rng.integers(low, high, size=m - 2)
    y = [0.0, 1.0, *more.astype(float)]
    each = range(1, m + 1)
    return {
        "m": m,
        "x^{(i)}": draw.each("x^{(i)}", each, scale=1),
        "y^{(i)}": dict(enumerate(draw.rng.permutation(y).tolist(), 1)),
    }


def neuron(draw: Draw) -> Values:
    return {"w": draw("w", scale=0.7), "b": draw("b", scale=0.7)}


@worth()
def the_nearest_point(draw: Draw) -> Values:
    """Of the boundary, as least squares find it."""
    w, b = draw("w"), draw("b")
    x, *_ = np.linalg.lstsq(w[None, :], [-b])
    return {"w": w, "b": b, "x": x, "t": float(x[0] / w[0])}


@worth()
def a_constant_feature(draw: Draw) -> Values:
    q, v = draw.rng.normal(size=2)
    values = {"q": q, "v": v, "b": float(np.prod([q, v]))}
    return values | {r"\lambda": draw(r"\lambda")}


@worth()
def an_input_and_its_negative(draw: Draw) -> Values:
    f = draw.some(np.exp, np.cos)
    return {"x": draw.rng.normal(), "f(x)": f}


def priced(values: Values) -> Values:
    """With sigmoid, loss and cost."""
    named = {r"\sigma(z)": expit, LOSS: log_loss, "J(w, b)": COST}
    return values | named


def stacked(values: Values) -> tuple[np.ndarray, np.ndarray]:
    """The samples as columns, and their labels."""
    X = np.array([*values["x^{(i)}"].values()]).T
    return X, np.array([*values["y^{(i)}"].values()])


@worth("bias.1")
def points_of_the_boundary(draw: Draw) -> Values:
    """The one that least squares find, and others beside it, one of
    them far away."""
    w, b = draw("w"), draw("b")
    nearest, *_ = np.linalg.lstsq(w[None, :], [-b])
    beside = draw.rng.normal(size=(4, len(w)))
    beside -= np.outer(beside @ w, w) / (w @ w)
    beside[-1] *= 100
    points = [nearest, *(nearest + one for one in beside)]
    columns = [point[:, None] for point in points]
    return {"w": w, "b": b, "H": "H", r"x \in H": lambda H: columns}


@worth("bias.2", "bias.3")
def one_input(draw: Draw) -> Values:
    values = neuron(draw) | {"x": draw("x"), "c": draw("c")}
    return values | {r"\sigma(z)": expit}


@one_input.code
def by_the_logits(v: Values) -> Values:
    z, stretched = logits(v["w"], v["b"], np.outer(v["x"], [1, v["c"]]))
    return {"z(x)": z, r"z(c \, x)": stretched}


@worth("bias.6")
def two_samples_on_one_ray(draw: Draw) -> Values:
    """In some draws one of them pays hardly more than log 2, and
    nobody else pays."""
    values = {"w": draw("w", scale=1)} | samples(draw)
    w, x, y = values["w"], values["x^{(i)}"], values["y^{(i)}"]
    near, far = (next(i for i in y if y[i] == k) for k in (0, 1))
    if draw.tight:
        unit = w / (w @ w)
        x |= {i: 30 * (2 * y[i] - 1) * unit for i in y}
        x[near] = 1e-7 * unit
    x[far] = (3e8 if draw.tight else draw("c")) * x[near]
    return priced(values)


@two_samples_on_one_ray.code
def by_the_cost_without_a_bias(v: Values) -> Values:
    return {"J(w, 0)": cost(v["w"], 0.0, *stacked(v))}


@worth("bias.4")
def a_constant_input(draw: Draw) -> Values:
    return neuron(draw) | {"x": draw("x")}


@worth("bias.5")
def samples_with_a_constant(draw: Draw) -> Values:
    values = samples(draw)
    w, (X, y) = draw(r"\tilde{w}", scale=0.7), stacked(values)
    X_one = np.vstack([X, np.ones(len(y))])
    return {
        "m": len(y),
        r"\tilde{w}": w,
        r"\tilde{X}": X_one,
        r"\boldsymbol{y}": y,
        r"\hat{\boldsymbol{y}}": expit(w @ X_one),
        r"\tilde{x}^{(i)}": dict(enumerate(X_one.T, start=1)),
        "y^{(i)}": values["y^{(i)}"],
        r"\sigma(z)": expit,
        LOSS: log_loss,
        "J": Formula(
            MEAN_LOSS % r"\sigma(\tilde{w}^\top \tilde{x}^{(i)})"
        ),
    }


@samples_with_a_constant.code
def by_the_gradients(v: Values) -> Values:
    w, b = v[r"\tilde{w}"][:-1], v[r"\tilde{w}"][-1]
    X, y = v[r"\tilde{X}"][:-1], v[r"\boldsymbol{y}"]
    gradient = np.append(*gradients(w, b, X, y))
    return {r"\frac{\partial J}{\partial \tilde{w}}": gradient}


@worth("bias.7")
def weights_of_zero(draw: Draw) -> Values:
    values = samples(draw)
    X, y = stacked(values)

    def J(w: float, b: float) -> float:
        z = np.full(len(X), w) @ X + b
        return float(np.mean(np.logaddexp(0, z) - y * z))

    kept = {key: values[key] for key in ("m", "y^{(i)}")}
    return kept | {"J(w, b)": J}


@worth("bias.8")
def shifted_samples(draw: Draw) -> Values:
    shift = {"a": draw("a", scale=0.7)}
    return priced(neuron(draw) | samples(draw) | shift)


@shifted_samples.code
def by_the_cost_of_shifted_samples(v: Values) -> Values:
    w, b, (X, y) = v["w"], v["b"], stacked(v)
    moved = cost(w, b - w @ v["a"], X + v["a"][:, None], y)
    return {"J(w, b)": cost(w, b, X, y), r"J_a(w, b - w^\top a)": moved}


@worth("bias.9", measured=True)
def the_minimum_with_a_penalty_on_the_bias(draw: Draw) -> Values:
    values, λ = samples(draw), draw(r"\lambda", scale=draw.some(0.1, 2))
    X, y = stacked(values)
    X_one = np.vstack([X, np.ones(len(y))])

    def objective(v: np.ndarray) -> float:
        z = v @ X_one
        loss = np.mean(np.logaddexp(0, z) - y * z)
        return float(loss + λ / 2 * v @ v)

    start = np.zeros(len(X_one))
    v = minimize(objective, start, jac="3-point", tol=1e-9).x
    return values | {
        "w": v[:-1],
        "b": float(v[-1]),
        r"\lambda": λ,
        r"\hat{y}^{(i)}": Formula(r"\sigma(w^\top x^{(i)} + b)"),
        r"\sigma(z)": expit,
    }


@worth("bias.10")
def one_neuron_with_a_kink(draw: Draw) -> Values:
    draw.size("n_x", most=1, always=True)
    return neuron(draw) | {
        "x": draw("x", scale=3),
        r"\operatorname{relu}(z)": lambda z: np.maximum(z, 0),
    }


@one_neuron_with_a_kink.code
def by_relu(v: Values) -> Values:
    output = r"\operatorname{relu}(w x + b)"
    return {output: relu(v["w"] * v["x"] + v["b"])}


@worth("bias.11")
def a_network_without_biases(draw: Draw) -> Values:
    return {
        "W^{(1)}": draw("W^{(1)}"),
        "W^{(2)}": draw("W^{(2)}"),
        "x": draw("x"),
        "c": draw("c"),
        r"\operatorname{relu}(z)": lambda z: np.maximum(z, 0),
    }


@a_network_without_biases.code
def by_a_network_of_relu(v: Values) -> Values:
    hidden = relu(v["W^{(1)}"] @ v["x"])
    return {"f(x)": v["W^{(2)}"] @ hidden}
