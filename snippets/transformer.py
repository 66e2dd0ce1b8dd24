"""A Transformer of one block, which predicts the next letter.

A place is a row; letters are whole numbers, (T,) or (m, T).
"""

# --8<-- [start:imports]
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
Letters = NDArray[np.int64]
Mask = NDArray[np.bool_]
Params = dict[str, Array]
# --8<-- [end:imports]

from snippets.attention import (  # noqa: E402
    MultiHeadCache,
    multi_head,
    multi_head_backward,
)
from snippets.normalization import (  # noqa: E402
    NormCache,
    layer_norm,
    layer_norm_backward,
)
from snippets.rnn import rows, shaped  # noqa: E402
from snippets.whole import whole_number  # noqa: E402


# --8<-- [start:init]
def init_transformer(
    n: int, d: int, rng: np.random.Generator
) -> Params:
    """Weights for n letters and places of d numbers.

    Each matrix keeps the variance of what it is applied to.
    ValueError if n or d is below 1.
    """
    n, d = whole_number("n", n, 1), whole_number("d", d, 1)

    def matrix(rows: int, columns: int) -> Array:
        return rng.normal(0, 1 / np.sqrt(rows), (rows, columns))

    params = {"E": rng.normal(size=(n, d)), "U": matrix(d, n)}
    params |= {f"W_{k}": matrix(d, d) for k in "qkvo"}
    params |= {"W_1": matrix(d, 4 * d), "W_2": matrix(4 * d, d)}
    params |= {"b_1": np.zeros(4 * d), "b_2": np.zeros(d)}
    for k in "12":
        params[f"gain_{k}"], params[f"bias_{k}"] = (
            np.ones(d),
            np.zeros(d),
        )
    return params


# --8<-- [end:init]


# --8<-- [start:cache]
class BlockCache(NamedTuple):
    """Of both normalisations, of the heads, and the MLP's layers."""

    norm_1: NormCache
    heads: MultiHeadCache
    norm_2: NormCache
    normed: Array
    hidden: Array


class TransformerCache(NamedTuple):
    """The letters, the block's cache, and the block's output."""

    letters: Letters
    block: BlockCache
    Y: Array


# --8<-- [end:cache]


# --8<-- [start:block]
def block(
    params: Params, X: Array, heads: int, mask: Mask | None = None
) -> tuple[Array, BlockCache]:
    """Places look around, then each computes by itself.

    X (T, d) or (m, T, d), and so is what is returned. ValueError if
    the shapes do not fit.
    """
    normed, norm_1 = layer_norm(X, params["gain_1"], params["bias_1"])
    found, cache = multi_head(params, normed, heads, mask)
    Z = X + found  # what was there stays
    normed, norm_2 = layer_norm(Z, params["gain_2"], params["bias_2"])
    hidden = np.maximum(normed @ params["W_1"] + params["b_1"], 0)
    Y = Z + hidden @ params["W_2"] + params["b_2"]
    return Y, BlockCache(norm_1, cache, norm_2, normed, hidden)


# --8<-- [end:block]


# --8<-- [start:block_backward]
def block_backward(
    params: Params, cache: BlockCache, dY: ArrayLike
) -> tuple[Params, Array]:
    """The parameters' gradients, and dX.

    ValueError if the shape of dY is wrong.
    """
    norm_1, inner, norm_2, normed, hidden = cache
    dY = shaped("dY", dY, *normed.shape)
    dhidden = (dY @ params["W_2"].T) * (hidden > 0)
    grads = {
        "W_2": rows(hidden).T @ rows(dY),
        "b_2": rows(dY).sum(axis=0),
        "W_1": rows(normed).T @ rows(dhidden),
        "b_1": rows(dhidden).sum(axis=0),
    }
    dnormed = dhidden @ params["W_1"].T
    dZ, *grads_2 = layer_norm_backward(norm_2, dnormed)
    dZ = dZ + dY  # past the MLP
    attended, dnormed = multi_head_backward(params, inner, dZ)
    dX, *grads_1 = layer_norm_backward(norm_1, dnormed)
    grads["gain_1"], grads["bias_1"] = grads_1
    grads["gain_2"], grads["bias_2"] = grads_2
    return grads | attended, dX + dZ  # past the heads


# --8<-- [end:block_backward]


# --8<-- [start:transformer]
def transformer(
    params: Params,
    letters: Letters,
    P: ArrayLike,
    mask: Mask | None = None,
    heads: int = 1,
) -> tuple[Array, TransformerCache]:
    """For each place the logits of the next letter, (…, T, n).

    letters (T,) or (m, T); P (T, d) is added to their vectors, 0
    for none. ValueError if the shapes do not fit.
    """
    X = params["E"][letters] + np.asarray(P, dtype=np.float64)
    Y, cache = block(params, X, heads, mask)
    return Y @ params["U"], TransformerCache(letters, cache, Y)


def transformer_backward(
    params: Params, cache: TransformerCache, dlogits: ArrayLike
) -> Params:
    """The parameters' gradients; ValueError if the shape is wrong."""
    letters, inner, Y = cache
    n = params["U"].shape[1]
    dlogits = shaped("dlogits", dlogits, *letters.shape, n)
    grads, dX = block_backward(params, inner, dlogits @ params["U"].T)
    grads["U"] = rows(Y).T @ rows(dlogits)
    grads["E"] = np.zeros_like(params["E"])
    np.add.at(grads["E"], letters, dX)  # a letter may come again
    return grads


# --8<-- [end:transformer]
