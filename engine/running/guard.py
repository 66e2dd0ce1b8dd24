"""The guard: what a built page shows is what was read from its source, and all its code ran.

Two readers that know nothing of one another are compared: markdown-it on the source, and the HTML
that Python-Markdown, KaTeX and the templates have made of it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from pathlib import Path

from engine.faults import Fault
from engine.reading.lines import Origin
from engine.reading.outline import Shown, line_of, readable
from engine.reading.page import Page
from engine.reading.source_outline import outline
from engine.running.built_page import BuiltPage

Placed = tuple[Shown, Origin]

#: So many characters of a text are shown in a message.
LONG = 90

#: The elements that an article may have, besides formulas and drawings; the cells of a table say
#: by a style on which side their text stands.
TAGS = frozenset(
    {"a", "abbr", "article", "blockquote", "br", "button", "code", "dd", "del", "details", "div"}
    | {"dl", "dt", "em", "figcaption", "figure", "form", "frame-series"}
    | {"h1", "h2", "h3", "h4", "h5", "h6", "hr"}
    | {"i", "img", "input", "label", "li", "nav", "ol", "p", "pre", "s", "small", "span", "strong"}
    | {"sub", "summary", "sup", "svg", "table", "tbody", "td", "td[style]", "th", "th[style]"}
    | {"thead", "tr", "ul"}
)


def guard_faults(
    page: Page, built: BuiltPage, expected: Sequence[Placed] | None = None
) -> list[Fault]:
    """Where a built page shows something else than its source says.

    ``expected`` is what it is to show, where that is more than the page's own outline (the
    outputs of a lab, parts that the build writes).
    """
    wanted = outline(page) if expected is None else expected
    return [
        *_compared(page.path, wanted, built.outline),
        *_ids(page.path, wanted, built),
        *_tags(page.path, built),
    ]


def _compared(path: Path, wanted: Sequence[Placed], seen: Sequence[Shown]) -> list[Fault]:
    """The first place where the two views part; what follows is out of step anyway."""
    meant = [_folded(shown) for shown, _ in wanted]
    seen = [_folded(shown) for shown in seen]
    if meant == seen:
        return []
    matcher = SequenceMatcher(a=meant, b=seen, autojunk=False)
    faults = []
    for operation, first, last, start, end in matcher.get_opcodes():
        if operation == "equal":
            continue
        at = _place(wanted, first, path)
        written = next((s for s in meant[first:last] if s.kind != "end"), None)
        shows = next((s for s in seen[start:end] if s.kind != "end"), None)
        start = _parting(shows, written)
        message = (
            f"the page shows {_said(shows, start)} where its source says {_said(written, start)}"
        )
        if written is None and shows is None:
            message = "what is shown of this ends in another place than its source says"
        faults.append(Fault(at.path, at.line, message, _remedy(written, shows)))
        if len(faults) == 3:
            break
    return faults


def _place(wanted: Sequence[Placed], number: int, path: Path) -> Origin:
    """Where the thing with this number is written; an end is where the last thing before it is."""
    for shown, origin in reversed(wanted[: number + 1]):
        if shown.kind != "end":
            return origin
    return Origin(path, 1)


def _folded(shown: Shown) -> Shown:
    """White space in a formula says nothing: it may be the indentation of what it stands in."""
    return replace(shown, text=line_of(shown.text)) if shown.kind == "formula" else shown


def _said(shown: Shown | None, start: int) -> str:
    if shown is None:
        return "nothing"
    kind = f"{shown.kind} {shown.detail}".strip()
    text = shown.text[start:]
    if not text:
        return kind
    seen = " ".join(readable(text).split())
    return f"{kind}: {'…' * bool(start)}{_short(seen)}"


def _parting(one: Shown | None, other: Shown | None) -> int:
    """From which character on to say what two things say: a little before they part."""
    if one is None or other is None or max(len(one.text), len(other.text)) <= LONG:
        return 0
    pairs = enumerate(zip(one.text, other.text, strict=False))
    same = next((n for n, (a, b) in pairs if a != b), min(len(one.text), len(other.text)))
    return max(one.text.rfind(" ", 0, max(same - LONG // 3, 0)), 0)


def _short(text: str) -> str:
    return repr(text if len(text) <= LONG else text[: LONG - 3] + "…")


def _remedy(written: Shown | None, shows: Shown | None) -> str:
    """What to try first, by what was meant and what came of it."""
    if written is None:
        return "take it out of what writes it: a template, a hook, or HTML in the source"
    kinds = {shown.kind for shown in (written, shows) if shown}
    text = "".join(shown.text for shown in (written, shows) if shown)
    if kinds == {"code"}:
        return "indent the fence like the text around it, with a blank line above and below"
    if "_" in text and kinds <= {"paragraph", "heading", "row", "head"} and shows:
        return (
            r"say it plainly: *emphasis* with stars, names as `code`, \$ for a dollar sign, "
            "a backslash only before a mark"
        )
    if kinds & {"bullet list", "ordered list", "item"}:
        return "a blank line above the list; what belongs to an item is indented by four spaces"
    if kinds & {"table", "row", "head"}:
        return r"a blank line above the table; \| for the sign in a cell, as many cells as the head"
    if "formula" in kinds:
        return "a display formula stands between lines $$ of their own, blank lines around it"
    if kinds & {"admonition", "details", "tab", "caption"}:
        return 'write !!! note "Title", blank lines around it, its text indented by four spaces'
    return (
        "put a blank line around each list, table, formula and admonition, indent what belongs to "
        r"them by four spaces, and escape marks that are meant as text: \$ \* \_"
    )


def _ids(path: Path, wanted: Sequence[Placed], built: BuiltPage) -> Iterable[Fault]:
    places = {}
    for shown, origin in wanted:
        found = re.search(r"#(\S+)", shown.detail)
        if found and shown.kind in ("heading", "formula"):
            places[found[1]] = origin
    for name, number in Counter(built.ids).items():
        if number > 1:
            at = places.get(name, Origin(path, 1))
            what = f"{number} places of the built page have the id {name!r}"
            yield Fault(at.path, at.line, what, "give the heading or equation a name of its own")


def _tags(path: Path, built: BuiltPage) -> Iterable[Fault]:
    for tag in sorted(set(built.tags) - TAGS):
        what = f"the built page has an element that is not allowed: {tag}"
        yield Fault(path, 1, what, "write it in Markdown, or allow the element in the guard")
