"""Notebooks made from pages: a lab as the build shows it, and every chapter and lab to take away.

What is taken away runs anywhere. A chapter's code stands on the page already; a lab imports the
site's snippets, so the notebook brings them along in a cell of its own.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path

import jupytext
import nbformat
from nbformat import NotebookNode

from engine.running.examples import pieces
from engine.drawing.svg import labelled, own_ids
from engine.labs.run import Run, imported_snippets
from engine.reading.page import Page
from engine.paths import shown
from engine.downloads.portable import Portable

KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}

TEXT = {
    "zh": {
        "code": (
            "下一格是本站 `snippets/` 文件夹里、本实验要用的代码，"
            "它们被放进一个临时文件夹，供后面导入。"
        ),
        "from": "本文件由《{site}》的页面“{title}”生成：",
    },
    "en": {
        "code": (
            "The next cell holds the code of this site, from its folder `snippets/`, that this "
            "lab uses. It goes into a temporary folder, to be imported below."
        ),
        "from": "This file was made from the page “{title}” of *{site}*:",
    },
}


def lab_as_built(page: Page, run: Run) -> NotebookNode:
    """A lab with its outputs, for mkdocs-jupyter; the page itself takes its pictures later."""
    notebook = _notebook()
    outputs = iter(enumerate(run.outputs))
    for cell in page.cells:
        if not cell.is_code:
            notebook.cells.append(nbformat.v4.new_markdown_cell(cell.source))
            continue
        number, given = next(outputs)
        made = nbformat.v4.new_code_cell(cell.source)
        made.metadata["picture"] = {
            "number": number,
            "alt": cell.options.get("alt", ""),
            "caption": cell.options.get("caption", ""),
        }
        made.outputs = [nbformat.from_dict(o) for o in given if o.get("name") != "stderr"]
        notebook.cells.append(made)
    return notebook


def picture(page: Page, run: Run, number: int) -> str:
    """The picture of code cell ``number``, in the words of the page's language."""
    options = page.code_cells[number].options
    svg = labelled(own_ids(run.pictures(number)[0], f"cell-{number}"), options["alt"])
    for word, translation in options.get("labels", {}).items():
        svg = svg.replace(f">{_escaped(word)}</text>", f">{_escaped(translation)}</text>")
    return svg


def _escaped(text: str) -> str:
    return html.escape(text, quote=False)  # as Matplotlib writes it


def words_of(svg: str) -> list[str]:
    """The texts of a picture that are words rather than numbers or names such as ReLU."""
    texts = (html.unescape(text) for text in re.findall(r">([^<>]+)</text>", svg))
    return [text for text in texts if re.search(r"\b[a-z]{3,}", text)]


def to_take_away(page: Page, site_name: str, address: str | None) -> NotebookNode:
    """The notebook of a chapter or a lab, without outputs; ``address`` is that of its page."""
    notebook = _notebook()
    for is_code, text in _cells(page, Portable(page, address)):
        if is_code:
            notebook.cells.append(nbformat.v4.new_code_cell(text))
        elif text:
            notebook.cells.append(nbformat.v4.new_markdown_cell(text))
    if address:
        source = TEXT[page.language]["from"].format(site=site_name, title=page.meta["title"])
        notebook.cells.append(nbformat.v4.new_markdown_cell(f"{source} <{address}>"))
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{number}"  # the same notebook at every build
    return notebook


def as_script(notebook: NotebookNode) -> str:
    """A notebook as a Python file with ``# %%`` cells."""
    plain = nbformat.from_dict(notebook)
    plain.metadata["jupytext"] = {
        "notebook_metadata_filter": "-all",
        "cell_metadata_filter": "-all",
    }
    return str(jupytext.writes(plain, fmt="py:percent"))


def _notebook() -> NotebookNode:
    metadata = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    notebook: NotebookNode = nbformat.v4.new_notebook(metadata=metadata)
    return notebook


def _cells(page: Page, portable: Portable) -> Iterator[tuple[bool, str]]:
    return _lab_cells(page, portable) if page.is_lab else _chapter_cells(page, portable)


def _lab_cells(page: Page, portable: Portable) -> Iterator[tuple[bool, str]]:
    """The cells of a lab, and before its first code the snippets that it imports."""
    code = "\n".join(cell.source for cell in page.code_cells)
    brought = False
    for cell in page.cells:
        if cell.is_code and not brought:
            yield False, TEXT[page.language]["code"]
            yield True, _bring_along(code)
            brought = True
        yield cell.is_code, cell.source if cell.is_code else portable.convert(cell.lines)


def _bring_along(code: str) -> str:
    """A cell that makes the snippets importable which some code imports."""
    modules = "\n\n".join(map(_as_text, sorted(imported_snippets(code))))
    return (
        "import sys\n"
        "import tempfile\n"
        "from pathlib import Path\n\n"
        "modules = {}\n\n"
        f"{modules}\n\n"
        'folder = Path(tempfile.mkdtemp()) / "snippets"\n'
        "folder.mkdir()\n"
        "sys.path.insert(0, str(folder.parent))\n"
        "for name, text in modules.items():\n"
        '    (folder / f"{name}.py").write_text(text, encoding="utf-8")'
    )


def _as_text(path: Path) -> str:
    """A module as a text in a notebook, without the marks of its sections."""
    source = path.read_text(encoding="utf-8").rstrip()
    if "'''" in source:
        raise ValueError(f"{shown(path)} holds ''', which would end its text in a notebook")
    source = re.sub(r"\n*# --8<-- \[start:[\w-]+\]\n", "\n\n\n", source)
    source = re.sub(r"\n*# --8<-- \[end:[\w-]+\]", "", source)
    return f"modules[\"{path.stem}\"] = r'''{source}\n'''"


def _chapter_cells(page: Page, portable: Portable) -> Iterator[tuple[bool, str]]:
    """The prose of a chapter as Markdown cells, each Python fence as a code cell."""
    waiting = 0
    for fence in page.python_fences:
        yield False, portable.convert(page.lines[waiting : fence.first - 1])
        yield True, "\n".join(code.source for code in pieces(fence)).strip("\n")
        waiting = fence.first + len(fence.lines) + 1
    yield False, portable.convert(page.lines[waiting:])
