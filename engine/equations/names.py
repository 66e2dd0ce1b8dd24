r"""The names that a page's formulas may use, and what of a name is an index.

A name is written as on the page: ``W_{hh}``, ``h_t``, ``x^{(i)}``, ``\sigma(z)``, ``J_a(w, b)``,
``\frac{\mathrm{d} L}{\mathrm{d} h_t}``. Which letters of its scripts are indices, and which are
labels, is said by whoever gives the name its worth: the parameters of a function are indices
(``lambda t: h[t]`` for ``h_t``), and so are the small letters of a definition's left side.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.equations.tokens import NotUnderstood, Token, spelled

#: Greek letters as names of Python write them.
GREEK = {
    "α": r"\alpha",
    "β": r"\beta",
    "γ": r"\gamma",
    "δ": r"\delta",
    "ε": r"\varepsilon",
    "η": r"\eta",
    "θ": r"\theta",
    "λ": r"\lambda",
    "μ": r"\mu",
    "π": r"\pi",
    "ρ": r"\rho",
    "σ": r"\sigma",
    "τ": r"\tau",
    "φ": r"\phi",
    "ω": r"\omega",
}


@dataclass(frozen=True, eq=False)
class Name:
    """A name: its tokens, the letters among its scripts that are indices, and its arguments.

    It is made once for the checks of a page, and equal to itself alone.
    """

    key: str
    head: tuple[Token, ...]
    indices: tuple[str, ...] = ()
    arguments: tuple[tuple[Token, ...], ...] = ()

    def __repr__(self) -> str:
        return self.key

    def matched(self, tokens: tuple[Token, ...]) -> tuple[tuple[Token, ...], ...] | None:
        """What stands in these tokens for each index, if they spell this name."""
        found = _match(self.head, tokens, frozenset(self.indices))
        return None if found is None else tuple(found[letter] for letter in self.indices)


def name_of(key: str, tokens: tuple[Token, ...], value: Any) -> Name:
    """The name that ``key`` spells, whose worth is ``value``. Raises NotUnderstood."""
    head, arguments = _split(tokens)
    if isinstance(value, Mapping):
        return Name(key, head, tuple(_letters(head)), arguments)
    if not callable(value):
        return Name(key, head, (), arguments)
    parameters = _parameters(value)
    if parameters is None or len(parameters) < len(arguments):
        parameters = ["_"] * len(arguments)
    count = len(parameters) - len(arguments)
    indices = tuple(GREEK.get(name, name) for name in parameters[:count])
    letters = set(_all_letters(head))
    for letter in indices:
        if letter not in letters:
            raise NotUnderstood(f"the name {key} has no index {letter}, which its value takes")
    return Name(key, head, indices, arguments)


def defined_name(tokens: tuple[Token, ...]) -> Name:
    """The name on the left side of a definition: small letters in its scripts are indices."""
    head, arguments = _split(tokens)
    return Name(spelled(tokens), head, tuple(_letters(head)), arguments)


def _parameters(function: Any) -> list[str] | None:
    try:
        parameters = inspect.signature(function).parameters.values()
    except (ValueError, TypeError):  # a ufunc
        return None
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return [p.name for p in parameters if p.kind in kinds and p.default is p.empty]


def _split(tokens: tuple[Token, ...]) -> tuple[tuple[Token, ...], tuple[tuple[Token, ...], ...]]:
    """The head of a name, and its arguments if it is a letter before a bracket to the end."""
    if (
        len(tokens) > 2
        and tokens[0].kind in ("letter", "operator")
        and tokens[1].kind == "open"
        and tokens[1].text == "("
        and tokens[-1].text == ")"
    ):
        arguments: list[tuple[Token, ...]] = [()]
        for token in tokens[2:-1]:
            if token.kind == "comma" or token.text == "|":
                arguments.append(())
            else:
                arguments[-1] += (token,)
        return tokens[:1], tuple(arguments)
    return tokens, ()


def _letters(tokens: Iterable[Token]) -> list[str]:
    """The small letters of all scripts, in order, each once: lower before upper scripts."""
    found: list[str] = []
    for token in tokens:
        for script in (token.sub, token.sup):
            for one in script:
                small = one.kind == "letter" and len(one.text) == 1 and one.text.islower()
                if (small or one.text in GREEK.values()) and one.text not in found:
                    found.append(one.text)
        for part in token.parts:
            found += [letter for letter in _letters(part) if letter not in found]
    return found


def _all_letters(tokens: Iterable[Token]) -> Iterable[str]:
    for token in tokens:
        yield token.text
        for script in (token.sub, token.sup, *token.parts):
            yield from _all_letters(script)


Found = dict[str, tuple[Token, ...]]


def _match(
    pattern: tuple[Token, ...], tokens: tuple[Token, ...], indices: frozenset[str]
) -> Found | None:
    if len(pattern) != len(tokens):
        return None
    found: Found = {}
    for ours, theirs in zip(pattern, tokens, strict=True):
        if (ours.kind, ours.text, ours.primes) != (theirs.kind, theirs.text, theirs.primes):
            if ours.text in indices and theirs.kind in ("letter", "digit"):
                found[ours.text] = (theirs,)
                continue
            return None
        if ours.text in indices and not ours.sub and ours.kind == "letter":
            found[ours.text] = (theirs,)
            continue
        if len(ours.parts) != len(theirs.parts):
            return None
        matches = [
            _match_script(ours.sub, theirs.sub, indices),
            _match_script(ours.sup, theirs.sup, indices),
            *(_match(a, b, indices) for a, b in zip(ours.parts, theirs.parts, strict=True)),
        ]
        for match in matches:
            if match is None:
                return None
            for letter, bound in match.items():
                if letter in found and spelled(found[letter]) != spelled(bound):
                    return None
                found[letter] = bound
    return found


def _match_script(
    pattern: tuple[Token, ...], tokens: tuple[Token, ...], indices: frozenset[str]
) -> Found | None:
    """What stands for each index of a script; labels must be equal."""
    letters = [token.text for token in pattern if token.kind == "letter" and token.text in indices]
    if not letters:
        return {} if spelled(pattern) == spelled(tokens) else None
    bracketed = pattern[0].kind == "open"
    if bracketed:
        if len(tokens) < 3 or tokens[0].text != pattern[0].text or tokens[-1].kind != "close":
            return None
        tokens = tokens[1:-1]
    elif not tokens:
        return None
    if any(token.text == r"\top" for token in tokens):  # transposed, whatever has indices there
        return None
    pieces = _pieces(tokens, len(letters))
    return None if pieces is None else dict(zip(letters, pieces, strict=True))


def _pieces(tokens: tuple[Token, ...], count: int) -> list[tuple[Token, ...]] | None:
    """Indices are parted by commas; where letters or digits run together, each is one."""
    pieces: list[tuple[Token, ...]] = [()]
    depth = 0
    for token in tokens:
        depth += (token.kind == "open") - (token.kind == "close")
        if token.kind == "comma" and not depth:
            pieces.append(())
        else:
            pieces[-1] += (token,)
    if len(pieces) == count and all(pieces):
        return pieces
    parted: list[tuple[Token, ...]] = []
    for piece in pieces:
        run = all(token.kind in ("letter", "digit") and not token.sub for token in piece)
        parted += [(token,) for token in piece] if run else [piece]
    return parted if len(parted) == count and all(parted) else None
