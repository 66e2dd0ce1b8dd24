"""Build the site with ProperDocs, the maintained fork of MkDocs 1, and say what differs.

    python -m tests.properdocs

ProperDocs is installed in MkDocs' place in an environment of its own; it answers every import of
``mkdocs`` itself. Both build below .cache/properdocs, and the two sites are compared by bytes, but
for the line in which the theme names the builder.
"""

import difflib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.environments import REQUIREMENTS, ROOT, environment

#: What a site is built into; swapped in at the end, as always.
SITES = ROOT / ".cache" / "properdocs"

#: The one line that must differ: the theme writes the builder's name and version into each page.
GENERATOR = re.compile(rb'<meta name="generator" content="[^"]*">')


def properdocs() -> Path:
    """The Python of an environment with what the site needs, but no MkDocs."""
    locks = [REQUIREMENTS / f"{name}.txt" for name in ("pip", "site", "properdocs")]
    installs = [["install", "--require-hashes", "--requirement", str(lock)] for lock in locks]
    # The theme and the plugins ask for MkDocs, so it is taken away after they are installed.
    installs.append(["uninstall", "--yes", "mkdocs"])
    return environment(SITES / "environment", Path(sys.executable), *installs)


def build(python: Path, builder: str) -> Path:
    """The site as a builder makes it. SystemExit shows what it said where it fails."""
    site = SITES / builder
    shutil.rmtree(site, ignore_errors=True)
    command = [str(python), "-m", builder, "build", "--strict", "--config-file", "mkdocs.yml"]
    ran = subprocess.run(
        [*command, "--site-dir", str(site)],
        cwd=ROOT,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1", "PYTHONUTF8": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    if ran.returncode:
        raise SystemExit(f"{builder} does not build the site:\n{ran.stdout}")
    return site


def files(site: Path) -> dict[str, bytes]:
    """All files of a site by their paths, without the builder's name."""
    return {
        path.relative_to(site).as_posix(): GENERATOR.sub(b"", path.read_bytes())
        for path in site.rglob("*")
        if path.is_file()
    }


def differences(first: Path, second: Path) -> Iterator[str]:
    """One text for each file that the two sites have not in common, byte by byte."""
    one, other = files(first), files(second)
    for path in sorted(one.keys() | other.keys()):
        if path not in other:
            yield f"{path}: only with {first.name}"
        elif path not in one:
            yield f"{path}: only with {second.name}"
        elif one[path] != other[path]:
            yield f"{path}:\n{changed(one[path], other[path])}"


def changed(one: bytes, other: bytes) -> str:
    """What differs between two texts, cut where it is long; of other bytes their number."""
    try:
        old, new = (content.decode("utf-8").splitlines() for content in (one, other))
    except UnicodeDecodeError:
        return f"    {len(one)} and {len(other)} bytes"
    lines = list(difflib.unified_diff(old, new, lineterm="", n=0))[2:]
    shown = [f"    {line[:200]}" for line in lines[:12]]
    return "\n".join(shown + ([f"    … and {len(lines) - 12} more"] if len(lines) > 12 else []))


def main() -> int:
    sites = [build(Path(sys.executable), "mkdocs"), build(properdocs(), "properdocs")]
    found = list(differences(*sites))
    print("\n".join(found))
    print(f"{len(files(sites[0]))} files with MkDocs, {len(found)} of them differ with ProperDocs")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
