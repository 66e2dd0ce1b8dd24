"""Figures and steppers: drawn from the snippets at build, cached by content, inlined as SVG."""

import hashlib
import html
import importlib
import json
import os
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Protocol, cast

from engine.paths import CACHE, LANGUAGES, ROOT


class Say(Protocol):
    """Chooses a label's language: ``say("损失", "loss")``."""

    def __call__(self, zh: str, en: str) -> str: ...


@dataclass(frozen=True)
class Frame:
    """One picture of a stepper, and the sentence below it, which is its text alternative too."""

    caption: str
    svg: str


Draw = Callable[[Say], str]
DrawFrames = Callable[[Say], Sequence[Frame]]


def figure(draw: Draw) -> Draw:
    """Mark a function of ``figures/`` as a figure: pages name it ``figure:module/function``."""
    draw.kind = "figure"  # type: ignore[attr-defined]
    return draw


def stepper(draw: DrawFrames) -> DrawFrames:
    """Mark a function as a stepper, a sequence of frames: ``stepper:module/function``."""
    draw.kind = "stepper"  # type: ignore[attr-defined]
    return draw


class UnknownFigure(LookupError):
    """A page names a figure that nobody draws."""


def find(kind: str, target: str) -> Callable[[Say], str | Sequence[Frame]]:
    """The function behind ``module/function``; UnknownFigure with what exists otherwise."""
    module_name, _, function = target.partition("/")
    path = ROOT / "figures" / f"{module_name}.py"
    if not (module_name.isidentifier() and path.exists()):
        raise UnknownFigure(f"there is no figures/{module_name}.py")
    module = importlib.import_module(f"figures.{module_name}")
    known = {n: f for n, f in vars(module).items() if getattr(f, "kind", None) == kind}
    if function not in known:
        raise UnknownFigure(
            f"figures/{module_name}.py has no {kind} {function!r}; "
            f"it has {', '.join(sorted(known))}"
        )
    return cast(Callable[[Say], str | Sequence[Frame]], known[function])


def drawing(kind: str, target: str, language: str) -> list[Frame]:
    """What a figure (one frame, no caption) or a stepper shows in one language.

    It comes from the cache where nothing it may depend on has changed.
    """
    draw = find(kind, target)
    key = hashlib.sha256(f"{kind} {target} {language} {_inputs()}".encode()).hexdigest()[:32]
    cached = CACHE / "figures" / f"{key}.json"
    if cached.exists():
        return [Frame(**frame) for frame in json.loads(cached.read_text(encoding="utf-8"))]
    drawn = draw(lambda zh, en: (zh, en)[LANGUAGES.index(language)])
    frames = [Frame("", drawn)] if isinstance(drawn, str) else list(drawn)
    prefix = target.replace("/", "-")
    frames = [
        Frame(frame.caption, own_ids(frame.svg, f"{prefix}-{number}"))
        for number, frame in enumerate(frames)
    ]
    cached.parent.mkdir(parents=True, exist_ok=True)
    waiting = cached.with_suffix(f".{os.getpid()}")
    waiting.write_text(json.dumps([asdict(frame) for frame in frames]), encoding="utf-8")
    waiting.replace(cached)
    return frames


IMAGE = re.compile(
    r'<img alt="(?P<alt>[^"]*)" src="(?P<kind>figure|stepper):(?P<target>[^"]+)"\s*/?>'
)


def inline(page_html: str, language: str) -> str:
    """Replace each ``<img src="figure:…">`` or ``stepper:…`` of a page by what it shows."""

    def shown(match: re.Match[str]) -> str:
        frames = drawing(match["kind"], html.unescape(match["target"]), language)
        alternative = html.unescape(match["alt"])
        if match["kind"] == "figure":
            return labelled(frames[0].svg, alternative)
        # Spans, because Markdown has put the picture into a paragraph.
        items = "".join(
            f'<span class="frame" role="listitem">{labelled(frame.svg, frame.caption)}'
            f'<span class="frame-caption" aria-hidden="true">{html.escape(frame.caption)}</span>'
            "</span>"
            for frame in frames
        )
        label = html.escape(alternative, quote=True)
        return f'<span class="stepper" role="list" aria-label="{label}">{items}</span>'

    return IMAGE.sub(shown, page_html)


def labelled(svg: str, alternative: str) -> str:
    """A drawing that says what there is to see to somebody who cannot see it."""
    label = html.escape(alternative, quote=True)
    return svg.replace("<svg ", f'<svg class="drawing" role="img" aria-label="{label}" ', 1)


def own_ids(svg: str, prefix: str) -> str:
    """The drawing with a prefix before each of its ids, since a page holds several drawings."""
    svg = re.sub(r'\bid="', f'id="{prefix}-', svg)
    svg = re.sub(r'href="#', f'href="#{prefix}-', svg)
    return re.sub(r"url\(#", f"url(#{prefix}-", svg)


def _inputs() -> str:
    """A digest of all a figure may depend on: the code that draws and computes, its libraries."""
    files = [p for folder in ("figures", "snippets") for p in sorted((ROOT / folder).glob("*.py"))]
    return _digest(tuple((p, p.stat().st_mtime_ns) for p in files))


@cache
def _digest(files: tuple[tuple[Path, int], ...]) -> str:
    digest = hashlib.sha256(sys.version.encode())
    for package in ("numpy", "matplotlib", "scikit-learn"):
        digest.update(f"{package} {version(package)}".encode())
    for path, _ in files:
        digest.update(path.name.encode() + path.read_bytes())
    digest.update(Path(__file__).read_bytes())
    return digest.hexdigest()
