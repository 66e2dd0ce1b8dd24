"""Drawings as a page holds them: with ids of their own, and a text alternative."""

import html
import re


def labelled(svg: str, alternative: str, drawing: str = "") -> str:
    """A drawing that says what there is to see to somebody who cannot see it.

    ``drawing`` is what a page calls it, ``figure:module/function``, where a page does.
    """
    name = f' data-drawing="{html.escape(drawing, quote=True)}"' if drawing else ""
    label = html.escape(alternative, quote=True)
    tag = f'<svg class="drawing" role="img" aria-label="{label}"{name} '
    return svg.replace("<svg ", tag, 1)


def stem(drawing: str) -> str:
    """What the names of a drawing's files begin with."""
    return drawing.partition(":")[2].replace("/", "-")


def opening(svg: str) -> str:
    """The tag that a drawing begins with, which has its size."""
    return svg[: svg.index(">") + 1]


def own_ids(svg: str, prefix: str) -> str:
    """The drawing with a prefix before each of its ids, since a page holds several drawings.

    Matplotlib names a picture by its content: of two equal ones the first keeps the id.
    """
    seen = set[str]()

    def own(found: re.Match[str]) -> str:
        again = found[1] in seen
        seen.add(found[1])
        return "" if again else f' id="{prefix}-{found[1]}"'

    svg = re.sub(r'\sid="([^"]*)"', own, svg)
    svg = re.sub(r'href="#', f'href="#{prefix}-', svg)
    return re.sub(r"url\(#", f"url(#{prefix}-", svg)
