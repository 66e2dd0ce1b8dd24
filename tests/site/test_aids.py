"""Previews, the link to a formula, and the section in a report, in a real browser."""

import pytest

from tests.conftest import BuiltSite
from tests.site.conftest import Reader, Visit

CITED = "article a[href*='/activations/'][href$='#eq-act.6'] >> nth=0"
TERM = "article a.term >> nth=0"
SHOWN = ".preview:not([hidden])"


def assert_nothing_went_wrong(visit: Visit) -> None:
    assert (visit.errors, visit.foreign) == ([], [])


@pytest.mark.parametrize(("path", "width"), [("lstm/", 1280), ("en/lstm/", 390)])
def test_a_preview_is_shown_stays_and_goes(path: str, width: int, reader: Reader) -> None:
    visit = reader.open(path, width=width, dark=width == 390)
    page = visit.page
    assert page.locator("script[src*='preview']").count() == 0  # it comes when it is wanted
    page.hover(CITED)
    tip = page.wait_for_selector(SHOWN)
    assert tip is not None
    assert page.locator(f"{SHOWN} .katex").count() == 1
    assert "(act.6)" in tip.inner_text()
    box = tip.bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    page.mouse.move(box["x"] + 9, box["y"] + 9)
    page.wait_for_timeout(500)
    assert tip.is_visible()  # whoever points at it keeps it
    page.keyboard.press("Escape")
    assert tip.is_hidden()
    assert_nothing_went_wrong(visit)


def test_a_preview_comes_with_the_focus_and_is_read_out(reader: Reader) -> None:
    visit = reader.open("en/lstm/")
    page = visit.page
    page.focus(TERM)
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    tip = page.wait_for_selector(SHOWN)
    assert tip is not None
    assert page.evaluate("document.activeElement.getAttribute('aria-describedby')") == "preview"
    assert page.get_attribute("#preview", "role") == "tooltip"
    meaning = tip.inner_text()
    page.keyboard.press("Tab")  # the focus is not kept
    visit.until("!document.querySelector('article a.term').hasAttribute('aria-describedby')")
    href = page.locator(TERM).get_attribute("href") or ""
    page.goto(page.evaluate("href => new URL(href, location).href", href))
    assert meaning.partition(": ")[2] in page.inner_text(f"[id='{href.partition('#')[2]}']")
    assert_nothing_went_wrong(visit)


def test_a_tap_shows_and_a_second_one_follows(reader: Reader) -> None:
    visit = reader.open("en/lstm/", width=390)
    tap = """selector => {
      const link = [...document.querySelectorAll(selector)][0];
      for (const kind of ["pointerdown", "click"])
        link.dispatchEvent(new PointerEvent(kind,
          { bubbles: true, cancelable: true, pointerType: "touch" }));
    }"""
    link = "article a[href$='../activations/#eq-act.6']"
    before = visit.page.url
    visit.page.evaluate(tap, link)
    visit.page.wait_for_selector(f"{SHOWN} .katex")
    assert visit.page.url == before
    assert visit.page.get_attribute("#preview", "role") == "status"
    visit.page.evaluate(tap, link)
    visit.page.wait_for_url("**/activations/#eq-act.6")
    assert_nothing_went_wrong(visit)


def test_a_preview_comes_in_a_folder_without_a_server(
    reader: Reader, built_site: BuiltSite
) -> None:
    visit = reader.open("", address=(built_site.folder / "en/lstm/index.html").as_uri())
    visit.page.hover(CITED)
    visit.page.wait_for_selector(f"{SHOWN} .katex")
    visit.page.hover(TERM)
    visit.page.wait_for_selector(f"{SHOWN} strong")
    assert visit.foreign == []


def test_the_link_to_a_formula_is_taken_by_click_or_key(reader: Reader) -> None:
    visit = reader.open("en/lstm/")
    link = "[id='eq-lstm.4'] > .headerlink"
    assert visit.page.get_attribute(link, "aria-label") == "Link to equation lstm.4"
    visit.page.click(link)
    assert visit.page.url.endswith("/lstm/#eq-lstm.4")
    visit.until("navigator.clipboard.readText().then(text => text === location.href)")
    visit.page.focus("[id='eq-lstm.5'] > .tag")
    visit.page.keyboard.press("Tab")
    visit.page.keyboard.press("Enter")
    assert visit.page.url.endswith("/lstm/#eq-lstm.5")
    assert_nothing_went_wrong(visit)


def test_a_report_names_the_section_in_view(reader: Reader) -> None:
    """The site of the tests has no repository: the link is put where it would stand."""
    visit = reader.open("en/lstm/")
    page = visit.page
    place = page.url
    script = page.evaluate("[...document.scripts].find(s => /aids/.test(s.src)).src")
    page.evaluate(
        """([place, script]) => {
          const link = document.createElement("a");
          link.className = "report";
          link.dataset.place = place;
          link.textContent = "Report";
          link.href = "https://git.example.org/new?body=" + encodeURIComponent(`at ${place} :`);
          document.querySelector("article").append(link);
          const again = document.createElement("script");
          again.src = script + "?";
          document.head.append(again);
        }""",
        [place, script],
    )
    copy = ".md-sidebar--secondary a.report"
    page.wait_for_selector(copy)
    page.evaluate("document.getElementById('backward').scrollIntoView()")
    page.focus(copy)
    href = page.locator(copy).evaluate("link => new URL(link.href).searchParams.get('body')")
    assert href == f"at {place}#backward :"
    assert_nothing_went_wrong(visit)
