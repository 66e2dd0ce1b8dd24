"""Build time of this site against plain Material on the same pages: no hooks, formulas as text.

The labs have run before, here; there mkdocs-jupyter renders their sources without running them.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
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


#: The numbers of generated pages at which the slope is measured.
FEW, MANY = 25, 400

PAGE = """---
title: Page {number}
---

# Page {number} {{#page}}

## A section {{#section}}

{text}

$$
y_{{{number}}} \\coloneqq x
$$

```python
print({number})
```
"""


@dataclass(frozen=True)
class Cost:
    """What a build took, in seconds: by the clock, and of all processors together."""

    wall: float
    processor: float

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(self.wall + other.wall, self.processor + other.processor)


def build(configuration: Path, site: Path) -> Cost:
    """The cost of one build in a process of its own, its children's included."""
    before, start = _used(), time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "-q", "-f", configuration, "-d", site],
        check=True,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
        stderr=subprocess.DEVNULL,
    )
    return Cost(time.perf_counter() - start, _used() - before)


def _used() -> float:
    """The processor time of all children that have come to their end, and of their children."""
    used = os.times()
    return used.children_user + used.children_system


def median(costs: list[Cost]) -> Cost:
    walls = statistics.median(cost.wall for cost in costs)
    return Cost(walls, statistics.median(cost.processor for cost in costs))


def plain_configurations(folder: Path, root: Path) -> list[Path]:
    """Plain Material for the pages of the project below ``root``, one configuration a language."""
    empty = folder / "empty"
    empty.mkdir(exist_ok=True)
    found = []
    for language in ("zh", "en"):
        found.append(folder / f"{root.name}-{language}.yml")
        text = PLAIN.format(root=root, language=language, empty=empty)
        found[-1].write_text(text, encoding="utf-8")
    return found


def both(root: Path, folder: Path, runs: int) -> tuple[Cost, Cost]:
    """The medians of this site's build and of plain Material's two, taken in turns."""
    ours: list[Cost] = []
    plain: list[Cost] = []
    configurations = plain_configurations(folder, root)
    for run in range(runs + 1):
        mine = build(root / "mkdocs.yml", folder / "site")
        theirs = [build(c, folder / f"plain-{c.stem}") for c in configurations]
        if run:  # the first run fills the caches
            ours.append(mine)
            plain.append(theirs[0] + theirs[1])
    return median(ours), median(plain)


def generated_project(root: Path, pages: int) -> Path:
    """A project with so many pages in each language, and the machinery of this one."""
    root.mkdir()
    for name in ("engine", "hooks", "theme", "snippets", "node_modules"):
        (root / name).symlink_to(ROOT / name, target_is_directory=True)
    for name in ("figures", "checks"):
        (root / name).mkdir()
    names = ["index", *(f"page-{number}" for number in range(1, pages))]
    for configuration in ("mkdocs.yml", "mkdocs.en.yml"):
        text = (ROOT / configuration).read_text(encoding="utf-8")
        nav = "".join(f"  - {name}.md\n" for name in names)
        text = f"{text[: text.index(chr(10) + 'nav:')]}\nnav:\n{nav}"
        (root / configuration).write_text(text, encoding="utf-8")
    for language, text in (
        ("zh", "这里有一个公式 $x$。" * 40),
        ("en", "Here is a formula $x$. " * 40),
    ):
        folder = root / "docs" / language
        folder.mkdir(parents=True)
        for number, name in enumerate(names):
            page = PAGE.format(number=number, text=text)
            (folder / f"{name}.md").write_text(page, encoding="utf-8")
    return root


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        ours, plain = both(ROOT, folder, RUNS)
        print(
            f"this site, both languages in one build: {ours.wall:6.2f} s, "
            f"{ours.processor:6.2f} s of processors (medians of {RUNS})"
        )
        print(
            f"plain Material, two builds:             {plain.wall:6.2f} s, "
            f"{plain.processor:6.2f} s of processors"
        )
        print(
            f"ratio:                                  {ours.wall / plain.wall:6.2f},   "
            f"{ours.processor / plain.processor:6.2f}"
        )
        few, many = (
            both(generated_project(folder / f"pages-{pages}", pages), folder, 1)
            for pages in (FEW, MANY)
        )
        for kind, a, b in (("this site", few[0], many[0]), ("plain Material", few[1], many[1])):
            each = (b.processor - a.processor) / (MANY - FEW)
            print(
                f"{kind}, {FEW} and {MANY} pages a language: {a.processor:.1f} and "
                f"{b.processor:.1f} s of processors, {1000 * each:.0f} ms for one more page"
            )


if __name__ == "__main__":
    main()
