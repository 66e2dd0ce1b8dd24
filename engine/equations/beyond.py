"""What the checks of equations do not reach, each with the reason: ``checks/beyond.yml``.

lines:                  # whose comment names an equation that a program does not see in them
  - what: return w[:n_h].T, w[n_h:].T
    en: It cuts the matrix in two, and multiplies nothing.
    zh: 只是把矩阵切成两块，没有相乘。
definitions:            # that nothing evaluates
  - page: clipping
    what: \\mathrm{PP}
    en: …
    zh: …
relations:              # in a sentence, which says under what condition they hold, or not read
  - page: bias
    what: f(-x) = -f(x)  # or a list
    en: …
    zh: …
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from engine.faults import Fault, FaultsFound
from engine.paths import LANGUAGES
from engine.reading import sources

if TYPE_CHECKING:
    from engine.site import Site

KINDS = ("lines", "definitions", "relations")


@dataclass(frozen=True)
class Entry:
    """One entry; ``page`` is the name of its page, and ``number`` its line in the list."""

    what: str
    page: str
    reasons: dict[str, str]
    number: int


def file_of(site: Site) -> Path:
    return site.checks / "beyond.yml"


def beyond(site: Site, kind: str) -> list[Entry]:
    """The entries of a kind, in order. Raises FaultsFound where the list is not of its form."""
    path = file_of(site)
    if not path.is_file():
        return []
    number = 1
    try:
        tree = yaml.compose(sources.read(path)) or yaml.MappingNode("", [])
        found: dict[str, list[Entry]] = {name: [] for name in KINDS}
        for name, entries in tree.value:
            number = name.start_mark.line + 1
            if name.value not in found:
                raise ValueError(f"{name.value} is none of {', '.join(KINDS)}")
            for entry in entries.value:
                number = entry.start_mark.line + 1
                told = {key.value: value.value for key, value in entry.value}
                for what in _texts(told.get("what")):
                    found[name.value].append(_entry(name.value, {**told, "what": what}, number))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise _wrong(path, mark.line + 1 if mark else 1, error.problem or "no YAML") from None
    except (TypeError, ValueError, AttributeError) as error:
        raise _wrong(path, number, str(error)) from None
    return found[kind]


def _texts(what: Any) -> list[Any]:
    """One text, or those of a list."""
    return [node.value for node in what] if isinstance(what, list) else [what]


def _entry(kind: str, told: dict[str, str], number: int) -> Entry:
    """One entry. Raises ValueError."""
    wanted = {"what", *LANGUAGES} | (set() if kind == "lines" else {"page"})
    if {*told} != wanted or not all(isinstance(t, str) and t.strip() for t in told.values()):
        raise ValueError(f"an entry of {kind} has {', '.join(sorted(wanted))}")
    reasons = {language: told[language] for language in LANGUAGES}
    return Entry(told["what"], told.get("page", ""), reasons, number)


def _wrong(path: Path, number: int, what: str) -> FaultsFound:
    what = f"not the list of what checks do not reach: {what}"
    return FaultsFound(
        Fault(path, number, what, "write each entry as engine/equations/beyond.py says")
    )
