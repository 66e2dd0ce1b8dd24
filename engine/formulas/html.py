"""Formulas of a built page: from the TeX that arithmatex marks to KaTeX's HTML.

The tag of a display formula stands beside it as a link of the site's own, not inside it, so
that a wide formula scrolls by itself on a narrow screen and its tag never lies over it.
"""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass

from engine.formulas.breaks import PART, with_fewer_breaks
from engine.formulas.katex import Katex, Source
from engine.formulas.shorter import shorter
from engine.reading.page import TAG, equation_id

ARITHMATEX = re.compile(
    r"<(?P<element>span|div) class=\"arithmatex\"(?P<attributes>[^>]*)>"
    r"\\(?P<open>[\[(])(?P<tex>.*?)\\[\])]</(?P=element)>",
    re.S,
)


#: Marks that end no line, and those that begin none. Browsers break a line around a formula, which
#: is a box to them, whatever stands beside it: both are kept together by an element around them.
#: Where a bold phrase begins or ends between the two, the mark goes into it.
OPENING = "（(《“‘「『[{"
CLOSING = "，。、；：？！）》”’」』,.;:?!)]}%–-"
_WITH_MARKS = re.compile(
    f"(?P<before>[{re.escape(OPENING)}]*)(?P<begins>(?:<(?:strong|em)>)*)"
    f"{ARITHMATEX.pattern}"
    f"(?P<ends>(?:</(?:strong|em)>)*)(?P<after>[{re.escape(CLOSING)}]*)",
    re.S,
)


@dataclass(frozen=True)
class TagLink:
    """Where the tag of an equation leads, and what it says to somebody who cannot see it.

    ``permalink`` names the link to the equation itself.
    """

    href: str
    title: str
    permalink: str


def source_of(tex: str, display: bool) -> Source:
    """The formula as KaTeX gets it: without its tag, which the page shows beside it."""
    return Source(TAG.sub("", tex).strip() if display else tex.strip(), display)


def all_shorter(formulas: list[str]) -> list[str]:
    """The HTML of several formulas, each in fewer bytes."""
    return list(map(shorter, formulas))


def render_page(
    page: str,
    katex: Katex,
    link: Callable[[str], TagLink],
    formula_label: str,
    shorten: Callable[[list[str]], list[str]] = all_shorter,
) -> str:
    """Render every formula of a page's HTML. Raises BrokenFormula, NodeFailed."""

    def tex_of(match: re.Match[str]) -> str:
        return html.unescape(match["tex"]).strip()

    matches = ARITHMATEX.finditer(page)
    sources = list(dict.fromkeys(source_of(tex_of(m), m["open"] == "[") for m in matches))
    katex.render_all(sources)
    made = [
        katex.render(source) if source.display else with_fewer_breaks(katex.render(source))
        for source in sources
    ]
    formulas = dict(zip(sources, shorten(made), strict=True))

    def rendered(match: re.Match[str]) -> str:
        tex, display = tex_of(match), match["open"] == "["
        formula = formulas[source_of(tex, display)]
        begins, ends = match["begins"], match["ends"]
        if not display:
            return begins + _kept_together(match["before"], formula, match["after"]) + ends
        return match["before"] + begins + displayed(tex, formula) + ends + match["after"]

    def displayed(tex: str, formula: str) -> str:
        tag = TAG.search(tex)
        if not tag:
            return (
                '<div class="equation"><div class="formula" role="group" tabindex="0" '
                f'aria-label="{formula_label}">{formula}</div></div>'
            )
        target = link(tag[1])
        return (
            f'<div class="equation" id="{equation_id(tag[1])}">'
            f'<div class="formula" role="group" tabindex="0" '
            f'aria-label="{formula_label} {tag[1]}">{formula}</div>'
            f'<a class="tag" href="{html.escape(target.href)}" '
            f'aria-label="{html.escape(target.title)}" title="{html.escape(target.title)}">'
            f"({tag[1]})</a>"
            f'<a class="headerlink" href="#{equation_id(tag[1])}" '
            f'aria-label="{html.escape(target.permalink)}">¶</a></div>'
        )

    return _WITH_MARKS.sub(rendered, page)


def _kept_together(before: str, formula: str, after: str) -> str:
    """A formula in a sentence with the marks around it: lines may be broken within it alone."""
    if not before and not after:
        return f'<span class="formula">{formula}</span>'
    # Before the first part as well, or a browser breaks no line before a formula of several.
    breaks = formula.count(PART)
    breakable = formula.replace(PART, f"<wbr>{PART}") if breaks > 1 else formula
    if before:
        breakable = breakable.replace("<wbr>", "", 1)
    return f'<span class="together">{before}<span class="formula">{breakable}</span>{after}</span>'
