"""The guard finds whatever a built page shows otherwise than its source says."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from engine.running.built_page import BuiltPage
from engine.running.guard import guard_faults
from tests.pages.edits import EDITS, edited
from tests.pages.verdict import Judge
from tests.pages.written_pages import Written, pages

TEXT = """---
title: A page
---

# A page {#page}

Text with $x_{1}$, `code`, [a link](other.md#another), a note[^1] and ![a picture](picture.svg).

[^1]: A note.

| a | b |
|---|---|
| c | $d_{2}$ |
| `e` | f |

/// caption
A table.
///

## More {#more}

1. One.
2. Two.

    - Three.
    - Four.

> Quoted.

!!! note "Title"

    ```python title="a.py"
    x = 1
    ```

    ```pycon
    >>> print(x)
    1
    ```

??? success "Solution"

    $$
    x_{1} = 1 \\tag{f.1}
    $$

```{.python data-exercise="double"}
def double(x):
    ...
```

=== "A tab"

    Text in it.

A term
:   What it means.

## Last {#last}

The last line.
"""


def test_the_page_passes_as_it_is(judge: Judge) -> None:
    verdict = judge.verdict(TEXT)
    assert verdict.faults == [], "\n".join(map(str, verdict.faults))


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_of_the_built_page_is_found(name: str, judge: Judge) -> None:
    """Each edit, at each place of the page where it can be made."""
    verdict = judge.verdict(TEXT)
    article = f"<article>{verdict.html}</article>"
    lines = len(TEXT.split("\n"))
    seen: Counter[str] = Counter()
    for place in range(40):
        html = edited(article, EDITS[name], lambda many, place=place: place % many)
        if html is None or seen[html]:
            continue
        seen[html] += 1
        faults = guard_faults(verdict.page, BuiltPage(html, "form/"))
        assert faults, html
        assert all(1 <= fault.line <= lines and fault.remedy for fault in faults)
    assert seen, "the page holds nothing that this edit could change"


@settings(
    max_examples=100,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(page=pages(neat=True), name=st.sampled_from(sorted(EDITS)), data=st.data())
def test_an_edit_of_any_page_is_found(
    page: Written, name: str, data: st.DataObject, judge: Judge
) -> None:
    verdict = judge.verdict(page.raw)
    assume(not verdict.faults)
    article = f"<article>{verdict.html}</article>"
    assert not guard_faults(verdict.page, BuiltPage(article, "form/"))
    html = edited(article, EDITS[name], lambda many: data.draw(st.integers(0, many - 1)))
    assume(html is not None)
    assert guard_faults(verdict.page, BuiltPage(html or "", "form/"))
