"""Every display formula is a definition or a tagged equation, and every equation has its check."""

from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher

from engine.equations.check import CheckSource, Verdict
from engine.faults import Fault
from engine.reading.page import Formula, Page, normalised


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


def unmatched(pages: Iterable[Page], checks: Mapping[str, CheckSource]) -> list[Fault]:
    """Equations without a check, checks without an equation, checks of an edited formula."""
    faults = []
    owner: dict[str, str] = {}
    for page in pages:
        for formula in page.display_formulas:
            tag = formula.tag
            if not tag:
                continue
            if owner.setdefault(tag, page.name) != page.name:
                faults.append(
                    _fault(
                        formula,
                        f"the tag ({tag}) belongs to {owner[tag]} already",
                        "number it with the prefix of this page",
                    )
                )
            if tag not in checks:
                faults.append(
                    _fault(
                        formula,
                        f"the equation ({tag}) has no check",
                        f'write one in checks/: @equation("{tag}")',
                    )
                )
            elif normalised(formula.without_tag) != normalised(checks[tag].tex):
                faults.append(
                    _fault(
                        formula,
                        f"({tag}) is not the formula its check was written for; "
                        f"they part at {_first_difference(formula.without_tag, checks[tag].tex)}",
                        f"look at the check again ({checks[tag].path.name}:{checks[tag].line}), "
                        "then bring its docstring in line with the page",
                    )
                )
    for tag, check in checks.items():
        if tag not in owner:
            faults.append(
                check.fault("no page has this equation", "delete the check, or tag the equation")
            )
    return faults


def failed(verdicts: Iterable[Verdict]) -> list[Fault]:
    """The faults of checks that did not pass, each once."""
    return list(dict.fromkeys(fault for verdict in verdicts for fault in verdict.faults))


def _fault(formula: Formula, message: str, remedy: str) -> Fault:
    return Fault(formula.origin.path, formula.origin.line, message, remedy)


def _first_difference(page: str, check: str) -> str:
    a, b = normalised(page), normalised(check)
    for kind, start, end, other_start, other_end in SequenceMatcher(a=a, b=b).get_opcodes():
        if kind != "equal":
            return f"{a[start : end + 10]!r} (page), {b[other_start : other_end + 10]!r} (check)"
    return "white space"
