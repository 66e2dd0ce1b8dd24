"""What the symbols of ``regularization.md`` are worth."""

from itertools import product

import numpy as np
from scipy.stats import laplace, norm

from engine.equations import Draw, Each, Formula, Mean, Values, worth
from snippets.regularization import (
    l1_penalty,
    l2_penalty,
    lasso,
    ridge,
    soft_threshold,
)


def samples(draw: Draw) -> Values:
    """Features, targets and any weights."""
    draw.size("m", most=5)
    draw.size("n_x", most=4)
    return {
        "X": draw("X", scale=1),
        "y": draw("y", scale=1),
        "w": draw("w", scale=1),
    }


def learning_rate(draw: Draw, X: np.ndarray) -> float:
    """At most 1 / ‖X‖₂², and just that in tight draws."""
    share = 1 if draw.tight else draw.rng.uniform(0.2, 1)
    return float(share / np.linalg.norm(X, 2) ** 2)


def squares(v: Values, w: np.ndarray) -> float:
    """Half the sum of the squared errors."""
    return float(np.sum((v["X"] @ w - v["y"]) ** 2)) / 2


@worth("reg.1", "reg.4")
def a_step_on_the_ridge_objective(draw: Draw) -> Values:
    return samples(draw) | {
        r"\lambda": draw(r"\lambda"),
        r"\eta": draw(r"\eta"),
    }


@a_step_on_the_ridge_objective.code
def errors_and_the_l2_penalty(v: Values) -> Values:
    return {
        "J_2(w)": squares(v, v["w"]) + l2_penalty(v["w"], v[r"\lambda"])
    }


TURNED = "transpose: (X^{\\top}X + \\lambda I)^{-1}X^{\\top}y"


@worth("reg.2", "reg.3", spared={"reg.2": {TURNED: r"I^\top = I"}})
def the_weights_of_ridge(draw: Draw) -> Values:
    """Least squares with the rows √λ I more, see exercise 1."""
    v = samples(draw)
    X, y, (m, n_x) = v["X"], v["y"], v["X"].shape
    lam = draw(r"\lambda") or float(m < n_x)
    more = np.vstack([X, np.sqrt(lam) * np.eye(n_x)])
    targets = np.append(y, np.zeros(n_x))
    U, s, Vt = np.linalg.svd(X, full_matrices=False)
    return {
        "X": X,
        "y": y,
        r"\lambda": lam,
        "I": np.eye(n_x),
        r"\hat{w}": np.linalg.lstsq(more, targets)[0],
        "k": Each(range(len(s))),
        "u_k": dict(enumerate(U.T)),
        "s_k": dict(enumerate(s)),
        "v_k": dict(enumerate(Vt)),
    }


@the_weights_of_ridge.code
def solved_by_the_normal_equations(v: Values) -> Values:
    return {r"\hat{w}": ridge(v["X"], v["y"], v[r"\lambda"])}


def densities(draw: Draw, prior: str) -> Values:
    """P(w | y), but for the factor P(y), as P(y | w) P(w)."""
    v = samples(draw)
    sigma, spread = draw(r"\sigma", scale=1), draw(prior, scale=1)
    of = norm if prior == r"\tau" else laplace

    def density(w: np.ndarray, y: np.ndarray) -> float:
        w = w * np.ones(len(v["w"]))
        noise = np.prod(norm.pdf(y, v["X"] @ w, sigma))
        return float(noise * np.prod(of.pdf(w, 0, spread)))

    return v | {
        r"\sigma": sigma,
        prior: spread,
        r"P(w \mid y)": density,
    }


@worth()
def a_quadratic_form(draw: Draw) -> Values:
    v = samples(draw)
    n_x = len(v["w"])
    values = {"X": v["X"], "v": v["w"], "I": np.eye(n_x)}
    return values | {r"\lambda": draw(r"\lambda")}


def strength_of(w: float, v: Values) -> float:
    """The λ for which a single weight has no slope at w."""
    x = v["X"][:, 0]
    return float(x @ (v["y"] - x * w))


@worth()
def the_most_likely_weight(draw: Draw) -> Values:
    """Where the density of a single weight, whose logarithm is a
    parabola, is highest."""
    draw.size("n_x", most=1, always=True)
    v = densities(draw, r"\tau")
    low, mid, high = (
        np.log(v[r"P(w \mid y)"](w, v["y"])) for w in (-0.1, 0, 0.1)
    )
    w = 0.05 * (low - high) / (low + high - 2 * mid)
    values = {s: v[s] for s in (r"\sigma", r"\tau")}
    return values | {r"\lambda": strength_of(w, v) / w}


@worth()
def orthonormal_columns(draw: Draw) -> Values:
    """Of one weight, by least squares with the row √λ more."""
    n_x = draw.size("n_x", most=1, always=True)
    X = np.linalg.qr(draw.rng.normal(size=(3, n_x)))[0]
    y, lam = draw.rng.normal(size=len(X)), draw(r"\lambda")
    more = np.vstack([X, np.sqrt(lam) * np.eye(n_x)])
    return {
        "X": X,
        "y": y,
        "I": np.eye(n_x),
        "a": float(sum(X[:, 0] * y)),
        r"\lambda": lam,
        r"\hat{w}": np.linalg.lstsq(more, np.append(y, np.zeros(n_x)))[
            0
        ],
    }


@worth("reg.5")
def a_gaussian_prior(draw: Draw) -> Values:
    return densities(draw, r"\tau")


@worth("reg.6")
def a_laplace_prior(draw: Draw) -> Values:
    return densities(draw, r"\beta")


@worth("reg.7", "reg.8")
def one_weight_under_either_penalty(draw: Draw) -> Values:
    return {"a": draw("a"), "t": draw("t")}


@one_weight_under_either_penalty.code
def moved_towards_zero(v: Values) -> Values:
    return {"S_t(a)": float(soft_threshold(v["a"], v["t"]))}


@worth("reg.10")
def a_parabola_above_the_error(draw: Draw) -> Values:
    """Tight where d is the direction that X stretches most."""
    v = samples(draw)
    d = draw("d")
    if draw.tight:
        d = d[0] * np.linalg.svd(v["X"])[2][0]
    return v | {"d": d, r"\eta": learning_rate(draw, v["X"])}


@worth("reg.11")
def the_lowest_point_of_the_parabola(draw: Draw) -> Values:
    """Tight where d leads there, as found weight by weight, and a
    thousandth beyond or short of it, which is lower on any other
    parabola; small errors leave most weights above the threshold."""
    lam = draw(r"\lambda", scale=2 if draw.number % 3 == 1 else 0.3)
    v = samples(draw) | {r"\lambda": lam, "d": draw("d")}
    eta = v[r"\eta"] = learning_rate(draw, v["X"])
    if draw.tight:
        X, w = v["X"], v["w"]
        v["y"] = X @ w + v["y"] / 2
        a = w - eta * X.T @ (X @ w - v["y"])
        found = np.maximum(np.abs(a) - eta * lam, 0)
        beyond = {8: 1e-3, 14: -1e-3}.get(draw.number, 0.0)
        d = np.sign(a) * found - w
        v["d"] = d * (1 + beyond * (found > 0))
    elif draw.number % 3 == 1:  # to the lasso's own weights
        v["d"] = best_of_all_signs(v, lam) - v["w"]
    else:  # hardly beyond the lowest point
        a = v["w"] - eta * v["X"].T @ (v["X"] @ v["w"] - v["y"])
        found = np.maximum(np.abs(a) - eta * lam, 0)
        lowest = np.sign(a) * found
        share = {0: 0.05, 6: -5e-3, 12: 5e-3, 18: -1e-3}
        beside = 0.02 * draw("d") * (draw.number % 2)
        v["d"] = (
            lowest * (1 + share.get(draw.number, 0)) + beside - v["w"]
        )
    return v


@worth("reg.12")
def a_step_towards_the_lasso(draw: Draw) -> Values:
    """Tight where X stretches all that moves alike, and no weight
    arrives at zero; each moves by another step."""
    v = samples(draw)
    lam = draw(r"\lambda")
    if draw.tight:
        c = draw.rng.uniform(0.5, 3)
        X = c * np.eye(*v["X"].shape)
        w = v["w"] * np.diag(X.T @ X > 0)
        step = draw.rng.uniform(0.2, 2, size=len(w))
        v |= {"X": X, "w": w}
        v["y"] = X @ (w + np.sign(w) * (lam / c**2 + step))
    return v | {
        r"\lambda": lam,
        r"\eta": learning_rate(draw, v["X"]),
    }


@worth("reg.13")
def the_lasso_as_others_write_it(draw: Draw) -> Values:
    return samples(draw) | {
        "m": draw("m"),
        r"\lambda": draw(r"\lambda"),
    }


@the_lasso_as_others_write_it.code
def errors_and_the_l1_penalty(v: Values) -> Values:
    return {
        "J_1(w)": squares(v, v["w"]) + l1_penalty(v["w"], v[r"\lambda"])
    }


def best_of_all_signs(v: Values, lam: float) -> np.ndarray:
    """The lasso's weights: for each choice of signs the J_1 of w with
    these signs is a parabola, whose minimum is solved for."""
    X, y = v["X"], v["y"]
    best, lowest = np.zeros(X.shape[1]), np.inf
    for signs in product((-1, 0, 1), repeat=X.shape[1]):
        w, kept = np.zeros(len(signs)), np.flatnonzero(signs)
        A, s = X[:, kept], np.take(signs, kept)
        w[kept] = np.linalg.lstsq(A.T @ A, A.T @ y - lam * s)[0]
        cost = squares(v, w) + lam * np.sum(np.abs(w))
        if np.all(w * signs >= 0) and cost < lowest:
            best, lowest = w, cost
    return best


@worth("reg.9")
def the_weights_of_the_lasso(draw: Draw) -> Values:
    """Some weights are not zero in tight draws, all of one sign."""
    v = samples(draw)
    U, s, Vt = np.linalg.svd(v["X"], full_matrices=False)
    X = v["X"] = U * draw.rng.uniform(1, 2, len(s)) @ Vt
    lam = draw(r"\lambda") or 1.0
    if draw.tight:
        lam = min(lam, 0.5 * np.max(np.abs(X.T @ v["y"])))
    w = best_of_all_signs(v, lam)
    if draw.tight:
        X, w = -X * np.where(w > 0, 1, -1), -np.abs(w)
    columns = dict(enumerate(X.T))
    return {
        "X": X,
        "y": v["y"],
        "x_j": columns,
        "j": Each(columns),
        r"\lambda": lam,
        r"\tilde{w}": w,
    }


@the_weights_of_the_lasso.code
def proximal_gradient(v: Values) -> Values:
    X, y = v["X"], v["y"]
    return {r"X \tilde{w}": X @ lasso(X, y, v[r"\lambda"], steps=500)}


@worth("reg.14")
def dropout_on_average(draw: Draw) -> Values:
    """The mean over all masks, each as probable as it is."""
    draw.size("m", most=2, always=True)
    draw.size("n_x", most=3, always=True)
    X, w, p = draw("X"), draw("w"), draw("p")
    masks = [
        np.reshape(kept, X.shape)
        for kept in product((0.0, 1.0), repeat=X.size)
    ]
    all_masks = [(np.prod(np.where(R, 1 - p, p)), R) for R in masks]
    return {
        "X": X,
        "y": draw("y"),
        "w": w,
        "p": p,
        "j": Each(range(len(w))),
        "x_j": dict(enumerate(X.T)),
        "w_j": dict(enumerate(w)),
        "R": draw("R"),
        r"\mathbb{E}": Mean("R", tuple(all_masks)),
    }


@worth("reg.15")
def early_stopping(draw: Draw) -> Values:
    """Gradient descent on the error alone, from zero."""
    v = samples(draw)
    U, s, Vt = np.linalg.svd(v["X"], full_matrices=False)
    return {
        "X": v["X"],
        "y": v["y"],
        r"\eta": draw(r"\eta") / max(1, s[0] ** 2),  # no step explodes
        "w^{(0)}": 0 * v["w"],
        "w^{(n)}": Formula(
            r"w^{(n-1)} - \eta X^\top (X w^{(n-1)} - y)"
        ),
        "n": Each([1, 2, 3, 6]),
        "k": Each(range(len(s))),
        "u_k": dict(enumerate(U.T)),
        "s_k": dict(enumerate(s)),
        "v_k": dict(enumerate(Vt)),
    }
