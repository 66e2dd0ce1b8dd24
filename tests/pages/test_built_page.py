"""What is read from a built page is what its HTML shows, and no text of it is lost."""

from __future__ import annotations

import html as escaping
import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from engine.reading.outline import (
    BREAK,
    CELL,
    END,
    Shown,
    code_mark,
    element_mark,
    footnote_mark,
    formula_mark,
    link_mark,
    picture_mark,
)
from engine.running.built_page import BuiltPage


def outline(html: str, address: str = "page/") -> list[Shown]:
    return BuiltPage(f"<article>{html}</article>", address).outline


def paragraph(text: str) -> Shown:
    return Shown("paragraph", "", text)


def item(*blocks: Shown) -> list[Shown]:
    return [Shown("item"), *blocks, END]


#: Markdown, and the outline of its HTML.
FORMS = {
    "paragraph": ("one *two*\nthree **four** ~~~", [paragraph("one two three four ~~~")]),
    "break": ("one  \ntwo", [paragraph(f"one{BREAK} two")]),
    "headings": (
        "# One `x` {#one}\n\n### Three\n",
        [
            Shown("heading", "1 #one", f"One {code_mark('x')}"),
            Shown("heading", "3 #three", "Three"),
        ],
    ),
    "setext heading": ("text\n---", [Shown("heading", "2 #text", "text")]),
    "tight list": (
        "- one\n- two",
        [Shown("bullet list"), *item(paragraph("one")), *item(paragraph("two")), END],
    ),
    "loose list": (
        "- one\n\n- two",
        [Shown("bullet list"), *item(paragraph("one")), *item(paragraph("two")), END],
    ),
    "ordered list, which Markdown starts with 1": (
        "3. one",
        [Shown("ordered list", "1"), *item(paragraph("one")), END],
    ),
    "nested list": (
        "1. one\n    - two\n\n    three",
        [
            Shown("ordered list", "1"),
            *item(
                paragraph("one"),
                Shown("bullet list"),
                *item(paragraph("two")),
                END,
                paragraph("three"),
            ),
            END,
        ],
    ),
    "list directly below text": ("text\n- one\n- two", [paragraph("text - one - two")]),
    "table": (
        "| a | b |\n|---|:-:|\n| *c* | `d` |\n| e | |",
        [
            Shown("table", "2"),
            Shown("head", "", f"a{CELL}b"),
            Shown("row", "", f"c{CELL}{code_mark('d')}"),
            Shown("row", "", f"e{CELL}"),
            END,
        ],
    ),
    "code": ("```python\nx = 1\n\ny = 2  \n```", [Shown("code", "python", "x = 1\n\ny = 2")]),
    "code with options": (
        '```py title="a b" linenums="1" hl_lines="1"\nx = 1\n```',
        [Shown("code", "py a b", "x = 1")],
    ),
    "session": ("```pycon\n>>> 1\n1\n```", [Shown("code", "pycon", ">>> 1\n1")]),
    "code without language": ("```\n<b>\n```", [Shown("code", "text", "<b>")]),
    "indented code": ("text\n\n    x = 1\n", [paragraph("text"), Shown("code", "text", "x = 1")]),
    "code in a line": ("a `b  <c>` d", [paragraph(f"a {code_mark('b <c>')} d")]),
    "highlighted code in a line": ("`#!python x = 1`", [paragraph(code_mark("x = 1"))]),
    "a fence that is none": (
        "text ```python\nx = 1\n``` more",
        [paragraph("text"), Shown("code", "", "python\nx = 1"), paragraph("more")],
    ),
    "pre": ("<pre>one\n  two</pre>", [Shown("code", "", "one\n  two")]),
    "admonition": (
        "!!! note\n\n    one\n\n    - two",
        [
            Shown("admonition", "note", "Note"),
            paragraph("one"),
            Shown("bullet list"),
            *item(paragraph("two")),
            END,
            END,
        ],
    ),
    "admonition with a title": (
        '!!! tip inline "A *b* `c`"\n\n    d',
        [Shown("admonition", "tip inline", f"A b {code_mark('c')}"), paragraph("d"), END],
    ),
    "admonition without title": (
        '!!! tip ""\n\n    d',
        [Shown("admonition", "tip", ""), paragraph("d"), END],
    ),
    "folded": (
        '??? success "Ti*t*le"\n\n    a',
        [Shown("details", "success", "Title"), paragraph("a"), END],
    ),
    "unfolded": (
        "???+ note\n\n    a",
        [Shown("details", "note open", "Note"), paragraph("a"), END],
    ),
    "tabs": (
        '=== "One `x`"\n\n    a\n\n=== "Two"\n\n    - b',
        [
            Shown("tab", "", f"One {code_mark('x')}"),
            paragraph("a"),
            END,
            Shown("tab", "", "Two"),
            Shown("bullet list"),
            *item(paragraph("b")),
            END,
            END,
        ],
    ),
    "quote": ("> a\n>\n> b", [Shown("quote"), paragraph("a"), paragraph("b"), END]),
    "rule": ("a\n\n---\n\nb", [paragraph("a"), Shown("rule"), paragraph("b")]),
    "definitions": (
        "Term\n:   one\n\n    two",
        [Shown("term", "", "Term"), Shown("definition"), paragraph("one"), paragraph("two"), END],
    ),
    "footnotes": (
        "b[^n] a[^m] b[^n]\n\n[^n]: One.\n[^m]: Two.\n\n    Three.",
        [
            paragraph(f"b{footnote_mark('1')} a{footnote_mark('2')} b{footnote_mark('1')}"),
            Shown("footnote", "1"),
            paragraph("One."),
            END,
            Shown("footnote", "2"),
            paragraph("Two."),
            paragraph("Three."),
            END,
        ],
    ),
    "a footnote that is none": ("a[^n]", [paragraph("a[^n]")]),
    "links": (
        "[a *b*](../lstm/#x) <https://example.org> [c](#d)",
        [
            paragraph(
                f"{link_mark('lstm/#x', 'a b')} "
                f"{link_mark('https://example.org', 'https://example.org')} "
                f"{link_mark('page/#d', 'c')}"
            )
        ],
    ),
    "picture": ("![a  b](x.png)", [paragraph(picture_mark("page/x.png", "a b"))]),
    "captioned picture": (
        "![a](figure:x/y)\n/// caption\nOne.\n\nTwo.\n///",
        [
            paragraph(picture_mark("figure:x/y", "a")),
            Shown("caption"),
            paragraph("One."),
            paragraph("Two."),
            END,
        ],
    ),
    "a caption that is none": ("/// captoin\nOne.\n///", [paragraph("/// captoin One. ///")]),
    "abbreviation": (
        "HTML\n\n*[HTML]: Hyper",
        [paragraph(element_mark("abbr title=Hyper", "HTML"))],
    ),
    "elements in a line": (
        'a <kbd class="k">b <sub>c</sub></kbd><span hidden>d</span>',
        [
            paragraph(
                f"a {element_mark('kbd class=k', 'b ' + element_mark('sub', 'c'))}"
                f"{element_mark('span hidden', 'd')}"
            )
        ],
    ),
    "elements around blocks": (
        '<div class="x" id="y" markdown="1">\n\na\n\n- b\n\n</div>',
        [
            Shown("element", "div class=x id=y"),
            paragraph("a"),
            Shown("bullet list"),
            *item(paragraph("b")),
            END,
            END,
        ],
    ),
    "a comment": ("a <!-- b --> c\n\n<!--\nd\n-->", [paragraph("a c")]),
    "formula that was not rendered": (
        "$x$",
        [paragraph(element_mark("span class=arithmatex", r"\(x\)"))],
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_the_outline_of_a_form(form: str, render: Callable[[str], str]) -> None:
    markdown, expected = FORMS[form]
    assert outline(render(markdown)) == expected


def katex(tex: str) -> str:
    """As KaTeX writes it: MathML with the TeX in it, then what is seen."""
    return (
        '<span class="katex"><span class="katex-mathml"><math><semantics><mrow><mi>seen</mi></mrow>'
        f'<annotation encoding="application/x-tex">{escaping.escape(tex)}</annotation></semantics>'
        '</math></span><span class="katex-html" aria-hidden="true"><span class="mord" '
        'style="height:1em">seen</span></span></span>'
    )


def equation(tex: str, tag: str = "") -> str:
    link = f'<a class="tag" href="../checks/x/#{tag}" title="t">({tag})</a>' if tag else ""
    return (
        f'<div class="equation"{f" id=eq-{tag}" if tag else ""}><div class="formula" role="group" '
        f'tabindex="0"><span class="katex-display">{katex(tex)}</span></div>{link}</div>'
    )


#: HTML that the build makes of what Markdown does not know, and its outline.
BUILT = {
    "formula in a line": (
        f'<p>(<span class="together"><span class="formula">{katex("a < b")}</span>,</span> x</p>',
        [paragraph(f"({formula_mark('a < b')}, x")],
    ),
    "another language in a line": (
        '<p>so “<span lang="zh">如此</span>”, <span lang="zh" class="other">but</span></p>',
        [paragraph(f"so “如此”, {element_mark('span lang=zh class=other', 'but')}")],
    ),
    "formula in a heading": (
        f'<h2 id="h">On <span class="formula">{katex("x")}</span>'
        '<a class="headerlink" href="#h" title="t">¶</a></h2>',
        [Shown("heading", "2 #h", f"On {formula_mark('x')}")],
    ),
    "displayed formula": (equation("x &= 1"), [Shown("formula", "", "x &= 1")]),
    "tagged formula": (equation("y", "lr.4"), [Shown("formula", "#eq-lr.4 (lr.4)", "y")]),
    "text within a formula's span": (
        f'<p><span class="formula">{katex("x")} more</span></p>',
        [paragraph(element_mark("span class=formula", f"{formula_mark('x')} more"))],
    ),
    "text beside a formula": (
        equation("y").replace("</div></div>", "</div>more</div>"),
        [Shown("formula", "", "y"), paragraph("more")],
    ),
    "figure": (
        '<p><svg class="drawing" data-drawing="figure:m/f" role="img" aria-label="a  b">'
        "<text>word</text></svg></p>",
        [paragraph(picture_mark("figure:m/f", "a b"))],
    ),
    "stepper": (
        '<p><frame-series><span role="list" aria-label="a" data-drawing="stepper:m/f">'
        '<span class="frame" role="listitem"><svg class="drawing" aria-label="one"></svg>'
        '<span class="frame-caption" aria-hidden="true">one</span></span></span>'
        "</frame-series></p>",
        [paragraph(picture_mark("stepper:m/f", "a"))],
    ),
    "explorer": (
        '<p><frame-series data-frames="m-f.0.js"><span class="frame">'
        '<svg class="drawing" aria-label="a" data-drawing="explorer:m/f"></svg>'
        '<span class="frame-caption" role="status">one</span></span>'
        '<noscript><span class="frame"><img alt="" src="m-f.1.svg"></span></noscript>'
        "</frame-series></p>",
        [paragraph(picture_mark("explorer:m/f", "a"))],
    ),
    "picture of a lab": (
        '<figure><svg class="drawing" aria-label="a"></svg>'
        "<figcaption><p>b</p></figcaption></figure>",
        [paragraph(picture_mark("drawing", "a")), Shown("caption"), paragraph("b"), END],
    ),
    "output of a lab": (
        '<div class="output no-copy"><pre><code>  1\n2  \n</code></pre></div>',
        [Shown("output", "", "  1\n2")],
    ),
    "list with a start": (
        '<ol start="3"><li>a</li></ol>',
        [Shown("ordered list", "3"), *item(paragraph("a")), END],
    ),
    "item with text and blocks": (
        "<ul><li>a <b>b</b><p>c</p>d<ul><li>e</li></ul></li></ul>",
        [
            Shown("bullet list"),
            *item(
                paragraph("a b"),
                paragraph("c"),
                paragraph("d"),
                Shown("bullet list"),
                *item(paragraph("e")),
                END,
            ),
            END,
        ],
    ),
    "what the theme adds": (
        '<nav class="md-tags">a</nav><a class="md-content__button" href="b">c</a><p>d</p>'
        '<aside class="md-source-file">e</aside><form class="md-feedback">f</form>',
        [paragraph("d")],
    ),
    "what nobody sees": (
        "<p>a<script>b</script></p><style>c</style><template>d</template>",
        [paragraph("a")],
    ),
    "blocks in a line": (
        '<p><a href="#x"><span>a</span></a></p><a href="#x"><div>b</div></a>',
        [
            paragraph(link_mark("page/#x", element_mark("span", "a"))),
            paragraph(link_mark("page/#x", element_mark("div", "b"))),
        ],
    ),
}


@pytest.mark.parametrize("form", BUILT)
def test_the_outline_of_what_the_build_adds(form: str) -> None:
    html, expected = BUILT[form]
    assert outline(html) == expected


def test_the_facts_below_the_title_are_kept_apart() -> None:
    facts = '<p class="facts">5 minutes · <a href="../a/">A</a></p>'
    page = BuiltPage(f"<h1 id=t>T</h1>\n{facts}\n<p>a</p>{facts}", "page/")
    assert page.facts == "5 minutes · A"
    again = paragraph(f"5 minutes · {link_mark('a/', 'A')}")
    assert page.outline == [Shown("heading", "1 #t", "T"), paragraph("a"), again]


def test_ids_and_addresses_are_those_of_the_whole_document() -> None:
    page = BuiltPage(
        '<head><link href="../a.css"><link href="https://example.org/b.css"></head><nav id="n">'
        '<a href="..">up</a></nav><article><p id="p" ><a href="#p">p</a></p><p id="p">q</p>'
        '<img src="x.png" srcset="x.png 1x, y.png 2x"><img src="data:image/png;base64,AA">'
        '<svg id="s"><use xlink:href="#p"/></svg><video poster="z.png"></video>'
        '<frame-series data-frames="../f.js"></frame-series></article>',
        "page/",
    )
    assert page.ids == ["n", "p", "p", "s"]
    assert page.addresses == [
        ("href", "../a.css"),
        ("href", ".."),
        ("href", "#p"),
        ("src", "x.png"),
        ("srcset", "x.png"),
        ("srcset", "y.png"),
        ("xlink:href", "#p"),
        ("poster", "z.png"),
        ("data-frames", "../f.js"),
    ]


def test_tags_are_counted_with_attributes_that_act_or_hide() -> None:
    page = BuiltPage(
        f'<article><p onclick="a()" hidden>a <b style="c">b</b></p>{equation("x")}'
        '<pre><code><i onmouseover="a()">c</i></code></pre>'
        '<svg class="drawing"><path style="d"/></svg></article><object></object>',
        "page/",
    )
    assert page.tags["p"] == page.tags["p[onclick]"] == page.tags["p[hidden]"] == 1
    assert page.tags["b[style]"] == page.tags["i[onmouseover]"] == 1
    assert not {"math", "path", "object", "span[style]"} & set(page.tags)


def test_python_is_told_from_other_code(render: Callable[[str], str]) -> None:
    fences = "```py\nx = 1\n```\n\n```pycon\n>>> 1\n1\n```\n\n```sh\nls\n```\n\n    y = 2\n"
    raw = '<div class="language-python"><div><pre>z = 3</pre></div></div>'
    table = "<table><tr><td><pre><code class='language-python'>a = 4</code></pre></td></tr></table>"
    page = BuiltPage(render(fences) + raw + table, "page/")
    assert page.python == ["x = 1", ">>> 1\n1", "z = 3", "a = 4"]
    assert page.other == ["ls", "y = 2"]


def test_fences_that_are_shown_as_text_are_found(render: Callable[[str], str]) -> None:
    assert BuiltPage(render("- ```python\n  x = 1\n  ```"), "page/").broken_fences
    assert BuiltPage(render("text\n\n~~~python\nx = 1"), "page/").broken_fences
    assert not BuiltPage(render("text\n\n````md\n```python\n```\n````"), "page/").broken_fences


# Generated trees

TAGS = """
    blockquote caption dd details div dl dt fieldset figcaption figure h2 h6 hr li main nav ol p pre
    section summary table tbody td th thead tr ul
    a abbr b br button code del em i img kbd label mark q s small span strong sub sup svg u x-y
"""
CLASSES = """
    admonition admonition-title arithmatex caption-prefix equation facts filename footnote
    footnote-backref footnote-ref formula headerlink highlight katex katex-display language-python
    note output tabbed-block tabbed-content tabbed-labels tabbed-set tag x
"""
ATTRIBUTES = ['href="#x"', 'href="../y/"', 'onclick="a()"', 'style="b"', "hidden", "open", 'id="i"']


@dataclass(frozen=True)
class Element:
    tag: str
    attributes: tuple[str, ...]
    children: tuple[Element | str, ...]

    def html(self, words: Iterator[int]) -> str:
        if self.tag in ("br", "hr", "img"):
            return f"<!-- comment --><{self.tag}>"
        inner = "".join(
            f"{child}w{next(words)}{child}" if isinstance(child, str) else child.html(words)
            for child in self.children
        )
        return f"<{' '.join([self.tag, *self.attributes])}>{inner}</{self.tag}>"


TEXTS = st.sampled_from(["", " ", "\n", "*", "\u2060", "`", "$"])
ATTRIBUTE_LISTS = st.builds(
    lambda classes, others: (*([f'class="{" ".join(classes)}"'] if classes else []), *others),
    st.lists(st.sampled_from(CLASSES.split()), max_size=2),
    st.lists(st.sampled_from(ATTRIBUTES), max_size=1),
)
TREES: st.SearchStrategy[Element | str] = st.recursive(
    TEXTS,
    lambda inner: st.builds(
        Element,
        st.sampled_from(TAGS.split()),
        ATTRIBUTE_LISTS,
        st.lists(inner, max_size=4).map(tuple),
    ),
    max_leaves=25,
)
ARTICLES = st.lists(TREES, max_size=4).map(
    lambda trees: Element("article", (), tuple(trees)).html(itertools.count())
)


@settings(deadline=None, derandomize=True)
@given(ARTICLES)
def test_no_text_that_a_reader_sees_is_lost_or_shown_twice(html: str) -> None:
    page = BuiltPage(html, "page/")
    read = " ".join(f"{shown.detail} {shown.text}" for shown in page.outline)
    read += f" {page.facts or ''}"
    assert Counter(re.findall(r"w\d+", read)) == Counter(re.findall(r"w\d+", html))


@settings(deadline=None, derandomize=True)
@given(ARTICLES)
def test_no_tag_is_overlooked(html: str) -> None:
    article = LexborHTMLParser(html).css_first("article")
    assert article is not None
    there = Counter(node.tag for node in article.css("*") if node.tag != "article")
    tags = BuiltPage(html, "page/").tags
    assert {name: count for name, count in tags.items() if "[" not in name} == there
    for name in ("onclick", "style", "hidden"):
        acting = sum(count for tag, count in tags.items() if tag.endswith(f"[{name}]"))
        assert acting == len(article.css(f"[{name}]"))


@settings(deadline=None, derandomize=True)
@given(ARTICLES)
def test_whatever_is_opened_is_ended(html: str) -> None:
    holds = {
        "bullet list", "ordered list", "item", "table", "admonition", "details", "tab", "quote",
        "caption", "footnote", "definition", "element",
    }  # fmt: skip
    depth = 0
    for shown in outline(html):
        depth += (shown.kind in holds) - (shown == END)
        assert depth >= 0
    assert depth == 0
