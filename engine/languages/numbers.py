"""Both languages name the same numbers, block by block, in figures or in words.

A number is *firm* where it is written in figures, or in a word that is nothing but a number
(``seven``, ``三分之一``): it has to stand in the sibling block as well. What may be a number or
something else is *loose* (“one”, “first”, “both”, 一, 双): it answers a number of the other
language, and needs no answer itself. Code and formulas are left out: they are the same anyway.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import chain

from engine.faults import Fault
from engine.paths import shown
from engine.reading.lines import Origin
from engine.reading.markdown import Span
from engine.reading.page import Page

Values = frozenset[Fraction]


@dataclass(frozen=True)
class Number:
    """A number of a text: the values that it may have, how it is written, whether it is firm."""

    values: Values
    written: str
    firm: bool = True

    @property
    def in_figures(self) -> bool:
        return self.written[0].isdigit()


#: A number in figures that no name holds (``L2``, ``LeNet-5``, ``(lr.8)``), with what follows it.
FIGURES = (
    r"(?<![A-Za-z_\d.])(?<![A-Za-z_][-.])(?P<figures>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"(?![A-Za-z_]*\d)(?:\s*(?P<percent>%))?"
)

UNITS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
SCALES = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9}
SMALL = {word: number for number, word in enumerate(UNITS)} | {
    word: 10 * number for number, word in enumerate(TENS, 2)
}
ORDINALS = {
    word: number
    for number, word in enumerate(
        [
            "third",
            "fourth",
            "fifth",
            "sixth",
            "seventh",
            "eighth",
            "ninth",
            "tenth",
            "eleventh",
            "twelfth",
            "thirteenth",
            "fourteenth",
            "fifteenth",
            "sixteenth",
            "seventeenth",
            "eighteenth",
            "nineteenth",
            "twentieth",
        ],
        3,
    )
} | {"hundredth": 100, "thousandth": 1000, "half": 2, "halve": 2, "quarter": 4}

#: English words that are a number by the way, or something else as well.
LOOSE_WORDS: dict[str, tuple[int | Fraction, ...]] = {
    **dict.fromkeys(["one", "ones", "once", "first", "single", "alone", "only", "unit"], (1,)),
    **dict.fromkeys(["zero", "zeros", "no", "none", "nothing"], (0,)),
    **dict.fromkeys(["two", "both", "pair", "pairs", "couple", "either", "neither"], (2,)),
    **dict.fromkeys(["other", "another", "again", "double", "doubles", "doubled"], (2,)),
    **dict.fromkeys(["doubling", "second", "seconds", "squared", "binary"], (2,)),
    **dict.fromkeys(["square", "squares", "quadratic", "bigram", "bigrams", "between"], (2,)),
    **dict.fromkeys(["halve", "halves", "halved", "halving"], (2, Fraction(1, 2))),
    **dict.fromkeys(["trigram", "trigrams", "triple"], (3,)),
    "dozen": (12,), "tens": (10,), "hundreds": (100,), "thousands": (1000,), "millions": (10**6,),
}  # fmt: skip

ENGLISH = re.compile(
    rf"(?P<none>\b(?:few|several|many|some)\s+(?:{'|'.join(SCALES)})(?:ths)?\b)"
    rf"|(?P<powers>powers of ten)"
    rf"|{FIGURES}(?:\s+(?P<scale>{'|'.join(SCALES)})\b)?"
    rf"|\b(?P<over>a|one|two|three|four|five|six|seven|eight|nine)[\s-]"
    rf"(?P<part>{'|'.join(ORDINALS)})(?:s|ves)?\b"
    rf"|\b(?P<ordinal>{'|'.join(ORDINALS)})s?\b"
    rf"|\b(?P<words>(?:(?:{'|'.join(sorted([*SMALL, *SCALES], key=len, reverse=True))})\b"
    rf"(?:(?<=d)\s+and\s+(?=(?:{'|'.join(SMALL)})\b)|[\s-])?)+)"
    rf"|\b(?P<twice>twice|thrice)\b"
    rf"|\b(?P<fold>{'|'.join(SMALL)})fold\b"
    rf"|\b(?P<loose>{'|'.join(LOOSE_WORDS)})\b",
    re.I,
)

DIGITS = {sign: number for number, sign in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
MULTIPLES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
NUMERAL = "[零〇一二两三四五六七八九十百千万亿]"

#: Chinese words that have a numeral's sign, and are no number.
NO_NUMBER = re.compile(
    "四舍五入|十分(?!之)|万一|千万(?=别|不)|千差万别|成千上万|再三|三角|千克|十足|十字|四周|四处|百科|半径|千变万化|统一|"
    "唯一|百分[比点数率]|两两|万能|八方|四则|五花八门|一一|七零八落|三言两语|接二连三|乱七八糟|三番五次|一五一十|[几数][十百千万]+"
)
#: Such that are loose, with their value.
LOOSE_SIGNS: dict[str, tuple[int | Fraction, ...]] = {
    "二次": (2,), "二阶": (2,), "二分": (2,), "二进制": (2,), "二元": (2,), "二值": (2,),
    "一倍": (1, 2), "翻倍": (2,), "加倍": (2,), "成倍": (2,), "平方": (2,), "三元": (3,),
    "十几": (10,), "十来": (10, 12), "第二": (2,), "第三": (3,),
    "双": (2,), "成对": (2,), "另一": (1, 2), "第一": (1,), "首": (1,), "单": (1,), "只": (1,),
    "再次": (2,), "又一": (2,), "对半": (2, Fraction(1, 2)), "减半": (2, Fraction(1, 2)),
    "折半": (2, Fraction(1, 2)), "没有": (0,), "无": (0,),
}  # fmt: skip

CHINESE = re.compile(
    rf"(?P<none>{NO_NUMBER.pattern})"
    rf"|{FIGURES}(?:\s*(?P<scale>[百千万亿]+))?"
    rf"|(?P<under>{NUMERAL}+|\d+)\s?分之\s?(?P<over>{NUMERAL}+|\d+(?:\.\d+)?)"
    rf"|(?P<loose>{'|'.join(LOOSE_SIGNS)})"
    rf"|(?P<half>一半|半)"
    rf"|(?P<tenths>[一二两三四五六七八九])成(?!为|立|功|本|员|分|对|就|果|了)"
    rf"|(?P<numeral>{NUMERAL}+)"
)


def number_faults(page: Page, sibling: Page) -> list[Fault]:
    """Numbers of a Chinese page that its English sibling lacks at the same place, or the reverse.

    Nothing where the two have other blocks: that is told elsewhere, and nothing corresponds.
    """
    if [block.kind for block in page.blocks] != [block.kind for block in sibling.blocks]:
        return []
    faults = []
    for (here, mine), (there, theirs) in zip(_texts(page), _texts(sibling), strict=False):
        ours, others = numbers(mine, "zh"), numbers(theirs, "en")
        for origin, number, other in (
            *((here, n, there) for n in unanswered(ours, others)),
            *((there, n, here) for n in unanswered(others, ours)),
        ):
            what = f"{shown(other.path)}:{other.line} does not have the number {number.written!r}"
            remedy = "name the same numbers in both languages, in figures or in words"
            faults.append(Fault(origin.path, origin.line, what, remedy))
    return faults


def numbers(text: str, language: str) -> list[Number]:
    """The numbers of a text; the English words of a Chinese one, as in a title, are loose."""
    if language == "en":
        return list(english(text))
    words = (number for number in english(text) if not number.in_figures)
    names = (replace(number, firm=False) for number in words)
    return [*chinese(text), *names]


def unanswered(mine: list[Number], theirs: list[Number]) -> list[Number]:
    """The numbers that nothing in the other text may stand for, firm ones alone.

    Where both texts have as many figures, each figure stands for one of the other's: then also
    one that the other has less often.
    """
    known = frozenset(chain.from_iterable(other.values for other in theirs))
    found = [number for number in mine if number.firm and not number.values & known]
    figures = [number for number in mine if number.in_figures]
    others = [number for number in theirs if number.in_figures]
    if not found and len(figures) == len(others):
        for number in figures:
            answer = next((other for other in others if other.values & number.values), None)
            if answer is None:
                return [number]
            others.remove(answer)
    return found


def english(text: str) -> Iterator[Number]:
    """The numbers of an English text, in order."""
    for found in ENGLISH.finditer(text):
        written = found[0].strip(" -")
        if found["none"] or found["powers"]:
            continue
        if found["figures"]:
            yield _figures(found, SCALES.get((found["scale"] or "").lower(), 1))
        elif found["part"]:
            over, under = SMALL.get(found["over"].lower(), 1), ORDINALS[found["part"].lower()]
            also = {under} if over == 1 else {over, under}
            yield Number(_values(Fraction(over, under), *also), written)
        elif found["ordinal"]:
            under = ORDINALS[found["ordinal"].lower()]
            firm = written[-1:] != "s" and under != 3  # fifths; a third one
            yield Number(_values(under, Fraction(1, under)), written, firm)
        elif found["words"]:
            value = _spelt(re.findall(r"[a-z]+", found["words"].lower()))
            yield Number(_values(value), written, firm=value > 2 and not _whole(found, value))
        elif found["fold"]:  # stretched or compressed
            fold = SMALL[found["fold"].lower()]
            yield Number(_values(fold, Fraction(1, max(fold, 1))), written)
        elif found["twice"]:
            yield Number(_values(2 if written.lower() == "twice" else 3), written)
        else:
            yield Number(_values(*LOOSE_WORDS[found["loose"].lower()]), written, firm=False)


def chinese(text: str) -> Iterator[Number]:
    """The numbers of a Chinese text, in order."""
    for found in CHINESE.finditer(text):
        if found["figures"]:
            scale = 1
            for sign in found["scale"] or "":
                scale *= MULTIPLES[sign]
            yield _figures(found, scale)
        elif found["under"]:
            under, over = _sign_values(found["under"])[-1], _sign_values(found["over"])
            if not under:
                continue
            also = (*over, under) if under == 100 else (under,) if over == [1] else ()
            yield Number(_values(*(part / under for part in over), *also), found[0])
        elif found["loose"]:
            yield Number(_values(*LOOSE_SIGNS[found["loose"]]), found[0], firm=False)
        elif found["half"]:
            yield Number(_values(Fraction(1, 2)), found[0], firm=found[0] == "一半")
        elif found["tenths"]:
            (tenths,) = _sign_values(found["tenths"])  # 90 %, nine of ten
            yield Number(_values(tenths / 10, tenths * 10, tenths), found[0])
        elif found["numeral"]:
            values = _sign_values(found["numeral"])
            yield Number(_values(*values), found[0], firm=max(values) > 2)


def _figures(found: re.Match[str], scale: int) -> Number:
    value = Fraction(found["figures"].replace(",", "")) * scale
    also = (value / 100,) if found["percent"] else ()
    firm = value != 1 and not _whole(found, value)
    return Number(_values(value, *also), found[0].strip(), firm)


def _whole(found: re.Match[str], value: int | Fraction) -> bool:
    """Whether a number says of how many there are so many, as a percentage does: 93 of 100."""
    return value in (10, 100) and found.string[: found.start()].endswith((" of ", " in "))


def _values(*values: int | Fraction) -> Values:
    return frozenset(map(Fraction, values))


def _spelt(words: list[str]) -> int:
    """The value of English number words: ``["two", "hundred", "fifty"]``."""
    total, last = 0, 0
    for word in words:
        if word in SCALES and SCALES[word] > 100:
            total, last = total + (last or 1) * SCALES[word], 0
        elif word in SCALES:
            last = (last or 1) * SCALES[word]
        elif word in SMALL:
            last += SMALL[word]
    return total + last


def _sign_values(signs: str) -> list[Fraction]:
    """The values of Chinese numerals or of figures: 二百五十, 1.5; 五六 is five or six."""
    if signs[0].isascii():
        return [Fraction(signs)]
    if len(signs) > 1 and not any(sign in MULTIPLES for sign in signs):
        return [Fraction(DIGITS[sign]) for sign in signs]
    total, section, last = 0, 0, 0
    for sign in signs:
        if sign in DIGITS:
            last = DIGITS[sign]
        elif MULTIPLES[sign] >= 10**4:
            total, section, last = total + (section + last or 1) * MULTIPLES[sign], 0, 0
        else:
            section, last = section + (last or 1) * MULTIPLES[sign], 0
    return [Fraction(total + section + last)]


def _texts(page: Page) -> Iterator[tuple[Origin, str]]:
    """What is compared, each with its place, in the same order in both languages."""
    for key in ("title", "description", "data"):
        yield Origin(page.path, 1), str(page.meta.get(key, ""))
    for cell in page.cells:
        for key in ("alt", "caption"):
            yield cell.mark.origin, _prose(str(cell.options.get(key, "")))
    for block in page.blocks:
        for spans in (block.spans, *block.cells):
            yield block.origin, _said(spans)


def _said(spans: tuple[Span, ...]) -> str:
    """The words of a line, and those of its pictures; code and formulas are a gap."""
    kinds = ("text", "literal")
    return "".join(
        span.text.replace("*", "") if span.kind in kinds
        else f" {_prose(span.text)} " if span.kind == "picture"
        else "" if "link" in span.kind
        else " \0 "
        for span in spans
    )  # fmt: skip


def _prose(text: str) -> str:
    """A text alternative or caption without its formulas and code."""
    return re.sub(r"\$[^$]+\$|`[^`]+`", " \0 ", text)
