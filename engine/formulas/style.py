"""KaTeX's style sheet and fonts, with what the formulas of a site need and no more."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Callable, Iterable
from pathlib import Path

from fontTools import subset

from engine.formulas import shorter
from engine.reading.sources import write_bytes

#: Where they stand, below the root of a site.
FOLDER = "assets/formulas"
STYLE = f"{FOLDER}/katex.css"

#: Fonts that the style sheet holds itself: nearly every formula is set in them, and one that came
#: after the first paint would move the lines below it.
WITHIN = "KaTeX_Main-Regular", "KaTeX_Math-Italic"


def write_style(
    dist: Path,
    root: Path,
    classes: set[str] | None = None,
    cut: Callable[[Path], bytes] = Path.read_bytes,
) -> None:
    """Write KaTeX's CSS and its fonts below the root of a site, from KaTeX's folder ``dist``.

    With ``classes`` those fonts are left out that no formula with these CSS classes can use;
    ``cut`` gives what is served of a font. Two processes may write the same below one root.
    """
    fonts = root / FOLDER / "fonts"
    fonts.mkdir(parents=True, exist_ok=True)
    css = (dist / "katex.min.css").read_text(encoding="utf-8")
    rules = re.sub(r"@font-face\{[^}]*\}", "", css) + shorter.style()
    families = _families(rules, classes)
    kept = []
    for face in re.findall(r"@font-face\{[^}]*\}", css):
        family = re.search(r"font-family:[\"']?(KaTeX_\w+)", face)
        woff2 = re.search(r"url\(fonts/([\w-]+\.woff2)\)", face)
        if not family or not woff2 or family[1] not in families:
            continue
        font = dist / "fonts" / woff2[1]
        content = cut(font)
        if font.stem in WITHIN:
            address = f"data:font/woff2;base64,{base64.b64encode(content).decode()}"
        else:
            address = f"fonts/{font.name}"
            write_bytes(fonts / font.name, content)
        before, after = re.split(r"src:[^;}]*", face, maxsplit=1)
        kept.append(f'{before}src:url({address}) format("woff2"){after}')
    style = "".join(kept) + rules
    write_bytes(root / STYLE, style.encode())
    for path in fonts.glob("*.woff2"):
        if f"url(fonts/{path.name})" not in style:
            path.unlink(missing_ok=True)


def _families(rules: str, classes: set[str] | None) -> set[str]:
    """The families of fonts that elements with these classes can ask for."""
    families = set()
    for selector, body in re.findall(r"([^{}]+)\{([^}]*)\}", rules):
        family = re.search(r"(?:font-family:|font:[^;]*?)(KaTeX_\w+)", body)
        if family and any(_matches(one, classes) for one in selector.split(",")):
            families.add(family[1])
    return families


def _matches(selector: str, classes: set[str] | None) -> bool:
    return classes is None or set(re.findall(r"\.([\w-]+)", selector)) <= classes


def with_characters(characters: Iterable[str], font: Path) -> bytes:
    """A WOFF2 font, cut down to the glyphs that these characters can need."""
    options = subset.Options(flavor="woff2", layout_features=["*"])
    cut = subset.load_font(str(font), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=map(ord, characters))
    subsetter.subset(cut)
    written = io.BytesIO()
    subset.save_font(cut, written, options)
    return written.getvalue()
