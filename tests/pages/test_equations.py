"""Checks must match the pages' equations, must pass, and must be able to fail."""

import json
import logging
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from engine.equations.check import (
    Check,
    CheckSource,
    Rng,
    Sides,
    at_most,
    close,
    equals,
    verdict_of,
)
from engine.equations.faults import failed, formula_faults, unmatched
from engine.equations.verify import marked_in, verify
from engine.site import Site
from snippets.activations import d_sigmoid, sigmoid
from tests.conftest import ROOT

SITE = Site(ROOT)
PAGE = SITE.docs / "en" / "equations.md"

MODULES = sorted(path for path in SITE.checks.glob("*.py") if path.stem != "__init__")
TABLE = (
    "## Symbols {#symbols}\n\n| symbol | meaning |\n|---|---|\n| $x$ | a |\n| $\\hat{y}$ | b |\n\n"
)


def check(evaluate: Callable[[Rng], Sides], tex: str = "x = y") -> Check:
    evaluate.__doc__ = tex
    return Check("t.1", evaluate)


def messages(evaluate: Callable[[Rng], Sides], tex: str = "x = y") -> str:
    return "\n".join(map(str, verify(check(evaluate, tex)).faults))


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
    page = SITE.read(f"{TABLE}$$\n{formula}\n$$\n", PAGE)
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
    written = CheckSource("t.1", "passes", SITE.checks / "equations.py", 1, "", tex)
    page = SITE.read(f"text\n\n$$\n{formula}\n$$\n", PAGE)
    return [fault.message for fault in unmatched(page, {"t.1": written})]


def test_missing_surplus_and_edited_equations_are_found() -> None:
    assert unmatched_messages(r"x = y \tag{t.1}", "x  =\n y") == []
    assert "has no check" in unmatched_messages(r"x = y \tag{t.2}", "x = y")[0]
    edited = unmatched_messages(r"x = -y \tag{t.1}", "x = y")
    assert "not the formula its check was written for" in edited[0]
    assert "'-y' (page)" in edited[0]


def test_a_verdict_can_be_kept_and_read_again() -> None:
    def raises(rng: Rng) -> Sides:
        return equals(1 / 0, 1.0, wrong={"two": 2.0})

    def passes(rng: Rng) -> Sides:
        return equals(1.0, 1.0, wrong={"two": 2.0})

    for function in (raises, passes):
        verdict = verify(check(function))
        kept = json.loads(json.dumps(verdict.as_json()))
        assert verdict_of(check(function).written, kept) == verdict


# The site's own equations.

every_module = pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)


def told(faults: object) -> str:
    return "\n".join(map(str, faults))  # type: ignore[call-overload]


@pytest.mark.parametrize("tag", SITE.equations.checks())
def test_an_equation_holds_and_its_wrong_forms_fail(tag: str) -> None:
    verdict = SITE.equations.verdicts([tag])[tag]
    assert told(verdict.faults) == ""
    assert verdict.rejected


@every_module
def test_the_checks_that_are_read_are_those_that_are_run(path: Path) -> None:
    read = [c for c in SITE.equations.checks().values() if c.path == path]
    assert sorted((c.written for c in marked_in(path.stem)), key=lambda c: c.line) == read
    assert read


# Checks as files, in a site of two modules.

CHECKS = '''
from engine.equations import Rng, Sides, equals, equation
from snippets.two import TWO

with open("run.txt", "a", encoding="utf-8") as run:
    print(__name__, file=run)


@equation("{name}.1")
def twice(rng: Rng) -> Sides:
    r"""2x = x + x"""
    x = rng.normal()
    return equals(left=TWO * x, right=x + x, wrong={{"once": x}})


@equation("{name}.2")
def half(rng: Rng) -> Sides:
    r"""\\frac{{x}}{{2}} = x - \\frac{{x}}{{2}}"""
    x = rng.normal()
    return equals(left=x / 2, right=x - x / 2, wrong={{"whole": x}})
'''


class Small:
    """A site of two modules of checks, which a test may change."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for folder in ("checks", "snippets"):
            (root / folder).mkdir()
            (root / folder / "__init__.py").write_text("", encoding="utf-8")
        self.write("mkdocs.yml", "")
        self.write("snippets/two.py", "TWO = 2\n")
        for name in ("one", "other"):
            self.write(f"checks/{name}.py", CHECKS.format(name=name))
        self.site = Site(root)

    def write(self, name: str, text: str) -> None:
        (self.root / name).write_text(text, encoding="utf-8")

    def change(self, name: str, old: str, new: str) -> None:
        text = (self.root / name).read_text(encoding="utf-8")
        assert old in text
        self.write(name, text.replace(old, new))

    def passed(self) -> dict[str, bool]:
        return {tag: v.passed for tag, v in self.site.equations.verdicts().items()}

    def run(self) -> list[str]:
        """The modules that have run since this was last asked."""
        notes = self.root / "run.txt"
        lines = notes.read_text(encoding="utf-8").splitlines() if notes.exists() else []
        notes.unlink(missing_ok=True)
        return lines


@pytest.fixture
def small(tmp_path: Path) -> Small:
    return Small(tmp_path)


ALL_PASS = dict.fromkeys(["one.1", "one.2", "other.1", "other.2"], True)
BOTH = ["checks.one", "checks.other"]


def test_checks_are_verified_once(small: Small) -> None:
    assert small.passed() == ALL_PASS
    assert small.run() == BOTH
    assert small.passed() == ALL_PASS
    assert small.site.equations.faults() == []
    other = Site(small.root).equations
    assert other.verdicts() == small.site.equations.verdicts()
    assert small.run() == []


def test_one_tag_verifies_its_module_alone(small: Small) -> None:
    assert list(small.site.equations.verdicts(["other.2"])) == ["other.2"]
    assert small.run() == ["checks.other"]


@pytest.mark.parametrize(
    ("name", "old", "new", "again", "still_true"),
    [
        ("snippets/two.py", "2", "2.0", BOTH, True),
        ("snippets/two.py", "2", "3", BOTH, False),
        ("checks/one.py", "x - x / 2", "x / 2", ["checks.one"], True),
        ("checks/one.py", "right=x + x", "right=x - x", ["checks.one"], False),
    ],
)
def test_a_change_verifies_anew_what_it_reaches(
    name: str, old: str, new: str, again: list[str], still_true: bool, small: Small
) -> None:
    small.passed()
    small.run()
    small.change(name, old, new)
    false = set() if still_true else {f"{module.partition('.')[2]}.1" for module in again}
    assert {tag for tag, passed in small.passed().items() if not passed} == false
    assert small.run() == again
    assert len(failed(small.site.equations.verdicts().values())) == len(false)


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        (
            "import TWO",
            "import TWO as",
            "checks/one.py:3: the checks cannot be imported: SyntaxErr",
        ),
        ("snippets.two", "nothing", "checks/one.py:3: the checks cannot be imported: Mod"),
        (
            "with open",
            "1 / 0\nwith open",
            "checks/one.py:5: the checks cannot be imported: Zero",
        ),
        (
            "with open",
            "exit()\nwith open",
            "checks/one.py:5: the checks cannot be imported: Sys",
        ),
        (
            "with open",
            "import os; os._exit(3)\nwith open",
            "checks/one.py:1: the process that",
        ),
    ],
)
def test_a_broken_module_is_one_fault_and_fails_its_own_checks_alone(
    old: str, new: str, place: str, small: Small
) -> None:
    small.change("checks/one.py", old, new)
    (fault,) = small.site.equations.faults()
    assert place in str(fault)
    assert "→ mend this module" in str(fault)
    verdicts = small.site.equations.verdicts()
    assert all(verdict.passed == (tag.startswith("other")) for tag, verdict in verdicts.items())
    assert {"other.1", "other.2"} <= verdicts.keys()
    small.change("checks/one.py", new, old)
    assert small.passed() == ALL_PASS
    assert small.site.equations.faults() == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"one.2"', '"one.1"', "check of (one.1): 'twice' (one.py:9) checks it already"),
        ('"one.2"', '"other.1"', "check of (other.1): 'half' (one.py:16) checks it already"),
        ('"one.2"', 'f"one.{2}"', "its tag a string that can be read"),
        ('"one.2"', "", "its tag a string that can be read"),
        ('@equation("one.2")', 'if True:\n  @equation("one.2")\n  def f(rng): 0\n@repr', "nested"),
    ],
)
def test_tags_that_two_claim_or_nobody_can_read_are_faults(
    old: str, new: str, message: str, small: Small
) -> None:
    small.change("checks/one.py", old, new)
    assert message in told(small.site.equations.faults())


def test_a_check_that_another_replaces_does_not_pass(small: Small) -> None:
    small.change("checks/one.py", "def half", "def twice")
    (fault,) = failed(small.site.equations.verdicts().values())
    assert "check of (one.1): its function is not there once the module has run" in fault.message


def test_a_damaged_entry_is_verified_anew(small: Small, caplog: pytest.LogCaptureFixture) -> None:
    small.passed()
    for entry in small.site.equations.store.folder.glob("one-*.json"):
        entry.write_bytes(entry.read_bytes().replace(b'"faults": []', b'"faults": [ ]'))
    small.run()
    with caplog.at_level(logging.WARNING):
        assert small.passed() == ALL_PASS
    assert "is broken: it is thrown away and made anew" in caplog.text
    assert small.run() == ["checks.one"]


def test_the_files_of_a_page_are_the_modules_its_checks_need(small: Small) -> None:
    (small.root / "docs/en").mkdir(parents=True)
    small.write("docs/en/page.md", "# Page {#page}\n\n$$\nx = x \\tag{other.1}\n$$\n")
    names = {
        path.relative_to(small.root).as_posix() for path in small.site.equations.files_of("page")
    }
    assert names - {"checks/page.py"} == {
        *("checks/__init__.py", "checks/other.py", "snippets/__init__.py", "snippets/two.py")
    }
