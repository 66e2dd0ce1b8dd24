"""Judge what a reader wrote into the stub of an exercise: it passes, or he is told what is wrong.

    judge("clipping.clipped_mean", code, "en")

A judge calls the reader's function with inputs drawn from a fixed seed and with edge cases, and
compares each result with the truth: a central difference, or a function of ``snippets``. Where
they differ it looks among the wrong answers that people give; the one that does the same
everywhere tells by its hint where the slip is.
"""

from __future__ import annotations

import importlib
import inspect
import math
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from judges import messages
from judges.comparing import Difference, difference, shown
from judges.messages import CENTRAL, Words
from judges.running import Failure, Outcome, called, gap, loaded

#: What every answer may use without importing it.
NAMES: Mapping[str, object] = {"np": np, "math": math}


@dataclass(frozen=True)
class Verdict:
    """What becomes of an answer: one short paragraph of plain text says it."""

    passed: bool
    message: str


@dataclass(frozen=True)
class Case:
    """Arguments of one call; an edge case says in words what is special: “at z = 0”."""

    arguments: tuple[Any, ...]
    edge: Words | None = None


def edge(*arguments: Any, en: str, zh: str) -> Case:
    """An edge case, and what it is."""
    return Case(arguments, Words(en, zh))


@dataclass(frozen=True)
class Wrong:
    """A wrong answer that people give, as they write it, and what to say to them."""

    code: str
    en: str
    zh: str

    def hint(self, language: str) -> str:
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True)
class Exercise:
    """An exercise whose answer is a function.

    ``draw`` gives the arguments of random calls, ``truth`` what the function is to return, ``by``
    who says so in messages. ``names`` are those that the page provides besides ``np`` and
    ``math``. Results agree within ``tolerance`` of their largest entry.
    """

    draw: Callable[[np.random.Generator], tuple[Any, ...]]
    truth: Callable[..., Any]
    wrong: Sequence[Wrong]
    edges: Sequence[Case] = ()
    by: Words = CENTRAL
    names: Mapping[str, object] = field(default_factory=dict)
    draws: int = 4
    tolerance: float = 1e-6

    def cases(self, seed: int) -> list[Case]:
        rng = np.random.default_rng(seed)
        return [*(Case(self.draw(rng)) for _ in range(self.draws)), *self.edges]


def judge(
    name: str, code: str, language: str, namespace: Mapping[str, object] | None = None
) -> Verdict:
    """Judge the code of a reader as the answer of ``chapter.exercise``.

    It never raises for what the reader wrote; only the worker that runs it can stop an endless
    loop. ``namespace`` holds names that the code may use besides those of the exercise. Raises
    LookupError where there is no such exercise.
    """
    exercise, function = exercise_of(name)
    seed = zlib.crc32(name.encode())
    answer = _Answer(exercise, function, code, language, seed, namespace or {})
    assert len(answer.truths) == len(answer.cases)  # a slip of the judge is no slip of the reader
    try:
        return answer.verdict
    except Exception as error:  # what the function returned has methods of the reader's own
        return answer.not_yet(messages.NO_JUDGEMENT, error=_error(error))


def exercise_of(name: str) -> tuple[Exercise, str]:
    """The exercise called ``chapter.function``, and the function's name. Raises LookupError."""
    module, _, function = name.rpartition(".")
    try:
        found = getattr(importlib.import_module(f"judges.{module}"), function, None)
    except ModuleNotFoundError:
        found = None
    if not isinstance(found, Exercise):
        raise LookupError(f"judges/{module}.py has no exercise {function!r}")
    return found, function


@dataclass(frozen=True)
class _Answer:
    """What one reader wrote."""

    exercise: Exercise
    function: str
    code: str
    language: str
    seed: int
    namespace: Mapping[str, object]

    @property
    def verdict(self) -> Verdict:
        found = self._loaded(self.code)
        if isinstance(found, Failure):
            return self._not_loaded(found)
        if not callable(found.get(self.function)):
            return self.not_yet(messages.NO_FUNCTION, name=self.function)
        outcomes = self._outcomes(found)
        wrong = [number for number, outcome in enumerate(outcomes) if self._wrong(number, outcome)]
        if not wrong:
            return self._passed()
        open_place = gap(self.code, self.function)
        if open_place:
            return self.not_yet(messages.NOT_WRITTEN, gap=open_place[0], line=open_place[1])
        return self._recognised(outcomes) or self._told(wrong[0], outcomes[wrong[0]])

    def not_yet(self, words: Words, **values: object) -> Verdict:
        return Verdict(False, words.say(self.language, **values))

    @cached_property
    def cases(self) -> list[Case]:
        return self.exercise.cases(self.seed)

    @cached_property
    def truths(self) -> list[Any]:
        return [self.exercise.truth(*case.arguments) for case in self.cases]

    def _loaded(self, code: str) -> dict[str, Any] | Failure:
        return loaded(code, {**NAMES, **self.exercise.names, **self.namespace})

    def _outcomes(self, defined: Mapping[str, Any]) -> list[Outcome]:
        return [called(defined[self.function], case.arguments) for case in self.cases]

    def _wrong(self, number: int, outcome: Outcome) -> bool:
        return bool(
            outcome.failure or outcome.changed is not None or self._difference(number, outcome)
        )

    def _difference(self, number: int, outcome: Outcome) -> Difference | None:
        return difference(outcome.value, self.truths[number], self.exercise.tolerance)

    def _passed(self) -> Verdict:
        edges = [case.edge.say(self.language) for case in self.cases if case.edge]
        values = {"number": len(self.cases), "by": self.exercise.by.say(self.language)}
        if not edges:
            return Verdict(True, messages.PASSED.say(self.language, **values))
        listed = messages.AND.say(self.language).join(edges)
        return Verdict(True, messages.PASSED_EDGES.say(self.language, edges=listed, **values))

    def _recognised(self, outcomes: Sequence[Outcome]) -> Verdict | None:
        """The hint of the wrong answer that does the same in every case."""
        for wrong in self.exercise.wrong:
            defined = self._loaded(wrong.code)
            assert isinstance(defined, dict), f"a wrong answer cannot be run: {wrong.code}"
            pairs = zip(self._outcomes(defined), outcomes, strict=True)
            if all(theirs.agrees(ours, self.exercise.tolerance) for theirs, ours in pairs):
                return Verdict(False, wrong.hint(self.language))
        return None

    def _told(self, number: int, outcome: Outcome) -> Verdict:
        """What is wrong with the outcome of one case."""
        case = self.cases[number]
        given = self._given(case.arguments)
        if outcome.failure:
            return self._raised(outcome.failure, given)
        if outcome.value is None:
            words = messages.ONLY_PRINTS if outcome.printed.strip() else messages.RETURNS_NONE
            return self.not_yet(words)
        found = self._difference(number, outcome)
        if found is None:
            name = self._parameters(len(case.arguments))[outcome.changed or 0]
            return self.not_yet(messages.CHANGES, name=name)
        special = case.edge.say(self.language) if case.edge else ""
        said = messages.EDGE.say(self.language, edge=special) if special else ""
        by = self.exercise.by.say(self.language)
        return Verdict(False, found.say(self.language, given=given, edge=said, by=by))

    def _raised(self, failure: Failure, given: str) -> Verdict:
        place = {"line": failure.line, "text": self._line(failure.line)}
        if isinstance(failure.error, SystemExit):
            return self.not_yet(messages.ENDS_PYTHON, **place)
        if isinstance(failure.error, RecursionError):
            return self.not_yet(messages.ENDLESS, **place)
        error = _error(failure.error)
        if not failure.line:
            call = f"{self.function}({given})"
            return self.not_yet(messages.RAISES_ELSEWHERE, error=error, call=call)
        return self.not_yet(messages.RAISES, error=error, given=given, **place)

    def _not_loaded(self, failure: Failure) -> Verdict:
        place = {"line": failure.line, "text": self._line(failure.line)}
        if isinstance(failure.error, SyntaxError) and failure.line:
            return self.not_yet(messages.NO_PYTHON, reason=failure.error.msg, **place)
        if not failure.line:
            return self.not_yet(messages.UNREADABLE, reason=_error(failure.error))
        if isinstance(failure.error, SystemExit):
            return self.not_yet(messages.ENDS_PYTHON, **place)
        if isinstance(failure.error, RecursionError):
            return self.not_yet(messages.ENDLESS, **place)
        return self.not_yet(messages.RAISES_AT_ONCE, error=_error(failure.error), **place)

    def _line(self, number: int) -> str:
        lines = self.code.splitlines()
        return lines[number - 1].strip() if 0 < number <= len(lines) else ""

    def _parameters(self, number: int) -> list[str]:
        try:
            return [*inspect.signature(self.exercise.truth).parameters][:number]
        except (TypeError, ValueError):
            return [f"argument {n + 1}" for n in range(number)]

    def _given(self, arguments: Iterable[Any]) -> str:
        arguments = tuple(arguments)
        named = zip(self._parameters(len(arguments)), arguments, strict=True)
        return ", ".join(f"{name} = {shown(value)}" for name, value in named)


def _error(error: BaseException) -> str:
    try:
        text = str(error)
    except Exception:  # an exception of the reader's own
        text = ""
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
