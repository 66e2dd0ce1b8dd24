"""Forms of Markdown that authors write: each is refused with a remedy, or shown as it is meant."""

import re

import pytest

from engine.reading.outline import CELL, Shown, code_mark, formula_mark, link_mark, picture_mark
from tests.pages.verdict import Judge

#: What is refused: the page, the line, and words of the message and of the remedy.
REFUSED: dict[str, tuple[str, int, str, str]] = {
    "display formula below a line": (
        "text\n$$\n\\sigma(0) = 7\n$$",
        2,
        "display formula that is none",
        "blank lines around",
    ),
    "display formula on two lines": (
        "$$\\sigma(0) = 7 +\n\\sigma(1)$$",
        1,
        "neither a definition nor a tagged equation",
        r"give it a \tag",
    ),
    "display formula in a list": ("- $$x = 1$$", 1, "neither a definition", r"give it a \tag"),
    "display formula in a sentence": ("a $$x = 1$$ b", 1, "display formula", "lines of their own"),
    "formula in brackets": (r"so \(x\) is", 1, "bracket with a backslash", "$…$"),
    "display formula in brackets": ("\\[ y \\]", 1, "bracket with a backslash", "$…$"),
    "formula in escaped brackets": (r"so \\(x\\) is", 1, "bracket with a backslash", "$…$"),
    "math fence": ("```math\nx\n```", 1, "a fence that says 'math'", "python, pycon, sh, text"),
    "TeX as text": (r"so \frac{1}{2} is", 1, "TeX outside a formula", "dollar signs"),
    "money": ("costs $5-$10", 1, "dollar sign", r"write \$"),
    "money beside Chinese": ("在$5到$10之间", 1, "dollar sign", r"write \$"),
    "money once": ("it costs $5", 1, "dollar sign", r"write \$"),
    "bars in a cell": ("| f | g |\n|---|---|\n| $|x|$ | abs |", 3, "4 cells", r"\lvert x \rvert"),
    "a cell too many": ("| a | b |\n|---|---|\n| c | d | e |", 3, "3 cells", "as many cells"),
    "a cell too few": ("| a | b |\n|---|---|\n| c |", 3, "1 cells", "as many cells"),
    "list below a line": ("text\n- item", 2, "list directly below", "blank line"),
    "numbers below a line": ("text\n1. item", 2, "list directly below", "blank line"),
    "numbers from 3 below a line": ("text\n3. item", 2, "list item", "blank line"),
    "table below a line": ("text\n| a |\n|---|\n| c |", 2, "table", "blank line"),
    "list below a list": ("- a\n\n1. b", 3, "list directly below another", "same mark"),
    "list from 3": ("3. a\n4. b", 1, "readers see as 1", "1, 2, 3"),
    "list with Chinese bullets": ("• a\n• b", 1, "list item", "with -"),
    "nested by two spaces": ("- a\n  - b", 2, "indented by 2 spaces", "four spaces"),
    "item that goes on": ("- a\nb", 2, "may or may not belong", "four spaces"),
    "paragraph above dashes": ("text\n---", 1, "underlined heading", "blank line above ---"),
    "heading without a space": ("##No space {#a}", 1, "heading that is none", "## Title"),
    "heading without an anchor": ("## Title", 1, "without an anchor", "{#anchor}"),
    "formula in a heading": ("## A $x$ {#a}", 1, "formula in a heading", "words"),
    "two headings of one anchor": ("## A {#d}\n\n## B {#d}", 3, "second heading", "its own"),
    "title without quotes": ("!!! note 常见错误\n\n    x", 1, "that is none", "straight"),
    "title in Chinese quotes": ("!!! note “提示”\n\n    x", 1, "admonition that", "straight"),
    "no title": ("!!! note\n\n    x", 1, "readers would see 'Note'", '!!! note "Title"'),
    "nothing in it": ('!!! note "A"\n\nx', 1, "with nothing in it", "four spaces"),
    "admonition of another site": ("> [!NOTE]\n> x", 1, "admonition", '!!! note "Title"'),
    "block of another site": ("::: note\nx\n:::", 1, "block that this site", '!!! note "Title"'),
    "link in HTML": ('<a href="gone.md">x</a>', 1, "HTML", "Markdown"),
    "footnote without a note": ("x[^9]", 1, "not defined", "[^1]: text"),
    "note without a reference": ("x\n\n[^9]: y", 3, "nothing refers to", "[^9]"),
    "notes in another order": ("x[^1] y[^2]\n\n[^2]: b\n\n[^1]: a", 3, "in place", "order"),
    "link to nowhere": ("[a][nowhere]", 1, "address is not defined", "[text](address)"),
    "link with a space": ("[a] (other.md)", 1, "space", "[text](address)"),
    "address apart": ("[a][b]\n\n[b]: other.md", 3, "apart from its text", "[text](address)"),
    "picture apart": ("![][p]\n\n[p]: picture.svg", 3, "apart from its text", "where it is used"),
    "dollar in an address": ("[q](https://e.org/?a=$b$c)", 1, "dollar sign in an address", "%24"),
    "caption misspelt": ("x\n\n/// captoin\ny\n///", 3, "caption that is none", "/// caption"),
    "fence of no language": ("```\nx = 1 / 0\n```", 1, "no language", "python"),
    "fence with classes": ("``` { .annotate .python }\nx = 1\n```", 1, "a fence that says",
    "title"),
    "python2": ("```python2\nx = 1\n```", 1, "python2", "python, pycon"),
    "Python as text": ("```text\nx = f(1)\n```", 1, "does not run", "name it python"),
    "fence on an item's line": ("- ```python\n  x = 1\n  ```", 1, "own line", "four spaces"),
    "fence that does not end": ("```python\nx = 1", 1, "not closed", "```"),
    "code by indentation": ("text\n\n    x = 1", 3, "not fenced", "fence it"),
    "code on two lines": ("a `b\nc` d", 1, "next line", "one line"),
    "prompt without a space": ("```pycon\n>>>x = 1 / 0\n>>> y = 1\n```", 2, "prompt", "space"),
    "bare prompt": ("```pycon\n>>>\n1\n```", 2, "begins no example", "code after it"),
    "text above a prompt": ("```pycon\nx = 1\n>>> y = 1\n```", 2, "above its first", "prompt"),
    "session without prompts": ("```pycon\nx = 1\n```", 2, "without a prompt", "python"),
    "output like a prompt": (
        '```pycon\n>>> print("...")\n...\n>>> print(">>> y = 1")\n>>> y = 1\n```',
        2,
        "it prints",
        "correct the code",
    ),
    "output with a tab": ('```pycon\n>>> print("a\\tb")\na\tb\n```', 2, "prints", "correct"),
    "BLANKLINE": (
        '```pycon\n>>> print("a\\n\\nb")\na\n<BLANKLINE>\nb\n```',
        4,
        "blank line of an output",
        "leave the line blank",
    ),
    "sys.exit": ("```pycon\n>>> import sys\n>>> sys.exit()\n```", 3, "ends Python", "code"),
    "writing past print": (
        '```python\nimport os\nn = os.write(1, b"0.4711")\n```', 2, "os.write prints", "print",
    ),
    "the stream that Python began with": (
        '```python\nimport sys\nn = sys.__stdout__.write("a")\n```', 2, "__stdout__", "print",
    ),
    "the errors that Python began with": (
        '```python\nimport sys\nprint("a", file=sys.__stderr__)\n```', 2, "__stderr__", "print",
    ),
    "the bytes below a stream": (
        '```python\nimport sys\nn = sys.stdout.buffer.write(b"a")\n```', 2, "buffer", "print",
    ),
    "warning": (
        "```pycon\n>>> import numpy as np\n>>> print(np.log(0.0) < 0)\nTrue\n```",
        3,
        "warning that the page does not show",
        "silence it",
    ),
    "include on lines of its own": (
        "```python\n--8<--\nactivations.py:imports\n--8<--\n```",
        2,
        "include that is not understood",
        'file.py:section"',
    ),
    "number of no run": ("```text\nloss after 10 steps: 0.4711\n```", 2, "no run", "Illustration"),
    "box to tick": ("- [ ] a", 1, "box to tick", "words"),
    "product in a sentence": ("so 3 * 4 is", 1, "star that emphasises nothing", r"\*"),
    "item without a space": ("1.文字", 1, "without a space", "1. item"),
    "money behind letters": ("US$5 and 6$.", 1, "behind a letter", r"write \$"),
    "fence that another ends": ("```sh\nls\n~~~\n\n```python\nx\n```", 3, "within", "close"),
    "item below a paragraph": ("- a\n\n    b\n- c", 4, "item directly below", "blank line"),
    "underscores": ("this is _new_ here", 1, "underscore", "stars"),
    "power in a sentence": ("2**10 and 2**11", 1, "star between two letters", "`2**10`"),
    "product of letters": ("so a*b*c is", 1, "star between two letters", r"a \cdot b"),
    "arguments of a call": ("call f(*args, **kwargs)", 1, "stars of a call", "`f(*args)`"),
    "link in full width": ("见［文］(#form)。", 1, "full width", "[text](address)"),
    "address in full width": ("见[文](#form）。", 1, "link", "[text](address)"),
    "address in full brackets": ("见[文]（other.md）。", 1, "full width", "[text](address)"),
    "item behind a wide space": ("-\u3000甲\n-\u3000乙", 1, "list item", "four spaces"),
    "number behind a wide space": ("1.\u3000甲", 1, "list item", "four spaces"),
    "item behind a fixed space": ("-\u00a0甲", 1, "list item", "four spaces"),
    "emphasis in a wide star": ("是＊x＊。", 1, "full width", "*text*"),
    "list with dashes of a sentence": ("—— 甲\n—— 乙", 1, "list item", "with -"),
    "list with en dashes": ("– a\n– b", 1, "list item", "with -"),
    "note below its mark": ("x[^1]\n\n[^1]:\n    - a", 3, "no text beside", "[^1]: text"),
    "note with a space": ("x[^a b]\n\n[^a b]: y", 3, "a space in the name", "[^a-b]"),
    "return of the carriage": (
        "```pycon\n>>> print('a\\rb')\nb\n```", 2, "cannot be seen: U+000D", "new line",
    ),
    "fence in a comment": ("<!--\n```\n-->\n\ntext", 2, "in a comment", "without the mark"),
    "comment behind an anchor": ("## T {#t} <!-- c -->", 1, "behind the anchor", "of its own"),
    "fence below an item": ("- a\n```python\nx = 1\n```", 2, "directly below a list", "four"),
    "items in brackets": ("1) a\n2) b", 1, "an item marked 1)", "write 1."),
    "spaces that break a line": ("a  \nb", 1, "two spaces at the end", "<br>"),
    "empty title": ('!!! note " "\n\n    x', 1, "an empty title", "quotation marks"),
    "unknown admonition": ('!!! banana "T"\n\n    x', 1, "no admonition is a 'banana'", "note"),
    "empty caption": ("![a](picture.svg)\n\n/// caption\n///", 3, "nothing in it", "look for"),
    "empty fence": ("```python\n```", 1, "a fence with nothing in it", "take it out"),
    "wide spaces before a line": ("\u3000\u3000文字", 1, "wide spaces", "take them out"),
    "link without an address": ("[a]()", 1, "without an address", "[text](address)"),
    "picture of the light": ("![a](picture.svg#only-light)", 1, "more than a file", "in dark"),
    "wide underscores": ("＿x＿", 1, "full width", "*text*"),
    "HTML in full width": ("a＜br＞b", 1, "full width", "plainly"),
    "link of a wiki": ("[[other]]", 1, "the link of a wiki", "[text](address)"),
    "template": ("{{ page.title }}", 1, "a template", "as code"),
    "correction": ("a {--b--} c", 1, "correction", "take it out"),
    "name of a sign": ("so :smile: it is", 1, "the name of a sign", "itself"),
    "small letters": ("H~2~O", 1, "small letters", "$x_2$"),
    "small letters above": ("x^2^", 1, "small letters", "$x^2$"),
    "end of a comment": ("a --> b", 1, "the end of a comment", "→"),
    "bare address": ("see https://example.org here", 1, "an address that is no link", "[title]"),
    "item with a wide dash": ("－ 甲\n－ 乙", 1, "full width", "plain space"),
    "number with a wide dot": ("1．甲\n2．乙", 1, "full width", "plain space"),
    "table of wide bars": ("｜a｜b｜\n｜c｜d｜", 1, "table", "|---|"),
    "formula in wide signs": ("是＄x＄。", 1, "full width", "$x$"),
    "code in wide signs": ("是｀x｀。", 1, "full width", "`code`"),
    "emphasis in wide stars": ("是＊＊x＊＊。", 1, "full width", "*text*"),
    "quotation in full width": ("＞ 文字", 1, "quotation", "blank line"),
    "caption in full width": ("／／／ caption\n文字\n／／／", 1, "caption", "/// caption"),
    "footnote in full width": ("文字［^1］。", 1, "not defined", "[^1]: text"),
    "definition in full width": ("词\n：   解释", 2, "definition", "three spaces"),
    "comment without a prompt": (
        '```pycon\n>>> # a comment\n# loss 0.4711\n>>> print("a")\na\n```', 3, "looks like output",
        "prompt",
    ),
    "comment above a prompt": ("```pycon\n# a\n>>> x = 1\n```", 2, "looks like output", "prompt"),
    "title of another file": (
        '```python title="snippets/rnn.py"\n--8<-- "activations.py:sigmoid"\n```', 1, "elsewhere",
        "included from",
    ),
    "title over lines of the page": (
        '```python title="snippets/rnn.py"\nx = 1\n```', 1, "elsewhere", "included from",
    ),
    "number in a title": (
        '```python title="loss 0.47"\nx = 1\n```', 1, "number in the title", "in the text",
    ),
    "tie in a title": (
        '```python title="[loss]{= x}"\nx = 1\n```', 1, "number in the title", "in the text",
    ),
    "include outside a fence": (
        'a\n\n--8<-- "activations.py:sigmoid"\n\nb', 3, "outside a fence", "```python",
    ),
    "caption of a paragraph": (
        "a\n\n/// caption\nb\n///", 3, "without a picture or a table", "directly below",
    ),
    "caption of a heading": (
        "## A {#a}\n\n/// caption\nb\n///", 3, "without a picture or a table", "directly below",
    ),
    "a symbol defined anew": (
        r"it is $\def\sigma{\tau}\sigma(z)$", 1, r"the command \def", "what is to be seen",
    ),
    "a symbol that becomes another": (
        r"it is $\let\sigma\tau \sigma$", 1, r"the command \let", "what is to be seen",
    ),
    "a formula that hides a part": (
        r"it is $x\phantom{y}$", 1, r"the command \phantom", "what is to be seen",
    ),
    "a formula in white": (
        r"it is $\color{white}x$", 1, r"the command \color", "what is to be seen",
    ),
    "a letter over another": (
        r"it is $\rlap{x}y$", 1, r"the command \rlap", "what is to be seen",
    ),
    "a letter moved back": (
        r"it is $x\kern-1em y$", 1, r"the command \kern", "what is to be seen",
    ),
    "a formula of several": (
        r"it is $\mathchoice{a}{b}{c}{d}$", 1, r"the command \mathchoice", "what is to be seen",
    ),
    "a space of less than nothing": (
        r"it is $x\hspace{-1em}y$", 1, r"the command \hspace", "what is to be seen",
    ),
    "a link in a formula": (
        r"it is $\href{https://a.b}{x}$", 1, r"the command \href", "what is to be seen",
    ),
    "an address in a formula": (
        r"it is $\text{\url{https://a.b}}$", 1, r"the command \url", "what is to be seen",
    ),
    "a picture in a formula": (
        r"it is $\includegraphics{a.png}$", 1, r"the command \includegraphics", "to be seen",
    ),
    "a letter moved back twice": (r"it is $x\!\! y$", 1, "taken away again", "to be seen"),
    "a comment in a formula": ("it is $x %\n y$", 1, "a comment", "what is to be seen"),
    "caption of a line with a picture": (
        "a ![b](picture.svg) c\n\n/// caption\nd\n///", 3, "without a picture", "directly",
    ),
    "quotation marks in a title": ('!!! note "a \\"b\\""\n\n    x', 1, "quotation mark", "“…”"),
    "item with nothing in it": ("- a\n-\n- b", 2, "item with nothing", "take it out"),
    "code in a text alternative": ("![`x` y](picture.svg)", 1, "text alternative", "in words"),
    "session in a docstring": (
        '```python\ndef f():\n    """x\n\n    >>> f()\n    """\n```', 5, "prompt within", "pycon",
    ),
    "title of a link": ('[a](other.md "loss 0.47")', 1, "a title of a link", "in the text"),
    "title of a picture": ('![a](picture.svg "b")', 1, "a title of a picture", "in the text"),
    "address in a list": ("- [a]: other.md", 1, "apart from its text", "[text](address)"),
    "address in a numbered list": ("1. [a]: other.md", 1, "apart from its text", "(address)"),
    "backslash at a line's end": ("a\nb\\\nc", 2, "backslash at the end", "<br>"),
    "tie behind a backslash": (r"it is \[0.30]{= 0.3}", 1, "backslash before the bracket", "write"),
    "tie without a space": ("it is [0.30]{=0.3}", 1, "without a space behind", "leave a space"),
    "tie that looks too far ahead": ("it is [0.30]{=>>> a}", 1, "without a space", "leave a space"),
    "tie in a tie": ("it is [about [0.3]{= x}]{= x}", 1, "within another one: [0.3]", "by itself"),
    "unseen character": ("a\u2028b", 1, "U+2028", "take it out"),
    "writing turned around": ("a \u202e25.0 b", 1, "U+202E", "take it out"),
    "writing turned around by an entity": ("a &#x202E;25.0 b", 1, "&#x202E;", "take it out"),
    "a space of no width": ("a\u200bb", 1, "U+200B", "take it out"),
    "a soft hyphen": ("a&shy;b", 1, "&shy;", "take it out"),
    "a control of the second kind": ("a\u0085b", 1, "U+0085", "take it out"),
    "a letter struck out": ("0.25\u0336", 1, "U+0336", "take it out"),
    "a letter encircled": ("x\u20dd", 1, "U+20DD", "take it out"),
}  # fmt: skip

#: What is shown: the page, and all that it shows.
SIGMA = r"\sigma(-z) = 1 - \sigma(z)"
SHOWN: dict[str, tuple[str, list[Shown]]] = {
    "byte order mark": ("\ufeff---\ntitle: A\n---\n\nx", [Shown("paragraph", "", "x")]),
    "line ends of Windows": ("a\r\n\r\n- b\r\n- c\r\n", [
        Shown("paragraph", "", "a"), Shown("bullet list"),
        Shown("item"), Shown("paragraph", "", "b"), Shown("item"), Shown("paragraph", "", "c"),
    ]),
    "escaped money": (r"\$5 to \$10", [Shown("paragraph", "", "$5 to $10")]),
    "formula and a digit": ("$x$ is 5", [Shown("paragraph", "", f"{formula_mark('x')} is 5")]),
    "formula and a backslash": (
        r"$x$ is a \\", [Shown("paragraph", "", f"{formula_mark('x')} is a \\")],
    ),
    "tagged equation": (f"$$\n{SIGMA} \\tag{{f.1}}\n$$", [Shown("formula", "#eq-f.1 (f.1)",
    SIGMA)]),
    "tagged equation on its line": (
        f"$${SIGMA} \\tag{{f.1}}$$", [Shown("formula", "#eq-f.1 (f.1)", SIGMA)],
    ),
    "bars in a cell, escaped": (r"""| a \| b | c |
|---|---|
| `d` | $e$ |""", [
        Shown("table", "2"), Shown("head", "", f"a | b{CELL}c"),
        Shown("row", "", f"{code_mark('d')}{CELL}{formula_mark('e')}"),
    ]),
    "columns to a side": ("| a |\n|:-:|\n| b |", [
        Shown("table", "1"), Shown("head", "", "a"), Shown("row", "", "b"),
    ]),
    "list in an admonition": ('!!! note "A"\n\n    - b\n\n        c', [
        Shown("admonition", "note", "A"), Shown("bullet list"), Shown("item"),
        Shown("paragraph", "", "b"), Shown("paragraph", "", "c"),
    ]),
    "code in a list": ("1. a\n\n    ```python\n    x = 1\n    ```\n\n2. b", [
        Shown("ordered list", "1"), Shown("item"), Shown("paragraph", "", "a"),
        Shown("code", "python", "x = 1"), Shown("item"), Shown("paragraph", "", "b"),
    ]),
    "nested list": ("- a\n    - b\n    - c\n- d", [
        Shown("bullet list"), Shown("item"), Shown("paragraph", "", "a"), Shown("bullet list"),
        Shown("item"), Shown("paragraph", "", "b"), Shown("item"), Shown("paragraph", "", "c"),
        Shown("item"), Shown("paragraph", "", "d"),
    ]),
    "item on two lines": ("- a\n  b\n- c", [
        Shown("bullet list"), Shown("item"), Shown("paragraph", "", "a b"),
        Shown("item"), Shown("paragraph", "", "c"),
    ]),
    "quotation": ("> a\n>\n> - b", [
        Shown("quote"), Shown("paragraph", "", "a"),
        Shown("bullet list"), Shown("item"), Shown("paragraph", "", "b"),
    ]),
    "caption": ("![a](picture.svg)\n\n/// caption\nb\n///", [
        Shown("paragraph", "", picture_mark("picture.svg", "a")),
        Shown("caption"), Shown("paragraph", "", "b"),
    ]),
    "caption of a table": ("| a |\n|---|\n| b |\n\n/// caption\nc\n///", [
        Shown("table", "1"), Shown("head", "", "a"), Shown("row", "", "b"),
        Shown("caption"), Shown("paragraph", "", "c"),
    ]),
    "title of its file": (
        '```python title="snippets/activations.py"\n--8<-- "activations.py:imports"\n```', [
            Shown("code", "python snippets/activations.py",
            "import numpy as np\nfrom numpy.typing import ArrayLike, NDArray\n\n"
            "Array = NDArray[np.float64]"),
        ],
    ),
    "link": ("[a](other.md#another)", [Shown("paragraph", "", link_mark("other/#another", "a"))]),
    "emphasis beside Chinese": (
        "他说**“提示”**和*强调*。", [Shown("paragraph", "", "他说“提示”和强调。")],
    ),
    "a rule": ("a\n\n---\n\nb", [
        Shown("paragraph", "", "a"), Shown("rule"), Shown("paragraph", "", "b"),
    ]),
    "a comment": ("<!--\n# a\n-->\n\nb", [Shown("paragraph", "", "b")]),
    "illustration": ('```text title="Illustration: a run"\nloss 0.1\n```', [
        Shown("code", "text Illustration: a run", "loss 0.1"),
    ]),
    "示意": (
        '```text title="示意：训练"\nloss 0.1\n```', [Shown("code", "text 示意：训练", "loss 0.1")],
    ),
    "words in brackets beside Chinese": (
        "区间 [0, 1]（含端点），4．5", [Shown("paragraph", "", "区间 [0, 1]（含端点），4．5")],
    ),
    "colons and arrows": (
        "So a: b, 3:1:2, a → b, [[1, 2], [3]]",
        [Shown("paragraph", "", "So a: b, 3:1:2, a → b, [[1, 2], [3]]")],
    ),
    "C++": ("C++ and C++", [Shown("paragraph", "", "C++ and C++")]),
}  # fmt: skip


@pytest.mark.parametrize("form", REFUSED)
def test_it_is_refused(form: str, judge: Judge) -> None:
    markdown, line, message, remedy = REFUSED[form]
    faults = judge.verdict(markdown).faults
    assert faults
    first = faults[0]
    assert (first.path.name, first.line) == ("form.md", line), first
    assert message in first.message
    assert re.search(re.escape(remedy), f"{first.message} {first.remedy}")


@pytest.mark.parametrize("form", SHOWN)
def test_it_is_shown_as_it_is_meant(form: str, judge: Judge) -> None:
    markdown, shown = SHOWN[form]
    verdict = judge.verdict(markdown)
    assert verdict.faults == [], "\n".join(map(str, verdict.faults))
    assert [found for found in verdict.shown if found.kind != "end"] == shown
    assert verdict.built is not None
    assert [found for found in verdict.built.outline if found.kind != "end"] == shown
