"""Sybil's view of a page: every Python fence that the page shows, as examples that can run.

What its prose says of their results is an example as well, one for each line with ties.

A page is one namespace, run top to bottom. A plain fence is one example; in a fence with prompts
each ``>>>`` is one, and what stands below it must be what it prints. Code runs as a file does,
not as a prompt does: an expression that is not printed shows nothing.
"""

from __future__ import annotations

import ast
import difflib
import io
import re
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import Any, cast

from sybil import Document, Example, Region

from engine.claims.hold import difference as tie_difference
from engine.claims.hold import numbers_of
from engine.claims.place import Place
from engine.paths import shown as shown_path
from engine.reading.characters import unseen
from engine.reading.lines import Line
from engine.reading.page import Fence, Page
from engine.reading.ties import Tie
from engine.running.unheard import refuse_unheard
from engine.site import Site

PROMPT = re.compile(r"^\s*(?:>>>|\.\.\.)(?: |$)")


@dataclass(frozen=True)
class Code:
    """One piece of code to run, with the output that the page shows for it."""

    fence: Fence
    lines: tuple[Line, ...]
    first: int
    shown: tuple[Line, ...] | None

    @property
    def source(self) -> str:
        return "\n".join(self.lines)

    @property
    def is_comment(self) -> bool:
        """Whether it does nothing, as the last lines of a session may."""
        return _is_comment(self.lines)


@dataclass(frozen=True)
class Told:
    """Ties of one line of prose; ``first`` is its number among the lines of the page.

    They are worth what the page knows above the line with the number ``known``.
    """

    ties: tuple[Tie, ...]
    first: int
    known: int


class PageDocument(Document):
    """A page with its sections expanded; an example reports the page's own line."""

    def __init__(self, text: str, path: str, site: Site) -> None:
        self.page: Page = site.read(text, Path(path))
        self._ran = 0
        super().__init__("\n".join(self.page.lines), path)
        self.namespace["__name__"] = "__main__"

    def examples(self) -> Iterator[Example]:
        for example in super().examples():
            origins = [line.origin for line in self.page.lines[: example.line]]
            own = next(o for o in reversed(origins) if o.path == self.page.path)
            included = origins[-1].path != self.page.path
            example.line = own.line + included
            if isinstance(example.parsed, Told):
                example.line = example.parsed.ties[0].origin.line
            yield example

    def run(self, code: Code) -> Printed:
        """Run a piece of the page, and before it those above it that have not run.

        So one example can be asked for alone.
        """
        __tracebackhide__ = True
        places = [piece.first for piece in self._pieces]
        if code.first not in places:
            raise LookupError(f"{self.path} has no code at line {code.first + 1}")
        self.run_above(code.first)
        self._ran = places.index(code.first) + 1
        return run(code, self.namespace)

    def run_above(self, line: int) -> None:
        """Run what stands above this line of the page, and has not run."""
        __tracebackhide__ = True
        for number, earlier in enumerate(self._pieces):
            if earlier.first >= line:
                return
            if number >= self._ran:
                self._ran = number + 1
                run(earlier, self.namespace)

    @cached_property
    def _pieces(self) -> list[Code]:
        return [code for fence in self.page.python_fences for code in pieces(fence)]


def pieces(fence: Fence) -> list[Code]:
    """The code of one fence, in the order in which it runs."""
    if not fence.is_session:
        shift = fence.first
        return [Code(fence, fence.lines, shift, None)] if fence.source.strip() else []
    found: list[Code] = []
    source: list[Line] = []
    output: list[Line] = []
    start = 0

    def finish() -> None:
        while output and not output[-1].strip():
            output.pop()
        if any(line.strip() for line in source):
            found.append(Code(fence, tuple(source), fence.first + start, tuple(output)))

    for index, line in enumerate(fence.lines):
        prompt = PROMPT.match(line)
        if prompt and line.lstrip().startswith(">>>"):
            if source and _is_comment([*source, *output]):  # it belongs to the code below it
                source += output
            else:
                finish()
                source, start = [], index
            output = []
        if prompt and (source or line.lstrip().startswith(">>>")) and not output:
            source.append(Line.at(line[prompt.end() :], line.origin))
        elif source:
            output.append(line)
    finish()
    return found


def _is_comment(lines: Iterable[Line]) -> bool:
    """Whether lines of code do nothing."""
    return all(not line.strip() or line.strip().startswith("#") for line in lines)


@dataclass(frozen=True)
class Printed:
    """What a piece of code printed, and the warnings that a reader who runs it would see."""

    text: str
    warnings: tuple[str, ...]


class Exited(Exception):
    """Code of a page called ``sys.exit``: whoever copies it would lose his session."""


def run(code: Code, namespace: dict[str, Any]) -> Printed:
    """Run a piece of code, each statement under its true file and line."""
    __tracebackhide__ = True
    body = _compiled(code)
    printed, errors = io.StringIO(), io.StringIO()
    with (
        redirect_stdout(printed),
        redirect_stderr(errors),
        warnings.catch_warnings(record=True) as caught,
    ):
        _as_a_reader_sees_them()
        try:
            for statement in body:
                exec(statement, namespace)
        except SystemExit as error:
            raise Exited(f"it ends Python: sys.exit({error.code!r})") from error
    seen = [f"{warning.category.__name__}: {warning.message}" for warning in caught]
    if errors.getvalue().strip():
        seen.append(errors.getvalue().strip())
    return Printed(printed.getvalue(), tuple(seen))


def _as_a_reader_sees_them() -> None:
    """Python's own choice of warnings, whatever this process was told to show."""
    warnings.resetwarnings()
    for hidden in (ResourceWarning, ImportWarning, PendingDeprecationWarning, DeprecationWarning):
        warnings.simplefilter("ignore", hidden)
    warnings.filterwarnings("default", category=DeprecationWarning, module="__main__")


def _compiled(code: Code) -> list[Any]:
    try:
        tree = ast.parse(code.source)
    except SyntaxError as error:
        origin = code.lines[min((error.lineno or 1), len(code.lines)) - 1].origin
        error.filename, error.lineno = str(origin.path), origin.line
        raise
    refuse_unheard(tree)
    statements = []
    for statement in tree.body:
        origin = code.lines[statement.lineno - 1].origin
        _under_true_lines(statement, code)
        module = ast.Module([statement], [])
        # Assertions hold whatever Python was told to leave out.
        statements.append(compile(module, str(origin.path), "exec", dont_inherit=True, optimize=0))
    return statements


def _under_true_lines(statement: ast.stmt, code: Code) -> None:
    """Give each part of a statement the number of its line in its file.

    They are not all moved by the same: a docstring may have fewer lines in Chinese.
    """
    parts = [node for node in ast.walk(statement) if isinstance(node, ast.stmt | ast.expr)]
    first = min(part.lineno for part in parts)
    last = max(part.end_lineno or part.lineno for part in parts)
    origins = [line.origin for line in code.lines]
    numbers = [origin.line for origin in origins[first - 1 : last]]
    if {origin.path for origin in origins[first - 1 : last]} != {origins[first - 1].path} or (
        numbers != sorted(numbers)
    ):  # it is put together of several sections
        ast.increment_lineno(statement, origins[first - 1].line - first)
        return
    for node in ast.walk(statement):
        for field in ("lineno", "end_lineno"):
            line = getattr(node, field, None)
            if line is not None:
                setattr(node, field, origins[line - 1].line)


#: Told of a difference; it returns what to say of it, or None if it has taken care of it.
Mismatch = Callable[[Code, str, str], str | None]


class Evaluate:
    """Sybil's evaluator: run the code and compare what it prints with what the page shows."""

    def __init__(self, on_mismatch: Mismatch) -> None:
        self.on_mismatch = on_mismatch

    def __call__(self, example: Example) -> str | None:
        __tracebackhide__ = True
        code: Code = example.parsed
        document = cast(PageDocument, example.document)
        ran = document.run(code)
        printed = ran.text.rstrip("\n")
        if ran.warnings:
            found = "\n".join(ran.warnings)
            return (
                f"a reader sees a warning that the page does not show:\n{found}\n"
                "→ silence it in the code (with np.errstate(…): …), or print what it says"
            )
        hidden = next((sign for sign in printed if sign not in "\t\n" and unseen(sign)), None)
        if hidden:
            return (
                f"it prints a character that cannot be seen: {unseen(hidden)}, {hidden!r}\n"
                "→ print what a reader is to see; a new line begins with \\n"
            )
        if code.shown is None:
            if printed:
                return f"it prints {printed!r}\n→ show output with prompts: >>> print(…)"
            return None
        shown = "\n".join(line.rstrip() for line in code.shown)
        got = "\n".join(line.rstrip() for line in printed.split("\n"))
        return None if shown == got else self.on_mismatch(code, shown, got)


def difference(code: Code, shown: str, got: str) -> str:
    """What to say when a page shows something else than its code prints."""
    if shown and not got:
        remedy = "a page shows what is printed: wrap the value in print(f'…')"
    else:
        command = _outputs_of(code.fence.origin.path)
        remedy = f"correct the code, or write what it prints: {command}"
    lines = difflib.ndiff(shown.splitlines(), got.splitlines())
    listing = "\n".join(f"    {line}" for line in lines if not line.startswith("?"))
    return f"{code.source}\n  the page shows (-), it prints (+):\n{listing}\n→ {remedy}"


def _outputs_of(path: Path) -> str:
    """The command that writes a page's outputs anew."""
    return "make outputs PAGE=" + re.sub(r"^docs/\w+/|\.md$", "", shown_path(path))


#: Told of a tie, of what its expression gives, and where they differ; returns as a Mismatch does.
WrongTie = Callable[[Tie, list[float] | bool, str], str | None]


class EvaluateTies:
    """Sybil's evaluator of a line's ties: what it says is what their expressions give."""

    def __init__(self, on_wrong: WrongTie) -> None:
        self.on_wrong = on_wrong

    def __call__(self, example: Example) -> str | None:
        __tracebackhide__ = True
        told: Told = example.parsed
        document = cast(PageDocument, example.document)
        document.run_above(told.known)
        names = {**document.namespace, "here": Place(document.page, told.first)}
        wrong = [self._wrong(tie, names, document.page.language) for tie in told.ties]
        return "\n".join(filter(None, wrong)) or None

    def _wrong(self, tie: Tie, names: dict[str, Any], language: str) -> str | None:
        try:
            given = numbers_of(tie.expression, names)
        except Exception as error:  # whatever the expression raises
            remedy = "name what the page computes above it"
            if isinstance(error, NameError) and tie.ahead != ">>":
                remedy += "; {=> …} looks ahead to the end of the section, {=>> …} of the page"
            told = f"{{={tie.ahead} {tie.expression}}}: {type(error).__name__}: {error}"
            return f"{told}\n→ {remedy}"
        what = tie_difference(tie.text, language, given, around=(tie.before, tie.after))
        return self.on_wrong(tie, given, what) if what else None


def wrong_tie(tie: Tie, given: list[float] | bool, what: str) -> str:
    """What to say when prose says something else than its expression gives."""
    command = _outputs_of(tie.origin.path)
    remedy = f"correct the text or the expression, or write what it gives: {command}"
    return f"[{tie.text}]{{={tie.ahead} {tie.expression}}}: {what}\n→ {remedy}"


class PagePython:
    """Sybil's parser: one region for each piece of Python code that a page shows, and for each
    line whose prose says what such code gives."""

    def __init__(self, on_mismatch: Mismatch = difference, on_wrong: WrongTie = wrong_tie) -> None:
        self.evaluate = Evaluate(on_mismatch)
        self.evaluate_ties = EvaluateTies(on_wrong)

    def __call__(self, document: Document) -> Iterator[Region]:
        if not isinstance(document, PageDocument):
            return
        starts = [0]
        for line in document.page.lines:
            starts.append(starts[-1] + len(line) + 1)
        for fence in document.page.python_fences:
            for code in pieces(fence):
                last = code.first + len(code.lines) + len(code.shown or ())
                yield Region(starts[code.first], starts[last] - 1, code, self.evaluate)
        for told in _told(document.page):
            start, end = starts[told.first], starts[told.first + 1] - 1
            if told.known > told.first:
                start = end = min(starts[told.known], document.end)
            yield Region(start, end, told, self.evaluate_ties)


def _told(page: Page) -> Iterator[Told]:
    """The ties of a page, line by line: first those which do not look ahead.

    Sybil takes a place without length that stands before a region only after it.
    """
    numbers = {
        line.origin.line: n for n, line in enumerate(page.lines) if line.origin.path == page.path
    }
    headings = [block.first for block in page.blocks if block.kind == "heading"]
    for ahead in ("", ">", ">>"):
        ties = [tie for tie in page.ties if tie.ahead == ahead and tie.origin.line in numbers]
        for line, some in groupby(ties, lambda tie: tie.origin.line):
            known = first = numbers[line]
            if ahead:
                below = (h for h in headings if h > first and ahead == ">")
                known = next(below, len(page.lines))
            yield Told(tuple(some), first, known)


def fences_run(document: Document) -> list[Fence]:
    """The fences of which Sybil collected at least one example, in page order."""
    fences: dict[int, Fence] = {}
    for _, region in document.regions:
        if isinstance(region.parsed, Told):
            continue
        fences.setdefault(region.parsed.fence.first, region.parsed.fence)
    return list(fences.values())


def as_one_file(page: Page) -> tuple[str, str]:
    """A page's code as a reader copies it into one file, and what running it must print."""
    source, shown = [], []
    for fence in page.python_fences:
        for code in pieces(fence):
            source.append(code.source)
            if code.shown:
                shown.append("\n".join(line.rstrip() for line in code.shown))
    return "\n".join(source) + "\n", "\n".join(shown) + ("\n" if shown else "")
