"""A page's HTML as the search plugin gets it: what readers look for, and no more.

The plugin reads HTML with a slow parser, and keeps its text. Here formulas become lines of text
between two marks, code loses its colours and its imports, and the rows of tables become
paragraphs, since the results show paragraphs.
"""

from __future__ import annotations

import html
import re

from engine.formulas.html import ARITHMATEX, source_of
from engine.formulas.katex import Katex
from engine.reading.page import TAG
from engine.search.formula_text import formula_text

#: Around a formula in the text of an entry; engine/search/query.js looks for them.
FORMULA_BEGINS, FORMULA_ENDS = "\ue000", "\ue001"

CODE = re.compile(r"<pre\b[^>]*>.*?</pre>", re.S)
TABLE = re.compile(r"<table\b[^>]*>.*?</table>", re.S)

#: What no question is about: the name of a block's file, the line below a chapter's title.
UNTOLD = re.compile(r'<span class="filename">.*?</span>|<p class="facts">.*?</p>', re.S)

COLOUR = re.compile(r"</?span\b[^>]*>")
EXCLUDED = "data-search-exclude"

#: Imports, in a script or typed into Python, with the lines that brackets continue.
IMPORT = re.compile(
    r"^(?:&gt;&gt;&gt; )?(?:import\s+[\w.]+.*|from\s+[\w.]+\s+import\s+(?:\([^)]*\)|.*))\n?", re.M
)

#: What stands folded at the top of a chapter is explained elsewhere.
SET_UP = re.compile(r'<details class="note">\s*<summary>(?:Setting up|准备)(?!\w)')

#: What the plugin takes out of a page once it has read it.
SEARCH_MARKS = re.compile(r"\s?data-search-\w+=\"[^\"]+\"")

_ROW = re.compile(r"<(/?)tr\b[^>]*>")


def searchable(content: str, katex: Katex, *, is_generated: bool = False) -> str:
    """The HTML of a page's content for the index, of what the build generates without its code.

    Raises BrokenFormula, NodeFailed.
    """
    if is_generated:
        content = CODE.sub("", TABLE.sub("", content))
    found = list(ARITHMATEX.finditer(content))
    katex.render_all(source_of(_tex(one), one["open"] == "[") for one in found)

    def line(formula: re.Match[str]) -> str:
        tex = _tex(formula)
        text = formula_text(katex.render(source_of(tex, formula["open"] == "[")))
        tag = TAG.search(tex)
        shown = html.escape(f"{text} ({tag[1]})" if tag else text, quote=False)
        marked = FORMULA_BEGINS + shown + FORMULA_ENDS
        return f"<p>{marked}</p>" if formula["open"] == "[" else marked

    content = ARITHMATEX.sub(line, content)
    content = SET_UP.sub(lambda begin: begin[0].replace(">", f" {EXCLUDED}>", 1), content)
    content = CODE.sub(_plain, UNTOLD.sub("", content))
    return _ROW.sub(r"<\1p>", content)


def _plain(code: re.Match[str]) -> str:
    """A block of code without colours, unless these exclude a part of it, and without imports."""
    text = code[0] if EXCLUDED in code[0] else COLOUR.sub("", code[0])
    begin = re.match(r"<pre\b[^>]*>(?:<code>)?", text)
    start = begin.end() if begin else 0
    return text[:start] + IMPORT.sub("", text[start:])


def _tex(formula: re.Match[str]) -> str:
    return html.unescape(formula["tex"]).strip()
