"""Build some pages of the site alone, as the whole build would: for a look at them in a browser.

    python -m engine.commands.partial_site FOLDER lstm labs/memory --language en

What keeps a page from being built is printed; then the exit code is 1.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from engine.build.language_site import LanguageSite
from engine.faults import Fault, FaultsFound
from engine.paths import LANGUAGES, check_page_of, is_lab
from engine.site import Site

#: The address that the site is built for, in which nothing depends on the place it is read from.
ADDRESS = "https://notes.example.org/sub/path/"


def partial_site(
    site: Site, names: list[str], language: str, folder: Path, address: str = ADDRESS
) -> list[Fault]:
    """Build these pages of one language, with the pages of their equations' checks.

    Labs are run before, where they have changed. Returns what keeps a page from being built.
    """
    sources = [site.source(language, name) for name in names]
    labs = [site.page(path) for path in sources if path and is_lab(path)]
    faults = site.labs.run_all(labs) if labs else []  # without labs, Jupyter is not imported
    wanted = [*names, *map(check_page_of, names)]
    pages = LanguageSite(site.root, language, folder, address)
    pages.prepare()
    for place in pages.addresses:
        if pages.name_of(place) in wanted:
            pages.build(place)
            faults += pages.built[place].faults
    return faults


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m engine.commands.partial_site")
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="+", metavar="PAGE")
    parser.add_argument("--language", choices=LANGUAGES, required=True)
    given = parser.parse_args()
    try:
        faults = partial_site(Site(Path.cwd()), given.names, given.language, given.folder.resolve())
    except FaultsFound as error:
        faults = list(error.faults)
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
