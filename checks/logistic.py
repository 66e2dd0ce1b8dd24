"""What the symbols of ``logistic.md`` are worth."""

import numpy as np
from scipy.special import expit

from engine.equations import Draw, Each, Formula, Values, worth
from snippets.activations import sigmoid
from snippets.logistic import (
    cost,
    fit,
    gradients,
    loss,
    loss_from_logits,
    predict,
    squared_error_curvature,
    unroll,
)

#: The probability of each label, as the page has it in words.
EITHER = Formula(r"[y = 1] \, \hat{y} + [y = 0] \, (1 - \hat{y})")


@worth("lr.25")
def a_picture_unrolled(draw: Draw) -> Values:
    picture = draw.rng.normal(size=(64, 64, 3))
    column = [x for row in picture for pixel in row for x in pixel]
    return {
        "r": Each(draw.rng.integers(64, size=2).tolist()),
        "s": Each(draw.rng.integers(64, size=2).tolist()),
        "c": Each(range(3)),
        "I_{rsc}": dict(np.ndenumerate(picture)),
        "x_j": dict(enumerate(column)),
    }


@a_picture_unrolled.code
def by_unrolling_it(v: Values) -> Values:
    picture = np.reshape([*v["I_{rsc}"].values()], (64, 64, 3))
    column = unroll(picture)[:, 0]
    place = "x_{3(64r + s) + c}"
    return {place: lambda r, s, c: column[3 * (64 * r + s) + c]}


@worth("lr.2", "lr.26")
def a_logit(draw: Draw) -> Values:
    return {"z": draw("z")}


@a_logit.code
def by_the_sigmoid(v: Values) -> Values:
    return {r"\sigma(z)": sigmoid(v["z"])}


def one_sample(draw: Draw) -> Values:
    """A neuron and a sample, with the page's definitions."""
    return {
        "w": draw("w", scale=0.7),
        "b": draw("b", scale=0.7),
        "x": draw("x", scale=1),
        "y": draw("y"),
        r"P(y \mid x)": EITHER,
    }


@worth()
def any_prediction(draw: Draw) -> Values:
    return {
        "x": draw("x"),
        "y": draw("y"),
        r"\hat{y}": draw(r"\hat{y}"),
        r"P(y \mid x)": EITHER,
    }


@any_prediction.code
def by_the_loss(v: Values) -> Values:
    return {r"\mathcal{L}(\hat{y}, y)": loss(v[r"\hat{y}"], v["y"])}


@worth("lr.4", "lr.5", "lr.6", "lr.18", "lr.9", "lr.19", "lr.1")
def a_sample(draw: Draw) -> Values:
    return one_sample(draw)


@a_sample.code
def by_both_losses(v: Values) -> Values:
    z = float(v["w"] @ v["x"] + v["b"])
    return {
        r"\mathcal{L}(\hat{y}, y)": loss(sigmoid(z), v["y"]),
        r"\mathcal{L}(\sigma(z), y)": loss_from_logits(z, v["y"]),
        "E''(z)": squared_error_curvature(z, v["y"]),
    }


BEND = r"\frac{\partial^2}{\partial \hat{y}^2}"
SQUARE = r"(\hat{y} - y)^2"


@worth(
    "lr.14",
    "lr.16",
    "lr.17",
    "lr.10",
    "lr.22",
    spared={
        "lr.14": {
            f"sign: {SQUARE}": BEND + r"(\hat{y} + y)^2 = 2",
            f"term: {SQUARE}": BEND + r"\hat{y}^2 = 2",
        }
    },
)
def slopes_for_one_sample(draw: Draw) -> Values:
    return one_sample(draw)


@worth("lr.15")
def the_slope_of_the_sigmoid(draw: Draw) -> Values:
    return {"z": draw("z")}


@worth("lr.20")
def on_both_sides_of_one_third(draw: Draw) -> Values:
    """Near and far from where it turns; once a side nearly there, and
    where the answer is right."""
    y, side = draw("y"), 1 - draw.number // 2 % 2 * 2
    if draw.number in (12, 15):
        return {"y": y, "z": (2 * y - 1) * draw.rng.uniform(0, 4)}
    far = 0.3 * 10 ** draw.rng.uniform(-3.5, 0)
    if draw.number in (4, 6):
        far = 3e-7
    return {"y": y, "z": (1 - 2 * y) * (np.log(2) + side * far)}


@worth("lr.21")
def one_weight_and_another(draw: Draw) -> Values:
    n_x = draw.size("n_x", most=3)
    each = range(1, n_x + 1)
    return {
        "n_x": n_x,
        "j": Each(each),
        "k": Each(each),
        "w_j": draw.each("w_j", each, scale=0.5),
        "x_j": draw.each("x_j", each, scale=1),
        "b": draw("b", scale=0.5),
        "y": draw("y"),
        "z": Formula(r"\sum_{i=1}^{n_x} w_i x_i + b"),
    }


def all_samples(draw: Draw, *symbols: str) -> Values:
    """A neuron and m samples, and of their symbols those asked."""
    m = draw.size("m", most=3)
    each = range(1, m + 1)
    x = draw.each("x", each, scale=1)
    y = {i: float(draw.rng.integers(2)) for i in each}
    w, b = draw("w", scale=0.7), draw("b", scale=0.7)
    y_hat = [expit(sum(w * x[i]) + b) for i in each]
    values: Values = {
        "m": m,
        "w": w,
        "b": b,
        "x^{(i)}": x,
        "y^{(i)}": y,
        r"\hat{y}^{(i)}": Formula(r"\sigma(w^\top x^{(i)} + b)"),
        "x": draw("x"),
        r"P(y \mid x)": EITHER,
        "X": np.array([x[i] for i in each]).T,
        r"\boldsymbol{y}": np.array([y[i] for i in each]),
        r"\hat{\boldsymbol{y}}": np.array(y_hat),
    }
    return {symbol: values[symbol] for symbol in symbols}


SAMPLES = "m", "w", "b", "x", "x^{(i)}", "y^{(i)}", r"P(y \mid x)"


@worth("lr.3")
def all_predictions(draw: Draw) -> Values:
    asked = "w", "b", "x", "X", r"\hat{\boldsymbol{y}}"
    return all_samples(draw, *asked) | {r"\sigma(z)": expit}


@all_predictions.code
def by_predicting(v: Values) -> Values:
    return {r"\hat{\boldsymbol{y}}": predict(v["w"], v["b"], v["X"])}


@worth("lr.7", "lr.8", "lr.11", "lr.12")
def the_cost_of_all_samples(draw: Draw) -> Values:
    arrays = r"\boldsymbol{y}", r"\hat{\boldsymbol{y}}", "X"
    return all_samples(draw, *SAMPLES, *arrays, r"\hat{y}^{(i)}")


@the_cost_of_all_samples.code
def by_cost_and_gradients(v: Values) -> Values:
    data = v["w"], v["b"], v["X"], v[r"\boldsymbol{y}"]
    dw, db = gradients(*data)
    return {
        "J(w, b)": cost(*data),
        r"\frac{\partial J}{\partial w}": dw,
        r"\frac{\partial J}{\partial b}": db,
    }


@worth()
def a_step_of_gradient_descent(draw: Draw) -> Values:
    """From weights that some steps have led to."""
    values = all_samples(draw, *SAMPLES, r"\boldsymbol{y}", "X")
    X, y, eta = (
        values.pop("X"),
        values.pop(r"\boldsymbol{y}"),
        draw(r"\eta"),
    )
    w, b = np.zeros(len(X)), 0.0
    for _ in range(draw.number % 3):
        errors = expit(w @ X + b) - y
        w = w - eta * X @ errors / len(y)
        b = b - eta * float(np.mean(errors))
    return values | {"w": w, "b": b, r"\eta": eta}


@a_step_of_gradient_descent.code
def by_one_step_more(v: Values) -> Values:
    X = np.array([*v["x^{(i)}"].values()]).T
    y = np.array([*v["y^{(i)}"].values()])
    runs = [fit(X, y, v[r"\eta"], steps)[:2] for steps in (1, 2, 3)]
    before = [np.zeros(len(X)), *(w for w, _ in runs)]
    at = next(k for k in range(3) if np.allclose(before[k], v["w"]))
    return {"w'": runs[at][0], "b'": runs[at][1]}


@worth("lr.23")
def along_a_line(draw: Draw) -> Values:
    moved = r"\sigma((w + t u)^\top x^{(i)} + b + t v)"
    return all_samples(draw, *SAMPLES) | {
        "u": draw("u", scale=1),
        "v": draw("v", scale=1),
        "t": draw("t"),
        r"\hat{y}^{(i)}": Formula(moved),
    }


@worth("lr.24")
def along_a_chord(draw: Draw) -> Values:
    """The chord is the curve, nearly, where all answers are wrong."""
    values = all_samples(draw, *SAMPLES)
    u, v = draw("u", scale=2), draw("v", scale=2)
    if draw.tight:
        w, b, samples = values["w"], values["b"], values["x^{(i)}"]
        z = {i: float(w @ x + b) for i, x in samples.items()}
        w, b = (
            12 / max(map(abs, z.values())) * value for value in (w, b)
        )
        u, v = w / 2, b / 2
        wrong = {i: float(answer < 0) for i, answer in z.items()}
        values |= {"w": w, "b": b, "y^{(i)}": wrong}
    return values | {"u": u, "v": v, "t": draw("t")}


@worth("lr.13", within={"lr.13": 1e-6})
def a_function_of_parameters(draw: Draw) -> Values:
    """Small steps, and large ones on a parabola, whose central
    difference has no error at all."""
    n = 3
    each = range(1, n + 1)
    unit = np.eye(n)
    curves = [
        lambda θ: float(np.sum(np.sin(θ * [1, 2, 1]))),
        lambda θ: float(np.tanh(θ[0] * θ[1]) + θ[2] ** 2),
    ]
    h = draw.rng.uniform(2e-4, 5e-4)
    if draw.number % 4 == 3:
        curves = [lambda θ: float(θ @ np.roll(θ, 1) + θ @ θ)]
        h = draw.rng.uniform(0.1, 2)
    return {
        "k": Each(each),
        r"\theta_k": dict(enumerate(draw.rng.normal(size=n), 1)),
        "e_k": lambda k: unit[k - 1],
        r"\theta": Formula(rf"\sum_{{j=1}}^{{{n}}} \theta_j e_j"),
        "h": h,
        r"f(\theta)": draw.some(*curves),
    }
