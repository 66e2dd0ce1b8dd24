"""Long lines of code, marked with their indentation, so that they can be wrapped below it.

A line that does not fit a narrow screen goes on below itself, indented further than it begins:
what is a line of Python, and how deep it stands, is seen as before. The line breaks of the code
stay outside the marks, so that what is copied is the code alone.
"""

import html
import re
import unicodedata

from engine.readable.tags import TAG, name_of

#: So many columns fit a block of code on the narrowest screen, 320 px, within an admonition.
FITS = 32

#: The deepest indentation, in columns, that a wrapped line is shown with.
DEEPEST = 16

CODE = re.compile(r"(<pre\b[^>]*>(?:<span></span>)?<code\b[^>]*>)(.*?)(</code></pre>)", re.S)
#: Code in a sentence that is short, and in which a line could be broken.
_SHORT = re.compile(r"(?<!<pre>)(?<!</span>)<code>(?=[^<]{1,12}</code>)(?=[^<]*[ -])")
_PROMPT_AND_INDENT = re.compile(r"(?:>>> |\.\.\. )?[ ]*")


def with_marked_lines(page: str) -> str:
    """A page in whose code each long line is marked by the class ``in0``, ``in4``, … ``in16``.

    What is to stay whole has the class ``whole``: the arrow of a signature, and short code in a
    sentence, such as ``- 1``.
    """
    page = _SHORT.sub('<code class="whole">', page)
    return CODE.sub(lambda code: code[1] + _marked(code[2]) + code[3], page)


def _marked(code: str) -> str:
    """The lines of a block; an element that goes over several of them is ended in each."""
    open_tags: list[str] = []
    lines = []
    for line in code.split("\n"):
        before = "".join(open_tags)
        for tag in TAG.findall(line):
            if name_of(tag)[1]:
                open_tags.pop()
            else:
                open_tags.append(tag)
        text = html.unescape(TAG.sub("", line))
        if columns(text) > FITS:
            after = "".join(f"</{name_of(tag)[0]}>" for tag in reversed(open_tags))
            # What is open at the start of the line is ended before the mark and begun anew in it.
            start = "".join(f"</{name_of(tag)[0]}>" for tag in reversed(TAG.findall(before)))
            again = "".join(open_tags)
            indent = min(len(_leading(text)) // 4 * 4, DEEPEST)
            line = line.replace(" -&gt; ", ' <span class="whole">-&gt;</span> ')
            line = f'{start}<span class="in{indent}">{before}{line}{after}</span>{again}'
        lines.append(line)
    return "\n".join(lines)


def columns(text: str) -> int:
    """How wide a text is in a font of fixed width, where a Chinese character has two columns."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _leading(text: str) -> str:
    found = _PROMPT_AND_INDENT.match(text)
    return found[0] if found else ""
