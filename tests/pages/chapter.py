"""A chapter of one table of symbols, one formula and one check, for a test to get wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

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
    formula: str = "y = 2 x"
    table: str = "| $x$, $y$ | numbers | numbers |"
    values: str = '{"x": x, "y": sum([x, x])}'
    body: str = 'x = draw("x")'
    before: str = ""
    after: str = ""
    options: str = ""
    definitions: tuple[str, ...] = ()
    site: SmallSite = field(init=False)

    def __post_init__(self) -> None:
        self.site = SmallSite(self.root)
        Path(self.root / "node_modules").symlink_to(ROOT / "node_modules")
        for folder in ("checks", "snippets"):
            self.site.write(f"{folder}/__init__.py", "")
        self.site.write("snippets/one.py", SNIPPET)

    def write(self) -> None:
        formulas = [f"$$\n{tex}\n$$" for tex in (*self.definitions, rf"{self.formula} \tag{{a.1}}")]
        page = PAGE.format(table=self.table, formulas="\n\n".join(formulas))
        self.site.both("a", page)
        check = CHECK.format(
            before=self.before,
            tags='"a.1"',
            options=self.options,
            body=self.body,
            values=self.values,
            after=self.after,
        )
        self.site.write("checks/a.py", check)

    @property
    def verdict(self) -> Verdict:
        self.write()
        return self.site.equations.verdicts(["a.1"], "en")["a.1"]

    @property
    def faults(self) -> str:
        """Everything that is wrong with the equation, as it is told."""
        self.write()
        page = self.site.page(self.site.docs / "en" / "a.md")
        return "\n".join(
            map(str, [*self.site.equations.faults(), *equation_faults(self.site, page)])
        )
