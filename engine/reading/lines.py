"""Sections of ``snippets/`` put where a page includes them, each line knowing where it came from.

The expansion itself is that of pymdownx.snippets; their comments are those of the page's language
(``catalogues``). The site is built with the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from markdown import Extension, Markdown
from pymdownx.snippets import SnippetExtension, SnippetMissingError, SnippetPreprocessor

from engine.faults import Fault, FaultsFound
from engine.reading.catalogues import in_language

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
    """pymdownx.snippets, reading lines in a language that remember their file and number."""

    def __init__(self, snippets: Path, language: str, markdown: Markdown) -> None:
        options = {"base_path": [str(snippets)], "check_paths": True, "dedent_subsections": True}
        super().__init__(SnippetExtension(**options).getConfigs(), markdown)
        self._language = language

    def read_lines(self, path: str) -> list[str]:
        lines = super().read_lines(path)
        source = Path(path)
        return [
            Line.at(text, Origin(source, number + 1))
            for text, number in in_language(lines, source, self._language)
        ]

    def dedent(self, lines: list[Line]) -> list[Line]:
        texts = super().dedent(lines)
        return [Line.at(text, line.origin) for text, line in zip(texts, lines, strict=True)]


class Sections(Extension):
    """Has Python-Markdown include what ``expand`` does, in the place of pymdownx.snippets."""

    def __init__(self, snippets: Path, language: str) -> None:
        super().__init__()
        self._snippets = snippets
        self._language = language

    def extendMarkdown(self, md: Markdown) -> None:
        # The name and the priority which that extension has given its own.
        md.preprocessors.register(_Expander(self._snippets, self._language, md), "snippet", 32)


def expand(lines: Iterable[Line], snippets: Path, language: str) -> tuple[list[Line], list[Fault]]:
    """Replace every ``--8<-- "file.py:section"`` by the lines it names in ``snippets``.

    Returns the lines, each with its origin, and a fault for each include that leads nowhere.
    """
    expander = _Expander(snippets, language, Markdown())
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
        except FaultsFound as error:
            faults += [fault for fault in error.faults if fault not in faults]
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
