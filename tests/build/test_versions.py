"""What is promised about versions agrees everywhere, and a page that breaks it is found."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from engine.paths import LANGUAGES, is_lab
from tests.conftest import ROOT, SITE
from tests.environments import REQUIREMENTS
from tests.versions import (
    Setting,
    constraints,
    doctest_fault,
    fault_of,
    installed_for,
    interpreter,
    main,
    supported,
)

HERE = Setting("this Python", Path(sys.executable))
WORKFLOWS = ROOT / ".github" / "workflows"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def steps(workflow: str) -> list[dict[str, dict[str, str]]]:
    jobs = yaml.safe_load((WORKFLOWS / workflow).read_text(encoding="utf-8"))["jobs"]
    return [step for job in jobs.values() for step in job["steps"]]


def test_all_places_name_the_same_versions_of_python() -> None:
    versions = supported()
    assert len(versions) > 1
    assert PROJECT["project"]["requires-python"] == f">={versions[0]}"
    assert PROJECT["tool"]["mypy"]["python_version"] == versions[0]
    assert PROJECT["tool"]["ruff"]["target-version"] == f"py{versions[0].replace('.', '')}"
    jobs = yaml.safe_load((WORKFLOWS / "test.yml").read_text(encoding="utf-8"))["jobs"]
    assert jobs["test"]["strategy"]["matrix"]["python"] == versions
    for workflow in ("test.yml", "weekly.yml"):
        asked = [
            re.findall(r"[\d.]+", str(step["run"]))
            for step in steps(workflow)
            if str(step.get("run")).startswith("make versions")
        ]
        assert asked == [versions]
        installed = [
            set(step["with"]["python-version"].split())
            for step in steps(workflow)
            if "\n" in step.get("with", {}).get("python-version", "")
        ]
        assert installed == [set(versions)]


def test_actions_are_pinned_to_commits() -> None:
    used = [
        line.partition("uses:")[2].strip()
        for workflow in WORKFLOWS.glob("*.yml")
        for line in workflow.read_text(encoding="utf-8").splitlines()
        if "uses:" in line
    ]
    assert used
    assert [u for u in used if not re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", u)] == []


def test_every_page_promises_the_oldest_numpy_that_is_tried() -> None:
    versions = (REQUIREMENTS / "oldest.txt").read_text(encoding="utf-8")
    oldest = re.search(r"^numpy==(\d+)\.", versions, re.M)
    assert oldest
    promised = {
        f"{language}/{page.name}: {name}"
        for language in LANGUAGES
        for page in SITE.pages_of(language)
        if not is_lab(page.path)
        for name in installed_for(page)
        if name.startswith("numpy") and name != f"numpy>={oldest[1]}"
    }
    assert promised == set()
    assert PROJECT["project"]["dependencies"] == [f"numpy>={oldest[1]}"]


def test_the_oldest_numpy_takes_the_place_of_the_pinned_one_alone() -> None:
    pinned, oldest = (set(constraints(numpy).splitlines()) for numpy in ("pinned", "oldest"))
    changed = {line for line in pinned ^ oldest if line and not line.startswith("#")}
    assert changed
    assert {line.partition("==")[0] for line in changed} == {"numpy"}


def test_a_page_that_prints_something_else_is_found() -> None:
    page = Path("page.md")
    assert fault_of(page, 'print("0.50")', "0.50\n", HERE) is None
    printed = fault_of(page, 'print("0.51")', "0.50\n", HERE)
    assert printed and "-0.50\n+0.51" in str(printed) and "this Python" in str(printed)
    failed = fault_of(page, "import numpy; numpy.gone", "", HERE)
    assert failed and "has no attribute 'gone'" in str(failed)


def test_a_page_cannot_see_this_project() -> None:
    assert fault_of(Path("page.md"), "import snippets", "", HERE)


def test_snippets_and_the_readme_hold_here_and_a_false_line_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert doctest_fault(HERE) is None
    shutil.copytree(ROOT / "snippets", tmp_path / "snippets")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (tmp_path / "README.md").write_text(readme.replace("\nTrue\n", "\nFalse\n"), encoding="utf-8")
    monkeypatch.setattr("tests.versions.ROOT", tmp_path)
    fault = doctest_fault(HERE)
    assert fault and "Expected:\n    False\nGot:\n    True" in str(fault)


def test_only_an_interpreter_of_the_version_that_was_asked_for_is_taken() -> None:
    here = f"{sys.version_info.major}.{sys.version_info.minor}"
    found = interpreter(here)
    assert found
    asked = subprocess.run([found, "--version"], capture_output=True, encoding="utf-8", check=True)
    assert asked.stdout.startswith(f"Python {here}.")
    assert interpreter("3.999") is None


def test_a_version_that_was_asked_for_must_be_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["3.999"]) == 1
    assert "not on this machine: Python 3.999\n    → install it" in capsys.readouterr().err
