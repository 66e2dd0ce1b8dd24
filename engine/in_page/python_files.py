"""The project's Python that a page runs in the browser, as one archive of the same bytes."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

#: What goes along: the code that pages embed, the judges of their exercises, and what runs both.
FOLDERS = ("snippets", "judges", "run_in_page")

#: The first moment that a ZIP archive can express.
EPOCH = (1980, 1, 1, 0, 0, 0)


def archive(root: Path) -> bytes:
    """A ZIP archive of the modules below these folders of a project."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as opened:
        for folder in FOLDERS:
            for path in sorted((root / folder).rglob("*.py")):
                member = zipfile.ZipInfo(path.relative_to(root).as_posix(), EPOCH)
                member.compress_type = zipfile.ZIP_DEFLATED
                member.external_attr = 0o644 << 16
                opened.writestr(member, path.read_bytes())
    return written.getvalue()
