"""`mkdocs serve` serves both languages, rebuilds on every kind of change, and warns."""

import os
import queue
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from tests.conftest import Project

#: Seconds in which something that must happen has to have happened.
PATIENCE = 120


@dataclass
class Server:
    """A running `mkdocs serve` and what it has printed so far."""

    project: Project
    port: int
    process: subprocess.Popen[str]
    printed: list[str] = field(default_factory=list)
    lines: "queue.Queue[str]" = field(default_factory=queue.Queue)

    def get(self, path: str) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/{path}", timeout=10) as answer:
            return str(answer.read().decode())

    def wait_for(self, text: str, path: str | None = None) -> None:
        """Wait until a page holds the text or, without a path, the server has printed it."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            while not self.lines.empty():
                self.printed.append(self.lines.get())
            try:
                if text in (self.get(path) if path is not None else "".join(self.printed)):
                    return
            except OSError:
                pass
            time.sleep(0.1)
        raise AssertionError(f"no {text!r} in {path}; printed:\n{''.join(self.printed)}")


@pytest.fixture
def server(project: Project) -> Iterator[Server]:
    project.stamp()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    process = subprocess.Popen(
        [sys.executable, "-m", "mkdocs", "serve", "--dev-addr", f"127.0.0.1:{port}"],
        cwd=project.root,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1", "PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    running = Server(project, port, process)

    def read() -> None:
        assert process.stdout is not None
        for line in process.stdout:
            running.lines.put(line)

    threading.Thread(target=read, daemon=True).start()
    yield running
    process.terminate()
    process.wait(10)


def test_both_languages_are_served_and_follow_every_kind_of_change(server: Server) -> None:
    root = server.project.root
    server.wait_for("<h1", "")
    server.wait_for("<h1", "en/")
    server.wait_for(f"http://127.0.0.1:{server.port}/")

    server.project.append("\nA new sentence in English.\n", "en")
    server.wait_for("A new sentence in English.", "en/")
    server.wait_for("docs/en/index.md has changed since this page was in step with it")

    def edit(path: str, old: str, new: str) -> None:
        text = (root / path).read_text(encoding="utf-8")
        assert old in text
        (root / path).write_text(text.replace(old, new), encoding="utf-8")

    edit("snippets/activations.py", "σ(z) = 1", "sigma(z) = 1")
    server.wait_for("sigma(z) = 1", "en/")
    edit("figures/home.py", '"line"', '"a straight line"')
    server.wait_for("a straight line", "en/")
    edit("theme/main.html", '{% extends "base.html" %}', '{% extends "base.html" %}<!-- mark -->')
    edit("theme/assets/site.css", "/* Colours", "/* My colours")
    server.wait_for("/* My colours", "assets/site.css")
    edit("hooks/figures.py", "return inline(", 'return "<!-- from the hook -->" + inline(')
    server.wait_for("<!-- from the hook -->", "en/")


def test_a_fault_while_writing_keeps_the_last_good_page(server: Server) -> None:
    server.wait_for("<h1", "en/")
    server.project.append("\n$\\frac{1}{$\n", "en")
    server.wait_for("KaTeX does not accept")
    assert "<h1" in server.get("en/")
    server.project.replace("\n$\\frac{1}{$\n", "\nMended, and with a $y = 2$.\n", "en")
    server.wait_for("Mended, and with a", "en/")


def test_an_output_that_differs_is_a_warning(server: Server) -> None:
    server.wait_for("<h1", "en/")
    server.project.replace("\n0.50\n", "\n0.75\n", "en")
    server.wait_for("the output differs")
    server.wait_for("0.75", "en/")
