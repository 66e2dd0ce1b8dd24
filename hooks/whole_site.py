"""One command builds both languages, side by side, into a folder that then takes site's place.

Before anything is built, all that keeps either language from being built is told in one list.
"""

import logging
import sys
from pathlib import Path

import mkdocs
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort
from mkdocs.plugins import CombinedEvent, event_priority
from mkdocs.structure.files import Files
from mkdocs.utils import CountHandler

from engine.build.other_language import OtherLanguage, Parent, Told, is_part
from engine.build.output import REMEDIES, CannotWrite, Output, ensure_writable
from engine.build_faults import STAGES, Stage, wanted_drawings
from engine.faults import Fault
from engine.formulas.katex import NodeFailed
from engine.paths import CONFIGURATIONS, FOLDERS, LANGUAGES
from engine.site import Site
from hooks.concern import Concern


class WholeSite(Concern):
    """The build of the site by this process: where it goes, and the other language's process.

    The first language builds the site; the other one is a part of that, or is built alone.
    """

    def __init__(self, site: Site, language: str) -> None:
        super().__init__(site, language)
        self._output: Output | None = None
        self._other: OtherLanguage | None = None

    def on_pre_build(self, config: MkDocsConfig) -> None:
        try:
            if is_part():
                self._begin_part()
            else:
                self._begin(config)
        except CannotWrite as error:
            raise Abort(f"ERROR: {error}") from None

    def _begin(self, config: MkDocsConfig) -> None:
        ensure_writable(self.site.cache)
        self._output = Output(Path(config.site_dir))
        self._output.prepare()
        config.site_dir = str(self._output.beside)
        if self.language == LANGUAGES[0]:
            other = LANGUAGES[1]
            options = ["--strict" if config.strict else "--no-strict", *_verbosity()]
            self._other = OtherLanguage(
                self.site.root / CONFIGURATIONS[other],
                self._output.beside / FOLDERS[other],
                options,
            )
        for stage in STAGES:
            mine = self._told(stage)
            theirs = self._other.told() if self._other else Told()
            _stop_at(mine, theirs)
            _stop_at(Told(stage.make(self.site, mine.wanted + theirs.wanted)))
            if self._other and stage is not STAGES[-1]:
                self._other.go_on()

    def on_files(self, files: Files, config: MkDocsConfig) -> None:
        # MkDocs has just emptied the folder in which the other language builds its own.
        if self._other:
            self._other.go_on()

    def _begin_part(self) -> None:
        parent = Parent()
        for stage in STAGES:
            parent.tell(self._told(stage))

    def _told(self, stage: Stage) -> Told:
        try:
            faults = stage.ask(self.site, self.language)
            return Told(faults, [] if faults else wanted_drawings(self.site, self.language))
        except NodeFailed as error:
            return Told(error=f"ERROR: {error}")

    @event_priority(-60)  # when this language is there; what is made of both comes after it
    def _wait(self, config: MkDocsConfig) -> None:
        if self._other:
            code, log = self._other.finish()
            sys.stderr.write(log)
            if code != 0:
                raise Abort(f"ERROR: the site was not built: see what {LANGUAGES[1]} says above.")

    @event_priority(-100)  # when all else has been written
    def _take_place(self, config: MkDocsConfig) -> None:
        output = self._output
        if output is None:
            return
        if config.strict and _has_warned():
            self._clean_up()  # MkDocs is about to say so
            return
        try:
            output.take_place()
        except CannotWrite as error:
            raise Abort(f"ERROR: {error}") from None
        config.site_dir = str(output.goal)

    on_post_build = CombinedEvent(_wait, _take_place)

    def on_build_error(self, error: Exception) -> None:
        self._clean_up()
        if isinstance(error, OSError) and error.errno in REMEDIES and error.filename:
            raise Abort(f"ERROR: {CannotWrite(error, Path(error.filename))}") from None

    def on_shutdown(self) -> None:
        self._clean_up()

    def _clean_up(self) -> None:
        if self._other:
            self._other.stop()
        if self._output:
            self._output.remove()


def _stop_at(*told: Told) -> None:
    """Stop the build where there is something wrong, with all of it in one list."""
    errors = dict.fromkeys(one.error for one in told if one.error)
    if errors:
        raise Abort("\n".join(errors))
    faults: list[Fault] = list(dict.fromkeys(fault for one in told for fault in one.faults))
    if faults:
        listing = "\n".join(map(str, faults))
        raise Abort(f"ERROR: the site cannot be built ({len(faults)} found):\n{listing}")


def _has_warned() -> bool:
    """Whether MkDocs, which counts the warnings of a strict build, has counted any."""
    handlers = logging.getLogger(mkdocs.__name__).handlers
    return any(h.get_counts() for h in handlers if isinstance(h, CountHandler))


def _verbosity() -> list[str]:
    level = logging.getLogger(mkdocs.__name__).getEffectiveLevel()
    if level <= logging.DEBUG:
        return ["--verbose"]
    return ["--quiet"] if level > logging.INFO else []
