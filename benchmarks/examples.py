"""Seconds to collect and run examples: 800 trivial ones against stock Sybil, and a chapter's own.

The chapter, run by pytest, is compared with its code alone in a file.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from engine.running.examples import pieces
from engine.site import Site

ROOT = Path(__file__).resolve().parents[1]
RUNS = 5
EXAMPLES = 800
CHAPTER = ROOT / "docs" / "en" / "bptt.md"

STOCK = """
from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser

pytest_collect_file = Sybil([PythonCodeBlockParser()], patterns=["*.md"]).pytest()
"""

OURS = """
from pathlib import Path

from engine.running.collector import pages_sybil
from engine.site import Site

pytest_collect_file = pages_sybil(Site(Path(__file__).parent)).pytest()
"""


def seconds(*command: str | Path, folder: Path = ROOT) -> float:
    """The median of some runs of a Python command, each in a process of its own."""
    took = []
    for _ in range(RUNS):
        start = time.perf_counter()
        subprocess.run(
            [sys.executable, *command],
            cwd=folder,
            check=True,
            stdout=subprocess.DEVNULL,
            env={"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
        )
        took.append(time.perf_counter() - start)
    return statistics.median(took)


def trivial(folder: Path, conftest: str) -> Path:
    """A page of trivial examples in a project that collects them so."""
    page = folder / "docs" / "en" / "a.md"
    page.parent.mkdir(parents=True)
    fences = (f"```python\n>>> print({n})\n{n}\n\n```\n" for n in range(EXAMPLES))
    page.write_text("# A {#a}\n\n" + "\n".join(fences), encoding="utf-8")
    (folder / "conftest.py").write_text(conftest, encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    return page


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        found = {}
        for who, conftest in (("stock Sybil", STOCK), ("this site", OURS)):
            folder = Path(name).resolve() / who.replace(" ", "-")
            page = trivial(folder, conftest)
            pytest = ("-m", "pytest", "-q", "-p", "no:cacheprovider", page)
            found[who] = (
                seconds(*pytest, "--collect-only", folder=folder),
                seconds(*pytest, folder=folder),
            )
            collected, run = found[who]
            print(
                f"{EXAMPLES} examples, {who:12} {collected:5.2f} s to collect, {run:5.2f} s to run"
            )
        (stock, run), (ours, our_run) = found.values()
        print(f"ratio:                     {ours / stock:5.2f}             {our_run / run:5.2f}")
        code = Path(name) / "code.py"
        fences = Site(ROOT).page(CHAPTER).python_fences
        parts = [piece.source for fence in fences for piece in pieces(fence)]
        code.write_text("\n".join(parts), encoding="utf-8")
        alone = seconds(code)
        with_pytest = seconds("-m", "pytest", "-q", "-p", "no:cacheprovider", CHAPTER)
    print(f"{CHAPTER.relative_to(ROOT)}: {with_pytest:.2f} s, its code alone {alone:.2f} s")


if __name__ == "__main__":
    main()
