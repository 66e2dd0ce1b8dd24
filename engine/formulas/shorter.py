"""KaTeX's HTML in a third of its bytes and half of its elements, set as before.

KaTeX marks each letter by its kind, from which its spaces have come already, and makes a table of
each index, accent and fraction. Here a letter is a letter, a space is a margin of the sign beside
it, an index is shifted text, and what stands above each other a grid of one cell. What is unknown
stays as KaTeX has made it; ``STYLE`` are the rules for the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from xml.etree.ElementTree import Element, fromstring, tostring

#: What KaTeX calls a kind of sign; its style sheet has no rule for them.
KINDS = frozenset(("mord", "mbin", "mrel", "mopen", "mclose", "mpunct", "minner", "mop", "mtight"))

#: What a line of a formula has above and below its baseline, in em, whatever it holds: by the
#: metrics of KaTeX_Main and the height of a line, less what browsers round. A strut that is no
#: higher holds nothing up.
ABOVE, BELOW = 0.88, 0.25

#: An index as KaTeX sizes it, that of a letter and that of an index: a class, and its size in em.
SIZES: dict[tuple[str, ...], tuple[str, float]] = {
    ("katex-sizing", "reset-size6", "size3"): ("i", 0.7),
    ("katex-sizing", "reset-size3", "size1"): ("ii", 5 / 7),
}

#: Widths that have a class, in ten-thousandths of an em, by the letter of that class and what it
#: sets. They are the frequent ones; others stand in a style.
FREQUENT = {
    "r": (
        "margin-right:",
        (
            *(-667, 139, 197, 269, 278, 315, 359, 379, 440, 528, 556, 572, 576, 715, 785, 813),
            *(962, 1076, 1090, 1389, 1667, 1952, 2222, 2778),
        ),
    ),
    "m": ("margin:0 ", (1667, 2222, 2778)),
    "l": ("margin-left:", (-1984, -1537, -1374, -629, -616, -513, -397, -384)),
    "y": (
        "top:",
        (
            *(-6870, -6770, -5900, -5629, -5186, -4129, -3500, -2300),
            *(0, 2002, 2143, 3511, 3529, 4929, 6860),
        ),
    ),
}

RULES = (
    ".katex i{font-family:KaTeX_Math;font-style:italic}"
    ".katex .i,.katex .ii{font-size:.7em;margin-right:.0714em;position:relative}"
    ".katex .ii{font-size:.7142857143em;margin-right:.1em}"
    ".katex .on{display:inline-grid;line-height:0}"
    ".katex .on>*{align-self:baseline;grid-area:1/1;justify-self:start}"
    ".katex .mid>*{justify-self:center;position:relative}"
    ".katex .mid>.frac-line{justify-self:stretch}"
    ".katex .null{margin:0 .12em}"
)

LENGTH = re.compile(r"([a-z-]+):(-?[\d.]+)em;?")


def style() -> str:
    """The rules for what ``shorter`` writes, to stand after those of KaTeX."""
    widths = (
        f".katex .{letter}{number}{{{sets}{_em(number)}}}"
        for letter, (sets, numbers) in FREQUENT.items()
        for number in numbers
    )
    return RULES + "".join(widths)


@cache
def shorter(formula: str) -> str:
    """The HTML of a formula as KaTeX makes it, in fewer bytes."""
    # In HTML neither MathML nor SVG needs its name.
    root = fromstring(re.sub(r' xmlns="[^"]*"', "", formula).replace("&nbsp;", "\u00a0"))
    for part in root.iter("span"):
        if _is(part, "katex-html"):
            _shorten(part)
    return tostring(root, encoding="unicode", short_empty_elements=False)


def _shorten(element: Element) -> None:
    if _is(element, "katex-vbox"):  # whose parts are laid out one by one
        return
    for child in element:
        _shorten(child)
    parts = list(_spaced([_set_anew(child) for child in element]))
    if parts and _is(parts[0], "katex-strut") and _holds_nothing(parts[0]):
        del parts[0]
    for part in parts:
        _name(part)
    # A row of a table, and what has rules for the elements right below it, keeps them.
    rows = {"vlist", "on", "katex-inner", "delim-size1", "delim-size4"}
    if rows & set(_classes(element)) or (parts and _is(parts[0], "pstrut")):
        element[:] = parts
    else:
        _fill(element, parts)


def _set_anew(element: Element) -> Element:
    """An index, an accent or a fraction without a table; else the element as it is."""
    made = None
    if _is(element, "msupsub"):
        made = _index(element)
    elif _is(element, "katex-accent") or _is(element, "mfrac"):
        made = _stacked(element)
    return element if made is None else made


def _index(element: Element) -> Element | None:
    parts = []
    for place, body in _rows(element):
        size = SIZES.get(tuple(_kindless(body)))
        if not size or place.keys() - {"top", "margin-left", "margin-right"}:
            return None
        part = Element("span", {"class": size[0]})
        _set(part, "y", place["top"] / size[1])
        if place.get("margin-left"):
            _set(part, "l", place["margin-left"] / size[1])
        part.text, part[:] = body.text, list(body)
        parts.append(part)
    if len(parts) < 2:
        return parts[0] if parts else None
    made = Element("span", {"class": "on"})
    made[:] = parts
    return made


def _stacked(element: Element) -> Element | None:
    """An accent or a fraction, whose parts are centred above each other."""
    kind = "mfrac" if _is(element, "mfrac") else "katex-accent"
    made = Element("span", {"class": f"on mid {kind}"})
    for place, body in _rows(element):
        # What has a height of its own could lift the whole line.
        if place.keys() != {"top"} or any(_is(e, "vlist") or e.tag == "svg" for e in body.iter()):
            return None
        kinds = tuple(_kindless(body))
        part = body
        if kinds not in [*SIZES, ("frac-line",), ("accent-body",)] and body.attrib:
            part = Element("span")
            part.append(body)
        if place["top"]:
            _set(part, "y", place["top"] / SIZES.get(kinds, ("", 1))[1])
        made.append(part)
    return made if len(made) else None


def _rows(element: Element) -> Iterator[tuple[dict[str, float], Element]]:
    """The rows of the only table in an element: their place, ``top`` being how far each baseline
    is below the line's, and what stands there."""
    cells = [cell for cell in element.findall("./span/span/span") if _is(cell, "vlist")]
    if len(element) != 1 or not cells:
        return
    for row in cells[0]:
        place = _lengths(row)
        if len(row) != 2 or place is None or "top" not in place or not _is(row[0], "pstrut"):
            yield {}, row
            return
        place["top"] += (_lengths(row[0]) or {}).get("height", 0)
        yield {name: round(value, 4) for name, value in place.items()}, row[1]


def _spaced(parts: list[Element]) -> Iterator[Element]:
    """Spaces become margins of the signs between them, and so does what closes a fraction."""
    spaces = [_space(part) for part in parts]
    at = 0
    while at < len(parts):
        if _stands_between(parts, spaces, at):
            _set(parts[at + 1], "m", spaces[at] or 0)
            yield parts[at + 1]
            at += 3
        elif _is_closed_fraction(parts[at : at + 3]):
            parts[at + 1].set("class", "on mid mfrac null")
            yield parts[at + 1]
            at += 3
        elif (
            _is_sign(parts[at])
            and at + 1 < len(parts)
            and spaces[at + 1]
            and not _stands_between(parts, spaces, at + 1)
        ):
            _set(parts[at], "r", spaces[at + 1] or 0)
            yield parts[at]
            at += 2
        else:
            yield parts[at]
            at += 1


def _stands_between(parts: list[Element], spaces: list[float | None], at: int) -> bool:
    """Whether the first of these is a space, and the same is behind the sign that follows."""
    if at + 2 >= len(parts) or not spaces[at]:
        return False
    return spaces[at] == spaces[at + 2] and _is_sign(parts[at + 1])


def _is_closed_fraction(parts: list[Element]) -> bool:
    names = ["nulldelimiter", "mfrac", "nulldelimiter"]
    return [*map(_kindless, parts)] == [[names[0]], ["on", "mid", "mfrac"], [names[2]]]


def _space(part: Element) -> float | None:
    """How wide a space is; None where this is something else."""
    lengths = _lengths(part) or {}
    is_space = _kindless(part) == ["mspace"] and lengths.keys() == {"margin-right"}
    return lengths["margin-right"] if is_space else None


def _is_sign(part: Element) -> bool:
    """Whether this is text and nothing else."""
    return bool(part.text) and not len(part) and not _kindless(part) and "style" not in part.attrib


def _holds_nothing(strut: Element) -> bool:
    lengths = _lengths(strut) or {}
    below = -lengths.get("vertical-align", 0)
    return 0 < lengths.get("height", 0) <= below + ABOVE and below <= BELOW


def _name(part: Element) -> None:
    """Leave of an element's classes those that say something, of its style what is rare."""
    classes = _kindless(part)
    if classes == ["mathnormal"]:
        part.tag, classes = "i", []
    elif classes == ["mspace"] and _space(part):
        classes = []
    part.attrib.pop("class", None)
    if classes:
        part.set("class", " ".join(classes))
    lengths = _lengths(part) or {}
    if lengths.keys() == {"margin-right"}:
        del part.attrib["style"]
        _set(part, "r", lengths["margin-right"])


def _fill(element: Element, parts: list[Element]) -> None:
    """Put these into an element, of those that say nothing what they hold."""
    element[:] = []
    for part in parts:
        if part.tag == "span" and not part.attrib:
            _add_text(element, part.text)
            element.extend(part)
            _add_text(element, part.tail)
        else:
            element.append(part)


def _add_text(element: Element, text: str | None) -> None:
    if not text:
        return
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text


def _set(part: Element, letter: str, width: float) -> None:
    """Give an element a width, by a class where there is one."""
    sets, frequent = FREQUENT[letter]
    number = round(width * 10_000)
    name, said = (
        ("class", f"{part.get('class', '')} {letter}{number}".strip())
        if number in frequent
        else ("style", f"{part.get('style', '')}{sets}{_em(number)};")
    )
    part.set(name, said)


def _em(number: int) -> str:
    return f"{number / 10_000:g}em" if number else "0"


def _lengths(element: Element) -> dict[str, float] | None:
    """What the style of an element sets in em; None where it says anything else."""
    given = element.get("style", "")
    found = list(LENGTH.finditer(given))
    whole = "".join(one[0] for one in found) == given
    return {one[1]: float(one[2]) for one in found} if whole else None


def _classes(element: Element) -> list[str]:
    return element.get("class", "").split()


def _kindless(element: Element) -> list[str]:
    return [name for name in _classes(element) if name not in KINDS]


def _is(element: Element, name: str) -> bool:
    return name in _classes(element)
