"""What a check is made of, and what is known of one once it has been evaluated.

A check belongs to one tagged equation of the pages. It draws random inputs, evaluates both
sides, and brings wrong right-hand sides that must fail: a check that cannot fail proves nothing.
"""

import inspect
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.faults import Fault

Rng = np.random.Generator
Value = float | NDArray[np.float64] | Any

#: Every check sees this many independent draws of its random inputs.
DRAWS = 20


@dataclass(frozen=True)
class Sides:
    """Both sides of a relation for one draw, and right-hand sides that must not satisfy it."""

    relation: str
    left: Value
    right: Value
    wrong: Mapping[str, Value]
    tolerance: float

    def error(self, right: Value) -> float:
        """By how much the relation is missed, on the scale of ``tolerance``; inf for nan."""
        left, right = np.asarray(self.left, float), np.asarray(right, float)
        if left.shape != right.shape:
            return np.inf
        if self.relation == "≤":
            missed, size = float(np.max(left - right, initial=0.0)), 1.0
        else:
            missed = float(np.linalg.norm(left - right))
            size = max(float(np.linalg.norm(left)), float(np.linalg.norm(right)), 1e-3)
        if self.relation == "≈":
            size = 1.0
        return missed / size if np.isfinite(missed) else np.inf

    def holds(self, right: Value) -> bool:
        return self.error(right) <= self.tolerance


def equals(left: Value, right: Value, wrong: Mapping[str, Value], rtol: float = 1e-6) -> Sides:
    """left = right, to a relative error of ``rtol`` in the Euclidean norm."""
    return Sides("=", left, right, wrong, rtol)


def at_most(left: Value, right: Value, wrong: Mapping[str, Value], slack: float = 1e-12) -> Sides:
    """left ≤ right in every component, with a slack for rounding."""
    return Sides("≤", left, right, wrong, slack)


def close(left: Value, right: Value, wrong: Mapping[str, Value], within: float) -> Sides:
    """left ≈ right: they differ by at most ``within`` in the Euclidean norm."""
    return Sides("≈", left, right, wrong, within)


#: How each relation may be written in TeX.
RELATION_IN_TEX = {"=": ("=",), "≤": (r"\le", r"\ge", "<", ">"), "≈": (r"\approx",)}


def equation(tag: str) -> Callable[[Callable[[Rng], Sides]], Callable[[Rng], Sides]]:
    """Mark the decorated function as the check of the equation with this tag."""

    def mark(evaluate: Callable[[Rng], Sides]) -> Callable[[Rng], Sides]:
        evaluate.tag = tag  # type: ignore[attr-defined]
        return evaluate

    return mark


@dataclass(frozen=True)
class CheckSource:
    """A check as its module has it written, which need not be run to be read."""

    tag: str
    function: str
    path: Path
    line: int
    source: str
    tex: str
    """The formula the check was written for: the function's docstring."""

    @property
    def title(self) -> str:
        """The function's name, read as words."""
        return self.function.replace("_", " ")

    @property
    def module(self) -> str:
        return self.path.stem

    def fault(self, message: str, remedy: str) -> Fault:
        return Fault(self.path, self.line, f"check of ({self.tag}): {message}", remedy)


@dataclass(frozen=True)
class Check:
    """A check that can be evaluated: the tag of its equation, and its function."""

    tag: str
    evaluate: Callable[[Rng], Sides]

    @property
    def written(self) -> CheckSource:
        """How it is written. Raises OSError where the function's code is in no file."""
        lines, number = inspect.getsourcelines(self.evaluate)
        path = Path(inspect.getsourcefile(self.evaluate) or "")
        tex = textwrap.dedent(self.evaluate.__doc__ or "").strip()
        name = self.evaluate.__name__
        return CheckSource(self.tag, name, path, number, "".join(lines), tex)


@dataclass(frozen=True)
class Verdict:
    """What the draws of one check showed."""

    tag: str
    relation: str
    draws: int
    largest_error: float
    allowed: float
    rejected: tuple[str, ...]
    faults: tuple[Fault, ...]

    @property
    def passed(self) -> bool:
        return not self.faults

    def as_json(self) -> dict[str, Any]:
        """What JSON can hold of it: of a fault its words, since its place is the check's."""
        told = [[fault.message, fault.remedy] for fault in self.faults]
        return {**vars(self), "faults": told}


def verdict_of(check: CheckSource, content: dict[str, Any]) -> Verdict:
    """The verdict on a check that ``as_json`` has given."""
    faults = tuple(Fault(check.path, check.line, *told) for told in content["faults"])
    return Verdict(**{**content, "rejected": tuple(content["rejected"]), "faults": faults})


def without_result(check: CheckSource, fault: Fault) -> Verdict:
    """The verdict on a check that could not be evaluated."""
    return Verdict(check.tag, "", DRAWS, np.inf, 0.0, (), (fault,))
