"""Do the pages print the same under every supported Python, with new NumPy and with old?

    python -m tests.versions        every supported Python that this machine has
    python -m tests.versions 3.13   this one, which must be there

Each runs twice, in environments of its own: with the pinned versions, and with the oldest NumPy
that the pages' ``pip install`` lines promise (requirements/oldest.txt) beside the pinned rest.
"""

import argparse
import difflib
import hashlib
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from engine.child import ONE_THREAD
from engine.faults import Fault
from engine.paths import is_lab
from engine.reading.page import Page
from engine.running.examples import as_one_file
from engine.site import Site
from tests.environments import REQUIREMENTS, ROOT, environment, pinned_versions

#: Both languages show the same code but for words: one of them is enough.
LANGUAGE = "en"
NUMPY = ("pinned", "oldest")

DOCTESTS = """\
import doctest, importlib, pathlib, sys
root, *modules = sys.argv[1:]
sys.path.insert(0, root)
failed = sum(doctest.testmod(importlib.import_module(name)).failed for name in modules)
text = pathlib.Path(root, "README.md").read_text(encoding="utf-8").replace("```", "")
readme = doctest.DocTestParser().get_doctest(text, {}, "README.md", "README.md", 0)
sys.exit(failed + doctest.DocTestRunner().run(readme).failed > 0)
"""


@dataclass(frozen=True)
class Setting:
    """A Python with what is installed for it."""

    name: str
    python: Path


def supported() -> list[str]:
    """The versions of Python that pyproject.toml names, oldest first: ``3.11``."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    found = re.findall(r"Python :: (3\.\d+)$", "\n".join(project["classifiers"]), re.M)
    return sorted(found, key=lambda version: int(version.partition(".")[2]))


def interpreter(version: str) -> Path | None:
    """A Python of this version from the PATH or from pyenv; None if this machine has none."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    on_path = shutil.which(f"python{version}")
    candidates = [
        *([Path(on_path)] if on_path else []),
        *pyenv.glob(f"versions/{version}.*/bin/python"),
    ]
    # pyenv puts a command for every Python on the PATH, which fails where it is not the chosen one.
    ask = "import ensurepip, sys, venv; print('%d.%d' % sys.version_info[:2], sys.executable)"
    for candidate in candidates:
        asked = subprocess.run([candidate, "-c", ask], capture_output=True, encoding="utf-8")
        said, _, executable = asked.stdout.strip().partition(" ")
        if said == version:
            return Path(executable)
    return None


def installed_for(page: Page) -> list[str]:
    """What the page's ``pip install`` line names."""
    shell = "\n".join(fence.source for fence in page.fences if fence.language == "sh")
    return [
        name
        for line in re.findall(r"^pip install (.+)$", shell, re.M)
        for name in shlex.split(line)
    ]


def constraints(numpy: str) -> str:
    """The pinned versions, but NumPy the pinned or the oldest one."""
    pinned = pinned_versions()
    if numpy == "oldest":
        pinned = [line for line in pinned if not line.startswith("numpy==")]
        pinned.append((REQUIREMENTS / "oldest.txt").read_text(encoding="utf-8"))
    return "\n".join(pinned) + "\n"


def setting(version: str, python: Path, numpy: str, packages: list[str]) -> Setting:
    """This Python with these packages installed, and with the pinned or the oldest NumPy."""
    folder = ROOT / ".cache" / "versions" / f"{version}-{numpy}"
    text = constraints(numpy)
    # The name says what is in it, so that an environment made with other versions is made anew.
    file = folder.parent / f"{numpy}-{hashlib.sha256(text.encode()).hexdigest()[:16]}.txt"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    install = ["install", "--only-binary", ":all:", "--constraint", str(file), *packages]
    own = environment(folder, python, install)
    ask = "import numpy, sys; print(f'Python {sys.version.split()[0]}, NumPy {numpy.__version__}')"
    name = subprocess.run([own, "-c", ask], capture_output=True, encoding="utf-8", check=True)
    return Setting(name.stdout.strip(), own)


def run(python: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python away from this project, on one thread, for several run at a time."""
    return subprocess.run(
        [python, "-I", "-X", "utf8", *arguments],
        capture_output=True,
        encoding="utf-8",
        env=os.environ | ONE_THREAD,
    )


def fault_of(path: Path, source: str, shown: str, where: Setting) -> Fault | None:
    """The fault of a page whose code prints something else in this setting than is shown."""
    ran = run(where.python, "-c", source)
    if ran.returncode == 0 and ran.stdout == shown:
        return None
    difference = "\n".join(
        difflib.unified_diff(
            shown.splitlines(), ran.stdout.splitlines(), "shown", "printed", lineterm="", n=1
        )
    )
    message = f"not the same under {where.name}:\n{difference}\n{ran.stderr[-1000:]}".rstrip()
    remedy = "write it so that all versions print the same, or promise less in 'pip install'"
    return Fault(path, 1, message, remedy)


def doctest_fault(where: Setting) -> Fault | None:
    """The fault of a snippet that cannot be imported in this setting, or of a false doctest."""
    modules = sorted(f"snippets.{path.stem}" for path in (ROOT / "snippets").glob("*.py"))
    ran = run(where.python, "-c", DOCTESTS, str(ROOT), *modules)
    if ran.returncode == 0:
        return None
    said = (ran.stdout + ran.stderr)[-2000:]
    return Fault(
        ROOT / "snippets", 1, f"fails under {where.name}:\n{said}", "mend the snippet or README.md"
    )


def faults(
    where: Setting, pages: list[tuple[Path, str, str]], pool: ThreadPoolExecutor
) -> list[Fault]:
    """All faults of pages, snippets and README.md in one setting."""
    running = [pool.submit(fault_of, *page, where) for page in pages]
    running.append(pool.submit(doctest_fault, where))
    return [fault for result in running if (fault := result.result())]


def settings(versions: list[str], packages: list[str]) -> Iterator[Setting]:
    for version in versions:
        if python := interpreter(version):
            for numpy in NUMPY:
                yield setting(version, python, numpy, packages)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.versions", description=__doc__.split("\n")[0]
    )
    parser.add_argument("versions", nargs="*", metavar="VERSION", help="such as 3.13")
    asked = parser.parse_args(arguments).versions
    missing = [version for version in asked or supported() if interpreter(version) is None]
    if missing:
        print(f"not on this machine: Python {', '.join(missing)}", file=sys.stderr)
        if asked or missing == supported():
            print(
                "    → install it, so that python3.x is on the PATH, or with pyenv", file=sys.stderr
            )
            return 1
    parsed = [page for page in Site(ROOT).pages_of(LANGUAGE) if not is_lab(page.path)]
    pages = [(page.path, *as_one_file(page)) for page in parsed if page.python_fences]
    packages = sorted({package for page in parsed for package in installed_for(page)})
    found: list[Fault] = []
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for where in settings(asked or supported(), packages):
            start = time.perf_counter()
            here = faults(where, pages, pool)
            print(
                f"{where.name}: {len(pages)} pages and the snippets, {len(here)} not the same "
                f"({time.perf_counter() - start:.0f} s)",
                flush=True,
            )
            print("".join(f"\n{fault}\n" for fault in here), end="", file=sys.stderr, flush=True)
            found += here
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
