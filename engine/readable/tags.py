"""HTML as the tags and texts that it is made of, without making a tree of it."""

import re

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


def opens(tag: str) -> bool:
    """Whether a tag begins an element that has an end."""
    name, ends = name_of(tag)
    return bool(name) and not ends and name not in VOID and not tag.endswith("/>")
