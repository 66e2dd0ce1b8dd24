"""A stepper shows one frame at a time with the script, and all of them without it."""

import pytest

from engine.paths import LANGUAGES
from tests.site.conftest import Reader
from tests.site.pages import NAMES, address, page

WITH_STEPPERS = [
    name
    for name in NAMES
    if any(target.startswith("stepper:") for target in page("en", name).figures)
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", WITH_STEPPERS)
def test_a_stepper_steps(name: str, language: str, reader: Reader) -> None:
    shown = reader.open(address(language, name), width=390).page
    frames = shown.locator(".stepper").first.locator(".frame")
    controls = shown.locator(".stepper-controls").first
    back, ahead = controls.locator("button").all()
    assert frames.count() > 1
    assert [frame.is_visible() for frame in frames.all()].index(True) == 0
    assert back.is_disabled()
    ahead.click()
    assert frames.nth(1).is_visible()
    assert not frames.nth(0).is_visible()
    controls.locator("input").press("End")
    assert frames.last.is_visible()
    assert ahead.is_disabled()
    assert str(frames.count()) in controls.locator("[role=status]").inner_text()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", WITH_STEPPERS)
def test_a_stepper_reads_without_scripts(name: str, language: str, reader: Reader) -> None:
    shown = reader.open(address(language, name), scripts=False).page
    frames = shown.locator(".stepper .frame")
    assert frames.count() > 1
    assert all(frame.is_visible() for frame in frames.all())
