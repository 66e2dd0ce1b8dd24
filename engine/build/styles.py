"""The theme's style sheets, with the rules that some page or script of the site can use.

A rule is left out when each of its selectors asks for a class that stands in no page and in no
script, or for a palette that no page has. Whatever else it asks for counts as there.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any

import tinycss2

#: What is seen to be missing at once; a style sheet without it is not what this module knows.
LANDMARKS = ("md-header", "md-typeset", "md-nav", "md-content", "md-footer")

#: Attributes whose values stand in pages alone.
PALETTE = re.compile(r"data-md-color-(?:primary|accent|scheme)")

WORD = re.compile(r"[A-Za-z][\w-]*")
USED = re.compile(r"var\(\s*(--[\w-]+)")
DECLARED = re.compile(r"(--[\w-]+):(?:[^;{}\"']|\"[^\"]*\"|'[^']*')*;?")


class UnknownStyles(Exception):
    """A style sheet that cannot be shortened safely; the message says what to do."""


def words_of(text: str) -> set[str]:
    """All that a page or a script could mean by the name of a class."""
    return set(WORD.findall(text))


def used_rules(css: str, words: Collection[str]) -> str:
    """The rules of a style sheet that can apply where these words are all there are.

    ``words`` are those of the pages' attributes and of the scripts. Raises UnknownStyles.
    """
    # A script may put the rest of a name behind its beginning.
    beginnings = tuple({word for word in words if word.endswith("-") and len(word) > 3})
    rules = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    return "".join(_used(rules, words, beginnings))


def without_unused_values(css: str, others: str) -> str:
    """A style sheet without custom properties that neither it nor the ``others`` read."""
    read = set(re.findall(r"--[\w-]+", others))
    while unread := set(DECLARED.findall(css)) - set(USED.findall(css)) - read:
        names = "|".join(map(re.escape, sorted(unread, key=len, reverse=True)))
        css = re.sub(DECLARED.pattern.replace(r"--[\w-]+", names), "", css)
    return css


def ensure_whole(css: str) -> None:
    """Raise UnknownStyles unless a style sheet has what every page of the theme needs."""
    missing = [name for name in LANDMARKS if f".{name}" not in css]
    if missing:
        raise UnknownStyles(
            f"the theme's style sheet has no rule for {', '.join(missing)}\n"
            "    → see what the theme has changed, and bring engine/build/styles.py in line"
        )


def _used(rules: list[Any], words: Collection[str], beginnings: tuple[str, ...]) -> Iterator[str]:
    for rule in rules:
        if rule.type == "error":
            raise UnknownStyles(
                f"the theme's style sheet cannot be read: {rule.message}\n"
                "    → see what the theme has changed, and bring engine/build/styles.py in line"
            )
        if rule.type == "qualified-rule":
            kept = [
                tinycss2.serialize(selector).strip()
                for selector in _split(rule.prelude)
                if _can_apply(selector, words, beginnings)
            ]
            if kept:
                yield f"{','.join(kept)}{{{tinycss2.serialize(rule.content)}}}"
        elif rule.at_keyword in ("media", "supports", "layer", "container") and rule.content:
            inner = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
            body = "".join(_used(inner, words, beginnings))
            if body:
                yield f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{{body}}}"
        else:
            yield rule.serialize()


def _split(prelude: list[Any]) -> list[list[Any]]:
    """The selectors of a rule."""
    selectors: list[list[Any]] = [[]]
    for token in prelude:
        if token.type == "literal" and token.value == ",":
            selectors.append([])
        else:
            selectors[-1].append(token)
    return selectors


def _can_apply(selector: list[Any], words: Collection[str], beginnings: tuple[str, ...]) -> bool:
    """Whether all that a selector asks for outside of brackets may be there."""
    for token, following in zip(selector, [*selector[1:], None], strict=True):
        if token.type == "literal" and token.value == "." and following is not None:
            name = following.value
            if name not in words and not name.startswith(beginnings):
                return False
        if token.type == "[] block":
            name, *rest = [part.value for part in token.content if part.type != "whitespace"]
            if rest and PALETTE.fullmatch(str(name)) and rest[-1] not in words:
                return False
    return True
