# ---
# title: 图片
# description: 用 softmax 回归、多层感知机和卷积神经网络识别手写数字：先识别见过的书写者写的，再识别没有见过的书写者写的。
# names: [手写数字]
# prerequisites: [cnn, activations]
# data: "十四张表格上的 1,797 个手写数字，每个 8 × 8 像素"
# seconds: 60
# links:
#   后半部分: "#shuffle"
#   scikit-learn 课程: "https://inria.github.io/scikit-learn-mooc/python_scripts/cross_validation_grouping.html"
#   称为: "https://doi.org/10.24432/C50P49"
#   Sobel 核: ../cnn.md#edges
#   权重随之换位: ../intro.md#exercise-5
#   早已领先: ../cnn.md#references
# ---

# %% [markdown]
# # 图片：卷积好在哪里？ {#title}
#
# 用[三个]{=>> len(models)}模型识别手写数字：softmax 回归、有一个隐藏层的多层感知机（表中的 `dense`），以及一个小的卷积神经网络。照通常的办法测试，两个网络都是[一百个里错一两个]{=>> all(0.005 < 1 - mixed[k] < 0.025 for k in ("dense", "conv"))}，分不出高下。这样的测试可靠吗？先想一想：这些数字是谁写的？阅读前需要了解[卷积神经网络](../cnn.md)和 [softmax](../activations.md#output)。
#
# 卷积如果有优势，优势从何而来？[后半部分](#shuffle)打乱像素的试验能回答。
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
    max_pool,
    max_pool_backward,
    windows,
)
from snippets.gradient_check import numerical_gradient, relative_error

# %% [markdown]
# ## 手写数字的数据是什么样的？ {#data}
#
# <!-- quoted: 32, 4 -->
#
# 每张图片原来有 32 × 32 个黑白像素。数据的制作者把它分成 4 × 4 的小块，统计每块中的黑色像素，所以现在每个像素是 0 到 16 的数。第一张图片是：

# %%
digits = load_digits()
images, labels = digits.images[:, None] / 16, digits.target
for row in digits.images[0]:
    print(*(f"{pixel:2.0f}" for pixel in row))
print("标签", labels[0])
print("各数字的张数：", *np.bincount(labels))

# %% [markdown]
# 除以 16 之后，像素值都在 0 到 1 之间。各像素的含义相同，所以不需要[标准化](../logistic.md#training)。


# %% {"alt": "三行灰度小图，每行十张，每张[八乘八个]{= images.shape[2:]}像素，是从 0 到 9 的手写数字；同一个数字的三张图片很相像。", "caption": "文件开头的三十张图片，保持原来的次序。它们按数字的次序排列，同一个数字又写得很像，是巧合吗？"}
def tiled(pictures, columns):
    """图片 (m, 1, 8, 8) 拼成一张，每行 columns 张。"""
    frame = ((0, 0), (0, 0), (0, 1), (0, 1))
    framed = np.pad(pictures, frame, constant_values=np.nan)
    grid = framed.reshape(-1, columns, 9, 9).transpose(0, 2, 1, 3)
    return grid.reshape(-1, 9 * columns)


figure, axes = plt.subplots(figsize=(4.6, 1.5))
axes.imshow(tiled(images[:30], 10), "gray_r", interpolation="nearest")
axes.set_axis_off()
plt.show()

# %% [markdown]
# [五分之三的图片作为训练集，五分之一作为验证集，五分之一作为测试集]{=> [len(i) / 1797 for i in (train, val, test)]}。和通常的做法一样，我们随机划分。

# %%
order = np.random.default_rng(0).permutation(1797)
train, val, test = np.split(order, [1078, 1437])
print(train.size, val.size, test.size)

# %% [markdown]
# ## 三个模型各是什么？ {#models}
#
# <!-- given: 3, 6, 10 -->
#
# 三个模型的最后一层相同：十个输出都是特征的加权和，再由 softmax 变成概率。softmax 回归直接使用像素，它就是有十个类别的[逻辑回归](../logistic.md)。


# %%
def flat(x):
    """一批图片，每张排成一行。"""
    return x.reshape(len(x), -1)


class Pixels:
    """像素本身。"""

    n = 64

    def initial(self, rng):
        return []

    def forward(self, inner, x):
        return flat(x), None

    def backward(self, inner, x, cache, dfeatures):
        return []


# %% [markdown]
# 多层感知机有一层使用 ReLU 的隐藏神经元，每个都与全部像素相连。权重按[增益 2](../activations.md#exercise-4) 初始化。


# %%
class Hidden:
    """看得到整张图片的隐藏神经元。"""

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
# 卷积神经网络有十六个 3 × 3 的卷积核。不加填充时有 6 × 6 个窗口，[最大池化](../cnn.md#pooling)从每 2 × 2 个响应中保留最大的一个。梯度依次经过 [(cnn.12)](../cnn.md#eq-cnn.12)、ReLU，以及 [(cnn.9)](../cnn.md#eq-cnn.9) 和 [(cnn.10)](../cnn.md#eq-cnn.10) 反向传播；图片本身的梯度用不着，就不算了。


# %%
class Kernels:
    """十六个卷积核的最大响应。"""

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
        dz, patches = dh * (h > 0), windows(x, (3, 3), 1)
        dK = np.tensordot(
            dz, patches, ((0, 2, 3), (0, 2, 3))
        )  # (cnn.10)
        return [dK, dz.sum(axis=(0, 2, 3))]


# %% [markdown]
# 最后一层是三个模型共用的，权重的初值为 0，所以起初每个数字的概率都是 [1/10]{=> softmax(outputs(model, weights, images[:1])[0])[0, 0]}。


# %%
def initial(model, rng):
    """所有权重：先是里面的，再是最后一层的 V 和 a。"""
    return [*model.initial(rng), np.zeros((10, model.n)), np.zeros(10)]


def outputs(model, weights, x):
    """输出 o (m, 10)、特征和缓存。"""
    *inner, V, a = weights
    features, cache = model.forward(inner, x)
    return features @ V.T + a, features, cache


def gradients(model, weights, x, y):
    """平均损失的梯度，列表的次序同 weights。"""
    *inner, V, _ = weights
    o, features, cache = outputs(model, weights, x)
    do = (softmax(o) - np.eye(10)[y]) / len(y)  # (act.22)，乘 1/m
    return [
        *model.backward(inner, x, cache, do @ V),
        do.T @ features,
        do.sum(axis=0),
    ]


# %% [markdown]
# 它们各有多大？识别一张图片所需的乘法次数见 [(cnn.6)](../cnn.md#eq-cnn.6)。

# %%
models = {"softmax": Pixels(), "dense": Hidden(64), "conv": Kernels()}
inside = {"softmax": 0, "dense": 64 * 64, "conv": 6 * 6 * 16 * 9}
counts = {}
for name, model in models.items():
    weights = initial(model, np.random.default_rng(0))
    counts[name] = sum(w.size for w in weights)
    products = inside[name] + 10 * model.n
    print(f"{name:8} {counts[name]:5,} 个参数", end="  ")
    print(f"{products:5,} 次乘法")

# %% [markdown]
# 卷积神经网络的参数只有多层感知机的[三分之一]{= counts["conv"] / counts["dense"]}，乘法却更多，因为每个卷积核要在 [36]{= conv2d(images[:1], *weights[:2])[0, 0].size} 个位置上使用。
#
# ## 它的梯度对吗？ {#check}
#
# 对全部 [1,610]{= counts["conv"]} 个参数，逐一与[中心差分](../logistic.md#check)比较。偏置也要随机取，不能取 0：图片的空白处，响应就等于偏置，取 0 正好落在 ReLU 的折点上。


# %%
def cost(model, weights, x, y):
    """平均损失。"""
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
# 采用[小批量](../training.md#batches)和[动量](../training.md#momentum)：每批约 32 张图片，每一轮（epoch）重新排列次序，动量系数为 0.9。学习率线性地降到 0。


# %%
def unchanged(x, rng):
    """图片原样不变。"""
    return x


def learn(model, x, y, seed=0, rate=0.2, epochs=6, view=unchanged):
    """每一轮之后给出权重。"""
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
# 学习率由验证集选择。备选的值间隔很大；分得太细，相邻两个值的差别就淹没在随机波动里。


# %%
def right(model, weights, x, y):
    """哪些图片认成了标签上的数字。"""
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

# %% [markdown]
# 对两个网络来说，中间的学习率最好。学习率再大[十倍]{= rates[2] / rates[1]}，softmax 回归没有会死的神经元，几乎没事；两个网络却[只剩一成准确率，和瞎猜一样]{= all(0.08 < curves[k, 2][-1] < 0.12 for k in ("dense", "conv"))}，因为 ReLU 都[死了](../activations.md#dead)。因此取 0.2；为了快，只训练六轮：

# %% {"alt": "验证集上的错误率在六轮训练中的曲线。前几轮都下降很快，然后趋于平缓；最后 softmax 回归的曲线最高，两个网络的较低。", "caption": "验证集上的错误率。一张图片约相当于 [0.3 个百分点]{= 100 / val.size}。", "labels": {"softmax": "Softmax 回归", "dense": "多层感知机", "conv": "卷积", "epoch": "轮", "misread, percent": "错误率（%）"}}
figure, axes = plt.subplots()
for name in models:
    height = 100 * (1 - np.array(curves[name, 0.2]))
    axes.plot(np.arange(1, 7), height, label=name)
axes.set(xlabel="epoch", ylabel="misread, percent")
axes.set_ylim(0)
axes.legend(loc="upper center")
plt.show()

# %% {"folded": "检查"}
last = {key: curve[-1] for key, curve in curves.items()}
assert abs(last["softmax", 0.2] - last["softmax", 2]) < 0.025
assert last["softmax", 0.2] > 0.93
for name in ("dense", "conv"):
    assert max(last[name, 0.02], 0.96) < last[name, 0.2]
    assert last[name, 2] < 0.5

# %% [markdown]
# ## 哪个模型的测试结果最好？ {#test}
#
# <!-- given: 100 -->
#
# 所有选择都已做完。现在把训练集和验证集合在一起，用五个种子各训练一次，然后才打开测试集。由 $n$ 张图片组成的测试集本身也是一个样本。如果模型在所有图片上的准确率是 $p$，在 $n$ 张图片上的准确率就会与 $p$ 相差约 $\sqrt{p (1 - p) / n}$，称为标准误（standard error）。


# %%
def standard_error(p, n):
    """n 个回答中答对的比例通常偏离多少。"""
    return np.sqrt(p * (1 - p) / n)


past = np.concatenate([train, val])
mixed, final, reads = {}, {}, {}
for name, model in tqdm(models.items(), disable=None):
    shares = []
    for seed in range(5):
        *_, weights = learn(model, images[past], labels[past], seed)
        final[name] = final.get(name, weights)
        answers = right(model, weights, images[test], labels[test])
        reads[name] = reads.get(name, answers)  # 种子 0
        shares.append(answers.mean())
    mixed[name] = np.mean(shares)
    error = standard_error(mixed[name], test.size)
    print(f"{name:8} {mixed[name]:.1%} ± {error:.1%}", end="  ")
    print(f"各种子：{min(shares):.1%} 到 {max(shares):.1%}")

# %% [markdown]
# 100 张图片里，softmax 回归约认对 [97]{= 100 * mixed["softmax"]} 张，两个网络平均认对 [98.3 张和 98.6 张]{= 100 * mixed["dense"], 100 * mixed["conv"]}。标准误[超过半个百分点]{= error > 0.006}，相当于 [360]{= test.size} 张中的[两三张]{= all(1.5 < 360 * standard_error(p, 360) < 3.5 for p in mixed.values())}，而同一个网络换一个种子，准确率也会变化，所以这么小的差别可能只是运气。各模型识别的是同样的图片，可以比得更细：只看两个模型一对一错的图片，设共有 $s$ 张。如果两个模型一样好，谁对谁错就像抛 $s$ 次硬币，双方张数之差通常在 $\sqrt{s}$ 左右。


# %%
def compare(one, other, answers):
    """一个模型比另一个多认对多少图片。"""
    alone = np.sum(answers[one] & ~answers[other])
    other_alone = np.sum(answers[other] & ~answers[one])
    chance = np.sqrt(alone + other_alone)
    print(f"只有 {one} {alone}，只有 {other} {other_alone}", end=", ")
    print(f"随机 {chance:.1f}")


for other in ("dense", "softmax"):
    compare("conv", other, reads)

# %% [markdown]
# 取这个种子，卷积比多层感知机多认对[五张]{= reads["conv"].sum() - reads["dense"].sum()}，[约为随机波动的两倍]{= 5 / np.sqrt((reads["conv"] != reads["dense"]).sum())}；可是对五个种子取平均，[只多一张，小于标准误]{= 1 == round(360 * (mixed["conv"] - mixed["dense"])) < 360 * error}。这次测试看不出卷积有什么优势。要是测试没有毛病，实验到这里就结束了。

# %% {"folded": "检查"}
assert all(
    0.003 < standard_error(p, test.size) < 0.01 for p in mixed.values()
)
assert all(
    abs(reads["conv"].sum() - reads[other].sum()) < 12
    for other in ("dense", "softmax")
)
assert 0.96 < mixed["softmax"] < 0.99 and max(shares) > min(shares)
assert min(mixed["dense"], mixed["conv"]) > 0.975
assert abs(mixed["conv"] - mixed["dense"]) < 0.01

# %% [markdown]
# ## 数字是谁写的？ {#writers}
#
# <!-- quoted: 43, 30, 13 -->
#
# 数据的说明中提到，共有 43 人填写了表格，其中 30 人的用作训练集，另外 13 人的用作测试集，scikit-learn 收录的是测试集。说明没有给出每个数字的书写者，但标签透露了这一点：按文件的次序排列，标签是重复的。

# %%
text = "".join(map(str, labels))
head = r"0?123456789\d{18,20}0955650"  # 缺了几个数字
starts = [form.start() for form in re.finditer(head, text)]
for start in starts:
    print(f"{start:4}  {text[start : start + 60]}")
form = np.searchsorted(starts, np.arange(1797), side="right") - 1
print("每张表格的数字：", *np.bincount(form))

# %% [markdown]
# 同样的 [130 个数字出现了十四遍]{= np.bincount(form).max(), len(starts)}，只在少数地方缺了几个。可见共有[十四张]{= form.max() + 1}表格；说明中是 13 人，也许有一人填了两张。（Inria 的 [scikit-learn 课程](https://inria.github.io/scikit-learn-mooc/python_scripts/cross_validation_grouping.html)也利用了这个规律。）这有影响吗？我们为每张图片在其余所有图片中找出最相似的一张。

# %%
rows = flat(images)
squares = np.sum(rows**2, axis=1)
distance = squares[:, None] + squares - 2 * rows @ rows.T
np.fill_diagonal(distance, np.inf)
nearest = distance.argmin(axis=1)
at_home = np.mean(form[nearest] == form)
chance = np.mean(form[:, None] == form)
print(f"最相似的图片在同一张表格上：{at_home:.0%}")
print(f"随机抽取一张时：{chance:.0%}")

# %% {"alt": "一行六个数字，上面各有一个号码；每个数字下面是另一张同一数字的图片，两者十分相像，连笔画的斜度和断开的地方都一样。", "caption": "上面是测试集的图片和它所在表格的号码；下面是另外两个集合里与它最相似的图片，来自同一张表格。"}
known = np.union1d(train, val)
pairs = [i for i in test if form[nearest[i]] == form[i]]
pairs = [i for i in pairs if nearest[i] in known][:6]
figure, axes = plt.subplots(2, 6, figsize=(4.6, 1.9))
for column, i in enumerate(pairs):
    for axis, j in zip(axes[:, column], (i, nearest[i]), strict=True):
        axis.imshow(images[j, 0], "gray_r", interpolation="nearest")
        axis.set_axis_off()
    axes[0, column].set_title(f"{form[i] + 1}")
plt.show()

# %% [markdown]
# [半数以上]{= at_home}的图片，与它最相似的一张在同一张表格上。随机划分常把这样的两张图片一张分进训练集、一张分进测试集。这就是**数据泄漏**：测试考的是见过的笔迹，而分拣信件的机器天天遇到生人的字。数据的作者知道这一点，他们两种测试都做了，分别[称为](https://doi.org/10.24432/C50P49)依赖书写者的测试和不依赖书写者的测试，只以后者评判方法的好坏。

# %% {"folded": "检查"}
assert at_home > 0.5 > 5 * chance

# %% [markdown]
# ## 换成新的书写者会怎样？ {#new-writers}
#
# <!-- example: 100 -->
#
# 用[十二张]{=> len(set(form[form % 7 != 0]))}表格训练，识别另外两张，共做七次，使每张表格都由没有见过它的模型识别一次；再用[三个]{=> len(SEEDS)}种子全部重复。这样，1,797 张图片都成了测试图片。设置不变；选择设置时用到了其中一部分图片，不过学习率只有[三个]{= len(rates)}备选值，影响有限。


# %%
def by_new_writers(model, pictures, seed=0):
    """概率 (1797, 10)，用别的表格训练。"""
    prob = np.zeros((1797, 10))
    for k in range(7):
        two = form % 7 == k
        known = pictures[~two], labels[~two]
        *_, weights = learn(model, *known, seed + k)
        prob[two] = softmax(outputs(model, weights, pictures[two])[0])
    return prob


def form_error(values):
    """十四张表格上平均值的标准误。"""
    means = [values[form == f].mean() for f in range(14)]
    return np.std(means, ddof=1) / np.sqrt(14)


# %%
SEEDS = (0, 7, 14)
prob, new = {}, {}
print("           new  mixed  error  by forms")
for name, model in tqdm(models.items(), disable=None):
    prob[name] = [by_new_writers(model, images, s) for s in SEEDS]
    reading = np.argmax(prob[name], axis=2)
    new[name] = np.mean(reading == labels, axis=0)  # 0、1/3、2/3、1
    share, honest = new[name].mean(), form_error(new[name])
    simple = standard_error(share, 1797)
    print(f"{name:8} {share:.1%}  {mixed[name]:.1%}", end="")
    print(f"{simple:7.1%} {honest:9.1%}")

# %% [markdown]
# 各模型的错误都[增加到原来的两倍以上]{= all(1 - new[k].mean() > 2 * (1 - mixed[k]) for k in models)}：100 张图片里，softmax 回归约认对 [92 张，多层感知机 94 张，卷积神经网络 95 张]{= [100 * new[k].mean() for k in models]}。前面的标准误公式在这里过于乐观。它假定各个数字互不相干，可是同一个人的字，好认就都好认，难认就都难认。近似独立的只有各张表格；根据它们之间的差异计算，标准误明显更大。那么，卷积的领先是否超出了随机波动？

# %% {"alt": "十四张表格，每张对应各模型的一个点，表示错误率。表格经过排序，错误率相差很大，从接近零到[百分之十以上]{= max(map(max, misread.values())) / 100}；在许多表格上，卷积的点最低。", "caption": "容易和难以识别的笔迹：模型没有见过书写者时，在各张表格上的错误率。表格按 softmax 回归的结果排列。", "labels": {"softmax": "Softmax 回归", "dense": "多层感知机", "conv": "卷积", "form": "表格", "misread, percent": "错误率（%）"}}
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
    print(f"领先 {other:7} {gain.mean():.1%} ± {error:.1%}", end="")
    print(f"，{ahead} 张表格上领先，{behind} 张上落后")
wide = by_new_writers(Hidden(256), images).argmax(axis=1) == labels
print(f"dense，256 个隐藏神经元：{wide.mean():.1%}")

# %% [markdown]
# 逐张表格比较，就消除了笔迹难易的影响。卷积领先多层感知机 [1.8 个百分点，超过三倍标准误]{= 100 * (lead := new["conv"] - new["dense"]).mean(), lead.mean() / form_error(lead)}，十四张表格里有[十二张]{= sum((new["conv"] - new["dense"])[form == f].mean() > 0 for f in range(14))}领先；对 softmax 回归领先得更多。虽然只有十四张表格，这也是有力的证据。是不是多层感知机太小了？不太像：用 256 个隐藏神经元，参数[将近卷积神经网络的十二倍]{= (256 * (64 + 1) + 10 * (256 + 1)) / counts["conv"]}，100 张里认对 [94.5 张，同一个种子的小网络也有 94.2 张]{= 100 * wide.mean(), 100 * np.mean(prob["dense"][0].argmax(axis=1) == labels)}；卷积认对 [95.8 张]{= 100 * np.mean(prob["conv"][0].argmax(axis=1) == labels)}。

# %% {"folded": "检查"}
assert all(
    1 - new[name].mean() > 2 * (1 - mixed[name])
    and form_error(new[name])
    > 1.3 * standard_error(new[name].mean(), 1797)
    for name in models
)
for other, times in (("dense", 1.1), ("softmax", 2)):
    lead = new["conv"] - new[other]
    assert max(0.006, times * form_error(lead)) < lead.mean() < 0.04
assert 0.91 < new["softmax"].mean() < new["dense"].mean() < 0.955
assert 0.94 < new["conv"].mean() < 0.97
assert wide.mean() < new["conv"].mean() + 0.002

# %% [markdown]
# ## 什么容易被认错？ {#misread}
#
# 下面是卷积神经网络（第一个种子）最有把握却认错的图片：

# %% {"alt": "三行共十八张数字的灰度图片，每张上方是真实的数字、一个箭头和识别出的数字。许多图片人也难以辨认。", "caption": "最有把握的错误：真实的数字和识别出的数字。"}
certain = prob["conv"][0].max(axis=1)
read = prob["conv"][0].argmax(axis=1)
wrong = np.flatnonzero(read != labels)
worst = wrong[np.argsort(-certain[wrong])][:18]
figure, axes = plt.subplots(3, 6, figsize=(4.6, 3.1))
for axis, i in zip(axes.flat, worst, strict=True):
    axis.imshow(images[i, 0], "gray_r", interpolation="nearest")
    axis.set_title(f"{labels[i]} → {read[i]}")
    axis.set_axis_off()
plt.show()

# %% [markdown]
# 图片只有 [8 × 8]{= images.shape[2:]} 个像素，其中一些人也难以辨认；另一些小孩子也认得出。这样的字也认错，还很有把握，也许是因为网络学到的只是那少数几个人的写法。
#
# ## 它学到了什么？ {#kernels}

# %% {"alt": "两组卷积核，每组八个，都是橙色和紫色的三乘三小方块；每个核下面是它对一个手写数字 3 的响应，用灰度表示。许多核在笔画的一侧有响应，颜色变暗，有的在上侧或下侧，有的在左侧或右侧；最后几个仍是白的。", "caption": "[十六个]{= len(K)}卷积核，紫色是正的权重，橙色是负的权重，下面是各自对同一个 3 的响应；响应最强的排在前面。打叉的几个对任何图片都几乎没有响应。"}
weak = {}
for name in ("dense", "conv"):
    _, h = models[name].forward(final[name][:2], images[past])
    strongest = h.reshape(past.size, len(h[0]), -1).max(axis=(0, 2))
    weak[name] = few = np.sum(strongest < 0.05 * strongest.max())
    print(f"{name:5} 几乎从不响应：{few} 个，共 {strongest.size} 个")

K, b, *_ = final["conv"]
three = images[test[labels[test] == 3][:1]]
responses = relu(conv2d(three, K, b))[0]
top = np.abs(K).max()
figure, axes = plt.subplots(4, 8, figsize=(4.6, 2.5))
for place, d in enumerate(np.argsort(-responses.sum(axis=(1, 2)))):
    upper, lower = axes[place // 8 * 2 :, place % 8][:2]
    upper.imshow(K[d, 0], "PuOr", vmin=-top, vmax=top)
    lower.imshow(responses[d], "gray_r", vmin=0, vmax=responses.max())
    if strongest[d] < 0.05 * strongest.max():
        upper.plot([-0.4, 2.4], [-0.4, 2.4], color="C3")
        upper.plot([-0.4, 2.4], [2.4, -0.4], color="C3")
for axis in axes.flat:
    axis.set_axis_off()
plt.show()

# %% [markdown]
# 卷积核中正负权重相邻。响应最强的几个卷积核，在笔画的某一侧有响应，像人工设计的 [Sobel 核](../cnn.md#edges)那样在找边缘。[十六个]{= len(K)}里有[三个]{= weak["conv"]}对什么图片都几乎没有响应；多层感知机的 [64 个神经元里，这样的有八个]{= models["dense"].n, weak["dense"]}。其中有的从一开始就是这样：像素从来不是负数，权重大多为负时，ReLU 就总是 0。最后一层再根据每个卷积核在图片的哪些位置有响应来判断数字。

# %% {"folded": "检查"}
assert weak["dense"] < 64 / 2 and weak["conv"] < 16 / 2

# %% [markdown]
# ## 卷积的优势从哪里来？ {#shuffle}
#
# 卷积窗口的前提是相邻的像素彼此相关。现在去掉这个前提：用同一种方式打乱所有图片的像素。信息并没有丢失。

# %% {"alt": "上面是六个手写数字；下面是同样的图片，像素打乱之后，什么数字也看不出来。", "caption": "从 0 到 5 的数字，以及像素换了位置之后的样子。"}
places = np.random.default_rng(5).permutation(64)
shuffled = rows[:, places].reshape(images.shape)
figure, axes = plt.subplots(figsize=(4.6, 1.6))
both = tiled(np.concatenate([images[:6], shuffled[:6]]), 6)
axes.imshow(both, "gray_r", interpolation="nearest")
axes.set_axis_off()
plt.show()

# %% {"alt": "三个模型各一对竖条，表示像素按次序和打乱之后的错误率。softmax 回归和多层感知机的两条差不多高；卷积的第二条远高于第一条，[将近百分之八对百分之四]{= 1 - after['conv'], 1 - ordered['conv']}。", "caption": "新的书写者的数字，像素按次序和打乱之后的错误率：只有卷积变差了。", "labels": {"softmax": "Softmax 回归", "dense": "多层感知机", "conv": "卷积", "ordered": "按次序", "shuffled": "打乱", "misread, percent": "错误率（%）"}}
after = {}
print("         ordered  shuffled  lost         same")
for name, model in tqdm(models.items(), disable=None):
    before = prob[name][0].argmax(axis=1)  # 种子相同
    read = by_new_writers(model, shuffled).argmax(axis=1)
    after[name] = np.mean(read == labels)
    lost = 1.0 * (before == labels) - (read == labels)
    error = form_error(lost)
    same = np.mean(read == before)
    print(f"{name:8} {np.mean(before == labels):7.1%}", end=" ")
    print(f"{after[name]:9.1%} {lost.mean():5.1%}", end=" ")
    print(f"± {error:.1%} {same:6.1%}")

ordered = {
    k: np.mean(p[0].argmax(axis=1) == labels) for k, p in prob.items()
}
figure, axes = plt.subplots(figsize=(4.4, 2.4))
for k, (name, shares) in enumerate(
    (("ordered", ordered), ("shuffled", after))
):
    height = [100 - 100 * shares[model] for model in models]
    axes.bar(np.arange(3) + 0.4 * k, height, 0.38, label=name)
axes.set_xticks(np.arange(3) + 0.2, models)
axes.set(ylabel="misread, percent", ylim=(0, 9.5))
axes.legend(loc="upper right", ncols=2)
plt.show()

# %% [markdown]
# 对 softmax 回归来说，像素的次序没有影响：[权重随之换位](../intro.md#exercise-5)即可，结果完全相同（最后一列是结果相同的比例，取第一个种子）。对多层感知机来说，打乱像素只相当于换了一个种子。卷积神经网络的损失却[远大于标准误]{= lost.mean() > 3 * error}，领先也随之消失，而它的结构没有变。**可见卷积的领先靠的是像素的次序：哪些像素相邻，是设计网络时写进去的，不是学来的。**

# %% {"folded": "检查"}
assert abs(ordered["softmax"] - after["softmax"]) < 0.005
assert abs(ordered["dense"] - after["dense"]) < 0.016
assert ordered["conv"] - after["conv"] > max(0.012, 1.5 * error)
assert after["conv"] < after["dense"] + 0.01

# %% [markdown]
# ## 数字移动了会怎样？ {#moved}
#
# <!-- fact: 9 -->
#
# 卷积的另一个特点是[等变性](../cnn.md#equivariance)。我们把测试图片向下、上、右、左各移动一个像素，并比较两种训练：一种用原来的图片，一种也移动训练图片，由 `view` 为每个小批量从五个位置中选一个。移动之后要学的更多，所以训练十二轮。


# %%
def move(x, down, right):
    """图片移动至多一个像素。"""
    wide = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
    return wide[:, :, 1 - down : 9 - down, 1 - right : 9 - right]


WAYS = [(0, 0), (1, 0), (-1, 0), (0, 1), (0, -1)]


def moving(x, rng):
    """一批图片按五种方式之一移动。"""
    return move(x, *WAYS[rng.integers(5)])


# %%
moved = {}
print("trained     as it is       with moves")
print("test        still  moved   still  moved")
for name, model in tqdm(models.items(), disable=None):
    pair = images[past], labels[past]
    *_, weights = learn(model, *pair, epochs=12, view=moving)
    for known in (final[name], weights):
        moved.setdefault(name, []).extend(
            right(model, known, move(images[test], *way), labels[test])
            for way in WAYS
        )
    shares = np.mean(moved[name], axis=1).reshape(2, 5)
    moved[name] = shares[:, 1:].mean(axis=1)
    cells = zip(shares[:, 0], moved[name], strict=True)
    print(f"{name:10}", *(f" {a:5.1%} {b:6.1%}" for a, b in cells))

# %% [markdown]
# 训练时不移动图片，移动后的数字，卷积神经网络能认出[六成多]{= moved["conv"][0]}，其他两个模型都[不到一半]{= max(moved["softmax"][0], moved["dense"][0])}。可见卷积和池化有帮助，但最后一层仍然区分九个位置。训练时也移动图片，效果要好得多，多层感知机得益最大：两个网络的准确率都达到[约九成]{= all(0.85 < moved[k][1] < 0.95 for k in ("dense", "conv"))}。只有 softmax 回归跟不上：每个数字只有一个加权和，等于一张模板，同一张模板对不准五个位置。代价是，不移动的数字反而认错更多：卷积的准确率降低[将近三个百分点]{= 100 * (shares[0, 0] - shares[1, 0])}，另外两个降得更多。

# %% {"folded": "检查"}
assert max(moved["softmax"][0], moved["dense"][0]) < 0.56
assert moved["dense"][0] + 0.08 < moved["conv"][0] < 0.78
assert min(moved["dense"][1], moved["conv"][1]) > 0.85
assert abs(moved["dense"][1] - moved["conv"][1]) < 0.06
assert moved["softmax"][1] < 0.82

# %% [markdown]
# ## 用库来做结果如何？ {#library}
#
# 图片和划分都不变。`LogisticRegression` 就是带惩罚的 softmax 回归；`MLPClassifier` 的隐藏层与我们的相同，随机数不同，并用 [Adam](../training.md#adam) 代替动量。scikit-learn 没有卷积，我们改用在这组数据上表现很好的支持向量机（support vector machine）：`SVC` 把图片与保存的图片相比较，相似程度等于负的距离平方的指数。

# %%
library = {
    "LogisticRegression": lambda k: LogisticRegression(max_iter=1000),
    "MLPClassifier": lambda k: MLPClassifier(
        (64,), learning_rate_init=0.01, tol=0.001, random_state=k
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
print(f"SVC 领先 conv {gain.mean():.1%} ± {form_error(gain):.1%}")
score = {name: answers.mean() for name, answers in new.items()}

# %% [markdown]
# `MLPClassifier` 与我们的多层感知机接近，面对新的书写者时同样不如卷积。支持向量机则与卷积相当，甚至略好，它没有针对图片作任何设计。原因很可能在数据本身：图片只有 [8 × 8]{= images.shape[2:]}，相似的数字大多数像素都相同，所以两张图片之间的距离就能反映相似程度。大幅的照片不是这样，那里卷积[早已领先](../cnn.md#references)。
#
# 对新书写者的数字，准确率是：

# %% {"results": true}
shown = [f"{score[name]:.1%}" for name in score]
print("ours: softmax {}; dense {}; conv {}".format(*shown[:3]))
print("scikit-learn: LR {}; MLP {}; SVC {}".format(*shown[3:]))

# %% {"folded": "检查"}
assert abs(score["LogisticRegression"] - score["softmax"]) < 0.01
assert abs(score["MLPClassifier"] - score["dense"]) < 0.025
assert score["MLPClassifier"] < score["conv"] - 0.01
assert -0.005 < gain.mean() < 0.02 and mixed["SVC"] > 0.98

# %% [markdown]
# ## 小结 {#summary}
#
# - 换成新的书写者，卷积比多层感知机认对的多。打乱像素，领先就消失了：它靠的是知道哪些像素相邻。
# - 随机划分可能造成数据泄漏，掩盖这样的领先；彼此相关的数据，例如同一个人写的数字，要放在同一侧。
# - 报告结果时应给出标准误，并根据相互独立的单位来计算。
# - **现在你会**用新的书写者测试模型，并找出优势的来源。**接下来：**[字符级循环神经网络](character-rnn.py)实验，那里的数据是序列。
#
# ## 动手试试 {#try}
#
# <!-- given: 30, 4, 8, 12 -->
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
