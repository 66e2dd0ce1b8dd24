"""What a cell of a lab may not hold: what a notebook alone understands, or shows by itself."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from engine.faults import Fault
from engine.reading.page import Page
from engine.reading.percent import Cell

#: A mark of a cell, as other editors and nbconvert write it.
OTHER_MARK = re.compile(r"\s*#\s*(?:%%|In\s*\[)")
MAGIC = re.compile(r"\s*[%!]")
#: What shows something besides ``print`` and a picture.
SHOWING = ("display", "get_ipython", "IPython")


def cell_faults(page: Page) -> list[Fault]:
    """Marks, magic commands and bare expressions in the code of a lab, before it has run."""
    return [
        Fault(cell.lines[line - 1].origin.path, cell.lines[line - 1].origin.line, what, remedy)
        for cell in page.code_cells
        for line, what, remedy in _cell(cell)
    ]


def _cell(cell: Cell) -> Iterator[tuple[int, str, str]]:
    source = "\n".join(cell.lines)
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        yield _unread(cell, error)
        return
    texts = {
        line
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        for line in range(node.lineno, (node.end_lineno or 0) + 1)
    }
    for number, line in enumerate(map(str, cell.lines), 1):
        if OTHER_MARK.match(line) and number not in texts:
            what = f"the mark of a cell that is none: {line.strip()!r}"
            yield number, what, "begin a cell with # %% or # %% [markdown], without indentation"
    for node in ast.walk(tree):
        name = getattr(node, "id", "") or getattr(node, "module", "") or getattr(node, "name", "")
        if isinstance(name, str) and name.partition(".")[0] in SHOWING:
            at = int(getattr(node, "lineno", 1))
            yield at, f"{name} shows what no script can", "print it, or draw it with Matplotlib"
            break
    last = tree.body[-1] if tree.body else None
    if isinstance(last, ast.Expr) and not isinstance(last.value, ast.Call | ast.Yield):
        what = "a bare expression, whose value a notebook shows and a script does not"
        yield last.lineno, what, "print it, or take it out"


def _unread(cell: Cell, error: SyntaxError) -> tuple[int, str, str]:
    for number, line in enumerate(map(str, cell.lines), 1):
        if MAGIC.match(line):
            what = f"a command of notebooks, which no script understands: {line.strip()!r}"
            remedy = "take it out; what is to be installed stands in a fence sh in the first cell"
            return number, what, remedy
    at = min(error.lineno or 1, len(cell.lines))
    return at, f"the cell is no Python: {error.msg}", "correct it"
