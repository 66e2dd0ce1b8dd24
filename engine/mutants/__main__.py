"""Change the snippets in one place at a time, and see whether the pages' examples notice.

    python -m engine.mutants            all modules of snippets
    python -m engine.mutants clipping   this one

The pages of one language must notice alone. A change that none notices is a fault, unless it is
listed with its reason in tests/snippets/survivors.yml; and so is an entry of that list which a
page notices by now, or whose line has changed.
"""

import argparse
import os
import sys
import time
from pathlib import Path

from engine.child import ONE_THREAD
from engine.faults import Fault, FaultsFound
from engine.mutants.mutate import Mutant, mutants
from engine.mutants.run import unnoticed
from engine.mutants.survivors import Key, file_of, keyed, stale, survivors
from engine.paths import LANGUAGES
from engine.site import Site

#: How many of the mutants the pages have to notice, at least.
SHARE = 0.98


REMEDY = (
    "let an example of a page that shows it notice, or list it with its reason in "
    "tests/snippets/survivors.yml"
)


def _unnoticed(mutant: Mutant, nth: int) -> str:
    where = mutant.function or "the module"
    which = f"  (nth: {nth})" if nth > 1 else ""
    return f"no page notices this change in {where}:\n    {mutant.text}\n    {mutant.change}{which}"


def faults(site: Site, made: dict[Key, Mutant], left: set[Key]) -> list[Fault]:
    """What is wrong with the mutants that were made, of which some are left unnoticed."""
    listed = survivors(site.root)
    found = [
        Fault(mutant.path, mutant.line, _unnoticed(mutant, key[-1]), REMEDY)
        for key, mutant in made.items()
        if key in left and key not in listed
    ]
    found += [
        Fault(
            file_of(site.root),
            listed[key].number,
            f"a page notices this change by now: {key[2]!r} in {key[1]}, {key[3]}",
            "remove the entry",
        )
        for key in made
        if key in listed and key not in left
    ]
    return found


def _tell(found: list[Fault]) -> None:
    print("".join(f"\n{fault}\n" for fault in found), end="", file=sys.stderr, flush=True)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m engine.mutants", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("modules", nargs="*", metavar="MODULE", help="such as clipping")
    parser.add_argument("--language", choices=LANGUAGES, default="en")
    asked = parser.parse_args(arguments)
    os.environ.update(ONE_THREAD)  # before NumPy is imported
    site = Site(Path.cwd())
    all_made = mutants(site.snippets)
    unknown = [name for name in asked.modules if name not in all_made]
    if unknown:
        print(f"no module of snippets is called {', '.join(unknown)}", file=sys.stderr)
        print(f"    → name one of {', '.join(all_made)}", file=sys.stderr)
        return 2
    names = asked.modules or list(all_made)
    found: list[Fault] = []
    number = survived = 0
    try:
        found += stale(site.root, keyed(m for made in all_made.values() for m in made))
        _tell(found)
        for name in names:
            start = time.monotonic()
            made = keyed(all_made[name])
            module = site.snippets / f"{name}.py"
            kept = set(unnoticed(site, module, made.values(), asked.language))
            left = {key for key, mutant in made.items() if mutant in kept}
            number, survived = number + len(made), survived + len(left)
            print(
                f"{name}: {len(made)} mutants, {len(made) - len(left)} noticed, {len(left)} not "
                f"({time.monotonic() - start:.0f} s)",
                flush=True,
            )
            here = faults(site, made, left)
            _tell(here)
            found += here
    except FaultsFound as error:
        print(error, file=sys.stderr)
        return 1
    print(f"together: {number - survived} of {number} noticed, {len(found)} faults")
    if not asked.modules and survived > (1 - SHARE) * number:
        print(f"    → {SHARE:.0%} of them have to be noticed", file=sys.stderr)
        return 1
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
