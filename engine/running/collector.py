"""The Sybil that collects the pages, for pytest, for the guard and while serving."""

from pathlib import Path

from sybil import Sybil

from engine.running.examples import (
    Mismatch,
    PageDocument,
    PagePython,
    WrongTie,
    difference,
    wrong_tie,
)
from engine.site import Site


def pages_sybil(
    site: Site, on_mismatch: Mismatch = difference, on_wrong: WrongTie = wrong_tie
) -> Sybil:
    """A Sybil for Markdown: it runs exactly the Python code that a page shows."""

    class PageOfSite(PageDocument):
        def __init__(self, text: str, path: str) -> None:
            super().__init__(text, path, site)

    return Sybil(
        parsers=[PagePython(on_mismatch, on_wrong)],
        patterns=["*.md"],
        document_types={".md": PageOfSite},
        path=str(site.root),
    )


def document(site: Site, path: Path) -> PageDocument:
    """One page as Sybil collects it."""
    parsed = pages_sybil(site).parse(path)
    assert isinstance(parsed, PageDocument)
    return parsed
