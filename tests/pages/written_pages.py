"""Pages as authors might write them, made by Hypothesis, and what their authors mean by them.

Each word, formula and piece of code of a page is unique and says what it is meant to be: a word
of the second item of a list in an admonition, the alternative of a picture. So what is shown can
be judged without either of the readers (tests/pages/test_generated_forms.py).

A *neat* page keeps to the forms of CONTRIBUTING; on other pages each choice may go wrong in one
of the ways in which authors go wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from hypothesis import strategies as st

T = TypeVar("T")

#: Chooses one of so many possibilities: a number from 0.
Pick = Callable[[int], int]

#: What a word stands in, the outermost first: each thing with a number of its own, so that two
#: items of a list are two.
Place = tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Meant:
    """A unique word, where it is to be shown, and which ways to show it there are right.

    No way at all: the word is not to be shown. ``None``: of such a form nobody can say what is
    meant, but that the word is to be shown.
    """

    word: str
    place: Place
    ways: frozenset[tuple[str, ...]] | None


@dataclass
class Written:
    """A page, and what is meant by it."""

    text: str = ""
    meant: list[Meant] = field(default_factory=list)
    #: Marks that the author wants to see, each escaped or in a word of its own.
    escaped: list[str] = field(default_factory=list)
    neat: bool = True
    raw: bytes = b""


#: On a page that is not neat one choice in so many goes wrong: from a page with one slip, which
#: nothing else hides, to one that is full of them.
SELDOM = (90, 30, 10)

SEPARATORS = (" ", ", ", "，", "。", " (", ") ", "“", "”", "：", " — ", ": ")


class _Author:
    """Writes one page."""

    def __init__(self, pick: Pick, neat: bool) -> None:
        self.pick = pick
        self.page = Written(neat=neat)
        self.seldom = SELDOM[pick(len(SELDOM))]
        self.count = 0
        self.tight = 0
        self.place: Place = ()
        self.notes: list[str] = []
        self.ends: list[str] = []

    # What authors choose

    def number(self) -> int:
        self.count += 1
        return self.count

    def choose(self, *right: T, wrong: Sequence[T] = ()) -> T:
        """One of the right ways, or, on a page that is not neat, at times one of the wrong."""
        if wrong and not self.page.neat and self.pick(self.seldom) == self.seldom - 1:
            return wrong[self.pick(len(wrong))]
        return right[self.pick(len(right))]

    def times(self, least: int, most: int) -> int:
        return least + self.pick(most - least + 1)

    def some_word(self) -> str:
        """A new word that is to be shown in some way, somewhere."""
        word = f"q{self.number()}z"
        self.page.meant.append(Meant(word, self.place, None))
        return word

    def word(self, *ways: tuple[str, ...], hidden: bool = False) -> str:
        """A new word that is meant to be shown in one of these ways at the present place."""
        word = f"q{self.number()}z"
        right = frozenset() if hidden else frozenset(ways or [()])
        self.page.meant.append(Meant(word, self.place, right))
        return word

    def inside(self, kind: str, write: Callable[[], T]) -> T:
        outside = self.place
        self.place = (*outside, (kind, self.number()))
        made = write()
        self.place = outside
        return made

    # Lines

    def line(self, most: int = 4, plain: bool = False, way: tuple[str, ...] = ()) -> str:
        """Some pieces of a line, or with ``plain`` words alone."""
        parts = []
        for number in range(self.times(1, most)):
            if number:
                parts.append(self.choose(*SEPARATORS, wrong=("", " | ", "|", "\\ ", "  ", "_")))
            parts.append(self.word(way) if plain else self.piece())
        return "".join(parts)

    def piece(self) -> str:
        kinds: list[Callable[[], str]] = [
            self.word,
            self.emphasis,
            self.code,
            self.formula,
            self.link,
            self.money,
            self.escape,
            self.picture,
            self.footnote,
        ]
        wrong = [self.sloppy_html, self.sloppy_mark, self.sloppy_formula, self.sloppy_link]
        return self.choose(*kinds, wrong=[*wrong, *wrong])()

    def emphasis(self) -> str:
        mark = self.choose("*", "**", wrong=("_", "__", "***", "~~", "==", "^"))
        way = {"*": ("em",), "_": ("em",), "**": ("strong",), "__": ("strong",)}.get(mark, ())
        word = self.word(way) if way else self.word((), ("em", "strong"), ("strong", "em"))
        inner = self.choose(
            word, f"“{word}”", f"{word}。", f"中{word}", wrong=(f" {word}", f"{word} ")
        )
        close = self.choose(mark, wrong=("", "*", "**"))
        around = self.choose("{}", "中{}文", "“{}”", "({})", wrong=("a{}", "{}b", "{}*"))
        return around.format(f"{mark}{inner}{close}")

    def code(self) -> str:
        word = self.word(("code",))
        inner = self.choose(
            word, f"{word} = 1", f"a*{word}*b", f"<{word}>", f"${word}$", f"x_{word}_y",
            f"[{word}](y)", f"!!! {word}", "\\" + word,
            wrong=(f"#!python {word}", f"{word}\\", f"{word} `", f"a | {word}", f" {word}",
            f"\n{word}",
                   f"&lt;{word}"),
        )  # fmt: skip
        mark = self.choose("`", "``", wrong=("```",))
        return f"{mark}{inner}{self.choose(mark, wrong=('', '`'))}"

    def formula(self) -> str:
        word = self.word(("formula",))
        tex = self.choose(
            f"{word}_{{3}}", word, rf"\hat{{{word}}}^{{*}}", rf"{word} \le 1", f"a_i*{word}_j",
            f"{word}'", rf"\{{{word}\}}", rf"\text{{{word}}}", f"[{word}](x)",
            wrong=(f"`{word}`", f"|{word}|", f"{word} < 1", rf"{word}\$", f"{word} ", f" {word}",
            f"{word}\n+ 1",
                   rf"a \\ {word}", f"1{word}", rf"{word}\,", f"&{word}", f"{word}\\", f"<{word}>"),
        )  # fmt: skip
        around = self.choose(
            "${}$", wrong=("中${}$文", "${}$5", "5${}$", "${}$$", "($ {} $)", "a${}$")
        )
        return around.format(tex)

    def sloppy_formula(self) -> str:
        word = self.word(("formula",), ("display",))
        return self.choose(
            rf"\({word}\)", rf"\[{word}\]", f"$${word}$$", rf"\begin{{x}}{word}\end{{x}}",
            f"$`{word}`$", f"\\frac{{{word}}}{{2}}", f"${word}", f"{word}$", f"$\n{word}\n$",
            f"\n$$\n{word}\n$$\n", f"\n\n$$ {word} $$\n\n", rf"\\({word}\\)", f"$${word}$$\n",
        )  # fmt: skip

    def money(self) -> str:
        first, second = self.word(), self.word()
        right = rf"\$5{first} \$10{second}"
        wrong = (
            f"$5-$10 {first} {second}", f"${first} and ${second}", f"5$ {first} 10$ {second}",
            f"$5{first}，到$10{second}", rf"\\$5 {first} {second}", f"US$5 {first} {second}$",
            f"在$5到$10之间{first} {second}", f"{first} $ {second}", f"$5 {first} ${second}$",
        )  # fmt: skip
        chosen = self.choose(right, wrong=wrong)
        self.page.escaped += ["$", "$"] if chosen == right else []
        return chosen

    def escape(self) -> str:
        mark = self.choose(
            "*", "_", "`", "\\", "$", wrong=("[", "(", "|", "<", "{", "!", "#", "&", '"')
        )
        self.page.escaped.append(mark)
        return f"{self.word()} \\{mark}{self.choose(' ', wrong=('',))}"

    def target(self) -> str:
        return self.choose(
            "other.md", "other.md#another", "reference/glossary.md", "https://e.org/a_b?c=d&e=f",
            wrong=("https://e.org/?a=$b$c", "a b.md", "<other.md>", 'other.md "title"', "",
            "o_(x)_.md",
                   "https://e.org/*a*", "mailto:a@b.c", "other.md?x=1", "./other.md", "/other/",
                   "other.html", "https://e.org/$5"),
        )  # fmt: skip

    def link(self) -> str:
        word = self.word(("link",))
        text = self.choose(
            word, f"`{word}`", f"**{word}**", wrong=(f"[{word}]", f"{word}]", f"{word}\nb")
        )
        ways = {f"`{word}`": ("link", "code"), f"**{word}**": ("link", "strong")}
        self._last_word(ways.get(text, ("link",)))
        around = self.choose("[{}]({})", wrong=("[{}] ({})", "[{}]({}){{.c}}", "！[{}]({})"))
        return around.format(text, self.target())

    def sloppy_link(self) -> str:
        word = self.word(("link",), ())
        name = f"ref{self.number()}"
        self.ends.append(self.choose(f"[{name}]: other.md", "", f"[{name}]: <other.md> 'title'"))
        return self.choose(
            f"[{word}][{name}]", f"[{word}][nowhere]", f"<https://e.org/{word}>", f"[{word}]",
            f"https://e.org/{word}", f"![{word}][{name}]", f"[{word}]\n[{name}]",
            f"[{word}](other.md",
            f"[{word}][]", f"<a@{word}.org>", f"[[{word}]]",
        )  # fmt: skip

    def picture(self) -> str:
        word = self.word(("picture",))
        text = self.choose(
            word, f"{word} 中", wrong=(f"*{word}*", f"`{word}`", f"${word}$", f"[{word}]")
        )
        return f"![{text}]({self.choose('picture.svg', wrong=(self.target(),))})"

    def footnote(self) -> str:
        name = self.choose(f"{self.number()}", f"n{self.number()}")
        word = self.word()
        outside, self.place = self.place, (("footnote", self.number()),)
        text = self.line(2, plain=self.choose(True, wrong=(False,)))
        self.place = outside
        definition = self.choose(
            f"[^{name}]: {text}", wrong=(f"[^{name}]:{text}", f"[^{name}] {text}")
        )
        self.notes.append(self.choose(definition, wrong=(f"   {definition}",)))
        return f"{word}{self.choose(f'[^{name}]', wrong=(f'[^{name}', '[^gone]', f'[^ {name}]'))}"

    def sloppy_html(self) -> str:
        word = self.some_word()
        form = self.choose(
            "<b>{}</b>", "<span>{}</span>", '<a href="gone.md">{}</a>', "<br>{}", "<kbd>{}</kbd>",
            "<!-- {} -->", "&lt;{}&gt;", "&amp;{}", "<div>{}</div>", "<{}>", "< {}",
            "<script>{}</script>",
            "&copy;{}", "&#36;{}", "&nosuch;{}", "<!--{}", "<b>{}", "{}</b>",
            '<span style="x">{}</span>',
            "<code>{}</code>", "\n<div>\n{}\n</div>\n", "<sup>{}</sup>", "<?php {} ?>",
            "<style>{}</style>",
            "<img src=x alt={}>", "&#96;{}&#96;", "&#x2a;&#x2a;{}",
        )  # fmt: skip
        if form == "<!-- {} -->":
            self._last_word()
        self.page.escaped += {"&#36;{}": "$", "&#96;{}&#96;": "``", "&#x2a;&#x2a;{}": "**"}.get(
            form, ""
        )
        return form.format(word)

    def sloppy_mark(self) -> str:
        word = self.some_word()
        return self.choose(
            "{}\n- {}", "{}\n1. {}", "{}\n# {}", "{}\n> {}", "{}\n---\n{}",
            "{}\n===\n{}",
            "{}\n| {} |", "{}\n```\n{}", "{}\n$$\n{}", "{}\n!!! note\n{}", "{}\n/// caption\n{}",
            "{} {{#{}}}", "{} {{: .{}}}", "[TOC] {} {}", "*[{}]: {}", "--8<-- {} {}", "{}  \n{}",
            "{}\\\n{}",
            "{}\t{}", "{} \u3000{}", "{}\u00a0{}", "{}\u200b{}", "{} :: {}", "#{} {}", "@{} {}",
            "{} -> {}",
            "{}--{}", "{}...{}", '"{}" \'{}\'', "{}\n    {}", "{}\n  {}", "++{}++ {}", "{}^{}^",
            "H~{}~ {}",
            ":smile: {} {}", "{}\n*{}", "{}\n+ {}", "{}\n2) {}", "{}\n* * *\n{}", "{}\n___\n{}",
            "{}\n\t{}",
            "{}\n\\{}", "\\{}\\{}", "{}&{}", "{}\x0c{}", "[{}]: {}", "[x] {} {}",
            "{}\n~~~\n{}\n~~~",
            "{}\n=== \"{}\"", "{}\n??? note \"{}\"", "{}\n<{}>", "{}%{}", "{}\n\n    {}", "{}\n-{}",
            "{}\n##{}", "{}\n:{}", "{}\n>{}", "{}\n|-|\n{}", "{}://{}",
            "1986. {} {}", "- {} {}", "{}\n- - {}", "#. {} {}", "a) {} {}", "{}\n1) {}",
            "{}\n10. {}", "2**{} and 2**{}", "-\u3000{}\n-\u3000{}", "［{}］(#{})", "＄{}＄ {}",
            "{}\u200b{}", "{}\\\n{}",
        ).format(word, self.some_word())  # fmt: skip

    def _last_word(self, *ways: tuple[str, ...]) -> None:
        last = self.page.meant.pop()
        self.page.meant.append(Meant(last.word, last.place, frozenset(ways)))

    # Blocks

    def blocks(self, depth: int, most: int = 3) -> list[str]:
        lines: list[str] = []
        above = None
        for number in range(self.times(1, most)):
            if number:
                lines += self.choose([""], wrong=([], [], ["   "], ["", ""], ["\t"]))
            kind = self.block(depth)
            if self._merges(above) and self._merges(kind):
                lines += self.choose([*self.paragraph(), ""], wrong=([],))
            lines += kind()
            above = kind
            if self.notes and not self.place:
                for note in self.notes:
                    lines += ["", note]
                self.notes = []
        return lines

    def _merges(self, kind: Callable[[], list[str]] | None) -> bool:
        """Whether such a block would go on in another that follows it."""
        return kind in (self.bullets, self.numbers, self.quote)

    def block(self, depth: int) -> Callable[[], list[str]]:
        kinds = [
            self.paragraph,
            self.display,
            self.fence,
            self.session,
            self.text_fence,
            self.picture_with_caption,
        ]
        holders = [self.bullets, self.numbers, self.quote, self.admonition, self.details, self.tabs]
        if not depth:
            holders += [self.heading, self.table, self.definitions, self.rule, self.comment]
        wrong = [self.sloppy_block]
        if depth < 3:
            return self.choose(*kinds, *holders, wrong=wrong)
        return self.choose(*kinds, wrong=wrong)

    def paragraph(self) -> list[str]:
        lines = []
        for _ in range(self.times(1, 2)):
            lines += self.line().split("\n")
        # A space that begins a line is the author's own.
        return [line + self.choose("", wrong=(" ", "  ", "\\")) for line in lines]

    def display(self) -> list[str]:
        word = self.word(("display",))
        tag = rf"\tag{{f.{self.number()}}}"
        tex = self.choose(
            [f"{word} = 1 {tag}"], [rf"\frac{{{word}}}{{2}} = *a*_b {tag}"], [f"{word} =",
            f"1 {tag}"],
            [r"\begin{aligned}", rf"{word} &= 1 \\", "&< 2", rf"\end{{aligned}} {tag}"],
            wrong=([f"{word} = 1"], [f"{word} =", "", f"1 {tag}"], [f"- {word} {tag}"],
            [f"# {word} {tag}"],
                   [f"{word} \\$ {tag}"], [f"> {word} {tag}"], [f"{word} $ {tag}"],
                   [f"| {word} | {tag}"],
                   [f"{word} {tag}", "==="], [f"    {word} {tag}"], [f"+ {word} {tag}"],
                   [f"{word} \\\\{tag}"]),
        )  # fmt: skip
        if len(tex) == 1:
            form = self.choose(
                "$$\n{}\n$$",
                wrong=("$${}$$", "$$ {} $$", "$${}\n$$", "$$\n{}$$", "$$\n{}", r"\[{}\]",
                "\\[\n{}\n\\]",
                       "```math\n{}\n```", "$$\n{}\n$$ text", "text $$\n{}\n$$", "$\n{}\n$",
                       "$$$\n{}\n$$$",
                       "$${}$$ (1)", "$$\n\n{}\n\n$$", "$${}$$.",
                       "\\begin{{equation}}\n{}\n\\end{{equation}}",
                       " $$\n {}\n $$", "$$ \n{}\n$$ ", "$$\n{}\n  $$", "$$\n  {}\n$$",
                       "$${}$$ $${}$$"),
            )  # fmt: skip
            return form.format(*tex * form.count("{}")).split("\n")
        return ["$$", *tex, "$$"]

    def fence(self) -> list[str]:
        title = self.word(("title",))
        word = self.word(("code block",))
        info = self.choose(
            "python", f'python title="{title}"',
            wrong=("", "py", "python3", "Python", "python2", "{.python}", "{ .python .annotate }",
            "pycon",
                   "text", "sh", "{.python #x}", 'python hl_lines="1"', "python title=x", "pytohn",
                   "math",
                   'python linenums="1"', "python title='x'", "ipython", "console", "doctest",
                   "jupyter",
                   "python {title}", '{.python title="x"}', "ruby", "mermaid", "html", "pyi",
                   "text python"),
        )  # fmt: skip
        code = [
            *self.choose([], ["# `a` $b$ **c** <!-- d -->"], ["s = '''", "- not a list", "", "'''"],
                         wrong=(["s = '''", "```", "'''"], ["    indented = 1"], ["\tx = 1"],
                         ["# $$"],
                                ["x = 1   "], ["#", ""], ["---"], ["--8<--"], ["# \\"],
                                ['--8<-- "activations.py:imports"'], ['--8<-- "gone.py:x"'],
                                ["x = 1 / 0"],
                                ["--8<--", "activations.py", "--8<--"], ["<!--"], ["# [^1]: x"],
                                ["&lt;"],
                                [">>> x = 1"], ["print(1)"], ["import sys; sys.exit()"],
                                ["x\u00a0= 1"])),
            f"{word} = 17",
            *self.choose([], ["if True:", "    y = [", "        1,", "    ]"], ["", "", "z = 1"]),
        ]  # fmt: skip
        return self._fenced(info, code)

    def session(self) -> list[str]:
        word = self.word(("code block",))
        half, rest = word[:2], word[2:]
        code = [
            *self.choose([], [">>> for i in range(2):", "...     x = i", "..."],
                         [">>> # a comment"],
                         wrong=([">>>x = 1"], ["x = 1"], ["# a comment"],
                                [">>>"], [">>> "], ["..."], ["...x"],
                         [">> x = 1"],
                                ["In [1]: x"], ["$ ls"], [" >>> x = 1"], [">>> x = 1", "... ",
                                "1"])),
            *self.choose([f">>> print({half!r} + {rest!r})"], [">>> print(",
            f"...     {half!r} + {rest!r}", "... )"],
                         wrong=([f">>> {half!r} + {rest!r}"],
                         [f">>> print({half!r} + {rest!r}) # doctest: +SKIP"],
                                [f">>> print({half!r} + {rest!r}, 1)"],
                                [f">>> print(chr(10) + {half!r} + {rest!r})"])),
            word,
            *self.choose([], [">>> y = 1"], ["", ">>> y = 1"], [">>> print('a')", "a"],
                         wrong=(["<BLANKLINE>"], ["..."], [">>>"], ["", "text"],
                         [">>> print('...')", "..."],
                                [">>> print('a\\n\\nb')", "a", "", "b"], ["    "],
                                [">>> print('>>> x')", ">>> x"], [">>> print('a\\tb')", "a\tb"],
                                [">>> print('a ')", "a "], [">>> raise ValueError('x')"], [">>> 1",
                                "1"],
                                [">>> print('<b>&amp;')", "<b>&amp;"], [">>> print('```')",
                                "```"])),
        ]  # fmt: skip
        return self._fenced(
            self.choose("pycon", "python", wrong=("text", "", "doctest", "sh", "console")), code
        )

    def text_fence(self) -> list[str]:
        info, code = self.choose(
            ("sh", [f"make {self.word(('code block',))}"]),
            ("text", ["a tree", "└── of files"]),
            ('text title="Illustration: a run"', ["loss 0.1"]),
            wrong=(("text", ["loss after 10 steps: 0.4711"]), ("text", ["x = 1"]), ("sh",
            ["python -c 'x'"]),
                   ("sh", [">>> x"]), ("text", [">>> x"]), ("sh", []), ("text", [""]), ("sh",
                   ["x = 1"])),
        )  # fmt: skip
        return self._fenced(info, code)

    def _fenced(self, info: str, code: list[str]) -> list[str]:
        mark = self.choose("```", "~~~", "````", wrong=("``", "`````"))
        close = self.choose(
            mark, wrong=("", "```", "~~~", mark + "`", mark + " ", "  " + mark, mark + "x")
        )
        lines = [f"{mark}{self.choose('', wrong=(' ',))}{info}", *code, *([close] if close else [])]
        shift = self.choose("", wrong=(" ", "  ", "   "))
        return [shift + line if line else line for line in lines]

    def picture_with_caption(self) -> list[str]:
        lines = [self.picture()]
        mark, end = self.choose(
            ("/// caption", "///"),
            wrong=(("/// captoin", "///"), ("///caption", "///"), ("/// Caption", "///"),
            ("/// caption", "//"),
                   ("/// caption", ""), ("// caption", "//"), ("/// caption | x", "///"),
                   ("/// caption ", "/// "),
                   ("//// caption", "////"), ("/// figure-caption", "///"), ("/// note", "///"),
                   ("/// caption", "////")),
        )  # fmt: skip
        gap = self.choose([""], wrong=([], ["", ""]))
        text = self.inside(
            "caption", lambda: self.choose(self.paragraph, wrong=(self.display, self.bullets))()
        )
        return [*lines, *gap, mark, *text, end]

    def indented(self, lines: list[str]) -> list[str]:
        indent = self.choose("    ", wrong=("  ", "   ", "     ", "        ", "\t", " \t", "  \t"))
        return [indent + line if line.strip() else line for line in lines]

    def held(self, depth_most: int = 2) -> list[str]:
        return self.blocks(len(self.place), depth_most)

    def bullets(self) -> list[str]:
        return self._list(lambda _: self.mark)

    def numbers(self) -> list[str]:
        start = self.choose(1, wrong=(0, 2, 7, 10))
        sign = self.choose(".", wrong=(")",))
        same = self.choose(False, True)
        return self._list(lambda n: f"{start if same else start + n}{sign}")

    def _list(self, mark: Callable[[int], str]) -> list[str]:
        self.mark = self.choose("-", "*", wrong=("+", "•"))
        mine = self.mark
        lines: list[str] = []
        loose = not self.tight and self.choose(False, True)
        for number in range(self.times(1, 3)):
            if number and loose:
                lines += self.choose([""], wrong=([], ["", ""]))
            self.mark = self.choose(mine, wrong=("*",))
            lines += self.inside("item", lambda n=number: self._item(mark(n), loose))
        return lines

    def _item(self, mark: str, loose: bool) -> list[str]:
        first, *rest = self.choose(
            self.paragraph, wrong=(self.fence, self.display, self.heading, lambda: [""])
        )()
        space = self.choose(" ", wrong=("  ", "   ", "    ", "\t", ""))
        box = self.choose("", wrong=("[ ] ", "[x] "))
        lines = [f"{mark}{space}{box}{first}", *self.indented(rest)]
        if len(self.place) < 3 and len(lines) == 1 and self.times(0, 3) == 0:
            # A list without blank lines below the item's own line.
            self.tight += 1
            lines += self.indented(self.bullets())
            self.tight -= 1
            return lines
        if loose and len(self.place) < 3 and self.times(0, 2) == 0:
            gap = self.choose([""], wrong=([],))
            lines += [*gap, *self.indented(self.held())]
        return lines

    def quote(self) -> list[str]:
        lines = self.inside("quote", self.held)
        mark = self.choose("> ", wrong=(">", ">  ", " > "))
        return [(mark + line) if line else self.choose(">", wrong=("", "> ")) for line in lines]

    def admonition(self) -> list[str]:
        title = self.choose(True, wrong=(False,))
        return self.inside("admonition", lambda: self._titled("!!!", title))

    def details(self) -> list[str]:
        mark = self.choose("???", "???+")
        return self.inside("details", lambda: self._titled(mark, True))

    def _titled(self, mark: str, title: bool) -> list[str]:
        kind = self.choose(
            "note", "success", "warning",
            wrong=("Note", "note inline", "", "注意", "note end", "note-x", "note_x",
            "note highlight", "NOTE:"),
        )  # fmt: skip
        head = f"{mark} {kind}".rstrip()
        if title:
            words = self.choose(self.line(2, plain=True, way=("title",)), self._in_title())
            quotes = self.choose(
                '"{}"', wrong=("“{}”", "'{}'", "{}", "「{}」", '"{}', '"{}" x', "„{}“", '" {} "')
            )
            head += " " + quotes.format(words.replace('"', ""))
        head += self.choose("", wrong=(" ", ":"))
        gap = self.choose([""], [], wrong=(["    "],))
        return [head, *gap, *self._below_mark(self.held())]

    def _below_mark(self, lines: list[str]) -> list[str]:
        return self.choose(self.indented, wrong=(lambda lines: lines,))(lines)

    def _in_title(self) -> str:
        return self.choose(
            lambda: f"`{self.word(('title', 'code'))}`",
            lambda: f"**{self.word(('title', 'strong'))}**",
            lambda: f"${self.word(('title', 'formula'))}$",
            wrong=(lambda: self.title_with_star(),
            lambda: f"[{self.word(('title', 'link'))}](other.md)",
            lambda: f"\\\"{self.word(('title',))}"),
        )()  # fmt: skip

    def title_with_star(self) -> str:
        self.page.escaped.append("*")
        return rf"{self.word(('title',))} \* x"

    def tabs(self) -> list[str]:
        lines: list[str] = []
        for number in range(self.times(1, 2)):
            if number:
                lines += self.choose([""], wrong=([], ["", "text", ""]))
            lines += self._tab()
        return lines

    def _tab(self) -> list[str]:
        head = self.choose(
            '=== "{}"',
            wrong=("=== {}", "=== “{}”", '==="{}"', '==! "{}"', '===! "{}"', '===+ "{}"'),
        )
        gap = self.choose([""], [], wrong=(["    "],))
        title = self.word(("title",))
        return [head.format(title), *gap, *self._below_mark(self.inside("tab", self.held))]

    def heading(self) -> list[str]:
        word = self.word(
            *[("heading", *more) for more in ((), ("link",), ("picture",), ("formula",))]
        )
        anchor = f"a{self.number()}"
        marks = "#" * self.times(2, 4)
        text = self.choose(
            word,
            f"{word} `x`",
            f"中**x**文{word}",
            wrong=(
                f"${word}$",
                f"[{word}](other.md)",
                f"{word} #",
                f"*{word}",
                f"{word} $5",
                f"![{word}](picture.svg)",
                f"{word}[^1]",
                f"{word}\\#",
            ),
        )
        form = self.choose(
            "{m} {t} {{#{a}}}",
            wrong=("{m}{t}", "{m} {t}", "{m} {t} {m}", "{t}\n===", "{t}\n---", "{t} {{#{a}}}\n---",
            "{m} {t} {{#dup}}",
                   "{m} {t} {{ #{a} }}", "{m} {t} {{: #{a}}}", "{m} {t} {{#{a} .c}}",
                   "{m} {t} {{.c}}", " {m} {t} {{#{a}}}",
                   "{m} {t}{{#{a}}}", "{m} {t} {{#{a}}} {m}", "{m} {t} {{#中文}}",
                   "{m}\t{t} {{#{a}}}", "{m} {t} {{#{a}}} x",
                   "   {m} {t} {{#{a}}}", "{m} {t} {{#{a}}}  ", "{m}　{t} {{#{a}}}", "＃ {t}",
                   "####### {t}",
                   "{m} {t} {{# {a}}}", "{m} {t} {{#{a}", "{m} {t} #{{{a}}}",
                   "text\n{m} {t} {{#{a}}}"),
        )  # fmt: skip
        return form.format(m=marks, t=text, a=anchor).split("\n")

    def table(self) -> list[str]:
        columns = self.times(2, 3)
        rows = [[self._cell() for _ in range(columns)] for _ in range(self.times(2, 3))]
        for row in rows[1:]:
            extra = self.choose(None, wrong=("more", "less"))
            if extra == "more":
                row.append(self._cell())
            elif extra == "less":
                row.pop()
        rule = self.choose("---", ":-:", wrong=("-", "--", ":-", "===", "", "—"))
        style = self.choose("| {} |", wrong=("{}", "| {}", "{} |", "|{}|", " | {} |", "|| {} |"))
        between = self.choose(" | ", wrong=("|", " || ", "\t|\t"))
        written = [style.format(between.join(row)) for row in rows]
        ruled = style.format(between.join([rule] * columns)).replace(" ", "")
        after = self.choose([], wrong=(["text"], ["{: .c}"], ["Table: x"]))
        return [written[0], ruled, *written[1:], *after]

    def _cell(self) -> str:
        def write() -> str:
            return self.choose(
                lambda: self.line(1, plain=True), lambda: self.word(("code",)).join("``"),
                lambda: self.word(("formula",)).join("$$"), lambda: rf"{self.word()} \| b",
                self.emphasis,
                lambda: rf"$\lvert {self.word(('formula',))} \rvert$",
                lambda: f"{self.word()}<br>{self.word()}",
                wrong=(lambda: f"$|{self.word(('formula',))}|$",
                lambda: f"`a|{self.word(('code',))}`",
                       lambda: rf"$\|{self.word(('formula',))}\|$",
                       lambda: rf"`a\|{self.word(('code',))}`", self.piece,
                       lambda: f"{self.word()} | {self.word()}", lambda: "",
                       lambda: f"{self.word()} \\",
                       lambda: rf"$a \mid {self.word(('formula',))}$", lambda: f"- {self.word()}"),
            )()  # fmt: skip

        return self.inside("cell", write).replace("\n", " ")

    def definitions(self) -> list[str]:
        lines = [self.word(("term",))]
        for _ in range(self.times(1, 2)):
            space = self.choose("   ", wrong=(" ", "  ", "", "    ", "\t"))
            first, *rest = self.inside("definition", self.paragraph)
            lines += [*self.choose([], wrong=([""],)), f":{space}{first}", *self.indented(rest)]
        return lines

    def rule(self) -> list[str]:
        return [
            self.choose("---", "***", wrong=("___", "* * *", "--", "----------", "- - -", " ---"))
        ]

    def comment(self) -> list[str]:
        word = self.word(hidden=True)
        return self.choose(
            [f"<!-- {word} -->"], ["<!--", f"- {word} ```", "", f"# {word}", "-->"],
            wrong=([f"<!-- {word} --> text"], ["<!--", word], [f"<!-- {word} ->"], ["<!--", word,
            "--> text"],
                   [f"text <!-- {word} -->"], ["<!--", "", f"$$ {word}", "-->", "text"],
                   [f"<!-- {word} -- x -->"],
                   [f"<!---{word}--->"], [f"<!--{word}", "```python", "x = 1", "```", "-->"]),
        )  # fmt: skip

    def sloppy_block(self) -> list[str]:
        word = self.some_word()
        return self.choose(
            "    {}", "\t{}", "<div>{}</div>", '<div markdown="1">\n\n{}\n\n</div>',
            "<div>\n{}\n</div>",
            "[x]: other.md\n{}", "*[{}]: text", "[TOC]\n{}", '--8<-- "activations.py:imports"\n{}',
            "--8<--\n{}\n--8<--",
            "{{: .c}}\n{}", "{}\n{{: .c}}", "::: note\n{}\n:::", ":::{{note}}\n{}\n:::",
            "> [!NOTE]\n> {}",
            '<details markdown="1">\n<summary>a</summary>\n{}\n</details>',
            "<table><tr><td>{}</td></tr></table>",
            "<p>{}</p>", "<img src='a' alt='{}'>", "<h2>{}</h2>", "<pre>{}</pre>", "<{}>",
            "<script>\n{}\n</script>",
            '<p align="center">{}</p>', "|---|\n{}", "{}\n|---|", "| {} |\n|---|",
            "{} | a\n---|---\nb | c", "$$\n{}",
            "```\n{}", "~~~\n{}", "!!!\n    {}", "=== {}", "/// {}", "///\n{}", "% {}", "// {}",
            "---\n{}\n---", "{}\n\n---\n",
            "+++\n{}\n+++", "- {}\n-", "-\n  {}", "-\n\n    {}", "1.\n{}", ": {}", ":   {}",
            "a\n:   {}\n\n    b", "#\n{}", "#{}",
            "###", "[^x]: {}", "[^x]:\n    {}", "a[^x]\n\n[^x]:\n    {}\n\n    b",
            "a[^x] b[^x]\n\n[^x]: {}",
            "a[^y] b[^x]\n\n[^x]: {}\n[^y]: c", "[{}]: other.md", "[{}]: ", "<!-- --8<-- -->{}",
            "\\\n{}", "&nbsp;\n{}",
            "\u3000\u3000{}", "  {}", "   {}", "> {}\ntext", "- {}\ntext", "- {}\n\ntext",
            "- a\n\n  {}", "- a\n  {}", "- a\n    - {}",
            "- a\n  - {}", "* a\n- {}", "1. a\n- {}", "- a\n\n1. {}", "1. a\n\n2. {}\n\n    b",
            "2. {}", "0. {}", "1) {}",
            "> a\n\n> {}", "> a\n> > {}", "> - a\n>     - {}", "> > {}\n> b", ">{}\n>\n>b", "${}$",
            "`{}`", "**{}**\n: a",
        ).format(word).split("\n")  # fmt: skip


@st.composite
def pages(draw: st.DrawFn, neat: bool) -> Written:
    """Pages, written by Hypothesis."""
    return write(lambda many: draw(st.integers(0, many - 1)), neat)


def write(pick: Pick, neat: bool) -> Written:
    """A page of some blocks, with its line ends and mark of byte order."""
    author = _Author(pick, neat)
    lines = author.choose(
        ["---", "title: Form", "---", ""], wrong=([], ["---", "title: Form", "---"])
    )
    lines += author.blocks(0, 4)
    for end in author.ends:
        lines += ["", end] if end else []
    page = author.page
    page.text = "\n".join(lines) + author.choose("\n", wrong=("", "\n\n\n", "  "))
    # Of several ways to write something only one has come into the text.
    written = set(re.findall(r"q\d+z", page.text))
    page.meant = [meant for meant in page.meant if meant.word in written]
    newline = author.choose("\n", wrong=("\r\n", "\r\n", "\r"))
    mark = author.choose(b"", wrong=(b"\xef\xbb\xbf",))
    page.raw = mark + page.text.replace("\n", newline).encode()
    return page
