"""Every page, both languages, both palettes, wide and narrow, in a real browser."""

import pytest

from engine.paths import CHECK_PAGES, LANGUAGES
from tests.conftest import BuiltSite
from tests.site.conftest import Reader
from tests.site.pages import ALL, WITH_EQUATIONS, address, page

#: Rules of axe that depend on colours; the others find the same in either palette.
COLOURS = ["color-contrast", "link-in-text-block"]

AXE_RUN = """
(rules) => axe.run(document, rules ? {runOnly: rules} : {}).then(result =>
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

#: Leave what axe can find something new in: formulas as their MathML, which is what is read out,
#: and of the tokens of code that look alike the first few of each block's kind.
THIN = """
() => {
  for (const glyphs of document.querySelectorAll(".katex-html")) glyphs.remove();
  const seen = new Map();
  for (const token of document.querySelectorAll("pre code span[class]")) {
    const around = token.closest(".admonition, details, .output, blockquote");
    const kind = `${token.className} in ${around ? around.className : ""}`;
    seen.set(kind, (seen.get(kind) ?? 0) + 1);
    if (seen.get(kind) > 5) token.replaceWith(...token.childNodes);
  }
}
"""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ALL)
def test_a_page_is_clean_self_contained_and_accessible(
    name: str, language: str, reader: Reader, axe: str
) -> None:
    visit = reader.open(address(language, name))
    visit.page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    light = visit.page.evaluate(FORMULA_COLOURS)
    visit.page.emulate_media(color_scheme="dark")
    visit.page.wait_for_selector("body[data-md-color-scheme=slate]")
    assert light + visit.page.evaluate(FORMULA_COLOURS) == []
    visit.page.evaluate(THIN)
    visit.page.evaluate(axe)
    assert visit.page.evaluate(AXE_RUN, COLOURS) == []
    visit.page.emulate_media(color_scheme="light")
    visit.page.wait_for_selector("body[data-md-color-scheme=default]")
    assert visit.page.evaluate(AXE_RUN, None) == []
    assert visit.errors == []
    assert visit.foreign == []


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


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ALL)
def test_nothing_overlaps_on_a_phone(name: str, language: str, reader: Reader) -> None:
    visit = reader.open(address(language, name), width=390)
    assert visit.page.evaluate(NARROW) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", WITH_EQUATIONS)
def test_each_tag_leads_to_its_check_and_back(
    name: str, language: str, reader: Reader, built_site: BuiltSite
) -> None:
    tags = [formula.tag for formula in page(language, name).formulas]
    first = next(tag for tag in tags if tag)
    visit = reader.open(address(language, name))
    start = visit.page.url
    visit.page.click(f"[id='eq-{first}'] a.tag")
    visit.page.wait_for_load_state()
    assert f"/{CHECK_PAGES}/" in visit.page.url
    assert visit.page.url.endswith(f"#{first}")
    assert visit.page.locator(f"[id='{first}']").is_visible()
    visit.page.click(f"[id='eq-{first}'] a.tag")
    visit.page.wait_for_load_state()
    assert visit.page.url == f"{start}#eq-{first}"
