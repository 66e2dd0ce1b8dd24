"""The ZIP of a site and the links to editions, by a site of two pages."""

import zipfile
from pathlib import Path

import pytest

from engine.editions.failure import CannotMake
from engine.editions.home import EDITIONS, PLACE, edition, link_editions
from engine.editions.offline import file_of, search_script, write_zip

PAGE = f'<p><a href="{{}}">there</a></p>\n{PLACE}\n'
INDEX = '{"config": {}, "docs": [{"location": "rnn/#x", "text": "梯度"}, {"location": ""}]}'


@pytest.fixture
def built(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    for name, text in {
        "index.html": PAGE.format("en/"),
        "en/index.html": PAGE.format(".."),
        "404.html": "for a server",
        "search/search_index.json": INDEX,
        "assets/javascripts/bundle.0123abcd.min.js": "",
        "run/pyodide-1.2.3/pyodide.asm.wasm": "megabytes",
    }.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def packed(built: Path) -> dict[str, str]:
    path = built.parent / "made.zip"
    write_zip(built, path)
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return {
            name.partition("/")[2]: archive.read(name).decode("utf-8")
            for name in archive.namelist()
        }


def test_the_zip_has_what_can_be_read_from_a_folder(built: Path) -> None:
    files = packed(built)
    assert set(files) == {
        "index.html",
        "en/index.html",
        "search/search_index.js",
        "assets/javascripts/bundle.0123abcd.min.js",
    }
    assert 'href="../index.html"' in files["en/index.html"]
    assert '"location":"rnn/index.html#x","text":"梯度"' in files["search/search_index.js"]
    assert '"location":"index.html"' in files["search/search_index.js"]


def test_the_same_site_gives_the_same_bytes(built: Path, tmp_path: Path) -> None:
    one, other = tmp_path / "one.zip", tmp_path / "other.zip"
    write_zip(built, one)
    for path in built.rglob("*.html"):  # written anew, and last to first
        path.write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
        path.chmod(0o600)
    write_zip(built, other)
    assert one.read_bytes() == other.read_bytes()
    (built / "index.html").write_text(PAGE.format("en/#new"), encoding="utf-8")
    write_zip(built, other)
    assert one.read_bytes() != other.read_bytes()


@pytest.mark.parametrize(
    ("address", "file"),
    [
        ("../rnn/", "../rnn/index.html"),
        ("../rnn/#eq-1", "../rnn/index.html#eq-1"),
        (".", "./index.html"),
        ("../..", "../../index.html"),
        ("#here", "#here"),
        ("lstm.ipynb", "lstm.ipynb"),
        ("https://example.org/", "https://example.org/"),
        ("mailto:a@example.org", "mailto:a@example.org"),
        ("", ""),
    ],
)
def test_a_link_to_a_folder_names_its_file(address: str, file: str) -> None:
    assert file_of(address) == file


def test_an_index_of_another_form_is_told() -> None:
    with pytest.raises(CannotMake, match="holds no list of docs"):
        search_script({"docs": {}})


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(CannotMake, match="run: make build"):
        write_zip(tmp_path, tmp_path / "made.zip")
    assert not (tmp_path / "made.zip").exists()


def test_home_pages_name_the_editions_that_are_there(built: Path) -> None:
    before = packed(built)
    folder = built / EDITIONS
    folder.mkdir()
    (folder / edition("zip", "zh")).write_bytes(bytes(7_400_000))
    (folder / edition("pdf", "en")).write_bytes(bytes(12_000_000))
    for _ in range(2):  # a second time changes nothing
        link_editions(built)
        home = (built / "index.html").read_text(encoding="utf-8")
        assert home.count("<p ") == 1
        assert f'href="editions/{edition("zip", "zh")}"' in home
        assert "7.4 MB" in home
        assert ".pdf" not in home
    english = (built / "en/index.html").read_text(encoding="utf-8")
    assert f'href="../editions/{edition("pdf", "en")}"' in english
    assert packed(built) == before  # the ZIP names none of them
    for path in folder.iterdir():
        path.unlink()
    link_editions(built)
    assert packed(built) == before
    assert 'class="editions"' not in (built / "index.html").read_text(encoding="utf-8")
