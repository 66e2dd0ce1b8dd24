"""Every page of the site: examples shown and run, languages, stamps, equations, form."""

import ast
import re
import subprocess
import sys
from fnmatch import fnmatch
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from engine.running.examples import as_one_file, pieces
from engine.running.guard import compare, compare_lab
from engine.labs.run import imported_snippets, run_of
from engine.reading.page import Page, parse
from engine.running.collector import document
from engine.languages.parity import parity_faults
from engine.paths import LANGUAGES, is_lab, name_of, sibling_of, sources
from engine.languages.stamp import stamp_fault
from tests.conftest import ROOT, BuiltSite

PATHS = [path for language in LANGUAGES for path in sources(language)]
IDS = [path.relative_to(ROOT / "docs").as_posix() for path in PATHS]
every_page = pytest.mark.parametrize("path", PATHS, ids=IDS)
#: Pages whose code runs as examples; a lab's cells run when the site is built.
every_text, every_lab = (
    pytest.mark.parametrize(
        "path",
        [path for path in PATHS if is_lab(path) == labs],
        ids=[name for name, path in zip(IDS, PATHS, strict=True) if is_lab(path) == labs],
    )
    for labs in (False, True)
)

#: The widest line of code that a page shows without scrolling on most screens.
WIDEST = 72


def faults(found: object) -> str:
    return "\n".join(map(str, found))  # type: ignore[call-overload]


def test_pytest_enters_every_folder_of_tests(request: pytest.FixtureRequest) -> None:
    passed_over = request.config.getini("norecursedirs")
    folders = {path.parent.name for path in (ROOT / "tests").rglob("test_*.py")}
    assert folders == {"build", "pages", "site", "snippets"}
    assert [f for f in folders if any(fnmatch(f, pattern) for pattern in passed_over)] == []


def test_both_languages_have_the_same_pages() -> None:
    names = [{name_of(path) for path in sources(language)} for language in LANGUAGES]
    assert names[0] == names[1]


@every_text
def test_pytest_collects_the_page(path: Path, request: pytest.FixtureRequest) -> None:
    collector = request.session.config.hook.pytest_collect_file
    collected = collector(file_path=path, parent=request.session)
    examples = [item for found in collected for item in found.collect()]
    pieces_shown = [code for fence in parse(path).python_fences for code in pieces(fence)]
    assert len(examples) == len(pieces_shown)


@every_page
def test_a_page_has_no_build_faults(path: Path) -> None:
    assert faults(parse(path).faults) == ""


@every_text
def test_what_the_built_page_shows_is_what_ran(path: Path, built_site: BuiltSite) -> None:
    page = parse(path)
    html = built_site.html(page.language, page.name)
    assert faults(compare(document(path), html)) == ""


@every_lab
def test_what_the_built_lab_shows_is_what_ran(path: Path, built_site: BuiltSite) -> None:
    page = parse(path)
    html = built_site.html(page.language, page.name)
    assert faults(compare_lab(page, run_of(page), html)) == ""


@every_page
def test_a_page_says_what_its_sibling_says(path: Path) -> None:
    assert faults(parity_faults(parse(path), parse(sibling_of(path)))) == ""


@every_page
def test_a_page_is_in_step_with_its_sibling(path: Path) -> None:
    stale = stamp_fault(parse(path))
    assert stale is None, str(stale)


@every_page
def test_code_fits_the_page(path: Path) -> None:
    wide = [
        f"{line.origin.path.name}:{line.origin.line}: {len(line)} characters"
        for fence in parse(path).python_fences
        for code in pieces(fence)
        for line in (*code.lines, *(code.shown or ()))
        if len(line) > WIDEST
    ]
    assert wide == []


def named_packages(page: Page) -> set[str]:
    """What the page's ``pip install`` line names."""
    shell = [fence.source for fence in page.fences if fence.language in ("sh", "bash", "console")]
    line = re.search(r"pip install (.+)", "\n".join(shell))
    return set(re.findall(r"(?<![\w.<>=-])[a-z][\w-]*", line[1])) if line else set()


@every_text
def test_copied_code_runs_in_a_fresh_python_and_prints_the_page(path: Path, tmp_path: Path) -> None:
    source, shown = as_one_file(parse(path))
    script = tmp_path / "page.py"
    script.write_text(source, encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-I", str(script)], cwd=tmp_path, capture_output=True, encoding="utf-8"
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout == shown


@every_page
def test_a_page_names_the_packages_that_it_imports(path: Path) -> None:
    page = parse(path)
    code = "\n".join(code.source for fence in page.python_fences for code in pieces(fence))
    if page.is_lab:
        modules = [module.read_text(encoding="utf-8") for module in imported_snippets(code)]
        code = "\n".join([code, *modules])
    imported = {
        (node.module if isinstance(node, ast.ImportFrom) else alias.name).split(".")[0]
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    foreign = imported - sys.stdlib_module_names - {"snippets"}
    distributions = packages_distributions()
    unnamed = {m for m in foreign if not set(distributions.get(m, [m])) & named_packages(page)}
    assert unnamed == set(), "name what the page imports in its line 'pip install …'"


@every_page
def test_exercises_have_folded_solutions_that_run(path: Path) -> None:
    page = parse(path)
    starts = [h.origin.line for h in page.headings if h.anchor in page.exercises]
    ends = [h.origin.line for h in page.headings]
    for start in starts:
        end = min((line for line in ends if line > start), default=10**9)
        folded = [
            line.origin.line
            for line in page.prose
            if start < line.origin.line < end and re.match(r'\?\?\? success "', line)
        ]
        assert folded, f"line {start}: no folded solution"
        assert any(folded[0] < f.origin.line < end for f in page.python_fences), start
