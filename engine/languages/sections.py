"""A page cut at its headings, as it is written: what one stamp speaks of.

A section is the heading's line and all below it up to the next heading. What stands above the
first heading is the section ``top``. In a lab a section begins at the mark of the cell that its
heading opens.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from engine.reading import sources
from engine.reading.page import Page
from engine.site import Site

#: The section above the first heading.
TOP = "top"


@dataclass(frozen=True)
class Written:
    """A section as its page has it: its text, and the line where its heading stands."""

    text: str
    line: int

    @property
    def digest(self) -> str:
        """What identifies it: sixteen hexadecimal digits of the SHA-256 of its text."""
        return hashlib.sha256(self.text.strip().encode()).hexdigest()[:16]


def sections_at(site: Site, path: Path) -> dict[str, Written]:
    """The sections of a page's file by their anchors, in order. Raises FaultsFound."""
    return _cut(site.page(path), sources.read(path))


def sections_of(site: Site, text: str, path: Path) -> dict[str, Written]:
    """The sections that a page would have if this text stood in its file."""
    page = site.read(text, path)
    return _cut(page, text.removeprefix(sources.BOM).replace("\r\n", "\n").replace("\r", "\n"))


def _cut(page: Page, text: str) -> dict[str, Written]:
    lines = text.split("\n")
    own = (line.origin.line for line in page.lines if line.origin.path == page.path)
    starts = [(TOP, next(own, 1), 1)]
    for heading in page.headings:
        line = heading.origin.line
        if heading.anchor and heading.origin.path == page.path:
            opens_cell = page.is_lab and lines[line - 2].startswith("# %%")
            starts.append((heading.anchor, line - opens_cell, line))
    found: dict[str, Written] = {}
    for number, (key, start, line) in enumerate(starts):
        end = starts[number + 1][1] if number + 1 < len(starts) else len(lines) + 1
        written = "\n".join(lines[start - 1 : end - 1])
        if key in found:  # an anchor that is used twice is a fault of its own
            found[key] = Written(f"{found[key].text}\n{written}", found[key].line)
        elif key != TOP or written.strip():
            found[key] = Written(written, line)
    return found
