"""A new page leaves gaps and nothing else; an anchor is renamed wherever it is named."""

from __future__ import annotations

import shutil
import textwrap
from pathlib import Path

import pytest

from engine.commands import new_page, outputs, rename_anchor, renumber
from engine.languages import stamp as stamping
from engine.languages.stamps import Pair, stamp_faults
from engine.paths import LANGUAGES
from engine.reading.forms import form_faults
from engine.review import review
from engine.site import Site
from tests.conftest import ROOT, Project
from tests.small_site import SmallSite

PAGE = "---\ntitle: {0}\ndescription: {0}\n---\n\n# {0} {{#title}}\n\nA [link](#old) {0}.\n\n"
MORE = "## {0} {{#old}}\n\nSee [here](other.md#old), not [there](#title).\n"
EQUATION = "\n$$\nx = 1 \\tag{a.1}\n$$\n"


@pytest.fixture
def site(tmp_path: Path) -> SmallSite:
    made = SmallSite(tmp_path)
    made.both("a", *((PAGE + MORE).format(word) + EQUATION for word in ("词", "word")))
    made.both("other", (PAGE + MORE).format("词"), (PAGE + MORE).format("word"))
    made.both("b/c", "# C {#title}\n\nTo [it](../a.md#old), [it](../a.md#title), `(a.md#old)`.\n")
    made.write("README.md", "See [it](docs/en/a.md#old).\n")
    for name in made.names():
        stamping.stamp(Pair(made, name))
    return made


def test_an_anchor_is_renamed_with_all_links_and_stays_in_step(site: SmallSite) -> None:
    changed = rename_anchor.rename(site, "a", "old", "new")
    assert {path.relative_to(site.root).as_posix() for path in changed} == {
        "docs/zh/a.md",
        "docs/en/a.md",
        "docs/zh/b/c.md",
        "docs/en/b/c.md",
        "README.md",
    }
    page = site.page(site.docs / "en" / "a.md")
    assert [heading.anchor for heading in page.headings] == ["title", "new"]
    assert [link.target for link in page.links] == ["#new", "other.md#old", "#title"]
    assert page.meta["moved"] == {"old": "new"}
    linking = site.page(site.docs / "en" / "b" / "c.md")
    assert [link.target for link in linking.links] == ["../a.md#new", "../a.md#title"]
    assert "docs/en/a.md#new" in (site.root / "README.md").read_text(encoding="utf-8")
    assert [fault for name in site.names() for fault in stamp_faults(site, name)] == []


def test_what_was_out_of_step_stays_so(site: SmallSite) -> None:
    site.replace("docs/en/b/c.md", "To ", "Off to ")
    rename_anchor.rename(site, "a", "old", "new")
    assert len(stamp_faults(site, "b/c")) == 1


def test_an_anchor_that_moves_on_and_back_is_remembered(site: SmallSite) -> None:
    rename_anchor.rename(site, "a", "old", "new")
    rename_anchor.rename(site, "a", "new", "newer")
    assert site.page(site.docs / "zh" / "a.md").meta["moved"] == {"old": "newer", "new": "newer"}
    rename_anchor.rename(site, "a", "newer", "old")
    assert site.page(site.docs / "zh" / "a.md").meta["moved"] == {"new": "old", "newer": "old"}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("gone", "new", "has no heading {#gone}\n    → name one of title, old"),
        ("old", "title", "has a heading {#title}"),
        ("old", "a b", "'a b' is no anchor"),
        ("eq-a.1", "eq-a.2", "its equation (a.1), whose tag it follows\n    → make renumber"),
        ("old", "eq-a.1", "its equation (a.1), whose tag it follows"),
        ("eq-a.3", "new", "has no heading {#eq-a.3}"),
    ],
)
def test_what_cannot_be_renamed_is_one_clear_error(
    old: str, new: str, message: str, site: SmallSite, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.chdir(site.root)
    assert rename_anchor.main(["a", old, new]) == 2
    assert message in capsys.readouterr().err


TAGGED = "# {0} {{#title}}\n\n$$\nx = 1 \\tag{{t.3}}\n$$\n\nBy [(t.1)](#eq-t.1), {0}:\n\n"
TAGGED += "$$\ny = 2 \\tag{{t.1}}\n$$\n\n$$\nz = 3 \\tag{{t.10}}\n$$\n"


@pytest.fixture
def tagged(site: SmallSite) -> SmallSite:
    site.both("t", TAGGED.format("词"), TAGGED.format("word"))
    site.both("b/linking", "# L {#title}\n\n[(t.10)](../t.md#eq-t.10), (at.1), t.1.2, (t.7).\n")
    site.write("checks/t.py", '@worth("t.3", "t.1")\n')
    site.write("snippets/t.py", "y = 2  # (t.1)\nz = a.t.1\n")
    site.write("docs/in_step/notes.yml", "reason: t.1\n")
    for name in ("t", "b/linking"):
        stamping.stamp(Pair(site, name))
    return site


def test_equations_are_numbered_in_their_order_wherever_they_are_named(
    tagged: SmallSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tagged.root)
    assert renumber.main(["t"]) == 0
    for language in LANGUAGES:
        page = tagged.page(tagged.docs / language / "t.md")
        assert [formula.tag for formula in page.display_formulas] == ["t.1", "t.2", "t.3"]
        assert [link.target for link in page.links] == ["#eq-t.2"]
        assert "By [(t.2)]" in page.path.read_text(encoding="utf-8")

    def text(path: str) -> str:
        return (tagged.root / path).read_text(encoding="utf-8")

    assert "[(t.3)](../t.md#eq-t.3), (at.1), t.1.2, (t.7)." in text("docs/zh/b/linking.md")
    assert text("checks/t.py") == '@worth("t.1", "t.2")\n'
    assert text("snippets/t.py") == "y = 2  # (t.2)\nz = a.t.1\n"
    assert text("docs/in_step/notes.yml") == "reason: t.1\n"
    assert [fault for name in ("t", "b/linking") for fault in stamp_faults(tagged, name)] == []
    assert renumber.renumber(tagged, "t") == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("{t.10}", "{t.4}", "have other tags, or in another order\n    → make them equal"),
        ("{t.10}", "{u.4}", "the tags of t are t.3, t.1, u.4\n    → give each a number"),
        ("{t.10}", "{t.1}", "the tags of t are t.3, t.1, t.1\n    → give each a number"),
    ],
)
def test_equations_without_a_common_order_are_one_clear_error(
    old: str, new: str, message: str, tagged: SmallSite, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.chdir(tagged.root)
    for language in LANGUAGES[: 1 if new == "{t.4}" else None]:
        tagged.replace(f"docs/{language}/t.md", old, new)
    assert renumber.main(["t"]) == 2
    assert message in capsys.readouterr().err


def reviewed(project: Project, name: str) -> list[str]:
    """What a review finds wrong with a page in both languages."""
    faults = review(project.site, [name], LANGUAGES, None, lambda fault: None)
    return [fault.message for fault in faults]


def test_a_new_page_leaves_nothing_but_gaps(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for file in ("tests/snippets/faults.py", "figures/chart.py", "figures/palette.py"):
        (project.root / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / file, project.root / file)
    monkeypatch.chdir(project.root)
    assert new_page.main(["gated-units", "--title-en", "Gates: two"]) == 0
    told = capsys.readouterr().out.splitlines()
    written = [line.removeprefix("wrote ") for line in told if "wrote" in line]
    assert "checks/gated_units.py" in written
    faults = reviewed(project, "gated-units")
    others = [told for told in faults if "something is still to be written" not in told]
    assert len(faults) - len(others) > 20
    assert others == [
        "the page has never been stamped: there is no docs/in_step/gated-units.yml",
        "the page has never been stamped: there is no docs/in_step/index.yml",
    ]
    tests = "tests/snippets/test_gated_units.py"
    assert project.run("pytest", "-q", tests).returncode == 0
    for file in (*written, tests):  # once the gaps are filled, nothing is left
        path = project.root / file
        path.write_text(
            path.read_text(encoding="utf-8").replace("TODO: ", "").replace("TODO", ""), "utf-8"
        )
    project.stamp()
    assert reviewed(project, "gated-units") == []


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("Momentum", "'Momentum' is no name of a page"),
        ("a--b", "'a--b' is no name of a page"),
        ("../a", "'../a' is no name of a page"),
        ("import", "'import' is a word of Python's own"),
        ("a", "docs/zh/a.md exists already"),
    ],
)
def test_a_name_that_is_no_good_is_one_clear_error(
    name: str, message: str, site: SmallSite, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.chdir(site.root)
    before = sorted(site.root.rglob("*"))
    assert new_page.main([name]) == 2
    assert message in capsys.readouterr().err
    assert sorted(site.root.rglob("*")) == before


@pytest.mark.parametrize("fold", ["", '??? note "All"\n\n'])
@pytest.mark.parametrize("columns", [2, 4])
def test_its_row_on_the_home_page_has_as_many_cells_as_the_others(
    columns: int, fold: str, site: SmallSite
) -> None:
    head, rule, row = "| x " * columns + "|", "|---" * columns + "|", "| " * (columns - 1)
    rows = textwrap.indent(f"{head}\n{rule}\n| [a](a.md) {row}|", "    " if fold else "")
    table = f"# Home {{#title}}\n\n{fold}{rows}\n\nMore.\n"
    site.both("index", table)
    new_page.NewPage(site, "new", {"zh": "新", "en": "New"}, "index").write()
    for language in LANGUAGES:
        page = site.page(site.docs / language / "index.md")
        assert [len(block.cells) for block in page.blocks if block.kind == "row"] == [columns] * 2
        assert list(form_faults(page)) == []


def test_a_chapter_follows_a_chapter(site: SmallSite) -> None:
    site.both("other", "# Other {#title}\n")
    with pytest.raises(new_page.CannotBegin, match="other is no chapter"):
        new_page.NewPage(Site(site.root), "new", {"zh": "新", "en": "New"}, "other")


def test_outputs_of_a_page_that_is_not_there_are_one_clear_error(
    site: SmallSite, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    site.both("lstm", "# A {#title}\n")
    monkeypatch.chdir(site.root)
    assert outputs.main(["lsmt"]) == 2
    assert "no page is called 'lsmt'\n    → name one of lstm" in capsys.readouterr().err


def test_a_page_that_it_is_to_follow_is_in_the_navigation(site: SmallSite) -> None:
    with pytest.raises(new_page.CannotBegin, match=r"has no b\.md in its navigation"):
        new_page.NewPage(site, "new", {"zh": "新", "en": "New"}, "b").write()
    assert Site(site.root).source("en", "new") is None
