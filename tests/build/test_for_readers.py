"""What stands around a page, in a site with addresses of its own and in one without."""

import re
import subprocess
from collections.abc import Callable
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.conftest import project_at

REPOSITORY = "https://git.example.org/notes"
ADDRESS = "https://notes.example.org/sub/"
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
