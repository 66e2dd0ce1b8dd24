"""Material's scripts are changed where they are known; where they are not, the build says so."""

from pathlib import Path

import material
import pytest

from engine.search.material import BUNDLE, WORKER, Change, Changed, Cut, UnknownScript, renamed

TEMPLATES = Path(material.__file__).parent / "templates"
NAMES = [path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.js*")]

EVERY = [
    pytest.param(script, change, id=f"{script.before}: {change.why}")
    for script in (BUNDLE, WORKER)
    for change in script.changes
]


def text_of(script: Changed) -> str:
    return (TEMPLATES / script.find(NAMES)).read_text(encoding="utf-8")


@pytest.mark.parametrize("script", [BUNDLE, WORKER], ids=lambda script: script.before)
def test_every_change_is_made_and_nothing_else(script: Changed) -> None:
    before = text_of(script)
    after = script.apply(before)
    for change in script.changes:
        if isinstance(change, Change):
            assert change.new in after
            before = before.replace(change.old, change.new)
        else:
            assert change.old not in after
            head, _, tail = before.partition(change.old)
            before = head + tail.partition(change.end)[2]
    assert after.endswith(before.rpartition("\n//# sourceMappingURL")[0])


@pytest.mark.parametrize(("script", "change"), EVERY)
def test_a_script_without_what_is_to_change_is_refused(
    script: Changed, change: Change | Cut
) -> None:
    missing = text_of(script).replace(change.old, "")
    with pytest.raises(UnknownScript) as refused:
        script.apply(missing)
    assert change.why in str(refused.value)
    assert "0 times" in str(refused.value)
    with pytest.raises(UnknownScript, match="2 times"):
        script.apply(text_of(script) + change.old)


@pytest.mark.parametrize("names", [[], ["assets/javascripts/bundle.1.min.js"] * 2])
def test_a_script_that_is_not_there_once_is_refused(names: list[str]) -> None:
    with pytest.raises(UnknownScript, match="not one"):
        BUNDLE.find(names)


def test_a_changed_script_has_a_name_of_its_own() -> None:
    name = BUNDLE.find(NAMES)
    assert Path(renamed(name, "a")).match(BUNDLE.pattern)
    assert len({name, renamed(name, "a"), renamed(name, "b")}) == 3
