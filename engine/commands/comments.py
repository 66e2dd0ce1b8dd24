"""Write into the catalogues the comments of the snippets that have no Chinese text yet.

    make comments                    of all modules
    make comments MODULE=lstm        of one

What the module no longer says is taken out. Where a text has changed a little, its Chinese one is
kept beside the new English one, marked as fuzzy, until somebody has looked at it.
"""

from __future__ import annotations

import argparse
import io
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from engine.faults import FaultsFound
from engine.paths import module_of, shown
from engine.reading import sources
from engine.reading.catalogues import catalogue_of, entries
from engine.reading.comments import comments_of
from engine.rules.comments import LANGUAGE, modules_of, needs_words
from engine.site import Site

#: What programs that edit catalogues have to know, and no date, which would change each time.
HEADER = f"""msgid ""
msgstr ""
"Language: {LANGUAGE}\\n"
"Content-Type: text/plain; charset=utf-8\\n"

"""


def renew(module: Path) -> bool:
    """Write the catalogue of a module anew; whether that has changed it. Raises FaultsFound."""
    catalogue = catalogue_of(module, LANGUAGE)
    known = {entry.english for entry in entries(catalogue)}
    wanted = Catalog()
    for text in dict.fromkeys(one.text for one in comments_of(sources.read(module))):
        if needs_words(text) or text in known:
            wanted.add(text)
    before = sources.read(catalogue) if catalogue.is_file() else ""
    written = read_po(io.BytesIO(before.encode()), ignore_obsolete=True)
    written.update(wanted)
    made = io.BytesIO()
    write_po(made, written, width=0, no_location=True, omit_header=True, ignore_obsolete=True)
    text = HEADER + made.getvalue().decode().strip() + "\n"
    if text == before or not (wanted or known):
        return False
    catalogue.parent.mkdir(exist_ok=True)
    sources.write(catalogue, text)
    return True


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="make comments", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument(
        "modules", nargs="*", help="modules of snippets, such as lstm; all, if none"
    )
    given = parser.parse_args(arguments)
    there = {module.stem: module for module in modules_of(Site(Path.cwd()))}
    names = [module_of(name) for name in given.modules]
    unknown = [name for name in names if name not in there]
    if unknown:
        print(f"no module of snippets is called {', '.join(unknown)}", file=sys.stderr)
        print(f"    → name one of {', '.join(there)}", file=sys.stderr)
        return 2
    try:
        for name in names or there:
            if renew(there[name]):
                print(f"wrote {shown(catalogue_of(there[name], LANGUAGE))}")
    except FaultsFound as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
