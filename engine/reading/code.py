"""Which code of a page is Python: by the name of its language, or by what it is."""

import ast
from functools import cache

from pygments.lexers import get_lexer_by_name
from pygments.lexers.python import PythonConsoleLexer, PythonLexer
from pygments.util import ClassNotFound


@cache
def is_python(language: str) -> bool:
    """Whether a fence of this language shows Python, with prompts or without.

    Pygments, which highlights the pages, decides.
    """
    try:
        lexer = get_lexer_by_name(language)
    except ClassNotFound:
        return False
    return isinstance(lexer, PythonLexer | PythonConsoleLexer)


#: What tells a program from a word or two that happen to be Python.
TELLING = (
    ast.Assign,
    ast.AnnAssign,
    ast.AugAssign,
    ast.Import,
    ast.ImportFrom,
    ast.FunctionDef,
    ast.ClassDef,
    ast.For,
    ast.While,
    ast.With,
    ast.If,
    ast.Call,
)


def reads_as_python(source: str) -> bool:
    """Whether a text that calls itself something else is Python all the same."""
    if any(line.lstrip().startswith(">>>") for line in source.splitlines()):
        return True
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return False
    return any(isinstance(node, TELLING) for node in ast.walk(tree))
