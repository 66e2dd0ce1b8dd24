"""Private terms are found wherever a reader would read them, and nowhere else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine.paths import LANGUAGES
from engine.reference.glossary import NAME as GLOSSARY
from engine.reference.private_terms import NAMES_THE_SOURCE, PRIVATE, SOURCE, private_faults
from tests.conftest import SITE
from tests.small_site import SmallSite

PAGE = """---
title: {title}
description: {description}
---

# {heading} {{#title}}

{prose} $x$ {prose2}

!!! note "{box}"

    | {head} | b |
    |---|---|
    | {cell} | c |

![{alt}](figure:a/line)

/// caption
{caption}
///

```pycon
>>> print("{code}")  # {code}
{code}
```
"""
PLACES = re.findall(r"\{(\w+)\}", PAGE.replace("{{", "").replace("}}", ""))


@pytest.fixture
def site(tmp_path: Path) -> SmallSite:
    return SmallSite(tmp_path)


def found(site: SmallSite, text: str, language: str = "en", name: str = "a") -> list[str]:
    path = site.write(f"docs/{language}/{name}", text)
    return [str(fault) for fault in private_faults(site, site.page(path))]


def page(**words: str) -> str:
    return PAGE.format(**(dict.fromkeys(PLACES, "word") | words))


@pytest.mark.parametrize("place", sorted({*PLACES} - {"code"}))
def test_a_private_term_is_found_in_all_that_is_read(place: str, site: SmallSite) -> None:
    assert found(site, page(), name="a.md") == []
    text = page(**{place: "the local slope"})
    (fault,) = found(site, text, name="a.md")
    lines = text.split("\n")
    line = next(n for n, line in enumerate(lines, 1) if "local slope" in line)
    line = 1 if place in ("title", "description") else line
    # The words of a caption and a box are told at the line where they begin.
    assert fault.startswith(f"docs/en/a.md:{line}: 'local slope' is nothing that readers meet")
    assert fault.endswith("→ write instead: local derivative")


def test_code_formulas_and_what_is_quoted_are_free(site: SmallSite) -> None:
    assert found(site, page(code="the local slope"), name="a.md") == []
    for quoted in ("“a local slope”", "*a local slope*", "`local slope`", "$local slope$"):
        assert found(site, page(prose=quoted), name="a.md") == []
    assert len(found(site, page(prose="a **local slope**"), name="a.md")) == 1
    assert found(site, page(prose="又称“细胞”"), "zh", "a.md") == []
    assert len(found(site, page(prose="又称细胞"), "zh", "a.md")) == 1


def test_a_term_is_found_across_lines_and_beside_a_formula(site: SmallSite) -> None:
    (fault,) = found(site, "# A {#a}\n\nOne\ntwo local\nslope\n", name="a.md")
    assert fault.startswith("docs/en/a.md:4: 'local slope'")
    (fault,) = found(site, "# A {#a}\n\n乘上站在 $x$ 前面的数。\n", "zh", "a.md")
    assert "'站在 $'" in fault


def test_the_source_is_named_on_its_own_pages_alone(site: SmallSite) -> None:
    for name in NAMES_THE_SOURCE:
        assert found(site, page(prose="the notes"), name=f"{name}.md") == []
        assert found(site, page(prose="笔记"), "zh", f"{name}.md") == []
        assert len(found(site, page(prose="a local slope"), name=f"{name}.md")) == 1
    assert len(found(site, page(prose="The notes"), name="a.md")) == 1
    assert len(found(site, page(prose="笔记"), "zh", "a.md")) == 1
    assert found(site, page(prose="笔记本"), "zh", "a.md") == []
    assert {name for name in NAMES_THE_SOURCE if SITE.source("en", name)} == NAMES_THE_SOURCE


def test_the_glossary_may_list_what_is_not_used(site: SmallSite) -> None:
    head = "# G {#g}\n\n| 中文 | English | where | not used |\n|---|---|---|---|\n"
    row = head + "| 导数 | %s | [a](a.md) | %s |\n"
    assert found(site, row % ("derivative", "local slope"), name=f"{GLOSSARY}.md") == []
    assert len(found(site, row % ("local slope", "derivative"), name=f"{GLOSSARY}.md")) == 1


def test_the_words_of_a_labs_picture_are_asked_for(site: SmallSite) -> None:
    mark = '# %% {"alt": "a", "caption": "CAPTION", "labels": {"x": "LABEL"}}'
    lab = f"# ---\n# title: A\n# ---\n\n{mark}\nx = 1\n"
    assert found(site, lab, "zh", "labs/a.py") == []
    for place in ("CAPTION", "LABEL"):
        (fault,) = found(site, lab.replace(place, "正交起步"), "zh", "labs/a.py")
        assert fault.startswith("docs/zh/labs/a.py:5: '正交起步'")


#: For each pattern a text in which it is found.
SAMPLES = {
    "en": [
        "whoever", "it is to be seen", "held against", "the judge", "way back", "turned sign",
        "found out", "they fare alike", "holds two offices", "in need of", "ever so", "take along",
        "fair problem", "dear houses", "the derivative by x", "local slope", "standard network",
        "makes no difference between", "looks how much", "untaught", "hidden unit",
        "as long as what",
    ],
    "zh": [
        "局部斜率", "正交起步", "标准网络", "光靠数数", "回程", "裁判", "细胞状态", "隐藏单元",
        "只有它在听", "弯一下", "站在它旁边", "一声不吭", "跟不上这一下", "训练的房屋", "两种毛病",
        "随便猜", "还有多少分量", "绕道的路", "露出破绽", "没教过",
    ],
}  # fmt: skip

#: Words of the field, or of everyday, that look like private terms.
FREE = {
    "en": ["the judgement", "a minus sign", "the notes of CS231n", "fair", "hidden layer"],
    "zh": ["细胞核", "细胞（又称", "听写", "一条路径", "所有的路径", "测试集", "笔记本"],
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_pattern_finds_its_words_and_not_those_of_the_field(
    language: str, site: SmallSite
) -> None:
    assert len(SAMPLES[language]) == len(PRIVATE[language])
    for (pattern, remedy), sample in zip(PRIVATE[language], SAMPLES[language], strict=True):
        faults = found(site, page(prose=sample), language, "a.md")
        assert any(remedy in fault for fault in faults), pattern
    assert len(SOURCE[language]) == 1
    for text in FREE[language]:
        assert found(site, page(prose=text), language, "a.md") == [], text
