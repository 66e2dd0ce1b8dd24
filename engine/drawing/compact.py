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
from string import ascii_lowercase
from xml.etree.ElementTree import Element, ParseError, fromstring, tostring

from PIL import Image

from engine.drawing.paths import decimal, points_of, radius_of, relative, simplified

SVG, XLINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}"

#: Decimals of a coordinate: a tenth of a unit is a sixth of a pixel in a page. What is defined
#: once and used often, a marker, is small, and has one more.
COARSE, FINE = 1, 2

#: What a style may say for an element so that it may as well be said for the group around it.
INHERITED = re.compile(
    r"(?:fill|fill-opacity|fill-rule|stroke|stroke-[a-z]+|font-[a-z]+|text-anchor)"
)

USED = re.compile(r'(?:href="#|url\(#)([^")]+)')
PICTURE = re.compile(r"data:image/png;base64,(.*)", re.S)

#: Matplotlib keeps pictures upside down, and turns them over.
FLIPPED = re.compile(r"scale\(1 -1\) translate\(0 -([\d.]+)\)")

#: From so many markers in a row on, one path is shorter.
FEWEST = 4

#: Where something may be seen: left, top, right, bottom.
Box = tuple[float, float, float, float]
EVERYWHERE: Box = (-1e9, -1e9, 1e9, 1e9)
NOWHERE: Box = (1e9, 1e9, -1e9, -1e9)

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
    root.attrib.pop("version", None)
    for element in root.iter():
        element.tag = element.tag.removeprefix(SVG)
        element.attrib = {name.removeprefix(XLINK): value for name, value in element.items()}
        if element.get("transform", "").startswith("rotate(-0 "):
            del element.attrib["transform"]
        if "style" in element.attrib:
            element.set(
                "style", re.sub(r"\s*([:;])\s*", r"\1", element.attrib["style"]).strip("; ")
            )
    used = set(USED.findall(svg))
    for element in root.iter():
        if element.get("id", "") not in used:
            element.attrib.pop("id", None)
    _flatten(root)
    defined = {inner for outer in root.iter("defs") for inner in outer.iter()}
    by_name = {element.get("id", ""): element for element in reversed([*root.iter()])}
    _gather(root, by_name)
    for element in root.iter():
        _shorten(element, FINE if element in defined else COARSE)
    _draw_points(root, {element.get("id", ""): element for element in defined})
    _name_shortly(root)
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
    is_plain = element.tag == "path" and attributes.keys() <= {"d", "id", "style"}
    radius = radius_of(attributes.get("d", "")) if is_plain else None
    if radius:
        element.tag = "circle"
        del attributes["d"]
        attributes["r"] = decimal(round(radius * 10**FINE), FINE)
    elif "d" in attributes:
        attributes["d"] = relative(simplified(attributes["d"]), decimals)
    if element.tag in ("use", "text", "tspan"):
        for name in {"x", "y"} & attributes.keys():
            attributes[name] = re.sub(r"-?\d+\.\d+", _rounded, attributes[name])
    picture = PICTURE.match(attributes.get("href", ""))
    if picture:
        _show_upright(attributes, Image.open(io.BytesIO(base64.b64decode(picture[1]))), picture[1])


def _rounded(number: re.Match[str]) -> str:
    return decimal(round(float(number[0]) * 10**COARSE), COARSE)


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


def _gather(root: Element, by_name: dict[str, Element]) -> None:
    """Bring together what looks alike and stands apart: lines of a grid become one path.

    An element moves up past those that it does not touch, and a text past no other one.
    """
    for parent in [root, *root.iter("g")]:
        parts: list[Element] = []
        boxes: list[Box] = []
        for child in parent:
            box, look = _box(child, by_name), _common(child)
            place = len(parts)
            while look and place and _common(parts[place - 1]) != look:
                place -= 1
                if _touch(box, boxes[place]) or child.tag == parts[place].tag == "text":
                    place = 0
            if not look or not place:
                place = len(parts)
            parts.insert(place, child)
            boxes.insert(place, box)
        parent[:] = [
            made for look, alike in groupby(parts, _common) for made in _together(list(alike), look)
        ]


def _common(element: Element) -> tuple[str, ...]:
    """What elements that may be gathered have in common; empty for any other."""
    tag, style = element.tag, element.get("style", "")
    free = {
        "path": {"d", "style", "clip-path"},
        "use": {"href", "x", "y", "style"},
        "text": {"x", "y", "style"},
    }.get(tag, set())
    if not style or element.attrib.keys() - free or (tag == "path" and not _is_drawn_once(style)):
        return ()
    return tag, style, element.get("clip-path", ""), element.get("href", "")


def _is_drawn_once(style: str) -> bool:
    """Whether lines of this style look the same where they cross as one path."""
    said = dict(part.split(":", 1) for part in style.split(";"))
    return said.get("fill") == "none" and not any("opacity" in name for name in said)


def _together(alike: list[Element], look: tuple[str, ...]) -> list[Element]:
    if len(alike) < 2 or not look or look[0] == "use":
        return alike
    if look[0] == "path":
        alike[0].set("d", " ".join(one.get("d", "") for one in alike))
        return alike[:1]
    group = Element("g", {"style": look[1]})
    for one in alike:
        del one.attrib["style"]
    group[:] = alike
    return [group]


def _touch(one: Box, other: Box) -> bool:
    apart = one[2] < other[0] or other[2] < one[0] or one[3] < other[1] or other[3] < one[1]
    return not apart


def _box(element: Element, by_name: dict[str, Element]) -> Box:
    """Where an element can be seen at most, with the width of its lines."""
    said = element.attrib
    if element.tag in ("defs", "clipPath"):
        return NOWHERE
    if "transform" in said or element.tag not in ("path", "use", "text", "g"):
        return EVERYWHERE
    x, y = float(said.get("x", 0)), float(said.get("y", 0))
    wide = re.search(r"stroke-width:([\d.]+)", said.get("style", ""))
    more = float(wide[1]) if wide else 2.0
    if element.tag == "g":
        return _around([_box(child, by_name) for child in element])
    if element.tag == "text":
        size = re.search(r"font-size:([\d.]+)px", said.get("style", ""))
        if not size or len(element):
            return EVERYWHERE
        # As wide as if all were Chinese, on either side.
        high = float(size[1])
        far = high * len(element.text or "")
        return x - far, y - high - more, x + far, y + high / 2 + more
    if element.tag == "use":
        target = by_name.get(said.get("href", "")[1:])
        if target is None:
            return EVERYWHERE
        left, top, right, bottom = _box(target, by_name)
        return left + x, top + y, right + x, bottom + y
    points = list(points_of(said.get("d", "")))
    if not points:
        return EVERYWHERE
    return _around([(x - more, y - more, x + more, y + more) for x, y in points])


def _around(boxes: list[Box]) -> Box:
    sides = list(zip(*boxes, strict=True)) or [(side,) for side in NOWHERE]
    return min(sides[0]), min(sides[1]), max(sides[2]), max(sides[3])


def _draw_points(root: Element, defined: dict[str, Element]) -> None:
    """Markers one after the other become one path, at whose points the marker stands."""
    markers: dict[tuple[str, str], str] = {}
    for parent in list(root.iter()):
        runs = groupby(parent, lambda child: child.tag == "use" and _look(child))
        parts: list[Element] = []
        for look, run in runs:
            uses = list(run)
            drawn = defined.get(uses[0].get("href", "")[1:]) if look else None
            if drawn is None or len(uses) < FEWEST:
                parts += uses
                continue
            inherited = uses[0].get("style") or parent.get("style") or ""
            key = (uses[0].attrib["href"][1:], inherited)
            if key not in markers:
                markers[key] = f"{key[0]}-{len(markers)}"
                own = {"markerUnits": "userSpaceOnUse", "overflow": "visible", "style": inherited}
                made = Element("marker", {"id": markers[key], **own})
                said = inherited.split(";")
                style = ";".join(p for p in drawn.get("style", "").split(";") if p not in said)
                shape = {
                    name: value for name, value in drawn.items() if name not in ("id", "style")
                }
                shape |= {"style": style} if style else {}
                made.append(Element(drawn.tag, shape))
                parts.append(made)
            at = [f"{use.get('x', '0')} {use.get('y', '0')}" for use in uses]
            ways = [at]
            if _has_one_colour(f"{inherited};{drawn.get('style', '')}"):
                # Which of two is above the other is not seen.
                ways.append(sorted(at, key=lambda place: [*map(float, place.split())]))
            path = min((relative("M" + "L".join(way), COARSE) for way in ways), key=len)
            style = f"fill:none;stroke:none;marker:url(#{markers[key]})"
            parts.append(Element("path", {"d": path, "style": style}))
        parent[:] = parts


def _has_one_colour(style: str) -> bool:
    """Whether a marker is filled as it is outlined, or has only one of the two."""
    said = dict(part.split(":", 1) for part in filter(None, style.split(";")))
    paints = {said.get("fill", "black"), said.get("stroke", "none")} - {"none"}
    faint = said.get("fill-opacity", "1") == said.get("stroke-opacity", "1")
    return len(paints) == 1 and faint


def _name_shortly(root: Element) -> None:
    """Leave out what is defined and not used, and give what is used the shortest ids."""
    texts = [value for element in root.iter() for value in element.attrib.values()]
    used = {name for text in texts for name in re.findall(r"(?:^#|url\(#)([^)]+)", text)}
    names: dict[str, str] = {}
    for parent in list(root.iter()):
        for child in list(parent):
            name = child.get("id", "")
            if parent.tag == "defs" and (name not in used or name in names):
                parent.remove(child)
            elif name:
                digit, rest = len(names) % 26, len(names) // 26
                names.setdefault(name, ascii_lowercase[digit] + (str(rest) if rest else ""))
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag == "defs" and not len(child):
                parent.remove(child)
    for element in root.iter():
        for key, value in element.items():
            if key == "id":
                element.set(key, names.get(value, value))
            elif value.startswith("#") and value[1:] in names:
                element.set(key, f"#{names[value[1:]]}")
            elif "url(#" in value:
                element.set(
                    key,
                    re.sub(
                        r"url\(#([^)]+)", lambda one: f"url(#{names.get(one[1], one[1])}", value
                    ),
                )


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


def _show_upright(attributes: dict[str, str], image: Image.Image, png: str) -> None:
    """A picture as WebP where that takes fewer bytes, and then not upside down."""
    flipped = FLIPPED.fullmatch(attributes.get("transform", ""))
    if flipped:
        image = image.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    webp = _webp(image, len(png) * 3 // 4)
    if webp:
        attributes["href"] = webp
    if webp and flipped:
        del attributes["transform"]
        top, high = float(attributes["y"]), float(attributes["height"])
        attributes["y"] = f"{float(flipped[1]) - top - high:g}"


def _webp(image: Image.Image, most: int) -> str | None:
    """The picture as the address of a WebP; None where that takes no fewer bytes than ``most``."""
    image = image.convert("RGBA")
    if image.getchannel("A").getextrema() == (255, 255):
        image = image.convert("RGB")
    made = _saved(image, lossless=True, quality=100)
    if len(made) > PHOTOGRAPH:
        made = min(made, _saved(image, quality=QUALITY), key=len)
    if len(made) >= most:
        return None
    return "data:image/webp;base64," + base64.b64encode(made).decode("ascii")


def _saved(image: Image.Image, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, "webp", method=6, **options)
    return out.getvalue()
