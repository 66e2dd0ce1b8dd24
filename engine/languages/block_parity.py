"""Blocks that correspond name the same things: where they lead, code, formulas and proper names.

A link's target, a formula and a piece of code are the same in both languages, and stand in the
same block. So does a name in Latin letters: Chinese has it where it is a name or a term that both
languages share (Cho, LSTM, MPa), so the English block has it as well.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from engine.faults import Fault
from engine.paths import shown
from engine.reading.markdown import Block
from engine.reading.page import Page, formulas_of, links_of, normalised

TEXT_IN_TEX = re.compile(r"\\text(?:rm|bf|it)?\{[^{}]*\}")
#: A capitalised word; not the mark of a gap, which is a fault of its own.
LATIN_NAME = re.compile(r"(?<![A-Za-z])(?!TODO\b)[A-Z][A-Za-z’'-]*[A-Za-z]")

SAY_THE_SAME = "say the same in both languages, in the same block"
NAME_IT = "name it in English, too, or say it in Chinese"


def block_faults(page: Page, sibling: Page) -> list[Fault]:
    """What only one of two corresponding blocks names; the pages have the same blocks."""
    faults = []
    for mine, theirs in zip(page.blocks, sibling.blocks, strict=True):
        if mine.kind == "code":
            continue
        for what, remedy in _only(mine, theirs):
            place = f"{shown(theirs.origin.path)}:{theirs.origin.line}"
            origin = mine.origin
            faults.append(Fault(origin.path, origin.line, f"{what} (other: {place})", remedy))
    return faults


def same_tex(tex: str) -> str:
    """A formula as both languages write it: without its words."""
    return normalised(TEXT_IN_TEX.sub(r"\\text{}", tex))


def _only(chinese: Block, english: Block) -> Iterator[tuple[str, str]]:
    """What one of two blocks names alone, the first thing of each kind, each with its remedy."""
    here, there = _targets(chinese), _targets(english)
    for target in sorted((here - there) + (there - here))[:1]:
        yield f"this block leads to {target} more often in one language", SAY_THE_SAME
    for formula in sorted(_formulas(chinese) ^ _formulas(english))[:1]:
        yield f"this block names ${formula}$ in one language only", SAY_THE_SAME
    for code in sorted(_code(chinese) ^ _code(english))[:1]:
        yield f"this block names `{code}` in one language only", SAY_THE_SAME
    said = " ".join(span.text for span in english.all_spans)
    for name in (name for name in _names(chinese) if not _stands_in(name, said)):
        yield f"this block names {name!r} in Chinese only", NAME_IT
        break


def _targets(block: Block) -> Counter[str]:
    return Counter(link.target for link in links_of(block) if not link.image)


def _formulas(block: Block) -> set[str]:
    return {same_tex(formula.tex) for formula in formulas_of(block) if not formula.display}


def _code(block: Block) -> set[str]:
    return {span.text for span in block.all_spans if span.kind == "code"}


def _names(block: Block) -> Iterator[str]:
    """The capitalised words in Latin letters of a block, those of its pictures among them."""
    for span in block.all_spans:
        if span.kind in ("text", "literal", "picture"):
            yield from LATIN_NAME.findall(span.text)


def _stands_in(name: str, text: str) -> bool:
    """Whether an English text has a name, in any case or in the plural."""
    pattern = rf"(?<![A-Za-z]){re.escape(name)}(?:e?s)?(?![A-Za-z])"
    return re.search(pattern, text, re.I) is not None
