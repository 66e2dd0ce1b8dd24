"""The outline of a built page, read from the elements of its article.

The rule is that no text which a reader sees is left out: what has no kind of its own in
``engine/reading/outline.py`` becomes an ``element``.
"""

from __future__ import annotations

from collections.abc import Callable

from selectolax.lexbor import LexborNode as Node

from engine.reading.outline import CELL, END, Shown, line_of, tidy
from engine.running.built_lines import (
    TRANSPARENT,
    LineReader,
    classes_of,
    described,
    elements_of,
    is_broken_code,
    nodes_of,
    tex_of,
)

#: Elements around blocks that say nothing themselves.
WRAPPERS = frozenset({"dl", "figure"})

#: Elements that begin a block of their own; all others stand within a line.
BLOCKS = frozenset(
    {"address", "article", "aside", "center", "dialog", "dir", "fieldset", "footer", "form"}
    | {"header", "hgroup", "iframe", "legend", "li", "main", "menu", "nav", "optgroup", "option"}
    | {"search", "section", "select", "summary", "tbody", "td", "textarea", "tfoot", "th", "thead"}
    | {"tr", "video"}
)

#: What Material itself adds to an article.
OF_THE_THEME = frozenset(
    {
        ("a", "md-content__button"),
        ("aside", "md-source-file"),
        ("form", "md-feedback"),
        ("nav", "md-tags"),
    }
)


class _Paragraph:
    """A line that grows until a block or the end of its parent ends it as a paragraph."""

    def __init__(self, shown: list[Shown]) -> None:
        self._shown = shown
        self._parts: list[str] = []

    def add(self, text: str) -> None:
        self._parts.append(text)

    def end(self) -> None:
        text = "".join(self._parts)
        self._parts.clear()
        if text and not text.isspace():
            self._shown.append(Shown("paragraph", "", line_of(text)))


class OutlineReader:
    """Reads one article, once; what it found is in its attributes, and in those of ``lines``."""

    def __init__(self, article: Node, lines: LineReader) -> None:
        self.outline: list[Shown] = []
        self.facts: str | None = None
        self.outputs: list[str] = []
        self._lines = lines
        self._blocks: dict[str, Callable[[Node], None]] = {
            **{f"h{level}": self._heading for level in range(1, 7)},
            "blockquote": self._quote,
            "caption": self._caption,
            "dd": self._definition,
            "details": self._details,
            "div": self._div,
            "dt": self._term,
            "figcaption": self._caption,
            "hr": self._rule,
            "ol": self._ordered_list,
            "p": self._paragraph,
            "pre": self._pre,
            "table": self._table,
            "ul": self._bullet_list,
        }
        line = _Paragraph(self.outline)
        for node in nodes_of(article):
            if not any((node.tag, name) in OF_THE_THEME for name in classes_of(node)):
                self._take(node, line)
        line.end()

    # Blocks

    def _hold(self, parent: Node, *, but: Node | None = None) -> None:
        """All that an element holds, as blocks; loose text in it is a paragraph."""
        line = _Paragraph(self.outline)
        self._take_children(parent, line, but=but)
        line.end()

    def _take_children(self, parent: Node, line: _Paragraph, *, but: Node | None = None) -> None:
        for node in nodes_of(parent):
            if but is None or node.mem_id != but.mem_id:
                self._take(node, line)

    def _take(self, node: Node, line: _Paragraph) -> None:
        """One node where blocks may stand: it continues the line, or ends it."""
        tag = node.tag or ""
        if tag == "-text":
            line.add(node.text_content or "")
        elif tag in TRANSPARENT:
            self._lines.note(node)
            self._take_children(node, line)
        elif tag in self._blocks:
            line.end()
            self._lines.note(node)
            self._blocks[tag](node)
        elif tag in WRAPPERS:
            line.end()
            self._lines.note(node)
            self._hold(node)
        elif tag in BLOCKS:
            line.end()
            self._lines.note(node)
            self._element(node)
        elif is_broken_code(node):
            line.end()
            self._lines.note(node)
            self._add("code", "", self._lines.broken_code_of(node))
        else:
            line.add(self._lines.span(node))

    def _add(self, kind: str, detail: str = "", text: str = "") -> None:
        self.outline.append(Shown(kind, detail, text))

    def _held(self, kind: str, detail: str, text: str, node: Node, but: Node | None = None) -> None:
        self._add(kind, detail, text)
        self._hold(node, but=but)
        self.outline.append(END)

    def _heading(self, node: Node) -> None:
        level, anchor = (node.tag or "")[1:], node.id
        self._add("heading", f"{level} #{anchor}" if anchor else level, self._lines.line(node))

    def _paragraph(self, node: Node) -> None:
        above = self.outline[-1] if self.outline else END
        is_below_title = above.kind == "heading" and above.detail.startswith("1")
        if "facts" in classes_of(node) and is_below_title and self.facts is None:
            self.facts = line_of(node.text())
            self._lines.note_inside(node)
        else:
            self._hold(node)

    def _bullet_list(self, node: Node) -> None:
        self._list("bullet list", "", node)

    def _ordered_list(self, node: Node) -> None:
        self._list("ordered list", node.attributes.get("start") or "1", node)

    def _list(self, kind: str, detail: str, node: Node) -> None:
        self._add(kind, detail)
        line = _Paragraph(self.outline)
        for child in nodes_of(node):
            if child.tag == "li":
                line.end()
                self._lines.note(child)
                self._held("item", "", "", child)
            else:
                self._take(child, line)
        line.end()
        self.outline.append(END)

    def _quote(self, node: Node) -> None:
        self._held("quote", "", "", node)

    def _rule(self, node: Node) -> None:
        self._add("rule")

    def _term(self, node: Node) -> None:
        self._add("term", "", self._lines.line(node))

    def _definition(self, node: Node) -> None:
        self._held("definition", "", "", node)

    def _caption(self, node: Node) -> None:
        self._held("caption", "", "", node)

    def _details(self, node: Node) -> None:
        title = next((child for child in elements_of(node) if child.tag == "summary"), None)
        kinds = classes_of(node) + ["open"] * ("open" in node.attributes)
        self._held("details", " ".join(kinds), self._title(title), node, title)

    def _title(self, node: Node | None) -> str:
        if node is None:
            return ""
        self._lines.note(node)
        return self._lines.line(node)

    def _element(self, node: Node) -> None:
        self._held("element", described(node), "", node)

    def _div(self, node: Node) -> None:
        classes = classes_of(node)
        if "highlight" in classes:
            self._highlighted(node)
        elif "admonition" in classes:
            self._admonition(node, classes)
        elif "equation" in classes:
            self._equation(node)
        elif "try-it" in classes:
            self._stub(node)
        elif "output" in classes:
            self._output(node)
        elif "tabbed-set" in classes:
            self._tabs(node)
        elif "footnote" in classes:
            self._footnotes(node)
        else:
            self._element(node)

    def _admonition(self, node: Node, classes: list[str]) -> None:
        title = next(
            (child for child in elements_of(node) if "admonition-title" in classes_of(child)), None
        )
        kind = " ".join(name for name in classes if name != "admonition")
        self._held("admonition", kind, self._title(title), node, title)

    def _equation(self, node: Node) -> None:
        """A display formula; its tag is a link beside it."""
        formula, tag = ([*nodes_of(node), None, None])[:2]
        tex = tex_of(formula) if formula else None
        if formula is None or tex is None:
            self._element(node)
            return
        self._lines.note(formula)
        anchor = f"#{node.id}" if node.id else ""
        label = ""
        if tag is not None and "tag" in classes_of(tag):
            self._lines.note(tag)
            label = line_of(tag.text())
        self._add("formula", f"{anchor} {label}".strip(), tex)
        line = _Paragraph(self.outline)
        for child in nodes_of(node)[2 if label else 1 :]:
            self._take(child, line)
        line.end()

    def _output(self, node: Node) -> None:
        line = _Paragraph(self.outline)
        for child in nodes_of(node):
            if child.tag == "pre":
                line.end()
                self._lines.note(child)
                self._lines.note_inside(child)
                text = tidy(child.text())
                self.outputs.append(text)
                self._add("output", "", text)
            else:
                self._take(child, line)
        line.end()

    def _tabs(self, node: Node) -> None:
        parts = elements_of(node)
        labels = [label for part in parts[-2:-1] for label in elements_of(part)]
        blocks = [block for part in parts[-1:] for block in elements_of(part)]
        known = [*["input"] * len(blocks), "div", "div"]
        fits = [part.tag for part in parts] == known and len(labels) == len(blocks)
        if not fits or _has_loose_text(node, *parts):
            self._element(node)
            return
        for part in parts:
            self._lines.note(part)
        for label, block in zip(labels, blocks, strict=True):
            self._lines.note(block)
            self._held("tab", "", self._title(label), block)

    def _footnotes(self, node: Node) -> None:
        """The notes at the end; the rule above them belongs to them."""
        parts = elements_of(node)
        if [part.tag for part in parts] != ["hr", "ol"] or _has_loose_text(node, *parts):
            self._element(node)
            return
        for part in parts:
            self._lines.note(part)
        for number, note in enumerate(elements_of(parts[1]), 1):
            self._lines.note(note)
            self._held("footnote", str(number), "", note)

    def _table(self, node: Node) -> None:
        rows = [
            ("head" if part.tag == "thead" else "row", row)
            for part in elements_of(node)
            if part.tag in ("thead", "tbody", "tfoot")
            for row in elements_of(part)
        ]
        columns = max((len(elements_of(row)) for _, row in rows), default=0)
        self._add("table", str(columns))
        line = _Paragraph(self.outline)
        for part in elements_of(node):
            if part.tag in ("thead", "tbody", "tfoot"):
                self._lines.note(part)
            else:
                self._take(part, line)
        line.end()
        for kind, row in rows:
            self._lines.note(row)
            cells = elements_of(row)
            for cell in cells:
                self._lines.note(cell)
            self._add(kind, "", CELL.join(self._lines.line(cell) for cell in cells))
        self.outline.append(END)

    # Code

    def _stub(self, node: Node) -> None:
        """The stub of an exercise: one block of Python, and which exercise it is of."""
        code = elements_of(node)
        inner = elements_of(code[0]) if len(code) == 1 else []
        known = [part.tag for part in inner] == ["pre"] and "highlight" in classes_of(code[0])
        if not known or _has_loose_text(node, code[0]):
            self._element(node)
            return
        for part in (code[0], *inner):
            self._lines.note(part)
        block = self._lines.code_of(inner[0], is_stub=True)
        kind = "stub" if block.language == "python" else f"stub in {block.language}"
        self._add(kind, node.attributes.get("data-exercise") or "", block.text)

    def _highlighted(self, node: Node) -> None:
        title = ""
        line = _Paragraph(self.outline)
        for child in nodes_of(node):
            if child.tag == "pre":
                line.end()
                self._lines.note(child)
                self._pre(child, title)
                title = ""
            elif child.tag == "span" and "filename" in classes_of(child) and not title:
                self._lines.note(child)
                title = self._lines.line(child)
            else:
                self._take(child, line)
        line.add(title)
        line.end()

    def _pre(self, node: Node, title: str = "") -> None:
        block = self._lines.code_of(node)
        self._add("code", f"{block.language} {title}" if title else block.language, block.text)


def _has_loose_text(*nodes: Node) -> bool:
    """Whether text stands directly in one of these, which should hold elements alone."""
    return any(
        child.tag == "-text"
        for node in nodes
        for child in node.iter(include_text=True, skip_empty=True)
    )
