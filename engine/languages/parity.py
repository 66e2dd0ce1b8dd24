"""Both languages say the same: headings, equations, code, figures, exercises, block by block."""

import ast
import re
from collections.abc import Sequence
from itertools import zip_longest

from engine.running.examples import pieces
from engine.reading.lines import Origin
from engine.faults import Fault
from engine.reading.page import HEADING, PREFIX, Fence, Page, normalised
from engine.paths import shown

TEXT_IN_TEX = re.compile(r"\\text(?:rm|bf|it)?\{[^{}]*\}")


def parity_faults(page: Page, sibling: Page) -> list[Fault]:
    """Where a page and its sibling differ in anything but their language."""
    faults = []
    for heading in [*page.headings, *sibling.headings]:
        if heading.anchor is None:
            faults.append(
                Fault(
                    heading.origin.path,
                    heading.origin.line,
                    f"the heading {heading.text!r} has no anchor of its own",
                    "add {#name}, the same in both languages",
                )
            )
    if page.meta.get("prerequisites") != sibling.meta.get("prerequisites"):
        what = f"the prerequisites differ from those of {shown(sibling.path)}"
        faults.append(Fault(page.path, 1, what, "name the same pages in both languages"))
    faults += _compare(
        "heading",
        page,
        sibling,
        [(f"{'#' * h.level} {{#{h.anchor}}}", h.origin) for h in page.headings],
        [(f"{'#' * h.level} {{#{h.anchor}}}", h.origin) for h in sibling.headings],
    )
    faults += _compare(
        "display formula",
        page,
        sibling,
        [(_tex(f.tex), f.origin) for f in page.display_formulas],
        [(_tex(f.tex), f.origin) for f in sibling.display_formulas],
    )
    faults += _compare(
        "code",
        page,
        sibling,
        [(_code(f), f.origin) for f in page.fences],
        [(_code(f), f.origin) for f in sibling.fences],
    )
    faults += _compare(
        "figure",
        page,
        sibling,
        [(i.target, i.origin) for i in page.images],
        [(i.target, i.origin) for i in sibling.images],
    )
    if not faults:
        faults += _blocks(page, sibling)
    return faults


def _compare(
    kind: str,
    page: Page,
    sibling: Page,
    mine: Sequence[tuple[str, Origin]],
    theirs: Sequence[tuple[str, Origin]],
) -> list[Fault]:
    """The first place where two sequences part: what follows it is out of step anyway."""
    for (a, origin), (b, other) in zip_longest(
        mine, theirs, fillvalue=("nothing", Origin(sibling.path, 1))
    ):
        if a != b:
            here = origin if origin.path == page.path or a != "nothing" else Origin(page.path, 1)
            return [
                Fault(
                    here.path,
                    here.line,
                    f"{kind} differs from {shown(other.path)}:{other.line}: "
                    f"{_short(a)} against {_short(b)}",
                    "bring both languages in step",
                )
            ]
    return []


def _blocks(page: Page, sibling: Page) -> list[Fault]:
    """Within each section the same blocks in the same order, with the same inline formulas."""
    faults = []
    for (anchor, mine, origin), (_, theirs, other) in zip(
        _sections(page), _sections(sibling), strict=True
    ):
        if mine.kinds != theirs.kinds:
            at = next(
                (
                    i
                    for i, (a, b) in enumerate(zip(mine.kinds, theirs.kinds, strict=False))
                    if a != b
                ),
                min(len(mine.kinds), len(theirs.kinds)),
            )
            faults.append(
                Fault(
                    origin.path,
                    mine.line(at, origin.line),
                    f"section #{anchor} has another block here than "
                    f"{shown(other.path)}:{theirs.line(at, other.line)}: "
                    f"{mine.kind(at)} against {theirs.kind(at)}",
                    "a paragraph, list item or table row is missing in one language",
                )
            )
        elif mine.formulas != theirs.formulas:
            only = sorted(mine.formulas ^ theirs.formulas)
            faults.append(
                Fault(
                    origin.path,
                    origin.line,
                    f"section #{anchor} names ${only[0]}$ in one language only "
                    f"(other: {shown(other.path)}:{other.line})",
                    "say the same in both languages",
                )
            )
    return faults


class _Section:
    def __init__(self) -> None:
        self.kinds: list[str] = []
        self.lines: list[int] = []
        self.formulas: set[str] = set()

    def kind(self, at: int) -> str:
        return self.kinds[at] if at < len(self.kinds) else "nothing"

    def line(self, at: int, default: int) -> int:
        return self.lines[at] if at < len(self.lines) else (self.lines or [default])[-1]


def _sections(page: Page) -> list[tuple[str, _Section, Origin]]:
    """The blocks of each section, by the kind of line that begins them."""
    sections = [("", _Section(), Origin(page.path, 1))]
    fences = {f.origin.line: f for f in page.fences if f.origin.path == page.path}
    own = {line.origin.line: line for line in page.prose if line.origin.path == page.path}
    previous = ""
    in_display = False
    for number in sorted(own.keys() | fences.keys()):
        section = sections[-1][1]
        if number in fences:
            section.kinds.append("code")
            section.lines.append(number)
            previous = ""
            continue
        line = own[number]
        bare = PREFIX.sub("", line, count=1).strip()
        if in_display:
            in_display = bare != "$$"
            previous = ""
            continue
        heading = HEADING.match(line)
        if heading:
            sections.append((heading["anchor"] or "", _Section(), line.origin))
            previous = ""
            continue
        kind = _kind(bare)
        if kind == "display formula":
            in_display = bare == "$$"
        if (
            kind
            and not (kind == "paragraph" and previous == "paragraph")
            and (kind != "paragraph" or previous not in ("list item",))
        ):
            section.kinds.append(kind)
            section.lines.append(number)
        previous = kind
    for formula in page.formulas:
        if not formula.display:
            holder = [s for s in sections if s[2].line <= formula.origin.line][-1][1]
            holder.formulas.add(_tex(formula.tex))
    return sections


def _kind(bare: str) -> str:
    """What kind of block a line begins; empty for a blank line."""
    if not bare:
        return ""
    for kind, pattern in (
        ("display formula", r"\$\$"),
        ("table row", r"\|"),
        ("list item", r"(?:[-*+]|\d+[.)])\s"),
        ("admonition", r"(?:!!!|\?\?\?\+?|===)"),
        ("caption", r"///"),
        ("picture", r"!\["),
    ):
        if re.match(pattern, bare):
            return kind
    return "paragraph"


def _tex(tex: str) -> str:
    return normalised(TEXT_IN_TEX.sub(r"\\text{}", tex))


def _code(fence: Fence) -> str:
    """Code in a form in which only comments and layout may differ between the languages."""
    if not fence.is_python:
        return f"{fence.language}: {fence.source}"
    try:
        return "\n".join(
            ast.unparse(ast.parse(code.source))
            + "".join(f"\n{line.rstrip()}" for line in code.shown or ())
            for code in pieces(fence)
        )
    except SyntaxError:
        return fence.source


def _short(text: str) -> str:
    text = " ".join(text.split())
    return repr(text if len(text) <= 70 else text[:67] + "…")
