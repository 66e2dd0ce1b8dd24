"""The service worker as a file of a built site, another one for each content."""

from __future__ import annotations

import hashlib
from pathlib import Path

#: It stands at the root of the site, since it reaches no page above its folder.
NAME = "sw.js"

SOURCE = Path(__file__).with_name(NAME)
MARK = "{build}"


def write_worker(root: Path) -> None:
    """Write the worker below the root of a site of which all else has been written."""
    digest = hashlib.sha256()
    for path in sorted(path for path in root.rglob("*") if path.is_file()):
        name = path.relative_to(root).as_posix()
        if name != NAME and not name.startswith("run/pyodide-"):  # its version is in its name
            content = path.read_bytes()
            digest.update(f"{name} {len(content)}\n".encode() + content)
    text = SOURCE.read_text(encoding="utf-8").replace(MARK, digest.hexdigest()[:12])
    (root / NAME).write_text(text, encoding="utf-8", newline="\n")
