"""The ZIP of the site, unpacked and read from the file system in the browser."""

import re
import zipfile
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from engine.editions.home import edition
from engine.editions.offline import FOLDER, write_zip
from engine.paths import FOLDERS, LANGUAGES
from tests.conftest import BuiltSite
from tests.site.conftest import Reader, Visit
from tests.site.series import slider_faults

#: A word of each language, the chapter that explains it, and a chapter with both kinds of series.
WORDS = {"zh": ("损失函数", "logistic"), "en": ("likelihood", "logistic")}
WITH_SERIES = "lstm"

ADDRESS = re.compile(r"\s(?:href|src|data-frames)=\"([^\"#]+)")


@pytest.fixture(scope="module")
def unpacked(built_site: BuiltSite, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that a reader has after unpacking, in one whose name is no plain word."""
    folder = tmp_path_factory.mktemp("下载 a#b")
    path = folder / edition("zip", "zh")
    write_zip(built_site.folder, path)
    with zipfile.ZipFile(path) as archive:
        archive.extractall(folder)
    return folder / FOLDER


def lost(folder: Path) -> set[str]:
    """The addresses that pages name, and that are no file in the folder, with their pages."""
    found = set[str]()
    for page in folder.rglob("*.html"):
        for address in set(ADDRESS.findall(page.read_text(encoding="utf-8"))):
            parts = urlsplit(address)
            named = page.parent / unquote(parts.path)
            if not parts.scheme and not parts.netloc and not named.is_file():
                found.add(f"{page.relative_to(folder).as_posix()}: {address}")
    return found


def test_every_address_in_it_is_a_file(unpacked: Path) -> None:
    assert lost(unpacked) == set()
    page = unpacked / "index.html"
    text = page.read_text(encoding="utf-8")
    try:
        page.write_text(text + '<a href="logistic/">a folder</a>', encoding="utf-8")
        assert lost(unpacked) == {"index.html: logistic/"}
    finally:
        page.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_searched_stepped_through_and_switched(
    language: str, reader: Reader, unpacked: Path
) -> None:
    word, chapter = WORDS[language]
    home = unpacked / FOLDERS[language]
    visit = reader.open("", address=(home / "index.html").as_uri())
    _search(visit, word)
    visit.page.locator(f"a.md-search-result__link[href*='/{chapter}/index.html']").first.click()
    visit.page.wait_for_selector("article .katex")
    assert visit.page.url.startswith((home / chapter / "index.html").as_uri())
    visit.page.goto((home / WITH_SERIES / "index.html").as_uri())
    assert slider_faults(visit.page) == []
    other = next(other for other in LANGUAGES if other != language)
    visit.page.click("a.language-switch")
    visit.page.wait_for_selector(f"html[lang={other}] article .katex")
    there = unpacked / FOLDERS[other] / WITH_SERIES / "index.html"
    assert visit.page.url == there.as_uri()
    assert (visit.errors, visit.foreign) == ([], [])


def _search(visit: Visit, word: str) -> None:
    visit.page.click("input.md-search__input")
    visit.page.fill("input.md-search__input", word)
    visit.page.press("input.md-search__input", "End")  # the search listens to released keys
    visit.page.wait_for_selector("a.md-search-result__link")
