"""Sections of ``snippets/`` put where a page includes them, each line knowing where it came from.

The expansion itself is that of pymdownx.snippets, the extension which the site is built with.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from markdown import Markdown
from pymdownx.snippets import SnippetExtension, SnippetMissingError, SnippetPreprocessor

from engine.faults import Fault

QUOTED = re.compile("[\"']")


@dataclass(frozen=True)
class Origin:
    """Where a line of text stands in the sources."""

    path: Path
    line: int


class Line(str):
    """A line of text with its origin, which survives indenting and dedenting."""

    origin: Origin

    @classmethod
    def at(cls, text: str, origin: Origin) -> Line:
        line = cls(text)
        line.origin = origin
        return line

    def __radd__(self, indent: str) -> Line:
        return Line.at(indent + str(self), self.origin)


class _Expander(SnippetPreprocessor):  # type: ignore[misc]
    """pymdownx.snippets, reading lines that remember their file and number."""

    def read_lines(self, path: str) -> list[str]:
        lines = super().read_lines(path)
        source = Path(path)
        return [Line.at(text, Origin(source, n)) for n, text in enumerate(lines, 1)]

    def dedent(self, lines: list[Line]) -> list[Line]:
        texts = super().dedent(lines)
        return [Line.at(text, line.origin) for text, line in zip(texts, lines, strict=True)]


def _expander(snippets: Path) -> _Expander:
    options = {"base_path": [str(snippets)], "check_paths": True, "dedent_subsections": True}
    return _Expander(SnippetExtension(**options).getConfigs(), Markdown())


def expand(lines: Iterable[Line], snippets: Path) -> tuple[list[Line], list[Fault]]:
    """Replace every ``--8<-- "file.py:section"`` by the lines it names in ``snippets``.

    Returns the lines, each with its origin, and a fault for each include that leads nowhere.
    """
    expander = _expander(snippets)
    expanded: list[Line] = []
    faults: list[Fault] = []
    for line in lines:
        if "8<-" not in line or not QUOTED.search(line):
            # Of the form in which files stand on lines of their own the marks are left to be seen.
            expanded.append(line)
            continue
        try:
            included = expander.run([line])
        except SnippetMissingError as error:
            remedy = 'name a file of snippets/ and a section in it: --8<-- "logistic.py:loss"'
            faults.append(Fault(line.origin.path, line.origin.line, str(error), remedy))
            continue
        except UnicodeDecodeError as error:
            faults.append(
                Fault(
                    line.origin.path,
                    line.origin.line,
                    f"the included file is not UTF-8: {error}",
                    "save it as UTF-8",
                )
            )
            continue
        expanded += [
            text if isinstance(text, Line) else Line.at(text, line.origin) for text in included
        ]
    return expanded, faults
