"""Photographs of drawings as files beside the pages, loaded when a reader comes near them.

In a page they would take a third more bytes, of every reader, before the text below them. SVG has
no picture that waits, so it is one of HTML within the drawing, whose label tells what it shows.
"""

import base64
import re

from engine.drawing.series import Written
from engine.store import digest

#: A picture of more than about a thousand bytes, upright, with nothing said of it but its place.
PHOTOGRAPH = re.compile(
    r'<image href="data:image/webp;base64,([^"]{1400,})"((?: (?:x|y|width|height)="[^"]*"){4})/>'
)

STYLE = "display:block;width:100%;height:100%"


def beside(drawing: str, stem: str, written: Written) -> str:
    """The drawing with its photographs in files of their own, whose names begin with ``stem``."""

    def kept(found: re.Match[str]) -> str:
        address = written(f"{stem}.{digest(found[1])[:12]}.webp", base64.b64decode(found[1]))
        picture = f'<img alt="" loading="lazy" src="{address}" style="{STYLE}">'
        return f"<foreignObject{found[2]}>{picture}</foreignObject>"

    return PHOTOGRAPH.sub(kept, drawing)
