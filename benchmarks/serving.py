"""Seconds from an edit to the page that a browser gets from ``make serve``, on the real site.

The project is copied without what it has built; what runs have kept (drawings, labs, formulas) is
copied along, as an author has it.
"""

import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RUNS = 5
PATIENCE = 300

#: What is changed, and which page shows it: a page's prose, and a section that six pages include.
PROSE = "docs/en/lstm.md", "# LSTM", "en/lstm/"
SNIPPET = "snippets/activations.py", "    e = np.exp(-np.abs(z))", "en/lstm/"


@contextmanager
def served(root: Path) -> Iterator[str]:
    """The address at which a project is served, as soon as its server has been started."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "engine.build.serve", "--port", str(port)],
        cwd=root,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1", "PYTHONUTF8": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield f"http://127.0.0.1:{port}/"
    finally:
        server.terminate()
        server.wait()


def seconds_until(text: str, address: str) -> float:
    """How long it takes until what is at an address holds a text."""
    start = time.perf_counter()
    while time.perf_counter() - start < PATIENCE:
        try:
            with urllib.request.urlopen(address, timeout=PATIENCE) as answer:
                if text in answer.read().decode():
                    return time.perf_counter() - start
        except OSError:  # not there yet
            pass
        time.sleep(0.02)
    sys.exit(f"no {text!r} at {address} within {PATIENCE} s")


def seconds_of_edits(root: Path, address: str, file: str, place: str, page: str) -> list[float]:
    """How long it takes to see a mark that is written into a file, for each of some runs."""
    path = root / file
    original = path.read_text(encoding="utf-8")
    if place not in original:
        sys.exit(f"{file} has no {place!r} any more: name another place here")
    took = []
    for run in range(RUNS):
        mark = f"mark{run}of{len(file)}"
        written = f"{mark}\n\n{place}" if file.endswith(".md") else f"{place}  # {mark}"
        path.write_text(original.replace(place, written, 1), encoding="utf-8")
        took.append(seconds_until(mark, address + page))
        time.sleep(3)  # what is asked of the page behind the save comes to its end
    path.write_text(original, encoding="utf-8")
    return took


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "project"
        listed = subprocess.run(
            ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
        )
        for name in filter(None, listed.stdout.split("\0")):
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, root / name)
        shutil.copytree(ROOT / ".cache", root / ".cache")
        (root / "node_modules").symlink_to(ROOT / "node_modules", target_is_directory=True)
        with served(root) as address:
            for what, page in (("the first page", "en/"), ("the first chapter", PROSE[2])):
                took = seconds_until("</html>", address + page)
                print(f"{what + ':':28} {took:5.1f} s after it was asked for")
            time.sleep(60)  # the other pages are built behind
            for what, edit in (("a page's prose", PROSE), ("a snippet of six pages", SNIPPET)):
                took = statistics.median(found := seconds_of_edits(root, address, *edit))
                print(
                    f"{what + ':':28} {took:5.1f} s after it was edited, {max(found):.1f} at most"
                )


if __name__ == "__main__":
    main()
