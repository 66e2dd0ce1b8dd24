"""What the frames of explorers say, computed again; and what is wrong with a series is found."""

import json
import re
from itertools import product

import pytest
from selectolax.lexbor import LexborHTMLParser

from engine.claims.hold import difference
from engine.drawing.series import frames_of
from engine.paths import FOLDERS, LANGUAGES
from tests.conftest import BuiltSite
from tests.site.conftest import Reader
from tests.site.explored import EXPLORED
from tests.site.pages import WITH_SERIES, address, page

#: Of which only each so many-th frame is computed again, the first and the last among them.
COSTLY = {"activations/twenty_layers": 7}

EXPLORERS = [
    (name, target.partition(":")[2])
    for name in WITH_SERIES
    for target in page("en", name).figures
    if target.startswith("explorer:")
]


def built(site: BuiltSite, language: str, name: str, target: str) -> tuple[list[list[str]], str]:
    """The texts of an explorer's sliders, and the script of its frames, as a page names them."""
    html = LexborHTMLParser(site.html(language, name))
    drawing = html.css_first(f'[data-drawing="explorer:{target}"]')
    assert drawing is not None
    while drawing.tag != "frame-series":
        drawing = drawing.parent
        assert drawing is not None
    sliders = json.loads(drawing.attributes["data-sliders"] or "")
    there = site.folder / FOLDERS[language] / name / (drawing.attributes["data-frames"] or "")
    return [texts for _, _, texts in sliders], there.resolve().read_text(encoding="utf-8")


def in_figures(caption: str) -> str:
    """A caption with its powers of ten as rules for numbers know them: ``2.5e-07``."""
    low = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
    return re.sub(r" × 10([⁻⁰¹²³⁴-⁹]+)", lambda found: f"e{found[1].translate(low)}", caption)


def wrong_number(target: str, language: str, values: tuple[str, ...], caption: str) -> str | None:
    """Where a frame says another number than the snippets give; None if it says the same."""
    numbers = [float(value.replace("−", "-")) for value in values]
    found = difference(in_figures(caption), language, EXPLORED[target](*numbers))
    return f"{', '.join(values)}: {found} in: {caption}" if found else None


@pytest.mark.parametrize(("name", "target"), EXPLORERS)
def test_an_explorer_says_what_the_snippets_give(
    name: str, target: str, built_site: BuiltSite
) -> None:
    """Of both languages in one process, which computes once what is costly."""
    for language in LANGUAGES:
        texts, script = built(built_site, language, name, target)
        grid, frames = list(product(*texts)), frames_of(script)
        assert len(grid) == len(frames)
        asked = list(zip(grid, frames, strict=True))[:: COSTLY.get(target, 1)]
        wrong = [wrong_number(target, language, values, caption) for values, (caption, _) in asked]
        assert [fault for fault in wrong if fault] == []


@pytest.mark.parametrize(("name", "target"), EXPLORERS)
def test_another_number_in_a_frame_is_found(name: str, target: str, built_site: BuiltSite) -> None:
    texts, script = built(built_site, "en", name, target)
    values = tuple(each[-1] for each in texts)
    caption, _ = frames_of(script)[-1]
    assert wrong_number(target, "en", values, caption) is None
    for digit in re.finditer(r"(?<![a-z])\d", caption):
        other = f"{caption[: digit.start()]}{(int(digit[0]) + 5) % 10}{caption[digit.end() :]}"
        assert wrong_number(target, "en", values, other), other


def test_all_explorers_are_asked() -> None:
    assert {target for _, target in EXPLORERS} <= EXPLORED.keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_series_reads_without_scripts(language: str, reader: Reader) -> None:
    shown = reader.open(address(language, WITH_SERIES[0]), scripts=False).page
    frames = shown.locator("frame-series .frame")
    assert frames.count() > 1
    assert all(frame.is_visible() for frame in frames.all())
