"""The search index of one language: Material's, with names, formulas and weights of our own.

An entry is a section of a page. ``names`` is a field that no result shows; the worker adds another
one with the words of the formulas (engine/search/query.js).
"""

from __future__ import annotations

import html
import json
import re
from typing import Any

from material.plugins.search.plugin import SearchIndex
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import TableOfContents

from engine.paths import LABS, is_check_page
from engine.search.page_html import FORMULA_BEGINS, FORMULA_ENDS
from engine.search.words import HAN, Words, spellings

#: How much a page counts: chapters before labs, labs before what the build generates.
CHAPTER, LAB, REFERENCE, GENERATED = 1.0, 0.6, 0.4, 0.1

#: How much a section counts beside the others of its page, by its anchor.
SECTIONS = {"references": 0.1, "summary": 0.6, "symbols": 0.6, "exercises": 0.6, "try": 0.4}
EXERCISE = 0.4

#: Between words that belong together without a space; the separator splits at it.
GAP = "\u200b"

#: Gaps beside marks that separate words themselves: a line could be broken there.
_BESIDE_MARKS = re.compile(f"{GAP}(?=[，。、；：？！）》」】”’])|(?<=[（《「【“‘]){GAP}")

_FORMULA = re.compile(f"{FORMULA_BEGINS}([^{FORMULA_ENDS}]*){FORMULA_ENDS}")


class Index(SearchIndex):  # type: ignore[misc]  # Material has no types
    """Entries as the worker reads them, for one language."""

    def __init__(self, words: Words, **config: Any) -> None:
        super().__init__(**config)
        self._words = words
        self._names = words.names()
        self._used: set[str] = set()

    def create_entry_for_section(
        self, section: Any, toc: TableOfContents, url: str, page: Page
    ) -> None:
        super().create_entry_for_section(section, toc, url, page)
        entry = self.entries[-1]
        address, _, anchor = entry["location"].partition("#")
        names = list(self._names.get(entry["location"], ()))
        if not anchor:
            names += [s for name in page.meta.get("names") or () for s in spellings(str(name))]
            names.append(str(page.meta.get("title", page.title)))
        if names:
            entry["names"] = [self._segment_chinese(name) for name in dict.fromkeys(names)]
        for field in ("title", "text"):
            entry[field] = _FORMULA.sub(lambda found: html.unescape(found[0]), entry[field])
        entry["boost"] = weight_of(address, anchor)

    def generate_search_index(self, prev: SearchIndex | None) -> str:
        """The index as JSON, with the words that the worker looks for in others."""
        index = json.loads(super().generate_search_index(prev))
        index["config"]["parts"] = self._words.parts(self._used)
        return json.dumps(index, ensure_ascii=False, separators=(",", ":"))

    def _segment_chinese(self, data: str) -> str:
        def cut(run: re.Match[str]) -> str:
            words = self._words.cut(run[0])
            self._used.update(words)
            return GAP + GAP.join(words) + GAP

        return _BESIDE_MARKS.sub("", HAN.sub(cut, data)).strip(GAP)


def weight_of(address: str, anchor: str) -> float:
    """How much an entry counts: by what kind of page it is on, and by what is in the section."""
    name = address.rstrip("/")
    if is_check_page(name) or name == "reference/references":
        page = GENERATED
    elif name.startswith("reference/"):
        page = REFERENCE
    else:
        page = LAB if name.startswith(f"{LABS}/") else CHAPTER
    section = EXERCISE if anchor.startswith("exercise-") else SECTIONS.get(anchor, 1.0)
    return page * section
