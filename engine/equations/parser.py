r"""Reads a formula into its tree: what is multiplied, summed, applied, differentiated.

Juxtaposition is a product, a superscript a power unless the name has that superscript, an
unbracketed argument (``\log 2x``) goes on to the next sign. What is not understood is said with
the piece of TeX, never guessed.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from engine.equations.names import Name
from engine.equations.tokens import NotUnderstood, Token, spelled
from engine.equations.tree import Binder, Node, Relation

RELATIONS = ("=", "≤", "≥", "<", ">", "≈", "≔")

#: Functions that need no worth, under the names that formulas give them.
FUNCTIONS = (r"\log", r"\exp", r"\tanh", r"\cos", r"\sin", r"\max", r"\min", "sgn", "diag")

#: Letters that are numbers, unless a check says otherwise.
CONSTANTS = {r"\pi": math.pi, r"\infty": math.inf}

BIG = (r"\sum", r"\prod", r"\max", r"\min")

#: What may begin the numerator of a derivative.
SIGNS_OF_DERIVATIVES = (r"\partial", r"\mathrm{d}")

#: What stands above the sign, and the derivative that it makes: with every other state held, or
#: along the cell states alone, whose worth a check gives.
KINDS_OF_DERIVATIVES = {"+": "∂⁺", "c": "∂ᶜ"}

#: Signs of products, as the tree has them.
PRODUCTS = {r"\odot": "⊙", "/": "/", r"\cdot": "", "⋅": "", r"\times": "", r"\cdotp": ""}

Tokens = tuple[Token, ...]

#: What closes each bracket.
CLOSING = {"(": ")", "[": "]", r"\lfloor": r"\rfloor"}
CLOSING |= {"|": "|", r"\lvert": r"\rvert", r"\|": r"\|"}


class Names:
    """The names that formulas may use, found by how they begin."""

    def __init__(self, names: Iterable[Name]) -> None:
        self.all = list(names)
        self._first: dict[str, list[Name]] = {}
        for name in self.all:
            self._first.setdefault(_beginning(name.head[0]), []).append(name)
        for found in self._first.values():
            found.sort(key=_most_said_first)

    def beginning(self, token: Token) -> list[Name]:
        """Those that may begin with this token: longer ones, with more scripts, come first."""
        return self._first.get(_beginning(token), [])

    def member(self, tokens: Tokens) -> tuple[Name, Mapping[str, Tokens]] | None:
        r"""The name that spells a membership, such as ``m \to n``, and its indices."""
        for name in self.all:
            found = name.matched(tokens)
            if found is not None:
                return name, dict(zip(name.indices, found, strict=True))
        return None


def _most_said_first(name: Name) -> tuple[int, int, int]:
    r"""The order in which names are tried: ``z^i_t`` before ``z_t``, which would have a power."""
    scripts = sum(bool(token.sub) + bool(token.sup) for token in name.head)
    return -len(name.head), -scripts, len(name.indices)


def _beginning(token: Token) -> str:
    return token.text if token.kind != "fraction" else "fraction"


def parse(tokens: Tokens, names: Names, letters: frozenset[str] = frozenset()) -> Relation:
    """The formula; ``letters`` are those that a draw binds. Raises NotUnderstood."""
    parser = Parser(tokens, names, letters)
    sides, signs = [parser.sum()], []
    while parser.next and parser.next.kind == "relation" and parser.next.text in RELATIONS:
        signs.append(parser.take().text)
        sides.append(parser.sum())
    parser.at_end()
    return Relation(tuple(sides), tuple(signs))


def parse_expression(tokens: Tokens, names: Names, letters: frozenset[str] = frozenset()) -> Node:
    """What is no relation. Raises NotUnderstood."""
    parser = Parser(tokens, names, letters)
    found = parser.sum()
    parser.at_end()
    return found


@dataclass
class Parser:
    """One pass over the tokens of a formula, or of a group in it."""

    tokens: Tokens
    names: Names
    letters: frozenset[str]
    at: int = 0
    bars: int = 0
    within: bool = False
    """Whether this is the argument of a function that has no brackets."""

    # --- tokens ---------------------------------------------------------------------------------

    @property
    def next(self) -> Token | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def take(self) -> Token:
        token = self.next
        if token is None:
            raise NotUnderstood("the formula ends where something must follow", self._all())
        self.at += 1
        return token

    def at_end(self) -> None:
        if self.next is not None:
            raise NotUnderstood("left over", spelled(self.tokens[self.at :]))

    def _all(self) -> str:
        return spelled(self.tokens)

    def _piece(self, start: int) -> str:
        return spelled(self.tokens[start : self.at])

    def inner(self, tokens: Tokens, *more: str) -> Node:
        """The tree of a group."""
        if not tokens:
            raise NotUnderstood("something is empty in", self._all())
        return parse_expression(tokens, self.names, self.letters | frozenset(more))

    # --- sums and products ----------------------------------------------------------------------

    def sum(self) -> Node:
        start, signs, terms = self.at, [], []
        signs.append(self._sign() or "+")
        terms.append(self.product())
        while (sign := self._sign()) is not None:
            signs.append(sign)
            terms.append(self.product())
        if signs == ["+"]:
            return terms[0]
        return Node("sum", tuple(terms), tuple(signs), self._piece(start))

    def _sign(self) -> str | None:
        if self.next and self.next.kind == "sign" and self.next.text in ("+", "-", "−"):
            return "+" if self.take().text == "+" else "-"
        return None

    def product(self) -> Node:
        start = self.at
        factors, signs = [self.factor()], []
        while not self._ends_product():
            token = self.next
            assert token
            sign = ""
            if token.kind == "sign" or token.text in PRODUCTS:
                if token.text not in PRODUCTS:
                    raise NotUnderstood("a sign that is not known", token.text)
                sign = PRODUCTS[self.take().text]
            signs.append(sign)
            factors.append(self.factor())
        if not signs:
            return factors[0]
        return Node("product", tuple(factors), tuple(signs), self._piece(start))

    def _ends_product(self) -> bool:
        token = self.next
        if token is None or token.kind in ("close", "relation", "comma", "dots"):
            return True
        if token.kind == "sign" and token.text in ("+", "-", "−"):
            return True
        if self.within and token.kind == "operator" and token.text in FUNCTIONS:
            return True
        return token.kind == "bar" and self.bars > 0

    # --- factors --------------------------------------------------------------------------------

    def factor(self) -> Node:
        start = self.at
        token = self.next
        if token is None:
            raise NotUnderstood("the formula ends where a factor must follow", self._all())
        found = self._named() or self._unnamed()
        return replace(found, tex=self._piece(start))

    def _unnamed(self) -> Node:
        token = self.take()
        if token.kind == "digit":
            return self._number(token)
        if token.kind == "operator":
            return self._operator(token)
        if token.kind == "fraction":
            return self._scripted(self._fraction(token), token)
        if token.kind == "root":
            return self._scripted(Node("call", (self.inner(token.parts[0]),), r"\sqrt"), token)
        if token.kind == "group":
            return self._scripted(self.inner(token.parts[0]), token)
        if token.kind == "rows":
            return self._cases(token)
        if token.kind in ("open", "bar"):
            return self._bracketed(token)
        if token.kind == "letter":
            if token.text in self.letters and not token.sub and not token.primes:
                return self._scripted(Node("local", info=token.text), token)
            if token.text == "e" and token.sup and not token.sub:
                return Node("call", (self.inner(token.sup),), r"\exp")
            if token.text in CONSTANTS:
                found = Node("number", info=CONSTANTS[token.text], tex=token.text)
                return self._scripted(found, token)
            raise NotUnderstood("a symbol without a value", spelled([token]))
        raise NotUnderstood("what is this doing here", spelled([token]))

    def _number(self, token: Token) -> Node:
        digits, last = token.text, token
        while not last.sup and self.next and self.next.kind == "digit":
            last = self.take()
            digits += last.text
        if last.sub:
            raise NotUnderstood("a number with an index", digits)
        if digits.count(".") > digits[1:-1].count(".") or digits.count(".") > 1:
            raise NotUnderstood("a number that is none", digits)
        return self._scripted(Node("number", info=float(digits), tex=digits), last)

    def _scripted(self, found: Node, token: Token) -> Node:
        """What a superscript, and no name, does to what was read: a power, or a transpose."""
        if token.primes or token.sub:
            raise NotUnderstood("a script that belongs to no name", spelled([token]))
        return self._raised(found, token.sup)

    def _raised(self, found: Node, sup: Tokens) -> Node:
        if not sup:
            return found
        if sup[-1].text == r"\top":
            return Node("transpose", (self._raised(found, sup[:-1]),))
        return Node("power", (found, self.inner(sup)))

    # --- names ----------------------------------------------------------------------------------

    def _named(self) -> Node | None:
        """What has a name of its own here, with what follows it; None if nothing has."""
        token = self.next
        assert token
        for name in self.names.beginning(token):
            width = len(name.head)
            tokens = self.tokens[self.at : self.at + width]
            if len(tokens) < width:
                continue
            for last, sup in _readings(tokens[-1]):
                indices = name.matched((*tokens[:-1], last))
                if indices is not None and (not name.arguments or self._called(width)):
                    return self._symbol(name, indices, width, sup)
            if token.primes and name.arguments and width == 1:
                indices = name.matched((replace(token, primes=0, sup=()),))
                if indices is not None and self._called(1):
                    return self._slope(name, indices, token)
        return None

    def _called(self, width: int) -> bool:
        at = self.at + width
        return at < len(self.tokens) and self.tokens[at].text == "("

    def _symbol(self, name: Name, indices: tuple[Tokens, ...], width: int, sup: Tokens) -> Node:
        self.at += width
        parts = tuple(self._index(one) for one in indices)
        if name.arguments:
            arguments, last = self._arguments()
            if len(arguments) != len(name.arguments):
                raise NotUnderstood(
                    f"{name.key} takes {len(name.arguments)} arguments", self._all()
                )
            _refuse_inverse(sup, name.key)
            found = Node("symbol", (*parts, *arguments), (name, len(parts)))
            if name.key == r"\mathbb{E}":
                raise NotUnderstood("an expectation takes no bracket", self._all())
            return self._scripted(self._raised(found, sup), last)
        found = Node("symbol", parts, (name, len(parts)))
        if name.key == r"\mathbb{E}":
            return Node("mean", (self.product(),), name)
        return self._raised(found, sup)

    def _index(self, tokens: Tokens) -> Node:
        one = tokens[0]
        if len(tokens) == 1 and one.kind == "letter" and not (one.sub or one.sup):
            named = any(name.matched(tokens) is not None for name in self.names.beginning(one))
            if one.text not in self.letters and not named:
                return Node("label", info=one.text, tex=one.text)
        found = self.inner(tokens)
        return replace(found, tex=spelled(tokens))

    def _slope(self, name: Name, indices: tuple[Tokens, ...], token: Token) -> Node:
        self.at += 1
        arguments, last = self._arguments()
        parts = tuple(self._index(one) for one in indices)
        found = Node("slope", (*parts, *arguments), (name, len(parts), token.primes))
        return self._scripted(self._raised(found, token.sup), last)

    def _arguments(self) -> tuple[tuple[Node, ...], Token]:
        """The arguments in the bracket that follows, and the token that closes it."""
        bars, self.bars = self.bars, 0
        within, self.within = self.within, False
        self.take()
        arguments = [self.sum()]
        while self.next and (self.next.kind == "comma" or self.next.text == "|"):
            self.take()
            arguments.append(self.sum())
        last = self.take()
        self.bars, self.within = bars, within
        if last.text != ")":
            raise NotUnderstood("a bracket that is not closed", self._all())
        return tuple(arguments), last

    # --- operators ------------------------------------------------------------------------------

    def _operator(self, token: Token) -> Node:
        if token.text == r"\arg":
            following = self.take()
            if following.text != r"\min":
                raise NotUnderstood(r"\arg of what is no minimum", self._all())
            return self._argmin(following)
        if token.text == r"\argmin":
            return self._argmin(token)
        if token.text in (r"\sum", r"\prod") or (token.text in BIG and token.sub):
            return self._big(token)
        if token.text not in FUNCTIONS:
            raise NotUnderstood("a function without a value", spelled([token.bare]))
        if token.sub:
            raise NotUnderstood("a function with an index", spelled([token]))
        _refuse_inverse(token.sup, token.text)
        last = None
        if self.next and self.next.kind == "open" and self.next.text == "(":
            arguments, last = self._arguments()
        else:
            arguments = (self._unbracketed(),)
        if token.primes:
            found = Node("slope", arguments, (token.text, 0, token.primes))
        else:
            found = Node("call", arguments, token.text)
        found = self._raised(found, token.sup)
        return found if last is None else self._scripted(found, last)

    def _unbracketed(self) -> Node:
        r"""An argument without brackets goes on to the next sign or function: ``\cos a \cos b``."""
        outside, self.within = self.within, True
        found = self.product()
        self.within = outside
        return found

    def _argmin(self, token: Token) -> Node:
        if len(token.sub) != 1:
            raise NotUnderstood("a minimum over what", spelled([token]))
        letter = token.sub[0].text
        body = self._with(letter).product_here(self)
        return Node("argmin", (body,), letter)

    def _with(self, *letters: str) -> Parser:
        return replace(self, letters=self.letters | frozenset(letters))

    def product_here(self, outer: Parser) -> Node:
        """A product in which more letters are bound than outside; the outer pass goes on after."""
        found = self.product()
        outer.at = self.at
        return found

    def _big(self, token: Token) -> Node:
        texts = [one.text for one in token.sub]
        if "≤" in texts and "<" in texts:
            return self._between(token, texts.index("≤"), texts.index("<"))
        binder, bounds = self._binder(token)
        body = self._with(*binder.letters).product_here(self)
        return Node("big", (body, *bounds), (token.text, binder))

    def _between(self, token: Token, start: int, end: int) -> Node:
        r"""Over several letters from a first number up to, and without, a last: 0 \le u, v < t."""
        letters = [spelled(one) for one in _at_commas(token.sub[start + 1 : end])]
        low, end_node = self.inner(token.sub[:start]), self.inner(token.sub[end + 1 :])
        one = Node("number", info=1.0, tex="1")
        bounds = (low, Node("sum", (end_node, one), ("+", "-"), end_node.tex))
        found = self._with(*letters).product_here(self)
        for letter in reversed(letters):
            found = Node("big", (found, *bounds), (token.text, Binder("range", (letter,))))
        return found

    def _binder(self, token: Token) -> tuple[Binder, tuple[Node, ...]]:
        sub = token.sub
        if not sub:
            raise NotUnderstood("a sum or product over what", spelled([token]))
        texts = [one.text for one in sub]
        if "=" in texts and token.sup and texts.index("=") == 1:
            return Binder("range", (texts[0],)), (self.inner(sub[2:]), self.inner(token.sup))
        if "=" in texts and texts.index("=") == 1 and any(one.kind == "dots" for one in sub):
            pieces = _at_commas(sub[2:])
            if len(pieces) == 4 and pieces[2][0].kind == "dots":
                bounds = tuple(self.inner(pieces[i]) for i in (0, 1, 3))
                return Binder("falling", (texts[0],)), bounds
        if "∈" in texts and sub[-1].text in (r"\}", "}"):
            elements = _at_commas(sub[texts.index("∈") + 2 : -1])
            return Binder("listed", (texts[0],)), tuple(self._index(one) for one in elements)
        found = self.names.member(sub)
        if found is not None:
            name, indices = found
            free = (one.text for one in sub if one.kind == "letter" and len(one.text) == 1)
            bound = tuple(dict.fromkeys(text for text in free if text not in indices))
            parts = tuple(self._index(indices[letter]) for letter in name.indices)
            if bound:
                return Binder("members", bound, name), parts
        if len(sub) == 1 and sub[0].kind == "letter":
            return Binder("each", (sub[0].text,)), ()
        raise NotUnderstood("a sum or product over what", spelled([token]))

    # --- fractions and derivatives --------------------------------------------------------------

    def _fraction(self, token: Token) -> Node:
        numerator, denominator = token.parts
        sign = numerator[0] if numerator else None
        if sign is None or sign.text not in SIGNS_OF_DERIVATIVES:
            return Node("fraction", (self.inner(numerator), self.inner(denominator)))
        kind = KINDS_OF_DERIVATIVES.get(spelled(sign.sup), "d")
        order = 1 if kind != "d" or not sign.sup else int(_whole(sign.sup))
        variables = self._variables(denominator, order, sign.text)
        body = self._numerator(numerator[1:]) if numerator[1:] else self.product()
        return Node("derivative", (body, *variables), (kind, order))

    def _numerator(self, tokens: Tokens) -> Node:
        """What is differentiated; a function's bare name is its value at its own arguments."""
        if len(tokens) == 1:
            for name in self.names.beginning(tokens[0]):
                indices = name.matched(tokens)
                if indices is not None and name.arguments:
                    arguments = tuple(self.inner(one) for one in name.arguments)
                    parts = tuple(self._index(one) for one in indices)
                    return Node("symbol", (*parts, *arguments), (name, len(parts)))
        return self.inner(tokens)

    def _variables(self, tokens: Tokens, order: int, sign: str) -> tuple[Node, ...]:
        parts: list[Tokens] = []
        for token in tokens:
            if token.text == sign:
                parts.append(())
            elif not parts:
                raise NotUnderstood("a derivative by what", spelled(tokens))
            else:
                parts[-1] += (token,)
        variables: list[Node] = []
        for part in parts:
            last, times = part[-1], 1
            if order > 1 and len(part) == 1 and last.sup and len(parts) == 1:
                times = int(_whole(last.sup))
                part = (replace(last, sup=()),)
            variables += [self.inner(part)] * times
        if len(variables) != order:
            raise NotUnderstood("the orders of a derivative differ", spelled(tokens))
        return tuple(variables)

    # --- brackets -------------------------------------------------------------------------------

    def _bracketed(self, opening: Token) -> Node:
        bars = opening.kind == "bar" or opening.text in (r"\lVert", r"\lvert", r"\|")
        outside, self.bars = self.bars, self.bars + 1 if bars else 0
        within, self.within = self.within, False
        sides, signs = [self.sum()], []
        while self.next and (
            self.next.kind == "comma" or (self.next.kind == "relation" and not bars)
        ):
            signs.append(self.take().text)
            sides.append(self.sum())
        closing = self.take()
        self.bars, self.within = outside, within
        if not _closes(opening.text, closing.text):
            raise NotUnderstood("a bracket that is not closed", self._all())
        return self._of_bracket(opening.text, closing, tuple(sides), tuple(signs))

    def _of_bracket(
        self, opening: str, closing: Token, sides: tuple[Node, ...], signs: tuple[str, ...]
    ) -> Node:
        commas = all(sign == "," for sign in signs)
        if opening in (r"\lVert", r"\|"):
            if len(sides) > 1:
                raise NotUnderstood("a norm of several things", self._all())
            kind = spelled(closing.sub)
            if kind not in ("", "1", "2", "F"):
                raise NotUnderstood("a norm that is not known", kind)
            return self._raised(Node("norm", sides, kind), closing.sup)
        if len(sides) == 1 and opening in ("(", "[", "|", r"\lvert", r"\lfloor"):
            kinds = {"|": "abs", r"\lvert": "abs", r"\lfloor": "floor"}
            found = Node(kinds[opening], sides) if opening in kinds else sides[0]
        elif opening == "(" and commas:
            found = Node("tuple", sides)
        elif opening == "[" and commas:
            found = Node("beside", sides)
        elif opening == "[" and not any(sign == "," for sign in signs):
            found = Node("test", sides, signs)
        else:
            raise NotUnderstood("a bracket that is not known", self._all())
        return self._scripted(found, closing)

    def _cases(self, token: Token) -> Node:
        rows = token.parts
        if all(len(row) == 1 for row in rows):
            return Node("above", tuple(self.inner(row[0].parts[0]) for row in rows))
        if any(len(row) != 2 for row in rows):
            raise NotUnderstood("a table that is no list of cases", spelled([token]))
        parts: list[Node] = []
        for value, condition in rows:
            relation = parse(condition.parts[0], self.names, self.letters)
            if not relation.signs:
                raise NotUnderstood("a case without a condition", spelled([token]))
            parts += [self.inner(value.parts[0]), Node("test", relation.sides, relation.signs)]
        return Node("cases", tuple(parts))


def _readings(token: Token) -> Iterable[tuple[Token, Tokens]]:
    """A token as a name may have it, and the superscript that is then no part of the name."""
    yield token, ()
    if token.sup:
        if len(token.sup) > 1 and token.sup[-1].text == r"\top":
            yield replace(token, sup=token.sup[:-1]), token.sup[-1:]
        yield replace(token, sup=()), token.sup


def _closes(opening: str, closing: str) -> bool:
    if opening == r"\lVert":  # \| opens and closes alike
        return closing in (r"\rVert", r"\lVert")
    return CLOSING.get(opening) == closing


def _refuse_inverse(sup: Tokens, function: str) -> None:
    if sup and sup[0].text in ("-", "−"):
        raise NotUnderstood(
            "a function to a negative power, which is read as its inverse", function
        )


def _at_commas(tokens: Tokens) -> list[Tokens]:
    pieces: list[Tokens] = [()]
    for token in tokens:
        if token.kind == "comma":
            pieces.append(())
        else:
            pieces[-1] += (token,)
    return pieces


def _whole(tokens: Tokens) -> Any:
    text = "".join(token.text for token in tokens)
    if not text.isdigit():
        raise NotUnderstood("an order that is no number", spelled(tokens))
    return text
