"""A judge says kindly what is wrong, whatever a reader writes, and never raises."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from types import ModuleType

import numpy as np
import pytest

from judges.judging import Exercise, Wrong, edge, judge
from judges.tools import gradient_of, slope_of

HALF = "def d(x, a):\n    return a * x\n"


@pytest.fixture(autouse=True)
def exercises() -> Iterator[None]:
    """``d(x, a)`` is the gradient of Σ a x², ``two(x)`` gives a pair, ``names(x)`` a dictionary."""
    module = ModuleType("judges.trial")
    module.d = Exercise(  # type: ignore[attr-defined]
        draw=lambda rng: (rng.normal(size=3), 2.0),
        truth=gradient_of(lambda x, a: a * np.sum(x**2)),
        edges=(edge(np.zeros(2), 1.0, en="x = 0", zh="x 为零"),),
        wrong=(
            Wrong(HALF, "The factor 2 is missing.", "少了因子 2。"),
            Wrong("def d(x, a):\n    return 2 * x / 0\n", "Divided by 0.", "除以了 0。"),
            Wrong("def d(x, a):\n    return x[[0, 7]]\n", "No entry 7.", "没有第 7 项。"),
        ),
    )
    module.two = Exercise(  # type: ignore[attr-defined]
        draw=lambda rng: (rng.normal(size=2),), truth=lambda x: (x, float(x[0])), wrong=()
    )
    module.names = Exercise(  # type: ignore[attr-defined]
        draw=lambda rng: ({"w": rng.normal(size=(4, 9))},),
        truth=lambda params: {"w": 2 * params["w"]},
        wrong=(),
        names={"double": lambda x: 2 * x},
    )
    sys.modules["judges.trial"] = module
    yield
    del sys.modules["judges.trial"]


RIGHT = "def d(x, a):\n    return 2 * a * x\n"

#: What a reader writes, and pieces of what he is told in either language.
TOLD = {
    "the right answer": (RIGHT, "5 inputs agree", "5 组输入"),
    "with a helper and an import": (f"import math\nk = math.sqrt(4)\n{RIGHT.replace('2 *', 'k *')}",
        "also for x = 0", "x 为零也不例外"),
    "a wrong derivation": (HALF, "The factor 2 is missing.", "少了因子 2。"),
    "the same, written otherwise": ("def d(x, a):\n    g = np.zeros_like(x)\n    for k in range(len(x)):"
        "\n        g[k] = a * x[k]\n    return g\n", "The factor 2 is missing.", "少了因子 2。"),
    "a wrong value of its own": ("def d(x, a):\n    return 7 * a * x\n",
        "a central difference gives [", "而中心差分给出 ["),
    "infinite values": ("def d(x, a):\n    return 2 * x / 0\n", "Divided by 0.", "除以了 0。"),
    "nothing": ("", "no function d here", "这里没有函数 d"),
    "another name": ("def e(x, a):\n    return x\n", "no function d here", "没有函数 d"),
    "a name that is no function": ("d = 3\n", "no function d here", "没有函数 d"),
    "a gap": ("def d(x, a):\n    g = ...\n    return g * x\n", "the ... in line 2", "第 2 行的 ..."),
    "pass": ("def d(x, a):\n    pass\n", "the pass in line 2", "第 2 行的 pass"),
    "no Python": ("def d(x, a)\n    return x\n", "cannot read line 1, “def d(x, a)”", "读不懂第 1 行"),
    "a wrong indentation": ("def d(x, a):\nreturn x\n", "cannot read line 2, “return x”", "第 2 行"),
    "a null byte": ("def d(x, a):\n    return x\0\n", "cannot read", "读不懂"),
    "code nested too deeply": ("d = " + "(" * 5000, "cannot read", "读不懂"),
    "an exception": ("def d(x, a):\n    y = x\n    return y[8]\n",
        "Line 3, “return y[8]”, raises IndexError", "第 3 行“return y[8]”报错：IndexError"),
    "an exception in NumPy": ("def d(x, a):\n    return np.linalg.inv(x)\n",
        "Line 2, “return np.linalg.inv(x)”, raises LinAlgError", "第 2 行"),
    "an exception that a wrong answer raises, too": ("def d(x, a):\n    return 2 * x[[1, 7]]\n",
        "No entry 7.", "没有第 7 项。"),
    "an exception at once": ("y = 1 / 0\n" + RIGHT, "before your function is called", "还没有调用函数"),
    "an exception without words": ("class E(Exception):\n    def __str__(self): return 1 / 0\n\n"
        "def d(x, a):\n    raise E\n", "raises E", "报错：E"),
    "a name that is not there": ("def d(x, a):\n    return 2 * a * z\n",
        "NameError: name 'z' is not defined", "NameError"),
    "no end": ("def d(x, a):\n    return d(x, a)\n", "calls itself without end, in line 2", "没有尽头"),
    "the end of Python": ("import sys\ndef d(x, a):\n    sys.exit()\n",
        "Line 3, “sys.exit()”, ends the whole program", "会结束整个程序"),
    "an interruption": ("def d(x, a):\n    raise KeyboardInterrupt\n", "KeyboardInterrupt", "报错"),
    "other parameters": ("def d(x):\n    return x\n", "called as d(x = [", "调用的是 d(x = ["),
    "a text": ("def d(x, a):\n    return 'x'\n", "your function returns a text", "返回的却是一段文字"),
    "a number": ("def d(x, a):\n    return 2 * a * x[0]\n",
        "your function returns a number", "返回的却是一个数"),
    "a list": ("def d(x, a):\n    return list(2 * a * x)\n", "returns a list of", "却是有 3 项的列表"),
    "an object": ("def d(x, a):\n    return d\n", "an object of the type function", "function 类型"),
    "complex numbers": ("def d(x, a):\n    return 2j * x\n", "of the type ndarray", "ndarray 类型"),
    "another shape": ("def d(x, a):\n    return 2 * a * x[:, None]\n",
        "yours has (3, 1)", "应为 (3,)，而你的是 (3, 1)"),
    "nan": ("def d(x, a):\n    return x * np.nan\n", "contains nan", "出现了 nan"),
    "a change in place": ("def d(x, a):\n    x *= 2 * a\n    return x\n",
        "changes its argument x in place", "就地修改了参数 x"),
    "print": ("def d(x, a):\n    print(2 * a * x)\n", "prints its result and returns nothing", "却没有返回"),
    "no return": ("def d(x, a):\n    y = 2 * a * x\n", "Your function returns nothing", "没有返回值"),
    "an object that resists": ("class E:\n    __class__ = property(lambda self: 1 / 0)\n\n"
        "def d(x, a):\n    return E()\n", "could not be judged", "无法判断"),
    "a warning": ("import warnings\ndef d(x, a):\n    warnings.warn('w')\n    return 2 * a * x\n",
        "inputs agree", "组输入"),
}  # fmt: skip


@pytest.mark.parametrize("what", TOLD)
def test_the_reader_is_told(what: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, en, zh = TOLD[what]
    for language, piece in (("en", en), ("zh", zh)):
        verdict = judge("trial.d", code, language)
        assert piece in verdict.message
        assert verdict.passed == bool(re.match(r"\d (inputs agree|组输入)", verdict.message))
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("def two(x):\n    return x, x[0]\n", "inputs agree"),
        ("def two(x):\n    return x\n", "should be 2 values, as in return a, b, but"),
        ("def two(x):\n    return x, x\n", "The result (item 2) should be a number"),
        ("def two(x):\n    return x, x[0] + 1\n", "the result (item 2) is"),
        ("def two(x):\n    x[0] += 1\n    return x - [1, 0], x[0] - 1\n", "changes its argument x"),
    ],
)
def test_several_values_are_told_apart(code: str, told: str) -> None:
    assert told in judge("trial.two", code, "en").message


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("def names(params):\n    return {'w': double(params['w'])}\n", "inputs agree"),
        ("def names(params):\n    return {'W': 0}\n", "should be a dictionary with the keys w"),
        ("def names(params):\n    params['w'] *= 2\n    return dict(params)\n", "changes its arg"),
        ("def names(params):\n    w = 2 * params['w']\n    w[3, 1] = 0\n    return {'w': w}\n",
         "is 0 [3, 1], and"),
    ],
)  # fmt: skip
def test_large_arrays_are_told_by_an_entry(code: str, told: str) -> None:
    assert told in judge("trial.names", code, "en").message


def test_a_name_of_the_page_can_be_given() -> None:
    code = "def d(x, a):\n    return twice(a * x)\n"
    assert "NameError" in judge("trial.d", code, "en").message
    assert judge("trial.d", code, "en", {"twice": lambda x: 2 * x}).passed


@pytest.mark.parametrize("name", ["trial.no", "no.d", "trial"])
def test_an_exercise_that_does_not_exist_is_no_fault_of_the_reader(name: str) -> None:
    with pytest.raises(LookupError, match="has no exercise"):
        judge(name, RIGHT, "en")


def test_the_truths_are_central_differences() -> None:
    x = np.array([[1.0, -2.0]])
    assert np.allclose(gradient_of(lambda a, b: np.sum(a * b**2), 1)(x, x), 2 * x * x)
    assert gradient_of(lambda b: b**2)(3.0) == pytest.approx(6.0)
    assert np.allclose(slope_of(np.sin)(x), np.cos(x))


def test_a_slip_of_the_judge_is_not_put_on_the_reader() -> None:
    broken = Exercise(draw=lambda rng: (0.0,), truth=lambda x: 1 // int(x), wrong=())
    sys.modules["judges.trial"].broken = broken  # type: ignore[attr-defined]
    with pytest.raises(ZeroDivisionError):
        judge("trial.broken", "def broken(x):\n    return x\n", "en")
