"""A number and its unit, and the two sides of a product, stay on one line."""

import re

from engine.readable.tags import pieces

#: What is no prose: code may be copied, and has other rules.
_NO_PROSE = frozenset({"code", "math", "pre", "script", "style", "svg", "textarea"})

_UNIT = r"(?:%|‰|°C|g|kg|mm|cm|km|s|ms|px|[kKMG]B)(?!\w)"
_BREAKS = re.compile(rf"(?<=\d) (?={_UNIT})|(?<=\d) (?=× ?\d)|(?<=\d[ \u00a0]×) (?=\d)")

NO_BREAK = "\u00a0"


def with_units(page: str) -> str:
    """A page in whose prose no line is broken between a number and its unit."""
    head, body, rest = page.partition("<body")
    if not _BREAKS.search(rest):
        return page

    def is_left(name: str, tag: str) -> bool:
        return name in _NO_PROSE or 'class="arithmatex"' in tag

    return (
        head
        + body
        + "".join(
            _BREAKS.sub(NO_BREAK, part) if is_text else part
            for part, is_text in pieces(rest, is_left)
        )
    )
