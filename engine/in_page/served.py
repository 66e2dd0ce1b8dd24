"""What the site serves so that its pages run: Python, the scripts, the project's modules.

It stands once at the root of the site, for all languages. The scripts' folder is named after what
is in it, so that no browser mixes the files of two builds.
"""

from __future__ import annotations

import hashlib
import json
from functools import cached_property
from pathlib import Path

from engine.in_page.python_files import archive
from engine.site import Site

FOLDER = "run"


class Served:
    """All files of it, from the state of the project when it is first asked. Raises NodeFailed."""

    def __init__(self, site: Site) -> None:
        self.site = site

    @cached_property
    def is_there(self) -> bool:
        """Whether pages can have buttons that run their code."""
        return self.site.bundles.scripts.is_dir() and self.site.runtime.is_whole

    @property
    def start(self) -> str:
        """The one script that pages name, below the root of the site."""
        return f"{self._scripts_folder}/start.js"

    def write(self, root: Path) -> None:
        """Write everything below the root of a site."""
        self.site.runtime.write(root / self._runtime_folder)
        self.write_code(root / self._scripts_folder)

    def write_anew(self, root: Path) -> None:
        """Write the code that the project has by now where the pages below a root look for it."""
        Served(self.site).write_code(root / self._scripts_folder)

    def write_code(self, folder: Path) -> None:
        """Write the scripts and the project's modules into a folder."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in self._files.items():
            (folder / name).write_bytes(content)

    @property
    def _runtime_folder(self) -> str:
        return f"{FOLDER}/pyodide-{self.site.runtime.version}"

    @cached_property
    def _scripts_folder(self) -> str:
        digest = hashlib.sha256()
        for name, content in self._files.items():
            digest.update(f"{name} {len(content)}\n".encode() + content)
        return f"{FOLDER}/{digest.hexdigest()[:12]}"

    @cached_property
    def _files(self) -> dict[str, bytes]:
        """What stands in the folder of the scripts."""
        runtime = self.site.runtime
        packages = {
            name: {"file": package["file_name"], "depends": package["depends"]}
            for name, package in runtime.packages.items()
        }
        imports = {
            module: name
            for name, package in runtime.packages.items()
            for module in package["imports"]
        }
        facts = {
            "folder": f"../pyodide-{runtime.version}/",
            "sizes": runtime.sizes(),
            "packages": packages,
            "imports": imports,
        }
        texts = {
            **self.site.bundles.made(),
            "runtime.json": json.dumps(facts, sort_keys=True),
        }
        files = {name: text.encode() for name, text in texts.items()}
        return dict(sorted({**files, "python.zip": archive(self.site.root)}.items()))
