"""Say that a page is the same in both languages again, section by section.

    python -m engine.languages.stamp lstm
    python -m engine.languages.stamp lstm --reason "only a typo in Chinese"

Each change since the last stamp is printed, on both sides. A section that has changed in one
language only is refused, for the change has hardly been carried over, unless a reason is given,
which is kept beside the stamp. Without names all pages are stamped. Of a page that is stamped
it is told what else is wrong with it, as far as that is known without running anything.
"""

from __future__ import annotations

import argparse
import difflib
import sys
from pathlib import Path

from engine.faults import FaultsFound
from engine.languages.stamps import Pair, anchor
from engine.paths import LANGUAGES, shown
from engine.review import known_cheaply
from engine.site import NoSuchPage, Site


def stamp(pair: Pair, reason: str = "") -> bool:
    """Stamp a pair of pages; print what has changed, and whether a section was refused.

    Returns whether all of it is in step now.
    """
    refused = []
    renewed: dict[bool, list[str]] = {True: [], False: []}
    for key, languages in pair.changed.items():
        for language in languages if pair.stamps else ():
            print(_change(pair, key, language))
        one_sided = len(languages) < len(LANGUAGES)
        if one_sided and not reason:
            refused.append(key)
        else:
            renewed[one_sided].append(key)
    pair.renew(renewed[True], reason)
    pair.renew(renewed[False])
    done = [*renewed[True], *renewed[False]]
    if done:
        print(f"{pair.name}: stamped {', '.join(map(anchor, done))}")
    for key in refused:
        fault = pair.fault(key)
        remedy = f'there is nothing to carry over? Say why: make stamp PAGE={pair.name} REASON="…"'
        print(f"refused: {fault}\n    → {remedy}", file=sys.stderr)
    return not refused


def _change(pair: Pair, key: str, language: str) -> str:
    """How a section has changed in one language since its stamp, as a unified diff."""
    path = pair.paths[language]
    now = pair.sections[language].get(key)
    stamped = pair.stamped(key).get(language)
    then = pair.history.section(path, key, stamped) if stamped else None
    place = f"{pair.place(language, key)} {anchor(key)}"
    if stamped and then is None:
        return f"{place} has changed (Git's history has no state of it with this stamp)\n"
    lines = difflib.unified_diff(
        then.text.strip().splitlines() if then else [],
        now.text.strip().splitlines() if now else [],
        f"{shown(path)} {anchor(key)} (in step)",
        f"{shown(path)} {anchor(key)} (now)",
        lineterm="",
    )
    return "\n".join(lines) + "\n"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="make stamp", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("pages", nargs="*", metavar="PAGE", help="names, such as lstm, or files")
    parser.add_argument("--reason", default="", help="why the other language needs no change")
    given = parser.parse_args(arguments)
    site = Site(Path.cwd())
    try:
        names = [site.named(page) for page in given.pages] or site.names()
        pairs = [Pair(site, name) for name in names]
    except (NoSuchPage, FaultsFound) as error:
        print(error, file=sys.stderr)
        return 1
    except LookupError as error:
        print(f"{error}\n    → write it first: a page exists in both languages", file=sys.stderr)
        return 1
    changed = [pair for pair in pairs if pair.changed or not pair.file.exists()]
    done = [stamp(pair, given.reason) for pair in changed]
    if len(changed) < len(pairs):
        number = len(pairs) - len(changed)
        print(f"{number} page{'' if number == 1 else 's'} in step already")
    for pair in changed:
        _tell_of_others(site, pair.name)
    return 0 if all(done) else 1


def _tell_of_others(site: Site, name: str) -> None:
    """Say how much else is wrong with a page: what is mended has to be stamped once more."""
    faults = known_cheaply(site, name)
    if faults:
        number = f"{len(faults)} other fault{'' if len(faults) == 1 else 's'}"
        print(f"{name}: {number} found at a glance, and what is mended is to be stamped once more")
        print(f"    → make review PAGE={name}")


if __name__ == "__main__":
    sys.exit(main())
