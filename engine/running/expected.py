"""What a page is to show in all: its source, the parts that the build writes, a lab's outputs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from engine.equations import pages as check_pages
from engine.paths import check_page_of
from engine.reading.lines import Line
from engine.reading.outline import Shown, tidy
from engine.reading.page import Page
from engine.reading.source_outline import outline
from engine.reference.page_parts import PART, part
from engine.running.guard import Placed
from engine.site import Site


def expected(site: Site, page: Page) -> list[Placed]:
    """Everything that a page of the site is to show, in order."""
    return outlined(*whole(site, page))


def whole(site: Site, page: Page) -> tuple[Page, list[str]]:
    """A page with the parts that the build writes, and what each cell of code printed."""
    if page.is_lab:
        run = site.labs.run_of(page)
        return page, [tidy(run.printed(number)) for number in range(len(page.code_cells))]
    if not any(PART.match(line) for line in page.body):
        return page, []
    lines = [made for line in page.body for made in _with_part(site, page, line)]
    return replace(page, body=lines), []


def outlined(page: Page, printed: Iterable[str] = ()) -> list[Placed]:
    """The outline of a page, with what the cells of a lab printed below their code."""
    return list(_with_outputs(page, iter(printed))) if page.is_lab else outline(page)


def check_page(site: Site, page: Page) -> Page | None:
    """The generated page with the checks of a page's equations; None if it has no equations."""
    if not page.has_equations:
        return None
    name = check_page_of(page.name)
    path = site.docs / page.language / f"{name}.md"
    return site.read(check_pages.markdown(site, page), path)


def _with_part(site: Site, page: Page, line: Line) -> Iterator[Line]:
    found = PART.match(line)
    if not found:
        yield line
        return
    for made in part(site, page, found["name"]).split("\n"):
        yield Line.at(made, line.origin)


def _with_outputs(page: Page, printed: Iterator[str]) -> Iterator[Placed]:
    for shown, origin in outline(page):
        yield shown, origin
        if shown.kind == "code" and shown.detail == "python":
            text = next(printed)
            if text:
                yield Shown("output", "", text), origin
