"""Marks of Markdown, TeX and HTML that have no business in text: there something is not understood.

Where one of them is left over, readers would see it as it is written. Formulas, code and escaped
characters are no part of the text that is searched; ``\\0`` stands in their place.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Mark:
    """How a mark looks, what to call it, and what to write instead."""

    pattern: re.Pattern[str]
    message: str
    remedy: str


_ADMONITION = (
    'write !!! note "Title" in straight quotes, blank lines around it, its text indented by four '
    "spaces"
)
_LINK = "write it in place: [text](address)"
_HEADING = "write a heading as ## Title {#anchor}"
_LIST = "leave a blank line above the list, and indent what belongs to an item by four spaces"

#: Marks that count where they begin a line.
_OF_LINES = (
    (
        r"!!!|\?\?\?\+?|===|！！！|？？？|＝＝＝",
        "the mark of an admonition that is none",
        _ADMONITION,
    ),
    (":::", "the mark of a block that this site does not know", _ADMONITION),
    (
        "//|／／",
        "the mark of a caption that is none",
        "write /// caption, then the text, then /// on lines of their own",
    ),
    ("[#＃]+", "the mark of a heading that is none", _HEADING),
    (r"(?:[-+*]|\d+[.)])(?:\s|$)", "the mark of a list item that is none", _LIST),
    (
        r"[－＋＊][^\S\n]|\d+(?:．(?!\d)|）\s)",
        "the mark of a list item in full width",
        "begin items with - or 1. and a plain space",
    ),
    (
        r"[-+](?=[^\s\d+-])|\d+[.)](?=[^\s\d])",
        "the mark of a list item without a space behind it",
        "leave a space: - item, 1. item",
    ),
    (
        r"\[[ xX]\][ \t]",
        "a box to tick, which this site does not have",
        "take it out, or say it in words",
    ),
    (
        r"[•·●◦▪‣・]|[—–―]+[^\S\n]",
        "the sign of a list item that is none",
        "begin the items of a list with -",
    ),
    ("[>＞]", "the mark of a quotation that is none", "leave a blank line above it"),
    (
        "[:：]",
        "the mark of a definition that is none",
        "put its term on the line above, and three spaces behind the colon",
    ),
    (r"(?:={3,}|-{3,})[ \t]*$", "a line of marks", _HEADING),
    (r"\*\[", "an abbreviation", "say what it stands for in the text"),
)

#: Marks that count wherever they stand.
_ANYWHERE = (
    (
        r"\$\0?\$",
        "the mark of a display formula that is none",
        "put $$ on lines of their own, above and below the formula, blank lines around them",
    ),
    (
        r"\$",
        "a dollar sign that no formula begins or ends with",
        r"write \$ for the sign; a formula is $x$ without spaces at its ends",
    ),
    (
        "```|~~~",
        "the mark of a fence that is none",
        "put it on a line of its own, indented like the text around it",
    ),
    ("`", "a backtick that does not belong to any code", "close the code: `x`"),
    (r"\[![A-Za-z]+\]", "the mark of an admonition that this site does not know", _ADMONITION),
    (r"\] \([^)\s]*[./#][^)\s]*\)", "a space between the text of a link and its address", _LINK),
    (r"[\[［]\^[^\]］]*[\]］]", "a footnote that is not defined", "define it: [^1]: text"),
    (r"!?\[[^\]]*\]\[[^\]]*\]", "a link whose address is not defined", _LINK),
    (
        r"!\[|\]\(",
        "the mark of a link or picture that is none",
        "write [text](address), no spaces or dollar signs in the address",
    ),
    (
        r"］\(|[\]］]（(?:[#./]|\w+:/|[\w/-]+\.[a-z]+\b)",
        "the mark of a link in full width",
        "write it in plain brackets: [text](address)",
    ),
    (
        r"[＄｀＊＿]|～～|＜/?[A-Za-z]+＞|＆#?\w+[；;]",
        "a mark of Markdown in full width, which readers would see",
        "write it plainly: $x$, `code`, *text*",
    ),
    (
        "--8<--",
        "the mark of an included section",
        'put it in a fence: --8<-- "file.py:section"',
    ),
    (
        r"\{[:#.][^}]*\}|(?<!\])\{=(?!>{0,2} )[^}]*\}|\{(?!=)[^}]*[#=][^}]*\}",
        "attributes that nothing takes",
        "only headings have them: ## Title {#anchor}",
    ),
    (
        r"^[ \t]*[|｜]|[|｜][ \t]*$",
        "the mark of a table that is none",
        "leave a blank line above the table and a row of |---| below its head; in a sentence "
        "write the sign as code or in a formula",
    ),
    (r"\\[A-Za-z]+", "TeX outside a formula", "put it between dollar signs: $…$"),
    ("</?[A-Za-z!][^>]*>?", "a piece of HTML", r"write it in Markdown, or escape it: \<"),
    (
        "(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])",
        "an underscore",
        r"emphasise with stars: *text*; write a name as code: `_name`; a sign of its own is \_",
    ),
    (
        r"(?:^|\s)\*+(?=\s|$)",
        "a star that emphasises nothing",
        r"write \* for the sign, or the product as a formula",
    ),
    (
        r"(?<=[A-Za-z0-9])\*+(?=[A-Za-z0-9])",
        "a star between two letters",
        r"write code, `2**10`, a formula, $a \cdot b$, or \* for the sign",
    ),
    (
        r"(?<=[A-Za-z0-9_]\()\*+(?=[A-Za-z])",
        "stars of a call, which would emphasise something",
        "write it as code: `f(*args)`",
    ),
    (
        r"\[\[[A-Za-z\u3400-\u9fff][^\]]*\]\]",
        "the link of a wiki",
        _LINK,
    ),
    (
        r"\{\{|\{%|%\}|\{(?:--|\+\+|>>|~~|==)",
        "the mark of a template, or of a correction",
        "take it out, or write it as code",
    ),
    (
        r"(?<![\w:]):[a-z][a-z0-9_+-]*:(?![\w:])",
        "the name of a sign, which readers would see",
        "write the sign itself, or say it in words",
    ),
    (
        r"(?<=[A-Za-z0-9)])(?P<small>[~^])[A-Za-z0-9+-]+(?P=small)",
        "a mark of small letters, which this site does not have",
        "write it as a formula: $x^2$, $x_2$",
    ),
    ("--+>", "the end of a comment that does not begin", "write → for an arrow"),
    (
        r"\b(?:https?|ftp)://|\bwww\.",
        "an address that is no link",
        "write it behind its text: [title](https://…), or as code",
    ),
    (r"\[TOC\]", "a table of contents", "take it out: the page has one"),
    (
        r"(?P<mark>~~|==|\+\+|\^\^)\S.*?(?P=mark)",
        "a mark that this site does not know",
        "take it out, or put it in code",
    ),
)

MARKS = (
    *(Mark(re.compile(rf"^[ \t]*(?:{found})", re.M), *said) for found, *said in _OF_LINES),
    *(Mark(re.compile(found, re.M), *said) for found, *said in _ANYWHERE),
)


def first_mark(text: str) -> tuple[Mark, re.Match[str]] | None:
    """The mark that stands in a text, the first of the table if there are several."""
    found = ((mark, mark.pattern.search(text)) for mark in MARKS)
    return next(((mark, match) for mark, match in found if match), None)
