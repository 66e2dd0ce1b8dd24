"""The registry of equation checks, and what it means for one to pass.

A check belongs to one tagged equation of the pages. It draws random inputs, evaluates both
sides, and brings wrong right-hand sides that must fail: a check that cannot fail proves nothing.
"""

import ast
import importlib
import inspect
import textwrap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.faults import Fault
from engine.paths import ROOT

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


@dataclass(frozen=True)
class Check:
    """A registered check: the tag and TeX of its equation, and the function that evaluates it."""

    tag: str
    evaluate: Callable[[Rng], Sides]

    @property
    def tex(self) -> str:
        """The formula the check was written for: its docstring."""
        return textwrap.dedent(self.evaluate.__doc__ or "").strip()

    @property
    def title(self) -> str:
        """The function's name, read as words."""
        return self.evaluate.__name__.replace("_", " ")

    @property
    def path(self) -> Path:
        return Path(inspect.getsourcefile(self.evaluate) or "")

    @property
    def line(self) -> int:
        return inspect.getsourcelines(self.evaluate)[1]

    @property
    def source(self) -> str:
        return inspect.getsource(self.evaluate)

    def fault(self, message: str, remedy: str) -> Fault:
        return Fault(self.path, self.line, f"check of ({self.tag}): {message}", remedy)


@dataclass(frozen=True)
class Verdict:
    """What the draws of one check showed."""

    check: Check
    relation: str
    draws: int
    largest_error: float
    allowed: float
    rejected: tuple[str, ...]
    faults: tuple[Fault, ...]

    @property
    def passed(self) -> bool:
        return not self.faults


_registry: dict[str, Check] = {}


def equation(tag: str) -> Callable[[Callable[[Rng], Sides]], Callable[[Rng], Sides]]:
    """Register the decorated function as the check of the equation with this tag."""

    def register(evaluate: Callable[[Rng], Sides]) -> Callable[[Rng], Sides]:
        known = _registry.get(tag)
        if known and (known.path, known.title) != (
            Path(inspect.getsourcefile(evaluate) or ""),
            evaluate.__name__.replace("_", " "),
        ):
            raise ValueError(f"two checks for ({tag}): {known.title!r}, {evaluate.__name__!r}")
        _registry[tag] = Check(tag, evaluate)
        return evaluate

    return register


def all_checks() -> dict[str, Check]:
    """Import every module of ``checks/`` and return the checks by tag."""
    for path in sorted((ROOT / "checks").glob("*.py")):
        if path.stem != "__init__":
            importlib.import_module(f"checks.{path.stem}")
    return dict(_registry)


def forget() -> None:
    """Empty the registry, so that edited check modules can register anew."""
    _registry.clear()
    verify.cache_clear()
    _imported_snippets.cache_clear()


@cache
def verify(check: Check, draws: int = DRAWS) -> Verdict:
    """Evaluate the check on ``draws`` seeds: right must hold always, each wrong fail mostly."""
    try:
        results = [check.evaluate(np.random.default_rng(seed)) for seed in range(draws)]
    except Exception as error:
        raised = check.fault(f"it raises {type(error).__name__}: {error}", "mend the check")
        return Verdict(check, "", draws, np.inf, 0.0, (), (raised,))
    first = results[0]
    errors = [sides.error(sides.right) for sides in results]
    faults = []
    missed = [seed for seed, sides in enumerate(results) if not sides.holds(sides.right)]
    if missed:
        faults.append(
            check.fault(
                f"the two sides differ on seed {missed[0]} (error {errors[missed[0]]:.2e}, "
                f"allowed {first.tolerance:.0e})",
                "correct the equation on the pages, the code, or the check",
            )
        )
    if not first.wrong:
        faults.append(
            check.fault("no wrong right-hand side", "add one that must fail: wrong={'…': …}")
        )
    rejected = []
    for name in first.wrong:
        failures = sum(not sides.holds(sides.wrong[name]) for sides in results)
        if 2 * failures >= draws:
            rejected.append(name)
        else:
            faults.append(
                check.fault(
                    f"the wrong right-hand side {name!r} passes on "
                    f"{draws - failures} of {draws} seeds",
                    "choose inputs on which this mistake shows, or a mistake that matters",
                )
            )
    if not any(sign in check.tex for sign in RELATION_IN_TEX[first.relation]):
        faults.append(
            check.fault(
                f"it tests “{first.relation}”, which its formula does not state",
                "use equals, at_most or close as the formula has it",
            )
        )
    shared = shared_functions(check)
    if shared:
        faults.append(
            check.fault(
                f"both sides call {', '.join(sorted(shared))}",
                "compute one side independently: a central difference, SciPy, a plain loop",
            )
        )
    return Verdict(
        check,
        first.relation,
        draws,
        max(errors),
        first.tolerance,
        tuple(rejected),
        tuple(faults),
    )


def shared_functions(check: Check) -> set[str]:
    """Functions of ``snippets`` that the left and the right side of a check both depend on.

    ``gradient_check`` is excepted: a numerical derivative may stand on one side while its
    function stands on both only if that function is not one of the snippets'.
    """
    tree = ast.parse(textwrap.dedent(check.source))
    under_test = _imported_snippets(check.path)
    assigned: dict[str, list[ast.AST]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                for name in ast.walk(target):
                    if isinstance(name, ast.Name):
                        assigned.setdefault(name.id, []).append(node.value)
        elif isinstance(node, ast.AnnAssign | ast.AugAssign) and node.value is not None:
            if isinstance(node.target, ast.Name):
                assigned.setdefault(node.target.id, []).append(node.value)
        elif isinstance(node, ast.FunctionDef):
            assigned.setdefault(node.name, []).extend(node.body)

    def reached(side: ast.AST) -> set[str]:
        names: set[str] = set()
        queue = [side]
        while queue:
            for name in _names(queue.pop()):
                if name not in names:
                    names.add(name)
                    queue.extend(assigned.get(name, []))
        return names & under_test

    shared: set[str] = set()
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        if isinstance(call.func, ast.Name) and call.func.id in {"equals", "at_most", "close"}:
            given: dict[str | None, ast.AST] = dict(zip(("left", "right"), call.args, strict=False))
            given |= {keyword.arg: keyword.value for keyword in call.keywords}
            if "left" in given and "right" in given:
                shared |= reached(given["left"]) & reached(given["right"])
    return shared


def _names(node: ast.AST) -> Iterator[str]:
    return (child.id for child in ast.walk(node) if isinstance(child, ast.Name))


@cache
def _imported_snippets(path: Path) -> set[str]:
    """Names a check module takes from ``snippets``, the gradient checker's excepted."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if (
            isinstance(node, ast.ImportFrom)
            and (node.module or "").split(".")[0] == "snippets"
            and node.module != "snippets.gradient_check"
        ):
            names |= {alias.asname or alias.name for alias in node.names}
    return names
