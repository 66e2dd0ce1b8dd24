"""A stepper reads without scripts."""

import pytest

from engine.paths import LANGUAGES
from tests.site.conftest import Reader
from tests.site.pages import WITH_STEPPERS, address


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_stepper_reads_without_scripts(language: str, reader: Reader) -> None:
    shown = reader.open(address(language, WITH_STEPPERS[0]), scripts=False).page
    frames = shown.locator(".stepper .frame")
    assert frames.count() > 1
    assert all(frame.is_visible() for frame in frames.all())
