"""What an author runs who has changed one page, from its builds to the browser."""

import subprocess
import sys

from tests.conftest import ROOT

#: A chapter with equations, a drawing and code, which is the quickest.
CHAPTER = "computation-graph"


def test_all_that_concerns_a_page_is_asked_and_is_right() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "engine.commands.check", CHAPTER],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert run.returncode == 0, run.stdout
    for piece in ("build of docs/zh", "build of docs/en", "review of docs/en", "in a browser"):
        assert f"s  {piece}" in run.stdout
