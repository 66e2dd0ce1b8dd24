"""Begin a chapter: its pages in both languages, its modules, and its places in the others.

    make new-page NAME=momentum TITLE_ZH=动量 TITLE_EN=Momentum AFTER=regularization

Everything that is written builds and runs. What is still to be written stands behind TODO, and
is a fault with file and line until it is.
"""

from __future__ import annotations

import argparse
import ast
import json
import keyword
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from engine.faults import FaultsFound
from engine.paths import CONFIGURATIONS, LANGUAGES, module_of, shown
from engine.reading import sources
from engine.reading.catalogues import catalogue_of
from engine.reading.forms import cells_of
from engine.reading.markdown import Block
from engine.reference.notation import NAME as NOTATION
from engine.rules.navigation import HOME, MAP, PLACES, free_place, places_of
from engine.site import NoSuchPage, Site

SKELETON = Path(__file__).parent / "skeleton"

#: The question and the meanings that rows in other pages' tables are to have.
ROWS = {
    "zh": {
        HOME: "| [{title}]({file}) | TODO: 本章回答的问题 |",
        NOTATION: "| $a$, $x$, $y$ | TODO: 各个符号的含义 | 数 | [{title}](../{file}#symbols) |",
    },
    "en": {
        HOME: "| [{title}]({file}) | TODO: the question that it answers |",
        NOTATION: "| $a$, $x$, $y$ | TODO: their meaning | number | [{title}](../{file}#symbols) |",
    },
}


class CannotBegin(Exception):
    """There can be no page of this name; the message says why, and what to do."""


class NewPage:
    """A chapter that does not exist yet. Raises CannotBegin where there can be none."""

    def __init__(self, site: Site, name: str, titles: dict[str, str], after: str) -> None:
        self.site = site
        self.name = name
        self.module = module_of(name)
        self.titles = titles
        self.after = after
        if not re.fullmatch(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*", name):
            remedy = "write lower-case letters, digits and single dashes: NAME=gated-units"
            raise CannotBegin(f"{name!r} is no name of a page\n    → {remedy}")
        pages = site.pages_of(LANGUAGES[0])
        others = [page.name for page in pages if page.is_lab or not page.is_chapter]
        if after in others and after != HOME:
            what = f"{after} is no chapter, and chapters follow chapters"
            raise CannotBegin(f"{what}\n    → name one, or the home page: AFTER=lstm, AFTER={HOME}")
        if keyword.iskeyword(self.module) or keyword.issoftkeyword(self.module):
            what = f"{name!r} is a word of Python's own, and modules are called after the page"
            raise CannotBegin(f"{what}\n    → choose another name")
        there = [path for path in self.files.values() if path.exists()]
        if there or name in site.names():
            what = f"{shown(there[0]) if there else f'a page {name}'} exists already"
            raise CannotBegin(f"{what}\n    → choose another name")

    @property
    def files(self) -> dict[str, Path]:
        """The files that are made, by the part of the skeleton that they are made from."""
        site = self.site
        pages = {f"page.{lang}": site.docs / lang / f"{self.name}.md" for lang in LANGUAGES}
        return pages | {
            "snippet": site.snippets / f"{self.module}.py",
            "words": catalogue_of(site.snippets / f"{self.module}.py", LANGUAGES[0]),
            "check": site.checks / f"{self.module}.py",
            "figure": site.figures / f"{self.module}.py",
            "judge": site.judges / f"{self.module}.py",
            "test": site.root / "tests" / "snippets" / f"test_{self.module}.py",
        }

    def write(self) -> list[Path]:
        """Write all of it. Returns the files that were made or changed. Raises CannotBegin."""
        for configuration in CONFIGURATIONS.values():  # before anything is written
            self._in_navigation(self.site.root / configuration)
        for part, path in self.files.items():
            text = (SKELETON / f"{part}.txt").read_text(encoding="utf-8")
            language = part.rpartition(".")[2]
            for mark, word in {
                "name": self.name,
                "module": self.module,
                "prefix": self.module.replace("_", ""),
                "title": self.titles.get(language, ""),
                "quoted": json.dumps(self.titles.get(language, ""), ensure_ascii=False),
                "after": self.after,
            }.items():
                text = text.replace(f"@{mark}@", word)
            path.parent.mkdir(parents=True, exist_ok=True)
            sources.write(path, text)
        return [*self.files.values(), *self._places()]

    def _places(self) -> Iterator[Path]:
        """Write the page's places in navigation, tables and map; yield the files."""
        for language in LANGUAGES:
            configuration = self.site.root / CONFIGURATIONS[language]
            yield self._insert(configuration, self._in_navigation(configuration))
            for table, row in ROWS[language].items():
                path = self.site.source(language, table)
                last = path and self._last_row(path, table)
                if path and last:
                    file = f"{self.name}.md"
                    written = row.format(title=self.titles[language], file=file)
                    empty = " |" * (len(last.cells) - len(cells_of(written)))
                    yield self._insert(path, (last.origin.line, written + empty))
        map_of_chapters = self.site.figures / MAP
        if map_of_chapters.is_file():
            yield self._insert(map_of_chapters, self._on_map(map_of_chapters))

    def _insert(self, path: Path, place: tuple[int, str]) -> Path:
        """Write a line below the line of this number, as deep as that one stands."""
        line, text = place
        lines = sources.read(path).split("\n")
        above = lines[line - 1]
        depth = len(above) - len(above.lstrip(" "))
        sources.write(path, "\n".join([*lines[:line], " " * depth + text, *lines[line:]]))
        return path

    def _in_navigation(self, configuration: Path) -> tuple[int, str]:
        lines = sources.read(configuration).split("\n")
        for number, line in enumerate(lines, 1):
            if re.fullmatch(rf"\s*- (?:.*: )?{re.escape(self.after)}\.md", line):
                return number, f"- {self.name}.md"
        raise CannotBegin(
            f"{shown(configuration)} has no {self.after}.md in its navigation\n"
            "    → name a page of the navigation: AFTER=lstm"
        )

    def _last_row(self, path: Path, table: str) -> Block | None:
        """The last row of the table of chapters, or of the page's last table."""
        rows = [block for block in self.site.page(path).blocks if block.kind == "row"]
        linking = [
            block
            for block in rows
            if table == HOME and any(s.target == f"{self.after}.md" for s in block.all_spans)
        ]
        return (linking or rows)[-1] if rows else None

    def _on_map(self, path: Path) -> tuple[int, str]:
        places, _ = places_of(path)
        column, row = free_place(places)
        entry = _last_place(ast.parse(sources.read(path)))
        if entry is None:
            what = f"{shown(path)} has no {PLACES} of chapters"
            raise CannotBegin(f"{what}\n    → list them there, name: (column, row, colour)")
        line, colour = entry
        return line, f'"{self.name}": ({column}, {row}, {colour}),'


def _last_place(tree: ast.Module) -> tuple[int, str] | None:
    """The line of the last chapter's place on the map, and its colour as it is written."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict) and node.value.values:
            last = node.value.values[-1]
            if ast.unparse(node.targets[0]) == PLACES and isinstance(last, ast.Tuple):
                return last.end_lineno or last.lineno, ast.unparse(last.elts[-1])
    return None


def default_after(site: Site) -> str:
    """The last chapter in the order of reading; the home page, if there is none."""
    chapters = [
        p.name for p in site.in_reading_order(LANGUAGES[0]) if p.is_chapter and not p.is_lab
    ]
    return chapters[-1] if chapters else HOME


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="make new-page", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("name", help="its name, such as momentum")
    parser.add_argument("--title-zh", default="")
    parser.add_argument("--title-en", default="")
    parser.add_argument("--after", default="", help="the chapter that it follows")
    given = parser.parse_args(arguments)
    site = Site(Path.cwd())
    titles = {
        "zh": given.title_zh or "TODO: 标题",
        "en": given.title_en or given.name.replace("-", " ").capitalize(),
    }
    try:
        after = site.named(given.after) if given.after else default_after(site)
        files = NewPage(site, given.name, titles, after).write()
    except (CannotBegin, NoSuchPage, FaultsFound) as error:
        print(error, file=sys.stderr)
        return 2
    for path in files:
        print(f"wrote {shown(path)}")
    print(
        f"What is still to be written stands behind TODO: make check PAGE={given.name} lists it.\n"
        "Once both languages say the same: make stamp"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
