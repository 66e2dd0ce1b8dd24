"""Compare what an answer returns with what is right: its form, its shape, its values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from judges.messages import (
    ITEM,
    KINDS,
    NOT_FINITE,
    PLACE,
    WRONG_SHAPE,
    WRONG_TYPE,
    WRONG_VALUE,
    Words,
)

#: Values that are all smaller than this are compared as if they were as large.
SMALL = 1e-3

#: A text of so many characters at most shows a value in a message.
SHORT = 60


@dataclass(frozen=True)
class Difference:
    """Where a result is not what it should be: what to say, and the two sides."""

    words: Words
    path: tuple[int | str, ...]
    got: Any
    wanted: Any

    def say(self, language: str, **values: object) -> str:
        got, wanted = _said(self, language)
        place = "".join(PLACE.say(language, name=_named(step, language)) for step in self.path)
        return self.words.say(language, place=place, got=got, wanted=wanted, **values)


def difference(
    got: Any, wanted: Any, tolerance: float, path: tuple[int | str, ...] = ()
) -> Difference | None:
    """The first difference of a result from the right one; None if they agree.

    Numbers agree within ``tolerance`` of the largest entry; nan agrees with nan alone.
    """
    if isinstance(wanted, dict | list | tuple):
        if not _same_form(got, wanted):
            return Difference(WRONG_TYPE, path, got, wanted)
        parts = (
            difference(one, other, tolerance, (*path, step))
            for step, one, other in _parts(got, wanted)
        )
        return next((found for found in parts if found), None)
    numeric = _is_numeric(got) and _is_numeric(wanted)
    if not numeric or isinstance(wanted, bool) != isinstance(got, bool | np.bool_):
        return Difference(WRONG_TYPE, path, got, wanted)
    if np.shape(got) != np.shape(wanted):
        words = WRONG_SHAPE if np.ndim(got) and np.ndim(wanted) else WRONG_TYPE
        return Difference(words, path, got, wanted)
    ours, right = np.asarray(got, float), np.asarray(wanted, float)
    if np.any(~np.isfinite(ours) & np.isfinite(right)):
        return Difference(NOT_FINITE, path, got, wanted)
    finite = np.isfinite(right)
    scale = max(float(np.max(np.abs(right[finite]), initial=0.0)), SMALL)
    close = np.isclose(ours, right, rtol=0.0, atol=tolerance * scale, equal_nan=True)
    return None if np.all(close) else Difference(WRONG_VALUE, path, got, wanted)


def shown(value: Any) -> str:
    """A value as a message shows it; of a large array only its shape."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {shown(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        inner = ", ".join(shown(one) for one in value)
        return f"[{inner}]" if isinstance(value, list) else f"({inner})"
    if isinstance(value, bool | np.bool_ | str | type(None)) or callable(value):
        return getattr(value, "__name__", None) or repr(value)
    if np.ndim(value) == 0:
        return f"{float(value):.6g}"
    text = " ".join(np.array2string(np.asarray(value), precision=4, separator=", ").split())
    text = text.replace(" ,", ",").replace(" ]", "]").replace("[ ", "[")
    return text if len(text) <= SHORT else f"array {np.shape(value)}"


def _same_form(got: Any, wanted: Any) -> bool:
    if isinstance(wanted, dict):
        return isinstance(got, dict) and set(got) == set(wanted)
    return isinstance(got, list | tuple) and len(got) == len(wanted)


def _parts(got: Any, wanted: Any) -> Iterator[tuple[int | str, Any, Any]]:
    if isinstance(wanted, dict):
        yield from ((key, got[key], wanted[key]) for key in wanted)
    else:
        yield from ((n, *pair) for n, pair in enumerate(zip(got, wanted, strict=True)))


def _is_numeric(value: Any) -> bool:
    if isinstance(value, bool | int | float | np.number | np.bool_):
        return True
    return isinstance(value, np.ndarray) and value.dtype.kind in "fiub"


def _said(found: Difference, language: str) -> tuple[str, str]:
    """The two sides in the terms of what differs."""
    if found.words is WRONG_TYPE:
        return _kind(found.got, language), _kind(found.wanted, language)
    if found.words is WRONG_SHAPE:
        return str(np.shape(found.got)), str(np.shape(found.wanted))
    if found.words is NOT_FINITE:
        values = np.ravel(np.asarray(found.got, float))
        return str(values[~np.isfinite(values)][0]), ""
    got, wanted = shown(found.got), shown(found.wanted)
    if got.startswith("array ("):  # too large to be shown: the entry that is furthest off
        ours, right = np.asarray(found.got, float), np.asarray(found.wanted, float)
        at = np.unravel_index(int(np.argmax(np.abs(ours - right))), ours.shape)
        place = f"[{', '.join(str(int(k)) for k in at)}]"
        got, wanted = f"{ours[at]:.6g} {place}", f"{right[at]:.6g} {place}"
    elif got == wanted:  # equal in the digits that a message shows
        got, wanted = repr(found.got), repr(found.wanted)
    return got, wanted


def _kind(value: Any, language: str) -> str:
    """What a value is, in words."""
    if isinstance(value, bool | np.bool_):
        return KINDS["bool"].say(language)
    if isinstance(value, str):
        return KINDS["text"].say(language)
    if isinstance(value, dict):
        return KINDS["dict"].say(language, keys=", ".join(map(str, value)))
    if isinstance(value, list | tuple):
        kind = "list" if isinstance(value, list) else "tuple"
        return KINDS[kind].say(language, number=len(value))
    if not _is_numeric(value):
        return KINDS["other"].say(language, type=type(value).__name__)
    return KINDS["array" if np.ndim(value) else "number"].say(language)


def _named(step: int | str, language: str) -> str:
    return step if isinstance(step, str) else ITEM.say(language, number=step + 1)
