"""Stamps: of each section, what it said in both languages when they were last in step.

They stand in one file for each pair of pages, ``docs/in_step/NAME.yml``::

    symbols:
      zh: 0123456789abcdef
      en: fedcba9876543210

Two branches that change different sections change different lines of it, and merge.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import yaml

from engine.faults import Fault, FaultsFound
from engine.languages.history import History
from engine.languages.sections import TOP, Written, sections_at
from engine.paths import LANGUAGES, shown
from engine.reading import sources
from engine.site import Site

FOLDER = "in_step"


@dataclass(frozen=True)
class Stamp:
    """The digests of one section by language, and why only one of them had changed, if so."""

    digests: dict[str, str]
    reason: str = ""


class Pair:
    """One page in both languages, section by section, with its stamps.

    Raises FaultsFound where a file cannot be read, and LookupError where a language lacks it.
    """

    def __init__(self, site: Site, name: str) -> None:
        self.site = site
        self.name = name
        self.file = stamp_file(site, name)
        found = {language: site.source(language, name) for language in LANGUAGES}
        self.paths = {language: path for language, path in found.items() if path}
        if len(self.paths) < len(found):
            there = next(iter(self.paths.values()), None)
            missing = shown(site.sibling_of(there)) if there else f"a page called {name}"
            raise LookupError(f"{missing} does not exist")
        self.stamps = read_stamps(self.file, name)
        self.sections = {lang: sections_at(site, path) for lang, path in self.paths.items()}
        self.history = History(site)

    @property
    def keys(self) -> list[str]:
        """The anchors of all sections in page order, then of those that only the stamps have."""
        everywhere = [key for found in self.sections.values() for key in found]
        return list(dict.fromkeys([*everywhere, *self.stamps]))

    def digests(self, key: str) -> dict[str, str]:
        """What a section says now, by language; a language may lack it."""
        return {
            language: found[key].digest for language, found in self.sections.items() if key in found
        }

    def stamped(self, key: str) -> dict[str, str]:
        """What a section said when it was stamped, by language; empty if it never was."""
        return self.stamps[key].digests if key in self.stamps else {}

    @cached_property
    def changed(self) -> dict[str, list[str]]:
        """The sections that are not in step, with the languages in which they have changed.

        A change that its commit calls one of one language alone is none.
        """
        found = {}
        for key in self.keys:
            now, then = self.digests(key), self.stamped(key)
            if now == then:
                continue
            languages = [
                language
                for language in LANGUAGES
                if now.get(language) != then.get(language)
                and not (
                    language in now
                    and language in then
                    and self.history.accepts(
                        self.paths[language], key, now[language], then[language]
                    )
                )
            ]
            if languages:
                found[key] = languages
        return found

    def renew(self, keys: Iterable[str], reason: str = "") -> None:
        """Stamp these sections in both languages at once; write the file."""
        renewed = {key: Stamp(self.digests(key), reason) for key in keys}
        kept = self.stamps | renewed
        write_stamps(self.file, {key: kept[key] for key in self.keys if key in kept})
        self.stamps = read_stamps(self.file, self.name)
        self.__dict__.pop("changed", None)

    def place(self, language: str, key: str) -> str:
        """Where a section stands, for a message: ``docs/en/lstm.md:40``."""
        return f"{shown(self.paths[language])}:{self._line(language, key)}"

    def _line(self, language: str, key: str) -> int:
        written: Written | None = self.sections[language].get(key)
        return written.line if written else 1

    def fault(self, key: str) -> Fault:
        """The fault of a section that is not in step, told where there is something to do."""
        languages = self.changed[key]
        behind = next((lang for lang in LANGUAGES if lang not in languages), None)
        here = behind or LANGUAGES[0]
        there = next(language for language in LANGUAGES if language != here)
        command = f"make stamp PAGE={self.name}"
        other = self.place(there, key)
        if behind:
            what = f"section {anchor(key)} has changed in {other} since both were in step"
            if key not in self.sections[there]:
                what = f"section {anchor(key)} is gone from {shown(self.paths[there])}"
            remedy = f"carry the change over, then: {command}"
        elif key not in self.stamps:
            what = f"section {anchor(key)} is new here and in {other}, and not stamped"
            remedy = f"see that both say the same, then: {command}"
        else:
            what = f"section {anchor(key)} has changed here and in {other}, and is not stamped anew"
            remedy = f"see that both say the same, then: {command}"
        return Fault(self.paths[here], self._line(here, key), what, remedy)


def stamp_file(site: Site, name: str) -> Path:
    """Where the stamps of a pair of pages stand."""
    return site.docs / FOLDER / f"{name}.yml"


def stamp_faults(site: Site, name: str) -> list[Fault]:
    """The sections of a page that are not in step; none where a language lacks the page."""
    if any(site.source(language, name) is None for language in LANGUAGES):
        return []
    try:
        pair = Pair(site, name)
    except FaultsFound as error:
        return list(error.faults)
    if not pair.file.exists():
        path = pair.paths[LANGUAGES[0]]
        what = f"the page has never been stamped: there is no {shown(pair.file)}"
        remedy = f"see that both languages say the same, then: make stamp PAGE={name}"
        return [Fault(path, 1, what, remedy)]
    return [pair.fault(key) for key in pair.changed]


def without_page(site: Site) -> list[Fault]:
    """Files of stamps whose page is gone."""
    names = {site.name_of(path) for language in LANGUAGES for path in site.sources(language)}
    folder = site.docs / FOLDER
    return [
        Fault(path, 1, "these stamps belong to no page", "delete the file")
        for path in sorted(folder.rglob("*.yml"))
        if path.relative_to(folder).with_suffix("").as_posix() not in names
    ]


def read_stamps(path: Path, name: str) -> dict[str, Stamp]:
    """The stamps of a file by section; none if it does not exist. Raises FaultsFound."""
    if not path.exists():
        return {}
    text = sources.read(path)
    try:
        # All values are text, also digests that happen to have decimal digits alone.
        content = yaml.load(text, yaml.BaseLoader) or {}
        return {
            key: Stamp({lang: given[lang] for lang in LANGUAGES if lang in given}, _reason(given))
            for key, given in content.items()
        }
    except (yaml.YAMLError, AttributeError, TypeError) as error:
        mark = getattr(error, "problem_mark", None)
        what = "these stamps cannot be read"
        remedy = (
            f"take an earlier state: git checkout HEAD {shown(path)}; then make stamp PAGE={name}"
        )
        if "<<<<<<<" in text:
            what = "two branches have changed the same section, and it has to be looked at again"
            remedy = (
                f"resolve the pages first, then take the stamps of one side: git checkout --ours "
                f"{shown(path)}; then make stamp PAGE={name}"
            )
        line = mark.line + 1 if mark else 1
        raise FaultsFound(Fault(path, line, what, remedy)) from None


def _reason(given: dict[str, str]) -> str:
    return given.get("reason", "")


def write_stamps(path: Path, stamps: dict[str, Stamp]) -> None:
    """Write the stamps of a pair of pages, in this order."""
    lines = []
    for key, stamp in stamps.items():
        if not stamp.digests:  # the section is gone from both languages
            continue
        lines.append(f"{key}:")
        lines += [f"  {lang}: {stamp.digests[lang]}" for lang in LANGUAGES if lang in stamp.digests]
        if stamp.reason:
            reason = yaml.safe_dump(stamp.reason, allow_unicode=True, width=10_000)
            lines.append(f"  reason: {reason.splitlines()[0]}")
    path.parent.mkdir(parents=True, exist_ok=True)
    sources.write(path, "\n".join(lines) + "\n")


def anchor(key: str) -> str:
    """A section as messages call it."""
    return "above the first heading" if key == TOP else f"#{key}"
