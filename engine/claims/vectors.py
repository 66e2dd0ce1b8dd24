"""The numbers of a vector stand in the order in which the page's code has them.

``(0.6, 0.5)`` in a sentence, where the code sets and prints 0.5 and 0.6 in this order alone, is
another vector. Each of its numbers is a setting, so nothing else tells.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from engine.claims.numerals import numerals
from engine.faults import Fault
from engine.reading.page import Page
from engine.running.examples import Code, pieces

NUMBER = r"[-−]?\d+(?:\.\d+)?"
COMMA = r"\s*[,，]\s*"
VECTOR = re.compile(rf"[(（\[]\s*(?P<numbers>{NUMBER}(?:{COMMA}{NUMBER})+)\s*[)）\]]")
#: Vectors of these alone are on a page in more than one meaning: (1, 0) and (0, 1).
COMMON = {0.0, 1.0, 2.0}

Vector = tuple[float, ...]


def vector_faults(page: Page) -> Iterator[Fault]:
    """Vectors of prose that the page's code has in another order only."""
    known: dict[Vector, set[Vector]] = {}
    for fence in page.python_fences:
        for code in pieces(fence):
            for vector in (*_set(code), *_shown(code)):
                known.setdefault(tuple(sorted(vector)), set()).add(vector)
    tied = {(tie.origin.line, said) for tie in page.ties for said, _ in _vectors(f"({tie.text})")}
    tied |= {(tie.origin.line, said) for tie in page.ties for said, _ in _vectors(tie.text)}
    for block in page.blocks:
        for span in block.all_spans:
            told = span.kind in ("text", "literal", "picture", "formula")
            for said, text in _vectors(span.text) if told else ():
                same = known.get(tuple(sorted(said)), set())
                if same and said not in same and (span.origin.line, said) not in tied:
                    order = ", ".join(f"{number:g}" for number in min(same))
                    what = f"the vector {text}, which the page's code has as ({order})"
                    remedy = "write its numbers in this order, or tie them to what gives them"
                    yield Fault(span.origin.path, span.origin.line, what, remedy)


def _vectors(text: str) -> Iterator[tuple[Vector, str]]:
    for found in VECTOR.finditer(text):
        numbers = re.split(COMMA, found["numbers"])
        vector = tuple(float(number.replace("−", "-")) for number in numbers)
        if not {*vector} <= COMMON:
            yield vector, found[0]


def _set(code: Code) -> Iterator[Vector]:
    """The lists and tuples of numbers that stand in some code."""
    try:
        tree = ast.parse(code.source)
    except SyntaxError:  # running it says so
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.List | ast.Tuple) and len(node.elts) > 1:
            numbers = [_number(element) for element in node.elts]
            if None not in numbers:
                yield tuple(number for number in numbers if number is not None)


def _number(node: ast.AST) -> float | None:
    sign = -1.0 if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) else 1.0
    value = node.operand if isinstance(node, ast.UnaryOp) else node
    number = value.value if isinstance(value, ast.Constant) else None
    is_number = isinstance(number, int | float) and not isinstance(number, bool)
    return sign * float(number) if is_number else None  # type: ignore[arg-type]


def _shown(code: Code) -> Iterator[Vector]:
    """The lines of numbers that it prints."""
    for line in code.shown or ():
        yield tuple(n.value for n in numerals(line, "en") if n.form != "words")
