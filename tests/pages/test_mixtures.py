"""Ten pages as somebody would write them, with many forms beside and within each other.

What stands alone in the tests of forms stands here in company. A page is shown as it is meant, all
of it; or it is refused at the one line that is wrong, and nowhere else.
"""

import pytest

from engine.reading.outline import Shown
from tests.pages.verdict import Judge

#: What is shown, and how many there are of some kinds of things.
SHOWN: dict[str, tuple[str, dict[str, int]]] = {
    "a derivation with its code": (
        """# Momentum {#momentum}

The step remembers **where it went**: $v_t = \\beta v_{t-1} + g_t$, as
in [another](other.md#another).

## Symbols {#symbols}

| symbol | shape | meaning |
|:--|:-:|---|
| $v$ | $(n,)$ | the velocity, `v` in code |
| $\\beta$ | | how much it remembers[^1] |

[^1]: Between 0 and 1, $\\beta \\lt 1$.

$$
v \\coloneqq \\beta v + g
$$

```python
beta, v = 0.9, 0.0
for g in (1.0, 1.0):
    v = beta * v + g
```

```pycon
>>> print(f"{v:.2f}")
1.90
```
""",
        {"heading": 2, "formula": 1, "code": 2},
    ),
    "lists within an admonition within a quotation": (
        """# Notes {#notes}

> Somebody said:
>
> 1. first, $a \\mid b$;
> 2. then *that*.

!!! warning "Twice “counted”"

    - an item of two paragraphs

        its second one, with `code`

    - another:

        ```python
        x = 1
        ```

??? success "Solution"

    ```pycon
    >>> print(x + 1)
    2
    ```

    So it is.
""",
        {"quote": 1, "ordered list": 1, "bullet list": 1, "item": 4},
    ),
    "Chinese with full-width signs": (
        """# 动量 {#momentum}

“动量”（**momentum**）记住了 $v_t$，所以：价格是 \\$5，不是 \\$6；见[另一页](other.md)。

- 第一，$\\beta=0.9$；
- 第二，`beta`。

| 量 | 值 |
|---|---|
| 损失 | $\\lvert x \\rvert$，即 a\\|b |

!!! note "注意"

    代码如下。

    ```python
    损失 = 1.5
    ```

```pycon
>>> print(f"{损失:.1f}")
1.5
```
""",
        {"bullet list": 1, "item": 2, "table": 1},
    ),
    "pictures, captions and rules": (
        """# Pictures {#pictures}

![A curve, from [0, 1] to 2.](picture.svg)

/// caption
The curve of $f$, and of `g`.
///

---

1. ![small](picture.svg)
2. [![in a link](picture.svg)](other.md)

| picture | words |
|---|---|
| ![in a cell](picture.svg) | *so* |
""",
        {"caption": 1, "rule": 1, "ordered list": 1, "table": 1},
    ),
    "Windows' line ends and a byte order mark": (
        "\ufeff# Windows {#windows}\r\n\r\nA $x$ and\r\na second line.\r\n\r\n"
        "- a\r\n- b\r\n\r\n```python\r\ny = '\\\\r'\r\n```\r\n\r\n$$\r\nz = 1 \\tag{a.1}\r\n$$\r\n",
        {"heading": 1, "item": 2, "code": 1, "formula": 1},
    ),
}

#: A line that is wrong in the midst of what is right, and words of what is said of it.
REFUSED: dict[str, tuple[str, str, str]] = {
    "a list below its sentence, in an admonition": (
        '# A {#a}\n\n!!! note "N"\n\n    Two things, $a$ and $b$:\n    - a\n    - b\n\nEnd.\n',
        "    - a",
        "list directly below",
    ),
    "a bar in a formula, in a table below a list": (
        "# A {#a}\n\n- x\n\n| a | b |\n|---|---|\n| $y$ | 1 |\n| $|x|$ | 2 |\n\nEnd.\n",
        "| $|x|$ | 2 |",
        "cells",
    ),
    "money between two formulas": (
        "# A {#a}\n\nFrom $a$ to $b$.\n\nIt costs $5, with $c$.\n\n```python\nx = 1\n```\n",
        "It costs $5, with $c$.",
        "dollar sign",
    ),
    "a wrong output below a right one": (
        "# A {#a}\n\n```pycon\n>>> x = 2\n>>> print(x)\n2\n>>> print(x + 1)\n4\n```\n\n- end\n",
        ">>> print(x + 1)",
        "the page shows (-), it prints (+)",
    ),
    "a fence in an item that is not closed, among closed ones": (
        "# A {#a}\n\n```python\nx = 1\n```\n\n- item\n\n    ```python\n    y = 2\n\nAnd $x$.\n",
        "    ```python",
        "not closed",
    ),
}


@pytest.mark.parametrize("name", SHOWN)
def test_a_mixture_is_shown_as_it_is_meant(name: str, judge: Judge) -> None:
    markdown, numbers = SHOWN[name]
    verdict = judge.verdict(markdown.encode())
    assert verdict.faults == [], "\n".join(map(str, verdict.faults))
    assert verdict.built is not None
    assert verdict.built.outline == verdict.shown
    counted = {kind: _count(verdict.shown, kind) for kind in numbers}
    assert counted == numbers


@pytest.mark.parametrize("name", REFUSED)
def test_a_mixture_is_refused_at_the_line_that_is_wrong(name: str, judge: Judge) -> None:
    markdown, line, words = REFUSED[name]
    number = markdown.split("\n").index(line) + 1
    faults = judge.verdict(markdown).faults
    assert {fault.line for fault in faults} == {number}, faults
    assert words in str(faults[0])


def _count(shown: list[Shown], kind: str) -> int:
    return sum(one.kind == kind for one in shown)
