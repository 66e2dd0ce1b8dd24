"""What a reader waits for who runs a whole chapter in the page: of the site in ``site/``.

For each chapter a browser that has never been here, then the same with what it has kept. Seconds
are by the clock, from the press of the button to the last output, and of the processors, of all
the browser's processes (on Linux); MB are those that the server has sent.
"""

import functools
import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import BrowserContext, Playwright, sync_playwright

from engine.editions.chromium import MISSING, chromium
from engine.site import Site

ROOT = Path(__file__).resolve().parents[1]
LANGUAGE = "en"

#: Seconds after which a chapter is given up.
PATIENCE = 900

#: A block whose outputs are those of the page has a mark that says so.
MARKS = "[...document.querySelectorAll('.run-button')].map(button => button.dataset.state ?? '')"
ENDED = """
() => /\\bhave run\\b|\\bStopped\\b|could not|broken down/.test(
  document.querySelector('.run-hint [role=status]').textContent)
"""


class _Counting(SimpleHTTPRequestHandler):
    """A plain static server that counts what it sends."""

    def copyfile(self, source: object, outputfile: object) -> None:
        self.server.sent += os.fstat(source.fileno()).st_size  # type: ignore[attr-defined]
        super().copyfile(source, outputfile)  # type: ignore[arg-type]

    def log_message(self, *_: object) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    sent = 0


@contextmanager
def served(folder: Path) -> Iterator[_Server]:
    handler = functools.partial(_Counting, directory=str(folder))
    with _Server(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def processor_seconds() -> float:
    """What all processes that come from this one have used so far, but for itself."""
    used: dict[int, tuple[int, int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:  # it has come to its end
            continue
        # Parent; then user, system, and the same of children that have ended.
        used[int(path.parent.name)] = int(fields[1]), sum(map(int, fields[11:15]))
    mine = {os.getpid()}
    while more := {pid for pid, (parent, _) in used.items() if parent in mine} - mine:
        mine |= more
    ticks = sum(used[pid][1] for pid in mine - {os.getpid()} if pid in used)
    return ticks / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Visit:
    """A chapter that has been run as a whole."""

    blocks: int
    equal: int
    seconds: float
    processor: float
    sent: int


def visit(context: BrowserContext, server: _Server, name: str) -> Visit:
    """Open a chapter in a tab, and run all of it."""
    before = server.sent
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{server.server_port}/{LANGUAGE}/{name}/")
    page.wait_for_selector(".run-all")
    start, used = time.perf_counter(), processor_seconds()
    page.click(".run-all")
    page.wait_for_function(ENDED, timeout=PATIENCE * 1000, polling=100)
    seconds, used = time.perf_counter() - start, processor_seconds() - used
    states = page.evaluate(MARKS)
    page.close()
    return Visit(len(states), states.count("same"), seconds, used, server.sent - before)


def both(driver: Playwright, browser: str, server: _Server, name: str) -> tuple[Visit, Visit]:
    """The first and the second visit of somebody who has not been here."""
    with tempfile.TemporaryDirectory() as profile:
        context = driver.chromium.launch_persistent_context(
            profile, executable_path=browser, args=["--no-sandbox", "--disable-gpu"]
        )
        found = visit(context, server, name), visit(context, server, name)
        context.close()
    return found


def main() -> None:
    browser = chromium()
    if browser is None or not (ROOT / "site" / "run").is_dir():
        print(MISSING if browser is None else "no site/ that runs: make build")
        return
    site = Site(ROOT)
    pages = [page for page in site.in_reading_order(LANGUAGE) if not page.is_lab]
    wanted = sys.argv[1:] or [page.name for page in pages if page.python_fences]
    print("| chapter | blocks | outputs equal | first visit | second visit | MB | MB again |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    with served(ROOT / "site") as server, sync_playwright() as driver:
        for name in wanted:
            if name == "index":
                continue
            first, again = both(driver, browser, server, name)
            times = (f"{one.seconds:.1f} s ({one.processor:.1f} s)" for one in (first, again))
            loaded = (f"{one.sent / 1e6:.1f}" for one in (first, again))
            row = [name, str(first.blocks), str(min(first.equal, again.equal)), *times, *loaded]
            print(f"| {' | '.join(row)} |", flush=True)


if __name__ == "__main__":
    main()
