"""What each explorer has to say, computed from the snippets: its numbers by its sliders' values.

A caption is compared with these numbers in the order in which it names them, by the rule for
numbers in prose (engine/claims/hold.py).
"""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from figures import logistic as lr
from snippets.logistic import fit, loss


def losses(y_hat: float, y: float) -> list[float]:
    value = float(loss(y_hat, y))
    return [y, y_hat, value] + [2] * (y_hat != 0.5 and value < 2)


@cache
def lowest_cost() -> float:
    return float(fit(*lr.tumours(), 5, 2001)[2][-1])


def descents(rate: float) -> list[float]:
    costs = np.array(fit(*lr.tumours(), rate, 121)[2])
    near = costs < 1.01 * lowest_cost()
    found = [rate, 120, float(costs[-1])]
    return [*found, int(np.argmax(near)), 1] if near[-1] else found


EXPLORED: dict[str, Callable[..., list[Any]]] = {
    "logistic/loss_moved": losses,
    "logistic/descent": descents,
}
