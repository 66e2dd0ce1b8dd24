"""The cards of pages: drawn with the installed font, the same at every time, and kept."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from engine.for_readers.cards import MARGIN, SIZE, Cards, NoFonts
from engine.store import Store
from tests.conftest import ROOT

PACKAGE = ROOT / "node_modules" / "@fontsource-variable" / "noto-sans-sc"
NAME = "可验证的深度学习笔记"


@pytest.fixture
def cards(tmp_path: Path) -> Cards:
    return Cards(PACKAGE, Store(tmp_path / "cards"))


def picture(png: bytes) -> Image.Image:
    return Image.open(BytesIO(png)).convert("RGB")


@pytest.mark.parametrize(
    "title",
    [
        "LSTM",
        "长短期记忆网络",
        "方程的检验：" + "沿时间反向传播" * 3,
        "Checks of the equations " * 4,
    ],
)
def test_a_title_fits_onto_its_card(title: str, cards: Cards) -> None:
    png = cards.png(title, NAME)
    assert len(png) < 40_000
    seen = picture(png)
    assert seen.size == SIZE
    ground = Image.new("RGB", SIZE, seen.getpixel((0, 0)))
    box = ImageChops.difference(seen, ground).getbbox()
    assert box
    assert box[0] >= MARGIN - 4
    assert box[2] <= SIZE[0] - MARGIN + 4
    assert box[3] <= SIZE[1] - 40


def test_characters_that_the_font_has_are_not_all_alike(cards: Cards) -> None:
    """What a font lacks is drawn as one and the same box."""
    assert len({cards.png(title, "x") for title in "梯度检验AÉ"}) == 6


def test_a_card_is_drawn_once_and_the_same_again(
    cards: Cards, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = cards.png("LSTM", NAME)
    assert Cards(PACKAGE, Store(tmp_path / "elsewhere")).png("LSTM", NAME) == first
    monkeypatch.setattr(Cards, "_draw", None)
    assert Cards(PACKAGE, Store(tmp_path / "cards")).png("LSTM", NAME) == first
    with pytest.raises(TypeError):
        cards.png("GRU", NAME)  # another title is another card


def test_without_the_font_it_says_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(NoFonts, match="npm ci"):
        Cards(tmp_path / "none", Store(tmp_path / "cards")).png("LSTM", NAME)
