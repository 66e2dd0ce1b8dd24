r"""The page of notation lists every symbol of the tagged equations, and where it is used.

A symbol is a letter, Latin or Greek, with its accent or typeface: ``x``, ``\delta``,
``\hat{y}``. Sub- and superscripts are symbols of their own; ``\log`` and the like are not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from engine.faults import Fault
from engine.reading.addresses import source_target
from engine.reading.lines import Origin
from engine.reading.markdown import Block
from engine.reading.page import Page
from engine.site import Site

NAME = "reference/notation"

ACCENTS = "hat|bar|tilde|dot|vec|check|boldsymbol|mathbf|mathcal|mathbb|mathrm|overline|mathsf"
GREEK = [
    "alpha",
    "beta",
    "gamma",
    "delta",
    "epsilon",
    "varepsilon",
    "zeta",
    "eta",
    "theta",
    "vartheta",
    "iota",
    "kappa",
    "lambda",
    "mu",
    "nu",
    "xi",
    "pi",
    "rho",
    "sigma",
    "tau",
    "upsilon",
    "phi",
    "varphi",
    "chi",
    "psi",
    "omega",
    "Gamma",
    "Delta",
    "Theta",
    "Lambda",
    "Xi",
    "Pi",
    "Sigma",
    "Upsilon",
    "Phi",
    "Psi",
    "Omega",
    "ell",
]

IGNORED = re.compile(
    r"\\(?:text|operatorname\*?|mathop|begin|end)\{[^{}]*\}|(?<![A-Za-z\\])e(?=\s*\^)"
)
SYMBOL = re.compile(
    rf"\\(?P<accent>{ACCENTS})(?![A-Za-z])\s*(?:\{{(?P<braced>(?:[^{{}}]|\{{[^{{}}]*\}})*)\}}|(?P<bare>\\[A-Za-z]+|[A-Za-z]))"
    r"|\\(?P<command>[A-Za-z]+)|(?P<letter>[A-Za-z])"
)


def symbols_in(tex: str) -> set[str]:
    """All symbols of a formula, in a form in which spellings agree."""
    found: set[str] = set()
    for match in SYMBOL.finditer(IGNORED.sub(" ", tex)):
        if match["accent"]:
            inner = (match["braced"] or match["bare"]).strip()
            parts = {inner} if inner.isalpha() else symbols_in(inner)
            accented = {f"\\{match['accent']}{{{part}}}" for part in parts}
            found |= accented if len(parts) == 1 else parts
        elif match["command"] in GREEK:
            found.add(f"\\{match['command']}")
        elif match["letter"]:
            found.add(match["letter"])
    return found


@dataclass(frozen=True)
class Row:
    """One row of the table: symbols with one meaning, and the pages that use them so."""

    symbols: frozenset[str]
    pages: frozenset[str]
    origin: Origin
    block: Block


def rows(notation: Page) -> Iterator[Row]:
    """The rows of the tables of the page of notation; the first column holds the symbols."""
    for row in notation.blocks:
        if row.kind != "row" or len(row.cells) < 4:
            continue
        tex = [span.text for span in row.cells[0] if span.kind == "formula"]
        if not tex:
            continue
        linked = (span.target for span in row.cells[-1] if span.kind == "link")
        places = (source_target(notation.name, target).partition("#")[0] for target in linked)
        symbols = frozenset(symbol for one in tex for symbol in symbols_in(one))
        yield Row(symbols, frozenset(place.rstrip("/") for place in places), row.origin, row)


def used_on(page: Page) -> set[str]:
    """The symbols of a page's tagged equations."""
    return {s for f in page.display_formulas if f.tag for s in symbols_in(f.without_tag)}


def notation_faults(site: Site, page: Page) -> list[Fault]:
    """Symbols of a page that the page of notation does not list for it, or lists and it lacks.

    Of the page of notation itself: rows that link to no page.
    """
    path = site.source(page.language, NAME)
    if path is None:
        return []
    table = list(rows(site.page(path)))
    if page.name == NAME:
        return [
            Fault(row.origin.path, row.origin.line, f"no page is called {name}", "correct the link")
            for row in table
            for name in sorted(row.pages)
            if site.source(page.language, name) is None
        ]
    return [*_unlisted(page, table), *_surplus(page, table)]


def _unlisted(page: Page, table: list[Row]) -> Iterator[Fault]:
    listed = {symbol for row in table if page.name in row.pages for symbol in row.symbols}
    for formula in page.display_formulas:
        missing = symbols_in(formula.without_tag) - listed if formula.tag else set()
        for symbol in sorted(missing):
            what = f"({formula.tag}) uses {symbol}, which {NAME}.md does not list for this page"
            remedy = f"give its row there a link to {page.name}.md, or write a row for it"
            yield Fault(formula.origin.path, formula.origin.line, what, remedy)
        listed |= missing


def _surplus(page: Page, table: list[Row]) -> Iterator[Fault]:
    everywhere = {symbol for formula in page.formulas for symbol in symbols_in(formula.tex)}
    for row in table:
        for symbol in sorted(row.symbols - everywhere) if page.name in row.pages else ():
            what = f"{page.name}.md does not use {symbol}"
            yield Fault(row.origin.path, row.origin.line, what, "take the link out")
