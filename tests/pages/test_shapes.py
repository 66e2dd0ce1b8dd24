"""The shapes that a table states for names of code are those of the page's calls."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.running.shapes import fits, shape_faults, tables
from tests.conftest import SITE
from tests.small_site import SmallSite

PAGE = """# A {#title}

| array | one | several |
|---|---|---|
| inputs `xs` | $(T, n_x)$ | $(T, m, n_x)$ |
| start `h0` | $(n_h,)$ | $(m, n_h)$ |
| outputs | $(T,)$ | $(T, m)$ |

```python
import numpy as np


def forward(xs, h0):
    return xs.shape, h0.shape


forward(np.ones((5, 3)), np.ones(2))
forward(np.ones((5, 4, 3)), np.ones((4, 2)))
```
"""


def told(root: Path, old: str = "", new: str = "") -> str:
    site = SmallSite(root)
    site.both("a", PAGE.replace(old, new) if old else PAGE)
    return "\n".join(map(str, shape_faults(site, site.page(site.docs / "zh" / "a.md"))))


def test_calls_must_fit_a_column(tmp_path: Path) -> None:
    assert told(tmp_path) == ""


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("$(T, m, n_x)$", "$(m, T, n_x)$", "docs/zh/a.md:6: the table says that h0"),
        ("$(m, n_h)$", "$(n_h, m)$", "docs/zh/a.md:6: the table says that h0"),
        ("$(n_h,)$", "$(n_h, 1)$", "docs/zh/a.md:6: the table says that h0"),
        ("np.ones((5, 3))", "np.ones(3)", "and a call has xs (3,), h0 (2,)"),
        ("`h0`", "`h1`", "no call on this page has xs, h1"),
    ],
)
def test_another_shape_is_told(tmp_path: Path, old: str, new: str, what: str) -> None:
    assert what in told(tmp_path, old, new)


def test_sizes_may_be_sums_and_multiples() -> None:
    sizes = {"n_x": 2}
    assert fits(("n_x", "4n_h"), (2, 12), sizes)
    assert sizes["n_h"] == 3
    assert fits(("n_h+n_x", "n_h-1"), (5, 2), sizes)
    assert not fits(("4n_h",), (13,), {})
    assert not fits(("n_h", "n_h"), (2, 3), {})


def test_the_tables_of_this_site_are_found() -> None:
    [table] = tables(SITE.page(SITE.docs / "en" / "rnn.md"))
    assert [*table.rows] == ["xs", "h0"]
