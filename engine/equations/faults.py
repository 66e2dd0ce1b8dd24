"""Every display formula is a definition or a tagged equation, and every equation is checked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from engine.equations.beyond import beyond, file_of
from engine.equations.check import CheckSource, Verdict
from engine.equations.domains import domain_faults
from engine.equations.draws import NOT_SAID
from engine.equations.listed import faults_of_rows
from engine.faults import Fault
from engine.paths import LANGUAGES, module_of
from engine.reading.page import Formula, Page
from engine.reference.notation import symbols_in

if TYPE_CHECKING:
    from engine.site import Site


def formula_faults(page: Page) -> list[Fault]:
    """Display formulas of a page that are neither, both, or definitions made badly."""
    faults = []
    tags: set[str] = set()
    defined: set[str] = set()
    for formula in page.display_formulas:
        tag, new = formula.tag, formula.defines
        if tag and new:
            faults.append(
                _fault(
                    formula,
                    f"({tag}) is a tagged equation and a definition at once",
                    r"drop the \tag, or write = for \coloneqq",
                )
            )
        elif tag:
            if tag in tags:
                faults.append(_fault(formula, f"the tag ({tag}) is used twice", "number it anew"))
            tags.add(tag)
        elif new:
            if formula.tex.count(r"\coloneqq") > 1:
                faults.append(
                    _fault(formula, "a definition introduces more than one symbol", "split it")
                )
            if new not in page.symbols:
                faults.append(
                    _fault(
                        formula,
                        f"the definition of {new} is not in the page's table of symbols",
                        "list the symbol in the table below {#symbols}",
                    )
                )
            if new in defined:
                faults.append(
                    _fault(
                        formula,
                        f"{new} is defined twice on this page",
                        r"make the second a tagged equation with a check",
                    )
                )
            defined.add(new)
        else:
            faults.append(
                _fault(
                    formula,
                    f"neither a definition nor a tagged equation: {formula.tex[:60]!r}",
                    r"give it a \tag{…} and a check, or write \coloneqq if it defines a symbol",
                )
            )
    return faults


def equation_faults(site: Site, page: Page) -> list[Fault]:
    """Equations of a page that are not checked, or do not pass as the page prints them.

    The checks in the module that is named after the page belong to it, too.
    """
    checks = site.equations.checks()
    own = site.checks / f"{module_of(page.name)}.py"
    tags = [formula.tag for formula in page.display_formulas if formula.tag]
    faults = [*domain_faults(page), *faults_of_rows(page), *unmatched(page, checks, own)]
    checked = [tag for tag in tags if tag in checks and checks[tag].path == own]
    of_checks = failed(site.equations.verdicts(checked, page.language).values())
    faults += [fault for fault in of_checks if not _is_of_unlisted(fault, page)]
    surplus = {tag: c for tag, c in checks.items() if c.path == own and tag not in tags}
    return faults + _of_no_page(surplus, site.pages_of(page.language))


def definition_faults(site: Site, page: Page) -> list[Fault]:
    """Definitions that nothing evaluates, or of which false versions pass, and are not listed."""
    listed = {e.what: e for e in beyond(site, "definitions") if e.page == page.name}
    faults = site.equations.faults_beside(page)
    for formula, held in site.equations.definitions(page):
        entry = listed.pop(held.symbol, None)
        passes = [] if held.refused else ["nothing evaluates it"]
        passes += [f"a false version passes ({one})" for one in held.passed]
        if passes and entry is None:
            remedy = (
                "let a check need it, or give its symbol by the page's code, @worth() with .code; "
                "or list it in checks/beyond.yml, below definitions, with the reason"
            )
            faults.append(_fault(formula, f"the definition of {held.symbol}: {passes[0]}", remedy))
        elif entry and not passes:
            what = f"the definition of {held.symbol} is held without this entry"
            faults.append(Fault(file_of(site), entry.number, what, "take it out"))
    faults += [
        Fault(file_of(site), entry.number, f"{page.name} does not define {what}", "take it out")
        for what, entry in listed.items()
        if site.equations.definitions(page)
    ]
    return faults


def _is_of_unlisted(fault: Fault, page: Page) -> bool:
    """Whether a check cannot draw a symbol that the page's formulas use and its table has not,
    which is told of the formula."""
    found = re.fullmatch(f"{NOT_SAID} what (.+) can be", fault.message)
    if not found:
        return False
    listed = {symbol for tex in page.symbols for symbol in symbols_in(tex)}
    tagged = (formula.without_tag for formula in page.display_formulas if formula.tag)
    used = {symbol for tex in tagged for symbol in symbols_in(tex)}
    return bool(symbols_in(found[1]) & used - listed)


def unmatched(page: Page, checks: Mapping[str, CheckSource], own: Path) -> list[Fault]:
    """Equations of a page that the module of its name does not check."""
    faults = []
    for formula in page.display_formulas:
        tag = formula.tag
        if tag and (tag not in checks or checks[tag].path != own):
            what = f"the equation ({tag}) has no check"
            if tag in checks:
                what += f" in the page's own module, but in {checks[tag].path.name}"
            remedy = f'say what its symbols are worth in checks/{own.name}: @worth("{tag}")'
            faults.append(_fault(formula, what, remedy))
    return faults


def tag_faults(site: Site) -> list[Fault]:
    """Tags that two pages of a language use, and checks of equations that no page has."""
    faults: list[Fault] = []
    for language in LANGUAGES:
        owner: dict[str, str] = {}
        pages = site.pages_of(language)
        for page in pages:
            for formula in page.display_formulas:
                if formula.tag and owner.setdefault(formula.tag, page.name) != page.name:
                    what = f"the tag ({formula.tag}) belongs to {owner[formula.tag]} already"
                    faults.append(_fault(formula, what, "number it with the prefix of this page"))
        faults += _of_no_page(site.equations.checks(), pages)
    return list(dict.fromkeys(faults))


def _of_no_page(checks: Mapping[str, CheckSource], pages: Iterable[Page]) -> list[Fault]:
    tags = {formula.tag for page in pages for formula in page.display_formulas}
    remedy = "take the tag out of the check, or tag the equation"
    return [
        check.fault(tag, "no page has this equation", remedy)
        for tag, check in checks.items()
        if tag not in tags
    ]


def failed(verdicts: Iterable[Verdict]) -> list[Fault]:
    """The faults of checks that did not pass, each once."""
    return list(dict.fromkeys(fault for verdict in verdicts for fault in verdict.faults))


def _fault(formula: Formula, message: str, remedy: str) -> Fault:
    return Fault(formula.origin.path, formula.origin.line, message, remedy)
