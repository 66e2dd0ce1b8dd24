"""The shapes that the page of notation gives are those of the linked pages' own tables of symbols.

Words that leave the shape open (*vectors*, *as x*) agree with each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.equations.domains import Domain, domains_in, domains_of
from engine.faults import Fault
from engine.reading.page import Page
from engine.reference.notation import NAME, Row, rows
from engine.site import Site

#: Of an entry: one letter for each axis.
INDICES = re.compile(r"_\{?([cdijklrstuv]+)\}?$")


def notation_shape_faults(site: Site, page: Page) -> list[Fault]:
    """Where the page of notation and a page that it links to give a symbol two shapes."""
    path = site.source(page.language, NAME)
    return [
        fault
        for row in (rows(site.page(path)) if path else ())
        for name in sorted(row.pages)
        if page.name in (name, NAME) and (other := site.source(page.language, name))
        for fault in _of_row(row, site.page(other))
    ]


def _of_row(row: Row, page: Page) -> Iterator[Fault]:
    theirs = domains_of(page)
    for symbol, domain in domains_in(row.block).items():
        other = theirs.get(symbol, Domain())
        if not _agree(symbol, domain, other):
            what = f"${symbol}$ is {_said(domain)} here, and {_said(other)} in {page.name}.md"
            remedy = "write the same shape in both tables"
            yield Fault(row.origin.path, row.origin.line, what, remedy)


def _agree(symbol: str, one: Domain, other: Domain) -> bool:
    """Whether two tables say the same shape, or one says an entry's; numbers may be sizes."""
    if not one.kind or not other.kind:
        return True
    some, others = one.sizes, other.sizes
    if not some or not others:
        letters = INDICES.search(symbol)
        return some == others or (letters is not None and len(letters[1]) == len(some or others))
    numbers = all(size.isdigit() for size in some) or all(size.isdigit() for size in others)
    return len(some) == len(others) if numbers else some == others


def _said(domain: Domain) -> str:
    return f"({', '.join(domain.sizes)})" if domain.sizes else "a number"
