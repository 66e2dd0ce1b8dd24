"""Build beside ``site/`` and swap at the end, so that a failed build leaves the last good site.

MkDocs cleans its folder first, and a strict build fails after its last event; so the swap waits
for ``on_shutdown``, and looks for itself whether the build came to a good end.
"""

import logging
import shutil
from pathlib import Path
from typing import Literal

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.utils import CountHandler


class _Swap:
    """The one build this process makes: where it goes, and whether it came to a good end."""

    def __init__(self) -> None:
        self.building = False
        self.goal: Path | None = None
        self.finished = False
        self.strict = False
        self.warnings = CountHandler()
        self.warnings.setLevel(logging.WARNING)

    @property
    def beside(self) -> Path:
        assert self.goal is not None
        return self.goal.with_name(self.goal.name + ".building")


_swap = _Swap()


def on_startup(command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
    if command == "build" and not dirty and _swap.goal is None:
        _swap.building = True
        logging.getLogger("mkdocs").addHandler(_swap.warnings)


def on_config(config: MkDocsConfig) -> None:
    if _swap.building and _swap.goal is None:
        _swap.goal = Path(config.site_dir).resolve()
        _swap.strict = config.strict
        shutil.rmtree(_swap.beside, ignore_errors=True)
        config.site_dir = str(_swap.beside)


def on_post_build(config: MkDocsConfig) -> None:
    if _swap.goal and Path(config.site_dir) == _swap.beside:
        _swap.finished = True


def on_build_error(error: Exception) -> None:
    _swap.finished = False


def on_shutdown() -> None:
    goal = _swap.goal
    if goal is None or not _swap.beside.exists():
        return
    if not _swap.finished or (_swap.strict and _swap.warnings.get_counts()):
        shutil.rmtree(_swap.beside, ignore_errors=True)
        return
    old = goal.with_name(goal.name + ".old")
    shutil.rmtree(old, ignore_errors=True)
    if goal.exists():
        goal.rename(old)
    _swap.beside.rename(goal)
    shutil.rmtree(old, ignore_errors=True)
