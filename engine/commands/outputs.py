"""Write what the examples of a page print, and what its ties give, into both languages.

make outputs PAGE=lstm
make outputs PAGE=labs/memory
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from engine.paths import LANGUAGES
from engine.site import NoSuchPage, Site


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="make outputs", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("page", metavar="PAGE", help="a name, such as lstm or labs/memory")
    given = parser.parse_args(arguments)
    site = Site(Path.cwd())
    try:
        name = site.named(given.page)
    except NoSuchPage as error:
        print(error, file=sys.stderr)
        return 2
    written = (site.source(language, name) for language in LANGUAGES)
    paths = [str(path.relative_to(site.root)) for path in written if path]
    if paths[0].endswith(".py"):
        command = ["engine.labs", name.rpartition("/")[2]]
    else:
        command = ["pytest", "--quiet", *paths]
    return subprocess.run([sys.executable, "-m", *command, "--update-outputs"]).returncode


if __name__ == "__main__":
    sys.exit(main())
