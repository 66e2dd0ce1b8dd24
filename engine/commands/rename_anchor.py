"""Rename the anchor of a heading, in both languages, with every link that leads to it.

    make rename-anchor PAGE=lstm FROM=gates TO=four-gates

Stamps that were in step stay so. The old anchor is kept in the front matter of the page, below
``moved``, so that links from elsewhere can still be led to the place. The anchor of an equation
comes from its tag, which its check and comments name as well: that is said, and nothing changed.
"""

from __future__ import annotations

import argparse
import posixpath
import re
import sys
from pathlib import Path
from urllib.parse import urlsplit

from engine.faults import FaultsFound
from engine.languages.stamps import Pair
from engine.paths import LANGUAGES, is_lab, shown
from engine.reading import sources
from engine.reading.page import Page, equation_id
from engine.site import NoSuchPage, Site

ANCHOR = re.compile(r"[\w.-]+")
EQUATION = equation_id("")


class CannotRename(Exception):
    """The anchor cannot be renamed; the message says why, and what to do."""


def rename(site: Site, name: str, old: str, new: str) -> list[Path]:
    """Rename an anchor everywhere. Returns the files that were changed.

    Raises CannotRename, FaultsFound.
    """
    pages = [site.page(path) for lang in LANGUAGES if (path := site.source(lang, name))]
    for page in pages:
        _ensure_possible(page, old, new)
    in_step = {other: sections_in_step(site, other) for other in site.names()}
    texts: dict[Path, str] = {}
    for page in pages:
        texts[page.path] = _moved(_with_new_heading(page, old, new), page, old, new)
    for language in LANGUAGES:
        for path in site.sources(language):
            text = texts.get(path) or sources.read(path)
            changed = _with_new_links(site, site.page(path), text, name, old, new)
            if changed != sources.read(path):
                texts[path] = changed
    for path in (site.root / file for file in ("README.md", "README.zh.md", "CONTRIBUTING.md")):
        if path.is_file():
            text = sources.read(path)
            changed = re.sub(
                rf"(\b{re.escape(name)}(?:\.md|\.py|/)#){re.escape(old)}\b", rf"\g<1>{new}", text
            )
            if changed != text:
                texts[path] = changed
    for path, text in texts.items():
        sources.write(path, text)
    for other in site.names():
        stamp_anew(site, other, in_step[other], {old: new} if other == name else {})
    return list(texts)


def _ensure_possible(page: Page, old: str, new: str) -> None:
    anchors = [heading.anchor for heading in page.headings if heading.anchor]
    for anchor in (old, new):
        tag = anchor.removeprefix(EQUATION)
        if tag != anchor and any(formula.tag == tag for formula in page.formulas):
            raise CannotRename(
                f"{anchor} is where {shown(page.path)} has its equation ({tag}), whose tag it "
                f"follows\n    → make renumber numbers the equations of a page in their order"
            )
    if old not in anchors:
        known = ", ".join(anchors)
        raise CannotRename(
            f"{shown(page.path)} has no heading {{#{old}}}\n    → name one of {known}"
        )
    if new in anchors:
        raise CannotRename(
            f"{shown(page.path)} has a heading {{#{new}}}\n    → choose another name"
        )
    if not ANCHOR.fullmatch(new):
        what = f"{new!r} is no anchor"
        raise CannotRename(f"{what}\n    → write letters, digits and dashes: TO=four-gates")


def _with_new_heading(page: Page, old: str, new: str) -> str:
    lines = sources.read(page.path).split("\n")
    for heading in page.headings:
        if heading.anchor == old:
            number = heading.origin.line - 1
            lines[number] = lines[number].replace(f"{{#{old}}}", f"{{#{new}}}")
    return "\n".join(lines)


def _moved(text: str, page: Page, old: str, new: str) -> str:
    """The page with the old anchor in its front matter; one that comes back is taken out."""
    moved = {key: new if at == old else at for key, at in (page.meta.get("moved") or {}).items()}
    moved = {key: at for key, at in (moved | {old: new}).items() if key != at}
    mark = "# " if is_lab(page.path) else ""
    lines = text.split("\n")
    rule = f"{mark}---"
    if lines[0].rstrip() != rule:
        return text
    end = next(number for number, line in enumerate(lines[1:], 1) if line.rstrip() == rule)
    front = [line for line in lines[1:end] if not line.startswith(f"{mark}moved:")]
    written = ", ".join(f"{key}: {at}" for key, at in moved.items())
    return "\n".join([rule, *front, f"{mark}moved: {{{written}}}", *lines[end:]])


def _with_new_links(site: Site, page: Page, text: str, name: str, old: str, new: str) -> str:
    """The text of a page with every link to the old anchor leading to the new one."""
    targets = {link.target for link in page.links if _leads_to(site, page, link.target, name, old)}
    for target in targets:
        text = text.replace(f"({target})", f"({target.removesuffix(old)}{new})")
        text = text.replace(f"]: {target}\n", f"]: {target.removesuffix(old)}{new}\n")
    return text


def _leads_to(site: Site, page: Page, target: str, name: str, anchor: str) -> bool:
    parts = urlsplit(target)
    if parts.scheme or parts.netloc or parts.fragment != anchor:
        return False
    if not parts.path:
        return page.name == name
    file = posixpath.normpath(posixpath.join(posixpath.dirname(page.name), parts.path))
    return file in (f"{name}.md", f"{name}.py")


def sections_in_step(site: Site, name: str) -> list[str]:
    """The sections of a page that are in step."""
    try:
        pair = Pair(site, name)
    except (LookupError, FaultsFound):
        return []
    return [key for key in pair.stamps if key not in pair.changed]


def stamp_anew(site: Site, name: str, in_step: list[str], renamed: dict[str, str]) -> None:
    """Stamp anew what has changed of the sections that were in step, by their new names."""
    if not in_step:
        return
    pair = Pair(site, name)
    now = {renamed.get(key, key) for key in in_step}
    gone = {key for key in renamed if key in in_step}
    keys = [key for key in pair.changed if key in now | gone]
    if keys:
        pair.renew(keys)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="make rename-anchor", description=(__doc__ or "").split("\n")[0]
    )
    for given in ("page", "old", "new"):
        parser.add_argument(given)
    asked = parser.parse_args(arguments)
    site = Site(Path.cwd())
    try:
        name = site.named(asked.page)
        changed = rename(site, name, asked.old.lstrip("#"), asked.new.lstrip("#"))
    except (CannotRename, NoSuchPage, FaultsFound) as error:
        print(error, file=sys.stderr)
        return 2
    for path in changed:
        print(f"changed {shown(path)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
