"""What a page is to show, from its blocks: the first of the two views that the guard compares."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.paths import exercise_id
from engine.reading.addresses import source_target
from engine.reading.lines import Origin
from engine.reading.markdown import Block, Span
from engine.reading.outline import (
    BREAK,
    CELL,
    END,
    Shown,
    code_mark,
    element_mark,
    footnote_mark,
    formula_mark,
    line_of,
    link_mark,
    picture_mark,
    tidy,
)
from engine.reading.page import DRAWN, Fence, Formula, Page, equation_id


def outline(page: Page) -> list[tuple[Shown, Origin]]:
    """Everything the page shows, in order, each with the line where it is written."""
    fences = {fence.first - 1: fence for fence in page.fences if fence.info != "indented"}
    found: list[tuple[Shown, Origin]] = []
    for block in page.blocks:
        fence = fences.get(block.first) if block.kind == "code" else None
        shown = _fence(page.name, fence) if fence else _shown(page.name, block)
        found.append((shown, block.origin))
    return found


def _fence(name: str, fence: Fence) -> Shown:
    if fence.exercise:
        return Shown("stub", exercise_id(name, fence.exercise), tidy(fence.source))
    title = f" {fence.title}" if fence.title else ""
    return Shown("code", fence.language + title, tidy(fence.source))


def _shown(name: str, block: Block) -> Shown:
    match block.kind:
        case "formula":
            formula = Formula(block.detail, True, block.origin)
            tag = formula.tag
            detail = f"#{equation_id(tag)} ({tag})" if tag else ""
            return Shown("formula", detail, formula.without_tag)
        case "head" | "row":
            return Shown(block.kind, "", CELL.join(line(name, cell) for cell in block.cells))
        case "code":
            return Shown("code", "", tidy("\n".join(block.code)))
        case "heading":
            return Shown(
                "heading", block.detail.removesuffix(" underlined"), line(name, block.spans)
            )
        case "end":
            return END
        case "html":
            return Shown("element", block.detail)
        case _:
            return Shown(block.kind, block.detail, line(name, block.spans))


def line(name: str, spans: Sequence[Span]) -> str:
    """A line of the page ``name`` in the form in which lines are compared."""
    return line_of("".join(_pieces(name, iter(spans))))


def _pieces(name: str, spans: Iterator[Span]) -> Iterator[str]:
    for span in spans:
        match span.kind:
            case "text":
                # Emphasis is not compared: the marks go, as they do in the built page.
                yield span.text.replace("*", "")
            case "literal":
                yield span.text
            case "code":
                yield code_mark(span.text)
            case "formula":
                yield formula_mark(span.text)
            case "link":
                yield link_mark(source_target(name, span.target), "".join(_pieces(name, spans)))
            case "end link":
                return
            case "picture":
                yield picture_mark(_picture(name, span.target), span.text)
            case "footnote":
                yield footnote_mark(span.text)
            case "break":
                yield BREAK
            case "html":
                tag = span.text.lower().strip("</> ")
                yield BREAK if tag == "br" else element_mark(tag, "")


def _picture(name: str, target: str) -> str:
    return target if target.partition(":")[0] in DRAWN else source_target(name, target)
