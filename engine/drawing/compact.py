"""Drawings in fewer bytes and elements, of which readers see none.

Matplotlib writes each coordinate in full, names every part, and keeps pictures as PNG. A page
that holds a dozen charts is half as large without that.
"""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterator
from itertools import groupby
from xml.etree.ElementTree import Element, ParseError, fromstring, tostring

from PIL import Image

SVG, XLINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}"

#: Decimals of a coordinate: a tenth of a unit is a sixth of a pixel in a page. What is defined
#: once and used often, a marker, is small, and has one more.
COARSE, FINE = 1, 2

#: What a style may say for an element so that it may as well be said for the group around it.
INHERITED = re.compile(
    r"(?:fill|fill-opacity|fill-rule|stroke|stroke-[a-z]+|font-[a-z]+|text-anchor)"
)

#: Absolute commands of a path, by the numbers that each takes.
NUMBERS = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "Q": 4, "A": 7, "Z": 0}
TOKEN = re.compile(r"[A-Za-z]|-?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?")
USED = re.compile(r'(?:href="#|url\(#)([^")]+)')
PICTURE = re.compile(r"data:image/png;base64,(.*)", re.S)

#: From so many markers in a row on, one path is shorter.
FEWEST = 4

#: A picture that takes more bytes than this without loss is a photograph, and may lose some.
PHOTOGRAPH, QUALITY = 2500, 75


def compact(svg: str) -> str:
    """The same drawing; text, and what it is made of, in the same order.

    What browsers understand and XML does not stays as it is.
    """
    try:
        root = fromstring(svg)
    except ParseError:
        return svg
    _without_space(root)
    for element in root.iter():
        element.tag = element.tag.removeprefix(SVG)
        element.attrib = {name.removeprefix(XLINK): value for name, value in element.items()}
    used = set(USED.findall(svg))
    defined = {inner for outer in root.iter("defs") for inner in outer.iter()}
    for element in root.iter():
        _shorten(element, FINE if element in defined else COARSE)
        if element.get("id", "") not in used:
            element.attrib.pop("id", None)
    _flatten(root)
    _draw_points(root, {element.get("id", ""): element for element in defined})
    if f'xmlns="{SVG[1:-1]}"' in svg:
        root.set("xmlns", SVG.strip("{}"))
    return tostring(root, encoding="unicode").replace(" />", "/>")


def _without_space(element: Element) -> None:
    """Take away the line breaks between elements, not those in a text."""
    if element.tag.removeprefix(SVG) in ("text", "title", "desc", "style"):
        return
    element.text = (element.text or "").strip() or None
    for child in element:
        child.tail = (child.tail or "").strip() or None
        _without_space(child)


def _shorten(element: Element, decimals: int) -> None:
    attributes = element.attrib
    if "d" in attributes:
        attributes["d"] = relative(attributes["d"], decimals)
    if element.tag in ("use", "text", "tspan"):
        for name in {"x", "y"} & attributes.keys():
            attributes[name] = re.sub(r"-?\d+\.\d+", _rounded, attributes[name])
    if attributes.get("transform", "").startswith("rotate(-0 "):
        del attributes["transform"]
    if "style" in attributes:
        attributes["style"] = re.sub(r"\s*([:;])\s*", r"\1", attributes["style"]).strip("; ")
    picture = PICTURE.match(attributes.get("href", ""))
    if picture:
        attributes["href"] = _webp(base64.b64decode(picture[1])) or attributes["href"]


def _rounded(number: re.Match[str]) -> str:
    return _written(round(float(number[0]) * 10**COARSE), COARSE)


def _flatten(element: Element) -> None:
    """Groups that say nothing give way to what is in them; what all in a group say, it says."""
    for child in element:
        _flatten(child)
    element[:] = [inner for child in element for inner in _without_group(child)]
    shown = [child for child in element if child.tag != "defs"]
    styles = {child.get("style") for child in shown}
    style = styles.pop() if len(styles) == 1 and len(shown) > 1 else None
    if style and element.tag == "g" and "style" not in element.attrib and _is_inherited(style):
        element.set("style", style)
        for child in shown:
            del child.attrib["style"]


def _draw_points(root: Element, defined: dict[str, Element]) -> None:
    """Markers one after the other become one path, at whose points the marker stands."""
    for parent in list(root.iter()):
        runs = groupby(parent, lambda child: child.tag == "use" and _look(child))
        parts: list[Element] = []
        for look, run in runs:
            uses = list(run)
            marker = defined.get(uses[0].get("href", "")[1:]) if look else None
            if marker is None or len(uses) < FEWEST:
                parts += uses
                continue
            name = f"{uses[0].attrib['href'][1:]}-{len(parts)}"
            at = [f"{use.get('x', '0')} {use.get('y', '0')}" for use in uses]
            drawn = {key: value for key, value in marker.items() if key != "id"}
            inherited = uses[0].get("style") or parent.get("style") or ""
            own = {"markerUnits": "userSpaceOnUse", "overflow": "visible", "style": inherited}
            made = Element("marker", {"id": name, **own})
            made.append(Element(marker.tag, drawn))
            ends = {f"marker-{end}": f"url(#{name})" for end in ("start", "mid", "end")}
            style = "fill:none;stroke:none"
            path = relative("M" + "L".join(at), COARSE)
            parts += [made, Element("path", {"d": path, "style": style, **ends})]
        parent[:] = parts


def _look(use: Element) -> tuple[str, ...]:
    """Marker and style of a ``use`` that only says where; empty for any other."""
    if use.attrib.keys() - {"href", "x", "y", "style"}:
        return ()
    return use.get("href", ""), use.get("style", "")


def _without_group(element: Element) -> Iterator[Element]:
    empty = not len(element) and element.tag in ("g", "defs")
    empty = empty or (element.tag == "path" and element.get("style") == "fill:none")
    if element.tag == "g" and not element.attrib:
        yield from element
    elif not empty:
        yield element


def _is_inherited(style: str) -> bool:
    return all(INHERITED.fullmatch(part.partition(":")[0]) for part in style.split(";"))


def relative(path: str, decimals: int) -> str:
    """A path in relative commands, each end of a piece rounded to so many decimals.

    One with commands that Matplotlib never writes stays as it is.
    """
    commands = list(_commands(path))
    if not commands or any(len(given) != NUMBERS.get(name, -1) for name, given in commands):
        return path
    unit = 10**decimals
    x = y = start_x = start_y = 0
    written: list[str] = []
    last = ""
    for name, given in commands:
        if name == "Z":
            written.append("z")
            x, y, last = start_x, start_y, "z"
            continue
        if name == "A":
            kept, ends = given[:5], given[5:]
        else:
            kept, ends = [], given
        scaled = [round(float(number) * unit) for number in ends]
        if name == "H":
            scaled = [scaled[0], y]
        elif name == "V":
            scaled = [x, scaled[0]]
        moved = [number - (x, y)[place % 2] for place, number in enumerate(scaled)]
        x, y = scaled[-2:]
        command = name.lower()
        if command in "hvl":
            command, moved = ("h", moved[:1]) if not moved[1] else ("l", moved)
            if command == "l" and not moved[0]:
                command, moved = "v", moved[1:]
        if name == "M":
            start_x, start_y = x, y
        numbers = [*kept, *(_written(number, decimals) for number in moved)]
        text = numbers[0] + "".join(n if n.startswith("-") else f" {n}" for n in numbers[1:])
        if command != last or command == "m":
            written.append(command + text)
        else:
            written.append(text if text.startswith("-") else f" {text}")
        last = command
    return "".join(written)


def _commands(path: str) -> Iterator[tuple[str, list[str]]]:
    """Each command with its numbers; one that is written once for many is given for each."""
    name, given = "", list[str]()
    for token in TOKEN.findall(path):
        if token.isalpha() or (given and len(given) == NUMBERS.get(name, 0)):
            if name:
                yield name, given
            given = []
            if token.isalpha():
                name = token.replace("z", "Z")
                continue
            name = "L" if name == "M" else name
        given.append(token)
    if name:
        yield name, given


def _written(number: int, decimals: int) -> str:
    """So many tenths or hundredths as a decimal, in as few characters as there can be."""
    text = f"{number / 10**decimals:.{decimals}f}".rstrip("0").rstrip(".")
    return re.sub(r"^(-?)0\.", r"\1.", text)


def _webp(png: bytes) -> str | None:
    """The picture as the address of a WebP; None where that takes no fewer bytes."""
    image = Image.open(io.BytesIO(png)).convert("RGBA")
    if image.getchannel("A").getextrema() == (255, 255):
        image = image.convert("RGB")
    made = _saved(image, lossless=True, quality=100)
    if len(made) > PHOTOGRAPH:
        made = min(made, _saved(image, quality=QUALITY), key=len)
    if len(made) >= len(png):
        return None
    return "data:image/webp;base64," + base64.b64encode(made).decode("ascii")


def _saved(image: Image.Image, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, "webp", method=6, **options)
    return out.getvalue()
