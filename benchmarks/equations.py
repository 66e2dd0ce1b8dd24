"""Seconds to verify the equations with all their false versions: of each page alone, then of all.

Nothing is kept from before; a page alone has a new process, as behind a save.
"""

import sys
import tempfile
import time
from pathlib import Path

from engine.paths import module_of
from engine.site import Site
from engine.store import Store

ROOT = Path(__file__).resolve().parents[1]


def seconds(tags: list[str] | None = None) -> float:
    """How long it takes to verify the equations with these tags, or all, with nothing kept."""
    with tempfile.TemporaryDirectory() as folder:
        site = Site(ROOT)
        site.equations.store = Store(Path(folder))
        start = time.perf_counter()
        verdicts = site.equations.verdicts(tags)
        took = time.perf_counter() - start
    wrong = [tag for tag, verdict in verdicts.items() if not verdict.passed]
    if wrong:
        sys.exit(f"these do not hold: {', '.join(wrong)}")
    return took


def main() -> None:
    checks = Site(ROOT).equations.checks()
    for name in Site(ROOT).names():
        tags = [tag for tag, check in checks.items() if check.path.stem == module_of(name)]
        if tags:
            print(f"{name}: {len(tags)} equations, {seconds(tags):.1f} s", flush=True)
    print(f"all: {len(checks)} equations, {seconds():.1f} s")


if __name__ == "__main__":
    main()
