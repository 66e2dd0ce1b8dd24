"""A word that says on which side of something a value lies says what its expression compares.

``[above]{= norm < 1}`` is true where the norm is small, and says that it is large: the expression
holds, and holds another sentence. Judged are ties without a number whose words say one direction
and whose expression is one comparison.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from engine.claims.numerals import numerals
from engine.faults import Fault
from engine.reading.page import Page

#: Words of magnitude alone: what is better or worse may be either.
WORDS = {
    "greater": r"\b(?:above|over|exceeds?|more|larger|greater|higher|longer|wider|rises?|grows?)\b"
    "|大于|超过|高于|长于|更大|更高|更长|以上|上升|回升|增大",
    "less": r"\b(?:below|under|fewer|less|smaller|lower|shorter|falls?|shrinks?|vanish(?:es)?"
    r"|fades?)\b|小于|低于|少于|短于|更小|更低|更短|以下|下降|缩小|不到|不足|消失",
}
DENIED = re.compile(r"\b(?:no|not|never|nowhere|hardly|nothing)\b|[不未没无非]")
OPPOSITE = {"greater": "less", "less": "greater"}


def direction_faults(page: Page) -> Iterator[Fault]:
    """Ties whose words say the opposite of what their expression compares."""
    for tie in page.ties:
        said, compared = _said(tie.text, page.language), _compared(tie.expression)
        if said and compared and said != compared:
            what = f"[{tie.text}]{{= {tie.expression}}}: the text says {said}, the expression "
            remedy = "say what the expression compares, or compare what the text says"
            yield Fault(tie.origin.path, tie.origin.line, f"{what}{compared}", remedy)


def _said(text: str, language: str) -> str | None:
    """The direction that a text says; none if it has a number, denies, or says none or both."""
    found = [way for way, words in WORDS.items() if re.search(words, text, re.I)]
    denied = DENIED.search(re.sub("不[到足]", "", text))
    return found[0] if len(found) == 1 and not denied and not numerals(text, language) else None


def _compared(expression: str) -> str | None:
    """Whether a comparison says that its subject is greater or less than something.

    The subject is what stands before the sign, or behind it where a number stands before it. Of
    two bounds the one that is computed counts, ``log(2) < cost < 0.8``.
    """
    try:
        node: ast.AST = ast.parse(expression.strip(), mode="eval").body
    except SyntaxError:  # which reading ties tells
        return None
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and not node.args:
        node = node.func.value  # (a < b).all()
    if not isinstance(node, ast.Compare):
        return None
    sides = [node.left, *node.comparators]
    signs = [_sign(sign) for sign in node.ops]
    if len(signs) == 2:
        computed = [not _is_number(sides[0]), not _is_number(sides[2])]
        if computed == [True, False]:
            return OPPOSITE.get(signs[0])
        return signs[1] if computed == [False, True] else None
    if len(signs) != 1:
        return None
    behind = _is_number(sides[0]) and not _is_number(sides[1])
    return OPPOSITE.get(signs[0]) if behind else signs[0] or None


def _sign(sign: ast.cmpop) -> str:
    if isinstance(sign, ast.Gt | ast.GtE):
        return "greater"
    return "less" if isinstance(sign, ast.Lt | ast.LtE) else ""


def _is_number(node: ast.AST) -> bool:
    return not any(isinstance(one, ast.Name) for one in ast.walk(node))
