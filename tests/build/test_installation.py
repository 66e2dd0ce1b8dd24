"""`pip install .` installs the snippets with their types, and nothing else."""

import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.environments import environment


def checkout(folder: Path) -> Path:
    """A copy of what an installation could take from a checkout; pip writes into it."""
    names = subprocess.run(
        ["git", "ls-files", "*.py", "*.toml", "*.typed", "*.md", "LICENSE"],
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    for name in names.stdout.splitlines():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    return folder


@pytest.mark.audit
def test_an_installation_holds_the_snippets_alone_and_runs_the_readme_elsewhere(
    tmp_path: Path,
) -> None:
    source = checkout(tmp_path / "checkout")
    wheels, elsewhere = tmp_path / "wheels", tmp_path / "elsewhere"
    elsewhere.mkdir()
    build = ["wheel", "--no-deps", "--wheel-dir", str(wheels), str(source)]
    subprocess.run([sys.executable, "-m", "pip", "--quiet", *build], check=True)
    (wheel,) = wheels.iterdir()
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    modules = {f"snippets/{path.name}" for path in (ROOT / "snippets").glob("*.py")}
    assert packed == modules | {"snippets/py.typed"}

    python = environment(tmp_path / "env", Path(sys.executable), ["install", str(wheel)])
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    example = "\n".join(re.findall(r"^>>> (.*)", readme, re.M))
    run = subprocess.run(
        [python, "-I", "-c", example], cwd=elsewhere, capture_output=True, encoding="utf-8"
    )
    assert (run.stdout, run.stderr) == ("True\n", "")
