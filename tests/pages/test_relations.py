"""What a sentence states in a formula holds, or says that it is a condition."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.child import Child
from engine.equations.inline import FALSE, HOLDS
from engine.equations.relations import (
    is_condition,
    relation_counts,
    relation_faults,
    states,
    states_of,
)
from engine.paths import module_of
from tests.conftest import ROOT, SITE
from tests.pages.chapter import Chapter

CONDITIONS = [
    "z = 0",
    r"k \le t",
    "h^{(0)} = x",
    r"x^{(1)} = (2, 1)",
    r"0 < f_t, i_t, o_t < 1",
    r"y \in \{0, 1\}",
    r"l = 1, \dots, D",
    r"z = -\log 2",
    r"\frac{\partial^{+} h_2}{\partial w_{hh}} = 5",
    r"\varepsilon = 10^{-4}",
]
CLAIMS = [
    "2 + 3 = 5",
    r"h_1 = 2 \cdot 1 + 3 \cdot 1 = 5",
    r"\sigma(-z) = 1 - \sigma(z)",
    r"\log 2 \approx 0.69",
    r"p_k \le 1 - p_j",
    r"e^{-\infty} = 1",
    r"\cos 0 = 1",
]


@pytest.mark.parametrize("tex", CONDITIONS)
def test_symbols_beside_numbers_are_conditions(tex: str) -> None:
    assert is_condition(tex)


@pytest.mark.parametrize("tex", CLAIMS)
def test_what_computes_is_a_claim(tex: str) -> None:
    assert not is_condition(tex)


def shown(root: Path, *relations: str, **changes: Any) -> Chapter:
    """A chapter whose last section states these."""
    chapter = Chapter(root, **changes)
    chapter.write()
    for language in ("zh", "en"):
        path = root / "docs" / language / "a.md"
        sentences = "\n\n".join(f"It is ${tex}$." for tex in relations)
        path.write_text(f"{path.read_text('utf-8')}\n{sentences}\n", encoding="utf-8")
    return chapter


def told(root: Path, *relations: str, listed: str = "", **changes: Any) -> str:
    site = shown(root, *relations, **changes).site
    site.write("checks/beyond.yml", listed)
    pages = (site.page(site.docs / language / "a.md") for language in ("zh", "en"))
    return "\n".join(str(fault) for page in pages for fault in relation_faults(site, page))


def test_a_false_relation_is_told_with_page_and_line(tmp_path: Path) -> None:
    right = (
        r"0.5170 \cdot 0.4621 = 0.2389",
        "y - x = x",
        r"\log 10 \approx 2.30",
        "x = 3",
        r"4^{-21} \approx 2 \cdot 10^{-13}",
    )
    assert told(tmp_path, *right) == ""
    found = told(tmp_path, r"4^{-21} \approx 4 \cdot 10^{-13}", r"2^{11} = 2 \cdot 10^3")
    assert found.count("does not hold") == 4
    found = told(tmp_path, r"0.5170 \cdot 0.4621 = 0.2398", "y - x = 2 x")
    assert "docs/en/a.md:18: $0.5170 \\cdot 0.4621 = 0.2398$ does not hold: 0.2389" in found
    assert "docs/zh/a.md:20: $y - x = 2 x$ does not hold: in draw 0" in found
    entry = "relations:\n  - page: a\n    what: y - x = 2 x\n    en: So.\n    zh: 是。\n"
    assert told(tmp_path, "y - x = 2 x", listed=entry) == ""
    assert "checks/beyond.yml:2: a has no relation $y - x = 2 x$" in told(tmp_path, listed=entry)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (r"e^{-\infty} = 0", r"e^{-\infty} = 1"),
        (r"\cos \pi = -1", r"\cos \pi = 1"),
        (
            r"\cos x \cos y + \sin x \sin y = \cos(x - y)",
            r"\cos x \cos y + \sin x \sin y = \cos(x + y)",
        ),
        (r"\lambda (x + y) = \lambda x + \lambda y", r"\lambda (x + y) = \lambda x + y"),
        (r"(n_x + 1)^2 = n_x^2 + 2 n_x + 1", r"(n_x + 1)^2 = n_x^2 + n_x + 1"),
        (r"x^2 + y^2 \ge 2xy", r"x^2 + y^2 + 4 \ge 2xy"),
    ],
)
def test_functions_and_symbols_of_the_table_are_read(
    tmp_path: Path, right: str, wrong: str
) -> None:
    changes = {
        "table": "| $x$, $y$, $\\lambda$, $n_x$ | numbers | numbers |",
        "values": '{"x": x, "y": 2 * x}',
    }
    if "ge" in right:  # a bound is attained, and by what a check gives
        changes |= {"formula": r"y \le 2 x", "values": '{"x": x, "y": x if draw.tight else x - 1}'}
        changes |= {"options": ', loose={"a.1": "it is not"}', "formula": r"y \le x + 1"}
    assert told(tmp_path, right, **changes) == ""
    assert f"${wrong}$" in told(tmp_path, wrong, **changes)


def test_what_is_not_read_is_told_unless_it_is_listed(tmp_path: Path) -> None:
    tex = r"\hat x_j + y = x_k"
    found = told(tmp_path, tex)
    assert f"docs/en/a.md:18: ${tex}$ is not held: a symbol without a value" in found
    both = f"    what:\n      - '{tex}'\n      - q = x y\n"
    listed = f"relations:\n  - page: a\n{both}    en: So.\n    zh: 是。\n"
    assert told(tmp_path, tex, "q = x y", listed=listed) == ""
    other = told(tmp_path, tex.replace("+", "-"), "q = x y", listed=listed)
    assert other.count("is not held") == 2
    assert "checks/beyond.yml:2: a has no relation" in other


def test_what_a_letter_is_to_be_is_listed(tmp_path: Path) -> None:
    assert "$q = x y$ is not held: it says what a letter is" in told(tmp_path, "q = x y")


SENTENCE = """
@worth()
def for_a_sentence(draw: Draw) -> Values:
    x = draw("x")
    return {"x": x, "u_k": {k: sum([x] * k) for k in (1, 2, 3)}, "k": Each((1, 2, 3))}

@for_a_sentence.code
def by_the_code(v: Values) -> Values:
    return {"q": twice(v["x"])}
"""


def test_a_check_without_an_equation_gives_symbols_to_sentences(tmp_path: Path) -> None:
    check = {"before": "from snippets.one import twice", "after": SENTENCE}
    assert told(tmp_path, "u_k = k x", "q = x + x", **check) == ""
    assert "$u_k = k x^2$ does not hold" in told(tmp_path, "u_k = k x^2", **check)
    assert "$q = 3 x$ does not hold" in told(tmp_path, "q = 3 x", **check)


def test_relations_are_counted_by_what_holds_them(tmp_path: Path) -> None:
    site = shown(tmp_path, "1 + 1 = 2", "x = 3", r"y \in A B", r"x_q + 1 = q").site
    page = site.page(site.docs / "en" / "a.md")
    counted = relation_counts(page, states(site, page))
    assert {kind: number for kind, number in counted.items() if number} == {
        "held": 1,
        "conditions": 1,
        "memberships": 1,
        "equalities": 1,
    }


NUMBER = re.compile(r"(?<![\w.^_{])\d+(?:\.\d+)?(?![\d.])")
BOUND = re.compile(r"<|>|\\[lg]e(?![a-z])")
TURNED = {r"\le": r"\ge", r"\ge": r"\le", "<": ">", ">": "<"}


def planted(tex: str) -> Iterator[tuple[str, str]]:
    """A relation with another last digit of a number, a sign turned, or reversed."""
    numbers = list(NUMBER.finditer(tex))
    if numbers and not BOUND.search(tex):  # another bound may hold as well
        end = numbers[-1].end()
        yield "number", tex[: end - 1] + str((int(tex[end - 1]) + 3) % 10) + tex[end:]
    at = re.search(r"(?<=[\w)}] )[-+](?= )", tex)
    if at:
        sign = "+" if at[0] == "-" else "-"
        yield "sign", tex[: at.start()] + sign + tex[at.end() :]
    for sign, other in TURNED.items():
        found = re.search(re.escape(sign) + r"(?![a-z])", tex)
        if found:
            yield "relation", tex[: found.start()] + other + tex[found.end() :]
            return


def test_nearly_all_planted_faults_of_what_holds_are_found() -> None:
    names = ("lstm", "logistic", "computation-graph", "rnn")
    pages = [SITE.page(SITE.docs / "en" / f"{name}.md") for name in names]
    false = [
        [one for tex, state in found.items() if state[0] == HOLDS for one in planted(tex)]
        for found in states_of(SITE, pages)
    ]
    asked = [
        {
            **SITE.equations.request(page, module_of(page.name)),
            "katex": str(SITE.katex.folder),
            "relations": [tex for _, tex in made],
        }
        for page, made in zip(pages, false, strict=True)
    ]
    with Child("engine.equations.inline", ROOT) as child:
        answers = [answer["states"] for answer in child.ask(asked)]
    kinds = [kind for made in false for kind, _ in made]
    found = [state for states in answers for state, _ in states]
    caught = Counter(
        kind for kind, state in zip(kinds, found, strict=True) if state == FALSE
    ).total()
    assert len(kinds) > 40
    assert {*kinds} == {"number", "sign", "relation"}
    assert caught >= 0.95 * len(kinds), (caught, Counter(kinds))
