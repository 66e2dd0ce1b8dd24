"""Whatever an author writes: it is refused with a place and a remedy, or shown as it was meant.

There is no third case. What is meant is known from how the page was written
(tests/pages/written_pages.py), what is shown from the HTML; neither reader is asked.
"""

from __future__ import annotations

import os
import re
from collections import Counter, defaultdict

from hypothesis import HealthCheck, event, given, settings
from selectolax.lexbor import LexborHTMLParser, LexborNode

from engine.reading.outline import tidy
from engine.reading.page import normalised
from tests.pages.verdict import Judge, Verdict
from tests.pages.written_pages import Meant, Written, pages

#: How many pages are written; the deep run sets more, and other ones each time.
EXAMPLES = int(os.environ.get("FORMS", "0"))
GIVEN = settings(
    max_examples=EXAMPLES or 150,
    derandomize=not EXAMPLES,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


@GIVEN
@given(page=pages(neat=False))
def test_a_page_is_refused_or_shown_as_meant(page: Written, judge: Judge) -> None:
    verdict = judge.verdict(page.raw)
    event("refused" if verdict.faults else "shown")
    assert judge.read(page.raw).blocks == verdict.page.blocks
    if verdict.faults:
        assert_helpful(verdict, page)
    else:
        assert_as_meant(verdict, page)


@GIVEN
@given(page=pages(neat=True))
def test_a_page_of_the_usual_forms_is_shown(page: Written, judge: Judge) -> None:
    verdict = judge.verdict(page.raw)
    assert verdict.faults == [], "\n".join(map(str, verdict.faults))
    assert_as_meant(verdict, page)


def assert_helpful(verdict: Verdict, page: Written) -> None:
    """Each fault has a place in a file, a message and a remedy."""
    for fault in verdict.faults:
        length = re.split(
            "\r\n|\r|\n",
            fault.path.read_text("utf-8") if fault.path.exists() else page.raw.decode(),
        )
        assert 1 <= fault.line <= len(length), fault
        assert fault.message.strip() and fault.remedy.strip(), fault


def assert_as_meant(verdict: Verdict, page: Written) -> None:
    article = LexborHTMLParser(f"<article>{verdict.html}</article>").css_first("article")
    assert article is not None
    shown = _words(article)
    things: dict[tuple[str, int], LexborNode] = {}
    order = []
    for meant in page.meant:
        found = shown[meant.word]
        if meant.ways is not None and not meant.ways:
            assert not found, f"{meant.word} is shown"
            continue
        assert len(found) == 1, f"{meant.word} is shown {len(found)} times"
        number, place, way = found[0]
        if meant.ways is None:
            continue
        assert way in meant.ways, f"{meant.word} is shown as {way}, and meant as {meant.ways}"
        assert [kind for kind, _ in place] == [kind for kind, _ in meant.place], _said(meant, place)
        for thing, (_, node) in zip(meant.place, place, strict=True):
            assert things.setdefault(thing, node) == node, (
                f"{meant.word} stands in another {thing[0]}"
            )
        # Notes stand at the end of a page, the labels of tabs above all of them.
        if "footnote" not in dict(meant.place) and "title" not in way:
            order.append(number)
    assert len(set(things.values())) == len(things), "two things of the source have become one"
    assert order == sorted(order), "the order is another"
    _assert_nothing_left(article, page)
    formulas = [s.text for s in verdict.built.outline if s.kind == "formula"]
    inline = [node.text().strip() for node in article.css(".formula annotation")]
    assert set(formulas) <= set(inline)
    read = [normalised(formula.without_tag) for formula in verdict.page.formulas]
    assert Counter(map(normalised, inline)) == Counter(read)
    assert verdict.built.python == [tidy(code) for code in verdict.ran]
    ids = Counter(verdict.built.ids)
    assert max(ids.values(), default=1) == 1, ids


MARKS = (
    r"\$|\*|`|!!!|\?\?\?|///|\[\^|\]\(|\]\[|\\begin|\\\(|--8<--|\{[#:.]|===|<!--|^#+ |^- |^> |^:"
)


#: In what marks are no marks.
PLAIN = {"code", "code block", "formula", "display"}


def _assert_nothing_left(article: LexborNode, page: Written) -> None:
    left: Counter[str] = Counter()
    for node in article.traverse(include_text=True):
        if node.tag == "-text" and not set(_way(node)) & PLAIN:
            before = "" if node.prev is None or node.prev.tag == "br" else "x"
            left.update(re.findall(MARKS, before + (node.text_content or ""), re.M))
    left.subtract(page.escaped)
    assert not +left, f"left as text: {+left}"


#: Where a word is shown: its number in the order of the page, its place, and as what.
Found = tuple[int, list[tuple[str, int]], tuple[str, ...]]


def _words(article: LexborNode) -> dict[str, list[Found]]:
    found: dict[str, list[Found]] = defaultdict(list)
    for node in article.traverse(include_text=True):
        picture = node.tag == "img"
        if node.tag != "-text" and not picture:
            continue
        text = node.attributes.get("alt") if picture else node.text_content
        for word in re.findall(r"q\d+z", text or ""):
            way = (*_way(node), *["picture"] * picture)
            found[word].append((sum(map(len, found.values())), _place(node), way))
    return found


def _above(node: LexborNode) -> list[LexborNode]:
    """The elements around a node, the outermost first."""
    above = []
    parent = node.parent
    while parent is not None and parent.tag != "article":
        above.append(parent)
        parent = parent.parent
    return above[::-1]


HOLDING = {
    "td": "cell",
    "th": "cell",
    "blockquote": "quote",
    "details": "details",
    "figcaption": "caption",
    "dd": "definition",
}


def _kind(node: LexborNode) -> str:
    classes = (node.attributes.get("class") or "").split()
    tag = node.tag or ""
    if tag == "li":
        above = node.parent.parent if node.parent else None
        return (
            "footnote"
            if above is not None and "footnote" in (above.attributes.get("class") or "")
            else "item"
        )
    if tag == "div":
        known = {"admonition": "admonition", "tabbed-block": "tab"}
        return next((known[name] for name in classes if name in known), "")
    return HOLDING.get(tag, "")


def _place(node: LexborNode) -> list[tuple[str, int]]:
    return [(_kind(above), above.mem_id) for above in _above(node) if _kind(above)]


def _way(node: LexborNode) -> tuple[str, ...]:
    """As what a piece of text is shown at its place."""
    ways: list[str] = []
    for above in _above(node):
        classes = (above.attributes.get("class") or "").split()
        tag = above.tag or ""
        if _kind(above):
            ways.clear()
        elif tag == "pre":
            ways.append("code block")
        elif tag == "code" and "code block" not in ways:
            ways.append("code")
        elif "katex-display" in classes:
            ways.append("display")
        elif "katex" in classes and "display" not in ways:
            ways.append("formula")
        elif tag in ("summary", "label") or {"admonition-title", "filename"} & set(classes):
            ways.append("title")
        elif re.fullmatch("h[1-6]", tag):
            ways.append("heading")
        elif tag == "dt":
            ways.append("term")
        elif tag in ("strong", "em"):
            ways.append(tag)
        elif tag == "a":
            ways.append("link")
        elif (
            tag in ("del", "mark", "sup", "sub", "kbd", "span", "abbr", "b", "i") and tag != "span"
        ):
            ways.append(tag)
    return tuple(ways)


def _said(meant: Meant, place: list[tuple[str, int]]) -> str:
    seen = ", ".join(kind for kind, _ in place) or "the page itself"
    wanted = ", ".join(kind for kind, _ in meant.place) or "the page itself"
    return f"{meant.word} stands in {seen}, and is meant to stand in {wanted}"
