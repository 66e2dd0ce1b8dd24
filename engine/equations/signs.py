r"""What a formula and a line of code have in common, as signs: symbols, functions, operations.

``\frac{\mathrm{d} L}{\mathrm{d} z^i_t}`` and ``dz_i`` both are ``dz`` and ``dz_i``; ``\lambda`` and
``lam`` are ``lambda``, ``\sum`` and ``np.sum`` are ``@sum``. Indices that run (t, k, i …) are none,
for code has them in brackets or not at all. That two lists of signs are alike proves nothing; but
of two formulas it tells which one a line computes.
"""

from __future__ import annotations

import ast
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

Signs = frozenset[str]

GREEK = {"alpha", "beta", "gamma", "delta", "epsilon", "eta", "theta", "kappa", "lambda", "mu"}
GREEK |= {"pi", "rho", "sigma", "phi", "omega"}

#: Functions that have a sign of their own under the same name in formulas and in code.
NAMED = {"relu", "leaky", "sgn", "softmax", "tanh"}

#: Operations, by their names in TeX and in Python.
OF_TEX = {"log": "@log", "exp": "@exp", "tanh": "@tanh", "sum": "@sum", "max": "@max"}
OF_TEX |= {"min": "@min", "prod": "@prod", "diag": "@diag", "sqrt": "@sqrt", "lfloor": "@floor"}
OF_TEX |= {"lvert": "@abs", "lVert": "@norm", "cases": "@cases", "frac": "@/", "tfrac": "@/"}
OF_PYTHON = {name: OF_TEX[name] for name in ("log", "exp", "tanh", "sum", "max", "min")}
OF_PYTHON |= {name: OF_TEX[name] for name in ("prod", "diag", "sqrt")}
OF_PYTHON |= {"log1p": "@log", "logaddexp": "@log", "reduce": "@sum", "mean": "@sum"}
OF_PYTHON |= {"maximum": "@max", "minimum": "@min", "abs": "@abs", "norm": "@norm"}
OF_PYTHON |= {"where": "@cases", "greater": "@test", "einsum": "@sum", "outer_sum": "@sum"}
OF_PYTHON |= {"sign": "sgn"}
OF_SIGNS = {"+": "@+", "-": "@-", "/": "@/", "[": "@test", "|": "@abs"}

#: What code calls a symbol, where it does not spell it.
CALLED = {"lam": "lambda", "penalty": "lambda", "eps": "epsilon", "varepsilon": "epsilon"}
CALLED |= {"sigmoid": "sigma", "deltas": "delta", "rate": "eta", "learning_rate": "eta"}
CALLED |= {"slope": "f'", "sent": "u"}
CALLED |= {"bias": "b", "weights": "K", "kernel": "K", "out": "Q", "y_hat": "yhat"}

#: Names of code that stand for no symbol: what merely shapes, gathers or prints.
NO_SYMBOL = {"np", "rows", "float", "int", "shape", "T", "mT", "size", "axis", "keepdims", "len"}
NO_SYMBOL |= {"show", "range", "copy", "astype", "reshape", "blocks", "print", "list", "zip"}
NO_SYMBOL |= {"rcond", "self", "value"}

#: Scripts that are indices, or a number of steps, and no label.
INDEX = re.compile(r"[ijktcr0-9,+\-() TDlm]*|.*=.*", re.S)

DERIVATIVE = re.compile(
    r"\\frac\s*\{\s*(?:\\partial|\\mathrm\{d\})(?P<kind>\^\{?[+c2]\}?)?\s*"
    r"(?P<of>(?:[^{}]|\{[^{}]*\})*)\}\s*"
    r"\{\s*(?:\\partial|\\mathrm\{d\})\s*(?P<by>(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}"
)
#: A loss: what every gradient is a derivative of tells no two of them apart.
LOSS = re.compile(r"[LJ]|\\mathcal\s*\{?L\}?")
LOOKS = re.compile(r"\\(?:left|right|[bB]igg?[lr]?|top)\b|\\[,;! ]")
PIECE = re.compile(
    r"\\(?P<accent>hat|tilde|bar|boldsymbol|mathbf|mathcal|mathrm)\s*"
    r"(?:\{(?P<inner>(?:[^{}]|\{[^{}]*\})+)\}|(?P<letter>[A-Za-z]))"
    r"|\\(?P<command>[a-zA-Z]+)|(?P<plain>[A-Za-z])|(?P<number>\d+)|(?P<sign>[-+/\[|])"
)


def signs_of_tex(tex: str) -> Signs:
    """The signs of a formula."""
    found: set[str] = set()
    tex = LOOKS.sub("", re.sub(r"\\operatorname\{(\w+)\}", r" \\\1 ", tex))
    while match := DERIVATIVE.search(tex):
        found |= {f"d{sign}" for sign in _pieces(match["by"]) if sign[0] != "@"}
        if not LOSS.fullmatch(match["of"].strip()):
            found |= {f"n{sign}" for sign in _pieces(match["of"]) if sign[0] != "@"}
        tex = f"{tex[: match.start()]} {tex[match.end() :]}"
    return frozenset(found | set(_pieces(tex)))


def _pieces(tex: str) -> Iterator[str]:
    at = 0
    while match := PIECE.search(tex, at):
        at = match.end()
        if match["number"]:
            yield from () if match["number"] == "1" else (f"#{match['number']}",)
        elif match["sign"]:
            yield OF_SIGNS[match["sign"]]
        elif match["command"] in OF_TEX:
            yield OF_TEX[match["command"]]
        elif name := _name(match):
            labels, at = _labels(tex, at)
            if name == "e":
                yield "@exp"
            yield name + ("'" if "'" in labels else "")
            yield from (one if one[0] == "@" else f"{name}_{one}" for one in labels if one != "'")


def _name(match: re.Match[str]) -> str:
    if match["accent"]:
        inner = match["inner"] or match["letter"]
        base = re.sub(r"[^A-Za-z]", "", re.sub(r"\\(?!hat)[a-z]+", "", inner))
        base = base.replace("hat", "")
        return base + ("hat" if match["accent"] == "hat" or r"\hat" in inner else "")
    command = match["command"]
    if command:
        command = CALLED.get(command, command)
        return command if command in GREEK | NAMED else ""
    return match["plain"]


def _labels(tex: str, at: int) -> tuple[list[str], int]:
    """What the scripts after a symbol label it with, and where they end."""
    found = []
    while match := re.compile(r"\s*(?:(?P<prime>')|(?P<script>[_^]))").match(tex, at):
        at = match.end()
        if match["prime"]:
            found.append("'")
            continue
        script, at = _group(tex, at)
        script = re.sub(r"\\mathrm|[{}]", "", script)
        alone = re.fullmatch(r"\s*\(?(\d)\)?\s*", script)
        if match["script"] == "^" and script.strip() == "2":
            found.append("@square")
        elif alone:
            found.append(alone[1])
        elif match["script"] == "^" and len(script) == 1 and tex[at : at + 1] == "_":
            found.append(script)  # z^i_t, whose i is a block and no index
        elif not INDEX.fullmatch(script):
            found += filter(None, [re.sub(r"[^A-Za-z0-9]", "", re.sub(r"_?t$|,.*$", "", script))])
    return found, at


def _group(tex: str, at: int) -> tuple[str, int]:
    """What a script consists of, and where it ends."""
    if tex[at : at + 1] == "{":
        depth = 0
        for end in range(at, len(tex)):
            depth += (tex[end] == "{") - (tex[end] == "}")
            if not depth:
                return tex[at + 1 : end], end + 1
    match = re.compile(r"\\[a-zA-Z]+|.", re.S).match(tex, at)
    return (match[0], match.end()) if match else ("", len(tex))


# --- code ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Computed:
    """The signs of a line of code, and of what the names on it were made of."""

    own: Signs
    made_of: Signs


def signs_of_line(code: ast.Module, number: int) -> Computed | None:
    """The signs of the statement at this line; None where there is none."""
    at = _statement_at(code.body, number, None)
    if at is None:
        return None
    statement, function = at
    nodes = _on_the_line(statement, number)
    own = {sign for node in nodes for sign in signs_of_code(node)}
    made_of: set[str] = set()
    if function:
        if isinstance(statement, ast.Return):
            made_of.update(signs_of_name(function.name))
        names = _names_in(nodes)
        for node in ast.walk(function):
            if isinstance(node, ast.Assign | ast.AnnAssign) and node.value and node.lineno < number:
                targets = [node.target] if isinstance(node, ast.AnnAssign) else node.targets
                if names & _names_in(targets):
                    made_of |= signs_of_code(node.value)
    return Computed(frozenset(own), frozenset(made_of - own))


def with_batches(line: Computed) -> Computed:
    """A line whose ``o`` may be the ``O`` of a formula, which has a batch in capital letters."""
    found = (re.fullmatch(r"(?P<kind>[dn]?)(?P<letter>[A-Za-z])(?P<label>.*)", s) for s in line.own)
    other = {f"{m['kind']}{m['letter'].swapcase()}{m['label']}" for m in found if m}
    return Computed(line.own, line.made_of | (other - line.own))


def _names_in(nodes: Iterable[ast.AST]) -> set[str]:
    return {one.id for node in nodes for one in ast.walk(node) if isinstance(one, ast.Name)}


def _statement_at(
    body: Iterable[ast.stmt], number: int, function: ast.FunctionDef | None
) -> tuple[ast.stmt, ast.FunctionDef | None] | None:
    """The innermost statement at a line, and the function that it stands in."""
    for statement in body:
        if not statement.lineno <= number <= (statement.end_lineno or 0):
            continue
        inside = statement if isinstance(statement, ast.FunctionDef) else function
        for part in ("body", "orelse", "finalbody"):
            found = _statement_at(getattr(statement, part, []), number, inside)
            if found:
                return found
        return statement, function
    return None


def _on_the_line(statement: ast.stmt, number: int) -> list[ast.AST]:
    """Of a statement over several lines the part on this one, with the key that it is under."""
    if isinstance(statement, ast.For):
        return [statement.target, statement.iter]
    if isinstance(statement, ast.FunctionDef):
        return [ast.Name(statement.name), statement.body[-1]]
    if isinstance(statement, ast.If | ast.While):
        return [statement.test]
    if statement.lineno == statement.end_lineno == number:
        return [statement]
    for node in (node for node in ast.walk(statement) if isinstance(node, ast.Dict)):
        for key, value in zip(node.keys, node.values, strict=True):
            if value.lineno <= number <= (value.end_lineno or 0) and isinstance(key, ast.Constant):
                return [ast.Name(f"d{str(key.value).removeprefix('d')}"), value]
    inner = [
        node
        for node in ast.walk(statement)
        if isinstance(node, ast.expr) and node.lineno == node.end_lineno == number
    ]
    within = {below for node in inner for below in ast.walk(node) if below is not node}
    is_inner = statement.lineno < number and inner
    return [node for node in inner if node not in within] if is_inner else [statement]


OPERATORS: dict[type[ast.AST], tuple[str, ...]] = {
    ast.Sub: ("@-",),
    ast.USub: ("@-",),
    ast.Add: ("@+",),
    ast.Div: ("@/",),
    ast.FloorDiv: ("@/", "@floor"),
    ast.Compare: ("@test",),
}


def signs_of_code(tree: ast.AST) -> set[str]:
    """The signs of a piece of Python."""
    found: set[str] = set()
    for node in ast.walk(tree):
        found.update(OPERATORS.get(type(node), ()))
        if isinstance(node, ast.Name):
            found.update(signs_of_name(node.id))
        elif isinstance(node, ast.Attribute):
            found.update(signs_of_name(node.attr))
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
            found.update({"@square"} if ast.unparse(node.right) == "2" else ())
        elif isinstance(node, ast.Constant):
            value = node.value
            if type(value) is int and value not in (0, 1):
                found.add(f"#{value}")
            elif isinstance(value, str) and value.isidentifier():
                found.update(signs_of_name(value))
    return found


def signs_of_name(name: str) -> list[str]:
    """The signs of a name of Python: ``dz_i`` is ``dz`` and ``dz_i``, ``hs`` is ``h``."""
    if name in NO_SYMBOL:
        return []
    if name in OF_PYTHON:
        return [OF_PYTHON[name]]
    if name in CALLED:
        return [CALLED[name]]
    if match := re.fullmatch(r"d_([a-z_]{3,})", name):  # d_phi
        return [f"{CALLED.get(match[1], match[1])}'"]
    if match := re.fullmatch(r"d([a-zA-Z]\w*)_d([a-z]\w*)", name):  # dh_dc
        return [*_with_label("n", match[1]), *_with_label("d", match[2])]
    if match := re.fullmatch(r"d([A-Za-z]s?(?:\d|_\w+)?|bias|weights|out|kernel)", name):
        return _with_label("d", CALLED.get(match[1], match[1]))
    return _with_label("", name)


def _with_label(before: str, name: str) -> list[str]:
    name = re.sub(r"^([A-Za-z])s$", r"\1", name)
    base, label = name, ""
    if match := re.fullmatch(r"([A-Za-z]+?)(\d)", name):
        base, label = match[1], match[2]
    elif "_" in name:
        base, label = name.split("_")[:2]
    base = CALLED.get(base, base)
    is_symbol = len(base) == 1 or base in GREEK | NAMED
    return [before + base, *([f"{before}{base}_{label}"] if label and is_symbol else [])]


# --- how alike -----------------------------------------------------------------------------------

#: What a sign counts that stands only in what the names of a line were made of.
FROM_AFAR = 0.25


@dataclass(frozen=True)
class Formulas:
    """The signs of the formulas that a line may compute, by tag; rare signs tell more."""

    signs: Mapping[str, Signs]
    rarity: Mapping[str, float]

    def likeness(self, line: Computed, *tags: str) -> float:
        """How alike a line and a formula are, or all that several formulas have, from 0 to 1."""
        formula = frozenset[str]().union(*(self.signs[tag] for tag in tags))
        weights = {sign: self._rarity(sign) for sign in line.own}
        weights |= {sign: FROM_AFAR * self._rarity(sign) for sign in line.made_of}
        common = sum(weights[sign] * self._rarity(sign) for sign in weights.keys() & formula)
        length = math.hypot(*weights.values()) * math.hypot(*map(self._rarity, formula))
        return common / length if length else 0.0

    def _rarity(self, sign: str) -> float:
        return self.rarity.get(sign, 1.0)


def formulas_of(texs: Mapping[str, str]) -> Formulas:
    signs = {tag: signs_of_tex(tex) for tag, tex in texs.items()}
    count = Counter(sign for found in signs.values() for sign in found)
    rarity = {sign: math.log((len(signs) + 1) / (n + 1)) + 0.05 for sign, n in count.items()}
    return Formulas(signs, rarity)
