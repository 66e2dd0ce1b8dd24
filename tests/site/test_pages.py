"""Every page in both languages, wide and narrow, in a real browser; each language in one palette.

To open a page takes longer than most of what is asked of it, so that each is opened once, and
all is asked of it then.
"""

from collections.abc import Iterable

import pytest

from engine.paths import CHECK_PAGES, LANGUAGES, check_page_of
from engine.reading.page import equation_id
from tests.site.accessible import accessibility_faults
from tests.site.conftest import Reader, Visit
from tests.site.copying import LAID_OUT, MESSAGE_GONE, bring_into_sight, copied_otherwise
from tests.site.pages import CHAPTERS, NAMES, WITH_EQUATIONS, WITH_SERIES, address, page
from tests.site.readable import crowded, unreadable
from tests.site.series import series_faults

#: Both languages have the same elements with the same styles, so that one is read in the light
#: palette, one in the dark; to look at all colours of a page takes longer than all else.
DARK = LANGUAGES[1]

#: The width of a phone and of a desk, in px.
NARROW, WIDE = 390, 1280

UNFOLD = "for (const folded of document.querySelectorAll('details')) folded.open = true"

#: Glyphs of formulas have the colour of their text, so that axe need not look at each.
FORMULA_COLOURS = """
() => [...document.querySelectorAll(".formula")].filter(formula => {
  const glyphs = [...formula.querySelectorAll(".katex-html, .katex-html [style*=color]")];
  const colour = getComputedStyle(formula.parentElement).color;
  return glyphs.some(one => getComputedStyle(one).color !== colour);
}).map(formula => `another colour than its text: ${formula.textContent.slice(0, 60)}`)
"""

#: Formulas as their MathML, which is what is read out: a page without their glyphs is quicker.
WITHOUT_GLYPHS = """
() => { for (const glyphs of document.querySelectorAll(".katex-html")) glyphs.remove(); }
"""

#: The lists of pages and of sections are made alike on all pages: axe looks at those of one.
WITHOUT_LISTS = """
() => { for (const list of document.querySelectorAll(".md-sidebar .md-nav__list")) list.remove(); }
"""
WITH_LISTS = "index"

#: The rows of a page of checks are made alike, too.
WITHOUT_ROWS = """
() => { for (const body of document.querySelectorAll("tbody"))
  for (const row of [...body.rows].slice(3)) row.remove(); }
"""

TOO_WIDE = """
() => {
  const faults = [];
  const wide = document.documentElement.scrollWidth;
  if (wide > innerWidth) faults.push(`the page is ${wide} px wide`);
  for (const equation of document.querySelectorAll(".equation")) {
    const tag = equation.querySelector(".tag")?.getBoundingClientRect();
    const box = equation.querySelector(".formula").getBoundingClientRect();
    if (tag && tag.left < box.right - 0.5) faults.push(`${equation.id}: the tag lies over it`);
    if (tag && tag.right > innerWidth) faults.push(`${equation.id}: the tag is cut off`);
    if (box.width < 120) faults.push(`${equation.id}: only ${box.width} px for the formula`);
  }
  const visible = e => e.getBoundingClientRect().width > 0;
  const blocks = [...document.querySelectorAll(".md-content__inner > *")].filter(visible);
  blocks.forEach((block, i) => {
    const next = blocks[i + 1];
    if (!next || getComputedStyle(block).position === "absolute") return;
    const a = block.getBoundingClientRect(), b = next.getBoundingClientRect();
    if (getComputedStyle(block).float === "none" && b.top < a.bottom - 1)
      faults.push(`${block.tagName}.${block.className} overlaps ${next.tagName}`);
  });
  return faults;
}
"""

#: Which of some ids nobody sees.
NOT_TO_BE_SEEN = """
(ids) => ids.filter(id => {
  const element = document.getElementById(id);
  return !element?.checkVisibility({ visibilityProperty: true })
    || element.getBoundingClientRect().height === 0;
})
"""

#: Where links lead, and whether a click in the middle of each meets it: a plain link, which no
#: script follows in its place, then leads there.
LINKS = """
(links) => links.map(link => {
  link.scrollIntoView({block: "center", inline: "center"});
  const box = link.getBoundingClientRect();
  const hit = document.elementFromPoint((box.left + box.right) / 2, (box.top + box.bottom) / 2);
  return link.contains(hit) ? link.href : `nowhere: ${hit?.outerHTML.slice(0, 80)} lies over it`;
})
"""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_a_page_is_right_in_every_state(name: str, language: str, reader: Reader) -> None:
    """It is opened narrow and then widened; the page of its checks, which a click on a tag leads
    to, the other way round; a click on the language switch ends the visit."""
    visit = reader.open(address(language, name), width=NARROW, dark=language == DARK)
    faults = {
        "language": _language_faults(visit, language),
        "on a phone": _faults_on_a_phone(visit),
        "drawings": crowded(visit.page),
    }
    if name in WITH_SERIES:
        faults["series"] = series_faults(visit.page)
    visit.widen(WIDE)
    # In one language, for the code of both is the same, and so is what copies it.
    copies = language == DARK and bool(page(language, name).python_fences)
    if copies:
        faults["copied"] = copied_otherwise(visit, page(language, name))
    faults["links"] = _faults_of_links(visit, reader, language, name)
    if copies:
        visit.until(f"({MESSAGE_GONE})()")
    else:  # what copies has brought it there
        bring_into_sight(visit)
    faults["colours"] = _faults_of_colours(visit, name)
    last = name
    if name in WITH_EQUATIONS:
        last = check_page_of(name)
        first = _tags(language, name)[0]
        visit.page.click(f"[id='{equation_id(first)}'] a.tag")
        visit.page.wait_for_load_state()
        there = reader.url + address(language, last) + f"#{first}"
        faults |= {
            "a click on a tag": [] if visit.page.url == there else [visit.page.url],
            "checks: language": _language_faults(visit, language),
            "checks: links": _faults_of_links(visit, reader, language, last),
        }
        if language == _looked_at_in(name):
            bring_into_sight(visit)
            faults["checks: colours"] = _faults_of_colours(visit, last)
        visit.widen(NARROW)
        faults["checks: on a phone"] = _faults_on_a_phone(visit)
    faults["errors"] = visit.errors.copy()
    faults["from elsewhere"] = visit.foreign.copy()
    with visit.page.expect_navigation(wait_until="commit"):
        visit.page.click("a.language-switch")
    there = reader.url + address(_other(language), last)
    faults["a click on the language switch"] = [] if visit.page.url == there else [visit.page.url]
    assert {what: found for what, found in faults.items() if found} == {}


def _other(language: str) -> str:
    return next(other for other in LANGUAGES if other != language)


def _language_faults(visit: Visit, language: str) -> list[str]:
    """Whether it is in its language, and in the palette that the language is read in."""
    palette = "slate" if language == DARK else "default"
    asked = {"html": ("lang", language), "body": ("data-md-color-scheme", palette)}
    found = {tag: visit.page.get_attribute(tag, name) for tag, (name, _) in asked.items()}
    return [
        f"{found[tag]}, not {to_be}" for tag, (_, to_be) in asked.items() if found[tag] != to_be
    ]


def _faults_on_a_phone(visit: Visit) -> list[str]:
    visit.page.add_style_tag(content=LAID_OUT)
    visit.page.evaluate(UNFOLD)
    return [*visit.page.evaluate(TOO_WIDE), *unreadable(visit.page)]


def _faults_of_links(visit: Visit, reader: Reader, language: str, name: str) -> list[str]:
    there = [reader.url + address(_other(language), name)]
    visit.page.evaluate(UNFOLD)
    return [
        *_leading_elsewhere(visit, "a.language-switch", there),
        *_wrong_tags(visit, reader, language, name),
    ]


def _looked_at_in(name: str) -> str:
    """The language in which axe looks at a chapter's page of checks, which one template makes:
    half of them are looked at in the light palette, half in the dark."""
    return LANGUAGES[WITH_EQUATIONS.index(name) % 2]


def _faults_of_colours(visit: Visit, name: str) -> list[str]:
    """Of the colours and of all else that axe asks; the page is reduced by it."""
    faults = list(visit.page.evaluate(FORMULA_COLOURS))
    visit.page.evaluate(WITHOUT_GLYPHS)
    if name != WITH_LISTS:
        visit.page.evaluate(WITHOUT_LISTS)
    if name in CHAPTERS:
        visit.page.evaluate(WITHOUT_ROWS)
    return [*faults, *accessibility_faults(visit.page)]


def _tags(language: str, chapter: str) -> list[str]:
    return [formula.tag for formula in page(language, chapter).formulas if formula.tag]


def _wrong_tags(visit: Visit, reader: Reader, language: str, name: str) -> Iterable[str]:
    """The tags of a page's equations lead to their checks, and those of the checks back."""
    chapter = CHAPTERS.get(name, name)
    tags = _tags(language, chapter) if chapter in WITH_EQUATIONS else []
    if name in CHAPTERS:
        ids = tags
        there = [address(language, chapter) + f"#{equation_id(tag)}" for tag in tags]
    else:
        ids = [equation_id(tag) for tag in tags]
        there = [address(language, check_page_of(name)) + f"#{tag}" for tag in tags]
    yield from (f"nothing to see of {id}" for id in visit.page.evaluate(NOT_TO_BE_SEEN, ids))
    yield from _leading_elsewhere(visit, ".equation a.tag", [reader.url + path for path in there])


def _leading_elsewhere(visit: Visit, selector: str, expected: list[str]) -> list[str]:
    """Where these links do not lead to these addresses, in order."""
    found = visit.page.locator(selector).evaluate_all(LINKS)
    if len(found) != len(expected):
        return [f"{len(found)} links {selector} in the place of {len(expected)}"]
    return [
        f"{here}, not {there}" for here, there in zip(found, expected, strict=True) if here != there
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_click_on_a_tag_leads_to_its_check_and_back(language: str, reader: Reader) -> None:
    name = WITH_EQUATIONS[0]
    first = _tags(language, name)[0]
    visit = reader.open(address(language, name))
    start = visit.page.url
    visit.page.click(f"[id='eq-{first}'] a.tag")
    visit.page.wait_for_load_state()
    assert f"/{CHECK_PAGES}/" in visit.page.url
    assert visit.page.url.endswith(f"#{first}")
    visit.page.click(f"[id='eq-{first}'] a.tag")
    visit.page.wait_for_load_state()
    assert visit.page.url == f"{start}#eq-{first}"
