"""Long lines of code, text in another language, and marks beside formulas, as a page has them."""

import re

import pytest

from engine.formulas.html import ARITHMATEX, render_page
from engine.paths import LANGUAGES
from engine.readable.foreign import with_languages
from engine.readable.lines import FITS, TAG, with_marked_lines
from engine.readable.units import with_units
from tests.conftest import SITE

LONG = "x = " + "1 + " * 9 + "1"
TITLE = (
    '<span class="sd">"""A text that goes on\nand is long from here on, longer than fits"""</span>'
)


def code(inner: str) -> str:
    return f"<pre><span></span><code>{inner}</code></pre>"


@pytest.mark.parametrize(
    ("inner", "marked"),
    [
        ("x = 1\ny = 2\n", "x = 1\ny = 2\n"),
        (f"{LONG}\n", f'<span class="in0">{LONG}</span>\n'),
        (f"    {LONG}", f'<span class="in4">    {LONG}</span>'),
        (f"      {LONG}", f'<span class="in4">      {LONG}</span>'),
        (f"{' ' * 30}{LONG}", f'<span class="in16">{" " * 30}{LONG}</span>'),
        (
            f'<span class="gp">... </span>    {LONG}',
            f'<span class="in8"><span class="gp">... </span>    {LONG}</span>',
        ),
        ("量" * (FITS // 2), "量" * (FITS // 2)),
        ("量" * (FITS // 2 + 1), f'<span class="in0">{"量" * (FITS // 2 + 1)}</span>'),
        ("&lt;" * FITS, "&lt;" * FITS),
        (
            TITLE,
            '<span class="sd">"""A text that goes on\n</span><span class="in0"><span class="sd">'
            'and is long from here on, longer than fits"""</span></span>',
        ),
    ],
)
def test_long_lines_of_code_are_marked_with_their_indentation(inner: str, marked: str) -> None:
    assert with_marked_lines(f"<p>a</p>{code(inner)}<p>b</p>") == f"<p>a</p>{code(marked)}<p>b</p>"


def test_short_code_and_the_arrow_of_a_signature_stay_whole() -> None:
    short = "<p>Delete <code>- 1</code>, <code>z</code>, <code>np.zeros((m, n_h))</code>.</p>"
    found = with_marked_lines(short + code("- 1"))
    assert found == short.replace("<code>- 1", '<code class="whole">- 1') + code("- 1")
    signature = "def clipped(grads: list[Array], theta: float) -&gt; list[Array]:"
    arrow = ' <span class="whole">-&gt;</span> '
    assert signature.replace(" -&gt; ", arrow) in with_marked_lines(code(signature))


def test_what_the_code_says_stays_the_same() -> None:
    inner = f"{TITLE}\n\n<b>{LONG}\n<i>{LONG}\nx\n{LONG}</i></b>\n"
    marked = with_marked_lines(code(inner))
    assert marked.count('class="in0"') == 4
    assert TAG.sub("", marked) == TAG.sub("", code(inner))
    for line in marked.split("\n"):
        assert line.count('<span class="in0"') <= 1


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "the notes say “⟦CNN处理图像，RNN处理语音。⟧” (so)"),
        ("en", "<td>⟦权重⟧, weight</td>"),
        ("en", '<a lang="zh-Hans">中文</a>'),
        ("en", "<pre># 注释</pre>"),
        ("en", '<img alt="图 > 图">no other'),
        ("zh", "长短期记忆（⟦long short-term memory⟧，LSTM）"),
        ("zh", "<b>门</b>（⟦gate⟧）打开"),
        ("zh", "<h2>(⟦gru.1) all steps⟧</h2>"),
        ("zh", "<td>⟦neuron⟧</td><td>softmax 回归用 Adam 训练</td>"),
        ("zh", "用 softmax 和 Adam 训练；文件 snippets/lstm.py，NumPy 与 Python 3.12"),
        ("zh", "公式 <code>all steps of it</code>"),
        ("zh", '<span class="arithmatex">\\(all steps of it\\)</span>'),
    ],
)
def test_text_in_the_other_language_says_so(language: str, text: str) -> None:
    other = next(other for other in LANGUAGES if other != language)
    page = f"<title>中文 some English words</title><body><p>{text}</p>"
    plain = page.replace("⟦", "").replace("⟧", "")
    marked = page.replace("⟦", f'<span lang="{other}">').replace("⟧", "</span>")
    assert with_languages(plain, language) == marked


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_marked_once_is_not_marked_again(language: str) -> None:
    page = "<body><p>此处（the gate is open）如此；and so it is</p>"
    marked = with_languages(page, language)
    assert marked != page
    assert with_languages(marked, language) == marked


def formulas(text: str) -> str:
    """A text with formulas between dollar signs, as the build renders it."""
    parts = text.split("$")
    parts[1::2] = [f'<span class="arithmatex">\\({tex}\\)</span>' for tex in parts[1::2]]
    page = "".join(parts)
    assert ARITHMATEX.search(page)

    def no_link(tag: str) -> None:
        raise AssertionError(tag)

    return render_page(page, SITE.katex, no_link, "Formula")  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["令 $x$，", "（$x$）。", "so $x$).", "($x$, or", "$x$-th"])
def test_marks_stay_with_their_formula(text: str) -> None:
    before, _, after = text.split("$")
    marks = [part for part in (before[-1:], after[:1]) if not part.isspace() and part not in "令o"]
    page = formulas(text)
    start = page.index('<span class="together">')
    end = page.rindex("</span>")
    assert all(mark in TAG.sub("", page[start:end]) for mark in marks)
    assert "<wbr>" not in page


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("<strong>so $x$</strong>, and", ("", ",")),
        ("（<strong>$x$ 为正</strong>", ("（", "")),
        ("<em>(<strong>$x$</strong></em>)：", ("(", ")：")),
        ("<strong>so $x$</strong> and", ("", "")),
    ],
)
def test_marks_outside_a_bold_phrase_stay_with_its_formula(
    text: str, kept: tuple[str, str]
) -> None:
    before, after = map(re.escape, kept)
    page = formulas(text)
    formula = r'<span class="formula">.*</span>'
    alone = f'<span class="together">{before}{formula}{after}</span>' if any(kept) else formula
    assert re.search(alone, page)
    for name in ("strong", "em"):
        assert page.count(f"<{name}>") == page.count(f"</{name}>") == text.count(f"<{name}>")
    plain = re.sub(r"<(/?(?:strong|em))>", "", text)
    assert TAG.sub("", page) == TAG.sub("", formulas(plain))


def test_a_line_may_be_broken_within_a_formula_that_has_parts() -> None:
    assert formulas("$a = b + c$，").count("<wbr>") == 3
    assert formulas("（$a = b + c$，").count("<wbr>") == 2
    assert "<wbr>" not in formulas("$a = b + c$ 和")
    assert "together" not in formulas("$a = b + c$ 和")


@pytest.mark.parametrize(
    ("tex", "breaks"),
    [
        ("e^z/(1 + e^z)", 0),
        ("a + b", 2),
        (r"\log(1 - \hat{y}) + b", 2),
        ("z = 2", 0),
        ("z = -0.5", 0),
        ("z = 2 + a", 3),
        ("f(x) = W^{(1)} x + b", 3),
        ("(a + b)(c + d) = e", 2),
        ("(" + " + ".join("abcdefghijklmn") + ")", 2),
    ],
)
def test_no_line_is_broken_in_short_brackets_or_before_a_lone_number(tex: str, breaks: int) -> None:
    assert formulas(f"${tex}$,").count("<wbr>") == breaks


def test_a_number_stays_with_its_unit() -> None:
    page = "<body><p>5 % of 64 × 64, 3 s, 3 sets, {code}</p></body>"
    code = '<code>5 % 3</code><pre>2 × 3</pre><span class="arithmatex">5 \\%</span>'
    kept = "<body><p>5\u00a0% of 64\u00a0×\u00a064, 3\u00a0s, 3 sets, {code}</p></body>"
    assert with_units(page.format(code=code)) == kept.format(code=code)
