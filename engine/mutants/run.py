"""Which mutants the pages notice: by an output, by a number in their prose, or by an error.

A page runs once up to the piece of code that is to be changed. From there on a forked process runs
the rest of it with the change, for each mutant, up to the first difference. What it prints, and
what its prose says of it, is compared as the tests compare it.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
from collections.abc import Iterable
from pathlib import Path

from sybil import Example

from engine.faults import Fault, FaultsFound
from engine.mutants.mutate import Mutant
from engine.paths import is_lab
from engine.reading.page import Page
from engine.running.collector import document
from engine.running.examples import Code
from engine.site import Site

#: Seconds of a processor that a changed page may take: so many, and so many times as long as ever.
SECONDS, TIMES = 1, 3

#: Bytes that it may take: a number that was changed may be a size.
MEMORY = 4 << 30


def unnoticed(site: Site, module: Path, mutants: Iterable[Mutant], language: str) -> list[Mutant]:
    """The mutants of a module that no page of a language notices which shows their place.

    Raises FaultsFound where a page fails as it is.
    """
    left = list(mutants)
    pages = [page for page in chapters(site, language) if _shows(page, module)]
    for page in sorted(pages, key=lambda page: page.path.stem.replace("-", "_") != module.stem):
        if left:
            noticed = noticed_by(site, page, left)
            left = [mutant for mutant in left if mutant not in noticed]
    return left


def chapters(site: Site, language: str) -> list[Page]:
    """The pages of a language whose outputs are compared, which those of labs are not."""
    return [site.page(path) for path in site.sources(language) if not is_lab(path)]


def _shows(page: Page, module: Path) -> bool:
    return any(line.origin.path == module for fence in page.python_fences for line in fence.lines)


def noticed_by(site: Site, page: Page, mutants: list[Mutant]) -> set[Mutant]:
    """Those of the mutants that this page notices. Raises FaultsFound where it fails as it is."""
    examples = list(document(site, page.path).examples())
    passed, seconds = _try(examples, 0, None, None)
    if not passed:
        what = "a page that fails by itself says nothing of mutants"
        remedy = f"mend it first: make check PAGE={page.name}"
        raise FaultsFound(Fault(page.path, 1, what, remedy))
    limit = SECONDS + TIMES * seconds
    noticed: set[Mutant] = set()
    for place, example in enumerate(examples):
        code = example.parsed
        for mutant in mutants if isinstance(code, Code) else ():
            changed = mutant.applied(code)
            if changed and mutant not in noticed and not _try(examples, place, changed, limit)[0]:
                noticed.add(mutant)
        example.evaluate()
    return noticed


def _try(
    examples: list[Example], place: int, changed: Code | None, limit: float | None
) -> tuple[bool, float]:
    """Whether a page goes on from a place as it should, with a change, and how long it took.

    It runs in a process of its own, which leaves this one as it is.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child == 0:
        outcome = 1
        try:
            _restrict(limit)
            outcome = 0 if _goes_on(examples, place, changed) else 1
        finally:
            os._exit(outcome)
    _, status, used = os.wait4(child, 0)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGINT:
        raise KeyboardInterrupt
    return os.waitstatus_to_exitcode(status) == 0, used.ru_utime + used.ru_stime


def _restrict(limit: float | None) -> None:
    """Nothing that is printed is seen; who takes too much is ended."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    if limit is not None:
        signal.setitimer(signal.ITIMER_PROF, limit)  # the signal that it sends ends a process


def _goes_on(examples: list[Example], place: int, changed: Code | None) -> bool:
    if changed:
        examples[place].parsed = changed
    try:
        for example in examples[place:]:
            example.evaluate()
    except Exception:  # whatever the change leads to
        return False
    return True
