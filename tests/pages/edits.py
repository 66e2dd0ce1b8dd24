"""Faults planted in the HTML of a page: each changes what a reader sees or where he is led."""

from __future__ import annotations

import re
from collections.abc import Callable

from selectolax.lexbor import LexborHTMLParser, LexborNode

#: Chooses one of so many: a number from 0.
Pick = Callable[[int], int]
Edit = Callable[[LexborNode, Pick], bool]


def edited(html: str, edit: Edit, pick: Pick) -> str | None:
    """The HTML of an article after one edit; None where there is nothing to edit in this way."""
    article = LexborHTMLParser(html).css_first("article")
    assert article is not None
    return article.html if edit(article, pick) else None


def _drop(selector: str) -> Edit:
    def edit(article: LexborNode, pick: Pick) -> bool:
        nodes = [node for node in article.css(selector) if node.text().strip() or node.css("img")]
        if nodes:
            nodes[pick(len(nodes))].decompose()
        return bool(nodes)

    return edit


def _swap(selector: str) -> Edit:
    """Exchange what stands in two elements that differ."""

    def edit(article: LexborNode, pick: Pick) -> bool:
        nodes = [node for node in article.css(selector) if node.text().strip()]
        texts = {" ".join(node.text().split()) for node in nodes}
        if len(texts) < 2:
            return False
        first = nodes[pick(len(nodes))]
        others = [n for n in nodes if " ".join(n.text().split()) != " ".join(first.text().split())]
        second = others[pick(len(others))]
        if _holds(first, second) or _holds(second, first):
            return False
        one, two = first.inner_html or "", second.inner_html or ""
        first.inner_html, second.inner_html = two, one
        return True

    return edit


def _holds(outer: LexborNode, inner: LexborNode) -> bool:
    above = inner.parent
    while above is not None:
        if above.mem_id == outer.mem_id:
            return True
        above = above.parent
    return False


def _attribute(selector: str, name: str, change: Callable[[str], str]) -> Edit:
    def edit(article: LexborNode, pick: Pick) -> bool:
        nodes = article.css(selector)
        if nodes:
            node = nodes[pick(len(nodes))]
            node.attrs[name] = change(node.attributes.get(name) or "")  # type: ignore[index]
        return bool(nodes)

    return edit


def _text(selector: str, pattern: str, new: str) -> Edit:
    """Change one place of the text of an element, whichever fits."""

    def edit(article: LexborNode, pick: Pick) -> bool:
        places = [
            (node, found)
            for outer in article.css(selector)
            for node in outer.traverse(include_text=True)
            if node.tag == "-text" and (selector == "annotation" or not _is_drawn(node))
            for found in re.finditer(pattern, node.text_content or "")
        ]
        if not places:
            return False
        node, found = places[pick(len(places))]
        whole = node.text_content or ""
        node.replace_with(whole[: found.start()] + found.expand(new) + whole[found.end() :])
        return True

    return edit


def _is_drawn(node: LexborNode) -> bool:
    """Whether this is part of a drawing, or of KaTeX's own writing of a formula.

    The guard holds which drawings and which TeX a page has, and leaves their insides to those
    who make them.
    """
    above = node.parent
    while above is not None:
        classes = (above.attributes.get("class") or "").split()
        if above.tag in ("svg", "frame-series") or "katex" in classes:
            return True
        above = above.parent
    return False


def _put(html: str, inside: str = "") -> Edit:
    """Put something at the end of an element, or of the article."""

    def edit(article: LexborNode, pick: Pick) -> bool:
        nodes = article.css(inside) if inside else [article]
        if nodes:
            node = nodes[pick(len(nodes))]
            node.inner_html = (node.inner_html or "") + html
        return bool(nodes)

    return edit


def _renamed(selector: str, tag: str) -> Edit:
    def edit(article: LexborNode, pick: Pick) -> bool:
        nodes = article.css(selector)
        if nodes:
            node = nodes[pick(len(nodes))]
            inner = node.inner_html or ""
            made = LexborHTMLParser(f"<{tag}>{inner}</{tag}>").css_first(tag)
            assert made is not None
            node.replace_with(made)
        return bool(nodes)

    return edit


def _duplicate_id(article: LexborNode, pick: Pick) -> bool:
    ids = [node.id for node in article.css("[id]") if node.id]
    if ids:
        article.inner_html = f'{article.inner_html}<p id="{ids[pick(len(ids))]}"></p>'
    return bool(ids)


_LINKS = "a[href]:not(.headerlink):not(.footnote-ref):not(.footnote-backref):not(.tag)"

EDITS: dict[str, Edit] = {
    "drop a row": _drop("tbody tr"),
    "drop a cell": _drop("td, th"),
    "swap two cells": _swap("td"),
    "swap two items": _swap("li"),
    "swap two paragraphs": _swap("p"),
    "swap two blocks of code": _swap("pre code"),
    "swap two headings": _swap("h1, h2, h3, h4"),
    "drop an item": _drop("li"),
    "drop a paragraph": _drop("p"),
    "drop a title": _drop(".admonition-title, summary"),
    "drop a caption": _drop("figcaption"),
    "drop a heading": _drop("h1, h2, h3, h4"),
    "drop a formula": _drop(".formula"),
    "drop a block of code": _drop("pre"),
    "call a stub's exercise otherwise": _attribute(
        ".try-it", "data-exercise", lambda old: f"{old}x"
    ),
    "show a stub as code that runs": _attribute(".try-it", "class", lambda _: "more"),
    "drop a file's name": _drop(".filename"),
    "drop a table": _drop("table"),
    "drop a quotation": _drop("blockquote"),
    "change a formula": _text("annotation", r"\d", "8\\g<0>"),
    "lose a sign of a formula": _text("annotation", "[=+_^]", ""),
    "change code": _text("pre", r"\w+", "x\\g<0>"),
    "change code in a line": _text("code", r"\w+", "x\\g<0>"),
    "change a word": _text("p, li, td, h2, h3, summary, figcaption, dd, dt", r"\w+", "\\g<0>x"),
    "lose a word": _text("p, li, td, h2, h3, summary, figcaption, dd, dt", r"\w+", ""),
    "change a heading's id": _attribute("h1, h2, h3, h4", "id", lambda old: f"{old}x"),
    "change an equation's id": _attribute(".equation[id]", "id", lambda old: f"{old}x"),
    "retarget a link": _attribute(_LINKS, "href", lambda old: f"{old}x"),
    "change an alternative": _attribute("img", "alt", lambda old: f"{old}x"),
    "change a picture": _attribute("img", "src", lambda old: f"{old}x"),
    "number a list otherwise": _attribute("ol:not(.footnote ol)", "start", lambda _: "7"),
    "use an id twice": _duplicate_id,
    "add a line": _put("more"),
    "add a paragraph": _put("<p>more</p>", "li, blockquote, .admonition, details"),
    "add a formula": _put('<span class="arithmatex">\\(x\\)</span>'),
    "add a script": _put("<script>1</script>"),
    "add a frame": _put('<iframe src="https://e.org/"></iframe>'),
    "add a style": _attribute("p", "style", lambda _: "display: none"),
    "hide a paragraph": _attribute("p", "hidden", lambda _: ""),
    "let a paragraph act": _attribute("p", "onclick", lambda _: "f()"),
    "make a heading smaller": _renamed("h2", "h3"),
    "make a heading a paragraph": _renamed("h2", "p"),
    "make a quotation a paragraph": _renamed("blockquote", "div"),
    "make a bullet list a numbered one": _renamed("ul:not(.task-list)", "ol"),
    "fold an admonition otherwise": _renamed("details", "div"),
    "change an admonition": _attribute(".admonition", "class", lambda _: "admonition danger"),
    "open a folded block": _attribute("details:not([open])", "open", lambda _: "open"),
    "change the language of code": _attribute(
        '[class*="language-"]', "class", lambda old: old.replace("language-", "language-x")
    ),
}
