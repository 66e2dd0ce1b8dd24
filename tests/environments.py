"""Environments of their own for what must not run in the project's."""

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
REQUIREMENTS = ROOT / "requirements"


def python_in(environment: Path) -> Path:
    """The Python of an environment."""
    return environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def pinned_versions() -> list[str]:
    """All that the tests install, as constraints without hashes: ``numpy==2.4.6 ; …``."""
    lock = (REQUIREMENTS / "test.txt").read_text(encoding="utf-8")
    return [line.strip() for line in re.findall(r"^[\w.-]+==[^\\\n]+", lock, re.M)]


def environment(folder: Path, python: Path, *installs: Sequence[str]) -> Path:
    """The Python of an environment that was made by `python` with these installations in turn.

    Each is what follows ``pip`` on the command line. An environment that was made in the same way
    before is taken as it is. RuntimeError says what pip said where an installation fails.
    """
    own = python_in(folder)
    made = folder / "made-of.txt"
    wanted = "\n".join([str(python), *(" ".join(arguments) for arguments in installs)])
    if made.exists() and made.read_text(encoding="utf-8") == wanted:
        return own
    shutil.rmtree(folder, ignore_errors=True)
    for command in (
        [str(python), "-m", "venv", str(folder)],
        *([str(own), "-m", "pip", "--quiet", *arguments] for arguments in installs),
    ):
        ran = subprocess.run(command, capture_output=True, encoding="utf-8", errors="replace")
        if ran.returncode:
            raise RuntimeError(f"{' '.join(command)}\n{ran.stdout}{ran.stderr}")
    made.write_text(wanted, encoding="utf-8")
    return own
