"""Of what kind a number of prose is that no run gives, where a rule is safe."""

from __future__ import annotations

import re
from collections.abc import Sequence

from engine.claims.numerals import Numeral, is_small
from engine.claims.settings import Literal, sets
from engine.reading.ties import KINDS

#: What rules recognise.
SET = "a setting in the section's code"
ASKED = "given by an exercise"
SMALL_KIND = "zero, one or two"
YEAR_KIND, ORDINAL, VERSION, NAME, REFERENCE = (
    "a year", "an ordinal", "a version", "a part of a name", "a part of a reference"
)  # fmt: skip

ORDINALS = re.compile(
    r"(?:exercises?|layers?|neurons?|parts?|chapters?|cases?|class(?:es)?)(?: \d+,?)*"
    r"(?: and| to|–)?\s*$|(?:练习|神经元|层|情形|类别)(?:\s*\d+\s*[、和到–])*\s*$",
    re.I,
)
#: What numbers a step at the beginning of a text: “3. Can it …”, “三、它能……”.
MARK = re.compile(r"\.\s|、")
CHINESE_ORDINAL = re.compile(r"\s*(?:层|章|节|题|类)")
VERSIONS = re.compile(
    r"(?:Python|NumPy|PyTorch|JAX|Keras|float|u?int|GPT|LeNet|WCAG|BSD|CC BY|Apache|version|版本)"
    r"[- ]?$"
)
#: Networks that are called by a number.
NAMES = re.compile(r"three[- ]layers?\b|三层", re.I)
YEAR = re.compile(r"(?:1[6-9]|20)\d\d$")
BEFORE_YEAR = re.compile(
    r"(?:\b(?:in|since|by|from|of|until|to|and|early|late|around)\s|[(（,–]\s?)$", re.I
)

#: The kinds of numbers, as the site counts them.
GROUPS = {
    "tied": ["tied"],
    "set": [SET],
    "asked": [ASKED],
    "named": [YEAR_KIND, ORDINAL, VERSION, NAME, REFERENCE],
    "declared": list(KINDS),
    "small": [SMALL_KIND],
}


def kind_of(numeral: Numeral, text: str, in_code: Sequence[Literal]) -> str | None:
    """Of what kind a number is by a rule; None where no rule is safe."""
    before, after = text[: numeral.start], text[numeral.end :]
    if NAMES.match(text, numeral.start):
        return NAME
    if is_small(numeral):
        return SMALL_KIND
    if not before.strip(" *") and MARK.match(after):
        return ORDINAL
    if numeral.form == "figures":
        if YEAR.match(numeral.text) and (BEFORE_YEAR.search(before) or after.lstrip()[:1] == "年"):
            return YEAR_KIND
        if VERSIONS.search(before):
            return VERSION
        if ORDINALS.search(before) or (
            before.rstrip().endswith("第") and CHINESE_ORDINAL.match(after)
        ):
            return ORDINAL
    if sets(in_code, numeral, text):
        return SET
    return None
