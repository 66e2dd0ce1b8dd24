"""Judges of the chapter on regularisation."""

from __future__ import annotations

from typing import Any

import numpy as np

from judges.judging import Exercise, Wrong, edge
from judges.messages import Words
from judges.tools import gradient_of
from snippets.regularization import l1_penalty, l2_penalty


def _ridge(w: Any, X: Any, y: Any, lam: Any) -> Any:
    return np.mean((X @ w - y) ** 2) + l2_penalty(w, lam)


def _gradient(penalty: str, data: str = "2 * X.T @ (X @ w - y) / len(y)") -> str:
    return f"def ridge_gradient(w, X, y, lam):\n    return {data}{penalty}\n"


ridge_gradient = Exercise(
    draw=lambda rng: (rng.normal(size=3), rng.normal(size=(4, 3)), rng.normal(size=4), 0.7),
    truth=gradient_of(_ridge),
    edges=(
        edge(
            np.zeros(2),
            np.array([[1.0, 2.0]]),
            np.array([3.0]),
            1.0,
            en="w = 0, where the penalty has no slope",
            zh="w = 0、惩罚项没有斜率之处",
        ),
    ),
    wrong=(
        Wrong(
            _gradient(""),
            en="The penalty is missing: this is the gradient of least squares. Its part is λw.",
            zh="少了惩罚项：这是最小二乘的梯度。惩罚项的部分是 λw。",
        ),
        Wrong(
            _gradient(" + 2 * lam * w"),
            en="You add 2λw. With λ/2 in front of the squares the 2 cancels, and λw is left.",
            zh="你加的是 2λw。平方前面有 λ/2，2 被约掉，剩 λw。",
        ),
        Wrong(
            _gradient(" + lam * np.sign(w)"),
            en="λ sign(w) belongs to the L1 penalty. The slope of λ/2 · w² is proportional to w.",
            zh="λ sign(w) 属于 L1 惩罚。λ/2 · w² 的斜率与 w 成正比。",
        ),
        Wrong(
            _gradient(" - lam * w"),
            en="The sign of the penalty is the wrong way round: it would make the weights larger.",
            zh="惩罚项的符号反了：这样会使权重变大。",
        ),
        Wrong(
            _gradient(" + lam * w", "X.T @ (X @ w - y) / len(y)"),
            en="A factor 2 is missing in the part of the data: no 1/2 stands in front of the squared error here.",
            zh="数据那一部分少了因子 2：这里的平方误差前面没有 1/2。",
        ),
        Wrong(
            _gradient(" + lam * w", "2 * X.T @ (X @ w - y)"),
            en="The error is a mean over the samples: its part has a factor 1/m.",
            zh="误差对样本取平均，所以数据那一部分有因子 1/m。",
        ),
        Wrong(
            _gradient(" + lam * w", "X.T @ (X @ w - y)"),
            en="This is the gradient of ½‖Xw − y‖² plus the penalty. Here 1/m stands in front of the squares, not 1/2.",
            zh="这是 ½‖Xw − y‖² 加惩罚的梯度。这里平方前面是 1/m，不是 1/2。",
        ),
    ),
)


def _shrink(w: Any, t: float) -> Any:
    """The least of ½(v − w)² + t|v| for each entry, searched by ever smaller intervals."""

    def least(w_j: float) -> float:
        low, high = -abs(w_j) - 1, abs(w_j) + 1
        if abs(w_j) <= t:  # the slope of ½(v − w)² at 0 is smaller than that of the penalty
            return 0.0
        for _ in range(80):
            a, b = low + (high - low) / 3, high - (high - low) / 3
            lower = 0.5 * (a - b) * (a + b - 2 * w_j) + l1_penalty([a], t) - l1_penalty([b], t) < 0
            low, high = (low, b) if lower else (a, high)
        return (low + high) / 2

    return np.array([least(float(w_j)) for w_j in w])


shrink = Exercise(
    draw=lambda rng: (rng.normal(size=5), 0.5),
    truth=_shrink,
    by=Words("a search for the least value", "搜索最小值"),
    edges=(
        edge(
            np.array([0.2, -0.2, 0.0]), 0.5, en="weights smaller than t", zh="绝对值小于 t 的权重"
        ),
        edge(np.array([1.0, -2.0]), 0.0, en="t = 0", zh="t = 0 的情形"),
    ),
    wrong=(
        Wrong(
            "def shrink(w, t):\n    return w - t * np.sign(w)\n",
            en="A weight of 0.2 still becomes −0.3 for t = 0.5: it is carried across zero, and the next step brings it back. Stop at zero: the size becomes max(|w| − t, 0).",
            zh="t = 0.5 时，0.2 仍会变成 −0.3：它越过了零点，下一步又跳回来。请停在零：绝对值变成 max(|w| − t, 0)。",
        ),
        Wrong(
            "def shrink(w, t):\n    return np.where(np.abs(w) > t, w, 0.0)\n",
            en="This is the hard threshold: small weights become 0, but large ones stay as they are. Those, too, are reduced by t.",
            zh="这是硬阈值：小权重变成 0，大权重却原样不动。大权重也要减去 t。",
        ),
        Wrong(
            "def shrink(w, t):\n    return np.maximum(w - t, 0)\n",
            en="Negative weights all become 0. Shrink the size |w| and give it its sign back.",
            zh="负权重全都变成了 0。请缩小绝对值 |w|，再把符号还给它。",
        ),
        Wrong(
            "def shrink(w, t):\n    return np.maximum(np.abs(w) - t, 0)\n",
            en="The sizes are right, and the signs are lost: multiply by sign(w).",
            zh="绝对值对了，符号丢了：请乘以 sign(w)。",
        ),
        Wrong(
            "def shrink(w, t):\n    return w / (1 + t)\n",
            en="That is the step of the L2 penalty: it makes all weights smaller in proportion, and none becomes 0.",
            zh="这是 L2 惩罚的一步：所有权重按比例变小，没有一个变成 0。",
        ),
    ),
)
