"""Each page links to its sibling in the other language, for readers and for robots.

What robots are told, alternates and the sitemap, has full addresses, so that it is there only where
the site's own is known. One sitemap at the root lists all languages.
"""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jieba
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url
from mkdocs.utils.templates import TemplateContext

from engine.build.other_language import is_part
from engine.paths import FOLDERS, LANGUAGES
from hooks.concern import Concern

SITEMAP = "sitemap.xml"
LONG_AGO = "1980-01-01"
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

    def on_template_context(
        self, context: TemplateContext, template_name: str, config: MkDocsConfig
    ) -> TemplateContext:
        """The addresses of all pages for the sitemap; none where another build lists them."""
        if template_name == SITEMAP:
            for file in self._files.documentation_pages():
                if file.page:  # MkDocs has today's, and dates the sitemap by it
                    file.page.update_date = self._day(file, self.language) or LONG_AGO
            is_listed = config.site_url and not is_part()
            context["entries"] = list(self._entries(config)) if is_listed else []  # type: ignore[typeddict-unknown-key]
        return context

    def on_files(self, files: Files, config: MkDocsConfig) -> None:
        self._files = files

    def on_post_build(self, config: MkDocsConfig) -> None:
        """Name the sitemap in robots.txt, which robots look for at the root of a host alone."""
        root = self._site_root(config)
        if root and not is_part() and urlsplit(root).path == "/":
            text = f"User-agent: *\nAllow: /\n\nSitemap: {root}{SITEMAP}\n"
            Path(config.site_dir, "robots.txt").write_text(text, encoding="utf-8")

    def _entries(self, config: MkDocsConfig) -> Iterator[dict[str, Any]]:
        """Each page in each language: its address, its day, all its versions."""
        for file in self._files.documentation_pages():
            url = "" if file.url == "./" else file.url
            versions = [self._version(language, url, "", config) for language in LANGUAGES]
            for language, version in zip(LANGUAGES, versions, strict=True):
                day = self._day(file, language)
                yield {"address": version["address"], "day": day, "versions": versions}

    def _day(self, file: File, language: str) -> str:
        """When a page was last changed; nothing where that is not known."""
        day = self.site.last_changes.get(self.site.docs / language / file.src_uri)
        return day.isoformat() if day else ""

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
