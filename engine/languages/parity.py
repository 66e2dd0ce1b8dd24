"""Both languages say the same: headings, equations, code, figures, exercises, blocks."""

from collections.abc import Sequence
from itertools import zip_longest

from engine.faults import Fault
from engine.languages.block_parity import block_faults, same_tex
from engine.languages.code_parity import code_faults
from engine.languages.words import short
from engine.paths import shown
from engine.reading.lines import Origin
from engine.reading.markdown import Block
from engine.reading.page import Page, Section


def parity_faults(page: Page, sibling: Page) -> list[Fault]:
    """Where a Chinese page and its sibling differ in anything but their language."""
    faults = []
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
        [(same_tex(f.tex), f.origin) for f in page.display_formulas],
        [(same_tex(f.tex), f.origin) for f in sibling.display_formulas],
    )
    faults += code_faults(page, sibling)
    faults += _tie_faults(page, sibling)
    faults += _compare(
        "figure",
        page,
        sibling,
        [(i.target, i.origin) for i in page.images],
        [(i.target, i.origin) for i in sibling.images],
    )
    if not faults:
        faults += _blocks(page, sibling) or block_faults(page, sibling)
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
                    f"{short(a)} against {short(b)}",
                    "bring both languages in step",
                )
            ]
    return []


def _tie_faults(page: Page, sibling: Page) -> list[Fault]:
    """Where the two pages tie numbers of a section to other expressions, or declare others."""
    faults = []
    ours, theirs = _tied(page), _tied(sibling)
    for anchor in [*ours, *(anchor for anchor in theirs if anchor not in ours)]:
        mine, others = ours.get(anchor, {}), theirs.get(anchor, {})
        only = [what for what in (*mine, *others) if (what in mine) != (what in others)]
        if only:
            origin = mine.get(only[0]) or next(iter(mine.values()), Origin(page.path, 1))
            there = others.get(only[0]) or Origin(sibling.path, 1)
            what = (
                f"section #{anchor} has {only[0]} in one language only (other: {shown(there.path)}"
            )
            remedy = "tie the same numbers to the same expressions in both languages"
            faults.append(Fault(origin.path, origin.line, f"{what}:{there.line})", remedy))
    return faults


def _tied(page: Page) -> dict[str, dict[str, Origin]]:
    """What each section ties and declares, in any order, with where it stands."""
    starts = [("top", 0), *((h.anchor or "", h.origin.line) for h in page.headings)]
    found: dict[str, dict[str, Origin]] = {}
    told = [(f"{{={tie.ahead} {tie.expression}}}", tie.origin) for tie in page.ties]
    told += [(f"<!-- {d.kind}: {d.numbers} -->", d.origin) for d in page.declared]
    for what, origin in told:
        anchor = [anchor for anchor, line in starts if line <= origin.line][-1]
        found.setdefault(anchor, {})[what] = origin
    return found


def _blocks(page: Page, sibling: Page) -> list[Fault]:
    """Within each section the same blocks in the same order."""
    faults = []
    for mine, theirs in zip(page.sections, sibling.sections, strict=True):
        ours, others = list(map(_kind, mine.blocks)), list(map(_kind, theirs.blocks))
        here, there = _place(page, mine), _place(sibling, theirs)
        if ours != others:
            pairs = zip_longest(ours, others)
            at = next(number for number, (a, b) in enumerate(pairs) if a != b)
            here, there = _place(page, mine, at), _place(sibling, theirs, at)
            faults.append(
                Fault(
                    here.path,
                    here.line,
                    f"section #{mine.anchor} has another block here than "
                    f"{shown(there.path)}:{there.line}: "
                    f"{_kind_at(ours, at)} against {_kind_at(others, at)}",
                    "a paragraph, list item or table row is missing in one language",
                )
            )
    return faults


def _kind(block: Block) -> str:
    """What a block is, its words aside: its kind, and how deep it stands."""
    kind = block.kind
    if kind == "paragraph" and [s.kind for s in block.spans if s.text.strip()] == ["picture"]:
        kind = "picture"
    if kind in ("admonition", "details", "ordered list"):
        kind = f"{kind} {block.detail}"
    return f"{kind} in {block.inside[-1]}" if block.inside and kind != "end" else kind


def _kind_at(kinds: list[str], at: int) -> str:
    return kinds[at] if at < len(kinds) else "nothing"


def _place(page: Page, section: Section, at: int | None = None) -> Origin:
    """Where a section begins, or where its block ``at`` stands, or the last one before it."""
    if at is not None and section.blocks:
        return section.blocks[min(at, len(section.blocks) - 1)].origin
    return section.heading.origin if section.heading else Origin(page.path, 1)
