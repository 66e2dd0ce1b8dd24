"""What the judges of several chapters need: truths that nobody has derived."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

from snippets.gradient_check import Array, numerical_gradient


def gradient_of(f: Callable[..., Any], argument: int = 0) -> Callable[..., Any]:
    """The gradient of a number with respect to one of its arguments, by central differences."""

    def gradient(*arguments: Any) -> Any:
        def moved(x: Array) -> Any:
            return f(*arguments[:argument], x, *arguments[argument + 1 :])

        found = numerical_gradient(moved, arguments[argument])
        return found if np.ndim(arguments[argument]) else float(found)

    gradient.__signature__ = inspect.signature(f)  # type: ignore[attr-defined]
    return gradient


def slope_of(f: Callable[..., Any], h: float = 1e-5) -> Callable[..., Any]:
    """The derivative of a function that acts element by element, by central differences."""

    def slope(x: Any, *rest: Any) -> Any:
        return (f(x + h, *rest) - f(x - h, *rest)) / (2 * h)

    slope.__signature__ = inspect.signature(f)  # type: ignore[attr-defined]
    return slope
