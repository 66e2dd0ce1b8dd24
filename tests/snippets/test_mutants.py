"""A change of a snippet that pages notice is told from one that they do not, and is no other."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from engine.faults import FaultsFound
from engine.mutants import __main__ as command
from engine.mutants.mutate import Mutant, mutants
from engine.mutants.run import unnoticed
from engine.mutants.survivors import keyed, stale, survivors
from engine.reading import sources
from tests.conftest import ROOT
from tests.small_site import SmallSite

MODULE = '''"""One."""

# --8<-- [start:imports]
Number = int | float
# --8<-- [end:imports]


# --8<-- [start:double]
def check(name: str, x: Number, least: int = 0) -> None:
    """ValueError if x is too small."""
    shown = f"{name} = {x}"
    if x < least + 1:
        raise ValueError(f"{shown} is not above {least}")


def double(x: Number, times: int = 2) -> Number:
    """Twice x."""
    check("x", x, 3 - 2)
    if x >= 100:
        return 100
    return x * times


# --8<-- [end:double]

OUTSIDE = 7 + 8
'''

PAGE = """# T {#title}

```python
--8<-- "one.py:imports"
--8<-- "one.py:double"
```

```pycon
>>> print(double(4))
8
```

It is [12]{= double(6)}.
"""


@pytest.fixture
def site(tmp_path: Path) -> SmallSite:
    made = SmallSite(tmp_path)
    made.write("snippets/one.py", MODULE)
    made.both("one", PAGE)
    return made


def made(site: SmallSite) -> list[Mutant]:
    return mutants(site.snippets)["one"]


def left(site: SmallSite) -> list[str]:
    """The changes that the English page does not notice."""
    return [m.change for m in unnoticed(site, site.snippets / "one.py", made(site), "en")]


def test_one_place_is_changed_outside_of_checks_types_and_texts(site: SmallSite) -> None:
    assert [mutant.change for mutant in made(site)] == [
        "2 → 3",
        "x >= 100 → (x < 100)",
        "x >= 100 → (x > 100)",
        "100 → 101",
        "return 100 → pass",
        "100 → 101",
        "return x * times → pass",
        "x * times → (x / times)",
    ]
    assert {mutant.function for mutant in made(site)} == {"double"}


@pytest.mark.parametrize(
    ("body", "changes"),
    [
        ("return -x if x else not x", {"-x → (x)", "not x → (x)", "-x if x else not x →"}),
        ("x += 1", {"x += 1 → x -= 1", "x += 1 → x = 1", "x += 1 → pass", "1 → 2"}),
        ("return x @ x % 2", {"x @ x → (x * x)", "x @ x % 2 → (x @ x * 2)"}),
        ("return x is None or x == 0.5", {"or", "x is None → (x is not None)", "0.5 → 1.0"}),
        ("del x[0]", {"del x[0] → pass", "0 → 1"}),
        ("# “α” 中\n    y = '中'; return x - 1", {"x - 1 → (x + 1)", "y = '中' → pass"}),
        ("for _ in x:\n        if _ > 1:\n            raise ValueError", set()),
        ("return np.array(x, dtype=float, copy=True)", {"True → False"}),
        ("x = np.asarray(x, dtype=float)", set()),
        ("x, y = np.asarray(x, float), np.asarray(y, float)", set()),
        ("y = np.asarray(x, float)", {"→ pass"}),
        ("x = np.reshape(x, -1)", {"→ pass"}),
    ],
)
def test_what_may_stand_in_the_place_of_what(body: str, changes: set[str], site: SmallSite) -> None:
    text = f"# --8<-- [start:f]\ndef f(x):\n    {body}\n# --8<-- [end:f]\n"
    path = site.write("snippets/one.py", text)
    found = made(site)
    for change in changes:
        assert any(change in mutant.change for mutant in found), change
    assert bool(found) == bool(changes)
    lines = sources.read(path).split("\n")
    for mutant in found:
        line = lines[mutant.line - 1]
        piece = line[mutant.column : mutant.end_column]
        assert piece.replace("(", "").replace(")", "") in mutant.old.replace("(", "")


def test_what_is_printed_or_told_of_a_result_notices_a_change(site: SmallSite) -> None:
    assert left(site) == ["x >= 100 → (x > 100)", "100 → 101", "return 100 → pass", "100 → 101"]
    site.both("one", PAGE.replace("double(6)", "double(100) - 88"))
    assert left(site) == ["100 → 101"] * 0
    site.both("one", PAGE.replace("print(double(4))\n8", "print(1)\n1"))
    assert "x * times → (x / times)" not in left(site)
    site.both("one", PAGE.replace("double(4))\n8", "0)\n0").replace("[12]{= double(6)}", "12"))
    assert len(left(site)) == len(made(site))


def test_another_page_that_shows_the_place_may_notice_it(site: SmallSite) -> None:
    site.both("other", PAGE.replace("double(4))\n8", "double(200))\n100"))
    assert left(site) == ["x >= 100 → (x > 100)", "100 → 101"]


def test_a_change_that_never_ends_or_wants_too_much_is_noticed(site: SmallSite) -> None:
    text = (
        "# --8<-- [start:double]\ndef double(x):\n    k = 0\n    while k < x:\n        k += 1\n"
        "    return [0] * k and 2 * x\n# --8<-- [end:double]\n"
    )
    site.write("snippets/one.py", MODULE[: MODULE.index("# --8<-- [start:double]")] + text)
    assert "k += 1 → pass" in [mutant.change for mutant in made(site)]
    assert "k += 1 → pass" not in left(site)


def test_a_page_that_fails_by_itself_is_told(site: SmallSite) -> None:
    site.both("one", PAGE.replace("\n8\n", "\n9\n"))
    with pytest.raises(FaultsFound, match="a page that fails by itself says nothing of mutants"):
        left(site)


# The list of survivors.

ENTRY = {
    "function": "double",
    "line": "if x >= 100:",
    "change": "x >= 100 → (x > 100)",
    "reason": "no page has so large a number",
}


def run(site: SmallSite, *entries: dict[str, object], page: str = PAGE) -> int:
    site.both("one", page)
    listed = {"one": list(entries)} if entries else {}
    site.write("tests/snippets/survivors.yml", yaml.safe_dump(listed, allow_unicode=True))
    return command.main(["one"])


@pytest.fixture(autouse=True)
def here(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if "site" in request.fixturenames:
        monkeypatch.chdir(request.getfixturevalue("site").root)


LARGE = PAGE.replace("It is", "At most [100]{= double(200)}, [200]{= 2 * double(100)}.\n\nIt is")


def test_a_survivor_without_a_reason_is_a_fault(
    site: SmallSite, capsys: pytest.CaptureFixture[str]
) -> None:
    page = PAGE.replace("It is", "At most [100]{= double(101)}.\n\nIt is")
    first = {**ENTRY, "change": "100 → 101"}
    assert run(site, first, page=page) == 1
    told = capsys.readouterr()
    assert "snippets/one.py:19: no page notices this change in double:" in told.err
    assert "    if x >= 100:\n    x >= 100 → (x > 100)\n    → let an example" in told.err
    assert "one: 8 mutants, 6 noticed, 2 not" in told.out
    assert run(site, ENTRY, first, page=page) == 0
    assert "6 of 8 noticed, 0 faults" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"change": "x * times → (x / times)", "line": "return x * times"}, "a page notices this"),
        ({"line": "if x > 100:"}, "one.py has no such mutant any more: 'if x > 100:' in double"),
        ({"nth": 2}, "one.py has no such mutant any more"),
        ({"reason": " "}, "not the list of survivors: an entry has change, function, line, reason"),
        ({"nth": "first"}, "not the list of survivors"),
    ],
)
def test_an_entry_that_does_not_hold_is_a_fault(
    change: dict[str, object], message: str, site: SmallSite, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(site, {**ENTRY, **change}) == 1
    told = capsys.readouterr().err
    assert f"survivors.yml:2: {message}" in told
    assert "    → " in told


def test_a_list_that_is_none_and_a_module_that_is_none_are_told(
    site: SmallSite, capsys: pytest.CaptureFixture[str]
) -> None:
    site.write("tests/snippets/survivors.yml", "one:\n  - [\n")
    assert command.main(["one"]) == 1
    assert "survivors.yml:3: not the list of survivors: " in capsys.readouterr().err
    assert command.main(["two"]) == 2
    assert "no module of snippets is called two\n    → name one of one" in capsys.readouterr().err


# This project's own.


def test_every_listed_survivor_is_a_mutant_of_today_and_they_are_few() -> None:
    every = keyed(mutant for found in mutants(ROOT / "snippets").values() for mutant in found)
    assert stale(ROOT, every) == []
    assert len(survivors(ROOT)) <= (1 - command.SHARE) * len(every)


def test_all_of_them_are_asked_every_week() -> None:
    workflow = yaml.safe_load((ROOT / ".github/workflows/weekly.yml").read_text(encoding="utf-8"))
    ran = [step.get("run") for job in workflow["jobs"].values() for step in job["steps"]]
    assert "make mutants" in ran
