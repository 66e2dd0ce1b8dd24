"""pytest collects the pages through Sybil: exactly the Python code that each page shows."""

import pytest
from sybil import Sybil
from sybil.parsers.rest import DocTestParser
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from engine.reference.counts import total
from engine.running.examples import Code
from engine.running.update_outputs import OutputUpdates
from engine.running.collector import pages_sybil
from engine.site import pages

updates = OutputUpdates()
_updating = False


def _note_or_fail(code: Code, got: str) -> bool:
    if _updating:
        updates.add(code, got)
    return _updating


_docstrings = Sybil(parsers=[DocTestParser()], patterns=["snippets/*.py"])

pytest_collect_file = (pages_sybil(_note_or_fail) + _docstrings).pytest()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-outputs",
        action="store_true",
        help="write what the pages' examples print into the pages of both languages",
    )


def pytest_configure(config: pytest.Config) -> None:
    global _updating
    _updating = config.getoption("--update-outputs")


class PagesTogether(LoadScopeScheduling):  # type: ignore[misc]
    """Where tests run in parallel, the examples of one page stay together and in order."""

    def _split_scope(self, nodeid: str) -> str:
        path, _, rest = nodeid.partition("::")
        return path if rest.startswith("line:") else nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> PagesTogether:
    return PagesTogether(config, log)


def pytest_sessionfinish(session: pytest.Session) -> None:
    if _updating:
        for path in updates.write():
            print(f"\nupdated {path.relative_to(session.config.rootpath)}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    found, _ = pages()
    terminalreporter.section("what the pages hold")
    terminalreporter.line(str(total(found)))
