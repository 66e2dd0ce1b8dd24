"""The site reads and works everywhere: under a strict policy, on paper, without storage, from a
folder, by the keyboard, at an address that leads nowhere."""

import re
from collections.abc import Iterator
from types import SimpleNamespace

import jinja2
import pytest
from playwright.sync_api import Browser, Page, Route, expect

from engine.paths import FOLDERS, LANGUAGES, check_page_of
from tests.conftest import ROOT, BuiltSite
from tests.site.conftest import COPIES, PATIENCE, Reader, Visit
from tests.site.copying import bring_into_sight
from tests.site.pages import address
from tests.site.readable import crowded, small_targets, unreadable
from tests.site.test_pages import NARROW, TOO_WIDE, UNFOLD
from tests.site.test_run_states import NO_STORAGE

#: A chapter that has all there is: code, formulas, tables, a stepper and an explorer.
NAME = "lstm"
NARROWEST = 320

#: A short chapter, for what needs no more.
SHORT = "bias"

#: How often Tab is pressed, at most, until it has come to what stands in the header.
REACH = 12

#: What a window of 1280 px is at 200 %.
ZOOMED = 640

expect.set_options(timeout=1000 * PATIENCE)

STATUS = {"zh": "第 2 幅", "en": "Picture 2"}
TITLES = {"zh": "没有这一页", "en": "There is no such page"}


def laid_out(visit: Visit) -> None:
    """All of a page is there to be looked at: unfolded, laid out, with the buttons of its code."""
    visit.page.evaluate(UNFOLD)
    bring_into_sight(visit)


@pytest.fixture
def newcomer(browser: Browser, served: str) -> Iterator[Reader]:
    """A reader who may change settings: no other test reads with them."""
    made = Reader(browser, served)
    yield made
    for context in made.contexts.values():
        context.close()


# What is asked of each page finds its faults


def test_what_the_policy_forbids_is_noted(reader: Reader) -> None:
    visit = reader.open("en/")
    assert visit.errors == []
    visit.page.evaluate(
        "const made = document.createElement('script'); made.textContent = 'window.ran = 1';"
        "document.body.append(made)"
    )
    visit.until("document.readyState === 'complete'")
    told = "Content Security Policy directive 'script-src"
    assert any(told in error for error in visit.errors)
    assert visit.page.evaluate("window.ran") is None


FAULTS = {
    "a line begins with": ".together, .together * { white-space: normal !important }",
    "it scrolls sideways": ".highlight code { white-space: pre !important }",
    "md-code__button": ".md-code__nav { inset: 0 0 auto auto !important }",
    "run-button": ".run-button { bottom: 2rem !important }",
    "printed over each other": ".equation > .headerlink { position: absolute !important }",
    "the link of a heading": ".headerlink { position: static !important; width: 100% }",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_reads_badly_is_found(fault: str, reader: Reader) -> None:
    visit = reader.open(address("zh", NAME), width=NARROW)
    laid_out(visit)
    assert unreadable(visit.page) == []
    visit.page.add_style_tag(content=FAULTS[fault])
    for width in range(NARROW, NARROWEST, -10):  # where a line breaks, the width decides
        visit.widen(width)
        if any(fault in found for found in unreadable(visit.page)):
            return
    raise AssertionError(f"not found at any width: {fault}")


CROWDING = {
    "drawn over each other": "text.after(text.cloneNode(true))",
    "cut off": "text.setAttribute('x', -20)",
}


@pytest.mark.parametrize("fault", CROWDING)
def test_a_word_of_a_drawing_over_another_or_outside_is_found(fault: str, reader: Reader) -> None:
    visit = reader.open(address("en", NAME), width=NARROW)
    laid_out(visit)
    assert crowded(visit.page) == []
    hidden = "frame-series .frame[hidden] svg.drawing text"
    visit.page.evaluate(f"const text = document.querySelector('{hidden}'); {CROWDING[fault]}")
    (found,) = crowded(visit.page)
    assert found.startswith(f"{fault}: ")


def test_a_word_over_another_in_a_picture_that_a_slider_chooses_is_found(reader: Reader) -> None:
    visit = reader.open(address("en", NAME), width=NARROW)
    laid_out(visit)

    def twice(route: Route) -> None:
        script = route.fetch().text()
        route.fulfill(body=re.sub(r"<text[^<]*</text>", r"\g<0>\g<0>", script, count=1))

    visit.page.route("**/drawings/*.js", twice)
    (found,) = crowded(visit.page)
    assert found.startswith("drawn over each other: ")


def test_words_in_another_language_than_it_says_are_found(reader: Reader) -> None:
    visit = reader.open(address("en", "reference/errata"), width=NARROW)
    laid_out(visit)
    assert unreadable(visit.page) == []
    visit.page.evaluate(
        "document.querySelectorAll('[lang=zh]').forEach(one => one.removeAttribute('lang'))"
    )
    assert "without its language: CNN" in "\n".join(unreadable(visit.page))


@pytest.mark.parametrize(
    ("name", "scrolls"),
    [(NAME, ".formula"), ("reference/how-it-is-tested", ".md-typeset__scrollwrap")],
)
def test_what_scrolls_beyond_the_keyboard_is_found(name: str, scrolls: str, reader: Reader) -> None:
    visit = reader.open(address("en", name), width=NARROWEST)
    laid_out(visit)
    assert unreadable(visit.page) == []
    visit.page.evaluate(
        f"document.querySelectorAll('{scrolls}').forEach(one => one.removeAttribute('tabindex'))"
    )
    found = "\n".join(unreadable(visit.page))
    assert "it scrolls, and the keyboard does not" in found


# A phone


@pytest.mark.parametrize("width", [NARROWEST, ZOOMED])
@pytest.mark.parametrize("name", ["index", "bias", "reference/glossary"])
def test_narrow_and_magnified_it_has_room_and_targets_for_fingers(
    name: str, width: int, reader: Reader
) -> None:
    visit = reader.open(address("en", name), width=width)
    laid_out(visit)
    assert [*visit.page.evaluate(TOO_WIDE), *unreadable(visit.page)] == []
    assert small_targets(visit.page) == []


def test_a_switch_has_code_scroll_and_is_remembered(newcomer: Reader) -> None:
    visit = newcomer.open(address("en", SHORT), width=NARROW)
    laid_out(visit)
    switch = visit.page.locator(".highlight:not(details *) .wrap-lines").first
    scrolling = (
        "[...document.querySelectorAll('.highlight code')]"
        ".filter(code => code.scrollWidth > code.clientWidth).length"
    )
    expect(switch).to_have_attribute("aria-pressed", "true")
    assert visit.page.evaluate(scrolling) == 0
    switch.focus()
    visit.page.keyboard.press("Space")
    expect(switch).to_have_attribute("aria-pressed", "false")
    assert visit.page.evaluate(scrolling) > 2
    visit.page.reload()
    laid_out(visit)
    expect(switch).to_have_attribute("aria-pressed", "false")
    assert visit.page.evaluate(scrolling) > 2
    switch.press("Enter")
    assert visit.page.evaluate(scrolling) == 0


def test_the_header_names_the_section(reader: Reader) -> None:
    visit = reader.open(address("en", SHORT), width=NARROW)
    heading = visit.page.locator("article h2").nth(1)
    name = heading.inner_text().removesuffix("¶")
    heading.evaluate("heading => heading.scrollIntoView()")
    expect(visit.page.locator(".header-section")).to_have_text(name)
    visit.page.evaluate("scrollTo(0, 0)")
    expect(visit.page.locator(".header-section")).to_have_text("")


def test_the_header_keeps_what_tells_the_language_of_a_section(reader: Reader) -> None:
    visit = reader.open(address("zh", check_page_of(NAME)), width=NARROW)
    laid_out(visit)
    visit.page.locator("article h2").nth(1).evaluate("heading => heading.scrollIntoView()")
    expect(visit.page.locator(".header-section [lang=en]")).not_to_have_text("")
    assert unreadable(visit.page) == []


# On paper

#: The colours of all that is not a part of a formula.
COLOURS = """
() => [document.body, ...document.querySelectorAll("article *:not(.katex *)")].map(element => {
  const { color, backgroundColor, borderColor, fill, stroke } = getComputedStyle(element);
  return [element.tagName, color, backgroundColor, borderColor, fill, stroke].join(" ");
})
"""


def test_every_palette_prints_as_the_light_one(reader: Reader) -> None:
    def printed(dark: bool, style: str = "") -> list[str]:
        visit = reader.open(address("en", SHORT), dark=dark)
        visit.page.emulate_media(media="print")
        expect(visit.page.locator("body")).to_have_attribute(
            "data-md-color-scheme", "slate" if dark else "default"
        )
        visit.page.add_style_tag(content=f"* {{ transition: none !important }} {style}")
        found: list[str] = visit.page.evaluate(COLOURS)
        return found

    light = printed(dark=False)
    assert printed(dark=True) == light
    on_paper_too = "[data-md-color-scheme=slate] { --figure-ink: #e4e9ec }"
    assert printed(dark=True, style=on_paper_too) != light


def test_headings_have_the_ink_of_the_text_and_a_weight_of_both_scripts(reader: Reader) -> None:
    visit = reader.open(address("zh", SHORT))
    styles = visit.page.evaluate(
        "[...document.querySelectorAll('article :is(h1, h2, h3)')].map(heading =>"
        " [getComputedStyle(heading).fontWeight, getComputedStyle(heading).color].join(' '))"
    )
    ink = visit.page.evaluate("getComputedStyle(document.querySelector('article')).color")
    assert set(styles) == {f"700 {ink}"}


# By hand


def copied(visit: Visit, first: str, last: str | None = None) -> str:
    """What is in the clipboard after all from one element to another is selected and copied."""
    visit.page.evaluate(
        """([first, last]) => {
          const range = document.createRange();
          range.setStart(document.querySelector(first), 0);
          const end = document.querySelector(last ?? first);
          range.setEnd(end, end.childNodes.length);
          getSelection().removeAllRanges();
          getSelection().addRange(range);
        }""",
        [first, last],
    )
    visit.until(COPIES)
    visit.page.keyboard.press("Control+C")
    text: str = visit.page.evaluate("navigator.clipboard.readText()")
    return text


def test_copying_by_hand_takes_code_alone_and_tables_with_tabs(reader: Reader) -> None:
    visit = reader.open(address("en", NAME), width=NARROW)
    visit.page.evaluate(UNFOLD)
    code = copied(visit, ".language-pycon code")
    shown = visit.page.locator(".language-pycon code").first.inner_text()
    lines = shown.split("\n")
    typed = [line[4:] for line in lines if line.startswith((">>> ", "... "))]
    assert len(typed) < len([line for line in lines if line])
    assert [line for line in code.split("\n") if line] == [line for line in typed if line]
    output = visit.page.locator(".language-pycon .go").first.inner_text()
    assert copied(visit, ".language-pycon .go").strip() == output.strip()
    table = copied(visit, "article table")
    cells = [line.count("\t") for line in table.strip().split("\n")]
    assert set(cells) == {2}
    assert "$h_t$\t" in table or "$c_t$\t" in table


# Storage


def test_where_storage_throws_all_else_works(reader: Reader, served: str) -> None:
    visit = reader.open(address("en", SHORT), width=NARROW, address="about:blank")
    visit.page.add_init_script(NO_STORAGE + NO_STORAGE.replace("local", "session"))
    visit.page.goto(served + address("en", SHORT))
    page = visit.page
    laid_out(visit)
    assert page.locator("[data-md-type=copy]").count() > 5
    for number, palette in ((1, "default"), (2, "slate")):
        page.locator(f"label[for=__palette_{number}]").click()
        expect(page.locator("body")).to_have_attribute("data-md-color-scheme", palette)
    page.locator(".wrap-lines").first.click()
    expect(page.locator(".wrap-lines").first).to_have_attribute("aria-pressed", "false")
    page.locator("label[for=__search].md-header__button").click()
    page.locator("input.md-search__input").press_sequentially("likelihood")
    page.locator("a.md-search-result__link").first.wait_for()
    assert visit.errors == []


# From a folder


@pytest.mark.parametrize("language", LANGUAGES)
def test_links_lead_to_files_in_a_folder(
    language: str, reader: Reader, built_site: BuiltSite
) -> None:
    file = built_site.folder / address(language, NAME) / "index.html"
    visit = reader.open("", address=file.as_uri())
    there = visit.page.locator("a[href]").evaluate_all("links => links.map(link => link.href)")
    assert [link for link in there if link.startswith("file:") and link.endswith("/")] == []
    late = "document.body.insertAdjacentHTML('beforeend', '<a id=late href=\"../\">late</a>')"
    visit.page.evaluate(late)
    visit.page.locator("#late").dispatch_event("pointerdown")
    assert visit.page.evaluate("document.querySelector('#late').href").endswith("/index.html")


# An address that leads nowhere


def lost(visit: Visit, html: str, address: str) -> Page:
    """The page for whatever leads nowhere, as a server sends it for an address."""
    visit.page.route(
        address, lambda route: route.fulfill(status=404, body=html, content_type="text/html")
    )
    visit.page.goto(address)
    return visit.page


@pytest.mark.parametrize(
    ("path", "language"),
    [("nowhere", "zh"), ("a/b/c/", "zh"), ("english/", "zh"), ("en/x/", "en"), ("en/a/b/c", "en")],
)
def test_404_speaks_the_language_of_the_address_and_searches(
    path: str, language: str, reader: Reader, served: str, built_site: BuiltSite
) -> None:
    html = (built_site.folder / "404.html").read_text(encoding="utf-8")
    visit = reader.open("", address="about:blank", width=NARROWEST)
    page = lost(visit, html, served + path)
    expect(page.locator("h1:visible")).to_have_text(TITLES[language])
    assert page.evaluate("document.documentElement.lang").startswith(language)
    home = served + FOLDERS[language]
    assert page.locator("a:visible").get_attribute("href") == home
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROWEST
    assert small_targets(page) == []
    if path in ("a/b/c/", "en/a/b/c"):
        page.locator("input:visible").fill("LSTM")
        page.keyboard.press("Enter")
        page.locator("a.md-search-result__link").first.wait_for()
        assert page.url.startswith(home)


def test_404_finds_home_where_nobody_has_said_where_the_site_is(
    reader: Reader, served: str, built_site: BuiltSite
) -> None:
    """Its script is looked for above the address, one folder after the other."""
    folders = [
        {"name": name, "lang": lang, "folder": folder, "here": f"/{folder}"}
        for name, lang, folder in (("中文", "zh", ""), ("English", "en", "en/"))
    ]
    extra = SimpleNamespace(languages=folders)
    config = SimpleNamespace(extra=extra, site_url="", theme=SimpleNamespace(language="zh"))
    source = (ROOT / "theme" / "404.html").read_text(encoding="utf-8")
    html = jinja2.Environment(autoescape=True).from_string(source).render(config=config)
    visit = reader.open("", address="about:blank")
    page = lost(visit, html, served + "en/some/thing/")
    expect(page.locator("a:visible")).to_have_attribute("href", served + "en/")


# Every control, and the keyboard alone


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_tour_of_all_controls_breaks_no_policy(
    language: str, newcomer: Reader, served: str
) -> None:
    """What other tests do in each visit is left out: copying, sliders, tags, running code."""
    visit = newcomer.open("", address=served + address(language, NAME), width=NARROW)
    page = visit.page
    bring_into_sight(visit)
    for number in (1, 2):
        page.locator(f"label[for=__palette_{number}]").click()
    page.locator("article details > summary").first.click()
    page.locator(".wrap-lines:visible").first.click()
    page.locator("label[for=__drawer].md-header__button").click()
    page.keyboard.press("Escape")
    # A moment after the address has changed, Material closes the menu, and the search as well.
    page.locator("article h2 a.headerlink").first.dispatch_event("click")
    visit.until("!document.getElementById('__drawer').checked")
    page.locator("label[for=__drawer].md-header__button").click()
    page.locator(".md-overlay").click(position={"x": 380, "y": 600})
    page.evaluate("scrollTo(0, 9000)")
    page.locator("label[for=__search].md-header__button").click()
    page.locator("input.md-search__input").press_sequentially("LSTM")
    page.locator("a.md-search-result__link").first.click()
    page.wait_for_load_state()
    page.locator("a.language-switch").click()
    page.wait_for_load_state()
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "slate")
    page.locator("label[for=__palette_0]").click()
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint')); dispatchEvent(new Event('afterprint'))")
    assert (visit.errors, visit.foreign) == ([], [])


def test_a_reader_without_a_mouse_skips_to_the_content(reader: Reader) -> None:
    page = reader.open(address("zh", SHORT)).page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.matches('.md-skip')")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('article') !== null")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reader_without_a_mouse_steps_searches_and_switches(
    language: str, reader: Reader, served: str
) -> None:
    visit = reader.open("", address=served + address(language, NAME))
    page = visit.page
    page.locator("frame-series:not([data-frames]) input").first.focus()
    page.keyboard.press("Tab")  # on to “Next”
    page.keyboard.press("Enter")
    expect(page.locator("frame-series [role=status]").first).to_contain_text(STATUS[language])
    page.keyboard.press("/")
    expect(page.locator("input.md-search__input")).to_be_focused()
    page.keyboard.type("LSTM", delay=20)
    result = page.locator("a.md-search-result__link[href*='?h=lstm']").first
    result.wait_for(state="attached")
    page.keyboard.press("ArrowDown")
    expect(result).to_be_focused()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.startswith(served + address(language, NAME))
    for _ in range(REACH):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('a.language-switch')"):
            break
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.get_attribute("html", "lang") != language
    assert visit.errors == []


#: What moves on a page: its transitions and animations that take time, and scrolling.
MOVES = """
() => [...document.querySelectorAll("*")].filter(one => {
  const { transitionDuration, animationDuration, animationName } = getComputedStyle(one);
  const lasts = times => times.split(", ").some(time => parseFloat(time) > 0.01);
  return lasts(transitionDuration) || (animationName !== "none" && lasts(animationDuration))
    || getComputedStyle(one).scrollBehavior === "smooth";
}).map(one => `${one.localName}.${one.className}`)
"""


def test_nothing_moves_for_who_wants_no_motion(newcomer: Reader) -> None:
    visit = newcomer.open(address("en", SHORT))
    assert visit.page.evaluate(MOVES)
    visit.page.emulate_media(reduced_motion="reduce")
    assert visit.page.evaluate(MOVES) == []
