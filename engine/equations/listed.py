r"""What the rows of a page's table of symbols say of one another.

A size of an array is a whole number, and so is what counts along one; an array has a direction for
each index of its entries; a norm is a number. That needs no value, so it holds for symbols that no
check knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from engine.equations.domains import Domain, domains_of
from engine.faults import Fault
from engine.reading.page import Page

#: A letter with its label, as sizes have it: ``c_{\mathrm{in}}``, ``n_x``, ``H'``.
LETTER = re.compile(r"[A-Za-z](?:_(?:\{(?:[^{}]|\{[^{}]*\})*\}|\w))?'?")
ENTRY = re.compile(r"(?P<array>.+?)_(?:\{(?P<several>[a-z]+)\}|(?P<one>[a-z]))")
NORM = re.compile(r"\\lVert.*\\rVert|\\lfloor|\|.*\||\[")

REMEDY = "correct the shapes in the table of symbols"


def faults_of_rows(page: Page) -> list[Fault]:
    """Rows that contradict one another, each with the line of its own."""
    found = list(_contradictions(domains_of(page)))
    lines = {
        span.text: span.origin
        for block in page.section("symbols")
        if block.cells
        for span in block.cells[0]
        if span.kind == "formula"
    }
    faults = []
    for symbol, what in found:
        origin = next((o for tex, o in lines.items() if _same(tex, symbol)), None)
        if origin:
            faults.append(Fault(origin.path, origin.line, what, REMEDY))
    return faults


def _same(tex: str, symbol: str) -> bool:
    return re.sub(r"\s", "", tex) == re.sub(r"\s", "", symbol)


def _contradictions(domains: Mapping[str, Domain]) -> Iterator[tuple[str, str]]:
    """Symbols that the table says something of that another row, or their form, contradicts."""
    sizes = {
        letter: symbol
        for symbol, domain in domains.items()
        for size in domain.sizes
        for letter in LETTER.findall(size)
    }
    counting = {
        letter: symbol
        for symbol in domains
        if (entry := ENTRY.fullmatch(symbol))
        for letter in entry["several"] or entry["one"]
    }
    for symbol, domain in domains.items():
        said = f"the page's table says of {symbol}: {domain}"
        if symbol in sizes and domain.kind != "whole":
            yield symbol, f"{said}; as a size of {sizes[symbol]} it is a whole number"
        elif symbol in counting and domain == Domain("number"):
            yield symbol, f"{said}; as an index of {counting[symbol]} it is a whole number"
        if NORM.match(symbol) and domain.kind == "array":
            yield symbol, f"{said}; it is a number"
        entry = ENTRY.fullmatch(symbol)
        array = domains.get(entry["array"]) if entry and domain.kind == "number" else None
        if entry and array and array.kind:
            indices = len(entry["several"] or entry["one"])
            said = f"the page's table says of {entry['array']}: {array}"
            if array.kind == "array" and len(array.sizes) != indices:
                yield entry["array"], f"{said}; its entries {symbol} have {indices} indices"
            elif array.kind != "array" and indices > 1:
                yield entry["array"], f"{said}; it has the entries {symbol}"
