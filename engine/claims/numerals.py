"""Numbers as prose writes them, in figures, in TeX and in words, in Chinese and English.

Known are figures (``1,060``, ``−0.25``, ``60 %``), powers of ten (``1.3 × 10^{-8}``), fractions
(``1/4``, ``\\tfrac14``), words (``forty-five``, ``a third``, ``twice``, ``四十五``, ``三分之一``,
``百分之六十``, ``2.5 万``), and what stands beside them: ``about``, ``nearly``, ``more than``,
``约``, ``将近``, ``超过``, ``左右``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

Bound = Literal["", "about", "nearly", "less", "most", "more", "least"]


@dataclass(frozen=True)
class Numeral:
    """A number in a text: where it stands, what it is worth, and how exactly it says so.

    ``unit`` is the worth of its last digit, of a fraction or multiple in words a tenth of it;
    ``bound`` is what the words beside it make of it. ``scale`` is what its figures are multiplied
    by: 0.01 for a percentage. ``form`` is ``figures``, ``power`` (of ten), ``fraction`` or
    ``words``.
    """

    start: int
    end: int
    text: str
    value: float
    unit: float
    form: Literal["figures", "power", "fraction", "words"]
    bound: Bound = ""
    scale: float = 1.0


#: One half and the like in one character; digits of an exponent.
VULGAR = "¼½¾⅐⅑⅒⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"
#: Numbers in circles, in brackets and in Roman figures that are one character.
ENCLOSED = "①-⒛⓪-⓿❶-➓㉈-㉏㉑-㉟㊱-㊿Ⅰ-ⅿ"
RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻"
FROM_RAISED = str.maketrans(RAISED, "0123456789-")
EXPONENT = r"⁻?[⁰¹²³⁴-⁹]{1,2}"
#: What may stand between groups of three digits.
GROUP = r"(?:,|\{,\}|[ \u00a0\u2007\u2009\u202f]|\\,)"
BETWEEN_DIGITS = re.compile(r"[^\d.]")

SIGN = r"(?P<sign>(?<![\w)\]}])[-−])?"
FIGURES = rf"""
    (?<![A-Za-z\d_^\\.])(?<!_\{{)(?<!\^\{{)(?<!\^\{{\()
    {SIGN}
    (?: (?:(?P<mantissa>\d+(?:\.\d+)?) \s*(?:\\times|\\cdot|×|·)\s*)?
        (?<!\d)10(?:\s*\^\s*(?:\{{\s*(?P<power>[-−]?\d+)\s*\}}|(?P<short>\d))
                 | (?P<raised>{EXPONENT}))
      | (?P<whole>\d*)(?P<vulgar>[{VULGAR}])
      | (?P<enclosed>[{ENCLOSED}])
      | (?P<base>[1-9]\d{{,2}})(?P<exponent>{EXPONENT})
      | (?P<digits>\d{{1,3}}(?:{GROUP}\d{{3}}(?!\d))+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)
        (?:[eE](?P<e>[-+]?\d+))?
        (?:/(?P<over>\d+)(?![\d/]))?
      | \\[td]?frac\s*(?:\{{(?P<top>\d+)\}}|(?P<top1>\d))
                   \s*(?:\{{(?P<bottom>\d+)\}}|(?P<bottom1>\d))
    )
    (?P<after>(?:\s|\\,|~)*(?:\\?%|per\ ?cent\b)|\s?(?:thousand|million|billion)\b|\s?[万亿‰])?
"""
SCALES = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "万": 1e4, "亿": 1e8, "‰": 1e-3}

SMALL = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"),
    "nineteen",
)
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
ENGLISH = {word: float(n) for n, word in enumerate(SMALL)}
ENGLISH |= {word: 10.0 * n for n, word in enumerate(TENS, 2)}
ENGLISH |= {f"{ten}-{one}": ENGLISH[ten] + n for ten in TENS for n, one in enumerate(SMALL[:10])}
LARGE = {"dozen": 12.0, "hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9}
PARTS = {"half": 2, "halves": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "seventh": 7}
PARTS |= {"eighth": 8, "ninth": 9, "tenth": 10, "hundredth": 100, "thousandth": 1000}
PARTS |= {f"{word}s": n for word, n in PARTS.items() if not word.endswith("s")}
#: A third gate, a fifth neuron: not parts of something, but the next one of it.
ORDINAL_PARTS = ("third", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
ORDINAL = re.compile(
    r"[ -](?!(?:of|as|more|less|larger|smaller|longer|shorter|too|to|in|and|or|at|per|is|are|was|"
    r"were|the|for|while|if|when|that|which|will|after|before|on|away|remains?|right|wrong|within)\b)[a-z]"
)
MULTIPLES = {"twice": 2.0, "double": 2.0, "doubles": 2.0, "doubled": 2.0, "half": 0.5}
MULTIPLES |= {"halves": 0.5, "halved": 0.5, "thrice": 3.0}
MULTIPLES |= {f"{word}fold": float(n) for n, word in enumerate(SMALL) if n > 1}


#: Of what "nine in ten" speaks.
WHOLES = r"two|three|four|five|ten|twenty|a\ hundred|a\ thousand"


def _any(words: dict[str, float] | dict[str, int]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


ENGLISH_WORDS = rf"""
    \b(?:
        (?P<share>one|{_any(ENGLISH)})\ (?:times?\ |cases?\ )?(?:in|out\ of)\ (?P<whole>{WHOLES})
      | (?P<how_many>an?|one|two|three|four|five|nine)[ -](?P<part>{_any(PARTS)})
      | (?P<multiple>{_any(MULTIPLES)})
      | (?:(?P<count>a|{_any(ENGLISH)})\ )?(?P<large>{_any(LARGE)})s?
        (?:\ and\ (?P<rest>{_any(ENGLISH)}))?
      | (?P<number>{_any(ENGLISH)})(?P<and_half>\ and\ a\ half)?
    )\b
"""

HAN = "〇零一二两三四五六七八九"
HAN_DIGITS = {"〇": 0, "零": 0, "两": 2} | {c: n for n, c in enumerate("一二三四五六七八九", 1)}
#: As bills have them; 伍, 陆 and 拾 alone are other words as well.
FORMAL = "壹贰叁肆伍陆柒捌玖拾佰仟"
FROM_FORMAL = str.maketrans(FORMAL, "一二三四五六七八九十百千")
#: Words in which a Chinese numeral counts nothing.
HAN_WORDS = (
    r"十分(?!之)|两两|四则|三角|三维|四舍五入|四周|五花八门|千万(?=别|不)|万一|再三|百科|第[一二三四五六七八九十百]+|"
    r"成百上千|成千上万|百分之几|千(?=[克米瓦卡])|十足|三者|九牛一毛|千变万化|乱七八糟|百分(?=点|比|制)|万能|三番五次|"
    r"十字|一(?![半万千百十亿成]|分之)|二元|二阶|二维|二次|二分类|三次多项式"
)
CHINESE_WORDS = rf"""
    (?P<none>{HAN_WORDS})
  | (?P<half>一半|半数|减半)
  | 百分之(?P<percent>[{HAN}十百]+)
  | (?P<tenths>[{HAN}])成(?P<and_half>半)?(?!为|立|功|本|果|员|绩|比|对|正)
  | (?P<bottom_han>[{HAN}十百千万]+)分之(?P<top_han>[{HAN}十百]+)
  | (?P<han>[{HAN}十廿卅百千万亿]+|[{FORMAL}零万亿]*[壹贰叁肆柒捌玖佰仟][{FORMAL}零万亿]*)
"""

PATTERNS = {
    "figures": re.compile(FIGURES, re.X),
    "en": re.compile(ENGLISH_WORDS, re.X | re.I),
    "zh": re.compile(CHINESE_WORDS, re.X),
}

WORD = re.compile("[a-z]+")
NUMBER_WORDS = frozenset([*ENGLISH, *LARGE, *(f"{word}s" for word in LARGE), *PARTS, *MULTIPLES])

#: Of more and less; each may be "no more than", which is "at most", and "no less than".
GREATER = r"(?:more|larger|greater|higher|bigger|longer) than|over|above|beyond|exceed(?:s|ed|ing)?"
SMALLER = r"(?:less|fewer|smaller|lower|shorter) than|below|under"
NOT = r"(?:no|not|never|nowhere)"
BEFORE: dict[Bound, str] = {
    "about": r"about|around|roughly|approximately|some|close to|approx|≈|\\approx"
    "|约|大约|大概|差不多",
    "nearly": r"nearly|almost|just under|just below|a little less than|近|将近|接近|几乎|快到",
    "most": rf"at most|{NOT} (?:{GREATER})|up to|at or below|\\leq?|≤"
    "|至多|最多|[不未](?:超过|超出|多于|高于|大于)|[小低少]于(?:或)?等于",
    "less": rf"{SMALLER}|<|不到|不足|不及|少于|小于|低于",
    "least": rf"at least|{NOT} (?:{SMALLER})|at or above|\\geq?|≥"
    "|至少|最少|不[少低小]于|[大高多]于(?:或)?等于",
    "more": rf"{GREATER}|just over|a little more than|upwards of|>"
    "|超过|超出|突破|多于|大于|高于|不止",
}
COUNTED = r"(?:个|次|步|倍|层)?"
AFTER: dict[Bound, str] = {
    "about": rf"{COUNTED}(?:左右|上下)|or so\b",
    "least": rf"{COUNTED}(?:及)?以上|or (?:more|above)\b",
    "most": rf"{COUNTED}(?:及)?以[下内]|or (?:less|fewer|below)\b",
    "more": r"多(?!少)|[个次步倍层]多(?!少|个|次|种|数|项)|有余|还多",
}
BOUND_BEFORE = [
    (
        bound,
        re.compile(
            rf"(?<![A-Za-z不])(?:{words})(?:\s|~|\*|\$|\\,|an?\b|minus|负|为|了|是)*$", re.I
        ),
    )
    for bound, words in BEFORE.items()
]
BOUND_AFTER = [(bound, re.compile(rf"[\s*$]{{0,3}}(?:{words})")) for bound, words in AFTER.items()]
MINUS = re.compile(r"(?:minus\s|负\s?)\$?$", re.I)


#: Whole numbers up to this one mostly stand for classes, bounds and single things.
LARGEST_SMALL = 2


def is_small(numeral: Numeral) -> bool:
    """Whether it is 0, 1 or 2."""
    return abs(numeral.value) <= LARGEST_SMALL and numeral.value.is_integer()


def numerals(text: str, language: str, before: str = "", after: str = "") -> list[Numeral]:
    """The numbers of a text, in order; not those that are parts of a name (``L2``, ``x_1``).

    ``before`` and ``after`` are what stands on either side of the text: words there make something
    of a number at its ends.
    """
    found = [*_figures(text), *(_english(text) if language == "en" else _chinese(text))]
    found.sort(key=lambda n: (n.start, -n.end))
    apart = [n for before, n in pairwise([None, *found]) if n and not _within(n, before)]
    return [_beside(before, text, after, numeral) for numeral in apart]


def _within(one: Numeral, before: Numeral | None) -> bool:
    return before is not None and one.start < before.end


def _beside(before: str, text: str, after: str, numeral: Numeral) -> Numeral:
    """The numeral with what the words before and after it make of it."""
    # No words that make something of a number are longer.
    own, after = text[: numeral.start][-40:], text[numeral.end :] + after
    value = numeral.value
    minus = MINUS.search(own)
    if minus:
        value, own = -abs(value), own[: minus.start()]
    before = (before + own)[-40:]
    found = [
        (match.start(), bound) for bound, words in BOUND_BEFORE if (match := words.search(before))
    ]
    # "Less than" is a part of "no less than".
    bounds = [bound for _, bound in sorted(found, key=lambda place: place[0])]
    bounds += [bound for bound, words in BOUND_AFTER if words.match(after)]
    return replace(numeral, value=value, bound=bounds[0] if bounds else numeral.bound)


def _figures(text: str) -> Iterator[Numeral]:
    for match in PATTERNS["figures"].finditer(text):
        after = (match["after"] or "").strip(" \t\n~\\,")
        scale = 0.01 if "%" in after or "cent" in after else SCALES.get(after, 1.0)
        sign = -1.0 if match["sign"] else 1.0
        form: Literal["figures", "power", "fraction"] = "figures"
        raised = (match["raised"] or match["exponent"] or "").translate(FROM_RAISED)
        power = match["power"] or match["short"] or (raised if match["raised"] else "")
        if power:
            mantissa = match["mantissa"] or "1"
            base = 10.0 ** int(power.replace("−", "-"))
            value, unit = float(mantissa) * base, _unit(mantissa) * base
            form = "power"
        elif match["vulgar"]:
            value = int(match["whole"] or 0) + unicodedata.numeric(match["vulgar"])
            form, unit = "fraction", value / 1000
        elif match["enclosed"]:
            value, unit = unicodedata.numeric(match["enclosed"]), 1.0
        elif match["exponent"]:
            value = float(match["base"]) ** int(raised)
            form, unit = "fraction", value / 1000
        elif match["digits"]:
            digits = BETWEEN_DIGITS.sub("", match["digits"])
            base = 10.0 ** int(match["e"] or 0)
            value, unit = float(digits) * base, _unit(digits) * base
            if match["over"] and int(match["over"]):
                value, form = float(digits) / int(match["over"]), "fraction"
                unit = abs(value) / 1000
        else:
            bottom = int(match["bottom"] or match["bottom1"])
            value = int(match["top"] or match["top1"]) / bottom if bottom else float("nan")
            form, unit = "fraction", abs(value) / 1000
        yield Numeral(
            match.start(), match.end(), match[0], sign * value * scale, unit * scale, form,
            scale=scale,
        )  # fmt: skip


def _unit(digits: str) -> float:
    return float(10.0 ** -len(digits.partition(".")[2]))


def _english(text: str) -> Iterator[Numeral]:
    if NUMBER_WORDS.isdisjoint(WORD.findall(text.lower())):  # which is quicker to see
        return
    for match in PATTERNS["en"].finditer(text):
        exact = False
        if match["part"] and ORDINAL.match(text, match.end()) and match["part"] in ORDINAL_PARTS:
            continue  # a third gate
        if match["share"]:
            whole = match["whole"].lower().removeprefix("a ")
            value = ENGLISH[match["share"].lower()] / (ENGLISH | LARGE)[whole]
        elif match["part"]:
            many = match["how_many"].lower()
            part = PARTS[match["part"].lower()]
            value = (1.0 if many in ("a", "an") else ENGLISH[many]) / part
        elif match["multiple"]:
            value = MULTIPLES[match["multiple"].lower()]
        elif match["large"]:
            many = (match["count"] or "a").lower()
            value = (1.0 if many == "a" else ENGLISH[many]) * LARGE[match["large"].lower()]
            value += ENGLISH[match["rest"].lower()] if match["rest"] else 0
            exact = True
        else:
            value, exact = ENGLISH[match["number"].lower()], True
            value += 0.5 if match["and_half"] else 0
        yield Numeral(
            match.start(), match.end(), match[0], value, 1.0 if exact else value / 10, "words"
        )


def _chinese(text: str) -> Iterator[Numeral]:
    for match in PATTERNS["zh"].finditer(text):
        if match["none"]:
            continue
        unit = 0.0
        if match["half"]:
            value = 0.5
        elif match["percent"]:
            value, unit = worth(match["percent"]) / 100, 0.01
        elif match["tenths"]:
            value = worth(match["tenths"]) / 10 + (0.05 if match["and_half"] else 0)
            unit = 0.05 if match["and_half"] else 0.1
        elif match["bottom_han"]:
            value = worth(match["top_han"]) / worth(match["bottom_han"])
        else:
            value, unit = worth(match["han"]), 1.0
        yield Numeral(match.start(), match.end(), match[0], value, unit or value / 10, "words")


def worth(han: str) -> float:
    """What a Chinese numeral is worth: 三千零五 is 3005, 一九九七 is 1997."""
    han = han.translate(FROM_FORMAL).replace("廿", "二十").replace("卅", "三十")
    if all(c in HAN_DIGITS for c in han):
        return float("".join(str(HAN_DIGITS[c]) for c in han))
    total = section = digit = 0
    for c in han:
        if c in HAN_DIGITS:
            digit = HAN_DIGITS[c]
        elif c in "十百千":
            section += (digit or 1) * {"十": 10, "百": 100, "千": 1000}[c]
            digit = 0
        else:
            total = (total + section + digit or 1) * {"万": 10**4, "亿": 10**8}[c]
            section = digit = 0
    return float(total + section + digit)
