"""Make editions of the site that was built, and have its home pages name those that are there.

    python -m engine.editions zip pdf epub

They stand in ``site/editions``, so that a new build begins without any. What cannot be made is
said; then the exit code is 1.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from engine.editions.epub import write_epub
from engine.editions.failure import CannotMake
from engine.editions.home import EDITIONS, edition, link_editions
from engine.editions.offline import write_zip
from engine.editions.pdf import write_pdf
from engine.paths import LANGUAGES
from engine.site import Site

KINDS = ("zip", "pdf", "epub")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m engine.editions")
    parser.add_argument("kinds", nargs="+", choices=KINDS, metavar=" or ".join(KINDS))
    parser.add_argument("--site", type=Path, default=Path("site"), help="the folder of the site")
    given = parser.parse_args()
    site = Site(Path.cwd())
    built: Path = given.site.resolve()
    try:
        for kind in KINDS:  # the ZIP first, whose home page names no other
            if kind in given.kinds:
                for path in make(site, built, kind):
                    print(f"{path} ({path.stat().st_size / 1e6:.1f} MB)")
        link_editions(built)
    except CannotMake as error:
        print(f"ERROR: {error}", file=sys.stderr)
        return 1
    return 0


def make(site: Site, built: Path, kind: str) -> list[Path]:
    """Make the editions of one kind; their files. Raises CannotMake."""
    folder = built / EDITIONS
    if kind == "zip":
        path = folder / edition(kind, LANGUAGES[0])
        write_zip(built, path)
        return [path]
    paths = {language: folder / edition(kind, language) for language in LANGUAGES}
    for language, path in paths.items():
        (write_pdf if kind == "pdf" else write_epub)(site, built, language, path)
    return list(paths.values())


if __name__ == "__main__":
    sys.exit(main())
