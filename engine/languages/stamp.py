"""The stamp: each page names its sibling's content as it was when the two were last in step.

    python -m engine.languages.stamp docs/en/logistic.md
    python -m engine.languages.stamp docs/en/logistic.md --reason "only a typo in Chinese"

Renewing prints the sibling's change since then. It refuses while this page itself is unchanged,
for then the change has hardly been carried over, unless a reason is given, which is kept.
"""

import argparse
import difflib
import hashlib
import re
import subprocess
import sys
from pathlib import Path

import yaml

from engine.faults import Fault
from engine.paths import is_lab, shown
from engine.reading.page import Page
from engine.site import Site

#: In a lab, a Python file, the lines of the front matter are comments.
FRONT_MATTER = re.compile(
    r"\A(?P<mark>(?:# )?)---\n(?P<yaml>.*?)^(?P=mark)(?:---|\.\.\.)[ \t]*\n", re.S | re.M
)
STAMP = re.compile(r"^(?:# )?in_step:\n(?:(?:# )?[ \t]+.*\n)*", re.M)


def body_of(text: str) -> str:
    """A page's text without front matter, newlines normalised."""
    text = text.replace("\r\n", "\n").removeprefix("\ufeff")
    return FRONT_MATTER.sub("", text, count=1)


def content_hash(text: str) -> str:
    """What identifies a page's content: sixteen hexadecimal digits of its body's SHA-256."""
    return hashlib.sha256(body_of(text).strip().encode()).hexdigest()[:16]


def hash_of(path: Path) -> str:
    return content_hash(path.read_text(encoding="utf-8"))


def stamp_fault(site: Site, page: Page) -> Fault | None:
    """The fault of a page whose sibling has changed since the stamp was set."""
    sibling = site.sibling_of(page.path)
    if not sibling.exists():
        return None
    stamped = (page.meta.get("in_step") or {}).get("sibling")
    if stamped == hash_of(sibling):
        return None
    what = "has changed since this page was in step with it" if stamped else "is not stamped here"
    return Fault(
        page.path,
        1,
        f"{shown(sibling)} {what}",
        f"carry the change over, then: python -m engine.languages.stamp {shown(page.path)}",
    )


def renew(site: Site, path: Path, reason: str | None = None) -> None:
    """Set the page's stamp to its sibling's present content."""
    text = path.read_text(encoding="utf-8")
    lines = [
        "in_step:",
        f"  sibling: {hash_of(site.sibling_of(path))}",
        f"  this: {content_hash(text)}",
    ]
    if reason:
        lines.append(
            f"  reason: {yaml.safe_dump(reason, allow_unicode=True, width=1000).splitlines()[0]}"
        )
    front = FRONT_MATTER.match(text)
    mark = "# " if is_lab(path) else ""
    stamp = "".join(f"{mark}{line}\n" for line in lines)
    if not front:
        text = f"{mark}---\n{stamp}{mark}---\n\n{text}"
    else:
        inner = STAMP.sub("", front["yaml"]) + stamp
        text = f"{mark}---\n{inner}{mark}---\n" + text[front.end() :]
    path.write_text(text, encoding="utf-8", newline="\n")


def sibling_change(site: Site, page: Page) -> str:
    """The sibling's change since the stamp, as a unified diff from its history in Git."""
    sibling = site.sibling_of(page.path)
    stamped = (page.meta.get("in_step") or {}).get("sibling")
    now = body_of(sibling.read_text(encoding="utf-8"))
    then = _text_with_hash(site, sibling, stamped) if stamped else None
    if then is None:
        return f"(no earlier state of {shown(sibling)} with this stamp is in Git's history)\n"
    return "".join(
        difflib.unified_diff(
            body_of(then).splitlines(keepends=True),
            now.splitlines(keepends=True),
            f"{shown(sibling)} (in step)",
            f"{shown(sibling)} (now)",
        )
    )


def _text_with_hash(site: Site, path: Path, wanted: str) -> str | None:
    revisions = _git(site, "log", "--format=%H", "--", shown(path)).split()
    for revision in revisions:
        text = _git(site, "show", f"{revision}:{shown(path)}")
        if content_hash(text) == wanted:
            return text
    return None


def _git(site: Site, *arguments: str) -> str:
    run = subprocess.run(
        ["git", *arguments], cwd=site.root, capture_output=True, encoding="utf-8", errors="replace"
    )
    return run.stdout if run.returncode == 0 else ""


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m engine.languages.stamp", description=__doc__.split("\n")[0]
    )
    parser.add_argument("pages", nargs="+", type=Path, metavar="PAGE")
    parser.add_argument("--reason", help="why this page needs no change; kept in its front matter")
    given = parser.parse_args(arguments)
    refused = 0
    for path in given.pages:
        path = path.resolve()
        for needed in (path, sibling_of(path)):
            if not needed.is_file():
                print(f"{shown(needed)}: no such page\n    → write it first", file=sys.stderr)
                return 1
        page = parse(path)
        if stamp_fault(page) is None:
            print(f"{shown(path)}: in step already")
            continue
        stamped = (page.meta.get("in_step") or {}).get("this")
        print(f"{shown(sibling_of(path))} changed as follows:\n{sibling_change(page)}")
        if stamped == hash_of(path) and not given.reason:
            refused += 1
            print(
                f"{shown(path)}: refused, this page has not changed since its last stamp.\n"
                '    → carry the change over, or say why there is nothing to carry: --reason "…"',
                file=sys.stderr,
            )
            continue
        renew(path, given.reason)
        print(f"{shown(path)}: stamped")
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
