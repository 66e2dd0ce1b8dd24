"""What keeps the site from being built, found before anything of an earlier build is touched.

First what the sources show by themselves, then what has to be made: drawings, checks and labs.
"""

import posixpath
import re
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote, urlsplit

from engine.faults import Fault, FaultsFound
from engine.formulas.html import source_of
from engine.formulas.katex import BrokenFormula
from engine.labs.faults import form_faults
from engine.paths import CHECK_PAGES, LANGUAGES, is_check_page, module_of, shown
from engine.reading.page import Page, equation_id
from engine.reference.page_parts import PART, PARTS
from engine.site import Site

ID = re.compile(r"\{[^{}]*#(?P<attr>[\w.-]+)[^{}]*\}|\bid=[\"'](?P<html>[^\"']+)[\"']")

#: A drawing to be made: its kind, its target, and the language.
Wanted = tuple[str, str, str]


def build_faults(site: Site) -> list[Fault]:
    """Every build fault of every page of all languages. Raises NodeFailed."""
    faults = [fault for language in LANGUAGES for fault in source_faults(site, language)]
    if not faults:
        faults = make(site, [w for language in LANGUAGES for w in wanted_drawings(site, language)])
    if not faults:
        faults = [fault for language in LANGUAGES for fault in made_faults(site, language)]
    return list(dict.fromkeys(faults))


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
    for page in found:
        faults += _own_faults(site, page)
    return faults


def wanted_drawings(site: Site, language: str) -> list[Wanted]:
    """All drawings that the pages of one language name. Raises FaultsFound."""
    return [
        (kind, target, language)
        for page in site.pages_of(language)
        for kind, _, target in (name.partition(":") for name in page.figures)
    ]


def make(site: Site, drawings: Iterable[Wanted]) -> list[Fault]:
    """Make what is not kept from an earlier build, for all languages; what fails is a fault."""
    site.drawings.prepare(drawings)
    labs = [page for language in LANGUAGES for page in site.labs_of(language)]
    return site.equations.faults() or site.labs.run_all(labs)


def made_faults(site: Site, language: str) -> list[Fault]:
    """What is wrong with the drawings that the pages of one language name."""
    return [f for page in site.pages_of(language) for f in site.drawings.faults(page)]


def page_faults(site: Site, page: Page) -> list[Fault]:
    """The build faults of one page; what it needs is made. Raises NodeFailed."""
    _render_formulas(site, [page])
    return _own_faults(site, page) or site.drawings.faults(page)


def _own_faults(site: Site, page: Page) -> list[Fault]:
    faults = [*page.faults, *_broken_formulas(site, page), *_generated(site, page)]
    faults += [*_without_alternative(page), *_dead_links(site, page)]
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
    for line in page.lines:
        part = PART.match(line)
        if part and part["name"] not in PARTS:
            what = f"nobody generates {part['name']!r}"
            remedy = f"name one of {', '.join(PARTS)}"
            faults.append(Fault(line.origin.path, line.origin.line, what, remedy))
    for name in page.meta.get("prerequisites") or []:
        if site.source(page.language, name) is None:
            what = f"the prerequisite {name!r} is no page"
            faults.append(Fault(page.path, 1, what, "name pages as their files, without suffix"))
    return faults


def _dead_links(site: Site, page: Page) -> list[Fault]:
    faults = []
    sources = set(site.sources(page.language))
    for link in page.links:
        parts = urlsplit(link.target)
        if parts.scheme or parts.netloc:
            continue
        wrong = _wrong_with(site, page, sources, parts.path, unquote(parts.fragment))
        if wrong:
            what = f"dead link {link.target}: {wrong[0]}"
            faults.append(Fault(link.origin.path, link.origin.line, what, wrong[1]))
    return faults


def _wrong_with(
    site: Site, page: Page, sources: set[Path], path: str, fragment: str
) -> tuple[str, str] | None:
    """What is wrong with the address of a link, and the remedy."""
    if path.startswith("/"):
        return "it is absolute", "link relative to this page: it works below any path"
    target = page.path
    if path:
        here = page.path.parent.relative_to(site.docs).as_posix()
        target = site.docs / posixpath.normpath(f"{here}/{unquote(path)}")
    if target not in sources:
        if _is_check_page(site, target, page.language) or target.is_file():
            return None
        return "no such page or file", "link to the .md file, relative to this page"
    if fragment and fragment not in _anchors_at(site, target):
        return (
            f"{shown(target)} has no anchor #{fragment}",
            "give the heading an explicit {#anchor}, or correct the link",
        )
    return None


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
        module_of(path.stem) == module_of(target.stem) and formula.tag
        for path in chapters
        for formula in site.page(path).formulas
    )
