"""Each definition is made false, and something refuses it, or it is listed with a reason; what it
defines is of the kind and shape that the table states."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.equations.faults import definition_faults
from tests.pages.chapter import Chapter

TABLE = "| $x$, $y$, $w$ | numbers | numbers |"
LISTED = "definitions:\n  - page: a\n    what: w\n    en: Not needed.\n    zh: 用不到。\n"


def told(
    root: Path, definition: str, listed: str = "", *, holds: bool = True, **changes: Any
) -> str:
    changes = {"formula": "y = 2 x", "table": TABLE, **changes}
    chapter = Chapter(root, definitions=(definition,), **changes)
    chapter.write()
    site = chapter.site
    site.write("checks/beyond.yml", listed)
    assert all(verdict.passed for verdict in site.equations.verdicts().values()) == holds
    return "\n".join(map(str, definition_faults(site, site.page(site.docs / "en" / "a.md"))))


def test_a_definition_that_an_equation_needs_is_held(tmp_path: Path) -> None:
    assert told(tmp_path, r"w \coloneqq 3 x", formula="y = w - x") == ""
    found = told(tmp_path, r"w \coloneqq 3 x", LISTED, formula="y = w - x")
    assert "checks/beyond.yml:2: the definition of w is held without this entry" in found


def test_a_definition_that_nothing_evaluates_is_a_fault_unless_it_is_listed(
    tmp_path: Path,
) -> None:
    found = told(tmp_path, r"w \coloneqq 3 x")
    assert "docs/en/a.md:14: the definition of w: nothing evaluates it" in found
    assert told(tmp_path, r"w \coloneqq 3 x", LISTED) == ""
    entry = LISTED.replace("what: w", "what: q") + LISTED.partition("\n")[2]
    assert "a does not define q" in told(tmp_path, r"w \coloneqq 3 x", entry)


def test_a_false_version_that_nothing_refuses_is_told(tmp_path: Path) -> None:
    found = told(tmp_path, r"w \coloneqq 2 x", formula="y^2 = w^2")
    assert "the definition of w: a false version passes (sign: 2x; as -2 · x)" in found


def test_nothing_is_said_of_definitions_where_an_equation_fails(tmp_path: Path) -> None:
    assert told(tmp_path, r"w \coloneqq 3 x", formula="y = 3 x", holds=False) == ""


ALONE = """
@worth()
def alone(draw: Draw) -> Values:
    return {{"x": draw("x")}}

@alone.code
def by_the_code({parameters}) -> Values:
    return {{"w": {code}}}
"""


def beside(code: str, parameters: str = "v: Values") -> dict[str, Any]:
    """What makes a check without an equation, whose code gives w."""
    return {
        "before": "from snippets.one import twice",
        "after": ALONE.format(code=code, parameters=parameters),
    }


def test_a_definition_is_held_by_the_snippet_that_computes_it(tmp_path: Path) -> None:
    assert told(tmp_path, r"w \coloneqq 2 x", **beside('twice(v["x"])')) == ""
    found = told(tmp_path, r"w \coloneqq 3 x", **beside('twice(v["x"])'))
    assert "docs/en/a.md:14: w is " in found
    assert "by this definition, and " in found


def test_a_check_without_an_equation_runs_code(tmp_path: Path) -> None:
    found = told(tmp_path, r"w \coloneqq 2 x", **beside('2 * v["x"]'))
    assert "by_the_code runs nothing of snippets/ or of the page" in found
    without = {"after": beside("", "")["after"].partition("@alone")[0]}
    found = told(tmp_path, r"w \coloneqq 2 x", **without)
    assert "the definition of w: nothing evaluates it" in found


SESSION = """
```pycon
>>> half = 0.5
>>> def doubled(x):
...     return x / half
...
>>> w = doubled(3)
>>> q = 1
>>> q = 2
```
"""
PAGE = "v: Values, page: PageCode"


@pytest.mark.parametrize(
    "code", ['page("doubled")(v["x"])', 'page("w", doubled=lambda _: 2*v["x"])']
)
def test_a_definition_is_held_by_the_code_of_its_page(tmp_path: Path, code: str) -> None:
    assert told(tmp_path, r"w \coloneqq 2 x", session=SESSION, **beside(code, PAGE)) == ""
    wrong = SESSION.replace("0.5", "0.25")
    found = told(tmp_path, r"w \coloneqq 4 x", session=SESSION, **beside(code, PAGE))
    assert "by this definition, and " in found
    if "lambda" not in code:
        found = told(tmp_path, r"w \coloneqq 2 x", session=wrong, **beside(code, PAGE))
        assert "by this definition, and " in found


def test_what_the_page_does_not_bind_once_is_told(tmp_path: Path) -> None:
    for name, times in (("r", "by none"), ("q", "by 2 statements")):
        check = beside(f'page("{name}")', PAGE)
        found = told(tmp_path, r"w \coloneqq 2 x", session=SESSION, **check)
        assert f"the page's code binds {name} {times}" in found


def test_a_reason_spares_a_false_version_of_a_definition(tmp_path: Path) -> None:
    sign = r'"sign: 2x": "{}", "sign: the whole": "{}"'

    def found(reason: str) -> str:
        spared = sign.format(reason, reason)
        options = f', spared={{"w": {{{spared}}}}}'
        return told(tmp_path, r"w \coloneqq 2 x", formula="y^2 = w^2", options=options)

    assert found("(-y)^2 = w^2") == ""
    assert "w spares a false version that is none, or is not true: sign: 2x" in found("y = -w")


def test_a_false_definition_that_weakens_a_tight_bound_is_refused(tmp_path: Path) -> None:
    check: dict[str, Any] = {
        "formula": r"x^2 \le w",
        "values": '{"x": x, "y": x if draw.tight else x + np.sign(x)}',
        "body": 'x = draw("x") or 1.0',
    }
    assert told(tmp_path, r"w \coloneqq y^2 + 2 - 2", **check) == ""  # 3 - 2 is larger


def test_what_the_page_defines_is_where_its_table_says(tmp_path: Path) -> None:
    table = "| $x$, $y$ | numbers | numbers |\n| $w$ | a square | number, $w {} 0$ |"
    square = {"formula": "y = w + x", "values": '{"x": x, "y": sum([x * x, x])}'}

    def faults(name: str, sign: str) -> str:
        definition = (r"w \coloneqq x^2",)
        page = Chapter(tmp_path / name, table=table.format(sign), definitions=definition, **square)
        return page.faults

    assert faults("right", r"\ge") == ""
    assert "and the page's table says: number < 0" in faults("wrong", "<")


def test_numbers_with_an_index_are_no_vector_of_another_length(tmp_path: Path) -> None:
    table = "| $x$, $y$ | numbers | numbers |\n| $n$ | how many | whole number |\n"
    sums: dict[str, Any] = {
        "formula": r"y = \sum_{k=1}^{n} u_k",
        "body": 'n = draw.size("n")\n    u = dict(enumerate(draw.rng.normal(size=n), 1))',
        "values": '{"n": n, "u_k": u, "y": sum(u.values())}',
    }

    def faults(name: str, shape: str) -> str:
        row = f"| $u_k$ | what is added | {shape} |"
        return Chapter(tmp_path / name, table=table + row, **sums).faults

    assert faults("numbers", "number") == ""
    assert faults("all", "$(n,)$") == ""
    assert "the page's table says of u_k: array (9)" in faults("wrong", "$(9,)$")
