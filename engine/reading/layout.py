"""Blank lines and indentation: where they leave open what belongs to what, a page is refused.

Parsers of Markdown differ here more than anywhere else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from engine.faults import Fault
from engine.reading.markdown import INDENT, Block

if TYPE_CHECKING:
    from engine.reading.page import Page

LISTS = ("bullet list", "ordered list")

#: Blocks that Python-Markdown makes one of where they follow one another.
GOING_ON = (
    (
        LISTS,
        "list",
        "begin all items of a list with the same mark, or say in a line of text what the second "
        "list is",
    ),
    (("quote",), "quotation", "make them one with a line > between, or put a line of text there"),
)

#: Blocks that Python-Markdown takes for text where they follow a line of text.
NEEDS_BLANK = {
    "bullet list": "list",
    "ordered list": "list",
    "table": "table",
    "formula": "display formula",
    "admonition": "admonition",
    "details": "folded block",
    "tab": "tab",
    "caption": "caption",
    "quote": "quotation",
}


def layout_faults(page: Page) -> Iterator[Fault]:
    """Where it is open what belongs to what, with what to write instead."""
    yield from _neighbours(page)
    yield from _numbers(page)
    yield from _items(page)
    yield from _indents(page)


def _neighbours(page: Page) -> Iterator[Fault]:
    """Blocks that run into the one above them."""
    previous: Block | None = None
    for block in page.blocks:
        ended = previous.detail if previous and previous.kind == "end" else ""
        for kinds, what, remedy in GOING_ON:
            if ended in kinds and block.kind in kinds:
                yield page.fault(block.first, f"a {what} directly below another", remedy)
        if (
            previous is not None
            and previous.kind == "paragraph"
            and block.kind in NEEDS_BLANK
            and previous.last == block.first
            and previous.inside == block.inside
            and not (block.kind in LISTS and block.inside[-1:] == ("item",))
        ):
            message = f"a {NEEDS_BLANK[block.kind]} directly below a line of text"
            yield page.fault(block.first, message, "leave a blank line between them")
        if block.kind == "code" and ended in LISTS and page.lines[block.first - 1].strip("> \t"):
            remedy = (
                "indent it by four spaces where it belongs to the item; leave a blank line above"
            )
            yield page.fault(block.first, "a fence directly below a list", remedy)
        if block.kind == "caption" and not _captioned(previous):
            remedy = "put it directly below the picture or the table that it belongs to"
            yield page.fault(block.first, "a caption without a picture or a table above", remedy)
        previous = block


def _captioned(above: Block | None) -> bool:
    """Whether a block is what a caption below it can belong to."""
    if above is None:
        return False
    picture = above.kind == "paragraph" and {span.kind for span in above.spans} == {"picture"}
    return picture or (above.kind == "end" and above.detail == "table")


def _numbers(page: Page) -> Iterator[Fault]:
    """Items of numbered lists that readers would see under another number."""
    places: list[int] = []
    for block in page.blocks:
        if block.kind in LISTS:
            places.append(0)
        elif block.kind == "end" and block.detail in LISTS:
            places.pop()
        elif block.kind == "item" and block.inside[-1] == "ordered list":
            places[-1] += 1
            written = re.search(r"(\d+)([.)])", page.lines[block.first])
            if written and written[2] == ")":
                message = f"an item marked {written[0]}, which some programs take for text"
                yield page.fault(block.first, message, f"write {written[1]}. and a space")
                continue
            if written and int(written[1]) not in (1, places[-1]):
                message = f"an item numbered {written[1]}, which readers see as {places[-1]}"
                yield page.fault(block.first, message, "number a list 1, 2, 3, …")


def _items(page: Page) -> Iterator[Fault]:
    """Items that Python-Markdown takes for a line of the paragraph above them."""
    above: list[Block | None] = []
    for block in page.blocks:
        if block.kind in LISTS:
            above.append(None)
        elif block.kind == "end" and block.detail in LISTS:
            above.pop()
        elif block.kind == "item":
            before = above[-1]
            lines = page.lines[before.first : block.first] if before else []
            if lines and lines[-1].strip("> \t") and not all(line.strip("> \t") for line in lines):
                message = "an item directly below the last paragraph of the item above"
                yield page.fault(block.first, message, "leave a blank line above it")
            above[-1] = block


QUOTED = re.compile(r"> ?")
HOLDING = ("item", "footnote", "definition", "admonition", "details", "tab")


def _indents(page: Page) -> Iterator[Fault]:
    """What stands neither in that which is above it nor outside of it."""
    for block in page.blocks:
        if block.kind == "end" or not page.lines:
            continue
        uneven = next((n for n in _indent(page.lines[block.first]) if n % INDENT), 0)
        if uneven:
            remedy = "indent what belongs to the text above by four spaces, and all else not at all"
            yield page.fault(block.first, f"indented by {uneven} spaces", remedy)
            break
        if block.kind != "paragraph":
            continue
        *quotes, held = " ".join(block.inside).split("quote")
        within = sum(INDENT for kind in held.split() if kind in HOLDING)
        for number in range(block.first + 1, block.last):
            *around, indent = _indent(page.lines[number])
            # Two spaces show what is meant, and both readers understand them here.
            if len(around) < len(quotes) or indent < within - INDENT // 2:
                remedy = (
                    "leave a blank line above it, or begin it like the text it belongs to: with "
                    "four spaces in a list, with > in a quotation"
                )
                yield page.fault(number, "a line that may or may not belong to the above", remedy)
                break


def _indent(line: str) -> list[int]:
    """How many spaces stand before and between the marks of quotation of a line, and after."""
    line = line.expandtabs(INDENT)
    before = re.match(r"(?:> ?| )*", line)
    return [len(part) for part in QUOTED.split(before[0])] if before else [0]
