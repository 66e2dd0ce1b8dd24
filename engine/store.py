"""Results kept between builds, in files named by what they were made of.

An entry is written whole or not at all, and begins with a digest: one that was cut short, altered
or cannot be read is thrown away as if it had never been there. One that nobody has asked for in a
month goes when others are written.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from engine.faults import Fault, FaultsFound
from engine.paths import shown

try:
    import fcntl
except ImportError:  # Windows has none: there, two processes may make the same
    fcntl = None  # type: ignore[assignment]

log = logging.getLogger("mkdocs.store")

#: An entry that is used says so by its time, at most once a day; it goes when that is so long ago.
#: What another process uses just now is never as old as that.
DAY = 86_400
LIFETIME = 30 * DAY

Content = TypeVar("Content")


class Store:
    """A folder of JSON entries; several processes may read and write it at once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._is_cleared = False

    def get(self, key: str) -> Any:
        """What was kept under this key; None if there is nothing that can be trusted."""
        path = self._path(key)
        try:
            sealed, _, text = path.read_text(encoding="utf-8").partition("\n")
            if sealed == _seal(key, text):
                _note_use(path)
                return json.loads(text)
        except FileNotFoundError:
            return None
        except (OSError, ValueError):
            pass
        log.warning("%s is broken: it is thrown away and made anew", shown(path))
        self._throw_away(path)
        return None

    def put(self, key: str, content: Any) -> None:
        """Keep something that JSON can hold. Raises FaultsFound where it cannot be written."""
        path = self._path(key)
        text = json.dumps(content)
        waiting = path.with_suffix(f".{os.getpid()}-{threading.get_ident()}")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            if path.is_dir():
                self._throw_away(path)
            waiting.write_text(f"{_seal(key, text)}\n{text}", encoding="utf-8")
            waiting.replace(path)
            self._clear()
        except OSError as error:
            what = f"nothing can be kept in this folder: {error.strerror or error}"
            remedy = "make room on the disk, and let this folder be written"
            raise FaultsFound(Fault(self.folder, 1, what, remedy)) from None
        finally:
            if waiting.exists():
                waiting.unlink()

    def once(self, key: str, make: Callable[[], Content]) -> Content:
        """What is kept under this key; made and kept now if there is nothing. Raises FaultsFound,
        and what making raises."""
        kept: Content | None = self.get(key)
        if kept is None:
            kept = make()
            self.put(key, kept)
        return kept

    @contextmanager
    def making(self) -> Iterator[None]:
        """Let no other process make what is lacking here; whoever has waited looks again.

        The system lets go where the process ends, however that comes about.
        """
        with ExitStack() as until_then:
            if fcntl:
                with suppress(OSError):  # where nothing can be written, ``put`` says so
                    self.folder.parent.mkdir(parents=True, exist_ok=True)
                    lock = until_then.enter_context(self.folder.with_suffix(".lock").open("w"))
                    fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _clear(self) -> None:
        """Delete what nobody has used for long, and what a killed process has left, once."""
        if self._is_cleared:
            return
        self._is_cleared = True
        for path in self.folder.iterdir():
            with suppress(FileNotFoundError):  # another process clears, too
                if time.time() - path.stat().st_mtime > LIFETIME:
                    self._throw_away(path)

    def _throw_away(self, path: Path) -> None:
        """Delete an entry, whatever stands in its place; one that stays is replaced later."""
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
            return
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            log.warning("%s cannot be deleted: %s", shown(path), error.strerror or error)

    def _path(self, key: str) -> Path:
        return self.folder / f"{key}.json"


def _note_use(path: Path) -> None:
    with suppress(OSError):  # where nothing can be written, nothing is cleared either
        if time.time() - path.stat().st_mtime > DAY:
            os.utime(path)


def _seal(key: str, text: str) -> str:
    """The digest an entry begins with: it holds for this content under this key alone."""
    return hashlib.sha256(f"{key}\n{text}".encode()).hexdigest()


def digest(content: Any) -> str:
    """A digest of something that JSON can hold."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
