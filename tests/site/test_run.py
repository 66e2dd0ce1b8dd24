"""Every block of every page runs in a real browser, and prints what the page shows.

In one language, for the code of both is the same. What is loaded is under the policy, and comes
from the site alone. The pages of a process share one Python, which begins each from the top.
"""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, BrowserContext, Request

from engine.paths import LANGUAGES
from engine.reading.page import Page
from engine.running.examples import pieces
from tests.site.conftest import Visit
from tests.site.pages import NAMES, address, page
from tests.site.running import HOST, Run, differences, run_all

LANGUAGE = LANGUAGES[1]
RUNNING = [
    name for name in NAMES if not page(LANGUAGE, name).is_lab and page(LANGUAGE, name).python_fences
]


@pytest.fixture(scope="module")
def context(browser: Browser, served: str, has_runtime: None) -> Iterator[BrowserContext]:
    """A browser in which one tab has started Python for the others."""
    opened = browser.new_context(viewport={"width": 1280, "height": 900})
    host = opened.new_page()
    host.goto(served + address(LANGUAGE, RUNNING[0]))
    host.evaluate(HOST)
    yield opened
    opened.close()


@pytest.fixture
def foreign(context: BrowserContext, served: str) -> Iterator[list[str]]:
    """The requests to anybody else, of the page and of Python."""
    found: list[str] = []

    def note(request: Request) -> None:
        if not request.url.startswith((served, "data:", "blob:")):
            found.append(request.url)

    context.on("request", note)
    yield found
    context.remove_listener("request", note)


@pytest.mark.parametrize("name", RUNNING)
def test_every_block_prints_in_the_browser_what_the_page_shows(
    name: str, context: BrowserContext, served: str, foreign: list[str]
) -> None:
    visit = Visit(context.new_page())
    visit.page.on("pageerror", lambda error: visit.errors.append(str(error)))
    visit.page.goto(served + address(LANGUAGE, name))
    run = run_all(visit)
    assert differences(run, page(LANGUAGE, name)) == []
    number = len(page(LANGUAGE, name).python_fences)
    assert run.status.startswith(f"All {number} blocks have run. Their outputs")
    assert (visit.errors, foreign) == ([], [])
    visit.page.close()


def test_another_output_an_error_and_a_block_that_is_missing_are_found() -> None:
    written = page(LANGUAGE, RUNNING[0])
    printed = [
        "\n".join(line for piece in fence_outputs for line in piece)
        for fence_outputs in _outputs(written)
    ]
    right = Run("", printed, [], ["same"] * len(printed))
    assert differences(right, written) == []
    shows = next(n for n, text in enumerate(printed) if text)
    other = [*printed[:shows], "another", *printed[shows + 1 :]]
    found = differences(replace(right, printed=other), written)
    assert "+another" in found
    assert f"block {shows + 1} is marked as same" in found
    assert differences(replace(right, errors=["NameError"]), written) == ["NameError"]
    assert differences(Run("", printed[1:], [], right.states[1:]), written)


def _outputs(written: Page) -> list[list[list[str]]]:
    return [
        [[line.rstrip() for line in code.shown or ()] for code in pieces(fence) if code.shown]
        for fence in written.python_fences
    ]
