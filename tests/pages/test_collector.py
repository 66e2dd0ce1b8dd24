"""The collector runs exactly the code that the site's Markdown shows, whatever its form."""

import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from sybil import Document

from engine.paths import DOCS
from engine.reading.outline import tidy
from engine.reading.page import parse_text
from engine.running.built_page import BuiltPage
from engine.running.examples import PageDocument, PagePython, as_one_file, fences_run
from tests.conftest import Project

PAGE = DOCS / "en" / "collector.md"

#: Each form of fence: its Markdown, and how many blocks of Python the page shows for it.
FORMS = {
    "plain": ("```python\nx = 1\n```", 1),
    "tildes": ("~~~python\nx = 1\n~~~", 1),
    "four backticks": ("````python\nx = 1\n````", 1),
    "space before the language": ("``` python\nx = 1\n```", 1),
    "trailing space": ("```python  \nx = 1\n```", 1),
    "capital": ("```Python\nx = 1\n```", 1),
    "py": ("```py\nx = 1\n```", 1),
    "python3": ("```python3\nx = 1\n```", 1),
    "session": ("```pycon\n>>> x = 1\n```", 1),
    "prompts in a python fence": ("```python\n>>> x = 1\n```", 1),
    "comment before the first prompt": ("```pycon\n# first\n>>> x = 1\n```", 1),
    "title": ('```python title="a.py"\nx = 1\n```', 1),
    "highlighted lines": ('```python hl_lines="1 2"\nx = 1\ny = 2\n```', 1),
    "line numbers": ('```python linenums="1"\nx = 1\ny = 2\n```', 1),
    "several options": ('```py title="a b" linenums="1" hl_lines="1"\nx = 1\n```', 1),
    "attributes": ("```{.python .annotate}\nx = 1\n```", 1),
    "attributes with a title": ('```{.python title="a"}\nx = 1\n```', 1),
    "attributes with an id": ("``` { .python #code }\nx = 1\n```", 1),
    "admonition": ('!!! note "n"\n\n    ```python\n    x = 1\n    ```', 1),
    "folded": ('??? success "n"\n\n    Text.\n\n    ```pycon\n    >>> x = 1\n    ```', 1),
    "nested admonitions": (
        "!!! note\n\n    !!! tip\n\n        ```python\n        x = 1\n        ```",
        1,
    ),
    "tabs": (
        '=== "a"\n\n    ```python\n    x = 1\n    ```\n\n'
        '=== "b"\n\n    ```python\n    x = 2\n    ```',
        2,
    ),
    "list": ("- item\n\n    ```python\n    x = 1\n    ```", 1),
    "numbered list": ("1. item\n\n    ```python\n    x = 1\n    ```", 1),
    "quote": ("> text\n>\n> ```python\n> x = 1\n> ```", 1),
    "quote with a block": ("> ```python\n> def f():\n>     return 1\n> ```", 1),
    "html with markdown": ('<div markdown="1">\n\n```python\nx = 1\n```\n\n</div>', 1),
    "windows newlines": ("text\r\n\r\n```python\r\nx = 1\r\n```\r\n", 1),
    "blank lines inside": ("```python\nx = 1\n\n\ny = 2\n```", 1),
    "indented code inside": ("```python\nif True:\n    x = 1\n```", 1),
    "several": ("```python\nx = 1\n```\n\ntext\n\n```python\ny = x\n```", 2),
    "included section": ('```python\nimport numpy as np\n--8<-- "activations.py:imports"\n```', 1),
    "included section in a list": (
        '- item\n\n    ```python\n    --8<-- "activations.py:imports"\n    ```',
        1,
    ),
    "fence in a comment": ("<!--\n```python\nx = 1\n```\n-->\n\ntext", 0),
    "fence in a comment on one line": ("<!-- ```python x ``` -->\n\ntext", 0),
    "text after a comment": ("<!-- note -->\n\n```python\nx = 1\n```", 1),
    "comment marks in code": ("`<!--` opens\n\n```python\nx = 1\n```\n\n`-->` closes", 1),
    "quoted fence": ("````md\n```python\nx = 1\n```\n````", 0),
    "other language": ("```sh\nls\n```", 0),
    "text": ("```text\nx = 1\n```", 0),
}


def collected(markdown: str) -> list[str]:
    document = PageDocument(markdown, str(PAGE))
    for region in PagePython()(document):
        document.add(region)
    return [tidy(fence.source) for fence in fences_run(document)]


@pytest.mark.parametrize("form", FORMS)
def test_what_is_shown_is_what_is_collected(form: str, render: Callable[[str], str]) -> None:
    markdown, blocks = FORMS[form]
    shown = BuiltPage(render(markdown), "").python
    assert len(shown) == blocks
    assert collected(markdown) == shown


BROKEN = {
    "fence on a list item's own line": "- ```python\n  x = 1\n  ```",
    "fence that does not end": "```python\nx = 1",
    "formula that does not end": "text\n\n$$\nx",
    "snippet that does not exist": '```python\n--8<-- "nothing.py:here"\n```',
    "section that does not exist": '```python\n--8<-- "activations.py:nothing"\n```',
    "front matter that does not end": "---\ntitle: x\n\ntext",
    "front matter that is not YAML": "---\ntitle: a: b: c\n---\n",
}


@pytest.mark.parametrize("form", BROKEN)
def test_a_broken_page_is_a_fault_with_its_line(form: str) -> None:
    faults = parse_text("\n\n" * (not BROKEN[form].startswith("---")) + BROKEN[form], PAGE).faults
    assert faults
    assert faults[0].path == PAGE
    assert faults[0].line >= (1 if BROKEN[form].startswith("---") else 3)
    assert faults[0].remedy


def evaluate(markdown: str) -> Document:
    document = PageDocument(textwrap.dedent(markdown), str(PAGE))
    for region in PagePython()(document):
        document.add(region)
    for example in document.examples():
        example.evaluate()
    return document


def test_a_page_is_one_namespace() -> None:
    evaluate("```python\nx = 2\n```\n\n```pycon\n>>> print(x + 1)\n3\n```")


@pytest.mark.parametrize(
    "code",
    [
        ">>> print(1)\n2",
        ">>> print(1)",
        ">>> print('a\\n\\nb')\na",
        ">>> print(1)\n1\n\nmore",
        ">>> 1\n1",
        ">>> x = 1\n1",
        ">>> print(1)  # doctest: +SKIP\n2",
        ">>> print(1.23)  # doctest: +ELLIPSIS\n1...",
    ],
)
def test_an_output_that_is_not_printed_fails(code: str) -> None:
    with pytest.raises(AssertionError, match="→"):
        evaluate(f"```pycon\n{code}\n```")


def test_an_output_that_is_not_shown_fails() -> None:
    with pytest.raises(AssertionError, match="it prints"):
        evaluate("```python\nprint(1)\n```")


def test_outputs_with_blank_lines_are_compared_whole() -> None:
    evaluate("```pycon\n>>> print('a\\n\\nb')\na\n\nb\n>>> print(1)\n1\n```")


def test_a_failure_names_the_line_of_the_page(tmp_path: Path) -> None:
    text = (
        '# A\n\n```python\n--8<-- "activations.py:imports"\n```\n\n```pycon\n>>> print(2)\n3\n```\n'
    )
    document = PageDocument(text, str(PAGE))
    for region in PagePython()(document):
        document.add(region)
    *_, last = document.examples()
    assert last.line == 8


def test_an_error_in_an_included_section_names_the_snippet() -> None:
    with pytest.raises(NameError) as caught:
        evaluate('text\n\n```python\n--8<-- "activations.py:d_sigmoid"\n```\n')
    frame = caught.traceback[-1]
    assert Path(frame.path).name == "activations.py"
    source = Path(frame.path).read_text(encoding="utf-8").splitlines()
    assert source[frame.lineno].startswith("def d_sigmoid")


def test_one_file_holds_the_code_and_what_it_prints() -> None:
    text = "```python\nx = 2\n```\n\n```pycon\n>>> for i in range(x):\n...     print(i)\n0\n1\n```"
    source, shown = as_one_file(parse_text(text, PAGE))
    assert source == "x = 2\nfor i in range(x):\n    print(i)\n"
    assert shown == "0\n1\n"


def test_a_page_is_read_anew_when_it_or_a_section_it_shows_has_changed(project: Project) -> None:
    script = (
        "from engine.reading.page import parse\n"
        "from engine.paths import DOCS, SNIPPETS\n"
        "page, snippet = DOCS / 'en' / 'index.md', SNIPPETS / 'activations.py'\n"
        "first = parse(page)\n"
        "print(parse(page) is first)\n"
        "page.write_text(page.read_text('utf-8') + '\\n## New {#new}\\n', 'utf-8')\n"
        "print(parse(page).headings[-1].anchor)\n"
        "snippet.write_text(snippet.read_text('utf-8').replace('(lr.2)', '(lr.3)'), 'utf-8')\n"
        "print('(lr.3)' in parse(page).fences[0].source)\n"
    )
    (project.root / "twice.py").write_text(script, encoding="utf-8")
    assert project.run("twice").stdout.split() == ["True", "new", "True"]
