"""Forms of Markdown that no page may hold, since readers would see something else than is meant.

Each is refused with its line and with what to write instead. What passes here is held against
the built HTML besides, by the guard.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from engine.faults import Fault
from engine.reading.code import reads_as_python
from engine.reading.lines import Line
from engine.reading.markdown import CONTAINER, INDENT, Block, Span
from engine.reading.marks import first_mark
from engine.reading.page import Fence, Page

#: The languages that a fence may name.
LANGUAGES = ("python", "pycon", "sh", "text")

FENCE_MARK = re.compile(r"\s*(?:`{3}|~{3})")
FENCE_INFO = re.compile(r'(?P<language>[a-z]+)(?: title="(?P<title>[^"]+)")?')

#: How the title of a ``text`` fence begins whose numbers no run gives.
ILLUSTRATION = ("示意", "Illustration")

BRACKETS = ("(", ")", "[", "]")
#: Code in a line may hold a backtick if it shows little besides.
SHORT = 5
CODE = re.compile(r"(?<![`\\])(?P<mark>`+)(?!`)(?P<code>.+?)(?<!`)(?P=mark)(?!`)", re.S)


def form_faults(page: Page) -> list[Fault]:
    """Every form of a page that is refused, in the order of its lines."""
    found = [
        *_characters(page),
        *_fences(page),
        *_blocks(page),
        *_numbers(page),
        *_items(page),
        *_indents(page),
        *_tables(page),
        *_text(page),
        *_anchors(page),
        *_footnotes(page),
    ]
    return sorted(found, key=lambda fault: (fault.path != page.path, fault.line))


def _fault(page: Page, line: int, message: str, remedy: str) -> Fault:
    origin = page.lines[min(line, len(page.lines) - 1)].origin
    return Fault(origin.path, origin.line, message, remedy)


def _characters(page: Page) -> Iterator[Fault]:
    unseen = re.compile("[\x00-\x08\x0b-\x1f\x7f\u2028\u2029\ue000-\uf8ff\ufeff]")
    for number, line in enumerate(page.lines):
        found = unseen.search(line)
        if found:
            what = f"a character that cannot be seen: U+{ord(found[0]):04X}"
            yield _fault(page, number, what, "take it out")
        if re.match(r"[\s>]*;*-+8<-+", line) and not re.search("[\"']", line):
            remedy = 'name each section on a line of its own: --8<-- "file.py:section"'
            yield _fault(page, number, "an include that is not understood", remedy)


def _fences(page: Page) -> Iterator[Fault]:
    for block in page.blocks:
        if block.kind == "open code":
            mark = re.match(r"`{3,}|~{3,}", page.lines[block.first].lstrip(" \t>"))
            close = (
                f"add a line {mark[0] if mark else '```'} below the code, indented like the first"
            )
            yield _fault(page, block.first, "this code fence is not closed", close)
        elif block.kind == "code" and block.detail == "indented":
            remedy = "fence it and name its language; text is not indented by four spaces"
            yield _fault(page, block.first, "code that is indented and not fenced", remedy)
    for fence in page.fences:
        if fence.info == "indented":
            continue
        for line, message, remedy in _fence(fence, page.lines[fence.first - 1]):
            yield Fault(line.origin.path, line.origin.line, message, remedy)


def _fence(fence: Fence, opening: Line) -> Iterator[tuple[Line, str, str]]:
    if re.match(r"[> \t]*(?:[-*+]|\d+[.)])[ \t]", opening):
        message = "a fence on a list item's own line is not shown as code"
        yield opening, message, "put the fence on a line of its own, indented by four spaces"
    info = FENCE_INFO.fullmatch(fence.info)
    if not info or info["language"] not in LANGUAGES:
        message = f"a fence that says {fence.info!r}" if fence.info else "a fence of no language"
        known = ", ".join(LANGUAGES)
        yield (
            opening,
            message,
            f'begin it with one of {known}, and at most a title: python title="…"',
        )
        return
    inner = next((line for line in fence.lines if FENCE_MARK.match(line)), None)
    if inner is not None:
        remedy = "close the fence above it with a line of the mark that it begins with"
        yield inner, "the mark of a fence within a fence", remedy
    if fence.is_python:
        yield from _session(fence)
    elif reads_as_python(fence.source):
        remedy = "name it python, or pycon where it has prompts: then it runs"
        yield opening, "Python that calls itself something else, and does not run", remedy
    elif info["language"] == "text" and not (info["title"] or "").startswith(ILLUSTRATION):
        numbers = [line for line in fence.lines if re.search(r"\d", line)]
        if numbers:
            remedy = f'let code print it, or say that it is none: text title="{ILLUSTRATION[1]}: …"'
            yield numbers[0], "a number that no run has given", remedy


def _session(fence: Fence) -> Iterator[tuple[Line, str, str]]:
    """Lines of a session that belong to no example."""
    prompts = any(line.lstrip().startswith(">>>") for line in fence.lines)
    if not prompts:
        if fence.language != "python":
            line = fence.lines[0] if fence.lines else Line.at("", fence.origin)
            yield line, "a session without a prompt", "begin its code with >>>, or name it python"
        return
    example = False
    for line in fence.lines:
        text = line.strip()
        if text.startswith(">>>"):
            example = True
            if not text.startswith(">>> "):
                remedy = "leave a space behind the prompt, and write code after it"
                yield line, "a prompt that begins no example", remedy
        elif not example and text and not text.startswith("#"):
            yield line, "a line of a session above its first prompt", "give it a prompt: >>>"
        elif re.match(r"\.\.\.\S", text) and not text.startswith("...."):
            yield line, "a prompt without a space behind it", "leave one: ... code"
        elif text == "<BLANKLINE>":
            yield line, "a blank line of an output is written as one", "leave the line blank"


def _blocks(page: Page) -> Iterator[Fault]:
    previous: Block | None = None
    for block in page.blocks:
        ended = previous.detail if previous and previous.kind == "end" else ""
        for kinds, what, remedy in GOING_ON:
            if ended in kinds and block.kind in kinds:
                yield _fault(page, block.first, f"a {what} directly below another", remedy)
        previous = block
    previous = None
    for block, following in zip_longest(page.blocks, page.blocks[1:]):
        if block.kind == "html":
            remedy = "write it in Markdown; a comment stands on lines of its own"
            yield _fault(page, block.first, "a piece of HTML", remedy)
        if block.kind in ("admonition", "details"):
            found = CONTAINER.search(page.lines[block.first])
            if found and found["title"] is None:
                kind = found["type"]
                message = f"no title: readers would see {kind.capitalize()!r}"
                yield _fault(page, block.first, message, f'write {found["mark"]} {kind} "Title"')
        if block.kind in INDENTED and (following is None or following.kind == "end"):
            message = f"{INDENTED[block.kind]} with nothing in it"
            yield _fault(page, block.first, message, "indent what belongs to it by four spaces")
        if block.kind == "heading":
            if block.detail.endswith(" underlined"):
                remedy = "write ## Title {#anchor}; a blank line above --- makes it a line"
                yield _fault(page, block.first, "an underlined heading", remedy)
            elif not block.detail.partition("#")[2]:
                remedy = "give it one, the same in both languages: ## Title {#anchor}"
                yield _fault(page, block.first, "a heading without an anchor", remedy)
            if any(span.kind == "formula" for span in block.spans):
                remedy = "say it in words: a heading is also a name in menus"
                yield _fault(page, block.first, "a formula in a heading", remedy)
        if (
            previous is not None
            and previous.kind == "paragraph"
            and block.kind in NEEDS_BLANK
            and previous.last == block.first
            and previous.inside == block.inside
            and not (block.kind.endswith("list") and block.inside[-1:] == ("item",))
        ):
            message = f"a {NEEDS_BLANK[block.kind]} directly below a line of text"
            yield _fault(page, block.first, message, "leave a blank line between them")
        previous = block


#: Blocks that hold what is indented below them.
INDENTED = {"admonition": "an admonition", "details": "a folded block", "tab": "a tab"}

#: Blocks that Python-Markdown makes one of where they follow one another.
GOING_ON = (
    (
        ("bullet list", "ordered list"),
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


def _numbers(page: Page) -> Iterator[Fault]:
    """Items of numbered lists that readers would see under another number."""
    places: list[int] = []
    for block in page.blocks:
        if block.kind in ("ordered list", "bullet list"):
            places.append(0)
        elif block.kind == "end" and block.detail in ("ordered list", "bullet list"):
            places.pop()
        elif block.kind == "item" and block.inside[-1] == "ordered list":
            places[-1] += 1
            written = re.search(r"(\d+)[.)]", page.lines[block.first])
            if written and int(written[1]) not in (1, places[-1]):
                message = f"an item numbered {written[1]}, which readers see as {places[-1]}"
                yield _fault(page, block.first, message, "number a list 1, 2, 3, …")


def _items(page: Page) -> Iterator[Fault]:
    """Items that Python-Markdown takes for a line of the paragraph above them."""
    above: list[Block | None] = []
    for block in page.blocks:
        if block.kind in ("ordered list", "bullet list"):
            above.append(None)
        elif block.kind == "end" and block.detail in ("ordered list", "bullet list"):
            above.pop()
        elif block.kind == "item":
            before = above[-1]
            lines = page.lines[before.first : block.first] if before else []
            if lines and lines[-1].strip("> \t") and not all(line.strip("> \t") for line in lines):
                message = "an item directly below the last paragraph of the item above"
                yield _fault(page, block.first, message, "leave a blank line above it")
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
            yield _fault(page, block.first, f"indented by {uneven} spaces", remedy)
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
                yield _fault(page, number, "a line that may or may not belong to the above", remedy)
                break


def _indent(line: str) -> list[int]:
    """How many spaces stand before and between the marks of quotation of a line, and after."""
    line = line.expandtabs(INDENT)
    before = re.match(r"(?:> ?| )*", line)
    return [len(part) for part in QUOTED.split(before[0])] if before else [0]


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
        yield _fault(page, line, f"{mark.message}: {seen!r}", mark.remedy)
    for span, after in zip_longest(spans, spans[1:]):
        at = span.origin.path, span.origin.line
        if span.kind == "html" and span.text.lower().strip("</> ") != "br":
            yield Fault(
                *at, f"a piece of HTML: {span.text}", r"write it in Markdown, or escape it: \<"
            )
        if span.kind in ("link", "picture") and "$" in span.target:
            yield Fault(*at, f"a dollar sign in an address: {span.target}", "write %24 for it")
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


def _code(page: Page, block: Block) -> Iterator[Fault]:
    """Code in a line whose end is not where it seems to be."""
    whole = "\n".join(page.lines[block.first : block.last])
    for found in CODE.finditer(whole):
        line = block.first + whole.count("\n", 0, found.start())
        if "\n" in found["code"]:
            yield _fault(page, line, "code that goes on in the next line", "keep it on one line")
        elif found["code"].endswith("\\") and len(found["mark"]) == 1:
            what = "a backslash before the backtick that ends some code"
            remedy = "close the code before it, or write code that ends so in two: ``x\\``"
            yield _fault(page, line, what, remedy)
        elif "`" in found["code"] and len(found["code"].strip()) > SHORT:
            remedy = "close the code before it: `x`; longer pieces stand in a fence"
            yield _fault(page, line, "code that holds a backtick", remedy)


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
            yield _fault(page, block.first, message, remedy)


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


DEFINITION = re.compile(r"[ \t>]*\[(?P<note>\^?)(?P<name>[^\]]+)\]:")


def _footnotes(page: Page) -> Iterator[Fault]:
    """Notes are numbered by their references or by their own order: both have to be the same."""
    notes = sorted((b.first, int(b.detail)) for b in page.blocks if b.kind == "footnote")
    for place, (first, number) in enumerate(notes, 1):
        if number != place:
            remedy = "put the notes in the order in which the text refers to them"
            yield _fault(page, first, f"footnote {number} is defined in place {place}", remedy)
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
        if found["note"]:
            remedy = f"refer to it in the text: [^{name}], and define it once, after a blank line"
            yield _fault(page, number, f"a footnote that nothing refers to: {name}", remedy)
        else:
            remedy = "write an address where it is used: [text](address)"
            yield _fault(page, number, f"the address of a link apart from its text: {name}", remedy)
