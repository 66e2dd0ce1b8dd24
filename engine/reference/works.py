"""The record of works, ``docs/works.yml``: what the pages cite, looked up once, in one place.

    - authors: [S. Hochreiter, J. Schmidhuber]
      title: Long short-term memory
      in: Neural Computation 9, 1735–1780
      year: 1997
      doi: 10.1162/neco.1997.9.8.1735
      confirmed: the DOI with title, authors, volume, pages and year in a bibliography

``others: true`` stands for authors who are not named; ``preprint`` is the year of the arXiv paper
where it is another; ``title`` may be given by language; ``url`` may be a list. ``confirmed`` says
what was compared with something outside this site; a work without it was taken over as it stood.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from stdnum import isbn

from engine.faults import Fault
from engine.reading import sources
from engine.site import Site

FILE = "works.yml"

FIELDS = frozenset(
    (
        "authors",
        "others",
        "title",
        "in",
        "year",
        "preprint",
        "doi",
        "arxiv",
        "isbn",
        "url",
        "confirmed",
    )
)

#: Where identifiers lead.
ADDRESSES = {"doi": "https://doi.org/", "arxiv": "https://arxiv.org/abs/"}

DOI_FORM = re.compile(r"10\.\d{4,9}/\S+")
ARXIV_FORM = re.compile(r"\d{2}(?:0[1-9]|1[0-2])\.\d{4,5}(?:v\d+)?|[a-z-]+(?:\.[A-Z]{2})?/\d{7}")

#: The identifiers whose form, or check digit, says whether they can be right.
CHECKED: dict[str, tuple[str, Callable[[str], object]]] = {
    "doi": ("a DOI", DOI_FORM.fullmatch),
    "arxiv": ("an arXiv number", ARXIV_FORM.fullmatch),
    "isbn": ("an ISBN: its check digit is wrong", isbn.is_valid),
}


@dataclass(frozen=True)
class Work:
    """One work; ``line`` is where it stands in the record, ``given`` all that is said there."""

    given: dict[str, Any]
    line: int

    @property
    def authors(self) -> list[str]:
        return [str(name) for name in self.given.get("authors") or []]

    @property
    def others(self) -> bool:
        return bool(self.given.get("others"))

    def title(self, language: str) -> str:
        title = self.given.get("title")
        return str(title.get(language, "") if isinstance(title, dict) else title or "")

    @property
    def published(self) -> str:
        """The journal, book or publisher, with volume and pages."""
        return str(self.given.get("in") or "")

    @property
    def years(self) -> list[str]:
        """The year of publication, and that of the preprint if it is another."""
        return [str(self.given[name]) for name in ("year", "preprint") if name in self.given]

    @property
    def urls(self) -> list[str]:
        given = self.given.get("url") or []
        return [str(url) for url in (given if isinstance(given, list) else [given])]

    @property
    def identifiers(self) -> set[tuple[str, str]]:
        """What it is found by, each with its kind: ``("doi", "10.1038/323533a0")``."""
        found = {("url", url) for url in self.urls}
        for kind in CHECKED:
            if kind in self.given:
                value = str(self.given[kind])
                found.add((kind, digits(value) if kind == "isbn" else value))
        return found

    @property
    def addresses(self) -> set[str]:
        """Where links to it lead."""
        return {ADDRESSES.get(kind, "") + value for kind, value in self.identifiers}


def works(site: Site) -> list[Work]:
    """All works of the record; none where it cannot be read, of which ``record_faults`` tells."""
    return list(_read(site.docs / FILE)[0])


def record_faults(site: Site) -> list[Fault]:
    """What cannot be right in the record by itself."""
    path = site.docs / FILE
    listed, faults = _read(path)
    counts = Counter(identifier for work in listed for identifier in work.identifiers)
    for work in listed:
        for message, remedy in _problems(work):
            faults.append(Fault(path, work.line, message, remedy))
        for kind, value in sorted(work.identifiers):
            if counts[kind, value] > 1:
                what = f"two works have the same {kind} {value}"
                faults.append(Fault(path, work.line, what, "look both up again"))
    return faults


def _problems(work: Work) -> Iterator[tuple[str, str]]:
    again = "look the work up again"
    for field in sorted(work.given.keys() - FIELDS):
        yield f"a work has no {field!r}", f"a work has {', '.join(sorted(FIELDS))}"
    if not work.given.get("title"):
        yield "this work has no title", "write it: title: …"
    for kind, value in sorted(work.identifiers):
        if kind in CHECKED and not CHECKED[kind][1](value):
            yield f"{value!r} is not {CHECKED[kind][0]}", again
    for year in work.years:
        if not re.fullmatch(r"1[89]\d\d|20\d\d", year):
            yield f"{year!r} is not a year", again


def digits(number: str) -> str:
    """An ISBN without its hyphens and spaces."""
    return re.sub(r"[\s-]", "", number).upper()


def _read(path: Path) -> tuple[list[Work], list[Fault]]:
    """The works of a record, and what is wrong with its form; nothing if there is no record."""
    if not path.is_file():
        return [], []
    remedy = "write a list of works, each with title, year and an identifier"
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(sources.read(path))  # ten times as fast
    try:
        node = loader.get_single_node()
        entries = node.value if isinstance(node, yaml.SequenceNode) else []
        if node is not None and not isinstance(node, yaml.SequenceNode):
            return [], [Fault(path, 1, "this is no list of works", remedy)]
        found, faults = [], []
        for entry in entries:
            line = entry.start_mark.line + 1
            given = loader.construct_object(entry, deep=True)
            if isinstance(given, dict):
                found.append(Work(given, line))
            else:
                faults.append(Fault(path, line, "this entry is no work", remedy))
        return found, faults
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or str(error)
        line = mark.line + 1 if mark else 1
        return [], [Fault(path, line, f"the record of works is not YAML: {reason}", remedy)]
    finally:
        loader.dispose()
