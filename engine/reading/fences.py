"""Fences of code that no page may hold: each names its language, and all Python in one runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from engine.faults import Fault
from engine.reading.code import reads_as_python
from engine.reading.lines import Line

if TYPE_CHECKING:
    from engine.reading.page import Fence, Page

#: The languages that a fence may name.
LANGUAGES = ("python", "pycon", "sh", "text")

FENCE_MARK = re.compile(r"\s*(?:`{3}|~{3})")
FENCE_INFO = re.compile(r'(?P<language>[a-z]+)(?: title="(?P<title>[^"]+)")?')

#: What a stub's fence says: the name of the exercise, which is that of its function.
STUB = re.compile(r'\{\.python data-exercise="(?P<exercise>[a-z_][a-z0-9_]*)"\}')

#: How the title of a ``text`` fence begins whose numbers no run gives.
ILLUSTRATION = ("示意", "Illustration")

#: How the title of a fence begins that is the name of the file which its lines come from.
OF_SNIPPETS = "snippets/"


def fence_faults(page: Page) -> Iterator[Fault]:
    """Fences, and code that is none, with what to write instead."""
    for block in page.blocks:
        if block.kind == "open code":
            mark = re.match(r"`{3,}|~{3,}", page.lines[block.first].lstrip(" \t>"))
            close = (
                f"add a line {mark[0] if mark else '```'} below the code, indented like the first"
            )
            yield page.fault(block.first, "this code fence is not closed", close)
        elif block.kind == "code" and block.detail == "indented":
            remedy = "fence it and name its language; text is not indented by four spaces"
            yield page.fault(block.first, "code that is indented and not fenced", remedy)
    for fence in page.fences:
        if fence.info == "indented":
            continue
        opening = page.lines[fence.first - 1]
        for line, message, remedy in _fence(fence, opening):
            yield Fault(line.origin.path, line.origin.line, message, remedy)
        for message, remedy in _title(fence, page):
            yield Fault(opening.origin.path, opening.origin.line, message, remedy)
    yield from _included(page)


def _title(fence: Fence, page: Page) -> Iterator[tuple[str, str]]:
    """Titles that say what nothing holds: another file, or a number."""
    title = fence.title
    if title.startswith(OF_SNIPPETS):
        file = page.snippets / title.removeprefix(OF_SNIPPETS)
        if any(line.strip() and line.origin.path != file for line in fence.lines):
            remedy = "name the file that all its lines are included from, or take the title out"
            yield f"the title {title!r} over lines that stand elsewhere", remedy
    elif re.search(r"(?<![A-Za-z\d])\d|\{=", title) and not title.startswith(ILLUSTRATION):
        remedy = "say it in the text, where the number is tied to what gives it"
        yield f"a number in the title of a fence: {title!r}", remedy


def _included(page: Page) -> Iterator[Fault]:
    """Included lines that stand in no fence."""
    inside = {n for block in page.blocks if block.code for n in range(block.first, block.last)}
    own, told = 0, False
    for number, line in enumerate(page.lines):
        if line.origin.path == page.path:
            own, told = line.origin.line, False
        elif line.strip() and number not in inside and not told:
            told = True
            remedy = "put it between a line ```python and a line ```"
            yield Fault(page.path, own + 1, "an include outside a fence", remedy)


def _fence(fence: Fence, opening: Line) -> Iterator[tuple[Line, str, str]]:
    if re.match(r"[> \t]*(?:[-*+]|\d+[.)])[ \t]", opening):
        message = "a fence on a list item's own line is not shown as code"
        yield opening, message, "put the fence on a line of its own, indented by four spaces"
    info = FENCE_INFO.fullmatch(fence.info)
    if not fence.exercise and (not info or info["language"] not in LANGUAGES):
        message = f"a fence that says {fence.info!r}" if fence.info else "a fence of no language"
        known = ", ".join(LANGUAGES)
        yield (
            opening,
            message,
            f'begin it with one of {known}, and at most a title: python title="…"',
        )
        return
    inner = next((line for line in fence.lines if FENCE_MARK.match(line)), None)
    if inner is not None:
        remedy = "close the fence above it with a line of the mark that it begins with"
        yield inner, "the mark of a fence within a fence", remedy
    if fence.is_python:
        yield from _session(fence)
    elif reads_as_python(fence.source):
        remedy = "name it python, or pycon where it has prompts: then it runs"
        yield opening, "Python that calls itself something else, and does not run", remedy
    elif info and info["language"] == "text" and not (info["title"] or "").startswith(ILLUSTRATION):
        numbers = [line for line in fence.lines if re.search(r"\d", line)]
        if numbers:
            remedy = f'let code print it, or say that it is none: text title="{ILLUSTRATION[1]}: …"'
            yield numbers[0], "a number that no run has given", remedy


def _session(fence: Fence) -> Iterator[tuple[Line, str, str]]:
    """Lines of a session that belong to no example."""
    prompts = any(line.lstrip().startswith(">>>") for line in fence.lines)
    if not prompts:
        if fence.language != "python":
            line = fence.lines[0] if fence.lines else Line.at("", fence.origin)
            yield line, "a session without a prompt", "begin its code with >>>, or name it python"
        return
    if fence.language == "python" and not fence.is_session:
        line = next(line for line in fence.lines if line.lstrip().startswith(">>>"))
        yield line, "a prompt within code", "put the session in a fence of its own: pycon"
        return
    example = False
    for line in fence.lines:
        text = line.strip()
        if text.startswith(">>>"):
            example = True
            if not text.startswith(">>> "):
                remedy = "leave a space behind the prompt, and write code after it"
                yield line, "a prompt that begins no example", remedy
        elif text.startswith("#"):
            remedy = "give it a prompt, >>> or ..., or leave it out"
            yield line, "a comment without a prompt, which looks like output", remedy
        elif not example and text:
            yield line, "a line of a session above its first prompt", "give it a prompt: >>>"
        elif re.match(r"\.\.\.\S", text) and not text.startswith("...."):
            yield line, "a prompt without a space behind it", "leave one: ... code"
        elif text == "<BLANKLINE>":
            yield line, "a blank line of an output is written as one", "leave the line blank"
