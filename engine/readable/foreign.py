"""Text in the other language says so, for whoever hears a page: ``<span lang="zh">``.

In an English page that is every run of Chinese. A Chinese page has many Latin words that belong to
it (“softmax”, “Adam”, names in formulas and code); marked are those that are English beyond doubt:
two words or more in a row, a gloss in brackets, and what fills a cell by itself.
"""

import html
import re
from collections.abc import Callable, Iterator

from engine.readable.tags import name_of, pieces

#: Chinese characters and the punctuation that is theirs alone.
CHINESE = "\u3000-\u303f\u3400-\u9fff\uff00-\uffef"

#: Chinese, with what stands within it: Latin names, figures, quotation marks.
_CHINESE_RUN = re.compile(rf"[A-Za-z0-9_]*[{CHINESE}](?:[\w “”‘’…—-]{{0,12}}[{CHINESE}])*")

#: From the first Latin letter to the last one, with no Chinese between.
_LATIN_RUN = re.compile(rf"[A-Za-zÀ-ž](?:[^{CHINESE}“”]*[A-Za-zÀ-ž)])?")
_WORDS = re.compile(r"\b[A-Za-zÀ-ž][a-zß-ž’'-]+[,.:;]? \(?[A-Za-zÀ-ž]")
_SMALL_WORD = re.compile(r"\b[a-z]{3,}\b")

#: What is no prose: its Latin letters are names. Of formulas there is TeX here.
_NO_PROSE = frozenset({"math", "pre", "script", "style", "svg", "textarea"})
_CELLS = frozenset({"td", "th", "dt"})


def with_languages(page: str, language: str) -> str:
    """A page in whose body text of the other language is marked with that language."""
    head, body, rest = page.partition("<body")
    if language == "en" and not re.search(f"[{CHINESE}]", rest):
        return page
    mark = _with_chinese if language == "en" else _with_english
    return head + body + "".join(_parts(rest, language, mark))


def _parts(rest: str, language: str, mark: Callable[[str, bool], str]) -> Iterator[str]:
    """The tags and texts of a body, its prose marked where no element says its language."""

    def is_left(name: str, tag: str) -> bool:
        is_code = language == "zh" and name == "code"
        return is_code or name in _NO_PROSE or " lang=" in tag or 'class="arithmatex"' in tag

    parts = list(pieces(rest, is_left))
    for number, (part, is_text) in enumerate(parts):
        if is_text and part.strip() and number + 1 < len(parts):
            name, ends = name_of(parts[number + 1][0])
            before = parts[number - 1][0] if number else ""
            is_cell = ends and name in _CELLS and name_of(before) == (name, False)
            yield mark(part, is_cell)
        else:
            yield part


def _with_chinese(text: str, is_cell: bool) -> str:
    return _CHINESE_RUN.sub(r'<span lang="zh">\g<0></span>', text)


def _with_english(text: str, is_cell: bool) -> str:
    def marked(run: re.Match[str]) -> str:
        said = html.unescape(run[0])
        around = text[: run.start()][-1:] + text[run.end() :][:1]
        is_whole = around == "（）" or (is_cell and run[0] == text.strip())
        is_english = bool(_SMALL_WORD.search(said)) and (is_whole or bool(_WORDS.search(said)))
        return f'<span lang="en">{run[0]}</span>' if is_english else run[0]

    return _LATIN_RUN.sub(marked, text)
