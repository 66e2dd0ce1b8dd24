"""Write what examples print back into the pages: ``pytest --update-outputs``."""

from collections import defaultdict
from pathlib import Path

from engine.running.examples import Code
from engine.reading.page import parse
from engine.paths import DOCS, sibling_of
from engine.languages.stamp import renew, stamp_fault


class OutputUpdates:
    """Collects the outputs that differ while examples run, then rewrites the pages at once."""

    def __init__(self) -> None:
        self._found: dict[Path, list[tuple[int, int, list[str]]]] = defaultdict(list)

    def add(self, code: Code, got: str) -> None:
        """Note that ``code`` prints ``got`` instead of what its page shows."""
        last = code.lines[-1].origin
        indent = code.fence.prefix
        new = [(indent + line).rstrip() for line in got.split("\n")] if got else []
        self._found[last.path].append((last.line, len(code.shown or ()), new))

    def write(self) -> list[Path]:
        """Rewrite the pages; stamps that were in step before stay so. Returns the pages."""
        pages = sorted(self._found)
        in_docs = [path for path in pages if DOCS in path.parents]
        stamped = {
            path: stamp_fault(parse(path)) is None
            for page in in_docs
            for path in (page, sibling_of(page))
            if sibling_of(page).exists()
        }
        for path in pages:
            lines = path.read_text(encoding="utf-8").split("\n")
            for line, shown, new in sorted(self._found[path], reverse=True):
                lines[line : line + shown] = new
            path.write_text("\n".join(lines), encoding="utf-8", newline="\n")
        for path, in_step in stamped.items():
            if in_step:
                renew(path)
        return pages
