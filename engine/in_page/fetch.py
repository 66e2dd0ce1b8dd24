"""Fetch the wheels of the runtime, once: what its lock names, each file verified by its hash.

    python -m engine.in_page.fetch            # by pip, from the package of requirements/runtime.txt
    python -m engine.in_page.fetch FOLDER     # from a folder that has them, a release of Pyodide

The package of the requirements carries the official wheels, which stand on no registry under their
own names. It is never installed: the named files are taken, and the rest is thrown away.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from engine.in_page.runtime import Runtime
from engine.site import Site

#: What a build without the runtime leaves out, and how to get it.
LEFT_OUT = "the pages have no buttons that run their code"


def fetch(runtime: Runtime, source: Path) -> list[str]:
    """Take the wheels from a folder, or from the packages in it; the files that are missing."""
    runtime.wheels.mkdir(parents=True, exist_ok=True)
    for name in runtime.missing():
        for content in _found(name, source):
            waiting = runtime.wheels / f"{os.getpid()}" / name
            waiting.parent.mkdir(exist_ok=True)
            waiting.write_bytes(content)
            if runtime.is_genuine(waiting):
                waiting.replace(runtime.wheels / name)
            shutil.rmtree(waiting.parent)
    return runtime.missing()


def _found(name: str, source: Path) -> Iterator[bytes]:
    """The contents of all files with this name, in a folder or in a package that lies there."""
    for path in sorted(source.rglob(name)):
        yield path.read_bytes()
    for package in filter(zipfile.is_zipfile, sorted(source.glob("*.whl"))):
        with zipfile.ZipFile(package) as opened:
            for member in opened.namelist():
                if member.rpartition("/")[2] == name:
                    yield opened.read(member)


def download(requirements: Path, folder: Path) -> str:
    """Have pip load the package that carries the wheels; what pip says where it cannot."""
    options = ["--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes"]
    files = ["--requirement", str(requirements), "--dest", str(folder)]
    run = subprocess.run(
        [sys.executable, "-m", "pip", "download", *options, *files],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    return "" if run.returncode == 0 else run.stdout.strip()


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m engine.in_page.fetch")
    parser.add_argument("folder", nargs="?", type=Path, help="a folder that has the files")
    given = parser.parse_args(arguments)
    site = Site(Path.cwd())
    if not site.runtime.pyodide.is_dir():
        missing, told = ["Pyodide"], "it is not installed: run npm ci"
    elif given.folder:
        missing, told = fetch(site.runtime, given.folder), f"not in {given.folder}"
    elif missing := site.runtime.missing():
        with tempfile.TemporaryDirectory(prefix="runtime-") as folder:
            told = download(site.root / "requirements" / "runtime.txt", Path(folder))
            missing = fetch(site.runtime, Path(folder))
    if not missing:
        (site.runtime.wheels / ".fetched").touch()  # for make, which asks for no hashes
        return 0
    print(f"not fetched, or with another hash: {', '.join(missing)}\n{told}", file=sys.stderr)
    print(
        f"    → until it is fetched, {LEFT_OUT}; from a folder that has the files: "
        "python -m engine.in_page.fetch FOLDER",
        file=sys.stderr,
    )
    # A reader of the published site is to have them; whoever writes a page can do without.
    return 1 if os.environ.get("CI") == "true" or given.folder else 0


if __name__ == "__main__":
    sys.exit(main())
