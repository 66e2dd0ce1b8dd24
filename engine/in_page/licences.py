"""On what terms others' work is served: a list, and the full texts that these works bring along."""

from __future__ import annotations

import csv
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import distribution
from pathlib import Path

from engine.site import Site

#: How a licence's file is called, in a wheel or in a package of npm.
LICENCE = re.compile(r"(?i)(?:^|/)(?:LICEN[CS]E|COPYING|NOTICE)[^/]*$")

HEADER = """The works of others that this site serves, each with its licence. They are served
unchanged, but that the editor's modules stand together in one file, that style sheets
hold the rules which some page needs, and that the search reads a query to its end.
Noto Sans SC is not served: the pictures of the pages' titles are drawn with it.
"""

#: The packages of npm by which the pages are set: formulas, and the pictures of their titles.
SETTING = ("katex", "@fontsource-variable/noto-sans-sc")

RULE = "\n" + "=" * 78 + "\n\n"


@dataclass(frozen=True)
class Work:
    """Somebody's work that the site serves, with the texts of its licence."""

    name: str
    version: str
    licence: str
    texts: tuple[str, ...]


def works(site: Site) -> list[Work]:
    """All of them: what sets the pages first, then what runs their code, where that is there."""
    setting = [_of_theme(), *(_of_package(name, site.bundles.packages / name) for name in SETTING)]
    return [*setting, *_of_npm(site), *_of_wheels(site)] if site.runtime.is_whole else setting


def licences(site: Site) -> str:
    """Name, version and licence of all that is served; then the texts that these bring along."""
    found = works(site)
    named = [f"{work.name} {work.version}: {work.licence}" for work in found]
    full = [
        f"{work.name} {work.version}\n\n{text.strip()}\n" for work in found for text in work.texts
    ]
    return RULE.join(["\n".join([HEADER, *named, ""]), *full])


def _of_theme() -> Work:
    """Material for MkDocs, with the scripts that it brings along."""
    installed = distribution("mkdocs-material")
    about = installed.metadata
    # What ``installed.files`` makes of these lines takes half a second: they name every icon.
    names = [row[0] for row in csv.reader((installed.read_text("RECORD") or "").splitlines())]
    files = [Path(str(installed.locate_file(name))) for name in names if LICENCE.search(name)]
    texts = tuple(path.read_text(encoding="utf-8") for path in files)
    return Work("Material for MkDocs", about["Version"], about["License-Expression"], texts)


def _of_package(name: str, folder: Path) -> Work:
    """A package of npm."""
    about = json.loads((folder / "package.json").read_text(encoding="utf-8"))
    found = [path for path in sorted(folder.iterdir()) if LICENCE.search(path.name)]
    texts = tuple(path.read_text(encoding="utf-8") for path in found)
    return Work(name, about["version"], about["license"], texts)


def _of_npm(site: Site) -> Iterator[Work]:
    """The packages of npm that are loaded to run code, with those that they need."""
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
        yield _of_package(name, folder)


def _named(path: Path) -> list[str]:
    """The modules of the editor that a package.json names."""
    dependencies = json.loads(path.read_text(encoding="utf-8")).get("dependencies", {})
    return [name for name in dependencies if name not in (*SETTING, "esbuild")]


def _of_wheels(site: Site) -> Iterator[Work]:
    for name, package in site.runtime.packages.items():
        with zipfile.ZipFile(site.runtime.wheels / package["file_name"]) as wheel:
            names = sorted(wheel.namelist())
            about = [n for n in names if n.endswith(".dist-info/METADATA")]
            says = wheel.read(about[0]).decode("utf-8") if about else ""
            told = re.search(r"(?m)^License(?:-Expression)?: (.+)$", says)
            classified = re.search(r"(?m)^Classifier: License :: .*:: (.+)$", says)
            licence = (classified or told) or None
            found = [n for n in names if ".dist-info/" in n and LICENCE.search(n)]
            texts = tuple(wheel.read(n).decode("utf-8", "replace") for n in found)
        known = licence[1].strip() if licence else OTHERWISE.get(name, "see its text")
        yield Work(name, package["version"], known, texts)


#: What has no metadata: a library without Python.
OTHERWISE = {"openblas": "BSD-3-Clause"}
