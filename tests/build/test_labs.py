"""A lab runs once, until something it depends on changes; what is wrong with it stops the build."""

import json
import shutil
from pathlib import Path

import pytest

from tests.build.test_bad_input import assert_untouched, last_good_site
from tests.conftest import ROOT, Project

#: Each run leaves a line in runs.txt.
LAB = """# ---
# title: {title}
# description: {title}
# prerequisites: []
# data: "3"
# ---

# %% [markdown]
# # {title} {{#title}}
#
# $x$ {word}, [{word}](../index.md#symbols)
#
# ```sh
# pip install matplotlib numpy
# ```

# %%
from pathlib import Path

import matplotlib.pyplot as plt

from snippets.logistic import sigmoid

with Path("runs.txt").open("a", encoding="utf-8") as runs:
    written = runs.write("run\\n")
print(f"{{sigmoid(0.0):.2f}} <ours>")

# %% {{"alt": "{word}", "caption": "{word}"{labels}}}
figure, axes = plt.subplots()
axes.plot([1, 2, 4], label="training loss")
axes.legend()
plt.show()

# %% {{"results": true}}
print("ours: 1")
"""


@pytest.fixture
def lab(project: Project) -> Project:
    """The miniature project with a lab in both languages."""
    for language, title, word, labels in (
        ("zh", "实验", "预测", ', "labels": {"training loss": "训练损失"}'),
        ("en", "Lab", "prediction", ""),
    ):
        script = script_of(project, language)
        script.parent.mkdir()
        script.write_text(LAB.format(title=title, word=word, labels=labels), encoding="utf-8")
    for configuration in ("mkdocs.yml", "mkdocs.en.yml"):
        with (project.root / configuration).open("a", encoding="utf-8") as text:
            text.write("  - labs/lab.py\n")
    shutil.copytree(ROOT / "requirements", project.root / "requirements")
    for module in ("chart.py", "palette.py"):
        shutil.copy(ROOT / "figures" / module, project.root / "figures")
    return project


def script_of(project: Project, language: str) -> Path:
    return project.root / "docs" / language / "labs" / "lab.py"


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def runs(project: Project) -> int:
    return len((project.root / "runs.txt").read_text(encoding="utf-8").splitlines())


def test_both_languages_share_one_run_and_a_second_build_runs_nothing(lab: Project) -> None:
    built = lab.build()
    assert built.returncode == 0, built.stdout
    assert runs(lab) == 1
    pages = {
        language: (lab.root / "site" / folder / "labs/lab/index.html").read_text(encoding="utf-8")
        for language, folder in (("zh", ""), ("en", "en"))
    }
    for page in pages.values():
        assert "0.50 &lt;ours&gt;" in page
        assert 'href="../../#symbols"' in page
        assert "jp-" not in page
        assert "MathJax" not in page
        assert 'class="katex"' in page
    assert 'aria-label="预测"' in pages["zh"]
    assert "训练损失</text>" in pages["zh"]
    assert "training loss</text>" in pages["en"]
    for language in pages:
        change(script_of(lab, language), "# $x$", "# $y$")
    change(script_of(lab, "en"), 'print("ours', '# a comment\nprint("ours')
    again = lab.build()
    assert again.returncode == 0, again.stdout
    assert runs(lab) == 1


def test_it_runs_again_when_what_it_depends_on_has_changed(lab: Project) -> None:
    def number_of_runs() -> int:
        ran = lab.run("engine.labs")
        assert ran.returncode == 0, ran.stdout
        return runs(lab)

    assert number_of_runs() == 1
    change(lab.root / "snippets" / "gru.py", "import numpy", "# a change\nimport numpy")
    assert number_of_runs() == 1, "it does not import this snippet"
    change(lab.root / "snippets" / "activations.py", "import numpy", "# a change\nimport numpy")
    assert number_of_runs() == 2, "a snippet that its snippet imports has changed"
    change(lab.root / "figures" / "chart.py", '"font.size": 10', '"font.size": 11')
    assert number_of_runs() == 3, "the style of its charts has changed"
    change(lab.root / "requirements" / "site.txt", "numpy==", "numpy===")
    assert number_of_runs() == 4, "the lock file has changed"
    for language in ("zh", "en"):
        change(script_of(lab, language), '"ours: 1"', '"ours: 2"')
    assert number_of_runs() == 5, "its code has changed"


def broken_off(entry: Path) -> None:
    entry.write_bytes(entry.read_bytes()[:-40])


def not_text(entry: Path) -> None:
    entry.write_bytes(b"\xff\xfe\x00")


def edited(entry: Path) -> None:
    change(entry, "0.50", "0.51")


def of_another_lab(entry: Path) -> None:
    content = json.loads(entry.read_text(encoding="utf-8"))
    content["run"]["outputs"].pop()
    entry.write_text(json.dumps(content), encoding="utf-8")


@pytest.mark.parametrize("break_it", [broken_off, not_text, edited, of_another_lab])
def test_a_broken_cache_entry_is_thrown_away(
    break_it: object, lab: Project, request: pytest.FixtureRequest
) -> None:
    assert lab.run("engine.labs").returncode == 0
    (entry,) = (lab.root / ".cache" / "labs").glob("lab-*.json")
    good = json.loads(entry.read_text(encoding="utf-8"))["run"]["outputs"]
    break_it(entry)  # type: ignore[operator]
    again = lab.run("engine.labs")
    assert again.returncode == 0, again.stdout
    assert "thrown away" in again.stdout
    assert runs(lab) == 2
    assert json.loads(entry.read_text(encoding="utf-8"))["run"]["outputs"] == good


def test_a_failing_cell_stops_the_build_with_lab_cell_and_traceback(lab: Project) -> None:
    for language in ("zh", "en"):
        change(script_of(lab, language), 'print("ours: 1")', "total = 0\nprint(1 / total)")
    site = last_good_site(lab)
    built = lab.build()
    assert built.returncode != 0
    line = script_of(lab, "zh").read_text(encoding="utf-8").splitlines().index("print(1 / total)")
    assert f"docs/zh/labs/lab.py:{line + 1}: cell 3 fails: ZeroDivisionError" in built.stdout
    assert "----> 2 print(1 / total)" in built.stdout
    assert "→" in built.stdout
    assert "mkdocs/commands" not in built.stdout, "the traceback is that of the cell alone"
    assert_untouched(site)
    assert list((lab.root / ".cache" / "labs").glob("lab-*.json")) == []


def test_a_snippet_that_fails_is_named_in_the_traceback(lab: Project) -> None:
    change(lab.root / "snippets" / "activations.py", "    e = np.exp", "    e = np.nothing")
    ran = lab.run("engine.labs")
    assert ran.returncode != 0
    assert "cell 1 fails: AttributeError" in ran.stdout
    assert "snippets/activations.py" in ran.stdout


@pytest.mark.parametrize(
    ("module", "package"), [("rdatasetz", "rdatasetz"), ("sklearn.nothing", "scikit-learn")]
)
def test_a_missing_package_says_what_to_install(module: str, package: str, lab: Project) -> None:
    for language in ("zh", "en"):
        change(script_of(lab, language), "import matplotlib", f"import {module}\nimport matplotlib")
    ran = lab.run("engine.labs")
    assert ran.returncode != 0
    assert f"ModuleNotFoundError: No module named '{module}'" in ran.stdout
    assert f"→ pip install {package}" in ran.stdout


BAD = {
    "picture not described": (
        '# %% {"alt": "prediction", "caption": "prediction"}',
        "# %%",
        "draws 1",
    ),
    "description without picture": ("plt.show()", "plt.close()", "draws 0 pictures"),
    "options that are no JSON": ('"alt": "prediction"', '"alt" "prediction"', "not JSON"),
    "unknown option": ('{"results": true}', '{"result": true}', "unknown options: result"),
    "no results": ('# %% {"results": true}', "# %%", "no cell prints its results"),
    "caption missing": (', "caption": "prediction"', "", "a caption"),
    "dead link": ("../index.md#symbols", "../index.md#gone", "no anchor #gone"),
}


@pytest.mark.parametrize("kind", BAD)
def test_bad_input_in_a_lab_is_named_with_its_line(kind: str, lab: Project) -> None:
    old, new, words = BAD[kind]
    change(script_of(lab, "en"), old, new)
    if kind in ("picture not described", "description without picture"):
        old = old.replace("prediction", "预测").replace(
            '预测"}', '预测", "labels": {"training loss": "训练损失"}}'
        )
        change(script_of(lab, "zh"), old, new)
    site = last_good_site(lab)
    built = lab.build()
    assert built.returncode != 0, built.stdout
    assert words in built.stdout
    assert "labs/lab.py:" in built.stdout
    assert "→" in built.stdout
    assert "Traceback" not in built.stdout
    assert_untouched(site)
