"""Words that pages do not use, with what to write instead.

They are private: somebody who knows the field has never met them, or they come from one language
being thought in the other. Asked of prose, headings, titles, captions and text alternatives,
without code, formulas and what is quoted. English ignores case.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from engine.faults import Fault
from engine.reading.lines import Origin
from engine.reading.markdown import Block, Span
from engine.reading.page import Page
from engine.reference.glossary import NAME as GLOSSARY
from engine.reference.glossary import QUOTED
from engine.site import Site

#: Pages where the original lecture notes may be named.
NAMES_THE_SOURCE = {"index", "reference/errata", "reference/how-it-is-tested"}

PRIVATE = {
    "en": [
        (r"\bwhoever\b", "if you, anyone who, or name who acts"),
        (r"\b(?:is|are|was|were|be|not) to be seen\b", "shows, can be seen"),
        (r"\bheld against\b|\bholds? \w+ against\b", "compared with"),
        (r"\b(?:the|a|as|as a|fair) judges?\b|\bjudges\b(?= of)", "reference implementation"),
        (r"\bway back\b|\bway there\b", "backward pass, forward pass"),
        (
            r"\bsigns? turned\b|\bturned sign\b|\b(?:kernels?|products?) turned\b",
            "negated, rotated or transposed",
        ),
        (r"\bfound out\b", "caught"),
        (r"\bfares? alike\b", "the same holds for"),
        (r"\b(?:holds?|held) two offices\b", "plays two roles"),
        (r"\bin need of\b", "needs"),
        (r"\bever so\b", "very"),
        (r"\btake along\b", "download"),
        (r"\bfair problem\b", "generic problem"),
        (r"\bdear (?:neighbou?rhoods?|houses?|ones?)\b", "expensive"),
        (r"\bderivatives? by\b|\bdifferentiated (?:by|in)\b", "with respect to"),
        (r"\blocal slopes?\b", "local derivative"),
        (r"\bstandard networks?\b", "multilayer perceptron"),
        (r"\bmakes? no difference between\b", "does not distinguish"),
        (r"\blooks? (?:at )?how much\b", "measures how much"),
        (r"\buntaught\b", "untrained"),
        (r"\bhidden units?\b", "component of the state, hidden neuron"),
        (r"\bas long as what\b", "which sizes must agree"),
    ],
    "zh": [
        (r"局部斜率", "局部导数"),
        (r"正交起步", "正交初始化"),
        (r"标准网络", "多层感知机"),
        (r"光靠数数|数三个字符", "n 元语法"),
        (r"回程|去程", "反向传播、前向传播"),
        (r"裁判", "参照实现、对照"),
        (r"细胞(?!核|（|状态、记忆元|学|的半径)", "单元"),
        (r"隐藏单元", "状态的分量、隐藏神经元"),
        (r"(?:在|都|只)听(?!写|起|到)", "的输出送往"),
        (r"弯一下|一拐", "送入激活函数、弯曲"),
        (r"站在(?:它)?旁边|站在 ?\$", "相乘的另一个因子、出现在"),
        (r"一声不吭", "照单全收、不报错"),
        (r"跟不上这一下", "说清楚跟不上什么"),
        (r"(?:训练|验证|测试)的(?:房屋|部分|样本集)", "训练集、验证集、测试集"),
        (r"两种毛病", "消失与爆炸"),
        (r"随便猜", "随机猜测"),
        (r"还有多少分量", "影响还剩多少"),
        (r"(?:绕道|直接|间接)的路(?!径)|[一两几条每各]条路(?!径)|所有的路(?!径)", "路径"),
        (r"露出破绽", "说明错在哪里"),
        (r"没教过|未教过", "未经训练"),
    ],
}

#: Only where the page is not one of NAMES_THE_SOURCE.
SOURCE = {
    "en": [(r"\bthe (?:lecture )?notes\b(?! of)", "tell the mistake, not where it comes from")],
    "zh": [(r"笔记(?!本)", "说出错误本身，不提出处")],
}

#: The column of the glossary that lists what is not used.
NOT_USED = 3


def private_faults(site: Site, page: Page) -> list[Fault]:
    """Private terms that a page uses."""
    terms = [
        *PRIVATE[page.language],
        *(() if page.name in NAMES_THE_SOURCE else SOURCE[page.language]),
    ]
    patterns = [(re.compile(term.replace(" ", r"\s"), re.I), remedy) for term, remedy in terms]
    faults = []
    for origin, text in _texts(page):
        for pattern, remedy in patterns:
            for found in pattern.finditer(text):
                line = origin.line + text.count("\n", 0, found.start())
                said = " ".join(found[0].split())
                what = f"{said!r} is nothing that readers meet elsewhere"
                faults.append(Fault(origin.path, line, what, f"write instead: {remedy}"))
    return faults


def _texts(page: Page) -> Iterator[tuple[Origin, str]]:
    """What the rule is asked of, each with the line where it begins."""
    for key in ("title", "description"):
        yield Origin(page.path, 1), _without_quotations(str(page.meta.get(key, "")))
    for cell in page.code_cells:  # the words of a lab's pictures
        for label in cell.options.get("labels", {}).values():
            yield cell.mark.origin, str(label)
    for block in page.blocks:
        cells = block.cells
        if page.name == GLOSSARY and block.kind == "row":
            cells = cells[:NOT_USED]
        for spans in (block.spans, *cells):
            yield block.origin, _without_quotations(_said(block, spans))


def _said(block: Block, spans: Sequence[Span]) -> str:
    """What a line says; a formula is its mark, a picture its text alternative."""
    instead = {"formula": "$", "code": " "}
    kinds = ("text", "literal", "picture")
    return "".join(s.text if s.kind in kinds else instead.get(s.kind, "") for s in spans)


def _without_quotations(text: str) -> str:
    plain = text.replace("**", "")
    return QUOTED.sub(lambda quoted: "\n" * quoted[0].count("\n") + " ", plain)
