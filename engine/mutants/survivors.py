"""The mutants that no page notices, each with the reason why: ``tests/snippets/survivors.yml``.

    clipping:
      - function: clip_by_global_norm
        line: "if global_norm(g) <= theta:"
        change: "global_norm(g) <= theta → (global_norm(g) < theta)"
        reason: "At equality the factor is 1: both give the same."

``nth`` says which is meant, from 1, where a line can be changed so at several places.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import yaml

from engine.faults import Fault, FaultsFound
from engine.mutants.mutate import Mutant
from engine.reading import sources

WANTED = {"function", "line", "change", "reason"}

#: What tells a mutant from all others: module, function, text of the line, change, which of those.
Key = tuple[str, str, str, str, int]


def file_of(root: Path) -> Path:
    return root / "tests" / "snippets" / "survivors.yml"


@dataclass(frozen=True)
class Survivor:
    """An entry of the list; ``number`` is its line there."""

    key: Key
    reason: str
    number: int


def keyed(mutants: Iterable[Mutant]) -> dict[Key, Mutant]:
    """Mutants by what tells them apart; the same lines of a function are told by their order."""
    found: dict[Key, Mutant] = {}
    seen: Counter[tuple[str, str, str, str]] = Counter()
    for mutant in mutants:
        what = (mutant.path.stem, mutant.function, mutant.text, mutant.change)
        seen[what] += 1
        found[(*what, seen[what])] = mutant
    return found


def survivors(root: Path) -> dict[Key, Survivor]:
    """The list. Raises FaultsFound where it is not of its form."""
    path = file_of(root)
    if not path.exists():
        return {}
    found: dict[Key, Survivor] = {}
    number = 1
    try:
        tree = yaml.compose(sources.read(path)) or yaml.MappingNode("", [])
        for module, entries in tree.value:
            for entry in entries.value:
                number = entry.start_mark.line + 1
                told = {key.value: value.value for key, value in entry.value}
                survivor = _survivor(module.value, told, number)
                if survivor.key in found:
                    raise ValueError("this mutant is listed twice")
                found[survivor.key] = survivor
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise _wrong(path, mark.line + 1 if mark else 1, error.problem or "no YAML") from error
    except (TypeError, ValueError, AttributeError) as error:
        raise _wrong(path, number, str(error)) from error
    return found


def _survivor(module: str, told: dict[str, str], number: int) -> Survivor:
    """One entry. Raises ValueError."""
    if not set(told) >= WANTED or not told["reason"].strip():
        raise ValueError(f"an entry has {', '.join(sorted(WANTED))}")
    nth = int(told.get("nth", 1))
    key = (module, told["function"], told["line"], told["change"], nth)
    return Survivor(key, told["reason"], number)


def _wrong(path: Path, number: int, what: str) -> FaultsFound:
    what = f"not the list of survivors: {what}"
    remedy = "write each entry as engine/mutants/survivors.py says"
    return FaultsFound(Fault(path, number, what, remedy))


def stale(root: Path, made: dict[Key, Mutant]) -> list[Fault]:
    """Entries whose line has changed, or that no longer belong to any mutant."""
    return [
        Fault(
            file_of(root),
            entry.number,
            f"{key[0]}.py has no such mutant any more: {key[2]!r} in {key[1] or 'the module'}, "
            f"{key[3]}",
            f"look at it again: remove the entry, and run: make mutants MODULE={key[0]}",
        )
        for key, entry in survivors(root).items()
        if key not in made
    ]
