"""The search in a browser: late, by whatever input, with marks that go away, and from a folder."""

import json
import shutil
from pathlib import Path

import pytest

from tests.conftest import BuiltSite
from tests.site.conftest import Reader, Visit

FIELD = "input.md-search__input"
COUNT = "document.querySelectorAll('a.md-search-result__link').length"
RESULTS = "document.querySelector('.md-search-result__list').innerText"

#: A browser that keeps nothing, and throws where somebody tries.
NO_STORAGE = """for (const name of ["localStorage", "sessionStorage"])
  Object.defineProperty(window, name, { get() { throw new DOMException("no", "SecurityError"); } });
"""

#: The marks of found words, and how many of them stand in formulas.
MARKS = """[...(CSS.highlights.get("found") ?? [])]
  .map((range) => range.startContainer.parentElement.closest(".formula, svg, button") !== null)"""


def requested(visit: Visit) -> list[str]:
    visit.page.on("request", lambda request: asked.append(request.url))
    asked: list[str] = []
    return asked


def test_english_late_pasted_marked_and_cleared(reader: Reader) -> None:
    visit = reader.open("en/")
    asked = requested(visit)
    visit.page.reload()
    assert not [url for url in asked if "search" in url], "a page that is read loads no search"
    visit.page.click(FIELD)
    visit.page.evaluate("navigator.clipboard.writeText('exploding gradients')")
    visit.page.keyboard.press("Control+V")
    visit.until(f"{COUNT} > 0")
    visit.page.keyboard.press("Control+A")
    visit.page.evaluate(
        "(field) => { field.value = String.raw`W_{hh}`;"
        " field.dispatchEvent(new InputEvent('input', { bubbles: true })); }",
        visit.page.query_selector(FIELD),
    )
    visit.until(f"{RESULTS}.includes('Backpropagation through time')")
    assert "\\" not in visit.page.evaluate(RESULTS)
    visit.page.fill(FIELD, "exploding gradients")
    visit.until("document.querySelector('.md-search-result__link')?.href.includes('clipping')")
    target = visit.page.evaluate("document.querySelectorAll('.md-search-result__link')[1].href")
    visit.page.goto(target)
    visit.page.wait_for_selector(".found-clear")
    marks = visit.page.evaluate(MARKS)
    assert len(marks) > 5 and not any(marks)
    visit.page.click(".found-clear")
    assert visit.page.evaluate(MARKS) == []
    assert "?" not in visit.page.url and "#" in visit.page.url
    assert visit.errors == []


def test_chinese_composed_without_storage(reader: Reader) -> None:
    visit = reader.open("", address="about:blank")
    visit.page.add_init_script(NO_STORAGE)
    visit.page.goto(reader.url)
    visit.page.click(FIELD)
    waiting = "document.querySelector('.md-search-result__meta').innerText.includes('键入')"
    visit.until(waiting)
    typing = visit.page.context.new_cdp_session(visit.page)
    typing.send("Input.imeSetComposition", {"text": "tidu", "selectionStart": 4, "selectionEnd": 4})
    assert visit.page.evaluate(waiting), "what is being composed is no question yet"
    typing.send("Input.insertText", {"text": "梯度消失"})
    visit.until(f"{COUNT} > 0")
    first = visit.page.evaluate("document.querySelector('.md-search-result__link').href")
    assert "/clipping/" in first
    assert visit.errors == []


@pytest.mark.parametrize("has_index", [True, False])
def test_from_a_folder_it_searches_or_says_why_not(
    has_index: bool, reader: Reader, built_site: BuiltSite, tmp_path: Path
) -> None:
    (tmp_path / "assets").symlink_to(built_site.folder / "assets", target_is_directory=True)
    shutil.copyfile(built_site.folder / "404.html", tmp_path / "index.html")
    page = (built_site.folder / "reference/how-it-is-tested/index.html").read_text("utf-8")
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "index.html").write_text(page, encoding="utf-8")
    if has_index:
        index = json.loads((built_site.folder / "search/search_index.json").read_text("utf-8"))
        index["docs"] = [doc for doc in index["docs"] if doc["location"].startswith("gru/")]
        (tmp_path / "search").mkdir()
        script = tmp_path / "search" / "search_index.js"
        script.write_text(f"var __index = {json.dumps(index)}", encoding="utf-8")
    visit = reader.open("", address=(tmp_path / "a" / "b" / "index.html").as_uri())
    visit.page.click(FIELD)
    if has_index:
        visit.page.fill(FIELD, "重置门")
        visit.until(f"{COUNT} > 0")
        assert visit.errors == []
    else:
        told = "document.querySelector('.md-search-result__meta').innerText"
        visit.until(f"{told}.includes('离线版')")
