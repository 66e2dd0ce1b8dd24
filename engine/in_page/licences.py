"""On what terms others' work is served that runs the pages' code: a list, and the full texts."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from engine.site import Site

#: How a licence's file is called, in a wheel or in a package of npm.
LICENCE = re.compile(r"(?i)(?:^|/)(?:LICEN[CS]E|COPYING|NOTICE)[^/]*$")

HEADER = """The code of this site's pages runs in your browser by the works of others that
are listed here, each with its licence. All of them are served unchanged, but that
the editor's modules stand together in one file.
"""

RULE = "\n" + "=" * 78 + "\n\n"


def licences(site: Site) -> str:
    """Name, version and licence of all that is served; then the texts that these bring along."""
    named: list[str] = []
    texts: list[tuple[str, str]] = []
    for name, licence, found in [*_of_npm(site), *_of_wheels(site)]:
        named.append(f"{name}: {licence}")
        texts += [(name, text) for text in found]
    full = [f"{name}\n\n{text.strip()}\n" for name, text in texts]
    return RULE.join(["\n".join([HEADER, *named, ""]), *full])


def _of_npm(site: Site) -> Iterator[tuple[str, str, list[str]]]:
    """The packages of npm that are served, with those that they need: Pyodide and the editor."""
    packages = site.bundles.packages
    wanted, waiting = dict[str, Path](), ["pyodide", *_named(site.root / "package.json")]
    while waiting:
        name = waiting.pop(0)
        folder = packages / name
        if name in wanted or not (folder / "package.json").is_file():
            continue
        wanted[name] = folder
        if name != "pyodide":  # what it needs in Node.js is not served
            waiting += _named(folder / "package.json")
    for name, folder in sorted(wanted.items()):
        about = json.loads((folder / "package.json").read_text(encoding="utf-8"))
        found = [path for path in sorted(folder.iterdir()) if LICENCE.search(path.name)]
        texts = [path.read_text(encoding="utf-8") for path in found]
        yield f"{name} {about['version']}", about["license"], texts


def _named(path: Path) -> list[str]:
    """The modules of the editor that a package.json names."""
    dependencies = json.loads(path.read_text(encoding="utf-8")).get("dependencies", {})
    return [name for name in dependencies if name not in ("katex", "esbuild")]


def _of_wheels(site: Site) -> Iterator[tuple[str, str, list[str]]]:
    for name, package in site.runtime.packages.items():
        with zipfile.ZipFile(site.runtime.wheels / package["file_name"]) as wheel:
            names = sorted(wheel.namelist())
            about = [n for n in names if n.endswith(".dist-info/METADATA")]
            metadata = wheel.read(about[0]).decode("utf-8") if about else ""
            told = re.search(r"(?m)^License(?:-Expression)?: (.+)$", metadata)
            classified = re.search(r"(?m)^Classifier: License :: .*:: (.+)$", metadata)
            licence = (classified or told) or None
            found = [n for n in names if ".dist-info/" in n and LICENCE.search(n)]
            texts = [wheel.read(n).decode("utf-8", "replace") for n in found]
        known = licence[1].strip() if licence else OTHERWISE.get(name, "see its text")
        yield f"{name} {package['version']}", known, texts


#: What has no metadata: a library without Python.
OTHERWISE = {"openblas": "BSD-3-Clause, https://github.com/OpenMathLib/OpenBLAS"}
