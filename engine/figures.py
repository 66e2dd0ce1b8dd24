"""Figures: drawn from the snippets at build, cached by content, put into the pages as SVG."""

import hashlib
import html
import importlib
import re
import sys
from collections.abc import Callable
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Protocol, cast

from engine.paths import CACHE, LANGUAGES, ROOT


class Say(Protocol):
    """Chooses a label's language: ``say("损失", "loss")``."""

    def __call__(self, zh: str, en: str) -> str: ...


Draw = Callable[[Say], str]


def figure(draw: Draw) -> Draw:
    """Mark a function of ``figures/`` as a figure that pages can name."""
    draw.is_figure = True  # type: ignore[attr-defined]
    return draw


class UnknownFigure(LookupError):
    """A page names a figure that nobody draws."""


def find(target: str) -> Draw:
    """The function behind ``module/function``; UnknownFigure with what exists otherwise."""
    module_name, _, function = target.partition("/")
    path = ROOT / "figures" / f"{module_name}.py"
    if not (module_name.isidentifier() and path.exists()):
        raise UnknownFigure(f"there is no figures/{module_name}.py")
    module = importlib.import_module(f"figures.{module_name}")
    draw = getattr(module, function, None)
    if not getattr(draw, "is_figure", False):
        known = sorted(n for n, f in vars(module).items() if getattr(f, "is_figure", False))
        raise UnknownFigure(
            f"figures/{module_name}.py draws no {function!r}; it has {', '.join(known)}"
        )
    return cast(Draw, draw)


def svg(target: str, language: str) -> str:
    """The figure's SVG in one language, from the cache where nothing it depends on changed."""
    draw = find(target)
    key = hashlib.sha256(f"{target} {language} {_inputs()}".encode()).hexdigest()[:32]
    cached = CACHE / "figures" / f"{key}.svg"
    if cached.exists():
        return cached.read_text(encoding="utf-8")
    drawn = draw(lambda zh, en: (zh, en)[LANGUAGES.index(language)])
    drawn = _own_ids(drawn, target.replace("/", "-"))
    cached.parent.mkdir(parents=True, exist_ok=True)
    waiting = cached.with_suffix(".tmp")
    waiting.write_text(drawn, encoding="utf-8")
    waiting.replace(cached)
    return drawn


IMAGE = re.compile(r'<img alt="(?P<alt>[^"]*)" src="figure:(?P<target>[^"]+)"\s*/?>')


def inline(page_html: str, language: str) -> str:
    """Replace each ``<img src="figure:…">`` of a page by the drawing itself."""

    def drawing(match: re.Match[str]) -> str:
        label = html.escape(html.unescape(match["alt"]), quote=True)
        return svg(html.unescape(match["target"]), language).replace(
            "<svg ", f'<svg class="drawing" role="img" aria-label="{label}" ', 1
        )

    return IMAGE.sub(drawing, page_html)


def _own_ids(drawing: str, prefix: str) -> str:
    """Give the ids inside one drawing a prefix, since a page holds several."""
    drawing = re.sub(r'\bid="', f'id="{prefix}-', drawing)
    drawing = re.sub(r'href="#', f'href="#{prefix}-', drawing)
    return re.sub(r"url\(#", f"url(#{prefix}-", drawing)


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
