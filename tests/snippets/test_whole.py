"""Whole numbers of every kind pass, and become numbers that do not overflow; others are named."""

import numpy as np
import pytest

from snippets.convolution import output_size
from snippets.whole import whole_number


@pytest.mark.parametrize("kind", [int, np.int64, np.uint8, np.int8, bool])
def test_a_whole_number_becomes_an_int(kind):
    number = whole_number("steps", kind(1), 1)
    assert number == 1 and type(number) is int
    assert whole_number("padding", kind(0), 0) == 0


@pytest.mark.parametrize("bad", [0, -1, 2.5, 3.0, np.float64(3), np.nan, np.inf, "3", None])
def test_everything_else_is_named(bad):
    with pytest.raises(ValueError, match=f"steps must be whole and ≥ 1, got {bad}"):
        whole_number("steps", bad, 1)


def test_small_numbers_do_not_overflow():
    assert output_size(np.uint8(250), np.uint8(3), 1, np.uint8(10)) == 268
