"""pytest collects the pages through Sybil: exactly the Python code that each page shows."""

from __future__ import annotations

import gc
import os
import sys
from collections import defaultdict
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from sybil import Sybil
from sybil.parsers.rest import DocTestParser

from engine.child import ONE_THREAD
from engine.faults import FaultsFound
from engine.paths import LANGUAGES, shown
from engine.reading.ties import Tie
from engine.reference.counts import total
from engine.running.collector import pages_sybil
from engine.running.example_faults import failure
from engine.running.examples import Code, difference, wrong_tie
from engine.running.update_outputs import OutputUpdates
from engine.site import Site

#: The site, whose pages a process reads once for all that asks of them.
SITE = Site(Path(__file__).parent)


class Examples:
    """The examples of the pages and of the snippets' docstrings, as pytest's tests."""

    def __init__(self, site: Site, update: bool) -> None:
        self.site = site
        self.updates = OutputUpdates(site) if update else None
        self.failed: dict[Path, list[str]] = defaultdict(list)
        self.counted: str | None = None
        docstrings = Sybil(parsers=[DocTestParser()], patterns=["snippets/*.py"])
        # pytest finds its hooks among the attributes of a plugin.
        pages = pages_sybil(site, self._mismatch, self._wrong_tie)
        self.pytest_collect_file = (pages + docstrings).pytest()

    def _mismatch(self, code: Code, expected: str, got: str) -> str | None:
        return self.updates.add(code, got) if self.updates else difference(code, expected, got)

    def _wrong_tie(self, tie: Tie, given: list[float] | bool, what: str) -> str | None:
        updated = self.updates and self.updates.add_tie(tie, given)
        return None if updated else wrong_tie(tie, given, what)

    def pytest_exception_interact(self, node: pytest.Item, call: pytest.CallInfo[Any]) -> None:
        """While outputs are written, a line for each example that fails, in place of pytest's."""
        if self.updates and call.excinfo:
            example = getattr(node, "example", None)
            line = example.line if example else 1
            fault = failure(self.site, node.path, line, call.excinfo.value)
            first, *_ = fault.message.splitlines()
            self.failed[node.path].append(f"{shown(node.path)}:{line}: {first}")

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if not self.updates:
            return
        written = self.updates.write()
        pages = dict.fromkeys([*(item.path for item in session.items), *self.failed])
        print()
        for failed in self.failed.values():
            print(*failed, sep="\n")
        for path in pages:
            told = "updated" if path in written else "not changed:"
            number = len(self.failed.get(path, ()))
            failing = f", where {number} example{'' if number == 1 else 's'} failed"
            print(f"{told} {shown(path)}{failing if number else ''}")

    @pytest.hookimpl(tryfirst=True, specname="pytest_sessionfinish")
    def pytest_leave_hypothesis(self, session: pytest.Session) -> None:
        """Its plugin would import all of it to sum up, after a run that has used nothing of it."""
        plugins = session.config.pluginmanager
        if "hypothesis" not in sys.modules and plugins.has_plugin("hypothesispytest"):
            plugins.unregister(name="hypothesispytest")

    def counts(self) -> str | None:
        """How much there is of what."""
        try:
            return str(total(page for lang in LANGUAGES for page in self.site.pages_of(lang)))
        except FaultsFound:  # which a test has told
            return None

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """How much there is of what, where everything has run: reading all pages takes time."""
        if not _asks_everything(terminalreporter.config):
            return
        counts = self.counted or self.counts()
        if counts:
            terminalreporter.section("what the pages hold")
            terminalreporter.line(counts)


class CountsOfWorker:
    """Where tests run in parallel, one of the workers counts, which has read the pages anyway."""

    def __init__(self, examples: Examples) -> None:
        self.examples = examples

    def pytest_configure_node(self, node: Any) -> None:
        """In the first process: which worker is to count."""
        node.workerinput["counts"] = node.gateway.id == "gw0" and _asks_everything(node.config)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        given = getattr(session.config, "workerinput", {})
        if given.get("counts"):
            session.config.workeroutput["counts"] = self.examples.counts()  # type: ignore[attr-defined]

    def pytest_testnodedown(self, node: Any, error: object) -> None:
        """In the first process: what a worker has counted."""
        told = getattr(node, "workeroutput", {}).get("counts")
        self.examples.counted = told or self.examples.counted


def _asks_everything(config: pytest.Config) -> bool:
    return config.args_source == pytest.Config.ArgsSource.TESTPATHS


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-outputs",
        action="store_true",
        help="write what the pages' examples print into the pages of both languages",
    )


def pytest_configure(config: pytest.Config) -> None:
    os.environ.update(ONE_THREAD)  # before NumPy is imported
    if config.getoption("--update-outputs"):
        config.option.tbstyle, config.option.reportchars = "no", "N"
    examples = Examples(SITE, config.getoption("--update-outputs"))
    config.pluginmanager.register(examples)
    if config.pluginmanager.has_plugin("xdist"):
        config.pluginmanager.register(CountsOfWorker(examples))


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, Any, Any]:
    """What is collected stays to the end: Python need not look through it again and again."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Where tests run in parallel, the examples of one page stay together and in order."""
    from xdist.scheduler import LoadScopeScheduling

    class PagesTogether(LoadScopeScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            path, _, rest = nodeid.partition("::")
            return path if rest.startswith("line:") else nodeid

    return PagesTogether(config, log)
