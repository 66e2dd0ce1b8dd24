"""What stands around a page, in a site with addresses of its own and in one without."""

import re
import subprocess
from collections.abc import Callable
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest

from tests.conftest import project_at

REPOSITORY = "https://git.example.org/notes"
ADDRESS = "https://notes.example.org/sub/"
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
AS = ["-c", "user.name=t", "-c", "user.email=t@example.org"]

#: What a page of the built site says.
Html = Callable[[str], str]


def built(root: Path, **environment: str) -> Html:
    project = project_at(root)
    for command in (["init", "-q"], ["add", "docs", "checks"], [*AS, "commit", "-q", "-m", "all"]):
        subprocess.run(["git", *command], cwd=root, check=True)
    build = project.build(**environment)
    assert build.returncode == 0, build.stdout
    return lambda path: (root / "site" / path).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Html:
    """A site with an address and a repository."""
    root = tmp_path_factory.mktemp("deployed") / "project"
    return built(root, SITE_URL=ADDRESS, REPO_URL=REPOSITORY)


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Html:
    """A site that knows of no address."""
    return built(tmp_path_factory.mktemp("alone") / "project", SITE_URL="", REPO_URL="")


def alternates(html: str) -> dict[str, str]:
    found = re.findall(r'<link rel="alternate" href="([^"]*)" hreflang="([^"]*)">', html)
    return {language: address for address, language in found}


def meta(html: str) -> dict[str, str]:
    """What the page tells other sites of itself."""
    found = re.findall(r'<meta (?:property|name)="((?:og|twitter):[^"]*)" content="([^"]*)">', html)
    return {name: unescape(text) for name, text in found}


def aside(html: str) -> str:
    found = re.search(r'<aside class="md-source-file origin">(.*?)</aside>', html, re.S)
    return unescape(found[1]) if found else ""


@pytest.mark.parametrize(
    ("path", "source"),
    [("", "docs/zh/index.md"), ("en/", "docs/en/index.md"), ("checks/", "checks/index.py")],
)
def test_a_page_links_what_the_repository_has_of_it(path: str, source: str, deployed: Html) -> None:
    html = deployed(path + "index.html")
    report, *links = re.findall(r'href="([^"]*)"', aside(html))
    assert links == [f"{REPOSITORY}/{kind}/HEAD/{source}" for kind in ("blob", "commits")]
    assert report.startswith(f"{REPOSITORY}/issues/new?")
    asked = parse_qs(urlsplit(report).query)
    assert f" {ADDRESS}{path}\n" in asked["body"][0].replace("：", ": ")
    assert f'data-place="{ADDRESS}{path}"' in html
    assert '<time datetime="' in aside(html)
    assert f'<a href="{REPOSITORY}"' in html
    assert 'data-md-component="source"' not in html  # it would ask another host


def test_without_a_repository_only_the_day_is_there(alone: Html) -> None:
    for path in ("", "en/", "checks/"):
        html = alone(path + "index.html")
        assert "<time" in aside(html)
        assert "<a" not in aside(html)
        assert 'class="md-source"' not in html


def test_the_sitemap_lists_all_languages_as_the_pages_heads_do(deployed: Html) -> None:
    namespaces = {"s": SITEMAP, "x": "http://www.w3.org/1999/xhtml"}
    root = ElementTree.fromstring(deployed("sitemap.xml"))
    seen = []
    for url in root.findall("s:url", namespaces):
        address = url.findtext("s:loc", "", namespaces)
        listed = {
            link.attrib["hreflang"]: link.attrib["href"]
            for link in url.findall("x:link", namespaces)
        }
        html = deployed(address.removeprefix(ADDRESS) + "index.html")
        assert listed == alternates(html)
        assert set(listed) == {"zh-Hans", "en", "x-default"}
        assert address in listed.values()
        assert f'<link rel="canonical" href="{address}">' in html
        if "/checks/" not in address:
            day = url.findtext("s:lastmod", "", namespaces)
            assert f'<time datetime="{day}">' in html
        seen.append(address)
    assert sorted(seen) == sorted(ADDRESS + path for path in ("", "en/", "checks/", "en/checks/"))


def test_another_language_s_sitemap_and_robots_below_a_path_are_not_there(deployed: Html) -> None:
    for path in ("en/sitemap.xml", "robots.txt"):
        with pytest.raises(FileNotFoundError):
            deployed(path)


def test_each_page_tells_other_sites_of_itself_and_its_card(deployed: Html) -> None:
    told = meta(deployed("index.html"))
    assert told["og:image"] == told["twitter:image"] == f"{ADDRESS}cards/index.png"
    assert told["og:url"] == ADDRESS
    assert told["og:title"] == told["og:site_name"] == "可验证的深度学习笔记"
    told = meta(deployed("en/checks/index.html"))
    assert told["og:image"] == f"{ADDRESS}en/cards/checks/index.png"
    assert told["og:title"] == "Checks of the equations: Home"
    assert told["og:locale"] == "en_GB"
    assert told["twitter:card"] == "summary_large_image"


def test_what_needs_an_address_is_left_out_without_one(alone: Html) -> None:
    html = alone("index.html")
    assert alternates(html) == meta(html) == {}
    assert 'rel="canonical"' not in html
    for path in ("sitemap.xml", "robots.txt", "cards/index.png"):
        with pytest.raises(FileNotFoundError):
            alone(path)
