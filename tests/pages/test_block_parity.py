"""Corresponding blocks name the same targets, formulas, code and proper names."""

import pytest

from engine.languages.block_parity import block_faults
from tests.conftest import SITE

ENGLISH = """\
# T {#top}

See [here](#top) how the LSTMs of Cho and others set `n_h` to $x$.

- MPa, and $y$ with `n_x`
"""
CHINESE = """\
# 标题 {#top}

Cho 等人的 LSTM 怎样令 `n_h` 为 $x$，见[这里](#top)。

- MPa，以及 $y$ 和 `n_x`
"""


def faults(english: str) -> list[str]:
    mine = SITE.read(CHINESE, SITE.docs / "zh" / "parity.md")
    theirs = SITE.read(english, SITE.docs / "en" / "parity.md")
    return [str(fault) for fault in block_faults(mine, theirs)]


def test_the_same_in_other_words_passes() -> None:
    assert faults(ENGLISH) == []
    assert faults(ENGLISH.replace("LSTMs", "lstm (GRU)").replace("set `n_h`", "set, `n_h`")) == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("(#top) how", "(#other) how", "docs/zh/parity.md:3: this block leads to #other more"),
        ("MPa,", "MPa [here](#top),", "docs/zh/parity.md:5: this block leads to #top more often"),
        ("to $x$", "to $y$", "docs/zh/parity.md:3: this block names $x$ in one language only"),
        ("with `n_x`", "with `n_h`", "docs/zh/parity.md:5: this block names `n_h` in one language"),
        ("Cho and", "Chung and", "docs/zh/parity.md:3: this block names 'Cho' in Chinese only"),
        ("MPa", "GPa", "docs/zh/parity.md:5: this block names 'MPa' in Chinese only"),
    ],
)
def test_what_one_block_names_alone_is_found(old: str, new: str, message: str) -> None:
    assert old in ENGLISH
    found = faults(ENGLISH.replace(old, new))
    assert found[0].startswith(message)
    assert "(other: docs/en/parity.md:" in found[0]
