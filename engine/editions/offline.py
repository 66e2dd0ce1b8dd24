"""The built site as one ZIP that is read from the file system: no server, no network.

What a server does for a page is done beforehand: a link to a folder names its ``index.html``, and
the search index is a script, which is what the search asks for there (engine/search/late.js).
Python for the browser stays behind: it cannot run there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from engine.archive import archived
from engine.editions.failure import CannotMake
from engine.editions.home import without_links
from engine.reading import sources

#: The folder that the ZIP unpacks to.
FOLDER = "deep-learning-notes-checked"

#: What is of use to servers, robots and developers alone.
LEFT_OUT = re.compile(
    r"(.*/)?(404\.html|sitemap\.xml(\.gz)?|sw\.js|search_index\.json|[^/]+\.map)"
    r"|editions/.*|run/pyodide-.*|run/[^/]+/python\.zip"
)

HREF = re.compile(r"(?<=\shref=\")[^\"]*(?=\")")


def write_zip(built: Path, path: Path) -> None:
    """Write the ZIP of the site in ``built``. Raises CannotMake."""
    files = {f"{FOLDER}/{name}": content for name, content in _files(built)}
    path.parent.mkdir(parents=True, exist_ok=True)
    sources.write_bytes(path, archived(files, level=9))


def _files(built: Path) -> Iterator[tuple[str, bytes]]:
    """Everything that the ZIP holds, by its name below the folder."""
    if not (built / "index.html").is_file():
        raise CannotMake(f"there is no site in {built.name}/\n    → run: make build")
    for path in sorted(path for path in built.rglob("*") if path.is_file()):
        name = path.relative_to(built).as_posix()
        if path.name == "search_index.json":
            index = json.loads(path.read_text(encoding="utf-8"))
            script = PurePosixPath(name).with_suffix(".js").as_posix()
            yield script, search_script(index).encode()
        elif LEFT_OUT.fullmatch(name):
            continue
        elif path.suffix == ".html":
            yield name, page_from_file(path.read_text(encoding="utf-8")).encode()
        else:
            yield name, path.read_bytes()


def page_from_file(html: str) -> str:
    """A page as it is read from a file: its links name files, and no editions."""
    return HREF.sub(lambda found: file_of(found[0]), without_links(html))


def file_of(address: str) -> str:
    """The address of a file where a server would take a folder's: ``../rnn/#x`` has index.html."""
    path, mark, anchor = address.partition("#")
    if not path or re.match(r"[a-z][a-z+.-]*:|/", path):
        return address
    if path.endswith("/"):
        path += "index.html"
    elif path.rpartition("/")[2] in (".", ".."):
        path += "/index.html"
    return path + mark + anchor


def search_script(index: dict[str, object]) -> str:
    """The search index as the script that Material's bundle loads from a folder on disk."""
    docs = index["docs"]
    if not isinstance(docs, list):
        raise CannotMake("the search index holds no list of docs\n    → see what has changed it")
    there = [entry | {"location": _location(entry["location"])} for entry in docs]
    text = json.dumps(index | {"docs": there}, ensure_ascii=False, separators=(",", ":"))
    return f"var __index = {text};\n"


def _location(location: str) -> str:
    path, mark, anchor = location.partition("#")
    return file_of(path or "./").removeprefix("./") + mark + anchor
