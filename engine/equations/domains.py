r"""What a page's table of symbols says of each: its shape, and which values it can have.

The third column says it in words that a reader reads: ``number``, ``whole number`` (数, 整数), a
shape ``$(n_x, m)$``, a condition ``$\lambda > 0$``, ``$y \in \{0, 1\}$``, ``$0 < f_t < 1$``,
which then holds for every entry, or ``$y \in \{0, 1\}^m$``, ``$p \in (0, 1)^m$`` for a vector.
Where a row lists several symbols, it says it of each in their order, or once of all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from engine.faults import Fault
from engine.reading.markdown import Block
from engine.reading.page import Page

NUMBER = re.compile(r"\bnumbers?\b|(?<![函参复])数")
WHOLE = re.compile(r"\bwhole numbers?\b|整数|自然数")
SHAPE = re.compile(r"\((?P<sizes>[^()]+)\)$")
TERM = re.compile(r"[+-]?[^+-]+")
AMONG = r"\\in\\\{(?P<all>[^{}]*)\\\}(?:\^(?P<power>\w))?"
BETWEEN = r"\\in\((?P<low>[\d.-]+),(?P<high>[\d.-]+)\)\^(?P<power>\w)"
CONDITION = re.compile(r"\\le(?!ft)|\\ge|<|>|\\in|\\ne|=|\\not|\\ll|\\gg|\\approx|\\sim|\\equiv")


@dataclass(frozen=True)
class Domain:
    """What a symbol can be worth. ``kind`` is number, whole, array, or empty if nothing is said."""

    kind: str = ""
    sizes: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    with_low: bool = False
    with_high: bool = False
    members: tuple[float, ...] = ()
    without: tuple[float, ...] = ()

    def holds(self, value: Any) -> bool:
        """Whether a value, or every entry of an array, is in the domain."""
        values = np.asarray(value, float)
        if self.members and not np.all(np.isin(values, self.members)):
            return False
        if self.without and np.any(np.isin(values, self.without)):
            return False
        if self.kind == "whole" and not np.all(values == np.round(values)):
            return False
        if self.low is not None:
            inside = values >= self.low if self.with_low else values > self.low
            if not np.all(inside):
                return False
        if self.high is not None:
            inside = values <= self.high if self.with_high else values < self.high
            return bool(np.all(inside))
        return True

    def within(self, value: Any) -> Any:
        """Free numbers, moved into the domain."""
        if self.members:
            chosen = np.asarray(self.members)
            found = chosen[np.asarray(np.abs(value) * 1000, int) % len(chosen)]
        elif self.low is not None and self.high is not None:
            found = self.low + (self.high - self.low) / (1 + np.exp(-np.asarray(value)))
        elif self.low is not None:
            found = self.low + np.abs(value)
        elif self.high is not None:
            found = self.high - np.abs(value)
        else:
            return value
        return found if np.ndim(found) else float(found)

    def __str__(self) -> str:
        words = [self.kind or "nothing"]
        if self.sizes:
            words.append(f"({', '.join(self.sizes)})")
        if self.low is not None:
            words.append(f"{'≥' if self.with_low else '>'} {self.low:g}")
        if self.high is not None:
            words.append(f"{'≤' if self.with_high else '<'} {self.high:g}")
        if self.members:
            words.append("among " + ", ".join(f"{member:g}" for member in self.members))
        if self.without:
            words.append("not " + ", ".join(f"{value:g}" for value in self.without))
        return " ".join(words)


def spelling(tex: str) -> str:
    """A symbol's TeX in which writings agree."""
    tex = re.sub(r"\\[,;:! ]|\\(?:left|right|quad)\b", "", tex)
    tex = re.sub(r"\\text\b", r"\\mathrm", tex)
    return re.sub(r"\s+(?=[^a-zA-Z])|(?<=[^a-zA-Z])\s+", "", tex.strip())


def domains_of(page: Page) -> dict[str, Domain]:
    """The domains of a page's symbols by their spelling, as its table has them."""
    found: dict[str, Domain] = {}
    for block in page.section("symbols"):
        if len(block.cells) >= 3:
            for symbol, domain in domains_in(block).items():
                found.setdefault(symbol, domain)
    return found


def domains_in(row: Block) -> dict[str, Domain]:
    """The domains that a row of a table gives to its symbols."""
    symbols = [spelling(s.text) for s in row.cells[0] if s.kind == "formula"]
    return dict(zip(symbols, _of_row(row, symbols), strict=True))


def fits(stated: Sequence[str], shape: tuple[int, ...], sizes: dict[str, int]) -> bool:
    """Whether a shape is the stated one; sizes that become known are added to the known ones."""
    if len(stated) != len(shape):
        return False
    for size, length in zip(stated, shape, strict=True):
        terms = [re.fullmatch(r"([+-]?\d*)(.*)", t.replace("+", "")) for t in TERM.findall(size)]
        pairs = [(_factor(t[1], t[2]), t[2]) for t in terms if t]
        open_ones = {letter for _, letter in pairs if letter and letter not in sizes}
        rest = length - sum(n * sizes.get(letter, letter == "") for n, letter in pairs)
        if len(open_ones) == 1:
            (letter,) = open_ones
            factor = sum(n for n, one in pairs if one == letter)
            if rest % factor or rest < 0:
                return False
            sizes[letter] = rest // factor
        elif not open_ones and rest:
            return False
    return True


def _factor(digits: str, letter: str) -> int:
    if digits in ("", "-"):
        return -1 if digits else 1
    return int(digits)


def domain_faults(page: Page) -> list[Fault]:
    """Conditions of a page's table of symbols that say nothing of a symbol of their row."""
    faults = []
    for block in page.section("symbols"):
        if len(block.cells) < 3:
            continue
        symbols = [spelling(s.text) for s in block.cells[0] if s.kind == "formula"]
        for span in block.cells[2]:
            condition = spelling(span.text)
            if span.kind != "formula" or not CONDITION.search(span.text):
                continue
            bare = [Domain(sizes=domain.sizes) for domain in _of_row(block, symbols)]
            pairs = zip(bare, symbols, strict=True)
            nothing = [_under(one, symbol, [condition]) == one for one, symbol in pairs]
            if all(nothing) or not _understood(condition):
                what = f"a condition in the table of symbols that is not read: {span.text}"
                remedy = r"write a symbol of the row, <, \le, >, \ge, \ne or \in \{…\}, and numbers"
                faults.append(Fault(span.origin.path, span.origin.line, what, remedy))
    return faults


def _understood(condition: str) -> bool:
    """Whether all that it says is about numbers: of ``1 < x < n`` only one half would be read."""
    if re.search(r"\\in|\\ne", condition):
        return True
    pieces = re.split(r"\\le(?:q)?|\\ge(?:q)?|<|>", condition)
    return sum(_number(piece) is None for piece in pieces) == 1


def _of_row(block: Block, symbols: list[str]) -> list[Domain]:
    """What the third cell says of each symbol of the first."""
    said: list[Domain] = []
    conditions: list[str] = []
    for is_formula, text in _items(block):
        if is_formula and CONDITION.search(text):
            conditions.append(spelling(text))
        elif is_formula and (shape := SHAPE.fullmatch(text.strip())):
            sizes = tuple(spelling(size) for size in shape["sizes"].split(",") if size.strip())
            said.append(Domain("array", sizes))
        elif WHOLE.search(text):
            said.append(Domain("whole"))
        elif NUMBER.search(text):
            said.append(Domain("number"))
        elif not is_formula and (shape := re.search(r"\(([\d\s,]+)\)", text)):
            sizes = tuple(size.strip() for size in shape[1].split(",") if size.strip())
            said.append(Domain("array", sizes))
        elif text.strip():
            said.append(Domain())
    if len(said) == 1:
        said *= len(symbols)
    if len(said) != len(symbols):
        said = [Domain()] * len(symbols)
    return [
        _under(domain, symbol, conditions) for symbol, domain in zip(symbols, said, strict=True)
    ]


def _items(block: Block) -> Iterator[tuple[bool, str]]:
    """The third cell at its commas outside formulas; whether each is a formula."""
    words = ""
    for span in block.cells[2]:
        if span.kind == "formula":
            if words.strip(" ,;，；、"):
                yield from (
                    (False, word) for word in re.split(r"[,;，；、]", words) if word.strip()
                )
            words = ""
            yield True, span.text
        else:
            words += span.text
    yield from ((False, word) for word in re.split(r"[,;，；、](?![^(]*\))", words) if word.strip())


def _under(domain: Domain, symbol: str, conditions: Iterable[str]) -> Domain:
    """A domain under the conditions that name the symbol."""
    for condition in conditions:
        if match := re.fullmatch(re.escape(symbol) + r"\\ne(?:q)?(?P<value>.+)", condition):
            if (value := _number(match["value"])) is not None:
                domain = replace(domain, without=(*domain.without, value))
            continue
        if match := re.fullmatch(re.escape(symbol) + AMONG, condition):
            if match["power"] is None or domain.sizes == (match["power"],):
                members = tuple(float(member) for member in match["all"].split(","))
                domain = replace(domain, members=members)
            continue
        if match := re.fullmatch(re.escape(symbol) + BETWEEN, condition):
            if domain.sizes == (match["power"],):
                domain = replace(domain, low=float(match["low"]), high=float(match["high"]))
            continue
        pieces = [piece.strip() for piece in re.split(r"(\\le|\\ge|<|>)", condition)]
        for at in range(0, len(pieces) - 2, 2):
            left, sign, right = pieces[at : at + 3]
            if symbol in (left, *left.split(",")) and (bound := _number(right)) is not None:
                domain = _bounded(domain, sign, bound)
            elif symbol in (right, *right.split(",")) and (bound := _number(left)) is not None:
                turned = {r"\le": r"\ge", r"\ge": r"\le", "<": ">", ">": "<"}[sign]
                domain = _bounded(domain, turned, bound)
    return domain


def _number(text: str) -> float | None:
    try:
        return float(text.replace(r"\tfrac12", "0.5"))
    except ValueError:
        return None


def _bounded(domain: Domain, sign: str, bound: float) -> Domain:
    if sign in ("<", r"\le"):
        return replace(domain, high=bound, with_high=sign == r"\le")
    return replace(domain, low=bound, with_low=sign == r"\ge")


TUPLES = ("sizes", "members", "without")


def as_json(domains: dict[str, Domain]) -> dict[str, Any]:
    return {symbol: asdict(domain) for symbol, domain in domains.items()}


def from_json(content: dict[str, Any]) -> dict[str, Domain]:
    return {
        symbol: Domain(**{**told, **{key: tuple(told[key]) for key in TUPLES}})
        for symbol, told in content.items()
    }
