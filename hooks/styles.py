"""The style sheets with what the pages of both languages use, under names told by their content."""

import base64
import hashlib
import re
from functools import partial
from importlib.metadata import version
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort
from mkdocs.plugins import event_priority

from engine.build.other_language import is_part
from engine.build.styles import (
    UnknownStyles,
    ensure_whole,
    used_rules,
    without_unused_values,
    words_of,
)
from engine.formulas import style
from engine.formulas.style import STYLE, write_style
from engine.site import Site
from engine.store import digest
from hooks.concern import Concern

#: Material's style sheets, and those that are loaded beside them.
THEME, OTHERS = "assets/stylesheets/{}.*.css", ("assets/*.css", "run/*/*.css")

#: All that may give an element a class.
SCRIPTS = ("assets/*.js", "assets/javascripts/*.js", "run/*/*.js")

#: The attributes by which rules tell elements apart.
VALUE = re.compile(r'\s(?:class|data-md-[a-z-]+)="([^"]*)"')


class Styles(Concern):
    """Shortens the style sheets of a whole build, once for all languages."""

    def __init__(self, site: Site, language: str) -> None:
        super().__init__(site, language)
        self._kept = site.store("fonts")

    @event_priority(-80)  # when both languages are there
    def on_post_build(self, config: MkDocsConfig) -> None:
        if is_part():
            return
        root = self.root(config)
        pages = {path: path.read_text(encoding="utf-8") for path in sorted(root.rglob("*.html"))}
        values = {value for page in pages.values() for value in VALUE.findall(page)}
        words = {word for value in values for word in value.split()}
        try:
            renamed = self._shorten(root, words)
        except UnknownStyles as error:
            raise Abort(f"ERROR: {error}") from None
        for path, page in pages.items():
            changed = page
            for old, new in renamed.items():
                changed = changed.replace(old, new)
            if changed != page:
                path.write_text(changed, encoding="utf-8", newline="\n")
        if (root / STYLE).exists():
            # In formulas all that HTML has a name for stands as it is, but for these.
            characters = set("<>&").union(*pages.values())
            write_style(self.site.katex.dist, root, words, partial(self._cut, characters))

    def _cut(self, characters: set[str], font: Path) -> bytes:
        """A font with these characters alone; kept, since that takes a second for all fonts."""
        made_by = self.site.modules.digest(Path(style.__file__)), version("brotli")
        whole = hashlib.sha256(font.read_bytes()).hexdigest()
        key = digest([*made_by, whole, sorted(characters)])

        def cut() -> str:
            return base64.b64encode(style.with_characters(characters, font)).decode("ascii")

        return base64.b64decode(self._kept.once(key, cut))

    def _shorten(self, root: Path, words: set[str]) -> dict[str, str]:
        """Write Material's style sheets anew; the names they had, and those they have now."""
        scripts = "\n".join(map(_read, _files(root, *SCRIPTS)))
        main, palette = (
            next(iter(_files(root, THEME.format(name))), None) for name in ("main", "palette")
        )
        if main is None or palette is None:
            raise UnknownStyles(
                f"the theme has no {THEME.format('main')} or no {THEME.format('palette')}\n"
                "    → see what the theme has changed, and bring hooks/styles.py in line"
            )
        rules = used_rules(_read(main), words | words_of(scripts))
        colours = used_rules(_read(palette), words)
        others = "\n".join([scripts, colours, *map(_read, _files(root, *OTHERS))])
        made = {main: without_unused_values(rules, others), palette: colours}
        ensure_whole(made[main])
        renamed = {}
        for path, css in made.items():
            content = hashlib.sha256(css.encode()).hexdigest()[:8]
            new = path.with_name(f"{path.name.partition('.')[0]}.{content}.min.css")
            path.unlink()
            path.with_name(f"{path.name}.map").unlink(missing_ok=True)
            new.write_text(css, encoding="utf-8", newline="\n")
            renamed[path.name] = new.name
        return renamed


def _files(root: Path, *patterns: str) -> list[Path]:
    return [path for pattern in patterns for path in sorted(root.glob(pattern))]


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")
