"""What is asked of each page in the browser finds its faults: each is planted in an open page."""

import pytest
from playwright.sync_api import expect

from tests.site.conftest import Reader, Visit
from tests.site.copying import copied_otherwise
from tests.site.pages import address, page
from tests.site.series import series_faults
from tests.site.test_pages import NOT_TO_BE_SEEN

#: One that has all that is asked, code and equations besides a stepper.
NAME = "lstm"


@pytest.fixture
def visit(reader: Reader) -> Visit:
    opened = reader.open(address("en", NAME))
    opened.page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    return opened


def test_copied_code_that_is_not_what_runs_is_found(visit: Visit) -> None:
    assert copied_otherwise(visit, page("en", NAME)) == []
    last = visit.page.locator("div.highlight:is(.language-python, .language-pycon) code").last
    last.evaluate("code => code.append('changed = 1')")
    assert "+changed = 1" in "\n".join(copied_otherwise(visit, page("en", NAME)))
    visit.page.add_style_tag(content="[data-md-copying] .gp { display: inline !important }")
    assert "+>>> " in "\n".join(copied_otherwise(visit, page("en", NAME)))
    visit.page.locator("button[data-md-type=copy]").last.evaluate("button => button.remove()")
    with pytest.raises(Exception, match="nothing to copy with"):
        copied_otherwise(visit, page("en", NAME))


def test_a_stepper_that_does_not_step_is_found(visit: Visit) -> None:
    assert series_faults(visit.page) == []
    visit.page.add_style_tag(content=".frame[hidden] { display: block !important }")
    assert "are to be seen in the place of 0" in series_faults(visit.page)[0]


def test_a_series_that_is_hidden_before_the_script_is_found(visit: Visit) -> None:
    hidden = "frame-series:not(:defined) .frame + .frame, noscript .frame { display: none }"
    visit.page.add_style_tag(content=hidden)
    faults = series_faults(visit.page)
    assert any("<svg" in fault for fault in faults)
    assert any("<img" in fault for fault in faults)
    assert all("without the script: " in fault for fault in faults)


def test_an_explorer_that_shows_no_other_drawing_is_found(visit: Visit) -> None:
    explorer = visit.page.locator("frame-series[data-frames]").first
    explorer.evaluate("one => one.picture = one.picture.cloneNode(true)")
    assert "has changed neither the drawing nor" in series_faults(visit.page)[0]


def test_an_explorer_whose_frames_are_lost_says_so_and_tries_again(visit: Visit) -> None:
    explorer = visit.page.locator("frame-series[data-frames]").first
    address = explorer.get_attribute("data-frames")
    explorer.evaluate("one => one.dataset.frames = 'lost.js'")
    explorer.locator("input").press("ArrowRight")
    expect(explorer.locator("[role=status]")).to_contain_text("Move again")
    explorer.evaluate("(one, address) => one.dataset.frames = address", address)
    explorer.locator("input").press("ArrowLeft")
    expect(explorer.locator("[role=status]")).not_to_contain_text("Move again")
    assert series_faults(visit.page) == []


def test_an_equation_that_nobody_sees_is_found(visit: Visit) -> None:
    ids = visit.page.locator(".equation[id]").evaluate_all("all => all.map(one => one.id)")
    assert visit.page.evaluate(NOT_TO_BE_SEEN, [*ids, "gone"]) == ["gone"]
    for at, style in ((0, "display: none"), (-1, "visibility: hidden")):
        visit.page.locator(f"[id='{ids[at]}']").evaluate(f"one => one.style = '{style}'")
    assert visit.page.evaluate(NOT_TO_BE_SEEN, ids) == [ids[0], ids[-1]]
