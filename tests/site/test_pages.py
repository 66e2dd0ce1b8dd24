"""Every page in both languages, wide and narrow, in a real browser; each language in one palette.

To open a page takes longer than most of what is asked of it, so that each is opened once, and
all is asked of it then.
"""

from collections.abc import Iterable

import pytest

from engine.paths import CHECK_PAGES, LANGUAGES, check_page_of
from engine.reading.page import equation_id
from tests.site.conftest import Reader, Visit
from tests.site.copying import copied_otherwise
from tests.site.pages import ALL, CHAPTERS, NAMES, WITH_EQUATIONS, address, page

#: Both languages have the same elements with the same styles, so that one is read in the light
#: palette, one in the dark; to look at all colours of a page takes longer than all else.
DARK = LANGUAGES[1]

#: Of what is right, axe is to make no list.
AXE_RUN = """
() => axe.run(document, { resultTypes: ["violations"] }).then(result =>
  result.violations.map(violation =>
    `${violation.id}: ${violation.help} — ` +
    violation.nodes.slice(0, 3).map(node => node.target).join(" | ")))
"""

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

#: Of the tokens of code that look alike, leave axe the first few of each block's kind.
FEWER_TOKENS = """
() => {
  const seen = new Map();
  for (const token of document.querySelectorAll("pre code span[class]")) {
    const around = token.closest(".admonition, details, .output, blockquote");
    const kind = `${token.className} in ${around ? around.className : ""}`;
    seen.set(kind, (seen.get(kind) ?? 0) + 1);
    if (seen.get(kind) > 5) token.replaceWith(...token.childNodes);
  }
}
"""

NARROW = """
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
@pytest.mark.parametrize("name", ALL)
def test_a_page_is_right_in_every_state(name: str, language: str, reader: Reader, axe: str) -> None:
    visit = reader.open(address(language, name))
    visit.page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    faults = {
        "language": [] if visit.page.get_attribute("html", "lang") == language else [language],
        "language switch": _leading_elsewhere(
            visit, "a.language-switch", [reader.url + address(_other(language), name)]
        ),
        "tags": list(_wrong_tags(visit, reader, language, name)),
    }
    visit.page.set_viewport_size({"width": 390, "height": 900})
    faults["on a phone"] = visit.page.evaluate(NARROW)
    visit.page.set_viewport_size({"width": 1280, "height": 900})
    if language == DARK:
        visit.page.emulate_media(color_scheme="dark")
        visit.page.wait_for_selector("body[data-md-color-scheme=slate]")
    faults["colours of formulas"] = visit.page.evaluate(FORMULA_COLOURS)
    visit.page.evaluate(WITHOUT_GLYPHS)
    # In one language, for the code of both is the same, and so is what copies it.
    if language == DARK and name in NAMES and page(language, name).python_fences:
        faults["copied"] = copied_otherwise(visit, page(language, name))
    visit.page.evaluate(FEWER_TOKENS)
    visit.page.evaluate(axe)
    faults["accessibility"] = visit.page.evaluate(AXE_RUN)
    faults["errors"] = visit.errors
    faults["from elsewhere"] = visit.foreign
    assert {what: found for what, found in faults.items() if found} == {}


def _other(language: str) -> str:
    return next(other for other in LANGUAGES if other != language)


def _wrong_tags(visit: Visit, reader: Reader, language: str, name: str) -> Iterable[str]:
    """The tags of a page's equations lead to their checks, and those of the checks back."""
    chapter = CHAPTERS.get(name, name)
    formulas = page(language, chapter).formulas if chapter in WITH_EQUATIONS else []
    tags = [formula.tag for formula in formulas if formula.tag]
    if name in CHAPTERS:
        there = [address(language, chapter) + f"#{equation_id(tag)}" for tag in tags]
        shown = [visit.page.locator(f"[id='{tag}']").is_visible() for tag in tags]
    else:
        there = [address(language, check_page_of(name)) + f"#{tag}" for tag in tags]
        shown = [visit.page.locator(f"[id='{equation_id(tag)}']").is_visible() for tag in tags]
    yield from (
        f"nothing to see of {tag}"
        for tag, is_there in zip(tags, shown, strict=True)
        if not is_there
    )
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
@pytest.mark.parametrize("name", WITH_EQUATIONS[:1])
def test_a_click_on_a_tag_leads_to_its_check_and_back(
    name: str, language: str, reader: Reader
) -> None:
    tags = [formula.tag for formula in page(language, name).formulas]
    first = next(tag for tag in tags if tag)
    visit = reader.open(address(language, name))
    start = visit.page.url
    visit.page.click(f"[id='eq-{first}'] a.tag")
    visit.page.wait_for_load_state()
    assert f"/{CHECK_PAGES}/" in visit.page.url
    assert visit.page.url.endswith(f"#{first}")
    visit.page.click(f"[id='eq-{first}'] a.tag")
    visit.page.wait_for_load_state()
    assert visit.page.url == f"{start}#eq-{first}"
