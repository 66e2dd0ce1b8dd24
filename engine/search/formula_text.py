r"""A formula as a line of text, as it could be typed: ``∂L/∂W_{hh} = ∑_{t} δ_{t} h_{t−1}^{⊤}``.

It is read from KaTeX's MathML, where every command has become a character. Scripts keep TeX's
marks, so that the search can show them as such and find ``W_{hh}`` as one symbol.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from xml.etree import ElementTree

MATHML = re.compile(r"<math\b.*?</math>", re.S)

_SPACE = "{http://www.w3.org/1998/Math/MathML}"

SCRIPTS = re.compile(r"[_^]\{[^{}]*\}")

#: What needs no brackets below a fraction: a number, or a letter with its scripts.
ONE_THING = re.compile(rf"\d+|[∂d]?\w[\u0300-\u036f]?′*(?:{SCRIPTS.pattern})*")

#: What stands between two sides, with a space on either side.
_RELATIONS = "=≈≤≥<>≠∈→↦∝∣≔"

#: Signs that have spaces around them where something stands before them.
_BINARY = "+−±⊙⋅×"

#: Accents as KaTeX writes them, and as they join the letter before them.
_ACCENTS = {"^": "\u0302", "~": "\u0303", "ˉ": "\u0304", "˙": "\u0307", "→": "\u20d7"}

#: After a name of several letters (tanh, log), which are no symbols; the search shows it to nobody.
NAME = "\u2061"

#: Before a bracket of the formula's own, which a name may stand beside: ``log(x)``, ``log (a)/b``.
_APPLIED = "\u2062"

#: Characters that are in the tree for typesetting alone.
_INVISIBLE = dict.fromkeys(map(ord, "\u2061\u2062\u2063\u200b\u00a0"), " ")


def formula_text(html: str) -> str:
    """The line of text of one formula, from the HTML that KaTeX makes of it.

    Raises ValueError where the HTML holds no MathML.
    """
    found = MATHML.search(html)
    if not found:
        raise ValueError("KaTeX's HTML holds no MathML")
    tree = ElementTree.fromstring(found[0].replace("&nbsp;", " "))
    text = re.sub(r"\s+", " ", _text(tree)).strip()
    text = re.sub(rf"(?<=[(\[{{]) | (?=[)\]}},;])|(?<={NAME}) (?={_APPLIED})|{_APPLIED}", "", text)
    return re.sub(rf"(^|[(\[{{,/]|[{_RELATIONS}] )− ", r"\1−", text)


def _text(element: ElementTree.Element) -> str:
    kind = element.tag.removeprefix(_SPACE)
    parts = list(element)
    match kind:
        case "annotation":
            return ""
        case "mi" | "mn":
            return _name((element.text or "").translate(_INVISIBLE))
        case "mtext":
            return (element.text or "").translate(_INVISIBLE)
        case "mo":
            return _operator("".join(element.itertext()).translate(_INVISIBLE).strip())
        case "mfrac":
            over, under = (_text(part).strip() for part in parts)
            over = f"({over})" if " " in SCRIPTS.sub("", over) else over
            return f" {over}/{under if ONE_THING.fullmatch(under) else f'({under})'} "
        case "msqrt":
            return f"√({_joined(parts).strip()})"
        case "mover" if (parts[1].text or "") in _ACCENTS:
            letter = _text(parts[0]).strip()
            return unicodedata.normalize("NFC", letter + _ACCENTS[parts[1].text or ""])
        case "msub" | "munder":
            return _scripted(parts[0], "_", parts[1])
        case "msup" | "mover":
            return _scripted(parts[0], "^", parts[1])
        case "msubsup" | "munderover":
            return _scripted(parts[0], "_", parts[1]) + _script("^", parts[2])
        case "mtable":
            return "; ".join(_text(row).strip() for row in parts)
        case "mtr":
            return ", ".join(_text(cell).strip() for cell in parts)
    return _joined(parts)


def _joined(elements: Iterable[ElementTree.Element]) -> str:
    """Their texts in a row; a sign that follows nothing belongs to what comes next."""
    text = ""
    for element in elements:
        piece = _text(element)
        if piece.strip() in _BINARY and piece.strip():
            begins = not text.strip() or text.rstrip()[-1] in f"([{{,{_RELATIONS}/"
            piece = piece.strip() if begins else f" {piece.strip()} "
        text += piece
    return text


def _name(text: str) -> str:
    """A letter as it is; a name of several (tanh, log) apart from what stands beside it."""
    return f" {text}{NAME} " if len(text) > 1 and text.isalpha() else text


def _operator(sign: str) -> str:
    if sign and sign in _RELATIONS:
        return f" {sign} "
    return {",": ", ", "(": f"{_APPLIED}("}.get(sign, sign)


def _scripted(base: ElementTree.Element, mark: str, script: ElementTree.Element) -> str:
    return _text(base).rstrip() + _script(mark, script)


def _script(mark: str, script: ElementTree.Element) -> str:
    text = re.sub(rf" *([{_RELATIONS}{_BINARY}]) *", r"\1", _text(script).strip())
    if mark == "^" and text and set(text) <= {"′"}:
        return text
    return f"{mark}{{{text}}}" if text else ""
