r"""What KaTeX has read in a formula, without what serves its looks alone.

KaTeX's parse tree is what a page's formula is set from; a formula is read from the same tree, so
that what is checked cannot be another formula than the printed one. Spaces, styles and braces go,
which print nothing by themselves; ``\left( … \right)`` and ``\bigl( … \bigr)`` become plain
brackets; a symbol keeps its typeface.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

Node = dict[str, Any]


class NotUnderstood(Exception):
    """TeX outside what the site's formulas are written in; ``piece`` is the part it is about."""

    def __init__(self, what: str, piece: str = "") -> None:
        super().__init__(f"{what}: {piece}" if piece else what)


@dataclass(frozen=True)
class Token:
    """One sign with its scripts.

    ``kind`` is letter, digit, operator, open, close, bar, sign, relation, comma, dots, fraction,
    root, group or rows.
    """

    kind: str
    text: str = ""
    parts: tuple[tuple[Token, ...], ...] = ()
    sub: tuple[Token, ...] = ()
    sup: tuple[Token, ...] = ()
    primes: int = 0

    @property
    def bare(self) -> Token:
        return replace(self, sub=(), sup=(), primes=0)


#: What bears the scripts of nothing.
EMPTY = Token("group", parts=((),))

KINDS = {
    "open": "open",
    "close": "close",
    "bin": "sign",
    "rel": "relation",
    "punct": "comma",
    "inner": "dots",
}

RELATIONS = {"=": "=", r"\le": "≤", r"\leq": "≤", r"\ge": "≥", r"\geq": "≥", "<": "<", ">": ">"}
RELATIONS |= {r"\approx": "≈", r"\in": "∈", r"\to": "→", r"\mid": "|", ":": ":", r"\lt": "<"}
RELATIONS |= {r"\gt": ">", "≔": "≔"}

#: Wrappers that are looks alone.
LOOKS = ("styling", "mclass")

#: The spaces of formulas, from \\! to \\qquad, in em: others move a sign away, or over another.
NARROWEST, WIDEST = -3 / 18, 2.0

#: Signs that are composed of others: what is printed for them.
COMPOSED = {"≔": ":="}

#: The brackets in which a table is read: entries one above the other, or cases.
TABLES = (("(", ")"), ("[", "]"), ("\\{", "."))


def read(nodes: Any) -> tuple[Token, ...]:
    """The tokens of a list of KaTeX's nodes. Raises NotUnderstood."""
    return tuple(_read_all(nodes if isinstance(nodes, list) else [nodes]))


def _read_all(nodes: Iterable[Node]) -> Iterator[Token]:
    gap, before = 0.0, ""
    for node in nodes:
        if node["type"] == "kern":
            gap += _width(node)
            if not NARROWEST <= gap <= WIDEST:
                raise NotUnderstood("a space that no formula needs", f"{gap:.3g} em")
            continue
        if node["type"] == "spacing":
            gap += 0.25
            continue
        digit = node["text"] if node["type"] == "textord" and node["text"].isdigit() else ""
        if digit and before and gap > 0.2:
            raise NotUnderstood("a space inside a number", f"{before} {digit}")
        gap, before = 0.0, digit
        yield from _read(node)


def _width(kern: Node) -> float:
    number, unit = kern["dimension"]["number"], kern["dimension"]["unit"]
    return float(number) / {"mu": 18, "em": 1}.get(unit, 1e-9)


def _read(node: Node) -> Iterator[Token]:
    kind = node["type"]
    if kind in ("internal", "tag"):
        if kind == "tag":
            yield from _read_all(node["body"])
    elif kind in LOOKS:
        yield from read(node["body"])
    elif kind == "ordgroup":  # braces are not printed, and bind nothing for who reads the page
        yield from _read_all(node["body"])
    elif kind == "supsub":
        yield from _scripted(node)
    elif kind == "leftright":
        brackets = (node["left"], node["right"])
        is_table = [one["type"] for one in node["body"]] == ["array"]
        if is_table and brackets not in TABLES:
            raise NotUnderstood("a table in brackets that are not known", " ".join(brackets))
        if is_table and brackets == TABLES[-1]:
            yield from _read_all(node["body"])
        else:
            yield Token("open" if node["left"] != "|" else "bar", node["left"])
            yield from _read_all(node["body"])
            yield Token("close" if node["right"] != "|" else "bar", node["right"])
    elif kind == "delimsizing":
        sort = {"mopen": "open", "mclose": "close"}.get(node["mclass"], "bar")
        yield Token("bar" if node["delim"] in ("|", r"\vert") else sort, node["delim"])
    elif kind == "genfrac":
        if not node["hasBarLine"] or node["leftDelim"] or node["rightDelim"]:
            raise NotUnderstood("a fraction without its line, or in brackets of its own")
        yield Token("fraction", parts=(read(_opened(node["numer"])), read(_opened(node["denom"]))))
    elif kind == "sqrt":
        if node.get("index"):
            raise NotUnderstood("a root other than the square root")
        yield Token("root", parts=(read(_opened(node["body"])),))
    elif kind == "op":
        yield Token("operator", node.get("name") or spelled(read(node["body"])))
    elif kind == "operatorname":
        name = _word(node)
        yield Token("operator", {"argmin": r"\argmin", "argmax": r"\argmax"}.get(name, name))
    elif kind == "array":
        if any(node["hLinesBeforeRow"]) or "separator" in [
            c["type"] for c in node.get("cols") or ()
        ]:
            raise NotUnderstood("a table with lines")
        rows = [[read(_opened(cell)) for cell in row] for row in node["body"] if row]
        yield Token("rows", parts=tuple(_row(row) for row in rows))
    elif kind == "htmlmathml":
        yield _composed(node)
    elif kind in ("font", "accent"):
        yield Token("letter", _letter(node))
    elif kind == "text":
        yield Token("letter", rf"\mathrm{{{_word(node)}}}")
    elif kind == "mathord":
        yield Token("letter", node["text"])
    elif kind == "textord":
        yield _ordinary(node["text"])
    elif kind == "atom":
        text = RELATIONS.get(str(node["text"]), str(node["text"]))
        yield Token("letter" if text == "∗" else KINDS[node["family"]], text)
    else:
        raise NotUnderstood("TeX that is not read here", kind)


def _opened(node: Node) -> list[Node]:
    """What a group holds; braces that are there for TeX alone are no group of their own."""
    while node["type"] in ("ordgroup", *LOOKS) and isinstance(node["body"], list):
        if len(node["body"]) == 1 and node["body"][0]["type"] in ("ordgroup", *LOOKS):
            node = node["body"][0]
            continue
        return list(node["body"])
    return [node]


def _row(cells: list[tuple[Token, ...]]) -> tuple[Token, ...]:
    return tuple(Token("group", parts=(cell,)) for cell in cells)


def _scripted(node: Node) -> Iterator[Token]:
    *before, base = list(_read(node["base"]) if node.get("base") else ()) or [EMPTY]
    yield from before
    if base.sub or base.sup or base.primes:
        raise NotUnderstood("a script on what has one", spelled([base]))
    sub = read(_opened(node["sub"])) if node.get("sub") else ()
    sup = read(_opened(node["sup"])) if node.get("sup") else ()
    primes = 0
    while sup and sup[0].text == "′":
        primes, sup = primes + 1, sup[1:]
    yield replace(base, sub=sub, sup=sup, primes=primes)


def _ordinary(text: str) -> Token:
    if text.isdigit() or text == ".":
        return Token("digit", text)
    if text in ("|", r"\vert", "∣", r"\|"):
        return Token("bar", "|" if text != r"\|" else r"\lVert")
    if text == r"\prime":
        return Token("letter", "′")
    if text == "/":
        return Token("sign", "/")
    return Token("letter", text)


def _letter(node: Node) -> str:
    if node["type"] == "font":
        inner = spelled(read(_opened(node["body"])))
        return rf"\{node['font']}{{{inner}}}"
    if node["type"] == "accent":
        return f"{node['label']}{{{spelled(read(_opened(node['base'])))}}}"
    return spelled(read(node))


def _word(node: Node) -> str:
    """The letters of a word, which has nothing else."""
    tokens = read(node["body"])
    if any(token != Token(token.kind, token.text) for token in tokens):
        raise NotUnderstood("a word that is a formula", spelled(tokens))
    return "".join(token.text for token in tokens)


def _composed(node: Node) -> Token:
    text = "".join(_leaves(node["mathml"]))
    if COMPOSED.get(text) != "".join(_leaves(node["html"])):
        raise NotUnderstood("a sign that is composed of others", "".join(_leaves(node["html"])))
    return Token("relation", RELATIONS[text])


def _leaves(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for one in node:
            yield from _leaves(one)
    elif isinstance(node, dict):
        if isinstance(node.get("text"), str):
            yield node["text"]
        yield from _leaves([v for v in node.values() if isinstance(v, dict | list)])


SPELLED = {sign: tex for tex, sign in RELATIONS.items() if not tex.endswith(("q", "t"))}
SPELLED |= {"→": r"\to", "≔": r"\coloneqq"}


def spelled(tokens: Iterable[Token]) -> str:
    """The tokens as TeX that a person would write: what messages quote, and names agree in."""
    out = ""
    for token in tokens:
        piece = _spelled(token)
        glue = " " if out and out[-1].isalpha() and piece[:1].isalpha() and "\\" in out else ""
        glue = glue if glue and _ends_in_command(out) else ""
        spaced = token.kind in ("relation",) or (token.kind == "sign" and out)
        out += f" {piece} " if spaced else glue + piece
    return out.strip()


def _ends_in_command(tex: str) -> bool:
    _head, _, tail = tex.rpartition("\\")
    return bool(_) and tail.isalpha()


def _spelled(token: Token) -> str:
    if token.kind == "fraction":
        text = rf"\frac{{{spelled(token.parts[0])}}}{{{spelled(token.parts[1])}}}"
    elif token.kind == "root":
        text = rf"\sqrt{{{spelled(token.parts[0])}}}"
    elif token.kind == "group":
        text = "{" + (spelled(token.parts[0]) if token.parts else "") + "}"
    elif token.kind == "rows":
        cells = (" & ".join(spelled(cell.parts[0]) for cell in row) for row in token.parts)
        text = r"\begin{matrix}" + r" \\ ".join(cells) + r"\end{matrix}"
    elif token.kind == "operator":
        named = token.text.startswith("\\")
        text = token.text if named else rf"\operatorname{{{token.text}}}"
    else:
        text = SPELLED.get(token.text, token.text) if token.kind == "relation" else token.text
    text += "'" * token.primes
    for mark, script in (("_", token.sub), ("^", token.sup)):
        if script:
            inside = spelled(script)
            text += mark + (inside if len(inside) == 1 else f"{{{inside}}}")
    return text
