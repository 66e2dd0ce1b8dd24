"""Every lab: it warns of nothing, its pictures speak both languages, its results are told."""

import ast

import pytest

from engine.labs.run import labs, results, run_of
from engine.downloads.notebooks import picture, words_of
from engine.reading.page import Page
from engine.paths import DOCS, LANGUAGES, sources

LABS = [page for language in LANGUAGES for page in labs(language)]
every_lab = pytest.mark.parametrize(
    "page", LABS, ids=[page.path.relative_to(DOCS).as_posix() for page in LABS]
)


@every_lab
def test_a_lab_writes_no_warnings(page: Page) -> None:
    run = run_of(page)
    assert [run.warnings(number) for number in range(len(page.code_cells))] == [
        "" for _ in page.code_cells
    ]


@every_lab
def test_a_lab_sets_a_library_beside_our_code(page: Page) -> None:
    reached = results(page, run_of(page))
    assert len(reached) >= 2
    assert reached[0][0].startswith("ours")
    assert all(name and value and len(value) <= 60 for name, value in reached)


@every_lab
def test_a_lab_asserts_what_it_says(page: Page) -> None:
    trees = [ast.parse(cell.source) for cell in page.code_cells]
    assertions = [n for tree in trees for n in ast.walk(tree) if isinstance(n, ast.Assert)]
    assert len(assertions) >= 3


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
    run = run_of(page)
    drawn = [n for n, cell in enumerate(page.code_cells) if "alt" in cell.options]
    assert drawn
    for number in drawn:
        words = words_of(picture(page, run, number))
        assert (
            words == []
            if page.language == "zh"
            else page.code_cells[number].options.get("labels") is None
        ), f"cell {number + 1}"


def test_the_words_of_a_picture_are_told_from_numbers_and_names() -> None:
    svg = "<text>training loss</text><text>10</text><text>ReLU</text><text>LSTM &amp; GRU</text>"
    assert words_of(svg) == ["training loss"]


def test_both_languages_have_the_same_labs() -> None:
    names = [[p.stem for p in sources(language) if p.suffix == ".py"] for language in LANGUAGES]
    assert names[0] == names[1]
    assert len(names[0]) >= 6
