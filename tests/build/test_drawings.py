"""Figures are drawn in processes of their own, once, and only what a change reaches anew."""

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.drawing.drawings import wanted_by
from engine.drawing.series import frames_of
from engine.faults import FaultsFound
from engine.reading.page import Page
from engine.site import Site
from tests.conftest import ROOT

#: Each drawing of the miniature site writes a line when it is drawn.
NOTE = """
from pathlib import Path

from engine.figures import Explorer, Frame, Say, Slider, explorer
from engine.figures import figure, figure_of_pages, stepper
from figures.tools import note
"""

TOOLS = """
import snippets.deep
from snippets import shallow


def note(name):
    with open("drawn.txt", "a", encoding="utf-8") as drawn:
        print(name, file=drawn)
    path = '<path id="a"/><use href="#a"/>'
    return f'<svg viewBox="0 0 9 9">{path}<text>{name} {shallow.COLOR}</text></svg>'
"""

HOME = f"""{NOTE}

@figure
def line(say: Say) -> str:
    return note(say("线", "line"))


@stepper
def steps(say: Say) -> list[Frame]:
    return [Frame(f"{{n}} < 3", note(f"step {{n}}")) for n in range(2)]


@explorer
def moved(say: Say) -> Explorer:
    def frame(a, b):
        size = 9
        drawing = f'<svg viewBox="0 0 9 {{size}}" width="9" height="{{size}}"><path d="M0 {{b}}"/>'
        return Frame(f"{{a}} & {{b}}", f"{{drawing}}<text>{{a * b}}</text></svg>")

    first = Slider(say("甲", "it's a"), (1, 2, 3), 2, lambda a: f"{{a}}.0")
    return Explorer((first, Slider("b", (5, 7), 5)), frame, [(1, 5), (3, 7)])
"""

OTHER = """
from engine.figures import figure


@figure
def alone(say):
    with open("drawn.txt", "a", encoding="utf-8") as drawn:
        print("alone", file=drawn)
    return "<svg viewBox='0 0 1 1'></svg>"
"""

MAP = f"""{NOTE}

@figure_of_pages
def chapters(say: Say, pages) -> str:
    return note(" ".join(f"{{p.name}}:{{p.title}}:{{','.join(p.prerequisites)}}" for p in pages))
"""


class Small:
    """A site of a few files, which a test may change."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for name, text in {
            "mkdocs.yml": "nav:\n  - first.md\n  - index.md\n",
            "mkdocs.en.yml": "site_name: notes\nnav:\n  - first.md\n  - index.md\n",
            "snippets/__init__.py": "",
            "snippets/shallow.py": "COLOR = 'blue'\n",
            "snippets/deep.py": "from . import deeper\n",
            "snippets/deeper.py": "DEPTH = 2\n",
            "snippets/unused.py": "UNUSED = 1\n",
            "figures/__init__.py": "",
            "figures/tools.py": TOOLS,
            "figures/home.py": HOME,
            "figures/other.py": OTHER,
            "figures/map.py": MAP,
            "docs/zh/index.md": "---\ntitle: 首页\n---\n\n# 首页 {#home}\n",
            "docs/en/index.md": "---\ntitle: Home\n---\n\n# Home {#home}\n",
            "docs/en/first.md": "---\ntitle: First\nprerequisites: []\n---\n\n# First {#first}\n",
        }.items():
            self.write(name, text)
        self.site = Site(root)

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def change(self, name: str, old: str, new: str) -> None:
        text = (self.root / name).read_text(encoding="utf-8")
        assert old in text
        self.write(name, text.replace(old, new))

    def page(self, *targets: str) -> Page:
        """An English page that names these drawings, one below the other from line 3."""
        lines = "".join(f"\n![what there is]({target})\n" for target in targets)
        return self.site.read(f"# Page {{#page}}\n{lines}", self.root / "docs/en/page.md")

    def told(self, *targets: str) -> str:
        """The faults of a page that names these drawings."""
        return "\n".join(map(str, self.site.drawings.faults(self.page(*targets))))

    def drawn(self) -> list[str]:
        """What has been drawn since this was last asked."""
        notes = self.root / "drawn.txt"
        lines = notes.read_text(encoding="utf-8").splitlines() if notes.exists() else []
        notes.unlink(missing_ok=True)
        return lines


@pytest.fixture
def small(tmp_path: Path) -> Small:
    return Small(tmp_path)


ALL = ("figure:home/line", "stepper:home/steps", "figure:other/alone", "figure:map/chapters")


HOME_DRAWINGS = ["line", "step 0", "step 1"]
MAP_DRAWING = ["first:First: index:Home:"]

ALL_THAT_NOTE = HOME_DRAWINGS + MAP_DRAWING


def test_a_drawing_is_drawn_once_and_never_imported_here(small: Small) -> None:
    page = small.page(*ALL, ALL[0])
    assert small.site.drawings.prepare(wanted_by([page])) == []
    assert sorted(small.drawn()) == [
        "alone",
        "first:First: index:Home:",
        "line",
        "step 0",
        "step 1",
    ]
    assert small.site.drawings.faults(page) == []
    assert "line blue" in small.site.drawings.drawn("figure", "home/line", "en").frames[0].svg
    assert Site(small.root).drawings.prepare(wanted_by([page])) == []
    assert small.drawn() == []
    assert not {"figures.home", "figures.tools", "snippets.deep"} & sys.modules.keys()


def test_each_language_has_its_own_labels(small: Small) -> None:
    assert "线" in small.site.drawings.drawn("figure", "home/line", "zh").frames[0].svg
    assert "line" in small.site.drawings.drawn("figure", "home/line", "en").frames[0].svg


#: What is changed, and what has to be drawn anew for it.
CHANGES: dict[str, tuple[tuple[str, str, str], list[str]]] = {
    "its own module": (("figures/home.py", "< 3", "< 4"), HOME_DRAWINGS),
    "another module": (("figures/other.py", "0 0 1 1", "0 0 2 2"), ["alone"]),
    "what two modules import": (("figures/tools.py", "0 0 9 9", "0 0 8 8"), ALL_THAT_NOTE),
    "a snippet behind that": (("snippets/shallow.py", "blue", "gray"), ALL_THAT_NOTE),
    "a snippet behind a snippet": (("snippets/deeper.py", "2", "3"), ALL_THAT_NOTE),
    "a snippet nobody draws": (("snippets/unused.py", "1", "2"), []),
    "a page's prose": (("docs/en/first.md", "# First", "# The first"), []),
    "a page's title": (
        ("docs/en/first.md", "title: First", "title: Start"),
        ["first:Start: index:Home:"],
    ),
    "a page's prerequisites": (
        ("docs/en/first.md", "prerequisites: []", "prerequisites: [index]"),
        ["first:First:index index:Home:"],
    ),
    "a title in the other language": (("docs/zh/index.md", "title: 首页", "title: 主页"), []),
}


@pytest.mark.parametrize("kind", CHANGES)
@pytest.mark.parametrize("fresh", [False, True], ids=["while serving", "in another build"])
def test_a_change_draws_anew_what_it_reaches_and_nothing_else(
    kind: str, fresh: bool, small: Small
) -> None:
    (name, old, new), expected = CHANGES[kind]
    page = small.page(*ALL)
    small.site.drawings.prepare(wanted_by([page]))
    small.drawn()
    small.change(name, old, new)
    site = Site(small.root) if fresh else small.site
    assert site.drawings.prepare(wanted_by([page])) == []
    assert sorted(small.drawn()) == sorted(expected)


def test_the_files_of_a_drawing_are_the_modules_that_it_needs(small: Small) -> None:
    names = {
        path.relative_to(small.root).as_posix()
        for path in small.site.drawings.files_of("home/line")
    }
    assert names == {
        *("figures/__init__.py", "figures/home.py", "figures/tools.py"),
        *("snippets/__init__.py", "snippets/deep.py", "snippets/deeper.py", "snippets/shallow.py"),
    }


def test_what_nobody_draws_is_a_fault_that_says_what_exists(small: Small) -> None:
    told = small.told("figure:home/circle", "figure:nothing/line", "stepper:home/line")
    assert "docs/en/page.md:3: figures/home.py has no figure 'circle'; it has line" in told
    assert "docs/en/page.md:5: there is no figures/nothing.py" in told
    assert "docs/en/page.md:7: figures/home.py has no stepper 'line'; it has steps" in told
    assert told.count("→ name a figure that exists, or draw it") == 3
    with pytest.raises(FaultsFound, match="has no figure 'circle'"):
        small.site.drawings.drawn("figure", "home/circle", "en")


BODY = 'return note(say("线", "line"))'
LINE = HOME[: HOME.index(BODY)].count("\n") + 1


#: What is put in the place of what, and words that the fault must hold.
FAILING = {
    "an error": ("figures/home.py", BODY, "1 / 0", f"home.py:{LINE}: ZeroDivisionError: div"),
    "an error of a library": (
        "figures/home.py",
        BODY,
        "import numpy as np; np.ones(2) @ np.ones(3)",
        f"figures/home.py:{LINE}: ValueError",
    ),
    "an exit": ("figures/home.py", BODY, "exit('bye')", f"home.py:{LINE}: SystemExit: bye"),
    "no drawing": ("figures/home.py", BODY, "return", f"home.py:{LINE - 1}: TypeError: line must"),
    "the end": ("figures/home.py", BODY, "import os; os._exit(3)", "lost: it ended with 3"),
    "a crash": ("figures/home.py", BODY, "import os; os.abort()", "it was ended by SIGABRT"),
    "no Python": ("figures/home.py", BODY, "return (", f"figures/home.py:{LINE}: SyntaxError"),
    "no such module": (
        "figures/tools.py",
        "import snippets.deep",
        "import nothing",
        "figures/tools.py:2: ModuleNotFoundError",
    ),
    "a snippet that is no Python": (
        "snippets/deeper.py",
        "DEPTH",
        "DEPTH DEPTH",
        "snippets/deeper.py:1: SyntaxError",
    ),
}


@pytest.mark.parametrize("kind", FAILING)
def test_code_that_fails_is_named_where_a_page_shows_it(kind: str, small: Small) -> None:
    name, old, new, words = FAILING[kind]
    as_it_was = (small.root / name).read_text(encoding="utf-8")
    small.change(name, old, new)
    told = small.told("figure:home/line", "figure:other/alone")
    assert "docs/en/page.md:3: the figure home/line fails at " in told
    assert words in told
    assert "→ mend the code that draws it" in told
    assert "other/alone" not in told
    assert small.drawn() == ["alone"]
    small.write(name, as_it_was)
    assert small.told("figure:home/line", "figure:other/alone") == ""
    assert small.drawn() == ["line"]


def test_what_comes_after_a_lost_process_is_drawn_all_the_same(small: Small) -> None:
    small.change("figures/home.py", BODY, "import os; os._exit(3)")
    assert "home/steps" not in small.told("figure:home/line", "stepper:home/steps")
    assert small.drawn() == ["step 0", "step 1"]


def test_what_fails_is_not_tried_again_until_its_code_changes(small: Small) -> None:
    small.change("figures/home.py", BODY, f"{BODY} + 1")
    faults = small.site.drawings.prepare([("figure", "home/line", "en")])
    assert [(fault.path.name, fault.line) for fault in faults] == [("home.py", LINE)]
    small.told("figure:home/line")
    assert small.drawn() == ["line"]


def test_a_drawing_may_print_and_cannot_wait_for_anybody(small: Small) -> None:
    small.change("figures/home.py", BODY, 'print("null"); input()')
    assert "EOFError" in small.told("figure:home/line")


def test_settings_of_one_drawing_do_not_reach_the_next(small: Small) -> None:
    small.write(
        "figures/two.py",
        """
import matplotlib
from engine.figures import figure

@figure
def first(say):
    matplotlib.rcParams["lines.linewidth"] = 99
    return "<svg></svg>"

@figure
def second(say):
    return f"<svg><text>{matplotlib.rcParams['lines.linewidth']}</text></svg>"
""",
    )
    assert small.told("figure:two/first", "figure:two/second") == ""
    assert "99" not in small.site.drawings.drawn("figure", "two/second", "en").frames[0].svg


def truncated(entry: Path) -> None:
    entry.write_bytes(entry.read_bytes()[:-9])


def altered(entry: Path) -> None:
    entry.write_bytes(entry.read_bytes().replace(b"blue", b"grey"))


@pytest.mark.parametrize("damage", [truncated, altered])
def test_a_damaged_entry_is_drawn_anew_with_a_warning(
    damage: Callable[[Path], None], small: Small, caplog: pytest.LogCaptureFixture
) -> None:
    page = small.page("figure:home/line")
    small.site.drawings.prepare(wanted_by([page]))
    (entry,) = small.site.drawings.store.folder.glob("*.json")
    damage(entry)
    with caplog.at_level(logging.WARNING):
        drawn = small.site.drawings.drawn("figure", "home/line", "en").frames
    assert "line blue" in drawn[0].svg
    assert "is broken: it is thrown away and made anew" in caplog.text
    assert small.drawn() == ["line", "line"]


def test_where_nothing_can_be_kept_it_is_said(small: Small) -> None:
    small.write(".cache", "a file where the folder should be")
    (fault,) = small.site.drawings.prepare([("figure", "home/line", "en")])
    assert "nothing can be kept in this folder" in fault.message


def test_an_unreadable_page_is_its_own_fault_and_no_figure_s(small: Small) -> None:
    (small.root / "docs/en/first.md").write_bytes("latin: é".encode("latin-1"))
    assert small.told("figure:map/chapters") == ""
    with pytest.raises(FaultsFound, match="not UTF-8"):
        small.site.drawings.drawn("figure", "map/chapters", "en")


def test_a_drawing_that_does_not_end_is_stopped_and_told(small: Small) -> None:
    small.change("figures/home.py", BODY, "import time; time.sleep(600)")
    small.site.drawings.patience = 3  # which is enough for the other one
    told = small.told("figure:home/line", "figure:other/alone")
    assert f"the figure home/line fails at figures/home.py:{LINE - 1}: " in told
    assert "it was stopped, since it took longer than 3 seconds" in told
    assert "other/alone" not in told


def test_a_page_shows_what_it_showed_before_until_that_is_drawn_anew(small: Small) -> None:
    page, drawings = small.page("figure:home/line", "figure:other/alone"), small.site.drawings
    html = '<img alt="a" src="figure:home/line">'
    assert drawings.postpone(page) == {}, "nothing has been shown yet"
    assert "line blue" in drawings.inline(html, "en", nothing)
    small.drawn()
    small.change("snippets/shallow.py", "blue", "gray")
    small.change("figures/other.py", "0 0 1 1", "0 0 2 2")
    postponed = drawings.postpone(page)
    assert [drawing.target for drawing in postponed.values()] == ["home/line"]
    assert drawings.faults(page) == []
    assert "line blue" in drawings.inline(html, "en", nothing)
    assert small.drawn() == ["alone"]
    assert all(map(drawings.is_postponed, postponed))
    drawings.draw_postponed(postponed)
    assert not any(map(drawings.is_postponed, postponed))
    assert "line gray" in drawings.inline(html, "en", nothing)
    assert small.drawn() == ["line"]


def test_a_long_round_tells_how_far_it_has_come(
    small: Small, caplog: pytest.LogCaptureFixture
) -> None:
    functions = "".join(f"@figure\ndef f{n}(say): return '<svg></svg>'\n" for n in range(45))
    small.write("figures/many.py", f"from engine.figures import figure\n{functions}")
    with caplog.at_level(logging.INFO):
        small.site.drawings.prepare(("figure", f"many/f{n}", "en") for n in range(45))
    assert "drawing 45 figures" in caplog.text
    assert "drawing 40 of 45 figures" in caplog.text


TELLING = """
import io
import locale
import matplotlib.pyplot as plt
from engine.figures import figure

@figure
def all(say):
    out = io.StringIO()
    plt.figure(figsize=(1, 1)).savefig(out, format="svg")
    told = [__debug__, hash("a"), open("x", "w").encoding, str(locale.getlocale())]
    return f"<svg ><!-- {told} -->{out.getvalue()}</svg>"
"""

PREPARE = """
import sys
from pathlib import Path
from engine.site import Site

Site(Path(sys.argv[1])).drawings.prepare(eval(sys.argv[2]))
"""

#: What the user's environment may hold.
USERS = {
    "an empty date": {"SOURCE_DATE_EPOCH": ""},
    "no date": {"SOURCE_DATE_EPOCH": "yesterday"},
    "another date": {"SOURCE_DATE_EPOCH": "1000000000"},
    "no assertions": {"PYTHONOPTIMIZE": "2"},
    "another hash": {"PYTHONHASHSEED": "7"},
    "no UTF-8": {"PYTHONUTF8": "0", "PYTHONIOENCODING": "gbk", "LC_ALL": "zh_CN.GBK"},
    "a safe path": {"PYTHONSAFEPATH": "1", "PYTHONPATH": "/nowhere"},
    "another backend": {"MPLBACKEND": "nonsense"},
    "a style": {"MATPLOTLIBRC": "style"},
    "threads": {"OMP_NUM_THREADS": "7"},
}


@pytest.fixture(scope="module")
def told_anywhere(tmp_path_factory: pytest.TempPathFactory) -> str:
    small = Small(tmp_path_factory.mktemp("usual"))
    small.write("figures/telling.py", TELLING)
    return _telling(small)


def _telling(small: Small) -> str:
    assert small.told("figure:telling/all") == ""
    return small.site.drawings.drawn("figure", "telling/all", "en").frames[0].svg


@pytest.mark.parametrize("kind", USERS)
def test_the_user_s_environment_does_not_reach_a_drawing(
    kind: str, small: Small, told_anywhere: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    small.write("style/matplotlibrc", "svg.fonttype: none\nfigure.facecolor: red\n")
    small.write("figures/telling.py", TELLING)
    for name, value in USERS[kind].items():
        value = str(small.root / value) if name == "MATPLOTLIBRC" else value
        monkeypatch.setitem(os.environ, name, value)
    assert _telling(small) == told_anywhere
    assert "<!-- [True, " in told_anywhere


@pytest.mark.usefixtures("interruptible")
@pytest.mark.skipif(os.name == "nt", reason="interruptions are signals elsewhere alone")
def test_who_interrupts_a_build_leaves_no_process_that_draws(small: Small) -> None:
    sleep = "import os, time; Path(f'child-{os.getpid()}').touch(); time.sleep(600)"
    small.change("figures/home.py", BODY, sleep)
    small.change("figures/other.py", "    with", f"    from pathlib import Path; {sleep}\n    with")
    wanted = [("figure", "home/line", "en"), ("figure", "other/alone", "en")]
    build = subprocess.Popen(
        [sys.executable, "-c", PREPARE, str(small.root), repr(wanted)],
        cwd=ROOT,
        stderr=subprocess.PIPE,
    )
    while not (children := list(small.root.glob("child-*"))):
        assert build.poll() is None
        time.sleep(0.05)
    build.send_signal(signal.SIGINT)
    assert b"KeyboardInterrupt" in build.communicate()[1]
    for child in {*children, *small.root.glob("child-*")}:
        with pytest.raises(ProcessLookupError):
            os.kill(int(child.name.partition("-")[2]), 0)


def nothing(name: str, content: str) -> str:
    raise AssertionError(f"nothing of this needs a file, and {name} was written")


def test_a_page_holds_the_drawing_its_name_and_its_alternative(small: Small) -> None:
    html = small.site.drawings.inline(
        '<p><img alt="a &lt; b &quot;c&quot;" src="figure:home/line" />'
        '<img alt="two steps" src="stepper:home/steps"><img alt="x" src="other.png"></p>',
        "en",
        nothing,
    )
    label = 'role="img" aria-label="a &lt; b &quot;c&quot;"'
    assert f'<svg class="drawing" {label} data-drawing="figure:home/line" viewBox' in html
    assert '<path id="home-line-0-a"/><use href="#home-line-0-a"/>' in html
    stepper = '<frame-series><span role="list" aria-label="two steps"'
    assert f'{stepper} data-drawing="stepper:home/steps">' in html
    assert html.count('<span class="frame" role="listitem">') == 2
    assert 'aria-label="1 &lt; 3"' in html
    assert html.count("data-drawing=") == 2
    assert '<img alt="x" src="other.png">' in html


def test_of_an_explorer_a_page_holds_the_first_frame_and_the_files_all(small: Small) -> None:
    small.write("theme/assets/site.css", '[data-md-color-scheme="default"] {--figure-ink: #123;}')
    files: dict[str, str] = {}

    def written(name: str, content: str) -> str:
        files[name] = content
        return f"../kept/{name}"

    page = '<p><img alt="a &amp; b" src="explorer:home/moved"></p>'
    html = small.site.drawings.inline(page, "en", written)
    *pictures, script = files
    assert [name.partition(".")[0] for name in files] == ["home-moved"] * 3
    sliders = '[["it&#39;s a",1,["1.0","2.0","3.0"]],["b",0,["5","7"]]]'
    assert f"data-frames=\"../kept/{script}\" data-sliders='{sliders}'>" in html
    drawing = html.partition("<noscript>")[0].partition("<svg")[2]
    assert 'role="img" aria-label="a &amp; b" data-drawing="explorer:home/moved"' in drawing
    assert "M0 5" in drawing and "<text>10</text>" in drawing and "2 &amp; 5</span>" in drawing
    for name, caption in zip(pictures, ("1 &amp; 5", "3 &amp; 7"), strict=True):
        picture = f'<img alt="" loading="lazy" src="../kept/{name}" width="9" height="9">'
        assert f'{picture}<span class="frame-caption">{caption}</span>' in html
        assert "--figure-ink: #123;" in files[name]
    assert "<text>21</text></svg>" in files[pictures[1]]
    assert frames_of(files[script]) == [
        (f"{a} & {b}", f'<path d="M0 {b}"/><text>{a * b}</text>') for a in (1, 2, 3) for b in (5, 7)
    ]


MISFITS = {
    "a start": ("2, lambda", "4, lambda", 'the slider "it\'s a" starts at 4, no value of it'),
    "a series": ("(3, 7)", "(3, 8)", "not [(3, 8)]"),
    "a size": ("size = 9", "size = b", "the frames differ in size"),
    "a kind": ("return Explorer(", "return print(", "must return an Explorer, not NoneType"),
}


@pytest.mark.parametrize("kind", MISFITS)
def test_an_explorer_whose_parts_do_not_fit_is_told(kind: str, small: Small) -> None:
    old, new, message = MISFITS[kind]
    small.change("figures/home.py", old, new)
    assert message in small.told("explorer:home/moved")
