"""Code in both languages differs in nothing but comments and words, however it is changed."""

from __future__ import annotations

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from engine.languages.code_parity import code_faults
from engine.languages.literals import same_code, take_apart
from engine.languages.words import VALUE, same_but_for_words
from engine.rules.printed import english_words
from tests.conftest import SITE

ALIKE = [
    ("损失 0.25", "loss 0.25"),
    ("第 3 步，共 10 步：", "step 3 of 10 steps: "),
    ("J 对 W_hh 的导数", "the derivative of J with respect to W_hh"),
    ("常数 a", "the constant a"),
    ("误差（相对）≤ 1e-9", "a relative error ≤ 1e-9"),
    ("n 元语法", "the n-gram"),
    ("3 步", "a 3-step walk"),
    ("x 的梯度", "x's gradient"),
    ("交叉熵", "the cross-entropy"),
    ("共 1,000 步，用 Adam", "1,000 steps of Adam"),
    (f"第 {VALUE} 步", f"step {VALUE}"),
    ("LSTM", "LSTM"),
]


@pytest.mark.parametrize(("chinese", "english"), ALIKE)
def test_words_may_differ(chinese: str, english: str) -> None:
    assert same_but_for_words(chinese, english)
    assert not same_but_for_words(english, chinese) or chinese == english


APART = {
    "another number": ("损失 0.26", "loss 0.25"),
    "another form of a number": ("损失 1000", "loss 1,000"),
    "more digits": ("损失 0.250", "loss 0.25"),
    "another sign of a number": ("损失 0.25", "loss -0.25"),
    "another sign": ("误差 < 1e-9", "error ≤ 1e-9"),
    "another name": ("对 W_hx 的导数", "derivative with respect to W_hh"),
    "another order": ("10 步中的第 3 步", "step 3 of 10"),
    "a name that is missing": ("长短期记忆", "LSTM"),
    "a name that is added": ("LSTM 的损失", "loss"),
    "another letter": ("损失 L", "loss J"),
    "a letter like an article": ("常数 b", "the constant a"),
    "another value": ("通过：True", "passes: False"),
    "another value of a word": ("通过", "passes: False"),
    "English words in Chinese": ("训练 error", "training loss"),
    "no Chinese at all": ("losses", "loss"),
    "Chinese in English": ("损失", "误差"),
    "a line less": ("损失", "loss\n"),
    "a value less": ("步", f"step {VALUE}"),
}


@pytest.mark.parametrize("kind", APART)
def test_more_than_words_is_found(kind: str) -> None:
    chinese, english = APART[kind]
    assert not same_but_for_words(chinese, english)


WORDS = st.sampled_from([("损失", "loss"), ("步", "steps of the"), ("的误差，", "error; ")])
REST = st.one_of(
    st.integers(0, 9999).map(str),
    st.floats(0, 9).map(lambda x: f"{x:.2e}"),
    st.sampled_from(["W_hh", "J", "b2", "LSTM", "True", "=", "-", "≤", "σ", "%", "\n", VALUE]),
)


@given(words=st.lists(st.tuples(WORDS, REST), min_size=1, max_size=6), data=st.data())
def test_whatever_is_no_word_is_compared(
    words: list[tuple[tuple[str, str], str]], data: st.DataObject
) -> None:
    pairs = [word for word, _ in words]
    rest = [one for _, one in words]

    def text(language: int, rest: list[str]) -> str:
        return " ".join(f"{w[language]} {r}" for w, r in zip(pairs, rest, strict=True))

    assert same_but_for_words(text(0, rest), text(1, rest))
    number = data.draw(st.integers(0, len(rest) - 1))
    changed = [*rest[:number], data.draw(REST), *rest[number + 1 :]]
    assume(changed != rest)
    assert not same_but_for_words(text(0, changed), text(1, rest))
    assert not same_but_for_words(text(0, rest), text(1, changed))


@given(rest=st.lists(REST, min_size=2, max_size=6, unique=True), data=st.data())
def test_the_order_is_compared(rest: list[str], data: st.DataObject) -> None:
    other = data.draw(st.permutations(rest))
    assume(other != rest)
    assert not same_but_for_words("损失 " + " ".join(other), "loss " + " ".join(rest))


CODE = """\
names = ["plain", "momentum"]
sizes = {"rows": 3, "columns": 4}
for name, error in zip(names, [0.5, 0.25], strict=True):
    print(f"error {error:.3f} {sizes['rows']:>4} of {name}")
print("largest:", 0.5, "yes" if sizes["rows"] > 2 else "no", sep=" ")
"""
CHINESE = """\
names = [
    "plain",  # 普通
    "momentum",
]
sizes = {"rows": 3, "columns": 4}
for name, error in zip(names, [0.5, 0.25], strict=True):
    print(f"误差 {error:.3f} {sizes['rows']:>4}：{name}")
print("最大：", 0.5, "是" if sizes["rows"] > 2 else "否", sep=" ")
"""


def test_comments_layout_and_printed_words_may_differ() -> None:
    assert same_code([CHINESE], [CODE])


def test_docstrings_may_differ() -> None:
    code = 'def f(x):\n    """{}"""\n    return {}\n'
    assert same_code([code.format("一。", 1)], [code.format("One.\n\n    More.", 1)])
    assert not same_code([code.format("一。", 1)], [code.format("One.", 2)])
    assert same_code(['class A:\n    """空。"""'], ["class A:\n    pass"])


CHANGED = {
    "a number": ("0.25", "0.26"),
    "a format": (".3f", ".2f"),
    "a width": (":>4", ":>5"),
    "a name": ("of {name}", "of {error}"),
    "a key": ("sizes['rows']:", "sizes['columns']:"),
    "an order": ("{error:.3f} {sizes['rows']:>4}", "{sizes['rows']:>4} {error:.3f}"),
    "a key of a dictionary": ('{"rows"', '{"Rows"'),
    "a separator": ('sep=" "', 'sep=", "'),
    "a comparison": ("> 2", ">= 2"),
    "a value more": ("of {name}", "of {name} {name}"),
    "a line more": ('"largest:"', '"largest:\\n"'),
    "a sign": ('"largest:"', '"largest ="'),
    "a kept word": ('"momentum"', '"Momentum"'),
    "no print": ('print("largest:"', 'repr("largest:"'),
    "a branch less": ('"yes" if sizes["rows"] > 2 else "no"', '"yes"'),
    "a text in place of a value": ("of {name}", "of name"),
}


@pytest.mark.parametrize("kind", CHANGED)
def test_code_that_does_something_else_is_found(kind: str) -> None:
    old, new = CHANGED[kind]
    assert old in CODE
    assert not same_code([CHINESE], [CODE.replace(old, new)])


#: Code that gives a text a meaning, and the word that may not be put into Chinese there.
FIXED = [
    'x = {"loss": 1}',
    'x = {}["loss"]',
    'x = f("loss")',
    'x = f(["loss"])',
    'x = f(a="loss")',
    'x = [y for y in f("loss")]',
    'print("x", end="loss")',
    'print("loss".upper())',
    'print(f("loss"))',
    'print("loss %d" % 3)',
    'if name == "loss":\n    pass',
    'match name:\n    case "loss":\n        pass',
    'assert name, "loss"',
    'raise ValueError("loss")',
    'def f(name="loss"):\n    """What."""',
    'x = y or "loss"',
    'x = f"{y:loss}"',
    'x = "data/loss.csv"',
    'x = "loss.csv"',
    'x = {"a", "loss"}',
]


@pytest.mark.parametrize("code", FIXED)
def test_a_text_that_the_program_reads_stays_as_it_is(code: str) -> None:
    assert same_code([code], [code])
    assert not same_code([code.replace("loss", "损失")], [code])


FREE = [
    'print("loss")',
    'print("loss", 1)',
    'print(f"loss {x:.2f}")',
    'print("loss" + str(1))',
    'print(*["loss"])',
    'x = "loss"',
    'x = "{} loss"',
    'x: str = "loss"',
    'x = [("loss", 1)]',
    'x = {1: "loss"}',
    'for x in ("loss", "2"):\n    pass',
    'def f(x):\n    return "loss"',
    'print(*(f"loss {y}" for y in x))',
    "print(f\"{f'loss' if x else 1}\")",
]


@pytest.mark.parametrize("code", FREE)
def test_a_text_that_is_printed_or_kept_may_be_chinese(code: str) -> None:
    assert same_code([code.replace("loss", "损失")], [code])


@example(code="f('a')", place=0)
@given(code=st.sampled_from([CODE, *FREE, *FIXED]), place=st.integers(0, 400))
def test_taking_a_letter_out_of_code_is_found(code: str, place: int) -> None:
    place %= len(code)
    changed = code[:place] + code[place + 1 :]
    try:
        other = take_apart(changed)
    except SyntaxError:
        assert not same_code([changed], [code])
        return
    mine = take_apart(code)
    alike = (mine.shape, [x.text for x in mine.literals]) == (
        other.shape,
        [x.text for x in other.literals],
    )
    assert same_code([changed], [code]) == alike


def faults(chinese: str, english: str) -> list[str]:
    pages = (
        SITE.read(f"# A\n\n{text}", SITE.docs / language / "words.md")
        for language, text in (("zh", chinese), ("en", english))
    )
    return [str(fault) for fault in code_faults(*pages)]


def session(*lines: str) -> str:
    return "\n".join(["```pycon", *lines, "```", ""])


def test_what_is_printed_is_compared_without_its_words() -> None:
    mine = session('>>> print(f"损失 {1 / 4:.2f}")', "损失 0.25")
    theirs = session('>>> print(f"loss {1 / 4:.2f}")', "loss 0.25")
    assert faults(mine, theirs) == []
    (fault,) = faults(mine.replace("0.25", "0.26"), theirs)
    assert fault.startswith(
        "docs/zh/words.md:5: output differs from docs/en/words.md:5: '损失 0.26'"
    )
    (fault,) = faults(mine.replace(":.2f", ":.3f"), theirs)
    assert fault.startswith("docs/zh/words.md:4: code differs from docs/en/words.md:4")
    (fault,) = faults(mine.replace('"损失 {', '"损失 J {'), theirs)
    assert fault.startswith("docs/zh/words.md:4: printed text differs from docs/en/words.md:4")
    (fault,) = faults(mine, theirs.replace("\nloss 0.25", "\nloss 0.25\nloss 0.25"))
    assert "'nothing' against 'loss 0.25'" in fault


def test_comments_of_a_session_are_free_in_either_language() -> None:
    plain = session(">>> print(1)", "1", ">>> print(2)", "2")
    said = session(">>> # 一", ">>> print(1)", "1", ">>> # 二", ">>> print(2)", "2", ">>> # 三")
    assert faults(said, plain) == []


def test_a_word_that_is_kept_has_one_meaning() -> None:
    code = "```python\nx = [{0}, {1}]\ny = {{{2}: 1}}\nprint({3})\n```\n"
    english = code.format('"loss"', '"error"', '"key"', '"loss"')
    assert faults(code.format('"损失"', '"误差"', '"key"', '"代价"'), english) == []
    (fault,) = faults(code.format('"损失"', '"损失"', '"key"', '"损失"'), english)
    assert "'损失' stands for 'loss' and 'error'" in fault
    twice = code.format('"loss"', '"loss"', '"key"', '"loss"')
    (fault,) = faults(code.format('"损失"', '"误差"', '"key"', '"损失"'), twice)
    assert "'loss' is '损失' elsewhere, '误差' here" in fault
    key = code.format('"loss"', '"key"', '"key"', '"loss"')
    (fault,) = faults(code.format('"损失"', '"键"', '"key"', '"损失"'), key)
    assert "'key' is also a key or an argument, and '键' here" in fault


def refused(name: str, text: str) -> list[str]:
    page = SITE.read(text, SITE.docs / "zh" / name)
    return [fault.message.rpartition(": ")[2] for fault in english_words(SITE, page)]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ('print("loss")', "loss"),
        ('print(f"{1}  shrinks")', "shrinks"),
        ('print("the steps become smaller")', "the, steps, become, smaller"),
        ('print("损失 falls")', "falls"),
        ('print("n_x  n_h   forward  ratio")', "forward, ratio"),
        ('print("yes" if 1 else "no")', "yes"),
    ],
)
def test_an_english_word_that_both_pages_print_is_found(code: str, words: str) -> None:
    text = session(f">>> {code}")
    assert refused("words.md", text) == [words]
    english = SITE.read(text, SITE.docs / "en" / "words.md")
    assert english_words(SITE, english) == []


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("x = 1  # half of it", "half"),
        ("# 一 half\nx = 1", "half"),
        ('def f():\n    """Half of it."""', "half"),
    ],
)
def test_an_english_word_of_a_comment_is_found(code: str, words: str) -> None:
    stub = f'```{{.python data-exercise="f"}}\n{code}\n```\n'
    for text in (f"```python\n{code}\n```\n", stub):
        assert refused("words.md", text) == [words]


@pytest.mark.parametrize(
    "code",
    [
        "x = 1  # 一半，x (lr.5)",
        "shape = 1  # (lr.5)，shape 为 (m,)，Adam",
        'def f():\n    """什么都不做。"""',
        'print("损失 0.25")',
        'print("W_hh  dW1  ReLU  Adam  MPa")',
        'def forward(ratio):\n    print("forward  ratio")',
        'print("sigmoid, softmax")',  # terms of the glossary
        'print("log, exp, tanh, nan")',  # tanh stands in the formula
        'print("scikit-learn")',  # in the line of packages
        'print("a.csv  x.dtype  decay()")',
        'x = {"plain": 1}\nprint("plain")',
        'x = "hello world"',
    ],
)
def test_names_may_stand_in_both_languages(code: str) -> None:
    shell = "```sh\npip install scikit-learn\n```\n"
    assert refused("words.md", f"{shell}\n$\\tanh$\n\n```python\n{code}\n```\n") == []


def test_a_lab_keeps_the_headers_of_padded_columns() -> None:
    lab = "# ---\n# title: A\n# ---\n# %%\nprint({})\n"
    assert refused("labs/a.py", lab.format('"step    loss  largest norm"')) == []
    assert refused("labs/a.py", lab.format('f"{1}  largest norm"')) == ["largest, norm"]
