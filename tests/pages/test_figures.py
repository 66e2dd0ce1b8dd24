"""The drawings use the colours of the theme."""

import re

import pytest

from engine.paths import ROOT
from figures import palette

STYLES = (ROOT / "theme" / "assets" / "site.css").read_text(encoding="utf-8")
SCHEMES = ("default", "slate")


def colours_of(scheme: str, styles: str) -> set[str]:
    """The names that the theme gives a value in the light or in the dark palette."""
    rules = re.findall(rf'\[data-md-color-scheme="{scheme}"\] \{{(.*?)\}}', styles, re.S)
    return set(re.findall(r"--figure-([\w-]+):", "".join(rules)))


def differing(styles: str) -> set[str]:
    """The colours that not all of figures/palette.py and both palettes of the theme have."""
    sets = [set(palette.NAMES.values()), *(colours_of(scheme, styles) for scheme in SCHEMES)]
    return set.union(*sets) - set.intersection(*sets)


def test_the_theme_has_the_colours_of_the_palette_and_no_others():
    assert differing(STYLES) == set()


def test_each_colour_has_its_name_and_a_value_of_its_own():
    constants = {name: value for name, value in vars(palette).items() if isinstance(value, str)}
    colours = {name.lower(): value for name, value in constants.items() if name.isupper()}
    assert {value: name for name, value in colours.items()} == palette.NAMES
    assert len(palette.NAMES) == len(colours)


@pytest.mark.parametrize("name", palette.NAMES.values())
@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_colour_that_one_palette_of_the_theme_calls_otherwise_is_found(scheme, name):
    before, start, rest = STYLES.partition(f'[data-md-color-scheme="{scheme}"]')
    renamed = rest.replace(f"--figure-{name}:", "--figure-other:", 1)
    assert differing(before + start + renamed) == {name, "other"}
