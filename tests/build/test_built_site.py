"""What is built shows what was written, and its addresses lead somewhere; else nothing is built."""

from pathlib import Path

import pytest

from engine.running.built_page import BuiltPage
from engine.running.built_site import dead_addresses
from tests.build.test_bad_input import assert_untouched, last_good_site
from tests.conftest import Project

MAIN = '{% extends "base.html" %}'


def test_a_page_that_shows_something_else_stops_the_build(project: Project) -> None:
    template = project.root / "theme" / "main.html"
    text = template.read_text(encoding="utf-8")
    assert MAIN in text
    more = (
        f"{MAIN}\n{{% block content %}}{{{{ super() }}}}<p>Not written.</p>{{% endblock %}}\n"
        '{% block footer %}<a href="gone/">gone</a>{{ super() }}{% endblock %}'
    )
    template.write_text(text.replace(MAIN, more), encoding="utf-8")
    site = last_good_site(project)
    build = project.build()
    assert build.returncode != 0
    leads_nowhere = "docs/zh/index.md:1: the built page leads nowhere with gone/"
    assert leads_nowhere in build.stdout, build.stdout
    assert "the page shows paragraph: 'Not written.' where its source says nothing" in build.stdout
    assert "Traceback" not in build.stdout
    assert_untouched(site)


def test_an_old_anchor_leads_to_the_heading_that_has_it_now(project: Project) -> None:
    project.replace("title:", "moved: {signs: symbols}\ntitle:")
    build = project.build()
    assert build.returncode == 0, build.stdout
    html = (project.root / "site" / "en" / "index.html").read_text(encoding="utf-8")
    assert '<h2 id="symbols"><span class="moved" id="signs"></span>' in html


PAGES = {
    "a/": '<h2 id="here">A</h2><a href="{href}">x</a>',
    "b/": '<h2 id="there">B</h2><img src="../picture.svg">',
}


@pytest.mark.parametrize(
    ("href", "reason"),
    [
        ("#here", None),
        ("../b/", None),
        ("../b/#there", None),
        ("../picture.svg?1", None),
        ("https://example.org/gone", None),
        ("../elsewhere/gone/", None),
        ("#gone", "that page has no such place"),
        ("../b/#here", "that page has no such place"),
        ("../gone/", "no such file was built"),
        ("gone.svg", "no such file was built"),
        ("/b/", "it is absolute, and breaks below a sub-path"),
    ],
)
def test_an_address_that_leads_nowhere_is_found(
    href: str, reason: str | None, tmp_path: Path
) -> None:
    (tmp_path / "picture.svg").write_text("<svg/>", encoding="utf-8")
    for address, html in PAGES.items():
        (tmp_path / address).mkdir()
        (tmp_path / address / "index.html").write_text(html, encoding="utf-8")
    built = {address: BuiltPage(html.format(href=href), address) for address, html in PAGES.items()}
    found = [(dead.page, dead.reason) for dead in dead_addresses(tmp_path, built, ("elsewhere/",))]
    assert found == ([("a/", reason)] if reason else [])
