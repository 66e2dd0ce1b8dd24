"""Results kept between builds, in files named by what they were made of.

An entry is written whole or not at all, and carries a digest: one that was cut short or altered
is thrown away as if it had never been there.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import threading
from pathlib import Path
from typing import Any

from engine.paths import shown

log = logging.getLogger("mkdocs.store")


class Store:
    """A folder of JSON entries; several processes may read and write it at once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def get(self, key: str) -> Any:
        """What was kept under this key; None if there is nothing that can be trusted."""
        path = self._path(key)
        try:
            entry = json.loads(path.read_text(encoding="utf-8"))
            if entry["digest"] == digest(entry["content"]):
                return entry["content"]
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError):
            pass
        log.warning("%s is broken: it is thrown away and made anew", shown(path))
        path.unlink(missing_ok=True)
        return None

    def put(self, key: str, content: Any) -> None:
        """Keep something that JSON can hold."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self._path(key)
        waiting = path.with_suffix(f".{os.getpid()}-{threading.get_ident()}")
        entry = {"digest": digest(content), "content": content}
        waiting.write_text(json.dumps(entry), encoding="utf-8")
        waiting.replace(path)

    def _path(self, key: str) -> Path:
        return self.folder / f"{key}.json"


def digest(content: Any) -> str:
    """A digest of something that JSON can hold."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
