"""Everything that `make test` holds against the pages' content, as a list of faults.

    python -m engine.review                       languages, stamps, equations
    python -m engine.review --site site logistic  …and the examples of that page as built in site/

The tests ask the same questions one by one; this serves somebody who is writing.
"""

import argparse
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path

from sybil.example import SybilFailure

from engine.equations.faults import failed, formula_faults, unmatched
from engine.equations.check import all_checks, verify
from engine.faults import Fault
from engine.running.guard import compare, compare_lab
from engine.labs.run import run_of
from engine.reading.page import Page
from engine.running.collector import document
from engine.languages.parity import parity_faults
from engine.paths import LANGUAGES
from engine.site import pages, pairs
from engine.languages.stamp import stamp_fault


def content_faults(found: list[Page]) -> Iterator[Fault]:
    """What is wrong between the languages, with the stamps and with the equations."""
    for page, sibling in pairs(found):
        yield from parity_faults(page, sibling)
    for page in found:
        yield from formula_faults(page)
        stale = stamp_fault(page)
        if stale:
            yield stale
    checks = all_checks()
    yield from unmatched(found, checks)
    yield from failed(map(verify, checks.values()))


def example_faults(page: Page, site: Path) -> Iterator[Fault]:
    """The first example of a page that fails, and what the guard finds in its HTML."""
    html = built_file(page, site)
    if page.is_lab:  # it has run for the build
        if html.exists():
            yield from compare_lab(page, run_of(page), html.read_text(encoding="utf-8"))
        return
    collected = document(page.path)
    for example in collected.examples():
        try:
            example.evaluate()
        except SybilFailure as failure:
            found = "the output differs:\n" + failure.result.rstrip()
            yield Fault(page.path, example.line, found, "every shown number is a computed one")
            break
        except Exception as error:
            last = traceback.extract_tb(error.__traceback__)[-1]
            found = f"{type(error).__name__}: {error} ({last.filename}:{last.lineno})"
            yield Fault(page.path, example.line, found, "mend the example or the snippet")
            break
    if html.exists():
        yield from compare(collected, html.read_text(encoding="utf-8"))


def built_file(page: Page, site: Path) -> Path:
    """Where the build puts a page."""
    root = site if page.language == LANGUAGES[0] else site / page.language
    return root / ("" if page.name == "index" else page.name) / "index.html"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m engine.review", description=__doc__)
    parser.add_argument("names", nargs="*", help="pages whose examples to run, such as logistic")
    parser.add_argument("--site", type=Path, default=Path("site"))
    given = parser.parse_args()
    found, faults = pages()
    faults += content_faults(found)
    for page in found:
        if page.name in given.names:
            faults += example_faults(page, given.site)
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
