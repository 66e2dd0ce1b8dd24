# ---
# title: 回头看
# description: 普通单元、LSTM 和一个小的 Transformer 复述 5 到 20 个字母；它们大小相近，学习率各自选定，各从三个起点训练。
# prerequisites: [attention, lstm, bptt]
# data: "实验自己生成的随机字母，要求复述"
# seconds: 60
# links:
#   正交矩阵: ../clipping.md#vanishing
# ---

# %% [markdown]
# # 回头看：谁能复述一串字母？ {#title}
#
# [注意力](../attention.md)一章用一幅图开头：字母越多，LSTM 答对的比例越低，Transformer 却一直全对。可是每种网络只训练了一次，这样比公平吗？这里的网络大小相近，学习率各自选定，每次训练都用 [3]{=>> len(SEEDS)} 组随机数各做一遍。另外加上两个普通单元，一个用[正交矩阵](../clipping.md#vanishing)初始化，一个不用。先猜一猜：第二名是谁？
#
# ```sh
# pip install equinox jax matplotlib numpy optax tqdm
# ```

# %%
import equinox as eqx
import jax
import jax.numpy as jnp
import matplotlib.pyplot as plt
import numpy as np
import optax
from tqdm import tqdm

from snippets import bptt, lstm, optimizers
from snippets.activations import softmax
from snippets.attention import causal_mask, positions
from snippets.clipping import clip_by_global_norm
from snippets.transformer import (
    init_transformer,
    transformer,
    transformer_backward,
)

jax.config.update("jax_enable_x64", True)

# %% [markdown]
# ## 要学什么？ {#task}
#
# 一个序列先是 $T$ 个随机的字母，各是四个字母之一；然后是问号；再把这些字母重复一遍。网络在每个位置预测下一个字母，算分的是从问号起的回答：损失是这 $T$ 次预测的平均交叉熵，成绩是其中对的比例。回答时，前面的字母总是给正确的，不管网络自己答了什么。随机猜测的正确率是 $[1/4]{= 1 / 4}$。每一批都是新的，什么也背不下来。


# %%
def copying(T, m, rng):
    """字母 (m, 2T)，以及每个的下一个字母。"""
    letters = rng.integers(4, size=(m, T))
    mark = np.full((m, 1), 4)
    s = np.concatenate([letters, mark, letters], axis=1)
    return s[:, :-1], s[:, 1:]


def loss_and_gradient(logits, y, T):
    """从问号起的平均交叉熵。"""
    hot = np.eye(5)[y]
    right = np.sum(logits * hot, axis=-1)
    losses = np.logaddexp.reduce(logits, axis=-1) - right
    d = softmax(logits) - hot
    d[:, :T] = 0
    return np.mean(losses[:, T:]), d / losses[:, T:].size


x, y = copying(5, 1, np.random.default_rng(0))
for row in (x[0], y[0]):
    print("".join("abcd?"[k] for k in row))

# %% [markdown]
# ## 哪些网络参加？ {#networks}
#
# <!-- given: 0.001, 0.003, 0.03, 0.05, 3 -->
#
# 循环单元出自[沿时间反向传播](../bptt.md#tanh)和 [LSTM](../lstm.md#sequence) 两章；LSTM 的遗忘偏置是 3，与[记忆实验](memory.py)相同。它们一个接一个地读字母，再用一个矩阵把每个状态变成五个输出，由 softmax 变成概率。Transformer 只有一个 [Transformer 块](../attention.md#block)，一个头。


# %%
def start(name, seed):
    """初始权重。"""
    rng = np.random.default_rng(seed)
    if name == "Transformer":
        return init_transformer(5, 16, rng)
    if name == "LSTM":
        n_h = 26
        p = lstm.init(5, n_h, rng, 3.0)
    else:
        n_h = 52
        r = 1 / np.sqrt(n_h)
        p = {"W_hx": rng.uniform(-r, r, (n_h, 6))}
        p["W_hh"] = rng.uniform(-r, r, (n_h, n_h))
    if name == "orthogonal":
        p["W_hh"] = np.linalg.qr(rng.normal(size=(n_h, n_h)))[0]
    r = 1 / np.sqrt(n_h)
    p["W_q"] = rng.uniform(-r, r, (n_h, 5))
    return {**p, "b_q": np.zeros(5)}


NETS = "plain", "orthogonal", "LSTM", "Transformer"
SIZES = {}
for name in NETS:
    SIZES[name] = sum(a.size for a in start(name, 0).values())
    print(f"{SIZES[name]} {name}")


# %%
def read(name, p, x):
    """循环网络的状态 (2T, m, n_h)，以及缓存。"""
    xs = np.eye(5)[x.T]
    if name == "LSTM":
        zero = np.zeros((len(x), len(p["W_h"])))
        hs, _, cache = lstm.forward(p, xs, zero, zero)
        return hs, cache
    xs = np.concatenate([xs, np.ones((*xs.shape[:2], 1))], axis=-1)
    h0, out = np.zeros((len(x), len(p["W_hh"]))), np.eye(len(p["W_hh"]))
    return bptt.forward(xs, h0, p["W_hx"], p["W_hh"], out)


def forward(name, p, x):
    """对数几率 (m, 2T, 5)，以及反向传播要用的量。"""
    if name == "Transformer":
        P = positions(x.shape[1], 16)
        return transformer(p, x, P, causal_mask(len(P)))
    hs, cache = read(name, p, x)
    return np.swapaxes(hs @ p["W_q"] + p["b_q"], 0, 1), (hs, cache)


def backward(name, p, kept, d):
    """由对数几率的梯度求各参数的梯度。"""
    if name == "Transformer":
        return transformer_backward(p, kept, d)
    (hs, cache), d = kept, np.swapaxes(d, 0, 1)
    if name == "LSTM":
        grads, *_ = lstm.backward(p, cache, d @ p["W_q"].T)
    else:
        found = bptt.backward(cache, d @ p["W_q"].T)
        grads = {k: found[f"d{k}"] for k in ("W_hx", "W_hh")}
    grads["W_q"] = np.einsum("tmh,tmq->hq", hs, d)
    return {**grads, "b_q": np.sum(d, axis=(0, 1))}


# %% [markdown]
# 训练都用 [Adam](../training.md#adam)，200 步，每步 16 串字母，梯度[裁剪](../clipping.md#clipping)到范数 1。学习率是事先用别的随机数，为每种网络、每个长度试出来的：循环网络试了 0.001 到 0.03，Transformer 试了 0.003 到 0.05，试后者时没有裁剪。如果试过的都不比随机猜测强，就任取一个。

# %%
LENGTHS, SEEDS = (5, 10, 20), range(3)
RATES = {
    "plain": (0.01, 0.02, 0.01),
    "orthogonal": (0.003, 0.003, 0.003),
    "LSTM": (0.02, 0.02, 0.003),
    "Transformer": (0.02, 0.02, 0.02),
}


def train(name, T, seed, rate, steps=200):
    """训练之后的权重，以及途中的损失。"""
    p, rng = start(name, seed), np.random.default_rng(100 + seed)
    state, losses = optimizers.init(p), []
    for _ in range(steps):
        x, y = copying(T, 16, rng)
        logits, kept = forward(name, p, x)
        loss, d = loss_and_gradient(logits, y, T)
        losses.append(loss)
        grads = backward(name, p, kept, d)
        clipped = clip_by_global_norm([grads[k] for k in p], 1.0)
        grads = dict(zip(p, clipped, strict=True))
        p, state = optimizers.adam(p, grads, state, rate)
    return p, losses


def share_right(logits, y, T):
    """问号之后答对的字母所占的比例。"""
    return np.mean(np.argmax(logits, axis=-1)[:, T:] == y[:, T:])


def test(name, p, T):
    """500 个新列表中答对的比例。"""
    x, y = copying(T, 500, np.random.default_rng(99))
    return share_right(forward(name, p, x)[0], y, T)


# %% {"folded": "检查"}
assert max(SIZES.values()) < 1.06 * min(SIZES.values())

# %% [markdown]
# ## 谁复述得出来？ {#results}

# %%
shares, kept = {}, {}
for name in tqdm(NETS, disable=None):
    for T, rate in zip(LENGTHS, RATES[name], strict=True):
        runs = []
        for seed in SEEDS:
            kept[name, T, seed], _ = train(name, T, seed, rate)
            runs.append(test(name, kept[name, T, seed], T))
        shares[name, T] = np.array(runs)
print("平均、最低、最高：", *(f"{T:14}" for T in LENGTHS))
for name in NETS:
    cells = [
        f"{s.mean():.2f} {s.min():.2f} {s.max():.2f}"
        for s in (shares[name, T] for T in LENGTHS)
    ]
    print(f"{name:22}", *cells)

# %% {"alt": "正确率与字母数的关系。Transformer 一直在最上面；正交初始化的普通单元到最长时才落下来，竖线很长；LSTM 降得更早；另一种普通单元降到随机猜测。", "caption": "点是各个起点的平均，竖线从最差的一次到最好的一次。", "labels": {"plain": "普通单元", "orthogonal": "正交初始化", "letters in the list": "要复述的字母数", "share right": "正确率", "guessing": "随机猜测"}}
styles = "C0o-", "C1s-", "C2^-", "C4D-"
figure, axes = plt.subplots()
for k, (name, style) in enumerate(zip(NETS, styles, strict=True)):
    runs = np.array([shares[name, T] for T in LENGTHS])
    means = runs.mean(axis=1)
    reach = [means - runs.min(axis=1), runs.max(axis=1) - means]
    at = np.array(LENGTHS) + 0.2 * (k - 1.5)  # 竖线并排
    axes.errorbar(at, means, reach, fmt=style, label=name)
axes.axhline(0.25, color="gray", linestyle=":", label="guessing")
axes.set(xlabel="letters in the list", ylabel="share right")
axes.set(xticks=LENGTHS, ylim=(0, 1.05))
figure.legend(loc="outside lower center", ncols=3)
plt.show()

# %% [markdown]
# 那一章的图站得住。[20]{= max(LENGTHS)} 个字母，Transformer 每次都[几乎全对]{= shares["Transformer", 20].min() > 0.9}，LSTM 只对[约一半]{= shares["LSTM", 20].mean()}。正交初始化的普通单元，在[记忆实验](memory.py#copying)里复述得最好，在这里却最依赖起点：设置完全相同，一次[对了大半]{= shares["orthogonal", 20].max() > 0.6}，另一次[只相当于随机猜测]{= shares["orthogonal", 20].min() < 0.4}。换成通常的初始化，到了这个长度，它[每次都只是随机猜测]{= shares["plain", 20].max() < 0.3}。

# %% {"folded": "检查"}
assert min(shares["Transformer", T].min() for T in LENGTHS) > 0.8
assert shares["LSTM", 20].max() < 0.65
assert shares["plain", 20].max() < 0.35
assert np.ptp(shares["orthogonal", 20]) > 0.3

# %% [markdown]
# ## 失败就是不会吗？ {#patience}
#
# <!-- given: 10, 600, 200 -->
#
# 同一个 LSTM，10 个字母，把 200 步改成 600 步：

# %%
patient, _ = train("LSTM", 10, 0, 0.02, steps=600)
late = test("LSTM", patient, 10)
print(f"{shares['LSTM', 10][0]:.2f} 200 步之后")
print(f"{late:.2f} 600 步之后")

# %% [markdown]
# 它还在进步，只是慢。所以这里比的是，在这样的大小和学习率下谁学得快，而不是谁最终能学会。而且复述正适合注意力：每个答案都在固定的距离上。

# %% {"folded": "检查"}
assert late > shares["LSTM", 10][0] + 0.02

# %% [markdown]
# ## 换一个长度会怎样？ {#other-length}
#
# <!-- given: 8, 10, 12 -->
#
# 把在 10 个字母上训练的网络，拿到 8 个和 12 个字母上去测：

# %%
elsewhere = {}
for name in ("orthogonal", "LSTM", "Transformer"):
    for T in (8, 10, 12):
        elsewhere[name, T] = test(name, kept[name, 10, 0], T)
    cells = [f"{elsewhere[name, T]:.2f}" for T in (8, 10, 12)]
    print(*cells, name)
others = [
    elsewhere[name, T]
    for name in ("orthogonal", "Transformer")
    for T in (8, 12)
]

# %% [markdown]
# 它们答的是什么？在 8 个字母上，正确的字母在往回第八个位置。数一数最后[六个]{=> answers.shape[1]}回答里，有多少是*往回第十个位置*的字母；除非两处碰巧相同，那就是错的（各起点中最低和最高的比例）：

# %%
x, _ = copying(8, 500, np.random.default_rng(99))
back = {}
for name in ("orthogonal", "LSTM", "Transformer"):
    back[name] = []
    for seed in SEEDS:
        logits, _ = forward(name, kept[name, 10, seed], x)
        answers = np.argmax(logits, axis=-1)[:, 10:]
        back[name].append(np.mean(answers == x[:, :-10]))
    print(f"{min(back[name]):.1f} {max(back[name]):.1f} {name}")

# %% [markdown]
# Transformer 和正交初始化的单元，10 个字母时[全对]{= min(elsewhere["Transformer", 10], elsewhere["orthogonal", 10]) > 0.99}，现在却差得多：[大多数回答]{= min(*back["orthogonal"], *back["Transformer"]) > 0.75}正是往回第十个位置的字母。**它们学会的不是复述，而是照搬往回第十个位置的字母。**LSTM 在 10 个字母上差一些，现在[反而领先]{= max(others) < min(elsewhere["LSTM", 8], elsewhere["LSTM", 12])}。

# %% {"folded": "检查"}
assert max(others) < min(elsewhere["LSTM", 8], elsewhere["LSTM", 12])
assert min(*back["orthogonal"], *back["Transformer"]) > 0.75
assert max(back["LSTM"]) < 0.5

# %% [markdown]
# ## 用 Equinox 写的同一个 Transformer {#equinox}
#
# <!-- given: 10 -->
#
# 最后，把初始权重放进 Equinox 的注意力、归一化和全连接层，用 `optax.adam` 和同样的批，在 10 个字母上训练。


# %%
def in_equinox(p):
    """Equinox 的块，用我们的权重。"""
    key = jax.random.key(0)
    net = {
        "E": jnp.asarray(p["E"]),
        "norm_1": eqx.nn.LayerNorm(16),
        "attention": eqx.nn.MultiheadAttention(1, 16, key=key),
        "norm_2": eqx.nn.LayerNorm(16),
        "first": eqx.nn.Linear(16, 64, key=key),
        "second": eqx.nn.Linear(64, 16, key=key),
        "U": jnp.asarray(p["U"]),
    }

    def ours(net):
        a = net["attention"]
        layers = a.query_proj, a.key_proj, a.value_proj, a.output_proj
        return [
            *(layer.weight for layer in layers),
            *(net[k].weight for k in ("first", "second")),
            *(net[k].bias for k in ("first", "second")),
        ]

    names = "W_q", "W_k", "W_v", "W_o", "W_1", "W_2", "b_1", "b_2"
    return eqx.tree_at(ours, net, [jnp.asarray(p[k].T) for k in names])


def logits_in_equinox(net, x):
    """处理一个列表：与我们的 transformer 算得一样。"""
    X = net["E"][x] + positions(len(x), 16)
    N = jax.vmap(net["norm_1"])(X)
    Z = X + net["attention"](N, N, N, causal_mask(len(x)))
    H = jax.nn.relu(jax.vmap(net["first"])(jax.vmap(net["norm_2"])(Z)))
    return (Z + jax.vmap(net["second"])(H)) @ net["U"]


def jax_loss(net, x, y):
    """最后 T 个字母的平均交叉熵。"""
    T = y.shape[1] // 2
    logits = jax.vmap(lambda one: logits_in_equinox(net, one))(x)
    losses = optax.softmax_cross_entropy_with_integer_labels(logits, y)
    return jnp.mean(losses[:, T:])


# %%
method = optax.chain(optax.clip_by_global_norm(1.0), optax.adam(0.02))


@eqx.filter_jit
def update(net, state, x, y):
    """走一步之后的网络和状态，以及之前的损失。"""
    loss, grads = eqx.filter_value_and_grad(jax_loss)(net, x, y)
    moves, state = method.update(grads, state)
    return eqx.apply_updates(net, moves), state, loss


net, theirs = in_equinox(start("Transformer", 0)), []
state = method.init(eqx.filter(net, eqx.is_inexact_array))
rng = np.random.default_rng(100)
for _ in tqdm(range(200), disable=None):
    net, state, loss = update(net, state, *copying(10, 16, rng))
    theirs.append(float(loss))
_, ours = train("Transformer", 10, 0, 0.02)
gap = np.max(np.abs(np.subtract(ours[:20], theirs[:20])))
print(f"前 20 步的损失：相差 {gap:.0e}")
assert gap < 1e-9

# %% [markdown]
# [前二十个损失有九位小数相同]{= gap < 1e-9}：用我们的代码和用库的代码，做的是同一个训练。

# %% {"results": true}
x, y = copying(10, 500, np.random.default_rng(99))
logits = jax.vmap(lambda one: logits_in_equinox(net, one))(x)
found = {
    "ours": shares["Transformer", 10][0],
    "Equinox": share_right(np.asarray(logits), y, 10),
}
print(f"ours: Transformer，10 个字母，{found['ours']:.1%}")
print(f"Equinox: Transformer，10 个字母，{found['Equinox']:.1%}")

# %% {"folded": "检查"}
assert min(found.values()) > 0.9

# %% [markdown]
# ## 小结 {#summary}
#
# - 大小相近、训练步数相同时，Transformer 从试过的每个起点都能复述 [20]{= max(LENGTHS)} 个字母，循环网络一个也不能。
# - 正交初始化的普通单元可以得第二名，但有的起点几乎什么也学不到。
# - 在一个长度上全对的网络，学到的可能只适用于这个长度；从未全对的 LSTM，换了长度损失最少。
# - **现在你会**比较不同种类的网络，并查明它们学到了什么。**接下来：**[过拟合](overfitting.py)实验，那里的网络记得太牢了。
#
# ## 动手试试 {#try}
#
# - 训练时让长度变化。Transformer 能不能复述比见过的都长的一串字母？
# - 把[记忆实验](memory.py#tasks)的相加任务交给 Transformer。它的输入和输出要怎样改？
# - 去掉残差连接，或者去掉归一化。它还学得会吗？
#
# ## 参考文献 {#references}
#
# - A. Vaswani 等，“Attention is all you need”，2017。[arXiv:1706.03762](https://arxiv.org/abs/1706.03762)。Transformer 的出处。
# - M. Henaff、A. Szlam、Y. LeCun，“Recurrent orthogonal networks and long-memory tasks”，*Proceedings of the 33rd International Conference on Machine Learning*，2016。[arXiv:1602.06662](https://arxiv.org/abs/1602.06662)。正交矩阵为什么适合复述。
