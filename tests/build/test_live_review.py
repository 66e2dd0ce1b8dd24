"""What is asked behind a save is told as its process has found it, faults of its own among it."""

import sys
import time
from pathlib import Path

import pytest

from engine.build import live_review
from engine.build.live_review import LiveReview, Review

FAULT = '[{"path": "docs/en/a.md", "line": 3, "message": "an → arrow", "remedy": "mend"}]'

#: What the process prints, and what is made of that.
PRINTED = {
    "none": ("print([])", [], "checked, 0 faults ("),
    "one, with an arrow": (f"print('{FAULT}')", ["an → arrow"], "checked, 1 fault ("),
    "not its answer": ("print(1 / 0)", ["the review itself failed: ZeroDivisionError"], "1 fault"),
    "nothing": ("", ["the review itself failed: no message"], "1 fault"),
}


@pytest.mark.parametrize("kind", PRINTED)
def test_what_the_process_prints_is_told(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, messages, told = PRINTED[kind]
    monkeypatch.setattr(live_review, "REVIEW", [sys.executable, "-c", code])
    built: list[str] = []
    review = LiveReview(tmp_path, tmp_path)
    assert review.of("a").state == "not asked"
    review.begin(["a"], built.append)
    found = _done(review, "a")
    assert built == ["a"]
    assert [fault.message[: len(m)] for fault, m in zip(found.faults, messages, strict=True)] == (
        messages
    )
    assert told in str(found)


def _done(review: LiveReview, name: str) -> Review:
    end = time.monotonic() + 60
    while (found := review.of(name)).state != "done":
        assert time.monotonic() < end
        time.sleep(0.05)
    return found
