r"""What KaTeX has read in a formula, without what serves its looks alone.

KaTeX's parse tree is what a page's formula is set from; a formula is read from the same tree, so
that what is checked cannot be another formula than the printed one. Spaces, sizes and styles go;
``\left( … \right)`` and ``\bigl( … \bigr)`` become plain brackets; a symbol keeps its typeface.
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
LOOKS = ("styling", "sizing", "mclass", "color")


def read(nodes: Any) -> tuple[Token, ...]:
    """The tokens of a list of KaTeX's nodes. Raises NotUnderstood."""
    return tuple(_read_all(nodes if isinstance(nodes, list) else [nodes]))


def _read_all(nodes: Iterable[Node]) -> Iterator[Token]:
    for node in nodes:
        yield from _read(node)


def _read(node: Node) -> Iterator[Token]:
    kind = node["type"]
    if kind in ("spacing", "kern", "internal", "tag"):
        if kind == "tag":
            yield from _read_all(node["body"])
    elif kind in LOOKS:
        yield from read(node["body"])
    elif kind == "ordgroup":
        yield Token("group", parts=(read(node["body"]),))
    elif kind == "supsub":
        yield from _scripted(node)
    elif kind == "leftright":
        if node["left"] == "\\{" and node["right"] == ".":
            yield from _read_all(node["body"])
        else:
            yield Token("open" if node["left"] != "|" else "bar", node["left"])
            yield from _read_all(node["body"])
            yield Token("close" if node["right"] != "|" else "bar", node["right"])
    elif kind == "delimsizing":
        sort = {"mopen": "open", "mclose": "close"}.get(node["mclass"], "bar")
        yield Token("bar" if node["delim"] in ("|", r"\vert") else sort, node["delim"])
    elif kind == "genfrac":
        yield Token("fraction", parts=(read(_opened(node["numer"])), read(_opened(node["denom"]))))
    elif kind == "sqrt":
        if node.get("index"):
            raise NotUnderstood("a root other than the square root")
        yield Token("root", parts=(read(_opened(node["body"])),))
    elif kind == "op":
        yield Token("operator", node.get("name") or spelled(read(node["body"])))
    elif kind == "operatorname":
        name = "".join(token.text for token in read(node["body"]))
        yield Token("operator", {"argmin": r"\argmin", "argmax": r"\argmax"}.get(name, name))
    elif kind == "array":
        rows = [[read(_opened(cell)) for cell in row] for row in node["body"] if row]
        yield Token("rows", parts=tuple(_row(row) for row in rows))
    elif kind == "htmlmathml":
        yield _composed(node)
    elif kind in ("font", "accent"):
        yield Token("letter", _letter(node))
    elif kind == "text":
        yield Token("letter", "".join(token.text for token in read(node["body"])))
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
    *before, base = list(_read(node["base"])) if node.get("base") else [Token("group")]
    yield from before
    sub = read(_opened(node["sub"])) if node.get("sub") else ()
    sup = read(_opened(node["sup"])) if node.get("sup") else ()
    primes = 0
    while sup and sup[0].text == "′":
        primes, sup = primes + 1, sup[1:]
    if len(sup) == 1 and sup[0].kind == "group" and not sup[0].sub:
        sup = sup[0].parts[0] if sup[0].parts else ()
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


def _composed(node: Node) -> Token:
    text = "".join(str(leaf) for leaf in _leaves(node["mathml"]))
    return Token("relation", RELATIONS.get(text, text))


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
