"""Notebooks and scripts from the built site run in a fresh environment with what they install.

One chapter at every test, with the pinned versions; `make audit` takes all pages and labs, with
the newest versions.
"""

import os
import re
import shutil
import subprocess
import venv
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from engine.child import ONE_THREAD
from engine.labs.results import results
from engine.labs.run import execute
from engine.reading.page import Page
from engine.running.examples import as_one_file
from tests.conftest import SITE, BuiltSite
from tests.environments import pinned_versions, python_in

ALWAYS = {"bptt"}  # the quickest
#: Code is the same in both languages: one of them is enough.
PAGES = [
    pytest.param(page, id=page.name, marks=[] if page.name in ALWAYS else pytest.mark.audit)
    for page in SITE.pages_of("en")
    if page.is_chapter
]


def fresh_environment(folder: Path) -> Path:
    """A new environment with what any notebook needs and nothing else; returns its Python."""
    venv.create(folder, with_pip=True)
    python = python_in(folder)
    command = [str(python), "-m", "pip", "install", "--quiet", "ipykernel"]
    installed = subprocess.run(command, capture_output=True, encoding="utf-8")
    assert installed.returncode == 0, installed.stderr
    return python


def fresh_environment_of_ours(folder: Path) -> Path:
    """The same, with pip and the kernel as they are installed here: to install them takes a minute.

    Their files are linked, or copied where that cannot be. Links are hard, so that whatever pip
    does to them there leaves ours as they are.
    """
    venv.create(folder, with_pip=False)
    python = python_in(folder)
    asked = [str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    there = Path(
        subprocess.run(asked, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
    )
    for one in needed_by("pip", "ipykernel"):
        for file in one.files or ():
            if ".." not in file.parts:  # a command, which no notebook calls
                copy = there / file
                copy.parent.mkdir(parents=True, exist_ok=True)
                linked_or_copied(Path(str(file.locate())), copy)
    return python


def needed_by(*names: str) -> list[Distribution]:
    """What is installed here of these packages, and of all that they need."""
    found: dict[str, Distribution] = {}
    waiting = list(names)
    while waiting:
        name = re.sub(r"[-_.]+", "-", waiting.pop()).lower()
        if name not in found:
            try:
                found[name] = distribution(name)
            except PackageNotFoundError:  # which another system or Python needs
                continue
            needed = [one for one in found[name].requires or () if "extra ==" not in one]
            waiting += [re.match(r"[\w.-]+", one)[0] for one in needed]  # type: ignore[index]
    return list(found.values())


def linked_or_copied(file: Path, copy: Path) -> None:
    try:
        os.link(file, copy)
    except FileExistsError:  # two packages have it
        pass
    except OSError:
        shutil.copy2(file, copy)


def pinned(folder: Path) -> dict[str, str]:
    """The settings by which pip takes the versions of the lock file, and compiles nothing ahead."""
    (folder / "pinned.txt").write_text("\n".join(pinned_versions()), encoding="utf-8")
    return {"PIP_CONSTRAINT": str(folder / "pinned.txt"), "PIP_NO_COMPILE": "1"}


def executed(notebook: NotebookNode, python: Path, folder: Path, setting: dict[str, str]) -> str:
    """What the notebook prints, run by another Python in an empty folder."""
    execute(notebook, str(python), folder, clean() | setting)
    own = (cell for cell in notebook.cells if not cell.source.startswith("%pip"))
    return "".join(
        output["text"]
        for cell in own
        for output in cell.get("outputs", [])
        if output.get("name") == "stdout"
    )


def clean() -> dict[str, str]:
    """The environment without anything that would let this project's folder in."""
    return {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")} | {
        "MPLBACKEND": "agg",
        "PYTHONUTF8": "1",
        **ONE_THREAD,
    }


@pytest.mark.parametrize("page", PAGES)
def test_a_download_runs_in_a_fresh_environment(
    page: Page, built_site: BuiltSite, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    beside, name = built_site.folder / page.language / page.name, page.path.stem
    notebook = nbformat.read(beside / f"{name}.ipynb", as_version=4)
    is_audit = request.node.get_closest_marker("audit") is not None
    versions = {} if is_audit else pinned(tmp_path)
    environment = fresh_environment if is_audit else fresh_environment_of_ours
    python = environment(tmp_path / "env")
    empty = tmp_path / "empty"
    empty.mkdir()
    printed = {
        # First the notebook, which installs what both need.
        "notebook": executed(notebook, python, empty, versions),
        "script": subprocess.run(
            [str(python), str(beside / f"{name}.py")],
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
    return all(f"\n{name}: " in printed for name, _ in results(page, SITE.labs.run_of(page)))
