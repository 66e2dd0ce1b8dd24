"""The stubs of a page: code with a gap, into which the reader writes a function.

A stub stands in the section of its exercise, a fence ``{.python data-exercise="name"}``, and the
function of that name in it is what the judge calls (``judges/``). The folded solution of the same
section defines it, too.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from engine.paths import exercise_id
from engine.reading.lines import Line
from engine.reading.markdown import Block
from engine.reading.page import Fence, Page
from engine.running.examples import pieces

#: What Python-Markdown makes of a stub's fence.
BUILT = re.compile(
    r'<div class="(?P<classes>language-python highlight)" data-exercise="(?P<exercise>\w+)">'
    r"(?P<code>.*?</pre>)</div>",
    re.S,
)


@dataclass(frozen=True)
class Function:
    """A function that a page defines: its name with its parameters, its code, its first line."""

    signature: str
    source: str
    line: Line


@dataclass(frozen=True)
class Stub:
    """A stub with what belongs to it; ``given`` is None where it does not define its function."""

    name: str
    fence: Fence
    given: Function | None
    solution: Function | None


def stubs_of(page: Page) -> list[Stub]:
    """All stubs of a page, in order, each with the solution in its section."""
    found = []
    for section in page.sections:
        solutions = _solutions(page, section.blocks)
        starts = {block.first + 1 for block in section.blocks if block.kind == "code"}
        for fence in page.stubs:
            if fence.first in starts:
                given = functions(fence.lines).get(fence.exercise)
                found.append(Stub(fence.exercise, fence, given, solutions.get(fence.exercise)))
    return found


def functions(lines: tuple[Line, ...]) -> dict[str, Function]:
    """The functions that some code defines on its first level; none where it is no Python."""
    source = "\n".join(lines)
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError):
        return {}
    return {
        node.name: Function(
            f"{node.name}({ast.unparse(node.args)})",
            ast.get_source_segment(source, node) or "",
            lines[node.lineno - 1],
        )
        for node in body
        if isinstance(node, ast.FunctionDef)
    }


def wrapped(html: str, page: str) -> str:
    """The HTML of the page with this name, each stub in an element that says what it is."""

    def wrap(found: re.Match[str]) -> str:
        name = exercise_id(page, found["exercise"])
        block = f'<div class="{found["classes"]}">{found["code"]}</div>'
        return f'<div class="try-it" data-exercise="{name}">{block}</div>'

    return BUILT.sub(wrap, html)


def _solutions(page: Page, blocks: tuple[Block, ...]) -> dict[str, Function]:
    """The functions that the folded solutions of a section define; the last of a name counts."""
    folded = [b for b in blocks if b.kind == "details" and b.detail == "success"]
    inside = [
        fence
        for fence in page.python_fences
        if any(solution.first < fence.first < solution.last for solution in folded)
    ]
    return {
        name: function
        for fence in inside
        for piece in pieces(fence)
        for name, function in functions(piece.lines).items()
    }
