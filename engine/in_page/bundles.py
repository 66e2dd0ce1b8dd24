"""The scripts of ``run_in_page/`` as browsers load them: one file each, with what it imports.

esbuild makes them in Node.js; what it has made is kept between builds.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from pathlib import Path

from engine.formulas.katex import NodeFailed, node
from engine.store import Store, digest

BUNDLER = Path(__file__).with_name("bundler.js")

#: What is bundled: the little that every page has, and what is loaded when a reader wants it.
ENTRIES = ("start.js", "page.js", "editor.js", "worker.js")


class Bundles:
    """The bundles of the scripts in ``scripts``, made with the packages in ``packages``."""

    def __init__(self, scripts: Path, packages: Path, store: Store) -> None:
        self.scripts = scripts
        self.packages = packages
        self._store = store

    def made(self) -> dict[str, str]:
        """The text of each bundle and style sheet, by its name. Raises NodeFailed."""
        return self._store.once(self._key(), self._make)

    def _key(self) -> str:
        sources = [BUNDLER, *sorted(self.scripts.glob("*.js")), *sorted(self.scripts.glob("*.css"))]
        installed = self.packages / ".package-lock.json"
        hashes = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sources}
        versions = installed.read_text(encoding="utf-8") if installed.is_file() else ""
        return digest([hashes, versions])[:32]

    def _make(self) -> dict[str, str]:
        patience = float(os.environ.get("KATEX_TIMEOUT", "60"))
        request = json.dumps({"scripts": str(self.scripts), "entries": ENTRIES})
        try:
            run = subprocess.run(
                [node(), str(BUNDLER), str(self.packages)],
                input=request,
                capture_output=True,
                encoding="utf-8",
                timeout=patience,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise NodeFailed(
                f"the scripts of {self.scripts.name}/ cannot be bundled: {error}\n"
                "    → check the installation of Node.js"
            ) from None
        if run.returncode != 0:
            raise NodeFailed(
                f"the scripts of {self.scripts.name}/ cannot be bundled:\n{run.stderr.strip()}\n"
                "    → correct the script; where a package is missing, run: npm ci"
            )
        made: dict[str, str] = json.loads(run.stdout)
        return made
