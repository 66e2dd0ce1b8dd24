"""What the frames of explorers say, computed again; and what is wrong with a series is found."""

import json
import re
from collections.abc import Iterator
from itertools import product

import pytest
from selectolax.lexbor import LexborHTMLParser

from engine.claims.hold import difference
from engine.drawing.series import frames_of, packed
from engine.figures import Frame
from engine.paths import FOLDERS, LANGUAGES
from tests.conftest import BuiltSite
from tests.site.conftest import Reader
from tests.site.explored import EXPLORED
from tests.site.pages import WITH_SERIES, address, page

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


def wrong_numbers(target: str, language: str, texts: list[list[str]], script: str) -> Iterator[str]:
    """Where a frame says another number than the snippets give."""
    grid = list(product(*texts))
    frames = frames_of(script)
    if len(grid) != len(frames):
        yield f"the sliders choose among {len(grid)} frames, and there are {len(frames)}"
    for values, (caption, _) in zip(grid, frames, strict=False):
        numbers = [float(value.replace("−", "-")) for value in values]
        found = difference(caption, language, EXPLORED[target](*numbers))
        if found:
            yield f"{', '.join(values)}: {found} in: {caption}"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("name", "target"), EXPLORERS)
def test_an_explorer_says_what_the_snippets_give(
    name: str, target: str, language: str, built_site: BuiltSite
) -> None:
    texts, script = built(built_site, language, name, target)
    assert list(wrong_numbers(target, language, texts, script)) == []


@pytest.mark.parametrize(("name", "target"), EXPLORERS)
def test_another_number_in_a_frame_is_found(name: str, target: str, built_site: BuiltSite) -> None:
    texts, script = built(built_site, "en", name, target)
    frames = [Frame(caption, f"<svg>{inside}</svg>") for caption, inside in frames_of(script)]
    last = len(frames) - 1
    said = frames[last].caption
    for digit in re.finditer(r"\d", said):
        other = f"{said[: digit.start()]}{(int(digit[0]) + 5) % 10}{said[digit.end() :]}"
        planted = [*frames[:last], Frame(other, frames[last].svg)]
        found = list(wrong_numbers(target, "en", texts[:], packed(planted)))
        assert any(other in fault for fault in found), other


def test_all_explorers_are_asked() -> None:
    assert {target for _, target in EXPLORERS} <= EXPLORED.keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_series_reads_without_scripts(language: str, reader: Reader) -> None:
    shown = reader.open(address(language, WITH_SERIES[0]), scripts=False).page
    frames = shown.locator("frame-series .frame")
    assert frames.count() > 1
    assert all(frame.is_visible() for frame in frames.all())
