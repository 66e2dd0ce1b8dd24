"""Templates are compiled once: what Jinja has made of each is kept between builds.

What stands around a page's text has no indentation, which the templates leave in it.
"""

from __future__ import annotations

import base64
import os
import re
from contextlib import suppress

import jinja2
from jinja2.bccache import Bucket
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

from engine.faults import FaultsFound
from engine.store import Store
from hooks.concern import Concern


class Templates(Concern):
    """Gives Jinja a place to keep the code of the theme's templates, which takes long to make."""

    def on_env(self, env: jinja2.Environment, config: MkDocsConfig, files: Files) -> None:
        env.bytecode_cache = _Kept(self.site.store("templates"))

    def on_post_page(self, output: str, page: Page, config: MkDocsConfig) -> str:
        before, begins, inside = output.partition("<article")
        text, ends, after = inside.rpartition("</article>")
        return "".join(
            [_without_indentation(before), begins, text, ends, _without_indentation(after)]
        )


class _Kept(jinja2.BytecodeCache):
    """Code by the template it is made of, and by what made it."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """As Jinja makes it, for a folder whose name is no UTF-8 as well."""
        readable = filename and os.fsencode(filename).decode("utf-8", "backslashreplace")
        return super().get_cache_key(name, readable)

    def load_bytecode(self, bucket: Bucket) -> None:
        kept = self._store.get(_key(bucket))
        if kept is not None:
            # Jinja itself asks whether this Python and this source have made it.
            bucket.bytecode_from_string(base64.b64decode(kept))

    def dump_bytecode(self, bucket: Bucket) -> None:
        with suppress(FaultsFound):  # what cannot be kept is made again
            code = base64.b64encode(bucket.bytecode_to_string()).decode("ascii")
            self._store.put(_key(bucket), code)


def _without_indentation(html: str) -> str:
    return re.sub(r"\s*\n\s*", "\n", html)


def _key(bucket: Bucket) -> str:
    return f"{jinja2.__version__}-{bucket.key[:16]}-{bucket.checksum[:16]}"
