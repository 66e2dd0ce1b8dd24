"""Every lab: it warns of nothing, its pictures speak both languages, its results are told.

And how a notebook becomes a page: the one that its script is read as, with what the cells printed.
"""

import ast
import html
import re
from collections.abc import Callable

import jupytext
import nbformat
import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from mkdocs.config import load_config
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page as BuiltPage
from mkdocs_jupyter.config import settings

from engine.labs.page import executed_notebook, notebook_of, picture, words_of
from engine.labs.results import results
from engine.labs.run import run as run_cells
from engine.paths import LANGUAGES
from engine.reading import percent
from engine.reading.page import Page
from engine.reading.reader import lines_of
from hooks.labs import TEMPLATES, converted
from tests.conftest import ROOT, SITE

LABS = [page for language in LANGUAGES for page in SITE.labs_of(language)]
every_lab = pytest.mark.parametrize(
    "page", LABS, ids=[page.path.relative_to(SITE.docs).as_posix() for page in LABS]
)


@every_lab
def test_a_lab_writes_no_warnings(page: Page) -> None:
    run = SITE.labs.run_of(page)
    assert [run.warnings(number) for number in range(len(page.code_cells))] == [
        "" for _ in page.code_cells
    ]


@every_lab
def test_a_lab_sets_a_library_beside_our_code(page: Page) -> None:
    reached = results(page, SITE.labs.run_of(page))
    assert len(reached) >= 2
    assert reached[0][0].startswith(("ours", "本站"))
    assert all(name and value and len(value) <= 60 for name, value in reached)


@pytest.mark.audit
@every_lab
def test_a_lab_shows_what_its_own_code_prints(page: Page) -> None:
    shown, ran = SITE.labs.run_of(page), run_cells([cell.source for cell in page.code_cells], ROOT)
    for number in range(len(page.code_cells)):
        assert shown.printed(number) == ran.printed(number)


@every_lab
def test_a_lab_asserts_what_it_says(page: Page) -> None:
    counts = {True: 0, False: 0}
    for cell in page.code_cells:
        nodes = ast.walk(ast.parse(cell.source))
        counts["folded" in cell.options] += sum(isinstance(n, ast.Assert) for n in nodes)
    assert counts[True] >= 3
    assert counts[False] <= 4, "what guards a sentence is folded at the end of its section"


@every_lab
def test_progress_is_shown_in_a_terminal_alone(page: Page) -> None:
    code = "\n".join(cell.source for cell in page.code_cells)
    bars = [
        node
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "tqdm"
    ]
    for bar in bars:
        given = {keyword.arg: ast.unparse(keyword.value) for keyword in bar.keywords}
        assert given.get("disable") == "None", "tqdm then asks whether it writes to a terminal"


@every_lab
def test_the_words_of_a_picture_are_in_the_language_of_its_page(page: Page) -> None:
    run = SITE.labs.run_of(page)
    drawn = [n for n, cell in enumerate(page.code_cells) if "alt" in cell.options]
    assert drawn
    for number in drawn:
        words = words_of(picture(page, SITE.labs.picture(run, number), number))
        assert (
            words == []
            if page.language == "zh"
            else page.code_cells[number].options.get("labels") is None
        ), f"cell {number + 1}"


def test_the_words_of_a_picture_are_told_from_numbers_and_names() -> None:
    svg = "<text>training loss</text><text>10</text><text>ReLU</text><text>LSTM &amp; GRU</text>"
    assert words_of(svg) == ["training loss"]


def test_both_languages_have_the_same_labs() -> None:
    names = [[page.name for page in SITE.labs_of(language)] for language in LANGUAGES]
    assert names[0] == names[1]
    assert len(names[0]) >= 6


@every_lab
def test_a_script_is_read_as_jupytext_reads_it(page: Page) -> None:
    text = page.path.read_text(encoding="utf-8")
    _, cells, faults = percent.read(lines_of(text, page.path))
    theirs = [c for c in jupytext.reads(text, "py:percent").cells if c.cell_type != "raw"]
    assert [(c.is_code, c.source) for c in cells] == [
        (c.cell_type == "code", c.source) for c in theirs
    ]
    assert faults == []


@pytest.fixture(scope="module")
def markdown_of() -> Callable[[str], str]:
    """What mkdocs-jupyter, as the site configures it, makes of a notebook."""
    config = load_config(str(ROOT / "mkdocs.yml"), hooks=[])
    plugin = config.plugins["mkdocs-jupyter"]
    settings.templates_dir = str(TEMPLATES)

    def convert(notebook: str) -> str:
        file = File("labs/lab.py", config.docs_dir, config.site_dir, use_directory_urls=True)
        page = plugin.on_pre_page(BuiltPage(None, file, config), config, Files([file]))
        return converted(page, config, notebook)

    return convert


@pytest.mark.parametrize("page", LABS[1:3], ids=lambda page: page.name)
def test_its_notebook_becomes_the_page_that_its_script_is_read_as(
    page: Page, markdown_of: Callable[[str], str]
) -> None:
    made = markdown_of(nbformat.writes(executed_notebook(page, SITE.labs.run_of(page))))
    front, _, body = made.removeprefix("---\n").partition("\n---\n")
    output = re.compile(r'\n<div class="output no-copy"><pre><code>(.*?)</code>.*?\n', re.S)
    run = SITE.labs.run_of(page)
    printed = [run.printed(number).rstrip() for number in range(len(page.code_cells))]
    assert list(map(html.unescape, output.findall(body))) == [text for text in printed if text]
    assert [line for line in output.sub("", body).splitlines() if line.strip()] == [
        line for line in page.lines if line.strip()
    ]
    assert "title: " in front


#: What Markdown, its extensions, HTML and notebooks give a meaning to.
PRINTED = st.lists(
    st.sampled_from(
        [
            "```",
            "~~~",
            "$x$",
            "$$",
            "<b>",
            "&lt;",
            "&#9;",
            "\t",
            "  ",
            "\n",
            "\n\n",
            "|",
            "# a",
            "</code>",
            "</div>",
            '--8<-- "x.py"',
            "[a](b)",
            "*",
            "_",
            "\\",
            "!!! note",
            "    ",
            "///",
            "/// caption",
            "<!-- end of the notebook -->",
            "{#a}",
            "數",
            "1.0e-3",
        ]
    ),
    min_size=1,
    max_size=8,
).map("".join)


@examples(max_examples=10, deadline=None)
@given(texts=st.lists(PRINTED.filter(str.strip), min_size=20, max_size=20))
def test_what_a_cell_prints_is_shown_letter_by_letter(
    texts: list[str], markdown_of: Callable[[str], str], render: Callable[[str], str]
) -> None:
    cells = []
    for text in texts:
        made = nbformat.v4.new_code_cell("x = 1", metadata={"fence": "```"})
        made.outputs = [nbformat.v4.new_output("stream", name="stdout", text=text)]
        cells.append(made)
    page = BeautifulSoup(render(markdown_of(nbformat.writes(notebook_of(cells)))), "html.parser")
    shown = [output.get_text() for output in page.select("div.output.no-copy > pre > code")]
    assert [_lines(text) for text in shown] == [_lines(text) for text in texts]


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.rstrip().split("\n")]


@given(code=st.lists(st.sampled_from(["x = 1", '"""', "```", "````", "# `a`"])).map("\n".join))
def test_a_fence_is_longer_than_any_in_its_code(code: str) -> None:
    fence = percent.fence_around(code)
    assert set(fence) == {"`"}
    assert len(fence) >= 3
    assert fence not in code


def test_the_notebook_of_a_lab_is_the_same_each_time() -> None:
    page = LABS[0]
    run = SITE.labs.run_of(page)
    first, second = (nbformat.writes(executed_notebook(page, run)) for _ in range(2))
    assert first == second
