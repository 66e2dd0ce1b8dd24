"""A page's formulas are KaTeX's in fewer bytes: every sign stands where KaTeX has set it."""

import base64
import html
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page

from engine.formulas.katex import Source
from engine.formulas.shorter import KINDS, shorter
from engine.formulas.style import STYLE
from engine.paths import LANGUAGES
from tests.conftest import SITE, BuiltSite
from tests.site.conftest import Reader
from tests.site.pages import NAMES

#: A formula of a built page: whether it is displayed, and its TeX.
FORMULA = re.compile(
    r"<math(?P<display> display=\"block\")?>.*?"
    r"<annotation encoding=\"application/x-tex\">(?P<tex>.*?)</annotation>",
    re.S,
)

#: For each formula where its signs and lines are, from its own corner, in pixels; and its size.
PLACES = """
() => [...document.querySelectorAll(".katex")].map((formula) => {
  const base = formula.querySelector(".katex-html");
  const corner = base.getBoundingClientRect();
  const from = ({ left, top, width, height }) =>
    [left - corner.left, top - corner.top, width, height];
  const signs = [], walker = document.createTreeWalker(base, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    for (let at = 0; at < node.data.length; at++) {
      if (node.data[at] === "\\u200b") continue;
      const range = document.createRange();
      range.setStart(node, at);
      range.setEnd(node, at + 1);
      signs.push([node.data[at], ...from(range.getBoundingClientRect())]);
    }
  }
  for (const line of base.querySelectorAll(".frac-line, svg"))
    signs.push([line.localName, ...from(line.getBoundingClientRect())]);
  signs.sort((one, other) => (one[0] < other[0] ? -1 : one[0] > other[0] ? 1
    : one[1] - other[1] || one[2] - other[2]));
  return [...signs, ["whole", 0, 0, corner.width, corner.height]];
})
"""

#: What may differ: browsers count in sixty-fourths of a pixel, and round at each step.
ROUNDED = 0.05


def sources(built_site: BuiltSite) -> list[Source]:
    """All formulas of the site, each once."""
    found = {
        Source(html.unescape(one["tex"]), bool(one["display"]))
        for language in LANGUAGES
        for name in NAMES
        for one in FORMULA.finditer(built_site.html(language, name))
    }
    return sorted(found, key=lambda source: (source.tex, source.display))


def places(page: Page, style: str, formulas: list[str]) -> list[list[list[float]]]:
    rows = "".join(f"<p>{formula}</p>" for formula in formulas)
    page.set_content(f"<style>{style} body{{font-size:40px;width:4000px}}</style>{rows}")
    page.evaluate("() => document.fonts.ready")
    found: list[list[list[float]]] = page.evaluate(PLACES)
    return found


@pytest.fixture(scope="module")
def style(built_site: BuiltSite) -> str:
    css = (built_site.folder / STYLE).read_text(encoding="utf-8")
    folder = (built_site.folder / STYLE).parent
    return re.sub(r"url\((fonts/[^)]+)\)", lambda found: _within(folder / found[1]), css)


def test_every_sign_stands_where_katex_has_set_it(
    built_site: BuiltSite, reader: Reader, style: str
) -> None:
    wanted = sources(built_site)
    assert len(wanted) > 1000
    SITE.katex.render_all(wanted)
    originals = [SITE.katex.render(source) for source in wanted]
    page = reader.open("").page
    before = places(page, style, originals)
    after = places(page, style, [shorter(one) for one in originals])
    moved = {
        source.tex: [(one, other) for one, other in zip(was, now, strict=False) if off(one, other)]
        for source, was, now in zip(wanted, before, after, strict=True)
        if len(was) != len(now) or any(map(off, was, now))
    }
    assert not moved, (len(moved), list(moved.items())[:20])


def off(one: list[float], other: list[float]) -> bool:
    far = max(abs(a - b) for a, b in zip(one[1:], other[1:], strict=True))
    return one[0] != other[0] or far > ROUNDED


def _within(font: Path) -> str:
    return f"url(data:font/woff2;base64,{base64.b64encode(font.read_bytes()).decode()})"


def test_what_is_left_out_says_nothing() -> None:
    rules = (SITE.katex.dist / "katex.min.css").read_text(encoding="utf-8")
    assert not {kind for kind in KINDS if re.search(rf"\.{kind}\b(?!-)", rules)}
