"""Rules of what stands on a page: front matter, shape, symbols, exercises, and gaps left."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from engine.faults import Fault, FaultsFound
from engine.paths import CONFIGURATIONS, LANGUAGES, module_of
from engine.reading import sources
from engine.reading.markdown import Block
from engine.reading.page import Page
from engine.reference.notation import symbols_in
from engine.site import Site

#: What marks a place where something is still to be written, and says what.
GAP = re.compile(r"TODO: *(?P<what>[^|\"\[\]{]+)")

#: How a chapter ends, but for its references: what to remember, what to look up, what to do.
ENDING = ("summary", "symbols", "exercises")

#: The sign of a derivative, which is no symbol of its own.
DIFFERENTIAL = r"\mathrm{d}"


#: What a front matter may hold, besides the title and the description.
NAMES = ("prerequisites", "names", "links", "moved", "data", "seconds")


def front_matter(site: Site, page: Page) -> list[Fault]:
    """A page without a title or a description, or with names in its front matter that say nothing.

    A slip in a name would leave out what it holds; other names are MkDocs' and Material's, which
    hide parts of a page or keep it out of the search.
    """
    faults = []
    for name in page.meta:
        if name not in ("title", "description", *NAMES):
            near = difflib.get_close_matches(str(name), NAMES, n=1)
            remedy = f"write {near[0]}" if near else f"take it out; known are {', '.join(NAMES)}"
            what = f"nothing reads {name!r} of the front matter"
            faults.append(Fault(page.path, 1, what, remedy))
    for name, use in (("title", "menus and the map"), ("description", "search engines and links")):
        given = page.meta.get(name)
        if not isinstance(given, str) or not given.strip():
            what = f"the page has no {name}"
            remedy = f"write it into the front matter, {name}: …; {use} show it"
            faults.append(Fault(page.path, 1, what, remedy))
    return faults


def shape(site: Site, page: Page) -> list[Fault]:
    """Chapters that do not end with summary, symbols and exercises, in this order."""
    if not page.is_chapter or page.is_lab:
        return []
    parts = [heading for heading in page.headings if heading.level == 2]
    anchors = [heading.anchor for heading in parts]
    for wanted, above in zip(ENDING, (None, *ENDING), strict=False):
        name = f"{{#{wanted}}}"
        if wanted not in anchors:
            remedy = f"a chapter ends with {', '.join(ENDING)}: write ## … {name}"
            return [Fault(page.path, 1, f"the chapter has no part {name}", remedy)]
        number = anchors.index(wanted)
        if above and (number == 0 or anchors[number - 1] != above):
            at = parts[number].origin
            what = f"the part {name} does not come directly after {{#{above}}}"
            return [Fault(at.path, at.line, what, f"a chapter ends with {', '.join(ENDING)}")]
    return []


def exercises(site: Site, page: Page) -> list[Fault]:
    """Exercises without a folded solution, or with one that has no code to run."""
    faults = []
    for section in page.sections:
        if not section.heading or not section.anchor.startswith("exercise-"):
            continue
        wrong = _wrong_with_solution(section.blocks)
        if wrong:
            what = f"exercise #{section.anchor} has {wrong}"
            remedy = 'write ??? success "Solution", and in it, indented by four spaces, a fence'
            at = section.heading.origin
            faults.append(Fault(at.path, at.line, what, remedy))
    return faults


def _wrong_with_solution(blocks: Iterable[Block]) -> str:
    solution: Block | None = None
    for block in blocks:
        if block.kind == "details" and block.detail == "success":
            solution = block
        is_code = block.kind == "code" and block.detail.startswith("py")
        if solution and is_code and block.last <= solution.last:
            return ""
    return "a folded solution without code that runs" if solution else "no folded solution"


def unlisted_symbols(site: Site, page: Page) -> list[Fault]:
    """Symbols of a page's equations that its own table below ``{#symbols}`` does not have."""
    listed = {
        symbol
        for block in page.section("symbols")
        if block.cells
        for span in block.cells[0]
        if span.kind == "formula"
        for symbol in symbols_in(span.text)
    } | {DIFFERENTIAL}
    faults = []
    for formula in page.display_formulas:
        missing = symbols_in(formula.without_tag) - listed if formula.tag else set()
        for symbol in sorted(missing):
            what = f"({formula.tag}) uses {symbol}, which the page's table of symbols does not have"
            remedy = "list it below {#symbols} with its meaning and shape"
            faults.append(Fault(formula.origin.path, formula.origin.line, what, remedy))
        listed |= missing
    return faults


#: A symbol alone, with its scripts: ``W^{(2)}_t``, and not ``[A]`` or ``\\operatorname{diag}(v)``.
ALONE = re.compile(r"\\?[A-Za-z]+(?:\{[^{}]*\})?'*(?:[_^](?:\{[^{}]*\}|\w))*")


def needless_symbols(site: Site, page: Page) -> list[Fault]:
    """Symbols of the table below ``{#symbols}`` that no formula of the page has, and no shape."""
    rows = [block for block in page.section("symbols") if block.cells]
    shapes = [span.text for row in rows for cell in row.cells[2:] for span in cell]
    lines = {(row.origin.path, row.origin.line) for row in rows}
    formulas = [f.tex for f in page.formulas if (f.origin.path, f.origin.line) not in lines]
    used = {symbol for tex in (*shapes, *formulas) for symbol in symbols_in(tex)}
    return [
        Fault(
            row.origin.path,
            row.origin.line,
            f"no formula of this page has {span.text}, which its table of symbols lists",
            "take it out of the table",
        )
        for row in rows
        for span in row.cells[0]
        if span.kind == "formula"
        and ALONE.fullmatch(span.text)
        and not symbols_in(span.text) <= used
    ]


def gaps_of_page(site: Site, page: Page) -> list[Fault]:
    """What is still to be written of a page and its modules, and where other pages name it."""
    module = module_of(page.name)
    own = [page.path, *(path for path in _modules(site) if path.stem in (module, f"test_{module}"))]
    name = f"{page.name.rpartition('/')[2]}{page.path.suffix}"
    naming = (
        fault
        for path in [*site.sources(page.language), *_configurations(site)]
        if path != page.path
        for fault, line in _gaps(path)
        if re.search(rf"\b{re.escape(name)}\b", line)
    )
    return [fault for path in own for fault, _ in _gaps(path)] + list(naming)


def gaps(site: Site) -> list[Fault]:
    """Every place where something is still to be written."""
    pages = [path for language in CONFIGURATIONS for path in site.sources(language)]
    files = [*pages, *_modules(site), *_configurations(site)]
    return [fault for path in files for fault, _ in _gaps(path)]


def _modules(site: Site) -> list[Path]:
    content = (site.snippets, site.figures, site.checks, site.judges)
    folders = (*content, site.root / "tests" / "snippets")
    words = sorted((site.snippets / LANGUAGES[0]).glob("*.po"))
    return [path for folder in folders for path in sorted(folder.glob("*.py"))] + words


def _configurations(site: Site) -> list[Path]:
    found = (site.root / name for name in CONFIGURATIONS.values())
    return [path for path in found if path.is_file()]


def _gaps(path: Path) -> Iterator[tuple[Fault, str]]:
    """The gaps of a file, each with its line."""
    try:
        text = sources.read(path)
    except FaultsFound:  # which is told of that file already
        return
    if "TODO" not in text:
        return
    for number, line in enumerate(text.split("\n"), 1):
        found = GAP.search(line)
        if found:
            what = f"something is still to be written: {found['what'].strip()}"
            yield Fault(path, number, what, "write it in place of the words from TODO on"), line
