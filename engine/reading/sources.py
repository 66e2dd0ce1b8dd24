"""Text files of the project: one function reads them, one writes them, one tells their state.

A file is UTF-8, with or without a byte order mark, its lines ended in any of the usual ways. What
is written keeps the mark and the line ends that the file had.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from engine.faults import Fault, FaultsFound

BOM = "\ufeff"

#: What a file has in it, as far as its time and size tell; None if it does not exist.
State = tuple[int, int] | None


def read(path: Path) -> str:
    r"""The text of a file, without a byte order mark, its lines ended by ``\n``.

    Raises FaultsFound with the line of the first byte that is not UTF-8.
    """
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        found = f"not UTF-8: byte 0x{raw[error.start]:02x}"
        raise FaultsFound(Fault(path, line, found, "save the file as UTF-8")) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def write(path: Path, text: str) -> None:
    """Write the text of a file in one step, with the mark and the line ends that it had."""
    mark, newline = b"", "\n"
    if path.exists():
        raw = path.read_bytes()
        mark = BOM.encode() if raw.startswith(BOM.encode()) else b""
        newline = "\r\n" if b"\r\n" in raw else "\n"
    write_bytes(path, mark + text.replace("\n", newline).encode())


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file in one step: whoever reads it gets the old one or the new one."""
    waiting = path.with_name(f".{path.name}.{os.getpid()}")
    waiting.write_bytes(content)
    waiting.replace(path)


def state(path: Path) -> State:
    """What a file has in it now, as far as its time and size tell."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def states(paths: Iterable[Path]) -> dict[Path, State]:
    """The state of each of these files."""
    return {path: state(path) for path in paths}
