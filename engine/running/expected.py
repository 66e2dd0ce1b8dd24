"""What a page is to show in all: its source, the parts that the build writes, a lab's outputs."""

from __future__ import annotations

from collections.abc import Iterator
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
    if page.is_lab:
        return list(_with_outputs(site, page))
    if not any(PART.match(line) for line in page.body):
        return outline(page)
    lines = [made for line in page.body for made in _with_part(site, page, line)]
    return outline(replace(page, body=lines))


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


def _with_outputs(site: Site, page: Page) -> Iterator[Placed]:
    """A lab's outline, with what each cell printed below its code."""
    run = site.labs.run_of(page)
    printed = iter([tidy(run.printed(number)) for number in range(len(page.code_cells))])
    for shown, origin in outline(page):
        yield shown, origin
        if shown.kind == "code" and shown.detail == "python":
            text = next(printed)
            if text:
                yield Shown("output", "", text), origin
