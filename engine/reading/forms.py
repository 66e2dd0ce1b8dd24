"""Forms of Markdown that no page may hold, since readers would see something else than is meant.

Each is refused with its line and with what to write instead. What passes here is held against
the built HTML besides, by the guard.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING

from engine.faults import Fault
from engine.reading.characters import unseen
from engine.reading.fences import FENCE_MARK, fence_faults
from engine.reading.layout import layout_faults
from engine.reading.markdown import CONTAINER, Block, Span
from engine.reading.marks import first_mark
from engine.reading.tex import refused
from engine.reading.ties import goes_on

if TYPE_CHECKING:
    from engine.reading.page import Page

BRACKETS = ("(", ")", "[", "]")
#: Code in a line may hold a backtick if it shows little besides.
SHORT = 5
CODE = re.compile(r"(?<![`\\])(?P<mark>`+)(?!`)(?P<code>.+?)(?<!`)(?P=mark)(?!`)", re.S)


def form_faults(page: Page) -> list[Fault]:
    """Every form of a page that is refused, in the order of its lines."""
    found = [
        *_characters(page),
        *_comments(page),
        *_breaks(page),
        *fence_faults(page),
        *layout_faults(page),
        *_blocks(page),
        *_tables(page),
        *_text(page),
        *_formulas(page),
        *_anchors(page),
        *_footnotes(page),
    ]
    return sorted(found, key=lambda fault: (fault.path != page.path, fault.line))


def _characters(page: Page) -> Iterator[Fault]:
    for number, line in enumerate(page.lines):
        found = unseen(line)
        if found:
            what = f"a character that cannot be seen: {found}"
            yield page.fault(number, what, "take it out")
        if re.match(r"[\s>]*;*-+8<-+", line) and not re.search("[\"']", line):
            remedy = 'name each section on a line of its own: --8<-- "file.py:section"'
            yield page.fault(number, "an include that is not understood", remedy)


def _comments(page: Page) -> Iterator[Fault]:
    """Marks of fences in comments: the programs read either the one or the other first."""
    code = {n for block in page.blocks if block.code for n in range(block.first, block.last)}
    within = False
    for number, line in enumerate(page.lines):
        if number in code:
            continue
        if within and FENCE_MARK.match(line):
            remedy = "leave the code out of the comment, or write it without the mark"
            yield page.fault(number, "the mark of a fence in a comment", remedy)
            return
        within = goes_on(within, CODE.sub("", line))


def _breaks(page: Page) -> Iterator[Fault]:
    """Spaces at the end of a line that break it, which nobody sees in the source."""
    for block in page.blocks:
        if block.kind == "paragraph":
            for number in range(block.first, block.last - 1):
                if page.lines[number].endswith("  ") and page.lines[number].strip():
                    remedy = "take them out; a new line is written <br>"
                    yield page.fault(number, "two spaces at the end of a line", remedy)


def _blocks(page: Page) -> Iterator[Fault]:
    for block, following in zip_longest(page.blocks, page.blocks[1:]):
        if block.kind == "html":
            remedy = "write it in Markdown; a comment stands on lines of its own"
            yield page.fault(block.first, "a piece of HTML", remedy)
        if block.kind in ("admonition", "details"):
            found = CONTAINER.search(page.lines[block.first])
            if found and found["title"] is None:
                kind = found["type"]
                message = f"no title: readers would see {kind.capitalize()!r}"
                yield page.fault(block.first, message, f'write {found["mark"]} {kind} "Title"')
            elif found and not found["title"].strip():
                remedy = "write what it is about between the quotation marks"
                yield page.fault(block.first, "an empty title", remedy)
            elif found and found["type"].split()[0] not in ADMONITIONS:
                remedy = f"write one of {', '.join(ADMONITIONS)}"
                yield page.fault(block.first, f"no admonition is a {found['type']!r}", remedy)
            elif found and '\\"' in found["title"]:
                remedy = "write “…” in a title"
                yield page.fault(block.first, "a backslash before a quotation mark", remedy)
        if block.kind == "item" and EMPTY_ITEM.fullmatch(page.lines[block.first]):
            remedy = "write something behind its mark, or take it out"
            yield page.fault(block.first, "an item with nothing in it", remedy)
        if block.kind in INDENTED and (following is None or following.kind == "end"):
            message = f"{INDENTED[block.kind]} with nothing in it"
            yield page.fault(block.first, message, "indent what belongs to it by four spaces")
        if block.kind == "caption" and (following is None or following.kind == "end"):
            remedy = "write what to look for between /// caption and ///"
            yield page.fault(block.first, "a caption with nothing in it", remedy)
        if block.kind == "code" and not any(line.strip() for line in block.code):
            remedy = "write code between its marks, or take it out"
            yield page.fault(block.first, "a fence with nothing in it", remedy)
        if block.kind == "paragraph" and page.lines[block.first].lstrip(" \t>").startswith(
            "\u3000"
        ):
            remedy = "take them out: paragraphs stand apart without them"
            yield page.fault(block.first, "wide spaces at the beginning of a paragraph", remedy)
        if block.kind == "heading":
            if block.detail.endswith(" underlined"):
                remedy = "write ## Title {#anchor}; a blank line above --- makes it a line"
                yield page.fault(block.first, "an underlined heading", remedy)
            elif re.search(r"\{#[^}\s]+\}[ \t]*<!--", page.lines[block.first]):
                remedy = "put the comment on a line of its own"
                yield page.fault(block.first, "a comment behind the anchor of a heading", remedy)
            elif not block.detail.partition("#")[2]:
                remedy = "give it one, the same in both languages: ## Title {#anchor}"
                yield page.fault(block.first, "a heading without an anchor", remedy)
            if any(span.kind == "formula" for span in block.spans):
                remedy = "say it in words: a heading is also a name in menus"
                yield page.fault(block.first, "a formula in a heading", remedy)


#: The kinds of admonitions that have a colour and a sign of their own.
ADMONITIONS = (
    *("note", "abstract", "info", "tip", "success", "question", "warning", "failure", "danger"),
    *("bug", "example", "quote"),
)

#: Blocks that hold what is indented below them.
INDENTED = {"admonition": "an admonition", "details": "a folded block", "tab": "a tab"}


EMPTY_ITEM = re.compile(r"[ \t>]*(?:[-+*]|\d+[.)])[ \t]*")


def _text(page: Page) -> Iterator[Fault]:
    """What is left over in the lines of a page, and what stands in them that is refused."""
    for block in page.blocks:
        for spans in (block.spans, *block.cells):
            yield from _line(page, block, spans)
        if block.kind in ("paragraph", "heading"):
            yield from _code(page, block)


def _line(page: Page, block: Block, spans: Sequence[Span]) -> Iterator[Fault]:
    text = "".join(map(_searched, spans))
    found = first_mark(text)
    if found:
        mark, match = found
        line = block.first + text.count("\n", 0, match.start())
        seen = match[0].strip().replace("\0", "…")
        yield page.fault(line, f"{mark.message}: {seen!r}", mark.remedy)
    for span, after in zip_longest(spans, spans[1:]):
        at = span.origin.path, span.origin.line
        if span.kind == "html" and span.text.lower().strip("</> ") != "br":
            yield Fault(
                *at, f"a piece of HTML: {span.text}", r"write it in Markdown, or escape it: \<"
            )
        if span.kind in ("link", "picture") and "$" in span.target:
            yield Fault(*at, f"a dollar sign in an address: {span.target}", "write %24 for it")
        if span.kind == "picture" and re.search(r"(?<!\\)[`$]|\]\(", span.text):
            remedy = "say it in words: it is read aloud as it is written"
            yield Fault(*at, f"a mark in the text alternative {span.text!r}", remedy)
        if span.kind == "link" and not span.target:
            yield Fault(*at, "a link without an address", "write it: [text](address)")
        if span.kind == "picture" and re.search("[#?]", span.target):
            remedy = "name the file alone: pictures are the same in light and in dark"
            yield Fault(*at, f"more than a file in the address of a picture: {span.target}", remedy)
        if span.title:
            remedy = "take it out, or say it in the text: [text](address)"
            yield Fault(*at, f"a title of a {span.kind}: {span.title!r}", remedy)
        if (
            after is not None
            and after.kind == "formula"
            and span.kind == "text"
            and re.search(r"[A-Za-z]\Z", span.text)
        ):
            remedy = r"write \$ for money; leave a space before a formula"
            yield Fault(*at, "a formula directly behind a letter", remedy)
        bracket = span.text in BRACKETS or (
            span.text == "\\" and after is not None and after.text.startswith(BRACKETS)
        )
        if span.kind == "literal" and bracket:
            remedy = "write a formula between dollar signs, $…$; brackets need no backslash"
            yield Fault(*at, "a bracket with a backslash before it", remedy)


def _formulas(page: Page) -> Iterator[Fault]:
    """Formulas that may show something else than is written."""
    for formula in page.formulas:
        found = refused(formula.tex)
        if found:
            remedy = (
                "write what is to be seen, with the commands that engine/reading/tex.py lists; one "
                "that shows what is written may be added there"
            )
            yield Fault(formula.origin.path, formula.origin.line, found, remedy)


def _code(page: Page, block: Block) -> Iterator[Fault]:
    """Code in a line whose end is not where it seems to be."""
    whole = "\n".join(page.lines[block.first : block.last])
    broken = re.search(r"(?<!\\)(?:\\\\)*\\\n", CODE.sub(_crossed, whole))
    if broken:
        line = block.first + whole.count("\n", 0, broken.end() - 1)
        yield page.fault(line, "a backslash at the end of a line", "write <br> for a new line")
    for found in CODE.finditer(whole):
        line = block.first + whole.count("\n", 0, found.start())
        if "\n" in found["code"]:
            yield page.fault(line, "code that goes on in the next line", "keep it on one line")
        elif found["code"].endswith("\\") and len(found["mark"]) == 1:
            what = "a backslash before the backtick that ends some code"
            remedy = "close the code before it, or write code that ends so in two: ``x\\``"
            yield page.fault(line, what, remedy)
        elif "`" in found["code"] and len(found["code"].strip()) > SHORT:
            remedy = "close the code before it: `x`; longer pieces stand in a fence"
            yield page.fault(line, "code that holds a backtick", remedy)


def _crossed(code: re.Match[str]) -> str:
    """As many signs as some code has, and as many lines."""
    return re.sub(r"[^\n]", "x", code[0])


def _searched(span: Span) -> str:
    return span.text if span.kind == "text" else "\0"


def _tables(page: Page) -> Iterator[Fault]:
    columns = 0
    for block in page.blocks:
        if block.kind == "table":
            columns = int(block.detail)
        if block.kind not in ("head", "row"):
            continue
        written = cells_of(page.lines[block.first])
        if len(written) != columns:
            remedy = (
                r"write \| for the sign in a cell, \lvert x \rvert in a formula; "
                "each row has as many cells as the head"
            )
            message = f"a row of {len(written)} cells in a table of {columns}"
            yield page.fault(block.first, message, remedy)


def cells_of(line: str) -> list[str]:
    """The cells of a table's row as it is written, cut at each | that is not escaped."""
    inner = line.strip(" \t>").removeprefix("|")
    inner = re.sub(r"(?<!\\)\|$", "", inner)
    return re.split(r"(?<!\\)\|", inner)


def _anchors(page: Page) -> Iterator[Fault]:
    seen = Counter[str]()
    for heading in page.headings:
        if heading.anchor is None:
            continue
        seen[heading.anchor] += 1
        if seen[heading.anchor] == 2:
            yield Fault(
                heading.origin.path,
                heading.origin.line,
                f"a second heading {{#{heading.anchor}}} on this page",
                "give it an anchor of its own",
            )


DEFINITION = re.compile(r"[ \t>]*(?:(?:[-+*]|\d+[.)])[ \t]+)*\[(?P<note>\^?)(?P<name>[^\]]+)\]:")


def _footnotes(page: Page) -> Iterator[Fault]:
    """Notes are numbered by their references or by their own order: both have to be the same."""
    notes = sorted((b.first, int(b.detail)) for b in page.blocks if b.kind == "footnote")
    for place, (first, number) in enumerate(notes, 1):
        if number != place:
            remedy = "put the notes in the order in which the text refers to them"
            yield page.fault(first, f"footnote {number} is defined in place {place}", remedy)
            return
    known = {first for first, _ in notes}
    for block in page.blocks:
        if block.kind in ("code", "open code", "html", "formula"):
            known.update(range(block.first, block.last))
    for number, line in enumerate(page.lines):
        found = DEFINITION.match(line)
        if not found or number in known:
            continue
        name = found["name"]
        if found["note"] and not line[found.end() :].strip():
            remedy = f"write its first words behind its mark: [^{name}]: text"
            yield page.fault(number, f"the footnote {name} has no text beside its mark", remedy)
        elif found["note"] and re.search(r"\s", name):
            remedy = f"give it a name without spaces: [^{'-'.join(name.split())}]"
            yield page.fault(number, f"a space in the name of a footnote: {name}", remedy)
        elif found["note"]:
            remedy = f"refer to it in the text: [^{name}], and define it once, after a blank line"
            yield page.fault(number, f"a footnote that nothing refers to: {name}", remedy)
        else:
            remedy = "write an address where it is used: [text](address)"
            yield page.fault(number, f"the address of a link apart from its text: {name}", remedy)
