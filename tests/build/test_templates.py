"""Templates are compiled once, and again when they or what is kept of them have changed."""

from pathlib import Path

import jinja2
import pytest
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files

from engine.site import Site
from hooks.templates import Templates


def rendered(root: Path) -> str:
    """What a template says, as a build that has just begun finds it."""
    env = jinja2.Environment(loader=jinja2.FileSystemLoader(root / "theme"))
    Templates(Site(root), "en").on_env(env, MkDocsConfig(), Files([]))
    return env.get_template("page.html").render(word="so")


def test_a_template_is_compiled_once_and_again_when_it_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "theme").mkdir()
    template = tmp_path / "theme" / "page.html"
    template.write_text("first {{ word }}", encoding="utf-8")
    assert rendered(tmp_path) == "first so"
    (kept,) = (tmp_path / ".cache" / "templates").iterdir()
    with monkeypatch.context() as patched:
        patched.delattr(jinja2.Environment, "_parse")
        assert rendered(tmp_path) == "first so"
    template.write_text("second {{ word }}", encoding="utf-8")
    assert rendered(tmp_path) == "second so"
    template.write_text("first {{ word }}", encoding="utf-8")
    kept.write_bytes(kept.read_bytes()[:-9] + b"damaged")
    assert rendered(tmp_path) == "first so"


def test_what_cannot_be_kept_is_compiled_again(tmp_path: Path) -> None:
    (tmp_path / "theme").mkdir()
    (tmp_path / "theme" / "page.html").write_text("{{ word }}", encoding="utf-8")
    (tmp_path / ".cache").write_text("a file where the folder should be", encoding="utf-8")
    assert rendered(tmp_path) == "so"
