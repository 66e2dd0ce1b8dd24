"""Where a line may be broken within a formula: not in short brackets, nor before a lone number.

KaTeX lets a line be broken behind each relation and each sign of an operation, as TeX does, within
``(1 + x)`` and ``z = 2`` as well. Its parts on both sides of such a place are made one here.
"""

import re

from engine.readable.tags import TAG

#: The parts of a formula between which a line may be broken, as KaTeX marks each.
PART = '<span class="katex-base">'

#: So many signs may stand in a part that was made of several; more would not fit a narrow screen.
LONGEST = 20

_NUMBER = re.compile(r"[−-]?[\d.]+")
_RELATION_AT_THE_END = re.compile(
    r'<span class="mrel">[^<]*</span>(?:<span class="mspace"[^>]*></span>)*$'
)


def with_fewer_breaks(formula: str) -> str:
    """A formula in KaTeX's HTML without the breaks that part what is read as one."""
    between = f"</span>{PART}"
    first, *others = formula.split(between)
    parts, depth = [first], _opened(first)
    for part in others:
        so_far = parts[-1].rpartition(PART)[2]
        alone = _RELATION_AT_THE_END.search(so_far) and _NUMBER.fullmatch(_text(part))
        if (depth > 0 or alone) and len(_text(so_far) + _text(part)) <= LONGEST:
            parts[-1] += part
        else:
            parts.append(part)
        depth += _opened(part)
    return between.join(parts)


def _opened(part: str) -> int:
    """How many more brackets a part opens than it closes."""
    return part.count('<span class="mopen') - part.count('<span class="mclose')


def _text(part: str) -> str:
    return TAG.sub("", part)
