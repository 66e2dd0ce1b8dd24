r"""Relations in a page's sentences and tables: evaluated where the evaluator understands them.

Told apart by rule are settings and conditions, whose sides are symbols and numbers alone:
``$z = 0$``, ``$k \le t$``, ``$h^{(0)} = x$``. What is understood beyond that holds, or is listed in
``checks/beyond.yml`` with the condition under which it does; so is what is not understood.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from engine.child import Child, ChildEnded
from engine.equations import inline
from engine.equations.beyond import beyond, file_of
from engine.equations.inline import FALSE, HOLDS, LETTER, State
from engine.faults import Fault
from engine.paths import LANGUAGES, module_of
from engine.reading.markdown import Span
from engine.reading.page import Page
from engine.reference.counts import RELATIONS, kind_of_relation
from engine.site import Site
from engine.store import digest

#: A symbol alone: a letter with its accent, scripts, primes and arguments, or a derivative.
GROUP = r"\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}"
SYMBOL = (
    rf"(?:-\s*)?(?:\\(?:hat|tilde|bar|boldsymbol|mathbf|mathcal|mathrm|operatorname)\s*"
    rf"(?:{GROUP}|[A-Za-z])|\\(?!log|exp|tanh|cos|sin|sum|max|min|frac|tfrac|sqrt)[a-zA-Z]+|[A-Za-z])"
    rf"(?:\s*[_^]\s*(?:{GROUP}|\\[a-z]+|\w)|')*(?:\([A-Za-z](?:,\s*[A-Za-z])*\))?"
)
DERIVATIVE = rf"\\frac\s*\{{\s*(?:\\partial|\\mathrm\{{d\}}){GROUP[2:]}\s*{GROUP}"
ELEMENT = rf"(?:{SYMBOL}|{DERIVATIVE}|\\l?dots|\d+)"
#: Symbols, or a list of them: ``f_t, i_t``, ``1, \dots, D``.
SYMBOLS = re.compile(rf"{ELEMENT}(?:\s*,\s*{ELEMENT})*")
#: What holds no symbol: numbers, their functions, brackets, lists and sets of them.
PLAIN = re.compile(
    r"(?:[\d.,\s+\-/()\[\]^|:]|\{,?\}|[{}]|\\(?:[,;! {}%]|log|exp|sqrt|t?frac|cdot|dots|ldots|"
    r"infty|pi|left|right)(?![a-zA-Z])|e(?=\^))+"
)
SIGNS = re.compile(
    r"(?<![\\a-z])[=<>]|\\(?:approx|leq?|geq?|lt|gt|in|sim|to|neq?|ll|gg)(?![a-zA-Z])"
)

LIST = "list it in checks/beyond.yml, below relations"
CORRECT = f"correct it; if it is a condition or holds under one that the sentence names, {LIST}"
GIVE = f"give its symbols in a check, @worth(), or write it so that it is read; else {LIST}"

#: What the table on how-it-is-tested counts.
COLUMNS = ("held", "conditions", "letters", "listed", *RELATIONS)


def relation_faults(site: Site, page: Page) -> list[Fault]:
    """Relations that do not hold, and listed ones that need no entry."""
    found = states(site, page)
    listed = {e.what: e for e in beyond(site, "relations") if e.page == page.name}
    faults = []
    for span in relations_of(page):
        state, seen = found[span.text]
        if state != HOLDS and span.text not in listed:
            what, remedy = f"${span.text}$ is not held: {seen}", GIVE
            if state == FALSE:
                what, remedy = f"${span.text}$ does not hold: {seen}", CORRECT
            faults.append(Fault(span.origin.path, span.origin.line, what, remedy))
    if page.language == LANGUAGES[0]:
        faults += [
            Fault(
                file_of(site),
                entry.number,
                f"{page.name} has no relation ${tex}$ that needs this entry",
                "take it out",
            )
            for tex, entry in listed.items()
            if found.get(tex, (HOLDS,))[0] == HOLDS
        ]
    return list(dict.fromkeys(faults))


def relation_counts(page: Page, found: Mapping[str, State]) -> dict[str, int]:
    """How many relations of a page are held, conditions, what a letter is to be, listed, or not
    understood by kind, by what evaluating them has shown."""
    counted = Counter(dict.fromkeys(COLUMNS, 0))
    for span in _spans(page):
        if is_condition(span.text):
            counted["conditions"] += 1
        elif found[span.text][0] == HOLDS:
            counted["held"] += 1
        elif found[span.text][0] == FALSE:
            counted["listed"] += 1
        elif found[span.text][1] == LETTER:
            counted["letters"] += 1
        else:
            counted[kind_of_relation(span.text) or "equalities"] += 1
    return dict(counted)


def _spans(page: Page) -> list[Span]:
    """The formulas of a page's sentences and tables that state a relation."""
    return [
        span
        for block in page.blocks
        for span in block.all_spans
        if span.kind == "formula" and kind_of_relation(span.text)
    ]


def relations_of(page: Page) -> list[Span]:
    """Those that say more than what a symbol is to be."""
    return [span for span in _spans(page) if not is_condition(span.text)]


def is_condition(tex: str) -> bool:
    """Whether all sides are symbols or numbers, and not all of them numbers."""
    sides = [side.strip() for side in SIGNS.split(tex)]
    plain = [bool(PLAIN.fullmatch(side)) for side in sides]
    symbols = [
        bool(SYMBOLS.fullmatch(side)) and not number
        for side, number in zip(sides, plain, strict=True)
    ]
    if sum(plain) > 1 and "=" in tex:  # h_1 = 2 + 3 = 5
        return False
    kinds = zip(symbols, plain, sides, strict=True)
    alone = all(one or other or not side for one, other, side in kinds)
    return alone and (any(symbols) or not all(sides))


def states(site: Site, page: Page) -> dict[str, State]:
    """What evaluating each relation has shown, by its TeX; kept until something has changed."""
    return states_of(site, [page])[0]


def states_of(site: Site, pages: Sequence[Page]) -> list[dict[str, State]]:
    """The same of several pages, for which one process evaluates all that is not kept."""
    store = site.store("relations")
    asked = [_asked(site, page) for page in pages]
    kept = {key: store.get(key) for key, request in asked if request["relations"]}
    lacking = {key: request for key, request in asked if kept.get(key, ()) is None}
    try:
        if lacking:
            with Child("engine.equations.inline", site.root) as child:
                for key, answer in zip(lacking, child.ask([*lacking.values()]), strict=True):
                    kept[key] = answer["states"]
                    store.put(key, kept[key])
    except ChildEnded as how:
        seen = f"the process that evaluates it was lost: {how}"
        kept |= {
            key: [(FALSE, seen)] * len(request["relations"])
            for key, request in lacking.items()
            if kept[key] is None
        }
    return [
        {
            tex: (state, seen)
            for tex, (state, seen) in zip(request["relations"], kept.get(key, ()), strict=True)
        }
        for key, request in asked
    ]


def _asked(site: Site, page: Page) -> tuple[str, dict[str, Any]]:
    """What is asked of the relations of a page, and the key of the answer."""
    texs = sorted({span.text for span in relations_of(page)})
    path = site.checks / f"{module_of(page.name)}.py"
    request = site.equations.request(page, path.stem)
    modules = [Path(inline.__file__), *([path] if path.is_file() else [])]
    made_of = [site.modules.digest(*modules), request, texs, site.katex.version]
    key = f"{path.stem}-{digest(made_of)[:32]}"
    return key, {**request, "katex": str(site.katex.folder), "relations": texs}
