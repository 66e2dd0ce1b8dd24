"""What the tests of backward passes share: the bound for central differences."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import jax
import numpy as np
from numpy.typing import NDArray

from snippets.gradient_check import numerical_gradient

Array = NDArray[np.float64]
Arrays = Mapping[str, Array]


#: What is compiled for the comparisons: plainly. With optimisation, jaxlib 0.10.2 on a CPU gets the
#: gradient of a GRU's scan wrong for batches of 4 and 5 units, where it contradicts central
#: differences and its own run without compilation (its fusion emitters do it).
PLAINLY = {"xla_backend_optimization_level": 0}


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """jax.jit, without optimisation."""
    return jax.jit(function, compiler_options=PLAINLY)


def numerical_gradients(loss: Callable[[Arrays], float], a: Arrays) -> dict[str, Array]:
    """Central differences of the loss in each of its arrays."""
    return {
        name: numerical_gradient(lambda v, name=name: loss({**a, name: v}), a[name]) for name in a
    }


def excess(gradient: Any, numerical: Array, value: float) -> float:
    """‖a − b‖ over its bound 1e-7·max(‖a‖, ‖b‖) + 1e-9·max(1, |f|): at most 1 is agreement."""
    if np.shape(gradient) != numerical.shape:
        return np.inf
    a, b = np.linalg.norm(gradient), np.linalg.norm(numerical)
    bound = 1e-7 * max(a, b) + 1e-9 * max(1, abs(value))
    missed = float(np.linalg.norm(gradient - numerical) / bound)
    return missed if np.isfinite(missed) else np.inf


def agree(gradients: Arrays, numerical: Arrays, value: float) -> bool:
    """All gradients, under the same names, keep the bound."""
    return gradients.keys() == numerical.keys() and all(
        excess(gradients[name], numerical[name], value) <= 1 for name in numerical
    )


def caught(gradients: Callable[[], Arrays], numerical: Arrays, value: float) -> bool:
    """The check sees that something is wrong with a faulty gradient: it differs, or it raises."""
    try:
        with np.errstate(all="ignore"):
            return not agree(gradients(), numerical, value)
    except Exception:
        return True


def caught_in(
    cases: Sequence[tuple[Any, ...]],
    numericals: Sequence[tuple[Arrays, float]],
    gradients: Callable[..., Arrays],
) -> bool:
    """Whether a faulty gradient is caught in one of the cases at least."""
    return any(
        caught(lambda case=case: gradients(*case), *right)
        for case, right in zip(cases, numericals, strict=True)
    )
