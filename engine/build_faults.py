"""What keeps the site from being built, found before anything of an earlier build is touched."""

import posixpath
import re
import traceback
from pathlib import Path
from urllib.parse import unquote, urlsplit

from engine import figures, katex, labs
from engine.equations.check import all_checks
from engine.faults import Fault
from engine.reference.page_parts import PART, PARTS
from engine.formulas.html import equation_id, source_of
from engine.reading.page import DRAWN, Page
from engine.paths import (
    CHECK_PAGES,
    DOCS,
    LANGUAGES,
    module_of,
    name_of,
    page_source,
    shown,
    sibling_of,
    sources,
)
from engine.site import pages

ID = re.compile(r"\{[^{}]*#(?P<attr>[\w.-]+)[^{}]*\}|\bid=[\"'](?P<html>[^\"']+)[\"']")


def build_faults() -> list[Fault]:
    """Every build fault of every page of both languages. Raises NodeFailed."""
    found, faults = pages()
    faults += _missing_siblings()
    for page in found:
        faults += page.faults
    faults += _broken_formulas(found)
    faults += _broken_checks()
    faults += [fault for page in found for fault in _generated(page)]
    faults += [fault for page in found for fault in _pictures(page)]
    faults += _dead_links(found)
    faults += [fault for page in found if page.is_lab for fault in labs.form_faults(page)]
    # Running the labs takes time: only where all else is well.
    return faults or labs.run_all(page for page in found if page.is_lab)


def _missing_siblings() -> list[Fault]:
    return [
        Fault(
            path,
            1,
            f"this page has no sibling {shown(sibling_of(path))}",
            "write it, or remove this page: every page exists in both languages",
        )
        for language in LANGUAGES
        for path in sources(language)
        if not sibling_of(path).exists()
    ]


def _broken_formulas(found: list[Page]) -> list[Fault]:
    formulas = [(page, formula) for page in found for formula in page.formulas]
    katex.render_all(source_of(f.tex, f.display) for _, f in formulas)
    faults = []
    for _, formula in formulas:
        try:
            katex.render(source_of(formula.tex, formula.display))
        except katex.BrokenFormula as broken:
            faults.append(
                Fault(
                    formula.origin.path,
                    formula.origin.line,
                    f"KaTeX does not accept ${formula.tex}$: {broken.reason}",
                    "correct the TeX (katex.org/docs/supported lists what KaTeX knows)",
                )
            )
    return faults


def _pictures(page: Page) -> list[Fault]:
    faults = []
    for image in page.images:
        path, line = image.origin.path, image.origin.line
        if not image.text.strip():
            faults.append(
                Fault(
                    path,
                    line,
                    f"the picture {image.target} has no text alternative",
                    "say between the brackets what there is to see: ![…](…)",
                )
            )
        kind, _, target = image.target.partition(":")
        if kind in DRAWN:
            try:
                figures.drawing(kind, target, page.language)
            except figures.UnknownFigure as error:
                faults.append(
                    Fault(path, line, str(error), "name a figure that exists, or draw it")
                )
            except Exception as error:
                at, number = _place_of(error)
                faults.append(
                    Fault(
                        path,
                        line,
                        f"the figure {target} fails at {shown(at)}:{number}: "
                        f"{type(error).__name__}: {error}",
                        "mend the code that draws it",
                    )
                )
    return faults


def _generated(page: Page) -> list[Fault]:
    """Parts that nobody generates, and prerequisites that do not exist."""
    faults = []
    for number, line in enumerate(page.path.read_text(encoding="utf-8").splitlines(), 1):
        part = PART.match(line)
        if part and part["name"] not in PARTS:
            what = f"nobody generates {part['name']!r}"
            faults.append(Fault(page.path, number, what, f"name one of {', '.join(PARTS)}"))
    for name in page.meta.get("prerequisites") or []:
        if page_source(page.language, name) is None:
            what = f"the prerequisite {name!r} is no page"
            faults.append(Fault(page.path, 1, what, "name pages as their files, without suffix"))
    return faults


def _broken_checks() -> list[Fault]:
    try:
        all_checks()
    except Exception as error:
        what = f"the checks cannot be imported: {type(error).__name__}: {error}"
        return [Fault(*_place_of(error), what, "mend this module")]
    return []


def _place_of(error: Exception) -> tuple[Path, int]:
    """The file and line where an error arose; a syntax error knows its own."""
    if isinstance(error, SyntaxError) and error.filename:
        return Path(error.filename), error.lineno or 1
    last = traceback.extract_tb(error.__traceback__)[-1]
    return Path(last.filename), last.lineno or 1


def _dead_links(found: list[Page]) -> list[Fault]:
    anchors = {page.path: anchors_of(page) for page in found}
    with_equations = {
        (p.language, module_of(p.name)) for p in found if any(f.tag for f in p.formulas)
    }
    faults = []
    for page in found:
        for link in page.links:
            parts = urlsplit(link.target)
            if parts.scheme or parts.netloc:
                continue
            target = page.path
            if parts.path:
                here = page.path.parent.relative_to(DOCS).as_posix()
                target = DOCS / posixpath.normpath(f"{here}/{unquote(parts.path)}")
            fault = None
            if parts.path.startswith("/"):
                fault = "it is absolute", "link relative to this page: it works below any path"
            elif target not in anchors:
                if not _is_check_page(target, with_equations) and not target.is_file():
                    fault = "no such page or file", "link to the .md file, relative to this page"
            elif parts.fragment and unquote(parts.fragment) not in anchors[target]:
                fault = (
                    f"{shown(target)} has no anchor #{parts.fragment}",
                    "give the heading an explicit {#anchor}, or correct the link",
                )
            if fault:
                faults.append(
                    Fault(
                        link.origin.path,
                        link.origin.line,
                        f"dead link {link.target}: {fault[0]}",
                        fault[1],
                    )
                )
    return faults


def anchors_of(page: Page) -> set[str]:
    """All places of a page that a link can lead to."""
    found = {heading.anchor for heading in page.headings if heading.anchor}
    found |= {equation_id(formula.tag) for formula in page.formulas if formula.tag}
    for line in page.prose:
        found |= {match["attr"] or match["html"] for match in ID.finditer(line)}
    return found


def _is_check_page(target: Path, with_equations: set[tuple[str, str]]) -> bool:
    if target.suffix != ".md" or target.relative_to(DOCS).parts[0] not in LANGUAGES:
        return False
    folder, _, name = name_of(target).rpartition("/")
    language = target.relative_to(DOCS).parts[0]
    return folder == CHECK_PAGES and (language, module_of(name)) in with_equations
