"""The kinds of faults that are planted to see that they are caught: ``tests/faults.yml``.

``plant`` names how it is planted (tests/faults.py); an entry without it is of a kind that nothing
holds but a reader. ``by`` is the question of engine/review.py that finds it, or what else does.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

from engine.reading import sources


@dataclass(frozen=True)
class Kind:
    """A kind of fault, named in each language; ``message`` is part of what is said of it."""

    names: dict[str, str]
    by: str
    message: str
    plant: str
    line: int


def kinds(root: Path) -> list[Kind]:
    """All kinds, in the order of the list."""
    path = root / "tests" / "faults.yml"
    if not path.exists():
        return []
    tree = yaml.compose(sources.read(path))
    found = []
    for entry in tree.value if tree else []:
        told = {key.value: value.value for key, value in entry.value}
        names = {language: told[language] for language in ("zh", "en")}
        by, message, plant = (told.get(key, "") for key in ("by", "message", "plant"))
        found.append(Kind(names, by, message, plant, entry.start_mark.line + 1))
    return found
