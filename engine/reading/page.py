"""The model of a page, read once: its blocks, and what is asked of them.

The collector of examples, the guard, parity, equations, glossary, downloads and every error
message ask this module. That it agrees with what the site shows is what the guard
(engine/running/guard.py) holds on every page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from engine.faults import Fault
from engine.paths import is_lab
from engine.reading import percent
from engine.reading.catalogues import catalogue_of
from engine.reading.code import is_python
from engine.reading.fences import STUB
from engine.reading.forms import form_faults
from engine.reading.lines import Line, Origin, expand
from engine.reading.markdown import Block, blocks
from engine.reading.ties import Declared, Tie


@dataclass(frozen=True)
class Fence:
    """A fenced code block as the page shows it.

    ``first`` is the number of its first line of code among the lines of the page, from 0;
    ``prefix`` is what stands before its mark.
    """

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
    def title(self) -> str:
        found = TITLE.search(self.info)
        return found[1] if found else ""

    @property
    def is_python(self) -> bool:
        return is_python(self.language)

    @property
    def exercise(self) -> str:
        """Of a stub, the function that the reader is to write in it; else nothing."""
        found = STUB.fullmatch(self.info)
        return found["exercise"] if found else ""

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


@dataclass(frozen=True)
class Section:
    """A heading (none above the first one) and the blocks below it, up to the next heading."""

    heading: Heading | None
    blocks: tuple[Block, ...]

    @property
    def anchor(self) -> str:
        return (self.heading.anchor or "") if self.heading else ""


@dataclass
class Page:
    """A page of one language. Its blocks are read when somebody first asks for them.

    ``body`` is what stands below its front matter; the sections that it includes are in the folder
    ``snippets``. A lab has ``cells`` besides; its body is the page that they make together.
    ``wrong`` is what was wrong with the front matter or a cell.
    """

    path: Path
    language: str
    name: str
    meta: dict[str, Any]
    body: list[Line]
    snippets: Path
    cells: list[percent.Cell] = field(default_factory=list)
    wrong: list[Fault] = field(default_factory=list)
    #: The numbers of its prose that are tied to an expression, and those of a declared kind.
    ties: list[Tie] = field(default_factory=list)
    declared: list[Declared] = field(default_factory=list)

    @cached_property
    def _expanded(self) -> tuple[list[Line], list[Fault]]:
        return expand(self.body, self.snippets, self.language)

    @property
    def lines(self) -> list[Line]:
        """The lines of its body, included sections put in their place."""
        return self._expanded[0]

    @cached_property
    def blocks(self) -> list[Block]:
        return blocks(self.lines)

    @cached_property
    def faults(self) -> list[Fault]:
        """What keeps it from being built, as far as its own text tells."""
        return [*self.wrong, *self._expanded[1], *form_faults(self)]

    def fault(self, line: int, message: str, remedy: str) -> Fault:
        """A fault at the line with this number, which may be a line of an included file."""
        origin = self.lines[min(line, len(self.lines) - 1)].origin
        return Fault(origin.path, origin.line, message, remedy)

    @property
    def files(self) -> set[Path]:
        """The files that the page is made of: its own, those it includes, and their words."""
        included = {line.origin.path for line in self.lines} - {self.path}
        words = {catalogue_of(path, self.language) for path in included}
        return {self.path} | included | words

    @property
    def is_lab(self) -> bool:
        return is_lab(self.path)

    @property
    def title(self) -> str:
        return str(self.meta.get("title", self.name))

    @property
    def prerequisites(self) -> list[str]:
        """The pages to read first; only chapters and labs name them, if only an empty list."""
        named = self.meta.get("prerequisites")
        return named if isinstance(named, list) else []

    @property
    def is_chapter(self) -> bool:
        """Whether it is a chapter or a lab: these say what to read first."""
        return "prerequisites" in self.meta

    @property
    def code_cells(self) -> list[percent.Cell]:
        return [cell for cell in self.cells if cell.is_code]

    @cached_property
    def fences(self) -> list[Fence]:
        return [self._fence(block) for block in self.blocks if block.kind == "code"]

    @property
    def python_fences(self) -> list[Fence]:
        """The fences whose code runs: all Python but the stubs, which have gaps."""
        return [fence for fence in self.fences if fence.is_python and not fence.exercise]

    @property
    def stubs(self) -> list[Fence]:
        """The fences into which the reader writes the answer of an exercise."""
        return [fence for fence in self.fences if fence.exercise]

    @cached_property
    def formulas(self) -> list[Formula]:
        return [formula for block in self.blocks for formula in formulas_of(block)]

    @property
    def display_formulas(self) -> list[Formula]:
        return [formula for formula in self.formulas if formula.display]

    @property
    def has_equations(self) -> bool:
        """Whether any of its formulas has a tag: then the build makes a page of their checks."""
        return any(formula.tag for formula in self.display_formulas)

    @cached_property
    def headings(self) -> list[Heading]:
        return [_heading(block) for block in self.blocks if block.kind == "heading"]

    @cached_property
    def links(self) -> list[Link]:
        return [link for block in self.blocks for link in links_of(block)]

    @property
    def images(self) -> list[Link]:
        return [link for link in self.links if link.image]

    @property
    def figures(self) -> list[str]:
        """The drawings the page names, in order: ``figure:…``, ``stepper:…``, ``explorer:…``."""
        return [i.target for i in self.images if i.target.partition(":")[0] in DRAWN]

    @property
    def exercises(self) -> list[str]:
        return [h.anchor for h in self.headings if h.anchor and h.anchor.startswith("exercise-")]

    @cached_property
    def sections(self) -> list[Section]:
        """The page cut at its headings, in order; the first section may have none."""
        found: list[tuple[Heading | None, list[Block]]] = [(None, [])]
        for block in self.blocks:
            if block.kind == "heading":
                found.append((_heading(block), []))
            else:
                found[-1][1].append(block)
        return [Section(heading, tuple(below)) for heading, below in found]

    def section(self, anchor: str) -> tuple[Block, ...]:
        """The blocks below the heading with this anchor, up to the next heading."""
        return next((s.blocks for s in self.sections if s.heading and s.anchor == anchor), ())

    def part(self, anchor: str) -> list[Block]:
        """The heading with this anchor and all below it, smaller headings included.

        Without an anchor it is the whole page.
        """
        if not anchor:
            return self.blocks
        found: list[Block] = []
        level = 0
        for block in self.blocks:
            if block.kind == "heading":
                heading = _heading(block)
                if heading.anchor == anchor:
                    level = heading.level
                elif heading.level <= level:
                    level = 0
            if level:
                found.append(block)
        return found

    def lines_of(self, anchor: str) -> list[Line]:
        """The lines below the heading with this anchor, up to the next heading, as written."""
        starts = [(block.first, block.last) for block in self.blocks if block.kind == "heading"]
        for number, heading in enumerate(self.headings):
            if heading.anchor == anchor:
                end = starts[number + 1][0] if number + 1 < len(starts) else len(self.lines)
                return self.lines[starts[number][1] : end]
        return []

    @cached_property
    def symbols(self) -> set[str]:
        """The symbols of the first column of the table below ``{#symbols}``."""
        return {
            symbol(span.text)
            for block in self.section("symbols")
            if block.cells
            for span in block.cells[0]
            if span.kind == "formula"
        }

    def _fence(self, block: Block) -> Fence:
        opening = self.lines[block.first]
        found = INFO.match(block.detail)
        return Fence(
            language=(found["language"] if found else "").lower(),
            info=block.detail.strip(),
            lines=block.code,
            origin=block.origin,
            prefix=opening[: len(opening) - len(opening.lstrip(" \t>"))],
            first=block.first + 1,
        )


#: Pictures whose address is no file: the build draws them (engine/drawing).
DRAWN = ("figure", "stepper", "explorer")

#: What marks a display formula as a definition.
COLONEQQ = r"\coloneqq"

INFO = re.compile(r"\s*(?:\{\s*)?\.?(?P<language>[\w#.+-]*)")
TITLE = re.compile(r'\btitle="([^"]*)"')
TAG = re.compile(r"\\tag\{([^{}]+)\}")


def formulas_of(block: Block) -> Iterator[Formula]:
    """The formulas of one block, in order."""
    if block.kind == "formula":
        yield Formula(block.detail, True, block.origin)
    for span in block.all_spans:
        if span.kind == "formula":
            yield Formula(span.text, False, span.origin)


def links_of(block: Block) -> Iterator[Link]:
    """The links and pictures of one block, in order."""
    for line in (block.spans, *block.cells):
        for number, span in enumerate(line):
            if span.kind == "picture":
                yield Link(span.text, span.target, True, span.origin)
            elif span.kind == "link":
                rest = line[number + 1 :]
                end = next((n for n, s in enumerate(rest) if s.kind == "end link"), len(rest))
                text = "".join(inner.text for inner in rest[:end])
                yield Link(text, span.target, False, span.origin)


def equation_id(tag: str) -> str:
    """The anchor of the equation with this tag."""
    return f"eq-{tag}"


def normalised(tex: str) -> str:
    """TeX with white space folded, for comparing two writings of a formula."""
    tex = re.sub(r"\s+", " ", tex.strip())
    return re.sub(r"(?<=[^\\a-zA-Z]) | (?=[^a-zA-Z])", "", tex)


def symbol(tex: str) -> str:
    r"""The symbol alone: ``\sigma(z)`` is ``\sigma``; braces and spaces do not matter."""
    tex = re.sub(r"\((?:[^()]|\([^()]*\))*\)\s*$", "", tex.strip())
    return re.sub(r"[\s{}]", "", tex)


def _heading(block: Block) -> Heading:
    level, _, anchor = block.detail.partition(" #")
    text = "".join(f"${s.text}$" if s.kind == "formula" else s.text for s in block.spans)
    return Heading(int(level), text.strip(), anchor.split(" ")[0] or None, block.origin)
