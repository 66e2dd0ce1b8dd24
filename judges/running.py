"""Run what a reader wrote, and note what came of it, whatever that is."""

from __future__ import annotations

import ast
import copy
import io
import warnings
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from types import TracebackType
from typing import Any

import numpy as np

from judges.comparing import difference

#: The name of a reader's code in tracebacks.
FILE = "<answer>"


@dataclass(frozen=True)
class Failure:
    """What was raised, and the reader's own line where it was (0: in none of his)."""

    error: BaseException
    line: int


@dataclass(frozen=True)
class Outcome:
    """What calling the function once gave; ``changed`` is the number of an argument, from 0."""

    value: Any = None
    failure: Failure | None = None
    printed: str = ""
    changed: int | None = None

    def agrees(self, other: Outcome, tolerance: float) -> bool:
        """Whether two answers do the same here; errors are the same if their words are, too."""
        if self.failure or other.failure:
            return repr(self.failure and self.failure.error) == repr(
                other.failure and other.failure.error
            )
        return self.changed == other.changed and not difference(self.value, other.value, tolerance)


def loaded(code: str, names: Mapping[str, object]) -> dict[str, Any] | Failure:
    """What the code defines, run in a namespace of its own that holds these names."""
    try:
        tree = ast.parse(code, FILE)
        compiled = compile(tree, FILE, "exec", dont_inherit=True)
    except SyntaxError as error:
        return Failure(error, error.lineno or 0)
    except (ValueError, RecursionError, MemoryError, OverflowError) as error:
        return Failure(error, 0)
    namespace: dict[str, Any] = {"__name__": "answer", **names}
    outcome = _watched(lambda: exec(compiled, namespace))
    return outcome.failure or namespace


def called(function: Any, arguments: tuple[Any, ...]) -> Outcome:
    """Call a function with copies of the arguments."""
    given = copy.deepcopy(arguments)
    outcome = _watched(lambda: function(*given))
    pairs = enumerate(zip(given, arguments, strict=True))
    changed = next((n for n, (now, then) in pairs if not _unchanged(now, then)), None)
    return Outcome(outcome.value, outcome.failure, outcome.printed, changed)


def gap(code: str, function: str) -> tuple[str, int] | None:
    """What stands where nothing is written yet, ``...`` or ``pass``, and its line."""
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    for node in ast.walk(tree):
        valued = isinstance(node, ast.Expr | ast.Assign | ast.AnnAssign | ast.Return)
        value = node.value if valued else None  # type: ignore[attr-defined]
        if isinstance(value, ast.Constant) and value.value is Ellipsis:
            return "...", value.lineno
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name == function:
            last = node.body[-1]
            if isinstance(last, ast.Pass):
                return "pass", last.lineno
    return None


def _watched(run: Any) -> Outcome:
    printed = io.StringIO()
    value, failure = None, None
    with (
        redirect_stdout(printed),
        redirect_stderr(io.StringIO()),
        warnings.catch_warnings(),
        np.errstate(all="ignore"),
    ):
        warnings.simplefilter("ignore")
        try:
            value = run()
        except BaseException as error:  # whatever it is, the reader is told, and the page goes on
            failure = Failure(error, _line(error.__traceback__))
    return Outcome(value, failure, printed.getvalue())


def _line(traceback: TracebackType | None) -> int:
    """The innermost line of the reader's code that took part."""
    line = 0
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == FILE:
            line = traceback.tb_lineno
        traceback = traceback.tb_next
    return line


def _unchanged(now: Any, then: Any) -> bool:
    if isinstance(then, dict | list | tuple):
        if type(now) is not type(then) or len(now) != len(then):
            return False
        if isinstance(then, dict):
            return list(now) == list(then) and all(_unchanged(now[k], then[k]) for k in then)
        return all(map(_unchanged, now, then))
    if isinstance(then, np.ndarray):
        return np.array_equal(now, then, equal_nan=then.dtype.kind == "f")
    return bool(now is then or now == then)
