"""A real Chromium that can reach nothing but the built site."""

import functools
import os
import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, Request, sync_playwright

from engine.editions.chromium import ARGUMENTS, MISSING, chromium
from tests.conftest import CHOSEN, ROOT, BuiltSite


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Of a partial site only what is asked of its single pages can be asked."""
    folder = Path(__file__).parent
    left_out = [
        item
        for item in items
        if CHOSEN
        and folder in item.path.parents
        and getattr(getattr(item, "callspec", None), "params", {}).get("name") not in CHOSEN
    ]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


#: What a server of the site says: nothing inline runs, nothing comes from elsewhere.
HEADERS = dict(
    re.findall(
        r"^add_header (\S+) \"?(.+?)\"? always;$",
        (ROOT / "hosting" / "headers.conf").read_text(encoding="utf-8"),
        re.M,
    )
)


class _Quiet(SimpleHTTPRequestHandler):
    """A plain static server; what it sends has the headers that the documented one sends."""

    def end_headers(self) -> None:
        for name, value in HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="session")
def served(built_site: BuiltSite, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the built site behind a plain static server, below a sub-path."""
    root = tmp_path_factory.mktemp("served")
    path = urlsplit(built_site.address).path
    (root / path.strip("/")).parent.mkdir(parents=True)
    (root / path.strip("/")).symlink_to(built_site.folder, target_is_directory=True)
    with ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(_Quiet, directory=str(root))
    ) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}{path}"
        server.shutdown()


@pytest.fixture(scope="session")
def playwright_driver() -> Iterator[Playwright]:
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(playwright_driver: Playwright) -> Iterator[Browser]:
    path = chromium()
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    launched = playwright_driver.chromium.launch(executable_path=path, args=ARGUMENTS)
    yield launched
    launched.close()


#: The height of the window, in px.
HEIGHT = 900


#: Seconds in which a page has to come to what a test waits for, on a machine under load, too.
PATIENCE = 300


@dataclass
class Visit:
    """A page in the browser, with what went wrong since it was opened."""

    page: Page
    errors: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def until(self, expression: str, patience: float = PATIENCE) -> None:
        """Wait until an expression holds. The policy keeps Playwright's own way from working.

        The longer it takes, the less often it is asked, for to ask takes the processor's time.
        """
        begun = time.monotonic()
        while not self.page.evaluate(expression):
            waited = time.monotonic() - begun
            assert waited < patience, f"it never holds: {expression}"
            time.sleep(min(0.05 + waited / 10, 0.5))

    def widen(self, width: int) -> None:
        """Make the window so many px wide."""
        self.page.set_viewport_size({"width": width, "height": HEIGHT})


#: The script that puts right what is copied by hand comes once something is selected.
COPIES = "document.getElementById('copying') !== null"


@dataclass
class Reader:
    """Opens pages of the site; requests to other hosts are recorded, and no such host is found.

    Each visit has a tab of its own, which the next one closes: one that is used again and again
    keeps the pages before, and grows slower with each.
    """

    browser: Browser
    url: str
    contexts: dict[tuple[int, bool, bool], BrowserContext] = field(default_factory=dict)

    def open(
        self,
        path: str,
        *,
        width: int = 1280,
        scripts: bool = True,
        dark: bool = False,
        address: str | None = None,
    ) -> Visit:
        """Open a page below the site's root, such as ``en/logistic/``."""
        kind = (width, scripts, dark)
        if kind not in self.contexts:
            self.contexts[kind] = self.browser.new_context(
                viewport={"width": width, "height": HEIGHT},
                color_scheme="dark" if dark else "light",
                java_script_enabled=scripts,
                permissions=["clipboard-read", "clipboard-write"],
                service_workers="block",  # tests/site/test_kept.py asks what it does
            )
        for context in self.contexts.values():
            for earlier in context.pages:
                earlier.close()
        visit = self._tab(self.contexts[kind])
        visit.page.goto(address or self.url + path)
        return visit

    def _tab(self, context: BrowserContext) -> Visit:
        visit = Visit(context.new_page())

        def note(request: Request) -> None:
            if not request.url.startswith((self.url, "file:", "data:", "blob:", "about:")):
                visit.foreign.append(request.url)

        visit.page.on("request", note)
        visit.page.on("pageerror", lambda error: visit.errors.append(str(error)))
        visit.page.on(
            "console",
            lambda message: visit.errors.append(message.text) if message.type == "error" else None,
        )
        return visit


@pytest.fixture(scope="session")
def reader(browser: Browser, served: str) -> Reader:
    return Reader(browser, served)


@pytest.fixture(scope="session")
def has_runtime(built_site: BuiltSite) -> None:
    """The site was built with Python for the browser, or the test is passed over."""
    if not (built_site.folder / "run").is_dir():
        told = "Python for the browser has not been fetched: make install"
        if os.environ.get("CI") == "true":
            pytest.fail(told)
        pytest.skip(told)
