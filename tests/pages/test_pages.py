"""Every page of the site, asked every question of the review, and what only a whole run shows."""

import functools
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path

import pytest

from engine.equations.relations import states_of
from engine.paths import LANGUAGES, is_lab
from engine.review import OF_THE_SITE, QUESTIONS, built_faults
from engine.running.examples import as_one_file, pieces
from tests.conftest import ROOT, SITE, BuiltSite

PATHS = [path for language in LANGUAGES for path in SITE.sources(language)]


def named(path: Path) -> str:
    return path.relative_to(SITE.docs).as_posix()


every_page = pytest.mark.parametrize("path", PATHS, ids=named)
#: Pages whose code runs as examples; a lab's cells run when the site is built.
every_text = pytest.mark.parametrize(
    "path", [path for path in PATHS if not is_lab(path)], ids=named
)
#: Every day all code runs from the top without the site's modules, in a reader's browser
#: (tests/site/test_run.py); that a fresh Python does the same, these show for the others.
EVERY_DAY = {"computation-graph", "gru"}
#: Both languages' code is held equal, and both run as examples: what a reader copies is taken
#: from one language, from the next page's in the other.
every_text_in_one_language = pytest.mark.parametrize(
    "path",
    [
        pytest.param(path, id=named(path), marks=[] if name in EVERY_DAY else pytest.mark.audit)
        for number, name in enumerate(SITE.names())
        if (path := SITE.source(LANGUAGES[number % len(LANGUAGES)], name)) and not is_lab(path)
    ],
)


def told(faults: object) -> str:
    return "\n".join(map(str, faults))  # type: ignore[call-overload]


def test_pytest_enters_every_folder_of_tests(request: pytest.FixtureRequest) -> None:
    passed_over = request.config.getini("norecursedirs")
    folders = {path.parent.name for path in (ROOT / "tests").rglob("test_*.py")}
    assert folders == {"build", "judges", "pages", "search", "site", "snippets"}
    assert [f for f in folders if any(fnmatch(f, pattern) for pattern in passed_over)] == []


def test_both_languages_have_the_same_pages() -> None:
    names = [{SITE.name_of(path) for path in SITE.sources(language)} for language in LANGUAGES]
    assert names[0] == names[1]


@functools.cache
def evaluate_all() -> None:
    """Evaluate the relations of all pages in one process, which is quicker than one for each."""
    states_of(SITE, [SITE.page(path) for path in PATHS])


#: The examples are collected by themselves, one test for each.
@pytest.mark.parametrize("question", [name for name in QUESTIONS if name != "examples"])
@every_page
def test_a_page_is_right(path: Path, question: str) -> None:
    if question == "relations":
        evaluate_all()
    assert told(QUESTIONS[question](SITE, SITE.page(path))) == ""


@pytest.mark.parametrize("question", OF_THE_SITE)
def test_the_site_is_right(question: str) -> None:
    assert told(OF_THE_SITE[question](SITE)) == ""


@every_page
def test_what_the_built_page_shows_is_what_was_read(path: Path, built_site: BuiltSite) -> None:
    page = SITE.page(path)
    assert SITE.built_file(page, built_site.folder).is_file()
    assert told(built_faults(SITE, page, built_site.folder)) == ""


@every_text
def test_pytest_collects_the_page(path: Path, request: pytest.FixtureRequest) -> None:
    found = request.session.config.hook.pytest_collect_file(file_path=path, parent=request.session)
    examples = [item for collected in found for item in collected.collect()]
    page = SITE.page(path)
    shown = [code for fence in page.python_fences for code in pieces(fence)]
    told = {(tie.origin.line, tie.ahead) for tie in page.ties}
    assert len(examples) == len(shown) + len(told)


@every_text_in_one_language
def test_copied_code_runs_in_a_fresh_python_and_prints_the_page(path: Path, tmp_path: Path) -> None:
    source, shown = as_one_file(SITE.page(path))
    script = tmp_path / "page.py"
    script.write_text(source, encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-I", "-X", "utf8", str(script)],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout == shown
