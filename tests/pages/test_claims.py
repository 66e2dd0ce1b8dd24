"""What prose says in numbers is what the page's code gives, or of a kind that no run can give."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from engine.claims.hold import difference, rewritten, says
from engine.claims.loose import loose_faults, loose_numbers
from engine.claims.numerals import numerals
from engine.languages.parity import parity_faults
from engine.paths import is_lab
from engine.reading import sources
from engine.reading.lines import Line, Origin
from engine.reading.reader import lines_of
from engine.reading.ties import plain, read
from engine.running.collector import pages_sybil
from engine.running.example_faults import example_faults
from engine.running.update_outputs import OutputUpdates
from engine.site import Site
from tests.conftest import SITE, Project
from tests.small_site import SmallSite

HERE = Path("page.md")

PAGE = """# T {#title}

```python
loss, steps = 0.3087, 24
```

PROSE
"""


#: What a number is compared with sets nothing; what is chosen by, or picked out, does.
ASSERTED = """```python
assert steps < 31 and [0] * 40 and abs(loss - 0.3) < 0.5
assert steps / 2 == 12
seven = [step for step in range(steps) if step == 7]
```

"""


#: Code whose names say what its numbers count.
COUNTED = """```python
def train(rng, lists=16, *, steps=200):
    for epoch in list(range(40)):
        pass
    n_heads, patience, n_x = 8, 60, 12
```

"""

#: Code that uses 40 without a name, and other code between it and the sentence.
UNNAMED = """```python
x = [0] * 40
```

A sentence.

```python
y = 1
```

"""

#: Code that sets vectors, and prints another.
VECTOR = """```pycon
>>> print("7  8  3")
7  8  3
```

```python
v, w = [0.5, 0.6], (-0.3, 0.7)
pair = 0, 1
```

"""

EXERCISE = '## Exercise 1: What is left? {#exercise-1}\n\nTake 31 steps.\n\n??? success "S"'
SOLVED = "\n\n    ```python\n    x = 1\n    ```"


def site_with(tmp_path: Path, english: str, chinese: str | None = None) -> SmallSite:
    site = SmallSite(tmp_path)
    site.both("demo", PAGE.replace("PROSE", chinese or english), PAGE.replace("PROSE", english))
    return site


def told(site: Site, language: str = "en") -> list[str]:
    """The faults of the numbers on the page ``demo``, with their lines."""
    page = site.page(site.docs / language / "demo.md")
    found = [*page.wrong, *loose_faults(page)] or example_faults(site, page)
    return [f"{fault.line}: {fault.message} → {fault.remedy}" for fault in found]


# What a text says.


@given(st.floats(-1e6, 1e6), st.integers(0, 4))
def test_a_number_is_read_as_it_was_written(value: float, decimals: int) -> None:
    for written in (f"{value:.{decimals}f}", f"{value:,.{decimals}f}".replace("-", "−")):
        (found,) = numerals(f"it is {written} now", "en")
        assert math.isclose(found.value, round(value, decimals), abs_tol=1e-9)
        assert says(found, value)


@given(st.floats(1e-12, 1e12))
def test_a_power_of_ten_is_read_as_it_was_written(value: float) -> None:
    mantissa, _, power = f"{value:.2e}".partition("e")
    (found,) = numerals(rf"${mantissa} \times 10^{{{int(power)}}}$", "en")
    assert says(found, value)
    assert not says(found, value * 1.02)


@pytest.mark.parametrize(
    ("language", "text", "worth"),
    [
        ("en", "forty-five of a hundred starts", [45, 100]),
        ("en", "two thirds, a third, a quarter", [2 / 3, 1 / 3, 1 / 4]),
        ("en", "twice; one half; 1/4; 60 %; 60 per cent", [2, 0.5, 0.25, 0.6, 0.6]),
        ("en", r"$\tfrac{1}{4}$ of 1,060 and 1{,}060, 2.5 million", [0.25, 1060, 1060, 2.5e6]),
        ("en", "minus 280, −3, -3 and 3–5", [-280, -3, -3, 3, 5]),
        ("en", "a third gate, a third of it, a tenth away", [1 / 3, 1 / 10]),
        ("en", "nine times in ten, one in four, three out of a hundred", [0.9, 0.25, 0.03]),
        ("en", ".25, 1 000 000, 12\u202f345 and 2E-3", [0.25, 1e6, 12345, 2e-3]),
        ("en", "½, 2¼, 10⁻⁷, 3 × 10⁵, 2⁵, 1⁻ and x²", [0.5, 2.25, 1e-7, 3e5, 32, 1]),
        ("en", "tenfold, thrice, a dozen, two dozen, 30 ‰", [10, 3, 12, 24, 0.03]),
        ("en", "two and a half", [2.5]),
        ("zh", "廿三，廿", [23, 20]),
        ("zh", "壹佰，叁仟零伍，大陆和收拾", [100, 3005]),
        ("en", "⑦, Ⅶ and ⓫", [7, 7, 11]),
        ("en", "L2, x_1, $w^{(2)}$, CS231n and float64", []),
        ("zh", "四十五次，三千零五个，一百二十", [45, 3005, 120]),
        ("zh", "三分之一、百分之六十、一半、两倍、九成", [1 / 3, 0.6, 0.5, 2, 0.9]),
        ("zh", "2.5 万，负 280，十分重要，一样，第三步，围绕十字", [25000, -280]),
    ],
)
def test_the_words_of_numbers(language: str, text: str, worth: list[float]) -> None:
    assert [n.value for n in numerals(text, language)] == pytest.approx(worth)


@pytest.mark.parametrize(
    ("text", "right", "wrong"),
    [
        ("0.31", [0.3087, 0.3149], [0.3049, 0.3151, -0.31]),
        ("60 %", [0.6, 0.604], [0.06, 0.61, 60]),
        ("about a third", [0.33, 0.31, 0.36], [0.25, 0.4]),
        ("about 300", [280, 320], [260, 340]),
        ("nearly 280", [279, 260], [281, 240]),
        ("nearly minus 280", [-279, -260], [-281, -240, 279]),
        ("more than 0.9", [0.91, 3], [0.89, 0.9]),
        ("at most 4", [4, -1], [4.1]),
        (r"below $10^{-9}$", [1e-12], [1e-8]),
        (r"$10^{70}$", [1.1e70], [1.1e71, 9e68]),
        ("twice", [2.0, 2.05], [2.2, 1.5]),
        ("约三分之一", [0.33], [0.25]),
        ("将近 280", [279], [281]),
        ("30 左右", [31], [35]),
        ("超过一半", [0.51], [0.5, 0.4]),
        ("不到 10", [9.9], [10]),
        ("三十多次", [31, 39], [30, 29]),
        ("8 次多项式", [8], [9]),
        ("约为五倍", [5.2], [6]),
        ("larger than 0.3", [0.31], [0.29]),
        ("exceeds 0.3", [0.31], [0.3]),
        ("no smaller than 0.3", [0.3, 0.4], [0.29]),
        ("never exceeds 0.3", [0.3, 0.2], [0.31]),
        ("no less than 4", [4, 5], [3.9]),
        ("突破 30", [31], [30]),
        ("从未超过 30", [30, 3], [31]),
        ("不及 30", [29], [30]),
        ("30 有余", [30.5], [30]),
    ],
)
def test_what_is_a_true_way_to_say_a_value(
    text: str, right: list[float], wrong: list[float]
) -> None:
    language = "en" if text.isascii() else "zh"
    (numeral,) = numerals(text, language)
    assert [value for value in right if not says(numeral, value)] == []
    assert [value for value in wrong if says(numeral, value)] == []


@given(st.floats(-1e4, 1e4), st.floats(-1e4, 1e4), st.integers(0, 3), st.sampled_from(["", " %"]))
def test_a_text_is_rewritten_in_its_own_form(
    old: float, new: float, decimals: int, percent: str
) -> None:
    scale = 100 if percent else 1
    text = f"it is {old:,.{decimals}f}{percent} now"
    made = rewritten(text, "en", [new / scale])
    if made is None:  # it says so already
        assert difference(text, "en", [new / scale]) is None or difference(text, "en", [0.0])
    else:
        assert difference(made, "en", [new / scale]) is None
        (was,), (now,) = numerals(text, "en"), numerals(made, "en")
        assert now.unit == was.unit
        assert text[: was.start] == made[: now.start]


# How it is written.


@given(
    st.text("ab[]$ ()`,.\\", max_size=12), st.sampled_from(["x", "d['}']", "{1: 2}[1]", "f'{x}'"])
)
def test_a_tie_leaves_its_text_alone(around: str, expression: str) -> None:
    assume("`" not in around)
    line = Line.at(f"{around} [0.25]{{= {expression}}} {around}", Origin(HERE, 3))
    found = read([line])
    assert [(tie.text, tie.expression) for tie in found.ties] == [("0.25", expression)]
    assert found.lines == [f"{around} 0.25 {around}"]
    (tie,) = found.ties
    assert line[tie.column :].startswith("[0.25]{=")


def test_ties_stand_in_every_place_of_prose_and_in_no_code() -> None:
    text = "\n".join(
        [
            "- a [link with [1]{= a}](x.md), $x = [2]{= b}$ and `[3]{= c}`",
            "| [4]{= d} | ![of [5]{= e}](figure:a/b) |",
            "```text",
            "[6]{= f}",
            "```",
            "  <!-- given: 7 -->",
        ]
    )
    found = read(lines_of(text, HERE))
    assert [tie.expression for tie in found.ties] == list("abde")
    assert [declared.numbers for declared in found.declared] == ["7"]
    assert found.lines[0] == "- a [link with 1](x.md), $x = 2$ and `[3]{= c}`"
    assert found.lines[3] == "[6]{= f}"
    assert found.lines[5] == ""
    assert plain(text) == "\n".join(found.lines)


@pytest.mark.parametrize("above", ["<!--\n```\n-->", "```a``` b", "<!-- a -->\n`<!--`"])
def test_a_tie_is_read_below_marks_of_a_fence_that_begin_none(above: str) -> None:
    assert plain(f"{above}\n\n[0.5]{{= 1 / 2}} c") == f"{above}\n\n0.5 c"


def test_no_reader_sees_a_tie(project: Project) -> None:
    project.append("\n## 3 {#three}\n\n<!-- given: 3 -->\n\nIt is [0.50]{= sigmoid(0.0)}.\n")
    project.stamp()
    assert project.build().returncode == 0
    html = (project.root / "site" / "en" / "index.html").read_text(encoding="utf-8")
    assert "It is 0.50." in html
    assert "{=" not in html
    assert "given:" not in html


# What is wrong with it.


@pytest.mark.parametrize(
    ("prose", "message"),
    [
        ("It is [0.31]{= loss}.", ""),
        ("It is [0.31]{= loss} at [24]{= steps}.", ""),
        ("It is [0.30 to 0.31]{= loss - 0.01, loss}.", ""),
        ("It is [higher]{= loss > 0.3}.", ""),
        ("The one of [two, 24]{= steps} steps.", ""),
        ("It takes 24 steps.", ""),
        ("In 1997 it was.", ""),
        (f"{ASSERTED}It takes 31.", "nothing holds the number '31'"),
        (f"{ASSERTED}It takes fewer than 31, so $n < 31$.", ""),
        (f"{ASSERTED}It is 0.5.", "nothing holds the number '0.5'"),
        (f"{ASSERTED}It is 12.", "nothing holds the number '12'"),
        (f"{ASSERTED}Those of 40, and 7 of them.", ""),
        ("It is more than [0.30]{= loss}.", ""),
        ("It is *more than* [0.31]{= loss}.", "'0.31' stands for 0.3087, and says more than"),
        ("It is [0.31]{= loss} or more.", "'0.31' stands for 0.3087, and says at least"),
        ("More than the rest is [0.31]{= loss}.", ""),
        ("It is $J > [0.31]{= loss}$.", "and says more than"),
        ("In [24]{= steps} steps it falls to [half of 0.31]{= loss}.", "'half' stands beside its"),
        ("It is [twice 0.31]{= loss}.", "'twice' stands beside its numbers, and nothing gives it"),
        ("It is [three times 0.31]{= loss}.", "'three' stands beside its numbers"),
        ("It is [not 0.31]{= loss}.", "it says that it is not 0.31"),
        ("It is [no more than 0.31]{= loss}.", ""),
        ("It takes [24 and not 25]{= steps, steps + 1} steps.", ""),
        ("It is [0.31]{= 0.31}.", "7: {= 0.31} computes nothing"),
        ("It is [higher]{= True}.", "7: {= True} computes nothing"),
        ("It is [0.31 or −1]{= 0.31, -1}.", "7: {= 0.31, -1} computes nothing"),
        ("It is [24]{= 4 * 6}.", ""),
        ("It is `0.31`.", "nothing holds the number '0.31'"),
        ("It is `x = 31` and `- 1`.", ""),
        (r"It is $J = \mathbf{0.31}$.", "nothing holds the number '0.31'"),
        (r"It is ${0.31}$.", "nothing holds the number '0.31'"),
        (r"It is $+0.31$.", "nothing holds the number '0.31'"),
        (r"It is $0.31 \pm 0$.", "nothing holds the number '0.31'"),
        (r"It is $\boxed{0.31}$.", "nothing holds the number '0.31'"),
        (r"It is $x \text{ of 0.31}$.", "nothing holds the number '0.31'"),
        (r"It is $x_{31} + w_{31}$.", ""),
        ("These [three]{= here.items}:\n\n- a\n\n    - b\n\n- c\n- d", ""),
        (
            "| a |\n|---|\n| b |\n\n[Four]{= here.rows}:\n\n| a |\n|---|\n| b |\n| c |",
            "'Four' stands",
        ),
        ("[Four]{= here.rows} rows.", "no table stands below"),
        ("<!-- given: 77 -->\n\nIt is 77.", ""),
        ("<!-- given: 77 -->\n\nIt is seventy-seven.", ""),
        ("It is [0.32]{= loss}.", "7: [0.32]{= loss}: '0.32' stands for 0.3087"),
        ("It is [higher]{= loss > 0.4}.", "the expression is false"),
        ("It is [0.31]{= loss, steps}.", "the text holds 1 numbers (0.31), and the expression"),
        ("It is [0.31]{= los}.", "7: {= los}: NameError: name 'los' is not defined"),
        ("It is [0.31]{= loss / 0}.", "ZeroDivisionError"),
        ("It is [0.31]{= 'loss'}.", "it gives 'loss', which is no number"),
        ("It is [0.31]{= float('nan')}.", "'0.31' stands for nan"),
        ("It is [0.31]{= loss +}.", "7: {= loss +}: this is no Python expression"),
        ("It is [0.31]{= loss.", "a tie that does not close"),
        ("It is 0.31{= loss}.", "has no bracket before it"),
        ("It is 0.31.", "7: nothing holds the number '0.31'"),
        ("It is forty-five.", "nothing holds the number 'forty-five'"),
        ("It is $J = 0.31$.", "nothing holds the number '0.31'"),
        ("| a | b |\n|---|---|\n| 0.31 | c |", "9: nothing holds the number '0.31'"),
        ("- a\n\n    - it is 0.31", "9: nothing holds the number '0.31'"),
        ('!!! note "In 31 steps"\n\n    x', "nothing holds the number '31'"),
        ("![of 31](figure:home/line)", "nothing holds the number '31'"),
        (f"{COUNTED}It takes 200 steps, with 16 lists in each, for 40 epochs.", ""),
        (f"{COUNTED}It takes 16 steps, with 200 lists in each.", "the number '16'"),
        (f"{COUNTED}After 200 long training steps: 16 lists.", ""),
        (f"{COUNTED}After 40: 200 steps.", "nothing holds the number '40'"),
        (f"## A {{#a}}\n\n{COUNTED.replace('200', '24')}It takes 24 lists.", "the number '24'"),
        (f"{COUNTED}It takes 16 steps.", "nothing holds the number '16'"),
        (f"{COUNTED}It takes 16 small steps.", "nothing holds the number '16'"),
        (f"{UNNAMED}Those of 40.", "nothing holds the number '40'"),
        (UNNAMED.replace("A sentence", "Those of 40"), ""),
        (f"Those of 40:\n\n{UNNAMED}", ""),
        (f"{UNNAMED.replace('[0] * 40', '40')}Those of 40.", ""),
        (f"{UNNAMED.replace('x = [0] * 40', 'assert steps < 40')}Fewer than 40.", ""),
        (f"{UNNAMED}## A {{#a}}\n\nThose of 40.", "nothing holds the number '40'"),
        ("**4. Which rate?** Another.", ""),
        ("It is 4. Which rate?", "nothing holds the number '4'"),
        ("It is [above]{= loss > 0.3} it.", ""),
        ("It is [below]{= loss > 0.3} it.", "7: [below]{= loss > 0.3}: the text says less"),
        ("It is [above]{= loss < 0.4} it.", "the text says greater, the expression less"),
        ("It is [below]{= 0.3 < loss} it.", "the text says less, the expression greater"),
        ("It [falls]{= (np.diff([2, loss]) < 0).all()}.", "NameError"),
        ("It is [just below]{= steps / 100 < loss < 0.4} it.", "the text says less"),
        ("It is [just above]{= steps / 100 < loss < 0.4} it.", ""),
        ("It is [not below]{= loss > 0.3} it.", ""),
        ("It is [never above]{= loss < 0.4} it, or [better]{= loss < 0.4}.", ""),
        (f"{VECTOR}It is (0.5, 0.6).", ""),
        (f"{VECTOR}It is (0.6, 0.5).", "the vector (0.6, 0.5), which the page's code has as (0.5"),
        (f"{VECTOR}It is $(0.7, -0.3)$.", "which the page's code has as (-0.3, 0.7)"),
        (
            f"{VECTOR}<!-- given: 7, 8, 3 -->\n\nIt is (8, 7, 3).",
            "which the page's code has as (7, 8, 3)",
        ),
        (f"{VECTOR}It is (1, 0), and $[(0.6, 0.5)]{{= v[0], v[1] - 0.1}}$.", "'0.6' stands for"),
        (f"{VECTOR}It is [(0.6, 0.5)]{{= v[1], v[0]}}.", ""),
        (f"{COUNTED}It has 12 inputs and 12 features.", ""),
        (f"{COUNTED}It has 12 hidden neurons.", "nothing holds the number '12'"),
        (f"{COUNTED}It takes 60 layers.", "nothing holds the number '60'"),
        (f"{EXERCISE}\n\n    By `x / 31`.{SOLVED}", ""),
        (f"{EXERCISE}{SOLVED.replace('1', '31')}", ""),
        (f"{EXERCISE}{SOLVED}", "9: nothing holds the number '31'"),
        (f"{EXERCISE}\n\n<!-- given: 31 -->{SOLVED}", ""),
        ("<!-- given: 77 -->\n\nIt is.", "7: 77 is declared as given, and no number"),
        ("<!-- givne: 77 -->\n\nIt is 77.", "7: no kind of numbers is called 'givne'"),
    ],
)
def test_what_is_said_of_numbers(prose: str, message: str, tmp_path: Path) -> None:
    found = told(site_with(tmp_path, prose))
    if message:
        assert message in found[0]
        assert " → " in found[0]
    else:
        assert found == []


@pytest.mark.parametrize(
    ("description", "message"),
    [
        ("What 31 steps give", ""),
        ("What 24 steps give, and two more, in Python 3", ""),
        ("What 24 layers give", "3: the description says 24 layers, and the text 31"),
        ("What 24 networks give", ""),
        ("What half of them gives", ""),
        ("What 41 steps give", "3: nothing on the page holds '41' of its description"),
        ("What it gave in 1997", "3: nothing on the page holds '1997' of its description"),
    ],
)
def test_the_front_matter_says_what_the_body_does(
    description: str, message: str, tmp_path: Path
) -> None:
    found = of_description(description, tmp_path)
    assert message in found[0] if message else found == []


def of_description(description: str, root: Path) -> list[str]:
    """The faults of a page with this description, whose text speaks of 31 layers."""
    site = site_with(root, "<!-- fact: 0.5 -->\n\nHalf take [31]{= steps + 7} layers.")
    file = site.docs / "en" / "demo.md"
    head = f"---\ntitle: T\ndescription: {description}\n---\n\n"
    file.write_text(head + sources.read(file), encoding="utf-8")
    return told(site)


def test_a_tie_knows_what_stands_above_it_or_looks_ahead(tmp_path: Path) -> None:
    site = SmallSite(tmp_path)
    code = "```python\nloss = 0.5\n```\n\n## [9]{= 3 * 3} {#b}\n\n```python\nloss = 2.5\n```\n"
    page = f"# T {{#title}}\n\nFirst TIE.\n\n{code}"
    site.both("demo", page, page.replace("TIE", "[0.5]{= loss}"))
    (fault,) = told(site)
    assert "NameError" in fault
    assert "{=> …} looks ahead to the end of the section, {=>> …} of the page" in fault
    site.both("demo", page, page.replace("TIE", "[0.5]{=> loss}, [2.5]{=>> loss}, [2]{= 1 + 1}"))
    assert told(site) == []
    site.both("demo", page, page.replace("TIE", "[2.5]{=> loss}, [0.5]{=>> loss}"))
    assert len(told(site)) == 2


def test_a_tie_changes_nothing_on_the_page(tmp_path: Path) -> None:
    prose = "[3]{= [steps := 3][0]}\n\n[24]{= steps}"
    assert told(site_with(tmp_path, prose)) == []


def test_the_nearest_number_that_the_page_prints_is_named(tmp_path: Path) -> None:
    prose = "```pycon\n>>> print(loss, steps)\n0.3087 24\n```\n\nIt is 0.32."
    (fault,) = told(site_with(tmp_path, prose))
    assert "the nearest that the page prints is 0.3087 (line 9)" in fault


def test_outputs_are_written_into_prose(tmp_path: Path) -> None:
    site = site_with(tmp_path, "It is [0.35 in 30]{= loss, steps} and [nearly 9]{= steps}.")
    updates = OutputUpdates(site)
    left: list[str] = []

    def wrong(tie: object, given: list[float] | bool, what: str) -> str | None:
        if updates.add_tie(tie, given):  # type: ignore[arg-type]
            return None
        left.append(what)
        return None

    path = site.docs / "en" / "demo.md"
    for example in pages_sybil(site, on_wrong=wrong).parse(path).examples():
        example.evaluate()
    updates.write()
    assert "It is [0.31 in 24]{= loss, steps} and" in path.read_text(encoding="utf-8")
    assert left == ["'9' stands for 24"]


@pytest.mark.parametrize(
    "chinese",
    [
        "[0.31]{= steps}",
        "0.31",
        "<!-- given: 0.31 -->\n\n0.31",
        "[0.31]{=> loss}",
        "[0.31]{=>> loss}",
    ],
)
def test_both_languages_tie_the_same(chinese: str, tmp_path: Path) -> None:
    site = site_with(tmp_path, "[0.31]{= loss}", chinese)
    pages = [site.page(site.docs / language / "demo.md") for language in ("zh", "en")]
    assert any("in one language only" in fault.message for fault in parity_faults(*pages))


CHAPTERS = [path for path in SITE.sources("en") if not is_lab(path)]


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_a_number_put_into_a_page_is_found(path: Path) -> None:
    page = SITE.page(path)
    text = f"{sources.read(path)}\n\n# Added {{#added}}\n\nIt is 8317.4 and 31.97.\n"
    found = loose_numbers(SITE.read(text, path)).left
    assert len(found) == len(loose_numbers(page).left) + 2


@pytest.mark.parametrize(("text", "value"), [("2007", 2006.0), ("4,284", 4285.0)])
def test_what_is_whole_is_never_off_by_a_share(text: str, value: float) -> None:
    assert difference(text, "en", [value], share=0.01) == f"{text!r} stands for {value:.6g}"
    assert difference(text, "en", [value + 0.5], share=0.01) is None
