"""A lab as a page: the executed notebook for mkdocs-jupyter, and its pictures."""

from __future__ import annotations

import html
import re
from typing import Any

import nbformat
import yaml
from nbformat import NotebookNode

from engine.drawing.svg import labelled, own_ids
from engine.labs.run import Run
from engine.reading.page import Page
from engine.reading.percent import fence_around

KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}


def executed_notebook(page: Page, run: Run) -> NotebookNode:
    """A lab with what its cells gave: the same bytes at every build.

    As usual in notebooks, the front matter is a raw cell at the beginning.
    """
    meta = yaml.safe_dump(page.meta, allow_unicode=True, sort_keys=False)
    cells = [new_cell("raw", f"---\n{meta}---")]
    given = iter(enumerate(run.outputs, 1))
    for cell in page.cells:
        if not cell.is_code:
            cells.append(new_cell("markdown", cell.source))
            continue
        number, outputs = next(given)
        made = new_cell("code", cell.source)
        made.metadata["fence"] = fence_around(cell.source)
        made.metadata["number"] = number
        made.metadata["folded"] = cell.options.get("folded", "")
        made.metadata["picture"] = {
            "alt": cell.options.get("alt", ""),
            "caption": cell.options.get("caption", ""),
        }
        made.outputs = [nbformat.from_dict(o) for o in outputs if o.get("name") != "stderr"]
        cells.append(made)
    return notebook_of(cells)


def new_cell(kind: str, source: str) -> NotebookNode:
    """A cell, by hand: nbformat would validate each, and all of them again when it writes."""
    cell: dict[str, Any] = {"cell_type": kind, "metadata": {}, "source": source}
    if kind == "code":
        cell |= {"execution_count": None, "outputs": []}
    made: NotebookNode = nbformat.from_dict(cell)
    return made


def notebook_of(cells: list[NotebookNode]) -> NotebookNode:
    """A notebook with these cells, which are numbered so that it is the same at every build."""
    metadata = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    notebook: NotebookNode = nbformat.v4.new_notebook(metadata=metadata, cells=cells)
    return notebook


def picture(page: Page, drawn: str, number: int) -> str:
    """What code cell ``number``, counted from 0, has drawn, in the words of the page's language."""
    options = page.code_cells[number].options
    svg = labelled(own_ids(drawn, f"cell-{number}"), options["alt"], f"output:{number + 1}")
    for word, translation in options.get("labels", {}).items():
        svg = svg.replace(f">{_escaped(word)}</text>", f">{_escaped(translation)}</text>")
    return svg


def _escaped(text: str) -> str:
    return html.escape(text, quote=False)  # as Matplotlib writes it


def words_of(svg: str) -> list[str]:
    """The texts of a picture that are words rather than numbers or names such as ReLU."""
    texts = (html.unescape(text) for text in re.findall(r">([^<>]+)</text>", svg))
    return [text for text in texts if re.search(r"\b[a-z]{3,}", text)]
