"""What a lab prints in Chinese is what its Chinese code would have printed."""

from __future__ import annotations

import io
from contextlib import redirect_stdout
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.labs.run import Run
from engine.labs.words import Exchange, word_faults
from engine.languages.literals import literal_pairs, same_code
from tests.small_site import SmallSite

SET_UP = 'names = ["plain", "plain cell", "LSTM"]\nx, n = {x!r}, {n}'

#: A statement in both languages.
STATEMENTS = [
    ('print("损失")', 'print("loss")'),
    ('print("最终损失：", n)', 'print("the last loss:", n)'),
    ('print(f"第 {n} 步")', 'print(f"step {n}")'),
    ('print(f"第 {n} 步，共 {n + 1:,} 步：{x:.3e}")', 'print(f"step {n} of {n + 1:,}: {x:.3e}")'),
    ('print(f"第 {n:>4} 次，损失 {x:8.2f}")', 'print(f"{n:>4} times, loss {x:8.2f}")'),
    ('for name in names:\n    print(f"{x:.4f}  {name}")',) * 2,
    ('for k in names:\n    print(f"{k}的损失")', 'for k in names:\n    print(f"loss of {k}")'),
    ('print("J", *(f"{x:.1f}" for _ in names), names[1])',) * 2,
    ('print(f"{names[0]}，{n} 步")', 'print(f"{names[0]}, {n} steps")'),
    ('print("loss of steps")',) * 2,
    ('print("行\\n又一行")', 'print("line\\nanother line")'),
    ('print("好" if n > 5 else "坏", x)', 'print("good" if n > 5 else "bad", x)'),
    ('print(f"{x:.2f} 秒")', 'print(f"{x:.2f} seconds")'),
    ('print("J", f"共 {n:>6} 次")', 'print("J", f"{n:>6} times in all")'),
    ('print("J", f"共 {n} 遍")', 'print("J", f"{n} epochs in all")'),
]  # fmt: skip


def printed(code: str) -> str:
    text = io.StringIO()
    with redirect_stdout(text):
        exec(compile(code, "cell", "exec"), {})
    return text.getvalue()


@given(
    chosen=st.lists(st.sampled_from(STATEMENTS), min_size=1, max_size=6),
    x=st.floats(-1e6, 1e6),
    n=st.integers(0, 10_000),
)
def test_words_are_exchanged_as_the_chinese_code_prints_them(
    chosen: list[tuple[str, str]], x: float, n: int
) -> None:
    english = "\n".join([SET_UP.format(x=x, n=n), *(statement[1] for statement in chosen)])
    chinese = "\n".join([SET_UP.format(x=x, n=n), *(statement[0] for statement in chosen)])
    chinese = chinese.replace('"plain"', '"普通"').replace('"plain cell"', '"普通单元"')
    assert same_code([chinese], [english])
    text, _ = Exchange(literal_pairs([chinese], [english])).text(printed(english))
    assert text == printed(chinese)


LAB = "# ---\n# title: A\n# ---\n\n# %%\n{}\n"


def messages(tmp_path: Path, chinese: str, english: str, text: str | None = None) -> list[str]:
    site = SmallSite(tmp_path)
    pages = [
        site.page(site.write(f"docs/{language}/labs/a.py", LAB.format(code)))
        for language, code in (("zh", chinese), ("en", english))
    ]
    output = {"output_type": "stream", "name": "stdout", "text": text or printed(english)}
    return [str(fault) for fault in word_faults(*pages, Run(1.0, [[output]]))]


def test_words_that_no_run_has_printed_are_a_fault(tmp_path: Path) -> None:
    english = 'print("a", 1)\nif 1 > 2:\n    print("never")'
    (fault,) = messages(tmp_path, english.replace("never", "从不"), english)
    assert fault.startswith("docs/zh/labs/a.py:8: 'never' is nowhere in what the lab printed")
    added = 'print(f"{1.5:.2f}")'
    (fault,) = messages(tmp_path, added.replace('}"', '} 秒"'), added)
    assert "'{…}' is nowhere" in fault


def test_a_text_that_is_cut_or_hidden_before_it_is_printed_is_a_fault(tmp_path: Path) -> None:
    english = 'x = "loss"\nprint(x[:2])'
    (fault,) = messages(tmp_path, english.replace("loss", "损失"), english)
    assert fault.startswith("docs/zh/labs/a.py:6: 'loss' is nowhere")
    assert messages(tmp_path, english.replace("loss", "损失"), english, "loss\n") == []


@pytest.mark.parametrize("text", ["losses", "closs", "lost"])
def test_only_whole_words_are_exchanged(text: str) -> None:
    exchange = Exchange(literal_pairs(['print("损失")'], ['print("loss")']))
    assert exchange.text(text) == (text, set())
