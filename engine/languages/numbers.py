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

from engine.claims.numerals import (
    HAN_DIGITS,
    LARGE,
    PARTS,
    SMALL,
    Numeral,
    numerals,
    worth,
)
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
        return self.written.lstrip("-−")[0].isdigit()


#: A figure that belongs to a name (``L2``, ``LeNet-5``, ``(lr.8)``) or to an identifier.
IN_A_NAME = re.compile(r"(?:[A-Za-z_\d.]|[A-Za-z_][-.])$")
GOES_ON = re.compile(r"[A-Za-z_]*\d")

#: English ordinals and fractions that stand for a number by themselves.
ORDINALS = {word: number for word, number in PARTS.items() if not word.endswith("s")}
ORDINALS |= {"halve": 2, "fourth": 4, "eleventh": 11, "twelfth": 12, "twentieth": 20}
ORDINALS |= {f"{word}th": number for number, word in enumerate(SMALL) if number > 12}

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

#: Chinese words that are loose, with their value.
LOOSE_SIGNS: dict[str, tuple[int | Fraction, ...]] = {
    "二次": (2,), "二阶": (2,), "二分": (2,), "二进制": (2,), "二元": (2,), "二值": (2,),
    "一倍": (1, 2), "翻倍": (2,), "加倍": (2,), "成倍": (2,), "平方": (2,), "三元": (3,),
    "三者": (3,), "三维": (3,),
    "十几": (10,), "十来": (10, 12), "第二": (2,), "第三": (3,),
    "双": (2,), "成对": (2,), "另一": (1, 2), "第一": (1,), "首": (1,), "单": (1,), "只": (1,),
    "再次": (2,), "又一": (2,), "对半": (2, Fraction(1, 2)), "减半": (2, Fraction(1, 2)),
    "折半": (2, Fraction(1, 2)), "没有": (0,), "无": (0,), "半": (Fraction(1, 2),),
}  # fmt: skip

#: What stands for a number beside the numerals (engine/claims/numerals.py), or for none.
BESIDE = {
    "en": re.compile(
        rf"(?P<none>\b(?:few|several|many|some)\s+(?:{'|'.join(LARGE)})(?:ths)?\b|powers of ten)"
        rf"|\b(?P<ordinal>{'|'.join(ORDINALS)})s?\b"
        rf"|\b(?P<fold>{'|'.join(SMALL)})fold\b"
        rf"|\b(?P<thrice>thrice)\b"
        rf"|\b(?P<loose>{'|'.join(LOOSE_WORDS)})\b",
        re.I,
    ),
    "zh": re.compile(
        rf"(?P<none>[几数][十百千万]+|一一|唯一|统一|三言两语|接二连三|七零八落|一五一十|八方|千差万别|四处|十字|半径)"
        rf"|(?P<loose>{'|'.join(LOOSE_SIGNS)})|第(?P<nth>[一二三四五六七八九十百]+)"
    ),
}


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
    found = list(_read(text, language))
    if language != "en":
        words = (number for number in _read(text, "en") if not number.in_figures)
        found += [replace(number, firm=False) for number in words]
    return found


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


def _read(text: str, language: str) -> Iterator[Number]:
    """The numbers of a text in one language, in order."""
    places: list[tuple[int, int, Numeral | re.Match[str]]] = [
        (one.start(), -one.end(), one) for one in BESIDE[language].finditer(text)
    ]
    places += [(one.start, -one.end, one) for one in numerals(text, language)]
    end = 0
    for start, minus_end, one in sorted(places, key=lambda place: place[:2]):
        if start < end:
            continue
        end = -minus_end
        if isinstance(one, Numeral):
            if one.form == "words" or not _in_a_name(text, one):
                yield _of_numeral(text, one)
        elif not one["none"]:
            yield _of_word(one)


def _in_a_name(text: str, numeral: Numeral) -> bool:
    start = numeral.start + (numeral.text[0] in "-−")
    return bool(IN_A_NAME.search(text[:start]) or GOES_ON.match(text, numeral.end))


def _of_numeral(text: str, numeral: Numeral) -> Number:
    """A numeral with all that the other language may say in its place."""
    written = numeral.text.strip()
    value = _exact(abs(numeral.value))
    values = {value}
    if numeral.scale == 0.01 or written.startswith("百分之"):
        values |= {value * 100, Fraction(100)} - (
            {Fraction(100)} if numeral.scale == 0.01 else set()
        )
    if "成" in written:
        values |= {value * 10, value * 100}
    if value.denominator > 1 and (numeral.form == "fraction" or numeral.form == "words"):
        values |= {Fraction(value.denominator), Fraction(value.numerator)} - {Fraction(1)}
    together = re.search("[一二两三四五六七八九]{2}$", written)  # 五六 is five or six
    if together:
        digits = [Fraction(HAN_DIGITS[sign]) for sign in together[0]]
        values |= {*digits} | {digit / 100 for digit in digits}
    if numeral.form == "words":
        firm = value > 2 or value.denominator > 1 or written.lower() == "twice"
    else:
        firm = value != 1
    return Number(frozenset(values), written, firm and not _whole(text, numeral, value))


def _exact(value: float) -> Fraction:
    return Fraction(str(value)) if value.is_integer() else Fraction(value).limit_denominator(10**7)


def _of_word(found: re.Match[str]) -> Number:
    written = found[0]
    groups = found.groupdict()
    if groups.get("ordinal"):
        under = ORDINALS[found["ordinal"].lower()]
        firm = written[-1:] != "s" and under != 3  # fifths; a third one
        return Number(_values(under, Fraction(1, under)), written, firm)
    if groups.get("fold"):  # stretched or compressed
        fold = SMALL.index(found["fold"].lower())
        return Number(_values(fold, Fraction(1, max(fold, 1))), written)
    if groups.get("thrice"):
        return Number(_values(3), written)
    if groups.get("nth"):
        return Number(_values(int(worth(found["nth"]))), written)
    loose = LOOSE_SIGNS.get(written) or LOOSE_WORDS[written.lower()]
    return Number(_values(*loose), written, firm=False)


def _whole(text: str, numeral: Numeral, value: Fraction) -> bool:
    """Whether a number says of how many there are so many, as a percentage does: 93 of 100."""
    return value in (10, 100) and text[: numeral.start].endswith((" of ", " in "))


def _values(*values: int | Fraction) -> Values:
    return frozenset(map(Fraction, values))


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
