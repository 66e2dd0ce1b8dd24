"""Run the labs whose code, or a snippet of theirs, has changed.

python -m engine.labs                 every lab, two at a time
python -m engine.labs memory          one of them
python -m engine.labs memory --update-outputs     and write what it gave into its prose
"""

from __future__ import annotations

import argparse
import logging
import sys
import time
from pathlib import Path

from engine.labs.asked import differing, tie_faults
from engine.labs.faults import time_faults
from engine.paths import LANGUAGES, shown
from engine.running.update_outputs import OutputUpdates
from engine.site import Site


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m engine.labs", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("names", nargs="*", help="labs to run, such as memory; all, if none")
    parser.add_argument(
        "--update-outputs", action="store_true", help="write what ties give into both languages"
    )
    given = parser.parse_args()
    logging.basicConfig(format="%(message)s")
    logging.getLogger("mkdocs").setLevel(logging.INFO)
    site = Site(Path.cwd())
    wanted = [
        page
        for page in site.labs_of(LANGUAGES[0])
        if not given.names or page.path.stem in given.names
    ]
    unknown = set(given.names) - {page.path.stem for page in wanted}
    if unknown:
        print(f"no such lab: {', '.join(sorted(unknown))}", file=sys.stderr)
        return 1
    if given.update_outputs:
        _update(site, [page.path.stem for page in wanted])
        return 0
    before = {page.path for page in wanted if site.labs.kept(page)}
    start = time.perf_counter()
    faults = site.labs.run_all(wanted)
    for page in wanted:
        run = site.labs.kept(page)
        if run is not None:
            how = "kept from an earlier run" if page.path in before else "run now"
            print(f"{page.path.stem:16} {run.seconds:6.1f} s of one processor  {how}")
            for told in [*time_faults(page, run), *tie_faults(page, run)]:
                print(f"warning: {told}", file=sys.stderr)
    print(f"{'together':16} {time.perf_counter() - start:6.1f} s")
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


def _update(site: Site, names: list[str]) -> None:
    """Write the figures of ties anew, where a run gives others."""
    updates = OutputUpdates(site)
    for page in (one for lang in LANGUAGES for one in site.labs_of(lang) if one.path.stem in names):
        for tie, value in differing(page, site.labs.run_of(page)):
            if not updates.add_tie(tie, value):
                at = f"{shown(tie.origin.path)}:{tie.origin.line}"
                print(f"{at}: [{tie.text}] is words, which are up to you", file=sys.stderr)
    for path in updates.write():
        print(f"written: {shown(path)}")


if __name__ == "__main__":
    sys.exit(main())
