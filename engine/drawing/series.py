"""Steppers and explorers as a page holds them: ``<frame-series>``, which the theme's script runs.

A stepper's frames all stand in the page, below each other. An explorer stands there with its first
frame; all its frames are in a file of their own, which is loaded when a reader reaches for a
slider, and a few of them are pictures for a reader without a script.
"""

import html
import json
import re
from collections.abc import Callable, Iterable

from engine.drawing import svg
from engine.drawing.drawn import Drawn
from engine.figures import Frame
from engine.store import digest

#: Writes a file beside the pages, by its name, and gives its address as the page names it.
Written = Callable[[str, str | bytes], str]

#: What stands before the frames in their script.
HANDED = "document.currentScript.frames="

#: Elements that hold text alone, and of all others the tags.
PIECES = re.compile(r"<(\w+)\b[^>]*>[^<]*</\1>|<[^>]*>|[^<]+")
SIZE = re.compile(r'\b(width|height)="([\d.]+)"')


def stepper(drawn: Drawn, name: str, alternative: str) -> str:
    """A stepper; ``name`` is what the page calls it, ``stepper:module/function``."""
    # Spans, because Markdown has put the picture into a paragraph.
    items = "".join(
        f'<span class="frame" role="listitem">{svg.labelled(frame.svg, frame.caption)}'
        f'<span class="frame-caption" aria-hidden="true">{html.escape(frame.caption)}</span></span>'
        for frame in drawn.frames
    )
    label, name = html.escape(alternative, quote=True), html.escape(name, quote=True)
    return (
        f'<frame-series><span role="list" aria-label="{label}" data-drawing="{name}">'
        f"{items}</span></frame-series>"
    )


def explorer(drawn: Drawn, name: str, alternative: str, palette: str, written: Written) -> str:
    """An explorer; ``palette`` are the colours of the pictures without a script."""
    stem = svg.stem(name)

    def kept(content: str, ending: str) -> str:
        return written(f"{stem}.{digest(content)[:12]}.{ending}", content)

    first = drawn.frames[drawn.first]
    sliders = [[slider.name, slider.start, slider.texts] for slider in drawn.sliders]
    series = "".join(
        f'<span class="frame"><img alt="" loading="lazy" src="{address}" {_size(frame)}>'
        f'<span class="frame-caption">{html.escape(frame.caption)}</span></span>'
        for frame in (drawn.frames[place] for place in drawn.series)
        for address in [kept(alone(frame, palette), "svg")]
    )
    return (
        f'<frame-series data-frames="{kept(packed(drawn.frames), "js")}" '
        f"data-sliders='{_attribute(sliders)}'>"
        f'<span class="frame">{svg.labelled(first.svg, alternative, name)}'
        f'<span class="frame-caption" role="status">{html.escape(first.caption)}</span></span>'
        f"<noscript>{series}</noscript></frame-series>"
    )


def packed(frames: Iterable[Frame]) -> str:
    """Frames of one size as a script, which hands them to the element that has loaded it.

    A script is loaded from a folder on disk, too, where nothing else would be. Each frame is its
    caption and runs of pieces, ``[caption, first, number, first, number, …]``, for most of a
    frame is as in the others; the tag ``<svg>`` itself stays in the page.
    """
    pieces: dict[str, int] = {}
    runs: list[list[str | int]] = []
    for frame in frames:
        run: list[int] = []
        for piece in PIECES.finditer(inner(frame.svg)):
            place = pieces.setdefault(piece[0], len(pieces))
            if run and run[-2] + run[-1] == place:
                run[-1] += 1
            else:
                run += [place, 1]
        runs.append([frame.caption, *run])
    content = {"pieces": list(pieces), "frames": runs}
    listing = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return f"{HANDED}{listing}\n"


def frames_of(script: str) -> list[tuple[str, str]]:
    """The frames that such a script holds: caption, and what stands in the element ``<svg>``."""
    content = json.loads(script.removeprefix(HANDED))
    pieces: list[str] = content["pieces"]
    return [
        (
            caption,
            "".join(
                "".join(pieces[at : at + n]) for at, n in zip(run[::2], run[1::2], strict=True)
            ),
        )
        for caption, *run in content["frames"]
    ]


def inner(drawing: str) -> str:
    """What stands in the element ``<svg>``."""
    return drawing.removeprefix(svg.opening(drawing)).removesuffix("</svg>")


def alone(frame: Frame, palette: str) -> str:
    """A frame as a picture in a file of its own, where the theme does not reach it."""
    style = f"<style>:root{{{palette} font-family: system-ui, sans-serif}}</style>"
    tag = svg.opening(frame.svg)
    return f"{tag}{style}{inner(frame.svg)}</svg>\n"


def _size(frame: Frame) -> str:
    return " ".join(f'{side}="{float(n):.0f}"' for side, n in SIZE.findall(svg.opening(frame.svg)))


def _attribute(content: object) -> str:
    """JSON between single quotes."""
    listing = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return listing.replace("&", "&amp;").replace("<", "&lt;").replace("'", "&#39;")
