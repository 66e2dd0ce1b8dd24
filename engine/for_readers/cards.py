"""The picture of a page that other sites show where somebody has linked it: its title, in PNG.

It is drawn with Noto Sans SC as npm has installed it, in pieces of WOFF2 which each hold some of
the characters; what has been drawn is kept between builds.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from functools import cache, cached_property
from io import BytesIO
from itertools import groupby
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont, features
from PIL import __version__ as pillow

from engine.store import Store, digest

#: Width and height in px, as the sites that show cards want them.
SIZE = (1200, 630)
MARGIN = 88

BACKGROUND, INK, PALE, MARK = (11, 85, 99), (255, 255, 255), (191, 221, 226), (242, 177, 52)

#: So many colours lead from the background to that of a letter.
STEPS = 16

#: Above it is the title, in px; below, the name of the site.
BORDER = 500

#: The title gets the largest size, in px, at which it fits into so many lines.
SIZES, LINES = (92, 80, 68, 58, 50), 3
BOLD, REGULAR = 700, 400

#: Signs that begin no line, and those that end none.
CLOSING, OPENING = "，。、；：？！）》”’,.;:?!)", "（《“‘("

#: A word, or a single character of a script without spaces between words.
_PIECE = re.compile(r"[^\s⺀-鿿＀-￯]+|\S")

#: Raised whenever the drawing changes, so that what was kept is drawn anew.
VERSION = 1


class NoFonts(Exception):
    """The fonts are not installed; the message says what to do."""


class Cards:
    """Draws cards with the fonts in ``package``, and keeps them."""

    def __init__(self, package: Path, store: Store) -> None:
        self.package = package
        self._store = store

    def png(self, title: str, site_name: str) -> bytes:
        """The card of a page. Raises NoFonts."""
        key = digest([title, site_name, self._drawn_with])[:32]

        def drawn() -> str:
            return base64.b64encode(self._draw(title, site_name)).decode("ascii")

        return base64.b64decode(self._store.once(key, drawn))

    def _draw(self, title: str, site_name: str) -> bytes:
        width = SIZE[0] - 2 * MARGIN
        image = Image.new("L", SIZE)
        draw = ImageDraw.Draw(image)
        size, lines = self._fitted(title, width)
        height = round(size * 1.35)
        top = 140 + max(0, (340 - height * len(lines)) // 2)
        for number, line in enumerate(lines):
            self._write(draw, MARGIN, top + height * number + size, line, size, BOLD)
        upper = image.point([level >> 4 for level in range(256)])
        image = Image.new("L", SIZE)
        draw = ImageDraw.Draw(image)
        self._write(draw, MARGIN, SIZE[1] - 72, site_name, self._small(site_name, width), REGULAR)
        lower = image.point([STEPS + (level >> 4) for level in range(256)])
        lower.paste(upper.crop((0, 0, SIZE[0], BORDER)))
        ImageDraw.Draw(lower).rectangle((MARGIN, 96, MARGIN + 96, 106), fill=2 * STEPS)
        # Its levels are numbers of colours: that is drawn and packed faster than colours are.
        lower.putpalette([value for colour in _colours() for value in colour])
        with BytesIO() as file:
            lower.save(file, "PNG", compress_level=6)
            return file.getvalue()

    def _small(self, site_name: str, width: int) -> int:
        """The size of the letters of the site's name, which has one line."""
        return next(
            (n for n in range(38, 12, -2) if self._width(site_name, n, REGULAR) <= width), 12
        )

    def _fitted(self, title: str, width: int) -> tuple[int, list[str]]:
        """The size of a title's letters, and its lines."""
        for size in SIZES:
            lines = self._lines(title, width, size)
            if len(lines) <= LINES:
                break
        # As many lines, of lengths that are as equal as can be.
        for narrower in range(width - 30, width // 2, -30):
            even = self._lines(title, narrower, size)
            if len(even) > len(lines):
                break
            lines = even
        return size, lines[: LINES + 1]

    def _lines(self, text: str, width: int, size: int) -> list[str]:
        lines = [""]
        for piece in _pieces(text):
            longer = lines[-1] + piece
            if lines[-1] and self._width(longer.rstrip(), size, BOLD) > width:
                lines.append(piece.lstrip())
            else:
                lines[-1] = longer
        return [line.strip() for line in lines]

    def _width(self, text: str, size: int, weight: int) -> float:
        return sum(font.getlength(part) for font, part in self._runs(text, size, weight))

    def _write(
        self, draw: ImageDraw.ImageDraw, x: float, y: float, text: str, size: int, weight: int
    ) -> None:
        """Write a line whose letters stand on ``y``."""
        for font, part in self._runs(text, size, weight):
            draw.text((x, y), part, font=font, fill=255, anchor="ls")
            x += font.getlength(part)

    def _runs(
        self, text: str, size: int, weight: int
    ) -> Iterator[tuple[ImageFont.FreeTypeFont, str]]:
        """The parts of a text that one file of the font can write."""
        for name, part in groupby(text, self._file_of):
            yield _font(self.package / "files" / name, size, weight), "".join(part)

    def _file_of(self, character: str) -> str:
        return next(
            (name for name, held in self._pieces if ord(character) in held), self._pieces[0][0]
        )

    @cached_property
    def _pieces(self) -> list[tuple[str, set[int]]]:
        """The files of the font with the characters that each holds, Latin first."""
        path = self.package / "unicode.json"
        if not path.is_file():
            raise NoFonts("the font of the pages' cards is not installed\n    → run: npm ci")
        pieces: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
        return [
            (f"{self.package.name}-{name.strip('[]')}-wght-normal.woff2", _characters(ranges))
            for name, ranges in sorted(pieces.items(), key=lambda piece: piece[0] != "latin")
        ]

    @cached_property
    def _drawn_with(self) -> list[str | int | None]:
        path = self.package / "package.json"
        font = json.loads(path.read_text("utf-8"))["version"] if path.is_file() else ""
        return [VERSION, pillow, features.version("freetype2"), features.version("zlib"), font]


def _pieces(text: str) -> list[str]:
    """A text cut where a line may end; a space stands before the piece that follows it."""
    pieces: list[str] = []
    end = 0
    for found in _PIECE.finditer(text):
        space = " " if found.start() > end and pieces else ""
        holds = pieces and not space and (found[0] in CLOSING or pieces[-1][-1] in OPENING)
        if holds:
            pieces[-1] += found[0]
        else:
            pieces.append(space + found[0])
        end = found.end()
    return pieces


def _colours() -> Iterator[tuple[int, ...]]:
    """The palette: from the background to the title's colour, to that of the name, the mark."""
    for ink in (INK, PALE):
        for step in range(STEPS):
            share = step / (STEPS - 1)
            pairs = zip(BACKGROUND, ink, strict=True)
            yield tuple(round(ground + share * (full - ground)) for ground, full in pairs)
    yield MARK


def _characters(ranges: str) -> set[int]:
    """The characters of a CSS ``unicode-range``: ``U+0-ff,U+131``."""
    held: set[int] = set()
    for one in ranges.split(","):
        first, _, last = one.strip().removeprefix("U+").partition("-")
        held.update(range(int(first, 16), int(last or first, 16) + 1))
    return held


@cache
def _font(path: Path, size: int, weight: int) -> ImageFont.FreeTypeFont:
    # The basic layout is in every Pillow, so that all draw the same.
    font = ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)
    font.set_variation_by_axes([weight])
    return font
