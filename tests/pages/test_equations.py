"""Checks must match the pages' equations, must pass, and must be able to fail."""

from collections.abc import Callable

import numpy as np
import pytest

from engine.equations.faults import formula_faults, unmatched
from engine.equations.check import Check, Rng, Sides, at_most, close, equals, verify
from engine.reading.page import parse_text
from engine.paths import DOCS
from snippets.activations import d_sigmoid, sigmoid

PAGE = DOCS / "en" / "equations.md"
TABLE = (
    "## Symbols {#symbols}\n\n| symbol | meaning |\n|---|---|\n| $x$ | a |\n| $\\hat{y}$ | b |\n\n"
)


def check(evaluate: Callable[[Rng], Sides], tex: str = "x = y") -> Check:
    evaluate.__doc__ = tex
    return Check("t.1", evaluate)


def messages(evaluate: Callable[[Rng], Sides], tex: str = "x = y") -> str:
    # Not through the cache: these checks change their formula under the same name.
    return "\n".join(map(str, verify.__wrapped__(check(evaluate, tex)).faults))


def test_a_true_equation_with_a_wrong_side_that_fails_passes() -> None:
    def right(rng: Rng) -> Sides:
        x = rng.normal(size=3)
        return equals(left=x + x, right=2 * x, wrong={"factor": x})

    verdict = verify(check(right))
    assert verdict.passed
    assert verdict.rejected == ("factor",)


def test_a_false_equation_fails() -> None:
    def false(rng: Rng) -> Sides:
        x = rng.normal()
        return equals(left=x, right=x + 1e-3, wrong={"sign": -x})

    assert "the two sides differ" in messages(false)


def test_nan_and_another_shape_fail() -> None:
    def nan(rng: Rng) -> Sides:
        return equals(left=np.nan, right=np.nan, wrong={"one": 1.0})

    def shape(rng: Rng) -> Sides:
        return equals(left=np.ones(2), right=np.ones((1, 2)), wrong={"zero": np.zeros(2)})

    assert "the two sides differ" in messages(nan)
    assert "the two sides differ" in messages(shape)


def test_a_check_that_raises_fails() -> None:
    def raises(rng: Rng) -> Sides:
        return equals(1 / 0, 1.0, wrong={"two": 2.0})

    assert "it raises ZeroDivisionError" in messages(raises)


def test_a_check_without_a_wrong_side_fails() -> None:
    assert "no wrong right-hand side" in messages(lambda rng: equals(1.0, 1.0, wrong={}))


def test_a_wrong_side_that_passes_fails() -> None:
    def blunt(rng: Rng) -> Sides:
        x = rng.normal()
        return equals(left=x, right=x, wrong={"nothing turned": x})

    assert "'nothing turned' passes on 20 of 20" in messages(blunt)


def test_inequalities_and_bounds() -> None:
    def below(rng: Rng) -> Sides:
        x = rng.uniform(1, 2)
        return at_most(left=x, right=x * x, wrong={"turned": x - 0.5})

    def near(rng: Rng) -> Sides:
        x = rng.uniform(0, 0.1)
        return close(left=np.sin(x), right=x, within=2e-4, wrong={"turned": -x - 0.1})

    assert messages(below, r"x \le x^2") == ""
    assert messages(near, r"\sin x \approx x") == ""
    assert "does not state" in messages(below, "x = x^2")


def test_sides_that_share_a_function_under_test_fail() -> None:
    def shares(rng: Rng) -> Sides:
        z = rng.normal()
        s = sigmoid(z)
        return equals(left=d_sigmoid(z), right=s * (1 - sigmoid(z)), wrong={"sign": -s})

    def shares_through_a_name(rng: Rng) -> Sides:
        z = rng.normal()
        left = sigmoid(z)
        right = 1 - sigmoid(-z)
        return equals(left=left, right=right, wrong={"sign": -right})

    assert "both sides call" not in messages(shares)
    assert "both sides call sigmoid" in messages(shares_through_a_name)


def page_faults(formula: str) -> list[str]:
    page = parse_text(f"{TABLE}$$\n{formula}\n$$\n", PAGE)
    return [fault.message for fault in formula_faults(page)]


def test_definitions_and_tagged_equations_pass() -> None:
    assert page_faults(r"x \coloneqq 1") == []
    assert page_faults(r"\hat y \coloneqq f(x)") == []
    assert page_faults(r"x(t) \coloneqq 1") == []
    assert page_faults(r"x = 1 \tag{t.1}") == []


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        ("x = 1", "neither a definition nor a tagged equation"),
        (r"x \coloneqq 1 \tag{t.1}", "a definition at once"),
        (r"w \coloneqq 1", "not in the page's table of symbols"),
        (r"x \coloneqq y \coloneqq 1", "more than one symbol"),
        ("x \\coloneqq 1\n$$\n\n$$\nx \\coloneqq 2", "defined twice"),
        ("x = 1 \\tag{t.1}\n$$\n\n$$\nx = 2 \\tag{t.1}", "used twice"),
    ],
)
def test_other_display_formulas_fail(formula: str, message: str) -> None:
    found = page_faults(formula)
    assert any(message in fault for fault in found), found


def unmatched_messages(formula: str, tex: str) -> list[str]:
    def passes(rng: Rng) -> Sides:
        return equals(1.0, 1.0, wrong={"two": 2.0})

    page = parse_text(f"text\n\n$$\n{formula}\n$$\n", PAGE)
    return [fault.message for fault in unmatched([page], {"t.1": check(passes, tex)})]


def test_missing_surplus_and_edited_equations_are_found() -> None:
    assert unmatched_messages(r"x = y \tag{t.1}", "x  =\n y") == []
    assert "has no check" in unmatched_messages(r"x = y \tag{t.2}", "x = y")[0]
    assert "no page has this equation" in unmatched_messages(r"x = y \tag{t.2}", "x = y")[1]
    edited = unmatched_messages(r"x = -y \tag{t.1}", "x = y")
    assert "not the formula its check was written for" in edited[0]
    assert "'-y' (page)" in edited[0]
