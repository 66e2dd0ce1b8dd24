"""What is evaluated anew where a symbol moves, or is defined otherwise, and what is not."""

from __future__ import annotations

from typing import Any

import pytest

from engine.equations.definitions import Kept
from engine.equations.equation import Case
from engine.equations.evaluate import Worth
from engine.equations.names import Name
from engine.equations.tokens import Token
from engine.equations.tree import Binder, Node

SIZE = 6


def named(letter: str, indices: str = "", sub: str = "", argument: str = "") -> Name:
    scripts = tuple(Token("letter", index) for index in indices)
    scripts += tuple(Token("digit", digit) for digit in sub)
    arguments = ((Token("letter", argument),),) if argument else ()
    return Name(letter + sub, (Token("letter", letter, sub=scripts),), tuple(indices), arguments)


def number(value: float) -> Node:
    return Node("number", info=value)


def symbol(name: Name, *parts: Node) -> Node:
    return Node("symbol", parts, (name, len(name.indices)), name.key)


def summed(body: Node, letter: str) -> Node:
    return Node(
        "big", (body, number(1), number(SIZE)), (r"\sum", Binder("range", (letter,))), "sum"
    )


X, F = named("x", "ij"), named("f", argument="z")
TERM = symbol(F, symbol(X, Node("local", info="i"), Node("local", info="j")))
SUM = summed(summed(TERM, "j"), "i")
L, B, C, H = named("L"), named("B"), named("C"), named("h", "t")
FIRST = named("h", sub="0")


@pytest.fixture
def asked() -> list[float]:
    """The arguments of which the square has been asked."""
    return []


@pytest.fixture
def case(asked: list[float]) -> Case:
    def square(z: float) -> float:
        asked.append(z)
        return z * z

    given: dict[Name, Any] = {X: lambda i, j: float(i + j), F: square}
    plus = Node("sum", (symbol(L), symbol(B)), ("+", "+"))
    defined = {L: SUM, B: number(2), C: plus, FIRST: symbol(B), H: Node("local", info="t")}
    return Case(0, tight=False, worth=Worth(given, defined), letters=[])


def by(i: int, j: int) -> Node:
    return Node("derivative", (symbol(L), symbol(X, number(i), number(j))), ("d", 1), "dL/dx")


def test_only_the_terms_of_an_entry_that_moves_are_evaluated_anew(
    case: Case, asked: list[float]
) -> None:
    places = [(i, j) for i in range(1, SIZE + 1) for j in range(1, SIZE + 1)]
    evaluation = case.evaluation()
    found = {(i, j): evaluation.value(by(i, j), {}) for i, j in places}
    assert found == pytest.approx({(i, j): 2 * (i + j) for i, j in places})
    assert len(asked) <= SIZE**2 + 4 * SIZE * len(places)  # a row for each of four points


def test_a_false_definition_leaves_what_does_not_need_it(case: Case, asked: list[float]) -> None:
    true = case.evaluation().value(symbol(C), {})
    asked.clear()
    there = Kept.of(case, B).case(case, B, number(7))
    assert there.evaluation().value(symbol(C), {}) == true + 5
    assert not asked


def test_what_needs_it_is_evaluated_anew_and_so_are_derivatives(case: Case) -> None:
    assert case.evaluation().value(by(1, 2), {}) == pytest.approx(6)
    there = Kept.of(case, L).case(case, L, summed(SUM, "k"))
    assert there.evaluation().value(by(1, 2), {}) == pytest.approx(6 * SIZE)


def test_a_member_of_a_family_that_has_a_name_of_its_own_reaches_the_family(case: Case) -> None:
    body = Node("sum", (symbol(H, number(0)), number(1)), ("+", "+"))
    whole = summed(body, "k")
    assert case.evaluation().value(whole, {}) == 3 * SIZE
    there = Kept.of(case, B).case(case, B, number(7))
    assert there.evaluation().value(whole, {}) == 8 * SIZE
