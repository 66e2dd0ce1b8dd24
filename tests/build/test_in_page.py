"""What is served so that pages run: files with the hash of the lock, the same at each build."""

import hashlib
import json
import zipfile
from pathlib import Path

import pytest
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort

from engine.in_page.bundles import ENTRIES, Bundles
from engine.in_page.fetch import fetch
from engine.in_page.licences import licences
from engine.in_page.python_files import archive
from engine.in_page.runtime import CORE, LOCK, PACKAGES, Runtime
from engine.site import Site
from hooks.run_in_page import RunInPage
from tests.conftest import ROOT, SITE


def runtime_at(pyodide: Path, wheels: Path) -> Runtime:
    """A runtime whose wheels have not been fetched."""
    pyodide.mkdir(parents=True)
    packages = {
        name: {
            "file_name": f"{name}.whl",
            "sha256": hashlib.sha256(name.encode()).hexdigest(),
            "depends": [],
        }
        for name in (*PACKAGES, "another")
    }
    lock = {"info": {"version": "1.2.3"}, "packages": packages}
    (pyodide / LOCK).write_text(json.dumps(lock), encoding="utf-8")
    for name in CORE:
        (pyodide / name).write_text(name, encoding="utf-8")
    return Runtime(pyodide, wheels)


@pytest.fixture
def runtime(tmp_path: Path) -> Runtime:
    return runtime_at(tmp_path / "pyodide", tmp_path / "wheels")


def test_what_the_lock_names_is_taken_and_the_rest_is_not(runtime: Runtime, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "carrier.whl", "w") as carrier:
        for name in (*PACKAGES, "another"):
            carrier.writestr(f"deep/inside/{name}.whl", name)
    assert not runtime.is_whole
    assert fetch(runtime, tmp_path) == []
    assert runtime.is_whole
    assert {path.name for path in runtime.wheels.iterdir()} == {f"{name}.whl" for name in PACKAGES}
    runtime.write(tmp_path / "served")
    served = json.loads((tmp_path / "served" / LOCK).read_text(encoding="utf-8"))
    assert set(served["packages"]) == set(PACKAGES)


def test_a_file_with_another_hash_is_refused(runtime: Runtime, tmp_path: Path) -> None:
    (tmp_path / "given").mkdir()
    for name in PACKAGES:
        content = "changed" if name == "numpy" else name
        (tmp_path / "given" / f"{name}.whl").write_text(content, encoding="utf-8")
    assert fetch(runtime, tmp_path / "given") == ["numpy.whl"]
    assert not runtime.is_whole
    assert not (runtime.wheels / "numpy.whl").exists()
    (runtime.wheels / "numpy.whl").write_text("numpy", encoding="utf-8")
    assert runtime.is_whole
    (runtime.wheels / "pillow.whl").write_text("changed later", encoding="utf-8")
    assert not runtime.is_whole


def without_runtime(root: Path) -> RunInPage:
    (root / "run_in_page").mkdir()
    return RunInPage(Site(root), "zh")


def test_without_python_a_build_warns_and_where_a_site_is_published_it_stops(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    concern = without_runtime(tmp_path)
    monkeypatch.delenv("CI", raising=False)
    concern.on_pre_build(MkDocsConfig())
    assert "the pages have no buttons" in capsys.readouterr().err
    monkeypatch.setenv("CI", "true")
    with pytest.raises(Abort, match=r"the pages have no buttons.*\n    → run: "):
        concern.on_pre_build(MkDocsConfig())


def test_the_archive_is_the_same_at_each_build_and_has_what_runs(tmp_path: Path) -> None:
    one = archive(ROOT)
    assert one == archive(ROOT)
    (tmp_path / "python.zip").write_bytes(one)
    names = set(zipfile.ZipFile(tmp_path / "python.zip").namelist())
    assert {"run_in_page/session.py", "judges/judging.py", "snippets/clipping.py"} <= names
    assert not any("test" in name or name.startswith("engine") for name in names)


def test_bundles_are_the_same_wherever_they_are_made(tmp_path: Path) -> None:
    packages = ROOT / "node_modules"
    scripts = tmp_path / "elsewhere" / "run_in_page"
    scripts.mkdir(parents=True)
    for path in (ROOT / "run_in_page").glob("*.[jc]s*"):
        (scripts / path.name).write_bytes(path.read_bytes())
    anew = Bundles(scripts, packages, Site(tmp_path).store("bundles")).made()
    assert anew == SITE.bundles.made()
    assert set(anew) == {*ENTRIES, "style.css"}
    assert not any(str(ROOT) in text or str(tmp_path) in text for text in anew.values())


@pytest.mark.skipif(not SITE.runtime.is_whole, reason="Python for the browser was not fetched")
def test_the_licences_name_all_that_is_served() -> None:
    text = licences(SITE)
    for name in (
        "Material for MkDocs",
        "katex",
        "pyodide",
        "numpy",
        "scipy",
        "openblas",
        "pillow",
        "@codemirror/view",
    ):
        assert f"\n{name} " in text
    assert ": see its text" not in text.replace("scipy", "")
    assert "MIT License" in text
