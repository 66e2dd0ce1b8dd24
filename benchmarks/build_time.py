"""Build time of this site against plain Material on the same pages: no hooks, formulas as text.

The labs have run before, here; there mkdocs-jupyter renders their sources without running them.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RUNS = 3

PLAIN = """\
INHERIT: {root}/mkdocs.yml
docs_dir: {root}/docs/{language}
theme:
  custom_dir: {empty}
extra_css: []
extra_javascript: []
hooks: []
extra:
  alternate: []
plugins:
  mkdocs-jupyter:
    include: ["*.py"] # the labs' sources, not executed
markdown_extensions:
  pymdownx.snippets:
    base_path: ["{root}/snippets"]
"""


def build(configuration: Path, site: Path) -> float:
    """Seconds of one build in a process of its own."""
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "-q", "-f", configuration, "-d", site],
        check=True,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
        stderr=subprocess.DEVNULL,
    )
    return time.perf_counter() - start


def main() -> None:
    ours: list[float] = []
    plain: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        empty = Path(folder) / "empty"
        empty.mkdir()
        configurations = []
        for language in ("zh", "en"):
            configuration = Path(folder) / f"{language}.yml"
            configuration.write_text(
                PLAIN.format(root=ROOT, language=language, empty=empty), encoding="utf-8"
            )
            configurations.append(configuration)
        for run in range(RUNS + 1):
            site = Path(folder) / "site"
            both = build(ROOT / "mkdocs.yml", site)
            apart = sum(build(c, Path(folder) / f"plain-{c.stem}") for c in configurations)
            if run:  # the first run fills the caches
                ours.append(both)
                plain.append(apart)
    a, b = statistics.median(ours), statistics.median(plain)
    print(f"this site, both languages in one build: {a:.2f} s (median of {RUNS})")
    print(f"plain Material, two builds:             {b:.2f} s (median of {RUNS})")
    print(f"ratio:                                  {a / b:.2f}")


if __name__ == "__main__":
    main()
