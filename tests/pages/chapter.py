"""A chapter of one table of symbols, one formula and one check, for a test to get wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.equations.check import Verdict
from engine.equations.faults import equation_faults
from tests.conftest import ROOT
from tests.small_site import SmallSite

PAGE = """---
title: A
description: A
---

# A {{#title}}

## Symbols {{#symbols}}

| symbol | meaning | shape |
|---|---|---|
{table}

{formulas}
"""

CHECK = """import numpy as np

from engine.equations import *

{before}

@worth({tags}{options})
def values(draw: Draw) -> Values:
    {body}
    return {values}
{after}
"""

SNIPPET = """import numpy as np


def twice(x):
    return 2 * x


class Doubler:
    def __call__(self, x):
        return 2 * x
"""


@dataclass
class Chapter:
    """What one page prints and one check says; ``verdict`` is what comes of it."""

    root: Path
    name: str = "a"
    formula: str = "y = 2 x"
    table: str = "| $x$, $y$ | numbers | numbers |"
    values: str = '{"x": x, "y": sum([x, x])}'
    body: str = 'x = draw("x")'
    before: str = ""
    after: str = ""
    options: str = ""
    definitions: tuple[str, ...] = ()
    session: str = ""
    site: SmallSite = field(init=False)

    def __post_init__(self) -> None:
        self.site = SmallSite(self.root)
        packages = self.root / "node_modules"
        if not packages.is_symlink():
            packages.symlink_to(ROOT / "node_modules")
        for folder in ("checks", "snippets"):
            self.site.write(f"{folder}/__init__.py", "")
        self.site.write("snippets/one.py", SNIPPET)

    @property
    def tag(self) -> str:
        return f"{self.name}.1"

    def write(self) -> None:
        tagged = rf"{self.formula} \tag{{{self.tag}}}"
        formulas = [f"$$\n{tex}\n$$" for tex in (*self.definitions, tagged)]
        page = PAGE.format(table=self.table, formulas="\n\n".join(formulas))
        self.site.both(self.name, page + self.session)
        check = CHECK.format(
            before=self.before,
            tags=f'"{self.tag}"',
            options=self.options,
            body=self.body,
            values=self.values,
            after=self.after,
        )
        self.site.write(f"checks/{self.name}.py", check)

    @property
    def verdict(self) -> Verdict:
        [verdict] = verdicts([self])
        return verdict

    @property
    def faults(self) -> str:
        """Everything that is wrong with the equation, as it is told."""
        [told] = faults([self])
        return told


def chapters(root: Path, changes: Mapping[str, Mapping[str, Any]]) -> list[Chapter]:
    """A chapter for each of these changes to the one that is right, all in one site."""
    return [
        Chapter(root, name=f"a{number}", **change) for number, change in enumerate(changes.values())
    ]


def verdicts(together: Sequence[Chapter]) -> list[Verdict]:
    """What comes of each of these chapters of one site, verified together."""
    for chapter in together:
        chapter.write()
    tags = [chapter.tag for chapter in together]
    found = together[0].site.equations.verdicts(tags, "en")
    return [found[tag] for tag in tags]


def faults(together: Sequence[Chapter]) -> list[str]:
    """Everything that is wrong with each of these chapters, told as if it stood alone in its site.

    To start what verifies takes longer than to verify: so it is started once.
    """
    for chapter in together:
        chapter.write()
    site = together[0].site
    of_modules = site.equations.faults()
    told = []
    for chapter in together:
        own = site.checks / f"{chapter.name}.py"
        page = site.page(site.docs / "en" / f"{chapter.name}.md")
        found = [*(f for f in of_modules if f.path == own), *equation_faults(site, page)]
        told.append(re.sub(rf"\b{chapter.name}\b", "a", "\n".join(map(str, found))))
    return told
