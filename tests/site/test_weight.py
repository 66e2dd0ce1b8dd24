"""What a visit loads: nothing twice."""

import re
from pathlib import PurePosixPath
from urllib.parse import unquote

from engine.paths import FOLDERS
from tests.conftest import BuiltSite

#: What names a file in the tag of an element.
NAMED = re.compile(r'<\w[^>]*?\s(?:src|href|data-frames)="([^"#?:]+)[^":]*"')


def test_what_both_languages_load_stands_once_at_the_root(built_site: BuiltSite) -> None:
    files = {
        path.relative_to(built_site.folder).as_posix()
        for path in built_site.folder.rglob("*")
        if path.is_file()
    }
    for folder in filter(None, FOLDERS.values()):
        assert not [file for file in files if file.startswith(f"{folder}assets/")]
    missing = set()
    for page in sorted(file for file in files if file.endswith("/index.html")):
        html = (built_site.folder / page).read_text(encoding="utf-8")
        for address in set(NAMED.findall(html)):
            file = _resolved(page, unquote(address))
            if file not in files and f"{file}/index.html".removeprefix("./") not in files:
                missing.add((page, address))
    assert not missing


def _resolved(page: str, address: str) -> str:
    """The file that an address on a page leads to."""
    parts: list[str] = []
    for part in (PurePosixPath(page).parent / address).parts:
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts) or "."
