"""A lab runs once, until something it depends on changes; what is wrong with it stops the build."""

import logging
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.build_faults import build_faults
from engine.child import environment
from engine.faults import Fault
from engine.labs.asked import differing
from engine.labs.faults import form_faults
from engine.labs.run import Run, kernel_folder
from engine.paths import LANGUAGES
from engine.reading.page import Page
from engine.running.update_outputs import OutputUpdates
from engine.site import Site
from tests.build.test_bad_input import assert_untouched, last_good_site
from tests.conftest import LABS, ROOT, Project
from tests.small_site import SmallSite

#: Each run leaves a line in runs.txt.
LAB = """# ---
# title: {title}
# description: {title}
# prerequisites: []
# data: "3"
# seconds: 20
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
    return with_lab(project)


def with_lab(project: Project) -> Project:
    """The miniature project with a lab in both languages."""
    for language, title, word, labels in (
        ("zh", "实验", "预测", ', "labels": {"training loss": "训练损失"}'),
        ("en", "Lab", "prediction", ""),
    ):
        script = script_of(project, language)
        script.parent.mkdir()
        script.write_text(LAB.format(title=title, word=word, labels=labels), encoding="utf-8")
    (plugin,) = LABS.findall((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
    change(project.root / "mkdocs.yml", "\nmarkdown_extensions:", f"{plugin}\nmarkdown_extensions:")
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


def labs_of(site: Site) -> list[Page]:
    return [page for language in LANGUAGES for page in site.labs_of(language)]


def faults_of(project: Project) -> list[Fault]:
    """What is wrong with the lab, in the order in which a build asks."""
    site = Site(project.root)
    pages = labs_of(site)
    found = [fault for page in pages for fault in [*page.faults, *form_faults(page)]]
    return found or site.labs.run_all(pages)


def entries(project: Project) -> list[Path]:
    return list((project.root / ".cache" / "labs").glob("*"))


def test_a_key_changes_with_all_that_a_run_depends_on_and_with_nothing_else(lab: Project) -> None:
    site = Site(lab.root)

    def keys() -> set[str]:
        found = {site.labs.key_of(page) for page in labs_of(site)}
        assert len(found) == 1, "both languages share a run"
        assert found == {Site(lab.root).labs.key_of(page) for page in labs_of(site)}
        return found

    def changed(*arguments: str) -> bool:
        before = keys()
        change(lab.root.joinpath(*arguments[:-2]), *arguments[-2:])
        return keys() != before

    script, word = ("docs", "en", "labs", "lab.py"), "import numpy"
    assert not changed(*script, "# $x$", "# $y$"), "its prose"
    assert not changed(*script, 'print("ours', '# a\nprint("ours'), "a comment"
    for language in LANGUAGES:
        function = f'def f():\n    """{language}."""\n\n\nprint("ours'
        change(script_of(lab, language), 'print("ours', function)
    assert not changed(*script, '"""en."""', '"""English."""'), "a docstring"
    assert not changed("snippets", "gru.py", word, f"# a\n{word}"), "it does not import it"
    assert not changed("figures", "home.py", "M0 0", "M1 1"), "a figure, not the style of charts"
    assert changed("snippets", "activations.py", word, f"# a\n{word}"), "a snippet imports it"
    assert changed("figures", "chart.py", '"font.size": 10', '"font.size": 11')
    assert changed("requirements", "site.txt", "numpy==", "numpy===")
    before = keys()
    for language in LANGUAGES:
        change(script_of(lab, language), '"ours: 1"', '"ours: 2"')
    assert keys() != before, "its code"


def test_a_shared_run_is_shown_in_the_words_of_each_page(lab: Project) -> None:
    change(script_of(lab, "zh"), "<ours>", "是本站的")
    change(script_of(lab, "en"), "<ours>", "is ours")
    assert faults_of(lab) == []
    assert runs(lab) == 1
    site = Site(lab.root)
    shown = [site.labs.run_of(page).printed(0) for page in labs_of(site)]
    assert shown == ["0.50 是本站的\n", "0.50 is ours\n"]
    change(script_of(lab, "en"), "is ours", "is ours, J")
    assert faults_of(lab) == []
    assert runs(lab) == 2 + 1, "where more than words differs, each page's own code is run"
    site = Site(lab.root)
    shown = [site.labs.run_of(page).printed(0) for page in labs_of(site)]
    assert shown == ["0.50 是本站的\n", "0.50 is ours, J\n"]


def test_a_failing_cell_of_a_shared_run_is_named_in_the_code_that_ran(lab: Project) -> None:
    for language, word in (("zh", "本站"), ("en", "mine")):
        change(script_of(lab, language), 'print("ours: 1")', f'print(1 / 0, "{word}")')
    (fault,) = faults_of(lab)
    assert fault.path == script_of(lab, "en")
    assert fault.message.startswith("cell 3 fails: ZeroDivisionError")


def test_a_lab_runs_once_and_a_broken_entry_is_thrown_away(
    lab: Project, caplog: pytest.LogCaptureFixture
) -> None:
    assert faults_of(lab) == []
    assert runs(lab) == 1
    (entry,) = entries(lab)
    good = entry.read_bytes()
    assert faults_of(lab) == []
    assert runs(lab) == 1
    broken = {
        "broken off": good[:-40],
        "not text": b"\xff\xfe\x00",
        "edited": good.replace(b"0.50", b"0.51"),
        "another form": b"[]",
    }
    for kind, content in broken.items():
        assert content != good
        entry.write_bytes(content)
        site = Site(lab.root)
        with caplog.at_level(logging.WARNING):
            assert site.labs.kept(labs_of(site)[0]) is None, kind
        assert "thrown away" in caplog.text, kind
        assert not entry.exists(), kind
        caplog.clear()
    assert faults_of(lab) == []
    assert runs(lab) == 2
    assert b"0.50" in entry.read_bytes()


def test_a_failing_cell_is_named_with_its_line_and_traceback(lab: Project) -> None:
    for language in LANGUAGES:
        change(script_of(lab, language), 'print("ours: 1")', "total = 0\nprint(1 / total)")
    (fault,) = faults_of(lab)
    script = script_of(lab, "zh")
    lines = script.read_text(encoding="utf-8").splitlines()
    assert (fault.path, fault.line) == (script, lines.index("print(1 / total)") + 1)
    assert fault.message.startswith("cell 3 fails: ZeroDivisionError")
    assert "----> 2 print(1 / total)" in fault.message
    assert entries(lab) == []


def test_a_false_assertion_fails_whatever_the_user_has_set(
    lab: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    for language in LANGUAGES:
        change(script_of(lab, language), 'print("ours: 1")', "assert 1 == 2")
    monkeypatch.setenv("PYTHONOPTIMIZE", "1")
    (fault,) = faults_of(lab)
    assert "cell 3 fails: AssertionError" in fault.message
    assert entries(lab) == []


def test_the_environment_of_a_child_is_that_of_the_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = {"PYTHONOPTIMIZE", "PYTHONWARNINGS", "PYTHONSTARTUP", "PYTHONINSPECT"}
    for name in settings | {"PYTHONHASHSEED", "PYTHONPATH", "UNRELATED"}:
        monkeypatch.setenv(name, "1")
    given = environment(tmp_path)
    assert not settings & set(given)
    assert given["PYTHONPATH"].split(os.pathsep)[0] == str(tmp_path)
    assert given["PYTHONHASHSEED"] == "0"
    assert given["UNRELATED"] == "1"


def test_a_snippet_that_fails_is_named_in_the_traceback(lab: Project) -> None:
    change(lab.root / "snippets" / "activations.py", "    e = np.exp", "    e = np.nothing")
    (fault,) = faults_of(lab)
    assert "cell 1 fails: AttributeError" in fault.message
    assert "snippets/activations.py" in fault.message


@pytest.mark.parametrize(
    ("module", "package"), [("rdatasetz", "rdatasetz"), ("sklearn.nothing", "scikit-learn")]
)
def test_a_missing_package_says_what_to_install(module: str, package: str, lab: Project) -> None:
    for language in LANGUAGES:
        change(script_of(lab, language), "import matplotlib", f"import {module}\nimport matplotlib")
    (fault,) = faults_of(lab)
    assert f"ModuleNotFoundError: No module named '{module}'" in fault.message
    assert fault.remedy == f"pip install {package}"


#: A lab that waits until it is killed, but for the second time.
WAITING = """import time

waited = Path("waited.txt").exists()
Path("waited.txt").write_text("yes", encoding="utf-8")
time.sleep(0 if waited else 200)
print("ours: 1")"""


@pytest.fixture
def folder_of_kernels(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder for temporary files with a short name, as sockets need."""
    with tempfile.TemporaryDirectory(prefix="k") as folder:
        monkeypatch.setenv("TMPDIR", folder)
        monkeypatch.setattr(tempfile, "tempdir", None)
        yield Path(folder)


@pytest.mark.skipif(os.name == "nt", reason="there are no sockets in folders")
def test_a_run_that_is_killed_is_not_trusted_and_leaves_nothing_behind(
    lab: Project, folder_of_kernels: Path
) -> None:
    for language in LANGUAGES:
        change(script_of(lab, language), 'print("ours: 1")', WAITING)
    killed = subprocess.Popen([sys.executable, "-m", "engine.labs"], cwd=lab.root)
    while not (lab.root / "waited.txt").exists():
        assert killed.poll() is None
        time.sleep(0.1)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    assert entries(lab) == []
    (left,) = folder_of_kernels.iterdir()
    assert left.name.startswith(f"lab-{killed.pid}-")
    assert faults_of(lab) == []
    assert runs(lab) == 2
    assert len(entries(lab)) == 1
    assert list(folder_of_kernels.iterdir()) == []


def test_folders_of_kernels_that_still_run_are_left_alone(folder_of_kernels: Path) -> None:
    with kernel_folder() as first, kernel_folder() as second:
        assert first.is_dir()
        assert second.is_dir()
    assert list(folder_of_kernels.iterdir()) == []


def test_a_lab_that_takes_longer_than_it_says_is_named(lab: Project) -> None:
    busy = 'import time\n\nwhile time.process_time() < 2:\n    pass\nprint("ours: 1")'
    for language in LANGUAGES:
        change(script_of(lab, language), 'print("ours: 1")', busy)
        change(script_of(lab, language), "# seconds: 20", "# seconds: 1")
    ran = lab.run("engine.labs")
    assert ran.returncode == 0, ran.stdout
    assert "warning: docs/zh/labs/lab.py:1: its code took" in ran.stdout
    assert "it says 1 s" in ran.stdout


BAD = {
    "picture not described": (
        '# %% {"alt": "prediction", "caption": "prediction"}',
        "# %%",
        "draws 1",
    ),
    "description without picture": ("plt.show()", "plt.close()", "draws 0 pictures"),
    "options that are no JSON": ('"alt": "prediction"', '"alt" "prediction"', "not JSON"),
    "unknown option": ('{"results": true}', '{"result": true}', "unknown options: result"),
    "folded results": ('{"results": true}', '{"results": true, "folded": "Checks"}', "is folded"),
    "no results": ('# %% {"results": true}', "# %%", "no cell prints its results"),
    "caption missing": (', "caption": "prediction"', "", "a caption"),
    "no time": ("# seconds: 20\n", "", "does not say how long it takes"),
    "too long a time": ("# seconds: 20", "# seconds: 600", "does not say how long it takes"),
    "a magic command": ("plt.show()", "plt.show()\n%precision 3", "a command of notebooks"),
    "a command of the shell": ("plt.show()", "!true\nplt.show()", "a command of notebooks"),
    "no Python": ("plt.show()", "plt.show(", "the cell is no Python"),
    "a bare expression": ("plt.show()", "plt.show()\n[1]", "a bare expression"),
    "another mark": ("plt.show()", "#%%\nplt.show()", "mark of a cell that is none: '#%%'"),
    "a number of a cell": ("plt.show()", "# In[1]:\nplt.show()", "mark of a cell that is none"),
    "display": ("plt.show()", "display(1)\nplt.show()", "display shows what no script can"),
    "no data": ('# data: "3"', "# data: 3", "does not say what its data is"),
}


@pytest.mark.parametrize("kind", BAD)
def test_bad_input_in_a_lab_is_named(kind: str, lab: Project) -> None:
    old, new, words = BAD[kind]
    change(script_of(lab, "en"), old, new)
    if kind == "description without picture":
        change(script_of(lab, "zh"), old, new)
    found = faults_of(lab)
    assert any(words in fault.message for fault in found), found
    assert all(fault.path.name == "lab.py" and fault.remedy for fault in found)


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
    again = lab.build()
    assert again.returncode == 0, again.stdout
    assert runs(lab) == 1
    assert "Converting notebook" in built.stdout
    assert "Converting notebook" not in again.stdout, "an unchanged lab is not converted again"


def test_what_a_lab_says_of_its_run_is_held(lab: Project) -> None:
    """Asked in the kernel where it stands, or at the end; once for both languages."""
    ahead = "#\n# It will have [4 signs]{=> written}, [3 cells]{= written}.\n#\n# ```sh"
    said = "# Of [2]{= written} or [0.50]{= sigmoid(0.0)} there is [3]{= 1 / 0}.\n"
    for language in LANGUAGES:
        change(script_of(lab, language), "#\n# ```sh", ahead)
        results = '# %% {"results": true}'
        change(script_of(lab, language), results, f"# %% [markdown]\n{said}\n{results}")
    assert faults_of(lab) == []
    site = lab.site
    (page,) = site.labs_of("en")
    found = site.labs.faults(page)
    assert [f"{fault.message} → {fault.remedy}" for fault in found] == [
        "[3 cells]{= written}: no cell above it has run → "
        "{=> …} looks ahead to the end of the section, {=>> …} of the lab",
        "[2]{= written}: '2' stands for 4 → correct the text, or the expression",
        "[3]{= 1 / 0}: ZeroDivisionError: division by zero → name what the cells above it compute",
    ]
    assert runs(lab) == 1


def test_a_fault_in_a_lab_stops_the_build(lab: Project) -> None:
    for language in LANGUAGES:
        change(script_of(lab, language), 'print("ours: 1")', "total = 0\nprint(1 / total)")
    site = last_good_site(lab)
    built = lab.build()
    assert built.returncode != 0
    assert "docs/zh/labs/lab.py:" in built.stdout
    assert "mkdocs/commands" not in built.stdout, "the traceback is that of the cell alone"
    assert_untouched(site)


def test_a_dead_link_in_a_lab_is_a_build_fault(lab: Project) -> None:
    change(script_of(lab, "en"), "../index.md#symbols", "../index.md#gone")
    (fault,) = build_faults(lab.site)
    assert "no anchor #gone" in fault.message
    assert fault.path == script_of(lab, "en")
    assert not (lab.root / "runs.txt").exists(), "it is told before anything runs"


def test_figures_in_the_prose_are_written_anew_in_both_languages(tmp_path: Path) -> None:
    script = (
        "# ---\n# title: L\n# prerequisites: []\n# ---\n\n# %%\nx = 0.25\n\n# %% [markdown]\n"
        "# It is [0.31]{{= x}}{then} [0.25]{{= x}}, {half}.\n"
    )
    site = SmallSite(tmp_path)
    texts = {"zh": ("，再是", "[一半]{= x}"), "en": (", then", "[a half]{= x}")}
    for language, (then, half) in texts.items():
        site.write(f"docs/{language}/labs/l.py", script.format(then=then, half=half))
    run = Run(1.0, [[]], [{"x": [0.25]}])
    updates, words = OutputUpdates(site), []
    for language in texts:
        for tie, given in differing(site.page(site.docs / language / "labs" / "l.py"), run):
            if not updates.add_tie(tie, given):
                words.append(tie.text)
    assert words == ["一半", "a half"]
    assert len(updates.write()) == 2
    for language in texts:
        written = (site.docs / language / "labs" / "l.py").read_text(encoding="utf-8")
        assert written.count("[0.25]{= x}") == 2
        assert "0.31" not in written
