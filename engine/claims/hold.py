"""Whether a text says what an expression gives, and what it would say if it did."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from engine.claims.numerals import Numeral, is_small, numerals

#: Up to how far "about" may be off, as a share of the number; and how near "nearly" has to be.
ABOUT = 0.1
NEARLY = 0.9

#: What words of comparison make of a number, as messages say it.
SAYING = {"less": "less than", "most": "at most", "more": "more than", "least": "at least"}

#: Small numbers that say how many times as large something is.
MULTIPLE = re.compile(r"(?:twice|doubled?|doubles|twofold)\b|[一两二]倍", re.I)

#: What turns a number into what something is not.
NEGATED = re.compile(r"(?:\b(?:not|never|neither|nor)|不是|不等于|并非|而非|绝非)\s*[*$]*$", re.I)


class NoNumber(Exception):
    """What an expression gives is no number; the message says what it is."""


def numbers_of(expression: str, namespace: Mapping[str, Any]) -> list[float] | bool:
    """What an expression gives: its numbers in order, or whether it is true.

    Names that it binds do not stay. Raises NoNumber, and whatever evaluating it raises.
    """
    value = _plain(eval(compile(expression, "<tie>", "eval"), dict(namespace)))
    return value if isinstance(value, bool) else list(_flat(value))


def _plain(value: Any) -> Any:
    """Arrays and scalars of NumPy as Python's own; this module does not need NumPy for it."""
    return value.tolist() if hasattr(value, "tolist") else value


def _flat(value: Any) -> list[float]:
    value = _plain(value)
    if isinstance(value, list | tuple):
        return [number for part in value for number in _flat(part)]
    try:
        return [float(value)]
    except (TypeError, ValueError):
        raise NoNumber(f"it gives {value!r}, which is no number") from None


def difference(
    text: str,
    language: str,
    given: list[float] | bool,
    share: float = 0.0,
    around: tuple[str, str] = ("", ""),
) -> str | None:
    """Where a text says something else than the numbers given; None if it says the same.

    ``around`` is what stands before and after it, whose words of comparison count.
    What is off by no more than this share of the number is the same, unless it is whole: a count
    or a year is what it is.
    """
    if given is True:
        found = _told(text, language, 0)
        return None if not found else _miscounted(text, found, 0)
    if given is False:
        return "the expression is false"
    found = _told(text, language, len(given), around)
    if len(found) != len(given):
        return _miscounted(text, found, len(given))
    left = _left_over(text, language, found)
    if left:
        return f"{left!r} stands beside its numbers, and nothing gives it"
    if len(found) == 1 and NEGATED.search(text[: found[0].start]):  # "6 and not 9" says both
        return f"it says that it is not {found[0].text.strip()}, and a tie says what it is"
    for numeral, value in zip(found, given, strict=True):
        if not says(numeral, value, 0.0 if float(value).is_integer() else share):
            beside = f", and says {SAYING[numeral.bound]}" if numeral.bound in SAYING else ""
            return f"{numeral.text.strip()!r} stands for {value:.6g}{beside}"
    return None


def _miscounted(text: str, found: list[Numeral], given: int) -> str:
    named = ", ".join(numeral.text.strip() for numeral in found) or "none"
    return f"the text holds {len(found)} numbers ({named}), and the expression gives {given}"


def _told(
    text: str, language: str, wanted: int, around: tuple[str, str] = ("", "")
) -> list[Numeral]:
    """The numbers that a text tells: of the words among them as few as there are numbers for."""
    everything = numerals(text, language, *around)
    figures = [numeral for numeral in everything if numeral.form != "words"]
    large = [n for n in everything if n.form != "words" or not is_small(n)]
    return next((some for some in (figures, large) if len(some) == wanted), everything)


def _left_over(text: str, language: str, found: list[Numeral]) -> str | None:
    """A number in words, or a multiple of one, that is not among those that a text tells."""
    starts = {numeral.start for numeral in found}
    for numeral in numerals(text, language):
        if numeral.start not in starts and (
            not is_small(numeral) or MULTIPLE.match(text, numeral.start)
        ):
            return numeral.text.strip()
    return None


def says(numeral: Numeral, value: float, share: float = 0.0) -> bool:
    """Whether this is a true way to say the value: rounded, or as the words beside it say.

    It may be off by this share of what it says besides.
    """
    if math.isnan(value) or math.isinf(value):
        return False
    number = numeral.value
    size, mine = abs(value), abs(number)
    slack = max(numeral.unit / 2 * (1 + 1e-9), share * mine)
    match numeral.bound:
        case "about" | "nearly" if value * number < 0:
            return False
        case "about" if numeral.form == "power" and numeral.unit >= mine:
            return size > 0 and abs(math.log10(size) - math.log10(mine)) <= 0.5
        case "about":
            return abs(value - number) <= max(slack, min(_coarse(numeral) / 2, ABOUT * mine))
        case "nearly":
            return NEARLY * mine - slack <= size < mine
        case "less":
            return value < number
        case "most":
            return value <= number + 1e-12 * mine
        case "more":
            return value > number
        case "least":
            return value >= number - 1e-12 * mine
    if numeral.form == "power" and numeral.unit >= mine:  # a power of ten alone
        return value * number > 0 and round(math.log10(size)) == round(math.log10(mine))
    return abs(value - number) <= slack


def _coarse(numeral: Numeral) -> float:
    """The worth of the last digit that is not zero; of words, a fifth of what they say."""
    if numeral.form in ("words", "fraction"):
        return 2 * ABOUT * abs(numeral.value)
    unit = numeral.unit
    while unit < abs(numeral.value) and math.isclose(
        numeral.value / (10 * unit), round(numeral.value / (10 * unit)), abs_tol=1e-9
    ):
        unit *= 10
    return unit


def rewritten(
    text: str,
    language: str,
    given: Sequence[float] | bool,
    around: tuple[str, str] = ("", ""),
) -> str | None:
    """The text with the numbers given in its own form; None where words would have to change."""
    if isinstance(given, bool):
        return None
    found = _told(text, language, len(given), around)
    if len(found) != len(given):
        return None
    for numeral, value in reversed(list(zip(found, given, strict=True))):
        if says(numeral, value):
            continue
        made = _in_its_form(numeral, value)
        if made is None:
            return None
        text = text[: numeral.start] + made + text[numeral.end :]
    return None if difference(text, language, list(given), around=around) else text


def _in_its_form(numeral: Numeral, value: float) -> str | None:
    """A value written as the numeral is, with as many decimals; None if it is not in figures."""
    if numeral.form != "figures" or numeral.bound not in ("", "about"):
        return None
    old = numeral.text
    digits = old.lstrip("-−")
    shown = next((n for n, c in enumerate(digits) if not (c.isdigit() or c in ".,{}")), len(digits))
    figures, rest = digits[:shown], digits[shown:]
    if rest.startswith("e") or "/" in rest:
        return None
    decimals = len(figures.partition(".")[2])
    scaled = round(value / numeral.scale, decimals) + 0.0
    separator = "{,}" if "{,}" in figures else "," if "," in figures else ""
    made = f"{abs(scaled):,.{decimals}f}".replace(",", separator)
    minus = ("−" if "−" in old or "-" not in old else "-") if scaled < 0 else ""
    return minus + made + rest
