"""Ask all that concerns one page: the review, the tests of its snippets, the page in a browser.

    make check PAGE=lstm

Its pieces run in processes of their own, two at a time, each as soon as there is what it asks, the
longest first. To start a process or a browser takes seconds, so there are few. What they ask is
printed with its time; of a piece that finds something wrong, all that it says.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from pathlib import Path

from engine.faults import FaultsFound
from engine.paths import LANGUAGES, module_of
from engine.review import QUESTIONS
from engine.site import NoSuchPage, Site

#: What pytest says by its exit code where there was nothing to run.
NO_TESTS = 5

#: Whether the drawings show the pages' examples; whether the pages' solutions pass, and each wrong
#: answer gets its hint.
FIGURES, EXERCISES = "tests/pages/test_figures.py", "tests/judges/test_exercises.py"
#: Whether each block prints in the browser what the page shows: about half of what a browser does.
RUN = "tests/site/test_run.py"


@dataclass(frozen=True, eq=False)
class Piece:
    """One process: what it asks, its module with arguments, and variables of its environment."""

    title: str
    arguments: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """What came of a piece."""

    piece: Piece
    passed: bool
    output: str
    seconds: float

    def __str__(self) -> str:
        told = "right" if self.passed else "wrong"
        line = f"  {told}  {self.seconds:5.1f} s  {self.piece.title}"
        return line if self.passed else f"{line}\n{self.output.rstrip()}"


def check(site: Site, names: list[str], folder: Path) -> list[Answer]:
    """Run all pieces and print each answer as it comes; ``folder`` is for the built pages."""
    builds = [_build(names, language, folder) for language in LANGUAGES]
    reviews = [_review(names, language, folder) for language in LANGUAGES]
    tests = _tests(site, names)
    with ThreadPoolExecutor(max_workers=min(2, os.cpu_count() or 1)) as pool:

        def begun(pieces: list[Piece]) -> list[Future[Answer]]:
            return [pool.submit(_answer, piece, site.root) for piece in pieces]

        told: set[str] = set()
        building, testing = begun(builds), begun(tests)  # which need nothing that is built
        built = _told(building, told)
        if all(answer.passed for answer in built):
            opened = begun(_browser(names, folder))  # the longest first
        else:
            opened = []
            print("  –               not opened in a browser, since it cannot be built")
        return [*built, *_told([*testing, *opened, *begun(reviews)], told)]


def _build(names: list[str], language: str, folder: Path) -> Piece:
    arguments = ("engine.commands.partial_site", str(folder), *names, "--language", language)
    return Piece(f"build of docs/{language}", arguments)


def _review(names: list[str], language: str, folder: Path) -> Piece:
    asked = ", ".join([*QUESTIONS, "what the built page shows"])
    arguments = ("engine.review", *names, "--language", language, "--site", str(folder))
    return Piece(f"review of docs/{language}: {asked}", arguments)


def _tests(site: Site, names: list[str]) -> list[Piece]:
    """Those of the snippets, of what the figures show and of the exercises, in one process."""
    snippets = _tests_of_snippets(site, names)
    others = [path for path in (FIGURES, EXERCISES) if (site.root / path).is_file()]
    # Of the figures and exercises those of these pages, and which page has no row of figures.
    rows = ["left_out", *(name.rpartition("/")[2] for name in names)]
    rows += [f"{module_of(name)}." for name in names]
    asked = " or ".join([*rows, *(Path(file).stem for file in snippets)])
    files = [*snippets, *others]
    arguments = ("pytest", "-q", *files, "-k", asked)
    piece = Piece(f"tests: {', '.join(files)}", arguments, {"SITE_PAGES": " ".join(names)})
    return [piece] if files else []


def _tests_of_snippets(site: Site, names: list[str]) -> list[str]:
    """The tests of the modules that the pages show, but for those that belong to other pages."""
    own = {module_of(name) for name in names}
    others = {module_of(name) for name in site.names()} - own
    shown = set(own)
    for name in names:
        for language in LANGUAGES:
            path = site.source(language, name)
            included = site.page(path).files if path else set()
            shown |= {file.stem for file in included if site.snippets in file.parents}
    folder = site.root / "tests" / "snippets"
    tests = [folder / f"test_{module}.py" for module in sorted(shown - others)]
    tests += [folder / f"test_{module}_page.py" for module in sorted(own)]
    return [path.relative_to(site.root).as_posix() for path in tests if path.is_file()]


def _browser(names: list[str], folder: Path) -> list[Piece]:
    """The tests in a browser: what the pages are like, and what their code prints there."""
    environment = {"SITE_FOLDER": str(folder), "SITE_PAGES": " ".join(names)}
    asked = {
        "in a browser: tests/site": ("tests/site", f"--ignore={RUN}"),
        f"in a browser: {RUN}": (RUN,),
    }
    return [Piece(title, ("pytest", "-q", *files), environment) for title, files in asked.items()]


def _told(waited_for: list[Future[Answer]], told: set[str]) -> list[Answer]:
    """Print each answer as it comes."""
    answers = []
    for done in as_completed(waited_for):
        answers.append(done.result())
        output = untold(answers[-1].output, told)
        print(replace(answers[-1], output=output), flush=True)
    return answers


def untold(output: str, told: set[str]) -> str:
    """What a piece says without the faults that another has told: a module is of both languages."""
    parts = re.findall(r".*?\n    → [^\n]*\n|.+", output, re.S)
    found = [part for part in parts if part not in told]
    told.update(part for part in parts if "\n    → " in part)
    return "".join(found)


def _answer(piece: Piece, root: Path) -> Answer:
    start = time.monotonic()
    run = subprocess.run(
        [sys.executable, "-m", *piece.arguments],
        cwd=root,
        env=os.environ | {"PYTHONUTF8": "1", "NO_MKDOCS_2_WARNING": "1"} | piece.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    passed = run.returncode == 0 or (piece.arguments[0] == "pytest" and run.returncode == NO_TESTS)
    return Answer(piece, passed, run.stdout, time.monotonic() - start)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="make check", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("pages", nargs="+", metavar="PAGE", help="names, such as lstm, or files")
    given = parser.parse_args(arguments)
    site = Site(Path.cwd())
    start = time.monotonic()
    try:
        names = [site.named(page) for page in given.pages]
        with tempfile.TemporaryDirectory(prefix="check-") as folder:
            answers = check(site, names, Path(folder))
    except (NoSuchPage, FaultsFound) as error:
        print(error, file=sys.stderr)
        return 2 if isinstance(error, NoSuchPage) else 1
    passed = all(answer.passed for answer in answers)
    told = "all that concerns it is right" if passed else "something is wrong"
    print(f"{', '.join(names)}: {told} ({time.monotonic() - start:.1f} s)")
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
