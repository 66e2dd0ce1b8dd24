"""Each definition is made false, and something refuses it, or it is listed with a reason."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from engine.equations.faults import definition_faults
from tests.pages.chapter import Chapter

TABLE = "| $x$, $y$, $w$ | numbers | numbers |"
LISTED = "definitions:\n  - page: a\n    what: w\n    en: Not needed.\n    zh: 用不到。\n"


def told(
    root: Path, definition: str, listed: str = "", *, holds: bool = True, **changes: Any
) -> str:
    changes = {"formula": "y = 2 x", **changes}
    chapter = Chapter(root, table=TABLE, definitions=(definition,), **changes)
    chapter.write()
    site = chapter.site
    site.write("checks/beyond.yml", listed)
    assert all(verdict.passed for verdict in site.equations.verdicts().values()) == holds
    return "\n".join(map(str, definition_faults(site, site.page(site.docs / "en" / "a.md"))))


def test_a_definition_that_an_equation_needs_is_held(tmp_path: Path) -> None:
    assert told(tmp_path, r"w \coloneqq 3 x", formula="y = w - x") == ""
    found = told(tmp_path, r"w \coloneqq 3 x", LISTED, formula="y = w - x")
    assert "checks/beyond.yml:2: the definition of w is held without this entry" in found


def test_a_definition_that_nothing_evaluates_is_a_fault_unless_it_is_listed(
    tmp_path: Path,
) -> None:
    found = told(tmp_path, r"w \coloneqq 3 x")
    assert "docs/en/a.md:14: the definition of w: nothing evaluates it" in found
    assert told(tmp_path, r"w \coloneqq 3 x", LISTED) == ""
    entry = LISTED.replace("what: w", "what: q") + LISTED.partition("\n")[2]
    assert "a does not define q" in told(tmp_path, r"w \coloneqq 3 x", entry)


def test_a_false_version_that_nothing_refuses_is_told(tmp_path: Path) -> None:
    found = told(tmp_path, r"w \coloneqq 2 x", formula="y^2 = w^2")
    assert "the definition of w: a false version passes (sign: 2x; as -2 · x)" in found


def test_nothing_is_said_of_definitions_where_an_equation_fails(tmp_path: Path) -> None:
    assert told(tmp_path, r"w \coloneqq 3 x", formula="y = 3 x", holds=False) == ""
