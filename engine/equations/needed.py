"""Which names a tree needs, and what one of the definitions reaches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.equations.evaluate import Worth
from engine.equations.names import Name
from engine.equations.tree import Node, Relation


def names_in(node: Node, defined: Mapping[Name, Node]) -> set[Name]:
    """The names that a tree needs, those of the definitions that it comes to included."""
    found: set[Name] = set()
    waiting = [node]
    while waiting:
        for name in own_names(waiting.pop()):
            if name not in found:
                found.add(name)
                if name in defined:
                    waiting.append(defined[name])
    return found


def names_of(relation: Relation, defined: Mapping[Name, Node]) -> set[Name]:
    """The same of all sides of a relation."""
    return {name for side in relation.sides for name in names_in(side, defined)}


def own_names(node: Node) -> frozenset[Name]:
    """The names that stand in a tree itself; found once, and kept with it."""
    found: frozenset[Name] | None = vars(node).get("own_names")
    if found is None:
        found = frozenset(name for one in node.walk() for name in _names_here(one))
        vars(node)["own_names"] = found
    return found


def _names_here(node: Node) -> list[Name]:
    info = node.info
    if isinstance(info, Name):
        return [info]
    if node.kind in ("symbol", "slope") and isinstance(info[0], Name):
        return [info[0]]
    if node.kind == "big" and isinstance(info[1].name, Name):
        return [info[1].name]
    return []


def reached_from(name: Name, worth: Worth) -> set[Name]:
    """The names that are worth something else if the definition of this one is another."""
    found = {name}
    size = 0
    while size < len(found):
        size = len(found)
        found |= {one for one, body in worth.defined.items() if own_names(body) & found}
        found |= {family for (family, _), single in worth.single.items() if single in found}
    return found


def kept_without(reached: set[Name], memory: Mapping[Any, Any]) -> Iterator[tuple[Any, Any]]:
    """What a memory of evaluations holds that none of these names has a part in."""
    for key, value in memory.items():
        if value is not None and not _has_part(reached, key):
            yield key, value


def _has_part(reached: set[Name], key: Any) -> bool:
    first, *others = key
    if isinstance(first, Name):
        return first in reached
    if first in ("seen", "needs"):
        return _has_part(reached, others[0])
    if first == "moved":  # what evaluates there knows the definitions
        return True
    node, more, _ = others
    return bool(own_names(node) & reached) or any(_is_by(reached, one) for one in _variables(more))


def _variables(more: Any) -> tuple[Any, ...]:
    """What a derivative is by, as the key of its memory has it."""
    return tuple(more[1]) if more else ()


def _is_by(reached: set[Name], variable: tuple[Any, Any]) -> bool:
    name = variable[0]
    return bool(own_names(name) & reached) if isinstance(name, Node) else name in reached
