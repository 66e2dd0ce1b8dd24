"""One language of the site while it is written: prepared once, its pages built when asked for.

MkDocs reads all pages before it writes the first one. Here it reads their titles alone, which is
what the navigation needs; a page is rendered when somebody wants to see it, and again when a file
that it is made of has changed.
"""

from __future__ import annotations

import html
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
from mkdocs.commands.build import _build_page, _build_theme_template, _populate_page
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, MkDocsException
from mkdocs.structure.files import File, Files, InclusionLevel, get_files, set_exclusions
from mkdocs.structure.nav import Navigation, get_navigation
from mkdocs.structure.pages import Page as BuiltPage

from engine.build_faults import page_faults
from engine.drawing.drawings import Drawing, Drawings
from engine.faults import Fault, FaultsFound
from engine.formulas.style import write_style
from engine.paths import CONFIGURATIONS, FOLDERS, LANGUAGES, module_of, shown
from engine.reading.page import Page
from engine.reading.sources import State, states
from engine.site import Site

log = logging.getLogger("mkdocs.serve")

TEXT = {
    "zh": {
        "missing": "{path} 还不存在：这一页目前只有另一种语言的版本。",
        "running": "实验 {labs} 正在运行；运行结束后本页会自动出现。",
        "broken": "这一页还无法生成：",
    },
    "en": {
        "missing": "{path} does not exist yet: this page has the other language's version alone.",
        "running": "The lab {labs} is being run; this page appears by itself when it has run.",
        "broken": "This page cannot be built yet:",
    },
}


@dataclass(frozen=True)
class Built:
    """How a page was last built: of which files, as they were then, and what was wrong.

    It waits for labs, or shows earlier states of figures that are being drawn anew.
    """

    files: dict[Path, State]
    faults: tuple[Fault, ...] = ()
    waits_for: tuple[Path, ...] = ()
    postponed: tuple[str, ...] = ()

    @property
    def is_current(self) -> bool:
        return states(self.files) == self.files


class LanguageSite:
    """The pages of one language, built into ``folder`` to be served at ``address``.

    ``draw_later`` is given the figures of a page that have to be drawn anew; without it they are
    drawn before the page is built.
    """

    def __init__(
        self,
        root: Path,
        language: str,
        folder: Path,
        address: str,
        draw_later: Callable[[Drawings, dict[str, Drawing]], None] | None = None,
    ) -> None:
        self.site = Site(root)
        self._draw_later = draw_later
        self.language = language
        self.folder = folder
        self.address = address
        self.built: dict[str, Built] = {}
        self._titles: dict[Path, str | None] = {}
        self._pages: dict[str, File] = {}

    def prepare(self) -> None:
        """Read the configuration, the files and the titles; everything is to be built anew.

        Raises FaultsFound, MkDocsException.
        """
        _forget_plugins()
        config = load_config(
            str(self.site.root / CONFIGURATIONS[self.language]),
            site_dir=str(self.folder / FOLDERS[self.language]),
            site_url=self.address,
        )
        config.extra["site"] = self.site  # which has read the pages already
        config = config.plugins.on_config(config)
        files = get_files(config)
        env = config.theme.get_env()
        files.add_files_from_theme(env, config)
        files = config.plugins.on_files(files, config=config)
        self._add_placeholders(files, config)
        set_exclusions(files, config)
        nav = get_navigation(files, config)
        nav = config.plugins.on_nav(nav, config=config, files=files)
        pages = files.documentation_pages(inclusion=InclusionLevel.is_in_serve)
        for file in pages:
            self._read_title(file.page or BuiltPage(None, file, config))
        env = config.plugins.on_env(env, config=config, files=files)
        files.copy_static_files(inclusion=InclusionLevel.is_in_serve)
        self._config: MkDocsConfig = config
        self._files: Files = files
        self._nav: Navigation = nav
        self._env: jinja2.Environment = env
        self._take_away({_address(file): file for file in pages})
        self._titles = self._titles_now()
        self.built = {}
        write_style(self.site.katex.dist, self.folder)
        self._concern("RunInPage").write(self.folder)
        for template in config.theme.static_templates:
            _build_theme_template(template, env, files, config, nav)
        self.write_search_index()

    @property
    def is_current(self) -> bool:
        """Whether the pages are those that were prepared, with the titles that they had."""
        return self._titles_now() == self._titles

    @property
    def addresses(self) -> list[str]:
        """The addresses of all pages below the language's folder, the home page's being empty."""
        return list(self._pages)

    def name_of(self, address: str) -> str:
        """The name of the page at an address, as its sibling has it, too."""
        name = self._pages[address].src_uri
        return name.removesuffix(Path(name).suffix)

    def needs_building(self, address: str) -> bool:
        """Whether there is such a page, and what is kept of it is no longer true."""
        built = self.built.get(address)
        return address in self._pages and (built is None or not self._holds(built))

    def build(self, address: str) -> None:
        """Build a page; where that cannot be, keep the last good one, and what is wrong."""
        file = self._pages[address]
        source = self._source_of(file)
        files = states(self._files_of(file, source))
        faults: tuple[Fault, ...] = ()
        waits_for: tuple[Path, ...] = ()
        postponed: dict[str, Drawing] = {}
        try:
            page = self.site.page(source) if source else None
            files |= states(self._files_of(file, source, page))
            if page:
                waits_for = tuple(lab.path for lab in self._labs_to_run(page))
                postponed = self.site.drawings.postpone(page) if self._draw_later else {}
                faults = tuple(page_faults(self.site, page))
            if not faults and waits_for:
                names = ", ".join(path.stem for path in waits_for)
                self._show_instead(file, self._text("running").format(labs=names))
            elif not faults:
                self._render(file)
                self._write_downloads(page)
        except FaultsFound as error:
            faults = error.faults
        except (Exception, Abort) as error:
            what = str(error) or type(error).__name__
            if not isinstance(error, MkDocsException):
                log.exception("%s cannot be built", file.src_uri)
            faults = (Fault(source or Path(file.src_uri), 1, what, "mend what it says"),)
        if faults and not Path(file.abs_dest_path).exists():
            self._show_instead(file, self._text("broken"))
        self.built[address] = Built(files, faults, waits_for, tuple(postponed))
        if postponed and self._draw_later:
            self._draw_later(self.site.drawings, postponed)

    def copy_asset(self, path: Path) -> None:
        """Copy a changed file of the theme into the site."""
        for file in self._files:
            if file.abs_src_path and Path(file.abs_src_path) == path and not _is_page(file):
                file.copy_file()

    def write_code(self) -> None:
        """Write the code that runs in the reader's browser as it is now. Raises NodeFailed."""
        self._concern("RunInPage").write_anew(self.folder)

    def write_search_index(self) -> None:
        """Write the search index of the pages built so far."""
        self._search.on_post_build(config=self._config)

    @property
    def _search(self) -> Any:
        plugins = self._config.plugins.items()
        return next(plugin for name, plugin in plugins if name.rpartition("/")[2] == "search")

    def _concern(self, name: str) -> Any:
        """One of the concerns that hooks/site.py has registered."""
        return self._config.plugins[f"site/{name}"]

    def _holds(self, built: Built) -> bool:
        labs = (self.site.page(path) for path in built.waits_for if path.exists())
        return (
            built.is_current
            and not any(map(self.site.labs.kept, labs))
            and all(map(self.site.drawings.is_postponed, built.postponed))
        )

    def _render(self, file: File) -> None:
        page = _page_of(file)
        index = self._search.search_index
        # What an earlier version of this page has put there.
        index.entries = [e for e in index.entries if e["location"].split("#")[0] != page.url]
        _populate_page(page, self._config, self._files)
        self._write(file)

    def _write(self, file: File) -> None:
        pages = self._files.documentation_pages(inclusion=InclusionLevel.is_in_serve)
        _build_page(_page_of(file), self._config, pages, self._nav, self._env)

    def _show_instead(self, file: File, text: str) -> None:
        """A page that says why there is no other yet."""
        page = _page_of(file)
        page.markdown = ""
        page.content = f"<h1>{html.escape(str(page.title))}</h1>\n<p>{html.escape(text)}</p>"
        self._write(file)

    def _text(self, kind: str) -> str:
        return TEXT[self.language][kind]

    def _write_downloads(self, page: Page | None) -> None:
        if page:
            self._concern("Downloads").write(page, self._config)

    def _labs_to_run(self, page: Page) -> list[Page]:
        """The labs whose runs a page shows, and which have not come to an end yet."""
        labs = [page] if page.is_lab else []
        if any(line.strip() == "<!-- build: labs -->" for line in page.lines):
            labs = self.site.labs_of(self.language)
        return [lab for lab in labs if self.site.labs.kept(lab) is None]

    def _source_of(self, file: File) -> Path | None:
        path = self.site.docs / self.language / file.src_uri
        return path if path.exists() else None

    def _files_of(
        self, file: File, source: Path | None, page: Page | None = None
    ) -> Iterable[Path]:
        """The files that a page is made of, as far as that is known."""
        if source is None:  # a page of checks, or a placeholder
            yield self.site.docs / self.language / file.src_uri
            chapter = self._concern("Equations").chapter_of(file)
            if chapter:
                yield chapter.path
                yield from self.site.equations.files_of(chapter.name)
            return
        yield source
        if page is None:
            return
        yield from page.files
        if page.stubs:
            yield self.site.judges / f"{module_of(page.name)}.py"
        for target in page.figures:
            yield from self.site.drawings.files_of(target.partition(":")[2])
        if any(line.startswith("<!-- build: ") for line in page.lines):
            yield from self.site.sources(self.language)
            yield from sorted(self.site.checks.glob("*.py"))

    def _titles_now(self) -> dict[Path, str | None]:
        """All sources of this language with their titles, and those which it lacks with none."""
        found: dict[Path, str | None] = {
            path: self._title_of(path) for path in self.site.sources(self.language)
        }
        return found | dict.fromkeys(self._missing())

    def _take_away(self, pages: dict[str, File]) -> None:
        """Go on with these pages; what is left of others would be served as if it were current."""
        for address in self._pages.keys() - pages.keys():
            Path(self._pages[address].abs_dest_path or "").unlink(missing_ok=True)
        self._pages = pages

    def _title_of(self, path: Path) -> str:
        """The title in the front matter of a page; the last one, while that cannot be read."""
        try:
            page = self.site.page(path)
        except (FaultsFound, FileNotFoundError):  # building the page will say so
            return self._titles.get(path) or ""
        if page.wrong:
            return self._titles.get(path) or ""
        return str(page.meta.get("title") or "")

    def _missing(self) -> list[Path]:
        """The pages that the other languages have, and this one does not."""
        others = (other for other in LANGUAGES if other != self.language)
        siblings = [self.site.sibling_of(p) for other in others for p in self.site.sources(other)]
        return [path for path in siblings if not path.exists()]

    def _add_placeholders(self, files: Files, config: MkDocsConfig) -> None:
        for path in self._missing():
            name = path.relative_to(self.site.docs / self.language).with_suffix(".md").as_posix()
            what = self._text("missing").format(path=shown(path))
            log.warning("%s", what)
            content = f"# {path.stem}\n\n!!! warning\n\n    {what}\n"
            files.append(File.generated(config, name, content=content))

    def _read_title(self, page: BuiltPage) -> None:
        """Give a page the title of its front matter, without rendering it."""
        source = self._source_of(page.file)
        title = self._title_of(source) if source else ""
        page.markdown = ""
        page.meta = {"title": title} if title else {}


def _page_of(file: File) -> BuiltPage:
    if file.page is None:
        raise RuntimeError(f"{file.src_uri} has not been prepared")
    return file.page


def _is_page(file: File) -> bool:
    return file.is_documentation_page()


def _address(file: File) -> str:
    return "" if file.url in (".", "./") else file.url


def _forget_plugins() -> None:
    """MkDocs hands loaded plugins to the next configuration; the languages are to share none."""
    option = dict(MkDocsConfig._schema)["plugins"]
    option.plugin_cache.clear()  # type: ignore[attr-defined]
