"""Write what examples print, and what ties give, into the pages: ``pytest --update-outputs``."""

from collections import Counter, defaultdict
from pathlib import Path

from engine.claims.hold import rewritten
from engine.faults import FaultsFound
from engine.languages.stamps import Pair
from engine.paths import LANGUAGES
from engine.reading import sources
from engine.reading.lines import Line
from engine.reading.page import Fence
from engine.reading.ties import Tie
from engine.running.examples import Code, pieces
from engine.site import Site


class OutputUpdates:
    """Collects the outputs that differ while examples run, then rewrites the pages at once."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self._found: dict[Path, list[tuple[int, int, list[str]]]] = defaultdict(list)
        self._ties: dict[Path, list[tuple[Tie, str]]] = defaultdict(list)

    def add(self, code: Code, got: str) -> str | None:
        """Note that ``code`` prints ``got``; or say why a page cannot show that."""
        if not _reads_back(code, got):
            return (
                "what it prints cannot be shown as an output: a page would read it as something "
                "else (a prompt, a fence, a tab, a blank first line)\n→ print it in another form"
            )
        last = code.lines[-1].origin
        indent = code.fence.prefix
        new = [(indent + line).rstrip() for line in got.split("\n")] if got else []
        self._found[last.path].append((last.line, len(code.shown or ()), new))
        return None

    def add_tie(self, tie: Tie, given: list[float] | bool) -> bool:
        """Note what the text of a tie is to say, where figures alone change in it."""
        path = tie.origin.path
        text = rewritten(tie.text, self.site.language_of(path), given, (tie.before, tie.after))
        if text is not None:
            self._ties[path].append((tie, text))
        return text is not None

    def write(self) -> list[Path]:
        """Rewrite the pages. Returns them.

        A section that was in step stays so where the outputs are written in both languages, and
        is out of step where only one language has run.
        """
        changed = sorted({*self._found, *self._ties})
        in_step = {name: self._in_step(name) for name in self._whole_pairs(changed)}
        for path in changed:
            lines = sources.read(path).split("\n")
            for tie, text in sorted(self._ties[path], key=lambda one: -one[0].column):
                old = lines[tie.origin.line - 1]
                start, end = tie.column + 1, tie.column + 1 + len(tie.text)
                lines[tie.origin.line - 1] = old[:start] + text + old[end:]
            for line, shown, new in sorted(self._found[path], reverse=True):
                lines[line : line + shown] = new
            sources.write(path, "\n".join(lines))
        for name, sections in in_step.items():
            pair = Pair(self.site, name)
            now = [key for key in sections if len(pair.changed.get(key, ())) == len(LANGUAGES)]
            if now:
                pair.renew(now)
        return changed

    def _whole_pairs(self, changed: list[Path]) -> list[str]:
        """The names of the pages that are rewritten in all languages."""
        names = Counter(
            self.site.name_of(path) for path in changed if self.site.docs in path.parents
        )
        return [name for name, number in names.items() if number == len(LANGUAGES)]

    def _in_step(self, name: str) -> list[str]:
        try:
            pair = Pair(self.site, name)
        except FaultsFound:
            return []
        return [key for key in pair.stamps if key not in pair.changed]


def _reads_back(code: Code, got: str) -> bool:
    """Whether this output, put on the page, is read there as it was printed."""
    lines = got.split("\n") if got else []
    if any(mark in line for line in lines for mark in ("\t", "```", "~~~", "<BLANKLINE>")):
        return False
    if not got.isprintable() and not got.replace("\n", "").isprintable():
        return False
    prompts = [f"{'...' if number else '>>>'} {line}" for number, line in enumerate(code.lines)]
    text = [*prompts, *(line.rstrip() for line in lines)]
    first = code.fence.lines[0].origin if code.fence.lines else code.fence.origin
    fence = Fence(
        "pycon", "pycon", tuple(Line.at(line, first) for line in text), code.fence.origin, "", 0
    )
    read = pieces(fence)
    return len(read) == 1 and [str(line) for line in read[0].shown or ()] == [
        line.rstrip() for line in lines
    ]
