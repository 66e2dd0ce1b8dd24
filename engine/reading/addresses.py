"""Where links lead, written alike whether they are read from a source or from a built page.

A place on the site is its address below the language's root, with its fragment:
``backprop/#eq-bp.3``, ``labs/memory/``, ``labs/memory/memory.ipynb``; the home page is ``./``, and
what lies outside the root begins with ``../``. What leads elsewhere (``https:``, ``mailto:``,
``//host``, from the server's root) and what is no file yet (``figure:module/function``) stays as
it is written.
"""

from __future__ import annotations

import posixpath
import re
from urllib.parse import unquote

from engine.paths import LABS

HOME = "./"

_ELSEWHERE = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:|/")


def is_local(target: str) -> bool:
    """Whether an address is relative, so that it leads to a place on this site."""
    return not _ELSEWHERE.match(target)


def built_target(address: str, href: str) -> str:
    """The place to which ``href`` leads from the built page at ``address``.

    ``address`` is below the language's root: ``logistic/``; the home page is ``""`` or ``./``.
    """
    if not is_local(href):
        return href
    path, rest = _split(href)
    if not path:
        return _place(address, rest)
    joined = posixpath.join(posixpath.dirname(address), path)
    if posixpath.basename(joined) == "index.html":
        joined = joined.removesuffix("index.html")
    return _place(joined, rest)


def source_target(name: str, target: str) -> str:
    """The place to which ``target`` leads from the source of the page ``name``.

    ``target`` is as authors write it: ``../lstm.md#forward``, ``home-prices.py``, ``x.png``.
    """
    if not is_local(target):
        return target
    path, rest = _split(target)
    if not path:
        return _place(address_of(name), rest, quoted=False)
    joined = posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(path)))
    folder, file = posixpath.split(joined)
    stem, suffix = posixpath.splitext(file)
    if suffix == ".md" or (suffix == ".py" and folder == LABS):
        return _place(address_of(posixpath.join(folder, stem)), rest, quoted=False)
    return _place(joined + "/" * path.endswith("/"), rest, quoted=False)


def address_of(name: str) -> str:
    """Where the page with this name is built: ``index`` stands in its folder."""
    folder, stem = posixpath.split(name)
    if stem == "index":
        return f"{folder}/" if folder else ""
    return f"{name}/"


def _split(target: str) -> tuple[str, str]:
    """The path, and query and fragment with their marks."""
    found = re.match(r"[^?#]*", target)
    path = found[0] if found else ""
    return path, target[len(path) :]


def _place(path: str, rest: str, *, quoted: bool = True) -> str:
    """One way to write a place: no ``..`` within, percent signs only where they are needed."""
    plain = unquote(path) if quoted else path
    is_folder = plain.endswith(("/", "/.", "/..")) or plain in ("", ".", "..")
    normal = posixpath.normpath(plain)  # of nothing it is "."
    written = HOME if normal == "." else normal + "/" * is_folder
    return re.sub("[%?#]", lambda mark: f"%{ord(mark[0]):02X}", written) + unquote(rest)
