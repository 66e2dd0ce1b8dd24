"""What is asked of every exercise in code: who passes, and who is told what."""

from __future__ import annotations

from engine.paths import LANGUAGES
from judges.judging import exercise_of, judge


def solution_faults(name: str, solution: str) -> list[str]:
    """Where the solution of the page does not pass."""
    verdicts = (judge(name, solution, language) for language in LANGUAGES)
    return [f"{name}: the solution does not pass: {v.message}" for v in verdicts if not v.passed]


def hint_faults(name: str, number: int) -> list[str]:
    """Where a wrong answer of the list passes, or is told something else than its own hint."""
    wrong = exercise_of(name)[0].wrong[number]
    found = []
    for language in LANGUAGES:
        verdict = judge(name, wrong.code, language)
        if verdict.passed:
            found.append(f"{name}: a wrong answer passes:\n{wrong.code}")
        elif verdict.message != wrong.hint(language):
            found.append(f"{name}: another hint than its own is given: {verdict.message}")
    return found


def stub_faults(name: str, stub: str) -> list[str]:
    """A stub that passes as it stands."""
    return [f"{name}: the stub itself passes"] if judge(name, stub, "en").passed else []
