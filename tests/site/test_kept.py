"""What was read once reads without a network, and nobody reads an old build who could read a new.

The site is one of two pages, served and taken from the network, changed and served again.
"""

import functools
import io
import shutil
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import BinaryIO

import pytest
from playwright.sync_api import Browser, Error

from engine.kept.worker import NAME, write_worker
from tests.conftest import ROOT
from tests.site.conftest import Visit

PAGE = """<!doctype html><link rel="icon" href="data:,">
<link rel="stylesheet" href="{up}style.{digest}.css"><link rel="stylesheet" href="{up}plain.css">
<script src="{up}run/pyodide-1.2.3/python.js" async></script>
<script src="{up}assets/keep.js" defer></script>
<p>{text}</p>
"""
OLD, NEW = "0123456789ab", "ba9876543210"

#: What the browser keeps of the site, below its root.
KEPT = """
async () => {
  const found = [];
  for (const name of await caches.keys())
    for (const { url } of await (await caches.open(name)).keys())
      found.push(url.replace(/.*\\/sub\\//, ""));
  return found.sort();
}
"""
COLOUR = "getComputedStyle(document.querySelector('p')).color"


class Host:
    """A server of a folder that can be stopped, started again, and made to hang."""

    def __init__(self, folder: Path) -> None:
        self.goes_on = goes_on = threading.Event()
        goes_on.set()

        class Quiet(SimpleHTTPRequestHandler):
            # Two builds of one second have the same date: answers are made anew each time.
            def send_head(self) -> io.BytesIO | BinaryIO | None:
                del self.headers["If-Modified-Since"]
                return super().send_head()

            def do_GET(self) -> None:
                goes_on.wait()
                super().do_GET()

            def log_message(self, *_: object) -> None:
                pass

        self._handler = functools.partial(Quiet, directory=str(folder))
        self._port = 0
        self.start()

    def start(self) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", self._port), self._handler)
        self._server.daemon_threads = True
        self._port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self.goes_on.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._port}/sub/"


def write(root: Path, digest: str, text: str) -> None:
    """A build: two pages, a style whose name has its digest, Python of another kind."""
    shutil.rmtree(root, ignore_errors=True)
    for name, content in {
        "index.html": PAGE.format(up="", digest=digest, text=text),
        "en/index.html": PAGE.format(up="../", digest=digest, text=text),
        "never/index.html": PAGE.format(up="../", digest=digest, text=text),
        f"style.{digest}.css": f"p {{ color: {'red' if digest == OLD else 'blue'} }}",
        "plain.css": "p { margin: 0 }",
        "run/pyodide-1.2.3/python.js": "",
        "assets/keep.js": (ROOT / "theme/assets/keep.js").read_text(encoding="utf-8"),
    }.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    write_worker(root)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "sub"
    write(folder, OLD, "old")
    return folder


@pytest.fixture
def host(root: Path) -> Iterator[Host]:
    made = Host(root.parent)
    yield made
    made.stop()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    context = browser.new_context(service_workers="allow")
    yield Visit(context.new_page())
    context.close()


def read(visit: Visit, host: Host) -> None:
    """Read both pages, until the browser has kept them."""
    for path in ("", "en/"):
        visit.page.goto(host.address + path)
        visit.until(f"({KEPT})().then(kept => kept.includes({path!r}))")
    visit.until(f"({KEPT})().then(kept => kept.includes('plain.css'))")


def test_what_was_read_reads_without_a_network(visit: Visit, host: Host) -> None:
    read(visit, host)
    assert visit.page.evaluate(KEPT) == [
        "",
        "assets/keep.js",
        "en/",
        "plain.css",
        f"style.{OLD}.css",
    ]
    host.stop()
    for path in ("?h=a+word", "en/#anchor"):
        visit.page.goto(host.address + path)
        assert visit.page.inner_text("p") == "old"
        assert visit.page.evaluate(COLOUR) == "rgb(255, 0, 0)"
    with pytest.raises(Error, match=r"ERR_(FAILED|CONNECTION_REFUSED)"):
        visit.page.goto(host.address + "never/")
    host.start()


def test_a_new_build_is_read_at_once(visit: Visit, host: Host, root: Path) -> None:
    read(visit, host)
    write(root, NEW, "new")
    read(visit, host)
    for path in ("", "en/"):
        visit.page.goto(host.address + path)
        assert visit.page.inner_text("p") == "new"
        assert visit.page.evaluate(COLOUR) == "rgb(0, 0, 255)"
    (root / "never/index.html").unlink()  # a build after that: nothing names the old style now
    write_worker(root)
    visit.page.goto(host.address)
    visit.until(f"({KEPT})().then(kept => !kept.includes('style.{OLD}.css'))")
    assert f"style.{NEW}.css" in visit.page.evaluate(KEPT)


def test_a_network_that_hangs_hides_nothing_that_was_read(visit: Visit, host: Host) -> None:
    read(visit, host)
    host.goes_on.clear()
    visit.page.goto(host.address, wait_until="commit")
    visit.until("document.querySelector('p')?.textContent === 'old'")


def test_each_content_has_another_worker(root: Path) -> None:
    def worker() -> str:
        write_worker(root)
        return (root / NAME).read_text(encoding="utf-8")

    before = worker()
    assert worker() == before
    (root / "en/index.html").write_text("changed", encoding="utf-8")
    assert worker() != before
