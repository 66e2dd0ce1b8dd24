"""Each page links to its sibling in the other language, for readers and for robots."""

import logging
from typing import Any
from urllib.parse import urlsplit

import jieba
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url
from mkdocs.utils.templates import TemplateContext

from engine.paths import FOLDERS, LANGUAGES
from hooks.concern import Concern

NAME = {"zh": "中文", "en": "English"}
HREFLANG = {"zh": "zh-Hans", "en": "en"}


class Languages(Concern):
    """The addresses of each page in all languages."""

    def configure(self, config: MkDocsConfig) -> None:
        if config.site_url:
            config.site_url = config.site_url.rstrip("/") + "/" + FOLDERS[self.language]
        # The search plugin cuts Chinese into words with jieba, which reports its start at length.
        jieba.setLogLevel(logging.WARNING)

    def on_page_context(
        self, context: TemplateContext, page: Page, config: MkDocsConfig, nav: Navigation
    ) -> None:
        """Tell the templates where this page stands in each language."""
        url = "" if page.url == "./" else page.url
        mine = FOLDERS[self.language] + url
        # What a reader has chosen holds in both languages.
        config.extra["scope"] = "../" * mine.count("/") or "."
        config.extra["languages"] = [
            self._version(language, url, get_relative_url(FOLDERS[language] + url, mine), config)
            for language in LANGUAGES
        ]

    def on_env(self, env: Any, config: MkDocsConfig, files: Files) -> None:
        """Templates that are no page, such as 404.html, lead to the languages' home pages."""
        root = urlsplit(self._site_root(config)).path or "/"
        config.extra["languages"] = [
            self._version(language, "", root + FOLDERS[language], config) for language in LANGUAGES
        ]

    def _version(self, language: str, url: str, here: str, config: MkDocsConfig) -> dict[str, str]:
        """One language's version of a page: its full address, and the way from here."""
        site_root = self._site_root(config)
        return {
            "name": NAME[language],
            "lang": HREFLANG[language],
            "folder": FOLDERS[language],
            "here": here,
            "address": site_root + FOLDERS[language] + url if site_root else here,
        }

    def _site_root(self, config: MkDocsConfig) -> str:
        return (config.site_url or "").removesuffix(FOLDERS[self.language])
