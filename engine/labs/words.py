"""What a lab printed, in Chinese: both languages share a run, and its words are exchanged.

The English code is run. Which words stand for which is known from the texts at the same places of
the Chinese code; an f-string is found with its values, and these stay as they are. A text whose
English words are not found in what was printed is a fault, for the Chinese page would not show it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import dropwhile
from typing import Any

from engine.faults import Fault
from engine.labs.run import Run
from engine.languages.literals import Literal, Pair, literal_pairs
from engine.languages.words import VALUE, has_words, same_but_for_words, short
from engine.reading.page import Page

#: What a format says: how wide a value is at least, and whether it is a number.
FORMAT = re.compile(
    r"(?:.?[<>=^])?[-+ ]?#?0?(?P<width>\d*)[,_]?(?P<digits>\.\d+)?(?P<type>[A-Za-z%]?)"
)
NUMBER = r"[+-]?(?:\d[\d,]*(?:\.\d+)?(?:e[+-]?\d+)?%?|nan|inf)"


@dataclass(frozen=True)
class Template:
    """An English text as it is printed, and the Chinese one around the same values."""

    pattern: re.Pattern[str]
    chinese: tuple[str, ...]


class Exchange:
    """Puts what English cells print into the words of the Chinese ones, whose texts at the same
    places are ``pairs``."""

    def __init__(self, pairs: Sequence[Pair]) -> None:
        self._kept = {theirs.text for _, theirs in pairs if not theirs.is_printed and theirs.text}
        # Texts that are the same in both are templates, too: nothing in them is exchanged.
        found = {self.template(*pair): pair[1].text for pair in pairs if has_words(pair[1].text)}
        self._templates = sorted(found, key=lambda template: -len(found[template]))

    def template(self, chinese: Literal, english: Literal) -> Template:
        return Template(_pattern(english, self._kept), tuple(chinese.text.split(VALUE)))

    def text(self, english: str) -> tuple[str, set[Template]]:
        """A text in Chinese words, and the templates that were found in it."""
        done: list[str] = []
        used: set[Template] = set()
        at = 0
        while found := self._first(english, at):
            template, match = found
            used.add(template)
            done += [english[at : match.start()], template.chinese[0]]
            for value, after in zip(match.groups(), template.chinese[1:], strict=True):
                inner, also = self.text(value)
                used |= also
                done += [inner, after]
            at = match.end()
        return "".join([*done, english[at:]]), used

    def run(self, run: Run) -> Run:
        """A run as the Chinese page shows it."""
        return replace(run, outputs=[list(map(self._output, outputs)) for outputs in run.outputs])

    def _output(self, output: dict[str, Any]) -> dict[str, Any]:
        is_printed = output.get("name") == "stdout"
        return output | {"text": self.text(output["text"])[0]} if is_printed else output

    def _first(self, text: str, at: int) -> tuple[Template, re.Match[str]] | None:
        """The template that is found first; of several at the same place the longest."""
        matches = ((template, template.pattern.search(text, at)) for template in self._templates)
        found = [(template, match) for template, match in matches if match]
        return min(found, key=lambda pair: pair[1].start(), default=None)


def word_faults(page: Page, english: Page, run: Run) -> Iterator[Fault]:
    """Where the English run cannot be shown in the words of a Chinese lab."""
    chinese = [cell.source for cell in page.code_cells]
    theirs = [cell.source for cell in english.code_cells]
    exchange = Exchange(literal_pairs(chinese, theirs))
    used: set[Template] = set()
    for number, cell in enumerate(page.code_cells):
        text, found = exchange.text(run.printed(number))
        used |= found
        printed = zip(text.splitlines(), run.printed(number).splitlines(), strict=False)
        for line, line_in_english in printed:
            if not same_but_for_words(line, line_in_english):
                at = cell.mark.origin
                what = (
                    f"cell {number + 1} prints {short(line_in_english)}, which became {short(line)}"
                )
                remedy = "write the texts of this line so that they are told apart more easily"
                yield Fault(at.path, at.line, what, remedy)
    for cell, source in zip(page.code_cells, theirs, strict=True):
        lines_of_code = list(dropwhile(lambda line: not line, cell.lines))
        for mine, other in literal_pairs([cell.source], [source]):
            if mine.text != other.text and exchange.template(mine, other) not in used:
                at = lines_of_code[mine.line - 1].origin
                what = f"{short(other.text)} is nowhere in what the lab printed"
                remedy = f"leave it in English: nothing can show {short(mine.text)} in its place"
                yield Fault(at.path, at.line, what, remedy)


def _pattern(literal: Literal, kept: Iterable[str]) -> re.Pattern[str]:
    """Finds an English text with its values, whole words only."""
    parts = literal.text.split(VALUE)
    written = r"(?<!\w)" * bool(re.match(r"\w", parts[0])) + re.escape(parts[0])
    for number, (part, form) in enumerate(zip(parts[1:], literal.formats, strict=True)):
        is_open = (number == 0 and not parts[0]) or (number == len(parts) - 2 and not part)
        written += f"({_value(form, is_open, kept)}){re.escape(part)}"
    return re.compile(written + r"(?!\w)" * bool(re.search(r"\w$", parts[-1])))


def _value(form: str, is_open: bool, kept: Iterable[str]) -> str:
    """Finds a value of this format; an open one has no words between it and what is around."""
    found = FORMAT.fullmatch(form)
    if found and found["width"]:
        return rf"[^\n]{{{found['width']}}}|\S{{{found['width']},}}"
    if found and (found["digits"] or (found["type"] or "s") != "s"):
        return NUMBER
    if is_open:  # a text that is kept, or else one word
        return "|".join([*map(re.escape, sorted(kept, key=len, reverse=True)), r"\S*"])
    return r"[^\n]*?"
