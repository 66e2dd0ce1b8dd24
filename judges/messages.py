"""What a judge says where no hint of the exercise fits, in both languages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """The same in both languages, with places for values: ``{name}``."""

    en: str
    zh: str

    def say(self, language: str, **values: object) -> str:
        return (self.zh if language == "zh" else self.en).format(**values)


PASSED = Words(
    "{number} inputs agree with what {by} gives.",
    "{number} 组输入下，结果都与{by}一致。",
)
PASSED_EDGES = Words(
    "{number} inputs agree with what {by} gives, also for {edges}.",
    "{number} 组输入下，结果都与{by}一致，{edges}也不例外。",
)
AND = Words(" and ", "、")

NO_PYTHON = Words(
    "Python cannot read line {line}, “{text}”: {reason}.",
    "Python 读不懂第 {line} 行“{text}”：{reason}。",
)
UNREADABLE = Words(
    "Python cannot read this code: {reason}.",
    "Python 读不懂这段代码：{reason}。",
)
NO_FUNCTION = Words(
    "There is no function {name} here. Keep the stub's first line, and write below it.",
    "这里没有函数 {name}。请保留题目给出的函数首行，在它下面写代码。",
)
NOT_WRITTEN = Words(
    "Nothing is written yet: replace the {gap} in line {line} with your own code.",
    "还没有写：请用自己的代码替换第 {line} 行的 {gap}。",
)
ONLY_PRINTS = Words(
    "Your function prints its result and returns nothing. Write return in place of print, "
    "so that other code can use the value.",
    "你的函数把结果打印了出来，却没有返回。请把 print 换成 return，别的代码才能接着使用这个值。",
)
RETURNS_NONE = Words(
    "Your function returns nothing. Let its last line be return, with the result.",
    "你的函数没有返回值。请在最后一行用 return 返回结果。",
)
RAISES = Words(
    "Line {line}, “{text}”, raises {error}, for the input {given}.",
    "输入为 {given} 时，第 {line} 行“{text}”报错：{error}。",
)
RAISES_ELSEWHERE = Words(
    "Your code raises {error}, called as {call}. Does your function still have the parameters "
    "of the stub?",
    "你的代码报错：{error}。调用的是 {call}：函数的参数是否与题目给出的一致？",
)
RAISES_AT_ONCE = Words(
    "Line {line}, “{text}”, raises {error} before your function is called.",
    "还没有调用函数，第 {line} 行“{text}”就报错：{error}。",
)
ENDLESS = Words(
    "Your function calls itself without end, in line {line}, “{text}”.",
    "第 {line} 行“{text}”使函数不停地调用自己，没有尽头。",
)
ENDS_PYTHON = Words(
    "Line {line}, “{text}”, ends the whole program. Use return to leave a function.",
    "第 {line} 行“{text}”会结束整个程序。要离开函数，请用 return。",
)
WRONG_TYPE = Words(
    "The result{place} should be {wanted}, but for the input {given} your function returns {got}.",
    "输入为 {given} 时，结果{place}应为{wanted}，你的函数返回的却是{got}。",
)
WRONG_SHAPE = Words(
    "The result{place} should have the shape {wanted}, but for the input {given} yours has {got}.",
    "输入为 {given} 时，结果{place}的形状应为 {wanted}，而你的是 {got}。",
)
NOT_FINITE = Words(
    "For the input {given} the result{place} contains {got}, which it should not.",
    "输入为 {given} 时，结果{place}中出现了 {got}，这是不应有的。",
)
WRONG_VALUE = Words(
    "Not yet{edge}: for the input {given} the result{place} is {got}, and {by} gives {wanted}.",
    "还不对{edge}：输入为 {given} 时，你的结果{place}是 {got}，而{by}给出 {wanted}。",
)
EDGE = Words(" ({edge})", "（{edge}）")
CHANGES = Words(
    "The values are right, but your function changes its argument {name} in place. "
    "The caller may still need the old values: work on a copy, or compute a new array.",
    "数值都对，但你的函数就地修改了参数 {name}，而调用它的代码也许还要用到原来的值。"
    "请先复制一份，或者算出一个新数组。",
)
NO_JUDGEMENT = Words(
    "Your answer could not be judged: what it returns raises {error} when it is looked at.",
    "无法判断你的答案：查看返回值时报错 {error}。",
)

KINDS = {
    "number": Words("a number", "一个数"),
    "array": Words("an array of numbers", "由数组成的数组"),
    "bool": Words("True or False", "True 或 False"),
    "text": Words("a text", "一段文字"),
    "list": Words("a list of {number}", "有 {number} 项的列表"),
    "tuple": Words("{number} values, as in return a, b", "{number} 个值（像 return a, b 那样）"),
    "dict": Words("a dictionary with the keys {keys}", "键为 {keys} 的字典"),
    "other": Words("an object of the type {type}", "{type} 类型的对象"),
}
PLACE = Words(" ({name})", "（{name}）")
ITEM = Words("item {number}", "第 {number} 项")

CENTRAL = Words("a central difference", "中心差分")
SNIPPET = Words("the function of this site", "本站的函数")
