"""Bad input stops the build with one clear error, and an earlier site stays as it was."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.build_faults import build_faults
from engine.formulas.katex import NodeFailed, Source
from tests.conftest import HOME, Project

Breaking = Callable[[Project], None]


def broken_tex(project: Project) -> None:
    project.append("\nA formula $\\frac{1}{$ here.\n", "en")


def unknown_command(project: Project) -> None:
    project.append("\n$$\n\\nocommand{x} = 1 \\tag{lr.4}\n$$\n", "en")


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


def file_outside(project: Project) -> None:
    project.append("\n[snippet](../../snippets/activations.py)\n", "en")


def other_language(project: Project) -> None:
    project.append("\n[home](../zh/index.md)\n", "en")


def roundabout_link(project: Project) -> None:
    project.append("\n[home](../en/index.md)\n", "en")


def picture_elsewhere(project: Project) -> None:
    project.append("\n![a](https://example.org/a.png)\n", "en")


def indented_part(project: Project) -> None:
    project.append("\n- a\n\n    <!-- build: counts -->\n", "en")


def part_in_a_line(project: Project) -> None:
    project.append("\nThere are <!-- build: counts --> of them.\n", "en")


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
    (project.root / "checks" / "index.py").write_text("def broken(:\n", encoding="utf-8")


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
    "link to a file outside the site": (
        file_outside,
        ADDED,
        ("snippets/activations.py", "no part of the site", "→"),
    ),
    "link to the other language": (
        other_language,
        ADDED,
        ("docs/zh/index.md", "other language", "→"),
    ),
    "link that leaves its language": (roundabout_link, ADDED, ("leaves its language", "→")),
    "picture from another server": (picture_elsewhere, ADDED, ("another server", "figure:", "→")),
    "part that is indented": (indented_part, ADDED + 2, ("does not write here", "→")),
    "part in a line": (part_in_a_line, ADDED, ("does not write here", "→")),
    "image without text alternative": (no_alternative, ADDED, ("no text alternative", "→")),
    "unknown figure": (unknown_figure, ADDED, ("'circle'", "it has line", "→")),
    "figure that fails": (failing_figure, FIGURE, ("figures/home.py", "ZeroDivisionError", "→")),
    "checks that are not Python": (broken_check, None, ("checks/index.py:1", "SyntaxError", "→")),
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


def test_a_good_project_has_no_faults(content: Project) -> None:
    assert build_faults(content.site) == []


@pytest.mark.parametrize("kind", BAD)
def test_bad_input_is_told_with_file_line_and_remedy(kind: str, content: Project) -> None:
    break_it, line, words = BAD[kind]
    break_it(content)
    told = "\n".join(map(str, build_faults(content.site)))
    if line is not None:
        assert f"docs/en/index.md:{line}: " in told, told
    for word in words:
        assert word in told, told


def test_faults_of_both_languages_stop_the_build_in_one_list(project: Project) -> None:
    project.append("\n[gone](gone.md)\n", "zh")
    project.append("\nA formula $\\frac{1}{$ here.\n", "en")
    site = last_good_site(project)
    build = project.build()
    assert build.returncode != 0
    assert f"docs/zh/index.md:{ADDED}: dead link gone.md" in build.stdout, build.stdout
    assert f"docs/en/index.md:{ADDED}: KaTeX does not accept" in build.stdout
    assert "(2 found)" in build.stdout
    assert "Traceback" not in build.stdout
    assert_untouched(site)


def test_a_drawing_that_fails_stops_the_build(project: Project) -> None:
    failing_figure(project)
    site = last_good_site(project)
    build = project.build()
    assert build.returncode != 0
    for language in ("zh", "en"):
        assert f"docs/{language}/index.md:{FIGURE}: " in build.stdout, build.stdout
    assert "Traceback" not in build.stdout
    assert_untouched(site)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_strict_warning_in_either_language_stops_the_build(
    language: str, project: Project
) -> None:
    # MkDocs warns of this by itself, and fails only after the last event of the build.
    for other in ("zh", "en"):
        page = project.page(other, "apart")
        page.write_text("---\ntitle: Apart\n---\n\n# Apart {#apart}\n", encoding="utf-8")
        configuration = project.root / ("mkdocs.yml" if other == "zh" else "mkdocs.en.yml")
        if other != language:
            with configuration.open("a", encoding="utf-8") as text:
                text.write("  - apart.md\n")
    site = last_good_site(project)
    build = project.build()
    assert build.returncode != 0
    assert 'not included in the "nav" configuration' in build.stdout
    assert "in strict mode" in build.stdout
    assert "Traceback" not in build.stdout
    assert_untouched(site)


def fake_node(folder: Path, script: str) -> str:
    node = folder / "fake-node"
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
def test_node_that_does_not_work_is_told(
    kind: str, content: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    script, message = NODES[kind]
    node = script if script.startswith("/") else fake_node(content.root, script)
    monkeypatch.setenv("NODE", node)
    # A busy machine may take its time to start the others; only silence is to be cut short.
    monkeypatch.setenv("KATEX_TIMEOUT", "1" if kind == "hanging" else "60")
    with pytest.raises(NodeFailed, match=message) as told:
        build_faults(content.site)
    assert "→" in str(told.value)


def test_node_that_does_not_work_stops_the_build(project: Project) -> None:
    site = last_good_site(project)
    build = project.build(NODE="/nowhere/node")
    assert build.returncode != 0
    assert build.stdout.count("Node.js was not found") == 1, build.stdout
    assert "Traceback" not in build.stdout
    assert_untouched(site)


def test_what_has_been_rendered_needs_no_node_again(
    content: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, broken = Source("x^2", False), Source(r"\nocommand", True)
    html = content.site.katex.render(good)
    with pytest.raises(ValueError, match="nocommand"):
        content.site.katex.render(broken)
    monkeypatch.setenv("NODE", "/nowhere/node")
    assert content.site.katex.render(good) == html
    with pytest.raises(ValueError, match="nocommand"):
        content.site.katex.render(broken)
    with pytest.raises(NodeFailed):
        content.site.katex.render(Source("x^3", False))


def test_many_small_files_of_formulas_are_gathered(
    content: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    formulas = [Source(f"x_{{{number}}}", False) for number in range(14)]
    for formula in formulas:
        content.site.katex.render(formula)
    assert len(list((content.root / ".cache" / "formulas").iterdir())) == 2
    monkeypatch.setenv("NODE", "/nowhere/node")
    content.site.katex.render_all(formulas)
