"""What Git knows of the project's folder, if it is there and knows the folder."""

from __future__ import annotations

import subprocess
from pathlib import Path


def told(root: Path, *arguments: str, errors: str = "replace") -> str:
    """What Git prints; nothing where it is missing or does not know."""
    try:
        run = subprocess.run(
            ["git", "-c", "log.showSignature=false", *arguments],
            cwd=root,
            capture_output=True,
            encoding="utf-8",
            errors=errors,
        )
    except FileNotFoundError:
        return ""
    return run.stdout if run.returncode == 0 else ""
