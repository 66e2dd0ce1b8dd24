"""The site's Markdown as any notebook understands it: no anchors, admonitions or drawings."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from urllib.parse import unquote, urljoin, urlsplit

from engine.reading.page import CODE_SPAN, COLONEQQ, DRAWN, HEADING, INLINE, LINK, Page
from engine.site import Site

ADMONITION = re.compile(r'^(?:!!!|\?\?\?\+?) \w+(?: "(?P<title>[^"]*)")?$')
FENCE_MARK = re.compile(r"^ *(`{3,}|~{3,})")
PIECES = re.compile(f"{CODE_SPAN.pattern}|{INLINE.pattern}|(?P<link>{LINK.pattern})")

PICTURE = {"zh": "图（见网页）：{alt}", "en": "Picture (on the page): {alt}"}

#: How a link is written where nobody knows the address of the site: what leads to it by hand.
ELSEWHERE = {"zh": "{text}（见“{where}”）", "en": "{text} (see “{where}”)"}


class Portable:
    """Converts the lines of one page, in order; what an admonition holds becomes a quotation."""

    def __init__(self, page: Page, site: Site, address: str | None) -> None:
        self.page = page
        self.site = site
        self.address = address
        self._in_admonition = False
        self._in_fence = False

    def convert(self, lines: Iterable[str]) -> str:
        """The next lines of the page, up to a piece of code or to the end."""
        converted: list[str] = []
        blank = False  # a blank line is quoted only between two lines of the same quotation
        for line in lines:
            was_inside = self._in_admonition
            text = self._unquoted(line)
            if text is None:
                continue
            if not text.strip():
                blank = bool(converted)
                continue
            if blank:
                converted.append(">" if was_inside and self._in_admonition else "")
            converted.append(f"> {text}" if self._in_admonition else text)
            blank = False
        return "\n".join(converted)

    def _unquoted(self, line: str) -> str | None:
        opened = ADMONITION.match(line)
        if opened:
            self._in_admonition = True
            return f"**{opened['title']}**" if opened["title"] else None
        if self._in_admonition and line.strip():
            self._in_admonition = line.startswith("    ")
            line = line.removeprefix("    ")
        if FENCE_MARK.match(line):
            self._in_fence = not self._in_fence
        if self._in_fence or FENCE_MARK.match(line):
            return line
        if line.strip() in ("/// caption", "///"):
            return None
        heading = HEADING.match(line)
        if heading:
            line = f"{heading['level']} {heading['text']}"
        line = line.replace(COLONEQQ, ":=")  # MathJax knows the sign only with a package
        return PIECES.sub(self._link, line)

    def _link(self, found: re.Match[str]) -> str:
        if not found["link"]:
            return found[0]
        text, target = found["text"], found["target"]
        if found["image"]:
            alternative = PICTURE[self.page.language].format(alt=text)
            return f"*{alternative}*" if target.partition(":")[0] in DRAWN else found[0]
        if urlsplit(target).scheme:
            return found[0]
        path, _, anchor = target.partition("#")
        if not self.address:
            where = self._title(path) if path else text
            return text if where == text else self._elsewhere(text, where)
        path = re.sub(r"(?:(?<=/)|^)index\.md$|\.(?:md|py)$", "/", path) if path else ""
        # A page is a folder, so what stands beside its source is one folder up.
        here = urljoin(self.address, f"../{path}" if path else "")
        return f"[{text}]({here}{'#' + anchor if anchor else ''})"

    def _elsewhere(self, text: str, where: str) -> str:
        return ELSEWHERE[self.page.language].format(text=text, where=where)

    def _title(self, path: str) -> str:
        """The title of the page to which a relative link leads; its path if it is no page."""
        beside = posixpath.dirname(self.page.name)
        name = posixpath.normpath(posixpath.join(beside, unquote(path)))
        source = self.site.source(self.page.language, re.sub(r"\.(?:md|py)$", "", name))
        return str(self.site.page(source).meta.get("title", name)) if source else name
