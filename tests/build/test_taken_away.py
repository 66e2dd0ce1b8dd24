"""Notebooks and scripts from the built site run in a fresh environment with what they name.

One chapter and one lab at every test, with the pinned versions; `make audit` takes all of them,
with the newest versions.
"""

import os
import re
import shlex
import subprocess
import venv
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from engine.examples import as_one_file
from engine.labs import execute, results, run_of
from engine.page import Page, parse
from engine.paths import name_of, sources
from tests.conftest import BuiltSite
from tests.environments import pinned_versions, python_in

ALWAYS = {"bptt", "labs/house-prices"}
#: Code is the same in both languages: one of them is enough.
PAGES = [
    pytest.param(path, id=name_of(path), marks=[] if name_of(path) in ALWAYS else pytest.mark.audit)
    for path in sources("en")
    if "prerequisites" in parse(path).meta
]


def fresh_environment(folder: Path, first_cell: str, pinned: bool) -> Path:
    """A new environment with what a notebook's first cell names; returns its Python."""
    named = re.search(r"^pip install (.+)$", first_cell, re.M)
    assert named, "the first cell says what to install"
    venv.create(folder, with_pip=True)
    python = python_in(folder)
    command = [str(python), "-m", "pip", "install", "--quiet", *shlex.split(named[1]), "ipykernel"]
    if pinned:
        (folder / "pinned.txt").write_text("\n".join(pinned_versions()), encoding="utf-8")
        command += ["--constraint", str(folder / "pinned.txt")]
    installed = subprocess.run(command, capture_output=True, encoding="utf-8")
    assert installed.returncode == 0, installed.stderr
    return python


def executed(notebook: NotebookNode, python: Path, folder: Path) -> str:
    """What the notebook prints, run by another Python in an empty folder."""
    execute(notebook, str(python), folder, clean())
    return "".join(
        output["text"]
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if output.get("name") == "stdout"
    )


def clean() -> dict[str, str]:
    """The environment without anything that would let this project's folder in."""
    return {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")} | {
        "MPLBACKEND": "agg",
        "PYTHONUTF8": "1",
    }


@pytest.mark.parametrize("path", PAGES)
def test_a_download_runs_with_what_its_first_cell_names(
    path: Path, built_site: BuiltSite, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    page = parse(path)
    beside = built_site.folder / page.language / page.name / path.stem
    notebook = nbformat.read(beside.with_suffix(".ipynb"), as_version=4)
    pinned = request.node.get_closest_marker("audit") is None
    python = fresh_environment(tmp_path / "env", notebook.cells[0].source, pinned)
    empty = tmp_path / "empty"
    empty.mkdir()
    printed = {
        "notebook": executed(notebook, python, empty),
        "script": subprocess.run(
            [str(python), str(beside.with_suffix(".py"))],
            cwd=empty,
            env=clean(),
            check=True,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        ).stdout,
    }
    for text in printed.values():
        assert reached(page, text)
    assert list(empty.iterdir()) == []


def reached(page: Page, printed: str) -> bool:
    """Whether this is what the page shows; of a lab, whether it came to its results.

    The numbers of a lab are held by its own assertions, within what differs between machines.
    """
    if not page.is_lab:
        return printed.rstrip() == as_one_file(page)[1].rstrip()
    return all(f"\n{name}: " in printed for name, _ in results(page, run_of(page)))
