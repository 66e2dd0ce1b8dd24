"""The front matter of a page: names with values, each once, in YAML between two lines ---."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from engine.faults import Fault
from engine.reading.characters import unseen
from engine.reading.lines import Line

REMEDY = "write name: value, and quote a value that holds a colon"


class _Loader(yaml.SafeLoader):
    """YAML in which no mapping has a key twice; PyYAML takes the last one and says nothing."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key, _ in node.value:
            if isinstance(key.value, str) and key.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"{key.value} stands there twice", key.start_mark
                )
            seen.add(str(key.value))
        made: dict[Any, Any] = super().construct_mapping(node, deep)
        return made


def front_matter(lines: list[Line], path: Path) -> tuple[list[Line], dict[str, Any], list[Fault]]:
    """The body of a page, what stands in its front matter, and what is wrong with that."""
    if not lines or lines[0].rstrip() != "---":
        return lines, {}, []
    for end, line in enumerate(lines[1:], 1):
        if line.rstrip() in ("---", "..."):
            meta, found = _read(lines[1:end], path)
            return lines[end + 1 :], meta, found
    return lines, {}, [Fault(path, 1, "the front matter does not end", "close it with a line ---")]


def _read(lines: Sequence[Line], path: Path) -> tuple[dict[str, Any], list[Fault]]:
    for line in lines:
        hidden = unseen(line)
        if hidden:
            what = f"a character that cannot be seen: {hidden}"
            return {}, [Fault(path, line.origin.line, what, "take it out")]
    try:
        meta = yaml.load("\n".join(lines), _Loader) or {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        at = lines[min(mark.line, len(lines) - 1)].origin.line if mark and lines else 1
        reason = getattr(error, "problem", None) or str(error)
        what = f"the front matter is not YAML: {reason}"
        if isinstance(error, yaml.constructor.ConstructorError):
            what = f"the front matter: {reason}"
        return {}, [Fault(path, at, what, REMEDY)]
    if not isinstance(meta, dict):
        return {}, [Fault(path, 1, "the front matter holds no names with values", REMEDY)]
    return meta, []
