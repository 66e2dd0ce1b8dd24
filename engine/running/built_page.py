"""What a built page really shows: read from its HTML, without asking the page model.

This is the second, independent view that the guard holds against what ran.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from engine.reading.highlighting import is_python

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}


@dataclass
class CodeBlock:
    """A block of code in the HTML: the language of its highlighting, and its text."""

    language: str
    text: str = ""

    @property
    def is_python(self) -> bool:
        return is_python(self.language)


@dataclass
class _Open:
    tag: str
    classes: list[str] = field(default_factory=list)


class ShownPage(HTMLParser):
    """Collects code blocks, outputs of labs, drawings and the remaining text of an article."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.blocks: list[CodeBlock] = []
        self.outputs: list[str] = []
        self.drawings = 0
        self.text: list[str] = []
        self.inline: list[str] = []
        self._open: list[_Open] = []
        self._block: CodeBlock | None = None
        self.feed(html)
        self.close()

    @property
    def python(self) -> list[str]:
        """The Python code the page shows, in order, trailing space dropped."""
        return [tidy(block.text) for block in self.blocks if block.is_python]

    @property
    def other(self) -> list[str]:
        """The code blocks that are not highlighted as Python."""
        return [tidy(block.text) for block in self.blocks if not block.is_python]

    @property
    def broken_fences(self) -> list[str]:
        """Fences that Markdown did not understand: their marks as text, or a line break in code."""
        marks = [text for text in self.text if re.search(r"```|~~~", text)]
        return [text.strip() for text in marks + [code for code in self.inline if "\n" in code]]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in VOID:
            return
        self._open.append(_Open(tag, (dict(attrs).get("class") or "").split()))
        if tag == "svg" and "drawing" in self._open[-1].classes:
            self.drawings += 1
        if tag == "pre" and any("output" in opened.classes for opened in self._open):
            self.outputs.append("")
        elif tag == "pre" and self._block is None and not self._inside("script"):
            language = next(
                (
                    name.removeprefix("language-")
                    for opened in reversed(self._open)
                    for name in opened.classes
                    if name.startswith("language-")
                ),
                "",
            )
            self._block = CodeBlock(language)
            self.blocks.append(self._block)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        while self._open:
            closed = self._open.pop()
            if closed.tag == "pre" and not self._inside("pre"):
                self._block = None
            if closed.tag == tag:
                break

    def handle_data(self, data: str) -> None:
        if self._block is not None:
            if not any("filename" in opened.classes for opened in self._open):
                self._block.text += data
        elif self._inside("pre"):
            self.outputs[-1] += data
        elif self._inside("code"):
            self.inline.append(data)
        elif data.strip() and not any(self._inside(t) for t in ("script", "style")):
            self.text.append(data)

    def _inside(self, tag: str) -> bool:
        return any(opened.tag == tag for opened in self._open)


def article(html: str) -> str:
    """The part of a built page that the page's author wrote."""
    found = re.search(r"<article\b.*?</article>", html, re.S)
    return found[0] if found else html


def tidy(code: str) -> str:
    """Code as the comparison sees it: no trailing space, no blank first or last lines."""
    return "\n".join(line.rstrip() for line in code.expandtabs(4).strip("\n").split("\n"))
