"""The style sheet of formulas holds what the formulas of a site can need, and no more."""

import base64
import io
import re
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from fontTools.ttLib import TTFont

from engine.formulas.style import FOLDER, STYLE, with_characters, write_style
from tests.conftest import SITE

X_ALONE = partial(with_characters, {"x"})


def written(root: Path, **kept: Any) -> tuple[str, dict[str, TTFont]]:
    """The style sheet, and each font that is its own or beside it, by its name."""
    write_style(SITE.katex.dist, root, **kept)
    css = (root / STYLE).read_text(encoding="utf-8")
    fonts = {}
    for face in re.findall(r"@font-face\{[^}]*\}", css):
        source = re.search(r"url\((?:data:font/woff2;base64,(.+?)|(fonts/.+?))\)", face)
        assert source
        if source[1]:
            content = base64.b64decode(source[1])
        else:
            content = (root / FOLDER / source[2]).read_bytes()
        font = TTFont(io.BytesIO(content))
        fonts[font["name"].getDebugName(6)] = font
    return css, fonts


def test_fonts_have_the_characters_of_the_site_and_no_others(tmp_path: Path) -> None:
    _, whole = written(tmp_path / "whole")
    characters = set("aβΣ")
    _, cut = written(tmp_path / "cut", cut=partial(with_characters, characters))
    assert whole.keys() == cut.keys()
    for name, font in cut.items():
        had = {chr(code) for code in whole[name].getBestCmap() or {}}
        assert {chr(code) for code in font.getBestCmap() or {}} == had & characters, name


def test_a_font_that_no_class_asks_for_is_left_out(tmp_path: Path) -> None:
    css, fonts = written(tmp_path, classes={"katex", "mathnormal"})
    assert {"KaTeX_Main-Regular", "KaTeX_Math-Italic"} <= set(fonts)
    assert all(name.startswith(("KaTeX_Main-", "KaTeX_Math-")) for name in fonts)
    assert ".katex" in css


def test_what_is_written_anew_leaves_nothing_of_before(tmp_path: Path) -> None:
    write_style(SITE.katex.dist, tmp_path)
    write_style(SITE.katex.dist, tmp_path, classes={"katex", "mathnormal"}, cut=X_ALONE)
    left = {path.name for path in (tmp_path / FOLDER / "fonts").iterdir()}
    assert left
    assert all(name.startswith(("KaTeX_Main-", "KaTeX_Math-")) for name in left)


def test_two_languages_that_are_built_at_once_write_it_together(tmp_path: Path) -> None:
    write_style(SITE.katex.dist, tmp_path / "alone")
    with ProcessPoolExecutor(2) as pool:
        several = [
            pool.submit(write_style, SITE.katex.dist, tmp_path / "together") for _ in range(8)
        ]
    assert [one.exception() for one in several] == [None] * 8
    alone, together = (
        {file.name: file.read_bytes() for file in (tmp_path / name).rglob("*.*")}
        for name in ("alone", "together")
    )
    assert alone == together


def test_the_same_site_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_style(SITE.katex.dist, tmp_path / name, cut=partial(with_characters, set("xyz∑")))
    one, two = (
        {p.name: p.read_bytes() for p in (tmp_path / name).rglob("*") if p.is_file()}
        for name in ("one", "two")
    )
    assert one == two
