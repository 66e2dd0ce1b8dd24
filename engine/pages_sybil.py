"""The Sybil that collects the pages, for pytest, for the guard and while serving."""

from pathlib import Path

from sybil import Sybil

from engine.examples import Mismatch, PageDocument, PagePython
from engine.paths import ROOT


def pages_sybil(on_mismatch: Mismatch | None = None) -> Sybil:
    """A Sybil for Markdown: it runs exactly the Python code that a page shows."""
    return Sybil(
        parsers=[PagePython(on_mismatch)],
        patterns=["*.md"],
        document_types={".md": PageDocument},
        path=str(ROOT),
    )


def document(path: Path) -> PageDocument:
    """One page as Sybil collects it."""
    parsed = pages_sybil().parse(path)
    assert isinstance(parsed, PageDocument)
    return parsed
