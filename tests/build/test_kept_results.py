"""What a build has found or made is kept, and looked at again where anything of it has changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from mkdocs.exceptions import Abort

from engine.drawing import compact
from engine.formulas import style
from engine.labs.run import Run
from engine.modules import Modules
from engine.running.built_page import BuiltPage
from hooks import formulas, guard
from hooks.formulas import Formulas
from hooks.guard import Guard
from hooks.styles import Styles
from tests.small_site import SmallSite

SOURCE = "# Title {#title}\n\nOne *word*, and `code`.\n"
BUILT = (
    '<article><h1 id="title">Title</h1><p>One <em>word</em>, and <code>code</code>.</p></article>'
)


@pytest.fixture
def site(tmp_path: Path) -> SmallSite:
    made = SmallSite(tmp_path)
    made.both("a", SOURCE)
    return made


@pytest.fixture
def changed_code(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """Has all code be another, as far as its digest tells."""

    def change() -> None:
        was = Modules.digest
        monkeypatch.setattr(Modules, "digest", lambda *given: f"changed {was(*given)}")

    yield change


def guarded(site: SmallSite, output: str) -> None:
    """Have the guard compare a built page with its source. Raises Abort with what is wrong."""
    concern = Guard(site, "en")
    page: Any = SimpleNamespace(url="a/", file=SimpleNamespace(src_uri="a.md"), meta={})
    config: Any = SimpleNamespace(site_dir=str(site.root / "site"))
    concern.on_post_page(output, page, config)
    concern.on_post_build(config)


def test_a_page_is_compared_again_where_it_or_its_source_has_changed(
    site: SmallSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    guarded(site, BUILT)
    with monkeypatch.context() as patch:
        patch.setattr(guard, "BuiltPage", None)
        guarded(site, BUILT)
    for _ in range(2):  # what is wrong is never kept
        with pytest.raises(Abort, match=r"a.md:3: the page shows paragraph: 'Two"):
            guarded(site, BUILT.replace("One", "Two"))
    site.replace("docs/en/a.md", "One", "Two")
    with pytest.raises(Abort, match="where its source says paragraph: 'Two"):
        guarded(site, BUILT)


def test_a_page_is_compared_again_where_the_guard_has_changed(
    site: SmallSite, monkeypatch: pytest.MonkeyPatch, changed_code: Callable[[], None]
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(guard, "BuiltPage", lambda *made: asked.append(made[1]) or BuiltPage(*made))
    guarded(site, BUILT)
    guarded(site, BUILT)
    assert asked == ["a/"]
    changed_code()
    guarded(site, BUILT)
    assert asked == ["a/", "a/"]


def test_addresses_are_followed_at_every_build(site: SmallSite) -> None:
    site.replace("docs/en/a.md", "`code`", "[b](b.txt)")
    linked = BUILT.replace("<code>code</code>", '<a href="../b.txt">b</a>')
    file = site.write("site/b.txt", "")
    guarded(site, linked)
    file.unlink()
    with pytest.raises(Abort, match="no such file was built"):
        guarded(site, linked)


def test_a_picture_is_made_compact_again_where_it_or_the_code_has_changed(
    site: SmallSite, monkeypatch: pytest.MonkeyPatch, changed_code: Callable[[], None]
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(compact, "compact", lambda svg: asked.append(svg) or svg.upper())

    def made(svg: str) -> str:
        return site.labs.picture(Run(1.0, [[{"data": {"image/svg+xml": svg}}]]), 0)

    assert [made("<svg/>"), made("<svg/>"), made("<g/>")] == ["<SVG/>", "<SVG/>", "<G/>"]
    assert asked == ["<svg/>", "<g/>"]
    changed_code()
    assert made("<g/>") == "<G/>"
    assert asked == ["<svg/>", "<g/>", "<g/>"]


def test_formulas_are_made_shorter_again_where_one_or_the_code_has_changed(
    site: SmallSite, monkeypatch: pytest.MonkeyPatch, changed_code: Callable[[], None]
) -> None:
    asked: list[list[str]] = []
    monkeypatch.setattr(formulas, "all_shorter", lambda given: asked.append(given) or given)
    concern = Formulas(site, "en")
    for given in (["a"], ["a"], ["a", "b"]):
        assert concern._shorter(given) == given
    assert asked == [["a"], ["a", "b"]]
    changed_code()
    assert concern._shorter(["a"]) == ["a"]
    assert len(asked) == 3


def test_a_font_is_cut_again_where_it_its_characters_or_the_code_have_changed(
    site: SmallSite, monkeypatch: pytest.MonkeyPatch, changed_code: Callable[[], None]
) -> None:
    asked: list[set[str]] = []
    monkeypatch.setattr(style, "with_characters", lambda c, font: asked.append(c) or b"cut")
    concern = Styles(site, "en")
    font = site.write("a.woff2", "font")
    for characters in ({"a", "b"}, {"b", "a"}, {"a"}):
        assert concern._cut(characters, font) == b"cut"
    assert asked == [{"a", "b"}, {"a"}]
    font.write_text("another", encoding="utf-8")
    concern._cut({"a"}, font)
    changed_code()
    concern._cut({"a"}, font)
    assert len(asked) == 4


def test_imports_are_read_again_where_a_module_has_changed(site: SmallSite) -> None:
    for name in ("b", "c"):
        site.write(f"snippets/{name}.py", "")
    module = site.write("snippets/a.py", "from snippets import b\n")

    def needed() -> set[str]:
        # A build after this one has no more than what is kept.
        again = [site.modules, SmallSite(site.root).modules]
        found = [{path.stem for path in modules.needed_by(module)} for modules in again]
        assert found[0] == found[1]
        return found[0]

    assert needed() == {"a", "b"}
    before = site.modules.digest(module)
    site.write("snippets/b.py", "import scipy\n")
    assert site.modules.digest(module) != before
    site.write("snippets/a.py", "from snippets import c\n")
    assert needed() == {"a", "c"}
    site.write("snippets/c/__init__.py", "from snippets import b\n")
    assert needed() == {"a", "b", "c", "__init__"}
    site.write("snippets/a.py", "import (\n")
    assert needed() == {"a"}


def test_checks_are_read_again_where_they_or_a_snippet_have_changed(site: SmallSite) -> None:
    function = "def f(x):\n    a = x * x + 1\n    return a * a + x\n"
    site.write("snippets/b.py", "")
    site.write("checks/a.py", function)

    def told() -> str:
        return " ".join(map(str, SmallSite(site.root).equations.faults()))

    for _ in range(2):
        assert "under other names" not in told()
    site.write("snippets/b.py", function)
    for _ in range(2):  # what is wrong is never kept
        assert "f is a function of snippets/b.py under other names" in told()
    site.write("snippets/b.py", "")
    site.write("checks/a.py", f"{function}\n\nN = []\n\n\ndef g():\n    N.append(1)\n")
    assert "a check only computes values: N.append" in told()
