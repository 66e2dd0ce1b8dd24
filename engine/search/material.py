"""Changes of Material's two scripts, without which its search would not do for this site.

Each change replaces a piece of the script that stands in it once; where it does not, Material has
changed, and the build says which change has to be looked at again. Reported to Material or to be
reported: the loop of the segmentation that ends one character early.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

SOURCE_MAP = re.compile(r"\n//# sourceMappingURL=.*\s*\Z")

HERE = Path(__file__).parent


class UnknownScript(Exception):
    """A script of Material is not the one that the changes were written for; says which and why."""


@dataclass(frozen=True)
class Change:
    """One piece of a script, what takes its place, and what it is for."""

    old: str
    new: str
    why: str


@dataclass(frozen=True)
class Cut:
    """A function that has no callers left, by its beginning and its end."""

    old: str
    end: str
    why: str


@dataclass(frozen=True)
class Changed:
    """A script of Material's: where it stands, what is put before it, and what changes in it."""

    pattern: str
    before: str
    changes: tuple[Change | Cut, ...]

    def find(self, names: list[str]) -> str:
        """The one among the names of files that is this script. Raises UnknownScript."""
        found = [name for name in names if Path(name).match(self.pattern)]
        if len(found) != 1:
            raise UnknownScript(f"{len(found)} files are called {self.pattern}, not one")
        return found[0]

    def apply(self, script: str) -> str:
        """The script as this site serves it. Raises UnknownScript."""
        for change in self.changes:
            head, *tails = script.split(change.old)
            is_whole = len(tails) == 1 and (isinstance(change, Change) or change.end in tails[0])
            if not is_whole:
                raise UnknownScript(
                    f"{self.pattern} of Material has {change.old!r} {len(tails)} times, not once "
                    f"({change.why})"
                )
            if isinstance(change, Change):
                script = head + change.new + tails[0]
            else:
                script = head + tails[0].partition(change.end)[2]
        own = (HERE / self.before).read_text(encoding="utf-8")
        lines = [line.strip() for line in own.splitlines() if not line.lstrip().startswith("//")]
        # Material's map of its sources fits the changed script no longer.
        return "\n".join([*lines, SOURCE_MAP.sub("", script)])


#: The script of every page.
BUNDLE = Changed(
    "assets/javascripts/bundle.*.min.js",
    "late.js",
    (
        Change(
            "t=new Worker(e)",
            "t=lateSearch(e)",
            "the worker is fetched when the search is first used",
        ),
        Change(
            'L($(location.protocol!=="file:"),Je("search"))',
            'Je("search")',
            "the index is fetched when the search is first used",
        ),
        Change(
            ".subscribe(({config:o,docs:n})=>r.next({type:0,data:{config:o,docs:n,"
            'options:{suggest:V("search.suggest")}}}))',
            ".subscribe({next:({config:o,docs:n})=>r.next({type:0,data:{config:o,docs:n,"
            'options:{suggest:V("search.suggest")}}}),error:lateSearch.failed})',
            "a word where there is no index",
        ),
        Change(
            'V("search.highlight")?Ai(e,{index$:zi,location$:Kt}):y',
            "y",
            "marks in the page are made by theme/assets/found.js, which needs no index",
        ),
        Cut("function Ai(", "nodes:n}}))}", "what marked words in the page has no callers"),
        Cut("function xi(", '"$1")}}', "what made the patterns for that has none, either"),
        Change(
            'h(e,"keyup"),o).pipe(m(()=>e.value)',
            'L(h(e,"keyup"),h(e,"input"),h(e,"compositionend")).pipe(g(i=>!i.isComposing)),o)'
            ".pipe(m(()=>e.value)",
            "text that is pasted or composed searches, too",
        ),
    ),
)

#: The script that searches.
WORKER = Changed(
    "assets/javascripts/workers/search.*.min.js",
    "query.js",
    (
        Change(
            "for(let o=s+1;o<t.length;o++)t.slice(s,o)in e",
            "for(let o=s+1;o<=t.length;o++)t.slice(s,o)in e",
            "the last word of a Chinese question is seen",
        ),
        Change(
            'this.ref("location");',
            'reading.prepare(this,e,r);this.ref("location");',
            "spelling, words within words, and formulas are read as they are indexed",
        ),
        Change(
            'if(e=e.replace(new RegExp("\\\\p{sc=Han}+","gu"),s=>[...fe(s,this.index'
            '.invertedIndex)].join("* ")),e=ce(e),!e)return{items:[]};',
            "let asked=reading.ask(e,this.index,fe);if(e=asked.query,!e)return{items:[]};",
            "a question is read as the index was",
        ),
        Change(
            "let f=he(r,Object.keys(u.metadata));",
            "let f=asked.found(Object.keys(u.metadata));",
            "a word counts as found where its stem or its other spelling is",
        ),
        Change(
            "score:a*(1+K(g,2)),terms:f",
            "score:a*asked.weight(f,!c.parent),terms:asked.shown(f,c),text:asked.teaser(c,this.map.get(o))",
            "all words in one place weigh more; the page marks words as they stand there",
        ),
        Change(
            "for(let f of r.sort((g,l)=>g-l))",
            "for(let f of[...new Set(r)].sort((g,l)=>g-l))",
            "a word that is found by two of its terms is marked once",
        ),
    ),
)


def renamed(name: str, content: str) -> str:
    """A script's name for what it holds now: no browser takes a kept one for it."""
    stem, _, rest = name.partition(".")
    digest = hashlib.sha256(content.encode()).hexdigest()[:8]
    return f"{stem}.{digest}.{rest.partition('.')[2]}"
