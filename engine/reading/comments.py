"""The docstrings and comments of some code: found, left out, or put into other words.

The code between them is not touched, neither its tokens nor the lines in which they stand.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

#: How a comment begins that is written for a tool, and not for a reader.
FOR_TOOLS = re.compile(r"--8<--|noqa\b|fmt:|type:|%%")

#: What a docstring may stand in.
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True)
class Comment:
    """A docstring, a comment, or several comments below one another: the text, without its marks.

    It reaches from ``start`` to ``end``, each a line and a column, from 0.
    """

    text: str
    is_docstring: bool
    start: tuple[int, int]
    end: tuple[int, int]

    def written(self, text: str) -> list[str]:
        """The lines of another text in its place, from its own column on."""
        if not self.is_docstring:
            lines = [f"# {line}".rstrip() for line in text.split("\n")]
        else:
            text = text.replace("\\", "\\\\")
            if '"""' in f'{text}""':  # or they would end it
                text = text.replace('"', '\\"')
            lines = f'"""{text}'.split("\n")
            lines = [*lines, '"""'] if len(lines) > 1 else [f'{lines[0]}"""']
        indent = " " * self.start[1]
        return [lines[0], *(indent + line if line else "" for line in lines[1:])]


def comments_of(source: str) -> list[Comment]:
    """All of some code, in order; none where it is no Python."""
    try:
        tree = ast.parse(source)
        found = [*_docstrings(tree, source.split("\n")), *_comments(source)]
    except (SyntaxError, ValueError, tokenize.TokenError):  # running it will say so
        return []
    return sorted(found, key=lambda comment: comment.start)


def with_words(lines: Sequence[str], words: Callable[[str], str]) -> list[tuple[str, int]]:
    """Lines of code in other words, each with the number, from 0, of the line that it stands for.

    ``words`` gives the new text for an old one; nothing, where the old one is to stay.
    """
    made = [(line, number) for number, line in enumerate(lines)]
    for comment in reversed(comments_of("\n".join(lines))):
        new = words(comment.text)
        if not new:
            continue
        (first, column), (last, after) = comment.start, comment.end
        before, behind = made[first][0][:column], made[last][0][after:]
        written = comment.written(new)
        written[0] = before + written[0]
        written[-1] += behind
        made[first : last + 1] = [
            (text, min(first + number, last)) for number, text in enumerate(written)
        ]
    return made


def without_docstrings(tree: ast.Module) -> ast.Module:
    """The same code, changed in place: what runs of it, for its docstrings do nothing."""
    for node in ast.walk(tree):
        if isinstance(node, DOCUMENTED) and ast.get_docstring(node) is not None:
            del node.body[0]
            if not node.body and not isinstance(node, ast.Module):
                node.body.append(ast.Pass())
    return tree


def _docstrings(tree: ast.Module, lines: Sequence[str]) -> Iterator[Comment]:
    for node in ast.walk(tree):
        text = ast.get_docstring(node) if isinstance(node, DOCUMENTED) else None
        if text is not None:
            said = node.body[0]  # type: ignore[attr-defined]
            start, end = said.lineno - 1, said.end_lineno - 1
            # Python's parser counts columns in bytes.
            column = len(lines[start].encode()[: said.col_offset].decode())
            after = len(lines[end].encode()[: said.end_col_offset].decode())
            yield Comment(text.strip(), True, (start, column), (end, after))


def _comments(source: str) -> list[Comment]:
    """The comments but for those of tools; lines of them that continue one another are one."""
    found: list[Comment] = []
    alone: Comment | None = None
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        text = token.string.lstrip("#").strip()
        if token.type != tokenize.COMMENT or not text or FOR_TOOLS.match(text):
            continue
        start = (token.start[0] - 1, token.start[1])
        comment = Comment(text, False, start, (token.end[0] - 1, token.end[1]))
        is_alone = not token.line[: start[1]].strip()
        if is_alone and alone and (alone.end[0] + 1, alone.start[1]) == start:
            comment = replace(alone, text=f"{alone.text}\n{text}", end=comment.end)
            found.pop()
        alone = comment if is_alone else None
        found.append(comment)
    return found
