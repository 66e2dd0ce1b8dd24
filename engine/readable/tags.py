"""HTML as the tags and texts that it is made of, without making a tree of it."""

import re
from collections.abc import Callable, Iterator
from functools import cache

#: A tag, a comment or a declaration: what texts stand between. A sign > may stand in a value.
TAG = re.compile(r"<!--.*?-->|<(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>", re.S)

_NAME = re.compile(r"<(/?)([a-zA-Z][\w-]*)")

#: Elements without an end.
VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta"}) | {
    "source",
    "track",
    "wbr",
}


def name_of(tag: str) -> tuple[str, bool]:
    """The name of a tag's element, and whether the tag ends it; no name for a comment."""
    found = _NAME.match(tag)
    return (found[2].lower(), bool(found[1])) if found else ("", False)


def _end_of_others(name: str, page: str, start: int) -> int:
    """Where, from here on, the first tag stands of an element with this name, or the page ends."""
    found = _others(name).match(page, start)
    return found.end() if found else start


@cache
def _others(name: str) -> re.Pattern[str]:
    """Texts and tags up to one of this name; what is gone through is not gone through again."""
    other = rf"<(?!/?{name}(?![\w-]))(?:(?:[^<>\"']|\"[^\"]*\"|'[^']*')*+>)?+"
    return re.compile(rf"(?:[^<]++|<!--.*?-->|{other})*+", re.S | re.I)


def pieces(page: str, is_left: Callable[[str, str], bool]) -> Iterator[tuple[str, bool]]:
    """The texts and tags of HTML, by turns, each with whether it is a text outside what is left.

    ``is_left`` is asked of each tag that begins an element, with the element's name. Within what is
    left, other elements are taken as text.
    """
    left, depth = "", 0  # the element that is left as it is, and how many such are open
    end = 0
    while found := TAG.search(page, _end_of_others(left, page, end) if left else end):
        tag = found[0]
        name, ends = name_of(tag)
        yield page[end : found.start()], not left
        yield tag, False
        is_open = name and not ends and name not in VOID and not tag.endswith("/>")
        if not left and is_open and is_left(name, tag):
            left, depth = name, 1
        elif name == left and not tag.endswith("/>"):
            depth += -1 if ends else 1
            left = left if depth else ""
        end = found.end()
    yield page[end:], not left
