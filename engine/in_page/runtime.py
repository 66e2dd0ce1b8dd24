"""Python for the browser: Pyodide as npm has installed it, and the wheels that its lock names.

The lock names the SHA-256 of each wheel; what does not have it is never served.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

#: What the pages' code imports; scikit-learn needs Pillow for its photographs.
PACKAGES = ("numpy", "scikit-learn", "pillow")

LOCK = "pyodide-lock.json"

#: What Pyodide loads before any package: its start, the interpreter, the standard library.
CORE = ("pyodide.mjs", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip")


class Runtime:
    """Pyodide in ``pyodide``, where npm has put it, and its wheels in ``wheels``."""

    def __init__(self, pyodide: Path, wheels: Path) -> None:
        self.pyodide = pyodide
        self.wheels = wheels

    @property
    def is_whole(self) -> bool:
        """Whether everything is there, each wheel with its hash."""
        core = all((self.pyodide / name).is_file() for name in (LOCK, *CORE))
        return core and not self.missing()

    @cached_property
    def version(self) -> str:
        """The version of Pyodide: ``0.27.7``."""
        return str(self._lock["info"]["version"])

    @cached_property
    def packages(self) -> dict[str, dict[str, Any]]:
        """What the lock says of the packages that pages import, and of all that these need."""
        known = self._lock["packages"]
        wanted, waiting = set[str](), list(PACKAGES)
        while waiting:
            name = waiting.pop()
            if name not in wanted:
                wanted.add(name)
                waiting += known[name]["depends"]
        return {name: known[name] for name in sorted(wanted)}

    def missing(self) -> list[str]:
        """The files of the packages that are not there, or have another hash."""
        return [
            package["file_name"]
            for package in self.packages.values()
            if not self.is_genuine(self.wheels / package["file_name"])
        ]

    def is_genuine(self, path: Path) -> bool:
        """Whether a file is there, and is the one that the lock names."""
        hashes = {package["file_name"]: package["sha256"] for package in self.packages.values()}
        if path.name not in hashes or not path.is_file():
            return False
        return bool(hashlib.sha256(path.read_bytes()).hexdigest() == hashes[path.name])

    def files(self) -> Iterator[Path]:
        """Everything that is served as it is."""
        yield from (self.pyodide / name for name in CORE)
        yield from (self.wheels / package["file_name"] for package in self.packages.values())

    def sizes(self) -> dict[str, int]:
        """The bytes of each file, by which a reader is told how far the loading is."""
        return {path.name: path.stat().st_size for path in self.files()}

    def write(self, folder: Path) -> None:
        """Write all that a browser loads into a folder, with a lock of these packages alone.

        What the lock does not have, a page's code cannot import: no server is asked for it.
        """
        folder.mkdir(parents=True, exist_ok=True)
        for path in self.files():
            shutil.copyfile(path, folder / path.name)
        lock = {"info": self._lock["info"], "packages": self.packages}
        (folder / LOCK).write_text(json.dumps(lock, sort_keys=True), encoding="utf-8")

    @cached_property
    def _lock(self) -> dict[str, Any]:
        lock: dict[str, Any] = json.loads((self.pyodide / LOCK).read_text(encoding="utf-8"))
        return lock
