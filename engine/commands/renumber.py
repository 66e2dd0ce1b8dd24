"""Number a page's equations in the order in which they stand, wherever their tags are named.

    make renumber PAGE=gru

The tags change in both languages, in links to them and what these are called, in comments of
code, in checks, and in whatever else names them. Stamps that were in step stay so. A tag that
another equation now has cannot be led on, so links from elsewhere may lead to the wrong one; and
what is being written on other branches has to be renumbered there. So do it seldom.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from engine.commands.rename_anchor import sections_in_step, stamp_anew
from engine.faults import FaultsFound
from engine.paths import LANGUAGES, shown
from engine.reading import sources
from engine.site import NoSuchPage, Site

#: Where tags are named. Stamps hold nothing but what is computed anew, and the changelog tells
#: what the tags were.
FOLDERS = ("docs", "checks", "snippets", "figures", "judges", "tests")
FILES = ("README.md", "README.zh.md", "CONTRIBUTING.md")
ENDINGS = {".md", ".po", ".py", ".txt", ".yml"}
TAG = re.compile(r"([A-Za-z][\w-]*)\.(\d+)")


class CannotRenumber(Exception):
    """The page's equations have no common order; the message says why, and what to do."""


def renumber(site: Site, name: str) -> list[Path]:
    """Number the equations of a page anew. Returns the files that were changed.

    Raises CannotRenumber, FaultsFound.
    """
    new = _new_tags(site, name)
    if not new:
        return []
    prefix = next(iter(new)).rpartition(".")[0]
    written = re.compile(rf"(?<![\w.]){re.escape(prefix)}\.\d+(?!\w|\.\d)")
    in_step = {other: sections_in_step(site, other) for other in site.names()}
    changed = []
    for path in _files(site):
        text = sources.read(path)
        renamed = written.sub(lambda found: new.get(found[0], found[0]), text)
        if renamed != text:
            sources.write(path, renamed)
            changed.append(path)
    for other, sections in in_step.items():
        stamp_anew(site, other, sections, {})
    return changed


def _new_tags(site: Site, name: str) -> dict[str, str]:
    """What each tag of the page will be; nothing, if all are in order."""
    orders = {}
    for language in LANGUAGES:
        path = site.source(language, name)
        if path:
            orders[path] = [f.tag for f in site.page(path).display_formulas if f.tag]
    if len({tuple(order) for order in orders.values()}) > 1:
        first, second = (shown(path) for path in orders)
        raise CannotRenumber(
            f"{first} and {second} have other tags, or in another order\n"
            f"    → make them equal first: make review PAGE={name}"
        )
    tags = next(iter(orders.values()), [])
    prefixes = {found[1] if (found := TAG.fullmatch(tag)) else tag for tag in tags}
    if len(prefixes) > 1 or len(set(tags)) < len(tags):
        raise CannotRenumber(
            f"the tags of {name} are {', '.join(tags)}\n"
            "    → give each a number of its own behind one and the same word: a.1, a.2"
        )
    numbered = {tag: f"{tag.rpartition('.')[0]}.{n}" for n, tag in enumerate(tags, 1)}
    return {} if all(old == new for old, new in numbered.items()) else numbered


def _files(site: Site) -> Iterator[Path]:
    """All files in which a tag may be named."""
    stamps = site.docs / "in_step"
    for folder in FOLDERS:
        for path in sorted((site.root / folder).rglob("*")):
            if path.suffix in ENDINGS and stamps not in path.parents and path.is_file():
                yield path
    yield from (path for file in FILES if (path := site.root / file).is_file())


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="make renumber", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("page")
    site = Site(Path.cwd())
    try:
        name = site.named(parser.parse_args(arguments).page)
        changed = renumber(site, name)
    except (CannotRenumber, NoSuchPage, FaultsFound) as error:
        print(error, file=sys.stderr)
        return 2
    for path in changed:
        print(f"changed {shown(path)}")
    print(f"Look through what has changed: make review PAGE={name}" if changed else "All in order.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
