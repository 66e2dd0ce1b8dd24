"""What readers take away: notebooks and scripts that run anywhere and give what the page shows."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from engine.running.examples import as_one_file, pieces
from engine.reference.page_parts import is_chapter
from engine.labs.run import execute, imported_snippets
from engine.downloads.notebooks import as_script, to_take_away
from engine.reading.page import Page, parse, parse_text
from engine.paths import DOCS, LANGUAGES, page_source, sources
from tests.conftest import ROOT, BuiltSite

TAKEN = [
    path for language in LANGUAGES for path in sources(language) if is_chapter(parse(path).meta)
]
IDS = [path.relative_to(DOCS).as_posix() for path in TAKEN]
every_download = pytest.mark.parametrize("path", TAKEN, ids=IDS)


def notebook_of(page: Page) -> NotebookNode:
    return to_take_away(page, "Notes", f"https://notes.example.org/{page.name}/")


def code_of(notebook: NotebookNode) -> list[str]:
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


def prose_of(notebook: NotebookNode) -> str:
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


@every_download
def test_the_site_has_the_notebook_and_the_script_and_links_to_them(
    path: Path, built_site: BuiltSite
) -> None:
    page = parse(path)
    folder = built_site.folder / ("" if page.language == LANGUAGES[0] else page.language)
    beside = folder / page.name / path.stem
    notebook = nbformat.read(beside.with_suffix(".ipynb"), as_version=4)
    nbformat.validate(notebook)
    assert all(not cell.get("outputs") for cell in notebook.cells)
    script = beside.with_suffix(".py").read_text(encoding="utf-8")
    assert [cell for cell in code_of(notebook) if cell.strip("\n") not in script] == []
    html = built_site.html(page.language, page.name)
    for suffix in (".ipynb", ".py"):
        assert f'href="{path.stem}{suffix}" download' in html


@every_download
def test_the_code_of_a_notebook_is_the_code_of_the_page(path: Path) -> None:
    page = parse(path)
    code = code_of(notebook_of(page))
    if page.is_lab:
        code = code[1:]  # the first brings the snippets along
        assert code == [cell.source for cell in page.code_cells]
    else:
        assert ast.dump(ast.parse("\n".join(code))) == ast.dump(ast.parse(as_one_file(page)[0]))


@every_download
def test_the_prose_of_a_notebook_is_that_of_the_page_in_plain_markdown(path: Path) -> None:
    page = parse(path)
    prose = prose_of(notebook_of(page))
    for heading in page.headings:
        assert f"{'#' * heading.level} {heading.text}\n" in prose + "\n"
    for formula in page.display_formulas:
        assert formula.tex.replace(r"\coloneqq", ":=") in re.sub(r"^> ?", "", prose, flags=re.M)
    left = re.findall(
        r"\{#|^(?:!!!|\?\?\?|///).*|--8<--|\]\((?!https?:)[^)]*\)|coloneqq", prose, re.M
    )
    assert left == []


@pytest.mark.parametrize("path", [p for p in TAKEN if parse(p).is_lab], ids=lambda p: p.stem)
def test_a_lab_brings_along_what_it_imports(path: Path, tmp_path: Path) -> None:
    page = parse(path)
    code = code_of(notebook_of(page))
    modules = sorted(p.stem for p in imported_snippets("\n".join(code)))
    assert modules
    script = tmp_path / "lab.py"
    imports = "".join(f"import snippets.{name}\n" for name in modules)
    script.write_text(f"{code[0]}\n{imports}print(snippets.__path__)\n", encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-I", str(script)], cwd=tmp_path, capture_output=True, encoding="utf-8"
    )
    assert run.returncode == 0, run.stderr
    assert str(ROOT) not in run.stdout


def test_executing_the_notebook_of_a_chapter_gives_what_its_page_shows(tmp_path: Path) -> None:
    page = parse(DOCS / "en" / "bptt.md")
    notebook = notebook_of(page)
    execute(notebook, sys.executable, tmp_path, os.environ)
    executed = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for cell, fence in zip(executed, page.python_fences, strict=True):
        assert all(output.output_type == "stream" for output in cell.outputs), cell.source
        printed = "".join(output.text for output in cell.outputs)
        shown = [line.rstrip() for code in pieces(fence) for line in code.shown or ()]
        assert [line.rstrip() for line in printed.splitlines()] == shown


SITE_MARKDOWN = """# A {#a}

$$
y \\coloneqq x
$$

!!! note "Said aside"

    Inside, [there](b.md#c).

    ```sh
    pip install numpy
    ```

Outside, `[code](x.md)`, $[a](b)$, [here](#a), [far](https://example.org).

??? success "Solution"

    Before.

    ```python
    x = 1
    ```

    After.

![A line.](figure:home/line)

/// caption
Look.
///
"""

PLAIN_BEFORE = """# A

$$
y := x
$$

> **Said aside**
>
> Inside, [there](https://notes.example.org/b/#c).
>
> ```sh
> pip install numpy
> ```

Outside, `[code](x.md)`, $[a](b)$, [here](https://notes.example.org/a/#a), [far](https://example.org).

> **Solution**
>
> Before."""

PLAIN_AFTER = """> After.

*Picture (on the page): A line.*

Look."""


def test_the_markdown_of_the_site_becomes_plain_markdown() -> None:
    page = parse_text(f"---\ntitle: A\n---\n\n{SITE_MARKDOWN}", DOCS / "en" / "a.md")
    cells = to_take_away(page, "Notes", "https://notes.example.org/a/").cells
    assert [cell.source for cell in cells[:3]] == [PLAIN_BEFORE, "x = 1", PLAIN_AFTER]
    assert "Notes" in cells[3].source
    without_address = to_take_away(page, "Notes", None).cells
    assert "Inside, there." in without_address[0].source
    assert len(without_address) == 3


def test_a_script_is_the_notebook_with_its_prose_as_comments() -> None:
    source = page_source("en", "bptt")
    assert source
    notebook = notebook_of(parse(source))
    script = as_script(notebook)
    assert script.startswith("# %% [markdown]\n# # ")
    assert len(ast.parse(script).body) == sum(len(ast.parse(c).body) for c in code_of(notebook))
