"""The guard finds code that a built page shows and that did not run, and the other way round."""

from collections.abc import Callable

import pytest

from engine.running.examples import PageDocument, PagePython
from engine.running.guard import compare
from engine.paths import DOCS

PAGE = DOCS / "en" / "guard.md"
TEXT = "text\n\n```python\nx = 1\n```\n\n```pycon\n>>> print(x)\n1\n```\n"


def guard(markdown: str, html: str) -> list[str]:
    document = PageDocument(markdown, str(PAGE))
    for region in PagePython()(document):
        document.add(region)
    return [fault.message for fault in compare(document, f"<article>{html}</article>")]


def test_a_page_whose_code_all_ran_passes(render: Callable[[str], str]) -> None:
    assert guard(TEXT, render(TEXT)) == []


UNRUN = {
    "a fence more": "\n```python\ny = 2\n```\n",
    "a fence with a title": '\n```python title="t"\ny = 2\n```\n',
    "a session without prompts": "\n```pycon\ny = 2\n```\n",
    "highlighted html": (
        '\n<div class="language-python highlight"><pre><code>y = 2</code></pre></div>\n'
    ),
}


@pytest.mark.parametrize("form", UNRUN)
def test_code_that_is_shown_but_did_not_run_is_found(
    form: str, render: Callable[[str], str]
) -> None:
    found = guard(TEXT, render(TEXT + UNRUN[form]))
    assert any("shown but not run" in message for message in found), found


def test_code_that_ran_but_is_not_shown_is_found(render: Callable[[str], str]) -> None:
    found = guard(TEXT + "\n```python\ny = 2\n```\n", render(TEXT))
    assert found == ["run but not shown as code: 'y = 2'"]


def test_code_that_is_shown_changed_is_found(render: Callable[[str], str]) -> None:
    found = guard(TEXT, render(TEXT).replace("1", "2"))
    assert any("shown but not run" in message for message in found)


def test_another_order_is_found(render: Callable[[str], str]) -> None:
    one, two = "```python\nx = 1\n```\n\n", "```python\ny = 2\n```\n\n"
    assert guard(one + two, render(two + one)) == ["code is shown in another order than it ran"]


def test_code_of_no_language_is_found(render: Callable[[str], str]) -> None:
    indented = "\n    >>> print(3)\n    4\n"
    assert any(
        "not fenced as what it is" in message for message in guard(TEXT, render(TEXT + indented))
    )


def test_a_fence_that_markdown_does_not_understand_is_found(render: Callable[[str], str]) -> None:
    broken = "\n- ```python\n  x = 1\n  ```\n"
    assert any("fence shown as text" in m for m in guard(TEXT, render(TEXT + broken)))
