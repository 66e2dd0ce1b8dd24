"""One command makes both languages; each page links to its sibling, for readers and robots."""

import logging
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jieba
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.livereload import LiveReloadServer
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url

from engine.paths import CONFIGURATIONS, LANGUAGES, ROOT

#: Where each language stands below the root of the site.
FOLDER = {"zh": "", "en": "en/"}
NAME = {"zh": "中文", "en": "English"}
HREFLANG = {"zh": "zh-Hans", "en": "en"}
WATCHED = ("docs", "snippets", "figures", "checks", "theme", "hooks", "engine", "mkdocs.en.yml")

# The search plugin cuts Chinese into words with jieba, which reports its start at length.
jieba.setLogLevel(logging.WARNING)


def on_config(config: MkDocsConfig) -> None:
    if config.site_url and not config.site_url.endswith("/"):
        config.site_url += "/"


def on_post_build(config: MkDocsConfig) -> None:
    """Build every other language below the first one's folder."""
    if config.theme["language"] != LANGUAGES[0]:
        return
    for language in LANGUAGES[1:]:
        sibling = load_config(
            str(ROOT / CONFIGURATIONS[language]),
            site_dir=str(Path(config.site_dir) / FOLDER[language]),
            strict=config.strict,
        )
        sibling.site_url = config.site_url and config.site_url + FOLDER[language]
        build(sibling)


def on_serve(server: LiveReloadServer, config: MkDocsConfig, builder: Any) -> None:
    for name in WATCHED:
        server.watch(str(ROOT / name))


def on_page_context(
    context: dict[str, Any], page: Page, config: MkDocsConfig, nav: Navigation
) -> None:
    """Tell the templates where this page stands in each language."""
    url = "" if page.url == "./" else page.url
    mine = FOLDER[config.theme["language"]] + url
    config.extra["languages"] = [
        _version(language, url, get_relative_url(FOLDER[language] + url, mine), config)
        for language in LANGUAGES
    ]


def on_env(env: Any, config: MkDocsConfig, files: Files) -> None:
    """Templates that are no page, such as 404.html, lead to the languages' home pages."""
    root = urlsplit(_site_root(config)).path or "/"
    config.extra["languages"] = [
        _version(language, "", root + FOLDER[language], config) for language in LANGUAGES
    ]


def _version(language: str, url: str, here: str, config: MkDocsConfig) -> dict[str, str]:
    """One language's version of a page: its full address, and the way from here."""
    site_root = _site_root(config)
    return {
        "name": NAME[language],
        "lang": HREFLANG[language],
        "here": here,
        "address": site_root + FOLDER[language] + url if site_root else here,
    }


def _site_root(config: MkDocsConfig) -> str:
    return (config.site_url or "").removesuffix(FOLDER[config.theme["language"]])
