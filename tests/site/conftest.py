"""A real Chromium that can reach nothing but the built site."""

import functools
import json
import os
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, Request, sync_playwright

from tests.conftest import CHOSEN, BuiltSite

#: The headless shell is Chromium without the windows around its pages, and starts pages faster.
CHROMIUM = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
GET_CHROMIUM = (
    "no Chromium was found. On Debian: apt-get install chromium fonts-noto-cjk; elsewhere put a "
    "Chromium or Chrome on the PATH, or name it in the variable CHROMIUM"
)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Of a partial site only what is asked of single pages can be asked."""
    folder = Path(__file__).parent
    left_out = [
        item
        for item in items
        if CHOSEN
        and folder in item.path.parents
        and "name" not in getattr(getattr(item, "callspec", None), "params", {})
    ]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


#: What a server of the site may be as strict as: nothing inline runs, nothing comes from elsewhere.
POLICY = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:"
)


class _Quiet(SimpleHTTPRequestHandler):
    """A plain static server; what it sends is under the policy."""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, *_: object) -> None:
        pass


class _WithoutIndex(_Quiet):
    """Of the search index its settings alone: to take in all of it costs each page a second."""

    def do_GET(self) -> None:
        file = Path(self.translate_path(self.path))
        if file.name != "search_index.json" or not file.is_file():
            return super().do_GET()
        index = json.loads(file.read_text(encoding="utf-8")) | {"docs": []}
        answer = json.dumps(index).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)


@contextmanager
def _server(
    handler: type[_Quiet], site: BuiltSite, factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The address of the built site behind a plain static server, below a sub-path."""
    root = factory.mktemp("served")
    path = urlsplit(site.address).path
    (root / path.strip("/")).parent.mkdir(parents=True)
    (root / path.strip("/")).symlink_to(site.folder, target_is_directory=True)
    with ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(handler, directory=str(root))
    ) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}{path}"
        server.shutdown()


@pytest.fixture(scope="session")
def served(built_site: BuiltSite, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the site for all but its search."""
    with _server(_WithoutIndex, built_site, tmp_path_factory) as address:
        yield address


@pytest.fixture(scope="session")
def whole_site(built_site: BuiltSite, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the site with its search."""
    with _server(_Quiet, built_site, tmp_path_factory) as address:
        yield address


@pytest.fixture(scope="session")
def playwright_driver() -> Iterator[Playwright]:
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(playwright_driver: Playwright) -> Iterator[Browser]:
    names = (os.environ.get("CHROMIUM", ""), *CHROMIUM)
    path = next(filter(None, map(shutil.which, filter(None, names))), None)
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail(GET_CHROMIUM)
        pytest.skip(GET_CHROMIUM)
    arguments = [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-sync",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    ]
    launched = playwright_driver.chromium.launch(executable_path=path, args=arguments)
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
