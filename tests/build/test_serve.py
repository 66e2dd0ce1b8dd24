"""The server follows every kind of change, builds what depends on it, and says what is wrong."""

import json
import os
import queue
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from engine.build.serve import Writing
from tests.conftest import ROOT, SITE, Project

#: Seconds in which something that must happen has to have happened, on a machine under load, too.
PATIENCE = 300


@dataclass
class Server:
    """A running server, and what it has printed so far."""

    project: Project
    port: int
    process: subprocess.Popen[str]
    printed: list[str] = field(default_factory=list)
    lines: "queue.Queue[str]" = field(default_factory=queue.Queue)

    def get(self, path: str, patience: float = PATIENCE) -> str:
        address = f"http://127.0.0.1:{self.port}/{path}"
        with urllib.request.urlopen(address, timeout=patience) as answer:
            return str(answer.read().decode())

    def review(self, path: str) -> dict[str, str]:
        """What stands at the top of a page."""
        told: dict[str, str] = json.loads(self.get(f"_review/{path}"))
        return told

    def wait_for(self, text: str, path: str | None = None) -> None:
        """Wait until a page holds the text or, without a path, the server has printed it."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            while not self.lines.empty():
                self.printed.append(self.lines.get())
            try:
                # A server that starts anew may have lost a request: it is asked again.
                if text in (self.get(path, 10) if path is not None else "".join(self.printed)):
                    return
            except OSError:
                pass
            time.sleep(0.1)
        raise AssertionError(f"no {text!r} in {path}; printed:\n{''.join(self.printed)}")

    def wait_until_gone(self, path: str) -> None:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                self.get(path)
            except urllib.error.HTTPError as error:
                assert error.code == 404
                return
            time.sleep(0.1)
        raise AssertionError(f"{path} is still there")


@pytest.fixture
def server(project: Project) -> Iterator[Server]:
    project.stamp()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    process = subprocess.Popen(
        [sys.executable, "-m", "engine.build.serve", "--port", str(port)],
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
    process.wait(PATIENCE)


def edit(server: Server, path: str, old: str, new: str) -> None:
    file = server.project.root / path
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_every_kind_of_change_reaches_the_pages_that_depend_on_it(server: Server) -> None:
    server.wait_for("<h1", "")
    server.wait_for("<h1", "en/")
    server.wait_for("<h1", "en/checks/")

    server.project.append("\nA new sentence in English.\n", "en")
    server.wait_for("A new sentence in English.", "en/")
    edit(server, "snippets/activations.py", "σ(z) = 1", "sigma(z) = 1")
    server.wait_for("sigma(z) = 1", "en/")
    edit(server, "snippets/activations.py", "sigma(z) = 1", "σ(z) = 1")
    server.wait_for("指数都不为正", "")
    edit(server, "snippets/zh/activations.po", "指数都不为正", "没有正的指数")
    server.wait_for("没有正的指数", "")
    edit(server, "figures/home.py", '"line"', '"a straight line"')
    server.wait_for("a straight line", "en/")
    edit(server, "checks/index.py", "sigmoid_of_minus_z", "sigmoid_of_the_opposite")
    server.wait_for("sigmoid of the opposite", "en/checks/")
    edit(server, "theme/assets/site.css", "/* Colours", "/* My colours")
    server.wait_for("/* My colours", "assets/site.css")
    edit(server, "theme/main.html", "{% block site_meta %}", "{% block site_meta %}<!-- mark -->")
    server.wait_for("<!-- mark -->", "en/")
    edit(server, "mkdocs.en.yml", "site_name: ", "site_name: Our ")
    server.wait_for("Our Deep Learning Notes", "en/")
    edit(server, "docs/en/index.md", "title: Home", "title: Our house")
    server.wait_for("<title>Our house", "en/")
    edit(server, "hooks/figures.py", "return self", 'return "<!-- from the hook -->" + self')
    server.wait_for("<!-- from the hook -->", "en/")


def test_a_change_builds_what_depends_on_it_and_waits_for_no_figure(server: Server) -> None:
    server.wait_for("<h1", "")
    server.wait_for("<title>line", "en/")
    chinese = server.get("")
    server.project.append("\nAn earlier sentence in English.\n", "en")
    server.wait_for("An earlier sentence in English.", "en/")
    stamp = "livereload("  # the script alone differs from one answer to the next
    assert server.get("").rpartition(stamp)[0] == chinese.rpartition(stamp)[0]

    waits = "while not Path('go').exists(): time.sleep(0.05)"
    drawing = f'import time; from pathlib import Path\n    {waits}\n    label = say("线", "an arc")'
    edit(server, "figures/home.py", 'label = say("线", "line")', drawing)
    server.project.append("\nA new sentence in English.\n", "en")
    server.wait_for("A new sentence in English.", "en/")
    assert "<title>line" in server.get("en/")
    (server.project.root / "go").touch()
    server.wait_for("<title>an arc", "en/")
    assert "A new sentence in English." in server.get("en/")


def test_a_page_of_one_language_is_served_with_a_placeholder_and_a_warning(server: Server) -> None:
    server.wait_for("<h1", "")
    server.project.page("en", "alone").write_text("# Alone {#alone}\n", encoding="utf-8")
    server.wait_for("Alone", "en/alone/")
    server.wait_for("docs/zh/alone.md", "alone/")
    server.wait_for("docs/zh/alone.md 还不存在")
    server.project.page("zh", "alone").write_text("# 独自 {#alone}\n", encoding="utf-8")
    server.wait_for("独自", "alone/")
    for language in ("zh", "en"):
        server.project.page(language, "alone").unlink()
    for path in ("alone/", "en/alone/"):
        server.wait_until_gone(path)
    server.project.append("\nA new sentence in English.\n", "en")
    server.wait_for("index: checked")
    assert "the review itself failed" not in "".join(server.printed)


def test_a_fault_is_told_until_it_is_mended_above_the_last_good_page(server: Server) -> None:
    server.wait_for("<h1", "en/")
    line = server.project.page("en").read_text(encoding="utf-8").count("\n") + 2
    server.project.append("\n$\\frac{1}{$\n", "en")
    server.wait_for("KaTeX does not accept")
    assert "<h1" in server.get("en/")
    told = server.review("en/")
    assert told["state"] == "wrong"
    assert f"docs/en/index.md:{line}: KaTeX does not accept" in told["text"]
    server.project.replace("\n$\\frac{1}{$\n", "\nMended, and with a $y = 2$.\n", "en")
    server.wait_for("Mended, and with a", "en/")
    assert server.review("en/")["state"] != "wrong"
    # It can be built, and what it says is not true.
    server.project.replace("\n0.50\n", "\n0.75\n", "en")
    server.wait_for("0.75", "en/")
    server.wait_for("the page shows (-), it prints (+)")
    server.wait_for("the page shows (-), it prints (+)", "_review/en/")
    server.project.replace("\n0.75\n", "\n0.50\n", "en")
    server.project.replace("\nMended, and with a $y = 2$.\n", "", "en")
    server.wait_for("index: checked, 0 faults")
    server.wait_for('"right"', "_review/en/")


def test_machinery_that_cannot_be_read_leaves_the_pages_before_it(server: Server) -> None:
    server.wait_for("<h1", "en/")
    edit(server, "mkdocs.en.yml", "site_name: ", "site_nome: [")
    server.wait_for("mkdocs.en.yml", "_review/en/")
    assert "<h1" in server.get("en/")
    edit(server, "mkdocs.en.yml", "site_nome: [", "site_name: Our ")
    server.wait_for("Our Deep Learning Notes", "en/")
    edit(server, "hooks/figures.py", "return self", "return (self")
    server.wait_for("hooks/figures.py is no Python")
    assert "<h1" in server.get("en/")


def test_a_page_that_a_request_has_had_built_is_checked_all_the_same(project: Project) -> None:
    writing = Writing(project.root, project.root / "served", "http://127.0.0.1/")
    reviewed: list[str] = []
    writing.review.begin = lambda names, build: reviewed.extend(names)  # type: ignore[method-assign]
    writing.ensure("en/")
    project.replace("\n0.50\n", "\n0.75\n", "en")
    writing.ensure("en/")
    changed = {project.page("en")}
    writing.follow(changed)
    assert reviewed == ["index"]
    writing.follow(changed)
    assert reviewed == ["index"]
    writing.stop()


@pytest.mark.skipif(not SITE.runtime.is_whole, reason="Python for the browser was not fetched")
def test_code_that_runs_in_the_page_is_served_as_it_is_now_without_a_restart(
    project: Project,
) -> None:
    shutil.copytree(ROOT / "run_in_page", project.root / "run_in_page", dirs_exist_ok=True)
    (project.root / "judges").mkdir(exist_ok=True)
    (project.root / ".cache" / "runtime").symlink_to(ROOT / ".cache" / "runtime")
    folder = project.root / "served"
    writing = Writing(project.root, folder, "http://127.0.0.1:1/")
    try:
        writing.ensure("en/")
        (code,) = {path.parent for path in folder.glob("run/*/start.js")}

        script = project.root / "run_in_page" / "words.js"
        text = script.read_text(encoding="utf-8")
        script.write_text(text.replace("Reset all", "As it was"), encoding="utf-8")
        judge = project.root / "judges" / "home.py"
        judge.write_text("NEW = 1\n", encoding="utf-8")
        writing.follow({script, judge})
        assert "As it was" in (code / "page.js").read_text(encoding="utf-8")
        assert "judges/home.py" in zipfile.ZipFile(code / "python.zip").namelist()

        script.write_text("export const words = {", encoding="utf-8")  # half a sentence
        writing.follow({script})
        assert "As it was" in (code / "page.js").read_text(encoding="utf-8")
    finally:
        writing.stop()


def test_a_port_in_use_is_said_at_once(project: Project) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        serve = project.run("engine.build.serve", "--port", str(port))
    assert serve.returncode != 0
    assert f"127.0.0.1:{port} is in use" in serve.stdout
    assert f"PORT={port + 1}" in serve.stdout
    assert "Traceback" not in serve.stdout


def test_mkdocs_serve_says_what_to_use_instead(project: Project) -> None:
    serve = project.run("mkdocs", "serve")
    assert serve.returncode != 0
    assert "make serve" in serve.stdout
    assert "Traceback" not in serve.stdout
