"""What keeps the site from being built, found before anything of an earlier build is touched.

First what the sources show by themselves, then what has to be made: drawings, checks and labs.
"""

import difflib
import posixpath
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from engine.drawing.drawings import Drawing, wanted_by
from engine.faults import Fault, FaultsFound
from engine.formulas.html import source_of
from engine.formulas.katex import BrokenFormula
from engine.labs.faults import form_faults
from engine.paths import CHECK_PAGES, LANGUAGES, is_check_page, module_of, shown
from engine.reading.page import DRAWN, Page, equation_id
from engine.reading.ties import CODE
from engine.reference.page_parts import PART, PARTS
from engine.site import Site

#: Where a page asks for a part, however it is written.
ASKED = re.compile(r"<!-*\s*build\s*:")
ID = re.compile(r"\{[^{}]*#(?P<attr>[\w.-]+)[^{}]*\}|\bid=[\"'](?P<html>[^\"']+)[\"']")

#: What the address of a picture may begin with that is no file: the build draws it, or a lab does.
PICTURES = (*DRAWN, "output")


@dataclass(frozen=True)
class Stage:
    """What is asked of the pages of one language, and then made once for all languages.

    Where anything is wrong, the build stops before the next stage, which takes longer.
    """

    ask: Callable[[Site, str], list[Fault]]
    make: Callable[[Site, Iterable[Drawing]], list[Fault]]


def build_faults(site: Site) -> list[Fault]:
    """Every build fault of every page of all languages. Raises NodeFailed."""
    for stage in STAGES:
        faults = [fault for language in LANGUAGES for fault in stage.ask(site, language)]
        if not faults:
            drawings = (d for language in LANGUAGES for d in wanted_drawings(site, language))
            faults = stage.make(site, drawings)
        if faults:
            return list(dict.fromkeys(faults))
    return []


def wanted_drawings(site: Site, language: str) -> list[Drawing]:
    """All drawings that the pages of one language name. Raises FaultsFound."""
    return wanted_by(site.pages_of(language))


def source_faults(site: Site, language: str) -> list[Fault]:
    """What the sources of one language's pages show by themselves. Raises NodeFailed."""
    found: list[Page] = []
    faults = _without_sibling(site, language)
    for path in site.sources(language):
        try:
            found.append(site.page(path))
        except FaultsFound as error:
            faults += error.faults
    _render_formulas(site, found)
    anchors: dict[Path, set[str]] = {}
    for page in found:
        faults += _own_faults(site, page, anchors)
    return faults


def _draw_and_verify(site: Site, drawings: Iterable[Drawing]) -> list[Fault]:
    site.drawings.prepare(drawings)  # what fails is told of the pages that name it
    return site.equations.faults()


def _drawing_faults(site: Site, language: str) -> list[Fault]:
    return [fault for page in site.pages_of(language) for fault in site.drawings.faults(page)]


def _run_labs(site: Site, drawings: Iterable[Drawing]) -> list[Fault]:
    return _lab_faults(site, LANGUAGES[0])  # a run is shared


def _lab_faults(site: Site, language: str) -> list[Fault]:
    labs = site.labs_of(language)
    return site.labs.run_all(labs) if labs else []  # without labs, Jupyter is not imported


def _nothing(site: Site, drawings: Iterable[Drawing]) -> list[Fault]:
    return []


STAGES = (
    Stage(source_faults, _draw_and_verify),
    Stage(_drawing_faults, _run_labs),
    Stage(_lab_faults, _nothing),
)


def page_faults(site: Site, page: Page) -> list[Fault]:
    """The build faults of one page; what it needs is made. Raises NodeFailed."""
    _render_formulas(site, [page])
    return _own_faults(site, page, {}) or site.drawings.faults(page)


def _own_faults(site: Site, page: Page, anchors: dict[Path, set[str]]) -> list[Fault]:
    faults = [*page.faults, *_broken_formulas(site, page), *_generated(site, page)]
    faults += [*_without_alternative(page), *_dead_links(site, page, anchors)]
    return faults + form_faults(page) if page.is_lab else faults


def _without_sibling(site: Site, language: str) -> list[Fault]:
    return [
        Fault(
            path,
            1,
            f"this page has no sibling {shown(site.sibling_of(path))}",
            "write it, or remove this page: every page exists in both languages",
        )
        for path in site.sources(language)
        if not site.sibling_of(path).exists()
    ]


def _render_formulas(site: Site, pages: Iterable[Page]) -> None:
    site.katex.render_all(source_of(f.tex, f.display) for page in pages for f in page.formulas)


def _broken_formulas(site: Site, page: Page) -> list[Fault]:
    faults = []
    for formula in page.formulas:
        try:
            site.katex.render(source_of(formula.tex, formula.display))
        except BrokenFormula as broken:
            faults.append(
                Fault(
                    formula.origin.path,
                    formula.origin.line,
                    f"KaTeX does not accept ${formula.tex}$: {broken.reason}",
                    "correct the TeX (katex.org/docs/supported lists what KaTeX knows)",
                )
            )
    return faults


def _without_alternative(page: Page) -> list[Fault]:
    return [
        Fault(
            image.origin.path,
            image.origin.line,
            f"the picture {image.target} has no text alternative",
            "say between the brackets what there is to see: ![…](…)",
        )
        for image in page.images
        if not image.text.strip()
    ]


def _generated(site: Site, page: Page) -> list[Fault]:
    """Parts that nobody generates, and prerequisites that do not exist."""
    faults = []
    code = {n for b in page.blocks if b.kind == "code" for n in range(b.first, b.last)}
    for number, line in enumerate(page.lines):
        part = PART.match(line)
        if number not in code and not part and ASKED.search(CODE.sub("", line)):
            what = "a part that the build does not write here"
            remedy = "put it on a line of its own, without indentation: <!-- build: counts -->"
            faults.append(Fault(line.origin.path, line.origin.line, what, remedy))
        if part and part["name"] not in PARTS:
            what = f"nobody generates {part['name']!r}"
            remedy = f"name one of {', '.join(PARTS)}"
            faults.append(Fault(line.origin.path, line.origin.line, what, remedy))
    for name in page.meta.get("prerequisites") or []:
        if site.source(page.language, name) is None:
            what = f"the prerequisite {name!r} is no page"
            faults.append(Fault(page.path, 1, what, "name pages as their files, without suffix"))
    return faults


def _dead_links(site: Site, page: Page, anchors: dict[Path, set[str]]) -> list[Fault]:
    """Links that lead nowhere; ``anchors`` takes those of the pages that have been asked."""
    faults = []
    sources = set(site.sources(page.language))
    for link in page.links:
        parts = urlsplit(link.target)
        if parts.scheme or parts.netloc:
            if link.image and parts.scheme not in PICTURES:
                what = f"a picture from another server: {link.target}"
                remedy = "put its file beside the page, or draw it: ![…](figure:module/function)"
                faults.append(Fault(link.origin.path, link.origin.line, what, remedy))
            continue
        wrong = _wrong_with(site, page, sources, anchors, parts.path, unquote(parts.fragment))
        if wrong:
            what = f"dead link {link.target}: {wrong[0]}"
            faults.append(Fault(link.origin.path, link.origin.line, what, wrong[1]))
    return faults


def _wrong_with(
    site: Site,
    page: Page,
    sources: set[Path],
    anchors: dict[Path, set[str]],
    path: str,
    fragment: str,
) -> tuple[str, str] | None:
    """What is wrong with the address of a link, and the remedy."""
    if path.startswith("/"):
        return "it is absolute", "link relative to this page: it works below any path"
    target = page.path
    if path:
        here = page.path.parent.relative_to(site.docs).as_posix()
        target = site.docs / posixpath.normpath(f"{here}/{unquote(path)}")
        inside = posixpath.relpath(page.path.parent, site.docs / page.language)
        if target in sources and posixpath.normpath(f"{inside}/{unquote(path)}").startswith(".."):
            return "it leaves its language and comes back", "link to the page relative to this one"
    if target not in sources:
        if _is_check_page(site, target, page.language):
            return None
        if target.is_file():
            return _wrong_with_file(site, page, Path(posixpath.normpath(target.as_posix())))
        return "no such page or file", "link to the .md file, relative to this page"
    if fragment and target not in anchors:
        anchors[target] = _anchors_at(site, target)
    if fragment and fragment not in anchors[target]:
        near = difflib.get_close_matches(fragment, sorted(anchors[target]), n=1)
        remedy = f"write #{near[0]}" if near else "correct the link"
        return (
            f"{shown(target)} has no anchor #{fragment}",
            f"{remedy}, or give the heading an explicit {{#anchor}}",
        )
    return None


def _wrong_with_file(site: Site, page: Page, target: Path) -> tuple[str, str] | None:
    """Files that the site of the page's language does not hold."""
    if target.is_relative_to(site.docs / page.language):
        return None
    if target.is_relative_to(site.docs):
        remedy = "link to this page's language: readers change it at the top of each page"
        return f"{shown(target)} belongs to the other language", remedy
    remedy = "put the file beside the page, or write its name as code: `snippets/lstm.py`"
    return f"{shown(target)} is no part of the site", remedy


def _anchors_at(site: Site, path: Path) -> set[str]:
    try:
        return anchors_of(site.page(path))
    except FaultsFound:  # which is told of that page
        return set()


def anchors_of(page: Page) -> set[str]:
    """All places of a page that a link can lead to."""
    found = {heading.anchor for heading in page.headings if heading.anchor}
    found |= {equation_id(formula.tag) for formula in page.formulas if formula.tag}
    code = {n for b in page.blocks if b.kind == "code" for n in range(b.first, b.last)}
    for number, line in enumerate(page.lines):
        if number not in code:
            found |= {match["attr"] or match["html"] for match in ID.finditer(line)}
    return found


def _is_check_page(site: Site, target: Path, language: str) -> bool:
    """Whether the build generates this page, since a page of that name has equations."""
    folder = site.docs / language / CHECK_PAGES
    if target.parent != folder or target.suffix != ".md":
        return False
    chapters = (path for path in site.sources(language) if not is_check_page(site.name_of(path)))
    return any(
        module_of(path.stem) == module_of(target.stem) and site.page(path).has_equations
        for path in chapters
    )
