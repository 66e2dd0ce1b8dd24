# ---
# title: 图片
# description: 让 softmax 回归、全连接网络和卷积神经网络认手写数字：先认熟人写的，再认从没见过的人写的。
# prerequisites: [cnn, activations]
# data: "十四张表格上的 1,797 个手写数字，每个 8 × 8 像素"
# seconds: 60
# ---

# %% [markdown]
# # 图片：卷积好在哪里？ {#title}
#
# 让三个模型认手写数字：softmax 回归、有一个隐藏层的网络、一个小的卷积神经网络。哪个认得最准？差别是不是碰巧？又是从哪里来的？请先读[卷积神经网络](../cnn.md)和 [softmax](../activations.md#output)。
#
# 照通常的办法来测试，卷积并没有好到能同碰巧区分开的地步。然后我们看看这些数字是谁写的，答案就变了。
#
# ```sh
# pip install matplotlib numpy scikit-learn tqdm
# ```

# %%
import re

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier
from sklearn.svm import SVC
from tqdm import tqdm

from snippets.activations import relu, softmax
from snippets.backprop import cross_entropy
from snippets.convolution import (
    conv2d,
    conv2d_backward,
    max_pool,
    max_pool_backward,
)
from snippets.gradient_check import numerical_gradient, relative_error

# %% [markdown]
# ## 一个数字是什么样子？ {#data}
#
# 每张图片原来是 32 × 32 个黑白像素。数据的制作者把它分成 4 × 4 的小块，数出每块里有几个黑的，所以现在一个像素是 0 到 16 的数。下面是第一张：

# %%
digits = load_digits()
images, labels = digits.images[:, None] / 16, digits.target
for row in digits.images[0]:
    print(*(f"{pixel:2.0f}" for pixel in row))
print("label", labels[0])
print("how many of each:", *np.bincount(labels))

# %% [markdown]
# 除以 16，像素就都在 0 和 1 之间。它们的含义都一样，所以不必[标准化](../logistic.md#training)。


# %% {"alt": "三行灰度小图，每行十张，每张八乘八个像素，是从 0 到 9 的手写数字；同一个数字的三张图片很相像。", "caption": "文件里最前面的三十张图片，次序照原样。它们按次序排列，笔迹又这样相像，是碰巧吗？"}
def tiled(pictures, columns):
    """Pictures (m, 1, 8, 8) as one, so many in each row."""
    frame = ((0, 0), (0, 0), (0, 1), (0, 1))
    framed = np.pad(pictures, frame, constant_values=np.nan)
    grid = framed.reshape(-1, columns, 9, 9).transpose(0, 2, 1, 3)
    return grid.reshape(-1, 9 * columns)


figure, axes = plt.subplots(figsize=(4.6, 1.5))
axes.imshow(tiled(images[:30], 10), "gray_r", interpolation="nearest")
axes.set_axis_off()
plt.show()

# %% [markdown]
# 五分之三的图片用来训练，五分之一用来做选择，五分之一用来测试。我们随机地抽，差不多人人都这么做。

# %%
order = np.random.default_rng(0).permutation(1797)
train, val, test = np.split(order, [1078, 1437])
print(train.size, val.size, test.size)

# %% [markdown]
# ## 三个模型是什么？ {#models}
#
# 三个模型的最后一层都一样：十个输出，每个是特征的加权和，再由 softmax 变成概率。不同的只是拿什么做特征。softmax 回归直接用像素；它就是有十个类别的[逻辑回归](../logistic.md)。


# %%
def flat(x):
    """The pictures of a batch as rows."""
    return x.reshape(len(x), -1)


class Pixels:
    """The pixels as they are."""

    n = 64

    def initial(self, rng):
        return []

    def forward(self, inner, x):
        return flat(x), None

    def backward(self, inner, x, cache, dfeatures):
        return []


# %% [markdown]
# 全连接网络有一层带 ReLU 的隐藏神经元，每个都看得到全部像素。权重按[增益 2](../activations.md#exercise-4) 取初值。


# %%
class Hidden:
    """Hidden neurons that see the whole picture."""

    def __init__(self, n):
        self.n = n

    def initial(self, rng):
        W = rng.normal(size=(self.n, 64)) * np.sqrt(2 / 64)
        return [W, np.zeros(self.n)]

    def forward(self, inner, x):
        W, b = inner
        h = relu(flat(x) @ W.T + b)
        return h, h

    def backward(self, inner, x, h, dfeatures):
        dz = dfeatures * (h > 0)
        return [dz.T @ flat(x), dz.sum(axis=0)]


# %% [markdown]
# 卷积神经网络有十六个 3 × 3 的卷积核。不加填充，放得下 6 × 6 个窗口；[最大池化](../cnn.md#pooling)再从每 2 × 2 个响应里留下最大的。梯度先经过 [(cnn.14)](../cnn.md#eq-cnn.14)，再经过 ReLU，最后经过 [(cnn.11)](../cnn.md#eq-cnn.11) 和 [(cnn.12)](../cnn.md#eq-cnn.12) 走回来。


# %%
class Kernels:
    """The largest responses of sixteen kernels."""

    n = 16 * 3 * 3

    def initial(self, rng):
        K = rng.normal(size=(16, 1, 3, 3)) * np.sqrt(2 / 9)
        return [K, np.zeros(16)]

    def forward(self, inner, x):
        h = relu(conv2d(x, *inner))
        return flat(max_pool(h, 2)), h

    def backward(self, inner, x, h, dfeatures):
        dQ = dfeatures.reshape(len(x), 16, 3, 3)
        dh = max_pool_backward(dQ, h, 2)
        _, dK, db = conv2d_backward(dh * (h > 0), x, inner[0])
        return [dK, db]


# %% [markdown]
# 最后一层是共用的。它的权重从 0 开始，所以一开始每个数字的概率都是 1/10。


# %%
def initial(model, rng):
    """All weights: those inside, then V and a of the last layer."""
    return [*model.initial(rng), np.zeros((10, model.n)), np.zeros(10)]


def outputs(model, weights, x):
    """The outputs o (m, 10), the features, and a cache."""
    *inner, V, a = weights
    features, cache = model.forward(inner, x)
    return features @ V.T + a, features, cache


def gradients(model, weights, x, y):
    """The gradients of the mean loss, as a list like weights."""
    *inner, V, _ = weights
    o, features, cache = outputs(model, weights, x)
    do = (softmax(o) - np.eye(10)[y]) / len(y)  # (act.22), 1/m
    return [
        *model.backward(inner, x, cache, do @ V),
        do.T @ features,
        do.sum(axis=0),
    ]


# %% [markdown]
# 它们各有多大？认一张图片要做多少次乘法，见 [(cnn.8)](../cnn.md#eq-cnn.8)。

# %%
models = {"softmax": Pixels(), "dense": Hidden(64), "conv": Kernels()}
inside = {"softmax": 0, "dense": 64 * 64, "conv": 6 * 6 * 16 * 9}
counts = {}
for name, model in models.items():
    weights = initial(model, np.random.default_rng(0))
    counts[name] = sum(w.size for w in weights)
    products = inside[name] + 10 * model.n
    print(f"{name:8} {counts[name]:5,} parameters", end="  ")
    print(f"{products:5,} multiplications")

# %% [markdown]
# 卷积神经网络的参数只有全连接网络的三分之一，乘法却更多：每个核要在 36 个位置上使用。
#
# ## 它的梯度对吗？ {#check}
#
# 对 1,610 个参数逐一用[中心差分](../logistic.md#check)来问。权重随机抽取，偏置也是：图片的空白角落里，核的响应就只有它的偏置，若取 0，就正好站在 ReLU 的折点上。


# %%
def cost(model, weights, x, y):
    """The mean loss."""
    o = outputs(model, weights, x)[0]
    return cross_entropy(o.T, np.eye(10)[y].T)


rng = np.random.default_rng(0)
conv, x, y = models["conv"], images[train[:5]], labels[train[:5]]
weights = [rng.normal(size=w.shape) / 3 for w in initial(conv, rng)]
analytic = gradients(conv, weights, x, y)
for k, name in enumerate("KbVa"):
    before, after = weights[:k], weights[k + 1 :]
    numerical = numerical_gradient(
        lambda w: cost(conv, [*before, w, *after], x, y), weights[k]
    )
    error = relative_error(analytic[k], numerical)
    print(name, analytic[k].shape, f"{error:.0e}")
    assert error < 1e-6

# %% [markdown]
# ## 怎样训练？ {#training}
#
# 每批约 32 张图片，每一轮（epoch）换一个次序，并带上动量（momentum）：速度保留原来的十分之九，再加上梯度下降的一步。方向一致的步子会累加，互相矛盾的会抵消。学习率沿直线降到 0。`view` 以后用来在图片送进去时移动它们。


# %%
def unchanged(x, rng):
    """The pictures as they are."""
    return x


def learn(model, x, y, seed=0, rate=0.2, epochs=10, view=unchanged):
    """Yield the weights after each epoch."""
    rng = np.random.default_rng(seed)
    weights = initial(model, rng)
    velocity = [np.zeros_like(w) for w in weights]
    for epoch in range(epochs):
        slower = rate * (1 - epoch / epochs)
        drawn = rng.permutation(len(y))
        for i in np.array_split(drawn, len(y) // 32):
            grads = gradients(model, weights, view(x[i], rng), y[i])
            for k, g in enumerate(grads):
                velocity[k] = 0.9 * velocity[k] - slower * g
                weights[k] = weights[k] + velocity[k]
        yield list(weights)


# %% [markdown]
# 学习率由验证图片来选，可选的值很粗；要是分得太细，做主的就是碰巧了。


# %%
def right(model, weights, x, y):
    """Which pictures are read as labelled."""
    return outputs(model, weights, x)[0].argmax(axis=1) == y


rates, curves = (0.02, 0.2, 2), {}
print("rate    ", *(f"{rate:6}" for rate in rates))
for name, model in tqdm(models.items(), disable=None):
    for rate in rates:
        runs = learn(model, images[train], labels[train], rate=rate)
        curves[name, rate] = [
            right(model, weights, images[val], labels[val]).mean()
            for weights in runs
        ]
    shares = [curves[name, rate][-1] for rate in rates]
    print(f"{name:8}", *(f"{share:6.1%}" for share in shares))
    if name == "softmax":
        assert abs(shares[1] - shares[2]) < 0.025 and shares[1] > 0.93
    else:
        assert shares[1] == max(shares) > 0.96 and shares[2] < 0.5

# %% [markdown]
# 对两个网络，中间那个学习率最好。再大十倍，softmax 回归的代价是[凸](../logistic.md#convexity)的，结果差不多；两个网络却只剩下瞎猜，因为它们的 ReLU [死了](../activations.md#dead)。所以取 0.2，十轮也就够了：

# %% {"alt": "三条在十轮里下降的曲线，表示验证图片中认错的比例。起初几轮都降得很快，然后趋于平缓；softmax 回归的那条最高，两个网络的那两条较低，彼此靠近。", "caption": "验证图片中认错的比例。步子大的时候，曲线会跳动；多一张或少一张图片，大约就是 0.3 个百分点。", "labels": {"softmax": "Softmax 回归", "dense": "全连接", "conv": "卷积", "epoch": "轮", "misread, percent": "认错的比例（%）"}}
figure, axes = plt.subplots()
for name in models:
    height = 100 * (1 - np.array(curves[name, 0.2]))
    axes.plot(np.arange(1, 11), height, label=name)
axes.set(xlabel="epoch", ylabel="misread, percent")
axes.set_ylim(0)
axes.legend()
plt.show()

# %% [markdown]
# ## 测试下来谁最好？ {#test}
#
# 该选的都选定了。现在把训练和验证的图片合在一起训练，换五个种子各做一次，到这时才看测试图片。$n$ 张图片的测试，本身也是一次抽样。假如模型对所有图片认对的比例是 $p$，那么换 $n$ 张图片，比例就会与 $p$ 相差 $\sqrt{p (1 - p) / n}$ 左右，这叫标准误（standard error）。


# %%
def standard_error(p, n):
    """How far the share of n right answers is usually off."""
    return np.sqrt(p * (1 - p) / n)


past = np.concatenate([train, val])
mixed, final, reads = {}, {}, {}
for name, model in tqdm(models.items(), disable=None):
    shares = []
    for seed in range(5):
        *_, weights = learn(model, images[past], labels[past], seed)
        final[name] = final.get(name, weights)
        answers = right(model, weights, images[test], labels[test])
        reads[name] = reads.get(name, answers)  # seed 0
        shares.append(answers.mean())
    mixed[name] = np.mean(shares)
    error = standard_error(mixed[name], test.size)
    print(f"{name:8} {mixed[name]:.1%} ± {error:.1%}", end="  ")
    print(f"seeds: {min(shares):.1%} to {max(shares):.1%}")
    assert 0.003 < error < 0.01
assert 0.96 < mixed["softmax"] < 0.99 and max(shares) > min(shares)
assert min(mixed["dense"], mixed["conv"]) > 0.975

# %% [markdown]
# softmax 回归 100 张里约认对 98 张，两个网络约 99 张。标准误是半个百分点或稍多一些，也就是 360 张里的两张，而同一个网络换一个种子，比例也会变。还可以问得更细，因为三个模型认的是同样的图片：有多少张是一个认对而另一个没认对的？假如这样的图片有 $s$ 张，每张都由碰巧决定，那么两边的张数大约会相差 $\sqrt{s}$。


# %%
def compare(one, other, answers):
    """How many more pictures one model reads than the other."""
    alone = np.sum(answers[one] & ~answers[other])
    other_alone = np.sum(answers[other] & ~answers[one])
    chance = np.sqrt(alone + other_alone)
    print(f"only {one} {alone}, only {other} {other_alone}", end=", ")
    print(f"chance {chance:.1f}")
    return alone - other_alone


for other in ("dense", "softmax"):
    assert abs(compare("conv", other, reads)) < 12
assert abs(mixed["conv"] - mixed["dense"]) < 0.01

# %% [markdown]
# 两边各有寥寥几张，两个网络打成平手：从这次测试看不出卷积有什么好处。如果这是个好的测试，诚实的报告到这里就该结束了。
#
# ## 数字是谁写的？ {#writers}
#
# 数据的说明里写着，共有 43 人填写了表格，30 人用于训练集，另外 13 人用于测试集，而 scikit-learn 收的是测试集。哪个数字是谁写的，它没有说。但标签说了：把它们一个接一个写下来，就会看到重复。

# %%
text = "".join(map(str, labels))
head = r"0?123456789\d{18,20}0955650"  # some digits are missing
starts = [form.start() for form in re.finditer(head, text)]
for start in starts:
    print(f"{start:4}  {text[start : start + 60]}")
form = np.searchsorted(starts, np.arange(1797), side="right") - 1
print("digits on each form:", *np.bincount(form))

# %% [markdown]
# 同样的 130 个数字出现了十四遍，只是有几处丢了几个。所以一共有十四张表格；说明里只有 13 个人，也许有人填了两张。（Inria 的 [scikit-learn 课程](https://inria.github.io/scikit-learn-mooc/python_scripts/cross_validation_grouping.html)也用到了这个规律。）这要紧吗？我们为每张图片，在其他所有图片里找出与它最像的一张。

# %%
rows = flat(images)
squares = np.sum(rows**2, axis=1)
distance = squares[:, None] + squares - 2 * rows @ rows.T
np.fill_diagonal(distance, np.inf)
nearest = distance.argmin(axis=1)
at_home = np.mean(form[nearest] == form)
chance = np.mean(form[:, None] == form)
print(f"nearest picture on the same form: {at_home:.0%}")
print(f"a picture drawn at random: {chance:.0%}")
assert at_home > 0.5 > 5 * chance

# %% [markdown]
# 有一半以上的图片，最像的那张出自同一只手。随机地分，就会把这样的一对，一张放进训练，一张放进测试，于是测试考的是模型已经认识的笔迹。而分拣信件的机器，天天遇到新的笔迹。数据的作者是知道的：他们把两种测试分别[称为](https://doi.org/10.24432/C50P49)依赖书写者的和不依赖书写者的，只有后一种才算衡量质量。
#
# ## 换成没见过的人写的呢？ {#new-writers}
#
# 用十二张表格训练，认另外两张，做七次，直到每张表格都由没有见过它的模型认过；全部再换种子，一共做三遍。这样，1,797 张图片就都成了测试图片。设置照旧；选设置时这里的一部分图片也有发言权，不过学习率只有三个可选，能选的余地不大。


# %%
def by_new_writers(model, pictures, seed=0):
    """The probabilities (1797, 10), trained on other forms."""
    prob = np.zeros((1797, 10))
    for k in range(7):
        two = form % 7 == k
        known = pictures[~two], labels[~two]
        *_, weights = learn(model, *known, seed + k)
        prob[two] = softmax(outputs(model, weights, pictures[two])[0])
    return prob


def form_error(values):
    """The standard error of a mean over the fourteen forms."""
    means = [values[form == f].mean() for f in range(14)]
    return np.std(means, ddof=1) / np.sqrt(14)


# %%
SEEDS = (0, 7, 14)
prob, new = {}, {}
print("           new  mixed  error  by forms")
for name, model in tqdm(models.items(), disable=None):
    prob[name] = [by_new_writers(model, images, s) for s in SEEDS]
    reading = np.argmax(prob[name], axis=2)
    new[name] = np.mean(reading == labels, axis=0)  # 0, 1/3, 2/3, 1
    share, honest = new[name].mean(), form_error(new[name])
    simple = standard_error(share, 1797)
    print(f"{name:8} {share:.1%}  {mixed[name]:.1%}", end="")
    print(f"{simple:7.1%} {honest:9.1%}")
    assert 1 - share > 2 * (1 - mixed[name]) and honest > 1.3 * simple
assert 0.91 < new["softmax"].mean() < new["dense"].mean() < 0.955
assert 0.94 < new["conv"].mean() < 0.97

# %% [markdown]
# 三个模型认错的都增加到两倍以上：softmax 回归降到 100 张里约 93 张，全连接网络约 94 张，卷积约 95 到 96 张。在这里，标准误的公式过于自信。它把各个数字看成是独立的，可是同一个人写的数字，往往一起认得准，或者一起认不准；由各张表格的差异来算，误差明显更大。那么卷积的领先，是不是仍有可能只是碰巧？

# %% {"alt": "十四张表格，每张上方有三个点，表示认错的比例。表格已经排过次序，彼此相差很大，从几乎没有到百分之十以上；在许多表格上，卷积的点最低。", "caption": "好认的笔迹和难认的笔迹：没有见过书写者的模型在各张表格上认错的比例。表格按 softmax 回归的结果排列。", "labels": {"softmax": "Softmax 回归", "dense": "全连接", "conv": "卷积", "form": "表格", "misread, percent": "认错的比例（%）"}}
misread = {
    name: [100 - 100 * new[name][form == f].mean() for f in range(14)]
    for name in models
}
by_softmax = np.argsort(misread["softmax"])
figure, axes = plt.subplots()
for shift, (name, marker) in enumerate(zip(models, "os^", strict=True)):
    height = np.array(misread[name])[by_softmax]
    axes.plot(np.arange(14) + shift / 5, height, marker, label=name)
axes.set_xticks(np.arange(14) + 0.2, by_softmax + 1)
axes.set(xlabel="form", ylabel="misread, percent")
axes.legend()
plt.show()

# %%
for other in ("dense", "softmax"):
    gain = new["conv"] - new[other]
    error = form_error(gain)
    each = np.array([gain[form == f].mean() for f in range(14)])
    ahead, behind = np.sum(each > 0), np.sum(each < 0)
    print(f"ahead of {other:7} {gain.mean():.1%} ± {error:.1%}", end="")
    print(f", on {ahead} forms, behind on {behind}")
    assert 0.006 < gain.mean() < 0.04
    assert gain.mean() > (2 if other == "softmax" else 1.1) * error
wide = by_new_writers(Hidden(256), images).argmax(axis=1) == labels
print(f"dense, 256 hidden neurons: {wide.mean():.1%}")
assert wide.mean() < new["conv"].mean() + 0.002

# %% [markdown]
# 逐张表格来比，笔迹的难易就抵消了。对 softmax 回归的领先，超过标准误的两倍。对全连接网络的领先是一两个百分点，大于它的标准误；只有十四张表格、三个种子，这说明领先很可能是真的，但还不能肯定。也不是因为全连接网络太小：给它 256 个隐藏神经元，参数几乎是卷积神经网络的十二倍，它靠近了一些，却没有超过去。
#
# ## 什么被认成了什么？ {#misread}
#
# 混淆矩阵（confusion matrix）统计卷积神经网络把没见过的人写的数字认成了什么：左边是真正的数字，上面是认成的数字，三个种子合在一起。

# %%
reading = np.argmax(prob["conv"], axis=2)  # (3, 1797)
confusion = np.zeros((10, 10), int)
np.add.at(confusion, (np.tile(labels, 3), reading.ravel()), 1)
print("   ", *(f"{digit:3}" for digit in range(10)))
for digit, row in enumerate(confusion):
    print(f"{digit:3}", *(f"{n:3}" if n else "  ." for n in row))
misses = confusion.sum(axis=1) - np.diag(confusion)
hard = misses[[8, 9]].sum() / misses.sum()
print(f"of {misses.sum()} misread digits 8 and 9 are {hard:.0%}")
assert 0.94 < np.trace(confusion) / 5391 < 0.975
assert 0.2 < hard < 0.45

# %% [markdown]
# 每五个数字里有一个是 8 或 9，但在认错的数字里，它们占得更多。下面这些图片，是用第一个种子的网络最有把握、却认错了的：

# %% {"alt": "三行共十八张数字的灰度图片，每张上方是真正的数字、一个箭头和认成的数字。许多图片连人也很难认。", "caption": "最有把握的错误：真正的数字，以及认成的数字。"}
certain, read = prob["conv"][0].max(axis=1), reading[0]
wrong = np.flatnonzero(read != labels)
worst = wrong[np.argsort(-certain[wrong])][:18]
figure, axes = plt.subplots(3, 6, figsize=(4.6, 3.1))
for axis, i in zip(axes.flat, worst, strict=True):
    axis.imshow(images[i, 0], "gray_r", interpolation="nearest")
    axis.set_title(f"{labels[i]} → {read[i]}")
    axis.set_axis_off()
plt.show()

# %% [markdown]
# 有些图片只有 8 × 8 个像素，谁都很难认；另一些，谁都一眼就能认出来。对这些还这么有把握的网络，学到的是十来个人怎样写字，而不是什么才算一个数字。
#
# ## 它学到了什么？ {#kernels}

# %% {"alt": "两组卷积核，每组八个，都是橙色和紫色的三乘三小方块；每个核下面是它对一个手写数字 3 的响应，用灰度表示。许多核沿着笔画的一侧变暗，有的在上侧、下侧，有的在左侧、右侧；最后几个仍是白的。", "caption": "十六个卷积核，紫色是正的权重，橙色是负的权重，下面是各自对同一个 3 的响应；响应最强的排在前面。"}
for name in ("dense", "conv"):
    _, h = models[name].forward(final[name][:2], images[past])
    strongest = h.reshape(past.size, len(h[0]), -1).max(axis=(0, 2))
    weak = np.sum(strongest < 0.05 * strongest.max())
    print(f"{name:5} hardly ever respond: {weak} of {strongest.size}")
    assert weak < strongest.size / 2

K, b, *_ = final["conv"]
three = images[test[labels[test] == 3][:1]]
responses = relu(conv2d(three, K, b))[0]
top = np.abs(K).max()
figure, axes = plt.subplots(4, 8, figsize=(4.6, 2.5))
for place, d in enumerate(np.argsort(-responses.sum(axis=(1, 2)))):
    upper, lower = axes[place // 8 * 2 :, place % 8][:2]
    upper.imshow(K[d, 0], "PuOr", vmin=-top, vmax=top)
    lower.imshow(responses[d], "gray_r", vmin=0, vmax=responses.max())
for axis in axes.flat:
    axis.set_axis_off()
plt.show()

# %% [markdown]
# 正的权重挨着负的权重：响应最强的那些核，总是沿着笔画的某一侧有响应，就像人设计的 [Sobel 核](../cnn.md#edges)那样。几乎不响应任何图片的核，是在训练途中丢失的，这是学习率大的代价，全连接网络也付了这个代价。最后一层再问：每个核在图片的什么地方有响应。
#
# ## 卷积到底好在哪里？ {#shuffle}
#
# 它的窗口有一个前提：相邻的像素是一起的。那就把这个前提拿走：把所有图片的像素都按同一种方式打乱。什么也没有丢，知道次序的人可以把它还原。

# %% {"alt": "上面是六个手写数字；下面是同样的图片，像素打乱之后，什么数字也看不出来。", "caption": "从 0 到 5 的数字，以及像素换了位置之后的样子。"}
places = np.random.default_rng(5).permutation(64)
shuffled = rows[:, places].reshape(images.shape)
figure, axes = plt.subplots(figsize=(4.6, 1.6))
both = tiled(np.concatenate([images[:6], shuffled[:6]]), 6)
axes.imshow(both, "gray_r", interpolation="nearest")
axes.set_axis_off()
plt.show()

# %%
after = {}
print("         ordered  shuffled  lost         same")
for name, model in tqdm(models.items(), disable=None):
    before = prob[name][0].argmax(axis=1)  # with the same seeds
    read = by_new_writers(model, shuffled).argmax(axis=1)
    after[name] = np.mean(read == labels)
    lost = 1.0 * (before == labels) - (read == labels)
    error = form_error(lost)
    same = np.mean(read == before)
    print(f"{name:8} {np.mean(before == labels):7.1%}", end=" ")
    print(f"{after[name]:9.1%} {lost.mean():5.1%}", end=" ")
    print(f"± {error:.1%} {same:6.1%}")
    assert name != "softmax" or same > 0.995
    assert name != "dense" or abs(lost.mean()) < 0.016
    assert name != "conv" or lost.mean() > max(0.012, 1.5 * error)
assert after["conv"] < after["dense"] + 0.01

# %% [markdown]
# 对 softmax 回归来说，次序无所谓，[权重跟着换位置](../intro.md#exercise-5)就是了；它的回答一模一样（最后一列就是回答相同的比例，用的是第一个种子）。对全连接网络来说，打乱无非是换了一个种子。卷积损失的却远远超过标准误，领先也没有了，而它的结构和参数个数都与先前一样。可见它之所以更好，靠的是事先放进去、而不是学来的知识：哪些像素是相邻的。训练中见过的笔迹不多时，这样的知识就很有用。
#
# ## 数字移动了呢？ {#moved}
#
# 卷积的另一个许诺是[等变性](../cnn.md#equivariance)。把测试图片向下、上、右、左各移动一个像素；训练则做两次，一次照原样，一次也移动：`view` 给每一批选五种移动中的一种。


# %%
def move(x, down, right):
    """The pictures moved by at most one pixel."""
    wide = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
    return wide[:, :, 1 - down : 9 - down, 1 - right : 9 - right]


WAYS = [(0, 0), (1, 0), (-1, 0), (0, 1), (0, -1)]


def moving(x, rng):
    """A batch moved in one of five ways."""
    return move(x, *WAYS[rng.integers(5)])


# %%
moved = {}
print("trained     as it is       with moves")
print("test        still  moved   still  moved")
for name, model in tqdm(models.items(), disable=None):
    pair = images[past], labels[past]
    *_, weights = learn(model, *pair, view=moving)
    for known in (final[name], weights):
        moved.setdefault(name, []).extend(
            right(model, known, move(images[test], *way), labels[test])
            for way in WAYS
        )
    shares = np.mean(moved[name], axis=1).reshape(2, 5)
    moved[name] = shares[:, 1:].mean(axis=1)
    cells = zip(shares[:, 0], moved[name], strict=True)
    print(f"{name:10}", *(f" {a:5.1%} {b:6.1%}" for a, b in cells))
assert max(moved["softmax"][0], moved["dense"][0]) < 0.56
assert moved["dense"][0] + 0.08 < moved["conv"][0] < 0.78
assert min(moved["dense"][1], moved["conv"][1]) > 0.85
assert abs(moved["dense"][1] - moved["conv"][1]) < 0.06
assert moved["softmax"][1] < 0.82

# %% [markdown]
# 一个像素是宽度的八分之一。照原样训练的，移动之后，卷积还认得约三分之二，另外两个只剩一半左右或更少。所以共享权重是有用的，不过最后一层仍然区分着九个位置；[在更大的范围内做池化](../cnn.md#digits)会更有用。训练时也移动，用处要大得多，而且对全连接网络同样有用：两者都能认对约九成。只有 softmax 回归跟不上，因为每个数字只有一个加权和，应付不了五种位置。
#
# ## 库能做到多好？ {#library}
#
# 图片一样，划分也一样。`LogisticRegression` 就是我们的 softmax 回归，再加上惩罚；`MLPClassifier` 的隐藏层和我们的一样，随机数不同，步子也是另一种（Adam）。scikit-learn 里没有卷积。代替它的，是在这组数据上表现很好的支持向量机（support vector machine）：`SVC` 把一张图片同它留存的图片相比，比较的办法是距离的平方取负，再取指数。

# %%
library = {
    "LogisticRegression": lambda k: LogisticRegression(max_iter=1000),
    "MLPClassifier": lambda k: MLPClassifier(
        (64,), learning_rate_init=0.01, random_state=k
    ),
    "SVC": lambda k: SVC(),
}
print("                    mixed  new writers")
for ours, (name, make) in zip(models, library.items(), strict=True):
    fitted = make(0).fit(rows[past], labels[past])
    mixed[name] = fitted.score(rows[test], labels[test])
    new[name] = np.zeros(1797)
    for k in range(7):
        two = form % 7 == k
        fitted = make(k).fit(rows[~two], labels[~two])
        new[name][two] = fitted.predict(rows[two]) == labels[two]
    for each in (ours, name):
        print(f"{each:18} {mixed[each]:6.1%} {new[each].mean():12.1%}")
gain = new["SVC"] - new["conv"]
print(f"SVC ahead of conv {gain.mean():.1%} ± {form_error(gain):.1%}")
score = {name: answers.mean() for name, answers in new.items()}
assert abs(score["LogisticRegression"] - score["softmax"]) < 0.01
assert abs(score["MLPClassifier"] - score["dense"]) < 0.025
assert score["MLPClassifier"] < score["conv"] - 0.01
assert -0.005 < gain.mean() < 0.02 and mixed["SVC"] > 0.98

# %% [markdown]
# 两个线性模型是一致的。`MLPClassifier` 与我们的全连接网络接近，遇到新的书写者时，也和它一样落在卷积后面。可是支持向量机与卷积不相上下，甚至稍好一点，既不用谁来设计，所花的时间又只是零头。原因多半在数据里：分块数黑色像素，已经把细小的差别抹平，所以两张图片之间的距离本身就说明问题，而一千五百张左右的图片，也还可以一一相比。图片又大又多的时候，这两条都不成立，在那里，卷积[早已领先](../cnn.md#references)。
#
# 供比较：由新的书写者写的数字，认对的比例是

# %% {"results": true}
shown = [f"{score[name]:.1%}" for name in score]
print("ours: softmax {}; dense {}; conv {}".format(*shown[:3]))
print("scikit-learn: LR {}; MLP {}; SVC {}".format(*shown[3:]))

# %% [markdown]
# ## 动手试试 {#try}
#
# - 训练卷积神经网络时也移动图片，训练 30 轮，再让它认新的书写者写的数字。它能超过支持向量机吗？
# - 只用两张、四张、八张、十二张表格来训练。见过的笔迹越多，卷积的领先是越大还是越小？
# - 在第一个卷积层后面再放一个。在这里，深一些会更好吗？
#
# ## 参考文献 {#references}
#
# - E. Alpaydin、C. Kaynak，*Optical Recognition of Handwritten Digits*，UCI Machine Learning Repository，1998。[doi:10.24432/C50P49](https://doi.org/10.24432/C50P49)。数据，附有对表格和两种测试的说明。
# - T. G. Dietterich，“Approximate statistical tests for comparing supervised classification learning algorithms”，*Neural Computation* 10 (7)，1895–1923，1998。[doi:10.1162/089976698300017197](https://doi.org/10.1162/089976698300017197)。比较两个模型，为什么要看它们意见不同的那些图片。
# - I. Sutskever、J. Martens、G. Dahl、G. Hinton，[“On the importance of initialization and momentum in deep learning”](https://proceedings.mlr.press/v28/sutskever13.html)，*Proceedings of the 30th International Conference on Machine Learning*，1139–1147，2013。动量。
# - P. Y. Simard、D. Steinkraus、J. C. Platt，“Best practices for convolutional neural networks applied to visual document analysis”，*Proceedings of the Seventh International Conference on Document Analysis and Recognition*，958–963，2003。[doi:10.1109/ICDAR.2003.1227801](https://doi.org/10.1109/ICDAR.2003.1227801)。先给训练图片做变形的副本，再用卷积。
