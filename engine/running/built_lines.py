"""What stands within a line of a built page: text, and a mark for whatever is not plain text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from selectolax.lexbor import LexborNode as Node

from engine.reading.addresses import built_target
from engine.reading.code import is_python
from engine.reading.outline import (
    BREAK,
    code_mark,
    element_mark,
    footnote_mark,
    formula_mark,
    line_of,
    link_mark,
    picture_mark,
    tidy,
)

#: Elements that change how their text looks, not what is said.
TRANSPARENT = frozenset({"b", "del", "em", "i", "strong"})

#: Elements whose content nobody sees.
UNSEEN = frozenset({"colgroup", "link", "meta", "noframes", "script", "style", "template"})

#: Links that Markdown itself adds: to a heading, and from a footnote to where it is referred to.
LINKS_BACK = frozenset({("headerlink", "¶"), ("footnote-backref", "↩")})

#: The class of links that the build makes of terms, whose text is the page's own.
TERM = "term"

#: What the build puts around text: a formula with its marks of punctuation, another language.
_SAYS_NOTHING = re.compile(r"span (?:class=together|lang=(?:en|zh))")
_ACTING = re.compile(r"\s(?:on\w+|style|hidden)=", re.I)
_TAG = re.compile(r"<([a-z][^\s/>]*)")


@dataclass(frozen=True)
class CodeBlock:
    """A block of code: the language of its highlighting, and its text, tidied."""

    language: str
    text: str

    @property
    def is_python(self) -> bool:
        return is_python(self.language)


class LineReader:
    """Reads lines, and keeps what it met on the way: tags, and code.

    ``address`` is that of the page, from which its links lead.
    """

    def __init__(self, address: str) -> None:
        self.tags: Counter[str] = Counter()
        self.code: list[CodeBlock] = []
        self.broken_code: list[str] = []
        self._address = address
        self._spans: dict[str, Callable[[Node], str]] = {
            "a": self._link,
            "br": lambda _: BREAK,
            "code": self._code_in_line,
            "frame-series": _series_mark,
            "img": self._image,
            "pre": self._pre_in_line,
            "span": self._span,
            "sup": self._sup,
            "svg": self._svg,
        }

    def line(self, parent: Node) -> str:
        """All that an element holds, as one line."""
        return line_of(self._content(parent))

    def _content(self, parent: Node) -> str:
        return "".join(self.span(node) for node in nodes_of(parent))

    def span(self, node: Node) -> str:
        """One node as a part of a line; blocks are marked as elements where they stand in one."""
        tag = node.tag or ""
        if tag == "-text":
            return node.text_content or ""
        self.note(node)
        if tag in TRANSPARENT:
            return self._content(node)
        if tag in UNSEEN:
            return ""
        if tag in self._spans:
            return self._spans[tag](node)
        return element_mark(described(node), self._content(node))

    def _link(self, node: Node) -> str:
        classes = classes_of(node)
        if {(name, node.text()) for name in classes} & LINKS_BACK:
            return ""
        href = node.attributes.get("href")
        if TERM in classes:
            return self._content(node)
        if href is None:
            return element_mark(described(node), self._content(node))
        return link_mark(built_target(self._address, href), self._content(node))

    def _image(self, node: Node) -> str:
        attributes = node.attributes
        source = built_target(self._address, attributes.get("src") or "")
        return picture_mark(source, attributes.get("alt") or "")

    def _svg(self, node: Node) -> str:
        if "drawing" in classes_of(node):
            return _drawing_mark(node)
        self.note_inside(node)
        return element_mark(described(node), node.text())

    def _span(self, node: Node) -> str:
        if "moved" in classes_of(node) and not node.text():
            return ""  # the place of an old address
        tex = tex_of(node)
        if tex is not None:
            return formula_mark(tex)
        if _SAYS_NOTHING.fullmatch(described(node)):
            return self._content(node)
        return element_mark(described(node), self._content(node))

    def _sup(self, node: Node) -> str:
        links = [child for child in elements_of(node) if "footnote-ref" in classes_of(child)]
        if len(links) == 1 and node.text() == links[0].text():
            self.note(links[0])
            return footnote_mark(node.text().strip())
        return element_mark(described(node), self._content(node))

    # Code

    def code_of(self, pre: Node, *, is_stub: bool = False) -> CodeBlock:
        """A block of code, which is kept as well, unless it is a stub: that does not run."""
        self.note_inside(pre)
        block = CodeBlock(_language_of(pre), tidy(pre.text()))
        if not is_stub:
            self.code.append(block)
        return block

    def broken_code_of(self, code: Node) -> str:
        """Code in a line that holds a line break: a fence that Markdown did not understand."""
        self.note_inside(code)
        self.broken_code.append(code.text())
        return tidy(code.text())

    def _code_in_line(self, node: Node) -> str:
        if is_broken_code(node):
            return element_mark("code", self.broken_code_of(node))
        self.note_inside(node)
        return code_mark(node.text())

    def _pre_in_line(self, node: Node) -> str:
        return element_mark("pre", self.code_of(node).text)

    # Tags

    def note(self, node: Node) -> None:
        """Count an element's tag, and ``tag[attribute]`` for an attribute that acts or hides."""
        tag = node.tag or ""
        self.tags[tag] += 1
        for name in node.attributes:
            if name.startswith("on") or name in ("style", "hidden"):
                self.tags[f"{tag}[{name}]"] += 1

    def note_inside(self, node: Node) -> None:
        """Count the elements in something that is taken as plain text."""
        html = node.inner_html or ""
        may_act = " on" in html or "style=" in html or "hidden=" in html
        if may_act and _ACTING.search(html):
            for inner in node.css("*"):
                if inner.mem_id != node.mem_id:
                    self.note(inner)
        else:
            self.tags.update(_TAG.findall(html))


def nodes_of(parent: Node) -> list[Node]:
    """The elements and texts directly in an element; no comments, which the parser yields too."""
    children = parent.iter(include_text=True)
    return [child for child in children if child.tag != "-comment"]


def elements_of(parent: Node) -> list[Node]:
    """The elements directly in an element."""
    return [child for child in parent.iter() if child.tag != "-comment"]


def is_broken_code(node: Node) -> bool:
    """Whether this is code in a line, with a line break in it."""
    return node.tag == "code" and "\n" in node.text().strip()


def classes_of(node: Node) -> list[str]:
    return (node.attributes.get("class") or "").split()


def described(node: Node) -> str:
    """The tag with its attributes, as they stand in the HTML."""
    attributes = node.attributes.items()
    return " ".join(
        [
            node.tag or "",
            *(name if value is None else f"{name}={value}" for name, value in attributes),
        ]
    )


def _language_of(pre: Node) -> str:
    """The nearest class ``language-…``: of the code in it, its own, or of what is around it."""
    inner = pre.css_first("code")
    node: Node | None = inner if inner is not None else pre
    while node is not None and node.tag != "article":
        for name in classes_of(node):
            if name.startswith("language-"):
                return name.removeprefix("language-")
        node = node.parent
    return ""


def tex_of(node: Node) -> str | None:
    """The TeX that KaTeX keeps beside its glyphs; None unless it is a formula and no more."""
    classes = set(classes_of(node))
    children = nodes_of(node) if classes & {"katex", "katex-display", "formula"} else []
    if "katex" in classes:
        if [classes_of(child) for child in children] != [["katex-mathml"], ["katex-html"]]:
            return None
        found = children[0].css_first('annotation[encoding="application/x-tex"]')
        return None if found is None else found.text().strip()
    return tex_of(children[0]) if len(children) == 1 else None


def _series_mark(node: Node) -> str:
    """A stepper or an explorer: what has a name in it is the list of frames, or the first one."""
    named = node.css_first("[data-drawing]")
    return _drawing_mark(node if named is None else named)


def _drawing_mark(node: Node) -> str:
    attributes = node.attributes
    name = attributes.get("data-drawing") or "drawing"
    return picture_mark(name, attributes.get("aria-label") or "")
