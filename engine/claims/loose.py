"""Numbers of a page's prose that are neither tied to an expression nor of a kind without one.

A kind is recognised where a rule is safe (a year, the name of a version, a setting that stands in
the code of the section), and declared where it is not: ``<!-- given: 24, 0.5 -->``.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from engine.claims.numerals import Numeral, is_small, numerals
from engine.claims.settings import Literal, sets, settings
from engine.faults import Fault
from engine.reading.lines import Origin
from engine.reading.markdown import Block
from engine.reading.page import Page
from engine.reading.ties import KINDS, Declared
from engine.running.examples import pieces

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
RELATION = re.compile(
    r"(?<!\\)(?:=|<|>)|\\(?:approx|le|leq|ge|geq|lt|gt|coloneqq|in|sim|to|mapsto|ll|gg)(?![a-z])"
)
#: What may stand beside a number in a formula that says nothing but the number.
BARE = re.compile(
    r"\\(?:dots|ldots|pm|mp|math(?:bf|it|sf)|boxed|text(?:bf|it|rm)?)(?![a-z])"
    r"|\\mathrm\{[^{}]*\}|[\s\\,;:()\[\].~{}%!]"
)
#: A sign at the beginning of a side.
PLUS = re.compile(r"^[\s{]*\+")
#: Words in a formula.
TEXT = re.compile(r"\\text(?:bf|it|rm)?\{([^{}]*)\}")

#: The kinds of numbers, as the site counts them.
GROUPS = {
    "tied": ["tied"],
    "set": [SET],
    "asked": [ASKED],
    "named": [YEAR_KIND, ORDINAL, VERSION, NAME, REFERENCE],
    "declared": list(KINDS),
    "small": [SMALL_KIND],
}


@dataclass
class Loose:
    """What the numbers of a page's prose are: how many of each kind, and those of none."""

    kinds: Counter[str] = field(default_factory=Counter)
    left: list[tuple[Numeral, Origin, str]] = field(default_factory=list)
    unused: list[tuple[str, Declared]] = field(default_factory=list)
    years: list[tuple[Numeral, Origin, str]] = field(default_factory=list)
    """Years that neither code nor a declaration gives, each with the text that it stands in."""

    def groups(self) -> dict[str, int]:
        """How many numbers are of each kind of kinds, and how many of none."""
        found = dict.fromkeys([*GROUPS, "left"], len(self.left))
        for group, kinds in GROUPS.items():
            found[group] = sum(self.kinds[kind] for kind in kinds)
        return found


def loose_faults(page: Page) -> list[Fault]:
    """Numbers that nothing holds, and declared ones that nobody says."""
    found = loose_numbers(page)
    computed = list(_printed(page))
    faults = []
    for numeral, origin, anchor in found.left:
        what = f"nothing holds the number {numeral.text.strip()!r}"
        near = _nearest(numeral.value, computed)
        if near:
            what += f"; the nearest that the page prints is {near[0]:.6g} (line {near[1].line})"
        remedy = (
            f"tie it to what gives it: [{numeral.text.strip()}]{{= expression}}; or, where no run "
            f"can, declare it below the heading #{anchor or 'title'}: "
            f"<!-- given: {numeral.value:g} -->"
        )
        faults.append(Fault(origin.path, origin.line, what, remedy))
    for number, declared in found.unused:
        what = f"{number} is declared as {declared.kind}, and no number of its section needs it"
        faults.append(Fault(declared.origin.path, declared.origin.line, what, "take it out"))
    return faults


def loose_numbers(page: Page) -> Loose:
    """The numbers of a page's prose, its ties left out."""
    found = Loose(Counter({"tied": len(page.ties)} if page.ties else {}))
    parts = _sections(page)
    tied = Counter(
        (tie.origin.line, numeral.value, numeral.text)
        for tie in page.ties
        for numeral in numerals(tie.text, page.language)
    )
    # What stands above the first heading, and below it: there the set-up is.
    set_up = settings(page, 0, parts[2][3] if len(parts) > 2 else math.inf, own=True)
    for number, (anchor, blocks, start, first) in enumerate(parts):
        end = parts[number + 1][2] if number + 1 < len(parts) else math.inf
        declared = [d for d in page.declared if start <= d.origin.line < end]
        wanted = {value: d for d in declared for value in _values(d.numbers)}
        unused = dict(wanted)
        last = parts[number + 1][3] if number + 1 < len(parts) else math.inf
        in_code = set_up + settings(page, first, last)
        for block in blocks:
            by_place = _of_the_place(anchor, block)
            for numeral, text, origin in _numerals(block, page.language):
                place = origin.line, numeral.value, numeral.text
                if tied[place]:
                    tied[place] -= 1
                    continue
                kind = by_place or _kind(numeral, text, in_code)
                value = next((v for v in wanted if math.isclose(v, numeral.value)), None)
                if value is not None:
                    unused.pop(value, None)
                    kind = kind or wanted[value].kind
                elif kind == YEAR_KIND and not sets(in_code, numeral):
                    found.years.append((numeral, origin, text))
                if kind:
                    found.kinds[kind] += 1
                else:
                    found.left.append((numeral, origin, anchor))
        found.unused += [(f"{value:g}", d) for value, d in unused.items()]
    return found


def _of_the_place(anchor: str, block: Block) -> str | None:
    """What the numbers of a block are because of where it stands."""
    if anchor == "references":  # which the record of references holds
        return REFERENCE
    if anchor.startswith("exercise-") and "details" not in block.inside:
        return ASKED
    return None


def _sections(page: Page) -> list[tuple[str, list[Block], int, int]]:
    """Each heading's anchor with its block and those below it, and the lines where it begins.

    These are the line of its file, and the number among the lines of the page.
    """
    parts: list[tuple[str, list[Block], int, int]] = [("", [], 0, 0)]
    for block in page.blocks:
        if block.kind == "heading" and block.origin.path == page.path:
            anchor = block.detail.partition(" #")[2].split(" ")[0]
            parts.append((anchor, [], block.origin.line, block.first))
        parts[-1][1].append(block)
    return parts


def _numerals(block: Block, language: str) -> Iterator[tuple[Numeral, str, Origin]]:
    """The numbers of a block's prose, each with the text that it stands in."""
    for line in (block.spans, *block.cells):
        in_link, before = False, ""
        for span in line:
            match span.kind:
                case "link" | "end link":
                    in_link = span.kind == "link"
                case "text" | "literal" | "picture" if not in_link:
                    for numeral in numerals(span.text, language):
                        yield numeral, span.text, span.origin
                case "code" if not in_link:
                    found = numerals(span.text, language)
                    if len(found) == 1 and found[0].text.strip() == span.text.strip(" +"):
                        yield found[0], span.text, span.origin
                case "formula" if not in_link:
                    for side, opening in _bare_sides(span.text):
                        for numeral in numerals(side, "en", before + opening):
                            if numeral.form != "words":
                                yield numeral, side, span.origin
            before = span.text if span.kind == "text" else ""


def _bare_sides(tex: str) -> Iterator[tuple[str, str]]:
    """The sides of a formula that say nothing but a number, or several, such as a vector's.

    Its words are sides as well. Each comes with what stands before it.
    """
    yield from ((words, "") for words in TEXT.findall(tex))
    tex = TEXT.sub(" ", tex)
    start = 0
    for end, following in [*(found.span() for found in RELATION.finditer(tex)), (len(tex), 0)]:
        rest = side = PLUS.sub("", tex[start:end])
        for numeral in reversed(numerals(side, "en")):
            rest = rest[: numeral.start] + rest[numeral.end :]
        if not BARE.sub("", rest):
            yield side, tex[:start]
        start = following


def _kind(numeral: Numeral, text: str, in_code: list[Literal]) -> str | None:
    """Of what kind a number is by a rule; None where no rule is safe."""
    before, after = text[: numeral.start], text[numeral.end :]
    if NAMES.match(text, numeral.start):
        return NAME
    if is_small(numeral):
        return SMALL_KIND
    if numeral.form == "figures":
        if YEAR.match(numeral.text) and (BEFORE_YEAR.search(before) or after.lstrip()[:1] == "年"):
            return YEAR_KIND
        if VERSIONS.search(before):
            return VERSION
        if ORDINALS.search(before) or (
            before.rstrip().endswith("第") and CHINESE_ORDINAL.match(after)
        ):
            return ORDINAL
    if sets(in_code, numeral):
        return SET
    return None


def _values(numbers: str) -> list[float]:
    return [numeral.value for numeral in numerals(numbers, "en")]


def _printed(page: Page) -> Iterator[tuple[float, Origin]]:
    """The numbers that the outputs of a page show."""
    for fence in page.python_fences:
        for code in pieces(fence):
            for line in code.shown or ():
                for numeral in numerals(line, "en"):
                    if numeral.form != "words":
                        yield numeral.value, line.origin


def _nearest(value: float, computed: list[tuple[float, Origin]]) -> tuple[float, Origin] | None:
    return min(computed, key=lambda one: abs(one[0] - value), default=None)
