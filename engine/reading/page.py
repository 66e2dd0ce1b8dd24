"""One model of a page, parsed once: fences, formulas, headings, pictures, links and their lines.

The collector of examples, the guard, parity, equations and every error message ask this module.
What it understands of Markdown is what the pages use; that it agrees with what the site shows
is what the guard (engine/running/guard.py) compares on every page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from engine.reading import percent
from engine.reading.lines import Line, Origin, expand
from engine.faults import Fault, FaultsFound
from engine.reading.highlighting import is_python
from engine.paths import is_lab


@dataclass(frozen=True)
class Fence:
    """A fenced code block as the page shows it."""

    language: str
    info: str
    lines: tuple[Line, ...]
    origin: Origin
    prefix: str
    first: int

    @property
    def source(self) -> str:
        return "\n".join(self.lines)

    @property
    def is_python(self) -> bool:
        return is_python(self.language)

    @property
    def is_session(self) -> bool:
        """Whether it shows prompts and outputs rather than a plain piece of code."""
        code = (line.strip() for line in self.lines)
        first = next((line for line in code if line and not line.startswith("#")), "")
        return first.startswith(">>>")


@dataclass(frozen=True)
class Formula:
    """A formula; a display formula is a tagged equation, a definition, or neither."""

    tex: str
    display: bool
    origin: Origin

    @property
    def tag(self) -> str | None:
        found = TAG.search(self.tex)
        return found[1] if found else None

    @property
    def without_tag(self) -> str:
        return TAG.sub("", self.tex).strip()

    @property
    def defines(self) -> str | None:
        r"""The symbol that a ``\coloneqq`` introduces, without its arguments."""
        if not self.display or COLONEQQ not in self.tex:
            return None
        return symbol(self.tex.split(COLONEQQ)[0])


@dataclass(frozen=True)
class Heading:
    level: int
    text: str
    anchor: str | None
    origin: Origin


@dataclass(frozen=True)
class Link:
    """A link or, with ``image``, a picture."""

    text: str
    target: str
    image: bool
    origin: Origin


@dataclass
class Page:
    """A page of one language; ``faults`` are what keeps it from being built.

    A lab has ``cells`` besides; its fences are those of its code.
    """

    path: Path
    language: str
    name: str
    meta: dict[str, Any]
    lines: list[Line]
    cells: list[percent.Cell] = field(default_factory=list)
    fences: list[Fence] = field(default_factory=list)
    formulas: list[Formula] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    prose: list[Line] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def files(self) -> set[Path]:
        """The files that the page is made of: its own, and those it includes."""
        return {self.path} | {line.origin.path for line in self.lines}

    @property
    def is_lab(self) -> bool:
        return is_lab(self.path)

    @property
    def code_cells(self) -> list[percent.Cell]:
        return [cell for cell in self.cells if cell.is_code]

    @property
    def python_fences(self) -> list[Fence]:
        return [fence for fence in self.fences if fence.is_python]

    @property
    def display_formulas(self) -> list[Formula]:
        return [formula for formula in self.formulas if formula.display]

    @property
    def images(self) -> list[Link]:
        return [link for link in self.links if link.image]

    @property
    def figures(self) -> list[str]:
        """The drawings the page names, in order: ``figure:…`` and ``stepper:…``."""
        return [i.target for i in self.images if i.target.partition(":")[0] in DRAWN]

    @property
    def exercises(self) -> list[str]:
        return [h.anchor for h in self.headings if h.anchor and h.anchor.startswith("exercise-")]

    def section(self, anchor: str) -> list[Line]:
        """The prose below the heading with this anchor, up to the next heading."""
        lines: list[Line] = []
        inside = False
        headings = {heading.origin: heading for heading in self.headings}
        for line in self.prose:
            heading = headings.get(line.origin)
            if heading:
                inside = heading.anchor == anchor
            elif inside:
                lines.append(line)
        return lines

    @cached_property
    def symbols(self) -> set[str]:
        """The symbols of the first column of the table below ``{#symbols}``."""
        found: set[str] = set()
        for line in self.section("symbols"):
            if line.lstrip().startswith("|"):
                first = re.split(r"(?<!\\)\|", line.strip().strip("|"))[0]
                found |= {symbol(match["tex"]) for match in INLINE.finditer(first)}
        return found


#: Pictures whose address is no file: the build draws them (engine/figures.py).
DRAWN = ("figure", "stepper")

#: What marks a display formula as a definition.
COLONEQQ = r"\coloneqq"

FENCE = re.compile(r"^(?P<prefix>(?:[ \t]*>)*[ \t]*)(?P<fence>`{3,}|~{3,})(?P<info>[^\n]*)$")
LANGUAGE = re.compile(r"\s*(?:\{\s*)?\.?(?P<language>[\w#.+-]*)")
LIST_ITEM_FENCE = re.compile(r"^[> \t]*(?:[-*+]|\d+[.)])[ \t]+(?:`{3,}|~{3,})")
PREFIX = re.compile(r"^(?:[ \t]*>)*[ \t]*")
TAG = re.compile(r"\\tag\{([^{}]+)\}")
CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)")
INLINE = re.compile(r"(?<![\\$])\$(?![\s$])(?P<tex>(?:\\.|[^\\$])+?)(?<!\s)\$(?![\d$])")
HEADING = re.compile(
    r"^(?P<level>#{1,6})\s+(?P<text>.*?)\s*(?:\{[^}]*?#(?P<anchor>[\w.-]+)[^}]*\})?\s*#*$"
)
LINK = re.compile(
    r"(?P<image>!?)\[(?P<text>(?:[^\[\]]|\[[^\]]*\])*)\]\((?P<target>[^)\s]+)(?:\s+\"[^\"]*\")?\)"
)
IMG_TAG = re.compile(r"<img\b[^>]*>", re.I)


def normalised(tex: str) -> str:
    """TeX with white space folded, for comparing a formula with the one a check was written for."""
    tex = re.sub(r"\s+", " ", tex.strip())
    return re.sub(r"(?<=[^\\a-zA-Z]) | (?=[^a-zA-Z])", "", tex)


def symbol(tex: str) -> str:
    r"""The symbol alone: ``\sigma(z)`` is ``\sigma``; braces and spaces do not matter."""
    tex = re.sub(r"\((?:[^()]|\([^()]*\))*\)\s*$", "", tex.strip())
    return re.sub(r"[\s{}]", "", tex)


def parse_file(path: Path, language: str, name: str, snippets: Path) -> Page:
    """Read and parse a page. Raises FaultsFound where the file is not UTF-8 text."""
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        found = f"not UTF-8: byte 0x{raw[error.start]:02x}"
        raise FaultsFound(Fault(path, line, found, "save the file as UTF-8")) from None
    return parse_text(text, path, language, name, snippets)


def parse_text(text: str, path: Path, language: str, name: str, snippets: Path) -> Page:
    """Parse the text of a page that stands (or would stand) at ``path``.

    ``snippets`` is the folder of the files whose sections it includes.
    """
    sources = [
        Line.at(line, Origin(path, number))
        for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1)
    ]
    cells: list[percent.Cell] = []
    wrong_cells: list[Fault] = []
    if is_lab(path):
        front, cells, wrong_cells = percent.read(sources)
        sources = [*front, *percent.as_markdown(cells)]
    body, meta, faults = _front_matter(sources, path)
    lines, missing = expand(body, snippets)
    page = Page(path, language, name, meta, lines, cells, faults=wrong_cells + faults + missing)
    for line in _outside_fences(page):
        page.prose.append(line)
    _read_prose(page)
    return page


def _front_matter(lines: list[Line], path: Path) -> tuple[list[Line], dict[str, Any], list[Fault]]:
    if not lines or lines[0].rstrip() != "---":
        return lines, {}, []
    for end, line in enumerate(lines[1:], 1):
        if line.rstrip() in ("---", "..."):
            try:
                meta = yaml.safe_load("\n".join(lines[1:end])) or {}
            except yaml.YAMLError as error:
                mark = getattr(error, "problem_mark", None)
                at = mark.line + 2 if mark else 1
                fault = Fault(
                    path, at, "the front matter is not YAML", "quote the value, or indent it"
                )
                return lines[end + 1 :], {}, [fault]
            return lines[end + 1 :], meta if isinstance(meta, dict) else {}, []
    return lines, {}, [Fault(path, 1, "the front matter does not end", "close it with a line ---")]


def _outside_fences(page: Page) -> Iterator[Line]:
    """Collect the fences of a page, and yield the lines that are neither code nor comment."""
    opened: re.Match[str] | None = None
    content: list[Line] = []
    start, commented = 0, False
    for index, line in enumerate(page.lines):
        if opened:
            closing = PREFIX.sub("", line, count=1).rstrip()
            if closing == opened["fence"]:
                _add_fence(page, opened, content, start)
                opened = None
            else:
                content.append(line)
            continue
        visible, commented = _without_comments(line, commented)
        if not visible.strip() and visible != line:
            continue
        opened = FENCE.match(visible)
        if opened and not (opened["fence"][0] == "`" and "`" in opened["info"]):
            content, start = [], index
            continue
        opened = None
        if LIST_ITEM_FENCE.match(visible):
            page.faults.append(
                _fault(
                    line,
                    "a fence on a list item's own line is not shown as code",
                    "put the fence on a line of its own, indented by four spaces",
                )
            )
        yield Line.at(visible, line.origin)
    if opened:
        page.faults.append(
            _fault(
                page.lines[start],
                "this code fence is not closed",
                f"add a line {opened['fence']} below the code",
            )
        )


def _without_comments(line: Line, commented: bool) -> tuple[str, bool]:
    """The part of a line outside ``<!-- … -->``, and whether a comment stays open behind it."""
    spans = [m.span() for m in CODE_SPAN.finditer(line)]
    visible, at = "", 0
    while at < len(line):
        mark = "-->" if commented else "<!--"
        found = line.find(mark, at)
        while found >= 0 and not commented and any(a <= found < b for a, b in spans):
            found = line.find(mark, found + 1)
        if found < 0:
            visible += "" if commented else line[at:]
            break
        visible += "" if commented else line[at:found]
        at, commented = found + len(mark), not commented
    return visible, commented


def _add_fence(page: Page, opened: re.Match[str], content: list[Line], start: int) -> None:
    indent = len(opened["prefix"].expandtabs(4))
    quoted = ">" in opened["prefix"]

    def inner(line: Line) -> Line:
        text = line.expandtabs(4)
        if quoted:
            stripped = re.sub(r"^(?:[ \t]*>)+[ ]?", "", text)
            return Line.at(stripped, line.origin)
        cut = min(indent, len(text) - len(text.lstrip(" ")))
        return Line.at(text[cut:], line.origin)

    found = LANGUAGE.match(opened["info"])
    page.fences.append(
        Fence(
            language=(found["language"] if found else "").lower(),
            info=opened["info"].strip(),
            lines=tuple(map(inner, content)),
            origin=page.lines[start].origin,
            prefix=opened["prefix"],
            first=start + 1,
        )
    )


def _read_prose(page: Page) -> None:
    """Headings, display and inline formulas, links and pictures, from the lines outside code."""
    display: list[str] | None = None
    opened_at: Line | None = None
    for line in page.prose:
        text = CODE_SPAN.sub(lambda m: " " * len(m[0]), line)
        bare = PREFIX.sub("", text, count=1).strip()
        if display is not None and opened_at is not None:
            if bare == "$$":
                page.formulas.append(Formula("\n".join(display).strip(), True, opened_at.origin))
                display = None
            else:
                display.append(PREFIX.sub("", line, count=1))
            continue
        if bare == "$$":
            display, opened_at = [], line
            continue
        one_line = re.fullmatch(r"\$\$(.+)\$\$", bare)
        if one_line:
            page.formulas.append(Formula(one_line[1].strip(), True, line.origin))
            continue
        heading = HEADING.match(text)
        if heading:
            title = line[heading.start("text") : heading.end("text")]
            page.headings.append(
                Heading(len(heading["level"]), title, heading["anchor"], line.origin)
            )
        page.formulas += [Formula(m["tex"], False, line.origin) for m in INLINE.finditer(text)]
        without_math = INLINE.sub(lambda m: "x" * len(m[0]), text)
        page.links += [
            Link(m["text"], m["target"], bool(m["image"]), line.origin)
            for m in LINK.finditer(without_math)
        ]
        for tag in IMG_TAG.findall(text):
            alt = re.search(r"""\balt=["']([^"']*)["']""", tag)
            source = re.search(r"""\bsrc=["']([^"']*)["']""", tag)
            page.links.append(
                Link(alt[1] if alt else "", source[1] if source else "", True, line.origin)
            )
    if display is not None and opened_at is not None:
        page.faults.append(
            _fault(opened_at, "this display formula is not closed", "add a line $$ below it")
        )


def _fault(line: Line, message: str, remedy: str) -> Fault:
    return Fault(line.origin.path, line.origin.line, message, remedy)
