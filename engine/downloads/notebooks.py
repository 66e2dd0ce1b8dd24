"""Notebooks of chapters and labs to take away, which run anywhere.

A chapter's code stands on the page already; a lab imports the site's snippets, so the notebook
brings them along in a cell of its own. What a page tells its reader to install, a cell installs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import jupytext
import nbformat
from nbformat import NotebookNode

from engine.downloads.portable import Portable
from engine.labs.page import new_cell, notebook_of
from engine.paths import shown
from engine.reading import sources
from engine.reading.catalogues import in_language
from engine.reading.markdown import Block
from engine.reading.page import Page
from engine.running.examples import pieces
from engine.site import Site

TEXT = {
    "zh": {
        "code": (
            "下一格是本站 `snippets/` 文件夹里、本实验要用的代码，"
            "它们被放进一个临时文件夹，供后面导入。"
        ),
        "from": "本文件由《{site}》的页面“{title}”生成",
        "at": "：<{address}>",
        "end": "。",
    },
    "en": {
        "code": (
            "The next cell holds the code of this site, from its folder `snippets/`, that this "
            "lab uses. It goes into a temporary folder, to be imported below."
        ),
        "from": "This file was made from the page “{title}” of *{site}*",
        "at": ": <{address}>",
        "end": ".",
    },
}


def to_take_away(page: Page, site: Site, site_name: str, address: str | None) -> NotebookNode:
    """The notebook of a chapter or a lab, without outputs; ``address`` is that of its page."""
    cells = []
    for is_code, text in _cells(page, site, Portable(page, site, address)):
        if is_code:
            cells.append(new_cell("code", text))
        elif text:
            cells.append(new_cell("markdown", text))
    words = TEXT[page.language]
    source = words["from"].format(site=site_name, title=page.meta["title"])
    source += words["at"].format(address=address) if address else words["end"]
    cells.append(new_cell("markdown", source))
    return notebook_of(cells)


def packages(page: Page) -> str | None:
    """What the page tells its reader to install, as the command says it; None if nothing."""
    lines = (line for fence in page.fences if not fence.is_python for line in fence.lines)
    named = (re.match(r"pip install (?P<packages>.+)", line) for line in lines)
    return next((found["packages"].strip() for found in named if found), None)


def as_script(notebook: NotebookNode) -> str:
    """A notebook as a Python file with ``# %%`` cells."""
    plain = nbformat.from_dict(notebook)
    plain.metadata["jupytext"] = {
        "notebook_metadata_filter": "-all",
        "cell_metadata_filter": "-all",
    }
    return str(jupytext.writes(plain, fmt="py:percent"))


def _cells(page: Page, site: Site, portable: Portable) -> Iterator[tuple[bool, str]]:
    """The prose of a page as Markdown cells, each of its Python fences as a code cell.

    Before the first code stands what it needs: the packages, and the snippets of a lab.
    """
    fences = {fence.first - 1: fence for fence in page.python_fences}
    waiting: list[Block] = []
    first = True
    for block in page.blocks:
        fence = fences.get(block.first) if block.kind == "code" else None
        if fence is None:
            waiting.append(block)
            continue
        yield False, portable.convert(waiting)
        waiting = []
        if first:
            yield from _needed(page, site)
            first = False
        yield True, "\n".join(code.source for code in pieces(fence)).strip("\n")
    yield False, portable.convert(waiting)


def _needed(page: Page, site: Site) -> Iterator[tuple[bool, str]]:
    """The cells that install what the page tells its reader to, and bring a lab's snippets."""
    wanted = packages(page)
    if wanted:
        yield True, f"%pip install --quiet {wanted}"
    if page.is_lab:
        code = "\n".join(cell.source for cell in page.code_cells)
        yield False, TEXT[page.language]["code"]
        yield True, _bring_along(site.modules.imported_by(code), page.language)


def _bring_along(snippets: set[Path], language: str) -> str:
    """A cell that makes these snippets importable, with the comments of a language."""
    named = sorted(path for path in snippets if path.stem != "__init__")
    modules = "\n\n".join(_as_text(path, language) for path in named)
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


def _as_text(path: Path, language: str) -> str:
    """A module as a text in a notebook, without the marks of its sections."""
    lines = sources.read(path).split("\n")
    source = "\n".join(line for line, _ in in_language(lines, path, language)).rstrip()
    if "'''" in source:
        raise ValueError(f"{shown(path)} holds ''', which would end its text in a notebook")
    source = re.sub(r"\n*# --8<-- \[start:[\w-]+\]\n", "\n\n\n", source)
    source = re.sub(r"\n*# --8<-- \[end:[\w-]+\]", "", source)
    return f"modules[\"{path.stem}\"] = r'''{source}\n'''"
