"""While serving, warn of what `make test` would refuse, in the background of the build."""

import subprocess
import sys
import threading
from pathlib import Path
from typing import Literal

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import get_plugin_logger

from engine.reading.page import Page
from engine.paths import LANGUAGES, ROOT
from engine.site import pages

log = get_plugin_logger("writing")

_serving = False
_states: dict[Path, int] = {}
_running: list[subprocess.Popen[str]] = []


def on_startup(command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
    global _serving
    _serving = command == "serve"


def on_post_build(config: MkDocsConfig) -> None:
    if _serving and config.theme["language"] == LANGUAGES[0]:
        found, _ = pages()
        names = sorted({page.name for page in found if _has_changed(page)})
        threading.Thread(target=_review, args=(names, config.site_dir), daemon=True).start()


def _has_changed(page: Page) -> bool:
    """Whether a page, or a section it shows, was edited since the last build of this server."""
    files = {line.origin.path for line in page.lines} | {page.path}
    now = max(path.stat().st_mtime_ns for path in files)
    before = _states.get(page.path)
    _states[page.path] = now
    return before is not None and before != now


def _review(names: list[str], site: str) -> None:
    for earlier in _running:
        earlier.terminate()
    command = [sys.executable, "-m", "engine.review", "--site", site, *names]
    review = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    )
    _running[:] = [review]
    output, errors = review.communicate()
    if review.returncode < 0:
        return  # a newer build has taken over
    for fault in output.replace("\n    →", "\x00    →").splitlines():
        log.warning(fault.replace("\x00", "\n"))
    if errors.strip():
        log.warning(errors.strip().splitlines()[-1])
