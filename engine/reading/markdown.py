"""A page's Markdown as blocks, read by markdown-it, a parser that the site is not built with.

Python-Markdown builds the site. Where the two understand a page in the same way it shows what is
meant; where they differ the guard finds it (engine/running/guard.py). So nothing here imitates
Python-Markdown, and emphasis alone is left out of the comparison.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from markdown_it import MarkdownIt
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.dollarmath.index import math_inline_dollar
from mdit_py_plugins.footnote import footnote_plugin

from engine.reading.lines import Line, Origin


@dataclass(frozen=True)
class Span:
    """A piece of a line: ``text``, ``literal`` (text that was escaped), ``code``, ``formula``,
    ``link`` and ``end link``, ``picture``, ``footnote``, ``html``, ``break``.

    ``target`` is where a link or a picture leads, ``title`` what is shown where one points at it.
    """

    kind: str
    text: str
    origin: Origin
    target: str = ""
    title: str = ""


@dataclass(frozen=True)
class Block:
    """A block of a page; one that holds others is followed by them, and by an ``end``, whose
    ``detail`` is what ends.

    The kinds are those of engine/reading/outline.py, and ``html``. ``first`` and ``last`` are the
    numbers of its lines among the lines of the page, counted from 0, ``last`` not among them.
    """

    kind: str
    origin: Origin
    first: int
    last: int
    detail: str = ""
    spans: tuple[Span, ...] = ()
    cells: tuple[tuple[Span, ...], ...] = ()
    #: Of a fence: its lines without the indentation of what it stands in.
    code: tuple[Line, ...] = ()
    #: The kinds of the blocks that it stands in, the outermost first.
    inside: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """Its words: what a reader reads that is neither code nor formula."""
        return "".join(s.text if s.kind in ("text", "literal") else " " for s in self.all_spans)

    @property
    def all_spans(self) -> Iterator[Span]:
        """The pieces of its line, or of all its cells."""
        yield from self.spans
        for cell in self.cells:
            yield from cell


#: ``!!! note "Title"``, ``??? success "Solution"``, ``=== "Label"``.
CONTAINER = re.compile(
    r'(?P<mark>!!!|\?\?\?\+?|===)(?: (?P<type>[a-z-]+))?(?: "(?P<title>.*)")?[ \t]*$'
)
CAPTION = re.compile(r"/// caption[ \t]*$")
ANCHOR = re.compile(r"[ \t]*\{#(?P<anchor>[\w.-]+)\}[ \t]*$")
INDENT = 4


def blocks(lines: Sequence[Line]) -> list[Block]:
    """The blocks of a page, in order."""
    if not lines:
        return []
    parser = _parser()
    tokens = parser.parse("\n".join(lines) + "\n")
    for number, token in enumerate(tokens):
        if token.type == "footnote_open":
            # markdown-it moves notes to the end of the page, and says only of what they hold
            # where it stands.
            token.map = next((below.map for below in tokens[number:] if below.map), None)
    return list(_Blocks(lines, tokens, parser))


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark").enable("table")
    # Escaped characters stay apart, and emphasis, on which the dialects differ where Chinese
    # stands beside it, stays in the text.
    parser.disable(["text_join", "emphasis"])
    parser.use(dollarmath_plugin, allow_labels=False, allow_space=False, allow_digits=False)
    parser.inline.ruler.at("math_inline", _formula)
    parser.use(deflist_plugin).use(footnote_plugin)
    interrupts: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}
    parser.block.ruler.before("fence", "container", _container, interrupts)
    parser.block.ruler.before("fence", "caption", _caption, interrupts)
    return parser


_dollars = math_inline_dollar(allow_space=False, allow_digits=False)


def _formula(state: StateInline, silent: bool) -> bool:
    """The plugin's rule. For the character before the first of a line it takes the last one."""
    if state.pos:
        return _dollars(state, silent)
    line = state.src
    state.src = f"{line}\n"
    try:
        return _dollars(state, silent)
    finally:
        state.src = line


def _line(state: StateBlock, number: int) -> str:
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]]


def _container(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """An admonition, a folded block or a tab: a mark, and what is indented below it."""
    if state.is_code_block(start):
        return False
    found = CONTAINER.match(_line(state, start))
    is_tab = found is not None and found["mark"] == "==="
    if not found or (is_tab != (found["type"] is None)) or (is_tab and found["title"] is None):
        return False
    if silent:
        return True
    indent = state.sCount[start] + INDENT
    last = start + 1
    while last < end and (state.isEmpty(last) or state.sCount[last] >= indent):
        last += 1
    kind = {"!": "admonition", "?": "details", "=": "tab"}[found["mark"][0]]
    detail = (found["type"] or "") + (" open" if found["mark"].endswith("+") else "")
    token = state.push(f"{kind}_open", "", 1)
    token.block, token.map, token.info = True, [start, last], detail
    token.meta = {"title": found["title"]}
    _nested(state, start + 1, last, indent)
    state.push(f"{kind}_close", "", -1).block = True
    state.line = last
    return True


def _caption(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A caption: what stands between ``/// caption`` and ``///``."""
    if state.is_code_block(start) or not CAPTION.match(_line(state, start)):
        return False
    last = start + 1
    while last < end and _line(state, last).rstrip() != "///":
        last += 1
    if last == end:
        return False
    if silent:
        return True
    token = state.push("caption_open", "", 1)
    token.block, token.map = True, [start, last + 1]
    _nested(state, start + 1, last, state.blkIndent)
    state.push("caption_close", "", -1).block = True
    state.line = last + 1
    return True


def _nested(state: StateBlock, start: int, end: int, indent: int) -> None:
    old = state.blkIndent, state.lineMax, state.parentType
    state.blkIndent, state.lineMax, state.parentType = indent, end, "container"
    state.md.block.tokenize(state, start, end)
    state.blkIndent, state.lineMax, state.parentType = old


@dataclass
class _Blocks:
    """Goes through markdown-it's tokens once and yields the blocks."""

    lines: Sequence[Line]
    tokens: list[Token]
    #: To make one takes as long as to read twenty titles with it.
    parser: MarkdownIt
    _inside: list[str] = field(default_factory=list)

    def __iter__(self) -> Iterator[Block]:
        tokens = iter(self.tokens)
        for token in tokens:
            yield from self._blocks(token, tokens)

    def _blocks(self, token: Token, rest: Iterator[Token]) -> Iterator[Block]:
        match token.type:
            case "heading_open":
                inline = next(rest)
                yield self._heading(token, inline)
                _skip(rest, "heading_close")
            case "paragraph_open" | "dt_open":
                inline = next(rest)
                kind = "paragraph" if token.type == "paragraph_open" else "term"
                yield self._block(token, kind, spans=self._spans(inline))
                _skip(rest, token.type.replace("_open", "_close"))
            case "table_open":
                yield from self._table(token, rest)
            case "fence" | "code_block":
                yield self._code(token)
            case "math_block":
                yield self._block(token, "formula", detail=token.content.strip())
            case "html_block":
                if not _is_comment(token.content):
                    yield self._block(token, "html", detail=token.content)
            case "hr":
                yield self._block(token, "rule")
            case _ if token.type in HOLDERS and token.nesting == 1:
                yield self._holder(token)
                self._inside.append(HOLDERS[token.type])
            case _ if token.nesting == -1 and token.type.replace("_close", "_open") in HOLDERS:
                yield self._end(self._inside.pop())
            case _ if token.type in (
                "footnote_block_open",
                "footnote_block_close",
                "dl_open",
                "dl_close",
                "footnote_anchor",
            ):
                pass
            case _:
                raise AssertionError(f"markdown-it gave a token that is not known: {token.type}")

    def _holder(self, token: Token) -> Block:
        detail = token.info
        spans: tuple[Span, ...] = ()
        if token.type == "ordered_list_open":
            start = token.attrGet("start")
            detail = "1" if start is None else str(start)
        elif token.type == "footnote_open":
            detail = str(token.meta["id"] + 1)
        elif token.type in ("bullet_list_open", "list_item_open"):
            detail = ""
        if token.meta and token.meta.get("title"):
            spans = self._title(token.meta["title"], token)
        return self._block(token, HOLDERS[token.type], detail=detail, spans=spans)

    def _title(self, title: str, token: Token) -> tuple[Span, ...]:
        inline = self.parser.parseInline(title)[0]
        inline.map = token.map
        return self._spans(inline)

    def _heading(self, token: Token, inline: Token) -> Block:
        spans = list(self._spans(inline))
        anchor = None
        if spans and spans[-1].kind == "text":
            anchor = ANCHOR.search(spans[-1].text)
            if anchor:
                last = spans.pop()
                spans.append(Span("text", last.text[: anchor.start()], last.origin))
        form = "" if token.markup.startswith("#") else " underlined"
        detail = f"{token.tag[1:]} #{anchor['anchor'] if anchor else ''}{form}"
        return self._block(token, "heading", detail=detail, spans=tuple(spans))

    def _table(self, token: Token, rest: Iterator[Token]) -> Iterator[Block]:
        rows: list[Block] = []
        cells: list[tuple[Span, ...]] = []
        kind = "head"
        for part in rest:
            if part.type == "table_close":
                break
            if part.type == "tbody_open":
                kind = "row"
            elif part.type == "tr_open":
                cells, row = [], part
            elif part.type == "inline":
                cells.append(self._spans(part))
            elif part.type == "tr_close":
                rows.append(self._block(row, kind, cells=tuple(cells)))
        yield self._block(token, "table", detail=str(len(rows[0].cells)))
        for made in rows:
            yield replace(made, inside=(*self._inside, "table"))
        yield self._end("table")

    def _code(self, token: Token) -> Block:
        assert token.map is not None
        first = token.map[0] + (token.type == "fence")
        texts = token.content.split("\n")[:-1] if token.content else []
        lines = tuple(
            Line.at(text.expandtabs(INDENT), self._origin(first + number))
            for number, text in enumerate(texts)
        )
        closed = token.type != "fence" or token.map[1] - token.map[0] == len(lines) + 2
        detail = token.info if token.type == "fence" else "indented"
        return self._block(token, "code" if closed else "open code", detail=detail, code=lines)

    def _end(self, kind: str) -> Block:
        return Block("end", self._origin(0), 0, 0, kind, inside=tuple(self._inside))

    def _block(self, token: Token, kind: str, **content: object) -> Block:
        first, last = token.map or (0, 0)
        return Block(
            kind,
            self._origin(first),
            first,
            last,
            inside=tuple(self._inside),
            **content,  # type: ignore[arg-type]
        )

    def _origin(self, number: int) -> Origin:
        return self.lines[min(number, len(self.lines) - 1)].origin

    def _spans(self, inline: Token) -> tuple[Span, ...]:
        number = inline.map[0] if inline.map else 0
        spans: list[Span] = []
        for child in inline.children or []:
            origin = self._origin(number)
            match child.type:
                case "text":
                    spans.append(Span("text", child.content, origin))
                case "text_special":
                    # A backslash before what needs none is a backslash.
                    escapes = child.info == "entity" or not child.content.startswith("\\")
                    kind = "literal" if escapes or child.content == "\\" else "text"
                    spans.append(Span(kind, child.content, origin))
                case "softbreak" | "hardbreak":
                    number += 1
                    spans.append(
                        Span("text" if child.type == "softbreak" else "break", "\n", origin)
                    )
                case "code_inline":
                    spans.append(Span("code", child.content, origin))
                case "math_inline":
                    spans.append(Span("formula", child.content, origin))
                    number += child.content.count("\n")
                case "link_open":
                    title = str(child.attrGet("title") or "")
                    spans.append(Span("link", "", origin, str(child.attrGet("href")), title))
                case "link_close":
                    spans.append(Span("end link", "", origin))
                case "image":
                    title = str(child.attrGet("title") or "")
                    source = str(child.attrGet("src"))
                    spans.append(Span("picture", child.content, origin, source, title))
                case "html_inline":
                    if not _is_comment(child.content):
                        spans.append(Span("html", child.content, origin))
                case "footnote_ref":
                    spans.append(Span("footnote", str(child.meta["id"] + 1), origin))
                case "footnote_anchor":
                    pass
                case _:
                    raise AssertionError(f"markdown-it gave a token not known: {child.type}")
        return tuple(_joined(spans))


#: What holds other blocks: markdown-it's name of it, and ours.
HOLDERS = {
    "bullet_list_open": "bullet list",
    "ordered_list_open": "ordered list",
    "list_item_open": "item",
    "blockquote_open": "quote",
    "admonition_open": "admonition",
    "details_open": "details",
    "tab_open": "tab",
    "caption_open": "caption",
    "footnote_open": "footnote",
    "dd_open": "definition",
}


def _skip(tokens: Iterator[Token], last: str) -> None:
    """Go past the end of a line: a footnote's last has the way back to its reference before it."""
    while next(tokens).type != last:
        pass


def _joined(spans: list[Span]) -> Iterator[Span]:
    """Texts that follow one another on a line become one; line breaks join two lines."""
    for kind, group in groupby(spans, lambda span: span.kind):
        found = list(group)
        if kind == "text":
            yield Span("text", "".join(span.text for span in found), found[0].origin)
        else:
            yield from found


def _is_comment(html: str) -> bool:
    return re.fullmatch(r"\s*(?:<!--.*?-->\s*)+", html, re.S) is not None
