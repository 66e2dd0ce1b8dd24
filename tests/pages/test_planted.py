"""A fault of every kind is planted and caught, and the table on the page holds every kind."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from engine.paths import LANGUAGES
from engine.reference.page_parts import faults_table
from engine.reference.planted import Kind, kinds
from engine.review import OF_THE_SITE, QUESTIONS
from tests import faults
from tests.conftest import ROOT, SITE

KINDS = kinds(ROOT)

#: What other tests plant, one by one; the first word of their names.
PLANTED_ELSEWHERE = {"rule", "build", "form", "guard", "languages", "lab", "stub"}

#: What catches faults besides the questions of the review: commands, and tests.
OTHERS = {"guard", "make build", "make mutants", "tests of judges", "tests in the browser"}

OWN = [kind for kind in KINDS if kind.plant and kind.plant.split()[0] not in PLANTED_ELSEWHERE]


@pytest.mark.parametrize("kind", OWN, ids=lambda kind: kind.plant)
def test_a_fault_of_each_kind_is_caught(kind: Kind) -> None:
    assert faults.caught(kind) is None


def test_the_list_names_what_can_be_planted_and_what_catches_it() -> None:
    questions = {*QUESTIONS, *OF_THE_SITE}
    for kind in KINDS:
        if kind.plant:
            assert kind.plant in faults.PLANTS, f"tests/faults.yml:{kind.line}"
            assert {*kind.by.split(", ")} <= questions | OTHERS, f"tests/faults.yml:{kind.line}"
            assert kind.message.strip(), f"tests/faults.yml:{kind.line}"
    assert len({kind.plant for kind in KINDS if kind.plant}) == len([k for k in KINDS if k.plant])


def test_every_question_has_a_kind_of_fault_that_it_catches() -> None:
    named = {name for kind in KINDS for name in kind.by.split(", ")}
    missing = {*QUESTIONS, *OF_THE_SITE, *OTHERS} - named
    assert missing == set(), "plant such a fault in tests/faults.py, and list it in faults.yml"


def test_a_fault_that_nothing_catches_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "tests").mkdir()
    entry = {"zh": "错", "en": "wrong", "by": "guard", "message": "so", "plant": "nothing said"}
    listed = [entry, {"zh": "意思", "en": "a meaning"}]
    (tmp_path / "tests" / "faults.yml").write_text(yaml.safe_dump(listed), encoding="utf-8")
    monkeypatch.setattr(faults, "ROOT", tmp_path)
    monkeypatch.setitem(faults.PLANTS, "nothing said", lambda root: "")
    assert faults.main([]) == 1
    told = capsys.readouterr()
    assert "tests/faults.yml:1: 'nothing said' is not told as the list says" in told.err
    assert "1 kinds planted, 1 missed" in told.out
    monkeypatch.setitem(faults.PLANTS, "nothing said", lambda root: "x:1: so it is\n    → mend it")
    assert faults.main([]) == 0
    assert "nothing said: caught by guard: so" in capsys.readouterr().out
    assert faults.main(["another"]) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_table_shows_each_kind_and_what_nothing_holds(language: str) -> None:
    path = SITE.source(language, "reference/how-it-is-tested")
    assert path
    lines = faults_table(SITE, SITE.page(path)).splitlines()
    assert len(lines) == 2 + len(KINDS)
    assert sum(line.endswith("| – |") for line in lines) == len(KINDS) - len(
        [kind for kind in KINDS if kind.plant]
    )
    assert all(line.count("|") == 4 for line in lines)


def test_all_kinds_are_planted_every_week() -> None:
    workflow = yaml.safe_load((ROOT / ".github/workflows/weekly.yml").read_text(encoding="utf-8"))
    ran = [step.get("run") for job in workflow["jobs"].values() for step in job["steps"]]
    assert "make faults" in ran
