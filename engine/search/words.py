"""What the glossary tells the search: the names by which a place is found, and all words."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property

import jieba

from engine.languages.words import CHINESE
from engine.reading.addresses import address_of
from engine.reference.glossary import NAME, Term, terms
from engine.site import Site

HAN = re.compile(r"[\u3400-\u9fff]+")

#: Words within a word are at least so long, in characters.
SHORTEST_PART = 2


class Words:
    """The glossary of one language, as the search uses it."""

    def __init__(self, site: Site, language: str) -> None:
        path = site.source(language, NAME)
        self._terms: list[Term] = list(terms(site.page(path))) if path else []
        self._parts: dict[str, list[str]] = {}

    def names(self) -> dict[str, list[str]]:
        """By the address of a section or page, all names of what it explains, in both languages."""
        found: dict[str, list[str]] = defaultdict(list)
        for term in self._terms:
            place = address_of(term.page)
            if term.anchor and term.anchor != "title":
                place += f"#{term.anchor}"
            for name in (*term.words.values(), *term.rejected):
                found[place].extend(spellings(name))
        return found

    def cut(self, text: str) -> list[str]:
        """A run of Chinese characters as words; those of the glossary stay whole."""
        return list(self._segmenter.cut(text))

    def parts(self, used: Iterable[str]) -> dict[str, list[str]]:
        """The words within those of the glossary that are used: 梯度裁剪 has 梯度 and 裁剪."""
        return {word: self._parts[word] for word in sorted(set(used)) if self._parts.get(word)}

    @cached_property
    def _segmenter(self) -> jieba.Tokenizer:
        """jieba, once it has said how it would cut the words that it is now to know."""
        segmenter = jieba.Tokenizer()
        known = self._chinese()
        for word in known:
            within = {*segmenter.cut_for_search(word), *(other for other in known if other in word)}
            parts = sorted(p for p in within if len(p) >= SHORTEST_PART and p != word)
            self._parts[word] = parts
        for word in known:
            segmenter.add_word(word)
        return segmenter

    def _chinese(self) -> list[str]:
        """The glossary's Chinese words, each once."""
        names = (name for term in self._terms for name in (*term.words.values(), *term.rejected))
        return list(dict.fromkeys(run for name in names for run in HAN.findall(name)))


def spellings(name: str) -> list[str]:
    """A name, and several English words of it in one: ``max pooling``, ``maxpooling``."""
    joined = re.sub(r"[\s-]+", "", name)
    return [name] if CHINESE.search(name) or joined == name else [name, joined]
