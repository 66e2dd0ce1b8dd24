"""A difference between the languages in anything but the prose is a fault with both places."""

import pytest

from engine.languages.parity import parity_faults
from tests.conftest import SITE

PAGE = """\
# {title} {{#top}}

{word} $x$ {word}

Adam {word}

## {title} {{#symbols}}

| {word} | {word} |
|---|---|
| $x$ | {word} |

- {word}
- {word}

$$
x + \\text{{{word}}} = 1 \\tag{{t.1}}
$$

```python
x = 1  # {word}
```

```pycon
>>> print(x)
1
```

![{word}](figure:home/line)

### {title} {{#exercise-1}}

{word}

??? success "{word}"

    {word}
"""
ENGLISH = PAGE.format(title="Title", word="word")
CHINESE = PAGE.format(title="标题", word="词语")


def faults(english: str) -> list[str]:
    mine = SITE.read(CHINESE, SITE.docs / "zh" / "parity.md")
    theirs = SITE.read(english, SITE.docs / "en" / "parity.md")
    return [str(fault) for fault in parity_faults(mine, theirs)]


def test_prose_and_comments_may_differ() -> None:
    assert faults(ENGLISH) == []
    assert faults(ENGLISH.replace("word $x$ word", "word\n$x$ and words")) == []


CHANGES = {
    "heading level": ("### Title", "#### Title"),
    "heading anchor": ("{#exercise-1}", "{#exercise-2}"),
    "heading without anchor": (" {#symbols}", ""),
    "tag": ("t.1", "t.2"),
    "formula": ("x + ", "x - "),
    "code": ("x = 1  #", "x = 2  #"),
    "output": ("\n1\n```", "\n2\n```"),
    "missing fence": ("```pycon\n>>> print(x)\n1\n```\n", ""),
    "figure": ("home/line", "home/other"),
    "missing paragraph": ("word $x$ word\n\n", "$x$\n\nword\n\n"),
    "missing list item": ("- word\n- word", "- word"),
    "missing table row": ("| $x$ | word |", "| $x$ | word |\n| word | word |"),
    "missing solution": ('??? success "word"\n\n    word\n', ""),
    "inline formula": ("word $x$ word", "word $y$ word"),
    "target of a link": ("word $x$ word", "[word](#top) $x$ word"),
    "proper name": ("Adam word", "Eve word"),
    "inline code": ("word $x$ word", "word $x$ `word`"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_difference_is_found(change: str) -> None:
    old, new = CHANGES[change]
    assert old in ENGLISH
    found = faults(ENGLISH.replace(old, new))
    assert found
    assert "docs/en/parity.md" in found[0]
