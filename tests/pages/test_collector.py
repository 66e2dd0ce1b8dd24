"""The collector runs exactly the code that the site's Markdown shows, whatever its form."""

import textwrap
from pathlib import Path

import pytest
from sybil import Document
from sybil.example import SybilFailure

from engine.reading.outline import tidy
from engine.running.examples import PageDocument, PagePython, as_one_file
from engine.site import Site
from tests.conftest import SITE, Project
from tests.pages.verdict import Judge

PAGE = SITE.docs / "en" / "collector.md"

#: Each form of fence that pages may have: its Markdown, and how many blocks of Python are shown.
FORMS = {
    "plain": ("```python\nx = 1\n```", 1),
    "tildes": ("~~~python\nx = 1\n~~~", 1),
    "four backticks": ("````python\nx = 1\n````", 1),
    "space before the language": ("``` python\nx = 1\n```", 1),
    "trailing space": ("```python  \nx = 1\n```", 1),
    "session": ("```pycon\n>>> x = 1\n```", 1),
    "prompts in a python fence": ("```python\n>>> x = 1\n```", 1),
    "comment before the first prompt": ("```pycon\n>>> # first\n>>> x = 1\n```", 1),
    "title": ('```python title="a.py"\nx = 1\n```', 1),
    "admonition": ('!!! note "n"\n\n    ```python\n    x = 1\n    ```', 1),
    "folded": ('??? success "n"\n\n    Text.\n\n    ```pycon\n    >>> x = 1\n    ```', 1),
    "nested admonitions": (
        '!!! note "a"\n\n    !!! tip "b"\n\n        ```python\n        x = 1\n        ```',
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
    "windows newlines": ("text\r\n\r\n```python\r\nx = 1\r\n```\r\n", 1),
    "blank lines inside": ("```python\nx = 1\n\n\ny = 2\n```", 1),
    "indented code inside": ("```python\nif True:\n    x = 1\n```", 1),
    "several": ("```python\nx = 1\n```\n\ntext\n\n```python\ny = x\n```", 2),
    "included section": ('```python\nimport numpy as np\n--8<-- "activations.py:imports"\n```', 1),
    "included section in a list": (
        '- item\n\n    ```python\n    --8<-- "activations.py:imports"\n    ```',
        1,
    ),
    "fence in a comment on one line": ("<!-- ```python x ``` -->\n\ntext", 0),
    "text after a comment": ("<!-- note -->\n\n```python\nx = 1\n```", 1),
    "comment marks in code": ("`<!--` opens\n\n```python\nx = 1\n```\n\n`-->` closes", 1),
    "other language": ("```sh\nls\n```", 0),
    "text": ("```text\na tree\n```", 0),
}


@pytest.mark.parametrize("form", FORMS)
def test_what_is_shown_is_what_is_collected(form: str, judge: Judge) -> None:
    markdown, blocks = FORMS[form]
    verdict = judge.verdict(markdown)
    assert verdict.faults == [], "\n".join(map(str, verdict.faults))
    assert verdict.built is not None
    assert len(verdict.built.python) == blocks
    assert [tidy(code) for code in verdict.ran] == verdict.built.python


#: Forms in which Python would be shown that another reader, or the collector, takes otherwise.
REFUSED = {
    "capital": "```Python\nx = 1\n```",
    "py": "```py\nx = 1\n```",
    "python3": "```python3\nx = 1\n```",
    "highlighted lines": '```python hl_lines="1 2"\nx = 1\ny = 2\n```',
    "line numbers": '```python linenums="1"\nx = 1\ny = 2\n```',
    "attributes": "```{.python .annotate}\nx = 1\n```",
    "attributes with a title": '```{.python title="a"}\nx = 1\n```',
    "attributes with an id": "``` { .python #code }\nx = 1\n```",
    "html with markdown": '<div markdown="1">\n\n```python\nx = 1\n```\n\n</div>',
    "quoted fence": "````md\n```python\nx = 1\n```\n````",
    "text that is Python": "```text\nx = 1\n```",
    "html": '<div class="language-python highlight"><pre><code>y = 2</code></pre></div>',
}


@pytest.mark.parametrize("form", REFUSED)
def test_code_in_other_forms_is_refused(form: str, judge: Judge) -> None:
    first = judge.verdict(REFUSED[form]).faults[0]
    assert first.line == 1
    assert first.remedy


BROKEN = {
    "fence on a list item's own line": ("- ```python\n  x = 1\n  ```", 1),
    "fence that does not end": ("text\n\n```python\nx = 1", 3),
    "formula that does not end": ("text\n\n$$\nx", 3),
    "snippet that does not exist": ('```python\n--8<-- "nothing.py:here"\n```', 2),
    "section that does not exist": ('```python\n--8<-- "activations.py:nothing"\n```', 2),
    "front matter that does not end": ("---\ntitle: x\n\ntext", 1),
    "front matter that is not YAML": ("---\ntitle: a: b: c\n---\n", 2),
    "a name of the front matter that stands there twice": ("---\ntitle: x\ntitle: y\n---\n", 3),
    "a tie in the front matter": ("---\ntitle: of [0.5]{= x}\n---\n\ntext", 2),
    "an unseen character in the front matter": ("---\ntitle: x\u202ey\n---\n\ntext", 2),
}


@pytest.mark.parametrize("form", BROKEN)
def test_a_broken_page_is_a_fault_with_its_line(form: str, judge: Judge) -> None:
    markdown, line = BROKEN[form]
    first = judge.verdict(markdown).faults[0]
    assert (first.path.name, first.line) == ("form.md", line), first
    assert first.remedy


def evaluate(markdown: str) -> Document:
    document = PageDocument(textwrap.dedent(markdown), str(PAGE), SITE)
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
    document = PageDocument(text, str(PAGE), SITE)
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
    source, shown = as_one_file(SITE.read(text, PAGE))
    assert source == "x = 2\nfor i in range(x):\n    print(i)\n"
    assert shown == "0\n1\n"


def test_comments_of_a_session_stay_in_the_file() -> None:
    text = "```pycon\n>>> # before\n>>> x = 2\n>>> # between\n\n>>> print(x)\n2\n>>> # after\n```"
    evaluate(text)
    source, shown = as_one_file(SITE.read(text, PAGE))
    assert source == "# before\nx = 2\n# between\n\nprint(x)\n# after\n"
    assert shown == "2\n"


def test_a_comment_prints_nothing() -> None:
    with pytest.raises(SybilFailure, match="the page shows"):
        evaluate("```pycon\n>>> # two\n2\n```")


def test_a_page_is_read_anew_when_it_or_a_section_it_shows_has_changed(project: Project) -> None:
    site = Site(project.root)
    path = site.docs / "en" / "index.md"
    snippet = site.snippets / "activations.py"
    assert site.page(path) is site.page(path)
    with path.open("a", encoding="utf-8") as page:
        page.write("\n## New {#new}\n")
    assert site.page(path).headings[-1].anchor == "new"
    snippet.write_text(
        snippet.read_text(encoding="utf-8").replace("(lr.2)", "(lr.4)"), encoding="utf-8"
    )
    assert "(lr.4)" in site.page(path).python_fences[0].source


def test_writing_outputs_tells_in_a_line_what_fails_and_which_pages_are_written(
    project: Project,
) -> None:
    project.append("\n```pycon\n>>> print(2)\n1\n```\n", "en")
    project.append("\n```pycon\n>>> print(\n...     x)\n```\n\n```python\n1 / 0\n```\n", "zh")
    pages = ("docs/zh/index.md", "docs/en/index.md")
    run = project.run("pytest", "-q", "--update-outputs", *pages)
    assert run.returncode == 1
    name, zero, *told = [line for line in run.stdout.splitlines() if "docs/" in line]
    assert name.startswith("docs/zh/index.md:41: NameError: name 'x' is not defined (line 42)")
    assert zero.startswith("docs/zh/index.md:46: ZeroDivisionError")
    assert told == [
        "not changed: docs/zh/index.md, where 2 examples failed",
        "updated docs/en/index.md",
    ]
    assert "\n>>> print(2)\n2\n" in project.page("en").read_text(encoding="utf-8")
    assert len(run.stdout.splitlines()) < 9
