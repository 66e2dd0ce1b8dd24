"""The site's Markdown as any notebook understands it: no anchors, admonitions or drawings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import urljoin, urlsplit

from engine.reading.addresses import source_target
from engine.reading.markdown import Block, Span
from engine.reading.page import COLONEQQ, DRAWN, Page
from engine.site import Site

PICTURE = {"zh": "图（见网页）：{alt}", "en": "Picture (on the page): {alt}"}

#: A link where nobody knows the address of the site: its text, and where to look.
ELSEWHERE = {"zh": "{text}（见“{where}”）", "en": "{text} (see “{where}”)"}

#: What a notebook shows as a quotation: blocks that it has no form for.
QUOTED = ("admonition", "details", "tab", "quote", "footnote", "definition")

#: The four spaces by which what belongs to an item of a list is indented.
INDENT = "    "


class Portable:
    """Writes blocks of one page; ``address`` is that of the built page, if it is known."""

    def __init__(self, page: Page, site: Site, address: str | None) -> None:
        self.page = page
        self.site = site
        self.address = address
        self._numbers: list[int | None] = []

    def convert(self, blocks: Sequence[Block]) -> str:
        """The next blocks of the page, up to a piece of code or to the end."""
        written: list[tuple[str, str]] = []  # the quotation or item it stands in, and the text
        mark = ""
        for block in blocks:
            match block.kind:
                case "bullet list" | "ordered list":
                    ordered = block.kind == "ordered list"
                    self._numbers.append(int(block.detail) if ordered else None)
                case "end" if block.detail.endswith(" list"):
                    self._numbers.pop()
                case "item":
                    mark = self._mark()
                case "table" | "end" | "caption":
                    pass
                case _:
                    text = self._text(block)
                    if text is None:
                        continue
                    prefix = self._prefix(block)
                    if mark:
                        text = _indented(text, mark)
                        mark = ""
                        prefix = prefix.removesuffix(INDENT)
                    written.append((prefix, text))
        return _joined(written)

    def _mark(self) -> str:
        number = self._numbers[-1] if self._numbers else None
        if number is None:
            return "-   "
        self._numbers[-1] = number + 1
        return f"{number}.".ljust(len(INDENT))

    def _prefix(self, block: Block) -> str:
        """What stands before each line of a block: the quotations and items that it is in."""
        within = [*block.inside, *([block.kind] if block.kind in QUOTED else [])]
        marks = {"item": INDENT, **dict.fromkeys(QUOTED, "> ")}
        return "".join(marks.get(kind, "") for kind in within)

    def _text(self, block: Block) -> str | None:
        line = self._line(block.spans)
        match block.kind:
            case "heading":
                level = int(block.detail.split(" ")[0])
                return f"{'#' * level} {line.strip()}"
            case "paragraph":
                return line or None
            case "term":
                return f"**{line}**"
            case "admonition" | "details" | "tab" | "footnote":
                return f"**{line}**" if line else None
            case "formula":
                return f"$$\n{_plain_tex(block.detail)}\n$$"
            case "head":
                rule = "|".join(["---"] * len(block.cells))
                return f"{self._row(block)}\n|{rule}|"
            case "row":
                return self._row(block)
            case "code":
                language = block.detail.split(" ")[0].removeprefix("{.")
                return "\n".join([f"```{language}", *block.code, "```"])
            case "rule":
                return "---"
            case _:
                return None

    def _row(self, block: Block) -> str:
        cells = (self._line(cell).replace("\n", " ").replace("|", r"\|") for cell in block.cells)
        return f"| {' | '.join(cells)} |"

    def _line(self, spans: Sequence[Span]) -> str:
        return "".join(self._pieces(iter(spans))).strip()

    def _pieces(self, spans: Iterator[Span]) -> Iterator[str]:
        for span in spans:
            match span.kind:
                case "text":
                    yield span.text
                case "literal":
                    yield f"\\{span.text}"
                case "code":
                    ticks = "`" * (1 + max(map(len, re.findall("`+", span.text)), default=0))
                    yield f"{ticks}{span.text}{ticks}"
                case "formula":
                    yield f"${_plain_tex(span.text)}$"
                case "link":
                    yield self._link(span.target, "".join(self._pieces(spans)))
                case "end link":
                    return
                case "picture":
                    yield self._picture(span)
                case "footnote":
                    yield f"[{span.text}]"
                case "break":
                    yield "  \n"

    def _link(self, target: str, text: str) -> str:
        if urlsplit(target).scheme:
            return f"[{text}]({target})"
        place = source_target(self.page.name, target)
        if not self.address:
            where = self._title(place.partition("#")[0])
            if target.startswith("#") or where == text:
                return text
            return ELSEWHERE[self.page.language].format(text=text, where=where)
        root = urljoin(self.address, "../" * (self.page.name.count("/") + 1))
        return f"[{text}]({urljoin(root, place)})"

    def _title(self, place: str) -> str:
        """The title of the page at a place of the site; the place itself if it is no page."""
        name = place.removeprefix("./").rstrip("/") or "index"
        source = self.site.source(self.page.language, name)
        return self.site.page(source).title if source else place

    def _picture(self, span: Span) -> str:
        if span.target.startswith("output:"):
            return ""  # its cell draws it
        drawn = span.target.partition(":")[0] in DRAWN
        alternative = PICTURE[self.page.language].format(alt=span.text)
        return f"*{alternative}*" if drawn else f"![{span.text}]({span.target})"


def _plain_tex(tex: str) -> str:
    return tex.strip().replace(COLONEQQ, ":=")  # MathJax knows the sign only with a package


def _indented(text: str, mark: str) -> str:
    """A block as the first one of an item: its mark before it, the rest below its text."""
    return "\n".join((mark if n == 0 else INDENT) + line for n, line in enumerate(text.split("\n")))


def _joined(written: Sequence[tuple[str, str]]) -> str:
    """Blocks with a blank line between them, quoted where both stand in the same quotation."""
    lines: list[str] = []
    for number, (prefix, text) in enumerate(written):
        if number:
            above, above_text = written[number - 1]
            is_table = text.startswith("| ") and above_text.startswith("| ") and prefix == above
            if not is_table:
                shared = prefix if above.startswith(prefix) else above
                lines.append(shared.rstrip() if prefix.startswith(shared) else "")
        lines += [(prefix + line).rstrip() for line in text.split("\n")]
    return "\n".join(lines)
