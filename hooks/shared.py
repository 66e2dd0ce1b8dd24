"""What both languages load stands once, at the root of the site: scripts, styles, pictures."""

from __future__ import annotations

import jinja2
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.utils.templates import TemplateContext, url_filter

from engine.build.other_language import is_part
from hooks.concern import Concern

#: The folder of the theme's files, Material's and this site's own.
FOLDER = "assets/"


class Shared(Concern):
    """Leads a language in a folder of its own to the theme's files at the root above it."""

    def configure(self, config: MkDocsConfig) -> None:
        if self.folder(config):
            up = self._up(config)
            config.extra_css = [_above(path, up) for path in config.extra_css]
            for script in config.extra_javascript:
                if not isinstance(script, str):
                    script.path = _above(script.path, up)

    def on_files(self, files: Files, config: MkDocsConfig) -> None:
        if not self.folder(config):
            return
        for file in [file for file in files if file.src_uri.startswith(FOLDER)]:
            if is_part():
                files.remove(file)  # the build that this one is a part of writes it
            else:
                file.dest_dir = str(self.root(config))

    def on_env(self, env: jinja2.Environment, config: MkDocsConfig, files: Files) -> None:
        if not self.folder(config):
            return
        up = self._up(config)

        @jinja2.pass_context
        def url(context: TemplateContext, value: str) -> str:
            made: str = url_filter(context, _above(str(value), up))
            return made

        env.filters["url"] = url

    def _up(self, config: MkDocsConfig) -> str:
        return "../" * self.folder(config).count("/")


def _above(address: str, up: str) -> str:
    return up + address if address.startswith(FOLDER) else address
