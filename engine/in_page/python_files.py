"""The project's Python that a page runs in the browser, as one archive of the same bytes."""

from __future__ import annotations

from pathlib import Path

from engine.archive import archived

#: What goes along: the code that pages embed, the judges of their exercises, and what runs both.
FOLDERS = ("snippets", "judges", "run_in_page")


def archive(root: Path) -> bytes:
    """A ZIP archive of the modules below these folders of a project."""
    paths = (path for folder in FOLDERS for path in (root / folder).rglob("*.py"))
    return archived({path.relative_to(root).as_posix(): path.read_bytes() for path in paths})
