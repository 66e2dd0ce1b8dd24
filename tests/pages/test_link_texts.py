"""A link whose text says something else than what it leads to is found, with what it should say."""

from pathlib import Path

import pytest

from engine.reference.glossary import NAME as GLOSSARY
from engine.rules.link_texts import text_faults
from engine.site import Site
from tests.small_site import SmallSite

OTHER = """---
title: {title}
description: d
names: [LR]
---

# {title}: {long} {{#title}}

## {question} {{#sizes}}

{text}

$$
y = x \\tag{{lr.14}}
$$

## W {{#where}}

Each receptive field grows.

## {exercise} 3: {long} {{#exercise-3}}

## R {{#references}}

- A. Azulay, Y. Weiss, “Shifts”, 2019. [arXiv:1805.12177](https://arxiv.org/abs/1805.12177).
"""
ENGLISH = OTHER.format(
    title="Logistic regression",
    long="a neuron that learns a probability",
    question="How large is the output?",
    text="The **stride** decides. A row of ones is put on top.",
    exercise="Exercise",
)
CHINESE = OTHER.format(
    title="逻辑回归",
    long="学会给出概率的神经元",
    question="输出有多大？",
    text="由**步幅**决定，再添上最大奇异值。",
    exercise="练习",
)
TERMS = (
    "# G {#title}\n\n| 中文 | English | where | not used |\n|---|---|---|---|\n"
    "| 感受野 | receptive field | [LR](../logistic.md#sizes) | – |\n"
)
WORKS = """\
- authors: [I. Loshchilov, F. Hutter]
  title: Weight decay
  year: 2017
  arxiv: "1711.05101"
"""
PAGE = """---
title: {title}
description: d
{more}---

# {title} {{#title}}

{text}

## {below} {{#below}}
"""


def site_at(root: Path) -> SmallSite:
    """A site whose pages can be linked."""
    made = SmallSite(root)
    made.both("logistic", CHINESE, ENGLISH)
    made.both(GLOSSARY, TERMS)
    made.write("docs/works.yml", WORKS)
    for language, titles in (("en", ("Regularisation", "Memory")), ("zh", ("正则化", "记忆"))):
        for name, title in zip(("regularization", "memory"), titles, strict=True):
            made.write(
                f"docs/{language}/{name}.md",
                PAGE.format(title=title, more="", text="", below=title),
            )
    return made


@pytest.fixture
def site(tmp_path: Path) -> SmallSite:
    return site_at(tmp_path)


def told(site: Site, text: str, language: str = "en", more: str = "") -> list[str]:
    titles = {"en": ("Backpropagation", "What is below?"), "zh": ("反向传播", "下面是什么？")}
    title, below = titles[language]
    path = site.docs / language / "a.md"
    path.write_text(PAGE.format(title=title, more=more, text=text, below=below), encoding="utf-8")
    return [str(fault) for fault in text_faults(site, site.page(path))]


RIGHT = {
    "en": [
        "[(lr.14)](logistic.md#eq-lr.14)",
        "[Logistic regression](logistic.md)",
        "[logistic regressions](logistic.md#sizes)",
        "[learned probabilities](logistic.md)",
        "[LR](logistic.md)",
        "[the size of outputs](logistic.md#sizes)",
        "[how large the output is](logistic.md#sizes)",
        "[strides](logistic.md#sizes)",
        "[receptive fields](logistic.md#sizes)",
        "[row of ones](logistic.md#sizes)",
        "[exercise 3](logistic.md#exercise-3)",
        "[Exercise 3: a neuron that learns](logistic.md#exercise-3)",
        "[Azulay and Weiss](logistic.md#references)",
        "[below](#below)",
        "[Loshchilov and Hutter](https://arxiv.org/abs/1711.05101)",
        "[decaying weights](https://arxiv.org/abs/1711.05101)",
    ],
    "zh": [
        "[(lr.14)](logistic.md#eq-lr.14)",
        "[逻辑回归](logistic.md)",
        "[逻辑回归](logistic.md#sizes)",
        "[输出多大](logistic.md#sizes)",
        "[步幅](logistic.md#sizes)",
        "[感受野](logistic.md#sizes)",
        "[最大奇异值](logistic.md#sizes)",
        "[练习 3](logistic.md#exercise-3)",
        "[LR](logistic.md)",
    ],
}


@pytest.mark.parametrize(("language", "link"), [(k, link) for k in RIGHT for link in RIGHT[k]])
def test_a_text_that_names_its_target_passes(language: str, link: str, site: SmallSite) -> None:
    assert told(site, link, language) == []


WRONG = {
    "en": [
        ("[Backpropagation](regularization.md)", "Regularisation"),
        ("[(lr.15)](logistic.md#eq-lr.14)", "(lr.14)"),
        ("[equation (lr.14)](logistic.md#eq-lr.14)", "(lr.14)"),
        ("[memory](logistic.md#sizes)", "How large is the output?"),
        ("[memory](regularization.md#below)", "Regularisation"),
        ("[exercise 4](logistic.md#exercise-3)", "Exercise 3: a neuron that learns a probability"),
        ("[exercise 3](logistic.md#sizes)", "How large is the output?"),
        ("[Smith and Jones](logistic.md#references)", "R"),
        ("[Kingma](https://arxiv.org/abs/1711.05101)", "Weight decay"),
        ("[the notes](https://example.org)", "the title of a work"),
        ("[Backpropagation](#below)", "What is below?"),
        ("[receptive field](logistic.md#where)", "W"),
        ("[receptive field](logistic.md#title)", "Logistic regression"),
    ],
    "zh": [
        ("[反向传播](regularization.md)", "正则化"),
        ("[(lr.15)](logistic.md#eq-lr.14)", "(lr.14)"),
        ("[记忆](logistic.md#sizes)", "输出有多大？"),
        ("[练习 4](logistic.md#exercise-3)", "练习 3: 学会给出概率的神经元"),
    ],
}
PLACES = {
    "a paragraph": "{}",
    "a folded block": '??? note "T"\n\n    {}',
    "the title of a block": '!!! note "{}"\n\n    T',
    "a table": "| a |\n|---|\n| {} |",
    "a caption": "![a](a.svg)\n\n/// caption\n{}\n///",
    "an item": "- {}",
}


@pytest.mark.parametrize(
    ("language", "link", "named"), [(k, *case) for k in WRONG for case in WRONG[k]]
)
def test_a_text_that_misleads_is_found(
    language: str, link: str, named: str, site: SmallSite
) -> None:
    (found,) = told(site, link, language)
    assert found.startswith(f"docs/{language}/a.md:8: the link ")
    assert f"write {named!r}" in found


@pytest.mark.parametrize("place", PLACES)
def test_links_are_asked_wherever_they_stand(place: str, site: SmallSite) -> None:
    wrong, right = "[Memory](regularization.md)", "[Memory](memory.md)"
    assert told(site, PLACES[place].format(right)) == []
    (found,) = told(site, PLACES[place].format(wrong))
    assert "write 'Regularisation'" in found


def test_the_place_is_named_that_a_text_belongs_to(site: SmallSite) -> None:
    assert told(site, "[field grows](logistic.md#where)") == []
    (found,) = told(site, "[receptive field](logistic.md#where)")
    assert "which is 'W'; the text belongs to logistic#sizes" in found


def test_a_text_that_is_declared_belongs_to_its_target(site: SmallSite) -> None:
    more = 'links: {there: "logistic.md#sizes"}\n'
    assert told(site, "[there](logistic.md#sizes)", more=more) == []
    other, needless = told(site, "[there](regularization.md)", more=more)
    assert "the link 'there' leads to regularization.md" in other
    assert needless.startswith("docs/en/a.md:4: no link 'there' to logistic.md#sizes needs")


def test_a_declaration_that_nothing_needs_is_found(site: SmallSite) -> None:
    more = "links: {logistic regression: logistic.md}\n"
    (found,) = told(site, "[logistic regression](logistic.md)", more=more)
    assert "needs to be declared" in found
    (found,) = told(site, "", more="links: [there]\n")
    assert found.startswith("docs/en/a.md:4: links names no texts with their targets")
