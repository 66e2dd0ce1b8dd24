"""Each exercise of the pages: the solution passes, and each wrong answer gets its own hint."""

from __future__ import annotations

import ast
import re
import subprocess
import sys

import pytest

from engine.exercises.stubs import Stub, stubs_of
from engine.paths import LANGUAGES, exercise_id
from engine.reference.glossary import glossary_faults
from engine.reference.private_terms import private_faults
from judges.judging import Exercise, exercise_of, judge
from judges.messages import NO_PYTHON, NOT_WRITTEN
from tests.conftest import CHOSEN, ROOT, SITE
from tests.judges.asked import hint_faults, solution_faults, stub_faults

STUBS: dict[str, Stub] = {
    exercise_id(page.name, stub.name): stub
    for page in SITE.pages_of("en")
    if not CHOSEN or page.name in CHOSEN
    for stub in stubs_of(page)
}
WRONG = [(name, number) for name in STUBS for number in range(len(exercise_of(name)[0].wrong))]


def start_of(words: str) -> str:
    return words.partition("{")[0]


def exercise(name: str) -> Exercise:
    return exercise_of(name)[0]


@pytest.mark.parametrize("name", STUBS)
def test_the_solution_of_the_page_passes(name: str) -> None:
    solution = STUBS[name].solution
    assert solution
    assert solution_faults(name, solution.source) == []


@pytest.mark.parametrize(("name", "number"), WRONG)
def test_a_wrong_answer_gets_its_own_hint(name: str, number: int) -> None:
    assert hint_faults(name, number) == []


@pytest.mark.parametrize("name", STUBS)
def test_the_stub_itself_does_not_pass(name: str) -> None:
    """A gap is named with its line; a function that is to be mended is recognised."""
    stub = STUBS[name].fence.source
    hints = [wrong.en for wrong in exercise(name).wrong]
    assert stub_faults(name, stub) == []
    verdict = judge(name, stub, "en")
    assert verdict.message.startswith(start_of(NOT_WRITTEN.en)) or verdict.message in hints


@pytest.mark.parametrize("name", STUBS)
def test_an_answer_that_is_empty_or_no_python_is_told_so(name: str) -> None:
    stub = STUBS[name]
    assert stub.given
    head = f"def {stub.given.signature}:"
    for body in ("...", "pass", "# nothing\n    pass"):
        verdict = judge(name, f"{head}\n    {body}\n", "en")
        assert verdict.message.startswith(start_of(NOT_WRITTEN.en)), verdict
    verdict = judge(name, f"{head}\n    return (\n", "en")
    assert verdict.message.startswith(start_of(NO_PYTHON.en)), verdict


@pytest.mark.parametrize("name", STUBS)
def test_an_exercise_has_wrong_answers_with_hints_in_both_languages(name: str) -> None:
    asked = exercise(name)
    assert len(asked.wrong) >= 2
    edges = [case.edge for case in asked.cases(0) if case.edge]
    words = [*((w.en, w.zh) for w in asked.wrong), *((edge.en, edge.zh) for edge in edges)]
    for en, zh in words:
        assert en and not re.search("[一-鿿]", en)
        assert re.search("[一-鿿]", zh) and not re.search("[一-鿿][,;:?!]", zh), zh
    assert len({hint for hint, _ in words}) == len(words)


@pytest.mark.parametrize("language", LANGUAGES)
def test_hints_use_the_terms_of_the_pages(language: str) -> None:
    hints = [wrong.hint(language) for name in STUBS for wrong in exercise(name).wrong]
    edges = [case.edge for name in STUBS for case in exercise(name).edges]
    texts = [*hints, *(edge.say(language) for edge in edges if edge)]
    # A page with all of them, as literal text.
    body = "\n\n".join(re.sub(r"([\\`*_{}\[\]<>#$|~!])", r"\\\1", text) for text in texts)
    page = SITE.read(f"# T {{#t}}\n\n{body}\n", SITE.docs / language / "hints.md")
    faults = [*glossary_faults(SITE, page), *private_faults(SITE, page)]
    assert faults == [], "\n".join(
        f"{fault.message} {fault.remedy} {texts[fault.line // 2 - 1]}" for fault in faults
    )


def test_judges_import_what_the_page_has() -> None:
    """NumPy, the standard library, the snippets and one another: the reader's browser has these."""
    known = {*sys.stdlib_module_names, "numpy", "snippets", "judges"}
    for path in (ROOT / "judges").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert {name.partition(".")[0] for name in names} <= known, path.name


def test_verdicts_are_the_same_in_another_process() -> None:
    """Draws depend on the exercise alone, not on Python's seed of hashes or on what ran before."""
    name = "clipping.clip_by_global_norm"
    code = "def clip_by_global_norm(grads, theta):\n    return [g / 2 for g in grads]\n"
    told = judge(name, code, "en").message
    program = f"from judges.judging import judge; print(judge({name!r}, {code!r}, 'en').message)"
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, encoding="utf-8", check=True
    )
    assert run.stdout.strip() == told
