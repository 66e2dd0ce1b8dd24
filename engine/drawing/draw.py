"""The process that draws: it imports the modules of ``figures/`` and calls their functions.

A request names drawings of one module; each is answered twice, when it is begun and when it is
done, with what was drawn or what went wrong. See engine/drawing/drawings.py for the other side.
"""

import contextlib
import importlib
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from engine.child import answer, failure_of
from engine.drawing.compact import compact
from engine.drawing.drawn import Drawn, explored
from engine.drawing.svg import own_ids
from engine.figures import Explorer, Frame, PageEntry
from engine.paths import LANGUAGES

#: What functions of these kinds return.
RETURNS = {"figure": (str, "SVG as a string"), "explorer": (Explorer, "an Explorer")}


def draw_all(request: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Draw each of the drawings asked for: key, kind, target, language, and the pages or None."""
    for wanted in request:
        key = wanted.pop("key")
        yield {"begun": key}
        try:
            drawn = draw(**wanted)
        except (Exception, SystemExit) as error:
            yield {"key": key, "failure": asdict(failure_of(error, Path.cwd()))}
        else:
            yield {"key": key, "drawn": asdict(drawn)}


def draw(kind: str, target: str, language: str, pages: list[dict[str, Any]] | None) -> Drawn:
    """One drawing; a figure has one frame, without caption. Raises what its code raises."""
    module, _, name = target.partition("/")
    function = getattr(importlib.import_module(f"figures.{module}"), name)
    given = [] if pages is None else [[PageEntry(**page) for page in pages]]
    prefix = target.replace("/", "-")
    with _settings_kept():
        made: Any = function(lambda zh, en: (zh, en)[LANGUAGES.index(language)], *given)
        if kind in RETURNS and not isinstance(made, RETURNS[kind][0]):
            raise TypeError(f"{name} must return {RETURNS[kind][1]}, not {type(made).__name__}")
        if isinstance(made, Explorer):
            return explored(made, f"{prefix}-0")
    frames = [Frame("", made)] if isinstance(made, str) else list(made)
    return Drawn(
        [
            Frame(frame.caption, own_ids(compact(frame.svg), f"{prefix}-{number}"))
            for number, frame in enumerate(frames)
        ]
    )


def _settings_kept() -> contextlib.AbstractContextManager[None]:
    """One drawing may change Matplotlib's settings; the next must not depend on it."""
    matplotlib = sys.modules.get("matplotlib")
    return matplotlib.rc_context() if matplotlib else contextlib.nullcontext()


if __name__ == "__main__":
    answer(draw_all)
