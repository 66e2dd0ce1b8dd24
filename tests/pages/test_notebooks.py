"""What readers take away: notebooks and scripts that run anywhere and give what the page shows."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from mkdocs.config import load_config
from nbformat import NotebookNode

from engine.child import environment
from engine.downloads.notebooks import as_script, packages, to_take_away
from engine.labs.run import execute
from engine.paths import LANGUAGES
from engine.reading.page import Page
from engine.running.examples import as_one_file, pieces
from engine.site import Site
from hooks.downloads import Downloads
from tests.conftest import ROOT, SITE, BuiltSite

TAKEN = [page for language in LANGUAGES for page in SITE.pages_of(language) if page.is_chapter]
IDS = [page.path.relative_to(SITE.docs).as_posix() for page in TAKEN]
every_download = pytest.mark.parametrize("page", TAKEN, ids=IDS)


def notebook_of(page: Page) -> NotebookNode:
    return to_take_away(page, SITE, "Notes", f"https://notes.example.org/{page.name}/")


def code_of(notebook: NotebookNode) -> list[str]:
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


def prose_of(notebook: NotebookNode) -> str:
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


@every_download
def test_the_site_has_the_notebook_and_the_script_and_links_to_them(
    page: Page, built_site: BuiltSite
) -> None:
    folder = built_site.folder / ("" if page.language == LANGUAGES[0] else page.language)
    beside, name = folder / page.name, page.path.stem
    notebook = nbformat.read(beside / f"{name}.ipynb", as_version=4)
    nbformat.validate(notebook)
    assert all(not cell.get("outputs") for cell in notebook.cells)
    script = (beside / f"{name}.py").read_text(encoding="utf-8")
    code = [cell for cell in code_of(notebook) if not cell.startswith("%pip")]
    assert [cell for cell in code if cell.strip("\n") not in script] == []
    html = built_site.html(page.language, page.name)
    for suffix in (".ipynb", ".py"):
        assert f'href="{name}{suffix}" download' in html


@every_download
def test_the_code_of_a_notebook_is_the_code_of_the_page(page: Page) -> None:
    installs, *code = code_of(notebook_of(page))
    assert installs == f"%pip install --quiet {packages(page)}"
    if page.is_lab:
        code = code[1:]  # it brings the snippets along
        assert code == [cell.source for cell in page.code_cells]
    else:
        assert ast.dump(ast.parse("\n".join(code))) == ast.dump(ast.parse(as_one_file(page)[0]))


@every_download
def test_a_script_installs_nothing_and_says_what_it_needs(page: Page) -> None:
    script = as_script(notebook_of(page))
    ast.parse(script)
    assert f"# %pip install --quiet {packages(page)}\n" in script


@every_download
def test_the_prose_of_a_notebook_is_that_of_the_page_in_plain_markdown(page: Page) -> None:
    prose = prose_of(notebook_of(page))
    for heading in page.headings:
        assert f"{'#' * heading.level} {heading.text}\n" in prose + "\n"
    for formula in page.display_formulas:
        assert formula.tex.replace(r"\coloneqq", ":=") in re.sub(r"^> ?", "", prose, flags=re.M)
    left = re.findall(
        r"\{#|^(?:!!!|\?\?\?|///).*|--8<--|\]\((?!https?:)[^)]*\)|coloneqq", prose, re.M
    )
    assert left == []


@pytest.mark.parametrize("page", SITE.labs_of("en"), ids=lambda page: page.name)
def test_a_lab_brings_along_what_it_imports(page: Page, tmp_path: Path) -> None:
    code = code_of(notebook_of(page))[1:]
    imported = SITE.modules.imported_by("\n".join(code))
    modules = sorted({path.stem for path in imported} - {"__init__"})
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
    page = page_named("bptt")
    notebook = notebook_of(page)
    notebook.cells = [cell for cell in notebook.cells if not cell.source.startswith("%pip")]
    execute(notebook, sys.executable, tmp_path, environment(tmp_path))
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
    page = SITE.read(f"---\ntitle: A\n---\n\n{SITE_MARKDOWN}", SITE.docs / "en" / "a.md")
    cells = to_take_away(page, SITE, "Notes", "https://notes.example.org/a/").cells
    code = "%pip install --quiet numpy", "x = 1"
    assert [cell.source for cell in cells[:4]] == [PLAIN_BEFORE, *code, PLAIN_AFTER]
    assert "*Notes*: <https://notes.example.org/a/>" in cells[4].source
    assert len(cells) == 5


def test_a_link_without_an_address_names_the_page_that_it_leads_to() -> None:
    text = (
        "[there](lstm.md#forward), [LSTM](lstm.md), [here](#a), [far](https://example.org), "
        "[gone](gone.md), [a lab](labs/memory.py), [home](index.md)\n"
    )
    page = SITE.read(f"---\ntitle: A\n---\n\n{text}", SITE.docs / "en" / "a.md")
    cells = to_take_away(page, SITE, "Notes", None).cells
    titles = {name: page_named(name).title for name in ("lstm", "labs/memory", "index")}
    assert titles["lstm"] == "LSTM"
    assert cells[0].source == (
        "there (see “LSTM”), LSTM, here, [far](https://example.org), gone (see “gone/”), "
        f"a lab (see “{titles['labs/memory']}”), home (see “{titles['index']}”)"
    )
    assert cells[-1].source == "This file was made from the page “A” of *Notes*."


def test_a_name_may_hold_a_dot(tmp_path: Path) -> None:
    docs = tmp_path / "docs" / "en"
    docs.mkdir(parents=True)
    text = "---\ntitle: A\nprerequisites: []\n---\n\n# A {#a}\n"
    (docs / "Upper.Case.md").write_text(text, encoding="utf-8")
    folder = tmp_path / "site" / "Upper.Case"
    folder.mkdir(parents=True)
    config = load_config(str(ROOT / "mkdocs.en.yml"), hooks=[], site_dir=str(folder.parent))
    Downloads(Site(tmp_path), "en").on_post_build(config)
    assert sorted(path.name for path in folder.iterdir()) == ["Upper.Case.ipynb", "Upper.Case.py"]


def page_named(name: str) -> Page:
    source = SITE.source("en", name)
    assert source
    return SITE.page(source)


def test_a_script_is_the_notebook_with_its_prose_as_comments() -> None:
    notebook = notebook_of(page_named("bptt"))
    script = as_script(notebook)
    assert script.startswith("# %% [markdown]\n# # ")
    code = code_of(notebook)[1:]
    assert len(ast.parse(script).body) == sum(len(ast.parse(cell).body) for cell in code)
