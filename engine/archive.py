"""Files as one ZIP archive that has the same bytes whenever and wherever it is made."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

#: The first moment that a ZIP archive can express.
EPOCH = (1980, 1, 1, 0, 0, 0)


def archived(
    files: Mapping[str, bytes], level: int | None = None, first: Mapping[str, bytes] | None = None
) -> bytes:
    """The archive of files by their names, sorted; before them ``first``, not compressed."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, content in (first or {}).items():
            archive.writestr(_member(name, zipfile.ZIP_STORED), content)
        for name in sorted(files):
            archive.writestr(_member(name, zipfile.ZIP_DEFLATED), files[name], compresslevel=level)
    return written.getvalue()


def _member(name: str, compression: int) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name, EPOCH)
    member.compress_type = compression
    member.external_attr = 0o644 << 16
    member.create_system = 3  # the permissions are those of Unix, whatever wrote them
    return member
