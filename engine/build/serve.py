"""Serve both languages while somebody writes: ``python -m engine.build.serve``.

A page is built when a browser asks for it and a file that it is made of has changed since; the
other pages are built behind that. After each change all that the tests ask of the changed pages
is asked, and told in the terminal and at the top of the page.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import shutil
import signal
import sys
import tempfile
import threading
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path
from types import FrameType
from typing import Any

from mkdocs.exceptions import Abort, MkDocsException
from mkdocs.livereload import LiveReloadServer, _timestamp
from watchdog.events import FileSystemEvent, FileSystemEventHandler

from engine.build.banner import with_banner
from engine.build.language_site import LanguageSite
from engine.build.live_review import LiveReview
from engine.build.workshop import ASKED, BEHIND, CHANGE, Workshop
from engine.drawing.drawings import Drawing, Drawings
from engine.faults import Fault, FaultsFound
from engine.formulas.katex import NodeFailed
from engine.in_page.python_files import FOLDERS as PYTHON
from engine.paths import CONFIGURATIONS, FOLDERS, LANGUAGES, shown
from engine.reading.page import Page
from engine.reading.sources import State, states

log = logging.getLogger("mkdocs.serve")

#: The folders whose files are watched, besides the configurations.
WATCHED = (
    "docs",
    "snippets",
    "figures",
    "checks",
    "judges",
    "run_in_page",
    "theme",
    "hooks",
    "engine",
)

#: The folders whose files are served to run in the reader's browser.
IN_PAGE = {"run_in_page", *PYTHON}

#: The code of the server itself: a change of it starts the server anew.
MACHINERY = ("hooks", "engine")

#: Below this, the banner of a page asks what is known of it.
REVIEW = "/_review/"


class Writing:
    """Both languages while they are written: what has to be built, and what is wrong with it."""

    def __init__(self, root: Path, folder: Path, address: str) -> None:
        self.root = root
        self.folder = folder
        self.languages = {
            language: LanguageSite(root, language, folder, address, self._draw_later)
            for language in LANGUAGES
        }
        self.reload: Any = lambda: None
        self._faults: dict[str, tuple[Fault, ...]] = {}
        self._workshop = Workshop()
        self.review = LiveReview(root, folder)
        self._labs = ThreadPoolExecutor(max_workers=min(2, os.cpu_count() or 1))
        self._drawing = ThreadPoolExecutor(max_workers=1)
        self._to_draw: set[Future[None]] = set()
        self._labs_begun: set[str] = set()
        self._lab_faults: dict[Path, tuple[Fault, ...]] = {}
        self._prepared: set[str] = set()
        self._seen: dict[tuple[str, str], dict[Path, State]] = {}
        self._behind = threading.Event()

    def ensure(self, path: str) -> None:
        """See to it that the page at a path below the site's root is there and current."""
        language, address = self._split(path)
        self._workshop_if_needed(language, address)

    def begin_behind(self) -> None:
        """Build the rest; once somebody has seen a first page, and only once."""
        if self._behind.is_set():
            return
        self._behind.set()
        for language in LANGUAGES:
            self._workshop.add(BEHIND, lambda language=language: self._build_rest(language))  # type: ignore[misc]
        self._workshop.add(BEHIND, self._run_labs)

    def follow(self, changed: set[Path]) -> None:
        """Do what changed files ask for, and return when pages can be asked for again."""
        self._workshop.add(CHANGE, lambda: self._follow(changed)).wait()

    def review_of(self, path: str) -> dict[str, str]:
        """What is known of the page at a path: a state, and a text for the top of the page."""
        language, address = self._split(path)
        site = self.languages[language]
        faults = [*self._faults.get(language, ())]
        built = site.built.get(address)
        if built:
            faults += built.faults
            for lab in built.waits_for:
                faults += self._lab_faults.get(lab, ())
        if faults:
            listed = "\n".join(map(str, faults))
            return {"state": "wrong", "text": f"This is the last good page.\n{listed}"}
        if language not in self._prepared or address not in site.addresses:
            return {"state": "not asked", "text": ""}
        review = self.review.of(site.name_of(address))
        if review.state == "checking":
            return {"state": "checking", "text": "checking …"}
        if review.state != "done":
            return {"state": "not asked", "text": ""}
        return {"state": "wrong" if review.faults else "right", "text": str(review)}

    def stop(self) -> None:
        self.review.stop()
        for pool in (self._labs, self._drawing):
            pool.shutdown(wait=False, cancel_futures=True)

    def _split(self, path: str) -> tuple[str, str]:
        """The language and the address of the page that a path belongs to."""
        folder = path.rpartition("/")[0]
        folder = f"{folder}/" if folder else ""
        language = next(
            (name for name in LANGUAGES if FOLDERS[name] and folder.startswith(FOLDERS[name])),
            LANGUAGES[0],
        )
        return language, folder.removeprefix(FOLDERS[language])

    def _workshop_if_needed(self, language: str, address: str) -> None:
        site = self.languages[language]
        if language not in self._prepared or site.needs_building(address):
            self._workshop.add(ASKED, lambda: self._build(language, address)).wait()

    def _build(self, language: str, address: str) -> None:
        site = self.languages[language]
        if self._prepare(language) and site.needs_building(address):
            site.build(address)
            self._seen.setdefault((language, address), site.built[address].files)
            for fault in site.built[address].faults:
                log.error("%s", fault)

    def _prepare(self, language: str) -> bool:
        """Whether a language is prepared, if not before then now."""
        if language in self._prepared:
            return True
        try:
            self.languages[language].prepare()
        except FaultsFound as error:
            found = error.faults
        except (MkDocsException, Abort, NodeFailed, OSError) as error:
            path = self.root / CONFIGURATIONS[language]
            found = (Fault(path, 1, str(error), "mend what it says"),)
        else:
            self._prepared.add(language)
            self._faults.pop(language, None)
            return True
        if self._faults.get(language) != found:
            for fault in found:
                log.error("%s", fault)
        self._faults[language] = found
        return False

    def _build_rest(self, language: str) -> None:
        if not self._prepare(language):
            return
        site = self.languages[language]
        # A page of reference tells of all equations: by then each chapter's have been verified,
        # one chapter at a time, and who asks for a page has not had to wait for all of them.
        for address in sorted(site.addresses, key=lambda address: "reference/" in address):
            self._workshop.add(BEHIND, lambda address=address: self._build(language, address))  # type: ignore[misc]
        self._workshop.add(BEHIND, site.write_search_index)

    def _follow(self, changed: set[Path]) -> None:
        folders = {path.relative_to(self.root).parts[0] for path in changed}
        everything = folders & set(CONFIGURATIONS.values()) or any(
            path.suffix == ".html" and path.is_relative_to(self.root / "theme") for path in changed
        )
        reviewed: list[str] = []
        for language, site in self.languages.items():
            if language not in self._prepared and language not in self._faults:
                continue
            reviewed += self._changed_pages(site)
            if everything or language in self._faults or not site.is_current:
                self._prepared.discard(language)
            elif folders & IN_PAGE and language in self._prepared:
                self._write_code(site)
            for path in changed:
                if path.is_relative_to(self.root / "theme"):
                    site.copy_asset(path)
            if self._behind.is_set():
                self._workshop.add(BEHIND, lambda language=language: self._build_rest(language))  # type: ignore[misc]
        if self._behind.is_set():
            self._workshop.add(BEHIND, self._run_labs)
        there = self.languages[LANGUAGES[0]].site.names()
        names = [name for name in dict.fromkeys(reviewed) if name in there]
        if names:
            self.review.begin(names, self._build_for_review)

    def _write_code(self, site: LanguageSite) -> None:
        try:
            site.write_code()
        except NodeFailed as error:
            log.error("%s", error)

    def _changed_pages(self, site: LanguageSite) -> list[str]:
        """The pages with a file that has changed since this was last asked.

        Whether they have to be built does not tell: a request may have had them built already.
        """
        found = []
        for address, built in site.built.items():
            seen = self._seen[site.language, address]
            if states(seen) != seen and not built.waits_for:
                found.append(site.name_of(address))
            self._seen[site.language, address] = states(built.files)
        return found

    def _build_for_review(self, name: str) -> None:
        address = "" if name == "index" else f"{name}/"
        for language in LANGUAGES:
            self._workshop_if_needed(language, address)
        wait(set(self._to_draw))  # or the review would draw the same
        for language in LANGUAGES:
            self._workshop_if_needed(language, address)

    def _draw_later(self, drawings: Drawings, postponed: dict[str, Drawing]) -> None:
        """Have figures drawn beside the building of pages, which are shown anew after that."""

        def draw() -> None:
            try:
                drawings.draw_postponed(postponed)
            except FaultsFound as error:
                for fault in error.faults:
                    log.error("%s", fault)
            self.reload()

        self._to_draw = {waiting for waiting in self._to_draw if not waiting.done()}
        self._to_draw.add(self._drawing.submit(draw))

    def _run_labs(self) -> None:
        """Run the labs that have to be run, beside the building of pages."""
        language = LANGUAGES[0]
        if language not in self._prepared:
            return
        site = self.languages[language].site
        for page in site.labs_of(language):
            key = site.labs.key_of(page)
            if key not in self._labs_begun and site.labs.kept(page) is None:
                self._labs_begun.add(key)
                self._labs.submit(self._run_lab, page)

    def _run_lab(self, page: Page) -> None:
        try:
            self.languages[LANGUAGES[0]].site.labs.run_of(page)
        except FaultsFound as error:
            for fault in error.faults:
                log.error("%s", fault)
            for language in LANGUAGES:
                path = self.languages[language].site.docs / language / f"{page.name}.py"
                self._lab_faults[path] = error.faults
        self.reload()


class Server(LiveReloadServer):
    """MkDocs' server, which has a page built before it serves it."""

    def __init__(self, writing: Writing, host: str, port: int, root: Path) -> None:
        super().__init__(builder=self._follow, host=host, port=port, root=str(writing.folder))
        self._writing = writing
        self._project = root
        self._changed: set[Path] = set()
        writing.reload = self.reload

    def run(self) -> None:
        """Serve until the process is ended; ``bind`` comes before."""
        handler = _Changes(self._note)
        for name in WATCHED:
            if (self._project / name).exists():
                self.observer.schedule(handler, str(self._project / name), recursive=True)
        self.observer.schedule(handler, str(self._project), recursive=False)
        self._watched_paths[str(self._project)] = 1  # pages get the script that reloads them
        self.observer.start()
        self.serve_thread.start()
        log.info(f"Serving on {self.url}")
        self._build_loop()  # type: ignore[no-untyped-call]

    def reload(self) -> None:
        """Have all browsers load their page anew."""
        with self._epoch_cond:
            self._visible_epoch = self._wanted_epoch = _timestamp()
            self._epoch_cond.notify_all()

    def _note(self, path: Path) -> None:
        if not self._matters(path):
            return
        with self._rebuild_cond:
            self._changed.add(path)
            self._want_rebuild = True
            self._rebuild_cond.notify_all()

    def _matters(self, path: Path) -> bool:
        parts = path.relative_to(self._project).parts
        if len(parts) == 1:
            return parts[0] in CONFIGURATIONS.values()
        hidden = any(part.startswith(".") or part == "__pycache__" for part in parts)
        return not hidden and not path.name.endswith("~")

    def _follow(self) -> None:
        with self._rebuild_cond:
            changed, self._changed = self._changed, set()
        machinery = [p for p in changed if p.relative_to(self._project).parts[0] in MACHINERY]
        if machinery and all(map(_is_sound, machinery)):
            self._restart()
        self._writing.follow(changed)

    def _restart(self) -> None:
        log.info("The build's own code has changed: starting anew")
        self._writing.stop()
        shutil.rmtree(self._writing.folder, ignore_errors=True)
        sys.stdout.flush()
        sys.stderr.flush()
        os.execv(sys.executable, [sys.executable, "-m", "engine.build.serve", *sys.argv[1:]])

    def _serve_request(self, environ: Any, start_response: Any) -> Any:
        path = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "ignore")
        if path.startswith(REVIEW):
            review = self._writing.review_of(path.removeprefix(REVIEW))
            start_response("200 OK", [("Content-Type", "application/json; charset=utf-8")])
            return [json.dumps(review).encode()]
        if path.startswith("/livereload/"):
            return super()._serve_request(environ, start_response)
        self._writing.ensure(path.lstrip("/"))
        answer = super()._serve_request(environ, start_response)
        if path.endswith("/"):
            self._writing.begin_behind()
        return answer

    def _inject_js_into_html(self, content: bytes, epoch: int) -> bytes:
        script: bytes = super()._inject_js_into_html(  # type: ignore[no-untyped-call]
            with_banner(content), epoch
        )
        return script


class _Changes(FileSystemEventHandler):
    def __init__(self, note: Any) -> None:
        self._note = note

    def on_any_event(self, event: FileSystemEvent) -> None:
        if not event.is_directory:
            for name in (event.src_path, event.dest_path):
                if name:
                    self._note(Path(os.fsdecode(name)))


def _is_sound(path: Path) -> bool:
    """Whether a file of code can be read; a server that starts anew with it would not come up."""
    if path.suffix != ".py" or not path.exists():
        return True
    try:
        compile(path.read_bytes(), str(path), "exec")
    except (SyntaxError, ValueError) as error:
        log.error(f"{shown(path)} is no Python: {error}: the server goes on with the code before")
        return False
    return True


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m engine.build.serve", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    given = parser.parse_args()
    logging.basicConfig(format="%(levelname)-8s%(message)s", level=logging.INFO, stream=sys.stderr)
    folder = Path(tempfile.mkdtemp(prefix="site-served-"))
    root = Path.cwd()
    address = f"http://{given.host}:{given.port}/"
    writing = Writing(root, folder, address)
    server = Server(writing, given.host, given.port, root)
    try:
        server.server_bind()
    except OSError:
        shutil.rmtree(folder)
        print(
            f"ERROR: {given.host}:{given.port} is in use or not allowed.\n"
            f"    → stop the other server, or take another port: make serve PORT={given.port + 1}",
            file=sys.stderr,
        )
        return 1
    server.server_activate()
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        server.run()
    except KeyboardInterrupt:
        log.info("Shutting down")
    finally:
        writing.stop()
        server.shutdown()
        shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
