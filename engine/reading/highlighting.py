"""Which language names mean Python: Pygments, which highlights the pages, decides."""

from functools import cache

from pygments.lexers import get_lexer_by_name
from pygments.lexers.python import PythonConsoleLexer, PythonLexer
from pygments.util import ClassNotFound


@cache
def is_python(language: str) -> bool:
    """Whether a fence of this language shows Python, with prompts or without."""
    try:
        lexer = get_lexer_by_name(language)
    except ClassNotFound:
        return False
    return isinstance(lexer, PythonLexer | PythonConsoleLexer)
