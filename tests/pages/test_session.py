"""What runs a page's code in the browser runs it as Sybil does, whatever is asked for when."""

import warnings
from pathlib import Path

import pytest

from run_in_page.session import LONGEST, Session
from run_in_page.snapshot import Snapshot


def run(session: Session, blocks: list[str], *, keep: bool = True) -> list[str]:
    """Ask for the last of these blocks; what those that had to run have printed."""
    printed = []
    first = session.first_to_run(blocks)
    for number, source in enumerate(blocks[first:], first):
        if keep and number == len(blocks) - 1:
            session.keep()
        told: list[str] = []
        error = session.run(f"block {number + 1}", [(source, 1, told.append)])
        printed.append("".join(told) + error)
    return printed


DRAW = "print(rng.integers(100))"
BLOCKS = [
    "import numpy as np\nrng = np.random.default_rng(0)",
    DRAW,
    "values = []",
    "values.append(1)",
]


@pytest.mark.parametrize("keep", [True, False])
def test_a_block_that_runs_again_prints_the_same(keep: bool) -> None:
    session = Session()
    first = run(session, BLOCKS[:2], keep=keep)
    again = run(session, BLOCKS[:2], keep=keep)
    assert first[-1] == again[-1] != ""
    assert len(again) == (1 if keep else 2)  # with the state kept, nothing above runs anew


def test_what_stands_above_runs_once() -> None:
    session = Session()
    assert len(run(session, BLOCKS[:1])) == 1
    assert len(run(session, BLOCKS)) == 3


def test_a_change_above_is_run_and_a_change_below_is_undone() -> None:
    session = Session()
    run(session, [*BLOCKS, "print(values)"])
    changed = [*BLOCKS[:2], "values = [7]", BLOCKS[3], "print(values)"]
    assert run(session, changed)[-1] == "[7, 1]\n"
    # The third is asked for again: what the fourth has appended is gone.
    assert run(session, [*BLOCKS[:2], "values = [7]\nprint(values)"])[-1] == "[7]\n"


def test_after_an_error_the_block_runs_in_the_state_before_it() -> None:
    session = Session()
    run(session, ["values = []"])
    failing = "values.append(1)\n1 / 0"
    assert "ZeroDivisionError" in run(session, ["values = []", failing])[-1]
    assert run(session, ["values = []", "print(values)"])[-1] == "[]\n"


def test_a_traceback_has_the_lines_of_the_page_and_none_of_ours() -> None:
    session = Session()
    error = run(session, ["def half(x):\n    return x / 0", "y = 1\n\nhalf(y)"])[-1]
    assert 'File "block 2", line 3, in <module>\n    half(y)' in error
    assert 'File "block 1", line 2, in half\n    return x / 0' in error
    assert str(Path("run_in_page")) not in error


def test_a_piece_has_the_line_at_which_it_stands() -> None:
    session = Session()
    pieces = [("x = 1", 1, print), ("y = 2\nraise ValueError(y)", 4, print)]
    error = session.run("block 1", pieces)
    assert 'File "block 1", line 5, in <module>\n    raise ValueError(y)' in error
    assert 'File "block 1", line 3' in Session().run("block 1", [("x = 1\n\n1 +", 1, print)])


def test_an_expression_that_is_not_printed_shows_nothing_and_a_flood_is_cut() -> None:
    session = Session()
    assert run(session, ["1 + 1"]) == [""]
    (flood,) = run(session, ["for n in range(10**5): print(n)"])
    assert LONGEST < len(flood) < LONGEST + 10
    assert flood.endswith("…\n")


def test_a_reader_sees_the_warnings_that_python_shows() -> None:
    with warnings.catch_warnings(record=True) as seen:
        session = Session()
        for category in ("DeprecationWarning", "RuntimeWarning", "ImportWarning"):
            session.run("block 1", [(f"import warnings\nwarnings.warn('', {category})", 1, print)])
    assert [one.category for one in seen] == [DeprecationWarning, RuntimeWarning]


NOT_KEPT = {
    "a generator that goes on": "values = (n for n in range(3))\nnext(values)",
    "a function that counts": "def count(seen=[]):\n    seen.append(1)\n    return len(seen)",
    "a closure": "def outer():\n    n = []\n    return lambda: n.append(1)\nadd = outer()",
    "a class with a list": "class Box:\n    held = []",
    "an attribute": "def f(): pass\nf.calls = 0",
}


@pytest.mark.parametrize("what", NOT_KEPT)
def test_what_cannot_be_copied_is_not_kept_but_run_anew(what: str) -> None:
    namespace: dict[str, object] = {"__name__": "__main__"}
    exec(NOT_KEPT[what], namespace)
    assert Snapshot.of(namespace) is None
    session = Session()
    assert len(run(session, [NOT_KEPT[what], "x = 1"])) == 2
    assert len(run(session, [NOT_KEPT[what], "x = 2"])) == 2


def test_what_is_put_back_shares_what_was_shared() -> None:
    namespace: dict[str, object] = {"__name__": "__main__"}
    exec("import math\na = [1]\nb = (a, math)\ndef f(): return a", namespace)
    kept = Snapshot.of(namespace)
    assert kept is not None
    restored = kept.restored()
    assert restored["b"][0] is restored["a"] is not namespace["a"]
    assert restored["f"] is namespace["f"]
