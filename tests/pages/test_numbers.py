"""A number that only one language names, in figures or in words, is a fault with both places."""

import pytest

from engine.languages.numbers import number_faults, numbers, unanswered
from tests.conftest import SITE

SAME = [
    ("两个门，三块权重", "two gates and three blocks of weights"),
    ("约三分之一的神经元", "about a third of the neurons"),
    ("误差减小到十分之一", "ten times smaller"),
    ("只剩一半", "only 50% are left"),
    ("还剩 6%", "6 of 100 are left"),
    ("九成的步", "nine steps in ten"),
    ("百分之五六", "five or six per cent"),
    ("约 30 万美元", "about 300,000 dollars"),
    ("两百五十步", "two hundred and fifty steps"),
    ("重复十遍", "repeated tenfold"),
    ("每十八张取一张", "every eighteenth picture"),
    ("第三个门", "the third gate"),
    ("两者一样，第一次就对", "both agree, and the attempt is right"),
    ("四舍五入之后，十分接近", "close after rounding"),
    ("几百步，好几个数量级", "a few hundred steps, several powers of ten"),
    ("读一两个节点", "reads one or two nodes"),
    ("LeNet-5 和 L2，见 (lr.14)", "LeNet and L2, see (lr.14)"),
    ("收于 *Proceedings of the Seventh Conference*", "*Proceedings of the Seventh Conference*"),
]


@pytest.mark.parametrize(("zh", "en"), SAME)
def test_the_same_numbers_pass_however_they_are_written(zh: str, en: str) -> None:
    mine, theirs = numbers(zh, "zh"), numbers(en, "en")
    assert unanswered(mine, theirs) == []
    assert unanswered(theirs, mine) == []


OTHER = [
    ("三块权重", "four blocks of weights", "三", "four"),
    ("约三分之一", "about a quarter", "三分之一", "a quarter"),
    ("准确率 96%", "an accuracy of 95%", "96%", "95%"),
    ("约 1,797 张", "about 1,779 pictures", "1,797", "1,779"),
    ("两步", "five steps", None, "five"),
    ("十二倍", "twice", "十二", "twice"),
    ("一步", "nine steps", None, "nine"),
]


@pytest.mark.parametrize(("zh", "en", "ours", "others"), OTHER)
def test_other_numbers_are_found(zh: str, en: str, ours: str | None, others: str) -> None:
    mine, theirs = numbers(zh, "zh"), numbers(en, "en")
    assert [n.written for n in unanswered(mine, theirs)] == ([ours] if ours else [])
    assert [n.written for n in unanswered(theirs, mine)] == [others]


def test_a_figure_that_stands_once_too_often_is_found() -> None:
    mine, theirs = numbers("从 3 到 5", "zh"), numbers("from 3 to 3", "en")
    assert [number.written for number in unanswered(mine, theirs)] == ["5"]
    mine = numbers("3 和 5，再加 3", "zh")
    theirs = numbers("3 and 5 and 5", "en")
    assert [number.written for number in unanswered(mine, theirs)] == ["3"]


PAGE = """---
title: {word} 61
description: {word} 62
---

# {word} 2012 {{#title}}

{word} 64 `x[99]` $y_{{98}}$

- {word} 65

| {word} 66 | {word} 67 |
|---|---|
| {word} 68 | {word} 69 |

![{word} 70 $x_{{97}}$](figure:home/line)

/// caption
{word} 71
///

??? note "{word} 72"

    {word} 73
"""


def faults(english: str) -> list[str]:
    mine = SITE.read(PAGE.format(word="词语"), SITE.docs / "zh" / "numbers.md")
    theirs = SITE.read(english, SITE.docs / "en" / "numbers.md")
    return [str(fault) for fault in number_faults(mine, theirs)]


ENGLISH = PAGE.format(word="word")


@pytest.mark.parametrize("number", ["61", "62", "2012", *map(str, range(64, 74))])
def test_a_number_is_compared_wherever_it_stands(number: str) -> None:
    assert faults(ENGLISH) == []
    found = faults(ENGLISH.replace(f"word {number}", "word 555", 1))
    assert len(found) == 2
    assert f"does not have the number '{number}'" in found[0]
    assert "docs/en/numbers.md:" in found[1]
    assert "does not have the number '555'" in found[1]


def test_code_formulas_and_other_blocks_are_left_to_others() -> None:
    assert faults(ENGLISH.replace("99", "12").replace("98", "13").replace("97", "14")) == []
    assert faults(ENGLISH.replace("- word 65\n\n", "")) == []
