"""The numbers of a block's prose: in its text, in code that is a number alone, in formulas."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.claims.numerals import Numeral, numerals
from engine.reading.lines import Origin
from engine.reading.markdown import Block

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


def numbers_in(block: Block, language: str) -> Iterator[tuple[Numeral, str, Origin]]:
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
