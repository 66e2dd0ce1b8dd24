"""Bad input stops the build with one clear error, and an earlier site stays as it was."""

import socket
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import HOME, Project

Breaking = Callable[[Project], None]


def broken_tex(project: Project) -> None:
    project.append("\nA formula $\\frac{1}{$ here.\n", "en")


def unknown_command(project: Project) -> None:
    project.append("\n$$\n\\nocommand{x} = 1 \\tag{home.2}\n$$\n", "en")


def missing_snippet(project: Project) -> None:
    project.append('\n```python\n--8<-- "nothing.py:here"\n```\n', "en")


def missing_section(project: Project) -> None:
    project.append('\n```python\n--8<-- "activations.py:nothing"\n```\n', "en")


def no_sibling(project: Project) -> None:
    project.page("en", "alone").write_text("# Alone {#alone}\n", encoding="utf-8")


def dead_page(project: Project) -> None:
    project.append("\n[gone](gone.md)\n", "en")


def dead_anchor(project: Project) -> None:
    project.append("\n[gone](index.md#gone)\n", "en")


def absolute_link(project: Project) -> None:
    project.append("\n[absolute](/logistic/)\n", "en")


def no_alternative(project: Project) -> None:
    project.append("\n![](figure:home/line)\n", "en")


def unknown_figure(project: Project) -> None:
    project.append("\n![a line](figure:home/circle)\n", "en")


def failing_figure(project: Project) -> None:
    drawing = project.root / "figures" / "home.py"
    drawing.write_text(
        drawing.read_text(encoding="utf-8").replace("    label", "    1 / 0\n    label"), "utf-8"
    )


def broken_check(project: Project) -> None:
    (project.root / "checks" / "home.py").write_text("def broken(:\n", encoding="utf-8")


def not_utf8(project: Project) -> None:
    with project.page("en").open("ab") as page:
        page.write("\nlatin: é\n".encode("latin-1"))


def unclosed_fence(project: Project) -> None:
    project.append("\n```python\nx = 1\n", "en")


#: The first line that ``append`` adds, and the line of the figure.
ADDED = HOME.count("\n") + 2
FIGURE = HOME[: HOME.index("figure:home")].count("\n") + 1

#: What is done to a project, the line of docs/en/index.md that must be named (None: another
#: file), and words that the error must hold.
BAD: dict[str, tuple[Breaking, int | None, tuple[str, ...]]] = {
    "broken TeX": (broken_tex, ADDED, (r"\frac{1}{", "→")),
    "unknown TeX command": (unknown_command, ADDED, (r"\nocommand", "→")),
    "snippet file that does not exist": (missing_snippet, ADDED + 1, ("nothing.py", "→")),
    "snippet section that does not exist": (missing_section, ADDED + 1, ("'nothing'", "→")),
    "page without sibling": (no_sibling, None, ("docs/en/alone.md:1", "docs/zh/alone.md", "→")),
    "dead internal link": (dead_page, ADDED, ("gone.md", "→")),
    "absolute link": (absolute_link, ADDED, ("/logistic/", "absolute", "→")),
    "dead anchor": (dead_anchor, ADDED, ("#gone", "→")),
    "image without text alternative": (no_alternative, ADDED, ("no text alternative", "→")),
    "unknown figure": (unknown_figure, ADDED, ("'circle'", "it has line", "→")),
    "figure that fails": (failing_figure, FIGURE, ("figures/home.py", "ZeroDivisionError", "→")),
    "checks that are not Python": (broken_check, None, ("checks/home.py:1", "SyntaxError", "→")),
    "file that is not UTF-8": (not_utf8, ADDED, ("not UTF-8", "0xe9", "→")),
    "code fence that does not end": (unclosed_fence, ADDED, ("not closed", "→")),
}


def last_good_site(project: Project) -> Path:
    site = project.root / "site"
    site.mkdir()
    (site / "index.html").write_text("the last good site", encoding="utf-8")
    return site


def assert_untouched(site: Path) -> None:
    assert [path.name for path in site.iterdir()] == ["index.html"]
    assert (site / "index.html").read_text(encoding="utf-8") == "the last good site"
    assert [path.name for path in site.parent.glob("site.*")] == []


def test_a_good_project_replaces_the_earlier_site(project: Project) -> None:
    site = last_good_site(project)
    build = project.build()
    assert build.returncode == 0, build.stdout
    assert (site / "en" / "index.html").exists()
    assert "the last good site" not in (site / "index.html").read_text(encoding="utf-8")
    assert [path.name for path in project.root.glob("site.*")] == []


@pytest.mark.parametrize("kind", BAD)
def test_bad_input_stops_the_build(kind: str, project: Project) -> None:
    break_it, line, words = BAD[kind]
    break_it(project)
    site = last_good_site(project)
    build = project.build()
    assert build.returncode != 0
    if line is not None:
        assert f"docs/en/index.md:{line}: " in build.stdout, build.stdout
    for word in words:
        assert word in build.stdout, build.stdout
    assert "Traceback" not in build.stdout
    assert_untouched(site)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_strict_warning_in_either_language_stops_the_build(
    language: str, project: Project
) -> None:
    # MkDocs warns of this by itself, and fails only after the last event of the build.
    project.append("\n[absolute][there]\n\n[there]: /absolute/\n", language)
    site = last_good_site(project)
    build = project.build()
    assert build.returncode != 0
    assert "absolute link '/absolute/'" in build.stdout
    assert "in strict mode" in build.stdout
    assert "Traceback" not in build.stdout
    assert_untouched(site)


def fake_node(project: Project, script: str) -> str:
    node = project.root / "fake-node"
    node.write_text(f"#!{sys.executable}\n{script}\n", encoding="utf-8")
    node.chmod(0o755)
    return str(node)


NODES = {
    "missing": ("/nowhere/node", "Node.js was not found"),
    "crashing": ("import sys; sys.exit('out of memory')", "Node.js crashed"),
    "hanging": ("import time; time.sleep(60)", "did not answer within 1 seconds"),
    "mute": ("", "no usable answer"),
}


@pytest.mark.parametrize("kind", NODES)
def test_node_that_does_not_work_stops_the_build(kind: str, project: Project) -> None:
    script, message = NODES[kind]
    node = script if script.startswith("/") else fake_node(project, script)
    site = last_good_site(project)
    # A busy machine may take its time to start the others; only silence is to be cut short.
    build = project.build(NODE=node, KATEX_TIMEOUT="1" if kind == "hanging" else "60")
    assert build.returncode != 0
    assert message in build.stdout, build.stdout
    assert "→" in build.stdout
    assert "Traceback" not in build.stdout
    assert_untouched(site)


def test_a_port_in_use_is_said_at_once(project: Project) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        serve = project.run("mkdocs", "serve", "--dev-addr", f"127.0.0.1:{port}")
    assert serve.returncode != 0
    assert f"127.0.0.1:{port} is in use" in serve.stdout
    assert f"PORT={port + 1}" in serve.stdout
    assert "Traceback" not in serve.stdout
