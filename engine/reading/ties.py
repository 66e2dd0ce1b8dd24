"""How a number in prose is tied to the expression that gives it, as it stands in a page's source.

    The loss falls to [0.69]{= loss(0.5, 1)} at first.     by what the page knows at this point
    It ends at [1.3 × 10^{70}]{=> losses[-1]} below.       by what it knows at the section's end
    All of it takes [33 steps]{=>> len(losses)}.           by what it knows at its own end
    <!-- given: 24, 0.5 -->                                numbers that this section sets

Readers see the text in the brackets alone. What stands here is read line by line, before any
Markdown is: brackets that close with ``{=`` mean nothing else, in no Markdown, TeX or Python.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from engine.faults import Fault
from engine.reading.lines import Line, Origin

#: What numbers may be that no run can give, and what that means.
KINDS = {
    "given": "a size, a setting or a value that the text itself sets",
    "quoted": "what a source says that is named there",
    "fact": "a fact of mathematics or of the world that the text explains",
    "example": "a number that stands for any other",
    "name": "a part of a name",
}

#: Behind the mark of a fence stands no other backtick: that is code in a line.
FENCE = re.compile(r"(?:# )?[\s>]*(`{3,}(?=[^`]*$)|~{3,})")
OPENING = re.compile(r"\{=(?P<ahead>>{0,2})(?= )")
DECLARED = re.compile(
    r"(?P<before>(?:# ?)?\s*)<!-- (?P<kind>(?!build)[a-z]+): (?P<numbers>.*?) -->\s*$"
)
UNSPACED = re.compile(r"\]\{=>*(?!>{0,2} )[^}]*\}")
CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)")


@dataclass(frozen=True)
class Tie:
    """A piece of prose, and the Python expression that gives the numbers in it.

    ``ahead`` is how far it looks ahead: not at all, to the end of its section (``>``) or of the
    page (``>>``). ``column`` is where its opening bracket stands in the line of its file, counted
    from 0. ``before`` and ``after`` are what readers see of the line on either side of it.
    """

    text: str
    expression: str
    ahead: str
    origin: Origin
    column: int
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Declared:
    """The numbers of a section that are of a kind which no run can give."""

    kind: str
    numbers: str
    origin: Origin


@dataclass(frozen=True)
class Read:
    """A text without its ties: its lines, what was tied and declared, and what is wrong."""

    lines: list[Line]
    ties: list[Tie]
    declared: list[Declared]
    faults: list[Fault]


def read(lines: list[Line]) -> Read:
    """Take the ties and declarations out of lines."""
    found = Read([], [], [], [])
    fence = ""
    comment = False
    for line in lines:
        mark = None if comment else FENCE.match(line)
        if not fence:
            comment = goes_on(comment, CODE.sub("", line))
        if mark and (not fence or mark[1].startswith(fence)):
            fence = "" if fence else mark[1]
        if fence or ("{=" not in line and "<!--" not in line):
            found.lines.append(line)
            continue
        declared = DECLARED.match(line)
        if declared:
            found.declared.append(Declared(declared["kind"], declared["numbers"], line.origin))
            if declared["kind"] not in KINDS:
                what = f"no kind of numbers is called {declared['kind']!r}"
                remedy = f"declare them as one of {', '.join(KINDS)}"
                found.faults.append(Fault(line.origin.path, line.origin.line, what, remedy))
            found.lines.append(Line.at(declared["before"].rstrip(), line.origin))
            continue
        parts = list(_parts(line, found.faults))
        seen = [part.text if isinstance(part, Tie) else part for part in parts]
        for number, part in enumerate(parts):
            if isinstance(part, Tie):
                before, after = "".join(seen[:number]), "".join(seen[number + 1 :])
                found.ties.append(replace(part, before=before, after=after))
        found.lines.append(Line.at("".join(seen), line.origin))
    return found


def goes_on(comment: bool, line: str) -> bool:
    """Whether a comment that is, or is not, open above a line is open below it."""
    last = max(line.rfind("<!--"), line.rfind("-->"))
    return comment if last < 0 else line.startswith("<!--", last)


def plain(text: str) -> str:
    """A text as readers see it, its ties and declarations taken out."""
    nowhere = Origin(Path(), 0)
    return "\n".join(read([Line.at(line, nowhere) for line in text.split("\n")]).lines)


def _parts(line: Line, faults: list[Fault]) -> Iterator[str | Tie]:
    """A line as pieces of text and ties, in order."""
    done = 0
    for start, end, opening, closing in _brackets(line):
        if start < done:
            remedy = "let the brackets of a tie hold no other: tie each number by itself"
            what = f"a tie within another one: [{line[start + 1 : end]}]"
            faults.append(Fault(line.origin.path, line.origin.line, what, remedy))
            continue
        expression = line[opening.end() : closing].strip()
        yield line[done:start]
        yield Tie(line[start + 1 : end], expression, opening["ahead"], line.origin, start)
        done = closing + 1
        problem = _problem(expression)
        if re.search(r"(?<!\\)(?:\\\\)*\\$", line[:start]):
            faults.append(_fault(line.origin, "a backslash before the bracket of a tie"))
        if problem:
            faults.append(_fault(line.origin, f"{{= {expression}}}: {problem}"))
        elif _is_literal(expression):
            what = f"{{= {expression}}} computes nothing: it says what it is to give"
            remedy = (
                f"compute it from what the page knows, or declare it: <!-- given: {expression} -->"
            )
            faults.append(Fault(line.origin.path, line.origin.line, what, remedy))
    yield line[done:]
    unspaced = UNSPACED.search(CODE.sub("", line))
    if unspaced:
        what = f"a tie without a space behind its sign: {unspaced[0]}"
        remedy = "leave a space behind {=, {=> or {=>>: [0.25]{= y_hat}"
        faults.append(Fault(line.origin.path, line.origin.line, what, remedy))
    if OPENING.search(CODE.sub("", line[done:])):
        faults.append(_fault(line.origin, "a tie that does not close, or has no bracket before it"))


def _fault(origin: Origin, what: str) -> Fault:
    remedy = "write the number and the expression that gives it: [0.25]{= sigmoid(-1.1)}"
    return Fault(origin.path, origin.line, what, remedy)


def _brackets(line: str) -> Iterator[tuple[int, int, re.Match[str], int]]:
    """The ties of a line: where each bracket opens and closes, its ``{=``, and where that ends."""
    code = {place for match in CODE.finditer(line) for place in range(*match.span())}
    opened: list[int] = []
    found: list[tuple[int, int, re.Match[str], int]] = []
    for place, character in enumerate(line):
        if character == "[" and place not in code:
            opened.append(place)
        elif character == "]" and opened and place not in code:
            start = opened.pop()
            opening = OPENING.match(line, place + 1)
            closing = _closing(line, opening.end()) if opening else None
            if opening and closing is not None:
                found.append((start, place, opening, closing))
    return iter(sorted(found))


def _closing(line: str, start: int) -> int | None:
    """Where the brace closes that was opened before ``start``; None if it does not.

    It is the first at which what stands before it is an expression, so that it may hold braces.
    """
    ends = [place for place in range(start, len(line)) if line[place] == "}"]
    whole = (place for place in ends if _problem(line[start:place].strip()) is None)
    return next(whole, ends[0] if ends else None)


def _problem(expression: str) -> str | None:
    try:
        ast.parse(expression, mode="eval")
    except SyntaxError as error:
        return f"this is no Python expression: {error.msg}"
    return None


def _is_literal(expression: str) -> bool:
    """Whether an expression computes nothing: a number, True, or several of these."""
    try:
        value = ast.literal_eval(expression)
    except (ValueError, SyntaxError):
        return False
    several = value if isinstance(value, list | tuple) else [value]
    return all(isinstance(one, bool | int | float) for one in several)
